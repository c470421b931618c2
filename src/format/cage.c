#include "format/cage.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "format/cage_child.h"
#include "messages.h"

enum { HEAD = 5, READ_AT_ONCE = 256 * 1024 };

struct cage {
    pid_t pid;                                   /* 0: waited for */
    int fd, status;
    struct buf in;                               /* from the pipe; frames from `at` on */
    size_t at;
    int64_t waited_us, bytes;
    struct cage_powers powers;
    bool hello, slow;
};

static atomic_int living;

/* --- starting ------------------------------------------------------------------------------------------------------------------- */

static bool write_all(int fd, const void *p, size_t n)
{
    const char *at = p;
    while (n > 0) {
        ssize_t done = write(fd, at, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        at += done;
        n -= (size_t)done;
    }
    return true;
}

/* What the child reads: length of arg, arg, the file. Sealed, so that nobody changes it any more. */
static int input_fd(struct str arg, struct str bytes)
{
    uint32_t n = (uint32_t)arg.n;
    int fd = memfd_create("whs-cage", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd >= 0 && (!write_all(fd, &n, sizeof n) || !write_all(fd, arg.p, arg.n) || !write_all(fd, bytes.p, bytes.n) ||
                    fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static int spawn(const char *job, int in, int out, pid_t *pid)
{
    char name[] = CAGE_NAME;
    char *argv[] = { name, (char *)job, NULL }, lang[] = "LC_ALL=C", zone[] = "TZ=UTC0", *env[] = { lang, zone, NULL };
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attr);
    posix_spawn_file_actions_adddup2(&files, in, 0);
    posix_spawn_file_actions_adddup2(&files, out, 1);
    posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_setsigdefault(&attr, &all);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    int failed = posix_spawn(pid, "/proc/self/exe", &files, &attr, argv, env);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attr);
    return failed;
}

bool cage_start(const char *job, struct str arg, struct str bytes, struct cage **ret, struct err *err)
{
    if (bytes.n > CAGE_INPUT_MAX || arg.n > 4096)
        return err_fail(err, ERR_LIMIT, M_CAGE_TOO_LARGE, NULL, A_INT(CAGE_INPUT_MAX / 1024 / 1024));
    if (atomic_fetch_add(&living, 1) >= CAGES_MAX) {
        atomic_fetch_sub(&living, 1);
        return err_fail(err, ERR_BUSY, M_CAGE_BUSY, NULL);
    }
    int in = input_fd(arg, bytes), out[2] = { -1, -1 }, failed = in < 0 || pipe2(out, O_CLOEXEC) < 0 ? errno : 0;
    pid_t pid = 0;
    if (!failed)
        failed = spawn(job, in, out[1], &pid);
    if (in >= 0)
        close(in);
    if (out[1] >= 0)
        close(out[1]);
    if (failed) {
        if (out[0] >= 0)
            close(out[0]);
        atomic_fetch_sub(&living, 1);
        return err_fail(err, ERR_IO, M_CAGE_NOT_STARTED, NULL, A_C(strerror(failed)));
    }
    struct cage *c = xcalloc(1, sizeof *c);
    c->pid = pid;
    c->fd = out[0];
    *ret = c;
    return true;
}

/* --- its end --------------------------------------------------------------------------------------------------------------------- */

static void reap(struct cage *c)
{
    if (!c->pid)
        return;
    while (waitpid(c->pid, &c->status, 0) < 0)
        if (errno != EINTR) {
            c->status = -1;
            break;
        }
    c->pid = 0;
}

void cage_stop(struct cage *c)
{
    if (!c)
        return;
    close(c->fd);
    if (c->pid)
        kill(c->pid, SIGKILL);
    reap(c);
    buf_release(&c->in);
    free(c);
    atomic_fetch_sub(&living, 1);
}

/* One sentence for a child that did not come to its end. */
static bool dead(struct cage *c, struct err *err)
{
    if (c->slow && c->pid)
        kill(c->pid, SIGKILL);
    reap(c);
    int s = c->status;
    if (c->slow || (s != -1 && WIFSIGNALED(s) && (WTERMSIG(s) == SIGXCPU || WTERMSIG(s) == SIGKILL)))
        return err_fail(err, ERR_LIMIT, M_CAGE_SLOW, NULL);
    if (s != -1 && WIFSIGNALED(s) && WTERMSIG(s) == SIGSYS)
        return err_fail(err, ERR_INPUT, M_CAGE_FORBIDDEN, NULL);
    if (s != -1 && WIFEXITED(s) && WEXITSTATUS(s) == CAGE_EXIT_OPEN)
        return err_fail(err, ERR_IO, M_CAGE_NO_SECCOMP, NULL);
    if (s != -1 && (WIFEXITED(s) ? WEXITSTATUS(s) == CAGE_EXIT_MEMORY : WTERMSIG(s) == SIGABRT))
        return err_fail(err, ERR_LIMIT, M_CAGE_MEMORY, NULL);
    return err_fail(err, ERR_INPUT, M_CAGE_DIED, NULL);
}

/* --- frames --------------------------------------------------------------------------------------------------------------------- */

/* Reads on until n bytes lie at c->at; *end when the pipe ends before that. */
static bool fill(struct cage *c, size_t n, bool *end, struct err *err)
{
    *end = false;
    if (c->at > 0 && c->in.n - c->at < n) {
        memmove(c->in.p, c->in.p + c->at, c->in.n - c->at);
        c->in.n -= c->at;
        c->at = 0;
    }
    while (c->in.n - c->at < n) {
        struct pollfd p = { .fd = c->fd, .events = POLLIN };
        int64_t before = clock_real.mono_us(&clock_real), left = CAGE_WAIT_MS - c->waited_us / 1000;
        int ready = left > 0 ? poll(&p, 1, (int)left) : 0;
        c->waited_us += clock_real.mono_us(&clock_real) - before;
        if (ready < 0 && errno == EINTR)
            continue;
        c->slow = ready == 0;
        ssize_t got = ready > 0 ? read(c->fd, buf_room(&c->in, READ_AT_ONCE), READ_AT_ONCE) : -1;
        if (got < 0 && ready > 0 && errno == EINTR)
            continue;
        if (got < 0)
            return dead(c, err);
        if (got == 0) {
            *end = true;
            return true;
        }
        c->in.n += (size_t)got;
        c->bytes += got;
        if (c->bytes > CAGE_OUTPUT_MAX)
            return err_fail(err, ERR_LIMIT, M_CAGE_MEMORY, NULL);
    }
    return true;
}

static bool frame(struct cage *c, int *kind, struct str *payload, struct err *err)
{
    bool end;
    if (!fill(c, HEAD, &end, err))
        return false;
    if (end)
        return dead(c, err);
    uint32_t n;
    memcpy(&n, c->in.p + c->at, sizeof n);
    *kind = (unsigned char)c->in.p[c->at + 4];
    if (n > CAGE_FRAME_MAX)
        return err_fail(err, ERR_INPUT, M_CAGE_DIED, NULL);
    if (!fill(c, HEAD + n, &end, err))
        return false;
    if (end)
        return dead(c, err);
    *payload = str_n(c->in.p + c->at + HEAD, n);
    c->at += HEAD + n;
    return true;
}

bool cage_next(struct cage *c, int *kind, struct str *payload, bool *end, struct err *err)
{
    *end = false;
    if (!c->hello) {
        if (!frame(c, kind, payload, err))
            return false;
        if (*kind != CAGE_HELLO || payload->n != 2 || payload->p[1] != 1)
            return err_fail(err, ERR_IO, M_CAGE_NO_SECCOMP, NULL);
        c->powers = (struct cage_powers){ .landlock = payload->p[0], .seccomp = true };
        c->hello = true;
    }
    if (!frame(c, kind, payload, err))
        return false;
    if (*kind == CAGE_END) {                     /* nothing more, and a good end */
        if (!fill(c, 1, end, err))
            return false;
        if (!*end)                               /* it goes on, perhaps for ever: not waited for, cage_stop() kills it */
            return err_fail(err, ERR_INPUT, M_CAGE_DIED, NULL);
        reap(c);
        return c->status == 0 || dead(c, err);
    }
    return *kind >= CAGE_JOB ? true : err_fail(err, ERR_INPUT, M_CAGE_DIED, NULL);
}

struct cage_powers cage_powers(const struct cage *c) { return c->powers; }

bool cage_check(struct cage_powers *ret, struct err *err)
{
    struct cage *c;
    int kind;
    struct str payload;
    bool end, ok = cage_start(CAGE_NOTHING, STR(""), STR(""), &c, err);
    if (!ok)
        return false;
    ok = cage_next(c, &kind, &payload, &end, err) && end;
    *ret = c->powers;
    cage_stop(c);
    return ok;
}
