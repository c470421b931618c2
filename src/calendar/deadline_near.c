/* What is said from today: 明日, 本周五, 下周, 月底, 下月5日, 季末, 周末. */
#include "base/tr.h"
#include "calendar/deadline_in.h"

/* 一 … 六 日 天 behind 周. */
bool weekday_token(const struct token *t, int *weekday)
{
    if (t->tok == T_NUM && t->value >= 1 && t->value <= 6 && t->digits == 1)
        *weekday = t->value;
    else if ((t->tok == T_DAY && t->sub == 0) || (t->tok == T_TIAN && t->sub == 0))
        *weekday = 7;
    else
        return false;
    return !t->gap;
}

/* 周五 星期五 (not 周一次) */
bool when_weekday(struct parse *p, int *weekday)
{
    if (!is(p, 0, T_WEEK) || !weekday_token(tok(p, 1), weekday))
        return false;
    p->at += 2;
    return true;
}

static struct when one_day(day_t d)
{
    return when_span(d, d);
}

static bool near_week(struct parse *p, struct when *w)
{
    const struct token *t = tok(p, 0);
    day_t monday = date_monday(p->today);
    int weekday;
    if (when_weekday(p, &weekday)) {
        day_t base = p->same_day != DAY_NONE ? p->same_day : p->today;
        day_t d = date_monday(base) + weekday - 1;
        *w = one_day(d);
        w->yearless = true;
        if (d < base) {                          /* 周一, on a Thursday */
            *w = one_day(d + 7);
            w->other = d;
            w->notes |= DEADLINE_AMBIGUOUS;
        }
        return true;
    }
    bool rel = take(p, T_REL_WEEK);
    if (rel)
        monday += 7 * t->value;
    if (rel && weekday_token(tok(p, 0), &weekday)) {
        p->at++;
        *w = one_day(monday + weekday - 1);
        return true;
    }
    if (rel && nth_in(p, monday, monday + 6, w))
        return true;
    if (take(p, T_WEEKEND) || (rel && take(p, T_EDGE))) {
        *w = when_span(monday + 5, monday + 6);
        if (is(p, 0, T_BEFORE)) {                /* by Friday; the weekend's end is the other reading */
            w->before = workdays_prev(p->ask->work, monday + 5, NULL);
            w->other = monday + 6;
        }
        return true;
    }
    if (!rel && is(p, 0, T_WEEK) && is(p, 1, T_IN)) {
        p->at++;
        rel = true;
    }
    if (!rel)
        return false;
    *w = when_span(monday, monday + 6);
    take(p, T_DAY);
    return true;
}

/* 本月30日, 下月底, 当月, 月底, 月内, 中旬 */
static bool near_month(struct parse *p, struct when *w)
{
    struct civil c = date_civil(p->today);
    const struct token *t = tok(p, 0);
    bool rel = take(p, T_REL_MONTH);
    int index = c.year * 12 + c.month - 1 + (rel ? t->value : 0), year = index / 12, month = index % 12 + 1;
    if (rel) {
        take(p, T_OF);
        if (is(p, 0, T_NUM) && is(p, 1, T_DAY) && tok(p, 0)->value <= 99) {
            p->at += 2;
            return make_day(p, year, month, tok(p, -2)->value, w);
        }
        return month_part(p, year, month, w) || whole_month(year, month, w);
    }
    if ((t->tok == T_XUN && t->sub) || t->tok == T_HALF_MONTH)
        return p->month ? month_part(p, p->month_year, p->month, w) : month_part(p, year, month, w);
    if (t->tok != T_MONTH || t->sub)
        return false;
    if (is(p, 1, T_IN)) {
        p->at += 2;
        whole_month(year, month, w);
        w->first = w->last;
        w->window = false;
        w->edge = w->strong = true;
        return true;
    }
    if (!is(p, 1, T_EDGE) && !is(p, 1, T_MID) && !is(p, 1, T_EARLY))
        return false;
    p->at++;
    return month_part(p, year, month, w);
}

/* 今天, 次日, 今晚: the part of the day waits for the clock time. */
static bool near_day(struct parse *p, struct when *w)
{
    const struct token *t = tok(p, 0);
    if (!take(p, T_REL_DAY))
        return false;
    day_t base = p->same_day != DAY_NONE ? p->same_day : p->today;
    *w = one_day(base + t->value);
    p->part = t->sub;
    return true;
}

/* 下一个工作日, 下个工作日 */
static bool near_workday(struct parse *p, struct when *w)
{
    int at = p->at, n = 0;
    if (take(p, T_NEXT)) {
        n = 1;
    } else if (take(p, T_NTH) && number(p, 0, 1, 60)) {
        n = tok(p, 0)->value;
        p->at++;
    }
    take(p, T_GE);
    if (!n || !take(p, T_WORKDAY)) {
        p->at = at;
        return false;
    }
    day_t d = workdays_add(p->ask->work, p->today, n, NULL);
    if (d == DAY_NONE)
        return false;
    *w = one_day(d);
    return true;
}

/* 季末 季度末, without a number */
static bool near_quarter(struct parse *p, struct when *w)
{
    if (!is(p, 0, T_QUARTER) || !is(p, 1, T_EDGE))
        return false;
    p->at += 2;
    struct civil c = date_civil(p->today);
    int month = (c.month + 2) / 3 * 3;
    *w = one_day(date_day(c.year, month, date_month_days(c.year, month)));
    w->edge = w->strong = true;
    return true;
}

bool when_near(struct parse *p, struct when *w)
{
    return near_day(p, w) || near_week(p, w) || near_month(p, w) || near_workday(p, w) || near_quarter(p, w);
}
