/* What the files of this slice share and nobody else sees. */
#ifndef WHS_COLLECT_INSIDE_H
#define WHS_COLLECT_INSIDE_H

#include "collect_queries.h"
#include "office/collect/collect.h"
#include "store/journal.h"

/* --- rules.c, pure ----------------------------------------------------------------------------------------------------------------------- */

enum count { COUNT_MISSING, COUNT_ANSWERED, COUNT_ZERO };
enum count collect_count_of(enum answer_state s, bool zero);

struct answer_now {
    enum answer_state state;
    bool reopened, sent, over;                   /* the round was sent up; its deadline has passed */
    bool by_section, reason;                     /* who acts; a reason is given */
};
struct answer_then { enum answer_state state; bool reopened; };
bool answer_next(const struct answer_now *now, enum answer_verb verb, struct answer_then *ret, struct err *err);
bool answer_waits(enum answer_state s, bool reopened, bool sent);

/* How to urge next: a word in the group, a call, whoever is in charge there; or to wait, for it was just done. */
enum ladder { LADDER_WAIT, LADDER_GROUP, LADDER_CALL, LADDER_HEAD };
enum ladder ladder_step(instant_t now, instant_t due, int64_t urged);

struct schedule { const struct recur *recur; const struct workdays *work; int ahead; instant_t since; };
size_t schedule_due(const struct schedule *s, day_t last, instant_t now, struct recur_time *ret, size_t cap, instant_t *next);

struct str answer_code(enum answer_state s);
enum answer_state answer_of_code(struct str s);
int answer_msg(enum answer_state s, bool zero);
struct str verb_code(enum answer_verb v);
bool verb_of_code(struct str s, enum answer_verb *ret);

/* --- input.c: what was typed about a collection ------------------------------------------------------------------------------------------- */

struct collect_checked {
    struct str title, about, every, blank;       /* every and blank as stored */
    int64_t entry_id, ahead, many;
    bool zero;
    struct recur recur;                          /* RECUR_NONE: once */
    day_t day;                                   /* once: the day, and the deadline */
    instant_t due;
    int64_t *units;                              /* parties in official order */
    size_t n_units;
};
/* Everything but what only a stored collection decides. was: NULL for a new one. */
bool collect_check(struct txn *t, const struct actor *actor, const struct collect *was, const struct collect_input *in, struct collect_checked *ret, struct problems *p,
                   struct err *err);

/* --- store.c -------------------------------------------------------------------------------------------------------------------------------- */

#define COLLECT_JOB "collect_round"
/* Opens what is due and puts the job for the next. */
bool collect_open_and_wait(struct txn *t, int64_t id, struct err *err);
/* In a write: the row as it is, if this actor may write it. */
bool collect_own(struct txn *t, const struct actor *actor, int64_t id, struct collect *ret, struct err *err);
bool collect_note(struct txn *t, int64_t id, const char *verb, const struct buf *after, struct err *err);
/* A line of the round's history, beside its journal line. */
struct collect_did { int64_t id, round, party_id; const char *verb; int64_t n; struct str text; };
bool collect_did(struct txn *t, const struct collect_did *d, struct err *err);
/* The round's figures after one answer changed. */
bool collect_recount(struct txn *t, const struct collect_round *r, enum count was, enum count is, struct err *err);

/* --- read.c --------------------------------------------------------------------------------------------------------------------------------- */

bool collect_sees_all(const struct actor *a, const struct collect *c);       /* its section, and leaders */
bool collect_keeps(const struct actor *a, const struct collect *c);
bool collect_row_get(struct db *db, struct arena *a, int64_t office_id, int64_t id, struct collect *ret, bool *found, struct err *err);
bool collect_round_row(struct db *db, struct arena *a, int64_t office_id, int64_t id, int64_t n, struct collect_round *ret, bool *found, struct err *err);
/* One unit's answer with its body and draft; ERR_NOT_FOUND for whoever may not see it. */
bool collect_answer_get(struct db *db, struct arena *a, const struct actor *actor, const struct collect *c, const struct collect_round *r, int64_t party_id,
                        struct collect_answer *ret, struct err *err);
/* All of a round in official order, without bodies. For whoever sees all. */
bool collect_answers(struct db *db, struct arena *a, int64_t office_id, const struct collect_round *r, struct collect_answer **ret, size_t *n, struct err *err);
/* The last body of the unit before this round, at most LOOK_BACK rounds ago; STR_NULL without. Of another blank: cells by the names of columns. */
enum { LOOK_BACK = 31 };
bool collect_before(struct db *db, struct arena *a, int64_t office_id, const struct collect_round *r, int64_t party_id, const struct blank *k, struct str **cells, size_t *n,
                    struct err *err);

struct collect_line {                            /* of the list */
    int64_t id, rounds;
    struct str title, every;
    bool ended, any, sent;
    day_t day, newest;
    instant_t due;
    int64_t asked, answered, zero;
};
bool collect_list(struct db *db, struct arena *a, const struct actor *actor, day_t before, int limit, struct collect_line **ret, size_t *n, struct err *err);
bool collect_of_entry(struct db *db, struct arena *a, const struct actor *actor, int64_t entry_id, struct collect_line **ret, size_t *n, struct err *err);
struct collect_line collect_line_of(const struct collect_line_row *r);

struct collect_ask {                             /* of a unit's list */
    int64_t id, round, party_id, urged;
    struct str title;
    day_t day;
    instant_t due;
    enum answer_state state;
    bool zero, reopened;
};
/* What waits for the unit's hand and is due in these instants, the earliest first; what it was asked before `to`, the latest first. */
bool collect_waits(struct db *db, struct arena *a, int64_t office_id, int64_t party_id, instant_t from, instant_t to, int limit, struct collect_ask **ret, size_t *n,
                   struct err *err);
bool collect_asks(struct db *db, struct arena *a, int64_t office_id, int64_t party_id, instant_t to, int limit, struct collect_ask **ret, size_t *n, struct err *err);
bool collect_rounds(struct db *db, struct arena *a, int64_t office_id, int64_t id, int64_t before, int limit, struct collect_round **ret, size_t *n, struct err *err);

/* --- merge.c: the merged table ------------------------------------------------------------------------------------------------------------------ */

struct merged_row { struct str unit; int64_t party_id; bool first, zero, corrected; size_t n_rows; struct str *cells; };
struct merged {
    struct blank blank;
    struct merged_row *rows;                     /* one for each row of each unit that answered; a zero report is one without cells */
    size_t n;
    struct blank_sum sum[BLANK_COLUMNS_MAX];
    struct str *missing;                         /* names, in official order */
    size_t n_missing;
    int64_t answered, zero;
};
enum { MERGED_ROWS_MAX = 100000 };
/* clear: personal cells opened; else they show MASK. */
bool collect_merge(struct store *s, struct db *db, struct arena *a, int64_t office_id, const struct collect_round *r, bool clear, struct merged *ret, struct err *err);
void merged_csv(struct buf *b, const struct collect *c, const struct collect_round *r, const struct merged *m);
bool merged_xlsx(struct arena *a, struct buf *b, const struct collect *c, const struct collect_round *r, const struct merged *m, struct err *err);

/* --- personal.c --------------------------------------------------------------------------------------------------------------------------------- */

#define MASK "＊＊＊"
/* Sealed for this place; opened from it. */
bool personal_seal(struct txn *t, const struct collect_round *r, int64_t party_id, const struct blank *k, struct str *cells, size_t n_rows, struct err *err);
bool personal_open(struct store *s, struct db *db, struct arena *a, int64_t office_id, const struct collect_round *r, int64_t party_id, const struct blank *k, struct str *cells,
                   size_t n_rows, struct err *err);
struct personal_place { int64_t round_id, party_id; size_t row; int column; };
bool personal_open_cell(struct store *s, struct db *db, struct arena *a, int64_t office_id, const struct personal_place *at, struct str *cell, struct err *err);
/* For whoever is not to read them: MASK, or with numbers MASK and the row's number, which a form gives back to leave the cell as it is. */
void personal_mask(struct arena *a, const struct blank *k, struct str *cells, size_t n_rows, bool numbers);
bool blank_personal(const struct blank *k);

/* --- paste.c: rows from text ------------------------------------------------------------------------------------------------------------------------ */

struct pasted { struct str *cells; size_t n_rows; int *line, *column; };
/* Tab-separated cells, or csv where the first line has no tab. A first line with the columns' names tells their order. */
bool paste_read(struct arena *a, const struct blank *k, struct str text, struct pasted *ret, struct err *err);
/* A csv or xlsx file with the columns' names in its head, as offices draw their sheets (format/table.h). Slow: starts a process. */
bool paste_file(struct arena *a, const struct blank *k, struct str bytes, struct pasted *ret, struct err *err);

/* --- outside -------------------------------------------------------------------------------------------------------------------------------------- */

enum { COLLECT_COMMANDS = 1, COLLECT_SCHEMAS = 9 };
extern const struct schema collect_schemas[COLLECT_SCHEMAS];
void collect_api_list(struct req *rq);
void collect_api_add(struct req *rq);
void collect_api_get(struct req *rq);
void collect_api_change(struct req *rq);
void collect_api_end(struct req *rq);
void collect_api_round(struct req *rq);
void collect_api_rounds(struct req *rq);
void collect_api_table(struct req *rq);
void collect_api_do(struct req *rq);
/* As the API and the command line tell it. */
bool collect_put_json(struct db *db, struct arena *a, int64_t office_id, const struct collect *c, struct buf *b, struct err *err);
void collect_put_line(struct buf *b, const struct collect_line *k);
void collect_put_round_line(struct buf *b, const struct collect_round *r);
void collect_put_ask(struct buf *b, const struct collect_ask *k);
bool collect_put_round(struct db *db, struct arena *a, const struct actor *actor, const struct collect *c, const struct collect_round *r, struct buf *b, struct err *err);
extern const struct command collect_commands[COLLECT_COMMANDS];
extern const struct job_kind collect_jobs[1];
bool collect_demo_day(struct txn *t, const struct demo_day *d, struct err *err);
bool collect_entry_block(struct req *rq, const struct entry *e, struct html *out, struct err *err);
bool collect_today_block(struct req *rq, struct html *out, struct err *err);

/* At most `most` names of those that have not answered (missing) or whose answer is not accepted, and how many they are. */
struct str collect_gap_names(struct arena *a, const struct collect_answer *all, size_t n, bool missing, size_t most, int64_t *count);

/* Rounds of a rule in people's words: 每个工作日 16:00. */
struct str collect_every_say(struct arena *a, enum lang lang, struct str every);

#endif
