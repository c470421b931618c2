/* Commands that belong to no duty: backup, users, tokens. */
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "base/json.h"
#include "base/num.h"
#include "format/cage.h"
#include "people/member.h"

static int say(struct cmd *c, int msg, const struct arg *args, int n)
{
    tr(&c->out, c->lang, msg, args, n);
    buf_ch(&c->out, '\n');
    return 0;
}

static instant_t now(struct cmd *c) { return clock_now(store_clock(c->store)); }

/* An object of one or two texts: what scripts need. */
static int say_pair(struct cmd *c, const char *key, struct str value, const char *key2, struct str value2)
{
    json_obj(&c->out);
    json_put_str(&c->out, key, value);
    if (key2)
        json_put_str(&c->out, key2, value2);
    json_obj_end(&c->out);
    buf_ch(&c->out, '\n');
    return 0;
}

/* What a command did, and to whom: a sentence, or with --json {"user":"li"}. */
static int say_done(struct cmd *c, const char *key, struct str value)
{
    return c->json ? say_pair(c, key, value, NULL, STR_NULL) : say(c, M_APP_USER_DONE, &A_STR(value), 1);
}

/* With --as a user's own rights hold: credentials are the administrator's, and of member_id (unless 0) the member's own. */
static bool may_keep(const struct cmd *c, int64_t member_id, struct err *err)
{
    return actor_is(&c->actor, ROLE_ADMIN) || (member_id && member_id == c->actor.member_id) ||
           err_fail(err, ERR_DENIED, M_PEOPLE_ADMIN_ONLY, NULL);
}

static int run_backup(struct cmd *c)
{
    if (c->argc != 1)
        return cmd_usage(c, command_find(STR("backup")));
    struct err err;
    if (!may_keep(c, 0, &err))
        return cmd_fail(c, &err);
    if (!store_backup(c->store, c->argv[0].p, c->progress, c->progress_ctx, &err))
        return cmd_fail(c, &err);
    if (c->json)
        return say_pair(c, "file", c->argv[0], NULL, STR_NULL);
    char *key = store_key(c->store);
    int code = say(c, M_APP_BACKUP_DONE, (struct arg[]){ A_STR(c->argv[0]), A_C(key) }, 2);
    free(key);
    return code;
}

/* --- users ----------------------------------------------------------------------------------------------------------------- */

struct user_change {
    const struct actor *by;
    struct member_draft draft;
    int64_t member_id;
    struct str hash;
    bool must_change, disabled;
};

static bool do_add(struct txn *t, void *args, struct err *err)
{
    struct user_change *u = args;
    return member_add(t, u->by, &u->draft, u->hash, u->must_change, &u->member_id, err);
}

static bool do_password(struct txn *t, void *args, struct err *err)
{
    struct user_change *u = args;
    return member_set_password(t, u->member_id, u->hash, u->must_change, err);
}

static bool do_disable(struct txn *t, void *args, struct err *err)
{
    struct user_change *u = args;
    return member_set_disabled(t, u->member_id, u->disabled, err);
}

static bool do_unlock(struct txn *t, void *args, struct err *err)
{
    return member_unlock(t, ((struct user_change *)args)->member_id, err);
}

/* A first password nobody chose: 12 letters and figures that are not mistaken for one another. */
static struct str made_password(struct cmd *c)
{
    static const char LETTER[] = "abcdefghjkmnpqrstuvwxyz23456789";
    char *p = arena_alloc(c->arena, 13);
    for (int i = 0; i < 12; i++)
        p[i] = LETTER[random_below(store_random(c->store), sizeof LETTER - 1)];
    p[12] = 0;
    return str_n(p, 12);
}

static bool prepare_password(struct cmd *c, struct user_change *u, struct str given, struct str *plain, struct err *err)
{
    struct buf hash _cleanup_(buf_release) = BUF_INIT;
    *plain = given.p ? given : made_password(c);
    u->must_change = !given.p;
    if (!password_hash(store_random(c->store), *plain, &hash, err))
        return false;
    u->hash = arena_str(c->arena, buf_view(&hash));
    return true;
}

static int user_list(struct cmd *c)
{
    struct member *m;
    size_t n;
    struct err err;
    if (!member_list(c->db, c->arena, c->office_id, now(c), &m, &n, &err))
        return cmd_fail(c, &err);
    if (c->json)
        json_arr(&c->out);
    for (size_t i = 0; i < n; i++) {
        struct str role = roles_code(c->arena, m[i].roles);
        if (!c->json) {
            buf_printf(&c->out, "%.*s\t%.*s\t%.*s\t%.*s%s\n", STR_ARG(m[i].login), STR_ARG(m[i].name), STR_ARG(role), STR_ARG(m[i].home_name),
                       m[i].disabled ? "\t-" : "");
            continue;
        }
        json_obj(&c->out);
        json_put_str(&c->out, "user", m[i].login);
        json_put_str(&c->out, "name", m[i].name);
        json_put_str(&c->out, "role", role);
        json_put_str(&c->out, "home", m[i].home_name);
        json_put_bool(&c->out, "disabled", m[i].disabled);
        json_obj_end(&c->out);
    }
    if (c->json) {
        json_arr_end(&c->out);
        buf_ch(&c->out, '\n');
    }
    return 0;
}

static int user_add(struct cmd *c, struct user_change *u, struct str login)
{
    struct err err;
    struct str plain;
    u->draft.login = login;
    u->draft.name = cmd_option(c, "--name");
    u->draft.role = cmd_option(c, "--role");
    u->draft.home = cmd_option(c, "--home");
    u->draft.phone = cmd_option(c, "--phone");
    if (!u->draft.name.p)
        u->draft.name = login;
    if (!u->draft.role.p)
        u->draft.role = STR("officer");
    if (!prepare_password(c, u, cmd_option(c, "--password"), &plain, &err) ||
        !store_write_wait(c->store, c->office_id, c->actor.member_id, do_add, u, &err))
        return cmd_fail(c, &err);
    if (c->json) {
        return say_pair(c, "user", login, "password", u->must_change ? plain : STR_NULL);
    }
    if (!u->must_change)
        return say_done(c, "user", login);
    return say(c, M_APP_USER_ADDED, (struct arg[]){ A_STR(login), A_STR(plain) }, 2);
}

static int run_user(struct cmd *c)
{
    const struct command *self = command_find(STR("user"));
    if (c->argc < 1)
        return cmd_usage(c, self);
    struct str what = c->argv[0];
    if (str_eqc(what, "list"))
        return user_list(c);
    if (c->argc < 2)
        return cmd_usage(c, self);
    struct str login = c->argv[1];
    struct user_change u = { .by = &c->actor };
    if (str_eqc(what, "add"))
        return user_add(c, &u, login);

    struct member m;
    bool found;
    struct err err;
    if (!member_find(c->db, c->arena, c->office_id, login, now(c), &m, &found, &err))
        return cmd_fail(c, &err);
    if (!found) {
        err_fail(&err, ERR_NOT_FOUND, M_APP_UNKNOWN_USER, "user", A_STR(login));
        return cmd_fail(c, &err);
    }
    u.member_id = m.id;
    if (!may_keep(c, str_eqc(what, "passwd") ? m.id : 0, &err))
        return cmd_fail(c, &err);
    store_fn *fn = NULL;
    struct str plain = STR_NULL;
    if (str_eqc(what, "passwd")) {
        fn = do_password;
        if (!prepare_password(c, &u, cmd_option(c, "--password"), &plain, &err))
            return cmd_fail(c, &err);
    } else if (str_eqc(what, "disable") || str_eqc(what, "enable")) {
        fn = do_disable;
        u.disabled = str_eqc(what, "disable");
    } else if (str_eqc(what, "unlock")) {
        fn = do_unlock;
    }
    if (!fn)
        return cmd_usage(c, self);
    if (!store_write_wait(c->store, c->office_id, c->actor.member_id, fn, &u, &err))
        return cmd_fail(c, &err);
    if (fn == do_password && u.must_change && c->json)
        return say_pair(c, "user", login, "password", plain);
    if (fn == do_password && u.must_change)
        return say(c, M_APP_NEW_PASSWORD, (struct arg[]){ A_STR(login), A_STR(plain) }, 2);
    return say_done(c, "user", login);
}

/* --- tokens ---------------------------------------------------------------------------------------------------------------- */

struct token_change {
    int64_t member_id, token_id;
    struct str name;
    bool device;
    struct token_new made;
};

static bool do_token_add(struct txn *t, void *args, struct err *err)
{
    struct token_change *k = args;
    return token_add(t, k->member_id, k->name, k->device, &k->made, err);
}

static bool do_token_revoke(struct txn *t, void *args, struct err *err)
{
    return token_revoke(t, ((struct token_change *)args)->token_id, err);
}

/* CalDAV users carry their office: NAME@OFFICE. */
static struct str device_user(struct cmd *c, struct str login)
{
    struct office office;
    bool found;
    if (!office_by_id(c->db, c->arena, c->office_id, &office, &found, NULL) || !found)
        return login;
    return arena_printf(c->arena, "%.*s@%.*s", STR_ARG(login), STR_ARG(office.code));
}

static void put_tokens(struct buf *b, const struct token *list, size_t n)
{
    json_arr(b);
    for (size_t i = 0; i < n; i++) {
        json_obj(b);
        json_put_int(b, "id", list[i].id);
        json_put_str(b, "name", list[i].name);
        json_put_bool(b, "device", list[i].device);
        json_obj_end(b);
    }
    json_arr_end(b);
    buf_ch(b, '\n');
}

static int run_token(struct cmd *c)
{
    const struct command *self = command_find(STR("token"));
    struct token_change k = { .device = cmd_flag(c, "--device") };
    struct err err;
    struct member m;
    bool found;
    if (c->argc == 2 && str_eqc(c->argv[0], "revoke")) {
        if (!num_i64(c->argv[1], &k.token_id)) {
            err_fail(&err, ERR_INPUT, M_APP_UNKNOWN_TOKEN, NULL, A_STR(c->argv[1]));
            return cmd_fail(c, &err);
        }
        if (!may_keep(c, 0, &err))
            return cmd_fail(c, &err);
        if (!store_write_wait(c->store, c->office_id, c->actor.member_id, do_token_revoke, &k, &err))
            return cmd_fail(c, &err);
        return say_done(c, "revoked", c->argv[1]);
    }
    if (c->argc < 2 || !(str_eqc(c->argv[0], "add") || str_eqc(c->argv[0], "list")))
        return cmd_usage(c, self);
    if (!member_find(c->db, c->arena, c->office_id, c->argv[1], now(c), &m, &found, &err))
        return cmd_fail(c, &err);
    if (!found) {
        err_fail(&err, ERR_NOT_FOUND, M_APP_UNKNOWN_USER, "user", A_STR(c->argv[1]));
        return cmd_fail(c, &err);
    }
    if (!may_keep(c, m.id, &err))
        return cmd_fail(c, &err);
    if (str_eqc(c->argv[0], "list")) {
        struct token *list;
        size_t n;
        if (!token_list(c->db, c->arena, c->office_id, m.id, &list, &n, &err))
            return cmd_fail(c, &err);
        for (size_t i = 0; i < n && !c->json; i++)
            buf_printf(&c->out, "%lld\t%.*s%s\n", (long long)list[i].id, STR_ARG(list[i].name), list[i].device ? "\tdevice" : "");
        if (c->json)
            put_tokens(&c->out, list, n);
        return 0;
    }
    if (c->argc != 3)
        return cmd_usage(c, self);
    k.member_id = m.id;
    k.name = c->argv[2];
    bool ok = store_write_wait(c->store, c->office_id, c->actor.member_id, do_token_add, &k, &err);
    int code = 0;
    struct str secret = str_c(k.made.text);
    if (!ok)
        code = cmd_fail(c, &err);
    else if (c->json && k.device)
        say_pair(c, "user", device_user(c, m.login), "password", secret);
    else if (c->json)
        say_pair(c, "token", secret, NULL, STR_NULL);
    else
        say(c, M_APP_TOKEN_ADDED, (struct arg[]){ A_STR(secret) }, 1);
    return code;
}

/* What reads foreign sheets on this machine is held by. */
static int run_cage(struct cmd *c)
{
    struct cage_powers p;
    struct err err;
    if (c->argc != 0)
        return cmd_usage(c, command_find(STR("cage")));
    if (!cage_check(&p, &err))
        return cmd_fail(c, &err);
    int64_t mb = CAGE_MEMORY / 1024 / 1024;
    if (c->json) {
        json_obj(&c->out);
        json_put_bool(&c->out, "seccomp", p.seccomp);
        json_put_int(&c->out, "landlock", p.landlock);
        json_put_int(&c->out, "memory_mb", mb);
        json_obj_end(&c->out);
        buf_ch(&c->out, '\n');
        return 0;
    }
    return p.landlock ? say(c, M_CAGE_STATE, (struct arg[]){ A_INT(p.landlock), A_INT(mb) }, 2) : say(c, M_CAGE_STATE_WITHOUT, &A_INT(mb), 1);
}

const struct command app_commands[] = {
    { "backup", "FILE", M_APP_ABOUT_BACKUP, run_backup, .whole = true },
    { "user", "add LOGIN --name NAME --role ROLE [--home PARTY] [--password P]|list|passwd|disable|enable|unlock LOGIN", M_APP_ABOUT_USER,
      run_user, .writes = true },
    { "token", "add USER NAME [--device]|list USER|revoke ID", M_APP_ABOUT_TOKEN, run_token, .writes = true },
    { "jobs", "", M_APP_ABOUT_JOBS, run_jobs },
    { "cage", "", M_CAGE_ABOUT, run_cage, .no_store = true },
};
const int app_commands_count = ARRAY_LEN(app_commands);
