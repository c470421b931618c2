/* engine: none — rules are pure */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "messages.h"
#include "office/entry/entry_rules.h"

/* domain.md 2, written down a second time: for each verb, by state (in the order of enum entry_state), where it leads. P A R V S X H W are the states,
 * "." is refused, "=" stays. Three lines: led by a unit, the section's own, to be read. */
static const struct {
    enum entry_verb verb;
    const char *who;                             /* u unit, s section, c chief, l leader, a assisting unit */
    const char *led, *own, *reading;
} TABLE[] = {
    /*                        PARVSXHW    PARVSXHW    PARVSXHW */
    { VERB_REGISTER, "s",    "........", "........", "........" },
    { VERB_ACCEPT, "us",     "A.......", "........", "........" },
    { VERB_RETURN, "us",     "RR......", "........", "........" },
    { VERB_ASSIGN, "s",      "PPP.....", "AAA.....", "........" },
    { VERB_SUBMIT, "us",     ".V......", ".V......", "........" },
    { VERB_REJECT, "s",      "...A....", "...A....", "........" },
    { VERB_SETTLE, "s",      "...S....", ".S.S....", ".S......" },
    { VERB_SUSPEND, "s",     ".H......", ".H......", "........" },
    { VERB_RESUME, "s",      "......A.", "......A.", "........" },
    { VERB_WITHDRAW, "c",    "WWWW..W.", "WWWW..W.", "WWWW..W." },
    { VERB_ARCHIVE, "s",     "....X...", "....X...", "....X..." },
    { VERB_REOPEN, "c",      "....A...", "....A...", "....A..." },
    { VERB_FEEDBACK, "usla", "====..=.", "====..=.", "====..=." },
    { VERB_URGE, "s",        "====..=.", "====..=.", "====..=." },
    { VERB_EXTEND, "us",     "====..=.", "====..=.", "........" },
    { VERB_AMEND, "s",       "========", "========", "========" },
    { VERB_UNMASK, "s",      "========", "========", "========" },
};
static const char LETTERS[] = "PARVSXHW";
static const struct { char c; unsigned side; } SIDES[] = {
    { 'u', SIDE_UNIT }, { 's', SIDE_SECTION }, { 'c', SIDE_CHIEF }, { 'l', SIDE_LEADER }, { 'a', SIDE_ASSIST },
};

static void expect(const char *cell, enum entry_verb verb, enum entry_state state, const char *who, bool own, bool reading)
{
    for (size_t k = 0; k < ARRAY_LEN(SIDES); k++) {
        struct entry e = { .state = state, .reading = reading, .number = STR("文2022-0001") };
        enum entry_state to = STATE_NONE;
        struct err err = { 0 };
        bool legal = rules_move(&e, verb, SIDES[k].side, own, &to, &err);
        bool may = false;
        for (const char *w = who; *w; w++)
            may |= *w == SIDES[k].c;
        assert_int_equal(legal, *cell != '.' && may);
        assert_int_equal((rules_verbs(&e, SIDES[k].side, own) >> verb) & 1, legal);
        if (legal)
            assert_int_equal(to, *cell == '=' ? state : (enum entry_state)(strchr(LETTERS, *cell) - LETTERS));
        else
            assert_int_equal(err.kind, *cell == '.' ? ERR_CONFLICT : ERR_DENIED);
    }
}

static void every_state_verb_and_side(void **state)
{
    assert_int_equal(ARRAY_LEN(TABLE), VERBS);
    for (size_t i = 0; i < ARRAY_LEN(TABLE); i++)
        for (int s = 0; s < STATES; s++) {
            expect(&TABLE[i].led[s], TABLE[i].verb, (enum entry_state)s, TABLE[i].who, false, false);
            expect(&TABLE[i].own[s], TABLE[i].verb, (enum entry_state)s, TABLE[i].who, true, false);
            expect(&TABLE[i].reading[s], TABLE[i].verb, (enum entry_state)s, TABLE[i].who, false, true);
        }
}

static void registration_is_the_only_way_in(void **state)
{
    struct entry e = { .state = STATE_NONE };
    enum entry_state to;
    for (int v = 0; v < VERBS; v++)
        assert_int_equal(rules_move(&e, (enum entry_verb)v, 31, false, &to, NULL), v == VERB_REGISTER);
    assert_true(rules_move(&e, VERB_REGISTER, SIDE_SECTION, false, &to, NULL) && to == STATE_PENDING);
    assert_true(rules_move(&e, VERB_REGISTER, SIDE_SECTION, true, &to, NULL) && to == STATE_ACTIVE);
    e.reading = true;
    assert_true(rules_move(&e, VERB_REGISTER, SIDE_SECTION, false, &to, NULL) && to == STATE_ACTIVE);
    assert_false(rules_move(&e, VERB_REGISTER, SIDE_UNIT, false, &to, NULL));
}

static void a_refusal_names_state_and_verb(void **state)
{
    struct entry e = { .state = STATE_PENDING, .number = STR("文2022-0001") };
    enum entry_state to;
    struct err err;
    struct buf b = BUF_INIT;
    assert_false(rules_move(&e, VERB_SETTLE, SIDE_SECTION, false, &to, &err));
    tr_err(&b, LANG_ZH, &err);
    assert_string_equal(b.p, "文2022-0001现为“待签收”，不能“办结”");
    buf_release(&b);
}

static void sides_follow_roles_and_parties(void **state)
{
    struct entry e = { .section_id = 1, .lead_id = 2, .leader_id = 3, .assists = { 4 }, .n_assists = 1 };
    const struct { unsigned roles; int64_t party; unsigned sides; } cases[] = {
        { ROLE_OFFICER, 1, SIDE_SECTION }, { ROLE_CHIEF, 1, SIDE_SECTION | SIDE_CHIEF }, { ROLE_CHIEF, 9, 0 }, { ROLE_LIAISON, 2, SIDE_UNIT },
        { ROLE_LIAISON, 4, SIDE_ASSIST },  { ROLE_LIAISON, 1, 0 },                       { ROLE_LEADER, 3, SIDE_LEADER }, { ROLE_LEADER, 2, 0 },
        { ROLE_ADMIN, 1, 0 },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct actor a = { .roles = cases[i].roles, .parties = { cases[i].party }, .n_parties = 1 };
        assert_int_equal(rules_sides(&a, &e), cases[i].sides);
    }
}

static void markings_of_secrecy(void **state)
{
    static const char *const marked[] = {
        "绝密★", "机密★1年", "秘密 ★ 长期", "【秘密】关于某事的通知", "（机密）", "密级：机密", "密级为 绝密", "机密", "机　密　特急", "关于某事 秘密", "【机密级】",
        "绝密＊10年", "特急·机密", "文件（秘密级）", "绝密件不得外传", "秘密：甲", "来文一件\n秘密：甲", "机密级材料一份",
        "绝密级", "秘密级文件管理培训", "机密件", "秘密件两份", "收到机密文件一份", "涉及秘密、机密、绝密三级", "这份绝密材料",
    };
    static const char *const innocent[] = {
        "保守国家秘密法实施条例", "关于保护商业秘密的通知", "机密性评估", "保密工作要点", "涉及秘密、机密两级", "密码应用安全", "国家秘密2022年度自查",
        "关于加强涉密载体（含秘密载体）管理", "机要件", "关于商业机密的答复",
        "拒绝密切接触者进入", "杜绝密集聚会", "泄露秘密的处理", "工作秘密管理", "计算机密码管理", "商业秘密文件", "内容：泄露商业秘密：甲", "",
    };
    static const struct { const char *text, *mark; } quoted[] = {
        { "机密★10年 关于某事的通知", "机密★10年" }, { "【秘密】关于某事的通知", "【秘密】" }, { "机密级材料", "机密级" }, { "秘密 ★ 长期有效", "秘密 ★ 长期" },
        { "收到（机密文件）两份", "（机密文件）" }, { "密级：机密", "机密" }, { "绝密件不得外传", "绝密件" }, { "秘密：甲", "秘密" }, { "【机密★1年】甲", "【机密★1年】" },
    };
    struct str mark;
    for (size_t i = 0; i < ARRAY_LEN(marked); i++)
        if (!rules_secrecy_marking(str_c(marked[i]), &mark))
            fail_msg("not seen: %s", marked[i]);
    for (size_t i = 0; i < ARRAY_LEN(innocent); i++)
        if (rules_secrecy_marking(str_c(innocent[i]), &mark))
            fail_msg("wrongly seen: %s as %.*s", innocent[i], STR_ARG(mark));
    for (size_t i = 0; i < ARRAY_LEN(quoted); i++)
        if (!rules_secrecy_marking(str_c(quoted[i].text), &mark) || !str_eqc(mark, quoted[i].mark))
            fail_msg("%s quoted as %.*s", quoted[i].text, STR_ARG(mark));
}

static void late_and_lights(void **state)
{
    day_t d = 19121;                             /* 2022-05-09 */
    instant_t six = day_start(d) + 18 * 3600000LL;
    assert_false(rules_late(INSTANT_NONE, d, six));
    assert_true(rules_late(six, d, six));        /* exclusive end */
    assert_false(rules_late(six, d, six - 1));
    assert_false(rules_late(six, d, day_start(d + 1)));        /* recorded the next day, counts for d */
    assert_true(rules_late(day_start(d), d, day_start(d + 3)));
    assert_int_equal(rules_light(false, true, -1, 3, 1), LIGHT_NONE);
    assert_int_equal(rules_light(true, true, 0, 3, 1), LIGHT_RED);
    assert_int_equal(rules_light(true, false, 1, 3, 1), LIGHT_RED);
    assert_int_equal(rules_light(true, false, 3, 3, 1), LIGHT_YELLOW);
    assert_int_equal(rules_light(true, false, 4, 3, 1), LIGHT_GREEN);
}

static void words_read_both_ways(void **state)
{
    enum entry_state s;
    enum entry_kind k;
    enum entry_verb v;
    for (int i = 0; i < STATES; i++) {
        assert_true(entry_state_read(entry_state_code((enum entry_state)i), &s) && s == (enum entry_state)i);
        assert_true(entry_state_read(str_c(tr_text(LANG_ZH, entry_state_msg((enum entry_state)i, false))), &s) && s == (enum entry_state)i);
    }
    for (int i = 0; i < ENTRY_KINDS; i++)
        assert_true(entry_kind_read(entry_kind_code((enum entry_kind)i), &k) && k == (enum entry_kind)i);
    for (int i = 0; i < VERBS; i++)
        assert_true(entry_verb_read(entry_verb_code((enum entry_verb)i), &v) && v == (enum entry_verb)i);
    assert_true(entry_kind_read(STR("会议"), &k) && k == ENTRY_MEETING);
    assert_true(entry_state_read(STR("已阅"), &s) && s == STATE_SETTLED);
    assert_false(entry_state_read(STR("open"), &s));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_verb_and_side), cmocka_unit_test(registration_is_the_only_way_in), cmocka_unit_test(a_refusal_names_state_and_verb),
        cmocka_unit_test(sides_follow_roles_and_parties), cmocka_unit_test(markings_of_secrecy), cmocka_unit_test(late_and_lights),
        cmocka_unit_test(words_read_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
