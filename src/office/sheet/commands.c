/* whs import, whs export. */
#include "base/json.h"
#include "base/num.h"
#include "office/lists/lists.h"
#include "office/sheet/inside.h"
#include "office/sheet/page.h"

static bool is_xlsx(struct str name)
{
    return name.n >= 5 && str_caseeq(str_sub(name, name.n - 5, 5), STR(".xlsx"));
}

static void say(struct cmd *c, int msg, const struct arg *args, int n)
{
    tr(&c->out, c->lang, msg, args, n);
    buf_ch(&c->out, '\n');
}

/* --- import entries --------------------------------------------------------------------------------------------------------------- */

static void json_edits(struct buf *b, const struct sheet_result *r)
{
    json_key(b, "changes");
    json_arr(b);
    for (size_t i = 0; i < r->n_edit; i++) {
        json_obj(b);
        json_put_str(b, "number", r->edit[i].number);
        json_put_str(b, "field", r->edit[i].field);
        json_put_str(b, "from", r->edit[i].old);
        json_put_str(b, "to", r->edit[i].new);
        json_obj_end(b);
    }
    json_arr_end(b);
}

void sheet_json(struct buf *b, const struct sheet_result *r, bool dry)
{
    json_obj(b);
    json_put_int(b, "rows", r->rows);
    json_put_int(b, "new", r->fresh);
    json_put_int(b, "changed", r->edited);
    json_put_int(b, "unchanged", r->same);
    json_put_int(b, "created", (int64_t)r->n_missing);
    json_put_bool(b, "dry_run", dry);
    if (r->writer_ms)
        json_put_int(b, "writer_ms", r->writer_ms);
    json_put_str(b, "map", r->map);
    json_put_str(b, "seen", r->seen);
    json_edits(b, r);
    json_obj_end(b);
}

static void print_look(struct cmd *c, const struct sheet_result *r, bool dry)
{
    if (r->edited)
        say(c, dry ? M_SHEET_WOULD_CHANGE : M_SHEET_DID_CHANGE, (struct arg[]){ A_INT(r->edited), A_INT(r->edits), A_INT(r->same) }, 3);
    for (size_t i = 0; i < r->n_edit; i++)
        buf_printf(&c->out, "  %.*s %s：%.*s → %.*s\n", STR_ARG(r->edit[i].number), tr_field(c->lang, arena_z(c->arena, r->edit[i].field)),
                   STR_ARG(r->edit[i].old), STR_ARG(r->edit[i].new));
    if (r->fresh || !r->edited)
        say(c, dry ? M_ENTRY_IMPORT_GOOD : M_ENTRY_IMPORTED, (struct arg[]){ A_INT(r->fresh), A_INT(r->n_missing) }, 2);
    if (!r->edited && r->same)
        say(c, M_SHEET_UNCHANGED, (struct arg[]){ A_INT(r->same) }, 1);
    if (r->n_passed) {
        say(c, M_SHEET_PASSED, (struct arg[]){ A_INT(r->n_passed) }, 1);
        for (size_t i = 0; i < r->n_passed && i < 10; i++)
            buf_printf(&c->out, "  %d %s：%.*s\n", r->passed[i].line, tr_text(c->lang, r->passed[i].why), STR_ARG(r->passed[i].text));
    }
}

/* A word for each column: "title lead_unit + -". */
static bool take_plan(struct cmd *c, struct sheet_plan *plan, struct err *err)
{
    int64_t year = 0;
    struct str text = cmd_option(c, "--year");
    *plan = (struct sheet_plan){ .map = cmd_option(c, "--map"), .kind = cmd_option(c, "--kind"), .source = cmd_option(c, "--source"),
                                 .received = cmd_option(c, "--received"), .create = cmd_flag(c, "--create-units"), .again = cmd_flag(c, "--again"),
                                 .name = c->file ? str_c(c->file) : STR("") };
    for (size_t i = plan->name.n; i > 0; i--)    /* where it lay is nobody's business */
        if (plan->name.p[i - 1] == '/') {
            plan->name = str_sub(plan->name, i, plan->name.n);
            break;
        }
    if (text.p && !num_range(text, 1990, 2199, &year))
        return err_fail(err, ERR_INPUT, M_SHEET_BAD_YEAR, "year", A_STR(text));
    plan->year = (int)year;
    return true;
}

static int import_entries(struct cmd *c, bool dry)
{
    struct sheet_plan plan;
    struct sheet_result look = { 0 };
    struct problems problems = PROBLEMS_INIT;
    struct err err;
    if (!take_plan(c, &plan, &err))
        return cmd_fail(c, &err);
    if (c->argc != 2)
        return cmd_usage(c, &sheet_commands[0]);
    const struct sheet_ask ask = { .store = c->store, .db = c->db, .arena = c->arena, .actor = &c->actor, .bytes = c->in, .plan = &plan,
                                   .progress = c->progress, .progress_ctx = c->progress_ctx };
    bool ok = sheet_look(&ask, &look, &problems, &err);
    if (ok && !dry && (look.fresh || look.edits)) {
        struct sheet_take take;
        sheet_take_of(&ask, &look, &take);
        take.plan.seen = look.seen;
        take.problems = &problems;
        const struct clock *clock = store_clock(c->store);
        int64_t from = clock->mono_us(clock);
        ok = store_write_alone(c->store, c->office_id, c->actor.member_id, sheet_take_fn, &take, &err);
        look.writer_ms = (clock->mono_us(clock) - from + 500) / 1000;
    }
    int code = ok ? 0 : cmd_fail_all(c, &problems, &err);
    problems_release(&problems);
    if (ok && c->json) {
        sheet_json(&c->out, &look, dry);
        buf_ch(&c->out, '\n');
    } else if (ok) {
        print_look(c, &look, dry);
    }
    buf_release(&look.copy);
    return code;
}

/* --- units ---------------------------------------------------------------------------------------------------------------------------- */

static int import_units(struct cmd *c, bool dry)
{
    struct sheet_units u = { .bytes = c->in, .dry = dry };
    struct problems problems = PROBLEMS_INIT;
    struct err err;
    if (c->argc != 2)
        return cmd_usage(c, &sheet_commands[0]);
    bool ok = sheet_import_units(c->store, c->db, c->arena, &c->actor, &u, &problems, &err);
    int code = ok ? 0 : cmd_fail_all(c, &problems, &err);
    problems_release(&problems);
    if (!ok)
        return code;
    if (c->json) {
        json_obj(&c->out);
        json_put_int(&c->out, "rows", u.rows);
        json_put_int(&c->out, "created", u.created);
        json_put_bool(&c->out, "dry_run", dry);
        json_obj_end(&c->out);
        buf_ch(&c->out, '\n');
    } else {
        say(c, dry ? M_ENTRY_IMPORT_GOOD : M_ENTRY_IMPORTED, (struct arg[]){ A_INT(u.rows), A_INT(u.created) }, 2);
    }
    return 0;
}

static int run_import(struct cmd *c)
{
    bool dry = cmd_flag(c, "--dry-run");
    if (c->argc >= 1 && str_eqc(c->argv[0], "entries"))
        return import_entries(c, dry);
    if (c->argc >= 1 && str_eqc(c->argv[0], "units")) {
        cmd_flag(c, "--create-units");
        return import_units(c, dry);
    }
    return cmd_usage(c, &sheet_commands[0]);
}

/* --- export --------------------------------------------------------------------------------------------------------------------------- */

static bool export_entries(struct cmd *c, struct err *err)
{
    struct entry_filter f = ENTRY_FILTER_ANY;
    instant_t now = clock_now(store_clock(c->store));
    struct entry_when when = list_when(c->db, c->arena, c->office_id, now, instant_day(now));
    for (const char *const *name = entry_conditions; *name; name++) {
        _cleanup_(buf_release) struct buf option = BUF_INIT;
        for (const char *p = (buf_c(&option, "--"), *name); *p; p++)
            buf_ch(&option, *p == '_' ? '-' : *p);
        struct str v = cmd_option(c, arena_z(c->arena, buf_view(&option)));
        if (v.p && !list_condition(c->db, c->arena, &c->actor, &when, str_c(*name), v, &f, err))
            return false;
    }
    if (!db_snapshot_begin(c->db, err))
        return false;
    const struct sheet_shape shape = { .lang = c->lang, .xlsx = c->argc > 1 && is_xlsx(c->argv[1]) };
    bool ok = sheet_export(c->db, &c->actor, &f, &shape, &c->out, err);
    db_snapshot_end(c->db);
    return ok;
}

static int run_export(struct cmd *c)
{
    struct err err;
    bool ok;
    if (c->argc < 2)
        return cmd_usage(c, &sheet_commands[1]);
    if (str_eqc(c->argv[0], "entries"))
        ok = export_entries(c, &err);
    else if (str_eqc(c->argv[0], "units"))
        ok = sheet_export_units(c->db, c->office_id, c->lang, is_xlsx(c->argv[1]), &c->out, &err);
    else
        return cmd_usage(c, &sheet_commands[1]);
    if (!ok) {
        buf_clear(&c->out);
        return cmd_fail(c, &err);
    }
    return c->argc == 2 ? 0 : cmd_usage(c, &sheet_commands[1]);
}

const struct command sheet_commands[SHEET_COMMANDS] = {
    { "import", "entries|units FILE [--dry-run] [--create-units] [--map WORDS] [--year Y] [--kind K] [--source S] [--received D] [--again]", M_ENTRY_ABOUT_IMPORT,
      run_import, true, 2, 0, false },
    { "export", "entries|units FILE.csv|FILE.xlsx [--state S] [--unit U] …", M_ENTRY_ABOUT_EXPORT, run_export, false, 0, 2, false },
};
