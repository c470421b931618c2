/* What was asked once is not asked again. Two memos of one make, each of one connection:
 *
 * A batch's memo keeps the rows of all its reads until something in the batch changes one of the tables they came from. Sixty-four registrations then look up their
 * actor, units and calendar once; on PostgreSQL each such read is a round trip. Sound because nobody else can change what is read: SQLite has one
 * writer, and on PostgreSQL the office's row is locked from the batch's beginning to its commit. Rows of office 0 may be as old as the batch.
 *
 * A directory keeps, for longer, reads that ask nothing but who and what there is: parties, members, seats, tokens, lists, settings. Each batch that changes
 * one of these tables raises office.directory_version in its own transaction; so what was read at a version holds for every snapshot that
 * sees that version, whichever server wrote since. A reader asks for the version once in a snapshot; a writer has it with the office's row.
 *
 * Which tables a statement reads and changes tools/sqlc finds out at build (struct query); that its first parameter is the office, too.
 */
#ifndef WHS_STORE_MEMO_H
#define WHS_STORE_MEMO_H

#include "store/db.h"

struct memo;

struct memo *memo_new(bool directory);
void memo_free(struct memo *m);                  /* NULL is allowed */
void memo_clear(struct memo *m);
/* A snapshot or a batch has begun on this connection: of the directory stays what the offices' versions allow. */
void memo_turn(struct memo *m, const struct db *db);
/* A writer's directory is good for these offices alone; a reader's asks by itself. */
void memo_office(struct memo *m, int64_t office_id, int64_t version);
void memo_changed(struct memo *m, table_set tables);
bool memo_directory_changed(const struct memo *m);         /* since the turn began */
bool memo_in_directory(const struct query *q);
/* db_each() through the memo: from what is kept, or from the engine, and kept then. */
bool memo_each(struct memo *m, struct db *db, const struct query *q, const struct sql_value *in, db_row *row, void *ctx, struct err *err);

#endif
