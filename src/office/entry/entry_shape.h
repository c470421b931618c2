/* How one entry is printed and how its fields are said on the command line, for the commands of other slices. */
#ifndef WHS_ENTRY_ENTRY_SHAPE_H
#define WHS_ENTRY_ENTRY_SHAPE_H

#include "office/command.h"
#include "office/entry/entry.h"

/* Takes --lead-unit and its like out of the words; --lead for short. */
void entry_options(struct cmd *c, struct entry_input *in);
/* The entry with its history, as text or with --json; gives the exit code. */
int entry_print(struct cmd *c, const struct entry *e);
/* Every problem on a line of its own, then the code of the first. */
int entry_print_problems(struct cmd *c, const struct problems *p, const struct err *err);

#endif
