#include "office.h"

#include "messages.h"
#include "office/paste/inside.h"

static struct test_office o;
static struct actor officer, other, liaison;

static bool make_names(struct txn *t, void *args, struct err *err)
{
    int64_t id;
    return party_add(t, PARTY_UNIT, STR("市商务局"), STR("商务局"), STR("部门"), 0, &id, err) && party_alias_add(t, id, STR("市商贸局"), err) &&
           party_add(t, PARTY_UNIT, STR("市财政局"), STR(""), STR("部门"), 0, &id, err) && party_add(t, PARTY_LEADER, STR("分管副市长"), STR(""), STR(""), 0, &id, err);
}

static void load(struct actor *ret, const char *login)
{
    struct err e;
    NO_ERR(actor_load_login(o.db, &o.arena, o.id, str_c(login), instant_day(TEST_NOW), ret, &e), &e);
}

static int setup(void **state)
{
    struct err e;
    test_office_open(&o);
    NO_ERR(test_write(&o, make_names, NULL, &e), &e);
    test_member_add(&o, "li", "李科员", "officer", "", STR_NULL);
    test_member_add(&o, "zhang", "张科长", "chief", "", STR_NULL);
    test_member_add(&o, "shang", "商务局联络员", "liaison", "市商务局", STR_NULL);
    load(&officer, "li");
    load(&other, "zhang");
    load(&liaison, "shang");
    return 0;
}

static int teardown(void **state)
{
    test_office_close(&o);
    return 0;
}

/* --- a proposal, accepted as it stands ---------------------------------------------------------------------------------------------- */

struct pasting {
    const struct actor *actor;
    struct proposal p;
    struct said said[PASTE_MATTERS];
    struct entry_input input[PASTE_MATTERS];
    struct order order;
};

static bool accept_fn(struct txn *t, void *args, struct err *err)
{
    struct pasting *x = args;
    return paste_register(t, x->actor, &x->order, err);
}

static struct pasting *read_text(const struct actor *actor, const char *text, const char *nonce)
{
    struct err e;
    struct pasting *x = arena_new(&o.arena, struct pasting);
    struct str s = str_c(text);
    x->actor = actor;
    NO_ERR(paste_propose(o.db, &o.arena, actor, workdays_official(), TEST_NOW, s, &x->p, &e), &e);
    for (size_t i = 0; i < x->p.n; i++) {
        said_of(&o.arena, &x->p.matter[i], &x->said[i]);
        said_input(&o.arena, &x->said[i], &x->input[i]);
    }
    x->order = (struct order){ .said = x->said, .input = x->input, .n = x->p.n, .text = paste_kept(&o.arena, s, &x->p), .nonce = str_c(nonce) };
    return x;
}

static bool press(struct pasting *x, struct err *e)
{
    bool ok = store_write_wait(o.store, o.id, x->actor->member_id, accept_fn, x, e);
    problems_release(&x->order.problems);
    return ok;
}

static struct entry fetch(const char *number)
{
    struct entry e;
    struct err err;
    NO_ERR(entry_fetch(o.db, &o.arena, &officer, str_c(number), &e, &err), &err);
    return e;
}

#define MINUTES "市政府第3次常务会议纪要\n一、促消费。市商务局牵头，市财政局配合，5月20日前提出方案。\n二、资金拨付。市财政局5月18日前落实。\n联系人：张某，13800000000"

static void all_ticked_matters_are_registered_in_one_write(void **state)
{
    struct err e;
    struct pasting *x = read_text(&officer, MINUTES, "nonce-of-the-minutes");
    assert_int_equal(x->p.n, 2);
    assert_int_equal(said_missing(&x->said[0]), 0);
    NO_ERR(press(x, &e), &e);
    assert_int_equal(x->order.n_numbers, 2);
    struct entry a = fetch(x->order.number[0]), b = fetch(x->order.number[1]);
    assert_string_equal(arena_z(&o.arena, a.title), "促消费");
    assert_string_equal(arena_z(&o.arena, a.source), "市政府第3次常务会议纪要");
    assert_int_equal(a.n_assists, 1);
    assert_int_equal(instant_day(a.due - 1), date_day(2022, 5, 20));
    assert_int_equal(instant_day(b.due - 1), date_day(2022, 5, 18));
    assert_true(a.contact.n > 0 && b.contact.n > 0);
}

static void a_form_pressed_twice_registers_once(void **state)
{
    struct err e;
    struct pasting *x = read_text(&officer, "省政府办公厅来文：请市商务局5月12日前报送甲情况。", "nonce-pressed-twice"), *y = read_text(&officer, "省政府办公厅来文：请市商务局5月12日前报送甲情况。", "nonce-pressed-twice"),
                   *z = read_text(&other, "省政府办公厅来文：请市商务局5月12日前报送甲情况。", "nonce-pressed-twice");
    NO_ERR(press(x, &e), &e);
    NO_ERR(press(y, &e), &e);
    assert_int_equal(y->order.n_numbers, 1);
    assert_string_equal(x->order.number[0], y->order.number[0]);
    assert_int_equal(x->order.paste_id, y->order.paste_id);
    assert_false(press(z, &e));                  /* another's form is nobody's */
    assert_int_equal(e.kind, ERR_NOT_FOUND);
}

/* The number after a refusal is the next one: the first matter was not left behind. */
static void one_bad_matter_registers_nothing(void **state)
{
    struct err e;
    struct pasting *first = read_text(&officer, "省政府办公厅来文：请市商务局5月12日前报送丙情况。", "nonce-before-refusal");
    NO_ERR(press(first, &e), &e);
    struct pasting *x = read_text(&officer, MINUTES, "nonce-of-the-refused");
    x->input[1].lead_unit = STR("没有这个局");
    assert_false(press(x, &e));
    assert_int_equal(e.msg, M_PEOPLE_UNKNOWN_UNIT);
    assert_int_equal(x->order.at, 1);
    x->input[1].lead_unit = STR("市财政局");
    NO_ERR(press(x, &e), &e);
    int64_t before = strtoll(strchr(first->order.number[0], '-') + 1, NULL, 10), after = strtoll(strchr(x->order.number[0], '-') + 1, NULL, 10);
    if (strncmp(first->order.number[0], x->order.number[0], 3) == 0)
        assert_int_equal(after, before + 1);
    assert_int_equal(x->order.n_numbers, 2);
}

static void a_parent_goes_before_its_parts(void **state)
{
    struct err e;
    struct pasting *x = read_text(&officer, MINUTES, "nonce-with-a-parent");
    x->order.parent_title = STR("第3次常务会议议定事项");
    NO_ERR(press(x, &e), &e);
    assert_int_equal(x->order.n_numbers, 3);
    struct entry parent = fetch(x->order.number[0]), part = fetch(x->order.number[1]);
    assert_int_equal(parent.open_parts, 2);
    assert_int_equal(part.parent_id, parent.id);
    assert_int_equal(parent.lead_id, officer.section_id);
    assert_int_equal(instant_day(parent.due - 1), date_day(2022, 5, 20));
    static const struct { const char *one, *two; instant_t hour; } LATEST[] = {
        { "2022-05-20 09:00", "2022-05-20 18:00", 18 }, { "2022-05-20", "2022-05-20 18:00", 24 }, { "2022年5月20日", "2022-05-09 18:00", 24 },
    };
    for (size_t i = 0; i < ARRAY_LEN(LATEST); i++) {
        x = read_text(&officer, MINUTES, arena_z(&o.arena, arena_printf(&o.arena, "nonce-of-the-latest-%zu", i)));
        x->order.parent_title = STR("议定事项");
        x->order.input[0].deadline = str_c(LATEST[i].one);
        x->order.input[1].deadline = str_c(LATEST[i].two);
        x->order.input[0].deadline_phrase = x->order.input[1].deadline_phrase = STR_NULL;
        NO_ERR(press(x, &e), &e);
        assert_true(fetch(x->order.number[0]).due == day_start(date_day(2022, 5, 20)) + LATEST[i].hour * 3600000);
    }
}

static void contacts_are_not_kept_in_the_text(void **state)
{
    struct paste_of_entry_row row;
    struct err e;
    bool found;
    struct pasting *x = read_text(&officer, "12345转办单\n诉求人：王某，13900000000\n诉求内容：路灯不亮。\n承办单位：市商务局\n办理时限：5个工作日内", "nonce-of-a-call");
    NO_ERR(press(x, &e), &e);
    struct entry a = fetch(x->order.number[0]);
    NO_ERR(q_paste_of_entry(o.db, &o.arena, &(struct paste_of_entry_in){ o.id, a.id }, &row, &found, &e), &e);
    assert_true(found);
    assert_int_equal(str_find(row.text, STR("王某")), -1);
    assert_int_equal(str_find(row.text, STR("1390000")), -1);
    assert_true(str_find(row.text, STR("路灯不亮")) > 0);
    assert_int_equal(str_find(a.title, STR("王某")), -1);
    assert_int_equal(str_find(a.requirement, STR("1390000")), -1);
    assert_true(a.contact.n > 0);
}

static void the_number_of_the_paper_is_found_again(void **state)
{
    struct err e;
    struct twin twin[TWINS];
    size_t n;
    struct pasting *x = read_text(&officer, "某省商务厅\n关于报送消费数据的通知\n（某商函〔2022〕77号）\n请市商务局5月23日前报送消费数据。", "nonce-of-a-number");
    NO_ERR(press(x, &e), &e);
    NO_ERR(paste_twins(o.db, &o.arena, &officer, instant_day(TEST_NOW), STR("某商函〔2022〕77号"), STR("别的标题"), twin, &n, &e), &e);
    assert_int_equal(n, 1);
    assert_true(twin[0].same_number);
    assert_string_equal(arena_z(&o.arena, twin[0].number), x->order.number[0]);
    NO_ERR(paste_twins(o.db, &o.arena, &officer, instant_day(TEST_NOW), STR(""), STR("关于报送消费数据的通知"), twin, &n, &e), &e);
    assert_int_equal(n, 1);
    assert_false(twin[0].same_number);
    NO_ERR(paste_twins(o.db, &o.arena, &officer, instant_day(TEST_NOW) + 40, STR(""), STR("关于报送消费数据的通知"), twin, &n, &e), &e);
    assert_int_equal(n, 0);                      /* a title comes again */
    struct pasting *own = read_text(&officer, "某省财政厅\n关于报送债务数据的通知\n（某财函〔2022〕8号）\n请市财政局5月23日前报送债务数据。", "nonce-not-for-others");
    NO_ERR(press(own, &e), &e);
    NO_ERR(paste_twins(o.db, &o.arena, &liaison, instant_day(TEST_NOW), STR("某财函〔2022〕8号"), STR("关于报送债务数据的通知"), twin, &n, &e), &e);
    assert_int_equal(n, 0);                      /* of another unit's matter nothing is told */
}

static void names_are_of_the_own_office_alone(void **state)
{
    struct err e;
    struct actor there;
    struct proposal p;
    int64_t b = test_office_add(&o, "b");
    NO_ERR(actor_load_login(o.db, &o.arena, b, STR("console"), instant_day(TEST_NOW), &there, &e), &e);
    NO_ERR(paste_propose(o.db, &o.arena, &there, workdays_official(), TEST_NOW, STR("请市商务局5月12日前报送甲情况。"), &p, &e), &e);
    assert_int_equal(p.n, 1);
    assert_int_equal(p.matter[0].field[PROPOSE_LEAD].text.n, 0);
    NO_ERR(paste_propose(o.db, &o.arena, &officer, workdays_official(), TEST_NOW, STR("请市商贸局5月12日前报送甲情况。"), &p, &e), &e);
    assert_string_equal(arena_z(&o.arena, p.matter[0].field[PROPOSE_LEAD].text), "市商务局");
}

static void what_may_not_enter_is_refused_whole(void **state)
{
    static const struct { const char *text; int msg; } T[] = {
        { "机密★1年\n请市商务局5月12日前报送甲情况。", M_PASTE_SECRET }, { "请市商务局5月12日前报送甲情况。【秘密】", M_PASTE_SECRET }, { " \n\t ", M_PASTE_EMPTY },
        { "请市商务局\u202e5月12日前报送", M_PASTE_CONTROL }, { "请\xff", M_PASTE_CONTROL }, { "请\x07", M_PASTE_CONTROL },
    };
    struct err e;
    struct proposal p;
    for (size_t i = 0; i < ARRAY_LEN(T); i++) {
        assert_false(paste_propose(o.db, &o.arena, &officer, workdays_official(), TEST_NOW, str_c(T[i].text), &p, &e));
        assert_int_equal(e.msg, T[i].msg);
    }
    struct buf b = BUF_INIT;
    while (b.n <= PROPOSE_BYTES)
        buf_c(&b, "长");
    assert_false(paste_propose(o.db, &o.arena, &officer, workdays_official(), TEST_NOW, buf_view(&b), &p, &e));
    assert_int_equal(e.msg, M_PASTE_TOO_LONG);
    buf_release(&b);
}

static void too_many_and_none_are_refused(void **state)
{
    struct err e;
    struct pasting *x = read_text(&officer, MINUTES, "nonce-of-too-many");
    x->order.n = 0;
    assert_false(press(x, &e));
    assert_int_equal(e.msg, M_PASTE_NOTHING_TICKED);
    x->order.n = PASTE_MATTERS + 1;
    assert_false(press(x, &e));
    assert_int_equal(e.msg, M_PASTE_TOO_MANY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_ticked_matters_are_registered_in_one_write), cmocka_unit_test(a_form_pressed_twice_registers_once), cmocka_unit_test(one_bad_matter_registers_nothing),
        cmocka_unit_test(a_parent_goes_before_its_parts), cmocka_unit_test(contacts_are_not_kept_in_the_text), cmocka_unit_test(the_number_of_the_paper_is_found_again),
        cmocka_unit_test(names_are_of_the_own_office_alone), cmocka_unit_test(what_may_not_enter_is_refused_whole), cmocka_unit_test(too_many_and_none_are_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
