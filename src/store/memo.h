/* What a batch has asked once it does not ask again: the rows of reads, kept while a transaction holds its office, until something in it changes one of the
 * tables they came from. Sixty-four registrations then look up their actor, units and calendar once. On PostgreSQL each such read is a round trip.
 *
 * Sound because nobody else can change what is read: SQLite has one writer, and on PostgreSQL the office's row is locked from the batch's beginning to its
 * commit. Rows of office 0 may be as old as the batch. Which tables a statement reads and changes tools/sqlc finds out at build (struct query).
 *
 * A memo belongs to one connection; it is emptied when a transaction begins.
 */
#ifndef WHS_STORE_MEMO_H
#define WHS_STORE_MEMO_H

#include "store/db.h"

struct memo;

struct memo *memo_new(void);
void memo_free(struct memo *m);                  /* NULL is allowed */
void memo_clear(struct memo *m);
void memo_changed(struct memo *m, uint64_t tables);
/* db_each() through the memo: from what is kept, or from the engine, and kept then. */
bool memo_each(struct memo *m, struct db *db, const struct query *q, const struct sql_value *in, db_row *row, void *ctx, struct err *err);

#endif
