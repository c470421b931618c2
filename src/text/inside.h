/* What the files of this folder share. */
#ifndef WHS_TEXT_INSIDE_H
#define WHS_TEXT_INSIDE_H

#include "text/propose.h"

enum { NONE = -1 };
#define NOWHERE ((size_t)-1)

enum {                                           /* what a byte belongs to: bits */
    IN_TITLE_MARKS = 1,                          /* 《…》 */
    IN_WORDS = 2,                                /* the quoted words of an instruction */
    IN_ADDRESSEES = 4,                           /* 主送机关 */
    IN_SIGNATURE = 8,                            /* 落款: who and when */
    IN_CONTACT = 16,
    IN_HEAD = 32,                                /* red head, number, urgency, title */
    IN_MEETING_TIME = 64,
    IN_COPY = 128,                               /* 抄送 and what is printed below it */
};

struct line {
    size_t from, to;                             /* without blanks at both ends */
    size_t text;                                 /* behind its item mark */
    int level;                                   /* 0 none; 1 一、 2 （一） 3 1. 4 （1） ①, 5 a table's row */
};

struct hit { size_t from, to; const struct propose_name *name; };

struct paper {                                   /* the text being read */
    struct str s;
    struct arena *a;
    const struct propose_names *names;
    const struct deadline_ask *ask;
    uint8_t *mask;
    struct line *line;
    size_t n_lines;
    struct hit *hit;
    size_t n_hits;
    struct deadline *due;
    size_t n_due;
    struct proposal *out;
    struct propose_span meeting;                 /* words of its time */
    bool minutes, notice;                        /* a 会议纪要; a 会议通知 */
    struct propose_value source, number, urgency, received, title, contact;
};

/* --- small readers ------------------------------------------------------------------------------------------------------------ */

size_t text_find(const struct paper *p, size_t from, size_t to, const char *what);      /* NOWHERE */
bool text_at(const struct paper *p, size_t i, const char *what);
/* Length of the first of `words` (NULL at the end) that stands at i before `to`, else 0. */
size_t text_any(const struct paper *p, size_t i, size_t to, const char *const *words);
bool text_before(const struct paper *p, size_t i, const char *what);                    /* ends right before i */
size_t text_any_before(const struct paper *p, size_t i, const char *const *words);
size_t text_step(const struct paper *p, size_t i);                                      /* the next character's start */
size_t text_back(const struct paper *p, size_t i);                                      /* the character's start before i */
bool text_han(const struct paper *p, size_t i);                                         /* an ideograph */
struct propose_span text_trim(const struct paper *p, struct propose_span s);            /* blanks and marks at both ends */
struct str text_of(const struct paper *p, struct propose_span s);
bool text_masked(const struct paper *p, size_t i, unsigned bits);
void text_mask(struct paper *p, size_t from, size_t to, unsigned bits);
/* End of the sentence from i: the first of 。！？ and line ends, not beyond `to`. */
size_t text_sentence_end(const struct paper *p, size_t i, size_t to);
/* End of the clause: also ，；：and the like. */
size_t text_clause_end(const struct paper *p, size_t i, size_t to);

void value_set(struct propose_value *v, struct str text, struct propose_span s);
void value_words(const struct paper *p, struct propose_value *v, struct propose_span s);       /* the text is the words */
void value_join(struct paper *p, struct propose_value *v, struct str text, struct propose_span s);   /* one more, behind ';' */
static inline bool value_any(const struct propose_value *v) { return v->text.n > 0; }

/* --- names.c -------------------------------------------------------------------------------------------------------------------- */
void names_find(struct paper *p);
const struct hit *names_at(const struct paper *p, size_t i);           /* the hit that begins there */
size_t names_first(const struct paper *p, size_t from);                /* index of the first hit at or behind from */
static inline bool name_acts(const struct hit *h) { return h->name->kind == NAME_UNIT || h->name->kind == NAME_OWN; }

/* --- head.c: what a paper says once ----------------------------------------------------------------------------------------------- */
void lines_find(struct paper *p);
void head_read(struct paper *p);
size_t text_figures(const struct paper *p, size_t i, size_t to, bool han);     /* the end of the figures at i */
bool head_body(const struct paper *p, struct propose_span s);          /* a body's name: 某省商务厅 */
/* What stands behind one of these words and a colon, to the line's end; empty when the line begins otherwise. */
struct propose_span head_labelled(const struct paper *p, const struct line *l, const char *const *words);
void head_title_marks(struct paper *p);
void head_contacts(struct paper *p);
void head_copies(struct paper *p);
void head_addressees(struct paper *p);
void head_title_of_lines(struct paper *p);
void head_title_in_marks(struct paper *p);
void head_source_special(struct paper *p);
void head_source_by_verb(struct paper *p);
void head_meeting(struct paper *p);
bool head_meeting_notice(const struct paper *p);

/* --- deadlines.c -------------------------------------------------------------------------------------------------------------------- */
void deadlines_find(struct paper *p);
bool deadline_in(const struct paper *p, struct propose_span s);
const struct deadline *deadline_first(const struct paper *p, struct propose_span s);
void deadlines_read(struct paper *p, struct propose_span s, struct propose_matter *m);

/* --- units.c ------------------------------------------------------------------------------------------------------------------------ */
void units_read(struct paper *p, struct propose_span s, struct propose_matter *m);
void units_of_cells(struct paper *p, struct propose_span lead, struct propose_span assist, struct propose_matter *m);
bool units_named(struct paper *p, struct propose_span s);              /* somebody is made responsible in it */

struct part {
    struct propose_span span;
    struct propose_span title, lead, assist;     /* a table's cells, else empty */
};

/* --- matter.c: one matter ---------------------------------------------------------------------------------------------------------- */
void matter_read(struct paper *p, const struct part *part, bool whole, struct propose_matter *m);
void matter_kind(struct paper *p, struct propose_matter *m);
bool matter_asks(const struct paper *p, struct propose_span s);
void instruction_read(struct paper *p, struct propose_span s, struct propose_matter *m);

/* --- split.c ------------------------------------------------------------------------------------------------------------------------- */
size_t split(struct paper *p, struct part *ret, size_t cap);           /* 0: the text is one matter */

#endif
