#include "store_fixture.h"

#include "migrations.h"
#include "store/blob.h"
#include "store/crypto.h"
#include "store/inside.h"
#include "store/seal.h"
#include "store/transfer.h"

static char there[128], there_url[140];
static const struct seal_place PLACE = { "member.phone", 7 };

static int up(void **state)
{
    fix_up();
    snprintf(there, sizeof there, "%s/there.db", fix.dir);
    snprintf(there_url, sizeof there_url, "sqlite:%s", there);
    return 0;
}

/* --- one move --------------------------------------------------------------------------------------------------------------------- */

struct moving {
    struct transfer x;
    struct journal_head head;
};

static bool move_fn(struct txn *t, void *args, struct err *err)
{
    struct moving *m = args;
    return transfer_office(&m->x, t, &m->head, err);
}

static bool moved(struct store *from, int64_t office_id, const char *url, struct moving *m, struct err *why)
{
    struct target to;
    const struct store_options o = { .url = url, .write = true };
    must(store_reader_open(from, &m->x.from, &err));
    must(db_snapshot_begin(m->x.from, &err));
    m->x.from_id = office_id;
    bool ok = target_open(&o, &to, why) && store_write_alone(to.s, STORE_OFFICE_SHARED, 0, move_fn, m, why);
    ok = target_close(&to, ok, NULL) && ok;
    db_snapshot_end(m->x.from);
    store_reader_close(m->x.from);
    return ok;
}

static struct store *open_there(const char *url)
{
    struct store *s;
    must(store_open(&(struct store_options){ .url = url, .write = true }, &s, &err));
    return s;
}

static int64_t chain_there(struct store *s, int64_t office_id)
{
    struct db *db;
    struct journal_head head;
    must(store_reader_open(s, &db, &err));
    must(journal_verify(db, office_id, NULL, NULL, &head, &err));
    must(journal_verify(db, STORE_OFFICE_SHARED, NULL, NULL, NULL, &err));
    store_reader_close(db);
    return head.seq;
}

static bool step_journal(struct txn *t, void *args, struct err *err) { return step_line(t, *(int64_t *)args, err); }

/* --- what is moved -------------------------------------------------------------------------------------------------------------------- */

enum { LINES = 9000, BLOB_BYTES = 9 * 1024 * 1024 };

static uint8_t blob[BLOB_BYTES];
static uint8_t sealed[256];
static size_t n_sealed;
static uint8_t digest[32];

static bool fill(struct txn *t, void *args, struct err *err)
{
    struct str s;
    int64_t last;
    for (int64_t k = 0; k < LINES; k++)
        if (!step_line(t, k, err))
            return false;
    if (!seal_text(t, SEAL_SCOPE_OFFICE, PLACE, STR("13800000000"), &s, err))
        return false;
    memcpy(sealed, s.p, n_sealed = s.n);
    return txn_series_next(t, STR("document"), 2026, &last, err);
}

static void run_sql(const char *file, const char *sql)
{
    sqlite3 *h;
    assert_int_equal(sqlite3_open(file, &h), SQLITE_OK);
    if (sqlite3_exec(h, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(h));
    sqlite3_close(h);
}

static int64_t number(const char *file, const char *sql)
{
    sqlite3 *h;
    sqlite3_stmt *st;
    assert_int_equal(sqlite3_open(file, &h), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(h, sql, -1, &st, NULL), SQLITE_OK);
    int64_t n = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : -1;
    sqlite3_finalize(st);
    sqlite3_close(h);
    return n;
}

static bool other_office(struct txn *t, void *args, struct err *err)
{
    return txn_office_create(t, STR("other"), STR("第二办公室"), args, err);
}

/* Rows with every kind of value: NULLs, numbers that elsewhere stand for NULL, an empty text, bytes of 0. */
static const char ODD[] =
    "INSERT INTO party VALUES (1, 5, 'unit', '市商务局', '', '部门', -3, 1);"
    "INSERT INTO token VALUES (1, 6, 0, '', 0, x'00ff00', 5, NULL), (1, 8, 0, 'a''b', 1, x'', 5, -9223372036854775807);"
    "INSERT INTO closing_carry VALUES (1, 202205, 3, NULL, 0, ''), (1, 202205, 4, 0, 1, '上级未批');"
    "INSERT INTO entry_was VALUES (1, 19000, 3, 1, 1, 0, NULL, NULL, '');"
    "INSERT INTO calendar_day VALUES (0, 20000, 'holiday', '春节', 2026, '国办发明电');";

static void fill_all(void)
{
    must(store_write_alone(fix.s, fix.office, 1, fill, NULL, &err));
    for (size_t i = 0; i < sizeof blob; i++)
        blob[i] = (uint8_t)(i * 2654435761u >> 13);
    must(blob_put(fix.s, fix.office, 1, str_n((char *)blob, sizeof blob), digest, &err));
    run_sql(fix.path, ODD);
}

static void check_sealed(struct store *s, int64_t office_id)
{
    _cleanup_(arena_release) struct arena a = ARENA_INIT(0);
    struct db *db;
    struct str plain;
    must(store_reader_open(s, &db, &err));
    must(seal_open(s, db, &a, office_id, PLACE, str_n((char *)sealed, n_sealed), &plain, &err));
    assert_true(str_eqc(plain, "13800000000"));
    store_reader_close(db);
}

static bool same_part(void *ctx, struct str bytes)
{
    size_t *at = ctx;
    assert_memory_equal(bytes.p, blob + *at, bytes.n);
    *at += bytes.n;
    return true;
}

static void check_blob(struct store *s, int64_t office_id)
{
    struct db *db;
    size_t at = 0;
    must(store_reader_open(s, &db, &err));
    must(blob_get(db, office_id, digest, same_part, &at, NULL, &err));
    assert_int_equal(at, sizeof blob);
    store_reader_close(db);
}

static bool seen(void *ctx, int64_t done, int64_t total)
{
    struct { int calls; int64_t done, total; } *p = ctx;
    assert_true(done >= p->done && (total == p->total || !p->calls) && done <= total);
    p->calls++;
    p->done = done;
    p->total = total;
    return true;
}

/* Every row of every table alike, but for the office's number: as text, so that nothing of ours is in between. */
static void check_rows(int64_t from_id, int64_t to_id)
{
    static const char *const TABLE[] = { "journal", "blob_part", "party", "token", "closing_carry", "entry_was", "series" };
    char sql[600];
    for (size_t i = 0; i < ARRAY_LEN(TABLE); i++) {
        snprintf(sql, sizeof sql, "ATTACH '%s' AS o; CREATE TEMP TABLE a AS SELECT * FROM main.%s WHERE office_id = %d;"
                 "CREATE TEMP TABLE b AS SELECT * FROM o.%s WHERE office_id = %d; UPDATE a SET office_id = %d;"
                 "CREATE TEMP TABLE none (n INTEGER CHECK (n = 0));"
                 "INSERT INTO none SELECT count(*) FROM (SELECT * FROM a EXCEPT SELECT * FROM b);"
                 "INSERT INTO none SELECT count(*) FROM (SELECT * FROM b EXCEPT SELECT * FROM a)",
                 there, TABLE[i], (int)from_id, TABLE[i], (int)to_id, (int)to_id);
        run_sql(fix.path, sql);
    }
    assert_true(number(there, "SELECT count(*) FROM closing_carry WHERE due IS NULL") == 1 && number(there, "SELECT count(*) FROM closing_carry WHERE due = 0") == 1);
    assert_int_equal(number(there, "SELECT count(*) FROM entry_was WHERE lead_id = 0 AND officer_id IS NULL"), 1);
}

static void test_all_of_an_office(void **state)
{
    struct moving m = { 0 };
    struct { int calls; int64_t done, total; } p = { 0 };
    fill_all();
    m.x.progress = seen;
    m.x.ctx = &p;
    must(moved(fix.s, fix.office, there_url, &m, &err));
    assert_true(p.calls > 10 && p.done == p.total && p.done == m.x.rows);
    assert_int_equal(m.x.to_id, 1);
    assert_int_equal(m.head.seq, LINES);
    check_rows(1, 1);
    struct store *s = open_there(there_url);
    check_sealed(s, 1);
    check_blob(s, 1);
    assert_int_equal(chain_there(s, 1), LINES);
    store_close(s);
    assert_int_equal(number(there, "SELECT count(*) FROM calendar_day WHERE office_id = 0 AND name = '春节'"), 1);
    assert_int_equal(number(there, "SELECT count(*) FROM journal WHERE office_id = 0 AND verb = 'move_in' AND entity_id = 1"), 1);
    assert_int_equal(number(there, "SELECT count(*) FROM server_batch"), 0);
    struct transfer_sum before[TRANSFER_TABLES_MAX];
    memcpy(before, m.x.sum, sizeof before);
    must(store_reader_open(fix.s, &m.x.from, &err));
    m.x.progress = NULL;
    must(transfer_measure(&m.x, &err));          /* what a dry run says is what a move does */
    assert_memory_equal(before, m.x.sum, sizeof before);
    store_reader_close(m.x.from);
    assert_int_equal(fix_verify(), LINES);       /* the source stands as it was */
}

/* Under another number the chain and what is sealed go on; back home the number is the first again. */
static void test_under_another_number(void **state)
{
    struct moving m = { 0 };
    int64_t other, k = 1;
    char third[160];
    must(store_write_wait(fix.s, STORE_OFFICE_SHARED, 0, other_office, &other, &err));
    fill_all();
    must(moved(fix.s, other, there_url, &m, &err));
    must(moved(fix.s, fix.office, there_url, &m, &err));
    assert_int_equal(m.x.to_id, 2);
    check_rows(1, 2);
    struct store *s = open_there(there_url);
    check_sealed(s, 2);
    check_blob(s, 2);
    assert_int_equal(chain_there(s, 2), LINES);
    must(store_write_wait(s, 2, 1, fill, NULL, &err));         /* life goes on there */
    must(store_write_wait(s, 1, 1, step_journal, &k, &err));
    check_sealed(s, 2);
    assert_int_equal(chain_there(s, 2), 2 * LINES);
    assert_int_equal(chain_there(s, 1), 1);
    assert_int_equal(number(there, "SELECT chain_id FROM office WHERE id = 2"), 1);
    snprintf(third, sizeof third, "sqlite:%s/third.db", fix.dir);
    must(moved(s, 2, third, &m, &err));
    store_close(s);
    assert_int_equal(m.x.to_id, 1);
    assert_int_equal(number(third + 7, "SELECT chain_id FROM office WHERE id = 1"), 0);
    s = open_there(third);
    check_sealed(s, 1);
    assert_int_equal(chain_there(s, 1), 2 * LINES);
    store_close(s);
}

/* --- what is refused ------------------------------------------------------------------------------------------------------------------------ */

static bool no(void *ctx, int64_t done, int64_t total) { return done < 5000; }

static void nothing_there(void)
{
    static const char *const SUFFIX[] = { "", ".key", ".moving", ".moving-wal", ".moving-shm", ".moving.lock", "-wal" };
    char name[160];
    for (size_t i = 0; i < ARRAY_LEN(SUFFIX); i++) {
        snprintf(name, sizeof name, "%s%s", there, SUFFIX[i]);
        if (access(name, F_OK) == 0)
            fail_msg("%s is there", name);
    }
}

static void test_stopped(void **state)
{
    struct moving m = { .x.progress = no };
    fill_all();
    must_fail(moved(fix.s, fix.office, there_url, &m, &err), ERR_BUSY);
    nothing_there();
    must_fail(moved(fix.s, 77, there_url, &m, &err), ERR_NOT_FOUND);
    must_fail(moved(fix.s, STORE_OFFICE_SHARED, there_url, &m, &err), ERR_NOT_FOUND);
    must_fail(moved(fix.s, fix.office, "sqlite:/nowhere/at/all.db", &m, &err), ERR_NOT_FOUND);
    must_fail(moved(fix.s, fix.office, "mysql:x", &m, &err), ERR_INPUT);
    nothing_there();
    char name[160];
    snprintf(name, sizeof name, "%s.moving", there);           /* of a move that was killed */
    run_sql(name, "CREATE TABLE half (a)");
    m.x.progress = NULL;
    must(moved(fix.s, fix.office, there_url, &m, &err));
    assert_int_not_equal(access(name, F_OK), 0);
}

static void refused_whole(enum err_kind kind)
{
    struct moving m = { 0 };
    int64_t offices = number(there, "SELECT count(*) FROM office"), lines = number(there, "SELECT count(*) FROM journal");
    must_fail(moved(fix.s, fix.office, there_url, &m, &err), kind);
    assert_int_equal(number(there, "SELECT count(*) FROM office"), offices);
    assert_int_equal(number(there, "SELECT count(*) FROM journal"), lines);
}

static void test_target_that_cannot_take_it(void **state)
{
    struct moving m = { 0 };
    int64_t other;
    fill_all();
    must(store_write_wait(fix.s, STORE_OFFICE_SHARED, 0, other_office, &other, &err));
    must(moved(fix.s, other, there_url, &m, &err));
    run_sql(there, "UPDATE office SET code = 'test' WHERE id = 1");
    refused_whole(ERR_CONFLICT);                 /* its code is there */
    run_sql(there, "UPDATE office SET code = 'other' WHERE id = 1; INSERT INTO setting VALUES (2, 'a', 'b')");
    refused_whole(ERR_CONFLICT);                 /* something is left of an office 2 */
    run_sql(there, "DELETE FROM setting WHERE office_id = 2; UPDATE calendar_day SET kind = 'makeup-workday'");
    refused_whole(ERR_CONFLICT);                 /* another calendar */
    run_sql(there, "DELETE FROM calendar_day");
    refused_whole(ERR_CONFLICT);                 /* none */
    run_sql(there, "INSERT INTO calendar_day VALUES (0, 20000, 'holiday', '春节', 2026, '国办发明电'), (0, 20001, 'holiday', '春节', 2026, '国办发明电')");
    run_sql(there, "PRAGMA user_version = 500");
    refused_whole(ERR_CORRUPT);                  /* a newer schema */
    char version[48];
    snprintf(version, sizeof version, "PRAGMA user_version = %d", migrations_count);
    run_sql(there, version);
    must(moved(fix.s, fix.office, there_url, &m, &err));
}

static void test_damage_and_keys(void **state)
{
    struct moving m = { 0 };
    fill_all();
    tamper("UPDATE journal SET verb = 'x' WHERE office_id = 1 AND seq = 4242");
    must_fail(moved(fix.s, fix.office, there_url, &m, &err), ERR_CORRUPT);
    nothing_there();
    tamper("UPDATE journal SET verb = 'register' WHERE office_id = 1 AND seq = 4242");
    tamper("UPDATE data_key SET wrapped = zeroblob(length(wrapped)) WHERE office_id = 1");
    must_fail(moved(fix.s, fix.office, there_url, &m, &err), ERR_CORRUPT);
    nothing_there();
    tamper("UPDATE data_key SET wrapped = NULL, destroyed_at = 1 WHERE office_id = 1");
    must(moved(fix.s, fix.office, there_url, &m, &err));       /* a key that was destroyed stays so */
    assert_int_equal(number(there, "SELECT count(*) FROM data_key WHERE office_id = 1 AND wrapped IS NULL AND destroyed_at = 1"), 1);
}

/* --- everything ---------------------------------------------------------------------------------------------------------------------------------- */

static void test_all_offices(void **state)
{
    struct target to;
    struct db *from, *db;
    int64_t other;
    fill_all();
    must(store_write_wait(fix.s, STORE_OFFICE_SHARED, 0, other_office, &other, &err));
    char *key = key_path(fix.s);                 /* a backup is read with the key of its database */
    must(target_open(&(struct store_options){ .url = there_url, .write = true, .key = key }, &to, &err));
    must(target_close(&to, true, &err));
    run_sql(there, "DELETE FROM office; DELETE FROM data_key; DELETE FROM job");
    must(store_reader_open(fix.s, &from, &err));
    must(db_snapshot_begin(from, &err));
    must(from->engine->connect(fix.s, there, CONNECT_WRITE, &db, &err));
    must(db->engine->begin(db, true, &err));
    must(transfer_all(from, db, NULL, NULL, &err));
    assert_int_equal(db->engine->commit(db, NULL), COMMIT_DONE);
    db->engine->disconnect(db);
    db_snapshot_end(from);
    store_reader_close(from);
    check_rows(1, 1);
    struct store *s;
    must(store_open(&(struct store_options){ .url = there_url, .write = true, .key = key }, &s, &err));
    check_sealed(s, 1);
    check_blob(s, 1);
    assert_int_equal(chain_there(s, 1), LINES);
    assert_int_equal(chain_there(s, other), 0);
    store_close(s);
    free(key);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, up, teardown)
    const struct CMUnitTest tests[] = {
        T(test_all_of_an_office), T(test_under_another_number), T(test_stopped), T(test_target_that_cannot_take_it), T(test_damage_and_keys),
        T(test_all_offices),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("transfer", tests, NULL, NULL);
}
