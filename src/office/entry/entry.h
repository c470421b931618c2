/* Entry: one document, meeting or affair (文、会、事) with its source, requirement, deadline and lead unit, from registration to archive.
 *
 * Invariants
 *   - An entry to act on has all four fields; without a deadline it has the reason why. A reading item (阅件) needs only title and source.
 *   - State changes only by the table of domain.md 2 (entry_rules.h); an illegal move is refused by name and changes nothing.
 *   - Numbers are gapless per office, kind and year of the day of registration (reading items have a series of their own: 阅2022-0001).
 *   - Every act has `at` (recorded) and `day` (counts for); day lies in an open month, not in the future, and never before the entry's last act.
 *   - Each act is one row of its history and one journal line, written with the entry, its stand and its lists in one transaction.
 *   - Who may see an entry: whoever holds a seat of a party in `stand` (its section, lead and assisting units, officer, leader). Everyone else gets NOT_FOUND.
 *   - No text with a secrecy marking enters (涉密件不进系统).
 */
#ifndef WHS_OFFICE_ENTRY_H
#define WHS_OFFICE_ENTRY_H

#include "calendar/workdays.h"
#include "people/party.h"

enum entry_kind { ENTRY_DOCUMENT, ENTRY_MEETING, ENTRY_AFFAIR, ENTRY_KINDS };
enum entry_state {
    STATE_PENDING, STATE_ACTIVE, STATE_RETURNED, STATE_REVIEW, STATE_SETTLED, STATE_ARCHIVED, STATE_SUSPENDED, STATE_WITHDRAWN, STATES,
    STATE_NONE = -1,                             /* before registration */
};
enum entry_verb {
    VERB_REGISTER, VERB_ACCEPT, VERB_RETURN, VERB_ASSIGN, VERB_SUBMIT, VERB_REJECT, VERB_SETTLE, VERB_SUSPEND, VERB_RESUME, VERB_WITHDRAW,
    VERB_ARCHIVE, VERB_REOPEN, VERB_FEEDBACK, VERB_URGE, VERB_EXTEND,
    VERB_AMEND,                                  /* 更改: fields other than state; with `corrects`, 更正 */
    VERB_UNMASK,                                 /* 查看联系人: a recorded act with a reason */
    VERBS,
};
enum { ENTRY_LISTS_MAX = 16, ENTRY_ASSISTS_MAX = 32, ENTRY_TITLE_CHARS = 200, ENTRY_TEXT_CHARS = 4000 };

struct entry {
    int64_t office_id, id;
    struct str number;
    enum entry_kind kind;
    bool reading;
    enum entry_state state;
    int64_t section_id;
    struct str title, source, requirement;
    instant_t received_at;
    day_t day;
    instant_t due, unit_due;                     /* INSTANT_NONE when there is none; exclusive ends */
    struct str no_deadline_reason;
    int64_t lead_id, officer_id, leader_id;      /* 0 when there is none */
    struct str urgency, progress, genre, role;
    bool instruction;
    int64_t parent_id;
    int64_t open_parts;
    struct str result;
    struct str paper_where;
    instant_t paper_out_at, paper_back_at;
    struct str contact;                          /* sealed bytes; opened only by VERB_UNMASK */
    instant_t asked_due;
    day_t settled_day;
    bool late;
    day_t look_back_day, last_day;
    int64_t carried, version, created_by;
    int64_t lists[ENTRY_LISTS_MAX];
    int n_lists;
    int64_t assists[ENTRY_ASSISTS_MAX];
    int n_assists;
    const struct act *act;                       /* from entry_register() and entry_act(): the act just written, in the write's arena; else NULL */
};

/* One act of the history. */
struct act {
    int64_t n, journal_seq;
    instant_t at;
    day_t day;
    int64_t actor_id, deputy_of;
    struct str actor_name;                       /* when read; with deputy: "张某（代李某）" */
    enum entry_verb verb;
    struct str recorded_for;
    enum entry_state from, to;
    struct str text;
    struct str change;
    int64_t corrects;
};

/* What a form, an API call, a csv row or a command says, as texts; STR_NULL where nothing was said. Read and checked inside the write, where
 * the stored data is: names become parties, days are held against closed months. */
struct entry_input {
    struct str kind, title, source, requirement, received;     /* received: a day or an instant */
    struct str deadline, unit_deadline;          /* a day (end of that day) or an instant, any writing date_read() knows; "" removes */
    struct str deadline_phrase, no_deadline_reason;
    struct str lead_unit, assist_units, officer, leader, lists;   /* several with ; or 、 */
    struct str urgency, urgent, progress, genre, role, reading, instruction, parent, result;
    struct str paper_where, paper_out, paper_back, contact;
    struct str text, day, recorded_for;          /* of the act itself */
    struct str corrects;                         /* amend: the act this puts right */
    struct str leader_word, reported_on;         /* settle of an instruction entry */
    struct str grant;                            /* extend: "true" "false"; absent: a unit asks, a section grants what it gives */
    struct str version;                          /* If-Match: the version the caller saw; a newer one is ERR_CONFLICT */
};

/* Sets the field of that name ("lead_unit"; "received_at" is "received") to borrowed bytes; false when there is none. Forms, JSON and csv alike. */
bool entry_input_set(struct entry_input *in, struct str name, struct str value);

/* The working calendar in force in an office: that of the slice that keeps it. */
bool office_calendar(struct db *db, struct arena *a, int64_t office_id, const struct workdays **ret, struct err *err);

/* 本科室时限：15个工作日, what words without a day (尽快, 抓紧, 近期) mean in the office for such an entry: from the slice that keeps the limits. STR_NULL: no limit fits. */
struct own_limit_ask { int kind; bool instruction; struct str urgency, title, source, requirement; };      /* kind: enum entry_kind, -1 not known */
bool office_own_limit(struct db *db, struct arena *a, int64_t office_id, const struct own_limit_ask *ask, struct str *ret, struct err *err);
/* 尽快（本科室时限：15个工作日）, which reads as the limit it names; when that is longer than a phrase may be, the limit alone. */
struct str own_limit_words(struct arena *a, struct str words, struct str limit);

/* --- on the writer -------------------------------------------------------------------------------------------------------- */
/* Registers. All problems of the input are collected in *problems (may be NULL); err is the first. */
bool entry_register(struct txn *t, const struct actor *actor, const struct entry_input *in, struct entry *ret, struct problems *problems,
                    struct err *err);
/* What a registration would be, without its number; nothing is written. */
bool entry_check(struct txn *t, const struct actor *actor, const struct entry_input *in, struct entry *ret, struct problems *problems, struct err *err);
/* 分解: parts of one entry, all or none. Each takes from its parent what its input leaves unsaid: title (with the unit behind it), requirement, deadline (the unit's,
 * else ours); and always kind, source, received, leader, officer, lists, urgency. Problems bear the part's place (from 1) as line. version: of the parent, as the
 * caller saw it; 0: any. later: the latest of the parts' days that lies behind the parent's own deadline, DAY_NONE when none does: a warning. */
enum { ENTRY_SPLIT_MAX = 100 };
struct entry_split { struct entry *made; size_t n; day_t later; };
bool entry_split(struct txn *t, const struct actor *actor, struct str number, const struct entry_input *part, size_t n, int64_t version, struct entry_split *ret,
                 struct problems *problems, struct err *err);
/* Any later verb. Withdrawing an entry withdraws its open parts, and theirs, in the same write for the same reason; suspending leaves them alone. */
bool entry_act(struct txn *t, const struct actor *actor, struct str number, enum entry_verb verb, const struct entry_input *in,
               struct entry *ret, struct err *err);
/* What entry_act() would do, decided and not written: with a reader or on the writer. Both as the entry is before and after; names of the second are
 * those of a written one but for its history. */
bool entry_act_would(struct txn *t, const struct actor *actor, struct str number, enum entry_verb verb, const struct entry_input *in,
                     struct entry *before, struct entry *after, struct err *err);
/* The contact in clear text, after the recorded act VERB_UNMASK with in->text as reason. */
bool entry_unmask(struct txn *t, const struct actor *actor, struct str number, struct str reason, struct str *contact, struct err *err);
/* List definitions (清单). */
bool entry_list_add(struct txn *t, struct str name, int64_t *ret, struct err *err);
/* Told by closing: a month was closed and carried this entry. */
bool entry_mark_carried(struct txn *t, int64_t entry_id, struct err *err);

/* A deadline counted in working days from its anchor, of an open entry, that another edition of the calendar counted. */
struct entry_counted {
    int64_t entry_id;
    struct str number, title;
    bool unit;                                   /* the unit's deadline, else ours */
    day_t anchor;
    int days;
    bool confirmed;                              /* by a person: never moves by itself */
    instant_t due, unit_due;                     /* of the entry, whichever of them was counted */
};
/* In the order of entries, ours before the unit's. Whole office, without an actor. */
bool entry_counted(struct db *db, struct arena *a, int64_t office_id, struct str edition, struct entry_counted **ret, size_t *n, struct err *err);
/* Counted again by `edition`: an entry whose deadline moves gets an act of today (更改) with `reason`; the others only keep the new edition. */
struct entry_redate {
    int64_t entry_id;
    bool ours, units;                            /* which of the two were counted again */
    instant_t due, unit_due;                     /* of the entry afterwards, both */
};
bool entry_redate(struct txn *t, const struct entry_redate *what, size_t n, struct str reason, struct str edition, int64_t *moved, struct err *err);

/* 交接: open entries of one officer become another's, each by an act of today (更改) with that text; whose right it is, the caller has decided, and txn.deputy_of
 * is set. ERR_CONFLICT when one of them is not that officer's or not open. versions: of the entries afterwards. */
bool entry_hand_over(struct txn *t, const struct actor *actor, const int64_t *ids, size_t n, int64_t from, int64_t to, struct str text,
                     int64_t *versions, struct err *err);

/* One line of text that another slice keeps beside an entry: valid UTF-8, 1 … chars_max characters, no marking of secrecy. label: message id of the
 * field's name. */
bool entry_text_check(struct str s, const char *field, int label, int chars_max, struct err *err);

/* --- reading, through the actor ------------------------------------------------------------------------------------------- */
/* ERR_NOT_FOUND for what the actor may not see, exactly as for what is not there. Strings live in the arena. */
bool entry_fetch(struct db *db, struct arena *a, const struct actor *actor, struct str number, struct entry *ret, struct err *err);
bool entry_history(struct db *db, struct arena *a, const struct actor *actor, const struct entry *e, struct act **ret, size_t *n, struct err *err);
/* Whole row without an actor: for on_entry_change hooks and closing, on the writer only. */
bool entry_by_id(struct db *db, struct arena *a, int64_t office_id, int64_t id, struct entry *ret, bool *found, struct err *err);

struct entry_due {                               /* how our deadline came about */
    struct str phrase;                           /* as written, or "" */
    instant_t anchor, strict;                    /* strict: where the strict reading ends; INSTANT_NONE without a deadline */
    int64_t days;                                /* counted in working days from anchor: how many; else 0 */
    bool whole_day;
};
/* Of an entry that was fetched. */
bool entry_due_of(struct db *db, struct arena *a, const struct entry *e, struct entry_due *ret, struct err *err);

struct entry_line {                              /* one line of a list */
    int64_t id;
    struct str number, title, source, requirement;
    enum entry_kind kind;
    enum entry_state state;
    bool reading;
    instant_t due, unit_due;
    day_t day, settled_day, last_day;
    struct str lead, officer, leader;            /* names */
    int64_t lead_id, officer_id, leader_id;
    struct str urgency, progress, result;
    bool late;
    int64_t carried;
    instant_t order_due;                         /* by which a list by deadline has it: the unit's own in a unit's list; INT64_MAX for none */
};
/* How a list is ordered. Every order has a cursor (entry_cursor). */
enum entry_order {
    ENTRY_NEWEST, ENTRY_OLDEST,                  /* by registration */
    ENTRY_BY_DUE,                                /* the earliest deadline first, none at the end */
    ENTRY_BY_NUMBER,
    ENTRY_BY_UNIT, ENTRY_BY_LEADER,              /* in official order, the section's own before the units', without one at the end; within by registration */
    ENTRY_ORDERS,
};
/* Typed filter; zero/NONE means any. Made into SQL by store/filter.c alone; always through the actor's stand. */
struct entry_filter {
    int state;                                   /* enum entry_state, or -1 any, or -2 every open one */
    int kind;                                    /* -1 any */
    int reading;                                 /* 0 to act on, 1 reading items, -1 both */
    int64_t unit_id, list_id, officer_id, leader_id;
    struct str category;                         /* of the lead unit */
    struct str urgency, progress;
    bool instruction;                            /* only what came from a leader's instruction */
    int64_t carried;                             /* at least so often; 0 any */
    day_t day_from, day_to;                      /* of registration, inclusive; DAY_NONE */
    instant_t due_from, due_to;                  /* due_from <= due < due_to */
    day_t settled_from, settled_to;
    day_t span_from, span_to;                    /* registered, due or settled in these days: the ledger of a day, week or month */
    struct str q;                                /* words in title, source, requirement or number */
    enum entry_order order;
    int64_t after;                               /* entry id: go on behind this one; 0 from the beginning */
    instant_t after_due;                         /* by deadline: and this one's order_due */
    struct str after_number;                     /* by number: behind this one alone */
    int64_t after_group;                         /* by unit or leader: and of this one, -1 for none */
    int limit;                                   /* at most 1000 */
};
#define ENTRY_FILTER_ANY ((struct entry_filter){ .state = -1, .kind = -1, .reading = -1, .day_from = DAY_NONE, .day_to = DAY_NONE, \
    .due_from = INSTANT_NONE, .due_to = INSTANT_NONE, .settled_from = DAY_NONE, .settled_to = DAY_NONE, .span_from = DAY_NONE, \
    .span_to = DAY_NONE, .limit = 100 })
bool entry_lines(struct db *db, struct arena *a, const struct actor *actor, const struct entry_filter *f, struct entry_line **ret, size_t *n,
                 struct err *err);
/* Where the list goes on behind its last line, as one word for an address; entry_cursor_read() puts it into a filter of the same order. */
struct str entry_cursor(struct arena *a, const struct entry_filter *f, const struct entry_line *last);
bool entry_cursor_read(struct str s, struct entry_filter *f, struct err *err);
/* One condition by its name: state kind reading unit list officer leader category q urgency progress carried instruction sort limit; registered and settled
 * (a month), day_from day_to settled_from settled_to due_from due_to (days); day week month (registered, due or settled in it); due (overdue today near week, for
 * which there is `when`). Names and ids alike. */
struct entry_when { instant_t now; day_t today; instant_t near; };
bool entry_filter_take(struct db *db, struct arena *a, const struct actor *actor, const struct entry_when *when, struct str name, struct str value,
                       struct entry_filter *f, struct err *err);
extern const char *const entry_conditions[];     /* those names but limit, NULL at the end: what an address of the ledger says */
extern const char *const entry_sorts[ENTRY_ORDERS];    /* "newest" "oldest" "due" "number" "unit" "leader" */
extern const char *const entry_urgencies[], *const entry_progresses[];      /* the words, NULL at the end */
/* The line of one entry; ERR_NOT_FOUND as entry_fetch(). */
bool entry_line_of(struct db *db, struct arena *a, const struct actor *actor, struct str number, struct entry_line *ret, struct err *err);
/* How many, up to cap (the page then says "cap+"). */
bool entry_count(struct db *db, struct arena *a, const struct actor *actor, const struct entry_filter *f, int cap, int *ret, struct err *err);

/* The core of today's page, one index walk per party: open, to act on, due before `until`, earliest first. */
bool entry_due_lines(struct db *db, struct arena *a, const struct actor *actor, instant_t from, instant_t until, int limit,
                     struct entry_line **ret, size_t *n, struct err *err);
/* The newest registrations, or those in one state (-1: any), to act on and to read alike; the other questions of today's page. */
bool entry_new_lines(struct db *db, struct arena *a, const struct actor *actor, int state, int limit, struct entry_line **ret, size_t *n,
                     struct err *err);

/* Extensions asked for and not answered yet, in the matters of the actor's home party, the oldest first: one statement. */
struct entry_asking { struct str number, title, lead; instant_t asked_due; };
bool entry_asked(struct db *db, struct arena *a, const struct actor *actor, int limit, struct entry_asking **ret, size_t *n, struct err *err);

struct entry_kin {                               /* of an entry that was fetched: what it was taken from and parted into (分解) */
    struct entry_line *parent;                   /* NULL without one, and for whoever may not see it */
    struct entry_line *parts;                    /* those the actor may see, in the order of registration */
    size_t n_parts;
};
enum { ENTRY_PARTS_MAX = 200 };
bool entry_kin(struct db *db, struct arena *a, const struct actor *actor, const struct entry *e, struct entry_kin *ret, struct err *err);
/* Has this member done that with an entry that was seen, or had the section write it down (代录)? */
bool entry_acted(struct db *db, struct arena *a, const struct actor *actor, int64_t entry_id, enum entry_verb verb, bool *ret, struct err *err);

/* How lines look outside: JSON for the API and --json, one line of text for the command line. */
void entry_line_json(const struct entry_line *l, instant_t now, struct buf *out);
void entry_line_text(enum lang lang, const struct entry_line *l, struct buf *out);

/* Lists in use whose members are kept by hand. */
struct entry_listdef { int64_t id; struct str name; };
bool entry_lists(struct db *db, struct arena *a, int64_t office_id, struct entry_listdef **ret, size_t *n, struct err *err);

/* --- words ----------------------------------------------------------------------------------------------------------------- */
struct str entry_kind_code(enum entry_kind k);   /* "document" */
struct str entry_state_code(enum entry_state s); /* "pending" */
struct str entry_verb_code(enum entry_verb v);   /* "accept" */
bool entry_kind_read(struct str s, enum entry_kind *ret);      /* code, or 文 会 事 / 公文 会议 事项 */
bool entry_state_read(struct str s, enum entry_state *ret);    /* code or Chinese word */
bool entry_verb_read(struct str s, enum entry_verb *ret);
int entry_state_msg(enum entry_state s, bool reading);         /* message id: 待签收 …; reading items: 待阅 已阅 */
int entry_kind_msg(enum entry_kind k);
int entry_verb_msg(enum entry_verb v);
int entry_act_msg(const struct act *a, bool reading);          /* as the history calls it: 改派, 更正 … */
static inline bool entry_state_open(enum entry_state s)
{
    return s == STATE_PENDING || s == STATE_ACTIVE || s == STATE_RETURNED || s == STATE_REVIEW || s == STATE_SUSPENDED;
}

/* Light of a deadline from working time left: settings in working days. */
enum light { LIGHT_NONE, LIGHT_GREEN, LIGHT_YELLOW, LIGHT_RED };

#endif
