/* What the parts of table.h share. */
#ifndef WHS_FORMAT_TABLE_INNER_H
#define WHS_FORMAT_TABLE_INNER_H

#include "format/csv.h"
#include "format/table.h"
#include "format/xlsx.h"

struct table_reader {
    struct arena *arena;                         /* the caller's */
    enum table_format format;
    struct csv csv;
    struct xlsx *xlsx;                           /* NULL for csv */
    struct arena row_arena;                      /* csv: what csv_row() copies, emptied with each row */
    struct table_cell cell[TABLE_COLUMNS_MAX];   /* of the row given last */
    struct table_head head;
    const struct table_row *ahead;               /* rows read to find the head, given again from at_ahead on */
    int n_ahead, at_ahead;
    bool end_ahead;                              /* behind them the table ends */
    bool notes;                                  /* table_judge()'s */
    struct table_passed *passed;
    int n_passed;
    int64_t passed_total;
};

/* One text in its shortest honest form for a list of what was passed over: joined by blanks, at most 80 bytes. */
struct str table_row_text(struct arena *a, const struct table_row *row);

/* table_words.c */
bool word_is_value(struct str s);                /* number, date, time */
bool word_is_label(struct str s);                /* may be a column's name */
bool word_is_known(struct str s);                /* has a word that names of columns have */
bool word_is_enumerated(struct str s);           /* 一、 （一） 第一部分 */
bool word_is_total(struct str s);
bool word_is_note(struct str s);                 /* 备注：… 填表人：… */
struct str word_squeeze(struct arena *a, struct str s);    /* 责 任\n单位 -> 责任单位 */

/* --- writing: what csv and xlsx do each in their way ------------------------------------------------------------------------------- */

struct table_writer {
    table_sink *sink;
    void *ctx;
    bool failed;                                 /* err tells; nothing is written any more */
    struct err err;
    int n, at;                                   /* columns; cells put into this row */
    void (*cell)(struct table_writer *w, enum table_type type, struct str text, double v);   /* text: the value as csv shows it; v: number, or days since 1970 */
    void (*row)(struct table_writer *w);
    void (*close)(struct table_writer *w);
    void (*free)(struct table_writer *w);        /* what is inside */
};
void table_send(struct table_writer *w, const void *p, size_t n);
struct table_writer *table_xlsx_begin(const struct table_plan *plan);       /* may have failed already */

#endif
