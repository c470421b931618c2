/* Which engine a test program runs on (WHS_TEST_ENGINE; SQLite when it is not set), and its databases as seen beside the store: made, dropped, asked and
 * tampered with by SQL that both engines understand. On PostgreSQL they lie in the cluster of WHS_TEST_PG (tests/postgres.js) and have a zeroblob(). */
#ifndef WHS_TESTS_ENGINE_H
#define WHS_TESTS_ENGINE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ENGINE_FN static __attribute__((unused))
enum { ENGINE_URL_MAX = 256 };

ENGINE_FN bool on_postgres(void)
{
    const char *engine = getenv("WHS_TEST_ENGINE");
    return engine && strcmp(engine, "postgres") == 0;
}

/* What only SQLite has is not tried elsewhere: in a test, before anything else, with the reason. */
#define ONLY_SQLITE(why) \
    do { \
        if (on_postgres()) { \
            print_message("# only SQLite: %s\n", why); \
            skip(); \
        } \
    } while (0)

/* The cluster's URL with a database put in: postgresql:///NAME?host=… */
ENGINE_FN void engine_url(char *url, const char *name)
{
    static const char SCHEME[] = "postgresql:///";
    const char *cluster = getenv("WHS_TEST_PG");
    if (!cluster || strncmp(cluster, SCHEME, sizeof SCHEME - 1) != 0)
        fail_msg("WHS_TEST_PG is not set: node tests/postgres.js PROGRAM");
    else
        assert_in_range(snprintf(url, ENGINE_URL_MAX, "%s%s%s", SCHEME, name, cluster + sizeof SCHEME - 1), 1, ENGINE_URL_MAX - 1);
}

ENGINE_FN void engine_no_notice(void *ctx, const char *message) {}

ENGINE_FN PGconn *engine_connect(const char *url)
{
    PGconn *c = PQconnectdb(url);
    if (PQstatus(c) != CONNECTION_OK)
        fail_msg("%s: %s", url, PQerrorMessage(c));
    PQsetNoticeProcessor(c, engine_no_notice, NULL);
    return c;
}

/* --- SQL beside the store ------------------------------------------------------------------------------------------------- */

/* Calls row(), which may be NULL, with the first column of each row, as a number or as bytes; returns how many rows were changed by the last statement. */
typedef void engine_row(void *ctx, int64_t n, const void *bytes, size_t n_bytes);

ENGINE_FN int64_t sql_on_sqlite(const char *path, const char *sql, engine_row *row, void *ctx)
{
    sqlite3 *h;
    sqlite3_stmt *st;
    int r = SQLITE_ROW;
    assert_int_equal(sqlite3_open(path, &h), SQLITE_OK);
    sqlite3_db_config(h, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);            /* the log stays as it is */
    for (const char *rest = sql; *rest; ) {
        if (sqlite3_prepare_v2(h, rest, -1, &st, &rest) != SQLITE_OK)
            fail_msg("%s: %s", sql, sqlite3_errmsg(h));
        while (st && (r = sqlite3_step(st)) == SQLITE_ROW)
            if (row)
                row(ctx, sqlite3_column_int64(st, 0), sqlite3_column_blob(st, 0), (size_t)sqlite3_column_bytes(st, 0));
        if (st && r != SQLITE_DONE)
            fail_msg("%s: %s", sql, sqlite3_errmsg(h));
        sqlite3_finalize(st);
    }
    int64_t changed = sqlite3_changes(h);
    sqlite3_close(h);
    return changed;
}

ENGINE_FN int64_t sql_on_postgres(const char *url, const char *sql, engine_row *row, void *ctx)
{
    PGconn *c = engine_connect(url);
    PGresult *r = PQexec(c, sql);
    if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(c));
    for (int i = 0; row && i < PQntuples(r); i++) {
        const char *text = PQgetvalue(r, i, 0);
        size_t n;
        unsigned char *bytes = PQunescapeBytea((const unsigned char *)text, &n);
        row(ctx, strtoll(text, NULL, 10), bytes, n);
        PQfreemem(bytes);
    }
    int64_t changed = strtoll(PQcmdTuples(r), NULL, 10);
    PQclear(r);
    PQfinish(c);
    return changed;
}

ENGINE_FN int64_t engine_each(const char *url, const char *sql, engine_row *row, void *ctx)
{
    static const char SQLITE[] = "sqlite:";
    return strncmp(url, SQLITE, sizeof SQLITE - 1) == 0 ? sql_on_sqlite(url + sizeof SQLITE - 1, sql, row, ctx) : sql_on_postgres(url, sql, row, ctx);
}

/* Behind the program's back; exactly one row changes. */
ENGINE_FN void engine_tamper(const char *url, const char *sql) { assert_int_equal(engine_each(url, sql, NULL, NULL), 1); }

/* --- databases -------------------------------------------------------------------------------------------------------------- */

ENGINE_FN void engine_admin(const char *verb, const char *name, const char *how)
{
    char url[ENGINE_URL_MAX], sql[160];
    engine_url(url, "postgres");
    if (strcmp(verb, "DROP") == 0)               /* as the superuser: PostgreSQL's own vacuum may be at work in it; of two users the last counts */
        strncat(url, "&user=postgres", sizeof url - strlen(url) - 1);
    snprintf(sql, sizeof sql, "%s DATABASE %s %s", verb, name, how);
    sql_on_postgres(url, sql, NULL, NULL);
}

/* A database that is there and empty on PostgreSQL, to be made by the store on SQLite: its URL. Its files, above all the master key DIR/t.db.key, lie in dir;
 * WHS_KEY names that one on PostgreSQL, for the store that is opened next. */
ENGINE_FN void engine_make(char *url, const char *dir)
{
    static int made;
    char name[48], key[160];
    unsetenv("WHS_KEY");
    if (!on_postgres()) {
        snprintf(url, ENGINE_URL_MAX, "sqlite:%s/t.db", dir);
        return;
    }
    snprintf(name, sizeof name, "t_%d_%d", (int)getpid(), ++made);
    snprintf(key, sizeof key, "%s/t.db.key", dir);
    setenv("WHS_KEY", key, 1);
    engine_admin("CREATE", name, "TEMPLATE template0");    /* nobody is ever connected to that one */
    engine_url(url, name);
    sql_on_postgres(url, "CREATE FUNCTION zeroblob(n BIGINT) RETURNS BYTEA LANGUAGE sql IMMUTABLE AS 'SELECT decode(repeat(''00'', n::int), ''hex'')'", NULL, NULL);
}

/* On SQLite the folder goes with everything in it. */
ENGINE_FN void engine_drop(const char *url, const char *dir)
{
    char name[48] = "", cmd[128];
    if (sscanf(url, "postgresql:///%47[^?]", name) == 1)
        engine_admin("DROP", name, "WITH (FORCE)");
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", dir);
    assert_int_equal(system(cmd), 0);
}

#endif
