/* whs close, whs verify. */
#include <string.h>

#include "base/json.h"
#include "messages.h"
#include "office/closing/inside.h"
#include "office/workcal/workcal.h"
#include "people/member.h"
#include "store/journal.h"

static void say(struct cmd *c, int msg, const struct arg *args, int n) { tr(&c->out, c->lang, msg, args, n); }

/* --- close ------------------------------------------------------------------------------------------------------------------------ */

struct close_call {
    struct cmd *c;
    const struct workdays *w;
    bool week;
    day_t day;
    int period;
    struct str all;
    struct problems problems;
};

/* The actor's rights are read again where they are decided. */
static bool actor_now(struct txn *t, const struct cmd *c, struct actor *ret, struct err *err)
{
    return actor_load(t->db, t->arena, c->office_id, c->actor.member_id, t->today, ret, err);
}

static bool do_tick(struct txn *t, void *args, struct err *err)
{
    struct close_call *k = args;
    struct actor actor;
    return actor_now(t, k->c, &actor, err) && closing_tick(t, &actor, k->week, k->day, err);
}

static bool do_close(struct txn *t, void *args, struct err *err)
{
    struct close_call *k = args;
    struct actor actor;
    problems_release(&k->problems);              /* fn may run more than once */
    return actor_now(t, k->c, &actor, err) && closing_close(t, &actor, k->w, k->period, NULL, 0, k->all, &k->problems, err);
}

static int run_tick(struct close_call *k, struct str text)
{
    struct cmd *c = k->c;
    struct err err;
    instant_t at;
    bool has_time;
    struct buf day _cleanup_(buf_release) = BUF_INIT;
    if (!date_read(text, &k->day, &at, &has_time, &err)) {
        if (k->week)
            err_fail(&err, ERR_INPUT, M_CLOSING_BAD_WEEK, NULL, A_STR(text));
        return cmd_fail(c, &err);
    }
    if (k->week)
        k->day = closing_week(k->w, k->day);
    if (!store_write_wait(c->store, c->office_id, c->actor.member_id, do_tick, k, &err))
        return cmd_fail(c, &err);
    date_put_iso(&day, k->day);
    if (c->json) {
        json_obj(&c->out);
        json_put_str(&c->out, k->week ? "week" : "day", buf_view(&day));
        json_put_bool(&c->out, "ticked", true);
        json_obj_end(&c->out);
    } else {
        say(c, k->week ? M_CLOSING_DONE_WEEK : M_CLOSING_DONE_DAY, (struct arg[]){ A_STR(buf_view(&day)) }, 1);
    }
    buf_ch(&c->out, '\n');
    return 0;
}

/* The refusal first, then each entry that needs a reason on a line of its own. */
static int refuse_month(struct close_call *k, const struct err *err)
{
    int code = cmd_fail(k->c, err);
    for (int i = 0; i < k->problems.n; i++) {
        if (k->c->err.n && k->c->err.p[k->c->err.n - 1] != '\n')
            buf_ch(&k->c->err, '\n');
        tr_err(&k->c->err, k->c->lang, &k->problems.err[i]);
        buf_ch(&k->c->err, '\n');
    }
    return code;
}

static int say_month(struct close_call *k)
{
    struct cmd *c = k->c;
    struct closing_view v;
    struct err err;
    if (!closing_read(c->db, c->arena, &c->actor, k->w, k->period, instant_day(clock_now(store_clock(c->store))), &v, &err))
        return cmd_fail(c, &err);
    if (c->json) {
        closing_put_view(&c->out, &v);
    } else {
        say(c, M_CLOSING_DONE_MONTH,
            (struct arg[]){ A_INT(v.period / 100), A_INT(v.period % 100), A_INT(v.office.settled), A_INT(v.office.carried) }, 4);
        if (v.n_overdue)
            say(c, M_CLOSING_DONE_OVERDUE, (struct arg[]){ A_INT(v.n_overdue) }, 1);
    }
    buf_ch(&c->out, '\n');
    return 0;
}

static int run_month(struct close_call *k, struct str text)
{
    struct cmd *c = k->c;
    struct err err;
    if (!period_read(text, &k->period, &err))
        return cmd_fail(c, &err);
    bool ok = store_write_wait(c->store, c->office_id, c->actor.member_id, do_close, k, &err);
    int code = ok ? say_month(k) : refuse_month(k, &err);
    problems_release(&k->problems);
    return code;
}

static int run_close(struct cmd *c)
{
    struct close_call k = { .c = c, .all = cmd_option(c, "--carry-overdue") };
    struct err err;
    if (c->argc != 2)
        return cmd_usage(c, &closing_commands[0]);
    if (!workcal_get(c->db, c->arena, c->office_id, &k.w, &err))
        return cmd_fail(c, &err);
    struct str span = c->argv[0];
    k.week = str_eqc(span, "week");
    if (str_eqc(span, "month"))
        return run_month(&k, c->argv[1]);
    if (k.week || str_eqc(span, "day"))
        return run_tick(&k, c->argv[1]);
    return cmd_usage(c, &closing_commands[0]);
}

/* --- verify ----------------------------------------------------------------------------------------------------------------------- */

static void put_verified(struct cmd *c, const struct office *o, const struct journal_head *head, int closings)
{
    struct buf hash _cleanup_(buf_release) = BUF_INIT;
    buf_hex(&hash, head->hash, sizeof head->hash);
    if (c->json) {
        json_obj(&c->out);
        json_put_str(&c->out, "office", o->code);
        json_put_int(&c->out, "seq", head->seq);
        json_put_str(&c->out, "hash", buf_view(&hash));
        json_put_int(&c->out, "closings", closings);
        json_obj_end(&c->out);
        return;
    }
    say(c, M_CLOSING_VERIFIED, (struct arg[]){ A_STR(o->name), A_INT(head->seq), A_STR(buf_view(&hash)) }, 3);
    if (o->id != STORE_OFFICE_SHARED) {
        buf_c(&c->out, c->lang == LANG_ZH ? "，" : "; ");
        say(c, M_CLOSING_VERIFIED_MONTHS, (struct arg[]){ A_INT(closings) }, 1);
    }
    buf_ch(&c->out, '\n');
}

static bool verify_office(struct cmd *c, const struct office *o, struct err *err)
{
    struct journal_head head;
    int closings = 0;
    if (!journal_verify(c->db, o->id, c->progress, c->progress_ctx, &head, err))
        return false;
    if (o->id != STORE_OFFICE_SHARED && !closing_verify(c->db, c->arena, o->id, &closings, err))
        return false;
    put_verified(c, o, &head, closings);
    return true;
}

/* All offices of the database, the shared one first; one moment for all of them. */
static bool verify_all(struct cmd *c, struct err *err)
{
    struct office *offices;
    const struct office shared = { STORE_OFFICE_SHARED, STR(""), str_c(tr_text(c->lang, M_CLOSING_SHARED)) };
    size_t n;
    if (!office_list(c->db, c->arena, &offices, &n, err) || !verify_office(c, &shared, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!verify_office(c, &offices[i], err))
            return false;
    return true;
}

static int run_verify(struct cmd *c)
{
    struct err err;
    if (c->argc)
        return cmd_usage(c, &closing_commands[1]);
    if (c->json)
        json_arr(&c->out);
    if (!db_snapshot_begin(c->db, &err))
        return cmd_fail(c, &err);
    bool ok = verify_all(c, &err);
    db_snapshot_end(c->db);
    if (!ok) {
        buf_clear(&c->out);
        return cmd_fail(c, &err);
    }
    if (c->json) {
        json_arr_end(&c->out);
        buf_ch(&c->out, '\n');
    }
    return 0;
}

const struct command closing_commands[CLOSING_COMMANDS] = {
    { "close", "day|week|month PERIOD [--carry-overdue REASON]", M_CLOSING_ABOUT_CLOSE, run_close, .writes = true },
    { "verify", "", M_CLOSING_ABOUT_VERIFY, run_verify, .whole = true },
};
