/* The inside of the cage. Runs before main(), in a process of its own. */
#include "format/cage_child.h"

#include <errno.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

enum { OUT_AT_ONCE = 64 * 1024 };

const char cage_nothing[] = "nothing";
static uint64_t file_at;                         /* where the file begins in what was given */
static struct buf out;

/* --- for the job ----------------------------------------------------------------------------------------------------------------- */

size_t cage_read(struct cage_in *in, uint64_t at, void *p, size_t n)
{
    size_t done = 0;
    if (at > in->size)
        return 0;
    n = n > in->size - at ? (size_t)(in->size - at) : n;
    while (done < n) {
        ssize_t got = pread(0, (char *)p + done, n - done, (off_t)(file_at + at + done));
        if (got <= 0)
            break;
        done += (size_t)got;
    }
    return done;
}

static void flush(void)
{
    for (size_t at = 0; at < out.n;) {
        ssize_t n = write(1, out.p + at, out.n - at);
        if (n <= 0)
            _exit(CAGE_EXIT_JOB);
        at += (size_t)n;
    }
    buf_clear(&out);
}

void cage_send(struct cage_in *in, int kind)
{
    uint32_t n = (uint32_t)in->frame.n;
    if (n > CAGE_FRAME_MAX)
        _exit(CAGE_EXIT_JOB);
    buf_add(&out, &n, sizeof n);
    buf_ch(&out, (char)kind);
    buf_add(&out, in->frame.p, n);
    buf_clear(&in->frame);
    if (out.n >= OUT_AT_ONCE)
        flush();
}

void cage_done(struct cage_in *in)
{
    buf_clear(&in->frame);
    cage_send(in, CAGE_END);
    flush();
    _exit(0);
}

/* --- the doors ------------------------------------------------------------------------------------------------------------------- */

static void limits(rlim_t cpu_s)
{
    struct rlimit cpu = { cpu_s, cpu_s + 1 }, none = { 0, 0 }, files = { 3, 3 }, memory = { CAGE_MEMORY, CAGE_MEMORY };
    bool ok = setrlimit(RLIMIT_CPU, &cpu) == 0 && setrlimit(RLIMIT_CORE, &none) == 0 && setrlimit(RLIMIT_FSIZE, &none) == 0 &&
              setrlimit(RLIMIT_NOFILE, &files) == 0;
    if (!SANITIZED)                              /* whose shadow needs terabytes of addresses */
        ok = ok && setrlimit(RLIMIT_AS, &memory) == 0;
    if (!ok || prctl(PR_SET_DUMPABLE, 0) != 0)
        _exit(CAGE_EXIT_OPEN);
}

/* All that this kernel's landlock can refuse, refused. Returns its version, 0 when there is none: seccomp then stands alone. */
static int landlock(void)
{
    struct { uint64_t fs, net, scoped; } attr = { 0 };
    static const uint64_t FS[] = { 0, 0x1fff, 0x3fff, 0x7fff, 0x7fff, 0xffff };
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1)
        return 0;
    attr.fs = FS[version < 5 ? version : 5];
    attr.net = version >= 4 ? 3 : 0;             /* bind, connect */
    attr.scoped = version >= 6 ? 3 : 0;          /* abstract sockets, signals */
    int fd = (int)syscall(SYS_landlock_create_ruleset, &attr, version >= 6 ? sizeof attr : version >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t), 0);
    bool ok = fd >= 0 && syscall(SYS_landlock_restrict_self, fd, 0) == 0;
    if (fd >= 0)
        close(fd);
    return ok ? (int)(version < 127 ? version : 127) : 0;
}

static bool allow(scmp_filter_ctx ctx, const int *calls, size_t n)
{
    bool ok = true;
    for (size_t i = 0; i < n; i++)
        ok = ok && seccomp_rule_add(ctx, SCMP_ACT_ALLOW, calls[i], 0) == 0;
    return ok;
}

static bool seccomp(void)
{
    static const int CALLS[] = { SCMP_SYS(exit_group), SCMP_SYS(exit), SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(rt_sigreturn),
                                 SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(getrandom),
                                 SCMP_SYS(gettid), SCMP_SYS(getpid), SCMP_SYS(rt_sigprocmask) };                   /* the last three: abort() */
    static const int SANITIZER[] = { SCMP_SYS(sched_yield), SCMP_SYS(sigaltstack), SCMP_SYS(futex) };
    scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
    return ctx && allow(ctx, CALLS, ARRAY_LEN(CALLS)) && (!SANITIZED || allow(ctx, SANITIZER, ARRAY_LEN(SANITIZER))) &&
           seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(read), 1, SCMP_A0(SCMP_CMP_EQ, 0)) == 0 &&
           seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(pread64), 1, SCMP_A0(SCMP_CMP_EQ, 0)) == 0 &&
           seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, SCMP_A0(SCMP_CMP_EQ, 1)) == 0 &&
           seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, SCMP_A0(SCMP_CMP_EQ, 2)) == 0 &&           /* nowhere */
           seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid())) == 0 &&
           seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0 &&
           seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0 && seccomp_load(ctx) == 0;
}

/* The order matters: landlock needs a file for a moment, and a right that NO_NEW_PRIVS gives. */
static void close_doors(struct cage_in *in, const struct cage_job *job)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        _exit(CAGE_EXIT_OPEN);
    int version = job->as_without_landlock ? 0 : landlock();
    limits((rlim_t)(job->cpu_s ? job->cpu_s : CAGE_CPU_S));
    if (!seccomp())
        _exit(CAGE_EXIT_OPEN);
    buf_ch(&in->frame, (char)version);
    buf_ch(&in->frame, 1);
    cage_send(in, CAGE_HELLO);
    flush();
}

/* --- the process ------------------------------------------------------------------------------------------------------------------ */

static const struct cage_job *find(const char *name)
{
    static const struct cage_job NOTHING = { .name = cage_nothing };
    if (strcmp(name, cage_nothing) == 0)
        return &NOTHING;
    if (strcmp(name, xlsx_cage_job.name) == 0)
        return &xlsx_cage_job;
    if (strcmp(name, xlsx_cage_glance.name) == 0)
        return &xlsx_cage_glance;
    for (const struct cage_job *j = cage_test_jobs; j && j->name; j++)
        if (strcmp(name, j->name) == 0)
            return j;
    return NULL;
}

static _Noreturn void caged(const char *name)
{
    struct cage_in in = { 0 };
    const struct cage_job *job = find(name);
    if (!job || close_range(3, ~0U, 0) != 0)
        _exit(CAGE_EXIT_OPEN);
    tzset();                                     /* reads a file once, and mktime() not again */
    if (job->prepare)
        job->prepare();
    uint32_t n = 0;
    off_t size = lseek(0, 0, SEEK_END);
    char *arg = NULL;
    if (size < (off_t)sizeof n || pread(0, &n, sizeof n, 0) != sizeof n || (off_t)n > size - (off_t)sizeof n || !(arg = malloc(n + 1)) ||
        pread(0, arg, n, sizeof n) != (ssize_t)n)
        _exit(CAGE_EXIT_OPEN);
    in.arg = str_n(arg, n);
    file_at = sizeof n + n;
    in.size = (uint64_t)size - file_at;
    close_doors(&in, job);
    if (job->run)
        job->run(&in);
    cage_done(&in);
}

static void __attribute__((constructor)) cage_entry(int argc, char **argv, char **env)
{
    (void)env;
    if (argc == 2 && strcmp(argv[0], CAGE_NAME) == 0)
        caged(argv[1]);
}
