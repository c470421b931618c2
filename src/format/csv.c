#include "format/csv.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "base/utf8.h"
#include "messages.h"

/* --- reading ------------------------------------------------------------------------------------------------------------------- */

static bool from_gb18030(struct arena *a, struct str in, struct str *ret)
{
    iconv_t cd = iconv_open("UTF-8", "GB18030");
    if (cd == (iconv_t)-1)
        return false;
    size_t room = in.n * 2 + 16, left = room, n = in.n;      /* two bytes become three at most, four become four */
    char *out = arena_alloc(a, room), *to = out, *from = (char *)in.p;
    bool ok = iconv(cd, &from, &n, &to, &left) != (size_t)-1;
    iconv_close(cd);
    *ret = (struct str){ out, room - left };
    return ok;
}

bool csv_open(struct arena *a, struct str bytes, struct csv *ret, struct err *err)
{
    size_t bad;
    struct str text = bytes.p ? bytes : STR("");
    if (str_starts(text, STR("\xef\xbb\xbf")))
        text = str_sub(text, 3, text.n);
    if (!utf8_valid(text, &bad) && (!from_gb18030(a, text, &text) || !utf8_valid(text, NULL)))
        return err_fail(err, ERR_INPUT, M_CSV_ENCODING, NULL, A_INT(bad + 1));
    *ret = (struct csv){ a, text, 0, 1, 1 };
    return true;
}

static bool fail(const struct csv *c, int msg, struct err *err)
{
    err_fail(err, ERR_INPUT, msg, NULL);
    err_at(err, c->line, c->column);
    return false;
}

/* Moves over one byte, counting lines and characters. */
static void step(struct csv *c)
{
    char ch = c->text.p[c->at++];
    if (ch == '\n') {
        c->line++;
        c->column = 1;
    } else if (((unsigned char)ch & 0xc0) != 0x80) {
        c->column++;
    }
}

static bool at_line_end(const struct csv *c)
{
    return c->at == c->text.n || c->text.p[c->at] == '\n' ||
           (c->text.p[c->at] == '\r' && (c->at + 1 == c->text.n || c->text.p[c->at + 1] == '\n'));
}

/* Behind any number of ' a sign that makes spreadsheets compute; East Asian ones take the wide forms for the same. */
static bool has_sign(struct str s, size_t *quotes)
{
    static const char *const SIGNS[] = { "=", "+", "-", "@", "＝", "＋", "－", "＠" };
    *quotes = 0;
    while (*quotes < s.n && s.p[*quotes] == '\'')
        ++*quotes;
    struct str rest = str_sub(s, *quotes, s.n);
    for (size_t k = 0; k < ARRAY_LEN(SIGNS); k++)
        if (str_starts(rest, str_c(SIGNS[k])))
            return true;
    return false;
}

/* 'x -> x where x begins with a sign, perhaps behind further '. */
static struct str unguard(struct str s)
{
    size_t quotes;
    return has_sign(s, &quotes) && quotes > 0 ? str_sub(s, 1, s.n) : s;
}

static bool quoted(struct csv *c, struct str *ret, struct err *err)
{
    size_t from = c->at + 1, doubled = 0;
    for (step(c);; step(c)) {
        if (c->at == c->text.n)
            return fail(c, M_CSV_QUOTE_OPEN, err);
        if (c->text.p[c->at] != '"')
            continue;
        if (c->at + 1 == c->text.n || c->text.p[c->at + 1] != '"')
            break;
        doubled++;
        step(c);
    }
    struct str raw = str_n(c->text.p + from, c->at - from);
    step(c);
    if (!at_line_end(c) && c->text.p[c->at] != ',')
        return fail(c, M_CSV_QUOTE_FOLLOWED, err);
    if (doubled) {
        char *copy = arena_alloc(c->arena, raw.n + 1), *to = copy;
        for (size_t i = 0; i < raw.n; i++) {
            *to++ = raw.p[i];
            i += raw.p[i] == '"';
        }
        raw = str_n(copy, (size_t)(to - copy));
    }
    *ret = raw;
    return true;
}

static bool cell(struct csv *c, struct csv_cell *ret, struct err *err)
{
    ret->line = c->line;
    ret->column = c->column;
    if (c->at < c->text.n && c->text.p[c->at] == '"') {
        if (!quoted(c, &ret->text, err))
            return false;
    } else {
        size_t from = c->at;
        for (; !at_line_end(c) && c->text.p[c->at] != ','; step(c))
            if (c->text.p[c->at] == '"')
                return fail(c, M_CSV_QUOTE_INSIDE, err);
        ret->text = str_n(c->text.p + from, c->at - from);
    }
    ret->text = unguard(ret->text);
    return true;
}

static void line_end(struct csv *c)
{
    if (c->at < c->text.n && c->text.p[c->at] == '\r')
        step(c);
    if (c->at < c->text.n)
        step(c);
}

bool csv_row(struct csv *c, struct csv_cell *cells, size_t *n, bool *end, struct err *err)
{
    while (c->at < c->text.n && at_line_end(c))
        line_end(c);
    *end = c->at == c->text.n;
    *n = 0;
    while (!*end) {
        if (*n == CSV_CELLS_MAX)
            return fail(c, M_CSV_TOO_MANY_CELLS, err);
        if (!cell(c, &cells[(*n)++], err))
            return false;
        if (at_line_end(c))
            break;
        step(c);                                 /* the comma */
    }
    line_end(c);
    return true;
}

/* --- writing ------------------------------------------------------------------------------------------------------------------- */

void csv_put(struct buf *b, struct str s, bool first)
{
    bool quote = false;
    size_t quotes;
    for (size_t i = 0; i < s.n; i++)
        quote |= s.p[i] == ',' || s.p[i] == '"' || s.p[i] == '\n' || s.p[i] == '\r';
    if (!first)
        buf_ch(b, ',');
    if (quote)
        buf_ch(b, '"');
    if (has_sign(s, &quotes))
        buf_ch(b, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            buf_ch(b, '"');
        buf_ch(b, s.p[i]);
    }
    if (quote)
        buf_ch(b, '"');
}

void csv_end(struct buf *b) { buf_c(b, "\r\n"); }
