/* An act on its way, between deciding (register.c, act.c, import.c, several.c) and writing (store.c). Nobody outside this slice sees it. */
#ifndef WHS_ENTRY_DEED_H
#define WHS_ENTRY_DEED_H

#include "office/entry/inside.h"
#include "store/seal.h"

struct deed {
    struct txn *t;
    const struct actor *actor;
    const struct entry *before;                  /* NULL: a registration */
    struct entry *after;
    struct intent *i;
    enum entry_verb verb;
    unsigned sides;
    day_t day;
    struct str edition;                          /* the deadlines were counted again by it; absent: a person gave them */
};

/* --- writing (store.c): after the first of these nothing may be refused any more ---------------------------------------------------- */

/* All of it: deed_record(), deed_rows(), deed_tell(). */
bool deed_put(struct deed *d, struct err *err);
/* The record of an act: history and journal. after's version and last day are set here, for every act alike. */
bool deed_record(struct deed *d, struct act *act, struct err *err);
/* What the entry is after the act. */
bool deed_rows(const struct deed *d, struct err *err);
/* The other slices. */
bool deed_tell(const struct deed *d, const struct act *act, struct err *err);
struct seal_place entry_contact_place(int64_t entry_id);

/* --- deciding (register.c) ------------------------------------------------------------------------------------------------------------ */

/* A problem among the others, when they are collected, and as the error; false. */
bool deed_note(struct problems *problems, struct err *err, const struct err *e);
/* The day this act counts for. */
bool deed_day(struct deed *d, day_t last_day, struct err *err);
/* A registration; what is left is only the number. */
bool deed_register(struct deed *d, struct lookup *names, const struct entry_input *in, struct problems *problems, struct err *err);
/* Takes the next one: the first thing that is written. */
bool deed_number(struct deed *d, struct err *err);

#endif
