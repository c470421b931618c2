/* PostgreSQL behind engine.h: connections, statements, transactions. postgres.h tells how statements are sent ahead of their outcome. */
#include "store/postgres.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "messages.h"
#include "store/crypto.h"

enum {
    COLUMNS_MAX = 64,
    INT8 = 20, BYTEA = 17, TEXT = 25, INT8_ARRAY = 1016, TEXT_ARRAY = 1009, BYTEA_ARRAY = 1001,    /* types, by their numbers in every PostgreSQL */
    FIRST_COUNT = 2000,                          /* rows changed before the planner's figures are first asked for */
    FIRST_REPLAN = 256,                          /* rows changed, or transactions begun, before plans are first made anew */
};

static struct pg *of(struct db *db) { return (struct pg *)db; }

static bool fail(struct pg *d, const struct err *why, struct err *err)
{
    if (!d->base.failed)
        d->base.failure = *why;
    d->base.failed = true;
    if (err)
        *err = d->base.failure;
    return false;
}

static bool fail_gone(struct pg *d, struct err *err)
{
    struct err why;
    err_fail(&why, ERR_BUSY, M_STORE_PG_GONE, NULL, A_C(d->base.store->path));
    return fail(d, &why, err);
}

static bool good(const struct pg *d) { return d->c && !d->lost && PQstatus(d->c) == CONNECTION_OK; }

/* --- values ------------------------------------------------------------------------------------------------------------- */

static int64_t read_be(const char *p, int n)
{
    int64_t v = n && (p[0] & 0x80) ? -1 : 0;
    for (int i = 0; i < n; i++)
        v = (int64_t)((uint64_t)v << 8 | (unsigned char)p[i]);
    return v;
}

static void read_column(const PGresult *r, int row, int k, char type, struct sql_value *v)
{
    *v = (struct sql_value){ 0 };
    bool text = type == 's' || type == 'S' || type == 'b' || type == 'B';
    if (PQgetisnull(r, row, k)) {
        v->i = text ? 0 : null_number(type);
        return;
    }
    const char *p = PQgetvalue(r, row, k);
    int n = PQgetlength(r, row, k);
    if (text)
        v->s = str_n(p, (size_t)n);
    else
        v->i = read_be(p, n);
}

struct params {
    int n;
    const char *value[COLUMNS_MAX];
    int length[COLUMNS_MAX], format[COLUMNS_MAX];
    char number[COLUMNS_MAX][8];
};

static void params_fill(struct params *p, const char *types, const struct sql_value *in)
{
    for (p->n = 0; types[p->n]; p->n++) {
        int k = p->n;
        const struct sql_value *v = &in[k];
        bool text = strchr("sSbB123", types[k]) != NULL;
        p->format[k] = 1;
        p->length[k] = text ? (int)v->s.n : 8;
        p->value[k] = value_is_null(types[k], v) ? NULL : text ? v->s.p : p->number[k];
        for (int i = 0; !text && i < 8; i++)
            p->number[k][i] = (char)((uint64_t)v->i >> (56 - 8 * i));
    }
}

static Oid oid_of(char type)
{
    switch (type) {
    case 's':
    case 'S': return TEXT;
    case 'b':
    case 'B': return BYTEA;
    case ARRAY_INT: return INT8_ARRAY;
    case ARRAY_TEXT: return TEXT_ARRAY;
    case ARRAY_BYTES: return BYTEA_ARRAY;
    default: return INT8;
    }
}

static void types_fill(Oid *ret, const char *types)
{
    for (int k = 0; types[k]; k++)
        ret[k] = oid_of(types[k]);
}

/* --- reading outcomes ----------------------------------------------------------------------------------------------------- */

static void note(struct pg *d, const char *what, bool *prepared)
{
    d->sent[(d->first + d->n_sent++) % PG_SENT_MAX] = (struct pg_sent){ what, prepared };
}

/* Waits for the next outcome. When it does not come in time the connection is cut, and so found by whoever reads. */
static void wait_outcome(struct pg *d)
{
    while (d->until && PQisBusy(d->c)) {
        int64_t left = (d->until - clock_real.mono_us(&clock_real)) / 1000;
        struct pollfd p = { .fd = PQsocket(d->c), .events = POLLIN };
        if (left <= 0)
            shutdown(p.fd, SHUT_RDWR);
        if ((left <= 0 || poll(&p, 1, (int)left) > 0) && !PQconsumeInput(d->c))
            return;
    }
}

/* Takes the oldest from the ring; its name, NULL for a sync. */
static const char *over(struct pg *d)
{
    const char *what = d->sent[d->first % PG_SENT_MAX].what;
    d->first++;
    d->n_sent--;
    return what;
}

/* Reads outcomes up to the next sync; the first error is kept. *last (may be NULL) gets the last statement's result. */
static bool read_to_sync(struct pg *d, PGresult **last, struct err *err)
{
    PGresult *kept = NULL;
    bool ok = true, synced = false;
    while (!synced && d->n_sent) {
        struct pg_sent *s = &d->sent[d->first % PG_SENT_MAX];
        wait_outcome(d);
        PGresult *r = PQgetResult(d->c);
        if (!r) {                                /* the end of one statement's results */
            if (!good(d) || !over(d))
                break;
            continue;
        }
        ExecStatusType status = PQresultStatus(r);
        bool bad = status == PGRES_FATAL_ERROR || status == PGRES_PIPELINE_ABORTED;
        synced = status == PGRES_PIPELINE_SYNC;
        if (bad && s->prepared)
            *s->prepared = false;
        if (status == PGRES_FATAL_ERROR && ok) {
            struct err why;
            pg_fail_result(r, d->base.store->path, s->what ? s->what : "sync", &why);
            fail(d, &why, NULL);
        }
        ok = ok && !bad;
        if (!synced) {
            PQclear(kept);
            kept = r;
        } else {
            PQclear(r);
            while (d->n_sent && over(d))
                ;
        }
    }
    if (!synced) {                               /* the server has said farewell: whatever libpq still thinks of the connection, no outcome will be matched again */
        ok = false;
        d->lost = true;
        fail_gone(d, NULL);
    }
    if (!ok && err)
        *err = d->base.failure;
    if (ok && last)
        *last = kept;
    else
        PQclear(kept);
    return ok;
}

static bool send_sync(struct pg *d)
{
    if (!good(d) || !PQpipelineSync(d->c))
        return false;
    note(d, NULL, NULL);
    d->unsynced = 0;
    return true;
}

/* What came of things nobody waited for, and nobody asks about. */
static void settle(struct pg *d)
{
    bool failed = d->base.failed;
    struct err failure = d->base.failure;
    for (; d->unread_syncs > 0; d->unread_syncs--)
        read_to_sync(d, NULL, NULL);
    d->base.failed = failed;
    d->base.failure = failure;
}

static bool drain(struct pg *d, PGresult **last, struct err *err)
{
    if (!send_sync(d))
        return fail_gone(d, err);
    settle(d);
    return read_to_sync(d, last, err);
}

/* Ends what was sent with a sync that the next begin reads. */
static void leave(struct pg *d)
{
    if (!send_sync(d))
        return;
    d->unread_syncs++;
    PQflush(d->c);
}

/* --- statements --------------------------------------------------------------------------------------------------------- */

enum { ROOM = 4 };                               /* a statement takes at most three places: deallocate, prepare, run; one is the sync's */

/* After an error a transaction takes nothing more until its rollback. */
static bool usable(struct pg *d, const char *in_types, const char *out_types, struct err *err)
{
    struct err why;
    if (d->base.failed && d->in_txn) {
        why = d->base.failure;
        return fail(d, &why, err);
    }
    if (strlen(in_types) > COLUMNS_MAX || strlen(out_types) > COLUMNS_MAX) {
        err_fail(&why, ERR_IO, M_STORE_ENGINE, NULL, A_C("too many columns"), A_C(in_types));
        return fail(d, &why, err);
    }
    if (d->n_sent + ROOM > PG_SENT_MAX && !drain(d, NULL, err))
        return false;
    return good(d) || fail_gone(d, err);
}

static bool prepare(struct pg *d, const char *name, const char *sql, const char *types, const char *what, bool *prepared, struct err *err)
{
    Oid oid[COLUMNS_MAX];
    if (*prepared)
        return true;
    types_fill(oid, types);
    if (!PQsendPrepare(d->c, name, sql, (int)strlen(types), oid))
        return fail_gone(d, err);
    note(d, what, prepared);
    return *prepared = true;
}

static bool send_prepared(struct pg *d, const char *name, const char *types, const struct sql_value *in, const char *what, struct err *err)
{
    struct params p;
    params_fill(&p, types, in);
    if (!PQsendQueryPrepared(d->c, name, p.n, p.value, p.length, p.format, 1))
        return fail_gone(d, err);
    note(d, what, NULL);
    for (int k = 0; k < p.n; k++)
        d->unsynced += (size_t)p.length[k] + 16;
    return true;
}

static size_t slot(const struct pg *d, const struct query *q)
{
    size_t i = (size_t)((uintptr_t)q / sizeof(void *) * 0x9e3779b97f4a7c15u >> 40);
    while (d->query[i % PG_QUERIES].q && d->query[i % PG_QUERIES].q != q)
        i++;
    return i % PG_QUERIES;
}

static bool begun(struct pg *d, struct err *err);

static bool send_query(struct pg *d, const struct query *q, const struct sql_value *in, struct err *err)
{
    if (d->to_begin && !begun(d, err))
        return false;
    size_t i = slot(d, q);
    char name[24];
    snprintf(name, sizeof name, "q%zu", i);
    d->query[i].q = q;
    return usable(d, q->in, q->out, err) && prepare(d, name, q->postgres, q->in, q->name, &d->query[i].prepared, err) &&
           send_prepared(d, name, q->in, in, q->name, err);
}

static bool begun(struct pg *d, struct err *err)
{
    const struct query *q = d->to_begin;
    d->to_begin = NULL;
    return send_query(d, q, NULL, err);
}

/* The place of a run-time statement. They are few in form; the one not used for longest makes room. */
static struct pg_text *text_place(struct pg *d, struct str sql)
{
    struct pg_text *oldest = &d->text[0];
    for (int i = 0; i < PG_TEXTS; i++) {
        if (d->text[i].number && str_eq(buf_view(&d->text[i].sql), sql))
            return &d->text[i];
        if (d->text[i].used < oldest->used)
            oldest = &d->text[i];
    }
    char drop[40];
    snprintf(drop, sizeof drop, "DEALLOCATE t%d", oldest->number);
    if (oldest->prepared && PQsendQueryParams(d->c, drop, 0, NULL, NULL, NULL, NULL, 1))
        note(d, "deallocate", NULL);
    oldest->number = ++d->texts_made;
    oldest->prepared = false;
    buf_clear(&oldest->sql);
    buf_str(&oldest->sql, sql);
    return oldest;
}

static bool send_text(struct pg *d, struct str sql, const char *in_types, const char *out_types, const struct sql_value *in, struct err *err)
{
    char name[24];
    if ((d->to_begin && !begun(d, err)) || !usable(d, in_types, out_types, err))
        return false;
    struct pg_text *t = text_place(d, sql);
    t->used = ++d->texts_used;
    snprintf(name, sizeof name, "t%d", t->number);
    return prepare(d, name, t->sql.p, in_types, "text", &t->prepared, err) && send_prepared(d, name, in_types, in, "text", err);
}

static int64_t touched(const PGresult *r)
{
    const char *n = PQcmdTuples((PGresult *)r);
    return n && *n ? atoll(n) : 0;
}

static bool give_rows(struct pg *d, PGresult *r, const char *out_types, bool writes, db_row *row, void *ctx, struct err *err)
{
    int columns = (int)strlen(out_types);
    bool ok = PQnfields(r) == columns, stop = false;
    struct sql_value out[COLUMNS_MAX];
    if (!ok) {
        struct err why;
        err_fail(&why, ERR_IO, M_STORE_ENGINE, NULL, A_C("columns"), A_C(out_types));
        fail(d, &why, err);
    }
    if (writes)
        d->base.changed += touched(r);
    for (int i = 0, n = PQntuples(r); ok && !stop && i < n; i++) {
        for (int k = 0; k < columns; k++)
            read_column(r, i, k, out_types[k], &out[k]);
        ok = row(ctx, out, &stop, err);
    }
    PQclear(r);
    return ok;
}

/* A plan made while a table was nearly empty walks whatever index came first, and is kept. So plans are made anew, by the tables' size as it is then,
 * whenever what this connection wrote has doubled, or the transactions it began: an import that fills a new ledger in one transaction needs no more than
 * that, nor does a reader that was there before it. */
static bool replan(struct pg *d, int64_t now, int64_t *at, struct err *err)
{
    static const struct query DISCARD = { .name = "replan", .postgres = "DISCARD PLANS", .in = "", .out = "" };
    if (now < *at)
        return true;
    *at = 2 * now;
    return send_query(d, &DISCARD, NULL, err);
}

/* A wanted count waits for the statement; else it counts as one row changed until its outcome is read: enough for the queue to know that something
 * was written. What is much waits as well: the server's limit for a transaction that nobody goes on with counts from a sync, and libpq sends by itself what
 * no longer fits its buffer. Who freezes behind that would hold his office's row for ever. */
static bool after_exec(struct pg *d, int64_t *changed, struct err *err)
{
    PGresult *r = NULL;
    if (!changed && d->in_txn && d->unsynced < PG_UNSYNCED_MAX) {
        d->base.changed++;
        return true;
    }
    if (!drain(d, &r, err))
        return false;
    int64_t n = touched(r);
    PQclear(r);
    d->base.changed += n;
    if (changed)
        *changed = n;
    return true;
}

static bool pg_exec(struct db *db, const struct query *q, const struct sql_value *in, int64_t *changed, struct err *err)
{
    return replan(of(db), db->changed, &of(db)->replan_at, err) && send_query(of(db), q, in, err) && after_exec(of(db), changed, err);
}

static bool pg_exec_text(struct db *db, struct str sql, const char *in_types, const struct sql_value *in, int64_t *changed, struct err *err)
{
    return replan(of(db), db->changed, &of(db)->replan_at, err) && send_text(of(db), sql, in_types, "", in, err) && after_exec(of(db), changed, err);
}

static bool pg_each(struct db *db, const struct query *q, const struct sql_value *in, db_row *row, void *ctx, struct err *err)
{
    PGresult *r = NULL;
    return send_query(of(db), q, in, err) && drain(of(db), &r, err) && give_rows(of(db), r, q->out, q->writes, row, ctx, err);
}

static bool pg_each_text(struct db *db, struct str sql, const char *in_types, const char *out_types, const struct sql_value *in, db_row *row,
                         void *ctx, struct err *err)
{
    PGresult *r = NULL;
    return send_text(of(db), sql, in_types, out_types, in, err) && drain(of(db), &r, err) &&
           give_rows(of(db), r, out_types, false, row, ctx, err);
}

/* --- connections -------------------------------------------------------------------------------------------------------- */

/* A commit that was told to stop waiting for its standby says so in a warning, and then that it is done: see pg_commit(). */
static void notice(void *ctx, const PGresult *r)
{
    struct pg *d = ctx;
    const char *severity = PQresultErrorField(r, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (severity && strcmp(severity, "WARNING") == 0)
        d->warned = true;
}

static void connection_close(struct pg *d)
{
    PQfinish(d->c);
    d->c = NULL;
    memset(d->query, 0, sizeof d->query);
    for (int i = 0; i < PG_TEXTS; i++) {
        buf_release(&d->text[i].sql);
        d->text[i] = (struct pg_text){ 0 };
    }
    d->n_sent = 0;
    d->unsynced = 0;
    d->unread_syncs = 0;
    d->to_begin = NULL;
    d->lost = false;
    d->in_txn = false;
}

static bool connection_open(struct pg *d, struct err *err)
{
    d->c = pg_connect(d->base.store, d->as, err);
    if (!d->c)
        return false;
    PQsetNoticeReceiver(d->c, notice, d);
    PQenterPipelineMode(d->c);
    return true;
}

static void pg_disconnect(struct db *db)
{
    struct pg *d = of(db);
    connection_close(d);
    crypto_free(db->crypto);
    free(d);
}

static bool pg_connect_db(struct store *s, const char *path, enum connection as, struct db **ret, struct err *err)
{
    struct pg *d = xcalloc(1, sizeof *d);
    d->base.engine = &engine_postgres;
    d->base.store = s;
    d->base.news_office = -1;
    d->as = as;
    d->replan_at = d->replan_begun_at = FIRST_REPLAN;
    d->count_at = FIRST_COUNT;
    if (!connection_open(d, err)) {
        pg_disconnect(&d->base);
        return false;
    }
    *ret = &d->base;
    return true;
}

/* A server that starts again is back in a second or two, a standby is promoted in as many; whoever waits for an answer waits that long with us. Why there is no
 * connection is the administrator's to know, but for a server that must not be used. */
static bool pg_reconnect(struct db *db, struct err *err)
{
    struct pg *d = of(db);
    struct err why = { 0 };
    connection_close(d);
    db->failed = false;
    db->connections++;
    while (pg_may_try(db->store)) {
        if (connection_open(d, &why)) {
            pg_there(db->store);
            return true;
        }
        nanosleep(&(struct timespec){ .tv_nsec = 100000000 }, NULL);
    }
    if (why.msg == M_STORE_PG_OLDER)
        return fail(d, &why, err);
    return fail_gone(d, err);
}

/* --- transactions ------------------------------------------------------------------------------------------------------- */

static const struct query BEGIN_WRITE = { .name = "begin", .postgres = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", .in = "", .out = "" };
static const struct query BEGIN_READ = { .name = "begin", .postgres = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", .in = "", .out = "" };
static const struct query COMMIT = { .name = "commit", .postgres = "COMMIT", .in = "", .out = "" };
static const struct query ROLLBACK = { .name = "rollback", .postgres = "ROLLBACK", .in = "", .out = "" };
static const struct query NEWS = { .name = "news", .postgres = "SELECT pg_notify('" PG_CHANNEL "', $1)", .in = "s", .out = "s" };

/* BEGIN goes with the transaction's first statement. A connection that ended while nobody used it is seen here and made anew. */
static bool pg_begin(struct db *db, bool write, struct err *err)
{
    struct pg *d = of(db);
    db->failed = false;
    if (good(d)) {
        settle(d);
        if (good(d))
            PQconsumeInput(d->c);
    }
    if (!good(d) && !pg_reconnect(db, err))
        return false;
    d->warned = false;
    unsigned sent = d->n_sent;
    if (!replan(d, ++d->begun, &d->replan_begun_at, err))
        return false;
    if (d->n_sent > sent)
        leave(d);                                /* outside the transaction */
    d->to_begin = write ? &BEGIN_WRITE : &BEGIN_READ;
    return d->in_txn = true;
}

/* Other servers hear of it in a transaction behind the commit, sent with it: it holds PostgreSQL's one lock for news no longer than it must, and no
 * death of ours comes between. */
static void send_news(struct pg *d)
{
    char text[80];
    if (d->base.news_office < 0)
        return;
    int n = snprintf(text, sizeof text, "%016llx %lld %lld", (unsigned long long)d->base.store->server, (long long)d->base.news_office,
                     (long long)d->base.news_seq);
    const struct sql_value in = { .s = str_n(text, (size_t)n) };
    d->base.news_office = -1;
    if (send_query(d, &NEWS, &in, NULL))
        leave(d);
}

static enum commit pg_commit(struct db *db, struct err *err)
{
    struct pg *d = of(db);
    PGresult *r = NULL;
    if (!send_query(d, &COMMIT, NULL, err))      /* the batch failed before, or COMMIT never left */
        return COMMIT_NONE;
    settle(d);
    if (!send_sync(d)) {
        fail_gone(d, err);
        return COMMIT_UNKNOWN;
    }
    send_news(d);
    d->until = clock_real.mono_us(&clock_real) + PG_COMMIT_MS * 1000;
    bool ok = read_to_sync(d, &r, err);
    d->until = 0;
    bool done = ok && strcmp(PQcmdStatus(r), "COMMIT") == 0;
    PQclear(r);
    if (!done && !good(d))
        return COMMIT_UNKNOWN;
    d->in_txn = !done;
    if (!done) {
        if (ok)                                  /* rolled back without saying why */
            fail_gone(d, err);
        return COMMIT_NONE;
    }
    db->syncs++;
    if (!d->warned)
        return COMMIT_DONE;
    err_fail(err, ERR_IO, M_STORE_UNSURE, NULL); /* committed here, but perhaps not on the standby that was to have it */
    return COMMIT_DOUBTED;
}

/* Only sent: the next begin reads what came of it. */
static void pg_rollback(struct db *db)
{
    struct pg *d = of(db);
    if (!d->in_txn)
        return;
    d->in_txn = false;
    bool unused = d->to_begin;                   /* nobody asked anything: a page that needed no database */
    d->to_begin = NULL;
    if (!good(d) || unused)
        return;
    bool failed = db->failed;
    db->failed = false;
    if (send_query(d, &ROLLBACK, NULL, NULL))
        leave(d);
    db->failed = failed;
}

/* PostgreSQL keeps house itself, but for its figures of a young ledger. A destroyed key must leave the table's old pages as well. */
static bool pg_tend(struct db *db, bool idle, bool erase)
{
    static const struct query REWRITE = { .name = "erase", .postgres = "VACUUM (FULL) data_key", .in = "", .out = "" };
    struct pg *d = of(db);
    (void)idle;
    if (db->changed >= d->count_at) {
        d->count_at = 2 * db->changed;
        pg_count_soon(db->store);
    }
    if (!erase)
        return true;
    bool ok = pg_exec(db, &REWRITE, NULL, NULL, NULL);
    db->failed = false;
    return ok;
}

const struct engine engine_postgres = {
    .like = "ILIKE",
    .shared = true,
    .create = pg_create,
    .open = pg_open,
    .close = pg_close,
    .backup = pg_backup,
    .restore = pg_restore,
    .connect = pg_connect_db,
    .reconnect = pg_reconnect,
    .disconnect = pg_disconnect,
    .exec = pg_exec,
    .each = pg_each,
    .each_text = pg_each_text,
    .exec_text = pg_exec_text,
    .begin = pg_begin,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .version = pg_version,
    .migrate = pg_migrate,
    .tend = pg_tend,
};
