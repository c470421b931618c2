#include "store/batch.h"

#include <stdatomic.h>
#include <string.h>

#include "messages.h"
#include "store/bulk.h"
#include "store_queries.h"

enum { SYNC_WEIGHT = 8 };

static void count(_Atomic int64_t *n, int64_t more) { atomic_fetch_add_explicit(n, more, memory_order_relaxed); }

/* --- office rows ---------------------------------------------------------------------------------------------------------- */

/* Locks the row as well, where several servers write. */
static bool office_read(struct batch *b, int64_t id, struct office *ret, bool *found, struct err *err)
{
    struct office_row row;
    if (!q_office_lock(b->db, &b->arena, &(struct office_load_in){ id }, &row, found, err) || !*found)
        return !b->db->failed;
    *ret = (struct office){ .id = id, .next_id = row.next_id, .head.seq = row.journal_seq, .batches = row.batches, .chain_id = row.chain_id,
                            .job_at = row.job_at, .directory_version = row.directory_version };
    memcpy(ret->head.hash, row.journal_hash.p, row.journal_hash.n < 32 ? row.journal_hash.n : 32);
    return true;
}

static struct office *office_touch(struct batch *b, int64_t id, struct err *err)
{
    for (int i = 0; i < b->n_offices; i++)
        if (b->office[i].id == id)
            return &b->office[i];
    bool found;
    struct office *o = &b->office[b->n_offices];
    if (!office_read(b, id, o, &found, err))
        return NULL;
    if (!found) {
        err_fail(err, ERR_NOT_FOUND, M_STORE_NO_OFFICE, NULL, A_INT(id));
        return NULL;
    }
    b->n_offices++;
    memo_office(b->directory, id, o->directory_version);
    return o;
}

static bool office_moved(const struct office *a, const struct office *b)
{
    for (int i = 0; i < a->n_series; i++)
        if (a->series[i].last != a->series[i].stored)
            return true;
    return a->next_id != b->next_id || a->head.seq != b->head.seq || a->job_at != b->job_at;
}

static struct str server_of(const struct batch *b) { return str_n((const char *)&b->store->server, sizeof b->store->server); }

static bool office_save(struct batch *b, struct office *o, struct err *err)
{
    o->batches++;
    o->directory_version += memo_directory_changed(b->directory);
    const struct office_save_in in = {
        o->id, o->next_id, o->head.seq, str_n((const char *)o->head.hash, sizeof o->head.hash), o->batches, o->job_at,
        o->directory_version,
    };
    const struct server_batch_save_in mark = { o->id, server_of(b), o->batches, clock_now(b->store->o.clock) };
    for (int i = 0; i < o->n_series; i++)
        if (!series_save(b->db, o->id, &o->series[i], err))
            return false;
    b->db->news_office = o->id;
    b->db->news_seq = o->head.seq;
    return q_office_save(b->db, &in, NULL, err) && (!b->store->engine->shared || q_server_batch_save(b->db, &mark, NULL, err));
}

static bool offices_save(struct batch *b, struct err *err)
{
    for (int i = 0; i < b->n_offices; i++)
        if (b->office[i].touched && !office_save(b, &b->office[i], err))
            return false;
    return true;
}

/* After a COMMIT that ended in an error: did it happen? A fresh connection and the rows it would have changed tell. Where others write too, the office
 * row is locked first: a commit still under way holds it, and who wrote after us has changed it, but not the mark of this server. */
static bool offices_committed(struct batch *b, bool *yes, struct err *err)
{
    *yes = false;
    for (int i = 0; i < b->n_offices; i++) {
        const struct office *o = &b->office[i];
        struct office now;
        struct server_batch_load_row mark = { 0 };
        bool found;
        if (!o->touched)
            continue;
        if (!office_read(b, o->id, &now, &found, err))
            return false;
        if (b->store->engine->shared &&
            !q_server_batch_load(b->db, &b->arena, &(struct server_batch_load_in){ o->id, server_of(b) }, &mark, &found, err))
            return false;
        *yes = found && (b->store->engine->shared ? mark.batches : now.batches) == o->batches;
        b->db->news_office = o->id;              /* what was to be told may have gone with the connection */
        b->db->news_seq = o->head.seq;
        return true;                             /* one transaction: all or none */
    }
    return true;
}

/* --- one batch ------------------------------------------------------------------------------------------------------------ */

enum ran { RAN, REFUSED, SPOILT };               /* SPOILT: the transaction cannot be committed as it is */

static enum ran run_one(struct batch *b, struct write *w, bool *wrote, struct err *err)
{
    struct office *o = w->claim ? NULL : office_touch(b, w->office_id, err);
    if (!o && !w->claim)
        return b->db->failed ? SPOILT : REFUSED;
    struct office before = { 0 };
    if (o)
        before = *o;
    int64_t changed = b->db->changed;
    struct store *s = b->store;
    struct txn t = {
        .db = b->db, .store = s, .arena = &b->arena, .office_id = w->office_id, .actor_id = w->actor_id,
        .deputy_of = w->deputy_of, .at = clock_now(s->o.clock), .office = o,
    };
    t.today = instant_day(t.at);
    bool ok = w->fn(&t, w->args, err);
    if (b->db->bulk)
        ok = (!ok || bulk_send(b->db->bulk, b->db, TABLE_SET_ALL, err)) && ok;
    bulk_free(b->db->bulk);
    b->db->bulk = NULL;
    *wrote = b->db->changed != changed;
    if (b->db->failed) {
        *err = b->db->failure;
        return SPOILT;
    }
    if (!ok) {
        if (o)
            *o = before;
        return *wrote ? SPOILT : REFUSED;
    }
    if (o)
        o->touched = o->touched || *wrote || office_moved(o, &before);
    return RAN;
}

struct outcome {
    bool ok;
    struct err err;
};

static void all_fail(struct outcome *out, int n, const struct err *err)
{
    for (int i = 0; i < n; i++)
        if (out[i].ok)                           /* a refusal stays a refusal */
            out[i] = (struct outcome){ false, *err };
}

static void tell(struct batch *b)
{
    for (int i = 0; i < b->n_offices; i++)
        if (b->office[i].touched)
            watch_tell(b->store, b->office[i].id, b->office[i].head.seq);
}

static void measure(struct batch *b, int64_t took)
{
    int64_t mean = atomic_load_explicit(&b->counts->sync_us, memory_order_relaxed);
    atomic_store_explicit(&b->counts->sync_us, mean ? mean + (took - mean) / SYNC_WEIGHT : took, memory_order_relaxed);
}

/* Asks on a fresh connection; false: nobody can say. What is there to read need not be safe. On SQLite the sync may be what failed, and only working the log into
 * the file proves it. PostgreSQL ends itself rather than go on after a failed sync, but what it finds when it starts again has not been waited for by the
 * standby: so we ask in a transaction (taking the office's lock writes) whose own commit waits for everything before it. */
static bool asked(struct batch *b, bool *yes)
{
    const struct engine *engine = b->db->engine;
    if (!engine->reconnect(b->db, NULL))
        return false;
    if (!engine->shared)
        return offices_committed(b, yes, NULL) && (!*yes || engine->tend(b->db, true, true));
    if (!engine->begin(b->db, true, NULL))
        return false;
    bool ok = offices_committed(b, yes, NULL);
    if (ok && *yes)
        return engine->commit(b->db, NULL) == COMMIT_DONE;
    engine->rollback(b->db);
    return ok;
}

enum settled { COMMITTED, NOTHING, DOUBT };      /* DOUBT: nobody can say; never run again by us */

static enum settled commit(struct batch *b, struct err *err)
{
    int64_t start = clock_real.mono_us(&clock_real);
    bool yes = false;
    switch (b->db->engine->commit(b->db, err)) {
    case COMMIT_DONE:
        measure(b, clock_real.mono_us(&clock_real) - start);
        count(&b->counts->commits, 1);
        return COMMITTED;
    case COMMIT_NONE: b->db->engine->rollback(b->db); return NOTHING;
    case COMMIT_DOUBTED: return DOUBT;
    case COMMIT_UNKNOWN: break;
    }
    if (!asked(b, &yes)) {
        b->lost = true;
        err_fail(err, ERR_IO, M_STORE_UNSURE, NULL);
        return DOUBT;
    }
    count(&b->counts->commits, yes);
    return yes ? COMMITTED : NOTHING;
}

/* Every write in order; false when the transaction is spoilt. *any: there is something to commit. */
static bool run_in_order(struct batch *b, struct write **w, struct outcome *out, int n, bool *any)
{
    *any = false;
    b->db->memo = b->memo;
    b->db->directory = b->directory;
    for (int i = 0; i < n; i++) {
        bool wrote = false;
        enum ran ran = run_one(b, w[i], &wrote, &out[i].err);
        out[i].ok = ran == RAN;
        if (ran == SPOILT)
            return false;
        *any = *any || (w[i]->claim && wrote);
    }
    for (int i = 0; i < b->n_offices; i++)
        *any = *any || b->office[i].touched;
    return true;
}

static bool run_all(struct batch *b, struct write **w, struct outcome *out, int n, bool *any)
{
    bool ok = run_in_order(b, w, out, n, any);
    b->db->memo = b->db->directory = NULL;
    return ok;
}

static bool begin(struct batch *b, struct err *err)
{
    if (memo_directory_changed(b->directory))    /* by the batch before, which may not have come to be */
        memo_clear(b->directory);
    b->n_offices = 0;
    b->stuck = false;
    b->db->news_office = -1;
    b->lost = (b->lost && !b->db->engine->reconnect(b->db, err)) || !b->db->engine->begin(b->db, true, err);
    memo_turn(b->memo, b->db);
    memo_turn(b->directory, b->db);
    return !b->lost;
}

/* True: `out` says how each ended. False: nothing stays, and it may go better singly, or on the new connection; `out` says why it did not. */
static bool attempt(struct batch *b, struct write **w, struct outcome *out, int n)
{
    struct err err;
    bool any;
    for (int i = 0; i < n; i++)
        out[i].ok = true;                        /* until something says otherwise */
    if (!begin(b, &err)) {
        all_fail(out, n, &err);
        return true;
    }
    if (!run_all(b, w, out, n, &any)) {
        b->db->engine->rollback(b->db);
        b->stuck = b->n_offices == 0 && b->db->failure.msg == M_STORE_DB_BUSY;
        if (b->stuck)
            all_fail(out, n, &b->db->failure);
        return b->stuck || (n == 1 && b->db->failure.msg != M_STORE_PG_GONE);
    }
    if (!any) {                                  /* all refused or only read: nothing to sync */
        b->db->engine->rollback(b->db);
        return true;
    }
    enum settled settled = NOTHING;
    if (offices_save(b, &err))
        settled = commit(b, &err);
    else
        b->db->engine->rollback(b->db);
    if (settled == COMMITTED)
        tell(b);
    else
        all_fail(out, n, &err);
    return settled != NOTHING;
}

/* One that failed with its connection is tried once more. While the database stays away, or the office taken, the rest of the batch does not wait for it one
 * by one. */
static void singly(struct batch *b, struct write **w, struct outcome *out, int n)
{
    count(&b->counts->reruns, n);
    for (int i = 0; i < n; i++) {
        arena_clear(&b->arena);
        if (i > 0 && (b->lost || b->stuck))
            out[i] = (struct outcome){ false, out[i - 1].err };
        else if (!attempt(b, &w[i], &out[i], 1))
            attempt(b, &w[i], &out[i], 1);
    }
}

void batch_run(struct batch *b, struct write **w, int n)
{
    struct outcome out[STORE_BATCH_MAX];
    int refused = 0;
    int64_t syncs = b->db->syncs;
    if (!attempt(b, w, out, n))
        singly(b, w, out, n);
    for (int i = 0; i < n; i++)
        refused += !out[i].ok;
    count(&b->counts->writes, n);
    count(&b->counts->refused, refused);
    count(&b->counts->batches, 1);
    count(&b->counts->syncs, b->db->syncs - syncs);
    for (int i = 0; i < n; i++)
        w[i]->done(w[i]->args, out[i].ok, &out[i].err);        /* from here on w[i] is the caller's again */
    arena_clear(&b->arena);
}
