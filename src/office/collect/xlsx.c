/* Spreadsheet files: rows that a unit uploads, and the merged table to take away. */
#include "format/table.h"
#include "messages.h"
#include "office/collect/inside.h"

/* --- in ----------------------------------------------------------------------------------------------------------------------------------- */

static bool places(const struct blank *k, const struct table_head *h, int place[BLANK_COLUMNS_MAX], struct err *err)
{
    if (h->rows == 0)
        return err_fail(err, ERR_INPUT, M_COLLECT_FILE_HEAD, "file");
    for (int c = 0; c < k->n; c++) {
        place[c] = -1;
        for (int i = 0; i < h->n; i++)
            if (str_eq(h->column[i].name, k->column[c].name))
                place[c] = i;
        if (place[c] >= 0)
            continue;
        err_fail(err, ERR_INPUT, M_COLLECT_PASTE_LACKS, "file", A_STR(k->column[c].name));
        err_at(err, h->line, 1);
        return false;
    }
    return true;
}

static bool take_row(struct arena *a, const struct blank *k, const struct table_row *row, const int place[], struct pasted *p, size_t *cap, struct err *err)
{
    size_t n = (size_t)k->n, at = p->n_rows * n;
    if (p->n_rows == COLLECT_ROWS_MAX)
        return err_fail(err, ERR_LIMIT, M_COLLECT_TOO_MANY_ROWS, "file", A_INT(COLLECT_ROWS_MAX));
    if (p->n_rows == *cap) {
        size_t more = *cap ? *cap * 2 : 64;
        struct pasted all = { arena_array(a, struct str, more * n), p->n_rows, arena_array(a, int, more * n), arena_array(a, int, more * n) };
        for (size_t i = 0; i < at; i++) {
            all.cells[i] = p->cells[i];
            all.line[i] = p->line[i];
            all.column[i] = p->column[i];
        }
        *p = all;
        *cap = more;
    }
    for (size_t c = 0; c < n; c++) {
        bool there = place[c] < row->n;
        p->cells[at + c] = there ? arena_str(a, row->cell[place[c]].text) : STR("");
        p->line[at + c] = row->line;
        p->column[at + c] = there ? row->cell[place[c]].at : place[c] + 1;
    }
    p->n_rows++;
    return true;
}

bool paste_file(struct arena *a, const struct blank *k, struct str bytes, struct pasted *ret, struct err *err)
{
    struct table_reader *t;
    struct table_head head;
    struct table_row row;
    int place[BLANK_COLUMNS_MAX];
    size_t cap = 0;
    bool end = false;
    *ret = (struct pasted){ 0 };
    if (!table_open(a, bytes, NULL, &t, err))
        return false;
    bool ok = table_find_head(t, &head, err) && places(k, &head, place, err);
    while (ok && (ok = table_data(t, &row, &end, err)) && !end)
        ok = take_row(a, k, &row, place, ret, &cap, err);
    table_close(t);
    return ok;
}

/* --- out ---------------------------------------------------------------------------------------------------------------------------------- */

static enum table_type type_of(const struct blank_column *c)
{
    return c->type == COL_INT ? CELL_INT : c->type == COL_DECIMAL ? CELL_NUMBER : c->type == COL_DAY ? CELL_DAY : CELL_TEXT;
}

/* Numbers of 15 digits are the same as a double; what is longer, a sum, stays text. */
static void put_value(struct table_writer *w, const struct blank_column *c, int64_t v)
{
    static const double TENS[] = { 1, 10, 100, 1000, 10000, 100000, 1000000 };
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    cell_put(&b, c, v);
    if (v > INT64_C(999999999999999) || v < -INT64_C(999999999999999))
        table_put(w, buf_view(&b));
    else if (c->type == COL_INT)
        table_put_int(w, v);
    else
        table_put_number(w, (double)v / TENS[c->places]);
}

static void put_cell(struct table_writer *w, const struct blank_column *c, struct str text)
{
    int64_t v;
    if (blank_counts(c) && cell_value(c, text, &v))
        put_value(w, c, v);
    else if (c->type == COL_DAY && cell_value(c, text, &v))
        table_put_day(w, (day_t)v);
    else
        table_put(w, text);
}

static struct str word(int msg) { return str_c(tr_text(LANG_ZH, msg)); }

static void put_rows(struct table_writer *w, const struct merged *m)
{
    for (size_t i = 0; i < m->n; i++) {
        const struct merged_row *row = &m->rows[i];
        table_put(w, row->unit);
        for (int k = 0; k < m->blank.n; k++)
            put_cell(w, &m->blank.column[k], row->cells ? row->cells[k] : STR(""));
        table_put(w, row->zero ? word(M_COLLECT_STATE_ZERO) : row->corrected ? word(M_COLLECT_CORRECTION) : STR(""));
        table_put_row(w);
    }
}

static void put_foot(struct table_writer *w, const struct merged *m)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    table_put(w, word(M_COLLECT_TOTAL));
    for (int k = 0; k < m->blank.n; k++)
        if (m->sum[k].any && !m->sum[k].over)
            put_value(w, &m->blank.column[k], m->sum[k].v);
        else
            table_put(w, m->sum[k].over ? word(M_COLLECT_SUM_OVER) : STR(""));
    tr(&b, LANG_ZH, M_COLLECT_EQUATION, (struct arg[]){ A_INT(m->answered + m->zero + (int64_t)m->n_missing), A_INT(m->answered), A_INT(m->zero), A_INT((int64_t)m->n_missing) }, 4);
    table_put(w, buf_view(&b));
    table_put_row(w);
    for (size_t i = 0; i < m->n_missing; i++) {
        table_put(w, m->missing[i]);
        for (int k = 0; k < m->blank.n; k++)
            table_put(w, STR_NULL);
        table_put(w, word(M_COLLECT_STATE_ASKED));
        table_put_row(w);
    }
}

bool merged_xlsx(struct arena *a, struct buf *b, const struct collect *c, const struct collect_round *r, const struct merged *m, struct err *err)
{
    struct table_field *f = arena_array(a, struct table_field, (size_t)m->blank.n + 2);
    struct buf day _cleanup_(buf_release) = BUF_INIT;
    struct table_writer *w;
    date_put_zh(&day, r->day);
    f[0] = (struct table_field){ word(M_COLLECT_UNIT), CELL_TEXT, 18, false };
    for (int k = 0; k < m->blank.n; k++)
        f[k + 1] = (struct table_field){ m->blank.column[k].name, type_of(&m->blank.column[k]), 0, m->blank.column[k].type == COL_TEXT };
    f[m->blank.n + 1] = (struct table_field){ word(M_COLLECT_REPORT_NOTE), CELL_TEXT, 20, true };
    struct table_plan plan = { .title = arena_printf(a, "%.*s（%s）", STR_ARG(c->title), day.p), .field = f, .n = m->blank.n + 2, .portrait = m->blank.n < 6, .lang = LANG_ZH };
    if (!table_begin(FORMAT_XLSX, &plan, table_to_buf, b, &w, err))
        return false;
    put_rows(w, m);
    put_foot(w, m);
    return table_end(w, err);
}
