/* A later act: decided whole, then written whole. Everything before deed_put() only reads; a refusal has nothing to undo. */
#include "calendar/date.h"
#include "messages.h"
#include "office/entry/deed.h"

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
    if (!deed_day(d, b->last_day, err) || !recorded_for(d, err) || !lists_keep_retired(names, b, d->after, err))
        return false;
    d->t->deputy_of = rules_stead(d->actor, b, d->verb);
    struct entry moved = *d->after;              /* the state before, the lead after: an assignment may make it the section's own */
    if (!rules_move(&moved, d->verb, d->sides, moved.lead_id == moved.section_id, &d->after->state, err))
        return false;
    return apply(d, err);
}

/* 撤销立项 takes the open parts along. Decided whole before anything is written; parts come before what they are parts of. */
enum { CASCADE_MAX = 1000 };
struct cascade { struct entry before, after; struct intent i; };

struct cascades { struct cascade **list; size_t n, cap, found; };       /* found: also those whose own parts are still being looked for */

/* Parts of parts, to any depth: so nothing large lies on the stack, and those on the way count. */
static bool decide_parts(const struct deed *d, const struct entry *parent, struct cascades *all, struct err *err)
{
    struct part_ids_row *rows;
    size_t n_rows;
    bool found;
    if (parent->open_parts == 0)
        return true;
    if (!q_part_ids(d->t->db, d->t->arena, &(struct part_ids_in){ parent->office_id, parent->id }, &rows, &n_rows, err))
        return false;
    for (size_t k = 0; k < n_rows; k++) {
        struct cascade *c = arena_new(d->t->arena, struct cascade);
        struct entry *b = &c->before, *after = &c->after;
        c->i = *d->i;
        if (!entry_by_id(d->t->db, d->t->arena, parent->office_id, rows[k].id, b, &found, err))
            return false;
        if (!found || !entry_state_open(b->state))
            continue;
        if (++all->found > CASCADE_MAX)
            return err_fail(err, ERR_LIMIT, M_ENTRY_SPLIT_MANY, NULL, A_INT(CASCADE_MAX));
        *after = *b;
        if (!(rules_sides(d->actor, b) & SIDE_CHIEF))
            return err_fail(err, ERR_CONFLICT, M_ENTRY_PART_ELSEWHERE, NULL, A_STR(parent->number), A_STR(b->number));
        if (!rules_move(b, VERB_WITHDRAW, rules_sides(d->actor, b), b->lead_id == b->section_id, &after->state, err) ||
            !act_day_check(d->t->db, b->office_id, d->day, d->t->today, b->last_day, err) || !decide_parts(d, b, all, err))
            return false;
        after->asked_due = INSTANT_NONE;
        after->open_parts = 0;
        arena_push(d->t->arena, all->list, all->n, all->cap) = c;
    }
    return true;
}

static bool put_with_parts(struct deed *d, struct err *err)
{
    struct cascades all = { 0 };
    if (d->verb == VERB_WITHDRAW && !decide_parts(d, d->before, &all, err))
        return false;
    for (size_t k = 0; k < all.n; k++) {
        struct cascade *c = all.list[k];
        struct deed part = { .t = d->t, .actor = d->actor, .before = &c->before, .after = &c->after, .i = &c->i, .verb = VERB_WITHDRAW, .day = d->day };
        if (!deed_put(&part, err))
            return false;
    }
    if (all.n)
        d->after->open_parts = 0;
    return deed_put(d, err);
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

bool entry_would(struct txn *t, const struct actor *actor, struct lookup *names, const struct entry *before, enum entry_verb verb,
                 const struct entry_input *in, struct entry *would, struct err *err)
{
    struct entry after = *before;
    struct intent i;
    struct deed d = { .t = t, .actor = actor, .before = before, .after = &after, .i = &i, .verb = verb };
    if (!decide_act(&d, names, in, err))
        return false;
    *would = after;
    return true;
}

bool entry_unmask(struct txn *t, const struct actor *actor, struct str number, struct str reason, struct str *contact, struct err *err)
{
    struct entry e;
    struct str clear = STR("");
    if (!entry_fetch(t->db, t->arena, actor, number, &e, err))
        return false;
    if (e.contact.p && !seal_open(t->store, t->db, t->arena, e.office_id, entry_contact_place(e.id), e.contact, &clear, err))
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
