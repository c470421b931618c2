/* How a deadline was read, as a sentence. */
#include "base/tr.h"
#include "calendar/deadline.h"

int deadline_how(const struct deadline *d, const struct deadline_ask *ask, struct arg args[4], int *n)
{
    (void)ask;
    *n = 0;
    if (d->kind == DEADLINE_NONE)
        return d->why.kind ? d->why.msg : d->notes & DEADLINE_OWN_LIMIT ? M_CALENDAR_DEADLINE_OWN_LIMIT : M_CALENDAR_DEADLINE_NOT_ONE;
    if (d->counted != DEADLINE_GIVEN) {
        static const int COUNTED[] = { [UNIT_MINUTE] = M_CALENDAR_DEADLINE_MINUTES, [UNIT_HOUR] = M_CALENDAR_DEADLINE_HOURS, [UNIT_DAY] = M_CALENDAR_DEADLINE_DAYS,
                                       [UNIT_WORKDAY] = M_CALENDAR_DEADLINE_WORKDAYS, [UNIT_WEEK] = M_CALENDAR_DEADLINE_WEEKS,
                                       [UNIT_MONTH] = M_CALENDAR_DEADLINE_MONTHS, [UNIT_YEAR] = M_CALENDAR_DEADLINE_YEARS };
        args[(*n)++] = A_DAY(instant_day(d->anchor));
        args[(*n)++] = A_INT(d->n);
        return COUNTED[d->unit];
    }
    return d->kind == DEADLINE_RECURRING ? M_CALENDAR_DEADLINE_RECURS : M_CALENDAR_DEADLINE_GIVEN;
}
