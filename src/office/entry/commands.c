/* The command line: list, show, the verbs of the state table, import, export. */
#include "base/json.h"
#include "messages.h"
#include "office/entry/entry_shape.h"
#include "office/entry/shape.h"
#include "office/entry/slice.h"

static const struct command *self(const char *name)
{
    for (int i = 0; i < entry_slice.n_commands; i++)
        if (str_eqc(str_c(name), entry_slice.commands[i].name))
            return &entry_slice.commands[i];
    return NULL;
}

static instant_t now_of(const struct cmd *c) { return clock_now(store_clock(c->store)); }

/* --lead-unit and --lead_unit alike; --lead for short. */
void entry_options(struct cmd *c, struct entry_input *in)
{
    for (int f = 0; f < FIELDS; f++) {
        char name[48] = "--";
        size_t n = 2;
        for (const char *p = field_info[f].name; *p; p++)
            name[n++] = *p == '_' ? '-' : *p;
        name[n] = 0;
        struct str v = cmd_option(c, name);
        if (v.p)
            entry_input_set(in, str_c(field_info[f].name), v);
    }
    struct str lead = cmd_option(c, "--lead");
    if (lead.p)
        in->lead_unit = lead;
}

int entry_print(struct cmd *c, const struct entry *e)
{
    struct act *acts;
    size_t n;
    struct err err;
    bool ok = entry_history(c->db, c->arena, &c->actor, e, &acts, &n, &err);
    if (ok && c->json) {
        ok = shape_entry_json(c->db, c->arena, &c->actor, e, acts, n, now_of(c), &c->out, &err);
        buf_ch(&c->out, '\n');
    } else if (ok) {
        ok = shape_entry_text(c->db, c->arena, c->lang, &c->actor, e, acts, n, &c->out, &err);
    }
    return ok ? 0 : cmd_fail(c, &err);
}

/* Every problem on a line of its own, then the code of the first. */
int entry_print_problems(struct cmd *c, const struct problems *p, const struct err *err)
{
    for (int i = 0; i < p->n; i++)
        cmd_fail(c, &p->err[i]);
    if (p->total > p->n) {
        tr(&c->err, c->lang, M_ENTRY_MORE_PROBLEMS, (struct arg[]){ A_INT(p->total - p->n) }, 1);
        buf_ch(&c->err, '\n');
    }
    return p->n ? err_exit(err) : cmd_fail(c, err);
}

/* --- the verbs ------------------------------------------------------------------------------------------------------------ */

struct doing {
    struct cmd *c;
    struct entry_input in;
    struct str number;
    enum entry_verb verb;
    struct entry out;
};

static bool do_fn(struct txn *t, void *args, struct err *err)
{
    struct doing *d = args;
    struct actor actor;
    struct entry e;
    if (!actor_load(t->db, t->arena, t->office_id, t->actor_id, t->today, &actor, err))
        return false;
    if (!entry_act(t, &actor, d->number, d->verb, &d->in, &e, err))
        return false;
    d->out = e;
    d->out.number = arena_str(d->c->arena, e.number);
    return true;
}

static int finish(struct cmd *c, struct doing *d)
{
    struct err err;
    struct entry e;
    int code;
    if (!store_write_wait(c->store, c->office_id, c->actor.member_id, do_fn, d, &err))
        code = cmd_fail(c, &err);
    else if (!entry_fetch(c->db, c->arena, &c->actor, d->out.number, &e, &err))
        code = cmd_fail(c, &err);
    else
        code = entry_print(c, &e);
    return code;
}

static int run_verb(struct cmd *c, enum entry_verb verb)
{
    struct doing d = { .c = c, .verb = verb };
    entry_options(c, &d.in);
    if (c->argc < 1 || c->argc > 2 || str_starts(c->argv[0], STR("--")))
        return cmd_usage(c, self(entry_verb_code(verb).p));
    d.number = c->argv[0];
    if (c->argc == 2)
        d.in.text = c->argv[1];
    return finish(c, &d);
}

#define VERB(name, v) \
    static int run_##name(struct cmd *c) { return run_verb(c, v); }
VERB(accept, VERB_ACCEPT)
VERB(return, VERB_RETURN)
VERB(assign, VERB_ASSIGN)
VERB(submit, VERB_SUBMIT)
VERB(reject, VERB_REJECT)
VERB(settle, VERB_SETTLE)
VERB(suspend, VERB_SUSPEND)
VERB(resume, VERB_RESUME)
VERB(withdraw, VERB_WITHDRAW)
VERB(archive, VERB_ARCHIVE)
VERB(reopen, VERB_REOPEN)
VERB(feedback, VERB_FEEDBACK)
VERB(urge, VERB_URGE)
VERB(extend, VERB_EXTEND)
VERB(amend, VERB_AMEND)

/* --- show ------------------------------------------------------------------------------------------------------------------------------------- */

static int run_show(struct cmd *c)
{
    struct entry e;
    struct err err;
    if (c->argc != 1)
        return cmd_usage(c, self("show"));
    return entry_fetch(c->db, c->arena, &c->actor, c->argv[0], &e, &err) ? entry_print(c, &e) : cmd_fail(c, &err);
}

/* --- import and export -------------------------------------------------------------------------------------------------------------------- */

static int run_import(struct cmd *c)
{
    bool dry = cmd_flag(c, "--dry-run"), create = cmd_flag(c, "--create-units"), ok;
    struct sheet_result r = { 0 };
    struct problems problems = PROBLEMS_INIT;
    struct err err;
    if (c->argc != 2)
        return cmd_usage(c, self("import"));
    if (str_eqc(c->argv[0], "entries"))
        ok = sheet_import_entries(c, dry, create, &r, &problems, &err);
    else if (str_eqc(c->argv[0], "units"))
        ok = sheet_import_units(c, dry, &r, &problems, &err);
    else
        return cmd_usage(c, self("import"));
    int code = ok ? 0 : entry_print_problems(c, &problems, &err);
    problems_release(&problems);
    if (!ok)
        return code;
    if (c->json) {
        json_obj(&c->out);
        json_put_int(&c->out, "rows", r.rows);
        json_put_int(&c->out, "created", r.created);
        json_put_bool(&c->out, "dry_run", dry);
        json_obj_end(&c->out);
    } else {
        tr(&c->out, c->lang, dry ? M_ENTRY_IMPORT_GOOD : M_ENTRY_IMPORTED, (struct arg[]){ A_INT(r.rows), A_INT(r.created) }, 2);
    }
    buf_ch(&c->out, '\n');
    return 0;
}

static int run_export(struct cmd *c)
{
    struct err err;
    bool ok;
    if (c->argc != 2)
        return cmd_usage(c, self("export"));
    if (str_eqc(c->argv[0], "entries"))
        ok = sheet_export_entries(c, &err);
    else if (str_eqc(c->argv[0], "units"))
        ok = sheet_export_units(c, &err);
    else
        return cmd_usage(c, self("export"));
    return ok ? 0 : cmd_fail(c, &err);
}

#define ACT(name, about) { #name, "NUMBER [TEXT] [--day D] …", about, run_##name, true, 0, 0, false }

const struct command entry_commands[ENTRY_COMMANDS] = {
    { "show", "NUMBER", M_ENTRY_ABOUT_SHOW, run_show, false, 0, 0, false },
    ACT(accept, M_ENTRY_VERB_ACCEPT), ACT(return, M_ENTRY_VERB_RETURN), ACT(assign, M_ENTRY_VERB_ASSIGN), ACT(submit, M_ENTRY_VERB_SUBMIT),
    ACT(reject, M_ENTRY_VERB_REJECT), ACT(settle, M_ENTRY_VERB_SETTLE), ACT(suspend, M_ENTRY_VERB_SUSPEND), ACT(resume, M_ENTRY_VERB_RESUME),
    ACT(withdraw, M_ENTRY_VERB_WITHDRAW), ACT(archive, M_ENTRY_VERB_ARCHIVE), ACT(reopen, M_ENTRY_VERB_REOPEN),
    ACT(feedback, M_ENTRY_VERB_FEEDBACK), ACT(urge, M_ENTRY_VERB_URGE), ACT(extend, M_ENTRY_VERB_EXTEND), ACT(amend, M_ENTRY_ABOUT_AMEND),
    { "import", "entries|units FILE [--dry-run] [--create-units]", M_ENTRY_ABOUT_IMPORT, run_import, true, 2, 0, false },
    { "export", "entries|units FILE", M_ENTRY_ABOUT_EXPORT, run_export, false, 0, 2, false },
};
