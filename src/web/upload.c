/* Files that come with a form (multipart/form-data, RFC 7578), and as the body of an API call; files that go out.
 *
 * A form's parts with a file name are files; the others are fields as of any form and checked alike. Nothing is decoded: browsers send parts as they are. */
#include <string.h>

#include "base/utf8.h"
#include "messages.h"
#include "web/inner.h"

enum { BOUNDARY_MAX = 70, PARTS_MAX = 200, NAME_MAX_CHARS = 200 };

static bool broken(struct err *err) { return err_fail(err, ERR_INPUT, M_WEB_BAD_MULTIPART, NULL); }

/* name="x" among the parameters of a head, with \" and \\ taken back; STR_NULL when it is not there. */
static struct str parameter(struct arena *a, struct str head, const char *name)
{
    for (struct str rest = head; rest.p;) {
        struct str value, one = str_trim(str_cut(rest, ';', &rest));
        struct str key = str_trim(str_cut(one, '=', &value));
        if (!value.p || !str_caseeq(key, str_c(name)))
            continue;
        value = str_trim(value);
        if (value.n < 2 || value.p[0] != '"')
            return value;
        /* the value may hold ';' inside its quotes: it ends at the closing quote of the whole head */
        char *to = arena_alloc(a, (size_t)(head.p + head.n - value.p) + 1);
        size_t n = 0;
        for (const char *p = value.p + 1, *end = head.p + head.n; p < end && *p != '"'; p++) {
            if (*p == '\\' && p + 1 < end && (p[1] == '"' || p[1] == '\\'))
                p++;
            to[n++] = *p;
        }
        to[n] = 0;
        return str_n(to, n);
    }
    return STR_NULL;
}

static struct str head_of(struct str heads, const char *name)
{
    for (struct str rest = heads; rest.p;) {
        struct str value, line = str_trim(str_cut(rest, '\n', &rest));
        struct str key = str_trim(str_cut(line, ':', &value));
        if (value.p && str_caseeq(key, str_c(name)))
            return str_trim(value);
    }
    return STR_NULL;
}

/* Only the last part of a path, and only what can be shown in one line. */
static struct str file_name(struct arena *a, struct str s)
{
    for (size_t i = s.n; i > 0; i--)
        if (s.p[i - 1] == '/' || s.p[i - 1] == '\\') {
            s = str_sub(s, i, s.n);
            break;
        }
    if (!utf8_valid(s, NULL) || utf8_has_control(s) || str_chr(s, '\n') >= 0 || str_chr(s, '\t') >= 0)
        return STR("");
    return arena_str(a, str_sub(s, 0, utf8_offset(s, NAME_MAX_CHARS)));
}

static bool take_part(struct req_own *o, struct str heads, struct str bytes, struct err *err)
{
    struct arena *a = o->rq.arena;
    struct str says = head_of(heads, "content-disposition"), name = parameter(a, says, "name"), file = parameter(a, says, "filename");
    if (!str_starts(says, STR("form-data")) || !name.p || !utf8_valid(name, NULL))
        return broken(err);
    if (file.p) {
        struct upload u = { .field = arena_str(a, name), .name = file_name(a, file), .bytes = bytes };
        arena_push(a, o->files, o->n_files, o->cap_files) = u;
        return true;
    }
    struct form_field f = { .name = arena_str(a, name) };
    if (!text_clean(a, bytes, f.name.p, &f.value, err))
        return false;
    arena_push(a, o->form.f, o->form.n, o->form.cap) = f;
    return true;
}

bool multipart_parse(struct req_own *o, struct err *err)
{
    struct str type = http_field(o->rq.http, "content-type"), body = o->rq.http->body, boundary = parameter(o->rq.arena, type, "boundary");
    if (boundary.n == 0 || boundary.n > BOUNDARY_MAX)
        return broken(err);
    struct str mark = arena_printf(o->rq.arena, "\r\n--%.*s", STR_ARG(boundary)), first = str_sub(mark, 2, mark.n);
    if (!str_starts(body, first))
        return broken(err);
    size_t at = first.n;
    for (int parts = 0;; parts++) {
        struct str rest = str_sub(body, at, body.n);
        if (str_starts(rest, STR("--")))
            return true;
        if (!str_starts(rest, STR("\r\n")))
            return broken(err);
        if (parts == PARTS_MAX)
            return err_fail(err, ERR_LIMIT, M_WEB_TOO_MANY_FIELDS, NULL, A_INT(PARTS_MAX));
        rest = str_sub(rest, 2, rest.n);
        ptrdiff_t heads = str_find(rest, STR("\r\n\r\n"));
        if (heads < 0)
            return broken(err);
        struct str data = str_sub(rest, (size_t)heads + 4, rest.n);
        const char *end = memmem(data.p, data.n, mark.p, mark.n);
        if (!end)
            return broken(err);
        data.n = (size_t)(end - data.p);
        if (!take_part(o, str_sub(rest, 0, (size_t)heads), data, err))
            return false;
        at = (size_t)(end - body.p) + mark.n;
    }
}

bool req_file(struct req *rq, const char *field, struct upload *ret)
{
    if (rq->route->api) {
        *ret = (struct upload){ .field = str_c(field), .name = STR(""), .bytes = rq->http->body };
        return rq->http->body.n > 0;
    }
    for (size_t i = 0; i < rq->own->n_files; i++)
        if (str_eqc(rq->own->files[i].field, field)) {
            *ret = rq->own->files[i];
            return true;
        }
    return false;
}

void req_send_file(struct req *rq, struct buf *bytes, const char *type, struct str name)
{
    struct html h = HTML_INIT(rq->lang);
    html_put_percent(&h, name);
    req_head(rq, "Content-Disposition", "attachment; filename*=UTF-8''%.*s", (int)h.buf.n, h.buf.p);
    html_release(&h);
    answer_bytes(rq, bytes, type);
}
