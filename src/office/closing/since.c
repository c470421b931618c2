/* What has been done since the month ended about an entry that was overdue then: the reason for carrying it writes itself, in Chinese as all that is stored. */
#include "messages.h"
#include "office/closing/inside.h"

static struct str say(struct arena *a, int msg, day_t day, day_t until)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    tr(&b, LANG_ZH, msg, (struct arg[]){ A_DAY(day), A_DAY(until) }, until == DAY_NONE ? 1 : 2);
    return arena_str(a, buf_view(&b));
}

/* A deadline ends with the day before it when it is midnight. */
static day_t due_day(instant_t due) { return instant_day(due - 1); }

/* The act that gave the deadline of today, and none after it: an extension that was put right (更正) says nothing. */
static struct str extended(struct arena *a, const struct closing_line_row *now, instant_t due, const struct closing_since_row *act, size_t n)
{
    size_t i = 0;
    if (now->due == INSTANT_NONE || now->due <= due)
        return STR("");
    while (i < n && act[i].due == now->due)
        i++;
    return i < n && str_eq(act[i].verb, entry_verb_code(VERB_EXTEND)) ? say(a, M_CLOSING_SINCE_EXTENDED, act[i].day, due_day(now->due)) : STR("");
}

static struct str withdrawn(struct arena *a, const struct closing_since_row *act, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(act[i].verb, entry_verb_code(VERB_WITHDRAW)))
            return say(a, M_CLOSING_SINCE_WITHDRAWN, act[i].day, DAY_NONE);
    return STR("");
}

bool closing_since(struct db *db, struct arena *a, int64_t office_id, const struct standing *s, const struct closing_line_row *now, day_t last_day,
                   struct str *ret, struct err *err)
{
    struct closing_since_row *act;
    size_t n;
    enum entry_state state;
    *ret = STR("");
    if (!s->overdue || !entry_state_read(now->state, &state))
        return true;
    if ((state == STATE_SETTLED || state == STATE_ARCHIVED) && now->settled_day != DAY_NONE) {
        *ret = say(a, M_CLOSING_SINCE_SETTLED, now->settled_day, DAY_NONE);
        return true;
    }
    if (!q_closing_since(db, a, &(struct closing_since_in){ office_id, s->id, last_day }, &act, &n, err))
        return false;
    *ret = state == STATE_WITHDRAWN ? withdrawn(a, act, n) : extended(a, now, s->due, act, n);
    return true;
}
