#ifndef WHS_OFFICE_ENTRY_SLICE_H
#define WHS_OFFICE_ENTRY_SLICE_H

#include "office/slice.h"

enum { ENTRY_COMMANDS = 18, ENTRY_ROUTES = 6, ENTRY_SCHEMAS = 6 };
extern const struct command entry_commands[ENTRY_COMMANDS];
extern const struct route entry_routes[ENTRY_ROUTES];
extern const struct schema entry_schemas[ENTRY_SCHEMAS];
extern const struct slice entry_slice;

#endif
