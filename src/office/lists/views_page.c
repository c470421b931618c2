/* GET /views: what is saved, renamed, shared, made the start, deleted and brought back. */
#include "base/num.h"
#include "lists_html.h"
#include "office/lists/page.h"

static bool views_read(struct req *rq, struct views_page *v, struct err *err)
{
    v->csrf = rq->csrf;
    v->may_share = actor_is(rq->actor, ROLE_SECTION);
    return view_all(rq->db, rq->arena, rq->actor, true, &v->rows, &v->n, err);
}

static void views_show(struct req *rq, struct views_page *v, int status)
{
    face_frame(rq, &v->frame, "/entries", FACE_SAY(rq, M_VIEWS_HEADING));
    struct html out = req_page(rq);
    html_views(&out, v);
    req_html(rq, status, &out);
}

void views_get(struct req *rq)
{
    struct views_page *v = arena_new(rq->arena, struct views_page);
    struct err err;
    if (views_read(rq, v, &err))
        views_show(rq, v, 200);
    else
        req_fail(rq, &err);
}

struct view_write { struct str name, query; bool shared, start; int64_t id; struct view_change change; };

static void refused(struct req *rq, const struct err *err)
{
    struct views_page *v = arena_new(rq->arena, struct views_page);
    struct err failed;
    if (!views_read(rq, v, &failed)) {
        req_fail(rq, &failed);
        return;
    }
    v->why = face_sentence(rq, err);
    views_show(rq, v, err_http(err));
}

static bool add_fn(struct txn *t, void *args, struct err *err)
{
    struct view_write *w = args;
    struct actor actor;
    return web_actor(t, &actor, err) && view_add(t, &actor, w->name, w->query, w->shared, w->start, &w->id, err);
}

static void add_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct view_write *w = args;
    if (ok)
        req_redirect(rq, "/entries?%.*s%sview=%lld", STR_ARG(w->query), w->query.n ? "&" : "", (long long)w->id);
    else
        refused(rq, err);
}

void views_post(struct req *rq)
{
    struct view_write *w = arena_new(rq->arena, struct view_write);
    struct str query = req_form(rq, "query");
    *w = (struct view_write){ .name = req_form(rq, "name"), .query = query.p ? query : STR(""), .shared = req_form(rq, "shared").n > 0,
                              .start = req_form(rq, "start").n > 0 };
    web_write(rq, add_fn, w, add_answer);
}

static bool change_fn(struct txn *t, void *args, struct err *err)
{
    const struct view_write *w = args;
    struct actor actor;
    return web_actor(t, &actor, err) && view_change(t, &actor, w->id, &w->change, err);
}

static void change_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    (void)args;
    if (ok)
        req_redirect(rq, "/views");
    else
        refused(rq, err);
}

/* "save" says everything of the row's form; "active" alone deletes and brings back. */
void view_post(struct req *rq)
{
    struct view_write *w = arena_new(rq->arena, struct view_write);
    struct str active = req_form(rq, "active");
    w->change = (struct view_change){ .shared = -1, .start = -1, .active = active.n ? str_eqc(active, "1") : -1 };
    if (!active.n)
        w->change = (struct view_change){ .name = req_form(rq, "name"), .shared = req_form(rq, "shared").n > 0, .start = req_form(rq, "start").n > 0, .active = -1 };
    if (!num_range(rq->args[0], 1, INT64_MAX, &w->id))
        w->id = 0;
    web_write(rq, change_fn, w, change_answer);
}
