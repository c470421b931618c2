/* engine: none — dates are pure */
/* The statutory rule and the table of moving festivals against every arrangement there has been. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "calendar/festival.h"
#include "calendar/table_test.h"

static bool by_rule(day_t d, int year)
{
    for (enum festival f = 0; f < FESTIVAL_COUNT; f++) {
        struct festival_days days = festival_days(f, year);
        if (days.n && d >= days.first && d < days.first + days.n)
            return true;
    }
    return false;
}

static void statutory_days(void **state)
{
    (void)state;
    for (size_t i = 0; i < table_n; i++) {
        bool special = table[i].day == date_day(2015, 9, 3);
        if (table[i].statutory != (by_rule(table[i].day, table[i].year) || special))
            fail_msg("row %zu of %d", i + 2, table[i].year);
    }
}

/* (weekday holidays) − (make-up days) = statutory days, but for the extension of 2020. */
static void formula(void **state)
{
    (void)state;
    for (int year = TABLE_YEAR_FIRST; year <= TABLE_YEAR_LAST; year++) {
        int difference = 0;
        for (size_t i = 0; i < table_n; i++)
            if (table[i].year == year)
                difference += table[i].works ? -1 : date_weekday(table[i].day) <= 5;
        assert_int_equal(difference, festival_statutory(year) + (year == 2020 ? 2 : 0));
    }
}

/* No make-up day and no day off since 2008 lies farther from a festival than festival_reach() says. */
static void reach(void **state)
{
    (void)state;
    for (size_t i = 0; i < table_n; i++) {
        const struct table_row *row = &table[i];
        bool within = row->year < 2008 || strstr(row->name, "抗战") != NULL || (!row->works && date_weekday(row->day) > 5);
        for (enum festival f = 0; f < FESTIVAL_COUNT && !within; f++) {
            struct festival_days days = festival_days(f, row->year);
            struct festival_reach r = festival_reach(f);
            int before = row->works ? r.makeup_before : r.off_before, after = row->works ? r.makeup_after : r.off_after;
            within = days.n && row->day >= days.first - before && row->day < days.first + days.n + after;
        }
        if (!within)
            fail_msg("row %zu of %d, %s", i + 2, row->year, row->name);
    }
}

static void dates_to_come(void **state)
{
    (void)state;
    static const struct { enum festival f; int y, m, d, n; } KNOWN[] = {
        { FESTIVAL_SPRING, 2027, 2, 5, 4 },     { FESTIVAL_SPRING, 2030, 2, 2, 4 },   { FESTIVAL_MID_AUTUMN, 2028, 10, 3, 1 }, { FESTIVAL_DUANWU, 2027, 6, 9, 1 },
        { FESTIVAL_MID_AUTUMN, 2031, 10, 1, 1 }, { FESTIVAL_SPRING, 2034, 2, 18, 4 }, { FESTIVAL_QINGMING, 2028, 4, 4, 1 },    { FESTIVAL_LABOUR, 2061, 5, 1, 2 },
    };
    for (size_t i = 0; i < sizeof KNOWN / sizeof KNOWN[0]; i++) {
        struct festival_days days = festival_days(KNOWN[i].f, KNOWN[i].y);
        assert_int_equal(days.first, date_day(KNOWN[i].y, KNOWN[i].m, KNOWN[i].d));
        assert_int_equal(days.n, KNOWN[i].n);
    }
    assert_int_equal(festival_days(FESTIVAL_SPRING, 2061).n, 0);
    assert_int_equal(festival_days(FESTIVAL_DUANWU, 2000).n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(statutory_days), cmocka_unit_test(formula), cmocka_unit_test(reach), cmocka_unit_test(dates_to_come) };
    return cmocka_run_group_tests_name("festival", tests, table_read, NULL);
}
