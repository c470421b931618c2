/* A deadline written as words (时限原话) and nothing else: 收到后5个工作日内. Read by the office's working calendar; what is no deadline is refused. */
#include <stdio.h>

#include "base/tr.h"
#include "base/utf8.h"
#include "office/entry/inside.h"
#include "office/slice.h"

bool office_calendar(struct db *db, struct arena *a, int64_t office_id, const struct workdays **ret, struct err *err)
{
    for (const struct slice *const *s = slices; *s; s++)
        if ((*s)->calendar)
            return (*s)->calendar(db, a, office_id, ret, err);
    *ret = workdays_official();
    return true;
}

bool office_own_limit(struct db *db, struct arena *a, int64_t office_id, const struct own_limit_ask *ask, struct str *ret, struct err *err)
{
    *ret = STR_NULL;
    for (const struct slice *const *s = slices; *s; s++)
        if ((*s)->own_limit)
            return (*s)->own_limit(db, a, office_id, ask, ret, err);
    return true;
}

struct str own_limit_words(struct arena *a, struct str words, struct str limit)
{
    if (utf8_count(words) + utf8_count(limit) + 2 > ENTRY_TITLE_CHARS)
        return limit;
    return arena_printf(a, "%.*s（%.*s）", STR_ARG(words), STR_ARG(limit));
}

static bool refuse(struct deadline *d, struct str phrase, struct err *err)
{
    const char *field = field_info[F_DEADLINE_PHRASE].name;
    const struct arg label = A_MSG(field_info[F_DEADLINE_PHRASE].label);
    if (d->kind == DEADLINE_RECURRING)
        return err_fail(err, ERR_INPUT, M_ENTRY_PHRASE_RECURS, field, label, A_STR(phrase));
    if (d->notes & DEADLINE_WRONG) {
        *err = d->why;
        err->kind = ERR_INPUT;
        snprintf(err->field, sizeof err->field, "%s", field);
        return false;
    }
    if (d->notes & DEADLINE_NO_ANCHOR)
        return err_fail(err, ERR_INPUT, M_ENTRY_PHRASE_NO_ANCHOR, field, label, A_STR(phrase));
    return err_fail(err, ERR_INPUT, d->notes & DEADLINE_OWN_LIMIT ? M_ENTRY_PHRASE_OWN_LIMIT : M_ENTRY_PHRASE_NOT_READ, field, label, A_STR(phrase));
}

/* Words alone that can mean two days are never saved as one of them. */
static bool refuse_two(const struct deadline *d, struct str phrase, struct err *err)
{
    bool day = d->kind == DEADLINE_DATE;
    return err_fail(err, ERR_INPUT, M_ENTRY_PHRASE_TWO, field_info[F_DEADLINE_PHRASE].name, A_MSG(field_info[F_DEADLINE_PHRASE].label), A_STR(phrase),
                    day ? A_DAY(instant_day(d->due - 1)) : A_INSTANT(d->due), day ? A_DAY(instant_day(d->other - 1)) : A_INSTANT(d->other));
}

/* 尽快: reads the words again with the office's limit behind them. */
static bool with_limit(struct lookup *names, const struct entry *e, const struct deadline_ask *ask, struct str *words, struct deadline *d, struct err *err)
{
    const struct own_limit_ask for_entry = { (int)e->kind, e->instruction, e->urgency, e->title, e->source, e->requirement };
    struct str limit;
    if (!office_own_limit(names->db, names->arena, names->actor->office_id, &for_entry, &limit, err))
        return false;
    if (limit.p) {
        *words = own_limit_words(names->arena, *words, limit);
        deadline_read(*words, ask, d);
    }
    return true;
}

bool phrase_read(struct lookup *names, const struct entry *e, struct str words, instant_t from, bool alone, struct phrase_read *ret, bool *is_day, struct err *err)
{
    struct deadline_ask ask = { .at = from, .hours = DEADLINE_HOURS };
    struct deadline d;
    struct str phrase = words;
    if (!lookup_calendar(names, &ask.work, err))
        return false;
    deadline_read(words, &ask, &d);
    if (alone && d.kind == DEADLINE_NONE && (d.notes & DEADLINE_OWN_LIMIT) && !(d.notes & (DEADLINE_WRONG | DEADLINE_NO_ANCHOR)) &&
        !with_limit(names, e, &ask, &phrase, &d, err))
        return false;
    if (d.kind != DEADLINE_DATE && d.kind != DEADLINE_INSTANT)
        return refuse(&d, words, err);
    if (alone && d.other != INSTANT_NONE && d.other != d.due && d.counted != DEADLINE_WORKING)      /* working days into an unpublished year: the earliest is safe */
        return refuse_two(&d, words, err);
    bool working = d.counted == DEADLINE_WORKING;
    *ret = (struct phrase_read){
        .due = d.due, .strict = d.strict, .anchor = d.anchor, .counted = working ? STR("working") : d.counted == DEADLINE_CALENDAR ? STR("calendar") : STR("given"),
        .edition = working ? str_c(workdays_edition(ask.work)) : STR(""), .days = working && !d.half ? d.n : 0, .alone = alone, .words = phrase,
    };
    *is_day = d.kind == DEADLINE_DATE;
    return true;
}

bool entry_due_of(struct db *db, struct arena *a, const struct entry *e, struct entry_due *ret, struct err *err)
{
    struct deadline_of_row row;
    bool found;
    if (!q_deadline_of(db, a, &(struct deadline_of_in){ e->office_id, e->id }, &row, &found, err))
        return false;
    *ret = (struct entry_due){ .phrase = STR(""), .anchor = INSTANT_NONE, .strict = INSTANT_NONE };
    if (found)
        *ret = (struct entry_due){ row.phrase, row.anchor, row.strict, row.days, str_eqc(row.kind, "date") };
    return true;
}
