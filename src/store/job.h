/* Background work: what has to be done at its time by any one of several servers.
 *
 * A job is (office, kind, subject) and when it is due; it is put, moved and cancelled inside a write, with what it is about. Every server finds due work;
 * one claims it (a random number in the row and a lease), does it, and says so inside the write that holds the work's own rows: work and its being done are
 * one transaction. So whatever is done in the database is done exactly once. What a job does outside the database is done at least once: a server that dies
 * between ringing and writing rings again, unless the job writes down first what it is about to do.
 *
 * A server that dies keeps its claims until the lease ends; then another takes them. Whose claim was taken meanwhile is refused (job_check), and nothing of
 * its work counts. A failure is tried again after a growing delay, for ever; the last sentence is kept in the row.
 *
 * office.job_at is never later than the earliest next_at of the office's jobs, so one statement over the directory of offices finds all due work. It is
 * written under the office's row alone. A claim only makes next_at later and leaves it, so it may be too early; the runner then sets it right.
 *
 * All instants are the store's clock; the clocks of servers on one database must agree within half a lease, or one takes another's work away. A clock that
 * jumps ahead makes due what lies between, each job once; put back, it leaves nothing undone but what was claimed meanwhile by a server that died:
 * that waits for the end of its lease.
 */
#ifndef WHS_STORE_JOB_H
#define WHS_STORE_JOB_H

#include "store/store.h"

enum {
    JOB_KIND_MAX = 31, JOB_CLAIM = 16,
    JOB_LEASE_MS = 2 * 60 * 1000,
    JOB_DELAY_MS = 60 * 1000, JOB_DELAY_MAX_MS = 6 * 3600 * 1000,      /* after the first failure; doubled by each further one */
};

/* Every office has this job from its creation: what is old and useless goes, each night. */
#define JOB_SWEEP "sweep"
instant_t job_sweep_at(int64_t office_id, instant_t now);      /* the next night's: between 2 and 6 o'clock, not all offices at once */
bool job_sweep_put(struct db *db, int64_t office_id, instant_t at, struct err *err);   /* beside a new row of office, whose job_at is the same */

/* In a write of the job's office. The last word counts: a job that is there already is moved to due_at, earlier or later. One that is being done at this
 * moment is done once more. kind: [a-z_], at most JOB_KIND_MAX. */
bool job_put(struct txn *t, struct str kind, int64_t subject, instant_t due_at, struct err *err);
/* Takes it away; when it is being done at this moment, that is refused at its end. Nothing there is no error. */
bool job_cancel(struct txn *t, struct str kind, int64_t subject, struct err *err);

struct job {                                     /* one that this server has claimed */
    int64_t office_id, subject;
    char kind[JOB_KIND_MAX + 1];
    instant_t due_at, until;                     /* until: end of the lease */
    int tries;                                   /* this one counted */
    uint8_t claim[JOB_CLAIM];
};

/* Claims up to max due jobs of an office, the longest due first. Not on the writer or a loop thread. */
bool job_claim(struct store *s, int64_t office_id, struct job *ret, int max, int *n, struct err *err);

/* In a write of the job's office, before anything is written: ERR_CONFLICT when the claim is no longer ours. */
bool job_check(struct txn *t, const struct job *j, struct err *err);
/* Ends it, in the write that holds the work: next is when it is due again, INSTANT_NONE: no more. Checks first. */
bool job_done(struct txn *t, const struct job *j, instant_t next, struct err *err);
/* The claim ends, the job stays: after a failure with its reason, or not begun. Lost claims are passed over. */
bool job_failed(struct txn *t, const struct job *j, const struct err *why, struct err *err);
bool job_give_back(struct txn *t, const struct job *j, struct err *err);
/* In a write: sets office.job_at right. */
bool job_settle(struct txn *t, struct err *err);

/* --- looking -------------------------------------------------------------------------------------------------------------- */

enum job_state { JOB_WAITS, JOB_RUNS, JOB_FAILED };
struct job_line { struct str kind; int64_t subject; instant_t due_at, next_at; enum job_state state; int64_t tries; struct str last_error; };
bool job_list(struct db *db, struct arena *a, int64_t office_id, struct job_line **ret, size_t *n, struct err *err);

/* The earliest of an office's next_at (INSTANT_NONE: no job) and whether that is a claim's end. */
bool job_first(struct db *db, struct arena *a, int64_t office_id, instant_t *ret, bool *claimed, struct err *err);

/* From the directory of all offices: how many have due work, and since when (INSTANT_NONE: none has); when the next one's is due after now. */
struct job_due { int64_t offices; instant_t since, next; };
bool job_due(struct db *db, instant_t now, struct job_due *ret, struct err *err);
bool job_due_offices(struct db *db, struct arena *a, instant_t now, int64_t **ret, size_t *n, struct err *err);

#endif
