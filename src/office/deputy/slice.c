#include "messages.h"
#include "office/deputy/deputy.h"
#include "office/deputy/inside.h"

static const struct setting_link links[] = {
    { "/deputies", M_DEPUTY_HEADING, M_DEPUTY_ABOUT, ROLE_ANY },
};

const struct slice deputy_slice = {
    .name = "deputy",
    .routes = deputy_routes,
    .n_routes = DEPUTY_ROUTES,
    .schemas = deputy_schemas,
    .n_schemas = DEPUTY_SCHEMAS,
    .commands = deputy_commands,
    .n_commands = DEPUTY_COMMANDS,
    .settings = links,
    .n_settings = ARRAY_LEN(links),
    .demo_day = deputy_demo_day,
};
