/* What the files of this slice share and nobody else sees. */
#ifndef WHS_PASTE_INSIDE_H
#define WHS_PASTE_INSIDE_H

#include "office/entry/entry.h"
#include "office/paste/paste.h"
#include "paste_queries.h"

/* --- a matter as texts, as a form says it ------------------------------------------------------------------------------------- */

enum part {
    PART_TITLE, PART_SOURCE, PART_NUMBER, PART_REQUIREMENT, PART_DEADLINE, PART_UNIT_DEADLINE, PART_NO_DEADLINE, PART_LEAD, PART_ASSIST, PART_KIND, PART_LEADER, PART_URGENCY,
    PART_RECEIVED, PART_CONTACT, PART_READING, PART_INSTRUCTION,
    PARTS
};
struct part_info {
    const char *name;                            /* of the entry's field; "document_number" */
    int label;                                   /* message id */
    int from;                                    /* enum propose_field, -1: no text says it */
};
extern const struct part_info part_info[PARTS];

struct said { struct str v[PARTS]; struct str phrase; };         /* phrase: the deadline's words, as long as it is the one that was read */

/* A deadline as forms write it: 2022-05-18, or 2022-05-18 18:00. */
struct str paste_due(struct arena *a, instant_t due);
void said_of(struct arena *a, const struct propose_matter *m, struct said *ret);
/* What is still to be asked: bits 1 << enum part. */
unsigned said_missing(const struct said *s);
/* A doubt a person should look at before accepting; `strict` alone is none. */
bool matter_doubtful(const struct propose_matter *m);
/* What a person should know before accepting, each one sentence: why, else message and arguments (borrowed from m and s). */
struct doubt { const struct err *why; int msg; struct arg args[3]; int n; };
enum { MATTER_DOUBTS = 16 };
int matter_doubts(const struct propose_matter *m, const struct said *s, struct doubt ret[MATTER_DOUBTS]);
void said_input(struct arena *a, const struct said *s, struct entry_input *ret);
/* The text without its contacts. */
struct str paste_kept(struct arena *a, struct str text, const struct proposal *p);
/* A line alone that asks for nothing may be a title, where somebody says so. */
bool paste_bare_title(struct arena *a, struct str text, struct proposal *p);
/* Size, secrecy. field: "text". */
bool paste_check(struct str text, struct err *err);

/* --- reading --------------------------------------------------------------------------------------------------------------------- */

bool paste_names(struct db *db, struct arena *a, const struct actor *actor, const struct propose_names **ret, struct err *err);
/* paste_check(), names, propose(). at: now. */
bool paste_propose(struct db *db, struct arena *a, const struct actor *actor, const struct workdays *work, instant_t at, struct str text, struct proposal *ret, struct err *err);
/* Where the words name no day (尽快): the office's own limit in its place, marked in s->phrase, to be looked at. */
bool paste_limit(struct db *db, struct arena *a, int64_t office_id, const struct workdays *work, instant_t now, struct str text, const struct propose_matter *m, struct said *s,
                 struct err *err);
/* Entries the actor may see that look like this one: the same document number, or the same title within 30 days. */
struct twin { struct str number, title; bool same_number; };
enum { TWINS = 4 };
bool paste_twins(struct db *db, struct arena *a, const struct actor *actor, day_t today, struct str document, struct str title, struct twin ret[TWINS], size_t *n, struct err *err);

/* --- writing ------------------------------------------------------------------------------------------------------------------------ */

struct order {
    struct str text;                             /* as it is kept; STR_NULL: keep none */
    struct str nonce;                            /* STR_NULL: none */
    const struct said *said;
    struct entry_input *input;                   /* one of each */
    size_t n;
    struct str parent_title;                     /* STR_NULL: independent matters; else a parent with this title is registered before them */
    int64_t paste_id;                            /* out */
    char number[PASTE_MATTERS + 1][40];          /* out; with a parent it is the first */
    size_t n_numbers;
    size_t at;                                   /* out: the matter that was refused */
    struct problems problems;                    /* out: of that matter; the caller releases */
};
bool paste_register(struct txn *t, const struct actor *actor, struct order *o, struct err *err);
/* Keeps o->text as what these n entries came from; the parent, if there is one more than o->n, is the first. */
bool paste_origin(struct txn *t, struct order *o, const struct entry *e, size_t n, struct err *err);
bool paste_demo_day(struct txn *t, const struct demo_day *d, struct err *err);

enum { PASTE_ROUTES = 5, PASTE_COMMANDS = 1, PASTE_SCHEMAS = 4 };
extern const struct route paste_routes[PASTE_ROUTES];
extern const struct command paste_commands[PASTE_COMMANDS];
extern const struct schema paste_schemas[PASTE_SCHEMAS];
bool paste_block(struct req *rq, const struct entry *e, struct html *out, struct err *err);
void paste_api_post(struct req *rq);
/* One matter of a proposal as JSON. */
void paste_put_matter(struct buf *b, const struct propose_matter *m, struct str text, const struct said *s);

#endif
