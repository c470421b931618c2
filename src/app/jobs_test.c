/* The nightly sweep takes what is old and leaves what is not, once a night, also after nights when nobody was there. */
#include "office.h"

#include <stdatomic.h>

#include "app/app.h"
#include "store/blob.h"

enum { DAY_MS = 24 * 3600 * 1000, OLD_KEYS = 1203 };

static struct test_office o;

static int open_office(void **state)
{
    test_office_open(&o);
    return 0;
}

static int close_office(void **state)
{
    test_office_close(&o);
    return 0;
}

static void take_number(void *ctx, int64_t n, const void *bytes, size_t n_bytes) { *(int64_t *)ctx = n; }

static int64_t number(const char *sql)
{
    int64_t n = -1;
    engine_each(o.url, sql, take_number, &n);
    return n;
}

static bool begin_session(struct txn *t, void *args, struct err *err)
{
    return session_start(t, o.console.member_id, STR("test"), args, err);
}

static void put_blob(const char *bytes)
{
    uint8_t sha[32];
    struct err e;
    NO_ERR(blob_put(o.store, o.id, 1, str_c(bytes), sha, &e), &e);
}

static void session(void)
{
    struct session_new s;
    struct err e;
    NO_ERR(test_write(&o, begin_session, &s, &e), &e);
}

/* One row for each i from … to; both engines understand it. */
#define ROWS "WITH RECURSIVE n(i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO "

static void keys(int from, int to, instant_t at)
{
    char sql[400];
    snprintf(sql, sizeof sql, ROWS "idempotency (office_id, user_id, key_digest, request_digest, at, status, head, body) "
             "SELECT %lld, i, zeroblob(4), zeroblob(4), %lld, 200, '', '' FROM n", from, to, (long long)o.id, (long long)at);
    engine_each(o.url, sql, NULL, NULL);
}

static void servers(int from, int to, instant_t at)
{
    char sql[400];
    snprintf(sql, sizeof sql, ROWS "server_batch (office_id, server, batches, at) SELECT %lld, zeroblob(i), 1, %lld FROM n", from, to,
             (long long)o.id, (long long)at);
    engine_each(o.url, sql, NULL, NULL);
}

static void until_swept(instant_t now)
{
    static const struct job_kind *const kinds[] = { &app_sweep };
    struct runner *r;
    struct runner_stats s = { 0 };
    struct err e;
    sim_clock_set(&o.clock, now);
    NO_ERR(runner_start(&(struct runner_options){ o.store, kinds, 1 }, &r, &e), &e);
    for (int ms = 0; ms < 20000 && s.done < 2; ms++) {
        usleep(1000);
        runner_stats(r, &s);
    }
    runner_stop(r);
    assert_int_equal(s.done, 2);                 /* this office's and office 0's */
    assert_int_equal(s.failed + s.lost, 0);
}

static void test_sweep(void **state)
{
    instant_t night = job_sweep_at(o.id, TEST_NOW), at = night + 3 * DAY_MS;   /* nobody was there for three nights */
    if (job_sweep_at(STORE_OFFICE_SHARED, TEST_NOW) > night)
        at += DAY_MS;
    session();
    put_blob("old");
    keys(1, OLD_KEYS, at - DAY_MS);
    servers(1, 5, at - DAY_MS - 1);
    sim_clock_set(&o.clock, at - 1000);
    session();
    put_blob("young");
    keys(OLD_KEYS + 1, OLD_KEYS + 3, at - DAY_MS + 1);
    servers(6, 7, at - DAY_MS);
    until_swept(at);
    assert_int_equal(number("SELECT count(*) FROM session"), 1);
    assert_int_equal(number("SELECT count(*) FROM blob"), 1);
    assert_int_equal(number("SELECT count(*) FROM idempotency"), 3);
    assert_int_equal(number("SELECT count(*) FROM server_batch WHERE batches = 1"), 2);
    assert_true(number("SELECT due_at FROM job WHERE office_id = 1") == job_sweep_at(o.id, at));
    assert_true(number("SELECT job_at FROM office WHERE id = 1") == job_sweep_at(o.id, at));
    assert_int_equal(number("SELECT count(*) FROM job WHERE claim IS NOT NULL OR tries > 0"), 0);
}

/* An older database's offices wait for it from the first moment. */
static void test_migrated(void **state)
{
    engine_each(o.url, "UPDATE job SET due_at = 0, next_at = 0", NULL, NULL);
    engine_each(o.url, "UPDATE office SET job_at = 0", NULL, NULL);
    until_swept(TEST_NOW);
    assert_true(number("SELECT next_at FROM job WHERE office_id = 1") == job_sweep_at(o.id, TEST_NOW));
}

static void test_kinds(void **state)
{
    const struct job_kind *k[JOB_KINDS_MAX];
    int n = app_job_kinds(k, JOB_KINDS_MAX);
    assert_true(n >= 1 && n < JOB_KINDS_MAX);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < i; j++)
            assert_string_not_equal(k[i]->name, k[j]->name);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, open_office, close_office)
    const struct CMUnitTest tests[] = { T(test_sweep), T(test_migrated), T(test_kinds) };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("sweep", tests, NULL, NULL);
}
