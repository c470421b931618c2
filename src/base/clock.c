#include "base/clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

enum { DAY_MS = 86400000, EAST_8_MS = 8 * 3600000 };

static instant_t real_now(const struct clock *c)
{
    (void)c;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (instant_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t real_mono(const struct clock *c)
{
    (void)c;
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

const struct clock clock_real = { real_now, real_mono };

static instant_t sim_now(const struct clock *c) { return atomic_load(&((const struct sim_clock *)c)->ms); }
static int64_t sim_mono(const struct clock *c) { return sim_now(c) * 1000; }

void sim_clock_init(struct sim_clock *c, instant_t start)
{
    c->base = (struct clock){ sim_now, sim_mono };
    atomic_init(&c->ms, start);
}

void sim_clock_set(struct sim_clock *c, instant_t at) { atomic_store(&c->ms, at); }

static instant_t shifted_now(const struct clock *c) { return real_now(c) + atomic_load(&((const struct shifted_clock *)c)->by_ms); }

void shifted_clock_init(struct shifted_clock *c)
{
    c->base = (struct clock){ shifted_now, real_mono };
    atomic_init(&c->by_ms, 0);
}

day_t instant_day(instant_t at)
{
    int64_t local = at + EAST_8_MS;
    return (day_t)(local >= 0 ? local / DAY_MS : -((-local + DAY_MS - 1) / DAY_MS));
}

instant_t day_start(day_t d) { return (instant_t)d * DAY_MS - EAST_8_MS; }

static void real_fill(const struct random *r, void *p, size_t n)
{
    (void)r;
    uint8_t *at = p;
    while (n) {
        ssize_t got = getrandom(at, n, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            fputs("whs: the kernel gives no random bytes\n", stderr);
            abort();
        }
        at += got;
        n -= (size_t)got;
    }
}

const struct random random_real = { real_fill };

/* splitmix64: repeatable, not secret. */
static void sim_fill(const struct random *r, void *p, size_t n)
{
    struct sim_random *s = (struct sim_random *)r;
    uint8_t *at = p;
    while (n) {
        uint64_t z = atomic_fetch_add(&s->state, 0x9e3779b97f4a7c15u) + 0x9e3779b97f4a7c15u;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
        z = (z ^ z >> 27) * 0x94d049bb133111ebu;
        z ^= z >> 31;
        size_t k = n < sizeof z ? n : sizeof z;
        memcpy(at, &z, k);
        at += k;
        n -= k;
    }
}

void sim_random_init(struct sim_random *r, uint64_t seed)
{
    r->base.fill = sim_fill;
    atomic_init(&r->state, seed);
}

uint64_t random_below(const struct random *r, uint64_t n)
{
    uint64_t v, limit = UINT64_MAX - UINT64_MAX % n;
    do
        random_fill(r, &v, sizeof v);
    while (v >= limit);
    return v % n;
}
