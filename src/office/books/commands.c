/* whs book overviews|overview UNIT|indicators|import FILE|export. */
#include "base/json.h"
#include "messages.h"
#include "office/books/inside.h"

#define SAY(c, msg, ...) \
    tr(&(c)->out, (c)->lang, (msg), (const struct arg[]){ { 0 }, ##__VA_ARGS__ } + 1, (int)ARRAY_LEN(((const struct arg[]){ { 0 }, ##__VA_ARGS__ })) - 1)

static int run_overviews(struct cmd *c)
{
    struct overview_line *l;
    struct err err;
    size_t n;
    if (!overview_lines(c->db, c->arena, &c->actor, STR(""), DAY_NONE, &l, &n, &err))
        return cmd_fail(c, &err);
    if (c->json)
        json_arr(&c->out);
    for (size_t i = 0; i < n; i++) {
        struct buf day _cleanup_(buf_release) = BUF_INIT;
        if (!l[i].none)
            date_put_iso(&day, instant_day(l[i].newest.at));
        if (c->json) {
            json_obj(&c->out);
            json_put_str(&c->out, "unit", l[i].unit.name);
            json_put_int(&c->out, "version", l[i].newest.n);
            json_put_str(&c->out, "day", day.n ? buf_view(&day) : STR_NULL);
            json_put_int(&c->out, "chars", l[i].newest.chars);
            json_obj_end(&c->out);
        } else {
            buf_printf(&c->out, "%.*s\t%lld\t%.*s\n", STR_ARG(l[i].unit.name), (long long)l[i].newest.n, (int)day.n, day.n ? day.p : "");
        }
    }
    if (c->json) {
        json_arr_end(&c->out);
        buf_ch(&c->out, '\n');
    }
    return 0;
}

static int run_overview(struct cmd *c)
{
    struct party unit;
    struct overview o;
    struct str on = cmd_option(c, "--on");
    day_t day = DAY_NONE;
    struct err err;
    if (c->argc != 2)
        return cmd_usage(c, &books_commands[0]);
    if ((on.p && !date_read_iso(on, &day, &err)) || !books_unit(c->db, c->arena, &c->actor, c->argv[1], &unit, &err) ||
        !overview_get(c->db, c->arena, &c->actor, unit.id, 0, day, &o, &err))
        return cmd_fail(c, &err);
    if (o.n == 0)
        SAY(c, M_BOOKS_NONE_HERE);
    else
        buf_str(&c->out, o.body);
    buf_ch(&c->out, '\n');
    return o.n == 0;
}

static int run_indicators(struct cmd *c)
{
    struct indicator *i;
    struct err err;
    size_t n;
    if (!indicator_list(c->db, c->arena, &c->actor, &i, &n, &err))
        return cmd_fail(c, &err);
    for (size_t k = 0; k < n; k++)
        buf_printf(&c->out, "%.*s\t%.*s\t%.*s\t%.*s\n", STR_ARG(i[k].name), STR_ARG(i[k].measure), STR_ARG(books_every_code(i[k].every)), STR_ARG(i[k].source));
    return 0;
}

struct import_call { struct cmd *c; struct value_edit *edit; size_t n; int64_t changed; };

static bool do_import(struct txn *t, void *args, struct err *err)
{
    struct import_call *k = args;
    struct actor actor;
    return actor_load(t->db, t->arena, k->c->office_id, k->c->actor.member_id, t->today, &actor, err) &&
           values_put(t, &actor, k->edit, k->n, STR("csv"), &k->changed, err);
}

static int say_problems(struct cmd *c, const struct problems *p)
{
    for (int i = 0; i < p->n; i++)
        cmd_fail(c, &p->err[i]);
    if (p->total > p->n) {
        tr(&c->err, c->lang, M_ENTRY_MORE_PROBLEMS, (struct arg[]){ A_INT(p->total - p->n) }, 1);
        buf_ch(&c->err, '\n');
    }
    return err_exit(&p->err[0]);
}

static int run_import(struct cmd *c)
{
    bool dry = cmd_flag(c, "--dry-run");
    struct problems p _cleanup_(problems_release) = PROBLEMS_INIT;
    struct import_call k = { .c = c };
    struct err err;
    if (c->argc != 2)
        return cmd_usage(c, &books_commands[0]);
    if (!books_writer(&c->actor, &err) || !sheet_read_values(c->db, c->arena, &c->actor, c->in, &k.edit, &k.n, &p, &err))
        return p.n ? say_problems(c, &p) : cmd_fail(c, &err);
    if (!dry && !store_write_wait(c->store, c->office_id, c->actor.member_id, do_import, &k, &err))
        return cmd_fail(c, &err);
    SAY(c, dry ? M_BOOKS_IMPORT_DRY : M_BOOKS_IMPORTED, A_INT(k.n), A_INT(k.changed));
    buf_ch(&c->out, '\n');
    return 0;
}

static int run_export(struct cmd *c)
{
    struct err err;
    return sheet_write_values(c->db, c->arena, &c->actor, &c->out, &err) ? 0 : cmd_fail(c, &err);
}

static int run_book(struct cmd *c)
{
    static const struct { const char *word; int (*run)(struct cmd *c); } WAYS[] = {
        { "overviews", run_overviews }, { "overview", run_overview }, { "indicators", run_indicators }, { "import", run_import }, { "export", run_export },
    };
    for (size_t i = 0; c->argc && i < ARRAY_LEN(WAYS); i++)
        if (str_eqc(c->argv[0], WAYS[i].word))
            return WAYS[i].run(c);
    return cmd_usage(c, &books_commands[0]);
}

const struct command books_commands[BOOKS_COMMANDS] = {
    { "book", "overviews|overview UNIT [--on D]|indicators|import FILE|- [--dry-run]|export", M_BOOKS_ABOUT, run_book, .writes = true, .file_arg = 2,
      .file_of = "import" },
};
