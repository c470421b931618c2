/* GET /months, GET and POST /months/2022-05. */
#include <string.h>

#include "months_html.h"
#include "office/months/months.h"

static struct str month_name(struct req *rq, int period) { return FACE_SAY(rq, M_MONTHS_NAME, A_INT(period / 100), A_INT(period % 100)); }

static struct str month_href(struct req *rq, int period)
{
    return arena_printf(rq->arena, "/months/%04d-%02d", period / 100, period % 100);
}

static int period_back(int period, int n)
{
    while (n-- > 0)
        period = period_prev(period);
    return period;
}

/* --- the list of months --------------------------------------------------------------------------------------------------------- */

static bool open_month(struct req *rq, int period, struct month_line *m, struct err *err)
{
    struct closing_view c;
    if (!closing_glance(rq->db, rq->arena, rq->actor, face_workdays(rq), period, rq->today, &c, err))
        return false;
    *m = (struct month_line){ .name = month_name(rq, period), .href = month_href(rq, period), .f = c.office, .may_close = c.may_close,
                              .presumed = c.presumed, .running = rq->today <= c.last_day, .closed_at = INSTANT_NONE };
    return true;
}

static struct month_line closed_month(struct req *rq, const struct closing_head *h)
{
    return (struct month_line){ .name = month_name(rq, h->period), .href = month_href(rq, h->period), .f = h->office, .closed = true,
                                .presumed = h->presumed, .closed_at = h->at, .closed_by = h->by };
}

static bool nothing_in(const struct figures *f) { return !f->opening && !f->added && !f->carried; }

/* The running month and those before it back to the last closing; without one as far back as something happened. Then the closings as they were frozen. */
static bool months_read(struct req *rq, struct months_page *v, struct err *err)
{
    struct closing_head *head;
    size_t n;
    int quiet = 0, newest = period_of(rq->today);
    if (!closing_list(rq->db, rq->arena, rq->actor->office_id, &head, &n, err))
        return false;
    int last = n ? head[n - 1].period : 0;
    if (last && last < period_back(newest, 12))
        newest = period_next(period_next(last));     /* a ledger looked at long after its last month */
    v->month = arena_array(rq->arena, struct month_line, MONTHS_SHOWN);
    for (int period = newest; period > last && v->n < MONTHS_SHOWN && quiet < 2; period = period_prev(period)) {
        struct month_line *m = &v->month[v->n];
        if (!open_month(rq, period, m, err))
            return false;
        bool empty = !last && nothing_in(&m->f);
        quiet = empty ? quiet + 1 : 0;
        v->n += !empty || period == newest;
    }
    while (n > 0 && v->n < MONTHS_SHOWN)
        v->month[v->n++] = closed_month(rq, &head[--n]);
    return true;
}

static void months_get(struct req *rq)
{
    struct months_page *v = arena_new(rq->arena, struct months_page);
    struct err err;
    if (!months_read(rq, v, &err)) {
        req_fail(rq, &err);
        return;
    }
    face_frame(rq, &v->frame, "/months", FACE_SAY(rq, M_NAV_MONTHS));
    struct html out = req_page(rq);
    html_months(&out, v);
    req_html(rq, 200, &out);
}

/* --- one month ------------------------------------------------------------------------------------------------------------------------ */

static struct str rows_of(struct req *rq, const struct figures *f, int period)
{
    const char *param = str_eqc(f->dim, "unit") ? "unit" : str_eqc(f->dim, "list") ? "list" : "officer";
    if (f->dim_id == 0)
        return STR_NULL;
    return arena_printf(rq->arena, "/entries?%s=%lld&month=%04d-%02d", param, (long long)f->dim_id, period / 100, period % 100);
}

static void make_part(struct req *rq, struct month_page *v, const char *dim, int title)
{
    struct figure_part *p = &v->part[v->n_parts];
    *p = (struct figure_part){ .title = title, .line = arena_array(rq->arena, struct figure_line, v->view.n_dims + 1) };
    for (size_t i = 0; i < v->view.n_dims; i++) {
        const struct figures *f = &v->view.dims[i];
        if (str_eqc(f->dim, dim))
            p->line[p->n++] = (struct figure_line){ *f, figures_hold(f), rows_of(rq, f, v->view.period) };
    }
    v->n_parts += p->n > 0;
}

static void make_open(struct req *rq, struct month_page *v)
{
    const struct closing_view *c = &v->view;
    struct lights l = face_lights(rq);
    v->overdue = arena_array(rq->arena, struct open_line, c->n_open + 1);
    v->open = arena_array(rq->arena, struct open_line, c->n_open + 1);
    for (size_t i = 0; i < c->n_open; i++) {
        const struct closing_entry *e = &c->open[i];
        struct open_line *o = e->overdue ? &v->overdue[v->n_overdue++] : &v->open[v->n_open++];
        face_line(rq, &l, &e->line, &o->line);
        o->may_settle = o->line.verb && strcmp(o->line.verb, "settle") == 0;
        o->reason = e->reason;
        o->written = e->written;
        o->times = e->carried_before;
        if (e->since_period)
            o->since = month_name(rq, e->since_period);
    }
}

static bool month_read(struct req *rq, struct month_page *v, struct err *err)
{
    int period;
    if (!period_read(rq->args[0], &period, err) ||
        !closing_read(rq->db, rq->arena, rq->actor, face_workdays(rq), period, rq->today, &v->view, err))
        return false;
    const struct figures *f = &v->view.office;
    v->name = month_name(rq, period);
    v->href = month_href(rq, period);
    v->before = month_href(rq, period_prev(period));
    v->after = month_href(rq, period_next(period));
    v->chief = actor_is(rq->actor, ROLE_CHIEF);
    v->over = rq->today > v->view.last_day;
    v->holds = figures_hold(f);
    v->left = f->opening + f->added + f->reopened + f->moved_in;
    v->right = f->settled + f->withdrawn + f->moved_out + f->carried;
    v->documents = v->view.by_kind[ENTRY_DOCUMENT];
    v->meetings = v->view.by_kind[ENTRY_MEETING];
    v->affairs = v->view.by_kind[ENTRY_AFFAIR];
    v->last = face_iso_day(rq, v->view.last_day);
    v->made_at = face_instant(rq, rq->now);
    make_part(rq, v, "list", M_MONTHS_LISTS);
    make_part(rq, v, "unit", M_MONTHS_UNITS);
    make_part(rq, v, "officer", M_MONTHS_OFFICERS);
    make_open(rq, v);
    return true;
}

static void month_show(struct req *rq, struct month_page *v, int status)
{
    face_frame(rq, &v->frame, "/months", FACE_SAY(rq, M_MONTHS_HEADING, A_STR(v->name)));
    struct html out = req_page(rq);
    html_month(&out, v);
    req_html(rq, status, &out);
}

static void month_get(struct req *rq)
{
    struct month_page *v = arena_new(rq->arena, struct month_page);
    struct err err;
    if (month_read(rq, v, &err))
        month_show(rq, v, 200);
    else
        req_fail(rq, &err);
}

/* --- closing ---------------------------------------------------------------------------------------------------------------------------- */

struct close_write {
    int period;
    const struct workdays *days;
    struct closing_reason *reasons;
    size_t n;
    struct problems problems;
};

static bool close_fn(struct txn *t, void *args, struct err *err)
{
    struct close_write *w = args;
    struct actor actor;
    problems_release(&w->problems);
    return web_actor(t, &actor, err) &&
           closing_close(t, &actor, w->days, w->period, w->reasons, w->n, STR_NULL, &w->problems, err);
}

static struct str typed_reason(struct req *rq, struct str number)
{
    return req_form(rq, arena_z(rq->arena, arena_printf(rq->arena, "reason-%.*s", STR_ARG(number))));
}

/* A problem names its entry in its field or in its first argument. */
static struct str why_of(struct req *rq, const struct problems *p, struct str number)
{
    for (int i = 0; i < p->n; i++)
        if (str_eqc(number, p->err[i].field) || (p->err[i].n_args && str_eqc(number, p->err[i].arg[0].s)))
            return face_sentence(rq, &p->err[i]);
    return STR_NULL;
}

static void close_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    struct close_write *w = args;
    struct month_page *v = arena_new(rq->arena, struct month_page);
    struct err failed;
    if (ok) {
        req_redirect(rq, "%.*s", STR_ARG(month_href(rq, w->period)));
    } else if (!month_read(rq, v, &failed)) {
        req_fail(rq, &failed);
    } else {
        v->why = face_sentence(rq, err);
        for (size_t i = 0; i < v->n_overdue; i++) {
            if (v->overdue[i].written)
                continue;
            v->overdue[i].reason = typed_reason(rq, v->overdue[i].line.number);
            v->overdue[i].why = why_of(rq, &w->problems, v->overdue[i].line.number);
        }
        month_show(rq, v, err_http(err));
    }
    problems_release(&w->problems);
}

static void month_post(struct req *rq)
{
    struct month_page *v = arena_new(rq->arena, struct month_page);
    struct close_write *w = arena_new(rq->arena, struct close_write);
    struct err err;
    if (!month_read(rq, v, &err)) {
        req_fail(rq, &err);
        return;
    }
    w->period = v->view.period;
    w->days = face_workdays(rq);
    w->reasons = arena_array(rq->arena, struct closing_reason, v->n_overdue + 1);
    for (size_t i = 0; i < v->n_overdue; i++) {
        struct str reason = typed_reason(rq, v->overdue[i].line.number);
        if (reason.n)
            w->reasons[w->n++] = (struct closing_reason){ v->overdue[i].line.number, reason };
    }
    web_write(rq, close_fn, w, close_answer);
}

static const struct route routes[] = {
    { "GET", "/months", months_get, ROLE_SECTION, 0, false },
    { "GET", "/months/{period}", month_get, ROLE_SECTION, 0, false },
    { "POST", "/months/{period}", month_post, ROLE_SECTION, 1 << 20, false },
};

const struct slice months_slice = { .name = "months", .routes = routes, .n_routes = ARRAY_LEN(routes) };
