#include "office.h"

#include "calendar/date.h"
#include "messages.h"
#include "office/outcome/inside.h"
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

struct adding {
    struct str number, key, label;
    int64_t n;
    day_t day;
};

static bool do_register(struct txn *t, void *args, struct err *err)
{
    struct adding *x = args;
    struct entry e;
    struct entry_input in = { .kind = STR("document"), .title = STR("科技创新意见"), .source = STR("市科技局"), .requirement = STR("审核"), .deadline = STR("2022-05-20"),
                              .lead_unit = STR("本科室"), .genre = STR("意见"), .role = x->label };
    if (!entry_register(t, &o.console, &in, &e, NULL, err))
        return false;
    x->number = arena_str(&o.arena, e.number);
    return true;
}

static struct str entry_of(const char *role)
{
    struct err e;
    struct adding x = { .label = str_c(role) };
    NO_ERR(test_write(&o, do_register, &x, &e), &e);
    return x.number;
}

static bool do_add(struct txn *t, void *args, struct err *err)
{
    struct adding *x = args;
    return outcome_add(t, &o.console, x->number, x->key, x->n, x->label, x->day, err);
}

static void add(struct str number, const char *key, int64_t n, const char *label, day_t day)
{
    struct err e;
    NO_ERR(test_write(&o, do_add, &(struct adding){ number, str_c(key), str_c(label), n, day }, &e), &e);
}

static int64_t value(const char *key, const char *arg)
{
    struct err e;
    struct figure_value v;
    for (int i = 0; i < OUTCOME_FIGURES; i++)
        if (str_eqc(str_c(key), outcome_figures[i].key)) {
            struct figure_ask ask = { o.id, date_day(2022, 5, 1), date_day(2022, 5, 31), arg ? arg : outcome_figures[i].arg, true };
            NO_ERR(outcome_figures[i].count(o.db, &o.arena, &ask, &v, &e), &e);
            return v.value;
        }
    fail();
    return 0;
}

static void figures_fold_their_rows(void **state)
{
    day_t d = date_day(2022, 5, 1);
    struct str a = entry_of("drafted"), b = entry_of("took_part;reviewed"), c = entry_of("took_part");
    add(a, "documents.issued.key", 1, "", d);
    add(a, "documents.issued.key", 1, "", d + 1);          /* once, however often it is written down */
    add(b, "documents.issued.key", 1, "", d + 1);
    add(c, "documents.issued.key", 1, "", d + 1);          /* neither drafted nor reviewed */
    assert_int_equal(value("documents.issued.key", NULL), 2);
    add(a, "dispatch.rooms", 100, "", d);
    add(a, "dispatch.rooms", 30, "南充", d);
    add(a, "dispatch.rooms", 20, "达州", d + 1);
    add(a, "dispatch.rooms", 10, "南充", d + 2);
    assert_int_equal(value("dispatch.rooms", NULL), 160);
    assert_int_equal(value("dispatch.rooms.away", NULL), 60);
    assert_int_equal(value("dispatch.cities.away", NULL), 2);
    static const int DAYS[] = { 0, 1, 1, 2, 4, 5, 7 };
    for (size_t i = 0; i < ARRAY_LEN(DAYS); i++)
        add(a, "duty.day", 1, "", d + DAYS[i]);
    assert_int_equal(value("duty.longest_run_days", NULL), 3);
    add(a, "coverage", 2, "科技兴村平台", d);
    add(a, "coverage", 3, "科技兴村平台", d + 3);
    add(a, "coverage", 9, "别的", d);
    assert_int_equal(value("coverage", "科技兴村平台"), 5);
    assert_int_equal(value("requests.handled", NULL), 0);
    struct entry e;
    struct outcome *list = NULL;
    struct err err;
    size_t n = 0;
    NO_ERR(entry_fetch(o.db, &o.arena, &o.console, b, &e, &err) && outcome_of(o.db, &o.arena, &e, &list, &n, &err), &err);
    assert_int_equal(n, 1);
    assert_string_equal(list[0].unit, "个");
}

static void bad_ones_write_nothing(void **state)
{
    struct str a = entry_of("drafted");
    const struct { struct adding x; enum err_kind kind; int msg; } bad[] = {
        { { STR("文2022-0099"), STR("briefs.adopted"), STR_NULL, 1, DAY_NONE }, ERR_NOT_FOUND, 0 },
        { { a, STR("briefs"), STR_NULL, 1, DAY_NONE }, ERR_INPUT, M_OUTCOME_UNKNOWN_KEY },
        { { a, STR("briefs.adopted"), STR_NULL, 0, DAY_NONE }, ERR_INPUT, M_OUTCOME_BAD_N },
        { { a, STR("briefs.adopted"), STR_NULL, OUTCOME_N_MAX + 1, DAY_NONE }, ERR_INPUT, M_OUTCOME_BAD_N },
        { { a, STR("briefs.adopted"), STR("机密★1年"), 1, DAY_NONE }, ERR_INPUT, M_ENTRY_SECRET },
        { { a, STR("coverage"), STR_NULL, 1, DAY_NONE }, ERR_INPUT, M_OUTCOME_LABEL_NEEDED },
        { { a, STR("briefs.adopted"), STR_NULL, 1, date_day(2022, 5, 10) }, ERR_INPUT, M_ENTRY_DAY_LATER },
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct err e;
        struct journal_head before, after;
        NO_ERR(journal_head(o.db, o.id, &before, &e), &e);
        struct adding x = bad[i].x;
        assert_false(test_write(&o, do_add, &x, &e));
        assert_int_equal(e.kind, bad[i].kind);
        assert_true(bad[i].msg == 0 || e.msg == bad[i].msg);
        NO_ERR(journal_head(o.db, o.id, &after, &e), &e);
        assert_int_equal(before.seq, after.seq);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(figures_fold_their_rows, setup, teardown),
        cmocka_unit_test_setup_teardown(bad_ones_write_nothing, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
