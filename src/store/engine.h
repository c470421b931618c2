/* Between the store and one database engine. Inside store/ only: queue, journal, seal, blobs and transfer are written once, on
 * these functions; sqlite.c and postgres.c implement them.
 *
 * An engine knows connections, transactions, errors, and how a database is made, opened, saved and put back. It does not know batches or the journal.
 * Any failure of the engine itself (not a refusal of the caller's) is kept in db->failed and db->failure until the next begin:
 * the queue looks there, so that a fn which swallows an error cannot commit half of its work.
 */
#ifndef WHS_STORE_ENGINE_H
#define WHS_STORE_ENGINE_H

#include "store/memo.h"
#include "store/store.h"

enum connection { CONNECT_CREATE, CONNECT_WRITE, CONNECT_READ };

enum commit {
    COMMIT_DONE,
    COMMIT_NONE,                                 /* certainly nothing was committed */
    COMMIT_UNKNOWN,                              /* the engine failed on the way: reconnect, then ask the rows that it would have changed */
    COMMIT_DOUBTED,                              /* committed, but perhaps not wherever it was to be: nobody may be told that it is done */
};

struct engine;
struct crypto;

struct db {                                      /* first member of each engine's own connection */
    const struct engine *engine;
    struct store *store;
    struct crypto *crypto;                       /* digest and cipher contexts of the thread that holds the connection */
    bool in_snapshot;
    int64_t connections;                         /* made anew so far: behind a new one may stand another server that knows less */
    struct memo *memo;                           /* while a batch runs: of its reads; else NULL */
    struct bulk *bulk;                           /* of a write that asked for it: rows not sent yet; else NULL */
    struct memo *directory;                      /* of a reader, and of a writer while a batch runs; else NULL */
    int64_t changed;                             /* rows changed since the connection was made; grows only */
    int64_t syncs;                               /* durable syncs caused so far */
    int64_t news_office, news_seq;               /* what the next commit tells other servers; -1: nothing */
    bool failed;
    struct err failure;
};

/* Further letters for exec_text() of an engine that is shared: a whole array in PostgreSQL's binary format (bulk.h). */
enum { ARRAY_INT = '1', ARRAY_TEXT = '2', ARRAY_BYTES = '3' };

struct engine {
    const char *like;                            /* LIKE that takes a and A for the same, as SQLite's does */
    bool shared;                                 /* other servers may write too: office rows are locked, each server marks its own batches */

    /* The store's life. create: schema, key and office 0 in an empty place, whole or not at all. open: is it there, and may we write? close ends what
     * open began; it is called also after a failed open. */
    bool (*create)(struct store *s, struct err *err);
    bool (*open)(struct store *s, struct err *err);
    void (*close)(struct store *s);
    bool (*backup)(struct store *s, const char *file, store_progress *progress, void *ctx, struct err *err);
    bool (*restore)(struct store *s, const char *file, struct err *err);

    bool (*connect)(struct store *s, const char *path, enum connection as, struct db **ret, struct err *err);
    bool (*reconnect)(struct db *db, struct err *err);         /* a fresh connection under the same struct db */
    void (*disconnect)(struct db *db);

    bool (*exec)(struct db *db, const struct query *q, const struct sql_value *in, int64_t *changed, struct err *err);
    bool (*each)(struct db *db, const struct query *q, const struct sql_value *in, db_row *row, void *ctx, struct err *err);
    bool (*each_text)(struct db *db, struct str sql, const char *in_types, const char *out_types, const struct sql_value *in,
                      db_row *row, void *ctx, struct err *err);
    bool (*exec_text)(struct db *db, struct str sql, const char *in_types, const struct sql_value *in, int64_t *changed, struct err *err);

    bool (*begin)(struct db *db, bool write, struct err *err); /* clears db->failed */
    enum commit (*commit)(struct db *db, struct err *err);
    void (*rollback)(struct db *db);

    /* The schema's version lives with the data and changes in the same transaction; 0 before the first migration. */
    bool (*version)(struct db *db, int *ret, struct err *err);
    bool (*migrate)(struct db *db, int n, struct err *err);    /* runs migration n and sets the version, in one transaction */

    /* Housekeeping between batches; idle: nobody waits. erase: what was overwritten must leave the log as well; false
     * when a reader still needs it, then ask again. */
    bool (*tend)(struct db *db, bool idle, bool erase);

};

extern const struct engine engine_sqlite, engine_postgres;

/* Which value means NULL, and which number stands for it. For numbers where 0 or the least one is also a value, only under an upper-case letter. */
bool value_is_null(char type, const struct sql_value *v);
int64_t null_number(char type);

#endif
