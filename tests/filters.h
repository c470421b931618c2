/* The statements that store/filter.c makes: every choice of a table to begin from and every order, with all other conditions and with none. Needs no
 * database: what would be sent to one is shown to a test. */
#ifndef WHS_TESTS_FILTERS_H
#define WHS_TESTS_FILTERS_H

#include "store/engine.h"
#include "store/filter.h"

typedef void filter_seen(struct str sql, const char *in, const char *out);

static filter_seen *filter_show;

static inline bool filter_spy(struct db *db, struct str sql, const char *in_types, const char *out_types, const struct sql_value *in, db_row *row, void *ctx,
                              struct err *err)
{
    filter_show(sql, in_types, out_types);
    return true;
}

static inline struct stand_filter filter_of_bits(unsigned bits, bool rest, enum stand_order order, const int64_t *party)
{
    day_t day = 19000;
    struct stand_filter f = { .office_id = 1, .parties = party, .n_parties = 1, .open = -1, .reading = -1, .limit = 10, .order = order, .day_from = DAY_NONE,
                              .day_to = DAY_NONE, .settled_from = DAY_NONE, .settled_to = DAY_NONE, .span_from = DAY_NONE, .span_to = DAY_NONE,
                              .due_from = INSTANT_NONE, .due_to = INSTANT_NONE };
    f.list_id = bits & 1 ? 7 : 0;
    f.unit_id = bits & 2 ? 8 : 0;
    f.day_from = bits & 4 ? day : DAY_NONE;
    f.settled_to = bits & 8 ? day : DAY_NONE;
    f.span_from = bits & 16 ? day : DAY_NONE;
    f.state = bits & 32 ? STR("active") : STR_NULL;
    f.open = bits & 64 ? 1 : -1;
    f.kind = bits & 128 ? STR("affair") : STR_NULL;
    unsigned extra = bits >> 8 & 7;
    f.instruction = extra == 1 || extra == 3;
    f.leader_id = extra == 2 || extra == 3 ? 9 : extra == 7 ? -1 : 0;
    f.urgency = extra == 4 ? STR("加急") : STR_NULL;
    f.progress = extra == 5 ? STR("滞后") : STR_NULL;
    f.carried = extra == 6;
    f.few = rest;
    if (rest) {
        f.reading = 0;
        f.officer_id = f.after = 9;
        f.leader_id = f.leader_id ? f.leader_id : 9;
        f.unit_id = f.unit_id ? f.unit_id : -1;
        f.urgency = STR("加急");
        f.progress = STR("滞后");
        f.carried = 1;
        f.after_due = day_start(day + 1);
        f.after_number = STR("文2022-0009");
        f.day_to = f.settled_from = f.span_to = day;
        f.due_from = day_start(day);
        f.due_to = day_start(day + 9);
        f.words = STR("报送 100%");
    }
    return f;
}

static inline void every_filter(filter_seen *seen)
{
    const struct engine spy = { .like = "LIKE", .each_text = filter_spy };
    struct db db = { .engine = &spy };
    struct arena a = ARENA_INIT(0);
    filter_show = seen;
    for (unsigned bits = 0; bits < 2048; bits++) {
        if (bits >> 8 && bits & (16 | 32 | 128)) /* span, state and kind change nothing about where a walk begins */
            continue;
        for (int rest = 0; rest < 2; rest++)
            for (int order = STAND_NEWEST; order <= STAND_BY_NUMBER; order++) {
                struct stand_filter f = filter_of_bits(bits, rest, (enum stand_order)order, &(int64_t){ 5 });
                struct stand_hit *hits;
                size_t n;
                struct err err;
                assert_true(stand_find(&db, &a, &f, &hits, &n, &err));
            }
    }
    arena_release(&a);
}

#endif
