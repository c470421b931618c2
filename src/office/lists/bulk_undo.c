/* A bulk edit put back: the fields as they were, by acts of their own, all or nothing. */
#include "base/json.h"
#include "office/lists/inside.h"

static bool undo_input(struct arena *a, const struct bulk_items_row *item, struct entry_input *in, struct err *err)
{
    struct jvalue v;
    *in = (struct entry_input){ .text = str_c(tr_text(LANG_ZH, M_BULK_UNDO_REASON)) };
    if (!json_read(a, item->before, &v, err))
        return false;
    for (size_t i = 0; i < v.n; i++)
        entry_input_set(in, v.items[i].name, v.items[i].text.p ? v.items[i].text : STR(""));
    return true;
}

static bool unchanged(struct txn *t, const struct actor *actor, const struct bulk_items_row *item, struct entry *e, struct err *err)
{
    return entry_fetch(t->db, t->arena, actor, item->number, e, err) &&
           (e->version == item->version || err_fail(err, ERR_CONFLICT, M_ENTRY_CHANGED_MEANWHILE, NULL, A_STR(item->number)));
}

static bool undo_acts(struct txn *t, const struct actor *actor, const struct bulk_items_row *item, size_t n, bool write, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        struct entry e, after;
        struct entry_input in;
        if (!undo_input(t->arena, &item[i], &in, err) || (!write && !unchanged(t, actor, &item[i], &e, err)))
            return false;
        if (write ? !entry_act(t, actor, item[i].number, VERB_AMEND, &in, &e, err)
                  : !entry_act_would(t, actor, item[i].number, VERB_AMEND, &in, &e, &after, err))
            return false;
    }
    return true;
}

static bool undo_values(struct txn *t, const struct actor *actor, struct str where, const struct bulk_items_row *item, size_t n, bool write, struct err *err)
{
    struct str column, list = str_cut(where, '.', &column);
    struct list_def l;
    struct list_column c;
    if (!list_find(t->db, t->arena, t->office_id, list, &l, err) || !list_column_find(t->db, t->arena, t->office_id, l.id, column, &c, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct entry e;
        struct jvalue v;
        struct str now;
        if (!entry_fetch(t->db, t->arena, actor, item[i].number, &e, err) || !json_read(t->arena, arena_printf(t->arena, "{\"v\":%.*s}", STR_ARG(item[i].before)), &v, err) ||
            !list_values(t->db, t->arena, t->office_id, l.id, e.id, &c, 1, &now, err))
            return false;
        const struct jvalue *pair = v.items[0].items;      /* the value before, and the one that was set */
        if (!write && !str_eq(now.p ? now : STR(""), pair[1].text))
            return err_fail(err, ERR_CONFLICT, M_ENTRY_CHANGED_MEANWHILE, NULL, A_STR(item[i].number));
        if (write && !list_value_put(t, &l, &e, &c, now, pair[0].text, err))
            return false;
    }
    return true;
}

bool bulk_undo(struct txn *t, const struct actor *actor, int64_t id, size_t *n, struct err *err)
{
    struct bulk_of_id_row row;
    struct bulk_items_row *item;
    bool found;
    if (!lists_section(actor, err) || !q_bulk_of_id(t->db, t->arena, &(struct bulk_of_id_in){ t->office_id, id }, &row, &found, err))
        return false;
    if (!found)
        return err_fail(err, ERR_NOT_FOUND, M_BULK_NOT_FOUND, NULL);
    if (row.undone || row.day != t->today)
        return err_fail(err, ERR_CONFLICT, row.undone ? M_BULK_UNDONE_ALREADY : M_BULK_TOO_LATE, NULL);
    if (!q_bulk_items(t->db, t->arena, &(struct bulk_items_in){ t->office_id, id }, &item, n, err))
        return false;
    if (*n == 0)
        return err_fail(err, ERR_CONFLICT, M_BULK_NO_UNDO, NULL);
    for (int write = 0; write < 2; write++)      /* all is decided before anything is written */
        if (str_eqc(row.act, "column") ? !undo_values(t, actor, row.value, item, *n, write, err) : !undo_acts(t, actor, item, *n, write, err))
            return false;
    _cleanup_(buf_release) struct buf after = BUF_INIT;
    json_obj(&after);
    json_put_int(&after, "n", (int64_t)*n);
    json_obj_end(&after);
    t->deputy_of = actor_stead(actor, actor->section_id);
    return q_bulk_undone(t->db, &(struct bulk_undone_in){ t->office_id, id }, NULL, err) && lists_journal(t, "bulk", id, "undo", NULL, &after, err);
}
