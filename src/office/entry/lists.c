/* Lists as entries know them: defined, and kept when they are retired. What else a list is (columns, queries, order) belongs to the slice lists. */
#include <string.h>

#include "base/json.h"
#include "messages.h"
#include "office/entry/inside.h"
#include "store/journal.h"

/* A form offers only lists in use: that an entry stands on a retired one is not taken away by what the form sends. */
bool lists_keep_retired(const struct lookup *names, const struct entry *before, struct entry *after, struct err *err)
{
    if (before->n_lists == after->n_lists && memcmp(before->lists, after->lists, sizeof before->lists[0] * (size_t)before->n_lists) == 0)
        return true;
    for (int i = 0; i < before->n_lists; i++) {
        struct list_in_use_row row;
        bool found, stays = false;
        for (int k = 0; k < after->n_lists; k++)
            stays |= after->lists[k] == before->lists[i];
        if (stays)
            continue;
        if (!q_list_in_use(names->db, names->arena, &(struct list_in_use_in){ before->office_id, before->lists[i] }, &row, &found, err))
            return false;
        if ((!found || !row.active) && after->n_lists < ENTRY_LISTS_MAX)
            after->lists[after->n_lists++] = before->lists[i];
    }
    return true;
}

bool entry_list_add(struct txn *t, struct str name, int64_t *ret, struct err *err)
{
    struct list_taken_row old;
    struct list_count_row count;
    bool found;
    name = str_trim(name);
    if (!entry_name_check(name, "name", err) || !q_list_taken(t->db, t->arena, &(struct list_taken_in){ t->office_id, name }, &old, &found, err))
        return false;
    if (found)
        return err_fail(err, ERR_CONFLICT, M_ENTRY_LIST_TAKEN, "name", A_STR(name));
    if (!q_list_count(t->db, t->arena, &(struct list_count_in){ t->office_id }, &count, &found, err))
        return false;
    struct list_add_in in = { t->office_id, txn_next_id(t), name, count.n + 1 };
    _cleanup_(buf_release) struct buf after = BUF_INIT;
    json_obj(&after);
    json_put_str(&after, "name", name);
    json_obj_end(&after);
    const struct journal_line line = { .day = DAY_NONE, .entity = STR("list"), .entity_id = in.id, .verb = STR("add"), .after = buf_view(&after) };
    if (!q_list_add(t->db, &in, NULL, err) || !journal_add(t, &line, err))
        return false;
    *ret = in.id;
    return true;
}

bool entry_lists(struct db *db, struct arena *a, int64_t office_id, struct entry_listdef **ret, size_t *n, struct err *err)
{
    struct list_all_row *rows;
    if (!q_list_all(db, a, &(struct list_all_in){ office_id }, &rows, n, err))
        return false;
    *ret = arena_array(a, struct entry_listdef, *n);
    for (size_t i = 0; i < *n; i++)
        (*ret)[i] = (struct entry_listdef){ rows[i].id, rows[i].name };
    return true;
}
