/* Bad input: one clear sentence each, naming the field; all of a form's problems at once; nothing written. */
#include "office/entry/fixture_test.h"
#include "office/entry/inside.h"

#include "store/journal.h"

static struct entry_office f;

static int setup(void **state)
{
    fixture_open(&f);
    return 0;
}

static int teardown(void **state)
{
    test_office_close(&f.o);
    return 0;
}

static void every_bad_field_is_named(void **state)
{
    char *big = xmalloc(2 << 20);
    memset(big, 'x', 2 << 20);
    const struct { const char *field; struct str value; const char *sentence; } bad[] = {
        { "deadline", STR("明天以后"), "办理时限“明天以后”不是有效的日期，请写成 2022-05-09 或 2022-05-09 18:00" },
        { "deadline", STR("2022-06-31"), "办理时限：2022年6月没有31日，请改正日期" },
        { "deadline", STR("2022年5月9日（周三）"), "办理时限：2022年5月9日是周一，不是周三，请核对日期和星期" },
        { "deadline", STR("2022-05-01"), "办理时限早于收到时间，请核对" },
        { "unit_deadline", STR("2022-05-21"), "部门报送时限不能晚于办理时限" },
        { "lead_unit", STR("市外星局"), "承办单位名录中没有“市外星局”，请按名录中的全称或简称填写" },
        { "kind", STR("信"), "类别“信”无法识别，请填文、会或事" },
        { "urgency", STR("火急"), "紧急程度“火急”无法识别，请填特急、加急、特提或平急" },
        { "title", STR("  "), "请填写标题" },
        { "title", { big, 2 << 20 }, "标题最多200字，现有2097152字，请精简" },
        { "title", STR("a\xff"), "标题不是有效的UTF-8文字（第2字节处有误）" },
        { "title", STR("两\n行"), "标题中有控制字符或不该有的换行，请删去" },
        { "source", STR("x\x01"), "来源中有控制字符或不该有的换行，请删去" },
        { "requirement", STR("机密★1年"), "办理要求中有密级标志“机密★1年”：涉密件不进本系统，请在涉密登记簿登记" },
        { "officer", STR("无此人"), "没有名为“无此人”的科员或科长，经办人请填本机关科员、科长的姓名或登录名" },
        { "leader", STR("市商务局"), "领导名录中没有“市商务局”，请按名录填写" },
        { "lists", STR("重点工作;没有"), "清单“没有”不存在，请先建立或按名称填写" },
        { "assist_units", STR("市商务局"), "配合单位中不能再列承办单位" },
        { "role", STR("旁听"), "参与方式“旁听”无法识别，请填起草、参与起草或审核，几项之间用分号隔开" },
        { "progress", STR("快了"), NULL },
        { "urgent", STR("也许"), NULL },
        { "received", STR("2022-05-10"), NULL },
        { "day", STR("2022-05-10"), NULL },
        { "parent", STR("文2022-9999"), NULL },
        { "corrects", STR("1"), NULL },
    };
    struct journal_head before, after;
    struct err e;
    NO_ERR(journal_head(f.o.db, f.o.id, &before, &e), &e);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct entry_input in = fixture_input();
        _cleanup_(buf_release) struct buf b = BUF_INIT;
        assert_true(entry_input_set(&in, str_c(bad[i].field), bad[i].value));
        struct fixture_do d = { .actor = &f.officer, .in = &in };
        assert_false(fixture_try(&f, &d, &e));
        tr_err(&b, LANG_ZH, &e);
        if (bad[i].sentence)
            assert_string_equal(b.p, bad[i].sentence);
        assert_string_equal(e.field, bad[i].field);
        assert_int_equal(err_exit(&e), 3);
    }
    NO_ERR(journal_head(f.o.db, f.o.id, &after, &e), &e);
    assert_int_equal(before.seq, after.seq);
    free(big);
}

static void all_problems_at_once(void **state)
{
    struct problems p = PROBLEMS_INIT;
    struct err e;
    struct entry_input in = { .kind = STR("文"), .deadline = STR("2022-13-01"), .lead_unit = STR("市外星局") };
    struct fixture_do d = { .actor = &f.officer, .in = &in, .problems = &p };
    assert_false(fixture_try(&f, &d, &e));
    assert_int_equal(p.n, 5);                    /* deadline, lead_unit, title, source, requirement */
    assert_int_equal(e.msg, p.err[0].msg);
    problems_release(&p);
}

static void the_four_fields(void **state)
{
    static const char *const FIELDS_[] = { "title", "source", "requirement", "lead_unit", "deadline", "kind" };
    struct err e;
    for (size_t i = 0; i < ARRAY_LEN(FIELDS_); i++) {
        struct entry_input in = fixture_input();
        entry_input_set(&in, str_c(FIELDS_[i]), STR_NULL);
        struct fixture_do d = { .actor = &f.officer, .in = &in };
        assert_false(fixture_try(&f, &d, &e));
        assert_string_equal(e.field, FIELDS_[i]);
    }
    struct entry_input in = fixture_input();
    in.deadline = STR_NULL;
    in.no_deadline_reason = STR("长期工作");
    fixture_register(&f, &f.officer, in);
}

static void words_and_sets(void **state)
{
    struct entry_input in = fixture_input();
    struct entry e;
    struct err err;
    in.kind = STR("公文");
    in.role = STR("审核、起草");
    in.urgent = STR("true");
    in.assist_units = STR("市科技局；市财政局、市科技局");
    in.deadline = STR("2022年5月20日 18:00");
    NO_ERR(entry_fetch(f.o.db, &f.o.arena, &f.officer, fixture_register(&f, &f.officer, in), &e, &err), &err);
    assert_true(str_eqc(e.role, "drafted;reviewed"));
    assert_true(str_eqc(e.urgency, "加急"));
    assert_int_equal(e.n_assists, 2);
    assert_int_equal(e.due, day_start(instant_day(TEST_NOW) + 11) + 18 * 3600000LL);
}

static void a_verb_takes_only_its_fields(void **state)
{
    struct str n = fixture_register(&f, &f.officer, fixture_input());
    struct err e = fixture_refused(&f, &f.officer, n, VERB_ACCEPT, (struct entry_input){ .title = STR("改题") });
    assert_int_equal(e.msg, M_ENTRY_FIELD_NOT_TAKEN);
    assert_string_equal(e.field, "title");
    assert_string_equal(fixture_refused(&f, &f.officer, n, VERB_AMEND, (struct entry_input){ .lead_unit = STR("市科技局") }).field, "lead_unit");
}

static struct deadline_of_row kept(struct str number)
{
    struct entry e;
    struct err err;
    struct deadline_of_row row;
    bool found;
    NO_ERR(entry_fetch(f.o.db, &f.o.arena, &f.officer, number, &e, &err), &err);
    NO_ERR(q_deadline_of(f.o.db, &f.o.arena, &(struct deadline_of_in){ f.o.id, e.id }, &row, &found, &err), &err);
    assert_true(found && row.due == e.due);
    return row;
}

/* Words alone give the deadline; beside a date they are words, and the date is confirmed. */
static void words_alone(void **state)
{
    struct entry_input in = fixture_input();
    in.deadline = STR_NULL;
    in.received = STR("2022-05-09");
    in.deadline_phrase = STR("收到后10个工作日内");
    struct deadline_of_row row = kept(fixture_register(&f, &f.officer, in));
    assert_int_equal(row.due, day_start(date_day(2022, 5, 24)));
    assert_true(str_eqc(row.counted, "working") && row.days == 10 && row.confirmed_by == 0 && row.edition.n && str_eqc(row.phrase, "收到后10个工作日内"));
    assert_int_equal(row.anchor, day_start(date_day(2022, 5, 9)));
    in.deadline_phrase = STR("5月20日前");
    row = kept(fixture_register(&f, &f.officer, in));
    assert_int_equal(row.due, day_start(date_day(2022, 5, 21)));
    assert_int_equal(row.strict, day_start(date_day(2022, 5, 20)));
    assert_true(str_eqc(row.counted, "given") && row.days == 0);
    in.deadline = STR("2022-05-25");             /* another day than the words: the person's holds */
    row = kept(fixture_register(&f, &f.officer, in));
    assert_int_equal(row.due, day_start(date_day(2022, 5, 26)));
    assert_int_equal(row.strict, row.due);
    assert_true(row.confirmed_by == f.officer.member_id && str_eqc(row.phrase, "5月20日前"));
    in.deadline = STR("2022-05-20");             /* the same: and its strict end is known */
    row = kept(fixture_register(&f, &f.officer, in));
    assert_int_equal(row.strict, day_start(date_day(2022, 5, 20)));
    assert_int_equal(row.confirmed_by, f.officer.member_id);
}

/* 尽快 takes the section's own limit for such an entry, marked; not beside a date, and not where the words say something else. */
static void own_limit(void **state)
{
    struct entry_input in = fixture_input();
    in.deadline = STR_NULL;
    in.received = STR("2022-05-09");
    in.kind = STR("document");
    in.deadline_phrase = STR("请尽快办理");
    struct deadline_of_row row = kept(fixture_register(&f, &f.officer, in));
    assert_true(str_eqc(row.phrase, "请尽快办理（本科室时限：30个工作日）"));
    assert_int_equal(row.due, day_start(date_day(2022, 6, 22)));
    assert_true(str_eqc(row.counted, "working") && row.days == 30 && row.confirmed_by == 0);
    in.kind = STR("affair");
    in.title = STR("落实会议纪要议定事项");
    row = kept(fixture_register(&f, &f.officer, in));
    assert_true(str_eqc(row.phrase, "请尽快办理（本科室时限：20个工作日）"));
    in.deadline_phrase = row.phrase;             /* what is kept reads as itself */
    assert_int_equal(kept(fixture_register(&f, &f.officer, in)).due, row.due);
    in.deadline_phrase = STR("尽快");
    in.deadline = STR("2022-05-25");
    row = kept(fixture_register(&f, &f.officer, in));
    assert_true(str_eqc(row.phrase, "尽快") && row.days == 0 && row.confirmed_by == f.officer.member_id);
    in.deadline_phrase = STR("3月1日前");        /* two readings, and a person's date */
    row = kept(fixture_register(&f, &f.officer, in));
    assert_int_equal(row.due, day_start(date_day(2022, 5, 26)));
}

static void words_that_are_none(void **state)
{
    static const struct { const char *phrase, *sentence; } BAD[] = {
        { "尽快", "时限原文“尽快”没有写明日期，也没有适用的本科室时限，请填写办理时限" },
        { "会后3日内", "时限原文“会后3日内”从哪一天起算不明，请填写办理时限" },
        { "每月5日前", "时限原文“每月5日前”是周期时限，请填写这一次的办理时限" },
        { "前往省城", "时限原文“前往省城”看不出日期，请填写办理时限，或写成“5月20日前”“5个工作日内”" },
        { "5月12日（星期五）前", "时限原文：2022年5月12日是周四，不是周五，请核对日期和星期" },
        { "6月31日前", "时限原文：2022年6月没有31日，请改正日期" },
        { "3月1日前", "时限原文“3月1日前”有两种理解：2023年3月1日或2022年3月1日，请填写办理时限" },
        { "元旦前", "时限原文“元旦前”有两种理解：2022年12月30日或2022年12月31日，请填写办理时限" },
        { "5月6日前", "时限原文早于收到时间，请核对" },
    };
    for (size_t i = 0; i < ARRAY_LEN(BAD); i++) {
        struct entry_input in = fixture_input();
        struct problems p = PROBLEMS_INIT;
        struct buf b _cleanup_(buf_release) = BUF_INIT;
        struct err e;
        in.deadline = STR_NULL;
        in.kind = STR("affair");                 /* no limit of the office is for these */
        in.deadline_phrase = str_c(BAD[i].phrase);
        struct fixture_do d = { .actor = &f.officer, .in = &in, .problems = &p };
        assert_false(fixture_try(&f, &d, &e));
        tr_err(&b, LANG_ZH, &e);
        assert_string_equal(e.field, "deadline_phrase");
        assert_string_equal(b.p, BAD[i].sentence);
        assert_int_equal(p.n, 1);
        problems_release(&p);
        in.no_deadline_reason = STR("长期工作");     /* with the reason, words that are no date are only words */
        if (i < 4)
            fixture_register(&f, &f.officer, in);
    }
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
    const struct CMUnitTest tests[] = { T(every_bad_field_is_named), T(all_problems_at_once), T(the_four_fields), T(words_and_sets), T(words_alone), T(own_limit),
                                        T(words_that_are_none), T(a_verb_takes_only_its_fields) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
