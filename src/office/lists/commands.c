/* whs list, whs lists. */
#include <string.h>

#include "base/json.h"
#include "office/lists/api.h"

enum { SHOWN_MAX = 1000 };

static instant_t now_of(const struct cmd *c) { return clock_now(store_clock(c->store)); }

static struct entry_when when_of(struct cmd *c)
{
    instant_t now = now_of(c);
    return list_when(c->db, c->arena, c->office_id, now, instant_day(now));
}

/* --due-from and --due_from alike. */
static struct str option(struct cmd *c, const char *name)
{
    char *z = arena_z(c->arena, arena_printf(c->arena, "--%s", name));
    for (char *p = z; *p; p++)
        *p = *p == '_' ? '-' : *p;
    return cmd_option(c, z);
}

static bool take(struct cmd *c, const struct entry_when *when, const char *name, struct str value, struct entry_filter *f, struct err *err)
{
    return list_condition(c->db, c->arena, &c->actor, when, str_c(name), value, f, err);
}

static bool take_options(struct cmd *c, struct entry_filter *f, struct err *err)
{
    struct entry_when when = when_of(c);
    for (const char *const *name = entry_conditions; *name; name++) {
        struct str v = option(c, *name);
        if (v.p && !take(c, &when, *name, v, f, err))
            return false;
    }
    struct str limit = option(c, "limit");
    return !limit.p || take(c, &when, "limit", limit, f, err);
}

static int run_list(struct cmd *c)
{
    struct entry_filter f = ENTRY_FILTER_ANY;
    struct entry_line *lines;
    size_t n;
    struct err err;
    f.limit = SHOWN_MAX + 1;                     /* one more than is shown: is there more? */
    if (!take_options(c, &f, &err))
        return cmd_fail(c, &err);
    if (c->argc)
        return cmd_usage(c, &lists_commands[0]);
    if (!entry_lines(c->db, c->arena, &c->actor, &f, &lines, &n, &err))
        return cmd_fail(c, &err);
    if (n > SHOWN_MAX) {
        n = SHOWN_MAX;
        tr(&c->err, c->lang, M_ENTRY_LIST_CUT, (struct arg[]){ A_INT(SHOWN_MAX) }, 1);
        buf_ch(&c->err, '\n');
    }
    if (c->json)
        json_arr(&c->out);
    for (size_t i = 0; i < n; i++) {
        if (c->json)
            entry_line_json(&lines[i], now_of(c), &c->out);
        else
            entry_line_text(c->lang, &lines[i], &c->out);
    }
    if (c->json) {
        json_arr_end(&c->out);
        buf_ch(&c->out, '\n');
    }
    return 0;
}

static int run_lists(struct cmd *c)
{
    struct entry_when when = when_of(c);
    struct list_def *l;
    size_t n;
    struct err err;
    if (c->argc)
        return cmd_usage(c, &lists_commands[1]);
    if (c->json) {
        if (!lists_put_json(c->db, c->arena, &c->actor, &when, &c->out, &err))
            return cmd_fail(c, &err);
        buf_ch(&c->out, '\n');
        return 0;
    }
    if (!list_all(c->db, c->arena, c->office_id, &l, &n, &err))
        return cmd_fail(c, &err);
    struct list_count *count = arena_array(c->arena, struct list_count, n + 1);
    if (!list_counts(c->db, c->arena, &c->actor, &when, l, n, count, &err))
        return cmd_fail(c, &err);
    for (size_t i = 0; i < n; i++)
        if (l[i].active) {
            tr(&c->out, c->lang, M_LISTS_LINE, (struct arg[]){ A_STR(l[i].name), A_INT(count[i].open), A_INT(count[i].overdue), A_INT(count[i].settled) }, 4);
            if (count[i].broken)
                buf_printf(&c->out, "  ▲ %s", tr_text(c->lang, M_LISTS_BROKEN));
            buf_ch(&c->out, '\n');
        }
    return 0;
}

const struct command lists_commands[LISTS_COMMANDS] = {
    { "list", "[--state S] [--list NAME] [--unit U] [--officer O] [--leader L] [--day D|--week D|--month YYYY-MM] [--due-to D] [--sort due] …", M_ENTRY_ABOUT_LIST, run_list,
      false, 0, 0, false },
    { "lists", "", M_LISTS_ABOUT_COMMAND, run_lists, false, 0, 0, false },
};
