#include "calendar/festival.h"

#include "calendar/date.h"

enum { TABLE_FIRST = 2001, TABLE_LAST = 2060 };

/* Month * 100 + day of 春节 (正月初一), 清明, 端午 (五月初五), 中秋 (八月十五). Checked by the test against every arrangement from 2001 on. */
static const short MOVING[TABLE_LAST - TABLE_FIRST + 1][4] = {
    { 124, 405, 625, 1001 }, { 212, 405, 615, 921 }, { 201, 405, 604, 911 }, { 122, 404, 622, 928 }, { 209, 405, 611, 918 }, /* 2001 */
    { 129, 405, 531, 1006 }, { 218, 405, 619, 925 }, { 207, 404, 608, 914 }, { 126, 404, 528, 1003 }, { 214, 405, 616, 922 }, /* 2006 */
    { 203, 405, 606, 912 }, { 123, 404, 623, 930 }, { 210, 404, 612, 919 }, { 131, 405, 602, 908 }, { 219, 405, 620, 927 }, /* 2011 */
    { 208, 404, 609, 915 }, { 128, 404, 530, 1004 }, { 216, 405, 618, 924 }, { 205, 405, 607, 913 }, { 125, 404, 625, 1001 }, /* 2016 */
    { 212, 404, 614, 921 }, { 201, 405, 603, 910 }, { 122, 405, 622, 929 }, { 210, 404, 610, 917 }, { 129, 404, 531, 1006 }, /* 2021 */
    { 217, 405, 619, 925 }, { 206, 405, 609, 915 }, { 126, 404, 528, 1003 }, { 213, 404, 616, 922 }, { 203, 405, 605, 912 }, /* 2026 */
    { 123, 405, 624, 1001 }, { 211, 404, 612, 919 }, { 131, 404, 601, 908 }, { 219, 405, 620, 927 }, { 208, 405, 610, 916 }, /* 2031 */
    { 128, 404, 530, 1004 }, { 215, 404, 618, 924 }, { 204, 405, 607, 913 }, { 124, 405, 527, 1002 }, { 212, 404, 614, 920 }, /* 2036 */
    { 201, 404, 603, 910 }, { 122, 404, 622, 928 }, { 210, 405, 611, 917 }, { 130, 404, 531, 1005 }, { 217, 404, 619, 925 }, /* 2041 */
    { 206, 404, 608, 915 }, { 126, 405, 529, 1004 }, { 214, 404, 615, 922 }, { 202, 404, 604, 911 }, { 123, 404, 623, 930 }, /* 2046 */
    { 211, 405, 613, 919 }, { 201, 404, 601, 907 }, { 219, 404, 620, 926 }, { 208, 404, 610, 916 }, { 128, 405, 530, 1005 }, /* 2051 */
    { 215, 404, 617, 924 }, { 204, 404, 606, 913 }, { 124, 404, 625, 1002 }, { 212, 405, 614, 921 }, { 202, 404, 603, 909 }, /* 2056 */
};

static day_t moving(enum festival f, int year)
{
    static const int COLUMN[FESTIVAL_COUNT] = { [FESTIVAL_SPRING] = 0, [FESTIVAL_QINGMING] = 1, [FESTIVAL_DUANWU] = 2, [FESTIVAL_MID_AUTUMN] = 3 };
    if (year < TABLE_FIRST || year > TABLE_LAST)
        return DAY_NONE;
    int v = MOVING[year - TABLE_FIRST][COLUMN[f]];
    return date_day(year, v / 100, v % 100);
}

/* The rule: one line each time it changed. */
static const struct rule {
    int from;
    bool eve;                                    /* 春节 begins on 除夕 */
    int spring, labour, single;                  /* days of 春节 and 劳动节; of 清明, 端午 and 中秋 each */
} RULES[] = {
    { 2025, true, 4, 2, 1 },                     /* 国务院令第795号 */
    { 2014, false, 3, 1, 1 },                    /* 国务院令第644号 */
    { 2008, true, 3, 1, 1 },                     /* 国务院令第513号 */
    { 0, false, 3, 3, 0 },                       /* 国务院令第270号, of 1999; nobody asks for earlier ones */
};

static const struct rule *rule_of(int year)
{
    const struct rule *r = RULES;
    while (year < r->from)
        r++;
    return r;
}

struct festival_days festival_days(enum festival f, int year)
{
    static const struct festival_days NONE = { 0 };
    const struct rule *r = rule_of(year);
    day_t moves;
    switch (f) {
    case FESTIVAL_NEW_YEAR: return (struct festival_days){ date_day(year, 1, 1), 1 };
    case FESTIVAL_LABOUR: return (struct festival_days){ date_day(year, 5, 1), r->labour };
    case FESTIVAL_NATIONAL: return (struct festival_days){ date_day(year, 10, 1), 3 };
    case FESTIVAL_SPRING:
        moves = moving(f, year);
        return moves == DAY_NONE ? NONE : (struct festival_days){ moves - r->eve, r->spring };
    default:
        moves = moving(f, year);
        return moves == DAY_NONE ? NONE : (struct festival_days){ moves, r->single };
    }
}

const char *festival_name(enum festival f)
{
    static const char *const NAMES[FESTIVAL_COUNT] = { "元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节" };
    return NAMES[f];
}

int festival_statutory(int year)
{
    const struct rule *r = rule_of(year);
    return 1 + r->spring + r->labour + 3 * r->single + 3 + (year == 2015);
}

struct festival_reach festival_reach(enum festival f)
{
    static const struct festival_reach LONG = { 11, 10, 2, 5 }, SHORT = { 5, 5, 2, 2 };
    return f == FESTIVAL_SPRING || f == FESTIVAL_LABOUR || f == FESTIVAL_NATIONAL ? LONG : SHORT;
}
