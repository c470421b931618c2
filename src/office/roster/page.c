/* GET /units and what changes it. The official order is the row order: a row moves one place at a time, or the page of a party says where. */
#include "base/num.h"
#include "office/roster/roster.h"
#include "roster_html.h"

enum { ROLE_KEEPERS = ROLE_CHIEF | ROLE_ADMIN };

static void text_field(struct field *f, const char *form, const char *name, int label, bool must)
{
    *f = (struct field){ .form = form, .name = name, .label = label, .type = "text", .css = must ? "half" : "", .must = must };
}

static bool block_read(struct req *rq, enum party_kind kind, int title, int add, struct party_block *b, struct err *err)
{
    struct party *p;
    size_t n;
    *b = (struct party_block){ .title = title, .add = add, .kind = kind == PARTY_UNIT ? "unit" : "leader", .csrf = rq->csrf,
                               .may_edit = actor_is(rq->actor, ROLE_KEEPERS) };
    if (!party_list(rq->db, rq->arena, rq->actor->office_id, kind, b->may_edit, &p, &n, err))
        return false;
    b->rows = arena_array(rq->arena, struct party_line, n + 1);
    b->n = n;
    for (size_t i = 0; i < n; i++)
        b->rows[i] = (struct party_line){ .p = p[i], .place = (int64_t)i + 1, .first = i == 0, .last = i + 1 == n, .csrf = rq->csrf, .may_edit = b->may_edit };
    text_field(&b->field[b->n_fields++], b->kind, "name", M_FIELD_NAME, true);
    text_field(&b->field[b->n_fields++], b->kind, "short_name", M_FIELD_SHORT_NAME, false);
    if (kind == PARTY_UNIT)
        text_field(&b->field[b->n_fields++], b->kind, "category", M_FIELD_CATEGORY, false);
    return true;
}

static bool roster_read(struct req *rq, struct roster_page *v, struct err *err)
{
    v->n_blocks = 2;
    return block_read(rq, PARTY_UNIT, M_ROSTER_UNITS, M_ROSTER_ADD_UNIT, &v->block[0], err) &&
           block_read(rq, PARTY_LEADER, M_ROSTER_LEADERS, M_ROSTER_ADD_LEADER, &v->block[1], err);
}

static void roster_show(struct req *rq, struct roster_page *v, int status)
{
    face_frame(rq, &v->frame, "/units", FACE_SAY(rq, M_ROSTER_HEADING));
    struct html out = req_page(rq);
    html_roster(&out, v);
    req_html(rq, status, &out);
}

static void units_get(struct req *rq)
{
    struct roster_page *v = arena_new(rq->arena, struct roster_page);
    struct err err;
    if (roster_read(rq, v, &err))
        roster_show(rq, v, 200);
    else
        req_fail(rq, &err);
}

static bool keeper(struct txn *t, struct err *err)
{
    struct actor actor;
    return web_actor(t, &actor, err) && (actor_is(&actor, ROLE_KEEPERS) || err_fail(err, ERR_DENIED, M_ROSTER_ONLY_KEEPERS, NULL));
}

/* --- adding ------------------------------------------------------------------------------------------------------------------------ */

struct add_write { enum party_kind kind; struct str name, short_name, category; };

static bool add_fn(struct txn *t, void *args, struct err *err)
{
    const struct add_write *w = args;
    int64_t id;
    return keeper(t, err) && party_add(t, w->kind, w->name, w->short_name, w->category, 0, &id, err);
}

static void add_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct add_write *w = args;
    struct roster_page *v = arena_new(rq->arena, struct roster_page);
    struct err failed;
    if (ok) {
        req_redirect(rq, "/units");
    } else if (!roster_read(rq, v, &failed)) {
        req_fail(rq, &failed);
    } else {
        struct party_block *b = &v->block[w->kind == PARTY_LEADER];
        for (size_t i = 0; i < b->n_fields; i++)
            face_typed(rq, &b->field[i]);
        b->why = face_sentence(rq, err);
        roster_show(rq, v, err_http(err));
    }
}

static struct str or_empty(struct str s) { return s.p ? s : STR(""); }

static void units_post(struct req *rq)
{
    struct add_write *w = arena_new(rq->arena, struct add_write);
    *w = (struct add_write){ .kind = str_eqc(req_form(rq, "kind"), "leader") ? PARTY_LEADER : PARTY_UNIT, .name = or_empty(req_form(rq, "name")),
                             .short_name = or_empty(req_form(rq, "short_name")), .category = or_empty(req_form(rq, "category")) };
    web_write(rq, add_fn, w, add_answer);
}

/* --- one party ------------------------------------------------------------------------------------------------------------------------ */

static bool find(struct db *db, struct arena *a, int64_t office_id, struct str id_text, struct party *ret, struct err *err)
{
    int64_t id;
    bool found;
    if (!num_range(id_text, 1, INT64_MAX, &id) || !party_by_id(db, a, office_id, id, ret, &found, err))
        return err_fail(err, ERR_NOT_FOUND, M_ROSTER_NO_PARTY, NULL);
    return (found && (ret->kind == PARTY_UNIT || ret->kind == PARTY_LEADER)) || err_fail(err, ERR_NOT_FOUND, M_ROSTER_NO_PARTY, NULL);
}

/* Its place in the official order, from 1, and of how many. */
static bool place_of(struct db *db, struct arena *a, int64_t office_id, const struct party *p, int64_t *place, struct err *err)
{
    struct party *all;
    size_t n;
    if (!party_list(db, a, office_id, p->kind, true, &all, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (all[i].id == p->id)
            *place = (int64_t)i + 1;
    return true;
}

static bool party_read(struct req *rq, struct party_page *v, struct err *err)
{
    int64_t place = 0;
    if (!find(rq->db, rq->arena, rq->actor->office_id, rq->args[0], &v->p, err) ||
        !place_of(rq->db, rq->arena, rq->actor->office_id, &v->p, &place, err))
        return false;
    v->action = arena_printf(rq->arena, "/units/%lld", (long long)v->p.id);
    text_field(&v->field[0], "p", "name", M_FIELD_NAME, true);
    text_field(&v->field[1], "p", "short_name", M_FIELD_SHORT_NAME, false);
    text_field(&v->field[2], "p", "category", M_FIELD_CATEGORY, false);
    text_field(&v->field[3], "p", "place", M_ROSTER_PLACE, false);
    v->n_fields = 4;
    v->field[0].value = v->p.name;
    v->field[1].value = v->p.short_name;
    v->field[2].value = v->p.category;
    v->field[3].value = arena_printf(rq->arena, "%lld", (long long)place);
    v->field[3].type = "number";
    return true;
}

static void party_show(struct req *rq, struct party_page *v, int status)
{
    face_frame(rq, &v->frame, "/units", v->p.name);
    struct html out = req_page(rq);
    html_party(&out, v);
    req_html(rq, status, &out);
}

static void party_get(struct req *rq)
{
    struct party_page *v = arena_new(rq->arena, struct party_page);
    struct err err;
    if (party_read(rq, v, &err))
        party_show(rq, v, 200);
    else
        req_fail(rq, &err);
}

struct change_write { struct str id, name, short_name, category; int64_t place; int step, active; };

static bool change_fn(struct txn *t, void *args, struct err *err)
{
    const struct change_write *w = args;
    struct party p;
    int64_t place = 0;
    if (!keeper(t, err) || !find(t->db, t->arena, t->office_id, w->id, &p, err) || !place_of(t->db, t->arena, t->office_id, &p, &place, err))
        return false;
    int64_t to = w->step ? place + w->step : w->place == place ? 0 : w->place;
    if (w->step && to < 1)
        return true;
    return party_change(t, p.id, w->name, w->short_name, w->category, to, w->active, err);
}

static void change_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct change_write *w = args;
    struct party_page *v = arena_new(rq->arena, struct party_page);
    struct err failed;
    if (ok) {
        req_redirect(rq, "/units%s%.*s", w->step ? "#p" : "", w->step ? (int)w->id.n : 0, w->id.p);
    } else if (!party_read(rq, v, &failed)) {
        req_fail(rq, &failed);
    } else {
        for (size_t i = 0; i < v->n_fields && !w->step; i++)
            face_typed(rq, &v->field[i]);
        face_problems(rq, v->field, v->n_fields, NULL, err);
        v->why = face_unplaced(rq, v->field, v->n_fields, NULL, err);
        party_show(rq, v, err_http(err));
    }
}

static void party_post(struct req *rq)
{
    struct change_write *w = arena_new(rq->arena, struct change_write);
    struct str active = req_form(rq, "active");
    *w = (struct change_write){ .id = rq->args[0], .name = req_form(rq, "name"), .short_name = req_form(rq, "short_name"),
                                .category = req_form(rq, "category"), .active = active.n ? str_eqc(active, "1") : -1 };
    num_range(req_form(rq, "place"), 1, 100000, &w->place);
    web_write(rq, change_fn, w, change_answer);
}

static void party_move(struct req *rq)
{
    struct change_write *w = arena_new(rq->arena, struct change_write);
    *w = (struct change_write){ .id = rq->args[0], .step = str_eqc(req_form(rq, "to"), "up") ? -1 : 1, .active = -1 };
    web_write(rq, change_fn, w, change_answer);
}

static const struct route routes[] = {
    { "GET", "/units", units_get, ROLE_SECTION | ROLE_ADMIN, 0, false },
    { "POST", "/units", units_post, ROLE_KEEPERS, 0, false },
    { "GET", "/units/{id}", party_get, ROLE_KEEPERS, 0, false },
    { "POST", "/units/{id}", party_post, ROLE_KEEPERS, 0, false },
    { "POST", "/units/{id}/move", party_move, ROLE_KEEPERS, 0, false },
};

const struct slice roster_slice = { .name = "roster", .routes = routes, .n_routes = ARRAY_LEN(routes) };
