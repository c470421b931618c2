#include "messages.h"
#include "office/attach/inside.h"

static const struct route ROUTES[] = {
    { "GET", "/entries/{number}/attachments", attach_list_get, ATTACH_READERS, 0, false },
    { "POST", "/entries/{number}/attachments", attach_upload_post, ATTACH_READERS, ATTACH_BODY_MAX, false, .files = true },
    { "GET", "/entries/{number}/attachments/{id}", attach_view_get, ATTACH_READERS, 0, false },
    { "GET", "/entries/{number}/attachments/{id}/file", attach_file_get, ATTACH_READERS, 0, false },
    { "POST", "/entries/{number}/attachments/{id}/remove", attach_remove_post, ATTACH_READERS, 0, false },
    { "GET", "/settings/attachments", attach_settings_get, ROLE_CHIEF, 0, false },
    { "POST", "/settings/attachments", attach_settings_post, ROLE_CHIEF, 0, false },
    { "GET", "/api/v1/entries/{number}/attachments", attach_api_all, ATTACH_READERS, 0, true, .gives = "[Attachment]" },
    { "POST", "/api/v1/entries/{number}/attachments", attach_api_post, ATTACH_READERS, ATTACH_BODY_MAX, true, .files = true, .takes = "AttachmentInput",
      .gives = "[Attachment]" },
    { "GET", "/api/v1/entries/{number}/attachments/{id}", attach_file_get, ATTACH_READERS, 0, true },
    { "POST", "/api/v1/entries/{number}/attachments/{id}/remove", attach_api_remove, ATTACH_READERS, 0, true, .takes = "AttachmentRemoval", .gives = "[Attachment]" },
};

static const struct setting_link SETTINGS[] = { { "/settings/attachments", M_ATTACH_SETTINGS, M_ATTACH_SETTINGS_ABOUT, ROLE_CHIEF } };

const struct slice attach_slice = {
    .name = "attach",
    .routes = ROUTES,
    .n_routes = ARRAY_LEN(ROUTES),
    .schemas = attach_schemas,
    .n_schemas = ATTACH_SCHEMAS,
    .commands = attach_commands,
    .n_commands = ATTACH_COMMANDS,
    .entry_block = attach_block,
    .settings = SETTINGS,
    .n_settings = ARRAY_LEN(SETTINGS),
    .demo_day = attach_demo_day,
};
