/* A pool of threads with one queue. Each thread has a context of its own (a database connection) for all its life.
 *
 * Jobs are requests. `resume` jobs go first: finishing what was begun frees memory and answers someone who waited longer.
 * The queue has no limit of its own: every job belongs to one connection, and those are limited.
 */
#ifndef WHS_WEB_WORKERS_H
#define WHS_WEB_WORKERS_H

#include "web/http.h"

struct request;
struct workers;

/* Returns when every thread has its context; refuses with the first thread's reason when one could not get it. */
bool workers_start(const struct http_options *o, struct workers **ret, struct err *err);
void workers_push(struct workers *w, struct request *r);       /* r->resume decides what runs */
/* Waits until all have ended their job, at most ms; jobs still queued are not begun. False: some still run, nothing is freed. */
bool workers_stop(struct workers *w, int ms);

#endif
