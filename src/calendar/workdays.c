#include "calendar/workdays.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { YEARS = DATE_YEAR_MAX - DATE_YEAR_MIN + 1, WORD = 64, WORDS = 1713 };       /* 1713 * 64 >= the days of 300 years */

struct named { day_t day; struct str name; };

struct workdays {
    uint64_t bit[WORDS];                         /* 1: works */
    int before[WORDS];                           /* working days before this word */
    bool covered[YEARS];
    struct named *named;                         /* exceptions, by day */
    size_t n_named, cap_named;
    struct arena names;
    uint64_t digest;
    char edition[24];
};

static day_t first_day(void) { return date_day(DATE_YEAR_MIN, 1, 1); }
static size_t index_of(day_t d)
{
    int64_t i = (int64_t)d - first_day();
    return i < 0 ? 0 : i >= (int64_t)WORDS * WORD ? (size_t)WORDS * WORD - 1 : (size_t)i;
}
static bool get(const struct workdays *w, size_t i) { return w->bit[i / WORD] >> (i % WORD) & 1; }

static struct named *find_named(const struct workdays *w, day_t d)
{
    size_t lo = 0, hi = w->n_named;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (w->named[mid].day < d)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < w->n_named && w->named[lo].day == d ? &w->named[lo] : NULL;
}

static void set(struct workdays *w, day_t d, bool works, struct str name)
{
    size_t i = index_of(d);
    if (works)
        w->bit[i / WORD] |= (uint64_t)1 << (i % WORD);
    else
        w->bit[i / WORD] &= ~((uint64_t)1 << (i % WORD));
    struct str kept = arena_str(&w->names, name);
    struct named *old = find_named(w, d);
    if (old) {
        old->name = kept;
        return;
    }
    size_t at = w->n_named;
    arena_push(&w->names, w->named, w->n_named, w->cap_named) = (struct named){ 0 };
    for (; at && w->named[at - 1].day > d; at--)
        w->named[at] = w->named[at - 1];
    w->named[at] = (struct named){ d, kept };
}

/* --- years without a notice (推定) ------------------------------------------------------------------------------------------------ */

/* Statutory days whose date the moon or the sun decides, for the years that have no arrangement yet: 除夕 (the three days after it follow), 清明, 端午, 中秋, as month * 100 + day.
 * Published almanac dates (Purple Mountain Observatory). Beyond the table only the fixed days are known. */
static const struct { short year, eve, qingming, duanwu, zhongqiu; } MOON[] = {
    { 2027, 205, 405, 609, 915 },  { 2028, 125, 404, 528, 1003 }, { 2029, 212, 404, 616, 922 },
    { 2030, 202, 405, 605, 912 },  { 2031, 122, 405, 624, 1001 }, { 2032, 210, 404, 612, 919 },
};

static bool weekend(day_t d) { return date_weekday(d) > 5; }

static bool off(const struct workdays *w, day_t d) { return !get(w, index_of(d)); }

/* One festival of consecutive statutory days; each that falls on a weekend is made up on the next working day. */
static void presume(struct workdays *w, day_t from, int days, struct str name)
{
    int owed = 0;
    for (int i = 0; i < days; i++) {
        owed += weekend(from + i);
        set(w, from + i, false, name);
    }
    for (day_t d = from + days; owed; d++)
        if (!off(w, d)) {
            set(w, d, false, name);
            owed--;
        }
}

static day_t month_day(int year, int md) { return date_day(year, md / 100, md % 100); }

static void presume_year(struct workdays *w, int year)
{
    presume(w, date_day(year, 1, 1), 1, STR("元旦"));
    for (size_t i = 0; i < ARRAY_LEN(MOON); i++)
        if (MOON[i].year == year) {
            presume(w, month_day(year, MOON[i].eve), 4, STR("春节"));
            presume(w, month_day(year, MOON[i].qingming), 1, STR("清明节"));
            presume(w, month_day(year, MOON[i].duanwu), 1, STR("端午节"));
            presume(w, month_day(year, MOON[i].zhongqiu), 1, STR("中秋节"));
        }
    presume(w, date_day(year, 5, 1), year >= 2025 ? 2 : 1, STR("劳动节"));
    presume(w, date_day(year, 10, 1), 3, STR("国庆节"));
}

/* --- making ----------------------------------------------------------------------------------------------------------------------- */

static void seal(struct workdays *w, const char *origin)
{
    int sum = 0;
    uint64_t h = 0xcbf29ce484222325u;            /* FNV-1a over the bits and the covered years */
    for (size_t i = 0; i < WORDS; i++) {
        w->before[i] = sum;
        sum += __builtin_popcountll(w->bit[i]);
        h = (h ^ w->bit[i]) * 0x100000001b3u;
    }
    for (int y = 0; y < YEARS; y++)
        h = (h ^ (uint64_t)w->covered[y]) * 0x100000001b3u;
    w->digest = h;
    snprintf(w->edition, sizeof w->edition, "%s-%08x", origin, (unsigned)(h ^ h >> 32));
}

static struct workdays *make(const struct workdays_row *rows, size_t n, const int *years, size_t n_years)
{
    struct workdays *w = xcalloc(1, sizeof *w);
    w->names = ARENA_INIT(0);
    for (int y = OFFICIAL_YEAR_FIRST; y <= OFFICIAL_YEAR_LAST; y++)
        w->covered[y - DATE_YEAR_MIN] = true;
    for (size_t i = 0; i < n_years; i++)
        if (years[i] >= DATE_YEAR_MIN && years[i] <= DATE_YEAR_MAX)
            w->covered[years[i] - DATE_YEAR_MIN] = true;
    for (size_t i = 0; i < (size_t)WORDS * WORD; i++)
        if (!weekend(first_day() + (day_t)i))
            w->bit[i / WORD] |= (uint64_t)1 << (i % WORD);
    for (int y = DATE_YEAR_MIN; y <= DATE_YEAR_MAX; y++)
        if (!w->covered[y - DATE_YEAR_MIN])
            presume_year(w, y);
    for (int i = 0; i < official_rows_count; i++)
        set(w, official_rows[i].day, official_rows[i].works, str_c(official_rows[i].name));
    for (size_t i = 0; i < n; i++)
        set(w, rows[i].day, rows[i].works, rows[i].name);
    char origin[8];
    snprintf(origin, sizeof origin, "%d", OFFICIAL_YEAR_LAST);
    seal(w, n || n_years ? "own" : origin);
    return w;
}

static struct workdays *official;
static void make_official(void) { official = make(NULL, 0, NULL, 0); }

const struct workdays *workdays_official(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_official);
    return official;
}

struct workdays *workdays_with(const struct workdays_row *rows, size_t n, const int *years, size_t n_years)
{
    return make(rows, n, years, n_years);
}

void workdays_free(struct workdays *w)
{
    if (w)
        arena_release(&w->names);
    free(w);
}

/* --- asking ------------------------------------------------------------------------------------------------------------------------ */

bool workdays_covered(const struct workdays *w, int year)
{
    return year >= DATE_YEAR_MIN && year <= DATE_YEAR_MAX && w->covered[year - DATE_YEAR_MIN];
}

const char *workdays_edition(const struct workdays *w) { return w->edition; }

bool workdays_is(const struct workdays *w, day_t d, struct day_status *ret)
{
    bool works = get(w, index_of(d));
    if (ret) {
        struct named *n = find_named(w, d);
        *ret = (struct day_status){ .works = works, .name = n ? n->name : STR(""), .presumed = !workdays_covered(w, date_civil(d).year) };
        ret->kind = works ? (weekend(d) ? DAY_MAKEUP : DAY_ORDINARY) : n ? DAY_HOLIDAY : DAY_WEEKEND;
    }
    return works;
}

static void note_presumed(const struct workdays *w, day_t from, day_t to, bool *presumed)
{
    if (!presumed)
        return;
    int last = date_civil(from < to ? to : from).year;
    for (int y = date_civil(from < to ? from : to).year; y <= last; y++)
        if (!workdays_covered(w, y))
            *presumed = true;
}

/* Working days in [first day, d). */
static int rank(const struct workdays *w, day_t d)
{
    size_t i = index_of(d);
    return w->before[i / WORD] + __builtin_popcountll(w->bit[i / WORD] & (((uint64_t)1 << (i % WORD)) - 1));
}

/* The day of the n-th working day, counted from 0. */
static day_t select_day(const struct workdays *w, int n)
{
    if (n < 0)
        n = 0;
    size_t lo = 0, hi = WORDS - 1;
    while (lo < hi) {                            /* the last word with before <= n */
        size_t mid = (lo + hi + 1) / 2;
        if (w->before[mid] <= n)
            lo = mid;
        else
            hi = mid - 1;
    }
    uint64_t bits = w->bit[lo];
    for (int k = n - w->before[lo]; k > 0 && bits; k--)
        bits &= bits - 1;
    size_t in = bits ? (size_t)__builtin_ctzll(bits) : WORD - 1;
    return first_day() + (day_t)(lo * WORD + in);
}

day_t workdays_add(const struct workdays *w, day_t d, int n, bool *presumed)
{
    int r = rank(w, d), here = get(w, index_of(d));
    day_t to = n > 0 ? select_day(w, r + here + n - 1) : n < 0 ? select_day(w, r + n) : here ? d : select_day(w, r);
    note_presumed(w, d, to, presumed);
    return to;
}

day_t workdays_next(const struct workdays *w, day_t d, bool *presumed) { return workdays_add(w, d, 1, presumed); }
day_t workdays_prev(const struct workdays *w, day_t d, bool *presumed) { return workdays_add(w, d, -1, presumed); }

int workdays_count(const struct workdays *w, day_t from, day_t to, bool *presumed)
{
    note_presumed(w, from, to, presumed);
    return to >= from ? rank(w, to + 1) - rank(w, from) : -(rank(w, from + 1) - rank(w, to));
}

int workdays_left(const struct workdays *w, day_t today, day_t d)
{
    return d >= today ? rank(w, d + 1) - rank(w, today + 1) : -(rank(w, today + 1) - rank(w, d + 1));
}

day_t workdays_first_of_month(const struct workdays *w, int year, int month)
{
    return workdays_add(w, date_day(year, month, 1), 0, NULL);
}

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
    for (size_t i = 0; i < WORDS; i++)
        for (uint64_t x = a->bit[i] ^ b->bit[i]; x; x &= x - 1, n++)
            if (n < cap)
                ret[n] = first_day() + (day_t)(i * WORD + (size_t)__builtin_ctzll(x));
    return n;
}
