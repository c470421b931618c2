/* Attachments: files beside an entry, or beside whatever another slice keeps (owner: its word and an id).
 *
 * Invariants
 *   - Bytes are blobs: the same bytes lie once in an office, whoever puts them where; removing lets them go, and the nightly sweep erases what nobody holds for a day.
 *   - What a file is was read from its bytes (format/sniff.h). Programs and web pages are not taken; names do not disguise; texts and names with a secrecy marking are refused.
 *   - A row is never deleted: a removed attachment keeps its line with who, when and why. Both are journal lines ("attachment" add, remove).
 *   - Rights are the owner's: for entries rules.c decides (who sees the entry sees all of them), other slices decide before they call.
 */
#ifndef WHS_OFFICE_ATTACH_H
#define WHS_OFFICE_ATTACH_H

#include "format/sniff.h"
#include "office/entry/entry.h"
#include "office/slice.h"

enum { ATTACH_NAME_CHARS = 100, ATTACH_REASON_CHARS = 200, ATTACH_MAX_MB = 50, ATTACH_MAX_COUNT = 50 };

struct attach_owner { const char *kind; int64_t id; };

struct attachment {
    int64_t id;
    struct str name;
    enum file_type type;
    int64_t size;
    struct str sha256;                           /* 32 bytes */
    bool scan;
    instant_t at;
    int64_t actor_id;
    struct str who;                              /* 张某, or 张某（代李某） */
    instant_t removed_at;                        /* INSTANT_NONE: it is there */
    struct str remover, reason;
};

/* What comes in. Checked without the store: name, content against name, markings, size. */
struct attach_file { struct str name, bytes; bool scan; };
bool attach_check(const struct attach_file *f, int64_t max_mb, enum file_type *ret, struct err *err);

/* In a write, after blob_put() of the bytes: rows, references, journal lines; all n or none. ERR_CONFLICT when the owner has one of them already, ERR_LIMIT when it
 * has enough. */
bool attach_add(struct txn *t, struct attach_owner owner, const struct attach_file *f, const uint8_t (*sha256)[32], size_t n, int64_t *ids, struct err *err);
bool attach_remove(struct txn *t, struct attach_owner owner, int64_t id, struct str reason, struct err *err);
/* All of an owner, the removed ones among them, oldest first: one indexed statement. */
bool attach_list(struct db *db, struct arena *a, int64_t office_id, struct attach_owner owner, struct attachment **ret, size_t *n, struct err *err);
/* ERR_NOT_FOUND for one of another owner, and for a removed one. */
bool attach_find(struct db *db, struct arena *a, int64_t office_id, struct attach_owner owner, int64_t id, struct attachment *ret, struct err *err);
/* The bytes, checked by their hash. */
bool attach_bytes(struct db *db, int64_t office_id, const struct attachment *x, struct buf *ret, struct err *err);
/* The office's limits, by settings attach.max_mb and attach.max_count. */
bool attach_limits(struct db *db, struct arena *a, int64_t office_id, int64_t *max_mb, int64_t *max_count, struct err *err);

/* --- beside an entry (rules.c, pure) ------------------------------------------------------------------------------------------------ */
/* May the actor add one? Whoever may act on the entry: its units while it is open, the section until it is archived. Only the section marks a scan of the paper. */
bool attach_may_add(const struct actor *actor, const struct entry *e, bool scan, struct err *err);
/* Who put it there, and the section, as long as one could be added. */
bool attach_may_remove(const struct actor *actor, const struct entry *e, const struct attachment *x, struct err *err);
/* Both decided on the writer. */
bool attach_to_entry(struct txn *t, const struct actor *actor, struct str number, const struct attach_file *f, const uint8_t (*sha256)[32], size_t n, int64_t *ids,
                     struct err *err);
bool attach_remove_from_entry(struct txn *t, const struct actor *actor, struct str number, int64_t id, struct str reason, struct err *err);

extern const struct slice attach_slice;

#endif
