/* Lists, their columns and the columns' values: kept, changed, counted. Retired, never deleted. */
#include <stdlib.h>

#include "base/json.h"
#include "base/num.h"
#include "office/lists/inside.h"
#include "store/journal.h"

bool lists_section(const struct actor *actor, struct err *err)
{
    return (actor->section_id && actor_is(actor, ROLE_SECTION)) || err_fail(err, ERR_DENIED, M_LISTS_SECTION_ONLY, NULL);
}

bool lists_name_check(struct str name, struct err *err)
{
    if (!name.p || !str_trim(name).n)
        return err_fail(err, ERR_INPUT, M_ENTRY_MISSING, "name", A_MSG(M_FIELD_NAME));
    return entry_text_check(str_trim(name), "name", M_FIELD_NAME, LIST_NAME_CHARS, err);
}

bool lists_journal(struct txn *t, const char *entity, int64_t id, const char *verb, struct buf *before, struct buf *after, struct err *err)
{
    const struct journal_line line = { .day = DAY_NONE, .entity = str_c(entity), .entity_id = id, .verb = str_c(verb),
                                       .before = before ? buf_view(before) : STR(""), .after = buf_view(after) };
    return journal_add(t, &line, err);
}

/* --- lists ------------------------------------------------------------------------------------------------------------------------ */

static struct list_def def_of(const struct list_row *r) { return (struct list_def){ r->id, r->ord, r->name, r->query, r->active }; }

bool list_all(struct db *db, struct arena *a, int64_t office_id, struct list_def **ret, size_t *n, struct err *err)
{
    struct list_row *rows;
    if (!q_list_rows(db, a, &(struct list_rows_in){ office_id }, &rows, n, err))
        return false;
    *ret = arena_array(a, struct list_def, *n + 1);
    for (size_t i = 0; i < *n; i++)
        (*ret)[i] = def_of(&rows[i]);
    return true;
}

bool list_find(struct db *db, struct arena *a, int64_t office_id, struct str which, struct list_def *ret, struct err *err)
{
    struct list_row row;
    int64_t id;
    bool found = false;
    if (num_range(which, 1, INT64_MAX, &id) && !q_list_of_id(db, a, &(struct list_of_id_in){ office_id, id }, &row, &found, err))
        return false;
    if (!found && !q_list_of_name(db, a, &(struct list_of_name_in){ office_id, which.p ? which : STR("") }, &row, &found, err))
        return false;
    if (!found)
        return err_fail(err, ERR_NOT_FOUND, M_LISTS_NOT_FOUND, NULL, A_STR(which));
    *ret = def_of(&row);
    return true;
}

static void put_list(struct buf *b, const struct list_def *l)
{
    json_obj(b);
    json_put_str(b, "name", l->name);
    json_put_str(b, "query", l->query);
    json_put_int(b, "ord", l->ord);
    json_put_bool(b, "active", l->active);
    json_obj_end(b);
}

static bool name_free(struct txn *t, struct str name, int64_t but, struct err *err)
{
    struct list_row old;
    bool found;
    if (!q_list_of_name(t->db, t->arena, &(struct list_of_name_in){ t->office_id, name }, &old, &found, err))
        return false;
    return !found || old.id == but || err_fail(err, ERR_CONFLICT, M_ENTRY_LIST_TAKEN, "name", A_STR(name));
}

/* An entry says its lists in one line, with these between. */
static bool name_check(struct str name, struct err *err)
{
    static const char *const BETWEEN[] = { ";", "；", "、" };
    if (!lists_name_check(name, err))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(BETWEEN); i++)
        if (str_find(name, str_c(BETWEEN[i])) >= 0)
            return err_fail(err, ERR_INPUT, M_LISTS_NAME_SEPARATOR, "name", A_STR(name));
    return true;
}

/* A query is stored only when it can be read. */
static bool query_check(struct txn *t, const struct actor *actor, struct str query, struct err *err)
{
    struct entry_filter f = ENTRY_FILTER_ANY;
    struct entry_when when = list_when(t->db, t->arena, t->office_id, t->at, t->today);
    if (query.n > LIST_QUERY_BYTES)
        return err_fail(err, ERR_INPUT, M_LISTS_QUERY_LONG, "query", A_INT(LIST_QUERY_BYTES));
    return query.n == 0 || list_query_read(t->db, t->arena, actor, &when, query, &f, err);
}

bool list_add(struct txn *t, const struct actor *actor, struct str name, struct str query, int64_t *ret, struct err *err)
{
    struct list_def *all;
    size_t n;
    if (!lists_section(actor, err) || !name_check(name, err))
        return false;
    name = str_trim(name);
    query = query.p ? query : STR("");
    if (!name_free(t, name, 0, err) || !query_check(t, actor, query, err) || !list_all(t->db, t->arena, t->office_id, &all, &n, err))
        return false;
    struct list_def l = { txn_next_id(t), n ? all[n - 1].ord + 1 : 1, name, query.n ? query : STR_NULL, true };
    _cleanup_(buf_release) struct buf after = BUF_INIT;
    put_list(&after, &l);
    t->deputy_of = actor_stead(actor, actor->section_id);
    *ret = l.id;
    return q_list_insert(t->db, &(struct list_insert_in){ t->office_id, l.id, l.name, l.query, l.ord }, NULL, err) &&
           lists_journal(t, "list", l.id, "add", NULL, &after, err);
}

static bool put_change(struct txn *t, const struct list_def *old, const struct list_def *new, struct err *err)
{
    _cleanup_(buf_release) struct buf before = BUF_INIT, after = BUF_INIT;
    put_list(&before, old);
    put_list(&after, new);
    return q_list_update(t->db, &(struct list_update_in){ t->office_id, new->id, new->name, new->query, new->ord, new->active }, NULL, err) &&
           lists_journal(t, "list", new->id, "change", &before, &after, err);
}

/* The neighbour in use takes the place that becomes free: both get places of the whole order, counted anew. */
static bool step(struct txn *t, int64_t id, int by, struct err *err)
{
    struct list_def *all;
    size_t n, at, to;
    if (!list_all(t->db, t->arena, t->office_id, &all, &n, err))
        return false;
    for (at = 0; at < n && all[at].id != id; at++)
        ;
    for (to = at + (size_t)by; to < n && !all[to].active; to += (size_t)by)
        ;
    if (at >= n || to >= n)                      /* unsigned: before the first is beyond the last */
        return true;
    for (size_t i = 0; i < n; i++) {
        size_t k = i == at ? to : i == to ? at : i;
        struct list_def new = all[i];
        new.ord = (int64_t)k + 1;
        if (new.ord != all[i].ord && !put_change(t, &all[i], &new, err))
            return false;
    }
    return true;
}

bool list_change(struct txn *t, const struct actor *actor, int64_t id, const struct list_change *c, struct err *err)
{
    struct list_row row;
    struct list_member_row held;
    bool found, kept = false;
    if (!lists_section(actor, err) || !q_list_of_id(t->db, t->arena, &(struct list_of_id_in){ t->office_id, id }, &row, &found, err))
        return false;
    if (!found)
        return err_fail(err, ERR_NOT_FOUND, M_LISTS_NOT_FOUND, NULL, A_INT(id));
    struct list_def old = def_of(&row), new = old;
    if (c->name.p) {
        if (!name_check(c->name, err) || !name_free(t, str_trim(c->name), id, err))
            return false;
        new.name = str_trim(c->name);
    }
    if (c->query.p && !str_eq(c->query, old.query.p ? old.query : STR(""))) {
        if (!query_check(t, actor, c->query, err) || !q_list_member(t->db, t->arena, &(struct list_member_in){ t->office_id, id }, &held, &kept, err))
            return false;
        if (c->query.n && !old.query.p && kept)
            return err_fail(err, ERR_CONFLICT, M_LISTS_HAS_MEMBERS, "query", A_STR(old.name));
        new.query = c->query.n ? c->query : STR_NULL;
    }
    if (c->active >= 0)
        new.active = c->active;
    t->deputy_of = actor_stead(actor, actor->section_id);
    if (c->step)
        return step(t, id, c->step, err);
    bool same = str_eq(old.name, new.name) && str_eq(old.query, new.query) && old.active == new.active;
    return same || put_change(t, &old, &new, err);
}

/* --- counting --------------------------------------------------------------------------------------------------------------------------- */

struct pair { int64_t list_id, entry_id; bool overdue; };
struct pairs { struct arena *arena; struct pair *p; size_t n, cap; instant_t now; };

static bool open_row(void *ctx, const struct list_open_row *r, bool *stop, struct err *err)
{
    struct pairs *w = ctx;
    (void)stop;
    (void)err;
    arena_push(w->arena, w->p, w->n, w->cap) = (struct pair){ r->list_id, r->entry_id, r->due <= w->now };
    return true;
}

static bool settled_row(void *ctx, const struct list_settled_row *r, bool *stop, struct err *err)
{
    return open_row(ctx, &(struct list_open_row){ r->list_id, r->entry_id, INT64_MAX }, stop, err);
}

static int by_pair(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    int64_t d = x->list_id != y->list_id ? x->list_id - y->list_id : x->entry_id - y->entry_id;
    return d < 0 ? -1 : d > 0;
}

/* What several parties of the actor stand beside counts once. */
static void tally(struct pairs *w, struct list_count *c, size_t n, bool settled)
{
    if (w->n)
        qsort(w->p, w->n, sizeof *w->p, by_pair);
    for (size_t i = 0; i < w->n; i++) {
        if (i && by_pair(&w->p[i - 1], &w->p[i]) == 0)
            continue;
        for (size_t k = 0; k < n; k++)
            if (c[k].list_id == w->p[i].list_id) {
                c[k].settled += settled;
                c[k].open += !settled;
                c[k].overdue += !settled && w->p[i].overdue;
            }
    }
}

enum { COUNT_CAP = 2000 };

/* A list by query costs a count of its own for each figure. */
static bool count_query(struct db *db, struct arena *a, const struct actor *actor, const struct entry_when *when, const struct list_def *l,
                        struct list_count *c, struct err *err)
{
    struct entry_filter f = ENTRY_FILTER_ANY;
    struct civil today = date_civil(when->today);
    if (!list_filter(db, a, actor, when, l, &f, err))
        return false;
    struct entry_filter open = f, overdue = f, settled = f;
    bool any = f.state == -1, opens = any || f.state == -2;
    open.state = overdue.state = opens ? -2 : f.state;
    overdue.due_to = f.due_to != INSTANT_NONE && f.due_to < when->now + 1 ? f.due_to : when->now + 1;
    settled.settled_from = date_day(today.year, today.month, 1);
    if ((f.state < 0 || entry_state_open((enum entry_state)f.state)) &&
        (!entry_count(db, a, actor, &open, COUNT_CAP, &c->open, err) || !entry_count(db, a, actor, &overdue, COUNT_CAP, &c->overdue, err)))
        return false;
    if (f.state != -2 && !entry_count(db, a, actor, &settled, COUNT_CAP, &c->settled, err))
        return false;
    c->more = c->open >= COUNT_CAP || c->settled >= COUNT_CAP;
    return true;
}

bool list_counts(struct db *db, struct arena *a, const struct actor *actor, const struct entry_when *when, const struct list_def *lists, size_t n,
                 struct list_count *ret, struct err *err)
{
    struct pairs open = { .arena = a, .now = when->now }, settled = { .arena = a };
    struct civil today = date_civil(when->today);
    day_t first = date_day(today.year, today.month, 1);
    for (int p = 0; p < actor->n_parties; p++)
        if (!q_list_open(db, &(struct list_open_in){ actor->office_id, actor->parties[p] }, open_row, &open, err) ||
            !q_list_settled(db, &(struct list_settled_in){ actor->office_id, actor->parties[p], first }, settled_row, &settled, err))
            return false;
    for (size_t i = 0; i < n; i++) {
        ret[i] = (struct list_count){ .list_id = lists[i].query.p ? 0 : lists[i].id };
        struct err why;
        if (!lists[i].query.p || !lists[i].active || count_query(db, a, actor, when, &lists[i], &ret[i], &why))
            continue;
        if (why.kind != ERR_INPUT && why.kind != ERR_NOT_FOUND)
            return err ? (*err = why, false) : false;
        ret[i].broken = true;                    /* it names what was renamed since: its own trouble, not every list's */
    }
    tally(&open, ret, n, false);
    tally(&settled, ret, n, true);
    for (size_t i = 0; i < n; i++)
        ret[i].list_id = lists[i].id;
    return true;
}
