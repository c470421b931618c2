#include "office/closing/inside.h"

const struct slice closing_slice = {
    .name = "closing",
    .routes = closing_routes,
    .n_routes = CLOSING_ROUTES,
    .schemas = closing_schemas,
    .n_schemas = CLOSING_SCHEMAS,
    .commands = closing_commands,
    .n_commands = CLOSING_COMMANDS,
    .figures = closing_figures,
    .n_figures = CLOSING_FIGURES,
    .on_entry_change = movement_on_entry_change,
};
