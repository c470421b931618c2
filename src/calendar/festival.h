/* The statutory days (法定节假日) of a year by rule, for years without a State Council arrangement and for checking a notice.
 *
 * Rules: 全国年节及纪念日放假办法 as in force in the year: 10 days to 2007, 11 from 2008 (除夕 in, then out again from 2014), 13 from 2025
 * (国务院令第795号: 除夕 and 2 May in). Days that follow the moon or the sun's longitude come from a table of our own for 2001–2060, computed
 * from the new moons and solar terms in UTC+08:00; outside it only the days fixed in the solar calendar are known.
 */
#ifndef WHS_CALENDAR_FESTIVAL_H
#define WHS_CALENDAR_FESTIVAL_H

#include "base/clock.h"

enum festival { FESTIVAL_NEW_YEAR, FESTIVAL_SPRING, FESTIVAL_QINGMING, FESTIVAL_LABOUR, FESTIVAL_DUANWU, FESTIVAL_MID_AUTUMN, FESTIVAL_NATIONAL,
                FESTIVAL_COUNT };

struct festival_days {                           /* what the rule gives one festival in one year */
    day_t first;
    int n;                                       /* 0: not a day off in that year's rule, or its date is not in the table */
};

struct festival_days festival_days(enum festival f, int year);
const char *festival_name(enum festival f);      /* 元旦 春节 清明节 劳动节 端午节 中秋节 国庆节 */
/* How many statutory days the rule gives the year; 12 in 2015 (3 September, 国务院 2015-05-13). */
int festival_statutory(int year);

/* Around a festival's statutory days: on how many days before and after it arrangements have put make-up days (on weekends) and days off
 * (on weekdays). The widest found in the arrangements since 2008. */
struct festival_reach {
    int makeup_before, makeup_after, off_before, off_after;
};
struct festival_reach festival_reach(enum festival f);

#endif
