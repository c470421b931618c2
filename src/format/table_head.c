/* Finding the head of a table as offices draw them. Everything is judged by shape first; the words that heads are made of only break ties. */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "format/table_inner.h"

enum { TEXT_SHOWN = 80, HEAD_ROWS = 3 };

/* --- one row ------------------------------------------------------------------------------------------------------------------- */

struct look {
    int filled, distinct, labels, known, values; /* filled: cells with a text of their own or from above; the others count among distinct ones */
    int last;                                    /* index behind the last filled cell */
    struct str only;                             /* the first text */
    bool across, own;                            /* something is merged across; something is not merged from above */
};

static struct str cell_text(const struct table_row *row, int i) { return i < row->n ? row->cell[i].text : STR(""); }
static unsigned cell_merged(const struct table_row *row, int i) { return i < row->n ? row->cell[i].merged : 0; }

/* words: also what kind of texts they are; of a hundred thousand rows that is too much. */
static struct look look_at(const struct table_row *row, bool words)
{
    struct look l = { .only = STR("") };
    for (int i = 0; i < row->n; i++) {
        struct str s = row->cell[i].text;
        if (s.n == 0)
            continue;
        l.filled++;
        l.last = i + 1;
        l.across |= (row->cell[i].merged & CELL_FROM_LEFT) != 0;
        l.own |= !(row->cell[i].merged & CELL_FROM_ABOVE);
        if (row->cell[i].merged & CELL_FROM_LEFT)
            continue;
        if (l.distinct == 0)
            l.only = s;
        l.distinct++;
        if (!words)
            continue;
        bool number = row->cell[i].type != CELL_TEXT;
        l.labels += !number && word_is_label(s);
        l.known += !number && word_is_label(s) && word_is_known(s);
        l.values += number || word_is_value(s);
    }
    return l;
}

struct str table_row_text(struct arena *a, const struct table_row *row)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    for (int i = 0; i < row->n && b.n <= TEXT_SHOWN; i++)
        if (row->cell[i].text.n && !(row->cell[i].merged & (CELL_FROM_LEFT | CELL_FROM_ABOVE))) {
            if (b.n)
                buf_ch(&b, ' ');
            buf_str(&b, row->cell[i].text);
        }
    return b.n ? arena_str(a, utf8_cut(word_squeeze(a, buf_view(&b)), TEXT_SHOWN)) : STR("");
}

/* How many columns the table has: what most of the wider rows reach. */
static int width_of(const struct look *looks, int n)
{
    int width = 0;
    for (int w = TABLE_COLUMNS_MAX; w > 0 && !width; w--) {
        int rows = 0;
        for (int i = 0; i < n; i++)
            rows += looks[i].distinct > 1 && looks[i].last >= w;
        if (rows >= 2 || (rows == 1 && n <= 2))
            width = w;
    }
    for (int i = 0; i < n && !width; i++)
        width = looks[i].last > width ? looks[i].last : width;
    return width;
}

/* --- the head ------------------------------------------------------------------------------------------------------------------ */

static bool can_be_head(const struct look *l, int width)
{
    return l->filled > 0 && l->own && l->labels == l->distinct && (width == 1 || (l->distinct >= 2 && l->filled * 2 >= width));
}

/* The first row that can be a head, unless one further down is wider and has clearly more of the words that heads are made of: then the first was a line above it. */
static int head_row(const struct look *looks, int n, int width)
{
    int best = -1;
    for (int i = 0; i < n; i++)
        if (can_be_head(&looks[i], width) &&
            (best < 0 || (looks[i].filled > looks[best].filled && looks[i].known > looks[best].known * 2 + (looks[best].known > 0))))
            best = i;
    if (best >= 0 && looks[best].known == 0) {   /* names without any known word: only if what follows looks like something else */
        bool differs = false;
        for (int i = best + 1; i < n; i++)
            differs |= looks[i].values > 0 || looks[i].labels < looks[i].distinct;
        return differs || best > 0 || n == 1 ? best : -1;
    }
    return best;
}

/* Does row `below` name parts of what stands in row `above`? Under each group are labels, and under what stands alone nothing, or the same cell. */
static bool is_second_row(const struct table_row *above, const struct table_row *below, const struct look *l, int width)
{
    if (l->filled == 0 || !l->own || l->values > 0 || l->labels != l->distinct)
        return false;
    int parts = 0;
    for (int i = 0; i < width; i++) {
        bool own = cell_text(below, i).n > 0 && !(cell_merged(below, i) & CELL_FROM_ABOVE);
        bool group = cell_merged(above, i) & CELL_FROM_LEFT || cell_text(above, i).n == 0 || cell_text(above, i + 1).n == 0 ||
                     cell_merged(above, i + 1) & CELL_FROM_LEFT;
        if (own && !group)
            return false;
        parts += own;
    }
    bool grouped = false;                        /* some name stands over at least two of them */
    for (int i = 1; i < width; i++)
        grouped |= cell_text(below, i).n > 0 && cell_text(below, i - 1).n > 0 && !(cell_merged(below, i) & CELL_FROM_ABOVE) &&
                   (cell_text(above, i).n == 0 || cell_merged(above, i) & CELL_FROM_LEFT);
    return parts > 0 && grouped;
}

static bool is_group_row(const struct table_row *row, const struct look *l)
{
    for (int i = 0; i < row->n; i++)
        if (str_find(row->cell[i].text, STR("：")) >= 0)
            return false;
    return l->distinct >= 2 && l->labels == l->distinct && l->filled > l->distinct;
}

/* The name of column i: its parts from above to below, each once. */
static struct str column_name(struct arena *a, const struct table_row *rows, int first, int n, int i)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    struct str before = STR("");
    for (int r = 0; r < n; r++) {
        const struct table_row *row = &rows[first + r];
        struct str s = cell_text(row, i);
        if (s.n == 0 && r + 1 < n && cell_text(&rows[first + r + 1], i).n)         /* an unmerged group name stands over its first column alone */
            for (int k = i - 1; k >= 0 && s.n == 0; k--) {
                s = cell_text(row, k);
                if (cell_text(&rows[first + r + 1], k).n == 0)
                    break;
            }
        s = word_squeeze(a, s);
        if (s.n == 0 || str_eq(s, before))
            continue;
        if (b.n)
            buf_c(&b, "·");
        buf_str(&b, s);
        before = s;
    }
    return b.n ? arena_str(a, buf_view(&b)) : STR("");
}

static bool counts_up(const struct table_row *rows, int n, int from, int column)
{
    int next = 1, seen = 0;
    for (int i = from; i < n; i++) {
        char want[16];
        snprintf(want, sizeof want, "%d", next);
        if (cell_text(&rows[i], column).n == 0)
            continue;
        if (!str_eqc(cell_text(&rows[i], column), want))
            return false;
        next++, seen++;
    }
    return seen > 0;
}

static int number_column(const struct table_head *h, const struct table_row *rows, int n)
{
    static const char *const NAMES[] = { "序号", "序", "No", "No.", "NO", "NO.", "#" };
    for (int i = 0; i < h->n && i < 2; i++) {
        struct str name = h->column[i].name;
        for (size_t k = 0; k < ARRAY_LEN(NAMES); k++)
            if (str_eqc(name, NAMES[k]))
                return i;
        if (name.n == 0 && counts_up(rows, n, h->data, i))
            return i;
    }
    return -1;
}

static void pass(struct arena *a, struct table_head *h, struct table_passed *list, const struct table_row *row, enum table_why why)
{
    list[h->n_passed++] = (struct table_passed){ row->line, why, table_row_text(a, row) };
}

void table_recognise(struct arena *a, const struct table_row *rows, int n, struct table_head *ret)
{
    struct table_head h = { .number_column = -1, .title = STR_NULL };
    n = n > TABLE_LOOK_MAX ? TABLE_LOOK_MAX : n;
    struct look looks[TABLE_LOOK_MAX] = { { 0 } };
    for (int i = 0; i < n; i++)
        looks[i] = look_at(&rows[i], true);
    int width = width_of(looks, n), at = head_row(looks, n, width);
    if (at >= 0) {
        h.first = at;
        h.rows = 1;
        if (at > 0 && is_group_row(&rows[at - 1], &looks[at - 1]) && is_second_row(&rows[at - 1], &rows[at], &looks[at], width))
            h.first--, h.rows++;
        while (h.rows < HEAD_ROWS && at + 1 < n && is_second_row(&rows[at], &rows[at + 1], &looks[at + 1], width))
            at++, h.rows++;
        h.line = rows[h.first].line;
        h.data = h.first + h.rows;
        for (int r = h.first; r < h.data; r++)   /* names may reach further than the rows below them */
            width = rows[r].n > width ? rows[r].n : width;
    }
    struct table_column *columns = arena_array(a, struct table_column, (size_t)(width ? width : 1));
    for (int i = 0; i < width; i++)
        columns[i].name = h.rows ? column_name(a, rows, h.first, h.rows, i) : STR("");
    h.column = columns;
    h.n = width;
    h.number_column = number_column(&h, rows, n);
    struct table_passed *passed = arena_array(a, struct table_passed, TABLE_LOOK_MAX);
    for (int i = 0; i < h.first; i++) {
        bool title = !h.title.p && looks[i].distinct == 1 && str_find(looks[i].only, STR("：")) < 0;
        pass(a, &h, passed, &rows[i], title ? ROW_TITLE : ROW_CAPTION);
        if (title)
            h.title = word_squeeze(a, looks[i].only);
    }
    h.passed = passed;
    *ret = h;
}

/* --- rows behind it ------------------------------------------------------------------------------------------------------------- */

static bool is_head_again(const struct table_head *h, const struct table_row *row)
{
    int same = 0, other = 0;
    for (int i = 0; i < row->n && i < h->n; i++) {
        struct str s = row->cell[i].text, name = h->column[i].name;
        if (s.n && name.n)                       /* of a name of two rows either part will do */
            *(str_eq(s, name) || (str_find(name, STR("·")) >= 0 && str_find(name, s) >= 0) ? &same : &other) += 1;
        else if (s.n)
            other++;
    }
    return h->rows > 0 && same > 1 && other == 0;
}

/* 1 2 3 4, also (1) or ①: each one more than the one before it. */
static bool is_column_numbers(const struct table_row *row)
{
    int expected = 1;
    for (int i = 0; i < row->n; i++) {
        struct str s = row->cell[i].text;
        if (i == 0 && (str_eqc(s, "栏次") || str_eqc(s, "甲")))
            continue;
        if (row->n < 3 || s.n == 0)
            return false;
        if ((s.p[0] == '(' && s.p[s.n - 1] == ')'))
            s = str_n(s.p + 1, s.n - 2);
        char want[16];
        snprintf(want, sizeof want, "%d", expected++);
        if (!str_eqc(s, want))
            return false;
    }
    return expected > 2;
}

static bool is_total(const struct table_head *h, const struct table_row *row)
{
    for (int i = 0; i < row->n && i < 3; i++) {
        struct str s = row->cell[i].text;
        if (s.n == 0 || (i == h->number_column && word_is_value(s)))
            continue;
        char room[64];                           /* 合 计 */
        size_t n = 0;
        for (size_t k = 0; k < s.n && n < sizeof room; k++)
            if (s.p[k] != ' ' && s.p[k] != '\n')
                room[n++] = s.p[k];
        s = str_n(room, n);
        if (str_starts(s, STR("　")))
            s = str_trim(s);
        return word_is_total(s) && utf8_count(s) <= 10 && look_at(row, true).labels <= 2;
    }
    return false;
}

enum table_why table_judge(const struct table_head *h, const struct table_row *row, bool *notes)
{
    struct look l = look_at(row, false);
    int own = 0;                                 /* texts that are neither merged from above nor a counted number */
    for (int i = 0; i < row->n; i++)
        own += row->cell[i].text.n > 0 && !(row->cell[i].merged & (CELL_FROM_ABOVE | CELL_FROM_LEFT)) &&
               !(i == h->number_column && word_is_value(row->cell[i].text));
    if (l.filled == 0)
        return ROW_EMPTY;
    if (own == 0)
        return ROW_CONTINUED;
    if (h->rows == 0)
        return ROW_DATA;
    if (is_head_again(h, row))
        return ROW_HEAD;
    if (row->line <= h->line + h->rows && is_column_numbers(row))        /* right below the head; else they are figures */
        return ROW_COLUMN_NUMBERS;
    if (is_total(h, row))
        return ROW_TOTAL;
    bool few = l.distinct == 1 || (h->n > 2 && l.distinct * 2 <= h->n + 1);
    if (few && word_is_note(l.only)) {
        *notes = true;
        return ROW_NOTE;
    }
    if (*notes && h->n > 1 && l.distinct == 1)
        return ROW_NOTE;
    if (h->n > 2 && l.distinct == 1 && ((l.filled * 2 > h->n && l.across) || word_is_enumerated(l.only)))
        return ROW_GROUP;
    return ROW_DATA;
}
