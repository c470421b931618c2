/* Routes, sessions and forms over a real socket. */
#include "fixture_test.h"

static int setup(void **state) { return web_open(NULL, 0); }

static void routes(void **state)
{
    struct visitor v = enter();
    assert_body(get(&v, "/items/new"), 200, "/items/new [] []");
    assert_body(get(&v, "/items/%E6%96%872022-0001"), 200, "/items/{number} [文2022-0001] []");
    assert_body(get(&v, "/items/new/settle?q=%E7%94%B2+b"), 200, "/items/{number}/{verb} [new] [settle] q=甲 b");
    assert_body(get(&v, "/files/a/b/c"), 200, "/files/{path*} [a/b/c]");
    assert_body(get(&v, "/files"), 404, "没有这个页面");
    assert_body(get(&v, "/nowhere"), 404, "没有这个页面");
    assert_body(get(&v, "/nothing"), 500, "系统出错");
    REPLY refused = post(&v, "/items/new", "", "");
    assert_int_equal(refused.status, 405);
    assert_non_null(strstr(refused.raw.p, "Allow: GET, HEAD, OPTIONS\r\n"));
    REPLY options = ask("OPTIONS /items/1/x HTTP/1.1", NULL);
    assert_int_equal(options.status, 204);
    assert_non_null(strstr(options.raw.p, "POST"));
    REPLY head = ask("HEAD /login HTTP/1.1", NULL);
    assert_int_equal(head.status, 200);
    assert_string_equal(head.body, "");
    assert_body(ask("GET /api/v1/nowhere HTTP/1.1\r\nAccept-Language: en", NULL), 404, "\"status\":404,\"detail\":\"there is no such page");
}

static void without_a_login(void **state)
{
    REPLY page = ask("GET /items/new?q=a+b HTTP/1.1", NULL);
    assert_int_equal(page.status, 303);
    assert_non_null(strstr(page.raw.p, "Location: /login?next=%2Fitems%2Fnew%3Fq%3Da%2Bb\r\n"));
    REPLY api = ask("GET /api/v1/me HTTP/1.1", NULL);
    assert_int_equal(api.status, 401);
    assert_non_null(strstr(api.raw.p, "WWW-Authenticate: Bearer"));
    assert_non_null(strstr(api.raw.p, "application/problem+json"));
    assert_body(ask("GET /healthz HTTP/1.1", NULL), 200, "ok\n");
    assert_body(ask("GET /metrics HTTP/1.1", NULL), 200, "whs_answers_total{status=\"3xx\"} 1\n");
    const char *heads[] = { "Content-Security-Policy: default-src 'none'; ", "Referrer-Policy: same-origin\r\n", "Cache-Control: no-store\r\n",
                            "X-Content-Type-Options: nosniff\r\n" };
    for (size_t i = 0; i < ARRAY_LEN(heads); i++)
        assert_non_null(strstr(page.raw.p, heads[i]));
}

static void sessions(void **state)
{
    struct visitor v = enter();
    assert_body(get(&v, "/"), 200, "login=li;");
    assert_body(get(&v, "/admin"), 403, "您的角色");
    REPLY out = post(&v, "/logout", "", "");
    assert_int_equal(out.status, 303);
    assert_non_null(strstr(out.raw.p, "whs_session=; "));
    REPLY after = get(&v, "/");
    assert_int_equal(after.status, 303);
    const char *elsewhere[] = { "https://evil.example/", "//evil.example/", "/\\evil.example", "x" };
    for (size_t i = 0; i < ARRAY_LEN(elsewhere); i++)
        assert_true(str_eqc(web_local_path(str_c(elsewhere[i])), "/"));
}

static void forged_forms(void **state)
{
    struct visitor v = enter(), wrong = v;
    strcpy(wrong.csrf, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    assert_body(post(&v, "/items", "", "title=a"), 200, "stored=a;");
    assert_body(post(&wrong, "/items", "", "title=a"), 403, "刷新页面");
    wrong.csrf[0] = 0;
    assert_body(post(&wrong, "/items", "", "title=a"), 403, "刷新页面");
    assert_body(post(&v, "/items", "\r\nSec-Fetch-Site: cross-site", "title=a"), 403, "刷新页面");
    assert_body(post(&v, "/items", "\r\nSec-Fetch-Site: same-origin", "title=b"), 200, "stored=b;");
    assert_body(post(&v, "/items", "\r\nOrigin: http://evil.test", "title=a"), 403, "刷新页面");
    assert_body(post(&v, "/items", "\r\nOrigin: http://whs.test", "title=c"), 200, "stored=c;");
    assert_body(ask("POST /login HTTP/1.1\r\n" FORM "X-Y: z", "login=li&password=correct+horse"), 403, "刷新页面");
    assert_body(ask("POST /login HTTP/1.1\r\n" FORM "Cookie: whs_csrf=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                    "_csrf=BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&login=li&password=correct+horse"), 403, "刷新页面");
    char json[256];                              /* an API call with the cookie needs the token too */
    snprintf(json, sizeof json, "POST /api/v1/items HTTP/1.1\r\nContent-Type: application/json\r\nCookie: whs_session=%s", v.cookie);
    assert_body(ask(json, "{\"title\":\"d\"}"), 403, "urn:whs:web.csrf");
}

static void lock_out(void **state)
{
    struct visitor v;
    const char *same = "refused: 登录名或密码不对";
    assert_body(login_as(&v, "login=nobody&password=xxxxxxxx"), 403, same);
    for (int i = 0; i < 5; i++)
        assert_body(login_as(&v, "login=li&password=xxxxxxxx"), 403, same);
    assert_body(login_as(&v, "login=li&password=correct+horse"), 403, same);
    sim_clock_set(&o.clock, TEST_NOW + 61 * 1000);
    enter();
}

static void password_change(void **state)
{
    struct visitor v = enter(), other = enter(), fresh;
    assert_body(post(&v, "/password", "", "password=wrong+horse&password_new=longer+horse"), 422, "原密码不对");
    assert_body(post(&v, "/password", "", "password=correct+horse&password_new=short"), 422, "至少8个字");
    REPLY done = post(&v, "/password", "", "password=correct+horse&password_new=longer+horse");
    assert_int_equal(done.status, 303);
    assert_true(pick(&done, "whs_session=", ';', v.cookie, sizeof v.cookie));
    assert_body(get(&v, "/"), 200, "login=li;");
    REPLY old = get(&other, "/");
    assert_int_equal(old.status, 303);
    assert_body(login_as(&fresh, "login=li&password=correct+horse"), 403, "refused");
    REPLY in = login_as(&fresh, "login=li&password=longer+horse");
    assert_int_equal(in.status, 303);
}

/* Who holds a session may try the old password no oftener than at the door. */
static void old_password_locks(void **state)
{
    struct visitor v = enter();
    for (int i = 0; i < 5; i++)
        assert_body(post(&v, "/password", "", "password=wrong+horse&password_new=longer+horse"), 422, "原密码不对");
    assert_body(post(&v, "/password", "", "password=correct+horse&password_new=longer+horse"), 422, "原密码不对");
    sim_clock_set(&o.clock, TEST_NOW + 61 * 1000);
    REPLY done = post(&v, "/password", "", "password=correct+horse&password_new=longer+horse");
    assert_int_equal(done.status, 303);
}

static void bad_fields(void **state)
{
    struct visitor v = enter();
    assert_body(post(&v, "/items", "", "title=%E7%94"), 422, "“标题”第1个字节起不是有效的UTF-8");
    assert_body(post(&v, "/items", "", "title=a%01b"), 422, "“标题”含有控制字符");
    assert_body(post(&v, "/items", "", "title=a%zz"), 422, "title");
    assert_body(post(&v, "/items", "", "title=++"), 422, "“标题”不能为空");
    assert_body(post(&v, "/items", "", "title=+%E3%80%80a%0D%0Ab+"), 422, "含有控制字符");  /* the slice: one line */
    assert_body(get(&v, "/items/new?q=%FF"), 422, "UTF-8");
    assert_body(post(&v, "/items", "", "title=forbidden"), 409, "“forbidden”已有");
    struct buf big = BUF_INIT;
    buf_c(&big, "title=");
    for (int i = 0; i < 2 * 1024 * 1024 / 3; i++)
        buf_c(&big, "标");
    assert_body(post(&v, "/items", "", big.p), 422, "“标题”太长");
    for (int i = 0; i < 3 * 1024 * 1024; i++)    /* past the route's limit: refused by its length, unread */
        buf_c(&big, "标");
    REPLY huge = post(&v, "/items", "", big.p);
    assert_int_equal(huge.status, 413);
    buf_release(&big);
    char line[256];
    snprintf(line, sizeof line, "POST /items HTTP/1.1\r\nContent-Type: text/plain\r\nCookie: whs_session=%s", v.cookie);
    assert_body(ask(line, "title=a"), 415, "x-www-form-urlencoded");
    struct err e;
    struct str title;
    NO_ERR(setting_get(o.db, &o.arena, o.id, "title", "none", &title, &e), &e);
    assert_true(str_eqc(title, "none"));         /* nothing was written */
}

static void offices_apart(void **state)
{
    struct visitor v = enter(), b;
    int64_t other = test_office_add(&o, "b");
    char want[32];
    snprintf(want, sizeof want, "office=%d;", (int)o.id);
    assert_body(get(&v, "/"), 200, want);
    b = v;
    assert_true(str_starts(str_c(b.cookie), STR("a.")));
    b.cookie[0] = 'b';
    REPLY moved = get(&b, "/");
    assert_int_equal(moved.status, 303);
    struct token_args t = token();
    t.t.text[4] = 'b';
    assert_body(call(t.t.text, "", "{}"), 401, "");
    assert_body(login_as(&b, "login=li&password=correct+horse"), 422, "机关");    /* two offices now: which? */
    assert_body(login_as(&b, "office=b&login=li&password=correct+horse"), 403, "refused");
    REPLY in = login_as(&b, "office=a&login=li&password=correct+horse");
    assert_int_equal(in.status, 303);
    assert_true(other != o.id);
}

static void seen_is_refreshed(void **state)
{
    struct visitor v = enter();
    instant_t at = TEST_NOW;
    for (int i = 0; i < 3; i++) {                /* three times three hours of idleness: each visit counts */
        sim_clock_set(&o.clock, at += 3 * 3600 * 1000);
        assert_body(get(&v, "/"), 200, "login=li;");
        usleep(50 * 1000);                       /* nobody waits for that write, but this test */
    }
    sim_clock_set(&o.clock, at + 4 * 3600 * 1000);
    REPLY late = get(&v, "/");
    assert_int_equal(late.status, 303);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, web_close)
    const struct CMUnitTest tests[] = { T(routes), T(without_a_login), T(sessions), T(forged_forms), T(lock_out), T(password_change), T(old_password_locks), T(bad_fields), T(offices_apart), T(seen_is_refreshed) };
    return cmocka_run_group_tests_name("web", tests, NULL, NULL);
}
