/* What the summary's pages show. */
#ifndef WHS_SUMMARY_PAGE_H
#define WHS_SUMMARY_PAGE_H

#include "office/face.h"
#include "office/summary/summary.h"

struct summary_line { struct str name, key; int64_t value; const char *unit; };
struct summary_page {
    struct frame frame;
    day_t from, to;
    struct str *paragraphs;
    size_t n_paragraphs;
    struct summary_line *lines;
    size_t n;
};
struct summary_rows_page {
    struct frame frame;
    day_t from, to;
    struct str name, query;
    int64_t value;
    const char *unit;
    const struct figure_row *rows;
    size_t n;
};

#endif
