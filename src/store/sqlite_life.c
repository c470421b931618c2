/* A database in a file: making it, taking the writer's lock, names on disk. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "messages.h"
#include "store/inside.h"

/* --- files -------------------------------------------------------------------------------------------------------------- */

char *path_with(const char *path, const char *suffix)
{
    struct buf b = BUF_INIT;
    buf_c(&b, path);
    buf_c(&b, suffix);
    return buf_detach(&b, NULL);
}

bool fail_file(struct err *err, const char *file)
{
    switch (errno) {
    case ENOENT: return err_fail(err, ERR_NOT_FOUND, M_STORE_MISSING, NULL, A_C(file));
    case EEXIST: return err_fail(err, ERR_CONFLICT, M_STORE_EXISTS, NULL, A_C(file));
    case EDQUOT:
    case ENOSPC: return err_fail(err, ERR_IO, M_STORE_FULL, NULL, A_C(file));
    case EROFS:
    case EACCES:
    case EPERM: return err_fail(err, ERR_IO, M_STORE_READONLY, NULL, A_C(file));
    default: return err_fail(err, ERR_IO, M_STORE_IO, NULL, A_C(file));
    }
}

/* A name made or moved is on disk only when its folder is. */
bool dir_sync(const char *file, struct err *err)
{
    const char *slash = strrchr(file, '/');
    char *dir = slash ? xstrndup(file, slash == file ? 1 : (size_t)(slash - file)) : xstrndup(".", 1);
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = (fd >= 0 && fsync(fd) == 0) || fail_file(err, dir);
    if (fd >= 0)
        close(fd);
    free(dir);
    return ok;
}

bool lock_writer(const char *path, int *ret, struct err *err)
{
    char *name = path_with(path, ".lock");
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    bool ok = fd >= 0 || fail_file(err, path);
    if (ok && flock(fd, LOCK_EX | LOCK_NB) != 0)
        ok = errno == EWOULDBLOCK ? err_fail(err, ERR_BUSY, M_STORE_LOCKED, NULL, A_C(path)) : fail_file(err, path);
    free(name);
    if (ok)
        *ret = fd;
    else if (fd >= 0)
        close(fd);
    return ok;
}

/* --- making --------------------------------------------------------------------------------------------------------------- */

bool log_empty(struct db *db, const char *file, struct err *err)
{
    return db->engine->tend(db, true, true) || err_fail(err, ERR_IO, M_STORE_IO, NULL, A_C(file));
}

/* Made under another name and moved into place complete, so that a creation cut short leaves no half database. */
static bool create_file(struct store *s, const char *making, struct err *err)
{
    struct db *db;
    unlink(making);
    if (!s->engine->connect(s, making, CONNECT_CREATE, &db, err))
        return false;
    bool ok = schema_migrate(db, err) && key_make(s, err) && shared_office(s, db, err) && log_empty(db, making, err);
    s->engine->disconnect(db);
    if (ok && rename(making, s->path) != 0)
        ok = fail_file(err, s->path);
    if (ok)
        return dir_sync(s->path, err);
    static const char *const PARTS[] = { "", "-wal", "-shm" };
    for (size_t i = 0; i < ARRAY_LEN(PARTS); i++) {
        char *part = path_with(making, PARTS[i]);
        unlink(part);
        free(part);
    }
    return false;
}

bool folder_there(const char *file, struct err *err)
{
    const char *slash = strrchr(file, '/');
    char *dir = slash ? xstrndup(file, slash == file ? 1 : (size_t)(slash - file)) : xstrndup(".", 1);
    bool ok = access(dir, F_OK) == 0 || errno != ENOENT || err_fail(err, ERR_NOT_FOUND, M_STORE_NO_FOLDER, NULL, A_C(dir));
    free(dir);
    return ok;
}

bool sqlite_create(struct store *s, struct err *err)
{
    if (!folder_there(s->path, err) || !lock_writer(s->path, &s->lock_fd, err))
        return false;
    if (access(s->path, F_OK) == 0)
        return err_fail(err, ERR_CONFLICT, M_STORE_EXISTS, NULL, A_C(s->path));
    char *making = path_with(s->path, ".making");
    bool ok = create_file(s, making, err);
    free(making);
    return ok;
}

bool sqlite_open(struct store *s, struct err *err)
{
    return (access(s->path, F_OK) == 0 || fail_file(err, s->path)) && (!(s->o.write || s->o.hold) || lock_writer(s->path, &s->lock_fd, err));
}

void sqlite_close(struct store *s)
{
    if (s->lock_fd >= 0)
        close(s->lock_fd);
    s->lock_fd = -1;
}
