/* serve: opens the store as its writer, the door for commands (PATH.sock), background work and the web, until SIGTERM or SIGINT. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/app.h"
#include "office/face.h"
#include "base/num.h"

enum { TABLES_MAX = 64 };

/* Signals come in by a thread that waits for them, so that no handler runs in the middle of anything. */
struct stopper {
    struct web *web;
    sigset_t set;
};

static void *wait_for_signal(void *arg)
{
    struct stopper *s = arg;
    int sig;
    sigwait(&s->set, &sig);
    web_stop(s->web);
    return NULL;
}

static void print_serving(const struct app *app, const struct web *web, const char *listen)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    char address[160];
    const char *colon = strrchr(listen, ':');
    if (strncmp(listen, "unix:", 5) == 0)
        snprintf(address, sizeof address, "%s", listen);
    else
        snprintf(address, sizeof address, "http://%.*s:%d", (int)(colon ? colon - listen : 0), listen, web_port(web));
    tr(&b, app->lang, M_APP_SERVING, (struct arg[]){ A_C(address) }, 1);
    puts(b.p);
    fflush(stdout);
}

/* *clean: every thread has ended, so the store may be closed. */
static bool serve(const struct app *app, struct store *store, const sigset_t *signals, const char *listen, int workers, bool secure,
                  bool *clean, struct err *err)
{
    struct web_routes tables[TABLES_MAX];
    int n = 0;
    for (; n < TABLES_MAX && slices[n]; n++)
        tables[n] = (struct web_routes){ slices[n]->routes, slices[n]->n_routes, slices[n]->schemas, slices[n]->n_schemas };
    const struct job_kind *kinds[JOB_KINDS_MAX];
    struct runner_options jobs = { store, kinds, app_job_kinds(kinds, JOB_KINDS_MAX) };
    struct web_options o = { .store = store, .tables = tables, .n_tables = n, .listen = listen, .workers = workers, .secure = secure,
                             .error_page = face_error };
    struct stopper stop = { .set = *signals };
    struct remote *remote = NULL;
    struct runner *runner;
    pthread_t waiter;

    *clean = true;
    if (!store_shared(store) && !remote_start(store, &remote, err))
        return false;
    if (!runner_start(&jobs, &runner, err)) {
        remote_stop(remote);
        return false;
    }
    o.runner = runner;
    if (!web_start(&o, &stop.web, err)) {
        runner_stop(runner);
        remote_stop(remote);
        return false;
    }
    if (pthread_create(&waiter, NULL, wait_for_signal, &stop) != 0) {
        web_free(stop.web);
        runner_stop(runner);
        remote_stop(remote);
        return err_fail(err, ERR_IO, M_WEB_NO_THREAD, NULL);
    }
    pthread_detach(waiter);
    print_serving(app, stop.web, listen);
    *clean = web_run(stop.web);
    runner_stop(runner);
    remote_stop(remote);
    if (*clean)
        web_free(stop.web);
    return true;
}

int app_serve(const struct app *app, int argc, struct str *argv)
{
    struct cmd words = { .argc = argc, .argv = argv };
    struct str listen = cmd_option(&words, "--listen"), count = cmd_option(&words, "--workers");
    bool secure = cmd_flag(&words, "--behind-tls");
    int64_t workers = 0;
    if (words.argc || (count.p && !num_range(count, 1, 64, &workers))) {
        fprintf(stderr, "whs: %s: whs serve [--listen HOST:PORT|unix:PATH] [--workers N] [--behind-tls]\n", tr_text(app->lang, M_APP_WRONG_USAGE));
        return 2;
    }
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);  /* before any thread is made, so that all inherit it */
    signal(SIGXFSZ, SIG_IGN);                    /* a file that may grow no further is an error to report, as a full disk is */
    struct store *store;
    struct err err;
    if (!app_open(app, true, &store, &err))
        return app_fail_open(app, &err);
    bool clean, ok = serve(app, store, &signals, listen.p ? listen.p : "127.0.0.1:8080", (int)workers, secure, &clean, &err);
    int code = ok ? 0 : app_fail(app, NULL, &err);
    if (clean)
        store_close(store);
    if (ok) {
        puts(tr_text(app->lang, M_APP_STOPPED));
        fflush(stdout);
    }
    if (!clean)
        _exit(code);                             /* somebody still works on the store; what is acknowledged is on disk */
    return code;
}
