/* Secrets the program makes: random enough that a fast hash is the right one to store. */
#include <openssl/sha.h>

#include "people/inside.h"

struct str secret_make(struct txn *t, uint8_t digest[DIGEST_BYTES])
{
    uint8_t raw[SECRET_BYTES];
    random_fill(store_random(t->store), raw, sizeof raw);
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    buf_base64url(&b, raw, sizeof raw);
    struct str s = arena_str(t->arena, buf_view(&b));
    SHA256((const unsigned char *)s.p, s.n, digest);
    return s;
}

bool secret_digest(struct str secret, uint8_t digest[DIGEST_BYTES])
{
    uint8_t raw[SECRET_BYTES];
    size_t n;
    if (secret.n != SECRET_CHARS || !base64url_decode(secret, raw, sizeof raw, &n))
        return false;
    SHA256((const unsigned char *)secret.p, secret.n, digest);
    return true;
}
