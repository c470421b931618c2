/* /api/v1/views and /api/v1/entries/bulk. */
#include "base/json.h"
#include "base/num.h"
#include "office/lists/api.h"

static struct str or_empty(struct str s) { return s.p ? s : STR(""); }

static void answer_views(struct req *rq, int status)
{
    struct saved_view *v;
    size_t n;
    struct err err;
    if (!view_all(rq->db, rq->arena, rq->actor, true, &v, &n, &err)) {
        req_fail(rq, &err);
        return;
    }
    struct buf b = BUF_INIT;
    json_arr(&b);
    for (size_t i = 0; i < n; i++) {
        json_obj(&b);
        json_put_int(&b, "id", v[i].id);
        json_put_str(&b, "name", v[i].name);
        json_put_str(&b, "query", v[i].query);
        json_put_bool(&b, "shared", v[i].shared);
        json_put_bool(&b, "start", v[i].start);
        json_put_bool(&b, "active", v[i].active);
        json_put_bool(&b, "mine", v[i].owner_id == rq->actor->member_id);
        json_obj_end(&b);
    }
    json_arr_end(&b);
    req_json(rq, status, &b);
}

void api_views_get(struct req *rq) { answer_views(rq, 200); }

struct view_write { int64_t id; struct view_change change; };

static bool view_fn(struct txn *t, void *args, struct err *err)
{
    const struct view_write *w = args;
    struct actor actor;
    int64_t id;
    if (!web_actor(t, &actor, err))
        return false;
    return w->id < 0 ? view_add(t, &actor, w->change.name, w->change.query, w->change.shared > 0, w->change.start > 0, &id, err)
                     : view_change(t, &actor, w->id, &w->change, err);
}

static void view_done(struct req *rq, void *args, bool ok, const struct err *err)
{
    if (ok)
        answer_views(rq, ((struct view_write *)args)->id < 0 ? 201 : 200);
    else
        req_fail(rq, err);
}

static bool get_flag(const struct jvalue *body, const char *name, int *ret, struct err *err)
{
    bool yes = false;
    if (jget(body, name) && !jget_bool(body, name, &yes, err))
        return false;
    *ret = jget(body, name) ? yes : -1;
    return true;
}

static void view_write(struct req *rq, int64_t id)
{
    struct view_write *w = arena_new(rq->arena, struct view_write);
    struct jvalue body;
    struct err err;
    w->id = id;
    if (req_json_in(rq, &body, &err) && jonly(&body, "name query shared start active", &err) && jget_text(&body, "name", &w->change.name, &err) &&
        jget_text(&body, "query", &w->change.query, &err) && get_flag(&body, "shared", &w->change.shared, &err) &&
        get_flag(&body, "start", &w->change.start, &err) && get_flag(&body, "active", &w->change.active, &err))
        web_write(rq, view_fn, w, view_done);
    else
        req_fail(rq, &err);
}

void api_views_post(struct req *rq) { view_write(rq, -1); }

void api_view_patch(struct req *rq)
{
    int64_t id;
    view_write(rq, num_range(rq->args[0], 1, INT64_MAX, &id) ? id : 0);
}

/* --- bulk ---------------------------------------------------------------------------------------------------------------------------- */

struct bulk_write {
    struct bulk_order order;
    bool partial, dry;
    struct bulk_done done;
};

static void put_lines(struct req *rq, const struct bulk_line *l, size_t n, struct buf *b)
{
    json_key(b, "lines");
    json_arr(b);
    for (size_t i = 0; i < n; i++) {
        json_obj(b);
        json_put_str(b, "number", l[i].number);
        json_put_bool(b, "good", l[i].good);
        json_put_str(b, "from", l[i].good ? l[i].from : STR_NULL);
        json_put_str(b, "to", l[i].good ? l[i].to : STR_NULL);
        json_put_str(b, "why", l[i].good ? STR_NULL : face_sentence(rq, &l[i].err));
        json_obj_end(b);
    }
    json_arr_end(b);
}

static void answer_bulk(struct req *rq, const struct bulk_write *w, int64_t done, const struct bulk_line *l, size_t n)
{
    struct buf b = BUF_INIT;
    json_obj(&b);
    json_key(&b, "id");
    if (w->done.id)
        json_int(&b, w->done.id);
    else
        json_null(&b);
    json_put_int(&b, "done", done);
    json_put_int(&b, "refused", (int64_t)w->order.n - done);
    json_put_bool(&b, "may_undo", w->done.may_undo);
    put_lines(rq, l, n, &b);
    json_obj_end(&b);
    req_json(rq, 200, &b);
}

static bool preview(struct req *rq, const struct bulk_write *w, struct bulk_line **l, size_t *good, struct err *err)
{
    struct txn t = { .db = rq->db, .store = rq->store, .arena = rq->arena, .office_id = rq->actor->office_id, .actor_id = rq->actor->member_id, .at = rq->now,
                     .today = rq->today };
    return bulk_preview(&t, rq->actor, rq->lang, &w->order, l, good, err);
}

static bool take_fn(struct txn *t, void *args, struct err *err)
{
    struct bulk_write *w = args;
    struct actor actor;
    return web_actor(t, &actor, err) && bulk_take(t, &actor, &w->order, w->partial, &w->done, err);
}

/* A refusal tells of each entry what is wrong with it. */
static void refused(struct req *rq, const struct bulk_write *w, const struct err *err)
{
    struct problems p = PROBLEMS_INIT;
    struct bulk_line *l;
    size_t good;
    problems_add(&p, err);
    if (preview(rq, w, &l, &good, NULL))
        for (size_t i = 0; i < w->order.n; i++)
            if (!l[i].good)
                problems_add(&p, &l[i].err);
    req_fail_all(rq, &p);
    problems_release(&p);
}

static void take_done(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct bulk_write *w = args;
    if (ok)
        answer_bulk(rq, w, (int64_t)w->done.n, NULL, 0);
    else
        refused(rq, w, err);
}

static bool read_order(struct req *rq, struct bulk_write *w, struct err *err)
{
    struct jvalue body;
    struct str act, *versions;
    struct bulk_order *o = &w->order;
    size_t n;
    if (!req_json_in(rq, &body, err) || !jonly(&body, "numbers act value text list column versions partial dry_run", err) ||
        !jget_texts(rq->arena, &body, "numbers", &o->number, &o->n, err) || !jget_text(&body, "act", &act, err) || !jget_text(&body, "value", &o->value, err) ||
        !jget_text(&body, "text", &o->text, err) || !jget_text(&body, "list", &o->list, err) || !jget_text(&body, "column", &o->column, err) ||
        !jget_texts(rq->arena, &body, "versions", &versions, &n, err) || !jget_bool(&body, "partial", &w->partial, err) || !jget_bool(&body, "dry_run", &w->dry, err))
        return false;
    if (!bulk_read(or_empty(act), &o->what))
        return err_fail(err, ERR_INPUT, M_BULK_BAD_ACT, "act", A_STR(act));
    o->value = or_empty(o->value);
    o->text = or_empty(o->text);
    o->version = arena_array(rq->arena, int64_t, o->n + 1);
    for (size_t i = 0; i < n && i < o->n; i++)
        if (!num_range(versions[i], 1, INT64_MAX, &o->version[i]))
            return err_fail(err, ERR_INPUT, M_ENTRY_NOT_A_NUMBER, "versions", A_STR(STR("versions")), A_STR(versions[i]));
    return true;
}

void api_bulk_post(struct req *rq)
{
    struct bulk_write *w = arena_new(rq->arena, struct bulk_write);
    struct bulk_line *l;
    struct err err;
    size_t good;
    if (!read_order(rq, w, &err) || (w->dry && !preview(rq, w, &l, &good, &err)))
        req_fail(rq, &err);
    else if (w->dry)
        answer_bulk(rq, w, (int64_t)good, l, w->order.n);
    else
        web_write(rq, take_fn, w, take_done);
}

struct undo_write { int64_t id; size_t n; };

static bool undo_fn(struct txn *t, void *args, struct err *err)
{
    struct undo_write *w = args;
    struct actor actor;
    return web_actor(t, &actor, err) && bulk_undo(t, &actor, w->id, &w->n, err);
}

static void undo_done(struct req *rq, void *args, bool ok, const struct err *err)
{
    if (!ok) {
        req_fail(rq, err);
        return;
    }
    struct buf b = BUF_INIT;
    json_obj(&b);
    json_put_int(&b, "undone", (int64_t)((struct undo_write *)args)->n);
    json_obj_end(&b);
    req_json(rq, 200, &b);
}

void api_bulk_undo(struct req *rq)
{
    struct undo_write *w = arena_new(rq->arena, struct undo_write);
    struct jvalue body;
    struct err err;
    if (req_json_in(rq, &body, &err) && jonly(&body, "id", &err) && jget_int(&body, "id", 0, &w->id, &err))
        web_write(rq, undo_fn, w, undo_done);
    else
        req_fail(rq, &err);
}
