/* Where a move arrives. A new SQLite database is made as PATH.moving and gets its name when all is in it: a move cut short leaves no half ledger, and the
 * next one begins anew. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "messages.h"
#include "store/inside.h"
#include "store/transfer.h"

static void unlink_with(const char *file, const char *suffix)
{
    char *name = path_with(file, suffix);
    unlink(name);
    free(name);
}

static void unlink_all(const char *file)
{
    static const char *const PART[] = { "", "-wal", "-shm", ".making", ".making-wal", ".making-shm" };
    for (size_t i = 0; i < ARRAY_LEN(PART); i++)
        unlink_with(file, PART[i]);
}

static bool create_and_open(const struct store_options *o, struct target *t, struct err *err)
{
    t->made = true;
    return store_create(o, err) && store_open(o, &t->s, err);
}

/* The lock of PATH keeps others from making it meanwhile; the key's file gets its name at once, for the data keys are wrapped by what it holds. */
static bool open_aside(const struct store_options *o, struct store *named, struct target *t, struct err *err)
{
    struct store_options aside = *o;
    struct buf url = BUF_INIT;
    t->path = path_with(named->path, "");
    t->making = path_with(named->path, ".moving");
    buf_printf(&url, "sqlite:%s", t->making);
    aside.url = buf_view(&url).p;
    aside.key = t->key = key_path(named);
    t->new_key = access(t->key, F_OK) != 0;
    bool ok = folder_there(t->path, err) && lock_writer(t->path, &t->lock_fd, err);
    if (ok)
        unlink_all(t->making);
    ok = ok && create_and_open(&aside, t, err);
    buf_release(&url);
    return ok;
}

bool target_look(const struct store_options *o, struct store **ret, struct err *err)
{
    struct store *named;
    struct err why;
    *ret = NULL;
    if (!store_name(o, &named, err))
        return false;
    bool ok, file = named->engine == &engine_sqlite;
    if (file && access(named->path, F_OK) != 0)
        ok = folder_there(named->path, err);
    else if (!(ok = store_open(o, ret, &why)))
        ok = (!file && why.msg == M_STORE_PG_EMPTY) || (*err = why, false);
    store_forget(named);
    return ok;
}

bool target_open(const struct store_options *o, struct target *ret, struct err *err)
{
    struct store *named;
    struct err why;
    *ret = (struct target){ .lock_fd = -1 };
    if (!store_name(o, &named, err))
        return false;
    bool ok, file = named->engine == &engine_sqlite, there = !file || access(named->path, F_OK) == 0;
    if (!there)
        ok = open_aside(o, named, ret, err);
    else if (!(ok = store_open(o, &ret->s, &why)))
        ok = why.msg == M_STORE_PG_EMPTY ? create_and_open(o, ret, err) : (*err = why, false);
    store_forget(named);
    return ok || target_close(ret, false, NULL);
}

char *target_key(const struct target *t) { return key_path(t->s); }

static bool into_place(struct target *t, struct err *err)
{
    struct store *s;
    struct db *db;
    struct buf url = BUF_INIT;
    buf_printf(&url, "sqlite:%s", t->making);
    bool ok = store_name(&(struct store_options){ .url = buf_view(&url).p }, &s, err);
    buf_release(&url);
    if (!ok)
        return false;
    ok = s->engine->connect(s, t->making, CONNECT_WRITE, &db, err);
    if (ok) {
        ok = log_empty(db, t->making, err);
        s->engine->disconnect(db);
    }
    store_forget(s);
    if (ok && rename(t->making, t->path) != 0)
        ok = fail_file(err, t->path);
    return ok && dir_sync(t->path, err);
}

bool target_close(struct target *t, bool keep, struct err *err)
{
    store_close(t->s);
    bool ok = keep;
    if (t->making && t->lock_fd >= 0) {          /* else somebody else is making it */
        ok = keep && into_place(t, err);
        if (!ok && t->new_key)
            unlink(t->key);
        unlink_all(t->making);
        unlink_with(t->making, ".lock");
    }
    if (t->lock_fd >= 0)
        close(t->lock_fd);
    free(t->key);
    free(t->path);
    free(t->making);
    *t = (struct target){ .lock_fd = -1 };
    return ok;
}
