/* For this slice's tests: an office with units, a leader, a list and people of every role. */
#ifndef WHS_ENTRY_FIXTURE_H
#define WHS_ENTRY_FIXTURE_H

#include "office.h"

#include "messages.h"
#include "office/entry/entry.h"

struct entry_office {
    struct test_office o;
    struct actor officer, chief, leader, liaison, assist, stranger, admin;
};

static inline bool fixture_names(struct txn *t, void *args, struct err *err)
{
    static const char *const UNITS[] = { "市商务局", "市科技局", "市医保局", "市财政局" };
    int64_t id;
    for (size_t i = 0; i < ARRAY_LEN(UNITS); i++)
        if (!party_add(t, PARTY_UNIT, str_c(UNITS[i]), STR(""), STR("部门"), 0, &id, err))
            return false;
    return party_add(t, PARTY_LEADER, STR("分管副市长"), STR(""), STR(""), 0, &id, err) && entry_list_add(t, STR("重点工作"), &id, err) &&
           entry_list_add(t, STR("年度安排"), &id, err);
}

static inline void fixture_actor(struct entry_office *f, struct actor *ret, const char *login)
{
    struct err e;
    NO_ERR(actor_load_login(f->o.db, &f->o.arena, f->o.id, str_c(login), instant_day(clock_now(&f->o.clock.base)), ret, &e), &e);
}

static inline void fixture_open(struct entry_office *f)
{
    struct err e;
    test_office_open(&f->o);
    NO_ERR(test_write(&f->o, fixture_names, NULL, &e), &e);
    test_member_add(&f->o, "li", "李科员", "officer", "", STR_NULL);
    test_member_add(&f->o, "zhang", "张科长", "chief", "", STR_NULL);
    test_member_add(&f->o, "lead", "副市长", "leader", "分管副市长", STR_NULL);
    test_member_add(&f->o, "shang", "商务局联络员", "liaison", "市商务局", STR_NULL);
    test_member_add(&f->o, "cai", "财政局联络员", "liaison", "市财政局", STR_NULL);
    test_member_add(&f->o, "ke", "科技局联络员", "liaison", "市科技局", STR_NULL);
    test_member_add(&f->o, "sys", "系统管理员", "admin", "", STR_NULL);
    fixture_actor(f, &f->officer, "li");
    fixture_actor(f, &f->chief, "zhang");
    fixture_actor(f, &f->leader, "lead");
    fixture_actor(f, &f->liaison, "shang");
    fixture_actor(f, &f->assist, "cai");
    fixture_actor(f, &f->stranger, "ke");
    fixture_actor(f, &f->admin, "sys");
}

/* A complete registration; a test changes what it is about. */
static inline struct entry_input fixture_input(void)
{
    return (struct entry_input){
        .kind = STR("document"), .title = STR("报送纾困政策落实情况"), .source = STR("省政府办公厅明电"), .requirement = STR("报送情况报告"),
        .deadline = STR("2022-05-20"), .lead_unit = STR("市商务局"),
    };
}

struct fixture_do {
    const struct actor *actor;
    struct str number;                           /* absent: a registration */
    enum entry_verb verb;
    const struct entry_input *in;
    struct problems *problems;
    struct entry out;
    struct arena *arena;
};

static inline bool fixture_fn(struct txn *t, void *args, struct err *err)
{
    struct fixture_do *d = args;
    struct entry e;
    bool ok = d->number.p ? entry_act(t, d->actor, d->number, d->verb, d->in, &e, err) : entry_register(t, d->actor, d->in, &e, d->problems, err);
    if (ok) {
        e.number = arena_str(d->arena, e.number);
        d->out = e;
    }
    return ok;
}

static inline bool fixture_try(struct entry_office *f, struct fixture_do *d, struct err *err)
{
    d->arena = &f->o.arena;
    *err = (struct err){ 0 };
    return store_write_wait(f->o.store, f->o.id, d->actor->member_id, fixture_fn, d, err);
}

static inline struct str fixture_register(struct entry_office *f, const struct actor *who, struct entry_input in)
{
    struct err e;
    struct fixture_do d = { .actor = who, .in = &in };
    NO_ERR(fixture_try(f, &d, &e), &e);
    return d.out.number;
}

static inline struct entry fixture_act(struct entry_office *f, const struct actor *who, struct str number, enum entry_verb verb, struct entry_input in)
{
    struct err e;
    struct fixture_do d = { .actor = who, .number = number, .verb = verb, .in = &in };
    NO_ERR(fixture_try(f, &d, &e), &e);
    return d.out;
}

static inline struct err fixture_refused(struct entry_office *f, const struct actor *who, struct str number, enum entry_verb verb,
                                         struct entry_input in)
{
    struct err e;
    struct fixture_do d = { .actor = who, .number = number, .verb = verb, .in = &in };
    assert_false(fixture_try(f, &d, &e));
    return e;
}

#endif
