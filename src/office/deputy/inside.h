/* What the files of this slice share and nobody else sees. */
#ifndef WHS_DEPUTY_INSIDE_H
#define WHS_DEPUTY_INSIDE_H

#include "office/deputy/deputy.h"
#include "office/face.h"

/* --- rules.c, pure ------------------------------------------------------------------------------------------------------------- */
bool deputy_may_make(const struct actor *actor, const struct member *absent);
bool deputy_days(day_t today, day_t from, day_t to, struct err *err);
bool deputy_fits(const struct member *absent, const struct member *deputy, struct err *err);
/* Against those that share a day with it and were not ended. */
bool deputy_free(const struct member *absent, const struct member *deputy, day_t from, day_t to, const struct deputy *others, size_t n, struct err *err);
enum deputy_state deputy_state_on(day_t from, day_t to, bool ended, day_t today);

/* --- pages, API, commands --------------------------------------------------------------------------------------------------------- */
struct deputy_line { struct deputy d; struct str csrf; int state, scope; bool may_end; };
struct deputies_page {
    struct frame frame;
    struct deputy_line *now, *over;
    size_t n_now, n_over;
    struct field field[6];
    size_t n_fields;
    struct str why;
};

void deputies_get(struct req *rq);
void deputies_post(struct req *rq);
void deputy_end_post(struct req *rq);
void deputies_api(struct req *rq);
void deputies_api_post(struct req *rq);
void deputy_api_end(struct req *rq);
int deputy_state_msg(enum deputy_state s);
void deputy_put_json(struct buf *b, const struct deputy *d);

enum { DEPUTY_ROUTES = 6, DEPUTY_SCHEMAS = 2, DEPUTY_COMMANDS = 1 };
extern const struct route deputy_routes[DEPUTY_ROUTES];
extern const struct schema deputy_schemas[DEPUTY_SCHEMAS];
extern const struct command deputy_commands[DEPUTY_COMMANDS];
bool deputy_demo_day(struct txn *t, const struct demo_day *d, struct err *err);

#endif
