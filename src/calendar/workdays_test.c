/* engine: none — dates are pure */
/* Every day of every covered year against data/china-days.csv and an implementation that only walks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "calendar/table_test.h"
#include "calendar/workdays.h"

enum { FIRST = 11323, LAST = 20818 };            /* 2001-01-01 and 2026-12-31 */
static signed char status[LAST - FIRST + 400];   /* 1 make-up day, -1 day off, 0 not in the table */

static bool naive(day_t d)
{
    int t = status[d - FIRST];
    return t ? t > 0 : (d + 3) % 7 < 5;
}

static int read_table(void **state)
{
    if (table_read(state) != 0)
        return -1;
    for (size_t i = 0; i < table_n; i++)
        status[table[i].day - FIRST] = table[i].works ? 1 : -1;
    return 0;
}

static void each_day(void **state)
{
    (void)state;
    const struct workdays *w = workdays_official();
    assert_int_equal(date_day(2001, 1, 1), FIRST);
    assert_int_equal(date_day(2026, 12, 31), LAST);
    for (day_t d = FIRST; d <= LAST; d++) {
        struct day_status s;
        assert_int_equal(workdays_is(w, d, &s), naive(d));
        int t = status[d - FIRST];
        assert_int_equal(s.kind, t > 0 ? DAY_MAKEUP : t < 0 ? DAY_HOLIDAY : naive(d) ? DAY_ORDINARY : DAY_WEEKEND);
        assert_int_equal(s.name.n > 0, t != 0);
        assert_false(s.presumed);
    }
    for (size_t i = 0; i < table_n; i++) {
        struct day_status s;
        workdays_is(w, table[i].day, &s);
        assert_true(str_eqc(s.name, table[i].name) && s.origin == DAY_OFFICIAL);
    }
}

static void months_and_weeks(void **state)
{
    (void)state;
    const struct workdays *w = workdays_official();
    for (int month = 0; month < 26 * 12; month++) {
        int y = 2001 + month / 12, m = month % 12 + 1;
        day_t first = date_day(y, m, 1), last = first + date_month_days(y, m) - 1;
        while (!naive(first))
            first++;
        while (!naive(last))
            last--;
        assert_int_equal(workdays_first_of_month(w, y, m), first);
        assert_int_equal(workdays_last_of_month(w, y, m), last);
    }
    for (day_t d = FIRST; d <= LAST - 7; d++) {
        day_t at = date_monday(d), sunday = at + 6;
        while (at <= sunday && !naive(at))
            at++;
        assert_int_equal(workdays_first_of_week(w, d), at <= sunday ? at : DAY_NONE);
    }
}

/* Far and near, forwards and backwards, over the covered years: against sums made by walking. */
static void random_pairs(void **state)
{
    (void)state;
    static int sum[LAST - FIRST + 2];            /* working days before FIRST + i */
    const struct workdays *w = workdays_official();
    struct sim_random r;
    sim_random_init(&r, 3);
    for (int i = 0; i <= LAST - FIRST; i++)
        sum[i + 1] = sum[i] + naive(FIRST + i);
    for (int k = 0; k < 200000; k++) {
        int a = (int)random_below(&r.base, LAST - FIRST + 1), b = (int)random_below(&r.base, LAST - FIRST + 1);
        bool presumed = false;
        int both = a <= b ? sum[b + 1] - sum[a] : -(sum[a + 1] - sum[b]);
        assert_int_equal(workdays_count(w, FIRST + a, FIRST + b, &presumed), both);
        assert_int_equal(workdays_left(w, FIRST + a, FIRST + b), sum[b + 1] - sum[a + 1]);
        int n = sum[b + 1] - sum[a + 1];
        if (n > 0) {                             /* the n-th after a is the last working day up to b */
            int at = b;
            while (!naive(FIRST + at))
                at--;
            assert_int_equal(workdays_add(w, FIRST + a, n, &presumed), FIRST + at);
        }
        n = sum[a] - sum[b];
        if (b < a && n > 0) {                    /* the n-th before a is the first working day from b on */
            int at = b;
            while (!naive(FIRST + at))
                at++;
            assert_int_equal(workdays_add(w, FIRST + a, -n, &presumed), FIRST + at);
        }
        assert_false(presumed);
    }
}

static void next_prev_add_count(void **state)
{
    (void)state;
    const struct workdays *w = workdays_official();
    for (day_t d = FIRST + 40; d <= LAST - 60; d++) {
        day_t n = d + 1, p = d - 1;
        while (!naive(n))
            n++;
        while (!naive(p))
            p--;
        assert_int_equal(workdays_next(w, d, NULL), n);
        assert_int_equal(workdays_prev(w, d, NULL), p);
        day_t at = d;
        for (int k = 1, count = naive(d); k <= 20; k++) {
            do
                at++;
            while (!naive(at));
            count++;
            assert_int_equal(workdays_add(w, d, k, NULL), at);
            assert_int_equal(workdays_count(w, d, at, NULL), count);
            assert_int_equal(workdays_left(w, d, at), k);
            if (naive(d))
                assert_int_equal(workdays_add(w, at, -k, NULL), d);
        }
    }
}

static void known_days(void **state)
{
    (void)state;
    const struct workdays *w = workdays_official();
    static const struct { int y, m, d; } CLEARING[] = { { 2022, 1, 4 }, { 2022, 2, 7 }, { 2022, 3, 1 }, { 2022, 4, 1 }, { 2022, 5, 5 }, { 2022, 6, 1 }, { 2022, 7, 1 },
        { 2022, 8, 1 }, { 2022, 9, 1 }, { 2022, 10, 8 }, { 2022, 11, 1 }, { 2022, 12, 1 } };
    for (size_t i = 0; i < ARRAY_LEN(CLEARING); i++)
        assert_int_equal(workdays_first_of_month(w, 2022, (int)i + 1), date_day(CLEARING[i].y, CLEARING[i].m, CLEARING[i].d));
    assert_int_equal(workdays_first_of_week(w, date_day(2022, 2, 2)), DAY_NONE);
    assert_false(workdays_is(w, date_day(2003, 4, 26), NULL));
    assert_true(workdays_is(w, date_day(2003, 5, 6), NULL));
    assert_true(workdays_is(w, date_day(2005, 12, 31), NULL));
    assert_false(workdays_is(w, date_day(2018, 1, 1), NULL));
    assert_false(workdays_is(w, date_day(2020, 1, 31), NULL));
    assert_true(workdays_is(w, date_day(2020, 2, 3), NULL));
}

static void presumed_years(void **state)
{
    (void)state;
    const struct workdays *w = workdays_official();
    struct day_status s;
    bool presumed = false;
    workdays_add(w, date_day(2026, 12, 1), 5, &presumed);
    assert_false(presumed);
    workdays_add(w, date_day(2026, 12, 28), 5, &presumed);
    assert_true(presumed);
    assert_false(workdays_is(w, date_day(2027, 1, 1), &s));
    assert_true(s.presumed);
    assert_int_equal(s.kind, DAY_HOLIDAY);
    assert_false(workdays_is(w, date_day(2028, 1, 3), NULL));          /* 1 January 2028 is a Saturday: made up on Monday */
}

/* By rule: every statutory day off, each on a weekend or on another's made good on a weekday, and no weekend worked. */
static void rule_without_notice(void **state)
{
    (void)state;
    const struct workdays *w = workdays_official();
    for (int y = 2027; y <= 2060; y++) {
        int off = 0;
        for (day_t d = date_day(y, 1, 1); d <= date_day(y, 12, 31); d++) {
            struct day_status s;
            bool works = workdays_is(w, d, &s);
            assert_true(s.presumed);
            assert_false(works && date_weekday(d) > 5);
            off += !works && date_weekday(d) <= 5;
            if (s.kind == DAY_HOLIDAY)
                assert_int_equal(s.origin, DAY_BY_RULE);
        }
        assert_int_equal(off, 13);
    }
    struct day_status s;
    assert_false(workdays_is(w, date_day(2027, 2, 5), &s));            /* 除夕 */
    assert_true(str_eqc(s.name, "春节"));
    assert_false(workdays_is(w, date_day(2061, 5, 2), NULL));
}

static void bounds(void **state)
{
    (void)state;
    const struct workdays *w = workdays_official();
    struct sim_random r;
    sim_random_init(&r, 5);
    bool apart = false;
    for (int k = 0; k < 100000; k++) {
        day_t d = FIRST + (day_t)random_below(&r.base, 20000);
        int n = (int)random_below(&r.base, 121) - 60;
        struct workdays_bounds b = workdays_add_bounds(w, d, n);
        assert_int_equal(b.likely, workdays_add(w, d, n, NULL));
        assert_true(b.earliest <= b.likely && b.likely <= b.latest);
        if (!b.presumed)
            assert_true(b.earliest == b.latest);
        apart |= b.earliest < b.latest;
    }
    assert_true(apart);
    /* Eight working days from Friday 24 September 2027: Sunday the 26th, 9 and 10 October may be made working days, 4 to 8 October may be off. */
    struct workdays_bounds b = workdays_add_bounds(w, date_day(2027, 9, 24), 8);
    assert_true(b.presumed && b.earliest < b.likely && b.latest > b.likely);
}

static void edges(void **state)
{
    (void)state;
    const struct workdays *w = workdays_official();
    day_t first = date_day(1900, 1, 1), last = date_day(2199, 12, 31);
    bool presumed = false;
    assert_int_equal(workdays_prev(w, first, NULL), DAY_NONE);
    assert_int_equal(workdays_next(w, last, &presumed), DAY_NONE);
    assert_true(presumed);
    assert_int_equal(workdays_add(w, FIRST, INT32_MAX, NULL), DAY_NONE);
    assert_int_equal(workdays_add(w, FIRST, INT32_MIN + 1, NULL), DAY_NONE);
    assert_false(workdays_is(w, last + 1, NULL));
    assert_false(workdays_is(w, INT32_MAX, NULL));
    assert_int_equal(workdays_add(w, date_day(2022, 5, 9), 0, NULL), date_day(2022, 5, 9));
    assert_int_equal(workdays_add(w, date_day(2022, 5, 1), 0, NULL), date_day(2022, 5, 5));
    assert_true(strncmp(workdays_edition(w), "2026-", 5) == 0);
}

static void overlay(void **state)
{
    (void)state;
    struct workdays_row rows[] = { { date_day(2027, 1, 2), true, STR("元旦"), 2027 }, { date_day(2022, 5, 9), false, STR("本市放假"), 2022 } };
    int years[] = { 2027 };
    struct workdays *w = workdays_with(rows, 2, years, 1);
    assert_true(workdays_is(w, date_day(2027, 1, 2), NULL));
    assert_false(workdays_is(w, date_day(2022, 5, 9), NULL));
    assert_true(workdays_covered(w, 2027));
    assert_true(workdays_is(w, date_day(2027, 1, 1), NULL));           /* the notice says nothing of it, and it replaces the rule */
    day_t diff[8];
    assert_true(workdays_diff(workdays_official(), w, diff, 8) >= 2);
    assert_int_equal(diff[0], date_day(2022, 5, 9));
    assert_string_not_equal(workdays_edition(w), workdays_edition(workdays_official()));
    workdays_free(w);

    int again[] = { 2022 };                      /* a notice for a built-in year leaves nothing of it */
    rows[1].own = true;
    w = workdays_with(rows, 2, again, 1);
    struct day_status s;
    assert_true(workdays_is(w, date_day(2022, 10, 3), NULL));
    assert_false(workdays_is(w, date_day(2022, 5, 9), &s));
    assert_int_equal(s.origin, DAY_OFFICE);
    assert_false(workdays_is(w, date_day(2022, 12, 31), NULL));        /* of the arrangement of 2023 */
    workdays_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(each_day), cmocka_unit_test(next_prev_add_count), cmocka_unit_test(known_days),
                                        cmocka_unit_test(presumed_years), cmocka_unit_test(months_and_weeks),
                                        cmocka_unit_test(random_pairs), cmocka_unit_test(rule_without_notice), cmocka_unit_test(bounds),
                                        cmocka_unit_test(edges), cmocka_unit_test(overlay) };
    return cmocka_run_group_tests_name("workdays", tests, read_table, NULL);
}
