/* What this slice's templates show. */
#ifndef WHS_SPLIT_PAGE_H
#define WHS_SPLIT_PAGE_H

#include "office/face.h"
#include "office/split/split.h"

struct split_block {
    struct str number, csrf, version;
    bool may, any;
    int64_t n, done, open;
    day_t later;                                 /* the latest part's day, when behind the entry's own */
};
struct split_page {
    struct frame frame;
    struct entry *e;
    struct str number, version, why, text;
    struct choice *unit;
    size_t n_units, cap_units;
    struct str *problem;
    size_t n_problems;
};

#endif
