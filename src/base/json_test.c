/* engine: none — text only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/json.h"

static void nested(void **state)
{
    struct buf b = BUF_INIT;
    json_obj(&b);
    json_put_str(&b, "a", STR("甲\"\\\n\x01"));
    json_key(&b, "b");
    json_arr(&b);
    json_int(&b, -1);
    json_bool(&b, true);
    json_null(&b);
    json_obj(&b);
    json_obj_end(&b);
    json_arr(&b);
    json_arr_end(&b);
    json_str(&b, STR("{"));
    json_str(&b, STR(""));
    json_arr_end(&b);
    json_put_str(&b, "c", STR_NULL);
    json_put_bytes(&b, "d", STR("\xff\x00"));
    json_put_int(&b, "e", INT64_MIN);
    json_put_bool(&b, "f", false);
    json_key(&b, "g");
    json_raw(&b, STR("{\"x\":1}"));
    json_obj_end(&b);
    assert_string_equal(b.p, "{\"a\":\"甲\\\"\\\\\\n\\u0001\",\"b\":[-1,true,null,{},[],\"{\",\"\"],\"c\":null,\"d\":\"_wA\","
                             "\"e\":-9223372036854775808,\"f\":false,\"g\":{\"x\":1}}");
    buf_release(&b);
}

static void wrong_bytes_become_replacements(void **state)
{
    struct buf b = BUF_INIT;
    json_str(&b, STR("a\xff\xe7\x94"));
    assert_string_equal(b.p, "\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
    buf_clear(&b);
    json_str(&b, STR("\xef\xbf\xbd"));           /* a true U+FFFD stays */
    assert_string_equal(b.p, "\"\xef\xbf\xbd\"");
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nested),
        cmocka_unit_test(wrong_bytes_become_replacements),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
