/* engine: none — dates are pure */
/* Every arrangement there has been, written out in the wordings of its time and read back; then each kind of mistake at its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/tr.h"
#include "base/utf8.h"
#include "calendar/notice.h"
#include "calendar/table_test.h"

struct trial {
    struct arena a;
    struct notice notice;
    struct problems problems, doubts;
    bool ok;
};

static struct trial trial(struct str text)
{
    struct trial t = { 0 };
    t.ok = notice_read(&t.a, text, &t.notice, &t.problems, &t.doubts);
    return t;
}

static void trial_end(struct trial *t)
{
    problems_release(&t->problems);
    problems_release(&t->doubts);
    arena_release(&t->a);
}

/* --- writing out ------------------------------------------------------------------------------------------------------------- */

enum wording { PLAIN, ZHOU, XINGQI, WORDINGS };

static void put_date(struct buf *b, day_t d, day_t before, int year, enum wording w)
{
    static const char *const DAYS[] = { "一", "二", "三", "四", "五", "六", "日" };
    struct civil c = date_civil(d);
    bool new_year = before == DAY_NONE ? c.year != year : c.year != date_civil(before).year;
    if (new_year)
        buf_printf(b, "%d年", c.year);
    if (new_year || before == DAY_NONE || date_civil(before).month != c.month)
        buf_printf(b, "%d月", c.month);
    buf_printf(b, "%d日", c.day);
    if (w != PLAIN)
        buf_printf(b, "（%s%s）", w == ZHOU ? "周" : "星期", DAYS[date_weekday(d) - 1]);
}

/* The sentences for the rows [from, to) of one festival. */
static void put_festival(struct buf *b, size_t from, size_t to, enum wording w)
{
    static const char *const OFF[] = { "放假公休", "放假调休", "放假" };
    bool first = true;
    for (size_t i = from; i < to; i++) {
        size_t last = i;
        if (table[i].works)
            continue;
        while (last + 1 < to && !table[last + 1].works && table[last + 1].day == table[last].day + 1)
            last++;
        put_date(b, table[i].day, DAY_NONE, table[i].year, w);
        if (last > i) {
            buf_c(b, w == PLAIN ? "—" : "至");
            put_date(b, table[last].day, table[i].day, table[i].year, w);
        }
        if (!first)
            buf_c(b, "补休");
        else
            buf_printf(b, "%s，共%d天", OFF[w], (int)(last - i + 1));
        buf_c(b, "。");
        first = false;
        i = last;
    }
    day_t before = DAY_NONE;
    for (size_t i = from; i < to; i++)
        if (table[i].works) {
            buf_c(b, before == DAY_NONE ? "" : "、");
            put_date(b, table[i].day, before, table[i].year, w);
            before = table[i].day;
        }
    buf_c(b, before == DAY_NONE ? "" : "上班。");
}

static bool special(const struct table_row *r) { return strstr(r->name, "抗战") != NULL; }     /* had a notice of its own */

static void put_notice(struct buf *b, int year, enum wording w)
{
    static const char *const NUMBER[] = { "一", "二", "三", "四", "五", "六", "七" };
    const char *done[8] = { 0 };
    int n = 0;
    buf_printf(b, "国务院办公厅关于%d年\n部分节假日安排的通知\n国办发明电〔%d〕11号\n\n各省、自治区、直辖市人民政府：\n"
                  "　　经国务院批准，现将%d年元旦、春节等放假调休日期的具体安排通知如下。\n", year, year - 1, year);
    for (size_t i = 0; i < table_n; i++) {
        size_t to = i, seen = 0;
        if (table[i].year != year || special(&table[i]))
            continue;
        for (int k = 0; k < n; k++)
            seen += strcmp(done[k], table[i].name) == 0;
        if (seen)
            continue;
        /* the rows of a festival may be parted by another's, as in September 2026 */
        static struct table_row kept[1000];
        memcpy(kept, table, sizeof kept);
        size_t count = 0;
        for (to = 0; to < table_n; to++)
            if (kept[to].year == year && strcmp(kept[to].name, kept[i].name) == 0)
                table[count++] = kept[to];
        buf_printf(b, "　　%s、%s：", NUMBER[n], kept[i].name);
        put_festival(b, 0, count, w);
        buf_c(b, "\n");
        memcpy(table, kept, sizeof kept);
        done[n++] = table[i].name;
    }
    buf_printf(b, "　　节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。\n国务院办公厅\n%d年11月4日\n", year - 1);
}

static void assert_is_table(const struct notice *notice, int year, bool with_special)
{
    size_t n = 0;
    assert_int_equal(notice->year, year);
    for (size_t i = 0; i < table_n; i++) {
        if (table[i].year != year || (!with_special && special(&table[i])))
            continue;
        assert_true(n < notice->n);
        const struct workdays_row *row = &notice->row[n++];
        if (row->day != table[i].day || row->works != table[i].works || !str_eqc(row->name, table[i].name) || row->year != year)
            fail_msg("%d: row %zu of the table, %s, is read as %.*s", year, i + 2, table[i].name, STR_ARG(row->name));
    }
    assert_int_equal(n, notice->n);
}

static void every_arrangement(void **state)
{
    (void)state;
    for (int year = TABLE_YEAR_FIRST; year <= TABLE_YEAR_LAST; year++)
        for (enum wording w = 0; w < WORDINGS; w++) {
            struct buf b _cleanup_(buf_release) = BUF_INIT;
            put_notice(&b, year, w);
            struct trial t = trial(buf_view(&b));
            if (!t.ok)
                fail_msg("%d, wording %d: %s, line %d, column %d\n%s", year, w, tr_id(t.problems.err[0].msg), t.problems.err[0].line,
                         t.problems.err[0].column, b.p);
            assert_is_table(&t.notice, year, false);
            assert_int_equal(t.doubts.total, year == 2015 || year == 2020);
            if (t.doubts.total)
                assert_int_equal(t.doubts.err[0].msg, M_CALENDAR_NOTICE_FORMULA);
            trial_end(&t);
        }
}

static void every_table(void **state)
{
    (void)state;
    for (int year = TABLE_YEAR_FIRST; year <= TABLE_YEAR_LAST; year++) {
        struct buf b _cleanup_(buf_release) = BUF_INIT;
        buf_c(&b, year % 2 ? "\xef\xbb\xbf" "date,kind,name\r\n" : "日期,类别,名称,备注\n");
        for (size_t i = 0; i < table_n; i++)
            if (table[i].year == year) {
                date_put_iso(&b, table[i].day);
                buf_printf(&b, ",%s,%s%s\n", table[i].works ? year % 3 ? "makeup-workday" : "上班" : year % 3 ? "holiday" : "放假", table[i].name,
                           year % 2 ? "\r" : ",注");
            }
        if (year == 2020)
            buf_c(&b, "2020-02-03,workday,春节\n");        /* holiday-cn has it; a Monday */
        struct trial t = trial(buf_view(&b));
        assert_true(t.ok);
        assert_is_table(&t.notice, year, true);
        assert_int_equal(t.doubts.total, year == 2020);

        /* imported, it says what the built-in arrangement says */
        struct workdays *w = workdays_with(t.notice.row, t.notice.n, &year, 1);
        assert_int_equal(workdays_diff(w, workdays_official(), NULL, 0), 0);
        workdays_free(w);
        trial_end(&t);
    }
}

/* --- sentences as they were published -------------------------------------------------------------------------------------------- */

static bool has(const struct notice *n, int y, int m, int d, bool works)
{
    for (size_t i = 0; i < n->n; i++)
        if (n->row[i].day == date_day(y, m, d))
            return n->row[i].works == works;
    return false;
}

static void published_2007(void **state)
{
    (void)state;
    struct trial t = trial(STR(
        "国务院办公厅关于2007年部分节假日安排的通知\n现将2007年元旦、春节、“五一”、“十一”放假调休日期具体安排通知如下：\n"
        "一、元旦：1月1日—3日放假，共3天。其中1月1日为法定假日，将2006年12月30日（星期六）、31日（星期日）两个公休日分别调至2007年1月2日、3日，"
        "2006年12月30日（星期六）、31日（星期日）上班。\n"
        "二、春节：2月18日—24日（即农历大年初一至初七）放假，共7天。其中18日、19日、20日为法定假日，将17日（星期六）、18日（星期日）、25日（星期日）三个公休日"
        "分别调至21日（星期三）、22日（星期四）、23日（星期五）；24日（星期六）照常公休，17日、25日上班。\n"
        "三、“五一”：5月1日—7日放假，共7天。其中，1日、2日、3日为法定假日，将4月28日（星期六）、29日（星期日）两个公休日调至5月4日（星期五）、7日（星期一）；"
        "5月5日（星期六）、6日（星期日）照常公休，4月28日、29日上班。\n"
        "四、“十一”：10月1日—7日放假，共7天。其中，1日、2日、3日为法定假日，将9月29日（星期六）、30日（星期日）两个公休日调至10月4日（星期四）、5日（星期五）；"
        "10月6日（星期六）、7日（星期日）照常公休，9月29日、30日上班。\n节假日期间，各地区、各部门要妥善安排好值班。\n国务院办公厅\n二〇〇六年十二月十四日\n"));
    assert_true(t.ok);
    assert_int_equal(t.doubts.total, 0);
    struct workdays *w = workdays_with(t.notice.row, t.notice.n, &t.notice.year, 1);
    day_t differ[8];                             /* 2007-12-29…31 belong to the arrangement of 2008 */
    assert_int_equal(workdays_diff(w, workdays_official(), differ, 8), 0);
    workdays_free(w);
    trial_end(&t);
}

static void published_new_year_2008(void **state)
{
    (void)state;
    struct trial t = trial(STR("2008年元旦放假\n一、元旦：2007年12月30日-2008年1月1日放假，共3天。其中: 1月1日（星期二）为法定节假日，12月30日（星期日）为公休日，"
                               "12月29日（星期六）公休日调至12月31日（星期一），12月29日（星期六）上班。\n三、清明节：4月4日—6日放假3天。其中：4月4日（清明节），为法定节假日。"));
    assert_true(t.ok);
    assert_true(has(&t.notice, 2007, 12, 31, false) && has(&t.notice, 2007, 12, 29, true) && has(&t.notice, 2008, 4, 6, false));
    assert_true(t.doubts.total > 1);             /* the other festivals are missing */
    trial_end(&t);
}

static void published_2024(void **state)
{
    (void)state;
    struct trial t = trial(STR(
        "国务院办公厅关于2024年部分节假日安排的通知\n一、元旦：1月1日放假，与周末连休。二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。"
        "鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。"
        "四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。五、端午节：6月10日放假，与周末连休。"
        "六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。"
        "节假日期间，各地区、各部门要妥善安排好值班。"));
    assert_true(t.ok);
    assert_int_equal(t.doubts.total, 0);
    assert_is_table(&t.notice, 2024, true);
    trial_end(&t);
}

static void published_2014(void **state)
{
    (void)state;
    struct trial t = trial(STR(
        "国务院办公厅关于2014年部分节假日安排的通知\n一、元旦：1月1日放假1天。\n二、春节：1月31日至2月6日放假调休，共7天。1月26日（星期日）、2月8日（星期六）上班。\n"
        "三、清明节：4月5日放假，4月7日（星期一）补休。\n四、劳动节：5月1日至3日放假调休，共3天。5月4日（星期日）上班。\n五、端午节：6月2日放假，与周末连休。\n"
        "六、中秋节：9月8日放假，与周末连休。\n七、国庆节：10月1日至7日放假调休，共7天。9月28日（星期日）、10月11日（星期六）上班。\n"));
    assert_true(t.ok);
    assert_int_equal(t.doubts.total, 0);
    assert_is_table(&t.notice, 2014, true);
    trial_end(&t);
}

/* --- mistakes ------------------------------------------------------------------------------------------------------------------- */

#define TITLE "国务院办公厅关于2026年部分节假日安排的通知\n"
#define GOOD TITLE "一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。\n五、端午节：6月19日（周五）至21日（周日）放假，共3天。\n"

static void mistakes(void **state)
{
    (void)state;
    static const struct { const char *text; int msg, line, column; } CASES[] = {
        { TITLE "一、元旦：1月1日（周五）至3日（周六）放假调休，共3天。", M_CALENDAR_BAD_WEEKDAY, 2, 11 },
        { TITLE "一、元旦：1月1日（周四）至3日（周日）放假调休，共3天。", M_CALENDAR_BAD_WEEKDAY, 2, 18 },
        { TITLE "一、元旦：1月1日（周四）至3日（周六）放假调休，共4天。", M_CALENDAR_NOTICE_COUNT, 2, 26 },
        { TITLE "一、元旦：1月1日放假2天。", M_CALENDAR_NOTICE_COUNT, 2, 10 },
        { TITLE "一、元旦：1月1日放假。\n五、端午节：6月31日放假。", M_CALENDAR_NO_SUCH_DAY, 3, 7 },
        { TITLE "一、元旦：1月1日放假。\n五、端午节：6月19日至31日放假。", M_CALENDAR_NO_SUCH_DAY, 3, 13 },
        { TITLE "一、元旦：1月1日放假。1月7日（周三）上班。", M_CALENDAR_NOTICE_MAKEUP, 2, 13 },
        { TITLE "一、元旦：1月1日放假。1月4日、1月7日上班。", M_CALENDAR_NOTICE_MAKEUP, 2, 18 },
        { TITLE "一、元旦：1月1日至3日放假，1月3日上班。", M_CALENDAR_NOTICE_BOTH, 2, 16 },
        { TITLE "一、元旦：1月1日放假，1月1日放假。", M_CALENDAR_NOTICE_TWICE, 2, 13 },
        { TITLE "一、元旦：2025年1月1日放假。", M_CALENDAR_NOTICE_FAR, 2, 6 },
        { TITLE "一、元旦：1月1日放假。1月2日。", M_CALENDAR_NOTICE_UNCLEAR, 2, 13 },
        { TITLE "一、元旦：1月3日至1日放假。", M_CALENDAR_NOTICE_RANGE, 2, 6 },
        { TITLE "一、元旦：1月1日至3月1日放假。", M_CALENDAR_NOTICE_RANGE, 2, 6 },
        { TITLE "一、元旦：1日放假。", M_CALENDAR_NOTICE_UNCLEAR, 2, 6 },
        { TITLE "一、元旦：1月1日（周八）放假。", M_CALENDAR_NOTICE_UNCLEAR, 2, 11 },
        { "一、元旦：1月1日放假。", M_CALENDAR_NOTICE_NO_YEAR, 1, 1 },
        { TITLE "各省、自治区、直辖市人民政府：", M_CALENDAR_NOTICE_EMPTY, 1, 1 },
        { "", M_CALENDAR_NOTICE_NO_YEAR, 1, 1 },
        { "date,kind,name\n2026-01-01,holiday,元旦\n2026-06-31,holiday,端午节\n", M_CALENDAR_NO_SUCH_DAY, 3, 1 },
        { "date,kind,name\n2026-01-01,holiday,元旦\n2026/06/19,holiday,端午节\n", M_CALENDAR_NOT_ISO, 3, 1 },
        { "date,kind,name\n2026-01-01,休,元旦\n", M_CALENDAR_NOTICE_KIND, 2, 12 },
        { "date,kind,name\n2026-01-01\n", M_CALENDAR_NOTICE_KIND, 2, 11 },
        { "date,kind,name\n2026-01-01,holiday,\n", M_CALENDAR_NOTICE_NAME, 2, 20 },
        { "date,kind,name\n2026-01-07,makeup-workday,元旦\n", M_CALENDAR_NOTICE_MAKEUP, 2, 1 },
        { "date,kind,name\n2026-01-01,holiday,元旦\n\n2026-01-01,holiday,元旦\n", M_CALENDAR_NOTICE_TWICE, 4, 1 },
        { "date,kind,name\n2026-01-03,holiday,元旦\n2026-01-03,makeup-workday,元旦\n", M_CALENDAR_NOTICE_BOTH, 3, 1 },
        { "date,kind,name\n2026-01-01,holiday,元旦\n2026-05-01,holiday,劳动节\n2027-05-01,holiday,劳动节\n", M_CALENDAR_NOTICE_FAR, 4, 1 },
        { "date,kind,name\n", M_CALENDAR_NOTICE_EMPTY, 1, 1 },
        { TITLE "\xff", M_BASE_BAD_UTF8, 1, 1 },
    };
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        struct trial t = trial(str_c(CASES[i].text));
        if (t.ok || t.problems.total != 1)
            fail_msg("case %zu: %d problems\n%s", i, t.problems.total, CASES[i].text);
        const struct err *e = &t.problems.err[0];
        if (e->msg != CASES[i].msg || e->line != CASES[i].line || e->column != CASES[i].column)
            fail_msg("case %zu: %s at %d:%d\n%s", i, tr_id(e->msg), e->line, e->column, CASES[i].text);
        assert_null(t.notice.row);
        trial_end(&t);
    }
    struct trial good = trial(STR(GOOD));
    assert_true(good.ok);
    assert_int_equal(good.notice.n, 7);
    trial_end(&good);
}

/* Whatever is done to a notice, nothing is read beyond it, and what is taken is in order and of the year. */
static void bent_texts(void **state)
{
    (void)state;
    struct sim_random r;
    sim_random_init(&r, 7);
    struct buf good _cleanup_(buf_release) = BUF_INIT;
    put_notice(&good, 2026, ZHOU);
    for (int i = 0; i < 3000; i++) {
        size_t n = random_below(&r.base, 8) ? good.n : random_below(&r.base, good.n);
        char *text = xstrndup(good.p, n);
        for (uint64_t k = random_below(&r.base, 4); k && n; k--) {
            static const char BYTES[] = "0123456789\n,:";
            text[random_below(&r.base, n)] = BYTES[random_below(&r.base, sizeof BYTES - 1)];
        }
        struct str view = str_n(text, n);
        size_t bad;
        while (!utf8_valid(view, &bad))          /* keep it text, so that the reader itself is tried */
            text[bad] = '1';
        struct trial t = trial(view);
        assert_true(t.ok == (t.problems.total == 0));
        for (size_t k = 1; t.ok && k < t.notice.n; k++)
            assert_true(t.notice.row[k - 1].day < t.notice.row[k].day);
        trial_end(&t);
        free(text);
    }
}

static void too_large(void **state)
{
    (void)state;
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    while (b.n <= NOTICE_BYTES_MAX)
        buf_c(&b, GOOD);
    struct trial t = trial(buf_view(&b));
    assert_false(t.ok);
    assert_int_equal(t.problems.err[0].kind, ERR_LIMIT);
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_arrangement), cmocka_unit_test(every_table), cmocka_unit_test(published_2007), cmocka_unit_test(published_new_year_2008),
        cmocka_unit_test(published_2014), cmocka_unit_test(published_2024), cmocka_unit_test(mistakes), cmocka_unit_test(bent_texts), cmocka_unit_test(too_large),
    };
    return cmocka_run_group_tests_name("notice", tests, table_read, NULL);
}
