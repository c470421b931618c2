#include "store/journal.h"

#include <string.h>

#include "messages.h"
#include "store/crypto.h"
#include "store/inside.h"
#include "store_queries.h"

enum { SUITE_SM3 = 1, HEAD_BYTES = 1 + 8 + 8 + 8 + 4 + 8 + 8, STEP_LINES = 4096 };

static struct str bytes(const void *p, size_t n) { return (struct str){ p, n }; }

/* The encoding of journal.h, in pieces, so that nothing is copied. `suite` is hashed as stored: a changed one shows. */
static bool line_hash(struct crypto *c, const struct journal_line *l, int suite, const uint8_t previous[SM3_BYTES],
                      uint8_t ret[SM3_BYTES], struct err *err)
{
    uint8_t head[HEAD_BYTES], id[8], length[4][4], *at = head;
    const struct str text[4] = { l->entity, l->verb, l->before, l->after };
    *at++ = (uint8_t)suite;
    put_i64(at, l->office_id), at += 8;
    put_i64(at, l->seq), at += 8;
    put_i64(at, l->at), at += 8;
    put_u32(at, (uint32_t)l->day), at += 4;
    put_i64(at, l->actor_id), at += 8;
    put_i64(at, l->deputy_of);
    put_i64(id, l->entity_id);
    for (int i = 0; i < 4; i++)
        put_u32(length[i], (uint32_t)text[i].n);
    const struct str piece[] = {
        bytes(head, sizeof head), bytes(length[0], 4), text[0], bytes(id, 8), bytes(length[1], 4), text[1],
        bytes(length[2], 4), text[2], bytes(length[3], 4), text[3], bytes(previous, SM3_BYTES),
    };
    return sm3(c, piece, ARRAY_LEN(piece), ret, err);
}

/* An office that moved here is hashed under its first number, or its chain would have to be made anew. */
static int64_t chain_of(int64_t office_id, int64_t chain_id) { return chain_id ? chain_id : office_id; }

static struct str present(struct str s) { return s.p ? s : STR(""); }

bool journal_add(struct txn *t, const struct journal_line *line, struct err *err)
{
    struct journal_head *head = &t->office->head;
    struct journal_line l = {
        .office_id = t->office_id, .seq = head->seq + 1, .at = t->at, .day = line->day == DAY_NONE ? t->today : line->day,
        .actor_id = t->actor_id, .deputy_of = t->deputy_of, .entity = present(line->entity), .entity_id = line->entity_id,
        .verb = present(line->verb), .before = present(line->before), .after = present(line->after),
    };
    struct journal_line hashed = l;
    hashed.office_id = chain_of(t->office_id, t->office->chain_id);
    if (!line_hash(db_crypto(t->db), &hashed, SUITE_SM3, head->hash, l.hash, err))
        return false;
    const struct journal_insert_in in = {
        l.office_id, l.seq, l.at, l.day, l.actor_id, l.deputy_of, l.entity, l.entity_id, l.verb, l.before, l.after,
        SUITE_SM3, bytes(l.hash, sizeof l.hash),
    };
    if (!q_journal_insert(t->db, &in, NULL, err))
        return false;
    head->seq = l.seq;
    memcpy(head->hash, l.hash, sizeof head->hash);
    return true;
}

void journal_now(const struct txn *t, struct journal_head *ret) { *ret = t->office->head; }

static bool head_and_chain(struct db *db, int64_t office_id, struct journal_head *ret, int64_t *chain_id, struct err *err)
{
    struct office_row row;
    bool found;
    _cleanup_(arena_release) struct arena a = ARENA_INIT(0);
    if (!q_office_load(db, &a, &(struct office_load_in){ office_id }, &row, &found, err))
        return false;
    if (!found)
        return err_fail(err, ERR_NOT_FOUND, M_STORE_NO_OFFICE, NULL, A_INT(office_id));
    if (row.journal_hash.n != sizeof ret->hash)
        return err_fail(err, ERR_CORRUPT, M_STORE_JOURNAL_BROKEN, NULL, A_INT(row.journal_seq), A_INT(office_id));
    ret->seq = row.journal_seq;
    memcpy(ret->hash, row.journal_hash.p, sizeof ret->hash);
    *chain_id = chain_of(office_id, row.chain_id);
    return true;
}

bool journal_head(struct db *db, int64_t office_id, struct journal_head *ret, struct err *err)
{
    int64_t chain_id;
    return head_and_chain(db, office_id, ret, &chain_id, err);
}

/* --- proving ------------------------------------------------------------------------------------------------------------- */

static struct journal_line line_of(int64_t office_id, const struct journal_lines_row *r)
{
    struct journal_line l = {
        office_id, r->seq, r->at, r->actor_id, r->deputy_of, r->day, r->entity, r->entity_id, r->verb, r->before, r->after, { 0 },
    };
    memcpy(l.hash, r->hash.p, r->hash.n < sizeof l.hash ? r->hash.n : sizeof l.hash);
    return l;
}

struct verify {
    struct crypto *crypto;
    int64_t office_id, chain_id;
    struct journal_head at, head;                /* how far the chain holds; what the office row says */
    int left;                                    /* lines that this step may still bring */
    store_progress *progress;
    void *ctx;
};

static bool broken(const struct verify *v, int64_t seq, struct err *err)
{
    return err_fail(err, ERR_CORRUPT, M_STORE_JOURNAL_BROKEN, NULL, A_INT(seq), A_INT(v->office_id));
}

static bool verify_line(void *ctx, const struct journal_lines_row *r, bool *stop, struct err *err)
{
    struct verify *v = ctx;
    uint8_t hash[SM3_BYTES];
    int64_t seq = v->at.seq + 1;
    struct journal_line l = line_of(v->chain_id, r);
    if (r->seq != seq || seq > v->head.seq || r->suite != SUITE_SM3 || r->hash.n != SM3_BYTES)
        return broken(v, seq, err);
    if (!line_hash(v->crypto, &l, (int)r->suite, v->at.hash, hash, err))
        return false;
    if (memcmp(hash, l.hash, sizeof hash) != 0)
        return broken(v, seq, err);
    v->at.seq = seq;
    v->left--;
    memcpy(v->at.hash, hash, sizeof hash);
    if (v->progress && seq % STEP_LINES == 0 && !v->progress(v->ctx, seq, v->head.seq))
        return err_fail(err, ERR_BUSY, M_STORE_STOPPED, NULL);
    return true;
}

/* In steps, because an engine may hold all rows of a statement at once. */
static bool verify_lines(struct db *db, struct verify *v, struct err *err)
{
    struct journal_lines_in in = { v->office_id, INT64_MIN, STEP_LINES };    /* also a line numbered 0 is one too many */
    do {
        v->left = STEP_LINES;
        if (!q_journal_lines(db, &in, verify_line, v, err))
            return false;
        in.after = v->at.seq;
    } while (v->left == 0);
    return true;
}

static bool verify_all(struct db *db, struct verify *v, struct err *err)
{
    if (!head_and_chain(db, v->office_id, &v->head, &v->chain_id, err) || !verify_lines(db, v, err))
        return false;
    if (v->at.seq != v->head.seq)
        return broken(v, v->at.seq + 1, err);    /* the last lines are gone */
    if (memcmp(v->at.hash, v->head.hash, sizeof v->at.hash) != 0)
        return broken(v, v->at.seq, err);
    return true;
}

bool journal_verify(struct db *db, int64_t office_id, store_progress *progress, void *ctx, struct journal_head *ret, struct err *err)
{
    struct verify v = { .crypto = db_crypto(db), .office_id = office_id, .progress = progress, .ctx = ctx };
    bool own = !db->in_snapshot;                 /* head and lines must be of one moment */
    if (own && !db_snapshot_begin(db, err))
        return false;
    bool ok = verify_all(db, &v, err);
    if (own)
        db_snapshot_end(db);
    if (ok && ret)
        *ret = v.at;
    return ok;
}

/* --- reading ------------------------------------------------------------------------------------------------------------- */

struct reading {
    struct arena *a;
    int64_t office_id;
    struct journal_line *line;
    size_t n, cap;
};

static bool read_line(void *ctx, const struct journal_lines_row *r, bool *stop, struct err *err)
{
    struct reading *to = ctx;
    struct journal_line l = line_of(to->office_id, r);
    l.entity = arena_str(to->a, l.entity);
    l.verb = arena_str(to->a, l.verb);
    l.before = arena_str(to->a, l.before);
    l.after = arena_str(to->a, l.after);
    arena_push(to->a, to->line, to->n, to->cap) = l;
    return !arena_over(to->a) || err_fail(err, ERR_LIMIT, M_STORE_TOO_MUCH, NULL);
}

bool journal_read(struct db *db, struct arena *a, int64_t office_id, int64_t after, int limit, struct journal_line **ret, size_t *n,
                  struct err *err)
{
    struct reading to = { .a = a, .office_id = office_id };
    if (!q_journal_lines(db, &(struct journal_lines_in){ office_id, after, limit }, read_line, &to, err))
        return false;
    *ret = to.line;
    *n = to.n;
    return true;
}
