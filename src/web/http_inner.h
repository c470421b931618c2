/* What the files of the server share; nobody else includes it.
 *
 *   http_parse.c  bytes -> request, or a status that refuses them       no socket, no thread
 *   http_conn.c   a connection's life: reading, deadlines, closing      loop thread
 *   http_send.c   answers and streams                                   loop thread; http_done(), http_stream(), http_push() on any
 *   workers.c     the pool that runs handlers                           its own threads
 *   http.c        listening, starting, stopping; pool of requests       loop thread
 *
 * Two locks: the server's `lock` guards what other threads hand to the loop (answers, pushes, the table of streams);
 * the pool has its own. Neither is held while a callback runs, and never both. A signal that ends someone's wait for work
 * is sent under the lock whenever another thread than the loop sends it: after the unlock the server may be gone.
 */
#ifndef WHS_WEB_HTTP_INNER_H
#define WHS_WEB_HTTP_INNER_H

#include <llhttp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <uv.h>

#include "web/http.h"
#include "web/workers.h"

enum {
    HEAD_MAX = 16 * 1024,                        /* header lines, without the request line */
    FIELDS_MAX = 100,
    TARGET_MAX = 8 * 1024,
    READ_BYTES = 32 * 1024,                      /* one buffer for all connections: an idle one has none */
    AHEAD_MAX = 32 * 1024,                       /* pipelined bytes kept before the socket is no longer read */
    BODY_BYTES_PER_S = 16 * 1024,
    STREAM_LAG_MAX = 256 * 1024,
    POOL_MAX = 64,                               /* requests kept for reuse … */
    KEEP_BYTES = 32 * 1024,                      /* … each with buffers and arena up to this */
    WHEEL_SLOTS = 128,
};

/* --- http_parse.c -------------------------------------------------------------------------------------------------------- */
enum parse_end { PARSE_MORE, PARSE_WHOLE, PARSE_REFUSED };

struct parse {
    llhttp_t ll;
    struct http_req *rq;
    struct buf in;                               /* the head as received; fields point into it */
    struct buf body;
    size_t line_at, fields_at;                   /* where in `in` the unfinished line and the first field begin */
    int n_lines;                                 /* complete lines, the request line included */
    size_t fields_cap;
    int64_t length;                              /* declared body bytes; -1: chunked */
    int64_t body_max;                            /* the caller's answer to the head: more is refused with 413 */
    bool keep_alive, expect, head_done, in_value;
    char last[2];                                /* the last two bytes of a chunked body so far */
    int status;                                  /* why PARSE_REFUSED */
};
/* Both take bytes from data and set *taken; what is beyond the head or body is left. Status 400 … 505 when refused. */
enum parse_end parse_head(struct parse *p, const char *data, size_t n, size_t *taken);
enum parse_end parse_body(struct parse *p, const char *data, size_t n, size_t *taken);
void parse_reset(struct parse *p, struct http_req *rq);
void parse_release(struct parse *p);

/* --- shared structs ------------------------------------------------------------------------------------------------------ */
struct request {
    struct http_req pub;                         /* first: http_req and request are the same address */
    struct request *next;                        /* in one list at most: pool, worker queue, finished */
    struct http_server *server;
    void (*resume)(struct http_req *rq);
    struct arena arena;
    struct parse parse;
    int64_t begun_ms, body_begun_ms;             /* loop time */
    int64_t counted;                             /* body bytes in the server's sum */
    bool announced;
    uint64_t stream;                             /* not 0: http_stream() instead of http_done() */
    uv_write_t write;
};

enum conn_state {
    CONN_IDLE,                                   /* no byte of a request yet; no request */
    CONN_HEAD, CONN_BODY,                        /* reading one */
    CONN_WORK,                                   /* it is with a worker, or whoever will finish it */
    CONN_SEND,                                   /* its answer did not fit into the socket at once */
    CONN_STREAM,
    CONN_LINGER,                                 /* all said; input is dropped until the client closes */
};

struct http_conn {
    union { uv_handle_t handle; uv_stream_t stream; uv_tcp_t tcp; uv_pipe_t pipe; } io;
    struct http_server *server;
    struct request *req;                         /* HEAD … SEND; also while closing, until its worker gives it back */
    struct http_conn *next, **at;                /* its slot of the wheel */
    int64_t due_ms, slot;                        /* deadline; the tick at which the wheel looks, never later than it */
    uint64_t stream_id;
    size_t unsent;                               /* write queue when its deadline was last set */
    char *ahead;                                 /* pipelined bytes, NULL when none */
    unsigned ahead_n;
    unsigned char state;
    bool closing, closed, eof, reading, last;    /* last: close after this answer */
    char peer[46];
};

struct push {                                    /* bytes on their way to a stream; n = 0 cuts it */
    struct push *next;
    struct http_conn *conn;                      /* while it is being written */
    uint64_t stream;
    size_t n;
    uv_write_t write;
    char data[];
};

struct stream {                                  /* under `lock` */
    uint64_t id;                                 /* 0: free */
    struct http_conn *conn;                      /* only the loop follows it */
    size_t queued;
    bool cut;                                    /* lagged too far; the loop is about to close it */
};

struct http_server {
    struct http_options o;
    uv_loop_t loop;
    uv_async_t wake;
    uv_timer_t tick, stop_timer;
    struct listener {
        union { uv_handle_t handle; uv_stream_t stream; uv_tcp_t tcp; uv_pipe_t pipe; } io;
        struct http_server *server;
        char *path;                              /* of a unix socket, removed at the end */
        bool open;
    } door[2];
    int port;
    struct workers *workers;
    struct http_conn *wheel[WHEEL_SLOTS];
    int64_t tick_ms, tick_n;                     /* a slot's width; how many ticks the wheel has turned */
    int n_conns;
    int64_t bodies;                              /* bytes of bodies being read */
    struct request *pool;
    int n_pool;
    struct buf scratch;                          /* the head of the answer being made */
    int64_t date_s;
    char date[32];
    char read[READ_BYTES];
    bool draining, given_up, ran;
    atomic_bool stop;
    struct { _Atomic int64_t connections, requests, refused, bytes_in, bytes_out, streams; } stats;

    pthread_mutex_t lock;
    struct request *finished, **finished_end;
    struct push *pushes, **pushes_end;
    struct stream *streams;
    size_t n_streams, streams_free;              /* table size; where to look for a free row first */
    uint64_t stream_seq;
    bool down;                                   /* the loop has ended: nothing more is taken */
};

static inline struct request *request_of(struct http_req *rq) { return (struct request *)rq; }
static inline void stat_add(_Atomic int64_t *v, int64_t n) { atomic_fetch_add_explicit(v, n, memory_order_relaxed); }

/* --- http.c -------------------------------------------------------------------------------------------------------------- */
struct request *request_get(struct http_server *s, struct http_conn *c);
void request_put(struct request *r);
void server_conn_gone(struct http_server *s);    /* a connection's memory was freed */

/* --- http_conn.c --------------------------------------------------------------------------------------------------------- */
void conn_accept(uv_stream_t *door, int status);
void conn_close(struct http_conn *c);
void conn_due(struct http_conn *c, int64_t ms_from_now);
void conn_next(struct http_conn *c);             /* the answer is out: go on with what is ahead, or wait, or end */
void conn_finish(struct http_conn *c);           /* say no more and linger */
void conn_try_free(struct http_conn *c);
void conn_tick(uv_timer_t *t);
void conn_drain(struct http_conn *c);            /* ends it when it waits for nothing but a new request */
void conn_each(struct http_server *s, void (*fn)(struct http_conn *c));

/* --- http_send.c --------------------------------------------------------------------------------------------------------- */
void send_answer(struct http_conn *c, struct request *r);      /* takes r; the state is IDLE, SEND or LINGER or the connection closes */
void send_refusal(struct http_conn *c, int status);            /* small text, then linger */
void send_wake(uv_async_t *a);                   /* takes over what other threads finished */
void stream_end(struct http_conn *c);
void send_post(struct request *r);

#endif
