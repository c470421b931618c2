/* /books/data: a year of all indicators, to read, and to write in one form. A pasted table fills the form; nothing is stored before it is saved. */
#include "base/num.h"
#include "books_html.h"
#include "office/books/page.h"

enum { GRID_ROWS = 80, GRID_CELLS = 12 };        /* a form holds 1,000 fields */

struct grid {                                    /* one request's */
    struct grid_page *v;
    int64_t unit;
    struct indicator *i;
    size_t n;
    const struct value_edit *filled;             /* pasted */
    size_t n_filled;
    bool typed;                                  /* show what the form says */
};

static struct str or_empty(struct str s) { return s.p ? s : STR(""); }

/* --- reading -------------------------------------------------------------------------------------------------------------------------------- */

static bool find_year(struct req *rq, struct grid *g, struct str year, struct str unit, struct err *err)
{
    struct grid_page *v = g->v;
    struct str name;
    if (!num_range(year, DATE_YEAR_MIN, DATE_YEAR_MAX, &v->year))
        v->year = date_civil(rq->today).year;
    if (unit.p == NULL && actor_is(rq->actor, ROLE_LIAISON) && !actor_is(rq->actor, ROLE_SECTION | ROLE_LEADER))
        unit = arena_printf(rq->arena, "%lld", (long long)rq->actor->home_id);
    if (!books_whose(rq->db, rq->arena, rq->actor, unit, &g->unit, &name, err))
        return false;
    v->whose = g->unit ? name : FACE_SAY(rq, M_BOOKS_WHOLE);
    v->unit = arena_printf(rq->arena, "%lld", (long long)g->unit);
    v->before = v->year - 1;
    v->after = v->year + 1;
    return true;
}

static struct str cell_name(struct arena *a, int64_t id, int period) { return arena_printf(a, "v_%lld_%d", (long long)id, period); }

static void put_seen(struct buf *b, int64_t id, int period, int64_t value)
{
    if (value == VALUE_NONE)
        return;
    buf_printf(b, "%lld.%d=%lld;", (long long)id, period, (long long)value);
}

static struct str pasted(const struct grid *g, struct req *rq, const struct indicator *i, int period, bool *hit)
{
    for (size_t k = 0; k < g->n_filled; k++)
        if (g->filled[k].indicator_id == i->id && g->filled[k].period == period) {
            *hit = true;
            return value_text(rq, g->filled[k].value, i->decimals);
        }
    return STR_NULL;
}

static bool put_row(struct req *rq, struct grid *g, const struct indicator *i, struct grid_row *row, struct buf *seen, struct err *err)
{
    struct value *val;
    size_t n;
    int year = (int)g->v->year;
    *row = (struct grid_row){ .i = *i, .n = GRID_CELLS,
                              .name_href = arena_printf(rq->arena, "/books/indicators/%lld?unit=%lld", (long long)i->id, (long long)g->unit) };
    if (!values_get(rq->db, rq->arena, rq->actor, i, g->unit, year * 100, year * 100 + 12, &val, &n, err))
        return false;
    for (int m = 1; m <= GRID_CELLS; m++) {
        struct cell_view *c = &row->cell[m - 1];
        int period = year * 100 + m;
        if (span_of(i->every, year, m) != period)
            continue;
        *c = (struct cell_view){ .can = true, .name = cell_name(rq->arena, i->id, period), .value = STR(""), .href = STR(""),
                                 .label = arena_printf(rq->arena, "%.*s %.*s", STR_ARG(i->name), STR_ARG(span_text(rq, i->every, period))) };
        for (size_t k = 0; k < n; k++)
            if (val[k].period == period && val[k].n) {
                c->value = val[k].value == VALUE_NONE && g->v->edit ? STR("") : value_text(rq, val[k].value, i->decimals);
                c->href = figure_show(rq, i, g->unit, val, n, period).href;
                put_seen(seen, i->id, period, val[k].value);
            }
        struct str typed = g->typed ? req_form(rq, arena_z(rq->arena, c->name)) : pasted(g, rq, i, period, &c->pasted);
        c->value = typed.p ? typed : c->value;
    }
    return true;
}

/* A liaison's rows are those that may be seen; the section's all. */
static bool read_rows(struct req *rq, struct grid *g, struct err *err)
{
    struct grid_page *v = g->v;
    struct buf seen _cleanup_(buf_release) = BUF_INIT;
    if (!indicator_list(rq->db, rq->arena, rq->actor, &g->i, &g->n, err))
        return false;
    v->row = arena_array(rq->arena, struct grid_row, GRID_ROWS + 1);
    for (size_t k = 0; k < g->n; k++) {
        if (!g->i[k].active)
            continue;
        if (v->n == GRID_ROWS) {
            v->n_more++;
        } else if (put_row(rq, g, &g->i[k], &v->row[v->n], &seen, err)) {
            v->n++;
        } else if (err->kind != ERR_NOT_FOUND) {
            return false;
        }
    }
    v->seen = arena_str(rq->arena, seen.n ? buf_view(&seen) : STR(""));
    return true;
}

static bool make_filter(struct req *rq, struct grid_page *v, struct err *err)
{
    struct party *p;
    size_t n;
    struct field *f = &v->field[v->n_fields++];
    *f = (struct field){ .form = "g", .name = "unit", .label = M_BOOKS_WHOSE, .css = "", .select = true };
    if (!party_list(rq->db, rq->arena, rq->actor->office_id, PARTY_UNIT, false, &p, &n, err))
        return false;
    face_choice(rq, f, STR("0"), FACE_SAY(rq, M_BOOKS_WHOLE), v->unit);
    for (size_t i = 0; i < n; i++)
        if (books_sees(rq->actor, p[i].id))
            face_choice(rq, f, arena_printf(rq->arena, "%lld", (long long)p[i].id), p[i].name, v->unit);
    return true;
}

static void grid_show(struct req *rq, struct grid *g, int status)
{
    struct grid_page *v = g->v;
    struct err err;
    v->may_write = actor_is(rq->actor, ROLE_SECTION);
    v->edit = v->edit && v->may_write;
    v->n_months = GRID_CELLS;
    for (int m = 1; m <= GRID_CELLS; m++)
        v->month[m - 1] = FACE_SAY(rq, M_BOOKS_MONTH_N, A_INT(m));
    if (!read_rows(rq, g, &err) || !make_filter(rq, v, &err)) {
        req_fail(rq, &err);
        return;
    }
    face_frame(rq, &v->frame, "/books", FACE_SAY(rq, M_BOOKS_DATA));
    struct html out = req_page(rq);
    html_books_data(&out, v);
    req_html(rq, status, &out);
}

void books_data_get(struct req *rq)
{
    struct grid g = { .v = arena_new(rq->arena, struct grid_page) };
    struct err err;
    g.v->edit = req_query(rq, "edit").n > 0;
    g.v->saved = num_range(req_query(rq, "saved"), 0, INT32_MAX, &g.v->changed);
    if (find_year(rq, &g, req_query(rq, "year"), req_query(rq, "unit"), &err))
        grid_show(rq, &g, 200);
    else
        req_fail(rq, &err);
}

/* --- saving -------------------------------------------------------------------------------------------------------------------------------------- */

static void say_problem(struct req *rq, struct grid_page *v, struct str place, const struct err *err)
{
    if (v->n_problems == PROBLEMS_MAX)
        return;
    if (!v->problem)
        v->problem = arena_array(rq->arena, struct str, PROBLEMS_MAX);
    v->problem[v->n_problems++] = FACE_SAY(rq, M_BOOKS_AT_CELL, A_STR(place), A_STR(face_sentence(rq, err)));
}

/* What the form showed as stored in this cell. */
static int64_t seen_of(struct str seen, int64_t id, int period)
{
    while (seen.n) {
        struct str value, rest, key = str_cut(seen, ';', &seen), cell = str_cut(key, '=', &value), which = str_cut(cell, '.', &rest);
        int64_t a, b, ret;
        if (num_i64(which, &a) && num_i64(rest, &b) && a == id && b == period && num_i64(value, &ret))
            return ret;
    }
    return VALUE_NONE;
}

struct grid_write { struct value_edit *edit; size_t n, cap; struct str why; int64_t changed; struct str year, unit; };

static void read_cell(struct req *rq, struct grid *g, struct grid_write *w, const struct indicator *i, int period)
{
    struct str typed = req_form(rq, arena_z(rq->arena, cell_name(rq->arena, i->id, period)));
    struct value_edit e = { .indicator_id = i->id, .unit_id = g->unit, .period = period, .guarded = true, .note = STR_NULL };
    struct err err;
    if (!typed.p)
        return;
    e.seen = seen_of(or_empty(req_form(rq, "seen")), i->id, period);
    if (!value_read(typed, i->decimals, &e.value, &err))
        say_problem(rq, g->v, arena_printf(rq->arena, "%.*s %.*s", STR_ARG(i->name), STR_ARG(span_text(rq, i->every, period))), &err);
    else if (e.value != e.seen)
        arena_push(rq->arena, w->edit, w->n, w->cap) = e;
}

static bool grid_fn(struct txn *t, void *args, struct err *err)
{
    struct grid_write *w = args;
    struct actor actor;
    return web_actor(t, &actor, err) && values_put(t, &actor, w->edit, w->n, w->why, &w->changed, err);
}

static void refuse(struct req *rq, struct grid *g, const struct err *err)
{
    g->v->edit = g->typed = true;
    g->v->why = err ? face_sentence(rq, err) : FACE_SAY(rq, M_BOOKS_NOTHING_SAVED);
    grid_show(rq, g, err ? err_http(err) : 422);
}

static void grid_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct grid_write *w = args;
    struct grid g = { .v = arena_new(rq->arena, struct grid_page) };
    struct err failed;
    if (ok)
        req_redirect(rq, "/books/data?year=%.*s&unit=%.*s&saved=%lld", STR_ARG(face_percent(rq, w->year)), STR_ARG(face_percent(rq, w->unit)), (long long)w->changed);
    else if (find_year(rq, &g, w->year, w->unit, &failed))
        refuse(rq, &g, err);
    else
        req_fail(rq, &failed);
}

void books_data_post(struct req *rq)
{
    struct grid g = { .v = arena_new(rq->arena, struct grid_page) };
    struct grid_write *w = arena_new(rq->arena, struct grid_write);
    struct err err;
    *w = (struct grid_write){ .why = or_empty(req_form(rq, "why")), .year = or_empty(req_form(rq, "year")), .unit = or_empty(req_form(rq, "unit")) };
    if (!find_year(rq, &g, w->year, w->unit, &err) || !indicator_list(rq->db, rq->arena, rq->actor, &g.i, &g.n, &err)) {
        req_fail(rq, &err);
        return;
    }
    for (size_t k = 0; k < g.n; k++)
        for (int m = 1; m <= GRID_CELLS; m++)
            if (g.i[k].active && span_of(g.i[k].every, (int)g.v->year, m) == (int)g.v->year * 100 + m)
                read_cell(rq, &g, w, &g.i[k], (int)g.v->year * 100 + m);
    if (g.v->n_problems)
        refuse(rq, &g, NULL);
    else
        web_write(rq, grid_fn, w, grid_answer);
}

/* --- pasting -------------------------------------------------------------------------------------------------------------------------------------- */

void books_data_paste(struct req *rq)
{
    struct grid g = { .v = arena_new(rq->arena, struct grid_page) };
    struct problems p _cleanup_(problems_release) = PROBLEMS_INIT;
    struct value_edit *edit;
    struct err err;
    size_t n;
    if (!find_year(rq, &g, req_form(rq, "year"), req_form(rq, "unit"), &err)) {
        req_fail(rq, &err);
        return;
    }
    g.v->edit = true;
    g.v->paste = or_empty(req_form(rq, "paste"));
    if (sheet_read_paste(rq->db, rq->arena, rq->actor, g.unit, g.v->paste, &edit, &n, &p, &err)) {
        g.filled = edit;
        g.n_filled = n;
        g.v->pasted = true;
        for (size_t i = 0; i < n; i++)
            if (edit[i].period / 100 != g.v->year) {
                err_fail(&err, ERR_INPUT, M_BOOKS_OTHER_YEAR, NULL, A_INT(edit[i].period / 100), A_INT(g.v->year));
                g.v->why = face_sentence(rq, &err);
                g.v->pasted = false;
                g.n_filled = 0;
                break;
            }
    } else {
        for (int i = 0; i < p.n; i++)
            say_problem(rq, g.v, FACE_SAY(rq, M_BOOKS_LINE_COLUMN, A_INT(p.err[i].line), A_INT(p.err[i].column)), &p.err[i]);
        g.v->why = p.n ? FACE_SAY(rq, M_BOOKS_NOTHING_SAVED) : face_sentence(rq, &err);
    }
    grid_show(rq, &g, g.v->pasted ? 200 : 422);
}
