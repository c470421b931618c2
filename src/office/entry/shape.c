#include "calendar/date_json.h"
#include "office/entry/shape.h"

#include "format/jsonin.h"
#include "messages.h"

void shape_due(struct buf *b, instant_t due)
{
    if (due == INSTANT_NONE)
        return;
    if (day_start(instant_day(due)) == due)      /* an exclusive end at midnight is the whole day before */
        date_put_iso(b, instant_day(due) - 1);
    else
        instant_put(b, due);
}

/* --- JSON ----------------------------------------------------------------------------------------------------------------------- */

static bool put_name(struct lookup *names, struct buf *b, const char *key, enum lookup_what what, int64_t id, struct err *err)
{
    struct str name;
    if (!lookup_name(names, what, id, &name, err))
        return false;
    json_put_str(b, key, id ? name : STR_NULL);
    return true;
}

static bool put_names(struct lookup *names, struct buf *b, const char *key, enum lookup_what what, const int64_t *ids, int n, struct err *err)
{
    json_key(b, key);
    json_arr(b);
    for (int i = 0; i < n; i++) {
        struct str name;
        if (!lookup_name(names, what, ids[i], &name, err))
            return false;
        json_str(b, name);
    }
    json_arr_end(b);
    return true;
}

static void put_verbs(struct buf *b, const struct actor *actor, const struct entry *e)
{
    unsigned verbs = rules_verbs(e, rules_sides(actor, e), e->lead_id == e->section_id);
    json_key(b, "verbs");
    json_arr(b);
    for (int v = 0; v < VERBS; v++)
        if (verbs & 1u << v)
            json_str(b, entry_verb_code((enum entry_verb)v));
    json_arr_end(b);
}

static void put_act(struct buf *b, const struct act *a)
{
    json_obj(b);
    json_put_int(b, "n", a->n);
    json_put_instant(b, "at", a->at);
    json_put_day(b, "day", a->day);
    json_put_str(b, "actor", a->actor_name);
    json_put_str(b, "verb", entry_verb_code(a->verb));
    json_put_str(b, "recorded_for", a->recorded_for.n ? a->recorded_for : STR_NULL);
    json_put_str(b, "from", a->from == STATE_NONE ? STR_NULL : entry_state_code(a->from));
    json_put_str(b, "to", entry_state_code(a->to));
    json_put_str(b, "text", a->text);
    json_key(b, "change");
    if (a->change.n)
        json_raw(b, a->change);
    else
        json_null(b);
    if (a->corrects)
        json_put_int(b, "corrects", a->corrects);
    json_put_int(b, "journal", a->journal_seq);
    json_obj_end(b);
}

static void put_role(struct buf *b, struct str role)
{
    json_key(b, "role");
    json_arr(b);
    while (role.n) {
        struct str rest;
        json_str(b, str_cut(role, ';', &rest));
        role = rest;
    }
    json_arr_end(b);
}

/* The number of what e is a part of (分解); "" for none, and for one the actor does not see. */
static bool parent_number(struct db *db, struct arena *a, const struct actor *actor, const struct entry *e, struct str *ret, struct err *err)
{
    struct entry_kin kin;
    *ret = STR("");
    if (e->parent_id == 0)
        return true;
    if (!entry_kin(db, a, actor, e, &kin, err))
        return false;
    *ret = kin.parent ? kin.parent->number : STR("");
    return true;
}

static bool overdue(instant_t due, enum entry_state state, instant_t now)
{
    return due != INSTANT_NONE && entry_state_open(state) && now >= due;
}

bool shape_entry_json(struct db *db, struct arena *a, const struct actor *actor, const struct entry *e, const struct act *acts, size_t n,
                      instant_t now, struct buf *b, struct err *err)
{
    struct lookup names = { .db = db, .arena = a, .actor = actor };
    struct str parent;
    json_obj(b);
    json_put_str(b, "number", e->number);
    json_put_str(b, "kind", entry_kind_code(e->kind));
    json_put_bool(b, "reading", e->reading);
    json_put_str(b, "state", entry_state_code(e->state));
    json_put_str(b, "title", e->title);
    json_put_str(b, "source", e->source);
    json_put_str(b, "requirement", e->requirement);
    json_put_instant(b, "received_at", e->received_at);
    json_put_day(b, "day", e->day);
    json_put_instant(b, "deadline", e->due);
    json_put_instant(b, "unit_deadline", e->unit_due);
    json_put_instant(b, "asked_deadline", e->asked_due);
    json_put_str(b, "no_deadline_reason", e->no_deadline_reason);
    if (!put_name(&names, b, "lead_unit", LOOK_LEAD, e->lead_id, err) ||
        !put_names(&names, b, "assist_units", LOOK_ASSIST, e->assists, e->n_assists, err) ||
        !put_name(&names, b, "officer", LOOK_OFFICER, e->officer_id, err) || !put_name(&names, b, "leader", LOOK_LEADER, e->leader_id, err) ||
        !put_names(&names, b, "lists", LOOK_LIST, e->lists, actor_is(actor, ROLE_SECTION | ROLE_LEADER) ? e->n_lists : 0, err) || !parent_number(db, a, actor, e, &parent, err))
        return false;
    json_put_str(b, "parent", parent.n ? parent : STR_NULL);
    json_put_bool(b, "urgent", e->urgency.n > 0 && !str_eqc(e->urgency, "平急"));
    json_put_str(b, "urgency", e->urgency);
    json_put_str(b, "progress", e->progress);
    json_put_str(b, "genre", e->genre);
    put_role(b, e->role);
    json_put_bool(b, "instruction", e->instruction);
    json_put_int(b, "open_parts", e->open_parts);
    json_put_str(b, "result", e->result);
    json_put_str(b, "paper_where", e->paper_where);
    json_put_instant(b, "paper_out", e->paper_out_at);
    json_put_instant(b, "paper_back", e->paper_back_at);
    json_put_bool(b, "has_contact", e->contact.n > 0);
    json_put_day(b, "settled", e->settled_day);
    json_put_bool(b, "late", e->late);
    json_put_bool(b, "overdue", overdue(e->due, e->state, now));
    json_put_day(b, "look_back", e->look_back_day);
    json_put_int(b, "carried", e->carried);
    json_put_int(b, "version", e->version);
    put_verbs(b, actor, e);
    if (acts) {
        json_key(b, "history");
        json_arr(b);
        for (size_t i = 0; i < n; i++)
            put_act(b, &acts[i]);
        json_arr_end(b);
    }
    json_obj_end(b);
    return true;
}

static void put_or_null(struct buf *b, const char *key, struct str s) { json_put_str(b, key, s.n ? s : STR_NULL); }

void entry_line_json(const struct entry_line *l, instant_t now, struct buf *b)
{
    json_obj(b);
    json_put_str(b, "number", l->number);
    json_put_str(b, "kind", entry_kind_code(l->kind));
    json_put_bool(b, "reading", l->reading);
    json_put_str(b, "state", entry_state_code(l->state));
    json_put_str(b, "title", l->title);
    json_put_str(b, "source", l->source);
    json_put_str(b, "requirement", l->requirement);
    json_put_day(b, "day", l->day);
    json_put_instant(b, "deadline", l->due);
    json_put_instant(b, "unit_deadline", l->unit_due);
    put_or_null(b, "lead_unit", l->lead);
    put_or_null(b, "officer", l->officer);
    put_or_null(b, "leader", l->leader);
    json_put_bool(b, "urgent", l->urgency.n > 0 && !str_eqc(l->urgency, "平急"));
    json_put_str(b, "urgency", l->urgency);
    json_put_str(b, "progress", l->progress);
    json_put_str(b, "result", l->result);
    json_put_day(b, "settled", l->settled_day);
    json_put_bool(b, "late", l->late);
    json_put_bool(b, "overdue", overdue(l->due, l->state, now));
    json_put_int(b, "carried", l->carried);
    json_obj_end(b);
}

/* --- text ------------------------------------------------------------------------------------------------------------------------- */

static void field_text(struct buf *b, enum lang lang, const char *field, struct str value)
{
    if (value.n)
        buf_printf(b, "%s%s%.*s\n", tr_field(lang, field), lang == LANG_ZH ? "：" : ": ", STR_ARG(value));
}

static void due_line(struct buf *b, enum lang lang, const char *field, instant_t due)
{
    _cleanup_(buf_release) struct buf text = BUF_INIT;
    shape_due(&text, due);
    field_text(b, lang, field, buf_view(&text));
}

static bool names_line(struct buf *b, enum lang lang, const char *field, struct lookup *names, enum lookup_what what, const int64_t *ids, int n,
                       struct err *err)
{
    _cleanup_(buf_release) struct buf text = BUF_INIT;
    for (int i = 0; i < n; i++) {
        struct str name;
        if (!lookup_name(names, what, ids[i], &name, err))
            return false;
        buf_c(&text, text.n ? "、" : "");
        buf_str(&text, name);
    }
    field_text(b, lang, field, buf_view(&text));
    return true;
}

/* [承办单位：市商务局 → 市科技局；…]: what an act changed. */
static struct str say_change(struct arena *a, enum lang lang, struct str change)
{
    struct jvalue v;
    struct str s = STR("");
    if (change.n == 0 || !json_read(a, change, &v, NULL) || v.kind != J_OBJECT)
        return s;
    for (size_t i = 0; i < v.n; i++) {
        const struct jvalue *pair = &v.items[i];
        if (pair->kind != J_LIST || pair->n != 2)
            continue;
        struct str from = pair->items[0].text, to = pair->items[1].text.n ? pair->items[1].text : STR("—");
        s = arena_printf(a, "%.*s%s%s%s%.*s%s%.*s", STR_ARG(s), !s.n ? "" : lang == LANG_ZH ? "；" : "; ", tr_field(lang, arena_z(a, pair->name)),
                         lang == LANG_ZH ? "：" : ": ", STR_ARG(from), from.n ? " → " : "", STR_ARG(to));
    }
    return s;
}

static void act_line(struct buf *b, struct arena *a, enum lang lang, const struct act *act, bool reading)
{
    struct str change = say_change(a, lang, act->change);
    buf_printf(b, "%3lld  ", (long long)act->n);
    date_put_iso(b, act->day);
    buf_printf(b, "  %s  %.*s", tr_text(lang, entry_act_msg(act, reading)), STR_ARG(act->actor_name));
    if (act->recorded_for.n)
        buf_printf(b, lang == LANG_ZH ? "（代录：%.*s）" : " (for %.*s)", STR_ARG(act->recorded_for));
    if (act->corrects)
        buf_printf(b, "  %s %lld", tr_field(lang, "corrects"), (long long)act->corrects);
    if (act->text.n)
        buf_printf(b, "  %.*s", STR_ARG(act->text));
    if (change.n)
        buf_printf(b, "  [%.*s]", STR_ARG(change));
    buf_ch(b, '\n');
}

static void moment_line(struct buf *b, enum lang lang, const char *field, instant_t at)
{
    _cleanup_(buf_release) struct buf text = BUF_INIT;
    if (at != INSTANT_NONE)
        date_put_iso(&text, instant_day(at));
    field_text(b, lang, field, buf_view(&text));
}

/* Where the paper is, what it is a part of, what was asked. */
static bool rest_lines(struct buf *b, enum lang lang, struct lookup *names, const struct entry *e, struct err *err)
{
    struct str parent;
    if (!parent_number(names->db, names->arena, names->actor, e, &parent, err))
        return false;
    field_text(b, lang, "parent", parent);
    if (e->open_parts)
        field_text(b, lang, "open_parts", arena_printf(names->arena, "%lld", (long long)e->open_parts));
    due_line(b, lang, "asked_deadline", e->asked_due);
    field_text(b, lang, "paper_where", e->paper_where);
    moment_line(b, lang, "paper_out", e->paper_out_at);
    moment_line(b, lang, "paper_back", e->paper_back_at);
    moment_line(b, lang, "settled", e->settled_day == DAY_NONE ? INSTANT_NONE : day_start(e->settled_day));
    moment_line(b, lang, "look_back", e->look_back_day == DAY_NONE ? INSTANT_NONE : day_start(e->look_back_day));
    return true;
}

bool shape_entry_text(struct db *db, struct arena *a, enum lang lang, const struct actor *actor, const struct entry *e, const struct act *acts,
                      size_t n, struct buf *b, struct err *err)
{
    struct lookup names = { .db = db, .arena = a, .actor = actor };
    buf_printf(b, "%.*s  %s  %.*s\n", STR_ARG(e->number), tr_text(lang, entry_state_msg(e->state, e->reading)), STR_ARG(e->title));
    field_text(b, lang, "source", e->source);
    moment_line(b, lang, "received", e->received_at);
    field_text(b, lang, "requirement", e->requirement);
    due_line(b, lang, "deadline", e->due);
    due_line(b, lang, "unit_deadline", e->unit_due);
    field_text(b, lang, "no_deadline_reason", e->no_deadline_reason);
    if (!names_line(b, lang, "lead_unit", &names, LOOK_LEAD, &e->lead_id, 1, err) ||
        !names_line(b, lang, "assist_units", &names, LOOK_ASSIST, e->assists, e->n_assists, err) ||
        !names_line(b, lang, "officer", &names, LOOK_OFFICER, &e->officer_id, 1, err) ||
        !names_line(b, lang, "leader", &names, LOOK_LEADER, &e->leader_id, 1, err) ||
        !names_line(b, lang, "lists", &names, LOOK_LIST, e->lists, e->n_lists, err))
        return false;
    field_text(b, lang, "urgency", e->urgency);
    field_text(b, lang, "progress", e->progress);
    field_text(b, lang, "result", e->result);
    if (!rest_lines(b, lang, &names, e, err))
        return false;
    for (size_t i = 0; i < n; i++)
        act_line(b, a, lang, &acts[i], e->reading);
    return true;
}

void entry_line_text(enum lang lang, const struct entry_line *l, struct buf *b)
{
    _cleanup_(buf_release) struct buf due = BUF_INIT;
    shape_due(&due, l->due);
    buf_printf(b, "%.*s  %s  %-10s  %.*s  %.*s\n", STR_ARG(l->number), tr_text(lang, entry_state_msg(l->state, l->reading)), due.n ? due.p : "-",
               STR_ARG(l->lead), STR_ARG(l->title));
}
