/* engine: none — text only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>

#include "format/csv.h"
#include "messages.h"

static struct arena a;

static int setup(void **state)
{
    a = ARENA_INIT(0);
    return 0;
}

static int teardown(void **state)
{
    arena_release(&a);
    return 0;
}

static void rows(struct str text, const char *expected)
{
    struct csv c;
    struct err e;
    struct csv_cell cells[CSV_CELLS_MAX];
    size_t n;
    bool end;
    struct buf b = BUF_INIT;
    assert_true(csv_open(&a, text, &c, &e));
    while (csv_row(&c, cells, &n, &end, &e) && !end) {
        for (size_t i = 0; i < n; i++)
            buf_printf(&b, "[%d:%d %.*s]", cells[i].line, cells[i].column, STR_ARG(cells[i].text));
        buf_c(&b, "/");
    }
    assert_true(end);
    assert_string_equal(b.p ? b.p : "", expected);
    buf_release(&b);
}

static void reading(void **state)
{
    rows(STR(""), "");
    rows(STR("\xef\xbb\xbf" "a,b\r\n\r\n1,\n"), "[1:1 a][1:3 b]/[3:1 1][3:3 ]/");
    rows(STR("文,\"a\"\"b\nc\",x"), "[1:1 文][1:3 a\"b\nc][2:4 x]/");
    rows(STR("\xce\xc4,\xbb\xe1\n"), "[1:1 文][1:3 会]/");        /* GB18030 */
    rows(STR("'=1,'x,''-2,-"), "[1:1 =1][1:5 'x][1:8 '-2][1:13 -]/");
}

static void refused(struct str text, int msg, int line, int column)
{
    struct csv c;
    struct err e = { 0 };
    struct csv_cell cells[CSV_CELLS_MAX];
    size_t n;
    bool end = false, ok = csv_open(&a, text, &c, &e);
    while (ok && !end)
        ok = csv_row(&c, cells, &n, &end, &e);
    assert_false(ok);
    assert_int_equal(e.msg, msg);
    assert_int_equal(e.line, line);
    assert_int_equal(e.column, column);
}

static void wrong_files(void **state)
{
    refused(STR("a\n\"b"), M_CSV_QUOTE_OPEN, 2, 3);
    refused(STR("a,\"b\"c"), M_CSV_QUOTE_FOLLOWED, 1, 6);
    refused(STR("a,b\"c"), M_CSV_QUOTE_INSIDE, 1, 4);
    refused(STR("a\xff\xff"), M_CSV_ENCODING, 0, 0);
}

static void every_text_survives(void **state)
{
    static const char *const texts[] = { "", "文", "a,b", "say \"x\"", "two\nlines", "\r\n", "=1+1", "'=1", "''@x", "-5", "+", "'", "'a", " 空 ", "@", "＝1+1", "'＋1", "－", "＠x" };
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        csv_put(&b, str_c(texts[i]), i == 0);
    csv_end(&b);
    struct csv c;
    struct err e;
    struct csv_cell cells[CSV_CELLS_MAX];
    size_t n = 0;
    bool end;
    assert_true(csv_open(&a, buf_view(&b), &c, &e) && csv_row(&c, cells, &n, &end, &e));
    assert_int_equal(n, ARRAY_LEN(texts));
    for (size_t i = 0; i < n; i++)
        assert_true(str_eqc(cells[i].text, texts[i]));
    assert_true(str_find(buf_view(&b), STR(",'=1+1,")) > 0);
    assert_true(str_find(buf_view(&b), STR(",'＝1+1,")) > 0);
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reading, setup, teardown), cmocka_unit_test_setup_teardown(wrong_files, setup, teardown),
        cmocka_unit_test_setup_teardown(every_text_survives, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
