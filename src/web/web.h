/* What a page or an API call is made of: routes, the request with its actor, forms, answers, writes.
 *
 * A slice gives a table of routes; web_dispatch() finds the route, resolves the session or token to an actor, checks the route's permission and
 * the CSRF token, and runs the handler on a worker thread with a reader connection. A handler ends by answering, or by web_write():
 * the write's fn decides and writes on the writer thread, and `answer` renders on a worker after the commit.
 */
#ifndef WHS_WEB_WEB_H
#define WHS_WEB_WEB_H

#include "people/actor.h"
#include "store/store.h"
#include "web/html.h"
#include "web/http.h"

struct web;
struct req;

typedef void web_handler(struct req *rq);

struct route {
    const char *method;                          /* "GET", "POST" */
    const char *path;                            /* "/entries/{number}/settle": a segment in braces is an argument */
    web_handler *handler;
    unsigned roles;                              /* bits of enum role that may call it; ROLE_ANYONE without a login */
    int64_t body_max;                            /* 0: 64 KB for POST */
    bool api;                                    /* bearer token (or session), JSON answers, problem+json errors, no CSRF token */
};

struct req {
    struct http_req *http;
    struct web *web;
    struct store *store;
    struct db *db;                               /* this worker's reader, inside one snapshot for the whole handler */
    struct arena *arena;
    const struct route *route;
    struct actor *actor;                         /* NULL on ROLE_ANYONE routes without a session */
    struct session *session;                     /* NULL with a token */
    enum lang lang;
    instant_t now;
    day_t today;
    struct str args[4];                          /* path arguments in order, decoded */
    struct str csrf;                             /* the token forms must carry */
    bool htmx;                                   /* asked by htmx: answer a fragment where one exists */
};

/* --- reading: values are valid UTF-8, trimmed, without control characters; absent gives STR_NULL ------------------------- */
struct str req_query(struct req *rq, const char *name);
struct str req_form(struct req *rq, const char *name);         /* application/x-www-form-urlencoded body */
size_t req_form_all(struct req *rq, const char *name, struct str *ret, size_t cap);

/* --- answering ------------------------------------------------------------------------------------------------------------ */
void req_html(struct req *rq, int status, struct html *out);   /* takes over out's bytes */
void req_json(struct req *rq, int status, struct buf *json);   /* takes over */
void req_redirect(struct req *rq, const char *fmt, ...) _printf_(2, 3);    /* 303; htmx gets HX-Redirect */
void req_fail(struct req *rq, const struct err *err);          /* a page or problem+json with the one sentence, by route->api */
struct html req_page(struct req *rq);            /* a struct html with the request's language */

/* --- writing -------------------------------------------------------------------------------------------------------------- */
/* Queues fn with args (in rq->arena). After the commit or refusal answer(rq, args, ok, err) runs on a worker with a fresh reader
 * snapshot and must answer. The handler returns right after this call. With an Idempotency-Key (API) a repeated request gets the stored answer. */
typedef void web_answer(struct req *rq, void *args, bool ok, const struct err *err);
void web_write(struct req *rq, store_fn *fn, void *args, web_answer *answer);

/* The actor as the writer sees it now: rights are decided inside fn with this, never with rq->actor. */
bool web_actor(struct txn *t, struct actor *ret, struct err *err);

#endif
