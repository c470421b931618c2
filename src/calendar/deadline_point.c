/* A date with what stands behind it: brackets, clock times, a range's end, 前 内 左右 起…; the deadline made of it. */
#include "base/tr.h"
#include "calendar/deadline_in.h"

enum { MINUTE_MS = 60000, BRACKET_MAX = 16 };
enum mark { MARK_NONE, MARK_BEFORE, MARK_WITH, MARK_WITHOUT, MARK_ABOUT };

/* --- brackets -------------------------------------------------------------------------------------------------------------------------- */

static bool check_weekday(struct parse *p, const struct when *w, int said)
{
    int real = date_weekday(w->last);
    if (said == real)
        return true;
    return err_fail(&p->why, ERR_INPUT, M_CALENDAR_BAD_WEEKDAY, NULL, A_DAY(w->last), A_MSG(M_BASE_WEEKDAY_1 + real - 1), A_MSG(M_BASE_WEEKDAY_1 + said - 1));
}

static bool check_day(struct parse *p, const struct when *w, const struct when *said)
{
    if (said->last == w->last)
        return true;
    return err_fail(&p->why, ERR_INPUT, M_CALENDAR_DEADLINE_TWO_DAYS, NULL, A_DAY(w->last), A_DAY(said->last));
}

/* 星期四 周四 本周四 今天 5月12日, said beside the date: must be the same day. */
static bool same_said(struct parse *p, const struct when *w)
{
    int weekday;
    struct when said;
    if (when_weekday(p, &weekday))
        return check_weekday(p, w, weekday);
    return when_day(p, &said) && check_day(p, w, &said);
}

/* （星期四） （含） （不含当日） （本周五）: false leaves the bracket alone, or p->why is set. */
static bool bracket(struct parse *p, const struct when *w, enum mark *mark)
{
    int at = p->at;
    if (!take(p, T_OPEN))
        return false;
    bool ok = false;
    if (is(p, 0, T_WITHIN) || is(p, 0, T_WITHOUT)) {
        *mark = take(p, T_WITHIN) ? MARK_WITH : (p->at++, MARK_WITHOUT);
        for (int i = 0; i < 4 && !is(p, 0, T_SHUT) && !is(p, 0, T_END); i++)
            p->at++;
        ok = true;
    } else {
        ok = same_said(p, w);
    }
    if (ok && take(p, T_SHUT))
        return true;
    p->at = at;
    return false;
}

static bool beside(struct parse *p, struct when *w, enum mark *mark)
{
    int weekday;
    if (is(p, 0, T_REL_DAY) && tok(p, 0)->value == 0 && tok(p, 0)->sub == 0 && w->first == w->last)        /* 5月20日当天 */
        p->at++;
    while (bracket(p, w, mark))
        ;
    if (!p->why.kind && w->to_minute < 0 && is(p, 0, T_WEEK) && weekday_token(tok(p, 1), &weekday) && w->first == w->last) {
        p->at += 2;
        check_weekday(p, w, weekday);
    }
    return !p->why.kind;
}

/* --- one end of it ------------------------------------------------------------------------------------------------------------------------ */

/* 节后第一个工作日, 节后上班第一天: the n-th working day behind it. */
static bool after_nth(struct parse *p, struct when *w)
{
    int at = p->at, n;
    p->at++;
    bool duty = take(p, T_ON_DUTY);
    if (nth_read(p, &n) && n > 0 && (take(p, T_WORKDAY) || (duty && (take(p, T_TIAN) || take(p, T_DAY))))) {
        day_t d = workdays_add(p->ask->work, w->after != DAY_NONE ? w->after : w->last, n, NULL);
        if (d != DAY_NONE) {
            unsigned notes = w->notes & DEADLINE_PRESUMED;
            *w = when_span(d, d);
            w->strong = true;
            w->by = "workday";
            w->notes = notes;
            return true;
        }
    }
    p->at = at;
    return false;
}

static bool day_and_time(struct parse *p, struct when *w, enum mark *mark)
{
    if (time_starts(p)) {
        day_t d = p->same_day != DAY_NONE ? p->same_day : p->today;
        *w = when_span(d, d);
        w->clock = true;
        w->by = "clock";
        return when_time(p, w);
    }
    if (!when_day(p, w) || !beside(p, w, mark))
        return false;
    if (is(p, 0, T_AFTER) && !after_nth(p, w) && p->why.kind)
        return false;
    int at = p->at;
    take(p, T_COMMA);
    take(p, T_OF);
    if (w->first == w->last && time_starts(p)) {
        if (!when_time(p, w))
            return false;
        w->bare = false;
        return beside(p, w, mark);
    }
    p->at = at;
    return true;
}

day_t in_year(day_t d, int year)
{
    struct civil c = date_civil(d);
    int last = date_month_days(year, c.month);
    return date_day(year, c.month, c.day < last ? c.day : last);
}

static void to_year(struct when *w, int year)
{
    w->first = in_year(w->first, year);
    w->last = in_year(w->last, year);
    w->notes &= ~(unsigned)DEADLINE_AMBIGUOUS;
    w->other = DAY_NONE;
}

/* The years of a range's ends, where they were not said: a range that is over is a period that is reported on, never next year's. */
static bool match_years(struct parse *p, struct when *a, struct when *b)
{
    int now = date_civil(p->today).year;
    if (a->yearless && a->past_roll)
        to_year(a, now);
    if (b->yearless && b->past_roll)
        to_year(b, now);
    if (a->yearless && !b->yearless && b->month)
        to_year(a, date_civil(b->last).year);
    if (a->yearless && !b->yearless && b->month && a->first > b->last)
        to_year(a, date_civil(b->last).year - 1);
    if (!a->yearless && b->yearless && a->month)
        to_year(b, date_civil(a->first).year);
    if (b->yearless && b->last < a->first && date_civil(a->first).month - date_civil(b->last).month >= 6)
        to_year(b, date_civil(b->last).year + 1);
    instant_t from = day_start(a->first) + (a->to_minute > 0 ? a->to_minute : 0) * (instant_t)MINUTE_MS;
    instant_t to = day_start(b->last) + (b->to_minute >= 0 ? b->to_minute : DAY_MINUTES) * (instant_t)MINUTE_MS;
    if (to <= from)
        return err_fail(&p->why, ERR_INPUT, M_CALENDAR_DEADLINE_BACKWARDS, NULL, A_DAY(a->first), A_DAY(b->last));
    return true;
}

/* Behind 至: the range's end; *w becomes the range. */
static bool range_end(struct parse *p, struct when *w, enum mark *mark)
{
    struct when b;
    p->same_day = w->first;
    p->month = w->month;
    p->month_year = w->month_year;
    bool ok = day_and_time(p, &b, mark) && match_years(p, w, &b);
    p->month = 0;
    p->same_day = DAY_NONE;
    if (!ok)
        return false;
    struct when r = b;
    r.first = w->first;
    r.from_minute = w->from_minute >= 0 ? w->from_minute : w->to_minute;
    r.window = true;
    r.by = "range";
    r.bare = w->bare && b.bare;
    r.clock = w->clock && b.clock;
    r.edge = true;
    r.notes |= w->notes & ~(unsigned)DEADLINE_AMBIGUOUS;
    r.before = DAY_NONE;
    *w = r;
    return true;
}

/* 2022—2025年 */
static bool year_range(struct parse *p, struct when *w)
{
    const struct token *a = tok(p, 0), *b = tok(p, 2);
    if (!number(p, 0, DATE_YEAR_MIN, DATE_YEAR_MAX) || a->digits != 4 || a->sub || !(is(p, 1, T_DASH) || is(p, 1, T_TO)) || !number(p, 2, a->value + 1, DATE_YEAR_MAX) ||
        b->digits != 4 || b->sub || !is(p, 3, T_YEAR))
        return false;
    p->at += 4;
    *w = when_span(date_day(a->value, 1, 1), date_day(b->value, 12, 31));
    w->by = "range";
    w->edge = true;
    return true;
}

/* 5—6月, 今年5至6月份: two months under one sign. */
static bool month_range(struct parse *p, struct when *w)
{
    int at = p->at, year = year_read(p);
    bool yearless = !year;
    if (yearless)
        year = date_civil(p->today).year;
    if (!number(p, 0, 1, 12) || !(is(p, 1, T_DASH) || is(p, 1, T_TO)) || !number(p, 2, 1, 12) || !is(p, 3, T_MONTH) || is(p, 4, T_NUM)) {
        p->at = at;
        return false;
    }
    int a = tok(p, 0)->value, b = tok(p, 2)->value;
    p->at += 4;
    if (b <= a)
        return err_fail(&p->why, ERR_INPUT, M_CALENDAR_DEADLINE_BACKWARDS, NULL, A_DAY(date_day(year, a, 1)), A_DAY(date_day(year, b, 1)));
    *w = when_span(date_day(year, a, 1), date_day(year, b, date_month_days(year, b)));
    w->by = "range";
    w->edge = true;
    w->yearless = yearless;
    return true;
}

static bool range_sign(struct parse *p)
{
    int at = p->at;
    if (take(p, T_FROM))
        take(p, T_COMMA);
    if (take(p, T_TO))
        return true;
    if (take(p, T_DASH)) {
        take(p, T_DASH);                         /* —— */
        return true;
    }
    p->at = at;
    return false;
}

/* A date, or a range of them. */
static bool whole(struct parse *p, struct when *w, enum mark *mark)
{
    int at = p->at;
    if (year_range(p, w) || month_range(p, w) || p->why.kind)
        return !p->why.kind;
    bool since = take(p, T_SINCE);
    if (take(p, T_NOW)) {
        *w = when_span(p->today, p->today);
        w->bare = true;
        if (!is(p, 0, T_FROM) && !is(p, 0, T_TO)) {
            p->at = at;
            return false;
        }
    } else if (!day_and_time(p, w, mark)) {
        if (!p->why.kind)
            p->at = at;
        return false;
    }
    (void)since;
    int end = p->at;
    if (range_sign(p) && !range_end(p, w, mark)) {
        if (p->why.kind)
            return false;
        p->at = end;
    }
    return true;
}

/* --- the deadline -------------------------------------------------------------------------------------------------------------------------- */

static instant_t end_of(day_t d) { return day_start(d + 1); }

static void fill_day(const struct parse *p, const struct when *w, enum mark mark, struct deadline *ret)
{
    bool feast = mark == MARK_BEFORE && w->before != DAY_NONE;
    ret->kind = DEADLINE_DATE;
    ret->due = ret->strict = feast ? end_of(w->before) : end_of(w->last);
    if (w->window && mark != MARK_BEFORE)
        ret->start = day_start(w->first) + (w->from_minute > 0 ? w->from_minute : 0) * (instant_t)MINUTE_MS;
    if ((mark == MARK_BEFORE && !feast && !w->edge) || mark == MARK_WITHOUT)
        ret->strict = day_start(w->first);
    if (mark == MARK_WITHOUT)
        ret->due = ret->strict;
    if (mark == MARK_ABOUT) {
        ret->start = day_start(w->first - ABOUT_DAYS);
        ret->due = end_of(w->last + ABOUT_DAYS);
        ret->notes |= DEADLINE_ABOUT;
    }
    (void)p;
}

static void fill(const struct parse *p, const struct when *w, enum mark mark, struct deadline *ret)
{
    bool named = w->before == DAY_NONE || mark == MARK_BEFORE;         /* the other reading of 节前 is none of 节日期间 */
    ret->notes |= named ? w->notes : w->notes & ~(unsigned)DEADLINE_AMBIGUOUS;
    if (w->other != DAY_NONE && named)
        ret->other = w->to_minute < 0 ? end_of(w->other) : day_start(w->other) + w->to_minute * (instant_t)MINUTE_MS;      /* at the same clock time */
    if (w->to_minute < 0) {
        fill_day(p, w, mark, ret);
    } else {
        ret->kind = DEADLINE_INSTANT;
        ret->due = ret->strict = day_start(w->last) + w->to_minute * (instant_t)MINUTE_MS;
        if (w->from_minute >= 0 || w->window)
            ret->start = day_start(w->first) + (w->from_minute > 0 ? w->from_minute : 0) * (instant_t)MINUTE_MS;
    }
    if (ret->other != INSTANT_NONE && ret->other == ret->due)
        ret->other = INSTANT_NONE;
    if (ret->strict != ret->due || ret->other != INSTANT_NONE)
        ret->notes |= DEADLINE_AMBIGUOUS;
}

/* Behind a day: 起5个工作日内, 后一周内, 前3日. */
static bool counted_from(struct parse *p, const struct when *w, struct deadline *ret)
{
    int at = p->at;
    struct span_count c;
    instant_t base = w->to_minute >= 0 ? day_start(w->last) + w->to_minute * (instant_t)MINUTE_MS : day_start(w->after != DAY_NONE ? w->after : w->last);
    bool back = is(p, 0, T_BEFORE);
    if (!back && !is(p, 0, T_FROM) && !is(p, 0, T_AFTER))
        return false;
    p->at++;
    if (!back) {
        take(p, T_FROM);
        take(p, T_COMMA);
        take(p, T_OF);
    }
    if (!count_read(p, &c) || (back && (c.unit == UNIT_MINUTE || c.unit == UNIT_HOUR || c.half || c.range))) {
        p->at = at;
        return false;
    }
    if (!back) {
        take(p, T_IN);
        return count_end(p, &c, base, ret) || (p->at = at, false);
    }
    take(p, T_IN);
    day_t first = w->feast_first != DAY_NONE ? w->feast_first : w->first;
    day_t d = c.unit == UNIT_WORKDAY ? workdays_add(p->ask->work, first, -c.n, NULL) : first - c.n * (c.unit == UNIT_WEEK ? 7 : 1);
    if (d == DAY_NONE || c.unit == UNIT_MONTH || c.unit == UNIT_YEAR) {
        p->at = at;
        return false;
    }
    ret->kind = DEADLINE_DATE;
    ret->due = ret->strict = end_of(d);
    ret->counted = c.unit == UNIT_WORKDAY ? DEADLINE_WORKING : DEADLINE_CALENDAR;
    ret->n = -c.n;
    ret->unit = c.unit;
    ret->anchor = day_start(first);
    ret->notes |= w->notes;
    return true;
}

/* bare: needs something behind it to be a deadline, and has nothing. */
bool point_read(struct parse *p, struct deadline *ret, bool *strong, bool *bare)
{
    struct when w = WHEN_NONE;
    enum mark mark = MARK_NONE, said = MARK_NONE;
    int at = p->at;
    *strong = *bare = false;
    bool until = take(p, T_TO);
    p->part = PART_NONE;
    if (!whole(p, &w, &said)) {
        p->at = at;
        return false;
    }
    if (counted_from(p, &w, ret)) {
        *strong = true;
        return true;
    }
    if (is(p, 0, T_BEFORE) && !is(p, 1, T_NUM)) {
        p->at++;
        mark = MARK_BEFORE;
    } else if (take(p, T_ABOUT)) {
        mark = MARK_ABOUT;
    } else if (take(p, T_IN) || take(p, T_DURING)) {
        mark = MARK_NONE;
        *strong = tok(p, -1)->tok == T_IN;
    } else if (is(p, 0, T_FROM) || is(p, 0, T_AFTER) || is(p, 0, T_BEFORE)) {      /* a beginning, 起施行; 前三个 */
        p->at = at;
        return false;
    }
    bool by = take(p, T_BY);
    if (mark != MARK_ABOUT && said == MARK_NONE)
        bracket(p, &w, &said);
    if (p->why.kind)
        return false;
    if (take(p, T_BEFORE))                       /* 5月20日（含）前 */
        mark = mark == MARK_NONE ? MARK_BEFORE : mark;
    if (said != MARK_NONE)
        mark = said;
    *strong |= mark != MARK_NONE || w.strong || by;
    *bare = w.bare && !*strong && !until;
    fill(p, &w, mark, ret);
    ret->by = w.by ? w.by : "date";
    return true;
}
