/* One side of conservation: what the movements say. The other is standing.c. */
#include "office/closing/inside.h"

struct adding {
    struct arena *a;
    struct tally *t;
    bool net;
};

static bool add_row(void *ctx, const struct movement_sums_row *r, bool *stop, struct err *err)
{
    struct adding *v = ctx;
    struct figures *f = tally_at(v->t, v->a, dim_read(r->dim), r->dim_id);
    enum what w = what_read(r->what);
    bool out = w == MOVE_SETTLED || w == MOVE_WITHDRAWN || w == MOVE_OUT;
    int64_t *const column[MOVES] = { &f->added, &f->reopened, &f->moved_in, &f->settled, &f->withdrawn, &f->moved_out };
    if (v->net)
        f->opening += out ? -r->n : r->n;
    else
        *column[w] += r->n;
    return true;
}

bool figures_add(struct db *db, struct arena *a, int64_t office_id, day_t from, day_t to, bool net, struct tally *t, struct err *err)
{
    struct adding v = { a, t, net };
    return from > to || q_movement_sums(db, &(struct movement_sums_in){ office_id, from, to }, add_row, &v, err);
}

static bool frozen_row(void *ctx, const struct closing_figures_row *r, bool *stop, struct err *err)
{
    struct adding *v = ctx;
    struct figures *f = tally_at(v->t, v->a, dim_read(r->dim), r->dim_id);
    *f = (struct figures){ f->dim, f->dim_id, f->name, r->opening, r->added, r->reopened, r->moved_in, r->settled, r->withdrawn, r->moved_out, r->carried };
    return true;
}

bool figures_frozen(struct db *db, struct arena *a, int64_t office_id, int period, struct tally *t, struct err *err)
{
    struct adding v = { a, t, false };
    return q_closing_figures(db, &(struct closing_figures_in){ office_id, period }, frozen_row, &v, err);
}

/* What was carried into the first day of a month: frozen by the last closing before it, and moved since. Only an office that never closed sums from its
 * beginning. */
static bool opening(struct db *db, struct arena *a, int64_t office_id, int period, struct tally *t, struct err *err)
{
    struct closing_last_row last;
    struct tally frozen = { 0 };
    bool found;
    if (!q_closing_last(db, a, &(struct closing_last_in){ office_id, period }, &last, &found, err))
        return false;
    if (last.period && !figures_frozen(db, a, office_id, (int)last.period, &frozen, err))
        return false;
    for (size_t i = 0; i < frozen.n; i++)
        tally_at(t, a, dim_read(frozen.f[i].dim), frozen.f[i].dim_id)->opening = frozen.f[i].carried;
    day_t from = last.period ? period_last((int)last.period) + 1 : DAY_MIN;
    return figures_add(db, a, office_id, from, period_first(period) - 1, true, t, err);
}

bool figures_moved(struct db *db, struct arena *a, int64_t office_id, int period, struct tally *t, struct err *err)
{
    tally_at(t, a, DIM_OFFICE, 0);
    return opening(db, a, office_id, period, t, err) &&
           figures_add(db, a, office_id, period_first(period), period_last(period), false, t, err);
}
