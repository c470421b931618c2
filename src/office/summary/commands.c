/* whs summary. */
#include "calendar/date.h"
#include "messages.h"
#include "office/summary/inside.h"

static void put_text(struct cmd *c, const struct summary *s)
{
    buf_str(&c->out, s->text);
    buf_c(&c->out, "\n\n");
    for (size_t i = 0; i < s->n; i++) {
        const struct summary_figure *f = &s->figures[i];
        if (f->value.value)
            buf_printf(&c->out, "%.*s\t%lld%s\n", STR_ARG(summary_name(c->arena, f, c->lang)), (long long)f->value.value, f->figure->unit);
    }
}

static int run_summary(struct cmd *c)
{
    struct str year = cmd_option(c, "--year"), from = cmd_option(c, "--from"), to = cmd_option(c, "--to"), format = cmd_option(c, "--format");
    day_t first, last, today = instant_day(clock_now(store_clock(c->store)));
    struct summary s;
    struct err err;
    bool json = c->json || (format.p && str_eqc(format, "json"));
    if (c->argc || (!year.p && !from.p) || (year.p && (from.p || to.p)))
        return cmd_usage(c, &summary_commands[0]);
    if (format.p && !str_eqc(format, "text") && !str_eqc(format, "json")) {
        err_fail(&err, ERR_INPUT, M_SUMMARY_BAD_FORMAT, NULL, A_STR(format));
        return cmd_fail(c, &err);
    }
    if (!summary_period(year.p ? year : STR(""), from.p ? from : STR(""), to.p ? to : STR(""), today, &first, &last, &err) ||
        !summary_make(c->db, c->arena, &c->actor, first, last, json, c->lang, &s, &err))
        return cmd_fail(c, &err);
    if (json) {
        summary_put(&c->out, &s, c->lang);
        buf_ch(&c->out, '\n');
    } else {
        put_text(c, &s);
    }
    return 0;
}

const struct command summary_commands[SUMMARY_COMMANDS] = {
    { "summary", "--year Y|--from D --to D [--format text|json]", M_SUMMARY_ABOUT, run_summary },
};
