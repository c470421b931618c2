/* 单位 and 领导 in their official order, which every list and print follows. The people floor keeps them; these are its pages. */
#ifndef WHS_OFFICE_ROSTER_ROSTER_H
#define WHS_OFFICE_ROSTER_ROSTER_H

#include "office/face.h"
#include "people/party.h"

struct party_line { struct party p; int64_t place; bool first, last; struct str csrf, edit; bool may_edit; };
struct party_block { int title, add; const char *kind; struct party_line *rows; size_t n; struct field field[3]; size_t n_fields; struct str csrf, why; bool may_edit; };

struct roster_page {
    struct frame frame;
    struct party_block block[2];
    size_t n_blocks;
    struct str why;
    bool may_edit;
};

struct party_page {
    struct frame frame;
    struct party p;
    struct str action, why;
    struct field field[4];
    size_t n_fields;
};

extern const struct slice roster_slice;

#endif
