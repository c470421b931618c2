/* Many rows in one write: plain INSERTs whose outcome nobody asks for are gathered by statement and sent together. PostgreSQL gets them as arrays, a thousand
 * rows each; a tenth of the time. SQLite gets them sorted, so that what goes into one page goes there together, 32 rows in a statement; half of the time.
 * Whatever else looks at a table or changes it sees them: they are sent before.
 *
 * An INSERT is plain when its VALUES are its parameters in their order. With ON CONFLICT DO UPDATE the same key must not come twice without a look at the
 * table between; that is why a write says that it wants this (txn_bulk), and gets it until its end. A row that is refused fails the write, only later.
 */
#ifndef WHS_STORE_BULK_H
#define WHS_STORE_BULK_H

#include "store/engine.h"

struct bulk;

struct bulk *bulk_new(void);
void bulk_free(struct bulk *b);                  /* NULL is allowed; what was not sent is forgotten */
/* True: the row is kept for later. False with *failed: it is not, and nothing more can be done; else the statement is not of this sort. */
bool bulk_add(struct bulk *b, struct db *db, const struct query *q, const struct sql_value *in, bool *failed, struct err *err);
/* Sends what waits for any of these tables (bits). */
bool bulk_send(struct bulk *b, struct db *db, table_set tables, struct err *err);

#endif
