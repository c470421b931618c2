/* What the files of this slice share and nobody else sees. */
#ifndef WHS_ENTRY_INSIDE_H
#define WHS_ENTRY_INSIDE_H

#include "calendar/deadline.h"
#include "entry_queries.h"
#include "office/command.h"
#include "office/entry/entry_import.h"
#include "office/entry/entry_rules.h"

/* --- fields of an entry_input ---------------------------------------------------------------------------------------------- */

enum field {
    F_KIND, F_TITLE, F_SOURCE, F_REQUIREMENT, F_RECEIVED, F_DEADLINE, F_UNIT_DEADLINE, F_DEADLINE_PHRASE, F_NO_DEADLINE_REASON, F_LEAD_UNIT,
    F_ASSIST_UNITS, F_OFFICER, F_LEADER, F_LISTS, F_URGENCY, F_URGENT, F_PROGRESS, F_GENRE, F_ROLE, F_READING, F_INSTRUCTION, F_PARENT, F_RESULT,
    F_PAPER_WHERE, F_PAPER_OUT, F_PAPER_BACK, F_CONTACT, F_TEXT, F_DAY, F_RECORDED_FOR, F_CORRECTS, F_LEADER_WORD, F_REPORTED_ON, F_GRANT, F_VERSION,
    FIELDS
};
#define FIELD_BIT(f) (1ull << (f))

struct field_info {
    const char *name;                            /* as in forms, JSON and csv */
    int label;                                   /* message id */
    size_t at;                                   /* in struct entry_input */
    int chars_max;
    bool prose;                                  /* free text: several lines allowed, looked through for markings of secrecy */
};
extern const struct field_info field_info[FIELDS];

/* --- reading an entry_input --------------------------------------------------------------------------------------------------- */

struct phrase_read {                             /* a deadline read from words; kept when the deadline is the one they name */
    instant_t due, strict, anchor;               /* INSTANT_NONE: the words were not read */
    struct str counted, edition;                 /* 'working' 'calendar' 'given'; the calendar's edition */
    int64_t days;                                /* counted in working days: how many */
    struct str words;                            /* as they are kept: 尽快 with the limit that it took */
    bool alone;                                  /* no date was given beside them: nobody has confirmed it */
};

#define PHRASE_NOT_READ { .due = INSTANT_NONE, .strict = INSTANT_NONE, .anchor = INSTANT_NONE }

struct intent {                                  /* what an act says besides the entry's own fields */
    uint64_t said;                               /* FIELD_BIT of everything given */
    day_t day;                                   /* DAY_NONE: today */
    struct str text, recorded_for, contact, leader_word, parent, deadline_phrase;
    day_t reported_on;
    int grant;                                   /* 1, 0, or -1 when not said */
    int64_t corrects, version;                   /* 0 when not said */
    instant_t asked;                             /* extend: the deadline it names; the entry's own is left alone */
    bool due_is_day, unit_due_is_day;            /* how the deadlines were written */
    struct phrase_read phrase;                   /* how deadline_phrase reads */
};

/* Reads `in` over *e (which holds the entry as it stands; entry_blank() for a registration) as far as `verb` takes it. All problems are
 * collected, the first in *err. What depends on the entry's history (day, version, parent) is left to the caller. */
bool input_read(struct lookup *names, enum entry_verb verb, const struct entry_input *in, instant_t now, struct entry *e, struct intent *ret,
                struct problems *problems, struct err *err);
/* The words, counted from `from`. ERR_INPUT names what they lack. alone: they make the deadline, so two readings are refused, and 尽快 takes the office's own
 * limit for such an entry as *e. */
bool phrase_read(struct lookup *names, const struct entry *e, struct str words, instant_t from, bool alone, struct phrase_read *ret, bool *is_day, struct err *err);
struct entry entry_blank(void);                  /* nothing said: NONE in every place that has one, texts "" */
struct intent intent_blank(void);

bool lists_keep_retired(const struct lookup *names, const struct entry *before, struct entry *after, struct err *err);

/* --- extensions ------------------------------------------------------------------------------------------------------------------- */

/* The unit asks, or the section asks for it (recorded_for); the section grants, refuses, or gives of itself. i as input_read() left it, with the unit's
 * deadline in `after` already when the section said one. */
bool extend_decide(const struct entry *before, struct entry *after, struct intent *i, bool section, struct err *err);

/* --- what changed --------------------------------------------------------------------------------------------------------------- */

/* The journal's before and after: the columns that differ, by id and number; before == NULL means a registration. */
void change_journal(const struct entry *before, const struct entry *after, const struct intent *i, struct buf *from, struct buf *to);
/* The history's {"lead_unit":["市商务局","市科技局"],…}: what a reader should see, by names; "" when there is nothing. */
bool change_shown(struct lookup *names, const struct entry *before, const struct entry *after, const struct intent *i, struct str *ret,
                  struct err *err);

/* --- rows ------------------------------------------------------------------------------------------------------------------------- */

struct entry_row entry_to_row(const struct entry *e);
struct entry entry_from_row(const struct entry_row *r);
bool entry_load_sets(struct db *db, struct arena *a, struct entry *e, struct err *err);        /* lists and assists */
bool act_day_check(struct db *db, int64_t office_id, day_t day, day_t today, day_t last_day, struct err *err);
struct str entry_number(struct arena *a, bool reading, enum entry_kind kind, int year, int64_t n);
struct str entry_series(bool reading, enum entry_kind kind);   /* "document" … "reading" */

#endif
