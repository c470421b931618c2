#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/app.h"
#include "people/member.h"

enum { EXIT_USAGE = 2, INPUT_MAX = 128 * 1024 * 1024 };

/* Commands that are about the process or the database file itself; all others are in the slices and app_commands. */
static const struct {
    const char *name, *usage;
    int about;
    int (*run)(const struct app *app, int argc, struct str *argv);
} OWN[] = {
    { "init", "[--code CODE] [--name NAME] [--section NAME]", M_APP_ABOUT_INIT, app_init },
    { "office", "list|add CODE --name NAME [--section NAME]", M_APP_ABOUT_OFFICE, app_office },
    { "demo", "[--seed N]", M_APP_ABOUT_DEMO, app_demo },
    { "serve", "[--listen HOST:PORT|unix:PATH] [--workers N]", M_APP_ABOUT_SERVE, app_serve },
    { "restore", "FILE", M_APP_ABOUT_RESTORE, app_restore },
    { "move", "--from URL --to URL [--office CODE] [--dry-run] [--running] [--from-key FILE] [--to-key FILE]", M_MOVE_ABOUT, app_move },
};

static void say_err(enum lang lang, int msg, const struct arg *args, int n)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    tr(&b, lang, msg, args, n);
    fprintf(stderr, "whs: %s\n", buf_view(&b).p);
}

int app_fail(const struct app *app, const char *file, const struct err *err)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    tr_err(&b, app->lang, err);
    fputs("whs: ", stderr);
    if (file)
        fprintf(stderr, "%s:", file);
    if (err->line)
        fprintf(stderr, "%d:", err->line);
    if (err->column)
        fprintf(stderr, "%d:", err->column);
    fprintf(stderr, "%s%s%s%s\n", file || err->line ? " " : "", err->field[0] ? tr_field(app->lang, err->field) : "",
            err->field[0] ? (app->lang == LANG_ZH ? "：" : ": ") : "", buf_view(&b).p);
    return err_exit(err);
}

/* An address that leads nowhere is trouble with the machine, not with what was asked. */
int app_fail_open(const struct app *app, const struct err *err)
{
    int code = app_fail(app, NULL, err);
    return err->kind == ERR_INPUT || err->kind == ERR_NOT_FOUND ? 7 : code;
}

const struct command *command_find(struct str name)
{
    for (int i = 0; i < app_commands_count; i++)
        if (str_eqc(name, app_commands[i].name))
            return &app_commands[i];
    for (int s = 0; slices[s]; s++)
        for (int i = 0; i < slices[s]->n_commands; i++)
            if (str_eqc(name, slices[s]->commands[i].name))
                return &slices[s]->commands[i];
    return NULL;
}

static void print_usage(enum lang lang, FILE *to)
{
    fprintf(to, "%s\n\n", tr_text(lang, M_APP_USAGE));
    for (size_t i = 0; i < ARRAY_LEN(OWN); i++)
        fprintf(to, "  %-10s %-58s %s\n", OWN[i].name, OWN[i].usage, tr_text(lang, OWN[i].about));
    for (int i = 0; i < app_commands_count; i++)
        fprintf(to, "  %-10s %-58s %s\n", app_commands[i].name, app_commands[i].usage, tr_text(lang, app_commands[i].about));
    for (int s = 0; slices[s]; s++)
        for (int i = 0; i < slices[s]->n_commands; i++) {
            const struct command *c = &slices[s]->commands[i];
            fprintf(to, "  %-10s %-58s %s\n", c->name, c->usage, tr_text(lang, c->about));
        }
}

/* One command: how it is written and what it does. */
static bool print_help(enum lang lang, const char *name)
{
    const struct command *c = command_find(str_c(name));
    const char *usage = c ? c->usage : NULL;
    int about = c ? c->about : 0;
    for (size_t i = 0; i < ARRAY_LEN(OWN) && !usage; i++)
        if (strcmp(OWN[i].name, name) == 0) {
            usage = OWN[i].usage;
            about = OWN[i].about;
        }
    if (!usage)
        return false;
    printf("whs %s%s%s\n%s\n", name, *usage ? " " : "", usage, tr_text(lang, about));
    return true;
}

static bool read_fd(int fd, struct buf *ret)
{
    for (;;) {
        char *room = buf_room(ret, 64 * 1024);
        if (!room)
            return false;
        ssize_t n = read(fd, room, 64 * 1024);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        if (n == 0) {
            ret->p[ret->n] = 0;
            return true;
        }
        ret->n += (size_t)n;
    }
}

/* The word at `position` (from 1) among those that are not options; NULL when there is none. A negative position means any word "-". */
static const char *word_at(const struct call *call, int position)
{
    for (int i = 0, at = 0; i < call->argc; i++)
        if (position < 0 ? str_eqc(call->argv[i], "-") : !str_starts(call->argv[i], STR("--")) && ++at == position)
            return call->argv[i].p;
    return NULL;
}

/* The file a command names (or standard input for "-"), read by the caller's own rights before the call may travel to a server. */
static bool read_input(const struct app *app, int position, const struct call *call, struct buf *ret, int *code)
{
    const char *file = word_at(call, position);
    if (!file)
        return true;                             /* the command says that it is missing */
    FILE *f = strcmp(file, "-") ? fopen(file, "rb") : stdin;
    bool ok = f && read_fd(fileno(f), ret);
    if (!ok) {
        struct err err;
        if (ret->over)
            err_fail(&err, ERR_LIMIT, M_BASE_TOO_LARGE, NULL, A_INT(INPUT_MAX));
        else
            err_fail(&err, ERR_IO, M_APP_CANNOT_READ, NULL, A_C(file), A_C(strerror(errno)));
        *code = app_fail(app, NULL, &err);
    }
    if (f && f != stdin)
        fclose(f);
    return ok;
}

struct str app_shown(struct arena *a, struct str url)
{
    if (str_starts(url, STR("sqlite:")))
        return url;
    ptrdiff_t login = str_chr(url, '@'), slashes = str_find(url, STR("//")), more = str_chr(url, '?');
    struct str place = str_sub(url, 0, more < 0 ? url.n : (size_t)more);
    return login < 0 || slashes < 0 || (more >= 0 && login > more)
               ? place : arena_printf(a, "postgresql://%.*s", STR_ARG(str_sub(place, (size_t)login + 1, place.n)));
}

bool app_progress(void *ctx, int64_t done, int64_t total)
{
    (void)ctx;
    if (isatty(STDERR_FILENO))
        fprintf(stderr, total > 0 ? "\r%lld / %lld " : "\r%lld ", (long long)done, (long long)total);
    return true;
}

static int run_command(const struct app *app, const struct command *cmd, int argc, struct str *argv)
{
    struct call call = { .office = app->office, .as = app->as, .json = app->json, .lang = app->lang, .name = str_c(cmd->name),
                         .argv = argv, .argc = argc, .progress = app_progress };
    struct buf in _cleanup_(buf_release) = BUF_MAX(INPUT_MAX), out _cleanup_(buf_release) = BUF_INIT, text _cleanup_(buf_release) = BUF_INIT;
    int code = 0;
    const char *first = word_at(&call, 1);
    bool reads = cmd->file_arg && (!cmd->file_of || (first && strcmp(first, cmd->file_of) == 0));
    if (reads && !read_input(app, cmd->file_arg, &call, &in, &code))
        return code;
    call.in = buf_view(&in);

    struct err err;
    struct store *s = NULL;
    bool opened = app_open(app, cmd->writes, &s, &err);
    if (!opened && cmd->writes && err.kind == ERR_BUSY && str_starts(str_c(app->url), STR("sqlite:"))) {
        struct str path = str_c(app->url);
        path = str_sub(path, strlen("sqlite:"), path.n);
        if (!remote_call(path.p, &call, &code, &out, &text, &err))
            return app_fail(app, NULL, &err);
    } else if (!opened && !(cmd->no_store && err.kind == ERR_NOT_FOUND)) {
        return app_fail_open(app, &err);
    } else {
        code = call_run(s, cmd, &call, &out, &text);
    }
    store_close(s);
    if (isatty(STDERR_FILENO) && text.n)
        fputs("\r", stderr);
    fwrite(text.p ? text.p : "", 1, text.n, stderr);
    const char *file = cmd->out_arg && code == 0 ? word_at(&call, cmd->out_arg) : NULL;
    FILE *to = file && strcmp(file, "-") ? fopen(file, "wb") : stdout;
    bool written = to && fwrite(out.p ? out.p : "", 1, out.n, to) == out.n && fflush(to) == 0;
    if (!written)
        fprintf(stderr, "whs: %s%s%s\n", file ? file : "", file ? ": " : "", strerror(errno));
    if (to && to != stdout && fclose(to) != 0)
        written = false;
    return written ? code : 7;
}

int call_run(struct store *s, const struct command *cmd, const struct call *call, struct buf *out, struct buf *err_text)
{
    struct arena a _cleanup_(arena_release) = ARENA_INIT((size_t)1 << 30);
    struct cmd c = { .store = s, .arena = &a, .lang = call->lang, .json = call->json, .argc = call->argc, .argv = call->argv, .in = call->in,
                     .progress = call->progress };
    const char *file = cmd->file_arg > 0 ? word_at(call, cmd->file_arg) : NULL;
    c.file = file && strcmp(file, "-") ? file : NULL;
    struct err err;
    bool ok = true;
    if (s) {
        struct office *offices;
        size_t n = 0;
        ok = store_reader_open(s, &c.db, &err) && office_list(c.db, &a, &offices, &n, &err);
        const struct office *mine = NULL;
        for (size_t i = 0; ok && i < n; i++)
            if (!call->office.p ? n == 1 || (cmd->whole && !call->as.p) : str_eq(offices[i].code, call->office))
                mine = &offices[i];
        if (ok && !mine)
            ok = err_fail(&err, ERR_INPUT, call->office.p ? M_APP_UNKNOWN_OFFICE : M_APP_WHICH_OFFICE, "office", A_STR(call->office));
        if (ok) {
            c.office_id = mine->id;
            day_t today = instant_day(clock_now(store_clock(s)));
            struct str login = call->as.p ? call->as : STR("console");
            ok = actor_load_login(c.db, &a, mine->id, login, today, &c.actor, &err);
        }
    }
    int code = ok ? cmd->run(&c) : cmd_fail(&c, &err);
    if (c.db)
        store_reader_close(c.db);
    buf_str(out, buf_view(&c.out));
    buf_str(err_text, buf_view(&c.err));
    buf_release(&c.out);
    buf_release(&c.err);
    return code;
}

static enum lang env_lang(void)
{
    const char *names[] = { "WHS_LANG", "LC_ALL", "LC_MESSAGES", "LANG" };
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        const char *v = getenv(names[i]);
        if (v && *v)
            return strncmp(v, "en", 2) == 0 ? LANG_EN : LANG_ZH;
    }
    return LANG_ZH;
}

int main(int argc, char **argv)
{
    const char *env = getenv("WHS_DB");
    struct app app = { .url = env && *env ? env : "sqlite:whs.db", .office = STR_NULL, .as = STR_NULL, .lang = env_lang() };
    int i = 1;
    for (; i < argc && argv[i][0] == '-'; i++) {
        const char *v = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(argv[i], "--json") == 0) {
            app.json = true;
        } else if (strcmp(argv[i], "--version") == 0) {
            puts("whs " WHS_VERSION);
            return 0;
        } else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            print_usage(app.lang, stdout);
            return 0;
        } else if (v && strcmp(argv[i], "--db") == 0) {
            app.url = v, i++;
        } else if (v && strcmp(argv[i], "--office") == 0) {
            app.office = str_c(v), i++;
        } else if (v && strcmp(argv[i], "--as") == 0) {
            app.as = str_c(v), i++;
        } else {
            say_err(app.lang, M_APP_UNKNOWN_OPTION, (struct arg[]){ A_C(argv[i]) }, 1);
            return EXIT_USAGE;
        }
    }
    if (i + 1 < argc && strcmp(argv[i], "help") == 0) {
        if (print_help(app.lang, argv[i + 1]))
            return 0;
        say_err(app.lang, M_APP_UNKNOWN_COMMAND, (struct arg[]){ A_C(argv[i + 1]) }, 1);
        return EXIT_USAGE;
    }
    if (i == argc || strcmp(argv[i], "help") == 0) {
        print_usage(app.lang, i == argc ? stderr : stdout);
        return i == argc ? EXIT_USAGE : 0;
    }
    const char *name = argv[i++];
    struct str *words = xcalloc((size_t)(argc - i) + 1, sizeof *words);
    int n = 0;
    for (; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)      /* also behind the command's name */
            app.json = true;
        else
            words[n++] = str_c(argv[i]);
    }
    int code = -1;
    for (size_t k = 0; k < ARRAY_LEN(OWN) && code < 0; k++)
        if (strcmp(name, OWN[k].name) == 0)
            code = OWN[k].run(&app, n, words);
    const struct command *cmd = code < 0 ? command_find(str_c(name)) : NULL;
    if (cmd)
        code = run_command(&app, cmd, n, words);
    if (code < 0) {
        say_err(app.lang, M_APP_UNKNOWN_COMMAND, (struct arg[]){ A_C(name) }, 1);
        code = EXIT_USAGE;
    }
    free(words);
    return code;
}
