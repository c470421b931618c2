/* From exec to the first answer: starts `WHS --db sqlite:FILE serve`, asks until it answers 200, stops it, several times. Prints the median and the
 * slowest in milliseconds.
 *
 *   b-start WHS FILE PORT PATH [TIMES]
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

enum { TIMES_MAX = 100, PAUSE_US = 200, GIVE_UP_US = 30 * 1000 * 1000 };

static int64_t now_us(void) { return clock_real.mono_us(&clock_real); }

static pid_t start(const char *whs, const char *file, int port)
{
    char db[512], listen[64];
    snprintf(db, sizeof db, "sqlite:%s", file);
    snprintf(listen, sizeof listen, "127.0.0.1:%d", port);
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, STDOUT_FILENO);
        execl(whs, whs, "--db", db, "serve", "--listen", listen, (char *)NULL);
        _exit(127);
    }
    return pid;
}

static bool answers(int port, const char *path)
{
    char out[256], in[16] = { 0 };
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int n = snprintf(out, sizeof out, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n", path, port);
    bool ok = connect(fd, (struct sockaddr *)&at, sizeof at) == 0 && send(fd, out, (size_t)n, MSG_NOSIGNAL) == n &&
              recv(fd, in, 12, MSG_WAITALL) == 12 && strncmp(in + 9, "200", 3) == 0;
    close(fd);
    return ok;
}

static int compare(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

int main(int argc, char **argv)
{
    if (argc < 5) {
        fprintf(stderr, "usage: b-start WHS FILE PORT PATH [TIMES]\n");
        return 2;
    }
    int port = atoi(argv[3]), times = argc > 5 ? atoi(argv[5]) : 11;
    int64_t took[TIMES_MAX];
    if (times < 1 || times > TIMES_MAX)
        return 2;
    for (int i = 0; i < times; i++) {
        int64_t begin = now_us();
        pid_t pid = start(argv[1], argv[2], port);
        while (!answers(port, argv[4])) {
            if (waitpid(pid, NULL, WNOHANG) == pid || now_us() - begin > GIVE_UP_US) {
                fprintf(stderr, "start: the server does not answer\n");
                return 1;
            }
            usleep(PAUSE_US);
        }
        took[i] = now_us() - begin;
        kill(pid, SIGTERM);
        waitpid(pid, NULL, 0);
    }
    qsort(took, (size_t)times, sizeof *took, compare);
    printf("ms=%.1f slowest_ms=%.1f\n", (double)took[times / 2] / 1e3, (double)took[times - 1] / 1e3);
    return 0;
}
