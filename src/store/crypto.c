#include "store/crypto.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>

#include "messages.h"
#include "store/engine.h"

static struct {
    EVP_MD *sm3, *sha256;
    EVP_CIPHER *sm4;
    EVP_MAC *hmac;
} algorithm;

static void algorithms_fetch(void)
{
    algorithm.sm3 = EVP_MD_fetch(NULL, "SM3", NULL);
    algorithm.sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    algorithm.sm4 = EVP_CIPHER_fetch(NULL, "SM4-CTR", NULL);
    algorithm.hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
}

struct crypto {
    EVP_MD_CTX *sm3, *sha256;
    EVP_CIPHER_CTX *sm4;
    EVP_MAC_CTX *hmac;
};

struct crypto *crypto_new(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, algorithms_fetch);
    struct crypto *c = xcalloc(1, sizeof *c);
    c->sm3 = EVP_MD_CTX_new();
    c->sha256 = EVP_MD_CTX_new();
    c->sm4 = EVP_CIPHER_CTX_new();
    c->hmac = algorithm.hmac ? EVP_MAC_CTX_new(algorithm.hmac) : NULL;
    if (c->hmac) {
        OSSL_PARAM p[] = { OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char[]){ "SM3" }, 0), OSSL_PARAM_END };
        EVP_MAC_CTX_set_params(c->hmac, p);      /* once: naming the digest again at each key would fetch it again */
    }
    return c;
}

void crypto_free(struct crypto *c)
{
    if (!c)
        return;
    EVP_MD_CTX_free(c->sm3);
    EVP_MD_CTX_free(c->sha256);
    EVP_CIPHER_CTX_free(c->sm4);
    EVP_MAC_CTX_free(c->hmac);
    free(c);
}

struct crypto *db_crypto(struct db *db)
{
    if (!db->crypto)
        db->crypto = crypto_new();
    return db->crypto;
}

static bool fail(struct err *err) { return err_fail(err, ERR_IO, M_STORE_CRYPTO, NULL); }

bool sm3(struct crypto *c, const struct str *piece, size_t n, uint8_t ret[SM3_BYTES], struct err *err)
{
    bool ok = algorithm.sm3 && EVP_DigestInit_ex2(c->sm3, algorithm.sm3, NULL);
    for (size_t i = 0; ok && i < n; i++)
        ok = EVP_DigestUpdate(c->sm3, piece[i].p, piece[i].n);
    return (ok && EVP_DigestFinal_ex(c->sm3, ret, NULL)) || fail(err);
}

bool hmac_sm3(struct crypto *c, struct str key, const struct str *piece, size_t n, uint8_t ret[SM3_BYTES], struct err *err)
{
    size_t made;
    bool ok = c->hmac && EVP_MAC_init(c->hmac, (const uint8_t *)key.p, key.n, NULL);
    for (size_t i = 0; ok && i < n; i++)
        ok = EVP_MAC_update(c->hmac, (const uint8_t *)piece[i].p, piece[i].n);
    return (ok && EVP_MAC_final(c->hmac, ret, &made, SM3_BYTES)) || fail(err);
}

bool sm4_ctr(struct crypto *c, const uint8_t key[SM4_KEY], const uint8_t nonce[SM4_NONCE], struct str in, void *out, struct err *err)
{
    int made;
    if (in.n > INT32_MAX || !algorithm.sm4 || !EVP_EncryptInit_ex2(c->sm4, algorithm.sm4, key, nonce, NULL) ||
        !EVP_EncryptUpdate(c->sm4, out, &made, (const uint8_t *)in.p, (int)in.n))
        return fail(err);
    return true;
}

bool sha256_begin(struct crypto *c, struct err *err)
{
    return (algorithm.sha256 && EVP_DigestInit_ex2(c->sha256, algorithm.sha256, NULL)) || fail(err);
}

bool sha256_add(struct crypto *c, struct str s, struct err *err) { return EVP_DigestUpdate(c->sha256, s.p, s.n) || fail(err); }
bool sha256_end(struct crypto *c, uint8_t ret[SHA256_BYTES], struct err *err) { return EVP_DigestFinal_ex(c->sha256, ret, NULL) || fail(err); }

bool same_bytes(const void *a, const void *b, size_t n) { return CRYPTO_memcmp(a, b, n) == 0; }
void wipe(void *p, size_t n) { OPENSSL_cleanse(p, n); }
