/* The year-end summary, written from the ledger's own rows: every figure is counted by `day` between two days from one source, and opens the rows behind it. No
 * figure stands in code or template. The figures are those of all slices; this one adds what was drafted and reviewed.
 */
#ifndef WHS_OFFICE_SUMMARY_H
#define WHS_OFFICE_SUMMARY_H

#include "office/slice.h"

struct summary_figure {
    const struct figure *figure;
    struct str key;                              /* "documents.drafted.报告" */
    struct str member;                           /* of a family: 报告; else "" */
    struct figure_value value;
};
struct summary {
    day_t from, to;                              /* inclusive */
    struct summary_figure *figures;
    size_t n;
    struct str text;                             /* the summary's paragraphs, figures set in; one a line */
};
/* ERR_DENIED without ROLE_SECTION; ERR_INPUT for a period that runs backwards or over more than ten years. */
bool summary_make(struct db *db, struct arena *a, const struct actor *actor, day_t from, day_t to, bool with_rows, enum lang lang,
                  struct summary *ret, struct err *err);
/* One figure with its rows. ERR_NOT_FOUND for an unknown key. */
bool summary_rows(struct db *db, struct arena *a, const struct actor *actor, struct str key, day_t from, day_t to, struct summary_figure *ret,
                  struct err *err);

extern const struct slice summary_slice;

#endif
