/* Attachments: bytes addressed by their SHA-256, kept in the database in parts, so that one backup holds everything.
 *
 * Parts (<= 256 KiB) are written in small writes of their own before the row that refers to the blob, so a large file never holds the
 * writer. A blob nobody refers to is swept after a day. At most BLOB_MAX bytes.
 */
#ifndef WHS_STORE_BLOB_H
#define WHS_STORE_BLOB_H

#include "store/store.h"

enum { BLOB_PART = 256 * 1024, BLOB_MAX = 50 * 1024 * 1024 };

/* Writes the bytes, part by part; waits for each. The same bytes twice cost nothing. Not on the writer or a loop thread. */
bool blob_put(struct store *s, int64_t office_id, int64_t actor_id, struct str bytes, uint8_t sha256[32], struct err *err);
/* The same in a write of the caller's, beside the row that will refer to it: at most BLOB_PART bytes. */
bool blob_put_small(struct txn *t, struct str bytes, uint8_t sha256[32], struct err *err);
/* Calls part() with each part in order. */
bool blob_get(struct db *db, int64_t office_id, const uint8_t sha256[32], bool (*part)(void *ctx, struct str bytes), void *ctx,
              int64_t *size, struct err *err);
/* In a write, beside the row that refers to it. */
bool blob_ref(struct txn *t, const uint8_t sha256[32], int delta, struct err *err);

#endif
