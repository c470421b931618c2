/* The plan of the demonstration year: who brings what on which day and what becomes of it. Pure: the same seed gives the same plan. */
#ifndef WHS_APP_DEMO_PLAN_H
#define WHS_APP_DEMO_PLAN_H

#include "app/demo_data.h"
#include "calendar/workdays.h"

enum { DEMO_OUTCOMES_MAX = 6 };

struct demo_entry {
    const struct demo_matter *matter;
    const char *unit, *officer, *officer_login, *leader;
    struct str title, requirement, paper, contact;
    struct demo_entry *parent;
    bool reading, natural_due, late, withdrawn, paper_of_operation, duty;
    day_t day, due_day, unit_due_day, end_day;   /* end_day: settled or withdrawn; DAY_NONE: still open at the year's end */
    struct demo_outcome outcome[DEMO_OUTCOMES_MAX];
    int n_outcomes;
    struct str number;                           /* once registered */
};

struct demo_event {
    instant_t at;
    struct demo_entry *entry;
    enum entry_verb what;
    bool side_unit, chief;
    struct str text, grant, progress;
    const char *unit;                            /* assign: the new one */
    day_t day;                                   /* extend: the deadline asked for */
    int order;                                   /* keeps events of one instant in the order they were planned */
};

struct demo_plan {
    struct demo_event *events;                   /* by instant */
    size_t n_events, cap_events;
    struct demo_entry *duty_entry;
    day_t *duty_day;                             /* the unbroken run of the spring */
    size_t n_duty;
};

void demo_plan_make(struct demo_plan *ret, struct arena *a, const struct workdays *w, uint64_t seed);

#endif
