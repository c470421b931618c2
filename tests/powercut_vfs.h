/* A SQLite file layer for tests that can cut the power, fail a write or count syncs. Included by the test itself.
 *
 * Writes go through to the real file at once, so that all connections see them; beside it every sector (512 bytes) written
 * since the last sync keeps its old contents. cut_power(): from then on every operation fails; after all connections are closed
 * cut_settle() gives each unsynced sector, by chance, one of the contents it had since the last sync, and the length too. What the
 * kernel may do with unsynced pages is thereby covered, torn pages included; that a device destroys a synced neighbour is not.
 */
#ifndef WHS_TESTS_POWERCUT_VFS_H
#define WHS_TESTS_POWERCUT_VFS_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CUT_SECTOR = 512, CUT_FILES = 8 };

struct cut_version {
    struct cut_version *older;
    sqlite3_int64 sector;
    unsigned char bytes[CUT_SECTOR];
};

struct cut_disk_file {
    char name[400];
    sqlite3_int64 synced_size;
    struct cut_version *undo;                    /* newest first; the oldest of a sector is the synced one */
};

static struct {
    pthread_mutex_t lock;
    struct cut_disk_file file[CUT_FILES];
    int n;
    long ops, syncs;
    long cut_at;                                 /* power fails at this operation (write, truncate or sync); 0 never */
    long fail_at, fail_n;                        /* operations fail_at … fail_at + fail_n - 1 return fail_rc */
    int fail_rc;
    int dead;
} cut = { .lock = PTHREAD_MUTEX_INITIALIZER };

struct cut_file {
    sqlite3_file base;
    struct cut_disk_file *disk;                  /* NULL: not watched */
    sqlite3_file *real;                          /* behind this struct */
};

static sqlite3_vfs *cut_under;
static sqlite3_file *cut_real(sqlite3_file *f) { return ((struct cut_file *)f)->real; }

static int cut_tick(void)                        /* locked; SQLITE_OK when the operation may go on */
{
    if (cut.dead)
        return SQLITE_IOERR;
    cut.ops++;
    if (cut.cut_at && cut.ops >= cut.cut_at) {
        cut.dead = 1;
        return SQLITE_IOERR;
    }
    return cut.fail_at && cut.ops >= cut.fail_at && cut.ops < cut.fail_at + cut.fail_n ? cut.fail_rc : SQLITE_OK;
}

static void cut_remember(struct cut_file *f, sqlite3_int64 from, sqlite3_int64 to)
{
    for (sqlite3_int64 s = from / CUT_SECTOR; s * CUT_SECTOR < to; s++) {
        struct cut_version *v = calloc(1, sizeof *v);
        sqlite3_int64 size = 0;
        f->real->pMethods->xFileSize(f->real, &size);
        if (s * CUT_SECTOR < size)
            f->real->pMethods->xRead(f->real, v->bytes, CUT_SECTOR, s * CUT_SECTOR);       /* a short read fills with zeros */
        v->sector = s;
        v->older = f->disk->undo;
        f->disk->undo = v;
    }
}

static void cut_forget(struct cut_disk_file *d)
{
    while (d->undo) {
        struct cut_version *v = d->undo;
        d->undo = v->older;
        free(v);
    }
}

static int cut_write(sqlite3_file *file, const void *p, int n, sqlite3_int64 at)
{
    struct cut_file *f = (struct cut_file *)file;
    pthread_mutex_lock(&cut.lock);
    int rc = cut_tick();
    if (f->disk && (rc == SQLITE_OK || cut.dead))
        cut_remember(f, at, at + n);
    if (rc == SQLITE_OK)
        rc = f->real->pMethods->xWrite(f->real, p, n, at);
    else if (cut.dead && cut.ops == cut.cut_at)
        f->real->pMethods->xWrite(f->real, p, n / 2, at);      /* the one under way, torn */
    pthread_mutex_unlock(&cut.lock);
    return rc;
}

static int cut_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct cut_file *f = (struct cut_file *)file;
    pthread_mutex_lock(&cut.lock);
    int rc = cut_tick();
    sqlite3_int64 old = 0;
    if (rc == SQLITE_OK && f->disk && f->real->pMethods->xFileSize(f->real, &old) == SQLITE_OK && old > size)
        cut_remember(f, size, old);
    if (rc == SQLITE_OK)
        rc = f->real->pMethods->xTruncate(f->real, size);
    pthread_mutex_unlock(&cut.lock);
    return rc;
}

static int cut_sync(sqlite3_file *file, int flags)
{
    struct cut_file *f = (struct cut_file *)file;
    pthread_mutex_lock(&cut.lock);
    int rc = cut_tick();
    cut.syncs++;
    if (rc == SQLITE_OK && f->disk) {            /* the real sync is left out: the disk is this file */
        cut_forget(f->disk);
        f->real->pMethods->xFileSize(f->real, &f->disk->synced_size);
    }
    pthread_mutex_unlock(&cut.lock);
    return rc;
}

static int cut_close(sqlite3_file *f) { return cut_real(f)->pMethods->xClose(cut_real(f)); }
static int cut_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
    return cut.dead ? SQLITE_IOERR : cut_real(f)->pMethods->xRead(cut_real(f), p, n, at);
}
static int cut_size(sqlite3_file *f, sqlite3_int64 *n) { return cut_real(f)->pMethods->xFileSize(cut_real(f), n); }
static int cut_lock(sqlite3_file *f, int l) { return cut_real(f)->pMethods->xLock(cut_real(f), l); }
static int cut_unlock(sqlite3_file *f, int l) { return cut_real(f)->pMethods->xUnlock(cut_real(f), l); }
static int cut_reserved(sqlite3_file *f, int *r) { return cut_real(f)->pMethods->xCheckReservedLock(cut_real(f), r); }
static int cut_control(sqlite3_file *f, int op, void *p)
{
    /* a size hint may lengthen the file behind the layer's back */
    return op == SQLITE_FCNTL_SIZE_HINT ? SQLITE_OK : cut_real(f)->pMethods->xFileControl(cut_real(f), op, p);
}
static int cut_sector(sqlite3_file *f) { return cut_real(f)->pMethods->xSectorSize(cut_real(f)); }
static int cut_traits(sqlite3_file *f) { return cut_real(f)->pMethods->xDeviceCharacteristics(cut_real(f)); }
static int cut_shm_map(sqlite3_file *f, int i, int n, int x, void volatile **p)
{
    return cut_real(f)->pMethods->xShmMap(cut_real(f), i, n, x, p);
}
static int cut_shm_lock(sqlite3_file *f, int o, int n, int flags) { return cut_real(f)->pMethods->xShmLock(cut_real(f), o, n, flags); }
static void cut_shm_barrier(sqlite3_file *f) { cut_real(f)->pMethods->xShmBarrier(cut_real(f)); }
static int cut_shm_unmap(sqlite3_file *f, int del) { return cut_real(f)->pMethods->xShmUnmap(cut_real(f), del); }

static const sqlite3_io_methods cut_methods = {
    2, cut_close, cut_read, cut_write, cut_truncate, cut_sync, cut_size, cut_lock, cut_unlock, cut_reserved, cut_control, cut_sector,
    cut_traits, cut_shm_map, cut_shm_lock, cut_shm_barrier, cut_shm_unmap, NULL, NULL,
};

static struct cut_disk_file *cut_disk(const char *name, sqlite3_file *real)
{
    for (int i = 0; i < cut.n; i++)
        if (strcmp(cut.file[i].name, name) == 0)
            return &cut.file[i];
    if (cut.n == CUT_FILES)
        abort();
    struct cut_disk_file *d = &cut.file[cut.n++];
    snprintf(d->name, sizeof d->name, "%s", name);
    real->pMethods->xFileSize(real, &d->synced_size);
    return d;
}

static int cut_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
    struct cut_file *f = (struct cut_file *)file;
    f->base.pMethods = NULL;
    f->disk = NULL;
    f->real = (sqlite3_file *)(f + 1);
    if (cut.dead)
        return SQLITE_CANTOPEN;
    int rc = cut_under->xOpen(cut_under, name, f->real, flags, out);
    if (rc != SQLITE_OK)
        return rc;
    f->base.pMethods = &cut_methods;
    if (name && flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) {
        pthread_mutex_lock(&cut.lock);
        f->disk = cut_disk(name, f->real);
        pthread_mutex_unlock(&cut.lock);
    }
    return SQLITE_OK;
}

__attribute__((unused)) static const char *cut_vfs(void)
{
    static sqlite3_vfs vfs;
    if (!cut_under) {
        cut_under = sqlite3_vfs_find(NULL);
        vfs = *cut_under;
        vfs.zName = "powercut";
        vfs.szOsFile = (int)sizeof(struct cut_file) + cut_under->szOsFile;
        vfs.xOpen = cut_open;
        sqlite3_vfs_register(&vfs, 0);
    }
    return vfs.zName;
}

__attribute__((unused)) static void cut_reset(void)
{
    for (int i = 0; i < cut.n; i++)
        cut_forget(&cut.file[i]);
    cut.n = 0;
    cut.ops = cut.syncs = cut.cut_at = cut.fail_at = cut.fail_n = 0;
    cut.dead = 0;
}

/* After everything is closed: makes the files what a disk could hold after the cut. */
__attribute__((unused)) static void cut_settle(unsigned (*chance)(unsigned n))
{
    for (int i = 0; i < cut.n; i++) {
        struct cut_disk_file *d = &cut.file[i];
        FILE *f = fopen(d->name, "r+b");
        if (!f)
            continue;
        fseek(f, 0, SEEK_END);
        long size = ftell(f);
        /* from newest to oldest: each step back in a sector's history is taken while chance says so */
        unsigned mood = chance(4);               /* all kept, all dropped, or by sector */
        long keep = mood == 1 ? d->synced_size : size;
        for (struct cut_version *v = d->undo; v; v = v->older) {
            int stopped = 0;
            for (struct cut_version *n = d->undo; n != v; n = n->older)
                stopped |= n->sector == -1 - v->sector;
            if (stopped || mood == 0 || (mood > 1 && chance(2))) {
                if (!stopped)
                    v->sector = -1 - v->sector;  /* this sector's history stops here */
                continue;
            }
            fseek(f, (long)v->sector * CUT_SECTOR, SEEK_SET);
            fwrite(v->bytes, 1, CUT_SECTOR, f);
        }
        fclose(f);
        if (mood > 1 && chance(2))
            keep = d->synced_size;
        if (keep < size && truncate(d->name, keep) != 0)
            abort();
    }
    cut_reset();
}

#endif
