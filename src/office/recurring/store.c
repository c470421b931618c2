/* Templates: who sees them, reading, checking, saving, pausing. */
#include "office/recurring/inside.h"

#include <stdio.h>

#include "base/json.h"
#include "base/num.h"
#include "messages.h"
#include "office/workcal/workcal.h"
#include "people/member.h"
#include "store/job.h"
#include "store/journal.h"

bool recurring_sees(const struct actor *actor, const struct recurring *r) { return actor_is(actor, ROLE_SECTION) && actor_has_party(actor, r->section_id); }

/* --- rows --------------------------------------------------------------------------------------------------------------------------------- */

static bool from_row(const struct recurring_row *r, struct recurring *ret, struct err *err)
{
    *ret = (struct recurring){ .id = r->id, .section_id = r->section_id, .kind = r->kind, .title = r->title, .source = r->source, .requirement = r->requirement,
        .urgency = r->urgency, .phrase = r->phrase, .lead_id = r->lead_id, .leader_id = r->leader_id, .officer_id = r->officer_id, .assists = r->assists,
        .lists = r->lists, .lead_days = (int)r->lead_days, .first_day = r->first_day, .last_day = r->last_day, .paused = r->paused, .since = r->since,
        .last_key = r->last_key, .last_minute = (int)r->last_minute, .version = r->version };
    return recur_read(r->rule, &ret->rule) || err_fail(err, ERR_CORRUPT, M_RECURRING_NOT_RECURRING, "phrase", A_STR(r->rule));
}

struct str recurring_rule_text(struct arena *a, const struct recur *r)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    recur_put(&b, r);
    return arena_str(a, b.n ? buf_view(&b) : STR(""));
}

static bool put_row(struct txn *t, const struct recurring *r, struct err *err)
{
    const struct recurring_put_in in = { t->office_id, r->id, r->section_id, r->kind, r->title, r->source, r->requirement, r->lead_id, r->assists, r->leader_id,
        r->officer_id, r->lists, r->urgency, r->phrase, recurring_rule_text(t->arena, &r->rule), r->lead_days, r->first_day, r->last_day, r->paused, r->since,
        r->last_key, r->last_minute, r->version };
    return q_recurring_put(t->db, &in, NULL, err);
}

bool recurring_list(struct db *db, struct arena *a, const struct actor *actor, struct recurring **ret, size_t *n, struct err *err)
{
    struct recurring_row *rows;
    size_t n_rows;
    if (!q_recurring_all(db, a, &(struct recurring_all_in){ actor->office_id }, &rows, &n_rows, err))
        return false;
    *ret = arena_array(a, struct recurring, n_rows + 1);
    *n = 0;
    for (size_t i = 0; i < n_rows; i++) {
        if (!from_row(&rows[i], &(*ret)[*n], err))
            return false;
        *n += recurring_sees(actor, &(*ret)[*n]);
    }
    return true;
}

bool recurring_load(struct db *db, struct arena *a, int64_t office_id, int64_t id, struct recurring *ret, bool *found, struct err *err)
{
    struct recurring_row row;
    return q_recurring_of(db, a, &(struct recurring_of_in){ office_id, id }, &row, found, err) && (!*found || from_row(&row, ret, err));
}

bool recurring_get(struct db *db, struct arena *a, const struct actor *actor, int64_t id, struct recurring *ret, struct err *err)
{
    bool found;
    if (!recurring_load(db, a, actor->office_id, id, ret, &found, err))
        return false;
    return (found && recurring_sees(actor, ret)) || err_fail(err, ERR_NOT_FOUND, M_RECURRING_UNKNOWN, NULL, A_INT(id));
}

bool recurring_made(struct db *db, struct arena *a, const struct actor *actor, int64_t id, struct recurring_made **ret, size_t *n, struct err *err)
{
    struct recurring r;
    struct recurring_made_row *rows;
    if (!recurring_get(db, a, actor, id, &r, err) || !q_recurring_made_of(db, a, &(struct recurring_made_of_in){ actor->office_id, id }, &rows, n, err))
        return false;
    *ret = arena_array(a, struct recurring_made, *n + 1);
    for (size_t i = 0; i < *n; i++) {
        enum entry_state state = STATE_NONE;
        if (rows[i].state.p)
            entry_state_read(rows[i].state, &state);
        (*ret)[i] = (struct recurring_made){ rows[i].key, (int)rows[i].minute, rows[i].entry_id, rows[i].number, rows[i].title, state, rows[i].due, rows[i].at,
                                             rows[i].late, rows[i].passed };
    }
    return true;
}

/* --- ids and names ---------------------------------------------------------------------------------------------------------------------------- */

static struct str ids_text(struct arena *a, const int64_t *id, int n)
{
    struct str s = STR("");
    for (int i = 0; i < n; i++)
        s = arena_printf(a, "%.*s%s%lld", STR_ARG(s), i ? ";" : "", (long long)id[i]);
    return s;
}

static bool party_name(struct db *db, struct arena *a, int64_t office_id, int64_t id, struct str *ret, struct err *err)
{
    struct party p;
    bool found = false;
    *ret = STR("");
    if (id && !party_by_id(db, a, office_id, id, &p, &found, err))
        return false;
    if (found)
        *ret = p.name;
    return true;
}

static bool party_names(struct db *db, struct arena *a, int64_t office_id, struct str ids, struct str *ret, struct err *err)
{
    *ret = STR("");
    while (ids.n) {
        struct str one = str_cut(ids, ';', &ids), name;
        int64_t id;
        if (!num_i64(one, &id))
            continue;
        if (!party_name(db, a, office_id, id, &name, err))
            return false;
        *ret = arena_printf(a, "%.*s%s%.*s", STR_ARG(*ret), ret->n ? ";" : "", STR_ARG(name));
    }
    return true;
}

static bool list_names(struct db *db, struct arena *a, int64_t office_id, struct str ids, struct str *ret, struct err *err)
{
    struct entry_listdef *l;
    size_t n;
    *ret = STR("");
    if (ids.n == 0)
        return true;
    if (!entry_lists(db, a, office_id, &l, &n, err))
        return false;
    while (ids.n) {
        struct str one = str_cut(ids, ';', &ids);
        int64_t id;
        for (size_t i = 0; i < n && num_i64(one, &id); i++)
            if (l[i].id == id)
                *ret = arena_printf(a, "%.*s%s%.*s", STR_ARG(*ret), ret->n ? ";" : "", STR_ARG(l[i].name));
    }
    return true;
}

bool recurring_names(struct db *db, struct arena *a, const struct actor *actor, const struct recurring *r, struct recurring_input *ret, struct err *err)
{
    int64_t office = actor->office_id;
    struct str officer = STR("");
    *ret = (struct recurring_input){ .kind = r->kind, .title = r->title, .source = r->source, .requirement = r->requirement, .urgency = r->urgency,
        .phrase = r->phrase, .move = recurring_move_code(r->rule.move), .lead_days = arena_printf(a, "%d", r->lead_days) };
    if (!party_name(db, a, office, r->lead_id, &ret->lead_unit, err) || !party_names(db, a, office, r->assists, &ret->assist_units, err) ||
        !party_name(db, a, office, r->leader_id, &ret->leader, err) || !list_names(db, a, office, r->lists, &ret->lists, err) ||
        (r->officer_id && !member_name(db, a, office, r->officer_id, &officer, err)))
        return false;
    if (r->lead_id == r->section_id)
        ret->lead_unit = STR("本科室");
    ret->officer = officer;
    return true;
}

/* --- checking ------------------------------------------------------------------------------------------------------------------------------------- */

static struct str say(struct str said, struct str stored) { return said.p ? str_trim(said) : stored; }

/* What stays unsaid of a template that is there is as it is stored. */
static bool merge(struct txn *t, const struct actor *actor, const struct recurring *was, struct recurring_input *in, struct err *err)
{
    struct recurring_input old = { STR("document"), STR(""), STR(""), STR(""), STR(""), STR(""), STR(""), STR(""), STR(""), STR(""), STR(""), STR("before"), STR("0"), STR(""), STR(""), STR("") };
    if (was->id && !recurring_names(t->db, t->arena, actor, was, &old, err))
        return false;
    struct str *to = &in->kind, *from = &old.kind;
    for (size_t i = 0; i < offsetof(struct recurring_input, first_day) / sizeof(struct str); i++)
        to[i] = say(to[i], from[i]);
    return true;
}

static bool read_day(struct str s, const char *field, day_t *ret, struct err *err)
{
    instant_t at;
    bool timed;
    if (!s.p || str_trim(s).n == 0)
        return true;
    if (date_read(str_trim(s), ret, &at, &timed, err))
        return true;
    if (err)
        snprintf(err->field, sizeof err->field, "%s", field);
    return false;
}

static bool read_rule(struct txn *t, const struct workdays *w, const struct recurring_input *in, struct recurring *r, struct err *err)
{
    enum recur_move move;
    int64_t days;
    if (!recurring_read(in->phrase, w, t->at, &r->rule, err))
        return false;
    if (!recurring_move_read(in->move, &move))
        return err_fail(err, ERR_INPUT, M_RECURRING_NOT_MOVE, "move", A_STR(in->move));
    if (!num_range(in->lead_days, 0, RECURRING_LEAD_MAX, &days))
        return err_fail(err, ERR_INPUT, M_RECURRING_NOT_LEAD, "lead_days", A_INT(RECURRING_LEAD_MAX));
    r->rule.move = r->rule.nth && r->rule.workday ? r->rule.move : move;       /* a working day is never a rest day */
    if (r->rule.every == RECUR_WORKDAY || r->rule.every == RECUR_DAY)      /* 每日 is every day; moved, Saturday and Sunday would both fall on a Friday */
        r->rule.move = RECUR_STAY;
    r->phrase = in->phrase;
    r->lead_days = (int)days;
    if (!read_day(in->first_day, "first_day", &r->first_day, err))
        return false;
    if (in->last_day.p) {
        r->last_day = DAY_NONE;
        if (!read_day(in->last_day, "last_day", &r->last_day, err))
            return false;
    }
    if (r->last_day != DAY_NONE && r->last_day < r->first_day)
        return err_fail(err, ERR_INPUT, M_RECURRING_LAST_FIRST, "last_day");
    return recur_valid(&r->rule) || err_fail(err, ERR_INPUT, M_RECURRING_NOT_RECURRING, "phrase", A_STR(in->phrase));
}

/* The entry that the next occurrence would be, held to every rule of an entry. */
static bool check_entry(struct txn *t, const struct actor *actor, const struct workdays *w, const struct recurring_input *in, struct recurring *r,
                        struct problems *problems, struct err *err)
{
    struct occurrence o;
    struct entry e;
    if (!recurring_next(r, w, NULL, &o))
        return err_fail(err, ERR_INPUT, M_RECURRING_NEVER, "phrase");
    struct entry_input ei = { .kind = in->kind, .title = recurring_fill(t->arena, in->title, &r->rule, o.at.key), .source = recurring_fill(t->arena, in->source, &r->rule, o.at.key),
        .requirement = recurring_fill(t->arena, in->requirement, &r->rule, o.at.key), .lead_unit = in->lead_unit, .assist_units = in->assist_units,
        .leader = in->leader, .officer = in->officer, .lists = in->lists, .urgency = in->urgency, .deadline = recurring_deadline(t->arena, &o.at),
        .received = recurring_received(t->arena, &o, t->at) };
    if (!entry_check(t, actor, &ei, &e, problems, err))
        return false;
    r->kind = entry_kind_code(e.kind);
    r->title = in->title;
    r->source = in->source;
    r->requirement = in->requirement;
    r->urgency = e.urgency;
    r->lead_id = e.lead_id;
    r->leader_id = e.leader_id;
    r->officer_id = in->officer.n ? e.officer_id : 0;
    r->assists = ids_text(t->arena, e.assists, e.n_assists);
    r->lists = ids_text(t->arena, e.lists, e.n_lists);
    return true;
}

bool recurring_check(struct txn *t, const struct actor *actor, int64_t id, const struct recurring_input *said, struct recurring *ret, struct problems *problems,
                     struct err *err)
{
    struct recurring_input in = *said;
    struct recurring was = { .first_day = t->today, .last_day = DAY_NONE, .section_id = actor->section_id, .last_key = t->today - 1, .last_minute = 1440 }, r;
    const struct workdays *w;
    int64_t version;
    if (!actor_is(actor, ROLE_SECTION) || !actor->section_id)
        return err_fail(err, ERR_DENIED, M_RECURRING_SECTION_ONLY, NULL);
    if ((id && !recurring_get(t->db, t->arena, actor, id, &was, err)) || !workcal_get(t->db, t->arena, t->office_id, &w, err) ||
        !merge(t, actor, &was, &in, err))
        return false;
    if (id && said->version.n && (!num_i64(said->version, &version) || version != was.version))
        return err_fail(err, ERR_CONFLICT, M_RECURRING_OVERTAKEN, NULL, A_STR(was.title));
    r = was;
    if (!recurring_words(in.title, "title", err) || !recurring_words(in.source, "source", err) || !recurring_words(in.requirement, "requirement", err) ||
        !read_rule(t, w, &in, &r, err))
        return false;
    bool other = id == 0 || r.first_day != was.first_day || !str_eq(recurring_rule_text(t->arena, &r.rule), recurring_rule_text(t->arena, &was.rule));
    if (id == 0) {
        r.last_key = r.first_day - 1;
    } else if (other) {
        recurring_skip(&r, w, t->at);            /* a new rule begins now: what it would have named before is not made up for */
    }
    if (other)
        r.since = t->at;
    if (!check_entry(t, actor, w, &in, &r, problems, err))
        return false;
    *ret = r;
    return true;
}

/* --- saving --------------------------------------------------------------------------------------------------------------------------------------- */

static void put_fields(struct buf *b, struct arena *a, const struct recurring *r)
{
    json_obj(b);
    json_put_str(b, "title", r->title);
    json_put_str(b, "source", r->source);
    json_put_str(b, "requirement", r->requirement);
    json_put_str(b, "kind", r->kind);
    json_put_int(b, "lead", r->lead_id);
    json_put_str(b, "assists", r->assists);
    json_put_int(b, "leader", r->leader_id);
    json_put_int(b, "officer", r->officer_id);
    json_put_str(b, "lists", r->lists);
    json_put_str(b, "urgency", r->urgency);
    json_put_str(b, "phrase", r->phrase);
    json_put_str(b, "rule", recurring_rule_text(a, &r->rule));
    json_put_int(b, "lead_days", r->lead_days);
    json_put_int(b, "first_day", r->first_day);
    json_put_int(b, "last_day", r->last_day == DAY_NONE ? 0 : r->last_day);
    json_put_bool(b, "paused", r->paused);
    json_obj_end(b);
}

static bool put_job(struct txn *t, const struct workdays *w, const struct recurring *r, struct err *err)
{
    struct occurrence o;
    if (r->paused || !recurring_next(r, w, NULL, &o))
        return job_cancel(t, STR(RECURRING_JOB), r->id, err);
    return job_put(t, STR(RECURRING_JOB), r->id, recurring_instant(&o), err);
}

static bool put(struct txn *t, const struct actor *actor, const struct recurring *was, struct recurring *r, struct str verb, struct err *err)
{
    const struct workdays *w;
    _cleanup_(buf_release) struct buf before = BUF_INIT, after = BUF_INIT;
    if (was->id)
        put_fields(&before, t->arena, was);
    put_fields(&after, t->arena, r);
    if (!workcal_get(t->db, t->arena, t->office_id, &w, err))
        return false;
    t->deputy_of = actor_stead(actor, r->section_id);
    r->id = was->id ? was->id : txn_next_id(t);
    r->version = was->version + 1;
    const struct journal_line line = { .day = DAY_NONE, .entity = STR("recurring"), .entity_id = r->id, .verb = verb,
                                       .before = was->id ? buf_view(&before) : STR(""), .after = buf_view(&after) };
    return put_row(t, r, err) && journal_add(t, &line, err) && put_job(t, w, r, err);
}

bool recurring_save(struct txn *t, const struct actor *actor, int64_t id, const struct recurring_input *in, struct recurring *ret, struct problems *problems,
                    struct err *err)
{
    struct recurring was = { 0 }, r;
    struct recurring_count_row count;
    bool found;
    if (!recurring_check(t, actor, id, in, &r, problems, err) || (id && !recurring_get(t->db, t->arena, actor, id, &was, err)) ||
        !q_recurring_count(t->db, t->arena, &(struct recurring_count_in){ t->office_id }, &count, &found, err))
        return false;
    if (!id && count.n >= RECURRING_MAX)
        return err_fail(err, ERR_LIMIT, M_RECURRING_TOO_MANY, NULL, A_INT(RECURRING_MAX));
    if (!put(t, actor, &was, &r, id ? STR("change") : STR("add"), err))
        return false;
    *ret = r;
    return true;
}

bool recurring_pause(struct txn *t, const struct actor *actor, int64_t id, bool pause, struct err *err)
{
    struct recurring was, r;
    const struct workdays *w;
    if (!recurring_get(t->db, t->arena, actor, id, &was, err) || !workcal_get(t->db, t->arena, t->office_id, &w, err))
        return false;
    if (was.paused == pause)
        return true;
    r = was;
    r.paused = pause;
    if (!pause) {
        recurring_skip(&r, w, t->at);
        r.since = t->at;
    }
    return put(t, actor, &was, &r, pause ? STR("pause") : STR("resume"), err);
}
