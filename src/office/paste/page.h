/* What the pages of this slice show. */
#ifndef WHS_PASTE_PAGE_H
#define WHS_PASTE_PAGE_H

#include "office/face.h"
#include "office/paste/inside.h"

struct piece {                                   /* of the pasted text */
    struct str text, fields, label;              /* fields: "m0-title m0-deadline", or "" */
    bool mark, here;                             /* here: the first piece of a field; id is its */
    struct str id;
};

struct paste_field {
    struct str name, id, value, words, href, why, datalist;
    int label;
    bool must, missing, area, select, check, shared, from_text, same, unit;   /* same: the words are the value; unit: words that name no unit of ours */
    const char *css;
    struct choice *choices;
    size_t n_choices;
};

struct doubt_view { struct str text; };

struct matter_view {
    int64_t n;
    struct str on_name, title;
    bool on, open, ready, other;                 /* other: a second reading of its deadline can be chosen */
    struct paste_field field[PARTS];
    size_t n_fields, n_main;                     /* n_main: those that are always shown; the rest may be folded */
    struct paste_field *more;
    size_t n_more;
    bool more_open;
    struct doubt_view doubt[12];
    size_t n_doubts;
    struct str counted, left, left_css, other_name, other_value, other_text, phrase_name, phrase;
    struct twin twin[TWINS];
    size_t n_twins;
    struct str why, first, brief;                /* first: of its doubts, brief: who, until when and how that was counted; for the folded line */
};

struct paste_page {
    struct frame frame;
    struct str text, nonce, why, parent_title, none, count;
    bool asked, ready, several, cut, parent, may_title, as_title;      /* may_title: what was pasted may stand as a title; as_title: it does */
    int64_t n;
    struct piece *piece;
    size_t n_pieces;
    struct matter_view *matter;
    size_t n_matters;
    struct choice *units;
    size_t n_units;
};

struct done_page {
    struct frame frame;
    struct line_view *line;
    size_t n_lines;
    struct str count;
};

struct paste_origin { struct str text, at, who, document; };

#endif
