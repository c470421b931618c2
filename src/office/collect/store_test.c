/* Rounds and answers as rows: figures that always add up, versions that stay, two hands at once, what is sealed, who sees what, rounds opened by the background. */
#include "office.h"

#include "messages.h"
#include "office/collect/inside.h"
#include "store/runner.h"

#define FORM "数 | 整数 | 必填 | 0..1000\n其中 | 整数\n累计 | 整数 | 累计\n电话 | 文字 | 个人信息\n其中 <= 数\n"

static struct test_office o;
static struct actor chief, keji, shangwu, leader, admin;
static int64_t unit[3];
static const char *const UNITS[] = { "市科技局", "市商务局", "市卫生健康委" };

static struct actor actor_of(const char *login)
{
    struct actor a;
    struct err e;
    NO_ERR(actor_load_login(o.db, &o.arena, o.id, str_c(login), instant_day(TEST_NOW), &a, &e), &e);
    return a;
}

static bool add_parties(struct txn *t, void *args, struct err *err)
{
    int64_t id;
    for (int i = 0; i < 3; i++)
        if (!party_add(t, PARTY_UNIT, str_c(UNITS[i]), STR(""), STR("部门"), 0, &unit[i], err))
            return false;
    return party_add(t, PARTY_LEADER, STR("市长"), STR(""), STR(""), 0, &id, err);
}

static int setup(void **state)
{
    struct err e;
    test_office_open(&o);
    NO_ERR(test_write(&o, add_parties, NULL, &e), &e);
    test_member_add(&o, "zhang", "张科长", "chief", "", STR_NULL);
    test_member_add(&o, "keji", "科技局联络员", "liaison", "市科技局", STR_NULL);
    test_member_add(&o, "shangwu", "商务局联络员", "liaison", "市商务局", STR_NULL);
    test_member_add(&o, "shizhang", "市长", "leader", "市长", STR_NULL);
    test_member_add(&o, "guanli", "管理员", "admin", "", STR_NULL);
    chief = actor_of("zhang");
    keji = actor_of("keji");
    shangwu = actor_of("shangwu");
    leader = actor_of("shizhang");
    admin = actor_of("guanli");
    return 0;
}

static int teardown(void **state)
{
    test_office_close(&o);
    return 0;
}

/* --- acts as one write each ----------------------------------------------------------------------------------------------------------- */

struct doing {
    const struct actor *by;
    int64_t id, round, party, n;
    enum { ADD, CHANGE, END, FILL, JUDGE, ACCEPT_ALL, URGE, SEND, UNMASK } what;
    struct collect_input in;
    struct collect_filled f;
    enum answer_verb verb;
    struct str text;
    bool gaps_ok;
    int problems;
};

static bool do_it(struct txn *t, void *args, struct err *err)
{
    struct doing *d = args;
    struct problems p = PROBLEMS_INIT;
    bool ok = false;
    switch (d->what) {
    case ADD: ok = collect_add(t, d->by, &d->in, &d->id, &p, err); break;
    case CHANGE: ok = collect_change(t, d->by, d->id, &d->in, &p, err); break;
    case END: ok = collect_end(t, d->by, d->id, err); break;
    case FILL: ok = collect_answer_put(t, d->by, d->id, d->round, &d->f, &p, err); break;
    case JUDGE: ok = collect_judge(t, d->by, d->id, d->round, d->party, d->verb, d->text, err); break;
    case ACCEPT_ALL: ok = collect_accept_all(t, d->by, d->id, d->round, &d->n, err); break;
    case URGE: ok = collect_urge(t, d->by, d->id, d->round, d->party, d->text, &d->n, err); break;
    case SEND: ok = collect_send(t, d->by, d->id, d->round, &(struct collect_send){ d->text, d->gaps_ok }, &d->n, err); break;
    case UNMASK: ok = collect_unmask(t, d->by, d->id, d->round, d->party, d->text, err); break;
    }
    d->problems = p.total;
    problems_release(&p);
    return ok;
}

static int64_t head(void)
{
    struct journal_head h;
    struct err e;
    NO_ERR(journal_head(o.db, o.id, &h, &e), &e);
    return h.seq;
}

static bool run(struct doing *d, struct err *e)
{
    return store_write_wait(o.store, o.id, d->by->member_id, do_it, d, e);
}

static void must(struct doing d)
{
    struct err e;
    NO_ERR(run(&d, &e), &e);
}

/* Refused with that message, and nothing written. */
static void refused(struct doing d, enum err_kind kind, int msg)
{
    struct err e;
    int64_t before = head();
    assert_false(run(&d, &e));
    if (e.kind != kind || (msg && e.msg != msg))
        fail_msg("%s", tr_id(e.msg));
    assert_int_equal(before, head());
}

static struct collect_input input(const char *every)
{
    static struct str all[] = { { "部门", 6 } };
    return (struct collect_input){ .title = STR("隔离转运日报"), .form = STR(FORM), .every = str_c(every), .time = STR("18:00"), .day = STR("2022-05-09 18:00"), .zero = STR("1"),
                                   .categories = all, .n_categories = 1, .units_given = true };
}

static int64_t add(const char *every)
{
    struct doing d = { .by = &chief, .what = ADD, .in = input(every) };
    struct err e;
    NO_ERR(run(&d, &e), &e);
    return d.id;
}

static struct doing fill(const struct actor *by, int64_t id, int64_t round, int u, const char *row)
{
    static struct str cells[8][16];
    static int turn;
    struct str *c = cells[turn++ % 8], rest = str_c(row);
    struct doing d = { .by = by, .id = id, .round = round, .what = FILL, .f = { .party_id = unit[u], .submit = true, .zero = row == NULL, .cells = c } };
    for (int i = 0; row && i < 4; i++) {
        struct str cell = rest.p ? str_cut(rest, ',', &rest) : STR("");
        c[i] = cell.p ? cell : STR("");
    }
    d.f.n_rows = row != NULL;
    return d;
}

static struct collect_answer get(int64_t id, int64_t round, int u)
{
    struct collect c;
    struct collect_round r;
    struct collect_answer a = { 0 };
    struct err e;
    NO_ERR(collect_round_get(o.db, &o.arena, &chief, id, round, &c, &r, &e) && collect_answer_get(o.db, &o.arena, &chief, &c, &r, unit[u], &a, &e), &e);
    return a;
}

static struct collect_round round_get(int64_t id, int64_t round)
{
    struct collect c;
    struct collect_round r = { 0 };
    struct err e;
    NO_ERR(collect_round_get(o.db, &o.arena, &chief, id, round, &c, &r, &e), &e);
    return r;
}

/* The row's figures against its answers. */
static void adds_up(int64_t id, int64_t round)
{
    struct collect_round r = round_get(id, round);
    struct collect_answer *a;
    struct err e;
    size_t n;
    int64_t count[3] = { 0 };
    NO_ERR(collect_answers(o.db, &o.arena, o.id, &r, &a, &n, &e), &e);
    for (size_t i = 0; i < n; i++)
        count[collect_count_of(a[i].state, a[i].zero)]++;
    assert_true(r.asked == (int64_t)n && r.answered == count[COUNT_ANSWERED] && r.zero == count[COUNT_ZERO] && collect_missing(&r) == count[COUNT_MISSING]);
}

static void later(int hours) { sim_clock_set(&o.clock, TEST_NOW + hours * INT64_C(3600000)); }

/* --- tests ------------------------------------------------------------------------------------------------------------------------------- */

static void a_round_from_asking_to_sending(void **state)
{
    int64_t id = add("once");
    struct merged m;
    struct err e;
    must(fill(&keji, id, 1, 0, "５,2,10,139"));
    adds_up(id, 1);
    refused(fill(&keji, id, 1, 0, "5,6,,"), ERR_INPUT, M_COLLECT_RULE);
    refused(fill(&keji, id, 1, 0, ",1,,"), ERR_INPUT, M_COLLECT_CELL_MUST);
    must(fill(&keji, id, 1, 0, "7,2,10,＊＊＊1"));                    /* corrected before the deadline */
    must((struct doing){ .by = &chief, .id = id, .round = 1, .what = URGE, .text = STR("群内提醒") });
    assert_true(get(id, 1, 1).urged == 1 && get(id, 1, 0).urged == 0);
    must(fill(&shangwu, id, 1, 1, NULL));
    adds_up(id, 1);
    must((struct doing){ .by = &chief, .id = id, .round = 1, .what = JUDGE, .party = unit[0], .verb = ANSWER_RETURN, .text = STR("数不对") });
    adds_up(id, 1);
    refused((struct doing){ .by = &chief, .id = id, .round = 1, .what = JUDGE, .party = unit[0], .verb = ANSWER_ACCEPT }, ERR_CONFLICT, 0);
    later(10);                                                        /* 19:00: behind the deadline */
    must(fill(&keji, id, 1, 0, "6,2,10,＊＊＊1"));                    /* it was returned */
    refused(fill(&keji, id, 1, 0, "5,2,10,"), ERR_CONFLICT, M_COLLECT_OVER);
    assert_false(get(id, 1, 0).late);
    must((struct doing){ .by = &chief, .id = id, .round = 1, .what = JUDGE, .party = unit[0], .verb = ANSWER_REOPEN, .text = STR("再核") });
    must(fill(&keji, id, 1, 0, "8,2,10,＊＊＊1"));
    must((struct doing){ .by = &chief, .id = id, .round = 1, .what = ACCEPT_ALL });
    refused(fill(&keji, id, 1, 0, "5,2,10,"), ERR_CONFLICT, M_COLLECT_ACCEPTED_ALREADY);
    refused((struct doing){ .by = &chief, .id = id, .round = 1, .what = SEND, .text = STR("省指挥部") }, ERR_CONFLICT, M_COLLECT_SEND_MISSING);
    assert_true(round_get(id, 1).sheets == 0 && !round_get(id, 1).sent);
    must((struct doing){ .by = &chief, .id = id, .round = 1, .what = SEND, .text = STR("省指挥部"), .gaps_ok = true });
    refused((struct doing){ .by = &chief, .id = id, .round = 1, .what = SEND, .text = STR("省指挥部") }, ERR_CONFLICT, M_COLLECT_SENT_SAME);
    refused(fill(&shangwu, id, 1, 1, "1,,,"), ERR_CONFLICT, M_COLLECT_SENT_ALREADY);
    refused((struct doing){ .by = &chief, .id = id, .round = 1, .what = URGE }, ERR_CONFLICT, M_COLLECT_SENT_ALREADY);
    refused(fill(&chief, id, 1, 2, "4,,,"), ERR_CONFLICT, M_COLLECT_SENT_REASON);
    struct doing late = fill(&chief, id, 1, 2, "4,,,");
    late.f.reason = STR("电话补报");
    late.f.said_by = STR("卫健委值班员");
    must(late);
    struct collect_answer a = get(id, 1, 2);
    assert_true(a.late && a.corrected && str_eqc(a.said_by, "卫健委值班员") && str_eqc(a.by, "张科长"));
    adds_up(id, 1);
    refused((struct doing){ .by = &chief, .id = id, .round = 1, .what = SEND, .text = STR("省指挥部") }, ERR_CONFLICT, M_COLLECT_SEND_OPEN);
    must((struct doing){ .by = &chief, .id = id, .round = 1, .what = JUDGE, .party = unit[2], .verb = ANSWER_ACCEPT });
    must((struct doing){ .by = &chief, .id = id, .round = 1, .what = SEND, .text = STR("省指挥部") });
    struct collect_round r = round_get(id, 1);
    assert_true(r.sheets == 2 && r.answered == 2 && r.zero == 1 && collect_missing(&r) == 0);
    NO_ERR(collect_merge(o.store, o.db, &o.arena, o.id, &r, true, &m, &e), &e);
    assert_true(m.sum[0].v == 12 && str_eqc(m.rows[0].unit, "市科技局") && str_eqc(m.rows[0].cells[3], "139") && m.rows[1].zero && m.rows[2].corrected);
    struct sheet_body_row first;
    bool found;
    NO_ERR(q_collect_sheet_body(o.db, &o.arena, &(struct collect_sheet_body_in){ o.id, id, 1, 1 }, &first, &found, &e), &e);
    assert_true(str_find(first.body, STR("市卫生健康委,,,,,未报")) > 0 && str_find(first.body, STR("139")) < 0);
    struct version_row *v;
    size_t n;
    NO_ERR(q_collect_versions(o.db, &o.arena, &(struct collect_versions_in){ o.id, id, 1, unit[0] }, &v, &n, &e), &e);
    assert_int_equal(n, 4);
    assert_true(str_starts(v[0].body, STR("5\t2\t10\t")) && str_starts(v[3].body, STR("8\t2\t10\t")));
    NO_ERR(journal_verify(o.db, o.id, NULL, NULL, &(struct journal_head){ 0 }, &e), &e);
}

static void two_at_once(void **state)
{
    int64_t id = add("once");
    struct doing first = fill(&keji, id, 1, 0, "1,,,"), second = fill(&keji, id, 1, 0, "2,,,"), other = fill(&shangwu, id, 1, 1, "3,,,");
    first.f.rev = second.f.rev = other.f.rev = STR("0");
    must(first);
    refused(second, ERR_CONFLICT, M_COLLECT_ANSWER_MOVED);
    must(other);
    adds_up(id, 1);
    struct doing change = { .by = &chief, .what = CHANGE, .id = id, .in = { .title = STR("新名"), .version = STR("1") } }, again = change;
    must(change);
    refused(again, ERR_CONFLICT, M_COLLECT_CHANGED_MEANWHILE);
}

static void everybody_sees_what_is_theirs(void **state)
{
    int64_t id = add("once"), b = test_office_add(&o, "b");
    struct actor stranger;
    struct collect c;
    struct collect_round r = { 0 };
    struct collect_answer a;
    struct err e;
    NO_ERR(actor_load_login(o.db, &o.arena, b, STR("console"), instant_day(TEST_NOW), &stranger, &e), &e);
    assert_false(collect_get(o.db, &o.arena, &stranger, id, &c, &e));
    assert_int_equal(e.kind, ERR_NOT_FOUND);
    assert_false(collect_get(o.db, &o.arena, &admin, id, &c, &e) && !actor_is(&admin, ROLE_SECTION));
    NO_ERR(collect_round_get(o.db, &o.arena, &keji, id, 0, &c, &r, &e) && collect_answer_get(o.db, &o.arena, &keji, &c, &r, unit[0], &a, &e), &e);
    assert_false(collect_answer_get(o.db, &o.arena, &keji, &c, &r, unit[1], &a, &e));
    assert_int_equal(e.kind, ERR_NOT_FOUND);
    NO_ERR(collect_answer_get(o.db, &o.arena, &leader, &c, &r, unit[1], &a, &e), &e);
    refused(fill(&keji, id, 1, 1, "1,,,"), ERR_NOT_FOUND, 0);
    refused(fill(&leader, id, 1, 1, "1,,,"), ERR_DENIED, 0);
    refused((struct doing){ .by = &keji, .id = id, .round = 1, .what = URGE }, ERR_DENIED, M_COLLECT_SECTION_ONLY);
    refused((struct doing){ .by = &leader, .id = id, .round = 1, .what = SEND, .text = STR("x") }, ERR_DENIED, M_COLLECT_SECTION_ONLY);
    refused((struct doing){ .by = &keji, .what = ADD, .in = input("once") }, ERR_DENIED, 0);
    refused(fill(&chief, id, 2, 0, "1,,,"), ERR_NOT_FOUND, M_COLLECT_NO_ROUND);
    refused(fill(&chief, id + 1000, 1, 0, "1,,,"), ERR_NOT_FOUND, M_COLLECT_NONE);
    /* asked of one unit only: for the others there is none */
    struct str one[] = { STR("市商务局") };
    struct doing d = { .by = &chief, .what = ADD, .in = input("once") };
    d.in.units = one;
    d.in.n_units = 1;
    d.in.n_categories = 0;
    NO_ERR(run(&d, &e), &e);
    assert_false(collect_get(o.db, &o.arena, &keji, d.id, &c, &e));
    assert_int_equal(e.kind, ERR_NOT_FOUND);
}

static void take_count(void *ctx, int64_t n, const void *bytes, size_t n_bytes) { *(int64_t *)ctx = n; }

static int64_t count(const char *sql)
{
    int64_t n = -1;
    engine_each(o.url, sql, take_count, &n);
    return n;
}

static void personal_cells_are_nowhere_in_clear(void **state)
{
    int64_t id = add("once");
    struct doing save = fill(&keji, id, 1, 0, "1,,,13912345678");
    save.f.submit = false;
    must(save);
    must(fill(&keji, id, 1, 0, "1,,,＊＊＊1"));                       /* out of the draft */
    must(fill(&keji, id, 1, 0, "2,,,＊＊＊1"));                       /* out of the version before */
    refused(fill(&keji, id, 1, 0, "2,,,＊＊＊2"), ERR_INPUT, M_COLLECT_MASK_ONLY);
    assert_int_equal(count("SELECT count(*) FROM collect_version WHERE body LIKE '%13912345678%'"), 0);
    assert_int_equal(count("SELECT count(*) FROM collect_answer WHERE draft LIKE '%13912345678%'"), 0);
    assert_int_equal(count("SELECT count(*) FROM journal WHERE after LIKE '%13912345678%'"), 0);
    assert_int_equal(count("SELECT count(*) FROM journal WHERE verb = 'answer'"), 2);
    refused((struct doing){ .by = &chief, .id = id, .round = 1, .party = unit[0], .what = UNMASK }, ERR_INPUT, 0);
    must((struct doing){ .by = &chief, .id = id, .round = 1, .party = unit[0], .what = UNMASK, .text = STR("核对电话") });
    struct collect_round r = round_get(id, 1);
    struct merged m;
    struct err e;
    NO_ERR(collect_merge(o.store, o.db, &o.arena, o.id, &r, true, &m, &e), &e);
    assert_true(str_eqc(m.rows[0].cells[3], "13912345678"));
    NO_ERR(collect_merge(o.store, o.db, &o.arena, o.id, &r, false, &m, &e), &e);
    assert_true(str_eqc(m.rows[0].cells[3], MASK));
}

static bool no_work(struct job_run *r, struct err *err) { return true; }
static const struct job_kind sweep = { JOB_SWEEP, M_COLLECT_JOB, no_work };

/* A server from now until nothing of ours is due. */
static void until_opened(instant_t now)
{
    static const struct job_kind *const kinds[] = { &collect_jobs[0], &sweep };
    struct runner *r;
    struct runner_stats s = { 0 };
    struct err e;
    char due[128];
    snprintf(due, sizeof due, "SELECT count(*) FROM job WHERE kind = 'collect_round' AND (due_at <= %lld OR claim IS NOT NULL)", (long long)now);
    sim_clock_set(&o.clock, now);
    NO_ERR(runner_start(&(struct runner_options){ o.store, kinds, 2 }, &r, &e), &e);
    for (int ms = 0; ms < 2000 && count(due); ms++)
        usleep(10000);
    runner_stats(r, &s);
    runner_stop(r);
    assert_int_equal(count(due), 0);
    assert_int_equal(s.failed + s.lost, 0);
}

static void the_background_opens_each_round_once(void **state)
{
    int64_t id = add("workday");
    assert_int_equal(round_get(id, 0).n, 1);                          /* Monday's, at once */
    until_opened(day_start(date_day(2022, 5, 10)));
    assert_int_equal(round_get(id, 0).n, 2);
    until_opened(day_start(date_day(2022, 5, 16)) + 1);            /* nobody was there from Wednesday over the weekend */
    struct collect_round r = round_get(id, 0);
    assert_true(r.n == 6 && r.day == date_day(2022, 5, 16));
    sim_clock_set(&o.clock, day_start(date_day(2022, 5, 12)));        /* put back: nothing comes twice */
    struct err e;
    assert_int_equal(count("SELECT count(*) FROM collect_round"), 6);
    assert_int_equal(count("SELECT count(DISTINCT key_day) FROM collect_round"), 6);
    assert_int_equal(count("SELECT count(*) FROM collect_answer"), 18);
    for (int n = 1; n <= 6; n++)
        adds_up(id, n);
    must((struct doing){ .by = &chief, .id = id, .what = END });
    assert_int_equal(count("SELECT count(*) FROM job WHERE kind = 'collect_round'"), 0);
    assert_false(run(&(struct doing){ .by = &chief, .id = id, .what = END }, &e));
}

static void zero_reports_in_a_row(void **state)
{
    int64_t id = add("day");
    until_opened(day_start(date_day(2022, 5, 12)));
    for (int n = 1; n <= 3; n++)
        must(fill(&keji, id, n, 0, NULL));
    assert_int_equal(get(id, 3, 0).zeros, 3);
    must((struct doing){ .by = &chief, .id = id, .round = 1, .what = JUDGE, .party = unit[0], .verb = ANSWER_REOPEN, .text = STR("有情况") });
    must(fill(&keji, id, 1, 0, "1,,5,"));                             /* so the others count from the second on */
    assert_true(get(id, 2, 0).zeros == 1 && get(id, 3, 0).zeros == 2);
    struct doing fell = fill(&shangwu, id, 1, 1, "1,,5,"), next = fill(&shangwu, id, 2, 1, "1,,4,");
    must(fell);
    must(next);
    assert_true(get(id, 2, 1).warned == 1 && get(id, 1, 1).warned == 0);
    adds_up(id, 1);
    adds_up(id, 2);
}

/* What the form offers of the round before: the last that was answered, by the names of columns where the blank is another. */
static void the_round_before(void **state)
{
    int64_t id = add("day");
    struct blank k;
    struct str *cells = NULL;
    struct err e;
    size_t n = 0;
    must(fill(&keji, id, 1, 0, "7,2,10,139"));
    must((struct doing){ .by = &chief, .what = CHANGE, .id = id, .in = { .form = STR("新列\n累计 | 整数 | 累计\n数 | 小数1\n") } });
    until_opened(day_start(date_day(2022, 5, 11)));
    must(fill(&shangwu, id, 2, 1, NULL));
    struct collect_round r = round_get(id, 3);
    NO_ERR(collect_blank(o.db, &o.arena, o.id, id, r.form, &k, &e) && collect_before(o.db, &o.arena, o.id, &r, unit[0], &k, &cells, &n, &e), &e);
    assert_true(n == 1 && cells[0].n == 0 && str_eqc(cells[1], "10") && cells[2].n == 0);
    NO_ERR(collect_before(o.db, &o.arena, o.id, &r, unit[1], &k, &cells, &n, &e), &e);
    assert_int_equal(n, 0);
}

static void changes_reach_the_open_round(void **state)
{
    int64_t id = add("day");
    struct str two[] = { STR("市科技局"), STR("市商务局") };
    struct doing d = { .by = &chief, .what = CHANGE, .id = id, .in = { .units = two, .n_units = 2, .units_given = true } };
    must(d);
    assert_int_equal(round_get(id, 1).asked, 2);
    must(fill(&keji, id, 1, 0, "1,,,"));
    struct doing drop = d, form = { .by = &chief, .what = CHANGE, .id = id, .in = { .form = STR("别的 | 整数\n") } };
    drop.in.units = &two[1];
    drop.in.n_units = 1;
    must(drop);                                                       /* who has answered stays */
    assert_int_equal(round_get(id, 1).asked, 2);
    adds_up(id, 1);
    must(form);                                                       /* from the next round on */
    assert_int_equal(round_get(id, 1).form, 1);
    until_opened(day_start(date_day(2022, 5, 10)));
    struct collect_round r = round_get(id, 2);
    assert_true(r.form == 2 && r.asked == 1);
    later(0);
    int64_t once = add("once");
    must((struct doing){ .by = &chief, .what = CHANGE, .id = once, .in = { .form = STR("甲 | 整数\n乙 | 整数\n丙\n丁\n") } });
    must(fill(&chief, once, 1, 0, "1,2,,"));
    refused((struct doing){ .by = &chief, .what = CHANGE, .id = once, .in = { .form = STR("甲 | 整数\n") } }, ERR_CONFLICT, M_COLLECT_FORM_USED);
    refused((struct doing){ .by = &chief, .what = CHANGE, .id = once, .in = { .every = STR("day") } }, ERR_CONFLICT, M_COLLECT_KIND_FIXED);
}

static void bad_definitions_write_nothing(void **state)
{
    struct collect_input in = { .title = STR(""), .form = STR("甲 | 数目\n乙 | 整数 | 9..1"), .every = STR("fortnight"), .ahead = STR("99"), .entry = STR("文2022-0099"), .units_given = true };
    struct doing d = { .by = &chief, .what = ADD, .in = in };
    struct err e;
    int64_t before = head();
    assert_false(run(&d, &e));
    assert_int_equal(d.problems, 7);                                  /* title, entry, two lines of the form, period, units, days ahead */
    assert_int_equal(before, head());
    struct collect_input past = input("once"), secret = input("once"), nobody = input("once");
    struct str none[] = { STR("不存在的局") };
    past.day = STR("2022-05-08");
    secret.title = STR("机密★1年");
    nobody.units = none;
    nobody.n_units = 1;
    refused((struct doing){ .by = &chief, .what = ADD, .in = past }, ERR_INPUT, M_COLLECT_DUE_PAST);
    refused((struct doing){ .by = &chief, .what = ADD, .in = secret }, ERR_INPUT, M_ENTRY_SECRET);
    refused((struct doing){ .by = &chief, .what = ADD, .in = nobody }, ERR_INPUT, 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_round_from_asking_to_sending), TEST(two_at_once), TEST(everybody_sees_what_is_theirs), TEST(personal_cells_are_nowhere_in_clear),
        TEST(the_background_opens_each_round_once), TEST(zero_reports_in_a_row), TEST(the_round_before), TEST(changes_reach_the_open_round), TEST(bad_definitions_write_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
