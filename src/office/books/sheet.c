/* Values as csv, and as cells pasted out of a spreadsheet. Read whole or not at all: every problem has its line and column. */
#include "office/books/inside.h"

#include <stdio.h>
#include <stdlib.h>

#include "format/csv.h"
#include "messages.h"

enum { COL_INDICATOR, COL_UNIT, COL_PERIOD, COL_VALUE, COL_NOTE, COLS };
enum { VALUES_MAX = 100000 };

static const struct { const char *name, *zh; } COLUMN[COLS] = {
    { "indicator", "指标" }, { "unit", "单位" }, { "period", "时期" }, { "value", "数值" }, { "note", "备注" },
};

/* --- names, looked up once ---------------------------------------------------------------------------------------------------------------- */

struct reader {
    struct db *db;
    struct arena *arena;
    const struct actor *actor;
    struct indicator *indicator;
    size_t n_indicators;
    struct party *unit;
    size_t n_units;
    struct value_edit *edit;
    size_t n, cap;
    struct problems *problems;
};

static bool begin(struct reader *r, struct err *err)
{
    return indicator_list(r->db, r->arena, r->actor, &r->indicator, &r->n_indicators, err) &&
           party_list(r->db, r->arena, r->actor->office_id, PARTY_UNIT, false, &r->unit, &r->n_units, err);
}

static void problem(struct reader *r, struct err *e, const char *field, int line, int column)
{
    snprintf(e->field, sizeof e->field, "%s", field);
    err_at(e, line, column);
    problems_add(r->problems, e);
}

static bool find_indicator(struct reader *r, struct str name, const struct indicator **ret, struct err *err)
{
    for (size_t i = 0; i < r->n_indicators; i++)
        if (str_eq(r->indicator[i].name, name)) {
            *ret = &r->indicator[i];
            return true;
        }
    return err_fail(err, ERR_INPUT, M_BOOKS_NO_INDICATOR, NULL, A_STR(name));
}

static bool find_unit(struct reader *r, struct str name, int64_t *ret, struct err *err)
{
    struct party p;
    *ret = 0;
    if (name.n == 0 || str_eqc(name, "全市"))
        return true;
    for (size_t i = 0; i < r->n_units; i++)
        if (str_eq(r->unit[i].name, name) || str_eq(r->unit[i].short_name, name)) {
            *ret = r->unit[i].id;
            return true;
        }
    if (!party_find(r->db, r->arena, r->actor, 1u << PARTY_UNIT, name, "unit", &p, err))
        return false;
    *ret = p.id;
    return true;
}

/* --- csv -------------------------------------------------------------------------------------------------------------------------------------- */

static bool read_head(const struct csv_cell *cell, size_t n, int at[COLS], struct err *err)
{
    for (int c = 0; c < COLS; c++)
        at[c] = -1;
    for (size_t i = 0; i < n; i++) {
        int c = 0;
        while (c < COLS && !str_eqc(str_trim(cell[i].text), COLUMN[c].name) && !str_eqc(str_trim(cell[i].text), COLUMN[c].zh))
            c++;
        if (c == COLS || at[c] >= 0) {
            err_fail(err, ERR_INPUT, c == COLS ? M_BOOKS_UNKNOWN_COLUMN : M_BOOKS_COLUMN_TWICE, NULL, A_STR(cell[i].text));
            err_at(err, cell[i].line, cell[i].column);
            return false;
        }
        at[c] = (int)i;
    }
    for (int c = 0; c < COLS; c++)
        if (at[c] < 0 && c != COL_UNIT && c != COL_NOTE) {
            err_fail(err, ERR_INPUT, M_BOOKS_COLUMN_MISSING, COLUMN[c].name, A_C(COLUMN[c].name));
            err_at(err, 1, 1);
            return false;
        }
    return true;
}

static void read_row(struct reader *r, const struct csv_cell *cell, size_t n, const int at[COLS])
{
    const struct indicator *i = NULL;
    struct value_edit e = { .note = STR_NULL };
    struct csv_cell c[COLS];
    struct err err;
    bool ok = true;
    for (int k = 0; k < COLS; k++)
        c[k] = at[k] >= 0 && (size_t)at[k] < n ? cell[at[k]] : (struct csv_cell){ STR(""), cell[0].line, 1 };
    if (!find_indicator(r, str_trim(c[COL_INDICATOR].text), &i, &err))
        problem(r, &err, "indicator", c[COL_INDICATOR].line, c[COL_INDICATOR].column), ok = false;
    if (!find_unit(r, str_trim(c[COL_UNIT].text), &e.unit_id, &err))
        problem(r, &err, "unit", c[COL_UNIT].line, c[COL_UNIT].column), ok = false;
    if (i && !span_read(c[COL_PERIOD].text, i->every, &e.period, &err))
        problem(r, &err, "period", c[COL_PERIOD].line, c[COL_PERIOD].column), ok = false;
    if (i && !value_read(c[COL_VALUE].text, i->decimals, &e.value, &err))
        problem(r, &err, "value", c[COL_VALUE].line, c[COL_VALUE].column), ok = false;
    if (!books_prose(c[COL_NOTE].text, BOOKS_NOTE_CHARS, "note", false, false, &err))
        problem(r, &err, "note", c[COL_NOTE].line, c[COL_NOTE].column), ok = false;
    if (!ok)
        return;
    e.indicator_id = i->id;
    if (at[COL_NOTE] >= 0)
        e.note = arena_str(r->arena, c[COL_NOTE].text);
    arena_push(r->arena, r->edit, r->n, r->cap) = e;
}

static bool done(struct reader *r, struct value_edit **ret, size_t *n, struct err *err)
{
    *ret = r->edit;
    *n = r->n;
    if (r->problems->n)
        *err = r->problems->err[0];
    return r->problems->n == 0 && values_once(r->arena, r->indicator, r->n_indicators, r->edit, r->n, err);
}

bool sheet_read_values(struct db *db, struct arena *a, const struct actor *actor, struct str bytes, struct value_edit **ret, size_t *n, struct problems *p,
                       struct err *err)
{
    struct reader r = { .db = db, .arena = a, .actor = actor, .problems = p };
    struct csv csv;
    struct csv_cell *cell = arena_array(a, struct csv_cell, CSV_CELLS_MAX);
    size_t count;
    int at[COLS];
    bool end;
    if (!begin(&r, err) || !csv_open(a, bytes, &csv, err) || !csv_row(&csv, cell, &count, &end, err))
        return false;
    if (end)
        return err_fail(err, ERR_INPUT, M_BOOKS_EMPTY_FILE, NULL);
    if (!read_head(cell, count, at, err))
        return false;
    for (;;) {
        if (!csv_row(&csv, cell, &count, &end, err))
            return false;
        if (end)
            return done(&r, ret, n, err);
        if (r.n == VALUES_MAX)
            return err_fail(err, ERR_LIMIT, M_BOOKS_TOO_MANY_VALUES, NULL, A_INT(VALUES_MAX));
        read_row(&r, cell, count, at);
    }
}

static bool put_all(struct db *db, struct arena *a, int64_t office_id, const struct indicator *i, struct buf *out, struct err *err)
{
    struct value_all_row *row;
    size_t n;
    if (!q_values_all(db, a, &(struct values_all_in){ office_id, i->id }, &row, &n, err))
        return false;
    for (size_t k = 0; k < n; k++) {
        _cleanup_(buf_release) struct buf period = BUF_INIT, value = BUF_INIT;
        span_write(&period, i->every, (int)row[k].period);
        value_write(&value, row[k].value, i->decimals);
        csv_put(out, i->name, true);
        csv_put(out, row[k].unit.p ? row[k].unit : STR(""), false);
        csv_put(out, buf_view(&period), false);

        csv_put(out, value.n ? buf_view(&value) : STR(""), false);
        csv_put(out, row[k].note, false);
        csv_end(out);
    }
    return true;
}

bool sheet_write_values(struct db *db, struct arena *a, const struct actor *actor, struct buf *out, struct err *err)
{
    struct indicator *i;
    size_t n;
    if (!books_writer(actor, err) || !indicator_list(db, a, actor, &i, &n, err))
        return false;
    for (int c = 0; c < COLS; c++)
        csv_put(out, str_c(COLUMN[c].name), c == 0);
    csv_end(out);
    for (size_t k = 0; k < n; k++)
        if (!put_all(db, a, actor->office_id, &i[k], out, err))
            return false;
    return true;
}

/* --- pasted ------------------------------------------------------------------------------------------------------------------------------------- */

enum { PASTE_COLUMNS = 61 };

static size_t cells(struct str line, struct str *ret)
{
    size_t n = 0;
    while (line.p && n < PASTE_COLUMNS) {
        ret[n++] = str_trim(str_cut(line, '\t', &line));
    }
    return line.p ? PASTE_COLUMNS + 1 : n;
}

/* An empty corner is lost when a form is trimmed: then the first cell of the head is a period already. */
static size_t corner(struct str *head, size_t n)
{
    struct err err;
    int period;
    if (n == 0 || n == PASTE_COLUMNS || (!span_read(head[0], EVERY_MONTH, &period, &err) && !span_read(head[0], EVERY_QUARTER, &period, &err) &&
                                        !span_read(head[0], EVERY_YEAR, &period, &err)))
        return n;
    for (size_t i = n; i > 0; i--)
        head[i] = head[i - 1];
    head[0] = STR("");
    return n + 1;
}

/* A period in the head is read by the indicator of each line: 2022-03 is no quarter. Cells without anything are left as they are. */
static void paste_line(struct reader *r, struct str *head, size_t n_head, struct str *cell, size_t n, int64_t unit_id, int line)
{
    const struct indicator *i;
    struct err err;
    if (!find_indicator(r, cell[0], &i, &err)) {
        problem(r, &err, "paste", line, 1);
        return;
    }
    for (size_t c = 1; c < n; c++) {
        struct value_edit e = { .indicator_id = i->id, .unit_id = unit_id, .note = STR_NULL };
        if (cell[c].n == 0)
            continue;
        if (c >= n_head) {
            err_fail(&err, ERR_INPUT, M_BOOKS_NO_HEAD, NULL);
            problem(r, &err, "paste", line, (int)c + 1);
        } else if (!span_read(head[c], i->every, &e.period, &err)) {
            problem(r, &err, "paste", 1, (int)c + 1);
        } else if (!value_read(cell[c], i->decimals, &e.value, &err)) {
            problem(r, &err, "paste", line, (int)c + 1);
        } else {
            arena_push(r->arena, r->edit, r->n, r->cap) = e;
        }
    }
}

bool sheet_read_paste(struct db *db, struct arena *a, const struct actor *actor, int64_t unit_id, struct str text, struct value_edit **ret, size_t *n,
                      struct problems *p, struct err *err)
{
    struct reader r = { .db = db, .arena = a, .actor = actor, .problems = p };
    struct str *head = arena_array(a, struct str, PASTE_COLUMNS + 1), *cell = arena_array(a, struct str, PASTE_COLUMNS + 1);
    size_t n_head = 0;
    int line = 0;
    if (!begin(&r, err))
        return false;
    while (text.p) {
        struct str one = str_cut(text, '\n', &text);
        line++;
        if (str_trim(one).n == 0)
            continue;
        size_t count = cells(one, n_head ? cell : head);
        if (count > PASTE_COLUMNS) {
            err_fail(err, ERR_LIMIT, M_BOOKS_PASTE_WIDE, "paste", A_INT(PASTE_COLUMNS - 1));
            err_at(err, line, PASTE_COLUMNS + 1);
            return false;
        }
        if (!n_head)
            count = corner(head, count);
        if (n_head)
            paste_line(&r, head, n_head, cell, count, unit_id, line);
        n_head = n_head ? n_head : count;
    }
    if (r.n == 0 && r.problems->n == 0)
        return err_fail(err, ERR_INPUT, M_BOOKS_PASTE_EMPTY, "paste");
    return done(&r, ret, n, err);
}
