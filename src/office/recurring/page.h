/* What this slice's templates show. */
#ifndef WHS_RECURRING_PAGE_H
#define WHS_RECURRING_PAGE_H

#include "office/face.h"
#include "office/recurring/inside.h"

struct coming_view { day_t key, day, comes; int key_weekday, weekday; struct str time; bool moved, presumed; };
struct made_view { struct recurring_made m; struct str href; int state; day_t key, at, due; };
struct recurring_line { struct recurring r; struct str href, lead, error; struct coming_view next; bool any, failed; };
struct recurring_list { struct frame frame; struct recurring_line *row; size_t n; };
struct recurring_page {
    struct frame frame;
    struct recurring r;
    struct recurring_input names;
    struct str base, rule, error, version;
    int move, kind;
    bool moves, saved;
    struct coming_view *coming;
    size_t n_coming;
    struct made_view *made;
    size_t n_made;
};
struct recurring_form {
    struct frame frame;
    struct str action, title, why, rule, version, sample;
    struct field field[16];
    size_t n;
    bool preview;
    struct coming_view *coming;
    size_t n_coming;
};
struct recurring_from { struct str href, title, phrase; bool late; };


void recurring_put_coming(struct req *rq, const struct recurring *r, const struct workdays *w, struct coming_view **ret, size_t *n);

#endif
