/* engine: none — text only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "calendar/date.h"
#include "format/table.h"
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

static void csv_rows(void **state)
{
    struct table_reader *t;
    struct table_row row;
    struct err e;
    bool end;
    struct buf b = BUF_INIT;
    assert_true(table_open(&a, STR("\xef\xbb\xbf" "甲, 乙 ,\r\n,,\r\n\r\n\"x\n\"\"y\"\"\",,z\r\n"), NULL, &t, &e));
    while (table_next(t, &row, &end, &e) && !end) {
        buf_printf(&b, "%d:", row.line);
        for (int i = 0; i < row.n; i++)
            buf_printf(&b, "[%.*s]", STR_ARG(row.cell[i].text));
    }
    assert_true(end);
    assert_string_equal(b.p, "1:[甲][乙]4:[x\n\"y\"][][z]");
    assert_int_equal(table_format(t), FORMAT_CSV);
    table_close(t);
    buf_release(&b);
}

static void wrong_csv(void **state)
{
    struct table_reader *t;
    struct table_row row;
    struct err e = { 0 };
    bool end;
    assert_true(table_open(&a, STR("甲,乙\n丙,\"丁"), NULL, &t, &e) && table_next(t, &row, &end, &e));
    table_at(&row, 1, &e);
    assert_true(e.line == 1 && e.column == 3);
    assert_false(table_next(t, &row, &end, &e));
    assert_true(e.msg == M_CSV_QUOTE_OPEN && e.line == 2);
    table_close(t);
    assert_false(table_open(&a, STR("a\xff\xff"), NULL, &t, &e));
    assert_int_equal(e.msg, M_CSV_ENCODING);
    struct buf big = BUF_INIT;
    for (int i = 0; i <= TABLE_CELL_MAX; i++)
        buf_ch(&big, 'x');
    assert_true(table_open(&a, buf_view(&big), NULL, &t, &e));
    assert_false(table_next(t, &row, &end, &e));
    assert_int_equal(e.msg, M_TABLE_CELL_LONG);
    table_close(t);
    buf_release(&big);
}

static void places(void **state)
{
    struct buf b = BUF_INIT;
    table_place(&b, LANG_ZH, 3, 2);
    buf_ch(&b, ' ');
    table_place(&b, LANG_ZH, 10, 25);
    table_place(&b, LANG_ZH, 10, 26);
    table_place(&b, LANG_EN, 10, 255);
    assert_string_equal(b.p, "第3行C列 第10行Z列第10行AA列row 10, column IV");
    buf_release(&b);
}

static void write_all(struct table_writer *w)
{
    table_put(w, STR("=1+1"));
    table_put_int(w, -7);
    table_put_number(w, 5.2);
    table_put_day(w, date_day(2022, 5, 20));
    table_put_instant(w, day_start(date_day(2022, 5, 20)) + 18 * 3600000 + 30 * 60000);
    table_put_row(w);
    table_put(w, STR_NULL);
    table_put(w, STR("a,\"b\""));
    table_put_number(w, NAN);
    table_put_day(w, DAY_NONE);
    table_put_instant(w, INSTANT_NONE);
    table_put_row(w);
}

static const struct table_field FIELDS[] = {
    { STR("标题"), CELL_TEXT, 30, true }, { STR("件数"), CELL_INT, 0, false }, { STR("数"), CELL_NUMBER, 0, false }, { STR("日期"), CELL_DAY, 0, false },
    { STR("时限"), CELL_INSTANT, 0, false },
};

static void csv_writing(void **state)
{
    struct buf b = BUF_INIT;
    struct table_writer *w;
    struct err e;
    struct table_plan plan = { .field = FIELDS, .n = 5, .title = STR("台账") };
    assert_true(table_begin(FORMAT_CSV, &plan, table_to_buf, &b, &w, &e));
    write_all(w);
    assert_true(table_end(w, &e));
    assert_string_equal(b.p, "\xef\xbb\xbf标题,件数,数,日期,时限\r\n'=1+1,-7,5.2,2022-05-20,2022-05-20 18:30\r\n,\"a,\"\"b\"\"\",,,\r\n");
    buf_release(&b);
    b = BUF_MAX(8);
    assert_true(table_begin(FORMAT_CSV, &plan, table_to_buf, &b, &w, &e));
    write_all(w);
    assert_false(table_end(w, &e));
    assert_int_equal(e.msg, M_TABLE_CANNOT_WRITE);
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(csv_rows, setup, teardown), cmocka_unit_test_setup_teardown(wrong_csv, setup, teardown),
        cmocka_unit_test_setup_teardown(places, setup, teardown), cmocka_unit_test_setup_teardown(csv_writing, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
