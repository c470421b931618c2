/* Arena: memory that lives as long as one request, one loop or one parse, and goes all at once.
 *
 * Invariant: what an arena gave stays valid and in place until arena_clear() or arena_release(). An arena belongs to one
 * thread at a time and is handed over with the request that owns it. `cap` is soft: arena_alloc() always gives memory,
 * and sets `over` when the sum passes cap. Code whose needs grow with stored data or with user input (row collectors,
 * body parsers) looks at arena_over() in its loop and answers ERR_LIMIT; small fixed needs need not look.
 */
#ifndef WHS_BASE_ARENA_H
#define WHS_BASE_ARENA_H

#include "base/str.h"

struct arena_chunk;

struct arena {
    struct arena_chunk *chunk;                   /* newest first */
    char *at, *end;                              /* free room of the newest chunk */
    size_t used;                                 /* bytes given out */
    size_t cap;                                  /* 0: no limit */
    bool over;
};

#define ARENA_INIT(cap_bytes) ((struct arena){ .cap = (cap_bytes) })

void arena_release(struct arena *a);
void arena_clear(struct arena *a);               /* keeps the first chunk for the next use */
void *arena_alloc(struct arena *a, size_t n);    /* aligned for any type, not zeroed */
void *arena_zalloc(struct arena *a, size_t n);
struct str arena_str(struct arena *a, struct str s);       /* copy, NUL-terminated behind; NULL stays NULL */
char *arena_z(struct arena *a, struct str s);              /* copy as a C string; NULL gives "" */
struct str arena_printf(struct arena *a, const char *fmt, ...) _printf_(2, 3);
bool arena_over(const struct arena *a);

#define arena_new(a, type) ((type *)arena_zalloc((a), sizeof(type)))
#define arena_array(a, type, n) ((type *)arena_zalloc((a), sizeof(type) * (n)))

/* Growing arrays in an arena: p, n and cap are members or locals of the caller. Old copies stay in the arena. */
#define arena_push(a, p, n, cap) \
    (*((n) == (cap) ? (void)((p) = arena_grow_((a), (p), sizeof(*(p)), (n), &(cap))) : (void)0, &(p)[(n)++]))
void *arena_grow_(struct arena *a, void *p, size_t size, size_t n, size_t *cap);

#endif
