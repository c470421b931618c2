#include "store_fixture.h"

#include "store/blob.h"

enum { DAY = 24 * 3600 * 1000 };

struct got {
    struct buf all;
    int parts;
};

static bool part(void *ctx, struct str bytes)
{
    struct got *g = ctx;
    buf_str(&g->all, bytes);
    g->parts++;
    return true;
}

static bool refuse(void *ctx, struct str bytes) { return false; }

struct reference {
    const uint8_t *sha;
    int delta;
};

static bool reference(struct txn *t, void *args, struct err *err)
{
    const struct reference *r = args;
    return blob_ref(t, r->sha, r->delta, err);
}

static struct str noise(size_t n, char salt)
{
    char *p = malloc(n + 1);
    for (size_t i = 0; i < n; i++)
        p[i] = (char)(i * 31 + i / 251 + (size_t)salt);
    return str_n(p, n);
}

static void round_trip(struct db *db, size_t n, int parts)
{
    uint8_t sha[32];
    int64_t size = -1;
    struct str bytes = noise(n, 1);
    struct got g = { 0 };
    must(blob_put(fix.s, fix.office, 1, bytes, sha, &err));
    must(blob_get(db, fix.office, sha, part, &g, &size, &err));
    assert_int_equal(size, n);
    assert_int_equal(g.parts, parts);
    assert_true(str_eq(buf_view(&g.all), bytes));
    buf_release(&g.all);
    free((char *)bytes.p);
}

static void test_put_get(void **state)
{
    struct db *db;
    must(store_reader_open(fix.s, &db, &err));
    round_trip(db, 0, 0);
    round_trip(db, 1, 1);
    round_trip(db, BLOB_PART, 1);
    round_trip(db, BLOB_PART + 1, 2);
    round_trip(db, 5 * 1024 * 1024 + 7, 21);
    uint8_t sha[32] = { 0 };
    struct str large = { "", (size_t)BLOB_MAX + 1 };
    must_fail(blob_put(fix.s, fix.office, 1, large, sha, &err), ERR_LIMIT);
    must_fail(blob_get(db, fix.office, sha, part, NULL, NULL, &err), ERR_NOT_FOUND);
    store_reader_close(db);
}

static void test_twice_costs_nothing(void **state)
{
    uint8_t sha[32];
    struct store_stats a, b;
    struct str bytes = noise(600000, 2);
    must(blob_put(fix.s, fix.office, 1, bytes, sha, &err));
    struct reference r = { sha, 1 };
    must(store_write_wait(fix.s, fix.office, 1, reference, &r, &err));
    store_stats(fix.s, &a);
    must(blob_put(fix.s, fix.office, 1, bytes, sha, &err));
    store_stats(fix.s, &b);
    assert_int_equal(a.commits, b.commits);
    free((char *)bytes.p);
}

static void test_damage(void **state)
{
    struct db *db;
    struct got g = { 0 };
    uint8_t sha[32];
    struct str bytes = noise(600000, 3);
    must(blob_put(fix.s, fix.office, 1, bytes, sha, &err));
    must(store_reader_open(fix.s, &db, &err));
    must_fail(blob_get(db, fix.office, sha, refuse, &g, NULL, &err), ERR_BUSY);
    tamper("UPDATE blob_part SET bytes = zeroblob(length(bytes)) WHERE n = 1");
    must_fail(blob_get(db, fix.office, sha, part, &g, NULL, &err), ERR_CORRUPT);
    tamper("DELETE FROM blob_part WHERE n = 2");
    must_fail(blob_get(db, fix.office, sha, part, &g, NULL, &err), ERR_CORRUPT);
    store_reader_close(db);
    buf_release(&g.all);
    free((char *)bytes.p);
}

static void test_sweep(void **state)
{
    struct db *db;
    struct sim_clock clock;
    uint8_t kept[32], orphan[32];
    int64_t swept;
    struct str a = noise(300000, 4), b = noise(10 * 1024 * 1024, 5);       /* 40 parts: two steps */
    struct got g = { 0 };
    sim_clock_init(&clock, 1767225600000);
    fix_close();
    fix.o.clock = &clock.base;
    fix_open();
    must(blob_put(fix.s, fix.office, 1, a, kept, &err));
    must(blob_put(fix.s, fix.office, 1, b, orphan, &err));
    struct reference r = { kept, 1 };
    must(store_write_wait(fix.s, fix.office, 1, reference, &r, &err));
    sim_clock_set(&clock, 1767225600000 + DAY);
    must(store_sweep_blobs(fix.s, fix.office, NULL, NULL, &swept, &err));
    assert_int_equal(swept, 0);                  /* not older than a day */
    sim_clock_set(&clock, 1767225600000 + DAY + 1);
    must(store_sweep_blobs(fix.s, fix.office, NULL, NULL, &swept, &err));
    assert_int_equal(swept, 1);
    must(store_reader_open(fix.s, &db, &err));
    must(blob_get(db, fix.office, kept, part, &g, NULL, &err));
    must_fail(blob_get(db, fix.office, orphan, part, &g, NULL, &err), ERR_NOT_FOUND);
    store_reader_close(db);
    r = (struct reference){ orphan, 1 };
    must_fail(store_write_wait(fix.s, fix.office, 1, reference, &r, &err), ERR_NOT_FOUND);
    r = (struct reference){ kept, -2 };
    must_fail(store_write_wait(fix.s, fix.office, 1, reference, &r, &err), ERR_NOT_FOUND);
    buf_release(&g.all);
    free((char *)a.p);
    free((char *)b.p);
    fix_close();
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = { T(test_put_get), T(test_twice_costs_nothing), T(test_damage), T(test_sweep) };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("blob", tests, NULL, NULL);
}
