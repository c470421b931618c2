/* Today and the week: what is overdue, due, near, waiting and new, and the ticks 日清 and 周清. A reader of entry and closing; it owns no rows. */
#ifndef WHS_OFFICE_TODAY_TODAY_H
#define WHS_OFFICE_TODAY_TODAY_H

#include "office/closing/closing.h"
#include "office/face.h"

enum { TODAY_GROUPS = 8, WEEK_DAYS = 7 };

struct asked_line { struct str number, title, lead; day_t day; };

struct today_page {
    struct frame frame;
    struct group group[TODAY_GROUPS];
    size_t n_groups;
    struct group waiting;                        /* at the side: accept, check, returned */
    struct asked_line *asked;                    /* above them, for the section: extensions to be answered */
    size_t n_asked, n_waiting;                   /* n_waiting: both together */
    bool section, leader, nothing;
    bool ticked;
    int month_due;                               /* period that waits for its closing, 0 none */
    struct str month_href, month_name;
    struct html *blocks;                         /* of other slices, at the side */
};

struct week_page {
    struct frame frame;
    day_t monday, sunday;
    struct group group[TODAY_GROUPS];
    size_t n_groups;
    bool nothing, ticked, this_week;
    struct str before, after;                    /* other weeks' addresses */
};

extern const struct slice today_slice;

#endif
