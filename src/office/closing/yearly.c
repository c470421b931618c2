/* The summary's figures of this slice: what was registered, settled and carried between two days. */
#include "messages.h"
#include "office/closing/inside.h"

static bool count_moved(struct db *db, struct arena *a, const struct figure_ask *ask, enum what what, bool late_too, struct figure_value *ret,
                        struct err *err)
{
    struct movement_count_row n;
    struct movement_rows_row *rows;
    bool found;
    if (!q_movement_count(db, a, &(struct movement_count_in){ ask->office_id, what_code(what), ask->from, ask->to, late_too }, &n, &found, err))
        return false;
    *ret = (struct figure_value){ .value = n.n };
    if (!ask->with_rows)
        return true;
    if (!q_movement_rows(db, a, &(struct movement_rows_in){ ask->office_id, what_code(what), ask->from, ask->to, late_too }, &rows, &ret->n_rows, err))
        return false;
    ret->rows = arena_array(a, struct figure_row, ret->n_rows + 1);
    for (size_t i = 0; i < ret->n_rows; i++)
        ret->rows[i] = (struct figure_row){ rows[i].number, rows[i].title, STR(""), rows[i].day, 1 };
    return true;
}

static bool count_registered(struct db *db, struct arena *a, const struct figure_ask *ask, struct figure_value *ret, struct err *err)
{
    return count_moved(db, a, ask, MOVE_NEW, true, ret, err);
}

static bool count_settled(struct db *db, struct arena *a, const struct figure_ask *ask, struct figure_value *ret, struct err *err)
{
    return count_moved(db, a, ask, MOVE_SETTLED, true, ret, err);
}

static bool count_on_time(struct db *db, struct arena *a, const struct figure_ask *ask, struct figure_value *ret, struct err *err)
{
    return count_moved(db, a, ask, MOVE_SETTLED, false, ret, err);
}

static bool count_carried(struct db *db, struct arena *a, const struct figure_ask *ask, struct figure_value *ret, struct err *err)
{
    struct standing *s;
    size_t n;
    if (!standing_read(db, a, ask->office_id, ask->to, &s, &n, err))
        return false;
    *ret = (struct figure_value){ .value = (int64_t)n };
    if (!ask->with_rows)
        return true;
    ret->rows = arena_array(a, struct figure_row, n + 1);
    for (; ret->n_rows < n; ret->n_rows++) {
        struct closing_line_row line;
        bool found;
        if (!q_closing_line(db, a, &(struct closing_line_in){ ask->office_id, s[ret->n_rows].id }, &line, &found, err))
            return false;
        ret->rows[ret->n_rows] = (struct figure_row){ line.number, line.title, STR(""), line.day, 1 };
    }
    return true;
}

const struct figure closing_figures[CLOSING_FIGURES] = {
    { "entries.registered", "件", M_CLOSING_F_REGISTERED, M_CLOSING_Q_REGISTERED, NULL, count_registered, NULL },
    { "entries.settled", "件", M_CLOSING_F_SETTLED, M_CLOSING_Q_SETTLED, NULL, count_settled, NULL },
    { "entries.on_time", "件", M_CLOSING_F_ON_TIME, M_CLOSING_Q_ON_TIME, NULL, count_on_time, NULL },
    { "entries.carried", "件", M_CLOSING_F_CARRIED, M_CLOSING_Q_CARRIED, NULL, count_carried, NULL },
};
