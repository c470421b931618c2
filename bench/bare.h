/* What the bare programs share: plain sqlite3, a clock, and nothing of the house but the schema and struct buf. They say what the engine
 * alone costs, so that the figures of whs can be held against something. Included by bench/bare_*.c. */
#ifndef WHS_BENCH_BARE_H
#define WHS_BENCH_BARE_H

#include <fcntl.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

#define BARE static __attribute__((unused))

BARE int64_t clock_us(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}
BARE int64_t cpu_us(void) { return clock_us(CLOCK_PROCESS_CPUTIME_ID); }
BARE int64_t wall_us(void) { return clock_us(CLOCK_MONOTONIC); }

BARE int by_size(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

BARE void die(sqlite3 *h, const char *what)
{
    fprintf(stderr, "%s: %s\n", what, h ? sqlite3_errmsg(h) : "");
    exit(1);
}

BARE void script(sqlite3 *h, const char *sql)
{
    if (sqlite3_exec(h, sql, NULL, NULL, NULL) != SQLITE_OK)
        die(h, sql);
}

BARE sqlite3_stmt *prepared(sqlite3 *h, const char *sql)
{
    sqlite3_stmt *st;
    if (sqlite3_prepare_v3(h, sql, -1, SQLITE_PREPARE_PERSISTENT, &st, NULL) != SQLITE_OK)
        die(h, sql);
    return st;
}

/* i: int64_t, s: const char *, b: 32 bytes, 0: NULL */
BARE void bind(sqlite3_stmt *st, const char *types, va_list ap)
{
    for (int k = 1; *types; types++, k++)
        switch (*types) {
        case 'i': sqlite3_bind_int64(st, k, va_arg(ap, int64_t)); break;
        case 's': sqlite3_bind_text(st, k, va_arg(ap, const char *), -1, SQLITE_STATIC); break;
        case 'b': sqlite3_bind_blob(st, k, va_arg(ap, const void *), 32, SQLITE_STATIC); break;
        default: sqlite3_bind_null(st, k);
        }
}

/* Runs a statement without rows, or takes the first number of the first row. */
BARE int64_t put(sqlite3_stmt *st, const char *types, ...)
{
    va_list ap;
    va_start(ap, types);
    bind(st, types, ap);
    va_end(ap);
    int rc = sqlite3_step(st);
    int64_t first = rc == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
    if (rc == SQLITE_ROW)
        rc = sqlite3_step(st);
    if (rc != SQLITE_DONE)
        die(sqlite3_db_handle(st), sqlite3_sql(st));
    sqlite3_reset(st);
    return first;
}

BARE int64_t ask(sqlite3 *h, const char *sql)
{
    sqlite3_stmt *st = prepared(h, sql);
    int64_t v = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
    sqlite3_finalize(st);
    return v;
}

/* What one durable sync of this disk costs: the median of 50 appended pages beside the file. */
BARE int64_t sync_us(const char *beside)
{
    char path[512], page[4096] = { 1 };
    int64_t took[50];
    snprintf(path, sizeof path, "%s.sync", beside);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    for (int i = 0; i < 50; i++) {
        int64_t start = wall_us();
        if (fd < 0 || write(fd, page, sizeof page) != sizeof page || fdatasync(fd) != 0)
            die(NULL, path);
        took[i] = wall_us() - start;
    }
    close(fd);
    unlink(path);
    qsort(took, 50, sizeof *took, by_size);
    return took[25];
}

#endif
