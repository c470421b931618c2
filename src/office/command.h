/* A command of the command line. The same function runs in the program that was called and, when a server holds the database, inside that server
 * (the call goes through DB.sock), so it must not touch the process: it reads from `in`, writes to out and err, and returns an exit code.
 */
#ifndef WHS_OFFICE_COMMAND_H
#define WHS_OFFICE_COMMAND_H

#include "base/tr.h"
#include "people/actor.h"
#include "store/store.h"

struct cmd {
    struct store *store;
    struct db *db;                               /* a reader */
    struct arena *arena;
    struct actor actor;                          /* --as, or console */
    int64_t office_id;
    enum lang lang;
    bool json;                                   /* --json */
    int argc;                                    /* words after the command's name */
    struct str *argv;
    const char *file;                            /* the name of that file, for errors with a line; NULL: standard input or none */
    struct str in;                               /* bytes of the FILE or - argument, when the command takes one */
    struct buf out;                              /* standard output */
    struct buf err;                              /* standard error: one sentence */
    store_progress *progress;                    /* for long work; may be NULL */
    void *progress_ctx;
};

struct command {
    const char *name;                            /* "list", "workday" … */
    const char *usage;                           /* "[--day D|--week D|--month YYYY-MM] …" */
    int about;                                   /* message id: what it does, one line */
    int (*run)(struct cmd *c);                   /* exit code of interfaces.md 2 */
    bool writes;                                 /* needs the writer: this process or the server */
    int file_arg;                                /* which word names a file to read into c->in: 1-based position, 0 none; -1: a word "-" means standard input */
    int out_arg;                                 /* which word names the file that c->out becomes, 0: standard output */
    bool no_store;                               /* needs no database: workday, deadline … with the built-in calendar */
    bool whole;                                  /* about the whole database: where there are several offices none need be named */
    const char *file_of;                         /* file_arg holds only when the first word is this one; NULL: always */
};

int cmd_fail(struct cmd *c, const struct err *err);                 /* puts the sentence, returns the exit code */
int cmd_fail_all(struct cmd *c, const struct problems *p, const struct err *err);   /* every problem on a line of its own, then the code of the first */
int cmd_usage(struct cmd *c, const struct command *self);           /* 2 */
/* Takes "--name VALUE" or "--name=VALUE" out of argv; STR_NULL when absent. cmd_flag: a bare --name. */
struct str cmd_option(struct cmd *c, const char *name);
bool cmd_flag(struct cmd *c, const char *name);

#endif
