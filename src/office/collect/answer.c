/* A unit's answer: saved, sent, corrected; by the unit, or by the section that wrote down what was said (代录). */
#include "base/json.h"
#include "base/num.h"
#include "base/utf8.h"
#include "messages.h"
#include "office/collect/inside.h"
#include "office/entry/entry.h"
#include "office/entry/entry_rules.h"

struct filling {
    struct txn *t;
    const struct actor *actor;
    struct collect_filled *f;
    struct collect c;
    struct collect_round r;
    struct blank *k;
    struct collect_answer was;
    struct answer_then then;
    bool by_section;
    struct str said_by, reason;
    struct str *cells;                           /* as they will be kept, before sealing */
    size_t n_rows;
    struct str *kept;                            /* what was there before, personal cells sealed; split when first wanted */
    size_t n_kept;
};

static size_t width(const struct filling *x) { return (size_t)x->k->n; }

bool collect_recount(struct txn *t, const struct collect_round *r, enum count was, enum count is, struct err *err)
{
    struct collect_round_counts_in in = { t->office_id, r->collect_id, r->n, r->asked, r->answered, r->zero };
    in.answered += (is == COUNT_ANSWERED) - (was == COUNT_ANSWERED);
    in.zero += (is == COUNT_ZERO) - (was == COUNT_ZERO);
    return was == is || q_collect_round_counts(t->db, &in, NULL, err);
}

bool collect_did(struct txn *t, const struct collect_did *d, struct err *err)
{
    struct buf after _cleanup_(buf_release) = BUF_INIT;
    struct journal_head head;
    json_obj(&after);
    json_put_int(&after, "round", d->round);
    json_put_int(&after, "party", d->party_id);
    json_put_int(&after, "n", d->n);
    json_put_str(&after, "text", d->text.p ? d->text : STR(""));
    json_obj_end(&after);
    if (!collect_note(t, d->id, d->verb, &after, err))
        return false;
    journal_now(t, &head);
    return q_collect_act_insert(t->db, &(struct collect_act_in){ t->office_id, d->id, d->round, head.seq, d->party_id, t->at, t->actor_id, t->deputy_of, str_c(d->verb), d->n,
                                                                 d->text.p ? d->text : STR("") }, NULL, err);
}

/* --- who, and whether -------------------------------------------------------------------------------------------------------------------- */

static bool one_line(struct str *s, const char *field, int label, struct err *err)
{
    *s = s->p ? str_trim(*s) : STR("");
    return s->n == 0 || entry_text_check(*s, field, label, COLLECT_TEXT_CHARS, err);
}

static bool decide(struct filling *x, struct err *err)
{
    struct txn *t = x->t;
    int64_t rev;
    x->by_section = collect_keeps(x->actor, &x->c);
    if (!collect_answer_get(t->db, t->arena, x->actor, &x->c, &x->r, x->f->party_id, &x->was, err))
        return false;
    if (!x->by_section && !(actor_is(x->actor, ROLE_LIAISON) && actor_has_party(x->actor, x->f->party_id)))
        return err_fail(err, ERR_DENIED, M_COLLECT_UNIT_ONLY, NULL);
    if (x->f->rev.n && (!num_i64(x->f->rev, &rev) || rev != x->was.rev))
        return err_fail(err, ERR_CONFLICT, M_COLLECT_ANSWER_MOVED, NULL, A_STR(x->was.by.n ? x->was.by : x->was.unit));
    x->said_by = x->f->said_by;
    x->reason = x->f->reason;
    if (!one_line(&x->said_by, "said_by", M_COLLECT_SAID_BY, err) || !one_line(&x->reason, "reason", M_COLLECT_REASON, err))
        return false;
    if (x->by_section && x->f->submit && x->said_by.n == 0)
        x->said_by = x->was.unit;
    if (x->f->zero && !x->c.zero)
        return err_fail(err, ERR_INPUT, M_COLLECT_NO_ZERO, "zero");
    struct answer_now now = { x->was.state, x->was.reopened, x->r.sent, t->at >= x->r.due, x->by_section, x->reason.n > 0 };
    t->deputy_of = actor_stead(x->actor, x->by_section ? x->c.section_id : x->f->party_id);
    return answer_next(&now, x->f->submit ? ANSWER_SUBMIT : ANSWER_SAVE, &x->then, err);
}

/* --- cells ---------------------------------------------------------------------------------------------------------------------------------- */

/* MASK and a number: the personal cell of that row as it was kept, to be opened here and sealed again for its new place. */
static bool kept_cell(struct filling *x, int column, struct str typed, struct str *ret, bool *kept, struct err *err)
{
    int64_t row;
    *kept = false;
    if (!x->k->column[column].personal || !str_starts(typed, STR(MASK)))
        return true;
    if (!x->kept)
        x->kept = body_cells(x->t->arena, x->k, x->was.draft.p ? x->was.draft : x->was.body, &x->n_kept);
    if (!num_range(str_sub(typed, sizeof MASK - 1, typed.n), 1, (int64_t)x->n_kept, &row))
        return err_fail(err, ERR_INPUT, M_COLLECT_MASK_ONLY, NULL, A_STR(x->k->column[column].name));
    *ret = x->kept[(size_t)(row - 1) * width(x) + (size_t)column];
    *kept = true;
    const struct personal_place at = { x->r.id, x->f->party_id, (size_t)(row - 1), column };
    return ret->n == 0 || personal_open_cell(x->t->store, x->t->db, x->t->arena, x->t->office_id, &at, ret, err);
}

static void place(const struct filling *x, size_t row, size_t column, struct err *e)
{
    size_t at = row * width(x) + column;
    e->field[0] = 0;
    err_at(e, x->f->line ? x->f->line[at] : (int)row + 1, x->f->column ? x->f->column[at] : (int)column + 1);
}

/* A draft keeps what was typed, right or wrong; but nothing that a row could not hold. */
static bool draft_cell(const struct blank_column *c, struct str typed, struct str *ret, struct err *err)
{
    if (utf8_has_control(typed) || str_chr(typed, '\t') >= 0 || str_chr(typed, '\n') >= 0)
        return err_fail(err, ERR_INPUT, M_COLLECT_CELL_CONTROL, NULL, A_STR(c->name));
    if (utf8_count(typed) > BLANK_CELL_CHARS)
        return err_fail(err, ERR_INPUT, M_COLLECT_CELL_LONG, NULL, A_STR(c->name), A_INT(BLANK_CELL_CHARS));
    *ret = typed;
    return true;
}

/* Nothing with a marking of secrecy is kept, not even as a draft. */
static bool unmarked(const struct blank_column *c, struct str typed, struct err *err)
{
    struct str mark;
    return !rules_secrecy_marking(typed, &mark) || err_fail(err, ERR_INPUT, M_ENTRY_SECRET, NULL, A_STR(c->name), A_STR(utf8_cut(mark, 24)));
}

static bool empty_row(const struct filling *x, size_t row)
{
    for (size_t c = 0; c < width(x); c++)
        if (str_trim(x->f->cells[row * width(x) + c]).n)
            return false;
    return true;
}

/* False: an engine's error. Problems of the input are collected. */
static bool take_row(struct filling *x, size_t row, struct problems *p, struct err *err)
{
    struct str *to = &x->cells[x->n_rows * width(x)];
    bool good = true, kept;
    for (size_t c = 0; c < width(x); c++) {
        const struct blank_column *column = &x->k->column[c];
        struct str typed = str_trim(x->f->cells[row * width(x) + c]);
        struct err e = { 0 };
        typed = typed.p ? typed : STR("");
        to[c] = STR("");
        if (kept_cell(x, (int)c, typed, &to[c], &kept, &e)) {
            if (kept || (unmarked(column, typed, &e) && (x->f->submit ? cell_read(x->t->arena, column, typed, x->t->today, &to[c], &e) : draft_cell(column, typed, &to[c], &e))))
                continue;
        } else if (e.kind != ERR_INPUT) {
            *err = e;
            return false;
        }
        place(x, row, c, &e);
        problems_add(p, &e);
        good = false;
    }
    const struct blank_rule *broken = good && x->f->submit ? blank_broken(x->k, to) : NULL;
    if (broken) {
        struct err e;
        err_fail(&e, ERR_INPUT, M_COLLECT_RULE, NULL, A_INT(x->f->line ? x->f->line[row * width(x)] : (int)row + 1), A_STR(broken->text));
        place(x, row, 0, &e);
        problems_add(p, &e);
    }
    x->n_rows++;
    return true;
}

static bool take_rows(struct filling *x, struct problems *p, struct err *err)
{
    struct err e;
    size_t most = x->c.many ? (size_t)x->c.many : 1, before = (size_t)p->n;
    if (x->f->zero && x->f->submit)
        return true;
    x->cells = arena_array(x->t->arena, struct str, x->f->n_rows * width(x) + 1);
    for (size_t r = 0; r < x->f->n_rows; r++)
        if (!empty_row(x, r) && !take_row(x, r, p, err))
            return false;
    if (x->n_rows > most) {
        err_fail(&e, ERR_INPUT, x->c.many ? M_COLLECT_ROWS_MANY : M_COLLECT_ROW_ONE, "rows", A_INT(most), A_INT((int64_t)x->n_rows));
        problems_add(p, &e);
    } else if (x->n_rows == 0 && x->f->submit) {
        err_fail(&e, ERR_INPUT, x->c.zero ? M_COLLECT_NOTHING_ZERO : M_COLLECT_NOTHING, "rows");
        problems_add(p, &e);
    }
    if ((size_t)p->n > before)
        *err = p->err[before];
    return (size_t)p->n == before;
}

static bool make_body(struct filling *x, struct str *ret, struct err *err)
{
    struct buf b _cleanup_(buf_release) = BUF_MAX(COLLECT_BODY_MAX);
    if (!personal_seal(x->t, &x->r, x->f->party_id, x->k, x->cells, x->n_rows, err))
        return false;
    for (size_t r = 0; r < x->n_rows; r++)
        body_put_row(&b, x->k, &x->cells[r * width(x)]);
    if (b.over)
        return err_fail(err, ERR_LIMIT, M_COLLECT_BODY_LARGE, "rows", A_INT(COLLECT_BODY_MAX >> 10));
    *ret = b.n ? arena_str(x->t->arena, buf_view(&b)) : STR("");
    return true;
}

/* --- what it does to the rounds around it ------------------------------------------------------------------------------------------------------ */

static bool zeros_at(struct txn *t, const struct collect_round *r, int64_t n, int64_t party_id, bool *zero, int64_t *zeros, struct err *err)
{
    struct answer_row row;
    bool found;
    *zero = false;
    *zeros = 0;
    if (!q_collect_answer_get(t->db, t->arena, &(struct collect_answer_get_in){ t->office_id, r->collect_id, n, party_id }, &row, &found, err))
        return false;
    if (found && collect_count_of(answer_of_code(row.state), row.zero) == COUNT_ZERO) {
        *zero = true;
        *zeros = row.zeros;
    }
    return true;
}

/* Zero reports in a row, here and in the rounds behind that count on from here. */
static bool count_on(struct txn *t, const struct collect_round *r, int64_t party_id, int64_t zeros, struct err *err)
{
    for (int64_t n = r->n + 1;; n++) {
        bool zero;
        int64_t was;
        if (!zeros_at(t, r, n, party_id, &zero, &was, err))
            return false;
        if (!zero || was == ++zeros)
            return true;
        if (!q_collect_answer_zeros(t->db, &(struct collect_answer_zeros_in){ t->office_id, r->collect_id, n, party_id, zeros }, NULL, err))
            return false;
    }
}

static bool fallen(struct filling *x, int64_t *ret, struct err *err)
{
    struct str *before;
    size_t n;
    bool any = false;
    *ret = 0;
    for (int c = 0; c < x->k->n; c++)
        any |= x->k->column[c].cumulative;
    if (!any || x->f->zero)
        return true;
    if (!collect_before(x->t->db, x->t->arena, x->t->office_id, &x->r, x->f->party_id, x->k, &before, &n, err))
        return false;
    *ret = n ? blank_fallen(x->k, x->cells, x->n_rows, before, n, NULL) : 0;
    return true;
}

/* --- writing --------------------------------------------------------------------------------------------------------------------------------------- */

static bool note(struct filling *x, const char *verb, struct str body, struct err *err)
{
    struct buf after _cleanup_(buf_release) = BUF_INIT;
    json_obj(&after);
    json_put_int(&after, "round", x->r.n);
    json_put_int(&after, "party", x->f->party_id);
    json_put_int(&after, "n", x->was.n + x->f->submit);
    json_put_bool(&after, "zero", x->f->zero);
    json_put_str(&after, "said_by", x->said_by);
    json_put_str(&after, "reason", x->reason);
    json_put_str(&after, "rows", body);
    json_obj_end(&after);
    return collect_note(x->t, x->c.id, verb, &after, err);
}

static struct collect_answer_update_in row_of(const struct filling *x)
{
    const struct collect_answer *w = &x->was;
    return (struct collect_answer_update_in){ x->t->office_id, x->c.id, x->r.n, w->party_id, answer_code(x->then.state), w->zero, w->late, x->then.reopened,
                                              answer_waits(x->then.state, x->then.reopened, x->r.sent), w->rev + 1, w->n, w->first_at, w->at, w->reason, w->zeros, w->warned,
                                              w->draft };
}

static bool save(struct filling *x, struct str body, struct err *err)
{
    struct collect_answer_update_in row = row_of(x);
    row.draft = body;
    return q_collect_answer_update(x->t->db, &row, NULL, err) && note(x, "draft", body, err);
}

static bool submit(struct filling *x, struct str body, int64_t warned, int64_t zeros, struct err *err)
{
    struct txn *t = x->t;
    struct collect_answer_update_in row = row_of(x);
    row.zero = x->f->zero;
    row.first_at = x->was.n ? x->was.first_at : t->at;
    row.late = row.first_at >= x->r.due;
    row.at = t->at;
    row.n = x->was.n + 1;
    row.reason = STR("");
    row.zeros = zeros;
    row.warned = warned;
    row.draft = STR_NULL;
    struct collect_version_in v = { t->office_id, x->c.id, x->r.n, x->was.party_id, row.n, t->at, t->actor_id, t->deputy_of, x->said_by, x->f->zero, row.late, x->r.sent,
                                    x->reason, body };
    return q_collect_version_insert(t->db, &v, NULL, err) && q_collect_answer_update(t->db, &row, NULL, err) &&
           collect_recount(t, &x->r, collect_count_of(x->was.state, x->was.zero), collect_count_of(x->then.state, x->f->zero), err) &&
           count_on(t, &x->r, x->was.party_id, zeros, err) && note(x, x->r.sent ? "correct" : "answer", body, err);
}

bool collect_answer_put(struct txn *t, const struct actor *actor, int64_t id, int64_t round, struct collect_filled *f, struct problems *p, struct err *err)
{
    struct problems own = PROBLEMS_INIT;
    struct filling x = { .t = t, .actor = actor, .f = f, .k = arena_new(t->arena, struct blank) };
    int64_t zeros = 0;
    struct str body = STR("");
    bool zero;
    if (!collect_round_get(t->db, t->arena, actor, id, round, &x.c, &x.r, err) || !collect_blank(t->db, t->arena, t->office_id, id, x.r.form, x.k, err) || !decide(&x, err))
        return false;
    bool ok = take_rows(&x, &own, err);
    for (int i = 0; p && i < own.n; i++)
        problems_add(p, &own.err[i]);
    problems_release(&own);
    if (!ok || (f->submit && (!fallen(&x, &f->warned, err) || !zeros_at(t, &x.r, x.r.n - 1, f->party_id, &zero, &zeros, err))))
        return false;
    if (!make_body(&x, &body, err))
        return false;
    return f->submit ? submit(&x, body, f->warned, f->zero ? zeros + 1 : 0, err) : save(&x, body, err);
}
