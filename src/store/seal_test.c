#include "store_fixture.h"

#include "store/seal.h"

static const struct seal_place PLACE = { "member.phone", 7 };

struct sealing {
    struct str scope, plain;
    char sealed[400], digest[32];
    size_t n;
};

static bool seal_it(struct txn *t, void *args, struct err *err)
{
    struct sealing *s = args;
    struct str sealed, digest;
    if (!seal_text(t, s->scope, PLACE, s->plain, &sealed, err) || !seal_digest(t, s->scope, s->plain, &digest, err) || !step_line(t, 1, err))
        return false;
    if (!s->plain.p) {
        assert_null(sealed.p);
        assert_null(digest.p);
        return true;
    }
    memcpy(s->sealed, sealed.p, s->n = sealed.n);
    memcpy(s->digest, digest.p, digest.n);
    return true;
}

static bool destroy(struct txn *t, void *args, struct err *err) { return seal_destroy(t, *(struct str *)args, err); }

static struct sealing sealed(struct str scope, struct str plain)
{
    struct sealing s = { .scope = scope, .plain = plain };
    must(store_write_wait(fix.s, fix.office, 1, seal_it, &s, &err));
    return s;
}

static void opens(struct db *db, const struct sealing *s, struct str wanted)
{
    struct str plain;
    _cleanup_(arena_release) struct arena a = ARENA_INIT(0);
    must(seal_open(fix.s, db, &a, fix.office, PLACE, str_n(s->sealed, s->n), &plain, &err));
    assert_true(str_eq(plain, wanted));
}

static void does_not_open(struct db *db, struct sealing s, enum err_kind kind)
{
    struct str plain;
    _cleanup_(arena_release) struct arena a = ARENA_INIT(0);
    must_fail(seal_open(fix.s, db, &a, fix.office, PLACE, str_n(s.sealed, s.n), &plain, &err), kind);
}

static void test_seal(void **state)
{
    struct db *db;
    struct str tel = STR("13912345678"), plain;
    struct sealing a = sealed(SEAL_SCOPE_OFFICE, tel), b = sealed(SEAL_SCOPE_OFFICE, tel), c = sealed(STR("operation:5"), tel),
                   empty = sealed(SEAL_SCOPE_OFFICE, STR(""));
    sealed(SEAL_SCOPE_OFFICE, STR_NULL);
    assert_int_equal(a.n, 1 + 8 + 16 + tel.n + 32);
    assert_true(memcmp(a.sealed, b.sealed, a.n) != 0);         /* the same text never looks the same */
    assert_memory_equal(a.digest, b.digest, 32);               /* but is found by its digest, */
    assert_true(memcmp(a.digest, c.digest, 32) != 0);          /* within its scope */
    must(store_reader_open(fix.s, &db, &err));
    opens(db, &a, tel);
    opens(db, &b, tel);
    opens(db, &c, tel);
    opens(db, &empty, STR(""));
    _cleanup_(arena_release) struct arena m = ARENA_INIT(0);
    must(seal_open(fix.s, db, &m, fix.office, PLACE, STR_NULL, &plain, &err));
    assert_null(plain.p);
    const struct seal_place other[] = { { "member.phone", 8 }, { "entry.contact", 7 } };
    for (size_t i = 0; i < ARRAY_LEN(other); i++)  /* carried to another row or field it does not open */
        must_fail(seal_open(fix.s, db, &m, fix.office, other[i], str_n(a.sealed, a.n), &plain, &err), ERR_CORRUPT);
    for (size_t i = 0; i < a.n; i++) {
        struct sealing bad = a;
        bad.sealed[i] ^= 1;
        does_not_open(db, bad, ERR_CORRUPT);
    }
    for (a.n--; a.n > 50; a.n--)
        does_not_open(db, a, ERR_CORRUPT);
    store_reader_close(db);
}

static void test_destroy(void **state)
{
    struct db *db;
    struct str scope = STR("operation:9"), tel = STR("13912345678");
    struct sealing kept = sealed(SEAL_SCOPE_OFFICE, tel), gone = sealed(scope, tel);
    must(store_reader_open(fix.s, &db, &err));
    opens(db, &gone, tel);
    must(store_write_wait(fix.s, fix.office, 1, destroy, &scope, &err));
    does_not_open(db, gone, ERR_NOT_FOUND);
    opens(db, &kept, tel);
    must_fail(store_write_wait(fix.s, fix.office, 1, destroy, &scope, &err), ERR_NOT_FOUND);
    assert_int_equal(fix_verify(), 3);
    struct sealing anew = sealed(scope, tel);    /* the scope goes on under a new key */
    opens(db, &anew, tel);
    does_not_open(db, gone, ERR_NOT_FOUND);
    store_reader_close(db);
}

/* After a destruction the wrapped key is nowhere in the files. */
static bool in_file(const char *suffix, const void *what, size_t n)
{
    char name[128], *p = NULL;
    size_t size = 0;
    snprintf(name, sizeof name, "%s%s", fix.path, suffix);
    FILE *f = fopen(name, "r");
    if (f) {
        p = malloc(64 << 20);
        size = fread(p, 1, 64 << 20, f);
        fclose(f);
    }
    bool there = p && memmem(p, size, what, n);
    free(p);
    return there;
}

static void wrapped(void *ctx, int64_t n, const void *bytes, size_t n_bytes)
{
    assert_true(n_bytes >= 64);
    memcpy(ctx, bytes, 64);
}

static void test_erased_from_disk(void **state)
{
    ONLY_SQLITE("PostgreSQL's files are read by the server alone; test_erased_from_table");
    struct str scope = STR("operation:9");
    char key[64];
    sealed(scope, STR("13912345678"));
    engine_each(fix.url, "SELECT wrapped FROM data_key WHERE scope = 'operation:9'", wrapped, key);
    assert_true(in_file("-wal", key, sizeof key));
    struct db *db;
    must(store_reader_open(fix.s, &db, &err));
    must(db_snapshot_begin(db, &err));
    struct journal_head head;
    must(journal_head(db, fix.office, &head, &err));           /* a reader stands in the log */
    must(store_write_wait(fix.s, fix.office, 1, destroy, &scope, &err));
    store_reader_close(db);
    sealed(SEAL_SCOPE_OFFICE, STR("13912345678"));             /* the next batch tries again */
    fix_close();
    assert_false(in_file("-wal", key, sizeof key));
    assert_false(in_file("", key, sizeof key));
}

static void relation(void *ctx, int64_t n, const void *bytes, size_t n_bytes)
{
    *(int64_t *)ctx = n;
}

/* On PostgreSQL the table was written anew: no page of it holds the old row. Its log of transactions is the server's and ends with its own checkpoints. */
static void test_erased_from_table(void **state)
{
    static const char FILE_OF[] = "SELECT pg_relation_filenode('data_key')";
    struct str scope = STR("operation:9");
    int64_t before = 0, after = 0;
    if (!on_postgres())
        skip();                                  /* test_erased_from_disk */
    sealed(scope, STR("13912345678"));
    engine_each(fix.url, FILE_OF, relation, &before);
    must(store_write_wait(fix.s, fix.office, 1, destroy, &scope, &err));
    fix_close();
    engine_each(fix.url, FILE_OF, relation, &after);
    assert_true(before && after && before != after);
}

static void test_row_moved(void **state)
{
    struct db *db;
    struct sealing a = sealed(STR("operation:1"), STR("甲")), b = sealed(STR("operation:2"), STR("乙"));
    tamper("UPDATE data_key SET wrapped = (SELECT wrapped FROM data_key WHERE scope = 'operation:1') WHERE scope = 'operation:2'");
    must(store_reader_open(fix.s, &db, &err));
    opens(db, &a, STR("甲"));
    does_not_open(db, b, ERR_CORRUPT);
    store_reader_close(db);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = { T(test_seal), T(test_destroy), T(test_erased_from_disk), T(test_erased_from_table), T(test_row_moved) };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("seal", tests, NULL, NULL);
}
