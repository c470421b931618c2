/* /api/v1/lists/{name}/entries: what stands on a list, with the values of its own columns. */
#include "base/json.h"
#include "office/lists/api.h"

struct members_write {
    struct str which, number;
    struct str *add, *remove;
    size_t n_add, n_remove;
    struct list_said said[LIST_COLUMNS_MAX];
    struct str name[LIST_COLUMNS_MAX];
    size_t n;
};

static bool find(struct txn *t, const struct members_write *w, struct actor *actor, struct list_def *l, struct err *err)
{
    return web_actor(t, actor, err) && list_find(t->db, t->arena, t->office_id, w->which, l, err);
}

static struct members_write *new_write(struct req *rq)
{
    struct members_write *w = arena_new(rq->arena, struct members_write);
    w->which = rq->args[0];
    return w;
}

static bool put_line(struct req *rq, const struct list_def *l, const struct list_column *c, size_t n, const struct entry_line *e, struct buf *b, struct err *err)
{
    struct str value[LIST_COLUMNS_MAX];
    if (!list_values(rq->db, rq->arena, rq->actor->office_id, l->id, e->id, c, n, value, err))
        return false;
    json_obj(b);
    json_key(b, "entry");
    entry_line_json(e, rq->now, b);
    json_key(b, "values");
    json_obj(b);
    for (size_t i = 0; i < n; i++)
        json_put_str(b, arena_z(rq->arena, c[i].name), value[i]);
    json_obj_end(b);
    json_obj_end(b);
    return true;
}

static bool put_members(struct req *rq, struct buf *b, struct err *err)
{
    static const char *const ASKS[] = { "state", "sort", NULL };
    struct entry_filter f = ENTRY_FILTER_ANY;
    struct entry_when when = api_when(rq);
    struct list_def l;
    struct list_column *c;
    struct entry_line *lines;
    size_t n, n_c;
    _cleanup_(buf_release) struct buf next = BUF_INIT;
    if (!list_find(rq->db, rq->arena, rq->actor->office_id, rq->args[0], &l, err) || !list_filter(rq->db, rq->arena, rq->actor, &when, &l, &f, err) ||
        !api_page(rq, ASKS, &f, &next, err) || !list_columns(rq->db, rq->arena, rq->actor->office_id, l.id, false, &c, &n_c, err) ||
        !entry_lines(rq->db, rq->arena, rq->actor, &f, &lines, &n, err))
        return false;
    api_next(rq, arena_z(rq->arena, arena_printf(rq->arena, "/api/v1/lists/%.*s/entries", STR_ARG(face_percent(rq, rq->args[0])))), &next, &f, lines, n);
    json_arr(b);
    for (size_t i = 0; i < n; i++)
        if (!put_line(rq, &l, c, n_c, &lines[i], b, err))
            return false;
    json_arr_end(b);
    return true;
}

static void answer_members(struct req *rq, int status)
{
    struct buf b = BUF_INIT;
    struct err err;
    if (put_members(rq, &b, &err)) {
        req_json(rq, status, &b);
        return;
    }
    buf_release(&b);
    req_fail(rq, &err);
}

void api_members_get(struct req *rq) { answer_members(rq, 200); }

/* The first that cannot be, by its own reason. */
static bool decide_members(struct txn *t, const struct actor *actor, const struct bulk_order *o, struct err *err)
{
    struct bulk_line *lines;
    size_t good;
    if (o->n == 0)
        return true;
    if (!bulk_preview(t, actor, LANG_ZH, o, &lines, &good, err))
        return false;
    for (size_t i = 0; i < o->n; i++)
        if (!lines[i].good) {
            *err = lines[i].err;
            return false;
        }
    return true;
}

static bool members_fn(struct txn *t, void *args, struct err *err)
{
    const struct members_write *w = args;
    struct actor actor;
    struct list_def l;
    struct bulk_done done;
    int64_t *versions = arena_array(t->arena, int64_t, w->n_add + w->n_remove + 1);
    if (!find(t, w, &actor, &l, err))
        return false;
    struct bulk_order add = { .what = BULK_LIST_ADD, .value = l.name, .text = STR(""), .number = w->add, .version = versions, .n = w->n_add },
                      remove = { .what = BULK_LIST_REMOVE, .value = l.name, .text = STR(""), .number = w->remove, .version = versions, .n = w->n_remove };
    if (!w->n_add && !w->n_remove)
        return err_fail(err, ERR_INPUT, M_BULK_NONE, "add");
    return decide_members(t, &actor, &add, err) && decide_members(t, &actor, &remove, err) && (!add.n || bulk_take(t, &actor, &add, false, &done, err)) &&
           (!remove.n || bulk_take(t, &actor, &remove, false, &done, err));
}

static void members_done(struct req *rq, void *args, bool ok, const struct err *err)
{
    (void)args;
    if (ok)
        answer_members(rq, 200);
    else
        req_fail(rq, err);
}

void api_members_post(struct req *rq)
{
    struct members_write *w = new_write(rq);
    struct jvalue body;
    struct err err;
    if (req_json_in(rq, &body, &err) && jonly(&body, "add remove", &err) && jget_texts(rq->arena, &body, "add", &w->add, &w->n_add, &err) &&
        jget_texts(rq->arena, &body, "remove", &w->remove, &w->n_remove, &err))
        web_write(rq, members_fn, w, members_done);
    else
        req_fail(rq, &err);
}

static bool values_fn(struct txn *t, void *args, struct err *err)
{
    struct members_write *w = args;
    struct actor actor;
    struct list_def l;
    if (!find(t, w, &actor, &l, err))
        return false;
    for (size_t i = 0; i < w->n; i++)
        if (!list_column_find(t->db, t->arena, t->office_id, l.id, w->name[i], &w->said[i].column, err))
            return false;
    return list_values_set(t, &actor, &l, w->number, w->said, w->n, err);
}

static void values_done(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct members_write *w = args;
    struct buf b = BUF_INIT;
    struct list_def l;
    struct list_column *c;
    struct entry_line line;
    struct err failed;
    size_t n;
    if (!ok) {
        req_fail(rq, err);
    } else if (list_find(rq->db, rq->arena, rq->actor->office_id, w->which, &l, &failed) &&
               list_columns(rq->db, rq->arena, rq->actor->office_id, l.id, false, &c, &n, &failed) &&
               entry_line_of(rq->db, rq->arena, rq->actor, w->number, &line, &failed) && put_line(rq, &l, c, n, &line, &b, &failed)) {
        req_json(rq, 200, &b);
    } else {
        buf_release(&b);
        req_fail(rq, &failed);
    }
}

/* { "values": { "覆盖率": "12.5", "完成日": null } } */
void api_values_patch(struct req *rq)
{
    struct members_write *w = new_write(rq);
    struct jvalue body;
    struct err err;
    if (!req_json_in(rq, &body, &err) || !jonly(&body, "values", &err)) {
        req_fail(rq, &err);
        return;
    }
    const struct jvalue *values = jget(&body, "values");
    bool ok = values && values->kind == J_OBJECT && values->n <= LIST_COLUMNS_MAX;
    w->number = rq->args[1];
    for (size_t i = 0; ok && i < values->n; i++) {
        const struct jvalue *v = &values->items[i];
        ok = v->kind == J_TEXT || v->kind == J_NULL || v->kind == J_INT;
        w->name[w->n] = v->name;
        w->said[w->n++].value = v->kind == J_TEXT ? v->text : v->kind == J_INT ? arena_printf(rq->arena, "%lld", (long long)v->i) : STR("");
    }
    if (ok) {
        web_write(rq, values_fn, w, values_done);
        return;
    }
    err_fail(&err, ERR_INPUT, M_ENTRY_WRONG_TYPE, "values", A_STR(STR("values")));
    req_fail(rq, &err);
}
