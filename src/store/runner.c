#include "store/runner.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "messages.h"

enum {
    CLAIM_MAX = 16,
    PAUSE_MS = 200,                              /* commits wake it at most so often */
    LOOK_MS = 20 * 1000,                         /* at the latest: a machine that slept, a clock that was set, a notice that was lost */
    RETRY_MS = 2000,                             /* the database does not answer */
};

struct runner {
    struct runner_options o;
    pthread_t thread;
    pthread_mutex_t lock;                        /* of the next four */
    pthread_cond_t wake;
    bool news, asked;                            /* a commit; runner_wake() */
    bool asleep;
    _Atomic bool stop;

    struct db *db;                               /* the thread's own; NULL: to be opened */
    struct arena arena, work;                    /* of a look; of one job */
    _Atomic int64_t done, failed, lost;
};

static const struct clock *clock_of(const struct runner *r) { return store_clock(r->o.store); }
static void count(_Atomic int64_t *n) { atomic_fetch_add_explicit(n, 1, memory_order_relaxed); }

/* --- one job --------------------------------------------------------------------------------------------------------------- */

struct finish {
    struct job_run *run;
    store_fn *fn;
    void *args;
    const instant_t *next;
};

static bool finish_fn(struct txn *t, void *args, struct err *err)
{
    struct finish *f = args;
    return job_check(t, &f->run->job, err) && (!f->fn || f->fn(t, f->args, err)) &&
           job_done(t, &f->run->job, f->next ? *f->next : INSTANT_NONE, err);
}

bool job_finish(struct job_run *r, store_fn *fn, void *args, const instant_t *next, struct err *err)
{
    struct finish f = { r, fn, args, next };
    r->finished = store_write_wait(r->store, r->job.office_id, 0, finish_fn, &f, err);
    return r->finished;
}

bool job_stopping(const struct job_run *r) { return atomic_load(&r->runner->stop); }

struct failure { const struct job *job; const struct err *why; };

static bool failed_fn(struct txn *t, void *args, struct err *err)
{
    const struct failure *f = args;
    return job_failed(t, f->job, f->why, err);
}

struct returned { const struct job *job; int n; };

static bool give_back_fn(struct txn *t, void *args, struct err *err)
{
    const struct returned *b = args;
    for (int i = 0; i < b->n; i++)
        if (!job_give_back(t, &b->job[i], err))
            return false;
    return true;
}

/* When this does not get through, the leases end by themselves. */
static void give_back(struct runner *r, const struct job *job, int n)
{
    if (n)
        store_write_wait(r->o.store, job->office_id, 0, give_back_fn, &(struct returned){ job, n }, NULL);
}

static const struct job_kind *kind_find(const struct runner *r, const char *name)
{
    for (int i = 0; i < r->o.n_kinds; i++)
        if (strcmp(r->o.kinds[i]->name, name) == 0)
            return r->o.kinds[i];
    return NULL;
}

static void run_one(struct runner *r, const struct job *job)
{
    struct err err = { 0 };
    struct job_run run = { .store = r->o.store, .db = r->db, .arena = &r->work, .job = *job, .runner = r };
    const struct job_kind *kind = kind_find(r, job->kind);
    bool ok = kind ? kind->run(&run, &err) : err_fail(&err, ERR_INPUT, M_STORE_JOB_UNKNOWN, NULL, A_C(job->kind));
    if (ok && !run.finished)
        ok = job_finish(&run, NULL, NULL, NULL, &err);
    db_snapshot_end(r->db);
    arena_clear(&r->work);
    if (ok) {
        count(&r->done);
    } else if (err.msg == M_STORE_JOB_LOST) {
        count(&r->lost);
    } else if (atomic_load(&r->stop) && err.msg == M_STORE_STOPPED) {
        give_back(r, job, 1);
    } else {
        count(&r->failed);
        store_write_wait(r->o.store, job->office_id, 0, failed_fn, &(struct failure){ job, &err }, NULL);
    }
}

/* --- what is due ------------------------------------------------------------------------------------------------------------- */

static bool settle_fn(struct txn *t, void *args, struct err *err) { return job_settle(t, err); }

/* One round of claims in an office. *any: something was done; *next: no later than when there is more to do here. */
static bool work_office(struct runner *r, int64_t office_id, bool *any, instant_t *next, struct err *err)
{
    struct job job[CLAIM_MAX];
    instant_t first, now = clock_now(clock_of(r));
    bool claimed;
    int n;
    if (!job_first(r->db, &r->arena, office_id, &first, &claimed, err))
        return false;
    if (first == INSTANT_NONE || (first > now && !claimed))
        return store_write_wait(r->o.store, office_id, 0, settle_fn, NULL, err);   /* the directory then says when */
    if (first > now) {                           /* another is at it */
        if (*next == INSTANT_NONE || first < *next)
            *next = first;
        return true;
    }
    if (!job_claim(r->o.store, office_id, job, CLAIM_MAX, &n, err))
        return false;
    int i = 0;
    for (; i < n && !atomic_load(&r->stop) && clock_now(clock_of(r)) < job[i].until - JOB_LEASE_MS / 2; i++)
        run_one(r, &job[i]);
    give_back(r, job + i, n - i);
    *any |= n > 0;
    return true;
}

/* Does what is due, office by office in turn; *next: when there is more, as far as known. */
static bool look(struct runner *r, instant_t *next, struct err *err)
{
    struct job_due due;
    bool any;
    do {
        int64_t *office;
        size_t n;
        any = false;
        *next = INSTANT_NONE;
        arena_clear(&r->arena);
        if (!job_due_offices(r->db, &r->arena, clock_now(clock_of(r)), &office, &n, err))
            return false;
        for (size_t i = 0; i < n && !atomic_load(&r->stop); i++)
            if (!work_office(r, office[i], &any, next, err))
                return false;
    } while (any && !atomic_load(&r->stop));
    if (!job_due(r->db, clock_now(clock_of(r)), &due, err))
        return false;
    if (due.next != INSTANT_NONE && (*next == INSTANT_NONE || due.next < *next))
        *next = due.next;
    return true;
}

/* Looks; how many milliseconds until the next look without news. */
static int64_t look_and_plan(struct runner *r)
{
    instant_t next;
    if (!r->db && !store_reader_open(r->o.store, &r->db, NULL))
        return RETRY_MS;
    if (!look(r, &next, NULL)) {
        store_reader_close(r->db);
        r->db = NULL;
        return RETRY_MS;
    }
    int64_t wait = next == INSTANT_NONE ? LOOK_MS : next - clock_now(clock_of(r));
    return wait < 0 ? 0 : wait < LOOK_MS ? wait : LOOK_MS;
}

/* --- the thread ------------------------------------------------------------------------------------------------------------ */

static int64_t mono_ms(void) { return clock_real.mono_us(&clock_real) / 1000; }

/* Until `due`, or for news until `pause`, or at once when asked. Locked. */
static void sleep_until(struct runner *r, int64_t pause, int64_t due)
{
    for (;;) {
        int64_t now = mono_ms(), until = r->news && pause < due ? pause : due;
        if (atomic_load(&r->stop) || r->asked || now >= until)
            return;
        struct timespec ts = { .tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000 };
        r->asleep = !r->news;
        pthread_cond_timedwait(&r->wake, &r->lock, &ts);
        r->asleep = false;
    }
}

static void *runner_main(void *arg)
{
    struct runner *r = arg;
    pthread_mutex_lock(&r->lock);
    while (!atomic_load(&r->stop)) {
        r->news = r->asked = false;
        pthread_mutex_unlock(&r->lock);
        int64_t begun = mono_ms(), wait = look_and_plan(r);
        pthread_mutex_lock(&r->lock);
        sleep_until(r, begun + PAUSE_MS, mono_ms() + wait);
    }
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

static void wake(struct runner *r, bool asked)
{
    pthread_mutex_lock(&r->lock);
    r->news = true;
    r->asked |= asked;
    if (r->asleep || asked)                      /* a commit wakes nobody who is awake or knows already */
        pthread_cond_signal(&r->wake);
    pthread_mutex_unlock(&r->lock);
}

static void changed(void *ctx, int64_t office_id, int64_t seq) { wake(ctx, false); }

void runner_wake(struct runner *r) { wake(r, true); }

static void runner_free(struct runner *r)
{
    store_reader_close(r->db);
    arena_release(&r->arena);
    arena_release(&r->work);
    pthread_mutex_destroy(&r->lock);
    pthread_cond_destroy(&r->wake);
    free(r);
}

bool runner_start(const struct runner_options *o, struct runner **ret, struct err *err)
{
    struct runner *r = xcalloc(1, sizeof *r);
    r->o = *o;
    pthread_mutex_init(&r->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&r->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&r->thread, NULL, runner_main, r) != 0) {
        runner_free(r);
        return err_fail(err, ERR_IO, M_STORE_ENGINE, NULL, A_C("thread"), A_C("runner"));
    }
    pthread_setname_np(r->thread, "whs-runner");
    store_watch(o->store, changed, r);
    *ret = r;
    return true;
}

void runner_stop(struct runner *r)
{
    if (!r)
        return;
    store_watch(r->o.store, NULL, r);
    atomic_store(&r->stop, true);
    runner_wake(r);
    pthread_join(r->thread, NULL);
    runner_free(r);
}

void runner_stats(const struct runner *r, struct runner_stats *ret)
{
    *ret = r ? (struct runner_stats){ atomic_load(&r->done), atomic_load(&r->failed), atomic_load(&r->lost) } : (struct runner_stats){ 0 };
}
