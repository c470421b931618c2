/* Errors as data: what went wrong, in which field, where; words are made at the edge by tr() alone.
 *
 * Manner: `bool f(…, T *ret, struct err *err)`; true means done and *ret set; false means *ret untouched and *err filled.
 * `err` may be NULL when the caller does not care. A struct err owns its bytes (arguments are copied, long ones cut at a
 * character), so it may outlive everything it speaks of. Library floors never log, never exit, never make sentences.
 */
#ifndef WHS_BASE_ERR_H
#define WHS_BASE_ERR_H

#include "base/str.h"

enum err_kind {                                  /* decides HTTP status and exit code; see err_http(), err_exit() */
    ERR_NONE,
    ERR_INPUT,                                   /* 422, exit 3 */
    ERR_NOT_FOUND,                               /* 404, exit 3; also what an actor may not see */
    ERR_DENIED,                                  /* 403, exit 4 */
    ERR_CONFLICT,                                /* 409, exit 5: the stored state does not allow it */
    ERR_LIMIT,                                   /* 413 or 429, exit 6: larger or more than allowed */
    ERR_BUSY,                                    /* 503, exit 6 */
    ERR_IO,                                      /* 500, exit 7 */
    ERR_CORRUPT,                                 /* 500, exit 8 */
};

enum arg_kind { ARG_NONE, ARG_STR, ARG_INT, ARG_DAY, ARG_INSTANT, ARG_MSG };

struct arg {                                     /* borrowed while an error is being made */
    enum arg_kind kind;
    struct str s;
    int64_t i;
};
#define A_STR(x) ((struct arg){ .kind = ARG_STR, .s = (x) })
#define A_C(x) ((struct arg){ .kind = ARG_STR, .s = str_c(x) })
#define A_INT(x) ((struct arg){ .kind = ARG_INT, .i = (int64_t)(x) })
#define A_DAY(x) ((struct arg){ .kind = ARG_DAY, .i = (x) })
#define A_INSTANT(x) ((struct arg){ .kind = ARG_INSTANT, .i = (x) })
#define A_MSG(x) ((struct arg){ .kind = ARG_MSG, .i = (x) })   /* a message id, said in the reader's language */

enum { ERR_ARGS = 4, ERR_ARG_BYTES = 120, ERR_FIELD_BYTES = 40 };

struct err {
    enum err_kind kind;
    int msg;                                     /* enum msg of the generated messages.h */
    int n_args;
    struct {
        enum arg_kind kind;
        int64_t i;
        char s[ERR_ARG_BYTES];
    } arg[ERR_ARGS];
    char field[ERR_FIELD_BYTES];                 /* machine name of the form field or csv column, or "" */
    int line, column;                            /* 1-based, 0 when there is none; column in characters */
};

/* Fill *e and return false: `return err_fail(err, ERR_INPUT, M_ENTRY_UNKNOWN_UNIT, "lead_unit", A_STR(name));` field may be NULL. */
#define err_fail(e, kind, msg, field, ...) \
    err_fail_((e), (kind), (msg), (field), (const struct arg[]){ { 0 }, ##__VA_ARGS__ }, \
              (int)ARRAY_LEN(((const struct arg[]){ { 0 }, ##__VA_ARGS__ })) - 1)
bool err_fail_(struct err *e, enum err_kind kind, int msg, const char *field, const struct arg *args_after_first, int n);
void err_at(struct err *e, int line, int column);
int err_http(const struct err *e);
int err_exit(const struct err *e);

/* Several errors of one form or file, in the order found. The first 100 are kept, all are counted. */
enum { PROBLEMS_MAX = 100 };
struct problems {
    struct err *err;                             /* owned */
    int n, total;
};
#define PROBLEMS_INIT ((struct problems){ 0 })
void problems_add(struct problems *p, const struct err *e);
void problems_release(struct problems *p);

#endif
