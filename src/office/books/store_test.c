#include "office.h"

#include "calendar/date.h"
#include "messages.h"
#include "office/books/inside.h"
#include "store/journal.h"

static struct test_office o;
static struct actor liaison;
static int64_t commerce, science;

struct work {
    const struct actor *as;
    int64_t unit, base, old, id, n;
    struct str text, why;
    struct indicator_input in;
    const struct value_edit *edit;
    size_t n_edits;
    int64_t changed;
};

static bool do_units(struct txn *t, void *args, struct err *err)
{
    return party_add(t, PARTY_UNIT, STR("市商务局"), STR("商务局"), STR("部门"), 0, &commerce, err) &&
           party_add(t, PARTY_UNIT, STR("市科技局"), STR(""), STR("部门"), 0, &science, err);
}

static bool do_save(struct txn *t, void *args, struct err *err)
{
    struct work *w = args;
    return w->old ? overview_restore(t, w->as, w->unit, w->base, w->old, w->why, &w->n, err) : overview_save(t, w->as, w->unit, w->base, w->text, w->why, &w->n, err);
}

static bool do_indicator(struct txn *t, void *args, struct err *err)
{
    struct work *w = args;
    return indicator_save(t, w->as, w->id, &w->in, &w->id, err);
}

static bool do_values(struct txn *t, void *args, struct err *err)
{
    struct work *w = args;
    return values_put(t, w->as, w->edit, w->n_edits, w->why, &w->changed, err);
}

static int setup(void **state)
{
    struct err e;
    test_office_open(&o);
    NO_ERR(test_write(&o, do_units, NULL, &e), &e);
    test_member_add(&o, "shangwu", "商务局联络员", "liaison", "市商务局", STR_NULL);
    NO_ERR(actor_load_login(o.db, &o.arena, o.id, STR("shangwu"), instant_day(TEST_NOW), &liaison, &e), &e);
    return 0;
}

static int teardown(void **state)
{
    test_office_close(&o);
    return 0;
}

/* msg 0: it is done. What is refused leaves the journal as it was. */
static void try(store_fn *fn, struct work *w, int msg)
{
    struct err e;
    struct journal_head before, after;
    NO_ERR(journal_head(o.db, o.id, &before, &e), &e);
    bool ok = test_write(&o, fn, w, &e);
    if (msg == 0)
        NO_ERR(ok, &e);
    assert_int_equal(ok, msg == 0);
    assert_true(ok || e.msg == msg);
    NO_ERR(journal_head(o.db, o.id, &after, &e), &e);
    assert_true(ok || before.seq == after.seq);
}

static void save(const char *text, int64_t base, int msg)
{
    struct work w = { .as = &o.console, .unit = commerce, .base = base, .text = str_c(text), .why = STR("核对") };
    try(do_save, &w, msg);
    assert_true(msg || w.n == base + 1);
}

static struct overview got(int64_t n, day_t on)
{
    struct err e;
    struct overview v;
    NO_ERR(overview_get(o.db, &o.arena, &o.console, commerce, n, on, &v, &e), &e);
    return v;
}

static void every_save_is_a_version(void **state)
{
    day_t d = instant_day(TEST_NOW);
    assert_int_equal(got(0, DAY_NONE).n, 0);
    save("一、概况\n原文。", 0, 0);
    sim_clock_set(&o.clock, TEST_NOW + 86400000);
    save("一、概况\n新文。", 1, 0);
    save("一、概况\n新文。", 2, M_BOOKS_SAME_TEXT);
    save("别人的文字", 1, M_BOOKS_OVERTAKEN);                      /* two at once: the second is told, nothing is lost */
    save("别人的文字", 3, M_BOOKS_OVERTAKEN);
    save("", 2, M_BASE_REQUIRED);
    save("机密★1年", 2, M_ENTRY_SECRET);
    save("\x01", 2, M_BASE_CONTROL);
    assert_true(str_eqc(got(0, DAY_NONE).body, "一、概况\n新文。"));
    assert_true(str_eqc(got(0, d).body, "一、概况\n原文。"));
    assert_int_equal(got(0, d - 1).n, 0);
    struct work w = { .as = &o.console, .unit = commerce, .base = 2, .old = 1 };
    try(do_save, &w, 0);
    struct overview v = got(0, DAY_NONE);
    assert_int_equal(v.n, 3);
    assert_int_equal(v.restored, 1);
    assert_true(str_eqc(v.body, "一、概况\n原文。"));
    w = (struct work){ .as = &o.console, .unit = commerce, .base = 3, .old = 9 };
    try(do_save, &w, M_BOOKS_NO_VERSION);
}

static void a_text_has_its_limit(void **state)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    for (int i = 0; i < OVERVIEW_CHARS; i++)
        buf_c(&b, "字");
    save(b.p, 0, 0);
    buf_c(&b, "多");
    save(b.p, 1, M_BASE_TOO_LONG);
}

static void who_sees_what(void **state)
{
    struct err e;
    struct overview v;
    struct overview_line *l;
    size_t n;
    save("本单位。", 0, 0);
    struct work other = { .as = &o.console, .unit = science, .text = STR("别的单位。") }, theirs = { .as = &liaison, .unit = commerce, .base = 1, .text = STR("自己改") };
    try(do_save, &other, 0);
    try(do_save, &theirs, M_BOOKS_SECTION_ONLY);
    NO_ERR(overview_get(o.db, &o.arena, &liaison, commerce, 0, DAY_NONE, &v, &e), &e);
    assert_false(overview_get(o.db, &o.arena, &liaison, science, 0, DAY_NONE, &v, &e));
    assert_int_equal(e.kind, ERR_NOT_FOUND);
    assert_false(overview_get(o.db, &o.arena, &liaison, 999999, 0, DAY_NONE, &v, &e));
    assert_int_equal(e.kind, ERR_NOT_FOUND);
    NO_ERR(overview_lines(o.db, &o.arena, &liaison, STR(""), DAY_NONE, &l, &n, &e), &e);
    assert_int_equal(n, 1);
    NO_ERR(overview_lines(o.db, &o.arena, &o.console, STR("单位 别的"), instant_day(TEST_NOW), &l, &n, &e), &e);
    assert_int_equal(n, 1);
    assert_true(l->unit.id == science && l->old && !l->none);
    NO_ERR(overview_lines(o.db, &o.arena, &liaison, STR("别的"), DAY_NONE, &l, &n, &e), &e);
    assert_int_equal(n, 0);
    struct actor stranger = o.console;                             /* another office's */
    stranger.office_id = test_office_add(&o, "b");
    assert_false(overview_get(o.db, &o.arena, &stranger, commerce, 0, DAY_NONE, &v, &e));
    assert_int_equal(e.kind, ERR_NOT_FOUND);
}

static int64_t indicator(const char *name, const char *every, const char *source, int msg)
{
    struct work w = { .as = &o.console, .in = { str_c(name), STR("亿元"), str_c(every), str_c(source), STR("2"), STR("true"), STR_NULL, STR_NULL } };
    try(do_indicator, &w, msg);
    return w.id;
}

static void put(int64_t id, int64_t unit, int period, int64_t value, int64_t changed, int msg)
{
    struct value_edit e = { .indicator_id = id, .unit_id = unit, .period = period, .value = value, .note = STR_NULL };
    struct work w = { .as = &o.console, .edit = &e, .n_edits = 1, .why = STR("更正") };
    try(do_values, &w, msg);
    assert_true(msg || w.changed == changed);
}

static void values_keep_their_history(void **state)
{
    struct err e;
    struct indicator i;
    struct value_change *c;
    struct value *v;
    size_t n;
    int64_t id = indicator("社会消费品零售总额", "month", "市商务局", 0);
    put(id, 0, 202203, 100 * VALUE_ONE, 1, 0);
    put(id, 0, 202203, 100 * VALUE_ONE, 0, 0);                     /* nothing new is no change */
    put(id, 0, 202203, 0, 1, 0);
    put(id, 0, 202203, VALUE_NONE, 1, 0);
    put(id, science, 202203, 7, 1, 0);
    put(id, 999, 202203, 7, 0, M_BOOKS_NO_UNIT);
    put(id, 0, 202213, 7, 0, M_BOOKS_NOT_PERIOD);
    put(id + 1000, 0, 202203, 7, 0, M_BOOKS_NO_INDICATOR);
    NO_ERR(indicator_get(o.db, &o.arena, &o.console, id, &i, &e) && value_history(o.db, &o.arena, &o.console, &i, 0, 202203, &c, &n, &e), &e);
    assert_int_equal(n, 3);
    assert_true(c[0].old == VALUE_NONE && c[0].new == 100 * VALUE_ONE && c[1].old == 100 * VALUE_ONE && c[1].new == 0 && c[2].new == VALUE_NONE);
    NO_ERR(values_get(o.db, &o.arena, &liaison, &i, 0, 0, 999912, &v, &n, &e), &e);      /* reported by the liaison's unit */
    assert_int_equal(n, 1);
    assert_false(values_get(o.db, &o.arena, &liaison, &i, science, 0, 999912, &v, &n, &e));
    assert_int_equal(e.kind, ERR_NOT_FOUND);
    struct party *p;
    NO_ERR(value_units(o.db, &o.arena, &liaison, &i, &p, &n, &e), &e);
    assert_int_equal(n, 1);
    struct value_edit edit[2] = { { id, 0, 202204, 1, false, 0, STR_NULL }, { id, 0, 202204, 2, false, 0, STR_NULL } };
    struct work twice = { .as = &o.console, .edit = edit, .n_edits = 2 }, theirs = { .as = &liaison, .edit = edit, .n_edits = 1 };
    try(do_values, &twice, M_BOOKS_TWICE);
    try(do_values, &theirs, M_BOOKS_SECTION_ONLY);
    edit[0] = (struct value_edit){ id, 0, 202203, 5, true, 100 * VALUE_ONE, STR_NULL };      /* saw what is no longer there */
    struct work late = { .as = &o.console, .edit = edit, .n_edits = 1 };
    try(do_values, &late, M_BOOKS_VALUE_OVERTAKEN);
    struct journal_head head;
    NO_ERR(journal_verify(o.db, o.id, NULL, NULL, &head, &e), &e);
}

static void an_indicator_keeps_what_its_values_need(void **state)
{
    int64_t id = indicator("甲", "quarter", "", 0);
    indicator("甲", "month", "", M_BOOKS_NAME_TAKEN);
    indicator("2022", "month", "", M_BOOKS_NAME_NUMBER);
    indicator("", "month", "", M_BASE_REQUIRED);
    indicator("乙", "week", "", M_BOOKS_NOT_EVERY);
    indicator("乙", "month", "没有的局", M_PEOPLE_UNKNOWN_UNIT);
    put(id, 0, 202204, 1, 0, M_BOOKS_NOT_PERIOD);
    put(id, 0, 202206, 1230000, 1, 0);
    struct work fewer = { .as = &o.console, .id = id, .in = { .decimals = STR("1") } }, every = { .as = &o.console, .id = id, .in = { .every = STR("month") } };
    struct work more = { .as = &o.console, .id = id, .in = { .decimals = STR("3"), .active = STR("false") } };
    try(do_indicator, &fewer, M_BOOKS_DECIMALS_USED);
    try(do_indicator, &every, M_BOOKS_EVERY_USED);
    try(do_indicator, &more, 0);
    put(id, 0, 202209, 1, 0, M_BOOKS_INACTIVE);
    struct work theirs = { .as = &liaison, .id = id, .in = { .name = STR("丙") } };
    try(do_indicator, &theirs, M_BOOKS_SECTION_ONLY);
}

static void tables_are_read_whole_or_not_at_all(void **state)
{
    struct err e;
    struct value_edit *v;
    struct problems p = PROBLEMS_INIT;
    size_t n;
    indicator("甲", "month", "", 0);
    indicator("乙", "quarter", "", 0);
    assert_false(sheet_read_values(o.db, &o.arena, &o.console, STR("indicator,unit,period,value\n甲,,2022-01,1.5\n丙,,2022-01,1\n乙,市商务局,2022-01,x\n"), &v, &n, &p, &e));
    assert_int_equal(p.n, 3);
    assert_true(p.err[0].line == 3 && p.err[0].column == 1 && p.err[1].line == 4 && p.err[1].msg == M_BOOKS_NOT_PERIOD && p.err[2].msg == M_BOOKS_NOT_NUMBER);
    problems_release(&p);
    assert_false(sheet_read_values(o.db, &o.arena, &o.console, STR("indicator,when\n"), &v, &n, &p, &e));
    assert_int_equal(e.msg, M_BOOKS_UNKNOWN_COLUMN);
    assert_false(sheet_read_values(o.db, &o.arena, &o.console, STR("indicator,period\n"), &v, &n, &p, &e));
    assert_int_equal(e.msg, M_BOOKS_COLUMN_MISSING);
    assert_false(sheet_read_values(o.db, &o.arena, &o.console, STR("指标,时期,数值\n甲,2022-01,1\n甲,2022年1月,2\n"), &v, &n, &p, &e));
    assert_int_equal(e.msg, M_BOOKS_TWICE);
    NO_ERR(sheet_read_paste(o.db, &o.arena, &o.console, 0, STR("指标\t2022-01\t2022-02\n甲\t1,000.5\t\n\n甲\t\t-2\n"), &v, &n, &p, &e), &e);
    assert_int_equal(n, 2);
    assert_true(v[0].value == INT64_C(1000500000) && v[1].period == 202202 && v[1].value == -2000000);
    NO_ERR(sheet_read_paste(o.db, &o.arena, &o.console, 0, STR("2022-Q1\t2022-Q2\n乙\t1\t2"), &v, &n, &p, &e), &e);   /* the corner went with the form's blanks */
    assert_true(n == 2 && v[0].period == 202203);
    assert_false(sheet_read_paste(o.db, &o.arena, &o.console, 0, STR("指标\t2022-01\n甲\t1\t2\n乙\t3\n"), &v, &n, &p, &e));
    assert_true(p.n == 2 && p.err[0].line == 2 && p.err[0].column == 3 && p.err[1].line == 1 && p.err[1].column == 2);
    problems_release(&p);
    assert_false(sheet_read_paste(o.db, &o.arena, &o.console, 0, STR("指标\t2022-01\n"), &v, &n, &p, &e));
    assert_int_equal(e.msg, M_BOOKS_PASTE_EMPTY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_save_is_a_version, setup, teardown), cmocka_unit_test_setup_teardown(a_text_has_its_limit, setup, teardown),
        cmocka_unit_test_setup_teardown(who_sees_what, setup, teardown), cmocka_unit_test_setup_teardown(values_keep_their_history, setup, teardown),
        cmocka_unit_test_setup_teardown(an_indicator_keeps_what_its_values_need, setup, teardown),
        cmocka_unit_test_setup_teardown(tables_are_read_whole_or_not_at_all, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
