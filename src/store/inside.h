/* What the files of the store share and nobody else sees. */
#ifndef WHS_STORE_INSIDE_H
#define WHS_STORE_INSIDE_H

#include <pthread.h>

#include "store/engine.h"
#include "store/journal.h"

enum { KEY_BYTES = 32, OFFICE_CODE_MAX = 20, OFFICE_NAME_MAX = 300 };

enum { SERIES_KIND_MAX = 24, SERIES_MAX = 6 };

struct series {                                  /* a series of numbers from which the batch takes */
    char kind[SERIES_KIND_MAX];
    int year;
    int64_t last, stored;
};

/* The office row while a batch runs, and its series: read once at first touch, written back once before the commit. What fn changes here is
 * undone by copying, so a refusal costs nothing. */
struct office {
    int64_t id, next_id;
    struct journal_head head;
    int64_t batches;                             /* batches ever committed for this office: tells whether a COMMIT happened */
    int64_t chain_id;                            /* the number the journal is hashed under; 0: id */
    int64_t directory_version;                   /* raised by each batch that changes what memo.h calls the directory */
    instant_t job_at;                            /* the next background work; INSTANT_NONE: none waits */
    struct series series[SERIES_MAX];
    int n_series;
    bool touched;                                /* by a write that was not refused */
};

struct queue;

struct store {
    const struct engine *engine;
    struct store_options o;
    char *url;
    char *path;                                  /* SQLite: the file; PostgreSQL: the database's name. In messages, and before ".key" */
    char *vfs;
    int lock_fd;                                 /* SQLite: PATH.lock, -1 for readers */
    struct pg_life *pg;                          /* PostgreSQL: the store's own connection */
    uint64_t server;                             /* PostgreSQL: this opening of the store, among all servers */
    uint8_t master[KEY_BYTES];
    struct queue *queue;                         /* NULL without o.write */
    pthread_mutex_t watch_lock;                  /* of the next */
    struct { store_changed *fn; void *ctx; } watch[STORE_WATCHERS];
    _Atomic bool erase;                          /* a key was destroyed in this batch */
};

/* store.c */
bool store_name(const struct store_options *o, struct store **ret, struct err *err);   /* a store without key, lock or connection */
void store_forget(struct store *s);
char *key_path(const struct store *s);                          /* the caller frees */
bool key_read(struct store *s, struct err *err);
bool key_make(struct store *s, struct err *err);                /* one that is there is used */
bool shared_office(struct store *s, struct db *db, struct err *err);
bool schema_check(struct db *db, struct err *err);              /* the one this program knows, neither older nor newer */
bool schema_migrate(struct db *db, struct err *err);
bool offices_each(struct db *db, bool (*each)(void *ctx, int64_t office_id, struct err *err), void *ctx, struct err *err);

/* sqlite_life.c, sqlite_backup.c */
char *path_with(const char *path, const char *suffix);         /* the caller frees */
bool lock_writer(const char *path, int *fd, struct err *err);
bool log_empty(struct db *db, const char *file, struct err *err);  /* works the log into the file, which may then move alone */
bool folder_there(const char *file, struct err *err);
bool dir_sync(const char *file, struct err *err);
bool fail_file(struct err *err, const char *file);             /* from errno */
bool sqlite_create(struct store *s, struct err *err);
bool sqlite_open(struct store *s, struct err *err);
void sqlite_close(struct store *s);
bool sqlite_backup(struct store *s, const char *file, store_progress *progress, void *ctx, struct err *err);
bool sqlite_restore(struct store *s, const char *file, struct err *err);
bool sqlite_check(struct db *db, store_progress *progress, void *ctx, struct err *err);
bool file_sync(const char *file, struct err *err);
bool file_name_new(const char *from, const char *to, struct err *err);         /* like rename(), but never over another file */
/* A backup into a new file: sound pages, schema of today, the store's master key, every office's chain. */
bool sqlite_copy_checked(struct store *s, const char *file, const char *making, struct err *err);
/* One snapshot of the connection's database into a new file, durable on return. */
bool sqlite_copy(struct db *db, const char *file, store_progress *progress, void *ctx, struct err *err);

/* batch.c */
bool series_save(struct db *db, int64_t office_id, struct series *s, struct err *err);

/* queue.c */
bool queue_start(struct store *s, struct err *err);
void queue_stop(struct queue *q);
void watch_tell(struct store *s, int64_t office_id, int64_t seq);

/* postgres_life.c */
bool pg_url_valid(const char *url);

/* seal.c */
bool data_key_make(struct db *db, struct store *s, int64_t office_id, int64_t id, struct str scope, instant_t at, struct err *err);
/* A wrapped data key of one database, wrapped for an office of another: each database has its own master key. Added to ret. */
bool data_key_rewrap(struct db *from, int64_t from_office, struct db *to, int64_t to_office, int64_t id, struct str wrapped, struct buf *ret, struct err *err);
bool master_check(struct store *s, struct db *db, struct err *err);

#endif
