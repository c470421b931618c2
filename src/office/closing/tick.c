/* Ticks: 日清, 周清. Never refused, no reasons asked. */
#include "office/closing/inside.h"
#include "store/journal.h"

static struct str span_code(bool week) { return week ? STR("week") : STR("day"); }
static day_t span_day(bool week, day_t day) { return week ? date_monday(day) : day; }

day_t closing_week(const struct workdays *w, day_t day)
{
    day_t monday = date_monday(day);
    while (workdays_first_of_week(w, monday) == DAY_NONE)
        monday += 7;
    return monday;
}

bool closing_ticked(struct db *db, int64_t office_id, int64_t member_id, bool week, day_t day, bool *ret, struct err *err)
{
    struct arena a _cleanup_(arena_release) = ARENA_INIT(0);
    struct tick_count_row row;
    bool found;
    if (!q_tick_count(db, &a, &(struct tick_count_in){ office_id, member_id, span_code(week), span_day(week, day) }, &row, &found, err))
        return false;
    *ret = row.n > 0;
    return true;
}

bool closing_tick(struct txn *t, const struct actor *actor, bool week, day_t day, struct err *err)
{
    bool done;
    struct journal_line line = { .day = span_day(week, day), .entity = STR("tick"), .entity_id = actor->member_id, .verb = span_code(week) };
    struct tick_insert_in in = { t->office_id, actor->member_id, line.verb, line.day, t->at };
    if (!closing_ticked(t->db, t->office_id, actor->member_id, week, day, &done, err))
        return false;
    return done || (q_tick_insert(t->db, &in, NULL, err) && journal_add(t, &line, err));
}
