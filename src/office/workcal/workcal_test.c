/* Importing a year against a store: what is kept, what moves, what stays. */
#include "office.h"

#include "office/entry/entry.h"
#include "office/workcal/inside.h"
#include "store/journal.h"
#include "workcal_queries.h"

/* 2027 as it might be arranged: fictitious, but held to every check. 13 statutory days: 17 weekdays off, 4 make-up days. */
#define HEAD "国务院办公厅关于2027年部分节假日安排的通知\n国办发明电〔2026〕9号\n"
#define ITEMS                                                                              \
    "一、元旦：1月1日（周五）至3日（周日）放假，共3天。\n"                                 \
    "二、春节：2月5日（周五）至11日（周四）放假调休，共7天。2月14日（周日）上班。\n"    \
    "三、清明节：4月3日（周六）至5日（周一）放假，共3天。\n"                               \
    "四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。4月25日（周日）上班。\n"      \
    "五、端午节：6月9日（周三）放假1天。\n"                                                \
    "六、中秋节：9月15日（周三）放假1天。\n"
#define NATIONAL "七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。\n"
#define NATIONAL_2 "七、国庆节：10月1日（周五）至8日（周五）放假调休，共8天。9月26日（周日）、10月9日（周六）、10月10日（周日）上班。\n"

struct office_test {
    struct test_office o;
    struct actor chief, officer;
};

static bool furnish(struct txn *t, void *args, struct err *err)
{
    int64_t id;
    return party_add(t, PARTY_UNIT, STR("市商务局"), STR(""), STR("部门"), 0, &id, err);
}

static void open_office(struct office_test *f)
{
    struct err e;
    test_office_open(&f->o);
    sim_clock_set(&f->o.clock, day_start(date_day(2026, 11, 20)) + 9 * 3600 * 1000);
    NO_ERR(test_write(&f->o, furnish, NULL, &e), &e);
    test_member_add(&f->o, "zhang", "张科长", "chief", "", STR_NULL);
    test_member_add(&f->o, "li", "李科员", "officer", "", STR_NULL);
    day_t today = instant_day(clock_now(&f->o.clock.base));
    NO_ERR(actor_load_login(f->o.db, &f->o.arena, f->o.id, STR("zhang"), today, &f->chief, &e), &e);
    NO_ERR(actor_load_login(f->o.db, &f->o.arena, f->o.id, STR("li"), today, &f->officer, &e), &e);
}

/* --- entries with a counted deadline ---------------------------------------------------------------------------------------------- */

struct counted {
    struct office_test *f;
    int days;                                    /* from today */
    const char *unit_due;                        /* given by a person; NULL none */
    bool confirmed;
    struct entry e;
};

/* What a deadline phrase will do when it is read: the row says how it was counted. */
static bool put_counted(struct txn *t, void *args, struct err *err)
{
    struct counted *k = args;
    const struct workdays *w;
    if (!workcal_get(t->db, t->arena, t->office_id, &w, err))
        return false;
    struct workdays_bounds b = workdays_add_bounds(w, t->today, k->days);
    day_t day = b.presumed ? b.earliest : b.likely;
    struct buf due _cleanup_(buf_release) = BUF_INIT;
    date_put_iso(&due, day);
    struct entry_input in = {
        .kind = STR("document"), .title = STR("征求意见稿反馈"), .source = STR("省政府办公厅"), .requirement = STR("反馈意见"),
        .deadline = buf_view(&due), .unit_deadline = k->unit_due ? str_c(k->unit_due) : STR_NULL, .lead_unit = STR("市商务局"),
    };
    if (!entry_register(t, &k->f->officer, &in, &k->e, NULL, err))
        return false;
    k->e.number = arena_str(&k->f->o.arena, k->e.number);
    const struct workcal_test_counted_in row = { t->office_id, k->e.id, STR("ours"), day_start(t->today), k->days, str_c(workdays_edition(w)),
                                                 k->confirmed ? t->actor_id : 0 };
    return q_workcal_test_counted(t->db, &row, NULL, err);
}

static struct entry counted(struct office_test *f, struct counted k)
{
    struct err e;
    k.f = f;
    NO_ERR(store_write_wait(f->o.store, f->o.id, f->officer.member_id, put_counted, &k, &e), &e);
    return k.e;
}

static struct entry fetch(struct office_test *f, struct str number)
{
    struct entry e;
    struct err err;
    NO_ERR(entry_fetch(f->o.db, &f->o.arena, &f->chief, number, &e, &err), &err);
    return e;
}

static day_t due_day(const struct entry *e) { return instant_day(e->due - 1); }

static struct workcal_test_edition_row edition_of(struct office_test *f, const struct entry *e)
{
    struct workcal_test_edition_row row;
    struct err err;
    bool found;
    NO_ERR(q_workcal_test_edition(f->o.db, &f->o.arena, &(struct workcal_test_edition_in){ f->o.id, e->id, STR("ours") }, &row, &found, &err), &err);
    assert_true(found);
    return row;
}

/* --- importing --------------------------------------------------------------------------------------------------------------------- */

static struct workcal_plan plan(struct office_test *f, const struct actor *who, const char *text, bool own)
{
    struct workcal_plan p;
    struct err e;
    NO_ERR(workcal_plan(f->o.db, &f->o.arena, who, str_c(text), own, &p, &e), &e);
    return p;
}

static bool take(struct office_test *f, const struct actor *who, const struct workcal_plan *p, struct err *err)
{
    struct workcal_taking k = { p, who->office_id, who->member_id };
    return store_write_wait(f->o.store, p->own ? f->o.id : STORE_OFFICE_SHARED, who->member_id, workcal_take, &k, err);
}

static int64_t move(struct office_test *f)
{
    struct workcal_moving m = { 2027, 0 };
    struct err e;
    NO_ERR(store_write_wait(f->o.store, f->o.id, f->chief.member_id, workcal_move, &m, &e), &e);
    return m.moved;
}

static void import(struct office_test *f, const char *text)
{
    struct err e;
    struct workcal_plan p = plan(f, &f->chief, text, false);
    assert_true(p.good);
    NO_ERR(take(f, &f->chief, &p, &e), &e);
    workcal_plan_release(&p);
    move(f);
}

static int64_t journal_lines(struct office_test *f, int64_t office_id)
{
    struct journal_head head;
    struct err e;
    NO_ERR(journal_head(f->o.db, office_id, &head, &e), &e);
    return head.seq;
}

static const struct workdays *now(struct office_test *f)
{
    const struct workdays *w;
    struct err e;
    NO_ERR(workcal_get(f->o.db, &f->o.arena, f->o.id, &w, &e), &e);
    return w;
}

/* --- tests -------------------------------------------------------------------------------------------------------------------------- */

static void twice_is_the_same(void **state)
{
    struct office_test f;
    open_office(&f);
    assert_false(workdays_covered(now(&f), 2027));
    import(&f, HEAD ITEMS NATIONAL);
    assert_true(workdays_covered(now(&f), 2027));
    assert_false(workdays_is(now(&f), date_day(2027, 2, 8), NULL));
    assert_true(workdays_is(now(&f), date_day(2027, 2, 14), NULL));
    const struct workdays *w = now(&f);
    int64_t shared = journal_lines(&f, STORE_OFFICE_SHARED), own = journal_lines(&f, f.o.id);
    import(&f, HEAD ITEMS NATIONAL);
    assert_ptr_equal(now(&f), w);
    assert_int_equal(journal_lines(&f, STORE_OFFICE_SHARED), shared);
    assert_int_equal(journal_lines(&f, f.o.id), own);
    struct workcal_plan p = plan(&f, &f.chief, HEAD ITEMS NATIONAL, false);
    assert_true(p.held);
    assert_int_equal(p.changed, 0);
    workcal_plan_release(&p);
    import(&f, HEAD ITEMS NATIONAL_2);           /* a corrected notice takes the place of the first */
    assert_false(workdays_is(now(&f), date_day(2027, 10, 8), NULL));
    assert_true(workdays_is(now(&f), date_day(2027, 10, 10), NULL));
    test_office_close(&f.o);
}

static void broken_changes_nothing(void **state)
{
    struct office_test f;
    open_office(&f);
    int64_t shared = journal_lines(&f, STORE_OFFICE_SHARED);
    struct workcal_plan p = plan(&f, &f.chief, HEAD ITEMS "七、国庆节：10月1日（周四）至7日（周四）放假调休，共7天。9月31日（周日）上班。\n", false);
    assert_false(p.good);
    assert_int_equal(p.problems.total, 2);
    assert_int_equal(p.problems.err[0].line, 9);
    assert_int_equal(p.problems.err[0].msg, M_CALENDAR_BAD_WEEKDAY);
    assert_int_equal(p.problems.err[1].msg, M_CALENDAR_NO_SUCH_DAY);
    workcal_plan_release(&p);
    assert_ptr_equal(now(&f), workdays_official());
    assert_int_equal(journal_lines(&f, STORE_OFFICE_SHARED), shared);
    test_office_close(&f.o);
}

static bool withdraw(struct txn *t, void *args, struct err *err)
{
    struct entry *e = args, after;
    struct actor chief;
    const struct entry_input in = { .text = STR("立项重复") };
    return actor_load(t->db, t->arena, t->office_id, t->actor_id, t->today, &chief, err) &&
           entry_act(t, &chief, e->number, VERB_WITHDRAW, &in, &after, err);
}

static void counted_moves(void **state)
{
    struct office_test f;
    struct err e;
    struct act *acts;
    size_t n;
    open_office(&f);
    struct entry moves = counted(&f, (struct counted){ .days = 60 }), stays = counted(&f, (struct counted){ .days = 60, .confirmed = true });
    struct entry near = counted(&f, (struct counted){ .days = 5 }), ended = counted(&f, (struct counted){ .days = 60 });
    NO_ERR(store_write_wait(f.o.store, f.o.id, f.chief.member_id, withdraw, &ended, &e), &e);
    day_t before = due_day(&moves);
    struct workcal_plan p = plan(&f, &f.chief, HEAD ITEMS NATIONAL, false);
    day_t after = workdays_add(p.after, instant_day(clock_now(&f.o.clock.base)), 60, NULL);
    assert_int_not_equal(before, after);
    assert_int_equal(p.doubts.total, 0);
    assert_int_equal(p.n_moving, 1);
    assert_int_equal(p.n_staying, 1);
    assert_int_equal(p.moves[0].was, before);
    assert_int_equal(p.moves[0].is, after);
    assert_true(str_eq(p.moves[0].number, moves.number));
    assert_int_equal(p.moves[1].fate, DUE_CONFIRMED);
    assert_true(str_eqc(p.source, "国办发明电〔2026〕9号"));
    struct workcal_test_edition_row old = edition_of(&f, &near);

    NO_ERR(take(&f, &f.chief, &p, &e), &e);      /* a stop here leaves a right calendar … */
    workcal_plan_release(&p);
    struct entry still = fetch(&f, moves.number);
    assert_int_equal(due_day(&still), before);
    assert_int_equal(move(&f), 1);               /* … and a later run moves the rest, once */
    assert_int_equal(move(&f), 0);

    struct entry m = fetch(&f, moves.number), s = fetch(&f, stays.number), near_after = fetch(&f, near.number);
    assert_int_equal(due_day(&m), after);
    assert_int_equal(m.version, moves.version + 1);
    assert_int_equal(due_day(&s), before);
    assert_int_equal(s.version, stays.version);
    assert_int_equal(near_after.version, near.version);
    assert_false(str_eq(edition_of(&f, &near).edition, old.edition));
    assert_true(str_eqc(edition_of(&f, &m).edition, workdays_edition(now(&f))));
    assert_true(str_eq(edition_of(&f, &s).edition, old.edition));
    assert_true(edition_of(&f, &m).due == m.due && edition_of(&f, &m).strict == m.due);
    NO_ERR(entry_history(f.o.db, &f.o.arena, &f.chief, &m, &acts, &n, &e), &e);
    assert_int_equal(n, 2);
    assert_int_equal(acts[1].verb, VERB_AMEND);
    assert_true(str_find(acts[1].text, STR("2027年放假安排")) >= 0);
    assert_true(str_find(acts[1].change, STR("\"deadline\"")) >= 0);
    assert_int_equal(due_day(&(struct entry){ .due = fetch(&f, ended.number).due }), before);

    /* the administrator sees that there are some, not which */
    test_member_add(&f.o, "sys", "系统管理员", "admin", "", STR_NULL);
    struct actor admin;
    NO_ERR(actor_load_login(f.o.db, &f.o.arena, f.o.id, STR("sys"), instant_day(clock_now(&f.o.clock.base)), &admin, &e), &e);
    p = plan(&f, &admin, HEAD ITEMS NATIONAL, false);
    assert_int_equal(p.n_moves, 0);
    assert_int_equal(p.n_unseen, 1);
    workcal_plan_release(&p);
    struct journal_head head;
    NO_ERR(journal_verify(f.o.db, f.o.id, NULL, NULL, &head, &e), &e);
    test_office_close(&f.o);
}

static void units_never_later(void **state)
{
    struct office_test f;
    struct err e;
    open_office(&f);
    import(&f, HEAD ITEMS NATIONAL);
    const struct workdays *w = now(&f);
    day_t due = workdays_add(w, date_day(2026, 11, 20), 60, NULL);
    struct buf unit _cleanup_(buf_release) = BUF_INIT;
    date_put_iso(&unit, due);
    struct entry k = counted(&f, (struct counted){ .days = 60, .unit_due = unit.p });
    /* an own working Saturday makes ours earlier than what was given to the unit */
    struct workcal_plan p = plan(&f, &f.chief, "date,kind,name\n2027-01-16,makeup-workday,防汛值守\n", true);
    assert_true(p.good && p.own && p.doubts.total == 0);
    assert_int_equal(p.n_moving, 0);
    assert_int_equal(p.moves[0].fate, DUE_UNIT_LATER);
    NO_ERR(take(&f, &f.chief, &p, &e), &e);
    workcal_plan_release(&p);
    assert_int_equal(move(&f), 0);
    struct entry after = fetch(&f, k.number);
    assert_int_equal(after.due, k.due);
    struct day_status s;
    assert_true(workdays_is(now(&f), date_day(2027, 1, 16), &s));
    assert_int_equal(s.origin, DAY_OFFICE);
    assert_false(workdays_covered(now(&f), 2028));
    test_office_close(&f.o);
}

static void only_keepers_and_one_office(void **state)
{
    struct office_test f;
    struct err e;
    struct actor second;
    open_office(&f);
    struct workcal_plan p = plan(&f, &f.officer, HEAD ITEMS NATIONAL, false);
    assert_false(take(&f, &f.officer, &p, &e));
    assert_int_equal(e.kind, ERR_DENIED);
    workcal_plan_release(&p);
    int64_t b = test_office_add(&f.o, "b");
    p = plan(&f, &f.chief, "date,kind,name\n2026-12-05,makeup-workday,年终\n", true);
    NO_ERR(take(&f, &f.chief, &p, &e), &e);
    workcal_plan_release(&p);
    const struct workdays *theirs;
    NO_ERR(workcal_get(f.o.db, &f.o.arena, b, &theirs, &e), &e);
    assert_true(workdays_is(now(&f), date_day(2026, 12, 5), NULL));
    assert_false(workdays_is(theirs, date_day(2026, 12, 5), NULL));
    NO_ERR(actor_load_login(f.o.db, &f.o.arena, b, STR("console"), date_day(2026, 11, 20), &second, &e), &e);
    struct workcal_office *offices;
    size_t n;
    NO_ERR(workcal_offices(f.o.db, &f.o.arena, &f.chief, false, &offices, &n, &e), &e);
    assert_int_equal(n, 2);
    assert_int_equal(offices[0].member_id, f.chief.member_id);
    assert_int_equal(offices[1].office_id, b);
    assert_int_equal(offices[1].member_id, second.member_id);
    test_office_close(&f.o);
}

static void a_year_in_spans(void **state)
{
    struct arena a = ARENA_INIT(0);
    size_t n;
    struct workcal_span *s = workcal_spans(workdays_official(), &a, 2026, &n);
    assert_int_equal(n, 13);                     /* seven festivals, six make-up days */
    assert_int_equal(s[0].days, 3);
    assert_true(s[1].works);
    assert_int_equal(s[3].first, date_day(2026, 2, 15));
    assert_int_equal(s[3].last, date_day(2026, 2, 23));
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twice_is_the_same), cmocka_unit_test(broken_changes_nothing), cmocka_unit_test(counted_moves),
        cmocka_unit_test(units_never_later), cmocka_unit_test(only_keepers_and_one_office), cmocka_unit_test(a_year_in_spans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
