/* 日清月结: day and week ticks, and the month's closing with its proof.
 *
 * Movements. Every entry to act on leaves a row for each event in each dimension it touches: office, each list, lead unit (the section itself counts as one), officer.
 * They are written by on_entry_change in the entry's own transaction from before/after alone and never changed. Reading items leave none. Beside them stands
 * what the entry was before the act (entry_was), so that an entry's unit, lists, officer and deadline can be told for any day: an extension granted on
 * 1 June does not make punctual what was overdue on 31 May.
 * Conservation, for every dimension and period:
 *     opening + added + reopened + moved_in = settled + withdrawn + moved_out + carried
 * where the left side and the first three of the right are summed from movements by `day`, and carried is counted independently from the entries open at the
 * period's last day. A closing whose two sides differ is refused as corrupt.
 *
 * Closing P is due on the first working day after it, and possible as soon as P is over (a chief on duty on a holiday is not turned away). It judges the state
 * at P's last day. What is open and overdue then needs a reason, which writes itself for what has been settled, withdrawn or extended since; the rest carries
 * by itself (未到期). Months close in order; the first closing of an office may be any month and closes all before it. A closed month takes no further act. The closing is a
 * journal line; its place and hash are kept, so that figures and journal prove each other (closing_verify).
 */
#ifndef WHS_OFFICE_CLOSING_H
#define WHS_OFFICE_CLOSING_H

#include "calendar/workdays.h"
#include "office/entry/entry.h"
#include "office/slice.h"

struct figures {                                 /* of one dimension and period */
    struct str dim;                              /* "office" "list" "unit" "officer" */
    int64_t dim_id;
    struct str name;                             /* the list's, unit's or officer's; "" for the office, and for nobody (dim_id 0) */
    int64_t opening, added, reopened, moved_in, settled, withdrawn, moved_out, carried;
};
static inline bool figures_hold(const struct figures *f)
{
    return f->opening + f->added + f->reopened + f->moved_in == f->settled + f->withdrawn + f->moved_out + f->carried;
}

struct closing_entry {                           /* an entry open at the period's last day */
    struct entry_line line;                      /* as it stands now, but due as it was */
    bool overdue;                                /* when the period's last day ended */
    struct str reason;                           /* when closed, or as it will write itself (written); else "" */
    bool written;                                /* not closed yet, and settled, withdrawn or extended since the last day: no reason is asked */
    int64_t carried_before;                      /* how often, and since which period */
    int since_period;
};

enum { CLOSING_LINES_MAX = 1000, CLOSING_REASON_CHARS = 200 };

struct closing_view {                            /* a month as it stands, or as it was frozen */
    int period;                                  /* 202205 */
    day_t first_day, last_day, clearing_day;     /* clearing_day: first working day of the next month */
    bool closed, presumed;                       /* presumed: 推定 */
    bool may_close;                              /* its turn has come and the month is over */
    instant_t closed_at;
    struct str closed_by;
    struct figures office;
    struct figures *dims;                        /* lists, units, officers, each in their official order */
    size_t n_dims;
    struct closing_entry *open;                  /* the overdue first, by deadline; at most CLOSING_LINES_MAX */
    size_t n_lines, n_open, n_overdue;           /* lines listed; all that are open, overdue */
    int64_t by_kind[ENTRY_KINDS];                /* new entries by 文 会 事 */
    int64_t journal_seq;
};
/* Reads the month; closed ones from their frozen rows. ERR_DENIED without ROLE_SECTION. */
bool closing_read(struct db *db, struct arena *a, const struct actor *actor, const struct workdays *w, int period, day_t today,
                  struct closing_view *ret, struct err *err);
/* The same without the lines of its entries. */
bool closing_glance(struct db *db, struct arena *a, const struct actor *actor, const struct workdays *w, int period, day_t today,
                    struct closing_view *ret, struct err *err);

struct closing_reason { struct str number, reason; };
/* Closes: refuses (ERR_CONFLICT) naming the overdue entries that have no reason in problems (may be NULL); ERR_DENIED without ROLE_CHIEF; ERR_CONFLICT for a
 * month that is not over, is closed, or whose predecessor is open; ERR_INPUT for a reason of an entry that is not carried. A reason given
 * stands before one that writes itself, that before all: a reason for every other overdue one (CLI --carry-overdue), or STR_NULL. */
bool closing_close(struct txn *t, const struct actor *actor, const struct workdays *w, int period, const struct closing_reason *reasons, size_t n,
                   struct str all, struct problems *problems, struct err *err);

/* Ticks: never refused, no reasons asked, twice is once. */
bool closing_tick(struct txn *t, const struct actor *actor, bool week, day_t day, struct err *err);
bool closing_ticked(struct db *db, int64_t office_id, int64_t member_id, bool week, day_t day, bool *ret, struct err *err);
/* The Monday of the week a tick belongs to: a week without a working day falls to the next. */
day_t closing_week(const struct workdays *w, day_t day);
/* The first working day after the month: when it is cleared. presumed (may be NULL) is set when the calendar of then is 推定. */
day_t closing_clearing_day(const struct workdays *w, int period, bool *presumed);

/* Last closed period, 0 when none. */
bool closing_last(struct db *db, int64_t office_id, int *ret, struct err *err);
struct closing_head { int period; instant_t at; struct str by; int64_t journal_seq; bool presumed; struct figures office; };
/* All closings, oldest first, with the whole office's figures. */
bool closing_list(struct db *db, struct arena *a, int64_t office_id, struct closing_head **ret, size_t *n, struct err *err);
/* The months that carried an entry which was fetched through its actor, oldest first: the deadline as it was then, and the reason given. */
struct closing_carry { int period; instant_t due; bool overdue; struct str reason; };
bool closing_carries_of(struct db *db, struct arena *a, const struct entry *e, struct closing_carry **ret, size_t *n, struct err *err);
/* Recomputes every closing of the office from movements, entries and journal, and the balance since from the entries; the first that differs is ERR_CORRUPT
 * naming it. The journal itself is journal_verify()'s. */
bool closing_verify(struct db *db, struct arena *a, int64_t office_id, int *n_closings, struct err *err);

/* Months as numbers. */
bool period_read(struct str s, int *ret, struct err *err);    /* "2022-05", "2022-5", "202205", 2022年5月 */
day_t period_first(int period);
day_t period_last(int period);
int period_of(day_t d);
int period_next(int period);
int period_prev(int period);

extern const struct slice closing_slice;

#endif
