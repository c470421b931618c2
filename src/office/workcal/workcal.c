#include "office/workcal/workcal.h"

#include <pthread.h>
#include <stdlib.h>

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
        if (k->office_id == office_id && k->state.days == s->days && k->state.years == s->years && k->state.mark == s->mark)
            return k->table;
    return NULL;
}

static bool make(struct db *db, struct arena *a, int64_t office_id, struct workdays **ret, struct err *err)
{
    struct workcal_day_row *day;
    struct workcal_year_row *year;
    size_t n, n_years;
    if (!q_workcal_days(db, a, &(struct workcal_days_in){ office_id }, &day, &n, err) ||
        !q_workcal_years(db, a, &(struct workcal_years_in){ office_id }, &year, &n_years, err))
        return false;
    struct workdays_row *rows = arena_array(a, struct workdays_row, n + 1);
    int *years = arena_array(a, int, n_years + 1);
    for (size_t i = 0; i < n; i++)
        rows[i] = (struct workdays_row){ day[i].day, str_eqc(day[i].kind, "makeup-workday"), day[i].name, (int)day[i].year };
    for (size_t i = 0; i < n_years; i++)
        years[i] = (int)year[i].year;
    *ret = workdays_with(rows, n, years, n_years);
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
        if (!make(db, a, office_id, &made, err))
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

bool workcal_put(struct txn *t, const struct workdays_row *rows, size_t n, const int *years, size_t n_years, struct str source, struct err *err)
{
    for (size_t i = 0; i < n_years; i++)
        if (!q_workcal_day_drop_year(t->db, &(struct workcal_day_drop_year_in){ t->office_id, years[i] }, NULL, err) ||
            !q_workcal_year_put(t->db, &(struct workcal_year_put_in){ t->office_id, years[i], source, t->at, t->actor_id }, NULL, err))
            return false;
    for (size_t i = 0; i < n; i++)
        if (!q_workcal_day_put(t->db, &(struct workcal_day_put_in){ .office_id = t->office_id, .day = rows[i].day,
                .kind = rows[i].works ? STR("makeup-workday") : STR("holiday"), .name = rows[i].name, .year = rows[i].year, .source = source }, NULL, err))
            return false;
    struct buf after _cleanup_(buf_release) = BUF_INIT;
    buf_printf(&after, "{\"rows\":%zu,\"years\":[", n);
    for (size_t i = 0; i < n_years; i++)
        buf_printf(&after, "%s%d", i ? "," : "", years[i]);
    buf_c(&after, "]}");
    return journal_add(t, &(struct journal_line){ .day = DAY_NONE, .entity = STR("calendar"), .verb = STR("import"), .before = STR(""), .after = buf_view(&after) }, err);
}
