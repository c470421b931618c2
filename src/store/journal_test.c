/* The chain: what was changed, taken out or cut off is found, and where. */
#include "store_fixture.h"

#include <time.h>

enum { LINES = 100, LONG = 100000 };

static bool many_lines(struct txn *t, void *args, struct err *err)
{
    int64_t n = *(int64_t *)args;
    for (int64_t k = 0; k < n; k++)
        if (!step_line(t, k, err))
            return false;
    return true;
}

static int lines_up(void **state)
{
    int64_t n = LINES;
    fix_up();
    must(store_write_wait(fix.s, fix.office, 3, many_lines, &n, &err));
    return 0;
}

static void broken_at(int64_t seq)
{
    struct db *db;
    struct err e = { 0 };
    must(store_reader_open(fix.s, &db, &err));
    assert_false(journal_verify(db, fix.office, NULL, NULL, NULL, &e));
    assert_int_equal(e.kind, ERR_CORRUPT);
    if (e.arg[0].i != seq)
        fail_msg("found at %ld instead of %ld", (long)e.arg[0].i, (long)seq);
    store_reader_close(db);
}

/* The encoding is a format: this hash was computed once from journal.h without this program (openssl dgst -sm3) and may never change. */
static void test_encoding(void **state)
{
    struct sim_clock clock;
    int64_t k = 5;
    struct db *db;
    struct journal_head head;
    sim_clock_init(&clock, 1767225600000);
    fix_close();
    fix.o.clock = &clock.base;
    fix_open();
    must(store_write_wait(fix.s, fix.office, 7, step, &k, &err));
    must(store_reader_open(fix.s, &db, &err));
    must(journal_head(db, fix.office, &head, &err));
    store_reader_close(db);
    struct buf hex = BUF_INIT;
    buf_hex(&hex, head.hash, sizeof head.hash);
    assert_string_equal(hex.p, "088314f20c8280a40b83ae79df0f6da2095d2e99eef9a52e7db366600589b607");
    buf_release(&hex);
    fix_close();
}

static void test_each_column(void **state)
{
    static const char *const SET[] = {
        "at = at + 1", "day = day - 1", "actor_id = 4", "deputy_of = 1", "entity = 'entri'", "entity_id = entity_id + 1",
        "verb = 'registes'", "before = ' '", "after = replace(after, '防', '坊')", "suite = 2", "hash = zeroblob(32)", "hash = zeroblob(0)",
    };
    for (size_t i = 0; i < ARRAY_LEN(SET); i++) {
        int64_t seq = 1 + (int64_t)(i * 37 % LINES);
        char sql[300];
        /* the line is kept aside to be put back: what was tampered with and restored verifies again */
        tamper("CREATE TABLE aside AS SELECT * FROM journal WHERE 1 = 0; UPDATE office SET name = name WHERE id = 0");
        snprintf(sql, sizeof sql, "INSERT INTO aside SELECT * FROM journal WHERE office_id = 1 AND seq = %ld", (long)seq);
        tamper(sql);
        snprintf(sql, sizeof sql, "UPDATE journal SET %s WHERE office_id = 1 AND seq = %ld", SET[i], (long)seq);
        tamper(sql);
        broken_at(seq);
        snprintf(sql, sizeof sql, "DELETE FROM journal WHERE office_id = 1 AND seq = %ld", (long)seq);
        tamper(sql);
        tamper("INSERT INTO journal SELECT * FROM aside");
        tamper("DROP TABLE aside; UPDATE office SET name = name WHERE id = 0");
        assert_int_equal(fix_verify(), LINES);
    }
}

static void test_missing_lines(void **state)
{
    tamper("DELETE FROM journal WHERE office_id = 1 AND seq = 100");
    broken_at(100);
    tamper("DELETE FROM journal WHERE office_id = 1 AND seq = 41");
    broken_at(41);
    tamper("DELETE FROM journal WHERE office_id = 1 AND seq = 1");
    broken_at(1);
}

static void test_shifted_and_added(void **state)
{
    tamper("INSERT INTO journal SELECT office_id, 101, at, day, actor_id, deputy_of, entity, entity_id, verb, before, after, suite, hash "
           "FROM journal WHERE office_id = 1 AND seq = 100");
    broken_at(101);
    tamper("UPDATE journal SET seq = 0 WHERE office_id = 1 AND seq = 101");
    broken_at(1);
    tamper("DELETE FROM journal WHERE office_id = 1 AND seq = 0");
    assert_int_equal(fix_verify(), LINES);
    tamper("UPDATE office SET journal_hash = zeroblob(32) WHERE id = 1");
    broken_at(100);
    tamper("UPDATE office SET journal_seq = 99 WHERE id = 1");
    broken_at(100);
}

/* The proof reads 4,096 lines at a time: nothing hides behind the end of a step. */
static void test_steps(void **state)
{
    int64_t n = 2 * 4096 - LINES;
    must(store_write_wait(fix.s, fix.office, 3, many_lines, &n, &err));
    assert_int_equal(fix_verify(), 2 * 4096);
    tamper("INSERT INTO journal SELECT office_id, 8193, at, day, actor_id, deputy_of, entity, entity_id, verb, before, after, suite, hash "
           "FROM journal WHERE office_id = 1 AND seq = 100");
    broken_at(8193);
    tamper("DELETE FROM journal WHERE office_id = 1 AND seq = 8193");
    assert_int_equal(fix_verify(), 2 * 4096);
    tamper("DELETE FROM journal WHERE office_id = 1 AND seq = 8192");
    broken_at(8192);
    tamper("UPDATE journal SET verb = 'x' WHERE office_id = 1 AND seq = 4097");
    broken_at(4097);
    tamper("DELETE FROM journal WHERE office_id = 1 AND seq = 4096");
    broken_at(4096);
}

static bool stop_soon(void *ctx, int64_t done, int64_t total)
{
    assert_int_equal(total, LONG + LINES);
    *(int64_t *)ctx = done;
    return done < LONG / 2;
}

static void test_long(void **state)
{
    int64_t n = LONG, done = 0;
    struct db *db;
    struct timespec a, b;
    must(store_write_wait(fix.s, fix.office, 3, many_lines, &n, &err));
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
    assert_int_equal(fix_verify(), LONG + LINES);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
    print_message("# %d lines verified in %.0f ms\n", LONG, (double)(b.tv_sec - a.tv_sec) * 1e3 + (double)(b.tv_nsec - a.tv_nsec) / 1e6);
    must(store_reader_open(fix.s, &db, &err));
    must_fail(journal_verify(db, fix.office, stop_soon, &done, NULL, &err), ERR_BUSY);
    assert_true(done >= LONG / 2 && done < LONG);
    struct journal_line *line;
    size_t got;
    _cleanup_(arena_release) struct arena small = ARENA_INIT(4096);
    must_fail(journal_read(db, &small, fix.office, 0, LONG, &line, &got, &err), ERR_LIMIT);
    must_fail(journal_verify(db, 99, NULL, NULL, NULL, &err), ERR_NOT_FOUND);
    store_reader_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_encoding, setup, teardown),
        cmocka_unit_test_setup_teardown(test_each_column, lines_up, teardown),
        cmocka_unit_test_setup_teardown(test_missing_lines, lines_up, teardown),
        cmocka_unit_test_setup_teardown(test_shifted_and_added, lines_up, teardown),
        cmocka_unit_test_setup_teardown(test_steps, lines_up, teardown),
        cmocka_unit_test_setup_teardown(test_long, lines_up, teardown),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
