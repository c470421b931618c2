/* The figures of documents: what the section drafted, took part in and reviewed, by genre, and those of emergency operations. */
#include "messages.h"
#include "office/summary/inside.h"
#include "people/member.h"

#define DRAFTED "%;drafted;%"
#define TOOK_PART "%;took_part;%"
#define REVIEWED "%;reviewed;%"

enum { NO_LIST = 0 };

static bool rows_of(struct db *db, struct arena *a, const struct figure_ask *ask, const char *how, const char *or_how, struct str genre, int64_t list_id,
                    struct figure_value *ret, struct err *err)
{
    const struct document_rows_in in = { ask->office_id, ask->from, ask->to, str_c(how), str_c(or_how), genre, list_id };
    struct document_rows_row *rows;
    size_t n;
    if (!q_document_rows(db, a, &in, &rows, &n, err))
        return false;
    *ret = (struct figure_value){ .value = (int64_t)n };
    if (!ask->with_rows)
        return true;
    ret->rows = arena_array(a, struct figure_row, n + 1);
    ret->n_rows = n;
    for (size_t i = 0; i < n; i++)
        ret->rows[i] = (struct figure_row){ rows[i].number, rows[i].title, rows[i].genre, rows[i].day, 1 };
    return true;
}

static bool genres_of(struct db *db, struct arena *a, const struct figure_ask *ask, int64_t list_id, struct str **ret, size_t *n, struct err *err)
{
    const struct document_genres_in in = { ask->office_id, ask->from, ask->to, STR(DRAFTED), STR(TOOK_PART), list_id };
    struct document_genres_row *rows;
    if (!q_document_genres(db, a, &in, &rows, n, err))
        return false;
    *ret = arena_array(a, struct str, *n + 1);
    for (size_t i = 0; i < *n; i++)
        (*ret)[i] = rows[i].genre;
    return true;
}

/* The list of emergency operations; found false when the office keeps none of that name. */
static bool operation_list(struct db *db, struct arena *a, int64_t office_id, int64_t *ret, bool *found, struct err *err)
{
    struct summary_list_id_row row;
    struct str name;
    if (!setting_get(db, a, office_id, "summary.operation_list", "应急处置", &name, err) ||
        !q_summary_list_id(db, a, &(struct summary_list_id_in){ office_id, name }, &row, found, err))
        return false;
    if (*found)
        *ret = row.id;
    return true;
}

static bool count_drafted(struct db *db, struct arena *a, const struct figure_ask *ask, struct figure_value *ret, struct err *err)
{
    return rows_of(db, a, ask, DRAFTED, TOOK_PART, str_c(ask->arg), NO_LIST, ret, err);
}

static bool count_reviewed(struct db *db, struct arena *a, const struct figure_ask *ask, struct figure_value *ret, struct err *err)
{
    return rows_of(db, a, ask, REVIEWED, REVIEWED, STR_NULL, NO_LIST, ret, err);
}

static bool count_operation(struct db *db, struct arena *a, const struct figure_ask *ask, struct figure_value *ret, struct err *err)
{
    int64_t list_id;
    bool found;
    if (!operation_list(db, a, ask->office_id, &list_id, &found, err))
        return false;
    if (!found) {
        *ret = (struct figure_value){ 0 };
        return true;
    }
    return rows_of(db, a, ask, DRAFTED, TOOK_PART, str_c(ask->arg), list_id, ret, err);
}

static bool drafted_genres(struct db *db, struct arena *a, const struct figure_ask *ask, struct str **ret, size_t *n, struct err *err)
{
    return genres_of(db, a, ask, NO_LIST, ret, n, err);
}

static bool operation_genres(struct db *db, struct arena *a, const struct figure_ask *ask, struct str **ret, size_t *n, struct err *err)
{
    int64_t list_id;
    bool found;
    *n = 0;
    if (!operation_list(db, a, ask->office_id, &list_id, &found, err))
        return false;
    return !found || genres_of(db, a, ask, list_id, ret, n, err);
}

const struct figure summary_figures[SUMMARY_FIGURES] = {
    { "documents.drafted", "件", M_SUMMARY_F_DRAFTED, M_SUMMARY_Q_DRAFTED, NULL, count_drafted, NULL },
    { "documents.drafted", "篇", M_SUMMARY_F_GENRE, M_SUMMARY_Q_GENRE, NULL, count_drafted, drafted_genres },
    { "documents.operation", "篇", M_SUMMARY_F_OPERATION, M_SUMMARY_Q_OPERATION, NULL, count_operation, operation_genres },
    { "documents.reviewed", "件", M_SUMMARY_F_REVIEWED, M_SUMMARY_Q_REVIEWED, NULL, count_reviewed, NULL },
};
