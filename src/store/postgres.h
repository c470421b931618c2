/* PostgreSQL behind engine.h, shared by postgres.c (connections, statements, transactions), postgres_error.c (what went wrong, in our words) and
 * postgres_life.c (making, opening, migrating, other servers' news), postgres_backup.c. Nobody else sees libpq.
 *
 * Every connection stays in pipeline mode: a statement whose rows nobody waits for is only sent, and its outcome is read with the next one that is
 * waited for, at the latest with COMMIT. An error found then may belong to an earlier write of the batch; the queue reruns the batch singly, so
 * only the guilty one fails.
 */
#ifndef WHS_STORE_POSTGRES_H
#define WHS_STORE_POSTGRES_H

#include <libpq-fe.h>

#include "store/inside.h"

enum {
    PG_QUERIES = 2048,                           /* a power of two; more than the program has */
    PG_TEXTS = 48,                               /* run-time statements kept prepared on a connection */
    PG_SENT_MAX = 1024,                          /* statements under way; then their outcome is read in any case */
    PG_RETURN_MS = 8000,                         /* how long a running server waits for its database to come back */
    PG_TRY_MS = 1000,                            /* and then: how often somebody tries, while all others are told at once */
    PG_COMMIT_MS = 10000,                        /* how long a COMMIT may take before it is asked for on another connection */
    PG_UNSYNCED_MAX = 32768,                     /* bytes; more is never under way without a sync: see after_exec() */
    PG_LOCK_KEY = 0x776873,                      /* advisory lock: shared by all who write, alone for migration and restore */
};

#define PG_CHANNEL "whs_changed"

struct pg_sent {                                 /* a statement or a sync under way; its outcome comes in this order */
    const char *what;                            /* for errors; NULL: a sync */
    bool *prepared;                              /* to be made false when it fails */
};

struct pg_query { const struct query *q; bool prepared; };

struct pg_text {                                 /* a statement made at run time */
    struct buf sql;
    int number;                                  /* of its prepared statement; 0: none yet */
    bool prepared;
    uint64_t used;
};

struct pg {
    struct db base;
    PGconn *c;
    enum connection as;
    struct pg_query query[PG_QUERIES];
    struct pg_text text[PG_TEXTS];
    uint64_t texts_used;
    int texts_made;
    struct pg_sent sent[PG_SENT_MAX];            /* a ring */
    unsigned first, n_sent;
    size_t unsynced;                             /* bytes sent since the last sync, about */
    int64_t until;                               /* no outcome is waited for any longer; 0: without end */
    int unread_syncs;                            /* of what nobody waited for: a reader's ROLLBACK, news behind a COMMIT */
    bool in_txn;
    bool lost;                                   /* an outcome was missed; only a new connection helps */
    int64_t begun;                               /* transactions */
    int64_t count_at;                            /* rows changed when the planner's figures are next asked for */
    int64_t replan_at, replan_begun_at;          /* rows changed, transactions begun when plans are next made anew */
    const struct query *to_begin;                /* BEGIN that goes with the first statement */
    bool warned;                                 /* a warning came since the transaction began */
};

/* A connection that speaks our settings, not yet in pipeline mode; NULL and *err when there is none. */
PGconn *pg_connect(struct store *s, enum connection as, struct err *err);
/* Whether who has lost his connection tries again, or tells whoever waits. For PG_RETURN_MS after the database was first missed everybody may. */
bool pg_may_try(struct store *s);
void pg_there(struct store *s);                                /* a connection was made */
/* False, with the reason why a connection could not be made. `name` is the database's. */
bool pg_fail_connect(const PGconn *c, const char *name, struct err *err);
/* False, with what an error result says; `what` names the statement. */
bool pg_fail_result(const PGresult *r, const char *name, const char *what, struct err *err);
/* One statement outside any pipeline: for postgres_life.c. NULL when it failed. The caller clears it. */
PGresult *pg_run(PGconn *c, const char *sql, struct err *err);

/* The store's own connection. */
bool pg_life_begin(struct store *s, struct err *err);
bool pg_create(struct store *s, struct err *err);
bool pg_backup(struct store *s, const char *file, store_progress *progress, void *ctx, struct err *err);
bool pg_restore(struct store *s, const char *file, struct err *err);
bool pg_open(struct store *s, struct err *err);
void pg_close(struct store *s);
void pg_count_soon(struct store *s);             /* much was written to what may be a young ledger: see count_young() */
bool pg_lock_alone(struct store *s, struct err *err);          /* ERR_BUSY while another store is open to write */
bool pg_version(struct db *db, int *ret, struct err *err);
bool pg_migrate(struct db *db, int n, struct err *err);

#endif
