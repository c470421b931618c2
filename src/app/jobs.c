/* Background work of the house: all its kinds, and the nightly sweep of what is old and of no use to anybody. */
#include "app/app.h"
#include "people/member.h"

static bool go_on(void *ctx) { return !job_stopping(ctx); }

static bool sweep_keys(struct txn *t, void *args, struct err *err) { return web_sweep(t, args, err); }

static bool sweep_rest(struct txn *t, void *args, struct err *err)
{
    *(instant_t *)args = job_sweep_at(t->office_id, t->at);    /* from now, not from when it was due: once, however long nobody was there */
    return session_sweep(t, err) && store_sweep_servers(t, err);
}

/* In small writes; each is right alone, so a sweep cut short or done twice does no harm. */
static bool sweep(struct job_run *r, struct err *err)
{
    int64_t swept;
    instant_t next;
    bool more = true;
    if (!store_sweep_blobs(r->store, r->job.office_id, go_on, r, &swept, err))
        return false;
    while (more) {
        if (job_stopping(r))
            return err_fail(err, ERR_BUSY, M_STORE_STOPPED, NULL);
        if (!store_write_wait(r->store, r->job.office_id, 0, sweep_keys, &more, err))
            return false;
    }
    return job_finish(r, sweep_rest, &next, &next, err);
}

const struct job_kind app_sweep = { JOB_SWEEP, M_APP_JOB_SWEEP, sweep };

int app_job_kinds(const struct job_kind **ret, int cap)
{
    int n = 0;
    ret[n++] = &app_sweep;
    for (int s = 0; slices[s]; s++)
        for (int i = 0; i < slices[s]->n_jobs && n < cap; i++)
            ret[n++] = &slices[s]->jobs[i];
    return n;
}
