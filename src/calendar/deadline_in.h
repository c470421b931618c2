/* Inside of calendar/deadline*: what the parts of the grammar share.
 *
 * Each rule is a function that reads at p->at: true and p->at moved on, or false and p->at as it was. A rule that understood a date that cannot be fills p->why
 * and returns false; whoever began it gives up then (p->why.kind), it is not tried as something else.
 */
#ifndef WHS_CALENDAR_DEADLINE_IN_H
#define WHS_CALENDAR_DEADLINE_IN_H

#include "calendar/deadline.h"
#include "calendar/deadline_lexicon.h"
#include "calendar/deadline_words.h"

enum { TOKENS_MAX = 256, DAY_MINUTES = 1440, PAST_DAYS = 60, ABOUT_DAYS = 2, COUNT_MAX = 3650 };

struct parse {
    struct token t[TOKENS_MAX];
    int n, at;
    struct str text;
    const struct deadline_ask *ask;
    day_t today;
    int month_year, month;                       /* of a range's first day, for 5月9日至12日; month 0: none */
    day_t same_day;                              /* of a range's first day, for 9时至11时 and 本周一至周五; DAY_NONE */
    uint8_t part;                                /* 今晚: the part of the day that was said with the day */
    struct err why;
};

/* A day or a span of days, perhaps with clock times. */
struct when {
    day_t first, last;
    int from_minute, to_minute;                  /* of first and last; -1: none. to 1440 is the end of the day */
    bool window;                                 /* has a beginning worth telling */
    bool edge;                                   /* named by its end: 月底; 前 changes nothing */
    bool bare;                                   /* only with 前 or the like: 6.30, 15日 */
    bool strong;                                 /* a deadline by its own words: 月底, 年内 */
    bool yearless;                               /* the year was taken from the reference */
    bool past_roll;                              /* taken to be next year's: 60 days past */
    bool clock;                                  /* only a clock time: today's */
    day_t before;                                /* of a festival: the last working day before it; else DAY_NONE */
    day_t after;                                 /* of a festival: its last day off */
    day_t feast_first;                           /* of a festival: its first statutory day */
    day_t other;                                 /* last day of another reading, or DAY_NONE */
    int month_year, month;
    const char *by;                              /* what named the day: deadline.by */
    unsigned notes;
};
#define WHEN_NONE ((struct when){ .first = DAY_NONE, .last = DAY_NONE, .from_minute = -1, .to_minute = -1, .before = DAY_NONE, .after = DAY_NONE, .feast_first = DAY_NONE, .other = DAY_NONE })

struct span_count { int n, half; enum deadline_unit unit; bool range; int low; };      /* 3 to 5: n 5, low 3; half: a half unit more */

static inline const struct token *tok(const struct parse *p, int ahead)
{
    int i = p->at + ahead;
    return &p->t[i < p->n ? i : p->n];
}
static inline bool is(const struct parse *p, int ahead, enum tok k) { return tok(p, ahead)->tok == k; }
static inline bool take(struct parse *p, enum tok k)
{
    if (!is(p, 0, k))
        return false;
    p->at++;
    return true;
}
static inline bool number(const struct parse *p, int ahead, int min, int max)
{
    const struct token *t = tok(p, ahead);
    return t->tok == T_NUM && t->value >= min && t->value <= max;
}

/* deadline_date.c */
bool when_day(struct parse *p, struct when *w);              /* one day or span: 5月9日, 本周五, 月底, 5月下旬, 三季度, 年内 */
bool when_weekday(struct parse *p, int *weekday);            /* 周五 behind 每 or in brackets; 1 … 7 */
int year_read(struct parse *p);                              /* 2022年, 明年; 0 when there is none */
day_t in_year(day_t d, int year);                            /* the same day of that year */
struct when when_span(day_t first, day_t last);
bool make_day(struct parse *p, int year, int month, int day, struct when *w);        /* year 0: none was said */
bool month_part(struct parse *p, int year, int month, struct when *w);               /* 下旬, 底, 第一个工作日 behind a month */
bool whole_month(int year, int month, struct when *w);
/* deadline_figures.c */
bool when_figures_full(struct parse *p, struct when *w);     /* 2022-06-30, 20220630 */
bool when_figures(struct parse *p, struct when *w);          /* 6.30, 15日 */
/* deadline_nth.c */
bool nth_in(struct parse *p, day_t first, day_t last, struct when *w);
bool nth_read(struct parse *p, int *ret);                    /* 第三个 首个 最后一个; negative from behind */
/* deadline_near.c: what is said from today */
bool when_near(struct parse *p, struct when *w);
bool weekday_token(const struct token *t, int *weekday);
/* deadline_time.c */
bool when_time(struct parse *p, struct when *w);             /* a clock time or a part of the day behind w's day: 17:00, 下午3点, 下班, 上午 */
bool time_starts(const struct parse *p);
bool clock_time(struct parse *p, int *minute);               /* one clock time: 17:00, 晚8点半, 24时 */
/* deadline_feast.c */
bool when_feast(struct parse *p, int year, struct when *w);
                      /* 国庆, 节前, 农历五月初五, 夏至, 节后第一个工作日 */
/* deadline_count.c */
bool count_read(struct parse *p, struct span_count *c);      /* 10个工作日, 48小时, 半年, 一个半月 */
bool count_end(const struct parse *p, const struct span_count *c, instant_t base, struct deadline *ret);
/* deadline_every.c */
bool every_read(struct parse *p, struct deadline *ret, bool *strong);     /* 每月5日前 */
/* deadline_point.c: what stands behind and before a date */
bool point_read(struct parse *p, struct deadline *ret, bool *strong, bool *bare);

#endif
