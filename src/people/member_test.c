#include "office.h"

#include "messages.h"
#include "store/journal.h"
#include "store/seal.h"

static struct test_office o;

static int setup(void **state)
{
    test_office_open(&o);
    return 0;
}

static int teardown(void **state)
{
    test_office_close(&o);
    return 0;
}

enum { MINUTE = 60 * 1000 };

/* --- members ------------------------------------------------------------------------------------------------------------- */

static void an_officer_sits_at_home(void **state)
{
    struct err e;
    struct actor ac;
    int64_t id = test_member_add(&o, "li", "李科员", "officer", "", STR_NULL);
    NO_ERR(actor_load_login(o.db, &o.arena, o.id, STR("li"), instant_day(TEST_NOW), &ac, &e), &e);
    assert_int_equal(ac.member_id, id);
    assert_int_equal(ac.section_id, o.console.section_id);
    assert_int_equal(ac.n_parties, 2);
    assert_true(actor_has_party(&ac, ac.party_id) && actor_has_party(&ac, ac.home_id));
    test_member_add(&o, "sys", "管理员", "系统管理员", "秘书五科", STR_NULL);
    NO_ERR(actor_load_login(o.db, &o.arena, o.id, STR("sys"), instant_day(TEST_NOW), &ac, &e), &e);
    assert_int_equal(ac.n_parties, 1);           /* sees no entries of the section */
    assert_int_equal(ac.section_id, 0);
    assert_false(actor_load_login(o.db, &o.arena, o.id, STR("nobody"), 0, &ac, &e));
    assert_int_equal(e.kind, ERR_NOT_FOUND);
}

static void bad_drafts_write_nothing(void **state)
{
    struct { struct member_draft d; enum err_kind kind; const char *field; } bad[] = {
        { { STR("Li"), STR("李科员"), STR("officer"), STR(""), STR_NULL, STR_NULL }, ERR_INPUT, "login" },
        { { STR(""), STR("李科员"), STR("officer"), STR(""), STR_NULL, STR_NULL }, ERR_INPUT, "login" },
        { { STR("console"), STR("李科员"), STR("officer"), STR(""), STR_NULL, STR_NULL }, ERR_CONFLICT, "login" },
        { { STR("li"), STR(""), STR("officer"), STR(""), STR_NULL, STR_NULL }, ERR_INPUT, "name" },
        { { STR("li"), STR("控制台"), STR("officer"), STR(""), STR_NULL, STR_NULL }, ERR_CONFLICT, "name" },
        { { STR("li"), STR("李科员"), STR("boss"), STR(""), STR_NULL, STR_NULL }, ERR_INPUT, "role" },
        { { STR("li"), STR("李科员"), STR(""), STR(""), STR_NULL, STR_NULL }, ERR_INPUT, "role" },
        { { STR("li"), STR("李科员"), STR("officer;leader"), STR(""), STR_NULL, STR_NULL }, ERR_INPUT, "role" },
        { { STR("li"), STR("李科员"), STR("liaison"), STR("市外星局"), STR_NULL, STR_NULL }, ERR_INPUT, "home" },
        { { STR("li"), STR("李科员"), STR("officer"), STR(""), STR_NULL, STR("电话") }, ERR_INPUT, "phone" },
    };
    struct err e;
    struct journal_head before, after;
    NO_ERR(journal_head(o.db, o.id, &before, &e), &e);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct test_member m = { &o.console, bad[i].d, STR_NULL, 0 };
        assert_false(test_write(&o, test_member_fn, &m, &e));
        assert_int_equal(e.kind, bad[i].kind);
        assert_string_equal(e.field, bad[i].field);
    }
    struct actor officer = o.console;
    officer.roles = ROLE_OFFICER;
    struct test_member m = { &officer, { STR("li"), STR("李科员"), STR("officer"), STR(""), STR_NULL, STR_NULL }, STR_NULL, 0 };
    assert_false(test_write(&o, test_member_fn, &m, &e));
    assert_int_equal(e.kind, ERR_DENIED);
    NO_ERR(journal_head(o.db, o.id, &after, &e), &e);
    assert_int_equal(before.seq, after.seq);
}

static void phone_is_sealed(void **state)
{
    struct err e;
    struct journal_line *lines;
    size_t n;
    test_member_add(&o, "li", "李科员", "officer", "", STR_NULL);
    NO_ERR(journal_read(o.db, &o.arena, o.id, 0, 100, &lines, &n, &e), &e);
    bool seen = false;
    for (size_t i = 0; i < n; i++) {
        assert_true(str_find(lines[i].after, STR("0000 0000")) < 0);
        seen |= str_find(lines[i].after, STR("\"phone\":\"")) >= 0;
    }
    assert_true(seen);
}

struct seat { int64_t member, party, deputy_of; day_t from, to; };

static bool seat_fn(struct txn *t, void *args, struct err *err)
{
    struct seat *s = args;
    return member_seat_add(t, s->member, s->party, s->deputy_of, s->from, s->to, err);
}

static void deputies_sit_from_to(void **state)
{
    struct err e;
    struct actor li, zhang;
    day_t today = instant_day(TEST_NOW);
    test_member_add(&o, "li", "李科员", "officer", "", STR_NULL);
    test_member_add(&o, "zhang", "张科长", "chief", "", STR_NULL);
    NO_ERR(actor_load_login(o.db, &o.arena, o.id, STR("li"), today, &li, &e), &e);
    NO_ERR(actor_load_login(o.db, &o.arena, o.id, STR("zhang"), today, &zhang, &e), &e);
    struct seat s = { li.member_id, zhang.party_id, zhang.member_id, today, today + 2 };
    NO_ERR(test_write(&o, seat_fn, &s, &e), &e);
    for (int d = -1; d <= 3; d++) {
        NO_ERR(actor_load_login(o.db, &o.arena, o.id, STR("li"), today + d, &li, &e), &e);
        assert_int_equal(actor_has_party(&li, zhang.party_id), d >= 0 && d <= 2);
        assert_int_equal(li.parties[0] == zhang.party_id, 0);
    }
    assert_false(test_write(&o, seat_fn, &s, &e));
    assert_int_equal(e.kind, ERR_CONFLICT);
    s = (struct seat){ li.member_id, zhang.party_id, zhang.member_id, today, today - 1 };
    assert_false(test_write(&o, seat_fn, &s, &e));
    assert_int_equal(e.kind, ERR_INPUT);
}

/* --- passwords, locks ---------------------------------------------------------------------------------------------------- */

static void passwords(void **state)
{
    struct err e;
    _cleanup_(buf_release) struct buf h = BUF_INIT;
    assert_false(password_hash(&o.random.base, STR("六个字的密码"), &h, &e));
    assert_int_equal(e.msg, M_PEOPLE_PASSWORD_SHORT);
    NO_ERR(password_hash(&o.random.base, STR("correct horse"), &h, &e), &e);
    assert_true(str_starts(buf_view(&h), STR("$argon2id$v=19$m=19456,t=2,p=1$")));
    assert_true(password_verify(buf_view(&h), STR("correct horse")));
    assert_false(password_verify(buf_view(&h), STR("correct horsf")));
    assert_false(password_verify(buf_view(&h), STR_NULL));
    assert_false(password_verify(STR_NULL, STR("correct horse")));
}

static bool failed_fn(struct txn *t, void *args, struct err *err) { return login_failed(t, *(int64_t *)args, err); }
static bool unlock_fn(struct txn *t, void *args, struct err *err) { return member_unlock(t, *(int64_t *)args, err); }

struct start { int64_t member; struct session_new s; };
static bool start_fn(struct txn *t, void *args, struct err *err)
{
    struct start *s = args;
    return login_check(t, s->member, STR_NULL, err) && session_start(t, s->member, STR("test"), &s->s, err);
}

static instant_t locked_until(void)
{
    struct err e;
    struct login_record r;
    NO_ERR(login_lookup(o.db, &o.arena, o.id, STR("li"), &r, &e), &e);
    assert_true(r.found);
    return r.locked_until;
}

static void five_failures_lock(void **state)
{
    struct err e;
    int64_t id = test_member_add(&o, "li", "李科员", "officer", "", STR_NULL);
    for (int i = 0; i < 4; i++)
        NO_ERR(test_write(&o, failed_fn, &id, &e), &e);
    assert_true(locked_until() == INSTANT_NONE);
    int minutes[] = { 1, 2, 4, 8, 16, 32, 60, 60 };
    for (size_t i = 0; i < ARRAY_LEN(minutes); i++) {
        NO_ERR(test_write(&o, failed_fn, &id, &e), &e);
        assert_int_equal(locked_until(), TEST_NOW + minutes[i] * MINUTE);
    }
    struct start s = { .member = id };
    assert_false(test_write(&o, start_fn, &s, &e));        /* a right guess among wrong ones comes too late */
    assert_int_equal(e.kind, ERR_DENIED);
    sim_clock_set(&o.clock, TEST_NOW + 61 * MINUTE);
    NO_ERR(test_write(&o, start_fn, &s, &e), &e);
    assert_true(locked_until() == INSTANT_NONE);
    for (int i = 0; i < 5; i++)
        NO_ERR(test_write(&o, failed_fn, &id, &e), &e);
    NO_ERR(test_write(&o, unlock_fn, &id, &e), &e);
    assert_true(locked_until() == INSTANT_NONE);
}

struct change { int64_t member; struct str hash; };
static bool change_fn(struct txn *t, void *args, struct err *err)
{
    struct change *c = args;
    return member_set_password(t, c->member, c->hash, false, err);
}

static void a_replaced_password_comes_too_late(void **state)
{
    struct err e;
    struct start s = { .member = test_member_add(&o, "li", "李科员", "officer", "", STR_NULL) };
    struct change c = { s.member, STR("$argon2id$of another") };
    NO_ERR(test_write(&o, start_fn, &s, &e), &e);
    NO_ERR(test_write(&o, change_fn, &c, &e), &e);
    assert_false(test_write(&o, start_fn, &s, &e));
    assert_int_equal(e.kind, ERR_DENIED);
}

/* --- sessions, tokens ---------------------------------------------------------------------------------------------------- */

static bool seen(int64_t office, const char *secret, instant_t now)
{
    struct err e;
    struct session s;
    bool found;
    NO_ERR(session_find(o.db, &o.arena, office, str_c(secret), now, &s, &found, &e), &e);
    return found;
}

static bool touch_fn(struct txn *t, void *args, struct err *err)
{
    struct session *s = args;
    return session_touch(t, s->digest, err);
}

static bool end_fn(struct txn *t, void *args, struct err *err)
{
    struct session *s = args;
    return session_end(t, s->digest, err);
}

static bool disable_fn(struct txn *t, void *args, struct err *err) { return member_set_disabled(t, *(int64_t *)args, true, err); }

static void sessions_end(void **state)
{
    struct err e;
    struct start s = { .member = test_member_add(&o, "li", "李科员", "officer", "", STR_NULL) };
    int64_t other = test_office_add(&o, "b");
    NO_ERR(test_write(&o, start_fn, &s, &e), &e);
    assert_int_equal(strlen(s.s.secret), 32);
    assert_true(seen(o.id, s.s.secret, TEST_NOW));
    assert_false(seen(other, s.s.secret, TEST_NOW));       /* a session of one office is nothing in another */
    assert_false(seen(o.id, "", TEST_NOW));
    assert_false(seen(o.id, s.s.csrf, TEST_NOW));
    assert_true(seen(o.id, s.s.secret, TEST_NOW + SESSION_IDLE_MS - 1));
    assert_false(seen(o.id, s.s.secret, TEST_NOW + SESSION_IDLE_MS));

    struct session found;
    bool ok;
    for (int hour = 3; hour < 12; hour += 3) {
        sim_clock_set(&o.clock, TEST_NOW + hour * 60 * MINUTE);
        NO_ERR(session_find(o.db, &o.arena, o.id, str_c(s.s.secret), TEST_NOW + hour * 60 * MINUTE, &found, &ok, &e), &e);
        assert_true(ok);
        NO_ERR(test_write(&o, touch_fn, &found, &e), &e);
    }
    assert_true(seen(o.id, s.s.secret, TEST_NOW + SESSION_MS - 1));
    assert_false(seen(o.id, s.s.secret, TEST_NOW + SESSION_MS));           /* however busy */

    NO_ERR(test_write(&o, end_fn, &found, &e), &e);
    assert_false(seen(o.id, s.s.secret, TEST_NOW + 9 * 60 * MINUTE));
    NO_ERR(test_write(&o, start_fn, &s, &e), &e);
    NO_ERR(test_write(&o, disable_fn, &s.member, &e), &e);
    assert_false(seen(o.id, s.s.secret, TEST_NOW + 9 * 60 * MINUTE));
    assert_false(test_write(&o, start_fn, &s, &e));
    assert_false(test_write(&o, disable_fn, &o.console.member_id, &e));
    assert_int_equal(e.msg, M_PEOPLE_CONSOLE);
}

struct token_args { int64_t member; bool device; struct token_new t; };
static bool token_fn(struct txn *t, void *args, struct err *err)
{
    struct token_args *a = args;
    return token_add(t, a->member, STR("手机"), a->device, &a->t, err);
}
static bool revoke_fn(struct txn *t, void *args, struct err *err) { return token_revoke(t, *(int64_t *)args, err); }

static bool token_owner(const char *text, int64_t *member)
{
    struct err e;
    int64_t office = 0;
    bool found;
    NO_ERR(token_find(o.db, &o.arena, str_c(text), &office, member, &found, &e), &e);
    assert_true(!found || office == o.id);
    return found;
}

static void tokens(void **state)
{
    struct err e;
    int64_t member, li = test_member_add(&o, "li", "李科员", "officer", "", STR_NULL);
    struct token_args api = { .member = li }, device = { .member = li, .device = true };
    NO_ERR(test_write(&o, token_fn, &api, &e), &e);
    NO_ERR(test_write(&o, token_fn, &device, &e), &e);
    assert_true(str_starts(str_c(api.t.text), STR("whs_a_")));
    assert_true(token_owner(api.t.text, &member));
    assert_int_equal(member, li);
    char wrong[TOKEN_TEXT], as_api[TOKEN_TEXT + 8];
    strcpy(wrong, api.t.text);
    wrong[10] ^= 1;
    assert_false(token_owner(wrong, &member));
    snprintf(as_api, sizeof as_api, "whs_a_%s", device.t.text);
    assert_false(token_owner(as_api, &member));  /* a device password opens only the calendar */
    assert_false(token_owner("", &member));
    assert_false(token_owner("whs_", &member));
    assert_false(token_owner("whs_nowhere_x", &member));

    bool found;
    NO_ERR(device_find(o.db, &o.arena, o.id, STR("li"), str_c(device.t.text), &member, &found, &e), &e);
    assert_true(found);
    NO_ERR(device_find(o.db, &o.arena, o.id, STR("console"), str_c(device.t.text), &member, &found, &e), &e);
    assert_false(found);

    struct token *list;
    size_t n;
    NO_ERR(token_list(o.db, &o.arena, o.id, li, &list, &n, &e), &e);
    assert_int_equal(n, 2);
    NO_ERR(test_write(&o, revoke_fn, &api.t.id, &e), &e);
    assert_false(token_owner(api.t.text, &member));
    assert_false(test_write(&o, revoke_fn, &api.t.id, &e));
    NO_ERR(test_write(&o, disable_fn, &li, &e), &e);
    NO_ERR(device_find(o.db, &o.arena, o.id, STR("li"), str_c(device.t.text), &member, &found, &e), &e);
    assert_false(found);
}

static bool setting_fn(struct txn *t, void *args, struct err *err)
{
    (void)args;
    return setting_set(t, "limit.soon_days", STR("5"), err);
}

static void settings_and_offices(void **state)
{
    struct err e;
    struct str v;
    NO_ERR(setting_get(o.db, &o.arena, o.id, "limit.soon_days", "3", &v, &e), &e);
    assert_true(str_eqc(v, "3"));
    NO_ERR(test_write(&o, setting_fn, NULL, &e), &e);
    NO_ERR(setting_get(o.db, &o.arena, o.id, "limit.soon_days", "3", &v, &e), &e);
    assert_true(str_eqc(v, "5"));
    struct office *list;
    size_t n;
    NO_ERR(office_list(o.db, &o.arena, &list, &n, &e), &e);
    assert_int_equal(n, 1);
    assert_true(str_eqc(list[0].code, "a"));
    struct journal_head head;
    NO_ERR(journal_verify(o.db, o.id, NULL, NULL, &head, &e), &e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_officer_sits_at_home, setup, teardown),
        cmocka_unit_test_setup_teardown(bad_drafts_write_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(phone_is_sealed, setup, teardown),
        cmocka_unit_test_setup_teardown(deputies_sit_from_to, setup, teardown),
        cmocka_unit_test_setup_teardown(passwords, setup, teardown),
        cmocka_unit_test_setup_teardown(five_failures_lock, setup, teardown),
        cmocka_unit_test_setup_teardown(a_replaced_password_comes_too_late, setup, teardown),
        cmocka_unit_test_setup_teardown(sessions_end, setup, teardown),
        cmocka_unit_test_setup_teardown(tokens, setup, teardown),
        cmocka_unit_test_setup_teardown(settings_and_offices, setup, teardown),
    };
    return cmocka_run_group_tests_name("member", tests, NULL, NULL);
}
