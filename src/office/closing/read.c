/* Reading months: one as it stands or was frozen, all that are closed, the last. */
#include <stdlib.h>

#include "messages.h"
#include "office/closing/inside.h"

bool closing_last(struct db *db, int64_t office_id, int *ret, struct err *err)
{
    struct arena a _cleanup_(arena_release) = ARENA_INIT(0);
    struct closing_last_row row;
    bool found;
    if (!q_closing_last(db, &a, &(struct closing_last_in){ office_id, INT32_MAX }, &row, &found, err))
        return false;
    *ret = (int)row.period;
    return true;
}

day_t closing_clearing_day(const struct workdays *w, int period, bool *presumed) { return workdays_add(w, period_last(period) + 1, 0, presumed); }

bool closing_list(struct db *db, struct arena *a, int64_t office_id, struct closing_head **ret, size_t *n, struct err *err)
{
    struct closing_heads_row *r;
    if (!q_closing_heads(db, a, &(struct closing_heads_in){ office_id }, &r, n, err))
        return false;
    *ret = arena_array(a, struct closing_head, *n + 1);
    for (size_t i = 0; i < *n; i++)
        (*ret)[i] = (struct closing_head){ (int)r[i].period, r[i].closed_at, r[i].name, r[i].journal_seq, r[i].presumed,
                                           { .dim = dim_code(DIM_OFFICE), .name = STR(""), .opening = r[i].opening, .added = r[i].added,
                                             .reopened = r[i].reopened, .moved_in = r[i].moved_in, .settled = r[i].settled,
                                             .withdrawn = r[i].withdrawn, .moved_out = r[i].moved_out, .carried = r[i].carried } };
    return true;
}

bool closing_carries_of(struct db *db, struct arena *a, const struct entry *e, struct closing_carry **ret, size_t *n, struct err *err)
{
    struct carries_of_entry_row *r;
    if (!q_carries_of_entry(db, a, &(struct carries_of_entry_in){ e->office_id, e->id }, &r, n, err))
        return false;
    *ret = arena_array(a, struct closing_carry, *n + 1);
    for (size_t i = 0; i < *n; i++)
        (*ret)[i] = (struct closing_carry){ (int)r[i].period, r[i].due, r[i].overdue, r[i].reason };
    return true;
}

/* --- the entries that were open ---------------------------------------------------------------------------------------------- */

struct open_entry { struct standing s; struct str reason; };

static int by_urgency(const void *pa, const void *pb)
{
    const struct open_entry *x = pa, *y = pb;
    uint64_t dx = x->s.due == INSTANT_NONE ? UINT64_MAX : (uint64_t)x->s.due, dy = y->s.due == INSTANT_NONE ? UINT64_MAX : (uint64_t)y->s.due;
    if (x->s.overdue != y->s.overdue)
        return x->s.overdue ? -1 : 1;
    if (dx != dy)
        return dx < dy ? -1 : 1;
    return x->s.id < y->s.id ? -1 : x->s.id > y->s.id;
}

static struct entry_line line_of(int64_t id, const struct closing_line_row *r)
{
    struct entry_line l = {
        .id = id, .number = r->number, .title = r->title, .source = r->source, .requirement = r->requirement, .due = r->due,
        .unit_due = r->unit_due, .day = r->day, .settled_day = r->settled_day, .lead = r->lead, .officer = r->officer, .leader = r->leader,
        .lead_id = r->lead_id, .officer_id = r->officer_id, .leader_id = r->leader_id, .urgency = r->urgency, .progress = r->progress,
        .result = r->result, .late = r->late, .carried = r->carried,
    };
    entry_kind_read(r->kind, &l.kind);
    entry_state_read(r->state, &l.state);
    return l;
}

static bool read_lines(struct db *db, struct arena *a, int64_t office_id, const struct open_entry *open, struct closing_view *v, struct err *err)
{
    v->n_lines = v->n_open < CLOSING_LINES_MAX ? v->n_open : CLOSING_LINES_MAX;
    v->open = arena_array(a, struct closing_entry, v->n_lines + 1);
    for (size_t i = 0; i < v->n_lines; i++) {
        struct closing_line_row line;
        struct carried_before_row before;
        bool found;
        int64_t id = open[i].s.id;
        if (!q_closing_line(db, a, &(struct closing_line_in){ office_id, id }, &line, &found, err) ||
            !q_carried_before(db, a, &(struct carried_before_in){ office_id, id, v->period }, &before, &found, err))
            return false;
        struct str reason = open[i].reason;
        if (!v->closed && !closing_since(db, a, office_id, &open[i].s, &line, v->last_day, &reason, err))
            return false;
        v->open[i] = (struct closing_entry){ line_of(id, &line), open[i].s.overdue, reason, !v->closed && reason.n, before.n, (int)before.since };
        v->open[i].line.due = open[i].s.due;
    }
    return true;
}

static void finish_open(struct open_entry *open, struct closing_view *v)
{
    for (size_t i = 0; i < v->n_open; i++)
        v->n_overdue += open[i].s.overdue;
    if (v->n_open)
        qsort(open, v->n_open, sizeof *open, by_urgency);
}

/* --- a month ------------------------------------------------------------------------------------------------------------------- */

static bool read_standing(struct db *db, struct arena *a, int64_t office_id, struct tally *t, struct closing_view *v, struct open_entry **open,
                          struct err *err)
{
    struct standing *s;
    if (!figures_moved(db, a, office_id, v->period, t, err) || !standing_read(db, a, office_id, v->last_day, &s, &v->n_open, err))
        return false;
    standing_count(s, v->n_open, a, t);
    *open = arena_array(a, struct open_entry, v->n_open + 1);
    for (size_t i = 0; i < v->n_open; i++)
        (*open)[i] = (struct open_entry){ s[i], STR("") };
    return true;
}

static bool read_frozen(struct db *db, struct arena *a, int64_t office_id, const struct closing_row *row, struct tally *t, struct closing_view *v,
                        struct open_entry **open, struct err *err)
{
    struct carry_row *carry;
    v->closed = true;
    v->presumed = row->presumed;
    v->closed_at = row->closed_at;
    v->closed_by = row->name;
    v->journal_seq = row->journal_seq;
    if (!figures_frozen(db, a, office_id, v->period, t, err) ||
        !q_closing_carries(db, a, &(struct closing_carries_in){ office_id, v->period }, &carry, &v->n_open, err))
        return false;
    *open = arena_array(a, struct open_entry, v->n_open + 1);
    for (size_t i = 0; i < v->n_open; i++)
        (*open)[i] = (struct open_entry){ { .id = carry[i].entry_id, .due = carry[i].due, .overdue = carry[i].overdue }, carry[i].reason };
    return true;
}

static bool read_turn(struct db *db, int64_t office_id, day_t today, struct closing_view *v, struct err *err)
{
    int last;
    if (!closing_last(db, office_id, &last, err))
        return false;
    v->may_close = !v->closed && v->last_day < today && (!last || v->period == period_next(last));
    return true;
}

static bool kind_row(void *ctx, const struct movement_kinds_row *r, bool *stop, struct err *err)
{
    struct closing_view *v = ctx;
    enum entry_kind k;
    if (entry_kind_read(r->kind, &k))
        v->by_kind[k] = r->n;
    return true;
}

static bool read_month(struct db *db, struct arena *a, const struct actor *actor, const struct workdays *w, int period, day_t today, bool with_lines,
                       struct closing_view *ret, struct err *err)
{
    struct closing_view v = { .period = period, .first_day = period_first(period), .last_day = period_last(period), .closed_at = INSTANT_NONE };
    struct closing_row row;
    struct open_entry *open;
    struct tally t = { 0 };
    bool closed;
    int64_t office_id = actor->office_id;
    if (!actor_is(actor, ROLE_SECTION))
        return err_fail(err, ERR_DENIED, M_CLOSING_SECTION_ONLY, NULL);
    v.presumed = !workdays_covered(w, period / 100);
    v.clearing_day = closing_clearing_day(w, period, &v.presumed);
    if (!q_closing_get(db, a, &(struct closing_get_in){ office_id, period }, &row, &closed, err))
        return false;
    bool ok = closed ? read_frozen(db, a, office_id, &row, &t, &v, &open, err) : read_standing(db, a, office_id, &t, &v, &open, err);
    if (!ok || !read_turn(db, office_id, today, &v, err) || !tally_named(db, a, office_id, &t, &v.dims, &v.n_dims, err) ||
        !q_movement_kinds(db, &(struct movement_kinds_in){ office_id, v.first_day, v.last_day }, kind_row, &v, err))
        return false;
    v.office = *v.dims++;                        /* always there: see tally_named() */
    v.n_dims--;
    finish_open(open, &v);
    if (with_lines && !read_lines(db, a, office_id, open, &v, err))
        return false;
    *ret = v;
    return true;
}

bool closing_read(struct db *db, struct arena *a, const struct actor *actor, const struct workdays *w, int period, day_t today,
                  struct closing_view *ret, struct err *err)
{
    return read_month(db, a, actor, w, period, today, true, ret, err);
}

bool closing_glance(struct db *db, struct arena *a, const struct actor *actor, const struct workdays *w, int period, day_t today,
                    struct closing_view *ret, struct err *err)
{
    return read_month(db, a, actor, w, period, today, false, ret, err);
}
