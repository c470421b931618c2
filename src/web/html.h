/* The run time of templates: HTML under construction, its escapers and its fixed list of formatters.
 *
 * struct html is a type of its own so that the compiler tells markup from text: only the functions below and the C that
 * tools/tmplc makes add to one. Everything a function here adds is escaped for the place it is named after; tmplc knows the
 * places and chooses, so hand-written code seldom calls these. Names: html_put_… here, html_NAME() for NAME.html.
 *
 * Days and instants that are DAY_NONE or INSTANT_NONE, absent texts (p is NULL) and NULL pointers write nothing.
 */
#ifndef WHS_WEB_HTML_H
#define WHS_WEB_HTML_H

#include "base/clock.h"
#include "base/tr.h"

struct html {
    struct buf buf;                              /* owned; valid UTF-8 */
    enum lang lang;                              /* of messages, days and instants */
};

#define HTML_INIT(l) ((struct html){ .lang = (l) })
static inline void html_release(struct html *out) { buf_release(&out->buf); }

/* --- escapers ---------------------------------------------------------------------------------------------------------------- */
void html_put_text(struct html *out, struct str s);        /* between tags: & < > */
void html_put_attr(struct html *out, struct str s);        /* in a quoted attribute: & < > " ' */
/* At the start of an address in a quoted attribute: as html_put_attr(), but "#" for any scheme other than http and https. */
void html_put_url(struct html *out, struct str s);
void html_put_percent(struct html *out, struct str s);     /* one component of an address, RFC 3986 2.1; safe anywhere */
void html_put_html(struct html *out, const struct html *body);  /* markup that is made already */

/* --- formatters: what they write is safe in text, attributes and addresses -------------------------------------------------- */
void html_put_int(struct html *out, int64_t v);
void html_put_day(struct html *out, day_t d);              /* 2022年5月9日（周一） · 2022-05-09 Mon */
void html_put_day_short(struct html *out, day_t d);        /* 5月9日 · 05-09 */
void html_put_date(struct html *out, day_t d);             /* 2022-05-09 in both, as <input type=date> wants it */
void html_put_instant(struct html *out, instant_t t);      /* 2022年5月9日 18时00分 · 2022-05-09 18:00 */
void html_put_time(struct html *out, instant_t t);         /* 18:00 in both */
void html_put_iso(struct html *out, instant_t t);          /* 2022-05-09T18:00 in both, as <input type=datetime-local> wants it */

/* --- sentences; escaped for text and attributes alike ----------------------------------------------------------------------- */
void html_put_msg(struct html *out, int msg, const struct arg *args, int n);
void html_put_err(struct html *out, const struct err *e);  /* one sentence; NULL and ERR_NONE write nothing */

/* For generated code: a run of markup. Calling it by hand defeats the type. */
static inline void html_put_raw(struct html *out, const char *markup, size_t n) { buf_add(&out->buf, markup, n); }

#endif
