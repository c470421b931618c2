/* What an act leaves behind, in its own transaction. */
#include "office/closing/inside.h"
#include "store/journal.h"

static bool put_moves(struct txn *t, const struct entry *before, const struct entry *after, const struct act *act, struct err *err)
{
    struct move m[MOVES_MAX];
    size_t n = closing_moves(before, after, m);
    for (size_t i = 0; i < n; i++) {
        struct movement_insert_in in = {
            t->office_id, act->day, dim_code(m[i].dim), m[i].dim_id, what_code(m[i].what), act->journal_seq * MOVES_MAX + (int64_t)i,
            entry_kind_code(after->kind), m[i].what == MOVE_SETTLED && after->late, after->id,
        };
        if (!q_movement_insert(t->db, &in, NULL, err))
            return false;
    }
    return true;
}

static bool put_was(struct txn *t, const struct entry *before, const struct act *act, struct err *err)
{
    struct str lists = STR("");
    for (int i = 0; i < before->n_lists; i++)
        lists = arena_printf(t->arena, "%.*s%s%lld", STR_ARG(lists), i ? ";" : "", (long long)before->lists[i]);
    struct entry_was_insert_in in = {
        t->office_id, act->day, before->id, act->n, entry_state_open(before->state), before->lead_id, before->officer_id, before->due, lists,
    };
    return q_entry_was_insert(t->db, &in, NULL, err);
}

bool movement_on_entry_change(struct txn *t, const struct entry *before, const struct entry *after, const struct act *act, struct err *err)
{
    return put_moves(t, before, after, act, err) && (!closing_remembers(before, after) || put_was(t, before, act, err));
}
