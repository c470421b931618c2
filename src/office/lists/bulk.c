/* One act on many entries: decided whole, then written whole, each entry by its own act. */
#include "base/json.h"
#include "base/num.h"
#include "office/lists/inside.h"

static const struct {
    const char *code;
    enum entry_verb verb;                        /* VERBS: no act of the entry */
    const char *field;                           /* of the history's change; NULL: the state */
    bool undo;
} WHAT[BULK_WHATS] = {
    [BULK_OFFICER] = { "officer", VERB_AMEND, "officer", true },
    [BULK_LEADER] = { "leader", VERB_AMEND, "leader", true },
    [BULK_LIST_ADD] = { "list_add", VERB_AMEND, "lists", true },
    [BULK_LIST_REMOVE] = { "list_remove", VERB_AMEND, "lists", true },
    [BULK_URGENCY] = { "urgency", VERB_AMEND, "urgency", true },
    [BULK_PROGRESS] = { "progress", VERB_AMEND, "progress", true },
    [BULK_EXTEND] = { "extend", VERB_EXTEND, "deadline", true },
    [BULK_ASSIST] = { "assist", VERB_AMEND, "assist_units", true },
    [BULK_ACCEPT] = { "accept", VERB_ACCEPT, NULL, false },
    [BULK_URGE] = { "urge", VERB_URGE, NULL, false },
    [BULK_SETTLE] = { "settle", VERB_SETTLE, NULL, false },
    [BULK_ARCHIVE] = { "archive", VERB_ARCHIVE, NULL, false },
    [BULK_COLUMN] = { "column", VERBS, NULL, true },
};

struct str bulk_code(enum bulk_what w) { return str_c(WHAT[w].code); }
bool bulk_may_undo(enum bulk_what w) { return WHAT[w].undo; }

bool bulk_read(struct str code, enum bulk_what *ret)
{
    for (int i = 0; i < BULK_WHATS; i++)
        if (str_eqc(code, WHAT[i].code)) {
            *ret = (enum bulk_what)i;
            return true;
        }
    return false;
}

/* --- names, asked for once for all entries ----------------------------------------------------------------------------------------------- */

struct bulk {
    struct txn *t;
    const struct actor *actor;
    const struct bulk_order *o;
    enum lang lang;
    struct entry_listdef *lists;
    size_t n_lists;
    struct member *members;
    size_t n_members;
    struct list_def list;                        /* of BULK_LIST_… and BULK_COLUMN */
    struct list_column column;
};

static bool party_text(struct bulk *b, int64_t id, struct str *ret, struct err *err)
{
    struct party p;
    bool found = false;
    if (id && !party_by_id(b->t->db, b->t->arena, b->actor->office_id, id, &p, &found, err))
        return false;
    *ret = found ? p.name : STR("");
    return true;
}

/* The login, which is one person's: a name may be two's. */
static struct str officer_text(const struct bulk *b, int64_t id, bool login)
{
    for (size_t i = 0; i < b->n_members; i++)
        if (b->members[i].id == id)
            return login ? b->members[i].login : b->members[i].name;
    return STR("");
}

static struct str list_names(struct bulk *b, const struct entry *e, int64_t plus, int64_t minus)
{
    struct str s = STR("");
    for (size_t k = 0; k < b->n_lists; k++) {
        bool on = b->lists[k].id == plus;
        for (int i = 0; i < e->n_lists; i++)
            on |= e->lists[i] == b->lists[k].id;
        if (on && b->lists[k].id != minus)
            s = s.n ? arena_printf(b->t->arena, "%.*s;%.*s", STR_ARG(s), STR_ARG(b->lists[k].name)) : b->lists[k].name;
    }
    return s;
}

static bool assist_names(struct bulk *b, const struct entry *e, struct str *ret, struct err *err)
{
    *ret = STR("");
    for (int i = 0; i < e->n_assists; i++) {
        struct str one;
        if (!party_text(b, e->assists[i], &one, err))
            return false;
        *ret = ret->n ? arena_printf(b->t->arena, "%.*s;%.*s", STR_ARG(*ret), STR_ARG(one)) : one;
    }
    return true;
}

static struct str due_text(struct arena *a, instant_t due)
{
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    if (due == INSTANT_NONE)
        return STR("");
    if (day_start(instant_day(due)) == due)
        date_put_iso(&b, instant_day(due) - 1);
    else
        instant_put(&b, due);
    return arena_str(a, buf_view(&b));
}

/* What the field holds; for people, or as an input would have it. */
static bool field_text(struct bulk *b, const struct entry *e, bool input, struct str *ret, struct err *err)
{
    switch (b->o->what) {
    case BULK_OFFICER: *ret = officer_text(b, e->officer_id, input); return true;
    case BULK_LEADER: return party_text(b, e->leader_id, ret, err);
    case BULK_LIST_ADD:
    case BULK_LIST_REMOVE: *ret = list_names(b, e, 0, 0); return true;
    case BULK_URGENCY: *ret = e->urgency; return true;
    case BULK_PROGRESS: *ret = e->progress; return true;
    case BULK_EXTEND: *ret = due_text(b->t->arena, e->due); return true;
    case BULK_ASSIST: return assist_names(b, e, ret, err);
    default: *ret = str_c(tr_text(b->lang, entry_state_msg(e->state, e->reading))); return true;
    }
}

/* --- the order itself ---------------------------------------------------------------------------------------------------------------------- */

static bool prepare(struct bulk *b, struct err *err)
{
    const struct bulk_order *o = b->o;
    bool listed = o->what == BULK_LIST_ADD || o->what == BULK_LIST_REMOVE;
    if (!lists_section(b->actor, err))
        return false;
    if (o->n == 0)
        return err_fail(err, ERR_INPUT, M_BULK_NONE, "numbers");
    if (o->n > BULK_MAX)
        return err_fail(err, ERR_LIMIT, M_BULK_TOO_MANY, "numbers", A_INT(BULK_MAX));
    for (size_t i = 0; i < o->n; i++)
        for (size_t k = 0; k < i; k++)
            if (str_eq(o->number[i], o->number[k]))
                return err_fail(err, ERR_INPUT, M_BULK_TWICE, "numbers", A_STR(o->number[i]));
    if (!entry_lists(b->t->db, b->t->arena, b->actor->office_id, &b->lists, &b->n_lists, err) ||
        !member_list(b->t->db, b->t->arena, b->actor->office_id, b->t->at, &b->members, &b->n_members, err))
        return false;
    if ((listed || o->what == BULK_COLUMN) && !list_find(b->t->db, b->t->arena, b->actor->office_id, listed ? o->value : o->list, &b->list, err))
        return false;
    if (listed && (b->list.query.p || !b->list.active))
        return err_fail(err, ERR_CONFLICT, b->list.active ? M_LISTS_IS_BY_QUERY : M_LISTS_RETIRED_NOW, "value", A_STR(b->list.name));
    return o->what != BULK_COLUMN || list_column_find(b->t->db, b->t->arena, b->actor->office_id, b->list.id, o->column, &b->column, err);
}

/* --- one entry ------------------------------------------------------------------------------------------------------------------------------- */

static bool on(const struct entry *e, int64_t list_id)
{
    for (int i = 0; i < e->n_lists; i++)
        if (e->lists[i] == list_id)
            return true;
    return false;
}

static bool nothing(struct bulk *b, const struct entry *e, struct str what, struct err *err)
{
    (void)b;
    return err_fail(err, ERR_CONFLICT, M_BULK_NOTHING, NULL, A_STR(e->number), A_STR(what));
}

/* The input of its act. */
static bool input_of(struct bulk *b, const struct entry *e, struct entry_input *in, struct err *err)
{
    const struct bulk_order *o = b->o;
    struct str text;
    *in = (struct entry_input){ .text = o->text.n ? o->text : STR_NULL };
    switch (o->what) {
    case BULK_OFFICER: in->officer = o->value; break;
    case BULK_LEADER: in->leader = o->value; break;
    case BULK_URGENCY: in->urgency = o->value; break;
    case BULK_PROGRESS: in->progress = o->value; break;
    case BULK_EXTEND: in->deadline = o->value; break;
    case BULK_SETTLE: in->result = o->value.n ? o->value : STR_NULL; break;
    case BULK_LIST_ADD:
        if (on(e, b->list.id))
            return nothing(b, e, b->list.name, err);
        in->lists = list_names(b, e, b->list.id, 0);
        break;
    case BULK_LIST_REMOVE:
        if (!on(e, b->list.id))
            return err_fail(err, ERR_CONFLICT, M_LISTS_NOT_ON, NULL, A_STR(e->number), A_STR(b->list.name));
        in->lists = list_names(b, e, 0, b->list.id);
        break;
    case BULK_ASSIST:
        if (!assist_names(b, e, &text, err))
            return false;
        in->assist_units = text.n ? arena_printf(b->t->arena, "%.*s;%.*s", STR_ARG(text), STR_ARG(o->value)) : o->value;
        break;
    default: break;
    }
    return true;
}

static struct str before_text(struct arena *a, const char *name, struct str value, const struct entry *e)
{
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    json_obj(&b);
    json_put_str(&b, name, value.p ? value : STR(""));
    if (str_eqc(str_c(name), "deadline") && e->due == INSTANT_NONE)
        json_put_str(&b, "no_deadline_reason", e->no_deadline_reason);
    json_obj_end(&b);
    return arena_str(a, buf_view(&b));
}

static bool decide_value(struct bulk *b, const struct entry *e, struct bulk_line *l, struct err *err)
{
    if (!b->list.query.p && !on(e, b->list.id))
        return err_fail(err, ERR_CONFLICT, M_LISTS_NOT_ON, NULL, A_STR(e->number), A_STR(b->list.name));
    if (!list_value_check(&b->column, b->o->value, b->t->arena, &l->to, err) ||
        !list_values(b->t->db, b->t->arena, b->actor->office_id, b->list.id, e->id, &b->column, 1, &l->from, err))
        return false;
    if (l->from.n == l->to.n && str_starts(l->from, l->to))
        return nothing(b, e, l->to, err);
    _cleanup_(buf_release) struct buf before = BUF_INIT;
    json_arr(&before);
    json_str(&before, l->from.p ? l->from : STR(""));
    json_str(&before, l->to);
    json_arr_end(&before);
    l->before = arena_str(b->t->arena, buf_view(&before));
    return true;
}

static bool decide_act(struct bulk *b, const struct entry *e, struct bulk_line *l, struct err *err)
{
    const char *field = WHAT[b->o->what].field;
    struct entry before, after;
    struct entry_input in;
    struct str input;
    if (!input_of(b, e, &in, err) ||
        !entry_act_would(b->t, b->actor, e->number, WHAT[b->o->what].verb, &in, &before, &after, err) ||
        !field_text(b, &before, false, &l->from, err) || !field_text(b, &after, false, &l->to, err))
        return false;
    if (!field)
        return true;
    if (str_eq(l->from, l->to))
        return nothing(b, e, l->to, err);
    if (!field_text(b, &before, true, &input, err))
        return false;
    l->before = before_text(b->t->arena, field, input, &before);
    return true;
}

/* A fault of the engine ends all; what is wrong with one entry is that entry's. */
static bool broken(const struct err *e) { return e->kind == ERR_IO || e->kind == ERR_CORRUPT || e->kind == ERR_BUSY; }

static bool decide(struct bulk *b, struct bulk_line *l, size_t i, struct err *err)
{
    struct entry e;
    l->number = b->o->number[i];
    if (entry_fetch(b->t->db, b->t->arena, b->actor, l->number, &e, &l->err)) {
        l->entry_id = e.id;
        l->version = e.version;
        l->title = e.title;
        if (b->o->version[i] && b->o->version[i] != e.version)
            err_fail(&l->err, ERR_CONFLICT, M_ENTRY_CHANGED_MEANWHILE, NULL, A_STR(e.number));
        else
            l->good = b->o->what == BULK_COLUMN ? decide_value(b, &e, l, &l->err) : decide_act(b, &e, l, &l->err);
    }
    if (!l->good && broken(&l->err)) {
        *err = l->err;
        return false;
    }
    return !arena_over(b->t->arena) || err_fail(err, ERR_LIMIT, M_BASE_TOO_MANY_ROWS, NULL);
}

static bool decide_all(struct bulk *b, struct bulk_line **ret, size_t *n_good, struct err *err)
{
    if (!prepare(b, err))
        return false;
    *ret = arena_array(b->t->arena, struct bulk_line, b->o->n + 1);
    *n_good = 0;
    for (size_t i = 0; i < b->o->n; i++) {
        if (!decide(b, &(*ret)[i], i, err))
            return false;
        *n_good += (*ret)[i].good;
    }
    return true;
}

bool bulk_preview(struct txn *t, const struct actor *actor, enum lang lang, const struct bulk_order *o, struct bulk_line **ret, size_t *n_good, struct err *err)
{
    struct err own;
    struct bulk b = { .t = t, .actor = actor, .o = o, .lang = lang };
    return decide_all(&b, ret, n_good, err ? err : &own);
}

/* --- taking --------------------------------------------------------------------------------------------------------------------------------------- */

static bool take_one(struct bulk *b, const struct bulk_line *l, struct entry *e, struct err *err)
{
    struct entry_input in;
    if (!entry_fetch(b->t->db, b->t->arena, b->actor, l->number, e, err))
        return false;
    if (b->o->what == BULK_COLUMN)
        return list_value_put(b->t, &b->list, e, &b->column, l->from, l->to, err);
    return input_of(b, e, &in, err) && entry_act(b->t, b->actor, l->number, WHAT[b->o->what].verb, &in, e, err);
}

static bool note(struct bulk *b, int64_t id, size_t n, struct err *err)
{
    const struct bulk_order *o = b->o;
    struct str value = o->what == BULK_COLUMN ? arena_printf(b->t->arena, "%lld.%lld", (long long)b->list.id, (long long)b->column.id) : o->value;
    _cleanup_(buf_release) struct buf after = BUF_INIT;
    json_obj(&after);
    json_put_str(&after, "act", bulk_code(o->what));
    json_put_str(&after, "value", o->value);
    json_put_int(&after, "n", (int64_t)n);
    json_obj_end(&after);
    b->t->deputy_of = actor_stead(b->actor, b->actor->section_id);
    return q_bulk_insert(b->t->db, &(struct bulk_insert_in){ b->t->office_id, id, b->t->actor_id, b->t->at, b->t->today, bulk_code(o->what),
                                                             value.p ? value : STR(""), (int64_t)n }, NULL, err) &&
           lists_journal(b->t, "bulk", id, "take", NULL, &after, err);
}

bool bulk_take(struct txn *t, const struct actor *actor, const struct bulk_order *o, bool partial, struct bulk_done *ret, struct err *err)
{
    struct err own;
    struct bulk b = { .t = t, .actor = actor, .o = o, .lang = LANG_ZH };
    struct bulk_line *lines;
    size_t good;
    err = err ? err : &own;
    if (!decide_all(&b, &lines, &good, err))
        return false;
    if (good == 0 || (good < o->n && !partial))
        return err_fail(err, ERR_CONFLICT, M_BULK_REFUSED, NULL, A_INT(o->n - good), A_INT(o->n));
    *ret = (struct bulk_done){ .id = txn_next_id(t), .n = good, .may_undo = WHAT[o->what].undo };
    if (!note(&b, ret->id, good, err))
        return false;
    for (size_t i = 0; i < o->n; i++) {
        struct entry e;
        const struct bulk_line *l = &lines[i];
        if (!l->good)
            continue;
        if (!take_one(&b, l, &e, err))
            return false;
        if (ret->may_undo &&
            !q_bulk_item_insert(t->db, &(struct bulk_item_insert_in){ t->office_id, ret->id, e.id, e.number, e.version, l->before }, NULL, err))
            return false;
    }
    return true;
}
