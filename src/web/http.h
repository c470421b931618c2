/* The HTTP/1.1 server: sockets, parsing, limits, deadlines, worker threads. It knows neither routes nor the store.
 *
 * Threads. One loop thread (libuv + llhttp, strict) accepts, parses, queues and sends; it never runs a handler, but answers
 * static assets itself through `quick`. A complete request is given to one of N worker threads, where `handle` runs whole. The answer is
 * finished on any thread by http_done() exactly once (a handler that queued a write calls it after the commit). Pipelined requests of a
 * connection are handled one after the other, in order.
 *
 * Ownership. A struct http_req and its arena belong to the worker from handle() until http_done(); strings in it live as long.
 *
 * Limits, all refused before a handler sees anything: 16 KB and 100 header fields (431), target 8 KB (414), one Host, no obs-fold, header deadline 10 s (408),
 * body deadline 30 s + size/16 KB/s, body over the route's limit 413 before reading it (`limit` is asked once the header is in), idle keep-alive 75 s,
 * answer buffers bounded: a client that does not read is cut after 30 s without progress.
 * What is refused and how: tests/hostile.test.js.
 */
#ifndef WHS_WEB_HTTP_H
#define WHS_WEB_HTTP_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"

enum http_method { HTTP_GET_, HTTP_HEAD_, HTTP_POST_, HTTP_PUT_, HTTP_DELETE_, HTTP_OPTIONS_, HTTP_OTHER_ };

struct http_field { struct str name, value; };   /* names in lower case */

struct http_conn;

struct http_req {
    struct arena *arena;
    enum http_method method;
    struct str method_name;
    struct str target;                           /* as sent */
    struct str path;                             /* decoded once, normal, begins with '/', valid UTF-8 without NUL */
    struct str query;                            /* raw, without '?' */
    const struct http_field *fields;
    int n_fields;
    struct str body;
    struct str peer;                             /* "127.0.0.1" or "unix" */
    void *worker;                                /* what worker_start gave for this thread */

    /* the answer; set before http_done() */
    int status;
    struct buf head;                             /* further "Name: value\r\n" lines */
    struct buf out;                              /* the body */
    struct str out_static;                       /* instead of out: bytes that live for ever */
    const char *out_type;                        /* Content-Type */
    void *user;                                  /* the floor above's */
    struct http_conn *conn;
};

struct http_options {
    const char *listen;                          /* "HOST:PORT" or "unix:PATH"; loopback unless an administrator says otherwise */
    int workers;                                 /* 0: as many as there are cores, at least 2 */
    const struct clock *clock;
    void *ctx;
    void *(*worker_start)(void *ctx, struct err *err);         /* once on each worker thread; NULL means it could not */
    void (*worker_end)(void *ctx, void *worker);
    bool (*quick)(void *ctx, struct http_req *rq);             /* on the loop thread: true when it answered (status set); must not block */
    int64_t (*limit)(void *ctx, const struct http_req *rq);    /* largest body in bytes for this head; 0: none allowed */
    void (*announce)(void *ctx, int delta);      /* a request that may write (not GET, HEAD, OPTIONS) was read (+1); matched by -1 after handle() returned */
    void (*handle)(void *ctx, struct http_req *rq);            /* on a worker; ends, now or later, in http_done() */
};

struct http_server;
bool http_start(const struct http_options *o, struct http_server **ret, struct err *err);
int http_port(const struct http_server *s);      /* the port bound, for HOST:0 */
void http_run(struct http_server *s);            /* blocks until http_stop(); finishes what is under way */
void http_stop(struct http_server *s);           /* from any thread or a signal handler */
void http_free(struct http_server *s);

struct str http_field(const struct http_req *rq, const char *lower_name);    /* STR_NULL when absent */
void http_head(struct http_req *rq, const char *name, const char *fmt, ...) _printf_(3, 4);
void http_done(struct http_req *rq);
/* Runs fn(rq) on a worker thread of this server: how a commit's answer leaves the writer thread. */
void http_resume(struct http_req *rq, void (*fn)(struct http_req *rq));

/* Server-sent events: an answer whose body never ends. After http_done() with status 200 and type text/event-stream, keep the id; */
uint64_t http_stream(struct http_req *rq);       /* instead of http_done(): sends head and keeps the connection; rq is gone afterwards */
bool http_push(struct http_server *s, uint64_t stream, struct str event);    /* any thread; false when the stream ended */

struct http_stats { int64_t connections, requests, refused, bytes_in, bytes_out, streams; };
void http_stats(const struct http_server *s, struct http_stats *ret);

#endif
