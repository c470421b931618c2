/* engine: none — dates are pure */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "calendar/date.h"
#include "calendar/festival.h"
#include "calendar/lunar.h"

/* The table of moving festivals was held to every arrangement; this one is held to it, and to itself: a year's last day is followed by the next's first. */
static void agrees_with_festivals(void **state)
{
    (void)state;
    for (int year = 2008; year <= LUNAR_LAST; year++) {
        struct festival_days spring = festival_days(FESTIVAL_SPRING, year);
        bool eve = spring.first == lunar_last_day(year - 1);
        assert_true(eve || spring.first == lunar_day(year, 1, 1));
        assert_int_equal(festival_days(FESTIVAL_DUANWU, year).first, lunar_day(year, 5, 5));
        assert_int_equal(festival_days(FESTIVAL_MID_AUTUMN, year).first, lunar_day(year, 8, 15));
        assert_int_equal(festival_days(FESTIVAL_QINGMING, year).first, solar_term(year, TERM_QINGMING));
    }
    for (int year = LUNAR_FIRST; year < LUNAR_LAST; year++)
        assert_int_equal(lunar_last_day(year) + 1, lunar_day(year + 1, 1, 1));
}

/* Terms are half a month apart, and a day of the lunar calendar is never before the one that precedes it. */
static void goes_on(void **state)
{
    (void)state;
    for (int year = LUNAR_FIRST; year <= LUNAR_LAST; year++) {
        for (int k = 1; k < TERMS; k++) {
            day_t apart = solar_term(year, k) - solar_term(year, k - 1);
            assert_true(apart >= 14 && apart <= 16);
        }
        for (int month = 2; month <= 12; month++) {
            day_t length = lunar_day(year, month, 1) - lunar_day(year, month - 1, 1);
            assert_true(length == 29 || length == 30 || length == 58 || length == 59 || length == 60);
            assert_true(lunar_day(year, month - 1, 30) == DAY_NONE || lunar_day(year, month - 1, 30) < lunar_day(year, month, 1));
        }
    }
}

static void known_days(void **state)
{
    (void)state;
    static const struct { int year, term, month, day; } TERM[] = {
        { 2022, 10, 6, 6 }, { 2022, 11, 6, 21 }, { 2022, 14, 8, 7 }, { 2022, 23, 12, 22 }, { 2021, 23, 12, 21 }, { 2008, 9, 5, 21 }, { 2024, 2, 2, 4 }, { 2025, 2, 2, 3 },
    };
    for (size_t i = 0; i < sizeof TERM / sizeof TERM[0]; i++)
        assert_int_equal(solar_term(TERM[i].year, TERM[i].term), date_day(TERM[i].year, TERM[i].month, TERM[i].day));
    assert_int_equal(lunar_day(2022, 12, 23), date_day(2023, 1, 14));
    assert_int_equal(lunar_day(2022, 9, 9), date_day(2022, 10, 4));
    assert_int_equal(lunar_day(2023, 3, 1), date_day(2023, 4, 20));           /* behind the leap second month */
    assert_int_equal(lunar_last_day(2022), date_day(2023, 1, 21));
    assert_int_equal(lunar_day(2022, 13, 1), DAY_NONE);
    assert_int_equal(lunar_day(2061, 1, 1), DAY_NONE);
    assert_int_equal(solar_term(2000, 0), DAY_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(agrees_with_festivals), cmocka_unit_test(goes_on), cmocka_unit_test(known_days) };
    return cmocka_run_group_tests_name("lunar", tests, NULL, NULL);
}
