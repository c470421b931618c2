/* GET /paste: the box. POST /paste: the proposal, nothing stored. POST /paste/accept: all ticked matters in one write. GET /paste/NUMBERS is what came of it. */
#include <string.h>

#include "base/num.h"
#include "messages.h"
#include "office/entry/entry_rules.h"
#include "office/paste/view.h"
#include "paste_html.h"
#include "people/party.h"
#include "people/member.h"

static void show(struct req *rq, struct paste_page *v, int status)
{
    face_frame(rq, &v->frame, "/", FACE_SAY(rq, M_PASTE_TITLE));
    struct html out = req_page(rq);
    html_paste_page(&out, v);
    req_html(rq, status, &out);
}

static void show_box(struct req *rq, struct str text, const struct err *why)
{
    struct paste_page v = { .text = text.p ? text : STR(""), .why = face_sentence(rq, why) };
    show(rq, &v, why ? err_http(why) : 200);
}

static void box_get(struct req *rq) { show_box(rq, req_query(rq, "text"), NULL); }

/* --- the proposal ----------------------------------------------------------------------------------------------------------------- */

static bool names(struct req *rq, struct view_names *ret, struct err *err)
{
    static const enum party_kind KINDS[] = { PARTY_UNIT, PARTY_LEADER };
    *ret = (struct view_names){ 0 };
    for (int k = 0; k < 2; k++) {
        struct party *p;
        size_t n;
        if (!party_list(rq->db, rq->arena, rq->actor->office_id, KINDS[k], false, &p, &n, err))
            return false;
        struct choice *c = arena_array(rq->arena, struct choice, n + 1);
        size_t at = 0;
        if (k == 0)
            c[at++] = (struct choice){ STR("本科室"), STR("本科室"), false };
        for (size_t i = 0; i < n; i++)
            c[at++] = (struct choice){ p[i].name, p[i].name, false };
        *(k ? &ret->leaders : &ret->units) = c;
        *(k ? &ret->n_leaders : &ret->n_units) = at;
    }
    return true;
}

static struct str new_nonce(struct req *rq)
{
    uint8_t bytes[18];
    struct buf b = BUF_INIT;
    random_fill(store_random(rq->store), bytes, sizeof bytes);
    buf_base64url(&b, bytes, sizeof bytes);
    struct str s = arena_str(rq->arena, buf_view(&b));
    buf_release(&b);
    return s;
}

/* `typed` lies over what was read, when the form comes back with something to mend. */
static bool page_fill(struct req *rq, struct str text, struct proposal *p, struct said *typed, struct paste_page *v, struct err *err)
{
    struct view_names list;
    const struct deadline_ask ask = { .work = face_workdays(rq), .at = rq->now, .hours = DEADLINE_HOURS };
    if (!names(rq, &list, err))
        return false;
    v->text = text;
    v->asked = true;
    v->cut = p->cut || p->n > PASTE_MATTERS;
    p->n = p->n > PASTE_MATTERS ? PASTE_MATTERS : p->n;
    v->n_matters = p->n;
    v->n = (int64_t)p->n;
    v->several = p->n > 1;
    v->units = list.units;
    v->n_units = list.n_units;
    v->count = FACE_SAY(rq, M_PASTE_COUNT, A_INT(p->n));
    v->none = p->n ? STR("") : FACE_SAY(rq, M_PASTE_NOTHING);
    v->may_title = p->n == 0 && paste_bare_title(rq->arena, text, &(struct proposal){ .n_contacts = p->n_contacts });
    v->matter = arena_array(rq->arena, struct matter_view, p->n + 1);
    v->ready = p->n > 0;
    for (size_t k = 0; k < p->n; k++) {
        struct said s;
        struct matter_view *m = &v->matter[k];
        said_of(rq->arena, &p->matter[k], &s);
        if (!paste_limit(rq->db, rq->arena, rq->actor->office_id, face_workdays(rq), rq->now, text, &p->matter[k], &s, err))
            return false;
        view_matter(rq, &list, &ask, k, &p->matter[k], typed ? &typed[k] : &s, text, m);
        m->open = m->open || !v->several;
        if (!paste_twins(rq->db, rq->arena, rq->actor, rq->today, s.v[PART_NUMBER], s.v[PART_TITLE], m->twin, &m->n_twins, err))
            return false;
        m->ready = m->ready && m->n_twins == 0;
        v->ready = v->ready && m->ready;
    }
    v->piece = view_pieces(rq, p, text, &v->n_pieces);
    return true;
}

/* 作为标题登记: somebody has looked at the line that asks for nothing, and says that it is one. */
static bool as_title(struct req *rq, struct str text, struct proposal *p) { return req_form(rq, "as_title").n > 0 && paste_bare_title(rq->arena, text, p); }

static void propose_post(struct req *rq)
{
    struct paste_page *v = arena_new(rq->arena, struct paste_page);
    struct str text = req_form(rq, "text");
    struct proposal p;
    struct err err;
    text = text.p ? text : STR("");
    if (!paste_propose(rq->db, rq->arena, rq->actor, face_workdays(rq), rq->now, text, &p, &err)) {
        if (err.kind == ERR_INPUT)
            show_box(rq, text, &err);
        else
            req_fail(rq, &err);
        return;
    }
    v->nonce = new_nonce(rq);
    v->as_title = as_title(rq, text, &p);
    v->parent_title = p.title;
    if (page_fill(rq, text, &p, NULL, v, &err))
        show(rq, v, 200);
    else
        req_fail(rq, &err);
}

/* --- accepting -------------------------------------------------------------------------------------------------------------------- */

struct accept {
    struct order order;
    struct said typed[PASTE_MATTERS], ticked[PASTE_MATTERS];
    struct entry_input input[PASTE_MATTERS];
    bool on[PASTE_MATTERS], parent, as_title;
    size_t of[PASTE_MATTERS];                    /* the ticked one's place on the page */
    size_t n;
    struct str text, parent_title;
    struct proposal p;
};

static struct str typed(struct req *rq, size_t k, const char *field)
{
    struct str s = req_form(rq, arena_printf(rq->arena, "m%zu_%s", k, field).p);
    return s.p ? s : STR("");
}

static void take(struct req *rq, struct accept *x)
{
    int64_t n;
    struct str count = req_form(rq, "n");
    x->n = count.p && num_range(count, 0, PASTE_MATTERS, &n) ? (size_t)n : 0;
    x->parent = req_form(rq, "parent").n > 0 && x->n > 1;
    x->parent_title = req_form(rq, "parent_title").p ? req_form(rq, "parent_title") : STR("");
    for (size_t k = 0; k < x->n; k++) {
        struct said *s = &x->typed[k];
        for (int part = 0; part < PARTS; part++)
            s->v[part] = typed(rq, k, part_info[part].name);
        struct str other = typed(rq, k, "other");
        s->phrase = typed(rq, k, "phrase");
        s->v[PART_DEADLINE] = other.n ? other : s->v[PART_DEADLINE];
        x->on[k] = typed(rq, k, "on").n > 0;
        if (!x->on[k])
            continue;
        x->of[x->order.n] = k;
        x->ticked[x->order.n] = *s;
        said_input(rq->arena, s, &x->input[x->order.n++]);
    }
}

static bool accept_fn(struct txn *t, void *args, struct err *err)
{
    struct accept *x = args;
    struct actor actor;
    return web_actor(t, &actor, err) && paste_register(t, &actor, &x->order, err);
}

static const struct err *problem_of(const struct problems *p, const struct err *err, const char *field)
{
    for (int i = 0; i < p->n; i++)
        if (strcmp(p->err[i].field, field) == 0)
            return &p->err[i];
    return strcmp(err->field, field) == 0 ? err : NULL;
}

static bool place(struct req *rq, struct paste_field *f, size_t n, size_t k, const struct problems *p, const struct err *err)
{
    bool placed = false;
    for (size_t i = 0; i < n; i++)
        for (int part = 0; part < PARTS; part++) {
            struct str name = arena_printf(rq->arena, "m%zu_%s", k, part_info[part].name);
            const struct err *e = str_eq(f[i].name, name) ? problem_of(p, err, part_info[part].name) : NULL;
            if (e) {
                f[i].why = face_sentence(rq, e);
                placed = true;
            }
        }
    return placed;
}

static bool parent_untitled(const struct accept *x) { return x->parent && str_trim(x->parent_title).n == 0; }

/* The form once more, with what was typed and what was refused where it belongs. */
static void accept_again(struct req *rq, struct accept *x, const struct err *err)
{
    struct paste_page *v = arena_new(rq->arena, struct paste_page);
    struct err failed;
    if (!page_fill(rq, x->text, &x->p, x->typed, v, &failed)) {
        req_fail(rq, &failed);
        return;
    }
    v->nonce = x->order.nonce;
    v->ready = false;
    v->parent = x->parent;
    v->as_title = x->as_title;
    v->parent_title = x->parent_title;
    for (size_t k = 0; k < v->n_matters; k++)
        v->matter[k].on = x->on[k];
    size_t k = x->order.n ? x->of[x->order.at] : 0;
    struct matter_view *m = &v->matter[k];
    bool placed = false;
    if (k < v->n_matters) {
        placed = place(rq, m->field, m->n_main, k, &x->order.problems, err);
        m->more_open = place(rq, m->more, m->n_more, k, &x->order.problems, err);
        m->open = true;
        m->ready = false;
        placed = placed || m->more_open;
    }
    if (parent_untitled(x))
        v->why = face_sentence(rq, err);
    else if (!placed || v->several)
        v->why = v->several && x->order.n ? FACE_SAY(rq, M_PASTE_REFUSED_OF, A_INT(k + 1), A_STR(face_sentence(rq, err))) : face_sentence(rq, err);
    show(rq, v, err_http(err));
}

static void accept_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    struct accept *x = args;
    if (!ok && (err->kind == ERR_INPUT || err->kind == ERR_CONFLICT))
        accept_again(rq, x, err);
    else if (!ok)
        req_fail(rq, err);
    else if (x->order.n_numbers == 1)
        req_redirect(rq, "/entries/%.*s", STR_ARG(face_percent(rq, str_c(x->order.number[0]))));
    else
        req_redirect(rq, "/paste/%lld", (long long)x->order.paste_id);
    problems_release(&x->order.problems);
}

static void accept_post(struct req *rq)
{
    struct accept *x = arena_new(rq->arena, struct accept);
    struct err err;
    x->text = req_form(rq, "text").p ? req_form(rq, "text") : STR("");
    if (!paste_propose(rq->db, rq->arena, rq->actor, face_workdays(rq), rq->now, x->text, &x->p, &err)) {
        req_fail(rq, &err);
        return;
    }
    x->as_title = as_title(rq, x->text, &x->p);
    take(rq, x);
    if (x->n != (x->p.n > PASTE_MATTERS ? PASTE_MATTERS : x->p.n)) {         /* not a form of ours, or the office's names have changed since */
        err_fail(&err, ERR_CONFLICT, M_PASTE_CHANGED, NULL);
        req_fail(rq, &err);
        return;
    }
    struct str nonce = req_form(rq, "nonce");
    x->order.nonce = nonce.n >= 16 && nonce.n <= 64 ? nonce : STR_NULL;
    if (!x->order.nonce.p) {
        err_fail(&err, ERR_INPUT, M_PASTE_CHANGED, NULL);
        req_fail(rq, &err);
        return;
    }
    if (parent_untitled(x)) {
        err_fail(&err, ERR_INPUT, M_PASTE_PARENT_ASK, NULL);
        accept_again(rq, x, &err);
        return;
    }
    x->order.text = paste_kept(rq->arena, x->text, &x->p);
    x->order.said = x->ticked;
    x->order.input = x->input;
    x->order.parent_title = x->parent ? x->parent_title : STR_NULL;
    web_write(rq, accept_fn, x, accept_answer);
}

/* --- what came of it ---------------------------------------------------------------------------------------------------------------- */

static void done_get(struct req *rq)
{
    struct done_page v = { 0 };
    struct paste_numbers_row *rows;
    struct entry_line line;
    struct lights l = face_lights(rq);
    struct err err;
    size_t n;
    int64_t id;
    if (!num_range(rq->args[0], 1, INT64_MAX, &id)) {
        err_fail(&err, ERR_NOT_FOUND, M_PASTE_UNKNOWN, NULL);
        req_fail(rq, &err);
        return;
    }
    if (!q_paste_numbers(rq->db, rq->arena, &(struct paste_numbers_in){ rq->actor->office_id, id }, &rows, &n, &err)) {
        req_fail(rq, &err);
        return;
    }
    v.line = arena_array(rq->arena, struct line_view, n + 1);
    for (size_t i = 0; i < n; i++)
        if (entry_line_of(rq->db, rq->arena, rq->actor, rows[i].number, &line, &err))
            face_line(rq, &l, &line, &v.line[v.n_lines++]);
        else if (err.kind != ERR_NOT_FOUND) {
            req_fail(rq, &err);
            return;
        }
    if (v.n_lines == 0) {                        /* of which nothing may be seen is as what is not there */
        err_fail(&err, ERR_NOT_FOUND, M_PASTE_UNKNOWN, NULL);
        req_fail(rq, &err);
        return;
    }
    v.count = FACE_SAY(rq, M_PASTE_COUNT, A_INT(v.n_lines));
    face_frame(rq, &v.frame, "/", FACE_SAY(rq, M_PASTE_DONE));
    struct html out = req_page(rq);
    html_paste_done(&out, &v);
    req_html(rq, 200, &out);
}

bool paste_block(struct req *rq, const struct entry *e, struct html *out, struct err *err)
{
    struct paste_of_entry_row row;
    struct paste_origin v;
    bool found;
    if (!(rules_sides(rq->actor, e) & SIDE_SECTION))     /* the whole paper may speak of others' matters */
        return true;
    if (!q_paste_of_entry(rq->db, rq->arena, &(struct paste_of_entry_in){ e->office_id, e->id }, &row, &found, err))
        return false;
    if (!found)
        return true;
    v = (struct paste_origin){ .text = row.text, .at = face_instant(rq, row.at), .document = row.document_number };
    if (!member_name(rq->db, rq->arena, e->office_id, row.created_by, &v.who, err))
        return false;
    html_paste_origin(out, &v);
    return true;
}

enum { FORM_MAX = 4 << 20 };

const struct route paste_routes[PASTE_ROUTES] = {
    { "GET", "/paste", box_get, ROLE_SECTION, 0, false },
    { "POST", "/paste", propose_post, ROLE_SECTION, FORM_MAX, false },
    { "POST", "/paste/accept", accept_post, ROLE_SECTION, FORM_MAX, false },
    { "GET", "/paste/{id}", done_get, ROLE_SECTION, 0, false },
    { "POST", "/api/v1/paste", paste_api_post, ROLE_SECTION, 0, true, .takes = "PasteInput", .gives = "Proposal" },
};
