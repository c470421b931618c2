/* What the files of this slice share and nobody else sees. */
#ifndef WHS_SUMMARY_INSIDE_H
#define WHS_SUMMARY_INSIDE_H

#include "office/summary/summary.h"
#include "summary_queries.h"

/* --- text.c: the paragraphs from the figures; pure --------------------------------------------------------------------------------- */
struct str summary_text(struct arena *a, const struct summary *s, enum lang lang);
const struct summary_figure *summary_find(const struct summary *s, struct str key);        /* NULL when there is none */

/* --- read.c -------------------------------------------------------------------------------------------------------------------------- */
/* "2022" or two days; both empty: this year until today. */
bool summary_period(struct str year, struct str from, struct str to, day_t today, day_t *ret_from, day_t *ret_to, struct err *err);
void summary_put(struct buf *b, const struct summary *s, enum lang lang);       /* JSON of interfaces.md 2 */
struct str summary_name(struct arena *a, const struct summary_figure *f, enum lang lang);

enum { SUMMARY_ROUTES = 3, SUMMARY_COMMANDS = 1, SUMMARY_FIGURES = 4 };
extern const struct route summary_routes[SUMMARY_ROUTES];
extern const struct command summary_commands[SUMMARY_COMMANDS];
extern const struct figure summary_figures[SUMMARY_FIGURES];

#endif
