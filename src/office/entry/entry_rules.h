/* Pure decisions about entries: no SQL, no clock, no HTML. rules.c is the state table of domain.md 2, nothing else decides a move. */
#ifndef WHS_OFFICE_ENTRY_RULES_H
#define WHS_OFFICE_ENTRY_RULES_H

#include "office/entry/entry.h"

enum side { SIDE_UNIT = 1, SIDE_SECTION = 2, SIDE_CHIEF = 4, SIDE_LEADER = 8, SIDE_ASSIST = 16 };   /* who an actor is towards one entry, bits */

/* Which sides the actor has towards e: section staff of its section; liaison of its lead unit (assist units: feedback only). */
unsigned rules_sides(const struct actor *actor, const struct entry *e);

/* In whose stead the actor does it: 0 in person, when own seats give the right; else the member whose seat is the first to give it. */
int64_t rules_stead(const struct actor *actor, const struct entry *e, enum entry_verb verb);

/* The move. true and *to set when legal; else err names the state and the verb (ERR_CONFLICT) or the right that is missing (ERR_DENIED). own = the lead is
 * the section itself, after the act: an assignment to the section goes straight to active, as a registration does. */
bool rules_move(const struct entry *e, enum entry_verb verb, unsigned sides, bool own, enum entry_state *to, struct err *err);
/* Verbs an actor may offer on this entry now, as bits: what the page shows as buttons. */
unsigned rules_verbs(const struct entry *e, unsigned sides, bool own);
bool rules_needs_reason(enum entry_verb verb);
/* The unit's acts, which the section may record for it (代录). */
bool rules_for_unit(enum entry_verb verb);

/* A marking of secrecy in a text (绝密★ 机密★1年 【秘密】 密级：机密 …), but not 商业秘密, 保密工作 or 国家秘密 as words. *mark: the marking alone. */
bool rules_secrecy_marking(struct str text, struct str *mark);

/* The light: working days left between today and the day the deadline ends in, by the caller's count. */
enum light rules_light(bool open, bool overdue, int working_days_left, int yellow_days, int red_days);
/* Settled on `day` (recorded at `at`) against due: late? A day act counts as done at the day's start, unless at lies on that day. */
bool rules_late(instant_t due, day_t day, instant_t at);

#endif
