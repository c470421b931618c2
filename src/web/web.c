#include "web/web.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "messages.h"
#include "web/inner.h"

/* A body is read up to this size so that a refusal can name the field that is too long; fields have a limit of their own (form.c). */
enum { BODY_DEFAULT = 8 * 1024 * 1024, HASH_THREADS = 2, HASH_WAITING = 256, FILE_THREADS = 2, FILES_WAITING = 64, PART_TRIES = 3 };

/* --- a request's parts ---------------------------------------------------------------------------------------------------- */

void req_finish(struct req_own *o)
{
    struct http_req *h = o->rq.http;
    touch_later(o);
    if (o->rq.live)
        answer_tag(o);
    answer_finish(o);
    http_done(h);
}

/* A part only reads, so when its connection ended on the way it is run again on a new one. */
static bool run_part(struct req_own *o, void (*part)(struct req_own *o), struct err *err)
{
    struct db *db = o->rq.http->worker;
    o->rq.db = db;
    for (int i = 0; i < PART_TRIES; i++) {
        answer_clear(&o->rq);
        if (!db_snapshot_begin(db, err))
            return false;
        part(o);
        bool lost = db_lost(db, err);
        db_snapshot_end(db);
        if (!lost)
            return true;
    }
    return false;
}

/* What has been written is never said to have failed, though it cannot be shown. */
static void run_failed(struct req_own *o, const struct err *err)
{
    answer_clear(&o->rq);
    if (o->ok)
        answer_status(&o->rq, 503, M_WEB_DONE_UNSHOWN, NULL, 0);
    else
        req_fail(&o->rq, err);
}

void req_run(struct req_own *o, void (*part)(struct req_own *o))
{
    struct err err;
    if (!run_part(o, part, &err))
        run_failed(o, &err);
    if (o->next == NEXT_NONE)
        answer_status(&o->rq, 500, M_WEB_NO_ANSWER, NULL, 0);
    switch (o->next) {
    case NEXT_WRITE: req_write_begin(o); break;
    case NEXT_THINK: req_think_begin(o); break;
    case NEXT_STREAM: live_begin(o); break;
    case NEXT_NONE:
    case NEXT_ANSWER: req_finish(o); break;
    }
}

/* --- before the handler ----------------------------------------------------------------------------------------------------- */

static bool unsafe(const struct http_req *h)
{
    return h->method != HTTP_GET_ && h->method != HTTP_HEAD_ && h->method != HTTP_OPTIONS_;
}

static bool find_route(struct req_own *o)
{
    struct req *rq = &o->rq;
    struct routed at;
    if (!router_find(rq->web->router, rq->http->path, &at)) {
        answer_status(rq, 404, M_WEB_NO_PAGE, NULL, 0);
        return false;
    }
    rq->route = routed_method(&at, rq->http->method_name);
    memcpy(rq->args, at.args, sizeof rq->args);
    if (rq->route)
        return true;
    _cleanup_(buf_release) struct buf allow = BUF_INIT;
    routed_allow(&at, &allow);
    http_head(rq->http, "Allow", "%s", allow.p);
    if (rq->http->method == HTTP_OPTIONS_) {
        rq->http->status = 204;
        o->next = NEXT_ANSWER;
    } else {
        rq->route = at.n ? at.routes[0] : NULL;  /* a page or an API? */
        answer_status(rq, 405, M_WEB_NO_METHOD, &A_STR(rq->http->method_name), 1);
    }
    return false;
}

static void to_login(struct req *rq)
{
    struct html next = req_page(rq);
    if (rq->http->method == HTTP_GET_ && !rq->htmx && rq->http->target.n && rq->http->target.p[0] == '/' && !str_eqc(rq->http->target, "/"))
        html_put_percent(&next, rq->http->target);
    req_redirect(rq, next.buf.n ? "/login?next=%s" : "/login%s", next.buf.n ? next.buf.p : "");
    html_release(&next);
}

/* Somebody else knows the password: nothing but changing it and leaving. Tokens were made by the member and go on. */
static bool must_change_first(struct req *rq)
{
    struct str path = rq->http->path;
    return rq->session && rq->actor->must_change && !(rq->route->roles & ROLE_ANYONE) && !str_eqc(path, "/settings") &&
           !str_eqc(path, "/settings/password") && !str_eqc(path, "/logout");
}

static bool may_enter(struct req_own *o)
{
    struct req *rq = &o->rq;
    unsigned roles = rq->route->roles ? rq->route->roles : ROLE_ANY;
    if (rq->actor && must_change_first(rq)) {
        if (rq->route->api || rq->live)
            answer_status(rq, 403, M_WEB_CHANGE_PASSWORD, NULL, 0);
        else
            req_redirect(rq, "/settings");
        return false;
    }
    if (roles & ROLE_ANYONE || (rq->actor && actor_is(rq->actor, roles)))
        return true;
    if (rq->actor) {
        answer_status(rq, 403, M_WEB_DENIED, NULL, 0);
    } else if (rq->route->api) {
        http_head(rq->http, "WWW-Authenticate", "Bearer realm=\"whs\"");
        answer_status(rq, 401, M_WEB_NO_CREDENTIALS, NULL, 0);
    } else if (rq->live) {
        answer_status(rq, 401, M_WEB_SESSION_OVER, NULL, 0);
    } else {
        to_login(rq);
    }
    return false;
}

static bool media_type(const struct http_req *h, struct str want)
{
    struct str params, type = str_trim(str_cut(http_field(h, "content-type"), ';', &params));
    return str_caseeq(type, want);
}

static bool body_type(struct req *rq)
{
    const struct http_req *h = rq->http;
    if (h->body.n == 0 || !unsafe(h) || (rq->route->files && media_type(h, STR("multipart/form-data"))) || (rq->route->file && rq->route->api))
        return true;
    struct str want = rq->route->api ? STR("application/json") : STR("application/x-www-form-urlencoded");
    if (media_type(h, want))
        return true;
    answer_status(rq, 415, rq->route->files ? M_WEB_FILES_TYPE : rq->route->api ? M_WEB_JSON_TYPE : M_WEB_FORM_TYPE, NULL, 0);
    return false;
}

static bool read_fields(struct req_own *o, struct err *err)
{
    struct req *rq = &o->rq;
    if (!form_parse(rq->arena, rq->http->query, &o->query, err))
        return false;
    if (rq->route->files && unsafe(rq->http) && media_type(rq->http, STR("multipart/form-data")))
        return multipart_parse(o, http_field(rq->http, "content-type"), rq->http->body, err);
    return rq->route->api || !unsafe(rq->http) || form_parse(rq->arena, rq->http->body, &o->form, err);
}

static bool from_own_page(struct req_own *o)
{
    struct req *rq = &o->rq;
    if (!rq->session && rq->route->api)
        return true;                             /* no cookie, so no stranger's page can borrow it */
    if (!rq->session)
        auth_anonymous_csrf(o);
    if (!unsafe(rq->http) || auth_csrf(o))
        return true;
    answer_status(rq, 403, M_WEB_CSRF, NULL, 0);
    return false;
}

static bool no_longer_there(struct txn *t, void *args, struct err *err)
{
    (void)t, (void)args;
    return err_fail(err, ERR_BUSY, M_STORE_DB_BUSY, NULL);
}

static void refused(struct req *rq, void *args, bool ok, const struct err *err)
{
    (void)args, (void)ok;
    req_fail(rq, err);
}

/* Behind several servers an answer that can be read may not have reached the standby yet (its own server died while it waited), so it is proved by a write. */
static bool answered_before(struct req_own *o, struct err *err)
{
    bool found = false;
    if (!idempotency_read(o, err) || (o->key.p && !idempotency_replay(o, o->rq.db, &found, err)))
        req_fail(&o->rq, err);
    else if (found && store_shared(o->rq.store))
        web_write(&o->rq, no_longer_there, NULL, refused);
    return o->next != NEXT_NONE;
}

static void begin(struct req_own *o)
{
    struct req *rq = &o->rq;
    struct err err;
    rq->actor = NULL;                            /* it may run again */
    rq->session = NULL;
    o->n_files = 0;
    if (!find_route(o))
        return;
    if (!auth_resolve(o, &err)) {
        req_fail(rq, &err);
        return;
    }
    if (rq->actor && !rq->route->api)
        rq->lang = rq->actor->lang;
    if (!may_enter(o) || !body_type(rq))
        return;
    if (!read_fields(o, &err)) {
        req_fail(rq, &err);
        return;
    }
    if (!from_own_page(o) || (unsafe(rq->http) && answered_before(o, &err)))
        return;
    rq->route->handler(rq);
}

static bool asked_by_page(const struct http_req *h)
{
    return http_field(h, "x-live").p || str_eqc(h->path, "/live");
}

static void handle(void *ctx, struct http_req *h)
{
    struct web *w = ctx;
    struct req_own *o = arena_new(h->arena, struct req_own);
    instant_t now = clock_now(store_clock(w->o.store));
    o->rq = (struct req){ .http = h, .web = w, .store = w->o.store, .arena = h->arena, .lang = accept_lang(http_field(h, "accept-language")),
                          .now = now, .today = instant_day(now), .htmx = http_field(h, "hx-request").p != NULL, .live = asked_by_page(h), .own = o };
    h->user = o;
    req_run(o, begin);
}

/* --- the server -------------------------------------------------------------------------------------------------------------- */

static bool quick(void *ctx, struct http_req *h)
{
    (void)ctx;
    return asset_answer(h);
}

static int64_t limit(void *ctx, const struct http_req *h)
{
    struct web *w = ctx;
    struct routed at;
    const struct route *r = router_find(w->router, h->path, &at) ? routed_method(&at, h->method_name) : NULL;
    return r && r->body_max ? r->body_max : BODY_DEFAULT;
}

static void announce(void *ctx, int delta)
{
    struct web *w = ctx;
    store_expect(w->o.store, delta);
}

static void *worker_start(void *ctx, struct err *err)
{
    struct web *w = ctx;
    struct db *db;
    return store_reader_open(w->o.store, &db, err) ? db : NULL;
}

static void worker_end(void *ctx, void *worker)
{
    (void)ctx;
    store_reader_close(worker);
}

bool web_start(const struct web_options *o, struct web **ret, struct err *err)
{
    struct web *w = xcalloc(1, sizeof *w);
    w->o = *o;
    w->router = router_new();
    for (int t = -1; t < o->n_tables; t++) {
        const struct web_routes *table = t < 0 ? &builtin_routes : &o->tables[t];
        for (int i = 0; i < table->n; i++)
            router_add(w->router, &table->routes[i]);
    }
    w->hashing = pool_start(HASH_THREADS, HASH_WAITING);
    w->files = pool_start(FILE_THREADS, FILES_WAITING);
    struct http_options h = { .listen = o->listen, .listen_also = o->listen_also, .workers = o->workers, .times = o->times,
                              .ctx = w, .worker_start = worker_start, .worker_end = worker_end, .quick = quick,
                              .limit = limit, .announce = announce, .handle = handle };
    if (!http_start(&h, &w->http, err) || !live_start(w, err)) {
        web_free(w);
        return false;
    }
    *ret = w;
    return true;
}

int web_port(const struct web *w) { return http_port(w->http); }
bool web_run(struct web *w) { return http_run(w->http); }
void web_stop(struct web *w) { http_stop(w->http); }

void web_free(struct web *w)
{
    if (!w)
        return;
    live_stop(w->live);
    http_free(w->http);
    pool_stop(w->hashing);
    pool_stop(w->files);
    router_free(w->router);
    free(w);
}
