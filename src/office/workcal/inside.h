/* What the files of this slice share and nobody else sees. */
#ifndef WHS_WORKCAL_INSIDE_H
#define WHS_WORKCAL_INSIDE_H

#include "office/face.h"
#include "office/workcal/workcal.h"

enum { WORKCAL_COMMANDS = 2, WORKCAL_ROUTES = 3 };

int workcal_run_calendar(struct cmd *c);

extern const struct command workcal_commands[WORKCAL_COMMANDS];
extern const struct route workcal_routes[WORKCAL_ROUTES];
extern const struct slice workcal_slice;

#endif
