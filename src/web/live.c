/* Live updates: an open page hears that something in its office changed, and asks for its own content again, with its own rights. So a stream
 * carries the journal's head and nothing else, and nothing leaks.
 *
 * One thread owns the rooms (one for each office that is listened to) and their listeners. Others only leave word under `lock`: a worker a new
 * listener, the writer the office's head, and both go on at once. A thousand commits within `gap` are one event to each listener.
 *
 * Every event is `changed` with the head: at a change, as the first word to a newcomer, and as the heartbeat. So who missed one is told by the next,
 * and can tell a dead connection by its silence (a comment would keep proxies awake, but a page cannot hear it). The first word is read in a snapshot
 * begun after the room was there to be marked: a commit is in it or is told after it, never lost between. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "messages.h"
#include "store/journal.h"
#include "web/inner.h"

enum { RETRY_MS = 1000 };                        /* before a store that did not answer is asked again */

struct listener {
    struct listener *next;                       /* among the newcomers */
    uint64_t stream;                             /* 0: gone */
    int64_t office_id, member_id;
    uint8_t session[32];
    int64_t beat_at, check_at;                   /* ms of the monotonic clock */
};

struct room {
    int64_t office_id;
    int64_t seq;                                 /* under the lock: the journal's head as far as heard */
    bool news, ask;                              /* under the lock: not told yet; the head must be read */
    bool back;                                   /* under the lock: what is read may be less: a standby took over that had not received all */
    int64_t quiet_until, look_at;                /* no event before; when a beat or check is due */
    struct listener *who;                        /* oldest first */
    size_t n, cap;
};

struct live {
    struct web *web;
    struct db *db;
    struct live_limits max;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stop, word;                             /* under the lock; word: somebody left one */
    struct listener *newcomers, **last;          /* under the lock */
    struct room **room;                          /* by office; changed by the thread, under the lock */
    size_t n_rooms, cap_rooms;
    size_t n;                                    /* listeners */
};

static int64_t now_ms(void) { return clock_real.mono_us(&clock_real) / 1000; }

/* --- rooms ---------------------------------------------------------------------------------------------------------------- */

/* Where the office's room is, or would be. */
static size_t room_place(const struct live *l, int64_t office_id)
{
    size_t low = 0, high = l->n_rooms;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (l->room[mid]->office_id < office_id)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static struct room *room_find(const struct live *l, int64_t office_id)
{
    size_t at = room_place(l, office_id);
    return at < l->n_rooms && l->room[at]->office_id == office_id ? l->room[at] : NULL;
}

static struct room *room_open(struct live *l, int64_t office_id)
{
    struct room *r = room_find(l, office_id);
    if (r)
        return r;
    r = xcalloc(1, sizeof *r);
    r->office_id = office_id;
    pthread_mutex_lock(&l->lock);
    if (l->n_rooms == l->cap_rooms) {
        l->cap_rooms = l->cap_rooms ? l->cap_rooms * 2 : 8;
        l->room = xrealloc(l->room, l->cap_rooms * sizeof *l->room);
    }
    size_t at = room_place(l, office_id);
    memmove(l->room + at + 1, l->room + at, (l->n_rooms++ - at) * sizeof *l->room);
    l->room[at] = r;
    pthread_mutex_unlock(&l->lock);
    return r;
}

static void room_close(struct live *l, struct room *r)
{
    pthread_mutex_lock(&l->lock);
    size_t at = room_place(l, r->office_id);
    memmove(l->room + at, l->room + at + 1, (--l->n_rooms - at) * sizeof *l->room);
    pthread_mutex_unlock(&l->lock);
    free(r->who);
    free(r);
}

/* --- word from other threads ------------------------------------------------------------------------------------------------ */

static void changed(void *ctx, int64_t office_id, int64_t seq)
{
    struct live *l = ctx;
    bool word = false;
    pthread_mutex_lock(&l->lock);
    struct room *r = office_id < 0 ? NULL : room_find(l, office_id);
    if (r && seq > r->seq) {
        word = !r->news;
        r->seq = seq;
        r->news = true;
    }
    for (size_t i = 0; office_id < 0 && i < l->n_rooms; i++)
        word = l->room[i]->ask = l->room[i]->back = true;
    if (word) {
        l->word = true;
        pthread_cond_signal(&l->wake);
    }
    pthread_mutex_unlock(&l->lock);
}

void live_get(struct req *rq)
{
    rq->http->status = 200;
    rq->http->out_type = "text/event-stream";
    req_head(rq, "X-Accel-Buffering", "no");     /* a gateway must not gather what is said */
    rq->own->next = NEXT_STREAM;
}

void live_begin(struct req_own *o)
{
    struct live *l = o->rq.web->live;
    struct http_req *h = o->rq.http;
    struct listener *who = xcalloc(1, sizeof *who);
    *who = (struct listener){ .office_id = o->actor.office_id, .member_id = o->actor.member_id };
    memcpy(who->session, o->session.digest, sizeof who->session);
    answer_finish(o);
    who->stream = http_stream(h);
    pthread_mutex_lock(&l->lock);
    *l->last = who;
    l->last = &who->next;
    l->word = true;
    pthread_cond_signal(&l->wake);
    pthread_mutex_unlock(&l->lock);
}

/* --- listeners ------------------------------------------------------------------------------------------------------------- */

static void end(struct live *l, struct listener *who, const char *why)
{
    char event[48];
    int n = snprintf(event, sizeof event, "event: end\ndata: %s\n\n", why);
    http_push(l->web->http, who->stream, str_n(event, (size_t)n));
    http_stream_end(l->web->http, who->stream);
    who->stream = 0;
}

static void sweep(struct live *l, struct room *r)
{
    size_t kept = 0;
    for (size_t i = 0; i < r->n; i++)
        if (r->who[i].stream)
            r->who[kept++] = r->who[i];
    l->n -= r->n - kept;
    r->n = kept;
}

/* Ends the member's oldest streams until there is room for one more: a browser opens six connections to a house, and its tabs share them. Those
 * whose client has left do not count. */
static void make_place(struct live *l, struct room *r, const struct listener *who)
{
    int of_member = 0, of_session = 0;
    for (size_t i = r->n; i-- > 0;) {
        struct listener *w = &r->who[i];
        if (w->member_id != who->member_id)
            continue;
        bool same = memcmp(w->session, who->session, sizeof w->session) == 0;
        if (!http_push(l->web->http, w->stream, STR("")))
            w->stream = 0;
        else if (++of_member >= l->max.member_max || (same && ++of_session >= l->max.session_max))
            end(l, w, "full");
    }
    sweep(l, r);
}

static void admit(struct live *l, struct listener *who)
{
    struct room *r = room_open(l, who->office_id);
    make_place(l, r, who);
    if (l->n >= (size_t)l->max.total_max) {
        end(l, who, "full");
        return;
    }
    if (r->n == r->cap) {
        r->cap = r->cap ? r->cap * 2 : 4;
        r->who = xrealloc(r->who, r->cap * sizeof *r->who);
    }
    who->check_at = now_ms() + l->max.check;     /* beat_at is past: the first word is due */
    r->who[r->n++] = *who;
    r->look_at = 0;
    l->n++;
}

/* --- telling --------------------------------------------------------------------------------------------------------------- */

static bool read_head(struct live *l, int64_t office_id, int64_t *seq)
{
    struct err err;
    struct journal_head head;
    bool ok = db_snapshot_begin(l->db, &err);
    if (ok) {
        ok = journal_head(l->db, office_id, &head, &err);
        db_snapshot_end(l->db);
    }
    if (ok)
        *seq = head.seq;
    return ok;
}

/* A store that does not answer ends nobody: pages cannot be read either, and the next look is soon. */
static bool session_over(struct live *l, const struct listener *who)
{
    struct err err;
    struct arena a = ARENA_INIT(0);
    bool holds = true;
    instant_t now = clock_now(store_clock(l->web->o.store));
    if (db_snapshot_begin(l->db, &err)) {
        if (!session_holds(l->db, &a, who->office_id, who->session, now, &holds, &err))
            holds = true;
        db_snapshot_end(l->db);
    }
    arena_release(&a);
    return !holds;
}

/* What is due for one listener; returns when it is to be looked at again. */
static int64_t attend(struct live *l, struct listener *who, struct str event, bool tell, int64_t now)
{
    if (now >= who->check_at) {
        who->check_at = now + l->max.check;
        if (session_over(l, who)) {
            end(l, who, "session");
            return INT64_MAX;
        }
    }
    if (tell || now >= who->beat_at) {
        who->beat_at = now + l->max.beat;
        if (!http_push(l->web->http, who->stream, event)) {
            who->stream = 0;
            return INT64_MAX;
        }
    }
    return who->beat_at < who->check_at ? who->beat_at : who->check_at;
}

/* Whether listeners are to be told now, and what. *waits: there is more to do before a beat is due. */
static bool hear_room(struct live *l, struct room *r, int64_t now, int64_t *seq, bool *waits)
{
    int64_t head = 0;
    pthread_mutex_lock(&l->lock);
    bool ask = r->ask || now >= r->look_at;      /* a beat or a newcomer gets what the store says */
    bool back = ask && r->back;
    int64_t was = r->seq;
    r->ask = false;
    r->back = r->back && !ask;
    pthread_mutex_unlock(&l->lock);
    bool read = !ask || read_head(l, r->office_id, &head);
    pthread_mutex_lock(&l->lock);
    r->ask |= !read;
    r->back |= back && !read;
    if (head > r->seq || (back && read && head < was && r->seq == was)) {
        r->seq = head;
        r->news = true;
    }
    bool tell = r->news && now >= r->quiet_until;
    *waits = (r->news && !tell) || r->ask;
    r->news = r->news && !tell;
    *seq = r->seq;
    pthread_mutex_unlock(&l->lock);
    return tell;
}

/* One room's turn; returns when the next is due. */
static int64_t attend_room(struct live *l, struct room *r, int64_t now)
{
    char event[64];
    int64_t seq;
    bool waits, tell = hear_room(l, r, now, &seq, &waits);
    if (tell || now >= r->look_at) {
        int n = snprintf(event, sizeof event, "event: changed\ndata: %lld\n\n", (long long)seq);
        r->look_at = INT64_MAX;
        for (size_t i = 0; i < r->n; i++) {
            int64_t at = attend(l, &r->who[i], str_n(event, (size_t)n), tell, now);
            r->look_at = at < r->look_at ? at : r->look_at;
        }
        sweep(l, r);
    }
    if (tell)
        r->quiet_until = now + l->max.gap;
    int64_t again = r->quiet_until > now ? r->quiet_until : now + RETRY_MS;
    return waits && again < r->look_at ? again : r->look_at;
}

static int64_t attend_all(struct live *l)
{
    int64_t now = now_ms(), next = INT64_MAX;
    for (size_t i = l->n_rooms; i-- > 0;) {
        struct room *r = l->room[i];
        int64_t at = attend_room(l, r, now);
        if (r->n == 0)
            room_close(l, r);
        else
            next = at < next ? at : next;
    }
    return next;
}

/* --- the thread -------------------------------------------------------------------------------------------------------------- */

/* Until somebody left word or it is `until`; takes the newcomers. False at the stop. */
static bool await(struct live *l, int64_t until, struct listener **newcomers)
{
    struct timespec at = { until / 1000, until % 1000 * 1000000L };
    int e = 0;
    pthread_mutex_lock(&l->lock);
    while (!l->stop && !l->word && e != ETIMEDOUT)
        e = until == INT64_MAX ? pthread_cond_wait(&l->wake, &l->lock) : pthread_cond_timedwait(&l->wake, &l->lock, &at);
    l->word = false;
    *newcomers = l->newcomers;
    l->newcomers = NULL;
    l->last = &l->newcomers;
    bool go = !l->stop;
    pthread_mutex_unlock(&l->lock);
    return go;
}

static void *run(void *arg)
{
    struct live *l = arg;
    int64_t next = INT64_MAX;
    struct listener *who;
    bool go;
    do {
        go = await(l, next, &who);
        for (struct listener *rest; who; who = rest) {
            rest = who->next;
            if (go)
                admit(l, who);
            free(who);
        }
        next = go ? attend_all(l) : 0;
    } while (go);
    return NULL;
}

static struct live_limits with_defaults(struct live_limits m)
{
    m.gap = m.gap ? m.gap : 300;
    m.beat = m.beat ? m.beat : 20000;
    m.check = m.check ? m.check : 30000;
    m.session_max = m.session_max ? m.session_max : 4;
    m.member_max = m.member_max ? m.member_max : 8;
    m.total_max = m.total_max ? m.total_max : 10000;
    return m;
}

static void live_free(struct live *l)
{
    while (l->n_rooms)
        room_close(l, l->room[l->n_rooms - 1]);
    free(l->room);
    if (l->db)
        store_reader_close(l->db);
    pthread_mutex_destroy(&l->lock);
    pthread_cond_destroy(&l->wake);
    free(l);
}

bool live_start(struct web *w, struct err *err)
{
    struct live *l = xcalloc(1, sizeof *l);
    pthread_condattr_t monotonic;
    l->web = w;
    l->max = with_defaults(w->o.live);
    l->last = &l->newcomers;
    pthread_mutex_init(&l->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&l->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (!store_reader_open(w->o.store, &l->db, err)) {
        live_free(l);
        return false;
    }
    if (pthread_create(&l->thread, NULL, run, l) != 0) {
        live_free(l);
        return err_fail(err, ERR_IO, M_WEB_NO_THREAD, NULL);
    }
    pthread_setname_np(l->thread, "whs-live");
    w->live = l;
    store_watch(w->o.store, changed, l);
    return true;
}

void live_stop(struct live *l)
{
    if (!l)
        return;
    store_watch(l->web->o.store, NULL, l);
    pthread_mutex_lock(&l->lock);
    l->stop = true;
    pthread_cond_signal(&l->wake);
    pthread_mutex_unlock(&l->lock);
    pthread_join(l->thread, NULL);
    live_free(l);
}
