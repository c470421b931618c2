/* One unit's answer: the form it fills, what it answered, what the section does with it. */
#include "base/num.h"
#include "collect_html.h"
#include "office/collect/page.h"

enum { BLANK_ROWS = 5 };

/* --- cells ------------------------------------------------------------------------------------------------------------------------------- */

static struct str change_of(struct reading *x, size_t c, struct str now, struct str before)
{
    const struct blank_column *col = &x->k->column[c];
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    int64_t is, was, diff;
    if (!blank_counts(col) || !cell_value(col, now, &is) || !cell_value(col, before, &was) || __builtin_sub_overflow(is, was, &diff) || diff == 0)
        return STR_NULL;
    buf_c(&b, diff > 0 ? "+" : "");
    cell_put(&b, col, diff);
    return arena_str(x->rq->arena, buf_view(&b));
}

static void pick(struct reading *x, struct cell_view *v, const struct blank_column *c)
{
    static const struct str YES_NO[] = { { "是", 3 }, { "否", 3 } };
    const struct str *words = c->type == COL_FLAG ? YES_NO : c->choices;
    v->pick = c->type == COL_FLAG || c->type == COL_CHOICE;
    v->n_choices = !v->pick ? 0 : c->type == COL_FLAG ? 2 : (size_t)c->n_choices;
    v->choices = arena_array(x->rq->arena, struct choice, v->n_choices + 1);
    for (size_t i = 0; i < v->n_choices; i++)
        v->choices[i] = (struct choice){ words[i], words[i], str_eq(v->value, words[i]) };
}

static struct cell_view cell_of(struct reading *x, size_t row, size_t c, struct str value)
{
    const struct blank_column *col = &x->k->column[c];
    struct cell_view v = { .name = arena_printf(x->rq->arena, "r%zuc%zu", row + 1, c + 1), .label = col->name, .help = col->help, .value = value, .must = col->must,
                           .personal = col->personal, .day = col->type == COL_DAY, .number = blank_counts(col) };
    struct str before = row < x->n_before && !x->v->many ? x->before[row * reading_width(x) + c] : STR("");
    v.before = before;
    v.change = change_of(x, c, value, before);
    v.fell = col->cumulative && v.change.n && v.change.p[0] == '-';
    pick(x, &v, col);
    return v;
}

static struct row_view *rows_of(struct reading *x, const struct str *cells, size_t n, size_t blanks)
{
    struct row_view *rows = arena_array(x->rq->arena, struct row_view, n + blanks + 1);
    for (size_t r = 0; r < n + blanks; r++) {
        rows[r] = (struct row_view){ (int64_t)r + 1, arena_array(x->rq->arena, struct cell_view, reading_width(x) + 1), reading_width(x) };
        for (size_t c = 0; c < reading_width(x); c++)
            rows[r].cell[c] = cell_of(x, r, c, r < n ? cells[r * reading_width(x) + c] : STR(""));
    }
    return rows;
}

/* Rows for the form: one, or those there are and some more, as long as a page can bear them; then the text field alone. */
static void put_form(struct reading *x)
{
    struct answer_page *v = x->v;
    size_t most = v->many ? (size_t)v->c.many : 1, rows = x->n_fill + (v->many ? BLANK_ROWS : 0);
    rows = rows < 1 ? 1 : rows > most ? most : rows;
    v->grid = rows * reading_width(x) <= GRID_INPUTS_MAX;
    if (v->grid) {
        size_t n = x->n_fill < rows ? x->n_fill : rows;
        v->row = rows_of(x, x->fill, n, rows - n);
        v->n_rows = rows;
    } else if (!v->pasted.p) {
        struct buf b _cleanup_(buf_release) = BUF_INIT;
        for (size_t c = 0; c < reading_width(x); c++)
            buf_printf(&b, "%s%.*s", c ? "\t" : "", STR_ARG(x->k->column[c].name));
        buf_ch(&b, '\n');
        for (size_t r = 0; r < x->n_fill; r++)
            body_put_row(&b, x->k, &x->fill[r * reading_width(x)]);
        v->pasted = arena_str(x->rq->arena, buf_view(&b));
    }
}

/* --- reading ----------------------------------------------------------------------------------------------------------------------------------- */

static void put_rules(struct reading *x)
{
    struct answer_page *v = x->v;
    v->rule = arena_array(x->rq->arena, struct str, (size_t)x->k->n_rules + 1);
    v->n_rules = (size_t)x->k->n_rules;
    for (size_t i = 0; i < v->n_rules; i++)
        v->rule[i] = x->k->rule[i].text;
    v->n_head = reading_width(x);
    v->head = arena_array(x->rq->arena, struct cell_view, v->n_head + 1);
    for (size_t c = 0; c < v->n_head; c++)
        v->head[c] = cell_of(x, 0, c, STR(""));
}

static bool put_versions(struct reading *x, struct err *err)
{
    struct answer_page *v = x->v;
    struct version_row *rows;
    if (!q_collect_versions(x->rq->db, x->rq->arena, &(struct collect_versions_in){ x->rq->actor->office_id, v->c.id, v->r.n, v->a.party_id }, &rows, &v->n_versions, err))
        return false;
    v->version = arena_array(x->rq->arena, struct version_view, v->n_versions + 1);
    for (size_t i = 0; i < v->n_versions; i++) {
        struct version_row *k = &rows[v->n_versions - 1 - i];
        size_t n;
        struct str *cells = body_cells(x->rq->arena, x->k, k->body, &n);
        personal_mask(x->rq->arena, x->k, cells, n, false);
        v->version[i] = (struct version_view){ k->n, k->at, k->by, k->said_by, k->reason, k->zero, k->late, k->correction, i ? rows_of(x, cells, n, 0) : NULL, i ? n : 0 };
    }
    return true;
}

/* What may be done now, by the same rules as the writer's. */
static void put_rights(struct reading *x)
{
    struct answer_page *v = x->v;
    struct answer_then then;
    struct answer_now now = { v->a.state, v->a.reopened, v->r.sent, x->rq->now >= v->r.due, v->section, true };
    bool own = actor_is(x->rq->actor, ROLE_LIAISON) && actor_has_party(x->rq->actor, v->a.party_id);
    struct err why = { 0 };
    v->may_fill = (v->section || own) && answer_next(&now, ANSWER_SUBMIT, &then, &why);
    if (own && !v->may_fill)
        v->notice = face_sentence(x->rq, &why);
    v->may_return = v->section && answer_next(&now, ANSWER_RETURN, &then, NULL);
    v->may_accept = v->section && answer_next(&now, ANSWER_ACCEPT, &then, NULL);
    v->may_reopen = v->section && !v->a.reopened && answer_next(&now, ANSWER_REOPEN, &then, NULL);
    v->correction = v->r.sent;
}

static bool put_cells(struct reading *x, struct err *err)
{
    struct answer_page *v = x->v;
    struct arena *a = x->rq->arena;
    if (!collect_before(x->rq->db, a, x->rq->actor->office_id, &v->r, v->a.party_id, x->k, &x->before, &x->n_before, err))
        return false;
    for (size_t i = 0; i < x->n_before * reading_width(x); i++)
        if (x->k->column[i % reading_width(x)].personal)
            x->before[i] = STR("");
    v->has_before = x->n_before > 0;
    x->now = body_cells(a, x->k, v->a.body, &x->n_now);
    if (v->clear && !personal_open(x->rq->store, x->rq->db, a, x->rq->actor->office_id, &v->r, v->a.party_id, x->k, x->now, x->n_now, err))
        return false;
    if (!v->clear)
        personal_mask(a, x->k, x->now, x->n_now, false);
    v->now = rows_of(x, x->now, x->n_now, 0);
    v->n_now = x->n_now;
    if (x->fill)
        return true;                             /* what was typed and refused */
    x->fill = body_cells(a, x->k, v->a.draft.p ? v->a.draft : v->a.body, &x->n_fill);
    personal_mask(a, x->k, x->fill, x->n_fill, true);
    if (req_query(x->rq, "fill").n && x->n_before) {
        x->fill = x->before;
        x->n_fill = x->n_before;
    }
    return true;
}

bool answer_read(struct reading *x, struct err *err)
{
    struct req *rq = x->rq;
    struct answer_page *v = x->v;
    struct lights l = face_lights(rq);
    int64_t id = 0, n = 0, unit;
    if (!collect_address(rq, &id, &n, err))
        return false;
    if (!num_range(rq->args[2], 1, INT64_MAX, &unit))
        return err_fail(err, ERR_NOT_FOUND, M_COLLECT_NOT_ASKED, NULL);
    if (!collect_round_get(rq->db, rq->arena, rq->actor, id, n, &v->c, &v->r, err) ||
        !collect_answer_get(rq->db, rq->arena, rq->actor, &v->c, &v->r, unit, &v->a, err) ||
        !collect_blank(rq->db, rq->arena, rq->actor->office_id, id, v->r.form, x->k, err))
        return false;
    v->base = collect_base(rq, id, v->r.n);
    v->action = arena_printf(rq->arena, "%.*s/units/%lld", STR_ARG(v->base), (long long)unit);
    v->fill = arena_printf(rq->arena, "%.*s?fill=1", STR_ARG(v->action));
    v->section = collect_keeps(rq->actor, &v->c);
    v->made_at = rq->now;
    v->board = collect_sees_all(rq->actor, &v->c);
    v->many = v->c.many > 0;
    v->personal = blank_personal(x->k);
    v->fresh = v->a.n == 0;
    collect_state(&v->a, &v->state, &v->css, &v->glyph);
    face_due(rq, &l, v->r.due, v->a.reopened || (!v->r.sent && collect_count_of(v->a.state, v->a.zero) == COUNT_MISSING), &v->due);
    if (!put_cells(x, err))
        return false;
    put_rules(x);
    put_rights(x);
    put_form(x);
    return put_versions(x, err);
}

struct reading reading_new(struct req *rq)
{
    return (struct reading){ .rq = rq, .v = arena_new(rq->arena, struct answer_page), .k = arena_new(rq->arena, struct blank) };
}

void answer_show(struct reading *x, int status)
{
    face_frame(x->rq, &x->v->frame, "/collects", x->v->c.title);
    struct html out = req_page(x->rq);
    html_collect_answer(&out, x->v);
    req_html(x->rq, status, &out);
}

void collect_unit_get(struct req *rq)
{
    struct reading x = reading_new(rq);
    struct err err;
    if (answer_read(&x, &err))
        answer_show(&x, 200);
    else
        req_fail(rq, &err);
}
