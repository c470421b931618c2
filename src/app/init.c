/* init and restore: what is done to a database file while no server lives. */
#include <stdio.h>
#include <string.h>

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

int app_init(const struct app *app, int argc, struct str *argv)
{
    struct new_office o = { .code = option(&argc, argv, "--code"), .name = option(&argc, argv, "--name"), .section = option(&argc, argv, "--section") };
    if (argc)
        return usage(app, "whs init [--code CODE] [--name NAME] [--section NAME]");
    if (!o.code.p)
        o.code = STR("main");
    if (!o.name.p)
        o.name = STR("本机关");
    if (!o.section.p)
        o.section = STR("秘书科");
    struct store_options opt = { .url = app->url, .write = true };
    struct store *s = NULL;
    struct err err;
    bool ok = store_create(&opt, &err) && store_open(&opt, &s, &err) &&
              store_write_wait(s, STORE_OFFICE_SHARED, 0, make_office, &o, &err) && store_write_wait(s, o.id, 0, make_people, &o, &err) &&
              store_write_wait(s, o.id, 0, make_lists, NULL, &err);
    if (!ok) {
        store_close(s);
        return app_fail_open(app, &err);
    }
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    tr(&b, app->lang, M_APP_INIT_DONE, (struct arg[]){ A_C(store_path(s)) }, 1);
    puts(b.p);
    store_close(s);
    return 0;
}

int app_restore(const struct app *app, int argc, struct str *argv)
{
    if (argc != 1)
        return usage(app, "whs restore FILE");
    struct err err;
    struct store_options opt = { .url = app->url, .write = true };
    if (!store_restore(&opt, argv[0].p, &err))
        return app_fail(app, NULL, &err);
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    tr(&b, app->lang, M_APP_RESTORE_DONE, (struct arg[]){ A_STR(argv[0]), A_STR(str_sub(str_c(app->url), strlen("sqlite:"), SIZE_MAX)) }, 2);
    puts(b.p);
    return 0;
}
