/* 分解: one entry among several units, all parts in one write or none; and what a registration would be, without writing it. */
#include "base/utf8.h"
#include "calendar/date.h"
#include "messages.h"
#include "office/entry/inside.h"

bool entry_check(struct txn *t, const struct actor *actor, const struct entry_input *in, struct entry *ret, struct problems *problems, struct err *err)
{
    struct lookup names = { .db = t->db, .arena = t->arena, .actor = actor };
    struct imported row = { .input = *in, .number = STR(""), .state = STATE_NONE, .ended = DAY_NONE };
    if (!import_decide(t, actor, &names, &row, problems, err))
        return false;
    *ret = row.entry;
    return true;
}

/* --- what a part takes from its parent --------------------------------------------------------------------------------------------------- */

static struct str moment(struct arena *a, instant_t at, bool end)
{
    if (at == INSTANT_NONE)
        return STR_NULL;
    day_t day = instant_day(end ? at - 1 : at);
    struct civil c = date_civil(day);
    int minute = (int)((at - day_start(day)) / 60000);
    if (end && minute == 1440)
        return arena_printf(a, "%04d-%02d-%02d", c.year, c.month, c.day);
    return arena_printf(a, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, minute / 60, minute % 60);
}

static bool list_names(struct lookup *names, const struct entry *e, struct str *ret, struct err *err)
{
    struct str name;
    *ret = STR("");
    for (int i = 0; i < e->n_lists; i++) {
        if (!lookup_name(names, LOOK_LIST, e->lists[i], &name, err))
            return false;
        *ret = arena_printf(names->arena, "%.*s%s%.*s", STR_ARG(*ret), i ? ";" : "", STR_ARG(name));
    }
    return true;
}

/* Title without the unit: 方案（市商务局）, cut to the length a title may have. */
static struct str title_for(struct arena *a, const struct entry *parent, struct str unit)
{
    struct str tail = unit.n ? arena_printf(a, "（%.*s）", STR_ARG(unit)) : STR("");
    size_t room = ENTRY_TITLE_CHARS - utf8_count(tail);
    return arena_printf(a, "%.*s%.*s", STR_ARG(str_sub(parent->title, 0, utf8_offset(parent->title, room))), STR_ARG(tail));
}

static bool said(struct str s) { return s.p && str_trim(s).n; }

static bool inherit(struct lookup *names, const struct entry *parent, struct entry_input *in, struct err *err)
{
    struct arena *a = names->arena;
    struct str lists, leader, officer;
    if (!list_names(names, parent, &lists, err) || !lookup_name(names, LOOK_LEADER, parent->leader_id, &leader, err) ||
        !lookup_name(names, LOOK_OFFICER, parent->officer_id, &officer, err))
        return false;
    in->parent = parent->number;
    in->kind = entry_kind_code(parent->kind);
    if (!said(in->title))
        in->title = title_for(a, parent, in->lead_unit.p ? str_trim(in->lead_unit) : STR(""));
    if (!said(in->requirement))
        in->requirement = parent->requirement;
    if (!said(in->deadline) && !said(in->no_deadline_reason) && !said(in->deadline_phrase)) {
        in->deadline = moment(a, parent->unit_due != INSTANT_NONE ? parent->unit_due : parent->due, true);
        in->no_deadline_reason = parent->no_deadline_reason.n && !in->deadline.p ? parent->no_deadline_reason : STR_NULL;
    }
    in->source = parent->source;
    in->received = moment(a, parent->received_at, false);
    in->leader = leader;
    in->officer = officer;
    in->lists = lists;
    in->urgency = parent->urgency;
    return true;
}

/* --- in one act ---------------------------------------------------------------------------------------------------------------------------- */

static bool check_parent(const struct entry *parent, const struct actor *actor, struct str number, int64_t version, size_t n, struct err *err)
{
    if (!(rules_sides(actor, parent) & SIDE_SECTION))
        return err_fail(err, ERR_DENIED, M_ENTRY_SPLIT_SECTION, NULL);
    if (!entry_state_open(parent->state) || parent->reading)
        return err_fail(err, ERR_CONFLICT, M_ENTRY_PARENT_ENDED, NULL, A_STR(number));
    if (version && version != parent->version)
        return err_fail(err, ERR_CONFLICT, M_ENTRY_CHANGED_MEANWHILE, NULL, A_STR(number));
    if (n == 0)
        return err_fail(err, ERR_INPUT, M_ENTRY_SPLIT_NOBODY, "parts");
    if (n > ENTRY_SPLIT_MAX)
        return err_fail(err, ERR_LIMIT, M_ENTRY_SPLIT_MANY, "parts", A_INT(ENTRY_SPLIT_MAX));
    return true;
}

static bool decide_part(struct txn *t, const struct actor *actor, struct lookup *names, const struct entry *parent, const struct entry_input *in, struct imported *row,
                        struct problems *p, struct err *err)
{
    *row = (struct imported){ .input = *in, .number = STR(""), .state = STATE_NONE, .ended = DAY_NONE };
    if (!inherit(names, parent, &row->input, err))
        return false;
    return import_decide(t, actor, names, row, p, err);
}

/* A unit twice is a slip: it would get the same matter two times. */
static bool check_twice(const struct imported *row, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            if (row[i].entry.lead_id == row[k].entry.lead_id && str_eq(row[i].entry.requirement, row[k].entry.requirement)) {
                err_fail(err, ERR_INPUT, M_ENTRY_SPLIT_TWICE, "lead_unit", A_STR(row[i].input.lead_unit));
                err_at(err, (int)i + 1, 0);
                return false;
            }
    return true;
}

bool entry_split(struct txn *t, const struct actor *actor, struct str number, const struct entry_input *part, size_t n, int64_t version, struct entry_split *ret,
                 struct problems *problems, struct err *err)
{
    struct lookup names = { .db = t->db, .arena = t->arena, .actor = actor };
    struct entry parent;
    struct err first = { 0 };
    if (!entry_fetch(t->db, t->arena, actor, number, &parent, err) || !check_parent(&parent, actor, number, version, n, err))
        return false;
    struct imported *row = arena_array(t->arena, struct imported, n);
    for (size_t i = 0; i < n; i++) {
        struct problems own _cleanup_(problems_release) = PROBLEMS_INIT;
        struct err e;
        if (decide_part(t, actor, &names, &parent, &part[i], &row[i], &own, &e))
            continue;
        if (e.kind != ERR_INPUT || own.n == 0) {
            err_at(&e, (int)i + 1, 0);
            *err = e;
            return false;
        }
        for (int k = 0; k < own.n; k++) {
            err_at(&own.err[k], (int)i + 1, 0);
            if (problems)
                problems_add(problems, &own.err[k]);
            first = first.kind == ERR_NONE ? own.err[k] : first;
        }
    }
    if (first.kind != ERR_NONE) {
        *err = first;
        return false;
    }
    if (!check_twice(row, n, err))
        return false;
    *ret = (struct entry_split){ .made = arena_array(t->arena, struct entry, n), .n = n, .later = DAY_NONE };
    t->deputy_of = 0;
    for (size_t i = 0; i < n; i++) {
        if (!import_put(t, actor, &row[i], err))
            return false;
        ret->made[i] = row[i].entry;
        if (parent.due != INSTANT_NONE && row[i].entry.due != INSTANT_NONE && row[i].entry.due > parent.due) {
            day_t day = instant_day(row[i].entry.due - 1);
            ret->later = day > ret->later ? day : ret->later;
        }
    }
    return true;
}
