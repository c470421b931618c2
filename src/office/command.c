#include "office/command.h"

int cmd_fail(struct cmd *c, const struct err *err)
{
    buf_c(&c->err, "whs: ");
    if (err->line && c->file)
        buf_printf(&c->err, "%s:", c->file);
    if (err->line)
        buf_printf(&c->err, "%d:%d: ", err->line, err->column ? err->column : 1);
    _cleanup_(buf_release) struct buf sentence = BUF_INIT;
    tr_err(&sentence, c->lang, err);
    struct str field = str_c(tr_field(c->lang, err->field));
    if (err->field[0] && str_find(buf_view(&sentence), field) < 0)     /* most sentences name it themselves */
        buf_printf(&c->err, "%.*s%s", STR_ARG(field), c->lang == LANG_ZH ? "：" : ": ");
    buf_str(&c->err, buf_view(&sentence));
    buf_ch(&c->err, '\n');
    return err_exit(err);
}

int cmd_fail_all(struct cmd *c, const struct problems *p, const struct err *err)
{
    for (int i = 0; i < p->n; i++)
        cmd_fail(c, &p->err[i]);
    if (p->total > p->n) {
        tr(&c->err, c->lang, M_ENTRY_MORE_PROBLEMS, (struct arg[]){ A_INT(p->total - p->n) }, 1);
        buf_ch(&c->err, '\n');
    }
    return p->n ? err_exit(err) : cmd_fail(c, err);
}

int cmd_usage(struct cmd *c, const struct command *self)
{
    buf_printf(&c->err, "whs: %s%swhs %s %s\n", tr_text(c->lang, M_APP_WRONG_USAGE), c->lang == LANG_ZH ? "：" : ": ", self->name, self->usage);
    return 2;
}

static void take(struct cmd *c, int at, int n)
{
    for (int i = at; i + n < c->argc; i++)
        c->argv[i] = c->argv[i + n];
    c->argc -= n;
}

struct str cmd_option(struct cmd *c, const char *name)
{
    struct str bare = str_c(name);
    for (int i = 0; i < c->argc; i++) {
        struct str w = c->argv[i];
        if (str_eq(w, bare) && i + 1 < c->argc) {
            struct str v = c->argv[i + 1];
            take(c, i, 2);
            return v;
        }
        if (str_starts(w, bare) && w.n > bare.n && w.p[bare.n] == '=') {
            take(c, i, 1);
            return str_sub(w, bare.n + 1, w.n);
        }
    }
    return STR_NULL;
}

bool cmd_flag(struct cmd *c, const char *name)
{
    for (int i = 0; i < c->argc; i++)
        if (str_eqc(c->argv[i], name)) {
            take(c, i, 1);
            return true;
        }
    return false;
}
