/* engine: none — a server without an office */
/* Deadlines, slow and silent clients, streams, stopping, other threads. No test measures: each waits for an event that
 * must come, with short deadlines set in the server. */
#include "web/http_testing.h"

#include <sys/resource.h>

static struct http_options short_times(void)
{
    struct http_options o = options();
    o.times = (struct http_times){ .header = 300, .body = 300, .idle = 400, .send = 400, .linger = 200, .grace = 50, .stop = 10000 };
    return o;
}

/* Sends z a byte at a time until the server ends it; what it said. */
static void drip(int fd, const char *z, struct buf *b)
{
    for (; *z; z++) {
        struct pollfd w = { .fd = fd, .events = POLLIN };
        if (!say_n(fd, z, 1) || poll(&w, 1, 50) > 0)
            break;
    }
    hear_all(fd, b);
}

static void slow_header(void **state)
{
    struct http_options o = short_times();
    open_house(&o);
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    int fd = dial();
    drip(fd, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n\r\n", &b);
    close(fd);
    assert_non_null(strstr(b.p, "HTTP/1.1 408 "));
    assert_int_equal(atomic_load(&house.handled), 0);
    assert_sane();
    close_house();
}

static void slow_body(void **state)
{
    struct http_options o = short_times();
    open_house(&o);
    const char *heads[] = { "Content-Length: 1000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n3e8\r\n" };
    for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
        _cleanup_(buf_release) struct buf b = BUF_INIT;
        int fd = dial();
        say(fd, "POST /echo HTTP/1.1\r\nHost: x\r\n");
        say(fd, heads[i]);
        drip(fd, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", &b);
        close(fd);
        assert_non_null(strstr(b.p, "HTTP/1.1 408 "));
    }
    assert_int_equal(atomic_load(&house.handled), 0);
    assert_sane();
    close_house();
}

static void silent(void **state)                 /* before and between requests: closed without a word */
{
    struct http_options o = short_times();
    open_house(&o);
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    int fresh = dial(), used = dial();
    say(used, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(hear(used, NULL), 200);
    hear_all(used, &b);
    hear_all(fresh, &b);
    assert_int_equal(b.n, 0);
    close(fresh);
    close(used);
    assert_sane();
    close_house();
}

static struct http_stats stats(void)
{
    struct http_stats st;
    http_stats(house.s, &st);
    return st;
}

static void wait_for_connections(int64_t n)
{
    for (int i = 0; i < 2000 && stats().connections != n; i++)
        usleep(10 * 1000);
    assert_int_equal(stats().connections, n);
}

static void never_reads(void **state)
{
    struct http_options o = short_times();
    open_house(&o);
    int fd = dial(), small = 4096;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    for (int i = 0; i < 50; i++)
        say(fd, "GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
    while (atomic_load(&house.handled) == 0)
        usleep(1000);
    wait_for_connections(0);                     /* cut; and one answer at a time was all it could hold */
    assert_int_equal(atomic_load(&house.handled), 1);
    close(fd);
    assert_sane();
    close_house();
}

static void reads_slowly(void **state)           /* slower than the deadline in sum, but it reads: it gets everything */
{
    struct http_options o = short_times();
    open_house(&o);
    int fd = dial();
    size_t got = 0;
    say(fd, "GET /big HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    static char part[400 * 1024];
    for (ssize_t n; (n = recv(fd, part, sizeof part, 0)) > 0; usleep(20 * 1000))
        got += (size_t)n;
    close(fd);
    assert_true(got > 16 << 20);
    close_house();
}

static void body_memory_is_bounded(void **state)
{
    struct http_options o = options();
    o.bodies_max = 1 << 20;
    open_house(&o);
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    char *part = calloc(1, 900 * 1024);
    int first = dial(), second = dial();
    say(first, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
    say_n(first, part, 900 * 1024);
    while (stats().bytes_in < 900 * 1024)
        usleep(1000);
    say(second, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
    say_n(second, part, 900 * 1024);
    hear_all(second, &b);
    assert_non_null(strstr(b.p, "HTTP/1.1 503 "));
    close(second);
    say_n(first, part, 1000000 - 900 * 1024);
    assert_int_equal(hear(first, NULL), 200);
    say(first, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 921600\r\n\r\n");    /* and all of it was given back */
    say_n(first, part, 921600);
    assert_int_equal(hear(first, NULL), 200);
    close(first);
    free(part);
    close_house();
}

/* --- streams and other threads ------------------------------------------------------------------------------------------- */

static void streams(void **state)
{
    struct http_options o = short_times();
    open_house(&o);
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    int fd = dial();
    say(fd, "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
    hear_until(fd, &b, ": hello\n\n");
    assert_null(strstr(b.p, "Content-Length"));
    while (!atomic_load(&house.stream))
        usleep(1000);
    uint64_t id = atomic_load(&house.stream);
    char want[64];
    for (int i = 0; i < 100; i++) {
        snprintf(want, sizeof want, "data: %d\n\n", i);
        assert_true(http_push(house.s, id, str_c(want)));
    }
    hear_until(fd, &b, want);
    for (int i = 0, at = 0; i < 100; i++) {
        snprintf(want, sizeof want, "data: %d\n\n", i);
        char *p = strstr(b.p + at, want);
        assert_non_null(p);
        at = (int)(p - b.p);
    }
    assert_int_equal(stats().streams, 1);
    usleep(600 * 1000);                          /* longer than idle: a stream has no such deadline */
    assert_true(http_push(house.s, id, STR("data: still\n\n")));
    hear_until(fd, &b, "data: still\n\n");
    close(fd);
    wait_for_connections(0);
    assert_false(http_push(house.s, id, STR("data: x\n\n")));
    assert_int_equal(stats().streams, 0);
    assert_false(http_push(house.s, 12345, STR("data: x\n\n")));
    assert_false(http_push(house.s, 0, STR("data: x\n\n")));
    close_house();
}

static void stream_that_lags(void **state)
{
    struct http_options o = short_times();
    open_house(&o);
    static char event[60 * 1024];
    memset(event, 'x', sizeof event);
    int fd = dial(), pushed = 0;
    say(fd, "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
    uint64_t id;
    while (!(id = atomic_load(&house.stream)))
        usleep(1000);
    while (http_push(house.s, id, str_n(event, sizeof event)))
        assert_true(++pushed < 10000);
    wait_for_connections(0);
    assert_false(http_push(house.s, id, STR("data: x\n\n")));
    close(fd);
    assert_sane();
    close_house();
}

static void streams_end_with_the_server(void **state)
{
    struct http_options o = short_times();
    open_house(&o);
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    int fd = dial();
    say(fd, "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
    hear_until(fd, &b, ": hello\n\n");
    close_house();
    hear_all(fd, &b);
    close(fd);
}

static void from_another_thread(void **state)
{
    struct http_options o = options();
    open_house(&o);
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    int fd[20];
    for (int i = 0; i < 20; i++) {
        fd[i] = dial();
        say(fd[i], i % 2 ? "POST /later HTTP/1.1\r\nHost: x\r\n\r\n" : "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    for (int i = 0; i < 20; i++) {
        if (i % 5 == 4) {                        /* gone before its answer: nobody else may notice */
            close(fd[i]);
            continue;
        }
        assert_int_equal(hear(fd[i], &b), 200);
        assert_string_equal(b.p, "later");
        close(fd[i]);
    }
    close_house();
}

/* --- stopping ------------------------------------------------------------------------------------------------------------ */

struct client { pthread_t thread; int asked, answered; bool refused; };

/* Asks one thing after the other until the server ends the connection; a question may stay open only when no byte of its
 * answer came, as HTTP allows at the end of a connection. */
static void *client_main(void *arg)
{
    struct client *c = arg;
    struct buf b = BUF_INIT;
    int fd = dial();
    for (;;) {
        buf_clear(&b);
        if (!say(fd, c->asked % 2 ? "POST /later HTTP/1.1\r\nHost: x\r\n\r\n" : "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"))
            break;
        c->asked++;
        while (!b.p || !(strstr(b.p, "\r\n\r\nslow") || strstr(b.p, "\r\n\r\nlater")))
            if (!hear_more(fd, &b))
                goto end;
        c->answered++;
        if (strstr(b.p, "Connection: close"))
            break;
    }
end:
    c->refused = b.n > 0 && c->asked != c->answered;           /* cut within an answer */
    buf_release(&b);
    close(fd);
    return NULL;
}

static void stop_under_load(void **state)
{
    struct http_options o = short_times();
    o.times.idle = 20000;
    open_house(&o);
    struct client c[16] = { 0 };
    for (size_t i = 0; i < ARRAY_LEN(c); i++)
        pthread_create(&c[i].thread, NULL, client_main, &c[i]);
    while (atomic_load(&house.handled) < 20)
        usleep(1000);
    http_stop(house.s);
    int answered = 0;
    for (size_t i = 0; i < ARRAY_LEN(c); i++) {
        pthread_join(c[i].thread, NULL);
        assert_false(c[i].refused);
        assert_int_equal(c[i].asked, c[i].answered);           /* each asks again within `grace`, so none stays open */
        answered += c[i].answered;
    }
    pthread_join(house.loop, NULL);
    assert_int_equal(answered, atomic_load(&house.handled));
    assert_true(atomic_load(&house.clean));
    http_free(house.s);
}

static void nothing_run(void **state)            /* started, never run; run after a stop */
{
    struct http_options o = options();
    struct http_server *s = NULL;
    assert_true(http_start(&o, &s, NULL));
    http_free(s);
    assert_true(http_start(&o, &s, NULL));
    http_stop(s);
    assert_true(http_run(s));
    http_free(s);
    http_free(NULL);
}

static void never_done(struct http_req *rq) {}

static void forgets(void *ctx, struct http_req *rq) { http_resume(rq, never_done); }

static void stop_is_bounded(void **state)
{
    struct http_options o = short_times();
    o.handle = forgets;
    o.times.stop = 300;
    open_house(&o);
    int fd = dial();
    say(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    while (stats().requests == 0)
        usleep(1000);
    http_stop(house.s);
    pthread_join(house.loop, NULL);
    assert_false(atomic_load(&house.clean));     /* given up; the memory stays with whoever holds the request */
    close(fd);
}

static void stop_does_not_wait_for_slow_clients(void **state)
{
    struct http_options o = options();
    o.times.stop = 200;
    open_house(&o);
    int head = dial(), body = dial(), deaf = dial();
    say(head, "GET / HTTP/1.1\r\nHo");
    say(body, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhe");
    say(deaf, "GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
    while (stats().requests < 2 || stats().bytes_out == 0)
        usleep(1000);
    close_house();                               /* and nothing is said to be given up */
    close(head);
    close(body);
    close(deaf);
}

/* --- many ---------------------------------------------------------------------------------------------------------------- */

static int64_t rss_anon_kb(void)
{
    char line[128];
    int64_t kb = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (fgets(line, sizeof line, f))
        if (strncmp(line, "RssAnon:", 8) == 0)
            kb = atol(line + 8);
    fclose(f);
    return kb;
}

static bool sanitized(void)
{
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
    return true;
#else
    return false;
#endif
}

static void ten_thousand_idle(void **state)
{
    struct rlimit r;
    getrlimit(RLIMIT_NOFILE, &r);
    r.rlim_cur = r.rlim_max > 30000 ? 30000 : r.rlim_max;
    setrlimit(RLIMIT_NOFILE, &r);
    int n = r.rlim_cur >= 20400 ? 10000 : (int)(r.rlim_cur - 200) / 2, *fd = malloc(sizeof(int) * (size_t)n);
    struct http_options o = options();
    open_house(&o);
    assert_sane();
    wait_for_connections(0);
    int64_t before = rss_anon_kb();
    for (int i = 0; i < n; i++) {
        fd[i] = dial();
        if (i % 2) {                             /* half have asked something before they fell silent */
            say(fd[i], "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            assert_int_equal(hear(fd[i], NULL), 200);
        }
    }
    wait_for_connections(n);
    int64_t each = (rss_anon_kb() - before) * 1024 / n;
    printf("# %d idle connections, %d bytes each\n", n, (int)each);
    assert_true(sanitized() || each <= 4096);
    assert_sane();
    for (int i = 0; i < n; i++)
        close(fd[i]);
    free(fd);
    close_house();
}

static void memory_stays_flat(void **state)
{
    struct http_options o = options();
    open_house(&o);
    int n = sanitized() ? 5000 : 100000, fd = dial();
    int64_t early = 0;
    for (int i = 0; i < n; i++) {
        if (i == n / 10)
            early = rss_anon_kb();
        if (i % 100 == 99) {
            close(fd);
            fd = dial();
        }
        if (i % 10)
            say(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        else
            say(fd, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
        assert_int_equal(hear(fd, NULL), 200);
    }
    int64_t more = rss_anon_kb() - early;
    printf("# RssAnon %d KB, %d KB of it after the first tenth of %d requests\n", (int)(early + more), (int)more, n);
    assert_true(sanitized() || more < 512);
    close(fd);
    close_house();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slow_header), cmocka_unit_test(slow_body), cmocka_unit_test(silent), cmocka_unit_test(never_reads),
        cmocka_unit_test(reads_slowly), cmocka_unit_test(body_memory_is_bounded), cmocka_unit_test(streams),
        cmocka_unit_test(stream_that_lags), cmocka_unit_test(streams_end_with_the_server), cmocka_unit_test(from_another_thread),
        cmocka_unit_test(stop_under_load), cmocka_unit_test(nothing_run), cmocka_unit_test(ten_thousand_idle),
        cmocka_unit_test(memory_stays_flat),
        cmocka_unit_test(stop_does_not_wait_for_slow_clients), cmocka_unit_test(stop_is_bounded),
    };
    return cmocka_run_group_tests_name("http time", tests, NULL, NULL);
}
