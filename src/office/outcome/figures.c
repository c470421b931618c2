/* The summary's figures of this slice. Each counts the rows of one key by their day. */
#include <stdlib.h>

#include "messages.h"
#include "office/outcome/inside.h"

/* --- folds: pure ------------------------------------------------------------------------------------------------------------------- */

static bool has_role(struct str roles, struct str role)
{
    struct str one;
    while (roles.n) {
        one = str_cut(roles, ';', &roles);
        if (str_eq(one, role))
            return true;
    }
    return false;
}

bool fold_keeps(enum fold f, const struct outcome_row *r)
{
    return f != FOLD_ENTRIES || has_role(r->role, STR("drafted")) || has_role(r->role, STR("reviewed"));
}

static int64_t sum(const struct outcome_row *rows, size_t n)
{
    int64_t v = 0;
    for (size_t i = 0; i < n; i++)
        v += rows[i].n;
    return v;
}

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static int64_t distinct_entries(const struct outcome_row *rows, size_t n, struct arena *a)
{
    int64_t *id = arena_array(a, int64_t, n + 1), v = 0;
    for (size_t i = 0; i < n; i++)
        id[i] = rows[i].entry_id;
    qsort(id, n, sizeof *id, by_id);
    for (size_t i = 0; i < n; i++)
        v += i == 0 || id[i] != id[i - 1];
    return v;
}

static int64_t longest_run(const struct outcome_row *rows, size_t n)
{
    int64_t run = 0, longest = 0;
    for (size_t i = 0; i < n; i++) {
        if (i && rows[i].day == rows[i - 1].day)
            continue;
        run = i && rows[i].day == rows[i - 1].day + 1 ? run + 1 : 1;
        longest = run > longest ? run : longest;
    }
    return longest;
}

static int64_t distinct_labels(const struct outcome_row *rows, size_t n)
{
    int64_t v = 0;
    for (size_t i = 0; i < n; i++) {             /* a handful of cities */
        size_t k = 0;
        while (!str_eq(rows[k].label, rows[i].label))
            k++;
        v += k == i;
    }
    return v;
}

int64_t fold_value(enum fold f, const struct outcome_row *rows, size_t n, struct arena *a)
{
    switch (f) {
    case FOLD_ENTRIES: return distinct_entries(rows, n, a);
    case FOLD_RUN: return longest_run(rows, n);
    case FOLD_LABELS: return distinct_labels(rows, n);
    default: return sum(rows, n);
    }
}

/* --- figures ------------------------------------------------------------------------------------------------------------------------ */

/* Which of a key's rows count by their label. */
enum labels { ANY_LABEL, AWAY, ONE_LABEL };

static bool count(struct db *db, struct arena *a, const struct figure_ask *ask, const char *key, enum fold f, enum labels labels,
                  struct figure_value *ret, struct err *err)
{
    struct outcome_row *rows;
    size_t n, kept = 0;
    if (!q_outcome_rows(db, a, &(struct outcome_rows_in){ ask->office_id, str_c(key), ask->from, ask->to }, &rows, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        bool there = labels == ANY_LABEL || (labels == AWAY && rows[i].label.n) || (labels == ONE_LABEL && str_eqc(rows[i].label, ask->arg));
        if (there && fold_keeps(f, &rows[i]))
            rows[kept++] = rows[i];
    }
    *ret = (struct figure_value){ .value = fold_value(f, rows, kept, a) };
    if (!ask->with_rows)
        return true;
    ret->rows = arena_array(a, struct figure_row, kept + 1);
    ret->n_rows = kept;
    for (size_t i = 0; i < kept; i++)
        ret->rows[i] = (struct figure_row){ rows[i].number, rows[i].title, rows[i].label, rows[i].day, rows[i].n };
    return true;
}

static bool count_sum(struct db *db, struct arena *a, const struct figure_ask *ask, struct figure_value *ret, struct err *err)
{
    return count(db, a, ask, ask->arg, FOLD_SUM, ANY_LABEL, ret, err);
}

static bool count_entries(struct db *db, struct arena *a, const struct figure_ask *ask, struct figure_value *ret, struct err *err)
{
    return count(db, a, ask, ask->arg, FOLD_ENTRIES, ANY_LABEL, ret, err);
}

static bool count_run(struct db *db, struct arena *a, const struct figure_ask *ask, struct figure_value *ret, struct err *err)
{
    return count(db, a, ask, ask->arg, FOLD_RUN, ANY_LABEL, ret, err);
}

static bool count_away(struct db *db, struct arena *a, const struct figure_ask *ask, struct figure_value *ret, struct err *err)
{
    return count(db, a, ask, ask->arg, FOLD_SUM, AWAY, ret, err);
}

static bool count_cities(struct db *db, struct arena *a, const struct figure_ask *ask, struct figure_value *ret, struct err *err)
{
    return count(db, a, ask, ask->arg, FOLD_LABELS, AWAY, ret, err);
}

static bool count_coverage(struct db *db, struct arena *a, const struct figure_ask *ask, struct figure_value *ret, struct err *err)
{
    return count(db, a, ask, "coverage", FOLD_SUM, ONE_LABEL, ret, err);
}

static bool projects(struct db *db, struct arena *a, const struct figure_ask *ask, struct str **ret, size_t *n, struct err *err)
{
    struct outcome_labels_row *rows;
    if (!q_outcome_labels(db, a, &(struct outcome_labels_in){ ask->office_id, STR("coverage"), ask->from, ask->to }, &rows, n, err))
        return false;
    *ret = arena_array(a, struct str, *n + 1);
    for (size_t i = 0; i < *n; i++)
        (*ret)[i] = rows[i].label;
    return true;
}

#define SUM(key, unit, label) { key, unit, label, M_OUTCOME_Q_SUM, key, count_sum, NULL }

const struct figure outcome_figures[OUTCOME_FIGURES] = {
    { "documents.issued.key", "个", M_OUTCOME_ISSUED, M_OUTCOME_Q_ISSUED, "documents.issued.key", count_entries, NULL },
    SUM("documents.errors_after_issue", "处", M_OUTCOME_ERRORS),
    SUM("briefs.submitted.portal", "条", M_OUTCOME_PORTAL),
    SUM("briefs.submitted.higher", "条", M_OUTCOME_HIGHER),
    SUM("briefs.adopted", "条", M_OUTCOME_ADOPTED),
    SUM("suggestions.adopted", "条", M_OUTCOME_SUGGESTIONS),
    SUM("requests.handled", "起", M_OUTCOME_REQUESTS),
    SUM("problems.settled", "个", M_OUTCOME_PROBLEMS),
    SUM("recognitions", "次", M_OUTCOME_RECOGNITIONS),
    SUM("study.sessions", "次", M_OUTCOME_STUDY),
    { "duty.longest_run_days", "天", M_OUTCOME_RUN, M_OUTCOME_Q_RUN, "duty.day", count_run, NULL },
    SUM("dispatch.rooms", "间", M_OUTCOME_ROOMS),
    { "dispatch.rooms.away", "间", M_OUTCOME_AWAY, M_OUTCOME_Q_AWAY, "dispatch.rooms", count_away, NULL },
    { "dispatch.cities.away", "个", M_OUTCOME_CITIES, M_OUTCOME_Q_CITIES, "dispatch.rooms", count_cities, NULL },
    SUM("dispatch.persons.moved", "人", M_OUTCOME_MOVED),
    SUM("dispatch.persons.returned", "人", M_OUTCOME_RETURNED),
    SUM("dispatch.convoys.long", "批", M_OUTCOME_CONVOYS),
    SUM("dispatch.service.person_trips", "人次", M_OUTCOME_TRIPS),
    { "coverage", "个", M_OUTCOME_COVERED, M_OUTCOME_Q_COVERED, NULL, count_coverage, projects },
};
