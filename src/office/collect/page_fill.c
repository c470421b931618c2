/* What a unit sends from its form: cells, a pasted table, or a file; and the section's look at what is sealed. */
#include "base/num.h"
#include "office/collect/page.h"

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
        bool here = !w->placed && v->grid && e->line >= 1 && (size_t)e->line <= v->n_rows && e->column >= 1 && (size_t)e->column <= reading_width(x) && e->msg != M_COLLECT_RULE;
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
        web_toil(rq, read_file, file_read, w);
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
