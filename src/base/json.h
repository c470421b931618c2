/* JSON out: written straight into a struct buf, for the API and the journal alike. Reading is format/jsonin.h.
 *
 * The writer keeps no state of its own. Whether a comma is due shows in the buffer's last byte: every value ends in '"', '}', ']',
 * a digit or a letter, and nothing else does. So a value may begin in an empty buffer or after a line end, and fragments made
 * elsewhere fit in. Texts are UTF-8; a wrong byte is written as U+FFFD, so the output is always valid.
 */
#ifndef WHS_BASE_JSON_H
#define WHS_BASE_JSON_H

#include "base/str.h"

void json_obj(struct buf *b);
void json_obj_end(struct buf *b);
void json_arr(struct buf *b);
void json_arr_end(struct buf *b);
void json_key(struct buf *b, const char *key);
void json_str(struct buf *b, struct str s);      /* null when s is absent */
void json_int(struct buf *b, int64_t v);
void json_bool(struct buf *b, bool v);
void json_null(struct buf *b);
void json_raw(struct buf *b, struct str json);   /* one value that is JSON already */

/* A member of an object in one line. */
void json_put_str(struct buf *b, const char *key, struct str s);
void json_put_int(struct buf *b, const char *key, int64_t v);
void json_put_bool(struct buf *b, const char *key, bool v);
void json_put_bytes(struct buf *b, const char *key, struct str bytes);   /* base64url; null when absent */

#endif
