/* What the pages of this slice show. Views only: the rules decide, and the writer decides again. */
#ifndef WHS_COLLECT_PAGE_H
#define WHS_COLLECT_PAGE_H

#include "office/collect/inside.h"
#include "office/face.h"

enum { ROLE_ASKED = ROLE_SECTION | ROLE_LEADER | ROLE_LIAISON, COLLECTS_SHOWN = 60, ROUNDS_SHOWN = 40, GRID_INPUTS_MAX = 600 };

/* --- the list ---------------------------------------------------------------------------------------------------------------------------- */

struct collect_item {
    int64_t id, asked, answered, zero, missing;
    struct str title, every;
    bool ended, any, sent, full;
    day_t day;
    struct due_view due;
};
struct ask_item {
    struct str href, title;
    day_t day;
    struct due_view due;
    int state;                                   /* message id */
    const char *css, *glyph;
    bool reopened;
    int64_t urged;
};
struct collects_page {
    struct frame frame;
    bool section, unit;
    struct collect_item *line;
    struct ask_item *wait, *past;
    size_t n, n_wait, n_past;
    struct str next;
};

/* --- the board ------------------------------------------------------------------------------------------------------------------------------ */

struct board_row {
    struct collect_answer a;
    struct str href, when;            /* when: 5月9日 18:00, with its year where it is another */
    int state, step;                             /* message ids; step: 0 or how to urge */
    const char *css, *glyph;
    bool missing, may_accept, may_urge;
};
struct round_item { int64_t id, n, asked, answered, zero, missing; day_t day; bool sent, current; instant_t due; };
struct act_item { struct str unit, by, text; int verb; instant_t at; int64_t n; bool one, sheet; struct str whole; };
struct sheet_item { int64_t id, round, n; instant_t at; struct str by, to, sha256, digest; bool correction; };
struct board_page {
    struct frame frame;
    struct collect c;
    struct collect_round r;
    bool any, section, may_urge, may_send, may_accept, personal, holds;
    struct str base, every, why, notice, missing_names, open_names, call, to;
    struct due_view due;
    int64_t missing, n_done, n_open;             /* open: answered, not accepted */
    struct board_row *row;
    struct round_item *round;
    struct act_item *act;
    struct sheet_item *sheet;
    size_t n_rows, n_rounds, n_acts, n_sheets;
};

/* --- the merged table --------------------------------------------------------------------------------------------------------------------------- */

struct table_cell { struct str text; bool right; };
struct table_row { struct str unit; int64_t place; bool first, zero, corrected; int64_t span; struct table_cell *cell; size_t n; };
struct table_sum { struct str text, change; bool over; };
struct table_page {
    struct frame frame;
    struct collect c;
    struct collect_round r;
    struct str base, missing_names, made_at, made_by, why, sha256;
    bool personal, section, clear, wide;
    struct table_cell *head;
    size_t n_head;
    struct table_row *row;
    size_t n_rows;
    struct table_sum *sum;
    int64_t missing, answered, zero, span;
};

/* --- one unit's answer --------------------------------------------------------------------------------------------------------------------------- */

struct cell_view {
    struct str name, label, value, before, change, why, help;
    bool must, personal, day, pick, number, fell;
    struct choice *choices;
    size_t n_choices;
};
struct row_view { int64_t n; struct cell_view *cell; size_t n_cells; };
struct version_view { int64_t n; instant_t at; struct str by, said_by, reason; bool zero, late, correction; struct row_view *row; size_t n_rows; };
struct paste_problem { int64_t line, column; struct str sentence; };
struct answer_page {
    struct frame frame;
    struct collect c;
    struct collect_round r;
    struct collect_answer a;
    struct str base, action, why, notice, pasted, said_by, reason, fill;
    struct due_view due;
    instant_t made_at;
    bool section, board, may_fill, many, grid, fresh, clear, personal, may_return, may_accept, may_reopen, correction, has_before;
    int state;
    const char *css, *glyph;
    struct cell_view *head;                      /* labels of the columns */
    size_t n_head;
    struct row_view *row;                        /* to be filled */
    size_t n_rows;
    struct row_view *now;                        /* as answered */
    size_t n_now;
    struct str *rule;
    size_t n_rules;
    struct version_view *version;
    size_t n_versions;
    struct paste_problem *problem;
    size_t n_problems;
};

/* An answer page while it is read (page_answer.c, page_fill.c). fill is set beforehand when what was typed was refused and is shown again. */
struct reading {
    struct req *rq;
    struct answer_page *v;
    struct blank *k;
    struct str *now, *before, *fill;             /* cells: as answered, of the round before, to be filled */
    size_t n_now, n_before, n_fill;
};
static inline size_t reading_width(const struct reading *x) { return (size_t)x->k->n; }
struct reading reading_new(struct req *rq);
bool answer_read(struct reading *x, struct err *err);
void answer_show(struct reading *x, int status);

/* --- the definition -------------------------------------------------------------------------------------------------------------------------------- */

struct edit_page {
    struct frame frame;
    int64_t id, version;
    bool change, once;
    struct str action, why, form, form_why, about, about_why, units_why;
    struct field field[10];
    size_t n_fields;
    struct choice *unit, *category;
    size_t n_units, n_categories;
    struct paste_problem *problem;
    size_t n_problems;
};

/* --- blocks ------------------------------------------------------------------------------------------------------------------------------------------ */

struct today_collects {
    struct ask_item *ask;
    size_t n_asks;
    struct round_item *round;
    struct str *title;
    struct today_round { int64_t id, n, missing; struct str title; struct due_view due; } *due;
    size_t n_due;
};
struct entry_collects { struct collect_item *line; size_t n; };

/* --- shared ------------------------------------------------------------------------------------------------------------------------------------------- */

struct str collect_base(struct req *rq, int64_t id, int64_t round);          /* /collects/7/rounds/2 */
bool collect_address(struct req *rq, int64_t *id, int64_t *round, struct err *err);    /* the first two path arguments */
void collect_state(const struct collect_answer *a, int *msg, const char **css, const char **glyph);
struct collect_item collect_item_of(struct req *rq, const struct lights *l, const struct collect_line *k);
struct ask_item collect_ask_of(struct req *rq, const struct lights *l, const struct collect_ask *k);
struct str collect_joined(struct req *rq, const struct str *names, size_t n);

void collects_get(struct req *rq);
void collect_board_get(struct req *rq);
void collect_newest_get(struct req *rq);
void collect_act_post(struct req *rq);
void collect_end_post(struct req *rq);
void collect_table_get(struct req *rq);
void collect_print_get(struct req *rq);
void collect_csv_get(struct req *rq);
void collect_csv_post(struct req *rq);
void collect_xlsx_get(struct req *rq);
void collect_sheet_get(struct req *rq);
void collect_unit_get(struct req *rq);
void collect_unit_post(struct req *rq);
void collect_unmask_post(struct req *rq);
void collect_new_get(struct req *rq);
void collect_new_post(struct req *rq);
void collect_edit_get(struct req *rq);
void collect_edit_post(struct req *rq);

#endif
