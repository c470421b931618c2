/* The office rule: a statement touches the rows of one office, or of one and of office 0, which all share. tools/sqlc applies
 * it to every query at build, a test to the statements that store/filter.c makes at run time.
 *
 * It reads the statement itself and is content only with what it understands: every table in a FROM, UPDATE, DELETE or INSERT
 * (also in sub-selects) must be bound by a plain equation of its office_id with the statement's office parameter, with 0, or
 * with the office_id of a table that is so bound, or by IN ($1, 0); it stands alone or beside ANDs in a WHERE or ON. What is changed
 * must be bound by the parameter. Of the table office itself the id is meant. Anything else is refused, also what would do.
 */
#ifndef WHS_TOOLS_ONE_OFFICE_H
#define WHS_TOOLS_ONE_OFFICE_H

#include "base/arena.h"

struct office_access {
    struct str table, alias;                     /* alias: the table's name when it has none */
};

struct one_office {
    bool good;
    size_t at;                                   /* offset in the statement */
    struct str why;                              /* a sentence */
    struct office_access *access;                /* every access to a table that was seen */
    size_t n, cap;
};

/* param: the number of the parameter office_id, 0 when there is none; id: the same of a parameter id, which binds the table
 * office only. The statement is valid SQL with parameters ?n or $n. */
struct one_office one_office(struct arena *a, struct str sql, int param, int id);

#endif
