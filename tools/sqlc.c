/* sqlc migrations OUT.h OUT.c FILE…                                      the schema as a table of steps
 * sqlc queries NAME OUT.h OUT.c FILE --schema MIGRATION…                 one C function for each query of a queries.sql
 *
 * What is written is SQL that SQLite and PostgreSQL 15 both understand; only what differs is rewritten: types named by
 * meaning (@id @int @instant @day @text @bytes @flag, @table_end, @key_order_end) and the spelling of parameters ($1 stays for PostgreSQL
 * and becomes ?1 for SQLite, which would number $1 by first appearance). Every statement is prepared on an in-memory
 * database made from the migrations, so that a misspelt column fails the build. tools/README.md has the format.
 */
#include <stdlib.h>
#include <string.h>

#include "sqlc.h"

struct migration {
    struct source source;
    int version;
    struct str name;
    struct sql sql[3];                           /* by engine */
};

static struct migration read_migration(const char *file, int version)
{
    struct migration m = { .source = source_read(file) };
    struct str name = str_c(base_name(file));
    struct str number = str_sub(name, 0, 4);
    bool good = name.n > 9 && name.p[4] == '_' && str_ends(name, STR(".sql"));
    m.name = good ? str_sub(name, 5, name.n - 9) : STR("");
    m.version = atoi(arena_z(&mem, number));
    if (!good || !is_word(m.name))
        fail("%s: a migration is named NNNN_name.sql", file);
    if (m.version != version)
        fail("%s: the migrations must be numbered without gaps; %04d is expected here", file, version);
    const char *p = m.source.text.p, *end = p + m.source.text.n;
    for (int e = SQLITE; e <= NAMED; e++)
        m.sql[e] = translate(&m.source, p, end, (enum engine)e, true);
    return m;
}

static void run(sqlite3 *db, const struct source *s, const struct sql *q)
{
    const char *p = q->text.p, *rest;
    for (; *p; p = rest) {
        sqlite3_stmt *stmt;
        if (sqlite3_prepare_v2(db, p, -1, &stmt, &rest) != SQLITE_OK)
            fail_sql(db, s, q, (size_t)(p - q->text.p));
        if (stmt && sqlite3_step(stmt) != SQLITE_DONE)
            fail_sql(db, s, q, (size_t)(p - q->text.p));
        sqlite3_finalize(stmt);
    }
}

/* Every key begins with the office, so that one office's rows lie together and a statement can be held to one. */
static void check_keys(sqlite3 *db, const struct migration *m, int n)
{
    sqlite3_stmt *stmt;
    if (sqlite3_prepare_v2(db, "SELECT name FROM sqlite_schema t WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND NOT EXISTS (SELECT 1 FROM "
                               "pragma_table_info(t.name) c WHERE c.pk = 1 AND c.name = CASE t.name WHEN 'office' THEN 'id' ELSE 'office_id' END)",
                           -1, &stmt, NULL) != SQLITE_OK)
        fail("sqlc: %s", sqlite3_errmsg(db));
    if (sqlite3_step(stmt) == SQLITE_ROW) {
        struct str made = arena_printf(&mem, "CREATE TABLE %s (", (const char *)sqlite3_column_text(stmt, 0));
        for (int i = 0; i < n; i++) {
            ptrdiff_t at = str_find(m[i].source.text, made);
            if (at >= 0)
                fail_at(&m[i].source, m[i].source.text.p + at, "the key of a table begins with office_id, that of office with id");
        }
        fail("sqlc: the key of %s does not begin with office_id", (const char *)sqlite3_column_text(stmt, 0));
    }
    sqlite3_finalize(stmt);
}

static sqlite3 *build(const struct migration *m, int n, enum engine engine)
{
    sqlite3 *db;
    if (sqlite3_open(":memory:", &db) != SQLITE_OK)
        fail("sqlc: SQLite does not open a database in memory");
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    for (int i = 0; i < n; i++)
        run(db, &m[i].source, &m[i].sql[engine]);
    return db;
}

static sqlite3 *schema(char **files, int n, struct migration *ret)
{
    for (int i = 0; i < n; i++)
        ret[i] = read_migration(files[i], i + 1);
    sqlite3 *db = build(ret, n, SQLITE);
    check_keys(db, ret, n);
    return db;
}

/* --- tables ---------------------------------------------------------------------------------------------------------------- */

static struct tables read_tables(sqlite3 *db)
{
    struct tables t = { .n = 0 };
    sqlite3_stmt *stmt;
    if (sqlite3_prepare_v2(db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY rowid", -1, &stmt, NULL))
        fail("sqlc: %s", sqlite3_errmsg(db));
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        struct str name = arena_str(&mem, str_c((const char *)sqlite3_column_text(stmt, 0)));
        if (t.n == TABLES_MAX)
            fail("sqlc: %.*s is table %d; what a statement reads and changes is kept in %d bits", STR_ARG(name), t.n + 1, TABLES_MAX);
        t.name[t.n++] = name;
    }
    sqlite3_finalize(stmt);
    return t;
}

static void put_tables(struct buf *h, const struct tables *t)
{
    buf_c(h, "/* Of struct query.reads and .changes: TABLE_SET(number), store/db.h. */\nenum table {\n");
    for (int i = 0; i < t->n; i++)
        buf_printf(h, "    TABLE_%.*s,\n", STR_ARG(upper_name(t->name[i])));
    buf_c(h, "    TABLES\n};\n\n");
}

static int make_migrations(int argc, char **argv)
{
    if (argc < 5)
        fail("usage: sqlc migrations OUT.h OUT.c FILE…");
    int n = argc - 4;
    struct migration *m = arena_array(&mem, struct migration, (size_t)n);
    struct tables tables = read_tables(schema(argv + 4, n, m));
    struct buf h = BUF_INIT, c = BUF_INIT;
    buf_c(&h, "/* Made by tools/sqlc from sql/migrations/. */\n#ifndef WHS_MIGRATIONS_H\n#define WHS_MIGRATIONS_H\n\n#include <stdbool.h>\n\n"
              "struct migration {\n    int version;                                 /* from 1, without gaps */\n"
              "    const char *name;\n    const char *sqlite, *postgres;               /* several statements */\n};\n\n"
              "extern const struct migration migrations[];\nextern const int migrations_count;\n\n");
    put_tables(&h, &tables);
    buf_c(&c, "/* Made by tools/sqlc from sql/migrations/. */\n#include \"migrations.h\"\n\nconst struct migration migrations[] = {\n");
    for (int i = 0; i < n; i++) {
        buf_printf(&c, "    { %d, \"%.*s\",\n", m[i].version, STR_ARG(m[i].name));
        put_sql(&c, &m[i].sql[SQLITE]);
        buf_c(&c, ",\n");
        put_sql(&c, &m[i].sql[POSTGRES]);
        buf_c(&c, " },\n");
    }
    buf_printf(&c, "};\nconst int migrations_count = %d;\n", n);
    put_table_list(&h, &c, build(m, n, NAMED), &tables);
    buf_c(&h, "#endif\n");
    output_write(argv[2], &h);
    output_write(argv[3], &c);
    return 0;
}

static int make_queries(int argc, char **argv)
{
    if (argc < 8 || strcmp(argv[6], "--schema") != 0)
        fail("usage: sqlc queries NAME OUT.h OUT.c FILE --schema MIGRATION…");
    struct migration *m = arena_array(&mem, struct migration, (size_t)argc);
    sqlite3 *db = schema(argv + 7, argc - 7, m);
    struct tables tables = read_tables(db);
    if (!is_word(str_c(argv[2])))
        fail("%s: the folder of a queries.sql is named with small letters", argv[5]);
    struct queries all = read_queries(argv[5], str_c(argv[2]));
    for (size_t i = 0; i < all.n; i++)
        check_query(db, &tables, &all.source, &all.q[i]);
    struct buf h = BUF_INIT, c = BUF_INIT;
    put_queries(&h, &c, &all, &tables);
    output_write(argv[3], &h);
    output_write(argv[4], &c);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "migrations") == 0)
        return make_migrations(argc, argv);
    if (argc > 1 && strcmp(argv[1], "queries") == 0)
        return make_queries(argc, argv);
    fail("usage: sqlc migrations … | sqlc queries …");
}
