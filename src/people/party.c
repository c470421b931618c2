#include "people/party.h"

#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "people/inside.h"
#include "people_queries.h"
#include "store/journal.h"

enum { NAME_MAX_CHARS = 60 };

static const char *const CODE[] = { "section", "unit", "leader", "person" };
static const struct str OWN_SECTION = { "本科室", sizeof "本科室" - 1 };

struct str party_kind_code(enum party_kind k) { return str_c(CODE[k]); }

static enum party_kind kind_of(struct str code)
{
    for (size_t i = 0; i < ARRAY_LEN(CODE); i++)
        if (str_eqc(code, CODE[i]))
            return (enum party_kind)i;
    return PARTY_PERSON;
}

static struct party from_row(const struct party_row *r)
{
    return (struct party){ r->id, kind_of(r->kind), r->name, r->short_name, r->category, r->ord, r->active };
}

/* --- finding ------------------------------------------------------------------------------------------------------------- */

static bool find_any(struct db *db, struct arena *a, int64_t office_id, unsigned kinds, struct str name, struct party_row *row, bool *found,
                     struct err *err)
{
    *found = false;
    for (size_t k = 0; k < ARRAY_LEN(CODE); k++) {
        if (!(kinds & 1u << k))
            continue;
        if (!q_party_by_name(db, a, &(struct party_by_name_in){ office_id, str_c(CODE[k]), name }, row, found, err))
            return false;
        if (*found)
            return true;
    }
    if (!q_party_by_alias(db, a, &(struct party_by_alias_in){ office_id, name }, row, found, err))
        return false;
    if (*found && !(kinds & 1u << kind_of(row->kind)))
        *found = false;
    return true;
}

static int unknown_msg(unsigned kinds)
{
    switch (kinds) {
    case 1u << PARTY_SECTION: return M_PEOPLE_UNKNOWN_SECTION;
    case 1u << PARTY_LEADER: return M_PEOPLE_UNKNOWN_LEADER;
    case 1u << PARTY_PERSON: return M_PEOPLE_UNKNOWN_PERSON;
    default: return M_PEOPLE_UNKNOWN_UNIT;
    }
}

bool party_find(struct db *db, struct arena *a, const struct actor *actor, unsigned kinds, struct str name, const char *field, struct party *ret,
                struct err *err)
{
    struct party_row row;
    bool found;
    if (name.n == 0)
        return err_fail(err, ERR_INPUT, M_BASE_REQUIRED, field);
    if ((kinds & 1u << PARTY_SECTION) && actor->section_id && str_eq(name, OWN_SECTION)) {
        if (!q_party_by_id(db, a, &(struct party_by_id_in){ actor->office_id, actor->section_id }, &row, &found, err))
            return false;
    } else if (!find_any(db, a, actor->office_id, kinds, name, &row, &found, err)) {
        return false;
    }
    if (!found)
        return err_fail(err, ERR_INPUT, unknown_msg(kinds), field, A_STR(name));
    if (!row.active)
        return err_fail(err, ERR_INPUT, M_PEOPLE_PARTY_INACTIVE, field, A_STR(name));
    *ret = from_row(&row);
    return true;
}

bool party_by_id(struct db *db, struct arena *a, int64_t office_id, int64_t id, struct party *ret, bool *found, struct err *err)
{
    struct party_row row;
    bool hit;
    if (!q_party_by_id(db, a, &(struct party_by_id_in){ office_id, id }, &row, &hit, err))
        return false;
    if (hit)
        *ret = from_row(&row);
    *found = hit;
    return true;
}

bool party_list(struct db *db, struct arena *a, int64_t office_id, enum party_kind kind, bool with_inactive, struct party **ret, size_t *n,
                struct err *err)
{
    struct party_row *rows;
    size_t count;
    if (!q_party_in_order(db, a, &(struct party_in_order_in){ office_id, party_kind_code(kind), with_inactive }, &rows, &count, err))
        return false;
    struct party *p = arena_array(a, struct party, count);
    for (size_t i = 0; i < count; i++)
        p[i] = from_row(&rows[i]);
    *ret = p;
    *n = count;
    return true;
}

/* --- checking ------------------------------------------------------------------------------------------------------------ */

bool people_check_text(struct str s, size_t chars_max, bool required, const char *field, struct err *err)
{
    size_t bad;
    if (!utf8_valid(s, &bad))
        return err_fail(err, ERR_INPUT, M_BASE_BAD_UTF8, field, A_INT(bad + 1));
    if (utf8_has_control(s) || str_chr(s, '\n') >= 0 || str_chr(s, '\t') >= 0)
        return err_fail(err, ERR_INPUT, M_BASE_CONTROL, field);
    if (required && str_trim(s).n == 0)
        return err_fail(err, ERR_INPUT, M_BASE_REQUIRED, field);
    size_t chars = utf8_count(s);
    if (chars > chars_max)
        return err_fail(err, ERR_INPUT, M_BASE_TOO_LONG, field, A_INT(chars_max), A_INT(chars));
    return true;
}

/* A name must be free within its kind, and must not be another writing of a different party. */
static bool name_free(struct txn *t, enum party_kind kind, struct str name, int64_t self, struct err *err)
{
    struct party_row row;
    bool found;
    if (!q_party_by_name(t->db, t->arena, &(struct party_by_name_in){ t->office_id, party_kind_code(kind), name }, &row, &found, err))
        return false;
    if (!found && !q_party_by_alias(t->db, t->arena, &(struct party_by_alias_in){ t->office_id, name }, &row, &found, err))
        return false;
    return !found || row.id == self || err_fail(err, ERR_CONFLICT, M_PEOPLE_NAME_TAKEN, "name", A_STR(name));
}

/* *there: the alias is this party's already. */
static bool alias_free(struct txn *t, struct str alias, int64_t self, const char *field, bool *there, struct err *err)
{
    struct party_row row;
    bool found;
    if (!q_party_by_alias(t->db, t->arena, &(struct party_by_alias_in){ t->office_id, alias }, &row, &found, err))
        return false;
    *there = found && row.id == self;
    return !found || *there || err_fail(err, ERR_CONFLICT, M_PEOPLE_ALIAS_TAKEN, field, A_STR(alias), A_STR(row.name));
}

/* --- changing ------------------------------------------------------------------------------------------------------------ */

static bool count(struct txn *t, enum party_kind kind, int64_t *ret, struct err *err)
{
    struct party_count_row row = { 0 };
    bool found;
    if (!q_party_count(t->db, t->arena, &(struct party_count_in){ t->office_id, party_kind_code(kind) }, &row, &found, err))
        return false;
    *ret = row.n;
    return true;
}

static bool shift(struct txn *t, enum party_kind kind, int64_t from, int64_t to, int by, struct err *err)
{
    return q_party_shift(t->db, &(struct party_shift_in){ t->office_id, party_kind_code(kind), from, to, by }, NULL, err);
}

/* The short name is an alias too, so that finding a party is two look-ups in indexes. */
static bool alias_insert(struct txn *t, int64_t id, struct str alias, struct err *err)
{
    return q_party_alias_insert(t->db, &(struct party_alias_insert_in){ t->office_id, alias, id }, NULL, err);
}

bool people_journal(struct txn *t, const char *entity, int64_t id, const char *verb, const struct buf *before, const struct buf *after,
                    struct err *err)
{
    return journal_add(t, &(struct journal_line){
        .day = DAY_NONE, .entity = str_c(entity), .entity_id = id, .verb = str_c(verb),
        .before = before && before->n ? buf_view(before) : STR(""), .after = after && after->n ? buf_view(after) : STR("") }, err);
}

static void put_party(struct buf *b, enum party_kind kind, const struct party_insert_in *p)
{
    json_obj(b);
    json_put_str(b, "kind", party_kind_code(kind));
    json_put_str(b, "name", p->name);
    if (p->short_name.n)
        json_put_str(b, "short_name", p->short_name);
    if (p->category.n)
        json_put_str(b, "category", p->category);
    json_put_int(b, "ord", p->ord);
    if (!p->active)
        json_put_bool(b, "active", false);
    json_obj_end(b);
}

bool people_party_insert(struct txn *t, enum party_kind kind, struct str name, struct str short_name, struct str category, int64_t ord,
                         bool active, int64_t *ret, struct err *err)
{
    int64_t n;
    if (!count(t, kind, &n, err))
        return false;
    if (ord < 1 || ord > n + 1)
        ord = n + 1;
    struct party_insert_in in = { t->office_id, txn_next_id(t), party_kind_code(kind), name, short_name.p ? short_name : STR(""),
                                  category.p ? category : STR(""), ord, active };
    _cleanup_(buf_release) struct buf after = BUF_INIT;
    put_party(&after, kind, &in);
    if (!shift(t, kind, ord, n, 1, err) || !q_party_insert(t->db, &in, NULL, err))
        return false;
    if (in.short_name.n && !alias_insert(t, in.id, in.short_name, err))
        return false;
    if (!people_journal(t, "party", in.id, "add", NULL, &after, err))
        return false;
    *ret = in.id;
    return true;
}

bool party_add(struct txn *t, enum party_kind kind, struct str name, struct str short_name, struct str category, int64_t ord, int64_t *ret,
               struct err *err)
{
    bool there;
    if (!people_check_text(name, NAME_MAX_CHARS, true, "name", err) || !people_check_text(short_name, NAME_MAX_CHARS, false, "short_name", err) ||
        !people_check_text(category, NAME_MAX_CHARS, false, "category", err) || !name_free(t, kind, name, 0, err))
        return false;
    if (str_eq(short_name, name))
        short_name = STR("");
    if (short_name.n && !alias_free(t, short_name, 0, "short_name", &there, err))
        return false;
    return people_party_insert(t, kind, name, short_name, category, ord, true, ret, err);
}

static bool load(struct txn *t, int64_t id, struct party *ret, struct err *err)
{
    bool found;
    if (!party_by_id(t->db, t->arena, t->office_id, id, ret, &found, err))
        return false;
    return found || err_fail(err, ERR_NOT_FOUND, M_PEOPLE_NO_PARTY, NULL);
}

bool party_alias_add(struct txn *t, int64_t party_id, struct str alias, struct err *err)
{
    struct party p;
    bool there;
    if (!people_check_text(alias, NAME_MAX_CHARS, true, "alias", err) || !load(t, party_id, &p, err) ||
        !alias_free(t, alias, party_id, "alias", &there, err))
        return false;
    if (there)
        return true;
    _cleanup_(buf_release) struct buf after = BUF_INIT;
    json_obj(&after);
    json_put_str(&after, "alias", alias);
    json_obj_end(&after);
    return alias_insert(t, party_id, alias, err) && people_journal(t, "party", party_id, "alias", NULL, &after, err);
}

static void put_change(struct buf *before, struct buf *after, const char *key, struct str old, struct str new)
{
    if (str_eq(old, new))
        return;
    json_put_str(before, key, old);
    json_put_str(after, key, new);
}

/* The parties between the old place and the new one move up or down by one, so places stay 1 … n. The journal names the one that
 * was moved; the others follow from it. */
static bool move(struct txn *t, const struct party *old, int64_t ord, struct err *err)
{
    if (ord > old->ord)
        return shift(t, old->kind, old->ord + 1, ord, -1, err);
    return ord == old->ord || shift(t, old->kind, ord, old->ord - 1, 1, err);
}

static bool change_alias(struct txn *t, const struct party *old, const struct party *new, bool there, struct err *err)
{
    if (str_eq(old->short_name, new->short_name))
        return true;
    if (old->short_name.n &&
        !q_party_alias_delete(t->db, &(struct party_alias_delete_in){ t->office_id, old->short_name, old->id }, NULL, err))
        return false;
    return new->short_name.n == 0 || there || alias_insert(t, old->id, new->short_name, err);
}

static bool check_change(struct txn *t, const struct party *old, const struct party *new, bool *there, struct err *err)
{
    *there = false;
    if (!people_check_text(new->name, NAME_MAX_CHARS, true, "name", err) ||
        !people_check_text(new->short_name, NAME_MAX_CHARS, false, "short_name", err) ||
        !people_check_text(new->category, NAME_MAX_CHARS, false, "category", err))
        return false;
    if (!str_eq(old->name, new->name) && !name_free(t, old->kind, new->name, old->id, err))
        return false;
    return str_eq(old->short_name, new->short_name) || new->short_name.n == 0 ||
           alias_free(t, new->short_name, old->id, "short_name", there, err);
}

bool party_change(struct txn *t, int64_t id, struct str name, struct str short_name, struct str category, int64_t ord, int active, struct err *err)
{
    struct party old;
    int64_t n;
    bool there;
    if (!load(t, id, &old, err) || !count(t, old.kind, &n, err))
        return false;
    struct party new = { id, old.kind, name.p ? name : old.name, short_name.p ? short_name : old.short_name,
                         category.p ? category : old.category, ord < 1 ? old.ord : ord > n ? n : ord, active < 0 ? old.active : active > 0 };
    if (!check_change(t, &old, &new, &there, err))
        return false;

    _cleanup_(buf_release) struct buf before = BUF_INIT, after = BUF_INIT;
    json_obj(&before);
    json_obj(&after);
    put_change(&before, &after, "name", old.name, new.name);
    put_change(&before, &after, "short_name", old.short_name, new.short_name);
    put_change(&before, &after, "category", old.category, new.category);
    if (old.ord != new.ord) {
        json_put_int(&before, "ord", old.ord);
        json_put_int(&after, "ord", new.ord);
    }
    if (old.active != new.active) {
        json_put_bool(&before, "active", old.active);
        json_put_bool(&after, "active", new.active);
    }
    if (after.n == 1)
        return true;                             /* nothing changes: no line */
    json_obj_end(&before);
    json_obj_end(&after);
    struct party_update_in in = { t->office_id, id, new.name, new.short_name, new.category, new.ord, new.active };
    return move(t, &old, new.ord, err) && change_alias(t, &old, &new, there, err) && q_party_update(t->db, &in, NULL, err) &&
           people_journal(t, "party", id, "change", &before, &after, err);
}

bool party_aliases(struct db *db, struct arena *a, int64_t office_id, int64_t party_id, struct str **ret, size_t *n, struct err *err)
{
    struct party_aliases_row *rows;
    if (!q_party_aliases(db, a, &(struct party_aliases_in){ office_id, party_id }, &rows, n, err))
        return false;
    *ret = arena_array(a, struct str, *n + 1);
    for (size_t i = 0; i < *n; i++)
        (*ret)[i] = rows[i].name;
    return true;
}
