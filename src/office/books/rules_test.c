/* engine: none — pure */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "messages.h"
#include "office/books/inside.h"

static void decimals_are_exact(void **state)
{
    static const struct { const char *text; int decimals; int64_t value; const char *back; } GOOD[] = {
        { "0", 0, 0, "0" }, { "-0.05", 2, -50000, "-0.05" }, { "1,234,567.89", 2, INT64_C(1234567890000), "1234567.89" }, { "12.300", 1, 12300000, "12.3" },
        { " 7 ", 2, 7000000, "7.00" }, { "+3.1", 1, 3100000, "3.1" }, { "0.1", 6, 100000, "0.100000" }, { "999999999999.999999", 6, VALUE_MAX - 1, "999999999999.999999" },
        { "", 2, VALUE_NONE, "" }, { "—", 2, VALUE_NONE, "" }, { "-", 2, VALUE_NONE, "" },
    };
    static const struct { const char *text; int decimals, msg; } BAD[] = {
        { "1.234", 2, M_BOOKS_DECIMALS }, { "12,34", 2, M_BOOKS_NOT_NUMBER }, { "1,2345", 0, M_BOOKS_NOT_NUMBER }, { ",123", 0, M_BOOKS_NOT_NUMBER },
        { "1234,567", 0, M_BOOKS_NOT_NUMBER }, { "1,234567", 0, M_BOOKS_NOT_NUMBER },
        { "1.", 2, M_BOOKS_NOT_NUMBER }, { ".5", 2, M_BOOKS_NOT_NUMBER }, { "1e3", 2, M_BOOKS_NOT_NUMBER }, { "--1", 2, M_BOOKS_NOT_NUMBER },
        { "=1+1", 2, M_BOOKS_NOT_NUMBER }, { "NaN", 2, M_BOOKS_NOT_NUMBER }, { "1000000000000", 0, M_BOOKS_TOO_LARGE }, { "1000000000000000000000000", 0, M_BOOKS_NOT_NUMBER },
        { "1.0000000000000000001", 2, M_BOOKS_DECIMALS },
    };
    for (size_t i = 0; i < ARRAY_LEN(GOOD); i++) {
        struct buf b _cleanup_(buf_release) = BUF_INIT;
        int64_t v = 1;
        assert_true(value_read(str_c(GOOD[i].text), GOOD[i].decimals, &v, NULL));
        assert_int_equal(v, GOOD[i].value);
        value_write(&b, v, GOOD[i].decimals);
        assert_string_equal(b.n ? b.p : "", GOOD[i].back);
    }
    for (size_t i = 0; i < ARRAY_LEN(BAD); i++) {
        struct err e;
        int64_t v;
        assert_false(value_read(str_c(BAD[i].text), BAD[i].decimals, &v, &e));
        assert_int_equal(e.msg, BAD[i].msg);
    }
}

static void periods_are_read_and_stepped(void **state)
{
    static const struct { const char *text; enum every e; int period; const char *back; } GOOD[] = {
        { "2022-03", EVERY_MONTH, 202203, "2022-03" }, { "202212", EVERY_MONTH, 202212, "2022-12" }, { "2022年3月", EVERY_MONTH, 202203, "2022-03" },
        { "2022-Q1", EVERY_QUARTER, 202203, "2022-Q1" }, { "2022q4", EVERY_QUARTER, 202212, "2022-Q4" }, { "2022年二季度", EVERY_QUARTER, 202206, "2022-Q2" },
        { "2022年第3季度", EVERY_QUARTER, 202209, "2022-Q3" }, { "2022", EVERY_YEAR, 202212, "2022" }, { "2022年", EVERY_YEAR, 202212, "2022" },
    };
    static const struct { const char *text; enum every e; } BAD[] = {
        { "2022-13", EVERY_MONTH }, { "2022", EVERY_MONTH }, { "2022-03", EVERY_QUARTER }, { "2022-Q5", EVERY_QUARTER }, { "2022-01", EVERY_YEAR },
        { "22", EVERY_YEAR }, { "1066", EVERY_YEAR }, { "", EVERY_MONTH }, { "2022-003", EVERY_MONTH },
    };
    for (size_t i = 0; i < ARRAY_LEN(GOOD); i++) {
        struct buf b _cleanup_(buf_release) = BUF_INIT;
        int p = 0;
        assert_true(span_read(str_c(GOOD[i].text), GOOD[i].e, &p, NULL));
        assert_int_equal(p, GOOD[i].period);
        span_write(&b, GOOD[i].e, p);
        assert_string_equal(b.p, GOOD[i].back);
        assert_int_equal(span_step(GOOD[i].e, span_step(GOOD[i].e, p, -7), 7), p);
        assert_int_equal(span_of(GOOD[i].e, p / 100, p % 100), p);
    }
    for (size_t i = 0; i < ARRAY_LEN(BAD); i++) {
        int p;
        assert_false(span_read(str_c(BAD[i].text), BAD[i].e, &p, NULL));
    }
    assert_int_equal(span_step(EVERY_QUARTER, 202203, -1), 202112);
    assert_int_equal(span_step(EVERY_MONTH, 202212, 1), 202301);
}

static void grows(int64_t now, int64_t then, bool rate, int decimals, const char *want)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    grow_write(&b, grow_of(now, then, rate), decimals);
    assert_string_equal(b.p, want);
}

static void changes_are_computed_exactly(void **state)
{
    int64_t one = VALUE_ONE;
    grows(103 * one, 100 * one, false, 2, "+3.0%");
    grows(97 * one, 100 * one, false, 2, "-3.0%");
    grows(100 * one, 100 * one, false, 2, "0.0%");
    grows(10005 * one, 10000 * one, false, 0, "+0.1%");            /* half away from zero */
    grows(9995 * one, 10000 * one, false, 0, "-0.1%");
    grows(100049 * one, 100000 * one, false, 0, "0.0%");
    grows(VALUE_MAX - 1, 1, false, 0, "—");      /* beyond what can be said */
    grows(5 * one, 0, false, 2, "—");
    grows(5 * one, -one, false, 2, "—");
    grows(VALUE_NONE, one, false, 2, "—");
    grows(one, VALUE_NONE, false, 2, "—");
    grows(1360000, 1210000, true, 2, "+0.15");
    grows(-200000, 0, true, 1, "-0.2");
    assert_int_equal(value_own(30, 20, false), 10);
    assert_int_equal(value_own(30, 20, true), 30);
    assert_int_equal(value_own(30, VALUE_NONE, false), VALUE_NONE);
}

/* What was taken away and kept is the old text, what was kept and added the new one; as much as can be is kept. */
static size_t differs(struct arena *a, const char *old, const char *new, struct buf *shown)
{
    _cleanup_(buf_release) struct buf was = BUF_INIT, is = BUF_INIT;
    size_t n, kept = 0;
    struct diff_piece *d = overview_diff(a, str_c(old), str_c(new), &n);
    for (size_t i = 0; i < n; i++) {
        if (d[i].kind != DIFF_NEW)
            buf_str(&was, d[i].text);
        if (d[i].kind != DIFF_GONE)
            buf_str(&is, d[i].text);
        kept += d[i].kind == DIFF_SAME ? d[i].text.n : 0;
        if (shown)
            buf_printf(shown, "%c%.*s", " -+"[d[i].kind], STR_ARG(d[i].text));
    }
    assert_string_equal(was.n ? was.p : "", old);
    assert_string_equal(is.n ? is.p : "", new);
    return kept;
}

static void texts_are_compared_by_sentences(void **state)
{
    struct arena a _cleanup_(arena_release) = ARENA_INIT(0);
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    differs(&a, "甲。乙。丙。", "甲。丁。丙。", &b);
    assert_string_equal(b.p, " 甲。-乙。+丁。 丙。");
    assert_int_equal(differs(&a, "", "甲。", NULL), 0);
    assert_int_equal(differs(&a, "甲。", "", NULL), 0);
    assert_int_equal(differs(&a, "", "", NULL), 0);
    assert_int_equal(differs(&a, "a\nb\nc\nd\n", "b\nx\nd\na\n", NULL), 4);
    assert_int_equal(differs(&a, "一行\n\n又一行", "一行\n\n又一行！", NULL), strlen("一行\n\n"));
    for (unsigned seed = 1; seed < 400; seed++) {                  /* against the plain table of lengths */
        char old[64] = "", new[64] = "";
        unsigned r = seed * 2654435761u;
        for (int i = 0; i < 12; i++, r = r * 1103515245u + 12345u) {
            strcat(old, (const char *[]){ "a\n", "b\n", "c\n", "" }[r >> 20 & 3]);
            strcat(new, (const char *[]){ "a\n", "b\n", "c\n", "" }[r >> 24 & 3]);
        }
        size_t n = strlen(old) / 2, m = strlen(new) / 2, len[14][14] = { { 0 } };
        for (size_t i = 1; i <= n; i++)
            for (size_t j = 1; j <= m; j++)
                len[i][j] = old[i * 2 - 2] == new[j * 2 - 2] ? len[i - 1][j - 1] + 1 : len[i - 1][j] > len[i][j - 1] ? len[i - 1][j] : len[i][j - 1];
        assert_int_equal(differs(&a, old, new, NULL), len[n][m] * 2);
    }
}

static void large_texts_are_compared_quickly(void **state)
{
    struct arena a _cleanup_(arena_release) = ARENA_INIT(0);
    _cleanup_(buf_release) struct buf old = BUF_INIT, new = BUF_INIT;
    for (int i = 0; i < 15000; i++) {                              /* the most an overview holds, and nothing in common: not looked for */
        buf_printf(&old, "%c\n", 'a' + i % 7);
        buf_printf(&new, "%c\n", 'A' + i % 5);
    }
    assert_int_equal(differs(&a, old.p, new.p, NULL), 0);
}

static void headings_and_words(void **state)
{
    static const struct { const char *line; int level; const char *text; } LINES[] = {
        { "一、基本情况", 1, "一、基本情况" }, { "十二、其他", 1, "十二、其他" }, { "（三）项目", 2, "（三）项目" }, { "# 概况", 1, "概况" }, { "## 编制", 2, "编制" },
        { "（一）全年增长8%。", 0, "（一）全年增长8%。" }, { "一般情况", 0, "一般情况" }, { "（含园区）", 0, "（含园区）" }, { "", 0, "" }, { "#", 0, "#" }, { "，", 0, "，" },
    };
    for (size_t i = 0; i < ARRAY_LEN(LINES); i++) {
        struct str text;
        assert_int_equal(overview_heading(str_c(LINES[i].line), &text), LINES[i].level);
        assert_true(str_eqc(text, LINES[i].text));
    }
    assert_true(overview_has(STR("县域商业体系：物流中心2个"), STR("物流 县域")));
    assert_false(overview_has(STR("县域商业体系"), STR("县域 物流")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_are_exact), cmocka_unit_test(periods_are_read_and_stepped), cmocka_unit_test(changes_are_computed_exactly),
        cmocka_unit_test(texts_are_compared_by_sentences), cmocka_unit_test(large_texts_are_compared_quickly), cmocka_unit_test(headings_and_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
