/* For the server's tests: a server with small handlers on its own thread, and a client that can send anything.
 * A failed expectation ends the test program's current test; the client's waits have a bound of 20 s and are never measured. */
#ifndef WHS_WEB_HTTP_TESTING_H
#define WHS_WEB_HTTP_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/num.h"
#include "web/http.h"

struct house {
    struct http_server *s;
    pthread_t loop;
    atomic_int handled, announced, begun, contexts;
    _Atomic uint64_t stream;
    atomic_bool over, clean;
    char seen[512];                              /* what the last handler was given, under house_lock */
};
static struct house house;
static pthread_mutex_t house_lock = PTHREAD_MUTEX_INITIALIZER;

static inline void *resume_later(void *arg);

static inline void answer_text(struct http_req *rq, int status, const char *text)
{
    rq->status = status;
    rq->out_type = "text/plain";
    buf_c(&rq->out, text);
}

static inline void handle(void *ctx, struct http_req *rq)
{
    atomic_fetch_add(&house.handled, 1);
    pthread_mutex_lock(&house_lock);
    snprintf(house.seen, sizeof house.seen, "%.*s %.*s ?%.*s", STR_ARG(rq->method_name), STR_ARG(rq->path), STR_ARG(rq->query));
    pthread_mutex_unlock(&house_lock);
    if (str_eqc(rq->path, "/echo") || str_eqc(rq->path, "/small")) {
        answer_text(rq, 200, "");
        buf_str(&rq->out, rq->body);
    } else if (str_eqc(rq->path, "/slow")) {
        atomic_fetch_add(&house.begun, 1);
        usleep(100 * 1000);
        answer_text(rq, 200, "slow");
    } else if (str_eqc(rq->path, "/big")) {
        answer_text(rq, 200, "");
        size_t n = 16 << 20;
        memset(buf_room(&rq->out, n), 'x', n);
        rq->out.n = n;
    } else if (str_eqc(rq->path, "/later")) {
        pthread_t t;
        rq->user = house.s;
        pthread_create(&t, NULL, resume_later, rq);
        pthread_detach(t);
        return;
    } else if (str_eqc(rq->path, "/stream")) {
        rq->status = 200;
        rq->out_type = "text/event-stream";
        buf_c(&rq->out, ": hello\n\n");
        atomic_store(&house.stream, http_stream(rq));
        return;
    } else if (str_eqc(rq->path, "/none"))
        rq->status = 204;
    else if (str_eqc(rq->path, "/same")) {
        answer_text(rq, 304, "not sent");
        http_head(rq, "ETag", "\"%d\"", 7);
    } else if (str_eqc(rq->path, "/split"))  {
        answer_text(rq, 200, "");
        http_head(rq, "X-A", "%s", "a\r\nX-B: c");
    } else if (str_eqc(rq->path, "/static")) {
        rq->status = 200;
        rq->out_static = STR("for ever");
    } else if (str_starts(rq->path, STR("/etc")))
        answer_text(rq, 404, "nothing here");
    else {
        answer_text(rq, 200, "hello ");
        buf_str(&rq->out, rq->path);
    }
    http_done(rq);
}

static inline void later(struct http_req *rq)
{
    answer_text(rq, 200, rq->worker ? "later" : "no worker");
    http_done(rq);
}

static inline void *resume_later(void *arg)
{
    usleep(20 * 1000);
    http_resume(arg, later);
    return NULL;
}

static inline int64_t limit(void *ctx, const struct http_req *rq)
{
    return str_eqc(rq->path, "/small") ? 10 : str_eqc(rq->path, "/echo") ? 4 << 20 : 0;
}

static inline bool quick(void *ctx, struct http_req *rq)
{
    if (!str_eqc(rq->path, "/quick"))
        return false;
    rq->status = 200;
    rq->out_static = STR("quick");
    return true;
}

static inline void announce(void *ctx, int delta) { atomic_fetch_add(&house.announced, delta); }

static inline void *worker_start(void *ctx, struct err *err)
{
    atomic_fetch_add(&house.contexts, 1);
    return &house;
}
static inline void worker_end(void *ctx, void *worker)
{
    assert_ptr_equal(worker, &house);
    atomic_fetch_sub(&house.contexts, 1);
}

static inline struct http_options options(void)
{
    return (struct http_options){
        .listen = "127.0.0.1:0", .workers = 2, .handle = handle, .limit = limit, .quick = quick, .announce = announce,
        .worker_start = worker_start, .worker_end = worker_end, .times = { .linger = 300 },
    };
}

static inline void *run_house(void *arg)
{
    atomic_store(&house.clean, http_run(house.s));
    atomic_store(&house.over, true);
    return NULL;
}

static inline void open_house(const struct http_options *o)
{
    struct err err = { 0 };
    memset(&house, 0, sizeof house);
    signal(SIGPIPE, SIG_IGN);
    assert_true(http_start(o, &house.s, &err));
    pthread_create(&house.loop, NULL, run_house, NULL);
}

static inline void close_house(void)
{
    http_stop(house.s);
    pthread_join(house.loop, NULL);
    assert_true(atomic_load(&house.clean));
    assert_int_equal(atomic_load(&house.announced), 0);
    assert_int_equal(atomic_load(&house.contexts), 0);
    struct http_stats st;
    http_stats(house.s, &st);
    assert_int_equal(st.connections, 0);
    assert_int_equal(st.streams, 0);
    http_free(house.s);
}

/* --- the client ---------------------------------------------------------------------------------------------------------- */

static inline int dial(void)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)http_port(house.s)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    setsockopt(fd, IPPROTO_TCP, 1 /* TCP_NODELAY */, &one, sizeof one);
    return fd;
}

static inline bool say_n(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t k = send(fd, p, n, MSG_NOSIGNAL);
        if (k <= 0)
            return false;
        p += k;
        n -= (size_t)k;
    }
    return true;
}
static inline bool say(int fd, const char *z) { return say_n(fd, z, strlen(z)); }

/* Adds what comes to b; false at the end of the connection (or after 20 s). */
static inline bool hear_more(int fd, struct buf *b)
{
    struct pollfd w = { .fd = fd, .events = POLLIN };
    if (poll(&w, 1, 20000) != 1)
        return false;
    char *to = buf_room(b, 65536);
    ssize_t n = recv(fd, to, 65536, 0);
    if (n > 0)
        b->n += (size_t)n;
    b->p[b->n] = 0;
    return n > 0;
}
static inline void hear_all(int fd, struct buf *b)
{
    while (hear_more(fd, b))
        ;
    if (!b->p)
        buf_c(b, "");
}
static inline void hear_until(int fd, struct buf *b, const char *what)
{
    while (!b->p || !strstr(b->p, what))
        if (!hear_more(fd, b))
            fail_msg("no \"%s\" in: %s", what, b->p ? b->p : "");
}

/* One complete answer with Content-Length: its status; the body in *body. */
static inline int hear(int fd, struct buf *body)
{
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    hear_until(fd, &b, "\r\n\r\n");
    size_t head = (size_t)(strstr(b.p, "\r\n\r\n") - b.p) + 4;
    const char *l = strstr(b.p, "Content-Length: ");
    size_t n = l && l < b.p + head ? (size_t)atol(l + 16) : 0;
    while (b.n < head + n)
        assert_true(hear_more(fd, &b));
    if (body) {
        buf_clear(body);
        buf_add(body, b.p + head, n);
    }
    return atoi(b.p + 9);
}

static inline int count(const char *z, const char *what)
{
    int n = 0;
    for (; (z = strstr(z, what)); z++)
        n++;
    return n;
}

static inline void assert_seen(const char *want)
{
    pthread_mutex_lock(&house_lock);
    assert_string_equal(house.seen, want);
    house.seen[0] = 0;
    pthread_mutex_unlock(&house_lock);
}

static inline void assert_sane(void)             /* the server still serves */
{
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    int fd = dial();
    say(fd, "GET /sane HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(hear(fd, &b), 200);
    assert_string_equal(b.p, "hello /sane");
    close(fd);
}

#endif
