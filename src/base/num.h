/* Numbers that are checked on the way in. */
#ifndef WHS_BASE_NUM_H
#define WHS_BASE_NUM_H

#include "base/str.h"

bool num_i64(struct str s, int64_t *ret);        /* whole text, decimal, optional leading '-'; false on overflow */
bool num_range(struct str s, int64_t lo, int64_t hi, int64_t *ret);
static inline bool num_add(size_t a, size_t b, size_t *r) { return !__builtin_add_overflow(a, b, r); }
static inline bool num_mul(size_t a, size_t b, size_t *r) { return !__builtin_mul_overflow(a, b, r); }

#endif
