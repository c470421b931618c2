/* The year-end summary, written from the ledger's own rows: every figure is counted by `day` between two days from one source, and opens the rows behind it. No figure stands in
 * code or template. */
#ifndef WHS_OFFICE_SUMMARY_H
#define WHS_OFFICE_SUMMARY_H

#include "office/slice.h"

struct summary_figure { const struct figure *figure; struct str key; struct figure_value value; };
struct summary {
    day_t from, to;
    struct summary_figure *figures;
    size_t n;
    struct str text;                             /* the summary's paragraphs, figures set in */
};
bool summary_make(struct db *db, struct arena *a, const struct actor *actor, day_t from, day_t to, bool with_rows, enum lang lang,
                  struct summary *ret, struct err *err);

extern const struct slice summary_slice;

#endif
