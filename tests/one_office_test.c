/* No statement touches two offices: the rule that tools/sqlc applies at build (tools/one_office.h), here to all that the program holds, and to what
 * store/filter.c makes at run time.
 *
 * engine: none — statements are read, not run
 */
#include "queries.h"

#include <string.h>

#include "filters.h"
#include "one_office.h"

static struct arena arena = ARENA_INIT(0);

/* The office is always the first parameter. */
static struct one_office read_rule(struct str sql) { return one_office(&arena, sql, 1, 0); }

/* Those that are about all offices on purpose. Whoever adds one adds it here. */
static const char *const EXCEPT[] = {
    "store.office_last", "store.office_by_code", "store.office_all", "store.office_due", "store.office_due_count", "store.office_due_next",
    "people.offices", "people.office_by_code",
};

static bool excepted(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(EXCEPT); i++)
        if (strcmp(EXCEPT[i], name) == 0)
            return true;
    return false;
}

static void every_query(void **state)
{
    size_t seen = 0, except = 0;
    every_list_is_here();
    for (size_t l = 0; l < ARRAY_LEN(QUERY_LISTS); l++)
        for (const struct query *const *q = QUERY_LISTS[l]; *q; q++, seen++) {
            struct one_office r = read_rule(str_c((*q)->sqlite));
            bool mark = strstr((*q)->sqlite, "-- all offices: ") != NULL;
            if (mark != excepted((*q)->name) || mark == r.good)
                fail_msg("%s: %.*s", (*q)->name, STR_ARG(r.good ? STR("marked, or named here, without need") : r.why));
            except += mark;
        }
    assert_int_equal(except, ARRAY_LEN(EXCEPT));
    assert_in_range(seen, 100, 1000);
}

static size_t filters;

static void check_filter(struct str sql, const char *in, const char *out)
{
    struct one_office r = read_rule(sql);
    filters++;
    if (!r.good)
        fail_msg("%.*s: %.*s", STR_ARG(sql), STR_ARG(r.why));
    assert_in_range(r.n, 1, 5);
    assert_int_equal(in[0], 'i');
}

static void every_filter_made(void **state)
{
    every_filter(check_filter);
    assert_in_range(filters, 1536, 100000);
}

/* The parser of the rule is what stands between two offices: here it sees what tools.test.js cannot write into a query. */
static void the_rule(void **state)
{
    assert_true(read_rule(STR("SELECT e.id FROM entry e WHERE e.office_id = $1")).good);
    assert_true(read_rule(STR("SELECT e.id FROM entry e WHERE e.office_id = ?1 AND e.title LIKE ?2 ESCAPE '\\'")).good);
    assert_false(read_rule(STR("SELECT e.id FROM entry e WHERE e.office_id = $11")).good);
    assert_false(read_rule(STR("SELECT e.id FROM entry e WHERE e.office_id = $2")).good);
    assert_false(read_rule(STR("SELECT e.id FROM entry e WHERE (e.office_id = $1")).good);
    assert_false(read_rule(STR("SELECT e.id FROM entry e WHERE e.office_id = $1)")).good);
    assert_false(read_rule(STR("SELECT e.id FROM entry e -- WHERE e.office_id = $1")).good);
    assert_false(read_rule(STR("SELECT e.id FROM entry e WHERE e.title = 'it''s' OR e.office_id = $1")).good);
    assert_false(read_rule(STR("TRUNCATE entry")).good);
    assert_false(read_rule(STR("")).good);
    assert_int_equal(read_rule(STR("SELECT e.id FROM entry e JOIN stand s ON s.entry_id = e.id WHERE e.office_id = $1")).at, 30);
}

static int teardown(void **state)
{
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(the_rule), cmocka_unit_test(every_query), cmocka_unit_test(every_filter_made) };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
