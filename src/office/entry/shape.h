/* How entries look outside: JSON for the API and --json, text for the command line. */
#ifndef WHS_ENTRY_SHAPE_H
#define WHS_ENTRY_SHAPE_H

#include "office/entry/inside.h"

/* One entry with its names, what the actor may do next, and its history (acts may be NULL). */
bool shape_entry_json(struct db *db, struct arena *a, const struct actor *actor, const struct entry *e, const struct act *acts, size_t n,
                      instant_t now, struct buf *out, struct err *err);
bool shape_entry_text(struct db *db, struct arena *a, enum lang lang, const struct actor *actor, const struct entry *e, const struct act *acts,
                      size_t n, struct buf *out, struct err *err);
/* A deadline as it was meant: 2022-05-09 for a whole day, else the instant; nothing for none. */
void shape_due(struct buf *b, instant_t due);

#endif
