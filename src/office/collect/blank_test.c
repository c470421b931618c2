/* The blank, its cells, its rules; what may be done with an answer; which rounds open.
 *
 * engine: none — pure
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "messages.h"
#include "office/collect/inside.h"

static struct arena a = ARENA_INIT(0);
static struct blank k;
enum { TODAY = 19121 };                          /* 2022-05-09 */

static const char FORM[] =
    "合计 | 整数 | 必填 | 0..1000 | 说明：人\n"
    "男|int\n"
    "女｜整数\n"
    "完成率\t小数1\t<=100\n"
    "开始 | 日期\n"
    "结束 | 日期 | 不晚于今日\n"
    "进度 | 选项：已完成/推进中、滞后\n"
    "已办 | 是否\n"
    "联系人 | 文字 | 个人信息\n"
    "累计 | 小数2 | 累计\n"
    "备注\n"
    "\n"
    "合计 = 男 + 女\n"
    "开始 <= 结束\n"
    "男 + 女 <= 900\n";

static int setup(void **state)
{
    struct problems p = PROBLEMS_INIT;
    assert_true(blank_read(&a, str_c(FORM), &k, &p, NULL));
    assert_int_equal(p.n, 0);
    return 0;
}

static int teardown(void **state)
{
    arena_clear(&a);
    return 0;
}

static void a_form_is_read_and_written(void **state)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT, again _cleanup_(buf_release) = BUF_INIT;
    struct blank other;
    assert_int_equal(k.n, 11);
    assert_int_equal(k.n_rules, 3);
    assert_true(k.column[0].must && k.column[0].has_min && k.column[0].max == 1000 && str_eqc(k.column[0].help, "人"));
    assert_true(k.column[3].places == 1 && k.column[3].max == 1000 && !k.column[3].has_min);
    assert_int_equal(k.column[6].n_choices, 3);
    assert_true(k.column[8].personal && k.column[9].cumulative && k.column[5].not_later && k.column[10].type == COL_TEXT);
    blank_put(&b, &k);
    assert_true(blank_read(&a, buf_view(&b), &other, NULL, NULL));
    blank_put(&again, &other);
    assert_string_equal(b.p, again.p);
}

static void bad_forms_are_named(void **state)
{
    static const struct { const char *form; int msg, line, column; } BAD[] = {
        { "", M_COLLECT_BLANK_NONE, 0, 0 },
        { "甲 | 整数\n甲 | 文字", M_COLLECT_BLANK_TWICE, 2, 1 },
        { "甲 | 数目", M_COLLECT_BLANK_TYPE, 1, 5 },
        { "甲 | 小数9", M_COLLECT_BLANK_TYPE, 1, 5 },
        { "甲 | 选项：只有一个", M_COLLECT_BLANK_CHOICES, 1, 8 },
        { "甲 | 整数 | 必须", M_COLLECT_BLANK_CONDITION, 1, 10 },
        { "甲 | 整数 | 9..1", M_COLLECT_BLANK_RANGE, 1, 10 },
        { "甲 | 文字 | 0..1", M_COLLECT_BLANK_RANGE, 1, 10 },
        { "甲 | 整数 | 0.5..1", M_COLLECT_BLANK_RANGE, 1, 10 },
        { "甲 | 文字 | 累计", M_COLLECT_BLANK_RANGE, 1, 10 },
        { "甲 | 整数 | 个人信息", M_COLLECT_BLANK_PERSONAL, 1, 10 },
        { "甲 | 整数\n乙 | 整数\n甲 = 乙 + 丙", M_COLLECT_BLANK_UNKNOWN, 3, 9 },
        { "甲 | 文字\n甲 = 3", M_COLLECT_BLANK_NO_NUMBER, 2, 1 },
        { "甲 | 日期\n乙 | 整数\n甲 <= 乙", M_COLLECT_BLANK_DAYS, 3, 1 },
        { "甲=乙 | 整数", M_COLLECT_BLANK_SIGNS, 1, 1 },
    };
    for (size_t i = 0; i < ARRAY_LEN(BAD); i++) {
        struct problems p = PROBLEMS_INIT;
        struct err e = { 0 };
        assert_false(blank_read(&a, str_c(BAD[i].form), &k, &p, &e));
        if (p.n < 1 || e.msg != BAD[i].msg || e.line != BAD[i].line || e.column != BAD[i].column)
            fail_msg("%s: %s at %d:%d", BAD[i].form, tr_id(e.msg), e.line, e.column);
        problems_release(&p);
    }
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    for (int i = 0; i <= BLANK_COLUMNS_MAX; i++)
        buf_printf(&b, "列%d | 整数\n", i);
    struct err e;
    assert_false(blank_read(&a, buf_view(&b), &k, NULL, &e));
    assert_int_equal(e.msg, M_COLLECT_BLANK_COLUMNS);
    assert_int_equal(e.line, BLANK_COLUMNS_MAX + 1);
}

static void cells_become_canonical(void **state)
{
    static const struct { int column; const char *typed, *kept; int msg; } CELLS[] = {
        { 0, "12", "12", 0 }, { 0, " １２ ", "12", 0 }, { 0, "1,000", "1000", 0 }, { 0, "００7", "7", 0 }, { 0, "12.0", "12", 0 }, { 0, "0", "0", 0 },
        { 0, "", NULL, M_COLLECT_CELL_MUST }, { 0, "　", NULL, M_COLLECT_CELL_MUST }, { 0, "1万", NULL, M_COLLECT_CELL_UNIT }, { 0, "5%", NULL, M_COLLECT_CELL_UNIT },
        { 0, "3人", NULL, M_COLLECT_CELL_UNIT }, { 0, "12.5", NULL, M_COLLECT_CELL_INT }, { 0, "十二", NULL, M_COLLECT_CELL_INT }, { 0, "1,00", NULL, M_COLLECT_CELL_INT },
        { 0, "1,0000", NULL, M_COLLECT_CELL_INT }, { 0, ",100", NULL, M_COLLECT_CELL_INT }, { 0, "1e3", NULL, M_COLLECT_CELL_INT }, { 0, "0x10", NULL, M_COLLECT_CELL_INT },
        { 0, "+1", NULL, M_COLLECT_CELL_INT }, { 0, "-1", NULL, M_COLLECT_CELL_MIN }, { 0, "1001", NULL, M_COLLECT_CELL_MAX }, { 0, "1.", NULL, M_COLLECT_CELL_INT },
        { 1, "-3", "-3", 0 }, { 1, "－３", "-3", 0 }, { 1, "", "", 0 }, { 1, "999999999999999", "999999999999999", 0 }, { 1, "9999999999999999", NULL, M_COLLECT_CELL_DIGITS },
        { 3, "99.5", "99.5", 0 }, { 3, "５．50", "5.5", 0 }, { 3, "7", "7.0", 0 }, { 3, "-0.5", "-0.5", 0 }, { 3, "0.55", NULL, M_COLLECT_CELL_DECIMAL }, { 3, "100.1", NULL, M_COLLECT_CELL_MAX },
        { 4, "2022年5月9日", "2022-05-09", 0 }, { 4, "2022.5.9", "2022-05-09", 0 }, { 4, "5月9日", NULL, M_COLLECT_CELL_DAY }, { 4, "2022-02-30", NULL, M_COLLECT_CELL_DAY },
        { 5, "2022-05-09", "2022-05-09", 0 }, { 5, "2022-05-10", NULL, M_COLLECT_CELL_LATER },
        { 6, "滞后", "滞后", 0 }, { 6, "完成", NULL, M_COLLECT_CELL_CHOICE }, { 7, "√", "是", 0 }, { 7, "No", "否", 0 }, { 7, "大概", NULL, M_COLLECT_CELL_FLAG },
        { 10, "a\tb", NULL, M_COLLECT_CELL_CONTROL }, { 10, "a\nb", NULL, M_COLLECT_CELL_CONTROL }, { 10, "<b>&", "<b>&", 0 },
    };
    for (size_t i = 0; i < ARRAY_LEN(CELLS); i++) {
        struct err e = { 0 };
        struct str kept;
        bool ok = cell_read(&a, &k.column[CELLS[i].column], str_c(CELLS[i].typed), TODAY, &kept, &e);
        if (ok != (CELLS[i].kept != NULL) || (ok ? !str_eqc(kept, CELLS[i].kept) : e.msg != CELLS[i].msg))
            fail_msg("%s: %.*s %s", CELLS[i].typed, STR_ARG(ok ? kept : STR("")), ok ? "" : tr_id(e.msg));
    }
    int64_t v;
    assert_true(cell_value(&k.column[3], STR("-0.5"), &v) && v == -5);
    assert_true(cell_value(&k.column[4], STR("2022-05-09"), &v) && v == TODAY);
    assert_false(cell_value(&k.column[3], STR(""), &v));
}

static const char *broken(const char *body)
{
    size_t n;
    struct str *cells = body_cells(&a, &k, str_c(body), &n);
    assert_int_equal(n, 1);
    const struct blank_rule *r = blank_broken(&k, cells);
    return r ? arena_z(&a, r->text) : "";
}

static void rules_hold_or_are_named(void **state)
{
    assert_string_equal(broken("3\t1\t2\t\t\t\t\t\t\t\t\n"), "");
    assert_string_equal(broken("3\t1\t1\t\t\t\t\t\t\t\t\n"), "合计 = 男 + 女");
    assert_string_equal(broken("3\t3\t\t\t\t\t\t\t\t\t\n"), "");             /* none counts as 0 in an equation */
    assert_string_equal(broken("950\t500\t450\t\t\t\t\t\t\t\t\n"), "男 + 女 <= 900");
    assert_string_equal(broken("1\t1\t0\t\t2022-05-09\t2022-05-08\t\t\t\t\t\n"), "开始 <= 结束");
    assert_string_equal(broken("1\t1\t0\t\t2022-05-09\t\t\t\t\t\t\n"), "");
    assert_string_equal(broken("\t\t\t\t\t\t\t\t\t\t\n"), "");
    assert_true(blank_read(&a, STR("甲 | 小数1\n乙 | 小数3\n甲 - 乙 >= 0.25\n"), &k, NULL, NULL));
    assert_string_equal(broken("1.0\t0.750\n"), "");
    assert_string_equal(broken("1.0\t0.751\n"), "甲 - 乙 >= 0.25");
}

static void sums_are_exact_and_say_when_they_are_not(void **state)
{
    struct blank_sum sum[BLANK_COLUMNS_MAX] = { 0 };
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    size_t n;
    assert_true(blank_read(&a, STR("甲 | 小数2\n乙 | 整数 | 累计\n丙\n"), &k, NULL, NULL));
    for (int i = 0; i < 1000; i++)
        buf_printf(&b, "0.10\t999999999999999\tx\n");
    struct str *cells = body_cells(&a, &k, buf_view(&b), &n);
    blank_add(&k, cells, n, sum);
    assert_true(sum[0].v == 10000 && !sum[0].over && sum[1].v == INT64_C(999999999999999000) && !sum[2].any);
    for (int i = 0; i < 10; i++)
        blank_add(&k, cells, n, sum);
    assert_true(sum[1].over && !sum[0].over);
    size_t one;
    struct str *was = body_cells(&a, &k, STR("1.00\t5\t\n"), &one), *is = body_cells(&a, &k, STR("0.50\t4\t\n"), &one);
    bool fell[BLANK_COLUMNS_MAX];
    assert_int_equal(blank_fallen(&k, is, 1, was, 1, fell), 1);
    assert_true(fell[1] && !fell[0]);
    assert_int_equal(blank_fallen(&k, was, 1, is, 1, NULL), 0);
}

static void pasted_rows(void **state)
{
    struct pasted p;
    struct err e;
    assert_true(blank_read(&a, STR("名称\n数 | 整数\n备注\n"), &k, NULL, NULL));
    assert_true(paste_read(&a, &k, STR("名称\t数\t备注\n甲\t1\tx\n乙\t2"), &p, &e));
    assert_true(p.n_rows == 2 && str_eqc(p.cells[3], "乙") && p.cells[5].n == 0 && p.line[3] == 3 && p.column[4] == 3);
    assert_true(paste_read(&a, &k, STR("备注,名称,数,别的\r\n\"x,y\",甲,1,z\r\n"), &p, &e));      /* another order, a column of theirs */
    assert_true(p.n_rows == 1 && str_eqc(p.cells[0], "甲") && str_eqc(p.cells[2], "x,y"));
    assert_true(paste_read(&a, &k, STR("甲\t1\tx\n"), &p, &e) && p.n_rows == 1);
    assert_false(paste_read(&a, &k, STR("甲\t1\n乙\t2\tx"), &p, &e));
    assert_true(e.msg == M_COLLECT_PASTE_CELLS && e.line == 1);
    assert_false(paste_read(&a, &k, STR("名称\t数\n甲\t1"), &p, &e));
    assert_int_equal(e.msg, M_COLLECT_PASTE_LACKS);
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    for (int i = 0; i < COLLECT_ROWS_MAX + 2; i++)
        buf_c(&b, "甲\t1\tx\n");
    assert_false(paste_read(&a, &k, buf_view(&b), &p, &e));
    assert_int_equal(e.kind, ERR_LIMIT);
}

/* Every state, side and moment against the sentence of what may be done. */
static void the_states_of_an_answer(void **state)
{
    for (int s = 0; s <= ANSWER_ACCEPTED; s++)
        for (int bits = 0; bits < 32; bits++) {
            struct answer_now now = { (enum answer_state)s, bits & 1, bits & 2, bits & 4, bits & 8, bits & 16 };
            struct answer_then then;
            bool in = s == ANSWER_DONE || s == ANSWER_ACCEPTED;
            bool fill = now.reopened || (now.sent ? now.by_section && now.reason : now.by_section || !in || (s == ANSWER_DONE && !now.over));
            assert_int_equal(answer_next(&now, ANSWER_SUBMIT, &then, NULL), fill);
            assert_true(!fill || (then.state == ANSWER_DONE && !then.reopened));
            assert_int_equal(answer_next(&now, ANSWER_SAVE, &then, NULL), fill);
            assert_true(!fill || then.state == (s == ANSWER_ASKED ? ANSWER_DRAFT : (enum answer_state)s));
            assert_int_equal(answer_next(&now, ANSWER_RETURN, &then, NULL), in && !now.sent);
            assert_int_equal(answer_next(&now, ANSWER_ACCEPT, &then, NULL), s == ANSWER_DONE && !now.reopened);
            assert_int_equal(answer_next(&now, ANSWER_REOPEN, &then, NULL), in || now.sent);
        }
    assert_int_equal(collect_count_of(ANSWER_ACCEPTED, true), COUNT_ZERO);
    assert_int_equal(collect_count_of(ANSWER_RETURNED, true), COUNT_MISSING);
    assert_int_equal(collect_count_of(ANSWER_DRAFT, false), COUNT_MISSING);
}

static instant_t at(int y, int m, int d, int hour) { return day_start(date_day(y, m, d)) + hour * INT64_C(3600000); }

static void rounds_open_once_each(void **state)
{
    struct recur r;
    struct recur_time due[16];
    instant_t next;
    assert_true(recur_read(STR("workday at=16:00"), &r));
    struct schedule s = { &r, workdays_official(), 0, at(2022, 5, 6, 9) };
    assert_int_equal(schedule_due(&s, DAY_NONE, at(2022, 5, 6, 9), due, 16, &next), 1);      /* a Friday; Saturday 7 May is a make-up day */
    assert_int_equal(due[0].due, at(2022, 5, 6, 16));
    assert_int_equal(next, at(2022, 5, 7, 0));
    assert_int_equal(schedule_due(&s, due[0].key, at(2022, 5, 9, 1), due, 16, &next), 2);    /* nobody was there over the weekend */
    assert_true(due[0].day == date_day(2022, 5, 7) && due[1].day == date_day(2022, 5, 9));
    assert_int_equal(schedule_due(&s, due[1].key, at(2022, 5, 9, 1), due, 16, &next), 0);
    assert_int_equal(next, at(2022, 5, 10, 0));
    size_t n = schedule_due(&s, date_day(2022, 5, 9), at(2022, 12, 31, 1), due, 16, &next);
    assert_true(n > 3 && n < 8 && due[0].due > at(2022, 12, 24, 1));                         /* older ones were missed for good */
    assert_true(recur_read(STR("month days=25 move=before"), &r));
    s = (struct schedule){ &r, workdays_official(), 5, at(2022, 9, 1, 9) };
    assert_int_equal(schedule_due(&s, DAY_NONE, at(2022, 9, 1, 9), due, 16, &next), 0);
    assert_int_equal(next, at(2022, 9, 18, 0));          /* the 25th is a Sunday: the 23rd, five days ahead */
}

static void whom_to_urge_how(void **state)
{
    instant_t due = at(2022, 5, 9, 18);
    assert_int_equal(ladder_step(due - 6 * 3600000, due, 0), LADDER_GROUP);
    assert_int_equal(ladder_step(due - 6 * 3600000, due, 1), LADDER_WAIT);
    assert_int_equal(ladder_step(due - 3600000, due, 1), LADDER_CALL);
    assert_int_equal(ladder_step(due, due, 0), LADDER_CALL);
    assert_int_equal(ladder_step(due + 24 * 3600000, due, 0), LADDER_HEAD);
    assert_int_equal(ladder_step(due - 3600000, due, 3), LADDER_HEAD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_form_is_read_and_written, setup, teardown),
        cmocka_unit_test_setup_teardown(bad_forms_are_named, setup, teardown),
        cmocka_unit_test_setup_teardown(cells_become_canonical, setup, teardown),
        cmocka_unit_test_setup_teardown(rules_hold_or_are_named, setup, teardown),
        cmocka_unit_test_setup_teardown(sums_are_exact_and_say_when_they_are_not, setup, teardown),
        cmocka_unit_test_setup_teardown(pasted_rows, setup, teardown),
        cmocka_unit_test(the_states_of_an_answer),
        cmocka_unit_test(rounds_open_once_each),
        cmocka_unit_test(whom_to_urge_how),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
