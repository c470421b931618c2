/* The demonstration year: planned by seed, then lived through the same functions as everything else, one write per month, each act with its own instant. The plan's
 * numbers (demo_data.c) decide how many entries come and go; every figure that is shown is counted from the rows that result. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "app/demo_plan.h"
#include "base/num.h"
#include "office/closing/closing.h"
#include "office/outcome/outcome.h"
#include "people/member.h"

#define DEMO_PASSWORD "wenhuishi2022"

struct demo {
    struct store *store;
    struct sim_clock clock;
    struct sim_random random;
    struct arena arena;                          /* what outlives one write */
    const struct workdays *work;
    struct demo_plan plan;
    int64_t office_id;
    struct actor console, *member;               /* by index of demo_members */
    struct str password_hash;
    int month;                                   /* index of demo_months being lived */
    int closings, entries;
};

static struct actor *who(struct demo *d, const char *login)
{
    for (int i = 0; i < demo_members_count; i++)
        if (strcmp(demo_members[i].login, login) == 0)
            return &d->member[i];
    return &d->console;
}

/* The liaison of a unit, or NULL when its answers come by telephone and the section records them. */
static struct actor *liaison_of(struct demo *d, const char *unit)
{
    for (int i = 0; i < demo_members_count; i++)
        if (strcmp(demo_members[i].role, "liaison") == 0 && strcmp(demo_members[i].home, unit) == 0)
            return &d->member[i];
    return NULL;
}

/* --- the office ------------------------------------------------------------------------------------------------------------- */

static bool make_office(struct txn *t, void *args, struct err *err)
{
    return txn_office_create(t, STR("demo"), STR("某市人民政府办公室"), &((struct demo *)args)->office_id, err);
}

static bool make_parties(struct txn *t, void *args, struct err *err)
{
    struct demo *d = args;
    int64_t id;
    if (!people_init(t, STR("秘书五科"), err) || !actor_load_login(t->db, t->arena, d->office_id, STR("console"), t->today, &d->console, err))
        return false;
    for (int i = 0; i < demo_units_count; i++) {
        const struct demo_unit *u = &demo_units[i];
        if (!party_add(t, PARTY_UNIT, str_c(u->name), str_c(u->short_name), str_c(u->category), 0, &id, err) ||
            (u->alias && !party_alias_add(t, id, str_c(u->alias), err)))
            return false;
    }
    for (int i = 0; i < demo_leaders_count; i++)
        if (!party_add(t, PARTY_LEADER, str_c(demo_leaders[i]), STR(""), STR(""), 0, &id, err))
            return false;
    for (int i = 0; i < demo_lists_count; i++)
        if (!entry_list_add(t, str_c(demo_lists[i]), &id, err))
            return false;
    return true;
}

static bool make_members(struct txn *t, void *args, struct err *err)
{
    struct demo *d = args;
    for (int i = 0; i < demo_members_count; i++) {
        const struct demo_member *m = &demo_members[i];
        struct member_draft draft = { .login = str_c(m->login), .name = str_c(m->name), .role = str_c(m->role), .home = str_c(m->home) };
        int64_t id;
        if (!member_add(t, &d->console, &draft, d->password_hash, false, &id, err))
            return false;
    }
    return true;
}

/* The morning after the year: December waits for its closing. */
static bool set_clock(struct txn *t, void *args, struct err *err)
{
    struct demo *d = args;
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    instant_put(&b, day_start(workdays_first_of_month(d->work, demo_months[demo_months_count - 1].period / 100 + 1, 1)) + 8 * 3600000 + 30 * 60000);
    t->actor_id = d->console.member_id;
    return setting_set(t, DEMO_CLOCK, buf_view(&b), err);
}

static bool load_actors(struct demo *d, struct err *err)
{
    struct db *db;
    if (!store_reader_open(d->store, &db, err))
        return false;
    d->member = arena_array(&d->arena, struct actor, (size_t)demo_members_count);
    day_t day = period_first(demo_months[0].period);
    bool ok = actor_load_login(db, &d->arena, d->office_id, STR("console"), day, &d->console, err);
    for (int i = 0; ok && i < demo_members_count; i++)
        ok = actor_load_login(db, &d->arena, d->office_id, str_c(demo_members[i].login), day, &d->member[i], err);
    store_reader_close(db);
    return ok;
}

/* --- one event -------------------------------------------------------------------------------------------------------------- */

static void be(struct txn *t, const struct actor *a, instant_t at)
{
    t->at = at;
    t->today = instant_day(at);
    t->actor_id = a->member_id;
}

static struct str day_text(struct arena *a, day_t d, int hour)
{
    struct civil c = date_civil(d);
    return hour ? arena_printf(a, "%04d-%02d-%02d %02d:00", c.year, c.month, c.day, hour) : arena_printf(a, "%04d-%02d-%02d", c.year, c.month, c.day);
}

static struct str instant_text(struct arena *a, instant_t at)
{
    struct civil c = date_civil(instant_day(at));
    int minute = (int)((at - day_start(instant_day(at))) / 60000);
    return arena_printf(a, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, minute / 60, minute % 60);
}

static bool do_register(struct txn *t, struct demo *d, struct demo_entry *e, const struct actor *by, struct err *err)
{
    struct arena *a = t->arena;
    const struct demo_matter *m = e->matter;
    struct entry_input in = {
        .kind = entry_kind_code(m->kind), .title = e->title, .source = str_c(m->source), .requirement = e->requirement.p ? e->requirement : str_c(m->requirement),
        .received = instant_text(a, t->at), .lead_unit = str_c(e->unit), .officer = str_c(e->officer), .leader = str_c(e->leader),
        .lists = str_c(m->list), .urgency = str_c(m->urgency), .genre = str_c(m->genre), .role = str_c(m->role),
        .instruction = m->instruction ? STR("true") : STR_NULL, .reading = e->reading ? STR("true") : STR_NULL,
        .paper_where = e->paper.p ? e->paper : STR_NULL, .contact = e->contact.p ? e->contact : STR_NULL,
        .parent = e->parent ? e->parent->number : STR_NULL,
    };
    if (!e->reading) {
        in.deadline = day_text(a, e->due_day, m->hour);
        if (e->unit_due_day != DAY_NONE)
            in.unit_deadline = day_text(a, e->unit_due_day, 0);
        struct civil c = date_civil(e->due_day);
        in.deadline_phrase = e->natural_due ? str_c(m->phrase) : arena_printf(a, "%d月%d日前", c.month, c.day);
    }
    struct entry made;
    if (!entry_register(t, by, &in, &made, NULL, err))
        return false;
    e->number = arena_str(&d->arena, made.number);
    d->entries += !e->reading;
    return true;
}

static bool do_event(struct txn *t, struct demo *d, const struct demo_event *ev, struct err *err)
{
    struct demo_entry *e = ev->entry;
    const struct demo_matter *m = e->matter;
    struct actor *unit = liaison_of(d, e->unit), *section = who(d, ev->chief ? "kezhang" : e->officer_login);
    bool by_unit = ev->side_unit && unit;
    const struct actor *by = by_unit ? unit : section;
    be(t, by, ev->at);
    struct entry_input in = { .text = ev->text.p ? ev->text : STR_NULL, .recorded_for = ev->side_unit && !unit ? str_c(e->unit) : STR_NULL };
    struct entry after;
    switch (ev->what) {
    case VERB_REGISTER: return do_register(t, d, e, by, err);
    case VERB_ASSIGN: in.lead_unit = str_c(ev->unit); break;
    case VERB_EXTEND:
        in.grant = ev->grant;
        if (!ev->grant.p)
            in.deadline = day_text(t->arena, ev->day, 0);
        break;
    case VERB_AMEND: in.progress = ev->progress; break;
    case VERB_SETTLE:
        in.result = e->reading ? STR_NULL : STR("已按要求办结");
        if (m->instruction) {
            in.leader_word = STR("已阅，同意");
            in.reported_on = day_text(t->arena, t->today, 0);
        }
        break;
    default: break;
    }
    if (!entry_act(t, by, e->number, ev->what, &in, &after, err))
        return false;
    if (ev->what == VERB_ASSIGN)
        e->unit = ev->unit;
    for (int i = 0; ev->what == VERB_SETTLE && i < e->n_outcomes; i++) {
        const struct demo_outcome *o = &e->outcome[i];
        if (!outcome_add(t, by, e->number, str_c(o->key), o->n, str_c(o->label), t->today, err))
            return false;
    }
    return true;
}

/* --- the slices' part --------------------------------------------------------------------------------------------------------- */

static const struct actor *day_actor(const struct demo_day *day, const char *login) { return who(day->own, login); }

/* The slices' part of each day from *next to before `until`, which becomes *next. */
static bool slices_days(struct txn *t, struct demo *d, day_t *next, day_t until, struct err *err)
{
    bool ok = true;
    for (; ok && *next < until; ++*next)
        for (int i = 0; ok && slices[i]; i++) {
            struct demo_day day = { .day = *next, .work = d->work, .actor = day_actor, .own = d };
            be(t, &d->console, day_start(*next) + 17 * 3600000);
            ok = !slices[i]->demo_day || slices[i]->demo_day(t, &day, err);
        }
    return ok;
}

/* --- one month, one write ---------------------------------------------------------------------------------------------------- */

/* The closing of the month before, first thing on its clearing day; what is overdue gets its reason. */
static bool close_before(struct txn *t, struct demo *d, int period, struct err *err)
{
    instant_t at = day_start(workdays_first_of_month(d->work, period / 100, period % 100)) + 8 * 3600000 + 40 * 60000;
    be(t, who(d, "kezhang"), at);
    d->closings++;
    return closing_close(t, who(d, "kezhang"), d->work, period_prev(period), NULL, 0, STR("承办单位正在办理，已催办，下月优先办结"), NULL, err);
}

static bool live_month(struct txn *t, void *args, struct err *err)
{
    struct demo *d = args;
    int period = demo_months[d->month].period;
    bool closed = d->month == 0;                 /* the opening stock's month follows no closing */
    instant_t clearing = day_start(workdays_first_of_month(d->work, period / 100, period % 100)) + 8 * 3600000 + 40 * 60000;
    day_t next = period_first(period);
    struct txn kept = *t;
    bool ok = true;
    for (size_t i = 0; ok && i < d->plan.n_events; i++) {
        const struct demo_event *ev = &d->plan.events[i];
        if (period_of(instant_day(ev->at)) != period)
            continue;
        ok = slices_days(t, d, &next, instant_day(ev->at), err);
        if (ok && !closed && ev->at >= clearing) {
            ok = close_before(t, d, period, err);
            closed = true;
        }
        ok = ok && do_event(t, d, ev, err);
    }
    ok = ok && slices_days(t, d, &next, period_first(period_next(period)), err);
    for (size_t i = 0; ok && i < d->plan.n_duty; i++) {
        day_t day = d->plan.duty_day[i];
        if (period_of(day) != period)
            continue;
        be(t, who(d, "kezhang"), day_start(day) + 21 * 3600000);
        ok = outcome_add(t, who(d, "kezhang"), d->plan.duty_entry->number, STR("duty.day"), 1, STR(""), day, err);
    }
    t->at = kept.at;
    t->today = kept.today;
    t->actor_id = kept.actor_id;
    return ok;
}

static bool live(struct demo *d, struct err *err)
{
    for (d->month = 0; d->month < demo_months_count; d->month++) {
        int entries = d->entries, closings = d->closings;
        if (!store_write_wait(d->store, d->office_id, d->console.member_id, live_month, d, err)) {
            d->entries = entries;
            d->closings = closings;
            return false;
        }
    }
    return true;
}

/* --- the command ------------------------------------------------------------------------------------------------------------- */

static bool make(struct demo *d, const struct app *app, uint64_t seed, struct err *err)
{
    /* Clock and randomness are the seed's, so that every byte of the journal is the same each time. The keys of a demonstration are no secret. */
    sim_clock_init(&d->clock, day_start(period_first(demo_months[0].period)) + 8 * 3600000);
    sim_random_init(&d->random, seed);
    struct store_options opt = { .url = app->url, .write = true, .clock = &d->clock.base, .random = &d->random.base };
    struct buf hash _cleanup_(buf_release) = BUF_INIT;
    bool ok = store_create(&opt, err) && store_open(&opt, &d->store, err) && password_hash(&d->random.base, STR(DEMO_PASSWORD), &hash, err);
    d->password_hash = buf_view(&hash);
    ok = ok && store_write_wait(d->store, STORE_OFFICE_SHARED, 0, make_office, d, err) &&
         store_write_wait(d->store, d->office_id, 0, make_parties, d, err) && store_write_wait(d->store, d->office_id, 0, make_members, d, err) &&
         load_actors(d, err);
    if (!ok)
        return false;
    d->work = workdays_official();
    demo_plan_make(&d->plan, &d->arena, d->work, seed);
    return live(d, err) && store_write_wait(d->store, d->office_id, d->console.member_id, set_clock, d, err);
}

static void print_logins(const struct app *app)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    tr(&b, app->lang, M_APP_DEMO_LOGINS, (struct arg[]){ A_C(DEMO_PASSWORD) }, 1);
    puts(b.p);
    for (int i = 0; i < demo_members_count; i++)
        printf("  %-12s %s\n", demo_members[i].login, demo_members[i].name);
}

int app_demo(const struct app *app, int argc, struct str *argv)
{
    struct cmd words = { .argc = argc, .argv = argv };
    struct str seed_text = cmd_option(&words, "--seed");
    bool logins = cmd_flag(&words, "--logins");
    int64_t seed = 2022;
    if (words.argc || (seed_text.p && !num_range(seed_text, 0, INT64_MAX, &seed))) {
        fprintf(stderr, "whs: %s: whs demo [--seed N] [--logins]\n", tr_text(app->lang, M_APP_WRONG_USAGE));
        return 2;
    }
    if (logins) {
        print_logins(app);
        return 0;
    }
    int64_t start = clock_real.mono_us(&clock_real);
    struct demo d = { .arena = ARENA_INIT(0) };
    struct err err;
    bool ok = make(&d, app, (uint64_t)seed, &err);
    int code = 0;
    if (ok) {
        struct buf b _cleanup_(buf_release) = BUF_INIT;
        tr(&b, app->lang, M_APP_DEMO_DONE, (struct arg[]){ A_INT(d.entries), A_INT(d.closings), A_INT((clock_real.mono_us(&clock_real) - start) / 1000) }, 3);
        puts(b.p);
        print_logins(app);
    } else {
        code = app_fail_open(app, &err);
    }
    store_close(d.store);
    arena_release(&d.arena);
    return code;
}
