/* The only maker of SQL at run time: typed predicates over stand and entry become one statement per party and driver.
 *
 * Every statement begins from stand with one party of the actor's, so no filter can show what the actor does not stand beside. A
 * statement gives only (due, id), limited; several parties and drivers are merged here without doubles, and the caller reads
 * the rows it shows. Values are always parameters; the text holds nothing that a user said.
 */
#ifndef WHS_STORE_FILTER_H
#define WHS_STORE_FILTER_H

#include "store/db.h"

enum stand_order { STAND_NEWEST, STAND_OLDEST, STAND_BY_DUE, STAND_BY_NUMBER };

struct stand_filter {                            /* absent: STR_NULL, 0, -1 for open and reading, DAY_NONE, INSTANT_NONE */
    int64_t office_id;
    const int64_t *parties;
    int n_parties;
    struct str state, kind;
    int open, reading;                           /* 0, 1, or -1 for both */
    int64_t unit_id, list_id, officer_id, leader_id;           /* unit and leader: -1 for entries without one */
    struct str urgency, progress;
    bool instruction;                            /* only what came from a leader's instruction */
    int64_t carried;                             /* month closings that carried it, at least; 0 any */
    day_t day_from, day_to;                      /* inclusive */
    instant_t due_from, due_to;                  /* due_from <= due < due_to */
    day_t settled_from, settled_to;
    day_t span_from, span_to;                    /* registered, due or settled in these days */
    struct str words;                            /* each must stand in title, source, requirement or number */
    int64_t after;                               /* go on behind this entry; STAND_BY_DUE: and its due; STAND_BY_NUMBER: behind after_number */
    instant_t after_due;
    struct str after_number;
    bool few;                                    /* these parties stand beside few entries: begin from them in any order */
    bool any;                                    /* for counting: whichever are found first will do */
    int limit;
    enum stand_order order;
};

struct stand_hit {
    instant_t due;                               /* INT64_MAX when there is none */
    int64_t entry_id;
    struct str number;                           /* STAND_BY_NUMBER alone; in the arena */
};

bool stand_find(struct db *db, struct arena *a, const struct stand_filter *f, struct stand_hit **ret, size_t *n, struct err *err);
/* Sorts, drops doubles and cuts at limit; returns how many are left. */
size_t stand_merge(struct stand_hit *hits, size_t n, enum stand_order order, size_t limit);

#endif
