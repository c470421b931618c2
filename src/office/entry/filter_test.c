/* Lists by every condition, against a plain reading of the same entries. */
#include "calendar/date.h"
#include "office/entry/fixture_test.h"
#include "office/entry/inside.h"

static struct entry_office f;
enum { N = 60 };

static void fill(void)
{
    static const char *const LEADS[] = { "市商务局", "市科技局", "本科室" };
    for (int i = 0; i < N; i++) {
        struct entry_input in = fixture_input();
        char due[16], day[16];
        snprintf(due, sizeof due, "2022-06-%02d", 1 + i % 28);
        snprintf(day, sizeof day, "2022-05-%02d", 1 + i % 9);
        in.deadline = str_c(due);
        in.day = in.received = str_c(day);
        in.kind = i % 4 == 0 ? STR("affair") : STR("document");
        in.lead_unit = str_c(LEADS[i % 3]);
        in.lists = i % 5 == 0 ? STR("重点工作") : STR_NULL;
        in.title = i % 7 == 0 ? STR("100%的_进度\\说明") : STR("事项");
        struct str n = fixture_register(&f, &f.officer, in);
        if (i % 3 == 2 && i % 2)
            fixture_act(&f, &f.officer, n, VERB_SETTLE, (struct entry_input){ .day = STR("2022-05-09") });
    }
}

static int setup(void **state)
{
    fixture_open(&f);
    fill();
    return 0;
}

static int teardown(void **state)
{
    test_office_close(&f.o);
    return 0;
}

static size_t lines(const struct actor *who, struct entry_filter filter, struct entry_line **ret)
{
    struct err err;
    size_t n;
    NO_ERR(entry_lines(f.o.db, &f.o.arena, who, &filter, ret, &n, &err), &err);
    return n;
}

static bool wanted(const struct entry_line *l, const struct entry_filter *w)
{
    return (w->state == -1 || (w->state == -2 ? entry_state_open(l->state) : (int)l->state == w->state)) && (w->kind < 0 || (int)l->kind == w->kind) &&
           (w->unit_id == 0 || l->lead_id == w->unit_id) && (w->day_from == DAY_NONE || l->day >= w->day_from) &&
           (w->day_to == DAY_NONE || l->day <= w->day_to) && (w->due_from == INSTANT_NONE || l->due >= w->due_from) &&
           (w->due_to == INSTANT_NONE || l->due < w->due_to) && (w->q.n == 0 || str_find(l->title, w->q) >= 0);
}

static void agrees(struct entry_filter w)
{
    struct entry_filter any = ENTRY_FILTER_ANY;
    struct entry_line *all, *some;
    size_t n = lines(&f.officer, any, &all), m = lines(&f.officer, w, &some), k = 0;
    assert_int_equal(n, N);
    for (size_t i = 0; i < n; i++) {
        if (!wanted(&all[i], &w))
            continue;
        assert_true(k < m && some[k].id == all[i].id);
        k++;
    }
    assert_int_equal(k, m);
    int count;
    struct err err;
    NO_ERR(entry_count(f.o.db, &f.o.arena, &f.officer, &w, 10, &count, &err), &err);
    assert_int_equal(count, m < 10 ? m : 10);
}

#define WITH(...) ({ struct entry_filter w_ = ENTRY_FILTER_ANY; __VA_ARGS__; w_; })

static void conditions(void **state)
{
    day_t today = instant_day(TEST_NOW);
    struct entry_line *l;
    lines(&f.officer, (struct entry_filter)ENTRY_FILTER_ANY, &l);
    int64_t unit = l[0].lead_id;
    agrees(WITH(w_.state = STATE_PENDING));
    agrees(WITH(w_.state = STATE_SETTLED));
    agrees(WITH(w_.state = -2));
    agrees(WITH(w_.kind = ENTRY_AFFAIR));
    agrees(WITH(w_.unit_id = unit));
    agrees(WITH(w_.unit_id = unit, w_.state = -2));
    agrees(WITH(w_.day_from = today - 3));
    agrees(WITH(w_.day_from = today - 5, w_.day_to = today - 2, w_.kind = ENTRY_DOCUMENT));
    agrees(WITH(w_.due_from = day_start(today + 30), w_.due_to = day_start(today + 40)));
    agrees(WITH(w_.q = STR("100%的_")));
    agrees(WITH(w_.q = STR("\\说")));
    agrees(WITH(w_.q = STR("x%")));
}

static void all_conditions_at_once(void **state)
{
    struct entry_line *l;
    struct entry_listdef *defs;
    size_t n;
    struct err err;
    day_t today = instant_day(TEST_NOW);
    NO_ERR(entry_lists(f.o.db, &f.o.arena, f.o.id, &defs, &n, &err), &err);
    lines(&f.officer, WITH(w_.list_id = defs[0].id), &l);
    struct entry_filter w = { .state = STATE_SETTLED, .kind = ENTRY_DOCUMENT, .unit_id = l[0].lead_id, .list_id = defs[0].id, .officer_id = 1,
                              .leader_id = 1, .day_from = today - 9, .day_to = today, .due_to = INT64_MAX, .settled_from = today - 9,
                              .settled_to = today, .span_from = DAY_NONE, .span_to = DAY_NONE, .q = STR("事 项 事 项 事 项"), .after = INT64_MAX };
    assert_int_equal(lines(&f.officer, w, &l), 0);
    w.q = STR("事 项 事 项 事 x");
    w.state = w.kind = w.reading = -1;
    w.unit_id = w.list_id = w.officer_id = w.leader_id = 0;
    w.settled_from = w.settled_to = DAY_NONE;
    assert_int_equal(lines(&f.officer, w, &l), 0);
    w.q = STR("事 项 事 项 事 项");
    assert_int_equal(lines(&f.officer, w, &l), N - (N + 6) / 7);
}

static void lists_and_spans(void **state)
{
    struct entry_line *l;
    struct entry_listdef *defs;
    size_t n;
    struct err err;
    day_t today = instant_day(TEST_NOW);
    NO_ERR(entry_lists(f.o.db, &f.o.arena, f.o.id, &defs, &n, &err), &err);
    assert_int_equal(lines(&f.officer, WITH(w_.list_id = defs[0].id), &l), N / 5);
    assert_int_equal(lines(&f.officer, WITH(w_.list_id = defs[1].id), &l), 0);
    n = lines(&f.officer, WITH(w_.span_from = today, w_.span_to = today), &l);    /* registered on the 9th, or settled on it */
    size_t expected = 0;
    for (int i = 0; i < N; i++)
        expected += i % 9 == 8 || (i % 3 == 2 && i % 2);
    assert_int_equal(n, expected);
}

static void pages_have_no_gaps_and_no_doubles(void **state)
{
    struct entry_filter w = ENTRY_FILTER_ANY;
    struct entry_line *all, *page;
    size_t n = lines(&f.officer, w, &all), seen = 0, got;
    w.limit = 7;
    while ((got = lines(&f.officer, w, &page)) > 0) {
        for (size_t i = 0; i < got; i++)
            assert_int_equal(page[i].id, all[seen + i].id);
        seen += got;
        w.after = page[got - 1].id;
    }
    assert_int_equal(seen, n);
}

/* Follows the cursor to the end by pages of `limit`, and holds them against one page of everything. */
static void pages_agree(struct entry_filter w, const struct actor *who, int limit)
{
    struct entry_line *all, *page;
    struct err err;
    w.limit = 1000;
    size_t n = lines(who, w, &all), seen = 0, got;
    w.limit = limit;
    while ((got = lines(who, w, &page)) > 0) {
        for (size_t i = 0; i < got; i++, seen++)
            assert_true(seen < n && page[i].id == all[seen].id);
        struct entry_filter next = w;
        next.after = next.after_group = 0;
        NO_ERR(entry_cursor_read(entry_cursor(&f.o.arena, &w, &page[got - 1]), &next, &err), &err);
        w = next;
    }
    assert_int_equal(seen, n);
    assert_true(n > 3);
}

static void every_order_has_a_cursor(void **state)
{
    for (int order = ENTRY_NEWEST; order < ENTRY_ORDERS; order++) {
        pages_agree(WITH(w_.order = (enum entry_order)order), &f.officer, 7);
        pages_agree(WITH(w_.order = (enum entry_order)order, w_.state = -2, w_.reading = 0), &f.officer, 4);
        pages_agree(WITH(w_.order = (enum entry_order)order, w_.category = STR("部门")), &f.officer, 5);
        pages_agree(WITH(w_.order = (enum entry_order)order), &f.liaison, 3);
    }
}

static void orders(void **state)
{
    struct entry_line *l;
    size_t n = lines(&f.officer, WITH(w_.order = ENTRY_BY_DUE), &l);
    for (size_t i = 1; i < n; i++)
        assert_true(l[i - 1].due < l[i].due || (l[i - 1].due == l[i].due && l[i - 1].id < l[i].id));
    n = lines(&f.officer, WITH(w_.order = ENTRY_BY_NUMBER), &l);
    for (size_t i = 1; i < n; i++)
        assert_true(str_cmp(l[i - 1].number, l[i].number) < 0);
    n = lines(&f.officer, WITH(w_.order = ENTRY_BY_UNIT), &l);
    assert_int_equal(n, N);
    assert_true(str_eqc(l[0].lead, "秘书五科") && str_eqc(l[N / 3].lead, "市商务局") && str_eqc(l[N - 1].lead, "市科技局"));
    assert_int_equal(lines(&f.officer, WITH(w_.order = ENTRY_BY_LEADER), &l), N);          /* nobody has a leader: all in the last group */
    for (size_t i = 1; i < N; i++)
        assert_true(l[i - 1].id < l[i].id);
}

static bool count_row(void *ctx, const struct entry *e, struct err *err)
{
    (void)e, (void)err;
    ++*(int *)ctx;
    return true;
}

/* As many as a file of it has. */
static int each(const struct entry_filter w)
{
    struct err err;
    int n = 0;
    NO_ERR(entry_each(f.o.db, &f.officer, &w, count_row, &n, &err), &err);
    return n;
}

static void words_and_flags(void **state)
{
    struct entry_input in = fixture_input();
    struct entry_line *l;
    int count;
    struct err err;
    in.urgency = STR("特急");
    in.progress = STR("滞后");
    in.instruction = STR("true");
    in.leader = STR("分管副市长");
    struct str n = fixture_register(&f, &f.officer, in);
    struct entry_filter by[] = { WITH(w_.urgency = STR("特急")), WITH(w_.progress = STR("滞后")), WITH(w_.instruction = true), WITH(w_.category = STR("部门"), w_.q = n),
                                 WITH(w_.instruction = true, w_.order = ENTRY_BY_LEADER), WITH(w_.instruction = true, w_.order = ENTRY_BY_DUE) };
    for (size_t i = 0; i < ARRAY_LEN(by); i++) {
        assert_int_equal(lines(&f.officer, by[i], &l), 1);
        assert_true(str_eq(l[0].number, n));
        NO_ERR(entry_count(f.o.db, &f.o.arena, &f.officer, &by[i], 10, &count, &err), &err);
        assert_int_equal(count, 1);
        assert_int_equal(lines(&f.stranger, by[i], &l), 0);
        assert_int_equal(each(by[i]), 1);
    }
    assert_int_equal(lines(&f.leader, WITH(w_.instruction = true), &l), 1);
    assert_int_equal(lines(&f.officer, WITH(w_.carried = 1), &l), 0);
    assert_int_equal(lines(&f.officer, WITH(w_.category = STR("园区")), &l), 0);
    assert_int_equal(each(WITH(w_.category = STR("园区"))), 0);
    struct entry_filter some = WITH(w_.category = STR("部门"));
    NO_ERR(entry_count(f.o.db, &f.o.arena, &f.officer, &some, 5, &count, &err), &err);
    assert_int_equal(count, 5);
}

static void a_cursor_of_another_order_is_refused(void **state)
{
    static const char *const BAD[] = { "", "x", "-1", "12.", ".5", "0.7", "99999999999999999999" };
    struct err err;
    for (size_t i = 0; i < ARRAY_LEN(BAD); i++) {
        struct entry_filter w = WITH(w_.order = i < 3 ? ENTRY_NEWEST : ENTRY_BY_UNIT);
        assert_false(entry_cursor_read(str_c(BAD[i]), &w, &err));
        assert_int_equal(err.kind, ERR_INPUT);
    }
}

static void conditions_by_name(void **state)
{
    static const struct { const char *name, *value; } BAD[] = {
        { "state", "x" }, { "kind", "x" }, { "unit", "没有的局" }, { "due", "soon" }, { "due_from", "2022-13-01" }, { "month", "2022" }, { "carried", "0" },
        { "urgency", "急" }, { "sort", "x" }, { "instruction", "maybe" }, { "limit", "1001" }, { "nonsense", "1" },
    };
    struct entry_when when = { TEST_NOW, instant_day(TEST_NOW), day_start(instant_day(TEST_NOW) + 4) };
    struct entry_filter w = ENTRY_FILTER_ANY;
    struct err err;
    for (size_t i = 0; i < ARRAY_LEN(BAD); i++) {
        assert_false(entry_filter_take(f.o.db, &f.o.arena, &f.officer, &when, str_c(BAD[i].name), str_c(BAD[i].value), &w, &err));
        assert_int_equal(err.kind, ERR_INPUT);
        assert_string_equal(err.field, BAD[i].name);
    }
    NO_ERR(entry_filter_take(f.o.db, &f.o.arena, &f.officer, &when, STR("due_to"), STR("2022-05-20"), &w, &err), &err);
    assert_int_equal(w.due_to, day_start(instant_day(TEST_NOW) + 12) + 1);
    NO_ERR(entry_filter_take(f.o.db, &f.o.arena, &f.officer, &when, STR("due"), STR("near"), &w, &err), &err);
    assert_true(w.state == -2 && w.order == ENTRY_BY_DUE && w.due_to == when.near + 1);
}

static void the_due_walk(void **state)
{
    struct entry_line *l;
    struct err err;
    size_t n;
    NO_ERR(entry_due_lines(f.o.db, &f.o.arena, &f.officer, INSTANT_NONE + 1, day_start(instant_day(TEST_NOW) + 60), 20, &l, &n, &err), &err);
    assert_int_equal(n, 20);
    for (size_t i = 1; i < n; i++)
        assert_true(l[i - 1].due < l[i].due || (l[i - 1].due == l[i].due && l[i - 1].id < l[i].id));
    NO_ERR(entry_due_lines(f.o.db, &f.o.arena, &f.liaison, 0, INT64_MAX, 1000, &l, &n, &err), &err);
    assert_int_equal(n, N / 3);
    for (size_t i = 0; i < n; i++)
        assert_true(str_eqc(l[i].lead, "市商务局"));
}

static size_t due_on(const struct actor *who, int day)
{
    struct entry_line *l;
    struct err err;
    size_t n;
    day_t d = date_day(2022, 9, day);
    NO_ERR(entry_due_lines(f.o.db, &f.o.arena, who, day_start(d) + 1, day_start(d + 1) + 1, 1000, &l, &n, &err), &err);
    return n;
}

/* The unit's own deadline is earlier: its day is the unit's, ours stays the section's. */
static void a_unit_goes_by_its_own_deadline(void **state)
{
    struct entry_input in = fixture_input();
    in.lead_unit = STR("市商务局");
    in.deadline = STR("2022-09-20");
    in.unit_deadline = STR("2022-09-10");
    struct str n = fixture_register(&f, &f.officer, in);
    assert_int_equal(due_on(&f.liaison, 10), 1);
    assert_int_equal(due_on(&f.liaison, 20), 0);
    assert_int_equal(due_on(&f.officer, 10), 0);
    assert_int_equal(due_on(&f.officer, 20), 1);
    fixture_act(&f, &f.officer, n, VERB_AMEND, (struct entry_input){ .unit_deadline = STR("2022-09-12"), .text = STR("提前") });
    assert_int_equal(due_on(&f.liaison, 10), 0);
    assert_int_equal(due_on(&f.liaison, 12), 1);
    assert_int_equal(due_on(&f.officer, 20), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions), cmocka_unit_test(all_conditions_at_once), cmocka_unit_test(lists_and_spans),
        cmocka_unit_test(pages_have_no_gaps_and_no_doubles), cmocka_unit_test(every_order_has_a_cursor), cmocka_unit_test(orders),
        cmocka_unit_test(the_due_walk), cmocka_unit_test(words_and_flags), cmocka_unit_test(a_cursor_of_another_order_is_refused),
        cmocka_unit_test(conditions_by_name), cmocka_unit_test(a_unit_goes_by_its_own_deadline),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
