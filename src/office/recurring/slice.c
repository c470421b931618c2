/* The duty whole. */
#include "office/recurring/inside.h"

static const struct route routes[] = {
    { "GET", "/recurring", recurring_h_list, ROLE_SECTION, 0, false },
    { "POST", "/recurring", recurring_h_post, ROLE_SECTION, 0, false },
    { "GET", "/recurring/new", recurring_h_new, ROLE_SECTION, 0, false },
    { "POST", "/recurring/preview", recurring_h_preview, ROLE_SECTION, 0, false },
    { "GET", "/recurring/{id}", recurring_h_one, ROLE_SECTION, 0, false },
    { "POST", "/recurring/{id}", recurring_h_post, ROLE_SECTION, 0, false },
    { "GET", "/recurring/{id}/edit", recurring_h_edit, ROLE_SECTION, 0, false },
    { "POST", "/recurring/{id}/preview", recurring_h_preview, ROLE_SECTION, 0, false },
    { "POST", "/recurring/{id}/pause", recurring_h_pause, ROLE_SECTION, 0, false },
    { "GET", "/api/v1/recurring", recurring_a_list, ROLE_SECTION, .api = true, .gives = "[Recurring]" },
    { "POST", "/api/v1/recurring", recurring_a_post, ROLE_SECTION, .api = true, .takes = "RecurringSave", .gives = "Recurring" },
    { "GET", "/api/v1/recurring/{id}", recurring_a_one, ROLE_SECTION, .api = true, .gives = "Recurring" },
    { "POST", "/api/v1/recurring/{id}", recurring_a_post, ROLE_SECTION, .api = true, .takes = "RecurringSave", .gives = "Recurring" },
    { "POST", "/api/v1/recurring/{id}/{pause}", recurring_a_pause, ROLE_SECTION, .api = true, .gives = "Recurring" },
};

static const struct schema schemas[] = {
    { "RecurringComing", "key:day! day:day! due:instant! comes:day! presumed:bool!" },
    { "RecurringMade", "key:day! number:text?! late:bool! passed:int!" },
    { "Recurring", "id:int! version:int! kind:document|meeting|affair! title:text! source:text! requirement:text! lead_unit:text! assist_units:text! leader:text! "
                   "officer:text! lists:text! urgency:text! phrase:text! rule:text! move:stay|before|after! lead_days:int! first_day:day! last_day:day?! paused:bool! "
                   "coming:[RecurringComing]! made:[RecurringMade]" },
    { "RecurringSave", "kind:document|meeting|affair title:text source:text requirement:text lead_unit:text assist_units:text leader:text officer:text lists:text "
                       "urgency:text phrase:text move:stay|before|after lead_days:int first_day:text last_day:text version:int" },
    { "pause", "pause|resume" },
};

const struct slice recurring_slice = {
    .name = "recurring", .routes = routes, .n_routes = ARRAY_LEN(routes), .schemas = schemas, .n_schemas = ARRAY_LEN(schemas),
    .commands = recurring_commands, .n_commands = RECURRING_COMMANDS, .jobs = &recurring_job, .n_jobs = 1, .entry_block = recurring_entry_block,
    .demo_day = recurring_demo_day,
};
