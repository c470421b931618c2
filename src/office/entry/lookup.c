/* Names as people write them, to ids: units, leaders, officers, lists. */
#include "messages.h"
#include "office/entry/inside.h"
#include "people/member.h"

enum { BUCKETS = 256 };

static const struct {
    unsigned kinds;                              /* of party_find(); 0: not a party */
    const char *field;
} LOOK[LOOK_KINDS] = {
    [LOOK_LEAD] = { 1u << PARTY_UNIT | 1u << PARTY_SECTION, "lead_unit" },
    [LOOK_ASSIST] = { 1u << PARTY_UNIT | 1u << PARTY_SECTION, "assist_units" },
    [LOOK_LEADER] = { 1u << PARTY_LEADER, "leader" },
    [LOOK_OFFICER] = { 0, "officer" },
    [LOOK_LIST] = { 0, "lists" },
};

static unsigned hash(struct str s)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (uint8_t)s.p[i]) * 16777619u;
    return (h ^ h >> 15) % BUCKETS;
}

/* A login, or a name that only one person of the office bears. */
static bool find_officer(const struct lookup *l, struct str name, int64_t *ret, struct err *err)
{
    struct officer_find_row *rows;
    size_t n;
    if (!q_officer_find(l->db, l->arena, &(struct officer_find_in){ l->actor->office_id, name, ROLE_SECTION }, &rows, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (n == 1 || str_eq(rows[i].login, name)) {
            *ret = rows[i].id;
            return true;
        }
    return err_fail(err, ERR_INPUT, n ? M_ENTRY_OFFICER_AMBIGUOUS : M_ENTRY_UNKNOWN_OFFICER, "officer", A_STR(name));
}

static bool find_list(const struct lookup *l, struct str name, int64_t *ret, struct err *err)
{
    struct list_find_row row;
    bool found;
    if (!q_list_find(l->db, l->arena, &(struct list_find_in){ l->actor->office_id, name }, &row, &found, err))
        return false;
    if (!found)
        return err_fail(err, ERR_INPUT, M_ENTRY_UNKNOWN_LIST, "lists", A_STR(name));
    *ret = row.id;
    return true;
}

static bool find(const struct lookup *l, enum lookup_what what, struct str name, int64_t *ret, struct err *err)
{
    if (what == LOOK_OFFICER)
        return find_officer(l, name, ret, err);
    if (what == LOOK_LIST)
        return find_list(l, name, ret, err);
    struct party p;
    if (!party_find(l->db, l->arena, l->actor, LOOK[what].kinds, name, LOOK[what].field, &p, err))
        return false;
    *ret = p.id;
    return true;
}

bool lookup_calendar(struct lookup *l, const struct workdays **ret, struct err *err)
{
    if (!l->work && !office_calendar(l->db, l->arena, l->actor->office_id, &l->work, err))
        return false;
    *ret = l->work;
    return true;
}

bool lookup_id(struct lookup *l, enum lookup_what what, struct str name, int64_t *ret, struct err *err)
{
    if (!l->bucket)
        l->bucket = arena_array(l->arena, struct lookup_entry *, BUCKETS);
    struct lookup_entry **b = &l->bucket[hash(name)];
    enum lookup_what kind = what == LOOK_ASSIST ? LOOK_LEAD : what;
    for (struct lookup_entry *n = *b; n; n = n->next)
        if (n->what == kind && !n->by_id && str_eq(n->name, name)) {
            *ret = n->id;
            return true;
        }
    int64_t id = 0;
    struct err e = { 0 };
    bool missing = !find(l, what, name, &id, &e);
    if (missing && !(l->create && e.kind == ERR_INPUT && e.msg != M_ENTRY_OFFICER_AMBIGUOUS)) {
        if (err)
            *err = e;
        return false;
    }
    struct lookup_entry *n = arena_new(l->arena, struct lookup_entry);
    *n = (struct lookup_entry){ kind, arena_str(l->arena, name), 0, *b, false };
    if (missing) {
        arena_push(l->arena, l->missing, l->n_missing, l->cap_missing) = n;
        id = -(int64_t)l->n_missing;
    }
    n->id = id;
    *b = n;
    *ret = id;
    return true;
}

static bool find_name(const struct lookup *l, enum lookup_what what, int64_t id, struct str *ret, struct err *err)
{
    bool found = false;
    *ret = STR("");
    if (what == LOOK_OFFICER) {
        struct officer_of_id_row row;
        if (!q_officer_of_id(l->db, l->arena, &(struct officer_of_id_in){ l->actor->office_id, id }, &row, &found, err))
            return false;
        *ret = found ? row.name : STR("");
    } else if (what == LOOK_LIST) {
        struct list_name_row row;
        if (!q_list_name(l->db, l->arena, &(struct list_name_in){ l->actor->office_id, id }, &row, &found, err))
            return false;
        *ret = found ? row.name : STR("");
    } else {
        struct party p;
        if (!party_by_id(l->db, l->arena, l->actor->office_id, id, &p, &found, err))
            return false;
        *ret = found ? p.name : STR("");
    }
    return true;
}

bool lookup_name(struct lookup *l, enum lookup_what what, int64_t id, struct str *ret, struct err *err)
{
    if (!l->bucket)
        l->bucket = arena_array(l->arena, struct lookup_entry *, BUCKETS);
    *ret = STR("");
    if (id == 0)
        return true;
    struct lookup_entry **b = &l->bucket[(uint64_t)id % BUCKETS];      /* ids are unique over parties, members and lists */
    for (struct lookup_entry *n = *b; n; n = n->next)
        if (n->id == id && n->by_id) {
            *ret = n->name;
            return true;
        }
    if (!find_name(l, what, id, ret, err))
        return false;
    struct lookup_entry *n = arena_new(l->arena, struct lookup_entry);
    *n = (struct lookup_entry){ what, *ret, id, *b, true };
    *b = n;
    return true;
}

/* --- names that only a file knows ------------------------------------------------------------------------------------------------------- */

static bool create_officer(struct txn *t, const struct actor *actor, struct str name, struct err *err)
{
    for (int64_t n = 1;; n++) {
        struct member_draft draft = { .name = name, .role = STR("officer"), .home = STR("") };
        struct officer_find_row *rows;
        size_t count;
        int64_t id;
        draft.login = arena_printf(t->arena, "officer%lld", (long long)n);
        if (!q_officer_find(t->db, t->arena, &(struct officer_find_in){ t->office_id, draft.login, ROLE_ANY }, &rows, &count, err))
            return false;
        if (count == 0)
            return member_add(t, actor, &draft, STR_NULL, true, &id, err);
    }
}

bool lookup_create(struct txn *t, const struct actor *actor, const struct lookup_entry *n, struct err *err)
{
    int64_t id;
    switch (n->what) {
    case LOOK_LEADER: return party_add(t, PARTY_LEADER, n->name, STR(""), STR(""), 0, &id, err);
    case LOOK_LIST: return entry_list_add(t, n->name, &id, err);
    case LOOK_OFFICER: return create_officer(t, actor, n->name, err);
    default: return party_add(t, PARTY_UNIT, n->name, STR(""), STR(""), 0, &id, err);
    }
}
