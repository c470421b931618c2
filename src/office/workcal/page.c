/* The calendar's pages: a year to look at, a notice to paste, a preview to confirm. */
#include "base/num.h"
#include "office/workcal/page.h"
#include "workcal_html.h"

/* --- a year ---------------------------------------------------------------------------------------------------------------------- */

/* From the first known arrangement to the last, and next year in any case. */
static void put_years(struct req *rq, struct calendar_page *v, const struct workdays *w)
{
    int last = date_civil(rq->today).year + 1;
    for (int y = last + 1; y <= DATE_YEAR_MAX; y++)
        last = workdays_covered(w, y) ? y : last;
    v->years = arena_array(rq->arena, struct year_view, (size_t)(last - OFFICIAL_YEAR_FIRST + 1));
    for (int y = last; y >= OFFICIAL_YEAR_FIRST; y--)
        v->years[v->n_years++] = (struct year_view){ y, !workdays_covered(w, y), y == v->year };
}

static void calendar_get(struct req *rq)
{
    struct calendar_page *v = arena_new(rq->arena, struct calendar_page);
    const struct workdays *w;
    struct err err;
    if (!num_range(req_query(rq, "year"), DATE_YEAR_MIN, DATE_YEAR_MAX, &v->year))
        v->year = date_civil(rq->today).year;
    if (!workcal_get(rq->db, rq->arena, rq->actor->office_id, &w, &err) || !workcal_source(rq->db, rq->arena, (int)v->year, &v->source, &err)) {
        req_fail(rq, &err);
        return;
    }
    v->presumed = !workdays_covered(w, (int)v->year);
    v->spans = workcal_spans(w, rq->arena, (int)v->year, &v->n_spans);
    v->done = num_range(req_query(rq, "moved"), 0, INT32_MAX, &v->moved);
    put_years(rq, v, w);
    face_frame(rq, &v->frame, "/calendar", FACE_SAY(rq, M_WORKCAL_HEADING));
    struct html out = req_page(rq);
    html_calendar(&out, v);
    req_html(rq, 200, &out);
}

/* --- the preview ------------------------------------------------------------------------------------------------------------------- */

static struct problem_view *put_problems(struct req *rq, const struct problems *p)
{
    struct problem_view *ret = arena_array(rq->arena, struct problem_view, (size_t)p->n + 1);
    for (int i = 0; i < p->n; i++)
        ret[i] = (struct problem_view){ p->err[i].line, p->err[i].column, face_sentence(rq, &p->err[i]) };
    return ret;
}

static void put_moves(struct req *rq, struct calendar_import *v)
{
    const struct workcal_plan *p = &v->plan;
    v->moves = arena_array(rq->arena, struct move_view, p->n_moves + 1);
    v->stays = arena_array(rq->arena, struct move_view, p->n_moves + 1);
    for (size_t i = 0; i < p->n_moves; i++) {
        const struct workcal_move *m = &p->moves[i];
        struct move_view one = { m->number, m->title, m->unit, m->fate == DUE_UNIT_LATER, m->was, m->is };
        if (m->fate == DUE_MOVES)
            v->moves[v->n_moves++] = one;
        else
            v->stays[v->n_stays++] = one;
    }
}

static void put_plan(struct req *rq, struct calendar_import *v)
{
    const struct workcal_plan *p = &v->plan;
    v->read = true;
    v->good = p->good;
    v->n_problems = p->problems.total;
    v->problems = put_problems(rq, &p->problems);
    v->n_shown = (size_t)p->problems.n;
    v->doubts = put_problems(rq, &p->doubts);
    v->n_doubts = (size_t)p->doubts.n;
    v->doubtful = p->doubts.total > 0;
    if (!p->good)
        return;
    v->year = p->notice.year;
    v->off = p->off;
    v->makeup = p->makeup;
    v->changed = (int64_t)p->changed;
    v->off_weekdays = p->off_weekdays;
    v->difference = p->off_weekdays - p->makeup;
    v->statutory = p->statutory;
    v->n_moving = (int64_t)p->n_moving;
    v->n_staying = (int64_t)p->n_staying;
    v->n_unseen = (int64_t)p->n_unseen;
    put_moves(rq, v);
}

static void import_show(struct req *rq, struct calendar_import *v, int status)
{
    face_frame(rq, &v->frame, "/calendar", FACE_SAY(rq, M_WORKCAL_IMPORT));
    struct html out = req_page(rq);
    html_calendar_import(&out, v);
    req_html(rq, status, &out);
}

static void import_get(struct req *rq)
{
    import_show(rq, arena_new(rq->arena, struct calendar_import), 200);
}

/* --- taking: the calendar, then office after office -------------------------------------------------------------------------------- */

struct import_write {
    struct workcal_plan plan;                    /* released but for the notice, which lies in the request's arena */
    struct workcal_taking taking;
    struct workcal_moving moving;
    struct workcal_office *offices;
    size_t n, at;
    int64_t moved;
    struct err failed;
};

static void moved(struct req *rq, void *args, bool ok, const struct err *err);

static void move_next(struct req *rq, struct import_write *w)
{
    const struct workcal_office *o = &w->offices[w->at];
    w->moving = (struct workcal_moving){ w->plan.notice.year, 0 };
    web_write_as(rq, o->office_id, o->member_id, workcal_move, &w->moving, moved);
}

/* One office that fails does not keep the others from theirs; a later import moves the rest. */
static void moved(struct req *rq, void *args, bool ok, const struct err *err)
{
    struct import_write *w = (struct import_write *)((char *)args - offsetof(struct import_write, moving));
    if (ok)
        w->moved += w->moving.moved;
    else if (w->failed.kind == ERR_NONE)
        w->failed = *err;
    if (++w->at < w->n)
        move_next(rq, w);
    else if (w->failed.kind != ERR_NONE)
        req_fail(rq, &w->failed);
    else
        req_redirect(rq, "/calendar?year=%d&moved=%lld", w->plan.notice.year, (long long)w->moved);
}

static void taken(struct req *rq, void *args, bool ok, const struct err *err)
{
    struct import_write *w = (struct import_write *)((char *)args - offsetof(struct import_write, taking));
    struct err failed;
    if (!ok)
        req_fail(rq, err);
    else if (!workcal_offices(rq->db, rq->arena, rq->actor, w->plan.own, &w->offices, &w->n, &failed))
        req_fail(rq, &failed);
    else
        move_next(rq, w);
}

static void take(struct req *rq, const struct workcal_plan *p)
{
    struct import_write *w = arena_new(rq->arena, struct import_write);
    w->plan = *p;
    w->plan.after = NULL;
    w->plan.problems = w->plan.doubts = PROBLEMS_INIT;
    w->taking = (struct workcal_taking){ &w->plan, rq->actor->office_id, rq->actor->member_id };
    web_write_as(rq, p->own ? rq->actor->office_id : STORE_OFFICE_SHARED, rq->actor->member_id, workcal_take, &w->taking, taken);
}

static void import_post(struct req *rq)
{
    struct calendar_import *v = arena_new(rq->arena, struct calendar_import);
    struct str text = req_form(rq, "text");
    struct err err;
    v->own = str_eqc(req_form(rq, "office_only"), "1");
    v->text = text.p ? text : STR("");
    if (!workcal_plan(rq->db, rq->arena, rq->actor, v->text, v->own, &v->plan, &err)) {
        v->why = face_sentence(rq, &err);
        import_show(rq, v, err_http(&err));
    } else if (v->plan.good && str_eqc(req_form(rq, "confirm"), "1")) {
        take(rq, &v->plan);
    } else {
        put_plan(rq, v);
        import_show(rq, v, v->good ? 200 : 422);
    }
    workcal_plan_release(&v->plan);
}

const struct route workcal_routes[WORKCAL_ROUTES] = {
    { "GET", "/calendar", calendar_get, ROLE_CALENDAR, 0, false },
    { "GET", "/calendar/import", import_get, ROLE_CALENDAR, 0, false },
    { "POST", "/calendar/import", import_post, ROLE_CALENDAR, 0, false },
};
