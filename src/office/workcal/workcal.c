#include "office/workcal/workcal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "store/journal.h"
#include "workcal_queries.h"

/* Tables made so far. A handful in the life of a process: one for each office and each import. */
struct kept {
    struct kept *next;
    int64_t office_id;
    struct workcal_state_row state;
    struct workdays *table;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct kept *kept_tables;

static const struct workdays *find(int64_t office_id, const struct workcal_state_row *s)
{
    for (struct kept *k = kept_tables; k; k = k->next)
        if (k->office_id == office_id && memcmp(&k->state, s, sizeof *s) == 0)
            return k->table;
    return NULL;
}

/* The rows in force: those of the shared calendar, then the office's own over them. With `instead`, its rows take the place of the same year's
 * rows of the calendar they are meant for. */
static bool make(struct db *db, struct arena *a, int64_t office_id, const struct notice *instead, bool own, struct workdays **ret, struct err *err)
{
    struct workcal_day_row *day;
    struct workcal_year_row *year;
    size_t n, n_years, n_rows = 0;
    if (!q_workcal_days(db, a, &(struct workcal_days_in){ office_id }, &day, &n, err) ||
        !q_workcal_years(db, a, &(struct workcal_years_in){ office_id }, &year, &n_years, err))
        return false;
    struct workdays_row *rows = arena_array(a, struct workdays_row, n + (instead ? instead->n : 0) + 1);
    int *years = arena_array(a, int, n_years + 1);
    for (int layer = 0; layer < 2; layer++) {
        bool mine = layer == 1;
        for (size_t i = 0; i < n; i++)
            if ((day[i].office_id != STORE_OFFICE_SHARED) == mine && !(instead && own == mine && day[i].year == instead->year))
                rows[n_rows++] = (struct workdays_row){ day[i].day, str_eqc(day[i].kind, "makeup-workday"), day[i].name, (int)day[i].year, mine };
        for (size_t i = 0; instead && own == mine && i < instead->n; i++) {
            rows[n_rows] = instead->row[i];
            rows[n_rows++].own = own;
        }
    }
    for (size_t i = 0; i < n_years; i++)
        years[i] = (int)year[i].year;
    if (instead && !own)
        years[n_years++] = instead->year;
    *ret = workdays_with(rows, n_rows, years, n_years);
    return true;
}

bool workcal_get(struct db *db, struct arena *a, int64_t office_id, const struct workdays **ret, struct err *err)
{
    struct workcal_state_row state;
    bool found;
    if (!q_workcal_state(db, a, &(struct workcal_state_in){ office_id }, &state, &found, err))
        return false;
    if (!found || state.days == 0) {
        *ret = workdays_official();
        return true;
    }
    pthread_mutex_lock(&lock);
    const struct workdays *have = find(office_id, &state);
    pthread_mutex_unlock(&lock);
    if (!have) {
        struct workdays *made;
        if (!make(db, a, office_id, NULL, false, &made, err))
            return false;
        struct kept *k = xcalloc(1, sizeof *k);
        pthread_mutex_lock(&lock);
        have = find(office_id, &state);          /* another thread may have been quicker */
        if (!have) {
            *k = (struct kept){ kept_tables, office_id, state, made };
            kept_tables = k;
            have = made;
            k = NULL;
            made = NULL;
        }
        pthread_mutex_unlock(&lock);
        free(k);
        workdays_free(made);
    }
    *ret = have;
    return true;
}

bool workcal_preview(struct db *db, struct arena *a, int64_t office_id, const struct notice *n, bool own, struct workdays **ret, struct err *err)
{
    return make(db, a, office_id, n, own, ret, err);
}

bool workcal_holds(struct db *db, struct arena *a, int64_t office_id, const struct notice *n, bool *ret, struct err *err)
{
    struct workcal_day_row *day;
    struct workcal_year_row *year;
    size_t n_days, n_years, same = 0, others = 0;
    if (!q_workcal_days(db, a, &(struct workcal_days_in){ office_id }, &day, &n_days, err) ||
        !q_workcal_years(db, a, &(struct workcal_years_in){ office_id }, &year, &n_years, err))
        return false;
    for (size_t i = 0; i < n_days; i++) {
        if (day[i].office_id != office_id || day[i].year != n->year)
            continue;
        size_t k = 0;
        while (k < n->n && n->row[k].day != day[i].day)
            k++;
        bool equal = k < n->n && n->row[k].works == str_eqc(day[i].kind, "makeup-workday") && str_eq(n->row[k].name, day[i].name);
        same += equal;
        others += !equal;
    }
    *ret = same == n->n && others == 0;
    return true;
}

bool workcal_source(struct db *db, struct arena *a, int year, struct str *ret, struct err *err)
{
    struct workcal_year_row *rows;
    size_t n;
    *ret = STR("");
    if (!q_workcal_years(db, a, &(struct workcal_years_in){ STORE_OFFICE_SHARED }, &rows, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (rows[i].year == year)
            *ret = rows[i].source;
    return true;
}

static void put_days(struct buf *b, const char *key, const struct notice *n, bool works)
{
    json_key(b, key);
    json_arr(b);
    for (size_t i = 0; i < n->n; i++)
        if (n->row[i].works == works)
            json_int(b, n->row[i].day);
    json_arr_end(b);
}

bool workcal_put(struct txn *t, const struct notice *n, struct str source, int64_t by_office, struct err *err)
{
    if (!q_workcal_day_drop_year(t->db, &(struct workcal_day_drop_year_in){ t->office_id, n->year }, NULL, err))
        return false;
    if (t->office_id == STORE_OFFICE_SHARED &&
        !q_workcal_year_put(t->db, &(struct workcal_year_put_in){ t->office_id, n->year, source, t->at, t->actor_id }, NULL, err))
        return false;
    for (size_t i = 0; i < n->n; i++)
        if (!q_workcal_day_put(t->db, &(struct workcal_day_put_in){ .office_id = t->office_id, .day = n->row[i].day,
                .kind = n->row[i].works ? STR("makeup-workday") : STR("holiday"), .name = n->row[i].name, .year = n->year, .source = source }, NULL, err))
            return false;
    struct buf after _cleanup_(buf_release) = BUF_INIT;
    json_obj(&after);
    json_put_int(&after, "year", n->year);
    json_put_int(&after, "by_office", by_office);
    json_put_str(&after, "source", source);
    put_days(&after, "off", n, false);
    put_days(&after, "makeup", n, true);
    json_obj_end(&after);
    return journal_add(t, &(struct journal_line){ .day = DAY_NONE, .entity = STR("calendar"), .entity_id = n->year, .verb = STR("import"), .before = STR(""),
                                                  .after = buf_view(&after) }, err);
}
