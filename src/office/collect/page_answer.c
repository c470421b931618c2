/* One unit's answer: the form it fills, what it answered, what the section does with it. */
#include "base/num.h"
#include "collect_html.h"
#include "office/collect/page.h"

enum { BLANK_ROWS = 5 };

struct reading {
    struct req *rq;
    struct answer_page *v;
    struct blank *k;
    struct str *now, *before, *fill;             /* cells: as answered, of the round before, to be filled */
    size_t n_now, n_before, n_fill;
};

static size_t width(const struct reading *x) { return (size_t)x->k->n; }

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
    struct str before = row < x->n_before && !x->v->many ? x->before[row * width(x) + c] : STR("");
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
        rows[r] = (struct row_view){ (int64_t)r + 1, arena_array(x->rq->arena, struct cell_view, width(x) + 1), width(x) };
        for (size_t c = 0; c < width(x); c++)
            rows[r].cell[c] = cell_of(x, r, c, r < n ? cells[r * width(x) + c] : STR(""));
    }
    return rows;
}

/* Rows for the form: one, or those there are and some more, as long as a page can bear them; then the text field alone. */
static void put_form(struct reading *x)
{
    struct answer_page *v = x->v;
    size_t most = v->many ? (size_t)v->c.many : 1, rows = x->n_fill + (v->many ? BLANK_ROWS : 0);
    rows = rows < 1 ? 1 : rows > most ? most : rows;
    v->grid = rows * width(x) <= GRID_INPUTS_MAX;
    if (v->grid) {
        size_t n = x->n_fill < rows ? x->n_fill : rows;
        v->row = rows_of(x, x->fill, n, rows - n);
        v->n_rows = rows;
    } else if (!v->pasted.p) {
        struct buf b _cleanup_(buf_release) = BUF_INIT;
        for (size_t c = 0; c < width(x); c++)
            buf_printf(&b, "%s%.*s", c ? "\t" : "", STR_ARG(x->k->column[c].name));
        buf_ch(&b, '\n');
        for (size_t r = 0; r < x->n_fill; r++)
            body_put_row(&b, x->k, &x->fill[r * width(x)]);
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
    v->n_head = width(x);
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
    for (size_t i = 0; i < x->n_before * width(x); i++)
        if (x->k->column[i % width(x)].personal)
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

static bool answer_read(struct reading *x, struct err *err)
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

static struct reading reading_new(struct req *rq)
{
    return (struct reading){ .rq = rq, .v = arena_new(rq->arena, struct answer_page), .k = arena_new(rq->arena, struct blank) };
}

static void answer_show(struct reading *x, int status)
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

/* --- filling -------------------------------------------------------------------------------------------------------------------------------------- */

struct fill_write {
    int64_t id, round;
    struct collect_filled f;
    struct problems problems;
    struct str pasted;
    bool placed;                                 /* problems name lines of what was pasted or uploaded */
    struct str file;                             /* bytes, read apart */
    struct blank *k;
    struct arena *arena;
    struct err failed;
};

static bool fill_fn(struct txn *t, void *args, struct err *err)
{
    struct fill_write *w = args;
    struct actor actor;
    problems_release(&w->problems);
    return web_actor(t, &actor, err) && collect_answer_put(t, &actor, w->id, w->round, &w->f, &w->problems, err);
}

static void put_problems(struct reading *x, const struct fill_write *w)
{
    struct answer_page *v = x->v;
    v->problem = arena_array(x->rq->arena, struct paste_problem, (size_t)w->problems.n + 1);
    for (int i = 0; i < w->problems.n; i++) {
        const struct err *e = &w->problems.err[i];
        struct str why = face_sentence(x->rq, e);
        bool here = !w->placed && v->grid && e->line >= 1 && (size_t)e->line <= v->n_rows && e->column >= 1 && (size_t)e->column <= width(x) && e->msg != M_COLLECT_RULE;
        if (here)
            v->row[e->line - 1].cell[e->column - 1].why = why;
        else
            v->problem[v->n_problems++] = (struct paste_problem){ w->placed ? e->line : 0, e->column, why };
    }
}

static void fill_refused(struct req *rq, struct fill_write *w, const struct err *err)
{
    struct reading x = reading_new(rq);
    struct err failed;
    x.fill = w->f.cells ? w->f.cells : arena_new(rq->arena, struct str);
    x.n_fill = w->placed ? 0 : w->f.n_rows;
    x.v->pasted = w->pasted;
    x.v->said_by = w->f.said_by;
    x.v->reason = w->f.reason;
    if (err->kind == ERR_NOT_FOUND || !answer_read(&x, &failed)) {
        req_fail(rq, err);
        return;
    }
    put_problems(&x, w);
    x.v->why = w->problems.n ? FACE_SAY(rq, M_COLLECT_PROBLEMS, A_INT(w->problems.total)) : face_sentence(rq, err);
    answer_show(&x, err_http(err));
}

static void fill_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    struct fill_write *w = args;
    if (ok)
        req_redirect(rq, "%.*s/units/%lld", STR_ARG(collect_base(rq, w->id, w->round)), (long long)w->f.party_id);
    else
        fill_refused(rq, w, err);
    problems_release(&w->problems);
}

static void read_grid(struct req *rq, const struct blank *k, struct collect_filled *f)
{
    size_t most = GRID_INPUTS_MAX;
    f->cells = arena_array(rq->arena, struct str, (most + 1) * (size_t)k->n);
    for (f->n_rows = 0; f->n_rows < most; f->n_rows++) {
        bool any = false;
        for (int c = 0; c < k->n; c++) {
            struct str s = req_form(rq, arena_z(rq->arena, arena_printf(rq->arena, "r%zuc%d", f->n_rows + 1, c + 1)));
            any |= s.p != NULL;
            f->cells[f->n_rows * (size_t)k->n + (size_t)c] = s.p ? s : STR("");
        }
        if (!any)
            return;
    }
}

static void take_pasted(struct fill_write *w, const struct pasted *p)
{
    w->f.cells = p->cells;
    w->f.n_rows = p->n_rows;
    w->f.line = p->line;
    w->f.column = p->column;
}

static bool take_file(struct req *rq, struct fill_write *w)
{
    size_t n;
    const struct req_file *f = req_files(rq, &n);
    if (n == 0 || f[0].bytes.n == 0)
        return false;
    w->file = f[0].bytes;
    w->placed = true;
    w->arena = rq->arena;
    return true;
}

static bool read_filled(struct req *rq, struct fill_write *w, struct err *err)
{
    struct collect c;
    struct collect_round r;
    struct blank *k = w->k = arena_new(rq->arena, struct blank);
    struct pasted p;
    struct str doing = req_form(rq, "do"), text = req_form(rq, "rows");
    if (!collect_address(rq, &w->id, &w->round, err))
        return false;
    if (!num_range(rq->args[2], 1, INT64_MAX, &w->f.party_id))
        return err_fail(err, ERR_NOT_FOUND, M_COLLECT_NOT_ASKED, NULL);
    if (!collect_round_get(rq->db, rq->arena, rq->actor, w->id, w->round, &c, &r, err) || !collect_blank(rq->db, rq->arena, rq->actor->office_id, w->id, r.form, k, err))
        return false;
    w->f.submit = !str_eqc(doing, "save");
    w->f.zero = str_eqc(doing, "zero");
    w->f.said_by = req_form(rq, "said_by");
    w->f.reason = req_form(rq, "reason");
    w->f.rev = req_form(rq, "rev");
    if (w->f.zero || take_file(rq, w))
        return true;
    if (text.n == 0) {
        read_grid(rq, k, &w->f);
        return true;
    }
    w->pasted = text;
    w->placed = true;
    if (!paste_read(rq->arena, k, text, &p, err)) {
        problems_add(&w->problems, err);
        return false;
    }
    take_pasted(w, &p);
    return true;
}

/* On the pool: a workbook is read by a process of its own. */
static void read_file(void *args)
{
    struct fill_write *w = args;
    struct pasted p;
    if (paste_file(w->arena, w->k, w->file, &p, &w->failed))
        take_pasted(w, &p);
    else
        problems_add(&w->problems, &w->failed);
}

static void file_read(struct req *rq, void *args)
{
    struct fill_write *w = args;
    if (w->problems.n)
        fill_answer(rq, w, false, &w->failed);
    else
        web_write(rq, fill_fn, w, fill_answer);
}

void collect_unit_post(struct req *rq)
{
    struct fill_write *w = arena_new(rq->arena, struct fill_write);
    struct err err;
    if (!read_filled(rq, w, &err))
        fill_answer(rq, w, false, &err);
    else if (w->file.n)
        web_think(rq, read_file, file_read, w);
    else
        web_write(rq, fill_fn, w, fill_answer);
}

/* --- what is sealed, in clear --------------------------------------------------------------------------------------------------------------------- */

struct unmask_write { int64_t id, round, party_id; struct str reason; };

static bool unmask_fn(struct txn *t, void *args, struct err *err)
{
    const struct unmask_write *w = args;
    struct actor actor;
    return web_actor(t, &actor, err) && collect_unmask(t, &actor, w->id, w->round, w->party_id, w->reason, err);
}

static void unmask_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    struct reading x = reading_new(rq);
    struct err failed;
    (void)args;
    x.v->clear = ok;
    if (!answer_read(&x, &failed)) {
        req_fail(rq, ok ? &failed : err);
        return;
    }
    if (!ok)
        x.v->why = face_sentence(rq, err);
    answer_show(&x, ok ? 200 : err_http(err));
}

void collect_unmask_post(struct req *rq)
{
    struct unmask_write *w = arena_new(rq->arena, struct unmask_write);
    struct err err;
    w->reason = req_form(rq, "reason");
    if (!num_range(rq->args[2], 1, INT64_MAX, &w->party_id))
        w->party_id = -1;
    if (collect_address(rq, &w->id, &w->round, &err))
        web_write(rq, unmask_fn, w, unmask_answer);
    else
        req_fail(rq, &err);
}
