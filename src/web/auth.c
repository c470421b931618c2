/* Who asks, and whether a form came from our own page. */
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "messages.h"
#include "web/inner.h"

static const char SESSION[] = "whs_session", BEFORE_SESSION[] = "whs_csrf";
enum { CSRF_CHARS = 32, CSRF_BYTES = 24 };

static struct str cookie(const struct req *rq, const char *name)
{
    struct str rest = http_field(rq->http, "cookie");
    while (rest.p) {
        struct str value, pair = str_trim(str_cut(rest, ';', &rest));
        if (str_eqc(str_cut(pair, '=', &value), name) && value.p)
            return value;
    }
    return STR_NULL;
}

static void set_cookie(struct req *rq, const char *name, const char *value, const char *more)
{
    http_head(rq->http, "Set-Cookie", "%s=%s; HttpOnly; SameSite=Lax; Path=/%s%s", name, value, rq->web->o.secure ? "; Secure" : "", more);
}

void auth_cookie(struct req *rq, struct str office, const char *secret)
{
    if (!secret) {
        set_cookie(rq, SESSION, "", "; Max-Age=0");
        return;
    }
    struct str v = arena_printf(rq->arena, "%.*s.%s", STR_ARG(office), secret);
    set_cookie(rq, SESSION, v.p, "");
}

/* --- who ------------------------------------------------------------------------------------------------------------------ */

/* A member who is gone or disabled is nobody; any other failure is one. */
static bool load_actor(struct req_own *o, int64_t office_id, int64_t member_id, struct err *err)
{
    struct req *rq = &o->rq;
    struct err e;
    if (actor_load(rq->db, rq->arena, office_id, member_id, rq->today, &o->actor, &e)) {
        rq->actor = &o->actor;
        return true;
    }
    if (e.kind == ERR_NOT_FOUND || e.kind == ERR_DENIED)
        return true;
    *err = e;
    return false;
}

static bool by_session(struct req_own *o, struct err *err)
{
    struct req *rq = &o->rq;
    struct office office;
    bool found;
    struct str secret, code = str_cut(cookie(rq, SESSION), '.', &secret);
    if (!secret.p)
        return true;
    if (!office_find(rq->db, rq->arena, code, &office, &found, err))
        return false;
    if (!found)
        return true;
    if (!session_find(rq->db, rq->arena, office.id, secret, rq->now, &o->session, &found, err))
        return false;
    if (!found)
        return true;
    if (!load_actor(o, office.id, o->session.member_id, err))
        return false;
    if (rq->actor) {
        rq->session = &o->session;
        rq->csrf = o->session.csrf;
        o->office_code = office.code;
    }
    return true;
}

static bool by_token(struct req_own *o, struct str token, struct err *err)
{
    int64_t office_id, member_id;
    bool found;
    if (!token_find(o->rq.db, o->rq.arena, str_trim(token), &office_id, &member_id, &found, err))
        return false;
    return !found || load_actor(o, office_id, member_id, err);
}

bool auth_resolve(struct req_own *o, struct err *err)
{
    struct str header = http_field(o->rq.http, "authorization");
    if (o->rq.route->api && str_caseeq(str_sub(header, 0, 7), STR("bearer ")))
        return by_token(o, str_sub(header, 7, header.n), err);
    return by_session(o, err);
}

/* --- where a form came from ----------------------------------------------------------------------------------------------- */

/* Before there is a session the token lives in a cookie of its own: a stranger's page can neither read nor set it. */
void auth_anonymous_csrf(struct req_own *o)
{
    struct req *rq = &o->rq;
    uint8_t raw[CSRF_BYTES];
    size_t n;
    rq->csrf = cookie(rq, BEFORE_SESSION);
    if (rq->csrf.n == CSRF_CHARS && base64url_decode(rq->csrf, raw, sizeof raw, &n))
        return;
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    random_fill(store_random(rq->store), raw, sizeof raw);
    buf_base64url(&b, raw, sizeof raw);
    rq->csrf = arena_str(rq->arena, buf_view(&b));
    o->new_csrf = true;
}

void auth_anonymous_cookie(struct req_own *o) { set_cookie(&o->rq, BEFORE_SESSION, o->rq.csrf.p, ""); }

/* Browsers say where a request comes from; what they say is believed when it speaks against the request. */
static bool same_origin(const struct req *rq)
{
    struct str site = http_field(rq->http, "sec-fetch-site"), origin = http_field(rq->http, "origin");
    if (site.p)
        return str_eqc(site, "same-origin") || str_eqc(site, "none");
    if (!origin.p)
        return true;
    ptrdiff_t at = str_find(origin, STR("://"));
    return at >= 0 && str_caseeq(str_sub(origin, (size_t)at + 3, origin.n), http_field(rq->http, "host"));
}

bool auth_csrf(struct req_own *o)
{
    struct req *rq = &o->rq;
    if (!same_origin(rq) || o->new_csrf)         /* a token made just now cannot have come from a page */
        return false;
    struct str sent = http_field(rq->http, "x-csrf-token");
    if (!sent.p)
        sent = form_get(&o->form, "_csrf");
    return sent.n && sent.n == rq->csrf.n && CRYPTO_memcmp(sent.p, rq->csrf.p, sent.n) == 0;
}

/* --- writes nobody waits for ---------------------------------------------------------------------------------------------- */

struct later {
    struct write write;
    store_fn *fn;
    max_align_t args[];
};

static bool later_fn(struct txn *t, void *args, struct err *err)
{
    struct later *l = args;
    return l->fn(t, l->args, err);
}

static void later_done(void *args, bool ok, const struct err *err)
{
    (void)ok, (void)err;
    free(args);
}

void write_later(struct req *rq, int64_t office_id, int64_t member_id, store_fn *fn, const void *args, size_t size)
{
    struct later *l = xcalloc(1, sizeof *l + size);
    memcpy(l->args, args, size);
    l->fn = fn;
    l->write = (struct write){ .office_id = office_id, .actor_id = member_id, .fn = later_fn, .done = later_done, .args = l };
    store_write(rq->store, &l->write);
}

static bool touch_fn(struct txn *t, void *digest, struct err *err) { return session_touch(t, digest, err); }

void touch_later(struct req_own *o)
{
    if (o->rq.session && !o->rq.live && o->rq.now - o->session.seen_at >= SESSION_TOUCH_MS)
        write_later(&o->rq, o->actor.office_id, o->actor.member_id, touch_fn, o->session.digest, sizeof o->session.digest);
}
