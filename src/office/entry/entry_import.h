/* What the slice that reads and writes whole files needs of entries: a row of an imported file, names to ids for many rows, and all rows of a ledger.
 */
#ifndef WHS_OFFICE_ENTRY_IMPORT_H
#define WHS_OFFICE_ENTRY_IMPORT_H

#include "office/entry/entry.h"

/* --- names to ids ------------------------------------------------------------------------------------------------------------ */

enum lookup_what { LOOK_LEAD, LOOK_ASSIST, LOOK_LEADER, LOOK_OFFICER, LOOK_LIST, LOOK_KINDS };

struct lookup_entry {
    enum lookup_what what;
    struct str name;
    int64_t id;
    struct lookup_entry *next;
    bool by_id;                                  /* remembered by lookup_name(), under its id */
};

/* Remembers what it found, so that a file of 100,000 rows asks for each name once. */
struct lookup {
    struct db *db;
    struct arena *arena;
    const struct actor *actor;
    struct lookup_entry **bucket;                /* made on first use */
    bool create;                                 /* unknown names get a negative stand-in and are kept in `missing` */
    struct lookup_entry **missing;
    size_t n_missing, cap_missing;
    const struct workdays *work;                 /* lookup_calendar(): asked for once */
};
/* The office's working calendar. */
bool lookup_calendar(struct lookup *l, const struct workdays **ret, struct err *err);
bool lookup_id(struct lookup *l, enum lookup_what what, struct str name, int64_t *ret, struct err *err);
/* The other way; "" for id 0. */
bool lookup_name(struct lookup *l, enum lookup_what what, int64_t id, struct str *ret, struct err *err);
/* Makes what lookup_id() found missing: a unit, leader or list as such, an officer as a member who cannot log in until an administrator gives a password. */
bool lookup_create(struct txn *t, const struct actor *actor, const struct lookup_entry *n, struct err *err);
/* A short name: there, valid, without control characters or a marking of secrecy. */
bool entry_name_check(struct str name, const char *field, struct err *err);

/* --- a row of an imported file ------------------------------------------------------------------------------------------------------ */

struct intent;

/* Registered, and brought into the state it names by one further act (and one for the archive): a row is history already, so the steps
 * between are not asked for. Decided with readers or on the writer alike; put on the writer only. */
struct imported {
    struct entry_input input;
    struct str number;                           /* "" or the number it must get */
    enum entry_state state;                      /* STATE_NONE: as registered */
    day_t ended;                                 /* settled or withdrawn; DAY_NONE */
    /* decided: */
    struct entry entry;
    struct intent *intent;                       /* in the arena of t */
};
bool import_decide(struct txn *t, const struct actor *actor, struct lookup *names, struct imported *row, struct problems *problems,
                   struct err *err);
bool import_put(struct txn *t, const struct actor *actor, struct imported *row, struct err *err);

/* The numbers that the rows of one file will get: those behind the ledger's, in the order of the file. */
enum { IMPORT_SERIES_MAX = 64 };
struct import_numbers {
    struct { struct str series; int year; int64_t last, next; } series[IMPORT_SERIES_MAX];
    int n;
};
/* May an entry of this number have been there before the file? Without asking for each row. */
bool import_known(struct txn *t, const struct actor *actor, struct import_numbers *numbers, struct str number, bool *ret, struct err *err);
bool import_number(struct txn *t, const struct actor *actor, struct import_numbers *numbers, const struct entry *e, struct str *ret, struct err *err);

/* --- changes from a file -------------------------------------------------------------------------------------------------------------- */

/* entry_act() without its end: decided on a reader or the writer, nothing written. *would is the entry as it would be, before its version grows. The entry was
 * fetched through the actor. */
bool entry_would(struct txn *t, const struct actor *actor, struct lookup *names, const struct entry *before, enum entry_verb verb,
                 const struct entry_input *in, struct entry *would, struct err *err);

/* --- whole rows ----------------------------------------------------------------------------------------------------------------------- */

/* Every entry that the actor sees and f takes (limit and after are not looked at), oldest first, each with its lists and assists. e's strings are valid during
 * the call. Inside one snapshot of the caller's. */
bool entry_each(struct db *db, const struct actor *actor, const struct entry_filter *f, bool (*row)(void *ctx, const struct entry *e, struct err *err),
                void *ctx, struct err *err);
/* The version an entry of that number has, 0 when the actor sees none: one small statement. */
bool entry_version(struct db *db, struct arena *a, const struct actor *actor, struct str number, int64_t *ret, struct err *err);
/* A deadline as it was meant: 2022-05-09 for a whole day, else the instant; nothing for none. */
void shape_due(struct buf *b, instant_t due);

#endif
