/* 交接: all open matters of one officer become another's in one act, with a sheet that both sign.
 *
 * Invariants
 *   - All entries or none; each gets an act of its own (更改 经办人) with the reason, and so its movement rows (out of one officer, into the other).
 *   - Both are of the same section, the taker is not disabled. The giver himself does it, or the chief (or who stands in for the chief); the administrator not.
 *   - What was previewed is what is handed over: with `expect`, another number of entries is ERR_CONFLICT and nothing happens.
 *   - It can be handed back (交回) once, whole, as long as no entry of it was touched since: a handover in the other direction.
 */
#ifndef WHS_OFFICE_HANDOVER_HANDOVER_H
#define WHS_OFFICE_HANDOVER_HANDOVER_H

#include "office/entry/entry.h"
#include "office/slice.h"
#include "people/member.h"

enum { HANDOVER_ENTRIES_MAX = 5000, HANDOVER_REASON_CHARS = 200, HANDOVER_LIST_MAX = 200 };

/* As a form, an API call or a command says it; people by login or name. expect: how many entries the preview showed, or absent. */
struct handover_ask { struct str from, to, unit, list, reason, expect; };

struct handover_line {
    int64_t id, version, was;                    /* was: the version the handover left it at */
    struct str number, title, lead, requirement;
    enum entry_state state;
    bool reading;
    instant_t due;
    int64_t officer_id;
};

/* What would be handed over, or what was. */
struct handover_plan {
    struct member from, to;
    int64_t deputy_of;                           /* in whose stead the actor may do it */
    struct handover_line *line;                  /* by deadline */
    size_t n;
};
bool handover_plan(struct db *db, struct arena *a, const struct actor *actor, instant_t now, const struct handover_ask *ask, struct handover_plan *ret,
                   struct err *err);
bool handover_do(struct txn *t, const struct actor *actor, const struct handover_ask *ask, int64_t *id, struct err *err);
bool handover_return(struct txn *t, const struct actor *actor, int64_t id, int64_t *new_id, struct err *err);

struct handover {
    int64_t id, section_id, from_id, to_id, by_id, n, reverses, reversed_by;
    struct str from_login, from, to_login, to, by;             /* by: "张科员（代科长）" */
    instant_t at;
    struct str reason;
    bool untouched;                              /* from handover_fetch(): may still be handed back */
};
/* Of the actor's section, the newest first. */
bool handover_list(struct db *db, struct arena *a, const struct actor *actor, struct handover **ret, size_t *n, struct err *err);
bool handover_fetch(struct db *db, struct arena *a, const struct actor *actor, int64_t id, struct handover *ret, struct handover_line **line, size_t *n,
                    struct err *err);
bool handover_may_return(const struct actor *actor, const struct handover *h);

struct handover_count { int64_t state[STATES], overdue, near, n; };
/* near: the first instant that is not near any more. */
void handover_count(const struct handover_line *line, size_t n, instant_t now, instant_t near, struct handover_count *ret);

extern const struct slice handover_slice;

#endif
