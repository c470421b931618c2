#include "calendar/workdays.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calendar/festival.h"

enum {
    YEARS = DATE_YEAR_MAX - DATE_YEAR_MIN + 1,
    DAY_FIRST = -25567,                          /* 1900-01-01 */
    DAY_LAST = 84005,                            /* 2199-12-31 */
    DAYS = DAY_LAST - DAY_FIRST + 1,
    WORDS = (DAYS + 63) / 64,
};

/* A set of days that answers "how many up to here" and "which is the n-th" from one count per word. */
struct day_set {
    uint64_t bits[WORDS];
    int32_t before[WORDS + 1];                   /* members in all words before this one */
};

struct noted {                                   /* a day that has a name */
    day_t day;
    bool works;
    enum day_origin origin;
    struct str name;
};

struct workdays {
    struct day_set works;                        /* to the best of our knowledge */
    struct day_set most, least;                  /* what arrangements to come may make of it at most and at least */
    bool covered[YEARS];
    struct noted *noted;                         /* one a day, sorted */
    size_t n;
    struct arena names;
    char edition[16];
};

/* --- day sets -------------------------------------------------------------------------------------------------------------- */

static bool in_range(day_t d) { return d >= DAY_FIRST && d <= DAY_LAST; }
static bool set_has(const struct day_set *s, day_t d)
{
    return in_range(d) && s->bits[(d - DAY_FIRST) / 64] >> ((d - DAY_FIRST) % 64) & 1;
}

static void set_put(struct day_set *s, day_t d, bool in)
{
    if (!in_range(d))
        return;
    uint64_t *word = &s->bits[(d - DAY_FIRST) / 64], bit = UINT64_C(1) << ((d - DAY_FIRST) % 64);
    *word = in ? *word | bit : *word & ~bit;
}

static void set_seal(struct day_set *s)
{
    for (int i = 0; i < WORDS; i++)
        s->before[i + 1] = s->before[i] + __builtin_popcountll(s->bits[i]);
}

/* Members up to and including d. */
static int64_t set_rank(const struct day_set *s, day_t d)
{
    if (d < DAY_FIRST)
        return 0;
    if (d > DAY_LAST)
        return s->before[WORDS];
    int at = d - DAY_FIRST;
    return s->before[at / 64] + __builtin_popcountll(s->bits[at / 64] << (63 - at % 64));
}

/* The n-th member, counted from 1. */
static day_t set_nth(const struct day_set *s, int64_t n)
{
    if (n < 1 || n > s->before[WORDS])
        return DAY_NONE;
    int lo = 0, hi = WORDS - 1;                  /* the last word with fewer than n members before it */
    while (lo < hi) {
        int mid = (lo + hi + 1) / 2;
        if (s->before[mid] < n)
            lo = mid;
        else
            hi = mid - 1;
    }
    uint64_t word = s->bits[lo];
    for (int64_t skip = n - s->before[lo] - 1; skip > 0; skip--)
        word &= word - 1;
    return DAY_FIRST + lo * 64 + __builtin_ctzll(word);
}

/* --- building ---------------------------------------------------------------------------------------------------------------- */

static bool covered(const struct workdays *w, day_t d)
{
    return in_range(d) && w->covered[date_civil(d).year - DATE_YEAR_MIN];
}

struct draft {                                   /* days in the order they were given, later ones over earlier ones */
    struct noted *day;
    size_t n, cap;
};

static void draft_add(struct draft *r, day_t day, bool works, enum day_origin origin, struct str name)
{
    if (!in_range(day))
        return;
    if (r->n == r->cap) {
        r->cap = r->cap ? r->cap * 2 : 4096;
        r->day = xrealloc(r->day, r->cap * sizeof *r->day);
    }
    r->day[r->n++] = (struct noted){ day, works, origin, name };
}

static bool draft_free(const struct draft *r, size_t from, day_t d)
{
    for (size_t i = from; i < r->n; i++)
        if (r->day[i].day == d)
            return false;
    return date_weekday(d) <= 5;
}

/* Days off by rule in a year without an arrangement: a statutory day on a weekend, or on another festival's day, moves to the next free weekday. */
static void draft_rule(struct draft *r, int year)
{
    struct { day_t day; struct str name; } owed[16];
    size_t n_owed = 0, from = r->n;
    for (enum festival f = 0; f < FESTIVAL_COUNT; f++) {
        struct festival_days days = festival_days(f, year);
        struct str name = str_c(festival_name(f));
        for (day_t d = days.first; d < days.first + days.n; d++) {
            if (!draft_free(r, from, d)) {
                owed[n_owed].day = d;
                owed[n_owed++].name = name;
            }
            draft_add(r, d, false, DAY_BY_RULE, name);
        }
    }
    for (size_t i = 0; i < n_owed; i++) {
        day_t d = owed[i].day;
        while (!draft_free(r, from, d))
            d++;
        draft_add(r, d, false, DAY_BY_RULE, owed[i].name);
    }
}

static void mark_reach(struct workdays *w, int year)
{
    for (enum festival f = 0; f < FESTIVAL_COUNT; f++) {
        struct festival_days days = festival_days(f, year);
        struct festival_reach r = festival_reach(f);
        if (!days.n)
            continue;
        day_t last = days.first + days.n - 1;
        for (day_t d = days.first - r.makeup_before; d <= last + r.makeup_after; d++)
            if (!covered(w, d) && date_weekday(d) > 5)
                set_put(&w->most, d, true);
        for (day_t d = days.first - r.off_before; d <= last + r.off_after; d++)
            if (!covered(w, d))
                set_put(&w->least, d, false);
        for (day_t d = days.first; d <= last; d++)
            if (!covered(w, d))                  /* the statutory day itself stays off */
                set_put(&w->most, d, false);
    }
}

/* Sorts by day, stably, and keeps the last of each day. */
static void draft_settle(struct draft *r)
{
    for (size_t i = 1; i < r->n; i++) {          /* nearly in order already */
        struct noted one = r->day[i];
        size_t k = i;
        for (; k && r->day[k - 1].day > one.day; k--)
            r->day[k] = r->day[k - 1];
        r->day[k] = one;
    }
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++) {
        n -= n && r->day[n - 1].day == r->day[i].day;
        r->day[n++] = r->day[i];
    }
    r->n = n;
}

static uint64_t fnv(uint64_t h, uint64_t v) { return (h ^ v) * 0x100000001b3u; }

/* Of all that decides an answer; the same on every machine. */
static void name_edition(struct workdays *w)
{
    uint64_t h = 0xcbf29ce484222325u;
    int last = 0;
    for (int i = 0; i < YEARS; i++) {
        h = fnv(h, w->covered[i]);
        last = w->covered[i] ? DATE_YEAR_MIN + i : last;
    }
    for (int i = 0; i < WORDS; i++)
        h = fnv(fnv(fnv(h, w->works.bits[i]), w->most.bits[i]), w->least.bits[i]);
    snprintf(w->edition, sizeof w->edition, "%04d-%08x", last % 10000, (unsigned)(h ^ h >> 32));
}

static void fill_sets(struct workdays *w)
{
    for (day_t d = DAY_FIRST; d <= DAY_LAST; d++)
        set_put(&w->works, d, date_weekday(d) <= 5);
    for (size_t i = 0; i < w->n; i++)
        set_put(&w->works, w->noted[i].day, w->noted[i].works);
    w->most = w->least = w->works;
    for (int y = DATE_YEAR_MIN; y <= DATE_YEAR_MAX; y++)
        mark_reach(w, y);
    for (size_t i = 0; i < w->n; i++)            /* what somebody decided is certain also in a year without an arrangement */
        if (w->noted[i].origin != DAY_BY_RULE) {
            set_put(&w->most, w->noted[i].day, w->noted[i].works);
            set_put(&w->least, w->noted[i].day, w->noted[i].works);
        }
    set_seal(&w->works);
    set_seal(&w->most);
    set_seal(&w->least);
}

static bool among(int year, const int *years, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (years[i] == year)
            return true;
    return false;
}

struct workdays *workdays_with(const struct workdays_row *rows, size_t n, const int *years, size_t n_years)
{
    struct workdays *w = xcalloc(1, sizeof *w);
    struct draft draft = { 0 };
    for (int y = DATE_YEAR_MIN; y <= DATE_YEAR_MAX; y++) {
        w->covered[y - DATE_YEAR_MIN] = (y >= OFFICIAL_YEAR_FIRST && y <= OFFICIAL_YEAR_LAST) || among(y, years, n_years);
        if (!w->covered[y - DATE_YEAR_MIN])
            draft_rule(&draft, y);
    }
    for (int i = 0; i < official_rows_count; i++)
        if (!among(official_rows[i].year, years, n_years))
            draft_add(&draft, official_rows[i].day, official_rows[i].works, DAY_OFFICIAL, str_c(official_rows[i].name));
    for (size_t i = 0; i < n; i++)
        draft_add(&draft, rows[i].day, rows[i].works, rows[i].own ? DAY_OFFICE : DAY_OFFICIAL, arena_str(&w->names, rows[i].name));
    draft_settle(&draft);
    w->noted = draft.day;
    w->n = draft.n;
    fill_sets(w);
    name_edition(w);
    return w;
}

static struct workdays *official;
static void make_official(void) { official = workdays_with(NULL, 0, NULL, 0); }

const struct workdays *workdays_official(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_official);
    return official;
}

void workdays_free(struct workdays *w)
{
    if (!w)
        return;
    free(w->noted);
    arena_release(&w->names);
    free(w);
}

/* --- asking ------------------------------------------------------------------------------------------------------------------ */

const char *workdays_edition(const struct workdays *w) { return w->edition; }

bool workdays_covered(const struct workdays *w, int year)
{
    return year >= DATE_YEAR_MIN && year <= DATE_YEAR_MAX && w->covered[year - DATE_YEAR_MIN];
}

bool workdays_is(const struct workdays *w, day_t d, struct day_status *ret)
{
    bool works = set_has(&w->works, d);
    if (!ret)
        return works;
    size_t lo = 0, hi = w->n;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (w->noted[mid].day < d)
            lo = mid + 1;
        else
            hi = mid;
    }
    const struct noted *noted = lo < w->n && w->noted[lo].day == d ? &w->noted[lo] : NULL;
    *ret = (struct day_status){ .works = works, .presumed = !covered(w, d), .name = STR("") };
    ret->kind = noted ? works ? DAY_MAKEUP : DAY_HOLIDAY : date_weekday(d) <= 5 ? DAY_ORDINARY : DAY_WEEKEND;
    if (noted) {
        ret->name = noted->name;
        ret->origin = noted->origin;
    }
    return works;
}

/* Sets *presumed when a day of from … to, in either order, lies in a year that is not covered. */
static void look_at(const struct workdays *w, day_t from, day_t to, bool *presumed)
{
    if (!presumed || *presumed)
        return;
    day_t lo = from < to ? from : to, hi = from < to ? to : from;
    if (!in_range(lo) || !in_range(hi)) {
        *presumed = true;
        return;
    }
    for (int y = date_civil(lo).year, last = date_civil(hi).year; y <= last && !*presumed; y++)
        *presumed = !w->covered[y - DATE_YEAR_MIN];
}

/* The n-th member after d, the -n-th before it, or for 0 the first from d on. */
static day_t step(const struct day_set *s, day_t d, int n)
{
    if (n > 0)
        return set_nth(s, set_rank(s, d) + n);
    return set_nth(s, set_rank(s, d - 1) + n + 1);
}

day_t workdays_add(const struct workdays *w, day_t d, int n, bool *presumed)
{
    day_t to = step(&w->works, d, n);
    look_at(w, d + (n > 0) - (n < 0), to, presumed);       /* d itself is looked at for n = 0 only */
    return to;
}

day_t workdays_next(const struct workdays *w, day_t d, bool *presumed) { return workdays_add(w, d, 1, presumed); }
day_t workdays_prev(const struct workdays *w, day_t d, bool *presumed) { return workdays_add(w, d, -1, presumed); }

struct workdays_bounds workdays_add_bounds(const struct workdays *w, day_t d, int n)
{
    const struct day_set *early = n < 0 ? &w->least : &w->most, *late = n < 0 ? &w->most : &w->least;
    struct workdays_bounds r = { .earliest = step(early, d, n), .latest = step(late, d, n) };
    r.likely = workdays_add(w, d, n, &r.presumed);
    return r;
}

int workdays_count(const struct workdays *w, day_t from, day_t to, bool *presumed)
{
    look_at(w, from, to, presumed);
    return (int)(to >= from ? set_rank(&w->works, to) - set_rank(&w->works, from - 1) : set_rank(&w->works, to - 1) - set_rank(&w->works, from));
}

int workdays_left(const struct workdays *w, day_t today, day_t d)
{
    return (int)(set_rank(&w->works, d) - set_rank(&w->works, today));
}

day_t workdays_first_of_month(const struct workdays *w, int year, int month) { return workdays_add(w, date_day(year, month, 1), 0, NULL); }

day_t workdays_last_of_month(const struct workdays *w, int year, int month)
{
    return workdays_add(w, date_day(year, month, 1) + date_month_days(year, month), -1, NULL);
}

day_t workdays_first_of_week(const struct workdays *w, day_t d)
{
    day_t monday = date_monday(d), first = workdays_add(w, monday, 0, NULL);
    return first < monday + 7 ? first : DAY_NONE;
}

size_t workdays_diff(const struct workdays *a, const struct workdays *b, day_t *ret, size_t cap)
{
    size_t n = 0;
    for (int i = 0; i < WORDS; i++)
        for (uint64_t differ = a->works.bits[i] ^ b->works.bits[i]; differ; differ &= differ - 1, n++)
            if (n < cap)
                ret[n] = DAY_FIRST + i * 64 + __builtin_ctzll(differ);
    return n;
}
