/* Further columns: what a sheet told of an entry that the ledger has no field for. Kept, shown on the entry's page, exported again. */
#include "base/json.h"
#include "base/utf8.h"
#include "office/entry/entry_rules.h"
#include "office/face.h"
#include "office/sheet/inside.h"
#include "office/sheet/page.h"
#include "sheet_html.h"
#include "store/journal.h"

enum { NAME_CHARS = 60, VALUE_CHARS = ENTRY_TEXT_CHARS, COLUMNS_KEPT_MAX = 200 };

bool extra_all(struct db *db, struct arena *a, int64_t office_id, struct extra **ret, size_t *n, struct err *err)
{
    struct column_all_row *rows;
    if (!q_column_all(db, a, &(struct column_all_in){ office_id }, &rows, n, err))
        return false;
    *ret = arena_array(a, struct extra, *n + 1);
    for (size_t i = 0; i < *n; i++)
        (*ret)[i] = (struct extra){ rows[i].id, rows[i].name, STR("") };
    return true;
}

bool extra_of(struct db *db, struct arena *a, int64_t office_id, int64_t entry_id, struct extra **ret, size_t *n, struct err *err)
{
    struct cell_of_entry_row *rows;
    if (!q_cell_of_entry(db, a, &(struct cell_of_entry_in){ office_id, entry_id }, &rows, n, err))
        return false;
    *ret = arena_array(a, struct extra, *n + 1);
    for (size_t i = 0; i < *n; i++)
        (*ret)[i] = (struct extra){ rows[i].column_id, rows[i].name, rows[i].value };
    return true;
}

bool extra_column(struct txn *t, struct str name, int64_t *ret, struct err *err)
{
    struct column_find_row row;
    bool found;
    if (!q_column_find(t->db, t->arena, &(struct column_find_in){ t->office_id, name }, &row, &found, err))
        return false;
    *ret = found ? row.id : txn_next_id(t);
    return found || q_column_add(t->db, &(struct column_add_in){ t->office_id, *ret, name }, NULL, err);
}

bool extra_check(struct str name, struct str value, struct err *err)
{
    size_t at;
    if (utf8_count(name) > NAME_CHARS)
        return err_fail(err, ERR_INPUT, M_SHEET_NAME_LONG, NULL, A_STR(utf8_cut(name, 60)), A_INT(NAME_CHARS));
    if (!utf8_valid(value, &at) || utf8_has_control(value))
        return err_fail(err, ERR_INPUT, M_ENTRY_CONTROL_CHARACTER, NULL, A_STR(name));
    if (value.n > VALUE_CHARS && utf8_count(value) > VALUE_CHARS)
        return err_fail(err, ERR_INPUT, M_ENTRY_TOO_LONG, NULL, A_STR(name), A_INT(VALUE_CHARS), A_INT(utf8_count(value)));
    struct str mark;
    return !rules_secrecy_marking(value, &mark) || err_fail(err, ERR_INPUT, M_ENTRY_SECRET, NULL, A_STR(name), A_STR(utf8_cut(mark, 24)));
}

bool extra_put(struct txn *t, int64_t entry_id, day_t day, const struct extra *cells, size_t n, struct err *err)
{
    _cleanup_(buf_release) struct buf after = BUF_INIT;
    if (n == 0)
        return true;
    json_obj(&after);
    for (size_t i = 0; i < n; i++) {
        const struct extra *c = &cells[i];
        bool ok = c->value.n ? q_cell_put(t->db, &(struct cell_put_in){ t->office_id, entry_id, c->id, c->value }, NULL, err)
                             : q_cell_drop(t->db, &(struct cell_drop_in){ t->office_id, entry_id, c->id }, NULL, err);
        if (!ok)
            return false;
        json_put_str(&after, arena_z(t->arena, c->name), c->value);
    }
    json_obj_end(&after);
    const struct journal_line line = { .day = day, .entity = STR("sheet_cell"), .entity_id = entry_id, .verb = STR("put"), .after = buf_view(&after) };
    return journal_add(t, &line, err);
}

bool extra_block(struct req *rq, const struct entry *e, struct html *out, struct err *err)
{
    struct extra_view v = { 0 };
    if (!extra_of(rq->db, rq->arena, e->office_id, e->id, &v.cell, &v.n, err))
        return false;
    if (v.n)
        html_sheet_cells(out, &v);
    return true;
}
