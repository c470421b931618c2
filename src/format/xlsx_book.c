/* Inside the cage: which sheets there are, the shared strings, the styles. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "format/xlsx_inner.h"

enum { BLOCK = 1024 * 1024, NAME_MAX_BYTES = 400, PART_MAX = 300 };

static bool is(const char *a, const char *b) { return strcmp(a, b) == 0; }
static char *z(struct str s) { return xstrndup(s.p ? s.p : "", s.n); }

/* --- the book -------------------------------------------------------------------------------------------------------------------- */

struct rels { struct book *b; const char *folder; char *book_part; };

/* A relation's type is an address of one of several standards; its last word says what stands there. */
static bool of_type(struct str type, const char *word)
{
    struct str w = str_c(word);
    return str_ends(type, w) && type.n > w.n && type.p[type.n - w.n - 1] == '/';
}

/* Where a relation leads, as the name of a part: "worksheets/sheet1.xml" seen from xl/, or "/xl/worksheets/sheet1.xml". Only ever looked up in the package. */
static char *target(const char *folder, struct str s)
{
    struct buf b = BUF_MAX(PART_MAX);
    while (str_starts(s, STR("./")))
        s = str_sub(s, 2, s.n);
    if (str_starts(s, STR("/")))
        s = str_sub(s, 1, s.n);
    else
        buf_c(&b, folder);
    buf_str(&b, s);
    return b.over || !b.p ? NULL : buf_detach(&b, &(size_t){ 0 });
}

static void root_rel(void *ctx, const char *name, const struct xml_attributes *a)
{
    struct rels *r = ctx;
    if (is(name, "Relationship") && !r->book_part && str_ends(xlsx_attribute(a, "Type"), STR("/officeDocument")))
        r->book_part = target("", xlsx_attribute(a, "Target"));
}

static void book_rel(void *ctx, const char *name, const struct xml_attributes *a)
{
    struct rels *r = ctx;
    struct book *b = r->b;
    if (!is(name, "Relationship"))
        return;
    struct str type = xlsx_attribute(a, "Type"), id = xlsx_attribute(a, "Id"), to = xlsx_attribute(a, "Target");
    if (of_type(type, "sharedStrings") && !b->strings_part)
        b->strings_part = target(r->folder, to);
    if (of_type(type, "styles") && !b->styles_part)
        b->styles_part = target(r->folder, to);
    for (int i = 0; i < b->n_sheets && of_type(type, "worksheet"); i++)
        if (!b->sheet[i].part && str_eqc(id, b->sheet[i].rel))
            b->sheet[i].part = target(r->folder, to);
}

static void book_start(void *ctx, const char *name, const struct xml_attributes *a)
{
    struct book *b = ctx;
    if (is(name, "workbookPr"))
        b->from_1904 = xlsx_is_true(xlsx_attribute(a, "date1904"));
    if (!is(name, "sheet") || b->n_sheets == XLSX_SHEETS_MAX)
        return;
    struct str state = xlsx_attribute(a, "state");
    int i = b->n_sheets++;
    char *title = z(utf8_cut(xlsx_attribute(a, "name"), NAME_MAX_BYTES));
    title[xlsx_clean(title, strlen(title))] = 0;
    b->sheet[i].name = title;
    b->sheet[i].rel = z(xlsx_attribute(a, "id"));
    b->sheet[i].hidden = str_eqc(state, "hidden") || str_eqc(state, "veryHidden");
}

void xlsx_book_read(struct book *b)
{
    struct rels r = { .b = b };
    struct xml_reader x = { .start = root_rel, .ctx = &r };
    if (xlsx_has(b->zip, "_rels/.rels"))
        xlsx_xml(b->in, b->zip, "_rels/.rels", &x);
    if (!r.book_part)
        r.book_part = z(STR("xl/workbook.xml"));
    if (!xlsx_has(b->zip, r.book_part))
        xlsx_refuse(b->in, XLSX_NO_BOOK, 0, 0, STR(""));
    x = (struct xml_reader){ .start = book_start, .ctx = b };
    xlsx_xml(b->in, b->zip, r.book_part, &x);

    char *slash = strrchr(r.book_part, '/');
    struct str folder = slash ? str_n(r.book_part, (size_t)(slash - r.book_part) + 1) : STR("");
    r.folder = z(folder);
    struct buf part = BUF_INIT;
    buf_printf(&part, "%.*s_rels/%s.rels", STR_ARG(folder), slash ? slash + 1 : r.book_part);
    x = (struct xml_reader){ .start = book_rel, .ctx = &r };
    if (xlsx_has(b->zip, part.p))
        xlsx_xml(b->in, b->zip, part.p, &x);
}

/* --- shared strings ---------------------------------------------------------------------------------------------------------------- */

/* At most three bytes, of seven that were read. */
static size_t put_sign(char *p, unsigned v)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    if ((v < 32 && v != '\n' && v != '\t') || (v >= 0xd800 && v <= 0xdfff))
        return 0;
    buf_utf8(&b, (int32_t)v);
    memcpy(p, b.p, b.n);
    return b.n;
}

size_t xlsx_clean(char *p, size_t n)
{
    size_t to = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned v = 0;
        int k = 0;
        if (p[i] == '_' && n - i >= 7 && p[i + 1] == 'x' && p[i + 6] == '_')         /* _x000D_: a sign that XML cannot hold */
            for (k = 2; k < 6; k++) {
                char c = p[i + (size_t)k];
                int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
                if (digit < 0)
                    break;
                v = v * 16 + (unsigned)digit;
            }
        if (k == 6) {
            to += put_sign(p + to, v);
            i += 6;
        } else if (p[i] == '\r') {
            if (i + 1 == n || p[i + 1] != '\n')
                p[to++] = '\n';
        } else if ((unsigned char)p[i] >= 32 || p[i] == '\n' || p[i] == '\t') {
            p[to++] = p[i];
        }
    }
    return to;
}

struct strings { struct book *b; struct buf text; int depth_phonetic; bool in_t; };

static void keep(struct book *b, struct str s)
{
    uint32_t n = (uint32_t)s.n;
    if (b->n_blocks == 0 || b->block_at + sizeof n + n > BLOCK) {
        b->block = xrealloc(b->block, (b->n_blocks + 1) * sizeof *b->block);
        b->block[b->n_blocks++] = xmalloc(BLOCK);
        b->block_at = 0;
    }
    if (b->n_strings == b->cap_strings) {
        b->cap_strings = b->cap_strings ? b->cap_strings + b->cap_strings / 2 : 4096;
        b->string = xrealloc(b->string, b->cap_strings * sizeof *b->string);
    }
    if (b->n_blocks * BLOCK + b->cap_strings * sizeof *b->string > XLSX_TEXTS_MAX)
        xlsx_refuse(b->in, XLSX_TEXTS_TOO_LARGE, 0, 0, STR(""));
    char *p = b->block[b->n_blocks - 1] + b->block_at;
    memcpy(p, &n, sizeof n);
    memcpy(p + sizeof n, s.p ? s.p : "", n);
    b->string[b->n_strings++] = (uint32_t)((b->n_blocks - 1) << 20 | b->block_at);
    b->block_at += sizeof n + n;
}

struct str xlsx_string(const struct book *b, size_t i)
{
    const char *p = b->block[b->string[i] >> 20] + (b->string[i] & (BLOCK - 1));
    uint32_t n;
    memcpy(&n, p, sizeof n);
    return str_n(p + sizeof n, n);
}

static void strings_start(void *ctx, const char *name, const struct xml_attributes *a)
{
    struct strings *s = ctx;
    (void)a;
    if (is(name, "si"))
        buf_clear(&s->text);
    s->depth_phonetic += is(name, "rPh");
    s->in_t = is(name, "t") && s->depth_phonetic == 0;
}

static void strings_end(void *ctx, const char *name)
{
    struct strings *s = ctx;
    s->in_t = false;
    s->depth_phonetic -= is(name, "rPh");
    if (is(name, "si")) {
        if (s->text.n > TABLE_CELL_MAX)
            xlsx_refuse(s->b->in, XLSX_CELL_LONG, 0, 0, STR(""));
        keep(s->b, str_n(s->text.p, xlsx_clean(s->text.p, s->text.n)));
    }
}

static void strings_text(void *ctx, const char *p, size_t n)
{
    struct strings *s = ctx;
    if (s->in_t && s->text.n <= TABLE_CELL_MAX)
        buf_add(&s->text, p, n);
}

void xlsx_strings_read(struct book *b)
{
    struct strings s = { .b = b };
    struct xml_reader x = { .start = strings_start, .end = strings_end, .text = strings_text, .ctx = &s };
    if (b->strings_part && xlsx_has(b->zip, b->strings_part))
        xlsx_xml(b->in, b->zip, b->strings_part, &x);
    buf_release(&s.text);
}

/* --- styles ------------------------------------------------------------------------------------------------------------------------- */

struct styles { struct book *b; bool in_cells; struct { int id; struct format f; } *own; int n_own; };

static void styles_start(void *ctx, const char *name, const struct xml_attributes *a)
{
    struct styles *s = ctx;
    struct book *b = s->b;
    if (is(name, "cellXfs"))
        s->in_cells = true;
    if (is(name, "numFmt") && s->n_own < 4096) {
        if ((s->n_own & (s->n_own - 1)) == 0)
            s->own = xrealloc(s->own, sizeof *s->own * (size_t)(s->n_own ? s->n_own * 2 : 1));
        s->own[s->n_own].id = xlsx_int(xlsx_attribute(a, "numFmtId"), -1);
        s->own[s->n_own++].f = xlsx_format(xlsx_attribute(a, "formatCode"));
    }
    if (!s->in_cells || !is(name, "xf") || b->n_formats == XLSX_STYLES_MAX)
        return;
    int id = xlsx_int(xlsx_attribute(a, "numFmtId"), 0);
    if ((b->n_formats & (b->n_formats - 1)) == 0)
        b->format = xrealloc(b->format, sizeof *b->format * (size_t)(b->n_formats ? b->n_formats * 2 : 1));
    struct format f = xlsx_format_builtin(id);
    for (int i = 0; i < s->n_own; i++)
        if (s->own[i].id == id) {
            f = s->own[i].f;
            break;
        }
    b->format[b->n_formats++] = f;
}

static void styles_end(void *ctx, const char *name)
{
    if (is(name, "cellXfs"))
        ((struct styles *)ctx)->in_cells = false;
}

void xlsx_styles_read(struct book *b)
{
    struct styles s = { .b = b };
    struct xml_reader x = { .start = styles_start, .end = styles_end, .ctx = &s };
    if (b->styles_part && xlsx_has(b->zip, b->styles_part))
        xlsx_xml(b->in, b->zip, b->styles_part, &x);
    free(s.own);
}
