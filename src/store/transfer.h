/* Copying whole offices from one database into another, whatever engines they have.
 *
 * An office is the rows that carry its number: every table's key begins with office_id (table_list in migrations.h). `from` stands in one snapshot
 * and is only read; what is written stands in one transaction of the target. Rows go over in the order of their keys, a page at a time, as plain
 * values. Each table is then read back and its digest compared. What servers note for themselves (server_batch) stays behind.
 *
 * An office may get another number where it arrives. Its journal stays hashed under the first one (office.chain_id), sealed values stay as they are, and
 * its data keys, whose wrapping covers the office's number, are wrapped anew under the target's master key.
 */
#ifndef WHS_STORE_TRANSFER_H
#define WHS_STORE_TRANSFER_H

#include "store/journal.h"

enum { TRANSFER_TABLES_MAX = 128 };

struct transfer_sum {                            /* of one table */
    int64_t rows, bytes;                         /* bytes of values, 8 for each number */
    uint8_t digest[32];
};

struct transfer {
    struct db *from;
    int64_t from_id;
    store_progress *progress;                    /* rows; may be NULL */
    void *ctx;

    int64_t to_id;                               /* the number there: transfer_check() */
    struct transfer_sum sum[TRANSFER_TABLES_MAX];          /* by table: transfer_measure(), transfer_office() */
    int64_t rows, bytes;                         /* of all */
    int64_t done, total;                         /* for progress */
};

/* What would go over. */
bool transfer_measure(struct transfer *x, struct err *err);
const char *transfer_table(int i);               /* NULL behind the last */

/* May the office come into that database, and under which number? ERR_CONFLICT when one with its code is there, when anything stands under the number it
 * would get, or when offices there live by other shared rows (calendar) than this one does. */
bool transfer_check(struct transfer *x, struct db *to, struct err *err);
/* Checks and copies, inside a write of the target's office 0 that runs alone; recorded in that office's journal. *head: of the office, verified there. */
bool transfer_office(struct transfer *x, struct txn *t, struct journal_head *head, struct err *err);

/* Copies every office as it is, also office 0, inside a transaction of a database that has none. */
/* Takes away what stands under an office's number. */
bool transfer_clear(struct db *to, int64_t office_id, struct err *err);
bool transfer_all(struct db *from, struct db *to, store_progress *progress, void *ctx, struct err *err);

/* The target of a move, opened for writing; made when it is not there. A new SQLite file gets its name only when it is closed with `keep`. */
struct target {
    struct store *s;
    char *path, *making;                         /* NULL: it was there, or is made in its place */
    bool made;                                   /* it was not there */
    char *key;                                   /* a new file's master key; new_key: made with it */
    bool new_key;
    int lock_fd;
};
/* Opens one that is there for reading; *ret is NULL when it is still to be made and can be. */
bool target_look(const struct store_options *o, struct store **ret, struct err *err);
bool target_open(const struct store_options *o, struct target *ret, struct err *err);
char *target_key(const struct target *t);        /* the file that holds its master key; the caller frees */
bool target_close(struct target *t, bool keep, struct err *err);

#endif
