/* One connection and its typed statements. tools/sqlc makes one C function for each query of a queries.sql on top of this;
 * nobody else calls db_exec() or db_each() but store/filter.c, the only maker of SQL at run time.
 *
 * A connection belongs to one thread at a time. Readers refuse to write (SQLite: query_only). Statements are prepared once
 * per connection and kept. Values cross this border as struct sql_value; SQL NULL is DAY_NONE, INSTANT_NONE, INT64_MIN, id 0
 * or a text whose p is NULL, allowed only where the query says "?" behind the type.
 */
#ifndef WHS_STORE_DB_H
#define WHS_STORE_DB_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"

struct db;

/* Letters of struct query.in and .out; upper case allows NULL.
 * i @id   n @int   t @instant   d @day   s @text   b @bytes   f @flag (0 or 1) */
struct sql_value {
    int64_t i;
    struct str s;                                /* text and bytes: valid until the next step of the statement */
};

/* A set of tables: bit 1 << enum table (migrations.h). */
__extension__ typedef unsigned __int128 table_set;
#define TABLE_SET(t) ((table_set)1 << (t))
#define TABLE_SET_ALL (~(table_set)0)

struct query {                                   /* made by sqlc; its address is its identity in the statement cache */
    const char *name;                            /* "entry.by_number" */
    const char *sqlite, *postgres;
    const char *in, *out;
    bool writes;
    table_set reads, changes;                    /* tables it looks at and changes */
};

/* Runs a statement that returns no rows. *changed (may be NULL) is the number of rows touched. */
bool db_exec(struct db *db, const struct query *q, const struct sql_value *in, int64_t *changed, struct err *err);

/* Calls row() for each row; row() returning false ends it and makes db_each return false with the error row() filled. To
 * stop early without an error, row() sets *stop. */
typedef bool db_row(void *ctx, const struct sql_value *out, bool *stop, struct err *err);
bool db_each(struct db *db, const struct query *q, const struct sql_value *in, db_row *row, void *ctx, struct err *err);

/* The same for a text made at run time by store/filter.c; prepared through a small cache keyed by the text. */
bool db_each_text(struct db *db, struct str sql, const char *in_types, const char *out_types, const struct sql_value *in,
                  db_row *row, void *ctx, struct err *err);

/* One consistent view for all reads between begin and end. Nesting is an error. */
/* The connection ended; *err says so. What was read since is not to be relied on. */
bool db_lost(const struct db *db, struct err *err);
bool db_snapshot_begin(struct db *db, struct err *err);
void db_snapshot_end(struct db *db);

#endif
