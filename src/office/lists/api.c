/* /api/v1/entries as a list, /lists, /views, /entries/bulk: JSON in, JSON out. */
#include "office/lists/api.h"

#include "base/json.h"
#include "base/num.h"

static struct str or_empty(struct str s) { return s.p ? s : STR(""); }
struct entry_when api_when(struct req *rq) { return list_when(rq->db, rq->arena, rq->actor->office_id, rq->now, rq->today); }

/* --- entries ------------------------------------------------------------------------------------------------------------------------ */

static struct str percent(struct req *rq, struct str s) { return face_percent(rq, s); }

/* The conditions of a saved view, those of the address over them. */
static bool from_view(struct req *rq, const struct entry_when *when, struct entry_filter *f, struct err *err)
{
    struct str which = req_query(rq, "view");
    struct saved_view *v;
    size_t n;
    int64_t id = 0;
    if (!which.n)
        return true;
    if (!num_range(which, 1, INT64_MAX, &id))
        id = 0;
    if (!view_all(rq->db, rq->arena, rq->actor, false, &v, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (v[i].id == id || str_eq(v[i].name, which))
            return list_query_read(rq->db, rq->arena, rq->actor, when, v[i].query, f, err);
    return err_fail(err, ERR_NOT_FOUND, M_LISTS_NO_VIEW, "view");
}

/* asks: the conditions a route takes, NULL at the end. Puts the way to the next page into the head. */
bool api_page(struct req *rq, const char *const *asks, struct entry_filter *f, struct buf *next, struct err *err)
{
    struct entry_when when = api_when(rq);
    struct str limit = req_query(rq, "limit"), after = req_query(rq, "after");
    for (; *asks; asks++) {
        struct str v = req_query(rq, *asks);
        if (!v.n)
            continue;
        if (!entry_filter_take(rq->db, rq->arena, rq->actor, &when, str_c(*asks), v, f, err))
            return false;
        buf_printf(next, "%s=%.*s&", *asks, STR_ARG(percent(rq, v)));
    }
    if (limit.n && !entry_filter_take(rq->db, rq->arena, rq->actor, &when, STR("limit"), limit, f, err))
        return false;
    if (limit.n)
        buf_printf(next, "limit=%.*s&", STR_ARG(percent(rq, limit)));
    return !after.n || entry_cursor_read(after, f, err);
}

void api_next(struct req *rq, const char *path, const struct buf *next, const struct entry_filter *f, const struct entry_line *lines, size_t n)
{
    if (n && n == (size_t)f->limit)
        req_head(rq, "Link", "<%s?%safter=%.*s>; rel=\"next\"", path, next->n ? next->p : "",
                 STR_ARG(percent(rq, entry_cursor(rq->arena, f, &lines[n - 1]))));
}

void api_entries_get(struct req *rq)
{
    struct entry_filter f = ENTRY_FILTER_ANY;
    struct entry_when when = api_when(rq);
    struct entry_line *lines;
    size_t n;
    struct err err;
    _cleanup_(buf_release) struct buf next = BUF_INIT;
    if (req_query(rq, "view").n)
        buf_printf(&next, "view=%.*s&", STR_ARG(percent(rq, req_query(rq, "view"))));
    if (!from_view(rq, &when, &f, &err) || !api_page(rq, entry_conditions, &f, &next, &err) ||
        !entry_lines(rq->db, rq->arena, rq->actor, &f, &lines, &n, &err)) {
        req_fail(rq, &err);
        return;
    }
    api_next(rq, "/api/v1/entries", &next, &f, lines, n);
    struct buf b = BUF_INIT;
    json_arr(&b);
    for (size_t i = 0; i < n; i++)
        entry_line_json(&lines[i], rq->now, &b);
    json_arr_end(&b);
    req_json(rq, 200, &b);
}

/* --- lists --------------------------------------------------------------------------------------------------------------------------- */

static void put_words(struct buf *b, struct str list)
{
    json_arr(b);
    while (list.n)
        json_str(b, str_cut(list, ';', &list));
    json_arr_end(b);
}

static void put_column(struct buf *b, const struct list_column *c)
{
    json_obj(b);
    json_put_str(b, "name", c->name);
    json_put_str(b, "type", str_c(list_types[c->type]));
    json_key(b, "choices");
    put_words(b, c->choices);
    json_put_bool(b, "active", c->active);
    json_obj_end(b);
}

bool lists_put_json(struct db *db, struct arena *a, const struct actor *actor, const struct entry_when *when, struct buf *b, struct err *err)
{
    struct list_def *l;
    size_t n;
    if (!list_all(db, a, actor->office_id, &l, &n, err))
        return false;
    struct list_count *count = arena_array(a, struct list_count, n + 1);
    if (!list_counts(db, a, actor, when, l, n, count, err))
        return false;
    json_arr(b);
    for (size_t i = 0; i < n; i++) {
        struct list_column *c;
        size_t m;
        if (!list_columns(db, a, actor->office_id, l[i].id, true, &c, &m, err))
            return false;
        json_obj(b);
        json_put_str(b, "name", l[i].name);
        json_put_int(b, "order", (int64_t)i + 1);
        json_put_str(b, "query", l[i].query);
        json_put_bool(b, "active", l[i].active);
        json_put_int(b, "open", count[i].open);
        json_put_int(b, "overdue", count[i].overdue);
        json_put_int(b, "settled", count[i].settled);
        json_put_bool(b, "broken", count[i].broken);
        json_key(b, "columns");
        json_arr(b);
        for (size_t k = 0; k < m; k++)
            put_column(b, &c[k]);
        json_arr_end(b);
        json_obj_end(b);
    }
    json_arr_end(b);
    return true;
}

static void answer_lists(struct req *rq, int status)
{
    struct entry_when when = api_when(rq);
    struct buf b = BUF_INIT;
    struct err err;
    if (lists_put_json(rq->db, rq->arena, rq->actor, &when, &b, &err)) {
        req_json(rq, status, &b);
        return;
    }
    buf_release(&b);
    req_fail(rq, &err);
}

void api_lists_get(struct req *rq) { answer_lists(rq, 200); }

struct list_write {
    struct str which, column;
    struct list_change change;
    enum list_type type;
    struct str choices;
    int status;
};

static void lists_done(struct req *rq, void *args, bool ok, const struct err *err)
{
    if (ok)
        answer_lists(rq, ((struct list_write *)args)->status);
    else
        req_fail(rq, err);
}

static struct list_write *new_write(struct req *rq, int status)
{
    struct list_write *w = arena_new(rq->arena, struct list_write);
    w->which = rq->args[0];
    w->column = rq->args[1];
    w->status = status;
    w->change.active = -1;
    return w;
}

static bool get_active(const struct jvalue *body, int *ret, struct err *err)
{
    bool yes = false;
    if (jget(body, "active") && !jget_bool(body, "active", &yes, err))
        return false;
    *ret = jget(body, "active") ? yes : -1;
    return true;
}

static bool get_move(const struct jvalue *body, int *ret, struct err *err)
{
    struct str move;
    if (!jget_text(body, "move", &move, err))
        return false;
    *ret = str_eqc(move, "up") ? -1 : str_eqc(move, "down") ? 1 : 0;
    return !move.p || *ret || err_fail(err, ERR_INPUT, M_LIST_BAD_FILTER, "move", A_STR(move));
}

static bool add_fn(struct txn *t, void *args, struct err *err)
{
    const struct list_write *w = args;
    struct actor actor;
    int64_t id;
    return web_actor(t, &actor, err) && list_add(t, &actor, or_empty(w->change.name), w->change.query, &id, err);
}

void api_lists_post(struct req *rq)
{
    struct list_write *w = new_write(rq, 201);
    struct jvalue body;
    struct err err;
    if (req_json_in(rq, &body, &err) && jonly(&body, "name query", &err) && jget_text(&body, "name", &w->change.name, &err) &&
        jget_text(&body, "query", &w->change.query, &err))
        web_write(rq, add_fn, w, lists_done);
    else
        req_fail(rq, &err);
}

static bool find(struct txn *t, const struct list_write *w, struct actor *actor, struct list_def *l, struct err *err)
{
    return web_actor(t, actor, err) && list_find(t->db, t->arena, t->office_id, w->which, l, err);
}

static bool change_fn(struct txn *t, void *args, struct err *err)
{
    const struct list_write *w = args;
    struct actor actor;
    struct list_def l;
    return find(t, w, &actor, &l, err) && list_change(t, &actor, l.id, &w->change, err);
}

void api_list_patch(struct req *rq)
{
    struct list_write *w = new_write(rq, 200);
    struct jvalue body;
    struct err err;
    if (req_json_in(rq, &body, &err) && jonly(&body, "name query active move", &err) && jget_text(&body, "name", &w->change.name, &err) &&
        jget_text(&body, "query", &w->change.query, &err) && get_active(&body, &w->change.active, &err) && get_move(&body, &w->change.step, &err))
        web_write(rq, change_fn, w, lists_done);
    else
        req_fail(rq, &err);
}

/* Words of a list, joined as columns keep them. */
static bool get_choices(struct req *rq, const struct jvalue *body, struct str *ret, struct err *err)
{
    struct str *one;
    size_t n;
    *ret = STR_NULL;
    if (!jget_texts(rq->arena, body, "choices", &one, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        *ret = i ? arena_printf(rq->arena, "%.*s;%.*s", STR_ARG(*ret), STR_ARG(one[i])) : one[i];
    return true;
}

static bool column_add_fn(struct txn *t, void *args, struct err *err)
{
    const struct list_write *w = args;
    struct actor actor;
    struct list_def l;
    int64_t id;
    return find(t, w, &actor, &l, err) && list_column_add(t, &actor, l.id, or_empty(w->change.name), w->type, or_empty(w->choices), &id, err);
}

void api_columns_post(struct req *rq)
{
    struct list_write *w = new_write(rq, 201);
    struct jvalue body;
    struct str type;
    struct err err;
    if (req_json_in(rq, &body, &err) && jonly(&body, "name type choices", &err) && jget_text(&body, "name", &w->change.name, &err) &&
        jget_text(&body, "type", &type, &err) && list_type_read(type.p ? type : STR("text"), &w->type, &err) && get_choices(rq, &body, &w->choices, &err))
        web_write(rq, column_add_fn, w, lists_done);
    else
        req_fail(rq, &err);
}

static bool column_fn(struct txn *t, void *args, struct err *err)
{
    const struct list_write *w = args;
    struct actor actor;
    struct list_def l;
    struct list_column c;
    return find(t, w, &actor, &l, err) && list_column_find(t->db, t->arena, t->office_id, l.id, w->column, &c, err) &&
           list_column_change(t, &actor, l.id, c.id, &w->change, err);
}

void api_column_patch(struct req *rq)
{
    struct list_write *w = new_write(rq, 200);
    struct jvalue body;
    struct err err;
    if (req_json_in(rq, &body, &err) && jonly(&body, "name choices active move", &err) && jget_text(&body, "name", &w->change.name, &err) &&
        get_choices(rq, &body, &w->change.query, &err) && get_active(&body, &w->change.active, &err) && get_move(&body, &w->change.step, &err))
        web_write(rq, column_fn, w, lists_done);
    else
        req_fail(rq, &err);
}
