/* A store in a folder of its own with one office, and the write that most tests do: "step k" leaves one journal line and one row,
 * both with the number k, so that a half-written step can be seen afterwards. Included by store tests. */
#ifndef WHS_TESTS_STORE_FIXTURE_H
#define WHS_TESTS_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/tr.h"
#include "store/journal.h"
#include "store/store.h"

#define FIXTURE static __attribute__((unused))

static struct fixture {
    char dir[64], path[96], url[112];
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
    sqlite3 *h;
    assert_int_equal(sqlite3_open(fix.path, &h), SQLITE_OK);
    assert_int_equal(sqlite3_exec(h, "CREATE TABLE step (office_id INTEGER NOT NULL, k INTEGER NOT NULL, at INTEGER NOT NULL, "
                                     "body TEXT NOT NULL, PRIMARY KEY (office_id, k)) STRICT", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(h);
}

FIXTURE void fix_up(void)
{
    unsetenv("WHS_KEY");
    strcpy(fix.dir, "/tmp/whs-store-XXXXXX");
    assert_non_null(mkdtemp(fix.dir));
    snprintf(fix.path, sizeof fix.path, "%s/t.db", fix.dir);
    snprintf(fix.url, sizeof fix.url, "sqlite:%s", fix.path);
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
    char cmd[128];
    fix_close();
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", fix.dir);
    assert_int_equal(system(cmd), 0);
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

/* What is in the file, read without the store: at[k] says 1 for a row, 2 for a line, 3 for both. */
FIXTURE void fix_steps(uint8_t *at, int64_t n)
{
    static const char *const SQL[] = { "SELECT k FROM step", "SELECT entity_id FROM journal WHERE entity='entry'" };
    sqlite3 *h;
    memset(at, 0, (size_t)n);
    assert_int_equal(sqlite3_open(fix.path, &h), SQLITE_OK);
    for (int i = 0; i < 2; i++) {
        sqlite3_stmt *st;
        assert_int_equal(sqlite3_prepare_v2(h, SQL[i], -1, &st, NULL), SQLITE_OK);
        while (sqlite3_step(st) == SQLITE_ROW) {
            int64_t k = sqlite3_column_int64(st, 0);
            assert_in_range(k, 0, n - 1);
            assert_int_equal(at[k] & (1 << i), 0);
            at[k] |= (uint8_t)(1 << i);
        }
        sqlite3_finalize(st);
    }
    sqlite3_db_config(h, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_close(h);
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

FIXTURE void tamper(const char *sql)
{
    sqlite3 *h;
    assert_int_equal(sqlite3_open(fix.path, &h), SQLITE_OK);
    if (sqlite3_exec(h, sql, NULL, NULL, NULL) != SQLITE_OK)
        print_error("%s: %s\n", sql, sqlite3_errmsg(h));
    assert_int_equal(sqlite3_changes(h), 1);
    sqlite3_close(h);
}

#endif
