/* The server as a whole: doors, start, the loop, the stop, and the pool of requests. */
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/num.h"
#include "messages.h"
#include "web/http_inner.h"

enum { ARENA_MAX = 64 * 1024 * 1024, BACKLOG = 1024 };

/* --- the pool of requests ------------------------------------------------------------------------------------------------ */

struct request *request_get(struct http_server *s, struct http_conn *c)
{
    struct request *r = s->pool;
    if (r) {
        s->pool = r->next;
        s->n_pool--;
    } else {
        r = xcalloc(1, sizeof *r);
        r->arena = ARENA_INIT(ARENA_MAX);
    }
    struct buf head = r->pub.head, out = r->pub.out;
    r->next = NULL;
    r->server = s;
    r->pub = (struct http_req){ .arena = &r->arena, .peer = str_c(c->peer), .head = head, .out = out, .conn = c };
    parse_reset(&r->parse, &r->pub);
    return r;
}

static void request_free(struct request *r)
{
    arena_release(&r->arena);
    buf_release(&r->pub.head);
    buf_release(&r->pub.out);
    parse_release(&r->parse);
    free(r);
}

static void keep_small(struct buf *b)
{
    b->max = 0;
    if (b->cap > KEEP_BYTES)
        buf_release(b);
    else
        buf_clear(b);
}

void request_put(struct request *r)
{
    struct http_server *s = r->server;
    s->bodies -= r->counted;
    r->counted = 0;
    r->resume = NULL;
    r->announced = false;
    r->stream = 0;
    if (s->n_pool >= POOL_MAX) {
        request_free(r);
        return;
    }
    keep_small(&r->pub.head);
    keep_small(&r->pub.out);
    keep_small(&r->parse.in);
    keep_small(&r->parse.body);
    if (r->arena.used > KEEP_BYTES)
        arena_release(&r->arena);
    else
        arena_clear(&r->arena);
    r->next = s->pool;
    s->pool = r;
    s->n_pool++;
}

/* --- doors --------------------------------------------------------------------------------------------------------------- */

static bool listen_failed(const char *where, int uv_error, struct err *err)
{
    if (uv_error == UV_EADDRINUSE)
        return err_fail(err, ERR_CONFLICT, M_WEB_PORT_TAKEN, NULL, A_C(where));
    return err_fail(err, ERR_IO, M_WEB_LISTEN_FAILED, NULL, A_C(where), A_C(uv_strerror(uv_error)));
}

/* "HOST:PORT", "[v6]:PORT" or ":PORT" for every address. */
static bool resolve(const char *where, struct sockaddr_storage *ret, struct err *err)
{
    const char *colon = strrchr(where, ':');
    int64_t port;
    if (!colon || !num_range(str_c(colon + 1), 0, 65535, &port))
        return err_fail(err, ERR_INPUT, M_WEB_LISTEN_BAD, "listen", A_C(where));
    struct str host = { where, (size_t)(colon - where) };
    if (host.n > 1 && host.p[0] == '[' && host.p[host.n - 1] == ']')
        host = str_sub(host, 1, host.n - 2);
    _cleanup_(buf_release) struct buf name = BUF_INIT;
    buf_str(&name, host.n ? host : STR("0.0.0.0"));
    struct addrinfo hint = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE }, *list = NULL;
    if (getaddrinfo(name.p, colon + 1, &hint, &list) != 0 || !list)
        return err_fail(err, ERR_INPUT, M_WEB_LISTEN_BAD, "listen", A_C(where));
    memcpy(ret, list->ai_addr, list->ai_addrlen);
    freeaddrinfo(list);
    return true;
}

static bool open_tcp(struct http_server *s, struct listener *l, const char *where, struct err *err)
{
    struct sockaddr_storage a = { 0 };
    if (!resolve(where, &a, err))
        return false;
    int e = uv_tcp_init_ex(&s->loop, &l->io.tcp, a.ss_family);
    if (e)
        return listen_failed(where, e, err);
    l->open = true;
    l->io.handle.data = l;
    uv_tcp_nodelay(&l->io.tcp, 1);               /* Linux hands it on to accepted sockets: a system call less for each */
    if ((e = uv_tcp_bind(&l->io.tcp, (struct sockaddr *)&a, 0)) || (e = uv_listen(&l->io.stream, BACKLOG, conn_accept)))
        return listen_failed(where, e, err);
    int n = sizeof a;
    if (!s->port && uv_tcp_getsockname(&l->io.tcp, (struct sockaddr *)&a, &n) == 0)
        s->port = ntohs(a.ss_family == AF_INET ? ((struct sockaddr_in *)&a)->sin_port : ((struct sockaddr_in6 *)&a)->sin6_port);
    return true;
}

/* Binds fd to the path. What is left of a server that died is taken away, but only a socket, and only when nobody answers on it. */
static int bind_unix(int fd, const struct sockaddr_un *a)
{
    if (bind(fd, (const struct sockaddr *)a, sizeof *a) == 0)
        return 0;
    struct stat st;
    if (errno != EADDRINUSE || lstat(a->sun_path, &st) != 0 || !S_ISSOCK(st.st_mode))
        return -errno;
    int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool dead = probe >= 0 && connect(probe, (const struct sockaddr *)a, sizeof *a) != 0 && errno == ECONNREFUSED;
    if (probe >= 0)
        close(probe);
    if (!dead)
        return UV_EADDRINUSE;
    if (unlink(a->sun_path) != 0 || bind(fd, (const struct sockaddr *)a, sizeof *a) != 0)
        return -errno;
    return 0;
}

static bool open_unix(struct http_server *s, struct listener *l, const char *path, struct err *err)
{
    struct sockaddr_un a = { .sun_family = AF_UNIX };
    if (!*path || strlen(path) >= sizeof a.sun_path)
        return err_fail(err, ERR_INPUT, M_WEB_LISTEN_BAD, "listen", A_C(path));
    strcpy(a.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return listen_failed(path, -errno, err);
    fchmod(fd, 0600);                            /* before bind: Linux gives the mode to the file, at no moment a wider one */
    int e = bind_unix(fd, &a);
    if (e) {
        close(fd);
        return listen_failed(path, e, err);
    }
    l->path = xstrndup(path, strlen(path));
    if ((e = uv_pipe_init(&s->loop, &l->io.pipe, 0)) || (e = uv_pipe_open(&l->io.pipe, fd))) {
        close(fd);
        return listen_failed(path, e, err);
    }
    l->open = true;
    l->io.handle.data = l;
    e = uv_listen(&l->io.stream, BACKLOG, conn_accept);
    return e ? listen_failed(path, e, err) : true;
}

static bool open_door(struct http_server *s, struct listener *l, const char *where, struct err *err)
{
    l->server = s;
    struct str w = str_c(where);
    return str_starts(w, STR("unix:")) ? open_unix(s, l, where + 5, err) : open_tcp(s, l, where, err);
}

static void close_doors(struct http_server *s)
{
    for (size_t i = 0; i < ARRAY_LEN(s->door); i++) {
        struct listener *l = &s->door[i];
        if (l->open)
            uv_close(&l->io.handle, NULL);
        l->open = false;
        if (l->path)
            unlink(l->path);
        free(l->path);
        l->path = NULL;
    }
}

/* --- stop ---------------------------------------------------------------------------------------------------------------- */

static void end_loop(struct http_server *s)
{
    pthread_mutex_lock(&s->lock);
    s->down = true;
    pthread_mutex_unlock(&s->lock);
    uv_close((uv_handle_t *)&s->wake, NULL);
    uv_close((uv_handle_t *)&s->tick, NULL);
    uv_close((uv_handle_t *)&s->stop_timer, NULL);
}

void server_conn_gone(struct http_server *s)
{
    stat_add(&s->stats.connections, -1);
    if (--s->n_conns > 0)
        return;
    uv_timer_stop(&s->tick);
    if (s->draining && !s->down)
        end_loop(s);
}

/* Every socket is closed, so what is left waits for a handler, or for a thread outside. */
static void on_stop_very_late(uv_timer_t *t)
{
    struct http_server *s = t->data;
    s->given_up = true;
    uv_stop(&s->loop);
}

static void on_stop_late(uv_timer_t *t)
{
    struct http_server *s = t->data;
    conn_each(s, conn_close);
    uv_timer_start(t, on_stop_very_late, 20, 0);
}

/* Requests that were on the wire when the stop came have been read by now; who is still silent is sent away. */
static void on_grace_over(uv_timer_t *t)
{
    struct http_server *s = t->data;
    conn_each(s, conn_drain);
    uv_timer_start(t, on_stop_late, (uint64_t)s->o.times.stop, 0);
}

static void end_stream(struct http_conn *c)
{
    if (c->state == CONN_STREAM)
        conn_close(c);
}

static void drain(struct http_server *s)
{
    s->draining = true;
    close_doors(s);
    if (s->n_conns == 0) {
        end_loop(s);
        return;
    }
    conn_each(s, end_stream);
    uv_timer_start(&s->stop_timer, on_grace_over, (uint64_t)s->o.times.grace, 0);
}

static void on_wake(uv_async_t *a)
{
    struct http_server *s = a->data;
    send_wake(a);
    if (!s->draining && atomic_load(&s->stop))
        drain(s);
}

void http_stop(struct http_server *s)
{
    atomic_store(&s->stop, true);
    uv_async_send(&s->wake);
}

/* --- start, run, free ---------------------------------------------------------------------------------------------------- */

static void fill_defaults(struct http_options *o)
{
    struct http_times *t = &o->times;
    t->header = t->header ? t->header : 10000;
    t->body = t->body ? t->body : 30000;
    t->idle = t->idle ? t->idle : 75000;
    t->send = t->send ? t->send : 30000;
    t->linger = t->linger ? t->linger : 2000;
    t->grace = t->grace ? t->grace : 100;
    t->stop = t->stop ? t->stop : 10000;
    o->connections_max = o->connections_max ? o->connections_max : 20000;
    o->bodies_max = o->bodies_max ? o->bodies_max : INT64_C(256) << 20;
    o->clock = o->clock ? o->clock : &clock_real;
}

static int64_t tick_width(const struct http_times *t)
{
    int least = t->header;
    const int all[] = { t->body, t->idle, t->send, t->linger };
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        least = all[i] < least ? all[i] : least;
    return least < 40 ? 10 : least > 4000 ? 1000 : least / 4;
}

static struct http_server *server_new(const struct http_options *o)
{
    struct http_server *s = xcalloc(1, sizeof *s);
    s->o = *o;
    fill_defaults(&s->o);
    s->o.listen = s->o.listen_also = NULL;       /* used up by http_start(); the caller's strings need not stay */
    s->tick_ms = tick_width(&s->o.times);
    pthread_mutex_init(&s->lock, NULL);
    s->finished_end = &s->finished;
    s->pushes_end = &s->pushes;
    uv_loop_init(&s->loop);
    uv_async_init(&s->loop, &s->wake, on_wake);
    uv_timer_init(&s->loop, &s->tick);
    uv_timer_init(&s->loop, &s->stop_timer);
    s->wake.data = s->tick.data = s->stop_timer.data = s;
    s->tick_n = (int64_t)uv_now(&s->loop) / s->tick_ms;
    return s;
}

bool http_start(const struct http_options *o, struct http_server **ret, struct err *err)
{
    struct http_server *s = server_new(o);
    signal(SIGPIPE, SIG_IGN);                    /* libuv writes without MSG_NOSIGNAL; a client that left is no reason to end */
    if (!open_door(s, &s->door[0], o->listen ? o->listen : "", err) ||
        (o->listen_also && !open_door(s, &s->door[1], o->listen_also, err)) || !workers_start(&s->o, &s->workers, err)) {
        http_free(s);
        return false;
    }
    *ret = s;
    return true;
}

int http_port(const struct http_server *s) { return s->port; }

bool http_run(struct http_server *s)
{
    s->ran = true;
    if (atomic_load(&s->stop))
        uv_async_send(&s->wake);
    uv_run(&s->loop, UV_RUN_DEFAULT);
    s->given_up = s->given_up || !workers_stop(s->workers, s->o.times.stop);
    return !s->given_up;
}

void http_free(struct http_server *s)
{
    if (!s || s->given_up)                       /* given up: someone still has our memory in his hands, so it stays */
        return;
    if (!s->ran) {
        close_doors(s);
        end_loop(s);
        uv_run(&s->loop, UV_RUN_DEFAULT);
        workers_stop(s->workers, s->o.times.stop);
    }
    while (s->pool) {
        struct request *r = s->pool;
        s->pool = r->next;
        request_free(r);
    }
    for (struct push *p; (p = s->pushes);) {
        s->pushes = p->next;
        free(p);
    }
    uv_loop_close(&s->loop);
    pthread_mutex_destroy(&s->lock);
    buf_release(&s->scratch);
    free(s->streams);
    free(s);
}

void http_stats(const struct http_server *s, struct http_stats *ret)
{
    *ret = (struct http_stats){
        .connections = atomic_load(&s->stats.connections), .requests = atomic_load(&s->stats.requests),
        .refused = atomic_load(&s->stats.refused), .bytes_in = atomic_load(&s->stats.bytes_in),
        .bytes_out = atomic_load(&s->stats.bytes_out), .streams = atomic_load(&s->stats.streams),
    };
}
