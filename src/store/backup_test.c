/* A backup is a SQLite file on both engines. A file is put back in the place of the old one, which is kept; a PostgreSQL database must be empty. */
#include "store_fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

static char copy[128];

static int up(void **state)
{
    fix_up();
    snprintf(copy, sizeof copy, "%s/copy.db", fix.dir);
    return 0;
}

/* Where a backup can be put back: on PostgreSQL an empty database under the same name. */
static void make_room(void)
{
    char db[48];
    if (!on_postgres())
        return;
    must_fail(store_restore(&fix.o, copy, &err), ERR_CONFLICT);
    assert_int_equal(sscanf(fix.url, "postgresql:///%47[^?]", db), 1);
    engine_admin("DROP", db, "");
    engine_admin("CREATE", db, "");
}

static void steps(int64_t from, int64_t to)
{
    for (int64_t k = from; k < to; k++)
        must(store_write_wait(fix.s, fix.office, 1, step, &k, &err));
}

static _Atomic bool over;

static void *keep_writing(void *arg)
{
    for (int64_t k = 1000; !over; k++)
        must(store_write_wait(fix.s, fix.office, 1, step, &k, &err));
    return NULL;
}

static bool bulk(struct txn *t, void *args, struct err *err)
{
    for (int64_t k = 100000; k < 140000; k++)
        if (!step_row(t, k, err) || !step_line(t, k, err))
            return false;
    return true;
}

static bool seen(void *ctx, int64_t done, int64_t total)
{
    *(int *)ctx += 1;
    usleep(2000);                                /* so that commits fall between two steps */
    return true;
}

static bool no(void *ctx, int64_t done, int64_t total) { return false; }

static bool there(const char *suffix)
{
    char name[160];
    snprintf(name, sizeof name, "%s%s", copy, suffix);
    return access(name, F_OK) == 0;
}

static void test_backup_while_writing(void **state)
{
    pthread_t writer;
    int reports = 0;
    struct stat st;
    must(store_write_wait(fix.s, fix.office, 1, bulk, NULL, &err));
    over = false;
    pthread_create(&writer, NULL, keep_writing, NULL);
    must(store_backup(fix.s, copy, seen, &reports, &err));
    must_fail(store_backup(fix.s, copy, NULL, NULL, &err), ERR_CONFLICT);
    over = true;
    pthread_join(writer, NULL);
    assert_true(reports > 1);
    assert_int_equal(stat(copy, &st), 0);
    assert_int_equal(st.st_mode & 077, 0);
    assert_false(there("-wal") || there(".making"));
    int64_t all = fix_verify();
    fix_close();
    make_room();
    must(store_restore(&fix.o, copy, &err));
    fix_open();
    int64_t restored = fix_verify();             /* one moment: rows, lines and head agree */
    assert_true(restored >= 40000 && restored < all);
    fix_close();
    if (on_postgres())
        return;                                  /* the table of steps is not the product's and stays behind */
    static uint8_t at[200000];
    fix_steps(at, 200000);
    for (int k = 0; k < 200000; k++)
        assert_true(at[k] == 0 || at[k] == 3);
}

static void test_backup_stopped(void **state)
{
    must_fail(store_backup(fix.s, copy, no, NULL, &err), ERR_BUSY);
    assert_false(there("") || there(".making"));
    must_fail(store_backup(fix.s, "/nowhere/at/all.db", NULL, NULL, &err), ERR_NOT_FOUND);
}

static void test_restore(void **state)
{
    uint8_t at[64];
    steps(0, 10);
    must(store_backup(fix.s, copy, NULL, NULL, &err));
    steps(10, 20);
    must_fail(store_restore(&fix.o, copy, &err), ERR_BUSY);    /* a writer lives */
    fix_close();
    make_room();
    must(store_restore(&fix.o, copy, &err));
    if (on_postgres())
        step_table();
    fix_open();
    assert_int_equal(fix_verify(), 10);
    steps(30, 40);                               /* the restored one goes on */
    assert_int_equal(fix_verify(), 20);
    fix_close();
    if (on_postgres())
        return;
    char kept[160];
    snprintf(kept, sizeof kept, "%s.before-restore", fix.path);
    assert_int_equal(rename(kept, fix.path), 0);
    fix_unlink("-wal");
    fix_unlink("-shm");
    fix_steps(at, 64);                           /* nothing of the old one was lost */
    for (int k = 0; k < 20; k++)
        assert_int_equal(at[k], 3);
}

static void test_restore_to_nothing(void **state)
{
    steps(0, 5);
    must(store_backup(fix.s, copy, NULL, NULL, &err));
    fix_close();
    fix_unlink("");
    fix_unlink("-wal");
    fix_unlink("-shm");
    make_room();
    must(store_restore(&fix.o, copy, &err));
    fix_open();
    assert_int_equal(fix_verify(), 5);
}

/* The backup itself is opened like any database, with the key that is kept apart. */
static void test_backup_is_a_database(void **state)
{
    char url[140], key[140];
    struct store *s;
    struct db *db;
    struct journal_head head;
    steps(0, 5);
    must(store_backup(fix.s, copy, NULL, NULL, &err));
    snprintf(url, sizeof url, "sqlite:%s", copy);
    snprintf(key, sizeof key, "%s/t.db.key", fix.dir);
    must_fail(store_open(&(struct store_options){ .url = url, .key = "/nowhere.key" }, &s, &err), ERR_NOT_FOUND);
    must(store_open(&(struct store_options){ .url = url, .key = key }, &s, &err));
    must(store_reader_open(s, &db, &err));
    must(journal_verify(db, fix.office, NULL, NULL, &head, &err));
    assert_int_equal(head.seq, 5);
    store_reader_close(db);
    store_close(s);
}

static void spoil(const char *sql)
{
    sqlite3 *h;
    assert_int_equal(sqlite3_open(copy, &h), SQLITE_OK);
    assert_int_equal(sqlite3_exec(h, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(h);
}

static void test_restore_refuses(void **state)
{
    static const char *const SPOIL[] = {
        "DELETE FROM journal WHERE seq = 3 AND office_id = 1", "UPDATE journal SET verb = 'x' WHERE seq = 7", "PRAGMA user_version = 500",
        "PRAGMA application_id = 5", "UPDATE data_key SET wrapped = zeroblob(length(wrapped)) WHERE office_id = 0",
    };
    steps(0, 10);
    fix_close();
    for (size_t i = 0; i < ARRAY_LEN(SPOIL); i++) {
        unlink(copy);
        fix_open();
        must(store_backup(fix.s, copy, NULL, NULL, &err));
        fix_close();
        spoil(SPOIL[i]);
        must_fail(store_restore(&fix.o, copy, &err), ERR_CORRUPT);
    }
    FILE *f = fopen(copy, "r+");
    fseek(f, 8192, SEEK_SET);
    for (int i = 0; i < 4096; i++)
        fputc(0x55, f);
    fclose(f);
    must_fail(store_restore(&fix.o, copy, &err), ERR_CORRUPT);
    must_fail(store_restore(&fix.o, "/nowhere.db", &err), ERR_NOT_FOUND);
    fix_open();
    assert_int_equal(fix_verify(), 10);          /* all those attempts changed nothing */
    char name[160];
    snprintf(name, sizeof name, "%s.restoring", fix.path);
    assert_int_not_equal(access(name, F_OK), 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, up, teardown)
    const struct CMUnitTest tests[] = {
        T(test_backup_while_writing), T(test_backup_stopped), T(test_restore), T(test_restore_to_nothing), T(test_backup_is_a_database), T(test_restore_refuses),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("backup", tests, NULL, NULL);
}
