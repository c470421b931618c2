/* Answers and streams: from whatever thread finished them to the socket. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "web/http_inner.h"

/* --- the head of an answer ----------------------------------------------------------------------------------------------- */

static const char *reason(int status)
{
    static const struct { int status; const char *text; } list[] = {
        { 200, "OK" }, { 201, "Created" }, { 202, "Accepted" }, { 204, "No Content" }, { 206, "Partial Content" },
        { 207, "Multi-Status" }, { 301, "Moved Permanently" }, { 302, "Found" }, { 303, "See Other" }, { 304, "Not Modified" },
        { 307, "Temporary Redirect" }, { 308, "Permanent Redirect" }, { 400, "Bad Request" }, { 401, "Unauthorized" },
        { 403, "Forbidden" }, { 404, "Not Found" }, { 405, "Method Not Allowed" }, { 406, "Not Acceptable" },
        { 408, "Request Timeout" }, { 409, "Conflict" }, { 412, "Precondition Failed" }, { 413, "Content Too Large" },
        { 414, "URI Too Long" }, { 415, "Unsupported Media Type" }, { 417, "Expectation Failed" },
        { 422, "Unprocessable Content" }, { 428, "Precondition Required" }, { 429, "Too Many Requests" },
        { 431, "Request Header Fields Too Large" }, { 500, "Internal Server Error" }, { 501, "Not Implemented" },
        { 503, "Service Unavailable" }, { 505, "HTTP Version Not Supported" }, { 507, "Insufficient Storage" },
    };
    for (size_t i = 0; i < ARRAY_LEN(list); i++)
        if (list[i].status == status)
            return list[i].text;
    return "";
}

/* RFC 9110 5.6.7; made once a second. strftime is not used: it follows the locale. */
static const char *date(struct http_server *s)
{
    static const char day[] = "SunMonTueWedThuFriSat", month[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int64_t now = clock_now(s->o.clock) / 1000;
    if (now != s->date_s || !s->date[0]) {
        time_t t = (time_t)now;
        struct tm tm;
        gmtime_r(&t, &tm);
        char text[96];
        snprintf(text, sizeof text, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", day + 3 * tm.tm_wday, tm.tm_mday,
                 month + 3 * tm.tm_mon, tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
        text[sizeof s->date - 1] = 0;
        memcpy(s->date, text, sizeof s->date);
        s->date_s = now;
    }
    return s->date;
}

enum length { LENGTH_NONE = -1 };                /* a stream, 204, 304 */

static struct str make_head(struct http_server *s, int status, const char *type, int64_t length, const char *connection, struct str more)
{
    struct buf *b = &s->scratch;
    buf_clear(b);
    buf_c(b, "HTTP/1.1 ");
    buf_i64(b, status);
    buf_ch(b, ' ');
    buf_c(b, reason(status));
    buf_c(b, "\r\nDate: ");
    buf_c(b, date(s));
    if (type) {
        buf_c(b, "\r\nContent-Type: ");
        buf_c(b, type);
    }
    if (length != LENGTH_NONE) {
        buf_c(b, "\r\nContent-Length: ");
        buf_i64(b, length);
    }
    if (connection) {
        buf_c(b, "\r\nConnection: ");
        buf_c(b, connection);
    }
    buf_c(b, "\r\nX-Content-Type-Options: nosniff\r\n");
    buf_str(b, more);
    buf_c(b, "\r\n");
    return buf_view(b);
}

void http_head(struct http_req *rq, const char *name, const char *fmt, ...)
{
    va_list ap;
    buf_c(&rq->head, name);
    buf_c(&rq->head, ": ");
    size_t from = rq->head.n;
    va_start(ap, fmt);
    buf_vprintf(&rq->head, fmt, ap);
    va_end(ap);
    for (size_t i = from; i < rq->head.n; i++)   /* a value must not be able to end its line */
        if ((unsigned char)rq->head.p[i] < ' ' || rq->head.p[i] == 0x7f)
            rq->head.p[i] = ' ';
    buf_c(&rq->head, "\r\n");
}

/* --- writing ------------------------------------------------------------------------------------------------------------- */

static void answered(struct http_conn *c, struct request *r)
{
    c->req = NULL;
    request_put(r);
    c->state = CONN_IDLE;
    if (c->last)
        conn_finish(c);
}

static void on_written(uv_write_t *w, int status)
{
    struct request *r = w->data;
    struct http_conn *c = (struct http_conn *)r->pub.conn;
    if (status < 0 || c->closing) {
        c->req = NULL;
        request_put(r);
        conn_close(c);
        conn_try_free(c);
        return;
    }
    answered(c, r);
    conn_next(c);
}

/* What the socket did not take at once. The head lies in shared memory, so its rest moves into the request. */
static void write_rest(struct http_conn *c, struct request *r, struct str head, struct str body, size_t sent)
{
    uv_buf_t b[2];
    unsigned n = 0;
    struct str head_rest = arena_str(&r->arena, str_sub(head, sent, head.n));
    struct str body_rest = str_sub(body, sent > head.n ? sent - head.n : 0, body.n);
    if (head_rest.n)
        b[n++] = uv_buf_init((char *)head_rest.p, (unsigned)head_rest.n);
    if (body_rest.n)
        b[n++] = uv_buf_init((char *)body_rest.p, (unsigned)body_rest.n);
    r->write.data = r;
    c->state = CONN_SEND;
    if (uv_write(&r->write, &c->io.stream, b, n, on_written) != 0) {
        c->req = NULL;
        request_put(r);
        conn_close(c);
        return;
    }
    stat_add(&c->server->stats.bytes_out, (int64_t)(head.n + body.n) - (int64_t)sent);
    c->unsent = uv_stream_get_write_queue_size(&c->io.stream);
    conn_due(c, c->server->o.times.send);
}

static ssize_t try_write(struct http_conn *c, struct str head, struct str body)
{
    uv_buf_t b[2] = { uv_buf_init((char *)head.p, (unsigned)head.n), uv_buf_init((char *)body.p, (unsigned)body.n) };
    int n = uv_try_write(&c->io.stream, b, body.n ? 2 : 1);
    if (n == UV_EAGAIN)
        return 0;
    if (n > 0)
        stat_add(&c->server->stats.bytes_out, n);
    return n;
}

static void begin_stream(struct http_conn *c, struct request *r);
static void stream_drop(struct http_server *s, uint64_t id);

void send_answer(struct http_conn *c, struct request *r)
{
    struct http_server *s = c->server;
    struct http_req *rq = &r->pub;
    if (c->closing) {
        if (r->stream)
            stream_drop(s, r->stream);
        c->req = NULL;
        request_put(r);
        conn_try_free(c);
        return;
    }
    if (r->stream) {
        begin_stream(c, r);
        return;
    }
    if (!rq->status)
        rq->status = 500;
    if (s->draining)
        c->last = true;
    bool bare = rq->status == 204 || rq->status == 304;
    struct str body = rq->out_static.p ? rq->out_static : buf_view(&rq->out);
    const char *connection = c->last ? "close" : r->parse.ll.http_minor == 0 ? "keep-alive" : NULL;
    struct str head = make_head(s, rq->status, bare ? NULL : rq->out_type, bare ? LENGTH_NONE : (int64_t)body.n, connection, buf_view(&rq->head));
    if (bare || rq->method == HTTP_HEAD_)
        body = STR("");
    ssize_t sent = try_write(c, head, body);
    if (sent < 0) {
        c->req = NULL;
        request_put(r);
        conn_close(c);
    } else if ((size_t)sent == head.n + body.n)
        answered(c, r);
    else
        write_rest(c, r, head, body, (size_t)sent);
}

void send_refusal(struct http_conn *c, int status)
{
    struct http_server *s = c->server;
    char text[64];
    int n = snprintf(text, sizeof text, "%d %s\n", status, reason(status));
    stat_add(&s->stats.refused, 1);
    if (c->req) {
        request_put(c->req);
        c->req = NULL;
    }
    struct str head = make_head(s, status, "text/plain; charset=utf-8", n, "close", STR(""));
    try_write(c, head, str_n(text, (size_t)n));  /* a client whose socket has no room for 200 bytes does not wait for them */
    conn_finish(c);
}

/* --- from other threads -------------------------------------------------------------------------------------------------- */

/* One wake-up for a whole list. The signal is sent under the lock: after it the loop may be done with everything. */
static void wake(struct http_server *s, bool was_empty)
{
    if (was_empty)
        uv_async_send(&s->wake);
}

void send_post(struct request *r)
{
    struct http_server *s = r->server;
    pthread_mutex_lock(&s->lock);
    bool empty = !s->finished && !s->pushes;
    r->next = NULL;
    *s->finished_end = r;
    s->finished_end = &r->next;
    wake(s, empty);
    pthread_mutex_unlock(&s->lock);
}

void http_done(struct http_req *rq) { send_post(request_of(rq)); }

void http_resume(struct http_req *rq, void (*fn)(struct http_req *rq))
{
    struct request *r = request_of(rq);
    r->resume = fn;
    workers_push(r->server->workers, r);
}

/* --- streams ------------------------------------------------------------------------------------------------------------- */

enum { STREAM_ROW_BITS = 24 };                   /* an id is a serial number above the row of the table */

static struct stream *stream_find(struct http_server *s, uint64_t id)
{
    size_t row = id & ((1u << STREAM_ROW_BITS) - 1);
    return id && row < s->n_streams && s->streams[row].id == id ? &s->streams[row] : NULL;
}

static uint64_t stream_new(struct http_server *s, struct http_conn *c)
{
    size_t row = s->streams_free;
    while (row < s->n_streams && s->streams[row].id)
        row++;
    if (row == s->n_streams) {
        s->n_streams = s->n_streams ? s->n_streams * 2 : 16;
        s->streams = xrealloc(s->streams, s->n_streams * sizeof *s->streams);
        memset(s->streams + row, 0, (s->n_streams - row) * sizeof *s->streams);
    }
    s->streams_free = row + 1;
    s->streams[row] = (struct stream){ .id = ++s->stream_seq << STREAM_ROW_BITS | row, .conn = c };
    return s->streams[row].id;
}

uint64_t http_stream(struct http_req *rq)
{
    struct request *r = request_of(rq);
    struct http_server *s = r->server;
    pthread_mutex_lock(&s->lock);
    uint64_t id = r->stream = stream_new(s, rq->conn);
    pthread_mutex_unlock(&s->lock);
    send_post(r);
    return id;
}

static void stream_drop(struct http_server *s, uint64_t id)
{
    pthread_mutex_lock(&s->lock);
    struct stream *st = stream_find(s, id);
    if (st) {
        st->id = 0;
        if ((size_t)(st - s->streams) < s->streams_free)
            s->streams_free = (size_t)(st - s->streams);
    }
    pthread_mutex_unlock(&s->lock);
}

void stream_end(struct http_conn *c)
{
    stream_drop(c->server, c->stream_id);
    stat_add(&c->server->stats.streams, -1);
}

static void unqueue(struct http_server *s, uint64_t id, size_t n)
{
    pthread_mutex_lock(&s->lock);
    struct stream *st = stream_find(s, id);
    if (st)
        st->queued -= n;
    pthread_mutex_unlock(&s->lock);
}

/* Under the lock: a stream that still takes something. */
static struct stream *stream_open(struct http_server *s, uint64_t id)
{
    struct stream *st = s->down ? NULL : stream_find(s, id);
    return st && !st->cut ? st : NULL;
}

static bool push(struct http_server *s, uint64_t stream, struct str event, bool last)
{
    struct push *p = xmalloc(sizeof *p + event.n);
    *p = (struct push){ .stream = stream, .n = event.n };
    if (event.n)
        memcpy(p->data, event.p, event.n);
    pthread_mutex_lock(&s->lock);
    struct stream *st = stream_open(s, stream);
    bool cut = st && (last || st->queued + event.n > STREAM_LAG_MAX);
    if (st) {
        bool empty = !s->finished && !s->pushes;
        st->cut = cut;                           /* the loop closes it when it comes to this push */
        p->n = cut ? 0 : event.n;
        st->queued += p->n;
        *s->pushes_end = p;
        s->pushes_end = &p->next;
        wake(s, empty);
    }
    pthread_mutex_unlock(&s->lock);
    if (!st)
        free(p);
    return st && !cut;
}

bool http_push(struct http_server *s, uint64_t stream, struct str event)
{
    if (event.n)
        return push(s, stream, event, false);
    pthread_mutex_lock(&s->lock);
    bool open = stream_open(s, stream) != NULL;
    pthread_mutex_unlock(&s->lock);
    return open;
}

void http_stream_end(struct http_server *s, uint64_t stream) { push(s, stream, STR(""), true); }

static void on_pushed(uv_write_t *w, int status)
{
    struct push *p = w->data;
    struct http_conn *c = p->conn;
    unqueue(c->server, p->stream, p->n);
    if (status < 0)
        conn_close(c);
    free(p);
}

static void push_write(struct http_conn *c, struct push *p)
{
    ssize_t sent = try_write(c, str_n(p->data, p->n), STR(""));
    if (sent < 0 || (size_t)sent == p->n) {
        unqueue(c->server, p->stream, p->n);
        free(p);
        if (sent < 0)
            conn_close(c);
        return;
    }
    uv_buf_t b = uv_buf_init(p->data + sent, (unsigned)(p->n - (size_t)sent));
    bool was_empty = uv_stream_get_write_queue_size(&c->io.stream) == 0;
    p->conn = c;
    p->write.data = p;
    if (uv_write(&p->write, &c->io.stream, &b, 1, on_pushed) != 0) {
        free(p);
        conn_close(c);
    } else if (was_empty) {
        c->unsent = b.len;
        conn_due(c, c->server->o.times.send);
    } else
        c->unsent += b.len;
}

/* The connection is reached through the table alone: it may have ended since the push was made. */
static void take_push(struct http_server *s, struct push *p)
{
    pthread_mutex_lock(&s->lock);
    struct stream *st = stream_find(s, p->stream);
    struct http_conn *c = st ? st->conn : NULL;
    pthread_mutex_unlock(&s->lock);
    if (c && c->state == CONN_STREAM && !c->closing && p->n)
        push_write(c, p);
    else {
        if (c && c->state == CONN_STREAM)
            conn_close(c);
        free(p);
    }
}

static void begin_stream(struct http_conn *c, struct request *r)
{
    struct http_req *rq = &r->pub;
    struct str head = make_head(c->server, rq->status ? rq->status : 200, rq->out_type, LENGTH_NONE, "close", buf_view(&rq->head));
    struct str body = rq->method == HTTP_HEAD_ ? STR("") : buf_view(&rq->out);
    struct push *first = xmalloc(sizeof *first + head.n + body.n);
    *first = (struct push){ .stream = r->stream, .n = head.n + body.n };
    memcpy(first->data, head.p, head.n);
    memcpy(first->data + head.n, body.p, body.n);
    c->stream_id = r->stream;
    c->state = CONN_STREAM;
    c->last = true;
    stat_add(&c->server->stats.streams, 1);
    bool head_only = rq->method == HTTP_HEAD_, eof = c->eof;
    c->req = NULL;
    request_put(r);
    pthread_mutex_lock(&c->server->lock);
    struct stream *st = stream_find(c->server, first->stream);
    if (st)
        st->queued += first->n;
    pthread_mutex_unlock(&c->server->lock);
    if (c->io.handle.type == UV_TCP)
        uv_tcp_keepalive(&c->io.tcp, 1, 30);     /* notices a client that vanished without a word */
    conn_due(c, INT64_C(1) << 40);
    push_write(c, first);
    if (head_only || eof || c->server->draining)
        conn_close(c);
}

void send_wake(uv_async_t *a)
{
    struct http_server *s = a->data;
    pthread_mutex_lock(&s->lock);
    struct request *done = s->finished;
    struct push *push = s->pushes;
    s->finished = NULL;
    s->finished_end = &s->finished;
    s->pushes = NULL;
    s->pushes_end = &s->pushes;
    pthread_mutex_unlock(&s->lock);
    for (struct request *r; (r = done);) {
        struct http_conn *c = (struct http_conn *)r->pub.conn;
        done = r->next;
        bool gone = c->closing;                  /* then send_answer() may free it */
        send_answer(c, r);
        if (!gone)
            conn_next(c);
    }
    for (struct push *p; (p = push);) {
        push = p->next;
        take_push(s, p);
    }
}
