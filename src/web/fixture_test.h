/* For tests of the web floor: a house with small routes of its own over a real socket, and a client that logs in and sends what it likes.
 * Included once by each test program; web_open() before each test, web_close() after it. */
#ifndef WHS_WEB_FIXTURE_TEST_H
#define WHS_WEB_FIXTURE_TEST_H

#include "office.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
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

static inline _printf_(3, 4) void text(struct req *rq, int status, const char *fmt, ...)
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

static inline void show_login(struct req *rq) { text(rq, 200, "csrf=%.*s;", STR_ARG(rq->csrf)); }

static inline void login_refused(struct req *rq, const struct err *err)
{
    struct buf b = BUF_INIT;
    tr_err(&b, rq->lang, err);
    text(rq, err_http(err), "refused: %s", b.p);
    buf_release(&b);
}

static inline void do_login(struct req *rq)
{
    web_login(rq, req_form(rq, "office"), req_form(rq, "login"), req_form(rq, "password"), req_form(rq, "next"), login_refused);
}

static inline void new_password(struct req *rq) { web_password(rq, req_form(rq, "password"), req_form(rq, "password_new"), STR("/done"), login_refused); }

static inline void home(struct req *rq)
{
    text(rq, 200, "office=%d;login=%.*s;csrf=%.*s;lang=%d;", (int)rq->actor->office_id, STR_ARG(rq->actor->login), STR_ARG(rq->csrf), rq->lang);
}

static inline void args(struct req *rq)
{
    text(rq, 200, "%s [%.*s] [%.*s] q=%.*s", rq->route->path, STR_ARG(rq->args[0]), STR_ARG(rq->args[1]), STR_ARG(req_query(rq, "q")));
}

static inline void nothing(struct req *rq) { (void)rq; }

struct item { struct str title; int64_t seq; };

static inline bool item_fn(struct txn *t, void *a, struct err *err)
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

static inline void item_done(struct req *rq, void *a, bool ok, const struct err *err)
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

static inline void add_item(struct req *rq)
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
    { "GET", "/admin", home, ROLE_ADMIN, 0, false },
    { "POST", "/api/v1/items", add_item, ROLE_SECTION, 0, true },
    { "GET", "/api/v1/me", home, ROLE_ANY, 0, true },
};

/* --- server and client ------------------------------------------------------------------------------------------------------ */

static inline void *run(void *arg)
{
    (void)arg;
    web_run(web);
    return NULL;
}

static int64_t li;

/* The house with these routes beside the common ones. */
static inline int web_open(const struct route *more, int n_more)
{
    struct err e;
    static const struct schema thing = { "Thing", "title:text! kind:a|b due:instant? parts:[Thing]" };
    static struct web_routes tables[2] = { { ROUTES, ARRAY_LEN(ROUTES), &thing, 1 } };    /* lives as long as the house */
    tables[1] = (struct web_routes){ .routes = more, .n = n_more };
    test_office_open(&o);
    if (!hash.p) {
        struct buf b = BUF_INIT;
        NO_ERR(password_hash(&random_real, STR("correct horse"), &b, &e), &e);
        memcpy(hash_bytes, b.p, b.n);
        hash = str_n(hash_bytes, b.n);
        buf_release(&b);
    }
    li = test_member_add(&o, "li", "李科员", "officer", "", hash);
    struct web_options wo = { .store = o.store, .tables = tables, .n_tables = n_more ? 2 : 1, .listen = "127.0.0.1:0", .workers = 2 };
    NO_ERR(web_start(&wo, &web, &e), &e);
    return pthread_create(&server, NULL, run, NULL);
}

static inline int web_close(void **state)
{
    web_stop(web);
    pthread_join(server, NULL);
    web_free(web);
    test_office_close(&o);
    return 0;
}

struct reply { int status; struct buf raw; const char *body; };

static inline void reply_release(struct reply *r) { buf_release(&r->raw); }
#define REPLY _cleanup_(reply_release) struct reply

static inline struct reply ask_bytes(const char *head, struct str body)
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

static inline struct reply ask(const char *head, const char *body) { return ask_bytes(head, str_c(body)); }

/* What stands between `before` and `end` in the reply. */
static inline bool pick(const struct reply *r, const char *before, char end, char *to, size_t cap)
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

static inline struct reply login_as(struct visitor *v, const char *form)
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

static inline struct reply get(const struct visitor *v, const char *path)
{
    char line[512];
    snprintf(line, sizeof line, "GET %s HTTP/1.1\r\nCookie: a=b; whs_session=%s", path, v->cookie);
    return ask(line, NULL);
}

static inline struct reply post(const struct visitor *v, const char *path, const char *more, const char *body)
{
    char line[512];
    snprintf(line, sizeof line, "POST %s HTTP/1.1\r\n" FORM "Cookie: whs_session=%s\r\nX-CSRF-Token: %s%s", path, v->cookie, v->csrf, more);
    return ask(line, body);
}

static inline struct visitor enter(void)
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

/* --- what tests ask ----------------------------------------------------------------------------------------------------------- */

static inline void assert_body(struct reply r, int status, const char *want)
{
    if (r.status != status || !strstr(r.body, want))
        print_error("%d, wanted %d \"%s\":\n%s\n", r.status, status, want, r.raw.p);
    assert_int_equal(r.status, status);
    assert_non_null(strstr(r.body, want));
    reply_release(&r);
}

struct token_args { int64_t member; struct token_new t; };
static inline bool token_fn(struct txn *t, void *a, struct err *err)
{
    struct token_args *ta = a;
    return token_add(t, ta->member, STR("脚本"), false, &ta->t, err);
}

static inline struct token_args token(void)
{
    struct err e;
    struct token_args t = { .member = li };
    NO_ERR(test_write(&o, token_fn, &t, &e), &e);
    return t;
}

static inline struct reply call(const char *token_text, const char *more, const char *json)
{
    char line[512];
    snprintf(line, sizeof line, "POST /api/v1/items HTTP/1.1\r\nContent-Type: application/json\r\nAuthorization: Bearer %s%s", token_text, more);
    return ask(line, json);
}

#endif
