/* 代理 (AB 岗): who stands in for whom, from a day to a day, both inclusive, by the store's clock.
 *
 * Invariants
 *   - Only members of one side stand in for each other: section staff, leaders, or liaisons of one unit. Nobody stands in for himself or for a program.
 *   - In the days of an agreement the absent one has no other deputy and stands in for nobody, and nobody stands in for the deputy: so there is no chain and
 *     no cycle, and one person answers for each matter.
 *   - At most DEPUTY_DAYS_MAX days, beginning today or within a year.
 *   - The rights are rows of seat (people/actor.h): they begin and end with the days; ended early, at once. With the section's seat goes what only the chief
 *     may do, when the chief is absent (scope all).
 *   - Made by the absent one, by the chief for the section's people, or by the administrator; never through a seat held for somebody else.
 */
#ifndef WHS_OFFICE_DEPUTY_DEPUTY_H
#define WHS_OFFICE_DEPUTY_DEPUTY_H

#include "office/entry/entry.h"
#include "office/slice.h"
#include "people/member.h"

enum { DEPUTY_DAYS_MAX = 90, DEPUTY_AHEAD_MAX = 366, DEPUTY_NOTE_CHARS = 200, DEPUTY_LIST_MAX = 500,
       DEPUTY_AT_ONCE_MAX = 6 };                 /* people one member stands in for: a seat for each of their parties, and ACTOR_PARTIES_MAX holds */

enum deputy_state { DEPUTY_CURRENT, DEPUTY_FUTURE, DEPUTY_OVER, DEPUTY_STATES };

struct deputy {
    int64_t id, member_id, for_id;
    struct str login, name, for_login, for_name;
    int64_t for_home;
    day_t from, to;
    bool own;                                    /* scope: only what is the other's in person */
    struct str note, maker, ender;
    instant_t made_at, ended_at;                 /* ended_at: INSTANT_NONE when it ran its days */
    enum deputy_state state;
};

/* As a form, an API call or a command says it; who: a login or a name. days: 2022-05-09; from may be absent (today). */
struct deputy_draft { struct str absent, deputy, from, to, scope, note; };

bool deputy_add(struct txn *t, const struct actor *actor, const struct deputy_draft *in, int64_t *id, struct err *err);
/* At once: what is left of it is gone. ERR_CONFLICT when it is over. */
bool deputy_end(struct txn *t, const struct actor *actor, int64_t id, struct err *err);
/* What the actor may know of: all for the administrator, the section's for its staff, one's own for everybody; current and future by their last day, then over. */
bool deputy_list(struct db *db, struct arena *a, const struct actor *actor, day_t today, struct deputy **ret, size_t *n, struct err *err);
bool deputy_fetch(struct db *db, struct arena *a, const struct actor *actor, day_t today, int64_t id, struct deputy *ret, struct err *err);
/* A member by login or name; ERR_INPUT for the field when there is none. Not console. */
bool deputy_person(struct db *db, struct arena *a, int64_t office_id, struct str who, instant_t now, const char *field, struct member *ret, struct err *err);

extern const struct slice deputy_slice;

#endif
