/* whs recurring list|show|add|pause|resume|run. */
#include "base/json.h"
#include "base/num.h"
#include "messages.h"
#include "office/recurring/inside.h"
#include "office/workcal/workcal.h"
#include "store/job.h"

#define SAY(c, msg, ...) \
    tr(&(c)->out, (c)->lang, (msg), (const struct arg[]){ { 0 }, ##__VA_ARGS__ } + 1, (int)ARRAY_LEN(((const struct arg[]){ { 0 }, ##__VA_ARGS__ })) - 1)

static void say_next(struct cmd *c, const struct recurring *r, const struct workdays *w)
{
    struct occurrence o;
    if (r->paused)
        buf_c(&c->out, tr_text(c->lang, M_RECURRING_PAUSED));
    else if (recurring_next(r, w, NULL, &o))
        date_put_zh(&c->out, o.at.day);
    else
        buf_c(&c->out, tr_text(c->lang, M_RECURRING_OVER));
    buf_ch(&c->out, '\n');
}

static void put_json(struct cmd *c, const struct recurring *r, const struct workdays *w)
{
    struct occurrence o;
    json_obj(&c->out);
    json_put_int(&c->out, "id", r->id);
    json_put_str(&c->out, "title", r->title);
    json_put_str(&c->out, "phrase", r->phrase);
    json_put_str(&c->out, "rule", recurring_rule_text(c->arena, &r->rule));
    json_put_bool(&c->out, "paused", r->paused);
    json_key(&c->out, "coming");
    json_arr(&c->out);
    bool any = !r->paused && recurring_next(r, w, NULL, &o);
    for (int i = 0; any && i < RECURRING_AHEAD; i++, any = recurring_next(r, w, &o, &o)) {
        struct buf day _cleanup_(buf_release) = BUF_INIT;
        date_put_iso(&day, o.at.day);
        json_str(&c->out, buf_view(&day));
    }
    json_arr_end(&c->out);
    json_obj_end(&c->out);
}

static int run_list(struct cmd *c)
{
    struct recurring *r;
    const struct workdays *w;
    struct err err;
    size_t n;
    if (!workcal_get(c->db, c->arena, c->office_id, &w, &err) || !recurring_list(c->db, c->arena, &c->actor, &r, &n, &err))
        return cmd_fail(c, &err);
    if (c->json)
        json_arr(&c->out);
    for (size_t i = 0; i < n; i++) {
        if (c->json) {
            put_json(c, &r[i], w);
            continue;
        }
        buf_printf(&c->out, "%lld\t%.*s\t%.*s\t", (long long)r[i].id, STR_ARG(r[i].phrase), STR_ARG(r[i].title));
        say_next(c, &r[i], w);
    }
    if (c->json) {
        json_arr_end(&c->out);
        buf_ch(&c->out, '\n');
    }
    return 0;
}

struct call { struct cmd *c; int64_t id; bool pause; struct recurring_input in; struct recurring made; struct problems problems; };

static bool me(struct txn *t, struct cmd *c, struct actor *ret, struct err *err)
{
    return actor_load(t->db, t->arena, c->office_id, c->actor.member_id, t->today, ret, err);
}

static bool do_save(struct txn *t, void *args, struct err *err)
{
    struct call *k = args;
    struct actor actor;
    struct recurring r;
    problems_release(&k->problems);
    if (!me(t, k->c, &actor, err) || !recurring_save(t, &actor, 0, &k->in, &r, &k->problems, err))
        return false;
    k->id = r.id;
    return true;
}

static int run_add(struct cmd *c)
{
    struct call k = { .c = c };
    struct recurring_input *in = &k.in;
    struct { const char *name; struct str *to; } option[] = {
        { "--kind", &in->kind }, { "--source", &in->source }, { "--requirement", &in->requirement }, { "--unit", &in->lead_unit }, { "--assist", &in->assist_units },
        { "--leader", &in->leader }, { "--officer", &in->officer }, { "--lists", &in->lists }, { "--urgency", &in->urgency }, { "--move", &in->move },
        { "--lead-days", &in->lead_days }, { "--from", &in->first_day }, { "--to", &in->last_day },
    };
    struct err err;
    for (size_t i = 0; i < ARRAY_LEN(option); i++)
        *option[i].to = cmd_option(c, option[i].name);
    if (c->argc != 3)
        return cmd_usage(c, &recurring_commands[0]);
    in->phrase = c->argv[1];
    in->title = c->argv[2];
    in->lead_unit = in->lead_unit.p ? in->lead_unit : STR("本科室");
    bool ok = store_write_wait(c->store, c->office_id, c->actor.member_id, do_save, &k, &err);
    problems_release(&k.problems);
    if (!ok)
        return cmd_fail(c, &err);
    SAY(c, M_RECURRING_ADDED, A_INT(k.id));
    buf_ch(&c->out, '\n');
    return 0;
}

static bool do_pause(struct txn *t, void *args, struct err *err)
{
    struct call *k = args;
    struct actor actor;
    return me(t, k->c, &actor, err) && recurring_pause(t, &actor, k->id, k->pause, err);
}

static int run_pause(struct cmd *c, bool pause)
{
    struct call k = { .c = c, .pause = pause };
    struct err err;
    if (c->argc != 2 || !num_range(c->argv[1], 1, INT64_MAX, &k.id))
        return cmd_usage(c, &recurring_commands[0]);
    if (!store_write_wait(c->store, c->office_id, c->actor.member_id, do_pause, &k, &err))
        return cmd_fail(c, &err);
    SAY(c, pause ? M_RECURRING_PAUSED : M_RECURRING_RESUMED);
    buf_ch(&c->out, '\n');
    return 0;
}

/* What a server does by itself, at once; the job is moved along in the same write. */
static bool do_step(struct txn *t, void *args, struct err *err)
{
    struct recurring_step *s = args;
    if (!recurring_step(t, s, err))
        return false;
    if (!s->made && !s->passed)
        return true;
    return s->next == INSTANT_NONE ? job_cancel(t, STR(RECURRING_JOB), s->id, err) : job_put(t, STR(RECURRING_JOB), s->id, s->next, err);
}

static int run_due(struct cmd *c)
{
    struct recurring *r;
    struct err err;
    size_t n;
    int64_t made = 0;
    int code = 0;
    if (c->argc != 1)
        return cmd_usage(c, &recurring_commands[0]);
    if (!recurring_list(c->db, c->arena, &c->actor, &r, &n, &err))
        return cmd_fail(c, &err);
    for (size_t i = 0; i < n; i++)
        for (struct recurring_step s = { .id = r[i].id };;) {
            if (!store_write_wait(c->store, c->office_id, c->actor.member_id, do_step, &s, &err)) {
                code = cmd_fail(c, &err);
                break;
            }
            if (!s.made && !s.passed)
                break;
            if (s.made) {
                buf_printf(&c->out, "%s %.*s%s%s\n", s.number, STR_ARG(r[i].phrase), s.late ? " " : "", s.late ? tr_text(c->lang, M_RECURRING_LATE) : "");
                made++;
            } else {
                SAY(c, M_RECURRING_PASSED, A_INT(s.passed));
                buf_ch(&c->out, '\n');
            }
        }
    if (made == 0 && code == 0) {
        SAY(c, M_RECURRING_NOTHING_DUE);
        buf_ch(&c->out, '\n');
    }
    return code;
}

static int run_recurring(struct cmd *c)
{
    struct str what = c->argc ? c->argv[0] : STR("");
    if (str_eqc(what, "list") && c->argc == 1)
        return run_list(c);
    if (str_eqc(what, "add"))
        return run_add(c);
    if (str_eqc(what, "pause") || str_eqc(what, "resume"))
        return run_pause(c, str_eqc(what, "pause"));
    return str_eqc(what, "run") ? run_due(c) : cmd_usage(c, &recurring_commands[0]);
}

const struct command recurring_commands[RECURRING_COMMANDS] = {
    { "recurring", "list|add PHRASE TITLE --source S --requirement R [--unit U] [--lead-days N] [--move stay|before|after] [--from D] [--to D] …|pause ID|resume ID|run",
      M_RECURRING_ABOUT, run_recurring, .writes = true },
};
