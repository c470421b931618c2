/* The pages of sheets, as their templates see them. */
#ifndef WHS_SHEET_PAGE_H
#define WHS_SHEET_PAGE_H

#include "office/face.h"
#include "office/sheet/inside.h"
#include "office/sheet/send.h"

struct extra_view { struct extra *cell; size_t n; };

struct sheet_page {                              /* /sheet: a file is asked for */
    struct frame frame;
    struct str csrf, why;
};

struct map_line { struct field field; struct str name, sample; };
struct diff_line { struct str number, title, field, old, new; };
struct issue_line { struct str place, what; };

struct sheet_look_page {                         /* /sheet/{id}: what it says, and what would happen */
    struct frame frame;
    struct str csrf, action, name, title;
    struct str why;                              /* not to be taken, and why */
    bool may_take, refused, exact, own, known,
         more_first, more_edit;
    int64_t rows, fresh, edited, edits, same, n_names;
    struct map_line *map;
    size_t n_map;
    struct field kind, source, received, year;
    struct sheet_fresh *first;
    size_t n_first;
    struct diff_line *diff;
    size_t n_diff;
    struct issue_line *issue;
    size_t n_issue;
    int64_t more_issues;
    struct issue_line *passed;
    size_t n_passed;
    struct str names;
    bool create, again, ask_again;
    struct str seen;
};

void sheet_get(struct req *rq);
void sheet_post(struct req *rq);
void sheet_look_get(struct req *rq);
void sheet_look_post(struct req *rq);
void sheet_take_post(struct req *rq);
void sheet_drop_post(struct req *rq);
void sheet_api_csv(struct req *rq);
void sheet_api_xlsx(struct req *rq);
void sheet_api_import(struct req *rq);
void sheet_json(struct buf *b, const struct sheet_result *r, bool dry);

#endif
