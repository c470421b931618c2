/* 收表汇总: a form or table that units fill by a deadline; who has not answered is urged, the answers are checked, merged, summed and sent up.
 *
 * A collection (收表) has a blank, the units asked, and rounds (期): one, or one for each occurrence of its rule. Each round has a deadline and, for each
 * unit asked, one answer with its versions.
 *
 * Invariants
 *   - In every round asked = answered + zero + missing, by the states of its answers; the three are kept in the round's row and recounted by whoever doubts.
 *   - 零报告 is an answer; silence, a draft and an answer that was returned are missing.
 *   - A version is never changed. What was sent up is kept as text with its SHA-256; what changes afterwards are versions and sheets marked 更正.
 *   - A round is opened once: its key is the day its rule names.
 *   - A liaison sees and writes the answers of own parties alone; whoever may not see a collection is told that there is none.
 *   - Cells of columns marked 个人信息 are ciphertext in rows and journal; only collect_unmask(), a recorded act, and an export with a reason open them.
 */
#ifndef WHS_OFFICE_COLLECT_H
#define WHS_OFFICE_COLLECT_H

#include "calendar/recur.h"
#include "office/collect/blank.h"
#include "office/slice.h"

enum {
    COLLECT_UNITS_MAX = 2000, COLLECT_ROWS_MAX = 2000, COLLECT_BODY_MAX = 1 << 20, COLLECT_AHEAD_MAX = 30, COLLECT_TITLE_CHARS = 120, COLLECT_ABOUT_CHARS = 500,
    COLLECT_TEXT_CHARS = 300,
    COLLECT_CATCH_UP_DAYS = 7,                   /* rounds nobody opened in time are opened late, but none whose deadline passed longer ago */
};

struct collect {
    int64_t id, section_id, entry_id;
    struct str entry;                            /* its number, "" without */
    struct str title, about, every;              /* every: a recurrence as stored (calendar/recur.h); "" for once */
    int ahead;                                   /* a round opens at the start of the day that many days before its own */
    int many;                                    /* 0: one row for each unit; else at most so many */
    bool zero, ended;
    int form;                                    /* version of the blank for the next round */
    int64_t rounds, version;
    instant_t created_at;
};

struct collect_round {
    int64_t id, collect_id, n;
    int form;
    day_t key, day;                              /* the day its rule names; the day it is for, after a move off rest days */
    instant_t opened_at, due;                    /* due is exclusive, as everywhere */
    bool sent;
    int64_t sheets, asked, answered, zero;
};
static inline int64_t collect_missing(const struct collect_round *r) { return r->asked - r->answered - r->zero; }

enum answer_state { ANSWER_ASKED, ANSWER_DRAFT, ANSWER_DONE, ANSWER_RETURNED, ANSWER_ACCEPTED };

struct collect_answer {
    int64_t party_id;
    struct str unit, category;
    enum answer_state state;
    bool zero, late, reopened;
    int64_t rev;                                 /* grows with everything that is done to it: what a form was filled against */
    int64_t n;                                   /* versions; 0: never answered */
    instant_t first_at, at;                      /* of the first and of the last version */
    struct str by, said_by, reason;              /* who wrote it; 代录: whose words; why it was returned or opened again */
    int64_t urged;
    instant_t urged_at;
    int64_t zeros;                               /* zero reports in a row, this one included */
    int64_t warned;                              /* cumulative columns that fell, at the last version */
    bool corrected;                              /* the last version came after the round was sent up */
    struct str body, draft;                      /* personal cells sealed; only where the reader was asked for them */
};

/* --- the section's acts; ERR_DENIED but for the section that keeps it ------------------------------------------------------------------- */

struct collect_input {                           /* all as typed; p == NULL: not given, on a change: as it is */
    struct str title, about, entry, form, every, weekday, month_day, day, time, ahead, many, zero, version;
    struct str *units, *categories;              /* names of units, and of categories of units, together */
    size_t n_units, n_categories;
    bool units_given;
};
bool collect_add(struct txn *t, const struct actor *actor, const struct collect_input *in, int64_t *ret, struct problems *p, struct err *err);
bool collect_change(struct txn *t, const struct actor *actor, int64_t id, const struct collect_input *in, struct problems *p, struct err *err);
bool collect_end(struct txn *t, const struct actor *actor, int64_t id, struct err *err);
/* Opens what is to be open by now; *next: when it is to be asked again, INSTANT_NONE: never. Without an actor: the background's. */
bool collect_open_due(struct txn *t, int64_t id, instant_t *next, struct err *err);

/* 催报: all that are missing (party 0) or one; how many. */
bool collect_urge(struct txn *t, const struct actor *actor, int64_t id, int64_t round, int64_t party_id, struct str text, int64_t *urged, struct err *err);
enum answer_verb { ANSWER_SAVE, ANSWER_SUBMIT, ANSWER_RETURN, ANSWER_ACCEPT, ANSWER_REOPEN, ANSWER_VERBS };
/* Return, accept, reopen. */
bool collect_judge(struct txn *t, const struct actor *actor, int64_t id, int64_t round, int64_t party_id, enum answer_verb verb, struct str reason, struct err *err);
bool collect_accept_all(struct txn *t, const struct actor *actor, int64_t id, int64_t round, int64_t *n, struct err *err);
/* 上报: freezes the sheet as it is; a second one is a correction. While a unit is missing or an answer is not accepted only when gaps_ok says that this is known. */
struct collect_send { struct str to; bool gaps_ok; };
bool collect_send(struct txn *t, const struct actor *actor, int64_t id, int64_t round, const struct collect_send *s, int64_t *sheet, struct err *err);
/* The personal cells in clear, after the recorded act: of one unit, or (party 0) of the whole round for an export. */
bool collect_unmask(struct txn *t, const struct actor *actor, int64_t id, int64_t round, int64_t party_id, struct str reason, struct err *err);

/* --- answering: the unit itself, or the section for it (代录) ------------------------------------------------------------------------------ */

struct collect_filled {
    int64_t party_id;
    bool submit, zero;
    struct str *cells;                           /* as typed: n_rows times the blank's columns, in its order */
    size_t n_rows;
    const int *line, *column;                    /* where each row and cell stands in the file, or NULL: numbers of row and cell */
    struct str said_by, reason, rev;             /* reason: of a correction the section records after 上报 */
    int64_t warned;                              /* given back */
};
bool collect_answer_put(struct txn *t, const struct actor *actor, int64_t id, int64_t round, struct collect_filled *f, struct problems *p, struct err *err);

/* --- reading, through the actor ------------------------------------------------------------------------------------------------------------ */

bool collect_get(struct db *db, struct arena *a, const struct actor *actor, int64_t id, struct collect *ret, struct err *err);
/* n = 0: the newest that this actor sees. */
bool collect_round_get(struct db *db, struct arena *a, const struct actor *actor, int64_t id, int64_t n, struct collect *c, struct collect_round *ret, struct err *err);
bool collect_blank(struct db *db, struct arena *a, int64_t office_id, int64_t id, int form, struct blank *ret, struct err *err);

extern const struct slice collect_slice;

#endif
