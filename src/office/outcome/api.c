/* POST /api/v1/outcomes, GET /api/v1/outcomes?entry=. */
#include "base/json.h"
#include "messages.h"
#include "office/outcome/inside.h"

struct add_order {
    struct str number, key, label;
    int64_t n;
    day_t day;
};

static bool do_add(struct txn *t, void *args, struct err *err)
{
    const struct add_order *o = args;
    struct actor actor;
    return web_actor(t, &actor, err) && outcome_add(t, &actor, o->number, o->key, o->n, o->label, o->day, err);
}

static void put_outcome(struct buf *b, const struct outcome *o)
{
    struct buf day _cleanup_(buf_release) = BUF_INIT;
    date_put_iso(&day, o->day);
    json_obj(b);
    json_put_int(b, "id", o->id);
    json_put_str(b, "day", buf_view(&day));
    json_put_str(b, "key", o->key);
    json_put_int(b, "n", o->n);
    json_put_str(b, "unit", str_c(o->unit));
    json_put_str(b, "label", o->label);
    json_obj_end(b);
}

/* All of the entry's, as an array. */
static void answer_all(struct req *rq, int status, struct str number)
{
    struct buf out _cleanup_(buf_release) = BUF_INIT;
    struct entry e;
    struct outcome *list;
    struct err err;
    size_t n;
    if (!entry_fetch(rq->db, rq->arena, rq->actor, number, &e, &err) || !outcome_of(rq->db, rq->arena, &e, &list, &n, &err))
        return req_fail(rq, &err);
    json_arr(&out);
    for (size_t i = 0; i < n; i++)
        put_outcome(&out, &list[i]);
    json_arr_end(&out);
    req_json(rq, status, &out);
}

static void get_outcomes(struct req *rq)
{
    struct str number = req_query(rq, "entry");
    answer_all(rq, 200, number.p ? number : STR(""));
}

static void added_api(struct req *rq, void *args, bool ok, const struct err *err)
{
    if (ok)
        answer_all(rq, 201, ((struct add_order *)args)->number);
    else
        req_fail(rq, err);
}

static bool read_day(struct str s, day_t *ret, struct err *err)
{
    instant_t at;
    bool has_time;
    *ret = DAY_NONE;
    return s.n == 0 || date_read(s, ret, &at, &has_time, err);
}

static void post_api(struct req *rq)
{
    struct add_order *o = arena_new(rq->arena, struct add_order);
    struct jvalue body;
    struct str day;
    struct err err;
    if (req_json_in(rq, &body, &err) && jget_text(&body, "entry", &o->number, &err) && jget_text(&body, "key", &o->key, &err) &&
        jget_text(&body, "label", &o->label, &err) && jget_text(&body, "day", &day, &err) && jget_int(&body, "n", 1, &o->n, &err) &&
        read_day(day, &o->day, &err)) {
        o->number = o->number.p ? o->number : STR("");
        web_write(rq, do_add, o, added_api);
    } else {
        req_fail(rq, &err);
    }
}

const struct route outcome_routes[OUTCOME_ROUTES] = {
    { "GET", "/api/v1/outcomes", get_outcomes, ROLE_ANY, .api = true },
    { "POST", "/api/v1/outcomes", post_api, ROLE_SECTION, .api = true },
};
