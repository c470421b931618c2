/* whs register TEXT|-: an entry from a pasted sentence, notice or minutes; options say more, or otherwise. */
#include <string.h>

#include "base/json.h"
#include "calendar/date.h"
#include "messages.h"
#include "office/entry/entry_shape.h"
#include "office/paste/inside.h"
#include "office/workcal/workcal.h"

struct call {
    struct cmd *c;
    struct str text, option[PARTS];
    struct entry_input rest;                     /* options that no text could say */
    struct proposal p;
    struct deadline_ask ask;
    struct said said[PASTE_MATTERS];
    struct entry_input input[PASTE_MATTERS];
    size_t n;
    struct order order;
};

/* --- what the options say ------------------------------------------------------------------------------------------------------ */

static void take_parts(struct call *k)
{
    for (int part = 0; part < PARTS; part++) {
        char name[48] = "--";
        size_t n = 2;
        for (const char *p = part_info[part].name; *p; p++)
            name[n++] = *p == '_' ? '-' : *p;
        name[n] = 0;
        k->option[part] = cmd_option(k->c, name);
    }
    struct str lead = cmd_option(k->c, "--lead");
    k->option[PART_LEAD] = lead.p ? lead : k->option[PART_LEAD];
    entry_options(k->c, &k->rest);
}

/* All four fields given: the text is the title and is not read for more. */
static bool all_given(const struct call *k)
{
    const struct str *o = k->option;
    return o[PART_SOURCE].p && o[PART_REQUIREMENT].p && o[PART_LEAD].p && (o[PART_DEADLINE].p || o[PART_NO_DEADLINE].p);
}

/* An entry_input is texts and nothing else: what was said lies over what was read. */
static void lay_over(struct entry_input *in, const struct entry_input *over)
{
    struct str *to = (struct str *)in;
    const struct str *from = (const struct str *)over;
    for (size_t i = 0; i < sizeof *in / sizeof *to; i++)
        if (from[i].p)
            to[i] = from[i];
}

static void apply(struct call *k)
{
    for (size_t i = 0; i < k->n; i++) {
        for (int part = 0; part < PARTS; part++)
            if (k->option[part].p) {
                k->said[i].v[part] = k->option[part];
                k->said[i].phrase = part == PART_DEADLINE ? STR("") : k->said[i].phrase;
            }
        said_input(k->c->arena, &k->said[i], &k->input[i]);
        lay_over(&k->input[i], &k->rest);
    }
}

/* --- printing ---------------------------------------------------------------------------------------------------------------------- */

static void put_words(struct call *k, const struct propose_value *v)
{
    buf_c(&k->c->out, "  ←");
    for (int i = 0; i < v->n_spans; i++)
        buf_printf(&k->c->out, "“%.*s”", (int)(v->span[i].to - v->span[i].from), k->text.p + v->span[i].from);
}

/* A value as a person reads it: kinds and ticks in words, a day with its weekday. */
static struct str shown(struct call *k, int part, struct str value)
{
    enum entry_kind kind;
    bool due = part == PART_DEADLINE || part == PART_UNIT_DEADLINE;
    instant_t at;
    day_t day;
    bool timed;
    if (part == PART_KIND && entry_kind_read(value, &kind))
        return str_c(tr_text(k->c->lang, entry_kind_msg(kind)));
    if ((part == PART_READING || part == PART_INSTRUCTION) && str_eqc(value, "true"))
        return str_c(tr_text(k->c->lang, M_PASTE_YES));
    if (!due || !value.n || !date_read(value, &day, &at, &timed, NULL))
        return value;
    const char *weekday = tr_text(k->c->lang, M_BASE_WEEKDAY_1 + date_weekday(day) - 1);
    return arena_printf(k->c->arena, k->c->lang == LANG_ZH ? "%.*s（%s）" : "%.*s (%s)", STR_ARG(value), weekday);
}

static void put_line(struct call *k, int msg, const struct arg *args, int n)
{
    buf_c(&k->c->out, "    ");
    tr(&k->c->out, k->c->lang, msg, args, n);
    buf_ch(&k->c->out, '\n');
}

/* How the deadline was read, how long there is, its other readings. */
static void put_reading(struct call *k, const struct deadline *d)
{
    struct buf how _cleanup_(buf_release) = BUF_INIT;
    int left = workdays_left(k->ask.work, instant_day(k->ask.at), instant_day(d->due - 1));
    deadline_how(&how, k->c->lang, d);
    put_line(k, M_WORKCAL_DEADLINE_HOW, &A_STR(buf_view(&how)), 1);
    if (d->due > k->ask.at)
        put_line(k, left ? M_DUE_LEFT : M_DUE_TODAY, &A_INT(left), 1);
    if (d->strict != d->due && d->strict != INSTANT_NONE)
        put_line(k, M_WORKCAL_DEADLINE_STRICT, &A_STR(paste_due(k->c->arena, d->strict)), 1);
    if (d->other != INSTANT_NONE)
        put_line(k, M_WORKCAL_DEADLINE_OTHER, &A_STR(paste_due(k->c->arena, d->other)), 1);
}

static void put_doubts(struct call *k, const struct propose_matter *m, const struct said *s)
{
    struct buf *out = &k->c->out;
    struct doubt d[MATTER_DOUBTS];
    int n = matter_doubts(m, s, d);
    for (int i = 0; i < n; i++) {
        buf_c(out, "  ◆ ");
        if (d[i].why)
            tr_err(out, k->c->lang, d[i].why);
        else
            tr(out, k->c->lang, d[i].msg, d[i].args, d[i].n);
        buf_ch(out, '\n');
    }
}

static void put_matter(struct call *k, size_t i)
{
    struct buf *out = &k->c->out;
    const struct propose_matter *m = &k->p.matter[i];
    if (k->n > 1) {
        tr(out, k->c->lang, M_PASTE_MATTER, (struct arg[]){ A_INT(i + 1) }, 1);
        buf_ch(out, '\n');
    }
    for (int part = 0; part < PARTS; part++) {
        const struct propose_value *v = part_info[part].from >= 0 ? &m->field[part_info[part].from] : NULL;
        struct str value = k->said[i].v[part];
        if (!value.n && !(v && v->n_spans))
            continue;
        buf_printf(out, "  %s%s%.*s", tr_text(k->c->lang, part_info[part].label), k->c->lang == LANG_ZH ? "：" : ": ", STR_ARG(shown(k, part, value)));
        if (v && v->n_spans && !k->option[part].p)
            put_words(k, v);
        buf_ch(out, '\n');
        if (part == PART_DEADLINE && value.n && !k->option[part].p && m->due.due != INSTANT_NONE)
            put_reading(k, &m->due);
    }
    put_doubts(k, m, &k->said[i]);
}

static void put_all(struct call *k)
{
    struct buf *out = &k->c->out;
    if (!k->c->json) {
        for (size_t i = 0; i < k->n; i++)
            put_matter(k, i);
        return;
    }
    json_obj(out);
    json_key(out, "matters");
    json_arr(out);
    for (size_t i = 0; i < k->n; i++)
        paste_put_matter(out, &k->p.matter[i], k->text, &k->said[i]);
    json_arr_end(out);
    json_put_bool(out, "cut", k->p.cut);
    json_obj_end(out);
    buf_ch(out, '\n');
}

/* What is missing, of every matter; the number of lines. */
static int put_missing(struct call *k)
{
    int n = 0;
    for (size_t i = 0; i < k->n; i++)
        for (int part = 0; part < PARTS; part++)
            if (said_missing(&k->said[i]) & 1u << part) {
                struct err err;
                const struct propose_value *v = part_info[part].from >= 0 ? &k->p.matter[i].field[part_info[part].from] : NULL;
                bool unread = v && v->n_spans && !v->text.n;
                struct str words = unread ? str_sub(k->text, v->span[0].from, v->span[0].to - v->span[0].from) : STR("");
                err_fail(&err, ERR_INPUT, unread ? M_PASTE_UNREAD : k->n > 1 ? M_PASTE_MISSING_OF : M_PASTE_MISSING, part_info[part].name, A_MSG(part_info[part].label),
                         unread ? A_STR(words) : A_INT(i + 1));
                cmd_fail(k->c, &err);
                n++;
            }
    return n;
}

/* --- registering --------------------------------------------------------------------------------------------------------------------- */

static bool do_register(struct txn *t, void *args, struct err *err)
{
    struct call *k = args;
    struct actor actor;
    return actor_load(t->db, t->arena, t->office_id, t->actor_id, t->today, &actor, err) && paste_register(t, &actor, &k->order, err);
}

static int put_entries(struct call *k)
{
    struct cmd *c = k->c;
    struct err err;
    bool several = c->json && k->order.n_numbers > 1;
    if (several)
        json_arr(&c->out);
    for (size_t i = 0; i < k->order.n_numbers; i++) {
        struct entry e;
        if (!entry_fetch(c->db, c->arena, &c->actor, str_c(k->order.number[i]), &e, &err))
            return cmd_fail(c, &err);
        int code = entry_print(c, &e);
        if (code)
            return code;
        if (several && c->out.n && c->out.p[c->out.n - 1] == '\n')     /* an element, not a line */
            c->out.n--;
    }
    if (several) {
        json_arr_end(&c->out);
        buf_ch(&c->out, '\n');
    }
    return 0;
}

static int enter(struct call *k, bool keep)
{
    struct err err;
    int code;
    k->order = (struct order){ .said = k->said, .input = k->input, .n = k->n, .text = keep ? paste_kept(k->c->arena, k->text, &k->p) : STR_NULL };
    if (store_write_wait(k->c->store, k->c->office_id, k->c->actor.member_id, do_register, k, &err)) {
        code = put_entries(k);
        if (code == 0 && keep && !k->c->json)
            put_all(k);
    } else {
        code = k->order.problems.n ? cmd_fail_all(k->c, &k->order.problems, &err) : cmd_fail(k->c, &err);
    }
    problems_release(&k->order.problems);
    return code;
}

static bool read_text(struct call *k, struct err *err)
{
    struct cmd *c = k->c;
    k->ask = (struct deadline_ask){ .at = clock_now(store_clock(c->store)), .hours = DEADLINE_HOURS };
    if (!paste_check(k->text, err))
        return false;
    k->text = str_trim(k->text);
    if (!workcal_get(c->db, c->arena, c->office_id, &k->ask.work, err) ||
        !paste_propose(c->db, c->arena, &c->actor, k->ask.work, k->ask.at, k->text, &k->p, err))
        return false;
    if (k->p.n == 0 && !paste_bare_title(c->arena, k->text, &k->p))
        return err_fail(err, ERR_INPUT, M_PASTE_NOTHING, "text");
    if (k->p.n > PASTE_MATTERS)
        return err_fail(err, ERR_INPUT, M_PASTE_TOO_MANY, "text", A_INT(PASTE_MATTERS));
    k->n = k->p.n;
    for (size_t i = 0; i < k->n; i++) {
        said_of(c->arena, &k->p.matter[i], &k->said[i]);
        if (!paste_limit(c->db, c->arena, c->office_id, k->ask.work, clock_now(store_clock(c->store)), k->text, &k->p.matter[i], &k->said[i], err))
            return false;
    }
    return true;
}

static int run_register(struct cmd *c)
{
    struct call *k = arena_new(c->arena, struct call);
    struct err err;
    bool dry = cmd_flag(c, "--dry-run");
    k->c = c;
    take_parts(k);
    if (c->argc > 1 || (c->argc == 1 && str_starts(c->argv[0], STR("--"))))
        return cmd_usage(c, &paste_commands[0]);
    bool text = c->argc == 1;
    if (text)
        k->text = str_eqc(c->argv[0], "-") ? c->in : c->argv[0];
    if ((!text || all_given(k)) && !dry) {
        k->n = 1;
        if (text)
            k->option[PART_TITLE] = k->text;
        apply(k);
        return enter(k, false);
    }
    if (!read_text(k, &err))
        return cmd_fail(c, &err);
    apply(k);
    if (dry) {
        put_all(k);
        return 0;
    }
    if (put_missing(k)) {
        put_all(k);
        return 3;
    }
    return enter(k, true);
}

const struct command paste_commands[PASTE_COMMANDS] = {
    { "register", "TEXT|- [--dry-run] [--kind K] [--source S] [--requirement R] [--deadline D] [--lead-unit U] …", M_ENTRY_ABOUT_REGISTER, run_register, .writes = true, .file_arg = -1 },
};
