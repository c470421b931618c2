#include "office/entry/slice.h"

const struct slice entry_slice = {
    .name = "entry",
    .routes = entry_routes,
    .n_routes = ENTRY_ROUTES,
    .schemas = entry_schemas,
    .n_schemas = ENTRY_SCHEMAS,
    .commands = entry_commands,
    .n_commands = ENTRY_COMMANDS,
};
