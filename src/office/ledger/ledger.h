/* The ledger on screen and on paper: its list with filters, one entry with its history, the register form, the act forms. It owns no rows. */
#ifndef WHS_OFFICE_LEDGER_LEDGER_H
#define WHS_OFFICE_LEDGER_LEDGER_H

#include "office/entry/entry_rules.h"
#include "office/face.h"
#include "office/lists/lists_table.h"
#include "office/outcome/outcome.h"

/* --- the list (page.c, filters.c) ---------------------------------------------------------------------------------------------------- */

enum { LIST_PAGE = 60, LIST_COUNT_MAX = 2000, FILTERS = 28 };

struct view_tab { struct str href, name; bool current, own; };       /* own: named by people */
struct column_choice { const char *name; int label; struct str place; };

struct list_page {
    struct frame frame;
    struct field filter[FILTERS];                /* the usual ones, then from n_usual on those that are folded away */
    size_t n_filters, n_usual;
    struct field *more;
    size_t n_more;
    bool more_open;
    struct str q;
    struct entry_line *lines;
    size_t n;
    struct html *table;
    struct str columns;                          /* of the table, for rows that come back */
    struct view_tab *tabs;
    size_t n_tabs;
    struct column_choice *choice;
    size_t n_choices;
    struct str address, query, view;             /* this page without a cursor; its conditions alone; the view shown */
    struct choice *keep;                         /* parameters that the filter form carries along: value is the name */
    size_t n_keep;
    struct str total, next, print, xlsx, csv;    /* 1021 or 2000+; addresses; STR_NULL without */
    struct str conditions;                       /* the filters in words, for the print's head */
    bool filtered, cut, may_bulk, may_share;
    struct str done, undo;                       /* what a bulk edit has just done; its number when it may be put back */
    struct field bulk;
};

/* The rows of a page and how they are ordered, from the address. */
bool ledger_filter(struct req *rq, struct entry_filter *f, struct str *columns, struct err *err);
/* The address of this page under a path; NULL names leave out what they name: a cursor always. */
struct str ledger_address(struct req *rq, const char *path, const char *but, const char *more, struct str value);
/* The form of conditions, and what it says in words. */
void ledger_filters(struct req *rq, struct list_page *v);
void ledger_conditions(struct req *rq, struct list_page *v);

/* --- a form for all that an entry holds (form.c) --------------------------------------------------------------------------------------- */

enum { FORM_FIELDS = 32 };

struct part { int legend; struct field *fields; size_t n; bool open; };

struct form_page {
    struct frame frame;
    struct str action, back, number, version, why;
    bool edit;
    int heading;
    struct field field[FORM_FIELDS];
    size_t n_fields;
    struct part part[6];
    size_t n_parts;
    struct str own_limit;                        /* a registration without a day: the section's own limit, to be taken with one button */
};


/* --- one entry (entry.c) -------------------------------------------------------------------------------------------------------------- */

struct fact { int label; struct str value; bool wide; struct due_view due; };

struct act_form {
    const char *verb, *key;
    int label;
    bool first, open;                            /* the most likely act; refused and shown again */
    struct field field[8];
    size_t n;
    struct str why;
};

struct act_view {
    const struct act *act;
    int verb;
    struct str who;                              /* 张科员, or 张科员代录 · 市商务局 */
    struct str change, corrects, corrected;      /* what else changed; 更正第3条; 已由第7条更正 */
};

struct carry_view { struct str month, href; day_t due; bool overdue; struct str reason; };

struct entry_page {
    struct frame frame;
    const struct entry *e;
    struct line_view line;
    struct lights lights;
    struct fact fact[24];
    size_t n_facts;
    struct act_form form[VERBS];
    size_t n_forms;
    struct act_view *history;
    size_t n_history;
    struct str asks;                             /* the unit asks for a later day, and this reader answers it; STR_NULL */
    struct str version, why;
    bool may_edit, may_unmask;
    struct str contact;                          /* in clear text, right after the recorded act */
    struct str printed_at, slip_officer;         /* whose matter it is, whoever prints */
    /* beside.c */
    bool section, may_part, has_parent;                    /* of the entry's section; may register parts */
    const struct entry_line *parent;             /* NULL without */
    struct line_view *parts;
    size_t n_parts;
    struct carry_view *carries;
    size_t n_carries;
    struct outcome *outcomes;
    size_t n_outcomes;
    struct field outcome_field[4], paper_field[3];
    size_t n_outcome_fields, n_paper_fields;
    bool outcome_open, paper_open;               /* refused and shown again */
    day_t paper_out, paper_back;
    struct html *blocks;                         /* of other slices */
};

bool entry_read(struct req *rq, struct entry_page *v, struct err *err);
void entry_show(struct req *rq, struct entry_page *v, int status);
struct str entry_officer(struct req *rq, const struct entry *e);    /* the name; "" for nobody */
bool beside_read(struct req *rq, struct entry_page *v, struct err *err);
void entry_outcome_post(struct req *rq);
void entry_paper_post(struct req *rq);

void entry_get(struct req *rq);
void entry_print_get(struct req *rq);
void entry_act_post(struct req *rq);
void entry_unmask_post(struct req *rq);
void form_new_get(struct req *rq);
void form_new_post(struct req *rq);
void form_edit_get(struct req *rq);
void form_edit_post(struct req *rq);

extern const struct slice ledger_slice;

#endif
