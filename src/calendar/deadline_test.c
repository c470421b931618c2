/* engine: none — deadlines are pure */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/tr.h"
#include "base/utf8.h"
#include "calendar/deadline.h"

static const char *const KIND[] = { "none", "date", "instant", "recurring" };
static struct deadline_ask ask;

static instant_t at(const char *z)
{
    instant_t v;
    assert_true(instant_read(str_c(z), &v, NULL));
    return v;
}

static int prepare(void **state)
{
    (void)state;
    ask = (struct deadline_ask){ workdays_official(), 0, DEADLINE_HOURS };
    return instant_read(STR("2022-05-09T08:30:00+08:00"), &ask.at, NULL) ? 0 : -1;
}

static struct deadline read_phrase(const char *z)
{
    struct deadline d;
    deadline_read(str_c(z), &ask, &d);
    return d;
}

/* --- the two tables -------------------------------------------------------------------------------------------------------------------------- */

static bool whole_day(const struct deadline *d)
{
    return d->kind == DEADLINE_DATE || (d->kind == DEADLINE_RECURRING && !d->recur.n_minutes && d->recur.every > RECUR_HOURS);
}

/* 2022-05-20 of a day, 2022-05-20T17:00 of an instant. */
static void put_due(struct buf *b, const struct deadline *d)
{
    struct buf whole _cleanup_(buf_release) = BUF_INIT;
    if (d->due == INSTANT_NONE) {
        buf_ch(b, '-');
        return;
    }
    instant_put(&whole, whole_day(d) ? d->due - 1 : d->due);
    buf_str(b, str_sub(buf_view(&whole), 0, whole_day(d) ? 10 : 16));
}

static void put_start(struct buf *b, const struct deadline *d)
{
    struct buf whole _cleanup_(buf_release) = BUF_INIT;
    if (d->start == INSTANT_NONE) {
        buf_ch(b, '-');
        return;
    }
    instant_put(&whole, d->start);
    buf_str(b, str_sub(buf_view(&whole), 0, 16));
}

static void put_notes(struct buf *b, const struct deadline *d)
{
    static const struct { unsigned bit; char sign; } SIGNS[] = {
        { DEADLINE_AMBIGUOUS, 'A' }, { DEADLINE_ABOUT, '~' }, { DEADLINE_PAST, 'P' }, { DEADLINE_REST_DAY, 'H' }, { DEADLINE_WRONG, 'E' }, { DEADLINE_OWN_LIMIT, 'U' },
        { DEADLINE_NO_ANCHOR, 'N' }, { DEADLINE_SEVERAL, '+' },
    };
    for (size_t i = 0; i < ARRAY_LEN(SIGNS); i++)
        if (d->notes & SIGNS[i].bit)
            buf_ch(b, SIGNS[i].sign);
}

static bool same_signs(struct str a, struct str b)
{
    for (size_t i = 0; i < a.n; i++)
        if (str_chr(b, a.p[i]) < 0)
            return false;
    return a.n == b.n;
}

/* Every line is read as it says; with notes where the table has that column. */
static int table(const char *path, bool notes)
{
    FILE *f = fopen(path, "r");
    char line[400];
    int n = 0, wrong = 0;
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = 0;
        if (line[0] == '#')
            continue;
        struct str rest = str_c(line), phrase = str_cut(rest, '\t', &rest), kind = str_cut(rest, '\t', &rest), start = str_cut(rest, '\t', &rest),
                   due = str_cut(rest, '\t', &rest);
        struct deadline d;
        struct buf said _cleanup_(buf_release) = BUF_INIT, begins _cleanup_(buf_release) = BUF_INIT, signs _cleanup_(buf_release) = BUF_INIT;
        deadline_read(phrase, &ask, &d);
        put_due(&said, &d);
        put_start(&begins, &d);
        put_notes(&signs, &d);
        n++;
        if (str_eqc(kind, KIND[d.kind]) && str_eq(buf_view(&said), due) && str_eq(buf_view(&begins), start) && (!notes || same_signs(buf_view(&signs), rest)))
            continue;
        wrong++;
        print_error("%.*s: %s %s from %s %s, not %.*s %.*s from %.*s %.*s\n", STR_ARG(phrase), KIND[d.kind], said.p, begins.p, signs.p ? signs.p : "", STR_ARG(kind),
                    STR_ARG(due), STR_ARG(start), STR_ARG(rest));
    }
    fclose(f);
    assert_int_equal(wrong, 0);
    return n;
}

static void own_table(void **state)
{
    (void)state;
    assert_true(table("src/calendar/deadline_phrases.tsv", true) >= 1100);
}

static void sample(void **state)
{
    (void)state;
    assert_int_equal(table("data/deadline-sample.tsv", false), 60);
}

/* --- what a reading holds -------------------------------------------------------------------------------------------------------------------- */

static void both_readings(void **state)
{
    (void)state;
    struct deadline d = read_phrase("5月20日前");
    assert_int_equal(d.due, at("2022-05-21T00:00:00+08:00"));
    assert_int_equal(d.strict, at("2022-05-20T00:00:00+08:00"));
    assert_int_equal(d.counted, DEADLINE_GIVEN);
    assert_int_equal(d.anchor, INSTANT_NONE);
    d = read_phrase("5月20日（含）前");
    assert_int_equal(d.strict, d.due);
    d = read_phrase("6月底前");
    assert_int_equal(d.strict, d.due);
    d = read_phrase("3月1日前");
    assert_int_equal(d.other, at("2022-03-02T00:00:00+08:00"));
    d = read_phrase("3月1日18:00前");
    assert_int_equal(d.other, at("2022-03-01T18:00:00+08:00"));
    d = read_phrase("元旦前");
    assert_int_equal(d.other, at("2023-01-01T00:00:00+08:00"));
    d = read_phrase("3-5个工作日内");
    assert_int_equal(d.strict, at("2022-05-13T00:00:00+08:00"));
}

static void how_counted(void **state)
{
    (void)state;
    struct deadline d = read_phrase("收到本通知后10个工作日内");
    assert_int_equal(d.counted, DEADLINE_WORKING);
    assert_int_equal(d.n, 10);
    assert_int_equal(d.unit, UNIT_WORKDAY);
    assert_int_equal(d.anchor, ask.at);
    assert_int_equal(d.from, 0);
    d = read_phrase("自5月10日起10日内");
    assert_int_equal(d.counted, DEADLINE_CALENDAR);
    assert_int_equal(d.anchor, at("2022-05-10T00:00:00+08:00"));
    d = read_phrase("国庆节前3天");
    assert_int_equal(d.n, -3);
    d = read_phrase("5月15日前");
    assert_int_equal(d.lw, date_day(2022, 5, 13));
    assert_int_equal(d.nw, date_day(2022, 5, 16));
    d = read_phrase("每月10日、20日17时前（遇节假日提前）");
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    recur_put(&b, &d.recur);
    assert_string_equal(b.p, "month days=10,20 at=17:00 move=before");
}

/* Working days in a year without an arrangement: the earlier bound, and told. */
static void presumed(void **state)
{
    (void)state;
    struct deadline_ask later = ask;
    struct deadline d;
    later.at = at("2040-09-24T08:30:00+08:00");
    deadline_read(STR("10个工作日内"), &later, &d);
    assert_true(d.notes & DEADLINE_PRESUMED);
    assert_true(d.other > d.due);
}

static void says_how(void **state)
{
    (void)state;
    static const struct { const char *phrase, *zh; } SAID[] = {
        { "10个工作日内", "自2022年5月9日起第10个工作日，当日不计" }, { "5月12日（星期五）前", "2022年5月12日是周四，不是周五，请核对日期和星期" },
        { "尽快", "没有写明日期，按本科室时限执行" }, { "会后3日内", "起算日不明，请写明从哪一天起算" }, { "2小时内", "自2022年5月9日8时30分起2小时" },
        { "半年内", "自2022年5月9日起半年" }, { "一个半月内", "自2022年5月9日起1个月又半个月" }, { "半小时内", "自2022年5月9日8时30分起半小时" },
        { "每月10日前", "每月10日" }, { "每2小时报送一次", "每2小时" },
    };
    for (size_t i = 0; i < ARRAY_LEN(SAID); i++) {
        struct deadline d = read_phrase(SAID[i].phrase);
        struct buf b _cleanup_(buf_release) = BUF_INIT;
        deadline_how(&b, LANG_ZH, &d);
        assert_string_equal(b.p, SAID[i].zh);
    }
}

static void says_rule(void **state)
{
    (void)state;
    static const struct { const char *phrase, *rule; } SAID[] = {
        { "5月20日前", "date" }, { "6.30前", "date" }, { "本周五下班前", "weekday" }, { "下周内", "week" }, { "月底前", "month-end" }, { "5月底前", "month-end" },
        { "5月下旬", "month" }, { "一季度", "quarter" }, { "年内", "year" }, { "“十四五”末", "plan" }, { "国庆节前", "festival" }, { "节后第一个工作日", "workday" },
        { "5月9日—6月10日", "range" }, { "17时前", "clock" }, { "今天17时前", "day" }, { "10个工作日内", "count" }, { "2小时内", "count" },
        { "每月10日前", "FREQ=MONTHLY;BYMONTHDAY=10" }, { "每日8时、20时", "FREQ=DAILY;BYHOUR=8,20" }, { "每2小时报送一次", "FREQ=HOURLY;INTERVAL=2" },
        { "每季度末", "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1" }, { "每周一、周三16:30前", "FREQ=WEEKLY;BYDAY=MO,WE;BYHOUR=16;BYMINUTE=30" },
        { "每年3月31日前", "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=31" }, { "每旬", "FREQ=MONTHLY;BYMONTHDAY=10,20,-1" }, { "每个工作日下午4点", "workday at=16:00" },
        { "每月30日前", "month days=30" }, { "会后3日内", "" },
    };
    for (size_t i = 0; i < ARRAY_LEN(SAID); i++) {
        struct deadline d = read_phrase(SAID[i].phrase);
        struct buf b _cleanup_(buf_release) = BUF_INIT;
        deadline_rule(&b, &d);
        buf_c(&b, "");
        assert_string_equal(b.p ? b.p : "", SAID[i].rule);
    }
}

/* --- running text ------------------------------------------------------------------------------------------------------------------------------ */

static void found(const char *text, const char *want)
{
    struct deadline d[16];
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    size_t n = deadline_find(str_c(text), &ask, d, ARRAY_LEN(d));
    for (size_t i = 0; i < n; i++) {
        buf_printf(&b, "%s%.*s=", i ? " " : "", (int)(d[i].to - d[i].from), text + d[i].from);
        if (d[i].kind == DEADLINE_NONE)
            buf_c(&b, "!");
        else
            put_due(&b, &d[i]);
    }
    assert_string_equal(b.p ? b.p : "", want);
}

static void in_text(void **state)
{
    (void)state;
    found("请各区县于5月20日前将整改情况报市政府办公室，联系人：张某，电话：0931-8888888。", "5月20日前=2022-05-20");
    found("会议定于5月12日上午9点在一号会议室召开，请于5月11日12时前报送参会名单。", "5月11日12时前=2022-05-11T12:00");
    found("日前，市领导前往一线调研，要求“5.09”疫情处置专班前三季度完成投资6.30亿元。", "");
    found("根据市政办发〔2022〕20号文件（2022年4月30日印发）精神，自5月10日起施行。", "");
    found("截至5月8日24时，全市累计转运9000余人次。48小时内核酸检测阴性证明。14天内有旅居史的人员。", "");
    found("一是6月底前完成排查；二是收到通知后3个工作日内报送方案，2小时内电话报告；三是每月5日前报进度。",
          "6月底前=2022-06-30 收到通知后3个工作日内=2022-05-12 2小时内=2022-05-09T10:30 每月5日前=2022-06-05");
    found("请于5月12日（星期五）前反馈。", "5月12日（星期五）前=!");
    found("今年以来，一季度增长5%，上半年任务过半，5月9日会议精神要落实。", "");
    found("务必于本周五下班前书面反馈，逾期视为无意见。会后3日内形成纪要。", "本周五下班前=2022-05-13T18:00");
    found("每天有上千人次，每人每天两次，每月5000元。", "");
    found("2005年前建成的老旧小区2022年底前全部改造。", "2022年底前=2022-12-31");
    found("5月20日前\n6月1日前\n", "5月20日前=2022-05-20 6月1日前=2022-06-01");
}

/* --- hostile text ------------------------------------------------------------------------------------------------------------------------------ */

static uint64_t seed = 20220509;
static unsigned below(unsigned n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(seed >> 33) % n;
}

/* Whatever the bytes: an answer, within the years, from and to inside the text. */
static void check_sane(struct str s, const struct deadline *d)
{
    assert_true(d->from <= d->to && d->to <= s.n);
    if (d->kind == DEADLINE_NONE)
        return;
    assert_true(d->due != INSTANT_NONE && d->strict != INSTANT_NONE && d->strict <= d->due);
    assert_true(d->due > day_start(date_day(1899, 1, 1)) && d->due < day_start(date_day(2201, 1, 1)));
    assert_true(d->kind != DEADLINE_RECURRING || recur_valid(&d->recur));
    assert_false(d->notes & DEADLINE_WRONG);
}

static void random_text(struct buf *b)
{
    static const char *const BITS[] = { "5", "12", "2022", "30", "99999999", "二", "十", "〇", "廿", "年", "月", "日", "号", "天", "周", "个", "工作日", "小时", "时", "点", "分", "半",
        "季度", "旬", "下旬", "底", "初", "内", "前", "后", "起", "至", "—", "左右", "每", "隔", "第", "最后", "首", "国庆节", "节", "假期", "农历", "腊月", "初三", "夏至", "“", "”", "（", "）", "、",
        "，", "。", ":", "-", "/", ".", " ", "本", "下周", "本月", "明年", "今晚", "下午", "下班", "收到", "之日", "会", "报送", "请于", "截至", "已", "的", "十四五", "不含", "遇节假日顺延", "一次",
        "\xff", "\xe5\xb9", "\xf0\x9f\x98\x80", "\0", "V", "%" };
    for (unsigned n = 1 + below(14); n > 0; n--) {
        const char *bit = BITS[below(ARRAY_LEN(BITS))];
        buf_add(b, bit, bit[0] ? strlen(bit) : 1);
    }
}

static void fuzz(void **state)
{
    (void)state;
    for (int i = 0; i < 200000; i++) {
        struct buf b _cleanup_(buf_release) = BUF_INIT;
        struct deadline d, many[8];
        struct deadline_ask other = ask;
        if (i % 4 == 0)
            for (unsigned n = below(40); n > 0; n--)
                buf_ch(&b, (char)below(256));
        else
            random_text(&b);
        if (i % 7 == 0)
            other.at = day_start(date_day(1900 + (int)below(300), 1, 1) + (day_t)below(365)) + below(86400000);
        deadline_read(buf_view(&b), &other, &d);
        check_sane(buf_view(&b), &d);
        size_t n = deadline_find(buf_view(&b), &other, many, ARRAY_LEN(many));
        for (size_t k = 0; k < n; k++)
            assert_true(many[k].from < many[k].to && many[k].to <= b.n && (k == 0 || many[k].from >= many[k - 1].to));
    }
}

static double seconds_for(size_t times, const char *unit)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    struct deadline d, many[4];
    struct timespec a, z;
    for (size_t i = 0; i < times; i++)
        buf_c(&b, unit);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
    deadline_read(buf_view(&b), &ask, &d);
    deadline_find(buf_view(&b), &ask, many, ARRAY_LEN(many));
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &z);
    return (double)(z.tv_sec - a.tv_sec) + (double)(z.tv_nsec - a.tv_nsec) / 1e9;
}

/* A megabyte of what starts a date and never ends one takes no more than a quarter of a second; even with a sanitizer. */
static void linear(void **state)
{
    (void)state;
    static const char *const UNITS[] = { "5", "五", "5月", "收到", "（", "5月20日至", "第一个", "每", "收到后", "5月20日（", "“十四五", "一、" };
    for (size_t i = 0; i < ARRAY_LEN(UNITS); i++)
        assert_true(seconds_for(1000000 / strlen(UNITS[i]), UNITS[i]) < 2.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_table), cmocka_unit_test(sample), cmocka_unit_test(both_readings), cmocka_unit_test(how_counted), cmocka_unit_test(presumed),
        cmocka_unit_test(says_how), cmocka_unit_test(says_rule), cmocka_unit_test(in_text), cmocka_unit_test(fuzz), cmocka_unit_test(linear),
    };
    return cmocka_run_group_tests_name("deadline", tests, prepare, NULL);
}
