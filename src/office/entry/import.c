/* A row of an imported file: registered, and brought where it is by one act each. */
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "calendar/date.h"
#include "messages.h"
#include "office/entry/deed.h"

static bool check_ended(struct txn *t, const struct actor *actor, const struct imported *row, struct err *err)
{
    bool ends = row->state == STATE_SETTLED || row->state == STATE_ARCHIVED || row->state == STATE_WITHDRAWN;
    const struct entry *e = &row->entry;
    if (ends && row->ended == DAY_NONE)
        return err_fail(err, ERR_INPUT, M_ENTRY_MISSING, "settled", A_MSG(M_FIELD_SETTLED));
    if (!ends && row->ended != DAY_NONE)
        return err_fail(err, ERR_INPUT, M_ENTRY_SETTLED_BUT_OPEN, "settled", A_MSG(entry_state_msg(row->state, e->reading)));
    if (ends && row->ended < e->day)
        return err_fail(err, ERR_INPUT, M_ENTRY_SETTLED_EARLY, "settled", A_DAY(e->day));
    if (ends && !act_day_check(t->db, actor->office_id, row->ended, t->today, e->day, err)) {
        if (err && err->kind == ERR_INPUT)
            snprintf(err->field, sizeof err->field, "settled");
        return false;
    }
    if (e->reading && !ends && row->state != STATE_NONE && row->state != STATE_ACTIVE)
        return err_fail(err, ERR_INPUT, M_ENTRY_STATE_NOT_FOR_READING, "state", A_MSG(entry_state_msg(row->state, false)));
    return true;
}

bool import_decide(struct txn *t, const struct actor *actor, struct lookup *names, struct imported *row, struct problems *problems,
                   struct err *err)
{
    struct err e = { 0 };
    unsigned sides = actor->section_id && actor_is(actor, ROLE_SECTION) ? SIDE_SECTION : 0;
    row->intent = arena_new(t->arena, struct intent);
    struct deed d = { .t = t, .actor = actor, .after = &row->entry, .i = row->intent, .verb = VERB_REGISTER, .sides = sides };
    if (!deed_register(&d, names, &row->input, problems, err))
        return false;
    if (row->state == STATE_PENDING && row->entry.state == STATE_ACTIVE)
        row->state = STATE_ACTIVE;               /* the section's own and reading items wait for nobody */
    return check_ended(t, actor, row, &e) || deed_note(problems, err, &e);
}

/* The act that brought an imported row where it is. */
static enum entry_verb verb_to(enum entry_state s)
{
    switch (s) {
    case STATE_ACTIVE: return VERB_ACCEPT;
    case STATE_RETURNED: return VERB_RETURN;
    case STATE_REVIEW: return VERB_SUBMIT;
    case STATE_SUSPENDED: return VERB_SUSPEND;
    case STATE_WITHDRAWN: return VERB_WITHDRAW;
    case STATE_ARCHIVED: return VERB_ARCHIVE;
    default: return VERB_SETTLE;
    }
}

enum { STEPS_MAX = 3 };                           /* registered, settled, archived */

struct step {
    struct deed d;
    struct entry before, after;
    struct act act;
};

static bool step_to(struct step *s, const struct step *last, enum entry_state to, day_t day, struct intent *i, struct err *err)
{
    s->before = s->after = last->after;
    *i = intent_blank();
    i->text = to == STATE_SETTLED ? s->before.result : STR("");
    s->d = (struct deed){ .t = last->d.t, .actor = last->d.actor, .before = &s->before, .after = &s->after, .i = i, .verb = verb_to(to), .day = day };
    s->after.state = to;
    if (to == STATE_SETTLED) {
        s->after.settled_day = day;
        s->after.late = !s->before.reading && rules_late(s->before.due, day, last->d.t->at);
    }
    return deed_record(&s->d, &s->act, err);
}

/* Each act goes on record by itself; the entry's own rows are written once, as the last act leaves them: half of the work of a row. */
bool import_put(struct txn *t, const struct actor *actor, struct imported *row, struct err *err)
{
    struct step *s = arena_array(t->arena, struct step, STEPS_MAX);
    struct intent *i = arena_array(t->arena, struct intent, STEPS_MAX);
    day_t day = row->ended == DAY_NONE ? row->entry.day : row->ended;
    bool moves = row->state != STATE_NONE && row->state != row->entry.state, twice = moves && row->state == STATE_ARCHIVED;
    int n = 0;
    s[0].after = row->entry;
    s[0].d = (struct deed){ .t = t, .actor = actor, .after = &s[0].after, .i = row->intent, .verb = VERB_REGISTER, .day = row->entry.day };
    if (!deed_number(&s[0].d, err) || !deed_record(&s[0].d, &s[0].act, err))
        return false;
    if (row->number.n && !str_eq(row->number, s[0].after.number))
        return err_fail(err, ERR_CONFLICT, M_ENTRY_NUMBER_GAP, "number", A_STR(row->number), A_STR(s[0].after.number));
    if (twice && (n++, !step_to(&s[n], &s[n - 1], STATE_SETTLED, day, &i[n], err)))
        return false;
    if (moves && (n++, !step_to(&s[n], &s[n - 1], row->state, day, &i[n], err)))
        return false;
    row->entry = s[n].after;
    struct deed all = s[0].d;
    all.after = &row->entry;
    if (!deed_rows(&all, err))
        return false;
    for (int k = 0; k <= n; k++)
        if (!deed_tell(&s[k].d, &s[k].act, err))
            return false;
    return true;
}

static bool series_place(struct txn *t, const struct actor *actor, struct import_numbers *numbers, struct str series, int year, int *ret, struct err *err)
{
    int i = 0;
    while (i < numbers->n && !(numbers->series[i].year == year && str_eq(numbers->series[i].series, series)))
        i++;
    if (i == IMPORT_SERIES_MAX)
        return err_fail(err, ERR_LIMIT, M_ENTRY_TOO_MANY_YEARS, "received");
    if (i == numbers->n) {
        struct series_last_row row;
        bool found;
        if (!q_series_last(t->db, t->arena, &(struct series_last_in){ actor->office_id, series, year }, &row, &found, err))
            return false;
        numbers->series[i].series = series;
        numbers->series[i].year = year;
        numbers->series[i].last = found ? row.last : 0;
        numbers->series[numbers->n++].next = (found ? row.last : 0) + 1;
    }
    *ret = i;
    return true;
}

bool import_known(struct txn *t, const struct actor *actor, struct import_numbers *numbers, struct str number, bool *ret, struct err *err)
{
    static const char *const MARK[] = { "文", "会", "事", "阅" };
    int i;
    *ret = false;
    for (int k = 0; k < ENTRY_KINDS + 1; k++) {
        int64_t year, n;
        struct str rest = str_sub(number, strlen(MARK[k]), number.n), tail;
        if (!str_starts(number, str_c(MARK[k])) || !num_range(str_cut(rest, '-', &tail), DATE_YEAR_MIN, DATE_YEAR_MAX, &year) || !num_range(tail, 1, INT32_MAX, &n))
            continue;
        if (!series_place(t, actor, numbers, entry_series(k == ENTRY_KINDS, (enum entry_kind)k), (int)year, &i, err))
            return false;
        *ret = n <= numbers->series[i].last;
    }
    return true;
}

bool import_number(struct txn *t, const struct actor *actor, struct import_numbers *numbers, const struct entry *e, struct str *ret, struct err *err)
{
    int year = date_civil(e->day).year, i;
    if (!series_place(t, actor, numbers, entry_series(e->reading, e->kind), year, &i, err))
        return false;
    *ret = entry_number(t->arena, e->reading, e->kind, year, numbers->series[i].next++);
    return true;
}
