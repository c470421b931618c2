#include "office.h"

#include <unistd.h>

#include "calendar/date.h"
#include "messages.h"
#include "office/recurring/inside.h"
#include "office/workcal/workcal.h"
#include "store/job.h"
#include "store/journal.h"

enum { DAY_MS = 24 * 3600 * 1000 };

static struct test_office o;

struct work { const struct actor *as; int64_t id; struct recurring_input in; struct recurring made; bool pause; };

static bool do_unit(struct txn *t, void *args, struct err *err)
{
    return party_add(t, PARTY_UNIT, STR("市商务局"), STR("商务局"), STR("部门"), 0, args, err);
}

static bool do_save(struct txn *t, void *args, struct err *err)
{
    struct work *w = args;
    return recurring_save(t, w->as, w->id, &w->in, &w->made, NULL, err);
}

static bool do_pause(struct txn *t, void *args, struct err *err)
{
    struct work *w = args;
    return recurring_pause(t, w->as, w->id, w->pause, err);
}

static bool do_step(struct txn *t, void *args, struct err *err) { return recurring_step(t, args, err); }

static int setup(void **state)
{
    struct err e;
    int64_t id;
    test_office_open(&o);
    NO_ERR(test_write(&o, do_unit, &id, &e), &e);
    test_member_add(&o, "li", "李科员", "officer", "", STR_NULL);
    return 0;
}

static int teardown(void **state)
{
    test_office_close(&o);
    return 0;
}

static struct recurring_input matter(const char *phrase)
{
    return (struct recurring_input){ .title = STR("报送{last_period}数据"), .source = STR("年度安排"), .requirement = STR("{period}的数据"), .lead_unit = STR("市商务局"),
                                     .phrase = str_c(phrase), .lead_days = STR("2"), .officer = STR("李科员") };
}

static int64_t save(struct recurring_input in, int msg)
{
    struct err e;
    struct work w = { .as = &o.console, .in = in };
    bool ok = test_write(&o, do_save, &w, &e);
    if (!msg)
        NO_ERR(ok, &e);
    assert_int_equal(ok, msg == 0);
    assert_true(ok || e.msg == msg);
    return ok ? w.made.id : 0;
}

static void change(int64_t id, struct recurring_input in)
{
    struct err e;
    struct work w = { .as = &o.console, .id = id, .in = in };
    NO_ERR(test_write(&o, do_save, &w, &e), &e);
}

/* All that is due at this moment; how many entries. */
static int run(int64_t id, int64_t *passed)
{
    struct err e;
    int n = 0;
    for (struct recurring_step s = { .id = id };;) {
        NO_ERR(test_write(&o, do_step, &s, &e), &e);
        if (!s.made && !s.passed)
            return n;
        n += s.made;
        if (passed)
            *passed += s.passed;
    }
}

static void at(int year, int month, int day, int hour) { sim_clock_set(&o.clock, day_start(date_day(year, month, day)) + hour * 3600000); }

static struct recurring_made *made(int64_t id, size_t *n)
{
    struct err e;
    struct recurring_made *m;
    NO_ERR(recurring_made(o.db, &o.arena, &o.console, id, &m, n, &e), &e);
    return m;
}

static void entry_of(const struct recurring_made *m, struct entry *e)
{
    struct err err;
    NO_ERR(entry_fetch(o.db, &o.arena, &o.console, m->number, e, &err), &err);
}

/* --- words --------------------------------------------------------------------------------------------------------------------------------------- */

static void words_become_those_of_the_occurrence(void **state)
{
    struct recur month = { .every = RECUR_MONTH }, week = { .every = RECUR_WEEK }, half = { .every = RECUR_HALF_MONTH }, quarter = { .every = RECUR_QUARTER };
    struct arena *a = &o.arena;
    day_t d = date_day(2022, 1, 5);
    assert_true(str_eqc(recurring_fill(a, STR("{year}-{month}-{day} {quarter} {period}{last_period}"), &month, d), "2022-1-5 一 2022年1月2021年12月"));
    assert_true(str_eqc(recurring_fill(a, STR("{period}，{last_period}"), &quarter, date_day(2022, 3, 25)), "2022年一季度，2021年四季度"));
    assert_true(str_eqc(recurring_fill(a, STR("{period}"), &week, d), "1月3日至1月9日"));
    assert_true(str_eqc(recurring_fill(a, STR("{last_period}"), &half, date_day(2022, 3, 15)), "2022年2月下半月"));
    assert_true(str_eqc(recurring_fill(a, STR("{x} {month"), &month, d), "{x} {month"));
    assert_true(str_eqc(recurring_fill(a, STR("{上期}{月}"), &month, d), "2021年12月1"));
    assert_true(recurring_words(STR("{month} 无"), "title", NULL));
    assert_false(recurring_words(STR("{mouth}"), "title", NULL));
    assert_false(recurring_words(STR("{month"), "title", NULL));
}

static void a_rule_is_said(void **state)
{
    static const struct { const char *rule, *zh; } RULES[] = {
        { "month days=5,20 move=before", "每月5日、20日，遇休息日提前到前一个工作日" },
        { "month nth=-1 of=workday", "每月最后一个工作日" },
        { "week on=1,3 at=16:00", "每周周一、周三 16:00" },
        { "quarter month=3 days=25 move=after", "每季度第3个月25日，遇休息日推后到下一个工作日" },
        { "year month=1 days=10", "每年1月10日" }, { "ten-days", "每旬最后一日" }, { "workday at=18:00", "每个工作日 18:00" },
    };
    for (size_t i = 0; i < ARRAY_LEN(RULES); i++) {
        struct recur r;
        assert_true(recur_read(str_c(RULES[i].rule), &r));
        struct buf zh _cleanup_(buf_release) = BUF_INIT, en _cleanup_(buf_release) = BUF_INIT;
        recur_say(&zh, LANG_ZH, &r);
        recur_say(&en, LANG_EN, &r);
        assert_string_equal(zh.p, RULES[i].zh);
        assert_true(en.n > 0);
    }
}

static void what_cannot_be_is_refused(void **state)
{
    struct recurring_input in = matter("每月5日前");
    save(matter("5月9日前"), M_RECURRING_NOT_RECURRING);
    save(matter("随便"), M_RECURRING_NOT_RECURRING);
    save(matter("hour interval=2"), M_RECURRING_TOO_OFTEN);
    save(matter(""), M_BASE_REQUIRED);
    in.title = STR("报{moon}");
    save(in, M_RECURRING_UNKNOWN_WORD);
    in = matter("每月5日前");
    in.lead_days = STR("61");
    save(in, M_RECURRING_NOT_LEAD);
    in = matter("每月5日前");
    in.move = STR("sideways");
    save(in, M_RECURRING_NOT_MOVE);
    in = matter("每月5日前");
    in.first_day = STR("2022-06-01");
    in.last_day = STR("2022-05-31");
    save(in, M_RECURRING_LAST_FIRST);
    in.last_day = STR("2022-06-03");
    save(in, M_RECURRING_NEVER);
    in = matter("每月5日前");
    in.lead_unit = STR("没有的局");
    save(in, M_PEOPLE_UNKNOWN_UNIT);
    in = matter("每月5日前");
    in.title = STR("机密★1年");
    save(in, M_ENTRY_SECRET);
    struct err e;
    struct actor liaison = o.console;
    liaison.roles = ROLE_LIAISON;
    liaison.section_id = 0;
    struct work w = { .as = &liaison, .in = matter("每月5日前") };
    assert_false(test_write(&o, do_save, &w, &e));
    assert_int_equal(e.kind, ERR_DENIED);
    int64_t id = save(matter("每月5日前"), 0);
    struct recurring r;
    assert_false(recurring_get(o.db, &o.arena, &liaison, id, &r, &e));
    assert_int_equal(e.kind, ERR_NOT_FOUND);
    struct actor stranger = o.console;
    stranger.office_id = test_office_add(&o, "b");
    assert_false(recurring_get(o.db, &o.arena, &stranger, id, &r, &e));
    assert_int_equal(e.kind, ERR_NOT_FOUND);
}

/* --- a year ---------------------------------------------------------------------------------------------------------------------------------------- */

static void a_year_leaves_no_month_out(void **state)
{
    int64_t monthly = save(matter("每月31日前"), 0), daily, first;
    struct recurring_input every_day = matter("每日18时前");
    every_day.lead_days = STR("0");
    daily = save(every_day, 0);
    first = save(matter("每月第一个工作日"), 0);
    const struct workdays *w = workdays_official();
    int months = 0, days = 0, firsts = 0;
    assert_int_equal(run(monthly, NULL) + run(first, NULL), 0);
    assert_int_equal(run(daily, NULL), 1);       /* today's, for it is not six o'clock yet */
    for (day_t d = date_day(2022, 5, 10); d <= date_day(2023, 5, 9); d++) {
        sim_clock_set(&o.clock, day_start(d) + 8 * 3600000);
        int m = run(monthly, NULL), every = run(daily, NULL), one = run(first, NULL);
        assert_int_equal(every, 1);
        assert_in_range(m + one, 0, 2);
        months += m;
        days += every;
        firsts += one;
        assert_int_equal(run(monthly, NULL) + run(daily, NULL) + run(first, NULL), 0);       /* asked again, nothing more */
    }
    assert_int_equal(months, 12);
    assert_int_equal(days, 365);
    assert_int_equal(firsts, 12);
    size_t n;
    struct recurring_made *m = made(monthly, &n);
    assert_int_equal(n, 12);
    for (size_t i = 0; i < n; i++) {
        struct entry e;
        struct civil key = date_civil(m[i].key);
        entry_of(&m[i], &e);
        day_t due = instant_day(e.due - 1);
        assert_int_equal(key.day, date_month_days(key.year, key.month));
        assert_true(due <= m[i].key && workdays_is(w, due, NULL));       /* before, never into the next month */
        assert_int_equal(date_civil(due).month, key.month);
        assert_int_equal(e.day, workdays_add(w, due, -2, NULL));
        assert_false(m[i].late);
    }
    struct entry e;
    entry_of(&m[n - 1], &e);
    assert_true(str_eqc(e.title, "报送2022年4月数据"));                  /* the first: 31 May */
    assert_true(str_eqc(e.requirement, "2022年5月的数据"));
    assert_true(e.officer_id != 0);
}

static void what_was_missed_is_made_up_for(void **state)
{
    int64_t weekly = save(matter("每周一"), 0), passed = 0;
    size_t n;
    at(2022, 6, 9, 9);                           /* the Mondays 9, 16, 23, 30 May and 6 June went by; and 13 June is near */
    assert_int_equal(run(weekly, &passed), 6);
    assert_int_equal(passed, 0);
    struct recurring_made *m = made(weekly, &n);
    assert_int_equal(n, 6);
    assert_false(m[0].late);
    for (size_t i = 1; i < n; i++) {
        struct entry e;
        entry_of(&m[i], &e);
        assert_true(m[i].late && e.due < day_start(date_day(2022, 6, 9)) && e.day == date_day(2022, 6, 9));
    }
    at(2022, 12, 1, 9);                          /* half a year: more than anybody would make up for */
    struct journal_head before, after;
    struct err err;
    NO_ERR(journal_head(o.db, o.id, &before, &err), &err);
    assert_int_equal(run(weekly, &passed), RECURRING_LATE_MAX + 1);
    NO_ERR(journal_head(o.db, o.id, &after, &err), &err);
    assert_int_equal(after.seq - before.seq, RECURRING_LATE_MAX + 1 + 1);    /* what was passed over is on record too */
    assert_int_equal(passed, 24 - RECURRING_LATE_MAX);
    m = made(weekly, &n);
    assert_int_equal(n, 6 + RECURRING_LATE_MAX + 1 + 1);
    assert_int_equal(m[RECURRING_LATE_MAX + 1].entry_id, 0);
    assert_int_equal(m[RECURRING_LATE_MAX + 1].passed, passed);
    assert_int_equal(m[RECURRING_LATE_MAX].key, m[RECURRING_LATE_MAX + 1].key + 7);          /* not one between is lost */
}

static void changes_and_pauses_touch_only_what_comes(void **state)
{
    struct recurring r;
    struct err e;
    size_t n;
    int64_t id = save(matter("每月20日前"), 0);
    at(2022, 5, 18, 9);
    assert_int_equal(run(id, NULL), 1);
    change(id, (struct recurring_input){ .phrase = STR("每月10日前") });                     /* 10 May and 20 May are not made up for, nor again */
    at(2022, 5, 25, 9);
    assert_int_equal(run(id, NULL), 0);
    at(2022, 6, 8, 9);
    assert_int_equal(run(id, NULL), 1);
    struct entry first;
    entry_of(&made(id, &n)[1], &first);
    assert_int_equal(instant_day(first.due - 1), date_day(2022, 5, 20));                     /* what was made stays */
    struct work w = { .as = &o.console, .id = id, .pause = true };
    NO_ERR(test_write(&o, do_pause, &w, &e), &e);
    at(2022, 8, 20, 9);
    assert_int_equal(run(id, NULL), 0);
    w.pause = false;
    NO_ERR(test_write(&o, do_pause, &w, &e), &e);
    assert_int_equal(run(id, NULL), 0);
    at(2022, 9, 8, 9);
    assert_int_equal(run(id, NULL), 1);
    NO_ERR(recurring_get(o.db, &o.arena, &o.console, id, &r, &e), &e);
    assert_int_equal(r.last_key, date_day(2022, 9, 10));
    struct work stale = { .as = &o.console, .id = id, .in = { .version = STR("1"), .title = STR("别的") } };
    assert_false(test_write(&o, do_save, &stale, &e));
    assert_int_equal(e.msg, M_RECURRING_OVERTAKEN);
    change(id, (struct recurring_input){ .last_day = STR("2022-10-31") });
    at(2023, 3, 1, 9);
    assert_int_equal(run(id, NULL), 1);                                                      /* October's, made up for; then it is over */
}

/* --- as background work ------------------------------------------------------------------------------------------------------------------------------ */

static void wait_done(struct runner *r, int64_t n)
{
    struct runner_stats s = { 0 };
    for (int ms = 0; ms < 20000 && s.done < n; ms++) {
        usleep(1000);
        runner_stats(r, &s);
    }
    assert_in_range(s.done, n, n + 5);
}

static struct runner *start(struct store *s)
{
    static const struct job_kind *const kinds[] = { &recurring_job };
    struct runner *r;
    struct err e;
    NO_ERR(runner_start(&(struct runner_options){ s, kinds, 1 }, &r, &e), &e);
    return r;
}

static void a_server_that_dies_between_claim_and_write_loses_and_doubles_nothing(void **state)
{
    int64_t id = save(matter("每月31日前"), 0);
    struct job claimed;
    struct err e;
    size_t count;
    int n = 0;
    at(2022, 5, 28, 9);
    NO_ERR(job_claim(o.store, o.id, &claimed, 1, &n, &e), &e);           /* the sweep of nobody's night comes first */
    if (strcmp(claimed.kind, RECURRING_JOB) != 0)
        NO_ERR(job_claim(o.store, o.id, &claimed, 1, &n, &e), &e);
    assert_int_equal(n, 1);
    assert_string_equal(claimed.kind, RECURRING_JOB);                    /* and then it was killed */
    struct runner *r = start(o.store);
    usleep(50000);
    made(id, &count);
    assert_int_equal(count, 0);                                          /* its lease holds */
    sim_clock_set(&o.clock, clock_now(&o.clock.base) + JOB_LEASE_MS + 1000);
    runner_wake(r);
    wait_done(r, 1);
    made(id, &count);
    assert_int_equal(count, 1);
    sim_clock_set(&o.clock, clock_now(&o.clock.base) + 40 * (int64_t)DAY_MS);
    runner_wake(r);
    wait_done(r, 2);
    runner_stop(r);
    made(id, &count);
    assert_int_equal(count, 2);
}

static void two_at_it_register_each_once(void **state)
{
    int64_t id[4];
    size_t n, total = 0;
    for (int i = 0; i < 4; i++)
        id[i] = save(matter(i % 2 ? "每周一" : "每周三"), 0);
    at(2022, 7, 1, 9);                           /* eight weeks missed of each, and the ninth Monday is near */
    struct runner *one = start(o.store), *two = start(o.store);
    for (int ms = 0; ms < 20000 && total < 34; ms++) {
        usleep(1000);
        total = 0;
        for (int i = 0; i < 4; i++) {
            made(id[i], &n);
            total += n;
        }
    }
    usleep(20000);
    runner_stop(one);
    runner_stop(two);
    for (int i = 0; i < 4; i++) {
        struct recurring_made *m = made(id[i], &n);
        assert_int_equal(n, i % 2 ? 9 : 8);
        for (size_t k = 1; k < n; k++)
            assert_int_equal(m[k - 1].key - m[k].key, 7);
    }
    struct journal_head head;
    struct err e;
    NO_ERR(journal_verify(o.db, o.id, NULL, NULL, &head, &e), &e);
}

static bool do_close(struct txn *t, void *args, struct err *err)
{
    return party_change(t, *(int64_t *)args, STR_NULL, STR_NULL, STR_NULL, 0, 0, err);
}

static void a_failure_is_kept_and_the_others_go_on(void **state)
{
    struct party p;
    struct err e;
    struct job_line *job;
    size_t n, kept = 0;
    struct recurring_input own = matter("每月31日前");
    int64_t theirs = save(own, 0), ours;
    own.lead_unit = STR("本科室");
    ours = save(own, 0);
    NO_ERR(party_find(o.db, &o.arena, &o.console, 1u << PARTY_UNIT, STR("市商务局"), "unit", &p, &e), &e);
    NO_ERR(test_write(&o, do_close, &p.id, &e), &e);                     /* the unit is no more */
    at(2022, 5, 28, 9);
    struct runner *r = start(o.store);
    struct runner_stats s = { 0 };
    for (int ms = 0; ms < 20000 && (s.done < 1 || s.failed < 1); ms++) {
        usleep(1000);
        runner_stats(r, &s);
    }
    runner_stop(r);
    made(theirs, &n);
    assert_int_equal(n, 0);
    made(ours, &n);
    assert_int_equal(n, 1);
    NO_ERR(job_list(o.db, &o.arena, o.id, &job, &n, &e), &e);
    for (size_t i = 0; i < n; i++)
        kept += job[i].subject == theirs && str_find(job[i].last_error, STR("市商务局")) >= 0;
    assert_int_equal(kept, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(words_become_those_of_the_occurrence, setup, teardown),
        cmocka_unit_test_setup_teardown(a_rule_is_said, setup, teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(a_year_leaves_no_month_out, setup, teardown),
        cmocka_unit_test_setup_teardown(what_was_missed_is_made_up_for, setup, teardown),
        cmocka_unit_test_setup_teardown(changes_and_pauses_touch_only_what_comes, setup, teardown),
        cmocka_unit_test_setup_teardown(a_server_that_dies_between_claim_and_write_loses_and_doubles_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(two_at_it_register_each_once, setup, teardown),
        cmocka_unit_test_setup_teardown(a_failure_is_kept_and_the_others_go_on, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
