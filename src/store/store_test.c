/* Opening, refusing, reading, and the write queue. */
#include "store_fixture.h"
#include "powercut_vfs.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <sys/wait.h>

/* --- opening ------------------------------------------------------------------------------------------------------------- */

static void test_addresses(void **state)
{
    struct store *s;
    struct store_options o = { .url = "mysql://x/y" };
    must_fail(store_open(&o, &s, &err), ERR_INPUT);
    o.url = "/tmp/x.db";
    must_fail(store_open(&o, &s, &err), ERR_INPUT);
    o.url = "sqlite:/nowhere/at/all.db";
    must_fail(store_open(&o, &s, &err), ERR_NOT_FOUND);
    must_fail(store_create(&o, &err), ERR_NOT_FOUND);
    must_fail(store_create(&fix.o, &err), ERR_BUSY);
    fix_close();
    must_fail(store_create(&fix.o, &err), ERR_CONFLICT);
}

static void test_foreign_files(void **state)
{
    ONLY_SQLITE("PostgreSQL has no files to damage; test_foreign_schemas");
    fix_close();
    tamper("PRAGMA user_version=999; UPDATE office SET name = name WHERE id = 0");
    must_fail(store_open(&fix.o, &fix.s, &err), ERR_CORRUPT);
    tamper("PRAGMA user_version=0; UPDATE office SET name = name WHERE id = 0");
    fix.o.write = false;
    must_fail(store_open(&fix.o, &fix.s, &err), ERR_CORRUPT);
    fix.o.write = true;
    tamper("PRAGMA application_id=7; UPDATE office SET name = name WHERE id = 0");
    must_fail(store_open(&fix.o, &fix.s, &err), ERR_CORRUPT);
    assert_int_equal(truncate(fix.path, 4096 * 3 + 17), 0);
    must_fail(store_open(&fix.o, &fix.s, &err), ERR_CORRUPT);
    FILE *f = fopen(fix.path, "w");
    fputs("这不是数据库。这不是数据库。这不是数据库。这不是数据库。这不是数据库。这不是数据库。", f);
    fclose(f);
    fix_unlink("-wal");
    must_fail(store_open(&fix.o, &fix.s, &err), ERR_CORRUPT);
}

/* A database may be older, newer, somebody else's, or gone. */
static void test_foreign_schemas(void **state)
{
    if (!on_postgres())
        skip();                                  /* test_foreign_files */
    fix_close();
    tamper("UPDATE whs_schema SET version = version + 1");
    must_fail(store_open(&fix.o, &fix.s, &err), ERR_CORRUPT);
    tamper("UPDATE whs_schema SET version = version - 2");
    fix.o.write = false;
    must_fail(store_open(&fix.o, &fix.s, &err), ERR_CORRUPT);
    fix.o.write = true;
    engine_each(fix.url, "DROP TABLE whs_schema", NULL, NULL);
    must_fail(store_open(&fix.o, &fix.s, &err), ERR_NOT_FOUND);
    engine_drop(fix.url, fix.dir);
    must_fail(store_open(&fix.o, &fix.s, &err), ERR_IO);
    engine_make(fix.url, fix.dir);
}

static void test_key_file(void **state)
{
    char key[128];
    fix_close();
    snprintf(key, sizeof key, "%s.key", fix.path);
    FILE *f = fopen(key, "r+");
    fputs("00000000", f);
    fclose(f);
    must_fail(store_open(&fix.o, &fix.s, &err), ERR_CORRUPT);      /* another database's key */
    assert_int_equal(truncate(key, 20), 0);
    must_fail(store_open(&fix.o, &fix.s, &err), ERR_CORRUPT);
    unlink(key);
    must_fail(store_open(&fix.o, &fix.s, &err), ERR_NOT_FOUND);
}

static void test_one_writer(void **state)
{
    struct store *s;
    ONLY_SQLITE("PostgreSQL takes several; test_two_servers");
    must_fail(store_open(&fix.o, &s, &err), ERR_BUSY);
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        struct err err;
        _exit(store_open(&fix.o, &s, &err) ? 1 : err.kind == ERR_BUSY ? 0 : 2);
    }
    int status;
    waitpid(pid, &status, 0);
    assert_int_equal(status, 0);
}

struct turn {
    struct store *s;
    int64_t from;
};

static void *take_turns(void *arg)
{
    const struct turn *t = arg;
    for (int64_t k = t->from; k < t->from + 200; k++)
        must(store_write_wait(t->s, fix.office, 1, step, &k, &err));
    return NULL;
}

/* Two stores on one database, both writing: one chain, one series of numbers, and each sees what the other did. */
static void test_two_servers(void **state)
{
    struct store *s;
    pthread_t other;
    uint8_t at[400];
    if (!on_postgres())
        skip();                                  /* test_one_writer */
    must(store_open(&fix.o, &s, &err));
    assert_int_equal(pthread_create(&other, NULL, take_turns, &(struct turn){ s, 0 }), 0);
    take_turns(&(struct turn){ fix.s, 200 });
    pthread_join(other, NULL);
    assert_int_equal(fix_verify(), 400);
    store_close(s);
    fix_steps(at, 400);
    for (int k = 0; k < 400; k++)
        assert_int_equal(at[k], 3);
}

/* A child opens for reading, says so, waits for a commit and looks again. */
static bool count_row(void *ctx, const struct sql_value *out, bool *stop, struct err *err)
{
    *(int64_t *)ctx = out[0].i;
    return true;
}

static const struct query COUNT = { .name = "test.count", .sqlite = "SELECT count(*) FROM step", .postgres = "SELECT count(*) FROM step", .in = "", .out = "n" };

static int64_t count_steps(struct db *db)
{
    int64_t n = -1;
    must(db_each(db, &COUNT, NULL, count_row, &n, &err));
    return n;
}

static void reader_child(int from, int to)
{
    struct store *s;
    struct db *db;
    struct store_options o = fix.o;
    char c;
    o.write = false;
    if (!store_open(&o, &s, NULL) || !store_reader_open(s, &db, NULL) || count_steps(db) != 0)
        _exit(1);
    if (write(to, "r", 1) != 1 || read(from, &c, 1) != 1)
        _exit(2);
    int64_t k = 9;
    struct err err;
    if (store_write_wait(s, fix.office, 1, step, &k, &err) || err.kind != ERR_DENIED)
        _exit(3);
    _exit(count_steps(db) == 1 ? 0 : 4);
}

static void test_reader_process(void **state)
{
    int up[2], down[2], status;
    char c;
    int64_t k = 1;
    assert_int_equal(pipe(up) | pipe(down), 0);
    fflush(stdout);
    fix_close();                                 /* SQLite's locks do not like to be carried over a fork */
    pid_t pid = fork();
    if (pid == 0) {
        close(down[1]);                          /* so that it ends when this test does, however that ends */
        reader_child(down[0], up[1]);
    }
    close(down[0]);
    close(up[1]);
    fix_open();
    assert_int_equal(read(up[0], &c, 1), 1);
    must(store_write_wait(fix.s, fix.office, 1, step, &k, &err));
    assert_int_equal(write(down[1], "g", 1), 1);
    waitpid(pid, &status, 0);
    assert_int_equal(status, 0);
}

/* --- reading -------------------------------------------------------------------------------------------------------------- */

static void test_readers_do_not_write(void **state)
{
    struct db *db;
    static const struct query q = { .name = "t", .sqlite = "DELETE FROM office", .postgres = "DELETE FROM office", .in = "", .out = "", .writes = true };
    must(store_reader_open(fix.s, &db, &err));
    must_fail(db_exec(db, &q, NULL, NULL, &err), ERR_IO);
    must(db_snapshot_begin(db, &err));
    must_fail(db_snapshot_begin(db, &err), ERR_IO);
    assert_int_equal(count_steps(db), 0);
    int64_t k = 1;
    must(store_write_wait(fix.s, fix.office, 1, step, &k, &err));
    assert_int_equal(count_steps(db), 0);
    db_snapshot_end(db);
    assert_int_equal(count_steps(db), 1);
    store_reader_close(db);
}

static bool nulls_row(void *ctx, const struct sql_value *out, bool *stop, struct err *err)
{
    assert_int_equal(out[0].i, 0);
    assert_int_equal(out[1].i, INT64_MIN);
    assert_true(out[2].i == INSTANT_NONE);
    assert_int_equal(out[3].i, DAY_NONE);
    assert_null(out[4].s.p);
    assert_null(out[5].s.p);
    assert_int_equal(out[6].i, 6);
    assert_true(out[7].s.p && !out[7].s.n && out[8].s.p && !out[8].s.n);
    *(int *)ctx += 1;
    return true;
}

static void test_nulls(void **state)
{
    struct db *db;
    int rows = 0;
    static const struct query q = {
        .name = "test.nulls", .in = "INTDSBsb", .out = "INTDSBnsb",
        .sqlite = "SELECT ?1, ?2, ?3, ?4, ?5, ?6, (?1 IS NULL) + (?2 IS NULL) + (?3 IS NULL) + (?4 IS NULL) + (?5 IS NULL) + (?6 IS NULL), ?7, ?8",
        .postgres = "SELECT $1::bigint, $2::bigint, $3::bigint, $4::bigint, $5::text, $6::bytea, num_nulls($1, $2, $3, $4, $5, $6)::bigint, $7::text, $8::bytea",
    };
    const struct sql_value in[] = {
        { .i = 0 }, { .i = INT64_MIN }, { .i = INSTANT_NONE }, { .i = DAY_NONE }, { .s = STR_NULL }, { .s = STR_NULL }, { .s = STR("") }, { .s = STR("") },
    };
    must(store_reader_open(fix.s, &db, &err));
    must(db_each(db, &q, in, nulls_row, &rows, &err));
    assert_int_equal(rows, 1);
    store_reader_close(db);
}

static struct db *nested_db;
static bool nested_row(void *ctx, const struct sql_value *out, bool *stop, struct err *err)
{
    int *depth = ctx;
    *stop = true;
    const struct sql_value in = { .i = ++*depth };
    return *depth == 40 || db_each_text(nested_db, STR("SELECT $1"), "n", "n", &in, nested_row, depth, err);
}

static void test_nested(void **state)
{
    int depth = 0;
    must(store_reader_open(fix.s, &nested_db, &err));
    must(db_each_text(nested_db, STR("SELECT $1"), "n", "n", (struct sql_value[]){ { .i = 0 } }, nested_row, &depth, &err));
    assert_int_equal(depth, 40);
    must_fail(db_each_text(nested_db, STR("SELEC"), "", "", NULL, NULL, NULL, &err), ERR_IO);
    store_reader_close(nested_db);
}

/* --- one batch, made on purpose -------------------------------------------------------------------------------------------- */

static sem_t gate, entered;

static bool hold(struct txn *t, void *args, struct err *err)
{
    sem_post(&entered);
    sem_wait(&gate);
    return true;
}

struct one {
    struct write w;
    int64_t k, id, number;
    int ran, answered;
    struct err err;
};

static void one_done(void *args, bool ok, const struct err *err)
{
    struct one *o = args;
    o->answered = ok ? 1 : -1;
    if (!ok)
        o->err = *err;
}

static bool one_ok(struct txn *t, void *args, struct err *err)
{
    struct one *o = args;
    o->ran++;
    o->id = txn_next_id(t);
    return txn_series_next(t, STR("document"), 2026, &o->number, err) && step_row(t, o->k, err) && step_line(t, o->k, err);
}

static bool one_refused(struct txn *t, void *args, struct err *err)
{
    ((struct one *)args)->ran++;
    txn_next_id(t);
    return err_fail(err, ERR_DENIED, M_STORE_NO_OFFICE, NULL, A_INT(t->office_id));
}

static bool one_broken(struct txn *t, void *args, struct err *err)
{
    return one_ok(t, args, err) && err_fail(err, ERR_DENIED, M_STORE_NO_OFFICE, NULL, A_INT(t->office_id));
}

static bool row_refused(void *ctx, const struct sql_value *out, bool *stop, struct err *err)
{
    return err_fail(err, ERR_DENIED, M_STORE_NO_OFFICE, NULL, A_INT(0));
}

/* Its row is written when the collector refuses what comes back. */
static bool one_returned(struct txn *t, void *args, struct err *err)
{
    static const struct query INSERT = {
        .name = "returned", .sqlite = "INSERT INTO series (office_id, kind, year, last) VALUES (?1, 'returned', 0, 1) RETURNING last",
        .postgres = "INSERT INTO series (office_id, kind, year, last) VALUES ($1, 'returned', 0, 1) RETURNING last", .in = "i", .out = "n",
    };
    return db_each(t->db, &INSERT, &(struct sql_value){ .i = t->office_id }, row_refused, NULL, err);
}

/* Breaks a rule of the database and hides it. */
static bool one_careless(struct txn *t, void *args, struct err *err)
{
    struct one *o = args;
    o->ran++;
    return step_row(t, 0, NULL) || true;
}

static void batch(struct one *o, int n)
{
    struct one held = { .w = { .office_id = fix.office, .fn = hold, .done = one_done, .args = &held } };
    sem_init(&gate, 0, 0);
    sem_init(&entered, 0, 0);
    store_write(fix.s, &held.w);
    sem_wait(&entered);
    for (int i = 0; i < n; i++) {
        o[i].k = i;
        o[i].w.office_id = o[i].w.office_id ? o[i].w.office_id : fix.office;
        o[i].w.done = one_done;
        o[i].w.args = &o[i];
        store_write(fix.s, &o[i].w);
    }
    sem_post(&gate);
    must(store_write_wait(fix.s, fix.office, 0, one_ok, &(struct one){ .k = 99 }, &err));
}

static void test_refusal_in_batch(void **state)
{
    struct store_stats st;
    struct one o[] = { { .w.fn = one_ok }, { .w.fn = one_refused }, { .w.fn = one_ok }, { .w = { .office_id = 77, .fn = one_ok } }, { .w.fn = one_ok } };
    batch(o, 5);
    store_stats(fix.s, &st);
    assert_int_equal(st.reruns, 0);
    assert_int_equal(o[1].answered, -1);
    assert_int_equal(o[1].err.kind, ERR_DENIED);
    assert_int_equal(o[3].err.kind, ERR_NOT_FOUND);
    assert_int_equal(o[3].ran, 0);
    assert_int_equal(o[2].id, o[0].id + 1);      /* the refused one left no gap */
    assert_int_equal(o[4].number, 3);
    assert_int_equal(fix_verify(), 4);
}

static void test_refused_but_wrote(void **state)
{
    struct store_stats st;
    struct one o[] = { { .w.fn = one_ok }, { .w.fn = one_broken }, { .w.fn = one_ok } };
    batch(o, 3);
    store_stats(fix.s, &st);
    assert_true(st.reruns >= 3);
    assert_int_equal(o[0].answered, 1);
    assert_int_equal(o[1].answered, -1);
    assert_int_equal(o[1].err.kind, ERR_DENIED);
    assert_int_equal(o[2].answered, 1);
    assert_int_equal(o[2].number, 2);
    assert_int_equal(fix_verify(), 3);
    uint8_t at[100];
    fix_steps(at, 100);
    assert_true(at[0] == 3 && at[1] == 0 && at[2] == 3 && at[99] == 3);
}

static void test_refused_row(void **state)
{
    struct one o[] = { { .w.fn = one_ok }, { .w.fn = one_returned }, { .w.fn = one_returned } };
    batch(o, 3);
    assert_int_equal(o[0].answered, 1);
    assert_int_equal(o[1].err.kind, ERR_DENIED);
    assert_int_equal(o[2].err.kind, ERR_DENIED); /* not the conflict with a row left behind */
}

static void test_engine_error_in_batch(void **state)
{
    struct one o[] = { { .w.fn = one_ok }, { .w.fn = one_careless }, { .w.fn = one_ok } };
    batch(o, 3);
    assert_int_equal(o[0].answered, 1);
    assert_int_equal(o[1].answered, -1);
    assert_int_equal(o[1].err.kind, ERR_CONFLICT);
    assert_int_equal(o[2].answered, 1);
    assert_int_equal(fix_verify(), 3);
}

static void test_alone(void **state)
{
    struct store_stats before, after;
    struct one o[] = { { .w.fn = one_ok }, { .w = { .fn = one_ok, .alone = true } }, { .w.fn = one_ok } };
    store_stats(fix.s, &before);
    batch(o, 3);
    store_stats(fix.s, &after);
    assert_true(after.commits - before.commits >= 3);
    assert_int_equal(fix_verify(), 4);
}

static void test_offices(void **state)
{
    int64_t id, first, second = 5;
    must_fail(store_write_wait(fix.s, 0, 0, make_office, &id, &err), ERR_CONFLICT);
    must_fail(store_write_wait(fix.s, fix.office, 0, make_office, &id, &err), ERR_DENIED);
    tamper("UPDATE office SET code = 'other' WHERE id = 1");
    must(store_write_wait(fix.s, 0, 0, make_office, &id, &err));
    assert_int_equal(id, fix.office + 1);
    struct one a = { .k = 1 }, b = { .k = 1 };
    must(store_write_wait(fix.s, fix.office, 0, one_ok, &a, &err));
    must(store_write_wait(fix.s, id, 0, one_ok, &b, &err));
    first = a.number, second = b.number;
    assert_int_equal(first, 1);
    assert_int_equal(second, 1);
    assert_int_equal(a.id, b.id);
}

/* --- many at once ------------------------------------------------------------------------------------------------------------ */

enum { PRODUCERS = 64, EACH = 100 };

static void *produce(void *arg)
{
    int64_t p = (intptr_t)arg;
    for (int i = 0; i < EACH; i++) {
        int64_t k = p * EACH + i;
        store_expect(fix.s, 1);
        must(store_write_wait(fix.s, fix.office, p + 1, step, &k, &err));
        store_expect(fix.s, -1);
    }
    return NULL;
}

static void test_many(void **state)
{
    pthread_t thread[PRODUCERS];
    struct store_stats st;
    static uint8_t at[PRODUCERS * EACH];
    long synced = cut.syncs;
    store_stats(fix.s, &st);
    int64_t commits = st.commits, syncs = st.syncs;
    for (intptr_t i = 0; i < PRODUCERS; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, produce, (void *)i), 0);
    for (int i = 0; i < PRODUCERS; i++)
        pthread_join(thread[i], NULL);
    store_stats(fix.s, &st);
    assert_int_equal(st.writes, PRODUCERS * EACH);
    assert_int_equal(st.refused, 0);
    assert_int_equal(fix_verify(), PRODUCERS * EACH);
    fix_close();
    fix_steps(at, PRODUCERS * EACH);
    for (int i = 0; i < PRODUCERS * EACH; i++)
        assert_int_equal(at[i], 3);
    assert_true(st.commits - commits < PRODUCERS * EACH / 2);
    if (on_postgres())
        return;                                  /* its syncs are the server's */
    print_message("# %d writes: %ld commits, %ld syncs, counted below %ld\n", PRODUCERS * EACH, (long)(st.commits - commits),
                  (long)(st.syncs - syncs), cut.syncs - synced);
    assert_true(labs(cut.syncs - synced - (long)(st.syncs - syncs)) <= 4);         /* a checkpoint may be under way */
}

static int setup_counted(void **state)
{
    cut_reset();
    setup(state);
    fix_close();
    fix.o.vfs = on_postgres() ? NULL : cut_vfs();
    fix_open();
    return 0;
}

/* --- a clock that is not to be trusted ----------------------------------------------------------------------------------------- */

static void test_clock(void **state)
{
    struct sim_clock clock;
    static const instant_t AT[] = { 1767225600000, 4102444800000, 0, -86400000, 1767225600001 };
    sim_clock_init(&clock, 1767225600000);
    fix_close();
    fix.o.clock = &clock.base;
    fix_open();
    for (int64_t k = 0; k < 50; k++) {
        sim_clock_set(&clock, AT[k % 5]);
        must(store_write_wait(fix.s, fix.office, 1, step, &k, &err));
    }
    assert_int_equal(fix_verify(), 50);
    struct db *db;
    struct journal_line *line;
    size_t n;
    _cleanup_(arena_release) struct arena a = ARENA_INIT(0);
    must(store_reader_open(fix.s, &db, &err));
    must(journal_read(db, &a, fix.office, 10, 20, &line, &n, &err));
    assert_int_equal(n, 20);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(line[i].seq, 11 + (int64_t)i);
        assert_true(line[i].at == AT[(10 + i) % 5]);
        assert_int_equal(line[i].day, instant_day(line[i].at));
        assert_int_equal(line[i].entity_id, 10 + (int64_t)i);
    }
    store_reader_close(db);
    fix_close();
}

/* --- watching ---------------------------------------------------------------------------------------------------------------- */

struct watched { _Atomic int n; int64_t office, seq; };

static void heard(void *ctx, int64_t office_id, int64_t seq)
{
    struct watched *w = ctx;
    w->office = office_id;
    w->seq = seq;
    atomic_fetch_add(&w->n, 1);
}

static void write_step(int64_t k) { must(store_write_wait(fix.s, fix.office, 1, step, &k, &err)); }

static void test_watchers(void **state)
{
    struct watched w[STORE_WATCHERS] = { 0 };
    for (int i = 0; i < STORE_WATCHERS; i++)
        store_watch(fix.s, heard, &w[i]);
    write_step(1);
    for (int i = 0; i < STORE_WATCHERS; i++) {
        assert_int_equal(w[i].n, 1);
        assert_int_equal(w[i].office, fix.office);
        assert_int_equal(w[i].seq, 1);
    }
    store_watch(fix.s, NULL, &w[1]);
    store_watch(fix.s, NULL, &w[1]);             /* nobody by then */
    write_step(2);
    assert_int_equal(w[0].n + w[2].n + w[3].n, 6);
    assert_int_equal(w[1].n, 1);
    store_watch(fix.s, heard, &w[1]);            /* its place is free again */
    write_step(3);
    assert_int_equal(w[1].n, 2);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(test_addresses), T(test_foreign_files), T(test_foreign_schemas), T(test_key_file), T(test_one_writer), T(test_two_servers), T(test_reader_process),
        T(test_readers_do_not_write), T(test_nulls), T(test_nested), T(test_refusal_in_batch), T(test_refused_but_wrote), T(test_refused_row),
        T(test_engine_error_in_batch), T(test_alone), T(test_offices), T(test_clock), T(test_watchers),
        cmocka_unit_test_setup_teardown(test_many, setup_counted, teardown),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
