/* What this slice's templates show. */
#ifndef WHS_LIMIT_PAGE_H
#define WHS_LIMIT_PAGE_H

#include "office/face.h"
#include "office/limit/limit.h"

struct limit_choice { const char *value; int label; bool on; };
struct limit_row {
    int64_t place;
    struct str name, words, days;
    struct limit_choice kind[4], instruction[3], urgency[5], unit[2];
    int n_kind, n_instruction, n_urgency, n_unit;
    int kind_label, instruction_label;
    struct str urgency_text;
};
struct limit_page {
    struct frame frame;
    struct limit_row *row;
    size_t n;
    struct str seen, why;
    bool may, saved;
};

#endif
