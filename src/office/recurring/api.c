/* /api/v1/recurring: templates, their next occurrences and what was made of them. */
#include "base/num.h"
#include "calendar/date_json.h"
#include "messages.h"
#include "office/recurring/inside.h"
#include "office/workcal/workcal.h"

static void put_coming(struct buf *b, const struct recurring *r, const struct workdays *w)
{
    struct occurrence o;
    json_key(b, "coming");
    json_arr(b);
    bool any = !r->paused && recurring_next(r, w, NULL, &o);
    for (int i = 0; any && i < RECURRING_AHEAD; i++, any = recurring_next(r, w, &o, &o)) {
        json_obj(b);
        json_put_day(b, "key", o.at.key);
        json_put_day(b, "day", o.at.day);
        json_put_instant(b, "due", o.at.due);
        json_put_day(b, "comes", o.comes);
        json_put_bool(b, "presumed", o.at.presumed);
        json_obj_end(b);
    }
    json_arr_end(b);
}

static bool put_made(struct req *rq, struct buf *b, int64_t id, struct err *err)
{
    struct recurring_made *m;
    size_t n;
    if (!recurring_made(rq->db, rq->arena, rq->actor, id, &m, &n, err))
        return false;
    json_key(b, "made");
    json_arr(b);
    for (size_t i = 0; i < n; i++) {
        json_obj(b);
        json_put_day(b, "key", m[i].key);
        json_put_str(b, "number", m[i].entry_id ? m[i].number : STR_NULL);
        json_put_bool(b, "late", m[i].late);
        json_put_int(b, "passed", m[i].passed);
        json_obj_end(b);
    }
    json_arr_end(b);
    return true;
}

static bool put_one(struct req *rq, struct buf *b, const struct recurring *r, bool whole, struct err *err)
{
    struct recurring_input n;
    const struct workdays *w;
    if (!recurring_names(rq->db, rq->arena, rq->actor, r, &n, err) || !workcal_get(rq->db, rq->arena, rq->actor->office_id, &w, err))
        return false;
    json_obj(b);
    json_put_int(b, "id", r->id);
    json_put_int(b, "version", r->version);
    json_put_str(b, "kind", r->kind);
    json_put_str(b, "title", r->title);
    json_put_str(b, "source", r->source);
    json_put_str(b, "requirement", r->requirement);
    json_put_str(b, "lead_unit", n.lead_unit);
    json_put_str(b, "assist_units", n.assist_units);
    json_put_str(b, "leader", n.leader);
    json_put_str(b, "officer", n.officer);
    json_put_str(b, "lists", n.lists);
    json_put_str(b, "urgency", r->urgency);
    json_put_str(b, "phrase", r->phrase);
    json_put_str(b, "rule", recurring_rule_text(rq->arena, &r->rule));
    json_put_str(b, "move", n.move);
    json_put_int(b, "lead_days", r->lead_days);
    json_put_day(b, "first_day", r->first_day);
    json_put_day(b, "last_day", r->last_day);
    json_put_bool(b, "paused", r->paused);
    put_coming(b, r, w);
    bool ok = !whole || put_made(rq, b, r->id, err);
    json_obj_end(b);
    return ok;
}

void recurring_a_list(struct req *rq)
{
    struct buf out _cleanup_(buf_release) = BUF_INIT;
    struct recurring *r;
    struct err err;
    size_t n;
    if (!recurring_list(rq->db, rq->arena, rq->actor, &r, &n, &err))
        return req_fail(rq, &err);
    json_arr(&out);
    for (size_t i = 0; i < n; i++)
        if (!put_one(rq, &out, &r[i], false, &err))
            return req_fail(rq, &err);
    json_arr_end(&out);
    req_json(rq, 200, &out);
}

static void answer_one(struct req *rq, int status, int64_t id)
{
    struct buf out _cleanup_(buf_release) = BUF_INIT;
    struct recurring r;
    struct err err;
    if (!recurring_get(rq->db, rq->arena, rq->actor, id, &r, &err) || !put_one(rq, &out, &r, true, &err))
        return req_fail(rq, &err);
    req_json(rq, status, &out);
}

static bool read_id(struct req *rq, int64_t *id, struct err *err)
{
    return num_range(rq->args[0], 1, INT64_MAX, id) || err_fail(err, ERR_NOT_FOUND, M_RECURRING_UNKNOWN, NULL, A_STR(rq->args[0]));
}

void recurring_a_one(struct req *rq)
{
    struct err err;
    int64_t id;
    if (read_id(rq, &id, &err))
        answer_one(rq, 200, id);
    else
        req_fail(rq, &err);
}

/* --- writing ---------------------------------------------------------------------------------------------------------------------------- */

struct order { int64_t id; bool is_new, pause; struct recurring_input in; struct recurring made; struct problems problems; };

static bool do_save(struct txn *t, void *args, struct err *err)
{
    struct order *o = args;
    struct actor actor;
    problems_release(&o->problems);
    return web_actor(t, &actor, err) && recurring_save(t, &actor, o->id, &o->in, &o->made, &o->problems, err);
}

static void saved(struct req *rq, void *args, bool ok, const struct err *err)
{
    struct order *o = args;
    if (ok)
        answer_one(rq, o->is_new ? 201 : 200, o->made.id);
    else if (o->problems.n)
        req_fail_all(rq, &o->problems);
    else
        req_fail(rq, err);
    problems_release(&o->problems);
}

void recurring_a_post(struct req *rq)
{
    static const char NAMES[] = "kind title source requirement lead_unit assist_units leader officer lists urgency phrase move first_day last_day lead_days version";
    struct order *o = arena_new(rq->arena, struct order);
    struct recurring_input *in = &o->in;
    struct { const char *name; struct str *to; } text[] = {
        { "kind", &in->kind }, { "title", &in->title }, { "source", &in->source }, { "requirement", &in->requirement }, { "lead_unit", &in->lead_unit },
        { "assist_units", &in->assist_units }, { "leader", &in->leader }, { "officer", &in->officer }, { "lists", &in->lists }, { "urgency", &in->urgency },
        { "phrase", &in->phrase }, { "move", &in->move }, { "first_day", &in->first_day }, { "last_day", &in->last_day },
    };
    struct jvalue body;
    struct err err;
    int64_t n;
    o->is_new = rq->args[0].n == 0;
    bool ok = (o->is_new || read_id(rq, &o->id, &err)) && req_json_in(rq, &body, &err) && jonly(&body, NAMES, &err);
    for (size_t i = 0; ok && i < ARRAY_LEN(text); i++)
        ok = jget_text(&body, text[i].name, text[i].to, &err);
    if (ok && jget(&body, "lead_days") && (ok = jget_int(&body, "lead_days", 0, &n, &err)))
        in->lead_days = arena_printf(rq->arena, "%lld", (long long)n);
    if (ok && jget(&body, "version") && (ok = jget_int(&body, "version", 0, &n, &err)))
        in->version = arena_printf(rq->arena, "%lld", (long long)n);
    if (ok)
        web_write(rq, do_save, o, saved);
    else
        req_fail(rq, &err);
}

static bool do_pause(struct txn *t, void *args, struct err *err)
{
    struct order *o = args;
    struct actor actor;
    o->made.id = o->id;
    return web_actor(t, &actor, err) && recurring_pause(t, &actor, o->id, o->pause, err);
}

void recurring_a_pause(struct req *rq)
{
    struct order *o = arena_new(rq->arena, struct order);
    struct err err;
    o->pause = str_eqc(rq->args[1], "pause");
    if (!o->pause && !str_eqc(rq->args[1], "resume"))
        err_fail(&err, ERR_NOT_FOUND, M_RECURRING_UNKNOWN, NULL, A_STR(rq->args[1]));
    else if (read_id(rq, &o->id, &err))
        return web_write(rq, do_pause, o, saved);
    req_fail(rq, &err);
}
