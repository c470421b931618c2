/* The form of a template and its preview: what the phrase means, before anything is saved. */
#include "base/num.h"
#include "office/recurring/page.h"
#include "office/workcal/workcal.h"
#include "people/member.h"
#include "recurring_html.h"

static const char *const URGENCIES[] = { "特急", "加急", "特提", "平急" };

static struct str or_empty(struct str s) { return s.p ? s : STR(""); }

static struct field *add(struct recurring_form *v, const char *name, int label, const char *type, struct str value)
{
    struct field *f = &v->field[v->n++];
    *f = (struct field){ .form = "r", .name = name, .label = label, .type = type, .css = "", .value = value };
    return f;
}

/* Whoever is named already stays to be chosen, though he has left. */
static void mark(struct req *rq, struct field *f, struct str chosen)
{
    bool among = chosen.n == 0;
    face_fill(f, chosen);
    for (size_t i = 0; i < f->n_choices; i++)
        among |= f->choices[i].on;
    if (!among)
        face_choice(rq, f, chosen, chosen, chosen);
}

static bool put_matter(struct req *rq, struct recurring_form *v, const struct recurring_input *in, struct err *err)
{
    struct field *f = add(v, "title", M_FIELD_TITLE, "text", in->title);
    f->must = true;
    f->css = "wide";
    f->hint = M_RECURRING_TITLE_HINT;
    f = add(v, "kind", M_FIELD_KIND, "text", in->kind);
    f->select = true;
    for (int k = 0; k < ENTRY_KINDS; k++)
        face_choice(rq, f, entry_kind_code((enum entry_kind)k), FACE_SAY(rq, entry_kind_msg((enum entry_kind)k)), in->kind);
    f = add(v, "source", M_FIELD_SOURCE, "text", in->source);
    f->must = true;
    f->css = "half";
    f = add(v, "urgency", M_FIELD_URGENCY, "text", in->urgency);
    f->select = true;
    face_choice(rq, f, STR(""), FACE_SAY(rq, M_FORM_NONE), in->urgency);
    for (size_t i = 0; i < ARRAY_LEN(URGENCIES); i++)
        face_choice(rq, f, str_c(URGENCIES[i]), str_c(URGENCIES[i]), in->urgency);
    f = add(v, "requirement", M_FIELD_REQUIREMENT, "text", in->requirement);
    f->must = f->area = true;
    f->css = "wide";
    f = add(v, "lead_unit", M_FIELD_LEAD_UNIT, "text", in->lead_unit);
    f->select = f->must = true;
    if (!face_units(rq, f, true, err))
        return false;
    mark(rq, f, in->lead_unit);
    f = add(v, "assist_units", M_FIELD_ASSIST_UNITS, "text", in->assist_units);
    f->css = "half";
    f = add(v, "officer", M_FIELD_OFFICER, "text", in->officer);
    f->select = true;
    if (!face_officers(rq, f, err))
        return false;
    mark(rq, f, in->officer);
    f = add(v, "leader", M_FIELD_LEADER, "text", in->leader);
    f->select = true;
    if (!face_leaders(rq, f, err))
        return false;
    mark(rq, f, in->leader);
    f = add(v, "lists", M_FIELD_LISTS, "text", in->lists);
    f->checks = true;
    f->css = "wide";
    if (!face_lists(rq, f, err))
        return false;
    face_fill(f, in->lists);
    return true;
}

static void put_rule(struct req *rq, struct recurring_form *v, const struct recurring_input *in)
{
    struct field *f = add(v, "phrase", M_RECURRING_PHRASE, "text", in->phrase);
    f->must = true;
    f->css = "half";
    f->hint = M_RECURRING_PHRASE_HINT;
    f = add(v, "move", M_RECURRING_MOVE, "text", in->move);
    f->select = true;
    for (int m = RECUR_STAY; m <= RECUR_AFTER; m++)
        face_choice(rq, f, recurring_move_code((enum recur_move)m), FACE_SAY(rq, recurring_move_msg((enum recur_move)m)), in->move);
    add(v, "lead_days", M_RECURRING_LEAD, "number", in->lead_days)->hint = M_RECURRING_LEAD_HINT;
    add(v, "first_day", M_RECURRING_FIRST, "date", in->first_day);
    add(v, "last_day", M_RECURRING_UNTIL, "date", in->last_day)->hint = M_RECURRING_UNTIL_HINT;
}

static bool stored(struct req *rq, struct recurring *r, struct recurring_input *in, struct err *err)
{
    int64_t id;
    *in = (struct recurring_input){ STR("document"), STR(""), STR(""), STR(""), STR("本科室"), STR(""), STR(""), STR(""), STR(""), STR(""), STR(""), STR("before"),
                                    STR("3"), face_iso_day(rq, rq->today), STR(""), STR("") };
    if (rq->args[0].n == 0)
        return true;
    if (!num_range(rq->args[0], 1, INT64_MAX, &id))
        return err_fail(err, ERR_NOT_FOUND, M_RECURRING_UNKNOWN, NULL, A_STR(rq->args[0]));
    if (!recurring_get(rq->db, rq->arena, rq->actor, id, r, err) || !recurring_names(rq->db, rq->arena, rq->actor, r, in, err))
        return false;
    in->first_day = face_iso_day(rq, r->first_day);
    in->last_day = r->last_day == DAY_NONE ? STR("") : face_iso_day(rq, r->last_day);
    in->version = arena_printf(rq->arena, "%lld", (long long)r->version);
    return true;
}

static bool make(struct req *rq, struct recurring_form *v, bool typed, struct err *err)
{
    struct recurring r = { 0 };
    struct recurring_input in;
    if (!stored(rq, &r, &in, err) || !put_matter(rq, v, &in, err))
        return false;
    put_rule(rq, v, &in);
    v->action = r.id ? arena_printf(rq->arena, "/recurring/%lld", (long long)r.id) : STR("/recurring");
    v->title = r.id ? r.title : FACE_SAY(rq, M_RECURRING_NEW);
    v->version = typed ? or_empty(req_form(rq, "version")) : or_empty(in.version);
    for (size_t i = 0; typed && i < v->n; i++)
        face_typed(rq, &v->field[i]);
    return true;
}

static void show(struct req *rq, struct recurring_form *v, int status)
{
    face_frame(rq, &v->frame, "/recurring", v->title);
    struct html out = req_page(rq);
    html_recurring_form(&out, v);
    req_html(rq, status, &out);
}

static void form_get(struct req *rq)
{
    struct recurring_form *v = arena_new(rq->arena, struct recurring_form);
    struct err err;
    if (make(rq, v, false, &err))
        show(rq, v, 200);
    else
        req_fail(rq, &err);
}

void recurring_h_new(struct req *rq) { form_get(rq); }
void recurring_h_edit(struct req *rq) { form_get(rq); }

/* --- preview and saving ------------------------------------------------------------------------------------------------------------------------ */

struct save_write { int64_t id; struct recurring_input in; struct problems problems; bool preview; struct recurring made; struct str sample; };

static struct str typed(struct req *rq, const char *name) { return or_empty(req_form(rq, name)); }

static struct save_write *read_form(struct req *rq, bool preview)
{
    struct save_write *w = arena_new(rq->arena, struct save_write);
    struct field lists = { .name = "lists", .checks = true };
    *w = (struct save_write){ .preview = preview, .in = { typed(rq, "kind"), typed(rq, "title"), typed(rq, "source"), typed(rq, "requirement"), typed(rq, "lead_unit"),
        typed(rq, "assist_units"), typed(rq, "leader"), typed(rq, "officer"), face_typed(rq, &lists), typed(rq, "urgency"), typed(rq, "phrase"), typed(rq, "move"),
        typed(rq, "lead_days"), typed(rq, "first_day"), typed(rq, "last_day"), req_form(rq, "version") } };
    num_range(rq->args[0], 1, INT64_MAX, &w->id);
    return w;
}

static bool save_fn(struct txn *t, void *args, struct err *err)
{
    struct save_write *w = args;
    struct actor actor;
    problems_release(&w->problems);
    return web_actor(t, &actor, err) && recurring_save(t, &actor, w->id, &w->in, &w->made, &w->problems, err);
}

static void refuse(struct req *rq, struct save_write *w, const struct err *err)
{
    struct recurring_form *v = arena_new(rq->arena, struct recurring_form);
    struct err failed;
    if (!make(rq, v, true, &failed)) {
        problems_release(&w->problems);
        req_fail(rq, &failed);
        return;
    }
    face_problems(rq, v->field, v->n, &w->problems, err);
    v->why = face_unplaced(rq, v->field, v->n, &w->problems, err);
    problems_release(&w->problems);
    show(rq, v, err_http(err));
}

static void save_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    struct save_write *w = args;
    if (!ok) {
        refuse(rq, w, err);
        return;
    }
    problems_release(&w->problems);
    req_redirect(rq, "/recurring/%lld?saved=1", (long long)w->made.id);
}

void recurring_h_post(struct req *rq)
{
    web_write(rq, save_fn, read_form(rq, false), save_answer);
}

/* Checked by a reader as the writer would: nothing is written. */
void recurring_h_preview(struct req *rq)
{
    struct save_write *w = read_form(rq, true);
    struct txn t = { .db = rq->db, .store = rq->store, .arena = rq->arena, .office_id = rq->actor->office_id, .actor_id = rq->actor->member_id, .at = rq->now,
                     .today = rq->today };
    struct recurring_form *v = arena_new(rq->arena, struct recurring_form);
    const struct workdays *w_days;
    struct err err;
    if (!recurring_check(&t, rq->actor, w->id, &w->in, &w->made, &w->problems, &err)) {
        refuse(rq, w, &err);
        return;
    }
    problems_release(&w->problems);
    if (!make(rq, v, true, &err) || !workcal_get(rq->db, rq->arena, rq->actor->office_id, &w_days, &err)) {
        req_fail(rq, &err);
        return;
    }
    v->preview = true;
    struct buf rule _cleanup_(buf_release) = BUF_INIT;
    recur_say(&rule, rq->lang, &w->made.rule);
    v->rule = arena_str(rq->arena, buf_view(&rule));
    recurring_put_coming(rq, &w->made, w_days, &v->coming, &v->n_coming);
    if (v->n_coming)
        v->sample = recurring_fill(rq->arena, w->made.title, &w->made.rule, v->coming[0].key);
    show(rq, v, 200);
}
