#include "store/seal.h"

#include <string.h>

#include "messages.h"
#include "store/crypto.h"
#include "store/inside.h"
#include "store_queries.h"

enum {
    SUITE_SM4 = 1,
    MAC_KEY = 32,
    DIGEST_KEY = 32,
    SEALED_HEAD = 1 + 8 + SM4_NONCE,
    SEALED_MORE = SEALED_HEAD + SM3_BYTES,       /* bytes a sealed value is longer than its text */
};

struct data_key {
    uint8_t cipher[SM4_KEY], mac[MAC_KEY], digest[DIGEST_KEY];     /* all bytes; no padding */
};

enum { WRAPPED_BYTES = SM4_NONCE + sizeof(struct data_key) + SM3_BYTES };

static struct str bytes(const void *p, size_t n) { return (struct str){ p, n }; }

/* --- wrapping: data keys under the master key ---------------------------------------------------------------------------- */

static bool master_keys(struct crypto *c, const struct store *s, uint8_t cipher[SM3_BYTES], uint8_t mac[SM3_BYTES], struct err *err)
{
    struct str master = bytes(s->master, sizeof s->master);
    return hmac_sm3(c, master, &STR("whs wrap cipher 1"), 1, cipher, err) && hmac_sm3(c, master, &STR("whs wrap mac 1"), 1, mac, err);
}

/* The code covers office and number of the key, so that a row moved elsewhere does not open. */
static bool wrap_code(struct crypto *c, const uint8_t mac[SM3_BYTES], int64_t office_id, int64_t id, const uint8_t *wrapped,
                      uint8_t ret[SM3_BYTES], struct err *err)
{
    uint8_t place[17] = { SUITE_SM4 };
    put_i64(place + 1, office_id);
    put_i64(place + 9, id);
    const struct str piece[] = { bytes(place, sizeof place), bytes(wrapped, WRAPPED_BYTES - SM3_BYTES) };
    return hmac_sm3(c, bytes(mac, SM3_BYTES), piece, 2, ret, err);
}

static bool wrap(struct crypto *c, const struct store *s, int64_t office_id, int64_t id, const struct data_key *key,
                 uint8_t ret[WRAPPED_BYTES], struct err *err)
{
    uint8_t cipher[SM3_BYTES], mac[SM3_BYTES];
    random_fill(s->o.random, ret, SM4_NONCE);
    bool ok = master_keys(c, s, cipher, mac, err) && sm4_ctr(c, cipher, ret, bytes(key, sizeof *key), ret + SM4_NONCE, err) &&
              wrap_code(c, mac, office_id, id, ret, ret + WRAPPED_BYTES - SM3_BYTES, err);
    wipe(cipher, sizeof cipher);
    wipe(mac, sizeof mac);
    return ok;
}

static bool unwrap(struct crypto *c, const struct store *s, int64_t office_id, int64_t id, struct str wrapped, struct data_key *ret,
                   struct err *err)
{
    uint8_t cipher[SM3_BYTES], mac[SM3_BYTES], code[SM3_BYTES];
    const uint8_t *w = (const uint8_t *)wrapped.p;
    if (wrapped.n != WRAPPED_BYTES)
        return err_fail(err, ERR_CORRUPT, M_STORE_SEALED_BAD, NULL);
    bool ok = master_keys(c, s, cipher, mac, err) && wrap_code(c, mac, office_id, id, w, code, err);
    if (ok && !same_bytes(code, w + WRAPPED_BYTES - SM3_BYTES, SM3_BYTES))
        ok = err_fail(err, ERR_CORRUPT, M_STORE_KEY_WRONG, NULL, A_C(s->path));
    ok = ok && sm4_ctr(c, cipher, w, bytes(w + SM4_NONCE, sizeof *ret), ret, err);
    wipe(cipher, sizeof cipher);
    wipe(mac, sizeof mac);
    return ok;
}

/* --- data keys ------------------------------------------------------------------------------------------------------------ */

static bool key_insert(struct db *db, struct store *s, int64_t office_id, int64_t id, struct str scope, instant_t at,
                       struct data_key *key, struct err *err)
{
    uint8_t wrapped[WRAPPED_BYTES];
    random_fill(s->o.random, key, sizeof *key);
    return wrap(db_crypto(db), s, office_id, id, key, wrapped, err) &&
           q_data_key_insert(db, &(struct data_key_insert_in){ office_id, id, scope, SUITE_SM4, bytes(wrapped, sizeof wrapped), at }, NULL, err);
}

bool data_key_make(struct db *db, struct store *s, int64_t office_id, int64_t id, struct str scope, instant_t at, struct err *err)
{
    struct data_key key;
    bool ok = key_insert(db, s, office_id, id, scope, at, &key, err);
    wipe(&key, sizeof key);
    return ok;
}

bool data_key_rewrap(struct db *from, int64_t from_office, struct db *to, int64_t to_office, int64_t id, struct str wrapped, struct buf *ret, struct err *err)
{
    struct data_key key;
    uint8_t again[WRAPPED_BYTES];
    bool ok = unwrap(db_crypto(from), from->store, from_office, id, wrapped, &key, err) &&
              wrap(db_crypto(to), to->store, to_office, id, &key, again, err);
    wipe(&key, sizeof key);
    if (ok)
        buf_add(ret, again, sizeof again);
    return ok;
}

/* The scope's living key; made when there is none. */
static bool key_of_scope(struct txn *t, struct str scope, int64_t *id, struct data_key *key, struct err *err)
{
    struct data_key_current_row row;
    bool found;
    if (!q_data_key_current(t->db, t->arena, &(struct data_key_current_in){ t->office_id, scope }, &row, &found, err))
        return false;
    if (found) {
        *id = row.id;
        return unwrap(db_crypto(t->db), t->store, t->office_id, row.id, row.wrapped, key, err);
    }
    *id = txn_next_id(t);
    return key_insert(t->db, t->store, t->office_id, *id, scope, t->at, key, err);
}

/* The row is read at every opening: a key destroyed by another process is gone here at once. */
static bool key_by_id(struct store *s, struct db *db, struct arena *a, int64_t office_id, int64_t id, struct data_key *key, struct err *err)
{
    struct data_key_by_id_row row;
    bool found;
    if (!q_data_key_by_id(db, a, &(struct data_key_by_id_in){ office_id, id }, &row, &found, err))
        return false;
    if (!found)
        return err_fail(err, ERR_CORRUPT, M_STORE_SEALED_BAD, NULL);
    if (!row.wrapped.p)
        return err_fail(err, ERR_NOT_FOUND, M_STORE_SEALED_GONE, NULL);
    return unwrap(db_crypto(db), s, office_id, id, row.wrapped, key, err);
}

bool master_check(struct store *s, struct db *db, struct err *err)
{
    struct data_key key;
    _cleanup_(arena_release) struct arena a = ARENA_INIT(0);
    bool ok = key_by_id(s, db, &a, STORE_OFFICE_SHARED, 1, &key, err);
    wipe(&key, sizeof key);
    return ok;
}

/* --- sealing --------------------------------------------------------------------------------------------------------------- */

static bool place_code(struct crypto *c, const struct data_key *key, struct seal_place place, struct str covered, uint8_t ret[SM3_BYTES], struct err *err)
{
    uint8_t length = (uint8_t)strlen(place.field), row[8];
    put_i64(row, place.row);
    const struct str piece[] = { bytes(&length, 1), str_c(place.field), bytes(row, sizeof row), covered };
    return hmac_sm3(c, bytes(key->mac, sizeof key->mac), piece, ARRAY_LEN(piece), ret, err);
}

bool seal_text(struct txn *t, struct str scope, struct seal_place place, struct str plain, struct str *ret, struct err *err)
{
    if (!plain.p) {
        *ret = STR_NULL;
        return true;
    }
    int64_t id;
    struct data_key key;
    struct crypto *c = db_crypto(t->db);
    if (!key_of_scope(t, scope, &id, &key, err))
        return false;
    uint8_t *out = arena_alloc(t->arena, plain.n + SEALED_MORE);
    out[0] = SUITE_SM4;
    put_i64(out + 1, id);
    random_fill(store_random(t->store), out + 9, SM4_NONCE);
    struct str covered = bytes(out, SEALED_HEAD + plain.n);
    bool ok = sm4_ctr(c, key.cipher, out + 9, plain, out + SEALED_HEAD, err) &&
              place_code(c, &key, place, covered, out + covered.n, err);
    wipe(&key, sizeof key);
    if (ok)
        *ret = bytes(out, plain.n + SEALED_MORE);
    return ok;
}

bool seal_open(struct store *s, struct db *db, struct arena *a, int64_t office_id, struct seal_place place, struct str sealed, struct str *ret,
               struct err *err)
{
    const uint8_t *in = (const uint8_t *)sealed.p;
    if (!in) {
        *ret = STR_NULL;
        return true;
    }
    if (sealed.n < SEALED_MORE || in[0] != SUITE_SM4)
        return err_fail(err, ERR_CORRUPT, M_STORE_SEALED_BAD, NULL);
    struct data_key key;
    uint8_t code[SM3_BYTES];
    struct crypto *c = db_crypto(db);
    struct str covered = bytes(in, sealed.n - SM3_BYTES), body = bytes(in + SEALED_HEAD, sealed.n - SEALED_MORE);
    if (!key_by_id(s, db, a, office_id, get_i64(in + 1), &key, err))
        return false;
    bool ok = place_code(c, &key, place, covered, code, err);
    if (ok && !same_bytes(code, in + covered.n, SM3_BYTES))
        ok = err_fail(err, ERR_CORRUPT, M_STORE_SEALED_BAD, NULL);
    char *out = arena_alloc(a, body.n + 1);
    ok = ok && sm4_ctr(c, key.cipher, in + 9, body, out, err);
    wipe(&key, sizeof key);
    if (ok) {
        out[body.n] = 0;
        *ret = str_n(out, body.n);
    }
    return ok;
}

bool seal_digest(struct txn *t, struct str scope, struct str plain, struct str *ret, struct err *err)
{
    if (!plain.p) {
        *ret = STR_NULL;
        return true;
    }
    int64_t id;
    struct data_key key;
    if (!key_of_scope(t, scope, &id, &key, err))
        return false;
    uint8_t *out = arena_alloc(t->arena, SM3_BYTES);
    bool ok = hmac_sm3(db_crypto(t->db), bytes(key.digest, sizeof key.digest), &plain, 1, out, err);
    wipe(&key, sizeof key);
    if (ok)
        *ret = bytes(out, SM3_BYTES);
    return ok;
}

bool seal_destroy(struct txn *t, struct str scope, struct err *err)
{
    struct data_key_current_row row;
    bool found;
    if (!q_data_key_current(t->db, t->arena, &(struct data_key_current_in){ t->office_id, scope }, &row, &found, err))
        return false;
    if (!found)
        return err_fail(err, ERR_NOT_FOUND, M_STORE_SEALED_GONE, NULL);
    const struct journal_line line = { .day = DAY_NONE, .entity = STR("data_key"), .entity_id = row.id, .verb = STR("destroy") };
    t->store->erase = true;                      /* old pages leave the log after this commit */
    return q_data_key_destroy(t->db, &(struct data_key_destroy_in){ t->office_id, scope, t->at }, NULL, err) && journal_add(t, &line, err);
}
