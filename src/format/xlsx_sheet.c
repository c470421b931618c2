/* Inside the cage: one sheet, row by row. Merged areas stand behind the rows in the file, so it is unpacked twice: once to find them, once to read. */
#include <stdlib.h>
#include <string.h>

#include "format/xlsx_inner.h"

enum { TAG_MAX = 4096 };

struct area { int r1, c1, r2, c2; };
struct spread { int id, r1, r2, c1; enum table_type type; char *text; size_t n; };      /* the text belongs to column c1's */

struct sheet {
    struct book *b;
    struct cage_in *in;
    int index;
    bool sent;
    unsigned char hidden_column[TABLE_COLUMNS_MAX];
    struct area *area;                           /* by first row, then column */
    int n_areas, next_area, n_spread;
    struct spread spread[TABLE_COLUMNS_MAX];
    struct buf look;                             /* first pass: what is left of a tag */

    int row, column, width;                      /* row under way; last cell's column; cells used */
    bool row_hidden;
    struct { unsigned char type, merged; bool set; size_t from, n; } cell[TABLE_COLUMNS_MAX];
    struct buf texts;                            /* of this row's cells */

    char type;                                   /* of the cell under way: n s t(inlineStr, str) b e d */
    int style, phonetic;
    bool in_cell, in_value, formula;
    struct buf value;
};

static bool is(const char *a, const char *b) { return a[0] == b[0] && strcmp(a, b) == 0; }

/* --- merged areas ------------------------------------------------------------------------------------------------------------------ */

static void add_area(struct sheet *s, struct str tag)
{
    ptrdiff_t at = str_find(tag, STR("ref="));
    struct str ref = at < 0 || (size_t)at + 5 > tag.n ? STR_NULL : str_sub(tag, (size_t)at + 5, tag.n);
    ptrdiff_t end = at < 0 ? -1 : str_chr(ref, tag.p[at + 4]), colon = str_chr(ref, ':');
    struct area a;
    if (end < 0 || colon < 0 || colon > end || !xlsx_ref(str_sub(ref, 0, (size_t)colon), &a.r1, &a.c1) ||
        !xlsx_ref(str_sub(ref, (size_t)colon + 1, (size_t)(end - colon - 1)), &a.r2, &a.c2) || a.r2 < a.r1 || a.c2 < a.c1)
        return;
    if (a.c1 >= TABLE_COLUMNS_MAX)
        return;
    if (s->n_areas == XLSX_MERGED_MAX)
        xlsx_refuse(s->in, XLSX_TOO_MANY_MERGED, 0, 0, STR(""));
    if ((s->n_areas & (s->n_areas - 1)) == 0)
        s->area = xrealloc(s->area, sizeof *s->area * (size_t)(s->n_areas ? s->n_areas * 2 : 1));
    s->area[s->n_areas++] = a;
}

/* The bytes of the sheet as they come: <mergeCell ref="A1:C1"/>, with or without prefix. A < within a text is written &lt;, so nothing else looks like it. */
static void look(void *ctx, const char *p, size_t n)
{
    static const char NAME[] = "mergeCell ";
    struct sheet *s = ctx;
    buf_add(&s->look, p, n);
    char *at = s->look.p, *stop = s->look.p + s->look.n, *found;
    while ((found = memmem(at, (size_t)(stop - at), NAME, sizeof NAME - 1))) {
        char *end = memchr(found, '>', (size_t)(stop - found));
        at = found;
        if (!end)
            break;
        add_area(s, str_n(found, (size_t)(end - found)));
        at = end;
    }
    if (!found && (size_t)(stop - at) > sizeof NAME)
        at = stop - sizeof NAME;
    if (stop - at > TAG_MAX)
        xlsx_refuse(s->in, XLSX_DAMAGED, 0, 0, STR("mergeCell"));
    memmove(s->look.p, at, (size_t)(stop - at));
    s->look.n = (size_t)(stop - at);
}

static int by_place(const void *a, const void *b)
{
    const struct area *x = a, *y = b;
    return x->r1 != y->r1 ? (x->r1 < y->r1 ? -1 : 1) : (x->c1 > y->c1) - (x->c1 < y->c1);
}

/* From this row on the areas that begin in it (or above, in rows that are not there) hold their columns. */
static void begin_areas(struct sheet *s)
{
    for (; s->next_area < s->n_areas && s->area[s->next_area].r1 <= s->row; s->next_area++) {
        const struct area *a = &s->area[s->next_area];
        struct spread *first = &s->spread[a->c1];
        bool here = a->r1 == s->row && s->cell[a->c1].set;
        struct str text = here ? str_n(s->texts.p + s->cell[a->c1].from, s->cell[a->c1].n) : STR("");
        free(first->text);
        *first = (struct spread){ ++s->n_spread, a->r1, a->r2, a->c1, here ? s->cell[a->c1].type : CELL_TEXT, xstrndup(text.p ? text.p : "", text.n), text.n };
        for (int c = a->c1 + 1; c <= a->c2 && c < TABLE_COLUMNS_MAX; c++) {
            free(s->spread[c].text);
            s->spread[c] = *first;
            s->spread[c].text = NULL;
        }
    }
}

static void spread(struct sheet *s)
{
    for (int c = 0; c < TABLE_COLUMNS_MAX; c++) {
        const struct spread *own = &s->spread[c], *first = &s->spread[own->c1];
        if (own->r2 < s->row || own->id == 0 || first->id != own->id)
            continue;
        s->cell[c].merged = (unsigned char)(CELL_MERGED | (c > own->c1 ? CELL_FROM_LEFT : 0) | (s->row > own->r1 ? CELL_FROM_ABOVE : 0));
        if (c == own->c1 && s->row == own->r1)
            continue;                            /* the text itself */
        s->cell[c].set = first->n > 0;
        s->cell[c].type = (unsigned char)first->type;
        s->cell[c].from = s->texts.n;
        s->cell[c].n = first->n;
        buf_add(&s->texts, first->text, first->n);
        if (s->texts.n > CAGE_FRAME_MAX)
            xlsx_refuse(s->in, XLSX_ROW_LONG, s->row, 0, STR(""));
        s->width = first->n && c >= s->width ? c + 1 : s->width;
    }
}

/* --- cells ------------------------------------------------------------------------------------------------------------------------- */

static void cell_start(struct sheet *s, const struct xml_attributes *a)
{
    struct str ref = xlsx_attribute(a, "r"), type = xlsx_attribute(a, "t");
    int row = s->row, column = s->column + 1;
    if (ref.p && (!xlsx_ref(ref, &row, &column) || row != s->row))
        xlsx_refuse(s->in, XLSX_BAD_CELL, s->row, 0, ref);
    s->column = column;
    s->type = !type.n || str_eqc(type, "n") ? 'n' : str_eqc(type, "s") ? 's' : str_eqc(type, "b") ? 'b' : str_eqc(type, "e") ? 'e' : 't';
    s->style = xlsx_int(xlsx_attribute(a, "s"), 0);
    s->in_cell = true;
    s->formula = s->in_value = false;
    s->phonetic = 0;
    buf_clear(&s->value);
}

/* The cell's text into texts; its type. */
static enum table_type cell_text(struct sheet *s)
{
    struct str v = buf_view(&s->value);
    int i;
    switch (s->type) {
    case 's':
        i = xlsx_int(str_trim(v), -1);
        if (v.n && (i < 0 || (size_t)i >= s->b->n_strings))
            xlsx_refuse(s->in, XLSX_BAD_CELL, s->row, s->column + 1, v);
        if (v.n)
            buf_str(&s->texts, xlsx_string(s->b, (size_t)i));
        return CELL_TEXT;
    case 'b':
        buf_c(&s->texts, v.n == 0 ? "" : xlsx_is_true(v) ? "TRUE" : "FALSE");
        return CELL_FLAG;
    case 'n':
        v = str_trim(v);
        return v.n ? xlsx_number(s->b, v, s->style, &s->texts) : CELL_TEXT;
    default:
        if (v.n)
            buf_add(&s->texts, v.p, xlsx_clean(s->value.p, v.n));
        return s->type == 'e' ? CELL_ERROR : CELL_TEXT;
    }
}

static void cell_end(struct sheet *s)
{
    size_t from = s->texts.n;
    enum table_type type = cell_text(s);
    size_t n = s->texts.n - from;
    s->in_cell = false;
    if (n == 0 && s->formula && s->type == 'n')
        type = CELL_UNCOMPUTED;
    if (n == 0 && type != CELL_UNCOMPUTED)
        return;
    if (s->column >= TABLE_COLUMNS_MAX)
        xlsx_refuse(s->in, XLSX_TOO_WIDE, s->row, s->column + 1, STR(""));
    if (n > TABLE_CELL_MAX)
        xlsx_refuse(s->in, XLSX_CELL_LONG, s->row, s->column + 1, STR(""));
    if (s->texts.n > CAGE_FRAME_MAX - 16 * TABLE_COLUMNS_MAX)
        xlsx_refuse(s->in, XLSX_ROW_LONG, s->row, 0, STR(""));
    s->cell[s->column].set = true;
    s->cell[s->column].type = (unsigned char)type;
    s->cell[s->column].from = from;
    s->cell[s->column].n = n;
    s->width = s->column >= s->width ? s->column + 1 : s->width;
}

/* --- rows -------------------------------------------------------------------------------------------------------------------------- */

static void put32(struct buf *b, size_t v)
{
    uint32_t n = (uint32_t)v;
    buf_add(b, &n, sizeof n);
}

static void send_first(struct sheet *s)
{
    uint16_t i = (uint16_t)s->index;
    buf_add(&s->in->frame, &i, sizeof i);
    cage_send(s->in, XLSX_SHEET);
    buf_add(&s->in->frame, s->hidden_column, sizeof s->hidden_column);
    cage_send(s->in, XLSX_COLUMNS);
    s->sent = true;
}

static void row_start(struct sheet *s, const struct xml_attributes *a)
{
    struct str r = xlsx_attribute(a, "r");
    int row = r.p ? xlsx_int(r, 0) : s->row + 1;
    if (row <= s->row || row > XLSX_ROWS_MAX)
        xlsx_refuse(s->in, XLSX_ROW_ORDER, s->row, 0, r);
    s->row = row;
    s->row_hidden = xlsx_is_true(xlsx_attribute(a, "hidden"));
    s->column = -1;
    s->width = 0;
    memset(s->cell, 0, sizeof s->cell);
    buf_clear(&s->texts);
}

static void row_end(struct sheet *s)
{
    struct buf *f = &s->in->frame;
    uint16_t n;
    begin_areas(s);
    spread(s);
    if (s->width == 0)
        return;
    if (!s->sent)
        send_first(s);
    n = (uint16_t)s->width;
    put32(f, (size_t)s->row);
    buf_ch(f, s->row_hidden);
    buf_add(f, &n, sizeof n);
    for (int c = 0; c < s->width; c++) {
        size_t bytes = s->cell[c].set ? s->cell[c].n : 0;
        buf_ch(f, (char)s->cell[c].type);
        buf_ch(f, (char)s->cell[c].merged);
        put32(f, bytes);
        buf_add(f, s->texts.p + s->cell[c].from, bytes);
    }
    cage_send(s->in, XLSX_ROW);
}

static void hidden_columns(struct sheet *s, const struct xml_attributes *a)
{
    int from = xlsx_int(xlsx_attribute(a, "min"), 0), to = xlsx_int(xlsx_attribute(a, "max"), 0);
    for (int c = from; xlsx_is_true(xlsx_attribute(a, "hidden")) && from > 0 && c <= to && c <= TABLE_COLUMNS_MAX; c++)
        s->hidden_column[c - 1] = 1;
}

static void on_start(void *ctx, const char *name, const struct xml_attributes *a)
{
    struct sheet *s = ctx;
    if (is(name, "c"))
        cell_start(s, a);
    else if (is(name, "row"))
        row_start(s, a);
    else if (is(name, "col"))
        hidden_columns(s, a);
    else if (!s->in_cell)
        return;
    else if (is(name, "v") || is(name, "t"))
        s->in_value = s->phonetic == 0;
    else if (is(name, "f"))
        s->formula = true;
    else if (is(name, "rPh"))
        s->phonetic++;
}

static void on_end(void *ctx, const char *name)
{
    struct sheet *s = ctx;
    if (is(name, "c") && s->in_cell)
        cell_end(s);
    else if (is(name, "row") && s->row > 0)
        row_end(s);
    else if (is(name, "rPh"))
        s->phonetic--;
    s->in_value = false;
}

static void on_text(void *ctx, const char *p, size_t n)
{
    struct sheet *s = ctx;
    if (!s->in_value)
        return;
    if (s->value.n + n > 4 * TABLE_CELL_MAX)
        xlsx_refuse(s->in, XLSX_CELL_LONG, s->row, s->column + 1, STR(""));
    buf_add(&s->value, p, n);
}

bool xlsx_sheet_read(struct book *b, int sheet)
{
    struct sheet *s = xcalloc(1, sizeof *s);
    struct xml_reader x = { .start = on_start, .end = on_end, .text = on_text, .ctx = s };
    s->b = b;
    s->in = b->in;
    s->index = sheet;
    if (!b->sheet[sheet].part || !xlsx_has(b->zip, b->sheet[sheet].part))
        xlsx_refuse(b->in, XLSX_DAMAGED, 0, 0, str_c(b->sheet[sheet].name));
    xlsx_unpack(b->in, b->zip, b->sheet[sheet].part, look, s);
    if (s->n_areas)
        qsort(s->area, (size_t)s->n_areas, sizeof *s->area, by_place);
    xlsx_xml(b->in, b->zip, b->sheet[sheet].part, &x);
    bool sent = s->sent;
    for (int c = 0; c < TABLE_COLUMNS_MAX; c++)
        free(s->spread[c].text);
    free(s->area);
    buf_release(&s->look);
    buf_release(&s->texts);
    buf_release(&s->value);
    free(s);
    return sent;
}

/* --- the job ----------------------------------------------------------------------------------------------------------------------- */

static void send_sheets(struct book *b)
{
    for (int i = 0; i < b->n_sheets; i++)
        buf_add(&b->in->frame, b->sheet[i].name, strlen(b->sheet[i].name) + 1);
    cage_send(b->in, XLSX_SHEETS);
}

static void prepare(void) { xmlInitParser(); }

static void run(struct cage_in *in)
{
    static struct book b;
    b.in = in;
    b.zip = xlsx_zip_open(in);
    xlsx_book_read(&b);
    send_sheets(&b);
    int wanted = -1, readable = 0;
    for (int i = 0; i < b.n_sheets; i++) {
        readable += b.sheet[i].part != NULL;
        if (in->arg.n && b.sheet[i].part && str_eqc(in->arg, b.sheet[i].name))
            wanted = i;
    }
    if (readable == 0)
        xlsx_refuse(in, XLSX_NO_SHEET, 0, 0, STR(""));
    if (in->arg.n && wanted < 0)
        xlsx_refuse(in, XLSX_NO_SUCH_SHEET, 0, 0, in->arg);
    xlsx_styles_read(&b);
    xlsx_strings_read(&b);
    bool sent = wanted >= 0 && xlsx_sheet_read(&b, wanted);
    for (int i = 0; i < b.n_sheets && wanted < 0 && !sent; i++)
        sent = b.sheet[i].part && !b.sheet[i].hidden && xlsx_sheet_read(&b, i);
}

const struct cage_job xlsx_cage_job = { .name = "xlsx", .prepare = prepare, .run = run };
const struct cage_job xlsx_cage_glance = { .name = "xlsx-glance", .prepare = prepare, .run = run, .cpu_s = 2 };
