/* A store in a folder of its own with one office, and the write that most tests do: "step k" leaves one journal line and one row,
 * both with the number k, so that a half-written step can be seen afterwards. Included by store tests. */
#ifndef WHS_TESTS_STORE_FIXTURE_H
#define WHS_TESTS_STORE_FIXTURE_H

#include "engine.h"

#include <fcntl.h>

#include "base/tr.h"
#include "store/journal.h"
#include "store/store.h"

#define FIXTURE static __attribute__((unused))

static struct fixture {
    char dir[64], path[96], url[ENGINE_URL_MAX];    /* path: SQLite's file; on PostgreSQL only what names the files beside it */
    struct store_options o;
    struct store *s;
    int64_t office;
} fix;

FIXTURE const char *said(const struct err *e)
{
    static _Thread_local struct buf b;
    buf_clear(&b);
    tr_err(&b, LANG_ZH, e);
    return b.p;
}

#define must(call) \
    do { \
        struct err err = { 0 }; \
        if (!(call)) { \
            print_error("%s:%d: %s: %s\n", __FILE__, __LINE__, #call, said(&err)); \
            fail(); \
        } \
    } while (0)
#define must_fail(call, kind_wanted) \
    do { \
        struct err err = { 0 }; \
        assert_false(call); \
        assert_int_equal(err.kind, kind_wanted); \
        assert_true(strlen(said(&err)) > 0); \
    } while (0)

FIXTURE bool make_office(struct txn *t, void *args, struct err *err)
{
    return txn_office_create(t, STR("test"), STR("县政府办公室"), args, err);
}

FIXTURE void fix_open(void) { must(store_open(&fix.o, &fix.s, &err)); }

FIXTURE void fix_close(void)
{
    store_close(fix.s);
    fix.s = NULL;
}

/* A table of the tests' own, so that no change of the product's tables reaches them. */
FIXTURE void step_table(void)
{
    engine_each(fix.url, "CREATE TABLE step (office_id BIGINT NOT NULL, k BIGINT NOT NULL, at BIGINT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (office_id, k))", NULL, NULL);
}

FIXTURE void fix_up(void)
{
    strcpy(fix.dir, "/tmp/whs-store-XXXXXX");
    assert_non_null(mkdtemp(fix.dir));
    snprintf(fix.path, sizeof fix.path, "%s/t.db", fix.dir);
    engine_make(fix.url, fix.dir);
    fix.o = (struct store_options){ .url = fix.url, .write = true };
    must(store_create(&fix.o, &err));
    step_table();
    fix_open();
    must(store_write_wait(fix.s, STORE_OFFICE_SHARED, 0, make_office, &fix.office, &err));
}

FIXTURE void fix_unlink(const char *suffix)
{
    char name[128];
    snprintf(name, sizeof name, "%s%s", fix.path, suffix);
    unlink(name);
}

FIXTURE void fix_down(void)
{
    fix_close();
    engine_drop(fix.url, fix.dir);
}

FIXTURE int setup(void **state)
{
    fix_up();
    return 0;
}

FIXTURE int teardown(void **state)
{
    fix_down();
    return 0;
}

static const struct query STEP_ROW = {
    .name = "test.step", .in = "iits", .out = "", .writes = true,
    .sqlite = "INSERT INTO step (office_id, k, at, body) VALUES (?1, ?2, ?3, ?4)",
    .postgres = "INSERT INTO step (office_id, k, at, body) VALUES ($1, $2, $3, $4)",
};

FIXTURE bool step_row(struct txn *t, int64_t k, struct err *err)
{
    const struct sql_value in[] = {
        { .i = t->office_id }, { .i = k }, { .i = t->at }, { .s = STR("已登记") },
    };
    return db_exec(t->db, &STEP_ROW, in, NULL, err);
}

FIXTURE bool step_line(struct txn *t, int64_t k, struct err *err)
{
    const struct journal_line line = {
        .day = DAY_NONE, .entity = STR("entry"), .entity_id = k, .verb = STR("register"), .after = STR("{\"title\":\"关于防汛工作的通知\"}"),
    };
    return journal_add(t, &line, err);
}

FIXTURE bool step(struct txn *t, void *args, struct err *err)
{
    int64_t k = *(int64_t *)args, last;
    return step_row(t, k, err) && txn_series_next(t, STR("document"), 2026, &last, err) && step_line(t, k, err);
}

struct fix_seen {
    uint8_t *at, bit;
    int64_t n;
};

FIXTURE void fix_seen_row(void *ctx, int64_t k, const void *bytes, size_t n_bytes)
{
    struct fix_seen *seen = ctx;
    assert_in_range(k, 0, seen->n - 1);
    assert_int_equal(seen->at[k] & seen->bit, 0);
    seen->at[k] |= seen->bit;
}

/* What is in the database, read without the store: at[k] says 1 for a row, 2 for a line, 3 for both. */
FIXTURE void fix_steps(uint8_t *at, int64_t n)
{
    memset(at, 0, (size_t)n);
    engine_each(fix.url, "SELECT k FROM step", fix_seen_row, &(struct fix_seen){ at, 1, n });
    engine_each(fix.url, "SELECT entity_id FROM journal WHERE entity='entry'", fix_seen_row, &(struct fix_seen){ at, 2, n });
}

FIXTURE int64_t fix_verify(void)
{
    struct db *db;
    struct journal_head head;
    must(store_reader_open(fix.s, &db, &err));
    must(journal_verify(db, fix.office, NULL, NULL, &head, &err));
    must(journal_verify(db, STORE_OFFICE_SHARED, NULL, NULL, NULL, &err));
    store_reader_close(db);
    return head.seq;
}

FIXTURE void tamper(const char *sql) { engine_tamper(fix.url, sql); }

#endif
