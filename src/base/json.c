#include "base/json.h"

#include "base/utf8.h"

static void comma(struct buf *b)
{
    if (!b->n)
        return;
    char c = b->p[b->n - 1];
    if (c == '"' || c == '}' || c == ']' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'))
        buf_ch(b, ',');
}

static void escape(struct buf *b, unsigned char c)
{
    switch (c) {
    case '"': buf_c(b, "\\\""); break;
    case '\\': buf_c(b, "\\\\"); break;
    case '\n': buf_c(b, "\\n"); break;
    case '\r': buf_c(b, "\\r"); break;
    case '\t': buf_c(b, "\\t"); break;
    default: buf_printf(b, "\\u%04x", c); break;
    }
}

static void quoted(struct buf *b, struct str s)
{
    buf_ch(b, '"');
    size_t from = 0;                             /* plain runs are copied whole */
    for (size_t i = 0; i < s.n;) {
        size_t at = i;
        unsigned char c = (unsigned char)s.p[at];
        int32_t cp = utf8_next(s, &i);
        bool wrong = cp == 0xfffd && i == at + 1;
        if (!wrong && c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
            continue;
        buf_add(b, s.p + from, at - from);
        if (wrong)
            buf_utf8(b, 0xfffd);
        else
            escape(b, c);
        from = i;
    }
    buf_add(b, s.n ? s.p + from : "", s.n - from);
    buf_ch(b, '"');
}

void json_obj(struct buf *b)
{
    comma(b);
    buf_ch(b, '{');
}

void json_obj_end(struct buf *b) { buf_ch(b, '}'); }

void json_arr(struct buf *b)
{
    comma(b);
    buf_ch(b, '[');
}

void json_arr_end(struct buf *b) { buf_ch(b, ']'); }

void json_key(struct buf *b, const char *key)
{
    comma(b);
    quoted(b, str_c(key));
    buf_ch(b, ':');
}

void json_str(struct buf *b, struct str s)
{
    if (!s.p) {
        json_null(b);
        return;
    }
    comma(b);
    quoted(b, s);
}

void json_int(struct buf *b, int64_t v)
{
    comma(b);
    buf_i64(b, v);
}

void json_bool(struct buf *b, bool v)
{
    comma(b);
    buf_c(b, v ? "true" : "false");
}

void json_null(struct buf *b)
{
    comma(b);
    buf_c(b, "null");
}

void json_raw(struct buf *b, struct str json)
{
    comma(b);
    buf_str(b, json);
}

void json_put_str(struct buf *b, const char *key, struct str s)
{
    json_key(b, key);
    json_str(b, s);
}

void json_put_int(struct buf *b, const char *key, int64_t v)
{
    json_key(b, key);
    json_int(b, v);
}

void json_put_bool(struct buf *b, const char *key, bool v)
{
    json_key(b, key);
    json_bool(b, v);
}

void json_put_bytes(struct buf *b, const char *key, struct str bytes)
{
    json_key(b, key);
    if (!bytes.p) {
        json_null(b);
        return;
    }
    comma(b);
    buf_ch(b, '"');
    buf_base64url(b, bytes.p, bytes.n);
    buf_ch(b, '"');
}
