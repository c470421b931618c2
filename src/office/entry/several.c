/* Acts on several entries at once: deadlines counted again by another calendar, another officer. */
#include "messages.h"
#include "office/entry/deed.h"

/* --- counted again ------------------------------------------------------------------------------------------------------------------------- */

bool entry_counted(struct db *db, struct arena *a, int64_t office_id, struct str edition, struct entry_counted **ret, size_t *n, struct err *err)
{
    struct deadline_counted_row *rows;
    if (!q_deadline_counted(db, a, &(struct deadline_counted_in){ office_id, edition }, &rows, n, err))
        return false;
    *ret = arena_array(a, struct entry_counted, *n + 1);
    for (size_t i = 0; i < *n; i++)
        (*ret)[i] = (struct entry_counted){
            .entry_id = rows[i].entry_id, .number = rows[i].number, .title = rows[i].title, .unit = str_eqc(rows[i].whose, "unit"),
            .anchor = instant_day(rows[i].anchor), .days = (int)rows[i].days, .confirmed = rows[i].confirmed_by != 0, .due = rows[i].due,
            .unit_due = rows[i].unit_due,
        };
    return true;
}

static bool put_edition(struct txn *t, const struct entry *e, const struct entry_redate *r, struct str edition, struct err *err)
{
    const struct deadline_move_in ours = { e->office_id, e->id, STR("ours"), e->due, edition }, units = { e->office_id, e->id, STR("unit"), e->unit_due, edition };
    return (!r->ours || q_deadline_move(t->db, &ours, NULL, err)) && (!r->units || q_deadline_move(t->db, &units, NULL, err));
}

bool entry_redate(struct txn *t, const struct entry_redate *what, size_t n, struct str reason, struct str edition, int64_t *moved, struct err *err)
{
    struct entry *before = arena_array(t->arena, struct entry, n + 1);
    struct intent i = intent_blank();
    struct actor nobody = { .office_id = t->office_id, .member_id = t->actor_id };
    bool found;
    i.text = reason;
    *moved = 0;
    for (size_t k = 0; k < n; k++)               /* all is decided before anything is written */
        if (!entry_by_id(t->db, t->arena, t->office_id, what[k].entry_id, &before[k], &found, err) || !found ||
            !act_day_check(t->db, t->office_id, t->today, t->today, before[k].last_day, err))
            return found ? false : err_fail(err, ERR_CORRUPT, M_ENTRY_NOT_FOUND, NULL, A_INT(what[k].entry_id));
    for (size_t k = 0; k < n; k++) {
        struct entry after = before[k];
        struct deed d = { .t = t, .actor = &nobody, .before = &before[k], .after = &after, .i = &i, .verb = VERB_AMEND, .day = t->today,
                          .edition = edition };
        after.due = what[k].due;
        after.unit_due = what[k].unit_due;
        bool moves = after.due != before[k].due || after.unit_due != before[k].unit_due;
        if ((moves && !deed_put(&d, err)) || !put_edition(t, &after, &what[k], edition, err))
            return false;
        *moved += moves;
    }
    return true;
}

/* --- another officer --------------------------------------------------------------------------------------------------------------------------- */

bool entry_hand_over(struct txn *t, const struct actor *actor, const int64_t *ids, size_t n, int64_t from, int64_t to, struct str text,
                     int64_t *versions, struct err *err)
{
    struct entry *before = arena_array(t->arena, struct entry, n + 1);
    struct intent i = intent_blank();
    bool found;
    i.text = text;
    for (size_t k = 0; k < n; k++) {             /* all is decided before anything is written */
        if (!entry_by_id(t->db, t->arena, t->office_id, ids[k], &before[k], &found, err))
            return false;
        if (!found || before[k].officer_id != from || !entry_state_open(before[k].state))
            return err_fail(err, ERR_CONFLICT, M_ENTRY_CHANGED_MEANWHILE, NULL, A_STR(found ? before[k].number : STR("")));
        if (!act_day_check(t->db, t->office_id, t->today, t->today, before[k].last_day, err))
            return false;
    }
    for (size_t k = 0; k < n; k++) {
        struct entry after = before[k];
        struct deed d = { .t = t, .actor = actor, .before = &before[k], .after = &after, .i = &i, .verb = VERB_AMEND, .day = t->today };
        after.officer_id = to;
        if (!deed_put(&d, err))
            return false;
        versions[k] = after.version;
    }
    return true;
}
