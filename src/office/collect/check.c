/* Rows against their blank: sums that must hold, columns that must not fall, totals. Pure. */
#include <string.h>

#include "office/collect/blank.h"

struct str *body_cells(struct arena *a, const struct blank *k, struct str body, size_t *n_rows)
{
    size_t rows = 0;
    for (size_t i = 0; i < body.n; i++)
        rows += body.p[i] == '\n';
    struct str *cells = arena_array(a, struct str, rows * (size_t)k->n + 1), row;
    for (size_t r = 0; r < rows; r++) {
        row = str_cut(body, '\n', &body);
        for (int c = 0; c < k->n; c++) {
            struct str cell = row.p ? str_cut(row, '\t', &row) : STR("");
            cells[r * (size_t)k->n + (size_t)c] = cell.p ? cell : STR("");
        }
    }
    *n_rows = rows;
    return cells;
}

void body_put_row(struct buf *b, const struct blank *k, const struct str *cells)
{
    for (int c = 0; c < k->n; c++) {
        if (c)
            buf_ch(b, '\t');
        buf_str(b, cells[c]);
    }
    buf_ch(b, '\n');
}

/* --- rules ------------------------------------------------------------------------------------------------------------------------ */

static int64_t tens(int n)
{
    int64_t v = 1;
    while (n-- > 0)
        v *= 10;
    return v;
}

/* One side in the finest scale there is. Cells have 15 digits, so a wider type holds every sum of terms. */
static __int128 side(const struct blank *k, const struct blank_rule *r, const struct str *cells, int from, int to)
{
    __int128 sum = 0;
    for (int i = from; i < to; i++) {
        const struct blank_term *t = &r->term[i];
        int64_t v = t->v;
        __int128 scaled = v;
        if (t->column >= 0) {
            const struct blank_column *c = &k->column[t->column];
            scaled = cell_value(c, cells[t->column], &v) ? (__int128)v * tens(BLANK_PLACES_MAX - c->places) : 0;
        }
        sum += t->minus ? -scaled : scaled;
    }
    return sum;
}

static bool looked_at(const struct blank_rule *r, const struct str *cells)
{
    int filled = 0, columns = 0;
    for (int i = 0; i < r->n; i++)
        if (r->term[i].column >= 0) {
            columns++;
            filled += cells[r->term[i].column].n > 0;
        }
    return filled && (filled == columns || r->op == OP_EQ);
}

static bool holds(enum blank_op op, __int128 left, __int128 right)
{
    switch (op) {
    case OP_EQ: return left == right;
    case OP_LE: return left <= right;
    case OP_LT: return left < right;
    case OP_GE: return left >= right;
    case OP_GT: break;
    }
    return left > right;
}

const struct blank_rule *blank_broken(const struct blank *k, const struct str *cells)
{
    for (int i = 0; i < k->n_rules; i++) {
        const struct blank_rule *r = &k->rule[i];
        if (looked_at(r, cells) && !holds(r->op, side(k, r, cells, 0, r->n_left), side(k, r, cells, r->n_left, r->n)))
            return r;
    }
    return NULL;
}

/* --- sums ------------------------------------------------------------------------------------------------------------------------- */

void blank_add(const struct blank *k, const struct str *cells, size_t n_rows, struct blank_sum sum[BLANK_COLUMNS_MAX])
{
    for (size_t r = 0; r < n_rows; r++)
        for (int c = 0; c < k->n; c++) {
            int64_t v;
            if (!blank_counts(&k->column[c]) || !cell_value(&k->column[c], cells[r * (size_t)k->n + (size_t)c], &v))
                continue;
            sum[c].any = true;
            sum[c].over = __builtin_add_overflow(sum[c].v, v, &sum[c].v) || sum[c].over;
        }
}

int blank_fallen(const struct blank *k, const struct str *cells, size_t n, const struct str *before, size_t n_before, bool *fallen)
{
    struct blank_sum now[BLANK_COLUMNS_MAX] = { 0 }, was[BLANK_COLUMNS_MAX] = { 0 };
    int count = 0;
    blank_add(k, cells, n, now);
    blank_add(k, before, n_before, was);
    for (int c = 0; c < k->n; c++) {
        bool fell = k->column[c].cumulative && was[c].any && (!now[c].any || now[c].v < was[c].v);
        if (fallen)
            fallen[c] = fell;
        count += fell;
    }
    return count;
}
