/* engine: none — dates are pure */
/* Dates against a calendar that only counts on; every writing that is read, and what is refused and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/tr.h"
#include "calendar/date.h"

static void every_day(void **state)
{
    (void)state;
    int y = 1600, m = 1, d = 1, weekday = 6;     /* 1 January 1600 was a Saturday */
    for (day_t at = date_day(1600, 1, 1); y < 2400; at++) {
        struct civil c = date_civil(at);
        if (c.year != y || c.month != m || c.day != d || date_weekday(at) != weekday || date_day(y, m, d) != at || date_weekday(date_monday(at)) != 1)
            fail_msg("%d-%d-%d is wrong", y, m, d);
        weekday = weekday % 7 + 1;
        bool leap = y % 400 == 0 || (y % 4 == 0 && y % 100);
        int days = m == 2 ? 28 + leap : m == 4 || m == 6 || m == 9 || m == 11 ? 30 : 31;
        if (d == 1)
            assert_int_equal(date_month_days(y, m), days);
        if (++d > days)
            d = 1, m++;
        if (m > 12)
            m = 1, y++;
    }
    assert_int_equal(date_day(1970, 1, 1), 0);
}

static void writings(void **state)
{
    (void)state;
    static const struct { const char *text, *day; int minute; } CASES[] = {
        { "2022-05-09", "2022-05-09", -1 }, { "2022-5-9", "2022-05-09", -1 }, { "2022/5/9", "2022-05-09", -1 }, { "2022.5.9", "2022-05-09", -1 },
        { "2022.05.09", "2022-05-09", -1 }, { "20220509", "2022-05-09", -1 }, { "2022年5月9日", "2022-05-09", -1 }, { "2022年5月9号", "2022-05-09", -1 },
        { "2022年05月09日", "2022-05-09", -1 }, { "二〇二二年五月九日", "2022-05-09", -1 }, { "二零二二年十二月三十一日", "2022-12-31", -1 },
        { "二○二二年十月十日", "2022-10-10", -1 }, { "二〇二二年十一月二十日", "2022-11-20", -1 }, { "２０２２年５月９日", "2022-05-09", -1 },
        { "２０２２－０５－０９", "2022-05-09", -1 }, { "２０２２／５／９", "2022-05-09", -1 }, { "　2022-05-09  ", "2022-05-09", -1 },
        { "2022年5月9日（周一）", "2022-05-09", -1 }, { "2022-05-15(星期日)", "2022-05-15", -1 }, { "2022-05-15（星期天）", "2022-05-15", -1 },
        { "2022-05-09 18:00", "2022-05-09", 1080 }, { "2022-05-09　18：30", "2022-05-09", 1110 }, { "2022-05-09 18:30:00", "2022-05-09", 1110 },
        { "2022年5月9日18时", "2022-05-09", 1080 }, { "2022年5月9日18时30分", "2022-05-09", 1110 }, { "2022年5月9日 18点半", "2022-05-09", 1110 },
        { "2022年5月9日下午6时", "2022-05-09", 1080 }, { "2022年5月9日下午6:15", "2022-05-09", 1095 }, { "2022年5月9日上午9时", "2022-05-09", 540 },
        { "2022年5月9日下午12时", "2022-05-09", 720 }, { "二〇二二年五月九日下午六时", "2022-05-09", 1080 }, { "2022年5月9日（周一）上午9时05分", "2022-05-09", 545 },
        { "2022-05-09 24:00", "2022-05-09", 1440 }, { "2022年5月9日24时", "2022-05-09", 1440 }, { "2022-05-09 0:00", "2022-05-09", 0 },
        { "2022-05-09T18:00:00+08:00", "2022-05-09", 1080 }, { "2022-05-09T18:00:00Z", "2022-05-10", 120 }, { "2024-02-29", "2024-02-29", -1 },
        { "1900-01-01", "1900-01-01", -1 }, { "2199-12-31", "2199-12-31", -1 },
    };
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        struct buf b _cleanup_(buf_release) = BUF_INIT;
        struct err err = { 0 };
        day_t day, want;
        instant_t at;
        bool timed;
        if (!date_read(str_c(CASES[i].text), &day, &at, &timed, &err))
            fail_msg("%s is not read: %s", CASES[i].text, tr_id(err.msg));
        date_put_iso(&b, day);
        assert_string_equal(b.p, CASES[i].day);
        assert_true(date_read_iso(str_c(CASES[i].day), &want, &err));
        assert_int_equal(day, want);
        assert_int_equal(timed, CASES[i].minute >= 0);
        assert_int_equal(at, day_start(day) + (timed ? CASES[i].minute : 0) * INT64_C(60000));
    }
}

static void refusals(void **state)
{
    (void)state;
    static const struct { const char *text; int msg; } CASES[] = {
        { "2022-06-31", M_CALENDAR_NO_SUCH_DAY }, { "2023年2月29日", M_CALENDAR_NO_SUCH_DAY }, { "1900-02-29", M_CALENDAR_NO_SUCH_DAY },
        { "20220631", M_CALENDAR_NO_SUCH_DAY }, { "二〇二二年六月三十一日", M_CALENDAR_NO_SUCH_DAY }, { "2022-05-00", M_CALENDAR_NO_SUCH_DAY },
        { "2022-13-01", M_CALENDAR_BAD_MONTH }, { "2022/0/1", M_CALENDAR_BAD_MONTH }, { "1899-12-31", M_CALENDAR_BAD_YEAR }, { "2200-01-01", M_CALENDAR_BAD_YEAR },
        { "5月9日", M_CALENDAR_NO_YEAR }, { "五月九日", M_CALENDAR_NO_YEAR }, { "5.9", M_CALENDAR_NO_YEAR }, { "05-09", M_CALENDAR_NO_YEAR },
        { "5月9日 18:00", M_CALENDAR_NO_YEAR }, { "2022-05-09 25:00", M_CALENDAR_BAD_HOUR }, { "2022-05-09 24:30", M_CALENDAR_BAD_HOUR },
        { "2022-05-09 18:60", M_CALENDAR_BAD_MINUTE }, { "2022年5月9日25时", M_CALENDAR_BAD_HOUR }, { "2022年5月9日上午13时", M_CALENDAR_NOT_A_TIME },
        { "2022年5月9日下午24时", M_CALENDAR_NOT_A_TIME }, { "2022-05-09 18:00:30", M_CALENDAR_NOT_A_TIME }, { "2022-05-09 前", M_CALENDAR_NOT_A_TIME },
        { "2022-05-09 18:0", M_CALENDAR_NOT_A_TIME }, { "2022年5月9日（周二）", M_CALENDAR_BAD_WEEKDAY }, { "2022年5月9日（一）", M_CALENDAR_NOT_A_DATE },
        { "", M_CALENDAR_NOT_A_DATE }, { "　", M_CALENDAR_NOT_A_DATE }, { "明天", M_CALENDAR_NOT_A_DATE }, { "2022-05/09", M_CALENDAR_NOT_A_DATE },
        { "2022年5-9日", M_CALENDAR_NOT_A_DATE }, { "2022年5月", M_CALENDAR_NOT_A_DATE }, { "2022年5月9", M_CALENDAR_NOT_A_DATE }, { "22-05-09", M_CALENDAR_NOT_A_DATE },
        { "202205091", M_CALENDAR_NOT_A_TIME }, { "2022-05-09x", M_CALENDAR_NOT_A_TIME }, { "\xff\xfe", M_CALENDAR_NOT_A_DATE },
        { "2022-05-09T18:00:00", M_CALENDAR_NOT_AN_INSTANT }, { "2022-05-09T24:00:00+08:00", M_CALENDAR_BAD_HOUR },
        { "2022-05-09T18:00:60+08:00", M_CALENDAR_BAD_SECOND }, { "2022-06-31T18:00:00+08:00", M_CALENDAR_NO_SUCH_DAY },
        { "2022-05-09T18:00:00+0800", M_CALENDAR_NOT_AN_INSTANT }, { "2022-05-09T18:00:00+08:00 ", -1 },
        { "2199-12-31T23:00:00-08:00", M_CALENDAR_BAD_YEAR },
        { "1111111111111111111111111111111111111111111111111111111111111111111111", M_CALENDAR_NOT_A_DATE },
    };
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        struct err err = { 0 };
        day_t day = 77;
        instant_t at = 77;
        bool timed = true, ok = date_read(str_c(CASES[i].text), &day, &at, &timed, &err);
        if (CASES[i].msg < 0) {
            assert_true(ok);
            continue;
        }
        if (ok || err.msg != CASES[i].msg || err.kind != ERR_INPUT)
            fail_msg("%s: %s", CASES[i].text, ok ? "is read" : tr_id(err.msg));
        assert_true(day == 77 && at == 77 && timed);
    }
    struct str with_nul = { "2022-05-09\0", 11 };
    day_t day;
    instant_t at;
    bool timed;
    assert_false(date_read(with_nul, &day, &at, &timed, NULL));
}

static void machines(void **state)
{
    (void)state;
    static const char *const NOT_ISO[] = { "2022-5-9", "20220509", "2022-05-09 ", "2022/05/09", "", "2022-05-0９" };
    day_t d;
    struct err err;
    for (size_t i = 0; i < ARRAY_LEN(NOT_ISO); i++) {
        assert_false(date_read_iso(str_c(NOT_ISO[i]), &d, &err));
        assert_int_equal(err.msg, M_CALENDAR_NOT_ISO);
    }
    static const struct { const char *text; int64_t ms; } INSTANTS[] = {
        { "1970-01-01T00:00:00Z", 0 }, { "1970-01-01T08:00:00+08:00", 0 }, { "1969-12-31t16:30:00-07:30", 0 }, { "1970-01-01T00:00:01.5Z", 1500 },
        { "1970-01-01T00:00:00.123456789z", 123 }, { "1970-01-01T08:01+08:00", 60000 }, { "2022-05-09T18:00:00+08:00", 1652090400000 },
    };
    for (size_t i = 0; i < ARRAY_LEN(INSTANTS); i++) {
        instant_t at;
        assert_true(instant_read(str_c(INSTANTS[i].text), &at, &err));
        assert_int_equal(at, INSTANTS[i].ms);
    }
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    instant_put(&b, 1652090400999);
    assert_string_equal(b.p, "2022-05-09T18:00:00+08:00");
    buf_clear(&b);
    date_put_zh(&b, date_day(2022, 5, 9));
    assert_string_equal(b.p, "2022年5月9日（周一）");
}

/* Random bytes and random cuts of good texts neither crash nor are half read; what is read survives the way out and in. */
static void round_trips(void **state)
{
    (void)state;
    static const char *const SEEDS[] = { "2022年5月9日（周一）下午6时30分", "二〇二二年五月九日", "2022-05-09T18:00:00+08:00", "２０２２．５．９　２４：００" };
    struct sim_random r;
    sim_random_init(&r, 1);
    for (int i = 0; i < 200000; i++) {
        char text[64];
        const char *seed = SEEDS[random_below(&r.base, ARRAY_LEN(SEEDS))];
        size_t n = random_below(&r.base, strlen(seed) + 1);
        memcpy(text, seed, n);
        if (n && random_below(&r.base, 2))
            text[random_below(&r.base, n)] = (char)random_below(&r.base, 256);
        day_t day, again;
        instant_t at, at_again;
        bool timed;
        date_read(str_n(text, n), &day, &at, &timed, NULL);

        struct buf b _cleanup_(buf_release) = BUF_INIT;
        day = date_day(1900, 1, 1) + (day_t)random_below(&r.base, 109572);
        date_put_zh(&b, day);
        assert_true(date_read(buf_view(&b), &again, &at, &timed, NULL) && again == day && !timed);
        at = day_start(day) + (instant_t)random_below(&r.base, 86400) * 1000;
        buf_clear(&b);
        instant_put(&b, at);
        assert_true(instant_read(buf_view(&b), &at_again, NULL) && at_again == at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_day), cmocka_unit_test(writings), cmocka_unit_test(refusals), cmocka_unit_test(machines),
                                        cmocka_unit_test(round_trips) };
    return cmocka_run_group_tests_name("date", tests, NULL, NULL);
}
