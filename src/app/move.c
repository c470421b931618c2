/* move: one office into another database. docs/decisions/0008-moving.md says what it promises. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "base/json.h"
#include "calendar/date.h"
#include "office/closing/closing.h"
#include "people/member.h"
#include "store/transfer.h"

struct move {
    const struct app *app;
    struct str from_url, to_url, from_key, to_key, code;
    bool dry, running;

    struct store *from;
    struct arena *a;
    struct office office;
    instant_t at;                                /* of the snapshot */
    struct transfer x;
    struct journal_head head;                    /* the office's, the same on both sides */
    int closings;
    struct str key;                              /* the target's master key, when the target was made */
};

/* --- the source --------------------------------------------------------------------------------------------------------------- */

static bool source_open(struct move *m, struct err *err)
{
    const struct store_options o = { .url = m->from_url.p, .key = m->from_key.p, .hold = !m->running };
    struct err why;
    if (!store_open(&o, &m->from, &why)) {
        *err = why;
        return why.kind == ERR_BUSY && !m->running ? err_fail(err, ERR_BUSY, M_MOVE_SOURCE_SERVED, NULL) : false;
    }
    m->at = clock_now(store_clock(m->from));
    m->x.progress = app_progress;
    return store_reader_open(m->from, &m->x.from, err) && db_snapshot_begin(m->x.from, err);
}

static void source_close(struct move *m)
{
    if (m->x.from) {
        db_snapshot_end(m->x.from);
        store_reader_close(m->x.from);
    }
    store_close(m->from);
}

static bool office_choose(struct move *m, struct err *err)
{
    struct office *list;
    size_t n;
    if (!office_list(m->x.from, m->a, &list, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (m->code.p ? str_eq(list[i].code, m->code) : n == 1) {
            m->office = list[i];
            m->x.from_id = list[i].id;
            return true;
        }
    return err_fail(err, ERR_INPUT, m->code.p ? M_APP_UNKNOWN_OFFICE : M_MOVE_WHICH, "office", A_STR(m->code));
}

static bool source_verify(struct move *m, struct err *err)
{
    return journal_verify(m->x.from, m->x.from_id, m->x.progress, m->x.ctx, &m->head, err) &&
           closing_verify(m->x.from, m->a, m->x.from_id, &m->closings, err);
}

/* --- the target ----------------------------------------------------------------------------------------------------------------- */

static bool move_in(struct txn *t, void *args, struct err *err)
{
    struct move *m = args;
    int closings;
    return transfer_office(&m->x, t, &m->head, err) && closing_verify(t->db, t->arena, m->x.to_id, &closings, err);
}

static bool target_fill(struct move *m, struct err *err)
{
    struct target to;
    const struct store_options o = { .url = m->to_url.p, .key = m->to_key.p, .write = true };
    if (!target_open(&o, &to, err))
        return false;
    char *key = target_key(&to);
    m->key = to.made ? arena_str(m->a, str_c(key)) : STR_NULL;
    free(key);
    bool ok = store_write_alone(to.s, STORE_OFFICE_SHARED, 0, move_in, m, err);
    struct err closing;
    if (target_close(&to, ok, &closing))
        return true;
    if (ok)
        *err = closing;
    return false;
}

/* What the target would say; one that is not there would take everything. */
static bool target_ask(struct move *m, struct err *err)
{
    struct store *to;
    struct db *db;
    m->x.to_id = 1;
    if (!target_look(&(struct store_options){ .url = m->to_url.p, .key = m->to_key.p }, &to, err))
        return false;
    if (!to)
        return true;
    bool ok = store_reader_open(to, &db, err);
    if (ok) {
        ok = transfer_check(&m->x, db, err);
        store_reader_close(db);
    }
    store_close(to);
    return ok;
}

/* --- what is said ---------------------------------------------------------------------------------------------------------------------- */

static void say(const struct move *m, int msg, const struct arg *args, int n)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    tr(&b, m->app->lang, msg, args, n);
    puts(b.p);
}

static void say_tables(const struct move *m)
{
    for (int i = 0; transfer_table(i); i++)
        if (m->x.sum[i].rows)
            printf("  %-16s %10lld %14lld\n", transfer_table(i), (long long)m->x.sum[i].rows, (long long)m->x.sum[i].bytes);
}

static void say_json(const struct move *m, struct str hash)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    json_obj(&b);
    json_put_str(&b, "office", m->office.code);
    json_put_bool(&b, "dry_run", m->dry);
    json_put_int(&b, "from_id", m->x.from_id);
    json_put_int(&b, "to_id", m->x.to_id);
    json_put_int(&b, "seq", m->head.seq);
    json_put_str(&b, "hash", hash);
    json_put_int(&b, "closings", m->closings);
    json_put_int(&b, "rows", m->x.rows);
    json_put_int(&b, "bytes", m->x.bytes);
    json_key(&b, "tables");
    json_obj(&b);
    for (int i = 0; transfer_table(i); i++)
        if (m->x.sum[i].rows)
            json_put_int(&b, transfer_table(i), m->x.sum[i].rows);
    json_obj_end(&b);
    json_obj_end(&b);
    puts(b.p);
}

static void say_outcome(const struct move *m)
{
    struct buf hash _cleanup_(buf_release) = BUF_INIT;
    const struct arg what[] = { A_STR(m->office.name), A_STR(app_shown(m->a, m->to_url)), A_INT(m->x.to_id), A_INT(m->x.rows) };
    buf_hex(&hash, m->head.hash, sizeof m->head.hash);
    if (m->app->json) {
        say_json(m, buf_view(&hash));
        return;
    }
    say(m, m->dry ? M_MOVE_DRY : M_MOVE_DONE, what, ARRAY_LEN(what));
    say_tables(m);
    if (m->dry) {
        say(m, M_MOVE_SIZE, (struct arg[]){ A_INT(m->x.bytes), A_INT(m->head.seq), A_INT(m->closings) }, 3);
        return;
    }
    say(m, M_MOVE_VERIFIED, (struct arg[]){ A_INT(m->head.seq), A_INT(m->closings), A_STR(buf_view(&hash)) }, 3);
    if (m->key.p)
        say(m, M_MOVE_KEY, (struct arg[]){ A_STR(m->key) }, 1);
    if (m->running)
        say(m, M_MOVE_RUNNING, (struct arg[]){ A_INSTANT(m->at) }, 1);
    say(m, M_MOVE_THEN, (struct arg[]){ A_STR(app_shown(m->a, m->from_url)) }, 1);
}

/* --- the command ---------------------------------------------------------------------------------------------------------------------------- */

static bool move(struct move *m, struct err *err)
{
    if (str_eq(m->from_url, m->to_url))
        return err_fail(err, ERR_INPUT, M_MOVE_SAME, NULL);
    if (!source_open(m, err) || !office_choose(m, err) || !source_verify(m, err))
        return false;
    return m->dry ? target_ask(m, err) && transfer_measure(&m->x, err) : target_fill(m, err);
}

int app_move(const struct app *app, int argc, struct str *argv)
{
    struct arena a _cleanup_(arena_release) = ARENA_INIT(0);
    struct cmd words = { .argc = argc, .argv = argv };
    struct move m = { .app = app, .a = &a };
    m.from_url = cmd_option(&words, "--from");
    m.to_url = cmd_option(&words, "--to");
    m.from_key = cmd_option(&words, "--from-key");
    m.to_key = cmd_option(&words, "--to-key");
    m.code = cmd_option(&words, "--office");
    if (!m.code.p)
        m.code = app->office;
    m.dry = cmd_flag(&words, "--dry-run");
    m.running = cmd_flag(&words, "--running");
    if (words.argc || !m.from_url.p || !m.to_url.p) {
        fprintf(stderr, "whs: %s: whs move --from URL --to URL [--office CODE] [--dry-run] [--running] [--from-key FILE] [--to-key FILE]\n",
                tr_text(app->lang, M_APP_WRONG_USAGE));
        return 2;
    }
    signal(SIGXFSZ, SIG_IGN);                    /* a file that may grow no further is an error to report, as a full disk is */
    struct err err;
    bool ok = move(&m, &err);
    if (ok)
        say_outcome(&m);
    source_close(&m);
    return ok ? 0 : app_fail(app, NULL, &err);
}
