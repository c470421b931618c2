/* Recurring matters (周期事项): a template and a rule, from which entries are registered by themselves, each occurrence once.
 *
 * Invariants
 *   - An occurrence is known by its key, the day and minute that the rule names (calendar/recur.h). It is registered in one write with the template's cursor,
 *     so once, whoever is killed and however many servers there are; keys are gone through one after the other, so none is left out.
 *   - It is registered `lead_days` working days before its deadline, at 7 in the morning; the day it counts for is the day it is done.
 *   - What servers that were off have missed is registered when one is there again, with its own deadline and marked 补登: the newest RECURRING_LATE_MAX of a
 *     template; of older ones only their number is kept.
 *   - What is changed in a template changes only entries to come; resuming after a pause leaves out what lay in it.
 *   - Of the section alone: others get NOT_FOUND.
 */
#ifndef WHS_OFFICE_RECURRING_H
#define WHS_OFFICE_RECURRING_H

#include "calendar/deadline.h"
#include "calendar/recur.h"
#include "office/entry/entry.h"

enum { RECURRING_MAX = 300, RECURRING_LATE_MAX = 12, RECURRING_LEAD_MAX = 60, RECURRING_AHEAD = 6 };

struct recurring {
    int64_t id, section_id;
    struct str kind, title, source, requirement, urgency, phrase;
    int64_t lead_id, leader_id, officer_id;
    struct str assists, lists;                   /* ids: "12;15" */
    struct recur rule;
    int lead_days;
    day_t first_day, last_day;
    bool paused;
    instant_t since;
    day_t last_key;
    int last_minute;
    int64_t version;
};

/* As a form, the API or a command says it; STR_NULL: as it is, or the default of a new one. */
struct recurring_input {
    struct str kind, title, source, requirement, lead_unit, assist_units, leader, officer, lists, urgency;
    struct str phrase, move, lead_days, first_day, last_day;     /* move: "stay" "before" "after" */
    struct str version;
};

struct occurrence {
    struct recur_time at;
    day_t comes;                                 /* the day it is registered */
};

bool recurring_list(struct db *db, struct arena *a, const struct actor *actor, struct recurring **ret, size_t *n, struct err *err);
bool recurring_get(struct db *db, struct arena *a, const struct actor *actor, int64_t id, struct recurring *ret, struct err *err);
/* The names behind a template's ids, as an input would say them. */
bool recurring_names(struct db *db, struct arena *a, const struct actor *actor, const struct recurring *r, struct recurring_input *ret, struct err *err);
struct recurring_made { day_t key; int minute; int64_t entry_id; struct str number, title; enum entry_state state; instant_t due, at; bool late; int64_t passed; };
bool recurring_made(struct db *db, struct arena *a, const struct actor *actor, int64_t id, struct recurring_made **ret, size_t *n, struct err *err);

/* Reads and checks without writing: what saving would make of it. id 0: a new one. */
bool recurring_check(struct txn *t, const struct actor *actor, int64_t id, const struct recurring_input *in, struct recurring *ret, struct problems *problems,
                     struct err *err);
bool recurring_save(struct txn *t, const struct actor *actor, int64_t id, const struct recurring_input *in, struct recurring *ret, struct problems *problems,
                    struct err *err);
bool recurring_pause(struct txn *t, const struct actor *actor, int64_t id, bool pause, struct err *err);

/* The next occurrence behind the cursor, or behind `behind` (which may be NULL); false when there is none. Pure. */
bool recurring_next(const struct recurring *r, const struct workdays *w, const struct occurrence *behind, struct occurrence *ret);
instant_t recurring_instant(const struct occurrence *o);         /* when it is registered */

/* One step: the next occurrence that is due is registered, or a heap of old ones passed over. *next: when the one after is due, INSTANT_NONE for none. */
struct recurring_step { int64_t id; instant_t next; bool made, late; char number[40]; int64_t passed; };
bool recurring_step(struct txn *t, struct recurring_step *s, struct err *err);

extern const struct slice recurring_slice;

#endif
