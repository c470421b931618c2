/* whs attach NUMBER FILE, whs attachments NUMBER [ID FILE]. */
#include "base/json.h"
#include "base/num.h"
#include "calendar/date.h"
#include "messages.h"
#include "office/attach/inside.h"
#include "store/blob.h"

struct attach_call {
    struct cmd *c;
    struct attach_file file;
    uint8_t sha256[1][32];
    int64_t id;
};

static bool do_attach(struct txn *t, void *args, struct err *err)
{
    struct attach_call *k = args;
    struct actor actor;
    return actor_load(t->db, t->arena, k->c->office_id, k->c->actor.member_id, t->today, &actor, err) &&
           attach_to_entry(t, &actor, k->c->argv[0], &k->file, (const uint8_t (*)[32])k->sha256, 1, &k->id, err);
}

static struct str base_name(struct str s)
{
    for (size_t i = s.n; i-- > 0;)
        if (s.p[i] == '/')
            return str_sub(s, i + 1, s.n);
    return s;
}

/* Rights and file first, so that nothing is put that will be refused. */
static bool attach(struct attach_call *k, struct err *err)
{
    struct cmd *c = k->c;
    struct entry e;
    enum file_type type;
    int64_t max_mb, max_count;
    return entry_fetch(c->db, c->arena, &c->actor, c->argv[0], &e, err) && attach_may_add(&c->actor, &e, k->file.scan, err) &&
           attach_limits(c->db, c->arena, c->office_id, &max_mb, &max_count, err) && attach_check(&k->file, max_mb, &type, err) &&
           blob_put(c->store, c->office_id, c->actor.member_id, k->file.bytes, k->sha256[0], err) &&
           store_write_wait(c->store, c->office_id, c->actor.member_id, do_attach, k, err);
}

static int run_attach(struct cmd *c)
{
    struct str name = cmd_option(c, "--name");
    struct attach_call k = { .c = c, .file = { .bytes = c->in, .scan = cmd_flag(c, "--scan") } };
    struct err err;
    if (c->argc != 2 || (!c->file && !name.p))   /* standard input has no name */
        return cmd_usage(c, &attach_commands[0]);
    k.file.name = name.p ? name : base_name(str_c(c->file));
    c->file = NULL;
    if (!attach(&k, &err))
        return cmd_fail(c, &err);
    if (c->json) {
        json_obj(&c->out);
        json_put_int(&c->out, "id", k.id);
        json_obj_end(&c->out);
    } else {
        tr(&c->out, c->lang, M_ATTACH_ADDED, (struct arg[]){ A_STR(c->argv[0]), A_STR(k.file.name), A_INT(k.id) }, 3);
    }
    buf_ch(&c->out, '\n');
    return 0;
}

static void say_one(struct cmd *c, const struct attachment *x)
{
    struct buf hex _cleanup_(buf_release) = BUF_INIT, at _cleanup_(buf_release) = BUF_INIT;
    buf_hex(&hex, x->sha256.p, x->sha256.n);
    instant_put(&at, x->at);
    if (c->json) {
        json_obj(&c->out);
        json_put_int(&c->out, "id", x->id);
        json_put_str(&c->out, "name", x->name);
        json_put_str(&c->out, "type", str_c(file_kind(x->type)->key));
        json_put_int(&c->out, "size", x->size);
        json_put_str(&c->out, "sha256", buf_view(&hex));
        json_put_bool(&c->out, "scan", x->scan);
        json_put_str(&c->out, "at", buf_view(&at));
        json_put_str(&c->out, "by", x->who);
        json_obj_end(&c->out);
        return;
    }
    buf_printf(&c->out, "%lld\t%.*s\t%s\t%lld\t%.*s\t%.*s\t%.*s%s%s\n", (long long)x->id, STR_ARG(x->name), file_kind(x->type)->key, (long long)x->size,
               STR_ARG(x->who), STR_ARG(buf_view(&at)), STR_ARG(str_sub(buf_view(&hex), 0, 12)), x->scan ? "\t" : "",
               x->scan ? tr_text(c->lang, M_ATTACH_SCAN) : "");
}

static int run_attachments(struct cmd *c)
{
    struct entry e;
    struct attachment *list, x;
    struct err err;
    size_t n;
    int64_t id = 0;
    if (c->argc < 1 || c->argc > 3 || (c->argc > 1 && !num_range(c->argv[1], 1, INT64_MAX, &id)))
        return cmd_usage(c, &attach_commands[1]);
    if (!entry_fetch(c->db, c->arena, &c->actor, c->argv[0], &e, &err))
        return cmd_fail(c, &err);
    if (id)
        return attach_find(c->db, c->arena, c->office_id, ENTRY_OWNER(&e), id, &x, &err) && attach_bytes(c->db, c->office_id, &x, &c->out, &err) ? 0 : cmd_fail(c, &err);
    if (!attach_list(c->db, c->arena, c->office_id, ENTRY_OWNER(&e), &list, &n, &err))
        return cmd_fail(c, &err);
    if (c->json)
        json_arr(&c->out);
    for (size_t i = 0; i < n; i++)
        if (list[i].removed_at == INSTANT_NONE)
            say_one(c, &list[i]);
    if (c->json) {
        json_arr_end(&c->out);
        buf_ch(&c->out, '\n');
    }
    return 0;
}

const struct command attach_commands[ATTACH_COMMANDS] = {
    { "attach", "NUMBER FILE|- [--name NAME] [--scan]", M_ATTACH_ABOUT_ATTACH, run_attach, .writes = true, .file_arg = 2 },
    { "attachments", "NUMBER [ID [FILE]]", M_ATTACH_ABOUT_LIST, run_attachments, .out_arg = 3 },
};
