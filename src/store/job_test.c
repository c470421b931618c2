/* Background work that several servers find and exactly one does. On PostgreSQL each server has a store of its own; SQLite has one writer, so there they are
 * several runners on one store. */
#include "store_fixture.h"

#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>

#include "messages.h"
#include "store/runner.h"

enum { SERVERS = 3, JOBS = 1000, HOUR = 3600 * 1000 };
static const instant_t START = INT64_C(1767225600000);         /* 2026-01-01 08:00, +08:00 */

static struct sim_clock sim;
static struct store *server[SERVERS];
static struct runner *runner[SERVERS];

/* --- the jobs of these tests --------------------------------------------------------------------------------------------------- */

static _Atomic int runs, sweeps;
static sem_t begun, go;
static int tell = -1;                            /* a byte for each run, when the test listens */

/* Each run that counts leaves the step of its number: a second one would break the row's key. Every seventh fails at first. */
static bool run_step(struct job_run *r, struct err *err)
{
    atomic_fetch_add(&runs, 1);
    if (r->job.subject % 7 == 0 && r->job.tries == 1)
        return err_fail(err, ERR_IO, M_STORE_FULL, NULL, A_C("disk"));
    int64_t k = r->job.subject;
    bool ok = job_finish(r, step, &k, NULL, err);
    return ok && (tell < 0 || write(tell, ".", 1) == 1);
}

/* Lets the test act while it runs. */
static bool run_slow(struct job_run *r, struct err *err)
{
    atomic_fetch_add(&runs, 1);
    sem_post(&begun);
    while (sem_wait(&go) != 0)
        ;
    return run_step(r, err);
}

static bool refuse_fn(struct txn *t, void *args, struct err *err) { return err_fail(err, ERR_DENIED, M_STORE_NO_OFFICE, NULL, A_INT(1)); }
static bool run_refused(struct job_run *r, struct err *err) { return job_finish(r, refuse_fn, NULL, NULL, err); }

static bool run_spoilt_fn(struct txn *t, void *args, struct err *err)
{
    return step(t, args, err) && refuse_fn(t, NULL, err);
}

static bool run_spoilt(struct job_run *r, struct err *err)
{
    int64_t k = r->job.subject;
    return job_finish(r, run_spoilt_fn, &k, NULL, err);
}

static bool run_sweep(struct job_run *r, struct err *err)
{
    instant_t next = job_sweep_at(r->job.office_id, clock_now(&sim.base));
    atomic_fetch_add(&sweeps, 1);
    return job_finish(r, NULL, NULL, &next, err);
}

static bool run_nothing(struct job_run *r, struct err *err)
{
    atomic_fetch_add(&runs, 1);
    return true;
}

static const struct job_kind KINDS[] = {
    { "step", 0, run_step }, { "slow", 0, run_slow }, { "refused", 0, run_refused }, { "spoilt", 0, run_spoilt },
    { JOB_SWEEP, 0, run_sweep }, { "nothing", 0, run_nothing },
};
static const struct job_kind *const kinds[] = { &KINDS[0], &KINDS[1], &KINDS[2], &KINDS[3], &KINDS[4], &KINDS[5] };

/* --- servers ------------------------------------------------------------------------------------------------------------------ */

static void start(int i)
{
    must(runner_start(&(struct runner_options){ server[i], kinds, ARRAY_LEN(kinds) }, &runner[i], &err));
}

static void stop(int i)
{
    runner_stop(runner[i]);
    runner[i] = NULL;
}

static void servers_open(void)
{
    server[0] = fix.s;
    for (int i = 1; i < SERVERS; i++) {
        if (on_postgres())
            must(store_open(&fix.o, &server[i], &err));
        else
            server[i] = fix.s;
    }
}

static void servers_close(void)
{
    for (int i = 1; i < SERVERS; i++)
        if (server[i] != fix.s)
            store_close(server[i]);
}

static bool put_sweep(struct txn *t, void *args, struct err *err)
{
    return job_put(t, STR(JOB_SWEEP), 0, job_sweep_at(t->office_id, START), err);
}

static int jobs_up(void **state)
{
    struct arena a _cleanup_(arena_release) = ARENA_INIT(0);
    struct db *db;
    struct job_line *line;
    size_t n;
    fix_up();
    must(store_reader_open(fix.s, &db, &err));
    must(job_list(db, &a, fix.office, &line, &n, &err));
    assert_true(n == 1 && str_eqc(line[0].kind, JOB_SWEEP));       /* from the office's creation, which the real clock saw */
    assert_true(line[0].due_at > clock_now(&clock_real) && line[0].due_at < clock_now(&clock_real) + 31 * HOUR);
    store_reader_close(db);
    fix_close();
    sim_clock_init(&sim, START);
    fix.o.clock = &sim.base;
    fix_open();
    servers_open();
    must(store_write_wait(fix.s, fix.office, 0, put_sweep, NULL, &err));
    must(store_write_wait(fix.s, STORE_OFFICE_SHARED, 0, put_sweep, NULL, &err));
    atomic_store(&runs, 0);
    atomic_store(&sweeps, 0);
    sem_init(&begun, 0, 0);
    sem_init(&go, 0, 0);
    return 0;
}

static int jobs_down(void **state)
{
    for (int i = 0; i < SERVERS; i++)
        stop(i);
    servers_close();
    fix_down();
    return 0;
}

static void clock_to(instant_t at)
{
    sim_clock_set(&sim, at);
    for (int i = 0; i < SERVERS; i++)
        if (runner[i])
            runner_wake(runner[i]);
}

/* --- looking --------------------------------------------------------------------------------------------------------------------- */

struct look { int waits, runs, failed; int64_t tries; instant_t first; char error[200]; };

static struct look looked(const char *kind)
{
    struct look l = { .first = INSTANT_NONE };
    struct db *db;
    struct arena a _cleanup_(arena_release) = ARENA_INIT(0);
    struct job_line *line;
    size_t n;
    must(store_reader_open(fix.s, &db, &err));
    must(job_list(db, &a, fix.office, &line, &n, &err));
    for (size_t i = 0; i < n; i++) {
        if (!str_eqc(line[i].kind, kind))
            continue;
        l.waits += line[i].state == JOB_WAITS;
        l.runs += line[i].state == JOB_RUNS;
        l.failed += line[i].state == JOB_FAILED;
        l.tries = line[i].tries > l.tries ? line[i].tries : l.tries;
        l.first = l.first == INSTANT_NONE ? line[i].next_at : l.first;
        snprintf(l.error, sizeof l.error, "%.*s", STR_ARG(line[i].last_error));
    }
    store_reader_close(db);
    return l;
}

static int left(const char *kind)
{
    struct look l = looked(kind);
    return l.waits + l.runs + l.failed;
}

static struct job_due directory(void)
{
    struct job_due d;
    struct db *db;
    must(store_reader_open(fix.s, &db, &err));
    must(job_due(db, clock_now(&sim.base), &d, &err));
    store_reader_close(db);
    return d;
}

#define UNTIL(condition) \
    do { \
        int ms_ = 0; \
        for (; !(condition) && ms_ < 30000; ms_++) \
            usleep(1000); \
        if (ms_ == 30000) \
            fail_msg("never: %s", #condition); \
    } while (0)

static int64_t total(int64_t (*of)(const struct runner_stats *))
{
    int64_t n = 0;
    for (int i = 0; i < SERVERS; i++) {
        struct runner_stats st;
        runner_stats(runner[i], &st);
        n += of(&st);
    }
    return n;
}

static int64_t done_of(const struct runner_stats *s) { return s->done; }
static int64_t failed_of(const struct runner_stats *s) { return s->failed; }
static int64_t lost_of(const struct runner_stats *s) { return s->lost; }

/* --- writing --------------------------------------------------------------------------------------------------------------------- */

struct put { const char *kind; int64_t subject, n; instant_t due; };

static bool put_fn(struct txn *t, void *args, struct err *err)
{
    const struct put *p = args;
    for (int64_t k = 0; k < p->n; k++)
        if (!job_put(t, str_c(p->kind), p->subject + k, p->due, err))
            return false;
    return true;
}

static bool cancel_fn(struct txn *t, void *args, struct err *err)
{
    const struct put *p = args;
    return job_cancel(t, str_c(p->kind), p->subject, err);
}

static void put(const char *kind, int64_t subject, int64_t n, instant_t due)
{
    must(store_write_wait(fix.s, fix.office, 1, put_fn, &(struct put){ kind, subject, n, due }, &err));
}

static void cancel(const char *kind, int64_t subject)
{
    must(store_write_wait(fix.s, fix.office, 1, cancel_fn, &(struct put){ kind, subject }, &err));
}

struct end { const struct job *job; int64_t k; instant_t next; };

static bool end_fn(struct txn *t, void *args, struct err *err)
{
    struct end *e = args;
    return job_check(t, e->job, err) && step(t, &e->k, err) && job_done(t, e->job, e->next, err);
}

static bool failed_fn(struct txn *t, void *args, struct err *err)
{
    struct err why;
    err_fail(&why, ERR_IO, M_STORE_FULL, NULL, A_C("disk"));
    return job_failed(t, args, &why, err);
}

static int claim(int at, struct job *ret, int max)
{
    int n;
    must(job_claim(server[at], fix.office, ret, max, &n, &err));
    return n;
}

/* --- tests ----------------------------------------------------------------------------------------------------------------------- */

static void test_put(void **state)
{
    assert_true(looked(JOB_SWEEP).first == job_sweep_at(fix.office, START));
    assert_int_equal(directory().offices, 0);
    put("step", 5, 1, START + HOUR);
    assert_true(directory().next == START + HOUR);
    put("step", 5, 1, START + 2 * HOUR);         /* the last word counts */
    assert_true(looked("step").first == START + 2 * HOUR);
    put("step", 5, 1, START - HOUR);
    struct job_due d = directory();
    assert_int_equal(d.offices, 1);
    assert_true(d.since == START - HOUR);
    cancel("step", 5);
    cancel("step", 6);
    assert_int_equal(left("step"), 0);
    assert_int_equal(directory().offices, 0);
    struct put bad[] = { { "", 1, 1, START }, { "Step", 1, 1, START }, { "a_kind_of_thirty_two_characters_", 1, 1, START } };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        must_fail(store_write_wait(fix.s, fix.office, 1, put_fn, &bad[i], &err), ERR_INPUT);
}

static void test_nights_differ(void **state)
{
    for (int64_t id = 0; id < 5000; id++) {
        instant_t at = job_sweep_at(id, START) - day_start(instant_day(START) + 1);
        assert_in_range(at, 2 * HOUR, 6 * HOUR - 1);
    }
    assert_true(job_sweep_at(1, START) != job_sweep_at(2, START));
    assert_true(job_sweep_at(1, job_sweep_at(1, START)) == job_sweep_at(1, START) + 24 * HOUR);
}

/* Three servers, some killed with what they had claimed, all stopped and started again and again: each job's work is there once. */
static void test_thousand(void **state)
{
    static uint8_t at[JOBS];
    struct job dead[40];
    put("step", 0, JOBS, START);
    assert_int_equal(claim(0, dead, 40), 40);
    assert_int_equal(claim(1, dead, 25), 25);    /* others than those */
    for (int i = 0; i < SERVERS; i++)
        start(i);
    for (int round = 0; round < 12; round++) {
        usleep(20 * 1000);
        stop(round % SERVERS);
        start(round % SERVERS);
    }
    UNTIL(looked("step").waits == 0);
    UNTIL(looked("step").runs == 65);            /* what the dead hold */
    clock_to(START + JOB_LEASE_MS);
    UNTIL(looked("step").runs + looked("step").waits == 0);
    clock_to(START + JOB_LEASE_MS + JOB_DELAY_MS + 1);
    UNTIL(left("step") == 0);
    fix_steps(at, JOBS);
    for (int k = 0; k < JOBS; k++)
        assert_int_equal(at[k], 3);
    assert_int_equal(fix_verify(), 1 + JOBS - 1);
    assert_int_equal(total(lost_of), 0);
    assert_int_equal(directory().offices, 0);
}

/* A slow server whose lease ran out may not count: another has the job. */
static void test_lost_claim(void **state)
{
    uint8_t at[4];
    struct job slow, quick, none;
    put("step", 2, 1, START);
    assert_int_equal(claim(0, &slow, 1), 1);
    assert_int_equal(claim(1, &none, 1), 0);
    sim_clock_set(&sim, START + JOB_LEASE_MS - 1);
    assert_int_equal(claim(1, &none, 1), 0);
    sim_clock_set(&sim, START + JOB_LEASE_MS);
    assert_int_equal(claim(1, &quick, 1), 1);
    assert_int_equal(quick.tries, 2);
    must_fail(store_write_wait(server[0], fix.office, 1, end_fn, &(struct end){ &slow, 1, INSTANT_NONE }, &err), ERR_CONFLICT);
    must(store_write_wait(server[0], fix.office, 1, failed_fn, &slow, &err));
    assert_int_equal(looked("step").runs, 1);    /* and its failure is nobody's */
    must(store_write_wait(server[1], fix.office, 1, end_fn, &(struct end){ &quick, 2, INSTANT_NONE }, &err));
    must_fail(store_write_wait(server[1], fix.office, 1, end_fn, &(struct end){ &quick, 3, INSTANT_NONE }, &err), ERR_CONFLICT);
    fix_steps(at, 4);
    assert_int_equal(at[1], 0);
    assert_int_equal(at[2], 3);
    assert_int_equal(at[3], 0);
    assert_int_equal(left("step"), 0);
}

static void test_lost_while_running(void **state)
{
    uint8_t at[2];
    struct job other;
    put("slow", 1, 1, START);
    start(0);
    sem_wait(&begun);
    sim_clock_set(&sim, START + JOB_LEASE_MS);
    assert_int_equal(claim(1, &other, 1), 1);
    sem_post(&go);
    UNTIL(total(lost_of) == 1);
    fix_steps(at, 2);
    assert_int_equal(at[1], 0);
    must(store_write_wait(server[1], fix.office, 1, end_fn, &(struct end){ &other, 1, INSTANT_NONE }, &err));
}

static void test_put_while_running(void **state)
{
    put("slow", 1, 1, START);
    start(0);
    sem_wait(&begun);
    put("slow", 1, 1, START);                    /* once more, of the same moment */
    assert_int_equal(looked("slow").runs, 1);
    sem_post(&go);
    sem_wait(&begun);
    put("slow", 1, 1, START + HOUR);
    sem_post(&go);                               /* fails: its row is there. What was asked for meanwhile stays, undelayed */
    UNTIL(looked("slow").failed == 1);
    assert_true(looked("slow").first == START + HOUR);
    assert_int_equal(looked("slow").tries, 0);
    clock_to(START + HOUR);
    sem_wait(&begun);
    cancel("slow", 1);
    sem_post(&go);
    UNTIL(total(lost_of) == 1);
    assert_int_equal(left("slow"), 0);
}

static void test_failing(void **state)
{
    struct job j;
    put("step", 1, 1, START);
    instant_t now = START, delay = JOB_DELAY_MS;
    for (int i = 1; i <= 10; i++) {
        assert_int_equal(claim(0, &j, 1), 1);
        assert_int_equal(j.tries, i);
        must(store_write_wait(fix.s, fix.office, 1, failed_fn, &j, &err));
        struct look l = looked("step");
        assert_int_equal(l.failed, 1);
        assert_true(l.first == now + delay);
        assert_non_null(strstr(l.error, "disk"));
        assert_true(i > 1 || directory().next == l.first);
        now = l.first;
        sim_clock_set(&sim, now);
        delay = delay * 2 < JOB_DELAY_MAX_MS ? delay * 2 : JOB_DELAY_MAX_MS;
    }
    assert_true(delay == JOB_DELAY_MAX_MS);
    put("step", 1, 1, now);                      /* asked for anew: afresh */
    assert_int_equal(looked("step").tries, 0);
}

/* A handler that refuses, one that breaks the rule of deciding first, one nobody knows: nothing of them stays, and they are tried again. */
static void test_handlers_that_fail(void **state)
{
    uint8_t at[10];
    start(0);
    put("refused", 3, 1, START);
    put("spoilt", 4, 1, START);
    put("unheard_of", 5, 1, START);
    put("nothing", 6, 1, START);
    UNTIL(total(failed_of) == 3);
    UNTIL(total(done_of) == 1);
    UNTIL(looked("spoilt").failed + looked("refused").failed + looked("unheard_of").failed == 3);
    assert_int_equal(left("nothing"), 0);
    assert_non_null(strstr(looked("unheard_of").error, "unheard_of"));
    fix_steps(at, 10);
    for (int k = 0; k < 10; k++)
        assert_int_equal(at[k], 0);
    clock_to(START + JOB_DELAY_MS);
    UNTIL(total(failed_of) == 6);
}

/* A machine asleep over a long weekend, and a clock that was wrong by it. */
static void test_clock_jumps(void **state)
{
    struct job j;
    uint8_t at[3];
    start(0);
    start(1);
    clock_to(START + 72 * HOUR);
    UNTIL(atomic_load(&sweeps) == 2);            /* this office's and office 0's, each once */
    UNTIL(directory().offices == 0);
    put("step", 1, 1, START + 72 * HOUR);
    UNTIL(left("step") == 0);
    stop(0);
    stop(1);
    put("step", 2, 1, START + 72 * HOUR);
    assert_int_equal(claim(0, &j, 1), 1);
    sim_clock_set(&sim, START);                  /* back: what runs ends, what is due now is done now */
    must(store_write_wait(fix.s, fix.office, 1, end_fn, &(struct end){ &j, 2, INSTANT_NONE }, &err));
    start(0);
    put("nothing", 1, 1, START);
    UNTIL(left("nothing") == 0);
    fix_steps(at, 3);
    assert_int_equal(at[1] + at[2], 6);
    assert_int_equal(atomic_load(&sweeps), 2);
    assert_true(looked(JOB_SWEEP).first == job_sweep_at(fix.office, START + 72 * HOUR));
}

static void *stopping(void *arg)
{
    stop(0);
    return arg;
}

static void test_stop_gives_back(void **state)
{
    put("slow", 1, 10, START);
    start(0);
    sem_wait(&begun);
    assert_int_equal(looked("slow").runs, 10);
    pthread_t t;
    assert_int_equal(pthread_create(&t, NULL, stopping, NULL), 0);
    usleep(50 * 1000);
    sem_post(&go);
    pthread_join(t, NULL);
    struct look l = looked("slow");
    assert_int_equal(l.waits, 9);
    assert_int_equal(l.runs + l.failed, 0);
    assert_int_equal(l.tries, 0);
    assert_int_equal(atomic_load(&runs), 2);     /* run_slow and, in it, run_step */
    assert_true(directory().since == START);
}

/* A server of its own, killed with SIGKILL in the middle of its work; the next one takes over when the leases are over. */
static void child(instant_t now, const int listener[2])
{
    close(listener[0]);
    tell = listener[1];
    sim_clock_init(&sim, now);
    if (!store_open(&fix.o, &server[0], NULL) || !runner_start(&(struct runner_options){ server[0], kinds, ARRAY_LEN(kinds) }, &runner[0], NULL))
        _exit(1);
    for (;;)
        pause();
}

/* Waits for n bytes, or until none came for a second: no more is due. */
static void hear(int fd, int n)
{
    char c;
    struct pollfd p = { .fd = fd, .events = POLLIN };
    while (n-- > 0 && poll(&p, 1, 1000) == 1)
        assert_int_equal(read(fd, &c, 1), 1);
}

static void serve_and_kill(instant_t now, int n)
{
    int listener[2], status;
    servers_close();
    fix_close();                                 /* SQLite's locks do not like to be carried over a fork */
    assert_int_equal(pipe(listener), 0);
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0)
        child(now, listener);
    hear(listener[0], n);
    usleep((useconds_t)(n * 7919 % 3000));
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    close(listener[0]);
    close(listener[1]);
    fix_open();
    servers_open();
}

static void test_killed(void **state)
{
    static uint8_t at[JOBS];
    int round = 0;
    put("step", 0, JOBS, START);
    for (instant_t now = START; left("step") > 0 && round < 200; round++, now += JOB_LEASE_MS)
        serve_and_kill(now, 10 + round * 37 % 50);
    print_message("# all done after %d servers were killed\n", round);
    assert_in_range(round, 2, 199);
    fix_steps(at, JOBS);
    for (int k = 0; k < JOBS; k++)
        assert_int_equal(at[k], 3);
    fix_verify();
}

/* Work in many offices is found by the directory, in the order in which it is due. */
static bool more_offices(struct txn *t, void *args, struct err *err)
{
    int64_t *id = args;
    for (int i = 0; i < 20; i++) {
        char code[16];
        snprintf(code, sizeof code, "o%d", i);
        if (!txn_office_create(t, str_c(code), STR("某县政府办公室"), &id[i], err))
            return false;
    }
    return true;
}

static void test_offices(void **state)
{
    int64_t id[20];
    must(store_write_alone(fix.s, STORE_OFFICE_SHARED, 0, more_offices, id, &err));
    for (int i = 0; i < 20; i++)
        must(store_write_wait(fix.s, id[i], 1, put_fn, &(struct put){ "step", 1, 1, START + i * HOUR }, &err));
    assert_int_equal(directory().offices, 1);
    clock_to(START + 9 * HOUR);
    assert_int_equal(directory().offices, 10);
    assert_true(directory().since == START);
    start(0);
    start(1);
    UNTIL(total(done_of) == 10);
    UNTIL(directory().offices == 0);
    assert_true(directory().next == START + 10 * HOUR);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, jobs_up, jobs_down)
    const struct CMUnitTest tests[] = {
        T(test_put), T(test_nights_differ), T(test_thousand), T(test_lost_claim), T(test_lost_while_running), T(test_put_while_running),
        T(test_failing), T(test_handlers_that_fail), T(test_clock_jumps), T(test_stop_gives_back), T(test_killed), T(test_offices),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("job", tests, NULL, NULL);
}
