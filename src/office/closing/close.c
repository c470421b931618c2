/* Closing a month: everything is read and decided first, then frozen and sealed. */
#include "messages.h"
#include "office/closing/inside.h"
#include "store/journal.h"

struct deciding {
    struct txn *t;
    struct arena *a;
    int period;
    struct tally figures;
    struct standing *open;                       /* by id */
    struct str *reason;                          /* beside open; "" for none */
    size_t n;
};

/* --- may it be closed ------------------------------------------------------------------------------------------------------- */

static bool check_turn(struct deciding *c, struct err *err)
{
    int last;
    if (!closing_last(c->t->db, c->t->office_id, &last, err))
        return false;
    if (last && c->period <= last)
        return err_fail(err, ERR_CONFLICT, M_CLOSING_CLOSED, "period", A_INT(c->period / 100), A_INT(c->period % 100));
    if (period_last(c->period) >= c->t->today)
        return err_fail(err, ERR_CONFLICT, M_CLOSING_NOT_OVER, "period", A_INT(c->period / 100), A_INT(c->period % 100));
    int turn = period_next(last);
    if (last && c->period != turn)
        return err_fail(err, ERR_CONFLICT, M_CLOSING_NOT_ITS_TURN, "period", A_INT(c->period / 100), A_INT(c->period % 100), A_INT(turn / 100),
                        A_INT(turn % 100));
    return true;
}

/* Both sides; they are counted from different rows. */
static bool check_conservation(struct deciding *c, struct err *err)
{
    struct txn *t = c->t;
    if (!figures_moved(t->db, c->a, t->office_id, c->period, &c->figures, err) ||
        !standing_read(t->db, c->a, t->office_id, period_last(c->period), &c->open, &c->n, err))
        return false;
    standing_count(c->open, c->n, c->a, &c->figures);
    const struct figures *f = tally_broken(&c->figures);
    if (f)
        return err_fail(err, ERR_CORRUPT, M_CLOSING_NOT_CONSERVED, NULL, A_INT(c->period), A_STR(f->dim), A_INT(f->dim_id));
    return true;
}

/* --- reasons ------------------------------------------------------------------------------------------------------------------ */

static bool check_reason(struct str s, struct err *err)
{
    return entry_text_check(str_trim(s), "carry", M_CLOSING_REASON, CLOSING_REASON_CHARS, err);
}

static struct standing *find(const struct deciding *c, int64_t id)
{
    size_t lo = 0, hi = c->n;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (c->open[mid].id < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < c->n && c->open[lo].id == id ? &c->open[lo] : NULL;
}

static bool place_reason(struct deciding *c, const struct closing_reason *r, struct err *err)
{
    struct closing_entry_id_row row;
    bool found;
    if (!check_reason(r->reason, err) ||
        !q_closing_entry_id(c->t->db, c->a, &(struct closing_entry_id_in){ c->t->office_id, r->number }, &row, &found, err))
        return false;
    struct standing *s = found ? find(c, row.id) : NULL;
    if (!s)
        return err_fail(err, ERR_INPUT, M_CLOSING_NOT_CARRIED, "carry", A_STR(r->number));
    c->reason[s - c->open] = str_trim(r->reason);
    return true;
}

/* An overdue entry that nobody gave a reason: by what was done since, or `all`; else its line, to be named. */
static bool own_reason(struct deciding *c, size_t i, struct str all, struct closing_line_row *line, struct err *err)
{
    const struct standing *s = &c->open[i];
    bool found;
    if (!q_closing_line(c->t->db, c->a, &(struct closing_line_in){ c->t->office_id, s->id }, line, &found, err) ||
        !closing_since(c->t->db, c->a, c->t->office_id, s, line, period_last(c->period), &c->reason[i], err))
        return false;
    if (!c->reason[i].n && all.p)
        c->reason[i] = str_trim(all);
    return true;
}

static void name_missing(const struct closing_line_row *line, struct problems *problems, struct buf *numbers)
{
    struct err e;
    err_fail(&e, ERR_CONFLICT, M_CLOSING_REASON_NEEDED, "carry", A_STR(line->number), A_STR(line->title));
    if (problems)
        problems_add(problems, &e);
    if (numbers->n)
        buf_c(numbers, "、");
    buf_str(numbers, line->number);
}

enum { NAMED_MAX = PROBLEMS_MAX };

static bool check_reasons(struct deciding *c, const struct closing_reason *reasons, size_t n, struct str all, struct problems *problems,
                          struct err *err)
{
    struct buf numbers _cleanup_(buf_release) = BUF_INIT;
    int missing = 0;
    c->reason = arena_array(c->a, struct str, c->n + 1);
    if (all.p && !check_reason(all, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!place_reason(c, &reasons[i], err))
            return false;
    for (size_t i = 0; i < c->n; i++) {
        struct closing_line_row line;
        if (c->reason[i].n)
            continue;
        c->reason[i] = STR("");
        if (c->open[i].overdue && !own_reason(c, i, all, &line, err))
            return false;
        if (c->open[i].overdue && !c->reason[i].n && missing++ < NAMED_MAX)
            name_missing(&line, problems, &numbers);
    }
    if (missing)
        return err_fail(err, ERR_CONFLICT, M_CLOSING_REASONS_NEEDED, "carry", A_INT(missing), A_STR(buf_view(&numbers)));
    return true;
}

/* --- freezing ------------------------------------------------------------------------------------------------------------------ */

static bool freeze_figures(const struct deciding *c, struct err *err)
{
    for (size_t i = 0; i < c->figures.n; i++) {
        const struct figures *f = &c->figures.f[i];
        struct closing_figure_insert_in in = { c->t->office_id, c->period, f->dim, f->dim_id, f->opening, f->added, f->reopened, f->moved_in,
                                               f->settled, f->withdrawn, f->moved_out, f->carried };
        if (figures_empty(f) && dim_read(f->dim) != DIM_OFFICE)
            continue;
        if (!q_closing_figure_insert(c->t->db, &in, NULL, err))
            return false;
    }
    return true;
}

static bool freeze_carries(const struct deciding *c, struct err *err)
{
    for (size_t i = 0; i < c->n; i++) {
        struct closing_carry_insert_in in = { c->t->office_id, c->period, c->open[i].id, c->open[i].due, c->open[i].overdue, c->reason[i] };
        if (!q_closing_carry_insert(c->t->db, &in, NULL, err) || !entry_mark_carried(c->t, c->open[i].id, err))
            return false;
    }
    return true;
}

static bool seal(const struct deciding *c, bool presumed, struct err *err)
{
    struct txn *t = c->t;
    struct journal_line line = { .day = DAY_NONE, .entity = STR("closing"), .entity_id = c->period, .verb = STR("close") };
    struct journal_head head;
    if (!closing_say(t->db, c->a, t->office_id, c->period, presumed, &line.after, err) || !journal_add(t, &line, err))
        return false;
    journal_now(t, &head);
    struct closing_insert_in in = { t->office_id, c->period, t->at, t->actor_id, head.seq, str_n((const char *)head.hash, sizeof head.hash), presumed };
    return q_closing_insert(t->db, &in, NULL, err);
}

bool closing_close(struct txn *t, const struct actor *actor, const struct workdays *w, int period, const struct closing_reason *reasons, size_t n,
                   struct str all, struct problems *problems, struct err *err)
{
    struct arena a _cleanup_(arena_release) = ARENA_INIT(0);     /* grows with the entries that are open */
    struct deciding c = { .t = t, .a = &a, .period = period };
    bool presumed = !workdays_covered(w, period / 100);
    if (!actor_is(actor, ROLE_CHIEF))
        return err_fail(err, ERR_DENIED, M_CLOSING_CHIEF_ONLY, NULL);
    t->deputy_of = actor_lender(actor, ROLE_CHIEF);
    if (!check_turn(&c, err) || !check_conservation(&c, err) || !check_reasons(&c, reasons, n, all, problems, err))
        return false;
    closing_clearing_day(w, period, &presumed);
    return freeze_figures(&c, err) && freeze_carries(&c, err) && seal(&c, presumed, err);
}
