/* A PostgreSQL database as the ledger's home: connecting, making the schema, opening beside other servers, hearing of what they commit. */
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "messages.h"
#include "migrations.h"
#include "store/postgres.h"

/* The store's own connection: it holds the advisory lock for as long as the store is open, and in a server hears the news. */
struct pg_life {
    PGconn *c;
    struct store *store;
    pthread_t thread;
    int wake;                                    /* eventfd; -1: no thread */
    _Atomic bool stop, count;                    /* what it is woken for */
    _Atomic int64_t away, tried;                 /* µs: since when connections cannot be made, 0: they can; when the last was tried */
    _Atomic int timeline;                        /* of the server that was written to last */
};

/* --- connecting ------------------------------------------------------------------------------------------------------------- */

/* The plans are as fixed as SQLite's: every statement was written to walk an index in the order it names, so a plan is made once for each connection
 * (planning costs more than most of our statements) and never depends on statistics that a quiet night may change. */
static const char SETTINGS[] =
    "SET client_encoding = 'UTF8'; SET standard_conforming_strings = on; SET plan_cache_mode = force_generic_plan; SET jit = off;"
    "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET join_collapse_limit = 1;"
    "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3";
/* An export may wait long for whoever reads it; it locks nothing. */
static const char SETTINGS_READ[] = "SET default_transaction_read_only = on; SET idle_in_transaction_session_timeout = '10min'";
/* Who stops in the middle of a batch (a frozen machine) holds the office's row: the others wait for that, and a little longer, and no more. Acknowledged
 * means on disk, whatever the server's default is. */
static const char SETTINGS_WRITE[] =
    "SET idle_in_transaction_session_timeout = '5s'; SET lock_timeout = '10s';"
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

PGresult *pg_run(PGconn *c, const char *sql, struct err *err)
{
    PGresult *r = PQexec(c, sql);
    ExecStatusType status = PQresultStatus(r);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        return r;
    pg_fail_result(r, PQdb(c), "sql", err);
    PQclear(r);
    return NULL;
}

static bool run(PGconn *c, const char *sql, struct err *err)
{
    PGresult *r = pg_run(c, sql, err);
    PQclear(r);
    return r != NULL;
}

/* The server's farewells are told by what fails after them, not on our standard error. */
static void no_notice(void *ctx, const char *text)
{
    (void)ctx;
    (void)text;
}

static bool settle(PGconn *c, enum connection as, struct err *err)
{
    const char *encoding = PQparameterStatus(c, "server_encoding");
    if (!encoding || strcmp(encoding, "UTF8") != 0)
        return err_fail(err, ERR_IO, M_STORE_PG_ENCODING, NULL, A_C(PQdb(c)));
    return run(c, SETTINGS, err) && run(c, as == CONNECT_READ ? SETTINGS_READ : SETTINGS_WRITE, err);
}

/* Looked at before libpq does, whose sentences may show a piece of the password. */
bool pg_url_valid(const char *url)
{
    PQconninfoOption *o = PQconninfoParse(url, NULL);
    bool ok = o;
    for (const PQconninfoOption *i = o; i && i->keyword; i++)
        if (strcmp(i->keyword, "port") == 0 && i->val)
            ok = ok && strspn(i->val, "0123456789,") == strlen(i->val);
    PQconninfoFree(o);
    return ok;
}

static bool number(PGconn *c, const char *sql, int *ret, struct err *err)
{
    PGresult *r = pg_run(c, sql, err);
    if (!r)
        return false;
    *ret = PQntuples(r) ? atoi(PQgetvalue(r, 0, 0)) : 0;
    PQclear(r);
    return true;
}

/* Each promotion of a standby begins a new timeline. A primary that was given up and comes back by itself is on an older one: what we were told since is not
 * in it, and what it would be told would be lost. */
static bool not_older(struct store *s, PGconn *c, struct err *err)
{
    static const char TIMELINE[] = "SELECT CASE WHEN pg_is_in_recovery() THEN 0 "
                                   "ELSE CAST(CAST('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) AS bit(32)) AS int) END";
    _Atomic int *seen = &s->pg->timeline;
    int now = 0, last = atomic_load(seen);
    number(c, TIMELINE, &now, NULL);             /* 0 where that is not allowed to ask */
    while (now > last)
        if (atomic_compare_exchange_weak(seen, &last, now))
            return true;
    return !now || now == last || err_fail(err, ERR_BUSY, M_STORE_PG_OLDER, NULL, A_C(PQdb(c)));
}

PGconn *pg_connect(struct store *s, enum connection as, struct err *err)
{
    /* The address comes last and may say otherwise. Behind several hosts only one takes writes; a host that says nothing any more is given up. */
    const char *const key[] = { "connect_timeout", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout",
                                "fallback_application_name", "target_session_attrs", "dbname", NULL };
    const char *const value[] = { "3", "5", "2", "3", "8000", "whs", "read-write", s->url, NULL };
    PGconn *c = PQconnectdbParams(key, value, 1);
    PQsetNoticeProcessor(c, no_notice, NULL);
    bool ok = PQstatus(c) == CONNECTION_OK || pg_fail_connect(c, PQdb(c) ? PQdb(c) : "", err);
    if (ok && settle(c, as, err) && not_older(s, c, err))
        return c;
    PQfinish(c);
    return NULL;
}

bool pg_may_try(struct store *s)
{
    struct pg_life *l = s->pg;
    int64_t now = clock_real.mono_us(&clock_real), away = 0, tried = atomic_load(&l->tried);
    if (atomic_compare_exchange_strong(&l->away, &away, now) || now - away < PG_RETURN_MS * 1000)
        return true;
    return now - tried >= PG_TRY_MS * 1000 && atomic_compare_exchange_strong(&l->tried, &tried, now);
}

void pg_there(struct store *s) { atomic_store(&s->pg->away, 0); }

/* --- the schema -------------------------------------------------------------------------------------------------------------- */

static const char HAS_SCHEMA[] = "SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = 'whs_schema'";

static bool schema_version(PGconn *c, int *ret, struct err *err)
{
    int there;
    *ret = 0;
    return number(c, HAS_SCHEMA, &there, err) && (!there || number(c, "SELECT version FROM whs_schema", ret, err));
}

static PGconn *plain(struct db *db)
{
    struct pg *d = (struct pg *)db;
    PQexitPipelineMode(d->c);                    /* nothing is under way outside a transaction */
    return d->c;
}

bool pg_version(struct db *db, int *ret, struct err *err)
{
    PGconn *c = plain(db);
    bool ok = schema_version(c, ret, err);
    PQenterPipelineMode(c);
    return ok;
}

bool pg_migrate(struct db *db, int n, struct err *err)
{
    char set[160];
    PGconn *c = plain(db);
    if (n == 0)
        snprintf(set, sizeof set, "CREATE TABLE whs_schema (version INTEGER NOT NULL); INSERT INTO whs_schema VALUES (1)");
    else
        snprintf(set, sizeof set, "UPDATE whs_schema SET version = %d", n + 1);
    bool ok = run(c, "BEGIN READ WRITE", err) && run(c, migrations[n].postgres, err) && run(c, set, err) && run(c, "COMMIT", err);
    if (!ok)
        run(c, "ROLLBACK", NULL);
    PQenterPipelineMode(c);
    return ok;
}

/* --- who else is there --------------------------------------------------------------------------------------------------------- */

/* Who has just closed or died may hold the lock until PostgreSQL has noticed; so it is asked for again for a second. */
static bool lock(PGconn *c, const char *how, int msg, struct err *err)
{
    char sql[80];
    int got = 0;
    snprintf(sql, sizeof sql, "SELECT pg_try_advisory_lock%s(%d)::int", how, PG_LOCK_KEY);
    for (int tries = 0; !got && tries < 50; tries++) {
        if (tries)
            nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
        if (!number(c, sql, &got, err))
            return false;
    }
    return got || err_fail(err, ERR_BUSY, msg, NULL, A_C(PQdb(c)));
}

static bool lock_shared(PGconn *c, struct err *err) { return lock(c, "_shared", M_STORE_PG_CHANGING, err); }
bool pg_lock_alone(struct store *s, struct err *err) { return lock(s->pg->c, "", M_STORE_PG_OTHERS, err); }

static bool unlock_alone(PGconn *c)
{
    char sql[64];
    snprintf(sql, sizeof sql, "SELECT pg_advisory_unlock(%d)", PG_LOCK_KEY);
    return run(c, sql, NULL);
}

/* --- news ------------------------------------------------------------------------------------------------------------------------ */

/* "SERVER OFFICE SEQ"; our own were told when they were committed. */
static void hear(struct pg_life *l, const char *text)
{
    unsigned long long server;
    long long office, seq;
    if (sscanf(text, "%16llx %lld %lld", &server, &office, &seq) == 3 && server != l->store->server)
        watch_tell(l->store, office, seq);
}

static void hear_all(struct pg_life *l)
{
    for (PGnotify *n; (n = PQnotifies(l->c)); PQfreemem(n))
        hear(l, n->extra);
}

static bool begin_hearing(struct pg_life *l, struct err *err) { return run(l->c, "LISTEN " PG_CHANNEL, err); }

/* The lock went with the connection; whoever took it meanwhile and changed the schema is noticed by the next statement that fails. */
static bool come_back(struct pg_life *l)
{
    PQfinish(l->c);
    l->c = pg_connect(l->store, CONNECT_WRITE, NULL);
    if (!l->c)
        return false;
    if (!lock_shared(l->c, NULL) || !begin_hearing(l, NULL)) {
        PQfinish(l->c);                          /* else it would be taken for one that hears */
        l->c = NULL;
        return false;
    }
    pg_there(l->store);
    watch_tell(l->store, -1, 0);                 /* what was said meanwhile nobody heard */
    return true;
}

enum { YOUNG_ROWS = 200000 };                    /* of stand, the largest table of all pages: from here on PostgreSQL's own counting is enough */

/* Without figures of a table the planner walks whatever index comes first. PostgreSQL gathers them by itself, but only after a minute or two: too late
 * for an office that begins with a large import. So while the ledger is young we have it count, beside all other work. */
static void count_young(struct pg_life *l)
{
    int known;
    if (number(l->c, "SELECT sum(greatest(reltuples, 0))::int FROM pg_catalog.pg_class WHERE oid = 'stand'::regclass", &known, NULL) && known < YOUNG_ROWS)
        run(l->c, "ANALYZE", NULL);
}

void pg_count_soon(struct store *s)
{
    if (s->pg->wake < 0)
        return;
    s->pg->count = true;
    eventfd_write(s->pg->wake, 1);
}

static void *listener(void *arg)
{
    struct pg_life *l = arg;
    eventfd_t woken;
    while (!l->stop) {
        bool good = l->c && PQstatus(l->c) == CONNECTION_OK;
        struct pollfd p[2] = { { .fd = l->wake, .events = POLLIN }, { .fd = good ? PQsocket(l->c) : -1, .events = POLLIN } };
        poll(p, 2, good ? -1 : 300);
        if (p[0].revents)
            eventfd_read(l->wake, &woken);
        if (l->stop)
            break;
        if (!good) {
            come_back(l);
            continue;
        }
        if (atomic_exchange(&l->count, false))
            count_young(l);
        PQconsumeInput(l->c);
        hear_all(l);
    }
    return NULL;
}

/* --- life ------------------------------------------------------------------------------------------------------------------------ */

bool pg_life_begin(struct store *s, struct err *err)
{
    struct pg_life *l = xcalloc(1, sizeof *l);
    l->store = s;
    l->wake = -1;
    s->pg = l;
    random_fill(&random_real, &s->server, sizeof s->server);
    l->c = pg_connect(s, s->o.write ? CONNECT_WRITE : CONNECT_READ, err);
    if (!l->c)
        return false;
    free(s->path);
    s->path = xstrndup(PQdb(l->c), strlen(PQdb(l->c)));
    return true;
}

/* An older schema is brought up to date by the first who opens it to write, when nobody else does. */
static bool settle_schema(struct store *s, struct err *err)
{
    PGconn *c = s->pg->c;
    int v, offices = 0;
    if (!schema_version(c, &v, err) || (v > 0 && !number(c, "SELECT count(*) FROM office", &offices, err)))
        return false;
    if (!offices)                                /* nothing, or what a creation cut short left */
        return err_fail(err, ERR_NOT_FOUND, M_STORE_PG_EMPTY, NULL, A_C(s->path));
    if (!s->o.write)
        return !s->o.hold || pg_lock_alone(s, err);
    if (v >= migrations_count)
        return lock_shared(c, err);
    struct db *db;
    if (!pg_lock_alone(s, err))
        return false;
    bool ok = s->engine->connect(s, s->path, CONNECT_WRITE, &db, err);
    if (ok) {
        ok = schema_migrate(db, err);
        s->engine->disconnect(db);
    }
    return ok && lock_shared(c, err) && unlock_alone(c);
}

bool pg_open(struct store *s, struct err *err)
{
    if (!pg_life_begin(s, err) || !settle_schema(s, err))
        return false;
    struct pg_life *l = s->pg;
    if (!s->o.write)
        return true;
    if (!begin_hearing(l, err))
        return false;
    l->wake = eventfd(0, EFD_CLOEXEC);
    if (l->wake >= 0 && pthread_create(&l->thread, NULL, listener, l) == 0)
        return true;
    if (l->wake >= 0)
        close(l->wake);
    l->wake = -1;
    return err_fail(err, ERR_IO, M_STORE_ENGINE, NULL, A_C("thread"), A_C("listener"));
}

void pg_close(struct store *s)
{
    struct pg_life *l = s->pg;
    if (!l)
        return;
    if (l->wake >= 0) {
        l->stop = true;
        if (eventfd_write(l->wake, 1) == 0)
            pthread_join(l->thread, NULL);
        close(l->wake);
    }
    PQfinish(l->c);
    free(l);
    s->pg = NULL;
}

/* Schema and first rows in steps of their own; a creation cut short leaves a schema without office 0, which the next init goes on with. */
bool pg_create(struct store *s, struct err *err)
{
    struct db *db;
    int v = 0, offices = 0;
    if (!pg_life_begin(s, err) || !pg_lock_alone(s, err) || !schema_version(s->pg->c, &v, err) ||
        (v > 0 && !number(s->pg->c, "SELECT count(*) FROM office", &offices, err)))
        return false;
    if (offices)
        return err_fail(err, ERR_CONFLICT, M_STORE_PG_HAS, NULL, A_C(s->path));
    if (!s->engine->connect(s, s->path, CONNECT_WRITE, &db, err))
        return false;
    bool ok = key_make(s, err) && schema_migrate(db, err) && shared_office(s, db, err);
    s->engine->disconnect(db);
    return ok;
}
