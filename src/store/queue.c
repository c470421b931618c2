/* The write queue: one thread, one connection, up to 64 writes in one transaction and one commit. store.h has the rules. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "messages.h"
#include "store/inside.h"
#include "store_queries.h"

enum { GATHER_US_MAX = 2000, SYNC_WEIGHT = 8 };

enum waiting { AT_WORK, FOR_ANY, FOR_MORE };     /* what the writer thread is doing, so that nobody wakes it for nothing */

struct queue {
    struct store *store;
    pthread_t thread;
    pthread_mutex_t lock;                        /* of all up to `stop` */
    pthread_cond_t wake;
    struct write *first, **last;
    int queued, expected;
    enum waiting waiting;
    bool stop;

    /* the writer thread's own */
    struct db *db;
    struct arena arena;                          /* of one batch; results in it live until its last done() */
    struct office office[STORE_BATCH_MAX], loaded[STORE_BATCH_MAX];
    int n_offices;
    bool lost;                                   /* the connection is gone: make one before the next batch */

    _Atomic int64_t writes, refused, batches, commits, syncs, reruns, sync_us;
};

static void count(_Atomic int64_t *n, int64_t more) { atomic_fetch_add_explicit(n, more, memory_order_relaxed); }
static int64_t read_count(const _Atomic int64_t *n) { return atomic_load_explicit(n, memory_order_relaxed); }

/* --- office rows of a batch ---------------------------------------------------------------------------------------------- */

static bool office_read(struct queue *q, int64_t id, struct office *ret, bool *found, struct err *err)
{
    struct office_row row;
    if (!q_office_lock(q->db, &q->arena, &(struct office_load_in){ id }, &row, found, err) || !*found)
        return !q->db->failed;
    *ret = (struct office){ .id = id, .next_id = row.next_id, .head.seq = row.journal_seq, .batches = row.batches, .chain_id = row.chain_id,
                            .job_at = row.job_at };
    memcpy(ret->head.hash, row.journal_hash.p, row.journal_hash.n < 32 ? row.journal_hash.n : 32);
    return true;
}

static struct office *office_touch(struct queue *q, int64_t id, struct err *err)
{
    for (int i = 0; i < q->n_offices; i++)
        if (q->office[i].id == id)
            return &q->office[i];
    bool found;
    struct office *o = &q->office[q->n_offices];
    if (!office_read(q, id, o, &found, err))
        return NULL;
    if (!found) {
        err_fail(err, ERR_NOT_FOUND, M_STORE_NO_OFFICE, NULL, A_INT(id));
        return NULL;
    }
    q->loaded[q->n_offices++] = *o;
    return o;
}

static bool office_moved(const struct office *a, const struct office *b)
{
    return a->next_id != b->next_id || a->head.seq != b->head.seq || a->job_at != b->job_at;
}

/* *any: there is something to commit. */
static bool offices_save(struct queue *q, bool *any, struct err *err)
{
    *any = false;
    for (int i = 0; i < q->n_offices; i++) {
        struct office *o = &q->office[i];
        if (!o->touched)
            continue;
        *any = true;
        o->batches++;
        const struct office_save_in in = {
            o->id, o->next_id, o->head.seq, str_n((const char *)o->head.hash, sizeof o->head.hash), o->batches, o->job_at,
        };
        if (!q_office_save(q->db, &in, NULL, err))
            return false;
    }
    return true;
}

/* After a COMMIT that ended in an error: did it happen? A fresh connection and the rows it would have changed tell. */
static bool offices_committed(struct queue *q, bool *yes, struct err *err)
{
    *yes = false;
    for (int i = 0; i < q->n_offices; i++) {
        struct office now;
        bool found;
        if (!q->office[i].touched)
            continue;
        if (!office_read(q, q->office[i].id, &now, &found, err))
            return false;
        *yes = found && now.batches == q->office[i].batches;
        return true;                             /* one transaction: all or none */
    }
    return true;
}

/* --- one batch ------------------------------------------------------------------------------------------------------------ */

enum ran { RAN, REFUSED, SPOILT };               /* SPOILT: the transaction cannot be committed as it is */

static enum ran run_one(struct queue *q, struct write *w, struct err *err)
{
    struct office *o = office_touch(q, w->office_id, err);
    if (!o)
        return q->db->failed ? SPOILT : REFUSED;
    struct office before = *o;
    int64_t changed = q->db->changed;
    struct store *s = q->store;
    struct txn t = {
        .db = q->db, .store = s, .arena = &q->arena, .office_id = w->office_id, .actor_id = w->actor_id,
        .deputy_of = w->deputy_of, .at = clock_now(s->o.clock), .office = o,
    };
    t.today = instant_day(t.at);
    bool ok = w->fn(&t, w->args, err);
    bool wrote = q->db->changed != changed;
    if (q->db->failed) {
        *err = q->db->failure;
        return SPOILT;
    }
    if (ok) {
        o->touched = o->touched || wrote || office_moved(o, &before);
        return RAN;
    }
    *o = before;
    return wrote ? SPOILT : REFUSED;
}

struct outcome {
    bool ok;
    struct err err;
};

static void all_fail(struct outcome *out, int n, const struct err *err)
{
    for (int i = 0; i < n; i++)
        out[i] = (struct outcome){ false, *err };
}

/* True when the batch is in the database. Else nothing of it is, and *err says why. */
static bool commit(struct queue *q, struct err *err)
{
    int64_t start = clock_real.mono_us(&clock_real);
    bool yes = false;
    switch (q->db->engine->commit(q->db, err)) {
    case COMMIT_DONE: {
        int64_t took = clock_real.mono_us(&clock_real) - start, mean = read_count(&q->sync_us);
        atomic_store_explicit(&q->sync_us, mean ? mean + (took - mean) / SYNC_WEIGHT : took, memory_order_relaxed);
        count(&q->commits, 1);
        return true;
    }
    case COMMIT_NONE: q->db->engine->rollback(q->db); return false;
    case COMMIT_UNKNOWN: break;
    }
    /* What is there to read need not be on disk, for the sync may be what failed: only working the log into the file proves it. */
    if (!q->db->engine->reconnect(q->db, NULL) || !offices_committed(q, &yes, NULL) || (yes && !q->db->engine->tend(q->db, true, true))) {
        q->lost = true;
        return err_fail(err, ERR_IO, M_STORE_UNSURE, NULL);
    }
    count(&q->commits, yes);
    return yes;
}

void store_watch(struct store *s, store_changed *fn, void *ctx)
{
    pthread_mutex_lock(&s->watch_lock);
    int i = 0;                                   /* its own place, or a free one for somebody new */
    while (i < STORE_WATCHERS && (fn ? s->watch[i].fn != NULL : s->watch[i].ctx != ctx))
        i++;
    assert(!fn || i < STORE_WATCHERS);
    if (i < STORE_WATCHERS) {
        s->watch[i].fn = fn;
        s->watch[i].ctx = fn ? ctx : NULL;
    }
    pthread_mutex_unlock(&s->watch_lock);
}

void watch_tell(struct store *s, int64_t office_id, int64_t seq)
{
    pthread_mutex_lock(&s->watch_lock);
    for (int i = 0; i < STORE_WATCHERS; i++)
        if (s->watch[i].fn)
            s->watch[i].fn(s->watch[i].ctx, office_id, seq);
    pthread_mutex_unlock(&s->watch_lock);
}

static void tell(struct queue *q)
{
    for (int i = 0; i < q->n_offices; i++)
        if (q->office[i].touched)
            watch_tell(q->store, q->office[i].id, q->office[i].head.seq);
}

/* True: `out` says how each ended. False, only when n > 1: nothing stays; run them singly. */
static bool attempt(struct queue *q, struct write **w, struct outcome *out, int n)
{
    struct err err;
    bool any;
    q->n_offices = 0;
    if ((q->lost && !q->db->engine->reconnect(q->db, &err)) || !q->db->engine->begin(q->db, true, &err)) {
        q->lost = true;
        all_fail(out, n, &err);
        return true;
    }
    q->lost = false;
    for (int i = 0; i < n; i++) {
        enum ran ran = run_one(q, w[i], &out[i].err);
        out[i].ok = ran == RAN;
        if (ran == SPOILT) {
            q->db->engine->rollback(q->db);
            return n == 1;
        }
    }
    if (!offices_save(q, &any, &err)) {
        q->db->engine->rollback(q->db);
    } else if (!any) {
        q->db->engine->rollback(q->db);          /* all refused or only read: nothing to sync */
        return true;
    } else if (commit(q, &err)) {
        tell(q);
        return true;
    }
    if (n > 1 && !q->lost)
        return false;
    for (int i = 0; i < n; i++)                  /* a refusal stays a refusal */
        if (out[i].ok)
            out[i] = (struct outcome){ false, err };
    return true;
}

static void batch_run(struct queue *q, struct write **w, int n)
{
    struct outcome out[STORE_BATCH_MAX];
    int refused = 0;
    if (!attempt(q, w, out, n)) {
        count(&q->reruns, n);
        arena_clear(&q->arena);
        for (int i = 0; i < n; i++)
            attempt(q, &w[i], &out[i], 1);
    }
    for (int i = 0; i < n; i++)
        refused += !out[i].ok;
    count(&q->writes, n);
    count(&q->refused, refused);
    count(&q->batches, 1);
    atomic_store_explicit(&q->syncs, q->db->syncs, memory_order_relaxed);
    for (int i = 0; i < n; i++)
        w[i]->done(w[i]->args, out[i].ok, &out[i].err);        /* from here on w[i] is the caller's again */
    arena_clear(&q->arena);
}

/* --- the thread ------------------------------------------------------------------------------------------------------------ */

/* Waits for the announced, at most one sync time: a commit shared by two costs both less than two commits in a row. Locked. */
static void gather(struct queue *q)
{
    int64_t wait = read_count(&q->sync_us);
    if (wait > GATHER_US_MAX)
        wait = GATHER_US_MAX;
    if (!wait || q->first->alone)
        return;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += wait * 1000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    q->waiting = FOR_MORE;
    while (q->expected > 0 && q->queued < STORE_BATCH_MAX && !q->stop)
        if (pthread_cond_timedwait(&q->wake, &q->lock, &until) == ETIMEDOUT)
            break;
}

static int batch_take(struct queue *q, struct write **w)
{
    int n = 0;
    while (q->first && n < STORE_BATCH_MAX && !(n && q->first->alone)) {
        w[n++] = q->first;
        q->first = q->first->next;
        if (w[n - 1]->alone)
            break;
    }
    if (!q->first)
        q->last = &q->first;
    q->queued -= n;
    return n;
}

static void *writer(void *arg)
{
    struct queue *q = arg;
    struct write *w[STORE_BATCH_MAX];
    pthread_mutex_lock(&q->lock);
    for (;;) {
        while (!q->first && !q->stop) {
            q->waiting = FOR_ANY;
            pthread_cond_wait(&q->wake, &q->lock);
        }
        if (!q->first)
            break;
        gather(q);
        q->waiting = AT_WORK;
        int n = batch_take(q, w);
        pthread_mutex_unlock(&q->lock);
        batch_run(q, w, n);
        pthread_mutex_lock(&q->lock);
        bool idle = !q->first;
        pthread_mutex_unlock(&q->lock);
        if (q->db->engine->tend(q->db, idle, q->store->erase))
            q->store->erase = false;
        atomic_store_explicit(&q->syncs, q->db->syncs, memory_order_relaxed);
        pthread_mutex_lock(&q->lock);
    }
    pthread_mutex_unlock(&q->lock);
    return NULL;
}

/* Locked. */
static void wake(struct queue *q)
{
    if (q->waiting == FOR_ANY || (q->waiting == FOR_MORE && (q->expected <= 0 || q->queued >= STORE_BATCH_MAX))) {
        q->waiting = AT_WORK;
        pthread_cond_signal(&q->wake);
    }
}

void store_expect(struct store *s, int delta)
{
    struct queue *q = s->queue;
    if (!q)
        return;
    pthread_mutex_lock(&q->lock);
    q->expected += delta;
    if (delta < 0 && q->first)                   /* else there is nothing to wake for */
        wake(q);
    pthread_mutex_unlock(&q->lock);
}

void store_write(struct store *s, struct write *w)
{
    struct queue *q = s->queue;
    struct err err;
    if (!q) {
        err_fail(&err, ERR_DENIED, M_STORE_READONLY, NULL, A_C(s->path));
        w->done(w->args, false, &err);
        return;
    }
    pthread_mutex_lock(&q->lock);
    q->expected -= w->announced;
    bool stop = q->stop;
    if (!stop) {
        w->next = NULL;
        *q->last = w;
        q->last = &w->next;
        q->queued++;
        wake(q);
    }
    pthread_mutex_unlock(&q->lock);
    if (stop) {
        err_fail(&err, ERR_BUSY, M_STORE_CLOSING, NULL);
        w->done(w->args, false, &err);
    }
}

/* --- waiting for one --------------------------------------------------------------------------------------------------------- */

struct waited {
    store_fn *fn;
    void *args;
    sem_t over;
    bool ok;
    struct err err;
};

static bool waited_fn(struct txn *t, void *args, struct err *err)
{
    struct waited *w = args;
    return w->fn(t, w->args, err);
}

static void waited_done(void *args, bool ok, const struct err *err)
{
    struct waited *w = args;
    w->ok = ok;
    if (!ok)
        w->err = *err;
    sem_post(&w->over);
}

static bool write_and_wait(struct store *s, int64_t office_id, int64_t actor_id, bool alone, store_fn *fn, void *args, struct err *err)
{
    struct waited w = { .fn = fn, .args = args };
    struct write write = { .office_id = office_id, .actor_id = actor_id, .fn = waited_fn, .done = waited_done, .args = &w, .alone = alone };
    sem_init(&w.over, 0, 0);
    store_write(s, &write);
    while (sem_wait(&w.over) != 0)
        ;
    sem_destroy(&w.over);
    if (!w.ok && err)
        *err = w.err;
    return w.ok;
}

bool store_write_wait(struct store *s, int64_t office_id, int64_t actor_id, store_fn *fn, void *args, struct err *err)
{
    return write_and_wait(s, office_id, actor_id, false, fn, args, err);
}

bool store_write_alone(struct store *s, int64_t office_id, int64_t actor_id, store_fn *fn, void *args, struct err *err)
{
    return write_and_wait(s, office_id, actor_id, true, fn, args, err);
}

bool store_claim_wait(struct store *s, int64_t office_id, store_fn *fn, void *args, struct err *err)
{
    return write_and_wait(s, office_id, 0, true, fn, args, err);
}

/* --- life --------------------------------------------------------------------------------------------------------------------- */

static void queue_free(struct queue *q)
{
    pthread_mutex_destroy(&q->lock);
    pthread_cond_destroy(&q->wake);
    arena_release(&q->arena);
    q->db->engine->disconnect(q->db);
    free(q);
}

bool queue_start(struct store *s, struct err *err)
{
    struct db *db;
    if (!s->engine->connect(s, s->path, CONNECT_WRITE, &db, err))
        return false;
    struct queue *q = xcalloc(1, sizeof *q);
    q->store = s;
    q->db = db;
    q->last = &q->first;
    pthread_mutex_init(&q->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&q->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&q->thread, NULL, writer, q) != 0) {
        queue_free(q);
        return err_fail(err, ERR_IO, M_STORE_ENGINE, NULL, A_C("thread"), A_C("writer"));
    }
    pthread_setname_np(q->thread, "whs-writer");
    s->queue = q;
    return true;
}

void queue_stop(struct queue *q)
{
    pthread_mutex_lock(&q->lock);
    q->stop = true;
    pthread_cond_signal(&q->wake);
    pthread_mutex_unlock(&q->lock);
    pthread_join(q->thread, NULL);
    queue_free(q);
}

void store_stats(const struct store *s, struct store_stats *ret)
{
    const struct queue *q = s->queue;
    *ret = (struct store_stats){ 0 };
    if (q)
        *ret = (struct store_stats){
            .writes = read_count(&q->writes), .refused = read_count(&q->refused), .batches = read_count(&q->batches),
            .commits = read_count(&q->commits), .syncs = read_count(&q->syncs), .reruns = read_count(&q->reruns),
            .sync_us = read_count(&q->sync_us),
        };
}
