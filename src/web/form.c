/* Queries and forms: application/x-www-form-urlencoded to clean UTF-8. Everything is checked before a handler sees anything, so no handler
 * can forget to. */
#include <string.h>

#include "base/utf8.h"
#include "messages.h"
#include "web/inner.h"

enum { FIELDS_MAX = 1000, CHARS_MAX = 100000 };

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool percent_decode(struct arena *a, struct str s, bool plus, struct str *ret)
{
    char *to = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '%') {
            int hi = i + 2 < s.n ? hex(s.p[i + 1]) : -1, lo = i + 2 < s.n ? hex(s.p[i + 2]) : -1;
            if (hi < 0 || lo < 0)
                return false;
            c = (char)(hi << 4 | lo);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        to[n++] = c;
    }
    to[n] = 0;
    *ret = str_n(to, n);
    return true;
}

/* Browsers send CRLF in text areas; inside there is only \n. */
static struct str unix_lines(struct arena *a, struct str s)
{
    if (str_chr(s, '\r') < 0)
        return s;
    char *to = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '\r' || i + 1 == s.n || s.p[i + 1] != '\n')
            to[n++] = s.p[i];
    to[n] = 0;
    return str_n(to, n);
}

bool text_clean(struct arena *a, struct str s, const char *field, struct str *ret, struct err *err)
{
    size_t bad;
    if (!utf8_valid(s, &bad))
        return err_fail(err, ERR_INPUT, M_BASE_BAD_UTF8, field, A_INT(bad + 1));
    size_t chars = utf8_count(s);
    if (chars > CHARS_MAX)
        return err_fail(err, ERR_INPUT, M_BASE_TOO_LONG, field, A_INT(CHARS_MAX), A_INT(chars));
    s = unix_lines(a, s);
    if (!str_starts(str_c(field), STR("password")))        /* blanks may belong to a password */
        s = str_trim(s);
    if (utf8_has_control(s))
        return err_fail(err, ERR_INPUT, M_BASE_CONTROL, field);
    *ret = s;
    return true;
}

static bool add(struct arena *a, struct form *to, struct str name, struct str value, struct err *err)
{
    struct form_field f;
    if (!percent_decode(a, name, true, &f.name) || !utf8_valid(f.name, NULL))
        return err_fail(err, ERR_INPUT, M_WEB_BAD_NAME, NULL);
    if (!percent_decode(a, value, true, &f.value))
        return err_fail(err, ERR_INPUT, M_WEB_BAD_ESCAPE, f.name.p, A_STR(f.name));
    if (!text_clean(a, f.value, f.name.p, &f.value, err))
        return false;
    arena_push(a, to->f, to->n, to->cap) = f;
    return true;
}

bool form_parse(struct arena *a, struct str s, struct form *ret, struct err *err)
{
    struct form made = { 0 };
    for (struct str rest = s; rest.p;) {
        struct str value, pair = str_cut(rest, '&', &rest);
        if (pair.n == 0)
            continue;
        if (made.n == FIELDS_MAX)
            return err_fail(err, ERR_LIMIT, M_WEB_TOO_MANY_FIELDS, NULL, A_INT(FIELDS_MAX));
        struct str name = str_cut(pair, '=', &value);
        if (!add(a, &made, name, value.p ? value : STR(""), err))
            return false;
    }
    *ret = made;
    return true;
}

struct str form_get(const struct form *f, const char *name)
{
    for (size_t i = 0; i < f->n; i++)
        if (str_eqc(f->f[i].name, name))
            return f->f[i].value;
    return STR_NULL;
}

struct str req_query(struct req *rq, const char *name) { return form_get(&rq->own->query, name); }
struct str req_form(struct req *rq, const char *name) { return form_get(&rq->own->form, name); }

size_t req_form_all(struct req *rq, const char *name, struct str *ret, size_t cap)
{
    size_t n = 0;
    const struct form *f = &rq->own->form;
    for (size_t i = 0; i < f->n && n < cap; i++)
        if (str_eqc(f->f[i].name, name))
            ret[n++] = f->f[i].value;
    return n;
}

static bool clean_all(struct arena *a, struct jvalue *v, const char *field, struct err *err)
{
    if (v->kind == J_TEXT)
        return text_clean(a, v->text, field, &v->text, err);
    for (size_t i = 0; i < v->n; i++)
        if (!clean_all(a, &v->items[i], v->items[i].name.p ? v->items[i].name.p : field, err))
            return false;
    return true;
}

bool req_json_in(struct req *rq, struct jvalue *ret, struct err *err)
{
    struct jvalue v = { .kind = J_OBJECT };
    if (rq->http->body.n && (!json_read(rq->arena, rq->http->body, &v, err) || !clean_all(rq->arena, &v, "", err)))
        return false;
    if (v.kind != J_OBJECT)
        return err_fail(err, ERR_INPUT, M_WEB_NOT_OBJECT, NULL);
    *ret = v;
    return true;
}
