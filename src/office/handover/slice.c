#include "messages.h"
#include "office/handover/inside.h"

static const struct setting_link links[] = {
    { "/handovers", M_HANDOVER_HEADING, M_HANDOVER_ABOUT, ROLE_SECTION },
};

const struct slice handover_slice = {
    .name = "handover",
    .routes = handover_routes,
    .n_routes = HANDOVER_ROUTES,
    .schemas = handover_schemas,
    .n_schemas = HANDOVER_SCHEMAS,
    .commands = handover_commands,
    .n_commands = HANDOVER_COMMANDS,
    .settings = links,
    .n_settings = ARRAY_LEN(links),
    .demo_day = handover_demo_day,
};
