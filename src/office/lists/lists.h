/* Lists (清单) with columns of their own, saved views of the ledger, one act on many entries.
 *
 * Invariants
 *   - A list is kept by hand (entry_list, an entry's own acts) or by a saved query, never both. A name is one list's, in use or retired.
 *   - Nothing is deleted: lists, columns and views are retired and brought back with all they held.
 *   - A value of an own column is valid for its type when it is written; each change of one is a journal line naming entry, list, column, old and new.
 *   - Only the section changes lists. Whoever reads, sees the entries beside which they stand and their values.
 *   - A bulk edit is one write; each entry gets its own act, decided like any other. Whole or not at all, unless told otherwise.
 */
#ifndef WHS_OFFICE_LISTS_H
#define WHS_OFFICE_LISTS_H

#include "office/face.h"

enum { LIST_NAME_CHARS = 60, LIST_QUERY_BYTES = 2000, LIST_COLUMNS_MAX = 24, LIST_VALUE_CHARS = 400, LIST_CHOICES_CHARS = 400, BULK_MAX = 1000 };

/* --- lists (store.c) ------------------------------------------------------------------------------------------------------------ */

struct list_def {
    int64_t id, ord;
    struct str name, query;                      /* query: STR_NULL for a list by hand */
    bool active;
};
/* All in their order, retired ones too. */
bool list_all(struct db *db, struct arena *a, int64_t office_id, struct list_def **ret, size_t *n, struct err *err);
/* By id as pages say it, or by name. ERR_NOT_FOUND. */
bool list_find(struct db *db, struct arena *a, int64_t office_id, struct str which, struct list_def *ret, struct err *err);
/* query: STR_NULL or "" for one by hand. */
bool list_add(struct txn *t, const struct actor *actor, struct str name, struct str query, int64_t *ret, struct err *err);
/* STR_NULL, 0 and -1 leave as is; query "" makes it one by hand; step moves it up (-1) or down (1). */
struct list_change { struct str name, query; int step, active; };
bool list_change(struct txn *t, const struct actor *actor, int64_t id, const struct list_change *c, struct err *err);

/* settled: this month; more: at least so many (lists by query); broken: its query names what is renamed or gone, nothing was counted. */
struct list_count { int64_t list_id; int open, overdue, settled; bool more, broken; };
/* Of each list in use, what the actor sees. */
bool list_counts(struct db *db, struct arena *a, const struct actor *actor, const struct entry_when *when, const struct list_def *lists, size_t n,
                 struct list_count *ret, struct err *err);

enum list_type { LIST_TEXT, LIST_NUMBER, LIST_DAY, LIST_CHOICE, LIST_TYPES };
struct list_column {
    int64_t id, ord;
    struct str name, choices;
    enum list_type type;
    bool active;
};
extern const char *const list_types[LIST_TYPES];           /* "text" "number" "day" "choice" */
bool list_type_read(struct str s, enum list_type *ret, struct err *err);
bool list_columns(struct db *db, struct arena *a, int64_t office_id, int64_t list_id, bool retired, struct list_column **ret, size_t *n, struct err *err);
bool list_column_find(struct db *db, struct arena *a, int64_t office_id, int64_t list_id, struct str which, struct list_column *ret, struct err *err);
bool list_column_add(struct txn *t, const struct actor *actor, int64_t list_id, struct str name, enum list_type type, struct str choices, int64_t *ret,
                     struct err *err);
bool list_column_change(struct txn *t, const struct actor *actor, int64_t list_id, int64_t column_id, const struct list_change *c, struct err *err);
/* Of an entry that was seen: one text for each column, STR_NULL for none. */
bool list_values(struct db *db, struct arena *a, int64_t office_id, int64_t list_id, int64_t entry_id, const struct list_column *c, size_t n, struct str *ret,
                 struct err *err);
/* Pure: the value as it is stored, or the sentence why it cannot be. */
bool list_value_check(const struct list_column *c, struct str value, struct arena *a, struct str *ret, struct err *err);
/* Several columns of one entry; value "" takes a value away. Decides all before it writes any. */
struct list_said { struct list_column column; struct str value; };
/* One value of one entry; was: what its writer saw, another one meanwhile is ERR_CONFLICT; STR_NULL: whatever is there. */
struct list_cell { struct str number; struct list_column column; struct str was, value; };
/* Several entries: decides all before it writes any. *changed: values that are others now. */
bool list_cells_set(struct txn *t, const struct actor *actor, const struct list_def *l, const struct list_cell *cell, size_t n, size_t *changed, struct err *err);
bool list_values_set(struct txn *t, const struct actor *actor, const struct list_def *l, struct str number, const struct list_said *said, size_t n,
                     struct err *err);

/* --- conditions and views (query.c, view.c) -------------------------------------------------------------------------------------- */

struct entry_when list_when(struct db *db, struct arena *a, int64_t office_id, instant_t now, day_t today);
/* "state=open&unit=12": the conditions of a saved address; month is there the month of registration. Other names are left alone. */
bool list_query_read(struct db *db, struct arena *a, const struct actor *actor, const struct entry_when *when, struct str query, struct entry_filter *f,
                     struct err *err);
bool list_query_take(struct db *db, struct arena *a, const struct actor *actor, const struct entry_when *when, struct str name, struct str value,
                     struct entry_filter *f, struct err *err);
/* The value of a name in such a text, decoded; STR_NULL. */
struct str list_query_get(struct arena *a, struct str query, const char *name);
/* What a list holds, as a filter. */
bool list_filter(struct db *db, struct arena *a, const struct actor *actor, const struct entry_when *when, const struct list_def *l, struct entry_filter *f,
                 struct err *err);
/* entry_filter_take(), but that a list by query, which has no members of its own, stands for its conditions. */
bool list_condition(struct db *db, struct arena *a, const struct actor *actor, const struct entry_when *when, struct str name, struct str value,
                    struct entry_filter *f, struct err *err);

struct saved_view {
    int64_t id, owner_id;
    struct str name, query;
    bool shared, start, active, may_change;
};
/* The actor's own and the section's, in the order they were made; deleted ones only when asked for. */
bool view_all(struct db *db, struct arena *a, const struct actor *actor, bool deleted, struct saved_view **ret, size_t *n, struct err *err);
bool view_add(struct txn *t, const struct actor *actor, struct str name, struct str query, bool shared, bool start, int64_t *ret, struct err *err);
struct view_change { struct str name, query; int shared, start, active; };        /* STR_NULL and -1 leave as is */
bool view_change(struct txn *t, const struct actor *actor, int64_t id, const struct view_change *c, struct err *err);

/* --- one act on many (bulk.c) ------------------------------------------------------------------------------------------------------ */

enum bulk_what {
    BULK_OFFICER, BULK_LEADER, BULK_LIST_ADD, BULK_LIST_REMOVE, BULK_URGENCY, BULK_PROGRESS, BULK_EXTEND, BULK_ASSIST, BULK_ACCEPT, BULK_URGE, BULK_SETTLE,
    BULK_ARCHIVE, BULK_COLUMN, BULK_WHATS,
};
struct str bulk_code(enum bulk_what w);          /* "officer" "list_add" … */
bool bulk_read(struct str code, enum bulk_what *ret);

struct bulk_order {
    enum bulk_what what;
    struct str value, text;                      /* value: a name, a word, a day; text: the reason, the words */
    struct str list, column;                     /* BULK_COLUMN: whose column the value is for */
    struct str *number;                          /* up to BULK_MAX */
    int64_t *version;                            /* beside number: what was seen, 0 for whatever is there */
    size_t n;
};
struct bulk_line {
    struct str number, title;
    int64_t entry_id, version;
    bool good;
    struct str from, to;                         /* what changes */
    struct str before;                           /* as bulk_item keeps it */
    struct err err;
};
/* Decides every entry; writes nothing. t may stand on a reader. ERR_INPUT when the order itself is wrong. */
bool bulk_preview(struct txn *t, const struct actor *actor, enum lang lang, const struct bulk_order *o, struct bulk_line **ret, size_t *n_good, struct err *err);
struct bulk_done { int64_t id; size_t n; bool may_undo; };
/* Does it. partial: what can be done is done; otherwise one refusal refuses all (ERR_CONFLICT). */
bool bulk_take(struct txn *t, const struct actor *actor, const struct bulk_order *o, bool partial, struct bulk_done *ret, struct err *err);
/* Puts the fields back as they were, the same day, unless one of the entries changed since: all or nothing. */
bool bulk_undo(struct txn *t, const struct actor *actor, int64_t id, size_t *n, struct err *err);
bool bulk_may_undo(enum bulk_what w);

extern const struct slice lists_slice;

#endif
