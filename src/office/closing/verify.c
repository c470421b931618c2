/* Proving the closings: frozen figures against movements, the balance against entries, and each closing against its journal line. */
#include <string.h>

#include "messages.h"
#include "office/closing/inside.h"
#include "store/journal.h"

struct verifying {
    struct db *db;
    struct arena *a;
    int64_t office_id;
    struct tally before;                         /* the closing before, to open the next with */
    bool first;
};

static bool same(const struct figures *x, const struct figures *y)
{
    static const struct figures zero;
    x = x ? x : &zero;
    y = y ? y : &zero;
    return x->opening == y->opening && x->added == y->added && x->reopened == y->reopened && x->moved_in == y->moved_in && x->settled == y->settled &&
           x->withdrawn == y->withdrawn && x->moved_out == y->moved_out && x->carried == y->carried;
}

/* The first line of x that y has otherwise, zeros and absence being the same; NULL when there is none. */
static const struct figures *differing(const struct tally *x, const struct tally *y)
{
    for (size_t i = 0; i < x->n; i++)
        if (!same(&x->f[i], tally_find(y, dim_read(x->f[i].dim), x->f[i].dim_id)))
            return &x->f[i];
    return NULL;
}

static bool compare(const struct tally *x, const struct tally *y, int msg, int period, struct err *err)
{
    const struct figures *f = differing(x, y);
    f = f ? f : differing(y, x);
    return !f || err_fail(err, ERR_CORRUPT, msg, NULL, A_INT(period), A_STR(f->dim), A_INT(f->dim_id));
}

static void balance(struct figures *f)
{
    f->carried = f->opening + f->added + f->reopened + f->moved_in - f->settled - f->withdrawn - f->moved_out;
}

/* What the movements make of the month, opened with what the closing before carried. */
static bool recompute(struct verifying *v, int period, struct tally *t, struct err *err)
{
    for (size_t i = 0; i < v->before.n; i++)
        tally_at(t, v->a, dim_read(v->before.f[i].dim), v->before.f[i].dim_id)->opening = v->before.f[i].carried;
    if (v->first && !figures_add(v->db, v->a, v->office_id, DAY_MIN, period_first(period) - 1, true, t, err))
        return false;
    if (!figures_add(v->db, v->a, v->office_id, period_first(period), period_last(period), false, t, err))
        return false;
    for (size_t i = 0; i < t->n; i++)
        balance(&t->f[i]);
    return true;
}

static bool check_carries(struct verifying *v, int period, const struct tally *frozen, struct err *err)
{
    struct carry_row *rows;
    size_t n;
    if (!q_closing_carries(v->db, v->a, &(struct closing_carries_in){ v->office_id, period }, &rows, &n, err))
        return false;
    const struct figures *office = tally_find(frozen, DIM_OFFICE, 0);
    if (!office || office->carried != (int64_t)n)
        return err_fail(err, ERR_CORRUPT, M_CLOSING_VERIFY_CARRY, NULL, A_INT(period));
    return true;
}

static bool check_journal(struct verifying *v, const struct closing_row *c, struct err *err)
{
    struct journal_line *line;
    struct str says;
    size_t n;
    if (!journal_read(v->db, v->a, v->office_id, c->journal_seq - 1, 1, &line, &n, err) ||
        !closing_say(v->db, v->a, v->office_id, (int)c->period, c->presumed, &says, err))
        return false;
    bool right = n == 1 && line->seq == c->journal_seq && str_eqc(line->entity, "closing") && line->entity_id == c->period &&
                 str_eq(line->after, says) && line->at == c->closed_at && line->actor_id == c->closed_by &&
                 c->journal_hash.n == sizeof line->hash && !memcmp(c->journal_hash.p, line->hash, sizeof line->hash);
    return right || err_fail(err, ERR_CORRUPT, M_CLOSING_VERIFY_JOURNAL, NULL, A_INT(c->period));
}

static bool check_closing(struct verifying *v, const struct closing_row *c, struct err *err)
{
    struct tally frozen = { 0 }, made = { 0 };
    int period = (int)c->period;
    if (!figures_frozen(v->db, v->a, v->office_id, period, &frozen, err) || !recompute(v, period, &made, err) ||
        !compare(&frozen, &made, M_CLOSING_VERIFY_FIGURES, period, err) || !check_carries(v, period, &frozen, err) || !check_journal(v, c, err))
        return false;
    v->before = frozen;
    v->first = false;
    return true;
}

/* The entries as they stood when the last closed month ended, or as they stand now, against what was carried and moved since. */
static bool check_entries(struct verifying *v, int last, bool now, struct err *err)
{
    struct tally moved = { 0 }, counted = { 0 };
    struct standing *s;
    size_t n;
    for (size_t i = 0; i < v->before.n; i++)
        tally_at(&moved, v->a, dim_read(v->before.f[i].dim), v->before.f[i].dim_id)->opening = v->before.f[i].carried;
    if (now && !figures_add(v->db, v->a, v->office_id, last ? period_last(last) + 1 : DAY_MIN, DAY_MAX, true, &moved, err))
        return false;
    if (!standing_read(v->db, v->a, v->office_id, now ? DAY_MAX : period_last(last), &s, &n, err))
        return false;
    standing_count(s, n, v->a, &counted);
    for (size_t i = 0; i < counted.n; i++) {
        counted.f[i].opening = counted.f[i].carried;
        counted.f[i].carried = 0;
    }
    return compare(&moved, &counted, now ? M_CLOSING_VERIFY_NOW : M_CLOSING_VERIFY_ENTRIES, last, err);
}

/* A closing that was taken away whole is still in the journal. */
static bool check_count(struct verifying *v, size_t n, struct err *err)
{
    struct closing_lines_row lines;
    bool found;
    if (!q_closing_lines(v->db, v->a, &(struct closing_lines_in){ v->office_id }, &lines, &found, err))
        return false;
    return lines.n == (int64_t)n || err_fail(err, ERR_CORRUPT, M_CLOSING_VERIFY_COUNT, NULL, A_INT(lines.n), A_INT(n));
}

bool closing_verify(struct db *db, struct arena *a, int64_t office_id, int *n_closings, struct err *err)
{
    struct arena own _cleanup_(arena_release) = ARENA_INIT(0);
    struct verifying v = { db, &own, office_id, { 0 }, true };
    struct closing_row *c;
    size_t n;
    if (!q_closing_all(db, a, &(struct closing_all_in){ office_id }, &c, &n, err) || !check_count(&v, n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!check_closing(&v, &c[i], err))
            return false;
    int last = n ? (int)c[n - 1].period : 0;
    if ((n && !check_entries(&v, last, false, err)) || !check_entries(&v, last, true, err))
        return false;
    *n_closings = (int)n;
    return true;
}
