/* csv: RFC 4180 both ways, as offices' spreadsheets write it.
 *
 * Reading takes UTF-8 with or without a byte-order mark, else GB18030; line ends \r\n or \n; a last line without one. Cells are views into
 * the text or copies in the arena. Writing quotes where needed, ends lines with \r\n, and keeps a spreadsheet from running a
 * cell as a formula: a cell that begins with = + - @ (or their wide forms) gets a ' before it, which reading takes off again (any number of ' before such a
 * sign counts as one more, so that every text survives the way there and back).
 */
#ifndef WHS_FORMAT_CSV_H
#define WHS_FORMAT_CSV_H

#include "base/arena.h"
#include "base/err.h"

enum { CSV_CELLS_MAX = 256 };

struct csv_cell {
    struct str text;
    int line, column;                            /* where it begins: 1-based, column in characters */
};

struct csv {
    struct arena *arena;
    struct str text;                             /* UTF-8 without mark */
    size_t at;
    int line, column;
};

/* ERR_INPUT when the bytes are neither UTF-8 nor GB18030. */
bool csv_open(struct arena *a, struct str bytes, struct csv *ret, struct err *err);
/* The next row that is not blank; *end at the end of the text. cells has room for CSV_CELLS_MAX. ERR_INPUT names line and column. */
bool csv_row(struct csv *c, struct csv_cell *cells, size_t *n, bool *end, struct err *err);

/* Writing: cells of a row, first = true for the first, then csv_end(). */
void csv_put(struct buf *b, struct str cell, bool first);
void csv_end(struct buf *b);

#endif
