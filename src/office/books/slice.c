/* The duty whole: its routes, what the API gives and takes. */
#include "office/books/inside.h"

enum { READERS = ROLE_SECTION | ROLE_LEADER | ROLE_LIAISON };

static const struct route routes[] = {
    { "GET", "/books", books_get, READERS, 0, false },
    { "GET", "/books/overviews/{unit}", books_overview_page_get, READERS, 0, false },
    { "POST", "/books/overviews/{unit}", books_overview_post, ROLE_SECTION, 0, false },
    { "GET", "/books/overviews/{unit}/edit", books_edit_get, ROLE_SECTION, 0, false },
    { "GET", "/books/overviews/{unit}/compare", books_compare_get, READERS, 0, false },
    { "POST", "/books/overviews/{unit}/restore", books_restore_post, ROLE_SECTION, 0, false },
    { "GET", "/books/indicators/new", books_form_get, ROLE_SECTION, 0, false },
    { "POST", "/books/indicators", books_indicator_post, ROLE_SECTION, 0, false },
    { "GET", "/books/indicators/{id}", books_indicator_page_get, READERS, 0, false },
    { "POST", "/books/indicators/{id}", books_indicator_post, ROLE_SECTION, 0, false },
    { "GET", "/books/indicators/{id}/edit", books_form_get, ROLE_SECTION, 0, false },
    { "GET", "/books/indicators/{id}/{period}", books_figure_get, READERS, 0, false },
    { "POST", "/books/indicators/{id}/{period}", books_figure_post, ROLE_SECTION, 0, false },
    { "GET", "/books/data", books_data_get, READERS, 0, false },
    { "POST", "/books/data", books_data_post, ROLE_SECTION, 0, false },
    { "POST", "/books/data/paste", books_data_paste, ROLE_SECTION, 0, false },
    { "GET", "/api/v1/books/overviews", books_overviews_get, READERS, .api = true, .asks = "q", .gives = "[OverviewVersion]" },
    { "GET", "/api/v1/books/overviews/{unit}", books_overview_api_get, READERS, .api = true, .asks = "version on", .gives = "Overview" },
    { "GET", "/api/v1/books/overviews/{unit}/versions", books_versions_get, READERS, .api = true, .gives = "[OverviewVersion]" },
    { "POST", "/api/v1/books/overviews/{unit}", books_overview_api_post, ROLE_SECTION, .api = true, .takes = "OverviewSave", .gives = "Overview" },
    { "GET", "/api/v1/indicators", books_indicators_get, READERS, .api = true, .gives = "[Indicator]" },
    { "POST", "/api/v1/indicators", books_indicator_api_post, ROLE_SECTION, .api = true, .takes = "IndicatorSave", .gives = "Indicator" },
    { "POST", "/api/v1/indicators/{indicator}", books_indicator_api_post, ROLE_SECTION, .api = true, .takes = "IndicatorSave", .gives = "Indicator" },
    { "GET", "/api/v1/indicators/{indicator}/values", books_values_api_get, READERS, .api = true, .asks = "unit from to", .gives = "[IndicatorValue]" },
    { "POST", "/api/v1/indicators/{indicator}/values", books_values_api_post, ROLE_SECTION, .api = true, .takes = "IndicatorValues", .gives = "[IndicatorValue]" },
    { "GET", "/api/v1/indicators/{indicator}/values/{period}", books_value_api_history, READERS, .api = true, .asks = "unit", .gives = "[IndicatorChange]" },
};

static const struct schema schemas[] = {
    { "OverviewVersion", "unit_id:int! unit:text! version:int! at:instant? who:text! why:text! restored:int! chars:int!" },
    { "Overview", "unit_id:int! unit:text! version:int! at:instant? who:text! why:text! restored:int! chars:int! text:text!" },
    { "OverviewSave", "text:text why:text version:int restore:int" },
    { "Indicator", "id:int! name:text! measure:text! every:month|quarter|year! source:text! decimals:int! cumulative:bool! place:int! active:bool!" },
    { "IndicatorSave", "name:text measure:text every:month|quarter|year source:text decimals:int cumulative:bool place:int active:bool" },
    { "IndicatorValue", "period:text! value:text?! note:text! changes:int!" },
    { "IndicatorEdit", "period:text! value:text? note:text" },
    { "IndicatorValues", "unit:text why:text values:[IndicatorEdit]!" },
    { "IndicatorChange", "at:instant! who:text! old:text?! new:text?! note:text! why:text!" },
};

const struct slice books_slice = {
    .name = "books", .routes = routes, .n_routes = ARRAY_LEN(routes), .schemas = schemas, .n_schemas = ARRAY_LEN(schemas), .commands = books_commands,
    .n_commands = BOOKS_COMMANDS, .demo_day = books_demo_day,
};
