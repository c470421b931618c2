/* A small HTTP load client: N keep-alive connections, K requests, one outstanding on each. Prints one line: wall time, latencies, and the server's own
 * CPU per request (nanoseconds of all its threads from /proc/PID/task/…/schedstat).
 *
 *   b-load PORT CONNECTIONS REQUESTS METHOD PATH [--pid PID] [--header 'Name: value']… [--body TEXT] [--show body]
 *
 * --show body prints the last body instead; the line tells its bytes as they were sent (gzip when --header asked for it).
 * %d in PATH, a header or TEXT becomes the number of the request. An answer of 400 and above counts as an error; any error gives exit 1.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"

struct conn {
    int fd;
    struct buf in, out;
    int64_t started;
};

static struct {
    const char *method, *path, *body, *header[16];
    int n_headers, port;
    bool show;
    size_t body_bytes;
    long total, begun, ended, errors;
    int64_t *latency;
} L;

static int64_t now_us(void) { return clock_real.mono_us(&clock_real); }

static void die(const char *what)
{
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t cpu_ns(int pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task", pid);
    DIR *d = opendir(path);
    int64_t sum = 0;
    for (struct dirent *e; d && (e = readdir(d));) {
        char file[400];
        snprintf(file, sizeof file, "%s/%s/schedstat", path, e->d_name);
        FILE *f = e->d_name[0] == '.' ? NULL : fopen(file, "r");
        long long ns = 0;
        if (f && fscanf(f, "%lld", &ns) == 1)
            sum += ns;
        if (f)
            fclose(f);
    }
    if (d)
        closedir(d);
    return sum;
}

static void put_numbered(struct buf *b, const char *text, long n)
{
    for (const char *at; (at = strstr(text, "%d")); text = at + 2) {
        buf_add(b, text, (size_t)(at - text));
        buf_i64(b, n);
    }
    buf_c(b, text);
}

static void send_next(struct conn *c)
{
    struct buf body _cleanup_(buf_release) = BUF_INIT;
    long n = L.begun++;
    if (L.body)
        put_numbered(&body, L.body, n);
    buf_clear(&c->out);
    buf_printf(&c->out, "%s ", L.method);
    put_numbered(&c->out, L.path, n);
    buf_printf(&c->out, " HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n", L.port);
    for (int i = 0; i < L.n_headers; i++) {
        put_numbered(&c->out, L.header[i], n);
        buf_c(&c->out, "\r\n");
    }
    if (L.body)
        buf_printf(&c->out, "Content-Length: %zu\r\n", body.n);
    buf_c(&c->out, "\r\n");
    buf_str(&c->out, buf_view(&body));
    c->started = now_us();
    for (size_t sent = 0; sent < c->out.n;) {
        ssize_t k = send(c->fd, c->out.p + sent, c->out.n - sent, MSG_NOSIGNAL);
        if (k < 0)
            die("send");
        sent += (size_t)k;
    }
}

/* True when one whole answer is in. */
static bool receive(struct conn *c)
{
    char *room = buf_room(&c->in, 64 * 1024);
    ssize_t k = recv(c->fd, room, 64 * 1024, 0);
    if (k <= 0)
        die("the server closed a connection");
    c->in.n += (size_t)k;
    c->in.p[c->in.n] = 0;
    char *end = strstr(c->in.p, "\r\n\r\n");
    if (!end)
        return false;
    char *length = strcasestr(c->in.p, "\r\ncontent-length:");
    size_t body = length && length < end ? strtoul(length + 17, NULL, 10) : 0;
    if (c->in.n < (size_t)(end + 4 - c->in.p) + body)
        return false;
    L.latency[L.ended++] = now_us() - c->started;
    if (atoi(c->in.p + 9) >= 400 && L.errors++ == 0)
        fprintf(stderr, "load: first error:\n%s\n", c->in.p);
    L.body_bytes = body;
    if (L.show && L.ended == L.total)
        fwrite(end + 4, 1, body, stdout);
    buf_clear(&c->in);
    return true;
}

static int compare(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

static void open_connection(struct conn *c, int ep)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)L.port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int one = 1;
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(c->fd, (struct sockaddr *)&at, sizeof at) != 0)
        die("connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct epoll_event ev = { .events = EPOLLIN, .data.ptr = c };
    epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &ev);
}

static void run(struct conn *c, int n_conn, int ep)
{
    for (int i = 0; i < n_conn && L.begun < L.total; i++)
        send_next(&c[i]);
    while (L.ended < L.total) {
        struct epoll_event ev[64];
        int n = epoll_wait(ep, ev, 64, 30000);
        if (n <= 0)
            die("no answer for 30 s");
        for (int i = 0; i < n; i++) {
            struct conn *one = ev[i].data.ptr;
            if (receive(one) && L.begun < L.total)
                send_next(one);
        }
    }
}

int main(int argc, char **argv)
{
    if (argc < 6) {
        fprintf(stderr, "usage: b-load PORT CONNECTIONS REQUESTS METHOD PATH [--pid PID] [--header LINE]… [--body TEXT]\n");
        return 2;
    }
    L.port = atoi(argv[1]);
    int n_conn = atoi(argv[2]), pid = 0, ep = epoll_create1(0);
    L.total = atol(argv[3]);
    L.method = argv[4];
    L.path = argv[5];
    for (int i = 6; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--pid") == 0)
            pid = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--body") == 0)
            L.body = argv[i + 1];
        else if (strcmp(argv[i], "--show") == 0)
            L.show = true;
        else if (strcmp(argv[i], "--header") == 0 && L.n_headers < (int)ARRAY_LEN(L.header))
            L.header[L.n_headers++] = argv[i + 1];
    }
    L.latency = xcalloc((size_t)L.total + 1, sizeof *L.latency);
    struct conn *c = xcalloc((size_t)n_conn, sizeof *c);
    for (int i = 0; i < n_conn; i++)
        open_connection(&c[i], ep);
    int64_t cpu = pid ? cpu_ns(pid) : 0, start = now_us();
    run(c, n_conn, ep);
    double seconds = (double)(now_us() - start) / 1e6;
    if (L.show)
        return L.errors != 0;
    qsort(L.latency, (size_t)L.ended, sizeof *L.latency, compare);
    printf("requests=%ld errors=%ld seconds=%.3f per_second=%.0f p50_us=%lld p99_us=%lld bytes=%zu", L.ended, L.errors, seconds,
           (double)L.ended / seconds, (long long)L.latency[L.ended / 2], (long long)L.latency[L.ended * 99 / 100], L.body_bytes);
    if (pid)
        printf(" cpu_us=%.1f", (double)(cpu_ns(pid) - cpu) / 1e3 / (double)L.ended);
    putchar('\n');
    return L.errors != 0;
}
