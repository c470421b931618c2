/* Parties: sections, units and leaders in their official order, found by any of their names. */
#ifndef WHS_PEOPLE_PARTY_H
#define WHS_PEOPLE_PARTY_H

#include "people/actor.h"

enum party_kind { PARTY_SECTION, PARTY_UNIT, PARTY_LEADER, PARTY_PERSON };

struct party {
    int64_t id;
    enum party_kind kind;
    struct str name, short_name, category;
    int64_t ord;
    bool active;
};

struct str party_kind_code(enum party_kind k);   /* "unit" */
/* Finds by name, short name or alias among the kinds of the mask (1 << PARTY_UNIT | …). *ret is a copy in the arena. ERR_INPUT
 * with `field` and the name when unknown or inactive. 本科室 means the actor's section when sections are asked for. */
bool party_find(struct db *db, struct arena *a, const struct actor *actor, unsigned kinds, struct str name, const char *field,
                struct party *ret, struct err *err);
bool party_by_id(struct db *db, struct arena *a, int64_t office_id, int64_t id, struct party *ret, bool *found, struct err *err);
/* All of a kind in official order. */
bool party_list(struct db *db, struct arena *a, int64_t office_id, enum party_kind kind, bool with_inactive, struct party **ret, size_t *n,
                struct err *err);
/* Adds at the end of the official order, or at ord (others move down). Journalled. ERR_CONFLICT when the name is taken. */
bool party_add(struct txn *t, enum party_kind kind, struct str name, struct str short_name, struct str category, int64_t ord, int64_t *ret,
               struct err *err);
bool party_alias_add(struct txn *t, int64_t party_id, struct str alias, struct err *err);
bool party_aliases(struct db *db, struct arena *a, int64_t office_id, int64_t party_id, struct str **ret, size_t *n, struct err *err);
/* Changes name, short name, category, active; moves to place `ord` (1-based) of its kind. STR_NULL and 0 leave as is. */
bool party_change(struct txn *t, int64_t id, struct str name, struct str short_name, struct str category, int64_t ord, int active, struct err *err);

#endif
