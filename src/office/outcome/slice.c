#include "office/outcome/inside.h"

const struct slice outcome_slice = {
    .name = "outcome",
    .routes = outcome_routes,
    .n_routes = OUTCOME_ROUTES,
    .commands = outcome_commands,
    .n_commands = OUTCOME_COMMANDS,
    .figures = outcome_figures,
    .n_figures = OUTCOME_FIGURES,
};
