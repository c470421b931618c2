/* What the files of this slice share and nobody else sees. */
#ifndef WHS_LISTS_INSIDE_H
#define WHS_LISTS_INSIDE_H

#include "lists_queries.h"
#include "office/lists/lists.h"

bool lists_section(const struct actor *actor, struct err *err);      /* ERR_DENIED but for the section */
bool lists_name_check(struct str name, struct err *err);
/* One journal line about one thing of this slice; before and after are JSON objects or empty. */
bool lists_journal(struct txn *t, const char *entity, int64_t id, const char *verb, struct buf *before, struct buf *after, struct err *err);
bool list_value_put(struct txn *t, const struct list_def *l, const struct entry *e, const struct list_column *c, struct str old, struct str value,
                    struct err *err);

enum { LISTS_COMMANDS = 2 };
extern const struct command lists_commands[LISTS_COMMANDS];
bool lists_demo_day(struct txn *t, const struct demo_day *d, struct err *err);

#endif
