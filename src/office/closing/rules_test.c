/* engine: none — rules are pure */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "office/closing/inside.h"

static struct entry entry(enum entry_state state, int64_t lead, int64_t officer)
{
    return (struct entry){ .id = 7, .state = state, .lead_id = lead, .officer_id = officer, .lists = { 31, 32 }, .n_lists = 2, .due = INSTANT_NONE };
}

static size_t count(const struct move *m, size_t n, enum what w)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++)
        k += m[i].what == w;
    return k;
}

static bool has(const struct move *m, size_t n, enum dim d, int64_t id, enum what w)
{
    for (size_t i = 0; i < n; i++)
        if (m[i].dim == d && m[i].dim_id == id && m[i].what == w)
            return true;
    return false;
}

static void registering_adds_everywhere(void **state)
{
    struct move m[MOVES_MAX];
    struct entry e = entry(STATE_PENDING, 11, 0);
    size_t n = closing_moves(NULL, &e, m);
    assert_int_equal(n, 5);
    assert_int_equal(count(m, n, MOVE_NEW), 5);
    assert_true(has(m, n, DIM_OFFICE, 0, MOVE_NEW) && has(m, n, DIM_LIST, 32, MOVE_NEW) && has(m, n, DIM_UNIT, 11, MOVE_NEW));
    assert_true(has(m, n, DIM_OFFICER, 0, MOVE_NEW));      /* nobody's: still counted */
    assert_false(closing_remembers(NULL, &e));
}

static void reading_items_leave_nothing(void **state)
{
    struct move m[MOVES_MAX];
    struct entry b = entry(STATE_ACTIVE, 0, 0), a = entry(STATE_SETTLED, 0, 0);
    b.reading = a.reading = true;
    assert_int_equal(closing_moves(NULL, &b, m), 0);
    assert_int_equal(closing_moves(&b, &a, m), 0);
    assert_false(closing_remembers(&b, &a));
}

static void suspended_counts_as_carried(void **state)
{
    struct move m[MOVES_MAX];
    struct entry b = entry(STATE_ACTIVE, 11, 21), a = entry(STATE_SUSPENDED, 11, 21);
    assert_int_equal(closing_moves(&b, &a, m), 0);
    assert_int_equal(closing_moves(&a, &b, m), 0);
}

static void ends_and_returns(void **state)
{
    struct move m[MOVES_MAX];
    struct entry open = entry(STATE_ACTIVE, 11, 21), settled = entry(STATE_SETTLED, 11, 21), gone = entry(STATE_WITHDRAWN, 11, 21);
    struct entry archived = entry(STATE_ARCHIVED, 11, 21);
    size_t n = closing_moves(&open, &settled, m);
    assert_int_equal(count(m, n, MOVE_SETTLED), 5);
    n = closing_moves(&open, &gone, m);
    assert_int_equal(count(m, n, MOVE_WITHDRAWN), 5);
    n = closing_moves(&settled, &open, m);
    assert_int_equal(count(m, n, MOVE_REOPENED), 5);
    assert_int_equal(closing_moves(&settled, &archived, m), 0);
    assert_true(closing_remembers(&open, &settled) && closing_remembers(&settled, &open));
    assert_false(closing_remembers(&settled, &archived));
}

static void moves_go_out_and_in(void **state)
{
    struct move m[MOVES_MAX];
    struct entry b = entry(STATE_ACTIVE, 11, 21), a = entry(STATE_PENDING, 12, 22);
    a.lists[1] = 33;
    size_t n = closing_moves(&b, &a, m);
    assert_int_equal(n, 6);
    assert_true(has(m, n, DIM_UNIT, 11, MOVE_OUT) && has(m, n, DIM_UNIT, 12, MOVE_IN));
    assert_true(has(m, n, DIM_OFFICER, 21, MOVE_OUT) && has(m, n, DIM_OFFICER, 22, MOVE_IN));
    assert_true(has(m, n, DIM_LIST, 32, MOVE_OUT) && has(m, n, DIM_LIST, 33, MOVE_IN));
    a.lists[0] = 33, a.lists[1] = 31;            /* the order of lists says nothing */
    b.lists[0] = 31, b.lists[1] = 33;
    a.lead_id = b.lead_id, a.officer_id = b.officer_id;
    assert_int_equal(closing_moves(&b, &a, m), 0);
}

static void settled_in_its_new_place(void **state)
{
    struct move m[MOVES_MAX];
    struct entry b = entry(STATE_ACTIVE, 11, 21), a = entry(STATE_SETTLED, 12, 21);
    a.n_lists = 1;
    size_t n = closing_moves(&b, &a, m);
    assert_true(has(m, n, DIM_UNIT, 11, MOVE_OUT) && has(m, n, DIM_UNIT, 12, MOVE_IN) && has(m, n, DIM_UNIT, 12, MOVE_SETTLED));
    assert_true(has(m, n, DIM_LIST, 32, MOVE_OUT) && has(m, n, DIM_LIST, 31, MOVE_SETTLED) && !has(m, n, DIM_LIST, 32, MOVE_SETTLED));
}

static void reopened_where_it_is_now(void **state)
{
    struct move m[MOVES_MAX];
    struct entry b = entry(STATE_SETTLED, 11, 21), amended = entry(STATE_SETTLED, 12, 21), a = entry(STATE_ACTIVE, 13, 22);
    a.n_lists = 0;
    assert_int_equal(closing_moves(&b, &amended, m), 0);
    assert_true(closing_remembers(&b, &amended));
    size_t n = closing_moves(&amended, &a, m);
    assert_int_equal(n, 3);
    assert_true(has(m, n, DIM_UNIT, 13, MOVE_REOPENED) && has(m, n, DIM_OFFICER, 22, MOVE_REOPENED));
}

static void the_most_rows_fit(void **state)
{
    struct move m[MOVES_MAX];
    struct entry b = entry(STATE_ACTIVE, 11, 21), a = entry(STATE_SETTLED, 12, 22);
    b.n_lists = a.n_lists = ENTRY_LISTS_MAX;
    for (int i = 0; i < ENTRY_LISTS_MAX; i++)
        b.lists[i] = 100 + i, a.lists[i] = 200 + i;
    assert_int_equal(closing_moves(&b, &a, m), 2 * ENTRY_LISTS_MAX + 4 + ENTRY_LISTS_MAX + 3);
}

static void overdue_when_the_day_ended(void **state)
{
    assert_true(closing_overdue(day_start(101), 100));     /* due by the end of day 100 */
    assert_false(closing_overdue(day_start(101) + 1, 100));
    assert_false(closing_overdue(INSTANT_NONE, 100));
}

static void months(void **state)
{
    static const char *const RIGHT[] = { "2022-05", "202205", "2022年5月", "2022年05月", "2022-5", " 2022-05 " };
    static const char *const WRONG[] = { "", "2022", "2022-13", "2022-00", "20225", "2022-005", "22-05", "2022年5", "2022-05-01", "１" };
    struct err e;
    int p;
    for (size_t i = 0; i < ARRAY_LEN(RIGHT); i++) {
        assert_true(period_read(str_c(RIGHT[i]), &p, &e));
        assert_int_equal(p, 202205);
    }
    for (size_t i = 0; i < ARRAY_LEN(WRONG); i++) {
        assert_false(period_read(str_c(WRONG[i]), &p, &e));
        assert_int_equal(e.kind, ERR_INPUT);
    }
    assert_int_equal(period_next(202212), 202301);
    assert_int_equal(period_prev(202201), 202112);
    assert_int_equal(period_last(202202) - period_first(202202), 27);
    assert_int_equal(period_of(period_last(202402)), 202402);
}

static void weeks(void **state)
{
    const struct workdays *w = workdays_official();
    assert_int_equal(closing_week(w, date_day(2022, 2, 2)), date_day(2022, 2, 7));         /* spring festival: no working day */
    assert_int_equal(closing_week(w, date_day(2022, 5, 8)), date_day(2022, 5, 2));
    assert_int_equal(closing_clearing_day(w, 202209, NULL), date_day(2022, 10, 8));        /* a working Saturday */
    assert_int_equal(closing_clearing_day(w, 202204, NULL), date_day(2022, 5, 5));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registering_adds_everywhere), cmocka_unit_test(reading_items_leave_nothing), cmocka_unit_test(suspended_counts_as_carried),
        cmocka_unit_test(ends_and_returns), cmocka_unit_test(moves_go_out_and_in), cmocka_unit_test(settled_in_its_new_place),
        cmocka_unit_test(reopened_where_it_is_now), cmocka_unit_test(the_most_rows_fit), cmocka_unit_test(overdue_when_the_day_ended),
        cmocka_unit_test(months), cmocka_unit_test(weeks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
