/* One entry: its fields, the acts that are legal now as forms, its history with corrections shown; and what these forms send. */
#include <stdio.h>
#include <string.h>

#include "format/jsonin.h"
#include "ledger_html.h"
#include "office/ledger/ledger.h"

/* --- facts ------------------------------------------------------------------------------------------------------------------------ */

static void fact(struct entry_page *v, int label, struct str value, bool wide)
{
    if (value.n)
        v->fact[v->n_facts++] = (struct fact){ .label = label, .value = value, .wide = wide };
}

static void due_fact(struct req *rq, struct entry_page *v, int label, instant_t due)
{
    if (due == INSTANT_NONE)
        return;
    struct fact *f = &v->fact[v->n_facts++];
    *f = (struct fact){ .label = label };
    face_due(rq, &v->lights, due, entry_state_open(v->e->state), &f->due);
    f->value = f->due.timed ? face_instant(rq, due) : face_day(rq, f->due.day);
}

static struct str name_of(struct req *rq, int64_t id)
{
    struct party p;
    bool found;
    return id && party_by_id(rq->db, rq->arena, rq->actor->office_id, id, &p, &found, NULL) && found ? p.name : STR_NULL;
}

static struct str assist_names(struct req *rq, const struct entry *e)
{
    struct str s = STR("");
    for (int i = 0; i < e->n_assists; i++)
        s = arena_printf(rq->arena, "%.*s%s%.*s", STR_ARG(s), i ? "、" : "", STR_ARG(name_of(rq, e->assists[i])));
    return s;
}

struct str entry_officer(struct req *rq, const struct entry *e)
{
    struct str name;
    return member_name(rq->db, rq->arena, rq->actor->office_id, e->officer_id, &name, NULL) ? name : STR("");
}

static struct str lists_of(struct req *rq, const struct entry *e)
{
    struct entry_listdef *l;
    size_t n;
    struct str s = STR("");
    if (e->n_lists == 0 || !entry_lists(rq->db, rq->arena, rq->actor->office_id, &l, &n, NULL))
        return s;
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < e->n_lists; k++)
            if (e->lists[k] == l[i].id)
                s = arena_printf(rq->arena, "%.*s%s%.*s", STR_ARG(s), s.n ? "、" : "", STR_ARG(l[i].name));
    return s;
}

/* The words it was read from, how it was counted, and the strict reading where it ends earlier. */
static void phrase_facts(struct req *rq, struct entry_page *v)
{
    struct entry_due d;
    if (v->e->due == INSTANT_NONE || !entry_due_of(rq->db, rq->arena, v->e, &d, NULL))
        return;
    struct str words = d.phrase;
    if (d.days)
        words = arena_printf(rq->arena, "%.*s（%.*s）", STR_ARG(words), STR_ARG(FACE_SAY(rq, M_CALENDAR_DEADLINE_WORKDAYS, A_DAY(instant_day(d.anchor)), A_INT(d.days))));
    fact(v, M_FIELD_DEADLINE_PHRASE, words, false);
    if (d.strict != v->e->due && d.strict != INSTANT_NONE)
        fact(v, M_ENTRYPAGE_STRICT, face_day(rq, instant_day(d.strict - 1)), false);
}

static void make_facts(struct req *rq, struct entry_page *v)
{
    const struct entry *e = v->e;
    fact(v, M_FIELD_SOURCE, e->source, false);
    bool at_midnight = e->received_at == day_start(instant_day(e->received_at));   /* only a day was given */
    fact(v, M_FIELD_RECEIVED, at_midnight ? face_day(rq, instant_day(e->received_at)) : face_instant(rq, e->received_at), false);
    fact(v, M_FIELD_REQUIREMENT, e->requirement, true);
    due_fact(rq, v, M_ENTRYPAGE_DUE, e->due);
    phrase_facts(rq, v);
    due_fact(rq, v, M_ENTRYPAGE_UNIT_DUE, e->unit_due);
    fact(v, M_FIELD_NO_DEADLINE_REASON, e->no_deadline_reason, true);
    fact(v, M_FIELD_LEAD_UNIT, name_of(rq, e->lead_id), false);
    fact(v, M_FIELD_ASSIST_UNITS, assist_names(rq, e), false);
    fact(v, M_FIELD_OFFICER, entry_officer(rq, e), false);
    fact(v, M_FIELD_LEADER, name_of(rq, e->leader_id), false);
    if (actor_is(rq->actor, ROLE_SECTION | ROLE_LEADER))      /* lists are the office's own affair */
        fact(v, M_FIELD_LISTS, lists_of(rq, e), false);
    fact(v, M_FIELD_PROGRESS, e->progress, false);
    fact(v, M_FIELD_GENRE, e->genre, false);
    due_fact(rq, v, M_ENTRYPAGE_ASKED_DUE, e->asked_due);
    if (e->carried)
        fact(v, M_ENTRYPAGE_CARRIED, FACE_SAY(rq, M_ENTRYPAGE_TIMES, A_INT(e->carried)), false);
    if (e->settled_day != DAY_NONE)
        fact(v, M_ENTRYPAGE_SETTLED,
             e->late ? arena_printf(rq->arena, "%.*s %s", STR_ARG(face_day(rq, e->settled_day)), tr_text(rq->lang, M_LIST_LATE))
                     : face_day(rq, e->settled_day), false);
    fact(v, M_FIELD_RESULT, e->result, true);
}

/* --- acts that are legal now -------------------------------------------------------------------------------------------------------- */

enum { F_REASON = 1, F_WORDS = 2, F_RESULT = 4, F_UNIT = 8, F_DUE = 16, F_GRANT = 32, F_FOR = 64, F_PROGRESS = 128, F_WORD = 256 };

static const struct act_spec {
    enum entry_verb verb;
    const char *key;
    unsigned takes;
} ACTS[] = {                                     /* in the order of the buttons; the first that is legal is the likely one */
    { VERB_SETTLE, "s", F_RESULT | F_WORD },     { VERB_SUBMIT, ".", F_RESULT | F_FOR }, { VERB_ACCEPT, ".", F_WORDS | F_FOR },
    { VERB_REJECT, "", F_REASON },               { VERB_ASSIGN, "", F_UNIT | F_WORDS }, { VERB_RESUME, ".", F_REASON },
    { VERB_ARCHIVE, ".", F_WORDS },              { VERB_FEEDBACK, "", F_WORDS | F_PROGRESS | F_FOR }, { VERB_URGE, "", F_WORDS },
    { VERB_EXTEND, "", F_DUE | F_GRANT | F_WORDS | F_FOR }, { VERB_RETURN, "", F_REASON | F_FOR }, { VERB_SUSPEND, "", F_REASON },
    { VERB_REOPEN, "", F_REASON },               { VERB_WITHDRAW, "", F_REASON },
};

static struct field *act_field(struct act_form *a, const char *name, int label, const char *css)
{
    struct field *f = &a->field[a->n++];
    *f = (struct field){ .form = a->verb, .name = name, .label = label, .type = "text", .css = css };
    return f;
}

static void progress_field(struct req *rq, struct act_form *a)
{
    static const char *const WORDS[] = { "未启动", "正常推进", "滞后", "阶段性完成", "已完成", "长期坚持" };
    struct field *f = act_field(a, "progress", M_FIELD_PROGRESS, "");
    f->select = true;
    face_choice(rq, f, STR(""), FACE_SAY(rq, M_FORM_UNCHANGED), STR_NULL);
    for (size_t i = 0; i < ARRAY_LEN(WORDS); i++)
        face_choice(rq, f, str_c(WORDS[i]), str_c(WORDS[i]), STR_NULL);
}

static void due_fields(struct req *rq, struct act_form *a, const struct entry *e, bool section)
{
    struct field *f = act_field(a, "deadline", M_ENTRYPAGE_NEW_DUE, "half");
    f->time = true;
    if (e->asked_due != INSTANT_NONE)
        face_fill(f, face_iso_due(rq, e->asked_due));
    if (e->asked_due == INSTANT_NONE || !section)
        return;
    f = act_field(a, "grant", M_FIELD_GRANT, "");
    f->select = true;
    face_choice(rq, f, STR("true"), FACE_SAY(rq, M_ENTRYPAGE_GRANTED), STR_NULL);
    face_choice(rq, f, STR("false"), FACE_SAY(rq, M_ENTRYPAGE_REFUSED), STR_NULL);
}

static void result_fields(struct act_form *a, const struct entry *e, const struct act_spec *s)
{
    struct field *f = act_field(a, "result", M_FIELD_RESULT, "wide");
    f->area = true;
    f->value = e->result;
    if (!(s->takes & F_WORD) || !e->instruction)
        return;
    f = act_field(a, "leader_word", M_FIELD_LEADER_WORD, "half");
    f->must = true;
    f = act_field(a, "reported_on", M_FIELD_REPORTED_ON, "");
    f->type = "date";
    f->must = true;
}

static bool make_act(struct req *rq, const struct entry *e, const struct act_spec *s, bool section, struct act_form *a, struct err *err)
{
    *a = (struct act_form){ .verb = entry_verb_code(s->verb).p, .key = s->key, .label = entry_verb_msg(s->verb) };
    if (e->reading && s->verb == VERB_SETTLE)
        a->label = M_LINE_READ;
    if (e->reading && s->verb == VERB_FEEDBACK && actor_is(rq->actor, ROLE_LEADER))
        a->label = M_LINE_CIRCULATE, a->key = ".";
    if (s->takes & F_UNIT) {
        struct field *f = act_field(a, "lead_unit", M_FIELD_LEAD_UNIT, "half");
        f->select = f->must = true;
        if (!face_units(rq, f, true, err))
            return false;
    }
    if (s->takes & F_DUE)
        due_fields(rq, a, e, section);
    if ((s->takes & F_RESULT) && !e->reading)
        result_fields(a, e, s);
    if (s->takes & (F_REASON | F_WORDS)) {
        struct field *f = act_field(a, "text", s->takes & F_REASON ? M_ENTRYPAGE_REASON : M_FIELD_TEXT, "wide");
        f->area = true;
        f->must = (s->takes & F_REASON) != 0;
    }
    if ((s->takes & F_PROGRESS) && section)
        progress_field(rq, a);
    if ((s->takes & F_FOR) && section)
        act_field(a, "recorded_for", M_FIELD_RECORDED_FOR, "half")->hint = M_FORM_RECORDED_FOR_HINT;
    if (section)
        act_field(a, "day", M_FIELD_DAY, "")->type = "date";
    return true;
}

static bool make_acts(struct req *rq, struct entry_page *v, struct err *err)
{
    const struct entry *e = v->e;
    unsigned sides = rules_sides(rq->actor, e), verbs = rules_verbs(e, sides, e->lead_id == e->section_id);
    bool section = (sides & SIDE_SECTION) != 0;
    for (size_t i = 0; i < ARRAY_LEN(ACTS); i++)
        if ((verbs & (1u << ACTS[i].verb)) && !make_act(rq, e, &ACTS[i], section, &v->form[v->n_forms++], err))
            return false;
    if (v->n_forms)
        v->form[0].first = true;
    if (section && e->asked_due != INSTANT_NONE && (verbs & (1u << VERB_EXTEND)))
        v->asks = FACE_SAY(rq, M_ENTRYPAGE_ASKS, A_STR(name_of(rq, e->lead_id)), A_DAY(instant_day(e->asked_due - 1)));
    v->may_edit = (verbs & (1u << VERB_AMEND)) != 0;
    v->may_unmask = (verbs & (1u << VERB_UNMASK)) != 0 && e->contact.n > 0;
    return true;
}

/* --- history ---------------------------------------------------------------------------------------------------------------------------- */

/* An instant as the journal writes it is said as a reader says it: a day, or a day and its time. */
static struct str say_value(struct req *rq, struct str s)
{
    instant_t at;
    if (s.n < sizeof "2022-05-09T18:00" || s.p[4] != '-' || s.p[10] != 'T' || !instant_read(s, &at, NULL))
        return s;
    day_t day = instant_day(at);
    return at == day_start(day) ? face_day(rq, day) : face_instant(rq, at);
}

/* {"lead_unit":["市商务局","市科技局"]} as 承办单位：市商务局 → 市科技局. */
static struct str say_change(struct req *rq, struct str change)
{
    struct jvalue v;
    struct str s = STR("");
    if (change.n == 0 || !json_read(rq->arena, change, &v, NULL) || v.kind != J_OBJECT)
        return s;
    for (size_t i = 0; i < v.n; i++) {
        const struct jvalue *pair = &v.items[i];
        if (pair->kind != J_LIST || pair->n != 2)
            continue;
        struct str from = say_value(rq, pair->items[0].text), to = say_value(rq, pair->items[1].text);
        const char *field = tr_field(rq->lang, arena_z(rq->arena, pair->name));
        s = arena_printf(rq->arena, "%.*s%s%s：%.*s%s%.*s", STR_ARG(s), s.n ? "；" : "", field, STR_ARG(from), from.n ? " → " : "",
                         to.n ? (int)to.n : 3, to.n ? to.p : "—");
    }
    return s;
}

static bool make_history(struct req *rq, struct entry_page *v, struct err *err)
{
    struct act *h;
    if (!entry_history(rq->db, rq->arena, rq->actor, v->e, &h, &v->n_history, err))
        return false;
    v->history = arena_array(rq->arena, struct act_view, v->n_history + 1);
    for (size_t i = 0; i < v->n_history; i++) {
        struct act_view *a = &v->history[i];
        a->act = &h[i];
        a->verb = entry_act_msg(&h[i], v->e->reading);
        a->who = h[i].recorded_for.n ? FACE_SAY(rq, M_ENTRYPAGE_RECORDED_FOR, A_STR(h[i].actor_name), A_STR(h[i].recorded_for)) : h[i].actor_name;
        a->change = say_change(rq, h[i].change);
        if (h[i].corrects)
            a->corrects = FACE_SAY(rq, M_ENTRYPAGE_CORRECTS, A_INT(h[i].corrects));
    }
    for (size_t i = 0; i < v->n_history; i++)
        for (size_t k = 0; k < v->n_history; k++)
            if (h[i].corrects && h[k].n == h[i].corrects)
                v->history[k].corrected = FACE_SAY(rq, M_ENTRYPAGE_CORRECTED, A_INT(h[i].n));
    return true;
}

/* --- the page ------------------------------------------------------------------------------------------------------------------------------ */

static void make_head(struct req *rq, struct entry_page *v)
{
    const struct entry *e = v->e;
    bool done = e->state == STATE_SETTLED || e->state == STATE_ARCHIVED;
    v->line = (struct line_view){ .id = e->id, .number = e->number, .title = e->title, .urgency = e->urgency, .kind = entry_kind_msg(e->kind),
                                  .state = entry_state_msg(e->state, e->reading), .state_css = done ? "green" : "", .state_glyph = done ? "✓" : "" };
    face_due(rq, &v->lights, e->due, entry_state_open(e->state), &v->line.due);
}

bool entry_read(struct req *rq, struct entry_page *v, struct err *err)
{
    struct entry *e = arena_new(rq->arena, struct entry);
    if (!entry_fetch(rq->db, rq->arena, rq->actor, rq->args[0], e, err))
        return false;
    v->e = e;
    v->lights = face_lights(rq);
    v->version = arena_printf(rq->arena, "%lld", (long long)e->version);
    v->printed_at = face_instant(rq, rq->now);
    make_head(rq, v);
    make_facts(rq, v);
    return make_acts(rq, v, err) && make_history(rq, v, err) && beside_read(rq, v, err);
}

void entry_show(struct req *rq, struct entry_page *v, int status)
{
    face_frame(rq, &v->frame, "/entries", v->e->number);
    struct html out = req_page(rq);
    html_entry(&out, v);
    req_html(rq, status, &out);
}

void entry_get(struct req *rq)
{
    struct entry_page *v = arena_new(rq->arena, struct entry_page);
    struct err err;
    if (entry_read(rq, v, &err))
        entry_show(rq, v, 200);
    else
        req_fail(rq, &err);
}

void entry_print_get(struct req *rq)
{
    struct entry_page *v = arena_new(rq->arena, struct entry_page);
    struct err err;
    if (!entry_read(rq, v, &err)) {
        req_fail(rq, &err);
        return;
    }
    v->slip_officer = entry_officer(rq, v->e);
    face_frame(rq, &v->frame, "/entries", v->e->number);
    struct html out = req_page(rq);
    html_entry_print(&out, v);
    req_html(rq, 200, &out);
}

/* --- acting ---------------------------------------------------------------------------------------------------------------------------------- */

struct act_write { struct str number; enum entry_verb verb; bool row; struct entry_input in; char contact[400]; };

static bool act_fn(struct txn *t, void *args, struct err *err)
{
    struct act_write *w = args;
    struct actor actor;
    struct entry after;
    return web_actor(t, &actor, err) && entry_act(t, &actor, w->number, w->verb, &w->in, &after, err);
}

/* The row alone, for the list that asked. */
static void answer_row(struct req *rq, const struct act_write *w, const struct err *err)
{
    struct entry_line e;
    struct line_view v;
    struct err failed;
    bool sees = entry_line_of(rq->db, rq->arena, rq->actor, w->number, &e, &failed);
    if (!sees && failed.kind != ERR_NOT_FOUND) { /* an act may take it out of one's sight */
        req_fail(rq, &failed);
        return;
    }
    struct html out = req_page(rq);
    struct str columns = req_form(rq, "columns");
    if (sees && columns.n) {                     /* the ledger's own table, with its columns and boxes */
        if (!table_html_row(rq, &out, &e, columns, face_sentence(rq, err), err != NULL, &failed)) {
            html_release(&out);
            req_fail(rq, &failed);
            return;
        }
    } else if (sees) {
        struct lights l = face_lights(rq);
        face_line(rq, &l, &e, &v);
        v.why = face_sentence(rq, err);
        if (!err)
            v.verb = NULL;
        face_put_line(&out, &v);
    }
    req_head(rq, "X-Fragment", "1");
    req_html(rq, err ? err_http(err) : 200, &out);
}

static void show_refusal(struct req *rq, const struct act_write *w, const struct err *err)
{
    struct entry_page *v = arena_new(rq->arena, struct entry_page);
    struct err failed;
    if (!entry_read(rq, v, &failed)) {
        req_fail(rq, &failed);
        return;
    }
    for (size_t i = 0; i < v->n_forms; i++) {
        struct act_form *a = &v->form[i];
        if (!str_eqc(entry_verb_code(w->verb), a->verb))
            continue;
        a->open = true;
        for (size_t k = 0; k < a->n; k++)
            face_typed(rq, &a->field[k]);
        face_problems(rq, a->field, a->n, NULL, err);
        a->why = face_unplaced(rq, a->field, a->n, NULL, err);
        entry_show(rq, v, err_http(err));
        return;
    }
    v->why = face_sentence(rq, err);             /* the act is not legal any more */
    entry_show(rq, v, err_http(err));
}

static void act_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct act_write *w = args;
    if (rq->htmx && w->row)
        answer_row(rq, w, ok ? NULL : err);
    else if (!ok)
        show_refusal(rq, w, err);
    else if (w->row)
        req_redirect(rq, "%.*s", STR_ARG(web_local_path(req_form(rq, "next"))));
    else
        req_redirect(rq, "/entries/%.*s", STR_ARG(face_percent(rq, w->number)));
}

/* A field left empty was not said, but for a result, which may be taken away. */
static struct str said(struct req *rq, const char *name)
{
    struct str s = req_form(rq, name);
    return s.n ? s : STR_NULL;
}

void entry_act_post(struct req *rq)
{
    struct act_write *w = arena_new(rq->arena, struct act_write);
    struct err err;
    struct field due = { .name = "deadline", .time = true };
    if (!entry_verb_read(req_form(rq, "verb"), &w->verb)) {
        err_fail(&err, ERR_INPUT, M_ENTRYPAGE_BAD_VERB, "verb", A_STR(req_form(rq, "verb")));
        req_fail(rq, &err);
        return;
    }
    w->number = rq->args[0];
    w->row = req_form(rq, "row").n > 0;
    struct str deadline = face_typed(rq, &due);
    w->in = (struct entry_input){ .text = said(rq, "text"), .day = said(rq, "day"), .recorded_for = said(rq, "recorded_for"),
                                  .lead_unit = said(rq, "lead_unit"), .deadline = deadline.n ? deadline : STR_NULL, .grant = said(rq, "grant"),
                                  .result = said(rq, "result"), .leader_word = said(rq, "leader_word"), .reported_on = said(rq, "reported_on"),
                                  .progress = said(rq, "progress"), .version = said(rq, "version") };
    web_write(rq, act_fn, w, act_answer);
}

/* --- the contact ------------------------------------------------------------------------------------------------------------------------------ */

static bool unmask_fn(struct txn *t, void *args, struct err *err)
{
    struct act_write *w = args;
    struct actor actor;
    struct str contact;
    if (!web_actor(t, &actor, err) || !entry_unmask(t, &actor, w->number, w->in.text, &contact, err))
        return false;
    snprintf(w->contact, sizeof w->contact, "%.*s", STR_ARG(contact));
    return true;
}

/* Shown once, in the answer itself: the page one gets by its address never holds it. */
static void unmask_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct act_write *w = args;
    struct entry_page *v = arena_new(rq->arena, struct entry_page);
    struct err failed;
    if (!entry_read(rq, v, &failed)) {
        req_fail(rq, &failed);
        return;
    }
    if (ok)
        v->contact = str_c(w->contact);
    else
        v->why = face_sentence(rq, err);
    req_head(rq, "Cache-Control", "no-store");
    entry_show(rq, v, ok ? 200 : err_http(err));
}

void entry_unmask_post(struct req *rq)
{
    struct act_write *w = arena_new(rq->arena, struct act_write);
    w->number = rq->args[0];
    w->in.text = req_form(rq, "text");
    web_write(rq, unmask_fn, w, unmask_answer);
}
