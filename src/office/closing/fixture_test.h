/* For tests of what stands on entries: an office with units, lists and people, and a write in one line. */
#ifndef WHS_CLOSING_FIXTURE_TEST_H
#define WHS_CLOSING_FIXTURE_TEST_H

#include "office.h"

#include "calendar/date.h"
#include "messages.h"
#include "office/closing/inside.h"
#include "store/journal.h"

struct closing_office {
    struct test_office o;
    struct actor officer, chief;
};

static inline bool closing_fixture_names(struct txn *t, void *args, struct err *err)
{
    static const char *const UNITS[] = { "市商务局", "市科技局", "市医保局", "市财政局" };
    int64_t id;
    for (size_t i = 0; i < ARRAY_LEN(UNITS); i++)
        if (!party_add(t, PARTY_UNIT, str_c(UNITS[i]), STR(""), STR("部门"), 0, &id, err))
            return false;
    return entry_list_add(t, STR("重点工作"), &id, err) && entry_list_add(t, STR("年度安排"), &id, err) &&
           entry_list_add(t, STR("应急处置"), &id, err);
}

static inline void closing_fixture_day(struct closing_office *f, day_t day)
{
    sim_clock_set(&f->o.clock, day_start(day) + 9 * 3600 * 1000);
}

static inline void closing_fixture_actor(struct closing_office *f, struct actor *ret, const char *login)
{
    struct err e;
    NO_ERR(actor_load_login(f->o.db, &f->o.arena, f->o.id, str_c(login), instant_day(clock_now(&f->o.clock.base)), ret, &e), &e);
}

static inline void closing_fixture_open(struct closing_office *f)
{
    struct err e;
    test_office_open(&f->o);
    NO_ERR(test_write(&f->o, closing_fixture_names, NULL, &e), &e);
    test_member_add(&f->o, "li", "李科员", "officer", "", STR_NULL);
    test_member_add(&f->o, "zhang", "张科长", "chief", "", STR_NULL);
    closing_fixture_actor(f, &f->officer, "li");
    closing_fixture_actor(f, &f->chief, "zhang");
}

static inline struct entry_input closing_fixture_input(const char *deadline)
{
    return (struct entry_input){
        .kind = STR("document"), .title = STR("报送纾困政策落实情况"), .source = STR("省政府办公厅明电"), .requirement = STR("报送情况报告"),
        .deadline = str_c(deadline), .lead_unit = STR("市商务局"), .lists = STR("重点工作"),
    };
}

/* --- acts ----------------------------------------------------------------------------------------------------------------------- */

struct closing_fixture_do {
    const struct actor *actor;
    struct str number;                           /* absent: a registration */
    enum entry_verb verb;
    const struct entry_input *in;
    struct entry out;
    struct arena *arena;
};

static inline bool closing_fixture_fn(struct txn *t, void *args, struct err *err)
{
    struct closing_fixture_do *d = args;
    struct entry e;
    if (!(d->number.p ? entry_act(t, d->actor, d->number, d->verb, d->in, &e, err) : entry_register(t, d->actor, d->in, &e, NULL, err)))
        return false;
    e.number = arena_str(d->arena, e.number);
    d->out = e;
    return true;
}

static inline bool closing_fixture_try(struct closing_office *f, struct closing_fixture_do *d, struct err *err)
{
    d->arena = &f->o.arena;
    *err = (struct err){ 0 };
    return store_write_wait(f->o.store, f->o.id, d->actor->member_id, closing_fixture_fn, d, err);
}

static inline struct str closing_fixture_register(struct closing_office *f, struct entry_input in)
{
    struct err e;
    struct closing_fixture_do d = { .actor = &f->officer, .in = &in };
    NO_ERR(closing_fixture_try(f, &d, &e), &e);
    return d.out.number;
}

static inline void closing_fixture_act(struct closing_office *f, struct str number, enum entry_verb verb, struct entry_input in)
{
    struct err e;
    struct closing_fixture_do d = { .actor = &f->chief, .number = number, .verb = verb, .in = &in };
    NO_ERR(closing_fixture_try(f, &d, &e), &e);
}

/* Accepted, submitted and settled on one day. */
static inline void closing_fixture_settle(struct closing_office *f, struct str number)
{
    closing_fixture_act(f, number, VERB_ACCEPT, (struct entry_input){ .text = STR_NULL });
    closing_fixture_act(f, number, VERB_SUBMIT, (struct entry_input){ .text = STR("已报送") });
    closing_fixture_act(f, number, VERB_SETTLE, (struct entry_input){ .text = STR("已办结") });
}

/* --- closings --------------------------------------------------------------------------------------------------------------------- */

struct closing_fixture_close {
    const struct actor *actor;
    int period;
    const struct closing_reason *reasons;
    size_t n;
    struct str all;
    struct problems *problems;
};

static inline bool closing_fixture_close_fn(struct txn *t, void *args, struct err *err)
{
    struct closing_fixture_close *c = args;
    return closing_close(t, c->actor, workdays_official(), c->period, c->reasons, c->n, c->all, c->problems, err);
}

static inline bool closing_fixture_try_close(struct closing_office *f, struct closing_fixture_close c, struct err *err)
{
    *err = (struct err){ 0 };
    return store_write_wait(f->o.store, f->o.id, c.actor->member_id, closing_fixture_close_fn, &c, err);
}

static inline void closing_fixture_close(struct closing_office *f, int period, const char *all)
{
    struct err e;
    NO_ERR(closing_fixture_try_close(f, (struct closing_fixture_close){ &f->chief, period, NULL, 0, str_c(all), NULL }, &e), &e);
}

static inline struct closing_view closing_fixture_read(struct closing_office *f, int period)
{
    struct err e;
    struct closing_view v;
    NO_ERR(closing_read(f->o.db, &f->o.arena, &f->chief, workdays_official(), period, instant_day(clock_now(&f->o.clock.base)), &v, &e), &e);
    return v;
}

static inline const struct figures *closing_fixture_dim(const struct closing_view *v, const char *dim, const char *name)
{
    static const struct figures none;
    for (size_t i = 0; i < v->n_dims; i++)
        if (str_eqc(v->dims[i].dim, dim) && str_eqc(v->dims[i].name, name))
            return &v->dims[i];
    return &none;
}

#endif
