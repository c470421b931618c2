/* The server alone: CPU per request of a trivial handler at keep-alive, and memory of an idle connection.
 *   b-http [REQUESTS [CONNECTIONS]]      200,000 requests over 8 connections, then 10,000 idle ones
 * The server is a child process, so that its figures are not mixed with the client's. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "web/http.h"

static struct http_server *server;

static void on_term(int sig) { http_stop(server); }

static void handle(void *ctx, struct http_req *rq)
{
    rq->status = 200;
    rq->out_type = "text/plain";
    buf_c(&rq->out, "hello\n");
    http_done(rq);
}

static bool quick(void *ctx, struct http_req *rq)
{
    rq->status = 200;
    rq->out_type = "text/plain";
    rq->out_static = STR("hello\n");
    return str_eqc(rq->path, "/quick");
}

static int serve(int tell)
{
    struct http_options o = { .listen = "127.0.0.1:0", .handle = handle, .quick = quick };
    signal(SIGTERM, on_term);
    if (!http_start(&o, &server, NULL))
        return 1;
    int port = http_port(server);
    if (write(tell, &port, sizeof port) != sizeof port || !http_run(server))
        return 1;
    http_free(server);
    return 0;
}

static int dial(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof a) != 0) {
        perror("connect");
        exit(1);
    }
    return fd;
}

static long status_kb(pid_t pid, const char *name)
{
    char path[64], line[128];
    long kb = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, name, strlen(name)) == 0)
            kb = atol(line + strlen(name) + 1);
    if (f)
        fclose(f);
    return kb;
}

static double cpu_s(pid_t pid)                   /* user and system, from /proc; 10 ms grain */
{
    char path[64], text[1024] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *f = fopen(path, "r");
    if (!f || !fgets(text, sizeof text, f))
        return 0;
    fclose(f);
    unsigned long user = 0, sys = 0;
    const char *p = strrchr(text, ')');
    if (!p || sscanf(p + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &sys) != 2)
        return 0;
    return (double)(user + sys) / (double)sysconf(_SC_CLK_TCK);
}

/* Each connection has one request under way; answers come whole, being small. */
static void ask(int port, const char *path, int n_conns, long n)
{
    char req[256], in[4096];
    int *fd = malloc(sizeof *fd * (size_t)n_conns);
    int len = snprintf(req, sizeof req, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUser-Agent: bench\r\nAccept: */*\r\nAccept-Language: zh-CN\r\n"
                       "Cookie: s=0123456789abcdef0123456789abcdef\r\n\r\n", path, port);
    for (int i = 0; i < n_conns; i++)
        fd[i] = dial(port);
    for (long done = 0; done < n; done += n_conns) {
        for (int i = 0; i < n_conns; i++)
            if (write(fd[i], req, (size_t)len) != len)
                exit(1);
        for (int i = 0; i < n_conns; i++)
            if (read(fd[i], in, sizeof in) <= 0)
                exit(1);
    }
    for (int i = 0; i < n_conns; i++)
        close(fd[i]);
    free(fd);
}

static void idle(int port, pid_t pid, int n)
{
    int *fd = malloc(sizeof *fd * (size_t)n);
    long before = status_kb(pid, "RssAnon:");
    for (int i = 0; i < n; i++)
        fd[i] = dial(port);
    usleep(300 * 1000);
    printf("%d idle connections: %ld bytes each\n", n, (status_kb(pid, "RssAnon:") - before) * 1024 / n);
    for (int i = 0; i < n; i++)
        close(fd[i]);
    free(fd);
}

int main(int argc, char **argv)
{
    long n = argc > 1 ? atol(argv[1]) : 200000;
    int conns = argc > 2 ? atoi(argv[2]) : 8, tell[2], port = 0;
    struct rlimit r;
    getrlimit(RLIMIT_NOFILE, &r);
    r.rlim_cur = r.rlim_max;
    setrlimit(RLIMIT_NOFILE, &r);
    if (n < 1 || conns < 1 || pipe(tell) != 0)
        return 2;
    pid_t pid = fork();
    if (pid == 0)
        return serve(tell[1]);
    if (read(tell[0], &port, sizeof port) != sizeof port)
        return 1;
    ask(port, "/", conns, 1000);
    long rss = status_kb(pid, "RssAnon:");
    const char *paths[] = { "/", "/quick" };
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        double before = cpu_s(pid);
        ask(port, paths[i], conns, n);
        printf("%-7s %ld requests over %d connections: %.1f us CPU each\n", paths[i], n, conns, (cpu_s(pid) - before) * 1e6 / (double)n);
    }
    printf("RssAnon %ld KB, %+ld KB since the first 1,000 requests\n", status_kb(pid, "RssAnon:"), status_kb(pid, "RssAnon:") - rss);
    idle(port, pid, r.rlim_cur > 10100 ? 10000 : (int)r.rlim_cur - 100);
    kill(pid, SIGTERM);
    int status = 0;
    waitpid(pid, &status, 0);
    return status != 0;
}
