/* Clock times and parts of the day. */
#include "base/tr.h"
#include "calendar/deadline_in.h"

static bool figures_start(const struct parse *p, int i)
{
    return is(p, i, T_NUM) && (is(p, i + 1, T_SHI) || is(p, i + 1, T_DIAN) || (is(p, i + 1, T_COLON) && is(p, i + 2, T_NUM) && !tok(p, i)->han));
}

bool time_starts(const struct parse *p)
{
    return p->part || is(p, 0, T_PART) || is(p, 0, T_OFF_DUTY) || is(p, 0, T_ON_DUTY) || figures_start(p, 0);
}

static bool wrong(struct parse *p, int msg, int64_t value)
{
    err_fail(&p->why, ERR_INPUT, msg, NULL, A_INT(value));
    return false;
}

/* Minutes behind 17时 or 17点: 半, 30分, 30, 一刻. */
static bool read_minutes(struct parse *p, int *minute)
{
    *minute = 0;
    if (take(p, T_HALF)) {
        *minute = 30;
    } else if (number(p, 0, 1, 3) && is(p, 1, T_KE)) {
        *minute = 15 * tok(p, 0)->value;
        p->at += 2;
    } else if (is(p, 0, T_NUM) && (is(p, 1, T_FEN) || (tok(p, 0)->digits == 2 && (is(p, 1, T_BEFORE) || is(p, 1, T_END) || is(p, 1, T_TO) || is(p, 1, T_DASH))))) {
        *minute = tok(p, 0)->value;
        p->at += 1 + is(p, 1, T_FEN);
    }
    return *minute < 60 || wrong(p, M_CALENDAR_BAD_MINUTE, *minute);
}

/* What the part of the day makes of the hour; false when they contradict each other. */
static bool apply_part(int part, int *hour, int minute)
{
    switch (part) {
    case PART_MORNING: return *hour <= 12;
    case PART_EARLY: *hour = *hour == 12 ? 0 : *hour; return *hour <= 12;
    case PART_NOON: *hour += *hour >= 1 && *hour <= 2 ? 12 : 0; return *hour >= 11 && *hour <= 14;
    case PART_AFTERNOON: *hour += *hour < 12 ? 12 : 0; return *hour >= 12 && *hour <= 23;
    case PART_EVENING: *hour = *hour == 12 && minute == 0 ? 24 : *hour < 12 && *hour > 0 ? *hour + 12 : *hour; return *hour >= 12 || *hour == 0;
    case PART_NIGHT: *hour = *hour == 12 ? 24 : *hour; return *hour == 24 || *hour == 0;
    default: return true;
    }
}

bool clock_time(struct parse *p, int *minute)
{
    int at = p->at, part = p->part ? p->part : is(p, 0, T_PART) ? tok(p, 0)->sub : PART_NONE, m = 0;
    if (!p->part)
        take(p, T_PART);
    if (!figures_start(p, 0)) {
        p->at = at;
        return false;
    }
    int hour = tok(p, 0)->value, said = hour;
    bool colon = is(p, 1, T_COLON);
    p->at += 2;
    if (colon) {
        m = tok(p, 0)->value;
        if (tok(p, 0)->digits != 2 || tok(p, 0)->han) {
            p->at = at;
            return false;
        }
        p->at++;
        if (is(p, 0, T_COLON) && number(p, 1, 0, 59))
            p->at += 2;
    } else if (!read_minutes(p, &m)) {
        return false;
    }
    p->part = PART_NONE;
    if (hour > 24 || (hour == 24 && m > 0))
        return wrong(p, M_CALENDAR_BAD_HOUR, said);
    if (m > 59)
        return wrong(p, M_CALENDAR_BAD_MINUTE, m);
    if (!apply_part(part, &hour, m))
        return wrong(p, M_CALENDAR_DEADLINE_BAD_PART, said);
    *minute = hour * 60 + m;
    return true;
}

/* A part of the day alone, and 上班 下班. */
static bool part_alone(struct parse *p, struct when *w)
{
    const struct deadline_hours *h = &p->ask->hours;
    int part = p->part ? p->part : is(p, 0, T_PART) ? tok(p, 0)->sub : PART_NONE;
    if (!p->part)
        take(p, T_PART);
    p->part = PART_NONE;
    if (take(p, T_OFF_DUTY)) {
        w->to_minute = part == PART_MORNING || part == PART_NOON ? h->noon : h->evening;
        return true;
    }
    if (take(p, T_ON_DUTY)) {
        w->to_minute = part == PART_AFTERNOON ? h->afternoon : h->morning;
        return true;
    }
    switch (part) {
    case PART_MORNING: w->from_minute = h->morning, w->to_minute = h->noon; break;
    case PART_NOON: w->to_minute = h->noon; break;
    case PART_AFTERNOON: w->from_minute = h->afternoon, w->to_minute = h->evening; break;
    case PART_EVENING: w->from_minute = h->evening, w->to_minute = DAY_MINUTES; break;
    case PART_NIGHT: w->to_minute = DAY_MINUTES; w->notes |= DEADLINE_AMBIGUOUS; break;
    case PART_EARLY: w->to_minute = h->morning; break;
    default: return false;
    }
    return true;
}

bool when_time(struct parse *p, struct when *w)
{
    int minute;
    if (clock_time(p, &minute)) {
        w->to_minute = minute;
        return true;
    }
    return !p->why.kind && part_alone(p, w);
}
