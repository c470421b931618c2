/* Conditions of a list by their names, as addresses, the API and the command line say them alike. */
#include <stdio.h>

#include "base/num.h"
#include "calendar/date.h"
#include "messages.h"
#include "office/entry/inside.h"

const char *const entry_conditions[] = {
    "state", "kind", "reading", "unit", "category", "list", "officer", "leader", "registered", "month", "day", "week", "day_from", "day_to", "due", "due_from",
    "due_to", "settled", "settled_from", "settled_to", "urgency", "progress", "carried", "instruction", "q", "sort", NULL,
};
const char *const entry_sorts[ENTRY_ORDERS] = {
    [ENTRY_NEWEST] = "newest", [ENTRY_OLDEST] = "oldest", [ENTRY_BY_DUE] = "due", [ENTRY_BY_NUMBER] = "number", [ENTRY_BY_UNIT] = "unit",
    [ENTRY_BY_LEADER] = "leader",
};

struct taking {
    struct lookup names;
    const struct entry_when *when;
    struct str name, value;
    struct entry_filter *f;
    struct err *err;
};

static bool bad(struct taking *t) { return err_fail(t->err, ERR_INPUT, M_LIST_BAD_FILTER, arena_z(t->names.arena, t->name), A_STR(t->value)); }

static bool take_month(struct taking *t, day_t *from, day_t *to)
{
    day_t first;
    struct civil c;
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    buf_str(&b, t->value);
    buf_c(&b, "-01");
    if (!date_read_iso(buf_view(&b), &first, NULL))
        return err_fail(t->err, ERR_INPUT, M_ENTRY_BAD_MONTH, arena_z(t->names.arena, t->name), A_STR(t->value));
    c = date_civil(first);
    *from = first;
    *to = first + date_month_days(c.year, c.month) - 1;
    return true;
}

static bool take_day(struct taking *t, day_t *ret)
{
    instant_t at;
    bool has_time;
    return date_read(t->value, ret, &at, &has_time, NULL) ||
           err_fail(t->err, ERR_INPUT, M_ENTRY_BAD_DATE, arena_z(t->names.arena, t->name), A_MSG(M_FIELD_DAY), A_STR(t->value));
}

/* From the start of a day, or to its end: due deadlines are exclusive ends. */
static bool take_due_day(struct taking *t, int more, instant_t *ret)
{
    day_t d;
    if (!take_day(t, &d))
        return false;
    *ret = day_start(d + more) + 1;
    return true;
}

/* An id as pages say it, or a name. */
static bool take_name(struct taking *t, enum lookup_what what, int64_t *ret)
{
    if (num_range(t->value, 1, INT64_MAX, ret) || lookup_id(&t->names, what, t->value, ret, t->err))
        return true;
    if (t->err && t->err->kind == ERR_INPUT)     /* by the condition's name, not the entry's field */
        snprintf(t->err->field, sizeof t->err->field, "%.*s", STR_ARG(t->name));
    return false;
}

static bool take_week(struct taking *t)
{
    if (!take_day(t, &t->f->span_from))
        return false;
    t->f->span_from = date_monday(t->f->span_from);
    t->f->span_to = t->f->span_from + 6;
    return true;
}

static bool take_span_day(struct taking *t)
{
    if (!take_day(t, &t->f->span_from))
        return false;
    t->f->span_to = t->f->span_from;
    return true;
}

/* Open matters by their deadline. */
static bool take_due(struct taking *t)
{
    struct entry_filter *f = t->f;
    const struct entry_when *w = t->when;
    f->state = -2;
    f->order = ENTRY_BY_DUE;
    if (str_eqc(t->value, "overdue"))
        f->due_to = w->now + 1;
    else if (str_eqc(t->value, "today"))
        f->due_from = w->now + 1, f->due_to = day_start(w->today + 1) + 1;
    else if (str_eqc(t->value, "near"))
        f->due_from = w->now + 1, f->due_to = w->near + 1;
    else if (str_eqc(t->value, "week"))
        f->due_from = day_start(date_monday(w->today)) + 1, f->due_to = day_start(date_monday(w->today) + 7) + 1;
    else
        return bad(t);
    return true;
}

static bool take_state(struct taking *t)
{
    enum entry_state state;
    if (str_eqc(t->value, "open") || str_eqc(t->value, "未办结")) {
        t->f->state = -2;
        return true;
    }
    if (!entry_state_read(t->value, &state))
        return err_fail(t->err, ERR_INPUT, M_ENTRY_UNKNOWN_STATE, "state", A_MSG(M_FIELD_STATE), A_STR(t->value));
    t->f->state = (int)state;
    if (str_eqc(t->value, "待阅") || str_eqc(t->value, "已阅"))
        t->f->reading = 1;
    return true;
}

static bool take_kind(struct taking *t)
{
    enum entry_kind kind;
    if (str_eqc(t->value, "reading")) {
        t->f->reading = 1;
        return true;
    }
    if (!entry_kind_read(t->value, &kind))
        return bad(t);
    t->f->kind = (int)kind;
    t->f->reading = 0;
    return true;
}

static bool take_word(struct taking *t, const char *const *words, struct str *ret)
{
    for (; *words; words++)
        if (str_eqc(t->value, *words)) {
            *ret = str_c(*words);
            return true;
        }
    return bad(t);
}

static bool take_flag(struct taking *t, bool *ret)
{
    *ret = str_eqc(t->value, "1") || str_eqc(t->value, "true");
    return *ret || str_eqc(t->value, "0") || str_eqc(t->value, "false") || bad(t);
}

static bool take_reading(struct taking *t)
{
    bool yes;
    if (!take_flag(t, &yes))
        return false;
    t->f->reading = yes;
    return true;
}

static bool take_sort(struct taking *t)
{
    for (int i = 0; i < ENTRY_ORDERS; i++)
        if (str_eqc(t->value, entry_sorts[i])) {
            t->f->order = (enum entry_order)i;
            return true;
        }
    return bad(t);
}

static bool take_limit(struct taking *t)
{
    int64_t n;
    if (!num_range(t->value, 1, 1000, &n))
        return err_fail(t->err, ERR_INPUT, M_ENTRY_BAD_LIMIT, "limit", A_STR(t->value));
    t->f->limit = (int)n;
    return true;
}

static bool take_q(struct taking *t)
{
    t->f->q = t->value;
    return true;
}

static bool take_category(struct taking *t)
{
    t->f->category = t->value;
    return true;
}

static bool take_carried(struct taking *t) { return num_range(t->value, 1, 1000, &t->f->carried) || bad(t); }
static bool take_unit(struct taking *t) { return take_name(t, LOOK_LEAD, &t->f->unit_id); }
static bool take_list(struct taking *t) { return take_name(t, LOOK_LIST, &t->f->list_id); }
static bool take_officer(struct taking *t) { return take_name(t, LOOK_OFFICER, &t->f->officer_id); }
static bool take_leader(struct taking *t) { return take_name(t, LOOK_LEADER, &t->f->leader_id); }
static bool take_registered(struct taking *t) { return take_month(t, &t->f->day_from, &t->f->day_to); }
static bool take_month_span(struct taking *t) { return take_month(t, &t->f->span_from, &t->f->span_to); }
static bool take_settled(struct taking *t) { return take_month(t, &t->f->settled_from, &t->f->settled_to); }
static bool take_day_from(struct taking *t) { return take_day(t, &t->f->day_from); }
static bool take_day_to(struct taking *t) { return take_day(t, &t->f->day_to); }
static bool take_settled_from(struct taking *t) { return take_day(t, &t->f->settled_from); }
static bool take_settled_to(struct taking *t) { return take_day(t, &t->f->settled_to); }
static bool take_due_from(struct taking *t) { return take_due_day(t, 0, &t->f->due_from); }
static bool take_due_to(struct taking *t) { return take_due_day(t, 1, &t->f->due_to); }
static bool take_urgency(struct taking *t) { return take_word(t, entry_urgencies, &t->f->urgency); }
static bool take_progress(struct taking *t) { return take_word(t, entry_progresses, &t->f->progress); }
static bool take_instruction(struct taking *t) { return take_flag(t, &t->f->instruction); }

static const struct { const char *name; bool (*take)(struct taking *t); } TAKE[] = {
    { "state", take_state }, { "kind", take_kind }, { "reading", take_reading }, { "unit", take_unit }, { "category", take_category },
    { "list", take_list }, { "officer", take_officer }, { "leader", take_leader }, { "registered", take_registered }, { "month", take_month_span }, { "day", take_span_day },
    { "week", take_week }, { "day_from", take_day_from }, { "day_to", take_day_to }, { "due", take_due }, { "due_from", take_due_from },
    { "due_to", take_due_to }, { "settled", take_settled }, { "settled_from", take_settled_from }, { "settled_to", take_settled_to },
    { "urgency", take_urgency }, { "progress", take_progress }, { "carried", take_carried }, { "instruction", take_instruction }, { "q", take_q },
    { "sort", take_sort }, { "limit", take_limit },
};

bool entry_filter_take(struct db *db, struct arena *a, const struct actor *actor, const struct entry_when *when, struct str name, struct str value,
                       struct entry_filter *f, struct err *err)
{
    struct taking t = { .names = { .db = db, .arena = a, .actor = actor }, .when = when, .name = name, .value = value, .f = f, .err = err };
    for (size_t i = 0; i < ARRAY_LEN(TAKE); i++)
        if (str_eqc(name, TAKE[i].name))
            return TAKE[i].take(&t);
    return err_fail(err, ERR_INPUT, M_ENTRY_UNKNOWN_FIELD, arena_z(a, name), A_STR(name));
}

/* --- cursors ----------------------------------------------------------------------------------------------------------------------- */

static int64_t group_of(const struct entry_filter *f, const struct entry_line *l)
{
    int64_t id = f->order == ENTRY_BY_LEADER ? l->leader_id : l->lead_id;
    return id ? id : -1;
}

struct str entry_cursor(struct arena *a, const struct entry_filter *f, const struct entry_line *last)
{
    switch (f->order) {
    case ENTRY_BY_DUE: return arena_printf(a, "%lld.%lld", (long long)last->order_due, (long long)last->id);
    case ENTRY_BY_NUMBER: return last->number;
    case ENTRY_BY_UNIT:
    case ENTRY_BY_LEADER: return arena_printf(a, "%lld.%lld", (long long)group_of(f, last), (long long)last->id);
    default: return arena_printf(a, "%lld", (long long)last->id);
    }
}

bool entry_cursor_read(struct str s, struct entry_filter *f, struct err *err)
{
    struct str rest, first = str_cut(s, '.', &rest);
    bool good;
    if (f->order == ENTRY_BY_NUMBER)
        good = (f->after_number = s).n > 0;
    else if (f->order == ENTRY_BY_DUE)
        good = num_range(first, 0, INT64_MAX, &f->after_due) && num_range(rest, 1, INT64_MAX, &f->after);
    else if (f->order == ENTRY_BY_UNIT || f->order == ENTRY_BY_LEADER)
        good = num_range(first, -1, INT64_MAX, &f->after_group) && f->after_group && num_range(rest, 1, INT64_MAX, &f->after);
    else
        good = num_range(s, 1, INT64_MAX, &f->after);
    return good || err_fail(err, ERR_INPUT, M_ENTRY_BAD_CURSOR, "after", A_STR(s));
}
