/* The stored writing of a recurrence, and what a recurrence may be. */
#include <string.h>

#include "base/num.h"
#include "calendar/recur.h"

enum { DAY_MINUTES = 1440, NTH_MAX = 31, INTERVAL_MAX = 1440 };

static const char *const EVERY[] = { [RECUR_NONE] = "", [RECUR_MINUTE] = "minute", [RECUR_HOURS] = "hour", [RECUR_DAY] = "day", [RECUR_WORKDAY] = "workday",
                                     [RECUR_WEEK] = "week", [RECUR_TEN_DAYS] = "ten-days", [RECUR_HALF_MONTH] = "half-month", [RECUR_MONTH] = "month",
                                     [RECUR_QUARTER] = "quarter", [RECUR_HALF_YEAR] = "half-year", [RECUR_YEAR] = "year" };
static const char *const MOVE[] = { "", "before", "after" };

static bool minutes_valid(const struct recur *r)
{
    if (r->n_minutes < 0 || r->n_minutes > RECUR_MINUTES)
        return false;
    for (int i = 0; i < r->n_minutes; i++)
        if (r->minute[i] < 1 || r->minute[i] > DAY_MINUTES || (i > 0 && r->minute[i] <= r->minute[i - 1]))
            return false;
    return true;
}

/* What belongs to other rules must be empty, so that one rule has one writing. */
static bool days_valid(const struct recur *r)
{
    int months = r->every == RECUR_QUARTER ? 3 : r->every == RECUR_HALF_YEAR ? 6 : r->every == RECUR_YEAR ? 12 : 0;
    bool in_month = r->every >= RECUR_MONTH, in_period = in_month || r->every == RECUR_WEEK;
    if (r->weekdays > 0x7f || r->month_days > 0x7fffffff || r->nth < -NTH_MAX || r->nth > NTH_MAX || r->month < 0 || r->month > months)
        return false;
    if ((r->month_days && (!in_month || r->nth)) || (r->nth && !in_period) || (r->workday && !r->nth))
        return false;
    if (r->weekdays && ((r->every != RECUR_WEEK && !(in_month && r->nth)) || r->workday))
        return false;
    return !(r->nth && r->every == RECUR_WEEK && !r->workday);        /* the first day of the week is a Monday */
}

bool recur_valid(const struct recur *r)
{
    if (r->every <= RECUR_NONE || r->every > RECUR_YEAR || r->interval < 1 || r->interval > INTERVAL_MAX || r->move > RECUR_AFTER)
        return false;
    bool one = r->every == RECUR_TEN_DAYS || r->every == RECUR_HALF_MONTH || r->every == RECUR_QUARTER || r->every == RECUR_HALF_YEAR;
    if ((one && r->interval > 1) || (r->every == RECUR_WORKDAY && r->interval > 1 && r->from == INSTANT_NONE))
        return false;
    if (r->every <= RECUR_HOURS && (r->n_minutes || r->move != RECUR_STAY))
        return false;
    if (r->from != INSTANT_NONE && (instant_day(r->from) < date_day(DATE_YEAR_MIN, 1, 1) || instant_day(r->from) > date_day(DATE_YEAR_MAX, 12, 31)))
        return false;
    return minutes_valid(r) && days_valid(r);
}

/* "1,3": the numbers of the bits set, from 1. */
static void put_bits(struct buf *b, const char *key, unsigned bits)
{
    if (!bits)
        return;
    buf_printf(b, " %s=", key);
    const char *comma = "";
    for (int i = 0; i < 32; i++)
        if (bits >> i & 1) {
            buf_printf(b, "%s%d", comma, i + 1);
            comma = ",";
        }
}

void recur_put(struct buf *b, const struct recur *r)
{
    buf_c(b, EVERY[r->every]);
    if (r->interval > 1)
        buf_printf(b, " interval=%d", r->interval);
    if (r->month)
        buf_printf(b, " month=%d", r->month);
    put_bits(b, "days", r->month_days);
    if (r->nth)
        buf_printf(b, " nth=%d", r->nth);
    if (r->workday)
        buf_c(b, " of=workday");
    put_bits(b, "on", r->weekdays);
    for (int i = 0; i < r->n_minutes; i++)
        buf_printf(b, "%s%02d:%02d", i ? "," : " at=", r->minute[i] / 60, r->minute[i] % 60);
    if (r->move)
        buf_printf(b, " move=%s", MOVE[r->move]);
    if (r->from != INSTANT_NONE) {
        buf_c(b, " from=");
        instant_put(b, r->from);
    }
}

static bool read_bits(struct str s, int max, unsigned *ret)
{
    int64_t v;
    do {
        if (!num_range(str_cut(s, ',', &s), 1, max, &v))
            return false;
        *ret |= 1u << (v - 1);
    } while (s.p);
    return true;
}

static bool read_minutes(struct str s, struct recur *r)
{
    int64_t hour, minute;
    do {
        struct str one = str_cut(s, ',', &s), rest, h = str_cut(one, ':', &rest);
        if (r->n_minutes == RECUR_MINUTES || !num_range(h, 0, 24, &hour) || !num_range(rest, 0, 59, &minute))
            return false;
        r->minute[r->n_minutes++] = (int)(hour * 60 + minute);
    } while (s.p);
    return true;
}

static bool read_int(struct str s, int min, int max, int *ret)
{
    int64_t v;
    if (!num_range(s, min, max, &v))
        return false;
    *ret = (int)v;
    return true;
}

static bool read_part(struct str part, struct recur *r)
{
    struct str value, key = str_cut(part, '=', &value);
    if (str_eqc(key, "interval"))
        return read_int(value, 2, INTERVAL_MAX, &r->interval);
    if (str_eqc(key, "month"))
        return read_int(value, 1, 12, &r->month);
    if (str_eqc(key, "days"))
        return read_bits(value, 31, &r->month_days);
    if (str_eqc(key, "nth"))
        return read_int(value, -NTH_MAX, NTH_MAX, &r->nth);
    if (str_eqc(key, "on"))
        return read_bits(value, 7, &r->weekdays);
    if (str_eqc(key, "at"))
        return read_minutes(value, r);
    if (str_eqc(key, "from"))
        return instant_read(value, &r->from, NULL);
    if (str_eqc(key, "move"))
        r->move = str_eqc(value, "before") ? RECUR_BEFORE : str_eqc(value, "after") ? RECUR_AFTER : RECUR_STAY;
    r->workday |= str_eqc(part, "of=workday");
    return true;
}

bool recur_read(struct str s, struct recur *ret)
{
    struct recur r = { .interval = 1, .from = INSTANT_NONE };
    struct str rest, name = str_cut(s, ' ', &rest);
    for (int e = RECUR_MINUTE; e <= RECUR_YEAR; e++)
        if (str_eqc(name, EVERY[e]))
            r.every = (enum recur_every)e;
    while (rest.p)
        if (!read_part(str_cut(rest, ' ', &rest), &r))
            return false;
    if (!recur_valid(&r))
        return false;
    struct buf again _cleanup_(buf_release) = BUF_INIT;     /* what is not its own writing was not understood whole */
    recur_put(&again, &r);
    if (!str_eq(buf_view(&again), s))
        return false;
    *ret = r;
    return true;
}
