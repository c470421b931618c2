#include "messages.h"
#include "office/notes/inside.h"

static const struct setting_link links[] = {
    { "/mentions", M_NOTES_MENTIONS, M_NOTES_MENTIONS_ABOUT, ROLE_SECTION | ROLE_LEADER | ROLE_LIAISON },
    { "/following", M_NOTES_FOLLOWING, M_NOTES_FOLLOWING_ABOUT, ROLE_SECTION | ROLE_LEADER | ROLE_LIAISON },
};

const struct slice notes_slice = {
    .name = "notes",
    .routes = notes_routes,
    .n_routes = NOTES_ROUTES,
    .schemas = notes_schemas,
    .n_schemas = NOTES_SCHEMAS,
    .commands = notes_commands,
    .n_commands = NOTES_COMMANDS,
    .on_entry_change = notes_on_entry_change,
    .entry_block = notes_put_block,
    .today_block = notes_put_today,
    .settings = links,
    .n_settings = ARRAY_LEN(links),
    .demo_day = notes_demo_day,
};
