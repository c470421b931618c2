/* Passwords people choose: Argon2id, and no more than two at once, because each takes 19 MiB. */
#include <argon2.h>
#include <pthread.h>
#include <semaphore.h>

#include "messages.h"
#include "people/member.h"

enum { MEMORY_KIB = 19456, PASSES = 2, LANES = 1, SALT_BYTES = 16, HASH_BYTES = 32, ENCODED_MAX = 128, AT_ONCE = 2 };
enum { PASSWORD_MIN_CHARS = 8, PASSWORD_MAX_BYTES = 256 };

static sem_t slots;
static pthread_once_t slots_once = PTHREAD_ONCE_INIT;

static void slots_init(void) { sem_init(&slots, 0, AT_ONCE); }

static void slot_take(void)
{
    pthread_once(&slots_once, slots_init);
    while (sem_wait(&slots) != 0)                /* EINTR */
        ;
}

static void slot_give(void) { sem_post(&slots); }

bool password_hash(const struct random *r, struct str password, struct buf *ret, struct err *err)
{
    struct str s = password;
    size_t chars = 0;
    for (size_t i = 0; i < s.n; i++)
        chars += ((unsigned char)s.p[i] & 0xc0) != 0x80;
    if (chars < PASSWORD_MIN_CHARS)
        return err_fail(err, ERR_INPUT, M_PEOPLE_PASSWORD_SHORT, "password", A_INT(PASSWORD_MIN_CHARS));
    if (s.n > PASSWORD_MAX_BYTES)
        return err_fail(err, ERR_INPUT, M_BASE_TOO_LARGE, "password", A_INT(PASSWORD_MAX_BYTES));
    uint8_t salt[SALT_BYTES];
    char encoded[ENCODED_MAX];
    random_fill(r, salt, sizeof salt);
    slot_take();
    int rc = argon2id_hash_encoded(PASSES, MEMORY_KIB, LANES, s.p, s.n, salt, sizeof salt, HASH_BYTES, encoded, sizeof encoded);
    slot_give();
    if (rc != ARGON2_OK)
        return err_fail(err, ERR_BUSY, M_PEOPLE_PASSWORD_BUSY, NULL);
    buf_c(ret, encoded);
    return true;
}

bool password_verify(struct str hash, struct str password)
{
    char encoded[ENCODED_MAX];
    if (hash.n == 0 || hash.n >= sizeof encoded || password.n > PASSWORD_MAX_BYTES) {
        password_waste(password);
        return false;
    }
    for (size_t i = 0; i < hash.n; i++)
        encoded[i] = hash.p[i];
    encoded[hash.n] = 0;
    slot_take();
    int rc = argon2id_verify(encoded, password.p ? password.p : "", password.n);
    slot_give();
    return rc == ARGON2_OK;
}

void password_waste(struct str password)
{
    static const uint8_t salt[SALT_BYTES] = { 0 };
    uint8_t hash[HASH_BYTES];
    size_t n = password.n > PASSWORD_MAX_BYTES ? PASSWORD_MAX_BYTES : password.n;
    slot_take();
    argon2id_hash_raw(PASSES, MEMORY_KIB, LANES, n ? password.p : "", n, salt, sizeof salt, hash, sizeof hash);
    slot_give();
}
