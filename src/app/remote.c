#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/app.h"

/* A frame is a row of fields, each u32 length (native order: both ends are one machine and one binary) and bytes; the row ends with the
 * length 0xffffffff. A call is: office, as, flags, name, in, words…; an answer is: code, out, err. */
enum { FIELD_END = -1, FRAME_MAX = 256 * 1024 * 1024, CALL_FIXED = 5, WORDS_MAX = 256 };

struct remote {
    struct store *store;
    int fd, stop[2];
    char path[sizeof ((struct sockaddr_un *)0)->sun_path];
    pthread_t thread;
};

static bool write_all(int fd, const void *p, size_t n)
{
    for (const char *at = p; n;) {
        ssize_t k = send(fd, at, n, MSG_NOSIGNAL);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return false;
        at += k;
        n -= (size_t)k;
    }
    return true;
}

static bool read_all(int fd, void *p, size_t n)
{
    for (char *at = p; n;) {
        ssize_t k = read(fd, at, n);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return false;
        at += k;
        n -= (size_t)k;
    }
    return true;
}

static void put_field(struct buf *b, struct str s)
{
    uint32_t n = (uint32_t)s.n;
    buf_add(b, &n, sizeof n);
    buf_str(b, s);
}

static void put_end(struct buf *b)
{
    uint32_t end = (uint32_t)FIELD_END;
    buf_add(b, &end, sizeof end);
}

/* Reads one frame into the arena; the number of fields, or -1. */
static int get_frame(int fd, struct arena *a, struct str *field, int max)
{
    size_t total = 0;
    for (int n = 0;; n++) {
        uint32_t len;
        if (!read_all(fd, &len, sizeof len))
            return -1;
        if (len == (uint32_t)FIELD_END)
            return n;
        total += len;
        if (n == max || total > FRAME_MAX)
            return -1;
        char *p = arena_alloc(a, (size_t)len + 1);
        if (!read_all(fd, p, len))
            return -1;
        p[len] = 0;
        field[n] = str_n(p, len);
    }
}

static void answer(struct remote *r, int fd)
{
    struct arena a _cleanup_(arena_release) = ARENA_INIT(0);
    struct str field[CALL_FIXED + WORDS_MAX];
    int n = get_frame(fd, &a, field, ARRAY_LEN(field));
    if (n < CALL_FIXED || field[2].n != 2)
        return;
    struct call call = {
        .office = field[0].n ? field[0] : STR_NULL, .as = field[1].n ? field[1] : STR_NULL,
        .json = field[2].p[0] == '1', .lang = field[2].p[1] == 'e' ? LANG_EN : LANG_ZH,
        .name = field[3], .in = field[4], .argv = field + CALL_FIXED, .argc = n - CALL_FIXED,
    };
    struct buf out _cleanup_(buf_release) = BUF_INIT, err _cleanup_(buf_release) = BUF_INIT, frame _cleanup_(buf_release) = BUF_INIT;
    const struct command *cmd = command_find(call.name);
    int code = cmd ? call_run(r->store, cmd, &call, &out, &err) : 2;
    char number[12];
    int k = snprintf(number, sizeof number, "%d", code);
    put_field(&frame, str_n(number, (size_t)k));
    put_field(&frame, buf_view(&out));
    put_field(&frame, buf_view(&err));
    put_end(&frame);
    write_all(fd, frame.p, frame.n);
}

static void *serve(void *arg)
{
    struct remote *r = arg;
    struct pollfd p[2] = { { .fd = r->fd, .events = POLLIN }, { .fd = r->stop[0], .events = POLLIN } };
    for (;;) {
        if (poll(p, 2, -1) < 0 && errno != EINTR)
            break;
        if (p[1].revents)
            break;
        if (!(p[0].revents & POLLIN))
            continue;
        int fd = accept4(r->fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0)
            continue;
        /* One call at a time: they are an administrator's. A caller that says or takes nothing for ten seconds is let go. */
        struct timeval wait = { .tv_sec = 10 };
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
        answer(r, fd);
        close(fd);
    }
    return NULL;
}

static bool socket_path(const char *db_path, struct sockaddr_un *ret)
{
    *ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
    int n = snprintf(ret->sun_path, sizeof ret->sun_path, "%s.sock", db_path);
    return n > 0 && (size_t)n < sizeof ret->sun_path;
}

static void remote_free(struct remote *r)
{
    const int fd[] = { r->fd, r->stop[0], r->stop[1] };
    for (size_t i = 0; i < ARRAY_LEN(fd); i++)
        if (fd[i] >= 0)
            close(fd[i]);
    unlink(r->path);
    free(r);
}

bool remote_start(struct store *s, struct remote **ret, struct err *err)
{
    struct sockaddr_un at;
    if (!socket_path(store_path(s), &at))
        return err_fail(err, ERR_INPUT, M_APP_SOCKET_PATH_LONG, NULL, A_C(store_path(s)));
    struct remote *r = xcalloc(1, sizeof *r);
    r->store = s;
    memcpy(r->path, at.sun_path, sizeof r->path);
    unlink(r->path);                             /* we hold the write lock, so nobody serves there */
    r->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    r->stop[0] = r->stop[1] = -1;
    /* fchmod() before bind(): Linux gives the mode to the file, at no moment a wider one */
    bool ok = r->fd >= 0 && fchmod(r->fd, 0600) == 0 && bind(r->fd, (struct sockaddr *)&at, sizeof at) == 0 && listen(r->fd, 16) == 0 &&
              pipe2(r->stop, O_CLOEXEC) == 0 && (errno = pthread_create(&r->thread, NULL, serve, r)) == 0;
    if (ok) {
        *ret = r;
        return true;
    }
    err_fail(err, ERR_IO, M_APP_SOCKET_FAILED, NULL, A_C(r->path), A_C(strerror(errno)));
    remote_free(r);
    return false;
}

void remote_stop(struct remote *r)
{
    if (!r)
        return;
    if (write(r->stop[1], "x", 1) == 1)
        pthread_join(r->thread, NULL);
    remote_free(r);
}

bool remote_call(const char *db_path, const struct call *call, int *code, struct buf *out, struct buf *err_text, struct err *err)
{
    struct sockaddr_un at;
    if (!socket_path(db_path, &at))
        return err_fail(err, ERR_INPUT, M_APP_SOCKET_PATH_LONG, NULL, A_C(db_path));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof at) != 0) {
        if (fd >= 0)
            close(fd);
        return err_fail(err, ERR_BUSY, M_APP_NOBODY_ANSWERS, NULL, A_C(db_path));
    }
    struct buf frame _cleanup_(buf_release) = BUF_INIT;
    char flags[2] = { call->json ? '1' : '0', call->lang == LANG_EN ? 'e' : 'z' };
    put_field(&frame, call->office);
    put_field(&frame, call->as);
    put_field(&frame, str_n(flags, 2));
    put_field(&frame, call->name);
    put_field(&frame, call->in);
    for (int i = 0; i < call->argc; i++)
        put_field(&frame, call->argv[i]);
    put_end(&frame);
    struct arena a _cleanup_(arena_release) = ARENA_INIT(0);
    struct str field[3];
    bool ok = write_all(fd, frame.p, frame.n) && get_frame(fd, &a, field, 3) == 3;
    close(fd);
    if (!ok)
        return err_fail(err, ERR_BUSY, M_APP_NOBODY_ANSWERS, NULL, A_C(db_path));
    *code = atoi(field[0].p);
    buf_str(out, field[1]);
    buf_str(err_text, field[2]);
    return true;
}
