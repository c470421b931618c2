#include "office/lists/api.h"
#include "office/lists/page.h"

enum { READERS = ROLE_SECTION | ROLE_LEADER | ROLE_LIAISON };

static const struct route routes[] = {
    { "GET", "/lists", lists_get, READERS, 0, false },
    { "POST", "/lists", lists_post, ROLE_SECTION, 0, false },
    { "GET", "/lists/instructions", instructions_get, READERS, 0, false },
    { "GET", "/lists/instructions/print", instructions_print_get, READERS, 0, false },
    { "GET", "/lists/{id}", list_get, READERS, 0, false },
    { "POST", "/lists/{id}", list_post, ROLE_SECTION, 0, false },
    { "GET", "/lists/{id}/print", list_print_get, READERS, 0, false },
    { "POST", "/lists/{id}/entries", list_entries_post, ROLE_SECTION, 0, false },
    { "POST", "/lists/{id}/columns", list_columns_post, ROLE_SECTION, 0, false },
    { "POST", "/lists/{id}/columns/{column}", list_column_post, ROLE_SECTION, 0, false },
    { "POST", "/lists/{id}/values", list_values_post, ROLE_SECTION, 0, false },
    { "GET", "/views", views_get, READERS, 0, false },
    { "POST", "/views", views_post, READERS, 0, false },
    { "POST", "/views/{id}", view_post, READERS, 0, false },
    { "POST", "/entries/bulk", bulk_post, ROLE_SECTION, 0, false },
    { "POST", "/entries/bulk/undo", bulk_undo_post, ROLE_SECTION, 0, false },
    { "GET", "/api/v1/entries", api_entries_get, READERS, 0, true,
      .asks = "state kind reading unit category list officer leader registered month day week day_from day_to due due_from due_to settled settled_from settled_to "
              "urgency progress carried instruction q sort view limit after", .gives = "[EntryLine]" },
    { "POST", "/api/v1/entries/bulk", api_bulk_post, ROLE_SECTION, 0, true, .takes = "BulkOrder", .gives = "BulkResult" },
    { "POST", "/api/v1/entries/bulk/undo", api_bulk_undo, ROLE_SECTION, 0, true, .takes = "BulkUndo", .gives = "BulkUndone" },
    { "GET", "/api/v1/lists", api_lists_get, ROLE_ANY, 0, true, .gives = "[List]" },
    { "POST", "/api/v1/lists", api_lists_post, ROLE_SECTION, 0, true, .takes = "ListInput", .gives = "[List]" },
    { "PATCH", "/api/v1/lists/{name}", api_list_patch, ROLE_SECTION, 0, true, .takes = "ListInput", .gives = "[List]" },
    { "POST", "/api/v1/lists/{name}/columns", api_columns_post, ROLE_SECTION, 0, true, .takes = "ListColumnInput", .gives = "[List]" },
    { "PATCH", "/api/v1/lists/{name}/columns/{column}", api_column_patch, ROLE_SECTION, 0, true, .takes = "ListColumnInput", .gives = "[List]" },
    { "GET", "/api/v1/lists/{name}/entries", api_members_get, READERS, 0, true, .asks = "state sort limit after", .gives = "[ListLine]" },
    { "POST", "/api/v1/lists/{name}/entries", api_members_post, ROLE_SECTION, 0, true, .takes = "ListMembers", .gives = "[ListLine]" },
    { "PATCH", "/api/v1/lists/{name}/entries/{number}", api_values_patch, ROLE_SECTION, 0, true, .takes = "ListValues", .gives = "ListLine" },
    { "GET", "/api/v1/views", api_views_get, READERS, 0, true, .gives = "[View]" },
    { "POST", "/api/v1/views", api_views_post, READERS, 0, true, .takes = "ViewInput", .gives = "[View]" },
    { "PATCH", "/api/v1/views/{id}", api_view_patch, READERS, 0, true, .takes = "ViewInput", .gives = "[View]" },
};

#define ACTS "officer|leader|list_add|list_remove|urgency|progress|extend|assist|accept|urge|settle|archive|column"
static const struct schema schemas[] = {
    { "List", "name:text! order:int! query:text?! active:bool! open:int! overdue:int! settled:int! broken:bool! columns:[ListColumn]!" },
    { "ListColumn", "name:text! type:text|number|day|choice! choices:[text]! active:bool!" },
    { "ListInput", "name:text query:text? active:bool move:up|down" },
    { "ListColumnInput", "name:text type:text|number|day|choice choices:[text] active:bool move:up|down" },
    { "ListLine", "entry:EntryLine! values:object!" },
    { "ListMembers", "add:[text] remove:[text]" },
    { "ListValues", "values:object!" },
    { "View", "id:int! name:text! query:text! shared:bool! start:bool! active:bool! mine:bool!" },
    { "ViewInput", "name:text query:text shared:bool start:bool active:bool" },
    { "BulkOrder", "numbers:[text]! act:" ACTS "! value:text text:text list:text column:text versions:[text] partial:bool dry_run:bool" },
    { "BulkResult", "id:int?! done:int! refused:int! may_undo:bool! lines:[BulkLine]!" },
    { "BulkLine", "number:text! good:bool! from:text?! to:text?! why:text?!" },
    { "BulkUndo", "id:int!" },
    { "BulkUndone", "undone:int!" },
};

const struct slice lists_slice = {
    .name = "lists",
    .routes = routes,
    .n_routes = ARRAY_LEN(routes),
    .schemas = schemas,
    .n_schemas = ARRAY_LEN(schemas),
    .commands = lists_commands,
    .n_commands = LISTS_COMMANDS,
    .demo_day = lists_demo_day,
};
