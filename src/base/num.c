#include "base/num.h"

bool num_i64(struct str s, int64_t *ret)
{
    bool minus = s.n && s.p[0] == '-';
    if (s.n == minus)
        return false;
    int64_t v = 0;
    for (size_t i = minus; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        int d = s.p[i] - '0';
        if (__builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, d, &v))
            return false;
    }
    if (!minus && __builtin_sub_overflow((int64_t)0, v, &v))
        return false;
    *ret = v;
    return true;
}

bool num_range(struct str s, int64_t lo, int64_t hi, int64_t *ret)
{
    int64_t v;
    if (!num_i64(s, &v) || v < lo || v > hi)
        return false;
    *ret = v;
    return true;
}
