/* A deadline written as words (时限原话) and nothing else: 收到后5个工作日内. Read by the office's working calendar; what is no deadline is refused. */
#include <stdio.h>

#include "base/tr.h"
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

bool phrase_read(struct lookup *names, struct str phrase, instant_t from, struct phrase_read *ret, bool *is_day, struct err *err)
{
    struct deadline_ask ask = { .at = from, .hours = DEADLINE_HOURS };
    struct deadline d;
    if (!lookup_calendar(names, &ask.work, err))
        return false;
    deadline_read(phrase, &ask, &d);
    if (d.kind != DEADLINE_DATE && d.kind != DEADLINE_INSTANT)
        return refuse(&d, phrase, err);
    bool working = d.counted == DEADLINE_WORKING;
    *ret = (struct phrase_read){
        .due = d.due, .strict = d.strict, .anchor = d.anchor, .counted = working ? STR("working") : d.counted == DEADLINE_CALENDAR ? STR("calendar") : STR("given"),
        .edition = working ? str_c(workdays_edition(ask.work)) : STR(""), .days = working && !d.half ? d.n : 0,
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
