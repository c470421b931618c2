/* whs deputy list|add|end. */
#include "base/json.h"
#include "base/num.h"
#include "office/deputy/inside.h"

struct deputy_do { struct deputy_draft draft; int64_t id; bool end; };

static bool do_fn(struct txn *t, void *args, struct err *err)
{
    struct deputy_do *k = args;
    struct actor actor;
    return actor_load(t->db, t->arena, t->office_id, t->actor_id, t->today, &actor, err) &&
           (k->end ? deputy_end(t, &actor, k->id, err) : deputy_add(t, &actor, &k->draft, &k->id, err));
}

static day_t today_of(const struct cmd *c) { return instant_day(clock_now(store_clock(c->store))); }

static void print_one(struct cmd *c, const struct deputy *d)
{
    if (c->json) {
        deputy_put_json(&c->out, d);
        return;
    }
    buf_printf(&c->out, "%lld\t%.*s\t%.*s\t", (long long)d->id, STR_ARG(d->for_name), STR_ARG(d->name));
    date_put_iso(&c->out, d->from);
    buf_ch(&c->out, '\t');
    date_put_iso(&c->out, d->to);
    buf_printf(&c->out, "\t%s\t%.*s\n", tr_text(c->lang, deputy_state_msg(d->state)), STR_ARG(d->note));
}

static int run_list(struct cmd *c)
{
    struct deputy *d;
    struct err err;
    size_t n;
    if (!deputy_list(c->db, c->arena, &c->actor, today_of(c), &d, &n, &err))
        return cmd_fail(c, &err);
    if (c->json)
        json_arr(&c->out);
    for (size_t i = 0; i < n; i++)
        print_one(c, &d[i]);
    if (c->json) {
        json_arr_end(&c->out);
        buf_ch(&c->out, '\n');
    }
    return 0;
}

static int run_deputy(struct cmd *c)
{
    struct deputy_do k = { 0 };
    struct deputy d;
    struct err err;
    k.draft = (struct deputy_draft){ .from = cmd_option(c, "--from"), .to = cmd_option(c, "--to"), .scope = cmd_option(c, "--scope"), .note = cmd_option(c, "--note") };
    if (c->argc == 1 && str_eqc(c->argv[0], "list"))
        return run_list(c);
    k.end = c->argc == 2 && str_eqc(c->argv[0], "end");
    if (!k.end && !(c->argc == 3 && str_eqc(c->argv[0], "add")))
        return cmd_usage(c, &deputy_commands[0]);
    if (k.end)
        num_range(c->argv[1], 1, INT64_MAX, &k.id);
    else
        k.draft.absent = c->argv[1], k.draft.deputy = c->argv[2];
    if (!store_write_wait(c->store, c->office_id, c->actor.member_id, do_fn, &k, &err) ||
        !deputy_fetch(c->db, c->arena, &c->actor, today_of(c), k.id, &d, &err))
        return cmd_fail(c, &err);
    print_one(c, &d);
    if (c->json)
        buf_ch(&c->out, '\n');
    return 0;
}

const struct command deputy_commands[DEPUTY_COMMANDS] = {
    { "deputy", "list | add ABSENT DEPUTY --to D [--from D] [--scope all|own] [--note T] | end ID", M_DEPUTY_COMMAND, run_deputy, .writes = true },
};
