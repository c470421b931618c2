/* Every day of every covered year against data/china-days.csv and an implementation that only walks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "calendar/workdays.h"

enum { FIRST = 11323, LAST = 20818 };            /* 2001-01-01 and 2026-12-31 */
static signed char table[LAST - FIRST + 400];

static bool naive(day_t d)
{
    int t = table[d - FIRST];
    return t ? t > 0 : (d + 3) % 7 < 5;
}

static int read_table(void **state)
{
    (void)state;
    FILE *f = fopen("data/china-days.csv", "r");
    char line[200];
    assert_non_null(f);
    assert_non_null(fgets(line, sizeof line, f));
    while (fgets(line, sizeof line, f)) {
        int y, m, d;
        assert_int_equal(sscanf(line, "%d-%d-%d", &y, &m, &d), 3);
        table[date_day(y, m, d) - FIRST] = strstr(line, "makeup") ? 1 : -1;
    }
    fclose(f);
    return 0;
}

static void each_day(void **state)
{
    (void)state;
    const struct workdays *w = workdays_official();
    assert_int_equal(date_day(2001, 1, 1), FIRST);
    assert_int_equal(date_day(2026, 12, 31), LAST);
    for (day_t d = FIRST; d <= LAST; d++)
        assert_int_equal(workdays_is(w, d, NULL), naive(d));
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

static void overlay(void **state)
{
    (void)state;
    struct workdays_row rows[] = { { date_day(2027, 1, 2), true, STR("元旦"), 2027 }, { date_day(2022, 5, 9), false, STR("本市放假"), 2022 } };
    int years[] = { 2027 };
    struct workdays *w = workdays_with(rows, 2, years, 1);
    assert_true(workdays_is(w, date_day(2027, 1, 2), NULL));
    assert_false(workdays_is(w, date_day(2022, 5, 9), NULL));
    assert_true(workdays_covered(w, 2027));
    day_t diff[8];
    assert_true(workdays_diff(workdays_official(), w, diff, 8) >= 2);
    assert_int_equal(diff[0], date_day(2022, 5, 9));
    assert_string_not_equal(workdays_edition(w), workdays_edition(workdays_official()));
    workdays_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(each_day), cmocka_unit_test(next_prev_add_count), cmocka_unit_test(known_days),
                                        cmocka_unit_test(presumed_years), cmocka_unit_test(overlay) };
    return cmocka_run_group_tests(tests, read_table, NULL);
}
