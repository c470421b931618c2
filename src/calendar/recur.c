/* Occurrences in the order of their keys. Every rule is a run of periods, and a period has a few days; so the next one is looked for in the period of the
 * day asked for and those behind it. */
#include "calendar/recur.h"

#include <string.h>

enum {
    MINUTE_MS = 60000, DAY_MINUTES = 1440,
    MOVE_REACH = 20,                             /* days: no rest in the arrangements is longer */
    NTH_REACH = 70,                              /* days from a period's edge to its 31st working day */
    PERIOD_DAYS = 33,
};

struct named { day_t key, day; };                /* what the rule names, and where it leads when it counts working days */

static day_t floor_div(int64_t a, int64_t b) { return (day_t)(a / b - (a % b < 0)); }

static bool in_years(day_t d)
{
    return d >= date_day(DATE_YEAR_MIN, 1, 1) && d <= date_day(DATE_YEAR_MAX, 12, 31);
}

/* --- periods of months ------------------------------------------------------------------------------------------------------------ */

static int months_of(enum recur_every e)
{
    return e == RECUR_QUARTER ? 3 : e == RECUR_HALF_YEAR ? 6 : e == RECUR_YEAR ? 12 : 1;
}

static int month_index(day_t d)
{
    struct civil c = date_civil(d);
    return c.year * 12 + c.month - 1;
}

static day_t month_first(int index) { return date_day(floor_div(index, 12), index - 12 * floor_div(index, 12) + 1, 1); }
static day_t month_last(int index) { return month_first(index + 1) - 1; }

static day_t day_in_month(int index, int day)
{
    int n = month_last(index) - month_first(index) + 1;
    return month_first(index) + (day < n ? day : n) - 1;
}

/* The nth (from behind when negative) of the days from first to last that count; where there are fewer, the outermost that there is. */
static day_t nth_day(const struct recur *r, const struct workdays *w, day_t first, day_t last)
{
    int step = r->nth > 0 ? 1 : -1, left = r->nth * step;
    day_t found = DAY_NONE;
    for (day_t d = step > 0 ? first : last; d >= first && d <= last && left > 0; d += step)
        if (r->workday ? workdays_is(w, d, NULL) : !r->weekdays || (r->weekdays >> (date_weekday(d) - 1) & 1)) {
            found = d;
            left--;
        }
    return found != DAY_NONE ? found : step > 0 ? first : last;
}

static struct named nth_of(const struct recur *r, const struct workdays *w, day_t first, day_t last)
{
    day_t d = nth_day(r, w, first, last);
    return (struct named){ !r->workday ? d : r->nth > 0 ? first : last, d };
}

static int add_day(struct named *out, int n, day_t d)
{
    if (n > 0 && out[n - 1].key == d)            /* 30th and 31st of April */
        return n;
    out[n] = (struct named){ d, d };
    return n + 1;
}

/* The days of the period that begins with this month, rising. */
static int month_period(const struct recur *r, const struct workdays *w, int index, struct named *out)
{
    int months = months_of(r->every), n = 0;
    int of = index + (r->month ? r->month : months) - 1;
    if (r->every == RECUR_TEN_DAYS)
        return add_day(out, add_day(out, add_day(out, 0, day_in_month(index, 10)), day_in_month(index, 20)), month_last(index));
    if (r->every == RECUR_HALF_MONTH)
        return add_day(out, add_day(out, 0, day_in_month(index, 15)), month_last(index));
    if (r->nth) {
        bool whole = r->month == 0;
        out[0] = nth_of(r, w, month_first(whole ? index : of), month_last(of));
        return 1;
    }
    if (!r->month_days && r->from != INSTANT_NONE && r->interval > 1)
        return add_day(out, 0, day_in_month(of, date_civil(instant_day(r->from)).day));
    if (!r->month_days)
        return add_day(out, 0, month_last(of));
    for (int day = 1; day <= 31; day++)
        if (r->month_days >> (day - 1) & 1)
            n = add_day(out, n, day_in_month(of, day));
    return n;
}

/* --- weeks --------------------------------------------------------------------------------------------------------------------------- */

static int week_period(const struct recur *r, const struct workdays *w, day_t monday, struct named *out)
{
    int n = 0;
    if (r->nth) {
        out[0] = nth_of(r, w, monday, monday + 6);
        return 1;
    }
    unsigned on = r->weekdays ? r->weekdays : 1u << (r->from != INSTANT_NONE ? date_weekday(instant_day(r->from)) - 1 : 6);
    for (int k = 0; k < 7; k++)
        if (on >> k & 1)
            n = add_day(out, n, monday + k);
    return n;
}

/* --- any rule ------------------------------------------------------------------------------------------------------------------------- */

/* The period that holds d, as a number that rises by one from period to period; and the day or month it begins with. */
static int period_of(const struct recur *r, day_t d)
{
    if (r->every == RECUR_WEEK)
        return floor_div(date_monday(d) - 4, 7);            /* 1970-01-05 was a Monday */
    return floor_div(month_index(d), months_of(r->every));
}

static int period_days(const struct recur *r, const struct workdays *w, int period, struct named *out)
{
    if (r->every == RECUR_WEEK)
        return week_period(r, w, period * 7 + 4, out);
    return month_period(r, w, period * months_of(r->every), out);
}

static int align(int at, int base, int interval)            /* the first of base + k·interval that is not before at */
{
    int past = (at - base) % interval;
    return past == 0 ? at : at + (past < 0 ? -past : interval - past);
}

static bool next_of_days(const struct recur *r, const struct workdays *w, day_t d, struct named *ret)
{
    day_t base = r->from != INSTANT_NONE ? instant_day(r->from) : 0;
    day_t at;
    if (r->every == RECUR_DAY)
        at = align(d, base, r->interval);
    else if (r->interval == 1)
        at = workdays_add(w, d, 0, NULL);
    else
        at = workdays_add(w, base, align(d > base + 1 ? workdays_count(w, base + 1, d - 1, NULL) + 1 : 1, 0, r->interval), NULL);
    *ret = (struct named){ at, at };
    return at != DAY_NONE;
}

/* The first day named on or after d. */
static bool next_named(const struct recur *r, const struct workdays *w, day_t d, struct named *ret)
{
    if (r->from != INSTANT_NONE && d <= instant_day(r->from))
        d = instant_day(r->from) + (r->interval > 1 || (r->every == RECUR_WEEK && !r->weekdays && !r->nth));
    if (!in_years(d))
        return false;
    if (r->every == RECUR_DAY || r->every == RECUR_WORKDAY)
        return next_of_days(r, w, d, ret) && in_years(ret->key);
    struct named days[PERIOD_DAYS];
    int base = r->from != INSTANT_NONE ? period_of(r, instant_day(r->from)) : 0;
    for (int p = align(period_of(r, d), base, r->interval);; p += r->interval) {
        int n = period_days(r, w, p, days);
        if (!in_years(days[0].key))
            return false;
        for (int i = 0; i < n; i++)
            if (days[i].key >= d) {
                *ret = days[i];
                return true;
            }
    }
}

static bool move_day(const struct recur *r, const struct workdays *w, struct named at, int minute, struct recur_time *ret)
{
    struct recur_time t = { .key = at.key, .minute = minute, .day = at.day };
    bool counts = r->workday || r->every == RECUR_WORKDAY || r->move != RECUR_STAY;
    t.presumed = counts && !workdays_covered(w, date_civil(at.day).year);
    if (r->move != RECUR_STAY && !workdays_is(w, t.day, NULL))
        t.day = r->move == RECUR_BEFORE ? workdays_prev(w, t.day, &t.presumed) : workdays_next(w, t.day, &t.presumed);
    if (t.day == DAY_NONE)
        return false;
    t.due = day_start(t.day) + (minute ? minute : DAY_MINUTES) * (instant_t)MINUTE_MS;
    *ret = t;
    return true;
}

/* Hours and minutes run on through the days. */
static bool next_running(const struct recur *r, day_t key, int minute, struct recur_time *ret)
{
    int64_t step = (int64_t)r->interval * (r->every == RECUR_HOURS ? 60 : 1) * MINUTE_MS;
    instant_t base = r->from != INSTANT_NONE ? r->from - (r->from % MINUTE_MS + MINUTE_MS) % MINUTE_MS : day_start(0);
    instant_t at = day_start(key) + minute * (instant_t)MINUTE_MS;
    if (at < base)
        at = base;
    instant_t due = base + ((at - base) / step + 1) * step;
    day_t day = instant_day(due - 1);                       /* midnight is the end of a day */
    if (!in_years(day))
        return false;
    *ret = (struct recur_time){ .key = day, .minute = (int)((due - day_start(day)) / MINUTE_MS), .day = day, .due = due };
    return true;
}

static bool running(const struct recur *r) { return r->every == RECUR_HOURS || r->every == RECUR_MINUTE; }

bool recur_after(const struct recur *r, const struct workdays *w, day_t key, int minute, struct recur_time *ret)
{
    struct named at;
    if (!recur_valid(r) || !in_years(key))
        return false;
    if (running(r))
        return next_running(r, key, minute, ret);
    if (!next_named(r, w, key, &at))
        return false;
    if (at.key == key && r->n_minutes)
        for (int i = 0; i < r->n_minutes; i++)
            if (r->minute[i] > minute)
                return move_day(r, w, at, r->minute[i], ret);
    if (at.key == key && !next_named(r, w, key + 1, &at))
        return false;
    return move_day(r, w, at, r->n_minutes ? r->minute[0] : 0, ret);
}

bool recur_next(const struct recur *r, const struct workdays *w, instant_t after, struct recur_time *ret)
{
    day_t day = instant_day(after);
    int reach = running(r) ? 0 : (r->move != RECUR_STAY ? MOVE_REACH : 0) + (r->workday ? NTH_REACH : 0);
    struct recur_time t = { .key = day - reach - 1, .minute = DAY_MINUTES };
    if (t.key < date_day(DATE_YEAR_MIN, 1, 1))
        t.key = date_day(DATE_YEAR_MIN, 1, 1);
    do {
        if (!recur_after(r, w, t.key, t.minute, &t))
            return false;
    } while (t.due <= after);
    *ret = t;
    return true;
}
