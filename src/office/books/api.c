/* /api/v1/books/overviews… and /api/v1/indicators…. Units and indicators are named by number or name. */
#include "base/num.h"
#include "calendar/date_json.h"
#include "messages.h"
#include "office/books/inside.h"
#include "web/web.h"

enum { EDITS_MAX = 2000 };

static void put_version(struct buf *b, const struct overview *o, bool with_text)
{
    json_obj(b);
    json_put_int(b, "unit_id", o->unit_id);
    json_put_str(b, "unit", o->unit);
    json_put_int(b, "version", o->n);
    json_put_instant(b, "at", o->at);
    json_put_str(b, "who", o->who.p ? o->who : STR(""));
    json_put_str(b, "why", o->why.p ? o->why : STR(""));
    json_put_int(b, "restored", o->restored);
    json_put_int(b, "chars", o->chars);
    if (with_text)
        json_put_str(b, "text", o->body.p ? o->body : STR(""));
    json_obj_end(b);
}

/* --- overviews ----------------------------------------------------------------------------------------------------------------------------- */

void books_overviews_get(struct req *rq)
{
    struct buf out _cleanup_(buf_release) = BUF_INIT;
    struct overview_line *l;
    struct str q = req_query(rq, "q");
    struct err err;
    size_t n;
    if (!overview_lines(rq->db, rq->arena, rq->actor, q.p ? q : STR(""), rq->today - 183, &l, &n, &err))
        return req_fail(rq, &err);
    json_arr(&out);
    for (size_t i = 0; i < n; i++)
        put_version(&out, &l[i].newest, false);
    json_arr_end(&out);
    req_json(rq, 200, &out);
}

static bool read_asked(struct req *rq, int64_t *n, day_t *on, struct err *err)
{
    struct str version = req_query(rq, "version"), day = req_query(rq, "on");
    *n = 0;
    *on = DAY_NONE;
    if (version.n && !num_range(version, 1, INT32_MAX, n))
        return err_fail(err, ERR_NOT_FOUND, M_BOOKS_NO_VERSION, "version", A_STR(rq->args[0]), A_STR(version));
    return day.n == 0 || date_read_iso(day, on, err);
}

static void answer_overview(struct req *rq, int status, int64_t n, day_t on)
{
    struct buf out _cleanup_(buf_release) = BUF_INIT;
    struct party unit;
    struct overview o;
    struct err err;
    if (!books_unit(rq->db, rq->arena, rq->actor, rq->args[0], &unit, &err) || !overview_get(rq->db, rq->arena, rq->actor, unit.id, n, on, &o, &err))
        return req_fail(rq, &err);
    put_version(&out, &o, true);
    req_json(rq, status, &out);
}

void books_overview_api_get(struct req *rq)
{
    struct err err;
    int64_t n;
    day_t on;
    if (read_asked(rq, &n, &on, &err))
        answer_overview(rq, 200, n, on);
    else
        req_fail(rq, &err);
}

void books_versions_get(struct req *rq)
{
    struct buf out _cleanup_(buf_release) = BUF_INIT;
    struct party unit;
    struct overview *o;
    struct err err;
    size_t n;
    if (!books_unit(rq->db, rq->arena, rq->actor, rq->args[0], &unit, &err) || !overview_versions(rq->db, rq->arena, rq->actor, unit.id, &o, &n, &err))
        return req_fail(rq, &err);
    json_arr(&out);
    for (size_t i = 0; i < n; i++)
        put_version(&out, &o[i], false);
    json_arr_end(&out);
    req_json(rq, 200, &out);
}

struct save_order { struct str unit, text, why; int64_t base, old, n; };

static bool do_save(struct txn *t, void *args, struct err *err)
{
    struct save_order *o = args;
    struct actor actor;
    struct party unit;
    if (!web_actor(t, &actor, err) || !books_unit(t->db, t->arena, &actor, o->unit, &unit, err))
        return false;
    return o->old ? overview_restore(t, &actor, unit.id, o->base, o->old, o->why, &o->n, err)
                  : overview_save(t, &actor, unit.id, o->base, o->text, o->why, &o->n, err);
}

static void saved_api(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct save_order *o = args;
    if (ok)
        answer_overview(rq, 201, o->n, DAY_NONE);
    else
        req_fail(rq, err);
}

void books_overview_api_post(struct req *rq)
{
    struct save_order *o = arena_new(rq->arena, struct save_order);
    struct jvalue body;
    struct err err;
    o->unit = rq->args[0];
    if (req_json_in(rq, &body, &err) && jonly(&body, "text why version restore", &err) && jget_text(&body, "text", &o->text, &err) &&
        jget_text(&body, "why", &o->why, &err) && jget_int(&body, "version", 0, &o->base, &err) && jget_int(&body, "restore", 0, &o->old, &err))
        web_write(rq, do_save, o, saved_api);
    else
        req_fail(rq, &err);
}

/* --- indicators -------------------------------------------------------------------------------------------------------------------------------- */

static void put_indicator(struct buf *b, const struct indicator *i)
{
    json_obj(b);
    json_put_int(b, "id", i->id);
    json_put_str(b, "name", i->name);
    json_put_str(b, "measure", i->measure);
    json_put_str(b, "every", books_every_code(i->every));
    json_put_str(b, "source", i->source);
    json_put_int(b, "decimals", i->decimals);
    json_put_bool(b, "cumulative", i->cumulative);
    json_put_int(b, "place", i->ord);
    json_put_bool(b, "active", i->active);
    json_obj_end(b);
}

void books_indicators_get(struct req *rq)
{
    struct buf out _cleanup_(buf_release) = BUF_INIT;
    struct indicator *i;
    struct err err;
    size_t n;
    if (!indicator_list(rq->db, rq->arena, rq->actor, &i, &n, &err))
        return req_fail(rq, &err);
    json_arr(&out);
    for (size_t k = 0; k < n; k++)
        put_indicator(&out, &i[k]);
    json_arr_end(&out);
    req_json(rq, 200, &out);
}

struct indicator_order { struct str which; struct indicator_input in; int64_t id; };

static bool do_indicator(struct txn *t, void *args, struct err *err)
{
    struct indicator_order *o = args;
    struct actor actor;
    struct indicator i = { 0 };
    return web_actor(t, &actor, err) && (o->which.n == 0 || indicator_find(t->db, t->arena, &actor, o->which, &i, err)) &&
           indicator_save(t, &actor, i.id, &o->in, &o->id, err);
}

static void indicator_saved(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct indicator_order *o = args;
    struct buf out _cleanup_(buf_release) = BUF_INIT;
    struct indicator i;
    struct err failed;
    if (!ok)
        return req_fail(rq, err);
    if (!indicator_get(rq->db, rq->arena, rq->actor, o->id, &i, &failed))
        return req_fail(rq, &failed);
    put_indicator(&out, &i);
    req_json(rq, o->which.n ? 200 : 201, &out);
}

static bool flag_text(const struct jvalue *body, const char *name, struct str *ret, struct err *err)
{
    bool b;
    if (!jget(body, name))
        return true;
    if (!jget_bool(body, name, &b, err))
        return false;
    *ret = b ? STR("true") : STR("false");
    return true;
}

static bool int_text(struct arena *a, const struct jvalue *body, const char *name, struct str *ret, struct err *err)
{
    int64_t n;
    if (!jget(body, name))
        return true;
    if (!jget_int(body, name, 0, &n, err))
        return false;
    *ret = arena_printf(a, "%lld", (long long)n);
    return true;
}

void books_indicator_api_post(struct req *rq)
{
    struct indicator_order *o = arena_new(rq->arena, struct indicator_order);
    struct indicator_input *in = &o->in;
    struct jvalue body;
    struct err err;
    *in = (struct indicator_input){ STR_NULL, STR_NULL, STR_NULL, STR_NULL, STR_NULL, STR_NULL, STR_NULL, STR_NULL };
    o->which = rq->args[0].p ? rq->args[0] : STR("");
    if (req_json_in(rq, &body, &err) && jonly(&body, "name measure every source decimals cumulative place active", &err) &&
        jget_text(&body, "name", &in->name, &err) && jget_text(&body, "measure", &in->measure, &err) && jget_text(&body, "every", &in->every, &err) &&
        jget_text(&body, "source", &in->source, &err) && int_text(rq->arena, &body, "decimals", &in->decimals, &err) &&
        int_text(rq->arena, &body, "place", &in->place, &err) && flag_text(&body, "cumulative", &in->cumulative, &err) &&
        flag_text(&body, "active", &in->active, &err))
        web_write(rq, do_indicator, o, indicator_saved);
    else
        req_fail(rq, &err);
}

/* --- values -------------------------------------------------------------------------------------------------------------------------------------- */

static void put_number(struct buf *b, const char *key, int64_t value, int decimals)
{
    struct buf text _cleanup_(buf_release) = BUF_INIT;
    value_write(&text, value, decimals);
    json_put_str(b, key, value == VALUE_NONE ? STR_NULL : buf_view(&text));
}

static void put_value(struct buf *b, const struct indicator *i, const struct value *v)
{
    struct buf period _cleanup_(buf_release) = BUF_INIT;
    span_write(&period, i->every, v->period);
    json_obj(b);
    json_put_str(b, "period", buf_view(&period));
    put_number(b, "value", v->value, i->decimals);
    json_put_str(b, "note", v->note);
    json_put_int(b, "changes", v->n);
    json_obj_end(b);
}

static bool read_bound(struct req *rq, const struct indicator *i, const char *name, int otherwise, int *ret, struct err *err)
{
    struct str s = req_query(rq, name);
    *ret = otherwise;
    return s.n == 0 || span_read(s, i->every, ret, err);
}

static void answer_values(struct req *rq, int status, struct str unit_text)
{
    struct buf out _cleanup_(buf_release) = BUF_INIT;
    struct indicator i;
    struct value *v;
    struct str name;
    struct err err;
    int64_t unit;
    int from, to;
    size_t n;
    if (!indicator_find(rq->db, rq->arena, rq->actor, rq->args[0], &i, &err) ||
        !books_whose(rq->db, rq->arena, rq->actor, unit_text, &unit, &name, &err) ||
        !read_bound(rq, &i, "from", 0, &from, &err) || !read_bound(rq, &i, "to", 999912, &to, &err) ||
        !values_get(rq->db, rq->arena, rq->actor, &i, unit, from, to, &v, &n, &err))
        return req_fail(rq, &err);
    json_arr(&out);
    for (size_t k = 0; k < n; k++)
        put_value(&out, &i, &v[k]);
    json_arr_end(&out);
    req_json(rq, status, &out);
}

void books_values_api_get(struct req *rq) { answer_values(rq, 200, req_query(rq, "unit")); }

void books_value_api_history(struct req *rq)
{
    struct buf out _cleanup_(buf_release) = BUF_INIT;
    struct indicator i;
    struct value_change *c;
    struct str name;
    struct err err;
    int64_t unit;
    int period;
    size_t n;
    if (!indicator_find(rq->db, rq->arena, rq->actor, rq->args[0], &i, &err) || !span_read(rq->args[1], i.every, &period, &err) ||
        !books_whose(rq->db, rq->arena, rq->actor, req_query(rq, "unit"), &unit, &name, &err) ||
        !value_history(rq->db, rq->arena, rq->actor, &i, unit, period, &c, &n, &err))
        return req_fail(rq, &err);
    json_arr(&out);
    for (size_t k = 0; k < n; k++) {
        json_obj(&out);
        json_put_instant(&out, "at", c[k].at);
        json_put_str(&out, "who", c[k].who);
        put_number(&out, "old", c[k].old, i.decimals);
        put_number(&out, "new", c[k].new, i.decimals);
        json_put_str(&out, "note", c[k].note);
        json_put_str(&out, "why", c[k].why);
        json_obj_end(&out);
    }
    json_arr_end(&out);
    req_json(rq, 200, &out);
}

struct value_order { struct str which, unit, why; const struct jvalue *values; int64_t changed; };

/* Read on the writer, where the indicator is what it is: {"period","value": text or null,"note"}. */
static bool read_one(const struct indicator *i, int64_t unit, const struct jvalue *v, struct value_edit *e, struct err *err)
{
    struct str period, value;
    *e = (struct value_edit){ .indicator_id = i->id, .unit_id = unit, .note = STR_NULL };
    if (v->kind != J_OBJECT)
        return err_fail(err, ERR_INPUT, M_WEB_NOT_OBJECT, "values");
    return jonly(v, "period value note", err) && jget_text(v, "period", &period, err) && jget_text(v, "value", &value, err) &&
           jget_text(v, "note", &e->note, err) && span_read(period.p ? period : STR(""), i->every, &e->period, err) &&
           value_read(value.p ? value : STR(""), i->decimals, &e->value, err);
}

static bool do_values(struct txn *t, void *args, struct err *err)
{
    struct value_order *o = args;
    struct actor actor;
    struct indicator i;
    struct str name;
    int64_t unit;
    size_t n = o->values ? o->values->n : 0;
    if (!web_actor(t, &actor, err) || !indicator_find(t->db, t->arena, &actor, o->which, &i, err) ||
        !books_whose(t->db, t->arena, &actor, o->unit, &unit, &name, err))
        return false;
    struct value_edit *e = arena_array(t->arena, struct value_edit, n + 1);
    for (size_t k = 0; k < n; k++)
        if (!read_one(&i, unit, &o->values->items[k], &e[k], err))
            return false;
    return values_put(t, &actor, e, n, o->why, &o->changed, err);
}

static void values_saved(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct value_order *o = args;
    if (ok)
        answer_values(rq, 200, o->unit);
    else
        req_fail(rq, err);
}

void books_values_api_post(struct req *rq)
{
    struct value_order *o = arena_new(rq->arena, struct value_order);
    struct jvalue *body = arena_new(rq->arena, struct jvalue);
    struct err err;
    o->which = rq->args[0];
    if (!req_json_in(rq, body, &err) || !jonly(body, "unit why values", &err) || !jget_text(body, "unit", &o->unit, &err) ||
        !jget_text(body, "why", &o->why, &err))
        return req_fail(rq, &err);
    o->values = jget(body, "values");
    if (!o->values || o->values->kind != J_LIST || o->values->n == 0 || o->values->n > EDITS_MAX) {
        err_fail(&err, ERR_INPUT, M_BOOKS_VALUES_WANTED, "values", A_INT(EDITS_MAX));
        return req_fail(rq, &err);
    }
    web_write(rq, do_values, o, values_saved);
}
