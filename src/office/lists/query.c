/* Conditions as an address of the ledger says them, kept as a text: a list by query, a saved view. */
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "office/lists/inside.h"
#include "office/workcal/workcal.h"

struct entry_when list_when(struct db *db, struct arena *a, int64_t office_id, instant_t now, day_t today)
{
    const struct workdays *w;
    struct str v[2] = { STR_NULL, STR_NULL };
    int64_t days = LIGHT_YELLOW_DAYS;
    if (!workcal_get(db, a, office_id, &w, NULL))
        w = workdays_official();
    struct lights l = { w, LIGHT_YELLOW_DAYS, LIGHT_RED_DAYS };
    if (setting_two(db, a, office_id, light_settings, v, NULL) && num_range(v[0], 0, LIGHT_DAYS_MAX, &days))
        l.yellow_days = (int)days;
    return (struct entry_when){ now, today, face_near(&l, today) };
}

/* On pages month is the month of registration; the API's is the month's ledger: registered, due or settled in it. */
bool list_query_take(struct db *db, struct arena *a, const struct actor *actor, const struct entry_when *when, struct str name, struct str value,
                     struct entry_filter *f, struct err *err)
{
    if (str_eqc(name, "month"))
        name = STR("registered");
    return entry_filter_take(db, a, actor, when, name, value, f, err);
}

static bool is_condition(struct str name)
{
    for (const char *const *c = entry_conditions; *c; c++)
        if (str_eqc(name, *c))
            return true;
    return false;
}

static bool next_pair(struct arena *a, struct str *rest, struct str *name, struct str *value)
{
    while (rest->n) {
        struct str raw, one = str_cut(*rest, '&', rest);
        struct str key = str_cut(one, '=', &raw);
        if (percent_decode(a, key, true, name) && percent_decode(a, raw.p ? raw : STR(""), true, value) && utf8_valid(*value, NULL))
            return true;
    }
    return false;
}

/* The order comes last: a deadline's condition has one of its own, which a sort that was asked for overrules. */
bool list_query_read(struct db *db, struct arena *a, const struct actor *actor, const struct entry_when *when, struct str query, struct entry_filter *f,
                     struct err *err)
{
    struct str rest = query, name, value, sort = STR_NULL;
    while (next_pair(a, &rest, &name, &value)) {
        if (str_eqc(name, "sort"))
            sort = value;
        else if (value.n && is_condition(name) && !list_query_take(db, a, actor, when, name, value, f, err))
            return false;
    }
    return !sort.n || list_query_take(db, a, actor, when, STR("sort"), sort, f, err);
}

struct str list_query_get(struct arena *a, struct str query, const char *name)
{
    struct str rest = query, key, value;
    while (next_pair(a, &rest, &key, &value))
        if (str_eqc(key, name))
            return value;
    return STR_NULL;
}

bool list_filter(struct db *db, struct arena *a, const struct actor *actor, const struct entry_when *when, const struct list_def *l, struct entry_filter *f,
                 struct err *err)
{
    if (l->query.p)
        return list_query_read(db, a, actor, when, l->query, f, err);
    f->list_id = l->id;
    return true;
}

bool list_condition(struct db *db, struct arena *a, const struct actor *actor, const struct entry_when *when, struct str name, struct str value,
                    struct entry_filter *f, struct err *err)
{
    struct list_def l;
    if (str_eqc(name, "list") && list_find(db, a, actor->office_id, value, &l, NULL) && l.query.p)
        return list_filter(db, a, actor, when, &l, f, err);
    return entry_filter_take(db, a, actor, when, name, value, f, err);
}
