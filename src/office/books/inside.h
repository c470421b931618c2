/* What the files of this slice share and nobody else sees. */
#ifndef WHS_BOOKS_INSIDE_H
#define WHS_BOOKS_INSIDE_H

#include "books_queries.h"
#include "office/books/books.h"
#include "office/slice.h"
#include "web/web.h"

/* --- pure (rules.c) --------------------------------------------------------------------------------------------------------------- */

/* 1,234.50 -> 1234500000; “—”, “-” and "" are VALUE_NONE. ERR_INPUT for what is no number, has more decimals than that, or is too large. */
bool value_read(struct str s, int decimals, int64_t *ret, struct err *err);
void value_write(struct buf *b, int64_t value, int decimals);        /* "" for VALUE_NONE */

/* 2022-03, 202203, 2022年3月; 2022-Q1, 2022年一季度; 2022, 2022年. */
bool span_read(struct str s, enum every every, int *ret, struct err *err);
void span_write(struct buf *b, enum every every, int period);        /* 2022-03 2022-Q1 2022: as files and the API have it */
void span_say(struct buf *b, enum lang lang, enum every every, int period);
int span_of(enum every every, int year, int month);                  /* the period that holds this month */
int span_step(enum every every, int period, int by);
bool books_every_read(struct str s, enum every *ret);
struct str books_every_code(enum every e);
int books_every_msg(enum every e);

/* How a value stands to another: in tenths of a percent, or, of a rate in percent, the difference itself (百分点). */
enum grow_kind { GROW_NONE, GROW_PERCENT, GROW_POINTS };
struct grow { enum grow_kind kind; int64_t by; };                    /* tenths of a percent; millionths of a point */
struct grow grow_of(int64_t now, int64_t then, bool rate);
void grow_write(struct buf *b, struct grow g, int decimals);         /* +3.2% · -0.13个百分点 without the words · — */
/* The period's own amount of a cumulative indicator: value minus the period before it in the same year. */
int64_t value_own(int64_t value, int64_t before, bool first_of_year);

/* --- pure (diff.c) ---------------------------------------------------------------------------------------------------------------- */

enum diff_kind { DIFF_SAME, DIFF_GONE, DIFF_NEW };
struct diff_piece { enum diff_kind kind; struct str text; };
/* By sentences (a line end ends one too). SAME and GONE in order are the old text, SAME and NEW the new one; neighbours of a kind are one piece. */
struct diff_piece *overview_diff(struct arena *a, struct str old, struct str new, size_t *n);
/* 一、… and "# …" are 1; （一）… and "## …" are 2; else 0. *text: without the #. */
int overview_heading(struct str line, struct str *text);
bool overview_has(struct str body, struct str words);                /* all of the words that blanks separate */

/* --- rights ----------------------------------------------------------------------------------------------------------------------- */

bool books_sees(const struct actor *actor, int64_t unit_id);
bool books_writer(const struct actor *actor, struct err *err);
bool books_prose(struct str s, int chars_max, const char *field, bool lines, bool must, struct err *err);
bool books_unit(struct db *db, struct arena *a, const struct actor *actor, struct str id_or_name, struct party *ret, struct err *err);
bool books_unit_by_id(struct db *db, struct arena *a, const struct actor *actor, int64_t id, struct party *ret, struct err *err);
/* "" or “全市” is the whole (id 0). */
bool books_whose(struct db *db, struct arena *a, const struct actor *actor, struct str id_or_name, int64_t *ret, struct str *name, struct err *err);
bool indicator_find(struct db *db, struct arena *a, const struct actor *actor, struct str id_or_name, struct indicator *ret, struct err *err);

/* One cell twice in one write is refused: which of the two is meant? */
bool values_once(struct arena *a, const struct indicator *i, size_t n_indicators, const struct value_edit *edit, size_t n, struct err *err);

/* --- files and pasted tables (sheet.c) ----------------------------------------------------------------------------------------------- */

/* csv: indicator,unit,period,value,note[,why]; all problems by line and column. */
bool sheet_read_values(struct db *db, struct arena *a, const struct actor *actor, struct str bytes, struct value_edit **ret, size_t *n, struct problems *p,
                       struct err *err);
bool sheet_write_values(struct db *db, struct arena *a, const struct actor *actor, struct buf *out, struct err *err);
/* Cells of a spreadsheet, parted by tabs: first line periods, first cell of each further line an indicator. */
bool sheet_read_paste(struct db *db, struct arena *a, const struct actor *actor, int64_t unit_id, struct str text, struct value_edit **ret, size_t *n,
                      struct problems *p, struct err *err);

/* --- pages and API, by their files ----------------------------------------------------------------------------------------------------- */

web_handler books_get, books_overview_page_get, books_overview_post, books_edit_get, books_compare_get, books_restore_post, books_form_get,
    books_indicator_post, books_indicator_page_get, books_figure_get, books_figure_post, books_data_get, books_data_post, books_data_paste,
    books_overviews_get, books_overview_api_get, books_versions_get, books_overview_api_post, books_indicators_get, books_indicator_api_post,
    books_values_api_get, books_values_api_post, books_value_api_history;

enum { BOOKS_COMMANDS = 1 };
extern const struct command books_commands[BOOKS_COMMANDS];
bool books_demo_day(struct txn *t, const struct demo_day *d, struct err *err);

#endif
