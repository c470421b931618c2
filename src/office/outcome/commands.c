/* whs outcome NUMBER KEY N: what an entry brought about. */
#include "base/num.h"
#include "calendar/date.h"
#include "messages.h"
#include "office/outcome/inside.h"

struct add_call {
    struct cmd *c;
    int64_t n;
    struct str label;
    day_t day;
};

static bool do_add(struct txn *t, void *args, struct err *err)
{
    const struct add_call *k = args;
    struct actor actor;
    return actor_load(t->db, t->arena, k->c->office_id, k->c->actor.member_id, t->today, &actor, err) &&
           outcome_add(t, &actor, k->c->argv[0], k->c->argv[1], k->n, k->label, k->day, err);
}

static int run_outcome(struct cmd *c)
{
    struct add_call k = { .c = c, .label = cmd_option(c, "--label"), .day = DAY_NONE };
    struct str day = cmd_option(c, "--day");
    struct err err;
    if (c->argc != 3)
        return cmd_usage(c, &outcome_commands[0]);
    if (!outcome_key_find(c->argv[1])) {
        err_fail(&err, ERR_INPUT, M_OUTCOME_UNKNOWN_KEY, "key", A_STR(c->argv[1]));
        int code = cmd_fail(c, &err);
        for (int i = 0; i < outcome_keys_count; i++)
            buf_printf(&c->err, "  %-28s %s\n", outcome_keys[i].key, tr_text(c->lang, outcome_keys[i].name_msg));
        return code;
    }
    if (!num_range(c->argv[2], 1, OUTCOME_N_MAX, &k.n)) {
        err_fail(&err, ERR_INPUT, M_OUTCOME_BAD_N, "n", A_INT(OUTCOME_N_MAX));
        return cmd_fail(c, &err);
    }
    if ((day.p && !date_read_iso(day, &k.day, &err)) || !store_write_wait(c->store, c->office_id, c->actor.member_id, do_add, &k, &err))
        return cmd_fail(c, &err);
    const struct outcome_key *key = outcome_key_find(c->argv[1]);
    tr(&c->out, c->lang, M_OUTCOME_ADDED, (struct arg[]){ A_STR(c->argv[0]), A_MSG(key->name_msg), A_INT(k.n), A_C(key->unit) }, 4);
    buf_ch(&c->out, '\n');
    return 0;
}

const struct command outcome_commands[OUTCOME_COMMANDS] = {
    { "outcome", "NUMBER KEY N [--label L] [--day D]", M_OUTCOME_ABOUT, run_outcome, .writes = true },
};
