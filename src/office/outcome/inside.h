/* What the files of this slice share and nobody else sees. */
#ifndef WHS_OUTCOME_INSIDE_H
#define WHS_OUTCOME_INSIDE_H

#include "office/outcome/outcome.h"
#include "outcome_queries.h"

const struct outcome_key *outcome_key_find(struct str key);      /* NULL when unknown */

/* From the rows of one key, in the order of their days, to a figure; pure. */
enum fold {
    FOLD_SUM,                                    /* the sum of n */
    FOLD_ENTRIES,                                /* distinct entries that the section drafted or reviewed */
    FOLD_RUN,                                    /* the longest run of consecutive days */
    FOLD_LABELS,                                 /* distinct labels */
};
bool fold_keeps(enum fold f, const struct outcome_row *r);
int64_t fold_value(enum fold f, const struct outcome_row *rows, size_t n, struct arena *a);

enum { OUTCOME_ROUTES = 2, OUTCOME_COMMANDS = 1, OUTCOME_FIGURES = 19 };
extern const struct route outcome_routes[OUTCOME_ROUTES];
extern const struct command outcome_commands[OUTCOME_COMMANDS];
extern const struct figure outcome_figures[OUTCOME_FIGURES];

#endif
