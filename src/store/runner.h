/* Does due work: one thread for each server. It wakes when the next job is due and after commits of any server, claims a few jobs of an office at a time,
 * runs them one after the other, and gives back what it has not begun when it is stopped. A server that is killed gives nothing back: leases do.
 *
 * A handler runs on that thread: it may read, wait for the outside world (within limits of its own: nothing else is done meanwhile, and after the
 * lease others begin too), and write in as many writes as it likes. The last one goes through job_finish(). job.h says what is promised.
 */
#ifndef WHS_STORE_RUNNER_H
#define WHS_STORE_RUNNER_H

#include "store/job.h"

struct runner;

struct job_run {
    struct store *store;
    struct db *db;                               /* a reader, outside any snapshot */
    struct arena *arena;                         /* of this run */
    struct job job;
    bool finished;                               /* by job_finish() */
    struct runner *runner;
};

struct job_kind {
    const char *name;                            /* as in job_put() */
    int about;                                   /* message id: what it does */
    /* True: done; without job_finish() the runner says so, for no further time. False: failed, tried again later; of its last write nothing stays. */
    bool (*run)(struct job_run *r, struct err *err);
};

/* The write that ends the job, fn may be NULL. The claim is looked at before fn decides, so a lost one changes nothing. *next (may be NULL) is read after
 * fn: when the job is due again; INSTANT_NONE or NULL: no more. */
bool job_finish(struct job_run *r, store_fn *fn, void *args, const instant_t *next, struct err *err);
/* The server stops: long work ends between two writes, with store.stopped; it is given back, not failed. */
bool job_stopping(const struct job_run *r);

struct runner_options {
    struct store *store;                         /* opened to write; outlives the runner */
    const struct job_kind *const *kinds;         /* they live for ever */
    int n_kinds;
};

bool runner_start(const struct runner_options *o, struct runner **ret, struct err *err);
void runner_wake(struct runner *r);              /* looks at once: the clock was set */
void runner_stop(struct runner *r);              /* after the job that runs. NULL is allowed */

struct runner_stats {
    int64_t done, failed, lost;                  /* lost: the lease had ended and another was at it */
};
void runner_stats(const struct runner *r, struct runner_stats *ret);    /* of this server since its start; r may be NULL */

#endif
