/* What the files of this slice share and nobody else sees. */
#ifndef WHS_SHEET_INSIDE_H
#define WHS_SHEET_INSIDE_H

#include "calendar/workdays.h"
#include "format/table.h"
#include "messages.h"
#include "office/entry/entry_import.h"
#include "office/sheet/sheet.h"
#include "sheet_queries.h"

/* --- columns (columns.c), pure --------------------------------------------------------------------------------------------------- */

enum column {
    C_NUMBER, C_KIND, C_GENRE, C_ROLE, C_TITLE, C_SOURCE, C_REQUIREMENT, C_RECEIVED, C_DEADLINE, C_NO_DEADLINE_REASON, C_LEAD_UNIT, C_ASSIST_UNITS,
    C_OFFICER, C_LEADER, C_LISTS, C_URGENT, C_STATE, C_SETTLED, C_RESULT, C_VERSION, COLUMNS,
    C_EXTRA = COLUMNS,                           /* kept beside the entry under its own name */
    C_SKIP,                                      /* 序号: of no meaning */
};
const char *column_name(int c);                  /* "lead_unit"; "+" and "-" for the last two */
const char *column_label(enum lang lang, int c);

struct map { int n, to[TABLE_COLUMNS_MAX]; };
/* By the names, then by the synonyms offices use. A field is given to one column only; what nobody knows is kept. */
void map_propose(const struct table_head *h, struct map *ret);
bool map_has(const struct map *m, int column);
int map_at(const struct map *m, int column);     /* which cell; -1 none */
/* The first row of a file of ours, by its names (the title and most others are our own): read without the leniency that offices' own sheets need. */
bool map_exact(const struct str *name, int n);

/* --- cells (cells.c), pure --------------------------------------------------------------------------------------------------------- */

struct years { int year; day_t today; };         /* year: of days that do not say theirs; 0: today's, where that is not doubtful */
/* The one year a sheet's title names; 0 for none or several. */
int cell_title_year(struct str title);
enum moment { MOMENT_RECEIVED, MOMENT_DEADLINE };
/* A day without a year (5.20, 5/20, 5月20日, 5月底, also with 前) becomes 2022-05-20 in the arena; whatever date_read() takes, and what is no day, stays as it is.
 * Refused: a number that may have lost its last 0 (5.2 of CELL_NUMBER, which all cells of a csv are), a day that may be of either of two years. */
bool cell_day(struct arena *a, struct str text, enum table_type type, enum moment what, const struct years *y, struct str *ret, struct err *err);
/* 长期 常态化 持续推进 …: what stands in a deadline's place and is a reason for none. */
bool cell_lasting(struct str text);

struct cell_units {                              /* 市商务局、市财政局等 */
    struct str lead, assists;                    /* assists with ; */
    bool more;                                   /* 等, or words in brackets, were left out: the text itself is kept beside the entry */
};
void cell_units(struct arena *a, struct str text, struct cell_units *ret);
/* A title from a requirement: its first sentence, at most 200 characters. */
struct str cell_title(struct str text);

/* --- words (words.c), pure: 文 is document, 是 true, 2023-01-10 18:00 the instant ------------------------------------------------------- */

struct str cell_word(struct arena *a, int column, struct str code);    /* as a reader of Chinese sees it */
struct str cell_code(struct arena *a, int column, struct str cell);    /* back; what is no such word stays as it is */

/* --- one pass over a file (pass.c, row.c, edit.c) ------------------------------------------------------------------------------------ */

enum { SHOWN_MAX = 200, DIGEST_BYTES = 32, DIGEST_TEXT = 2 * DIGEST_BYTES };

struct pass {
    struct txn *t;                               /* off the writer: made of a reader */
    const struct actor *actor;
    struct sheet_plan plan;
    bool put, rows_kept;                         /* on the writer: what is decided is written; the bytes are a look's copy */
    struct arena *kept;                          /* of the whole pass; t->arena is emptied with each row */
    struct lookup names;
    struct import_numbers numbers;
    struct table_reader *table;
    struct table_head head;
    struct map map;
    bool exact;
    struct years years;
    const struct workdays *work;                 /* for phrases */
    struct table_row row;                        /* the one at work */
    int64_t *edited;                             /* numbers that a row changed already: an open table of hashes */
    size_t n_edited, cap_edited;
    int64_t column_id[TABLE_COLUMNS_MAX];        /* put: of further columns, 0 until one is needed */
    uint8_t fresh[DIGEST_BYTES], edits[DIGEST_BYTES];      /* chains over the new rows, and over the edits */
    struct sheet_result *result;
    store_progress *progress;
    void *progress_ctx;
    struct problems *problems;
    struct err *err;
    bool failed;
};
/* Reads bytes from the first to the last row. False: *p->err and *p->problems say why. */
bool pass_run(struct pass *p, struct str bytes);
/* A problem at the cell of that column (C_TITLE …), or of the row. */
void pass_problem(struct pass *p, struct err *e, int column);
bool pass_chain(struct pass *p, uint8_t chain[DIGEST_BYTES], const struct str *piece, size_t n, struct err *err);
struct str pass_cell(const struct pass *p, int column);                /* trimmed, of a file of ours as its code; STR_NULL when there is no such column */

/* row.c: a row without a number of ours, or with one that must be the next: registered. */
void row_new(struct pass *p);
/* edit.c: a row whose number we know: what differs is an edit. */
void row_returned(struct pass *p, struct str number);

/* --- further columns (extra.c) --------------------------------------------------------------------------------------------------------- */

struct extra { int64_t id; struct str name, value; };
bool extra_all(struct db *db, struct arena *a, int64_t office_id, struct extra **ret, size_t *n, struct err *err);    /* the columns */
bool extra_of(struct db *db, struct arena *a, int64_t office_id, int64_t entry_id, struct extra **ret, size_t *n, struct err *err);
bool extra_column(struct txn *t, struct str name, int64_t *ret, struct err *err);      /* made when it is not there */
/* One line of the journal for all of them; "" takes a value away. */
bool extra_put(struct txn *t, int64_t entry_id, day_t day, const struct extra *cells, size_t n, struct err *err);
bool extra_check(struct str name, struct str value, struct err *err);
bool extra_block(struct req *rq, const struct entry *e, struct html *out, struct err *err);

/* --- how an entry stands in a row (export.c) ------------------------------------------------------------------------------------------ */

struct cells { struct lookup *names; struct buf text[COLUMNS]; };
void cells_release(struct cells *c);
/* Every column but C_VERSION, as a file has it. */
bool cells_of(struct cells *c, const struct entry *e, struct err *err);
/* The version column: "3.1f2e3d4c", the entry's version and a digest of its row by which an unchanged row is known. text: COLUMNS of them; extra by id. */
uint32_t cells_digest(const struct str *text, const struct extra *extra, size_t n_extra);

/* --- what is kept between looking and taking (store.c) ------------------------------------------------------------------------------ */

void plan_put(struct buf *b, const struct sheet_plan *plan);           /* JSON */
bool plan_read(struct arena *a, struct str json, struct sheet_plan *ret, struct err *err);
struct str head_digest(struct arena *a, struct db *db, const struct table_head *h, struct err *err);
/* How this office last read such a head; *found false and *ret untouched when it never did. */
bool head_known(struct db *db, struct arena *a, int64_t office_id, struct str digest, struct sheet_plan *ret, bool *found, struct err *err);

/* upload.c: a file (a blob) before the member of this write; forgotten after a day, by sheet_job. */
bool upload_lay(struct txn *t, struct str name, const uint8_t sha256[32], int64_t *ret, struct err *err);
/* Taken away: taken or dropped. ERR_NOT_FOUND when it is gone already. The caller has seen that it lies before this member. */
bool upload_lift(struct txn *t, int64_t id, const uint8_t sha256[32], struct err *err);
extern const struct job_kind sheet_job;

/* demo.c */
bool sheet_demo_day(struct txn *t, const struct demo_day *d, struct err *err);

#define SHEET_ROUTES 11
#define SHEET_COMMANDS 2
extern const struct route sheet_routes[SHEET_ROUTES];
extern const struct command sheet_commands[SHEET_COMMANDS];

#endif
