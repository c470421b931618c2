#include "office/closing/fixture_test.h"

static struct closing_office f;

static int setup(void **state)
{
    closing_fixture_open(&f);
    return 0;
}

static int teardown(void **state)
{
    test_office_close(&f.o);
    return 0;
}

static bool verify(struct err *err)
{
    int n;
    return closing_verify(f.o.db, &f.o.arena, f.o.id, &n, err);
}

static void assert_figures(const struct figures *x, const int64_t (*want)[8])
{
    const int64_t have[8] = { x->opening, x->added, x->reopened, x->moved_in, x->settled, x->withdrawn, x->moved_out, x->carried };
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(have[i], (*want)[i]);
    assert_true(figures_hold(x));
}
#define FIGURES(x, ...) assert_figures((x), &(const int64_t[8]){ __VA_ARGS__ })

static void nothing_happened_when_refused(struct closing_fixture_close c, enum err_kind kind, int msg)
{
    struct err e;
    struct journal_head before, after;
    NO_ERR(journal_head(f.o.db, f.o.id, &before, &e), &e);
    assert_false(closing_fixture_try_close(&f, c, &e));
    assert_int_equal(e.kind, kind);
    assert_int_equal(e.msg, msg);
    NO_ERR(journal_head(f.o.db, f.o.id, &after, &e), &e);
    assert_int_equal(before.seq, after.seq);
}

static void a_month_closes_with_its_figures(void **state)
{
    struct err e;
    struct str a = closing_fixture_register(&f, closing_fixture_input("2022-05-20"));
    struct str b = closing_fixture_register(&f, closing_fixture_input("2022-06-20"));
    struct str c = closing_fixture_register(&f, closing_fixture_input("2022-05-31"));
    closing_fixture_settle(&f, a);
    struct closing_view v = closing_fixture_read(&f, 202205);
    assert_false(v.closed || v.may_close);
    FIGURES(&v.office, 0, 3, 0, 0, 1, 0, 0, 2);
    closing_fixture_day(&f, date_day(2022, 6, 1));
    v = closing_fixture_read(&f, 202205);
    assert_true(v.may_close);
    assert_int_equal(v.n_overdue, 1);            /* due by the end of 31 May, and it has ended */
    assert_int_equal(v.clearing_day, date_day(2022, 6, 1));
    assert_true(str_eq(v.open[0].line.number, c) && v.open[0].overdue && str_eq(v.open[1].line.number, b) && !v.open[1].overdue);

    struct problems p = PROBLEMS_INIT;
    nothing_happened_when_refused((struct closing_fixture_close){ &f.chief, 202205, .problems = &p }, ERR_CONFLICT, M_CLOSING_REASONS_NEEDED);
    assert_int_equal(p.n, 1);
    assert_string_equal(p.err[0].arg[0].s, arena_z(&f.o.arena, c));
    problems_release(&p);
    struct closing_reason why = { c, STR("待省厅批复") }, settled = { a, STR("待省厅批复") }, secret = { c, STR("机密★1年") };
    nothing_happened_when_refused((struct closing_fixture_close){ &f.officer, 202205, &why, 1 }, ERR_DENIED, M_CLOSING_CHIEF_ONLY);
    nothing_happened_when_refused((struct closing_fixture_close){ &f.chief, 202206, &why, 1 }, ERR_CONFLICT, M_CLOSING_NOT_OVER);
    nothing_happened_when_refused((struct closing_fixture_close){ &f.chief, 202205, &settled, 1 }, ERR_INPUT, M_CLOSING_NOT_CARRIED);
    nothing_happened_when_refused((struct closing_fixture_close){ &f.chief, 202205, &secret, 1 }, ERR_INPUT, M_ENTRY_SECRET);
    NO_ERR(closing_fixture_try_close(&f, (struct closing_fixture_close){ &f.chief, 202205, &why, 1 }, &e), &e);
    nothing_happened_when_refused((struct closing_fixture_close){ &f.chief, 202205, &why, 1 }, ERR_CONFLICT, M_CLOSING_CLOSED);

    v = closing_fixture_read(&f, 202205);
    assert_true(v.closed && !v.may_close && v.closed_by.n && v.journal_seq > 0);
    FIGURES(&v.office, 0, 3, 0, 0, 1, 0, 0, 2);
    FIGURES(closing_fixture_dim(&v, "unit", "市商务局"), 0, 3, 0, 0, 1, 0, 0, 2);
    FIGURES(closing_fixture_dim(&v, "list", "重点工作"), 0, 3, 0, 0, 1, 0, 0, 2);
    FIGURES(closing_fixture_dim(&v, "officer", "李科员"), 0, 3, 0, 0, 1, 0, 0, 2);
    assert_int_equal(v.by_kind[ENTRY_DOCUMENT], 3);
    assert_true(str_eqc(v.open[0].reason, "待省厅批复") && v.open[1].reason.n == 0);
    NO_ERR(verify(&e), &e);

    closing_fixture_day(&f, date_day(2022, 7, 1));
    v = closing_fixture_read(&f, 202206);        /* not closed, and asked for as it stands */
    assert_int_equal(v.n_overdue, 2);
    assert_int_equal(v.open[0].carried_before, 1);
    assert_int_equal(v.open[0].since_period, 202205);
    assert_int_equal(v.open[0].line.carried, 1);
    FIGURES(&v.office, 2, 0, 0, 0, 0, 0, 0, 2);
}

/* Between the month's end and its closing the next month is already under way. */
static void the_first_days_of_the_next_month_do_not_count(void **state)
{
    struct err e;
    struct str extended = closing_fixture_register(&f, closing_fixture_input("2022-05-20"));
    struct str moved = closing_fixture_register(&f, closing_fixture_input("2022-06-20"));
    struct str settled = closing_fixture_register(&f, closing_fixture_input("2022-06-20"));
    struct str reopened = closing_fixture_register(&f, closing_fixture_input("2022-06-20"));
    closing_fixture_settle(&f, reopened);
    closing_fixture_day(&f, date_day(2022, 6, 1));
    closing_fixture_register(&f, closing_fixture_input("2022-06-20"));
    closing_fixture_act(&f, extended, VERB_EXTEND, (struct entry_input){ .deadline = STR("2022-06-30") });
    closing_fixture_act(&f, moved, VERB_ASSIGN, (struct entry_input){ .lead_unit = STR("市科技局") });
    closing_fixture_act(&f, moved, VERB_AMEND, (struct entry_input){ .lists = STR("年度安排") });
    closing_fixture_settle(&f, settled);
    closing_fixture_act(&f, reopened, VERB_REOPEN, (struct entry_input){ .text = STR("还有尾巴") });
    struct closing_view v = closing_fixture_read(&f, 202205);
    FIGURES(&v.office, 0, 4, 0, 0, 1, 0, 0, 3);
    FIGURES(closing_fixture_dim(&v, "unit", "市商务局"), 0, 4, 0, 0, 1, 0, 0, 3);
    FIGURES(closing_fixture_dim(&v, "list", "重点工作"), 0, 4, 0, 0, 1, 0, 0, 3);
    assert_int_equal(v.n_overdue, 1);
    assert_true(str_eq(v.open[0].line.number, extended));
    assert_int_equal(v.open[0].line.due, day_start(date_day(2022, 5, 21)));     /* the deadline that was in force */
    closing_fixture_close(&f, 202205, NULL);     /* extended since: its reason writes itself */
    NO_ERR(verify(&e), &e);
    v = closing_fixture_read(&f, 202206);
    FIGURES(&v.office, 3, 1, 1, 0, 1, 0, 0, 4);
    FIGURES(closing_fixture_dim(&v, "unit", "市科技局"), 0, 0, 0, 1, 0, 0, 0, 1);
    FIGURES(closing_fixture_dim(&v, "unit", "市商务局"), 3, 1, 1, 0, 1, 0, 1, 3);
    FIGURES(closing_fixture_dim(&v, "list", "年度安排"), 0, 0, 0, 1, 0, 0, 0, 1);
    assert_int_equal(v.n_overdue, 4);            /* as it would stand on 30 June */
}

/* What was overdue at the month's end and is dealt with before the closing gives its own reason, and is carried all the same. */
static void what_was_done_since_is_the_reason(void **state)
{
    struct err e;
    struct str settled = closing_fixture_register(&f, closing_fixture_input("2022-05-20"));
    struct str extended = closing_fixture_register(&f, closing_fixture_input("2022-05-21"));
    struct str withdrawn = closing_fixture_register(&f, closing_fixture_input("2022-05-22"));
    struct str named = closing_fixture_register(&f, closing_fixture_input("2022-05-23"));
    struct str amended = closing_fixture_register(&f, closing_fixture_input("2022-05-24"));
    struct str reopened = closing_fixture_register(&f, closing_fixture_input("2022-05-25"));
    closing_fixture_day(&f, date_day(2022, 6, 2));
    closing_fixture_settle(&f, settled);
    closing_fixture_act(&f, extended, VERB_EXTEND, (struct entry_input){ .deadline = STR("2022-06-20") });
    closing_fixture_act(&f, withdrawn, VERB_WITHDRAW, (struct entry_input){ .text = STR("重复登记") });
    closing_fixture_settle(&f, named);
    closing_fixture_act(&f, amended, VERB_AMEND, (struct entry_input){ .deadline = STR("2022-06-24") });
    closing_fixture_settle(&f, reopened);
    closing_fixture_act(&f, reopened, VERB_REOPEN, (struct entry_input){ .text = STR("还有尾巴") });
    closing_fixture_day(&f, date_day(2022, 6, 6));
    closing_fixture_act(&f, extended, VERB_ASSIGN, (struct entry_input){ .lead_unit = STR("市科技局") });
    struct closing_view v = closing_fixture_read(&f, 202205);
    assert_int_equal(v.n_overdue, 6);
    assert_true(v.open[0].written && str_eqc(v.open[0].reason, "已于2022年6月2日办结"));
    assert_true(v.open[1].written && str_eqc(v.open[1].reason, "已于2022年6月2日延期至2022年6月20日"));
    assert_true(v.open[2].written && str_eqc(v.open[2].reason, "已于2022年6月2日撤销立项"));
    assert_true(!v.open[4].written && !v.open[5].written && v.open[4].reason.n == 0);

    struct problems p = PROBLEMS_INIT;
    nothing_happened_when_refused((struct closing_fixture_close){ &f.chief, 202205, .problems = &p }, ERR_CONFLICT, M_CLOSING_REASONS_NEEDED);
    assert_int_equal(p.n, 2);                    /* a deadline put right is no extension, and what was reopened is not settled */
    assert_string_equal(p.err[0].arg[0].s, arena_z(&f.o.arena, amended));
    assert_string_equal(p.err[1].arg[0].s, arena_z(&f.o.arena, reopened));
    problems_release(&p);
    struct closing_reason why[] = { { named, STR("月初补报") }, { amended, STR("时限登错") } };
    NO_ERR(closing_fixture_try_close(&f, (struct closing_fixture_close){ &f.chief, 202205, why, 2, STR("待批") }, &e), &e);
    v = closing_fixture_read(&f, 202205);
    static const char *const REASON[] = { "已于2022年6月2日办结", "已于2022年6月2日延期至2022年6月20日", "已于2022年6月2日撤销立项", "月初补报",
                                          "时限登错", "待批" };
    for (size_t i = 0; i < ARRAY_LEN(REASON); i++)
        assert_true(str_eqc(v.open[i].reason, REASON[i]) && v.open[i].overdue && !v.open[i].written);
    FIGURES(&v.office, 0, 6, 0, 0, 0, 0, 0, 6);
    NO_ERR(verify(&e), &e);
    v = closing_fixture_read(&f, 202206);
    FIGURES(&v.office, 6, 0, 1, 0, 3, 1, 0, 3);
}

static void months_close_in_order_and_take_no_further_act(void **state)
{
    struct err e;
    struct str a = closing_fixture_register(&f, closing_fixture_input("2022-08-31"));
    closing_fixture_day(&f, date_day(2022, 8, 1));
    closing_fixture_close(&f, 202206, NULL);     /* the first may be any, and closes all before it */
    nothing_happened_when_refused((struct closing_fixture_close){ &f.chief, 202205 }, ERR_CONFLICT, M_CLOSING_CLOSED);
    struct closing_view v = closing_fixture_read(&f, 202206);
    FIGURES(&v.office, 1, 0, 0, 0, 0, 0, 0, 1);
    struct entry_input late = { .day = STR("2022-06-30") };
    struct closing_fixture_do d = { .actor = &f.chief, .number = a, .verb = VERB_ACCEPT, .in = &late };
    assert_false(closing_fixture_try(&f, &d, &e));
    assert_int_equal(e.msg, M_ENTRY_MONTH_CLOSED);
    closing_fixture_day(&f, date_day(2022, 9, 1));
    nothing_happened_when_refused((struct closing_fixture_close){ &f.chief, 202208 }, ERR_CONFLICT, M_CLOSING_NOT_ITS_TURN);
    closing_fixture_close(&f, 202207, NULL);
    closing_fixture_close(&f, 202208, "顺延");
    int last;
    struct closing_head *h;
    size_t n;
    NO_ERR(closing_last(f.o.db, f.o.id, &last, &e), &e);
    NO_ERR(closing_list(f.o.db, &f.o.arena, f.o.id, &h, &n, &e), &e);
    assert_int_equal(last, 202208);
    assert_int_equal(n, 3);
    assert_int_equal(h[2].office.carried, 1);
    NO_ERR(verify(&e), &e);
}

/* 更正 is an act of the open month: what was closed stays as it was. */
static void corrections_leave_closed_months_alone(void **state)
{
    struct err e;
    struct str a = closing_fixture_register(&f, closing_fixture_input("2022-07-20"));
    struct str b = closing_fixture_register(&f, closing_fixture_input("2022-07-20"));
    closing_fixture_settle(&f, b);
    closing_fixture_day(&f, date_day(2022, 6, 1));
    closing_fixture_close(&f, 202205, NULL);
    struct closing_view before = closing_fixture_read(&f, 202205);
    struct entry_input right = { .lead_unit = STR("市科技局"), .lists = STR("年度安排"), .title = STR("改正后的标题"), .corrects = STR("1"), .text = STR("承办单位登错") };
    closing_fixture_act(&f, a, VERB_AMEND, right);
    closing_fixture_act(&f, b, VERB_AMEND, right);         /* settled: nothing moves */
    struct closing_view after = closing_fixture_read(&f, 202205);
    assert_int_equal(before.n_dims, after.n_dims);
    FIGURES(&after.office, 0, 2, 0, 0, 1, 0, 0, 1);
    for (size_t i = 0; i < before.n_dims; i++)
        FIGURES(&after.dims[i], before.dims[i].opening, before.dims[i].added, before.dims[i].reopened, before.dims[i].moved_in, before.dims[i].settled,
                before.dims[i].withdrawn, before.dims[i].moved_out, before.dims[i].carried);
    struct closing_view june = closing_fixture_read(&f, 202206);
    FIGURES(&june.office, 1, 0, 0, 0, 0, 0, 0, 1);
    FIGURES(closing_fixture_dim(&june, "unit", "市商务局"), 1, 0, 0, 0, 0, 0, 1, 0);
    FIGURES(closing_fixture_dim(&june, "unit", "市科技局"), 0, 0, 0, 1, 0, 0, 0, 1);
    NO_ERR(verify(&e), &e);
}

static bool tick(struct txn *t, void *args, struct err *err) { return closing_tick(t, &f.officer, args != NULL, t->today, err); }

static void ticks(void **state)
{
    struct err e;
    bool day, week;
    struct journal_head once, twice;
    NO_ERR(test_write(&f.o, tick, NULL, &e), &e);
    NO_ERR(journal_head(f.o.db, f.o.id, &once, &e), &e);
    NO_ERR(test_write(&f.o, tick, NULL, &e), &e);
    NO_ERR(journal_head(f.o.db, f.o.id, &twice, &e), &e);
    assert_int_equal(once.seq, twice.seq);
    day_t today = instant_day(TEST_NOW);
    NO_ERR(closing_ticked(f.o.db, f.o.id, f.officer.member_id, false, today, &day, &e), &e);
    NO_ERR(closing_ticked(f.o.db, f.o.id, f.officer.member_id, true, today, &week, &e), &e);
    assert_true(day && !week);
    NO_ERR(test_write(&f.o, tick, &e, &e), &e);
    NO_ERR(closing_ticked(f.o.db, f.o.id, f.officer.member_id, true, today + 3, &week, &e), &e);
    assert_true(week);
}

/* --- tampering ------------------------------------------------------------------------------------------------------------------- */

/* Runs one statement behind the program's back; a fresh office each time. */
static void tampered(const char *sql, int msg)
{
    struct err e;
    closing_fixture_open(&f);
    struct str a = closing_fixture_register(&f, closing_fixture_input("2022-05-20"));
    closing_fixture_register(&f, closing_fixture_input("2022-05-21"));
    closing_fixture_settle(&f, a);
    closing_fixture_day(&f, date_day(2022, 7, 1));
    closing_fixture_close(&f, 202205, "待批");
    closing_fixture_close(&f, 202206, "待批");
    closing_fixture_register(&f, closing_fixture_input("2022-07-21"));
    NO_ERR(verify(&e), &e);
    engine_tamper(f.o.url, sql);
    assert_false(verify(&e));
    assert_int_equal(e.kind, ERR_CORRUPT);
    assert_string_equal(tr_id(e.msg), tr_id(msg));
    test_office_close(&f.o);
}

static void tampering_is_found(void **state)
{
    tampered("DELETE FROM movement WHERE day < 19150 AND id = (SELECT MIN(id) FROM movement)", M_CLOSING_VERIFY_FIGURES);
    tampered("DELETE FROM movement WHERE id = (SELECT MAX(id) FROM movement)", M_CLOSING_VERIFY_NOW);
    tampered("UPDATE movement SET dim_id = dim_id + 1 WHERE id = (SELECT MIN(id) FROM movement WHERE dim = 'unit')", M_CLOSING_VERIFY_FIGURES);
    tampered("UPDATE closing_figure SET added = 9 WHERE period = 202205 AND dim = 'office'", M_CLOSING_VERIFY_FIGURES);
    tampered("DELETE FROM closing WHERE period = 202205", M_CLOSING_VERIFY_COUNT);
    tampered("DELETE FROM closing_carry WHERE period = 202205", M_CLOSING_VERIFY_CARRY);
    tampered("UPDATE closing_carry SET reason = '别的' WHERE period = 202206", M_CLOSING_VERIFY_JOURNAL);
    tampered("UPDATE closing SET closed_by = closed_by + 1 WHERE period = 202206", M_CLOSING_VERIFY_JOURNAL);
    tampered("UPDATE entry SET lead_id = lead_id + 1 WHERE number = '文2022-0002'", M_CLOSING_VERIFY_ENTRIES);
    tampered("UPDATE entry SET officer_id = officer_id + 1 WHERE number = '文2022-0003'", M_CLOSING_VERIFY_NOW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_month_closes_with_its_figures, setup, teardown),
        cmocka_unit_test_setup_teardown(the_first_days_of_the_next_month_do_not_count, setup, teardown),
        cmocka_unit_test_setup_teardown(what_was_done_since_is_the_reason, setup, teardown),
        cmocka_unit_test_setup_teardown(months_close_in_order_and_take_no_further_act, setup, teardown),
        cmocka_unit_test_setup_teardown(corrections_leave_closed_months_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(ticks, setup, teardown),
        cmocka_unit_test(tampering_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
