/* The n-th of a span: 第三个工作日, 首个周一, 最后一周. */
#include "base/tr.h"
#include "calendar/deadline_in.h"

/* 第三个 首个 最后一个: how many, negative from behind. */
bool nth_read(struct parse *p, int *ret)
{
    int at = p->at;
    if (take(p, T_LAST)) {
        *ret = -1;
        if (number(p, 0, 1, 1))
            p->at++;
        take(p, T_GE);
        return true;
    }
    if (take(p, T_FIRST)) {
        take(p, T_GE);
        *ret = 1;
        return true;
    }
    if (take(p, T_NTH) && number(p, 0, 1, 31)) {
        *ret = tok(p, 0)->value;
        p->at++;
        take(p, T_GE);
        return true;
    }
    p->at = at;
    return false;
}

static bool nth_workday(struct parse *p, day_t first, day_t last, int n, struct when *w)
{
    day_t d = n > 0 ? workdays_add(p->ask->work, first - 1, n, NULL) : workdays_add(p->ask->work, last + 1, n, NULL);
    if (d == DAY_NONE || d < first || d > last)
        return false;
    struct when r = when_span(d, d);
    r.strong = true;
    if (!workdays_covered(p->ask->work, date_civil(d).year))
        r.notes |= DEADLINE_PRESUMED;
    *w = r;
    return true;
}

/* 第一周: that in which the span begins, as far as it lies in the span. */
static bool nth_week(day_t first, day_t last, int n, struct when *w)
{
    day_t monday = n > 0 ? date_monday(first) + 7 * (n - 1) : date_monday(last), sunday = monday + 6;
    if (monday > last)
        return false;
    *w = when_span(monday > first ? monday : first, sunday < last ? sunday : last);
    w->window = true;
    w->notes |= DEADLINE_AMBIGUOUS;
    return true;
}

bool nth_in(struct parse *p, day_t first, day_t last, struct when *w)
{
    int at = p->at, n, weekday;
    bool ok = false;
    take(p, T_OF);
    if (nth_read(p, &n)) {
        if (take(p, T_WORKDAY)) {
            ok = nth_workday(p, first, last, n, w);
        } else if (is(p, 0, T_WEEK) && weekday_token(tok(p, 1), &weekday) && !is(p, 2, T_TIAN)) {
            p->at += 2;
            day_t d = n > 0 ? first + (weekday - date_weekday(first) + 7) % 7 + 7 * (n - 1) : last - (date_weekday(last) - weekday + 7) % 7;
            ok = d <= last;
            *w = when_span(d, d);
        } else if (take(p, T_WEEK)) {
            ok = nth_week(first, last, n, w);
        } else if (take(p, T_TIAN) || take(p, T_DAY)) {
            day_t d = n > 0 ? first + n - 1 : last;
            ok = d <= last;
            *w = when_span(d, d);
        }
    }
    if (!ok)
        p->at = at;
    return ok;
}
