/* Conservation over random office-years. Two sections with their people register, hand over, reassign, split, suspend, reopen and settle, on days of their choice
 * within the open months, under a simulated clock; each month is closed on its clearing day or some days later, when the next is under way. Beside the office
 * stands a model in plain arrays: for each entry what it was after each act. The model knows nothing of movements.
 *
 * WHS_SEED=n runs that seed alone, WHS_LONG=1 many more.
 */
#include "office/closing/fixture_test.h"

enum { UNITS = 6, OFFICERS = 5, LISTS = 3, ENTRIES_MAX = 400, STEPS_MAX = 24, YEAR_DAYS = 365, SECTION = 4 /* the place of the first section in UNIT */ };

static const char *const UNIT[UNITS] = { "市商务局", "市科技局", "市医保局", "市财政局", "秘书五科", "秘书六科" };
static const char *const OFFICER[OFFICERS] = { "", "li", "wang", "zhao", "qian" };
static const char *const LIST[LISTS] = { "重点工作", "年度安排", "应急处置" };

struct step {                                    /* what an entry was from this day on, until the next step */
    day_t day, due;                              /* due: the last day it may be done */
    bool open;
    int unit, officer, lists;
    enum entry_verb verb;
};

struct thing {
    struct str number;
    int section;
    bool reading;
    enum entry_state state;
    struct step step[STEPS_MAX + 1];             /* the last for what is withdrawn with its parent */
    int n;
    int parent;                                  /* -1: none */
};

static struct closing_office f;
static struct actor chief[2];
static struct thing *things;
static int n_things;
static uint64_t seed;
static int refused, done;

static int roll(int n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int)((seed >> 33) % (uint64_t)n);
}

static day_t today(void) { return instant_day(clock_now(&f.o.clock.base)); }

/* --- the office -------------------------------------------------------------------------------------------------------------------- */

static bool second_section(struct txn *t, void *args, struct err *err)
{
    int64_t id;
    return party_add(t, PARTY_SECTION, STR("秘书六科"), STR(""), STR(""), 0, &id, err);
}

static void open_office(void)
{
    struct err e;
    closing_fixture_open(&f);
    NO_ERR(test_write(&f.o, second_section, NULL, &e), &e);
    test_member_add(&f.o, "wang", "王科员", "officer", "", STR_NULL);
    test_member_add(&f.o, "zhao", "赵科员", "officer", "秘书六科", STR_NULL);
    test_member_add(&f.o, "qian", "钱科长", "chief", "秘书六科", STR_NULL);
    chief[0] = f.chief;
    closing_fixture_actor(&f, &chief[1], "qian");
    n_things = 0;
}

/* --- acts: the office and the model -------------------------------------------------------------------------------------------------- */

static struct str day_text(day_t d)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    date_put_iso(&b, d);
    return arena_str(&f.o.arena, buf_view(&b));
}

static struct str lists_text(int mask)
{
    struct str s = STR("");
    for (int i = 0; i < LISTS; i++)
        if (mask & 1 << i)
            s = arena_printf(&f.o.arena, "%.*s%s%s", STR_ARG(s), s.n ? "、" : "", LIST[i]);
    return s;
}

/* A day from `from` to today, mostly today. */
static day_t some_day(day_t from)
{
    day_t first = today() - 40 > from ? today() - 40 : from;
    return roll(3) || first >= today() ? today() : first + roll(today() - first + 1);
}

/* Says it to the office, as so many acts; a refusal must leave the journal as it was. */
static bool say(int section, struct str number, enum entry_verb verb, const struct entry_input *in, int acts, struct entry *out)
{
    struct err e;
    struct journal_head before, after;
    struct closing_fixture_do d = { .actor = &chief[section], .number = number, .verb = verb, .in = in };
    NO_ERR(journal_head(f.o.db, f.o.id, &before, &e), &e);
    bool ok = closing_fixture_try(&f, &d, &e);
    struct err why = e;
    NO_ERR(journal_head(f.o.db, f.o.id, &after, &e), &e);
    assert_int_equal(after.seq - before.seq, ok ? acts : 0);
    if (!ok)
        assert_true(why.kind == ERR_INPUT || why.kind == ERR_CONFLICT);
    done += ok;
    refused += !ok;
    *out = d.out;
    return ok;
}

static void register_thing(day_t open_from)
{
    struct thing *g = &things[n_things];
    struct entry out;
    int section = roll(2), unit = roll(5) ? roll(SECTION) : SECTION + section;
    struct step s = { .day = some_day(open_from), .due = 0, .open = true, .unit = unit, .officer = roll(OFFICERS), .lists = roll(1 << LISTS) };
    s.due = s.day + roll(60);
    bool reading = roll(12) == 0;
    int parent = n_things && roll(6) == 0 ? roll(n_things) : -1;
    struct entry_input in = {
        .kind = STR("affair"), .title = STR("事项"), .source = STR("会议"), .requirement = STR("办理"), .deadline = day_text(s.due),
        .lead_unit = str_c(UNIT[unit]), .officer = str_c(OFFICER[s.officer]), .lists = lists_text(s.lists), .day = day_text(s.day),
        .received = day_text(s.day), .reading = reading ? STR("true") : STR_NULL, .parent = parent < 0 ? STR_NULL : things[parent].number,
    };
    if (n_things == ENTRIES_MAX || !say(section, STR_NULL, VERB_REGISTER, &in, 1, &out))
        return;
    *g = (struct thing){ out.number, section, reading, out.state, { s }, 1, parent };
    n_things++;
}

/* A verb that might do, most of the time one that does. */
static enum entry_verb some_verb(const struct thing *g)
{
    static const enum entry_verb OTHER[] = { VERB_AMEND, VERB_AMEND, VERB_EXTEND, VERB_ASSIGN, VERB_WITHDRAW, VERB_RETURN, VERB_FEEDBACK, VERB_REJECT };
    if (roll(3) == 0)
        return OTHER[roll((int)ARRAY_LEN(OTHER))];
    switch (g->state) {
    case STATE_PENDING: return VERB_ACCEPT;
    case STATE_ACTIVE: return g->step[g->n - 1].unit >= SECTION ? VERB_SETTLE : roll(5) ? VERB_SUBMIT : VERB_SUSPEND;
    case STATE_RETURNED: return VERB_ASSIGN;
    case STATE_REVIEW: return roll(6) ? VERB_SETTLE : VERB_REJECT;
    case STATE_SUSPENDED: return VERB_RESUME;
    case STATE_SETTLED: return roll(3) ? VERB_ARCHIVE : VERB_REOPEN;
    default: return VERB_FEEDBACK;
    }
}

/* What the verb asks for, in words for the office and in numbers for the model. */
static struct entry_input ask(struct step *s, int section)
{
    struct entry_input in = { .text = STR("说明"), .day = day_text(s->day) };
    bool move = roll(2) && (s->verb == VERB_ASSIGN || s->verb == VERB_AMEND);
    if (s->verb == VERB_ASSIGN || (move && s->verb == VERB_AMEND)) {
        s->unit = roll(6) ? roll(SECTION) : SECTION + section;
        in.lead_unit = str_c(UNIT[s->unit]);
        in.corrects = s->verb == VERB_AMEND ? STR("1") : STR_NULL;
    }
    if (s->verb == VERB_AMEND || move) {         /* 移交 */
        s->officer = roll(OFFICERS);
        in.officer = str_c(OFFICER[s->officer]);
    }
    if (s->verb == VERB_AMEND) {
        s->lists = roll(1 << LISTS);
        in.lists = lists_text(s->lists);
        in.corrects = roll(2) ? STR("1") : in.corrects;
    }
    if (s->verb == VERB_EXTEND) {
        s->due += 1 + roll(40);
        in.deadline = day_text(s->due);
    }
    return in;
}

/* What is withdrawn takes its open parts along, and theirs. */
static int open_below(int i)
{
    int n = 0;
    for (int k = 0; k < n_things; k++)
        if (things[k].parent == i && things[k].step[things[k].n - 1].open)
            n += 1 + open_below(k);
    return n;
}

static void withdraw_below(int i, day_t day)
{
    for (int k = 0; k < n_things; k++) {
        struct thing *g = &things[k];
        if (g->parent != i || !g->step[g->n - 1].open)
            continue;
        struct step s = g->step[g->n - 1];
        s.day = day;
        s.verb = VERB_WITHDRAW;
        s.open = false;
        g->state = STATE_WITHDRAWN;
        g->step[g->n++] = s;
        withdraw_below(k, day);
    }
}

static void act_on_thing(day_t open_from)
{
    struct thing *g = &things[roll(n_things)];
    struct entry out;
    if (g->n == STEPS_MAX)
        return;
    struct step s = g->step[g->n - 1];
    s.day = some_day(s.day > open_from ? s.day : open_from);
    s.verb = some_verb(g);
    struct entry_input in = ask(&s, g->section);
    if (!say(g->section, g->number, s.verb, &in, s.verb == VERB_WITHDRAW ? 1 + open_below((int)(g - things)) : 1, &out))
        return;
    if (s.verb == VERB_WITHDRAW)
        withdraw_below((int)(g - things), s.day);
    s.open = s.verb == VERB_REOPEN || (s.open && s.verb != VERB_SETTLE && s.verb != VERB_WITHDRAW);
    assert_int_equal(s.open, entry_state_open(out.state));
    g->state = out.state;
    g->step[g->n++] = s;
}

/* --- the model's answers ------------------------------------------------------------------------------------------------------------ */

enum { OF_OFFICE, OF_LIST, OF_UNIT, OF_OFFICER };

static bool in_dim(const struct step *s, int dim, int id)
{
    return dim == OF_OFFICE || (dim == OF_LIST && (s->lists & 1 << id)) || (dim == OF_UNIT && s->unit == id) || (dim == OF_OFFICER && s->officer == id);
}

static const struct step *at(const struct thing *g, day_t day)
{
    const struct step *s = NULL;
    for (int i = 0; i < g->n && g->step[i].day <= day; i++)
        s = &g->step[i];
    return s;
}

static int open_on(day_t day, int dim, int id)
{
    int n = 0;
    for (int i = 0; i < n_things; i++) {
        const struct step *s = at(&things[i], day);
        n += s && !things[i].reading && s->open && in_dim(s, dim, id);
    }
    return n;
}

static int overdue_on(day_t day)
{
    int n = 0;
    for (int i = 0; i < n_things; i++) {
        const struct step *s = at(&things[i], day);
        n += s && !things[i].reading && s->open && s->due <= day;
    }
    return n;
}

static int acts_of(day_t from, day_t to, enum entry_verb verb, int dim, int id)
{
    int n = 0;
    for (int i = 0; i < n_things; i++)
        for (int k = 0; k < things[i].n && !things[i].reading; k++) {
            const struct step *s = &things[i].step[k];
            n += s->day >= from && s->day <= to && s->verb == verb && in_dim(s, dim, id);
        }
    return n;
}

static void check_dim(const struct closing_view *v, const struct figures *x, int dim, int id)
{
    assert_true(figures_hold(x));
    assert_int_equal(x->opening, open_on(v->first_day - 1, dim, id));
    assert_int_equal(x->carried, open_on(v->last_day, dim, id));
    assert_int_equal(x->added, acts_of(v->first_day, v->last_day, VERB_REGISTER, dim, id));
    assert_int_equal(x->settled, acts_of(v->first_day, v->last_day, VERB_SETTLE, dim, id));
    assert_int_equal(x->withdrawn, acts_of(v->first_day, v->last_day, VERB_WITHDRAW, dim, id));
    assert_int_equal(x->reopened, acts_of(v->first_day, v->last_day, VERB_REOPEN, dim, id));
}

static void check_month(int period, bool closed)
{
    static const char *const NAME[OFFICERS] = { "", "李科员", "王科员", "赵科员", "钱科长" };
    struct closing_view v = closing_fixture_read(&f, period);
    assert_int_equal(v.closed, closed);
    assert_int_equal(v.n_overdue, overdue_on(v.last_day));
    check_dim(&v, &v.office, OF_OFFICE, 0);
    assert_int_equal(v.office.moved_in + v.office.moved_out, 0);
    for (int i = 0; i < LISTS; i++)
        check_dim(&v, closing_fixture_dim(&v, "list", LIST[i]), OF_LIST, i);
    for (int i = 0; i < UNITS; i++)
        check_dim(&v, closing_fixture_dim(&v, "unit", UNIT[i]), OF_UNIT, i);
    for (int i = 0; i < OFFICERS; i++)
        check_dim(&v, closing_fixture_dim(&v, "officer", NAME[i]), OF_OFFICER, i);
}

/* --- a year ------------------------------------------------------------------------------------------------------------------------- */

static void verified(bool expected)
{
    struct err e = { 0 };
    int n;
    bool ok = closing_verify(f.o.db, &f.o.arena, f.o.id, &n, &e);
    if (expected)
        NO_ERR(ok, &e);
    else
        assert_true(!ok && e.kind == ERR_CORRUPT);
}

static void close_month(int period)
{
    struct err e;
    struct journal_head before, after;
    check_month(period, false);
    NO_ERR(journal_head(f.o.db, f.o.id, &before, &e), &e);
    bool ok = closing_fixture_try_close(&f, (struct closing_fixture_close){ &chief[0], period }, &e);
    assert_int_equal(ok, overdue_on(period_last(period)) == 0);
    if (!ok) {
        assert_int_equal(e.kind, ERR_CONFLICT);
        NO_ERR(journal_head(f.o.db, f.o.id, &after, &e), &e);
        assert_int_equal(before.seq, after.seq);
        closing_fixture_close(&f, period, "顺延办理");
    }
    check_month(period, true);
    verified(true);
}

static void lose_a_movement(void)
{
    char sql[120];
    snprintf(sql, sizeof sql, "DELETE FROM movement WHERE id = (SELECT id FROM movement ORDER BY id LIMIT 1 OFFSET %d)", roll(200));
    engine_tamper(f.o.url, sql);
    verified(false);
}

static void office_year(uint64_t s)
{
    const day_t first = date_day(2022, 6, 1);
    int period = 202206, wait = 0;               /* the month to close next, and how many days late */
    seed = s;
    open_office();
    for (day_t d = first; d < first + YEAR_DAYS; d++) {
        closing_fixture_day(&f, d);
        for (int acts = roll(3); acts > 0; acts--) {
            if (n_things == 0 || roll(3) == 0)
                register_thing(period_first(period));
            else
                act_on_thing(period_first(period));
        }
        if (d >= closing_clearing_day(workdays_official(), period, NULL) + wait) {
            close_month(period);
            period = period_next(period);
            wait = roll(3) ? 0 : roll(9);
        }
    }
    check_month(period, false);
    check_month(202206, true);                   /* frozen for good */
    lose_a_movement();
    test_office_close(&f.o);
}

static void random_office_years_hold(void **state)
{
#if defined(__SANITIZE_ADDRESS__)
    int seeds = 4;
#else
    int seeds = 24;
#endif
    const char *one = getenv("WHS_SEED"), *many = getenv("WHS_LONG");
    things = calloc(ENTRIES_MAX, sizeof *things);
    if (one)
        office_year(strtoull(one, NULL, 10));
    for (int i = 1; !one && i <= (many ? 400 : seeds); i++) {
        print_message("# office-year %d\n", i);
        office_year((uint64_t)i);
    }
    print_message("# %d acts, %d refused\n", done, refused);
    assert_true(done > refused);
    free(things);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(random_office_years_hold) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
