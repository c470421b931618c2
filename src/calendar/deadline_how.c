/* How a deadline was read, as a message and its arguments. */
#include "base/tr.h"
#include "calendar/deadline.h"

static int why(const struct deadline *d, struct arg args[4], int *n)
{
    if (!d->why.kind)
        return d->notes & DEADLINE_OWN_LIMIT ? M_CALENDAR_DEADLINE_OWN_LIMIT : M_CALENDAR_DEADLINE_NOT_ONE;
    *n = d->why.n_args;
    for (int i = 0; i < *n; i++)
        args[i] = (struct arg){ d->why.arg[i].kind, str_c(d->why.arg[i].s), d->why.arg[i].i };
    return d->why.msg;
}

int deadline_how(const struct deadline *d, const struct deadline_ask *ask, struct arg args[4], int *n)
{
    static const int FROM[] = { [UNIT_MINUTE] = M_CALENDAR_DEADLINE_MINUTES, [UNIT_HOUR] = M_CALENDAR_DEADLINE_HOURS, [UNIT_DAY] = M_CALENDAR_DEADLINE_DAYS,
                                [UNIT_WORKDAY] = M_CALENDAR_DEADLINE_WORKDAYS, [UNIT_WEEK] = M_CALENDAR_DEADLINE_WEEKS, [UNIT_MONTH] = M_CALENDAR_DEADLINE_MONTHS,
                                [UNIT_YEAR] = M_CALENDAR_DEADLINE_YEARS };
    static const int BEFORE[] = { [UNIT_DAY] = M_CALENDAR_DEADLINE_DAYS_BEFORE, [UNIT_WORKDAY] = M_CALENDAR_DEADLINE_WORKDAYS_BEFORE,
                                  [UNIT_WEEK] = M_CALENDAR_DEADLINE_WEEKS_BEFORE };
    (void)ask;
    *n = 0;
    if (d->kind == DEADLINE_NONE)
        return why(d, args, n);
    if (d->kind == DEADLINE_RECURRING)
        return M_CALENDAR_DEADLINE_RECURS;
    if (d->counted == DEADLINE_GIVEN)
        return M_CALENDAR_DEADLINE_GIVEN;
    args[0] = d->kind == DEADLINE_INSTANT ? A_INSTANT(d->anchor) : A_DAY(instant_day(d->anchor));
    args[1] = A_INT(d->n < 0 ? -d->n : d->n);
    *n = 2;
    return d->half ? M_CALENDAR_DEADLINE_HALF : d->n < 0 ? BEFORE[d->unit] : FROM[d->unit];
}
