/* Agreements and the seats they give. Everything is decided before the first row is written. */
#include "base/json.h"
#include "calendar/date.h"
#include "deputy_queries.h"
#include "messages.h"
#include "office/deputy/inside.h"
#include "store/journal.h"

/* --- reading ---------------------------------------------------------------------------------------------------------------------- */

static struct deputy from_row(const struct deputy_row *r, day_t today)
{
    return (struct deputy){
        .id = r->id, .member_id = r->member_id, .for_id = r->for_id, .login = r->login, .name = r->name, .for_login = r->for_login,
        .for_name = r->for_name, .for_home = r->for_home, .from = r->from_day, .to = r->to_day, .own = str_eqc(r->scope, "own"), .note = r->note,
        .maker = r->maker.p ? r->maker : STR(""), .ender = r->ender.p ? r->ender : STR(""), .made_at = r->made_at, .ended_at = r->ended_at,
        .state = deputy_state_on(r->from_day, r->to_day, r->ended_at != INSTANT_NONE, today),
    };
}

static bool may_know(const struct actor *a, const struct deputy *d)
{
    return (a->roles & ROLE_ADMIN) || d->for_id == a->member_id || d->member_id == a->member_id || (a->section_id && d->for_home == a->section_id);
}

bool deputy_list(struct db *db, struct arena *a, const struct actor *actor, day_t today, struct deputy **ret, size_t *n, struct err *err)
{
    struct deputy_row *rows[2];
    size_t count[2], k = 0;
    if (!q_deputy_since(db, a, &(struct deputy_since_in){ actor->office_id, today, DEPUTY_LIST_MAX }, &rows[0], &count[0], err) ||
        !q_deputy_before(db, a, &(struct deputy_before_in){ actor->office_id, today, DEPUTY_LIST_MAX }, &rows[1], &count[1], err))
        return false;
    struct deputy *list = arena_array(a, struct deputy, count[0] + count[1] + 1);
    for (int over = 0; over < 2; over++)         /* an ended one stands among those that are over */
        for (int part = 0; part < 2; part++)
            for (size_t i = 0; i < count[part]; i++) {
                struct deputy d = from_row(&rows[part][i], today);
                if ((d.state == DEPUTY_OVER) == over && may_know(actor, &d))
                    list[k++] = d;
            }
    *ret = list;
    *n = k;
    return true;
}

bool deputy_fetch(struct db *db, struct arena *a, const struct actor *actor, day_t today, int64_t id, struct deputy *ret, struct err *err)
{
    struct deputy_row row;
    bool found;
    if (!q_deputy_by_id(db, a, &(struct deputy_by_id_in){ actor->office_id, id }, &row, &found, err))
        return false;
    struct deputy d = found ? from_row(&row, today) : (struct deputy){ 0 };
    if (!found || !may_know(actor, &d))
        return err_fail(err, ERR_NOT_FOUND, M_DEPUTY_NOT_FOUND, NULL);
    *ret = d;
    return true;
}

bool deputy_person(struct db *db, struct arena *a, int64_t office_id, struct str who, instant_t now, const char *field, struct member *ret, struct err *err)
{
    struct member *m;
    size_t n;
    who = str_trim(who);
    if (!who.n)
        return err_fail(err, ERR_INPUT, M_BASE_REQUIRED, field);
    if (!member_list(db, a, office_id, now, &m, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if ((str_eq(m[i].login, who) || str_eq(m[i].name, who)) && !str_eqc(m[i].login, "console")) {
            *ret = m[i];
            return true;
        }
    return err_fail(err, ERR_INPUT, M_DEPUTY_UNKNOWN, field, A_STR(who));
}

/* --- making ------------------------------------------------------------------------------------------------------------------------ */

struct making {
    struct txn *t;
    struct member absent, deputy;
    day_t from, to;
    bool own;
    struct str note;
    struct own_seat *seat;                       /* what the absent one has in person, as far as the scope goes */
    size_t n_seats;
};

static bool read_day(struct str s, const char *field, day_t otherwise, day_t *ret, struct err *err)
{
    instant_t at;
    bool has_time;
    *ret = otherwise;
    if (!s.n && otherwise != DAY_NONE)
        return true;
    if (!s.n)
        return err_fail(err, ERR_INPUT, M_BASE_REQUIRED, field);
    return date_read(s, ret, &at, &has_time, NULL) || err_fail(err, ERR_INPUT, M_ENTRY_BAD_DATE, field, A_MSG(M_FIELD_DAY), A_STR(s));
}

static bool read_draft(struct making *m, const struct actor *actor, const struct deputy_draft *in, struct err *err)
{
    struct txn *t = m->t;
    struct str absent = in->absent.n ? in->absent : actor->login;
    m->note = in->note.p ? str_trim(in->note) : STR("");
    m->own = str_eqc(in->scope, "own");
    if (in->scope.n && !m->own && !str_eqc(in->scope, "all"))
        return err_fail(err, ERR_INPUT, M_DEPUTY_BAD_SCOPE, "scope", A_STR(in->scope));
    return deputy_person(t->db, t->arena, t->office_id, absent, t->at, "absent", &m->absent, err) &&
           deputy_person(t->db, t->arena, t->office_id, in->deputy, t->at, "deputy", &m->deputy, err) &&
           read_day(in->from, "from", t->today, &m->from, err) && read_day(in->to, "to", DAY_NONE, &m->to, err) &&
           (!m->note.n || entry_text_check(m->note, "note", M_DEPUTY_NOTE, DEPUTY_NOTE_CHARS, err));
}

static bool check_free(const struct making *m, struct err *err)
{
    struct deputy_row *rows;
    size_t n;
    if (!q_deputy_since(m->t->db, m->t->arena, &(struct deputy_since_in){ m->t->office_id, m->from, INT32_MAX }, &rows, &n, err))
        return false;
    struct deputy *others = arena_array(m->t->arena, struct deputy, n + 1);
    for (size_t i = 0; i < n; i++)
        others[i] = from_row(&rows[i], m->t->today);
    return deputy_free(&m->absent, &m->deputy, m->from, m->to, others, n, err);
}

static bool find_seats(struct making *m, struct err *err)
{
    struct own_seat *all;
    size_t n;
    if (!member_own_seats(m->t->db, m->t->arena, m->t->office_id, m->absent.id, m->t->today, &all, &n, err))
        return false;
    m->seat = arena_array(m->t->arena, struct own_seat, n + 1);
    for (size_t i = 0; i < n; i++)
        if (!m->own || all[i].person)
            m->seat[m->n_seats++] = all[i];
    return true;
}

static bool journal(struct txn *t, int64_t id, struct str verb, const struct buf *after, struct err *err)
{
    const struct journal_line line = { .day = DAY_NONE, .entity = STR("deputy"), .entity_id = id, .verb = verb,
                                       .after = after ? buf_view(after) : STR("") };
    return journal_add(t, &line, err);
}

static bool put(const struct making *m, int64_t *id, struct err *err)
{
    struct txn *t = m->t;
    const struct deputy_insert_in in = {
        t->office_id, txn_next_id(t), m->deputy.id, m->absent.id, m->from, m->to, m->own ? STR("own") : STR("all"), m->note, t->actor_id, t->at,
    };
    _cleanup_(buf_release) struct buf after = BUF_INIT;
    json_obj(&after);
    json_put_int(&after, "member", m->deputy.id);
    json_put_int(&after, "for", m->absent.id);
    json_put_int(&after, "from", m->from);
    json_put_int(&after, "to", m->to);
    json_put_str(&after, "scope", in.scope);
    json_put_str(&after, "note", m->note);
    json_obj_end(&after);
    if (!q_deputy_insert(t->db, &in, NULL, err) || !journal(t, in.id, STR("add"), &after, err))
        return false;
    for (size_t i = 0; i < m->n_seats; i++)
        if (!member_seat_add(t, m->deputy.id, m->seat[i].party_id, m->absent.id, m->from, m->to, err))
            return false;
    *id = in.id;
    return true;
}

bool deputy_add(struct txn *t, const struct actor *actor, const struct deputy_draft *in, int64_t *id, struct err *err)
{
    struct making m = { .t = t };
    t->deputy_of = 0;
    if (!read_draft(&m, actor, in, err))
        return false;
    if (!deputy_may_make(actor, &m.absent))
        return err_fail(err, ERR_DENIED, M_DEPUTY_DENIED, "absent", A_STR(m.absent.name));
    return deputy_days(t->today, m.from, m.to, err) && deputy_fits(&m.absent, &m.deputy, err) && check_free(&m, err) && find_seats(&m, err) &&
           put(&m, id, err);
}

/* --- ending early -------------------------------------------------------------------------------------------------------------------- */

bool deputy_end(struct txn *t, const struct actor *actor, int64_t id, struct err *err)
{
    struct deputy d;
    struct deputy_seats_row *seat;
    size_t n;
    t->deputy_of = 0;
    if (!deputy_fetch(t->db, t->arena, actor, t->today, id, &d, err))
        return false;
    const struct member absent = { .id = d.for_id, .home_id = d.for_home, .roles = ROLE_SECTION };
    if (!deputy_may_make(actor, &absent) && actor->member_id != d.member_id)
        return err_fail(err, ERR_DENIED, M_DEPUTY_DENIED, NULL, A_STR(d.for_name));
    if (d.state == DEPUTY_OVER)
        return err_fail(err, ERR_CONFLICT, M_DEPUTY_OVER_ALREADY, NULL);
    if (!q_deputy_seats(t->db, t->arena, &(struct deputy_seats_in){ t->office_id, d.member_id, d.for_id, d.from }, &seat, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!member_seat_end(t, d.member_id, seat[i].id, d.for_id, d.from, t->today - 1, err))
            return false;
    return q_deputy_end(t->db, &(struct deputy_end_in){ t->office_id, id, t->actor_id, t->at }, NULL, err) && journal(t, id, STR("end"), NULL, err);
}
