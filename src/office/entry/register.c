/* Registering: decided whole before the number is taken. */
#include "calendar/date.h"
#include "messages.h"
#include "office/entry/deed.h"

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

bool deed_note(struct problems *problems, struct err *err, const struct err *e)
{
    if (problems)
        problems_add(problems, e);
    if (err)
        *err = *e;
    return false;
}

bool deed_day(struct deed *d, day_t last_day, struct err *err)
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

bool deed_register(struct deed *d, struct lookup *names, const struct entry_input *in, struct problems *problems, struct err *err)
{
    struct entry *e = d->after;
    struct err e1 = { 0 };
    enum entry_state to;
    *e = entry_blank();
    e->office_id = d->actor->office_id;
    e->section_id = d->actor->section_id;
    e->created_by = d->t->actor_id;
    if (!rules_move(e, VERB_REGISTER, d->sides, false, &to, &e1))
        return deed_note(problems, err, &e1);
    bool ok = input_read(names, VERB_REGISTER, in, d->t->at, e, d->i, problems, err);
    if (!deed_day(d, DAY_NONE, &e1) || (e1.kind == ERR_NONE && !find_parent(d, e, &e1)))
        return deed_note(problems, ok ? err : NULL, &e1);
    if (!ok)
        return false;
    if (e->received_at != INSTANT_NONE && instant_day(e->received_at) > d->day) {
        err_fail(&e1, ERR_INPUT, M_ENTRY_RECEIVED_AFTER_DAY, "received", A_DAY(d->day));
        return deed_note(problems, err, &e1);
    }
    e->day = d->day;
    if (!(d->i->said & FIELD_BIT(F_OFFICER)) && !str_eqc(d->actor->login, "console"))
        e->officer_id = d->actor->member_id;
    return rules_move(e, VERB_REGISTER, d->sides, e->lead_id == e->section_id, &e->state, err);
}

bool deed_number(struct deed *d, struct err *err)
{
    struct entry *e = d->after;
    int64_t n;
    int year = date_civil(e->day).year;
    if (!txn_series_next(d->t, entry_series(e->reading, e->kind), year, &n, err))
        return false;
    e->id = txn_next_id(d->t);
    e->number = entry_number(d->t->arena, e->reading, e->kind, year, n);
    return true;
}

static bool put_new(struct deed *d, struct err *err) { return deed_number(d, err) && deed_put(d, err); }

bool entry_register(struct txn *t, const struct actor *actor, const struct entry_input *in, struct entry *ret, struct problems *problems,
                    struct err *err)
{
    struct lookup names = { .db = t->db, .arena = t->arena, .actor = actor };
    struct entry e;
    struct intent i;
    unsigned sides = actor->section_id && actor_is(actor, ROLE_SECTION) ? SIDE_SECTION : 0;
    struct deed d = { .t = t, .actor = actor, .after = &e, .i = &i, .verb = VERB_REGISTER, .sides = sides };
    t->deputy_of = 0;                            /* into one's own section, so in person */
    if (!deed_register(&d, &names, in, problems, err) || !put_new(&d, err))
        return false;
    *ret = e;
    return true;
}
