/* GET /deputies: who stands in for whom, and the form that makes it. */
#include "base/num.h"
#include "deputy_html.h"
#include "office/deputy/inside.h"

int deputy_state_msg(enum deputy_state s)
{
    static const int MSG[DEPUTY_STATES] = { M_DEPUTY_CURRENT, M_DEPUTY_FUTURE, M_DEPUTY_OVER };
    return MSG[s];
}

static struct field *field(struct deputies_page *v, const char *name, int label, const char *type, bool must)
{
    struct field *f = &v->field[v->n_fields++];
    *f = (struct field){ .form = "d", .name = name, .label = label, .type = type, .css = "", .must = must, .select = !type };
    return f;
}

static bool stands_beside(const struct actor *a, const struct member *m)
{
    return !m->disabled && !str_eqc(m->login, "console") && (m->roles & (ROLE_SECTION | ROLE_LEADER | ROLE_LIAISON)) &&
           ((a->roles & ROLE_ADMIN) || (m->roles & a->roles) || (m->roles & a->roles & ROLE_SECTION) || m->home_id == a->home_id);
}

static bool make_form(struct req *rq, struct deputies_page *v, struct err *err)
{
    struct member *m;
    size_t n;
    if (!member_list(rq->db, rq->arena, rq->actor->office_id, rq->now, &m, &n, err))
        return false;
    struct field *absent = field(v, "absent", M_FIELD_ABSENT, NULL, true), *deputy = field(v, "deputy", M_FIELD_DEPUTY, NULL, true);
    face_choice(rq, deputy, STR(""), FACE_SAY(rq, M_DEPUTY_CHOOSE), STR_NULL);
    for (size_t i = 0; i < n; i++) {
        if (!stands_beside(rq->actor, &m[i]))
            continue;
        struct str text = arena_printf(rq->arena, "%.*s（%.*s）", STR_ARG(m[i].name), STR_ARG(m[i].home_name));
        if (deputy_may_make(rq->actor, &m[i]))
            face_choice(rq, absent, m[i].login, text, rq->actor->login);
        face_choice(rq, deputy, m[i].login, text, STR_NULL);
    }
    if (!absent->n_choices)                      /* nobody this reader may speak for */
        v->n_fields = 0;
    else {
        field(v, "from", M_FIELD_FROM, "date", true)->value = face_iso_day(rq, rq->today);
        field(v, "to", M_FIELD_TO, "date", true)->hint = M_DEPUTY_TO_HINT;
        struct field *f = field(v, "scope", M_DEPUTY_SCOPE, NULL, false);
        f->hint = M_DEPUTY_SCOPE_HINT;
        face_choice(rq, f, STR("all"), FACE_SAY(rq, M_DEPUTY_SCOPE_ALL), STR("all"));
        face_choice(rq, f, STR("own"), FACE_SAY(rq, M_DEPUTY_SCOPE_OWN), STR("all"));
        field(v, "note", M_DEPUTY_NOTE, "text", false);
    }
    return true;
}

static bool page_read(struct req *rq, struct deputies_page *v, struct err *err)
{
    struct deputy *d;
    size_t n;
    if (!deputy_list(rq->db, rq->arena, rq->actor, rq->today, &d, &n, err))
        return false;
    struct deputy_line *line = arena_array(rq->arena, struct deputy_line, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct member absent = { .id = d[i].for_id, .home_id = d[i].for_home, .roles = ROLE_SECTION };
        line[i] = (struct deputy_line){ .d = d[i], .csrf = rq->csrf, .state = deputy_state_msg(d[i].state), .scope = d[i].own ? M_DEPUTY_SCOPE_OWN : M_DEPUTY_SCOPE_ALL };
        line[i].may_end = d[i].state != DEPUTY_OVER && (deputy_may_make(rq->actor, &absent) || d[i].member_id == rq->actor->member_id);
        v->n_now += d[i].state != DEPUTY_OVER;
    }
    v->now = line;
    v->over = line + v->n_now;
    v->n_over = n - v->n_now;
    return make_form(rq, v, err);
}

static void show(struct req *rq, const struct err *why, bool typed, int status)
{
    struct deputies_page *v = arena_new(rq->arena, struct deputies_page);
    struct err err;
    if (!page_read(rq, v, &err)) {
        req_fail(rq, &err);
        return;
    }
    for (size_t i = 0; typed && i < v->n_fields; i++)
        face_typed(rq, &v->field[i]);
    face_problems(rq, v->field, v->n_fields, NULL, why);
    v->why = face_unplaced(rq, v->field, v->n_fields, NULL, why);
    face_frame(rq, &v->frame, "/settings", FACE_SAY(rq, M_DEPUTY_HEADING));
    struct html out = req_page(rq);
    html_deputies(&out, v);
    req_html(rq, status, &out);
}

void deputies_get(struct req *rq) { show(rq, NULL, false, 200); }

/* --- making and ending --------------------------------------------------------------------------------------------------------------- */

static bool add_fn(struct txn *t, void *args, struct err *err)
{
    struct actor actor;
    int64_t id;
    return web_actor(t, &actor, err) && deputy_add(t, &actor, args, &id, err);
}

static void add_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    if (ok)
        req_redirect(rq, "/deputies");
    else
        show(rq, err, true, err_http(err));
}

void deputies_post(struct req *rq)
{
    struct deputy_draft *d = arena_new(rq->arena, struct deputy_draft);
    *d = (struct deputy_draft){ req_form(rq, "absent"), req_form(rq, "deputy"), req_form(rq, "from"), req_form(rq, "to"), req_form(rq, "scope"),
                                req_form(rq, "note") };
    web_write(rq, add_fn, d, add_answer);
}

static bool end_fn(struct txn *t, void *args, struct err *err)
{
    struct actor actor;
    return web_actor(t, &actor, err) && deputy_end(t, &actor, *(int64_t *)args, err);
}

static void end_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    if (ok)
        req_redirect(rq, "/deputies");
    else
        show(rq, err, false, err_http(err));
}

void deputy_end_post(struct req *rq)
{
    int64_t *id = arena_new(rq->arena, int64_t);
    num_range(rq->args[0], 1, INT64_MAX, id);    /* 0 is nobody's */
    web_write(rq, end_fn, id, end_answer);
}

const struct route deputy_routes[DEPUTY_ROUTES] = {
    { "GET", "/deputies", deputies_get, ROLE_ANY },
    { "POST", "/deputies", deputies_post, ROLE_ANY },
    { "POST", "/deputies/{id}/end", deputy_end_post, ROLE_ANY },
    { "GET", "/api/v1/deputies", deputies_api, ROLE_ANY, .api = true, .gives = "[Deputy]!" },
    { "POST", "/api/v1/deputies", deputies_api_post, ROLE_ANY, .api = true, .takes = "NewDeputy!", .gives = "Deputy!" },
    { "POST", "/api/v1/deputies/{id}/end", deputy_api_end, ROLE_ANY, .api = true, .gives = "Deputy!" },
};
