#include "office/entry/fixture_test.h"
#include "office/entry/inside.h"

#include "store/journal.h"

static struct test_office o;

static int setup(void **state)
{
    test_office_open(&o);
    sim_clock_set(&o.clock, TEST_NOW);
    return 0;
}

static int teardown(void **state)
{
    test_office_close(&o);
    return 0;
}

#define HEAD "number,kind,genre,role,title,source,requirement,received,deadline,no_deadline_reason,lead_unit,assist_units,officer,leader,lists,urgent," \
             "state,settled,result\r\n"
static const char GOOD[] = HEAD
    "文2022-0001,document,通知,drafted;reviewed,报送纾困政策,省政府办公厅明电,报情况,2022-04-01,2022-04-08,,市商务局,市科技局;市财政局,李科员,分管副市长,重点工作;年度安排,true,settled,2022-04-07,已报\r\n"
    "事2022-0001,affair,,,\"'=1+1 \"\"x\"\"\",来电,核实,2022-04-02,,长期,本科室,,,,,false,active,,\r\n"
    "阅2022-0001,document,,,简报,省府办,,2022-04-02,,,,,,,,false,active,,\r\n"
    "会2022-0001,meeting,,,\"常务会,第3次\",通知,参会,2022-05-02,2022-05-03T18:00:00+08:00,,市商务局,,,,,特急,withdrawn,2022-05-04,\r\n"
    "文2022-0002,document,,,迟办,来文,办,2022-05-02,2022-05-03,,市商务局,,,,,false,archived,2022-05-05,\r\n"
    "文2022-0003,document,,,待收,来文,办,2022-05-02,2022-06-03,,市商务局,,,,,false,pending,,\r\n"
    "文2021-0001,document,,,上年,来文,办,2021-12-31,2022-06-03,,市商务局,,,,,平急,review,,\r\n";

static struct cmd command(struct test_office *of, struct str in)
{
    return (struct cmd){ .store = of->store, .db = of->db, .arena = &of->arena, .actor = of->console, .office_id = of->id, .in = in };
}

static struct str import_export(struct test_office *of, struct str in)
{
    struct cmd c = command(of, in);
    struct sheet_result r;
    struct problems p = PROBLEMS_INIT;
    struct err e;
    NO_ERR(sheet_import_entries(&c, false, true, &r, &p, &e), &e);
    NO_ERR(sheet_export_entries(&c, &e), &e);
    struct str out = arena_str(&of->arena, buf_view(&c.out));
    buf_release(&c.out);
    problems_release(&p);
    return out;
}

static void an_export_means_the_same(void **state)
{
    struct test_office other;
    struct str first = import_export(&o, str_c(GOOD));
    assert_string_equal(first.p, GOOD);
    test_office_open(&other);
    assert_string_equal(import_export(&other, first).p, first.p);
    test_office_close(&other);
}

static void a_row_implies_its_acts(void **state)
{
    import_export(&o, str_c(GOOD));
    struct entry e;
    struct act *acts;
    size_t n;
    struct err err;
    NO_ERR(entry_fetch(o.db, &o.arena, &o.console, STR("文2022-0001"), &e, &err), &err);
    NO_ERR(entry_history(o.db, &o.arena, &o.console, &e, &acts, &n, &err), &err);
    assert_int_equal(n, 2);
    assert_true(acts[1].verb == VERB_SETTLE && str_eqc(acts[1].text, "已报") && !e.late);
    assert_int_equal(acts[1].journal_seq, acts[0].journal_seq + 1);
    NO_ERR(entry_fetch(o.db, &o.arena, &o.console, STR("文2022-0002"), &e, &err), &err);
    assert_true(e.late && e.version == 3);
    struct journal_head head;
    NO_ERR(journal_verify(o.db, o.id, NULL, NULL, &head, &err), &err);
}

static void bad_rows_are_named_and_nothing_is_taken(void **state)
{
    static const struct { const char *row, *field; int msg, column; } bad[] = {
        { "文2022-0005,文,,,题,源,求,2022-05-01,2022-05-09,,本科室,,,,,,,,", "number", M_ENTRY_NUMBER_GAP, 1 },
        { ",信,,,题,源,求,2022-05-01,2022-05-09,,本科室,,,,,,,,", "kind", M_ENTRY_UNKNOWN_KIND, 2 },
        { ",文,,,,源,求,2022-05-01,2022-05-09,,本科室,,,,,,,,", "title", M_ENTRY_MISSING, 6 },
        { ",文,,,题,源,求,2022-05-01,2022-06-31,,本科室,,,,,,,,", "deadline", M_CALENDAR_NO_SUCH_DAY, 23 },
        { ",文,,,题,源,求,2022-05-01,2022-04-30,,本科室,,,,,,,,", "deadline", M_ENTRY_DUE_BEFORE_RECEIPT, 23 },
        { ",文,,,题,源,求,2022-05-01,2022-05-09,,市外星局,,,,,,,,", "lead_unit", M_PEOPLE_UNKNOWN_UNIT, 35 },
        { ",文,,,机密★1年,源,求,2022-05-01,2022-05-09,,本科室,,,,,,,,", "title", M_ENTRY_SECRET, 6 },
        { ",文,,,题,源,求,2022-05-01,2022-05-09,,本科室,,,,,,open,,", "state", M_ENTRY_UNKNOWN_STATE, 44 },
        { ",文,,,题,源,求,2022-05-01,2022-05-09,,本科室,,,,,,settled,,", "settled", M_ENTRY_MISSING, 52 },
        { ",文,,,题,源,求,2022-05-01,2022-05-09,,本科室,,,,,,settled,2022-04-01,", "settled", M_ENTRY_SETTLED_EARLY, 52 },
        { ",文,,,题,源,求,2022-05-10,2022-05-12,,本科室,,,,,,,,", "received", M_ENTRY_RECEIVED_LATER, 12 },
    };
    struct journal_head before, after;
    struct err e;
    NO_ERR(journal_head(o.db, o.id, &before, &e), &e);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct str text = arena_printf(&o.arena, "%s,文,,,好的一行,源,求,2022-05-01,2022-05-09,,本科室,,,,,,,,\n%s\n", HEAD, bad[i].row);
        struct cmd c = command(&o, text);
        struct sheet_result r;
        struct problems p = PROBLEMS_INIT;
        assert_false(sheet_import_entries(&c, false, false, &r, &p, &e));
        assert_int_equal(e.msg, bad[i].msg);
        assert_string_equal(e.field, bad[i].field);
        assert_int_equal(e.line, 3);
        assert_int_equal(e.column, bad[i].column);
        problems_release(&p);
    }
    NO_ERR(journal_head(o.db, o.id, &after, &e), &e);
    assert_int_equal(before.seq, after.seq);
}

static void a_dry_run_writes_nothing(void **state)
{
    struct cmd c = command(&o, str_c(GOOD));
    struct sheet_result r;
    struct problems p = PROBLEMS_INIT;
    struct journal_head before, after;
    struct err e;
    NO_ERR(journal_head(o.db, o.id, &before, &e), &e);
    NO_ERR(sheet_import_entries(&c, true, true, &r, &p, &e), &e);
    assert_int_equal(r.rows, 7);
    assert_int_equal(r.created, 7);
    NO_ERR(journal_head(o.db, o.id, &after, &e), &e);
    assert_int_equal(before.seq, after.seq);
    assert_false(sheet_import_entries(&c, true, false, &r, &p, &e));
    problems_release(&p);
}

static void units_come_and_go(void **state)
{
    static const char UNITS[] = "name,short_name,category,order,aliases\r\n市商务局,商务局,部门,1,商务局;市商务委\r\n甲区,,区市县,2,\r\n";
    struct cmd c = command(&o, str_c(UNITS));
    struct sheet_result r;
    struct problems p = PROBLEMS_INIT;
    struct err e;
    NO_ERR(sheet_import_units(&c, false, &r, &p, &e), &e);
    assert_int_equal(r.created, 2);
    NO_ERR(sheet_import_units(&c, false, &r, &p, &e), &e);
    assert_int_equal(r.created, 0);
    NO_ERR(sheet_export_units(&c, &e), &e);
    assert_string_equal(c.out.p, UNITS);
    buf_release(&c.out);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(an_export_means_the_same), T(a_row_implies_its_acts), T(bad_rows_are_named_and_nothing_is_taken), T(a_dry_run_writes_nothing), T(units_come_and_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
