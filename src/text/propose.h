/* From a pasted notice, message, telephone note or minutes to proposed entries (粘贴登记). Pure: no I/O, no clock, no store.
 *
 * Nothing is invented. Each field says from which bytes of the text it was taken; what the text does not say is absent, and the caller asks for it. A name counts only
 * when it stands in the caller's table, whole: 财政局 inside 某县财政局 is another one's. A wrong field is worse than an empty one.
 *
 * The text is valid UTF-8; a marking of secrecy is the caller's to refuse before (office/entry). All results live in the arena and borrow the text.
 */
#ifndef WHS_TEXT_PROPOSE_H
#define WHS_TEXT_PROPOSE_H

#include "base/arena.h"
#include "calendar/deadline.h"
#include "calendar/workdays.h"

/* --- names ------------------------------------------------------------------------------------------------------------------- */

enum propose_name_kind { NAME_UNIT, NAME_OWN, NAME_LEADER, NAME_OFFICE };   /* OWN: the section itself; OFFICE: its office, never a lead unit */
struct propose_name {
    struct str name;                             /* as it may stand in a text: the name, its short form, an alias */
    struct str says;                             /* what the field then holds: the party's full name */
    enum propose_name_kind kind;
};
struct propose_names;
/* Borrows the texts. Shorter than two characters are passed over. Lives in the arena, may be read by many threads. */
const struct propose_names *propose_names_make(struct arena *a, const struct propose_name *list, size_t n);

/* --- what is proposed ---------------------------------------------------------------------------------------------------------- */

enum propose_field {
    PROPOSE_KIND,                                /* "document" "meeting" "affair" */
    PROPOSE_TITLE, PROPOSE_SOURCE, PROPOSE_NUMBER, PROPOSE_REQUIREMENT, PROPOSE_DEADLINE, PROPOSE_UNIT_DEADLINE, PROPOSE_LEAD, PROPOSE_ASSIST, PROPOSE_LEADER,
    PROPOSE_INSTRUCTION,                         /* the instruction's words */
    PROPOSE_URGENCY, PROPOSE_READING, PROPOSE_RECEIVED, PROPOSE_CONTACT,
    PROPOSE_FIELDS
};
extern const char *const propose_field_name[PROPOSE_FIELDS];     /* "lead_unit": names of fields of entries; "document_number" */

struct propose_span { size_t from, to; };        /* bytes of the pasted text */
enum { PROPOSE_SPANS = 8, PROPOSE_MATTERS = 200, PROPOSE_BYTES = 65536 };

struct propose_value {
    struct str text;                             /* STR_NULL: the text does not say. Units and leaders by their full names, several with ';'; deadlines as written */
    struct propose_span span[PROPOSE_SPANS];
    int n_spans;
    bool shared;                                 /* stated once for all matters of the text */
};

enum {                                           /* bits of propose_matter.doubts: what a person should look at */
    PROPOSE_UNKNOWN_UNIT = 1,                    /* named as responsible, but in no table: `unknown` */
    PROPOSE_SEVERAL_DEADLINES = 2,               /* more than the two an entry has: `further` is the next one's words */
    PROPOSE_MEETING_TIME = 4,                    /* the deadline was counted from the meeting's time in the same text */
};

struct propose_matter {
    struct propose_value field[PROPOSE_FIELDS];
    struct deadline due, unit_due;               /* kind NONE: none, or not readable: `why`, notes */
    struct str unknown, further;
    unsigned doubts;
    struct propose_span part;                    /* where the matter stands in the text */
};

struct proposal {
    struct propose_matter *matter;               /* none: the text asks for nothing and is no paper */
    size_t n;
    struct str title;                            /* the paper's own: its title's lines, or the head of minutes; "": it has none. Never who issued or signed it */
    bool cut;                                    /* more than PROPOSE_MATTERS */
    struct propose_span *contact;                /* personal lines (联系人, telephones), in order: to be taken out of what is kept */
    size_t n_contacts;
    instant_t meeting_at;                        /* the meeting's time, or INSTANT_NONE */
};

/* ask->at is now, or when the paper was received: what 今天 and counted days start from. Text beyond PROPOSE_BYTES is not looked at. */
void propose(struct str text, const struct propose_names *names, const struct deadline_ask *ask, struct arena *a, struct proposal *ret);

#endif
