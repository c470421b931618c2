/* What the files of src/web/ above http.h share; nobody else includes it. */
#ifndef WHS_WEB_INNER_H
#define WHS_WEB_INNER_H

#include <pthread.h>
#include <stdatomic.h>

#include "people/member.h"
#include "web/router.h"
#include "web/web.h"

/* --- slow things (pool.c) --- */
struct task {
    void (*run)(struct task *j);
    struct task *next;
};
struct pool;
struct pool *pool_start(int threads, int waiting_max);
bool pool_push(struct pool *p, struct task *j);  /* false: too many are waiting */
void pool_stop(struct pool *p);                  /* after what was pushed has run */

struct live;

struct web {
    struct web_options o;
    struct http_server *http;
    struct live *live;
    struct router *router;
    struct pool *hashing, *files;                /* web_think(), web_toil() */
    _Atomic int64_t answers[6];                  /* by hundreds of the status */
};

struct form_field { struct str name, value; };
struct form {
    struct form_field *f;
    size_t n, cap;
};

/* What comes after the part of the handling that has just run; decided by it, done when its snapshot has ended. A request may be on another
 * thread the moment it is handed over, so nothing touches it after that. */
enum next { NEXT_NONE, NEXT_ANSWER, NEXT_WRITE, NEXT_THINK, NEXT_STREAM };

struct req_own {
    struct req rq;
    enum next next;
    struct form query, form;
    struct req_file files[REQ_FILES_MAX];        /* on a route that takes files */
    size_t n_files;
    struct session session;
    struct actor actor;
    struct str office_code;                      /* of the session */
    bool new_csrf;                               /* the page must bring the anonymous token's cookie */

    struct write write;                          /* NEXT_WRITE */
    store_fn *fn;
    void *args;
    web_answer *answer;
    bool ok, made;                               /* made: the answer was made on the writer */
    struct err err;

    struct str key;                              /* Idempotency-Key, STR_NULL without one */
    uint8_t key_digest[32], request_digest[32];

    struct task task;                            /* NEXT_THINK */
    struct pool *pool;
    void (*work)(void *args);
    void (*then)(struct req *rq, void *args);
    void *think_args;
};

/* web.c: runs one part of a request inside a snapshot of this worker's reader, then does what it asked for. */
void req_run(struct req_own *o, void (*part)(struct req_own *o));
void req_finish(struct req_own *o);              /* the answer is made */
void req_write_begin(struct req_own *o);         /* write.c */
void req_think_begin(struct req_own *o);

/* form.c */
bool form_parse(struct arena *a, struct str s, struct form *ret, struct err *err);
/* multipart/form-data: texts into form, files into o->files. */
bool multipart_parse(struct req_own *o, struct str content_type, struct str body, struct err *err);
struct str form_get(const struct form *f, const char *name);
bool text_clean(struct arena *a, struct str s, const char *field, struct str *ret, struct err *err);

/* answer.c */
enum lang accept_lang(struct str header);
void answer_status(struct req *rq, int status, int msg, const struct arg *args, int n);
void answer_fail(struct req *rq, int status, const struct err *err);
void answer_clear(struct req *rq);
bool gzip_accepted(const struct http_req *h);
/* Presses a long page for a client that takes it so; its heads are added. */
void gzip_page(struct http_req *h);
void answer_tag(struct req_own *o);              /* an ETag for a page's main part; 304 when the page has it already */
void answer_finish(struct req_own *o);           /* the heads every answer has */

/* auth.c */
bool auth_resolve(struct req_own *o, struct err *err);     /* session or token -> actor; neither is no error */
bool auth_csrf(struct req_own *o);
void auth_cookie(struct req *rq, struct str office, const char *secret);     /* NULL: takes it away */
void auth_anonymous_csrf(struct req_own *o);
void auth_anonymous_cookie(struct req_own *o);
void touch_later(struct req_own *o);
/* A write nobody waits for. */
void write_later(struct req *rq, int64_t office_id, int64_t member_id, store_fn *fn, const void *args, size_t size);

/* idempotency.c */
bool idempotency_read(struct req_own *o, struct err *err);
/* The stored answer of this key, when there is one: *found. Another request under the same key is ERR_CONFLICT. */
bool idempotency_replay(struct req_own *o, struct db *db, bool *found, struct err *err);
bool idempotency_store(struct req_own *o, struct txn *t, struct err *err);

/* live.c: GET /live, and telling those who listen that their office changed. A thread of its own with a reader of its own. */
bool live_start(struct web *w, struct err *err);
void live_stop(struct live *l);                  /* before the server is freed; NULL is fine */
void live_get(struct req *rq);
void live_begin(struct req_own *o);              /* NEXT_STREAM: gives the request away */

/* builtin.c */
extern const struct web_routes builtin_routes;
bool asset_answer(struct http_req *rq);

/* openapi.c */
void openapi_answer(struct req *rq);

#endif
