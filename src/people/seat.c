/* Seats: whose matters a member sees, in person or for somebody else, from a day to a day. */
#include "base/json.h"
#include "messages.h"
#include "people/inside.h"
#include "people/member.h"
#include "people_queries.h"

static bool there(struct txn *t, int64_t id, struct err *err)
{
    struct member_lock_row row;
    bool found;
    if (!q_member_lock_state(t->db, t->arena, &(struct member_lock_state_in){ t->office_id, id }, &row, &found, err))
        return false;
    return found || err_fail(err, ERR_NOT_FOUND, M_PEOPLE_NO_MEMBER, NULL);
}

bool member_seat_add(struct txn *t, int64_t member_id, int64_t party_id, int64_t deputy_of, day_t from, day_t to, struct err *err)
{
    struct party p;
    bool found;
    if (!there(t, member_id, err) || (deputy_of && !there(t, deputy_of, err)) ||
        !party_by_id(t->db, t->arena, t->office_id, party_id, &p, &found, err))
        return false;
    if (!found)
        return err_fail(err, ERR_NOT_FOUND, M_PEOPLE_NO_PARTY, NULL);
    if (from == DAY_NONE || to == DAY_NONE || to < from)
        return err_fail(err, ERR_INPUT, M_PEOPLE_BAD_SPAN, "to");
    if (deputy_of == member_id)
        return err_fail(err, ERR_INPUT, M_PEOPLE_OWN_DEPUTY, "deputy_of");
    struct seat_overlap_row *seats;
    size_t n;
    if (!q_seat_overlap(t->db, t->arena, &(struct seat_overlap_in){ t->office_id, member_id, from, to }, &seats, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (seats[i].party_id == party_id && seats[i].deputy_of == deputy_of && seats[i].from_day == from)
            return err_fail(err, ERR_CONFLICT, M_PEOPLE_SEAT_TAKEN, NULL, A_STR(p.name));
    if (n >= ACTOR_PARTIES_MAX)
        return err_fail(err, ERR_LIMIT, M_PEOPLE_SEATS_MAX, NULL, A_INT(ACTOR_PARTIES_MAX));
    _cleanup_(buf_release) struct buf after = BUF_INIT;
    json_obj(&after);
    json_put_int(&after, "party", party_id);
    json_put_int(&after, "deputy_of", deputy_of);
    json_put_int(&after, "from", from);
    json_put_int(&after, "to", to);
    json_obj_end(&after);
    return q_seat_insert(t->db, &(struct seat_insert_in){ t->office_id, member_id, party_id, deputy_of, from, to }, NULL, err) && people_journal(t, "member", member_id, "seat", NULL, &after, err);
}

bool member_seat_end(struct txn *t, int64_t member_id, int64_t party_id, int64_t deputy_of, day_t from, day_t to, struct err *err)
{
    _cleanup_(buf_release) struct buf after = BUF_INIT;
    int64_t changed = 0;
    bool ok = to < from ? q_seat_delete(t->db, &(struct seat_delete_in){ t->office_id, member_id, party_id, deputy_of, from }, &changed, err)
                        : q_seat_update_to(t->db, &(struct seat_update_to_in){ t->office_id, member_id, party_id, deputy_of, from, to }, &changed, err);
    if (!ok || !changed)
        return ok;
    json_obj(&after);
    json_put_int(&after, "party", party_id);
    json_put_int(&after, "deputy_of", deputy_of);
    json_put_int(&after, "from", from);
    json_put_int(&after, "to", to);
    json_obj_end(&after);
    return people_journal(t, "member", member_id, "seat_end", NULL, &after, err);
}

bool member_own_seats(struct db *db, struct arena *a, int64_t office_id, int64_t member_id, day_t today, struct own_seat **ret, size_t *n, struct err *err)
{
    struct seat_own_row *rows;
    if (!q_seat_own(db, a, &(struct seat_own_in){ office_id, member_id, today }, &rows, n, err))
        return false;
    *ret = arena_array(a, struct own_seat, *n + 1);
    for (size_t i = 0; i < *n; i++)
        (*ret)[i] = (struct own_seat){ rows[i].id, rows[i].name, str_eqc(rows[i].kind, "person") };
    return true;
}
