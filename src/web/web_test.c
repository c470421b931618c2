/* The web floor over a real socket, with routes of its own and a database of its own. */
#include "office.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/json.h"
#include "base/num.h"
#include "messages.h"
#include "store/journal.h"
#include "web/web.h"

static struct test_office o;
static struct web *web;
static pthread_t server;
static struct str hash;
static char hash_bytes[128];

/* --- routes ---------------------------------------------------------------------------------------------------------------- */

static _printf_(3, 4) void text(struct req *rq, int status, const char *fmt, ...)
{
    struct buf b = BUF_INIT;
    va_list ap;
    va_start(ap, fmt);
    buf_vprintf(&b, fmt, ap);
    va_end(ap);
    struct html h = req_page(rq);
    h.buf = b;
    req_html(rq, status, &h);
}

static void show_login(struct req *rq) { text(rq, 200, "csrf=%.*s;", STR_ARG(rq->csrf)); }

static void login_refused(struct req *rq, const struct err *err)
{
    struct buf b = BUF_INIT;
    tr_err(&b, rq->lang, err);
    text(rq, err_http(err), "refused: %s", b.p);
    buf_release(&b);
}

static void do_login(struct req *rq)
{
    web_login(rq, req_form(rq, "office"), req_form(rq, "login"), req_form(rq, "password"), req_form(rq, "next"), login_refused);
}

static void new_password(struct req *rq) { web_password(rq, req_form(rq, "password"), req_form(rq, "password_new"), STR("/done"), login_refused); }

static void home(struct req *rq)
{
    text(rq, 200, "office=%d;login=%.*s;csrf=%.*s;lang=%d;", (int)rq->actor->office_id, STR_ARG(rq->actor->login), STR_ARG(rq->csrf), rq->lang);
}

static void args(struct req *rq)
{
    text(rq, 200, "%s [%.*s] [%.*s] q=%.*s", rq->route->path, STR_ARG(rq->args[0]), STR_ARG(rq->args[1]), STR_ARG(req_query(rq, "q")));
}

static void nothing(struct req *rq) { (void)rq; }

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

struct item { struct str title; int64_t seq; };

static bool item_fn(struct txn *t, void *a, struct err *err)
{
    struct item *it = a;
    struct actor ac;
    if (!web_actor(t, &ac, err))
        return false;
    if (str_eqc(it->title, "forbidden"))
        return err_fail(err, ERR_CONFLICT, M_PEOPLE_NAME_TAKEN, "title", A_STR(it->title));
    struct str old;
    if (!setting_get(t->db, t->arena, t->office_id, "count", "0", &old, err))
        return false;
    num_i64(old, &it->seq);
    it->seq++;
    return setting_set(t, "count", arena_printf(t->arena, "%d", (int)it->seq), err) && setting_set(t, "title", it->title, err);
}

static void item_done(struct req *rq, void *a, bool ok, const struct err *err)
{
    struct item *it = a;
    struct str stored;
    struct err e;
    if (!ok) {
        req_fail(rq, err);
        return;
    }
    assert_true(setting_get(rq->db, rq->arena, rq->actor->office_id, "title", "", &stored, &e));
    if (rq->route->api) {
        struct buf b = BUF_INIT;
        json_obj(&b);
        json_put_int(&b, "n", it->seq);
        json_put_str(&b, "title", stored);
        json_obj_end(&b);
        req_head(rq, "Location", "/api/v1/items/%d", (int)it->seq);
        req_json(rq, 201, &b);
    } else {
        text(rq, 200, "stored=%.*s;", STR_ARG(stored));
    }
}

static void add_item(struct req *rq)
{
    struct item *it = arena_new(rq->arena, struct item);
    struct err err;
    struct jvalue body;
    it->title = req_form(rq, "title");
    if (rq->route->api && (!req_json_in(rq, &body, &err) || !jget_text(&body, "title", &it->title, &err)))
        req_fail(rq, &err);
    else if (it->title.n == 0)
        req_fail(rq, (err_fail(&err, ERR_INPUT, M_BASE_REQUIRED, "title"), &err));
    else
        web_write(rq, item_fn, it, item_done);
}

static const struct route ROUTES[] = {
    { "GET", "/login", show_login, ROLE_ANYONE, 0, false },
    { "POST", "/login", do_login, ROLE_ANYONE, 0, false },
    { "POST", "/logout", web_logout, ROLE_ANY, 0, false },
    { "POST", "/password", new_password, ROLE_ANY, 0, false },
    { "GET", "/", home, ROLE_ANY, 0, false },
    { "GET", "/items/new", args, ROLE_ANY, 0, false },
    { "GET", "/items/{number}", args, ROLE_ANY, 0, false },
    { "POST", "/items/{number}/{verb}", args, ROLE_ANY, 0, false },
    { "GET", "/items/{number}/{verb}", args, ROLE_ANY, 0, false },
    { "GET", "/files/{path*}", args, ROLE_ANY, 0, false },
    { "POST", "/items", add_item, ROLE_SECTION, 0, false },
    { "GET", "/nothing", nothing, ROLE_ANY, 0, false },
    { "GET", "/toil", toils, ROLE_ANY, 0, false },
    { "POST", "/upload", files, ROLE_ANY, 100000, false, .files = true },
    { "GET", "/admin", home, ROLE_ADMIN, 0, false },
    { "POST", "/api/v1/items", add_item, ROLE_SECTION, 0, true },
    { "GET", "/api/v1/me", home, ROLE_ANY, 0, true },
};

/* --- server and client ------------------------------------------------------------------------------------------------------ */

static void *run(void *arg)
{
    (void)arg;
    web_run(web);
    return NULL;
}

static int64_t li;

static int setup(void **state)
{
    struct err e;
    static const struct schema thing = { "Thing", "title:text! kind:a|b due:instant? parts:[Thing]" };
    static const struct web_routes tables[] = { { ROUTES, ARRAY_LEN(ROUTES), &thing, 1 } };
    test_office_open(&o);
    if (!hash.p) {
        struct buf b = BUF_INIT;
        NO_ERR(password_hash(&random_real, STR("correct horse"), &b, &e), &e);
        memcpy(hash_bytes, b.p, b.n);
        hash = str_n(hash_bytes, b.n);
        buf_release(&b);
    }
    li = test_member_add(&o, "li", "李科员", "officer", "", hash);
    struct web_options wo = { .store = o.store, .tables = tables, .n_tables = 1, .listen = "127.0.0.1:0", .workers = 2 };
    NO_ERR(web_start(&wo, &web, &e), &e);
    return pthread_create(&server, NULL, run, NULL);
}

static int teardown(void **state)
{
    web_stop(web);
    pthread_join(server, NULL);
    web_free(web);
    test_office_close(&o);
    return 0;
}

struct reply { int status; struct buf raw; const char *body; };

static void reply_release(struct reply *r) { buf_release(&r->raw); }
#define REPLY _cleanup_(reply_release) struct reply

static struct reply ask_bytes(const char *head, struct str body)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)web_port(web)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    struct buf b = BUF_INIT;
    buf_printf(&b, "%s\r\nHost: whs.test\r\nConnection: close\r\n", head);
    if (body.p)
        buf_printf(&b, "Content-Length: %zu\r\n", body.n);
    buf_c(&b, "\r\n");
    buf_str(&b, body);
    for (size_t at = 0; at < b.n;) {
        ssize_t n = send(fd, b.p + at, b.n - at, MSG_NOSIGNAL);
        if (n <= 0)
            break;
        at += (size_t)n;
    }
    struct reply r = { .raw = BUF_INIT };
    for (;;) {
        char *room = buf_room(&r.raw, 65536);
        ssize_t n = recv(fd, room, 65536, 0);
        if (n <= 0)
            break;
        r.raw.n += (size_t)n;
        r.raw.p[r.raw.n] = 0;
    }
    close(fd);
    buf_release(&b);
    assert_non_null(r.raw.p);
    sscanf(r.raw.p, "HTTP/1.1 %d", &r.status);
    const char *blank = strstr(r.raw.p, "\r\n\r\n");
    r.body = blank ? blank + 4 : "";
    return r;
}

static struct reply ask(const char *head, const char *body) { return ask_bytes(head, str_c(body)); }

/* What stands between `before` and `end` in the reply. */
static bool pick(const struct reply *r, const char *before, char end, char *to, size_t cap)
{
    const char *p = strstr(r->raw.p, before);
    if (!p)
        return false;
    p += strlen(before);
    size_t n = 0;
    while (p[n] && p[n] != end && n + 1 < cap) {
        to[n] = p[n];
        n++;
    }
    to[n] = 0;
    return true;
}

#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"

struct visitor { char cookie[160], csrf[64]; };

static struct reply login_as(struct visitor *v, const char *form)
{
    char line[512], body[512], before[64];
    REPLY page = ask("GET /login HTTP/1.1", NULL);
    assert_int_equal(page.status, 200);
    assert_true(pick(&page, "whs_csrf=", ';', before, sizeof before));
    snprintf(line, sizeof line, "POST /login HTTP/1.1\r\n" FORM "Cookie: whs_csrf=%s", before);
    snprintf(body, sizeof body, "_csrf=%s&%s", before, form);
    struct reply r = ask(line, body);
    if (!pick(&r, "whs_session=", ';', v->cookie, sizeof v->cookie))
        v->cookie[0] = 0;
    return r;
}

static struct reply get(const struct visitor *v, const char *path)
{
    char line[512];
    snprintf(line, sizeof line, "GET %s HTTP/1.1\r\nCookie: a=b; whs_session=%s", path, v->cookie);
    return ask(line, NULL);
}

static struct reply post(const struct visitor *v, const char *path, const char *more, const char *body)
{
    char line[512];
    snprintf(line, sizeof line, "POST %s HTTP/1.1\r\n" FORM "Cookie: whs_session=%s\r\nX-CSRF-Token: %s%s", path, v->cookie, v->csrf, more);
    return ask(line, body);
}

static struct visitor enter(void)
{
    struct visitor v;
    REPLY in = login_as(&v, "login=li&password=correct+horse&next=/items/new%3Fq%3D1");
    assert_int_equal(in.status, 303);
    assert_non_null(strstr(in.raw.p, "Location: /items/new?q=1\r\n"));
    assert_non_null(strstr(in.raw.p, "; HttpOnly; SameSite=Lax; Path=/\r\n"));
    REPLY page = get(&v, "/");
    assert_int_equal(page.status, 200);
    assert_true(pick(&page, "csrf=", ';', v.csrf, sizeof v.csrf));
    return v;
}

/* --- tests --------------------------------------------------------------------------------------------------------------------- */

static void assert_body(struct reply r, int status, const char *want)
{
    if (r.status != status || !strstr(r.body, want))
        print_error("%d, wanted %d \"%s\":\n%s\n", r.status, status, want, r.raw.p);
    assert_int_equal(r.status, status);
    assert_non_null(strstr(r.body, want));
    reply_release(&r);
}

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

struct token_args { int64_t member; struct token_new t; };
static bool token_fn(struct txn *t, void *a, struct err *err)
{
    struct token_args *ta = a;
    return token_add(t, ta->member, STR("脚本"), false, &ta->t, err);
}

static struct token_args token(void)
{
    struct err e;
    struct token_args t = { .member = li };
    NO_ERR(test_write(&o, token_fn, &t, &e), &e);
    return t;
}

static struct reply call(const char *token_text, const char *more, const char *json)
{
    char line[512];
    snprintf(line, sizeof line, "POST /api/v1/items HTTP/1.1\r\nContent-Type: application/json\r\nAuthorization: Bearer %s%s", token_text, more);
    return ask(line, json);
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
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = { T(routes), T(uploads), T(uploads_of_parameters), T(logins_before_toil), T(without_a_login), T(sessions), T(forged_forms), T(lock_out), T(password_change), T(old_password_locks),
                                        T(bad_fields),
                                        T(api), T(describes_itself), T(repeated), T(repeated_at_once), T(offices_apart), T(seen_is_refreshed) };
    return cmocka_run_group_tests_name("web", tests, NULL, NULL);
}
