/* Who may hand over what, and the one write that does it. */
#include "base/json.h"
#include "base/num.h"
#include "handover_queries.h"
#include "messages.h"
#include "office/deputy/deputy.h"
#include "office/handover/handover.h"
#include "store/journal.h"

/* --- deciding ------------------------------------------------------------------------------------------------------------------------- */

/* The chief of that section, or who stands in for the chief there: then *stead is the chief. */
static bool chief_of(const struct actor *a, int64_t section, int64_t *stead)
{
    *stead = 0;
    if ((a->roles & ROLE_CHIEF) && a->section_id == section)
        return true;
    for (int i = 0; i < a->n_lent; i++)
        if ((a->lent[i].roles & ROLE_CHIEF) && a->lent[i].party_id == section) {
            *stead = a->lent[i].member_id;
            return true;
        }
    return false;
}

static bool check_people(const struct actor *actor, struct handover_plan *p, struct err *err)
{
    bool self = actor->member_id == p->from.id && (actor->roles & ROLE_SECTION);
    p->deputy_of = 0;
    if (!self && !chief_of(actor, p->from.home_id, &p->deputy_of))
        return err_fail(err, ERR_DENIED, M_HANDOVER_DENIED, "from", A_STR(p->from.name));
    if (p->from.id == p->to.id)
        return err_fail(err, ERR_INPUT, M_HANDOVER_SAME, "to");
    if (p->to.disabled)
        return err_fail(err, ERR_INPUT, M_PEOPLE_MEMBER_DISABLED, "to", A_STR(p->to.name));
    return ((p->to.roles & ROLE_SECTION) && p->to.home_id == p->from.home_id) ||
           err_fail(err, ERR_INPUT, M_HANDOVER_OTHER_SECTION, "to", A_STR(p->to.name), A_STR(p->from.name));
}

static bool find_list(struct db *db, struct arena *a, int64_t office_id, struct str name, int64_t *ret, struct err *err)
{
    struct entry_listdef *l;
    size_t n;
    *ret = 0;
    if (!name.n)
        return true;
    if (!entry_lists(db, a, office_id, &l, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (str_eq(l[i].name, name))
            *ret = l[i].id;
    return *ret || err_fail(err, ERR_INPUT, M_HANDOVER_NO_LIST, "list", A_STR(name));
}

static bool find_unit(struct db *db, struct arena *a, const struct actor *actor, struct str name, int64_t *ret, struct err *err)
{
    struct party p = { 0 };
    if (name.n && !party_find(db, a, actor, 1u << PARTY_UNIT | 1u << PARTY_SECTION, name, "unit", &p, err))
        return false;
    *ret = p.id;
    return true;
}

static struct handover_line line_of(const struct handover_line_row *r)
{
    struct handover_line l = { .id = r->id, .version = r->version, .number = r->number, .title = r->title, .lead = r->lead.p ? r->lead : STR(""),
                               .requirement = r->requirement, .reading = r->reading, .due = r->due, .officer_id = r->officer_id };
    entry_state_read(r->state, &l.state);
    return l;
}

bool handover_plan(struct db *db, struct arena *a, const struct actor *actor, instant_t now, const struct handover_ask *ask, struct handover_plan *ret,
                   struct err *err)
{
    struct handover_plan p = { 0 };
    struct handover_line_row *row;
    int64_t unit, list;
    if (!deputy_person(db, a, actor->office_id, ask->from, now, "from", &p.from, err) ||
        !deputy_person(db, a, actor->office_id, ask->to, now, "to", &p.to, err) || !check_people(actor, &p, err) ||
        !find_unit(db, a, actor, ask->unit, &unit, err) || !find_list(db, a, actor->office_id, ask->list, &list, err))
        return false;
    const struct handover_open_in in = { actor->office_id, p.from.party_id, p.from.home_id, p.from.id, unit, list, HANDOVER_ENTRIES_MAX + 1 };
    if (!q_handover_open(db, a, &in, &row, &p.n, err))
        return false;
    if (p.n > HANDOVER_ENTRIES_MAX)
        return err_fail(err, ERR_LIMIT, M_HANDOVER_TOO_MANY, NULL, A_INT(HANDOVER_ENTRIES_MAX));
    p.line = arena_array(a, struct handover_line, p.n + 1);
    for (size_t i = 0; i < p.n; i++)
        p.line[i] = line_of(&row[i]);
    *ret = p;
    return true;
}

void handover_count(const struct handover_line *line, size_t n, instant_t now, instant_t near, struct handover_count *ret)
{
    *ret = (struct handover_count){ .n = (int64_t)n };
    for (size_t i = 0; i < n; i++) {
        bool due = line[i].due != INSTANT_NONE && !line[i].reading;
        ret->state[line[i].state]++;
        ret->overdue += due && line[i].due <= now;
        ret->near += due && line[i].due > now && line[i].due <= near;
    }
}

/* --- doing ------------------------------------------------------------------------------------------------------------------------------ */

struct doing {
    struct txn *t;
    const struct actor *actor;
    const struct handover_line *line;
    size_t n;
    int64_t section_id, from, to, reverses;
    struct str reason;
};

static bool put_record(const struct doing *d, int64_t id, const int64_t *version, struct err *err)
{
    struct txn *t = d->t;
    const struct handover_insert_in in = { t->office_id, id, d->section_id, d->from, d->to, t->actor_id, t->deputy_of, t->at, d->reason,
                                           (int64_t)d->n, d->reverses };
    _cleanup_(buf_release) struct buf after = BUF_INIT;
    json_obj(&after);
    json_put_int(&after, "from", d->from);
    json_put_int(&after, "to", d->to);
    json_put_str(&after, "reason", d->reason);
    json_put_int(&after, "entries", (int64_t)d->n);
    if (d->reverses)
        json_put_int(&after, "reverses", d->reverses);
    json_obj_end(&after);
    const struct journal_line line = { .day = DAY_NONE, .entity = STR("handover"), .entity_id = id, .verb = STR("add"), .after = buf_view(&after) };
    if (!q_handover_insert(t->db, &in, NULL, err) || !journal_add(t, &line, err))
        return false;
    for (size_t i = 0; i < d->n; i++)
        if (!q_handover_entry_insert(t->db, &(struct handover_entry_insert_in){ t->office_id, id, d->line[i].id, version[i] }, NULL, err))
            return false;
    return !d->reverses || q_handover_mark_reversed(t->db, &(struct handover_mark_reversed_in){ t->office_id, d->reverses, id }, NULL, err);
}

/* The words of the record are in the ledger's language. */
static struct str said(struct arena *a, int msg, struct str reason)
{
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    tr(&b, LANG_ZH, msg, &A_STR(reason), 1);
    return arena_str(a, buf_view(&b));
}

static bool put(const struct doing *d, int msg, int64_t *id, struct err *err)
{
    struct txn *t = d->t;
    int64_t *ids = arena_array(t->arena, int64_t, d->n + 1), *version = arena_array(t->arena, int64_t, d->n + 1);
    for (size_t i = 0; i < d->n; i++)
        ids[i] = d->line[i].id;
    if (!entry_hand_over(t, d->actor, ids, d->n, d->from, d->to, said(t->arena, msg, d->reason), version, err))
        return false;
    *id = txn_next_id(t);
    return put_record(d, *id, version, err);
}

bool handover_do(struct txn *t, const struct actor *actor, const struct handover_ask *ask, int64_t *id, struct err *err)
{
    struct handover_plan p;
    int64_t expect;
    struct str reason = ask->reason.p ? str_trim(ask->reason) : STR("");
    if (!entry_text_check(reason, "reason", M_FIELD_REASON, HANDOVER_REASON_CHARS, err) ||
        !handover_plan(t->db, t->arena, actor, t->at, ask, &p, err))
        return false;
    if (ask->expect.n && (!num_range(ask->expect, 0, INT64_MAX, &expect) || expect != (int64_t)p.n))
        return err_fail(err, ERR_CONFLICT, M_HANDOVER_CHANGED, NULL, A_STR(ask->expect), A_INT(p.n));
    if (!p.n)
        return err_fail(err, ERR_CONFLICT, M_HANDOVER_NOTHING, NULL, A_STR(p.from.name));
    t->deputy_of = p.deputy_of;
    const struct doing d = { t, actor, p.line, p.n, p.from.home_id, p.from.id, p.to.id, 0, reason };
    return put(&d, M_HANDOVER_ACT, id, err);
}

/* --- reading ------------------------------------------------------------------------------------------------------------------------------ */

static struct handover from_row(struct arena *a, const struct handover_row *r)
{
    struct str by = r->by_name.p ? r->by_name : STR("");
    return (struct handover){
        .id = r->id, .section_id = r->section_id, .from_id = r->from_id, .to_id = r->to_id, .by_id = r->by_id, .n = r->entries, .reverses = r->reverses,
        .reversed_by = r->reversed_by, .from_login = r->from_login, .from = r->from_name, .to_login = r->to_login, .to = r->to_name,
        .by = r->lender.p ? arena_printf(a, "%.*s（代%.*s）", STR_ARG(by), STR_ARG(r->lender)) : by, .at = r->at, .reason = r->reason,
    };
}

bool handover_list(struct db *db, struct arena *a, const struct actor *actor, struct handover **ret, size_t *n, struct err *err)
{
    struct handover_row *row;
    if (!q_handover_of_section(db, a, &(struct handover_of_section_in){ actor->office_id, actor->section_id, HANDOVER_LIST_MAX }, &row, n, err))
        return false;
    *ret = arena_array(a, struct handover, *n + 1);
    for (size_t i = 0; i < *n; i++)
        (*ret)[i] = from_row(a, &row[i]);
    return true;
}

static bool fetch_lines(struct db *db, struct arena *a, struct handover *h, int64_t office_id, struct handover_line **line, size_t *n, struct err *err)
{
    struct handover_sheet_row *row;
    if (!q_handover_lines(db, a, &(struct handover_lines_in){ office_id, h->section_id, h->id }, &row, n, err))
        return false;
    h->untouched = (int64_t)*n == h->n && !h->reversed_by && !h->reverses;
    *line = arena_array(a, struct handover_line, *n + 1);
    for (size_t i = 0; i < *n; i++) {
        const struct handover_sheet_row *r = &row[i];
        const struct handover_line_row now = { r->id, r->number, r->title, r->state, r->reading, r->due, r->lead, r->requirement, r->version, r->officer_id };
        (*line)[i] = line_of(&now);
        (*line)[i].was = r->was;
        h->untouched = h->untouched && r->version == r->was;
    }
    return true;
}

bool handover_fetch(struct db *db, struct arena *a, const struct actor *actor, int64_t id, struct handover *ret, struct handover_line **line, size_t *n,
                    struct err *err)
{
    struct handover_row row;
    bool found;
    if (!q_handover_by_id(db, a, &(struct handover_by_id_in){ actor->office_id, id }, &row, &found, err))
        return false;
    if (!found || !actor_is(actor, ROLE_SECTION) || !actor_has_party(actor, row.section_id))
        return err_fail(err, ERR_NOT_FOUND, M_HANDOVER_NOT_FOUND, NULL);
    *ret = from_row(a, &row);
    return fetch_lines(db, a, ret, actor->office_id, line, n, err);
}

/* --- handing back -------------------------------------------------------------------------------------------------------------------------- */

bool handover_may_return(const struct actor *actor, const struct handover *h)
{
    int64_t stead;
    return actor->member_id == h->to_id || actor->member_id == h->by_id || chief_of(actor, h->section_id, &stead);
}

bool handover_return(struct txn *t, const struct actor *actor, int64_t id, int64_t *new_id, struct err *err)
{
    struct handover h;
    struct handover_line *line;
    struct member giver;
    size_t n;
    if (!handover_fetch(t->db, t->arena, actor, id, &h, &line, &n, err))
        return false;
    if (!handover_may_return(actor, &h))
        return err_fail(err, ERR_DENIED, M_HANDOVER_RETURN_DENIED, NULL);
    if (!h.untouched)
        return err_fail(err, ERR_CONFLICT, h.reversed_by || h.reverses ? M_HANDOVER_RETURNED : M_HANDOVER_TOUCHED, NULL);
    if (!deputy_person(t->db, t->arena, t->office_id, h.from_login, t->at, "from", &giver, err))
        return false;
    if (giver.disabled)
        return err_fail(err, ERR_CONFLICT, M_PEOPLE_MEMBER_DISABLED, NULL, A_STR(giver.name));
    t->deputy_of = 0;
    if (actor->member_id != h.to_id && actor->member_id != h.by_id)
        chief_of(actor, h.section_id, &t->deputy_of);
    const struct doing d = { t, actor, line, n, h.section_id, h.to_id, h.from_id, h.id, h.reason };
    return put(&d, M_HANDOVER_BACK_ACT, new_id, err);
}
