#include "office.h"

#include "calendar/date.h"
#include "messages.h"
#include "office/limit/limit.h"
#include "store/journal.h"

static struct test_office o;

static int setup(void **state)
{
    test_office_open(&o);
    return 0;
}

static int teardown(void **state)
{
    test_office_close(&o);
    return 0;
}

static struct limit_rule for_(int kind, bool instruction, const char *urgency, const char *title, const char *source, bool *found)
{
    struct own_limit_ask ask = { kind, instruction, str_c(urgency), str_c(title), str_c(source), STR("") };
    struct limit_rule r = { .days = 0 };
    struct err e;
    NO_ERR(limit_for(o.db, &o.arena, o.id, &ask, &r, found, &e), &e);
    return r;
}

struct save { const struct actor *as; struct limit_rule rule[LIMIT_RULES_MAX + 2]; size_t n; struct str seen; };

static bool do_save(struct txn *t, void *args, struct err *err)
{
    const struct save *s = args;
    return limit_save(t, s->as, s->rule, s->n, s->seen, err);
}

static void the_first_rule_that_fits_counts(void **state)
{
    bool found;
    assert_int_equal(for_(ENTRY_AFFAIR, true, "特急", "研究", "市长批示", &found).days, 1);
    assert_int_equal(for_(ENTRY_AFFAIR, true, "加急", "研究", "市长批示", &found).days, 5);
    assert_int_equal(for_(ENTRY_AFFAIR, true, "", "研究", "市长批示", &found).days, 15);
    assert_int_equal(for_(ENTRY_AFFAIR, true, "", "某历史遗留问题", "市长批示", &found).days, 30);
    assert_int_equal(for_(ENTRY_MEETING, false, "", "落实议定事项", "市政府常务会议纪要", &found).days, 20);
    assert_int_equal(for_(ENTRY_DOCUMENT, false, "", "请示", "某县政府请示", &found).days, 30);
    for_(ENTRY_AFFAIR, false, "", "来电", "市委办来电", &found);
    assert_false(found);                         /* nothing is invented */
}

static void days_are_counted_from_the_next(void **state)
{
    const struct workdays *w = workdays_official();
    struct limit_rule five = { .days = 5, .working = true }, natural = { .days = 5 };
    assert_int_equal(limit_day(w, &five, date_day(2022, 9, 28)), date_day(2022, 10, 10));      /* over the National Day, with its make-up days */
    assert_int_equal(limit_day(w, &natural, date_day(2022, 9, 28)), date_day(2022, 10, 3));
    assert_true(str_eqc(limit_phrase(&o.arena, &five), "本科室时限：5个工作日"));
    assert_true(str_eqc(limit_phrase(&o.arena, &natural), "本科室时限：5个自然日"));
}

static void the_table_is_the_chiefs_and_changed_whole(void **state)
{
    struct limit_rule *now;
    struct actor officer = o.console;
    struct err e;
    struct journal_head before, after;
    size_t n;
    bool found;
    struct save s = { .as = &o.console, .n = 1 };
    NO_ERR(limit_rules(o.db, &o.arena, o.id, &now, &n, &e), &e);
    s.seen = limit_text(&o.arena, now, n);
    s.rule[0] = (struct limit_rule){ STR("来电“急”|甲"), ENTRY_AFFAIR, -1, STR(""), STR("来电、去电"), 3, false };
    NO_ERR(test_write(&o, do_save, &s, &e), &e);
    struct limit_rule r = for_(ENTRY_AFFAIR, false, "", "来电", "市委办", &found);
    assert_true(found && r.days == 3 && !r.working && str_eqc(r.name, "来电“急”|甲"));
    for_(ENTRY_DOCUMENT, false, "", "请示", "", &found);
    assert_false(found);                         /* the built-in table is gone */
    NO_ERR(journal_head(o.db, o.id, &before, &e), &e);
    assert_false(test_write(&o, do_save, &s, &e));                           /* seen before somebody changed it */
    assert_int_equal(e.msg, M_LIMIT_OVERTAKEN);
    s.seen = STR_NULL;
    officer.roles = ROLE_OFFICER;
    s.as = &officer;
    assert_false(test_write(&o, do_save, &s, &e));
    assert_int_equal(e.kind, ERR_DENIED);
    s.as = &o.console;
    static const struct { struct limit_rule r; int msg; } BAD[] = {
        { { STR(""), -1, -1, STR(""), STR(""), 3, true }, M_BASE_REQUIRED }, { { STR("甲"), -1, -1, STR("飞快"), STR(""), 3, true }, M_ENTRY_UNKNOWN_URGENCY },
        { { STR("甲"), -1, -1, STR(""), STR(""), 0, true }, M_LIMIT_BAD_DAYS }, { { STR("甲"), -1, -1, STR(""), STR(""), 367, true }, M_LIMIT_BAD_DAYS },
        { { STR("甲"), 7, -1, STR(""), STR(""), 3, true }, M_LIMIT_DAMAGED }, { { STR("甲\n乙"), -1, -1, STR(""), STR(""), 3, true }, M_BASE_CONTROL },
        { { STR("绝密★"), -1, -1, STR(""), STR(""), 3, true }, M_ENTRY_SECRET },
    };
    for (size_t i = 0; i < ARRAY_LEN(BAD); i++) {
        s.n = 2;
        s.rule[1] = BAD[i].r;
        assert_false(test_write(&o, do_save, &s, &e));
        assert_int_equal(e.msg, BAD[i].msg);
        assert_int_equal(e.line, 2);
    }
    s.n = LIMIT_RULES_MAX + 1;
    assert_false(test_write(&o, do_save, &s, &e));
    NO_ERR(journal_head(o.db, o.id, &after, &e), &e);
    assert_int_equal(before.seq, after.seq);
    struct limit_rule most = { .name = STR("一二三四五六七八九十一二三四五六七八九十"), .kind = -1, .instruction = -1, .urgency = STR("特急"),
                               .words = STR("一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十"), .days = 366, .working = true };
    s.n = LIMIT_RULES_MAX;
    for (size_t i = 0; i < s.n; i++)
        s.rule[i] = most;
    NO_ERR(test_write(&o, do_save, &s, &e), &e);                             /* the largest table there can be fits into a setting */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_first_rule_that_fits_counts, setup, teardown), cmocka_unit_test_setup_teardown(days_are_counted_from_the_next, setup, teardown),
        cmocka_unit_test_setup_teardown(the_table_is_the_chiefs_and_changed_whole, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
