/* One batch: up to 64 writes in one transaction and one commit. Inside store/; queue.c decides which writes are a batch, batch.c what becomes of them.
 * A struct batch and its connection belong to one writer thread.
 */
#ifndef WHS_STORE_BATCH_H
#define WHS_STORE_BATCH_H

#include "store/inside.h"

struct batch_counts { _Atomic int64_t writes, refused, batches, commits, syncs, reruns, sync_us; };

struct batch {
    struct store *store;
    struct batch_counts *counts;                 /* of all writers */
    struct db *db;
    struct memo *memo, *directory;
    struct arena arena;                          /* results in it live until the last done() */
    struct office office[STORE_BATCH_MAX];       /* the rows of the offices that are written */
    int n_offices;
    bool lost;                                   /* the connection is gone: make one before the next batch */
    bool stuck;                                  /* another holds the office longer than anybody waits */
};

/* Runs, commits and answers n writes: each done() is called before it returns. On a shared engine all are of one office. */
void batch_run(struct batch *b, struct write **w, int n);

#endif
