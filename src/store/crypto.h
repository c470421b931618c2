/* OpenSSL behind one file: SM3, HMAC-SM3, SM4-CTR, SHA-256. Algorithms are fetched once per process, contexts made once per
 * connection, because in OpenSSL 3 both cost more than hashing a line. A struct crypto belongs to one thread at a time. */
#ifndef WHS_STORE_CRYPTO_H
#define WHS_STORE_CRYPTO_H

#include "base/err.h"

enum { SM3_BYTES = 32, SM4_KEY = 16, SM4_NONCE = 16, SHA256_BYTES = 32 };

struct crypto;
struct db;

struct crypto *crypto_new(void);
void crypto_free(struct crypto *c);              /* NULL is allowed */
struct crypto *db_crypto(struct db *db);         /* the connection's own, made at first use */

/* Digest of the pieces one after another. */
bool sm3(struct crypto *c, const struct str *piece, size_t n, uint8_t ret[SM3_BYTES], struct err *err);
bool hmac_sm3(struct crypto *c, struct str key, const struct str *piece, size_t n, uint8_t ret[SM3_BYTES], struct err *err);
/* Encrypts and decrypts alike; in and out may be the same memory. */
bool sm4_ctr(struct crypto *c, const uint8_t key[SM4_KEY], const uint8_t nonce[SM4_NONCE], struct str in, void *out, struct err *err);

/* SHA-256 of a stream. */
bool sha256_begin(struct crypto *c, struct err *err);
bool sha256_add(struct crypto *c, struct str s, struct err *err);
bool sha256_end(struct crypto *c, uint8_t ret[SHA256_BYTES], struct err *err);

bool same_bytes(const void *a, const void *b, size_t n);       /* in constant time */
void wipe(void *p, size_t n);

static inline void put_u32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> (24 - 8 * i));
}
static inline void put_i64(uint8_t *p, int64_t v)
{
    put_u32(p, (uint32_t)((uint64_t)v >> 32));
    put_u32(p + 4, (uint32_t)v);
}
static inline int64_t get_i64(const uint8_t *p)
{
    uint64_t v = 0;
    for (int i = 0; i < 8; i++)
        v = v << 8 | p[i];
    return (int64_t)v;
}

#endif
