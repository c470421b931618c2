/* What the four build-time tools share: sources with places, errors, and output files.
 *
 * A tool reads its inputs whole, stops at the first mistake with `file:line:column: sentence` and exit code 1, and writes
 * its outputs only at the end, so a failed run leaves the old ones. It lives for a moment: nothing is freed.
 */
#ifndef WHS_TOOLS_TOOL_H
#define WHS_TOOLS_TOOL_H

#include "base/arena.h"

struct source {
    const char *file;                            /* as named on the command line */
    struct str text;                             /* valid UTF-8, NUL-terminated behind */
};

extern struct arena mem;                         /* for whatever lives as long as the tool */

struct source source_read(const char *file);     /* a text: valid UTF-8 without NUL */
struct str bytes_read(const char *file);         /* any bytes */
void output_write(const char *file, const struct buf *b);

/* `at` points into s->text; it is named as line and column (in characters). */
_Noreturn void fail_at(const struct source *s, const char *at, const char *fmt, ...) _printf_(3, 4);
_Noreturn void fail(const char *fmt, ...) _printf_(1, 2);  /* no place: wrong arguments, unreadable files */
int line_of(const struct source *s, const char *at);

const char *base_name(const char *path);
bool is_word(struct str s);                      /* [a-z][a-z0-9_]* */
bool word_char(char c);                          /* [A-Za-z0-9_] */
struct str upper_name(struct str s);             /* upper case, anything but letters and digits becomes '_' */

/* Appends s as one C string literal; with `lines`, broken after each line end and indented by `indent` blanks. */
void c_literal(struct buf *out, struct str s, bool lines, int indent);

#endif
