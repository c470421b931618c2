/* The parts of sqlc: SQL as we write it and what becomes of it.
 *
 * sqlc_text.c  translates SQL to an engine's and keeps the place of every byte
 * sqlc_read.c  reads a queries.sql
 * sqlc_check.c prepares each statement on the schema and applies the office rule (one_office.h)
 * sqlc_emit.c  writes the C
 * sqlc_list.c  writes the list of tables and columns
 */
#ifndef WHS_TOOLS_SQLC_H
#define WHS_TOOLS_SQLC_H

#include <sqlite3.h>

#include "tool.h"

struct type {
    const char *name, *sqlite, *postgres, *postgres_column, *c;
    char letter;
    bool text;                                   /* crosses as sql_value.s, else as .i */
};

const struct type *type_find(struct str name);

enum engine { SQLITE, POSTGRES, NAMED };         /* NAMED: types by their own names, for the list of tables */
enum { PARAMS_MAX = 64 };

struct sql {
    struct buf text;
    size_t *from;                                /* for each byte of text: its offset in the source */
    size_t n_from, cap_from;
    bool used[PARAMS_MAX + 1];                   /* $n occurs */
    int params;                                  /* the highest n */
};

#define ALL_OFFICES "-- all offices:"            /* and a reason: the office rule does not hold for this statement */

/* Translates the source from p to end. Comments go, but for "-- whole office: reason" and "-- all offices: reason", which tests
 * look for; so does indentation. */
struct sql translate(const struct source *s, const char *p, const char *end, enum engine engine, bool schema);
bool sql_blank(char c);
const char *line_end(const char *p, const char *end);

__extension__ typedef unsigned __int128 table_set;
enum { TABLES_MAX = 128 };                       /* bits of struct query.reads and .changes */

struct tables {                                  /* by number: in the order in which the migrations make them */
    struct str name[TABLES_MAX];
    int n;
};

struct field {
    struct str name;
    const struct type *type;
    bool null;
};

struct fields {                                  /* becomes a C struct */
    struct str name;                             /* of the struct; n = 0 when there are no fields */
    struct field *f;
    size_t n, cap;
    bool shared;                                 /* written out by an earlier query of the file */
};

enum kind { ONE, MANY, EACH, EXEC };

struct query {
    struct str name, comment;                    /* comment: lines with their "-- " */
    const char *at;
    enum kind kind;
    struct fields in, out;
    struct sql sql[2];
    bool writes;
    table_set reads, changes;                     /* by number of table */
};

struct queries {
    struct source source;
    struct str name;
    struct query *q;
    size_t n, cap;
};

struct queries read_queries(const char *file, struct str name);

/* Names the place of what SQLite refused; `base` is where in q->text the statement begins. */
_Noreturn void fail_sql(sqlite3 *db, const struct source *s, const struct sql *q, size_t base);
void check_query(sqlite3 *db, const struct tables *tables, const struct source *s, struct query *q);

/* db: the schema made from NAMED. */
void put_table_list(struct buf *h, struct buf *c, sqlite3 *db, const struct tables *tables);
void put_sql(struct buf *c, const struct sql *q);
void put_queries(struct buf *h, struct buf *c, const struct queries *all, const struct tables *tables);

#endif
