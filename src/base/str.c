#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct str str_c(const char *z) { return z ? (struct str){ z, strlen(z) } : STR_NULL; }
struct str str_n(const char *p, size_t n) { return (struct str){ p, n }; }

bool str_eq(struct str a, struct str b)
{
    if (!a.p || !b.p)
        return a.p == b.p;
    return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

bool str_eqc(struct str a, const char *z) { return str_eq(a, str_c(z)); }

static unsigned char lower(unsigned char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }

bool str_caseeq(struct str a, struct str b)
{
    if (a.n != b.n || !a.p != !b.p)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower((unsigned char)a.p[i]) != lower((unsigned char)b.p[i]))
            return false;
    return true;
}

int str_cmp(struct str a, struct str b)
{
    if (!a.p || !b.p)
        return !a.p - !b.p;
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n && (suffix.n == 0 || memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0);
}

ptrdiff_t str_find(struct str s, struct str what)
{
    if (what.n == 0)
        return 0;
    if (s.n < what.n)
        return -1;
    const char *hit = memmem(s.p, s.n, what.p, what.n);
    return hit ? hit - s.p : -1;
}

ptrdiff_t str_chr(struct str s, char c)
{
    const char *hit = s.n ? memchr(s.p, c, s.n) : NULL;
    return hit ? hit - s.p : -1;
}

struct str str_sub(struct str s, size_t from, size_t n)
{
    if (from > s.n)
        from = s.n;
    if (n > s.n - from)
        n = s.n - from;
    return (struct str){ s.p ? s.p + from : NULL, n };
}

static const struct str IDEOGRAPHIC_SPACE = { "\xe3\x80\x80", 3 };

static bool blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

struct str str_trim(struct str s)
{
    for (;;) {
        if (s.n && blank(s.p[0]))
            s = str_sub(s, 1, s.n);
        else if (str_starts(s, IDEOGRAPHIC_SPACE))
            s = str_sub(s, 3, s.n);
        else
            break;
    }
    for (;;) {
        if (s.n && blank(s.p[s.n - 1]))
            s.n--;
        else if (str_ends(s, IDEOGRAPHIC_SPACE))
            s.n -= 3;
        else
            break;
    }
    return s;
}

struct str str_cut(struct str s, char sep, struct str *rest)
{
    ptrdiff_t at = str_chr(s, sep);
    if (at < 0) {
        *rest = STR_NULL;
        return s;
    }
    *rest = str_sub(s, (size_t)at + 1, s.n);
    return str_sub(s, 0, (size_t)at);
}

static _Noreturn void *no_memory(void)
{
    fputs("whs: out of memory\n", stderr);
    abort();
}

void *xmalloc(size_t n)
{
    void *p = malloc(n ? n : 1);
    return p ? p : no_memory();
}

void *xcalloc(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size ? size : 1);
    return p ? p : no_memory();
}

void *xrealloc(void *p, size_t n)
{
    void *q = realloc(p, n ? n : 1);
    return q ? q : no_memory();
}

char *xstrndup(const char *p, size_t n)
{
    char *q = xmalloc(n + 1);
    if (n)
        memcpy(q, p, n);
    q[n] = 0;
    return q;
}

void buf_release(struct buf *b)
{
    free(b->p);
    *b = (struct buf){ .max = b->max };
}

void buf_clear(struct buf *b)
{
    b->n = 0;
    b->over = false;
    if (b->p)
        b->p[0] = 0;
}

char *buf_room(struct buf *b, size_t n)
{
    size_t want;
    if (b->over || __builtin_add_overflow(b->n, n, &want) || (b->max && want > b->max) || want >= SIZE_MAX / 2) {
        b->over = true;
        return NULL;
    }
    if (want + 1 > b->cap) {
        size_t cap = b->cap ? b->cap : 64;
        while (cap < want + 1)
            cap *= 2;
        b->p = xrealloc(b->p, cap);
        b->cap = cap;
    }
    return b->p + b->n;
}

void buf_add(struct buf *b, const void *p, size_t n)
{
    char *to = buf_room(b, n);
    if (!to)
        return;
    if (n)
        memcpy(to, p, n);
    b->n += n;
    b->p[b->n] = 0;
}

void buf_str(struct buf *b, struct str s) { buf_add(b, s.p, s.n); }
void buf_c(struct buf *b, const char *z) { buf_add(b, z, strlen(z)); }
void buf_ch(struct buf *b, char c) { buf_add(b, &c, 1); }

void buf_i64(struct buf *b, int64_t v)
{
    char d[24], *at = d + sizeof d;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do
        *--at = (char)('0' + u % 10);
    while (u /= 10);
    if (v < 0)
        *--at = '-';
    buf_add(b, at, (size_t)(d + sizeof d - at));
}

void buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    char *to = n < 0 ? NULL : buf_room(b, (size_t)n);
    if (!to) {
        b->over = true;
        return;
    }
    vsnprintf(to, (size_t)n + 1, fmt, ap);
    b->n += (size_t)n;
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    buf_vprintf(b, fmt, ap);
    va_end(ap);
}

void buf_hex(struct buf *b, const void *p, size_t n)
{
    static const char digit[] = "0123456789abcdef";
    const uint8_t *u = p;
    char *to = buf_room(b, n * 2);
    if (!to)
        return;
    for (size_t i = 0; i < n; i++) {
        to[2 * i] = digit[u[i] >> 4];
        to[2 * i + 1] = digit[u[i] & 15];
    }
    b->n += n * 2;
    b->p[b->n] = 0;
}

struct str buf_view(const struct buf *b) { return (struct str){ b->p ? b->p : "", b->n }; }

char *buf_detach(struct buf *b, size_t *n)
{
    if (n)
        *n = b->n;
    char *p = b->p ? b->p : xstrndup("", 0);
    *b = (struct buf){ .max = b->max };
    return p;
}

static const char B64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void buf_base64url(struct buf *b, const void *p, size_t n)
{
    const uint8_t *u = p;
    for (size_t i = 0; i < n; i += 3) {
        size_t k = n - i < 3 ? n - i : 3;
        uint32_t v = (uint32_t)u[i] << 16 | (k > 1 ? (uint32_t)u[i + 1] << 8 : 0) | (k > 2 ? u[i + 2] : 0);
        for (size_t j = 0; j <= k; j++)
            buf_ch(b, B64[v >> (18 - 6 * j) & 63]);
    }
}

bool base64url_decode(struct str s, uint8_t *out, size_t cap, size_t *n)
{
    if (s.n % 4 == 1 || s.n / 4 * 3 + (s.n % 4 ? s.n % 4 - 1 : 0) > cap)
        return false;
    size_t made = 0;
    uint32_t v = 0;
    int bits = 0;
    for (size_t i = 0; i < s.n; i++) {
        const char *hit = s.p[i] ? strchr(B64, s.p[i]) : NULL;
        if (!hit)
            return false;
        v = v << 6 | (uint32_t)(hit - B64);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out[made++] = (uint8_t)(v >> bits);
            v &= (1u << bits) - 1;
        }
    }
    if (v)
        return false;                            /* stray bits: one value has one spelling */
    *n = made;
    return true;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

bool hex_decode(struct str s, uint8_t *out, size_t cap, size_t *n)
{
    if (s.n % 2 || s.n / 2 > cap)
        return false;
    for (size_t i = 0; i < s.n; i += 2) {
        int hi = hex_value(s.p[i]), lo = hex_value(s.p[i + 1]);
        if (hi < 0 || lo < 0)
            return false;
        out[i / 2] = (uint8_t)(hi << 4 | lo);
    }
    *n = s.n / 2;
    return true;
}
