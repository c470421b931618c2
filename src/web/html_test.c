/* engine: none — text only */
#include "web/html.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void expect(struct html *out, const char *want)
{
    buf_add(&out->buf, "", 0);
    assert_string_equal(out->buf.p, want);
    buf_clear(&out->buf);
}

static void escapes_by_place(void **state)
{
    struct html out = HTML_INIT(LANG_ZH);
    html_put_text(&out, STR("a<b>&\"c'文"));
    expect(&out, "a&lt;b&gt;&amp;\"c'文");
    html_put_attr(&out, STR("a<b>&\"c'文"));
    expect(&out, "a&lt;b&gt;&amp;&quot;c&#39;文");
    html_put_text(&out, STR_NULL);
    html_put_attr(&out, STR(""));
    expect(&out, "");
    html_put_percent(&out, STR("文 a/b?c&d=~-._%"));
    expect(&out, "%E6%96%87%20a%2Fb%3Fc%26d%3D~-._%25");
    html_release(&out);
}

static void refuses_schemes(void **state)
{
    static const char *const refused[] = { "javascript:alert(1)", "JavaScript:x", " javascript:x", "java\tscript:x", "data:text/html,x", "vbscript:x",
                                           ":x", "\x01javascript:x", "http :x", "mailto:a@b" };
    static const char *const allowed[] = { "/a", "a", "?q=a:b", "#a:b", "a/b:c", "http://x", "HTTPS://x", "" };
    struct html out = HTML_INIT(LANG_ZH);
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        html_put_url(&out, str_c(refused[i]));
        expect(&out, "#");
    }
    for (size_t i = 0; i < ARRAY_LEN(allowed); i++) {
        html_put_url(&out, str_c(allowed[i]));
        expect(&out, allowed[i]);
    }
    html_put_url(&out, STR("/a?b=1&c=\"2\""));
    expect(&out, "/a?b=1&amp;c=&quot;2&quot;");
    html_release(&out);
}

static void formats_time(void **state)
{
    const day_t may9 = 19121;                    /* 2022-05-09, a Monday */
    struct html zh = HTML_INIT(LANG_ZH), en = HTML_INIT(LANG_EN);
    html_put_day(&zh, may9), expect(&zh, "2022年5月9日（周一）");
    html_put_day(&en, may9), expect(&en, "2022-05-09 Mon");
    html_put_day(&en, may9 + 6), expect(&en, "2022-05-15 Sun");
    html_put_day(&en, -4), expect(&en, "1969-12-28 Sun");
    html_put_day_short(&zh, may9), expect(&zh, "5月9日");
    html_put_day_short(&en, may9), expect(&en, "05-09");
    html_put_date(&zh, may9), expect(&zh, "2022-05-09");
    html_put_instant(&zh, day_start(may9) + 18 * 3600000), expect(&zh, "2022年5月9日 18时00分");
    html_put_instant(&en, day_start(may9) + 18 * 3600000), expect(&en, "2022-05-09 18:00");
    html_put_time(&zh, day_start(may9) + 64799999), expect(&zh, "17:59");
    html_put_iso(&zh, day_start(may9)), expect(&zh, "2022-05-09T00:00");
    html_put_day(&zh, DAY_NONE), html_put_date(&zh, DAY_NONE), html_put_day_short(&zh, DAY_NONE);
    html_put_instant(&zh, INSTANT_NONE), html_put_time(&zh, INSTANT_NONE), html_put_iso(&zh, INSTANT_NONE);
    expect(&zh, "");
    html_put_int(&zh, INT64_MIN), expect(&zh, "-9223372036854775808");
    html_release(&zh);
    html_release(&en);
}

static void says_sentences(void **state)
{
    struct html out = HTML_INIT(LANG_EN), body = HTML_INIT(LANG_EN);
    html_put_text(&out, STR("<"));
    html_put_msg(&out, M_BASE_TOO_LONG, (const struct arg[]){ A_INT(3), A_STR(STR("<'&\">")) }, 2);
    expect(&out, "&lt;too long: at most 3 characters, found &lt;&#39;&amp;&quot;&gt;");
    struct err e = { 0 };
    html_put_err(&out, NULL), html_put_err(&out, &e), expect(&out, "");
    err_fail(&e, ERR_INPUT, M_BASE_REQUIRED, NULL);
    html_put_err(&out, &e), expect(&out, "must not be empty");
    html_put_text(&body, STR("a&b"));
    html_put_html(&out, &body), html_put_html(&out, NULL), expect(&out, "a&amp;b");
    html_release(&out);
    html_release(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes_by_place),
        cmocka_unit_test(refuses_schemes),
        cmocka_unit_test(formats_time),
        cmocka_unit_test(says_sentences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
