#include "people/actor.h"

#include "messages.h"
#include "people/inside.h"
#include "people_queries.h"

bool actor_has_party(const struct actor *a, int64_t party_id)
{
    for (int i = 0; i < a->n_parties; i++)
        if (a->parties[i] == party_id)
            return true;
    return false;
}

int64_t actor_stead(const struct actor *a, int64_t party_id)
{
    for (int i = 0; i < a->n_parties; i++)
        if (a->parties[i] == party_id)
            return a->stead[i];
    return 0;
}

int64_t actor_lender(const struct actor *a, unsigned roles)
{
    for (int i = 0; i < a->n_lent && !(a->roles & roles); i++)
        if (a->lent[i].roles & roles)
            return a->lent[i].member_id;
    return 0;
}

/* Roles never reach over to another side. */
static unsigned side_of(unsigned roles)
{
    return (roles & ROLE_SECTION ? ROLE_SECTION : 0u) | (roles & (ROLE_LEADER | ROLE_LIAISON));
}

static void lend(struct actor *ac, const struct seat_row *r)
{
    unsigned roles = r->party_id == r->lender_home ? (unsigned)r->lender_roles & side_of(ac->roles) : 0;
    ac->lent[ac->n_lent++] = (struct lent){ r->party_id, r->deputy_of, r->lender, roles, r->to_day };
    ac->lent_roles |= roles;
}

/* Own seats come first in the rows (deputy_of 0), so a crowd of deputised ones never displaces them. */
static bool load_parties(struct db *db, struct arena *a, day_t today, struct actor *ac, struct err *err)
{
    struct seat_row *rows;
    size_t n;
    if (!q_member_seats(db, a, &(struct member_seats_in){ ac->office_id, ac->member_id, today }, &rows, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (rows[i].deputy_of && ac->n_lent < ACTOR_PARTIES_MAX)
            lend(ac, &rows[i]);
        if (ac->n_parties < ACTOR_PARTIES_MAX && !actor_has_party(ac, rows[i].party_id)) {
            ac->stead[ac->n_parties] = rows[i].deputy_of;
            ac->parties[ac->n_parties++] = rows[i].party_id;
        }
    }
    return true;
}

bool actor_load(struct db *db, struct arena *a, int64_t office_id, int64_t member_id, day_t today, struct actor *ret, struct err *err)
{
    struct member_actor_row row;
    bool found;
    if (!q_member_actor(db, a, &(struct member_actor_in){ office_id, member_id }, &row, &found, err))
        return false;
    if (!found)
        return err_fail(err, ERR_NOT_FOUND, M_PEOPLE_NO_MEMBER, NULL);
    if (row.disabled)
        return err_fail(err, ERR_DENIED, M_PEOPLE_MEMBER_DISABLED, NULL, A_STR(row.name));
    struct actor ac = { .office_id = office_id, .member_id = member_id, .roles = (unsigned)row.roles, .login = row.login, .name = row.name,
                        .party_id = row.party_id, .home_id = row.home_id, .must_change = row.must_change, .lang = str_eqc(row.lang, "en") ? LANG_EN : LANG_ZH };
    ac.section_id = ac.roles & ROLE_SECTION ? ac.home_id : 0;
    if (!load_parties(db, a, today, &ac, err))
        return false;
    *ret = ac;
    return true;
}

bool actor_load_login(struct db *db, struct arena *a, int64_t office_id, struct str login, day_t today, struct actor *ret, struct err *err)
{
    struct member_id_row row;
    bool found;
    if (!q_member_id_by_login(db, a, &(struct member_id_by_login_in){ office_id, login }, &row, &found, err))
        return false;
    if (!found)
        return err_fail(err, ERR_NOT_FOUND, M_PEOPLE_UNKNOWN_LOGIN, "login", A_STR(login));
    return actor_load(db, a, office_id, row.id, today, ret, err);
}
