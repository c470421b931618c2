#include "office/collect/page.h"

enum { ROLE_BOTH = ROLE_SECTION | ROLE_LEADER };

static const struct route routes[] = {
    { "GET", "/collects", collects_get, ROLE_ASKED, 0, false },
    { "POST", "/collects", collect_new_post, ROLE_SECTION, 0, false },
    { "GET", "/collects/new", collect_new_get, ROLE_SECTION, 0, false },
    { "GET", "/collects/{id}", collect_newest_get, ROLE_ASKED, 0, false },
    { "GET", "/collects/{id}/edit", collect_edit_get, ROLE_SECTION, 0, false },
    { "POST", "/collects/{id}/edit", collect_edit_post, ROLE_SECTION, 0, false },
    { "POST", "/collects/{id}/end", collect_end_post, ROLE_SECTION, 0, false },
    { "GET", "/collects/{id}/rounds/{round}", collect_board_get, ROLE_ASKED, 0, false },
    { "POST", "/collects/{id}/rounds/{round}", collect_act_post, ROLE_SECTION, 0, false },
    { "GET", "/collects/{id}/rounds/{round}/table", collect_table_get, ROLE_BOTH, 0, false },
    { "GET", "/collects/{id}/rounds/{round}/print", collect_print_get, ROLE_BOTH, 0, false },
    { "GET", "/collects/{id}/rounds/{round}/csv", collect_csv_get, ROLE_BOTH, 0, false },
    { "POST", "/collects/{id}/rounds/{round}/csv", collect_csv_post, ROLE_SECTION, 0, false },
    { "GET", "/collects/{id}/rounds/{round}/xlsx", collect_xlsx_get, ROLE_BOTH, 0, false },
    { "GET", "/collects/{id}/rounds/{round}/sheets/{n}", collect_sheet_get, ROLE_BOTH, 0, false },
    { "GET", "/collects/{id}/rounds/{round}/units/{unit}", collect_unit_get, ROLE_ASKED, 0, false },
    { "POST", "/collects/{id}/rounds/{round}/units/{unit}", collect_unit_post, ROLE_SECTION | ROLE_LIAISON, .files = true },
    { "POST", "/collects/{id}/rounds/{round}/units/{unit}/unmask", collect_unmask_post, ROLE_SECTION, 0, false },
    { "GET", "/api/v1/collects", collect_api_list, ROLE_ASKED, .api = true, .asks = "before", .gives = "[CollectLine]" },
    { "POST", "/api/v1/collects", collect_api_add, ROLE_SECTION, .api = true, .takes = "CollectDraft", .gives = "Collect" },
    { "GET", "/api/v1/collects/{id}", collect_api_get, ROLE_ASKED, .api = true, .gives = "Collect" },
    { "POST", "/api/v1/collects/{id}", collect_api_change, ROLE_SECTION, .api = true, .takes = "CollectDraft", .gives = "Collect" },
    { "POST", "/api/v1/collects/{id}/end", collect_api_end, ROLE_SECTION, .api = true, .gives = "Collect" },
    { "GET", "/api/v1/collects/{id}/rounds", collect_api_rounds, ROLE_BOTH, .api = true, .asks = "before", .gives = "[CollectRoundLine]" },
    { "GET", "/api/v1/collects/{id}/rounds/{round}", collect_api_round, ROLE_ASKED, .api = true, .gives = "CollectRound" },
    { "GET", "/api/v1/collects/{id}/rounds/{round}/table", collect_api_table, ROLE_BOTH, .api = true },
    { "POST", "/api/v1/collects/{id}/rounds/{round}/{verb}", collect_api_do, ROLE_SECTION | ROLE_LIAISON, .api = true, .takes = "CollectDo", .gives = "CollectRound" },
};

const struct slice collect_slice = {
    .name = "collect",
    .routes = routes,
    .n_routes = ARRAY_LEN(routes),
    .schemas = collect_schemas,
    .n_schemas = COLLECT_SCHEMAS,
    .commands = collect_commands,
    .n_commands = COLLECT_COMMANDS,
    .jobs = collect_jobs,
    .n_jobs = 1,
    .entry_block = collect_entry_block,
    .today_block = collect_today_block,
    .demo_day = collect_demo_day,
};
