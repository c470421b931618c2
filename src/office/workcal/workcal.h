/* The office's working calendar: the official table, the notices imported since (office 0, for all offices) and the office's own days.
 *
 * A notice takes the place of what was known of its year, an office's own days take the place of its earlier own days of that year. Importing is two
 * kinds of writes: the calendar first, then each office's deadlines that were counted in working days. A stop between them leaves a right calendar, and
 * the next import (the same file will do) moves what is left, because a deadline keeps the edition that counted it.
 */
#ifndef WHS_OFFICE_WORKCAL_H
#define WHS_OFFICE_WORKCAL_H

#include "calendar/notice.h"
#include "people/actor.h"
#include "store/store.h"

enum { ROLE_CALENDAR = ROLE_CHIEF | ROLE_ADMIN };            /* who may import */

/* The calendar in force, for reading. Costs one small query; tables are kept by (office, state) and live as long as the process, for they are few and never change. */
bool workcal_get(struct db *db, struct arena *a, int64_t office_id, const struct workdays **ret, struct err *err);
/* As it would be with the notice taken, or (own) with its rows as the office's own days. For workdays_free(). */
bool workcal_preview(struct db *db, struct arena *a, int64_t office_id, const struct notice *n, bool own, struct workdays **ret, struct err *err);
/* Are exactly these rows stored already? office_id: STORE_OFFICE_SHARED or one. */
bool workcal_holds(struct db *db, struct arena *a, int64_t office_id, const struct notice *n, bool *ret, struct err *err);
/* Puts the rows over the table, for all offices (t->office_id is STORE_OFFICE_SHARED; the year is covered then) or as an office's own. Journalled. */
bool workcal_put(struct txn *t, const struct notice *n, struct str source, int64_t by_office, struct err *err);
/* The number of the imported notice of a year; "" when none was imported. */
bool workcal_source(struct db *db, struct arena *a, int year, struct str *ret, struct err *err);

/* --- a year as people read it ------------------------------------------------------------------------------------------------ */

struct workcal_span {                            /* days off in a row, or one make-up day */
    day_t first, last;
    int days;
    bool works, own;
    struct str name;
};
/* The spans of a year in order; names borrowed from the table. */
struct workcal_span *workcal_spans(const struct workdays *w, struct arena *a, int year, size_t *n);

/* --- importing ----------------------------------------------------------------------------------------------------------------- */

enum workcal_fate { DUE_MOVES, DUE_CONFIRMED, DUE_UNIT_LATER };      /* stays: a person confirmed it; the unit's would lie behind ours */

struct workcal_move {
    struct str number, title;
    bool unit;                                   /* the unit's deadline, else ours */
    day_t was, is;
    enum workcal_fate fate;
};

struct workcal_plan {                            /* what an import would do, before anything is written */
    struct notice notice;
    bool own;
    struct problems problems, doubts;            /* own days are held to no formula: no doubts */
    bool good;                                   /* no problem; all that follows is set */
    bool held;                                   /* these rows are in force already */
    struct str source;
    int off, makeup, off_weekdays, statutory;    /* days off, make-up days; days off from Monday to Friday */
    size_t changed;                              /* days that would be other than now */
    struct workdays *after;
    struct workcal_span *spans;                  /* of the notice's year, afterwards */
    size_t n_spans;
    struct workcal_move *moves;                  /* what the actor may see */
    size_t n_moves, n_moving, n_staying, n_unseen;
};
/* false only when the engine fails or the bytes are no text at all. Release in any case. */
bool workcal_plan(struct db *db, struct arena *a, const struct actor *actor, struct str text, bool own, struct workcal_plan *ret, struct err *err);
void workcal_plan_release(struct workcal_plan *p);

/* The two writes: taking in a write of office 0 or, with own, of the importing office; then moving in a write of each office. */
struct workcal_taking {
    const struct workcal_plan *plan;
    int64_t office_id, member_id;                /* who imports; rights are decided in the write */
};
bool workcal_take(struct txn *t, void *taking, struct err *err);
struct workcal_moving { int year; int64_t moved; };      /* moved: the outcome */
bool workcal_move(struct txn *t, void *moving, struct err *err);
/* The offices to move in, the actor's own first, and as whom: the actor, and elsewhere the member console. */
struct workcal_office { int64_t office_id, member_id; };
bool workcal_offices(struct db *db, struct arena *a, const struct actor *actor, bool own, struct workcal_office **ret, size_t *n, struct err *err);

#endif
