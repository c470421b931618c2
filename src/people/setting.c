/* Offices, and what an office has set for itself. */
#include "base/json.h"
#include "messages.h"
#include "people/inside.h"
#include "people/member.h"
#include "people_queries.h"

enum { VALUE_MAX_CHARS = 2000 };

bool office_list(struct db *db, struct arena *a, struct office **ret, size_t *n, struct err *err)
{
    struct office_row *rows;
    size_t count;
    if (!q_people_offices(db, a, &rows, &count, err))
        return false;
    struct office *list = arena_array(a, struct office, count);
    for (size_t i = 0; i < count; i++)
        list[i] = (struct office){ rows[i].id, rows[i].code, rows[i].name };
    *ret = list;
    *n = count;
    return true;
}

bool office_find(struct db *db, struct arena *a, struct str code, struct office *ret, bool *found, struct err *err)
{
    struct office_row row;
    if (!q_people_office_by_code(db, a, &(struct people_office_by_code_in){ code.p ? code : STR("") }, &row, found, err))
        return false;
    if (*found)
        *ret = (struct office){ row.id, row.code, row.name };
    return true;
}

bool office_by_id(struct db *db, struct arena *a, int64_t id, struct office *ret, bool *found, struct err *err)
{
    struct office_row row;
    if (!q_people_office_by_id(db, a, &(struct people_office_by_id_in){ id }, &row, found, err))
        return false;
    if (*found)
        *ret = (struct office){ row.id, row.code, row.name };
    return true;
}

bool setting_get(struct db *db, struct arena *a, int64_t office_id, const char *name, const char *otherwise, struct str *ret, struct err *err)
{
    struct setting_row row;
    bool found;
    if (!q_setting_value(db, a, &(struct setting_value_in){ office_id, str_c(name) }, &row, &found, err))
        return false;
    *ret = found ? row.value : str_c(otherwise);
    return true;
}

bool setting_two(struct db *db, struct arena *a, int64_t office_id, const char *const name[2], struct str ret[2], struct err *err)
{
    struct setting_two_row *rows;
    size_t n;
    if (!q_setting_two(db, a, &(struct setting_two_in){ office_id, str_c(name[0]), str_c(name[1]) }, &rows, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        ret[str_eqc(rows[i].name, name[1])] = rows[i].value;
    return true;
}

static void put_value(struct buf *b, const char *name, struct str value)
{
    json_obj(b);
    json_put_str(b, name, value);
    json_obj_end(b);
}

bool setting_set(struct txn *t, const char *name, struct str value, struct err *err)
{
    struct setting_row old;
    bool found;
    if (!people_check_text(value, VALUE_MAX_CHARS, false, name, err) ||
        !q_setting_value(t->db, t->arena, &(struct setting_value_in){ t->office_id, str_c(name) }, &old, &found, err))
        return false;
    if (found && str_eq(old.value, value))
        return true;
    _cleanup_(buf_release) struct buf before = BUF_INIT, after = BUF_INIT;
    if (found)
        put_value(&before, name, old.value);
    put_value(&after, name, value);
    return q_setting_upsert(t->db, &(struct setting_upsert_in){ t->office_id, str_c(name), value }, NULL, err) &&
           people_journal(t, "setting", 0, "set", &before, &after, err);
}
