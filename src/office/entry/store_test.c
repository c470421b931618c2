#include "office/entry/fixture_test.h"
#include "office/entry/inside.h"

#include "calendar/date.h"
#include "store/journal.h"

static struct entry_office f;

static int setup(void **state)
{
    fixture_open(&f);
    return 0;
}

static int teardown(void **state)
{
    test_office_close(&f.o);
    return 0;
}

#define SAY(...) ((struct entry_input){ __VA_ARGS__ })

static struct entry fetch(const struct actor *who, struct str number)
{
    struct entry e;
    struct err err;
    NO_ERR(entry_fetch(f.o.db, &f.o.arena, who, number, &e, &err), &err);
    return e;
}

static void sees(const struct actor *who, struct str number, bool expected)
{
    struct entry e;
    struct err err = { 0 };
    assert_int_equal(entry_fetch(f.o.db, &f.o.arena, who, number, &e, &err), expected);
    if (!expected)
        assert_int_equal(err.kind, ERR_NOT_FOUND);
}

static void numbers_are_gapless(void **state)
{
    struct err e;
    for (int i = 1; i <= 20; i++) {
        struct entry_input in = fixture_input();
        if (i % 3 == 0) {                        /* refused between: leaves no gap */
            in.deadline = STR("2022-06-31");
            struct fixture_do d = { .actor = &f.officer, .in = &in };
            assert_false(fixture_try(&f, &d, &e));
            assert_int_equal(e.kind, ERR_INPUT);
            assert_string_equal(e.field, "deadline");
            continue;
        }
        fixture_register(&f, &f.officer, in);
    }
    struct entry_input in = fixture_input();
    assert_true(str_eqc(fixture_register(&f, &f.officer, in), "文2022-0015"));
    in.kind = STR("会");
    assert_true(str_eqc(fixture_register(&f, &f.officer, in), "会2022-0001"));
    in.reading = STR("true");
    assert_true(str_eqc(fixture_register(&f, &f.officer, in), "阅2022-0001"));
    in = fixture_input();
    in.day = STR("2021-12-31");
    in.received = STR("2021-12-30");
    assert_true(str_eqc(fixture_register(&f, &f.officer, in), "文2021-0001"));
    assert_true(str_eqc(fixture_register(&f, &f.officer, fixture_input()), "文2022-0016"));
}

struct many { struct write w; struct fixture_do d; struct entry_input in; bool ok; _Atomic int *left; };
static void many_done(void *args, bool ok, const struct err *err)
{
    struct many *m = args;
    m->ok = ok;
    --*m->left;
}
static bool many_fn(struct txn *t, void *args, struct err *err) { return fixture_fn(t, &((struct many *)args)->d, err); }

static void numbers_are_gapless_in_batches(void **state)
{
    enum { N = 200 };
    struct many *m = xcalloc(N, sizeof *m);
    _Atomic int left = N;
    int good = 0, i;
    for (i = 0; i < N; i++) {
        m[i].in = fixture_input();
        if (i % 5 == 0)
            m[i].in.lead_unit = STR("市外星局");
        struct arena *a = xcalloc(1, sizeof *a);
        m[i].d = (struct fixture_do){ .actor = &f.officer, .in = &m[i].in, .arena = a };
        m[i].w = (struct write){ .office_id = f.o.id, .actor_id = f.officer.member_id, .fn = many_fn, .done = many_done, .args = &m[i] };
        m[i].left = &left;
        store_write(f.o.store, &m[i].w);
    }
    while (left)
        ;
    for (i = 0; i < N; i++) {
        if (m[i].ok) {
            char expected[32];
            snprintf(expected, sizeof expected, "文2022-%04d", ++good);
            assert_true(str_eqc(m[i].d.out.number, expected));
        }
        arena_release(m[i].d.arena);
        free(m[i].d.arena);
    }
    assert_int_equal(good, N - N / 5);
    free(m);
}

static void a_matter_runs_its_course(void **state)
{
    struct entry_input in = fixture_input();
    in.assist_units = STR("市财政局；市科技局");
    in.lists = STR("重点工作;年度安排");
    in.leader = STR("分管副市长");
    struct str n = fixture_register(&f, &f.officer, in);
    struct entry e = fetch(&f.officer, n);
    assert_int_equal(e.state, STATE_PENDING);
    assert_int_equal(e.due, day_start(instant_day(TEST_NOW) + 12));
    assert_int_equal(e.officer_id, f.officer.member_id);
    assert_int_equal(e.n_assists, 2);
    assert_int_equal(e.n_lists, 2);
    fixture_act(&f, &f.liaison, n, VERB_ACCEPT, SAY());
    fixture_act(&f, &f.assist, n, VERB_FEEDBACK, SAY(.text = STR("已会签")));
    fixture_act(&f, &f.officer, n, VERB_FEEDBACK, SAY(.text = STR("电话反馈：正在汇总"), .progress = STR("正常推进")));
    fixture_act(&f, &f.officer, n, VERB_URGE, SAY());
    fixture_act(&f, &f.liaison, n, VERB_SUBMIT, SAY(.result = STR("报告已送")));
    assert_int_equal(fixture_refused(&f, &f.officer, n, VERB_REJECT, SAY()).msg, M_ENTRY_REASON_MISSING);
    fixture_act(&f, &f.officer, n, VERB_REJECT, SAY(.text = STR("数据不全")));
    fixture_act(&f, &f.officer, n, VERB_SUBMIT, SAY());
    e = fixture_act(&f, &f.officer, n, VERB_SETTLE, SAY(.text = STR("已上报")));
    assert_int_equal(e.settled_day, instant_day(TEST_NOW));
    assert_false(e.late);
    assert_int_equal(fixture_refused(&f, &f.officer, n, VERB_REOPEN, SAY(.text = STR("补报"))).kind, ERR_DENIED);
    e = fixture_act(&f, &f.chief, n, VERB_REOPEN, SAY(.text = STR("补报")));
    assert_int_equal(e.settled_day, DAY_NONE);

    struct act *acts;
    size_t count;
    struct err err;
    e = fetch(&f.chief, n);
    NO_ERR(entry_history(f.o.db, &f.o.arena, &f.chief, &e, &acts, &count, &err), &err);
    assert_int_equal(count, 10);
    assert_int_equal(e.version, 10);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(acts[i].n, i + 1);
        assert_true(acts[i].journal_seq > 0);
        if (i)
            assert_int_equal(acts[i].from, acts[i - 1].to);
    }
    assert_true(str_eqc(acts[1].recorded_for, ""));              /* the unit itself */
    assert_true(str_eqc(acts[3].recorded_for, "市商务局"));       /* 代录 */
    assert_true(str_eqc(acts[3].change, "{\"progress\":[\"\",\"正常推进\"]}"));
    assert_true(str_eqc(acts[8].actor_name, "李科员"));
    struct journal_head head;
    NO_ERR(journal_verify(f.o.db, f.o.id, NULL, NULL, &head, &err), &err);
    assert_int_equal(head.seq, acts[9].journal_seq);
}

static void reassignment_moves_the_sight(void **state)
{
    struct str n = fixture_register(&f, &f.officer, fixture_input());
    sees(&f.liaison, n, true);
    sees(&f.stranger, n, false);
    fixture_act(&f, &f.liaison, n, VERB_RETURN, SAY(.text = STR("不属我局职责")));
    struct entry e = fixture_act(&f, &f.officer, n, VERB_ASSIGN, SAY(.lead_unit = STR("市科技局")));
    assert_int_equal(e.state, STATE_PENDING);
    sees(&f.liaison, n, false);
    sees(&f.stranger, n, true);
    assert_int_equal(fixture_refused(&f, &f.liaison, n, VERB_ACCEPT, SAY()).kind, ERR_NOT_FOUND);
    e = fixture_act(&f, &f.officer, n, VERB_ASSIGN, SAY(.lead_unit = STR("本科室")));
    assert_int_equal(e.state, STATE_ACTIVE);
    sees(&f.stranger, n, false);
    e = fixture_act(&f, &f.officer, n, VERB_SETTLE, SAY());
    assert_int_equal(e.state, STATE_SETTLED);
}

static void everyone_sees_what_they_stand_beside(void **state)
{
    struct entry_input in = fixture_input();
    in.assist_units = STR("市财政局");
    struct str n = fixture_register(&f, &f.officer, in);
    sees(&f.officer, n, true);
    sees(&f.chief, n, true);
    sees(&f.liaison, n, true);
    sees(&f.assist, n, true);
    sees(&f.leader, n, false);
    sees(&f.stranger, n, false);
    sees(&f.admin, n, false);
    fixture_act(&f, &f.officer, n, VERB_AMEND, SAY(.leader = STR("分管副市长"), .assist_units = STR("")));
    sees(&f.leader, n, true);
    sees(&f.assist, n, false);
    struct entry_line *lines;
    size_t count;
    struct err err;
    struct entry_filter any = ENTRY_FILTER_ANY;
    const struct { const struct actor *who; size_t n; } lists[] = {
        { &f.officer, 1 }, { &f.liaison, 1 }, { &f.leader, 1 }, { &f.assist, 0 }, { &f.stranger, 0 }, { &f.admin, 0 },
    };
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        NO_ERR(entry_lines(f.o.db, &f.o.arena, lists[i].who, &any, &lines, &count, &err), &err);
        assert_int_equal(count, lists[i].n);
    }
    assert_int_equal(fixture_refused(&f, &f.stranger, n, VERB_FEEDBACK, SAY(.text = STR("?"))).kind, ERR_NOT_FOUND);
    assert_string_equal(fixture_refused(&f, &f.officer, n, VERB_FEEDBACK, SAY()).field, "text");
    struct entry_input mine = fixture_input();
    struct fixture_do d = { .actor = &f.liaison, .in = &mine };
    assert_false(fixture_try(&f, &d, &err));
    assert_int_equal(err.kind, ERR_DENIED);
    assert_int_equal(test_office_add(&f.o, "b") > 0, true);
}

struct seat { int64_t member, party, of; };
static bool seat_fn(struct txn *t, void *args, struct err *err)
{
    struct seat *s = args;
    return member_seat_add(t, s->member, s->party, s->of, t->today, t->today, err);
}

/* Both names are on record, in the history and in the journal. */
static void check_stead(struct str number, size_t nth, int64_t deputy_of, const char *name)
{
    struct err err;
    struct act *acts;
    struct journal_line *line;
    size_t n, lines;
    struct entry e = fetch(&f.officer, number);
    NO_ERR(entry_history(f.o.db, &f.o.arena, &f.officer, &e, &acts, &n, &err), &err);
    assert_true(nth <= n);
    assert_int_equal(acts[nth - 1].deputy_of, deputy_of);
    assert_true(str_eqc(acts[nth - 1].actor_name, name));
    NO_ERR(journal_read(f.o.db, &f.o.arena, f.o.id, acts[nth - 1].journal_seq - 1, 1, &line, &lines, &err), &err);
    assert_int_equal(line->deputy_of, deputy_of);
}

static void a_deputy_sees_for_a_day(void **state)
{
    struct str n = fixture_register(&f, &f.officer, fixture_input());
    struct err err;
    struct seat s = { f.stranger.member_id, f.liaison.home_id, f.liaison.member_id };
    NO_ERR(test_write(&f.o, seat_fn, &s, &err), &err);
    fixture_actor(&f, &f.stranger, "ke");
    sees(&f.stranger, n, true);
    fixture_act(&f, &f.stranger, n, VERB_ACCEPT, SAY());
    check_stead(n, 2, f.liaison.member_id, "科技局联络员（代商务局联络员）");
    fixture_act(&f, &f.liaison, n, VERB_FEEDBACK, SAY(.text = STR("本人已回")));
    check_stead(n, 3, 0, "商务局联络员");
    struct entry_input own = fixture_input();    /* what the deputy could do in person is done in person */
    own.lead_unit = STR("市科技局");
    own.assist_units = STR("市商务局");
    struct str m = fixture_register(&f, &f.officer, own);
    fixture_act(&f, &f.stranger, m, VERB_ACCEPT, SAY());
    check_stead(m, 2, 0, "科技局联络员");
    sim_clock_set(&f.o.clock, TEST_NOW + 86400000);
    fixture_actor(&f, &f.stranger, "ke");
    sees(&f.stranger, n, false);
}

static bool close_may(struct txn *t, void *args, struct err *err)
{
#define CLOSE "INSERT INTO closing (office_id, period, closed_at, closed_by, journal_seq, journal_hash, presumed) "
    static const struct query q = {
        .name = "test.close", .in = "in", .out = "", .writes = true,
        .sqlite = CLOSE "VALUES (?1, ?2, 0, 0, 0, x'00', 0)", .postgres = CLOSE "VALUES ($1, $2, 0, 0, 0, '\\x00', 0)",
    };
    return db_exec(t->db, &q, (struct sql_value[]){ { .i = t->office_id }, { .i = *(int64_t *)args } }, NULL, err);
}

static void days_of_acts(void **state)
{
    struct err err;
    int64_t period = 202204;
    struct entry_input in = fixture_input();
    in.received = STR("2022-04-28");
    in.day = STR("2022-04-29");
    struct str n = fixture_register(&f, &f.officer, in);
    assert_int_equal(fixture_refused(&f, &f.officer, n, VERB_ACCEPT, SAY(.day = STR("2022-04-28"))).msg, M_ENTRY_DAY_BEFORE_LAST);
    assert_int_equal(fixture_refused(&f, &f.officer, n, VERB_ACCEPT, SAY(.day = STR("2022-05-10"))).msg, M_ENTRY_DAY_LATER);
    fixture_act(&f, &f.officer, n, VERB_ACCEPT, SAY(.day = STR("2022-04-29")));
    NO_ERR(test_write(&f.o, close_may, &period, &err), &err);
    assert_int_equal(fixture_refused(&f, &f.officer, n, VERB_URGE, SAY(.day = STR("2022-04-30"))).msg, M_ENTRY_MONTH_CLOSED);
    struct fixture_do d = { .actor = &f.officer, .in = &in };
    assert_false(fixture_try(&f, &d, &err));
    assert_int_equal(err.msg, M_ENTRY_MONTH_CLOSED);
    assert_string_equal(err.field, "day");
    fixture_act(&f, &f.officer, n, VERB_URGE, SAY(.day = STR("2022-05-01")));
}

static void a_version_that_passed_is_a_conflict(void **state)
{
    struct str n = fixture_register(&f, &f.officer, fixture_input());
    fixture_act(&f, &f.officer, n, VERB_AMEND, SAY(.title = STR("新标题"), .version = STR("1")));
    struct err e = fixture_refused(&f, &f.chief, n, VERB_AMEND, SAY(.title = STR("另一标题"), .version = STR("1")));
    assert_int_equal(e.kind, ERR_CONFLICT);
    assert_true(str_eqc(fetch(&f.chief, n).title, "新标题"));
}

static void extensions(void **state)
{
    struct str n = fixture_register(&f, &f.officer, fixture_input());
    instant_t due = fetch(&f.officer, n).due;
    assert_int_equal(fixture_refused(&f, &f.officer, n, VERB_EXTEND, SAY(.grant = STR("true"), .text = STR("同意"))).msg, M_ENTRY_MISSING);
    assert_int_equal(fixture_refused(&f, &f.liaison, n, VERB_EXTEND, SAY(.deadline = STR("2022-05-20"), .text = STR("难"))).msg,
                     M_ENTRY_EXTENSION_NOT_LATER);
    struct entry e = fixture_act(&f, &f.liaison, n, VERB_EXTEND, SAY(.deadline = STR("2022-05-30"), .text = STR("数据未齐")));
    assert_int_equal(e.due, due);
    assert_int_equal(e.asked_due, due + 10 * 86400000LL);
    e = fixture_act(&f, &f.officer, n, VERB_EXTEND, SAY(.grant = STR("false"), .text = STR("省里时限不变")));
    assert_true(e.due == due && e.asked_due == INSTANT_NONE);
    assert_int_equal(fixture_refused(&f, &f.officer, n, VERB_EXTEND, SAY(.grant = STR("false"), .text = STR("x"))).kind, ERR_CONFLICT);
    fixture_act(&f, &f.officer, n, VERB_EXTEND, SAY(.deadline = STR("2022-05-25"), .text = STR("来电请求"), .recorded_for = STR("市商务局办公室")));
    e = fixture_act(&f, &f.officer, n, VERB_EXTEND, SAY(.grant = STR("true")));
    assert_int_equal(e.due, due + 5 * 86400000LL);
    e = fixture_act(&f, &f.officer, n, VERB_EXTEND, SAY(.deadline = STR("2022-06-01 18:00")));
    assert_int_equal(e.due, day_start(instant_day(TEST_NOW) + 23) + 18 * 3600000LL);
}

static void an_extension_moves_the_deadline_of_who_asked(void **state)
{
    struct entry_input in = fixture_input();
    in.unit_deadline = STR("2022-05-16");
    struct str n = fixture_register(&f, &f.officer, in);
    struct entry was = fetch(&f.officer, n);
    assert_int_equal(fixture_refused(&f, &f.liaison, n, VERB_EXTEND, SAY(.deadline = STR("2022-05-30"), .unit_deadline = STR("2022-05-29"), .text = STR("x"))).msg,
                     M_ENTRY_ASKS_ONE_DEADLINE);
    assert_int_equal(fixture_refused(&f, &f.liaison, n, VERB_EXTEND, SAY(.deadline = STR("2022-05-16"), .text = STR("x"))).msg,
                     M_ENTRY_EXTENSION_NOT_LATER);
    struct entry e = fixture_act(&f, &f.liaison, n, VERB_EXTEND, SAY(.deadline = STR("2022-05-18"), .text = STR("数据未齐")));
    assert_true(e.due == was.due && e.unit_due == was.unit_due);
    e = fixture_act(&f, &f.officer, n, VERB_EXTEND, SAY(.grant = STR("true")));
    assert_true(e.due == was.due && e.unit_due == was.unit_due + 2 * 86400000LL && e.asked_due == INSTANT_NONE);
    fixture_act(&f, &f.liaison, n, VERB_EXTEND, SAY(.deadline = STR("2022-05-25"), .text = STR("再缓")));
    e = fixture_act(&f, &f.officer, n, VERB_EXTEND, SAY(.grant = STR("true")));
    assert_true(e.due == was.due + 5 * 86400000LL && e.unit_due == e.due);
    e = fixture_act(&f, &f.officer, n, VERB_EXTEND, SAY(.deadline = STR("2022-05-31"), .unit_deadline = STR("2022-05-27")));
    assert_true(e.due == was.due + 11 * 86400000LL && e.unit_due == was.due + 7 * 86400000LL);
    fixture_act(&f, &f.liaison, n, VERB_EXTEND, SAY(.deadline = STR("2022-06-01"), .text = STR("又缓")));
    e = fixture_act(&f, &f.officer, n, VERB_ASSIGN, SAY(.lead_unit = STR("市科技局")));
    assert_true(e.asked_due == INSTANT_NONE);    /* what one unit asked for is not another's */
}

static void an_assisting_unit_may_take_the_lead(void **state)
{
    struct entry_input in = fixture_input();
    in.assist_units = STR("市财政局;市科技局");
    struct str n = fixture_register(&f, &f.officer, in);
    assert_int_equal(fixture_refused(&f, &f.officer, n, VERB_ASSIGN, SAY(.lead_unit = STR("市财政局"), .assist_units = STR("市财政局"))).msg,
                     M_ENTRY_ASSIST_IS_LEAD);
    struct entry e = fixture_act(&f, &f.officer, n, VERB_ASSIGN, SAY(.lead_unit = STR("市财政局")));
    assert_int_equal(e.n_assists, 1);
    assert_int_equal(fetch(&f.assist, n).lead_id, f.assist.home_id);
}

static void a_parent_settles_after_its_parts(void **state)
{
    struct entry_input in = fixture_input();
    in.lead_unit = STR("本科室");
    struct str parent = fixture_register(&f, &f.officer, in);
    in.parent = parent;
    struct str part = fixture_register(&f, &f.officer, in), other = fixture_register(&f, &f.officer, in);
    assert_int_equal(fetch(&f.officer, parent).open_parts, 2);
    assert_int_equal(fixture_refused(&f, &f.officer, parent, VERB_SETTLE, SAY()).msg, M_ENTRY_OPEN_PARTS);
    fixture_act(&f, &f.officer, part, VERB_SETTLE, SAY());
    fixture_act(&f, &f.chief, other, VERB_WITHDRAW, SAY(.text = STR("并入他项")));
    fixture_act(&f, &f.officer, parent, VERB_SETTLE, SAY());
    assert_int_equal(fixture_refused(&f, &f.chief, part, VERB_REOPEN, SAY(.text = STR("补办"))).msg, M_ENTRY_PARENT_ENDED);
    in.parent = parent;
    struct err e;
    struct fixture_do d = { .actor = &f.officer, .in = &in };
    assert_false(fixture_try(&f, &d, &e));
    assert_string_equal(e.field, "parent");
}

static void instructions_need_the_leaders_word(void **state)
{
    struct entry_input in = fixture_input();
    in.instruction = STR("是");
    in.lead_unit = STR("本科室");
    struct err none;
    struct fixture_do d = { .actor = &f.officer, .in = &in };
    assert_false(fixture_try(&f, &d, &none));    /* whose instruction? */
    assert_string_equal(none.field, "leader");
    in.leader = STR("分管副市长");
    in.progress = STR("长期坚持");
    in.leader = STR("");
    struct err e0;
    struct fixture_do d0 = { .actor = &f.officer, .in = &in };
    assert_false(fixture_try(&f, &d0, &e0));
    assert_int_equal(e0.msg, M_ENTRY_INSTRUCTION_LEADER);
    in.leader = STR("分管副市长");
    struct str n = fixture_register(&f, &f.officer, in);
    assert_int_equal(fixture_refused(&f, &f.officer, n, VERB_AMEND, SAY(.leader = STR(""))).msg, M_ENTRY_INSTRUCTION_LEADER);
    assert_int_equal(fixture_refused(&f, &f.officer, n, VERB_SETTLE, SAY(.text = STR("完成"))).msg, M_ENTRY_LEADER_WORD_MISSING);
    assert_int_equal(fixture_refused(&f, &f.officer, n, VERB_SETTLE, SAY(.leader_word = STR("同意"))).msg, M_ENTRY_REPORTED_ON_MISSING);
    struct entry e = fixture_act(&f, &f.officer, n, VERB_SETTLE, SAY(.leader_word = STR("同意销号"), .reported_on = STR("2022-05-08")));
    assert_int_equal(e.look_back_day, date_day(2023, 5, 9));
}

static void reading_items(void **state)
{
    struct entry_input in = { .reading = STR("true"), .title = STR("省政府简报第5期"), .source = STR("省政府办公厅"), .leader = STR("分管副市长") };
    struct str n = fixture_register(&f, &f.officer, in);
    assert_int_equal(fetch(&f.leader, n).state, STATE_ACTIVE);
    fixture_act(&f, &f.leader, n, VERB_FEEDBACK, SAY());          /* 圈阅 */
    fixture_act(&f, &f.officer, n, VERB_FEEDBACK, SAY());
    assert_int_equal(fixture_refused(&f, &f.officer, n, VERB_SUBMIT, SAY()).msg, M_ENTRY_NOT_FOR_READING);
    assert_int_equal(fixture_act(&f, &f.officer, n, VERB_SETTLE, SAY()).state, STATE_SETTLED);
    struct act *acts;
    size_t count;
    struct err err;
    struct entry e = fetch(&f.officer, n);
    NO_ERR(entry_history(f.o.db, &f.o.arena, &f.officer, &e, &acts, &count, &err), &err);
    assert_true(str_eqc(acts[2].recorded_for, "分管副市长"));
}

static void corrections_name_the_act(void **state)
{
    struct entry_input in = fixture_input();
    in.lead_unit = STR("本科室");
    struct str n = fixture_register(&f, &f.officer, in);
    fixture_act(&f, &f.officer, n, VERB_SETTLE, SAY(.text = STR("报送3篇")));
    assert_int_equal(fixture_refused(&f, &f.officer, n, VERB_AMEND, SAY(.result = STR("报送2篇"))).msg, M_ENTRY_CORRECTS_MISSING);
    assert_int_equal(fixture_refused(&f, &f.officer, n, VERB_AMEND, SAY(.result = STR("报送2篇"), .corrects = STR("9"))).msg, M_ENTRY_CORRECTS_UNKNOWN);
    struct entry e = fixture_act(&f, &f.officer, n, VERB_AMEND, SAY(.result = STR("报送2篇"), .corrects = STR("2")));
    assert_int_equal(e.state, STATE_SETTLED);
    assert_true(str_eqc(fetch(&f.officer, n).result, "报送2篇"));
}

struct unmask { struct str number, reason, contact; };
static bool unmask_fn(struct txn *t, void *args, struct err *err)
{
    struct unmask *u = args;
    bool ok = entry_unmask(t, &f.officer, u->number, u->reason, &u->contact, err);
    if (ok)
        u->contact = arena_str(&f.o.arena, u->contact);
    return ok;
}

static void a_contact_is_sealed(void **state)
{
    struct entry_input in = fixture_input();
    in.contact = STR("王某 139 1234 5678");
    struct str n = fixture_register(&f, &f.officer, in);
    struct entry e = fetch(&f.officer, n);
    struct err err;
    assert_true(e.contact.n > 0 && str_find(e.contact, STR("王某")) < 0);
    struct unmask u = { .number = n };
    assert_false(test_write(&f.o, unmask_fn, &u, &err));
    assert_int_equal(err.msg, M_ENTRY_REASON_MISSING);
    u.reason = STR("回电");
    NO_ERR(test_write(&f.o, unmask_fn, &u, &err), &err);
    assert_true(str_eqc(u.contact, "王某 139 1234 5678"));
    struct journal_line *lines;
    size_t count;
    NO_ERR(journal_read(f.o.db, &f.o.arena, f.o.id, 0, 1000, &lines, &count, &err), &err);
    for (size_t i = 0; i < count; i++)
        assert_true(str_find(lines[i].after, STR("王某")) < 0);
    assert_true(str_eqc(lines[count - 1].verb, "unmask"));
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(numbers_are_gapless), T(numbers_are_gapless_in_batches), T(a_matter_runs_its_course), T(reassignment_moves_the_sight),
        T(everyone_sees_what_they_stand_beside), T(a_deputy_sees_for_a_day), T(days_of_acts), T(a_version_that_passed_is_a_conflict), T(extensions),
        T(an_extension_moves_the_deadline_of_who_asked), T(an_assisting_unit_may_take_the_lead),
        T(a_parent_settles_after_its_parts), T(instructions_need_the_leaders_word), T(reading_items), T(corrections_name_the_act),
        T(a_contact_is_sealed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
