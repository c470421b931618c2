/* What the files of this slice share and nobody else sees. */
#ifndef WHS_WORKCAL_INSIDE_H
#define WHS_WORKCAL_INSIDE_H

#include "office/face.h"
#include "office/workcal/workcal.h"

enum { WORKCAL_COMMANDS = 3, WORKCAL_ROUTES = 3 };

int workcal_run_calendar(struct cmd *c);
int workcal_run_deadline(struct cmd *c);
/* The office's calendar, or the one built in where there is no database. */
bool workcal_table(struct cmd *c, const struct workdays **ret, struct err *err);

extern const struct command workcal_commands[WORKCAL_COMMANDS];
extern const struct route workcal_routes[WORKCAL_ROUTES];
extern const struct slice workcal_slice;

#endif
