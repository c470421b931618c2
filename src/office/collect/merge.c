/* The merged table of a round: in official order, with totals, zero reports marked and the missing named. */
#include "messages.h"
#include "format/csv.h"
#include "office/collect/inside.h"

static bool merge_one(struct store *s, struct db *db, struct arena *a, int64_t office_id, const struct collect_round *r, const struct body_row *row, bool clear,
                      struct merged *m, size_t *cap, struct err *err)
{
    struct merged_row one = { .unit = row->unit, .party_id = row->party_id, .first = true, .zero = row->zero, .corrected = row->correction };
    size_t n = 0, width = (size_t)m->blank.n;
    struct str *cells = row->zero ? NULL : body_cells(a, &m->blank, row->body, &n);
    if (row->zero) {
        one.n_rows = 1;
        arena_push(a, m->rows, m->n, *cap) = one;
        return true;
    }
    if (clear && !personal_open(s, db, a, office_id, r, row->party_id, &m->blank, cells, n, err))
        return false;
    if (!clear)
        personal_mask(a, &m->blank, cells, n, false);
    blank_add(&m->blank, cells, n, m->sum);
    for (size_t i = 0; i < n; i++) {
        one.first = i == 0;
        one.n_rows = n;
        one.cells = &cells[i * width];
        arena_push(a, m->rows, m->n, *cap) = one;
    }
    return m->n <= MERGED_ROWS_MAX || err_fail(err, ERR_LIMIT, M_COLLECT_TOO_MANY_ROWS, NULL, A_INT(MERGED_ROWS_MAX));
}

bool collect_merge(struct store *s, struct db *db, struct arena *a, int64_t office_id, const struct collect_round *r, bool clear, struct merged *ret, struct err *err)
{
    struct body_row *rows;
    size_t n, cap = 0, cap_missing = 0;
    *ret = (struct merged){ 0 };
    if (!collect_blank(db, a, office_id, r->collect_id, r->form, &ret->blank, err) ||
        !q_collect_bodies(db, a, &(struct collect_answers_in){ office_id, r->collect_id, r->n }, &rows, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        enum count count = collect_count_of(answer_of_code(rows[i].state), rows[i].zero);
        ret->answered += count == COUNT_ANSWERED;
        ret->zero += count == COUNT_ZERO;
        if (count == COUNT_MISSING)
            arena_push(a, ret->missing, ret->n_missing, cap_missing) = rows[i].unit;
        else if (!merge_one(s, db, a, office_id, r, &rows[i], clear, ret, &cap, err))
            return false;
    }
    return true;
}

static struct str word(int msg) { return str_c(tr_text(LANG_ZH, msg)); }

/* What is kept and sent is in the office's own language, whoever presses the button. */
void merged_csv(struct buf *b, const struct collect *c, const struct collect_round *r, const struct merged *m)
{
    struct buf cell _cleanup_(buf_release) = BUF_INIT;
    csv_put(b, word(M_COLLECT_UNIT), true);
    for (int i = 0; i < m->blank.n; i++)
        csv_put(b, m->blank.column[i].name, false);
    csv_put(b, word(M_COLLECT_REPORT_NOTE), false);
    csv_end(b);
    for (size_t i = 0; i < m->n; i++) {
        const struct merged_row *row = &m->rows[i];
        csv_put(b, row->unit, true);
        for (int k = 0; k < m->blank.n; k++)
            csv_put(b, row->cells ? row->cells[k] : STR(""), false);
        csv_put(b, row->zero && row->corrected ? STR("零报告；更正") : row->zero ? word(M_COLLECT_STATE_ZERO) : row->corrected ? word(M_COLLECT_CORRECTION) : STR(""), false);
        csv_end(b);
    }
    csv_put(b, word(M_COLLECT_TOTAL), true);
    for (int i = 0; i < m->blank.n; i++) {
        buf_clear(&cell);
        if (m->sum[i].any && !m->sum[i].over)
            cell_put(&cell, &m->blank.column[i], m->sum[i].v);
        csv_put(b, m->sum[i].over ? word(M_COLLECT_SUM_OVER) : buf_view(&cell), false);
    }
    buf_clear(&cell);
    tr(&cell, LANG_ZH, M_COLLECT_EQUATION, (struct arg[]){ A_INT(m->answered + m->zero + (int64_t)m->n_missing), A_INT(m->answered), A_INT(m->zero), A_INT((int64_t)m->n_missing) }, 4);
    csv_put(b, buf_view(&cell), false);
    csv_end(b);
    for (size_t i = 0; i < m->n_missing; i++) {
        csv_put(b, m->missing[i], true);
        for (int k = 0; k < m->blank.n; k++)
            csv_put(b, STR(""), false);
        csv_put(b, word(M_COLLECT_STATE_ASKED), false);
        csv_end(b);
    }
}
