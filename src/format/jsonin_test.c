/* engine: none — text only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "format/jsonin.h"
#include "messages.h"

static struct arena a;

static int setup(void **state)
{
    a = ARENA_INIT(0);
    return 0;
}

static int teardown(void **state)
{
    arena_release(&a);
    return 0;
}

static void values(void **state)
{
    struct jvalue v;
    struct err e;
    struct str title, *list;
    int64_t n;
    size_t count;
    assert_true(json_read(&a, STR("{\"title\":\"[\\\"{,\\\\\",\"n\":-3,\"none\":null,\"list\":[\"甲\",\"乙\"]}"), &v, &e));
    assert_true(jget_text(&v, "title", &title, &e) && str_eqc(title, "[\"{,\\"));
    assert_true(jget_int(&v, "n", 0, &n, &e) && n == -3);
    assert_true(jget_int(&v, "none", 7, &n, &e) && n == 7);
    assert_true(jget_texts(&a, &v, "list", &list, &count, &e) && count == 2 && str_eqc(list[1], "乙"));
    assert_false(jget_text(&v, "n", &title, &e));
    assert_string_equal(e.field, "n");
}

static void refused(struct str text, enum err_kind kind, int msg)
{
    struct jvalue v;
    struct err e;
    assert_false(json_read(&a, text, &v, &e));
    assert_int_equal(e.kind, kind);
    assert_int_equal(e.msg, msg);
}

static void refusals(void **state)
{
    static const char *const BAD[] = { "", "{", "{\"a\":1,\"a\":2}", "{\"a\":\"\xff\"}", "{\"a\":\"\\u0000\"}", "{\"a\":9223372036854775808}", "[1]x", "]", "\"\\" };
    for (size_t i = 0; i < ARRAY_LEN(BAD); i++)
        refused(str_c(BAD[i]), ERR_INPUT, M_FORMAT_JSON_BAD);
    struct buf b = BUF_INIT;
    for (int i = 0; i < 33; i++)
        buf_ch(&b, '[');
    refused(buf_view(&b), ERR_LIMIT, M_FORMAT_JSON_DEEP);
    buf_clear(&b);
    buf_c(&b, "[0");
    for (int i = 0; i < 1 << 16; i++)
        buf_c(&b, ",0");
    buf_ch(&b, ']');
    refused(buf_view(&b), ERR_LIMIT, M_FORMAT_JSON_LONG);
    assert_true(a.used == 0);                    /* refused before anything was built */
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(values, setup, teardown), cmocka_unit_test_setup_teardown(refusals, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
