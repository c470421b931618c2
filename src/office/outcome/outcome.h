/* What an entry brought about (成效): a document issued, a brief adopted, rooms obtained, persons moved. The summary counts these rows by key and day until a duty's own
 * records (later slices) take a key over; the table of keys in outcome.c is the only list of them. */
#ifndef WHS_OFFICE_OUTCOME_H
#define WHS_OFFICE_OUTCOME_H

#include "office/closing/closing.h"

enum { OUTCOME_N_MAX = 10000000, OUTCOME_LABEL_CHARS = 40 };

/* Adds n (1 … OUTCOME_N_MAX) of `key` to the entry for `day` (an open month, not in the future; DAY_NONE: today). label: the city, the project, or "". ERR_INPUT for
 * an unknown key, ERR_DENIED but for the entry's section. Journalled. */
bool outcome_add(struct txn *t, const struct actor *actor, struct str number, struct str key, int64_t n, struct str label, day_t day,
                 struct err *err);
struct outcome { int64_t id; day_t day; struct str key; int name_msg; const char *unit; int64_t n; struct str label; };
/* Those of an entry that was fetched through its actor, oldest first. */
bool outcome_of(struct db *db, struct arena *a, const struct entry *e, struct outcome **ret, size_t *n, struct err *err);

/* The keys, for forms. */
struct outcome_key { const char *key, *unit; int name_msg; };
extern const struct outcome_key outcome_keys[];
extern const int outcome_keys_count;

extern const struct slice outcome_slice;

#endif
