/* The merged table on screen, on paper, as csv; and the sheets that were sent up. */
#include "base/num.h"
#include "collect_html.h"
#include "office/collect/page.h"

static struct str file_name(struct req *rq, const struct collect *c, const struct collect_round *r, const char *ext)
{
    struct str day = face_iso_day(rq, r->day);
    return arena_printf(rq->arena, "%.*s-%.*s.%s", STR_ARG(c->title), STR_ARG(day), ext);
}

static void put_rows(struct req *rq, struct table_page *v, const struct merged *m)
{
    int64_t place = 0;
    v->row = arena_array(rq->arena, struct table_row, m->n + 1);
    v->n_rows = m->n;
    for (size_t i = 0; i < m->n; i++) {
        const struct merged_row *k = &m->rows[i];
        struct table_row *r = &v->row[i];
        *r = (struct table_row){ k->unit, place += k->first, k->first, k->zero, k->corrected, (int64_t)k->n_rows, NULL, 0 };
        if (!k->cells)
            continue;
        r->n = (size_t)m->blank.n;
        r->cell = arena_array(rq->arena, struct table_cell, r->n + 1);
        for (size_t c = 0; c < r->n; c++)
            r->cell[c] = (struct table_cell){ k->cells[c], blank_counts(&m->blank.column[c]) };
    }
}

static struct str sum_text(struct req *rq, const struct blank_column *c, int64_t v, bool sign)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    buf_c(&b, sign && v > 0 ? "+" : "");
    cell_put(&b, c, v);
    return arena_str(rq->arena, buf_view(&b));
}

/* Totals, and their difference against the round before where the blank is the same. */
static bool put_sums(struct req *rq, struct table_page *v, const struct merged *m, struct err *err)
{
    struct merged *before = NULL;
    struct collect_round last;
    bool found = false;
    if (v->r.n > 1 && !collect_round_row(rq->db, rq->arena, rq->actor->office_id, v->c.id, v->r.n - 1, &last, &found, err))
        return false;
    if (found && last.form == v->r.form) {
        before = arena_new(rq->arena, struct merged);
        if (!collect_merge(rq->store, rq->db, rq->arena, rq->actor->office_id, &last, false, before, err))
            return false;
    }
    v->sum = arena_array(rq->arena, struct table_sum, (size_t)m->blank.n + 1);
    for (int c = 0; c < m->blank.n; c++) {
        const struct blank_sum *s = &m->sum[c];
        int64_t change;
        v->sum[c].over = s->over;
        if (s->any && !s->over)
            v->sum[c].text = sum_text(rq, &m->blank.column[c], s->v, false);
        if (s->any && !s->over && before && before->sum[c].any && !before->sum[c].over && !__builtin_sub_overflow(s->v, before->sum[c].v, &change) && change)
            v->sum[c].change = sum_text(rq, &m->blank.column[c], change, true);
    }
    return true;
}

static bool table_read(struct req *rq, struct table_page *v, bool clear, struct merged *m, struct err *err)
{
    int64_t id = 0, n = 0;
    if (!collect_address(rq, &id, &n, err) || !collect_round_get(rq->db, rq->arena, rq->actor, id, n, &v->c, &v->r, err) ||
        !collect_merge(rq->store, rq->db, rq->arena, rq->actor->office_id, &v->r, clear, m, err))
        return false;
    v->base = collect_base(rq, id, v->r.n);
    v->section = collect_keeps(rq->actor, &v->c);
    v->personal = blank_personal(&m->blank);
    v->n_head = (size_t)m->blank.n;
    v->head = arena_array(rq->arena, struct table_cell, v->n_head + 1);
    for (size_t c = 0; c < v->n_head; c++)
        v->head[c] = (struct table_cell){ m->blank.column[c].name, blank_counts(&m->blank.column[c]) };
    v->span = (int64_t)v->n_head + 2;
    v->wide = v->n_head > 6;
    v->missing = (int64_t)m->n_missing;
    v->answered = m->answered;
    v->zero = m->zero;
    v->missing_names = collect_joined(rq, m->missing, m->n_missing);
    v->made_at = face_instant(rq, rq->now);
    v->made_by = rq->actor->name;
    put_rows(rq, v, m);
    return put_sums(rq, v, m, err);
}

static void show(struct req *rq, void (*html)(struct html *out, const struct table_page *v))
{
    struct table_page *v = arena_new(rq->arena, struct table_page);
    struct merged *m = arena_new(rq->arena, struct merged);
    struct err err;
    if (!table_read(rq, v, false, m, &err)) {
        req_fail(rq, &err);
        return;
    }
    face_frame(rq, &v->frame, "/collects", v->c.title);
    struct html out = req_page(rq);
    html(&out, v);
    req_html(rq, 200, &out);
}

void collect_table_get(struct req *rq) { show(rq, html_collect_table); }
void collect_print_get(struct req *rq) { show(rq, html_collect_print); }

static void csv(struct req *rq, bool clear)
{
    struct table_page *v = arena_new(rq->arena, struct table_page);
    struct merged *m = arena_new(rq->arena, struct merged);
    struct buf b = BUF_INIT;
    struct err err;
    if (!table_read(rq, v, clear, m, &err)) {
        req_fail(rq, &err);
        return;
    }
    merged_csv(&b, &v->c, &v->r, m);
    req_file(rq, &b, "text/csv; charset=utf-8", file_name(rq, &v->c, &v->r, "csv"), false, false);
}

void collect_csv_get(struct req *rq) { csv(rq, false); }

void collect_xlsx_get(struct req *rq)
{
    struct table_page *v = arena_new(rq->arena, struct table_page);
    struct merged *m = arena_new(rq->arena, struct merged);
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    struct err err;
    if (table_read(rq, v, false, m, &err) && merged_xlsx(rq->arena, &b, &v->c, &v->r, m, &err))
        req_file(rq, &b, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", file_name(rq, &v->c, &v->r, "xlsx"), false, false);
    else
        req_fail(rq, &err);
}

struct clear_write { int64_t id, round, party_id; struct str reason; };

static bool clear_fn(struct txn *t, void *args, struct err *err)
{
    const struct clear_write *w = args;
    struct actor actor;
    return web_actor(t, &actor, err) && collect_unmask(t, &actor, w->id, w->round, 0, w->reason, err);
}

static void clear_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    (void)args;
    if (ok)
        csv(rq, true);
    else
        req_fail(rq, err);
}

/* With personal cells in clear: first the act goes on record. */
void collect_csv_post(struct req *rq)
{
    struct clear_write *w = arena_new(rq->arena, struct clear_write);
    struct err err;
    w->reason = req_form(rq, "reason");
    if (collect_address(rq, &w->id, &w->round, &err))
        web_write(rq, clear_fn, w, clear_answer);
    else
        req_fail(rq, &err);
}

void collect_sheet_get(struct req *rq)
{
    struct collect c;
    struct collect_round r;
    struct sheet_body_row row;
    int64_t id = 0, n = 0, sheet;
    struct err err;
    bool found = false;
    struct buf b = BUF_INIT;
    bool ok = collect_address(rq, &id, &n, &err) && collect_round_get(rq->db, rq->arena, rq->actor, id, n, &c, &r, &err) &&
              (!num_range(rq->args[2], 1, INT64_MAX, &sheet) ||
               q_collect_sheet_body(rq->db, rq->arena, &(struct collect_sheet_body_in){ rq->actor->office_id, id, r.n, sheet }, &row, &found, &err));
    if (ok && !found)
        ok = err_fail(&err, ERR_NOT_FOUND, M_COLLECT_NO_SHEET, NULL);
    if (!ok) {
        req_fail(rq, &err);
        return;
    }
    buf_str(&b, row.body);
    req_file(rq, &b, "text/csv; charset=utf-8", file_name(rq, &c, &r, "csv"), false, false);
}
