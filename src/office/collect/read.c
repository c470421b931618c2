/* Reading, through the actor: the section that keeps a collection and leaders see all of it, a unit its own answers. */
#include "messages.h"
#include "office/collect/inside.h"

bool collect_keeps(const struct actor *a, const struct collect *c) { return actor_is(a, ROLE_SECTION) && actor_has_party(a, c->section_id); }
bool collect_sees_all(const struct actor *a, const struct collect *c) { return collect_keeps(a, c) || actor_is(a, ROLE_LEADER); }

bool collect_row_get(struct db *db, struct arena *a, int64_t office_id, int64_t id, struct collect *ret, bool *found, struct err *err)
{
    struct collect_row r;
    if (!q_collect_by_id(db, a, &(struct collect_by_id_in){ office_id, id }, &r, found, err))
        return false;
    if (*found)
        *ret = (struct collect){ r.id, r.section_id, r.entry_id, r.number.p ? r.number : STR(""), r.title, r.about, r.every, (int)r.ahead, (int)r.many, r.zero, r.ended,
                                 (int)r.form, r.rounds, r.version, r.created_at };
    return true;
}

static struct collect_round round_of(const struct round_row *r)
{
    return (struct collect_round){ r->id, r->collect_id, r->n, (int)r->form, r->key_day, r->day, r->opened_at, r->due, r->sent, r->sheets, r->asked, r->answered, r->zero };
}

bool collect_round_row(struct db *db, struct arena *a, int64_t office_id, int64_t id, int64_t n, struct collect_round *ret, bool *found, struct err *err)
{
    struct round_row r;
    if (!q_collect_round_get(db, a, &(struct collect_round_get_in){ office_id, id, n }, &r, found, err))
        return false;
    if (*found)
        *ret = round_of(&r);
    return true;
}

static bool none(struct err *err) { return err_fail(err, ERR_NOT_FOUND, M_COLLECT_NONE, NULL); }

/* The newest round in which one of the actor's parties was asked; 0: in none. */
static bool asked_round(struct db *db, struct arena *a, const struct actor *actor, int64_t id, int64_t *ret, struct err *err)
{
    *ret = 0;
    for (int i = 0; i < actor->n_parties; i++) {
        struct asked_round_row r;
        bool found;
        if (!q_collect_asked_round(db, a, &(struct collect_asked_round_in){ actor->office_id, actor->parties[i], id }, &r, &found, err))
            return false;
        if (found && r.round > *ret)
            *ret = r.round;
    }
    return true;
}

bool collect_get(struct db *db, struct arena *a, const struct actor *actor, int64_t id, struct collect *ret, struct err *err)
{
    bool found;
    int64_t round;
    if (!collect_row_get(db, a, actor->office_id, id, ret, &found, err))
        return false;
    if (!found)
        return none(err);
    if (collect_sees_all(actor, ret))
        return true;
    if (!actor_is(actor, ROLE_LIAISON))
        return none(err);
    return asked_round(db, a, actor, id, &round, err) && (round || none(err));
}

bool collect_round_get(struct db *db, struct arena *a, const struct actor *actor, int64_t id, int64_t n, struct collect *c, struct collect_round *ret, struct err *err)
{
    bool found;
    if (!collect_get(db, a, actor, id, c, err))
        return false;
    if (n == 0 && !collect_sees_all(actor, c)) {
        if (!asked_round(db, a, actor, id, &n, err))
            return false;
    } else if (n == 0) {
        n = c->rounds;
    }
    if (!collect_round_row(db, a, actor->office_id, id, n, ret, &found, err))
        return false;
    if (!found)
        return err_fail(err, ERR_NOT_FOUND, M_COLLECT_NO_ROUND, NULL, A_INT(n));
    if (collect_sees_all(actor, c))
        return true;
    for (int i = 0; i < actor->n_parties; i++) {
        struct answer_row row;
        if (!q_collect_answer_get(db, a, &(struct collect_answer_get_in){ actor->office_id, id, n, actor->parties[i] }, &row, &found, err))
            return false;
        if (found)
            return true;
    }
    return err_fail(err, ERR_NOT_FOUND, M_COLLECT_NO_ROUND, NULL, A_INT(n));
}

bool collect_blank(struct db *db, struct arena *a, int64_t office_id, int64_t id, int form, struct blank *ret, struct err *err)
{
    struct collect_form_row r;
    bool found;
    if (!q_collect_form_body(db, a, &(struct collect_form_body_in){ office_id, id, form }, &r, &found, err))
        return false;
    return found ? blank_read(a, r.body, ret, NULL, err) : none(err);
}

static struct str or_empty(struct str s) { return s.p ? s : STR(""); }

bool collect_answer_get(struct db *db, struct arena *a, const struct actor *actor, const struct collect *c, const struct collect_round *r, int64_t party_id,
                        struct collect_answer *ret, struct err *err)
{
    struct answer_row k;
    bool found;
    if (!collect_sees_all(actor, c) && !(actor_is(actor, ROLE_LIAISON) && actor_has_party(actor, party_id)))
        return none(err);
    if (!q_collect_answer_get(db, a, &(struct collect_answer_get_in){ actor->office_id, c->id, r->n, party_id }, &k, &found, err))
        return false;
    if (!found)
        return err_fail(err, ERR_NOT_FOUND, M_COLLECT_NOT_ASKED, NULL);
    *ret = (struct collect_answer){ k.party_id, k.unit, k.category, answer_of_code(k.state), k.zero, k.late, k.reopened, k.rev, k.n, k.first_at, k.at, or_empty(k.by),
                                    or_empty(k.said_by), k.reason, k.urged, k.urged_at, k.zeros, k.warned, k.correction, or_empty(k.body), k.draft };
    return true;
}

bool collect_answers(struct db *db, struct arena *a, int64_t office_id, const struct collect_round *r, struct collect_answer **ret, size_t *n, struct err *err)
{
    struct answer_line_row *rows;
    if (!q_collect_answers(db, a, &(struct collect_answers_in){ office_id, r->collect_id, r->n }, &rows, n, err))
        return false;
    *ret = arena_array(a, struct collect_answer, *n + 1);
    for (size_t i = 0; i < *n; i++) {
        const struct answer_line_row *k = &rows[i];
        (*ret)[i] = (struct collect_answer){ k->party_id, k->unit, k->category, answer_of_code(k->state), k->zero, k->late, k->reopened, k->rev, k->n, k->first_at, k->at,
                                             or_empty(k->by), or_empty(k->said_by), k->reason, k->urged, k->urged_at, k->zeros, k->warned, k->correction, STR(""), STR_NULL };
    }
    return true;
}

/* Rows of another blank, by the names of its columns. */
static struct str *fit(struct arena *a, const struct blank *from, const struct str *cells, size_t n, const struct blank *to)
{
    struct str *ret = arena_array(a, struct str, n * (size_t)to->n + 1);
    for (size_t i = 0; i < n * (size_t)to->n; i++)
        ret[i] = STR("");
    for (int k = 0; k < to->n; k++)
        for (int c = 0; c < from->n; c++)
            if (str_eq(to->column[k].name, from->column[c].name) && to->column[k].type == from->column[c].type && to->column[k].places == from->column[c].places &&
                to->column[k].personal == from->column[c].personal)
                for (size_t r = 0; r < n; r++)
                    ret[r * (size_t)to->n + (size_t)k] = cells[r * (size_t)from->n + (size_t)c];
    return ret;
}

bool collect_before(struct db *db, struct arena *a, int64_t office_id, const struct collect_round *r, int64_t party_id, const struct blank *k, struct str **cells, size_t *n,
                    struct err *err)
{
    *cells = NULL;
    *n = 0;
    for (int64_t back = r->n - 1; back > 0 && back >= r->n - LOOK_BACK; back--) {
        struct answer_row row;
        struct collect_round then;
        bool found;
        if (!q_collect_answer_get(db, a, &(struct collect_answer_get_in){ office_id, r->collect_id, back, party_id }, &row, &found, err))
            return false;
        if (!found || collect_count_of(answer_of_code(row.state), row.zero) != COUNT_ANSWERED)
            continue;
        if (!collect_round_row(db, a, office_id, r->collect_id, back, &then, &found, err))
            return false;
        if (then.form == r->form) {
            *cells = body_cells(a, k, row.body, n);
            return true;
        }
        struct blank *old = arena_new(a, struct blank);
        if (!collect_blank(db, a, office_id, r->collect_id, then.form, old, err))
            return false;
        struct str *as_was = body_cells(a, old, row.body, n);
        *cells = fit(a, old, as_was, *n, k);
        return true;
    }
    return true;
}

/* --- lists --------------------------------------------------------------------------------------------------------------------------- */

struct collect_line collect_line_of(const struct collect_line_row *r)
{
    bool any = r->due != INSTANT_NONE;
    return (struct collect_line){ r->id, r->rounds, r->title, r->every, r->ended, any, r->sent, r->day, r->newest, r->due, any ? r->asked : 0, any ? r->answered : 0,
                                  any ? r->zero : 0 };
}

static void lines_of(struct arena *a, const struct collect_line_row *rows, size_t n, struct collect_line **ret)
{
    *ret = arena_array(a, struct collect_line, n + 1);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = collect_line_of(&rows[i]);
}

/* Leaders see those of all sections. */
static int64_t section_seen(const struct actor *actor) { return actor_is(actor, ROLE_LEADER) ? 0 : actor->section_id ? actor->section_id : -1; }

bool collect_list(struct db *db, struct arena *a, const struct actor *actor, day_t before, int limit, struct collect_line **ret, size_t *n, struct err *err)
{
    struct collect_line_row *rows;
    if (!q_collect_in_order(db, a, &(struct collect_in_order_in){ actor->office_id, section_seen(actor), before, limit }, &rows, n, err))
        return false;
    lines_of(a, rows, *n, ret);
    return true;
}

bool collect_of_entry(struct db *db, struct arena *a, const struct actor *actor, int64_t entry_id, struct collect_line **ret, size_t *n, struct err *err)
{
    struct collect_line_row *rows;
    if (!q_collect_of_entry(db, a, &(struct collect_of_entry_in){ actor->office_id, entry_id, section_seen(actor) }, &rows, n, err))
        return false;
    lines_of(a, rows, *n, ret);
    return true;
}

static void asks_of(struct arena *a, const struct asked_row *rows, size_t n, struct collect_ask **ret)
{
    *ret = arena_array(a, struct collect_ask, n + 1);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = (struct collect_ask){ rows[i].collect_id, rows[i].round, rows[i].party_id, rows[i].urged, rows[i].title, rows[i].day, rows[i].due,
                                          answer_of_code(rows[i].state), rows[i].zero, rows[i].reopened };
}

bool collect_waits(struct db *db, struct arena *a, int64_t office_id, int64_t party_id, instant_t from, instant_t to, int limit, struct collect_ask **ret, size_t *n,
                   struct err *err)
{
    struct asked_row *rows;
    if (!q_collect_waiting(db, a, &(struct collect_waiting_in){ office_id, party_id, from, to, limit }, &rows, n, err))
        return false;
    asks_of(a, rows, *n, ret);
    return true;
}

bool collect_asks(struct db *db, struct arena *a, int64_t office_id, int64_t party_id, instant_t to, int limit, struct collect_ask **ret, size_t *n, struct err *err)
{
    struct asked_row *rows;
    if (!q_collect_asked(db, a, &(struct collect_asked_in){ office_id, party_id, to, limit }, &rows, n, err))
        return false;
    asks_of(a, rows, *n, ret);
    return true;
}

bool collect_rounds(struct db *db, struct arena *a, int64_t office_id, int64_t id, int64_t before, int limit, struct collect_round **ret, size_t *n, struct err *err)
{
    struct round_row *rows;
    if (!q_collect_rounds_back(db, a, &(struct collect_rounds_back_in){ office_id, id, before, limit }, &rows, n, err))
        return false;
    *ret = arena_array(a, struct collect_round, *n + 1);
    for (size_t i = 0; i < *n; i++)
        (*ret)[i] = round_of(&rows[i]);
    return true;
}
