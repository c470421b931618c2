/* engine: postgres — it opens an office on each engine itself
 *
 * The same random operations on both engines, 64 at once as a busy server gets them: registrations, every verb on random entries (many refused), people, lists,
 * settings, outcomes, ticks, days that pass and months that close. Each operation must end alike on both, with the same refusal in the same words; in the end
 * journals, exports and every table's rows must be the same bytes.
 *
 * WHS_OPERATIONS=n (100,000), WHS_SEED=n.
 */
#include <semaphore.h>

#include "office/closing/fixture_test.h"
#include "office/entry/inside.h"
#include "office/outcome/outcome.h"
#include "office/sheet/sheet.h"
#include "store/transfer.h"

enum { AT_ONCE = 64, ENTRIES_MAX = 60000, PARTS = 2 };

enum deed { REGISTER, ACT, TICK, OUTCOME, PARTY, LIST, MEMBER, SETTING, TOKEN, UNMASK, CLOSE };

struct op {
    enum deed what;
    bool chief;
    int serial, entry;                           /* entry: which one, by registration */
    enum entry_verb verb;
    struct entry_input in;
};

struct known { char number[32]; enum entry_state state; bool own, reading; };

struct run {                                     /* one operation on one engine */
    const struct op *op;
    struct closing_office *f;
    struct write write;
    struct err err;
    struct entry made;
    char number[32];
    bool ok;
};

static struct closing_office f[PARTS];           /* SQLite, PostgreSQL */
static struct known *known;
static int n_known, n_parties, done, refused;
static uint64_t seed = 2022;
static sem_t over;
static struct arena words;                       /* of one round */

static int roll(int n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int)((seed >> 33) % (uint64_t)n);
}

static day_t today(void) { return instant_day(clock_now(&f[0].o.clock.base)); }

static struct str day_text(day_t d)
{
    struct civil c = date_civil(d);
    return arena_printf(&words, "%04d-%02d-%02d", c.year, c.month, c.day);
}

/* --- operations ------------------------------------------------------------------------------------------------------------------ */

static struct str any(const char *const *list, int n) { return str_c(list[roll(n)]); }

static struct str unit(void)
{
    static const char *const UNIT[] = { "市商务局", "市科技局", "市医保局", "市财政局", "秘书五科", "没有的局" };
    return any(UNIT, roll(40) ? 5 : 6);
}

static struct str lists(void)
{
    static const char *const NAME[] = { "", "重点工作", "年度安排", "重点工作；应急处置", "应急处置" };
    return any(NAME, 5);
}

static void fill_registration(struct op *o)
{
    static const char *const KIND[] = { "document", "meeting", "affair" };
    static const char *const TITLE[] = { "报送纾困政策落实情况", "Report on ICU beds 100%_done", "“三抓”项目进度", "转运隔离人员😀", "a\\b'c\"d" };
    static const char *const URGENCY[] = { "", "特急", "加急", "没有这种" };
    o->in = (struct entry_input){
        .kind = any(KIND, 3), .title = arena_printf(&words, "%s（%d）", TITLE[roll(5)], o->serial), .source = STR("市政府办公室转来"),
        .requirement = STR("请研究提出意见，于时限前报送"), .lead_unit = unit(), .assist_units = roll(3) ? STR_NULL : unit(),
        .lists = lists(), .urgency = any(URGENCY, roll(20) ? 3 : 4), .officer = roll(2) ? STR("li") : STR_NULL,
        .deadline = roll(20) ? day_text(today() + roll(90) - 5) : STR_NULL, .received = day_text(today() - roll(4)),
        .reading = roll(15) ? STR_NULL : STR("true"), .contact = roll(5) ? STR_NULL : arena_printf(&words, "张某 139 0000 %04d", o->serial % 10000),
        .parent = n_known && roll(9) == 0 ? str_c(known[roll(n_known)].number) : STR_NULL,
        .instruction = roll(12) ? STR_NULL : STR("true"), .leader = roll(2) ? STR_NULL : STR("分管副市长"), .unit_deadline = roll(4) ? STR_NULL : day_text(today() + roll(20)),
    };
}

static enum entry_verb fitting(const struct known *k)
{
    switch (k->reading ? STATE_WITHDRAWN : k->state) {
    case STATE_PENDING: return VERB_ACCEPT;
    case STATE_ACTIVE: return k->own ? VERB_SETTLE : roll(5) ? VERB_SUBMIT : VERB_SUSPEND;
    case STATE_RETURNED: return VERB_ASSIGN;
    case STATE_REVIEW: return roll(6) ? VERB_SETTLE : VERB_REJECT;
    case STATE_SUSPENDED: return VERB_RESUME;
    case STATE_SETTLED: return roll(3) ? VERB_ARCHIVE : VERB_REOPEN;
    default: return VERB_FEEDBACK;
    }
}

static void fill_act(struct op *o)
{
    o->entry = roll(3) ? n_known - 1 - roll(n_known < 300 ? n_known : 300) : roll(n_known);
    o->verb = roll(3) ? fitting(&known[o->entry]) : (enum entry_verb)(VERB_ACCEPT + roll(VERB_AMEND - VERB_ACCEPT + 1));
    o->in = (struct entry_input){
        .text = arena_printf(&words, "说明%d", o->serial), .recorded_for = roll(6) ? STR_NULL : STR("市商务局"),
        .lead_unit = o->verb == VERB_ASSIGN || (o->verb == VERB_AMEND && roll(2)) ? unit() : STR_NULL, .lists = o->verb == VERB_AMEND ? lists() : STR_NULL,
        .deadline = o->verb == VERB_EXTEND || (o->verb == VERB_AMEND && roll(3) == 0) ? day_text(today() + roll(60)) : STR_NULL,
        .day = roll(5) ? STR_NULL : day_text(today() - roll(6)), 
        .leader_word = o->verb == VERB_SETTLE && roll(5) ? STR("已阅") : STR_NULL,
        .reported_on = o->verb == VERB_SETTLE && roll(5) ? day_text(today()) : STR_NULL, .corrects = o->verb == VERB_AMEND ? STR("1") : STR_NULL,
    };
}

static void make_op(struct op *o, int serial)
{
    static const enum deed RARE[] = { TICK, OUTCOME, PARTY, LIST, MEMBER, SETTING, TOKEN, UNMASK };
    *o = (struct op){ .serial = serial, .chief = roll(3) != 0 };
    int r = roll(100);
    o->what = n_known == 0 || (r < 30 && n_known < ENTRIES_MAX - AT_ONCE) ? REGISTER : r < 92 ? ACT : RARE[roll(8)];
    o->entry = n_known ? roll(n_known) : 0;
    if ((o->what == PARTY || o->what == LIST || o->what == MEMBER) && n_parties++ > 200)
        o->what = TICK;
    if (o->what == REGISTER)
        fill_registration(o);
    else if (o->what == ACT)
        fill_act(o);
}

static bool add_member(struct txn *t, const struct op *o, const struct actor *by, struct err *err)
{
    struct member_draft d = { .login = arena_printf(t->arena, "u%d", o->serial), .name = arena_printf(t->arena, "科员%d", o->serial),
                              .role = STR("officer"), .phone = STR("139 0000 0000") };
    int64_t id;
    return member_add(t, by, &d, STR_NULL, false, &id, err);
}

static bool do_op(struct txn *t, void *args, struct err *err)
{
    struct run *r = args;
    const struct op *o = r->op;
    const struct actor *by = o->chief ? &r->f->chief : &r->f->officer;
    struct token_new token;
    struct str number = n_known ? str_c(known[o->entry].number) : STR_NULL, contact, text = arena_printf(t->arena, "n%d", o->serial);
    int64_t id;
    t->actor_id = by->member_id;
    switch (o->what) {
    case REGISTER: return entry_register(t, by, &o->in, &r->made, NULL, err);
    case ACT: return entry_act(t, by, number, o->verb, &o->in, &r->made, err);
    case TICK: return closing_tick(t, by, o->serial % 2, t->today, err);
    case OUTCOME: return outcome_add(t, by, number, STR("requests.handled"), o->serial % 9, STR(""), t->today, err);
    case PARTY: return party_add(t, PARTY_UNIT, text, STR(""), STR("部门"), o->serial % 5, &id, err);
    case LIST: return entry_list_add(t, text, &id, err);
    case MEMBER: return add_member(t, o, o->chief ? &r->f->o.console : by, err);
    case SETTING: return setting_set(t, "light.yellow", text, err);
    case TOKEN: return token_add(t, by->member_id, text, o->serial % 2, &token, err);
    case UNMASK: return entry_unmask(t, by, number, text, &contact, err);
    case CLOSE: return closing_close(t, by, workdays_official(), o->serial, NULL, 0, STR("顺延办理"), NULL, err);
    }
    return false;
}

/* --- one round on both ----------------------------------------------------------------------------------------------------------- */

static void op_done(void *args, bool ok, const struct err *err)
{
    struct run *r = args;
    r->ok = ok;
    if (ok)
        snprintf(r->number, sizeof r->number, "%.*s", STR_ARG(r->made.number));
    else
        r->err = *err;
    sem_post(&over);
}

static void run_round(struct closing_office *on, const struct op *op, struct run *r, int n)
{
    for (int i = 0; i < n; i++) {
        r[i] = (struct run){ .op = &op[i], .f = on };
        r[i].write = (struct write){ .office_id = on->o.id, .fn = do_op, .done = op_done, .args = &r[i] };
        store_write(on->o.store, &r[i].write);
    }
    for (int i = 0; i < n; i++)
        while (sem_wait(&over) != 0)
            ;
}

static const char *words_of(const struct err *e)
{
    static _Thread_local struct buf b[PARTS];
    static _Thread_local int at;
    struct buf *to = &b[at++ % PARTS];
    buf_clear(to);
    tr_err(to, LANG_ZH, e);
    return to->p;
}

static void compare(const struct run *a, const struct run *b)
{
    if (a->ok != b->ok)
        fail_msg("operation %d (%d, verb %d): %s on SQLite, %s on PostgreSQL", a->op->serial, a->op->what, a->op->verb, a->ok ? "done" : words_of(&a->err),
                 b->ok ? "done" : words_of(&b->err));
    if (!a->ok) {
        assert_string_equal(words_of(&a->err), words_of(&b->err));
        assert_true(a->err.kind == ERR_INPUT || a->err.kind == ERR_CONFLICT || a->err.kind == ERR_DENIED || a->err.kind == ERR_NOT_FOUND);
        refused++;
        if (getenv("WHS_SHOW"))
            print_message("# refused %d/%d: %s\n", a->op->what, a->op->verb, words_of(&a->err));
        return;
    }
    assert_string_equal(a->number, b->number);
    assert_int_equal(a->made.state, b->made.state);
    done++;
}

static void learn(const struct run *r)
{
    if (!r->ok || (r->op->what != REGISTER && r->op->what != ACT))
        return;
    struct known *k = r->op->what == REGISTER ? &known[n_known++] : &known[r->op->entry];
    memcpy(k->number, r->number, sizeof k->number);
    k->state = r->made.state;
    k->reading = r->made.reading;
    k->own = r->made.lead_id == r->made.section_id;
}

static void round_of(const struct op *op, int n)
{
    static struct run r[PARTS][AT_ONCE];
    for (int p = 0; p < PARTS; p++)
        run_round(&f[p], op, r[p], n);
    for (int i = 0; i < n; i++) {
        compare(&r[0][i], &r[1][i]);
        learn(&r[0][i]);
    }
    arena_clear(&words);
}

/* Two years, however many rounds there are. */
static void pass_time(int rounds)
{
    instant_t now = clock_now(&f[0].o.clock.base), then = now + (roll(2 * 17520 * 60 / rounds) + 1) * INT64_C(60000);
    int period = period_of(instant_day(now));
    for (int p = 0; p < PARTS; p++)
        sim_clock_set(&f[p].o.clock, then);
    if (period_of(instant_day(then)) != period)
        round_of(&(struct op){ .what = CLOSE, .serial = period, .chief = true }, 1);
}

/* --- the end ---------------------------------------------------------------------------------------------------------------------- */

static void same_journals(void)
{
    struct journal_head head[PARTS];
    struct err e;
    for (int p = 0; p < PARTS; p++) {
        NO_ERR(journal_verify(f[p].o.db, f[p].o.id, NULL, NULL, &head[p], &e), &e);
        int closings;
        NO_ERR(closing_verify(f[p].o.db, &f[p].o.arena, f[p].o.id, &closings, &e), &e);
        assert_true(closings > 0);
    }
    assert_int_equal(head[0].seq, head[1].seq);
    assert_memory_equal(head[0].hash, head[1].hash, sizeof head[0].hash);
}

static void same_tables(void)
{
    struct transfer x[PARTS];
    struct err e;
    for (int p = 0; p < PARTS; p++) {
        x[p] = (struct transfer){ .from = f[p].o.db, .from_id = f[p].o.id };
        NO_ERR(db_snapshot_begin(f[p].o.db, &e) && transfer_measure(&x[p], &e), &e);
        db_snapshot_end(f[p].o.db);
    }
    for (int i = 0; transfer_table(i); i++)
        if (x[0].sum[i].rows != x[1].sum[i].rows || memcmp(x[0].sum[i].digest, x[1].sum[i].digest, sizeof x[0].sum[i].digest) != 0)
            fail_msg("table %s: %lld rows on SQLite, %lld on PostgreSQL, or other values", transfer_table(i), (long long)x[0].sum[i].rows,
                     (long long)x[1].sum[i].rows);
    assert_true(x[0].rows > 5 * done);
}

static void same_exports(void)
{
    struct buf out[PARTS] = { BUF_INIT };
    struct entry_filter all = ENTRY_FILTER_ANY;
    struct err e;
    for (int p = 0; p < PARTS; p++) {
        NO_ERR(db_snapshot_begin(f[p].o.db, &e) && sheet_export(f[p].o.db, &f[p].o.console, &all, &(struct sheet_shape){ .lang = LANG_ZH }, &out[p], &e), &e);
        db_snapshot_end(f[p].o.db);
    }
    assert_true(out[0].n > 20 * (size_t)n_known);
    assert_int_equal(out[0].n, out[1].n);
    assert_memory_equal(out[0].p, out[1].p, out[0].n);
    for (int p = 0; p < PARTS; p++)
        buf_release(&out[p]);
}

/* Lists in every order and by words with the wildcards of LIKE, in either case. */
static void same_lists(void)
{
    static const char *const Q[] = { "", "报送", "icu", "ICU report", "100%_", "\\b'", "😀", "文2022", "“三抓”" };
    struct err e;
    for (size_t q = 0; q < 4 * ARRAY_LEN(Q); q++) {
        struct entry_line *line[PARTS];
        size_t n[PARTS];
        struct entry_filter w = ENTRY_FILTER_ANY;
        w.q = str_c(Q[q / 4]);
        w.state = q % 4 == 1 ? STATE_PENDING : q % 4 == 2 ? -2 : -1;
        w.order = (enum entry_order)(q % ENTRY_ORDERS);
        w.day_from = q % 4 == 3 ? today() - 90 : DAY_NONE;
        w.limit = 500;
        for (int p = 0; p < PARTS; p++)
            NO_ERR(entry_lines(f[p].o.db, &f[p].o.arena, &f[p].chief, &w, &line[p], &n[p], &e), &e);
        assert_int_equal(n[0], n[1]);
        assert_true(n[0] > 0 || q % 4 == 3);
        for (size_t i = 0; i < n[0]; i++) {
            assert_true(str_eq(line[0][i].number, line[1][i].number) && str_eq(line[0][i].title, line[1][i].title));
            assert_true(line[0][i].due == line[1][i].due && str_eq(line[0][i].officer, line[1][i].officer));
        }
    }
}

static int number_of(const char *name, int otherwise)
{
    const char *v = getenv(name);
    return v && *v ? atoi(v) : otherwise;
}

static bool add_leader(struct txn *t, void *args, struct err *err)
{
    int64_t id;
    return party_add(t, PARTY_LEADER, STR("分管副市长"), STR(""), STR(""), 0, &id, err);
}

static __attribute__((noinline)) void open_on(struct closing_office *on, const char *engine)
{
    struct err e;
    setenv("WHS_TEST_ENGINE", engine, 1);
    closing_fixture_open(on);
    NO_ERR(test_write(&on->o, add_leader, NULL, &e), &e);
}

static void same_on_both(void **state)
{
    struct op op[AT_ONCE];
    int total = number_of("WHS_OPERATIONS", strstr(getenv("BUILD") ? getenv("BUILD") : "", "asan") ? 10000 : 100000);
    seed = (uint64_t)number_of("WHS_SEED", 2022);
    known = xcalloc(ENTRIES_MAX, sizeof *known);
    sem_init(&over, 0, 0);
    open_on(&f[0], "sqlite");
    open_on(&f[1], "postgres");
    for (int n = 0; n < total; n += AT_ONCE) {
        for (int i = 0; i < AT_ONCE; i++)
            make_op(&op[i], n + i);
        round_of(op, AT_ONCE);
        pass_time(total / AT_ONCE);
    }
    print_message("# %d operations done, %d refused, %d entries, up to day %d\n", done, refused, n_known, today());
    assert_true(done > total / 3 && refused > total / 20);
    same_journals();
    same_tables();
    same_exports();
    same_lists();
    test_office_close(&f[0].o);
    test_office_close(&f[1].o);
    free(known);
    arena_release(&words);
    sem_destroy(&over);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(same_on_both) };
    return cmocka_run_group_tests_name("engines", tests, NULL, NULL);
}
