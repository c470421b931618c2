/* /api/v1/handovers: list, preview (dry_run), do, one with its entries, return. */
#include "base/json.h"
#include "base/num.h"
#include "messages.h"
#include "office/handover/inside.h"

const struct schema handover_schemas[HANDOVER_SCHEMAS] = {
    { "Handover", "id:int! from:text! from_name:text! to:text! to_name:text! by:text! at:instant! reason:text! entries:int! reverses:int?! reversed_by:int?!" },
    { "NewHandover", "from:text! to:text! unit:text list:text reason:text expect:int dry_run:bool" },
    { "HandoverSheet", "handover:Handover! may_return:bool! entries:[object]!" },
};

void handover_put_json(struct buf *b, const struct handover *h)
{
    struct buf at _cleanup_(buf_release) = BUF_INIT;
    instant_put(&at, h->at);
    json_obj(b);
    json_put_int(b, "id", h->id);
    json_put_str(b, "from", h->from_login);
    json_put_str(b, "from_name", h->from);
    json_put_str(b, "to", h->to_login);
    json_put_str(b, "to_name", h->to);
    json_put_str(b, "by", h->by);
    json_put_str(b, "at", buf_view(&at));
    json_put_str(b, "reason", h->reason);
    json_put_int(b, "entries", h->n);
    json_key(b, "reverses");
    h->reverses ? json_int(b, h->reverses) : json_null(b);
    json_key(b, "reversed_by");
    h->reversed_by ? json_int(b, h->reversed_by) : json_null(b);
    json_obj_end(b);
}

static void put_lines(struct buf *b, const struct handover_line *l, size_t n)
{
    json_key(b, "entries");
    json_arr(b);
    for (size_t i = 0; i < n; i++) {
        struct buf due _cleanup_(buf_release) = BUF_INIT;
        if (l[i].due != INSTANT_NONE)
            instant_put(&due, l[i].due);
        json_obj(b);
        json_put_str(b, "number", l[i].number);
        json_put_str(b, "title", l[i].title);
        json_put_str(b, "state", entry_state_code(l[i].state));
        json_put_str(b, "due", due.n ? buf_view(&due) : STR_NULL);
        json_put_str(b, "lead_unit", l[i].lead);
        json_obj_end(b);
    }
    json_arr_end(b);
}

void handover_put_plan(struct buf *b, const struct handover_plan *p, instant_t now, instant_t near)
{
    struct handover_count c;
    handover_count(p->line, p->n, now, near, &c);
    json_obj(b);
    json_put_str(b, "from", p->from.login);
    json_put_str(b, "to", p->to.login);
    json_put_int(b, "count", c.n);
    json_put_int(b, "overdue", c.overdue);
    json_put_int(b, "near", c.near);
    json_key(b, "states");
    json_obj(b);
    for (int s = 0; s < STATES; s++)
        if (c.state[s])
            json_put_int(b, entry_state_code((enum entry_state)s).p, c.state[s]);
    json_obj_end(b);
    put_lines(b, p->line, p->n);
    json_obj_end(b);
}

void handovers_api(struct req *rq)
{
    struct buf out = BUF_INIT;
    struct handover *h;
    struct err err;
    size_t n;
    if (!handover_list(rq->db, rq->arena, rq->actor, &h, &n, &err)) {
        req_fail(rq, &err);
        return;
    }
    json_arr(&out);
    for (size_t i = 0; i < n; i++)
        handover_put_json(&out, &h[i]);
    json_arr_end(&out);
    req_json(rq, 200, &out);
}

static void answer(struct req *rq, int status, int64_t id)
{
    struct buf out = BUF_INIT;
    struct handover h;
    struct handover_line *l;
    struct err err;
    size_t n;
    if (!handover_fetch(rq->db, rq->arena, rq->actor, id, &h, &l, &n, &err)) {
        req_fail(rq, &err);
        return;
    }
    json_obj(&out);
    json_key(&out, "handover");
    handover_put_json(&out, &h);
    json_put_bool(&out, "may_return", h.untouched && handover_may_return(rq->actor, &h));
    put_lines(&out, l, n);
    json_obj_end(&out);
    req_json(rq, status, &out);
}

static int64_t id_of(struct req *rq)
{
    int64_t id = 0;
    num_range(rq->args[0], 1, INT64_MAX, &id);
    return id;
}

void handover_api(struct req *rq) { answer(rq, 200, id_of(rq)); }

struct api_handing { struct handover_ask ask; int64_t id, new_id; bool back; };

static bool call_fn(struct txn *t, void *args, struct err *err)
{
    struct api_handing *k = args;
    struct actor actor;
    return web_actor(t, &actor, err) &&
           (k->back ? handover_return(t, &actor, k->id, &k->new_id, err) : handover_do(t, &actor, &k->ask, &k->new_id, err));
}

static void called(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct api_handing *k = args;
    if (ok)
        answer(rq, k->back ? 200 : 201, k->new_id);
    else
        req_fail(rq, err);
}

static void dry(struct req *rq, const struct handover_ask *ask)
{
    struct lights l = face_lights(rq);
    struct handover_plan p;
    struct err err;
    struct buf out = BUF_INIT;
    if (!handover_plan(rq->db, rq->arena, rq->actor, rq->now, ask, &p, &err)) {
        req_fail(rq, &err);
        return;
    }
    handover_put_plan(&out, &p, rq->now, face_near(&l, rq->today));
    req_json(rq, 200, &out);
}

void handovers_api_post(struct req *rq)
{
    struct api_handing *k = arena_new(rq->arena, struct api_handing);
    struct handover_ask *a = &k->ask;
    struct jvalue body;
    struct err err;
    int64_t expect = -1;
    bool dry_run = false;
    if (!req_json_in(rq, &body, &err) || !jonly(&body, "from to unit list reason expect dry_run", &err) || !jget_text(&body, "from", &a->from, &err) ||
        !jget_text(&body, "to", &a->to, &err) || !jget_text(&body, "unit", &a->unit, &err) || !jget_text(&body, "list", &a->list, &err) ||
        !jget_text(&body, "reason", &a->reason, &err) || !jget_int(&body, "expect", -1, &expect, &err) ||
        !jget_bool(&body, "dry_run", &dry_run, &err)) {
        req_fail(rq, &err);
        return;
    }
    if (expect >= 0)
        a->expect = arena_printf(rq->arena, "%lld", (long long)expect);
    if (dry_run)
        dry(rq, a);
    else
        web_write(rq, call_fn, k, called);
}

void handover_api_return(struct req *rq)
{
    struct api_handing *k = arena_new(rq->arena, struct api_handing);
    k->id = id_of(rq);
    k->back = true;
    web_write(rq, call_fn, k, called);
}
