/* A small HTTP load client: N keep-alive connections, K requests, one outstanding on each. Prints one line: wall time, latencies, and CPU per request.
 *
 *   b-load PORT[,PORT]… CONNECTIONS REQUESTS METHOD PATH [--pid PID]… [--family PID] [--header 'Name: value']… [--headers FILE] [--body TEXT] [--show body]
 *
 * The connections take the ports in turn. cpu_us is that of the servers named by --pid, family_us that of a process with all its children (PostgreSQL's
 * first). Each request takes the next line of --headers as a header, so that requests go to many offices.
 * --show body prints the last body instead; the line tells its bytes as they were sent (gzip when --header asked for it).
 * %d in PATH, a header or TEXT becomes the number of the request. An answer of 400 and above counts as an error; any error gives exit 1.
 */
#include <arpa/inet.h>
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
#include "cpu.h"

enum { HEADERS_MAX = 16, SERVERS_MAX = 8, TURNS_MAX = 4096 };

struct conn {
    int fd, port;
    struct buf in, out;
    int64_t started;
};

static struct {
    const char *method, *path, *body, *header[HEADERS_MAX], *turn[TURNS_MAX];
    int n_headers, n_turns, port[SERVERS_MAX], n_ports, pid[SERVERS_MAX], n_pids, family;
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
    buf_printf(&c->out, " HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n", c->port);
    if (L.n_turns)
        buf_printf(&c->out, "%s\r\n", L.turn[n % L.n_turns]);
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

static void open_connection(struct conn *c, int port, int ep)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int one = 1;
    c->port = port;
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

static int64_t servers_ns(void)
{
    int64_t sum = 0;
    for (int i = 0; i < L.n_pids; i++)
        sum += cpu_ns(L.pid[i]);
    return sum;
}

static void read_ports(const char *list)
{
    for (const char *p = list; p && L.n_ports < SERVERS_MAX; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL)
        L.port[L.n_ports++] = atoi(p);
}

static void read_turns(const char *file)
{
    char line[512];
    FILE *f = fopen(file, "r");
    if (!f)
        die(file);
    while (L.n_turns < TURNS_MAX && fgets(line, sizeof line, f))
        L.turn[L.n_turns++] = xstrndup(line, strcspn(line, "\n"));
    fclose(f);
}

static void read_options(int argc, char **argv)
{
    for (int i = 6; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--pid") == 0 && L.n_pids < SERVERS_MAX)
            L.pid[L.n_pids++] = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--family") == 0)
            L.family = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--body") == 0)
            L.body = argv[i + 1];
        else if (strcmp(argv[i], "--show") == 0)
            L.show = true;
        else if (strcmp(argv[i], "--headers") == 0)
            read_turns(argv[i + 1]);
        else if (strcmp(argv[i], "--header") == 0 && L.n_headers < HEADERS_MAX)
            L.header[L.n_headers++] = argv[i + 1];
    }
}

int main(int argc, char **argv)
{
    if (argc < 6) {
        fprintf(stderr, "usage: b-load PORT[,PORT]… CONNECTIONS REQUESTS METHOD PATH [--pid PID]… [--family PID] [--header LINE]… [--headers FILE] [--body TEXT]\n");
        return 2;
    }
    read_ports(argv[1]);
    int n_conn = atoi(argv[2]), ep = epoll_create1(0);
    L.total = atol(argv[3]);
    L.method = argv[4];
    L.path = argv[5];
    read_options(argc, argv);
    L.latency = xcalloc((size_t)L.total + 1, sizeof *L.latency);
    struct conn *c = xcalloc((size_t)n_conn, sizeof *c);
    for (int i = 0; i < n_conn; i++)
        open_connection(&c[i], L.port[i % L.n_ports], ep);
    int64_t cpu = servers_ns(), family = L.family ? cpu_family_ns(L.family) : 0, start = now_us();
    run(c, n_conn, ep);
    double seconds = (double)(now_us() - start) / 1e6, each = 1e3 * (double)L.ended;
    if (L.show)
        return L.errors != 0;
    cpu = servers_ns() - cpu;
    family = L.family ? cpu_family_ns(L.family) - family : 0;
    qsort(L.latency, (size_t)L.ended, sizeof *L.latency, compare);
    printf("requests=%ld errors=%ld seconds=%.3f per_second=%.0f p50_us=%lld p99_us=%lld bytes=%zu", L.ended, L.errors, seconds,
           (double)L.ended / seconds, (long long)L.latency[L.ended / 2], (long long)L.latency[L.ended * 99 / 100], L.body_bytes);
    if (L.n_pids)
        printf(" cpu_us=%.1f", (double)cpu / each);
    if (L.family)
        printf(" family_us=%.1f", (double)family / each);
    putchar('\n');
    return L.errors != 0;
}
