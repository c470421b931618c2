/* The journal: one line for every change, chained by hash, per office. What it says can be proved later, what it does not
 * say did not happen.
 *
 * Encoding of a line, fixed (suite 1 = SM3): the hash covers, in this order and big-endian,
 *   u8 suite, i64 office_id, i64 seq, i64 at (ms), i32 day, i64 actor_id, i64 deputy_of, u32 n + entity, i64 entity_id,
 *   u32 n + verb, u32 n + before, u32 n + after, 32 bytes previous hash (zeros before the first line).
 * office_id is the number of the database the office began in (office.chain_id): an office that moves may get another number, its chain stays.
 * before and after are JSON objects of the fields that changed, "" when there is nothing; personal fields stand in them as the
 * base64url of their ciphertext, so erasing a data key leaves the chain whole.
 */
#ifndef WHS_STORE_JOURNAL_H
#define WHS_STORE_JOURNAL_H

#include "store/store.h"

struct journal_line {
    int64_t office_id, seq;                      /* these four and the actor are filled in by journal_add() */
    instant_t at;
    int64_t actor_id, deputy_of;
    day_t day;                                   /* the day the act counts for; DAY_NONE means today */
    struct str entity;                           /* "entry", "user", "closing" … */
    int64_t entity_id;
    struct str verb;
    struct str before, after;
    uint8_t hash[32];
};

bool journal_add(struct txn *t, const struct journal_line *line, struct err *err);

struct journal_head {
    int64_t seq;                                 /* 0: no line yet */
    uint8_t hash[32];
};
/* The head as this write sees it: after its journal_add(), the line just added. */
void journal_now(const struct txn *t, struct journal_head *ret);
bool journal_head(struct db *db, int64_t office_id, struct journal_head *ret, struct err *err);

/* Recomputes the chain of one office from line 1 and compares it with the head in the office row. A broken line gives ERR_CORRUPT naming
 * its sequence number. */
bool journal_verify(struct db *db, int64_t office_id, store_progress *progress, void *ctx, struct journal_head *ret, struct err *err);

/* Lines after `after`, in order, at most limit; for the API. Texts are copied into the arena. */
bool journal_read(struct db *db, struct arena *a, int64_t office_id, int64_t after, int limit, struct journal_line **ret, size_t *n,
                  struct err *err);

#endif
