/* Notes: who reads and writes them, whom they may mention, ten minutes, hostile texts; and following, which never shows what is out of sight. */
#include "../entry/fixture_test.h"

#include "office/notes/notes.h"
#include "store/journal.h"

static struct entry_office f;
static struct str number;

static int setup(void **state)
{
    memset(&f, 0, sizeof f);
    fixture_open(&f);
    number = fixture_register(&f, &f.officer, fixture_input());
    return 0;
}

static int teardown(void **state)
{
    test_office_close(&f.o);
    return 0;
}

enum task { ADD, EDIT, WITHDRAW, FOLLOW, UNFOLLOW, SEEN };
struct call { const struct actor *who; enum task task; struct note_draft draft; int64_t id; };

static bool call_fn(struct txn *t, void *args, struct err *err)
{
    struct call *c = args;
    t->actor_id = c->who->member_id;
    switch (c->task) {
    case ADD: return notes_add(t, c->who, &c->draft, &c->id, err);
    case EDIT: return notes_edit(t, c->who, c->id, c->draft.text, err);
    case WITHDRAW: return notes_withdraw(t, c->who, c->id, err);
    case SEEN: return notes_seen(t, c->who, number, err);
    default: return notes_follow(t, c->who, number, c->task == FOLLOW, err);
    }
}

static bool call(struct call *c, struct err *err)
{
    *err = (struct err){ 0 };
    c->draft.number = c->draft.number.p ? c->draft.number : number;
    return test_write(&f.o, call_fn, c, err);
}

static int64_t said(const struct actor *who, struct str text, bool internal)
{
    struct err e;
    struct call c = { who, ADD, { .text = text, .internal = internal } };
    NO_ERR(call(&c, &e), &e);
    return c.id;
}

static void refused(struct call c, enum err_kind kind, int msg)
{
    struct err e;
    struct journal_head before, after;
    NO_ERR(journal_head(f.o.db, f.o.id, &before, &e), &e);
    assert_false(call(&c, &e));
    assert_int_equal(e.kind, kind);
    assert_int_equal(e.msg, msg);
    NO_ERR(journal_head(f.o.db, f.o.id, &after, &e), &e);
    assert_int_equal(before.seq, after.seq);
}

static size_t reads(const struct actor *who, struct note **ret)
{
    struct err e;
    struct entry entry;
    size_t n;
    NO_ERR(entry_fetch(f.o.db, &f.o.arena, who, number, &entry, &e), &e);
    NO_ERR(notes_of(f.o.db, &f.o.arena, who, &entry, ret, &n, &e), &e);
    return n;
}

static void count_row(void *ctx, int64_t n, const void *bytes, size_t n_bytes) { *(int64_t *)ctx = n; }

/* What a member has not seen: of the entry itself (note_id = 0), or mentions. */
static int64_t news(const struct actor *who, const char *which)
{
    int64_t n = -1;
    char sql[160];
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM news WHERE member_id = %lld AND note_id %s", (long long)who->member_id, which);
    engine_each(f.o.url, sql, count_row, &n);
    return n;
}

static void whoever_sees_the_entry_reads_and_writes(void **state)
{
    struct err e;
    struct note *n;
    struct entry before, after;
    NO_ERR(entry_fetch(f.o.db, &f.o.arena, &f.chief, number, &before, &e), &e);
    said(&f.officer, STR("请单位\n尽快报来"), false);
    said(&f.liaison, STR("下午报送"), false);
    said(&f.officer, STR("材料质量一般"), true);
    assert_int_equal(reads(&f.chief, &n), 3);
    assert_true(str_eqc(n[0].text, "请单位\n尽快报来") && str_eqc(n[1].author, "商务局联络员") && n[2].internal);
    assert_int_equal(reads(&f.liaison, &n), 2);  /* the internal one exists for the section alone */
    NO_ERR(entry_fetch(f.o.db, &f.o.arena, &f.chief, number, &after, &e), &e);
    assert_int_equal(before.version, after.version);
    refused((struct call){ &f.stranger, ADD, { .text = STR("甲") } }, ERR_NOT_FOUND, M_ENTRY_NOT_FOUND);
    refused((struct call){ &f.admin, ADD, { .text = STR("甲") } }, ERR_NOT_FOUND, M_ENTRY_NOT_FOUND);
    refused((struct call){ &f.liaison, ADD, { .text = STR("甲"), .internal = true } }, ERR_DENIED, M_NOTES_INTERNAL_DENIED);
}

static void mentions_reach_only_those_who_see(void **state)
{
    said(&f.officer, STR("@张科长请看；@shang 请补正，抄zhang@example.cn，＠ 空着，＠张科长 再看"), false);
    assert_int_equal(news(&f.chief, "> 0"), 1);
    assert_int_equal(news(&f.liaison, "> 0"), 1);
    said(&f.officer, STR("@li 自己记一下"), false);
    assert_int_equal(news(&f.officer, "> 0"), 0);
    refused((struct call){ &f.officer, ADD, { .text = STR("@科技局联络员 请看") } }, ERR_INPUT, M_NOTES_BLIND);
    refused((struct call){ &f.officer, ADD, { .text = STR("@ke, 请看") } }, ERR_INPUT, M_NOTES_BLIND);
    refused((struct call){ &f.officer, ADD, { .text = STR("@系统管理员 请看") } }, ERR_INPUT, M_NOTES_BLIND);
    refused((struct call){ &f.officer, ADD, { .text = STR("@console 请看") } }, ERR_INPUT, M_NOTES_NOBODY);
    refused((struct call){ &f.officer, ADD, { .text = STR("@王某某，请看") } }, ERR_INPUT, M_NOTES_NOBODY);
    refused((struct call){ &f.officer, ADD, { .text = STR("@商务局联络员 别外传"), .internal = true } }, ERR_INPUT, M_NOTES_BLIND_INTERNAL);
    struct str chosen[] = { STR("张科长"), STR("li") };
    struct err e;
    struct note *n;
    struct call c = { &f.liaison, ADD, { .text = STR("请科长审定 @li"), .chosen = chosen, .n_chosen = 2 } };
    NO_ERR(call(&c, &e), &e);
    reads(&f.liaison, &n);
    assert_true(str_eqc(n[2].text, "@张科长 请科长审定 @li"));
    assert_int_equal(news(&f.officer, "> 0"), 1);
}

static void ten_minutes_and_a_trace(void **state)
{
    struct err e;
    struct note *n;
    int64_t id = said(&f.officer, STR("@张科长 请看"), false);
    struct call edit = { &f.officer, EDIT, { .text = STR("@shang 请看") }, id }, gone = { &f.chief, WITHDRAW, .id = id };
    sim_clock_set(&f.o.clock, TEST_NOW + NOTE_EDIT_MS - 1);
    NO_ERR(call(&edit, &e), &e);
    assert_int_equal(news(&f.chief, "> 0"), 0);  /* not mentioned any more */
    assert_int_equal(news(&f.liaison, "> 0"), 1);
    refused((struct call){ &f.chief, EDIT, { .text = STR("改") }, id }, ERR_DENIED, M_NOTES_NOT_YOURS);
    refused((struct call){ &f.liaison, WITHDRAW, .id = id }, ERR_DENIED, M_NOTES_NOT_YOURS);
    refused((struct call){ &f.stranger, WITHDRAW, .id = id }, ERR_NOT_FOUND, M_NOTES_NOT_FOUND);
    sim_clock_set(&f.o.clock, TEST_NOW + NOTE_EDIT_MS);
    refused(edit, ERR_CONFLICT, M_NOTES_TOO_LATE);
    NO_ERR(call(&gone, &e), &e);
    assert_int_equal(reads(&f.liaison, &n), 1);
    assert_true(n[0].withdrawn_at != INSTANT_NONE && n[0].text.n == 0 && str_eqc(n[0].withdrawer, "张科长"));
    assert_int_equal(news(&f.liaison, "> 0"), 0);
    refused(gone, ERR_CONFLICT, M_NOTES_GONE);
    int64_t internal = said(&f.officer, STR("内部"), true);
    refused((struct call){ &f.liaison, WITHDRAW, .id = internal }, ERR_NOT_FOUND, M_NOTES_NOT_FOUND);
}

static struct str repeated(const char *what, int n)
{
    struct str s = STR("");
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    for (int i = 0; i < n; i++)
        buf_c(&b, what);
    s = arena_str(&f.o.arena, buf_view(&b));
    return s;
}

static void hostile_texts(void **state)
{
    struct note *n;
    said(&f.officer, repeated("😀", NOTE_CHARS), false);
    said(&f.officer, STR("<script>alert('x')</script> \"&lt;\" '; DROP TABLE note; --"), false);
    assert_int_equal(reads(&f.liaison, &n), 2);
    assert_int_equal(n[0].text.n, 4 * NOTE_CHARS);
    refused((struct call){ &f.officer, ADD, { .text = repeated("😀", NOTE_CHARS + 1) } }, ERR_INPUT, M_ENTRY_TOO_LONG);
    refused((struct call){ &f.officer, ADD, { .text = STR("反\xE2\x80\xAEtxt") } }, ERR_INPUT, M_ENTRY_CONTROL_CHARACTER);    /* RIGHT-TO-LEFT OVERRIDE */
    refused((struct call){ &f.officer, ADD, { .text = STR("\x07") } }, ERR_INPUT, M_ENTRY_CONTROL_CHARACTER);
    refused((struct call){ &f.officer, ADD, { .text = STR("\xFF\xFE") } }, ERR_INPUT, M_ENTRY_BAD_UTF8);
    refused((struct call){ &f.officer, ADD, { .text = STR(" \n\t") } }, ERR_INPUT, M_ENTRY_MISSING);
    refused((struct call){ &f.officer, ADD, { .text = STR("附件：机密★1年") } }, ERR_INPUT, M_ENTRY_SECRET);
    refused((struct call){ &f.officer, ADD, { .text = repeated("@", NOTE_CHARS + 1) } }, ERR_INPUT, M_ENTRY_TOO_LONG);
    said(&f.officer, repeated("@", NOTE_CHARS), false);      /* signs that name nobody */
}

static void followers_hear_of_changes(void **state)
{
    struct err e;
    struct call follow = { &f.chief, FOLLOW }, seen = { &f.chief, SEEN }, end = { &f.chief, UNFOLLOW };
    struct journal_head a, b;
    NO_ERR(call(&follow, &e), &e);
    NO_ERR(journal_head(f.o.db, f.o.id, &a, &e), &e);
    NO_ERR(call(&follow, &e), &e);               /* nothing new */
    NO_ERR(journal_head(f.o.db, f.o.id, &b, &e), &e);
    assert_int_equal(a.seq, b.seq);
    fixture_act(&f, &f.chief, number, VERB_URGE, (struct entry_input){ .text = STR("请抓紧") });
    assert_int_equal(news(&f.chief, "= 0"), 0);  /* one's own act */
    fixture_act(&f, &f.liaison, number, VERB_ACCEPT, (struct entry_input){ 0 });
    fixture_act(&f, &f.liaison, number, VERB_FEEDBACK, (struct entry_input){ .text = STR("正在办理") });
    assert_int_equal(news(&f.chief, "= 0"), 1);
    NO_ERR(call(&seen, &e), &e);
    assert_int_equal(news(&f.chief, "= 0"), 0);
    fixture_act(&f, &f.officer, number, VERB_URGE, (struct entry_input){ .text = STR("再催") });
    assert_int_equal(news(&f.chief, "= 0"), 1);
    NO_ERR(call(&end, &e), &e);
    assert_int_equal(news(&f.chief, "= 0"), 0);
    fixture_act(&f, &f.officer, number, VERB_URGE, (struct entry_input){ .text = STR("三催") });
    assert_int_equal(news(&f.chief, "= 0"), 0);
    refused((struct call){ &f.stranger, FOLLOW }, ERR_NOT_FOUND, M_ENTRY_NOT_FOUND);
    refused((struct call){ &f.admin, FOLLOW }, ERR_NOT_FOUND, M_ENTRY_NOT_FOUND);
}

/* A unit that loses the matter is told nothing of it, not even that it lost it. */
static void out_of_sight_is_out_of_mind(void **state)
{
    struct err e;
    struct call follow = { &f.liaison, FOLLOW };
    int64_t n = -1;
    NO_ERR(call(&follow, &e), &e);
    said(&f.officer, STR("@shang 请看"), false);
    fixture_act(&f, &f.officer, number, VERB_ASSIGN, (struct entry_input){ .lead_unit = STR("市科技局") });
    engine_each(f.o.url, "SELECT COUNT(*) FROM follow", count_row, &n);
    assert_int_equal(n, 0);
    assert_int_equal(news(&f.liaison, ">= 0"), 0);
    fixture_act(&f, &f.stranger, number, VERB_ACCEPT, (struct entry_input){ 0 });
    assert_int_equal(news(&f.liaison, ">= 0"), 0);
}

struct seat { int64_t member, party, of; };
static bool seat_fn(struct txn *t, void *args, struct err *err)
{
    const struct seat *s = args;
    return member_seat_add(t, s->member, s->party, s->of, t->today, t->today, err);
}

/* A deputy may be mentioned as long as the seat lasts, and what he writes bears both names. */
static void a_deputy_is_reached_for_a_day(void **state)
{
    struct err e;
    struct note *n;
    struct seat s = { f.stranger.member_id, f.liaison.home_id, f.liaison.member_id };
    NO_ERR(test_write(&f.o, seat_fn, &s, &e), &e);
    said(&f.officer, STR("@ke 请看"), false);
    fixture_actor(&f, &f.stranger, "ke");
    said(&f.stranger, STR("收到"), false);
    reads(&f.chief, &n);
    assert_true(str_eqc(n[1].author, "科技局联络员（代商务局联络员）"));
    sim_clock_set(&f.o.clock, TEST_NOW + 24 * 3600 * 1000);
    refused((struct call){ &f.officer, ADD, { .text = STR("@ke 请看") } }, ERR_INPUT, M_NOTES_BLIND);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(whoever_sees_the_entry_reads_and_writes), T(mentions_reach_only_those_who_see), T(ten_minutes_and_a_trace), T(hostile_texts),
        T(followers_hear_of_changes), T(out_of_sight_is_out_of_mind), T(a_deputy_is_reached_for_a_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
