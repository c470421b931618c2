/* GET and POST /api/v1/closings, GET /api/v1/journal. */
#include "base/json.h"
#include "base/num.h"
#include "messages.h"
#include "office/closing/inside.h"
#include "office/workcal/workcal.h"
#include "store/journal.h"

/* --- closings --------------------------------------------------------------------------------------------------------------------- */

static bool put_month(struct req *rq, int period, struct buf *out, struct err *err)
{
    const struct workdays *w;
    struct closing_view v;
    if (!workcal_get(rq->db, rq->arena, rq->actor->office_id, &w, err) ||
        !closing_read(rq->db, rq->arena, rq->actor, w, period, rq->today, &v, err))
        return false;
    closing_put_view(out, &v);
    return true;
}

static bool put_months(struct req *rq, struct buf *out, struct err *err)
{
    struct closing_head *h;
    size_t n;
    if (!closing_list(rq->db, rq->arena, rq->actor->office_id, &h, &n, err))
        return false;
    json_arr(out);
    for (size_t i = 0; i < n; i++)
        closing_put_head(out, &h[i]);
    json_arr_end(out);
    return true;
}

/* All closed months, or with ?period= one month whole, closed or not. */
static void get_closings(struct req *rq)
{
    struct buf out _cleanup_(buf_release) = BUF_INIT;
    struct str text = req_query(rq, "period");
    struct err err;
    int period;
    if (text.n ? period_read(text, &period, &err) && put_month(rq, period, &out, &err) : put_months(rq, &out, &err))
        req_json(rq, 200, &out);
    else
        req_fail(rq, &err);
}

struct close_order {
    int64_t office_id;
    const struct workdays *w;
    int period;
    struct closing_reason *reasons;
    size_t n;
    struct str all;
    struct problems problems;
};

static bool do_close(struct txn *t, void *args, struct err *err)
{
    struct close_order *o = args;
    struct actor actor;
    problems_release(&o->problems);              /* fn may run more than once */
    return web_actor(t, &actor, err) && closing_close(t, &actor, o->w, o->period, o->reasons, o->n, o->all, &o->problems, err);
}

static void closed(struct req *rq, void *args, bool ok, const struct err *err)
{
    struct close_order *o = args;
    struct buf out _cleanup_(buf_release) = BUF_INIT;
    struct err e;
    if (!ok && o->problems.n)
        req_fail_all(rq, &o->problems);
    else if (!ok)
        req_fail(rq, err);
    else if (put_month(rq, o->period, &out, &e))
        req_json(rq, 201, &out);
    else
        req_fail(rq, &e);
    problems_release(&o->problems);
}

static bool read_order(struct req *rq, struct close_order *o, struct err *err)
{
    struct jvalue body;
    struct str period;
    if (!req_json_in(rq, &body, err) || !jonly(&body, "period carry carry_overdue", err) || !jget_text(&body, "period", &period, err) || !jget_text(&body, "carry_overdue", &o->all, err) ||
        !period_read(period.p ? period : STR(""), &o->period, err))
        return false;
    const struct jvalue *carry = jget(&body, "carry");
    if (!carry)
        return true;
    if (carry->kind != J_OBJECT)
        return err_fail(err, ERR_INPUT, M_CLOSING_BAD_CARRY, "carry");
    o->reasons = arena_array(rq->arena, struct closing_reason, carry->n + 1);
    for (o->n = 0; o->n < carry->n; o->n++) {
        const struct jvalue *v = &carry->items[o->n];
        if (v->kind != J_TEXT)
            return err_fail(err, ERR_INPUT, M_CLOSING_BAD_CARRY, "carry");
        o->reasons[o->n] = (struct closing_reason){ v->name, v->text };
    }
    return true;
}

static void post_closing(struct req *rq)
{
    struct close_order *o = arena_new(rq->arena, struct close_order);
    struct err err;
    if (read_order(rq, o, &err) && workcal_get(rq->db, rq->arena, rq->actor->office_id, &o->w, &err))
        web_write(rq, do_close, o, closed);
    else
        req_fail(rq, &err);
}

/* --- journal ---------------------------------------------------------------------------------------------------------------------- */

enum { JOURNAL_LINES = 100, JOURNAL_LINES_MAX = 1000 };

static void put_line(struct buf *b, const struct journal_line *l)
{
    struct buf at _cleanup_(buf_release) = BUF_INIT, day _cleanup_(buf_release) = BUF_INIT, hash _cleanup_(buf_release) = BUF_INIT;
    instant_put(&at, l->at);
    date_put_iso(&day, l->day);
    buf_hex(&hash, l->hash, sizeof l->hash);
    json_obj(b);
    json_put_int(b, "seq", l->seq);
    json_put_str(b, "at", buf_view(&at));
    json_put_str(b, "day", buf_view(&day));
    json_put_int(b, "actor", l->actor_id);
    json_put_int(b, "deputy_of", l->deputy_of);
    json_put_str(b, "entity", l->entity);
    json_put_int(b, "entity_id", l->entity_id);
    json_put_str(b, "verb", l->verb);
    json_key(b, "before");
    json_raw(b, l->before.n ? l->before : STR("null"));
    json_key(b, "after");
    json_raw(b, l->after.n ? l->after : STR("null"));
    json_put_str(b, "hash", buf_view(&hash));
    json_obj_end(b);
}

static void get_journal(struct req *rq)
{
    struct buf out _cleanup_(buf_release) = BUF_INIT;
    struct str after_text = req_query(rq, "after"), limit_text = req_query(rq, "limit");
    struct journal_line *lines;
    struct err err;
    int64_t after = 0, limit = JOURNAL_LINES;
    size_t n;
    if (after_text.n && !num_range(after_text, 0, INT64_MAX, &after)) {
        err_fail(&err, ERR_INPUT, M_CLOSING_BAD_NUMBER, "after", A_STR(after_text));
        return req_fail(rq, &err);
    }
    if (limit_text.n && !num_range(limit_text, 1, JOURNAL_LINES_MAX, &limit)) {
        err_fail(&err, ERR_INPUT, M_CLOSING_BAD_LIMIT, "limit", A_INT(JOURNAL_LINES_MAX));
        return req_fail(rq, &err);
    }
    if (!journal_read(rq->db, rq->arena, rq->actor->office_id, after, (int)limit, &lines, &n, &err))
        return req_fail(rq, &err);
    json_arr(&out);
    for (size_t i = 0; i < n; i++)
        put_line(&out, &lines[i]);
    json_arr_end(&out);
    if (n == (size_t)limit)
        req_head(rq, "Link", "</api/v1/journal?after=%lld&limit=%lld>; rel=\"next\"", (long long)lines[n - 1].seq, (long long)limit);
    req_json(rq, 200, &out);
}

const struct route closing_routes[CLOSING_ROUTES] = {
    { "GET", "/api/v1/closings", get_closings, ROLE_SECTION, .api = true, .asks = "period", .gives = "[Closing]" },
    { "POST", "/api/v1/closings", post_closing, ROLE_CHIEF, .api = true, .takes = "CloseMonth", .gives = "Closing" },
    /* the whole office's, so not every officer's */
    { "GET", "/api/v1/journal", get_journal, ROLE_CHIEF, .api = true, .asks = "after limit", .gives = "[JournalLine]" },
};

#define FIGURES "opening:int! new:int! reopened:int! moved_in:int! settled:int! withdrawn:int! moved_out:int! carried:int!"

/* With ?period= one month whole, as after closing it; in the list of months without what only the whole has. */
const struct schema closing_schemas[CLOSING_SCHEMAS] = {
    { "Closing", "period:text! closed:bool! may_close:bool clearing_day:day presumed:bool! closed_at:instant? closed_by:text journal_seq:int " FIGURES
                 " overdue:int dimensions:[Dimension] entries:[ClosingEntry]" },
    { "Dimension", "dimension:text! name:text! " FIGURES },
    { "ClosingEntry", "number:text! title:text! deadline:instant? overdue:bool! reason:text! written:bool! carried_before:int! since:text" },
    { "CloseMonth", "period:text! carry:object carry_overdue:text" },
    { "JournalLine", "seq:int! at:instant! day:day! actor:int! deputy_of:int! entity:text! entity_id:int! verb:text! before:object? after:object? hash:text!" },
};
