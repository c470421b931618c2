/* Files in and out: what comes back means the same, bad rows are named and nothing is taken, edits, conflicts, the same rows twice. */
#include "office.h"

#include "calendar/date.h"
#include "format/cage.h"
#include "office/sheet/inside.h"
#include "store/blob.h"
#include "store/journal.h"
#include "store/runner.h"

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
             "state,settled,result,version\r\n"
#define MARK "\xef\xbb\xbf"
static const char GOOD[] = HEAD
    "文2022-0001,document,通知,drafted;reviewed,报送纾困政策,省政府办公厅明电,报情况,2022-04-01,2022-04-08,,市商务局,市科技局;市财政局,李科员,分管副市长,重点工作;年度安排,true,settled,2022-04-07,已报\r\n"
    "事2022-0001,affair,,,\"'=1+1 \"\"x\"\"\",来电,核实,2022-04-02,,长期,本科室,,,,,false,active,,\r\n"
    "阅2022-0001,document,,,简报,省府办,,2022-04-02,,,,,,,,false,active,,\r\n"
    "会2022-0001,meeting,,,\"常务会,第3次\",通知,参会,2022-05-02,2022-05-03T18:00:00+08:00,,市商务局,,,,,特急,withdrawn,2022-05-04,\r\n"
    "文2022-0002,document,,,迟办,来文,办,2022-05-02,2022-05-03,,市商务局,,,,,false,archived,2022-05-05,\r\n"
    "文2022-0003,document,,,待收,来文,办,2022-05-02,2022-06-03,,市商务局,,,,,false,pending,,\r\n"
    "文2021-0001,document,,,上年,来文,办,2021-12-31,2022-06-03,,市商务局,,,,,平急,review,,\r\n";

/* Looks, and when that went well takes. */
static bool import(struct test_office *of, struct str in, struct sheet_plan plan, struct sheet_result *r, struct problems *p, struct err *e)
{
    const struct sheet_ask ask = { .store = of->store, .db = of->db, .arena = &of->arena, .actor = &of->console, .bytes = in, .plan = &plan };
    struct sheet_take take;
    NO_ERR(db_snapshot_begin(of->db, e), e);
    bool ok = sheet_look(&ask, r, p, e);
    db_snapshot_end(of->db);
    if (!ok)
        return false;
    sheet_take_of(&ask, r, &take);
    take.plan.seen = r->seen;
    take.problems = p;
    ok = store_write_alone(of->store, of->id, of->console.member_id, sheet_take_fn, &take, e);
    buf_release(&r->copy);
    return ok;
}

static struct str export_as(struct test_office *of, bool words)
{
    struct buf b = BUF_INIT;
    struct entry_filter all = ENTRY_FILTER_ANY;
    struct err e;
    NO_ERR(db_snapshot_begin(of->db, &e) && sheet_export(of->db, &of->console, &all, &(struct sheet_shape){ .lang = LANG_ZH, .words = words }, &b, &e), &e);
    db_snapshot_end(of->db);
    struct str out = arena_str(&of->arena, buf_view(&b));
    buf_release(&b);
    return out;
}

static struct str export(struct test_office *of) { return export_as(of, false); }

static void take_good(struct test_office *of, struct str in, struct sheet_result *r)
{
    struct problems p = PROBLEMS_INIT;
    struct err e;
    NO_ERR(import(of, in, (struct sheet_plan){ .create = true }, r, &p, &e), &e);
    problems_release(&p);
}

static struct str import_export(struct test_office *of, struct str in)
{
    struct sheet_result r;
    take_good(of, in, &r);
    return export(of);
}

static int64_t head(struct test_office *of)
{
    struct journal_head h;
    struct err e;
    NO_ERR(journal_head(of->db, of->id, &h, &e), &e);
    return h.seq;
}

/* A text with one word in another's place: what a colleague did to the sheet. */
static struct str with(struct str s, const char *old, const char *new)
{
    ptrdiff_t at = str_find(s, str_c(old));
    assert_true(at >= 0);
    struct str rest = str_sub(s, (size_t)at + strlen(old), s.n);
    return arena_printf(&o.arena, "%.*s%s%.*s", (int)at, s.p, new, STR_ARG(rest));
}

/* The rows as they were given, without mark and versions. */
static void same_rows(struct str out, const char *want)
{
    struct str a = str_sub(out, 3, out.n), b = str_c(want);
    assert_true(str_starts(out, STR(MARK)));
    while (b.n) {
        struct str line = str_cut(b, '\n', &b), got = str_cut(a, '\n', &a);
        size_t comma = got.n;
        while (comma > 0 && got.p[comma - 1] != ',')
            comma--;
        if (!str_starts(line, STR("number,")))
            assert_memory_equal(got.p, line.p, comma - 1);
    }
    assert_int_equal(a.n, 0);
}

static void an_export_means_the_same(void **state)
{
    struct test_office other;
    struct sheet_result r;
    struct str first = import_export(&o, str_c(GOOD));
    same_rows(first, GOOD);
    test_office_open(&other);
    assert_string_equal(import_export(&other, first).p, first.p);
    test_office_close(&other);
    int64_t before = head(&o);
    take_good(&o, first, &r);                    /* and into its own office it changes nothing */
    assert_int_equal(r.same, 7);
    assert_int_equal(r.fresh + r.edits, 0);
    assert_int_equal(head(&o), before);
}

/* The same rows in words: told apart by nothing, changed cell by cell, new in another office. */
static void words_mean_the_same(void **state)
{
    struct sheet_result r;
    struct problems p = PROBLEMS_INIT;
    struct err e;
    take_good(&o, str_c(GOOD), &r);
    struct str out = export_as(&o, true);
    assert_true(str_starts(out, STR(MARK "编号,类别,文种,角色,标题,")));
    assert_true(str_find(out, STR("文2022-0001,文,通知,起草;审核,")) > 0);
    assert_true(str_find(out, STR(",2022-05-03 18:00,")) > 0);
    assert_true(str_find(out, STR("document")) < 0 && str_find(out, STR("true")) < 0 && str_find(out, STR("settled")) < 0);
    NO_ERR(import(&o, out, (struct sheet_plan){ 0 }, &r, &p, &e), &e);
    assert_true(r.exact && r.edits == 0 && r.fresh == 0);
    assert_int_equal(r.same, 7);
    struct str changed = with(out, ",来电,", ",来函,");
    NO_ERR(import(&o, changed, (struct sheet_plan){ 0 }, &r, &p, &e), &e);
    assert_int_equal(r.edits, 1);
    assert_int_equal(r.same, 6);
    problems_release(&p);
}

/* Every label is read as its own column, every word as its code. */
static void labels_and_words_are_read(void **state)
{
    struct table_column column[COLUMNS];
    struct table_head h = { .column = column, .n = COLUMNS, .number_column = -1 };
    struct map m;
    for (int lang = 0; lang < 2; lang++) {
        for (int c = 0; c < COLUMNS; c++)
            column[c].name = str_c(column_label(lang ? LANG_EN : LANG_ZH, c));
        map_propose(&h, &m);
        for (int c = 0; c < COLUMNS; c++)
            assert_int_equal(m.to[c], c);
    }
    for (int k = 0; k < ENTRY_KINDS; k++) {
        struct str code = entry_kind_code((enum entry_kind)k), word = cell_word(&o.arena, C_KIND, code);
        assert_true(!str_eq(code, word) && str_eq(cell_code(&o.arena, C_KIND, word), code));
    }
    for (int s = 0; s < STATES; s++) {
        struct str code = entry_state_code((enum entry_state)s), word = cell_word(&o.arena, C_STATE, code);
        assert_true(!str_eq(code, word) && str_eq(cell_code(&o.arena, C_STATE, word), code));
    }
    static const struct { int c; const char *code, *word; } t[] = { { C_URGENT, "true", "是" }, { C_URGENT, "false", "否" }, { C_URGENT, "特急", "特急" },
                                                                    { C_ROLE, "drafted;took_part;reviewed", "起草;参与起草;审核" }, { C_ROLE, "", "" } };
    for (size_t i = 0; i < ARRAY_LEN(t); i++) {
        assert_true(str_eqc(cell_word(&o.arena, t[i].c, str_c(t[i].code)), t[i].word));
        assert_true(str_eqc(cell_code(&o.arena, t[i].c, str_c(t[i].word)), t[i].code));
    }
    assert_true(str_eqc(cell_code(&o.arena, C_DEADLINE, STR("2022-05-03 18:00")), "2022-05-03T18:00:00+08:00"));
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
        { ",文,,,题,源,求,2022-05-01,2022-05-09,,本科室,,,,,,settled,,", "settled", M_ENTRY_MISSING, 0 },      /* behind its last cell */
        { ",文,,,题,源,求,2022-05-01,2022-05-09,,本科室,,,,,,settled,2022-04-01,", "settled", M_ENTRY_SETTLED_EARLY, 52 },
        { ",文,,,题,源,求,2022-05-10,2022-05-12,,本科室,,,,,,,,", "received", M_ENTRY_RECEIVED_LATER, 12 },
    };
    int64_t before = head(&o);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct str text = arena_printf(&o.arena, "%s,文,,,好的一行,源,求,2022-05-01,2022-05-09,,本科室,,,,,,,,\n%s\n", HEAD, bad[i].row);
        struct sheet_result r;
        struct problems p = PROBLEMS_INIT;
        struct err e;
        assert_false(import(&o, text, (struct sheet_plan){ 0 }, &r, &p, &e));
        assert_int_equal(e.msg, bad[i].msg);
        assert_string_equal(e.field, bad[i].field);
        assert_int_equal(e.line, 3);
        assert_int_equal(e.column, bad[i].column);
        problems_release(&p);
    }
    assert_int_equal(head(&o), before);
}

static void units_come_and_go(void **state)
{
    static const char UNITS[] = "name,short_name,category,order,aliases\r\n市商务局,商务局,部门,1,商务局;市商务委\r\n甲区,,区市县,2,\r\n";
    struct sheet_units u = { .bytes = str_c(UNITS) };
    struct problems p = PROBLEMS_INIT;
    struct buf out = BUF_INIT;
    struct err e;
    NO_ERR(sheet_import_units(o.store, o.db, &o.arena, &o.console, &u, &p, &e), &e);
    assert_int_equal(u.created, 2);
    NO_ERR(sheet_import_units(o.store, o.db, &o.arena, &o.console, &u, &p, &e), &e);
    assert_int_equal(u.created, 0);
    NO_ERR(sheet_export_units(o.db, o.id, LANG_ZH, false, &out, &e), &e);
    assert_string_equal(out.p, MARK "name,short_name,category,order,aliases\r\n市商务局,商务局,部门,1,商务局;市商务委\r\n甲区,,区市县,2,\r\n");
    buf_release(&out);
}

/* --- the office's own sheets ---------------------------------------------------------------------------------------------------------- */

static const char OWN[] = "2022年重点工作台账,,,,,,\n填报单位：秘书五科,,,,,,\n序号,事项,工作要求,责任单位,完成时限,完成情况,备注\n"
                          "1,推进企业纾困,逐户走访,市商务局、市财政局等,5.20,正在走访,首批\n2,常态化排查,每周排查,市科技局（牵头）、市商务局,长期坚持,,\n"
                          "合计,2,,,,,\n注：本表每月更新,,,,,,\n";

static void an_own_sheet_is_read(void **state)
{
    struct sheet_result r;
    struct entry e;
    struct extra *x;
    struct err err;
    size_t n;
    take_good(&o, str_c(OWN), &r);
    assert_int_equal(r.fresh, 2);
    assert_string_equal(r.map.p, "- title requirement lead_unit deadline + +");
    assert_true(r.n_passed >= 3);                /* the title, who filled it in, the sum, the note */
    NO_ERR(entry_fetch(o.db, &o.arena, &o.console, STR("事2022-0001"), &e, &err), &err);
    assert_true(str_eqc(e.title, "推进企业纾困") && str_eqc(e.requirement, "逐户走访") && str_eqc(e.source, "2022年重点工作台账"));
    assert_true(e.due == day_start(date_day(2022, 5, 21)) && e.n_assists == 1);
    NO_ERR(extra_of(o.db, &o.arena, o.id, e.id, &x, &n, &err), &err);
    assert_int_equal(n, 3);                      /* 责任单位 as it was written, for there were more of them; and the two columns nobody knows */
    for (size_t i = 0; i < n; i++)
        assert_true(!str_eqc(x[i].name, "责任单位") || str_eqc(x[i].value, "市商务局、市财政局等"));
    NO_ERR(entry_fetch(o.db, &o.arena, &o.console, STR("事2022-0002"), &e, &err), &err);
    assert_true(e.due == INSTANT_NONE && str_eqc(e.no_deadline_reason, "长期坚持") && e.n_assists == 1);
    struct str out = export(&o);
    assert_true(str_find(out, STR("version,完成情况,备注,责任单位")) >= 0 || str_find(out, STR("version,责任单位,完成情况,备注")) >= 0);
    int64_t before = head(&o);
    take_good(&o, out, &r);
    assert_int_equal(r.same, 2);
    assert_int_equal(head(&o), before);
}

/* Two columns of one name: one value beside the entry, the first there is; for a row that comes back as for a new one. */
static void a_name_twice_is_one_column(void **state)
{
    struct sheet_result r;
    struct entry e;
    struct extra *x;
    struct err err;
    size_t n;
    import_export(&o, str_c(GOOD));
    for (int round = 0; round < 2; round++) {
        take_good(&o, STR("编号,事项,备注,备注\n文2022-0003,待收,甲,乙\n"), &r);
        assert_int_equal(r.edits, round == 0);
        NO_ERR(entry_fetch(o.db, &o.arena, &o.console, STR("文2022-0003"), &e, &err), &err);
        NO_ERR(extra_of(o.db, &o.arena, o.id, e.id, &x, &n, &err), &err);
        assert_int_equal(n, 1);
        assert_string_equal(x[0].value.p, "甲");
    }
    take_good(&o, STR("编号,事项,备注,备注\n文2022-0003,待收,,丙\n"), &r);
    NO_ERR(extra_of(o.db, &o.arena, o.id, e.id, &x, &n, &err), &err);
    assert_true(n == 1 && str_eqc(x[0].value, "丙"));
}

struct laid { uint8_t sha256[32]; int64_t id; };

static bool do_lay(struct txn *t, void *args, struct err *err)
{
    struct laid *l = args;
    return blob_put_small(t, STR("a,b\n"), l->sha256, err) && upload_lay(t, STR("表.csv"), l->sha256, &l->id, err);
}

static bool do_lift(struct txn *t, void *args, struct err *err)
{
    struct laid *l = args;
    return upload_lift(t, l->id, l->sha256, err);
}

static bool do_release(struct txn *t, void *args, struct err *err) { return blob_ref(t, ((struct laid *)args)->sha256, -1, err); }

/* Runs what is due now, and waits for so many jobs. */
static void run_jobs(int64_t want)
{
    static const struct job_kind *const kinds[] = { &sheet_job };
    struct runner *r;
    struct runner_stats s = { 0 };
    struct err e;
    NO_ERR(runner_start(&(struct runner_options){ o.store, kinds, 1 }, &r, &e), &e);
    for (int i = 0; i < 5000 && s.done < want; i++) {
        usleep(1000);
        runner_stats(r, &s);
    }
    runner_stop(r);
    assert_int_equal(s.done, want);
}

static void nobody_took_it(void **state)
{
    struct laid one, two;
    struct err e;
    NO_ERR(test_write(&o, do_lay, &one, &e) && test_write(&o, do_lay, &two, &e), &e);
    NO_ERR(test_write(&o, do_lift, &one, &e), &e);
    assert_false(test_write(&o, do_lift, &one, &e));
    assert_int_equal(e.kind, ERR_NOT_FOUND);
    sim_clock_set(&o.clock, TEST_NOW + 25 * 3600 * 1000);
    run_jobs(1);                                 /* of the one that was lifted nothing is left to do */
    assert_false(test_write(&o, do_lift, &two, &e));
    assert_int_equal(e.kind, ERR_NOT_FOUND);
    assert_false(test_write(&o, do_release, &two, &e));         /* no reference is left over */
}

/* A workbook is read by a child when it is looked at, and never again: the writer takes it while all cages are busy. */
static void the_writer_waits_for_no_child(void **state)
{
    static const char *const ROWS[2][3] = { { "事项", "责任单位", "完成时限" }, { "甲事", "本科室", "2022-05-20" } };
    struct table_field field[3];
    struct table_plan plan = { .title = STR("2022年重点工作台账"), .field = field, .n = 3 };
    struct table_writer *w;
    struct cage *busy[CAGES_MAX];
    struct buf file = BUF_INIT;
    struct sheet_plan said = { 0 };
    struct sheet_result r;
    struct sheet_take take;
    struct err e;
    for (int i = 0; i < 3; i++)
        field[i] = (struct table_field){ .name = str_c(ROWS[0][i]) };
    NO_ERR(table_begin(FORMAT_XLSX, &plan, table_to_buf, &file, &w, &e), &e);
    for (int i = 0; i < 3; i++)
        table_put(w, str_c(ROWS[1][i]));
    table_put_row(w);
    NO_ERR(table_end(w, &e), &e);
    const struct sheet_ask ask = { .store = o.store, .db = o.db, .arena = &o.arena, .actor = &o.console, .bytes = buf_view(&file), .plan = &said };
    NO_ERR(db_snapshot_begin(o.db, &e) && sheet_look(&ask, &r, NULL, &e), &e);
    db_snapshot_end(o.db);
    assert_false(r.exact);
    sheet_take_of(&ask, &r, &take);
    take.plan.seen = r.seen;
    for (int i = 0; i < CAGES_MAX; i++)
        NO_ERR(cage_start("nothing", STR(""), STR(""), &busy[i], &e), &e);
    NO_ERR(store_write_alone(o.store, o.id, o.console.member_id, sheet_take_fn, &take, &e), &e);
    for (int i = 0; i < CAGES_MAX; i++)
        cage_stop(busy[i]);
    assert_int_equal(take.fresh, 1);
    buf_release(&r.copy);
    buf_release(&file);
}

static void phrases_are_counted_from_receipt(void **state)
{
    static const char SHEET[] = "序号,事项,责任单位,办理时限,收文日期\n1,甲事,市商务局,5个工作日内,2022-05-05\n2,乙事,市商务局,%s,2022-05-05\n";
    static const char *const BAD[] = { "尽快", "会后3日内", "待定", "4月31日前" };
    struct sheet_result r;
    struct entry e;
    struct err err;
    struct problems none = PROBLEMS_INIT;
    NO_ERR(import(&o, arena_printf(&o.arena, SHEET, "月底前"), (struct sheet_plan){ .source = STR("例会"), .create = true }, &r, &none, &err), &err);
    NO_ERR(entry_fetch(o.db, &o.arena, &o.console, STR("事2022-0001"), &e, &err), &err);
    assert_int_equal(e.due, day_start(date_day(2022, 5, 12)));     /* 6, 7 (made up for), 9, 10, 11 */
    NO_ERR(entry_fetch(o.db, &o.arena, &o.console, STR("事2022-0002"), &e, &err), &err);
    assert_int_equal(e.due, day_start(date_day(2022, 6, 1)));
    int64_t before = head(&o);
    for (size_t i = 0; i < ARRAY_LEN(BAD); i++) {
        struct problems p = PROBLEMS_INIT;
        assert_false(import(&o, arena_printf(&o.arena, SHEET, BAD[i]), (struct sheet_plan){ .source = STR("例会") }, &r, &p, &err));
        assert_true(p.n == 1 && err.line == 3 && err.column == 11);
        problems_release(&p);
    }
    assert_int_equal(head(&o), before);
}

static void a_mapping_is_remembered(void **state)
{
    struct sheet_plan plan = { .map = STR("- title + lead_unit deadline requirement -"), .create = true, .kind = STR("meeting"), .source = STR("例会") };
    struct problems p = PROBLEMS_INIT;
    struct sheet_result r;
    struct err e;
    NO_ERR(import(&o, with(str_c(OWN), "2,常态化排查,每周排查,市科技局（牵头）、市商务局,长期坚持,,\n", ""), plan, &r, &p, &e), &e);
    assert_false(r.known);
    NO_ERR(import(&o, with(with(str_c(OWN), "2,常态化排查,每周排查,市科技局（牵头）、市商务局,长期坚持,,\n", ""), "推进企业纾困", "又一件"), (struct sheet_plan){ 0 }, &r, &p, &e), &e);
    assert_true(r.known && str_eq(r.map, plan.map) && str_eqc(r.kind, "meeting") && str_eqc(r.source, "例会"));
    problems_release(&p);
}

static void the_same_rows_twice(void **state)
{
    struct problems p = PROBLEMS_INIT;
    struct sheet_result r;
    struct err e;
    take_good(&o, str_c(OWN), &r);
    int64_t before = head(&o);
    assert_false(import(&o, with(str_c(OWN), "注：本表每月更新", "注：换了一句"), (struct sheet_plan){ 0 }, &r, &p, &e));       /* the rows count, not the file */
    assert_int_equal(e.msg, M_SHEET_TAKEN);
    assert_int_equal(head(&o), before);
    NO_ERR(import(&o, str_c(OWN), (struct sheet_plan){ .again = true }, &r, &p, &e), &e);
    assert_int_equal(r.fresh, 2);
    problems_release(&p);
}

/* --- sheets that came back ------------------------------------------------------------------------------------------------------------- */

struct doing { const char *number; enum entry_verb verb; struct entry_input in; };

static bool do_fn(struct txn *t, void *args, struct err *err)
{
    struct doing *d = args;
    struct entry e;
    return entry_act(t, &o.console, str_c(d->number), d->verb, &d->in, &e, err);
}

static void act(const char *number, enum entry_verb verb, struct entry_input in)
{
    struct doing d = { number, verb, in };
    struct err e;
    NO_ERR(test_write(&o, do_fn, &d, &e), &e);
}

static void changed_cells_are_edits(void **state)
{
    struct sheet_result r;
    struct entry e;
    struct act *acts;
    struct err err;
    size_t n;
    struct str out = import_export(&o, str_c(GOOD));
    out = with(with(with(out, "待收,来文,办,2022-05-02,2022-06-03,,市商务局", "待收件,来文,办,2022-05-02,2022/6/3,,市科技局"), "上年,来文", "上年件,来文"), "2021-12-31,2022-06-03", "2021-12-31,2022-06-09");
    take_good(&o, out, &r);
    assert_int_equal(r.edited, 2);
    assert_int_equal(r.edits, 4);
    assert_int_equal(r.same, 5);
    assert_int_equal(r.fresh, 0);
    NO_ERR(entry_fetch(o.db, &o.arena, &o.console, STR("文2022-0003"), &e, &err), &err);
    assert_string_equal(e.title.p, "待收件");
    NO_ERR(entry_history(o.db, &o.arena, &o.console, &e, &acts, &n, &err), &err);
    assert_true(n == 3 && acts[1].verb == VERB_ASSIGN && acts[2].verb == VERB_AMEND);
    NO_ERR(entry_fetch(o.db, &o.arena, &o.console, STR("文2021-0001"), &e, &err), &err);
    assert_true(e.due == day_start(date_day(2022, 6, 10)) && str_eqc(e.title, "上年件"));
}

static void who_else_changed_it(void **state)
{
    struct problems p = PROBLEMS_INIT;
    struct sheet_result r;
    struct entry e;
    struct err err;
    struct str out = import_export(&o, str_c(GOOD));
    act("文2022-0003", VERB_AMEND, (struct entry_input){ .title = STR("别人改的"), .requirement = STR("另办") });
    /* another field of it: the title and requirement of the sheet are old, not edits */
    NO_ERR(import(&o, with(out, "待收,来文", "待收,来电"), (struct sheet_plan){ 0 }, &r, &p, &err), &err);
    assert_int_equal(r.edits, 1);
    NO_ERR(entry_fetch(o.db, &o.arena, &o.console, STR("文2022-0003"), &e, &err), &err);
    assert_true(str_eqc(e.title, "别人改的") && str_eqc(e.requirement, "另办") && str_eqc(e.source, "来电"));
    int64_t before = head(&o);
    assert_false(import(&o, with(out, "待收,来文", "我改的,来文"), (struct sheet_plan){ 0 }, &r, &p, &err));
    assert_int_equal(err.msg, M_SHEET_CONFLICT);
    assert_string_equal(err.arg[3].s, "别人改的");
    assert_int_equal(err.column, 23);
    assert_int_equal(head(&o), before);
    problems_release(&p);
}

static void what_a_sheet_cannot_change(void **state)
{
    static const struct { const char *old, *new; int msg; } bad[] = {
        { "false,pending", "false,settled", M_SHEET_NOT_EDITED },
        { "文2022-0003,document", "文2022-0003,meeting", M_SHEET_NOT_EDITED },
        { "文2022-0001,document,通知,drafted;reviewed,报送", "文2022-0001,document,通知,drafted;reviewed,改送", M_SHEET_ENDED },
        { "待收,来文,办,2022-05-02,2022-06-03", "待收,来文,办,2022-05-02,2022-05-01", M_ENTRY_DUE_BEFORE_RECEIPT },
        { "待收,来文", ",来文", M_ENTRY_MISSING },
        { "2022-06-03,,市商务局,,,,,false,pending,,,1.", "2022-06-03,,市商务局,,,,,false,pending,,,x1.", M_SHEET_BAD_VERSION },
    };
    struct str out = import_export(&o, str_c(GOOD));
    int64_t before = head(&o);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct problems p = PROBLEMS_INIT;
        struct sheet_result r;
        struct err e;
        struct str changed = with(with(out, "上年,来文", "上年件,来文"), bad[i].old, bad[i].new);     /* and a good edit beside it */
        assert_false(import(&o, changed, (struct sheet_plan){ 0 }, &r, &p, &e));
        assert_int_equal(e.msg, bad[i].msg);
        assert_true(e.line > 1 && e.column > 0);
        problems_release(&p);
    }
    assert_int_equal(head(&o), before);
}

static void what_was_seen_is_taken(void **state)
{
    struct sheet_result r;
    struct sheet_take take;
    struct err e;
    struct str out = with(import_export(&o, str_c(GOOD)), "待收,来文", "待收件,来文");
    struct sheet_plan plan = { 0 };
    const struct sheet_ask ask = { .store = o.store, .db = o.db, .arena = &o.arena, .actor = &o.console, .bytes = out, .plan = &plan };
    NO_ERR(db_snapshot_begin(o.db, &e) && sheet_look(&ask, &r, NULL, &e), &e);
    db_snapshot_end(o.db);
    act("文2022-0003", VERB_AMEND, (struct entry_input){ .source = STR("电话") });
    int64_t before = head(&o);
    sheet_take_of(&ask, &r, &take);
    take.plan.seen = r.seen;
    assert_false(store_write_alone(o.store, o.id, o.console.member_id, sheet_take_fn, &take, &e));
    assert_int_equal(e.msg, M_SHEET_CHANGED);
    assert_int_equal(head(&o), before);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(an_export_means_the_same), T(words_mean_the_same), T(labels_and_words_are_read),
        T(a_row_implies_its_acts), T(bad_rows_are_named_and_nothing_is_taken), T(units_come_and_go), T(an_own_sheet_is_read),
        T(a_name_twice_is_one_column), T(nobody_took_it), T(the_writer_waits_for_no_child), T(phrases_are_counted_from_receipt), T(a_mapping_is_remembered), T(the_same_rows_twice), T(changed_cells_are_edits), T(who_else_changed_it), T(what_a_sheet_cannot_change),
        T(what_was_seen_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
