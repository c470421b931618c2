#include "base/err.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

/* `to` is zeros. */
static void copy_cut(char *to, size_t room, struct str s)
{
    struct str cut = utf8_cut(s, room - 1);
    if (cut.n)
        memcpy(to, cut.p, cut.n);
}

bool err_fail_(struct err *e, enum err_kind kind, int msg, const char *field, const struct arg *args_after_first, int n)
{
    if (!e)
        return false;
    *e = (struct err){ .kind = kind, .msg = msg };
    copy_cut(e->field, sizeof e->field, str_c(field));
    for (int i = 0; i < n && i < ERR_ARGS; i++) {
        const struct arg *from = &args_after_first[i + 1];
        e->arg[i].kind = from->kind;
        e->arg[i].i = from->i;
        if (from->kind == ARG_STR)
            copy_cut(e->arg[i].s, sizeof e->arg[i].s, from->s);
        e->n_args = i + 1;
    }
    return false;
}

void err_at(struct err *e, int line, int column)
{
    if (e) {
        e->line = line;
        e->column = column;
    }
}

static const struct {
    short http, exit;
} OUTCOME[] = {
    [ERR_NONE] = { 200, 0 },  [ERR_INPUT] = { 422, 3 }, [ERR_NOT_FOUND] = { 404, 3 },
    [ERR_DENIED] = { 403, 4 }, [ERR_CONFLICT] = { 409, 5 }, [ERR_LIMIT] = { 413, 6 },
    [ERR_BUSY] = { 503, 6 },  [ERR_IO] = { 500, 7 },    [ERR_CORRUPT] = { 500, 8 },
};

int err_http(const struct err *e) { return OUTCOME[e->kind].http; }
int err_exit(const struct err *e) { return OUTCOME[e->kind].exit; }

void problems_add(struct problems *p, const struct err *e)
{
    p->total++;
    if (p->n == PROBLEMS_MAX)
        return;
    if (!p->err)
        p->err = xcalloc(PROBLEMS_MAX, sizeof *p->err);
    p->err[p->n++] = *e;
}

void problems_release(struct problems *p)
{
    free(p->err);
    *p = PROBLEMS_INIT;
}
