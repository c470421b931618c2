/* Saving and putting back. Both make a complete file under another name first and move it into place when it is on disk. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "messages.h"
#include "store/inside.h"

bool file_sync(const char *file, struct err *err)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    bool ok = (fd >= 0 && fsync(fd) == 0) || fail_file(err, file);
    if (fd >= 0)
        close(fd);
    return ok;
}

/* A name that is not there yet, made with mode 0600. */
static bool file_reserve(const char *file, struct err *err)
{
    unlink(file);
    int fd = open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail_file(err, file);
    close(fd);
    return true;
}

static bool copy_synced(struct db *from, const char *file, store_progress *progress, void *ctx, struct err *err)
{
    if (file_reserve(file, err) && sqlite_copy(from, file, progress, ctx, err) && file_sync(file, err))
        return true;
    unlink(file);
    return false;
}

/* link(), not rename(): a file that came there meanwhile is not overwritten. */
bool file_name_new(const char *from, const char *to, struct err *err)
{
    bool ok = link(from, to) == 0;
    if (!ok && (errno == EPERM || errno == EOPNOTSUPP))        /* a stick with FAT has no links */
        return rename(from, to) == 0 ? dir_sync(to, err) : fail_file(err, to);
    ok = ok || fail_file(err, to);
    unlink(from);
    return ok && dir_sync(to, err);
}

bool sqlite_backup(struct store *s, const char *file, store_progress *progress, void *ctx, struct err *err)
{
    struct db *db;
    if (access(file, F_OK) == 0)
        return err_fail(err, ERR_CONFLICT, M_STORE_EXISTS, NULL, A_C(file));
    if (!store_reader_open(s, &db, err))
        return false;
    char *making = path_with(file, ".making");
    bool ok = copy_synced(db, making, progress, ctx, err) && file_name_new(making, file, err);
    free(making);
    store_reader_close(db);
    return ok;
}

/* --- putting back ------------------------------------------------------------------------------------------------------------- */

struct check {
    struct store *store;
    struct db *db;
};

static bool check_office(void *ctx, int64_t office_id, struct err *err)
{
    const struct check *c = ctx;
    return journal_verify(c->db, office_id, NULL, NULL, NULL, err);
}

static void unlink_beside(const char *file, const char *suffix)
{
    char *name = path_with(file, suffix);
    unlink(name);
    free(name);
}

/* Sound pages, a schema this program knows (an older one is brought up to date), our master key, every office's chain. */
static bool check_file(struct store *s, const char *file, struct err *err)
{
    struct check c = { .store = s };
    if (!s->engine->connect(s, file, CONNECT_WRITE, &c.db, err))
        return false;
    bool ok = sqlite_check(c.db, NULL, NULL, err) && schema_migrate(c.db, err) && master_check(s, c.db, err) &&
              db_snapshot_begin(c.db, err) && offices_each(c.db, check_office, &c, err);
    db_snapshot_end(c.db);
    ok = ok && log_empty(c.db, file, err);
    c.db->engine->disconnect(c.db);
    return ok && file_sync(file, err);
}

bool sqlite_copy_checked(struct store *s, const char *file, const char *making, struct err *err)
{
    struct db *db;
    struct err why;
    if (!s->engine->connect(s, file, CONNECT_READ, &db, &why)) {
        *err = why;
        return why.kind == ERR_CORRUPT ? err_fail(err, ERR_CORRUPT, M_STORE_NOT_BACKUP, NULL, A_C(file)) : false;
    }
    bool ok = copy_synced(db, making, NULL, NULL, err);
    s->engine->disconnect(db);
    ok = ok && check_file(s, making, err);
    unlink_beside(making, "-wal");
    unlink_beside(making, "-shm");
    return ok;
}

/* The log of the old file must not lie beside the new one, which would take it for its own. So it is first worked into the
 * old file; when that cannot be done the old file is damaged, and the log is kept beside it under its own name. */
/* What an earlier restore set aside is not overwritten: it gets the next free number behind its name, its log with it. */
static bool older_numbered(const char *kept, struct err *err)
{
    if (access(kept, F_OK) != 0)
        return true;
    char number[16];
    for (int n = 2;; n++) {
        snprintf(number, sizeof number, ".%d", n);
        char *to = path_with(kept, number);
        bool is_free = access(to, F_OK) != 0, ok = is_free && rename(kept, to) == 0;
        if (ok) {
            char *wal = path_with(kept, "-wal"), *to_wal = path_with(to, "-wal");
            rename(wal, to_wal);                 /* there is none but of a damaged file */
            free(wal);
            free(to_wal);
        }
        free(to);
        if (is_free)
            return ok || fail_file(err, kept);
    }
}

static bool old_set_aside(struct store *s, const char *kept, struct err *err)
{
    struct db *db;
    if (access(s->path, F_OK) != 0)
        return true;
    if (s->engine->connect(s, s->path, CONNECT_WRITE, &db, NULL)) {
        db->engine->tend(db, true, true);
        s->engine->disconnect(db);
    }
    if (!older_numbered(kept, err))
        return false;
    if (link(s->path, kept) != 0)
        return fail_file(err, kept);
    char *wal = path_with(s->path, "-wal"), *kept_wal = path_with(kept, "-wal");
    rename(wal, kept_wal);
    free(wal);
    free(kept_wal);
    unlink_beside(s->path, "-shm");
    return dir_sync(kept, err);
}

static bool restore(struct store *s, const char *file, struct err *err)
{
    char *making = path_with(s->path, ".restoring"), *kept = path_with(s->path, ".before-restore");
    bool ok = sqlite_copy_checked(s, file, making, err) && old_set_aside(s, kept, err);
    if (ok && rename(making, s->path) != 0)
        ok = fail_file(err, s->path);
    ok = ok && dir_sync(s->path, err);
    if (!ok)
        unlink(making);
    free(making);
    free(kept);
    return ok;
}

bool sqlite_restore(struct store *s, const char *file, struct err *err)
{
    return lock_writer(s->path, &s->lock_fd, err) && key_read(s, err) && restore(s, file, err);
}
