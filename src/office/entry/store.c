/* Writing: an act is decided whole, then written whole: entry, sets, stand, deadlines, history, journal, and the hooks of other slices.
 * Everything before put() only reads; a refusal has nothing to undo. */
#include <stdio.h>

#include "base/json.h"
#include "calendar/date.h"
#include "messages.h"
#include "office/entry/inside.h"
#include "office/slice.h"
#include "store/journal.h"
#include "store/seal.h"

enum { SEEN_BY_MAX = ENTRY_ASSISTS_MAX + 4 };

struct deed {                                    /* one act on its way */
    struct txn *t;
    const struct actor *actor;
    const struct entry *before;                  /* NULL: a registration */
    struct entry *after;
    struct intent *i;
    enum entry_verb verb;
    unsigned sides;
    day_t day;
    struct str edition;                          /* the deadlines were counted again by it; absent: a person gave them */
};

/* --- who sees it -------------------------------------------------------------------------------------------------------------------- */

static void seen_by_add(int64_t *ids, int *n, int64_t id)
{
    for (int i = 0; i < *n; i++)
        if (ids[i] == id)
            return;
    if (id)
        ids[(*n)++] = id;
}

/* Section, lead, assists, leader, and the officer's own party. */
static bool seen_by(struct txn *t, const struct entry *e, int64_t *ids, int *n, struct err *err)
{
    struct officer_of_id_row officer;
    bool found = false;
    *n = 0;
    if (!e)
        return true;
    if (e->officer_id && !q_officer_of_id(t->db, t->arena, &(struct officer_of_id_in){ e->office_id, e->officer_id }, &officer, &found, err))
        return false;
    seen_by_add(ids, n, e->section_id);
    seen_by_add(ids, n, e->lead_id);
    seen_by_add(ids, n, e->leader_id);
    seen_by_add(ids, n, found ? officer.party_id : 0);
    for (int i = 0; i < e->n_assists; i++)
        seen_by_add(ids, n, e->assists[i]);
    return true;
}

/* A unit's lists go by the unit's own deadline where it has one, everybody else's by ours. */
static instant_t due_for(const struct entry *e, int64_t party)
{
    bool unit = party == e->lead_id && party != e->section_id;
    for (int i = 0; i < e->n_assists; i++)
        unit = unit || e->assists[i] == party;
    instant_t due = unit && e->unit_due != INSTANT_NONE ? e->unit_due : e->due;
    return due == INSTANT_NONE ? INT64_MAX : due;
}

static bool put_stand(const struct deed *d, struct err *err)
{
    const struct entry *e = d->after;
    int64_t old[SEEN_BY_MAX], new[SEEN_BY_MAX];
    int n_old, n_new;
    if (!seen_by(d->t, d->before, old, &n_old, err) || !seen_by(d->t, e, new, &n_new, err))
        return false;
    for (int i = 0; i < n_old; i++) {
        int k = 0;
        while (k < n_new && new[k] != old[i])
            k++;
        if (k == n_new && !q_stand_drop(d->t->db, &(struct stand_drop_in){ e->office_id, old[i], e->id }, NULL, err))
            return false;
    }
    for (int i = 0; i < n_new; i++) {
        int k = 0;
        while (k < n_old && old[k] != new[i])
            k++;
        if (k < n_old && d->before->state == e->state && due_for(d->before, new[i]) == due_for(e, new[i]))
            continue;
        const struct stand_put_in in = {
            e->office_id, new[i], e->id, entry_state_open(e->state), e->reading, entry_state_code(e->state), due_for(e, new[i]),
        };
        if (!q_stand_put(d->t->db, &in, NULL, err))
            return false;
    }
    return true;
}

/* --- what belongs to it ------------------------------------------------------------------------------------------------------------- */

static bool same_ids(const int64_t *a, int n, const int64_t *b, int m)
{
    for (int i = 0; n == m && i < n; i++)
        if (a[i] != b[i])
            return false;
    return n == m;
}

static bool put_lists(const struct deed *d, struct err *err)
{
    const struct entry *e = d->after, *b = d->before;
    if (b && same_ids(b->lists, b->n_lists, e->lists, e->n_lists))
        return true;
    if (b && b->n_lists && !q_entry_list_clear(d->t->db, &(struct entry_list_clear_in){ e->office_id, e->id }, NULL, err))
        return false;
    for (int i = 0; i < e->n_lists; i++)
        if (!q_entry_list_put(d->t->db, &(struct entry_list_put_in){ e->office_id, e->id, e->lists[i] }, NULL, err))
            return false;
    return true;
}

static bool put_assists(const struct deed *d, struct err *err)
{
    const struct entry *e = d->after, *b = d->before;
    if (b && same_ids(b->assists, b->n_assists, e->assists, e->n_assists))
        return true;
    if (b && b->n_assists && !q_assist_clear(d->t->db, &(struct assist_clear_in){ e->office_id, e->id }, NULL, err))
        return false;
    for (int i = 0; i < e->n_assists; i++)
        if (!q_assist_add(d->t->db, &(struct assist_add_in){ e->office_id, e->id, e->assists[i] }, NULL, err))
            return false;
    return true;
}

static bool put_deadline(const struct deed *d, struct str whose, instant_t old, instant_t due, bool is_day, struct err *err)
{
    const struct entry *e = d->after;
    if (due == old)
        return true;
    if (d->edition.p)
        return q_deadline_move(d->t->db, &(struct deadline_move_in){ e->office_id, e->id, whose, due, d->edition }, NULL, err);
    if (due == INSTANT_NONE)
        return q_deadline_drop(d->t->db, &(struct deadline_drop_in){ e->office_id, e->id, whose }, NULL, err);
    const struct deadline_put_in in = {
        .office_id = e->office_id, .entry_id = e->id, .whose = whose, .phrase = d->i->deadline_phrase, .anchor = e->received_at,
        .kind = is_day ? STR("date") : STR("instant"), .due = due, .strict = due, .counted = STR("given"), .edition = STR(""),
        .confirmed_by = d->t->actor_id,
    };
    return q_deadline_put(d->t->db, &in, NULL, err);
}

static bool put_deadlines(const struct deed *d, struct err *err)
{
    const struct entry *b = d->before;
    return put_deadline(d, STR("ours"), b ? b->due : INSTANT_NONE, d->after->due, d->i->due_is_day, err) &&
           put_deadline(d, STR("unit"), b ? b->unit_due : INSTANT_NONE, d->after->unit_due, d->i->unit_due_is_day, err);
}

/* A part that opens or ends is counted at its parent. */
static bool put_parent(const struct deed *d, struct err *err)
{
    const struct entry *e = d->after;
    int was = d->before && entry_state_open(d->before->state), is = entry_state_open(e->state);
    if (e->parent_id == 0 || was == is)
        return true;
    return q_entry_parts_add(d->t->db, &(struct entry_parts_add_in){ e->office_id, e->parent_id, is - was }, NULL, err);
}

/* --- history and journal -------------------------------------------------------------------------------------------------------------- */

static bool put_journal(const struct deed *d, int64_t *seq, struct err *err)
{
    _cleanup_(buf_release) struct buf from = BUF_INIT, to = BUF_INIT;
    change_journal(d->before, d->after, d->i, &from, &to);
    const struct journal_line line = {
        .day = d->day, .entity = STR("entry"), .entity_id = d->after->id, .verb = entry_verb_code(d->verb), .before = buf_view(&from),
        .after = buf_view(&to),
    };
    if (!journal_add(d->t, &line, err))
        return false;
    struct journal_head head;
    journal_now(d->t, &head);
    *seq = head.seq;
    return true;
}

static bool put_act(const struct deed *d, const struct act *act, struct err *err)
{
    const struct act_add_in in = {
        .office_id = d->after->office_id, .entry_id = d->after->id, .n = act->n, .journal_seq = act->journal_seq, .at = act->at, .day = act->day,
        .actor_id = act->actor_id, .deputy_of = act->deputy_of, .verb = entry_verb_code(act->verb), .recorded_for = act->recorded_for,
        .from_state = entry_state_code(act->from), .to_state = entry_state_code(act->to), .text = act->text, .change = act->change,
        .corrects = act->corrects,
    };
    return q_act_add(d->t->db, &in, NULL, err);
}

static bool tell(const struct deed *d, const struct act *act, struct err *err)
{
    for (const struct slice *const *s = slices; *s; s++)
        if ((*s)->on_entry_change && !(*s)->on_entry_change(d->t, d->before, d->after, act, err))
            return false;
    return true;
}

static struct seal_place contact_place(int64_t entry_id) { return (struct seal_place){ "entry.contact", entry_id }; }

/* Writes what was decided. after's version and last day are set here, for every act alike. */
static bool put(struct deed *d, struct err *err)
{
    struct entry *e = d->after;
    struct act act = {
        .at = d->t->at, .day = d->day, .actor_id = d->t->actor_id, .deputy_of = d->t->deputy_of, .verb = d->verb, .recorded_for = d->i->recorded_for,
        .from = d->before ? d->before->state : STATE_NONE, .to = e->state, .text = d->i->text, .corrects = d->i->corrects,
        .actor_name = d->actor->name,
    };
    e->version++;
    e->last_day = d->day;
    act.n = e->version;
    if (d->i->contact.p && !seal_text(d->t, SEAL_SCOPE_OFFICE, contact_place(e->id), d->i->contact.n ? d->i->contact : STR_NULL, &e->contact, err))
        return false;
    struct lookup names = { .db = d->t->db, .arena = d->t->arena, .actor = d->actor };
    if (!change_shown(&names, d->before, e, d->i, &act.change, err) || !put_journal(d, &act.journal_seq, err))
        return false;
    struct act *kept = arena_new(d->t->arena, struct act);
    *kept = act;
    e->act = kept;
    const struct entry_row row = entry_to_row(e);
    return q_entry_put(d->t->db, &row, NULL, err) && put_stand(d, err) && put_lists(d, err) && put_assists(d, err) && put_deadlines(d, err) &&
           put_act(d, &act, err) && put_parent(d, err) && tell(d, &act, err);
}

/* --- the day an act counts for ---------------------------------------------------------------------------------------------------------- */

bool act_day_check(struct db *db, int64_t office_id, day_t day, day_t today, day_t last_day, struct err *err)
{
    struct month_closed_row closed;
    bool found;
    if (day > today)
        return err_fail(err, ERR_INPUT, M_ENTRY_DAY_LATER, "day", A_DAY(day));
    if (last_day != DAY_NONE && day < last_day)
        return err_fail(err, ERR_INPUT, M_ENTRY_DAY_BEFORE_LAST, "day", A_DAY(last_day));
    if (!q_month_closed(db, NULL, &(struct month_closed_in){ office_id }, &closed, &found, err))
        return false;
    struct civil c = date_civil(day);
    if (c.year * 100 + c.month <= closed.period)
        return err_fail(err, ERR_INPUT, M_ENTRY_MONTH_CLOSED, "day", A_INT(c.year), A_INT(c.month));
    return true;
}

static bool note(struct problems *problems, struct err *err, const struct err *e)
{
    if (problems)
        problems_add(problems, e);
    if (err)
        *err = *e;
    return false;
}

static bool day_of(struct deed *d, day_t last_day, struct err *err)
{
    d->day = d->i->day == DAY_NONE ? d->t->today : d->i->day;
    return act_day_check(d->t->db, d->actor->office_id, d->day, d->t->today, last_day, err);
}

/* --- registering -------------------------------------------------------------------------------------------------------------------------- */

static bool find_parent(const struct deed *d, struct entry *e, struct err *err)
{
    struct entry parent;
    if (d->i->parent.n == 0)
        return true;
    if (!entry_fetch(d->t->db, d->t->arena, d->actor, d->i->parent, &parent, err)) {
        if (err && err->kind == ERR_NOT_FOUND)
            return err_fail(err, ERR_INPUT, M_ENTRY_UNKNOWN_PARENT, "parent", A_STR(d->i->parent));
        return false;
    }
    if (!entry_state_open(parent.state) || parent.reading)
        return err_fail(err, ERR_INPUT, M_ENTRY_PARENT_ENDED, "parent", A_STR(d->i->parent));
    e->parent_id = parent.id;
    return true;
}

/* Decides a registration; what is left for put() is only the number. */
static bool decide_register(struct deed *d, struct lookup *names, const struct entry_input *in, struct problems *problems, struct err *err)
{
    struct entry *e = d->after;
    struct err e1 = { 0 };
    enum entry_state to;
    *e = entry_blank();
    e->office_id = d->actor->office_id;
    e->section_id = d->actor->section_id;
    e->created_by = d->t->actor_id;
    if (!rules_move(e, VERB_REGISTER, d->sides, false, &to, &e1))
        return note(problems, err, &e1);
    bool ok = input_read(names, VERB_REGISTER, in, d->t->at, e, d->i, problems, err);
    if (!day_of(d, DAY_NONE, &e1) || (e1.kind == ERR_NONE && !find_parent(d, e, &e1)))
        return note(problems, ok ? err : NULL, &e1);
    if (!ok)
        return false;
    if (e->received_at != INSTANT_NONE && instant_day(e->received_at) > d->day) {
        err_fail(&e1, ERR_INPUT, M_ENTRY_RECEIVED_AFTER_DAY, "received", A_DAY(d->day));
        return note(problems, err, &e1);
    }
    e->day = d->day;
    if (!(d->i->said & FIELD_BIT(F_OFFICER)) && !str_eqc(d->actor->login, "console"))
        e->officer_id = d->actor->member_id;
    return rules_move(e, VERB_REGISTER, d->sides, e->lead_id == e->section_id, &e->state, err);
}

static bool put_new(struct deed *d, struct err *err)
{
    struct entry *e = d->after;
    int64_t n;
    int year = date_civil(e->day).year;
    if (!txn_series_next(d->t, entry_series(e->reading, e->kind), year, &n, err))
        return false;
    e->id = txn_next_id(d->t);
    e->number = entry_number(d->t->arena, e->reading, e->kind, year, n);
    return put(d, err);
}

bool entry_register(struct txn *t, const struct actor *actor, const struct entry_input *in, struct entry *ret, struct problems *problems,
                    struct err *err)
{
    struct lookup names = { .db = t->db, .arena = t->arena, .actor = actor };
    struct entry e;
    struct intent i;
    unsigned sides = actor->section_id && actor_is(actor, ROLE_SECTION) ? SIDE_SECTION : 0;
    struct deed d = { .t = t, .actor = actor, .after = &e, .i = &i, .verb = VERB_REGISTER, .sides = sides };
    t->deputy_of = 0;                            /* into one's own section, so in person */
    if (!decide_register(&d, &names, in, problems, err) || !put_new(&d, err))
        return false;
    *ret = e;
    return true;
}

/* --- later acts ----------------------------------------------------------------------------------------------------------------------------- */

static bool apply_settle(struct deed *d, struct err *err)
{
    struct entry *e = d->after;
    if (e->open_parts)
        return err_fail(err, ERR_CONFLICT, M_ENTRY_OPEN_PARTS, NULL, A_STR(e->number), A_INT(e->open_parts));
    if (e->instruction && !e->reading && d->i->leader_word.n == 0)
        return err_fail(err, ERR_INPUT, M_ENTRY_LEADER_WORD_MISSING, "leader_word");
    if (e->instruction && !e->reading && d->i->reported_on == DAY_NONE)
        return err_fail(err, ERR_INPUT, M_ENTRY_REPORTED_ON_MISSING, "reported_on");
    if (d->i->reported_on != DAY_NONE && d->i->reported_on > d->day)
        return err_fail(err, ERR_INPUT, M_ENTRY_REPORTED_LATER, "reported_on", A_DAY(d->day));
    if (d->i->text.n && !(d->i->said & FIELD_BIT(F_RESULT)))
        e->result = d->i->text;
    e->settled_day = d->day;
    e->late = !e->reading && rules_late(e->due, d->day, d->t->at);
    e->asked_due = INSTANT_NONE;
    if (str_eqc(e->progress, "长期坚持")) {
        struct civil c = date_civil(d->day);
        bool leap = c.month == 2 && c.day == 29;
        e->look_back_day = date_day(c.year + 1, c.month, leap ? 28 : c.day);
    }
    return true;
}

static bool apply_reopen(struct deed *d, struct err *err)
{
    struct entry *e = d->after, parent;
    bool found;
    e->settled_day = DAY_NONE;
    e->look_back_day = DAY_NONE;
    e->late = false;
    if (!e->parent_id)
        return true;
    if (!entry_by_id(d->t->db, d->t->arena, e->office_id, e->parent_id, &parent, &found, err))
        return false;
    if (found && !entry_state_open(parent.state))    /* or a settled parent would have an open part */
        return err_fail(err, ERR_CONFLICT, M_ENTRY_PARENT_ENDED, NULL, A_STR(parent.number));
    return true;
}

/* Where the paper lies is no part of the record: it may come back long after the entry was settled. */
static bool only_paper(const struct intent *i)
{
    uint64_t paper = FIELD_BIT(F_PAPER_WHERE) | FIELD_BIT(F_PAPER_OUT) | FIELD_BIT(F_PAPER_BACK);
    return (i->said & paper) && !(i->said & ~(paper | FIELD_BIT(F_TEXT) | FIELD_BIT(F_DAY) | FIELD_BIT(F_RECORDED_FOR) | FIELD_BIT(F_VERSION)));
}

static bool apply_amend(struct deed *d, struct err *err)
{
    const struct entry *e = d->after;
    if (!entry_state_open(e->state) && d->i->corrects == 0 && !only_paper(d->i))
        return err_fail(err, ERR_INPUT, M_ENTRY_CORRECTS_MISSING, "corrects", A_STR(e->number));
    if (d->i->corrects > e->version)
        return err_fail(err, ERR_INPUT, M_ENTRY_CORRECTS_UNKNOWN, "corrects", A_STR(e->number), A_INT(e->version));
    return true;
}

static bool apply(struct deed *d, struct err *err)
{
    switch (d->verb) {
    case VERB_SETTLE: return apply_settle(d, err);
    case VERB_REOPEN: return apply_reopen(d, err);
    case VERB_EXTEND: return extend_decide(d->before, d->after, d->i, d->sides & SIDE_SECTION, err);
    case VERB_AMEND: return apply_amend(d, err);
    case VERB_FEEDBACK:                          /* a reading item is circulated with one stroke */
        if (d->before->reading || d->i->text.n || (d->i->said & FIELD_BIT(F_PROGRESS)))
            return true;
        return err_fail(err, ERR_INPUT, M_ENTRY_MISSING, "text", A_MSG(M_FIELD_TEXT));
    case VERB_ASSIGN:                            /* what one unit asked for is not another's */
        if (d->after->lead_id != d->before->lead_id)
            d->after->asked_due = INSTANT_NONE;
        return true;
    case VERB_WITHDRAW: d->after->asked_due = INSTANT_NONE; return true;
    default: return true;
    }
}

/* 代录: whose words the section wrote down; the lead unit's unless it says otherwise, a leader's for a reading item. */
static bool recorded_for(struct deed *d, struct err *err)
{
    const struct entry *e = d->before;
    struct party p;
    bool found;
    if (d->i->recorded_for.n)
        return (d->sides & SIDE_SECTION) || err_fail(err, ERR_DENIED, M_ENTRY_ONLY_SECTION_RECORDS, "recorded_for");
    if (!rules_for_unit(d->verb) || d->verb == VERB_EXTEND || !(d->sides & SIDE_SECTION))
        return true;
    int64_t whose = e->reading ? e->leader_id : e->lead_id == e->section_id ? 0 : e->lead_id;
    if (whose == 0)
        return true;
    if (!party_by_id(d->t->db, d->t->arena, e->office_id, whose, &p, &found, err))
        return false;
    d->i->recorded_for = found ? p.name : STR("");
    return true;
}

static bool decide_act(struct deed *d, struct lookup *names, const struct entry_input *in, struct err *err)
{
    const struct entry *b = d->before;
    enum entry_state to;
    d->sides = rules_sides(d->actor, b);
    if (!rules_move(b, d->verb, d->sides, b->lead_id == b->section_id, &to, err))
        return false;
    if (!input_read(names, d->verb, in, d->t->at, d->after, d->i, NULL, err))
        return false;
    if (d->i->version && d->i->version != b->version)
        return err_fail(err, ERR_CONFLICT, M_ENTRY_CHANGED_MEANWHILE, NULL, A_STR(b->number));
    if (!day_of(d, b->last_day, err) || !recorded_for(d, err) || !lists_keep_retired(names, b, d->after, err))
        return false;
    d->t->deputy_of = rules_stead(d->actor, b, d->verb);
    struct entry moved = *d->after;              /* the state before, the lead after: an assignment may make it the section's own */
    if (!rules_move(&moved, d->verb, d->sides, moved.lead_id == moved.section_id, &d->after->state, err))
        return false;
    return apply(d, err);
}

/* 撤销立项 takes the open parts along. Decided whole before anything is written; parts come before what they are parts of. */
enum { CASCADE_MAX = 1000 };
struct cascade { struct entry before[2]; struct intent i; };

static bool decide_parts(const struct deed *d, const struct entry *parent, struct cascade **list, size_t *n, size_t *cap, struct err *err)
{
    struct part_ids_row *rows;
    size_t n_rows;
    bool found;
    if (parent->open_parts == 0)
        return true;
    if (!q_part_ids(d->t->db, d->t->arena, &(struct part_ids_in){ parent->office_id, parent->id }, &rows, &n_rows, err))
        return false;
    for (size_t k = 0; k < n_rows; k++) {
        struct cascade c = { .i = *d->i };
        struct entry *b = &c.before[0], *after = &c.before[1];
        if (!entry_by_id(d->t->db, d->t->arena, parent->office_id, rows[k].id, b, &found, err))
            return false;
        if (!found || !entry_state_open(b->state))
            continue;
        *after = *b;
        if (!rules_move(b, VERB_WITHDRAW, rules_sides(d->actor, b), b->lead_id == b->section_id, &after->state, err) ||
            !act_day_check(d->t->db, b->office_id, d->day, d->t->today, b->last_day, err) || !decide_parts(d, b, list, n, cap, err))
            return false;
        if (*n == CASCADE_MAX)
            return err_fail(err, ERR_LIMIT, M_ENTRY_SPLIT_MANY, NULL, A_INT(CASCADE_MAX));
        after->asked_due = INSTANT_NONE;
        after->open_parts = 0;
        arena_push(d->t->arena, *list, *n, *cap) = c;
    }
    return true;
}

static bool put_with_parts(struct deed *d, struct err *err)
{
    struct cascade *list = NULL;
    size_t n = 0, cap = 0;
    if (d->verb == VERB_WITHDRAW && !decide_parts(d, d->before, &list, &n, &cap, err))
        return false;
    for (size_t k = 0; k < n; k++) {
        struct deed part = { .t = d->t, .actor = d->actor, .before = &list[k].before[0], .after = &list[k].before[1], .i = &list[k].i, .verb = VERB_WITHDRAW,
                             .day = d->day };
        if (!put(&part, err))
            return false;
    }
    if (n)
        d->after->open_parts = 0;
    return put(d, err);
}

bool entry_act_would(struct txn *t, const struct actor *actor, struct str number, enum entry_verb verb, const struct entry_input *in,
                     struct entry *before, struct entry *after, struct err *err)
{
    struct lookup names = { .db = t->db, .arena = t->arena, .actor = actor };
    struct intent i;
    if (!entry_fetch(t->db, t->arena, actor, number, before, err))
        return false;
    *after = *before;
    struct deed d = { .t = t, .actor = actor, .before = before, .after = after, .i = &i, .verb = verb };
    return decide_act(&d, &names, in, err);
}

bool entry_act(struct txn *t, const struct actor *actor, struct str number, enum entry_verb verb, const struct entry_input *in, struct entry *ret,
               struct err *err)
{
    struct lookup names = { .db = t->db, .arena = t->arena, .actor = actor };
    struct entry before, after;
    struct intent i;
    if (!entry_fetch(t->db, t->arena, actor, number, &before, err))
        return false;
    after = before;
    struct deed d = { .t = t, .actor = actor, .before = &before, .after = &after, .i = &i, .verb = verb };
    if (!decide_act(&d, &names, in, err) || !put_with_parts(&d, err))
        return false;
    *ret = after;
    return true;
}

bool entry_unmask(struct txn *t, const struct actor *actor, struct str number, struct str reason, struct str *contact, struct err *err)
{
    struct entry e;
    struct str clear = STR("");
    if (!entry_fetch(t->db, t->arena, actor, number, &e, err))
        return false;
    if (e.contact.p && !seal_open(t->store, t->db, t->arena, e.office_id, contact_place(e.id), e.contact, &clear, err))
        return false;
    if (!entry_act(t, actor, number, VERB_UNMASK, &(struct entry_input){ .text = reason.p ? reason : STR("") }, &e, err))
        return false;
    *contact = clear;
    return true;
}

bool entry_mark_carried(struct txn *t, int64_t entry_id, struct err *err)
{
    return q_entry_carry(t->db, &(struct entry_carry_in){ t->office_id, entry_id }, NULL, err);
}

/* --- a row of an imported file ------------------------------------------------------------------------------------------------------------------- */

static bool check_ended(struct txn *t, const struct actor *actor, const struct imported *row, struct err *err)
{
    bool ends = row->state == STATE_SETTLED || row->state == STATE_ARCHIVED || row->state == STATE_WITHDRAWN;
    const struct entry *e = &row->entry;
    if (ends && row->ended == DAY_NONE)
        return err_fail(err, ERR_INPUT, M_ENTRY_MISSING, "settled", A_MSG(M_FIELD_SETTLED));
    if (!ends && row->ended != DAY_NONE)
        return err_fail(err, ERR_INPUT, M_ENTRY_SETTLED_BUT_OPEN, "settled", A_MSG(entry_state_msg(row->state, e->reading)));
    if (ends && row->ended < e->day)
        return err_fail(err, ERR_INPUT, M_ENTRY_SETTLED_EARLY, "settled", A_DAY(e->day));
    if (ends && !act_day_check(t->db, actor->office_id, row->ended, t->today, e->day, err)) {
        if (err && err->kind == ERR_INPUT)
            snprintf(err->field, sizeof err->field, "settled");
        return false;
    }
    if (e->reading && !ends && row->state != STATE_NONE && row->state != STATE_ACTIVE)
        return err_fail(err, ERR_INPUT, M_ENTRY_STATE_NOT_FOR_READING, "state", A_MSG(entry_state_msg(row->state, false)));
    return true;
}

bool import_decide(struct txn *t, const struct actor *actor, struct lookup *names, struct imported *row, struct problems *problems,
                   struct err *err)
{
    struct err e = { 0 };
    unsigned sides = actor->section_id && actor_is(actor, ROLE_SECTION) ? SIDE_SECTION : 0;
    struct deed d = { .t = t, .actor = actor, .after = &row->entry, .i = &row->intent, .verb = VERB_REGISTER, .sides = sides };
    if (!decide_register(&d, names, &row->input, problems, err))
        return false;
    if (row->state == STATE_PENDING && row->entry.state == STATE_ACTIVE)
        row->state = STATE_ACTIVE;               /* the section's own and reading items wait for nobody */
    return check_ended(t, actor, row, &e) || note(problems, err, &e);
}

/* The act that brought an imported row where it is. */
static enum entry_verb verb_to(enum entry_state s)
{
    switch (s) {
    case STATE_ACTIVE: return VERB_ACCEPT;
    case STATE_RETURNED: return VERB_RETURN;
    case STATE_REVIEW: return VERB_SUBMIT;
    case STATE_SUSPENDED: return VERB_SUSPEND;
    case STATE_WITHDRAWN: return VERB_WITHDRAW;
    case STATE_ARCHIVED: return VERB_ARCHIVE;
    default: return VERB_SETTLE;
    }
}

static bool import_step(struct deed *d, enum entry_state to, day_t day, struct err *err)
{
    struct entry before = *d->after;
    struct intent i = { .text = to == STATE_SETTLED ? before.result : STR(""), .recorded_for = STR(""), .leader_word = STR(""),
                        .deadline_phrase = STR(""), .reported_on = DAY_NONE, .grant = -1, .asked = INSTANT_NONE };
    struct deed step = { .t = d->t, .actor = d->actor, .before = &before, .after = d->after, .i = &i, .verb = verb_to(to), .day = day };
    d->after->state = to;
    if (to == STATE_SETTLED) {
        d->after->settled_day = day;
        d->after->late = !before.reading && rules_late(before.due, day, d->t->at);
    }
    return put(&step, err);
}

bool import_put(struct txn *t, const struct actor *actor, struct imported *row, struct err *err)
{
    struct entry *e = &row->entry;
    struct deed d = { .t = t, .actor = actor, .after = e, .i = &row->intent, .verb = VERB_REGISTER, .day = e->day };
    day_t day = row->ended == DAY_NONE ? e->day : row->ended;
    if (!put_new(&d, err))
        return false;
    if (row->number.n && !str_eq(row->number, e->number))
        return err_fail(err, ERR_CONFLICT, M_ENTRY_NUMBER_GAP, "number", A_STR(row->number), A_STR(e->number));
    if (row->state == STATE_NONE || row->state == e->state)
        return true;
    if (row->state == STATE_ARCHIVED && !import_step(&d, STATE_SETTLED, day, err))
        return false;
    return import_step(&d, row->state, day, err);
}

/* --- counted again ------------------------------------------------------------------------------------------------------------------------- */

bool entry_counted(struct db *db, struct arena *a, int64_t office_id, struct str edition, struct entry_counted **ret, size_t *n, struct err *err)
{
    struct deadline_counted_row *rows;
    if (!q_deadline_counted(db, a, &(struct deadline_counted_in){ office_id, edition }, &rows, n, err))
        return false;
    *ret = arena_array(a, struct entry_counted, *n + 1);
    for (size_t i = 0; i < *n; i++)
        (*ret)[i] = (struct entry_counted){
            .entry_id = rows[i].entry_id, .number = rows[i].number, .title = rows[i].title, .unit = str_eqc(rows[i].whose, "unit"),
            .anchor = instant_day(rows[i].anchor), .days = (int)rows[i].days, .confirmed = rows[i].confirmed_by != 0, .due = rows[i].due,
            .unit_due = rows[i].unit_due,
        };
    return true;
}

static bool put_edition(struct txn *t, const struct entry *e, const struct entry_redate *r, struct str edition, struct err *err)
{
    const struct deadline_move_in ours = { e->office_id, e->id, STR("ours"), e->due, edition }, units = { e->office_id, e->id, STR("unit"), e->unit_due, edition };
    return (!r->ours || q_deadline_move(t->db, &ours, NULL, err)) && (!r->units || q_deadline_move(t->db, &units, NULL, err));
}

bool entry_redate(struct txn *t, const struct entry_redate *what, size_t n, struct str reason, struct str edition, int64_t *moved, struct err *err)
{
    struct entry *before = arena_array(t->arena, struct entry, n + 1);
    struct intent i = { .text = reason, .recorded_for = STR(""), .leader_word = STR(""), .deadline_phrase = STR(""), .reported_on = DAY_NONE,
                        .grant = -1, .asked = INSTANT_NONE };
    struct actor nobody = { .office_id = t->office_id, .member_id = t->actor_id };
    bool found;
    *moved = 0;
    for (size_t k = 0; k < n; k++)               /* all is decided before anything is written */
        if (!entry_by_id(t->db, t->arena, t->office_id, what[k].entry_id, &before[k], &found, err) || !found ||
            !act_day_check(t->db, t->office_id, t->today, t->today, before[k].last_day, err))
            return found ? false : err_fail(err, ERR_CORRUPT, M_ENTRY_NOT_FOUND, NULL, A_INT(what[k].entry_id));
    for (size_t k = 0; k < n; k++) {
        struct entry after = before[k];
        struct deed d = { .t = t, .actor = &nobody, .before = &before[k], .after = &after, .i = &i, .verb = VERB_AMEND, .day = t->today,
                          .edition = edition };
        after.due = what[k].due;
        after.unit_due = what[k].unit_due;
        bool moves = after.due != before[k].due || after.unit_due != before[k].unit_due;
        if ((moves && !put(&d, err)) || !put_edition(t, &after, &what[k], edition, err))
            return false;
        *moved += moves;
    }
    return true;
}

/* --- another officer --------------------------------------------------------------------------------------------------------------------------- */

bool entry_hand_over(struct txn *t, const struct actor *actor, const int64_t *ids, size_t n, int64_t from, int64_t to, struct str text,
                     int64_t *versions, struct err *err)
{
    struct entry *before = arena_array(t->arena, struct entry, n + 1);
    struct intent i = { .text = text, .recorded_for = STR(""), .leader_word = STR(""), .deadline_phrase = STR(""), .reported_on = DAY_NONE,
                        .grant = -1, .asked = INSTANT_NONE };
    bool found;
    for (size_t k = 0; k < n; k++) {             /* all is decided before anything is written */
        if (!entry_by_id(t->db, t->arena, t->office_id, ids[k], &before[k], &found, err))
            return false;
        if (!found || before[k].officer_id != from || !entry_state_open(before[k].state))
            return err_fail(err, ERR_CONFLICT, M_ENTRY_CHANGED_MEANWHILE, NULL, A_STR(found ? before[k].number : STR("")));
        if (!act_day_check(t->db, t->office_id, t->today, t->today, before[k].last_day, err))
            return false;
    }
    for (size_t k = 0; k < n; k++) {
        struct entry after = before[k];
        struct deed d = { .t = t, .actor = actor, .before = &before[k], .after = &after, .i = &i, .verb = VERB_AMEND, .day = t->today };
        after.officer_id = to;
        if (!put(&d, err))
            return false;
        versions[k] = after.version;
    }
    return true;
}
