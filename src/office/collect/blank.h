/* The blank (表样) of a collection: its columns, what each cell may hold, and the sums that must hold between them. Pure.
 *
 * As written and as stored, a line for each column: name | type | conditions …, and a line for each rule:
 *     新增转运 | 整数 | 必填 | 0..99999 | 说明：昨日18时至今日18时
 *     累计转运 | 整数 | 累计
 *     合计 = 男 + 女
 * A tab or ｜ parts as well as |, a line without any is a column of text. blank_put() writes one form of it, which blank_read() takes.
 *
 * A cell is kept as its canonical text: "" for none, "1234", "-0.50" with all its places, "2022-05-09", a choice's own word, 是 or 否. A row is its cells with
 * tabs between them, an answer's rows end in '\n'. So a cell holds neither tab nor line end, and a body of no rows is "".
 *
 * Numbers are integers scaled by ten to the column's places: sums are exact, and what does not fit in 64 bits is said, never rounded.
 */
#ifndef WHS_COLLECT_BLANK_H
#define WHS_COLLECT_BLANK_H

#include "base/arena.h"
#include "base/err.h"
#include "calendar/date.h"

enum {
    BLANK_COLUMNS_MAX = 80, BLANK_RULES_MAX = 40, BLANK_TERMS_MAX = 24, BLANK_CHOICES_MAX = 40, BLANK_PLACES_MAX = 6,
    BLANK_NAME_CHARS = 40, BLANK_HELP_CHARS = 120, BLANK_CELL_CHARS = 500, BLANK_DIGITS = 15, BLANK_TEXT_MAX = 32 << 10,
};

enum cell_type { COL_TEXT, COL_INT, COL_DECIMAL, COL_DAY, COL_CHOICE, COL_FLAG };

struct blank_column {
    struct str name, help;
    enum cell_type type;
    int places;                                  /* COL_DECIMAL: 1 … BLANK_PLACES_MAX */
    bool must, personal, cumulative, not_later;
    bool has_min, has_max;
    int64_t min, max;                            /* scaled */
    struct str *choices;
    int n_choices;
};

enum blank_op { OP_EQ, OP_LE, OP_LT, OP_GE, OP_GT };
struct blank_term { int column; int64_t v; bool minus; };       /* column -1: the number v, scaled by BLANK_PLACES_MAX */
struct blank_rule {
    struct str text;                             /* as a person reads it */
    enum blank_op op;
    struct blank_term term[BLANK_TERMS_MAX];
    int n_left, n;
};

struct blank {
    struct blank_column column[BLANK_COLUMNS_MAX];
    struct blank_rule rule[BLANK_RULES_MAX];
    int n, n_rules;
};

/* Strings of *ret lie in the arena. Every problem names its line and column. */
bool blank_read(struct arena *a, struct str text, struct blank *ret, struct problems *p, struct err *err);
void blank_put(struct buf *b, const struct blank *k);

static inline bool blank_counts(const struct blank_column *c) { return c->type == COL_INT || c->type == COL_DECIMAL; }

/* What was typed, made canonical; full-width figures and 1,234 are read, units (万, %) are refused. ERR_INPUT names the column. */
bool cell_read(struct arena *a, const struct blank_column *c, struct str typed, day_t today, struct str *ret, struct err *err);
/* The value of a canonical cell: scaled number, day, 1 or 0. False for none. */
bool cell_value(const struct blank_column *c, struct str text, int64_t *ret);
void cell_put(struct buf *b, const struct blank_column *c, int64_t v);     /* of a number column, as kept */

/* Splits a body into cells: n rows of k->n cells each. */
struct str *body_cells(struct arena *a, const struct blank *k, struct str body, size_t *n_rows);
void body_put_row(struct buf *b, const struct blank *k, const struct str *cells);

/* The first rule that a row of canonical cells breaks, or NULL. A rule is looked at when all its cells are filled; in an equation an empty cell counts as 0
 * as soon as one is filled. */
const struct blank_rule *blank_broken(const struct blank *k, const struct str *cells);
/* How many cumulative columns fell below what they were (sums over the rows). fallen: by column, may be NULL. */
int blank_fallen(const struct blank *k, const struct str *cells, size_t n, const struct str *before, size_t n_before, bool *fallen);

struct blank_sum { int64_t v; bool any, over; };
void blank_add(const struct blank *k, const struct str *cells, size_t n_rows, struct blank_sum sum[BLANK_COLUMNS_MAX]);

#endif
