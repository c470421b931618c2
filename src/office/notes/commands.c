/* whs note NUMBER TEXT, whs notes NUMBER. */
#include "base/json.h"
#include "messages.h"
#include "office/notes/inside.h"

struct note_do { struct note_draft draft; int64_t id; };

static bool do_fn(struct txn *t, void *args, struct err *err)
{
    struct note_do *k = args;
    struct actor actor;
    return actor_load(t->db, t->arena, t->office_id, t->actor_id, t->today, &actor, err) && notes_add(t, &actor, &k->draft, &k->id, err);
}

static int print_notes(struct cmd *c, struct str number)
{
    struct entry e;
    struct note *n;
    struct err err;
    size_t count;
    if (!entry_fetch(c->db, c->arena, &c->actor, number, &e, &err) || !notes_of(c->db, c->arena, &c->actor, &e, &n, &count, &err))
        return cmd_fail(c, &err);
    if (c->json)
        json_arr(&c->out);
    for (size_t i = 0; i < count; i++) {
        if (c->json) {
            notes_put_json(&c->out, &n[i]);
            continue;
        }
        instant_put(&c->out, n[i].at);
        buf_printf(&c->out, "\t%.*s\t%.*s\n", STR_ARG(n[i].author), STR_ARG(n[i].withdrawn_at == INSTANT_NONE ? n[i].text : str_c(tr_text(c->lang, M_NOTES_WITHDRAWN))));
    }
    if (c->json) {
        json_arr_end(&c->out);
        buf_ch(&c->out, '\n');
    }
    return 0;
}

static int run_notes(struct cmd *c) { return c->argc == 1 ? print_notes(c, c->argv[0]) : cmd_usage(c, &notes_commands[1]); }

static int run_note(struct cmd *c)
{
    struct note_do k = { .draft = { .internal = cmd_flag(c, "--internal") } };
    struct err err;
    if (c->argc != 2)
        return cmd_usage(c, &notes_commands[0]);
    k.draft.number = c->argv[0];
    k.draft.text = c->argv[1];
    if (!store_write_wait(c->store, c->office_id, c->actor.member_id, do_fn, &k, &err))
        return cmd_fail(c, &err);
    return print_notes(c, c->argv[0]);
}

const struct command notes_commands[NOTES_COMMANDS] = {
    { "note", "NUMBER TEXT [--internal]", M_NOTES_COMMAND, run_note, .writes = true },
    { "notes", "NUMBER", M_NOTES_COMMAND_LIST, run_notes },
};
