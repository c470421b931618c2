/* A connection's life on the loop thread: bytes in, one request at a time out to the workers, deadlines, the end. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "web/http_inner.h"

static const int64_t NEVER = INT64_C(1) << 40;

/* --- deadlines: a wheel of slots one tick wide. Most requests only move due_ms forward; the slot notices when its turn comes. */

static void wheel_take(struct http_conn *c)
{
    if (!c->at)
        return;
    *c->at = c->next;
    if (c->next)
        c->next->at = c->at;
    c->at = NULL;
}

static void wheel_put(struct http_conn *c)
{
    struct http_server *s = c->server;
    int64_t tick = c->due_ms / s->tick_ms + 1, last = s->tick_n + WHEEL_SLOTS - 1;
    tick = tick > last ? last : tick <= s->tick_n ? s->tick_n + 1 : tick;
    if (c->at && c->slot <= tick)
        return;
    wheel_take(c);
    struct http_conn **slot = &s->wheel[tick % WHEEL_SLOTS];
    c->slot = tick;
    c->next = *slot;
    c->at = slot;
    if (c->next)
        c->next->at = &c->next;
    *slot = c;
}

void conn_due(struct http_conn *c, int64_t ms_from_now)
{
    c->due_ms = (int64_t)uv_now(&c->server->loop) + ms_from_now;
    if (!c->closing)
        wheel_put(c);
}

static void due_for_state(struct http_conn *c)
{
    const struct http_times *t = &c->server->o.times;
    struct request *r = c->req;
    int64_t now = (int64_t)uv_now(&c->server->loop);
    if (c->state == CONN_IDLE)
        conn_due(c, t->idle);
    else if (c->state == CONN_HEAD)
        conn_due(c, r->begun_ms + t->header - now);
    else if (c->state == CONN_BODY) {
        int64_t size = r->parse.length > 0 ? r->parse.length : (int64_t)r->parse.body.n;
        conn_due(c, r->body_begun_ms + t->body + size * 1000 / BODY_BYTES_PER_S - now);
    } else if (c->state == CONN_WORK)
        conn_due(c, NEVER);
}

static void expire(struct http_conn *c)
{
    size_t unsent = uv_stream_get_write_queue_size(&c->io.stream);
    if (c->state == CONN_HEAD || c->state == CONN_BODY)
        send_refusal(c, 408);
    else if ((c->state == CONN_SEND || c->state == CONN_STREAM) && unsent < c->unsent) {
        c->unsent = unsent;                      /* slow, but it reads */
        conn_due(c, unsent ? c->server->o.times.send : NEVER);
    } else
        conn_close(c);
}

void conn_tick(uv_timer_t *t)
{
    struct http_server *s = t->data;
    int64_t now = (int64_t)uv_now(&s->loop), until = now / s->tick_ms;
    if (s->tick_n < until - WHEEL_SLOTS)
        s->tick_n = until - WHEEL_SLOTS;
    while (s->tick_n < until) {
        struct http_conn **slot = &s->wheel[++s->tick_n % WHEEL_SLOTS], *due = *slot;
        *slot = NULL;
        if (due)
            due->at = &due;
        for (struct http_conn *c; (c = due);) {
            wheel_take(c);
            if (c->due_ms <= now)
                expire(c);
            else
                wheel_put(c);
        }
    }
}

void conn_each(struct http_server *s, void (*fn)(struct http_conn *c))
{
    for (int i = 0; i < WHEEL_SLOTS; i++)
        for (struct http_conn *c = s->wheel[i], *next; c; c = next) {
            next = c->next;
            fn(c);
        }
}

/* --- the end ------------------------------------------------------------------------------------------------------------- */

void conn_try_free(struct http_conn *c)
{
    if (!c->closed || c->req)
        return;
    struct http_server *s = c->server;
    free(c->ahead);
    free(c);
    server_conn_gone(s);
}

static void on_closed(uv_handle_t *h)
{
    struct http_conn *c = h->data;
    c->closed = true;
    conn_try_free(c);
}

void conn_close(struct http_conn *c)
{
    if (c->closing)
        return;
    c->closing = true;
    wheel_take(c);
    if (c->state == CONN_STREAM)
        stream_end(c);
    if (c->req && (c->state == CONN_HEAD || c->state == CONN_BODY)) {
        request_put(c->req);
        c->req = NULL;
    }
    uv_close(&c->io.handle, on_closed);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf);

static void on_alloc(uv_handle_t *h, size_t hint, uv_buf_t *buf)
{
    struct http_conn *c = h->data;
    *buf = uv_buf_init(c->server->read, READ_BYTES);
}

static void read_on(struct http_conn *c, bool on)
{
    if (c->reading == on || c->closing)
        return;
    c->reading = on;
    if (!on)
        uv_read_stop(&c->io.stream);
    else if (uv_read_start(&c->io.stream, on_alloc, on_read) != 0)
        conn_close(c);
}

/* Closing with unread bytes in the socket would send a reset, and the client might lose the answer it has not read yet. */
void conn_finish(struct http_conn *c)
{
    uv_os_fd_t fd;
    free(c->ahead);
    c->ahead = NULL;
    c->ahead_n = 0;
    if (c->closing)
        return;
    if (c->eof || uv_fileno(&c->io.handle, &fd) != 0 || shutdown(fd, SHUT_WR) != 0) {
        conn_close(c);
        return;
    }
    c->state = CONN_LINGER;
    conn_due(c, c->server->o.times.linger);
    read_on(c, true);
}

void conn_drain(struct http_conn *c)
{
    if (c->state == CONN_IDLE || c->state == CONN_STREAM)
        conn_close(c);
}

/* --- requests ------------------------------------------------------------------------------------------------------------ */

static void submit(struct http_conn *c)
{
    struct http_server *s = c->server;
    struct request *r = c->req;
    struct http_req *rq = &r->pub;
    if (str_eqc(rq->target, "*")) {
        rq->status = 204;
        http_head(rq, "Allow", "GET, HEAD, POST, PUT, DELETE, OPTIONS");
        send_answer(c, r);
        return;
    }
    if (s->o.quick && s->o.quick(s->o.ctx, rq)) {
        send_answer(c, r);
        return;
    }
    r->announced = s->o.announce && rq->method != HTTP_GET_ && rq->method != HTTP_HEAD_ && rq->method != HTTP_OPTIONS_;
    if (r->announced)
        s->o.announce(s->o.ctx, +1);
    c->state = CONN_WORK;
    workers_push(s->workers, r);
}

static void head_read(struct http_conn *c, bool bytes_follow)
{
    struct http_server *s = c->server;
    struct request *r = c->req;
    struct parse *p = &r->parse;
    stat_add(&s->stats.requests, 1);
    c->last = !p->keep_alive;
    if (p->length == 0) {
        submit(c);
        return;
    }
    p->body_max = s->o.limit ? s->o.limit(s->o.ctx, &r->pub) : 0;
    if (p->body_max <= 0 || p->length > p->body_max) {
        send_refusal(c, 413);
        return;
    }
    if (p->expect && !bytes_follow) {            /* nothing is queued on this socket, and 25 bytes fit or the client goes on by itself */
        char go[] = "HTTP/1.1 100 Continue\r\n\r\n";
        uv_buf_t b = uv_buf_init(go, sizeof go - 1);
        uv_try_write(&c->io.stream, &b, 1);
    }
    c->state = CONN_BODY;
    r->body_begun_ms = (int64_t)uv_now(&s->loop);
}

static enum parse_end body_read(struct http_conn *c, const char *data, size_t n, size_t *taken)
{
    struct http_server *s = c->server;
    struct request *r = c->req;
    enum parse_end end = parse_body(&r->parse, data, n, taken);
    int64_t more = (int64_t)r->parse.body.n - r->counted;
    r->counted += more;
    s->bodies += more;
    if (end != PARSE_REFUSED && s->bodies > s->o.bodies_max) {
        r->parse.status = 503;
        return PARSE_REFUSED;
    }
    return end;
}

static void begin(struct http_conn *c)
{
    c->req = request_get(c->server, c);
    c->req->begun_ms = (int64_t)uv_now(&c->server->loop);
    c->state = CONN_HEAD;
}

static void keep_ahead(struct http_conn *c, const char *data, size_t n)
{
    c->ahead = xrealloc(c->ahead, c->ahead_n + n);
    memcpy(c->ahead + c->ahead_n, data, n);
    c->ahead_n += (unsigned)n;
    if (c->ahead_n >= AHEAD_MAX)
        read_on(c, false);
}

static void feed(struct http_conn *c, const char *data, size_t n)
{
    while (n && !c->closing && c->state <= CONN_BODY) {
        size_t taken = 0;
        if (c->state == CONN_IDLE)
            begin(c);
        bool head = c->state == CONN_HEAD;
        enum parse_end end = head ? parse_head(&c->req->parse, data, n, &taken) : body_read(c, data, n, &taken);
        data += taken;
        n -= taken;
        if (end == PARSE_REFUSED)
            send_refusal(c, c->req->parse.status);
        else if (end == PARSE_WHOLE && head)
            head_read(c, n > 0);
        else if (end == PARSE_WHOLE)
            submit(c);
    }
    if (c->closing)
        return;
    if (n && (c->state == CONN_WORK || c->state == CONN_SEND))
        keep_ahead(c, data, n);
    due_for_state(c);
}

void conn_next(struct http_conn *c)
{
    if (c->closing || c->state != CONN_IDLE)
        return;
    char *ahead = c->ahead;
    size_t n = c->ahead_n;
    c->ahead = NULL;
    c->ahead_n = 0;
    feed(c, ahead, n);
    free(ahead);
    if (c->closing)
        return;
    if (c->eof && c->state <= CONN_BODY)
        conn_close(c);
    else if (!c->eof && c->ahead_n < AHEAD_MAX)
        read_on(c, true);
}

/* --- reading ------------------------------------------------------------------------------------------------------------- */

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct http_conn *c = stream->data;
    if (n == 0 || c->closing)
        return;
    if (n == UV_EOF && (c->state == CONN_WORK || c->state == CONN_SEND)) {
        c->eof = true;                           /* it may still read: `printf … | nc` shuts its side first */
        read_on(c, false);
        return;
    }
    if (n < 0) {
        conn_close(c);
        return;
    }
    stat_add(&c->server->stats.bytes_in, n);
    if (c->state <= CONN_BODY)
        feed(c, buf->base, (size_t)n);
    else if (c->state == CONN_WORK || c->state == CONN_SEND)
        keep_ahead(c, buf->base, (size_t)n);
}

static void peer_name(struct http_conn *c, bool unix_socket)
{
    struct sockaddr_storage a;
    int n = sizeof a;
    strcpy(c->peer, unix_socket ? "unix" : "");
    if (unix_socket || uv_tcp_getpeername(&c->io.tcp, (struct sockaddr *)&a, &n) != 0)
        return;
    if (a.ss_family == AF_INET)
        uv_ip4_name((const struct sockaddr_in *)&a, c->peer, sizeof c->peer);
    else
        uv_ip6_name((const struct sockaddr_in6 *)&a, c->peer, sizeof c->peer);
}

void conn_accept(uv_stream_t *door, int status)
{
    struct http_server *s = ((struct listener *)door->data)->server;
    if (status < 0)
        return;
    struct http_conn *c = xcalloc(1, sizeof *c);
    bool unix_socket = door->type == UV_NAMED_PIPE;
    c->server = s;
    if (unix_socket)
        uv_pipe_init(&s->loop, &c->io.pipe, 0);
    else
        uv_tcp_init(&s->loop, &c->io.tcp);       /* TCP_NODELAY comes from the listening socket */
    c->io.handle.data = c;
    stat_add(&s->stats.connections, 1);
    if (s->n_conns++ == 0)
        uv_timer_start(&s->tick, conn_tick, (uint64_t)s->tick_ms, (uint64_t)s->tick_ms);
    if (uv_accept(door, &c->io.stream) != 0 || s->n_conns > s->o.connections_max) {
        conn_close(c);
        return;
    }
    peer_name(c, unix_socket);
    read_on(c, true);
    due_for_state(c);
}
