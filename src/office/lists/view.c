/* Saved views of the ledger: one's own, or the section's. */
#include "base/json.h"
#include "office/lists/inside.h"

/* Whoever has no section keeps views at home, and shares none. */
static int64_t place_of(const struct actor *a) { return a->section_id ? a->section_id : a->home_id; }

static struct saved_view view_of(const struct actor *a, const struct view_row *r)
{
    return (struct saved_view){ .id = r->id, .owner_id = r->owner_id, .name = r->name, .query = r->query, .shared = r->shared, .start = r->start,
                                .active = r->active, .may_change = r->owner_id == a->member_id || (r->shared && actor_is(a, ROLE_SECTION)) };
}

bool view_all(struct db *db, struct arena *a, const struct actor *actor, bool deleted, struct saved_view **ret, size_t *n, struct err *err)
{
    struct view_row *rows;
    size_t all;
    if (!q_view_rows(db, a, &(struct view_rows_in){ actor->office_id, place_of(actor), actor->member_id }, &rows, &all, err))
        return false;
    *ret = arena_array(a, struct saved_view, all + 1);
    *n = 0;
    for (size_t i = 0; i < all; i++)
        if (rows[i].active || deleted)
            (*ret)[(*n)++] = view_of(actor, &rows[i]);
    return true;
}

static void put_view(struct buf *b, const struct saved_view *v)
{
    json_obj(b);
    json_put_str(b, "name", v->name);
    json_put_str(b, "query", v->query);
    json_put_bool(b, "shared", v->shared);
    json_put_bool(b, "start", v->start);
    json_put_bool(b, "active", v->active);
    json_obj_end(b);
}

static bool put(struct txn *t, const struct saved_view *old, const struct saved_view *new, struct err *err)
{
    _cleanup_(buf_release) struct buf before = BUF_INIT, after = BUF_INIT;
    put_view(&before, old);
    put_view(&after, new);
    return q_view_update(t->db, &(struct view_update_in){ t->office_id, new->id, new->shared, new->name, new->query, new->start, new->active }, NULL, err) &&
           lists_journal(t, "view", new->id, "change", &before, &after, err);
}

/* One start for the section and one for each person. */
static bool end_other_starts(struct txn *t, const struct saved_view *all, size_t n, int64_t but, bool shared, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        struct saved_view new = all[i];
        if (all[i].id == but || !all[i].start || all[i].shared != shared)
            continue;
        new.start = false;
        if (!put(t, &all[i], &new, err))
            return false;
    }
    return true;
}

static bool check(struct txn *t, const struct actor *actor, const struct saved_view *all, size_t n, const struct saved_view *v, struct err *err)
{
    struct entry_filter f = ENTRY_FILTER_ANY;
    struct entry_when when = list_when(t->db, t->arena, t->office_id, t->at, t->today);
    if (v->shared && !lists_section(actor, err))
        return false;
    if (!lists_name_check(v->name, err))
        return false;
    if (v->query.n > LIST_QUERY_BYTES)
        return err_fail(err, ERR_INPUT, M_LISTS_QUERY_LONG, "query", A_INT(LIST_QUERY_BYTES));
    for (size_t i = 0; i < n; i++)
        if (all[i].id != v->id && all[i].active && v->active && all[i].shared == v->shared && str_eq(all[i].name, v->name))
            return err_fail(err, ERR_CONFLICT, M_LISTS_VIEW_TAKEN, "name", A_STR(v->name));
    return list_query_read(t->db, t->arena, actor, &when, v->query, &f, err);
}

bool view_add(struct txn *t, const struct actor *actor, struct str name, struct str query, bool shared, bool start, int64_t *ret, struct err *err)
{
    struct saved_view *all, v = { .name = name.p ? str_trim(name) : STR(""), .query = query.p ? query : STR(""), .shared = shared, .start = start, .active = true };
    size_t n;
    if (!view_all(t->db, t->arena, actor, true, &all, &n, err) || !check(t, actor, all, n, &v, err))
        return false;
    v.id = txn_next_id(t);
    _cleanup_(buf_release) struct buf after = BUF_INIT;
    put_view(&after, &v);
    *ret = v.id;
    return (!start || end_other_starts(t, all, n, v.id, shared, err)) &&
           q_view_insert(t->db, &(struct view_insert_in){ t->office_id, v.id, place_of(actor), actor->member_id, shared, v.name, v.query, start }, NULL, err) &&
           lists_journal(t, "view", v.id, "add", NULL, &after, err);
}

bool view_change(struct txn *t, const struct actor *actor, int64_t id, const struct view_change *c, struct err *err)
{
    struct saved_view *all;
    size_t n, at;
    if (!view_all(t->db, t->arena, actor, true, &all, &n, err))
        return false;
    for (at = 0; at < n && all[at].id != id; at++)
        ;
    if (at == n)
        return err_fail(err, ERR_NOT_FOUND, M_LISTS_NO_VIEW, NULL);
    if (!all[at].may_change)
        return err_fail(err, ERR_DENIED, M_LISTS_VIEW_OTHERS, NULL);
    struct saved_view new = all[at];
    new.name = c->name.p ? str_trim(c->name) : new.name;
    new.query = c->query.p ? c->query : new.query;
    new.shared = c->shared >= 0 ? c->shared : new.shared;
    new.start = c->start >= 0 ? c->start : new.start;
    new.active = c->active >= 0 ? c->active : new.active;
    if (!new.active)
        new.start = false;
    if (!check(t, actor, all, n, &new, err) || (new.start && !end_other_starts(t, all, n, id, new.shared, err)))
        return false;
    return put(t, &all[at], &new, err);
}
