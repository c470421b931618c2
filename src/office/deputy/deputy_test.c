/* Deputies: who may appoint, what they may do, and that it begins and ends with the days. */
#include "../entry/fixture_test.h"

#include "office/closing/closing.h"
#include "office/deputy/deputy.h"
#include "office/entry/entry_rules.h"
#include "store/journal.h"

static struct entry_office f;
enum { DAY = 24 * 3600 * 1000 };

static int setup(void **state)
{
    memset(&f, 0, sizeof f);
    fixture_open(&f);
    test_member_add(&f.o, "wang", "王科员", "officer", "", STR_NULL);
    test_member_add(&f.o, "shang2", "商务局副联络员", "liaison", "市商务局", STR_NULL);
    return 0;
}

static int teardown(void **state)
{
    test_office_close(&f.o);
    return 0;
}

struct make { const char *as; struct deputy_draft draft; int64_t id; bool end; };

static bool make_fn(struct txn *t, void *args, struct err *err)
{
    struct make *m = args;
    struct actor actor;
    return actor_load_login(t->db, t->arena, t->office_id, str_c(m->as), t->today, &actor, err) && (t->actor_id = actor.member_id) &&
           (m->end ? deputy_end(t, &actor, m->id, err) : deputy_add(t, &actor, &m->draft, &m->id, err));
}

static bool make(struct make *m, struct err *err)
{
    *err = (struct err){ 0 };
    return test_write(&f.o, make_fn, m, err);
}

static int64_t made(const char *as, const char *absent, const char *deputy, const char *from, const char *to)
{
    struct err e;
    struct make m = { as, { str_c(absent), str_c(deputy), str_c(from), str_c(to) } };
    NO_ERR(make(&m, &e), &e);
    return m.id;
}

static void refused(const char *as, struct deputy_draft d, enum err_kind kind, int msg, const char *field)
{
    struct err e;
    struct journal_head before, after;
    struct make m = { as, d };
    NO_ERR(journal_head(f.o.db, f.o.id, &before, &e), &e);
    assert_false(make(&m, &e));
    assert_int_equal(e.kind, kind);
    assert_int_equal(e.msg, msg);
    assert_string_equal(e.field, field);
    NO_ERR(journal_head(f.o.db, f.o.id, &after, &e), &e);
    assert_int_equal(before.seq, after.seq);
}

#define D(...) ((struct deputy_draft){ __VA_ARGS__ })

static void bad_ones_are_refused_by_name(void **state)
{
    struct str li = STR("li"), wang = STR("wang"), to = STR("2022-05-13"), from = STR("2022-05-09");
    refused("li", D(li, li, from, to), ERR_INPUT, M_PEOPLE_OWN_DEPUTY, "deputy");
    refused("li", D(li, STR("console"), from, to), ERR_INPUT, M_DEPUTY_UNKNOWN, "deputy");
    refused("li", D(li, STR(""), from, to), ERR_INPUT, M_BASE_REQUIRED, "deputy");
    refused("li", D(li, wang, from, STR("")), ERR_INPUT, M_BASE_REQUIRED, "to");
    refused("li", D(li, wang, from, STR("5月")), ERR_INPUT, M_ENTRY_BAD_DATE, "to");
    refused("li", D(li, wang, STR("2022-05-08"), to), ERR_INPUT, M_DEPUTY_PAST, "from");
    refused("li", D(li, wang, to, from), ERR_INPUT, M_PEOPLE_BAD_SPAN, "to");
    refused("li", D(li, wang, from, STR("2022-08-07")), ERR_INPUT, M_DEPUTY_LONG, "to");       /* the 91st day */
    refused("li", D(li, wang, STR("2023-05-11"), STR("2023-05-12")), ERR_INPUT, M_DEPUTY_FAR, "from");
    refused("li", D(li, STR("shang"), from, to), ERR_INPUT, M_DEPUTY_OTHER_SIDE, "deputy");
    refused("li", D(li, STR("sys"), from, to), ERR_INPUT, M_DEPUTY_OTHER_SIDE, "deputy");
    refused("shang", D(STR("shang"), STR("ke"), from, to), ERR_INPUT, M_DEPUTY_OTHER_UNIT, "deputy");
    refused("li", D(li, wang, from, to, STR("half")), ERR_INPUT, M_DEPUTY_BAD_SCOPE, "scope");
    refused("li", D(li, wang, from, to, STR(""), STR("机密★1年")), ERR_INPUT, M_ENTRY_SECRET, "note");
    refused("li", D(STR("zhang"), wang, from, to), ERR_DENIED, M_DEPUTY_DENIED, "absent");    /* an officer for the chief */
    refused("zhang", D(STR("shang"), STR("shang2"), from, to), ERR_DENIED, M_DEPUTY_DENIED, "absent");    /* the chief for a unit */
    refused("lead", D(li, wang, from, to), ERR_DENIED, M_DEPUTY_DENIED, "absent");
}

static void one_deputy_at_a_time_and_no_chain(void **state)
{
    struct str li = STR("li"), wang = STR("wang"), zhang = STR("zhang");
    made("zhang", "zhang", "li", "2022-05-10", "2022-05-12");
    refused("sys", D(zhang, wang, STR("2022-05-12"), STR("2022-05-20")), ERR_CONFLICT, M_DEPUTY_TAKEN, "from");
    refused("li", D(li, zhang, STR("2022-05-12"), STR("2022-05-13")), ERR_CONFLICT, M_DEPUTY_AWAY, "deputy");    /* a cycle */
    refused("li", D(li, wang, STR("2022-05-09"), STR("2022-05-10")), ERR_CONFLICT, M_DEPUTY_STANDS, "absent");   /* a chain */
    refused("wang", D(wang, zhang, STR("2022-05-11"), STR("2022-05-11")), ERR_CONFLICT, M_DEPUTY_AWAY, "deputy");
    made("sys", "zhang", "wang", "2022-05-13", "2022-05-20");    /* the day after is free */
    made("shang", "shang", "shang2", "2022-05-09", "2022-05-09");
}

static struct actor as(const char *login)
{
    struct actor a;
    fixture_actor(&f, &a, login);
    return a;
}

/* Both names are on record, in the history and in the journal. */
static void check_names(struct str number, const char *name, int64_t deputy_of)
{
    struct err e;
    struct act *h;
    struct entry entry;
    struct journal_line *line;
    size_t n, lines;
    NO_ERR(entry_fetch(f.o.db, &f.o.arena, &f.chief, number, &entry, &e), &e);
    NO_ERR(entry_history(f.o.db, &f.o.arena, &f.chief, &entry, &h, &n, &e), &e);
    assert_true(str_eqc(h[n - 1].actor_name, name));
    assert_int_equal(h[n - 1].deputy_of, deputy_of);
    NO_ERR(journal_read(f.o.db, &f.o.arena, f.o.id, h[n - 1].journal_seq - 1, 1, &line, &lines, &e), &e);
    assert_int_equal(line->deputy_of, deputy_of);
}

static void the_chiefs_acts_go_with_the_days(void **state)
{
    struct entry_input why = { .text = STR("上级已取消") };
    made("zhang", "zhang", "li", "2022-05-10", "2022-05-11");
    for (int day = 0; day < 4; day++) {
        sim_clock_set(&f.o.clock, TEST_NOW + day * (int64_t)DAY);
        struct actor li = as("li"), wang = as("wang");
        struct str n = fixture_register(&f, &li, fixture_input());
        bool stands = day == 1 || day == 2;
        assert_int_equal(actor_is(&li, ROLE_CHIEF), stands);
        assert_false(actor_is(&wang, ROLE_CHIEF));
        if (stands) {
            fixture_act(&f, &li, n, VERB_URGE, (struct entry_input){ .text = STR("请抓紧") });
            check_names(n, "李科员", 0);         /* in person */
            fixture_act(&f, &li, n, VERB_WITHDRAW, why);
            check_names(n, "李科员（代张科长）", f.chief.member_id);
        } else {
            assert_int_equal(fixture_refused(&f, &li, n, VERB_WITHDRAW, why).kind, ERR_DENIED);
        }
        assert_int_equal(fixture_refused(&f, &wang, fixture_register(&f, &li, fixture_input()), VERB_WITHDRAW, why).kind, ERR_DENIED);
    }
}

/* The last instant of the last day, and the first after it. */
static void to_the_minute(void **state)
{
    instant_t end = day_start(instant_day(TEST_NOW) + 2);
    made("zhang", "zhang", "li", "2022-05-09", "2022-05-10");
    sim_clock_set(&f.o.clock, end - 1);
    struct actor li = as("li");
    assert_true(actor_is(&li, ROLE_CHIEF) && li.n_lent == 2 && li.lent[0].to == instant_day(TEST_NOW) + 1);
    sim_clock_set(&f.o.clock, end);
    li = as("li");
    assert_false(actor_is(&li, ROLE_CHIEF) || li.n_lent);
}

static void only_own_matters(void **state)
{
    struct err e;
    struct make m = { "zhang", { STR("zhang"), STR("li"), STR(""), STR("2022-05-10"), STR("own") } };
    NO_ERR(make(&m, &e), &e);
    struct actor li = as("li");
    assert_false(actor_is(&li, ROLE_CHIEF));
    assert_true(actor_has_party(&li, f.chief.party_id));
}

static void ended_early_it_ends_at_once(void **state)
{
    struct err e;
    int64_t id = made("zhang", "zhang", "li", "2022-05-09", "2022-05-20"), later = made("zhang", "zhang", "wang", "2022-05-23", "2022-05-24");
    struct make m = { "wang", { STR_NULL }, id, true };
    struct actor li = as("li");
    assert_true(actor_is(&li, ROLE_CHIEF));
    assert_false(make(&m, &e));
    assert_int_equal(e.kind, ERR_DENIED);        /* neither of the two, nor chief */
    m.as = "shang";
    assert_false(make(&m, &e));
    assert_int_equal(e.kind, ERR_NOT_FOUND);     /* not theirs to know of */
    m.as = "zhang";
    NO_ERR(make(&m, &e), &e);
    li = as("li");
    assert_false(actor_is(&li, ROLE_CHIEF) || li.n_lent);
    assert_false(make(&m, &e));
    assert_int_equal(e.msg, M_DEPUTY_OVER_ALREADY);
    m.id = later;
    NO_ERR(make(&m, &e), &e);
    sim_clock_set(&f.o.clock, TEST_NOW + 14 * (int64_t)DAY);
    assert_int_equal(as("wang").n_lent, 0);
    struct deputy *d;
    size_t n;
    NO_ERR(deputy_list(f.o.db, &f.o.arena, &f.chief, instant_day(TEST_NOW), &d, &n, &e), &e);
    assert_int_equal(n, 2);
    assert_true(d[0].state == DEPUTY_OVER && d[1].state == DEPUTY_OVER && d[0].ended_at != INSTANT_NONE);
    NO_ERR(deputy_list(f.o.db, &f.o.arena, &f.liaison, instant_day(TEST_NOW), &d, &n, &e), &e);
    assert_int_equal(n, 0);
    sim_clock_set(&f.o.clock, TEST_NOW);
    made("zhang", "zhang", "li", "2022-05-09", "2022-05-10");    /* the days are free again */
}

/* A chief who stands in for an officer elsewhere is an officer there; a deputy makes no deputies. */
static void rights_are_those_of_the_other(void **state)
{
    made("zhang", "zhang", "li", "2022-05-09", "2022-05-10");
    refused("li", D(STR("wang"), STR("li"), STR("2022-05-09"), STR("2022-05-10")), ERR_DENIED, M_DEPUTY_DENIED, "absent");
    struct entry e = { .section_id = 7, .state = STATE_ACTIVE };
    struct actor chief = { .roles = ROLE_CHIEF, .parties = { 1, 7 }, .stead = { 0, 5 }, .n_parties = 2,
                           .lent = { { .party_id = 7, .member_id = 5, .roles = ROLE_OFFICER } }, .n_lent = 1, .lent_roles = ROLE_OFFICER };
    assert_int_equal(rules_sides(&chief, &e), SIDE_SECTION);
    assert_int_equal(rules_stead(&chief, &e, VERB_URGE), 5);
}

struct disable { int64_t id; bool off; };
static bool disable_fn(struct txn *t, void *args, struct err *err)
{
    const struct disable *d = args;
    return member_set_disabled(t, d->id, d->off, err);
}

static void the_disabled_lend_nothing(void **state)
{
    struct err e;
    struct disable d = { f.chief.member_id, true };
    made("zhang", "zhang", "li", "2022-05-09", "2022-05-10");
    assert_true(as("li").n_lent > 0);
    NO_ERR(test_write(&f.o, disable_fn, &d, &e), &e);
    assert_int_equal(as("li").n_lent, 0);
    refused("sys", D(STR("wang"), STR("zhang"), STR("2022-05-09"), STR("2022-05-10")), ERR_INPUT, M_PEOPLE_MEMBER_DISABLED, "deputy");
}

static bool close_fn(struct txn *t, void *args, struct err *err)
{
    struct actor actor;
    return actor_load_login(t->db, t->arena, t->office_id, STR("li"), t->today, &actor, err) && (t->actor_id = actor.member_id) &&
           closing_close(t, &actor, workdays_official(), 202204, NULL, 0, STR_NULL, NULL, err);
}

static void the_deputy_closes_the_month(void **state)
{
    struct err e;
    struct journal_head head;
    struct journal_line *line;
    size_t n;
    assert_false(test_write(&f.o, close_fn, NULL, &e));
    assert_int_equal(e.kind, ERR_DENIED);
    made("zhang", "zhang", "li", "2022-05-09", "2022-05-09");
    NO_ERR(test_write(&f.o, close_fn, NULL, &e), &e);
    NO_ERR(journal_head(f.o.db, f.o.id, &head, &e), &e);
    NO_ERR(journal_read(f.o.db, &f.o.arena, f.o.id, head.seq - 1, 1, &line, &n, &e), &e);
    assert_true(str_eqc(line->entity, "closing"));
    assert_int_equal(line->actor_id, f.officer.member_id);
    assert_int_equal(line->deputy_of, f.chief.member_id);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(bad_ones_are_refused_by_name), T(one_deputy_at_a_time_and_no_chain), T(the_chiefs_acts_go_with_the_days), T(to_the_minute), T(only_own_matters),
        T(ended_early_it_ends_at_once), T(rights_are_those_of_the_other), T(the_disabled_lend_nothing), T(the_deputy_closes_the_month),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
