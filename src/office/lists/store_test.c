/* Lists, their columns and values, views, and one act on many: for the section, for others, and when two do it at once. */
#include "../entry/fixture_test.h"

#include "office/lists/inside.h"
#include "store/journal.h"

static struct entry_office f;

/* One write by somebody, made of the calls of a block. */
struct by { const struct actor *who; bool (*fn)(struct txn *t, const struct actor *who, void *args, struct err *err); void *args; };

static bool run(struct txn *t, void *args, struct err *err)
{
    struct by *b = args;
    return b->fn(t, b->who, b->args, err);
}

static bool as(const struct actor *who, bool (*fn)(struct txn *, const struct actor *, void *, struct err *), void *args, struct err *err)
{
    struct by b = { who, fn, args };
    *err = (struct err){ 0 };
    return store_write_wait(f.o.store, f.o.id, who->member_id, run, &b, err);
}

struct want {
    struct str name, query, value;
    int64_t id, column;
    enum list_type type;
    struct list_change change;
    struct view_change view;
    bool shared, start, partial;
    struct bulk_order *order;
    struct bulk_done done;
    size_t n;
};

static bool fn_add(struct txn *t, const struct actor *who, void *a, struct err *err)
{
    struct want *w = a;
    return list_add(t, who, w->name, w->query, &w->id, err);
}
static bool fn_change(struct txn *t, const struct actor *who, void *a, struct err *err) { return list_change(t, who, ((struct want *)a)->id, &((struct want *)a)->change, err); }
static bool fn_column(struct txn *t, const struct actor *who, void *a, struct err *err)
{
    struct want *w = a;
    return list_column_add(t, who, w->id, w->name, w->type, w->value, &w->column, err);
}
static bool fn_column_change(struct txn *t, const struct actor *who, void *a, struct err *err)
{
    struct want *w = a;
    return list_column_change(t, who, w->id, w->column, &w->change, err);
}
static bool fn_view(struct txn *t, const struct actor *who, void *a, struct err *err)
{
    struct want *w = a;
    return view_add(t, who, w->name, w->query, w->shared, w->start, &w->id, err);
}
static bool fn_view_change(struct txn *t, const struct actor *who, void *a, struct err *err) { return view_change(t, who, ((struct want *)a)->id, &((struct want *)a)->view, err); }
static bool fn_bulk(struct txn *t, const struct actor *who, void *a, struct err *err)
{
    struct want *w = a;
    return bulk_take(t, who, w->order, w->partial, &w->done, err);
}
static bool fn_undo(struct txn *t, const struct actor *who, void *a, struct err *err) { return bulk_undo(t, who, ((struct want *)a)->done.id, &((struct want *)a)->n, err); }
static bool fn_value(struct txn *t, const struct actor *who, void *a, struct err *err)
{
    struct want *w = a;
    struct list_def l;
    struct list_said said = { .value = w->value };
    return list_find(t->db, t->arena, t->office_id, arena_printf(t->arena, "%lld", (long long)w->id), &l, err) &&
           list_column_find(t->db, t->arena, t->office_id, l.id, arena_printf(t->arena, "%lld", (long long)w->column), &said.column, err) &&
           list_values_set(t, who, &l, w->name, &said, 1, err);
}

#define DO(who, fn, w) do { struct err e_; NO_ERR(as((who), (fn), (w), &e_), &e_); } while (0)
static int refusal(const struct actor *who, bool (*fn)(struct txn *, const struct actor *, void *, struct err *), struct want *w)
{
    struct err e;
    assert_false(as(who, fn, w, &e));
    return e.msg;
}

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

static struct list_def list_named(const char *name)
{
    struct list_def l;
    struct err e;
    NO_ERR(list_find(f.o.db, &f.o.arena, f.o.id, str_c(name), &l, &e), &e);
    return l;
}

static struct entry entry_now(struct str number)
{
    struct entry e;
    struct err err;
    NO_ERR(entry_fetch(f.o.db, &f.o.arena, &f.officer, number, &e, &err), &err);
    return e;
}

static struct str value_now(int64_t list_id, int64_t column_id, struct str number)
{
    struct list_column c = { .id = column_id };
    struct str v;
    struct err e;
    NO_ERR(list_values(f.o.db, &f.o.arena, f.o.id, list_id, entry_now(number).id, &c, 1, &v, &e), &e);
    return v;
}

static int64_t lines_of_journal(void)
{
    struct journal_head h;
    struct err e;
    NO_ERR(journal_head(f.o.db, f.o.id, &h, &e), &e);
    return h.seq;
}

/* --- lists ------------------------------------------------------------------------------------------------------------------------ */

static void lists_are_kept_by_the_section(void **state)
{
    struct want w = { .name = STR("督办清单") };
    DO(&f.officer, fn_add, &w);
    assert_int_equal(refusal(&f.officer, fn_add, &w), M_ENTRY_LIST_TAKEN);
    assert_int_equal(refusal(&f.liaison, fn_add, &(struct want){ .name = STR("甲") }), M_LISTS_SECTION_ONLY);
    assert_int_equal(refusal(&f.leader, fn_add, &(struct want){ .name = STR("甲") }), M_LISTS_SECTION_ONLY);
    assert_int_equal(refusal(&f.officer, fn_add, &(struct want){ .name = STR("  ") }), M_ENTRY_MISSING);
    assert_int_equal(refusal(&f.officer, fn_add, &(struct want){ .name = STR("绝密★") }), M_ENTRY_SECRET);
    w.change = (struct list_change){ .name = STR("督办事项"), .active = -1 };
    DO(&f.officer, fn_change, &w);
    assert_int_equal(list_named("督办事项").id, w.id);
    assert_int_equal(refusal(&f.liaison, fn_change, &w), M_LISTS_SECTION_ONLY);
    struct want other = { .id = 999999, .change = { .active = 0 } };
    assert_int_equal(refusal(&f.officer, fn_change, &other), M_LISTS_NOT_FOUND);
}

static void order_is_by_hand(void **state)
{
    struct list_def *l;
    size_t n;
    struct err e;
    NO_ERR(list_all(f.o.db, &f.o.arena, f.o.id, &l, &n, &e), &e);
    struct want w = { .id = l[n - 1].id, .change = { .step = -1, .active = -1 } };
    int64_t last = l[n - 1].id, before = l[n - 2].id;
    DO(&f.officer, fn_change, &w);
    NO_ERR(list_all(f.o.db, &f.o.arena, f.o.id, &l, &n, &e), &e);
    assert_true(l[n - 2].id == last && l[n - 1].id == before);
    w.id = l[0].id;
    int64_t seq = lines_of_journal();
    DO(&f.officer, fn_change, &w);               /* the first moves no further */
    assert_int_equal(lines_of_journal(), seq);
}

static void retired_lists_keep_what_they_hold(void **state)
{
    struct entry_input in = fixture_input();
    in.lists = STR("重点工作;年度安排");
    struct str n = fixture_register(&f, &f.officer, in);
    struct want w = { .id = list_named("年度安排").id, .change = { .active = 0 } };
    DO(&f.officer, fn_change, &w);
    struct entry_listdef *defs;
    size_t count;
    struct err e;
    NO_ERR(entry_lists(f.o.db, &f.o.arena, f.o.id, &defs, &count, &e), &e);
    for (size_t i = 0; i < count; i++)
        assert_false(str_eqc(defs[i].name, "年度安排"));
    fixture_act(&f, &f.officer, n, VERB_AMEND, (struct entry_input){ .lists = STR(""), .text = STR("移出重点") });
    assert_int_equal(entry_now(n).n_lists, 1);   /* what a form cannot show, it does not take away */
    w.change.active = 1;
    DO(&f.officer, fn_change, &w);
    assert_int_equal(entry_now(n).lists[0], w.id);
}

static void by_hand_or_by_query(void **state)
{
    struct want w = { .name = STR("逾期"), .query = STR("due=overdue") }, hand = { .id = list_named("重点工作").id, .change = { .query = STR("state=open"), .active = -1 } };
    DO(&f.officer, fn_add, &w);
    struct entry_input in = fixture_input();
    in.lists = STR("重点工作");
    struct str n = fixture_register(&f, &f.officer, in);
    assert_int_equal(refusal(&f.officer, fn_change, &hand), M_LISTS_HAS_MEMBERS);
    assert_int_equal(refusal(&f.officer, fn_add, &(struct want){ .name = STR("坏"), .query = STR("due=soon") }), M_LIST_BAD_FILTER);
    struct bulk_order o = { .what = BULK_LIST_ADD, .value = STR("逾期"), .text = STR(""), .number = &n, .version = (int64_t[1]){ 0 }, .n = 1 };
    assert_int_equal(refusal(&f.officer, fn_bulk, &(struct want){ .order = &o }), M_LISTS_IS_BY_QUERY);
    struct err e = fixture_refused(&f, &f.officer, n, VERB_AMEND, (struct entry_input){ .lists = STR("逾期") });
    assert_int_equal(e.msg, M_ENTRY_UNKNOWN_LIST);
}

static void counts_are_what_one_sees(void **state)
{
    struct entry_input in = fixture_input();
    in.lists = STR("重点工作");
    in.received = STR("2022-05-05");
    in.deadline = STR("2022-05-08");
    struct str late = fixture_register(&f, &f.officer, in);
    in.lead_unit = STR("本科室");
    struct str own = fixture_register(&f, &f.officer, in);
    fixture_act(&f, &f.officer, own, VERB_SETTLE, (struct entry_input){ 0 });
    struct list_def l = list_named("重点工作");
    struct list_count c, theirs;
    struct err e;
    struct entry_when when = list_when(f.o.db, &f.o.arena, f.o.id, TEST_NOW, instant_day(TEST_NOW));
    NO_ERR(list_counts(f.o.db, &f.o.arena, &f.officer, &when, &l, 1, &c, &e), &e);
    NO_ERR(list_counts(f.o.db, &f.o.arena, &f.stranger, &when, &l, 1, &theirs, &e), &e);
    assert_true(c.open >= 1 && c.overdue == 1 && c.settled == 1);
    assert_true(theirs.open == 0 && theirs.overdue == 0 && theirs.settled == 0);
    assert_int_equal(entry_now(late).n_lists, 1);
}

/* --- columns and values ------------------------------------------------------------------------------------------------------------------- */

static void values_fit_their_columns(void **state)
{
    static const struct { enum list_type type; const char *in, *out; } GOOD[] = {
        { LIST_NUMBER, "1,234.50", "1234.50" }, { LIST_NUMBER, "-3", "-3" }, { LIST_NUMBER, " 12 ", "12" }, { LIST_DAY, "2022年5月9日", "2022-05-09" },
        { LIST_DAY, "2022-5-9", "2022-05-09" }, { LIST_CHOICE, "乙", "乙" }, { LIST_TEXT, "见附件", "见附件" }, { LIST_TEXT, "", "" },
    }, BAD[] = {
        { LIST_NUMBER, "十二", "" }, { LIST_NUMBER, "1.", "" }, { LIST_NUMBER, ".5", "" }, { LIST_NUMBER, "1e9", "" }, { LIST_NUMBER, "1234567890123456", "" },
        { LIST_DAY, "5月9日", "" }, { LIST_DAY, "2022-02-30", "" }, { LIST_DAY, "2022-05-09 18:00", "" }, { LIST_CHOICE, "丁", "" }, { LIST_CHOICE, "甲;乙", "" },
        { LIST_TEXT, "机密★1年", "" }, { LIST_TEXT, "两\n行", "" },
    };
    struct str out;
    struct err e;
    for (size_t i = 0; i < ARRAY_LEN(GOOD); i++) {
        struct list_column c = { .name = STR("栏"), .type = GOOD[i].type, .choices = STR("甲;乙") };
        NO_ERR(list_value_check(&c, str_c(GOOD[i].in), &f.o.arena, &out, &e), &e);
        assert_true(str_eqc(out, GOOD[i].out));
    }
    for (size_t i = 0; i < ARRAY_LEN(BAD); i++) {
        struct list_column c = { .name = STR("栏"), .type = BAD[i].type, .choices = STR("甲;乙") };
        if (list_value_check(&c, str_c(BAD[i].in), &f.o.arena, &out, &e))
            fail_msg("%s", BAD[i].in);
        assert_int_equal(e.kind, ERR_INPUT);
    }
}

static void columns_and_values(void **state)
{
    struct want w = { .id = list_named("重点工作").id, .name = STR("完成比例"), .type = LIST_NUMBER, .value = STR("") };
    DO(&f.officer, fn_column, &w);
    int64_t number = w.column;
    assert_int_equal(refusal(&f.officer, fn_column, &w), M_LISTS_COLUMN_TAKEN);
    w = (struct want){ .id = w.id, .name = STR("方式"), .type = LIST_CHOICE, .value = STR(" 调度；督办、; ") };
    DO(&f.officer, fn_column, &w);
    w.name = STR("无选项");
    w.value = STR("；");
    assert_int_equal(refusal(&f.officer, fn_column, &w), M_LISTS_CHOICES_MISSING);
    assert_int_equal(refusal(&f.liaison, fn_column, &w), M_LISTS_SECTION_ONLY);
    struct entry_input in = fixture_input();
    in.lists = STR("重点工作");
    struct str n = fixture_register(&f, &f.officer, in);
    in.lists = STR_NULL;
    struct str off = fixture_register(&f, &f.officer, in);
    int64_t seq = lines_of_journal();
    struct want v = { .id = w.id, .column = number, .name = n, .value = STR("35") };
    DO(&f.officer, fn_value, &v);
    assert_true(str_eqc(value_now(w.id, number, n), "35"));
    assert_int_equal(lines_of_journal(), seq + 1);
    DO(&f.officer, fn_value, &v);                /* the same again is no change */
    assert_int_equal(lines_of_journal(), seq + 1);
    struct journal_line *j;
    size_t m;
    struct err e;
    NO_ERR(journal_read(f.o.db, &f.o.arena, f.o.id, seq, 5, &j, &m, &e), &e);
    assert_true(m == 1 && str_eqc(j[0].entity, "list_value") && j[0].entity_id == entry_now(n).id);
    assert_true(str_find(j[0].before, STR("\"value\":null")) > 0 && str_find(j[0].after, STR("\"column\":\"完成比例\"")) > 0 && str_find(j[0].after, STR("\"value\":\"35\"")) > 0);
    assert_int_equal(refusal(&f.liaison, fn_value, &v), M_LISTS_SECTION_ONLY);
    v.name = off;
    assert_int_equal(refusal(&f.officer, fn_value, &v), M_LISTS_NOT_ON);
    v.name = STR("文2022-9999");
    assert_int_equal(refusal(&f.officer, fn_value, &v), M_ENTRY_NOT_FOUND);
    v.name = n;
    v.value = STR("三成");
    assert_int_equal(refusal(&f.officer, fn_value, &v), M_LISTS_NOT_NUMBER);
    struct want retire = { .id = w.id, .column = number, .change = { .active = 0 } };
    DO(&f.officer, fn_column_change, &retire);
    assert_true(str_eqc(value_now(w.id, number, n), "35"));
    retire.change.active = 1;
    DO(&f.officer, fn_column_change, &retire);
    fixture_act(&f, &f.officer, n, VERB_AMEND, (struct entry_input){ .lists = STR("") });
    assert_true(str_eqc(value_now(w.id, number, n), "35"));      /* and off the list it is kept too */
}

/* --- views ------------------------------------------------------------------------------------------------------------------------------------ */

static size_t views_of(const struct actor *who, struct saved_view **v)
{
    size_t n;
    struct err e;
    NO_ERR(view_all(f.o.db, &f.o.arena, who, false, v, &n, &e), &e);
    return n;
}

static void views(void **state)
{
    struct saved_view *v;
    struct want mine = { .name = STR("我的在办"), .query = STR("state=open"), .start = true }, ours = { .name = STR("全科逾期"), .query = STR("due=overdue"), .shared = true };
    DO(&f.officer, fn_view, &mine);
    DO(&f.officer, fn_view, &ours);
    assert_int_equal(views_of(&f.officer, &v), 2);
    assert_int_equal(views_of(&f.chief, &v), 1);
    assert_true(str_eqc(v[0].name, "全科逾期") && v[0].may_change);
    assert_int_equal(views_of(&f.liaison, &v), 0);
    struct want theirs = { .name = STR("我局的"), .query = STR("state=open"), .shared = true };
    assert_int_equal(refusal(&f.liaison, fn_view, &theirs), M_LISTS_SECTION_ONLY);
    theirs.shared = false;
    DO(&f.liaison, fn_view, &theirs);
    assert_int_equal(refusal(&f.officer, fn_view, &mine), M_LISTS_VIEW_TAKEN);
    assert_int_equal(refusal(&f.officer, fn_view, &(struct want){ .name = STR("坏"), .query = STR("state=x") }), M_ENTRY_UNKNOWN_STATE);
    theirs.view = (struct view_change){ .name = STR("抢来"), .shared = -1, .start = -1, .active = -1 };
    assert_int_equal(refusal(&f.officer, fn_view_change, &theirs), M_LISTS_NO_VIEW);
    struct want start = { .name = STR("按时限"), .query = STR("sort=due"), .start = true };
    DO(&f.officer, fn_view, &start);
    int starts = 0;
    for (size_t i = 0, n = views_of(&f.officer, &v); i < n; i++)
        starts += v[i].start;
    assert_int_equal(starts, 1);
    mine.view = (struct view_change){ .shared = -1, .start = -1, .active = 0 };
    DO(&f.officer, fn_view_change, &mine);
    assert_int_equal(views_of(&f.officer, &v), 2);
    mine.view.active = 1;
    DO(&f.officer, fn_view_change, &mine);
    assert_int_equal(views_of(&f.officer, &v), 3);
}

/* --- one act on many --------------------------------------------------------------------------------------------------------------------------- */

enum { MANY = 5 };
static struct str many[MANY];
static int64_t seen[MANY];

static void make_many(struct bulk_order *o, enum bulk_what what, const char *value)
{
    for (int i = 0; i < MANY; i++) {
        many[i] = fixture_register(&f, &f.officer, fixture_input());
        seen[i] = 0;
    }
    *o = (struct bulk_order){ .what = what, .value = str_c(value), .text = STR(""), .number = many, .version = seen, .n = MANY };
}

static void whole_or_not_at_all(void **state)
{
    struct bulk_order o;
    make_many(&o, BULK_OFFICER, "zhang");
    fixture_act(&f, &f.chief, many[2], VERB_WITHDRAW, (struct entry_input){ .text = STR("不再办理") });
    struct want w = { .order = &o };
    int64_t seq = lines_of_journal();
    assert_int_equal(refusal(&f.officer, fn_bulk, &w), M_BULK_REFUSED);
    assert_int_equal(lines_of_journal(), seq);
    w.partial = true;
    DO(&f.officer, fn_bulk, &w);
    assert_int_equal(w.done.n, MANY - 1);
    assert_int_equal(lines_of_journal(), seq + MANY);      /* one for each entry, and one for the bulk edit */
    for (int i = 0; i < MANY; i++)
        assert_int_equal(entry_now(many[i]).officer_id, i == 2 ? f.officer.member_id : f.chief.member_id);
    struct act *acts;
    size_t n;
    struct entry e = entry_now(many[0]);
    struct err err;
    NO_ERR(entry_history(f.o.db, &f.o.arena, &f.officer, &e, &acts, &n, &err), &err);
    assert_true(n == 2 && acts[1].verb == VERB_AMEND && str_find(acts[1].change, STR("张科长")) > 0);
}

static void an_order_is_checked(void **state)
{
    struct bulk_order o;
    make_many(&o, BULK_URGENCY, "加急");
    struct want w = { .order = &o };
    assert_int_equal(refusal(&f.liaison, fn_bulk, &w), M_LISTS_SECTION_ONLY);
    assert_int_equal(refusal(&f.leader, fn_bulk, &w), M_LISTS_SECTION_ONLY);
    many[1] = many[0];
    assert_int_equal(refusal(&f.officer, fn_bulk, &w), M_BULK_TWICE);
    many[1] = STR("文2022-9999");
    assert_int_equal(refusal(&f.officer, fn_bulk, &w), M_BULK_REFUSED);
    o.n = 0;
    assert_int_equal(refusal(&f.officer, fn_bulk, &w), M_BULK_NONE);
    o.n = BULK_MAX + 1;
    assert_int_equal(refusal(&f.officer, fn_bulk, &w), M_BULK_TOO_MANY);
}

static void what_changed_meanwhile_is_refused(void **state)
{
    struct bulk_order o;
    make_many(&o, BULK_PROGRESS, "滞后");
    for (int i = 0; i < MANY; i++)
        seen[i] = 1;
    fixture_act(&f, &f.chief, many[3], VERB_URGE, (struct entry_input){ .text = STR("请抓紧") });
    struct want w = { .order = &o };
    assert_int_equal(refusal(&f.officer, fn_bulk, &w), M_BULK_REFUSED);
    seen[3] = 2;
    DO(&f.officer, fn_bulk, &w);
    assert_true(str_eqc(entry_now(many[3]).progress, "滞后"));
}

/* Every act that can be put back, put back: fields as before, versions on. */
static void undone(void **state)
{
    static const struct { enum bulk_what what; const char *value, *text; } ACTS[] = {
        { BULK_OFFICER, "zhang", "" }, { BULK_LEADER, "分管副市长", "" }, { BULK_LIST_ADD, "重点工作", "" }, { BULK_URGENCY, "特急", "" }, { BULK_PROGRESS, "滞后", "" },
        { BULK_EXTEND, "2022-06-30", "材料未齐" }, { BULK_ASSIST, "市财政局", "" },
    };
    for (size_t k = 0; k < ARRAY_LEN(ACTS); k++) {
        struct bulk_order o;
        make_many(&o, ACTS[k].what, ACTS[k].value);
        o.text = str_c(ACTS[k].text);
        struct entry before = entry_now(many[1]);
        struct want w = { .order = &o };
        DO(&f.officer, fn_bulk, &w);
        assert_true(w.done.may_undo);
        assert_int_equal(refusal(&f.liaison, fn_undo, &w), M_LISTS_SECTION_ONLY);
        DO(&f.officer, fn_undo, &w);
        assert_int_equal(w.n, MANY);
        struct entry e = entry_now(many[1]);
        assert_true(e.officer_id == before.officer_id && e.leader_id == before.leader_id && e.n_lists == before.n_lists && str_eq(e.urgency, before.urgency) &&
                    str_eq(e.progress, before.progress) && e.due == before.due && e.n_assists == before.n_assists && e.version == before.version + 2);
        assert_int_equal(refusal(&f.officer, fn_undo, &w), M_BULK_UNDONE_ALREADY);
    }
}

static void undoing_has_limits(void **state)
{
    struct bulk_order o;
    make_many(&o, BULK_URGENCY, "特急");
    struct want w = { .order = &o };
    DO(&f.officer, fn_bulk, &w);
    fixture_act(&f, &f.chief, many[4], VERB_AMEND, (struct entry_input){ .urgency = STR("加急") });
    int64_t seq = lines_of_journal();
    assert_int_equal(refusal(&f.officer, fn_undo, &w), M_ENTRY_CHANGED_MEANWHILE);
    assert_int_equal(lines_of_journal(), seq);
    make_many(&o, BULK_URGE, "");
    o.text = STR("请抓紧");
    DO(&f.officer, fn_bulk, &w);
    assert_int_equal(refusal(&f.officer, fn_undo, &w), M_BULK_NO_UNDO);
    w.done.id = 1;
    assert_int_equal(refusal(&f.officer, fn_undo, &w), M_BULK_NOT_FOUND);
    make_many(&o, BULK_URGENCY, "特急");
    DO(&f.officer, fn_bulk, &w);
    sim_clock_set(&f.o.clock, TEST_NOW + INT64_C(86400000));
    assert_int_equal(refusal(&f.officer, fn_undo, &w), M_BULK_TOO_LATE);
    sim_clock_set(&f.o.clock, TEST_NOW);
}

static void a_column_for_many(void **state)
{
    struct bulk_order o;
    struct want c = { .id = list_named("重点工作").id, .name = STR("批次"), .type = LIST_TEXT, .value = STR("") };
    DO(&f.officer, fn_column, &c);
    make_many(&o, BULK_LIST_ADD, "重点工作");
    struct want w = { .order = &o };
    DO(&f.officer, fn_bulk, &w);
    o = (struct bulk_order){ .what = BULK_COLUMN, .list = STR("重点工作"), .column = STR("批次"), .value = STR("第一批"), .text = STR(""), .number = many, .version = seen,
                             .n = MANY };
    DO(&f.officer, fn_bulk, &w);
    for (int i = 0; i < MANY; i++)
        assert_true(str_eqc(value_now(c.id, c.column, many[i]), "第一批"));
    struct want v = { .id = c.id, .column = c.column, .name = many[0], .value = STR("第二批") };
    DO(&f.officer, fn_value, &v);
    assert_int_equal(refusal(&f.officer, fn_undo, &w), M_ENTRY_CHANGED_MEANWHILE);
    v.value = STR("第一批");
    DO(&f.officer, fn_value, &v);
    DO(&f.officer, fn_undo, &w);
    for (int i = 0; i < MANY; i++)
        assert_null(value_now(c.id, c.column, many[i]).p);
    o.what = BULK_SETTLE;
    o.value = STR("办结");
    assert_int_equal(refusal(&f.officer, fn_bulk, &w), M_BULK_REFUSED);      /* they wait for their unit */
}

static void the_chain_holds(void **state)
{
    struct journal_head h;
    struct err e;
    NO_ERR(journal_verify(f.o.db, f.o.id, NULL, NULL, &h, &e), &e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_kept_by_the_section), cmocka_unit_test(order_is_by_hand), cmocka_unit_test(retired_lists_keep_what_they_hold),
        cmocka_unit_test(by_hand_or_by_query), cmocka_unit_test(counts_are_what_one_sees), cmocka_unit_test(values_fit_their_columns),
        cmocka_unit_test(columns_and_values), cmocka_unit_test(views), cmocka_unit_test(whole_or_not_at_all), cmocka_unit_test(an_order_is_checked),
        cmocka_unit_test(what_changed_meanwhile_is_refused), cmocka_unit_test(undone), cmocka_unit_test(undoing_has_limits), cmocka_unit_test(a_column_for_many),
        cmocka_unit_test(the_chain_holds),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
