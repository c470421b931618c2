/* Days named by a festival, a solar term or the lunar calendar. 国庆节前 is the last working day before the holiday. */
#include "calendar/deadline_in.h"
#include "calendar/festival.h"
#include "calendar/lunar.h"

struct feast_span { day_t first, last; };             /* the statutory days, or the one day */

static struct feast_span one(day_t d) { return (struct feast_span){ d, d }; }

/* The festival of a solar year. */
static struct feast_span feast_in(int sub, int year)
{
    static const unsigned char FIXED[FEASTS][2] = { [FEAST_WOMEN] = { 3, 8 }, [FEAST_TREES] = { 3, 12 }, [FEAST_YOUTH] = { 5, 4 }, [FEAST_CHILDREN] = { 6, 1 },
                                                    [FEAST_PARTY] = { 7, 1 }, [FEAST_ARMY] = { 8, 1 }, [FEAST_TEACHERS] = { 9, 10 } };
    if (sub < FEAST_HOLIDAYS) {
        struct festival_days d = festival_days((enum festival)sub, year);
        return d.n ? (struct feast_span){ d.first, d.first + d.n - 1 } : one(DAY_NONE);
    }
    switch (sub) {
    case FEAST_LANTERN: return one(lunar_day(year, 1, 15));
    case FEAST_CHONGYANG: return one(lunar_day(year, 9, 9));
    case FEAST_QIXI: return one(lunar_day(year, 7, 7));
    case FEAST_LABA: return one(lunar_day(year - 1, 12, 8));           /* of the lunar year that ends in this solar one */
    case FEAST_LITTLE_YEAR: return one(lunar_day(year - 1, 12, 23));
    case FEAST_EVE: return one(lunar_last_day(year - 1));
    default: return one(date_day(year, FIXED[sub][0], FIXED[sub][1]));
    }
}

/* The days off around it: those of the holiday, weekends that join it among them. */
static struct when around(const struct parse *p, struct feast_span f)
{
    const struct workdays *work = p->ask->work;
    struct when w = when_span(f.first, f.last);
    for (int i = 0; i < 20 && !workdays_is(work, w.last, NULL) && !workdays_is(work, w.last + 1, NULL); i++)
        w.last++;
    for (int i = 0; i < 20 && !workdays_is(work, w.first, NULL) && !workdays_is(work, w.first - 1, NULL); i++)
        w.first--;
    w.window = true;
    w.before = workdays_prev(work, f.first, NULL);
    w.after = w.last;
    if (w.before != f.first - 1) {
        w.other = f.first - 1;
        w.notes |= DEADLINE_AMBIGUOUS;
    }
    if (!workdays_covered(work, date_civil(f.first).year))
        w.notes |= DEADLINE_PRESUMED;
    return w;
}

/* The next one that is not over, and in *over this year's when it is. */
static struct feast_span feast_next(const struct parse *p, int sub, struct feast_span *over)
{
    int year = date_civil(p->today).year;
    struct feast_span f = feast_in(sub, year);
    *over = f.first != DAY_NONE && f.last < p->today ? f : one(DAY_NONE);
    return f.first == DAY_NONE || over->first != DAY_NONE ? feast_in(sub, year + 1) : f;
}

/* 节前, 节后: the next holiday, or the one that we are in. */
static struct feast_span next_holiday(const struct parse *p)
{
    struct feast_span best = one(DAY_NONE), over;
    for (int sub = 0; sub < FEAST_HOLIDAYS; sub++) {
        struct feast_span f = feast_next(p, sub, &over);
        if (f.first != DAY_NONE && (best.first == DAY_NONE || f.first < best.first))
            best = f;
    }
    return best;
}

/* --- 农历 -------------------------------------------------------------------------------------------------------------------------------- */

static bool lunar_named(struct parse *p, int *month, int *day)
{
    bool lunar = take(p, T_LUNAR);
    if (is(p, 0, T_LUNAR_MONTH)) {
        *month = tok(p, 0)->value;
        p->at++;
        lunar = true;
    } else if (number(p, 0, 1, 12) && is(p, 1, T_MONTH)) {
        *month = tok(p, 0)->value;
        p->at += 2;
    } else {
        return false;
    }
    if (is(p, 0, T_LUNAR_DAY) || (lunar && number(p, 0, 1, 30))) {
        *day = tok(p, 0)->value;
        p->at++;
        take(p, T_DAY);
        return true;
    }
    *day = 0;
    return lunar && take(p, T_EDGE);
}

/* 农历年底: the year's last day, 除夕. */
static bool lunar_year_end(struct parse *p)
{
    if (!is(p, 0, T_LUNAR) || !is(p, 1, T_YEAR) || !is(p, 2, T_EDGE))
        return false;
    p->at += 3;
    return true;
}

static bool lunar_read(struct parse *p, int year, struct when *w)
{
    int at = p->at, month = 12, day = 0, y = date_civil(p->today).year;
    if (!lunar_year_end(p) && !lunar_named(p, &month, &day)) {
        p->at = at;
        return false;
    }
    day_t found = DAY_NONE;
    for (int k = year ? year : y - 1; k <= (year ? year : y + 1) && found == DAY_NONE; k++) {
        day_t d = day ? lunar_day(k, month, day) : lunar_day(k, month, 30) != DAY_NONE ? lunar_day(k, month, 30) : lunar_day(k, month, 29);
        if (d != DAY_NONE && (year || p->today - d <= PAST_DAYS))
            found = d;
    }
    if (found == DAY_NONE) {
        p->at = at;
        return false;
    }
    *w = when_span(found, found);
    w->edge = w->strong = day == 0;
    return true;
}

/* --- all of them ----------------------------------------------------------------------------------------------------------------------- */

/* 国庆节 by itself is no deadline: 前, 后, 期间 or 假期 must follow. */
static bool feast_follows(const struct parse *p)
{
    return is(p, 0, T_BEFORE) || is(p, 0, T_AFTER) || is(p, 0, T_DURING) || is(p, 0, T_VACATION);
}

static bool feast_named(struct parse *p, int year, struct feast_span *f, struct feast_span *over)
{
    const struct token *t = tok(p, 0);
    *over = one(DAY_NONE);
    if (take(p, T_FEAST)) {
        take(p, T_FESTIVAL);
        *f = year ? feast_in(t->sub, year) : feast_next(p, t->sub, over);
        return true;
    }
    if (take(p, T_TERM)) {
        int y = year ? year : date_civil(p->today).year;
        *f = one(solar_term(y, t->sub));
        if (!year && f->first != DAY_NONE && f->first < p->today) {
            *over = *f;
            *f = one(solar_term(y + 1, t->sub));
        }
        return true;
    }
    if (year || !(take(p, T_FESTIVAL) || take(p, T_VACATION)))
        return false;
    *f = next_holiday(p);
    return true;
}

/* year: what was said before it; 0 none. */
bool when_feast(struct parse *p, int year, struct when *w)
{
    int at = p->at;
    struct feast_span f, over;
    if (lunar_read(p, year, w))
        return true;
    if (!feast_named(p, year, &f, &over) || f.first == DAY_NONE || !feast_follows(p)) {
        p->at = at;
        return false;
    }
    *w = around(p, f);
    if (take(p, T_VACATION) && !feast_follows(p))
        w->strong = true;
    if (is(p, 0, T_BEFORE) && is(p, 1, T_LAST)) {            /* 节前最后一个工作日 */
        int back = p->at;
        p->at += 2;
        if (number(p, 0, 1, 1))
            p->at++;
        take(p, T_GE);
        if (take(p, T_WORKDAY)) {
            *w = when_span(w->before, w->before);
            w->strong = w->edge = true;
        } else {
            p->at = back;
        }
    }
    if (over.last != DAY_NONE && p->today - over.last <= PAST_DAYS) {          /* this year's may be meant */
        w->notes |= DEADLINE_AMBIGUOUS;
        if (w->other == DAY_NONE)
            w->other = workdays_prev(p->ask->work, over.first, NULL);
    }
    w->feast_first = f.first;
    return true;
}
