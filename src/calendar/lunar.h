/* The lunar calendar (农历) and the 24 solar terms (节气), 2001–2060. Pure.
 *
 * A table of our own, computed from new moons (Meeus, Astronomical Algorithms, chapter 49) and the sun's longitude in UTC+08:00 by the rules of GB/T 33661-2017: a month
 * begins on the day of the new moon, the winter solstice lies in the eleventh, and of thirteen months the first without a major term is the leap month.
 */
#ifndef WHS_CALENDAR_LUNAR_H
#define WHS_CALENDAR_LUNAR_H

#include "base/clock.h"

enum { LUNAR_FIRST = 2001, LUNAR_LAST = 2060, TERM_QINGMING = 6, TERMS = 24 };

/* A day of a lunar year (that begins in the solar year of the same number); never of a leap month. month 1 … 12, day 1 … 30. DAY_NONE outside the
 * table, and for the 30th of a month that has 29 days. */
day_t lunar_day(int year, int month, int day);
day_t lunar_last_day(int year);                  /* 除夕 */
/* 0 小寒 … 6 清明 … 23 冬至 of a solar year, or DAY_NONE. */
day_t solar_term(int year, int term);

#endif
