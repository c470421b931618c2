/* whs handover FROM TO. */
#include "base/json.h"
#include "messages.h"
#include "office/handover/inside.h"
#include "office/workcal/workcal.h"

struct hand { struct handover_ask ask; int64_t id; };

static bool do_fn(struct txn *t, void *args, struct err *err)
{
    struct hand *k = args;
    struct actor actor;
    return actor_load(t->db, t->arena, t->office_id, t->actor_id, t->today, &actor, err) && handover_do(t, &actor, &k->ask, &k->id, err);
}

static int say_plan(struct cmd *c, const struct handover_plan *p)
{
    instant_t now = clock_now(store_clock(c->store));
    const struct workdays *w;
    struct handover_count n;
    if (!workcal_get(c->db, c->arena, c->office_id, &w, NULL))
        w = workdays_official();
    instant_t near = day_start(workdays_add(w, instant_day(now), LIGHT_YELLOW_DAYS + 1, NULL));
    handover_count(p->line, p->n, now, near, &n);
    if (c->json)
        handover_put_plan(&c->out, p, now, near);
    else
        tr(&c->out, c->lang, M_HANDOVER_COUNTED, (struct arg[]){ A_STR(p->from.name), A_INT(n.n), A_INT(n.overdue), A_INT(n.near) }, 4);
    buf_ch(&c->out, '\n');
    for (size_t i = 0; !c->json && i < p->n; i++)
        buf_printf(&c->out, "%.*s\t%.*s\t%.*s\n", STR_ARG(p->line[i].number), STR_ARG(p->line[i].lead), STR_ARG(p->line[i].title));
    return 0;
}

static int run_handover(struct cmd *c)
{
    bool dry = cmd_flag(c, "--dry-run");
    struct hand k = { .ask = { .unit = cmd_option(c, "--unit"), .list = cmd_option(c, "--list"), .reason = cmd_option(c, "--reason") } };
    struct handover_plan p;
    struct handover h;
    struct handover_line *line;
    struct err err;
    size_t n;
    if (c->argc != 2)
        return cmd_usage(c, &handover_commands[0]);
    k.ask.from = c->argv[0];
    k.ask.to = c->argv[1];
    if (dry)
        return handover_plan(c->db, c->arena, &c->actor, clock_now(store_clock(c->store)), &k.ask, &p, &err) ? say_plan(c, &p) : cmd_fail(c, &err);
    if (!store_write_wait(c->store, c->office_id, c->actor.member_id, do_fn, &k, &err) ||
        !handover_fetch(c->db, c->arena, &c->actor, k.id, &h, &line, &n, &err))
        return cmd_fail(c, &err);
    if (c->json)
        handover_put_json(&c->out, &h);
    else
        tr(&c->out, c->lang, M_HANDOVER_SAID, (struct arg[]){ A_STR(h.from), A_STR(h.to), A_INT(h.n), A_INT(h.id) }, 4);
    buf_ch(&c->out, '\n');
    return 0;
}

const struct command handover_commands[HANDOVER_COMMANDS] = {
    { "handover", "FROM TO --reason T [--unit U] [--list NAME] [--dry-run]", M_HANDOVER_COMMAND, run_handover, .writes = true },
};
