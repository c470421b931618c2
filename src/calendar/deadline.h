/* Deadline phrases (时限) as officials write them, read into days and instants: 5月9日前, 10个工作日内, 本周五下班前, 月底前, 节后第一个工作日, 每月5日前. Pure.
 *
 * A grammar, not a list: a phrase that it does not know whole is none. Nothing is guessed silently: every choice it makes is in the answer — how it counted,
 * what else the words can mean, what is contradictory. `due` is the exclusive end of the inclusive reading (前 takes the named day in), `strict` that of
 * the strict one: last bells use strict, overdue uses due. Of a date that is named by its end (月底, 节前: the last working day before) both are the same.
 *
 * Rules: 民法典 201 (the first day is not counted; hours run at once), 202 (the same day of the month, or its last), 203 (a last day that is off moves to the
 * next working day, only where a statute counts; here: lw and nw are told, the external limit stays). A day without a year is of the reference's year: yesterday
 * is past, never next year; only when it is more than 60 days past it is next year's, AMBIGUOUS, with this year's in `other`.
 */
#ifndef WHS_CALENDAR_DEADLINE_H
#define WHS_CALENDAR_DEADLINE_H

#include "calendar/recur.h"

enum deadline_kind { DEADLINE_NONE, DEADLINE_DATE, DEADLINE_INSTANT, DEADLINE_RECURRING };
enum deadline_counted { DEADLINE_GIVEN, DEADLINE_CALENDAR, DEADLINE_WORKING };
enum deadline_unit { UNIT_NONE, UNIT_MINUTE, UNIT_HOUR, UNIT_DAY, UNIT_WORKDAY, UNIT_WEEK, UNIT_MONTH, UNIT_YEAR };

struct deadline_hours { int morning, noon, afternoon, evening; };    /* minutes of the day: 08:30 12:00 14:00 18:00 */
#define DEADLINE_HOURS ((struct deadline_hours){ 510, 720, 840, 1080 })

struct deadline_ask {
    const struct workdays *work;
    instant_t at;                                /* what 今天, 收到之日 and counting start from: when the paper was received */
    struct deadline_hours hours;
};

/* Bits of deadline.notes: what a person should know before the entry is saved. */
enum {
    DEADLINE_AMBIGUOUS = 1,                      /* strict differs from due, or `other` is another reading */
    DEADLINE_REST_DAY = 2,                       /* the last day is not worked: lw, nw */
    DEADLINE_PAST = 4,
    DEADLINE_ABOUT = 8,                          /* 左右: two days taken on either side */
    DEADLINE_PRESUMED = 16,                      /* counted in a year without an arrangement */
    DEADLINE_OWN_LIMIT = 32,                     /* 尽快 抓紧 近期: no date in it; the section's own limit applies */
    DEADLINE_WRONG = 64,                         /* a date that cannot be, or contradicts itself: `why` says how */
    DEADLINE_NO_ANCHOR = 128,                    /* 会后, 批示后: counted from what is not known */
    DEADLINE_SEVERAL = 256,                      /* the phrase holds further deadlines behind this one */
};

struct deadline {
    enum deadline_kind kind;
    instant_t start, due, strict, other;         /* INSTANT_NONE where there is none */
    enum deadline_counted counted;
    int n;                                       /* counted: how many of `unit`; negative before the anchor */
    enum deadline_unit unit;
    bool half;                                   /* and half a unit more: 一个半月, 半年 */
    instant_t anchor;                            /* counted: from here; the first day is not counted. INSTANT_NONE of what was given */
    day_t lw, nw;                                /* DEADLINE_REST_DAY: the working days before and after; else DAY_NONE */
    unsigned notes;
    const char *by;                              /* of what was given: "date" "day" "weekday" "week" "month" "month-end" "quarter" "year" "plan" "festival" "workday" "range" "clock" */
    struct recur recur;
    struct err why;                              /* kind NONE: what is wrong or missing, ERR_NONE when the words simply are no deadline */
    size_t from, to;                             /* the bytes it was read from */
};

/* A phrase that stands for itself. Always answers; DEADLINE_NONE with why. */
void deadline_read(struct str phrase, const struct deadline_ask *ask, struct deadline *ret);
/* Deadlines in running text, in order; what is no deadline (前往, 日前, “5.09”, report periods) is passed over, a wrong date is given with kind NONE and
 * DEADLINE_WRONG. At most cap. */
size_t deadline_find(struct str text, const struct deadline_ask *ask, struct deadline *ret, size_t cap);
/* How it was read, for the screen: 自5月9日起第10个工作日, 每月5日; of DEADLINE_NONE why it is none. */
void deadline_how(struct buf *b, enum lang lang, const struct deadline *d);
/* The same for programs: FREQ=MONTHLY;BYMONTHDAY=10 of a recurring one (recur_put()'s text where RFC 5545 has no words: working days, moves), "count", else d->by. Nothing for
 * DEADLINE_NONE. */
void deadline_rule(struct buf *b, const struct deadline *d);

#endif
