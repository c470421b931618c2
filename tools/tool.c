#include "tool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

struct arena mem = ARENA_INIT(0);

/* In a sanitizer build the tools are checked too, but for what they leave to the system at exit. */
const char *__asan_default_options(void);
const char *__asan_default_options(void) { return "detect_leaks=0"; }

struct str bytes_read(const char *file)
{
    FILE *f = fopen(file, "rb");
    if (!f)
        fail("%s: %s", file, strerror(errno));
    struct buf b = BUF_INIT;
    for (size_t got = 1; got > 0; b.n += got)
        got = fread(buf_room(&b, 65536), 1, 65536, f);
    if (ferror(f))
        fail("%s: %s", file, strerror(errno));
    fclose(f);
    buf_add(&b, "", 0);
    return buf_view(&b);
}

struct source source_read(const char *file)
{
    struct source s = { file, bytes_read(file) };
    size_t bad;
    if (!utf8_valid(s.text, &bad))
        fail_at(&s, s.text.p + bad, "this is not valid UTF-8");
    return s;
}

void output_write(const char *file, const struct buf *b)
{
    FILE *f = fopen(file, "wb");
    if (!f || fwrite(b->p, 1, b->n, f) != b->n || fclose(f) != 0)
        fail("%s: %s", file, strerror(errno));
}

int line_of(const struct source *s, const char *at)
{
    int line = 1;
    for (const char *p = s->text.p; p < at; p++)
        line += *p == '\n';
    return line;
}

void fail_at(const struct source *s, const char *at, const char *fmt, ...)
{
    const char *start = at;
    while (start > s->text.p && start[-1] != '\n')
        start--;
    fprintf(stderr, "%s:%d:%d: ", s->file, line_of(s, at), (int)utf8_count(str_n(start, (size_t)(at - start))) + 1);
    va_list ap;
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    exit(1);
}

void fail(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    exit(1);
}

const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool lower(char c) { return c >= 'a' && c <= 'z'; }
static bool digit(char c) { return c >= '0' && c <= '9'; }

bool word_char(char c) { return lower(c) || digit(c) || (c >= 'A' && c <= 'Z') || c == '_'; }

bool is_word(struct str s)
{
    if (s.n == 0 || !lower(s.p[0]))
        return false;
    for (size_t i = 1; i < s.n; i++)
        if (!lower(s.p[i]) && !digit(s.p[i]) && s.p[i] != '_')
            return false;
    return true;
}

struct str upper_name(struct str s)
{
    struct str copy = arena_str(&mem, s);
    char *p = (char *)copy.p;
    for (size_t i = 0; i < copy.n; i++)
        p[i] = lower(p[i]) ? (char)(p[i] - 32) : word_char(p[i]) ? p[i] : '_';
    return copy;
}

void c_literal(struct buf *out, struct str s, bool lines, int indent)
{
    buf_ch(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\')
            buf_printf(out, "\\%c", c);
        else if (c == '\n')
            buf_c(out, "\\n");
        else if (c < ' ' || c == 127)
            buf_printf(out, "\\%03o", c);
        else
            buf_ch(out, (char)c);
        if (lines && c == '\n' && i + 1 < s.n)
            buf_printf(out, "\"\n%*s\"", indent, "");
    }
    buf_ch(out, '"');
}
