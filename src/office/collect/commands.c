/* whs collect list | show ID [ROUND] | urge ID ROUND | export ID ROUND */
#include "base/json.h"
#include "base/num.h"
#include "messages.h"
#include "office/collect/inside.h"

enum { LIST_MAX = 100 };

static int list(struct cmd *c)
{
    struct collect_line *k;
    struct err err;
    size_t n;
    if (!collect_list(c->db, c->arena, &c->actor, INT32_MAX, LIST_MAX, &k, &n, &err))
        return cmd_fail(c, &err);
    if (c->json)
        json_arr(&c->out);
    for (size_t i = 0; i < n; i++) {
        if (c->json) {
            collect_put_line(&c->out, &k[i]);
            continue;
        }
        buf_printf(&c->out, "%lld\t", (long long)k[i].id);
        if (k[i].any)
            date_put_iso(&c->out, k[i].day);
        buf_printf(&c->out, "\t%.*s\t", STR_ARG(k[i].title));
        tr(&c->out, c->lang, M_COLLECT_EQUATION_SHORT, (struct arg[]){ A_INT(k[i].answered), A_INT(k[i].zero), A_INT(k[i].asked - k[i].answered - k[i].zero) }, 3);
        buf_ch(&c->out, '\n');
    }
    if (c->json) {
        json_arr_end(&c->out);
        buf_ch(&c->out, '\n');
    }
    return 0;
}

static int show(struct cmd *c, const struct collect *k, const struct collect_round *r)
{
    struct collect_answer *a;
    struct err err;
    size_t n;
    if (c->json) {
        if (!collect_put_round(c->db, c->arena, &c->actor, k, r, &c->out, &err))
            return cmd_fail(c, &err);
        buf_ch(&c->out, '\n');
        return 0;
    }
    if (!collect_sees_all(&c->actor, k) || !collect_answers(c->db, c->arena, c->office_id, r, &a, &n, &err)) {
        err_fail(&err, ERR_DENIED, M_COLLECT_SECTION_ONLY, NULL);
        return cmd_fail(c, &err);
    }
    buf_printf(&c->out, "%.*s\t", STR_ARG(k->title));
    date_put_iso(&c->out, r->day);
    buf_ch(&c->out, '\t');
    instant_put(&c->out, r->due);
    buf_ch(&c->out, '\n');
    for (size_t i = 0; i < n; i++) {
        buf_printf(&c->out, "%.*s\t%s\t", STR_ARG(a[i].unit), tr_text(c->lang, answer_msg(a[i].state, a[i].zero)));
        if (a[i].at != INSTANT_NONE)
            instant_put(&c->out, a[i].at);
        buf_printf(&c->out, "\t%s\n", a[i].late ? tr_text(c->lang, M_COLLECT_LATE) : "");
    }
    return 0;
}

struct urge_call { struct cmd *c; int64_t id, round, n; struct str text; };

static bool do_urge(struct txn *t, void *args, struct err *err)
{
    struct urge_call *k = args;
    struct actor actor;
    return actor_load(t->db, t->arena, k->c->office_id, k->c->actor.member_id, t->today, &actor, err) &&
           collect_urge(t, &actor, k->id, k->round, 0, k->text, &k->n, err);
}

static int urge(struct cmd *c, int64_t id, int64_t round, struct str text)
{
    struct urge_call k = { c, id, round, 0, text };
    struct err err;
    if (!store_write_wait(c->store, c->office_id, c->actor.member_id, do_urge, &k, &err))
        return cmd_fail(c, &err);
    if (c->json)
        buf_printf(&c->out, "{\"urged\":%lld}", (long long)k.n);
    else
        tr(&c->out, c->lang, M_COLLECT_URGED_N, (struct arg[]){ A_INT(k.n) }, 1);
    buf_ch(&c->out, '\n');
    return 0;
}

static int export(struct cmd *c, const struct collect *k, const struct collect_round *r)
{
    struct merged *m = arena_new(c->arena, struct merged);
    struct err err;
    if (!collect_sees_all(&c->actor, k)) {
        err_fail(&err, ERR_DENIED, M_COLLECT_SECTION_ONLY, NULL);
        return cmd_fail(c, &err);
    }
    if (!collect_merge(c->store, c->db, c->arena, c->office_id, r, false, m, &err))
        return cmd_fail(c, &err);
    merged_csv(&c->out, k, r, m);
    return 0;
}

static int run_collect(struct cmd *c)
{
    struct str text = cmd_option(c, "--text"), what = c->argc ? c->argv[0] : STR("");
    struct collect k;
    struct collect_round r;
    int64_t id, round = 0;
    struct err err;
    if (str_eqc(what, "list") && c->argc == 1)
        return list(c);
    bool known = str_eqc(what, "show") || str_eqc(what, "urge") || str_eqc(what, "export");
    if (!known || c->argc < 2 || c->argc > 3 || !num_range(c->argv[1], 1, INT64_MAX, &id) || (c->argc == 3 && !num_range(c->argv[2], 1, INT64_MAX, &round)))
        return cmd_usage(c, &collect_commands[0]);
    if (!collect_round_get(c->db, c->arena, &c->actor, id, round, &k, &r, &err))
        return cmd_fail(c, &err);
    return str_eqc(what, "show") ? show(c, &k, &r) : str_eqc(what, "urge") ? urge(c, id, r.n, text) : export(c, &k, &r);
}

const struct command collect_commands[COLLECT_COMMANDS] = {
    { "collect", "list|show ID [ROUND]|urge ID [ROUND] [--text T]|export ID [ROUND]", M_COLLECT_COMMAND, run_collect, .writes = true },
};
