/* Registering what is due: one occurrence in one write, with the template's cursor. */
#include "office/recurring/inside.h"

#include <stdio.h>

#include "base/json.h"
#include "messages.h"
#include "office/workcal/workcal.h"
#include "store/journal.h"
#include "store/runner.h"

static struct str act_text(struct arena *a, const struct recurring *r, bool late)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    tr(&b, LANG_ZH, late ? M_RECURRING_ACT_LATE : M_RECURRING_ACT, (struct arg[]){ A_STR(r->phrase) }, 1);
    return arena_str(a, buf_view(&b));
}

bool recurring_entry(struct db *db, struct arena *a, const struct actor *as, const struct recurring *r, const struct occurrence *o, struct entry_input *ret,
                     struct err *err)
{
    struct recurring_input in;
    if (!recurring_names(db, a, as, r, &in, err))
        return false;
    *ret = (struct entry_input){
        .kind = in.kind, .title = recurring_fill(a, r->title, &r->rule, o->at.key), .source = recurring_fill(a, r->source, &r->rule, o->at.key),
        .requirement = recurring_fill(a, r->requirement, &r->rule, o->at.key), .lead_unit = in.lead_unit, .assist_units = in.assist_units, .leader = in.leader,
        .officer = in.officer, .lists = in.lists, .urgency = in.urgency, .deadline = recurring_deadline(a, &o->at),
    };
    return true;
}

/* How many in a row have their deadline behind them, beginning with `first`; *last: the one with which `keep` are left. */
static int64_t missed(const struct recurring *r, const struct workdays *w, struct occurrence first, instant_t now, int keep, struct occurrence *last)
{
    struct occurrence o = first, ring[RECURRING_LATE_MAX + 1];
    int64_t n = 0;
    while (o.at.due <= now && recurring_instant(&o) <= now) {
        ring[n++ % (keep + 1)] = o;
        if (!recurring_next(r, w, &o, &o))
            break;
    }
    if (n > keep)
        *last = ring[(n - 1 - keep) % (keep + 1)];
    return n;
}

static bool pass_over(struct txn *t, struct recurring_step *s, const struct occurrence *last, int64_t n, struct err *err)
{
    _cleanup_(buf_release) struct buf after = BUF_INIT;
    json_obj(&after);
    json_put_int(&after, "passed", n);
    json_put_int(&after, "day", last->at.key);
    json_obj_end(&after);
    const struct journal_line line = { .day = DAY_NONE, .entity = STR("recurring"), .entity_id = s->id, .verb = STR("pass"), .after = buf_view(&after) };
    s->passed = n;
    s->next = t->at;
    return journal_add(t, &line, err) &&
           q_recurring_made_add(t->db, &(struct recurring_made_add_in){ t->office_id, s->id, last->at.key, last->at.minute, 0, t->at, true, n }, NULL, err) &&
           q_recurring_advance(t->db, &(struct recurring_advance_in){ t->office_id, s->id, last->at.key, last->at.minute }, NULL, err);
}

static bool do_register(struct txn *t, struct recurring_step *s, const struct recurring *r, const struct occurrence *o, const struct actor *as, struct err *err)
{
    struct entry_input in;
    struct entry e;
    s->late = o->at.due <= t->at || (o->comes < t->today && recurring_instant(o) > r->since);
    if (!recurring_entry(t->db, t->arena, as, r, o, &in, err))
        return false;
    in.received = recurring_received(t->arena, o, t->at);
    in.text = act_text(t->arena, r, s->late);
    if (!entry_register(t, as, &in, &e, NULL, err))
        return false;
    s->made = true;
    snprintf(s->number, sizeof s->number, "%.*s", STR_ARG(e.number));
    return q_recurring_made_add(t->db, &(struct recurring_made_add_in){ t->office_id, s->id, o->at.key, o->at.minute, e.id, t->at, s->late, 0 }, NULL, err) &&
           q_recurring_advance(t->db, &(struct recurring_advance_in){ t->office_id, s->id, o->at.key, o->at.minute }, NULL, err);
}

/* The program registers, in the template's section. */
static bool act_as(struct txn *t, const struct recurring *r, struct actor *ret, struct err *err)
{
    if (!actor_load_login(t->db, t->arena, t->office_id, STR("console"), t->today, ret, err))
        return false;
    ret->section_id = ret->home_id = r->section_id;
    if (!actor_has_party(ret, r->section_id) && ret->n_parties < ACTOR_PARTIES_MAX)
        ret->parties[ret->n_parties++] = r->section_id;
    t->actor_id = ret->member_id;
    t->deputy_of = 0;
    return true;
}

bool recurring_step(struct txn *t, struct recurring_step *s, struct err *err)
{
    struct recurring r;
    struct occurrence o, last;
    struct actor as;
    const struct workdays *w;
    bool found;
    *s = (struct recurring_step){ .id = s->id, .next = INSTANT_NONE };
    if (!recurring_load(t->db, t->arena, t->office_id, s->id, &r, &found, err) || !workcal_get(t->db, t->arena, t->office_id, &w, err))
        return false;
    if (!found || r.paused || !recurring_next(&r, w, NULL, &o))
        return true;
    s->next = recurring_instant(&o);
    if (s->next > t->at)
        return true;
    int64_t n = missed(&r, w, o, t->at, RECURRING_LATE_MAX, &last);
    if (!act_as(t, &r, &as, err))
        return false;
    if (n > RECURRING_LATE_MAX)
        return pass_over(t, s, &last, n - RECURRING_LATE_MAX, err);
    if (!do_register(t, s, &r, &o, &as, err))
        return false;
    s->next = recurring_next(&r, w, &o, &o) ? recurring_instant(&o) : INSTANT_NONE;
    return true;
}

/* --- as a job --------------------------------------------------------------------------------------------------------------------------- */

static bool step(struct txn *t, void *args, struct err *err) { return recurring_step(t, args, err); }

static bool run(struct job_run *r, struct err *err)
{
    struct recurring_step s = { .id = r->job.subject };
    return job_finish(r, step, &s, &s.next, err);
}

const struct job_kind recurring_job = { RECURRING_JOB, M_RECURRING_JOB, run };
