/* whs workday …: what the working calendar says. And the slice. */
#include <string.h>

#include "base/num.h"
#include "office/workcal/inside.h"

bool workcal_table(struct cmd *c, const struct workdays **ret, struct err *err)
{
    if (c->db)
        return workcal_get(c->db, c->arena, c->office_id, ret, err);
    *ret = workdays_official();
    return true;
}

static int say_day(struct cmd *c, day_t d, bool presumed)
{
    if (d == DAY_NONE) {
        struct err err;
        err_fail(&err, ERR_INPUT, M_CALENDAR_OUT_OF_RANGE, NULL);
        return cmd_fail(c, &err);
    }
    if (c->json)
        buf_c(&c->out, "{\"day\":\"");
    date_put_iso(&c->out, d);
    if (c->json)
        buf_printf(&c->out, "\",\"presumed\":%s}", presumed ? "true" : "false");
    else if (presumed)
        buf_printf(&c->out, " %s", tr_text(c->lang, M_WORKCAL_PRESUMED));
    buf_ch(&c->out, '\n');
    return 0;
}

static int say_is(struct cmd *c, const struct workdays *w, day_t d)
{
    static const int KIND[] = { M_WORKCAL_ORDINARY, M_WORKCAL_WEEKEND, M_WORKCAL_HOLIDAY, M_WORKCAL_MAKEUP };
    struct day_status s;
    workdays_is(w, d, &s);
    if (c->json) {
        buf_printf(&c->out, "{\"working\":%s,\"name\":\"%.*s\",\"presumed\":%s}\n", s.works ? "true" : "false", STR_ARG(s.name), s.presumed ? "true" : "false");
        return s.works ? 0 : 1;
    }
    date_put_zh(&c->out, d);
    buf_printf(&c->out, " %s", tr_text(c->lang, KIND[s.kind]));
    if (s.name.n)
        buf_printf(&c->out, " %.*s", STR_ARG(s.name));
    if (s.presumed)
        buf_printf(&c->out, " %s", tr_text(c->lang, M_WORKCAL_PRESUMED));
    buf_ch(&c->out, '\n');
    return s.works ? 0 : 1;
}

static int run_first(struct cmd *c, const struct workdays *w)
{
    struct err err;
    day_t d;
    struct buf first _cleanup_(buf_release) = BUF_INIT;
    buf_str(&first, c->argv[1]);
    buf_c(&first, "-01");
    if (!date_read_iso(buf_view(&first), &d, &err)) {
        err_fail(&err, ERR_INPUT, M_WORKCAL_NOT_A_MONTH, NULL, A_STR(c->argv[1]));
        return cmd_fail(c, &err);
    }
    bool presumed = !workdays_covered(w, date_civil(d).year);
    return say_day(c, workdays_add(w, d, 0, &presumed), presumed);
}

static int run_workday(struct cmd *c)
{
    struct err err;
    const struct workdays *w;
    day_t a, b;
    int64_t n;
    bool presumed = false;
    if (c->argc < 2)
        return cmd_usage(c, &workcal_commands[0]);
    if (!workcal_table(c, &w, &err))
        return cmd_fail(c, &err);
    struct str what = c->argv[0];
    if (str_eqc(what, "first") && c->argc == 2)
        return run_first(c, w);
    if (!date_read_iso(c->argv[1], &a, &err))
        return cmd_fail(c, &err);
    if (str_eqc(what, "is") && c->argc == 2)
        return say_is(c, w, a);
    if (str_eqc(what, "next") && c->argc == 2) {
        day_t d = workdays_next(w, a, &presumed);
        return say_day(c, d, presumed);
    }
    if (str_eqc(what, "prev") && c->argc == 2) {
        day_t d = workdays_prev(w, a, &presumed);
        return say_day(c, d, presumed);
    }
    if (str_eqc(what, "add") && c->argc == 3) {
        if (!num_range(c->argv[2], -20000, 20000, &n)) {
            err_fail(&err, ERR_INPUT, M_WORKCAL_NOT_A_NUMBER, NULL, A_STR(c->argv[2]));
            return cmd_fail(c, &err);
        }
        day_t d = workdays_add(w, a, (int)n, &presumed);
        return say_day(c, d, presumed);
    }
    if (str_eqc(what, "count") && c->argc == 3) {
        if (!date_read_iso(c->argv[2], &b, &err))
            return cmd_fail(c, &err);
        int count = workdays_count(w, a, b, &presumed);
        if (c->json)
            buf_printf(&c->out, "{\"count\":%d,\"presumed\":%s}\n", count, presumed ? "true" : "false");
        else
            buf_printf(&c->out, "%d%s%s\n", count, presumed ? " " : "", presumed ? tr_text(c->lang, M_WORKCAL_PRESUMED) : "");
        return 0;
    }
    return cmd_usage(c, &workcal_commands[0]);
}

const struct command workcal_commands[WORKCAL_COMMANDS] = {
    { "workday", "is|next|prev DATE, add DATE N, count A B, first YYYY-MM", M_WORKCAL_ABOUT_WORKDAY, run_workday, .no_store = true },
    { "calendar", "import FILE|- [--confirm] [--dry-run] [--office-only]|show YEAR", M_WORKCAL_ABOUT_CALENDAR, workcal_run_calendar, .writes = true,
      .file_arg = 2, .file_of = "import" },
    { "deadline", "PHRASE [--at INSTANT]", M_WORKCAL_ABOUT_DEADLINE, workcal_run_deadline, .no_store = true },
};

const struct slice workcal_slice = {
    .name = "workcal", .routes = workcal_routes, .n_routes = WORKCAL_ROUTES, .commands = workcal_commands, .n_commands = WORKCAL_COMMANDS,
};
