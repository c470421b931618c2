/* Strings: a borrowed view (struct str) and a growing buffer (struct buf).
 *
 * A struct str never owns its bytes and need not end in NUL; whoever made the bytes says how long they live.
 * { NULL, 0 } is "absent" (an SQL NULL); { "", 0 } is an empty text.
 *
 * A struct buf owns its bytes and is always NUL-terminated once something was added. It has a sticky error: when
 * `max` would be passed, nothing more is added and `over` stays set, so that writers add without checking and look once
 * at the end. Memory that the system refuses ends the process with one line on standard error: every acknowledged
 * write is already on disk by then (see store/README.md), and code that limps on without memory is code nobody tests.
 */
#ifndef WHS_BASE_STR_H
#define WHS_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define _cleanup_(f) __attribute__((cleanup(f)))
#define _printf_(a, b) __attribute__((format(printf, a, b)))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

struct str {
    const char *p;
    size_t n;
};

#define STR(lit) ((struct str){ "" lit, sizeof(lit) - 1 })
#define STR_NULL ((struct str){ NULL, 0 })
/* for printf("%.*s") */
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""

struct str str_c(const char *z);                 /* view of a C string; NULL gives STR_NULL */
struct str str_n(const char *p, size_t n);
bool str_eq(struct str a, struct str b);         /* NULL equals only NULL */
bool str_eqc(struct str a, const char *z);
bool str_caseeq(struct str a, struct str b);     /* ASCII letters only */
int str_cmp(struct str a, struct str b);         /* bytewise; NULL last, as the store orders */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
ptrdiff_t str_find(struct str s, struct str what); /* offset, or -1 */
ptrdiff_t str_chr(struct str s, char c);
struct str str_sub(struct str s, size_t from, size_t n); /* clipped to s */
struct str str_trim(struct str s);               /* ASCII blanks and U+3000 at both ends */
/* Cuts s at the first sep: returns what is before it and leaves in *rest what is after it; without sep, all of s and NULL. */
struct str str_cut(struct str s, char sep, struct str *rest);

struct buf {
    char *p;
    size_t n, cap;
    size_t max;                                  /* bytes; 0 means no limit */
    bool over;                                   /* sticky: something did not fit in max */
};

#define BUF_INIT ((struct buf){ 0 })
#define BUF_MAX(m) ((struct buf){ .max = (m) })

void buf_release(struct buf *b);                 /* frees; b is as BUF_INIT again, max kept */
void buf_clear(struct buf *b);                   /* empties, keeps the memory */
void buf_add(struct buf *b, const void *p, size_t n);
void buf_str(struct buf *b, struct str s);
void buf_c(struct buf *b, const char *z);
void buf_ch(struct buf *b, char c);
void buf_i64(struct buf *b, int64_t v);
void buf_printf(struct buf *b, const char *fmt, ...) _printf_(2, 3);
void buf_vprintf(struct buf *b, const char *fmt, va_list ap) _printf_(2, 0);
void buf_hex(struct buf *b, const void *p, size_t n);      /* lower case */
char *buf_room(struct buf *b, size_t n);         /* n writable bytes at the end; NULL when over; then set b->n */
struct str buf_view(const struct buf *b);        /* valid until the next change */
char *buf_detach(struct buf *b, size_t *n);      /* the caller frees; never NULL */

/* Base64url without padding (RFC 4648 section 5), for tokens in cookies and addresses. */
void buf_base64url(struct buf *b, const void *p, size_t n);
bool base64url_decode(struct str s, uint8_t *out, size_t cap, size_t *n);
bool hex_decode(struct str s, uint8_t *out, size_t cap, size_t *n);

/* malloc and friends that end the process instead of returning NULL. */
void *xmalloc(size_t n);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t n);
char *xstrndup(const char *p, size_t n);

#endif
