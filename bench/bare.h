/* What the bare programs share: plain sqlite3 or plain libpq behind the same few functions, clocks, and nothing of the house but the schema. They say
 * what an engine alone costs, so that the figures of whs can be held against something. Included by bench/bare_*.c.
 *
 * Statements are written with $1, $2 … in the order of their first appearance, which both engines then number alike. libpq stays in pipeline mode:
 * put() and rows() only send, flush() waits for all that was sent; sqlite3 does each at once.
 */
#ifndef WHS_BENCH_BARE_H
#define WHS_BENCH_BARE_H

#include <fcntl.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <time.h>

#include "base/clock.h"
#include "cpu.h"

#define BARE static __attribute__((unused))

enum { PARAMS_MAX = 40, STATEMENTS_MAX = 40 };

static sqlite3 *lite;                            /* one of the two is there */
static PGconn *pg;
static int postmaster;
static int64_t rows_read, bytes_read;
static int made;                                 /* prepared statements */

struct statement {
    sqlite3_stmt *lite;
    char name[8];
};

BARE int64_t clock_us(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}
BARE int64_t wall_us(void) { return clock_us(CLOCK_MONOTONIC); }
BARE double own_us(void) { return (double)clock_us(CLOCK_PROCESS_CPUTIME_ID); }
BARE double family_us(void) { return pg ? (double)cpu_family_ns(postmaster) / 1e3 : 0; }

BARE int by_size(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

BARE void die(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, pg ? PQerrorMessage(pg) : lite ? sqlite3_errmsg(lite) : "");
    exit(1);
}

/* --- sqlite3 ---------------------------------------------------------------------------------------------------------------- */

/* i: int64_t, s: const char *, b: 32 bytes, 0: NULL */
BARE void lite_bind(sqlite3_stmt *st, const char *types, va_list ap)
{
    for (int k = 1; *types; types++, k++)
        switch (*types) {
        case 'i': sqlite3_bind_int64(st, k, va_arg(ap, int64_t)); break;
        case 's': sqlite3_bind_text(st, k, va_arg(ap, const char *), -1, SQLITE_STATIC); break;
        case 'b': sqlite3_bind_blob(st, k, va_arg(ap, const void *), 32, SQLITE_STATIC); break;
        default: sqlite3_bind_null(st, k);
        }
}

/* Reads all rows; the first number of the first row. */
BARE int64_t lite_run(sqlite3_stmt *st)
{
    int64_t first = 0;
    int rc, n = 0;
    for (; (rc = sqlite3_step(st)) == SQLITE_ROW; n++) {
        if (n == 0)
            first = sqlite3_column_int64(st, 0);
        for (int k = 0; k < sqlite3_column_count(st); k++)
            if (sqlite3_column_type(st, k) == SQLITE_TEXT && sqlite3_column_text(st, k))
                bytes_read += sqlite3_column_bytes(st, k);
    }
    if (rc != SQLITE_DONE)
        die(sqlite3_sql(st));
    rows_read += n;
    sqlite3_reset(st);
    return first;
}

/* --- libpq ------------------------------------------------------------------------------------------------------------------ */

BARE int64_t read_be(const char *p, int n)
{
    int64_t v = 0;
    for (int i = 0; i < n; i++)
        v = (int64_t)((uint64_t)v << 8 | (unsigned char)p[i]);
    return v;
}

/* Reads all that was sent, up to the sync; the first number of the last statement's first row. */
BARE int64_t pg_flush(void)
{
    int64_t first = 0;
    if (!PQpipelineSync(pg))
        die("sync");
    for (bool synced = false; !synced;) {
        PGresult *r = PQgetResult(pg);
        if (!r)
            continue;
        ExecStatusType s = PQresultStatus(r);
        synced = s == PGRES_PIPELINE_SYNC;
        if (s != PGRES_TUPLES_OK && s != PGRES_COMMAND_OK && !synced)
            die(PQresultErrorMessage(r));
        int n = PQntuples(r);
        rows_read += n;
        if (n)
            first = read_be(PQgetvalue(r, 0, 0), PQgetlength(r, 0, 0));
        for (int i = 0; i < n; i++)
            for (int k = 0; k < PQnfields(r); k++)
                if (PQftype(r, k) == 25)
                    bytes_read += PQgetlength(r, i, k);
        PQclear(r);
    }
    return first;
}

BARE void pg_send(const char *name, const char *types, va_list ap)
{
    const char *value[PARAMS_MAX];
    int length[PARAMS_MAX], format[PARAMS_MAX], n = 0;
    char number[PARAMS_MAX][8];
    for (; types[n]; n++) {
        int64_t v = types[n] == 'i' ? va_arg(ap, int64_t) : 0;
        for (int i = 0; i < 8; i++)
            number[n][i] = (char)((uint64_t)v >> (56 - 8 * i));
        value[n] = types[n] == 'i' ? number[n] : types[n] == '0' ? NULL : va_arg(ap, const char *);
        length[n] = types[n] == 'i' ? 8 : types[n] == 'b' ? 32 : value[n] ? (int)strlen(value[n]) : 0;
        format[n] = 1;
    }
    if (!PQsendQueryPrepared(pg, name, n, value, length, format, 1))
        die(name);
}

/* --- either ----------------------------------------------------------------------------------------------------------------- */

BARE struct statement prepared(const char *sql)
{
    struct statement st = { 0 };
    snprintf(st.name, sizeof st.name, "s%d", made++);
    if (lite && sqlite3_prepare_v3(lite, sql, -1, SQLITE_PREPARE_PERSISTENT, &st.lite, NULL) != SQLITE_OK)
        die(sql);
    if (pg && !PQsendPrepare(pg, st.name, sql, 0, NULL))
        die(sql);
    if (pg)
        pg_flush();
    return st;
}

/* Nobody waits for its rows, if it has any; flush() reads them. */
BARE void put(const struct statement *st, const char *types, ...)
{
    va_list ap;
    va_start(ap, types);
    if (pg) {
        pg_send(st->name, types, ap);
    } else {
        lite_bind(st->lite, types, ap);
        lite_run(st->lite);
    }
    va_end(ap);
}

BARE void flush(void)
{
    if (pg)
        pg_flush();
}

/* The first number of the first row. */
BARE int64_t ask(const struct statement *st, const char *types, ...)
{
    va_list ap;
    va_start(ap, types);
    int64_t first;
    if (pg) {
        pg_send(st->name, types, ap);
        first = pg_flush();
    } else {
        lite_bind(st->lite, types, ap);
        first = lite_run(st->lite);
    }
    va_end(ap);
    return first;
}

BARE void script(const char *sql)
{
    PGresult *r = NULL;
    if (lite ? sqlite3_exec(lite, sql, NULL, NULL, NULL) != SQLITE_OK
             : !(PQexitPipelineMode(pg), r = PQexec(pg, sql)) || PQresultStatus(r) == PGRES_FATAL_ERROR)
        die(sql);
    PQclear(r);
    if (pg)
        PQenterPipelineMode(pg);
}

BARE int64_t number(const char *sql)
{
    struct statement st = prepared(sql);
    int64_t v = ask(&st, "");
    sqlite3_finalize(st.lite);
    return v;
}

/* As whs opens them: the same settings, the same fixed plans. */
BARE void bare_open(const char *url)
{
    if (strncmp(url, "sqlite:", 7) == 0) {
        if (sqlite3_open_v2(url + 7, &lite, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
            die(url);
        script("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-8192; PRAGMA temp_store=MEMORY;"
               "PRAGMA journal_size_limit=16777216; PRAGMA wal_autocheckpoint=4000");
        return;
    }
    pg = PQconnectdb(url);
    if (PQstatus(pg) != CONNECTION_OK)
        die(url);
    PQenterPipelineMode(pg);
    script("SET plan_cache_mode = force_generic_plan; SET jit = off; SET enable_seqscan = off; SET enable_bitmapscan = off;"
           "SET enable_hashjoin = off; SET enable_mergejoin = off; SET join_collapse_limit = 1");
    postmaster = cpu_parent((int)number("SELECT pg_backend_pid()"), NULL);
}

BARE void bare_close(struct statement *st, int n)
{
    for (int i = 0; i < n; i++)
        sqlite3_finalize(st[i].lite);
    if (lite)
        sqlite3_db_config(lite, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_close(lite);
    PQfinish(pg);
}

#endif
