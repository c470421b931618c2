/* Official working days of China: which day works, and counting them. Pure.
 *
 * The built-in table (data/china-days.csv) names every day off and every make-up day of the arrangements 2001 to 2026; a day it does not name works from Monday
 * to Friday. Rows of an imported notice or of an office lie over it; a notice takes the place of the built-in arrangement of its year. A year without an
 * arrangement is presumed (推定): weekends, the statutory days that can be known by rule (festival.h), and the next free weekday for each that falls on a
 * weekend; make-up days are never invented.
 *
 * A struct workdays does not change once made and may be read by many threads; the official one lives for ever. A day is looked up by one bit, adding and
 * counting take a dozen steps however far they reach. Days outside 1900–2199 do not work, and an answer that would lie there is DAY_NONE.
 */
#ifndef WHS_CALENDAR_WORKDAYS_H
#define WHS_CALENDAR_WORKDAYS_H

#include "base/arena.h"
#include "calendar/date.h"

struct workdays;

enum day_kind { DAY_ORDINARY, DAY_WEEKEND, DAY_HOLIDAY, DAY_MAKEUP };

enum day_origin { DAY_BY_RULE, DAY_OFFICIAL, DAY_OFFICE };

struct day_status {
    bool works;
    enum day_kind kind;
    struct str name;                             /* 国庆节; "" for ordinary days and weekends */
    bool presumed;
    enum day_origin origin;                      /* who made it a holiday or a make-up day: the statutory rule, an arrangement, the office */
};

struct workdays_row {                            /* one day of a notice or of an office */
    day_t day;
    bool works;                                  /* true: make-up day; false: day off */
    struct str name;
    int year;                                    /* the arrangement's year: 2005-12-31 belongs to 2006 */
    bool own;                                    /* the office's own, not of a notice */
};

const struct workdays *workdays_official(void);
/* The official table with rows over it, later rows over earlier ones. years: those that a notice among the rows covers; they are no longer presumed, and of
 * a built-in year among them nothing but these rows stays. Names are copied. Rows outside 1900–2199 are passed over. Free with workdays_free(). */
struct workdays *workdays_with(const struct workdays_row *rows, size_t n, const int *years, size_t n_years);
void workdays_free(struct workdays *w);

bool workdays_is(const struct workdays *w, day_t d, struct day_status *ret);       /* ret may be NULL */
bool workdays_covered(const struct workdays *w, int year);
/* "2026-9f3c61d2": the last covered year and a hash of what decides every answer. A deadline keeps the edition it was counted by. */
const char *workdays_edition(const struct workdays *w);

/* In all that follows *presumed (may be NULL) is set to true, never to false, when a presumed year had a part in the answer. */
day_t workdays_next(const struct workdays *w, day_t d, bool *presumed);            /* the first working day after d */
day_t workdays_prev(const struct workdays *w, day_t d, bool *presumed);            /* the last one before d */
/* The n-th working day after d (before d when n < 0); d itself is not counted (Civil Code 201). n = 0: d, or the next working day. */
day_t workdays_add(const struct workdays *w, day_t d, int n, bool *presumed);
/* What arrangements still to come may make of workdays_add(): earliest when every weekend day near a festival becomes a make-up day, latest when every weekday
 * near one becomes a day off; how near is festival_reach(). Of a presumed deadline `earliest` is used. */
struct workdays_bounds {
    day_t earliest, likely, latest;
    bool presumed;
};
struct workdays_bounds workdays_add_bounds(const struct workdays *w, day_t d, int n);
/* Working days from `from` to `to`, both included; negative when to < from. This is what `whs workday count` prints. */
int workdays_count(const struct workdays *w, day_t from, day_t to, bool *presumed);
/* Working days left until d from today: 0 today, 1 the next working day …, negative when past. */
int workdays_left(const struct workdays *w, day_t today, day_t d);
day_t workdays_first_of_month(const struct workdays *w, int year, int month);
day_t workdays_last_of_month(const struct workdays *w, int year, int month);
/* The first working day of the week of d (Monday to Sunday), or DAY_NONE when it has none. */
day_t workdays_first_of_week(const struct workdays *w, day_t d);

/* Days whose status differs between two tables, in order; at most cap are written, all are counted. */
size_t workdays_diff(const struct workdays *a, const struct workdays *b, day_t *ret, size_t cap);

struct official_row { const char *name; day_t day; short year; bool works, statutory; };   /* generated from data/china-days.csv */
extern const struct official_row official_rows[];
extern const int official_rows_count;
enum { OFFICIAL_YEAR_FIRST = 2001, OFFICIAL_YEAR_LAST = 2026 };

#endif
