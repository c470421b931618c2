#include "store/job.h"

#include <stdlib.h>
#include <string.h>

#include "base/tr.h"
#include "messages.h"
#include "store/inside.h"
#include "store_queries.h"

enum { NIGHT_MS = 2 * 3600 * 1000, NIGHT_LONG_MS = 4 * 3600 * 1000, SPREAD = 7919 * 1000 };

instant_t job_sweep_at(int64_t office_id, instant_t now)
{
    return day_start(instant_day(now) + 1) + NIGHT_MS + office_id % NIGHT_LONG_MS * SPREAD % NIGHT_LONG_MS;
}

bool job_sweep_put(struct db *db, int64_t office_id, instant_t at, struct err *err)
{
    return q_job_put(db, &(struct job_put_in){ office_id, STR(JOB_SWEEP), 0, at }, NULL, err);
}

/* --- putting --------------------------------------------------------------------------------------------------------------- */

static void job_at_earlier(struct txn *t, instant_t at)
{
    if (t->office->job_at == INSTANT_NONE || at < t->office->job_at)
        t->office->job_at = at;
}

static bool kind_valid(struct str kind)
{
    bool ok = kind.n >= 1 && kind.n <= JOB_KIND_MAX;
    for (size_t i = 0; ok && i < kind.n; i++)
        ok = (kind.p[i] >= 'a' && kind.p[i] <= 'z') || kind.p[i] == '_';
    return ok;
}

bool job_put(struct txn *t, struct str kind, int64_t subject, instant_t due_at, struct err *err)
{
    if (!kind_valid(kind))
        return err_fail(err, ERR_INPUT, M_STORE_JOB_KIND, NULL, A_STR(kind));
    if (!q_job_put(t->db, &(struct job_put_in){ t->office_id, kind, subject, due_at }, NULL, err))
        return false;
    job_at_earlier(t, due_at);                   /* a job moved to later leaves it too early: cheaper than asking each time */
    return true;
}

bool job_first(struct db *db, struct arena *a, int64_t office_id, instant_t *ret, bool *claimed, struct err *err)
{
    struct job_earliest_row row = { .next_at = INSTANT_NONE };
    bool found;
    if (!q_job_earliest(db, a, &(struct job_earliest_in){ office_id }, &row, &found, err))
        return false;
    *ret = row.next_at;
    *claimed = found && row.claimed;
    return true;
}

bool job_settle(struct txn *t, struct err *err)
{
    bool claimed;
    return job_first(t->db, t->arena, t->office_id, &t->office->job_at, &claimed, err);
}

bool job_cancel(struct txn *t, struct str kind, int64_t subject, struct err *err)
{
    return q_job_delete(t->db, &(struct job_delete_in){ t->office_id, kind, subject }, NULL, err) && job_settle(t, err);
}

/* --- claiming -------------------------------------------------------------------------------------------------------------- */

struct claiming {
    struct job *job;
    int max, n;
    uint8_t claim[JOB_CLAIM];
};

static struct str claim_bytes(const uint8_t claim[JOB_CLAIM]) { return str_n((const char *)claim, JOB_CLAIM); }

static bool claim_fn(struct txn *t, void *args, struct err *err)
{
    struct claiming *c = args;
    struct job_take_row *row;
    size_t n;
    instant_t until = t->at + JOB_LEASE_MS;
    c->n = 0;
    if (!q_job_take(t->db, t->arena, &(struct job_take_in){ t->office_id, t->at, c->max, claim_bytes(c->claim), until }, &row, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct job *j = &c->job[c->n++];
        *j = (struct job){ .office_id = t->office_id, .subject = row[i].subject, .due_at = row[i].due_at, .until = until, .tries = (int)row[i].tries };
        memcpy(j->kind, row[i].kind.p, row[i].kind.n < JOB_KIND_MAX ? row[i].kind.n : JOB_KIND_MAX);
        memcpy(j->claim, c->claim, sizeof j->claim);
    }
    return true;
}

static int by_due(const void *a, const void *b)
{
    const struct job *x = a, *y = b;
    return (x->due_at > y->due_at) - (x->due_at < y->due_at);
}

bool job_claim(struct store *s, int64_t office_id, struct job *ret, int max, int *n, struct err *err)
{
    struct claiming c = { .job = ret, .max = max };
    random_fill(store_random(s), c.claim, sizeof c.claim);
    if (!store_claim_wait(s, office_id, claim_fn, &c, err))
        return false;
    qsort(ret, (size_t)c.n, sizeof *ret, by_due);
    *n = c.n;
    return true;
}

/* --- ending ---------------------------------------------------------------------------------------------------------------- */

static struct str kind_of(const struct job *j) { return str_c(j->kind); }

/* The row stays ours until the commit: nobody claims it anew meanwhile. */
static bool mine(struct txn *t, const struct job *j, struct job_mine_row *ret, bool *found, struct err *err)
{
    *found = false;
    return t->office_id != j->office_id ||
           q_job_mine(t->db, t->arena, &(struct job_mine_in){ j->office_id, kind_of(j), j->subject, claim_bytes(j->claim) }, ret, found, err);
}

static bool lost(const struct job *j, struct err *err)
{
    return err_fail(err, ERR_CONFLICT, M_STORE_JOB_LOST, NULL, A_C(j->kind), A_INT(j->subject));
}

bool job_check(struct txn *t, const struct job *j, struct err *err)
{
    struct job_mine_row row;
    bool found;
    return mine(t, j, &row, &found, err) && (found || lost(j, err));
}

static bool wait_on(struct txn *t, const struct job *j, instant_t due, instant_t next, int tries, struct str error, struct err *err)
{
    const struct job_wait_in in = { j->office_id, kind_of(j), j->subject, due, next, tries, error };
    return q_job_wait(t->db, &in, NULL, err) && job_settle(t, err);
}

bool job_done(struct txn *t, const struct job *j, instant_t next, struct err *err)
{
    struct job_mine_row row;
    bool found;
    if (!mine(t, j, &row, &found, err))
        return false;
    if (!found)
        return lost(j, err);
    if (row.again_at != INSTANT_NONE && (next == INSTANT_NONE || row.again_at < next))
        next = row.again_at;
    return next == INSTANT_NONE ? job_cancel(t, kind_of(j), j->subject, err) : wait_on(t, j, next, next, 0, STR(""), err);
}

static instant_t delayed(instant_t at, int tries)
{
    int64_t delay = JOB_DELAY_MS;
    for (int i = 1; i < tries && delay < JOB_DELAY_MAX_MS; i++)
        delay *= 2;
    return at + (delay < JOB_DELAY_MAX_MS ? delay : JOB_DELAY_MAX_MS);
}

/* The claim ends and the job stays, until `next` (INSTANT_NONE: due as before). What was asked for meanwhile is a new task, at its own time. */
static bool stay(struct txn *t, const struct job *j, instant_t next, int tries, struct str error, struct err *err)
{
    struct job_mine_row row;
    bool found;
    if (!mine(t, j, &row, &found, err))
        return false;
    if (!found)
        return true;
    if (row.again_at != INSTANT_NONE)
        return wait_on(t, j, row.again_at, row.again_at, 0, error, err);
    return wait_on(t, j, row.due_at, next == INSTANT_NONE ? row.due_at : next, tries, error, err);
}

bool job_failed(struct txn *t, const struct job *j, const struct err *why, struct err *err)
{
    struct buf words _cleanup_(buf_release) = BUF_INIT;
    tr_err(&words, LANG_ZH, why);
    return stay(t, j, delayed(t->at, j->tries), j->tries, buf_view(&words), err);
}

bool job_give_back(struct txn *t, const struct job *j, struct err *err) { return stay(t, j, INSTANT_NONE, j->tries - 1, STR(""), err); }

/* --- looking --------------------------------------------------------------------------------------------------------------- */

bool job_list(struct db *db, struct arena *a, int64_t office_id, struct job_line **ret, size_t *n, struct err *err)
{
    struct job_all_row *row;
    if (!q_job_all(db, a, &(struct job_all_in){ office_id }, &row, n, err))
        return false;
    *ret = arena_array(a, struct job_line, *n ? *n : 1);
    if (!*ret)
        return err_fail(err, ERR_LIMIT, M_STORE_TOO_MUCH, NULL);
    for (size_t i = 0; i < *n; i++)
        (*ret)[i] = (struct job_line){
            row[i].kind, row[i].subject, row[i].due_at, row[i].next_at,
            row[i].claimed ? JOB_RUNS : row[i].last_error.n ? JOB_FAILED : JOB_WAITS, row[i].tries, row[i].last_error,
        };
    return true;
}

bool job_due(struct db *db, instant_t now, struct job_due *ret, struct err *err)
{
    struct arena a _cleanup_(arena_release) = ARENA_INIT(0);
    struct office_due_count_row count;
    struct office_due_next_row next;
    bool found;
    if (!q_office_due_count(db, &a, &(struct office_due_count_in){ now }, &count, &found, err) ||
        !q_office_due_next(db, &a, &(struct office_due_next_in){ now }, &next, &found, err))
        return false;
    *ret = (struct job_due){ count.offices, count.since, next.next };
    return true;
}

bool job_due_offices(struct db *db, struct arena *a, instant_t now, int64_t **ret, size_t *n, struct err *err)
{
    struct office_due_row *row;
    if (!q_office_due(db, a, &(struct office_due_in){ now }, &row, n, err))
        return false;
    *ret = arena_array(a, int64_t, *n ? *n : 1);
    if (!*ret)
        return err_fail(err, ERR_LIMIT, M_STORE_TOO_MUCH, NULL);
    for (size_t i = 0; i < *n; i++)
        (*ret)[i] = row[i].id;
    return true;
}
