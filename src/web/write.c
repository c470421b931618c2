/* From a handler to the writer and back. */
#include "messages.h"
#include "web/inner.h"

bool web_actor(struct txn *t, struct actor *ret, struct err *err)
{
    return actor_load(t->db, t->arena, t->office_id, t->actor_id, t->today, ret, err);
}

/* With a key: the answer is made here and stored beside what it tells. fn may run again, so everything starts afresh. */
static bool keyed(struct req_own *o, struct txn *t, struct err *err)
{
    o->made = false;
    if (!idempotency_replay(o, t->db, &o->made, err))
        return false;
    if (o->made) {
        txn_prove(t);                            /* it is told again, so it must be as safe as the first time */
        return true;
    }
    if (!o->fn(t, o->args, err))
        return false;
    answer_clear(&o->rq);
    o->rq.db = t->db;
    o->answer(&o->rq, o->args, true, NULL);
    o->rq.db = NULL;
    if (o->next != NEXT_ANSWER || o->rq.http->status >= 500)
        return err_fail(err, ERR_IO, M_WEB_NO_ANSWER, NULL);
    o->made = true;
    return idempotency_store(o, t, err);
}

static bool write_fn(struct txn *t, void *args, struct err *err)
{
    struct req_own *o = args;
    return o->key.p ? keyed(o, t, err) : o->fn(t, o->args, err);
}

static void answer(struct req_own *o)
{
    o->answer(&o->rq, o->args, o->ok, o->ok ? NULL : &o->err);
}

static void resumed(struct http_req *h)
{
    struct req_own *o = h->user;
    if (o->ok && o->made)
        req_finish(o);
    else
        req_run(o, answer);
}

static void write_done(void *args, bool ok, const struct err *err)
{
    struct req_own *o = args;
    o->ok = ok;
    if (!ok)
        o->err = *err;
    http_resume(o->rq.http, resumed);
}

void web_write_as(struct req *rq, int64_t office_id, int64_t member_id, store_fn *fn, void *args, web_answer *then)
{
    struct req_own *o = rq->own;
    o->write = (struct write){ .office_id = office_id, .actor_id = member_id, .fn = write_fn, .done = write_done, .args = o };
    o->fn = fn;
    o->args = args;
    o->answer = then;
    o->next = NEXT_WRITE;
}

void web_write(struct req *rq, store_fn *fn, void *args, web_answer *then)
{
    web_write_as(rq, rq->actor->office_id, rq->actor->member_id, fn, args, then);
    if (rq->route->roles)                        /* what only a lent role opens is done for who lends it */
        rq->own->write.deputy_of = actor_lender(rq->actor, rq->route->roles);
}

void web_write_alone(struct req *rq, store_fn *fn, void *args, web_answer *then)
{
    web_write(rq, fn, args, then);
    rq->own->write.alone = true;
}

void req_write_begin(struct req_own *o) { store_write(o->rq.store, &o->write); }

/* --- slow things ------------------------------------------------------------------------------------------------------------ */

static void think_on(struct req_own *o) { o->then(&o->rq, o->think_args); }
static void thought(struct http_req *h) { req_run(h->user, think_on); }

static void think(struct task *j)
{
    struct req_own *o = (struct req_own *)((char *)j - offsetof(struct req_own, task));
    o->work(o->think_args);
    http_resume(o->rq.http, thought);
}

static void too_many(struct req_own *o) { answer_status(&o->rq, 503, o->pool == o->rq.web->hashing ? M_WEB_TOO_MANY_TRIES : M_WEB_TOO_MANY_UPLOADS, NULL, 0); }

static void think_in(struct pool *pool, struct req *rq, void (*work)(void *args), void (*then)(struct req *rq, void *args), void *args)
{
    struct req_own *o = rq->own;
    o->pool = pool;
    o->work = work;
    o->then = then;
    o->think_args = args;
    o->task.run = think;
    o->next = NEXT_THINK;
}

void web_think(struct req *rq, void (*work)(void *args), void (*then)(struct req *rq, void *args), void *args)
{
    think_in(rq->web->hashing, rq, work, then, args);
}

void web_toil(struct req *rq, void (*work)(void *args), void (*then)(struct req *rq, void *args), void *args)
{
    think_in(rq->web->files, rq, work, then, args);
}

void req_think_begin(struct req_own *o)
{
    if (!pool_push(o->pool, &o->task))
        req_run(o, too_many);
}
