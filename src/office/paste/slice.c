#include "office/paste/inside.h"

const struct slice paste_slice = {
    .name = "paste",
    .routes = paste_routes,
    .n_routes = PASTE_ROUTES,
    .schemas = paste_schemas,
    .n_schemas = PASTE_SCHEMAS,
    .commands = paste_commands,
    .n_commands = PASTE_COMMANDS,
    .entry_block = paste_block,
    .demo_day = paste_demo_day,
};
