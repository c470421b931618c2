/* /handovers: choose, look, hand over; and the sheet of a handover, to be printed and signed. */
#include "base/num.h"
#include "handover_html.h"
#include "messages.h"
#include "office/handover/inside.h"

enum { SHOWN_MAX = 200 };                        /* lines of a preview; the sheet has all */

static struct handover_view *views(struct req *rq, const struct handover_line *l, size_t n)
{
    struct lights lights = face_lights(rq);
    struct handover_view *v = arena_array(rq->arena, struct handover_view, n + 1);
    for (size_t i = 0; i < n; i++) {
        v[i] = (struct handover_view){ (int64_t)i + 1, l[i].number, l[i].title, l[i].lead, l[i].requirement, entry_state_msg(l[i].state, l[i].reading) };
        face_due(rq, &lights, l[i].due, entry_state_open(l[i].state), &v[i].due);
        v[i].touched = l[i].was && l[i].version != l[i].was;
    }
    return v;
}

/* --- the form ------------------------------------------------------------------------------------------------------------------------------ */

static struct field *field(struct handovers_page *v, const char *name, int label, bool select)
{
    struct field *f = &v->field[v->n_fields++];
    *f = (struct field){ .form = "h", .name = name, .label = label, .type = "text", .css = "", .select = select };
    return f;
}

static bool choose_people(struct req *rq, struct field *from, struct field *to, struct err *err)
{
    struct member *m;
    size_t n;
    bool chief = actor_is(rq->actor, ROLE_CHIEF);
    if (!member_list(rq->db, rq->arena, rq->actor->office_id, rq->now, &m, &n, err))
        return false;
    face_choice(rq, to, STR(""), FACE_SAY(rq, M_DEPUTY_CHOOSE), STR_NULL);
    for (size_t i = 0; i < n; i++) {
        if (!(m[i].roles & ROLE_SECTION) || m[i].home_id != rq->actor->section_id || str_eqc(m[i].login, "console"))
            continue;
        if (chief || m[i].id == rq->actor->member_id)
            face_choice(rq, from, m[i].login, m[i].name, rq->actor->login);
        if (!m[i].disabled)
            face_choice(rq, to, m[i].login, m[i].name, STR_NULL);
    }
    return true;
}

static bool make_form(struct req *rq, struct handovers_page *v, struct err *err)
{
    struct field *from = field(v, "from", M_HANDOVER_FROM, true), *to = field(v, "to", M_HANDOVER_TO, true), *unit = field(v, "unit", M_HANDOVER_UNIT, true),
                 *list = field(v, "list", M_HANDOVER_LIST, true), *reason = field(v, "reason", M_FIELD_REASON, false);
    struct party *p;
    struct entry_listdef *l;
    size_t n;
    from->must = to->must = reason->must = true;
    face_choice(rq, unit, STR(""), FACE_SAY(rq, M_HANDOVER_ALL), STR_NULL);
    face_choice(rq, list, STR(""), FACE_SAY(rq, M_HANDOVER_ALL), STR_NULL);
    if (!choose_people(rq, from, to, err) || !party_list(rq->db, rq->arena, rq->actor->office_id, PARTY_UNIT, false, &p, &n, err))
        return false;
    face_choice(rq, unit, STR("本科室"), STR("本科室"), STR_NULL);
    for (size_t i = 0; i < n; i++)
        face_choice(rq, unit, p[i].name, p[i].name, STR_NULL);
    if (!entry_lists(rq->db, rq->arena, rq->actor->office_id, &l, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        face_choice(rq, list, l[i].name, l[i].name, STR_NULL);
    return true;
}

static struct str got(struct req *rq, bool query, const char *name)
{
    struct str s = query ? req_query(rq, name) : req_form(rq, name);
    return s.p ? s : STR("");
}

struct handover_ask handover_form(struct req *rq, bool query)
{
    return (struct handover_ask){ got(rq, query, "from"), got(rq, query, "to"), got(rq, query, "unit"), got(rq, query, "list"), got(rq, query, "reason"),
                                  got(rq, query, "expect") };
}

static void fill(struct handovers_page *v, const struct handover_ask *ask)
{
    const struct str value[] = { ask->from, ask->to, ask->unit, ask->list, ask->reason };
    for (size_t i = 0; i < v->n_fields; i++)
        if (value[i].n)
            face_fill(&v->field[i], value[i]);
}

static void add_figure(struct handovers_page *v, int label, int64_t n, const char *css)
{
    if (n)
        v->figure[v->n_figures++] = (struct handover_figure){ label, n, css };
}

static bool preview(struct req *rq, struct handovers_page *v, const struct handover_ask *ask, struct err *err)
{
    struct handover_plan p;
    struct handover_count c;
    struct lights l = face_lights(rq);
    if (!handover_plan(rq->db, rq->arena, rq->actor, rq->now, ask, &p, err))
        return false;
    handover_count(p.line, p.n, rq->now, face_near(&l, rq->today), &c);
    for (int s = 0; s < STATES; s++)
        add_figure(v, entry_state_msg((enum entry_state)s, false), c.state[s], "");
    add_figure(v, M_HANDOVER_OVERDUE, c.overdue, "red");
    add_figure(v, M_HANDOVER_NEAR, c.near, "amber");
    v->planned = true;
    v->from = p.from.name;
    v->to = p.to.name;
    v->n = p.n;
    v->n_shown = p.n < SHOWN_MAX ? p.n : SHOWN_MAX;
    v->line = views(rq, p.line, v->n_shown);
    v->n_text = arena_printf(rq->arena, "%zu", p.n);
    v->unit = ask->unit, v->list = ask->list, v->reason = ask->reason, v->from_login = p.from.login, v->to_login = p.to.login;
    return true;
}

static void show(struct req *rq, const struct handover_ask *ask, const struct err *why, int status)
{
    struct handovers_page *v = arena_new(rq->arena, struct handovers_page);
    struct handover *h;
    struct err err = { 0 }, refused = { 0 };
    if (!make_form(rq, v, &err) || !handover_list(rq->db, rq->arena, rq->actor, &h, &v->n_done, &err)) {
        req_fail(rq, &err);
        return;
    }
    v->done = arena_array(rq->arena, struct handover_listed, v->n_done + 1);
    for (size_t i = 0; i < v->n_done; i++)
        v->done[i] = (struct handover_listed){ h[i], h[i].reverses ? FACE_SAY(rq, M_HANDOVER_IS_RETURN) : h[i].reversed_by ? FACE_SAY(rq, M_HANDOVER_WAS_RETURNED) : STR("") };
    fill(v, ask);
    if (ask->to.n && !preview(rq, v, ask, &refused) && !why)
        why = &refused;
    face_problems(rq, v->field, v->n_fields, NULL, why);
    v->why = face_unplaced(rq, v->field, v->n_fields, NULL, why);
    face_frame(rq, &v->frame, "/settings", FACE_SAY(rq, M_HANDOVER_HEADING));
    struct html out = req_page(rq);
    html_handovers(&out, v);
    req_html(rq, why && status == 200 ? err_http(why) : status, &out);
}

void handovers_get(struct req *rq)
{
    struct handover_ask ask = handover_form(rq, true);
    show(rq, &ask, NULL, 200);
}

/* --- doing ----------------------------------------------------------------------------------------------------------------------------------- */

struct handing { struct handover_ask ask; int64_t id, new_id; };

static bool do_fn(struct txn *t, void *args, struct err *err)
{
    struct handing *k = args;
    struct actor actor;
    return web_actor(t, &actor, err) && handover_do(t, &actor, &k->ask, &k->new_id, err);
}

static void do_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct handing *k = args;
    if (ok)
        req_redirect(rq, "/handovers/%lld", (long long)k->new_id);
    else
        show(rq, &k->ask, err, err_http(err));
}

void handovers_post(struct req *rq)
{
    struct handing *k = arena_new(rq->arena, struct handing);
    k->ask = handover_form(rq, false);
    web_write(rq, do_fn, k, do_answer);
}

/* --- the sheet -------------------------------------------------------------------------------------------------------------------------------- */

static void sheet_show(struct req *rq, int64_t id, const struct err *why, int status)
{
    struct handover_page *v = arena_new(rq->arena, struct handover_page);
    struct handover_line *l;
    struct err err;
    if (!handover_fetch(rq->db, rq->arena, rq->actor, id, &v->h, &l, &v->n, &err)) {
        req_fail(rq, &err);
        return;
    }
    v->line = views(rq, l, v->n);
    v->why = face_sentence(rq, why);
    v->day = instant_day(v->h.at);
    v->may_return = v->h.untouched && handover_may_return(rq->actor, &v->h);
    face_frame(rq, &v->frame, "/settings", FACE_SAY(rq, M_HANDOVER_SHEET));
    struct html out = req_page(rq);
    html_handover_sheet(&out, v);
    req_html(rq, status, &out);
}

static int64_t id_of(struct req *rq)
{
    int64_t id = 0;
    num_range(rq->args[0], 1, INT64_MAX, &id);   /* 0 is nobody's */
    return id;
}

void handover_get(struct req *rq) { sheet_show(rq, id_of(rq), NULL, 200); }

static bool return_fn(struct txn *t, void *args, struct err *err)
{
    struct handing *k = args;
    struct actor actor;
    return web_actor(t, &actor, err) && handover_return(t, &actor, k->id, &k->new_id, err);
}

static void return_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct handing *k = args;
    if (ok)
        req_redirect(rq, "/handovers/%lld", (long long)k->new_id);
    else
        sheet_show(rq, k->id, err, err_http(err));
}

void handover_return_post(struct req *rq)
{
    struct handing *k = arena_new(rq->arena, struct handing);
    k->id = id_of(rq);
    web_write(rq, return_fn, k, return_answer);
}

const struct route handover_routes[HANDOVER_ROUTES] = {
    { "GET", "/handovers", handovers_get, ROLE_SECTION },
    { "POST", "/handovers", handovers_post, ROLE_SECTION },
    { "GET", "/handovers/{id}", handover_get, ROLE_SECTION },
    { "POST", "/handovers/{id}/return", handover_return_post, ROLE_SECTION },
    { "GET", "/api/v1/handovers", handovers_api, ROLE_SECTION, .api = true, .gives = "[Handover]!" },
    { "POST", "/api/v1/handovers", handovers_api_post, ROLE_SECTION, .api = true, .takes = "NewHandover!" },
    { "GET", "/api/v1/handovers/{id}", handover_api, ROLE_SECTION, .api = true, .gives = "HandoverSheet!" },
    { "POST", "/api/v1/handovers/{id}/return", handover_api_return, ROLE_SECTION, .api = true, .gives = "HandoverSheet!" },
};
