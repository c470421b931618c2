/* Tables: one way to read and write rows, whether they lie in csv or xlsx, and to find the head of a table as offices draw them.
 *
 *     struct table_reader *t;
 *     struct table_head head;
 *     struct table_row row;
 *     bool end = false, ok = table_open(&a, bytes, NULL, &t, err) && table_find_head(t, &head, err);
 *     while (ok && (ok = table_data(t, &row, &end, err)) && !end)
 *         for (int i = 0; i < head.n && i < row.n; i++)
 *             use(head.column[i].name, row.cell[i].text);                       // head.column[i] names row.cell[i]
 *     table_close(t);
 *
 * READING. Foreign xlsx is read by a child without files or network (cage.h); rows arrive as they are read, in order. A row and its cells are valid until
 * the next row is asked for; what recognition gave lives in the arena of table_open(). Texts are valid UTF-8, may hold \n (and \t), and are given as they lie there,
 * but for blanks at both ends. A file can turn out to be damaged at its end: until *end nothing of it may be taken.
 *
 * Days and numbers of xlsx become texts: 2022-05-20 or 2022-05-20 18:00 or 18:00 for what is shown as a date or time, else the number with all its decimals, and at
 * least those its format shows (5.2 as 0.00 is 5.20), without thousands marks. What was typed as text stays as it is. In csv all is text.
 *
 * Threads: a reader or writer belongs to one thread at a time. Opening an xlsx starts a process; at most CAGES_MAX live at once (ERR_BUSY).
 */
#ifndef WHS_FORMAT_TABLE_H
#define WHS_FORMAT_TABLE_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/tr.h"

enum {
    TABLE_COLUMNS_MAX = 256,                     /* a text further right is ERR_LIMIT, an empty cell is not seen */
    TABLE_CELL_MAX = 128 * 1024,                 /* bytes of one text */
    TABLE_LOOK_MAX = 30,                             /* rows in which a head is looked for */
    TABLE_PASSED_MAX = 100,
};

enum table_format { FORMAT_CSV, FORMAT_XLSX };

/* --- reading ------------------------------------------------------------------------------------------------------------------- */

enum table_type {
    CELL_TEXT, CELL_INT, CELL_NUMBER, CELL_DAY, CELL_INSTANT, CELL_TIME,
    CELL_FLAG,                                  /* TRUE or FALSE */
    CELL_ERROR,                                 /* #N/A, #REF! … */
    CELL_UNCOMPUTED,                            /* a formula whose value was not saved: "" */
};

enum { CELL_MERGED = 1, CELL_FROM_LEFT = 2, CELL_FROM_ABOVE = 4 };   /* merged: any cell of the area; the text is spread over all of it */

struct table_cell {
    struct str text;                             /* never NULL; "" when empty */
    enum table_type type;
    unsigned char merged;                        /* CELL_MERGED | … */
    int at;                                      /* what err.column says of it: csv: the character it begins at; xlsx: its column, A is 1 */
};

struct table_row {
    int line;                                    /* 1-based: csv: line of the file; xlsx: row of the sheet */
    bool hidden;                                 /* xlsx: by hand or by a filter */
    int n;                                       /* cells up to the last that is not empty; 1 … TABLE_COLUMNS_MAX */
    const struct table_cell *cell;
};

struct table_ask {
    struct str sheet;                            /* xlsx: by name; STR_NULL: the first visible one that is not empty */
    bool glance;                                 /* for a look at the first rows while somebody waits: ends after two seconds of work */
};

struct table_reader;

/* bytes stay the caller's and lie still until table_close(). ask may be NULL. ERR_INPUT says what the file is when it is no table. */
bool table_open(struct arena *a, struct str bytes, const struct table_ask *ask, struct table_reader **ret, struct err *err);
/* Reading an xlsx twice, the second time where nobody may wait for a child (the writer): from here on b gets what is read; after *end it holds all rows, and
 * table_open_kept() reads them again as they were. Before the first row; csv needs none of it, and b stays empty. A file whose rows are more than b may hold is
 * ERR_LIMIT. kept is our own, never a file. */
void table_keep(struct table_reader *t, struct buf *b);
void table_open_kept(struct arena *a, struct str kept, struct table_reader **ret);
/* The next row with anything in it. After *end or false no further call but table_close(). */
bool table_next(struct table_reader *t, struct table_row *ret, bool *end, struct err *err);
void table_close(struct table_reader *t);               /* NULL is allowed */

enum table_format table_format(const struct table_reader *t);
/* xlsx, once a row was read: the sheet and the names of all sheets in order; csv: STR_NULL, none. */
struct str table_sheet(const struct table_reader *t);
const struct str *table_sheets(const struct table_reader *t, int *n);

/* 3行C列 in the reader's language: column from 0. */
void table_place(struct buf *b, enum lang lang, int line, int column);
/* err gets line and column of that cell (column from 0; beyond the row: its line alone). */
void table_at(const struct table_row *row, int column, struct err *err);

/* --- recognising the offices' own sheets ------------------------------------------------------------------------------------------ */

enum table_why {
    ROW_DATA,
    ROW_TITLE,                                 /* ××工作台账（截至5月9日） */
    ROW_CAPTION,                               /* above the head: 填报单位： …  单位：万元 */
    ROW_HEAD,                                  /* the head once more, on another page */
    ROW_COLUMN_NUMBERS,                        /* 1 2 3 4 … below the head (栏次) */
    ROW_GROUP,                                 /* 一、重点工作: over the whole width, heading the rows below */
    ROW_TOTAL,                                 /* 合计 小计 */
    ROW_NOTE,                                  /* 注：… 填表人：… */
    ROW_CONTINUED,                             /* nothing but cells merged from above, or a number alone */
    ROW_EMPTY,
};

struct table_passed { int line; enum table_why why; struct str text; };          /* text: what stands there, its first 80 bytes */

struct table_column {
    struct str name;                             /* lines and blanks inside taken out; a head of two rows: 时限·部门; "" when it has none */
    bool hidden;                                 /* xlsx: the column is hidden */
};

struct table_head {
    int first, rows;                             /* index of its first row among those looked at; rows 0: no head was found, columns have no names */
    int line;                                    /* of its first row; 0 when there is none */
    int data;                                    /* index of the first row behind it */
    int n;                                       /* columns */
    const struct table_column *column;
    int number_column;                           /* 序号, counted and of no meaning; -1: none */
    struct str title;                            /* of the sheet, STR_NULL: none */
    const struct table_passed *passed;           /* above the data */
    int n_passed;
};

/* Pure: looks at the first rows of a table. */
void table_recognise(struct arena *a, const struct table_row *rows, int n, struct table_head *ret);
/* Pure: what a row behind the head is. notes: rows behind the first note are notes when they have but one text (kept by the caller, first false). */
enum table_why table_judge(const struct table_head *h, const struct table_row *row, bool *notes);

/* Reads the first TABLE_LOOK_MAX rows and recognises; table_data() then begins behind the head. Before any row was read. */
bool table_find_head(struct table_reader *t, struct table_head *ret, struct err *err);
/* The next row that table_judge() calls data. */
bool table_data(struct table_reader *t, struct table_row *ret, bool *end, struct err *err);
/* What was passed over, above and between the data, as far as read: the first TABLE_PASSED_MAX, of *total. */
const struct table_passed *table_passed(const struct table_reader *t, int *n, int64_t *total);
int table_why_name(enum table_why why);          /* a message id: 标题行 … */

/* --- writing ------------------------------------------------------------------------------------------------------------------- */

struct table_field {
    struct str name;
    enum table_type type;                        /* TEXT INT NUMBER DAY INSTANT: how cells are shown; each cell says itself what it is */
    int width;                                   /* xlsx: characters of half width; 0: by type */
    bool wrap;
};

struct table_plan {
    struct str sheet;                            /* its name; STR_NULL: Sheet1. Forbidden signs are replaced */
    struct str title;                            /* a row above the head, over the whole width; STR_NULL: none. Not in csv */
    const struct table_field *field;
    int n;
    bool portrait;                               /* else the sheet is printed across */
    enum lang lang;                              /* of the page's foot: 第1页，共3页 */
};

/* Where bytes go as they come; false stops. */
typedef bool table_sink(void *ctx, const void *p, size_t n);
bool table_to_buf(void *ctx, const void *p, size_t n);               /* ctx: struct buf *; false when over */
bool table_to_fd(void *ctx, const void *p, size_t n);                /* ctx: int * */

struct table_writer;

/* The head is written at once. The plan is copied as far as needed. Calls between begin and end have no outcome: the first failure is kept and told by
 * table_end(), which frees in any case. xlsx needs a folder for temporary files (TMPDIR, /tmp; a full one is ERR_IO); csv begins with a byte-order mark. */
bool table_begin(enum table_format format, const struct table_plan *plan, table_sink *sink, void *ctx, struct table_writer **ret, struct err *err);
void table_put(struct table_writer *w, struct str text);             /* text stays text, also = + - @; NULL is empty */
void table_put_int(struct table_writer *w, int64_t v);
void table_put_number(struct table_writer *w, double v);
void table_put_day(struct table_writer *w, day_t d);                 /* a real date, yyyy-mm-dd; DAY_NONE is empty */
void table_put_instant(struct table_writer *w, instant_t at);        /* yyyy-mm-dd hh:mm of UTC+08:00 */
void table_put_row(struct table_writer *w);                          /* ends the row */
bool table_end(struct table_writer *w, struct err *err);
void table_drop(struct table_writer *w);                             /* instead of table_end(): nothing more is sent */

#endif
