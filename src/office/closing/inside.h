/* What the files of this slice share and nobody else sees. */
#ifndef WHS_CLOSING_INSIDE_H
#define WHS_CLOSING_INSIDE_H

#include "closing_queries.h"
#include "office/closing/closing.h"

/* --- rules.c: what an act moves -------------------------------------------------------------------------------------------- */

enum dim { DIM_OFFICE, DIM_LIST, DIM_UNIT, DIM_OFFICER, DIMS };
enum what { MOVE_NEW, MOVE_REOPENED, MOVE_IN, MOVE_SETTLED, MOVE_WITHDRAWN, MOVE_OUT, MOVES };

struct move { enum dim dim; int64_t dim_id; enum what what; };
enum { MOVES_MAX = 64 };                         /* 2 × 16 lists, unit and officer out and in, then settled in 16 lists, office, unit, officer */

struct str dim_code(enum dim d);                 /* "office" … as in the rows */
struct str what_code(enum what w);
enum dim dim_read(struct str s);
enum what what_read(struct str s);

/* The rows that an act leaves, before == NULL for a registration. Changes of unit, officer and lists come first, so that what is reassigned and settled in one
 * act is settled in its new place. Returns how many. */
size_t closing_moves(const struct entry *before, const struct entry *after, struct move ret[MOVES_MAX]);
/* Does entry_was need a row: would the entry of some day before this act be told wrongly without it? */
bool closing_remembers(const struct entry *before, const struct entry *after);
/* Open when the day ended, and overdue then: the deadline ended with that day or before. */
bool closing_overdue(instant_t due, day_t last_day);

/* --- tally.c: figures by dimension ------------------------------------------------------------------------------------------ */

struct tally {
    struct figures *f;                           /* in the order of arrival; name unset */
    size_t n, cap;
    uint32_t *slot;                              /* place + 1 in f by hash of (dim, dim_id); 0: free */
    size_t slots;
};

struct figures *tally_at(struct tally *t, struct arena *a, enum dim d, int64_t dim_id);    /* made with zeros when new; valid until the next call */
const struct figures *tally_find(const struct tally *t, enum dim d, int64_t dim_id);       /* NULL when there is none */
/* The first that does not hold, or NULL. */
const struct figures *tally_broken(const struct tally *t);
static inline bool figures_empty(const struct figures *f)
{
    return !(f->opening | f->added | f->reopened | f->moved_in | f->settled | f->withdrawn | f->moved_out | f->carried);
}
/* Puts names, drops what is all zeros, and sorts by official order: the first is always the office's. */
bool tally_named(struct db *db, struct arena *a, int64_t office_id, struct tally *t, struct figures **ret, size_t *n, struct err *err);

/* --- figures.c: the two sides ------------------------------------------------------------------------------------------------ */

/* Opening and movements of the period: from the last closing before it, and the movements since. carried stays 0. */
bool figures_moved(struct db *db, struct arena *a, int64_t office_id, int period, struct tally *t, struct err *err);
/* Movements between two days, both inclusive, added to the six columns; with `net`, to opening alone. */
bool figures_add(struct db *db, struct arena *a, int64_t office_id, day_t from, day_t to, bool net, struct tally *t, struct err *err);
bool figures_frozen(struct db *db, struct arena *a, int64_t office_id, int period, struct tally *t, struct err *err);

/* --- standing.c: entries as they stood --------------------------------------------------------------------------------------- */

struct standing {                                /* an entry to act on that was open when a day ended */
    int64_t id, lead_id, officer_id;
    instant_t due;
    int64_t *lists;
    int n_lists;
    bool open, overdue;                          /* open: always, in what standing_read() gives */
};
/* All of the office in the order of their ids; day DAY_MAX: as they stand now. */
enum { DAY_MAX = 1000000, DAY_MIN = -DAY_MAX };        /* before and after every day of an office; DAY_NONE would be NULL */
bool standing_read(struct db *db, struct arena *a, int64_t office_id, day_t day, struct standing **ret, size_t *n, struct err *err);
/* Counts them into `carried`. */
void standing_count(const struct standing *s, size_t n, struct arena *a, struct tally *t);

/* --- since.c: what was done after the month's end ------------------------------------------------------------------------------- */

/* 已于2023年1月3日办结, 延期至 or 撤销立项, for an entry that was overdue at last_day; "" when nothing of this was done. */
bool closing_since(struct db *db, struct arena *a, int64_t office_id, const struct standing *s, const struct closing_line_row *now, day_t last_day,
                   struct str *ret, struct err *err);

/* --- say.c ----------------------------------------------------------------------------------------------------------------------- */

/* The closing as its journal line says it, made from the frozen rows: figures by dim and id, and what was carried with a reason. */
bool closing_say(struct db *db, struct arena *a, int64_t office_id, int period, bool presumed, struct str *ret, struct err *err);

/* --- put.c: a month in JSON ---------------------------------------------------------------------------------------------------------- */
void closing_put_view(struct buf *b, const struct closing_view *v);
void closing_put_head(struct buf *b, const struct closing_head *h);

/* --- the slice's parts --------------------------------------------------------------------------------------------------------------- */
bool movement_on_entry_change(struct txn *t, const struct entry *before, const struct entry *after, const struct act *act, struct err *err);

enum { CLOSING_COMMANDS = 2, CLOSING_ROUTES = 3, CLOSING_SCHEMAS = 5, CLOSING_FIGURES = 4 };
extern const struct command closing_commands[CLOSING_COMMANDS];
extern const struct route closing_routes[CLOSING_ROUTES];
extern const struct schema closing_schemas[CLOSING_SCHEMAS];
extern const struct figure closing_figures[CLOSING_FIGURES];

#endif
