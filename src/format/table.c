#include "format/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "format/sniff.h"
#include "format/table_inner.h"
#include "messages.h"

/* --- csv ----------------------------------------------------------------------------------------------------------------------- */

static bool csv_next(struct table_reader *t, struct table_row *ret, bool *end, struct err *err)
{
    struct csv_cell cells[CSV_CELLS_MAX];
    size_t n = 0;
    do {
        arena_clear(&t->row_arena);
        if (!csv_row(&t->csv, cells, &n, end, err))
            return false;
        while (n > 0 && str_trim(cells[n - 1].text).n == 0)
            n--;
    } while (!*end && n == 0);
    for (size_t i = 0; i < n; i++) {
        if (cells[i].text.n > TABLE_CELL_MAX) {
            err_fail(err, ERR_LIMIT, M_TABLE_CELL_LONG, NULL, A_INT(TABLE_CELL_MAX / 1024));
            err_at(err, cells[i].line, cells[i].column);
            return false;
        }
        struct str s = str_trim(cells[i].text);
        t->cell[i] = (struct table_cell){ .text = s.n ? s : STR(""), .at = cells[i].column };
    }
    *ret = (struct table_row){ .line = n ? cells[0].line : t->csv.line, .n = (int)n, .cell = t->cell };
    return true;
}

/* --- both ---------------------------------------------------------------------------------------------------------------------- */

bool table_open(struct arena *a, struct str bytes, const struct table_ask *ask, struct table_reader **ret, struct err *err)
{
    enum file_type type = file_sniff(bytes);
    if (type == FILE_LOCKED)
        return err_fail(err, ERR_INPUT, M_XLSX_ENCRYPTED, NULL);
    if (type == FILE_OLE)
        return err_fail(err, ERR_INPUT, M_TABLE_OLD, NULL);
    bool xlsx = type == FILE_XLSX || type == FILE_ZIP;       /* a zip that is none will be told apart in the cage */
    if (!xlsx && type != FILE_TEXT && type != FILE_GB18030 && type != FILE_EMPTY && type != FILE_UNKNOWN)
        return err_fail(err, ERR_INPUT, M_TABLE_NO_TABLE, NULL, A_C(file_kind(type)->key));
    struct table_reader *t = xcalloc(1, sizeof *t);
    t->arena = a;
    t->format = xlsx ? FORMAT_XLSX : FORMAT_CSV;
    t->row_arena = ARENA_INIT(0);
    if (xlsx ? !xlsx_open(a, bytes, ask, &t->xlsx, err) : !csv_open(a, bytes, &t->csv, err)) {
        table_close(t);
        return false;
    }
    t->csv.arena = &t->row_arena;
    *ret = t;
    return true;
}

void table_keep(struct table_reader *t, struct buf *b)
{
    if (t->xlsx)
        xlsx_keep(t->xlsx, b);
}

void table_open_kept(struct arena *a, struct str kept, struct table_reader **ret)
{
    struct table_reader *t = xcalloc(1, sizeof *t);
    t->arena = a;
    t->format = FORMAT_XLSX;
    t->row_arena = ARENA_INIT(0);
    xlsx_open_kept(a, kept, &t->xlsx);
    *ret = t;
}

void table_close(struct table_reader *t)
{
    if (!t)
        return;
    xlsx_close(t->xlsx);
    arena_release(&t->row_arena);
    free(t);
}

bool table_next(struct table_reader *t, struct table_row *ret, bool *end, struct err *err)
{
    if (t->at_ahead < t->n_ahead) {
        *ret = t->ahead[t->at_ahead++];
        *end = false;
        return true;
    }
    if (t->end_ahead) {
        *end = true;
        return true;
    }
    return t->xlsx ? xlsx_row(t->xlsx, t->cell, ret, end, err) : csv_next(t, ret, end, err);
}

enum table_format table_format(const struct table_reader *t) { return t->format; }

struct str table_sheet(const struct table_reader *t) { return t->xlsx ? xlsx_sheet(t->xlsx) : STR_NULL; }

const struct str *table_sheets(const struct table_reader *t, int *n)
{
    *n = 0;
    return t->xlsx ? xlsx_sheets(t->xlsx, n) : NULL;
}

void table_place(struct buf *b, enum lang lang, int line, int column)
{
    char letters[8];
    int n = 0;
    for (int c = column + 1; c > 0 && n < 7; c = (c - 1) / 26)
        letters[n++] = (char)('A' + (c - 1) % 26);
    for (int i = 0; i < n / 2; i++) {
        char x = letters[i];
        letters[i] = letters[n - 1 - i];
        letters[n - 1 - i] = x;
    }
    tr(b, lang, M_TABLE_PLACE, (struct arg[]){ A_INT(line), A_STR(str_n(letters, (size_t)n)) }, 2);
}

void table_at(const struct table_row *row, int column, struct err *err)
{
    err_at(err, row->line, column >= 0 && column < row->n ? row->cell[column].at : 0);
}

/* --- behind the head ----------------------------------------------------------------------------------------------------------- */

static struct table_row row_copy(struct arena *a, const struct table_row *row)
{
    struct table_cell *cells = arena_array(a, struct table_cell, (size_t)row->n);
    for (int i = 0; i < row->n; i++) {
        cells[i] = row->cell[i];
        cells[i].text = row->cell[i].text.n ? arena_str(a, row->cell[i].text) : STR("");
    }
    return (struct table_row){ .line = row->line, .hidden = row->hidden, .n = row->n, .cell = cells };
}

bool table_find_head(struct table_reader *t, struct table_head *ret, struct err *err)
{
    struct table_row *rows = arena_array(t->arena, struct table_row, TABLE_LOOK_MAX);
    int n = 0;
    bool end = false;
    while (n < TABLE_LOOK_MAX && !end) {
        struct table_row row;
        if (!table_next(t, &row, &end, err))
            return false;
        if (!end)
            rows[n++] = row_copy(t->arena, &row);
    }
    table_recognise(t->arena, rows, n, &t->head);
    for (int i = 0; t->xlsx && i < t->head.n; i++)
        ((struct table_column *)t->head.column)[i].hidden = xlsx_column_hidden(t->xlsx, i);
    t->ahead = rows;
    t->n_ahead = n;
    t->end_ahead = end;
    t->at_ahead = t->head.data;
    t->passed = arena_array(t->arena, struct table_passed, TABLE_PASSED_MAX);
    for (int i = 0; i < t->head.n_passed; i++)
        t->passed[t->n_passed++] = t->head.passed[i];
    t->passed_total = t->n_passed;
    *ret = t->head;
    return true;
}

bool table_data(struct table_reader *t, struct table_row *ret, bool *end, struct err *err)
{
    while (table_next(t, ret, end, err)) {
        enum table_why why = *end ? ROW_DATA : table_judge(&t->head, ret, &t->notes);
        if (why == ROW_DATA)
            return true;
        t->passed_total++;
        if (t->n_passed < TABLE_PASSED_MAX)
            t->passed[t->n_passed++] = (struct table_passed){ ret->line, why, table_row_text(t->arena, ret) };
    }
    return false;
}

const struct table_passed *table_passed(const struct table_reader *t, int *n, int64_t *total)
{
    *n = t->n_passed;
    *total = t->passed_total;
    return t->passed;
}

int table_why_name(enum table_why why)
{
    static const int NAMES[] = { [ROW_DATA] = M_TABLE_WHY_DATA, [ROW_TITLE] = M_TABLE_WHY_TITLE, [ROW_CAPTION] = M_TABLE_WHY_CAPTION,
        [ROW_HEAD] = M_TABLE_WHY_HEAD, [ROW_COLUMN_NUMBERS] = M_TABLE_WHY_COLUMN_NUMBERS, [ROW_GROUP] = M_TABLE_WHY_GROUP,
        [ROW_TOTAL] = M_TABLE_WHY_TOTAL, [ROW_NOTE] = M_TABLE_WHY_NOTE, [ROW_CONTINUED] = M_TABLE_WHY_CONTINUED, [ROW_EMPTY] = M_TABLE_WHY_EMPTY };
    return NAMES[why];
}
