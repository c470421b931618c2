/* A collection and its rounds: defined, changed, ended, opened. */
#include "office/collect/inside.h"

#include "base/json.h"
#include "base/num.h"
#include "messages.h"
#include "office/workcal/workcal.h"
#include "store/job.h"

bool collect_note(struct txn *t, int64_t id, const char *verb, const struct buf *after, struct err *err)
{
    return journal_add(t, &(struct journal_line){ .day = DAY_NONE, .entity = STR("collect"), .entity_id = id, .verb = str_c(verb), .before = STR(""), .after = buf_view(after) },
                       err);
}

bool collect_own(struct txn *t, const struct actor *actor, int64_t id, struct collect *ret, struct err *err)
{
    if (!collect_get(t->db, t->arena, actor, id, ret, err))
        return false;
    if (!collect_keeps(actor, ret))
        return err_fail(err, ERR_DENIED, M_COLLECT_SECTION_ONLY, NULL);
    t->deputy_of = actor_stead(actor, ret->section_id);
    return true;
}

static void put_checked(struct buf *b, const struct collect_checked *k)
{
    json_obj(b);
    json_put_str(b, "title", k->title);
    json_put_str(b, "about", k->about);
    json_put_str(b, "every", k->every);
    json_put_int(b, "ahead", k->ahead);
    json_put_int(b, "many", k->many);
    json_put_bool(b, "zero", k->zero);
    json_put_int(b, "entry", k->entry_id);
    if (k->due != INSTANT_NONE)
        json_put_int(b, "due", k->due);
    if (k->blank.p)
        json_put_str(b, "form", k->blank);
    if (k->units) {
        json_key(b, "units");
        json_arr(b);
        for (size_t i = 0; i < k->n_units; i++)
            json_int(b, k->units[i]);
        json_arr_end(b);
    }
    json_obj_end(b);
}

/* --- rounds --------------------------------------------------------------------------------------------------------------------------- */

static bool open_round(struct txn *t, struct collect *c, day_t key, day_t day, instant_t due, struct err *err)
{
    struct collect_unit_row *units;
    struct round_key_row there;
    size_t n_units;
    bool found;
    if (!q_collect_round_key(t->db, t->arena, &(struct collect_round_key_in){ t->office_id, c->id, key }, &there, &found, err) ||
        !q_collect_units(t->db, t->arena, &(struct collect_units_in){ t->office_id, c->id }, &units, &n_units, err))
        return false;
    if (found)
        return true;
    int64_t n = ++c->rounds;
    struct buf after _cleanup_(buf_release) = BUF_INIT;
    json_obj(&after);
    json_put_int(&after, "round", n);
    json_put_int(&after, "day", key);
    json_put_int(&after, "due", due);
    json_put_int(&after, "asked", (int64_t)n_units);
    json_obj_end(&after);
    return q_collect_round_insert(t->db, &(struct collect_round_in){ t->office_id, c->id, n, txn_next_id(t), c->section_id, c->form, key, day, t->at, due, (int64_t)n_units },
                                  NULL, err) &&
           q_collect_answers_open(t->db, &(struct collect_answers_open_in){ t->office_id, c->id, n, due }, NULL, err) &&
           q_collect_opened(t->db, &(struct collect_opened_in){ t->office_id, c->id, n, day }, NULL, err) && collect_note(t, c->id, "open", &after, err);
}

static bool last_key(struct txn *t, const struct collect *c, day_t *ret, struct err *err)
{
    struct collect_round r;
    bool found;
    *ret = DAY_NONE;
    if (!collect_round_row(t->db, t->arena, t->office_id, c->id, c->rounds, &r, &found, err))
        return false;
    if (found)
        *ret = r.key;
    return true;
}

bool collect_open_due(struct txn *t, int64_t id, instant_t *next, struct err *err)
{
    enum { ROUNDS_AT_ONCE = 16 };
    struct recur_time due[ROUNDS_AT_ONCE];
    const struct workdays *w;
    struct collect c;
    struct recur recur;
    day_t last;
    bool found;
    *next = INSTANT_NONE;
    if (!collect_row_get(t->db, t->arena, t->office_id, id, &c, &found, err))
        return false;
    if (!found || c.ended || c.every.n == 0)
        return true;
    if (!recur_read(c.every, &recur))
        return err_fail(err, ERR_CORRUPT, M_COLLECT_BAD_EVERY, NULL, A_STR(c.every));
    if (!workcal_get(t->db, t->arena, t->office_id, &w, err) || !last_key(t, &c, &last, err))
        return false;
    struct schedule s = { &recur, w, c.ahead, c.created_at };
    size_t n = schedule_due(&s, last, t->at, due, ROUNDS_AT_ONCE, next);
    for (size_t i = 0; i < n; i++)
        if (!open_round(t, &c, due[i].key, due[i].day, due[i].due, err))
            return false;
    return true;
}

bool collect_open_and_wait(struct txn *t, int64_t id, struct err *err)
{
    instant_t next;
    if (!collect_open_due(t, id, &next, err))
        return false;
    return next == INSTANT_NONE ? job_cancel(t, STR(COLLECT_JOB), id, err) : job_put(t, STR(COLLECT_JOB), id, next, err);
}

struct opening { int64_t id; instant_t next; };

static bool opening_fn(struct txn *t, void *args, struct err *err)
{
    struct opening *o = args;
    return collect_open_due(t, o->id, &o->next, err);
}

static bool run_job(struct job_run *r, struct err *err)
{
    struct opening o = { r->job.subject, INSTANT_NONE };
    return job_finish(r, opening_fn, &o, &o.next, err);
}

const struct job_kind collect_jobs[1] = { { COLLECT_JOB, M_COLLECT_JOB, run_job } };

/* --- defining and changing ---------------------------------------------------------------------------------------------------------------- */

static bool put_units(struct txn *t, int64_t id, const struct collect_checked *k, struct err *err)
{
    for (size_t i = 0; i < k->n_units; i++)
        if (!q_collect_unit_insert(t->db, &(struct collect_unit_in){ t->office_id, id, k->units[i] }, NULL, err))
            return false;
    return true;
}

bool collect_add(struct txn *t, const struct actor *actor, const struct collect_input *in, int64_t *ret, struct problems *p, struct err *err)
{
    struct collect_checked k;
    if (!actor_is(actor, ROLE_SECTION) || !actor->section_id)
        return err_fail(err, ERR_DENIED, M_COLLECT_SECTION_ONLY, NULL);
    if (!collect_check(t, actor, NULL, in, &k, p, err))
        return false;
    t->deputy_of = actor_stead(actor, actor->section_id);
    int64_t id = txn_next_id(t);
    struct collect c = { .id = id, .section_id = actor->section_id, .form = 1 };
    struct buf after _cleanup_(buf_release) = BUF_INIT;
    put_checked(&after, &k);
    struct collect_insert_in row = { t->office_id, id, c.section_id, k.entry_id, k.title, k.about, k.every, k.ahead, k.many, k.zero, 1, t->today, actor->member_id, t->at };
    bool ok = q_collect_insert(t->db, &row, NULL, err) && q_collect_form_insert(t->db, &(struct collect_form_in){ t->office_id, id, 1, k.blank }, NULL, err) &&
              put_units(t, id, &k, err) && collect_note(t, id, "add", &after, err) &&
              (k.every.n ? collect_open_and_wait(t, id, err) : open_round(t, &c, k.day, k.day, k.due, err));
    if (ok)
        *ret = id;
    return ok;
}

/* What a change does to the round that is open now: decided before anything is written. */
struct current {
    bool any, untouched;
    struct collect_round r;
    struct collect_answer *answers;
    size_t n;
};

static bool read_current(struct txn *t, const struct collect *c, struct current *ret, struct err *err)
{
    bool found;
    *ret = (struct current){ .untouched = true };
    if (!collect_round_row(t->db, t->arena, t->office_id, c->id, c->rounds, &ret->r, &found, err))
        return false;
    ret->any = found && !ret->r.sent;
    if (!ret->any)
        return true;
    if (!collect_answers(t->db, t->arena, t->office_id, &ret->r, &ret->answers, &ret->n, err))
        return false;
    for (size_t i = 0; i < ret->n; i++)
        ret->untouched &= ret->answers[i].rev == 0;
    return true;
}

static bool wants(const struct collect_checked *k, int64_t party)
{
    for (size_t i = 0; i < k->n_units; i++)
        if (k->units[i] == party)
            return true;
    return false;
}

static bool asks(const struct current *now, int64_t party)
{
    for (size_t i = 0; i < now->n; i++)
        if (now->answers[i].party_id == party)
            return true;
    return false;
}

/* Who is new is asked in the open round too; who is no longer asked leaves it unless something is there already. */
static bool change_units(struct txn *t, const struct collect *c, const struct collect_checked *k, struct current *now, struct err *err)
{
    int64_t asked = now->r.asked;
    if (!q_collect_unit_clear(t->db, &(struct collect_unit_clear_in){ t->office_id, c->id }, NULL, err) || !put_units(t, c->id, k, err))
        return false;
    if (!now->any)
        return true;
    for (size_t i = 0; i < now->n; i++) {
        if (wants(k, now->answers[i].party_id) || now->answers[i].rev)
            continue;
        asked--;
        if (!q_collect_answer_delete(t->db, &(struct collect_answer_delete_in){ t->office_id, c->id, now->r.n, now->answers[i].party_id }, NULL, err))
            return false;
    }
    for (size_t i = 0; i < k->n_units; i++) {
        if (asks(now, k->units[i]))
            continue;
        asked++;
        if (!q_collect_answer_insert(t->db, &(struct collect_answer_insert_in){ t->office_id, c->id, now->r.n, k->units[i], now->r.due }, NULL, err))
            return false;
    }
    return q_collect_round_counts(t->db, &(struct collect_round_counts_in){ t->office_id, c->id, now->r.n, asked, now->r.answered, now->r.zero }, NULL, err);
}

static bool same_blank(struct txn *t, const struct collect *c, struct str text, bool *ret, struct err *err)
{
    struct collect_form_row row;
    bool found;
    *ret = true;
    if (!text.p)
        return true;
    if (!q_collect_form_body(t->db, t->arena, &(struct collect_form_body_in){ t->office_id, c->id, c->form }, &row, &found, err))
        return false;
    *ret = found && str_eq(row.body, text);
    return true;
}

bool collect_change(struct txn *t, const struct actor *actor, int64_t id, const struct collect_input *in, struct problems *p, struct err *err)
{
    struct collect c;
    struct collect_checked k;
    struct current now;
    bool same;
    int64_t version = 0;
    if (!collect_own(t, actor, id, &c, err))
        return false;
    if (in->version.n && (!num_i64(in->version, &version) || version != c.version))
        return err_fail(err, ERR_CONFLICT, M_COLLECT_CHANGED_MEANWHILE, "version");
    if (c.ended)
        return err_fail(err, ERR_CONFLICT, M_COLLECT_ENDED_ALREADY, NULL);
    if (!collect_check(t, actor, &c, in, &k, p, err) || !read_current(t, &c, &now, err) || !same_blank(t, &c, k.blank, &same, err))
        return false;
    if (!same && c.every.n == 0 && !now.untouched)
        return err_fail(err, ERR_CONFLICT, M_COLLECT_FORM_USED, "form");
    if (k.due != INSTANT_NONE && !now.any)
        return err_fail(err, ERR_CONFLICT, M_COLLECT_SENT_ALREADY, "day");
    int form = c.form + !same;
    struct buf after _cleanup_(buf_release) = BUF_INIT;
    put_checked(&after, &k);
    struct collect_update_in row = { t->office_id, id, k.entry_id, k.title, k.about, k.every, k.ahead, k.many, k.zero, false, form, c.version + 1 };
    bool due = k.due != INSTANT_NONE, ok = q_collect_update(t->db, &row, NULL, err);
    if (ok && !same)
        ok = q_collect_form_insert(t->db, &(struct collect_form_in){ t->office_id, id, form, k.blank }, NULL, err);
    if (ok && now.any && (due || (!same && now.untouched)))
        ok = q_collect_round_form(t->db, &(struct collect_round_form_in){ t->office_id, id, now.r.n, now.untouched ? form : now.r.form, due ? k.due : now.r.due,
                                                                          due ? k.day : now.r.day }, NULL, err);
    now.r.due = due ? k.due : now.r.due;
    if (ok && due)
        ok = q_collect_answers_due(t->db, &(struct collect_answers_due_in){ t->office_id, id, now.r.n, k.due }, NULL, err);
    if (ok && k.units)
        ok = change_units(t, &c, &k, &now, err);
    return ok && collect_note(t, id, "change", &after, err) && (c.every.n == 0 || collect_open_and_wait(t, id, err));
}

bool collect_end(struct txn *t, const struct actor *actor, int64_t id, struct err *err)
{
    struct collect c;
    struct buf after _cleanup_(buf_release) = BUF_INIT;
    if (!collect_own(t, actor, id, &c, err))
        return false;
    if (c.ended)
        return err_fail(err, ERR_CONFLICT, M_COLLECT_ENDED_ALREADY, NULL);
    buf_c(&after, "{\"ended\":true}");
    struct collect_update_in row = { t->office_id, id, c.entry_id, c.title, c.about, c.every, c.ahead, c.many, c.zero, true, c.form, c.version + 1 };
    return q_collect_update(t->db, &row, NULL, err) && collect_note(t, id, "end", &after, err) && job_cancel(t, STR(COLLECT_JOB), id, err);
}
