/* Writing what was decided: entry, sets, stand, deadlines, history, journal, and the hooks of other slices. */
#include "messages.h"
#include "office/entry/deed.h"
#include "office/slice.h"
#include "store/journal.h"

enum { SEEN_BY_MAX = ENTRY_ASSISTS_MAX + 4 };

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
    const struct phrase_read *read = &d->i->phrase;
    bool by_words = read->due == due && str_eqc(whose, "ours");
    const struct deadline_put_in in = {
        .office_id = e->office_id, .entry_id = e->id, .whose = whose, .phrase = d->i->deadline_phrase,
        .anchor = by_words && read->anchor != INSTANT_NONE ? read->anchor : e->received_at, .kind = is_day ? STR("date") : STR("instant"), .due = due,
        .strict = by_words ? read->strict : due, .counted = by_words ? read->counted : STR("given"), .edition = by_words ? read->edition : STR(""),
        .confirmed_by = by_words && read->alone ? 0 : d->t->actor_id, .days = by_words ? read->days : 0,
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

bool deed_tell(const struct deed *d, const struct act *act, struct err *err)
{
    for (const struct slice *const *s = slices; *s; s++)
        if ((*s)->on_entry_change && !(*s)->on_entry_change(d->t, d->before, d->after, act, err))
            return false;
    return true;
}

struct seal_place entry_contact_place(int64_t entry_id) { return (struct seal_place){ "entry.contact", entry_id }; }

bool deed_record(struct deed *d, struct act *act, struct err *err)
{
    struct entry *e = d->after;
    *act = (struct act){
        .at = d->t->at, .day = d->day, .actor_id = d->t->actor_id, .deputy_of = d->t->deputy_of, .verb = d->verb, .recorded_for = d->i->recorded_for,
        .from = d->before ? d->before->state : STATE_NONE, .to = e->state, .text = d->i->text, .corrects = d->i->corrects,
        .actor_name = d->actor->name,
    };
    e->version++;
    e->last_day = d->day;
    act->n = e->version;
    if (d->i->contact.p && !seal_text(d->t, SEAL_SCOPE_OFFICE, entry_contact_place(e->id), d->i->contact.n ? d->i->contact : STR_NULL, &e->contact, err))
        return false;
    struct lookup names = { .db = d->t->db, .arena = d->t->arena, .actor = d->actor };
    return change_shown(&names, d->before, e, d->i, &act->change, err) && put_journal(d, &act->journal_seq, err) && put_act(d, act, err) &&
           put_parent(d, err);
}

bool deed_rows(const struct deed *d, struct err *err)
{
    const struct entry_row row = entry_to_row(d->after);
    return q_entry_put(d->t->db, &row, NULL, err) && put_stand(d, err) && put_lists(d, err) && put_assists(d, err) && put_deadlines(d, err);
}

bool deed_put(struct deed *d, struct err *err)
{
    struct act *act = arena_new(d->t->arena, struct act);
    if (!deed_record(d, act, err))
        return false;
    d->after->act = act;
    return deed_rows(d, err) && deed_tell(d, act, err);
}
