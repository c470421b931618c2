#include "office/sheet/page.h"

enum { ROLE_READERS = ROLE_SECTION | ROLE_LEADER | ROLE_LIAISON };
#define FILTERS \
    "state kind reading unit category list officer leader registered month day week day_from day_to due due_from due_to settled settled_from settled_to urgency progress " \
    "carried instruction q"

const struct route sheet_routes[SHEET_ROUTES] = {
    { "GET", "/sheet", sheet_get, ROLE_SECTION, 0, false },
    { "POST", "/sheet", sheet_post, ROLE_SECTION, SHEET_BYTES_MAX + 64 * 1024, false, .files = true },
    { "GET", "/sheet/entries.csv", sheet_csv_get, ROLE_READERS, 0, false },
    { "GET", "/sheet/entries.xlsx", sheet_xlsx_get, ROLE_READERS, 0, false },
    { "GET", "/sheet/{id}", sheet_look_get, ROLE_SECTION, 0, false },
    { "POST", "/sheet/{id}", sheet_look_post, ROLE_SECTION, 0, false },
    { "POST", "/sheet/{id}/take", sheet_take_post, ROLE_SECTION, 0, false },
    { "POST", "/sheet/{id}/drop", sheet_drop_post, ROLE_SECTION, 0, false },
    { "GET", "/api/v1/entries.csv", sheet_api_csv, ROLE_READERS, 0, true, .asks = FILTERS },
    { "GET", "/api/v1/entries.xlsx", sheet_api_xlsx, ROLE_READERS, 0, true, .asks = FILTERS },
    { "POST", "/api/v1/import", sheet_api_import, ROLE_SECTION, SHEET_BYTES_MAX, true, .file = true,
      .asks = "dry_run create_units again map kind source received year seen", .gives = "SheetResult" },
};

static const struct schema schemas[] = {
    { "SheetResult", "rows:int! new:int! changed:int! unchanged:int! created:int! dry_run:bool! map:text! seen:text! changes:[SheetChange]!" },
    { "SheetChange", "number:text! field:text! from:text! to:text!" },
};

static const struct setting_link settings[] = { { "/sheet", M_SHEET_HEADING, M_SHEET_ABOUT, ROLE_SECTION } };

const struct slice sheet_slice = {
    .name = "sheet",
    .routes = sheet_routes,
    .n_routes = SHEET_ROUTES,
    .schemas = schemas,
    .n_schemas = ARRAY_LEN(schemas),
    .commands = sheet_commands,
    .n_commands = SHEET_COMMANDS,
    .jobs = &sheet_job,
    .n_jobs = 1,
    .entry_block = extra_block,
    .settings = settings,
    .n_settings = ARRAY_LEN(settings),
    .demo_day = sheet_demo_day,
};
