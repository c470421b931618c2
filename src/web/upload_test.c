/* Forms with files, and work that takes long. */
#include "fixture_test.h"

#include <sys/resource.h>

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void toil(void *args)
{
    (void)args;
    pthread_mutex_lock(&gate);
    pthread_mutex_unlock(&gate);
}

static void toiled(struct req *rq, void *args) { (void)args, text(rq, 200, "toiled"); }
static void toils(struct req *rq) { web_toil(rq, toil, toiled, NULL); }

/* What a form with files held, and the first of them back as a file. */
static void files(struct req *rq)
{
    struct buf b = BUF_INIT;
    size_t n;
    const struct req_file *f = req_files(rq, &n);
    buf_printf(&b, "x=%.*s;", STR_ARG(req_form(rq, "x")));
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%.*s|%.*s|%d;", STR_ARG(f[i].field), STR_ARG(f[i].name), (int)f[i].bytes.n);
    if (!req_query(rq, "back").p) {
        text(rq, 200, "%s", b.p);
        buf_release(&b);
        return;
    }
    buf_clear(&b);
    buf_str(&b, f[0].bytes);
    req_file(rq, &b, "image/png", f[0].name, false, true);
}

static const struct route FILES[] = {
    { "GET", "/toil", toils, ROLE_ANY, 0, false },
    { "POST", "/upload", files, ROLE_ANY, 100000, false, .files = true },
};

static int setup(void **state) { return web_open(FILES, ARRAY_LEN(FILES)); }

static struct reply upload(const struct visitor *v, const char *path, const char *type, struct str body)
{
    char line[512];
    snprintf(line, sizeof line, "POST %s HTTP/1.1\r\nContent-Type: %s\r\nCookie: whs_session=%s", path, type, v->cookie);
    return ask_bytes(line, body);
}

#define PART(head) "--B0\r\nContent-Disposition: form-data; " head "\r\n\r\n"
#define END "\r\n"

static void uploads(void **state)
{
    struct visitor v = enter();
    const char *type = "multipart/form-data; boundary=B0";
    struct buf b = BUF_INIT;
    buf_printf(&b, PART("name=\"_csrf\"") "%s" END PART("name=\"x\"") " 甲 \r\n乙" END, v.csrf);
    size_t from = b.n;
    const struct str file = STR(PART("name=\"f\"; filename=\"C:\\报 \\\"告%22;.png\"\r\nContent-Type: text/html") "a\0b\r\n--B1\r\n--B0x" END);
    buf_str(&b, file);
    buf_c(&b, PART("name=\"f\"; filename=\"\"") END PART("name=g; filename=leer.txt") END "--B0--\r\n");
    assert_body(upload(&v, "/upload", type, buf_view(&b)), 200, "x=甲 \n乙;f|报 \"告\";.png|16;g|leer.txt|0;");
    REPLY back = upload(&v, "/upload?back=1", "multipart/form-data; boundary=\"B0\"", buf_view(&b));
    assert_non_null(strstr(back.raw.p, "Content-Disposition: attachment; filename=\"______.png\"; "));
    assert_non_null(strstr(back.raw.p, "filename*=UTF-8''%E6%8A%A5%20%22%E5%91%8A%22%3B.png\r\n"));
    assert_non_null(strstr(back.raw.p, "Content-Security-Policy: sandbox\r\n"));
    assert_non_null(strstr(back.raw.p, "X-Content-Type-Options: nosniff\r\n"));
    assert_memory_equal(back.body, "a\0b\r\n--B1\r\n--B0x", 16);
    /* cut anywhere it is refused, never half taken; without the token too, and on a route that takes none */
    for (size_t n = 0; n < b.n - 4; n += 7) {
        REPLY cut = upload(&v, "/upload", type, str_n(b.p, n));
        assert_true(cut.status == 422 || (cut.status == 403 && n == 0));
    }
    struct buf bare = BUF_INIT;
    buf_add(&bare, b.p + from, b.n - from);
    assert_body(upload(&v, "/upload", type, buf_view(&bare)), 403, "");
    assert_body(upload(&v, "/items", type, buf_view(&b)), 415, "");
    assert_body(upload(&v, "/upload", "text/plain", buf_view(&b)), 415, "multipart");
    assert_body(upload(&v, "/upload", "multipart/form-data", buf_view(&b)), 422, "残缺");
    assert_body(upload(&v, "/upload", "multipart/form-data; boundary=other", buf_view(&b)), 422, "残缺");
    buf_clear(&bare);
    for (int i = 0; i < 70; i++)
        buf_c(&bare, PART("name=\"x\"") "1" END);
    buf_c(&bare, "--B0--");
    assert_body(upload(&v, "/upload", type, buf_view(&bare)), 413, "");
    buf_clear(&bare);
    for (int i = 0; i < 40; i++)
        buf_c(&bare, PART("name=\"f\"; filename=\"a\"") "1" END);
    buf_c(&bare, "--B0--");
    assert_body(upload(&v, "/upload", type, buf_view(&bare)), 413, "32");
    memset(buf_room(&bare, 100001), 'a', 100001);
    bare.n = 100001;
    assert_body(upload(&v, "/upload", type, buf_view(&bare)), 413, "");
    assert_body(upload(&v, "/upload", type, STR(PART("name=\"f\"; filename=\"\xff\"") "1" END "--B0--")), 422, "文件名");
    assert_body(upload(&v, "/upload", type, STR(PART("name=\"x\"") "\xff" END "--B0--")), 422, "");
    buf_release(&b);
    buf_release(&bare);
}

/* Part heads of nothing but parameters: what is looked through is not kept. */
static void uploads_of_parameters(void **state)
{
    struct visitor v = enter();
    struct rusage before, after;
    struct buf b = BUF_INIT;
    buf_printf(&b, PART("name=\"_csrf\"") "%s" END, v.csrf);
    for (int i = 0; i < 11; i++) {
        buf_c(&b, "--B0\r\nContent-Disposition: form-data");
        for (int k = 0; k < 2500; k++)
            buf_c(&b, ";a=");
        buf_c(&b, "; name=\"x\"\r\n\r\n1" END);
    }
    buf_c(&b, "--B0--");
    getrusage(RUSAGE_SELF, &before);
    assert_body(upload(&v, "/upload", "multipart/form-data; boundary=B0", buf_view(&b)), 200, "x=1;");
    getrusage(RUSAGE_SELF, &after);
    assert_true(after.ru_maxrss - before.ru_maxrss < 50 * 1024);       /* KB; a copy of each remainder were 200 MB */
    buf_release(&b);
}

static void *wait_for_toil(void *v)
{
    assert_body(get(v, "/toil"), 200, "toiled");
    return NULL;
}

/* Files that take long hold up neither a login nor a page. */
static void logins_before_toil(void **state)
{
    enum { TOILS = 5 };
    struct visitor v = enter();
    pthread_t thread[TOILS];
    pthread_mutex_lock(&gate);
    for (int i = 0; i < TOILS; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, wait_for_toil, &v), 0);
    usleep(200 * 1000);                          /* all of them are at it, or in the line */
    enter();
    pthread_mutex_unlock(&gate);
    for (int i = 0; i < TOILS; i++)
        pthread_join(thread[i], NULL);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, web_close)
    const struct CMUnitTest tests[] = { T(uploads), T(uploads_of_parameters), T(logins_before_toil) };
    return cmocka_run_group_tests_name("upload", tests, NULL, NULL);
}
