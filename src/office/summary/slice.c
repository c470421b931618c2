#include "office/summary/inside.h"

const struct slice summary_slice = {
    .name = "summary",
    .routes = summary_routes,
    .n_routes = SUMMARY_ROUTES,
    .commands = summary_commands,
    .n_commands = SUMMARY_COMMANDS,
    .figures = summary_figures,
    .n_figures = SUMMARY_FIGURES,
};
