/* The program: one binary that is server, command line and the door beside a running server.
 *
 * A command that writes needs the writer. When a server has it (PATH.lock is taken), the call travels through PATH.sock (mode 0600: whoever may
 * open it owns the database) and the same function runs there; without a server this process takes the lock and is itself the writer.
 */
#ifndef WHS_APP_APP_H
#define WHS_APP_APP_H

#include "office/slice.h"

struct app {                                     /* global options */
    const char *url;                             /* --db, $WHS_DB, sqlite:whs.db */
    struct str office;                           /* --office; STR_NULL: the only one */
    struct str as;                               /* --as; STR_NULL: console */
    bool json;
    enum lang lang;                              /* LC_ALL or LANG: en gives English; else Chinese */
};

/* What a call is, whether it runs here or in the server. */
struct call {
    struct str office, as;
    bool json;
    enum lang lang;
    struct str name;                             /* the command */
    struct str *argv;
    int argc;
    struct str in;
    store_progress *progress;                    /* NULL in the server: who watches is elsewhere */
};

/* store_open(), and a clock that stands in its own time when the database is a demonstration's (setting demo.clock): it goes on from there, or from the
 * last journal line where that is later. */
#define DEMO_CLOCK "demo.clock"
bool app_open(const struct app *app, bool write, struct store **ret, struct err *err);

const struct command *command_find(struct str name);
/* Runs the call on an open store: actor, reader, command. Returns the exit code; out and err are appended to. */
int call_run(struct store *s, const struct command *cmd, const struct call *call, struct buf *out, struct buf *err);

/* A database's address without what logs in. */
struct str app_shown(struct arena *a, struct str url);
/* Progress on a terminal. */
bool app_progress(void *ctx, int64_t done, int64_t total);

/* Commands that concern the process itself: they get the words and the global options. */
int app_init(const struct app *app, int argc, struct str *argv);
int app_office(const struct app *app, int argc, struct str *argv);
int app_serve(const struct app *app, int argc, struct str *argv);
int app_demo(const struct app *app, int argc, struct str *argv);
int app_restore(const struct app *app, int argc, struct str *argv);
int app_move(const struct app *app, int argc, struct str *argv);

/* Background work (jobs.c): all kinds of the house; returns how many. */
enum { JOB_KINDS_MAX = 64 };
int app_job_kinds(const struct job_kind **ret, int cap);
extern const struct job_kind app_sweep;
int run_jobs(struct cmd *c);                     /* whs jobs */

extern const struct command app_commands[];
extern const int app_commands_count;

/* --- PATH.sock ---------------------------------------------------------------------------------------------------------- */
struct remote;
/* Serves calls on PATH.sock in a thread of its own until remote_stop(). */
bool remote_start(struct store *s, struct remote **ret, struct err *err);
void remote_stop(struct remote *r);
/* Sends the call to the server that holds the database; false with ERR_BUSY when nobody answers. *code, out, err are its outcome. */
bool remote_call(const char *db_path, const struct call *call, int *code, struct buf *out, struct buf *err_text, struct err *err);

/* Prints an error as one sentence on standard error, with file, line and column where it has them; returns its exit code. */
int app_fail(const struct app *app, const char *file, const struct err *err);
/* The same when a database could not be opened or made: 7 or 8, unless it is busy (6) or there already (5). */
int app_fail_open(const struct app *app, const struct err *err);

#endif
