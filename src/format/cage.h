/* The cage: foreign files are read by a child that has neither files nor network, and nothing but what it was given.
 *
 * The child is this same program executed anew (/proc/self/exe under the name whs-cage; a constructor in cage.c takes it before main()). It has standard input, a
 * sealed copy of the one file in memory, and standard output, a pipe; all else is closed. Limits on memory, processor time and open files, no core, landlock as
 * far as the kernel knows it, and a seccomp list of what a reader of bytes needs (anything else kills it). Without seccomp the child ends before it
 * looks at the file: nothing is ever read uncaged. Then it sends frames, and what they say is foreign text to the parent: lengths, order, UTF-8 and numbers are
 * checked by who asked.
 *
 * Threads: cage_start() may be called from any thread but the loop's and the writer's (it waits for the child); a cage belongs to one thread at a time.
 */
#ifndef WHS_FORMAT_CAGE_H
#define WHS_FORMAT_CAGE_H

#include "base/err.h"

enum {
    CAGES_MAX = 4,                               /* children at once, in this process: more is ERR_BUSY */
    CAGE_INPUT_MAX = 64 * 1024 * 1024,
    CAGE_FRAME_MAX = 2 * 1024 * 1024,
    CAGE_MEMORY = 384 * 1024 * 1024,             /* address space */
    CAGE_CPU_S = 20,
    CAGE_WAIT_MS = 30 * 1000,                    /* for the child, all waits together: who asks may take its time */
};
#define CAGE_OUTPUT_MAX ((int64_t)1 << 30)       /* bytes of all frames */

/* --- who asks ------------------------------------------------------------------------------------------------------------------- */

struct cage;
struct cage_powers { int landlock; bool seccomp; };                  /* landlock: the kernel's version of it, 0 none */

/* job: name of a cage_job. arg: what it is told besides. The bytes are copied. ERR_BUSY, ERR_LIMIT, ERR_IO. */
bool cage_start(const char *job, struct str arg, struct str bytes, struct cage **ret, struct err *err);
/* The next frame, valid until the next call; *end when the child ended as it should. Else one sentence: what happened to it. */
bool cage_next(struct cage *c, int *kind, struct str *payload, bool *end, struct err *err);
struct cage_powers cage_powers(const struct cage *c);
void cage_stop(struct cage *c);                  /* kills the child if need be, and waits for its end; NULL is allowed */
/* Starts a child that does nothing: what a cage can do on this machine. */
bool cage_check(struct cage_powers *ret, struct err *err);

/* --- inside --------------------------------------------------------------------------------------------------------------------- */

struct cage_in {
    struct str arg;
    uint64_t size;                               /* of the file */
    /* the frame under way */
    struct buf frame;
};

/* Kinds of frames below CAGE_JOB are the cage's own. */
enum { CAGE_HELLO = 1, CAGE_END = 2, CAGE_JOB = 16 };

struct cage_job {
    const char *name;
    void (*prepare)(void);                       /* before the doors close: what libraries want to open once; may be NULL */
    void (*run)(struct cage_in *in);             /* returns when all was sent; the process then ends */
    int cpu_s;                                   /* 0: CAGE_CPU_S */
    bool as_without_landlock;                    /* for a test: as on a kernel that has none */
};

/* Up to n bytes from offset at; what was read. */
size_t cage_read(struct cage_in *in, uint64_t at, void *p, size_t n);
/* frame holds the payload (at most CAGE_FRAME_MAX): sends it and empties it. */
void cage_send(struct cage_in *in, int kind);
/* Sends what is left and ends the process as done. */
_Noreturn void cage_done(struct cage_in *in);

extern const struct cage_job xlsx_cage_job, xlsx_cage_glance;
/* A test's own jobs, ended by a name of NULL. */
extern const struct cage_job cage_test_jobs[] __attribute__((weak));

#endif
