#include "store/blob.h"

#include <string.h>

#include "messages.h"
#include "store/crypto.h"
#include "store/inside.h"
#include "store_queries.h"

enum { ORPHAN_MS = 24 * 3600 * 1000, SWEEP_PARTS = 32 };       /* a write erases at most 8 MiB, so that nobody waits long for it */

static struct str digest(const uint8_t sha256[SHA256_BYTES]) { return (struct str){ (const char *)sha256, SHA256_BYTES }; }

/* --- putting ---------------------------------------------------------------------------------------------------------------- */

struct put {
    const uint8_t *sha256;
    struct str bytes;
    int64_t n;                                   /* part to write */
    bool there;                                  /* result: the whole blob is there already */
};

/* A blob without a reference gets a new day, so that the sweep does not take it before its row is written. */
static bool put_begin(struct txn *t, void *args, struct err *err)
{
    struct put *p = args;
    struct blob_find_row row;
    bool found;
    if (!q_blob_find(t->db, t->arena, &(struct blob_find_in){ t->office_id, digest(p->sha256) }, &row, &found, err))
        return false;
    p->there = found && row.complete;
    if (p->there && row.refs > 0)
        return true;
    return q_blob_begin(t->db, &(struct blob_begin_in){ t->office_id, digest(p->sha256), (int64_t)p->bytes.n, t->at }, NULL, err);
}

static bool put_part(struct txn *t, void *args, struct err *err)
{
    const struct put *p = args;
    struct str part = str_sub(p->bytes, (size_t)p->n * BLOB_PART, BLOB_PART);
    return q_blob_part_insert(t->db, &(struct blob_part_insert_in){ t->office_id, digest(p->sha256), p->n, part }, NULL, err);
}

static bool put_end(struct txn *t, void *args, struct err *err)
{
    const struct put *p = args;
    return q_blob_complete(t->db, &(struct blob_complete_in){ t->office_id, digest(p->sha256), true }, NULL, err);
}

static bool digest_of(struct str bytes, uint8_t ret[SHA256_BYTES], struct err *err)
{
    struct crypto *c = crypto_new();
    bool ok = sha256_begin(c, err) && sha256_add(c, bytes, err) && sha256_end(c, ret, err);
    crypto_free(c);
    return ok;
}

bool blob_put(struct store *s, int64_t office_id, int64_t actor_id, struct str bytes, uint8_t sha256[32], struct err *err)
{
    if (bytes.n > BLOB_MAX)
        return err_fail(err, ERR_LIMIT, M_STORE_BLOB_LARGE, NULL, A_INT(BLOB_MAX / (1024 * 1024)));
    uint8_t sha[SHA256_BYTES];
    struct put p = { .sha256 = sha, .bytes = bytes };
    if (!digest_of(bytes, sha, err) || !store_write_wait(s, office_id, actor_id, put_begin, &p, err))
        return false;
    for (; !p.there && (size_t)p.n * BLOB_PART < bytes.n; p.n++)
        if (!store_write_wait(s, office_id, actor_id, put_part, &p, err))
            return false;
    if (!p.there && !store_write_wait(s, office_id, actor_id, put_end, &p, err))
        return false;
    memcpy(sha256, sha, sizeof sha);
    return true;
}

bool blob_put_small(struct txn *t, struct str bytes, uint8_t sha256[32], struct err *err)
{
    uint8_t sha[SHA256_BYTES];
    struct put p = { .sha256 = sha, .bytes = bytes };
    if (bytes.n > BLOB_PART)
        return err_fail(err, ERR_LIMIT, M_STORE_BLOB_LARGE, NULL, A_INT(0));
    if (!digest_of(bytes, sha, err) || !put_begin(t, &p, err))
        return false;
    if (!p.there && ((bytes.n > 0 && !put_part(t, &p, err)) || !put_end(t, &p, err)))
        return false;
    memcpy(sha256, sha, sizeof sha);
    return true;
}

bool blob_ref(struct txn *t, const uint8_t sha256[32], int delta, struct err *err)
{
    int64_t changed;
    if (!q_blob_refs(t->db, &(struct blob_refs_in){ t->office_id, digest(sha256), delta }, &changed, err))
        return false;
    return changed == 1 || err_fail(err, ERR_NOT_FOUND, M_STORE_BLOB_MISSING, NULL);
}

/* --- getting ---------------------------------------------------------------------------------------------------------------- */

struct get {
    struct crypto *crypto;
    bool (*part)(void *ctx, struct str bytes);
    void *ctx;
    int64_t size, seen;
    bool found;
};

static bool get_part(void *ctx, const struct blob_read_row *r, bool *stop, struct err *err)
{
    struct get *g = ctx;
    g->found = true;
    g->size = r->size;
    if (!r->bytes.p)
        return true;                             /* an empty blob has no part */
    g->seen += (int64_t)r->bytes.n;
    if (!sha256_add(g->crypto, r->bytes, err))
        return false;
    return g->part(g->ctx, r->bytes) || err_fail(err, ERR_BUSY, M_STORE_STOPPED, NULL);
}

bool blob_get(struct db *db, int64_t office_id, const uint8_t sha256[32], bool (*part)(void *ctx, struct str bytes), void *ctx,
              int64_t *size, struct err *err)
{
    uint8_t sha[SHA256_BYTES];
    struct get g = { .crypto = db_crypto(db), .part = part, .ctx = ctx };
    if (!sha256_begin(g.crypto, err) || !q_blob_read(db, &(struct blob_read_in){ office_id, digest(sha256) }, get_part, &g, err) ||
        !sha256_end(g.crypto, sha, err))
        return false;
    if (!g.found)
        return err_fail(err, ERR_NOT_FOUND, M_STORE_BLOB_MISSING, NULL);
    if (g.seen != g.size || memcmp(sha, sha256, sizeof sha) != 0)
        return err_fail(err, ERR_CORRUPT, M_STORE_BLOB_DAMAGED, NULL);
    if (size)
        *size = g.size;
    return true;
}

/* --- sweeping ---------------------------------------------------------------------------------------------------------------- */

struct sweep {
    bool found, gone;                            /* of one step: an orphan was there; its last part went too */
};

/* Some parts of one orphan, from its end. It is marked incomplete first: from then on nobody can refer to it, and whoever
 * puts the same bytes again writes all parts anew and makes it young again. */
static bool sweep_step(struct txn *t, void *args, struct err *err)
{
    struct sweep *s = args;
    struct blob_orphan_row orphan;
    struct blob_part_last_row last;
    bool any;
    s->gone = false;
    if (!q_blob_orphan(t->db, t->arena, &(struct blob_orphan_in){ t->office_id, t->at - ORPHAN_MS }, &orphan, &s->found, err))
        return false;
    if (!s->found)
        return true;
    if (!q_blob_part_last(t->db, t->arena, &(struct blob_part_last_in){ t->office_id, orphan.sha256 }, &last, &any, err))
        return false;
    int64_t from = last.n == INT64_MIN ? 0 : last.n + 1 - SWEEP_PARTS;
    s->gone = from <= 0;
    if (!q_blob_part_delete(t->db, &(struct blob_part_delete_in){ t->office_id, orphan.sha256, from }, NULL, err))
        return false;
    if (s->gone)
        return q_blob_delete(t->db, &(struct blob_delete_in){ t->office_id, orphan.sha256 }, NULL, err);
    return q_blob_complete(t->db, &(struct blob_complete_in){ t->office_id, orphan.sha256, false }, NULL, err);
}

bool store_sweep_blobs(struct store *s, int64_t office_id, bool (*go_on)(void *ctx), void *ctx, int64_t *swept, struct err *err)
{
    struct sweep step = { .found = true };
    for (*swept = 0; step.found; *swept += step.gone) {
        if (go_on && !go_on(ctx))
            return err_fail(err, ERR_BUSY, M_STORE_STOPPED, NULL);
        if (!store_write_wait(s, office_id, 0, sweep_step, &step, err))
            return false;
    }
    return true;
}
