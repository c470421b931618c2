/* engine: none — text only. Invented sheets as offices draw them: | between cells, < merged from the left, ^ merged from above. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "format/table.h"

enum { ROWS = 40 };

static struct arena a;

static void read_sheet(const char *text, struct table_row *rows, int *n)
{
    struct str rest = str_c(text);
    *n = 0;
    for (int line = 1; rest.p; line++) {
        struct str row = str_cut(rest, '\n', &rest);
        struct table_cell *cells = arena_array(&a, struct table_cell, TABLE_COLUMNS_MAX);
        int width = 0, last = 0;
        while (row.p) {
            struct str s = str_cut(row, '|', &row);
            struct table_cell *c = &cells[width];
            c->text = s.n ? s : STR("");
            if (str_eqc(s, "<")) {
                *c = cells[width - 1];
                c->merged |= CELL_MERGED | CELL_FROM_LEFT;
                cells[width - 1].merged |= CELL_MERGED;
            } else if (str_eqc(s, "^")) {
                *c = rows[*n - 1].cell[width];
                c->merged |= CELL_MERGED | CELL_FROM_ABOVE;
            }
            width++;
            last = c->text.n ? width : last;
        }
        if (last)                                /* as table_next(): rows with nothing in them are not seen */
            rows[(*n)++] = (struct table_row){ .line = line, .n = last, .cell = cells };
    }
}

static void describe(struct buf *b, const struct table_head *h, const struct table_row *rows, int n)
{
    static const char KINDS[] = "DTCHNGS!-E";
    bool notes = false;
    buf_printf(b, "%.*s", STR_ARG(h->title));
    for (int i = 0; i < h->n_passed; i++)
        buf_printf(b, "%s%c", i ? "" : " ", KINDS[h->passed[i].why]);
    buf_printf(b, " @%d+%d #%d ", h->line, h->rows, h->number_column);
    for (int i = 0; i < h->n; i++)
        buf_printf(b, "%s%.*s", i ? "|" : "", STR_ARG(h->column[i].name));
    buf_ch(b, ' ');
    for (int i = h->data; i < n; i++)
        buf_ch(b, KINDS[table_judge(h, &rows[i], &notes)]);
}

static const struct { const char *sheet, *expected; } SHEETS[] = {
    /* 1 the plain table */
    { "序号|事项|责任单位|时限\n1|报送总结|市商务局|2022-05-20\n2|召开调度会|市发改委|2022-05-25", " @1+1 #0 序号|事项|责任单位|时限 DD" },
    /* 2 a title over everything */
    { "秘书五科工作台账（截至5月9日）|<|<|<\n序号|事项|责任单位|时限\n1|报送总结|市商务局|5月20日", "秘书五科工作台账（截至5月9日） T @2+1 #0 序号|事项|责任单位|时限 D" },
    /* 3 title, unit and date line, total, note */
    { "2022年重点项目表|<|<|<\n填报单位：市发改委||单位：万元|日期：2022年5月9日\n项目名称|总投资|完成投资|备注\n一号桥|5000|1200|\n二号路|800|20|\n合计|5800|1220|\n注：按月填报|||\n填表人：张某||审核人：李某|",
      "2022年重点项目表 TC @3+1 #-1 项目名称|总投资|完成投资|备注 DDS!!" },
    /* 4 the head in two rows, merged */
    { "序号|事项|时限|<|责任单位\n^|^|部门|上报|^\n1|报送总结|5月18日|5月20日|市商务局", " @1+2 #0 序号|事项|时限·部门|时限·上报|责任单位 D" },
    /* 5 the same as csv, where merging is lost */
    { "序号|事项|时限||责任单位\n||部门|上报|\n1|报送总结|5月18日|5月20日|市商务局", " @1+2 #0 序号|事项|时限·部门|时限·上报|责任单位 D" },
    /* 6 two groups */
    { "单位|上半年|<|下半年|<\n^|计划|完成|计划|完成\n商务局|3|2|4|0\n财政局|5|5|5|1\n总计|8|7|9|1", " @1+2 #-1 单位|上半年·计划|上半年·完成|下半年·计划|下半年·完成 DDS" },
    /* 7 three rows of head */
    { "单位|目标任务|<|<\n^|数量|<|时限\n^|上报|核定|^\n商务局|1|2|5月", " @1+3 #-1 单位|目标任务·数量·上报|目标任务·数量·核定|目标任务·时限 D" },
    /* 8 groups of rows */
    { "序号|任务|牵头单位|完成时限\n一、重点工作|<|<|<\n1|任务甲|商务局|6月底\n二、日常工作|||\n2|任务乙|财政局|长期", " @1+1 #0 序号|任务|牵头单位|完成时限 GDGD" },
    /* 9 column numbers below the head */
    { "指标|本月|累计|同比\n甲|1|2|3\n规上工业增加值|5.1|20.3|4%", " @1+1 #-1 指标|本月|累计|同比 ND" },
    /* 10 the head again on the second page */
    { "序号|姓名|单位|电话\n1|张某|商务局|13800000000\n2|李某|财政局|13900000000\n序号|姓名|单位|电话\n3|王某|教育局|13700000000", " @1+1 #0 序号|姓名|单位|电话 DDHD" },
    /* 11 blanks and line ends inside the head */
    { "序 号|事　项|责任\t单位|完成 时限\n1|报送|商务局|5.20", " @1+1 #0 序号|事项|责任单位|完成时限 D" },
    /* 12 a number column without a name */
    { "|事项|责任单位\n1|报送总结|商务局\n2|开会|财政局", " @1+1 #0 |事项|责任单位 DD" },
    /* 13 the unit alone above, with a title of one cell */
    { "市领导批示办理台账\n批示时间|批示内容|承办单位|办理情况\n2022-05-09|请商务局阅研|商务局|已办结", "市领导批示办理台账 T @2+1 #-1 批示时间|批示内容|承办单位|办理情况 D" },
    /* 14 attachment mark, title, date in brackets */
    { "附件1|||\n全市防汛值班表|<|<|<\n（2022年5月）|<|<|<\n日期|带班领导|值班人员|电话\n5月1日|市领导|张某|028-1234", "附件1 TCC @4+1 #-1 日期|带班领导|值班人员|电话 D" },
    /* 15 no head at all: numbers from the first row */
    { "1|2022-05-09|100\n2|2022-05-10|200\n3|2022-05-11|300", " @0+0 #0 || DDD" },
    /* 16 one column */
    { "事项\n报送总结\n召开会议", " @1+1 #-1 事项 DD" },
    /* 17 empty rows between, numbers without content */
    { "序号|事项|单位\n\n1|报送|商务局\n2\n3\n\n合  计||1", " @1+1 #0 序号|事项|单位 D--S" },
    /* 18 merged down: one matter, two units */
    { "序号|事项|配合单位\n1|报送总结|商务局\n^|^|财政局\n2|开会|教育局", " @1+1 #0 序号|事项|配合单位 DDD" },
    /* 19 rows with only merged cells */
    { "序号|事项|单位\n1|报送总结|商务局\n^|^|^\n2|开会|教育局", " @1+1 #0 序号|事项|单位 D-D" },
    /* 20 a note in several lines */
    { "单位|人数|备注\n商务局|3|\n备注：1.按实有人数填写|<|<\n2.每月5日前报|<|<\n联系人：张某　电话：1234|<|<", " @1+1 #-1 单位|人数|备注 D!!!" },
    /* 21 a matter that lacks all but its title is data, and to be complained of */
    { "序号|事项|单位|时限\n1|报送总结||\n|只有标题||", " @1+1 #0 序号|事项|单位|时限 DD" },
    /* 22 names without a known word */
    { "甲乙|丙丁|戊己\n3|4|5\n6|7|8", " @1+1 #-1 甲乙|丙丁|戊己 DD" },
    /* 23 data of short words is no head */
    { "事项|单位|状态\n报送|商务局|在办\n开会|财政局|办结\n合计（2项）||", " @1+1 #-1 事项|单位|状态 DDS" },
    /* 24 English */
    { "No.|Title|Lead unit|Due\n1|Report|Commerce|2022-05-20", " @1+1 #0 No.|Title|Lead unit|Due D" },
    /* 25 an open group above the head, the names below */
    { "基本情况|<|<|办理情况|<\n来文单位|文号|标题|承办单位|办理结果\n省政府|1号|关于防汛的通知|水务局|已办结", " @1+2 #-1 基本情况·来文单位|基本情况·文号|基本情况·标题|办理情况·承办单位|办理情况·办理结果 D" },
    /* 26 subtotals within */
    { "区县|项目|投资\n甲区|一号|10\n甲区|二号|20\n小计||30\n乙区|三号|5\n小计||5\n合计||35", " @1+1 #-1 区县|项目|投资 DDSDSS" },
    /* 27 a total of words in a matter's title is no total */
    { "序号|事项|单位\n1|合计报送全市经济运行分析材料三份|统计局\n2|说明材料|商务局", " @1+1 #0 序号|事项|单位 DD" },
    /* 28 a unit line as the only thing above, with full blanks */
    { "单位名称：市商务局　　　　　　填报时间：2022年5月9日|<|<|<\n任务|进展|问题|下步打算\n招商|正常推进|无|继续", " C @2+1 #-1 任务|进展|问题|下步打算 D" },
    /* 29 more columns in the head than in any row */
    { "任务|单位|时限|备注|附件\n招商|商务局|5月|\n引资|商务局|6月|", " @1+1 #-1 任务|单位|时限|备注|附件 DD" },
    /* 30 nothing but a title */
    { "工作台账", " @1+1 #-1 工作台账 " },
    /* 31 nothing */
    { "", " @0+0 #-1  " },
    /* 32 bracketed numbers of columns, a remark in brackets in the names */
    { "单位|当月数（件）|累计数（件）\n(1)|(2)|(3)\n商务局|3|9", " @1+1 #-1 单位|当月数（件）|累计数（件） ND" },
    /* 33 a schedule: the day merged down, the week in the title */
    { "一周工作安排（5月9日—5月15日）|<|<|<|<\n日期|时间|活动内容|地点|参加人员\n5月9日（周一）|09:00|市政府常务会议|第一会议室|市领导\n^|15:00|调研|开发区|市领导", "一周工作安排（5月9日—5月15日） T @2+1 #-1 日期|时间|活动内容|地点|参加人员 DD" },
    /* 34 data full of the words that names are made of */
    { "甲项|乙项|丙项\n完成情况|项目进展|单位反馈\n1|2|3", " @1+1 #-1 甲项|乙项|丙项 DD" },
    /* 35 a caption in several cells, without colons, narrower than the head */
    { "填报单位|市商务局|填报人|张某||\n序号|事项|责任单位|完成时限|进展情况|备注\n1|招商|商务局|6月|正常|", " C @2+1 #0 序号|事项|责任单位|完成时限|进展情况|备注 D" },
    /* 36 the table begins at B, with a blank column before it */
    { "|工作台账||\n|事项|责任单位|时限\n|报送|商务局|5.20\n|开会|财政局|5.21", "工作台账 T @2+1 #-1 |事项|责任单位|时限 DD" },
};

static void offices_sheets(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(SHEETS); i++) {
        struct table_row rows[ROWS];
        struct table_head h;
        struct buf b = BUF_INIT;
        int n;
        read_sheet(SHEETS[i].sheet, rows, &n);
        table_recognise(&a, rows, n, &h);
        describe(&b, &h, rows, n);
        if (strcmp(b.p, SHEETS[i].expected) != 0)
            print_error("sheet %zu:\n  got      %s\n  expected %s\n", i + 1, b.p, SHEETS[i].expected);
        buf_release(&b);
    }
    for (size_t i = 0; i < ARRAY_LEN(SHEETS); i++) {
        struct table_row rows[ROWS];
        struct table_head h;
        struct buf b = BUF_INIT;
        int n;
        read_sheet(SHEETS[i].sheet, rows, &n);
        table_recognise(&a, rows, n, &h);
        describe(&b, &h, rows, n);
        assert_string_equal(b.p, SHEETS[i].expected);
        buf_release(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(offices_sheets) };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_release(&a);
    return failed;
}
