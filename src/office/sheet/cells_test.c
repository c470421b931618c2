/* Days without years, units by the dozen, and columns by the words offices use. */
/* engine: none — pure */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <sys/resource.h>

#include "calendar/date.h"
#include "office/sheet/inside.h"

static struct arena a;

static void days(void **state)
{
    const struct years none = { 0, date_day(2022, 5, 9) }, said = { 2021, date_day(2022, 5, 9) };
    static const struct { const char *text; enum table_type type; enum moment what; bool said; const char *want; int msg; } t[] = {
        { "5.20", CELL_TEXT, MOMENT_DEADLINE, false, "2022-05-20", 0 },
        { "5.20", CELL_NUMBER, MOMENT_DEADLINE, false, "2022-05-20", 0 },
        { "5.20前", CELL_TEXT, MOMENT_DEADLINE, false, "2022-05-20", 0 },
        { "5.20", CELL_TEXT, MOMENT_DEADLINE, true, "2021-05-20", 0 },
        { "5/9", CELL_TEXT, MOMENT_DEADLINE, false, "2022-05-09", 0 },
        { "12-31", CELL_TEXT, MOMENT_DEADLINE, false, "2022-12-31", 0 },
        { "6月底前", CELL_TEXT, MOMENT_DEADLINE, false, "2022-06-30", 0 },
        { "2月末", CELL_TEXT, MOMENT_DEADLINE, true, "2021-02-28", 0 },
        { "5月20日前", CELL_TEXT, MOMENT_DEADLINE, false, "2022-05-20", 0 },
        { "5.2", CELL_NUMBER, MOMENT_DEADLINE, false, NULL, M_SHEET_LOST_ZERO },
        { "5.2", CELL_NUMBER, MOMENT_DEADLINE, true, NULL, M_SHEET_LOST_ZERO },
        { "6.2", CELL_TEXT, MOMENT_DEADLINE, false, "2022-06-02", 0 },             /* typed as text, so the 0 was not lost */
        { "6.5", CELL_NUMBER, MOMENT_DEADLINE, false, "2022-06-05", 0 },           /* there is no 50th */
        { "5.8", CELL_NUMBER, MOMENT_DEADLINE, false, NULL, M_SHEET_WHICH_YEAR },  /* yesterday, or in a year */
        { "5.8", CELL_NUMBER, MOMENT_RECEIVED, false, "2022-05-08", 0 },
        { "12.30", CELL_NUMBER, MOMENT_RECEIVED, false, NULL, M_SHEET_WHICH_YEAR },
        { "13.20", CELL_TEXT, MOMENT_DEADLINE, false, NULL, M_ENTRY_BAD_DATE },
        { "2.30", CELL_TEXT, MOMENT_DEADLINE, true, NULL, M_CALENDAR_NO_SUCH_DAY },
        { "0.5", CELL_NUMBER, MOMENT_DEADLINE, false, NULL, M_ENTRY_BAD_DATE },
        { "2022-05-20", CELL_DAY, MOMENT_DEADLINE, true, "2022-05-20", 0 },
        { "长期坚持", CELL_TEXT, MOMENT_DEADLINE, false, "长期坚持", 0 },
        { "5个工作日内", CELL_TEXT, MOMENT_DEADLINE, false, "5个工作日内", 0 },
        { "5.20.1", CELL_TEXT, MOMENT_DEADLINE, false, "5.20.1", 0 },
        { "", CELL_TEXT, MOMENT_DEADLINE, false, "", 0 },
    };
    for (size_t i = 0; i < ARRAY_LEN(t); i++) {
        struct str got;
        struct err e = { 0 };
        bool ok = cell_day(&a, str_c(t[i].text), t[i].type, t[i].what, t[i].said ? &said : &none, &got, &e);
        if (ok != (t[i].want != NULL) || (ok && !str_eqc(got, t[i].want)) || (!ok && e.msg != t[i].msg))
            fail_msg("%s (%zu): %.*s, message %d", t[i].text, i, ok ? (int)got.n : 0, ok ? got.p : "", e.msg);
    }
    assert_int_equal(cell_title_year(STR("2022年重点工作台账（截至5月9日）")), 2022);
    assert_int_equal(cell_title_year(STR("2021—2022年度")), 0);
    assert_int_equal(cell_title_year(STR("电话12022号")), 0);
    assert_int_equal(cell_title_year(STR("重点工作")), 0);
}

static void units(void **state)
{
    static const struct { const char *text, *lead, *assists; bool more; } t[] = {
        { "市商务局", "市商务局", "", false },
        { "市商务局、市财政局等", "市商务局", "市财政局", true },
        { "市商务局，市财政局\n市科技局", "市商务局", "市财政局;市科技局", false },
        { "市商务局（牵头）、市财政局", "市商务局", "市财政局", false },
        { "市财政局（配合）、市商务局（牵头）", "市商务局", "市财政局", false },
        { "牵头单位：市商务局；配合单位：市财政局、市科技局", "市商务局", "市财政局;市科技局", false },
        { "市商务局（市场科）", "市商务局", "", true },
        { "市商务局、各有关单位", "市商务局", "", true },
        { "市商务局等有关部门", "市商务局", "", true },
        { "", "", "", false },
        { "、；", "", "", false },
        { "（", "", "", true },
    };
    for (size_t i = 0; i < ARRAY_LEN(t); i++) {
        struct cell_units u;
        cell_units(&a, str_c(t[i].text), &u);
        if (!str_eqc(u.lead, t[i].lead) || !str_eqc(u.assists, t[i].assists) || u.more != t[i].more)
            fail_msg("%s: %.*s | %.*s | %d", t[i].text, STR_ARG(u.lead), STR_ARG(u.assists), u.more);
    }
}

/* A cell of nothing but names costs what it is long. */
static void many_units(void **state)
{
    struct rusage before, after;
    struct buf b = BUF_INIT;
    struct cell_units u;
    for (int i = 0; i < 30000; i++)
        buf_c(&b, "a、");
    getrusage(RUSAGE_SELF, &before);
    cell_units(&a, buf_view(&b), &u);
    getrusage(RUSAGE_SELF, &after);
    assert_int_equal(u.assists.n, 2 * 29999 - 1);
    assert_true(after.ru_maxrss - before.ru_maxrss < 20 * 1024);       /* KB; a copy for each name were 900 MB */
    buf_release(&b);
}

static void columns(void **state)
{
    static const struct { const char *head, *want; } t[] = {
        { "序号|事项|工作内容|牵头单位|配合单位|完成时限|备注", "- title requirement lead_unit assist_units deadline +" },
        { "序号|工作内容|责任单位|完成时限", "- title lead_unit deadline" },
        { "任务|事项|承办单位（牵头单位列首位）|时限", "requirement title lead_unit deadline" },
        { "事项|责任单位·牵头|责任单位·配合|时限·上报", "title lead_unit assist_units deadline" },
        { "牵头单位|责任单位", "lead_unit assist_units" },
        { "number|标题|deadline|承办单位|别的", "number title deadline lead_unit +" },
        { "事项|事项", "title +" },
    };
    for (size_t i = 0; i < ARRAY_LEN(t); i++) {
        struct table_column column[16];
        struct table_head h = { .column = column, .number_column = -1 };
        struct map m;
        struct buf b = BUF_INIT;
        for (struct str rest = str_c(t[i].head); rest.p;)
            column[h.n++].name = str_cut(rest, '|', &rest);
        map_propose(&h, &m);
        for (int k = 0; k < m.n; k++)
            buf_printf(&b, "%s%s", k ? " " : "", column_name(m.to[k]));
        assert_string_equal(b.p, t[i].want);
        buf_release(&b);
    }
}

static void titles(void **state)
{
    assert_string_equal(arena_z(&a, cell_title(STR("推进纾困。逐户走访"))), "推进纾困");
    assert_string_equal(arena_z(&a, cell_title(STR("推进纾困\n逐户走访"))), "推进纾困");
    struct buf b = BUF_INIT;
    for (int i = 0; i < 300; i++)
        buf_c(&b, "字");
    assert_int_equal(cell_title(buf_view(&b)).n, 3 * ENTRY_TITLE_CHARS);
    buf_release(&b);
}

static int release(void **state)
{
    arena_release(&a);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(days), cmocka_unit_test(units), cmocka_unit_test(many_units), cmocka_unit_test(columns), cmocka_unit_test(titles) };
    return cmocka_run_group_tests(tests, NULL, release);
}
