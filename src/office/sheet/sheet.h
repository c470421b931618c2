/* Sheets (表格): entries and units as csv and xlsx, out and in.
 *
 * Invariants
 *   - An export can be imported again and means the same: into another office it registers what it tells, into its own it changes nothing.
 *   - A file is read twice: once off the writer, which finds every problem and shows what would happen, and once on the writer in a batch of its own. Either
 *     all of it is taken or nothing; taken is what was shown, or it is refused (`seen`).
 *   - A row whose number the office has is an edit of that entry: what differs from the ledger is changed by the verb a person would use, one act each. What
 *     somebody else changed since the export is a conflict, named; what cannot be changed in a sheet is refused by line and column.
 *   - The same new rows are not registered twice, unless it is said (`again`).
 *   - Who exports gets what they may see.
 */
#ifndef WHS_OFFICE_SHEET_H
#define WHS_OFFICE_SHEET_H

#include "office/entry/entry.h"
#include "office/slice.h"

enum { SHEET_BYTES_MAX = 50 * 1024 * 1024, SHEET_NOTES_MAX = 200 };

struct sheet_plan {                              /* how a file is to be read; absent: STR_NULL, 0 */
    struct str map;                              /* a word for each column, with blanks: "title lead_unit + -"; absent: proposed */
    struct str kind, source, received;           /* of rows that do not say */
    int year;                                    /* of days that do not say theirs */
    bool create;                                 /* make units, leaders, officers and lists that are not known */
    bool again;                                  /* rows that were taken before are taken once more */
    struct str seen;                             /* of the result that was shown: nothing else is taken; STR_NULL: whatever it is now */
    struct str name;                             /* of the file */
};

struct lookup_entry;

struct sheet_edit { struct str number, title, field, old, new; };      /* field: a column's name, or that of a further column */
struct sheet_fresh { int line; struct str title, source, requirement, received, deadline, lead, assists, number; };
struct sheet_passed { int line, why; struct str text; };

struct sheet_result {                            /* texts in the arena that was given */
    int64_t rows;                                /* of the file */
    int64_t fresh, edited, edits, same;          /* registered; entries changed, and in how many fields; left as they are */
    struct str seen;                             /* stands for all that this file would do now */
    struct str title;                            /* of the sheet */
    struct str map, kind, source;                /* as it was read: proposed, remembered or said */
    struct lookup_entry **missing;               /* names that have to be made */
    size_t n_missing;
    struct buf copy;                             /* the rows of an xlsx (table_keep), for the writer, who must not wait for its reader; the caller releases it */
    struct str *columns;                         /* the head */
    int n_columns;
    struct str *sample;                          /* beside the head: what first stands in that column */
    bool exact, xlsx;                            /* a file of ours; of that sort */
    bool known;                                  /* this office read such a head before */
    struct sheet_edit *edit;                     /* the first SHEET_NOTES_MAX */
    struct sheet_fresh *first;
    struct sheet_passed *passed;                 /* rows that are no data */
    size_t n_edit, n_first, n_passed;
    int64_t writer_ms;                           /* how long the writer was busy with it; 0 when nothing was taken */
    instant_t taken_at;                          /* these new rows were taken before; INSTANT_NONE */
    struct str taken_by, taken_name;
};

struct sheet_ask {
    struct store *store;
    struct db *db;                               /* a reader, inside a snapshot */
    struct arena *arena;
    const struct actor *actor;
    struct str bytes;
    const struct sheet_plan *plan;
    store_progress *progress;
    void *progress_ctx;
};
/* Looks at a file of entries; writes nothing. The result is filled as far as it was read, also on failure. */
bool sheet_look(const struct sheet_ask *ask, struct sheet_result *ret, struct problems *problems, struct err *err);
/* On the writer, in a batch of its own: takes what was looked at just before. */
struct sheet_take {
    struct str bytes;                            /* of a csv; of an xlsx the look's copy */
    bool kept;
    struct sheet_plan plan;                      /* with the map of the look */
    struct lookup_entry **missing;               /* of the look */
    size_t n_missing;
    struct problems *problems;                   /* may be NULL */
    int64_t rows, fresh, edited, edits, same;    /* done */
};
/* From a look to its taking; ret refers to both. */
void sheet_take_of(const struct sheet_ask *ask, const struct sheet_result *look, struct sheet_take *ret);
bool sheet_take_fn(struct txn *t, void *take, struct err *err);

/* Entries that the actor sees and f takes, oldest first, with the further columns that any of them has. */
struct sheet_shape {
    enum lang lang;
    bool xlsx;
    bool words;                                  /* for people: in Chinese 编号 and 文 instead of number and document; read back alike */
};
bool sheet_export(struct db *db, const struct actor *actor, const struct entry_filter *f, const struct sheet_shape *shape, struct buf *out, struct err *err);
bool sheet_export_units(struct db *db, int64_t office_id, enum lang lang, bool xlsx, struct buf *out, struct err *err);
/* Units: name, short_name, category, order, aliases; those that are there are brought up to date. Administrators only. */
struct sheet_units { struct str bytes; bool dry; int64_t rows, created; };
bool sheet_import_units(struct store *s, struct db *db, struct arena *a, const struct actor *actor, struct sheet_units *u, struct problems *problems,
                        struct err *err);

#endif
