/* 月结: the months, one month's figures with their proof, and closing it. It shows closing; it owns no rows. */
#ifndef WHS_OFFICE_MONTHS_MONTHS_H
#define WHS_OFFICE_MONTHS_MONTHS_H

#include "office/closing/closing.h"
#include "office/face.h"

enum { MONTHS_SHOWN = 36 };

struct month_line {
    struct str name, href;
    struct figures f;
    bool closed, may_close, presumed, running;
    instant_t closed_at;
    struct str closed_by;
};

struct months_page {
    struct frame frame;
    struct month_line *month;
    size_t n;
};

struct figure_line { struct figures f; bool holds; struct str href; };
struct figure_part { int title; struct figure_line *line; size_t n; };

struct open_line {
    struct line_view line;
    struct str reason, why, since;
    int64_t times;
    bool written;                                /* the reason writes itself: no box */
    bool may_settle;                             /* right there, without the unit */
};

struct month_page {
    struct frame frame;
    struct closing_view view;
    struct str name, href, before, after, why;
    bool chief, holds, over;
    int64_t left, right;                         /* the two sides of the equation */
    int64_t documents, meetings, affairs;
    struct figure_part part[3];
    size_t n_parts;
    struct open_line *overdue, *open;
    size_t n_overdue, n_open;
    struct str made_at, last;                    /* last: the month's last day, for what is put right before its closing */
};

extern const struct slice months_slice;

#endif
