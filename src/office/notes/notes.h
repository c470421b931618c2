/* 便签、@ and 关注: what is said beside an entry, and who wants to hear of it.
 *
 * Invariants
 *   - A note is no act: it changes neither the entry's version nor its history, and counts nowhere.
 *   - Whoever sees the entry may write one and reads those of the others; one marked 内部 is for the entry's section alone, and exists for nobody else.
 *   - Only who may read the note can be mentioned; anybody else is refused by name. The mentions are those that stand in the text (@name or @login).
 *   - Its author may change it for ten minutes; withdrawn by him or the chief it leaves a trace (who, when), and its words stay in the journal alone.
 *   - No text with a secrecy marking. Every change is journalled; what was read is not.
 *   - Who loses sight of an entry follows it no more and is told nothing of it, at the latest with its next change; nothing is shown that was not fetched
 *     through the actor.
 */
#ifndef WHS_OFFICE_NOTES_NOTES_H
#define WHS_OFFICE_NOTES_NOTES_H

#include "office/entry/entry.h"
#include "office/slice.h"
#include "people/member.h"

enum { NOTE_CHARS = 2000, NOTE_EDIT_MS = 10 * 60 * 1000, NOTE_MENTIONS_MAX = 20, NOTES_PER_ENTRY_MAX = 500, FOLLOWS_MAX = 200 };

struct note {
    int64_t id, author_id;
    struct str author;                           /* "张某（代李某）" */
    instant_t at, edited_at, withdrawn_at;
    struct str text, withdrawer;                 /* text: "" when withdrawn */
    bool internal;
};

/* chosen: logins or names put before the text as @NAME, unless it names them itself. */
struct note_draft { struct str number, text; bool internal; struct str *chosen; size_t n_chosen; };
bool notes_add(struct txn *t, const struct actor *actor, const struct note_draft *d, int64_t *id, struct err *err);
bool notes_edit(struct txn *t, const struct actor *actor, int64_t id, struct str text, struct err *err);
bool notes_withdraw(struct txn *t, const struct actor *actor, int64_t id, struct err *err);
/* Those of an entry that was fetched through the actor, oldest first. */
bool notes_of(struct db *db, struct arena *a, const struct actor *actor, const struct entry *e, struct note **ret, size_t *n, struct err *err);
bool notes_may_edit(const struct actor *actor, const struct note *n, instant_t now);
bool notes_may_withdraw(const struct actor *actor, const struct entry *e, const struct note *n);

/* A note with the entry it belongs to; ERR_NOT_FOUND unless the actor may read it. */
bool notes_fetch(struct db *db, struct arena *a, const struct actor *actor, int64_t id, struct entry *e, struct note *ret, struct err *err);

/* Who may see an entry today, by id; section: also its internal notes. */
struct note_person { int64_t id; struct str login, name; bool sees, section; };
bool notes_audience(struct db *db, struct arena *a, const struct entry *e, day_t today, struct note_person **ret, size_t *n, struct err *err);

/* Follows an entry, or no more; both are nothing new when it is so already. */
bool notes_follow(struct txn *t, const struct actor *actor, struct str number, bool on, struct err *err);
/* All of this entry is seen. */
bool notes_seen(struct txn *t, const struct actor *actor, struct str number, struct err *err);
bool notes_on_entry_change(struct txn *t, const struct entry *before, const struct entry *after, const struct act *act, struct err *err);

/* --- rules.c, pure: whom a text mentions. people: everybody there is; ids has room for NOTE_MENTIONS_MAX. ------------------------------- */
bool notes_mentioned(struct str text, const struct note_person *people, size_t n, bool internal, struct str number, int64_t *ids, int *n_ids, struct err *err);
bool notes_text(struct str text, struct err *err);

extern const struct slice notes_slice;

#endif
