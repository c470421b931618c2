/* What may be done with an answer and what it then is; whom to urge how. Pure. */
#include "messages.h"
#include "office/collect/inside.h"

enum count collect_count_of(enum answer_state s, bool zero)
{
    bool in = s == ANSWER_DONE || s == ANSWER_ACCEPTED;
    return !in ? COUNT_MISSING : zero ? COUNT_ZERO : COUNT_ANSWERED;
}

bool answer_waits(enum answer_state s, bool reopened, bool sent)
{
    return reopened || (!sent && s != ANSWER_DONE && s != ANSWER_ACCEPTED);
}

static bool may_fill(const struct answer_now *now, struct err *err)
{
    bool in = now->state == ANSWER_DONE || now->state == ANSWER_ACCEPTED;
    if (now->reopened)
        return true;
    if (now->sent)
        return (now->by_section && now->reason) || err_fail(err, ERR_CONFLICT, now->by_section ? M_COLLECT_SENT_REASON : M_COLLECT_SENT_ALREADY, "reason");
    if (now->by_section || !in)
        return true;
    if (now->state == ANSWER_ACCEPTED)
        return err_fail(err, ERR_CONFLICT, M_COLLECT_ACCEPTED_ALREADY, NULL);
    return !now->over || err_fail(err, ERR_CONFLICT, M_COLLECT_OVER, NULL);
}

bool answer_next(const struct answer_now *now, enum answer_verb verb, struct answer_then *ret, struct err *err)
{
    bool in = now->state == ANSWER_DONE || now->state == ANSWER_ACCEPTED;
    *ret = (struct answer_then){ now->state, now->reopened };
    switch (verb) {
    case ANSWER_SAVE:
        ret->state = now->state == ANSWER_ASKED ? ANSWER_DRAFT : now->state;
        return may_fill(now, err);
    case ANSWER_SUBMIT:
        *ret = (struct answer_then){ ANSWER_DONE, false };
        return may_fill(now, err);
    case ANSWER_RETURN:
        *ret = (struct answer_then){ ANSWER_RETURNED, false };
        if (now->sent)
            return err_fail(err, ERR_CONFLICT, M_COLLECT_SENT_REOPEN, NULL);
        return in || err_fail(err, ERR_CONFLICT, M_COLLECT_NOTHING_IN, NULL);
    case ANSWER_ACCEPT:
        ret->state = ANSWER_ACCEPTED;
        if (now->state == ANSWER_ACCEPTED)
            return err_fail(err, ERR_CONFLICT, M_COLLECT_ACCEPTED_ALREADY, NULL);
        return (in && !now->reopened) || err_fail(err, ERR_CONFLICT, M_COLLECT_NOTHING_IN, NULL);
    case ANSWER_REOPEN:
        *ret = (struct answer_then){ now->state == ANSWER_ACCEPTED ? ANSWER_DONE : now->state, true };
        return in || now->sent || err_fail(err, ERR_CONFLICT, M_COLLECT_NOTHING_IN, NULL);
    case ANSWER_VERBS: break;
    }
    return err_fail(err, ERR_CONFLICT, M_COLLECT_NOTHING_IN, NULL);
}

/* Before the deadline a word in the group, near it and behind it a call, a day behind it whoever is in charge there. It only proposes. */
enum ladder ladder_step(instant_t now, instant_t due, int64_t urged)
{
    enum { HOUR = 3600000 };
    if (now >= due + 24 * (int64_t)HOUR || urged >= 3)
        return LADDER_HEAD;
    if (now >= due || (urged && now >= due - 2 * HOUR))
        return LADDER_CALL;
    return urged && now < due - 2 * HOUR ? LADDER_WAIT : LADDER_GROUP;
}

struct str answer_code(enum answer_state s)
{
    static const char *const CODES[] = { "asked", "draft", "answered", "returned", "accepted" };
    return str_c(CODES[s]);
}

enum answer_state answer_of_code(struct str s)
{
    for (int i = 0; i <= ANSWER_ACCEPTED; i++)
        if (str_eq(s, answer_code((enum answer_state)i)))
            return (enum answer_state)i;
    return ANSWER_ASKED;
}

int answer_msg(enum answer_state s, bool zero)
{
    static const int MSG[] = { M_COLLECT_STATE_ASKED, M_COLLECT_STATE_DRAFT, M_COLLECT_STATE_DONE, M_COLLECT_STATE_RETURNED, M_COLLECT_STATE_ACCEPTED };
    return zero && s == ANSWER_DONE ? M_COLLECT_STATE_ZERO : zero && s == ANSWER_ACCEPTED ? M_COLLECT_STATE_ZERO_ACCEPTED : MSG[s];
}

struct str verb_code(enum answer_verb v)
{
    static const char *const CODES[] = { "save", "submit", "return", "accept", "reopen" };
    return str_c(CODES[v]);
}

bool verb_of_code(struct str s, enum answer_verb *ret)
{
    for (int i = 0; i < ANSWER_VERBS; i++)
        if (str_eq(s, verb_code((enum answer_verb)i))) {
            *ret = (enum answer_verb)i;
            return true;
        }
    return false;
}

/* --- the schedule ------------------------------------------------------------------------------------------------------------------ */

/* Which rounds are to be opened at `now`: those behind `last`, the key of the last one (DAY_NONE: none yet, then the first that is due after `since`), the
 * oldest first, at most cap. *next: when the one behind them opens; INSTANT_NONE outside the calendar. */
size_t schedule_due(const struct schedule *s, day_t last, instant_t now, struct recur_time *ret, size_t cap, instant_t *next)
{
    struct recur_time t;
    size_t n = 0;
    *next = INSTANT_NONE;
    while (last == DAY_NONE ? recur_next(s->recur, s->work, s->since, &t) : recur_after(s->recur, s->work, last, 1440, &t)) {
        instant_t opens = day_start(t.day - s->ahead);
        if (opens > now || n == cap) {
            *next = opens;
            break;
        }
        if (t.due > now - COLLECT_CATCH_UP_DAYS * INT64_C(86400000))
            ret[n++] = t;
        last = t.key;
    }
    return n;
}
