/* The actor: who asks, and as which parties. Every object is fetched through one.
 *
 * Resolved once per request from a session, a token or --as; again on the writer, where rights are decided. Invariant: parties
 * holds the seats valid today (own first, then deputised), no doubles. A person's sight is the union of what their parties stand beside.
 *
 * A deputy has the rights of whom he represents, at the seats he holds for him and as long as he holds them: who represents the chief at the section may do
 * what only the chief may, with both names on record. Never the administrator's, never those of another side (section, unit, leader), and never
 * what the other holds as a deputy himself. Who is disabled lends nothing.
 */
#ifndef WHS_PEOPLE_ACTOR_H
#define WHS_PEOPLE_ACTOR_H

#include "base/arena.h"
#include "base/tr.h"
#include "store/store.h"

enum role {
    ROLE_OFFICER = 1,                            /* 科员: registers, acts for the section */
    ROLE_CHIEF = 2,                              /* 科长: and withdraws, reopens, closes months */
    ROLE_LEADER = 4,                             /* 领导: reads own area, gives a word */
    ROLE_LIAISON = 8,                            /* 联络员: acts for a unit, sees only its matters */
    ROLE_ADMIN = 16,                             /* 系统管理员: users, units, calendar, backup; sees no entries */
    ROLE_SECTION = ROLE_OFFICER | ROLE_CHIEF,
    ROLE_ANY = 31,
    ROLE_ANYONE = 1 << 30,                       /* routes only: without a login */
};

enum { ACTOR_PARTIES_MAX = 16 };

/* A seat held for somebody else today. roles: what it lends; only the other's home does. to: its last day. */
struct lent { int64_t party_id, member_id; struct str name; unsigned roles; day_t to; };

struct actor {
    int64_t office_id, member_id;
    unsigned roles;                              /* one's own; actor_is() knows the lent ones too */
    struct str login, name;
    int64_t party_id;                            /* the person's own party */
    int64_t home_id;                             /* section, unit or leader's party */
    int64_t section_id;                          /* home_id for officers and chiefs, else 0 */
    bool must_change;                            /* has a password somebody else made: pages show nothing before it is changed */
    enum lang lang;
    int64_t parties[ACTOR_PARTIES_MAX];
    int64_t stead[ACTOR_PARTIES_MAX];            /* beside parties: the member in whose stead the seat is held, 0 for an own one */
    int n_parties;
    struct lent lent[ACTOR_PARTIES_MAX];         /* also of parties that are one's own already: then for the roles */
    int n_lent;
    unsigned lent_roles;                         /* of all of them */
};

/* Strings live in the arena. ERR_NOT_FOUND when there is no such member; ERR_DENIED when disabled. */
bool actor_load(struct db *db, struct arena *a, int64_t office_id, int64_t member_id, day_t today, struct actor *ret, struct err *err);
bool actor_load_login(struct db *db, struct arena *a, int64_t office_id, struct str login, day_t today, struct actor *ret, struct err *err);
static inline bool actor_is(const struct actor *a, unsigned roles) { return ((a->roles | a->lent_roles) & roles) != 0; }
/* Who lends the actor one of these roles: a member, or 0 when a role of one's own is among them (or nobody does). For txn.deputy_of. */
int64_t actor_lender(const struct actor *a, unsigned roles);
bool actor_has_party(const struct actor *a, int64_t party_id);
/* In whose stead the actor stands for a party it has: a member, or 0 in person. Both names go on record (txn.deputy_of). */
int64_t actor_stead(const struct actor *a, int64_t party_id);

#endif
