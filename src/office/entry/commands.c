/* The command line: register, list, show, the verbs of the state table. */
#include "base/json.h"
#include "base/num.h"
#include "calendar/date.h"
#include "messages.h"
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
static void take_options(struct cmd *c, struct entry_input *in)
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

static int print_entry(struct cmd *c, const struct entry *e)
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

/* --- register and the verbs ------------------------------------------------------------------------------------------------------------ */

struct doing {
    struct cmd *c;
    struct entry_input in;
    struct str number;                           /* absent: a registration */
    enum entry_verb verb;
    struct entry out;
    struct problems problems;
};

static bool do_fn(struct txn *t, void *args, struct err *err)
{
    struct doing *d = args;
    struct actor actor;
    struct entry e;
    d->problems.n = d->problems.total = 0;       /* fn may run again */
    if (!actor_load(t->db, t->arena, t->office_id, t->actor_id, t->today, &actor, err))
        return false;
    bool ok = d->number.p ? entry_act(t, &actor, d->number, d->verb, &d->in, &e, err)
                          : entry_register(t, &actor, &d->in, &e, &d->problems, err);
    if (!ok)
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
        code = cmd_fail_all(c, &d->problems, &err);
    else if (!entry_fetch(c->db, c->arena, &c->actor, d->out.number, &e, &err))
        code = cmd_fail(c, &err);
    else
        code = print_entry(c, &e);
    problems_release(&d->problems);
    return code;
}

static int run_register(struct cmd *c)
{
    struct doing d = { .c = c, .verb = VERB_REGISTER };
    take_options(c, &d.in);
    if (c->argc > 1 || (c->argc == 1 && str_starts(c->argv[0], STR("--"))))
        return cmd_usage(c, self("register"));
    if (c->argc == 1)
        d.in.title = str_eqc(c->argv[0], "-") ? c->in : c->argv[0];
    return finish(c, &d);
}

static int run_verb(struct cmd *c, enum entry_verb verb)
{
    struct doing d = { .c = c, .verb = verb };
    take_options(c, &d.in);
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

/* --- list and show --------------------------------------------------------------------------------------------------------------------- */

static bool take_month(struct str s, struct entry_filter *f, struct err *err)
{
    day_t first;
    struct civil c;
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    buf_str(&b, s);
    buf_c(&b, "-01");
    if (!date_read_iso(buf_view(&b), &first, NULL))
        return err_fail(err, ERR_INPUT, M_ENTRY_BAD_MONTH, "month", A_STR(s));
    c = date_civil(first);
    f->span_from = first;
    f->span_to = first + date_month_days(c.year, c.month) - 1;
    return true;
}

static bool take_day(struct str s, const char *field, day_t *ret, struct err *err)
{
    instant_t at;
    bool has_time;
    return date_read(s, ret, &at, &has_time, NULL) || err_fail(err, ERR_INPUT, M_ENTRY_BAD_DATE, field, A_MSG(M_FIELD_DAY), A_STR(s));
}

bool entry_filter_take(struct db *db, struct arena *a, const struct actor *actor, struct str name, struct str value, struct entry_filter *f,
                       struct err *err)
{
    struct lookup names = { .db = db, .arena = a, .actor = actor };
    enum entry_state state;
    int64_t n;
    if (str_eqc(name, "day") || str_eqc(name, "week")) {
        bool week = str_eqc(name, "week");
        if (!take_day(value, week ? "week" : "day", &f->span_from, err))
            return false;
        f->span_from = week ? date_monday(f->span_from) : f->span_from;
        f->span_to = f->span_from + (week ? 6 : 0);
        return true;
    }
    if (str_eqc(name, "month"))
        return take_month(value, f, err);
    if (str_eqc(name, "list"))
        return lookup_id(&names, LOOK_LIST, value, &f->list_id, err);
    if (str_eqc(name, "unit"))
        return lookup_id(&names, LOOK_LEAD, value, &f->unit_id, err);
    if (str_eqc(name, "officer"))
        return lookup_id(&names, LOOK_OFFICER, value, &f->officer_id, err);
    if (str_eqc(name, "leader"))
        return lookup_id(&names, LOOK_LEADER, value, &f->leader_id, err);
    if (str_eqc(name, "q")) {
        f->q = value;
        return true;
    }
    if (str_eqc(name, "limit")) {
        if (!num_range(value, 1, 1000, &n))
            return err_fail(err, ERR_INPUT, M_ENTRY_BAD_LIMIT, "limit", A_STR(value));
        f->limit = (int)n;
        return true;
    }
    if (str_eqc(name, "after"))
        return num_range(value, 1, INT64_MAX, &f->after) || err_fail(err, ERR_INPUT, M_ENTRY_BAD_CURSOR, "after", A_STR(value));
    if (str_eqc(value, "open") || str_eqc(value, "未办结"))
        f->state = -2;
    else if (entry_state_read(value, &state)) {
        f->state = (int)state;
        f->reading = str_eqc(value, "待阅") || str_eqc(value, "已阅") ? 1 : -1;
    } else {
        return err_fail(err, ERR_INPUT, M_ENTRY_UNKNOWN_STATE, "state", A_MSG(M_FIELD_STATE), A_STR(value));
    }
    return true;
}

enum { LIST_MAX = 1000 };

static int run_list(struct cmd *c)
{
    static const char *const OPTIONS[] = { "day", "week", "month", "list", "state", "unit", "officer", "leader", "q", "limit" };
    struct entry_filter f = ENTRY_FILTER_ANY;
    struct entry_line *lines;
    size_t n;
    struct err err;
    f.limit = LIST_MAX + 1;                      /* one more than is shown: is there more? */
    for (size_t i = 0; i < ARRAY_LEN(OPTIONS); i++) {
        struct str v = cmd_option(c, arena_printf(c->arena, "--%s", OPTIONS[i]).p);
        if (v.p && !entry_filter_take(c->db, c->arena, &c->actor, str_c(OPTIONS[i]), v, &f, &err))
            return cmd_fail(c, &err);
    }
    if (c->argc)
        return cmd_usage(c, self("list"));
    if (!entry_lines(c->db, c->arena, &c->actor, &f, &lines, &n, &err))
        return cmd_fail(c, &err);
    if (n > LIST_MAX) {
        n = LIST_MAX;
        tr(&c->err, c->lang, M_ENTRY_LIST_CUT, (struct arg[]){ A_INT(LIST_MAX) }, 1);
        buf_ch(&c->err, '\n');
    }
    if (c->json)
        json_arr(&c->out);
    for (size_t i = 0; i < n; i++) {
        if (c->json)
            shape_line_json(&lines[i], now_of(c), &c->out);
        else
            shape_line_text(c->lang, &lines[i], &c->out);
    }
    if (c->json) {
        json_arr_end(&c->out);
        buf_ch(&c->out, '\n');
    }
    return 0;
}

static int run_show(struct cmd *c)
{
    struct entry e;
    struct err err;
    if (c->argc != 1)
        return cmd_usage(c, self("show"));
    return entry_fetch(c->db, c->arena, &c->actor, c->argv[0], &e, &err) ? print_entry(c, &e) : cmd_fail(c, &err);
}

#define ACT(name, about) { #name, "NUMBER [TEXT] [--day D] …", about, run_##name, true, 0, 0, false }

const struct command entry_commands[ENTRY_COMMANDS] = {
    { "register", "TEXT|- --kind K --source S --requirement R --deadline D --lead-unit U …", M_ENTRY_ABOUT_REGISTER, run_register, true, -1, 0, false },
    { "list", "[--day D|--week D|--month YYYY-MM] [--list NAME] [--state S] [--unit U]", M_ENTRY_ABOUT_LIST, run_list, false, 0, 0, false },
    { "show", "NUMBER", M_ENTRY_ABOUT_SHOW, run_show, false, 0, 0, false },
    ACT(accept, M_ENTRY_VERB_ACCEPT), ACT(return, M_ENTRY_VERB_RETURN), ACT(assign, M_ENTRY_VERB_ASSIGN), ACT(submit, M_ENTRY_VERB_SUBMIT),
    ACT(reject, M_ENTRY_VERB_REJECT), ACT(settle, M_ENTRY_VERB_SETTLE), ACT(suspend, M_ENTRY_VERB_SUSPEND), ACT(resume, M_ENTRY_VERB_RESUME),
    ACT(withdraw, M_ENTRY_VERB_WITHDRAW), ACT(archive, M_ENTRY_VERB_ARCHIVE), ACT(reopen, M_ENTRY_VERB_REOPEN),
    ACT(feedback, M_ENTRY_VERB_FEEDBACK), ACT(urge, M_ENTRY_VERB_URGE), ACT(extend, M_ENTRY_VERB_EXTEND), ACT(amend, M_ENTRY_ABOUT_AMEND),
};
