/* engine: none — text only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xlsxwriter.h>

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

static void xlsx_writing(void **state)
{
    struct buf b = BUF_INIT, got = BUF_INIT;
    struct table_writer *w;
    struct table_reader *t;
    struct table_row row;
    struct table_head head;
    struct err e;
    bool end = false;
    int n;
    struct table_plan plan = { .field = FIELDS, .n = 5, .title = STR("台账（截至5月9日）"), .sheet = STR("[台账]:'x'/一二三四五六七八九十一二三四五六七八九十一二三四五") };
    assert_true(table_begin(FORMAT_XLSX, &plan, table_to_buf, &b, &w, &e));
    write_all(w);
    table_put(w, STR("_x0041_ _x005F_ _x000D_ '=1 <&>\"\n二行"));
    table_put_int(w, 123456789012345678);
    table_put_row(w);
    assert_true(table_end(w, &e));
    assert_true(table_open(&a, buf_view(&b), NULL, &t, &e) && table_find_head(t, &head, &e));
    assert_true(head.line == 2 && head.n == 5 && str_eqc(head.title, "台账（截至5月9日）") && str_eqc(head.column[4].name, "时限"));
    assert_true(str_eqc(table_sheet(t), "_台账___x__一二三四五六七八九十一二三四五六七八九十一二"));
    assert_true(table_sheets(t, &n) && n == 1 && table_format(t) == FORMAT_XLSX);
    while (table_data(t, &row, &end, &e) && !end) {
        buf_printf(&got, "%d:", row.line);
        for (int i = 0; i < row.n; i++)
            buf_printf(&got, "[%.*s %d]", STR_ARG(row.cell[i].text), (int)row.cell[i].type);
    }
    assert_true(end);
    assert_string_equal(got.p, "3:[=1+1 0][-7 1][5.2 2][2022-05-20 3][2022-05-20 18:30 4]4:[ 0][a,\"b\" 0]"
                               "5:[_x0041_ _x005F_ _x000D_ '=1 <&>\"\n二行 0][123456789012345678 0]");
    table_close(t);
    buf_release(&b);
    buf_release(&got);
}

/* As an office draws it: a title over all, who reports, a head of two rows, days typed in two ways, a total, a note. */
static void an_offices_own_sheet(void **state)
{
    char path[] = "/tmp/whs-sheet-XXXXXX";
    int fd = mkstemp(path);
    lxw_workbook *book = workbook_new(path);
    lxw_worksheet *x = workbook_add_worksheet(book, "台账");
    lxw_format *day = workbook_add_format(book), *two = workbook_add_format(book);
    format_set_num_format(day, "yyyy\"年\"m\"月\"d\"日\"");
    format_set_num_format(two, "0.00");
    worksheet_merge_range(x, 0, 0, 0, 5, "重点工作台账（截至5月9日）", NULL);
    worksheet_merge_range(x, 1, 0, 1, 5, "填报单位：秘书五科　　　填报日期：2022年5月9日", NULL);
    static const char *const ALONE[] = { "序号", "工作事项", NULL, NULL, "责任单位", "金额（万元）" };
    for (lxw_col_t c = 0; c < 6; c++)
        if (ALONE[c])
            worksheet_merge_range(x, 2, c, 3, c, ALONE[c], NULL);
    worksheet_merge_range(x, 2, 2, 2, 3, "时限", NULL);
    worksheet_write_string(x, 3, 2, "部门", NULL);
    worksheet_write_string(x, 3, 3, "上报", NULL);
    worksheet_merge_range(x, 4, 0, 4, 5, "一、省交办", NULL);
    worksheet_write_number(x, 5, 0, 1, NULL);
    worksheet_write_string(x, 5, 1, "报送总结", NULL);
    worksheet_write_string(x, 5, 2, "5.20", NULL);
    worksheet_write_number(x, 5, 3, 44703, day);
    worksheet_write_string(x, 5, 4, "市商务局、市财政局等", NULL);
    worksheet_write_number(x, 5, 5, 5.2, two);
    worksheet_merge_range(x, 6, 0, 7, 0, "2", NULL);
    worksheet_merge_range(x, 6, 1, 7, 1, "两家办", NULL);
    worksheet_write_string(x, 6, 4, "市教育局", NULL);
    worksheet_write_string(x, 7, 4, "市科技局", NULL);
    worksheet_write_string(x, 9, 1, "合计", NULL);
    worksheet_write_formula_num(x, 9, 5, "=SUM(F6:F8)", two, 5.2);
    worksheet_merge_range(x, 10, 0, 10, 5, "备注：按月更新", NULL);
    assert_int_equal(workbook_close(book), LXW_NO_ERROR);

    struct buf bytes = BUF_INIT, got = BUF_INIT;
    bytes.n = (size_t)read(fd, buf_room(&bytes, 100000), 100000);
    struct table_reader *t;
    struct table_head h;
    struct table_row row;
    struct err e;
    bool end = false;
    int n;
    int64_t total;
    assert_true(table_open(&a, buf_view(&bytes), NULL, &t, &e) && table_find_head(t, &h, &e));
    buf_printf(&got, "%.*s|", STR_ARG(h.title));
    for (int i = 0; i < h.n; i++)
        buf_printf(&got, "%.*s,", STR_ARG(h.column[i].name));
    while (table_data(t, &row, &end, &e) && !end) {
        buf_printf(&got, "|%d:", row.line);
        for (int i = 0; i < row.n; i++)
            buf_printf(&got, "%.*s,", STR_ARG(row.cell[i].text));
    }
    const struct table_passed *p = table_passed(t, &n, &total);
    for (int i = 0; i < n; i++)
        buf_printf(&got, "|%d %s", p[i].line, tr_text(LANG_ZH, table_why_name(p[i].why)));
    assert_string_equal(got.p, "重点工作台账（截至5月9日）|序号,工作事项,时限·部门,时限·上报,责任单位,金额（万元）,"
                               "|6:1,报送总结,5.20,2022-05-22,市商务局、市财政局等,5.20,|7:2,两家办,,,市教育局,|8:2,两家办,,,市科技局,"
                               "|1 标题行|2 表头上方的说明（单位、日期等）|5 分组行|10 合计行|11 表下说明（备注、填表人等）");
    assert_true(h.number_column == 0 && total == 5);
    table_close(t);
    close(fd);
    unlink(path);
    buf_release(&bytes);
    buf_release(&got);
}

static void xlsx_that_cannot_be_written(void **state)
{
    struct buf b = BUF_MAX(100), text = BUF_INIT;
    struct table_writer *w;
    struct err e = { 0 };
    struct table_plan plan = { .field = FIELDS, .n = 5 };
    setenv("TMPDIR", "/nowhere", 1);
    assert_false(table_begin(FORMAT_XLSX, &plan, table_to_buf, &b, &w, &e));
    assert_true(e.kind == ERR_IO && e.msg == M_TABLE_TEMP);
    unsetenv("TMPDIR");
    assert_true(table_begin(FORMAT_XLSX, &plan, table_to_buf, &b, &w, &e));
    assert_false(table_end(w, &e));              /* the sink is full */
    assert_int_equal(e.msg, M_TABLE_CANNOT_WRITE);
    assert_true(table_begin(FORMAT_XLSX, &plan, table_to_buf, &b, &w, &e));
    for (int i = 0; i < 32768; i++)
        buf_c(&text, "字");
    table_put(w, STR("a"));
    table_put(w, buf_view(&text));
    assert_false(table_end(w, &e));
    assert_true(e.msg == M_TABLE_XLSX_CELL_LONG && e.line == 2 && e.column == 2);
    assert_true(table_begin(FORMAT_XLSX, &plan, table_to_buf, &b, &w, &e));
    table_drop(w);
    buf_release(&b);
    buf_release(&text);
}

/* On a disk that is full: a file size limit stands for it (the library sees the same short writes). */
static void xlsx_on_a_full_disk(void **state)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct rlimit small = { 200 * 1024, 200 * 1024 };
        struct buf b = BUF_INIT;
        struct table_writer *w;
        struct err e = { 0 };
        struct table_plan plan = { .field = FIELDS, .n = 5 };
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &small);
        bool ok = table_begin(FORMAT_XLSX, &plan, table_to_buf, &b, &w, &e);
        for (int i = 0; ok && i < 20000; i++) {
            table_put_int(w, i);
            table_put_row(w);
        }
        _exit(ok && !table_end(w, &e) && e.msg == M_TABLE_TEMP && b.n == 0 ? 0 : 1);
    }
    int status;
    assert_true(waitpid(pid, &status, 0) == pid && status == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(csv_rows, setup, teardown), cmocka_unit_test_setup_teardown(wrong_csv, setup, teardown),
        cmocka_unit_test_setup_teardown(places, setup, teardown), cmocka_unit_test_setup_teardown(csv_writing, setup, teardown),
        cmocka_unit_test_setup_teardown(xlsx_writing, setup, teardown), cmocka_unit_test_setup_teardown(an_offices_own_sheet, setup, teardown), cmocka_unit_test_setup_teardown(xlsx_that_cannot_be_written, setup, teardown),
        cmocka_unit_test_setup_teardown(xlsx_on_a_full_disk, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
