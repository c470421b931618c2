/* Idempotency-Key: a repeated API call gets the answer of the first one and does nothing. The answer is stored in the transaction of what it
 * tells, so there is no moment at which one of them is lost. Good for a day; the nightly sweep takes what is older. */
#include <openssl/evp.h>
#include <string.h>

#include "messages.h"
#include "web/inner.h"
#include "web_queries.h"

enum { KEY_MAX = 255, KEPT_MS = 24 * 3600 * 1000, DIGEST = 32, SWEEP_KEYS = 500 };

static void add(EVP_MD_CTX *c, struct str s)
{
    uint64_t n = s.n;                            /* lengths keep ("a","bc") and ("ab","c") apart */
    EVP_DigestUpdate(c, &n, sizeof n);
    EVP_DigestUpdate(c, s.p ? s.p : "", s.n);
}

static void digest(const struct str *parts, int n, uint8_t ret[DIGEST])
{
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    EVP_DigestInit_ex(c, EVP_sha256(), NULL);
    for (int i = 0; i < n; i++)
        add(c, parts[i]);
    EVP_DigestFinal_ex(c, ret, NULL);
    EVP_MD_CTX_free(c);
}

bool idempotency_read(struct req_own *o, struct err *err)
{
    const struct http_req *h = o->rq.http;
    struct str key = http_field(h, "idempotency-key");
    if (!o->rq.route->api || !o->rq.actor || !key.p)
        return true;
    bool good = key.n >= 1 && key.n <= KEY_MAX;
    for (size_t i = 0; i < key.n; i++)
        good &= key.p[i] > ' ' && key.p[i] < 0x7f;
    if (!good)
        return err_fail(err, ERR_INPUT, M_WEB_BAD_KEY, "idempotency-key");
    o->key = key;
    digest(&key, 1, o->key_digest);
    digest((struct str[]){ h->method_name, h->path, h->query, h->body }, 4, o->request_digest);
    return true;
}

static struct str bytes(const uint8_t d[DIGEST]) { return str_n((const char *)d, DIGEST); }

bool idempotency_replay(struct req_own *o, struct db *db, bool *found, struct err *err)
{
    struct req *rq = &o->rq;
    struct key_row row;
    bool hit;
    if (!q_key_answer(db, rq->arena, &(struct key_answer_in){ rq->actor->office_id, rq->actor->member_id, bytes(o->key_digest) }, &row, &hit, err))
        return false;
    *found = hit && row.at + KEPT_MS > rq->now;
    if (!*found)
        return true;
    if (!str_eq(row.request_digest, bytes(o->request_digest)))
        return err_fail(err, ERR_CONFLICT, M_WEB_KEY_REUSED, NULL);
    answer_clear(rq);
    struct buf body = BUF_INIT;
    buf_str(&body, row.body);
    buf_str(&rq->http->head, row.head);
    http_head(rq->http, "Idempotency-Replayed", "true");
    req_json(rq, (int)row.status, &body);
    return true;
}

bool web_sweep(struct txn *t, bool *more, struct err *err)
{
    int64_t n;
    if (!q_key_delete_old(t->db, &(struct key_delete_old_in){ t->office_id, t->at - KEPT_MS, SWEEP_KEYS }, &n, err))
        return false;
    *more = n == SWEEP_KEYS;
    return true;
}

bool idempotency_store(struct req_own *o, struct txn *t, struct err *err)
{
    const struct http_req *h = o->rq.http;
    struct key_insert_in in = { t->office_id, t->actor_id, bytes(o->key_digest), bytes(o->request_digest), t->at, h->status, buf_view(&h->head),
                                buf_view(&h->out) };
    return q_key_insert(t->db, &in, NULL, err);
}
