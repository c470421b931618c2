#include "web/workers.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "messages.h"
#include "web/http_inner.h"

struct queue { struct request *first, **end; };

struct workers {
    struct http_options o;
    pthread_mutex_t lock;
    pthread_cond_t work, ended;
    struct queue fresh, resumed;
    int n, waiting, started, alive;
    bool stop, failed;
    struct err err;                              /* of the first that failed */
    pthread_t thread[];
};

static void queue_add(struct queue *q, struct request *r)
{
    r->next = NULL;
    *q->end = r;
    q->end = &r->next;
}

static struct request *queue_take(struct queue *q)
{
    struct request *r = q->first;
    if (r) {
        q->first = r->next;
        if (!q->first)
            q->end = &q->first;
        r->next = NULL;
    }
    return r;
}

static struct request *next_job(struct workers *w)
{
    pthread_mutex_lock(&w->lock);
    struct request *r = NULL;
    while (!w->stop && !(r = queue_take(&w->resumed)) && !(r = queue_take(&w->fresh))) {
        w->waiting++;
        pthread_cond_wait(&w->work, &w->lock);
        w->waiting--;
    }
    pthread_mutex_unlock(&w->lock);
    return r;
}

static void run(struct workers *w, struct request *r, void *context)
{
    r->pub.worker = context;
    if (r->resume) {
        void (*fn)(struct http_req *) = r->resume;
        r->resume = NULL;
        fn(&r->pub);
        return;
    }
    bool announced = r->announced;               /* r may be gone when handle() returns */
    w->o.handle(w->o.ctx, &r->pub);
    if (announced)
        w->o.announce(w->o.ctx, -1);
}

static void *worker_main(void *arg)
{
    struct workers *w = arg;
    struct err err = { 0 };
    void *context = w->o.worker_start ? w->o.worker_start(w->o.ctx, &err) : NULL;
    bool ok = context || !w->o.worker_start;
    pthread_mutex_lock(&w->lock);
    if (!ok && !w->failed) {
        w->failed = true;
        w->err = err;
    }
    w->started++;
    pthread_cond_broadcast(&w->ended);
    pthread_mutex_unlock(&w->lock);
    if (ok) {
        for (struct request *r; (r = next_job(w));)
            run(w, r, context);
        if (w->o.worker_end)
            w->o.worker_end(w->o.ctx, context);
    }
    pthread_mutex_lock(&w->lock);
    w->alive--;
    pthread_cond_broadcast(&w->ended);
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

bool workers_start(const struct http_options *o, struct workers **ret, struct err *err)
{
    int n = o->workers > 0 ? o->workers : (int)sysconf(_SC_NPROCESSORS_ONLN);
    if (n < 2 && o->workers <= 0)
        n = 2;
    struct workers *w = xcalloc(1, sizeof *w + sizeof(pthread_t) * (size_t)n);
    w->o = *o;
    w->fresh.end = &w->fresh.first;
    w->resumed.end = &w->resumed.first;
    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_t mono;
    pthread_condattr_init(&mono);
    pthread_condattr_setclock(&mono, CLOCK_MONOTONIC);
    pthread_cond_init(&w->work, NULL);
    pthread_cond_init(&w->ended, &mono);
    pthread_condattr_destroy(&mono);
    for (; w->n < n; w->n++) {
        pthread_mutex_lock(&w->lock);
        w->alive++;
        pthread_mutex_unlock(&w->lock);
        if (pthread_create(&w->thread[w->n], NULL, worker_main, w) != 0) {
            pthread_mutex_lock(&w->lock);
            w->alive--;
            w->failed = true;
            err_fail(&w->err, ERR_IO, M_WEB_NO_THREAD, NULL);
            pthread_mutex_unlock(&w->lock);
            break;
        }
    }
    pthread_mutex_lock(&w->lock);
    while (w->started < w->n)
        pthread_cond_wait(&w->ended, &w->lock);
    bool ok = !w->failed;
    struct err why = w->err;
    pthread_mutex_unlock(&w->lock);
    if (!ok) {
        if (err)
            *err = why;
        workers_stop(w, 10000);
        return false;
    }
    *ret = w;
    return true;
}

void workers_push(struct workers *w, struct request *r)
{
    bool resumed = r->resume;
    pthread_mutex_lock(&w->lock);
    queue_add(resumed ? &w->resumed : &w->fresh, r);
    bool wake = w->waiting > 0;
    if (wake && resumed)                         /* from any thread: once unlocked, the job may be done and w freed */
        pthread_cond_signal(&w->work);
    pthread_mutex_unlock(&w->lock);
    if (wake && !resumed)                        /* from the loop, which frees w: the woken thread finds the lock open */
        pthread_cond_signal(&w->work);
}

bool workers_stop(struct workers *w, int ms)
{
    if (!w)
        return true;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += ms % 1000 * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000L;
    }
    pthread_mutex_lock(&w->lock);
    w->stop = true;
    pthread_cond_broadcast(&w->work);
    int late = 0;
    while (w->alive > 0 && !late)
        late = pthread_cond_timedwait(&w->ended, &w->lock, &until);
    bool over = w->alive == 0;
    pthread_mutex_unlock(&w->lock);
    if (!over)
        return false;
    for (int i = 0; i < w->n; i++)
        pthread_join(w->thread[i], NULL);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->work);
    pthread_cond_destroy(&w->ended);
    free(w);
    return true;
}
