/* The write queue: which writes become a batch, and on which thread. store.h has the rules, batch.c what happens in a batch.
 *
 * Writes wait in lanes. SQLite has one lane and one writer thread for all offices. On PostgreSQL each office has a lane of its own, so that offices
 * commit side by side; a lane is served by one writer at a time, which keeps its order, and there are up to WRITERS_MAX writers, made when they are needed.
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "messages.h"
#include "store/batch.h"

enum { GATHER_US_MAX = 2000, WRITERS_MAX = 4, LANE_SLOTS = 64 };

struct lane {
    int64_t key;
    struct write *first, **last;
    int queued;
    bool running;                                /* a writer gathers or works on it */
    struct lane *next;                           /* in its slot */
    struct lane *next_ready;
};

struct writer {
    struct queue *queue;
    pthread_t thread;
    pthread_cond_t wake;
    struct writer *next_idle;
    struct lane *gathering;                      /* NULL: it does not wait for more */
    bool idle;
    struct batch batch;
};

struct queue {
    struct store *store;
    pthread_mutex_t lock;                        /* of all but what a batch needs while it runs */
    pthread_condattr_t monotonic;
    struct lane *slot[LANE_SLOTS];
    struct lane *ready, **ready_end;             /* lanes with writes that nobody works on */
    struct writer *writer[WRITERS_MAX], *idle;
    int n_writers, writers_max, expected;
    bool stop;
    struct batch_counts counts;
};

static int64_t read_count(const _Atomic int64_t *n) { return atomic_load_explicit(n, memory_order_relaxed); }

/* --- lanes; all locked ------------------------------------------------------------------------------------------------------- */

/* Claims pass beside their office's other writes: they do not take its row. */
static int64_t lane_key(const struct queue *q, const struct write *w)
{
    return !q->store->engine->shared ? 0 : w->claim ? ~w->office_id : w->office_id;
}

static struct lane **lane_place(struct queue *q, int64_t key)
{
    struct lane **at = &q->slot[(uint64_t)key % LANE_SLOTS];
    while (*at && (*at)->key != key)
        at = &(*at)->next;
    return at;
}

static struct lane *lane_of(struct queue *q, int64_t key)
{
    struct lane **at = lane_place(q, key);
    if (!*at) {
        *at = xcalloc(1, sizeof **at);
        (*at)->key = key;
        (*at)->last = &(*at)->first;
    }
    return *at;
}

static void lane_drop(struct queue *q, struct lane *l)
{
    struct lane **at = lane_place(q, l->key);
    *at = l->next;
    free(l);
}

static void ready_push(struct queue *q, struct lane *l)
{
    l->next_ready = NULL;
    *q->ready_end = l;
    q->ready_end = &l->next_ready;
}

static struct lane *ready_pop(struct queue *q)
{
    struct lane *l = q->ready;
    q->ready = l->next_ready;
    if (!q->ready)
        q->ready_end = &q->ready;
    return l;
}

static int batch_take(struct lane *l, struct write **w)
{
    int n = 0;
    while (l->first && n < STORE_BATCH_MAX && !(n && l->first->alone)) {
        w[n++] = l->first;
        l->first = l->first->next;
        if (w[n - 1]->alone)
            break;
    }
    if (!l->first)
        l->last = &l->first;
    l->queued -= n;
    return n;
}

/* --- writers ------------------------------------------------------------------------------------------------------------------ */

static bool writer_add(struct queue *q, struct db *db);

/* A lane waits: an idle writer takes it, or a new one while there may be more. */
static void offer(struct queue *q)
{
    struct writer *w = q->idle;
    if (w) {
        q->idle = w->next_idle;
        w->idle = false;
        pthread_cond_signal(&w->wake);
    } else if (q->n_writers < q->writers_max) {
        writer_add(q, NULL);
    }
}

static bool gathered(const struct queue *q, const struct lane *l) { return q->expected <= 0 || l->queued >= STORE_BATCH_MAX || q->stop; }

/* Waits for the announced, at most one sync time: a commit shared by two costs both less than two commits in a row. */
static void gather(struct writer *w, struct lane *l)
{
    struct queue *q = w->queue;
    int64_t wait = read_count(&q->counts.sync_us);
    if (wait > GATHER_US_MAX)
        wait = GATHER_US_MAX;
    if (!wait || l->first->alone)
        return;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += wait * 1000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    w->gathering = l;
    while (!gathered(q, l))
        if (pthread_cond_timedwait(&w->wake, &q->lock, &until) == ETIMEDOUT)
            break;
    w->gathering = NULL;
}

static void rest(struct writer *w)
{
    struct queue *q = w->queue;
    w->idle = true;
    w->next_idle = q->idle;
    q->idle = w;
    while (w->idle && !q->stop)
        pthread_cond_wait(&w->wake, &q->lock);
}

/* A writer made on the way connects by itself; until it can, those that are there go on without it. */
static bool connected(struct writer *w)
{
    struct queue *q = w->queue;
    bool stop = false;
    while (!stop && !w->batch.db && !q->store->engine->connect(q->store, q->store->path, CONNECT_WRITE, &w->batch.db, NULL)) {
        nanosleep(&(struct timespec){ .tv_nsec = 300000000 }, NULL);
        pthread_mutex_lock(&q->lock);
        stop = q->stop;
        pthread_mutex_unlock(&q->lock);
    }
    return w->batch.db;
}

static void *writer_main(void *arg)
{
    struct writer *w = arg;
    struct queue *q = w->queue;
    struct write *batch[STORE_BATCH_MAX];
    bool work = connected(w);
    pthread_mutex_lock(&q->lock);
    while (work) {
        while (!q->ready && !q->stop)
            rest(w);
        if (!q->ready)
            break;
        struct lane *l = ready_pop(q);
        l->running = true;
        gather(w, l);
        int n = batch_take(l, batch);
        pthread_mutex_unlock(&q->lock);
        batch_run(&w->batch, batch, n);
        pthread_mutex_lock(&q->lock);
        l->running = false;
        if (l->first)
            ready_push(q, l);
        else
            lane_drop(q, l);
        bool idle = !q->ready;
        pthread_mutex_unlock(&q->lock);
        if (w->batch.db->engine->tend(w->batch.db, idle, q->store->erase))
            q->store->erase = false;
        pthread_mutex_lock(&q->lock);
    }
    pthread_mutex_unlock(&q->lock);
    return NULL;
}

static void writer_free(struct writer *w)
{
    pthread_cond_destroy(&w->wake);
    arena_release(&w->batch.arena);
    memo_free(w->batch.memo);
    memo_free(w->batch.directory);
    if (w->batch.db)
        w->batch.db->engine->disconnect(w->batch.db);
    free(w);
}

static bool writer_add(struct queue *q, struct db *db)
{
    struct writer *w = xcalloc(1, sizeof *w);
    w->queue = q;
    w->batch.store = q->store;
    w->batch.counts = &q->counts;
    w->batch.db = db;
    w->batch.memo = memo_new(false);
    w->batch.directory = memo_new(true);
    pthread_cond_init(&w->wake, &q->monotonic);
    if (pthread_create(&w->thread, NULL, writer_main, w) != 0) {
        writer_free(w);
        return false;
    }
    pthread_setname_np(w->thread, "whs-writer");
    q->writer[q->n_writers++] = w;
    return true;
}

/* --- queuing ------------------------------------------------------------------------------------------------------------------- */

static void wake_gatherers(struct queue *q)
{
    for (int i = 0; i < q->n_writers; i++) {
        struct writer *w = q->writer[i];
        if (w->gathering && gathered(q, w->gathering))
            pthread_cond_signal(&w->wake);
    }
}

void store_expect(struct store *s, int delta)
{
    struct queue *q = s->queue;
    if (!q)
        return;
    pthread_mutex_lock(&q->lock);
    q->expected += delta;
    if (delta < 0)
        wake_gatherers(q);
    pthread_mutex_unlock(&q->lock);
}

static void lane_add(struct queue *q, struct write *w)
{
    struct lane *l = lane_of(q, lane_key(q, w));
    bool waits = l->first;
    w->next = NULL;
    *l->last = w;
    l->last = &w->next;
    l->queued++;
    if (!l->running && !waits) {
        ready_push(q, l);
        offer(q);
    }
    wake_gatherers(q);
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
    if (!stop)
        lane_add(q, w);
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

static bool write_and_wait(struct store *s, struct write write, store_fn *fn, void *args, struct err *err)
{
    struct waited w = { .fn = fn, .args = args };
    write.fn = waited_fn;
    write.done = waited_done;
    write.args = &w;
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
    return write_and_wait(s, (struct write){ .office_id = office_id, .actor_id = actor_id }, fn, args, err);
}

bool store_write_alone(struct store *s, int64_t office_id, int64_t actor_id, store_fn *fn, void *args, struct err *err)
{
    return write_and_wait(s, (struct write){ .office_id = office_id, .actor_id = actor_id, .alone = true }, fn, args, err);
}

bool store_claim_wait(struct store *s, int64_t office_id, store_fn *fn, void *args, struct err *err)
{
    return write_and_wait(s, (struct write){ .office_id = office_id, .alone = true, .claim = true }, fn, args, err);
}

/* --- life --------------------------------------------------------------------------------------------------------------------- */

static void queue_free(struct queue *q)
{
    for (int i = 0; i < q->n_writers; i++)
        writer_free(q->writer[i]);
    pthread_mutex_destroy(&q->lock);
    pthread_condattr_destroy(&q->monotonic);
    free(q);
}

bool queue_start(struct store *s, struct err *err)
{
    struct db *db;
    if (!s->engine->connect(s, s->path, CONNECT_WRITE, &db, err))
        return false;
    struct queue *q = xcalloc(1, sizeof *q);
    q->store = s;
    q->ready_end = &q->ready;
    q->writers_max = s->engine->shared ? WRITERS_MAX : 1;
    pthread_mutex_init(&q->lock, NULL);
    pthread_condattr_init(&q->monotonic);
    pthread_condattr_setclock(&q->monotonic, CLOCK_MONOTONIC);
    if (!writer_add(q, db)) {
        queue_free(q);
        return err_fail(err, ERR_IO, M_STORE_ENGINE, NULL, A_C("thread"), A_C("writer"));
    }
    s->queue = q;
    return true;
}

void queue_stop(struct queue *q)
{
    pthread_mutex_lock(&q->lock);
    q->stop = true;
    for (int i = 0; i < q->n_writers; i++)
        pthread_cond_signal(&q->writer[i]->wake);
    pthread_mutex_unlock(&q->lock);
    for (int i = 0; i < q->n_writers; i++)
        pthread_join(q->writer[i]->thread, NULL);
    queue_free(q);
}

void store_stats(const struct store *s, struct store_stats *ret)
{
    *ret = (struct store_stats){ 0 };
    if (!s->queue)
        return;
    const struct batch_counts *c = &s->queue->counts;
    *ret = (struct store_stats){
        .writes = read_count(&c->writes), .refused = read_count(&c->refused), .batches = read_count(&c->batches),
        .commits = read_count(&c->commits), .syncs = read_count(&c->syncs), .reruns = read_count(&c->reruns),
        .sync_us = read_count(&c->sync_us),
    };
}
