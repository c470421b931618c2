/* The demonstration year's raw material: the office, its people, and the kinds of matters that come in. Invented; titles, no names.
 * The month's numbers are the plan; what the pages and the summary show is counted from the entries made by it. */
#ifndef WHS_APP_DEMO_DATA_H
#define WHS_APP_DEMO_DATA_H

#include "office/entry/entry.h"

struct demo_unit { const char *name, *short_name, *category, *alias; const char *topics[6]; };
struct demo_member { const char *login, *name, *role, *home; };

/* How a matter's deadline is set when it settles in its own time. */
struct demo_matter {
    enum entry_kind kind;
    const char *source;
    const char *title;                           /* %s: the topic */
    const char *requirement;
    const char *phrase;                          /* how the paper words its deadline */
    int days;                                    /* working days from receipt; 0: the same day */
    int hour;                                    /* 0: end of day */
    const char *units;                           /* "" any unit, "本科室", or names to choose from, with | */
    const char *urgency;
    const char *list;                            /* "" or a list's name */
    const char *genre, *role;
    bool instruction;
};

struct demo_month {
    int period;
    int added[ENTRY_KINDS];
    int settled, withdrawn;
    int issued, portal, higher;                  /* key documents, portal items, items to higher offices */
    int speeches, work_reports, notices, reports; /* papers of the operations */
};

extern const struct demo_unit demo_units[];
extern const int demo_units_count;
extern const char *const demo_leaders[];
extern const int demo_leaders_count;
extern const struct demo_member demo_members[];
extern const int demo_members_count;
extern const char *const demo_lists[];
extern const int demo_lists_count;
extern const struct demo_matter demo_matters[];
extern const int demo_matters_count;
extern const struct demo_month demo_months[];    /* [0] is the opening stock, December of the year before */
extern const int demo_months_count;

struct demo_outcome { day_t day; const char *key; int64_t n; const char *label; };

#endif
