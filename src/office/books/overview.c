/* Overviews: who sees and writes, versions, restoring. */
#include "office/books/inside.h"

#include "base/json.h"
#include "base/num.h"
#include "base/utf8.h"
#include "messages.h"
#include "office/entry/entry_rules.h"
#include "store/journal.h"

/* --- rights and texts ----------------------------------------------------------------------------------------------------------------- */

bool books_sees(const struct actor *actor, int64_t unit_id)
{
    return actor_is(actor, ROLE_SECTION | ROLE_LEADER) || (actor_is(actor, ROLE_LIAISON) && unit_id && actor_has_party(actor, unit_id));
}

bool books_writer(const struct actor *actor, struct err *err)
{
    return actor_is(actor, ROLE_SECTION) || err_fail(err, ERR_DENIED, M_BOOKS_SECTION_ONLY, NULL);
}

bool books_prose(struct str s, int chars_max, const char *field, bool lines, bool must, struct err *err)
{
    size_t bad;
    struct str mark;
    if (!utf8_valid(s, &bad))
        return err_fail(err, ERR_INPUT, M_BASE_BAD_UTF8, field, A_INT(bad + 1));
    if (must && str_trim(s).n == 0)
        return err_fail(err, ERR_INPUT, M_BASE_REQUIRED, field);
    if (utf8_has_control(s) || (!lines && (str_chr(s, '\n') >= 0 || str_chr(s, '\t') >= 0)))
        return err_fail(err, ERR_INPUT, M_BASE_CONTROL, field);
    if (utf8_count(s) > (size_t)chars_max)
        return err_fail(err, ERR_INPUT, M_BASE_TOO_LONG, field, A_INT(chars_max), A_INT(utf8_count(s)));
    if (rules_secrecy_marking(s, &mark))
        return err_fail(err, ERR_INPUT, M_ENTRY_SECRET, field, A_STR(mark));
    return true;
}

bool books_unit(struct db *db, struct arena *a, const struct actor *actor, struct str id_or_name, struct party *ret, struct err *err)
{
    int64_t id;
    bool found = false;
    struct err unknown;
    if (num_range(id_or_name, 1, INT64_MAX, &id)) {
        if (!party_by_id(db, a, actor->office_id, id, ret, &found, err))
            return false;
    } else if (id_or_name.n && !(found = party_find(db, a, actor, 1u << PARTY_UNIT, id_or_name, "unit", ret, &unknown)) && unknown.kind != ERR_INPUT) {
        *err = unknown;
        return false;
    }
    return (found && ret->kind == PARTY_UNIT && books_sees(actor, ret->id)) || err_fail(err, ERR_NOT_FOUND, M_BOOKS_NO_UNIT, NULL, A_STR(id_or_name));
}

bool books_unit_by_id(struct db *db, struct arena *a, const struct actor *actor, int64_t id, struct party *ret, struct err *err)
{
    bool found;
    if (!party_by_id(db, a, actor->office_id, id, ret, &found, err))
        return false;
    return (found && ret->kind == PARTY_UNIT && books_sees(actor, id)) || err_fail(err, ERR_NOT_FOUND, M_BOOKS_NO_UNIT, NULL, A_INT(id));
}

/* --- reading --------------------------------------------------------------------------------------------------------------------------- */

bool overview_get(struct db *db, struct arena *a, const struct actor *actor, int64_t unit_id, int64_t n, day_t on, struct overview *ret, struct err *err)
{
    struct party unit;
    struct overview_row row;
    struct overview_head_row head;
    bool found = true;
    int64_t office = actor->office_id;
    if (!books_unit_by_id(db, a, actor, unit_id, &unit, err))
        return false;
    *ret = (struct overview){ .unit_id = unit_id, .unit = unit.name, .at = INSTANT_NONE };
    if (n == 0 && on == DAY_NONE) {
        if (!q_overview_head(db, a, &(struct overview_head_in){ office, unit_id }, &head, &found, err))
            return false;
        n = found ? head.n : 0;
    }
    if (!found)
        return true;
    bool ok = n ? q_overview_version_of(db, a, &(struct overview_version_of_in){ office, unit_id, n }, &row, &found, err)
                : q_overview_before(db, a, &(struct overview_before_in){ office, unit_id, day_start(on + 1) }, &row, &found, err);
    if (!ok)
        return false;
    if (!found)
        return n == 0 || err_fail(err, ERR_NOT_FOUND, M_BOOKS_NO_VERSION, NULL, A_STR(unit.name), A_INT(n));
    *ret = (struct overview){ unit_id, row.n, row.restored, row.chars, row.at, unit.name, row.who, row.why, row.body };
    return true;
}

bool overview_versions(struct db *db, struct arena *a, const struct actor *actor, int64_t unit_id, struct overview **ret, size_t *n, struct err *err)
{
    struct party unit;
    struct overview_version_row *rows;
    if (!books_unit_by_id(db, a, actor, unit_id, &unit, err) ||
        !q_overview_versions(db, a, &(struct overview_versions_in){ actor->office_id, unit_id }, &rows, n, err))
        return false;
    *ret = arena_array(a, struct overview, *n + 1);
    for (size_t i = 0; i < *n; i++)
        (*ret)[i] = (struct overview){ unit_id, rows[i].n, rows[i].restored, rows[i].chars, rows[i].at, unit.name, rows[i].who, rows[i].why, STR("") };
    return true;
}

struct search { struct str words; struct overview_line *line; size_t n; bool *hit; };

static bool look(void *ctx, const struct overview_text_row *row, bool *stop, struct err *err)
{
    struct search *s = ctx;
    (void)stop;
    (void)err;
    for (size_t i = 0; i < s->n; i++)
        if (s->line[i].unit.id == row->unit_id)
            s->hit[i] = overview_has(row->body, s->words);
    return true;
}

/* Only those whose text has the words stay. */
static bool search(struct db *db, struct arena *a, int64_t office_id, struct str words, struct overview_line *line, size_t *n, struct err *err)
{
    struct search s = { words, line, *n, arena_array(a, bool, *n + 1) };
    size_t kept = 0;
    if (!q_overview_texts(db, &(struct overview_texts_in){ office_id }, look, &s, err))
        return false;
    for (size_t i = 0; i < *n; i++)
        if (s.hit[i])
            line[kept++] = line[i];
    *n = kept;
    return true;
}

bool overview_lines(struct db *db, struct arena *a, const struct actor *actor, struct str words, day_t stale, struct overview_line **ret, size_t *n,
                    struct err *err)
{
    struct party *unit;
    struct overview_of_row *rows;
    size_t n_units, n_rows, kept = 0;
    if (!party_list(db, a, actor->office_id, PARTY_UNIT, false, &unit, &n_units, err) ||
        !q_overview_heads(db, a, &(struct overview_heads_in){ actor->office_id }, &rows, &n_rows, err))
        return false;
    struct overview_line *line = arena_array(a, struct overview_line, n_units + 1);
    for (size_t i = 0; i < n_units; i++) {
        if (!books_sees(actor, unit[i].id))
            continue;
        struct overview_line *l = &line[kept++];
        *l = (struct overview_line){ .unit = unit[i], .newest = { .unit_id = unit[i].id, .at = INSTANT_NONE, .unit = unit[i].name }, .none = true };
        for (size_t k = 0; k < n_rows; k++)
            if (rows[k].unit_id == unit[i].id) {
                l->newest = (struct overview){ unit[i].id, rows[k].n, 0, rows[k].chars, rows[k].at, unit[i].name, rows[k].who, rows[k].why, STR("") };
                l->none = false;
                l->old = rows[k].at < day_start(stale + 1);
            }
    }
    *ret = line;
    *n = kept;
    return str_trim(words).n == 0 || search(db, a, actor->office_id, words, line, n, err);
}

/* --- writing -------------------------------------------------------------------------------------------------------------------------------- */

static bool put(struct txn *t, const struct overview_version_add_in *in, struct err *err)
{
    struct buf after _cleanup_(buf_release) = BUF_INIT;
    json_obj(&after);
    json_put_int(&after, "n", in->n);
    json_put_str(&after, "why", in->why);
    json_put_int(&after, "restored", in->restored);
    json_put_str(&after, "text", in->body);
    json_obj_end(&after);
    const struct journal_line line = { .day = DAY_NONE, .entity = STR("overview"), .entity_id = in->unit_id, .verb = STR("save"), .before = STR(""),
                                       .after = buf_view(&after) };
    return q_overview_version_add(t->db, in, NULL, err) && q_overview_put(t->db, in, NULL, err) &&
           journal_add(t, &line, err);
}

static bool save(struct txn *t, const struct actor *actor, int64_t unit_id, int64_t base, struct str body, struct str why, int64_t restored, int64_t *n,
                 struct err *err)
{
    struct overview newest;
    body = str_trim(body);
    why = why.p ? str_trim(why) : STR("");
    if (!books_writer(actor, err) || !overview_get(t->db, t->arena, actor, unit_id, 0, DAY_NONE, &newest, err) ||
        !books_prose(body, OVERVIEW_CHARS, "text", true, true, err) || !books_prose(why, BOOKS_WHY_CHARS, "why", false, false, err))
        return false;
    if (newest.n != base)
        return err_fail(err, ERR_CONFLICT, M_BOOKS_OVERTAKEN, NULL, A_STR(newest.unit), A_INT(newest.n), A_STR(newest.who));
    if (newest.n && str_eq(newest.body, body))
        return err_fail(err, ERR_INPUT, M_BOOKS_SAME_TEXT, "text", A_INT(newest.n));
    t->deputy_of = 0;
    *n = base + 1;
    return put(t, &(struct overview_version_add_in){ t->office_id, unit_id, base + 1, t->at, t->actor_id, why, restored, (int64_t)utf8_count(body), body }, err);
}

bool overview_save(struct txn *t, const struct actor *actor, int64_t unit_id, int64_t base, struct str body, struct str why, int64_t *n, struct err *err)
{
    return save(t, actor, unit_id, base, body.p ? body : STR(""), why, 0, n, err);
}

bool overview_restore(struct txn *t, const struct actor *actor, int64_t unit_id, int64_t base, int64_t old, struct str why, int64_t *n, struct err *err)
{
    struct overview was;
    if (old < 1)
        return err_fail(err, ERR_INPUT, M_BASE_REQUIRED, "n");
    return overview_get(t->db, t->arena, actor, unit_id, old, DAY_NONE, &was, err) && save(t, actor, unit_id, base, was.body, why, old, n, err);
}
