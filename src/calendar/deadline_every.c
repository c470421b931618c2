/* Recurring phrases: 每月5日前, 每周一、三, 每个工作日下午4点, 每2小时, 一周一调度. */
#include "calendar/deadline_in.h"

/* --- which days of the period ------------------------------------------------------------------------------------------------------------- */

static bool nth_part(struct parse *p, struct recur *r)
{
    int at = p->at, n, weekday;
    if (take(p, T_BEFORE) && number(p, 0, 1, 23)) {          /* 前3个工作日 */
        r->nth = tok(p, 0)->value;
        p->at++;
        take(p, T_GE);
        if ((r->workday = take(p, T_WORKDAY)))
            return true;
    }
    p->at = at;
    r->nth = 0;
    if (!nth_read(p, &n))
        return false;
    if (take(p, T_WORKDAY)) {
        r->nth = n;
        r->workday = true;
        return true;
    }
    if (is(p, 0, T_WEEK) && weekday_token(tok(p, 1), &weekday) && r->every != RECUR_WEEK) {
        p->at += 2;
        r->nth = n;
        r->weekdays = 1u << (weekday - 1);
        return true;
    }
    if ((take(p, T_TIAN) || take(p, T_DAY)) && r->every >= RECUR_MONTH) {
        r->nth = n == -1 ? -1 : 0;
        if (n > 0)
            r->month_days = 1u << (n - 1);
        r->month = n > 0 && r->every > RECUR_MONTH ? 1 : 0;
        return true;
    }
    p->at = at;
    return false;
}

/* 结束后10日内: so many days of the next period. */
static bool after_end(struct parse *p, struct recur *r)
{
    int at = p->at;
    struct span_count c;
    take(p, T_OVER);
    if (take(p, T_AFTER) && count_read(p, &c) && (c.unit == UNIT_DAY || c.unit == UNIT_WORKDAY) && c.n <= (c.unit == UNIT_DAY ? 31 : 23) && !c.range) {
        take(p, T_IN);
        if (c.unit == UNIT_DAY)
            r->month_days = 1u << (c.n - 1);
        else
            r->nth = c.n;
        r->workday = c.unit == UNIT_WORKDAY;
        if (r->every != RECUR_MONTH && c.unit == UNIT_DAY)
            r->month = 1;
        return true;
    }
    p->at = at;
    return false;
}

/* 5日、20日; 5、20日; 1日至5日 (its end). */
static bool day_list(struct parse *p, struct recur *r)
{
    int at = p->at;
    unsigned days = 0;
    for (;;) {
        if (!number(p, 0, 1, 31) || !(is(p, 1, T_DAY) || (is(p, 1, T_LIST) && is(p, 2, T_NUM)) || ((is(p, 1, T_DASH) || is(p, 1, T_TO)) && is(p, 2, T_NUM))))
            break;
        int day = tok(p, 0)->value;
        p->at += 1 + is(p, 1, T_DAY);
        if (is(p, 0, T_TO) || is(p, 0, T_DASH)) {
            p->at++;
            continue;
        }
        days |= 1u << (day - 1);
        if (!(is(p, 0, T_LIST) && is(p, 1, T_NUM) && (is(p, 2, T_DAY) || is(p, 2, T_LIST))))
            break;
        p->at++;
    }
    if (!days) {
        p->at = at;
        return false;
    }
    r->month_days = days;
    return true;
}

/* A day within the month that was said: 10日, 底, 上旬, 第一个工作日. */
static bool in_month(struct parse *p, struct recur *r)
{
    int sub = tok(p, 0)->sub;
    if (day_list(p, r) || nth_part(p, r))
        return true;
    if (take(p, T_XUN) && sub) {
        if (sub < 3)
            r->month_days = 1u << (10 * sub - 1);
        else
            r->nth = -1;
        return true;
    }
    if (is(p, 0, T_MONTH) && (is(p, 1, T_EDGE) || is(p, 1, T_MID) || is(p, 1, T_EARLY)))        /* 每月月底 */
        p->at++;
    if (take(p, T_EDGE)) {
        r->nth = -1;
        return true;
    }
    if (is(p, 0, T_MID) || is(p, 0, T_EARLY)) {
        r->month_days = 1u << (is(p, 0, T_MID) ? 14 : 9);
        p->at++;
        return true;
    }
    return after_end(p, r);
}

/* 末月25日, 首月10日, 第一个月10日, 次月10日 */
static bool in_quarter(struct parse *p, struct recur *r)
{
    int at = p->at, n = 0, months = r->every == RECUR_QUARTER ? 3 : 6;
    if (is(p, 0, T_EDGE) && is(p, 1, T_MONTH)) {
        p->at += 2;
        n = months;
    } else if (is(p, 0, T_REL_MONTH) && tok(p, 0)->value == 1) {
        p->at++;
        n = 1;
    } else if (nth_read(p, &n) && take(p, T_MONTH)) {
        n = n == -1 ? months : n <= months ? n : 0;
    } else {
        n = 0;
    }
    if (n && in_month(p, r)) {
        r->month = n;
        return true;
    }
    p->at = at;
    r->month = 0;
    if (take(p, T_EDGE))
        return true;
    return nth_part(p, r) || after_end(p, r);
}

static bool ends_month(const struct recur *r, int month)
{
    return !r->workday && !r->weekdays && (r->nth == -1 || (r->month_days && r->month_days == 1u << (date_month_days(2022, month) - 1)));
}

/* 1月31日, 12月底, 年底, 6月底和12月底 */
static bool in_year_read(struct parse *p, struct recur *r)
{
    int at = p->at;
    if (is(p, 0, T_YEAR) && is(p, 1, T_EDGE))
        p->at++;
    if (take(p, T_EDGE))
        return true;
    p->at = at;
    int nth = is(p, 0, T_NTH);
    if (number(p, nth, 1, 4) && is(p, nth + 1, T_QUARTER)) {
        r->month = 3 * tok(p, nth)->value;
        r->nth = -1;
        p->at += nth + 2;
        return true;
    }
    if (!number(p, 0, 1, 12) || !is(p, 1, T_MONTH))
        return nth_part(p, r) || after_end(p, r);
    r->month = tok(p, 0)->value;
    p->at += 2;
    in_month(p, r);
    if (is(p, 0, T_LIST) && number(p, 1, 1, 12) && is(p, 2, T_MONTH)) {
        struct recur second = { .every = RECUR_YEAR };
        int month = tok(p, 1)->value;
        p->at += 3;
        in_month(p, &second);
        bool ends = ends_month(r, r->month) && ends_month(&second, month);
        if (month != r->month + 6 || !(ends || (r->nth == 0 && second.nth == 0 && r->month_days == second.month_days))) {
            r->every = RECUR_NONE;               /* no rule says that */
            return false;
        }
        if (ends) {
            r->nth = -1;
            r->month_days = 0;
        }
        r->every = RECUR_HALF_YEAR;
    }
    if (r->nth == 0 && !r->month_days)
        r->nth = -1;
    return true;
}

/* 一、三、五; 一和周四; 一至五 */
static bool week_days(struct parse *p, struct recur *r)
{
    int weekday, last = 0;
    if (is(p, 0, T_WEEK) && weekday_token(tok(p, 1), &weekday))        /* 每周星期五 */
        p->at++;
    while (weekday_token(tok(p, 0), &weekday)) {
        p->at++;
        for (int d = last ? last : weekday; d <= weekday; d++)
            r->weekdays |= 1u << (d - 1);
        last = 0;
        bool list = is(p, 0, T_LIST), to = is(p, 0, T_TO) || is(p, 0, T_DASH);
        int skip = 1 + is(p, 1, T_WEEK);
        if (!(list || to) || !weekday_token(tok(p, skip), &(int){ 0 }))
            break;
        p->at += skip;
        last = to ? weekday : 0;
    }
    return r->weekdays != 0;
}

/* --- the period ------------------------------------------------------------------------------------------------------------------------------ */

static bool set_unit(struct parse *p, int n, bool half, struct recur *r)
{
    const struct token *t = tok(p, 0);
    bool whole = n == 1 && !half;
    r->interval = n;
    switch (t->tok) {
    case T_MINUTE: r->every = RECUR_MINUTE; break;
    case T_KE: r->every = RECUR_MINUTE, r->interval = 15 * n; break;
    case T_HOUR: r->every = half ? RECUR_MINUTE : RECUR_HOURS; r->interval = half ? 30 : n; break;
    case T_DAY: r->every = t->sub ? RECUR_NONE : RECUR_DAY; break;
    case T_TIAN: r->every = RECUR_DAY; break;
    case T_WORKDAY: r->every = RECUR_WORKDAY; break;
    case T_WEEK: r->every = RECUR_WEEK; break;
    case T_WEEKEND: r->every = RECUR_WEEK; r->weekdays = 1u << 6; break;
    case T_XUN: r->every = t->sub || !whole ? RECUR_NONE : RECUR_TEN_DAYS; break;
    case T_MONTH: r->every = half ? RECUR_HALF_MONTH : RECUR_MONTH; break;
    case T_QUARTER: r->every = whole ? RECUR_QUARTER : RECUR_NONE; break;
    case T_YEAR: r->every = half ? RECUR_HALF_YEAR : RECUR_YEAR; break;
    default: return false;
    }
    if (r->every == RECUR_NONE || (half && r->every != RECUR_HALF_MONTH && r->every != RECUR_HALF_YEAR && r->every != RECUR_MINUTE))
        return false;
    if (r->every == RECUR_HALF_MONTH || r->every == RECUR_HALF_YEAR)
        r->interval = 1;
    if (r->interval > 1 || r->every <= RECUR_HOURS)
        r->from = p->ask->at;
    p->at++;
    return true;
}

/* 每 [两|半] [个] 周; 隔周; 工作日每天. */
static bool every_unit(struct parse *p, struct recur *r, unsigned *notes)
{
    if (is(p, 0, T_WORKDAY) && is(p, 1, T_EVERY) && (is(p, 2, T_TIAN) || is(p, 2, T_DAY))) {
        p->at += 3;
        r->every = RECUR_WORKDAY;
        return true;
    }
    bool other = take(p, T_EVERY_OTHER);
    if (!other && !take(p, T_EVERY))
        return false;
    if (is(p, 0, T_PART)) {                      /* 每晚 */
        r->every = RECUR_DAY;
        return true;
    }
    int n = 1;
    bool half = take(p, T_HALF);
    if (!half && is(p, 0, T_NUM)) {
        n = tok(p, 0)->value;
        p->at++;
        if (other)
            *notes |= DEADLINE_AMBIGUOUS;        /* each third day, or each fourth */
    } else if (other) {
        n = 2;
    }
    take(p, T_GE);
    if (n < 1 || n > 1440 || !set_unit(p, n, half, r))
        return false;
    take(p, T_OF);
    return true;
}

/* 一周一调度, 半月一次, 两周一报 */
static bool once_unit(struct parse *p, struct recur *r)
{
    bool half = take(p, T_HALF);
    int n = 1;
    if (!half) {
        if (!number(p, 0, 1, 60) || (is(p, 1, T_MONTH) && !(tok(p, 0)->han && tok(p, 0)->value <= 3)))
            return false;
        n = tok(p, 0)->value;
        p->at++;
    }
    take(p, T_GE);
    return set_unit(p, n, half, r) && is(p, 0, T_ONCE);
}

static bool which_days(struct parse *p, struct recur *r)
{
    switch (r->every) {
    case RECUR_WEEK: return week_days(p, r) || nth_part(p, r);
    case RECUR_MONTH: return in_month(p, r);
    case RECUR_QUARTER: return in_quarter(p, r);
    case RECUR_HALF_YEAR: return in_quarter(p, r);
    case RECUR_YEAR: return in_year_read(p, r);
    case RECUR_TEN_DAYS: return take(p, T_EDGE);
    default: return false;
    }
}

/* 8时、20时; 上午9点和下午4点; 下班 */
static bool times(struct parse *p, struct recur *r)
{
    struct when w = WHEN_NONE;
    if (r->every <= RECUR_HOURS || !time_starts(p))
        return true;
    for (;;) {
        if (!when_time(p, &w))
            return false;
        int m = w.to_minute ? w.to_minute : DAY_MINUTES, i = r->n_minutes;
        if (i == RECUR_MINUTES)
            return false;
        for (; i > 0 && r->minute[i - 1] > m; i--)
            r->minute[i] = r->minute[i - 1];
        if (i > 0 && r->minute[i - 1] == m)
            return false;
        r->minute[i] = m;
        r->n_minutes++;
        int at = p->at;
        take(p, T_BEFORE);
        if (!take(p, T_LIST) || !time_starts(p)) {
            p->at = at;
            return true;
        }
    }
}

static void shift(struct parse *p, struct recur *r)
{
    int at = p->at;
    bool open = take(p, T_OPEN) || take(p, T_COMMA);
    if (is(p, 0, T_SHIFT) && r->every > RECUR_HOURS) {
        r->move = (enum recur_move)tok(p, 0)->sub;
        p->at++;
        if (!open || take(p, T_SHUT) || is(p, 0, T_END))
            return;
    }
    p->at = at;
}

bool every_read(struct parse *p, struct deadline *ret, bool *strong)
{
    int at = p->at;
    struct recur r = { .interval = 1, .from = INSTANT_NONE };
    unsigned notes = 0;
    bool ok = is(p, 0, T_NUM) || is(p, 0, T_HALF) ? once_unit(p, &r) : every_unit(p, &r, &notes);
    if (ok) {
        bool days = which_days(p, &r);
        take(p, T_COMMA);
        ok = !p->why.kind && times(p, &r) && recur_valid(&r);
        *strong = days || r.n_minutes;
        if (ok && tok(p, -1)->tok == T_COMMA)
            p->at--;
    }
    struct recur_time t;
    if (!ok || !recur_next(&r, p->ask->work, p->ask->at - (r.from == INSTANT_NONE), &t)) {
        p->at = at;
        return false;
    }
    *strong |= take(p, T_BEFORE) || take(p, T_IN) || take(p, T_BY);
    shift(p, &r);
    if (is(p, 0, T_DO) && is(p, 1, T_ONCE))
        p->at++;
    *strong |= take(p, T_ONCE);
    if (!recur_next(&r, p->ask->work, p->ask->at - (r.from == INSTANT_NONE), &t)) {
        p->at = at;
        return false;
    }
    ret->kind = DEADLINE_RECURRING;
    ret->recur = r;
    ret->due = ret->strict = t.due;
    ret->notes |= notes | (t.presumed ? DEADLINE_PRESUMED : 0);
    return true;
}
