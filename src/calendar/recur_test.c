/* engine: none — recurrences are pure */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <string.h>

#include <cmocka.h>

#include "calendar/recur.h"

static instant_t at(const char *z)
{
    instant_t v;
    struct err err;
    assert_true(instant_read(str_c(z), &v, &err));
    return v;
}

static struct recur rule(const char *z)
{
    struct recur r;
    if (!recur_read(str_c(z), &r))
        fail_msg("not read: %s", z);
    return r;
}

static const struct {
    const char *rule, *after, *due;              /* several dues in a row, with blanks between them */
} CASES[] = {
    { "month days=10", "2022-05-09T08:30:00+08:00", "2022-05-10 2022-06-10 2022-07-10" },
    { "month days=31", "2022-01-31T23:59:59+08:00", "2022-01-31" },
    { "month days=31", "2022-02-01T00:00:01+08:00", "2022-02-28 2022-03-31 2022-04-30 2022-05-31" },
    { "month days=30,31", "2022-04-01T00:00:01+08:00", "2022-04-30 2022-05-30 2022-05-31" },
    { "month days=5,20", "2022-05-09T08:30:00+08:00", "2022-05-20 2022-06-05 2022-06-20" },
    { "month days=5 move=before", "2022-05-09T08:30:00+08:00", "2022-06-02 2022-07-05" },
    { "month days=5 move=after", "2022-05-09T08:30:00+08:00", "2022-06-06 2022-07-05" },
    { "month days=1 move=after", "2022-05-01T08:30:00+08:00", "2022-05-05 2022-06-01" },
    { "month nth=1 of=workday", "2022-05-09T08:30:00+08:00", "2022-06-01 2022-07-01 2022-08-01 2022-09-01 2022-10-08" },
    { "month nth=-1 of=workday", "2022-05-09T08:30:00+08:00", "2022-05-31 2022-06-30 2022-07-29" },
    { "month nth=3 of=workday", "2022-05-09T08:30:00+08:00", "2022-06-06" },
    { "month nth=1 on=1", "2022-05-09T08:30:00+08:00", "2022-06-06 2022-07-04" },
    { "month nth=-1 on=5", "2022-05-09T08:30:00+08:00", "2022-05-27 2022-06-24" },
    { "month interval=2 from=2022-05-09T08:30:00+08:00", "2022-05-09T08:30:00+08:00", "2022-07-09 2022-09-09" },
    { "half-month", "2022-05-09T08:30:00+08:00", "2022-05-15 2022-05-31 2022-06-15" },
    { "ten-days", "2022-02-09T08:30:00+08:00", "2022-02-10 2022-02-20 2022-02-28" },
    { "week on=1", "2022-05-09T08:30:00+08:00", "2022-05-09 2022-05-16" },
    { "week on=1,3 at=16:00", "2022-05-09T16:00:00+08:00", "2022-05-11T16:00 2022-05-16T16:00" },
    { "week", "2022-05-09T08:30:00+08:00", "2022-05-15 2022-05-22" },
    { "week interval=2 from=2022-05-09T08:30:00+08:00", "2022-05-09T08:30:00+08:00", "2022-05-23 2022-06-06" },
    { "week interval=2 on=5 from=2022-05-09T08:30:00+08:00", "2022-05-09T08:30:00+08:00", "2022-05-13 2022-05-27" },
    { "week nth=1 of=workday", "2022-05-04T08:30:00+08:00", "2022-05-05 2022-05-09" },
    { "week nth=-1 of=workday", "2022-05-09T08:30:00+08:00", "2022-05-13 2022-05-20" },
    { "workday at=16:00", "2022-05-13T16:00:00+08:00", "2022-05-16T16:00" },
    { "workday", "2022-09-30T23:59:59+08:00", "2022-09-30 2022-10-08 2022-10-09" },
    { "workday interval=3 from=2022-05-09T08:30:00+08:00", "2022-05-09T08:30:00+08:00", "2022-05-12 2022-05-17" },
    { "day at=08:00,20:00", "2022-05-09T08:30:00+08:00", "2022-05-09T20:00 2022-05-10T08:00" },
    { "day at=24:00", "2022-05-09T08:30:00+08:00", "2022-05-10T00:00 2022-05-11T00:00" },
    { "day interval=3 from=2022-05-09T08:30:00+08:00", "2022-05-09T08:30:00+08:00", "2022-05-12 2022-05-15" },
    { "hour interval=2 from=2022-05-09T08:30:00+08:00", "2022-05-09T08:30:00+08:00", "2022-05-09T10:30 2022-05-09T12:30" },
    { "hour interval=4", "2022-05-09T20:00:00+08:00", "2022-05-10T00:00 2022-05-10T04:00" },
    { "minute interval=30", "2022-05-09T08:30:00+08:00", "2022-05-09T09:00" },
    { "quarter", "2022-05-09T08:30:00+08:00", "2022-06-30 2022-09-30" },
    { "quarter month=3 days=25", "2022-05-09T08:30:00+08:00", "2022-06-25 2022-09-25" },
    { "quarter month=1 days=10", "2022-05-09T08:30:00+08:00", "2022-07-10" },
    { "quarter nth=1 of=workday", "2022-05-09T08:30:00+08:00", "2022-07-01 2022-10-08" },
    { "half-year", "2022-05-09T08:30:00+08:00", "2022-06-30 2022-12-31" },
    { "year month=1 days=31", "2022-05-09T08:30:00+08:00", "2023-01-31 2024-01-31" },
    { "year month=2 days=29", "2022-05-09T08:30:00+08:00", "2023-02-28 2024-02-29" },
    { "year", "2022-05-09T08:30:00+08:00", "2022-12-31" },
};

static void put_due(struct buf *b, const struct recur_time *t)
{
    struct buf whole _cleanup_(buf_release) = BUF_INIT;
    if (!t->minute) {
        date_put_iso(b, instant_day(t->due - 1));
        return;
    }
    instant_put(&whole, t->due);
    buf_str(b, str_sub(buf_view(&whole), 0, 16));
}

static void known(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        struct recur r = rule(CASES[i].rule);
        struct recur_time t;
        struct buf said _cleanup_(buf_release) = BUF_INIT;
        instant_t after = at(CASES[i].after) - 1;            /* "at or after" */
        if (str_find(str_c(CASES[i].rule), STR("at=")) >= 0 || r.from != INSTANT_NONE || r.every <= RECUR_HOURS)
            after++;
        for (const char *p = CASES[i].due; p; p = strchr(p + 1, ' ')) {
            assert_true(recur_next(&r, workdays_official(), after, &t));
            buf_c(&said, said.n ? " " : "");
            put_due(&said, &t);
            after = t.due;
        }
        assert_string_equal(said.p, CASES[i].due);
    }
}

/* One rule has one writing, and no other is taken. */
static void written(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        struct recur r = rule(CASES[i].rule);
        struct buf b _cleanup_(buf_release) = BUF_INIT;
        recur_put(&b, &r);
        assert_string_equal(b.p, CASES[i].rule);
        assert_true(b.n <= RECUR_TEXT);
    }
    static const char *const WRONG[] = { "", "month days=0", "month days=32", "month days=5,3", "month  days=5", "month days=5 ", "fortnight", "month days=5 nth=1",
        "week on=8", "day at=24:01", "day at=00:00", "day at=8:00", "day at=08:00,07:00", "day at=01:00,02:00,03:00,04:00,05:00", "hour at=08:00",
        "month interval=1", "quarter interval=2", "quarter month=4", "month month=1", "half-month days=3", "month nth=0", "month of=workday", "month nth=40",
        "workday interval=2", "month days=5 move=sideways", "month days=5 from=yesterday", "hour move=after", "day interval=99999", "month days=5\nx", "week nth=1" };
    struct recur r;
    for (size_t i = 0; i < ARRAY_LEN(WRONG); i++)
        if (recur_read(str_c(WRONG[i]), &r))
            fail_msg("taken: %s", WRONG[i]);
}

static uint64_t seed = 20220509;
static unsigned below(unsigned n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(seed >> 33) % n;
}

static struct recur any_rule(void)
{
    struct recur r;
    do {
        r = (struct recur){ .every = RECUR_MINUTE + (int)below(RECUR_YEAR), .interval = below(3) ? 1 : 1 + (int)below(9), .from = INSTANT_NONE,
                            .month = (int)below(13), .move = below(3) };
        if (below(2))
            r.from = at("2021-12-30T09:17:00+08:00") + below(500) * (instant_t)86400000;
        if (below(2))
            r.month_days = 1u << below(31) | 1u << below(31);
        else if (below(2))
            r.nth = (int)below(12) - 6;
        r.workday = below(2);
        r.weekdays = below(2) ? below(128) : 0;
        for (int m = 1 + (int)below(600); r.n_minutes < (int)below(5) && r.n_minutes < RECUR_MINUTES; m += 1 + (int)below(200))
            r.minute[r.n_minutes++] = m;
    } while (!recur_valid(&r));
    return r;
}

/* Of any rule: keys rise, days and dues never fall, the rule written and read is the same, and asking by time finds what going by keys finds. */
static void rising(void **state)
{
    (void)state;
    const struct workdays *w = workdays_official();
    for (int i = 0; i < 3000; i++) {
        struct recur r = any_rule(), again;
        struct buf b _cleanup_(buf_release) = BUF_INIT;
        recur_put(&b, &r);
        assert_true(b.n <= RECUR_TEXT && recur_read(buf_view(&b), &again) && memcmp(&again.minute, &r.minute, sizeof r.minute) == 0);
        struct recur_time t, next, asked;
        assert_true(recur_after(&r, w, date_day(2022, 1, 1) + (day_t)below(400), (int)below(1441), &t));
        for (int k = 0; k < 40; k++, t = next) {
            if (!recur_after(&r, w, t.key, t.minute, &next))
                break;                           /* a rule of many years */
            if (next.key < t.key || (next.key == t.key && next.minute <= t.minute) || next.day < t.day || (next.due < t.due && r.move == RECUR_STAY))
                fail_msg("falls: %s", b.p);
            if (!recur_next(&r, w, next.due - 1, &asked) || asked.due != next.due)
                fail_msg("not found by its time: %s", b.p);
        }
    }
}

/* Whatever days of the month are named: not a month of eight years is without its deadline, and February's is its last day. */
static void no_month_skipped(void **state)
{
    (void)state;
    for (int day = 1; day <= 31; day++)
        for (int move = RECUR_STAY; move <= RECUR_AFTER; move++) {
            struct recur r = { .every = RECUR_MONTH, .interval = 1, .month_days = 1u << (day - 1), .move = move, .from = INSTANT_NONE };
            struct recur_time t = { .key = date_day(2019, 12, 31), .minute = 1440 };
            for (int month = 0; month < 96; month++) {
                assert_true(recur_after(&r, workdays_official(), t.key, t.minute ? t.minute : 1440, &t));
                struct civil c = date_civil(t.key);
                int last = date_month_days(2020 + month / 12, month % 12 + 1);
                assert_int_equal(c.year * 12 + c.month - 1, 2020 * 12 + month);
                assert_int_equal(c.day, day < last ? day : last);
                assert_true(move == RECUR_STAY || workdays_is(workdays_official(), t.day, NULL));
            }
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(known), cmocka_unit_test(written), cmocka_unit_test(rising), cmocka_unit_test(no_month_skipped) };
    return cmocka_run_group_tests_name("recur", tests, NULL, NULL);
}
