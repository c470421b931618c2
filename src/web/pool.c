/* A few threads for slow things, and a line before them. */
#include <stdlib.h>

#include "web/inner.h"

enum { THREADS_MAX = 8 };

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t more;
    struct task *first, *last;
    int waiting, waiting_max;
    bool stop;
    pthread_t thread[THREADS_MAX];
    int n;
};

static struct task *take(struct pool *p)
{
    pthread_mutex_lock(&p->lock);
    while (!p->first && !p->stop)
        pthread_cond_wait(&p->more, &p->lock);
    struct task *j = p->first;
    if (j) {
        p->first = j->next;
        p->waiting--;
    }
    pthread_mutex_unlock(&p->lock);
    return j;
}

static void *work(void *arg)
{
    struct task *j;
    while ((j = take(arg)))
        j->run(j);
    return NULL;
}

struct pool *pool_start(int threads, int waiting_max)
{
    struct pool *p = xcalloc(1, sizeof *p);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->more, NULL);
    p->waiting_max = waiting_max;
    while (p->n < threads && p->n < THREADS_MAX && pthread_create(&p->thread[p->n], NULL, work, p) == 0)
        p->n++;
    return p;
}

bool pool_push(struct pool *p, struct task *j)
{
    pthread_mutex_lock(&p->lock);
    bool room = p->n && p->waiting < p->waiting_max && !p->stop;
    if (room) {
        j->next = NULL;
        if (p->first)
            p->last->next = j;
        else
            p->first = j;
        p->last = j;
        p->waiting++;
        pthread_cond_signal(&p->more);
    }
    pthread_mutex_unlock(&p->lock);
    return room;
}

void pool_stop(struct pool *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->stop = true;
    pthread_cond_broadcast(&p->more);
    pthread_mutex_unlock(&p->lock);
    for (int i = 0; i < p->n; i++)
        pthread_join(p->thread[i], NULL);
    pthread_cond_destroy(&p->more);
    pthread_mutex_destroy(&p->lock);
    free(p);
}
