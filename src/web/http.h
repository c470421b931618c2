/* The HTTP/1.1 server: sockets, parsing, limits, deadlines, worker threads. It knows neither routes nor the store.
 *
 * Threads. One loop thread (libuv + llhttp, strict) accepts, parses, queues and sends; it never runs a handler, but answers
 * static assets itself through `quick`. A complete request is given to one of N worker threads, where `handle` runs whole.
 * The answer is finished on any thread by http_done() exactly once (a handler that queued a write calls it after the
 * commit). Pipelined requests of a connection are handled one after the other, in order.
 *
 * Ownership. A struct http_req and its arena belong to the worker from handle() until http_done() or http_stream();
 * strings in it live as long. Both calls give the request away: nothing of it may be touched afterwards. Whoever keeps a
 * request for later (a queued write) must call http_done() even when the client has gone: that is not visible from here.
 *
 * Limits, all refused before a handler sees anything: 16 KB and 100 header fields (431), target 8 KB (414), header
 * deadline 10 s (408), body deadline 30 s + 1 s for each 16 KB (408), body over the route's limit 413 before reading it
 * (`limit` is asked once the head is in), 256 MB of bodies being read at once (503), idle keep-alive 75 s. A client
 * that does not read is cut after 30 s without progress; a stream may lag by 256 KB. Pipelined bytes ahead of their turn
 * are kept up to 64 KB, then the socket is not read.
 *
 * Forms. The head must be lines ended by CRLF, of printable bytes and tabs; names are tokens, values may hold bytes above
 * 0x7f as sent (no promise that they are UTF-8); the target is printable ASCII. Exactly one Host on HTTP/1.1, no obs-fold,
 * Content-Length once and plain digits, Transfer-Encoding "chunked" alone and on 1.1 only, no trailers. An absolute-form
 * target must name the same authority as Host; "OPTIONS *" is answered here. `%2F`, `%00`, control characters and bytes
 * that are not UTF-8 in a path are refused (400), so that no two programs can cut the same path differently.
 *
 * Every answer gets Date, Content-Length, Connection where needed and X-Content-Type-Options; all else is set above.
 */
#ifndef WHS_WEB_HTTP_H
#define WHS_WEB_HTTP_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"

enum http_method { HTTP_GET_, HTTP_HEAD_, HTTP_POST_, HTTP_PUT_, HTTP_DELETE_, HTTP_PATCH_, HTTP_OPTIONS_, HTTP_OTHER_ };

struct http_field { struct str name, value; };   /* names in lower case, values without blanks at the ends */

struct http_conn;

struct http_req {
    struct arena *arena;
    enum http_method method;
    struct str method_name;                      /* "PROPFIND"; CONNECT and TRACE never arrive */
    struct str target;                           /* as sent */
    struct str path;                             /* decoded once, begins with '/', valid UTF-8 without control characters, no dot or empty segments */
    struct str query;                            /* raw, without '?'; STR_NULL when there is none */
    const struct http_field *fields;
    int n_fields;
    struct str body;
    struct str peer;                             /* "127.0.0.1" or "unix" */
    void *worker;                                /* what worker_start gave for this thread; NULL in quick() and limit() */

    /* the answer; set before http_done() */
    int status;                                  /* 0 is sent as 500 */
    struct buf head;                             /* further "Name: value\r\n" lines; http_head() writes them safely */
    struct buf out;                              /* the body; dropped for HEAD, 204 and 304 */
    struct str out_static;                       /* instead of out: bytes that live for ever */
    const char *out_type;                        /* Content-Type; lives as long as the request, or for ever */
    void *user;                                  /* the floor above's */
    struct http_conn *conn;
};

/* Deadlines in milliseconds, kept to about a second (a quarter of the shortest); 0 takes the default in brackets. Tests shorten them. */
struct http_times {
    int header;                                  /* first byte to blank line [10,000] */
    int body;                                    /* blank line to last byte, besides one second for each 16 KB [30,000] */
    int idle;                                    /* between requests, and before the first [75,000] */
    int send;                                    /* without the client taking one byte [30,000] */
    int linger;                                  /* after the last answer, so that the client can read it [2,000] */
    int grace;                                   /* after http_stop(): for requests on their way already [100] */
    int stop;                                    /* after http_stop(): until what is under way is given up [10,000] */
};

struct http_options {
    const char *listen;                          /* "HOST:PORT" or "unix:PATH"; loopback unless an administrator says otherwise */
    const char *listen_also;                     /* a second door or NULL, e.g. "unix:DB.sock" for commands beside the server */
    int workers;                                 /* 0: as many as there are cores, at least 2 */
    int connections_max;                         /* 0: 20,000; further ones are closed at once */
    int64_t bodies_max;                          /* 0: 256 MB; bytes of all bodies being read together */
    struct http_times times;
    const struct clock *clock;                   /* for Date; deadlines have the loop's own. NULL: clock_real */
    void *ctx;
    void *(*worker_start)(void *ctx, struct err *err);         /* once on each worker thread; NULL means it could not. May be NULL itself */
    void (*worker_end)(void *ctx, void *worker);
    bool (*quick)(void *ctx, struct http_req *rq);             /* on the loop thread: true when it answered (status set, no http_done()); must not block */
    int64_t (*limit)(void *ctx, const struct http_req *rq);    /* on the loop thread, for a head that announces a body: its largest size in bytes; 0: none allowed */
    void (*announce)(void *ctx, int delta);      /* a request that may write (not GET, HEAD, OPTIONS) was read (+1); matched by -1 after handle() returned */
    void (*handle)(void *ctx, struct http_req *rq);            /* on a worker; ends, now or later, in http_done() */
};

struct http_server;
/* Listens (the port is bound when it returns) and starts the workers. Refuses with one sentence: port taken, no such
 * address, or what worker_start said. `o` need not outlive the call. Ignores SIGPIPE from now on. */
bool http_start(const struct http_options *o, struct http_server **ret, struct err *err);
int http_port(const struct http_server *s);      /* the port bound, for HOST:0; 0 for unix: */
/* Blocks until http_stop(), then until every request under way is answered, at most times.stop. False when some were given
 * up: threads outside may still hold requests, so the process should end without http_free(). */
bool http_run(struct http_server *s);
void http_stop(struct http_server *s);           /* from any thread or a signal handler */
void http_free(struct http_server *s);           /* after http_run(), or instead of it; NULL is fine */

struct str http_field(const struct http_req *rq, const char *lower_name);    /* the first; STR_NULL when absent */
void http_head(struct http_req *rq, const char *name, const char *fmt, ...) _printf_(3, 4);    /* control characters in the value become blanks */
void http_done(struct http_req *rq);
/* Runs fn(rq) on a worker thread of this server: how a commit's answer leaves the writer thread. Goes before new requests. */
void http_resume(struct http_req *rq, void (*fn)(struct http_req *rq));

/* Server-sent events: an answer whose body never ends, closed by either side. Called instead of http_done(), with status,
 * out_type and the first bytes in `out` set; rq is gone afterwards. The id is never used again. */
uint64_t http_stream(struct http_req *rq);
/* Sends `event`, complete with its blank line, in order. Any thread; the bytes are copied. False when the stream has
 * ended, or is cut now because its client lags by more than 256 KB. An empty event sends nothing and only asks. */
bool http_push(struct http_server *s, uint64_t stream, struct str event);
void http_stream_end(struct http_server *s, uint64_t stream);  /* after what was pushed, as far as the client takes it at once */

struct http_stats { int64_t connections, requests, refused, bytes_in, bytes_out, streams; };   /* connections, streams: now; else since start */
void http_stats(const struct http_server *s, struct http_stats *ret);

#endif
