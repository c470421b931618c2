/* The form that defines a collection. */
#include "base/num.h"
#include "collect_html.h"
#include "office/collect/page.h"
#include "people/party.h"

enum { UNITS_TICKED_MAX = 900 };

static struct field *add(struct edit_page *v, const char *name, int label, const char *type, const char *css)
{
    struct field *f = &v->field[v->n_fields++];
    *f = (struct field){ .form = "c", .name = name, .label = label, .type = type, .css = css };
    return f;
}

static void pick_every(struct req *rq, struct edit_page *v)
{
    static const struct { const char *value; int text; } EVERY[] = {
        { "once", M_COLLECT_ONCE }, { "day", M_COLLECT_EVERY_DAY }, { "workday", M_COLLECT_EVERY_WORKDAY }, { "week", M_COLLECT_EVERY_WEEK }, { "month", M_COLLECT_EVERY_MONTH },
    };
    struct field *f = add(v, "every", M_COLLECT_EVERY, "text", "");
    f->select = true;
    for (size_t i = v->change && !v->once; i < (v->change && v->once ? 1 : ARRAY_LEN(EVERY)); i++)
        face_choice(rq, f, str_c(EVERY[i].value), str_c(tr_text(rq->lang, EVERY[i].text)), STR("once"));
}

static void make_fields(struct req *rq, struct edit_page *v)
{
    struct field *f = add(v, "title", M_FIELD_TITLE, "text", "wide");
    f->must = true;
    f = add(v, "entry", M_COLLECT_ENTRY, "text", "");
    f->hint = M_COLLECT_ENTRY_HINT;
    f = add(v, "many", M_COLLECT_MANY, "number", "");
    f->hint = M_COLLECT_MANY_HINT;
    f = add(v, "zero", M_COLLECT_ZERO, "checkbox", "half");
    f->check = true;
    pick_every(rq, v);
    if (!v->change || v->once) {
        f = add(v, "day", M_COLLECT_DEADLINE, "text", "half");
        f->time = true;
        f->hint = M_COLLECT_DEADLINE_HINT;
    }
    if (v->change && v->once)
        return;
    add(v, "time", M_COLLECT_TIME, "time", "")->hint = M_COLLECT_TIME_HINT;
    f = add(v, "weekday", M_COLLECT_WEEKDAY, "text", "");
    f->select = true;
    for (int i = 1; i <= 7; i++)
        face_choice(rq, f, arena_printf(rq->arena, "%d", i), str_c(tr_text(rq->lang, M_BASE_WEEKDAY_1 + i - 1)), STR("5"));
    add(v, "month_day", M_COLLECT_MONTH_DAY, "number", "");
    add(v, "ahead", M_COLLECT_AHEAD, "number", "")->hint = M_COLLECT_AHEAD_HINT;
}

static struct field *field_of(struct edit_page *v, const char *name)
{
    for (size_t i = 0; i < v->n_fields; i++)
        if (str_eqc(str_c(name), v->field[i].name))
            return &v->field[i];
    return NULL;
}

static void fill(struct edit_page *v, const char *name, struct str value)
{
    struct field *f = field_of(v, name);
    if (f)
        face_fill(f, value);
}

static bool has(const struct str *all, size_t n, struct str one)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(all[i], one))
            return true;
    return false;
}

/* All units in official order, those of `on` ticked; and their categories. */
static bool make_units(struct req *rq, struct edit_page *v, const struct str *on, size_t n_on, const struct str *cat, size_t n_cat, struct err *err)
{
    struct party *p;
    size_t n;
    if (!party_list(rq->db, rq->arena, rq->actor->office_id, PARTY_UNIT, false, &p, &n, err))
        return false;
    v->unit = arena_array(rq->arena, struct choice, n + 1);
    v->category = arena_array(rq->arena, struct choice, n + 1);
    for (size_t i = 0; i < n; i++) {
        v->unit[v->n_units++] = (struct choice){ p[i].name, p[i].short_name.n ? p[i].short_name : p[i].name, has(on, n_on, p[i].name) };
        bool seen = p[i].category.n == 0;
        for (size_t k = 0; k < v->n_categories; k++)
            seen |= str_eq(v->category[k].value, p[i].category);
        if (!seen)
            v->category[v->n_categories++] = (struct choice){ p[i].category, p[i].category, has(cat, n_cat, p[i].category) };
    }
    return true;
}

static void edit_show(struct req *rq, struct edit_page *v, int status)
{
    face_frame(rq, &v->frame, "/collects", FACE_SAY(rq, v->change ? M_COLLECT_CHANGE : M_COLLECT_NEW));
    struct html out = req_page(rq);
    html_collect_edit(&out, v);
    req_html(rq, status, &out);
}

/* --- as stored ------------------------------------------------------------------------------------------------------------------------------ */

static void fill_rule(struct req *rq, struct edit_page *v, struct str every)
{
    struct recur r;
    if (!recur_read(every, &r))
        return;
    fill(v, "every", r.every == RECUR_DAY ? STR("day") : r.every == RECUR_WORKDAY ? STR("workday") : r.every == RECUR_WEEK ? STR("week") : STR("month"));
    if (r.n_minutes)
        fill(v, "time", arena_printf(rq->arena, "%02d:%02d", r.minute[0] / 60, r.minute[0] % 60));
    for (int i = 0; r.every == RECUR_WEEK && i < 7; i++)
        if (r.weekdays >> i & 1)
            fill(v, "weekday", arena_printf(rq->arena, "%d", i + 1));
    for (int i = 0; r.every == RECUR_MONTH && i < 31; i++)
        if (r.month_days >> i & 1)
            fill(v, "month_day", arena_printf(rq->arena, "%d", i + 1));
}

static bool edit_read(struct req *rq, struct edit_page *v, struct collect *c, struct err *err)
{
    int64_t round = 0;
    if (!collect_address(rq, &v->id, &round, err) || !collect_get(rq->db, rq->arena, rq->actor, v->id, c, err))
        return false;
    if (!collect_keeps(rq->actor, c))
        return err_fail(err, ERR_DENIED, M_COLLECT_SECTION_ONLY, NULL);
    v->change = true;
    v->once = c->every.n == 0;
    v->version = c->version;
    v->action = arena_printf(rq->arena, "/collects/%lld/edit", (long long)v->id);
    make_fields(rq, v);
    return true;
}

static bool edit_fill(struct req *rq, struct edit_page *v, const struct collect *c, struct err *err)
{
    struct collect_unit_row *u;
    struct collect_round r;
    struct blank *k = arena_new(rq->arena, struct blank);
    struct buf text _cleanup_(buf_release) = BUF_INIT;
    size_t n;
    bool found;
    if (!q_collect_units(rq->db, rq->arena, &(struct collect_units_in){ rq->actor->office_id, c->id }, &u, &n, err) ||
        !collect_round_row(rq->db, rq->arena, rq->actor->office_id, c->id, c->rounds, &r, &found, err) ||
        !collect_blank(rq->db, rq->arena, rq->actor->office_id, c->id, c->form, k, err))
        return false;
    struct str *names = arena_array(rq->arena, struct str, n + 1);
    for (size_t i = 0; i < n; i++)
        names[i] = u[i].name;
    blank_put(&text, k);
    v->form = arena_str(rq->arena, buf_view(&text));
    v->about = c->about;
    fill(v, "title", c->title);
    fill(v, "entry", c->entry);
    fill(v, "many", arena_printf(rq->arena, "%d", c->many));
    fill(v, "zero", c->zero ? STR("true") : STR(""));
    fill(v, "ahead", arena_printf(rq->arena, "%d", c->ahead));
    if (v->once && found)
        fill(v, "day", face_iso_due(rq, r.due));
    fill_rule(rq, v, c->every);
    return make_units(rq, v, names, n, NULL, 0, err);
}

void collect_new_get(struct req *rq)
{
    struct edit_page *v = arena_new(rq->arena, struct edit_page);
    struct err err;
    v->action = STR("/collects");
    make_fields(rq, v);
    fill(v, "entry", req_query(rq, "entry"));
    fill(v, "month_day", STR("25"));
    fill(v, "ahead", STR("0"));
    fill(v, "many", STR("0"));
    if (make_units(rq, v, NULL, 0, NULL, 0, &err))
        edit_show(rq, v, 200);
    else
        req_fail(rq, &err);
}

void collect_edit_get(struct req *rq)
{
    struct edit_page *v = arena_new(rq->arena, struct edit_page);
    struct collect c;
    struct err err;
    if (edit_read(rq, v, &c, &err) && edit_fill(rq, v, &c, &err))
        edit_show(rq, v, 200);
    else
        req_fail(rq, &err);
}

/* --- as typed ----------------------------------------------------------------------------------------------------------------------------------- */

struct edit_write { int64_t id, made; struct collect_input in; struct problems problems; };

static bool edit_fn(struct txn *t, void *args, struct err *err)
{
    struct edit_write *w = args;
    struct actor actor;
    problems_release(&w->problems);
    if (!web_actor(t, &actor, err))
        return false;
    return w->id ? collect_change(t, &actor, w->id, &w->in, &w->problems, err) : collect_add(t, &actor, &w->in, &w->made, &w->problems, err);
}

static struct str or_empty(struct str s) { return s.p ? s : STR(""); }

static void read_input(struct req *rq, struct edit_page *v, struct collect_input *in)
{
    struct { const char *name; struct str *to; } FIELDS[] = {
        { "title", &in->title }, { "entry", &in->entry }, { "many", &in->many }, { "zero", &in->zero }, { "every", &in->every }, { "day", &in->day }, { "time", &in->time },
        { "weekday", &in->weekday }, { "month_day", &in->month_day }, { "ahead", &in->ahead },
    };
    for (size_t i = 0; i < ARRAY_LEN(FIELDS); i++) {
        struct field *f = field_of(v, FIELDS[i].name);
        if (f)
            *FIELDS[i].to = or_empty(face_typed(rq, f));
    }
    in->about = or_empty(req_form(rq, "about"));
    in->form = or_empty(req_form(rq, "form"));
    in->version = req_form(rq, "version");
    in->units = arena_array(rq->arena, struct str, UNITS_TICKED_MAX);
    in->categories = arena_array(rq->arena, struct str, UNITS_TICKED_MAX);
    in->n_units = req_form_all(rq, "units", in->units, UNITS_TICKED_MAX);
    in->n_categories = req_form_all(rq, "categories", in->categories, UNITS_TICKED_MAX);
    in->units_given = true;
}

static void put_problems(struct req *rq, struct edit_page *v, const struct problems *p, const struct err *err)
{
    face_problems(rq, v->field, v->n_fields, p, err);
    v->problem = arena_array(rq->arena, struct paste_problem, (size_t)p->n + 1);
    for (int i = 0; i < p->n; i++) {
        struct str why = face_sentence(rq, &p->err[i]);
        if (str_eqc(STR("form"), p->err[i].field))
            v->problem[v->n_problems++] = (struct paste_problem){ p->err[i].line, p->err[i].column, why };
        else if (str_eqc(STR("units"), p->err[i].field))
            v->units_why = why;
        else if (str_eqc(STR("about"), p->err[i].field))
            v->about_why = why;
    }
    v->why = p->n ? FACE_SAY(rq, M_COLLECT_FORM_PROBLEMS, A_INT(p->total)) : face_sentence(rq, err);
}

static void edit_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    struct edit_write *w = args;
    struct edit_page *v = arena_new(rq->arena, struct edit_page);
    struct collect c;
    struct collect_input in = { 0 };
    struct err failed;
    if (ok) {
        req_redirect(rq, "/collects/%lld", (long long)(w->id ? w->id : w->made));
        problems_release(&w->problems);
        return;
    }
    bool shown = err->kind != ERR_NOT_FOUND && (w->id == 0 || edit_read(rq, v, &c, &failed));
    if (shown && w->id == 0) {
        v->action = STR("/collects");
        make_fields(rq, v);
    }
    if (shown) {
        read_input(rq, v, &in);
        v->form = in.form;
        v->about = in.about;
        shown = make_units(rq, v, in.units, in.n_units, in.categories, in.n_categories, &failed);
    }
    if (shown) {
        put_problems(rq, v, &w->problems, err);
        edit_show(rq, v, err_http(err));
    } else {
        req_fail(rq, err);
    }
    problems_release(&w->problems);
}

void collect_new_post(struct req *rq)
{
    struct edit_page *v = arena_new(rq->arena, struct edit_page);
    struct edit_write *w = arena_new(rq->arena, struct edit_write);
    make_fields(rq, v);
    read_input(rq, v, &w->in);
    w->in.version = STR_NULL;
    web_write(rq, edit_fn, w, edit_answer);
}

void collect_edit_post(struct req *rq)
{
    struct edit_page *v = arena_new(rq->arena, struct edit_page);
    struct edit_write *w = arena_new(rq->arena, struct edit_write);
    struct collect c;
    struct err err;
    if (!edit_read(rq, v, &c, &err)) {
        req_fail(rq, &err);
        return;
    }
    w->id = v->id;
    read_input(rq, v, &w->in);
    web_write(rq, edit_fn, w, edit_answer);
}

static bool end_fn(struct txn *t, void *args, struct err *err)
{
    struct edit_write *w = args;
    struct actor actor;
    return web_actor(t, &actor, err) && collect_end(t, &actor, w->id, err);
}

static void end_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    if (ok)
        req_redirect(rq, "/collects/%lld", (long long)((struct edit_write *)args)->id);
    else
        req_fail(rq, err);
}

void collect_end_post(struct req *rq)
{
    struct edit_write *w = arena_new(rq->arena, struct edit_write);
    int64_t round = 0;
    struct err err;
    if (collect_address(rq, &w->id, &round, &err))
        web_write(rq, end_fn, w, end_answer);
    else
        req_fail(rq, &err);
}
