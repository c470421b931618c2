/* GET and POST /api/v1/deputies, POST /api/v1/deputies/{id}/end. */
#include "base/num.h"
#include "calendar/date_json.h"
#include "office/deputy/inside.h"

const struct schema deputy_schemas[DEPUTY_SCHEMAS] = {
    { "Deputy", "id:int! absent:text! absent_name:text! deputy:text! deputy_name:text! from:day! to:day! scope:all|own! state:current|future|over! "
                "note:text! ended_at:instant?!" },
    { "NewDeputy", "absent:text deputy:text! from:day to:day! scope:all|own note:text" },
};

void deputy_put_json(struct buf *b, const struct deputy *d)
{
    static const char *const STATE[DEPUTY_STATES] = { "current", "future", "over" };
    struct buf ended _cleanup_(buf_release) = BUF_INIT;
    if (d->ended_at != INSTANT_NONE)
        instant_put(&ended, d->ended_at);
    json_obj(b);
    json_put_int(b, "id", d->id);
    json_put_str(b, "absent", d->for_login);
    json_put_str(b, "absent_name", d->for_name);
    json_put_str(b, "deputy", d->login);
    json_put_str(b, "deputy_name", d->name);
    json_put_day(b, "from", d->from);
    json_put_day(b, "to", d->to);
    json_put_str(b, "scope", d->own ? STR("own") : STR("all"));
    json_put_str(b, "state", str_c(STATE[d->state]));
    json_put_str(b, "note", d->note);
    json_put_str(b, "ended_at", ended.n ? buf_view(&ended) : STR_NULL);
    json_obj_end(b);
}

void deputies_api(struct req *rq)
{
    struct buf out = BUF_INIT;
    struct deputy *d;
    struct err err;
    size_t n;
    if (!deputy_list(rq->db, rq->arena, rq->actor, rq->today, &d, &n, &err)) {
        req_fail(rq, &err);
        return;
    }
    json_arr(&out);
    for (size_t i = 0; i < n; i++)
        deputy_put_json(&out, &d[i]);
    json_arr_end(&out);
    req_json(rq, 200, &out);
}

struct deputy_call { struct deputy_draft draft; int64_t id; bool end; };

static bool call_fn(struct txn *t, void *args, struct err *err)
{
    struct deputy_call *k = args;
    struct actor actor;
    return web_actor(t, &actor, err) && (k->end ? deputy_end(t, &actor, k->id, err) : deputy_add(t, &actor, &k->draft, &k->id, err));
}

static void called(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct deputy_call *k = args;
    struct buf out = BUF_INIT;
    struct deputy d;
    struct err failed;
    if (!ok) {
        req_fail(rq, err);
    } else if (!deputy_fetch(rq->db, rq->arena, rq->actor, rq->today, k->id, &d, &failed)) {
        req_fail(rq, &failed);
    } else {
        deputy_put_json(&out, &d);
        req_json(rq, k->end ? 200 : 201, &out);
    }
}

void deputies_api_post(struct req *rq)
{
    struct deputy_call *k = arena_new(rq->arena, struct deputy_call);
    struct deputy_draft *d = &k->draft;
    struct jvalue body;
    struct err err;
    if (req_json_in(rq, &body, &err) && jonly(&body, "absent deputy from to scope note", &err) && jget_text(&body, "absent", &d->absent, &err) &&
        jget_text(&body, "deputy", &d->deputy, &err) && jget_text(&body, "from", &d->from, &err) && jget_text(&body, "to", &d->to, &err) &&
        jget_text(&body, "scope", &d->scope, &err) && jget_text(&body, "note", &d->note, &err))
        web_write(rq, call_fn, k, called);
    else
        req_fail(rq, &err);
}

void deputy_api_end(struct req *rq)
{
    struct deputy_call *k = arena_new(rq->arena, struct deputy_call);
    k->end = true;
    num_range(rq->args[0], 1, INT64_MAX, &k->id);
    web_write(rq, call_fn, k, called);
}
