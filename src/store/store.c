#include "store/store.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/utf8.h"
#include "messages.h"
#include "migrations.h"
#include "store/bulk.h"
#include "store/crypto.h"
#include "store/inside.h"
#include "store/job.h"
#include "store_queries.h"

/* --- the master key ----------------------------------------------------------------------------------------------------- */

char *key_path(const struct store *s)
{
    const char *named = s->o.key ? s->o.key : getenv("WHS_KEY");
    return named && *named ? xstrndup(named, strlen(named)) : path_with(s->path, ".key");
}

static bool key_parse(struct store *s, const char *text, size_t n, const char *file, struct err *err)
{
    size_t made;
    uint8_t key[KEY_BYTES];
    bool ok = hex_decode(str_trim(str_n(text, n)), key, sizeof key, &made) && made == sizeof key;
    if (ok)
        memcpy(s->master, key, sizeof key);
    wipe(key, sizeof key);
    return ok || err_fail(err, ERR_CORRUPT, M_STORE_KEY_MALFORMED, NULL, A_C(file));
}

bool key_read(struct store *s, struct err *err)
{
    char *file = key_path(s), text[4 * KEY_BYTES];
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, text, sizeof text) : -1;
    bool ok;
    if (n < 0)
        ok = errno == ENOENT ? err_fail(err, ERR_NOT_FOUND, M_STORE_KEY_MISSING, NULL, A_C(file)) : fail_file(err, file);
    else
        ok = key_parse(s, text, (size_t)n, file, err);
    if (fd >= 0)
        close(fd);
    wipe(text, sizeof text);
    free(file);
    return ok;
}

/* A key file that is there is used, never overwritten: it may belong to a database that is about to be restored. */
bool key_make(struct store *s, struct err *err)
{
    char *file = key_path(s);
    int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        bool ok = errno == EEXIST ? key_read(s, err) : fail_file(err, file);
        free(file);
        return ok;
    }
    struct buf hex = BUF_INIT;
    random_fill(store_random(s), s->master, sizeof s->master);
    buf_hex(&hex, s->master, sizeof s->master);
    buf_ch(&hex, '\n');
    bool ok = write(fd, hex.p, hex.n) == (ssize_t)hex.n && fsync(fd) == 0;
    if (!ok) {
        fail_file(err, file);
        unlink(file);
    }
    close(fd);
    ok = ok && dir_sync(file, err);
    wipe(hex.p, hex.n);
    buf_release(&hex);
    free(file);
    return ok;
}

/* --- opening ------------------------------------------------------------------------------------------------------------ */

bool store_name(const struct store_options *o, struct store **ret, struct err *err)
{
    struct str url = str_c(o->url);
    bool file = str_starts(url, STR("sqlite:")) && url.n > 7;
    if (!file && !str_starts(url, STR("postgresql://")) && !str_starts(url, STR("postgres://")))
        return err_fail(err, ERR_INPUT, M_STORE_URL, NULL, A_STR(str_sub(url, 0, (size_t)str_find(url, STR(":")))));
    if (!file && !pg_url_valid(o->url))
        return err_fail(err, ERR_INPUT, M_STORE_PG_URL, NULL);
    struct store *s = xcalloc(1, sizeof *s);
    s->engine = file ? &engine_sqlite : &engine_postgres;
    s->o = *o;
    s->url = xstrndup(url.p, url.n);
    s->path = file ? xstrndup(url.p + 7, url.n - 7) : xstrndup("", 0);
    s->vfs = o->vfs ? xstrndup(o->vfs, strlen(o->vfs)) : NULL;
    s->lock_fd = -1;
    pthread_mutex_init(&s->watch_lock, NULL);
    s->o.key = o->key ? xstrndup(o->key, strlen(o->key)) : NULL;
    s->o.url = NULL;                             /* the caller's memory */
    s->o.vfs = NULL;
    if (!s->o.clock)
        s->o.clock = &clock_real;
    if (!s->o.random)
        s->o.random = &random_real;
    *ret = s;
    return true;
}

void store_forget(struct store *s)
{
    if (!s)
        return;
    s->engine->close(s);
    wipe(s->master, sizeof s->master);
    pthread_mutex_destroy(&s->watch_lock);
    free(s->path);
    free(s->url);
    free(s->vfs);
    free((char *)s->o.key);
    free(s);
}

bool schema_check(struct db *db, struct err *err)
{
    int v;
    if (!db->engine->version(db, &v, err))
        return false;
    if (v > migrations_count)
        return err_fail(err, ERR_CORRUPT, M_STORE_NEWER, NULL, A_INT(v), A_INT(migrations_count));
    if (v < migrations_count)
        return err_fail(err, ERR_CORRUPT, M_STORE_OLDER, NULL, A_INT(v), A_INT(migrations_count));
    return true;
}

bool schema_migrate(struct db *db, struct err *err)
{
    int v;
    if (!db->engine->version(db, &v, err))
        return false;
    for (; v < migrations_count; v++)
        if (!db->engine->migrate(db, v, err))
            return false;
    return schema_check(db, err);
}

bool shared_office(struct store *s, struct db *db, struct err *err)
{
    static const uint8_t zeros[SM3_BYTES];
    instant_t at = clock_now(s->o.clock);
    const struct office_insert_in in = {
        .id = STORE_OFFICE_SHARED, .code = STR("shared"), .name = STR("共用"), .next_id = 2, .created_at = at,
        .journal_hash = str_n((const char *)zeros, sizeof zeros), .job_at = job_sweep_at(STORE_OFFICE_SHARED, at),
    };
    if (db->engine->begin(db, true, err) && q_office_insert(db, &in, NULL, err) && job_sweep_put(db, in.id, in.job_at, err) &&
        data_key_make(db, s, STORE_OFFICE_SHARED, 1, STR("office"), at, err) && db->engine->commit(db, err) == COMMIT_DONE)
        return true;
    db->engine->rollback(db);
    return false;
}

bool store_create(const struct store_options *o, struct err *err)
{
    struct store *s;
    if (!store_name(o, &s, err))
        return false;
    bool ok = s->engine->create(s, err);
    store_forget(s);
    return ok;
}

static bool open_checked(struct store *s, struct err *err)
{
    struct db *db;
    if (!s->engine->connect(s, s->path, s->o.write ? CONNECT_WRITE : CONNECT_READ, &db, err))
        return false;
    bool ok = (s->o.write ? schema_migrate(db, err) : schema_check(db, err)) && master_check(s, db, err);
    s->engine->disconnect(db);
    return ok;
}

bool store_open(const struct store_options *o, struct store **ret, struct err *err)
{
    struct store *s;
    if (!store_name(o, &s, err))
        return false;
    if (!s->engine->open(s, err) || !key_read(s, err) || !open_checked(s, err) || (o->write && !queue_start(s, err))) {
        store_forget(s);
        return false;
    }
    *ret = s;
    return true;
}

void store_close(struct store *s)
{
    if (!s)
        return;
    if (s->queue)
        queue_stop(s->queue);
    store_forget(s);
}

bool store_reader_open(struct store *s, struct db **ret, struct err *err)
{
    if (!s->engine->connect(s, s->path, CONNECT_READ, ret, err))
        return false;
    (*ret)->directory = memo_new(true);
    return true;
}

void store_reader_close(struct db *db)
{
    if (!db)
        return;
    memo_free(db->directory);
    db->engine->disconnect(db);
}

bool store_backup(struct store *s, const char *file, store_progress *progress, void *ctx, struct err *err)
{
    return s->engine->backup(s, file, progress, ctx, err);
}

bool store_restore(const struct store_options *o, const char *file, struct err *err)
{
    struct store *s;
    if (access(file, F_OK) != 0)
        return err_fail(err, ERR_NOT_FOUND, M_STORE_NO_BACKUP, NULL, A_C(file));
    if (!store_name(o, &s, err))
        return false;
    bool ok = s->engine->restore(s, file, err);
    store_forget(s);
    return ok;
}

void store_watch(struct store *s, store_changed *fn, void *ctx)
{
    assert(ctx);                                 /* who ends it says whose */
    pthread_mutex_lock(&s->watch_lock);
    int i = 0;                                   /* its own place, or a free one for somebody new */
    while (i < STORE_WATCHERS && (fn ? s->watch[i].fn != NULL : s->watch[i].ctx != ctx))
        i++;
    assert(!fn || i < STORE_WATCHERS);
    if (i < STORE_WATCHERS) {
        s->watch[i].fn = fn;
        s->watch[i].ctx = fn ? ctx : NULL;
    }
    pthread_mutex_unlock(&s->watch_lock);
}

void watch_tell(struct store *s, int64_t office_id, int64_t seq)
{
    pthread_mutex_lock(&s->watch_lock);
    for (int i = 0; i < STORE_WATCHERS; i++)
        if (s->watch[i].fn)
            s->watch[i].fn(s->watch[i].ctx, office_id, seq);
    pthread_mutex_unlock(&s->watch_lock);
}

const struct clock *store_clock(const struct store *s) { return s->o.clock; }
const struct random *store_random(const struct store *s) { return s->o.random; }
const char *store_path(const struct store *s) { return s->path; }
char *store_key(const struct store *s) { return key_path(s); }
bool store_shared(const struct store *s) { return s->engine->shared; }

enum { SERVER_KEPT_MS = 24 * 3600 * 1000 };

bool store_sweep_servers(struct txn *t, struct err *err)
{
    return q_server_batch_delete(t->db, &(struct server_batch_delete_in){ t->office_id, t->at - SERVER_KEPT_MS }, NULL, err);
}

/* --- offices, numbers ---------------------------------------------------------------------------------------------------- */

void txn_prove(struct txn *t) { t->office->touched = true; }

void txn_bulk(struct txn *t)
{
    if (!t->db->bulk)
        t->db->bulk = bulk_new();
}

int64_t txn_next_id(struct txn *t) { return t->office->next_id++; }

bool series_save(struct db *db, int64_t office_id, struct series *s, struct err *err)
{
    if (s->last == s->stored)
        return true;
    s->stored = s->last;
    return q_series_save(db, &(struct series_save_in){ office_id, str_c(s->kind), s->year, s->last }, NULL, err);
}

/* Its place among those of the batch. A batch that counts in more series than there is room for writes the oldest back early. */
static bool series_of(struct txn *t, struct str kind, int year, struct series **ret, struct err *err)
{
    struct office *o = t->office;
    struct series_load_row row = { 0 };
    bool found;
    for (int i = 0; i < o->n_series; i++)
        if (str_eqc(kind, o->series[i].kind) && o->series[i].year == year) {
            *ret = &o->series[i];
            return true;
        }
    if (!q_series_load(t->db, t->arena, &(struct series_load_in){ t->office_id, kind, year }, &row, &found, err))
        return false;
    if (o->n_series == SERIES_MAX) {
        if (!series_save(t->db, o->id, &o->series[0], err))
            return false;
        memmove(&o->series[0], &o->series[1], (SERIES_MAX - 1) * sizeof o->series[0]);
        o->n_series--;
    }
    struct series *s = *ret = &o->series[o->n_series++];
    *s = (struct series){ .year = year, .last = row.last, .stored = row.last };
    memcpy(s->kind, kind.p, kind.n);
    return true;
}

bool txn_series_next(struct txn *t, struct str kind, int year, int64_t *ret, struct err *err)
{
    struct series *s;
    if (kind.n >= SERIES_KIND_MAX)
        return err_fail(err, ERR_LIMIT, M_STORE_TOO_BIG, NULL);
    if (!series_of(t, kind, year, &s, err))
        return false;
    *ret = ++s->last;
    return true;
}

static bool code_valid(struct str code)
{
    bool ok = code.n >= 1 && code.n <= OFFICE_CODE_MAX;
    for (size_t i = 0; ok && i < code.n; i++) {
        char c = code.p[i];
        ok = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    }
    return ok;
}

static bool office_check(struct txn *t, struct str code, struct str name, struct err *err)
{
    struct office_by_code_row row;
    bool found;
    if (!code_valid(code))
        return err_fail(err, ERR_INPUT, M_STORE_OFFICE_CODE, "code");
    if (!name.n || !utf8_valid(name, NULL) || utf8_count(name) > OFFICE_NAME_MAX / 3 || utf8_has_control(name))
        return err_fail(err, ERR_INPUT, M_STORE_OFFICE_NAME, "name");
    if (!q_office_by_code(t->db, t->arena, &(struct office_by_code_in){ code }, &row, &found, err))
        return false;
    return !found || err_fail(err, ERR_CONFLICT, M_STORE_OFFICE_EXISTS, "code", A_STR(code));
}

static struct str office_json(struct txn *t, struct str code, struct str name)
{
    struct buf b = BUF_INIT;
    json_obj(&b);
    json_put_str(&b, "code", code);
    json_put_str(&b, "name", name);
    json_obj_end(&b);
    struct str s = arena_str(t->arena, buf_view(&b));
    buf_release(&b);
    return s;
}

bool txn_office_create(struct txn *t, struct str code, struct str name, int64_t *ret, struct err *err)
{
    static const uint8_t zeros[SM3_BYTES];
    struct office_last_row last;
    bool found;
    if (t->office_id != STORE_OFFICE_SHARED)
        return err_fail(err, ERR_DENIED, M_STORE_NO_OFFICE, NULL, A_INT(t->office_id));
    if (!office_check(t, code, name, err) || !q_office_last(t->db, t->arena, &last, &found, err))
        return false;
    const struct office_insert_in in = {
        .id = last.id + 1, .code = code, .name = name, .next_id = 2, .created_at = t->at,
        .journal_hash = str_n((const char *)zeros, sizeof zeros), .job_at = job_sweep_at(last.id + 1, t->at),
    };
    const struct journal_line line = {
        .day = DAY_NONE, .entity = STR("office"), .entity_id = in.id, .verb = STR("create"), .after = office_json(t, code, name),
    };
    if (!q_office_insert(t->db, &in, NULL, err) || !job_sweep_put(t->db, in.id, in.job_at, err) ||
        !data_key_make(t->db, t->store, in.id, 1, STR("office"), t->at, err) || !journal_add(t, &line, err))
        return false;
    *ret = in.id;
    return true;
}

struct offices {
    bool (*each)(void *ctx, int64_t office_id, struct err *err);
    void *ctx;
};

static bool offices_row(void *ctx, const struct office_all_row *row, bool *stop, struct err *err)
{
    struct offices *o = ctx;
    return o->each(o->ctx, row->id, err);
}

bool offices_each(struct db *db, bool (*each)(void *ctx, int64_t office_id, struct err *err), void *ctx, struct err *err)
{
    return q_office_all(db, offices_row, &(struct offices){ each, ctx }, err);
}
