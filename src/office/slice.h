/* A slice is one duty of the office, whole: its pages, API, commands, figures and reactions. Each exports one struct slice;
 * app/slices.c lists them, and that line and the folder are all there is to take away.
 *
 * Order: a slice may include only headers of slices before it in the list. `entry` is first and knows none; the others hear of an
 * entry's changes through on_entry_change(), in the same transaction.
 */
#ifndef WHS_OFFICE_SLICE_H
#define WHS_OFFICE_SLICE_H

#include "office/command.h"
#include "web/web.h"

struct entry;
struct act;
struct workdays;

/* A figure of the summary: how it is counted and the rows behind it, from one source each (interfaces.md 5). */
struct figure_row { struct str number, title, label; day_t day; int64_t n; };
struct figure_value {
    int64_t value;
    struct figure_row *rows;                     /* in the arena; NULL unless with_rows */
    size_t n_rows;
};
struct figure_ask { int64_t office_id; day_t from, to; const char *arg; bool with_rows; };         /* both days inclusive */
struct figure {
    const char *key;                             /* "entries.registered"; of a family what stands before ".NAME" */
    const char *unit;                            /* 件 篇 条 人 间 天 … */
    int label;                                   /* message id of its name; of a family with {1} for the member's */
    int query;                                   /* message id: what is counted, in plain words */
    const char *arg;                             /* passed to count; a family's count gets the member's name */
    bool (*count)(struct db *db, struct arena *a, const struct figure_ask *ask, struct figure_value *ret, struct err *err);
    /* A family (documents.drafted.GENRE): the names found in the rows of the period, in the order of the print. NULL for a single figure. */
    bool (*names)(struct db *db, struct arena *a, const struct figure_ask *ask, struct str **ret, size_t *n, struct err *err);
};

/* A way to a page that is no duty of its own; shown on 设置. */
struct setting_link { const char *href; int label, about; unsigned roles; };

/* One day of the demonstration year, told after what the plan does on it. A slice lives its part of the year on the days it knows: it acts through the same
 * functions as everybody, as whom it likes (demo_be). The plan's figures (year-2022.md) are counted from entries: a slice adds none of its own. */
struct demo_day {
    day_t day;
    const struct workdays *work;
    const struct actor *(*actor)(const struct demo_day *d, const char *login);     /* "kezhang"; console for one who is not there */
    void *own;                                   /* the demonstration's */
};
/* From here on this write acts as this member, on that day at this minute. */
void demo_be(struct txn *t, const struct actor *who, day_t day, int minute);

struct own_limit_ask;

struct slice {
    const char *name;
    const struct route *routes;
    int n_routes;
    const struct schema *schemas;                /* of its API, for openapi.json */
    int n_schemas;
    const struct command *commands;
    int n_commands;
    const struct figure *figures;
    int n_figures;
    const struct job_kind *jobs;                 /* its background work; names are unique in the house */
    int n_jobs;
    /* before is NULL for a registration. Runs on the writer after the entry's rows are written and before the commit; false undoes all. */
    bool (*on_entry_change)(struct txn *t, const struct entry *before, const struct entry *after, const struct act *act, struct err *err);
    /* What this slice shows on an entry's page, and at the side of today's page: one <section class="block">, or nothing. The entry was fetched through
     * rq->actor. */
    bool (*entry_block)(struct req *rq, const struct entry *e, struct html *out, struct err *err);
    bool (*today_block)(struct req *rq, struct html *out, struct err *err);
    const struct setting_link *settings;
    int n_settings;
    bool (*demo_day)(struct txn *t, const struct demo_day *d, struct err *err);
    /* The working calendar in force in an office, for slices before the one that keeps it (office_calendar). Lives as long as the process. */
    bool (*calendar)(struct db *db, struct arena *a, int64_t office_id, const struct workdays **ret, struct err *err);
    /* The office's own limit for an entry whose words name no day, for slices before the one that keeps them (office_own_limit). */
    bool (*own_limit)(struct db *db, struct arena *a, int64_t office_id, const struct own_limit_ask *ask, struct str *ret, struct err *err);
};

extern const struct slice *const slices[];       /* app/slices.c, NULL at the end */

#endif
