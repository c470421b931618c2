/* What the files of src/people/ share; nobody else includes it. */
#ifndef WHS_PEOPLE_INSIDE_H
#define WHS_PEOPLE_INSIDE_H

#include "people/party.h"

enum { DIGEST_BYTES = 32, SECRET_BYTES = 24, SECRET_CHARS = 32 };

/* One line of valid UTF-8 of at most chars_max characters. */
bool people_check_text(struct str s, size_t chars_max, bool required, const char *field, struct err *err);
/* A journal line; before and after hold whole JSON objects, or are NULL. */
bool people_journal(struct txn *t, const char *entity, int64_t id, const char *verb, const struct buf *before, const struct buf *after,
                    struct err *err);
/* party_add() without its checks. */
bool people_party_insert(struct txn *t, enum party_kind kind, struct str name, struct str short_name, struct str category, int64_t ord,
                         bool active, int64_t *ret, struct err *err);

/* A fresh secret of 192 random bits in base64url (32 characters) into the arena, and its SHA-256. */
struct str secret_make(struct txn *t, uint8_t digest[DIGEST_BYTES]);
/* The digest of what claims to be a secret; false when it cannot be one. */
bool secret_digest(struct str secret, uint8_t digest[DIGEST_BYTES]);

#endif
