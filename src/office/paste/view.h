/* Making the page's view; view.c. */
#ifndef WHS_PASTE_VIEW_H
#define WHS_PASTE_VIEW_H

#include "office/paste/page.h"

struct view_names { struct choice *units, *leaders; size_t n_units, n_leaders; };

void view_matter(struct req *rq, const struct view_names *names, const struct deadline_ask *ask, size_t k, const struct propose_matter *m, const struct said *s, struct str text,
                 struct matter_view *v);
struct piece *view_pieces(struct req *rq, const struct proposal *p, struct str text, size_t *n);

#endif
