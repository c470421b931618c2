/* /api/v1/collects … */
#include "base/json.h"
#include "base/num.h"
#include "messages.h"
#include "office/collect/inside.h"
#include "people/party.h"

enum { LIST_MAX = 100 };

static bool address(struct req *rq, int64_t *id, int64_t *round, struct err *err)
{
    if (!num_range(rq->args[0], 1, INT64_MAX, id) || (rq->args[1].p && !num_range(rq->args[1], 1, INT64_MAX, round)))
        return err_fail(err, ERR_NOT_FOUND, M_COLLECT_NONE, NULL);
    return true;
}

/* --- reading -------------------------------------------------------------------------------------------------------------------------------- */

static bool put_asks(struct req *rq, struct buf *b, struct err *err)
{
    for (int i = 0; i < rq->actor->n_parties; i++) {
        struct collect_ask *k;
        size_t n;
        if (!collect_waits(rq->db, rq->arena, rq->actor->office_id, rq->actor->parties[i], 0, INT64_MAX, LIST_MAX, &k, &n, err))
            return false;
        for (size_t j = 0; j < n; j++)
            collect_put_ask(b, &k[j]);
    }
    return true;
}

static bool put_lines(struct req *rq, struct buf *b, struct err *err)
{
    struct collect_line *k;
    struct str before = req_query(rq, "before");
    day_t day = INT32_MAX;
    size_t n;
    if ((before.n && !date_read_iso(before, &day, err)) || !collect_list(rq->db, rq->arena, rq->actor, day, LIST_MAX, &k, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        collect_put_line(b, &k[i]);
    return true;
}

/* The section and leaders: the collections; a unit: what waits for its hand. */
void collect_api_list(struct req *rq)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    struct err err;
    json_arr(&b);
    if (!(actor_is(rq->actor, ROLE_LIAISON) ? put_asks(rq, &b, &err) : put_lines(rq, &b, &err)))
        return req_fail(rq, &err);
    json_arr_end(&b);
    req_json(rq, 200, &b);
}

static void answer_collect(struct req *rq, int status, int64_t id)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    struct collect c;
    struct err err;
    if (collect_get(rq->db, rq->arena, rq->actor, id, &c, &err) && collect_put_json(rq->db, rq->arena, rq->actor->office_id, &c, &b, &err))
        req_json(rq, status, &b);
    else
        req_fail(rq, &err);
}

void collect_api_get(struct req *rq)
{
    int64_t id = 0, n = 0;
    struct err err;
    if (address(rq, &id, &n, &err))
        answer_collect(rq, 200, id);
    else
        req_fail(rq, &err);
}

static void answer_round(struct req *rq, int64_t id, int64_t n)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    struct collect c;
    struct collect_round r;
    struct err err;
    if (collect_round_get(rq->db, rq->arena, rq->actor, id, n, &c, &r, &err) && collect_put_round(rq->db, rq->arena, rq->actor, &c, &r, &b, &err))
        req_json(rq, 200, &b);
    else
        req_fail(rq, &err);
}

void collect_api_round(struct req *rq)
{
    int64_t id = 0, n = 0;
    struct err err;
    if (str_eqc(rq->args[1], "newest"))
        rq->args[1] = STR_NULL;
    if (address(rq, &id, &n, &err))
        answer_round(rq, id, n);
    else
        req_fail(rq, &err);
}

/* The rounds of a collection, the newest first, before ?before=; for whoever sees all of it. */
void collect_api_rounds(struct req *rq)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    struct collect c;
    struct collect_round *r;
    struct str text = req_query(rq, "before");
    int64_t id = 0, n = 0, before = INT64_MAX;
    struct err err;
    size_t n_rounds;
    if (text.n && !num_range(text, 1, INT64_MAX, &before)) {
        err_fail(&err, ERR_INPUT, M_COLLECT_BAD_NUMBER, "before", A_STR(text), A_INT(1), A_INT(INT32_MAX));
        return req_fail(rq, &err);
    }
    if (!address(rq, &id, &n, &err) || !collect_get(rq->db, rq->arena, rq->actor, id, &c, &err) ||
        !collect_rounds(rq->db, rq->arena, rq->actor->office_id, id, before, LIST_MAX, &r, &n_rounds, &err))
        return req_fail(rq, &err);
    json_arr(&b);
    for (size_t i = 0; i < n_rounds; i++)
        collect_put_round_line(&b, &r[i]);
    json_arr_end(&b);
    req_json(rq, 200, &b);
}

static void put_merged(struct buf *b, const struct merged *m)
{
    struct buf cell _cleanup_(buf_release) = BUF_INIT;
    json_obj(b);
    json_put_int(b, "answered", m->answered);
    json_put_int(b, "zero", m->zero);
    json_key(b, "totals");
    json_obj(b);
    for (int c = 0; c < m->blank.n; c++) {
        if (!m->sum[c].any || m->sum[c].over)
            continue;
        buf_clear(&cell);
        cell_put(&cell, &m->blank.column[c], m->sum[c].v);
        json_str(b, m->blank.column[c].name);
        buf_ch(b, ':');
        json_str(b, buf_view(&cell));
    }
    json_obj_end(b);
    json_key(b, "missing");
    json_arr(b);
    for (size_t i = 0; i < m->n_missing; i++)
        json_str(b, m->missing[i]);
    json_arr_end(b);
}

/* The merged table: totals, the missing, and all of it as csv; personal cells masked. */
void collect_api_table(struct req *rq)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT, csv _cleanup_(buf_release) = BUF_INIT;
    struct merged *m = arena_new(rq->arena, struct merged);
    struct collect c;
    struct collect_round r;
    int64_t id = 0, n = 0;
    struct err err;
    if (!address(rq, &id, &n, &err) || !collect_round_get(rq->db, rq->arena, rq->actor, id, n, &c, &r, &err) ||
        !collect_merge(rq->store, rq->db, rq->arena, rq->actor->office_id, &r, false, m, &err))
        return req_fail(rq, &err);
    put_merged(&b, m);
    merged_csv(&csv, &c, &r, m);
    json_put_str(&b, "csv", buf_view(&csv));
    json_obj_end(&b);
    req_json(rq, 200, &b);
}

/* --- defining ------------------------------------------------------------------------------------------------------------------------------- */

struct define_order { int64_t id, made; bool end; struct collect_input in; struct problems problems; };

static bool do_define(struct txn *t, void *args, struct err *err)
{
    struct define_order *o = args;
    struct actor actor;
    problems_release(&o->problems);
    if (!web_actor(t, &actor, err))
        return false;
    if (o->end)
        return collect_end(t, &actor, o->id, err);
    return o->id ? collect_change(t, &actor, o->id, &o->in, &o->problems, err) : collect_add(t, &actor, &o->in, &o->made, &o->problems, err);
}

static void defined(struct req *rq, void *args, bool ok, const struct err *err)
{
    struct define_order *o = args;
    if (ok)
        answer_collect(rq, o->id ? 200 : 201, o->id ? o->id : o->made);
    else if (o->problems.n)
        req_fail_all(rq, &o->problems);
    else
        req_fail(rq, err);
    problems_release(&o->problems);
}

/* Numbers and flags as the forms write them. */
static bool get_plain(struct arena *a, const struct jvalue *body, const char *name, struct str *ret, struct err *err)
{
    const struct jvalue *v = jget(body, name);
    if (v && v->kind == J_INT)
        *ret = arena_printf(a, "%lld", (long long)v->i);
    else if (v && v->kind == J_BOOL)
        *ret = v->i ? STR("true") : STR("");
    else
        return jget_text(body, name, ret, err);
    return true;
}

static bool read_define(struct req *rq, struct collect_input *in, struct err *err)
{
    struct jvalue body;
    struct { const char *name; struct str *to; } FIELDS[] = {
        { "title", &in->title }, { "about", &in->about }, { "entry", &in->entry }, { "form", &in->form }, { "every", &in->every }, { "weekday", &in->weekday },
        { "month_day", &in->month_day }, { "deadline", &in->day }, { "time", &in->time }, { "ahead", &in->ahead }, { "many", &in->many }, { "zero", &in->zero },
        { "version", &in->version },
    };
    if (!req_json_in(rq, &body, err) || !jonly(&body, "title about entry form every weekday month_day deadline time ahead many zero version units categories", err))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(FIELDS); i++)
        if (!get_plain(rq->arena, &body, FIELDS[i].name, FIELDS[i].to, err))
            return false;
    in->units_given = jget(&body, "units") || jget(&body, "categories");
    return jget_texts(rq->arena, &body, "units", &in->units, &in->n_units, err) && jget_texts(rq->arena, &body, "categories", &in->categories, &in->n_categories, err);
}

void collect_api_add(struct req *rq)
{
    struct define_order *o = arena_new(rq->arena, struct define_order);
    struct err err;
    if (read_define(rq, &o->in, &err))
        web_write(rq, do_define, o, defined);
    else
        req_fail(rq, &err);
}

void collect_api_change(struct req *rq)
{
    struct define_order *o = arena_new(rq->arena, struct define_order);
    int64_t round = 0;
    struct err err;
    if (address(rq, &o->id, &round, &err) && read_define(rq, &o->in, &err))
        web_write(rq, do_define, o, defined);
    else
        req_fail(rq, &err);
}

void collect_api_end(struct req *rq)
{
    struct define_order *o = arena_new(rq->arena, struct define_order);
    int64_t round = 0;
    struct err err;
    o->end = true;
    if (address(rq, &o->id, &round, &err))
        web_write(rq, do_define, o, defined);
    else
        req_fail(rq, &err);
}

/* --- acts ---------------------------------------------------------------------------------------------------------------------------------- */

struct do_order {
    int64_t id, round, n;
    struct str verb, unit, csv, text, to;
    const struct jvalue *rows;                   /* in the request's arena */
    struct jvalue body;
    struct collect_filled f;
    bool gaps_ok;
    struct problems problems;
    struct arena *arena;
};

static bool find_unit(struct txn *t, const struct actor *actor, struct do_order *o, int64_t *ret, struct err *err)
{
    struct party p;
    *ret = 0;
    if (o->unit.n == 0 && actor_is(actor, ROLE_LIAISON))
        *ret = actor->home_id;
    if (o->unit.n == 0)
        return true;
    if (!party_find(t->db, t->arena, actor, 1u << PARTY_UNIT, o->unit, "unit", &p, err))
        return false;
    *ret = p.id;
    return true;
}

/* Rows as objects by the columns' names; a name that is no column is refused. */
static bool rows_in(struct do_order *o, const struct blank *k, struct err *err)
{
    if (o->rows->kind != J_LIST)
        return err_fail(err, ERR_INPUT, M_COLLECT_BAD_ROWS, "rows");
    o->f.n_rows = o->rows->n;
    o->f.cells = arena_array(o->arena, struct str, o->f.n_rows * (size_t)k->n + 1);
    for (size_t i = 0; i < o->f.n_rows * (size_t)k->n; i++)
        o->f.cells[i] = STR("");
    for (size_t r = 0; r < o->rows->n; r++)
        for (size_t m = 0; m < o->rows->items[r].n; m++) {
            const struct jvalue *v = &o->rows->items[r].items[m];
            int c = 0;
            while (c < k->n && !str_eq(v->name, k->column[c].name))
                c++;
            if (c == k->n || o->rows->items[r].kind != J_OBJECT || v->kind == J_REAL || v->kind == J_LIST || v->kind == J_OBJECT)
                return err_fail(err, ERR_INPUT, M_COLLECT_BAD_ROWS, "rows");
            struct str s = v->kind == J_INT ? arena_printf(o->arena, "%lld", (long long)v->i) : v->kind == J_BOOL ? v->i ? STR("是") : STR("否") : v->text;
            o->f.cells[r * (size_t)k->n + (size_t)c] = s.p ? s : STR("");
        }
    return true;
}

static bool filled(struct txn *t, struct do_order *o, const struct actor *actor, struct err *err)
{
    struct collect c;
    struct collect_round r;
    struct blank *k = arena_new(t->arena, struct blank);
    struct pasted p;
    if (!collect_round_get(t->db, t->arena, actor, o->id, o->round, &c, &r, err) || !collect_blank(t->db, t->arena, t->office_id, o->id, r.form, k, err))
        return false;
    if (o->csv.n) {
        if (!paste_read(o->arena, k, o->csv, &p, err))
            return false;
        o->f.cells = p.cells;
        o->f.n_rows = p.n_rows;
        o->f.line = p.line;
        o->f.column = p.column;
    } else if (o->rows && !rows_in(o, k, err)) {
        return false;
    }
    return collect_answer_put(t, actor, o->id, o->round, &o->f, &o->problems, err);
}

static bool do_verb(struct txn *t, void *args, struct err *err)
{
    struct do_order *o = args;
    struct actor actor;
    enum answer_verb verb;
    int64_t unit;
    problems_release(&o->problems);
    if (!web_actor(t, &actor, err) || !find_unit(t, &actor, o, &unit, err))
        return false;
    if (str_eqc(o->verb, "urge"))
        return collect_urge(t, &actor, o->id, o->round, unit, o->text, &o->n, err);
    if (str_eqc(o->verb, "send"))
        return collect_send(t, &actor, o->id, o->round, &(struct collect_send){ o->to, o->gaps_ok }, &o->n, err);
    if (!verb_of_code(o->verb, &verb))
        return err_fail(err, ERR_NOT_FOUND, M_COLLECT_BAD_VERB, NULL, A_STR(o->verb));
    if (verb >= ANSWER_RETURN && unit == 0 && verb == ANSWER_ACCEPT)
        return collect_accept_all(t, &actor, o->id, o->round, &o->n, err);
    if (verb >= ANSWER_RETURN)
        return collect_judge(t, &actor, o->id, o->round, unit, verb, o->f.reason, err);
    o->f.party_id = unit;
    o->f.submit = verb == ANSWER_SUBMIT;
    return filled(t, o, &actor, err);
}

static void done_verb(struct req *rq, void *args, bool ok, const struct err *err)
{
    struct do_order *o = args;
    if (ok)
        answer_round(rq, o->id, o->round);
    else if (o->problems.n)
        req_fail_all(rq, &o->problems);
    else
        req_fail(rq, err);
    problems_release(&o->problems);
}

void collect_api_do(struct req *rq)
{
    struct do_order *o = arena_new(rq->arena, struct do_order);
    struct err err;
    o->arena = rq->arena;
    o->verb = rq->args[2];
    if (address(rq, &o->id, &o->round, &err) && req_json_in(rq, &o->body, &err) && jonly(&o->body, "unit zero rows csv said_by reason version text to missing_ok", &err) &&
        jget_text(&o->body, "unit", &o->unit, &err) && jget_bool(&o->body, "zero", &o->f.zero, &err) && jget_text(&o->body, "csv", &o->csv, &err) &&
        jget_text(&o->body, "said_by", &o->f.said_by, &err) && jget_text(&o->body, "reason", &o->f.reason, &err) && get_plain(rq->arena, &o->body, "version", &o->f.rev, &err) &&
        jget_text(&o->body, "text", &o->text, &err) && jget_text(&o->body, "to", &o->to, &err) && jget_bool(&o->body, "missing_ok", &o->gaps_ok, &err)) {
        o->rows = jget(&o->body, "rows");
        web_write(rq, do_verb, o, done_verb);
    } else {
        req_fail(rq, &err);
    }
}

#define COUNTS "asked:int answered:int zero:int missing:int"

const struct schema collect_schemas[COLLECT_SCHEMAS] = {
    { "CollectLine", "id:int! title:text! every:text ended:bool rounds:int round:int day:day? deadline:instant? sent:bool state:text reopened:bool urged:int " COUNTS },
    { "Collect", "id:int! title:text! about:text! entry:text! every:text! ahead:int! many:int! zero:bool! ended:bool! rounds:int! version:int! form:text! columns:[CollectColumn]" },
    { "CollectColumn", "name:text! type:text|int|decimal|day|choice|yesno places:int required:bool personal:bool cumulative:bool help:text" },
    { "CollectDraft", "title:text about:text entry:text form:text every:text weekday:int month_day:int deadline:text time:text ahead:int many:int zero:bool version:int units:[text] "
                      "categories:[text]" },
    { "CollectRound", "id:int! round:int! title:text! day:day! deadline:instant! sent:bool! sheets:int! " COUNTS " sent_sheets:[CollectSheet] answers:[CollectAnswer]" },
    { "CollectRoundLine", "round:int! day:day! deadline:instant! sent:bool! " COUNTS },
    { "CollectSheet", "n:int! at:instant! by:text to:text! sha256:text! correction:bool!" },
    { "CollectAnswer", "unit:text! state:asked|draft|answered|returned|accepted zero:bool! late:bool! reopened:bool! correction:bool! version:int! versions:int! at:instant? by:text "
                       "said_by:text reason:text urged:int urged_at:instant? zeros:int warned:int rows:[object]" },
    { "CollectDo", "unit:text zero:bool rows:[object] csv:text said_by:text reason:text version:int text:text to:text missing_ok:bool" },
};
