/* On an entry's page how its parts stand; a page to part it among units; POST /api/v1/entries/{number}/parts; whs split. */
#include "office/split/page.h"

#include <string.h>

#include "base/json.h"
#include "base/num.h"
#include "office/entry/entry_rules.h"
#include "office/workcal/workcal.h"
#include "split_html.h"
#include "split_queries.h"

/* --- beside the entry --------------------------------------------------------------------------------------------------------------------- */

static bool section_of(const struct actor *a, const struct entry *e) { return (rules_sides(a, e) & SIDE_SECTION) != 0; }

static bool entry_block(struct req *rq, const struct entry *e, struct html *out, struct err *err)
{
    struct split_count_row row;
    bool found;
    struct split_block v = { .number = e->number, .open = e->open_parts, .later = DAY_NONE };
    v.may = section_of(rq->actor, e) && !e->reading && entry_state_open(e->state);
    if (!section_of(rq->actor, e) || e->reading)
        return true;
    if (!q_split_count(rq->db, rq->arena, &(struct split_count_in){ e->office_id, e->id }, &row, &found, err))
        return false;
    v.n = row.n;
    v.any = row.n > 0;
    v.done = v.n - v.open;
    if (v.any && e->due != INSTANT_NONE && row.latest != INSTANT_NONE && row.latest > e->due)
        v.later = instant_day(row.latest - 1);
    if (v.may || v.any)
        html_split_block(out, &v);
    return true;
}

/* --- the page --------------------------------------------------------------------------------------------------------------------------------- */

static bool ticked(const struct str *t, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(t[i], name))
            return true;
    return false;
}

static bool read_page(struct req *rq, struct split_page *v, struct err *err)
{
    struct party *p;
    struct str *t = arena_array(rq->arena, struct str, ENTRY_SPLIT_MAX + 1);
    size_t n, n_ticked = req_form_all(rq, "unit", t, ENTRY_SPLIT_MAX + 1);
    v->e = arena_new(rq->arena, struct entry);
    if (!entry_fetch(rq->db, rq->arena, rq->actor, rq->args[0], v->e, err))
        return false;
    if (!section_of(rq->actor, v->e))
        return err_fail(err, ERR_DENIED, M_ENTRY_SPLIT_SECTION, NULL);
    if (!party_list(rq->db, rq->arena, rq->actor->office_id, PARTY_UNIT, false, &p, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        arena_push(rq->arena, v->unit, v->n_units, v->cap_units) = (struct choice){ p[i].name, p[i].name, ticked(t, n_ticked, p[i].name) };
    v->number = v->e->number;
    v->text = req_form(rq, "parts").p ? req_form(rq, "parts") : STR("");
    v->version = req_form(rq, "version").p ? req_form(rq, "version") : arena_printf(rq->arena, "%lld", (long long)v->e->version);
    return true;
}

static void page_show(struct req *rq, struct split_page *v, int status)
{
    face_frame(rq, &v->frame, "/entries", FACE_SAY(rq, M_SPLIT_HEADING));
    struct html out = req_page(rq);
    html_split(&out, v);
    req_html(rq, status, &out);
}

static void page_get(struct req *rq)
{
    struct split_page *v = arena_new(rq->arena, struct split_page);
    struct err err;
    if (read_page(rq, v, &err))
        page_show(rq, v, 200);
    else
        req_fail(rq, &err);
}

/* A part's problem bears its place among the parts, a line's its line: both are said as the line, for lines come first. */
static void refuse(struct req *rq, const struct problems *p, const struct err *err)
{
    struct split_page *v = arena_new(rq->arena, struct split_page);
    struct err failed;
    if (!read_page(rq, v, &failed)) {
        req_fail(rq, &failed);
        return;
    }
    v->problem = arena_array(rq->arena, struct str, (size_t)p->n + 1);
    for (int i = 0; i < p->n; i++)
        v->problem[v->n_problems++] = FACE_SAY(rq, M_SPLIT_AT, A_INT(p->err[i].line), A_STR(face_sentence(rq, &p->err[i])));
    if (!p->n)
        v->why = face_sentence(rq, err);
    page_show(rq, v, err_http(err));
}

struct split_write { struct str number; struct split_line *line; size_t n; int64_t version; struct entry_input *in; struct problems problems; struct str *made; };

static bool split_fn(struct txn *t, void *args, struct err *err)
{
    struct split_write *w = args;
    struct actor actor;
    struct entry_split made;
    problems_release(&w->problems);
    if (!web_actor(t, &actor, err) || !entry_split(t, &actor, w->number, w->in, w->n, w->version, &made, &w->problems, err))
        return false;
    for (size_t i = 0; i < made.n; i++)
        memcpy((char *)(uintptr_t)w->made[i].p, made.made[i].number.p, w->made[i].n = made.made[i].number.n);
    return true;
}

enum { NUMBER_BYTES = 40 };

static struct split_write *order(struct req *rq, const struct entry_input *in, size_t n)
{
    struct split_write *w = arena_new(rq->arena, struct split_write);
    w->number = rq->args[0];
    w->n = n;
    w->in = arena_array(rq->arena, struct entry_input, n + 1);
    w->made = arena_array(rq->arena, struct str, n + 1);
    for (size_t i = 0; i < n; i++) {
        w->in[i] = in[i];
        w->made[i].p = arena_zalloc(rq->arena, NUMBER_BYTES);
    }
    return w;
}

static void page_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    struct split_write *w = args;
    if (ok)
        req_redirect(rq, "/entries/%.*s#parts", STR_ARG(face_percent(rq, rq->args[0])));
    else
        refuse(rq, &w->problems, err);
    problems_release(&w->problems);
}

static void page_post(struct req *rq)
{
    struct str *t = arena_array(rq->arena, struct str, ENTRY_SPLIT_MAX + 1), text = req_form(rq, "parts");
    struct problems p _cleanup_(problems_release) = PROBLEMS_INIT;
    struct split_line *line;
    struct err err;
    size_t n, n_ticked = req_form_all(rq, "unit", t, ENTRY_SPLIT_MAX + 1);           /* one more, to say that it is too many */
    struct deadline_ask ask = { face_workdays(rq), rq->now, DEADLINE_HOURS };
    if (!split_read(rq->arena, &ask, t, n_ticked, text.p ? text : STR(""), &line, &n, &p, &err)) {
        refuse(rq, &p, &err);
        return;
    }
    struct entry_input *in = arena_array(rq->arena, struct entry_input, n + 1);
    for (size_t i = 0; i < n; i++)
        in[i] = split_input(&line[i]);
    struct split_write *w = order(rq, in, n);
    num_range(req_form(rq, "version"), 1, INT64_MAX, &w->version);
    web_write(rq, split_fn, w, page_answer);
}

/* --- the API ----------------------------------------------------------------------------------------------------------------------------------- */

static void api_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    struct split_write *w = args;
    struct buf out _cleanup_(buf_release) = BUF_INIT;
    if (!ok) {
        if (w->problems.n)
            req_fail_all(rq, &w->problems);
        else
            req_fail(rq, err);
        problems_release(&w->problems);
        return;
    }
    json_obj(&out);
    json_key(&out, "numbers");
    json_arr(&out);
    for (size_t i = 0; i < w->n; i++)
        json_str(&out, w->made[i]);
    json_arr_end(&out);
    json_obj_end(&out);
    req_json(rq, 201, &out);
}

static bool read_part(const struct jvalue *v, struct entry_input *in, struct err *err)
{
    *in = (struct entry_input){ .title = STR_NULL };
    if (v->kind != J_OBJECT)
        return err_fail(err, ERR_INPUT, M_WEB_NOT_OBJECT, "parts");
    return jonly(v, "title requirement deadline deadline_phrase lead_unit", err) && jget_text(v, "title", &in->title, err) &&
           jget_text(v, "requirement", &in->requirement, err) && jget_text(v, "deadline", &in->deadline, err) &&
           jget_text(v, "deadline_phrase", &in->deadline_phrase, err) && jget_text(v, "lead_unit", &in->lead_unit, err);
}

static bool read_phrase(struct req *rq, struct entry_input *in, struct err *err)
{
    struct deadline_ask ask = { face_workdays(rq), rq->now, DEADLINE_HOURS };
    struct split_line l = { .unit = in->lead_unit, .requirement = STR(""), .phrase = in->deadline_phrase };
    if (in->deadline.p || !in->deadline_phrase.n)
        return true;
    struct split_line *read;
    size_t n;
    struct str line = arena_printf(rq->arena, "x||%.*s", STR_ARG(l.phrase));
    if (!split_read(rq->arena, &ask, NULL, 0, line, &read, &n, NULL, err))
        return false;
    in->deadline = read->deadline;
    return true;
}

static void api_post(struct req *rq)
{
    struct jvalue body;
    const struct jvalue *parts;
    struct err err;
    int64_t version = 0;
    if (!req_json_in(rq, &body, &err) || !jonly(&body, "parts version", &err) || !jget_int(&body, "version", 0, &version, &err))
        return req_fail(rq, &err);
    parts = jget(&body, "parts");
    size_t n = parts && parts->kind == J_LIST ? parts->n : 0;
    if (n == 0 || n > ENTRY_SPLIT_MAX) {
        err_fail(&err, ERR_INPUT, n ? M_ENTRY_SPLIT_MANY : M_ENTRY_SPLIT_NOBODY, "parts", A_INT(ENTRY_SPLIT_MAX));
        return req_fail(rq, &err);
    }
    struct entry_input *in = arena_array(rq->arena, struct entry_input, n);
    for (size_t i = 0; i < n; i++)
        if (!read_part(&parts->items[i], &in[i], &err) || !read_phrase(rq, &in[i], &err)) {
            err_at(&err, (int)i + 1, 0);
            return req_fail(rq, &err);
        }
    struct split_write *w = order(rq, in, n);
    w->version = version;
    web_write(rq, split_fn, w, api_answer);
}

static const struct route routes[] = {
    { "GET", "/entries/{number}/parts", page_get, ROLE_SECTION, 0, false },
    { "POST", "/entries/{number}/parts", page_post, ROLE_SECTION, 0, false },
    { "POST", "/api/v1/entries/{number}/parts", api_post, ROLE_SECTION, .api = true, .takes = "EntryParts", .gives = "EntryPartsMade" },
};

static const struct schema schemas[] = {
    { "EntryPart", "lead_unit:text! title:text requirement:text deadline:text deadline_phrase:text" },
    { "EntryParts", "parts:[EntryPart]! version:int" },
    { "EntryPartsMade", "numbers:[text]!" },
};

/* --- the command ------------------------------------------------------------------------------------------------------------------------------- */

struct call { struct cmd *c; struct entry_input *in; size_t n; struct problems problems; day_t later; struct buf numbers; };

static bool do_split(struct txn *t, void *args, struct err *err)
{
    struct call *k = args;
    struct actor actor;
    struct entry_split made;
    problems_release(&k->problems);
    buf_clear(&k->numbers);
    if (!actor_load(t->db, t->arena, k->c->office_id, k->c->actor.member_id, t->today, &actor, err) ||
        !entry_split(t, &actor, k->c->argv[0], k->in, k->n, 0, &made, &k->problems, err))
        return false;
    k->later = made.later;
    for (size_t i = 0; i < made.n; i++)
        buf_printf(&k->numbers, "%.*s %.*s\n", STR_ARG(made.made[i].number), STR_ARG(made.made[i].title));
    return true;
}

static int run_split(struct cmd *c);
static const struct command commands[] = {
    { "split", "NUMBER UNIT[|REQUIREMENT[|DEADLINE]]…|-", M_SPLIT_ABOUT, run_split, .writes = true, .file_arg = -1 },
};

static bool say_problems(struct cmd *c, struct problems *p)
{
    for (int i = 0; i < p->n; i++)
        cmd_fail(c, &p->err[i]);
    return p->n > 0;
}

static int run_split(struct cmd *c)
{
    struct call k = { .c = c, .later = DAY_NONE };
    struct buf lines _cleanup_(buf_release) = BUF_INIT;
    struct problems p _cleanup_(problems_release) = PROBLEMS_INIT;
    const struct workdays *w;
    struct split_line *line;
    struct err err;
    size_t n;
    if (c->argc < 2)
        return cmd_usage(c, &commands[0]);
    for (int i = 1; i < c->argc; i++) {
        buf_str(&lines, str_eqc(c->argv[i], "-") ? c->in : c->argv[i]);
        buf_ch(&lines, '\n');
    }
    if (!workcal_get(c->db, c->arena, c->office_id, &w, &err))
        return cmd_fail(c, &err);
    struct deadline_ask ask = { w, clock_now(store_clock(c->store)), DEADLINE_HOURS };
    if (!split_read(c->arena, &ask, NULL, 0, buf_view(&lines), &line, &n, &p, &err))
        return say_problems(c, &p) ? err_exit(&err) : cmd_fail(c, &err);
    k.n = n;
    k.in = arena_array(c->arena, struct entry_input, n + 1);
    for (size_t i = 0; i < n; i++)
        k.in[i] = split_input(&line[i]);
    bool ok = store_write_wait(c->store, c->office_id, c->actor.member_id, do_split, &k, &err);
    int code = ok ? 0 : say_problems(c, &k.problems) ? err_exit(&err) : cmd_fail(c, &err);
    if (ok)
        buf_str(&c->out, buf_view(&k.numbers));
    if (ok && k.later != DAY_NONE) {
        tr(&c->err, c->lang, M_SPLIT_LATER, (struct arg[]){ A_DAY(k.later) }, 1);
        buf_ch(&c->err, '\n');
    }
    problems_release(&k.problems);
    buf_release(&k.numbers);
    return code;
}

const struct slice split_slice = {
    .name = "split", .routes = routes, .n_routes = ARRAY_LEN(routes), .schemas = schemas, .n_schemas = ARRAY_LEN(schemas), .commands = commands,
    .n_commands = ARRAY_LEN(commands), .entry_block = entry_block,
};
