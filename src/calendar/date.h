/* Civil dates and instants of UTC+08:00, read and written. Pure.
 *
 * A day_t counts days since 1970-01-01, an instant_t milliseconds; both as base/clock.h says. Years 1900 to 2199.
 */
#ifndef WHS_CALENDAR_DATE_H
#define WHS_CALENDAR_DATE_H

#include "base/clock.h"
#include "base/err.h"

struct civil { int year, month, day; };

enum { DATE_YEAR_MIN = 1900, DATE_YEAR_MAX = 2199 };

struct civil date_civil(day_t d);
day_t date_day(int year, int month, int day);    /* any proleptic Gregorian date; not checked */
int date_month_days(int year, int month);        /* 28 … 31 */
int date_weekday(day_t d);                       /* 1 Monday … 7 Sunday */
static inline day_t date_monday(day_t d) { return d - (date_weekday(d) - 1); }

/* Checked: ERR_INPUT names what is impossible (month 13, 31 June, a year out of range). */
bool date_make(int year, int month, int day, day_t *ret, struct err *err);

/* What people type into a date field: 2022-05-09 2022/5/9 2022.5.9 20220509 2022年5月9日 二〇二二年五月九日, full-width figures too; behind it a weekday in
 * brackets, which must be the right one, and a clock time (18:00, 18时, 18时30分, 下午6时, 24时 for the day's end). RFC 3339 with offset also. Nothing is guessed:
 * what is missing or impossible (the year, 31 June, 25 o'clock) is named. *has_time tells whether a time was given; *at is then that instant (24时: the next
 * day's start), else the day's start. Phrases (本周五前, 5个工作日内) are another reader's task. */
bool date_read(struct str s, day_t *day, instant_t *at, bool *has_time, struct err *err);
/* Only 2022-05-09, for files and the API. */
bool date_read_iso(struct str s, day_t *ret, struct err *err);
/* RFC 3339 with an offset: 2022-05-09T18:00:00+08:00; seconds may be missing, fractions are cut to milliseconds. */
bool instant_read(struct str s, instant_t *ret, struct err *err);

void date_put_iso(struct buf *b, day_t d);       /* 2022-05-09 */
void date_put_zh(struct buf *b, day_t d);        /* 2022年5月9日（周一） */
void instant_put(struct buf *b, instant_t at);   /* 2022-05-09T18:00:00+08:00 */

#endif
