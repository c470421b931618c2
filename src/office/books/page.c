/* /books and the pages of one overview: reading, editing, comparing, restoring. */
#include "base/num.h"
#include "books_html.h"
#include "office/books/page.h"

static struct str path(struct req *rq, int64_t unit_id, const char *more) { return arena_printf(rq->arena, "/books/overviews/%lld%s", (long long)unit_id, more); }

/* --- /books ------------------------------------------------------------------------------------------------------------------------------ */

static day_t months_back(day_t d, int n)
{
    struct civil c = date_civil(d);
    int m = c.year * 12 + c.month - 1 - n, days = date_month_days(m / 12, m % 12 + 1);
    return date_day(m / 12, m % 12 + 1, c.day < days ? c.day : days);
}

static bool read_units(struct req *rq, struct books_page *v, struct err *err)
{
    struct overview_line *l;
    if (!overview_lines(rq->db, rq->arena, rq->actor, v->q, months_back(rq->today, BOOKS_OLD_MONTHS), &l, &v->n_units, err))
        return false;
    v->unit = arena_array(rq->arena, struct unit_view, v->n_units + 1);
    for (size_t i = 0; i < v->n_units; i++) {
        v->unit[i] = (struct unit_view){ l[i], path(rq, l[i].unit.id, ""), l[i].none ? DAY_NONE : instant_day(l[i].newest.at) };
        v->n_none += l[i].none;
        v->n_old += l[i].old;
    }
    return true;
}

/* The newest figure of the whole, or, for a liaison who does not report it, of the own unit. */
static bool read_indicator(struct req *rq, const struct indicator *i, struct books_page *v, struct err *err)
{
    struct party *party;
    struct value *val;
    size_t n_parties, n;
    if (!value_units(rq->db, rq->arena, rq->actor, i, &party, &n_parties, err))
        return false;
    if (n_parties == 0 && !v->may_write)
        return true;
    struct indicator_view *view = &v->indicator[v->n_indicators++];
    int64_t unit = n_parties ? party[0].id : 0;
    *view = (struct indicator_view){ *i, books_every_msg(i->every), arena_printf(rq->arena, "/books/indicators/%lld?unit=%lld", (long long)i->id, (long long)unit),
                                     unit ? party[0].name : STR(""), { .value = STR("") } };
    if (n_parties == 0)
        return true;
    if (!values_get(rq->db, rq->arena, rq->actor, i, unit, 0, 999912, &val, &n, err))
        return false;
    while (n && val[n - 1].value == VALUE_NONE)
        n--;
    if (n)
        view->last = figure_show(rq, i, unit, val, n, val[n - 1].period);
    return true;
}

static bool read_indicators(struct req *rq, struct books_page *v, struct err *err)
{
    struct indicator *i;
    size_t n;
    if (!indicator_list(rq->db, rq->arena, rq->actor, &i, &n, err))
        return false;
    v->indicator = arena_array(rq->arena, struct indicator_view, n + 1);
    for (size_t k = 0; k < n; k++)
        if (!read_indicator(rq, &i[k], v, err))
            return false;
    return true;
}

void books_get(struct req *rq)
{
    struct books_page *v = arena_new(rq->arena, struct books_page);
    struct err err;
    v->q = req_query(rq, "q");
    v->q = v->q.p ? v->q : STR("");
    v->searched = v->q.n > 0;
    v->may_write = actor_is(rq->actor, ROLE_SECTION);
    if (!read_units(rq, v, &err) || !read_indicators(rq, v, &err)) {
        req_fail(rq, &err);
        return;
    }
    face_frame(rq, &v->frame, "/books", FACE_SAY(rq, M_BOOKS_HEADING));
    struct html out = req_page(rq);
    html_books(&out, v);
    req_html(rq, 200, &out);
}

/* --- one overview -------------------------------------------------------------------------------------------------------------------------- */

static void put_paragraphs(struct req *rq, struct overview_page *v)
{
    struct str rest = v->o.body;
    size_t cap = 0;
    while (rest.p) {
        struct str text, line = str_trim(str_cut(rest, '\n', &rest));
        int level = overview_heading(line, &text);
        if (text.n)
            arena_push(rq->arena, v->p, v->n_p, cap) = (struct paragraph){ level == 1, level == 2, text };
    }
}

static bool read_versions(struct req *rq, int64_t unit_id, int64_t shown, struct version_view **ret, size_t *n, struct err *err)
{
    struct overview *o;
    if (!overview_versions(rq->db, rq->arena, rq->actor, unit_id, &o, n, err))
        return false;
    *ret = arena_array(rq->arena, struct version_view, *n + 1);
    for (size_t i = 0; i < *n; i++) {
        (*ret)[i] = (struct version_view){ .o = o[i], .newest = i == 0, .shown = o[i].n == shown };
        (*ret)[i].view = arena_printf(rq->arena, "%.*s?version=%lld", STR_ARG(path(rq, unit_id, "")), (long long)o[i].n);
        if (i + 1 < *n)
            (*ret)[i].compare = arena_printf(rq->arena, "%.*s?from=%lld&to=%lld", STR_ARG(path(rq, unit_id, "/compare")), (long long)o[i + 1].n, (long long)o[i].n);
    }
    return true;
}

/* Which text is asked for: a version, a day, or the newest. */
static bool read_overview(struct req *rq, struct overview_page *v, struct err *err)
{
    struct party unit;
    int64_t n = 0;
    day_t on = DAY_NONE;
    instant_t at;
    bool timed;
    struct str version = req_query(rq, "version"), day = req_query(rq, "on");
    if (version.n && !num_range(version, 1, INT32_MAX, &n))
        return err_fail(err, ERR_NOT_FOUND, M_BOOKS_NO_VERSION, NULL, A_STR(rq->args[0]), A_STR(version));
    if (!books_unit(rq->db, rq->arena, rq->actor, rq->args[0], &unit, err) || (day.n && !date_read(day, &on, &at, &timed, err)) ||
        !overview_get(rq->db, rq->arena, rq->actor, unit.id, n, on, &v->o, err) || !read_versions(rq, unit.id, v->o.n, &v->version, &v->n_versions, err))
        return false;
    v->base = path(rq, unit.id, "");
    v->on = on == DAY_NONE ? STR("") : face_iso_day(rq, on);
    v->head = v->n_versions ? v->version[0].o.n : 0;
    v->none = v->o.n == 0;
    v->newest = v->o.n == v->head;
    v->may_write = actor_is(rq->actor, ROLE_SECTION);
    v->saved = req_query(rq, "saved").n > 0;
    put_paragraphs(rq, v);
    return true;
}

static void overview_show(struct req *rq, struct overview_page *v, int status)
{
    face_frame(rq, &v->frame, "/books", v->o.unit);
    struct html out = req_page(rq);
    html_overview(&out, v);
    req_html(rq, status, &out);
}

void books_overview_page_get(struct req *rq)
{
    struct overview_page *v = arena_new(rq->arena, struct overview_page);
    struct err err;
    if (read_overview(rq, v, &err))
        overview_show(rq, v, 200);
    else
        req_fail(rq, &err);
}

/* --- comparing ------------------------------------------------------------------------------------------------------------------------------- */

struct diff_view *diff_show(struct req *rq, struct str old, struct str new, size_t *n)
{
    struct diff_piece *p = overview_diff(rq->arena, old, new, n);
    struct diff_view *d = arena_array(rq->arena, struct diff_view, *n + 1);
    for (size_t i = 0; i < *n; i++)
        d[i] = (struct diff_view){ p[i].kind == DIFF_GONE, p[i].kind == DIFF_NEW, p[i].text };
    return d;
}

void books_compare_get(struct req *rq)
{
    struct compare_page *v = arena_new(rq->arena, struct compare_page);
    struct party unit;
    struct err err;
    int64_t from = 0, to = 0;
    if (!books_unit(rq->db, rq->arena, rq->actor, rq->args[0], &unit, &err)) {
        req_fail(rq, &err);
        return;
    }
    if (!num_range(req_query(rq, "from"), 1, INT32_MAX, &from) || !num_range(req_query(rq, "to"), 1, INT32_MAX, &to)) {
        err_fail(&err, ERR_NOT_FOUND, M_BOOKS_NO_VERSION, NULL, A_STR(unit.name), A_INT(from ? to : from));
        req_fail(rq, &err);
        return;
    }
    if (!overview_get(rq->db, rq->arena, rq->actor, unit.id, from, DAY_NONE, &v->from, &err) ||
        !overview_get(rq->db, rq->arena, rq->actor, unit.id, to, DAY_NONE, &v->to, &err) ||
        !read_versions(rq, unit.id, to, &v->version, &v->n_versions, &err)) {
        req_fail(rq, &err);
        return;
    }
    v->base = path(rq, unit.id, "");
    v->d = diff_show(rq, v->from.body, v->to.body, &v->n_d);
    v->same = v->n_d <= 1 && str_eq(v->from.body, v->to.body);
    face_frame(rq, &v->frame, "/books", unit.name);
    struct html out = req_page(rq);
    html_overview_compare(&out, v);
    req_html(rq, 200, &out);
}

/* --- editing ----------------------------------------------------------------------------------------------------------------------------------- */

static void form_show(struct req *rq, struct overview_form *v, int status)
{
    v->base = path(rq, v->o.unit_id, "");
    face_frame(rq, &v->frame, "/books", v->o.unit);
    struct html out = req_page(rq);
    html_overview_form(&out, v);
    req_html(rq, status, &out);
}

void books_edit_get(struct req *rq)
{
    struct overview_form *v = arena_new(rq->arena, struct overview_form);
    struct party unit;
    struct err err;
    if (!books_unit(rq->db, rq->arena, rq->actor, rq->args[0], &unit, &err) ||
        !overview_get(rq->db, rq->arena, rq->actor, unit.id, 0, DAY_NONE, &v->o, &err)) {
        req_fail(rq, &err);
        return;
    }
    v->body = v->o.n ? v->o.body : FACE_SAY(rq, M_BOOKS_PATTERN);
    form_show(rq, v, 200);
}

struct save_write { struct str unit, body, why; int64_t base, old, n; };

static bool save_fn(struct txn *t, void *args, struct err *err)
{
    struct save_write *w = args;
    struct actor actor;
    struct party unit;
    if (!web_actor(t, &actor, err) || !books_unit(t->db, t->arena, &actor, w->unit, &unit, err))
        return false;
    return w->old ? overview_restore(t, &actor, unit.id, w->base, w->old, w->why, &w->n, err)
                  : overview_save(t, &actor, unit.id, w->base, w->body, w->why, &w->n, err);
}

/* Refused: what was typed stays; when somebody was quicker, beside what differs from the newest text, and the next save is made from that one. */
static void save_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct save_write *w = args;
    struct overview_form *v = arena_new(rq->arena, struct overview_form);
    struct party unit;
    struct err failed;
    if (ok) {
        req_redirect(rq, "/books/overviews/%.*s?saved=1", STR_ARG(face_percent(rq, rq->args[0])));
        return;
    }
    if (!books_unit(rq->db, rq->arena, rq->actor, rq->args[0], &unit, &failed) ||
        !overview_get(rq->db, rq->arena, rq->actor, unit.id, 0, DAY_NONE, &v->o, &failed)) {
        req_fail(rq, &failed);
        return;
    }
    v->body = w->body;
    v->why_text = w->why;
    v->why = face_sentence(rq, err);
    v->overtaken = err->kind == ERR_CONFLICT;
    if (v->overtaken)
        v->d = diff_show(rq, v->o.body.p ? v->o.body : STR(""), w->body, &v->n_d);
    form_show(rq, v, err_http(err));
}

static struct str or_empty(struct str s) { return s.p ? s : STR(""); }

void books_overview_post(struct req *rq)
{
    struct save_write *w = arena_new(rq->arena, struct save_write);
    *w = (struct save_write){ .unit = rq->args[0], .body = or_empty(req_form(rq, "text")), .why = or_empty(req_form(rq, "why")), .base = -1 };
    num_range(req_form(rq, "version"), 0, INT32_MAX, &w->base);
    web_write(rq, save_fn, w, save_answer);
}

static void restore_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    (void)args;
    if (ok)
        req_redirect(rq, "/books/overviews/%.*s?saved=1", STR_ARG(face_percent(rq, rq->args[0])));
    else
        req_fail(rq, err);
}

void books_restore_post(struct req *rq)
{
    struct save_write *w = arena_new(rq->arena, struct save_write);
    *w = (struct save_write){ .unit = rq->args[0], .why = or_empty(req_form(rq, "why")), .base = -1, .old = -1 };
    num_range(req_form(rq, "version"), 0, INT32_MAX, &w->base);
    num_range(req_form(rq, "n"), 1, INT32_MAX, &w->old);
    web_write(rq, save_fn, w, restore_answer);
}
