/* Who may stand in for whom, and when; nothing here reads or writes. */
#include "messages.h"
#include "office/deputy/inside.h"

/* Own rights only: a deputy makes no further deputies. */
bool deputy_may_make(const struct actor *actor, const struct member *absent)
{
    if (actor->member_id == absent->id || (actor->roles & ROLE_ADMIN))
        return true;
    return (actor->roles & ROLE_CHIEF) && (absent->roles & ROLE_SECTION) && absent->home_id == actor->section_id;
}

bool deputy_days(day_t today, day_t from, day_t to, struct err *err)
{
    if (from < today)
        return err_fail(err, ERR_INPUT, M_DEPUTY_PAST, "from");
    if (to < from)
        return err_fail(err, ERR_INPUT, M_PEOPLE_BAD_SPAN, "to");
    if (from > today + DEPUTY_AHEAD_MAX)
        return err_fail(err, ERR_INPUT, M_DEPUTY_FAR, "from");
    return to - from < DEPUTY_DAYS_MAX || err_fail(err, ERR_INPUT, M_DEPUTY_LONG, "to", A_INT(DEPUTY_DAYS_MAX));
}

bool deputy_fits(const struct member *absent, const struct member *deputy, struct err *err)
{
    static const unsigned SIDES[] = { ROLE_SECTION, ROLE_LEADER, ROLE_LIAISON };
    const struct member *both[] = { absent, deputy };
    if (absent->id == deputy->id)
        return err_fail(err, ERR_INPUT, M_PEOPLE_OWN_DEPUTY, "deputy");
    for (int i = 0; i < 2; i++)
        if (both[i]->disabled)
            return err_fail(err, ERR_INPUT, M_PEOPLE_MEMBER_DISABLED, i ? "deputy" : "absent", A_STR(both[i]->name));
    for (size_t i = 0; i < ARRAY_LEN(SIDES); i++)
        if ((absent->roles & SIDES[i]) && (deputy->roles & SIDES[i]))
            return SIDES[i] != ROLE_LIAISON || absent->home_id == deputy->home_id ||
                   err_fail(err, ERR_INPUT, M_DEPUTY_OTHER_UNIT, "deputy", A_STR(deputy->name), A_STR(absent->name));
    return err_fail(err, ERR_INPUT, M_DEPUTY_OTHER_SIDE, "deputy", A_STR(deputy->name), A_STR(absent->name));
}

bool deputy_free(const struct member *absent, const struct member *deputy, day_t from, day_t to, const struct deputy *others, size_t n, struct err *err)
{
    int stands = 0;
    for (size_t i = 0; i < n; i++) {
        const struct deputy *o = &others[i];
        if (o->ended_at != INSTANT_NONE || o->from > to || o->to < from)
            continue;
        if (o->for_id == absent->id)
            return err_fail(err, ERR_CONFLICT, M_DEPUTY_TAKEN, "from", A_STR(absent->name), A_STR(o->name), A_DAY(o->from), A_DAY(o->to));
        if (o->for_id == deputy->id)
            return err_fail(err, ERR_CONFLICT, M_DEPUTY_AWAY, "deputy", A_STR(deputy->name), A_STR(o->name), A_DAY(o->from), A_DAY(o->to));
        if (o->member_id == absent->id)
            return err_fail(err, ERR_CONFLICT, M_DEPUTY_STANDS, "absent", A_STR(absent->name), A_STR(o->for_name), A_DAY(o->from), A_DAY(o->to));
        if (o->member_id == deputy->id && ++stands == DEPUTY_AT_ONCE_MAX)
            return err_fail(err, ERR_LIMIT, M_DEPUTY_MANY, "deputy", A_STR(deputy->name), A_INT(DEPUTY_AT_ONCE_MAX));
    }
    return true;
}

enum deputy_state deputy_state_on(day_t from, day_t to, bool ended, day_t today)
{
    return ended || to < today ? DEPUTY_OVER : from > today ? DEPUTY_FUTURE : DEPUTY_CURRENT;
}
