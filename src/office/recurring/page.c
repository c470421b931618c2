/* /recurring: templates with what comes next; one with its next six and what was made of it; the form with its preview. */
#include "base/num.h"
#include "office/recurring/page.h"
#include "office/workcal/workcal.h"
#include "recurring_html.h"
#include "store/job.h"

static struct coming_view show_coming(struct req *rq, const struct recurring *r, const struct occurrence *o)
{
    int minute = (int)((o->at.due - day_start(o->at.day)) / 60000);
    struct coming_view v = { .key = o->at.key, .day = o->at.day, .comes = o->comes, .key_weekday = M_BASE_WEEKDAY_1 + date_weekday(o->at.key) - 1,
                             .weekday = M_BASE_WEEKDAY_1 + date_weekday(o->at.day) - 1, .presumed = o->at.presumed,
                             .time = minute < 1440 ? arena_printf(rq->arena, "%02d:%02d", minute / 60, minute % 60) : STR("") };
    v.moved = o->at.key != o->at.day && !(r->rule.nth && r->rule.workday);
    return v;
}

void recurring_put_coming(struct req *rq, const struct recurring *r, const struct workdays *w, struct coming_view **ret, size_t *n)
{
    struct occurrence o;
    *ret = arena_array(rq->arena, struct coming_view, RECURRING_AHEAD + 1);
    for (bool any = recurring_next(r, w, NULL, &o); any && *n < RECURRING_AHEAD; any = recurring_next(r, w, &o, &o))
        (*ret)[(*n)++] = show_coming(rq, r, &o);
}

/* Why the last try to register failed: from the job's row. */
static bool read_errors(struct req *rq, struct job_line **ret, size_t *n, struct err *err)
{
    return job_list(rq->db, rq->arena, rq->actor->office_id, ret, n, err);
}

static struct str error_of(const struct job_line *job, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (str_eqc(job[i].kind, RECURRING_JOB) && job[i].subject == id)
            return job[i].last_error;
    return STR("");
}

/* --- all ------------------------------------------------------------------------------------------------------------------------------------ */

static bool read_list(struct req *rq, struct recurring_list *v, struct err *err)
{
    struct recurring *r;
    struct job_line *job;
    const struct workdays *w;
    size_t n_jobs;
    if (!recurring_list(rq->db, rq->arena, rq->actor, &r, &v->n, err) || !workcal_get(rq->db, rq->arena, rq->actor->office_id, &w, err) ||
        !read_errors(rq, &job, &n_jobs, err))
        return false;
    v->row = arena_array(rq->arena, struct recurring_line, v->n + 1);
    for (size_t i = 0; i < v->n; i++) {
        struct recurring_line *l = &v->row[i];
        struct recurring_input names;
        struct occurrence o;
        if (!recurring_names(rq->db, rq->arena, rq->actor, &r[i], &names, err))
            return false;
        *l = (struct recurring_line){ .r = r[i], .href = arena_printf(rq->arena, "/recurring/%lld", (long long)r[i].id), .lead = names.lead_unit,
                                      .error = error_of(job, n_jobs, r[i].id) };
        l->any = !r[i].paused && recurring_next(&r[i], w, NULL, &o);
        l->failed = l->error.n > 0;
        if (l->any)
            l->next = show_coming(rq, &r[i], &o);
    }
    return true;
}

void recurring_h_list(struct req *rq)
{
    struct recurring_list *v = arena_new(rq->arena, struct recurring_list);
    struct err err;
    if (!read_list(rq, v, &err)) {
        req_fail(rq, &err);
        return;
    }
    face_frame(rq, &v->frame, "/recurring", FACE_SAY(rq, M_RECURRING_HEADING));
    struct html out = req_page(rq);
    html_recurring_list(&out, v);
    req_html(rq, 200, &out);
}

/* --- one -------------------------------------------------------------------------------------------------------------------------------------- */

static bool get(struct req *rq, struct recurring *r, struct err *err)
{
    int64_t id;
    if (!num_range(rq->args[0], 1, INT64_MAX, &id))
        return err_fail(err, ERR_NOT_FOUND, M_RECURRING_UNKNOWN, NULL, A_STR(rq->args[0]));
    return recurring_get(rq->db, rq->arena, rq->actor, id, r, err);
}

static bool read_made(struct req *rq, struct recurring_page *v, struct err *err)
{
    struct recurring_made *m;
    if (!recurring_made(rq->db, rq->arena, rq->actor, v->r.id, &m, &v->n_made, err))
        return false;
    v->made = arena_array(rq->arena, struct made_view, v->n_made + 1);
    for (size_t i = 0; i < v->n_made; i++)
        v->made[i] = (struct made_view){ .m = m[i], .key = m[i].key, .at = instant_day(m[i].at), .due = m[i].due == INSTANT_NONE ? DAY_NONE : instant_day(m[i].due - 1),
                                         .state = m[i].entry_id ? entry_state_msg(m[i].state, false) : 0,
                                         .href = m[i].entry_id ? arena_printf(rq->arena, "/entries/%.*s", STR_ARG(face_percent(rq, m[i].number))) : STR("") };
    return true;
}

static bool read_one(struct req *rq, struct recurring_page *v, struct err *err)
{
    struct job_line *job;
    const struct workdays *w;
    size_t n_jobs;
    enum entry_kind kind = ENTRY_DOCUMENT;
    if (!get(rq, &v->r, err) || !recurring_names(rq->db, rq->arena, rq->actor, &v->r, &v->names, err) || !read_made(rq, v, err) ||
        !workcal_get(rq->db, rq->arena, rq->actor->office_id, &w, err) || !read_errors(rq, &job, &n_jobs, err))
        return false;
    entry_kind_read(v->r.kind, &kind);
    v->kind = entry_kind_msg(kind);
    v->base = arena_printf(rq->arena, "/recurring/%lld", (long long)v->r.id);
    struct buf rule _cleanup_(buf_release) = BUF_INIT;
    recur_say(&rule, rq->lang, &v->r.rule);
    v->rule = arena_str(rq->arena, buf_view(&rule));
    v->move = recurring_move_msg(v->r.rule.move);
    v->moves = v->r.rule.every != RECUR_WORKDAY && !(v->r.rule.nth && v->r.rule.workday);
    v->error = error_of(job, n_jobs, v->r.id);
    v->saved = req_query(rq, "saved").n > 0;
    if (!v->r.paused)
        recurring_put_coming(rq, &v->r, w, &v->coming, &v->n_coming);
    return true;
}

void recurring_h_one(struct req *rq)
{
    struct recurring_page *v = arena_new(rq->arena, struct recurring_page);
    struct err err;
    if (!read_one(rq, v, &err)) {
        req_fail(rq, &err);
        return;
    }
    face_frame(rq, &v->frame, "/recurring", v->r.title);
    struct html out = req_page(rq);
    html_recurring(&out, v);
    req_html(rq, 200, &out);
}

struct pause_write { int64_t id; bool pause; };

static bool pause_fn(struct txn *t, void *args, struct err *err)
{
    const struct pause_write *w = args;
    struct actor actor;
    return web_actor(t, &actor, err) && recurring_pause(t, &actor, w->id, w->pause, err);
}

static void pause_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct pause_write *w = args;
    if (ok)
        req_redirect(rq, "/recurring/%lld", (long long)w->id);
    else
        req_fail(rq, err);
}

void recurring_h_pause(struct req *rq)
{
    struct pause_write *w = arena_new(rq->arena, struct pause_write);
    w->pause = !str_eqc(req_form(rq, "to"), "resume");
    num_range(rq->args[0], 1, INT64_MAX, &w->id);
    web_write(rq, pause_fn, w, pause_answer);
}

/* --- on an entry's page ---------------------------------------------------------------------------------------------------------------------- */

bool recurring_entry_block(struct req *rq, const struct entry *e, struct html *out, struct err *err)
{
    struct recurring_source_row row;
    bool found;
    if (!actor_is(rq->actor, ROLE_SECTION) || !actor_has_party(rq->actor, e->section_id))
        return true;
    if (!q_recurring_of_entry(rq->db, rq->arena, &(struct recurring_of_entry_in){ e->office_id, e->id }, &row, &found, err))
        return false;
    if (!found)
        return true;
    struct recurring_from v = { arena_printf(rq->arena, "/recurring/%lld", (long long)row.recurring_id), row.title, row.phrase, row.late };
    html_recurring_from(out, &v);
    return true;
}
