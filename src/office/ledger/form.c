/* Registering and amending share one table of fields; each names its place in struct entry_input. */
#include "office/ledger/ledger.h"
#include "office/limit/limit.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "ledger_html.h"

enum { IN_TEXT = 0, IN_AREA = 1, IN_SELECT = 2, IN_CHECKS = 4, IN_CHECK = 8, IN_DATE = 16, IN_TIME = 32, MUST = 64, ONLY_EDIT = 128, ONLY_NEW = 256 };

static const struct spec {
    const char *name;
    size_t at;
    int label;
    unsigned how;
    const char *css;
    int hint, part;
} SPECS[] = {
    { "kind", offsetof(struct entry_input, kind), M_FIELD_KIND, IN_SELECT | MUST | ONLY_NEW, "", 0, 0 },
    { "urgency", offsetof(struct entry_input, urgency), M_FIELD_URGENCY, IN_SELECT, "", 0, 0 },
    { "reading", offsetof(struct entry_input, reading), M_FORM_READING, IN_CHECK | ONLY_NEW, "", 0, 0 },
    { "instruction", offsetof(struct entry_input, instruction), M_FORM_INSTRUCTION, IN_CHECK, "", 0, 0 },
    { "title", offsetof(struct entry_input, title), M_FIELD_TITLE, IN_TEXT | MUST, "wide", 0, 0 },
    { "source", offsetof(struct entry_input, source), M_FIELD_SOURCE, IN_TEXT | MUST, "half", M_FORM_SOURCE_HINT, 0 },
    { "received", offsetof(struct entry_input, received), M_FIELD_RECEIVED, IN_TIME | MUST, "half", 0, 0 },
    { "requirement", offsetof(struct entry_input, requirement), M_FIELD_REQUIREMENT, IN_AREA | MUST, "wide", 0, 0 },
    { "deadline", offsetof(struct entry_input, deadline), M_FIELD_DEADLINE, IN_TIME | MUST, "half", M_FORM_DEADLINE_HINT, 1 },
    { "unit_deadline", offsetof(struct entry_input, unit_deadline), M_FIELD_UNIT_DEADLINE, IN_TIME, "half", M_FORM_UNIT_DEADLINE_HINT, 1 },
    { "no_deadline_reason", offsetof(struct entry_input, no_deadline_reason), M_FIELD_NO_DEADLINE_REASON, IN_TEXT, "half", 0, 1 },
    { "deadline_phrase", offsetof(struct entry_input, deadline_phrase), M_FIELD_DEADLINE_PHRASE, IN_TEXT, "half", M_FORM_DEADLINE_PHRASE_HINT, 1 },
    { "lead_unit", offsetof(struct entry_input, lead_unit), M_FIELD_LEAD_UNIT, IN_SELECT | MUST | ONLY_NEW, "half", 0, 2 },
    { "officer", offsetof(struct entry_input, officer), M_FIELD_OFFICER, IN_SELECT, "", 0, 2 },
    { "leader", offsetof(struct entry_input, leader), M_FIELD_LEADER, IN_SELECT, "", 0, 2 },
    { "assist_units", offsetof(struct entry_input, assist_units), M_FIELD_ASSIST_UNITS, IN_CHECKS, "wide many", 0, 2 },
    { "lists", offsetof(struct entry_input, lists), M_FIELD_LISTS, IN_CHECKS, "wide", 0, 2 },
    { "progress", offsetof(struct entry_input, progress), M_FIELD_PROGRESS, IN_SELECT, "", 0, 3 },
    { "genre", offsetof(struct entry_input, genre), M_FIELD_GENRE, IN_TEXT, "", 0, 3 },
    { "parent", offsetof(struct entry_input, parent), M_FIELD_PARENT, IN_TEXT | ONLY_NEW, "", M_FORM_PARENT_HINT, 3 },
    { "contact", offsetof(struct entry_input, contact), M_FIELD_CONTACT, IN_TEXT, "", M_FORM_CONTACT_HINT, 3 },
    { "paper_where", offsetof(struct entry_input, paper_where), M_FIELD_PAPER_WHERE, IN_TEXT, "half", 0, 4 },
    { "paper_out", offsetof(struct entry_input, paper_out), M_FIELD_PAPER_OUT, IN_DATE, "", 0, 4 },
    { "paper_back", offsetof(struct entry_input, paper_back), M_FIELD_PAPER_BACK, IN_DATE, "", 0, 4 },
    { "recorded_for", offsetof(struct entry_input, recorded_for), M_FIELD_RECORDED_FOR, IN_TEXT, "half", M_FORM_RECORDED_FOR_HINT, 5 },
    { "day", offsetof(struct entry_input, day), M_FIELD_DAY, IN_DATE, "", M_FORM_DAY_HINT, 5 },
    { "corrects", offsetof(struct entry_input, corrects), M_FIELD_CORRECTS, IN_SELECT | ONLY_EDIT, "", M_FORM_CORRECTS_HINT, 5 },
    { "text", offsetof(struct entry_input, text), M_FIELD_TEXT, IN_TEXT, "wide", 0, 5 },
};
static const int LEGENDS[] = { M_FORM_PART_MATTER, M_FORM_PART_DEADLINE, M_FORM_PART_WHO, M_FORM_PART_MORE, M_FORM_PART_PAPER, M_FORM_PART_RECORD };

static struct str *input_at(struct entry_input *in, const struct spec *s) { return (struct str *)((char *)in + s->at); }

static const struct spec *spec_of(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(SPECS); i++)
        if (strcmp(SPECS[i].name, name) == 0)
            return &SPECS[i];
    return NULL;
}

/* --- choices ---------------------------------------------------------------------------------------------------------------------- */

static void choose_words(struct req *rq, struct field *f, const char *const *words, size_t n)
{
    face_choice(rq, f, STR(""), FACE_SAY(rq, M_FORM_NONE), STR_NULL);
    for (size_t i = 0; i < n; i++)
        face_choice(rq, f, str_c(words[i]), str_c(words[i]), STR_NULL);
}

static bool choose(struct req *rq, struct field *f, struct err *err)
{
    static const char *const URGENCY[] = { "特急", "加急", "特提", "平急" };
    static const char *const PROGRESS[] = { "未启动", "正常推进", "滞后", "阶段性完成", "已完成", "长期坚持" };
    if (strcmp(f->name, "lead_unit") == 0)
        return face_units(rq, f, true, err);
    if (strcmp(f->name, "assist_units") == 0)
        return face_units(rq, f, false, err);
    if (strcmp(f->name, "officer") == 0)
        return face_officers(rq, f, err);
    if (strcmp(f->name, "leader") == 0)
        return face_leaders(rq, f, err);
    if (strcmp(f->name, "lists") == 0)
        return face_lists(rq, f, err);
    if (strcmp(f->name, "urgency") == 0)
        choose_words(rq, f, URGENCY, ARRAY_LEN(URGENCY));
    if (strcmp(f->name, "progress") == 0)
        choose_words(rq, f, PROGRESS, ARRAY_LEN(PROGRESS));
    for (int k = 0; strcmp(f->name, "kind") == 0 && k < ENTRY_KINDS; k++)
        face_choice(rq, f, entry_kind_code((enum entry_kind)k), FACE_SAY(rq, entry_kind_msg((enum entry_kind)k)), STR_NULL);
    return true;
}

/* --- making the form ---------------------------------------------------------------------------------------------------------------- */

static bool make_fields(struct req *rq, struct form_page *v, struct err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(SPECS); i++) {
        const struct spec *s = &SPECS[i];
        if (s->how & (v->edit ? ONLY_NEW : ONLY_EDIT))
            continue;
        struct field *f = &v->field[v->n_fields++];
        *f = (struct field){ .form = "e", .name = s->name, .label = s->label, .css = s->css, .hint = s->hint, .must = (s->how & MUST) != 0,
                             .type = s->how & IN_DATE ? "date" : "text", .area = (s->how & IN_AREA) != 0, .select = (s->how & IN_SELECT) != 0,
                             .checks = (s->how & IN_CHECKS) != 0, .check = (s->how & IN_CHECK) != 0, .time = (s->how & IN_TIME) != 0 };
        if (!choose(rq, f, err))
            return false;
    }
    return true;
}

/* The fields stand in the order of their parts, so a part is a run of them. */
static void make_parts(struct form_page *v)
{
    for (size_t i = 0; i < v->n_fields; i++) {
        int part = spec_of(v->field[i].name)->part;
        if (v->n_parts == 0 || v->part[v->n_parts - 1].legend != LEGENDS[part])
            v->part[v->n_parts++] = (struct part){ .legend = LEGENDS[part], .fields = &v->field[i] };
        v->part[v->n_parts - 1].n++;
    }
}

static void form_show(struct req *rq, struct form_page *v, int status)
{
    make_parts(v);
    face_frame(rq, &v->frame, "/entries", FACE_SAY(rq, v->heading));
    struct html out = req_page(rq);
    html_entry_form(&out, v);
    req_html(rq, status, &out);
}

/* What was typed, both kept in the fields and as an input. */
static void form_typed(struct req *rq, struct form_page *v, struct entry_input *in)
{
    for (size_t i = 0; i < v->n_fields; i++)
        *input_at(in, spec_of(v->field[i].name)) = face_typed(rq, &v->field[i]);
}

static void form_fill(struct form_page *v, struct entry_input *in)
{
    for (size_t i = 0; i < v->n_fields; i++)
        face_fill(&v->field[i], *input_at(in, spec_of(v->field[i].name)));
}

/* --- registering ------------------------------------------------------------------------------------------------------------------------ */

static bool new_page(struct req *rq, struct form_page *v, struct err *err)
{
    *v = (struct form_page){ .action = STR("/entries"), .back = STR("/entries"), .heading = M_FORM_NEW };
    return make_fields(rq, v, err);
}

/* A part (分解) begins as its parent does. */
static bool part_of(struct req *rq, struct form_page *v, struct str parent, struct entry_input *in, struct err *err)
{
    struct entry e;
    if (!entry_fetch(rq->db, rq->arena, rq->actor, parent, &e, err))
        return false;
    in->parent = v->number = e.number;
    in->kind = entry_kind_code(e.kind);
    in->source = e.source;
    in->deadline = face_iso_due(rq, e.due);
    v->back = arena_printf(rq->arena, "/entries/%.*s", STR_ARG(face_percent(rq, e.number)));
    return true;
}

void form_new_get(struct req *rq)
{
    struct form_page *v = arena_new(rq->arena, struct form_page);
    struct err err;
    if (!new_page(rq, v, &err)) {
        req_fail(rq, &err);
        return;
    }
    struct str title = req_query(rq, "title"), kind = req_query(rq, "kind");
    struct entry_input in = { .title = title, .kind = kind.n ? kind : STR("document"), .officer = rq->actor->name };
    in.received = face_iso(rq, rq->now);
    if (req_query(rq, "parent").n && !part_of(rq, v, req_query(rq, "parent"), &in, &err)) {
        req_fail(rq, &err);
        return;
    }
    form_fill(v, &in);
    form_show(rq, v, 200);
}

/* 部门默认时限: where no day is named and none was given up, the limit that fits what was typed so far. */
static bool own_limit(struct req *rq, const struct entry_input *in, struct limit_rule *rule, day_t *day)
{
    struct own_limit_ask ask = { .kind = -1, .instruction = str_eqc(in->instruction, "true"), .urgency = in->urgency.p ? in->urgency : STR(""),
                             .title = in->title.p ? in->title : STR(""), .source = in->source.p ? in->source : STR(""),
                             .requirement = in->requirement.p ? in->requirement : STR("") };
    enum entry_kind kind;
    day_t from = rq->today;
    instant_t at;
    bool timed, found;
    if (in->deadline.n || in->no_deadline_reason.n || str_eqc(in->reading, "true"))
        return false;
    if (in->kind.n && entry_kind_read(in->kind, &kind))
        ask.kind = (int)kind;
    if (in->received.n)
        date_read(in->received, &from, &at, &timed, NULL);
    if (!limit_for(rq->db, rq->arena, rq->actor->office_id, &ask, rule, &found, NULL) || !found)
        return false;
    *day = limit_day(face_workdays(rq), rule, from);
    return *day != DAY_NONE;
}

static void offer_limit(struct req *rq, struct form_page *v, const struct entry_input *in)
{
    struct limit_rule rule;
    day_t day;
    if (own_limit(rq, in, &rule, &day))
        v->own_limit = FACE_SAY(rq, M_LIMIT_OFFER, A_STR(limit_phrase(rq->arena, &rule)), A_STR(rule.name), A_DAY(day));
}

enum { NUMBER_BYTES = 64 };

struct new_write { struct entry_input in; char number[NUMBER_BYTES]; struct problems problems; };

static bool new_fn(struct txn *t, void *args, struct err *err)
{
    struct new_write *w = args;
    struct actor actor;
    struct entry made;
    problems_release(&w->problems);
    if (!web_actor(t, &actor, err) || !entry_register(t, &actor, &w->in, &made, &w->problems, err))
        return false;
    snprintf(w->number, sizeof w->number, "%.*s", STR_ARG(made.number));
    return true;
}

static void new_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    struct new_write *w = args;
    struct form_page *v = arena_new(rq->arena, struct form_page);
    struct err failed;
    if (ok) {
        req_redirect(rq, "/entries/%.*s", STR_ARG(face_percent(rq, str_c(w->number))));
    } else if (!new_page(rq, v, &failed)) {
        req_fail(rq, &failed);
    } else {
        struct entry_input again = { 0 };
        form_typed(rq, v, &again);
        face_problems(rq, v->field, v->n_fields, &w->problems, err);
        v->why = face_unplaced(rq, v->field, v->n_fields, &w->problems, err);
        offer_limit(rq, v, &again);
        form_show(rq, v, err_http(err));
    }
    problems_release(&w->problems);
}

void form_new_post(struct req *rq)
{
    struct form_page *v = arena_new(rq->arena, struct form_page);
    struct new_write *w = arena_new(rq->arena, struct new_write);
    struct err err;
    if (!new_page(rq, v, &err)) {
        req_fail(rq, &err);
        return;
    }
    form_typed(rq, v, &w->in);
    struct limit_rule rule;
    day_t day;
    if (req_form(rq, "own_limit").n && own_limit(rq, &w->in, &rule, &day)) {
        w->in.deadline = face_iso_day(rq, day);
        w->in.deadline_phrase = limit_phrase(rq->arena, &rule);
    }
    web_write(rq, new_fn, w, new_answer);
}

/* --- amending ---------------------------------------------------------------------------------------------------------------------------- */

static struct str names_of(struct req *rq, const int64_t *id, int n)
{
    struct buf b = BUF_INIT;
    struct party p;
    bool found;
    for (int i = 0; i < n; i++)
        if (party_by_id(rq->db, rq->arena, rq->actor->office_id, id[i], &p, &found, NULL) && found) {
            buf_c(&b, b.n ? ";" : "");
            buf_str(&b, p.name);
        }
    struct str s = arena_str(rq->arena, str_n(b.n ? b.p : "", b.n));
    buf_release(&b);
    return s;
}

static struct str list_names(struct req *rq, const struct entry *e)
{
    struct entry_listdef *l;
    size_t n;
    struct str s = STR("");
    if (!entry_lists(rq->db, rq->arena, rq->actor->office_id, &l, &n, NULL))
        return s;
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < e->n_lists; k++)
            if (e->lists[k] == l[i].id)
                s = arena_printf(rq->arena, "%.*s%s%.*s", STR_ARG(s), s.n ? ";" : "", STR_ARG(l[i].name));
    return s;
}

/* The entry as the form would say it. */
static struct entry_input input_of(struct req *rq, const struct entry *e)
{
    return (struct entry_input){
        .urgency = e->urgency, .instruction = e->instruction ? STR("true") : STR(""), .title = e->title,
        .source = e->source, .received = face_iso(rq, e->received_at), .requirement = e->requirement, .deadline = face_iso_due(rq, e->due),
        .unit_deadline = face_iso_due(rq, e->unit_due), .no_deadline_reason = e->no_deadline_reason, .officer = entry_officer(rq, e),
        .leader = names_of(rq, &e->leader_id, e->leader_id != 0), .assist_units = names_of(rq, e->assists, e->n_assists), .lists = list_names(rq, e),
        .progress = e->progress, .genre = e->genre, .paper_where = e->paper_where,
        .paper_out = face_iso_day(rq, e->paper_out_at == INSTANT_NONE ? DAY_NONE : instant_day(e->paper_out_at)),
        .paper_back = face_iso_day(rq, e->paper_back_at == INSTANT_NONE ? DAY_NONE : instant_day(e->paper_back_at)),
    };
}

static void choose_corrects(struct req *rq, struct form_page *v, const struct entry *e)
{
    struct act *h;
    size_t n;
    struct field *f = v->field;
    while (strcmp(f->name, "corrects") != 0)
        f++;
    face_choice(rq, f, STR(""), FACE_SAY(rq, M_FORM_CORRECTS_NONE), STR_NULL);
    if (!entry_history(rq->db, rq->arena, rq->actor, e, &h, &n, NULL))
        return;
    for (size_t i = 0; i < n; i++)
        face_choice(rq, f, arena_printf(rq->arena, "%lld", (long long)h[i].n),
                    FACE_SAY(rq, M_FORM_CORRECTS_ACT, A_INT(h[i].n), A_DAY(h[i].day), A_MSG(entry_verb_msg(h[i].verb))), STR_NULL);
}

static bool edit_page(struct req *rq, struct form_page *v, struct entry_input *now, struct err *err)
{
    struct entry e;
    *v = (struct form_page){ .edit = true, .heading = M_FORM_EDIT };
    if (!entry_fetch(rq->db, rq->arena, rq->actor, rq->args[0], &e, err) || !make_fields(rq, v, err))
        return false;
    v->number = e.number;
    v->back = arena_printf(rq->arena, "/entries/%.*s", STR_ARG(face_percent(rq, e.number)));
    v->action = arena_printf(rq->arena, "%.*s/edit", STR_ARG(v->back));
    v->version = arena_printf(rq->arena, "%lld", (long long)e.version);
    choose_corrects(rq, v, &e);
    *now = input_of(rq, &e);
    return true;
}

void form_edit_get(struct req *rq)
{
    struct form_page *v = arena_new(rq->arena, struct form_page);
    struct entry_input now;
    struct err err;
    if (!edit_page(rq, v, &now, &err)) {
        req_fail(rq, &err);
        return;
    }
    form_fill(v, &now);
    form_show(rq, v, 200);
}

struct edit_write { struct str number; struct entry_input in; };

static bool edit_fn(struct txn *t, void *args, struct err *err)
{
    struct edit_write *w = args;
    struct actor actor;
    struct entry after;
    return web_actor(t, &actor, err) && entry_act(t, &actor, w->number, VERB_AMEND, &w->in, &after, err);
}

static void edit_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    struct edit_write *w = args;
    struct form_page *v = arena_new(rq->arena, struct form_page);
    struct entry_input now, again = { 0 };
    struct err failed;
    if (ok) {
        req_redirect(rq, "/entries/%.*s", STR_ARG(face_percent(rq, w->number)));
    } else if (!edit_page(rq, v, &now, &failed)) {
        req_fail(rq, &failed);
    } else {
        form_typed(rq, v, &again);
        v->version = req_form(rq, "version");
        face_problems(rq, v->field, v->n_fields, NULL, err);
        v->why = face_unplaced(rq, v->field, v->n_fields, NULL, err);
        form_show(rq, v, err_http(err));
    }
}

/* Only what differs from the stored entry is said; the version guards against what another person changed meanwhile. */
void form_edit_post(struct req *rq)
{
    struct form_page *v = arena_new(rq->arena, struct form_page);
    struct edit_write *w = arena_new(rq->arena, struct edit_write);
    struct entry_input now, typed = { 0 };
    struct err err;
    if (!edit_page(rq, v, &now, &err)) {
        req_fail(rq, &err);
        return;
    }
    form_typed(rq, v, &typed);
    for (size_t i = 0; i < v->n_fields; i++) {
        const struct spec *s = spec_of(v->field[i].name);
        struct str was = *input_at(&now, s), is = *input_at(&typed, s);
        if (was.n != is.n || (is.n && !str_eq(was, is)))
            *input_at(&w->in, s) = is.p ? is : STR("");
    }
    w->number = rq->args[0];
    w->in.version = req_form(rq, "version");
    web_write(rq, edit_fn, w, edit_answer);
}
