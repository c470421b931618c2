/* Dates that name their month or year: 6月30日, 旬, quarters, halves, years, plans; and the choice among all that name a day. */
#include "base/tr.h"
#include "calendar/deadline_in.h"

struct when when_span(day_t first, day_t last)
{
    struct when w = WHEN_NONE;
    w.first = first;
    w.last = last;
    w.window = first != last;
    return w;
}

static day_t last_of(int year, int month) { return date_day(year, month, date_month_days(year, month)); }

/* --- the year -------------------------------------------------------------------------------------------------------------------------- */

static int this_year(const struct parse *p) { return date_civil(p->today).year; }

/* 今年 明年 2022年 二〇二二年 22年(6月): 0 when there is none. */
int year_read(struct parse *p)
{
    const struct token *t = tok(p, 0);
    if (t->tok == T_REL_YEAR) {
        p->at++;
        return this_year(p) + t->value;
    }
    if (t->tok != T_NUM || !is(p, 1, T_YEAR))
        return 0;
    int year = t->digits == 4 && !t->sub ? t->value : !t->han && t->digits == 2 && is(p, 2, T_NUM) && is(p, 3, T_MONTH) ? 2000 + t->value : 0;
    if (year < DATE_YEAR_MIN || year > DATE_YEAR_MAX)
        return 0;
    p->at += 2;
    return year;
}

/* The year of a day that was named without one: the reference's, or the next when the day is long past. */
static bool year_of(struct parse *p, int month, int day, bool roll, struct when *w, int *ret)
{
    int year = this_year(p);
    day_t d;
    w->yearless = true;
    *ret = year;
    bool now = date_make(year, month, day, &d, &p->why);
    if (now && (!roll || p->today - d <= PAST_DAYS)) {
        p->why.kind = ERR_NONE;
        return true;
    }
    if (!now && !(month == 2 && day == 29))
        return false;
    *ret = year + 1;
    day_t next;
    if (!date_make(year + 1, month, day, &next, now ? NULL : &p->why)) {
        *ret = year;                             /* 29 February, of this year only */
        return now;
    }
    p->why.kind = ERR_NONE;
    w->past_roll = true;
    w->notes |= DEADLINE_AMBIGUOUS;
    if (now)
        w->other = d;
    return true;
}

bool make_day(struct parse *p, int year, int month, int day, struct when *w)
{
    struct when r = WHEN_NONE;
    day_t d;
    if (!year && !year_of(p, month, day, true, &r, &year))
        return false;
    if (!date_make(year, month, day, &d, &p->why))
        return false;
    r.first = r.last = d;
    r.month = month;
    r.month_year = year;
    *w = r;
    return true;
}

/* --- parts of a month, of a year ----------------------------------------------------------------------------------------------------------- */

bool month_part(struct parse *p, int year, int month, struct when *w)
{
    day_t first = date_day(year, month, 1), last = last_of(year, month);
    const struct token *t = tok(p, 0);
    int sub = t->sub;
    if (take(p, T_XUN) && sub) {
        *w = when_span(first + 10 * (sub - 1), sub == 3 ? last : first + 10 * sub - 1);
    } else if (take(p, T_HALF_MONTH)) {
        *w = when_span(sub == 1 ? first : first + 15, sub == 1 ? first + 14 : last);
    } else if (take(p, T_EDGE)) {
        *w = when_span(last, last);
        w->edge = w->strong = true;
    } else if (take(p, T_EARLY)) {               /* as 上旬 */
        *w = when_span(first, first + 9);
        w->notes |= DEADLINE_AMBIGUOUS;
    } else if (take(p, T_MID)) {
        *w = when_span(first + 14, first + 14);
        w->notes |= DEADLINE_AMBIGUOUS;
        w->other = first + 19;
    } else {
        return nth_in(p, first, last, w);
    }
    w->month = month;
    w->month_year = year;
    return true;
}

/* What may stand behind 5月20 when 日 is missing. */
static bool day_may_end(const struct token *t)
{
    switch (t->tok) {
    case T_END: case T_BEFORE: case T_BY: case T_OPEN: case T_COMMA: case T_STOP: case T_DASH: case T_TO: case T_DO: case T_ABOUT: case T_SHUT: return true;
    default: return false;
    }
}

bool whole_month(int year, int month, struct when *w)
{
    struct when r = when_span(date_day(year, month, 1), last_of(year, month));
    r.window = true;
    r.month = month;
    r.month_year = year;
    *w = r;
    return true;
}

/* 6月30日, 6月30, 6月底, 6月下旬, 6月(份): behind the year, 0 when none was said. */
static bool month_read(struct parse *p, int year, struct when *w)
{
    int at = p->at, month;
    if (!is(p, 0, T_NUM) || !is(p, 1, T_MONTH) || (tok(p, 0)->digits > 2 && !tok(p, 0)->han) || tok(p, 0)->value > 99)
        return false;
    month = tok(p, 0)->value;
    bool fen = tok(p, 1)->sub == 1;
    p->at += 2;
    bool day = is(p, 0, T_NUM) && !fen && tok(p, 0)->value <= 99 && (!tok(p, 0)->han || is(p, 1, T_DAY) || is(p, 1, T_BEFORE));
    if (day && (is(p, 1, T_DAY) || (day_may_end(tok(p, 1)) && !(is(p, 1, T_DASH) || is(p, 1, T_TO))) ||
                ((is(p, 1, T_DASH) || is(p, 1, T_TO)) && is(p, 2, T_NUM) && is(p, 3, T_DAY)))) {
        int n = tok(p, 0)->value;
        p->at += 1 + is(p, 1, T_DAY);
        if (make_day(p, year, month, n, w))
            return true;
        p->at = at;
        return false;
    }
    if (day || month < 1 || month > 12) {
        if (!day)
            date_make(this_year(p), month, 1, &(day_t){ 0 }, &p->why);
        p->at = at;
        return false;
    }
    bool yearless = !year;
    struct when r = WHEN_NONE;
    if (yearless) {
        bool roll = is(p, 0, T_BEFORE) || is(p, 0, T_EDGE) || is(p, 0, T_EARLY) || is(p, 0, T_MID) || (is(p, 0, T_XUN) && is(p, 1, T_BEFORE));
        if (!year_of(p, month, date_month_days(this_year(p), month), roll, &r, &year))
            return false;
    }
    if (!month_part(p, year, month, w) && !whole_month(year, month, w))
        return false;
    w->yearless = yearless;
    if (r.past_roll) {
        w->past_roll = true;
        w->other = r.other;
        w->notes |= DEADLINE_AMBIGUOUS;
    }
    return true;
}

static const char *by_month(const struct when *w) { return w->edge ? "month-end" : w->window ? "month" : "date"; }

/* A span of months: its end, its beginning, its n-th working day, or itself. */
static bool part_of(struct parse *p, day_t first, day_t last, struct when *w)
{
    if (nth_in(p, first, last, w))
        return true;
    *w = when_span(first, last);
    if (take(p, T_EDGE)) {
        *w = when_span(last, last);
        w->edge = w->strong = true;
    } else if (take(p, T_EARLY)) {
        *w = when_span(first, date_civil(last).month == 12 && date_civil(first).month == 1 ? first + 30 : first + 9);
        w->notes |= DEADLINE_AMBIGUOUS;
    }
    return true;
}

/* 三季度, 第三季度末, 上半年: behind the year, 0 when none was said. */
static bool quarter_read(struct parse *p, int year, struct when *w)
{
    int at = p->at, n = 0, months = 3, sub = tok(p, 0)->sub;
    if (take(p, T_HALF_YEAR)) {
        n = sub;
        months = 6;
    } else if (is(p, 0, T_REL_QUARTER)) {
        struct civil c = date_civil(p->today);
        int index = c.year * 4 + (c.month - 1) / 3 + tok(p, 0)->value;
        p->at++;
        year = index / 4;
        n = index % 4 + 1;
    } else {
        take(p, T_NTH);
        if (number(p, 0, 1, 4) && is(p, 1, T_QUARTER)) {
            n = tok(p, 0)->value;
            p->at += 2;
        }
    }
    if (!n) {
        p->at = at;
        return false;
    }
    bool yearless = !year;
    if (yearless)
        year = this_year(p);
    int last = n * months;
    if (yearless && is(p, 0, T_EDGE) && p->today - last_of(year, last) > PAST_DAYS)
        year++;
    if (!part_of(p, date_day(year, last - months + 1, 1), last_of(year, last), w))
        return false;
    w->yearless = yearless;
    return true;
}

/* 年底 年内 年中 年初, and the year itself. `named`: the year stands before. */
static bool year_part(struct parse *p, int year, bool named, struct when *w)
{
    day_t first = date_day(year, 1, 1), last = date_day(year, 12, 31);
    if (take(p, T_MID)) {
        *w = when_span(date_day(year, 6, 30), date_day(year, 6, 30));
        w->edge = true;
        w->notes |= DEADLINE_AMBIGUOUS;
        return true;
    }
    if (!named && is(p, 0, T_EARLY))                         /* 年初, without a year: the coming one's */
        return part_of(p, date_day(year + 1, 1, 1), date_day(year + 1, 12, 31), w);
    return part_of(p, first, last, w);
}

static bool plan_read(struct parse *p, struct when *w)
{
    int at = p->at;
    bool quoted = take(p, T_QUOTE);
    if (!is(p, 0, T_PLAN)) {
        p->at = at;
        return false;
    }
    int from = 2021 + 5 * (tok(p, 0)->value - 14);
    p->at++;
    if (quoted && !take(p, T_UNQUOTE)) {
        p->at = at;
        return false;
    }
    *w = when_span(date_day(from, 1, 1), date_day(from + 4, 12, 31));
    if (take(p, T_PLAN_WORD) && !is(p, 0, T_EDGE) && !is(p, 0, T_DURING) && !is(p, 0, T_IN)) {      /* the plan itself, not its years */
        p->at = at;
        return false;
    }
    if (take(p, T_EDGE)) {
        w->first = w->last;
        w->window = false;
        w->edge = w->strong = true;
    }
    return true;
}

/* --- any of them ----------------------------------------------------------------------------------------------------- */

/* 2022年… 明年…: behind the year. */
static const char *behind_year(struct parse *p, int year, struct when *w)
{
    take(p, T_OF);
    if (when_feast(p, year, w))
        return "festival";
    if (month_read(p, year, w))
        return by_month(w);
    if (p->why.kind)
        return NULL;
    if (quarter_read(p, year, w))
        return "quarter";
    if (is(p, 0, T_YEAR) && is(p, 1, T_EDGE))                /* 今年年底 */
        p->at++;
    return year_part(p, year, true, w) ? "year" : NULL;
}

/* 年底, 年内: of the reference's year. */
static bool bare_year(struct parse *p, struct when *w)
{
    if (!is(p, 0, T_YEAR))
        return false;
    if (is(p, 1, T_EDGE) || is(p, 1, T_MID) || is(p, 1, T_EARLY)) {
        p->at++;
        return year_part(p, this_year(p), false, w);
    }
    if (!is(p, 1, T_IN))
        return false;
    p->at += 2;
    *w = when_span(date_day(this_year(p), 12, 31), date_day(this_year(p), 12, 31));
    w->edge = w->strong = true;
    return true;
}

static const char *without_year(struct parse *p, struct when *w)
{
    if (bare_year(p, w))
        return "year";
    if (month_read(p, 0, w))
        return by_month(w);
    if (p->why.kind)
        return NULL;
    if (quarter_read(p, 0, w))
        return "quarter";
    if (plan_read(p, w))
        return "plan";
    const struct token *t = tok(p, 0);
    if (when_near(p, w))
        return t->tok == T_WEEK || t->tok == T_REL_WEEK || t->tok == T_WEEKEND ? (w->window ? "week" : "weekday") : t->tok == T_QUARTER ? "quarter" :
               t->tok == T_REL_DAY ? "day" : t->tok == T_NEXT || t->tok == T_NTH ? "workday" : by_month(w);
    return when_figures(p, w) && !p->why.kind ? "date" : NULL;
}

bool when_day(struct parse *p, struct when *w)
{
    int at = p->at, year;
    const char *by = NULL;
    if (when_feast(p, 0, w))
        by = "festival";
    else if (when_figures_full(p, w))
        by = "date";
    else if (!p->why.kind)
        by = (year = year_read(p)) != 0 ? behind_year(p, year, w) : without_year(p, w);
    if (!by || p->why.kind) {
        p->at = at;
        return false;
    }
    w->by = by;
    return true;
}
