/* Rows from text: cells copied out of a spreadsheet, or a csv file. */
#include "base/utf8.h"
#include "format/csv.h"
#include "messages.h"
#include "office/collect/inside.h"

struct grid { struct csv_cell *cells; size_t *n; size_t rows, cap; };

static bool push(struct arena *a, struct grid *g, const struct csv_cell *cells, size_t n)
{
    if (g->rows == g->cap) {
        size_t cap = g->cap ? g->cap * 2 : 64;
        struct csv_cell *all = arena_array(a, struct csv_cell, cap * CSV_CELLS_MAX / 2);
        size_t *ns = arena_array(a, size_t, cap);
        for (size_t i = 0; i < g->rows; i++)
            ns[i] = g->n[i];
        for (size_t i = 0; i < g->rows * (CSV_CELLS_MAX / 2); i++)
            all[i] = g->cells[i];
        g->cells = all;
        g->n = ns;
        g->cap = cap;
    }
    for (size_t i = 0; i < n && i < CSV_CELLS_MAX / 2; i++)
        g->cells[g->rows * (CSV_CELLS_MAX / 2) + i] = cells[i];
    g->n[g->rows++] = n;
    return g->rows <= COLLECT_ROWS_MAX + 1;
}

static bool too_many(struct err *err) { return err_fail(err, ERR_LIMIT, M_COLLECT_TOO_MANY_ROWS, NULL, A_INT(COLLECT_ROWS_MAX)); }

static bool read_tabs(struct arena *a, struct str text, struct grid *g, struct err *err)
{
    struct csv_cell cells[CSV_CELLS_MAX];
    for (int line = 1; text.p; line++) {
        struct str row = str_cut(text, '\n', &text), all = row;
        size_t n = 0;
        if (row.n && row.p[row.n - 1] == '\r')
            row = all = str_sub(row, 0, row.n - 1);
        if (str_trim(row).n == 0)
            continue;
        while (row.p && n < CSV_CELLS_MAX) {
            struct str cell = str_cut(row, '\t', &row);
            cells[n++] = (struct csv_cell){ cell, line, (int)utf8_count(str_sub(all, 0, (size_t)(cell.p - all.p))) + 1 };
        }
        if (!push(a, g, cells, n))
            return too_many(err);
    }
    return true;
}

static bool read_csv(struct arena *a, struct str text, struct grid *g, struct err *err)
{
    struct csv_cell cells[CSV_CELLS_MAX];
    struct csv csv;
    bool end;
    size_t n;
    if (!csv_open(a, text, &csv, err))
        return false;
    while (csv_row(&csv, cells, &n, &end, err)) {
        if (end)
            return true;
        if (!push(a, g, cells, n))
            return too_many(err);
    }
    return false;
}

/* Where each column stands in a row: from the first line if it names them, else as they come. */
static bool places(const struct blank *k, const struct grid *g, int place[BLANK_COLUMNS_MAX], bool *head, struct err *err)
{
    const struct csv_cell *first = g->cells;
    int named = 0;
    for (int c = 0; c < k->n; c++) {
        place[c] = -1;
        for (size_t i = 0; i < g->n[0] && i < CSV_CELLS_MAX / 2; i++)
            if (str_eq(str_trim(first[i].text), k->column[c].name))
                place[c] = (int)i;
        named += place[c] >= 0;
    }
    *head = named > 0 && (named == k->n || named * 2 > (int)g->n[0]);
    for (int c = 0; c < k->n; c++) {
        if (*head && place[c] < 0) {
            err_fail(err, ERR_INPUT, M_COLLECT_PASTE_LACKS, NULL, A_STR(k->column[c].name));
            err_at(err, first[0].line, 1);
            return false;
        }
        place[c] = *head ? place[c] : c;
    }
    return true;
}

/* As many cells as the head, or the columns: a text field loses blanks at its ends, so only the last of several rows may be shorter. */
static bool full_row(const struct grid *g, size_t row, size_t want, struct err *err)
{
    const struct csv_cell *c = &g->cells[row * (CSV_CELLS_MAX / 2)];
    if (g->n[row] == want || (g->n[row] < want && row > 0 && row + 1 == g->rows))
        return true;
    err_fail(err, ERR_INPUT, M_COLLECT_PASTE_CELLS, NULL, A_INT(c[0].line), A_INT(g->n[row]), A_INT(want));
    err_at(err, c[0].line, 1);
    return false;
}

bool paste_read(struct arena *a, const struct blank *k, struct str text, struct pasted *ret, struct err *err)
{
    struct grid g = { 0 };
    struct str rest, first = str_cut(text, '\n', &rest);
    int place[BLANK_COLUMNS_MAX];
    bool head, tabs = str_chr(first, '\t') >= 0 || (k->n == 1 && str_chr(first, ',') < 0 && str_chr(first, '"') < 0);
    if (!(tabs ? read_tabs(a, text, &g, err) : read_csv(a, text, &g, err)))
        return false;
    *ret = (struct pasted){ 0 };
    if (g.rows == 0)
        return true;
    if (!places(k, &g, place, &head, err))
        return false;
    size_t n = (size_t)k->n, from = head, want = head ? g.n[0] : n;
    *ret = (struct pasted){ arena_array(a, struct str, g.rows * n + 1), 0, arena_array(a, int, g.rows * n + 1), arena_array(a, int, g.rows * n + 1) };
    for (size_t r = from; r < g.rows; r++, ret->n_rows++) {
        if (!full_row(&g, r, want, err))
            return false;
        for (size_t c = 0; c < n; c++) {
            const struct csv_cell *cell = &g.cells[r * (CSV_CELLS_MAX / 2) + (size_t)place[c]];
            bool there = (size_t)place[c] < g.n[r];
            ret->cells[ret->n_rows * n + c] = there ? str_trim(cell->text) : STR("");
            ret->line[ret->n_rows * n + c] = there ? cell->line : g.cells[r * (CSV_CELLS_MAX / 2)].line;
            ret->column[ret->n_rows * n + c] = there ? cell->column : 1;
        }
    }
    return true;
}
