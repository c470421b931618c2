/* multipart/form-data (RFC 7578) as browsers and curl write it: strict where it matters, nothing is copied but texts. The body lies whole in the request. */
#include <string.h>

#include "base/utf8.h"
#include "messages.h"
#include "web/inner.h"

enum { BOUNDARY_MAX = 70, PARTS_MAX = 64, HEAD_MAX = 8192 };

static bool bad(struct err *err) { return err_fail(err, ERR_INPUT, M_WEB_BAD_MULTIPART, NULL); }

static bool take(struct str *s, struct str what)
{
    if (!str_starts(*s, what))
        return false;
    *s = str_sub(*s, what.n, s->n);
    return true;
}

/* Where the value at the beginning of v ends: before its closing quote, or before the next parameter. */
static size_t value_end(struct str v, bool quoted)
{
    size_t i = quoted;
    for (; i < v.n && v.p[i] != (quoted ? '"' : ';'); i++)
        if (quoted && v.p[i] == '\\' && i + 1 < v.n && v.p[i + 1] == '"')
            i++;
    return i;
}

/* In quotes \" is a quote (old programs); %22 stays for whoever decodes. */
static struct str unquote(struct arena *a, struct str v, bool quoted)
{
    char *to = arena_alloc(a, v.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < v.n; i++) {
        if (quoted && v.p[i] == '\\' && i + 1 < v.n && v.p[i + 1] == '"')
            i++;
        to[n++] = v.p[i];
    }
    to[n] = 0;
    return str_n(to, n);
}

/* A parameter of a head line: name="x" or name=x. STR_NULL: none. Only what was asked for is copied: a line may be nothing but parameters. */
static struct str parameter(struct arena *a, struct str line, const char *name)
{
    struct str rest;
    str_cut(line, ';', &rest);
    while (rest.p) {
        struct str s = str_trim(rest), key = str_n(s.p, 0);
        while (key.n < s.n && s.p[key.n] != '=' && s.p[key.n] != ';')
            key.n++;
        if (key.n == s.n || s.p[key.n] == ';') {
            str_cut(s, ';', &rest);
            continue;
        }
        struct str v = str_sub(s, key.n + 1, s.n);
        bool quoted = v.n > 0 && v.p[0] == '"';
        size_t end = value_end(v, quoted);
        str_cut(str_sub(v, end, v.n), ';', &rest);
        if (str_caseeq(str_trim(key), str_c(name)))
            return unquote(a, str_sub(v, quoted, end - quoted), quoted);
    }
    return STR_NULL;
}

/* %22 %0D %0A: how browsers write what cannot stand in a quoted name. All else stays. */
static struct str browser_name(struct str s)
{
    static const struct { const char *code; char c; } CODES[] = { { "%22", '"' }, { "%0D", '\r' }, { "%0A", '\n' } };
    char *p = (char *)s.p;                       /* parameter()'s copy */
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        for (size_t k = 0; k < ARRAY_LEN(CODES); k++)
            if (str_caseeq(str_sub(s, i, 3), str_c(CODES[k].code))) {
                c = CODES[k].c;
                i += 2;
                break;
            }
        p[n++] = c;
    }
    return str_n(p, n);
}

/* Without folders, which some programs send. */
static struct str base_name(struct str s)
{
    for (size_t i = s.n; i-- > 0;)
        if (s.p[i] == '/' || s.p[i] == '\\')
            return str_sub(s, i + 1, s.n);
    return s;
}

/* The part's head up to its blank line: the Content-Disposition in it. */
static bool part_head(struct str *body, struct str *disposition, struct err *err)
{
    *disposition = STR_NULL;
    for (size_t read = 0;;) {
        ptrdiff_t end = str_find(str_sub(*body, 0, HEAD_MAX), STR("\r\n"));
        if (end < 0 || (read += (size_t)end) > HEAD_MAX)
            return bad(err);
        struct str value, line = str_sub(*body, 0, (size_t)end);
        *body = str_sub(*body, (size_t)end + 2, body->n);
        if (line.n == 0)
            return disposition->p ? true : bad(err);
        if (str_caseeq(str_cut(line, ':', &value), STR("content-disposition")))
            *disposition = str_trim(value);
    }
}

/* Where the part ends: a boundary's line, which only a line end or the closing dashes may follow. */
static bool part_end(struct str body, struct str line, size_t *ret)
{
    for (size_t at = 0; body.n - at > line.n;) {
        const char *found = memmem(body.p + at, body.n - at, line.p, line.n);
        if (!found)
            return false;
        *ret = (size_t)(found - body.p);
        struct str after = str_sub(body, *ret + line.n, 2);
        if (str_eqc(after, "\r\n") || str_eqc(after, "--"))
            return true;
        at = *ret + 2;
    }
    return false;
}

static bool add(struct req_own *o, struct str disposition, struct str bytes, struct err *err)
{
    struct arena *a = o->rq.arena;
    struct str field = parameter(a, disposition, "name"), file = parameter(a, disposition, "filename");
    if (!str_starts(disposition, STR("form-data")) || !field.n || !utf8_valid(field, NULL) || field.n > ERR_FIELD_BYTES)
        return bad(err);
    if (!file.p) {
        struct form_field f = { .name = field };
        if (!text_clean(a, bytes, arena_z(a, field), &f.value, err))
            return false;
        arena_push(a, o->form.f, o->form.n, o->form.cap) = f;
        return true;
    }
    if (file.n == 0 && bytes.n == 0)
        return true;                             /* a field nobody filled */
    file = base_name(browser_name(file));
    if (o->n_files == REQ_FILES_MAX)
        return err_fail(err, ERR_LIMIT, M_WEB_TOO_MANY_FILES, NULL, A_INT(REQ_FILES_MAX));
    if (file.n > REQ_FILE_NAME_MAX || !utf8_valid(file, NULL))
        return err_fail(err, ERR_INPUT, M_WEB_BAD_FILE_NAME, arena_z(a, field));
    o->files[o->n_files++] = (struct req_file){ field, file, bytes };
    return true;
}

bool multipart_parse(struct req_own *o, struct str content_type, struct str body, struct err *err)
{
    struct arena *a = o->rq.arena;
    struct str boundary = parameter(a, content_type, "boundary");
    o->form = (struct form){ 0 };
    o->n_files = 0;
    if (boundary.n == 0 || boundary.n > BOUNDARY_MAX)
        return bad(err);
    struct str line = arena_printf(a, "\r\n--%.*s", STR_ARG(boundary));
    if (!take(&body, str_sub(line, 2, line.n)))
        return bad(err);
    for (int parts = 0; !take(&body, STR("--")); parts++) {
        struct str disposition;
        if (parts == PARTS_MAX)
            return err_fail(err, ERR_LIMIT, M_WEB_TOO_MANY_FIELDS, NULL, A_INT(PARTS_MAX));
        if (!take(&body, STR("\r\n")) || !part_head(&body, &disposition, err))
            return bad(err);
        size_t end;
        if (!part_end(body, line, &end))
            return bad(err);
        struct str bytes = str_n(body.p, end);
        body = str_sub(body, bytes.n + line.n, body.n);
        if (!add(o, disposition, bytes, err))
            return false;
    }
    return true;
}

const struct req_file *req_files(struct req *rq, size_t *n)
{
    *n = rq->own->n_files;
    return rq->own->files;
}
