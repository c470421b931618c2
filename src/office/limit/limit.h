/* 部门默认时限: the limits a section works to where a paper names no day (批示件15个工作日, 纪要20个工作日 …), as data of the office.
 *
 * Offered, never silently set: who takes one says so in the entry's deadline phrase (本科室时限：15个工作日). The first rule that fits counts. The table is one
 * text among the office's settings, so every change is journalled whole; without one the built-in table holds.
 */
#ifndef WHS_OFFICE_LIMIT_H
#define WHS_OFFICE_LIMIT_H

#include "calendar/workdays.h"
#include "office/entry/entry.h"

enum { LIMIT_RULES_MAX = 20, LIMIT_NAME_CHARS = 20, LIMIT_WORDS_CHARS = 40, LIMIT_DAYS_MAX = 366 };

struct limit_rule {
    struct str name;                             /* 批示件·加急 */
    int kind;                                    /* enum entry_kind, or -1: any */
    int instruction;                             /* 1: came from an instruction, 0: did not, -1: any */
    struct str urgency;                          /* 特急 …; "": any */
    struct str words;                            /* several with 、 : one of them stands in title or source; "": any */
    int days;
    bool working;                                /* working days, else days of the calendar */
};

/* --- pure ----------------------------------------------------------------------------------------------------------------------- */
const struct limit_rule *limit_match(const struct limit_rule *rule, size_t n, const struct own_limit_ask *ask);       /* NULL: none fits */
/* The last day of it, counted from `from`, which is not counted (民法典 201). */
day_t limit_day(const struct workdays *w, const struct limit_rule *r, day_t from);
/* 本科室时限：15个工作日, as it stands in the entry, whatever the reader's language. */
struct str limit_phrase(struct arena *a, const struct limit_rule *r);

/* --- of the office ----------------------------------------------------------------------------------------------------------------- */
bool limit_rules(struct db *db, struct arena *a, int64_t office_id, struct limit_rule **ret, size_t *n, struct err *err);
/* *found false: no rule fits. */
bool limit_for(struct db *db, struct arena *a, int64_t office_id, const struct own_limit_ask *ask, struct limit_rule *ret, bool *found, struct err *err);
/* The chief's. seen: the table as its writer saw it (limit_text()), or STR_NULL; another one meanwhile is ERR_CONFLICT. Problems bear the rule's place as line. */
bool limit_save(struct txn *t, const struct actor *actor, const struct limit_rule *rule, size_t n, struct str seen, struct err *err);
struct str limit_text(struct arena *a, const struct limit_rule *rule, size_t n);

extern const struct slice limit_slice;

#endif
