/* Handovers: who may, all or none, movements of both officers, and back again. */
#include "../entry/fixture_test.h"

#include "office/closing/closing.h"
#include "office/handover/handover.h"
#include "store/journal.h"

static struct entry_office f;

static int setup(void **state)
{
    memset(&f, 0, sizeof f);
    fixture_open(&f);
    test_member_add(&f.o, "wang", "王科员", "officer", "", STR_NULL);
    return 0;
}

static int teardown(void **state)
{
    test_office_close(&f.o);
    return 0;
}

struct hand { const char *as; struct handover_ask ask; int64_t id, back; };

static bool hand_fn(struct txn *t, void *args, struct err *err)
{
    struct hand *h = args;
    struct actor actor;
    if (!actor_load_login(t->db, t->arena, t->office_id, str_c(h->as), t->today, &actor, err))
        return false;
    t->actor_id = actor.member_id;
    return h->back ? handover_return(t, &actor, h->back, &h->id, err) : handover_do(t, &actor, &h->ask, &h->id, err);
}

#define ASK(...) ((struct handover_ask){ .from = STR("li"), .to = STR("wang"), .reason = STR("岗位调整"), ##__VA_ARGS__ })
#define TO(who, why) ((struct handover_ask){ .from = STR("li"), .to = STR(who), .reason = STR(why) })

static bool hand(struct hand *h, struct err *err)
{
    *err = (struct err){ 0 };
    return test_write(&f.o, hand_fn, h, err);
}

static void refused(struct hand h, enum err_kind kind, int msg, const char *field)
{
    struct err e;
    struct journal_head before, after;
    NO_ERR(journal_head(f.o.db, f.o.id, &before, &e), &e);
    assert_false(hand(&h, &e));
    assert_int_equal(e.kind, kind);
    assert_int_equal(e.msg, msg);
    assert_string_equal(e.field, field);
    NO_ERR(journal_head(f.o.db, f.o.id, &after, &e), &e);
    assert_int_equal(before.seq, after.seq);
}

static struct entry of(struct str number)
{
    struct err e;
    struct entry ret;
    NO_ERR(entry_fetch(f.o.db, &f.o.arena, &f.chief, number, &ret, &e), &e);
    return ret;
}

/* Three of li's open (one of them of another unit), one settled, one of the chief's. */
static struct str number[5];
static void matters(void)
{
    struct entry_input other = fixture_input(), own = fixture_input();
    other.lead_unit = STR("市科技局");
    other.lists = STR("重点工作");
    own.lead_unit = STR("本科室");
    number[0] = fixture_register(&f, &f.officer, fixture_input());
    number[1] = fixture_register(&f, &f.officer, other);
    number[2] = fixture_register(&f, &f.officer, own);
    number[3] = fixture_register(&f, &f.officer, own);
    number[4] = fixture_register(&f, &f.chief, own);
    fixture_act(&f, &f.officer, number[3], VERB_SETTLE, (struct entry_input){ .result = STR("已办") });
}

static int64_t id_of(const char *login)
{
    struct actor a;
    fixture_actor(&f, &a, login);
    return a.member_id;
}

static void all_open_ones_go_over(void **state)
{
    struct err e;
    struct hand h = { "li", ASK(.expect = STR("3")) };
    struct act *act;
    size_t n;
    matters();
    NO_ERR(hand(&h, &e), &e);
    for (int i = 0; i < 3; i++)
        assert_int_equal(of(number[i]).officer_id, id_of("wang"));
    assert_int_equal(of(number[3]).officer_id, f.officer.member_id);     /* settled ones stay where they were */
    assert_int_equal(of(number[4]).officer_id, f.chief.member_id);
    struct entry one = of(number[0]);
    NO_ERR(entry_history(f.o.db, &f.o.arena, &f.chief, &one, &act, &n, &e), &e);
    assert_int_equal(n, 2);
    assert_true(act[1].verb == VERB_AMEND && str_eqc(act[1].text, "工作交接：岗位调整"));
    assert_true(str_find(act[1].change, STR("\"officer\":[\"李科员\",\"王科员\"]")) >= 0);
    assert_int_equal(act[1].actor_id, f.officer.member_id);
    refused(h, ERR_CONFLICT, M_HANDOVER_CHANGED, "");
    h.ask.expect = STR_NULL;
    refused(h, ERR_CONFLICT, M_HANDOVER_NOTHING, "");
}

static void by_unit_and_by_list(void **state)
{
    struct err e;
    struct hand unit = { "li", ASK(.unit = STR("市商务局")) }, list = { "zhang", ASK(.list = STR("重点工作")) };
    matters();
    NO_ERR(hand(&unit, &e), &e);
    assert_true(of(number[0]).officer_id == id_of("wang") && of(number[1]).officer_id == f.officer.member_id);
    NO_ERR(hand(&list, &e), &e);
    assert_true(of(number[1]).officer_id == id_of("wang") && of(number[2]).officer_id == f.officer.member_id);
}

static void not_everybody_and_not_anything(void **state)
{
    matters();
    refused((struct hand){ "wang", ASK() }, ERR_DENIED, M_HANDOVER_DENIED, "from");
    refused((struct hand){ "sys", ASK() }, ERR_DENIED, M_HANDOVER_DENIED, "from");
    refused((struct hand){ "shang", ASK() }, ERR_DENIED, M_HANDOVER_DENIED, "from");
    refused((struct hand){ "lead", ASK() }, ERR_DENIED, M_HANDOVER_DENIED, "from");
    refused((struct hand){ "li", TO("li", "岗位调整") }, ERR_INPUT, M_HANDOVER_SAME, "to");
    refused((struct hand){ "li", TO("shang", "岗位调整") }, ERR_INPUT, M_HANDOVER_OTHER_SECTION, "to");
    refused((struct hand){ "li", TO("谁", "岗位调整") }, ERR_INPUT, M_DEPUTY_UNKNOWN, "to");
    refused((struct hand){ "li", TO("wang", "") }, ERR_INPUT, M_ENTRY_MISSING, "reason");
    refused((struct hand){ "li", ASK(.list = STR("没有")) }, ERR_INPUT, M_HANDOVER_NO_LIST, "list");
    refused((struct hand){ "li", ASK(.unit = STR("没有")) }, ERR_INPUT, M_PEOPLE_UNKNOWN_UNIT, "unit");
    refused((struct hand){ "li", ASK(.expect = STR("4")) }, ERR_CONFLICT, M_HANDOVER_CHANGED, "");
    refused((struct hand){ "li", .back = 999999 }, ERR_NOT_FOUND, M_HANDOVER_NOT_FOUND, "");
}

static void back_while_nothing_changed(void **state)
{
    struct err e;
    struct hand h = { "zhang", ASK() }, back = { "wang" };
    struct handover got;
    struct handover_line *line;
    size_t n;
    matters();
    NO_ERR(hand(&h, &e), &e);
    back.back = h.id;
    refused((struct hand){ "li", .back = h.id }, ERR_DENIED, M_HANDOVER_RETURN_DENIED, "");    /* neither taker, nor hand, nor chief */
    refused((struct hand){ "shang", .back = h.id }, ERR_NOT_FOUND, M_HANDOVER_NOT_FOUND, "");
    NO_ERR(hand(&back, &e), &e);
    assert_int_equal(of(number[0]).officer_id, f.officer.member_id);
    refused((struct hand){ "wang", .back = h.id }, ERR_CONFLICT, M_HANDOVER_RETURNED, "");
    refused((struct hand){ "zhang", .back = back.id }, ERR_CONFLICT, M_HANDOVER_RETURNED, "");  /* no back of the back */
    NO_ERR(handover_fetch(f.o.db, &f.o.arena, &f.officer, h.id, &got, &line, &n, &e), &e);
    assert_true(n == 3 && got.reversed_by == back.id && !got.untouched);
    NO_ERR(hand(&h, &e), &e);
    fixture_act(&f, &f.chief, number[0], VERB_URGE, (struct entry_input){ .text = STR("请抓紧") });
    refused((struct hand){ "wang", .back = h.id }, ERR_CONFLICT, M_HANDOVER_TOUCHED, "");
}

static bool close_fn(struct txn *t, void *args, struct err *err)
{
    return closing_close(t, &f.chief, workdays_official(), 202205, NULL, 0, STR("承办单位正在办理，已催办"), NULL, err);
}

/* The closing refuses when movements and entries differ, for each officer too; and both officers' figures tell of the handover. */
static void the_months_figures_agree(void **state)
{
    struct err e;
    struct hand h = { "li", ASK() };
    struct closing_view v;
    int seen = 0;
    matters();
    NO_ERR(hand(&h, &e), &e);
    sim_clock_set(&f.o.clock, day_start(date_day(2022, 6, 1)) + 9 * 3600000);
    NO_ERR(test_write(&f.o, close_fn, NULL, &e), &e);
    NO_ERR(closing_read(f.o.db, &f.o.arena, &f.chief, workdays_official(), 202205, date_day(2022, 6, 1), &v, &e), &e);
    for (size_t i = 0; i < v.n_dims; i++) {
        const struct figures *g = &v.dims[i];
        if (!str_eqc(g->dim, "officer"))
            continue;
        if (str_eqc(g->name, "李科员"))
            assert_true(++seen && g->added == 4 && g->moved_out == 3 && g->settled == 1 && g->carried == 0);
        if (str_eqc(g->name, "王科员"))
            assert_true(++seen && g->added == 0 && g->moved_in == 3 && g->carried == 3);
    }
    assert_int_equal(seen, 2);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(all_open_ones_go_over), T(by_unit_and_by_list), T(not_everybody_and_not_anything), T(back_while_nothing_changed), T(the_months_figures_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
