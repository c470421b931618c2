/* How a deadline was read: as a sentence, and for programs. */
#include "calendar/deadline.h"

static void why(struct buf *b, enum lang lang, const struct deadline *d)
{
    if (d->why.kind)
        tr_err(b, lang, &d->why);
    else
        tr(b, lang, d->notes & DEADLINE_OWN_LIMIT ? M_CALENDAR_DEADLINE_OWN_LIMIT : M_CALENDAR_DEADLINE_NOT_ONE, NULL, 0);
}

/* 自5月9日起半年; 自5月9日起1个月又半个月. */
static void half(struct buf *b, enum lang lang, const struct deadline *d, struct arg from)
{
    static const struct { int whole, half; } UNIT[] = {
        [UNIT_HOUR] = { M_CALENDAR_N_HOURS, M_CALENDAR_HALF_HOUR }, [UNIT_DAY] = { M_CALENDAR_N_DAYS, M_CALENDAR_HALF_DAY },
        [UNIT_WORKDAY] = { M_CALENDAR_N_WORKDAYS, M_CALENDAR_HALF_DAY }, [UNIT_WEEK] = { M_CALENDAR_N_WEEKS, M_CALENDAR_HALF_WEEK },
        [UNIT_MONTH] = { M_CALENDAR_N_MONTHS, M_CALENDAR_HALF_MONTH }, [UNIT_YEAR] = { M_CALENDAR_N_YEARS, M_CALENDAR_HALF_YEAR },
        [UNIT_MINUTE] = { M_CALENDAR_N_MINUTES, M_CALENDAR_HALF_MINUTE },
    };
    struct buf whole _cleanup_(buf_release) = BUF_INIT;
    struct arg n = A_INT(d->n);
    tr(&whole, lang, UNIT[d->unit].whole, &n, 1);
    const struct arg args[] = { from, A_MSG(UNIT[d->unit].half), A_STR(buf_view(&whole)) };
    tr(b, lang, d->n ? M_CALENDAR_DEADLINE_AND_HALF : M_CALENDAR_DEADLINE_HALF, args, d->n ? 3 : 2);
}

void deadline_how(struct buf *b, enum lang lang, const struct deadline *d)
{
    static const int FROM[] = { [UNIT_MINUTE] = M_CALENDAR_DEADLINE_MINUTES, [UNIT_HOUR] = M_CALENDAR_DEADLINE_HOURS, [UNIT_DAY] = M_CALENDAR_DEADLINE_DAYS,
                                [UNIT_WORKDAY] = M_CALENDAR_DEADLINE_WORKDAYS, [UNIT_WEEK] = M_CALENDAR_DEADLINE_WEEKS, [UNIT_MONTH] = M_CALENDAR_DEADLINE_MONTHS,
                                [UNIT_YEAR] = M_CALENDAR_DEADLINE_YEARS };
    static const int BEFORE[] = { [UNIT_DAY] = M_CALENDAR_DEADLINE_DAYS_BEFORE, [UNIT_WORKDAY] = M_CALENDAR_DEADLINE_WORKDAYS_BEFORE,
                                  [UNIT_WEEK] = M_CALENDAR_DEADLINE_WEEKS_BEFORE };
    if (d->kind == DEADLINE_NONE) {
        why(b, lang, d);
    } else if (d->kind == DEADLINE_RECURRING) {
        recur_say(b, lang, &d->recur);
    } else if (d->counted == DEADLINE_GIVEN) {
        tr(b, lang, M_CALENDAR_DEADLINE_GIVEN, NULL, 0);
    } else {
        const struct arg args[] = { d->kind == DEADLINE_INSTANT ? A_INSTANT(d->anchor) : A_DAY(instant_day(d->anchor)), A_INT(d->n < 0 ? -d->n : d->n) };
        if (d->half)
            half(b, lang, d, args[0]);
        else
            tr(b, lang, d->n < 0 ? BEFORE[d->unit] : FROM[d->unit], args, 2);
    }
}

/* --- for programs ---------------------------------------------------------------------------------------------------------------------- */

static void put_list(struct buf *b, const char *key, const int *v, int n)
{
    for (int i = 0; i < n; i++)
        buf_printf(b, "%s%d", i ? "," : key, v[i]);
}

/* BYHOUR=8,20, BYHOUR=16;BYMINUTE=30; false when the hours have different minutes. */
static bool put_times(struct buf *b, const struct recur *r)
{
    int hour[RECUR_MINUTES];
    for (int i = 0; i < r->n_minutes; i++) {
        if (r->minute[i] % 60 != r->minute[0] % 60 || r->minute[i] >= 1440)
            return false;
        hour[i] = r->minute[i] / 60;
    }
    put_list(b, ";BYHOUR=", hour, r->n_minutes);
    if (r->n_minutes && r->minute[0] % 60)
        buf_printf(b, ";BYMINUTE=%d", r->minute[0] % 60);
    return true;
}

static bool put_weekdays(struct buf *b, unsigned bits, int nth)
{
    static const char *const NAME[] = { "MO", "TU", "WE", "TH", "FR", "SA", "SU" };
    const char *before = ";BYDAY=";
    for (int i = 0; i < 7; i++)
        if (bits >> i & 1) {
            buf_c(b, before);
            if (nth)
                buf_printf(b, "%d", nth);
            buf_c(b, NAME[i]);
            before = ",";
        }
    return true;
}

/* Days of the month; a month without that day has its last one here, which RFC 5545 cannot say. */
static bool put_month_days(struct buf *b, const struct recur *r)
{
    int day[31], n = 0;
    for (int i = 0; i < 31; i++)
        if (r->month_days >> i & 1)
            day[n++] = i + 1;
    if (n && day[n - 1] > 28 && r->every != RECUR_YEAR)
        return false;
    if (!n)
        day[n++] = r->nth ? r->nth : -1;
    put_list(b, ";BYMONTHDAY=", day, n);
    return true;
}

static bool put_months(struct buf *b, const struct recur *r)
{
    int step = r->every == RECUR_QUARTER ? 3 : r->every == RECUR_HALF_YEAR ? 6 : 12, month[4], n = 0;
    for (int m = r->month ? r->month : r->nth > 0 ? 1 : step; m <= 12; m += step)
        month[n++] = m;
    put_list(b, ";BYMONTH=", month, n);
    return true;
}

static bool put_days(struct buf *b, const struct recur *r)
{
    switch (r->every) {
    case RECUR_WEEK: return put_weekdays(b, r->weekdays ? r->weekdays : r->from == INSTANT_NONE ? 1u << 6 : 0, 0);
    case RECUR_TEN_DAYS: buf_c(b, ";BYMONTHDAY=10,20,-1"); return true;
    case RECUR_HALF_MONTH: buf_c(b, ";BYMONTHDAY=15,-1"); return true;
    case RECUR_MONTH: return r->weekdays ? put_weekdays(b, r->weekdays, r->nth) : put_month_days(b, r);
    case RECUR_QUARTER: case RECUR_HALF_YEAR: case RECUR_YEAR: return !r->weekdays && put_months(b, r) && put_month_days(b, r);
    default: return true;
    }
}

static bool put_rfc(struct buf *b, const struct recur *r)
{
    static const char *const FREQ[] = { [RECUR_MINUTE] = "MINUTELY", [RECUR_HOURS] = "HOURLY", [RECUR_DAY] = "DAILY", [RECUR_WEEK] = "WEEKLY", [RECUR_TEN_DAYS] = "MONTHLY",
                                        [RECUR_HALF_MONTH] = "MONTHLY", [RECUR_MONTH] = "MONTHLY", [RECUR_QUARTER] = "MONTHLY", [RECUR_HALF_YEAR] = "MONTHLY",
                                        [RECUR_YEAR] = "YEARLY" };
    if (r->every == RECUR_WORKDAY || r->workday || r->move != RECUR_STAY || (r->every == RECUR_WEEK && r->nth))
        return false;
    buf_printf(b, "FREQ=%s", FREQ[r->every]);
    if (r->interval > 1)
        buf_printf(b, ";INTERVAL=%d", r->interval);
    return put_days(b, r) && put_times(b, r);
}

void deadline_rule(struct buf *b, const struct deadline *d)
{
    struct buf rfc _cleanup_(buf_release) = BUF_INIT;
    if (d->kind == DEADLINE_NONE)
        return;
    if (d->kind != DEADLINE_RECURRING)
        buf_c(b, d->counted == DEADLINE_GIVEN ? d->by : "count");
    else if (put_rfc(&rfc, &d->recur))
        buf_str(b, buf_view(&rfc));
    else
        recur_put(b, &d->recur);
}
