/* Time and randomness come in from outside, so that a test can run a year in seconds and repeat it exactly.
 *
 * instant: milliseconds since 1970-01-01T00:00Z. day: days since 1970-01-01 in UTC+08:00, the only civil time of the product.
 */
#ifndef WHS_BASE_CLOCK_H
#define WHS_BASE_CLOCK_H

#include <stdatomic.h>

#include "base/str.h"

typedef int64_t instant_t;
typedef int32_t day_t;

#define INSTANT_NONE INT64_MIN                   /* stored as NULL */
#define DAY_NONE INT32_MIN

struct clock {
    instant_t (*now)(const struct clock *c);     /* civil time; may jump */
    int64_t (*mono_us)(const struct clock *c);   /* never goes back; for waits and measurements */
};
extern const struct clock clock_real;

struct sim_clock {                               /* a clock that stands still until it is set */
    struct clock base;
    _Atomic int64_t ms;
};
void sim_clock_init(struct sim_clock *c, instant_t start);
void sim_clock_set(struct sim_clock *c, instant_t at);     /* may go back: that is what tests are for */

struct shifted_clock {                           /* the real clock, some time ahead or behind: a demonstration lives in its own year */
    struct clock base;
    _Atomic int64_t by_ms;
};
void shifted_clock_init(struct shifted_clock *c);

static inline instant_t clock_now(const struct clock *c) { return c->now(c); }
day_t instant_day(instant_t at);                 /* the UTC+08:00 day an instant lies in */
instant_t day_start(day_t d);                    /* 00:00 of that day; day_start(d + 1) is its exclusive end */

struct random {
    void (*fill)(const struct random *r, void *p, size_t n);
};
extern const struct random random_real;          /* the kernel's; ends the process when it has none */
struct sim_random {
    struct random base;
    _Atomic uint64_t state;
};
void sim_random_init(struct sim_random *r, uint64_t seed);
static inline void random_fill(const struct random *r, void *p, size_t n) { r->fill(r, p, n); }
uint64_t random_below(const struct random *r, uint64_t n); /* uniform in 0 … n-1; n > 0 */

#endif
