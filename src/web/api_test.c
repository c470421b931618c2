/* The API over a real socket: tokens, JSON, requests that are repeated, its own description. */
#include "fixture_test.h"

static int setup(void **state) { return web_open(NULL, 0); }

static void describes_itself(void **state)
{
    REPLY page = ask("GET /api/openapi.json HTTP/1.1", NULL);
    assert_non_null(strstr(page.raw.p, "\"/api/openapi.json\":{\"get\":{\"parameters\":[],"));
    for (size_t i = 0; i < ARRAY_LEN(ROUTES); i++) {
        _cleanup_(buf_release) struct buf path = BUF_INIT;
        buf_printf(&path, "\"%s\":{", ROUTES[i].path);
        assert_true(ROUTES[i].api == (strstr(page.raw.p, path.p) != NULL));
    }
    assert_non_null(strstr(page.raw.p, "\"Thing\":{\"type\":\"object\",\"properties\":{\"title\":{\"type\":\"string\",\"title\":\"标题\"},"
                                       "\"kind\":{\"type\":\"string\",\"enum\":[\"a\",\"b\"],\"title\":"));
    assert_non_null(strstr(page.raw.p, "\"required\":[\"title\"]}"));
}

static void api(void **state)
{
    struct token_args t = token();
    assert_body(call(t.t.text, "", "{\"title\":\"甲\"}"), 201, "{\"n\":1,\"title\":\"甲\"}");
    assert_body(call(t.t.text, "", "{\"title\":"), 422, "\"type\":\"urn:whs:format.json_bad\"");
    assert_body(call(t.t.text, "", "{\"title\":\"a\",\"title\":\"b\"}"), 422, "JSON");
    assert_body(call(t.t.text, "", "{\"title\":7}"), 422, "\"field\":\"title\",\"detail\":\"“标题”应为文字");
    assert_body(call(t.t.text, "", "{\"title\":\"a\\u0001\"}"), 422, "\"field\":\"title\"");
    assert_body(call(t.t.text, "", "[]"), 422, "JSON");
    assert_body(call(t.t.text, "", "{}"), 422, "“标题”不能为空");
    assert_body(call(t.t.text, "\r\nAccept-Language: en-GB", "{}"), 422, "“title” must not be empty");
    assert_body(call("whs_a_wrong", "", "{}"), 401, "Authorization");
    assert_body(call(t.t.text, "", "{\"title\":\"乙\"}"), 201, "{\"n\":2,\"title\":\"乙\"}");
}

static void repeated(void **state)
{
    struct token_args t = token();
    const char *key = "\r\nIdempotency-Key: k1";
    assert_body(call(t.t.text, key, "{\"title\":\"甲\"}"), 201, "{\"n\":1,");
    REPLY again = call(t.t.text, key, "{\"title\":\"甲\"}");
    assert_int_equal(again.status, 201);
    assert_string_equal(again.body, "{\"n\":1,\"title\":\"甲\"}");
    assert_non_null(strstr(again.raw.p, "Idempotency-Replayed: true\r\n"));
    assert_non_null(strstr(again.raw.p, "Location: /api/v1/items/1\r\n"));
    assert_body(call(t.t.text, key, "{\"title\":\"乙\"}"), 409, "Idempotency-Key");
    assert_body(call(t.t.text, "\r\nIdempotency-Key: k 2", "{\"title\":\"乙\"}"), 422, "Idempotency-Key");
    assert_body(call(t.t.text, "\r\nIdempotency-Key: k2", "{\"title\":\"forbidden\"}"), 409, "已有");
    assert_body(call(t.t.text, "\r\nIdempotency-Key: k2", "{\"title\":\"乙\"}"), 201, "{\"n\":2,");  /* a refusal is not kept */
    sim_clock_set(&o.clock, TEST_NOW + 25 * 3600 * 1000);
    assert_body(call(t.t.text, key, "{\"title\":\"丙\"}"), 201, "{\"n\":3,");
}

static char token_text[TOKEN_TEXT];

static void *one_call(void *arg)
{
    struct reply *r = arg;
    *r = call(token_text, "\r\nIdempotency-Key: race", "{\"title\":\"甲\"}");
    return NULL;
}

static void repeated_at_once(void **state)
{
    enum { N = 8 };
    pthread_t thread[N];
    struct reply r[N];
    strcpy(token_text, token().t.text);
    for (int i = 0; i < N; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, one_call, &r[i]), 0);
    for (int i = 0; i < N; i++)
        pthread_join(thread[i], NULL);
    for (int i = 0; i < N; i++)
        assert_body(r[i], 201, "{\"n\":1,\"title\":\"甲\"}");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, web_close)
    const struct CMUnitTest tests[] = { T(api), T(describes_itself), T(repeated), T(repeated_at_once) };
    return cmocka_run_group_tests_name("api", tests, NULL, NULL);
}
