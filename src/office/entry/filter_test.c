/* Lists by every condition, against a plain reading of the same entries. */
#include "calendar/date.h"
#include "office/entry/fixture_test.h"

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
        cmocka_unit_test(pages_have_no_gaps_and_no_doubles), cmocka_unit_test(the_due_walk), cmocka_unit_test(a_unit_goes_by_its_own_deadline),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
