/* Recurring days and instants (每月5日前, 每半月, 每月第一个工作日, 每周一, 每季度末月25日前, 每日8时20时), on the official working calendar. Pure.
 *
 * An occurrence has a key: the day (and minute) the rule names, before any move off a rest day; of the n-th working day of a period it is the period's first day
 * (last, when counted from behind). So an occurrence is counted once however the calendar is revised. Two that are moved to the same day keep their two
 * keys: who must not miss one goes from key to key (recur_after). A month without the day named has its last day instead: none is ever skipped.
 */
#ifndef WHS_CALENDAR_RECUR_H
#define WHS_CALENDAR_RECUR_H

#include "base/tr.h"
#include "calendar/workdays.h"

enum recur_every { RECUR_NONE, RECUR_MINUTE, RECUR_HOURS, RECUR_DAY, RECUR_WORKDAY, RECUR_WEEK, RECUR_TEN_DAYS, RECUR_HALF_MONTH, RECUR_MONTH, RECUR_QUARTER,
                   RECUR_HALF_YEAR, RECUR_YEAR };
enum recur_move { RECUR_STAY, RECUR_BEFORE, RECUR_AFTER };       /* a rest day: as it is, the last working day before, the next one after */
enum { RECUR_MINUTES = 4, RECUR_TEXT = 240 };

struct recur {
    enum recur_every every;                      /* TEN_DAYS: 10th, 20th and last; HALF_MONTH: 15th and last of the month */
    int interval;                                /* every n-th; from 1; of TEN_DAYS, HALF_MONTH, QUARTER and HALF_YEAR only 1 */
    unsigned weekdays;                           /* RECUR_WEEK: bit 0 Monday … bit 6 Sunday; none: the weekday of `from`, else Sunday. With nth: see there */
    unsigned month_days;                         /* RECUR_MONTH and longer: bit 0 the 1st … bit 30 the 31st; several are several occurrences */
    int nth;                                     /* instead of month_days: 1 the first day, -1 the last, of the period, or of its month `month` */
    bool workday;                                /* nth counts working days (of RECUR_WEEK too); else with weekdays set, those weekdays */
    int month;                                   /* RECUR_QUARTER 1–3, RECUR_HALF_YEAR 1–6, RECUR_YEAR 1–12: the month in it; 0: its last, with nth the whole period */
    int minute[RECUR_MINUTES];                   /* of the day, 1 … 1440, rising; none: the day as a whole */
    int n_minutes;
    enum recur_move move;
    instant_t from;                              /* what intervals are counted from, itself not an occurrence; INSTANT_NONE: the calendar's own days, weeks, months */
};

struct recur_time {
    day_t key;                                   /* the day that the rule names */
    int minute;                                  /* of that day, the key's second half: 0 of a whole day, else 1 … 1440 */
    day_t day;                                   /* after the move */
    instant_t due;                               /* exclusive end: the minute, or the end of `day` */
    bool presumed;                               /* a year without an arrangement had a part in it */
};

/* The first occurrence whose due is after `after`. False only outside the calendar's years. */
bool recur_next(const struct recur *r, const struct workdays *w, instant_t after, struct recur_time *ret);
/* The occurrence with the first key behind this one; minute 1440 means behind the whole of that day. */
bool recur_after(const struct recur *r, const struct workdays *w, day_t key, int minute, struct recur_time *ret);
/* As stored: "month days=5,20 move=before", "week on=1,3 at=16:00", "workday at=16:00", "quarter month=3 days=25", "month nth=-1 of=workday". One rule has one
 * writing, which recur_read() alone takes. */
void recur_put(struct buf *b, const struct recur *r);
bool recur_read(struct str s, struct recur *ret);
/* For the screen: 每月5日、20日，遇休息日提前到前一个工作日. */
void recur_say(struct buf *b, enum lang lang, const struct recur *r);
bool recur_valid(const struct recur *r);

#endif
