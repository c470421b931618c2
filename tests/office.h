/* For tests above the store: a database of its own on the engine of engine.h, a fresh folder, a clock that stands still, an office with its section, an actor
 * 'console' with every right. Two offices, 'a' and 'b', where a test asks for them.
 */
#ifndef WHS_TESTS_OFFICE_H
#define WHS_TESTS_OFFICE_H

#include "engine.h"

#include "people/member.h"
#include "people/party.h"

struct test_office {
    char dir[64], url[ENGINE_URL_MAX];
    struct sim_clock clock;
    struct sim_random random;
    struct store *store;
    struct db *db;
    struct arena arena;
    int64_t id;                                  /* office 'a' */
    struct actor console;
};

#define NO_ERR(call, e) \
    do { \
        if (!(call)) { \
            struct buf b_ = BUF_INIT; \
            tr_err(&b_, LANG_EN, (e)); \
            print_error("%s\n", b_.p); \
            buf_release(&b_); \
            fail(); \
        } \
    } while (0)

struct test_office_new { const char *code; int64_t id; };

static inline bool test_office_make(struct txn *t, void *args, struct err *err)
{
    struct test_office_new *n = args;
    return txn_office_create(t, str_c(n->code), STR("测试机关"), &n->id, err);
}

static inline bool test_office_people(struct txn *t, void *args, struct err *err)
{
    (void)args;
    return people_init(t, STR("秘书五科"), err);
}

static inline int64_t test_office_add(struct test_office *o, const char *code)
{
    struct err e;
    struct test_office_new n = { code, 0 };
    NO_ERR(store_write_wait(o->store, STORE_OFFICE_SHARED, 0, test_office_make, &n, &e), &e);
    NO_ERR(store_write_wait(o->store, n.id, 0, test_office_people, NULL, &e), &e);
    return n.id;
}

/* 2022-05-09, a Monday, 09:00. */
#define TEST_NOW INT64_C(1652058000000)

static inline void test_office_open(struct test_office *o)
{
    struct err e;
    memset(o, 0, sizeof *o);
    strcpy(o->dir, access("/dev/shm", W_OK) == 0 ? "/dev/shm/whs-test-XXXXXX" : "/tmp/whs-test-XXXXXX");    /* a sync costs nothing there */
    assert_non_null(mkdtemp(o->dir));
    engine_make(o->url, o->dir);
    sim_clock_init(&o->clock, TEST_NOW);
    sim_random_init(&o->random, 1);
    o->arena = ARENA_INIT(0);
    struct store_options so = { .url = o->url, .clock = &o->clock.base, .random = &o->random.base, .write = true };
    NO_ERR(store_create(&so, &e), &e);
    NO_ERR(store_open(&so, &o->store, &e), &e);
    o->id = test_office_add(o, "a");
    NO_ERR(store_reader_open(o->store, &o->db, &e), &e);
    NO_ERR(actor_load_login(o->db, &o->arena, o->id, STR("console"), instant_day(TEST_NOW), &o->console, &e), &e);
}

static inline void test_office_close(struct test_office *o)
{
    store_reader_close(o->db);
    store_close(o->store);
    arena_release(&o->arena);
    engine_drop(o->url, o->dir);
}

static inline bool test_write(struct test_office *o, store_fn *fn, void *args, struct err *err)
{
    return store_write_wait(o->store, o->id, o->console.member_id, fn, args, err);
}

/* Adds a member with a password hash made before (or NULL); returns the id. */
struct test_member { struct actor *by; struct member_draft draft; struct str hash; int64_t id; };
static inline bool test_member_fn(struct txn *t, void *args, struct err *err)
{
    struct test_member *m = args;
    return member_add(t, m->by, &m->draft, m->hash, false, &m->id, err);
}

static inline int64_t test_member_add(struct test_office *o, const char *login, const char *name, const char *role, const char *home,
                                      struct str hash)
{
    struct err e;
    struct test_member m = { &o->console, { str_c(login), str_c(name), str_c(role), str_c(home), STR_NULL, STR("139 0000 0000") }, hash, 0 };
    NO_ERR(test_write(o, test_member_fn, &m, &e), &e);
    return m.id;
}

#endif
