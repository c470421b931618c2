/* UTF-8 (RFC 3629): checked once where bytes come in, trusted inside. */
#ifndef WHS_BASE_UTF8_H
#define WHS_BASE_UTF8_H

#include "base/str.h"

/* true when s is well formed and holds no NUL; else *bad is the byte offset of the first wrong byte (bad may be NULL). */
bool utf8_valid(struct str s, size_t *bad);
size_t utf8_count(struct str s);                 /* characters (code points) of a valid text */
size_t utf8_offset(struct str s, size_t chars);  /* byte offset of the chars-th character, at most s.n */
/* Reads one code point at *i and moves on; at the end returns -1; a wrong byte gives U+FFFD and moves one byte. */
int32_t utf8_next(struct str s, size_t *i);
void buf_utf8(struct buf *b, int32_t cp);
struct str utf8_cut(struct str s, size_t bytes);           /* the longest whole-character prefix of at most `bytes` bytes */
int utf8_width(struct str s);                    /* columns on paper: CJK and full-width count 2 */
bool utf8_has_control(struct str s);             /* C0 other than \t \n, DEL, C1, bidi controls, U+FEFF */

#endif
