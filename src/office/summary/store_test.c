#include "office.h"

#include "calendar/date.h"
#include "messages.h"
#include "office/closing/closing.h"
#include "office/outcome/outcome.h"
#include "office/summary/inside.h"

static struct test_office o;

static bool add_list(struct txn *t, void *args, struct err *err)
{
    int64_t id;
    return entry_list_add(t, STR("应急处置"), &id, err);
}

static int setup(void **state)
{
    struct err e;
    test_office_open(&o);
    NO_ERR(test_write(&o, add_list, NULL, &e), &e);
    return 0;
}

static int teardown(void **state)
{
    test_office_close(&o);
    return 0;
}

struct writing_down { const char *genre, *role, *list, *key, *label; int64_t n; };

static bool write_down(struct txn *t, void *args, struct err *err)
{
    const struct writing_down *w = args;
    struct entry e;
    struct entry_input in = { .kind = STR("document"), .title = STR("文稿"), .source = STR("市科技局"), .requirement = STR("办理"), .deadline = STR("2022-05-20"),
                              .lead_unit = STR("本科室"), .genre = str_c(w->genre), .role = str_c(w->role), .lists = str_c(w->list) };
    return entry_register(t, &o.console, &in, &e, NULL, err) &&
           (!w->key || outcome_add(t, &o.console, e.number, str_c(w->key), w->n, str_c(w->label), DAY_NONE, err));
}

static void put(struct writing_down w)
{
    struct err e;
    NO_ERR(test_write(&o, write_down, &w, &e), &e);
}

static struct summary make(void)
{
    struct err e;
    struct summary s;
    NO_ERR(summary_make(o.db, &o.arena, &o.console, date_day(2022, 1, 1), date_day(2022, 12, 31), true, LANG_ZH, &s, &e), &e);
    return s;
}

static int64_t value(const struct summary *s, const char *key)
{
    const struct summary_figure *f = summary_find(s, str_c(key));
    return f ? f->value.value : -1;
}

static bool says(const struct summary *s, const char *what) { return str_find(s->text, str_c(what)) >= 0; }

static void documents_by_genre(void **state)
{
    put((struct writing_down){ "报告", "drafted", "应急处置", NULL, NULL, 0 });
    put((struct writing_down){ "报告", "took_part;reviewed", "应急处置", NULL, NULL, 0 });
    put((struct writing_down){ "讲话稿", "took_part", "应急处置", NULL, NULL, 0 });
    put((struct writing_down){ "报告", "drafted", NULL, NULL, NULL, 0 });
    put((struct writing_down){ "意见", "reviewed", NULL, NULL, NULL, 0 });
    put((struct writing_down){ "", "drafted", NULL, NULL, NULL, 0 });
    struct summary s = make();
    assert_int_equal(value(&s, "documents.drafted"), 5);
    assert_int_equal(value(&s, "documents.drafted.报告"), 3);
    assert_int_equal(value(&s, "documents.drafted.意见"), -1);       /* only reviewed: no such figure */
    assert_int_equal(value(&s, "documents.operation.报告"), 2);
    assert_int_equal(value(&s, "documents.operation.讲话稿"), 1);
    assert_int_equal(value(&s, "documents.reviewed"), 2);
    assert_int_equal(value(&s, "entries.registered"), 6);
    assert_int_equal(value(&s, "entries.carried"), 6);
    assert_int_equal(value(&s, "entries.settled"), 0);
    assert_true(says(&s, "一、") && says(&s, "起草和参与起草报告2篇、讲话稿1篇。") && says(&s, "三、"));
    assert_true(!says(&s, "房源") && !says(&s, "重要文件") && !says(&s, "办结") && !says(&s, "覆盖"));
    for (size_t i = 0; i < s.n; i++)
        if (!strncmp(s.figures[i].key.p, "documents.", 10))
            assert_int_equal(s.figures[i].value.n_rows, s.figures[i].value.value);
}

static void outcomes_in_sentences(void **state)
{
    put((struct writing_down){ "意见", "reviewed", NULL, "documents.issued.key", NULL, 1 });
    put((struct writing_down){ "", "", NULL, "dispatch.rooms", "南充", 20 });
    put((struct writing_down){ "", "", NULL, "dispatch.rooms", NULL, 10 });
    put((struct writing_down){ "", "", NULL, "coverage", "科技兴村平台", 7 });
    struct summary s = make();
    assert_int_equal(value(&s, "coverage.科技兴村平台"), 7);
    assert_true(says(&s, "隔离房源30间，其中协调1个市州隔离房源20间") && says(&s, "重要文件1个，均未出现失误和差错") && says(&s, "科技兴村平台7个"));
    put((struct writing_down){ "", "", NULL, "documents.errors_after_issue", NULL, 2 });
    s = make();
    assert_true(says(&s, "印发后登记差错2处") && !says(&s, "均未出现"));
    struct summary_figure f;
    struct err e;
    NO_ERR(summary_rows(o.db, &o.arena, &o.console, STR("coverage.科技兴村平台"), date_day(2022, 5, 1), date_day(2022, 5, 31), &f, &e), &e);
    assert_int_equal(f.value.n_rows, 1);
    NO_ERR(summary_rows(o.db, &o.arena, &o.console, STR("dispatch.rooms.away"), date_day(2022, 6, 1), date_day(2022, 6, 30), &f, &e), &e);
    assert_int_equal(f.value.n_rows, 0);
    assert_false(summary_rows(o.db, &o.arena, &o.console, STR("coverage"), date_day(2022, 5, 1), date_day(2022, 5, 31), &f, &e));
    assert_int_equal(e.kind, ERR_NOT_FOUND);
}

static void periods(void **state)
{
    day_t from, to, today = date_day(2022, 5, 9);
    struct err e;
    const struct str none = STR("");
    assert_true(summary_period(none, none, none, today, &from, &to, &e));
    assert_true(from == date_day(2022, 1, 1) && to == today);
    assert_true(summary_period(STR("2021"), none, none, today, &from, &to, &e));
    assert_true(from == date_day(2021, 1, 1) && to == date_day(2021, 12, 31));
    assert_true(summary_period(none, STR("2022-03-04"), STR("2022-05-22"), today, &from, &to, &e));
    assert_int_equal(to - from, 79);
    assert_false(summary_period(STR("20x"), none, none, today, &from, &to, &e));
    assert_false(summary_period(none, STR("2022-06-31"), none, today, &from, &to, &e));
    struct summary s;
    assert_false(summary_make(o.db, &o.arena, &o.console, 10, 9, false, LANG_ZH, &s, &e));
    assert_int_equal(e.kind, ERR_INPUT);
    struct actor liaison = o.console;
    liaison.roles = ROLE_LIAISON;
    assert_false(summary_make(o.db, &o.arena, &liaison, 9, 10, false, LANG_ZH, &s, &e));
    assert_int_equal(e.kind, ERR_DENIED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(documents_by_genre, setup, teardown),
        cmocka_unit_test_setup_teardown(outcomes_in_sentences, setup, teardown),
        cmocka_unit_test_setup_teardown(periods, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
