/* What a page or an API call is made of: routes, the request with its actor, forms, answers, writes.
 *
 * A slice gives a table of routes; web_dispatch() finds the route, resolves the session or token to an actor, checks the route's permission and
 * the CSRF token, and runs the handler on a worker thread with a reader connection. A handler ends by answering, or by web_write():
 * the write's fn decides and writes on the writer thread, and `answer` renders on a worker after the commit.
 */
#ifndef WHS_WEB_WEB_H
#define WHS_WEB_WEB_H

#include "format/jsonin.h"
#include "people/actor.h"
#include "store/runner.h"
#include "web/html.h"
#include "web/http.h"

struct web;
struct req;

typedef void web_handler(struct req *rq);

struct route {
    const char *method;                          /* "GET", "POST" */
    const char *path;                            /* "/entries/{number}/settle": a segment in braces is an argument; "{name*}" at the end takes the rest */
    web_handler *handler;
    unsigned roles;                              /* bits of enum role that may call it; ROLE_ANYONE without a login */
    int64_t body_max;                            /* 0: 8 MB, so that a refusal can name the field that is too long */
    bool api;                                    /* bearer token (or session), JSON answers, problem+json errors, no CSRF token */
    bool file;                                   /* of the API: the body is a file of any type, rq->http->body */
    bool files;                                  /* takes multipart/form-data: req_files(), texts by req_form(); body_max is then for all of it */
    /* What openapi.json tells besides; each may be NULL. */
    const char *asks;                            /* names of query arguments: "day state limit" */
    const char *takes, *gives;                   /* types as of a schema's field: the body, the answer */
};

/* An object of the API in one line: "number:text! due:instant? kind:document|meeting lists:[text] history:[Act]". Types are text day instant int
 * bool object, words with '|', another schema's name, or a list of one; '!' is always there, '?' may be null (before the '!'). With a type alone in place
 * of fields it says what the argument of its name may be, in paths and queries: { "verb", "accept|return" }. */
struct schema { const char *name, *fields; };

/* --- the server ------------------------------------------------------------------------------------------------------------- */

struct web_routes {
    const struct route *routes;
    int n;
    const struct schema *schemas;
    int n_schemas;
};

/* Live updates (live.c); 0 takes the default in brackets. Tests shorten them. */
struct live_limits {
    int gap;                                     /* ms between two events of one office, at least [300] */
    int beat;                                    /* ms after which a stream that was told nothing is told the head again [20,000] */
    int check;                                   /* ms between two looks at a stream's session [30,000] */
    int session_max, member_max, total_max;      /* streams of one session, of one member (the oldest is ended), of all [4, 8, 10,000] */
};

struct web_options {
    struct store *store;                         /* opened to write; outlives the web */
    const struct web_routes *tables;             /* one of each slice; the routes live for ever */
    int n_tables;
    const char *listen, *listen_also;            /* as in struct http_options */
    int workers;
    const struct runner *runner;                 /* whose figures /metrics shows; may be NULL */
    bool secure;                                 /* browsers come over TLS: cookies say Secure */
    struct http_times times;
    struct live_limits live;
    /* Draws a page for a refusal; `out` has the language. NULL: a bare page. rq->actor may be NULL. */
    void (*error_page)(struct req *rq, int status, struct str sentence, struct html *out);
};

bool web_start(const struct web_options *o, struct web **ret, struct err *err);
int web_port(const struct web *w);
bool web_run(struct web *w);                     /* as http_run() */
void web_stop(struct web *w);                    /* from any thread or a signal handler */
void web_free(struct web *w);

/* --- a request ---------------------------------------------------------------------------------------------------------------- */

struct req_own;

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
    bool live;                                   /* asked by the page itself, not by its reader: no sign of life of a session, no way to the login;
                                                    a page answers its main part alone, with X-Seq (face_frame) and an ETag */
    struct req_own *own;                         /* the web floor's */
};

/* --- reading ------------------------------------------------------------------------------------------------------------------
 * Values are valid UTF-8, trimmed (but not fields named "password…"), with \n as line end and without other control characters: what is
 * not was refused before the handler ran, with one sentence naming the field. Absent gives STR_NULL. */
struct str req_query(struct req *rq, const char *name);
struct str req_form(struct req *rq, const char *name);         /* application/x-www-form-urlencoded body */
size_t req_form_all(struct req *rq, const char *name, struct str *ret, size_t cap);
/* The files of a form on a route that takes them, in the order sent; fields left empty are none. Bytes and names are foreign: a name is what stood there without its
 * folders, UTF-8, at most REQ_FILE_NAME_MAX bytes, and nothing more was checked. They lie in the request. */
enum { REQ_FILES_MAX = 32, REQ_FILE_NAME_MAX = 1000 };
struct req_file { struct str field, name, bytes; };
const struct req_file *req_files(struct req *rq, size_t *n);
/* One component of an address; plus: '+' is a blank. false for what is no such. */
bool percent_decode(struct arena *a, struct str s, bool plus, struct str *ret);
/* The body of an API call: an object, whose texts are held to the same rules here. An empty body is an empty object. */
bool req_json_in(struct req *rq, struct jvalue *ret, struct err *err);

/* --- answering ------------------------------------------------------------------------------------------------------------ */
void req_html(struct req *rq, int status, struct html *out);   /* takes over out's bytes */
void req_json(struct req *rq, int status, struct buf *json);   /* takes over */
/* Foreign bytes under a foreign name; takes over. Shown only when `show`, which the caller allows for pictures and pdf alone; else the browser keeps it as a file.
 * sandbox: in an origin of its own, without scripts (which also keeps browsers from showing a pdf). mime lives for ever. */
void req_file(struct req *rq, struct buf *bytes, const char *mime, struct str name, bool show, bool sandbox);
void req_redirect(struct req *rq, const char *fmt, ...) _printf_(2, 3);    /* 303; htmx gets HX-Redirect */
void req_fail(struct req *rq, const struct err *err);          /* a page or problem+json with the one sentence, by route->api */
void req_fail_all(struct req *rq, const struct problems *p);   /* the same for several; the first gives the status */
void req_head(struct req *rq, const char *name, const char *fmt, ...) _printf_(3, 4);
struct html req_page(struct req *rq);            /* a struct html with the request's language */

/* --- writing -------------------------------------------------------------------------------------------------------------- */
/* Queues fn with args (in rq->arena) once the handler has returned; the handler does nothing after this call. After the commit or
 * refusal answer(rq, args, ok, err) runs on a worker with a fresh reader snapshot and must answer, go on to another write, or think.
 * What fn gives back lies in args by value: t->arena is gone by then.
 * With an Idempotency-Key (API) a repeated request gets the stored answer. To be stored in the write's own transaction, the answer is then made
 * on the writer, right after fn, and answer() must answer then and there, from rq->db, which is the transaction's. */
typedef void web_answer(struct req *rq, void *args, bool ok, const struct err *err);
void web_write(struct req *rq, store_fn *fn, void *args, web_answer *answer);
void web_write_alone(struct req *rq, store_fn *fn, void *args, web_answer *answer);            /* a batch of its own: fn may write before it refuses */
void web_write_as(struct req *rq, int64_t office_id, int64_t member_id, store_fn *fn, void *args, web_answer *answer);   /* without a login */
/* Runs work(args) on two threads for password hashing (which must never hold all workers), then `then` on a worker in a fresh snapshot, which must answer or
 * go on. work touches neither rq nor its rq->db. */
void web_think(struct req *rq, void (*work)(void *args), void (*then)(struct req *rq, void *args), void *args);
/* The same on two other threads, for what may take seconds: files that are stored or read. No login waits behind them. */
void web_toil(struct req *rq, void (*work)(void *args), void (*then)(struct req *rq, void *args), void *args);

/* The actor as the writer sees it now: rights are decided inside fn with this, never with rq->actor. */
bool web_actor(struct txn *t, struct actor *ret, struct err *err);

/* --- coming and going ------------------------------------------------------------------------------------------------------- */
/* refused() draws the form again with the sentence (status 422 or 403). Unknown login, wrong password, locked and disabled are one answer
 * in one time. `next` is where to go; anything but a local path becomes "/". office may be empty when there is only one. */
typedef void web_refused(struct req *rq, const struct err *err);
void web_login(struct req *rq, struct str office, struct str login, struct str password, struct str next, web_refused *refused);
void web_logout(struct req *rq);                 /* ends the session, answers with a redirect to /login */
/* Checks the old password, sets the new one, ends all other sessions and begins a fresh one; redirects to `next`. */
void web_password(struct req *rq, struct str old, struct str new, struct str next, web_refused *refused);
struct str web_local_path(struct str next);      /* next when it is a path on this server, else "/" */

/* In a write: forgets some of the office's answers under keys that are older than a day; *more: there are more. */
bool web_sweep(struct txn *t, bool *more, struct err *err);

#endif
