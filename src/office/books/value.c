/* Values: reading them through the actor, putting many at once, each change with old → new. */
#include "office/books/inside.h"

#include <stdlib.h>

#include "base/json.h"
#include "messages.h"
#include "store/journal.h"

/* The whole's values are the section's, a leader's, and those of the unit that reports them. */
static bool sees_values(const struct actor *actor, const struct indicator *i, int64_t unit_id)
{
    return unit_id ? books_sees(actor, unit_id) : actor_is(actor, ROLE_SECTION | ROLE_LEADER) || books_sees(actor, i->source_id);
}

static bool check_sight(const struct actor *actor, const struct indicator *i, int64_t unit_id, struct err *err)
{
    return sees_values(actor, i, unit_id) || err_fail(err, ERR_NOT_FOUND, M_BOOKS_NO_INDICATOR, "indicator", A_STR(i->name));
}

bool values_get(struct db *db, struct arena *a, const struct actor *actor, const struct indicator *i, int64_t unit_id, int from, int to, struct value **ret,
                size_t *n, struct err *err)
{
    struct value_row *rows;
    if (!check_sight(actor, i, unit_id, err) ||
        !q_values_of(db, a, &(struct values_of_in){ actor->office_id, i->id, unit_id, from, to }, &rows, n, err))
        return false;
    *ret = arena_array(a, struct value, *n + 1);
    for (size_t k = 0; k < *n; k++)
        (*ret)[k] = (struct value){ (int)rows[k].period, rows[k].value, rows[k].note, rows[k].n };
    return true;
}

bool value_units(struct db *db, struct arena *a, const struct actor *actor, const struct indicator *i, struct party **ret, size_t *n, struct err *err)
{
    struct value_unit_row *rows;
    struct party *unit;
    size_t n_rows, n_units;
    if (!q_value_units(db, a, &(struct value_units_in){ actor->office_id, i->id }, &rows, &n_rows, err) ||
        !party_list(db, a, actor->office_id, PARTY_UNIT, true, &unit, &n_units, err))
        return false;
    *ret = arena_array(a, struct party, n_rows + 1);
    *n = 0;
    if (n_rows && rows[0].unit_id == 0 && sees_values(actor, i, 0))
        (*ret)[(*n)++] = (struct party){ .name = STR("全市") };
    for (size_t k = 0; k < n_units; k++)
        for (size_t r = 0; r < n_rows; r++)
            if (rows[r].unit_id == unit[k].id && sees_values(actor, i, unit[k].id))
                (*ret)[(*n)++] = unit[k];
    return true;
}

bool value_history(struct db *db, struct arena *a, const struct actor *actor, const struct indicator *i, int64_t unit_id, int period,
                   struct value_change **ret, size_t *n, struct err *err)
{
    struct change_row *rows;
    if (!check_sight(actor, i, unit_id, err) ||
        !q_changes_of(db, a, &(struct changes_of_in){ actor->office_id, i->id, unit_id, period }, &rows, n, err))
        return false;
    *ret = arena_array(a, struct value_change, *n + 1);
    for (size_t k = 0; k < *n; k++)
        (*ret)[k] = (struct value_change){ rows[k].n, rows[k].old, rows[k].new, rows[k].at, rows[k].who, rows[k].note, rows[k].why };
    return true;
}

/* --- writing --------------------------------------------------------------------------------------------------------------------------- */

struct decided { struct indicator i; struct value was; struct str note; bool differs; };

static bool decide(struct txn *t, const struct actor *actor, const struct value_edit *e, struct decided *d, struct err *err)
{
    struct value_row row;
    struct party unit;
    bool found;
    if (!indicator_get(t->db, t->arena, actor, e->indicator_id, &d->i, err) ||
        (e->unit_id && !books_unit_by_id(t->db, t->arena, actor, e->unit_id, &unit, err)) || !check_sight(actor, &d->i, e->unit_id, err) ||
        !q_value_of(t->db, t->arena, &(struct value_of_in){ t->office_id, e->indicator_id, e->unit_id, e->period }, &row, &found, err))
        return false;
    d->was = found ? (struct value){ (int)row.period, row.value, row.note, row.n } : (struct value){ e->period, VALUE_NONE, STR(""), 0 };
    d->note = e->note.p ? str_trim(e->note) : d->was.note;
    struct buf period _cleanup_(buf_release) = BUF_INIT;
    span_write(&period, d->i.every, e->period);
    if (e->period != span_of(d->i.every, e->period / 100, e->period % 100) || e->period % 100 > 12)
        return err_fail(err, ERR_INPUT, M_BOOKS_NOT_PERIOD, "period", A_INT(e->period), A_MSG(books_every_msg(d->i.every)));
    if (!books_prose(d->note, BOOKS_NOTE_CHARS, "note", false, false, err))
        return false;
    if (e->guarded && e->seen != d->was.value && e->value != d->was.value)
        return err_fail(err, ERR_CONFLICT, M_BOOKS_VALUE_OVERTAKEN, NULL, A_STR(d->i.name), A_STR(buf_view(&period)));
    if (!d->i.active && e->value != d->was.value)
        return err_fail(err, ERR_CONFLICT, M_BOOKS_INACTIVE, "indicator", A_STR(d->i.name));
    d->differs = e->value != d->was.value || !str_eq(d->note, d->was.note);
    return true;
}

static void put_value(struct buf *b, const struct value_edit *e, const struct decided *d, int64_t value, struct str note)
{
    struct buf text _cleanup_(buf_release) = BUF_INIT;
    value_write(&text, value, INDICATOR_DECIMALS);
    json_obj(b);
    json_put_int(b, "unit", e->unit_id);
    json_put_int(b, "period", d->was.period);
    json_put_str(b, "value", value == VALUE_NONE ? STR_NULL : buf_view(&text));
    json_put_str(b, "note", note);
    json_obj_end(b);
}

static bool put(struct txn *t, const struct value_edit *e, const struct decided *d, struct str why, struct err *err)
{
    _cleanup_(buf_release) struct buf before = BUF_INIT, after = BUF_INIT;
    int64_t n = d->was.n + 1;
    if (d->was.n)
        put_value(&before, e, d, d->was.value, d->was.note);
    put_value(&after, e, d, e->value, d->note);
    const struct journal_line line = { .day = DAY_NONE, .entity = STR("indicator_value"), .entity_id = e->indicator_id,
                                       .verb = d->was.n ? STR("correct") : STR("enter"), .before = d->was.n ? buf_view(&before) : STR(""), .after = buf_view(&after) };
    return q_value_put(t->db, &(struct value_put_in){ t->office_id, e->indicator_id, e->unit_id, e->period, e->value, d->note, n }, NULL, err) &&
           q_change_add(t->db, &(struct change_add_in){ t->office_id, e->indicator_id, e->unit_id, e->period, n, t->at, t->actor_id, d->was.value, e->value,
                                                       d->note, why }, NULL, err) &&
           journal_add(t, &line, err);
}

static int by_cell(const void *a, const void *b)
{
    const struct value_edit *x = *(const struct value_edit *const *)a, *y = *(const struct value_edit *const *)b;
    if (x->indicator_id != y->indicator_id)
        return x->indicator_id < y->indicator_id ? -1 : 1;
    if (x->unit_id != y->unit_id)
        return x->unit_id < y->unit_id ? -1 : 1;
    return x->period - y->period;
}

bool values_once(struct arena *a, const struct indicator *i, size_t n_indicators, const struct value_edit *edit, size_t n, struct err *err)
{
    const struct value_edit **at = arena_array(a, const struct value_edit *, n + 1);
    for (size_t k = 0; k < n; k++)
        at[k] = &edit[k];
    qsort(at, n, sizeof *at, by_cell);
    for (size_t k = 1; k < n; k++)
        if (by_cell(&at[k - 1], &at[k]) == 0) {
            size_t w = 0;
            while (w + 1 < n_indicators && i[w].id != at[k]->indicator_id)
                w++;
            struct buf period _cleanup_(buf_release) = BUF_INIT;
            span_write(&period, i[w].every, at[k]->period);
            return err_fail(err, ERR_INPUT, M_BOOKS_TWICE, "period", A_STR(i[w].name), A_STR(buf_view(&period)));
        }
    return true;
}

bool values_put(struct txn *t, const struct actor *actor, const struct value_edit *edit, size_t n, struct str why, int64_t *changed, struct err *err)
{
    struct decided *d = arena_array(t->arena, struct decided, n + 1);
    struct indicator *i;
    size_t n_indicators;
    why = why.p ? str_trim(why) : STR("");
    if (!books_writer(actor, err) || !books_prose(why, BOOKS_WHY_CHARS, "why", false, false, err))
        return false;
    for (size_t k = 0; k < n; k++)
        if (!decide(t, actor, &edit[k], &d[k], err))
            return false;
    if (!indicator_list(t->db, t->arena, actor, &i, &n_indicators, err) || !values_once(t->arena, i, n_indicators, edit, n, err))
        return false;
    t->deputy_of = 0;
    *changed = 0;
    for (size_t k = 0; k < n; k++) {
        if (d[k].differs && !put(t, &edit[k], &d[k], why, err))
            return false;
        *changed += d[k].differs;
    }
    return true;
}
