/* Between the store and one database engine. Inside store/ only: queue, journal, seal, blobs and backup are written once, on
 * these functions; sqlite.c implements them, postgres.c will stand beside it.
 *
 * An engine knows connections, transactions and errors. It does not know offices, batches or the journal.
 * Any failure of the engine itself (not a refusal of the caller's) is kept in db->failed and db->failure until the next begin:
 * the queue looks there, so that a fn which swallows an error cannot commit half of its work.
 */
#ifndef WHS_STORE_ENGINE_H
#define WHS_STORE_ENGINE_H

#include "store/store.h"

enum connection { CONNECT_CREATE, CONNECT_WRITE, CONNECT_READ };

enum commit {
    COMMIT_DONE,
    COMMIT_NONE,                                 /* certainly nothing was committed */
    COMMIT_UNKNOWN,                              /* the engine failed on the way: reconnect, then ask the office rows */
};

struct engine;
struct crypto;

struct db {                                      /* first member of each engine's own connection */
    const struct engine *engine;
    struct store *store;
    struct crypto *crypto;                       /* digest and cipher contexts of the thread that holds the connection */
    bool in_snapshot;
    int64_t changed;                             /* rows changed since the connection was made; grows only */
    int64_t syncs;                               /* durable syncs caused so far */
    bool failed;
    struct err failure;
};

struct engine {
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

    bool (*check)(struct db *db, store_progress *progress, void *ctx, struct err *err);
    /* One snapshot of the connection's database into a new file, durable on return. */
    bool (*copy)(struct db *db, const char *file, store_progress *progress, void *ctx, struct err *err);
};

extern const struct engine engine_sqlite;

#endif
