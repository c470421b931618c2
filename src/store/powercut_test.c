/* engine: sqlite — it cuts the power in SQLite's file layer; tests/crash.test.js kills PostgreSQL's servers */
/* What the store promises when the power goes, the disk is full or the process is killed: an acknowledged write is there, whole;
 * the chain verifies; the store goes on. */
#include "store_fixture.h"
#include "powercut_vfs.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

enum { CUTS = 250, DISK_ROUNDS = 60, STEPS_MAX = 20000, AT_ONCE = 5 };

static uint64_t seed = 20260601;

static unsigned chance(unsigned n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(seed >> 33) % n;
}

/* --- writes that note their answer ---------------------------------------------------------------------------------------- */

static struct note {
    int64_t k;
    struct write write;
    _Atomic int answered;                        /* 0 not yet, 1 done, -1 refused */
    struct err err;
} notes[STEPS_MAX];
static int64_t noted;

static void note_done(void *args, bool ok, const struct err *err)
{
    struct note *n = args;
    if (!ok)
        n->err = *err;
    n->answered = ok ? 1 : -1;
}

static bool note_step(struct txn *t, void *args, struct err *err) { return step(t, &((struct note *)args)->k, err); }

static void write_some(int n)
{
    int64_t from = noted;
    for (int i = 0; i < n; i++) {
        struct note *note = &notes[noted];
        *note = (struct note){ .k = noted++ };
        note->write = (struct write){ .office_id = fix.office, .fn = note_step, .done = note_done, .args = note };
        store_write(fix.s, &note->write);
    }
    while (from < noted)
        if (notes[from].answered)
            from++;
        else
            usleep(20);
}

/* Every step is whole or absent; what was acknowledged is there. With exact, what was refused is not. */
static void compare(bool exact)
{
    static uint8_t at[STEPS_MAX];
    fix_steps(at, STEPS_MAX);
    for (int64_t k = 0; k < noted; k++) {
        if (at[k] != 0 && at[k] != 3)
            fail_msg("step %ld is half there", (long)k);
        if (notes[k].answered == 1 && at[k] != 3)
            fail_msg("step %ld was acknowledged and is lost", (long)k);
        if (exact && notes[k].answered == -1 && notes[k].err.msg != M_STORE_UNSURE && at[k] != 0)
            fail_msg("step %ld was refused and is there", (long)k);
        notes[k].answered = at[k] ? 1 : -1;      /* from here on this is the truth */
    }
}

static int up(void **state)
{
    cut_reset();
    noted = 0;
    fix_up();
    fix_close();
    fix.o.vfs = cut_vfs();
    return 0;
}

/* A young chain is verified faster, and many cuts should fall near the beginning of a file. */
static void now_and_then_anew(void **state, int round)
{
    if (round % 20 != 19)
        return;
    fix_down();
    up(state);
}

/* --- the power --------------------------------------------------------------------------------------------------------------- */

static void one_cut(void)
{
    fix_open();
    long far = chance(20) ? 120 : 6000;          /* now and then far enough for a checkpoint */
    pthread_mutex_lock(&cut.lock);
    cut.cut_at = cut.ops + 1 + (long)chance((unsigned)far);
    pthread_mutex_unlock(&cut.lock);
    for (int i = 0; i < 400 && !cut.dead && noted < STEPS_MAX - AT_ONCE; i++)
        write_some(1 + (int)chance(AT_ONCE));
    fix_close();
    cut_settle(chance);
    fix_unlink("-shm");                          /* memory */
}

static void test_power(void **state)
{
    long steps = 0;
    for (int i = 0; i < CUTS; i++) {
        now_and_then_anew(state, i);
        steps -= noted;
        one_cut();
        steps += noted;
        compare(false);
        fix_open();
        fix_verify();
        fix_close();
        cut_reset();
    }
    print_message("# %ld steps over the power cuts\n", steps);
}

/* --- the disk --------------------------------------------------------------------------------------------------------------- */

static void disk_fails(void **state, int rc, enum err_kind kind)
{
    for (int i = 0; i < DISK_ROUNDS; i++) {
        now_and_then_anew(state, i);
        fix_open();
        write_some(3);
        pthread_mutex_lock(&cut.lock);
        cut.fail_rc = rc;
        cut.fail_n = chance(3) ? 1 + (long)chance(40) : 1;
        cut.fail_at = cut.ops + 1 + (long)chance(60);
        pthread_mutex_unlock(&cut.lock);
        for (int n = 0; n < 12; n++)
            write_some(1 + (int)chance(AT_ONCE));
        for (int64_t k = 0; k < noted; k++)
            if (notes[k].answered == -1 && notes[k].err.kind && notes[k].err.kind != kind && notes[k].err.kind != ERR_BUSY)
                fail_msg("%s", said(&notes[k].err));
        pthread_mutex_lock(&cut.lock);
        cut.fail_at = 0;
        pthread_mutex_unlock(&cut.lock);
        write_some(2);                           /* there is room again: the store goes on without being asked */
        assert_int_equal(notes[noted - 1].answered, 1);
        assert_int_equal(notes[noted - 2].answered, 1);
        fix_verify();
        fix_close();
        compare(true);
        cut_reset();
    }
}

static void test_full(void **state) { disk_fails(state, SQLITE_FULL, ERR_IO); }
static void test_io(void **state) { disk_fails(state, SQLITE_IOERR_WRITE, ERR_IO); }

/* The disk fails, and before anything else is synced the power does. */
static void test_io_then_power(void **state)
{
    for (int i = 0; i < CUTS; i++) {
        now_and_then_anew(state, i);
        fix_open();
        write_some(3);
        pthread_mutex_lock(&cut.lock);
        cut.fail_rc = SQLITE_IOERR_FSYNC;
        cut.fail_n = 1;
        cut.fail_at = cut.ops + 1 + (long)chance(12);
        cut.cut_at = cut.fail_at + 1 + (long)chance(12);
        pthread_mutex_unlock(&cut.lock);
        for (int n = 0; n < 12 && !cut.dead; n++)
            write_some(1);
        fix_close();
        cut_settle(chance);
        fix_unlink("-shm");
        compare(false);
        fix_open();
        fix_verify();
        fix_close();
        cut_reset();
    }
}

/* --- kill -9 ------------------------------------------------------------------------------------------------------------------ */

static int child_pipe;

static void child_done(void *args, bool ok, const struct err *err)
{
    struct note *n = args;
    if (ok && write(child_pipe, &n->k, sizeof n->k) != sizeof n->k)
        _exit(1);
    n->answered = ok ? 1 : -1;
}

static void child(int64_t from)
{
    struct err err;
    if (!store_open(&fix.o, &fix.s, &err))
        _exit(2);
    for (int64_t k = from;; k++) {
        struct note *n = &notes[k % 256];
        while (k - from >= 256 && !n->answered)
            usleep(10);
        *n = (struct note){ .k = k };
        n->write = (struct write){ .office_id = fix.office, .fn = note_step, .done = child_done, .args = n };
        store_write(fix.s, &n->write);
        if (k >= STEPS_MAX - 1)
            pause();
    }
}

static void test_kill(void **state)
{
    static uint8_t at[STEPS_MAX], acknowledged[STEPS_MAX];
    int64_t next = 0, k, seen = 0;
    fix.o.vfs = NULL;
    for (int round = 0; round < 20; round++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        pid_t pid = fork();
        if (pid == 0) {
            close(ends[0]);
            child_pipe = ends[1];
            child(next);
        }
        close(ends[1]);
        /* Every other kill comes after a first answer, on however slow a machine; the rest may fall into the opening. */
        if (round % 2 && read(ends[0], &k, sizeof k) == sizeof k)
            acknowledged[k] = 1, seen++;
        usleep(3000 + chance(30000));
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        while (read(ends[0], &k, sizeof k) == sizeof k)
            acknowledged[k] = 1, seen++;
        close(ends[0]);
        fix_open();
        fix_verify();
        fix_close();
        fix_steps(at, STEPS_MAX);
        for (k = 0; k < STEPS_MAX; k++) {
            assert_true(at[k] == 0 || at[k] == 3);
            assert_true(!acknowledged[k] || at[k] == 3);
            if (at[k] && k >= next)
                next = k + 1;
        }
        if (next > STEPS_MAX - 400)
            break;
    }
    assert_true(seen > 0);
    print_message("# %ld acknowledged over the kills\n", (long)seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_power, up, teardown),
        cmocka_unit_test_setup_teardown(test_full, up, teardown),
        cmocka_unit_test_setup_teardown(test_io, up, teardown),
        cmocka_unit_test_setup_teardown(test_io_then_power, up, teardown),
        cmocka_unit_test_setup_teardown(test_kill, up, teardown),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("powercut", tests, NULL, NULL);
}
