/* Extensions (延期): asked, granted, refused, or given by the section of itself. Decided from the entry alone: no SQL, no clock. */
#include "calendar/date.h"
#include "messages.h"
#include "office/entry/inside.h"

/* The deadline that binds whoever asks: the unit's own where it has one. */
static instant_t binding(const struct entry *e) { return e->unit_due == INSTANT_NONE ? e->due : e->unit_due; }

/* Only the section's gift names the unit's deadline; who asks, asks for one day. */
static bool asks(struct entry *e, const struct intent *i, bool section, struct err *err)
{
    if (!section && i->grant >= 0)
        return err_fail(err, ERR_DENIED, M_ENTRY_ONLY_SECTION_GRANTS, "grant");
    if (i->text.n == 0)
        return err_fail(err, ERR_INPUT, M_ENTRY_REASON_MISSING, "text", A_MSG(M_FIELD_TEXT), A_MSG(M_ENTRY_VERB_EXTEND));
    if (i->asked == INSTANT_NONE)
        return err_fail(err, ERR_INPUT, M_ENTRY_MISSING, "deadline", A_MSG(M_FIELD_DEADLINE));
    if (binding(e) != INSTANT_NONE && i->asked <= binding(e))
        return err_fail(err, ERR_INPUT, M_ENTRY_EXTENSION_NOT_LATER, "deadline");
    e->asked_due = i->asked;
    return true;
}

static bool refuses(struct entry *e, const struct intent *i, struct err *err)
{
    if (e->asked_due == INSTANT_NONE)
        return err_fail(err, ERR_CONFLICT, M_ENTRY_NOTHING_ASKED, NULL, A_STR(e->number));
    if (i->text.n == 0)
        return err_fail(err, ERR_INPUT, M_ENTRY_REASON_MISSING, "text", A_MSG(M_FIELD_TEXT), A_MSG(M_ENTRY_VERB_EXTEND));
    e->asked_due = INSTANT_NONE;
    return true;
}

static bool whole_day(instant_t due) { return day_start(instant_day(due)) == due; }

/* What was asked moves the unit's deadline, and ours only where it goes beyond ours: those above set that one. */
static bool grants(const struct entry *before, struct entry *e, struct intent *i, struct err *err)
{
    bool asked = before->asked_due != INSTANT_NONE, unit_said = (i->said & FIELD_BIT(F_UNIT_DEADLINE)) != 0;
    instant_t named = i->asked == INSTANT_NONE && asked && !unit_said ? e->asked_due : i->asked;
    bool moves_unit = asked && !unit_said && e->unit_due != INSTANT_NONE;
    if (named == INSTANT_NONE && !(unit_said && e->unit_due != INSTANT_NONE))
        return err_fail(err, ERR_INPUT, M_ENTRY_MISSING, "deadline", A_MSG(M_FIELD_DEADLINE));
    if (named != INSTANT_NONE && (moves_unit ? e->unit_due : e->due) != INSTANT_NONE && named <= (moves_unit ? e->unit_due : e->due))
        return err_fail(err, ERR_INPUT, M_ENTRY_EXTENSION_NOT_LATER, "deadline");
    if (named == INSTANT_NONE && before->unit_due != INSTANT_NONE && e->unit_due <= before->unit_due)
        return err_fail(err, ERR_INPUT, M_ENTRY_EXTENSION_NOT_LATER, "unit_deadline");
    if (moves_unit) {
        e->unit_due = named;
        i->unit_due_is_day = whole_day(named);
    }
    if (named != INSTANT_NONE && (!moves_unit || (e->due != INSTANT_NONE && named > e->due))) {
        e->due = named;
        e->no_deadline_reason = STR("");
        i->due_is_day = whole_day(named);        /* asked for as a day, perhaps long ago */
    }
    e->asked_due = INSTANT_NONE;
    return true;
}

bool extend_decide(const struct entry *before, struct entry *after, struct intent *i, bool section, struct err *err)
{
    bool asking = !section || (i->grant < 0 && i->recorded_for.n);
    if ((asking || i->grant == 0) && (i->said & FIELD_BIT(F_UNIT_DEADLINE)))
        return err_fail(err, ERR_INPUT, M_ENTRY_ASKS_ONE_DEADLINE, "unit_deadline");
    return asking ? asks(after, i, section, err) : i->grant == 0 ? refuses(after, i, err) : grants(before, after, i, err);
}
