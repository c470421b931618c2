#include "office.h"

#include "calendar/date.h"
#include "messages.h"
#include "office/split/split.h"
#include "store/journal.h"

static struct test_office o;

struct work {
    const struct actor *as;
    struct str number;
    const struct entry_input *in;
    size_t n;
    int64_t version;
    enum entry_verb verb;
    struct entry_split made;
    struct str parts[4];
    struct problems problems;
};

static bool do_units(struct txn *t, void *args, struct err *err)
{
    int64_t id;
    return party_add(t, PARTY_UNIT, STR("市商务局"), STR("商务局"), STR("部门"), 0, &id, err) && party_add(t, PARTY_UNIT, STR("市科技局"), STR(""), STR("部门"), 0, &id, err) &&
           party_add(t, PARTY_LEADER, STR("分管副市长"), STR(""), STR(""), 0, &id, err) && entry_list_add(t, STR("年度安排"), &id, err);
}

static bool do_register(struct txn *t, void *args, struct err *err)
{
    struct work *w = args;
    struct entry e;
    struct entry_input in = { .kind = STR("affair"), .title = STR("保供方案"), .source = STR("省政府通知"), .requirement = STR("制定方案"), .deadline = STR("2022-05-20"),
                              .unit_deadline = STR("2022-05-18"), .lead_unit = STR("本科室"), .leader = STR("分管副市长"), .lists = STR("年度安排"), .urgency = STR("加急") };
    if (!entry_register(t, w->as, &in, &e, NULL, err))
        return false;
    w->number = arena_str(&o.arena, e.number);
    return true;
}

static bool do_split(struct txn *t, void *args, struct err *err)
{
    struct work *w = args;
    if (!entry_split(t, w->as, w->number, w->in, w->n, w->version, &w->made, &w->problems, err))
        return false;
    for (size_t i = 0; i < w->made.n && i < 4; i++)
        w->parts[i] = arena_str(&o.arena, w->made.made[i].number);
    return true;
}

static bool do_act(struct txn *t, void *args, struct err *err)
{
    struct work *w = args;
    struct entry e;
    return entry_act(t, w->as, w->number, w->verb, &(struct entry_input){ .text = STR("上级取消"), .result = STR_NULL }, &e, err);
}

static int setup(void **state)
{
    struct err e;
    test_office_open(&o);
    NO_ERR(test_write(&o, do_units, NULL, &e), &e);
    return 0;
}

static int teardown(void **state)
{
    test_office_close(&o);
    return 0;
}

static struct str parent(void)
{
    struct err e;
    struct work w = { .as = &o.console };
    NO_ERR(test_write(&o, do_register, &w, &e), &e);
    return w.number;
}

static struct entry get(struct str number)
{
    struct err e;
    struct entry x;
    NO_ERR(entry_fetch(o.db, &o.arena, &o.console, number, &x, &e), &e);
    return x;
}

/* What is refused writes nothing. */
static void refused(struct work *w, enum err_kind kind, int msg, int line)
{
    struct err e;
    struct journal_head before, after;
    NO_ERR(journal_head(o.db, o.id, &before, &e), &e);
    assert_false(test_write(&o, do_split, w, &e));
    assert_int_equal(e.kind, kind);
    assert_int_equal(e.msg, msg);
    assert_int_equal(e.line, line);
    NO_ERR(journal_head(o.db, o.id, &after, &e), &e);
    assert_int_equal(before.seq, after.seq);
    problems_release(&w->problems);
}

static void act(struct str number, enum entry_verb verb, int msg)
{
    struct err e;
    struct work w = { .as = &o.console, .number = number, .verb = verb };
    bool ok = test_write(&o, do_act, &w, &e);
    if (!msg)
        NO_ERR(ok, &e);
    assert_int_equal(ok, msg == 0);
    assert_true(ok || e.msg == msg);
}

static struct work split(struct str number)
{
    struct err e;
    static const struct entry_input in[2] = { { .lead_unit = STR("市商务局") }, { .lead_unit = STR("市科技局"), .requirement = STR("报技术需求"), .deadline = STR("2022-05-25") } };
    struct work w = { .as = &o.console, .number = number, .in = in, .n = 2 };
    NO_ERR(test_write(&o, do_split, &w, &e), &e);
    return w;
}

static void parts_take_what_is_left_unsaid(void **state)
{
    struct str p = parent();
    struct work w = split(p);
    struct entry whole = get(p), a = get(w.parts[0]), b = get(w.parts[1]);
    assert_int_equal(whole.open_parts, 2);
    assert_true(str_eqc(a.title, "保供方案（市商务局）") && str_eq(a.requirement, whole.requirement) && str_eq(a.source, whole.source));
    assert_true(a.due == whole.unit_due && a.leader_id == whole.leader_id && a.n_lists == 1 && str_eqc(a.urgency, "加急") && a.parent_id == whole.id);
    assert_true(a.state == STATE_PENDING && a.received_at == whole.received_at && a.kind == whole.kind);
    assert_true(str_eqc(b.requirement, "报技术需求") && instant_day(b.due - 1) == date_day(2022, 5, 25));
    assert_int_equal(w.made.later, date_day(2022, 5, 25));                   /* behind the whole's own day: said, not refused */
    act(p, VERB_SETTLE, M_ENTRY_OPEN_PARTS);
    act(w.parts[0], VERB_ACCEPT, 0);
    act(w.parts[0], VERB_SUBMIT, 0);
    act(w.parts[0], VERB_SETTLE, 0);
    act(p, VERB_SETTLE, M_ENTRY_OPEN_PARTS);
    act(w.parts[1], VERB_WITHDRAW, 0);
    act(p, VERB_SETTLE, 0);
}

static void one_wrong_part_leaves_nothing(void **state)
{
    struct str p = parent();
    struct entry_input two[2] = { { .lead_unit = STR("市商务局") }, { .lead_unit = STR("没有的局") } };
    refused(&(struct work){ .as = &o.console, .number = p, .in = two, .n = 2 }, ERR_INPUT, M_PEOPLE_UNKNOWN_UNIT, 2);
    two[1] = (struct entry_input){ .lead_unit = STR("市科技局"), .deadline = STR("2022-13-01") };
    refused(&(struct work){ .as = &o.console, .number = p, .in = two, .n = 2 }, ERR_INPUT, M_CALENDAR_BAD_MONTH, 2);
    two[1] = (struct entry_input){ .lead_unit = STR("商务局") };
    refused(&(struct work){ .as = &o.console, .number = p, .in = two, .n = 2 }, ERR_INPUT, M_ENTRY_SPLIT_TWICE, 2);
    refused(&(struct work){ .as = &o.console, .number = p, .in = two, .n = 0 }, ERR_INPUT, M_ENTRY_SPLIT_NOBODY, 0);
    refused(&(struct work){ .as = &o.console, .number = p, .in = two, .n = 1, .version = 7 }, ERR_CONFLICT, M_ENTRY_CHANGED_MEANWHILE, 0);
    refused(&(struct work){ .as = &o.console, .number = STR("事2022-0999"), .in = two, .n = 1 }, ERR_NOT_FOUND, M_ENTRY_NOT_FOUND, 0);
    assert_int_equal(get(p).open_parts, 0);
    act(p, VERB_WITHDRAW, 0);
    refused(&(struct work){ .as = &o.console, .number = p, .in = two, .n = 1 }, ERR_CONFLICT, M_ENTRY_PARENT_ENDED, 0);
}

static void parts_are_withdrawn_with_their_parent(void **state)
{
    struct str p = parent();
    struct work w = split(p), under = split(w.parts[1]);
    act(w.parts[0], VERB_ACCEPT, 0);
    act(w.parts[0], VERB_SUBMIT, 0);
    act(w.parts[0], VERB_SETTLE, 0);
    act(p, VERB_SUSPEND, 0);
    assert_int_equal(get(w.parts[1]).state, STATE_PENDING);                  /* runs on */
    act(p, VERB_WITHDRAW, 0);
    assert_int_equal(get(p).state, STATE_WITHDRAWN);
    assert_int_equal(get(p).open_parts, 0);
    assert_int_equal(get(w.parts[0]).state, STATE_SETTLED);                  /* what is done stays done */
    assert_int_equal(get(w.parts[1]).state, STATE_WITHDRAWN);
    assert_int_equal(get(w.parts[1]).open_parts, 0);
    for (int i = 0; i < 2; i++) {
        struct act *h;
        struct entry e = get(under.parts[i]);
        struct err err;
        size_t n;
        assert_int_equal(e.state, STATE_WITHDRAWN);
        NO_ERR(entry_history(o.db, &o.arena, &o.console, &e, &h, &n, &err), &err);
        bool said = false;
        for (size_t k = 0; k < n; k++)
            said = said || (h[k].verb == VERB_WITHDRAW && str_eqc(h[k].text, "上级取消"));
        assert_true(said);
    }
    struct journal_head head;
    struct err e;
    NO_ERR(journal_verify(o.db, o.id, NULL, NULL, &head, &e), &e);
}

static void lines_are_read(void **state)
{
    struct deadline_ask ask = { workdays_official(), TEST_NOW, DEADLINE_HOURS };
    struct split_line *l;
    struct problems p = PROBLEMS_INIT;
    struct err e;
    size_t n;
    const struct str ticked[2] = { STR("市商务局"), STR("市科技局") };
    NO_ERR(split_read(&o.arena, &ask, ticked, 2, STR("市商务局｜报方案｜5月20日前\n\n某县政府 | 报进度\n园区\t\t5个工作日内"), &l, &n, &p, &e), &e);
    assert_int_equal(n, 4);
    assert_true(str_eqc(l[0].unit, "市商务局") && str_eqc(l[0].requirement, "报方案") && str_eqc(l[0].deadline, "2022-05-20") && str_eqc(l[0].phrase, "5月20日前"));
    assert_true(str_eqc(l[1].unit, "某县政府") && l[1].deadline.n == 0);
    assert_true(str_eqc(l[2].deadline, "2022-05-16") && l[2].requirement.n == 0);
    assert_true(str_eqc(l[3].unit, "市科技局") && l[3].requirement.n == 0);
    assert_false(split_read(&o.arena, &ask, NULL, 0, STR("甲\n乙｜x｜随便哪天\n｜y\n丙|1|2022-05-20|多"), &l, &n, &p, &e));
    assert_int_equal(p.n, 3);
    assert_true(p.err[0].line == 2 && p.err[1].line == 3 && p.err[2].line == 4 && p.err[0].msg == M_SPLIT_NO_DEADLINE && p.err[2].msg == M_SPLIT_TOO_MANY_CELLS);
    problems_release(&p);
    assert_false(split_read(&o.arena, &ask, NULL, 0, STR("甲||5月9日（周五）前"), &l, &n, NULL, &e));      /* a Monday */
    assert_false(split_read(&o.arena, &ask, NULL, 0, STR(" \n "), &l, &n, NULL, &e));
    assert_int_equal(e.msg, M_ENTRY_SPLIT_NOBODY);
    struct str many[ENTRY_SPLIT_MAX + 1];        /* none of them is left out without a word */
    for (size_t i = 0; i < ARRAY_LEN(many); i++)
        many[i] = arena_printf(&o.arena, "第%zu局", i);
    assert_true(split_read(&o.arena, &ask, many, ENTRY_SPLIT_MAX, STR(""), &l, &n, NULL, &e) && n == ENTRY_SPLIT_MAX);
    assert_false(split_read(&o.arena, &ask, many, ENTRY_SPLIT_MAX + 1, STR(""), &l, &n, NULL, &e));
    assert_int_equal(e.msg, M_ENTRY_SPLIT_MANY);
    assert_false(split_read(&o.arena, &ask, many, ENTRY_SPLIT_MAX, STR("甲局"), &l, &n, NULL, &e));
}

/* A part of a part of a part: 5000 of them are too many, and nothing else happens. */
static bool do_chain(struct txn *t, void *args, struct err *err)
{
    struct work *w = args;
    struct str above = w->number;
    for (int i = 0; i < 5000; i++) {
        struct entry e;
        struct entry_input in = { .kind = STR("affair"), .title = STR("一环"), .source = STR("来文"), .requirement = STR("办"), .deadline = STR("2022-05-20"),
                                  .lead_unit = STR("本科室"), .parent = above };
        if (!entry_register(t, w->as, &in, &e, NULL, err))
            return false;
        above = e.number;
    }
    return true;
}

static void a_deep_chain_is_refused(void **state)
{
    struct str p = parent();
    struct err e;
    NO_ERR(test_write(&o, do_chain, &(struct work){ .as = &o.console, .number = p }, &e), &e);
    act(p, VERB_WITHDRAW, M_ENTRY_SPLIT_MANY);
    assert_int_equal(get(p).open_parts, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(parts_take_what_is_left_unsaid, setup, teardown),
        cmocka_unit_test_setup_teardown(one_wrong_part_leaves_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(parts_are_withdrawn_with_their_parent, setup, teardown),
        cmocka_unit_test_setup_teardown(a_deep_chain_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(lines_are_read, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
