/* init, office, restore: what is done to a database as a whole. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/app.h"
#include "office/entry/entry.h"
#include "people/member.h"

struct new_office { struct str code, name, section; int64_t id; };

static bool make_office(struct txn *t, void *args, struct err *err)
{
    struct new_office *o = args;
    return txn_office_create(t, o->code, o->name, &o->id, err);
}

static bool make_people(struct txn *t, void *args, struct err *err)
{
    return people_init(t, ((struct new_office *)args)->section, err);
}

/* The four lists every section keeps (四张清单); an office adds its own. */
static bool make_lists(struct txn *t, void *args, struct err *err)
{
    static const char *const LISTS[] = { "领导重点工作", "年度安排", "三抓工作", "专班工作" };
    int64_t id;
    for (size_t i = 0; i < ARRAY_LEN(LISTS); i++)
        if (!entry_list_add(t, str_c(LISTS[i]), &id, err))
            return false;
    return true;
}

/* Takes "--name VALUE" out of the words, as cmd_option() does for commands. */
static struct str option(int *argc, struct str *argv, const char *name)
{
    struct cmd c = { .argc = *argc, .argv = argv };
    struct str v = cmd_option(&c, name);
    *argc = c.argc;
    return v;
}

static int usage(const struct app *app, const char *text)
{
    fprintf(stderr, "whs: %s%s%s\n", tr_text(app->lang, M_APP_WRONG_USAGE), app->lang == LANG_ZH ? "：" : ": ", text);
    return 2;
}

/* The office with its section, console and lists; each is a write of its own, for the second is one of the new office. */
static bool office_make(struct store *s, struct new_office *o, struct err *err)
{
    if (!o->name.p)
        o->name = STR("本机关");
    if (!o->section.p)
        o->section = STR("秘书科");
    return store_write_wait(s, STORE_OFFICE_SHARED, 0, make_office, o, err) && store_write_wait(s, o->id, 0, make_people, o, err) &&
           store_write_wait(s, o->id, 0, make_lists, NULL, err);
}

static void say(const struct app *app, int msg, const struct arg *args, int n)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    tr(&b, app->lang, msg, args, n);
    puts(b.p);
}

int app_init(const struct app *app, int argc, struct str *argv)
{
    struct new_office o = { .code = option(&argc, argv, "--code"), .name = option(&argc, argv, "--name"), .section = option(&argc, argv, "--section") };
    if (argc)
        return usage(app, "whs init [--code CODE] [--name NAME] [--section NAME]");
    if (!o.code.p)
        o.code = STR("main");
    struct store_options opt = { .url = app->url, .write = true };
    struct store *s = NULL;
    struct err err;
    bool ok = store_create(&opt, &err) && store_open(&opt, &s, &err) && office_make(s, &o, &err);
    if (ok) {
        char *key = store_key(s);
        say(app, M_APP_INIT_DONE, (struct arg[]){ A_C(store_path(s)), A_C(key) }, 2);
        free(key);
    }
    store_close(s);
    return ok ? 0 : app_fail_open(app, &err);
}

static int office_list_print(const struct app *app, struct store *s, struct err *err)
{
    struct arena a _cleanup_(arena_release) = ARENA_INIT(0);
    struct office *office;
    struct db *db;
    size_t n;
    if (!store_reader_open(s, &db, err))
        return app_fail(app, NULL, err);
    bool ok = office_list(db, &a, &office, &n, err);
    for (size_t i = 0; ok && i < n; i++)
        printf("%.*s\t%.*s\n", STR_ARG(office[i].code), STR_ARG(office[i].name));
    store_reader_close(db);
    return ok ? 0 : app_fail(app, NULL, err);
}

/* Further offices on the same database. On PostgreSQL while its servers run; on SQLite a running server is the only writer. */
int app_office(const struct app *app, int argc, struct str *argv)
{
    struct new_office o = { .name = option(&argc, argv, "--name"), .section = option(&argc, argv, "--section") };
    bool list = argc == 1 && str_eqc(argv[0], "list"), add = argc == 2 && str_eqc(argv[0], "add");
    if (!list && !(add && o.name.p))
        return usage(app, "whs office list | add CODE --name NAME [--section NAME]");
    struct store *s = NULL;
    struct err err;
    if (!store_open(&(struct store_options){ .url = app->url, .write = add }, &s, &err))
        return app_fail_open(app, &err);
    int code = 0;
    if (list) {
        code = office_list_print(app, s, &err);
    } else {
        o.code = argv[1];
        if (office_make(s, &o, &err))
            say(app, M_APP_OFFICE_ADDED, (struct arg[]){ A_STR(o.code) }, 1);
        else
            code = app_fail(app, NULL, &err);
    }
    store_close(s);
    return code;
}

int app_restore(const struct app *app, int argc, struct str *argv)
{
    if (argc != 1)
        return usage(app, "whs restore FILE");
    struct arena a _cleanup_(arena_release) = ARENA_INIT(0);
    struct err err;
    struct store_options opt = { .url = app->url, .write = true };
    bool file = str_starts(str_c(app->url), STR("sqlite:"));
    bool replaces = file && access(app->url + strlen("sqlite:"), F_OK) == 0;
    struct str name = file ? str_sub(str_c(app->url), strlen("sqlite:"), SIZE_MAX) : app_shown(&a, str_c(app->url));
    if (!store_restore(&opt, argv[0].p, &err))
        return app_fail(app, NULL, &err);
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    tr(&b, app->lang, replaces ? M_APP_RESTORE_DONE : M_APP_RESTORED_INTO, (struct arg[]){ A_STR(argv[0]), A_STR(name) }, 2);
    puts(b.p);
    return 0;
}
