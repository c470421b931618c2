#include "office.h"

#include "messages.h"
#include "store/journal.h"

static struct test_office o;

static int setup(void **state)
{
    test_office_open(&o);
    return 0;
}

static int teardown(void **state)
{
    test_office_close(&o);
    return 0;
}

struct add { const char *name, *short_name; int64_t ord, id; };

static bool add_fn(struct txn *t, void *args, struct err *err)
{
    struct add *a = args;
    return party_add(t, PARTY_UNIT, str_c(a->name), str_c(a->short_name), STR("部门"), a->ord, &a->id, err);
}

static int64_t add(const char *name, const char *short_name, int64_t ord)
{
    struct err e;
    struct add a = { name, short_name, ord, 0 };
    NO_ERR(test_write(&o, add_fn, &a, &e), &e);
    return a.id;
}

struct change { int64_t id; struct str name, short_name; int64_t ord; int active; };

static bool change_fn(struct txn *t, void *args, struct err *err)
{
    struct change *c = args;
    return party_change(t, c->id, c->name, c->short_name, STR_NULL, c->ord, c->active, err);
}

/* "市商务局1 市财政局2 " */
static void assert_order(const char *want)
{
    struct err e;
    struct party *p;
    size_t n;
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    NO_ERR(party_list(o.db, &o.arena, o.id, PARTY_UNIT, true, &p, &n, &e), &e);
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%.*s%d ", STR_ARG(p[i].name), (int)p[i].ord);
    assert_string_equal(b.p, want);
}

static void order_stays_dense(void **state)
{
    struct err e;
    int64_t a = add("甲", "", 0);
    add("乙", "", 0);
    add("丙", "", 1);
    assert_order("丙1 甲2 乙3 ");
    NO_ERR(test_write(&o, change_fn, &(struct change){ a, .ord = 3, .active = -1 }, &e), &e);
    assert_order("丙1 乙2 甲3 ");
    NO_ERR(test_write(&o, change_fn, &(struct change){ a, .ord = 1, .active = -1 }, &e), &e);
    assert_order("甲1 丙2 乙3 ");
    NO_ERR(test_write(&o, change_fn, &(struct change){ a, .ord = 99, .active = -1 }, &e), &e);
    assert_order("丙1 乙2 甲3 ");
}

static bool find(const char *name, struct party *p, struct err *e)
{
    return party_find(o.db, &o.arena, &o.console, 1u << PARTY_UNIT | 1u << PARTY_SECTION, str_c(name), "lead_unit", p, e);
}

static bool alias_fn(struct txn *t, void *args, struct err *err) { return party_alias_add(t, *(int64_t *)args, STR("商务委"), err); }

static void found_by_every_writing(void **state)
{
    struct err e;
    struct party p;
    int64_t id = add("市商务局", "商务局", 0);
    NO_ERR(test_write(&o, alias_fn, &id, &e), &e);
    NO_ERR(test_write(&o, alias_fn, &id, &e), &e);         /* twice costs nothing */
    const char *writings[] = { "市商务局", "商务局", "商务委" };
    for (size_t i = 0; i < ARRAY_LEN(writings); i++) {
        NO_ERR(find(writings[i], &p, &e), &e);
        assert_int_equal(p.id, id);
    }
    NO_ERR(find("本科室", &p, &e), &e);
    assert_int_equal(p.id, o.console.section_id);

    assert_false(find("市外星局", &p, &e));
    assert_int_equal(e.kind, ERR_INPUT);
    assert_int_equal(e.msg, M_PEOPLE_UNKNOWN_UNIT);
    assert_string_equal(e.field, "lead_unit");
    assert_false(party_find(o.db, &o.arena, &o.console, 1u << PARTY_LEADER, STR("商务局"), "leader", &p, &e));
    assert_int_equal(e.msg, M_PEOPLE_UNKNOWN_LEADER);

    NO_ERR(test_write(&o, change_fn, &(struct change){ id, .short_name = STR("商局"), .active = 0 }, &e), &e);
    assert_false(find("商务局", &p, &e));
    assert_int_equal(e.msg, M_PEOPLE_UNKNOWN_UNIT);
    assert_false(find("商局", &p, &e));
    assert_int_equal(e.msg, M_PEOPLE_PARTY_INACTIVE);
}

static void names_are_taken_once(void **state)
{
    struct err e;
    add("市商务局", "商务局", 0);
    struct add bad[] = { { "市商务局", "", 0, 0 }, { "商务局", "", 0, 0 }, { "市商务二局", "商务局", 0, 0 }, { "", "", 0, 0 }, { "a\tb", "", 0, 0 } };
    enum err_kind want[] = { ERR_CONFLICT, ERR_CONFLICT, ERR_CONFLICT, ERR_INPUT, ERR_INPUT };
    struct journal_head before, after;
    NO_ERR(journal_head(o.db, o.id, &before, &e), &e);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_false(test_write(&o, add_fn, &bad[i], &e));
        assert_int_equal(e.kind, want[i]);
    }
    NO_ERR(journal_head(o.db, o.id, &after, &e), &e);
    assert_int_equal(before.seq, after.seq);
    assert_order("市商务局1 ");
}

static void journal_says_what_changed(void **state)
{
    struct err e;
    int64_t id = add("市商务局", "", 0);
    struct change c = { id, .name = STR("市商务和投资局"), .active = -1 };
    NO_ERR(test_write(&o, change_fn, &c, &e), &e);
    struct journal_head head;
    NO_ERR(journal_head(o.db, o.id, &head, &e), &e);
    NO_ERR(test_write(&o, change_fn, &c, &e), &e);         /* the same again: no line */
    struct journal_line *lines;
    size_t n;
    NO_ERR(journal_read(o.db, &o.arena, o.id, head.seq - 1, 10, &lines, &n, &e), &e);
    assert_int_equal(n, 1);
    assert_true(str_eqc(lines[0].entity, "party") && str_eqc(lines[0].verb, "change") && lines[0].entity_id == id);
    assert_true(str_eqc(lines[0].before, "{\"name\":\"市商务局\"}"));
    assert_true(str_eqc(lines[0].after, "{\"name\":\"市商务和投资局\"}"));
    assert_int_equal(lines[0].actor_id, o.console.member_id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(order_stays_dense, setup, teardown),
        cmocka_unit_test_setup_teardown(found_by_every_writing, setup, teardown),
        cmocka_unit_test_setup_teardown(names_are_taken_once, setup, teardown),
        cmocka_unit_test_setup_teardown(journal_says_what_changed, setup, teardown),
    };
    return cmocka_run_group_tests_name("party", tests, NULL, NULL);
}
