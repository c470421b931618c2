/* On SQLite offices move between files; on PostgreSQL each test runs twice, with a file and with another PostgreSQL database as the target. */
#include "store_fixture.h"

#include "migrations.h"
#include "store/blob.h"
#include "store/crypto.h"
#include "store/seal.h"
#include "store/transfer.h"

static const struct seal_place PLACE = { "member.phone", 7 };

struct place {                                   /* a database that a move may make, with a key of its own */
    bool postgres;
    char path[128], key[140], url[ENGINE_URL_MAX];
};

static struct place there, third;

static void place_make(struct place *p, const char *name, bool postgres)
{
    char db[48];
    p->postgres = postgres;
    snprintf(p->path, sizeof p->path, "%s/%s.db", fix.dir, name);
    snprintf(p->key, sizeof p->key, "%s.key", p->path);
    snprintf(p->url, sizeof p->url, "sqlite:%s", p->path);
    if (!postgres)
        return;
    snprintf(db, sizeof db, "%s_%d", name, (int)getpid());
    engine_admin("CREATE", db, "");
    engine_url(p->url, db);
}

static void place_drop(const struct place *p)
{
    char db[48] = "";
    if (sscanf(p->url, "postgresql:///%47[^?]", db) == 1)
        engine_admin("DROP", db, "WITH (FORCE)");
}

static int up(void **state, bool postgres)
{
    fix_up();
    place_make(&there, "there", postgres);
    place_make(&third, "third", on_postgres() && !postgres);
    return 0;
}

static int up_file(void **state) { return up(state, false); }
static int up_postgres(void **state) { return up(state, true); }

static int down(void **state)
{
    place_drop(&there);
    place_drop(&third);
    fix_down();
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

static bool moved(struct store *from, int64_t office_id, const struct place *p, struct moving *m, struct err *why)
{
    struct target to;
    const struct store_options o = { .url = p->url, .key = p->key, .write = true };
    must(store_reader_open(from, &m->x.from, &err));
    must(db_snapshot_begin(m->x.from, &err));
    m->x.from_id = office_id;
    bool ok = target_open(&o, &to, why) && store_write_alone(to.s, STORE_OFFICE_SHARED, 0, move_fn, m, why);
    ok = target_close(&to, ok, NULL) && ok;
    db_snapshot_end(m->x.from);
    store_reader_close(m->x.from);
    return ok;
}

static struct store *open_place(const struct place *p)
{
    struct store *s;
    must(store_open(&(struct store_options){ .url = p->url, .key = p->key, .write = true }, &s, &err));
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

enum { LINES = 6000, BLOB_BYTES = 17 * BLOB_PART + 5 };    /* both more than a page */

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

static void take(void *ctx, int64_t n, const void *bytes, size_t n_bytes) { *(int64_t *)ctx = n; }

static int64_t number(const char *url, const char *sql)
{
    int64_t n = -1;
    engine_each(url, sql, take, &n);
    return n;
}

static void run_sql(const char *url, const char *sql) { engine_each(url, sql, NULL, NULL); }

static bool other_office(struct txn *t, void *args, struct err *err)
{
    return txn_office_create(t, STR("other"), STR("第二办公室"), args, err);
}

/* Rows with every kind of value: NULLs, numbers that elsewhere stand for NULL, an empty text, bytes of 0. */
static const char ODD[] =
    "INSERT INTO party VALUES (1, 5, 'unit', '市商务局', '', '部门', -3, 1);"
    "INSERT INTO token VALUES (1, 6, 0, '', 0, zeroblob(3), 5, NULL), (1, 8, 0, 'a''b', 1, zeroblob(0), 5, -9223372036854775807);"
    "INSERT INTO closing_carry VALUES (1, 202205, 3, NULL, 0, ''), (1, 202205, 4, 0, 1, '上级未批');"
    "INSERT INTO entry_was VALUES (1, 19000, 3, 1, 1, 0, NULL, NULL, '');"
    "INSERT INTO calendar_day VALUES (0, 20000, 'holiday', '春节', 2026, '国办发明电');";

static void fill_all(void)
{
    must(store_write_alone(fix.s, fix.office, 1, fill, NULL, &err));
    for (size_t i = 0; i < sizeof blob; i++)
        blob[i] = (uint8_t)(i * 2654435761u >> 13);
    must(blob_put(fix.s, fix.office, 1, str_n((char *)blob, sizeof blob), digest, &err));
    run_sql(fix.url, ODD);
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

/* --- all values of a column, in the order of the key ------------------------------------------------------------------------------- */

struct column { uint64_t hash; bool text; };

static void hash(struct column *c, const void *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        c->hash = (c->hash ^ ((const uint8_t *)p)[i]) * 1099511628211u;
}

static void column_row(void *ctx, int64_t n, const void *bytes, size_t n_bytes)
{
    struct column *c = ctx;
    if (c->text)
        hash(c, bytes, n_bytes);
    n = c->text ? (int64_t)n_bytes : n;
    hash(c, &n, sizeof n);
}

static uint64_t column_sum(const char *url, const struct table_info *t, int k, int64_t office_id)
{
    char sql[300], order[100] = "office_id";
    struct column c = { .text = strchr("sSbB", t->letters[k]) != NULL };
    for (int i = 1; i < t->n_key; i++)
        snprintf(order + strlen(order), sizeof order - strlen(order), ", %s", t->column[t->key[i]]);
    snprintf(sql, sizeof sql, "SELECT %s FROM %s WHERE office_id = %d ORDER BY %s", t->column[k], t->name, (int)office_id, order);
    engine_each(url, sql, column_row, &c);
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s WHERE office_id = %d AND %s IS NULL", t->name, (int)office_id, t->column[k]);
    int64_t nulls = number(url, sql);
    hash(&c, &nulls, sizeof nulls);
    return c.hash;
}

/* Every value of every table alike, asked of the engines themselves; but for what wraps a data key. */
static void check_rows(int64_t to_id)
{
    char sql[100];
    for (int i = 0; i < TABLES; i++) {
        const struct table_info *t = &table_list[i];
        snprintf(sql, sizeof sql, "SELECT count(*) FROM %s WHERE office_id = 1", t->name);
        if (!t->of_office || i == TABLE_SERVER_BATCH || !number(fix.url, sql))
            continue;
        for (int k = 1; t->letters[k]; k++) {
            bool same = column_sum(fix.url, t, k, 1) == column_sum(there.url, t, k, to_id);
            if (same == (i == TABLE_DATA_KEY && t->letters[k] == 'B'))
                fail_msg("%s.%s", t->name, t->column[k]);
        }
    }
}

static void test_all_of_an_office(void **state)
{
    struct moving m = { 0 };
    struct { int calls; int64_t done, total; } p = { 0 };
    fill_all();
    m.x.progress = seen;
    m.x.ctx = &p;
    must(moved(fix.s, fix.office, &there, &m, &err));
    assert_true(p.calls > 10 && p.done == p.total && p.done == m.x.rows);
    assert_int_equal(m.x.to_id, 1);
    assert_int_equal(m.head.seq, LINES);
    check_rows(1);
    struct store *s = open_place(&there);
    check_sealed(s, 1);
    check_blob(s, 1);
    assert_int_equal(chain_there(s, 1), LINES);
    store_close(s);
    assert_int_equal(number(there.url, "SELECT count(*) FROM calendar_day WHERE office_id = 0 AND name = '春节'"), 1);
    assert_int_equal(number(there.url, "SELECT count(*) FROM journal WHERE office_id = 0 AND verb = 'move_in' AND entity_id = 1"), 1);
    assert_int_equal(number(there.url, "SELECT count(*) FROM server_batch WHERE office_id = 1"), 0);
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
    must(store_write_wait(fix.s, STORE_OFFICE_SHARED, 0, other_office, &other, &err));
    fill_all();
    must(moved(fix.s, other, &there, &m, &err));
    must(moved(fix.s, fix.office, &there, &m, &err));
    assert_int_equal(m.x.to_id, 2);
    check_rows(2);
    struct store *s = open_place(&there);
    check_sealed(s, 2);
    check_blob(s, 2);
    assert_int_equal(chain_there(s, 2), LINES);
    must(store_write_wait(s, 2, 1, fill, NULL, &err));         /* life goes on there */
    must(store_write_wait(s, 1, 1, step_journal, &k, &err));
    check_sealed(s, 2);
    assert_int_equal(chain_there(s, 2), 2 * LINES);
    assert_int_equal(chain_there(s, 1), 1);
    assert_int_equal(number(there.url, "SELECT chain_id FROM office WHERE id = 2"), 1);
    must(moved(s, 2, &third, &m, &err));
    store_close(s);
    assert_int_equal(m.x.to_id, 1);
    assert_int_equal(number(third.url, "SELECT chain_id FROM office WHERE id = 1"), 0);
    s = open_place(&third);
    check_sealed(s, 1);
    assert_int_equal(chain_there(s, 1), 2 * LINES);
    store_close(s);
}

/* --- what is refused ------------------------------------------------------------------------------------------------------------------------ */

static bool no(void *ctx, int64_t done, int64_t total) { return done < 4097; }

static void nothing_there(void)
{
    static const char *const SUFFIX[] = { "", ".key", ".moving", ".moving-wal", ".moving-shm", ".moving.lock", "-wal" };
    char name[160];
    for (size_t i = 0; i < ARRAY_LEN(SUFFIX) && !there.postgres; i++) {
        snprintf(name, sizeof name, "%s%s", there.path, SUFFIX[i]);
        if (access(name, F_OK) == 0)
            fail_msg("%s is there", name);
    }
    if (there.postgres)                          /* a ledger without an office may be left */
        assert_true(number(there.url, "SELECT count(*) FROM office WHERE id > 0") == 0 && number(there.url, "SELECT count(*) FROM journal") == 0);
}

static void test_stopped(void **state)
{
    struct moving m = { .x.progress = no };
    fill_all();
    must_fail(moved(fix.s, fix.office, &there, &m, &err), ERR_BUSY);
    nothing_there();
    must_fail(moved(fix.s, 77, &there, &m, &err), ERR_NOT_FOUND);
    must_fail(moved(fix.s, STORE_OFFICE_SHARED, &there, &m, &err), ERR_NOT_FOUND);
    must_fail(moved(fix.s, fix.office, &(struct place){ .url = "sqlite:/nowhere/at/all.db" }, &m, &err), ERR_NOT_FOUND);
    must_fail(moved(fix.s, fix.office, &(struct place){ .url = "mysql:x" }, &m, &err), ERR_INPUT);
    nothing_there();
    char name[160];
    snprintf(name, sizeof name, "sqlite:%s.moving", there.path);           /* of a move that was killed */
    run_sql(name, "CREATE TABLE half (a INTEGER)");
    m.x.progress = NULL;
    must(moved(fix.s, fix.office, &there, &m, &err));
    assert_true(there.postgres || access(name + strlen("sqlite:"), F_OK) != 0);
}

static void refused_whole(enum err_kind kind)
{
    struct moving m = { 0 };
    int64_t offices = number(there.url, "SELECT count(*) FROM office"), lines = number(there.url, "SELECT count(*) FROM journal");
    must_fail(moved(fix.s, fix.office, &there, &m, &err), kind);
    assert_int_equal(number(there.url, "SELECT count(*) FROM office"), offices);
    assert_int_equal(number(there.url, "SELECT count(*) FROM journal"), lines);
}

static void test_target_that_cannot_take_it(void **state)
{
    struct moving m = { 0 };
    int64_t other;
    fill_all();
    must(store_write_wait(fix.s, STORE_OFFICE_SHARED, 0, other_office, &other, &err));
    must(moved(fix.s, other, &there, &m, &err));
    run_sql(there.url, "UPDATE office SET code = 'test' WHERE id = 1");
    refused_whole(ERR_CONFLICT);                 /* its code is there */
    run_sql(there.url, "UPDATE office SET code = 'other' WHERE id = 1; INSERT INTO setting VALUES (2, 'a', 'b')");
    refused_whole(ERR_CONFLICT);                 /* something is left of an office 2 */
    run_sql(there.url, "DELETE FROM setting WHERE office_id = 2; UPDATE calendar_day SET kind = 'makeup-workday'");
    refused_whole(ERR_CONFLICT);                 /* another calendar */
    run_sql(there.url, "DELETE FROM calendar_day");
    refused_whole(ERR_CONFLICT);                 /* none */
    run_sql(there.url, "INSERT INTO calendar_day VALUES (0, 20000, 'holiday', '春节', 2026, '国办发明电'), (0, 20001, 'holiday', '春节', 2026, '国办发明电')");
    run_sql(there.url, there.postgres ? "UPDATE whs_schema SET version = 500" : "PRAGMA user_version = 500");
    refused_whole(ERR_CORRUPT);                  /* a newer schema */
    char today[60];
    snprintf(today, sizeof today, there.postgres ? "UPDATE whs_schema SET version = %d" : "PRAGMA user_version = %d", migrations_count);
    run_sql(there.url, today);
    must(moved(fix.s, fix.office, &there, &m, &err));
}

static void test_damage_and_keys(void **state)
{
    struct moving m = { 0 };
    fill_all();
    tamper("UPDATE journal SET verb = 'x' WHERE office_id = 1 AND seq = 4242");
    must_fail(moved(fix.s, fix.office, &there, &m, &err), ERR_CORRUPT);
    nothing_there();
    tamper("UPDATE journal SET verb = 'register' WHERE office_id = 1 AND seq = 4242");
    tamper("UPDATE data_key SET wrapped = zeroblob(length(wrapped)) WHERE office_id = 1");
    must_fail(moved(fix.s, fix.office, &there, &m, &err), ERR_CORRUPT);
    nothing_there();
    tamper("UPDATE data_key SET wrapped = NULL, destroyed_at = 1 WHERE office_id = 1");
    must(moved(fix.s, fix.office, &there, &m, &err));       /* a key that was destroyed stays so */
    assert_int_equal(number(there.url, "SELECT count(*) FROM data_key WHERE office_id = 1 AND wrapped IS NULL AND destroyed_at = 1"), 1);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, up_file, down)
#define P(name) { "to PostgreSQL: " #name, name, up_postgres, down, NULL }
    const struct CMUnitTest tests[] = {
        T(test_all_of_an_office), T(test_under_another_number), T(test_stopped), T(test_target_that_cannot_take_it), T(test_damage_and_keys),
        P(test_all_of_an_office), P(test_under_another_number), P(test_stopped), P(test_target_that_cannot_take_it), P(test_damage_and_keys),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return _cmocka_run_group_tests("transfer", tests, ARRAY_LEN(tests) / (on_postgres() ? 1 : 2), NULL, NULL);
}
