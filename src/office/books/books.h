/* Two of the three ledgers (三本台账): each unit's overview as versioned text, and basic data as indicator × period × unit.
 *
 * Invariants
 *   - A save is a version: who, when, why. Versions never change; restoring an old one makes a new one. Who saves names the version the text was made
 *     from; when another was saved meanwhile that is refused (ERR_CONFLICT), and neither text is lost.
 *   - A value is an exact decimal in millionths; no value is another thing than 0. Every change keeps old → new, who, when, why.
 *   - An indicator never loses decimals, and its kind of period stays as long as it has values.
 *   - The section and leaders see all, a liaison the own unit's overview, the own unit's values, and the whole's values that the unit reports (ERR_NOT_FOUND
 *     for the rest). Only the section writes.
 *   - A text with a marking of secrecy is refused.
 */
#ifndef WHS_OFFICE_BOOKS_H
#define WHS_OFFICE_BOOKS_H

#include "calendar/date.h"
#include "people/party.h"

enum { OVERVIEW_CHARS = 30000, BOOKS_WHY_CHARS = 200, BOOKS_NOTE_CHARS = 200, BOOKS_OLD_MONTHS = 6, INDICATOR_DECIMALS = 6, INDICATORS_MAX = 200 };
#define VALUE_ONE INT64_C(1000000)               /* 1 in millionths */
#define VALUE_NONE INT64_MIN
#define VALUE_MAX (INT64_C(1000000000000) * VALUE_ONE)      /* below it in magnitude */

/* --- overviews ----------------------------------------------------------------------------------------------------------------- */

struct overview {
    int64_t unit_id, n, restored, chars;         /* n 0: there is none */
    instant_t at;
    struct str unit, who, why, body;             /* of a list of versions without body */
};
/* n 0: the newest, or that of the end of day `on` when that is not DAY_NONE. Without a version ret->n is 0 and only the unit is set. */
bool overview_get(struct db *db, struct arena *a, const struct actor *actor, int64_t unit_id, int64_t n, day_t on, struct overview *ret, struct err *err);
bool overview_versions(struct db *db, struct arena *a, const struct actor *actor, int64_t unit_id, struct overview **ret, size_t *n, struct err *err);

struct overview_line { struct party unit; struct overview newest; bool none, old; };
/* The units the actor sees, in official order; words: only those whose newest text has all of them. old: newest version before the end of day `stale`. */
bool overview_lines(struct db *db, struct arena *a, const struct actor *actor, struct str words, day_t stale, struct overview_line **ret, size_t *n,
                    struct err *err);

/* base: the version the text was made from, 0 for none; *n is the new one's number. The same text again is ERR_INPUT. */
bool overview_save(struct txn *t, const struct actor *actor, int64_t unit_id, int64_t base, struct str body, struct str why, int64_t *n, struct err *err);
bool overview_restore(struct txn *t, const struct actor *actor, int64_t unit_id, int64_t base, int64_t old, struct str why, int64_t *n, struct err *err);

/* --- basic data ---------------------------------------------------------------------------------------------------------------- */

enum every { EVERY_MONTH, EVERY_QUARTER, EVERY_YEAR };

struct indicator {
    int64_t id;
    struct str name, measure, source;
    enum every every;
    int64_t source_id;                           /* 0: none */
    int decimals;
    bool cumulative, active;
    int64_t ord;
};
struct indicator_input { struct str name, measure, every, source, decimals, cumulative, place, active; };    /* STR_NULL: as it is */

bool indicator_list(struct db *db, struct arena *a, const struct actor *actor, struct indicator **ret, size_t *n, struct err *err);
bool indicator_get(struct db *db, struct arena *a, const struct actor *actor, int64_t id, struct indicator *ret, struct err *err);
/* id 0: a new one. */
bool indicator_save(struct txn *t, const struct actor *actor, int64_t id, const struct indicator_input *in, int64_t *ret, struct err *err);

struct value { int period; int64_t value; struct str note; int64_t n; };      /* value: VALUE_NONE when taken back; n: changes so far */
bool values_get(struct db *db, struct arena *a, const struct actor *actor, const struct indicator *i, int64_t unit_id, int from, int to, struct value **ret,
                size_t *n, struct err *err);
/* Whose values there are and the actor sees: the whole (id 0) first, then units in official order. */
bool value_units(struct db *db, struct arena *a, const struct actor *actor, const struct indicator *i, struct party **ret, size_t *n, struct err *err);
struct value_change { int64_t n, old, new; instant_t at; struct str who, note, why; };
bool value_history(struct db *db, struct arena *a, const struct actor *actor, const struct indicator *i, int64_t unit_id, int period,
                   struct value_change **ret, size_t *n, struct err *err);

struct value_edit {
    int64_t indicator_id, unit_id;
    int period;
    int64_t value;                               /* VALUE_NONE: takes it back */
    bool guarded;                                /* seen holds what the editor saw */
    int64_t seen;
    struct str note;                             /* STR_NULL: as it is */
};
/* All or nothing; what does not differ is passed over. *changed counts the rest. */
bool values_put(struct txn *t, const struct actor *actor, const struct value_edit *edit, size_t n, struct str why, int64_t *changed, struct err *err);

extern const struct slice books_slice;

#endif
