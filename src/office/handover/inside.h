/* What the files of this slice share and nobody else sees. */
#ifndef WHS_HANDOVER_INSIDE_H
#define WHS_HANDOVER_INSIDE_H

#include "office/face.h"
#include "office/handover/handover.h"

struct handover_view {                           /* one line of a preview or a sheet */
    int64_t place;
    struct str number, title, lead, requirement;
    int state;
    struct due_view due;
    bool touched;
};
struct handover_figure { int label; int64_t n; const char *css; };
struct handover_listed { struct handover h; struct str what; };

struct handovers_page {
    struct frame frame;
    struct field field[5];
    size_t n_fields;
    struct str why;
    bool planned;                                /* a preview is shown */
    struct str from, to;
    struct handover_figure figure[STATES + 2];
    size_t n_figures;
    struct handover_view *line;
    size_t n, n_shown;
    struct str n_text, unit, list, from_login, to_login, reason;
    struct handover_listed *done;
    size_t n_done;
};

struct handover_page {
    struct frame frame;
    struct handover h;
    struct handover_view *line;
    size_t n;
    struct str why;
    bool may_return;
    day_t day;
};

struct handover_ask handover_form(struct req *rq, bool query);
void handover_put_json(struct buf *b, const struct handover *h);
void handover_put_plan(struct buf *b, const struct handover_plan *p, instant_t now, instant_t near);

void handovers_get(struct req *rq);
void handovers_post(struct req *rq);
void handover_get(struct req *rq);
void handover_return_post(struct req *rq);
void handovers_api(struct req *rq);
void handovers_api_post(struct req *rq);
void handover_api(struct req *rq);
void handover_api_return(struct req *rq);

enum { HANDOVER_ROUTES = 8, HANDOVER_SCHEMAS = 3, HANDOVER_COMMANDS = 1 };
extern const struct route handover_routes[HANDOVER_ROUTES];
extern const struct schema handover_schemas[HANDOVER_SCHEMAS];
extern const struct command handover_commands[HANDOVER_COMMANDS];

bool handover_demo_day(struct txn *t, const struct demo_day *d, struct err *err);

#endif
