/* engine: none — children that misbehave in each of the ways they must not get away with */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "format/cage.h"
#include "base/tr.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

/* --- inside ------------------------------------------------------------------------------------------------------------------------ */

static void do_echo(struct cage_in *in)
{
    char p[64];
    size_t n;
    buf_str(&in->frame, in->arg);
    cage_send(in, CAGE_JOB);
    for (uint64_t at = 0; (n = cage_read(in, at, p, sizeof p)) > 0; at += n) {
        buf_add(&in->frame, p, n);
        cage_send(in, CAGE_JOB + 1);
    }
}
static void do_open(struct cage_in *in) { (void)in, (void)!open("/etc/passwd", O_RDONLY); }
static void do_create(struct cage_in *in) { (void)in, (void)!open("/tmp/whs-cage-was-here", O_CREAT | O_WRONLY, 0600); }
static void do_socket(struct cage_in *in) { (void)in, (void)!socket(AF_INET, SOCK_STREAM, 0); }
static void do_unix(struct cage_in *in) { (void)in, (void)!socket(AF_UNIX, SOCK_STREAM, 0); }
static void do_fork(struct cage_in *in) { (void)in, (void)!fork(); }
static void do_exec(struct cage_in *in) { (void)in, (void)!execl("/bin/true", "true", (char *)NULL); }
static void do_kill(struct cage_in *in) { (void)in, (void)!kill(getppid(), 0); }
static void do_trace(struct cage_in *in) { (void)in, (void)!ptrace(PTRACE_TRACEME, 0, 0, 0); }
static void do_code(struct cage_in *in) { (void)in, (void)!mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }
static void do_other_fd(struct cage_in *in) { (void)in, (void)!write(0, "x", 1); }
static void do_loop(struct cage_in *in)
{
    (void)in;
    for (;;)
        __asm__ volatile("");
}
static void do_crash(struct cage_in *in) { (void)in, __builtin_trap(); }
static void do_exit(struct cage_in *in) { (void)in, _exit(7); }
static void do_leave(struct cage_in *in) { (void)in, _exit(0); }
static void do_memory(struct cage_in *in)
{
    (void)in;
    for (;;)
        memset(xmalloc(1024 * 1024), 1, 1024 * 1024);
}
static void do_lie(struct cage_in *in)           /* a frame longer than any may be, past cage_send() */
{
    uint32_t head[2] = { 0x7fffffff, CAGE_JOB };
    (void)in, (void)!write(1, head, 5);
    _exit(0);
}
static void do_half(struct cage_in *in)
{
    uint32_t head[2] = { 1000, CAGE_JOB };
    (void)in, (void)!write(1, head, 8);
    _exit(0);
}
static void do_after_end(struct cage_in *in)
{
    uint32_t head[2] = { 0, CAGE_END };
    (void)in, (void)!write(1, head, 5), (void)!write(1, head, 5);
    _exit(0);
}
static void do_on_and_on(struct cage_in *in)     /* nobody reads it any more: the pipe fills, and it waits */
{
    uint32_t head[2] = { 0, CAGE_END };
    for ((void)in;;)
        (void)!write(1, head, 5);
}
static void do_flood(struct cage_in *in)
{
    for (;;) {
        buf_room(&in->frame, CAGE_FRAME_MAX);
        in->frame.n = CAGE_FRAME_MAX;
        cage_send(in, CAGE_JOB);
    }
}

const struct cage_job cage_test_jobs[] = {
    { "echo", NULL, do_echo }, { "open", NULL, do_open }, { "create", NULL, do_create }, { "socket", NULL, do_socket }, { "unix", NULL, do_unix },
    { "fork", NULL, do_fork }, { "exec", NULL, do_exec }, { "kill", NULL, do_kill }, { "trace", NULL, do_trace }, { "code", NULL, do_code },
    { "other_fd", NULL, do_other_fd }, { "loop", NULL, do_loop, .cpu_s = 1 }, { "crash", NULL, do_crash }, { "exit", NULL, do_exit }, { "leave", NULL, do_leave },
    { "memory", NULL, do_memory }, { "lie", NULL, do_lie }, { "half", NULL, do_half }, { "after_end", NULL, do_after_end }, { "on_and_on", NULL, do_on_and_on },
    { "flood", NULL, do_flood }, { "open_seccomp", NULL, do_open, .as_without_landlock = true }, { "create_seccomp", NULL, do_create, .as_without_landlock = true },
    { "unix_seccomp", NULL, do_unix, .as_without_landlock = true }, { "echo_seccomp", NULL, do_echo, .as_without_landlock = true }, { .name = NULL },
};

/* --- outside ----------------------------------------------------------------------------------------------------------------------- */

/* Runs a job to its end; the message it ended with, 0 for a good end. */
static int outcome(const char *job)
{
    struct cage *c;
    struct err e = { 0 };
    struct str payload;
    int kind;
    bool end = false, ok;
    assert_true(cage_start(job, STR(""), STR("file"), &c, &e));
    while ((ok = cage_next(c, &kind, &payload, &end, &e)) && !end)
        ;
    cage_stop(c);
    return ok ? 0 : e.msg;
}

static void a_good_child(void **state)
{
    struct cage *c;
    struct err e;
    struct str payload;
    struct buf got = BUF_INIT, sent = BUF_INIT;
    int kind;
    bool end = false;
    for (int i = 0; i < 10000; i++)
        buf_printf(&sent, "%d,", i);
    assert_true(cage_start("echo", STR("表一"), buf_view(&sent), &c, &e));
    assert_true(cage_next(c, &kind, &payload, &end, &e) && kind == CAGE_JOB && str_eqc(payload, "表一"));
    assert_true(cage_powers(c).seccomp);
    while (cage_next(c, &kind, &payload, &end, &e) && !end)
        buf_str(&got, payload);
    assert_true(end);
    assert_true(str_eq(buf_view(&got), buf_view(&sent)));
    cage_stop(c);
    struct cage_powers powers;
    assert_true(cage_check(&powers, &e) && powers.seccomp);
    buf_release(&got);
    buf_release(&sent);
}

static void what_is_forbidden(void **state)
{
    static const char *const JOBS[] = { "open", "create", "socket", "unix", "fork", "exec", "kill", "trace", "code", "other_fd", "open_seccomp", "create_seccomp",
                                        "unix_seccomp" };
    for (size_t i = 0; i < ARRAY_LEN(JOBS); i++) {
        int msg = outcome(JOBS[i]);
        if (msg != M_CAGE_FORBIDDEN)
            print_error("%s: %s\n", JOBS[i], tr_id(msg));
        assert_int_equal(msg, M_CAGE_FORBIDDEN);
    }
    assert_int_equal(access("/tmp/whs-cage-was-here", F_OK), -1);
}

/* Where the kernel has no landlock, seccomp alone holds, and the child says so. */
static void without_landlock(void **state)
{
    struct cage *c;
    struct err e;
    struct str payload;
    int kind;
    bool end = false;
    assert_true(cage_start("echo_seccomp", STR("x"), STR("y"), &c, &e));
    while (cage_next(c, &kind, &payload, &end, &e) && !end)
        ;
    assert_true(end && cage_powers(c).seccomp && cage_powers(c).landlock == 0);
    cage_stop(c);
}

static void what_goes_wrong(void **state)
{
    static const char *const JOBS[] = { "crash", "exit", "leave", "lie", "half", "after_end", "on_and_on" };
    for (size_t i = 0; i < ARRAY_LEN(JOBS); i++) {
        int msg = outcome(JOBS[i]);
        if (msg != M_CAGE_DIED)
            print_error("%s: %s\n", JOBS[i], tr_id(msg));
        assert_int_equal(msg, M_CAGE_DIED);
    }
    assert_int_equal(outcome("flood"), M_CAGE_MEMORY);
#ifndef SANITIZED
    assert_int_equal(outcome("memory"), M_CAGE_MEMORY);
#endif
    assert_int_equal(outcome("no such job"), M_CAGE_NO_SECCOMP);
}

static void endless(void **state)
{
    int64_t before = clock_real.mono_us(&clock_real);
    assert_int_equal(outcome("loop"), M_CAGE_SLOW);
    int64_t ms = (clock_real.mono_us(&clock_real) - before) / 1000;
    assert_true(ms <= 20000);                    /* two seconds of its own time; the machine may be busy */
}

static void limits(void **state)
{
    struct cage *c[CAGES_MAX], *more;
    struct err e;
    for (int i = 0; i < CAGES_MAX; i++)
        assert_true(cage_start("loop", STR(""), STR(""), &c[i], &e));
    assert_false(cage_start("loop", STR(""), STR(""), &more, &e));
    assert_int_equal(e.kind, ERR_BUSY);
    for (int i = 0; i < CAGES_MAX; i++)
        cage_stop(c[i]);                         /* left early: killed and waited for */
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(outcome("echo"), 0);
    struct buf big = BUF_INIT;
    memset(buf_room(&big, CAGE_INPUT_MAX + 1), 0, CAGE_INPUT_MAX + 1);
    assert_false(cage_start("echo", STR(""), str_n(big.p, CAGE_INPUT_MAX + 1), &more, &e));
    assert_int_equal(e.kind, ERR_LIMIT);
    buf_release(&big);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_good_child), cmocka_unit_test(what_is_forbidden), cmocka_unit_test(without_landlock), cmocka_unit_test(what_goes_wrong),
                                        cmocka_unit_test(endless), cmocka_unit_test(limits) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
