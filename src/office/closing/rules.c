/* What an act moves, from the entry before and after it alone: no SQL, no clock. */
#include "office/closing/inside.h"

static const char *const DIM[DIMS] = { "office", "list", "unit", "officer" };
static const char *const WHAT[MOVES] = { "new", "reopened", "in", "settled", "withdrawn", "out" };

struct str dim_code(enum dim d) { return str_c(DIM[d]); }
struct str what_code(enum what w) { return str_c(WHAT[w]); }

enum dim dim_read(struct str s)
{
    enum dim d = DIM_OFFICE;
    while (d < DIM_OFFICER && !str_eqc(s, DIM[d]))
        d++;
    return d;
}

enum what what_read(struct str s)
{
    enum what w = MOVE_NEW;
    while (w < MOVE_OUT && !str_eqc(s, WHAT[w]))
        w++;
    return w;
}

struct moves {
    struct move *at;
    size_t n;
};

static void put(struct moves *m, enum dim d, int64_t dim_id, enum what w) { m->at[m->n++] = (struct move){ d, dim_id, w }; }

static void put_everywhere(struct moves *m, const struct entry *e, enum what w)
{
    put(m, DIM_OFFICE, 0, w);
    for (int i = 0; i < e->n_lists; i++)
        put(m, DIM_LIST, e->lists[i], w);
    put(m, DIM_UNIT, e->lead_id, w);
    put(m, DIM_OFFICER, e->officer_id, w);
}

static bool on_list(const struct entry *e, int64_t id)
{
    for (int i = 0; i < e->n_lists; i++)
        if (e->lists[i] == id)
            return true;
    return false;
}

static void put_shift(struct moves *m, enum dim d, int64_t from, int64_t to)
{
    if (from == to)
        return;
    put(m, d, from, MOVE_OUT);
    put(m, d, to, MOVE_IN);
}

static void put_shifts(struct moves *m, const struct entry *from, const struct entry *to)
{
    for (int i = 0; i < from->n_lists; i++)
        if (!on_list(to, from->lists[i]))
            put(m, DIM_LIST, from->lists[i], MOVE_OUT);
    for (int i = 0; i < to->n_lists; i++)
        if (!on_list(from, to->lists[i]))
            put(m, DIM_LIST, to->lists[i], MOVE_IN);
    put_shift(m, DIM_UNIT, from->lead_id, to->lead_id);
    put_shift(m, DIM_OFFICER, from->officer_id, to->officer_id);
}

/* Suspended counts as carried; a reading item never counts. */
static bool counts(const struct entry *e) { return e && !e->reading && entry_state_open(e->state); }

size_t closing_moves(const struct entry *before, const struct entry *after, struct move ret[MOVES_MAX])
{
    struct moves m = { ret, 0 };
    bool was = counts(before), is = counts(after);
    if (was)
        put_shifts(&m, before, after);
    if (was && !is)
        put_everywhere(&m, after, after->state == STATE_WITHDRAWN ? MOVE_WITHDRAWN : MOVE_SETTLED);
    if (!was && is)                              /* in the place it has now, wherever it was settled */
        put_everywhere(&m, after, before ? MOVE_REOPENED : MOVE_NEW);
    return m.n;
}

bool closing_remembers(const struct entry *before, const struct entry *after)
{
    struct move shifts[MOVES_MAX];
    struct moves m = { shifts, 0 };
    if (!before || after->reading)
        return false;
    put_shifts(&m, before, after);
    return m.n > 0 || counts(before) != counts(after) || before->due != after->due;
}

bool closing_overdue(instant_t due, day_t last_day) { return due != INSTANT_NONE && due <= day_start(last_day + 1); }
