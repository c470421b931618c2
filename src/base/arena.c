#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_MIN = 8 * 1024, CHUNK_MAX = 256 * 1024 };

struct arena_chunk {
    struct arena_chunk *older;
    size_t size;
    max_align_t data[];
};

static struct arena_chunk *chunk_new(size_t size)
{
    struct arena_chunk *c = xmalloc(sizeof *c + size);
    c->older = NULL;
    c->size = size;
    return c;
}

static void chunk_use(struct arena *a, struct arena_chunk *c)
{
    c->older = a->chunk;
    a->chunk = c;
    a->at = (char *)c->data;
    a->end = a->at + c->size;
}

void arena_release(struct arena *a)
{
    while (a->chunk) {
        struct arena_chunk *c = a->chunk;
        a->chunk = c->older;
        free(c);
    }
    *a = (struct arena){ .cap = a->cap };
}

void arena_clear(struct arena *a)
{
    while (a->chunk && a->chunk->older) {
        struct arena_chunk *c = a->chunk;
        a->chunk = c->older;
        free(c);
    }
    if (a->chunk) {
        a->at = (char *)a->chunk->data;
        a->end = a->at + a->chunk->size;
    }
    a->used = 0;
    a->over = false;
}

void *arena_alloc(struct arena *a, size_t n)
{
    if (n > SIZE_MAX / 4) {
        fputs("whs: out of memory\n", stderr);
        abort();
    }
    n = (n + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    if (n > (size_t)(a->end - a->at)) {
        size_t size = a->chunk ? a->chunk->size * 2 : CHUNK_MIN;
        if (size > CHUNK_MAX)
            size = CHUNK_MAX;
        chunk_use(a, chunk_new(n > size ? n : size));
    }
    void *p = a->at;
    a->at += n;
    a->used += n;
    if (a->cap && a->used > a->cap)
        a->over = true;
    return p;
}

void *arena_zalloc(struct arena *a, size_t n)
{
    void *p = arena_alloc(a, n);
    memset(p, 0, n);
    return p;
}

char *arena_z(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.n + 1);
    if (s.n)
        memcpy(p, s.p, s.n);
    p[s.n] = 0;
    return p;
}

struct str arena_str(struct arena *a, struct str s)
{
    return s.p ? (struct str){ arena_z(a, s), s.n } : STR_NULL;
}

struct str arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0)
        return STR("");
    char *p = arena_alloc(a, (size_t)n + 1);
    va_start(ap, fmt);
    vsnprintf(p, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return (struct str){ p, (size_t)n };
}

bool arena_over(const struct arena *a) { return a->over; }

void *arena_grow_(struct arena *a, void *p, size_t size, size_t n, size_t *cap)
{
    size_t more = *cap ? *cap * 2 : 16;
    char *q = arena_zalloc(a, size * more);
    if (n)
        memcpy(q, p, size * n);
    *cap = more;
    return q;
}
