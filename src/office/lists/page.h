/* The pages of lists, views and bulk edits: what their templates show. */
#ifndef WHS_LISTS_PAGE_H
#define WHS_LISTS_PAGE_H

#include "office/lists/inside.h"
#include "office/lists/lists_table.h"

enum { LISTS_PAGE_ROWS = 60, LISTS_OWN_MAX = 1000 };

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
    struct str fill, xlsx, csv, total, why, base, print, conditions, ledger, numbers, next;
    struct column_line *columns, *retired;
    size_t n_columns, n_retired;
    struct field add_column[3];
    size_t n_add;
    struct choice *filter;                       /* of a choice column: value is the column's parameter, text its word */
    size_t n_filter;
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

struct str lists_print_address(struct req *rq, const char *path, const char *paper);
/* The rows of a list as its address says, and ordered or narrowed by an own column. */
bool list_rows_filter(struct req *rq, const struct list_def *l, struct entry_filter *f, struct err *err);
bool list_rows_by_own(struct req *rq, const struct list_def *l, struct entry_line *e, size_t *n, struct err *err);
bool list_view_read(struct req *rq, struct list_view *v, struct err *err);
void list_show(struct req *rq, struct list_view *v, int status);
bool list_of_request(struct req *rq, struct list_def *ret, struct err *err);

void lists_get(struct req *rq);
void lists_post(struct req *rq);
void list_get(struct req *rq);
void list_post(struct req *rq);
void list_entries_post(struct req *rq);
void list_columns_post(struct req *rq);
void list_column_post(struct req *rq);
void list_values_post(struct req *rq);           /* list_fill.c */
/* `path` with what the list page goes by; the name of a field of a cell: what it holds (v), what it showed (w). */
struct str list_fill_address(struct req *rq, const char *path, bool editing);
enum { LISTS_FILL_FIELDS = 900 };                /* of the thousand a form may have */
void list_print_get(struct req *rq);
void instructions_get(struct req *rq);
void instructions_print_get(struct req *rq);
void views_get(struct req *rq);
void views_post(struct req *rq);
void view_post(struct req *rq);
void bulk_post(struct req *rq);
void bulk_undo_post(struct req *rq);

#endif
