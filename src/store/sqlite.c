/* SQLite behind engine.h.
 *
 * One writer connection and many readers on a WAL database. The writer is durable (synchronous=FULL: one sync for each
 * commit); checkpoints are its own business between batches, never a side effect of somebody's commit or close.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "messages.h"
#include "migrations.h"
#include "store/inside.h"
#include "store/crypto.h"

enum {
    APPLICATION_ID = 0x77687331,                 /* "whs1", in the file's header */
    BUSY_MS = 2000,                              /* another process recovers the WAL or is being restored */
    WRITER_CACHE_KB = 8192,
    READER_CACHE_KB = 2048,
    COLUMNS_MAX = 64,
    CACHE_SLOTS = 1024,                          /* a power of two */
    CACHE_FULL = 600,                            /* then all idle statements are dropped; hot ones are soon back */
    TEXTS = 32,
    WAL_IDLE = 1000,                             /* frames (pages) after which an idle writer checkpoints, */
    WAL_BUSY = 4000,                             /* a busy one, */
    WAL_FORCE = 32000,                           /* and one that waits for readers so that the file starts over */
    FORCE_WAIT_MS = 200,
    WAL_KEPT_BYTES = 16 * 1024 * 1024,
    STEP_PAGES = 1024,                           /* of a copy, between two reports of progress */
};

/* A statement in use is out of the cache; a query that runs inside its own rows gets a second one. */
struct cached {
    const struct query *query;
    sqlite3_stmt *stmt;                          /* NULL while in use */
};

struct cached_text {
    struct buf sql;
    sqlite3_stmt *stmt;
    uint64_t used;
};

struct sqlite {
    struct db base;
    sqlite3 *h;
    char *path;
    enum connection as;
    struct cached cache[CACHE_SLOTS];
    int n_cached;
    struct cached_text text[TEXTS];
    uint64_t texts_used;
    int wal_frames;                              /* after the last commit */
    int wal_tried;                               /* frames at the last checkpoint that could not start the file over */
};

static struct sqlite *of(struct db *db) { return (struct sqlite *)db; }

/* --- errors ------------------------------------------------------------------------------------------------------------- */

static void explain(const struct sqlite *d, int rc, const char *what, struct err *err)
{
    const char *path = d->path;
    switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: err_fail(err, ERR_BUSY, M_STORE_DB_BUSY, NULL); break;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT: err_fail(err, ERR_CORRUPT, M_STORE_DAMAGED, NULL, A_C(path)); break;
    case SQLITE_FULL: err_fail(err, ERR_IO, M_STORE_FULL, NULL, A_C(path)); break;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN: err_fail(err, ERR_IO, M_STORE_IO, NULL, A_C(path)); break;
    case SQLITE_READONLY: err_fail(err, ERR_IO, M_STORE_READONLY, NULL, A_C(path)); break;
    case SQLITE_CONSTRAINT: err_fail(err, ERR_CONFLICT, M_STORE_CONSTRAINT, NULL, A_C(what)); break;
    case SQLITE_TOOBIG: err_fail(err, ERR_LIMIT, M_STORE_TOO_BIG, NULL); break;
    case SQLITE_NOMEM:
        fputs("whs: out of memory\n", stderr);
        abort();
    default: err_fail(err, ERR_IO, M_STORE_ENGINE, NULL, A_C(d->h ? sqlite3_errmsg(d->h) : sqlite3_errstr(rc)), A_C(what)); break;
    }
}

static bool fail(struct sqlite *d, int rc, const char *what, struct err *err)
{
    if (!d->base.failed)
        explain(d, rc, what, &d->base.failure);
    d->base.failed = true;
    if (err)
        *err = d->base.failure;
    return false;
}

/* --- values ------------------------------------------------------------------------------------------------------------- */

static int bind(sqlite3_stmt *st, const char *types, const struct sql_value *in)
{
    int rc = SQLITE_OK;
    for (int k = 0; types[k] && rc == SQLITE_OK; k++) {
        const struct sql_value *v = &in[k];
        if (value_is_null(types[k], v))
            rc = sqlite3_bind_null(st, k + 1);
        else if (types[k] == 's' || types[k] == 'S')
            rc = sqlite3_bind_text64(st, k + 1, v->s.p, v->s.n, SQLITE_STATIC, SQLITE_UTF8);
        else if (types[k] == 'b' || types[k] == 'B')
            rc = sqlite3_bind_blob64(st, k + 1, v->s.p, v->s.n, SQLITE_STATIC);
        else
            rc = sqlite3_bind_int64(st, k + 1, v->i);
    }
    return rc;
}

static void read_column(sqlite3_stmt *st, int k, char type, struct sql_value *v)
{
    *v = (struct sql_value){ 0 };
    bool null = type <= 'Z' && sqlite3_column_type(st, k) == SQLITE_NULL;      /* lower case: the query promised a value */
    switch (type) {
    case 's':
    case 'S':
        v->s.p = null ? NULL : (const char *)sqlite3_column_text(st, k);
        break;
    case 'b':
    case 'B':
        v->s.p = null ? NULL : sqlite3_column_blob(st, k);
        if (!null && !v->s.p)
            v->s.p = "";                         /* SQLite gives NULL for an empty blob */
        break;
    default: v->i = null ? null_number(type) : sqlite3_column_int64(st, k); return;
    }
    v->s.n = v->s.p ? (size_t)sqlite3_column_bytes(st, k) : 0;
}

/* --- statements --------------------------------------------------------------------------------------------------------- */

static void cache_drop(struct sqlite *d)
{
    for (int i = 0; i < CACHE_SLOTS; i++)
        sqlite3_finalize(d->cache[i].stmt);
    memset(d->cache, 0, sizeof d->cache);
    d->n_cached = 0;
    for (int i = 0; i < TEXTS; i++) {
        sqlite3_finalize(d->text[i].stmt);
        buf_release(&d->text[i].sql);
        d->text[i] = (struct cached_text){ 0 };
    }
}

static struct cached *slot(struct sqlite *d, const struct query *q)
{
    size_t i = (size_t)((uintptr_t)q / sizeof(void *) * 0x9e3779b97f4a7c15u >> 40);
    for (;; i++) {
        struct cached *c = &d->cache[i % CACHE_SLOTS];
        if (!c->query || c->query == q)
            return c;
    }
}

static int take(struct sqlite *d, const struct query *q, sqlite3_stmt **ret)
{
    struct cached *c = slot(d, q);
    if (c->stmt) {
        *ret = c->stmt;
        c->stmt = NULL;
        return SQLITE_OK;
    }
    return sqlite3_prepare_v3(d->h, q->sqlite, -1, SQLITE_PREPARE_PERSISTENT, ret, NULL);
}

static void give(struct sqlite *d, const struct query *q, sqlite3_stmt *st)
{
    sqlite3_reset(st);
    if (d->n_cached >= CACHE_FULL)
        cache_drop(d);
    struct cached *c = slot(d, q);
    if (c->stmt) {
        sqlite3_finalize(st);
        return;
    }
    d->n_cached += !c->query;
    *c = (struct cached){ q, st };
}

static int take_text(struct sqlite *d, struct str sql, sqlite3_stmt **ret)
{
    for (int i = 0; i < TEXTS; i++) {
        struct cached_text *c = &d->text[i];
        if (c->stmt && str_eq(buf_view(&c->sql), sql)) {
            *ret = c->stmt;
            c->stmt = NULL;
            return SQLITE_OK;
        }
    }
    return sqlite3_prepare_v3(d->h, sql.p, (int)sql.n, 0, ret, NULL);
}

static void give_text(struct sqlite *d, struct str sql, sqlite3_stmt *st)
{
    sqlite3_reset(st);
    struct cached_text *oldest = &d->text[0];
    for (int i = 0; i < TEXTS && oldest->stmt; i++)
        if (!d->text[i].stmt || d->text[i].used < oldest->used)
            oldest = &d->text[i];
    sqlite3_finalize(oldest->stmt);
    buf_clear(&oldest->sql);
    buf_str(&oldest->sql, sql);
    oldest->stmt = st;
    oldest->used = ++d->texts_used;
}

/* Steps to the end. Counts what changed, also for statements that return rows (RETURNING). */
static bool run(struct sqlite *d, sqlite3_stmt *st, const char *what, const char *in_types, const char *out_types,
                const struct sql_value *in, db_row *row, void *ctx, int64_t *changed, struct err *err)
{
    size_t columns = strlen(out_types);
    int rc = columns > COLUMNS_MAX ? SQLITE_MISUSE : bind(st, in_types, in);
    if (rc != SQLITE_OK)
        return fail(d, rc, what, err);
    int64_t before = sqlite3_total_changes64(d->h);
    bool ok = true, stop = false;
    struct sql_value out[COLUMNS_MAX];
    while (ok && !stop && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        for (size_t k = 0; k < columns; k++)
            read_column(st, (int)k, out_types[k], &out[k]);
        if (row)
            ok = row(ctx, out, &stop, err);
    }
    if (ok && !stop && rc != SQLITE_DONE)
        ok = fail(d, rc, what, err);
    int64_t n = 0;
    if (!sqlite3_stmt_readonly(st)) {            /* also what a refused row left behind: the queue must know that something was written */
        sqlite3_reset(st);                       /* a stopped RETURNING counts its changes only now */
        n = sqlite3_total_changes64(d->h) - before;
        d->base.changed += n;
    }
    if (changed)
        *changed = n;
    return ok;
}

static bool sqlite_each_or_exec(struct db *db, const struct query *q, const struct sql_value *in, db_row *row, void *ctx,
                                int64_t *changed, struct err *err)
{
    struct sqlite *d = of(db);
    sqlite3_stmt *st;
    int rc = d->h ? take(d, q, &st) : SQLITE_CANTOPEN;
    if (rc != SQLITE_OK)
        return fail(d, rc, q->name, err);
    bool ok = run(d, st, q->name, q->in, q->out, in, row, ctx, changed, err);
    give(d, q, st);
    return ok;
}

static bool sqlite_exec(struct db *db, const struct query *q, const struct sql_value *in, int64_t *changed, struct err *err)
{
    return sqlite_each_or_exec(db, q, in, NULL, NULL, changed, err);
}

static bool sqlite_each(struct db *db, const struct query *q, const struct sql_value *in, db_row *row, void *ctx, struct err *err)
{
    return sqlite_each_or_exec(db, q, in, row, ctx, NULL, err);
}

static bool sqlite_each_text(struct db *db, struct str sql, const char *in_types, const char *out_types, const struct sql_value *in,
                             db_row *row, void *ctx, struct err *err)
{
    struct sqlite *d = of(db);
    sqlite3_stmt *st;
    int rc = d->h ? take_text(d, sql, &st) : SQLITE_CANTOPEN;
    if (rc != SQLITE_OK)
        return fail(d, rc, "text", err);
    bool ok = run(d, st, "text", in_types, out_types, in, row, ctx, NULL, err);
    give_text(d, sql, st);
    return ok;
}

static bool sqlite_exec_text(struct db *db, struct str sql, const char *in_types, const struct sql_value *in, int64_t *changed, struct err *err)
{
    struct sqlite *d = of(db);
    sqlite3_stmt *st;
    int rc = d->h ? take_text(d, sql, &st) : SQLITE_CANTOPEN;
    if (rc != SQLITE_OK)
        return fail(d, rc, "text", err);
    bool ok = run(d, st, "text", in_types, "", in, NULL, NULL, changed, err);
    give_text(d, sql, st);
    return ok;
}

/* --- connections -------------------------------------------------------------------------------------------------------- */

static int wal_hook(void *ctx, sqlite3 *h, const char *schema, int frames)
{
    struct sqlite *d = ctx;
    d->base.syncs += 1 + (frames < d->wal_frames || !d->wal_frames);       /* a file started over syncs its header too */
    if (frames < d->wal_frames)
        d->wal_tried = 0;
    d->wal_frames = frames;
    return SQLITE_OK;
}

static bool script(struct sqlite *d, const char *sql, struct err *err)
{
    int rc = sqlite3_exec(d->h, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK || fail(d, rc, sql, err);
}

static bool number(struct sqlite *d, const char *sql, int *ret, struct err *err)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(d->h, sql, -1, &st, NULL);
    if (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        *ret = sqlite3_column_int(st, 0);
        rc = SQLITE_OK;
    }
    sqlite3_finalize(st);
    return rc == SQLITE_OK || fail(d, rc, sql, err);
}

static bool prepare_create(struct sqlite *d, struct err *err)
{
    char sql[160];
    snprintf(sql, sizeof sql, "PRAGMA synchronous=FULL; PRAGMA application_id=%d; PRAGMA journal_mode=WAL", APPLICATION_ID);
    return script(d, sql, err);
}

static bool prepare_use(struct sqlite *d, struct err *err)
{
    int id = 0;
    char sql[400];
    bool write = d->as == CONNECT_WRITE;
    if (!number(d, "PRAGMA application_id", &id, err))
        return false;
    if (id != APPLICATION_ID)
        return err_fail(err, ERR_CORRUPT, M_STORE_NOT_OURS, NULL, A_C(d->path));
    sqlite3_wal_hook(d->h, wal_hook, d);         /* takes the place of automatic checkpoints */
    /* secure_delete=FAST: an overwritten data key leaves no copy in its page's free space */
    snprintf(sql, sizeof sql, "PRAGMA synchronous=FULL; PRAGMA cache_size=-%d; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0;"
             "PRAGMA journal_size_limit=%d; PRAGMA secure_delete=FAST; PRAGMA query_only=%d%s",
             write ? WRITER_CACHE_KB : READER_CACHE_KB, WAL_KEPT_BYTES, !write, write ? "; PRAGMA journal_mode=WAL" : "");
    return script(d, sql, err);
}

/* Made here so that nobody but its owner can read it; the log and its index take the mode of the file. */
static bool file_make(struct sqlite *d, struct err *err)
{
    int fd = open(d->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail_file(err, d->path);
    close(fd);
    return true;
}

static bool connection_open(struct sqlite *d, struct err *err)
{
    if (d->as == CONNECT_CREATE && !file_make(d, err))
        return false;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (access(d->path, F_OK) != 0)
        return err_fail(err, ERR_NOT_FOUND, M_STORE_MISSING, NULL, A_C(d->path));
    int rc = sqlite3_open_v2(d->path, &d->h, flags, d->base.store->vfs);
    if (rc != SQLITE_OK)
        return fail(d, rc, "open", err);
    sqlite3_busy_timeout(d->h, BUSY_MS);
    if (d->as == CONNECT_CREATE)
        return prepare_create(d, err);
    sqlite3_db_config(d->h, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    return prepare_use(d, err);
}

static void connection_close(struct sqlite *d)
{
    cache_drop(d);
    sqlite3_close(d->h);
    d->h = NULL;
}

static void sqlite_disconnect(struct db *db)
{
    struct sqlite *d = of(db);
    connection_close(d);
    crypto_free(db->crypto);
    free(d->path);
    free(d);
}

/* Once per process, before the first connection: SQLite's own count of its memory costs a lock around every allocation. */
static void settle_library(void) { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

static bool sqlite_connect(struct store *s, const char *path, enum connection as, struct db **ret, struct err *err)
{
    static pthread_once_t settled = PTHREAD_ONCE_INIT;
    pthread_once(&settled, settle_library);
    struct sqlite *d = xcalloc(1, sizeof *d);
    d->base.engine = &engine_sqlite;
    d->base.store = s;
    d->as = as;
    d->path = xstrndup(path, strlen(path));
    if (!connection_open(d, err)) {
        sqlite_disconnect(&d->base);
        return false;
    }
    *ret = &d->base;
    return true;
}

static bool sqlite_reconnect(struct db *db, struct err *err)
{
    struct sqlite *d = of(db);
    connection_close(d);
    db->failed = false;
    d->wal_frames = d->wal_tried = 0;
    if (connection_open(d, err))
        return true;
    connection_close(d);
    return false;
}

/* --- transactions ------------------------------------------------------------------------------------------------------- */

static const struct query BEGIN_WRITE = { .name = "begin", .sqlite = "BEGIN IMMEDIATE", .in = "", .out = "" };
static const struct query BEGIN_READ = { .name = "begin", .sqlite = "BEGIN", .in = "", .out = "" };
static const struct query COMMIT = { .name = "commit", .sqlite = "COMMIT", .in = "", .out = "" };

static bool sqlite_begin(struct db *db, bool write, struct err *err)
{
    db->failed = false;
    return sqlite_exec(db, write ? &BEGIN_WRITE : &BEGIN_READ, NULL, NULL, err);
}

static enum commit sqlite_commit(struct db *db, struct err *err)
{
    struct sqlite *d = of(db);
    if (sqlite3_get_autocommit(d->h)) {          /* an earlier error rolled back by itself */
        fail(d, SQLITE_IOERR, "commit", err);
        return COMMIT_NONE;
    }
    if (sqlite_exec(db, &COMMIT, NULL, NULL, err))
        return COMMIT_DONE;
    return COMMIT_UNKNOWN;
}

static void sqlite_rollback(struct db *db)
{
    struct sqlite *d = of(db);
    if (d->h && !sqlite3_get_autocommit(d->h))
        sqlite3_exec(d->h, "ROLLBACK", NULL, NULL, NULL);
}

static bool sqlite_version(struct db *db, int *ret, struct err *err) { return number(of(db), "PRAGMA user_version", ret, err); }

static bool sqlite_migrate(struct db *db, int n, struct err *err)
{
    struct sqlite *d = of(db);
    char set[48];
    snprintf(set, sizeof set, "PRAGMA user_version=%d", n + 1);
    if (sqlite_begin(db, true, err) && script(d, migrations[n].sqlite, err) && script(d, set, err) &&
        sqlite_commit(db, err) == COMMIT_DONE)
        return true;
    sqlite_rollback(db);
    return false;
}

/* --- housekeeping ------------------------------------------------------------------------------------------------------- */

/* PASSIVE never waits for readers; once it has copied everything, the next commit starts the file over by itself unless a
 * reader still stands in it. Only when readers kept the file growing for long does the writer wait for them a moment. */
static bool checkpoint(struct sqlite *d, int mode, int wait_ms)
{
    int frames = 0, copied = 0;
    sqlite3_busy_timeout(d->h, wait_ms);
    bool ok = sqlite3_wal_checkpoint_v2(d->h, NULL, mode, &frames, &copied) == SQLITE_OK;
    if (ok && copied > 0)
        d->base.syncs += 2;                      /* the log, then the database */
    sqlite3_busy_timeout(d->h, BUSY_MS);
    d->wal_tried = d->wal_frames;
    if (ok && mode == SQLITE_CHECKPOINT_TRUNCATE)
        d->wal_frames = d->wal_tried = 0;
    return ok;
}

static bool sqlite_tend(struct db *db, bool idle, bool erase)
{
    struct sqlite *d = of(db);
    if (!d->h)
        return false;
    int grown = d->wal_frames - d->wal_tried;
    if (erase)
        return checkpoint(d, SQLITE_CHECKPOINT_TRUNCATE, 0);
    if (d->wal_frames >= WAL_FORCE && grown >= WAL_BUSY)
        checkpoint(d, SQLITE_CHECKPOINT_RESTART, FORCE_WAIT_MS);
    else if (grown >= (idle ? WAL_IDLE : WAL_BUSY))
        checkpoint(d, SQLITE_CHECKPOINT_PASSIVE, 0);
    return true;
}

bool sqlite_check(struct db *db, store_progress *progress, void *ctx, struct err *err)
{
    struct sqlite *d = of(db);
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(d->h, "PRAGMA integrity_check(1)", -1, &st, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(st);
    bool sound = rc == SQLITE_ROW && strcmp((const char *)sqlite3_column_text(st, 0), "ok") == 0;
    sqlite3_finalize(st);
    if (!sound)
        return rc == SQLITE_ROW ? err_fail(err, ERR_CORRUPT, M_STORE_DAMAGED, NULL, A_C(d->path)) : fail(d, rc, "check", err);
    return !progress || progress(ctx, 1, 0) || err_fail(err, ERR_BUSY, M_STORE_STOPPED, NULL);
}

static bool copy_steps(struct sqlite *d, sqlite3 *to, store_progress *progress, void *ctx, struct err *err)
{
    sqlite3_backup *b = sqlite3_backup_init(to, "main", d->h, "main");
    if (!b)
        return fail(d, sqlite3_errcode(to), "copy", err);
    int rc;
    bool go_on = true;
    do {
        rc = sqlite3_backup_step(b, STEP_PAGES);
        int64_t total = sqlite3_backup_pagecount(b);
        if (progress && (rc == SQLITE_OK || rc == SQLITE_DONE))
            go_on = progress(ctx, total - sqlite3_backup_remaining(b), total);
    } while (rc == SQLITE_OK && go_on);
    sqlite3_backup_finish(b);
    if (!go_on)
        return err_fail(err, ERR_BUSY, M_STORE_STOPPED, NULL);
    return rc == SQLITE_DONE || fail(d, rc, "copy", err);
}

/* The read transaction is opened before the copy and held over all its steps: so it is one snapshot however long it takes,
 * and a commit in between does not make it begin again. The journal of the new file is off: it is nobody's yet. */
bool sqlite_copy(struct db *db, const char *file, store_progress *progress, void *ctx, struct err *err)
{
    struct sqlite *d = of(db);
    int pages;
    sqlite3 *to = NULL;
    int rc = sqlite3_open_v2(file, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, d->base.store->vfs);
    bool ok = (rc == SQLITE_OK || fail(d, rc, "copy", err)) && sqlite_begin(db, false, err);
    if (ok) {
        sqlite3_exec(to, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF", NULL, NULL, NULL);
        ok = number(d, "SELECT count(*) FROM sqlite_schema", &pages, err) && copy_steps(d, to, progress, ctx, err);
        sqlite_rollback(db);
        sqlite3_exec(to, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL);          /* one file that can be read where nothing can be written */
    }
    sqlite3_close(to);
    return ok;
}

const struct engine engine_sqlite = {
    .like = "LIKE",
    .create = sqlite_create,
    .open = sqlite_open,
    .close = sqlite_close,
    .backup = sqlite_backup,
    .restore = sqlite_restore,
    .connect = sqlite_connect,
    .reconnect = sqlite_reconnect,
    .disconnect = sqlite_disconnect,
    .exec = sqlite_exec,
    .each = sqlite_each,
    .each_text = sqlite_each_text,
    .exec_text = sqlite_exec_text,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .version = sqlite_version,
    .migrate = sqlite_migrate,
    .tend = sqlite_tend,
};
