/* What all pages share: the frame with its rail of duties, deadlines as people read them, the lines of a list, the fields of a form.
 *
 * Everything here is a view: plain structs that a handler fills from the request's arena and a template shows. Nothing decides a right;
 * what a page offers is what entry_rules.h says may be done, and the writer decides again.
 */
#ifndef WHS_OFFICE_FACE_H
#define WHS_OFFICE_FACE_H

#include "calendar/workdays.h"
#include "office/entry/entry.h"
#include "office/slice.h"
#include "people/member.h"

/* --- the frame ------------------------------------------------------------------------------------------------------------ */

struct rail_item { const char *href; int label; bool current; };
enum { RAIL_MAX = 24 };

struct frame {
    enum lang lang;
    const char *lang_tag;                        /* "zh-CN" */
    struct str title;                            /* of the window, without the program's name */
    struct str office, me, home;                 /* empty without a login */
    struct str deputy;                           /* 代理李某至5月13日, or "" */
    day_t today;
    bool logged_in, may_register, demo;          /* demo: the store's clock is not the world's */
    bool bare;                                   /* the page asks for its own main part (rq->live) */
    bool may_live;                               /* this address can be asked again: the answer to a form cannot */
    int64_t seq;                                 /* the journal's head this page was drawn at: what comes later is news */
    struct str csrf;
    struct rail_item rail[RAIL_MAX];
    int n_rail;
};
struct error_page { struct frame frame; struct str sentence; int64_t status; };
/* here: the rail's address this page belongs to, or "". The rail shows only duties that some slice serves and this actor may open. */
void face_frame(struct req *rq, struct frame *f, const char *here, struct str title);
struct str face_say(struct req *rq, int msg, const struct arg *args, int n);
#define FACE_SAY(rq, msg, ...) \
    face_say((rq), (msg), (const struct arg[]){ { 0 }, ##__VA_ARGS__ } + 1, (int)ARRAY_LEN(((const struct arg[]){ { 0 }, ##__VA_ARGS__ })) - 1)
/* What the slices show beside an entry (e) or on today's page (NULL), in their order. */
bool face_blocks(struct req *rq, const struct entry *e, struct html **ret, struct err *err);
/* A text as one component of an address: 文2022-0001 in a redirect. */
struct str face_percent(struct req *rq, struct str s);
/* The sentence of an error in the reader's language; STR_NULL for NULL. */
struct str face_sentence(struct req *rq, const struct err *err);

/* 2022年5月9日（周一） and 2022年5月9日 18时00分; STR_NULL for none. */
struct str face_day(struct req *rq, day_t d);
struct str face_instant(struct req *rq, instant_t at);
/* As a date field and its time want them: 2022-05-09, or 2022-05-09 18:00; a deadline at a day's end is that day. */
struct str face_iso_day(struct req *rq, day_t d);
struct str face_iso(struct req *rq, instant_t at);
struct str face_iso_due(struct req *rq, instant_t due);

/* 个 件 条 stand behind a figure in Chinese; English counts without. */
const char *face_unit(enum lang lang, const char *unit);
/* 科长、科员. */
struct str face_roles(struct req *rq, unsigned roles);
/* The page for a refusal, as web_options.error_page wants it. */
void face_error(struct req *rq, int status, struct str sentence, struct html *out);

/* --- deadlines --------------------------------------------------------------------------------------------------------------- */

struct due_view {
    bool any;                                    /* there is a deadline */
    instant_t due;
    day_t day;                                   /* the day it ends in */
    int weekday;                                 /* message id */
    bool timed, far;                             /* ends within the day, at due; of another year */
    bool overdue, near;
    int left;                                    /* working days left, or overdue when overdue */
    const char *css, *glyph;                     /* "red" ▲, "amber" ◆, "green" ✓, or "" */
    struct str brief, full;                      /* 逾期2日 · 逾期2个工作日 */
};
/* The official table with the office's own days. */
const struct workdays *face_workdays(struct req *rq);
/* When a deadline turns yellow and red, in working days left; red at -1 is red only when overdue. Settings of the office. */
struct lights { const struct workdays *work; int yellow_days, red_days; };
enum { LIGHT_YELLOW_DAYS = 3, LIGHT_RED_DAYS = -1, LIGHT_DAYS_MAX = 60 };
extern const char *const light_settings[2];      /* names: yellow, red */
struct lights face_lights(struct req *rq);
void face_due(struct req *rq, const struct lights *l, instant_t due, bool open, struct due_view *ret);
/* The first instant with more working days left than yellow has: what is due by then is near. */
instant_t face_near(const struct lights *l, day_t today);

/* --- lines of a list ----------------------------------------------------------------------------------------------------------- */

struct line_view {
    int64_t id;
    struct str number, title, requirement, source, lead, officer, leader, urgency, result;
    int state, kind;                             /* message ids */
    const char *state_css, *state_glyph;
    day_t day, settled_day;
    bool late;
    int64_t carried;
    struct due_view due;
    const char *verb;                            /* what one press on the row does: "accept" "settle" "urge"; NULL for nothing */
    int verb_label;
    const char *verb_key;
    struct str why;                              /* the refusal of that press */
};
void face_line(struct req *rq, const struct lights *l, const struct entry_line *e, struct line_view *ret);

/* The row alone, as an answer to an act in it. */
void face_put_line(struct html *out, const struct line_view *v);

struct group {                                   /* rows of one question in a table of several */
    int title;
    const char *css;                             /* "red" "amber" "green" "" */
    struct line_view *rows;
    size_t n;
    bool more;
    const char *href;                            /* the ledger's view with all of them */
};

/* --- fields of a form ------------------------------------------------------------------------------------------------------------ */

struct choice { struct str value, text; bool on; };
struct field {
    const char *form, *name;                     /* form makes ids unique where several forms stand on a page */
    int label;
    const char *type;                            /* an input's type; see also the flags */
    bool area, select, checks, check;            /* instead of an input */
    bool time;                                   /* a date with an optional time in NAME_time */
    bool must;
    const char *css;                             /* "wide" "half" "" */
    const char *complete;                        /* autocomplete, or NULL */
    int hint;                                    /* message id; 0 none */
    struct str value, value_time, why;
    struct choice *choices;
    size_t n_choices, cap_choices;
};
/* Puts the first problem of that field (or of err) beside it. */
void face_problems(struct req *rq, struct field *f, size_t n, const struct problems *p, const struct err *err);
/* What does not belong to any of these fields, as one sentence above the form. */
struct str face_unplaced(struct req *rq, const struct field *f, size_t n, const struct problems *p, const struct err *err);
void face_choice(struct req *rq, struct field *f, struct str value, struct str text, struct str chosen);
/* Puts a text into a field, parting a date from its time; marks what is chosen (several with ';'). */
void face_fill(struct field *f, struct str value);
/* Choices by name, in official order (choose.c); face_fill() then marks what is chosen. Officers: those of the actor's section. */
bool face_units(struct req *rq, struct field *f, bool own_first, struct err *err);
bool face_leaders(struct req *rq, struct field *f, struct err *err);
bool face_officers(struct req *rq, struct field *f, struct err *err);
bool face_lists(struct req *rq, struct field *f, struct err *err);
/* What was typed into this field; a date's time is read from NAME_time and put behind it: 2022-05-09 18:00. */
struct str face_typed(struct req *rq, struct field *f);

#endif
