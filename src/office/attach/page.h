/* What this slice's templates show. */
#ifndef WHS_ATTACH_PAGE_H
#define WHS_ATTACH_PAGE_H

#include "office/attach/attach.h"
#include "office/face.h"

struct attach_row_view {
    struct str number, name, type, size, who, sha, remover, reason;
    int64_t id;
    instant_t at, removed_at;
    bool scan, gone;
};

struct attach_form_view { struct str number, csrf, limits; bool scan; };         /* scan: may mark one */

struct attach_list_view {                        /* the block on the entry's page, and the page of all */
    struct frame frame;
    struct str number, title, why;
    struct attach_row_view *rows;                /* on the block only what is there */
    int64_t n, n_there, n_gone;
    bool may_add;
    struct attach_form_view form;
};

struct attach_cells { struct str *cell; int64_t n; };
struct attach_view {                             /* one, with a look into it */
    struct frame frame;
    struct attach_row_view row;
    struct str title, why, sha_whole;
    bool image, pdf, may_remove, cut;            /* cut: only its beginning is shown */
    struct str text, nothing;                    /* nothing: why it cannot be shown */
    struct str sheet;
    struct attach_cells *lines;
    int64_t n_lines;
    struct field reason;
};

struct attach_settings_view { struct frame frame; struct str why; struct field field[2]; int64_t n; };

/* look.c: fills what can be shown of it. */
bool attach_look(struct req *rq, const struct attachment *x, struct attach_view *v, struct err *err);

#endif
