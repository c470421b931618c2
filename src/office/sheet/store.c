/* Looking at a file, and taking it. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "format/jsonin.h"
#include "office/sheet/inside.h"
#include "store/crypto.h"
#include "store/journal.h"

/* --- plans ------------------------------------------------------------------------------------------------------------------------ */

void plan_put(struct buf *b, const struct sheet_plan *plan)
{
    json_obj(b);
    json_put_str(b, "map", plan->map);
    json_put_str(b, "kind", plan->kind);
    json_put_str(b, "source", plan->source);
    json_put_str(b, "received", plan->received);
    json_put_int(b, "year", plan->year);
    json_put_bool(b, "create", plan->create);
    json_obj_end(b);
}

bool plan_read(struct arena *a, struct str json, struct sheet_plan *ret, struct err *err)
{
    struct jvalue v;
    int64_t year;
    *ret = (struct sheet_plan){ 0 };
    if (json.n == 0)
        return true;
    if (!json_read(a, json, &v, err) || !jget_text(&v, "map", &ret->map, err) || !jget_text(&v, "kind", &ret->kind, err) ||
        !jget_text(&v, "source", &ret->source, err) || !jget_text(&v, "received", &ret->received, err) || !jget_int(&v, "year", 0, &year, err) ||
        !jget_bool(&v, "create", &ret->create, err))
        return false;
    ret->year = (int)year;
    return true;
}

static struct str hex(struct arena *a, const uint8_t *digest)
{
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    buf_hex(&b, digest, DIGEST_BYTES);
    return arena_str(a, buf_view(&b));
}

struct str head_digest(struct arena *a, struct db *db, const struct table_head *h, struct err *err)
{
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    uint8_t made[SM3_BYTES];
    for (int i = 0; i < h->n; i++) {
        buf_str(&b, h->column[i].name);
        buf_ch(&b, '\n');
    }
    struct str all = b.n ? buf_view(&b) : STR("");
    return sm3(db_crypto(db), &all, 1, made, err) ? hex(a, made) : STR_NULL;
}

bool head_known(struct db *db, struct arena *a, int64_t office_id, struct str digest, struct sheet_plan *ret, bool *found, struct err *err)
{
    struct head_find_row row;
    if (!q_head_find(db, a, &(struct head_find_in){ office_id, digest }, &row, found, err))
        return false;
    return !*found || plan_read(a, row.plan, ret, err);
}

/* --- both passes --------------------------------------------------------------------------------------------------------------------- */

/* Stands for all that the file would do. */
static bool seal_result(struct pass *p, struct err *err)
{
    uint8_t made[DIGEST_BYTES];
    memcpy(made, p->fresh, sizeof made);
    const struct str piece[] = { str_n((const char *)p->edits, DIGEST_BYTES) };
    if (!pass_chain(p, made, piece, 1, err))
        return false;
    p->result->seen = hex(p->kept, made);
    return true;
}

static bool taken_before(struct pass *p, struct err *err)
{
    struct taken_find_row row;
    bool found = false;
    if (p->result->fresh == 0)
        return true;
    if (!q_taken_find(p->t->db, p->kept, &(struct taken_find_in){ p->actor->office_id, hex(p->kept, p->fresh) }, &row, &found, err))
        return false;
    if (found) {
        p->result->taken_at = row.at;
        p->result->taken_by = row.member.p ? row.member : STR("");
        p->result->taken_name = row.name;
    }
    return true;
}

static bool taken_again(const struct sheet_result *r, struct err *err)
{
    return err_fail(err, ERR_CONFLICT, M_SHEET_TAKEN, NULL, A_INSTANT(r->taken_at), A_STR(r->taken_by), A_STR(r->taken_name));
}

static bool may(const struct actor *actor, struct err *err)
{
    return (actor_is(actor, ROLE_SECTION) && actor->section_id) || str_eqc(actor->login, "console") || err_fail(err, ERR_DENIED, M_SHEET_SECTION_ONLY, NULL);
}

bool sheet_look(const struct sheet_ask *ask, struct sheet_result *ret, struct problems *problems, struct err *err)
{
    instant_t now = clock_now(store_clock(ask->store));
    struct txn reading = { .db = ask->db, .store = ask->store, .arena = ask->arena, .office_id = ask->actor->office_id, .actor_id = ask->actor->member_id,
                           .at = now, .today = instant_day(now) };
    struct pass *p = arena_new(ask->arena, struct pass);
    const struct sheet_plan *plan = ask->plan;
    *ret = (struct sheet_result){ .taken_at = INSTANT_NONE, .seen = STR(""), .title = STR_NULL, .map = STR("") };
    if (!may(ask->actor, err))
        return false;
    *p = (struct pass){ .t = &reading, .actor = ask->actor, .plan = *plan, .kept = ask->arena, .result = ret, .progress = ask->progress,
                        .progress_ctx = ask->progress_ctx, .problems = problems, .err = err };
    p->names = (struct lookup){ .db = ask->db, .arena = ask->arena, .actor = ask->actor, .create = plan->create };
    bool ok = pass_run(p, ask->bytes);
    ret->missing = p->names.missing;
    ret->n_missing = p->names.n_missing;
    ret->kind = p->plan.kind;
    ret->source = p->plan.source;
    struct err e;
    if (seal_result(p, &e) && taken_before(p, &e)) {
        if (ok && ret->taken_at != INSTANT_NONE && !plan->again)
            ok = taken_again(ret, err);
        return ok;
    }
    if (ok)
        *err = e;
    return false;
}

void sheet_take_of(const struct sheet_ask *ask, const struct sheet_result *look, struct sheet_take *ret)
{
    *ret = (struct sheet_take){ .bytes = look->copy.n ? buf_view(&look->copy) : ask->bytes, .kept = look->copy.n > 0, .plan = *ask->plan, .missing = look->missing,
                                .n_missing = look->n_missing };
    ret->plan.map = look->map;
    ret->plan.kind = look->kind;
    ret->plan.source = look->source;
}

/* --- on the writer ------------------------------------------------------------------------------------------------------------------------ */

static bool remember(struct pass *p, const struct sheet_plan *plan, struct err *err)
{
    struct txn *t = p->t;
    _cleanup_(buf_release) struct buf b = BUF_INIT, after = BUF_INIT;
    struct sheet_plan keep = *plan;
    const struct sheet_result *r = p->result;
    keep.map = r->map;
    keep.received = STR_NULL;                    /* of that day, and of no other */
    plan_put(&b, &keep);
    struct str digest = head_digest(t->arena, t->db, &p->head, err);
    if (!digest.p || (!p->exact && !q_head_put(t->db, &(struct head_put_in){ t->office_id, digest, buf_view(&b), t->at, t->actor_id }, NULL, err)))
        return false;
    struct taken_put_in taken = { t->office_id, hex(t->arena, p->fresh), t->at, t->actor_id, plan->name.p ? plan->name : STR(""), r->fresh };
    if (r->fresh && !q_taken_put(t->db, &taken, NULL, err))
        return false;
    json_obj(&after);
    json_put_str(&after, "name", taken.name);
    json_put_int(&after, "new", r->fresh);
    json_put_int(&after, "edited", r->edited);
    json_put_str(&after, "map", r->map);
    json_obj_end(&after);
    const struct journal_line line = { .day = DAY_NONE, .entity = STR("sheet"), .entity_id = 0, .verb = STR("take"), .after = buf_view(&after) };
    return journal_add(t, &line, err);
}

/* Names the rows need are made first, in the order in which the file has them; whoever is named is looked for as the pass would look for him. */
static bool make_names(struct txn *t, const struct actor *actor, struct sheet_take *s, struct err *err)
{
    for (size_t i = 0; i < s->n_missing; i++)
        if (!lookup_create(t, actor, s->missing[i], err))
            return false;
    return true;
}

bool sheet_take_fn(struct txn *t, void *args, struct err *err)
{
    struct sheet_take *s = args;
    struct actor actor;
    struct sheet_result r;
    struct arena kept _cleanup_(arena_release) = ARENA_INIT(0);
    struct pass *p = arena_new(&kept, struct pass);
    txn_bulk(t);
    if (s->problems)
        s->problems->n = s->problems->total = 0; /* fn may run again */
    if (!actor_load(t->db, t->arena, t->office_id, t->actor_id, t->today, &actor, err) || !may(&actor, err) || !make_names(t, &actor, s, err))
        return false;
    *p = (struct pass){ .t = t, .actor = &actor, .plan = s->plan, .put = true, .rows_kept = s->kept, .kept = &kept, .result = &r, .problems = s->problems, .err = err };
    p->names = (struct lookup){ .db = t->db, .arena = &kept, .actor = &actor };
    if (!pass_run(p, s->bytes) || !seal_result(p, err) || !taken_before(p, err))
        return false;
    if (r.taken_at != INSTANT_NONE && !s->plan.again)
        return taken_again(&r, err);
    if (s->plan.seen.p && !str_eq(s->plan.seen, r.seen))
        return err_fail(err, ERR_CONFLICT, M_SHEET_CHANGED, NULL);
    s->rows = r.rows;
    s->fresh = r.fresh;
    s->edited = r.edited;
    s->edits = r.edits;
    s->same = r.same;
    return (r.fresh == 0 && r.edits == 0) || remember(p, &s->plan, err);
}
