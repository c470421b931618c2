/* The pages of lists, views and bulk edits: what their templates show. */
#ifndef WHS_LISTS_PAGE_H
#define WHS_LISTS_PAGE_H

#include "office/lists/inside.h"
#include "office/lists/lists_table.h"

enum { LISTS_PAGE_ROWS = 60, LISTS_PRINT_MAX = 1000 };

struct lists_line {
    struct list_def list;
    struct list_count count;
    bool by_query, first, last, may_edit;
    const char *plus;                            /* "+" where a count was cut */
    struct str csrf;
};
struct lists_page {
    struct frame frame;
    struct lists_line *rows, *retired;
    size_t n, n_retired;
    bool may_edit;
    struct str why, name;
};

struct column_line { struct list_column column; int type; bool first, last; struct str csrf, action; };
struct list_view {
    struct frame frame;
    struct list_def list;
    struct html *table;
    size_t n;
    bool may_edit, by_query, editing, cut, all, open, settled;
    struct str done, undo;                       /* as on the ledger's page */
    struct str total, why, base, print, conditions, ledger, numbers, next;
    struct column_line *columns, *retired;
    size_t n_columns, n_retired;
    struct field add_column[3];
    size_t n_add;
    struct choice *filter;                       /* of a choice column: value is the column's parameter, text its word */
    size_t n_filter;
};

struct paper_cell { struct str text; const char *css; };
struct paper_row { int64_t place; struct paper_cell *cells; size_t n; };
struct list_paper {
    struct frame frame;
    struct str title, conditions, total, made_at, made_by, back, other;     /* other: the address for the other paper */
    bool a4;
    struct paper_cell *heads;
    struct paper_row *rows;
    size_t n_heads, n;
    int64_t n_open, n_overdue, n_settled;
    bool cut;
};

struct instruction_line { struct line_view line; struct str word, unit; };
struct instructions_page {
    struct frame frame;
    struct instruction_line *rows;
    size_t n;
    struct str total, next, state;
    struct field filter[2];
    size_t n_filter;
};

struct views_page { struct frame frame; struct saved_view *rows; size_t n; struct str why, csrf; bool may_share; };

struct bulk_view {
    struct frame frame;
    struct str next, why, act, csrf, take, partial;
    int label;
    struct field field[3];
    size_t n_fields;
    struct bulk_line *lines;
    struct str *refusal;                         /* beside lines */
    struct bulk_row { struct bulk_line *line; struct str why; } *rows;
    size_t n, n_good, n_bad;
    bool previewed, all_good, some_good;
};

/* The same print on A4 instead of A3, or back; *a4: which it is now. */
struct str lists_other_paper(struct req *rq, const char *path, bool *a4);
bool list_of_request(struct req *rq, struct list_def *ret, struct err *err);

void lists_get(struct req *rq);
void lists_post(struct req *rq);
void list_get(struct req *rq);
void list_post(struct req *rq);
void list_entries_post(struct req *rq);
void list_columns_post(struct req *rq);
void list_column_post(struct req *rq);
void list_values_post(struct req *rq);
void list_print_get(struct req *rq);
void instructions_get(struct req *rq);
void instructions_print_get(struct req *rq);
void views_get(struct req *rq);
void views_post(struct req *rq);
void view_post(struct req *rq);
void bulk_post(struct req *rq);
void bulk_undo_post(struct req *rq);

#endif
