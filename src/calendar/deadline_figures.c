/* Dates of figures alone: 2022-06-30, 20220630, 6.30, 15日. */
#include "base/tr.h"
#include "calendar/deadline_in.h"

static bool is_separator(int k) { return k == T_DOT || k == T_DASH || k == T_SLASH; }
static bool ascii(const struct token *t, int digits) { return t->tok == T_NUM && !t->han && t->digits <= digits; }

/* 2022-06-30 2022/6/30 2022.6.30 */
static bool figures_full(struct parse *p, struct when *w)
{
    const struct token *y = tok(p, 0), *m = tok(p, 2), *d = tok(p, 4);
    if (!ascii(y, 4) || y->digits != 4 || y->value < DATE_YEAR_MIN || y->value > DATE_YEAR_MAX || !is_separator(tok(p, 1)->tok) || !ascii(m, 2) ||
        tok(p, 3)->tok != tok(p, 1)->tok || !ascii(d, 2) || m->gap || d->gap)
        return false;
    if (!make_day(p, y->value, m->value, d->value, w))
        return false;
    p->at += 5;
    take(p, T_DAY);
    return true;
}

/* 20220630 */
static bool figures_run(struct parse *p, struct when *w)
{
    const struct token *t = tok(p, 0);
    int year = t->value / 10000;
    day_t d;
    if (t->tok != T_NUM || t->han || t->digits != 8 || year < DATE_YEAR_MIN || year > DATE_YEAR_MAX)
        return false;
    if (!date_make(year, t->value / 100 % 100, t->value % 100, &d, is(p, 1, T_BEFORE) ? &p->why : NULL))
        return false;
    p->at++;
    *w = when_span(d, d);
    return true;
}

/* 6.30 6-30 6/30: month and day, when something behind it says so. */
static bool figures_short(struct parse *p, struct when *w)
{
    const struct token *m = tok(p, 0), *d = tok(p, 2);
    if (!ascii(m, 2) || !is_separator(tok(p, 1)->tok) || !ascii(d, 2) || d->gap || tok(p, 1)->gap || is_separator(tok(p, 3)->tok))
        return false;
    if (is(p, 3, T_DAY) || is(p, 3, T_MONTH) || is(p, 3, T_GE) || is(p, 3, T_WORKDAY) || is(p, 3, T_TIAN) || is(p, 3, T_HOUR))
        return false;
    if (m->value < 1 || m->value > 12 || d->value < 1 || d->value > 31) {
        if (is(p, 3, T_BEFORE) && tok(p, 1)->tok == T_DOT)
            date_make(date_civil(p->today).year, m->value, d->value, &(day_t){ 0 }, &p->why);
        return false;
    }
    if (!make_day(p, 0, m->value, d->value, w))
        return false;
    p->at += 3;
    w->bare = true;
    return true;
}

/* 15日, 15号: of the month of the range's beginning, else of this month. */
static bool day_only(struct parse *p, struct when *w)
{
    const struct token *t = tok(p, 0);
    if (t->tok != T_NUM || !is(p, 1, T_DAY) || t->value > 99 || is(p, 2, T_IN))
        return false;
    struct civil c = date_civil(p->today);
    if (p->month)
        c = (struct civil){ p->month_year, p->month, 0 };
    if (!make_day(p, c.year, c.month, t->value, w))
        return false;
    p->at += 2;
    w->yearless = true;
    w->bare = !p->month && tok(p, -1)->sub == 0;
    return true;
}

bool when_figures_full(struct parse *p, struct when *w)
{
    return figures_full(p, w) || (!p->why.kind && figures_run(p, w));
}

bool when_figures(struct parse *p, struct when *w)
{
    return figures_short(p, w) || (!p->why.kind && day_only(p, w));
}
