/* The one door to data: opening, writing, reading, proving, saving.
 *
 * WRITES. A write is {fn, args, done} on the queue. One writer thread takes up to STORE_BATCH_MAX writes, runs each fn in one
 * transaction, commits once, and only then calls each done. An answer that a user sees is made after done, never before.
 * fn decides first and writes after: when it returns false it must have written nothing, so a refusal leaves nothing to undo
 * (checked: a fn that broke this makes the batch roll back and run again one by one, the broken one alone rolled back). fn may run more than
 * once and therefore touches only the database, its args' result fields and t->arena, never the outside world. After an
 * unexpected engine error the batch is rolled back and its writes are rerun singly. When COMMIT's own outcome is unknown the office rows tell.
 * While writes are announced (store_expect) but not yet queued, the writer gathers for at most one measured sync time (<= 2 ms); alone it never waits.
 *
 * READS. Each worker thread owns a reader (store_reader_open). Readers see only committed data and never block the writer.
 *
 * FORMATS that must not change: the journal's line encoding (journal.h), sealed fields (seal.h), the schema in sql/migrations/.
 *
 * The store knows no rights: what an actor may do or see is decided by the floors above, inside fn or through the stand table.
 */
#ifndef WHS_STORE_STORE_H
#define WHS_STORE_STORE_H

#include "store/db.h"

enum {
    STORE_BATCH_MAX = 64,
    STORE_WATCHERS = 4,
    STORE_OFFICE_SHARED = 0,                     /* calendar, laws, lexicons: what all offices share */
};

struct store;

struct store_options {
    const char *url;                             /* "sqlite:PATH" or "postgresql://…" */
    const struct clock *clock;                   /* NULL: the real ones */
    const struct random *random;
    const char *vfs;                             /* SQLite file layer, NULL for the system's; tests pass one that can cut the power */
    const char *key;                             /* the master key's file; NULL: $WHS_KEY, or PATH.key */
    bool hold;                                   /* for a reader: nobody may write as long as it is open */
    bool write;                                  /* take the write lock and start the writer; else readers only */
};

/* Makes a new database with its schema and master key file (PATH.key, mode 0600). ERR_CONFLICT when one is there. */
bool store_create(const struct store_options *o, struct err *err);
/* ERR_BUSY when o->write and another process is the writer; ERR_CORRUPT for a damaged file or a newer schema. Older schemas are migrated by the writer. */
bool store_open(const struct store_options *o, struct store **ret, struct err *err);
void store_close(struct store *s);               /* ends the writer after what is queued; readers must be closed before. NULL is allowed */

bool store_reader_open(struct store *s, struct db **ret, struct err *err);
void store_reader_close(struct db *db);

const struct clock *store_clock(const struct store *s);
const struct random *store_random(const struct store *s);
const char *store_path(const struct store *s);   /* SQLite: the file's path; PostgreSQL: the database's name */
char *store_key(const struct store *s);          /* where the master key is; the caller frees */
bool store_shared(const struct store *s);        /* other servers may write beside this one: commands need no door to a server */

/* --- writing ----------------------------------------------------------------------------------------------------------- */

struct txn {                                     /* what fn gets; lives for one fn */
    struct db *db;
    struct store *store;
    struct arena *arena;                         /* emptied after done() */
    int64_t office_id;
    int64_t actor_id, deputy_of;                 /* who acts, and for whom when as a deputy (else 0); both go on record */
    instant_t at;                                /* one instant for the whole write */
    day_t today;                                 /* its UTC+08:00 day */
    struct office *office;                       /* the store's own: the office row of this batch */
};

typedef bool store_fn(struct txn *t, void *args, struct err *err);
/* Called once on the writer thread after the commit (ok) or the refusal (err filled). Must only hand over, never work. */
typedef void store_done(void *args, bool ok, const struct err *err);

struct write {                                   /* the caller's memory, untouched by the caller until done() */
    int64_t office_id, actor_id, deputy_of;
    store_fn *fn;
    store_done *done;
    void *args;
    bool alone;                                  /* a batch of its own: imports, re-dating */
    bool claim;                                  /* takes rows by @skip_locked, without the office's row: see store_claim_wait() */
    bool announced;                              /* store_expect(+1) was called for it; queuing ends that, do not call -1 */
    struct write *next;                          /* the queue's */
};

void store_write(struct store *s, struct write *w);
/* Queues, waits and returns fn's outcome. For commands and tests; never on a loop or the writer thread. */
bool store_write_wait(struct store *s, int64_t office_id, int64_t actor_id, store_fn *fn, void *args, struct err *err);
/* The same as a batch of its own, whose fn may write before it refuses: imports, re-dating. */
bool store_write_alone(struct store *s, int64_t office_id, int64_t actor_id, store_fn *fn, void *args, struct err *err);
/* Takes work from a table by @skip_locked in a transaction of its own, without the office's row: what several servers compete for. fn may neither
 * make ids or numbers nor add to the journal. */
bool store_claim_wait(struct store *s, int64_t office_id, store_fn *fn, void *args, struct err *err);
/* A request that may write was read (+1), or has been queued or ended without a write (-1). */
void store_expect(struct store *s, int delta);

/* Who wants to hear of commits, at most STORE_WATCHERS: fn is called after each commit that changed an office, whichever server made it, with the
 * journal's head as far as known. On the writer thread for our own, on another for other servers'. office_id -1: news may have been missed, anything may
 * have changed. fn must only hand over. NULL ends the one with this ctx, which is never NULL; after that return it is not called again. */
typedef void store_changed(void *ctx, int64_t office_id, int64_t seq);
void store_watch(struct store *s, store_changed *fn, void *ctx);

/* The office's next id; ids are unique within an office over all entities and never used twice. */
int64_t txn_next_id(struct txn *t);
/* This write ends with a commit though it changed nothing: what it read is then as safe as what is written, on the standby too. */
void txn_prove(struct txn *t);
/* This write inserts many rows; see bulk.h for what it promises. Ends with it. */
void txn_bulk(struct txn *t);
/* The next number of a gapless series, from 1: kind is "document" …, year the civil year. */
bool txn_series_next(struct txn *t, struct str kind, int year, int64_t *ret, struct err *err);
/* Makes an office row (and its data key) inside a write of office 0; returns its id. code: [a-z0-9-]{1,20}. */
bool txn_office_create(struct txn *t, struct str code, struct str name, int64_t *ret, struct err *err);

/* --- figures of the engine, for /metrics and bench ---------------------------------------------------------------------- */
struct store_stats {
    int64_t writes, refused, batches, commits, reruns;
    int64_t syncs;                               /* reckoned from commits and checkpoints; within one for each checkpoint */
    int64_t sync_us;                             /* measured time of one durable sync */
};
void store_stats(const struct store *s, struct store_stats *ret);

/* --- proving, saving ----------------------------------------------------------------------------------------------------- */
/* Progress of long work: called now and then with done and total (0 when unknown); returning false stops it. May be NULL. */
typedef bool store_progress(void *ctx, int64_t done, int64_t total);

/* One snapshot into a new file, on its own connection, while writes go on. */
bool store_backup(struct store *s, const char *file, store_progress *progress, void *ctx, struct err *err);
/* Puts a backup in the place of o->url's database, checked first (integrity, schema, journal heads); refuses while a writer lives; the old file is
 * kept as PATH.before-restore. */
bool store_restore(const struct store_options *o, const char *file, struct err *err);
/* Erases an office's blobs without a reference that are older than a day, in writes of at most 8 MiB each, until go_on() (NULL: always) says no:
 * ERR_BUSY. */
bool store_sweep_blobs(struct store *s, int64_t office_id, bool (*go_on)(void *ctx), void *ctx, int64_t *swept, struct err *err);
/* In a write: forgets servers that committed nothing for this office for a day. */
bool store_sweep_servers(struct txn *t, struct err *err);

#endif
