/* JSON in: bytes become a tree in an arena. Duplicate names, wrong UTF-8, NULs and numbers beyond 64 bits are refused with line and column
 * (ERR_INPUT), more than 32 levels or 65,536 values by their number (ERR_LIMIT). Only jsonin.c knows the library underneath.
 */
#ifndef WHS_FORMAT_JSONIN_H
#define WHS_FORMAT_JSONIN_H

#include "base/arena.h"
#include "base/err.h"

enum jkind { J_NULL, J_BOOL, J_INT, J_REAL, J_TEXT, J_LIST, J_OBJECT };

struct jvalue {
    enum jkind kind;
    struct str name;                             /* inside an object */
    struct str text;
    int64_t i;                                   /* J_INT, and 0 or 1 of J_BOOL */
    double real;
    struct jvalue *items;                        /* J_LIST, J_OBJECT: in the order written */
    size_t n;
};

bool json_read(struct arena *a, struct str bytes, struct jvalue *ret, struct err *err);
/* A member of an object; NULL when there is none or it is null. */
const struct jvalue *jget(const struct jvalue *object, const char *name);
/* Members by type. Absent and null give STR_NULL, otherwise, false or an empty list; another type is ERR_INPUT naming the field. */
bool jget_text(const struct jvalue *object, const char *name, struct str *ret, struct err *err);
bool jget_int(const struct jvalue *object, const char *name, int64_t otherwise, int64_t *ret, struct err *err);
bool jget_bool(const struct jvalue *object, const char *name, bool *ret, struct err *err);
bool jget_texts(struct arena *a, const struct jvalue *object, const char *name, struct str **ret, size_t *n, struct err *err);

/* Refuses, by name, a member that is not among the names, which blanks separate: a misspelt field must not be passed over. */
bool jonly(const struct jvalue *object, const char *names, struct err *err);

#endif
