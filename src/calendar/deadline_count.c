/* Counted periods: 10个工作日, 48小时, 半年, 一个半月, 3至5日. */
#include "base/tr.h"
#include "calendar/deadline_in.h"

enum { MINUTE_MS = 60000 };

static enum deadline_unit unit_at(const struct parse *p, int *width, int *times)
{
    *width = 1;
    *times = 1;
    switch (tok(p, 0)->tok) {
    case T_MINUTE: return UNIT_MINUTE;
    case T_KE: *times = 15; return UNIT_MINUTE;
    case T_HOUR: return UNIT_HOUR;
    case T_DAY: return tok(p, 0)->sub == 0 ? UNIT_DAY : UNIT_NONE;
    case T_TIAN: return UNIT_DAY;
    case T_WORKDAY: return UNIT_WORKDAY;
    case T_WEEK: return UNIT_WEEK;
    case T_MONTH: return tok(p, 0)->sub == 0 ? UNIT_MONTH : UNIT_NONE;
    case T_QUARTER: *times = 3; return UNIT_MONTH;
    case T_YEAR: return tok(p, 0)->sub == 0 ? UNIT_YEAR : UNIT_NONE;         /* 半年度 names a report */
    case T_XUN: *times = 10; return tok(p, 0)->sub == 0 ? UNIT_DAY : UNIT_NONE;
    default: return UNIT_NONE;
    }
}

/* 3 or 三五 (three to five) or 3至5 or 一两. */
static bool how_many(struct parse *p, struct span_count *c)
{
    const struct token *t = tok(p, 0);
    if (t->tok != T_NUM)
        return false;
    c->n = t->value;
    if (t->han && t->digits == 2 && !t->sub && t->value % 10 > t->value / 10 && t->value / 10 > 0) {
        c->range = true;
        c->low = t->value / 10;
        c->n = t->value % 10;
    }
    p->at++;
    if ((is(p, 0, T_DASH) || is(p, 0, T_TO)) && is(p, 1, T_NUM) && tok(p, 1)->value > c->n) {
        c->range = true;
        c->low = c->n;
        c->n = tok(p, 1)->value;
        p->at += 2;
    }
    return c->n >= 1 && c->n <= COUNT_MAX;
}

/* 个月 needs 个, or 两月; 5月 is May. */
static bool unit_fits(enum deadline_unit u, bool ge, const struct token *number)
{
    if (u == UNIT_MONTH)
        return ge || (number->tok == T_NUM && number->han && number->value == 2 && number->digits == 1);
    return true;
}

bool count_read(struct parse *p, struct span_count *c)
{
    int at = p->at, width, times;
    const struct token *first = tok(p, 0);
    *c = (struct span_count){ 0 };
    bool half_first = take(p, T_HALF);
    if (!half_first && !how_many(p, c)) {
        p->at = at;
        return false;
    }
    bool ge = take(p, T_GE);
    bool half = !half_first && take(p, T_HALF);
    c->unit = unit_at(p, &width, &times);
    bool ok = c->unit != UNIT_NONE && (half_first || unit_fits(c->unit, ge, first)) && !(ge && ((c->unit == UNIT_DAY && tok(p, 0)->sub == 0) || c->unit == UNIT_MINUTE) && times == 1);
    if (c->unit == UNIT_YEAR && (ge || c->n > 100))
        ok = false;
    if (!ok) {
        p->at = at;
        return false;
    }
    bool quarter = times == 3;
    p->at += width;
    if (!half_first && !half && take(p, T_HALF))             /* 一年半, 两天半 */
        half = true;
    c->n *= times;
    c->low *= times;
    c->half = half_first || half ? times : 0;
    return !(quarter && !ge && !half_first) || (p->at = at, false);        /* 三季度 is July to September */
}

static day_t add_months(day_t d, int n)
{
    struct civil c = date_civil(d);
    int index = c.year * 12 + c.month - 1 + n, year = index / 12, month = index % 12 + 1;
    if (year > DATE_YEAR_MAX)
        return DAY_NONE;
    int last = date_month_days(year, month);
    return date_day(year, month, c.day < last ? c.day : last);
}

static day_t add_half(day_t d, const struct span_count *c)
{
    switch (c->unit) {
    case UNIT_MONTH: return c->half == 3 ? add_months(d, 1) + 15 : d + 15;
    case UNIT_YEAR: return add_months(d, 6);
    case UNIT_WEEK: return d + 4;
    default: return d + 1;
    }
}

static day_t end_day(const struct parse *p, const struct span_count *c, int n, day_t base, struct deadline *ret)
{
    struct workdays_bounds b;
    switch (c->unit) {
    case UNIT_WORKDAY:
        b = workdays_add_bounds(p->ask->work, base, n + !!c->half);
        if (b.presumed) {
            ret->notes |= DEADLINE_PRESUMED;
            if (b.likely != b.earliest)
                ret->other = day_start(b.likely + 1);
        }
        return b.earliest;
    case UNIT_WEEK: base += 7 * n; break;
    case UNIT_MONTH: base = add_months(base, n); break;
    case UNIT_YEAR: base = add_months(base, 12 * n); break;
    default: base += n;
    }
    return base == DAY_NONE || !c->half ? base : add_half(base, c);
}

/* The end of so much time from `base` on; false outside the calendar's years. */
bool count_end(const struct parse *p, const struct span_count *c, instant_t base, struct deadline *ret)
{
    bool hours = c->unit == UNIT_MINUTE || c->unit == UNIT_HOUR || (c->unit == UNIT_DAY && c->n == 0);
    ret->anchor = base;
    ret->n = c->n;
    ret->unit = c->unit;
    ret->half = c->half > 0;
    ret->counted = c->unit == UNIT_WORKDAY ? DEADLINE_WORKING : DEADLINE_CALENDAR;
    if (hours) {
        int64_t minutes = c->unit == UNIT_HOUR ? c->n * 60 + c->half * 30 : c->unit == UNIT_DAY ? 12 * 60 : c->n;
        ret->kind = DEADLINE_INSTANT;
        ret->due = ret->strict = base + minutes * MINUTE_MS;
        if (c->range)
            ret->strict = base + c->low * (c->unit == UNIT_HOUR ? 60 : 1) * (instant_t)MINUTE_MS;
    } else {
        day_t last = end_day(p, c, c->n, instant_day(base), ret);
        if (last == DAY_NONE || date_civil(last).year > DATE_YEAR_MAX)
            return false;
        ret->kind = DEADLINE_DATE;
        ret->due = ret->strict = day_start(last + 1);
        if (c->range)
            ret->strict = day_start(end_day(p, c, c->low, instant_day(base), ret) + 1);
    }
    if (ret->strict != ret->due || ret->other != INSTANT_NONE || (c->half && c->unit == UNIT_DAY))
        ret->notes |= DEADLINE_AMBIGUOUS;
    return true;
}
