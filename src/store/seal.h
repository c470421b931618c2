/* The seal of personal fields. A sealed value is ciphertext in rows and journal alike; whoever has only the database has none of it.
 *
 * Keys: a master key (32 bytes, PATH.key beside the database or the file named by WHS_KEY, never in it) wraps data keys;
 * table data_key holds one row per (office, scope), scope "office" or "operation:ID". Destroying a data key (its wrapped bytes are
 * overwritten with NULL) erases all that it sealed; the journal's chain stays whole because hashes cover ciphertext.
 * Sealed value, suite 1: u8 suite, i64 key id, 16 bytes nonce, SM4-CTR ciphertext, 32 bytes HMAC-SM3 over the place (u8 length of field, field, i64 row)
 * and all before it. So a sealed value opens where it was sealed and nowhere else: who can write the database cannot put one person's number under another's name.
 * A data key is 16 bytes for SM4, 32 for the HMAC, 32 for digests.
 */
#ifndef WHS_STORE_SEAL_H
#define WHS_STORE_SEAL_H

#include "store/store.h"

#define SEAL_SCOPE_OFFICE STR("office")

struct seal_place {                              /* where a sealed value stands */
    const char *field;                           /* "member.phone" */
    int64_t row;                                 /* the row's id within the office */
};

/* Seals plain under the scope's data key (made on first use). *ret lives in t->arena. NULL stays NULL. */
bool seal_text(struct txn *t, struct str scope, struct seal_place place, struct str plain, struct str *ret, struct err *err);
/* Opens a sealed value into the arena. ERR_NOT_FOUND when its key was destroyed, ERR_CORRUPT when it was tampered with
 * or stands in another place. */
bool seal_open(struct store *s, struct db *db, struct arena *a, int64_t office_id, struct seal_place place, struct str sealed, struct str *ret,
               struct err *err);
/* Keyed digest for equality (a telephone number to find again): 32 bytes in the arena, the same for the same text, office and scope. */
bool seal_digest(struct txn *t, struct str scope, struct str plain, struct str *ret, struct err *err);
/* Erases: what was sealed under the scope can never be read again. Recorded in the journal. */
bool seal_destroy(struct txn *t, struct str scope, struct err *err);

#endif
