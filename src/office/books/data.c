/* The pages of basic data: an indicator with its figures, one figure with its history, the form of an indicator. The year's grid is grid.c. */
#include "base/num.h"
#include "books_html.h"
#include "office/books/page.h"

enum { ROWS_MAX = 240 };

static struct str or_empty(struct str s) { return s.p ? s : STR(""); }

static struct str whose_name(struct req *rq, int64_t unit, struct str name) { return unit ? name : FACE_SAY(rq, M_BOOKS_WHOLE); }

/* --- an indicator ------------------------------------------------------------------------------------------------------------------------ */

/* Whose figures: the one asked for, else the first there is. */
static bool choose(struct req *rq, struct indicator_page *v, int64_t *unit, struct err *err)
{
    struct party *p;
    struct str asked = req_query(rq, "unit"), name;
    if (!value_units(rq->db, rq->arena, rq->actor, &v->i, &p, &v->n_parties, err))
        return false;
    *unit = v->n_parties ? p[0].id : 0;
    v->whose = whose_name(rq, *unit, *unit ? p[0].name : STR(""));
    if (asked.n) {
        if (!books_whose(rq->db, rq->arena, rq->actor, asked, unit, &name, err))
            return false;
        v->whose = whose_name(rq, *unit, name);
    }
    v->party = arena_array(rq->arena, struct whose_view, v->n_parties + 1);
    for (size_t i = 0; i < v->n_parties; i++)
        v->party[i] = (struct whose_view){ whose_name(rq, p[i].id, p[i].name), arena_printf(rq->arena, "/books/indicators/%lld?unit=%lld", (long long)v->i.id,
                                                                                            (long long)p[i].id), p[i].id == *unit };
    return true;
}

/* Every period from the first value to the last, newest first: what is missing is shown as missing. */
static void put_rows(struct req *rq, struct indicator_page *v, int64_t unit, const struct value *val, size_t n)
{
    v->row = arena_array(rq->arena, struct figure_view, ROWS_MAX + 1);
    if (n == 0)
        return;
    for (int p = val[n - 1].period; p >= val[0].period && v->n_rows < ROWS_MAX; p = span_step(v->i.every, p, -1))
        v->row[v->n_rows++] = figure_show(rq, &v->i, unit, val, n, p);
}

static bool read_indicator(struct req *rq, struct indicator_page *v, struct err *err)
{
    struct value *val;
    size_t n;
    int64_t unit;
    bool sees = true;
    if (!indicator_find(rq->db, rq->arena, rq->actor, rq->args[0], &v->i, err) || !choose(rq, v, &unit, err))
        return false;
    v->may_write = actor_is(rq->actor, ROLE_SECTION);
    v->has_own = books_has_own(&v->i);
    if (!values_get(rq->db, rq->arena, rq->actor, &v->i, unit, 0, 999912, &val, &n, err)) {
        if (err->kind != ERR_NOT_FOUND || req_query(rq, "unit").n)
            return false;
        sees = false;                            /* an indicator of which the liaison's unit has nothing */
    }
    v->edit = arena_printf(rq->arena, "/books/indicators/%lld/edit", (long long)v->i.id);
    v->about = FACE_SAY(rq, v->i.cumulative ? M_BOOKS_ABOUT_CUMULATIVE : M_BOOKS_ABOUT_PLAIN, A_MSG(books_every_msg(v->i.every)), A_STR(v->i.measure));
    if (sees) {
        put_rows(rq, v, unit, val, n);
        chart_make(rq, &v->i, v->whose, val, n, &v->chart);
    }
    return true;
}

void books_indicator_page_get(struct req *rq)
{
    struct indicator_page *v = arena_new(rq->arena, struct indicator_page);
    struct err err;
    if (!read_indicator(rq, v, &err)) {
        req_fail(rq, &err);
        return;
    }
    face_frame(rq, &v->frame, "/books", v->i.name);
    struct html out = req_page(rq);
    html_indicator(&out, v);
    req_html(rq, 200, &out);
}

/* --- one figure -------------------------------------------------------------------------------------------------------------------------------- */

static bool read_figure(struct req *rq, struct figure_page *v, struct err *err)
{
    struct value_change *c;
    struct str name;
    int64_t unit;
    int period;
    if (!indicator_find(rq->db, rq->arena, rq->actor, rq->args[0], &v->i, err) || !span_read(rq->args[1], v->i.every, &period, err)) {
        if (err->kind == ERR_INPUT)
            err->kind = ERR_NOT_FOUND;
        return false;
    }
    if (!books_whose(rq->db, rq->arena, rq->actor, req_query(rq, "unit"), &unit, &name, err) ||
        !value_history(rq->db, rq->arena, rq->actor, &v->i, unit, period, &c, &v->n_changes, err))
        return false;
    v->whose = whose_name(rq, unit, name);
    v->unit = arena_printf(rq->arena, "%lld", (long long)unit);
    v->period = span_text(rq, v->i.every, period);
    v->back = arena_printf(rq->arena, "/books/indicators/%lld?unit=%lld", (long long)v->i.id, (long long)unit);
    v->action = arena_printf(rq->arena, "/books/indicators/%lld/%.*s?unit=%lld", (long long)v->i.id, STR_ARG(face_percent(rq, rq->args[1])), (long long)unit);
    v->may_write = actor_is(rq->actor, ROLE_SECTION);
    v->change = arena_array(rq->arena, struct change_view, v->n_changes + 1);
    for (size_t i = 0; i < v->n_changes; i++)
        v->change[i] = (struct change_view){ c[i], value_text(rq, c[i].old, v->i.decimals), value_text(rq, c[i].new, v->i.decimals) };
    if (v->n_changes) {
        const struct value_change *last = &c[v->n_changes - 1];
        v->value = last->new == VALUE_NONE ? STR("") : value_text(rq, last->new, v->i.decimals);
        v->note = last->note;
    }
    return true;
}

static void figure_show_page(struct req *rq, struct figure_page *v, int status)
{
    face_frame(rq, &v->frame, "/books", v->i.name);
    struct html out = req_page(rq);
    html_indicator_figure(&out, v);
    req_html(rq, status, &out);
}

void books_figure_get(struct req *rq)
{
    struct figure_page *v = arena_new(rq->arena, struct figure_page);
    struct err err;
    if (read_figure(rq, v, &err))
        figure_show_page(rq, v, 200);
    else
        req_fail(rq, &err);
}

struct figure_write { struct str indicator, unit, period, value, note, why, seen; };

static bool figure_fn(struct txn *t, void *args, struct err *err)
{
    const struct figure_write *w = args;
    struct actor actor;
    struct indicator i;
    struct value_edit e = { .note = w->note, .guarded = true };
    struct str name;
    int64_t changed;
    if (!web_actor(t, &actor, err) || !indicator_find(t->db, t->arena, &actor, w->indicator, &i, err) ||
        !books_whose(t->db, t->arena, &actor, w->unit, &e.unit_id, &name, err) || !span_read(w->period, i.every, &e.period, err) ||
        !value_read(w->value, i.decimals, &e.value, err) || !value_read(w->seen, INDICATOR_DECIMALS, &e.seen, err))
        return false;
    e.indicator_id = i.id;
    return values_put(t, &actor, &e, 1, w->why, &changed, err);
}

static void figure_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct figure_write *w = args;
    struct figure_page *v = arena_new(rq->arena, struct figure_page);
    struct err failed;
    if (!read_figure(rq, v, &failed)) {
        req_fail(rq, &failed);
    } else if (ok) {
        req_redirect(rq, "%.*s", STR_ARG(v->action));
    } else {
        v->value = w->value;
        v->note = w->note;
        v->reason = w->why;
        v->why = face_sentence(rq, err);
        figure_show_page(rq, v, err_http(err));
    }
}

void books_figure_post(struct req *rq)
{
    struct figure_write *w = arena_new(rq->arena, struct figure_write);
    *w = (struct figure_write){ rq->args[0], req_query(rq, "unit"), rq->args[1], or_empty(req_form(rq, "value")), or_empty(req_form(rq, "note")),
                                or_empty(req_form(rq, "why")), or_empty(req_form(rq, "seen")) };
    web_write(rq, figure_fn, w, figure_answer);
}

/* --- the form of an indicator ------------------------------------------------------------------------------------------------------------------------ */

static struct field *add_field(struct indicator_form *v, const char *name, int label, const char *type, struct str value)
{
    struct field *f = &v->field[v->n++];
    *f = (struct field){ .form = "i", .name = name, .label = label, .type = type, .css = "", .value = value };
    return f;
}

static struct str yes(bool b) { return b ? STR("true") : STR(""); }

static void make_form(struct req *rq, struct indicator_form *v, const struct indicator *i)
{
    struct field *f = add_field(v, "name", M_FIELD_NAME, "text", i->name);
    f->must = true;
    f->css = "half";
    f = add_field(v, "measure", M_BOOKS_MEASURE, "text", i->measure);
    f->must = true;
    f->hint = M_BOOKS_MEASURE_HINT;
    f = add_field(v, "every", M_BOOKS_EVERY, "text", books_every_code(i->every));
    f->select = true;
    for (int e = EVERY_MONTH; e <= EVERY_YEAR; e++)
        face_choice(rq, f, books_every_code((enum every)e), FACE_SAY(rq, books_every_msg((enum every)e)), books_every_code(i->every));
    add_field(v, "source", M_BOOKS_SOURCE, "text", i->source)->hint = M_BOOKS_SOURCE_HINT;
    add_field(v, "decimals", M_BOOKS_PLACES, "number", arena_printf(rq->arena, "%d", i->decimals))->hint = M_BOOKS_PLACES_HINT;
    add_field(v, "place", M_BOOKS_PLACE, "number", i->id ? arena_printf(rq->arena, "%lld", (long long)i->ord) : STR(""));
    add_field(v, "cumulative", M_BOOKS_CUMULATIVE, "checkbox", yes(i->cumulative))->check = true;
    if (i->id)
        add_field(v, "active", M_BOOKS_ACTIVE, "checkbox", yes(i->active))->check = true;
    v->action = i->id ? arena_printf(rq->arena, "/books/indicators/%lld", (long long)i->id) : STR("/books/indicators");
    v->title = i->id ? i->name : FACE_SAY(rq, M_BOOKS_NEW_INDICATOR);
}

static bool read_form(struct req *rq, struct indicator_form *v, struct err *err)
{
    struct indicator i = { .name = STR(""), .measure = STR(""), .source = STR(""), .decimals = 2 };
    if (rq->args[0].n && !indicator_find(rq->db, rq->arena, rq->actor, rq->args[0], &i, err))
        return false;
    make_form(rq, v, &i);
    return true;
}

static void form_show(struct req *rq, struct indicator_form *v, int status)
{
    face_frame(rq, &v->frame, "/books", v->title);
    struct html out = req_page(rq);
    html_indicator_form(&out, v);
    req_html(rq, status, &out);
}

void books_form_get(struct req *rq)
{
    struct indicator_form *v = arena_new(rq->arena, struct indicator_form);
    struct err err;
    if (read_form(rq, v, &err))
        form_show(rq, v, 200);
    else
        req_fail(rq, &err);
}

struct indicator_write { struct str which; struct indicator_input in; int64_t id; };

static bool indicator_fn(struct txn *t, void *args, struct err *err)
{
    struct indicator_write *w = args;
    struct actor actor;
    struct indicator i = { 0 };
    return web_actor(t, &actor, err) && (w->which.n == 0 || indicator_find(t->db, t->arena, &actor, w->which, &i, err)) &&
           indicator_save(t, &actor, i.id, &w->in, &w->id, err);
}

static void indicator_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct indicator_write *w = args;
    struct indicator_form *v = arena_new(rq->arena, struct indicator_form);
    struct err failed;
    if (ok) {
        req_redirect(rq, "/books/indicators/%lld", (long long)w->id);
    } else if (!read_form(rq, v, &failed)) {
        req_fail(rq, &failed);
    } else {
        for (size_t i = 0; i < v->n; i++)
            face_typed(rq, &v->field[i]);
        face_problems(rq, v->field, v->n, NULL, err);
        v->why = face_unplaced(rq, v->field, v->n, NULL, err);
        form_show(rq, v, err_http(err));
    }
}

void books_indicator_post(struct req *rq)
{
    struct indicator_write *w = arena_new(rq->arena, struct indicator_write);
    struct str place = req_form(rq, "place"), decimals = req_form(rq, "decimals");
    *w = (struct indicator_write){ .which = rq->args[0].p ? rq->args[0] : STR(""),
        .in = { .name = or_empty(req_form(rq, "name")), .measure = or_empty(req_form(rq, "measure")), .every = req_form(rq, "every"),
                .source = req_form(rq, "source"), .decimals = decimals.n ? decimals : STR_NULL, .place = place.n ? place : STR_NULL,
                .cumulative = str_eqc(req_form(rq, "cumulative"), "true") ? STR("true") : STR("false"),
                .active = rq->args[0].n && !str_eqc(req_form(rq, "active"), "true") ? STR("false") : STR("true") } };
    web_write(rq, indicator_fn, w, indicator_answer);
}
