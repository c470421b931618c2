/* The table of entries as the ledger and the lists show it: columns chosen and ordered, a list's own columns behind them, rows that can be ticked. */
#ifndef WHS_OFFICE_LISTS_TABLE_H
#define WHS_OFFICE_LISTS_TABLE_H

#include "office/lists/lists.h"

enum { TABLE_COLUMNS_MAX = 48 };

struct table_column {
    const char *name;                            /* "unit"; of an own column "" */
    int label;                                   /* 0 for an own one */
    struct str text;                             /* its heading */
    const char *css;
    struct str sort;                             /* the address that sorts by it; STR_NULL */
    bool sorted, num;
};
struct table_cell {
    const char *css;
    bool number, title, due, left;               /* shown from the line */
    bool more;                                   /* its text may need more than two lines, and is cut there */
    bool own, edit, choice;                      /* an own column's; edit: as a field */
    const char *type;
    struct str name, seen, text, label;          /* seen: the name of what the field showed first */
    struct str was;
    struct choice *choices;
    size_t n_choices;
};
struct table_row {
    struct line_view line;
    struct table_cell *cells;
    size_t n_cells;
    bool tick, may_edit;
    struct str edit;                             /* where `e` leads */
    const struct table *table;
    bool close;                                  /* its last cell takes the fields */
    struct str why;
};
struct table {
    struct table_column column[TABLE_COLUMNS_MAX];
    size_t n_columns;
    struct table_row *rows;
    size_t n;
    bool tick, acts;
    struct str columns;                          /* as the address says them, for the row that comes back from an act */
};

/* What a table shows. */
struct table_want {
    struct str columns;                          /* "unit,officer,due"; empty: the usual ones */
    const struct list_column *own;
    size_t n_own;
    int64_t list_id;
    const char *sort;                            /* the order in force */
    struct str (*sort_address)(struct req *rq, const char *sort);     /* NULL: heads are no links */
    bool tick, acts;
    struct str edit_base;                        /* of a list's rows: "/lists/7?edit=", else "" and rows are edited as entries */
    struct str editing;                          /* a number or "all" */
    /* Fields stand in the page's form "fill", named v and w ENTRY.COLUMN: what they hold and what they showed. */
};
bool table_make(struct req *rq, const struct table_want *w, const struct entry_line *e, size_t n, struct table *ret, struct err *err);
/* The columns there are, in their usual order: for the choosing. */
struct table_kind { const char *name; int label; const char *css; const char *sort; bool usual, num; };
extern const struct table_kind table_kinds[];
extern const int table_kinds_count;
/* The names of a wish that are columns, each once; "" when it is the usual choice. */
struct str table_columns_clean(struct arena *a, struct str wish);
/* Markup: the whole table, and one row as the answer to an act in it. */
struct html *table_html(struct req *rq, const struct table *t);
bool table_html_row(struct req *rq, struct html *out, const struct entry_line *e, struct str columns, struct str why, bool still, struct err *err);
const char *list_fill_name(struct req *rq, char what, int64_t entry_id, int64_t column_id);
/* On paper: heads and texts alone. */
struct str table_text(struct req *rq, const char *column, const struct entry_line *e, const struct line_view *l);

/* --- on paper (paper.c) ----------------------------------------------------------------------------------------------------------- */

enum { PAPER_MAX = 1000 };                       /* rows */

struct paper_cell { struct str text; const char *css; };
struct paper_row { int64_t place; struct paper_cell *cells; size_t n; };
struct list_paper {                              /* a head with conditions, who and when; a table whose head stands on every page; totals */
    struct frame frame;
    struct str title, conditions, total, made_at, made_by, back, other;     /* other: the address for the other paper */
    bool a4, cut;
    struct paper_cell *heads;
    struct paper_row *rows;
    size_t n_heads, n;
    int64_t n_open, n_overdue, n_settled;
};
/* Columns by their names (table_kinds) and a list's own behind them. */
bool paper_make(struct req *rq, struct list_paper *v, struct str columns, const struct entry_line *e, size_t n, int64_t list_id, const struct list_column *own,
                size_t n_own, struct err *err);
/* base: its address; title: message id of {1} office {2} section {3} name. Answers. */
void paper_show(struct req *rq, struct list_paper *v, const char *base, const char *here, int title, struct str name);

/* What a bulk edit has just done, as its redirect says; undo when it may be put back. */
bool lists_done(struct req *rq, struct str *done, struct str *undo);

#endif
