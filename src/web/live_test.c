/* Live updates over real sockets: two offices, bursts, limits, sessions that end, news that was missed. Times are short; none is measured from below. */
#include "office.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <time.h>

#include "store/journal.h"
#include "web/web.h"

enum { GAP = 100, BEAT = 2000, CHECK = 150 };

static struct test_office o;
static struct web *web;
static pthread_t server;
static int64_t other, li[2];                     /* the second office; a member of each */

/* --- writes ------------------------------------------------------------------------------------------------------------------- */

static bool line_fn(struct txn *t, void *args, struct err *err)
{
    (void)args;
    struct journal_line l = { .day = DAY_NONE, .entity = STR("test"), .entity_id = 1, .verb = STR("note") };
    return journal_add(t, &l, err);
}

static void write_in(int64_t office_id)
{
    struct err e;
    NO_ERR(store_write_wait(o.store, office_id, 0, line_fn, NULL, &e), &e);
}

static int64_t head_of(int64_t office_id)
{
    struct err e;
    struct journal_head head;
    NO_ERR(journal_head(o.db, office_id, &head, &e), &e);
    return head.seq;
}

struct start { int64_t member_id; struct session_new s; };
static bool start_fn(struct txn *t, void *args, struct err *err)
{
    struct start *s = args;
    return session_start(t, s->member_id, STR("test"), &s->s, err);
}

static bool end_fn(struct txn *t, void *args, struct err *err) { return session_end_all(t, *(int64_t *)args, err); }
static bool disable_fn(struct txn *t, void *args, struct err *err) { return member_set_disabled(t, *(int64_t *)args, true, err); }

/* --- a page that listens --------------------------------------------------------------------------------------------------------- */

struct page { int fd; struct buf b; };

static int64_t ms_now(void) { return clock_real.mono_us(&clock_real) / 1000; }

static void session_of(int which, char cookie[64])
{
    struct err e;
    struct start s = { .member_id = li[which] };
    NO_ERR(store_write_wait(o.store, which ? other : o.id, 0, start_fn, &s, &e), &e);
    snprintf(cookie, 64, "%c.%s", 'a' + which, s.s.secret);
}

static struct page listen_as(const char *cookie)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)web_port(web)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct page p = { socket(AF_INET, SOCK_STREAM, 0), BUF_INIT };
    char rq[256];
    assert_int_equal(connect(p.fd, (struct sockaddr *)&a, sizeof a), 0);
    int n = snprintf(rq, sizeof rq, "GET /live HTTP/1.1\r\nHost: whs.test\r\nAccept: text/event-stream\r\nCookie: whs_session=%s\r\n\r\n", cookie);
    assert_int_equal(send(p.fd, rq, (size_t)n, MSG_NOSIGNAL), n);
    return p;
}

/* Reads what comes within ms; false when the stream has ended. */
static bool hear(struct page *p, int64_t ms)
{
    struct pollfd w = { .fd = p->fd, .events = POLLIN };
    if (poll(&w, 1, (int)ms) != 1)
        return true;
    char *to = buf_room(&p->b, 4096);
    ssize_t n = recv(p->fd, to, 4096, 0);
    if (n > 0)
        p->b.n += (size_t)n;
    p->b.p[p->b.n] = 0;
    return n > 0;
}

static int events(const struct page *p, const char *what)
{
    int n = 0;
    for (const char *z = p->b.p ? p->b.p : ""; (z = strstr(z, what)); z++)
        n++;
    return n;
}

static void hear_for(struct page *p, int64_t ms)
{
    for (int64_t until = ms_now() + ms, left; (left = until - ms_now()) > 0;)
        if (!hear(p, left))
            break;
}

static void hear_until(struct page *p, const char *what)
{
    for (int64_t until = ms_now() + 10000; !events(p, what);)
        if (!hear(p, 100) || ms_now() > until) {
            if (!events(p, what))
                fail_msg("no \"%s\" in: %s", what, p->b.p ? p->b.p : "");
        }
}

static void hear_head(struct page *p, int64_t office_id)
{
    char event[64];
    snprintf(event, sizeof event, "event: changed\ndata: %lld\n\n", (long long)head_of(office_id));
    hear_until(p, event);
}

static void one_of_each(struct page p[2])
{
    char cookie[64];
    for (int i = 0; i < 2; i++) {
        session_of(i, cookie);
        p[i] = listen_as(cookie);
        hear_head(&p[i], i ? other : o.id);
    }
}

static void hear_end(struct page *p, const char *why)
{
    char event[64];
    snprintf(event, sizeof event, "event: end\ndata: %s\n\n", why);
    hear_until(p, event);
    for (int64_t until = ms_now() + 10000; hear(p, 100);)
        assert_true(ms_now() < until);
}

static void leave(struct page *p)
{
    close(p->fd);
    buf_release(&p->b);
}

/* --- the house ---------------------------------------------------------------------------------------------------------------- */

static void *run(void *arg)
{
    (void)arg;
    web_run(web);
    return NULL;
}

static int64_t member_of(int64_t office_id)
{
    struct err e;
    struct actor by;
    struct test_member m = { &by, { STR("li"), STR("李科员"), STR("officer"), STR(""), STR_NULL, STR("139 0000 0000") }, STR_NULL, 0 };
    NO_ERR(actor_load_login(o.db, &o.arena, office_id, STR("console"), instant_day(TEST_NOW), &by, &e), &e);
    NO_ERR(store_write_wait(o.store, office_id, by.member_id, test_member_fn, &m, &e), &e);
    return m.id;
}

static int setup(void **state)
{
    struct err e;
    test_office_open(&o);
    other = test_office_add(&o, "b");
    li[0] = member_of(o.id);
    li[1] = member_of(other);
    struct web_options wo = { .store = o.store, .listen = "127.0.0.1:0", .workers = 2,
                              .live = { .gap = GAP, .beat = BEAT, .check = CHECK, .session_max = 2, .member_max = 3, .total_max = 4 } };
    NO_ERR(web_start(&wo, &web, &e), &e);
    return pthread_create(&server, NULL, run, NULL);
}

static int teardown(void **state)
{
    web_stop(web);
    pthread_join(server, NULL);
    web_free(web);
    test_office_close(&o);
    return 0;
}

/* --- tests ---------------------------------------------------------------------------------------------------------------------- */

static void offices_apart(void **state)
{
    struct page p[2];
    one_of_each(p);
    assert_non_null(strstr(p[0].b.p, "Content-Type: text/event-stream\r\n"));
    for (int i = 0; i < 20; i++)                 /* the heads differ, so each event says whose it is */
        write_in(o.id);
    hear_head(&p[0], o.id);
    hear_for(&p[1], BEAT + 200);
    char theirs[48];
    snprintf(theirs, sizeof theirs, "data: %lld\n", (long long)head_of(other));
    assert_true(events(&p[1], "data: ") >= 2);   /* the first word and a beat, both with the head that has not moved */
    assert_int_equal(events(&p[1], "data: "), events(&p[1], theirs));
    for (int i = 0; i < 2; i++)
        leave(&p[i]);
}

static void a_burst_is_one_event(void **state)
{
    char cookie[64];
    session_of(0, cookie);
    struct page p = listen_as(cookie);
    hear_head(&p, o.id);
    int before = events(&p, "event: ");
    int64_t from = ms_now();
    for (int i = 0; i < 1000; i++)
        write_in(o.id);
    hear_head(&p, o.id);
    int n = events(&p, "event: ") - before;
    assert_true(n <= (ms_now() - from) / GAP + 2);
    leave(&p);
}

static void limits(void **state)
{
    char one[64], two[64], theirs[64];
    session_of(0, one);
    session_of(0, two);
    session_of(1, theirs);
    struct page gone = listen_as(one);
    hear_head(&gone, o.id);
    struct page a = listen_as(one);
    hear_head(&a, o.id);
    leave(&gone);
    hear_for(&a, 50);
    struct page b = listen_as(one);              /* the one that left makes place: `a` stays */
    hear_head(&b, o.id);
    assert_int_equal(events(&a, "event: end"), 0);
    struct page c = listen_as(one);              /* a third of the session */
    hear_end(&a, "full");
    hear_head(&c, o.id);
    struct page d = listen_as(two), e = listen_as(two);
    hear_head(&d, o.id);
    hear_end(&b, "full");                        /* a fourth of the member */
    hear_head(&e, o.id);
    struct page f = listen_as(theirs);
    hear_head(&f, other);
    struct page g = listen_as(theirs);
    hear_end(&g, "full");                        /* a fifth of all */
    struct page *all[] = { &a, &b, &c, &d, &e, &f, &g };
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        leave(all[i]);
}

static void sessions_end(void **state)
{
    struct err e;
    char cookie[64], theirs[64];
    session_of(0, cookie);
    session_of(1, theirs);
    struct page p = listen_as(cookie), q = listen_as(theirs);
    hear_head(&p, o.id);
    hear_head(&q, other);
    NO_ERR(store_write_wait(o.store, o.id, 0, end_fn, &li[0], &e), &e);
    hear_end(&p, "session");
    leave(&p);
    p = listen_as(cookie);
    hear_until(&p, "HTTP/1.1 401 ");
    leave(&p);
    hear_for(&q, 2 * CHECK);
    assert_int_equal(events(&q, "event: end"), 0);
    sim_clock_set(&o.clock, TEST_NOW + SESSION_IDLE_MS + 1);    /* a stream is no sign of life */
    hear_end(&q, "session");
    leave(&q);
    session_of(0, cookie);
    p = listen_as(cookie);
    hear_head(&p, o.id);
    NO_ERR(store_write_wait(o.store, o.id, 0, disable_fn, &li[0], &e), &e);
    hear_end(&p, "session");
    leave(&p);
}

/* What another server writes passes this one's writer by. When the store may have missed such news, the head is read, and told where it has moved. */
void watch_tell(struct store *s, int64_t office_id, int64_t seq);      /* the store's own */

static void write_past_us(int64_t office_id)
{
    char sql[128];
    snprintf(sql, sizeof sql, "UPDATE office SET journal_seq = journal_seq + 1 WHERE id = %lld", (long long)office_id);
    engine_tamper(o.url, sql);
}

static void missed_news(void **state)
{
    struct page p[2];
    one_of_each(p);
    write_past_us(o.id);
    int64_t from = ms_now();
    watch_tell(o.store, -1, 0);
    hear_head(&p[0], o.id);
    assert_true(ms_now() - from < BEAT);
    for (int i = 0; i < 2; i++)
        leave(&p[i]);
}

static void stops_with_listeners(void **state)
{
    char cookie[64];
    session_of(0, cookie);
    struct page p = listen_as(cookie);
    hear_head(&p, o.id);
    web_stop(web);                               /* teardown waits for the end and frees all; a leak is the sanitizer's to find */
    for (int64_t until = ms_now() + 10000; hear(&p, 100);)
        assert_true(ms_now() < until);
    leave(&p);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = { T(offices_apart), T(a_burst_is_one_event), T(limits), T(sessions_end), T(missed_news), T(stops_with_listeners) };
    return cmocka_run_group_tests_name("live", tests, NULL, NULL);
}
