/* What was asked once is not asked again, and never longer than it is true. */
#include "office.h"

#include "messages.h"
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

static struct str setting(struct db *db)
{
    struct err e;
    struct str v;
    NO_ERR(db_snapshot_begin(db, &e), &e);
    NO_ERR(setting_get(db, &o.arena, o.id, "light.yellow", "3", &v, &e), &e);
    db_snapshot_end(db);
    return v;
}

static bool set(struct txn *t, void *args, struct err *err) { return setting_set(t, "light.yellow", *(struct str *)args, err); }

static void write_setting(struct store *s, struct str v)
{
    struct err e;
    NO_ERR(store_write_wait(s, o.id, o.console.member_id, set, &v, &e), &e);
}

/* Behind the version's back nothing is seen, which proves that nothing was asked; with it everything. */
static void a_reader_keeps_its_directory(void **state)
{
    char sql[200];
    write_setting(o.store, STR("4"));
    assert_true(str_eqc(setting(o.db), "4"));
    snprintf(sql, sizeof sql, "UPDATE setting SET value = '9' WHERE office_id = %d AND name = 'light.yellow'", (int)o.id);
    engine_tamper(o.url, sql);
    assert_true(str_eqc(setting(o.db), "4"));
    snprintf(sql, sizeof sql, "UPDATE office SET directory_version = directory_version + 1 WHERE id = %d", (int)o.id);
    engine_tamper(o.url, sql);
    assert_true(str_eqc(setting(o.db), "9"));
}

static void a_write_is_seen_at_once(void **state)
{
    for (int i = 0; i < 100; i++) {
        struct str v = arena_printf(&o.arena, "%d", i);
        write_setting(o.store, v);
        assert_true(str_eq(setting(o.db), v));
    }
}

/* Outside a snapshot two questions are of two moments. */
static void without_a_snapshot_nothing_is_kept(void **state)
{
    struct err e;
    struct str v;
    write_setting(o.store, STR("5"));
    NO_ERR(setting_get(o.db, &o.arena, o.id, "light.yellow", "", &v, &e), &e);
    write_setting(o.store, STR("6"));
    NO_ERR(setting_get(o.db, &o.arena, o.id, "light.yellow", "", &v, &e), &e);
    assert_true(str_eqc(v, "6"));
}

struct seen { struct str before, after; };

static bool change_and_refuse(struct txn *t, void *args, struct err *err)
{
    struct seen *s = args;
    if (!setting_get(t->db, &o.arena, o.id, "light.yellow", "", &s->before, err) || !setting_set(t, "light.yellow", STR("77"), err) ||
        !setting_get(t->db, &o.arena, o.id, "light.yellow", "", &s->after, err))
        return false;
    return err_fail(err, ERR_INPUT, 1, NULL);
}

static bool look(struct txn *t, void *args, struct err *err)
{
    return setting_get(t->db, &o.arena, o.id, "light.yellow", "", args, err);
}

static void what_was_rolled_back_is_forgotten(void **state)
{
    struct seen s = { 0 };
    struct err e;
    struct str v;
    write_setting(o.store, STR("8"));
    assert_false(store_write_alone(o.store, o.id, 0, change_and_refuse, &s, &e));
    assert_true(str_eqc(s.before, "8") && str_eqc(s.after, "77"));
    NO_ERR(store_write_wait(o.store, o.id, 0, look, &v, &e), &e);
    assert_true(str_eqc(v, "8"));
    assert_true(str_eqc(setting(o.db), "8"));
}

/* Another server writes: this one's writer and readers see it in the next batch and the next snapshot. */
static void another_server_is_heard(void **state)
{
    if (!on_postgres())                          /* a SQLite file has one writer */
        skip();
    struct store *other;
    struct err e;
    struct str v;
    NO_ERR(store_open(&(struct store_options){ .url = o.url, .clock = &o.clock.base, .write = true }, &other, &e), &e);
    for (int i = 0; i < 50; i++) {
        struct str want = arena_printf(&o.arena, "s%d", i);
        write_setting(i % 2 ? o.store : other, want);
        NO_ERR(store_write_wait(i % 2 ? other : o.store, o.id, 0, look, &v, &e), &e);
        assert_true(str_eq(v, want));
        assert_true(str_eq(setting(o.db), want));
    }
    store_close(other);
}

static bool numbers(struct txn *t, void *args, struct err *err)
{
    static const char *const KIND[] = { "a", "b", "c", "d", "e", "f", "g", "h", "i" };
    int64_t n, *sum = args;
    for (int i = 0; i < 90; i++) {
        if (!txn_series_next(t, str_c(KIND[i % 9]), 2026, &n, err))
            return false;
        *sum += n;
    }
    return true;
}

static bool number_and_refuse(struct txn *t, void *args, struct err *err)
{
    return txn_series_next(t, STR("a"), 2026, args, err) && err_fail(err, ERR_INPUT, 1, NULL);
}

/* More series than a batch holds; a refusal gives its number back. */
static void series_have_no_gaps(void **state)
{
    struct err e;
    int64_t sum = 0, n = 0;
    NO_ERR(store_write_wait(o.store, o.id, 0, numbers, &sum, &e), &e);
    assert_int_equal(sum, 9 * 55);
    assert_false(store_write_wait(o.store, o.id, 0, number_and_refuse, &n, &e));
    assert_int_equal(n, 11);
    sum = 0;
    NO_ERR(store_write_wait(o.store, o.id, 0, numbers, &sum, &e), &e);
    assert_int_equal(sum, 9 * (55 + 100));
}

/* --- many rows at once (bulk.h) ------------------------------------------------------------------------------------------------------- */

enum { MANY = 5000 };                            /* more than are sorted and sent at once, and no whole number of statements */

static const struct query PUT_SETTING = { .name = "put", .in = "iss", .out = "", .writes = true,
    .sqlite = "-- as ours begin\nINSERT INTO setting (office_id, name, value)\nVALUES (?1, ?2,\n    ?3)",
    .postgres = "-- as ours begin\nINSERT INTO setting (office_id, name, value)\nVALUES ($1, $2,\n    $3)" };

static bool put_many(struct txn *t, void *args, struct err *err)
{
    int *from = args;
    struct str v;
    txn_bulk(t);
    for (int i = *from; i < *from + MANY; i++) {
        char name[32];                           /* in no order, and gone when the rows are sent */
        int n = snprintf(name, sizeof name, "bulk.%d", (int)((int64_t)i * 7919 % (10 * MANY)));
        const struct sql_value in[] = { { .i = t->office_id }, { .s = str_n(name, (size_t)n) }, { .s = i % 3 ? STR("") : STR("v") } };
        if (!db_exec(t->db, &PUT_SETTING, in, NULL, err))
            return false;
        if (i % 1000 == 17 && (!setting_get(t->db, t->arena, t->office_id, arena_z(t->arena, in[1].s), "none", &v, err) || str_eqc(v, "none")))
            return err_fail(err, ERR_CORRUPT, M_STORE_ENGINE, NULL, A_C("a row was not seen"));
    }
    return true;
}

static int64_t bulk_rows(void)
{
    struct err e;
    int64_t n = 0;
    struct str v;
    NO_ERR(db_snapshot_begin(o.db, &e), &e);
    for (int i = 0; i < 10 * MANY; i += 10)
        for (int k = 0; k < 10; k += 5) {
            char name[32];
            snprintf(name, sizeof name, "bulk.%d", i + k);
            NO_ERR(setting_get(o.db, &o.arena, o.id, name, "none", &v, &e), &e);
            n += !str_eqc(v, "none");
        }
    db_snapshot_end(o.db);
    return n;
}

static void many_rows_go_together(void **state)
{
    struct err e;
    int from = 0;
    NO_ERR(store_write_wait(o.store, o.id, 0, put_many, &from, &e), &e);
    int64_t first = bulk_rows();
    assert_in_range(first, MANY / 5 - 50, MANY / 5 + 50);
    from = MANY;
    NO_ERR(store_write_wait(o.store, o.id, 0, put_many, &from, &e), &e);
    int64_t second = bulk_rows();
    assert_in_range(second - first, MANY / 5 - 50, MANY / 5 + 50);
    from = 2 * MANY - 1;                         /* the first is there already: all are refused */
    assert_false(store_write_wait(o.store, o.id, 0, put_many, &from, &e));
    assert_int_equal(bulk_rows(), second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_reader_keeps_its_directory, setup, teardown),
        cmocka_unit_test_setup_teardown(a_write_is_seen_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(without_a_snapshot_nothing_is_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(what_was_rolled_back_is_forgotten, setup, teardown),
        cmocka_unit_test_setup_teardown(another_server_is_heard, setup, teardown),
        cmocka_unit_test_setup_teardown(series_have_no_gaps, setup, teardown),
        cmocka_unit_test_setup_teardown(many_rows_go_together, setup, teardown),
    };
    return cmocka_run_group_tests_name("memo", tests, NULL, NULL);
}
