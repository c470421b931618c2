/* What is counted: the indicators and who sees which values of them. */
#include "office/books/inside.h"

#include "base/json.h"
#include "base/num.h"
#include "messages.h"
#include "store/journal.h"

enum { NAME_CHARS = 60, MEASURE_CHARS = 20 };

static struct indicator from_row(const struct indicator_row *r)
{
    enum every e = EVERY_MONTH;
    books_every_read(r->every, &e);
    return (struct indicator){ .id = r->id, .name = r->name, .measure = r->measure, .source = r->source.p ? r->source : STR(""), .every = e,
                               .source_id = r->source_id, .decimals = (int)r->decimals, .cumulative = r->cumulative, .active = r->active, .ord = r->ord };
}

/* A liaison knows an indicator that the unit reports; of others only the own unit's values, so the names are open to every reader. */
static bool reads(const struct actor *actor) { return actor_is(actor, ROLE_SECTION | ROLE_LEADER | ROLE_LIAISON); }

bool indicator_list(struct db *db, struct arena *a, const struct actor *actor, struct indicator **ret, size_t *n, struct err *err)
{
    struct indicator_row *rows;
    if (!q_indicators(db, a, &(struct indicators_in){ actor->office_id }, &rows, n, err))
        return false;
    *ret = arena_array(a, struct indicator, *n + 1);
    *n = reads(actor) ? *n : 0;
    for (size_t i = 0; i < *n; i++)
        (*ret)[i] = from_row(&rows[i]);
    return true;
}

bool indicator_get(struct db *db, struct arena *a, const struct actor *actor, int64_t id, struct indicator *ret, struct err *err)
{
    struct indicator_row row;
    bool found;
    if (!q_indicator_of(db, a, &(struct indicator_of_in){ actor->office_id, id }, &row, &found, err))
        return false;
    if (!found || !reads(actor))
        return err_fail(err, ERR_NOT_FOUND, M_BOOKS_NO_INDICATOR, "indicator", A_INT(id));
    *ret = from_row(&row);
    return true;
}

bool indicator_find(struct db *db, struct arena *a, const struct actor *actor, struct str id_or_name, struct indicator *ret, struct err *err)
{
    int64_t id;
    struct indicator_id_row row;
    bool found = true;
    if (num_range(id_or_name, 1, INT64_MAX, &id))
        return indicator_get(db, a, actor, id, ret, err);
    if (!q_indicator_by_name(db, a, &(struct indicator_by_name_in){ actor->office_id, id_or_name.p ? id_or_name : STR("") }, &row, &found, err))
        return false;
    return found ? indicator_get(db, a, actor, row.id, ret, err) : err_fail(err, ERR_NOT_FOUND, M_BOOKS_NO_INDICATOR, "indicator", A_STR(id_or_name));
}

bool books_whose(struct db *db, struct arena *a, const struct actor *actor, struct str id_or_name, int64_t *ret, struct str *name, struct err *err)
{
    struct party unit;
    *ret = 0;
    *name = STR("全市");
    if (id_or_name.n == 0 || str_eqc(id_or_name, "0") || str_eq(id_or_name, *name))
        return true;
    if (!books_unit(db, a, actor, id_or_name, &unit, err))
        return false;
    *ret = unit.id;
    *name = unit.name;
    return true;
}

/* --- writing --------------------------------------------------------------------------------------------------------------------------- */

static void put_fields(struct buf *b, const struct indicator *i)
{
    json_obj(b);
    json_put_str(b, "name", i->name);
    json_put_str(b, "measure", i->measure);
    json_put_str(b, "every", books_every_code(i->every));
    json_put_int(b, "source", i->source_id);
    json_put_int(b, "decimals", i->decimals);
    json_put_bool(b, "cumulative", i->cumulative);
    json_put_int(b, "ord", i->ord);
    json_put_bool(b, "active", i->active);
    json_obj_end(b);
}

static bool read_flag(struct str s, const char *field, bool *ret, struct err *err)
{
    if (s.n && !str_eqc(s, "true") && !str_eqc(s, "false"))
        return err_fail(err, ERR_INPUT, M_BASE_NOT_BOOL, field);
    *ret = str_eqc(s, "true");
    return true;
}

static bool read_source(struct txn *t, const struct actor *actor, struct str s, struct indicator *i, struct err *err)
{
    struct party p;
    i->source_id = 0;
    if (str_trim(s).n == 0)
        return true;
    if (!party_find(t->db, t->arena, actor, 1u << PARTY_UNIT, str_trim(s), "source", &p, err))
        return false;
    i->source_id = p.id;
    return true;
}

static bool read_input(struct txn *t, const struct actor *actor, const struct indicator_input *in, struct indicator *i, struct err *err)
{
    int64_t n;
    if (in->name.p)
        i->name = str_trim(in->name);
    if (in->measure.p)
        i->measure = str_trim(in->measure);
    if (!books_prose(i->name, NAME_CHARS, "name", false, true, err) || !books_prose(i->measure, MEASURE_CHARS, "measure", false, true, err))
        return false;
    if (in->every.p && !books_every_read(str_trim(in->every), &i->every))
        return err_fail(err, ERR_INPUT, M_BOOKS_NOT_EVERY, "every", A_STR(in->every));
    if (in->source.p && !read_source(t, actor, in->source, i, err))
        return false;
    if (in->decimals.p) {
        if (!num_range(str_trim(in->decimals), 0, INDICATOR_DECIMALS, &n))
            return err_fail(err, ERR_INPUT, M_BOOKS_NOT_DECIMALS, "decimals", A_INT(INDICATOR_DECIMALS));
        i->decimals = (int)n;
    }
    if (in->place.p && !num_range(str_trim(in->place), 1, 100000, &i->ord))
        return err_fail(err, ERR_INPUT, M_BOOKS_NOT_PLACE, "place");
    return (!in->cumulative.p || read_flag(in->cumulative, "cumulative", &i->cumulative, err)) &&
           (!in->active.p || read_flag(in->active, "active", &i->active, err));
}

/* What values that are there do not allow. */
static bool check_used(struct txn *t, const struct indicator *was, const struct indicator *is, struct err *err)
{
    struct indicator_used_row row;
    bool used;
    if (!q_indicator_used(t->db, t->arena, &(struct indicator_used_in){ t->office_id, was->id }, &row, &used, err))
        return false;
    if (used && is->every != was->every)
        return err_fail(err, ERR_CONFLICT, M_BOOKS_EVERY_USED, "every", A_STR(was->name));
    if (used && is->decimals < was->decimals)
        return err_fail(err, ERR_CONFLICT, M_BOOKS_DECIMALS_USED, "decimals", A_STR(was->name), A_INT(was->decimals));
    return true;
}

static bool check_name(struct txn *t, const struct indicator *i, struct err *err)
{
    struct indicator_id_row row;
    bool found;
    int64_t n;
    if (!q_indicator_by_name(t->db, t->arena, &(struct indicator_by_name_in){ t->office_id, i->name }, &row, &found, err))
        return false;
    if (num_i64(i->name, &n))                    /* an address names an indicator by number or name */
        return err_fail(err, ERR_INPUT, M_BOOKS_NAME_NUMBER, "name");
    return !found || row.id == i->id || err_fail(err, ERR_CONFLICT, M_BOOKS_NAME_TAKEN, "name", A_STR(i->name));
}

bool indicator_save(struct txn *t, const struct actor *actor, int64_t id, const struct indicator_input *in, int64_t *ret, struct err *err)
{
    struct indicator was = { .active = true, .every = EVERY_MONTH, .name = STR(""), .measure = STR("") }, is;
    struct indicator_count_row count;
    bool found;
    if (!books_writer(actor, err) || (id && !indicator_get(t->db, t->arena, actor, id, &was, err)) ||
        !q_indicator_count(t->db, t->arena, &(struct indicator_count_in){ t->office_id }, &count, &found, err))
        return false;
    if (!id && count.n >= INDICATORS_MAX)
        return err_fail(err, ERR_LIMIT, M_BOOKS_TOO_MANY, NULL, A_INT(INDICATORS_MAX));
    was.ord = id ? was.ord : count.n + 1;
    is = was;
    if (!read_input(t, actor, in, &is, err) || !check_name(t, &is, err) || (id && !check_used(t, &was, &is, err)))
        return false;
    t->deputy_of = 0;
    is.id = id ? id : txn_next_id(t);
    *ret = is.id;
    _cleanup_(buf_release) struct buf before = BUF_INIT, after = BUF_INIT;
    if (id)
        put_fields(&before, &was);
    put_fields(&after, &is);
    if (id && str_eq(buf_view(&before), buf_view(&after)))
        return true;
    const struct journal_line line = { .day = DAY_NONE, .entity = STR("indicator"), .entity_id = is.id, .verb = id ? STR("change") : STR("add"),
                                       .before = id ? buf_view(&before) : STR(""), .after = buf_view(&after) };
    const struct indicator_put_in row = { t->office_id, is.id, is.name, is.measure, books_every_code(is.every), is.source_id, is.decimals, is.cumulative, is.ord,
                                          is.active };
    return q_indicator_put(t->db, &row, NULL, err) && journal_add(t, &line, err);
}
