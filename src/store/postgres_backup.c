/* Saving a PostgreSQL database and putting it back. A backup is a SQLite file of the ordinary schema, the same on both engines: it can be verified and
 * served as it lies there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "messages.h"
#include "store/postgres.h"
#include "store/transfer.h"

/* A store that is only a name: what SQLite needs to open a file. It shares the master key. */
static bool name_file(struct store *s, const char *file, struct store **ret, struct err *err)
{
    struct buf url = BUF_INIT;
    buf_printf(&url, "sqlite:%s", file);
    bool ok = store_name(&(struct store_options){ .url = buf_view(&url).p, .clock = s->o.clock, .random = s->o.random }, ret, err);
    buf_release(&url);
    if (ok)
        memcpy((*ret)->master, s->master, sizeof s->master);
    return ok;
}

static void unlink_all(const char *file)
{
    static const char *const PART[] = { "", "-wal", "-shm" };
    for (size_t i = 0; i < ARRAY_LEN(PART); i++) {
        char *name = path_with(file, PART[i]);
        unlink(name);
        free(name);
    }
}

/* --- saving -------------------------------------------------------------------------------------------------------------- */

static bool pragma(struct db *db, struct str sql, struct err *err) { return db->engine->exec_text(db, sql, "", NULL, NULL, err); }

/* Nobody's file until it is complete: no journal, and one sync at the end. */
static bool fill(struct db *from, struct db *to, store_progress *progress, void *ctx, struct err *err)
{
    if (!schema_migrate(to, err) || !pragma(to, STR("PRAGMA journal_mode=OFF"), err) || !pragma(to, STR("PRAGMA synchronous=OFF"), err) ||
        !to->engine->begin(to, true, err))
        return false;
    bool ok = transfer_all(from, to, progress, ctx, err) && to->engine->commit(to, err) == COMMIT_DONE;
    if (!ok)
        to->engine->rollback(to);
    return ok && pragma(to, STR("PRAGMA journal_mode=DELETE"), err);
}

static bool copy_all(struct store *s, const char *making, store_progress *progress, void *ctx, struct err *err)
{
    struct store *file;
    struct db *from, *to;
    if (!name_file(s, making, &file, err))
        return false;
    unlink_all(making);
    bool ok = file->engine->connect(file, making, CONNECT_CREATE, &to, err);
    if (ok) {
        ok = store_reader_open(s, &from, err);
        if (ok) {
            ok = db_snapshot_begin(from, err) && fill(from, to, progress, ctx, err);
            db_snapshot_end(from);
            store_reader_close(from);
        }
        to->engine->disconnect(to);
    }
    store_forget(file);
    return ok && file_sync(making, err);
}

bool pg_backup(struct store *s, const char *file, store_progress *progress, void *ctx, struct err *err)
{
    if (access(file, F_OK) == 0)
        return err_fail(err, ERR_CONFLICT, M_STORE_EXISTS, NULL, A_C(file));
    char *making = path_with(file, ".making");
    bool ok = copy_all(s, making, progress, ctx, err) && file_name_new(making, file, err);
    if (!ok)
        unlink_all(making);
    free(making);
    return ok;
}

/* --- putting back ------------------------------------------------------------------------------------------------------------- */

static bool see_office(void *ctx, int64_t office_id, struct err *err)
{
    return office_id == STORE_OFFICE_SHARED || err_fail(err, ERR_CONFLICT, M_STORE_PG_OFFICES, NULL, A_C(ctx));
}

/* Everything in one transaction; the schema, when there was none, stays behind if that fails. */
static bool put_back(struct store *s, struct db *from, struct db *to, struct err *err)
{
    if (!schema_migrate(to, err) || !to->engine->begin(to, true, err))
        return false;
    bool ok = offices_each(to, see_office, s->path, err) && transfer_clear(to, STORE_OFFICE_SHARED, err) && transfer_all(from, to, NULL, NULL, err) &&
              to->engine->commit(to, err) == COMMIT_DONE;
    if (!ok)
        to->engine->rollback(to);
    return ok;
}

static bool put_back_file(struct store *s, struct store *file, struct err *err)
{
    struct db *from, *to;
    if (!file->engine->connect(file, file->path, CONNECT_READ, &from, err))
        return false;
    bool ok = s->engine->connect(s, s->path, CONNECT_WRITE, &to, err);
    if (ok) {
        ok = db_snapshot_begin(from, err) && put_back(s, from, to, err);
        db_snapshot_end(from);
        to->engine->disconnect(to);
    }
    from->engine->disconnect(from);
    return ok;
}

/* The backup is checked, and brought up to date, in a copy in the current folder. */
bool pg_restore(struct store *s, const char *file, struct err *err)
{
    struct store *copy;
    if (!pg_life_begin(s, err) || !pg_lock_alone(s, err) || !key_read(s, err))
        return false;
    char *making = path_with(s->path, ".restoring");
    bool ok = name_file(s, making, &copy, err);
    if (ok) {
        ok = sqlite_copy_checked(copy, file, making, err) && put_back_file(s, copy, err);
        store_forget(copy);
        unlink_all(making);
    }
    free(making);
    return ok;
}
