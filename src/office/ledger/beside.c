/* What stands beside an entry on its page: the parts it was parted into, the months that carried it, what it brought about, where its paper is. */
#include "base/num.h"
#include "calendar/workdays.h"
#include "office/ledger/ledger.h"

/* --- parts and months ------------------------------------------------------------------------------------------------------------ */

static bool read_kin(struct req *rq, struct entry_page *v, struct err *err)
{
    struct entry_kin kin;
    if (!entry_kin(rq->db, rq->arena, rq->actor, v->e, &kin, err))
        return false;
    v->parent = kin.parent;
    v->has_parent = kin.parent != NULL;
    v->parts = arena_array(rq->arena, struct line_view, kin.n_parts + 1);
    v->n_parts = kin.n_parts;
    for (size_t i = 0; i < kin.n_parts; i++)
        face_line(rq, &v->lights, &kin.parts[i], &v->parts[i]);
    v->may_part = v->section && !v->e->reading && entry_state_open(v->e->state);
    return true;
}

static bool read_carries(struct req *rq, struct entry_page *v, struct err *err)
{
    struct closing_carry *c;
    if (v->e->carried == 0)
        return true;
    if (!closing_carries_of(rq->db, rq->arena, v->e, &c, &v->n_carries, err))
        return false;
    v->carries = arena_array(rq->arena, struct carry_view, v->n_carries + 1);
    for (size_t i = 0; i < v->n_carries; i++) {
        struct carry_view *k = &v->carries[i];
        *k = (struct carry_view){ .month = FACE_SAY(rq, M_MONTHS_NAME, A_INT(c[i].period / 100), A_INT(c[i].period % 100)),
                                  .due = c[i].due == INSTANT_NONE ? DAY_NONE : instant_day(c[i].due - 1), .overdue = c[i].overdue, .reason = c[i].reason };
        if (v->section)
            k->href = arena_printf(rq->arena, "/months/%04d-%02d", c[i].period / 100, c[i].period % 100);
    }
    return true;
}

/* --- forms ---------------------------------------------------------------------------------------------------------------------------- */

static struct field *beside_field(struct field *f, const char *form, const char *name, int label, const char *type)
{
    *f = (struct field){ .form = form, .name = name, .label = label, .type = type, .css = "" };
    return f;
}

static struct str outcome_name(struct req *rq, const struct outcome_key *k)
{
    const char *unit = face_unit(rq->lang, k->unit);
    return *unit ? FACE_SAY(rq, M_ENTRYPAGE_OUTCOME_KEY, A_MSG(k->name_msg), A_C(unit)) : FACE_SAY(rq, k->name_msg);
}

static void outcome_fields(struct req *rq, struct entry_page *v)
{
    struct field *f = beside_field(&v->outcome_field[0], "o", "key", M_FIELD_KEY, "text");
    f->select = f->must = true;
    face_choice(rq, f, STR(""), FACE_SAY(rq, M_FORM_CHOOSE), STR_NULL);
    for (int i = 0; i < outcome_keys_count; i++)
        face_choice(rq, f, str_c(outcome_keys[i].key), outcome_name(rq, &outcome_keys[i]),
                    STR_NULL);
    beside_field(&v->outcome_field[1], "o", "n", M_FIELD_N, "number")->must = true;
    beside_field(&v->outcome_field[2], "o", "label", M_FIELD_LABEL, "text")->hint = M_ENTRYPAGE_OUTCOME_LABEL_HINT;
    beside_field(&v->outcome_field[3], "o", "day", M_FIELD_DAY, "date")->hint = M_FORM_DAY_HINT;
}

static struct str day_of(struct req *rq, instant_t at) { return at == INSTANT_NONE ? STR("") : face_iso_day(rq, instant_day(at)); }

static void paper_fields(struct req *rq, struct entry_page *v)
{
    beside_field(&v->paper_field[0], "p", "paper_where", M_FIELD_PAPER_WHERE, "text")->value = v->e->paper_where;
    beside_field(&v->paper_field[1], "p", "paper_out", M_FIELD_PAPER_OUT, "date")->value = day_of(rq, v->e->paper_out_at);
    beside_field(&v->paper_field[2], "p", "paper_back", M_FIELD_PAPER_BACK, "date")->value = day_of(rq, v->e->paper_back_at);
}

static bool read_outcomes(struct req *rq, struct entry_page *v, struct err *err)
{
    if (!outcome_of(rq->db, rq->arena, v->e, &v->outcomes, &v->n_outcomes, err))
        return false;
    for (size_t i = 0; i < v->n_outcomes; i++)
        v->outcomes[i].unit = face_unit(rq->lang, v->outcomes[i].unit);
    return true;
}

bool beside_read(struct req *rq, struct entry_page *v, struct err *err)
{
    v->section = (rules_sides(rq->actor, v->e) & SIDE_SECTION) != 0;
    v->paper_out = v->e->paper_out_at == INSTANT_NONE ? DAY_NONE : instant_day(v->e->paper_out_at);
    v->paper_back = v->e->paper_back_at == INSTANT_NONE ? DAY_NONE : instant_day(v->e->paper_back_at);
    if (v->section) {
        v->n_outcome_fields = ARRAY_LEN(v->outcome_field);
        v->n_paper_fields = ARRAY_LEN(v->paper_field);
        outcome_fields(rq, v);
        paper_fields(rq, v);
    }
    return read_kin(rq, v, err) && read_carries(rq, v, err) && read_outcomes(rq, v, err) &&
           face_blocks(rq, v->e, &v->blocks, err);
}

/* A refusal stands beside its field, in the form that was sent. */
static void refuse(struct req *rq, struct entry_page *v, struct field *f, size_t n, bool *open, const struct err *err)
{
    *open = true;
    for (size_t i = 0; i < n; i++)
        face_typed(rq, &f[i]);
    face_problems(rq, f, n, NULL, err);
    v->why = face_unplaced(rq, f, n, NULL, err);
    entry_show(rq, v, err_http(err));
}

/* --- outcomes --------------------------------------------------------------------------------------------------------------------------- */

struct outcome_write { struct str number, key, n, label, day; };

static bool outcome_fn(struct txn *t, void *args, struct err *err)
{
    const struct outcome_write *w = args;
    struct actor actor;
    int64_t n = 0;
    instant_t at;
    bool has_time;
    day_t day = DAY_NONE;
    if (w->day.n && !date_read(w->day, &day, &at, &has_time, err))
        return false;
    num_range(w->n, 1, OUTCOME_N_MAX, &n);       /* anything else is refused as 0 */
    return web_actor(t, &actor, err) && outcome_add(t, &actor, w->number, w->key.p ? w->key : STR(""), n, w->label, day, err);
}

static void outcome_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    struct entry_page *v = arena_new(rq->arena, struct entry_page);
    struct err failed;
    (void)args;
    if (ok)
        req_redirect(rq, "/entries/%.*s#outcomes", STR_ARG(face_percent(rq, rq->args[0])));
    else if (!entry_read(rq, v, &failed))
        req_fail(rq, &failed);
    else
        refuse(rq, v, v->outcome_field, ARRAY_LEN(v->outcome_field), &v->outcome_open, err);
}

void entry_outcome_post(struct req *rq)
{
    struct outcome_write *w = arena_new(rq->arena, struct outcome_write);
    *w = (struct outcome_write){ rq->args[0], req_form(rq, "key"), req_form(rq, "n"), req_form(rq, "label"), req_form(rq, "day") };
    web_write(rq, outcome_fn, w, outcome_answer);
}

/* --- the paper original --------------------------------------------------------------------------------------------------------------- */

struct paper_write { struct str number; struct entry_input in; };

static bool paper_fn(struct txn *t, void *args, struct err *err)
{
    const struct paper_write *w = args;
    struct actor actor;
    struct entry after;
    return web_actor(t, &actor, err) && entry_act(t, &actor, w->number, VERB_AMEND, &w->in, &after, err);
}

static void paper_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    struct entry_page *v = arena_new(rq->arena, struct entry_page);
    struct err failed;
    (void)args;
    if (ok)
        req_redirect(rq, "/entries/%.*s#paper", STR_ARG(face_percent(rq, rq->args[0])));
    else if (!entry_read(rq, v, &failed))
        req_fail(rq, &failed);
    else
        refuse(rq, v, v->paper_field, ARRAY_LEN(v->paper_field), &v->paper_open, err);
}

static struct str differs(struct str was, struct str is)
{
    is = is.p ? is : STR("");
    return was.n == is.n && (is.n == 0 || str_eq(was, is)) ? STR_NULL : is;
}

/* Only what differs is said; nothing new is no act. */
void entry_paper_post(struct req *rq)
{
    struct entry_page *v = arena_new(rq->arena, struct entry_page);
    struct paper_write *w = arena_new(rq->arena, struct paper_write);
    struct err err;
    if (!entry_read(rq, v, &err)) {
        req_fail(rq, &err);
        return;
    }
    w->number = rq->args[0];
    w->in = (struct entry_input){ .paper_where = differs(v->e->paper_where, req_form(rq, "paper_where")),
                                  .paper_out = differs(day_of(rq, v->e->paper_out_at), req_form(rq, "paper_out")),
                                  .paper_back = differs(day_of(rq, v->e->paper_back_at), req_form(rq, "paper_back")), .version = req_form(rq, "version") };
    if (w->in.paper_where.p || w->in.paper_out.p || w->in.paper_back.p)
        web_write(rq, paper_fn, w, paper_answer);
    else
        req_redirect(rq, "/entries/%.*s", STR_ARG(face_percent(rq, w->number)));
}
