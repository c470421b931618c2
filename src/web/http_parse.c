/* Bytes to a request. Two readers must agree: a guard that looks at every byte and line of the head as it comes in, and
 * llhttp in its strict build, which gets the head in one piece once its blank line is there. The guard is no parser: it
 * knows lines, tokens and which bytes may stand where, and it refuses what llhttp 8.1 lets pass (bare LF, raw UTF-8 in a
 * target, other versions, two Host). What the fields mean comes from llhttp's spans alone. Bodies go through llhttp only,
 * which lets two things pass: trailers, and a bare LF as the very last line end.
 */
#include <ctype.h>
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "web/http_inner.h"

_Static_assert(LLHTTP_VERSION_MAJOR >= 8, "older llhttp lets more pass; run http_test before allowing it");

static enum parse_end refuse(struct parse *p, int status)
{
    p->status = status;
    return PARSE_REFUSED;
}

/* --- the guard ----------------------------------------------------------------------------------------------------------- */

static bool is_token(unsigned char c)            /* RFC 9110 5.6.2 */
{
    static const char other[] = "!#$%&'*+-.^_`|~";
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c && memchr(other, c, sizeof other - 1));
}

static size_t token_length(struct str s)
{
    size_t i = 0;
    while (i < s.n && is_token((unsigned char)s.p[i]))
        i++;
    return i;
}

/* METHOD SP target SP HTTP/d.d; 0 or a status. */
static int guard_request_line(struct str line)
{
    struct str target, version;
    struct str method = str_cut(line, ' ', &target);
    target = str_cut(target, ' ', &version);
    if (!method.n || !target.n || version.n != 8 || !str_starts(version, STR("HTTP/")))
        return 400;
    for (size_t i = 0; i < method.n; i++)
        if (!(method.p[i] >= 'A' && method.p[i] <= 'Z') && method.p[i] != '-')
            return 400;
    for (size_t i = 0; i < target.n; i++)        /* no control, raw UTF-8 or fragment */
        if ((unsigned char)target.p[i] <= ' ' || (unsigned char)target.p[i] >= 0x7f || target.p[i] == '#')
            return 400;
    if (target.n > TARGET_MAX)
        return 414;
    if (!isdigit((unsigned char)version.p[5]) || version.p[6] != '.' || !isdigit((unsigned char)version.p[7]))
        return 400;
    return version.p[5] == '1' && version.p[7] <= '1' ? 0 : 505;
}

static int guard_line(struct parse *p, struct str line)
{
    if (p->n_lines == 0)
        return guard_request_line(line);
    if (p->n_lines > FIELDS_MAX)
        return 431;
    size_t n = token_length(line);               /* a blank in front, in or behind the name ends here: folds, too */
    return n > 0 && n < line.n && line.p[n] == ':' ? 0 : 400;
}

/* Copies the head into p->in up to its blank line, judging each byte. CR stands only before LF and LF only after CR. */
static enum parse_end guard(struct parse *p, const char *data, size_t n, size_t *taken)
{
    struct buf *in = &p->in;
    enum parse_end end = PARSE_MORE;
    size_t i = 0, at = in->n;
    n = n < 4096 ? n : 4096;                     /* so that a body behind the head needs no room here */
    buf_room(in, n);
    while (i < n && end == PARSE_MORE) {
        unsigned char c = (unsigned char)data[i++];
        bool after_cr = at > p->line_at && in->p[at - 1] == '\r';
        in->p[at++] = (char)c;
        if (after_cr != (c == '\n') || (c < ' ' && c != '\t' && c != '\r' && c != '\n') || c == 0x7f)
            end = refuse(p, 400);
        else if (p->n_lines == 0 && at > TARGET_MAX + 64)
            end = refuse(p, 414);
        else if (p->n_lines > 0 && at - p->fields_at > HEAD_MAX)
            end = refuse(p, 431);
        else if (c == '\n') {
            struct str line = { in->p + p->line_at, at - 2 - p->line_at };
            int status = line.n ? guard_line(p, line) : 0;
            if (status)
                end = refuse(p, status);
            else if (line.n) {
                if (p->n_lines++ == 0)
                    p->fields_at = at;
            } else if (p->n_lines > 0)
                end = PARSE_WHOLE;
            else if (p->line_at > 0)
                end = refuse(p, 400);            /* one blank line before a request is tolerated (RFC 9112 2.2), not two */
            p->line_at = at;
        }
    }
    in->n = at;
    in->p[at] = 0;
    *taken = i;
    return end;
}

/* --- llhttp's callbacks -------------------------------------------------------------------------------------------------- */

static int on_url(llhttp_t *ll, const char *at, size_t n)
{
    struct str *t = &((struct parse *)ll->data)->rq->target;
    if (!t->p)
        t->p = at;
    t->n = (size_t)(at + n - t->p);
    return 0;
}

static struct http_field *field_last(struct parse *p)
{
    return (struct http_field *)&p->rq->fields[p->rq->n_fields - 1];
}

static int on_field(llhttp_t *ll, const char *at, size_t n)
{
    struct parse *p = ll->data;
    if (p->head_done)
        return HPE_USER;                         /* trailers: nothing here reads them, so they only help to hide things */
    if (p->in_value || !p->rq->n_fields) {
        struct http_field *list = (struct http_field *)p->rq->fields;
        size_t count = (size_t)p->rq->n_fields;
        arena_push(p->rq->arena, list, count, p->fields_cap) = (struct http_field){ { at, 0 }, STR("") };
        p->rq->fields = list;
        p->rq->n_fields = (int)count;
        p->in_value = false;
    }
    struct http_field *f = field_last(p);
    f->name.n = (size_t)(at + n - f->name.p);
    return 0;
}

static int on_value(llhttp_t *ll, const char *at, size_t n)
{
    struct parse *p = ll->data;
    if (p->head_done)
        return HPE_USER;
    struct http_field *f = field_last(p);
    if (!f->value.n)
        f->value.p = at;
    f->value.n = (size_t)(at + n - f->value.p);
    return 0;
}

static int on_value_complete(llhttp_t *ll)
{
    struct parse *p = ll->data;
    p->in_value = true;
    return 0;
}

static int on_head(llhttp_t *ll)
{
    ((struct parse *)ll->data)->head_done = true;
    ll->upgrade = 0;                             /* Upgrade: h2c and the like are offers; we need not take them */
    return 0;
}

static int on_body(llhttp_t *ll, const char *at, size_t n)
{
    struct parse *p = ll->data;
    if ((int64_t)(p->body.n + n) > p->body_max) {
        p->status = 413;
        return HPE_USER;
    }
    buf_add(&p->body, at, n);
    return 0;
}

static int on_chunk(llhttp_t *ll)                /* a chunk that cannot fit is refused before it comes */
{
    struct parse *p = ll->data;
    if (ll->content_length <= (uint64_t)(p->body_max - (int64_t)p->body.n))
        return 0;
    p->status = 413;
    return HPE_USER;
}

static int on_end(llhttp_t *ll) { return HPE_PAUSED; }

static const llhttp_settings_t settings = {
    .on_url = on_url, .on_header_field = on_field, .on_header_value = on_value, .on_header_value_complete = on_value_complete,
    .on_headers_complete = on_head, .on_chunk_header = on_chunk, .on_body = on_body, .on_message_complete = on_end,
};

/* --- the target ---------------------------------------------------------------------------------------------------------- */

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool percent_decode(struct str raw, char *out, size_t *n)
{
    size_t at = 0;
    for (size_t i = 0; i < raw.n; i++) {
        unsigned char c = (unsigned char)raw.p[i];
        if (c == '%') {
            int hi = i + 2 < raw.n ? hex_digit(raw.p[i + 1]) : -1, lo = hi >= 0 ? hex_digit(raw.p[i + 2]) : -1;
            if (lo < 0)
                return false;
            c = (unsigned char)(hi * 16 + lo);
            i += 2;
            if (c < ' ' || c == 0x7f || c == '/')
                return false;
        }
        out[at++] = (char)c;
    }
    *n = at;
    return utf8_valid((struct str){ out, at }, NULL);
}

/* In place: no empty, "." or ".." segments; ".." above the root stays at the root (RFC 3986 5.2.4). */
static size_t remove_dots(char *path, size_t n)
{
    size_t out = 0;
    for (size_t i = 0; i < n;) {                 /* path[i] is a '/' */
        size_t from = i + 1, end = from;
        while (end < n && path[end] != '/')
            end++;
        struct str seg = { path + from, end - from };
        bool tail = end == n;
        if (str_eq(seg, STR("..")))
            while (out > 0 && path[--out] != '/')
                ;
        else if (seg.n && !str_eq(seg, STR("."))) {
            path[out++] = '/';
            memmove(path + out, seg.p, seg.n);
            out += seg.n;
            tail = false;
        }
        if (tail || (end + 1 == n && end < n)) { /* "/a/", "/a/." and "/a/b/.." name a folder */
            path[out++] = '/';
            break;
        }
        i = end;
    }
    return out;
}

/* `out` has room for raw.n + 2 bytes. */
static bool parse_path(struct str raw, char *out, struct str *path)
{
    size_t n = 0;
    if (raw.n && raw.p[0] != '/')
        return false;
    if (!raw.n)
        raw = STR("/");
    if (!percent_decode(raw, out, &n))
        return false;
    *path = (struct str){ out, remove_dots(out, n) };
    return true;
}

/* origin-form, absolute-form (then *authority is set) or "*". */
static bool split_target(struct parse *p, struct str *authority)
{
    struct http_req *rq = p->rq;
    struct str rest = rq->target, http = STR("http://"), https = STR("https://");
    size_t scheme = str_caseeq(str_sub(rest, 0, http.n), http) ? http.n : str_caseeq(str_sub(rest, 0, https.n), https) ? https.n : 0;
    *authority = STR_NULL;
    if (scheme) {
        rest = str_sub(rest, scheme, rest.n);
        size_t n = 0;
        while (n < rest.n && rest.p[n] != '/' && rest.p[n] != '?')
            n++;
        *authority = str_sub(rest, 0, n);
        rest = str_sub(rest, n, rest.n);
    }
    struct str path = str_cut(rest, '?', &rq->query);
    if (str_eq(rq->target, STR("*")) && rq->method == HTTP_OPTIONS_) {
        rq->path = STR("/");
        return true;
    }
    return (scheme || path.n) && parse_path(path, arena_alloc(rq->arena, path.n + 2), &rq->path);
}

/* --- the head as a whole ------------------------------------------------------------------------------------------------- */

static enum http_method method_of(int m)
{
    switch (m) {
    case HTTP_GET: return HTTP_GET_;
    case HTTP_HEAD: return HTTP_HEAD_;
    case HTTP_POST: return HTTP_POST_;
    case HTTP_PUT: return HTTP_PUT_;
    case HTTP_DELETE: return HTTP_DELETE_;
    case HTTP_PATCH: return HTTP_PATCH_;
    case HTTP_OPTIONS: return HTTP_OPTIONS_;
    default: return HTTP_OTHER_;
    }
}

static struct str trim_blanks(struct str s)
{
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
        s.n--;
    while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
        s.p++, s.n--;
    return s;
}

/* How often a name stands; *value is the last. */
static int count_field(struct http_req *rq, const char *lower_name, struct str *value)
{
    int n = 0;
    for (int i = 0; i < rq->n_fields; i++)
        if (str_eqc(rq->fields[i].name, lower_name)) {
            *value = rq->fields[i].value;
            n++;
        }
    return n;
}

static bool host_sane(struct str host)           /* reg-name or address with a port; no userinfo, path, list or blank */
{
    if (!host.n || host.n > 255)
        return false;
    for (size_t i = 0; i < host.n; i++)
        if (!isalnum((unsigned char)host.p[i]) && !strchr("-._:[]", host.p[i]))
            return false;
    return true;
}

/* Sets p->length and refuses every head whose length two programs could read differently. */
static int check_framing(struct parse *p)
{
    struct str length = STR_NULL, coding = STR_NULL;
    int lengths = count_field(p->rq, "content-length", &length), codings = count_field(p->rq, "transfer-encoding", &coding);
    if (lengths + codings > 1)
        return 400;
    if (codings) {
        p->length = -1;
        return str_caseeq(coding, STR("chunked")) && p->ll.http_minor == 1 ? 0 : 400;
    }
    if (!lengths)
        return 0;
    for (size_t i = 0; i < length.n; i++)
        if (!isdigit((unsigned char)length.p[i]))
            return 400;
    return length.n && length.n <= 18 && num_i64(length, &p->length) ? 0 : 400;
}

static int check_head(struct parse *p)
{
    struct http_req *rq = p->rq;
    struct str host = STR_NULL, authority, expect = STR_NULL;
    int hosts = count_field(rq, "host", &host);
    if (rq->n_fields != p->n_lines - 1)          /* llhttp and the guard saw different heads */
        return 400;
    if (hosts > 1 || (!hosts && p->ll.http_minor == 1) || (hosts && !host_sane(host)))
        return 400;
    if (!split_target(p, &authority) || (authority.p && hosts && !str_caseeq(authority, host)))
        return 400;
    if (p->ll.method == HTTP_CONNECT || p->ll.method == HTTP_TRACE)
        return 501;
    int status = check_framing(p);
    if (status)
        return status;
    if (count_field(rq, "expect", &expect) && p->ll.http_minor == 1) {
        if (!str_caseeq(expect, STR("100-continue")))
            return 417;
        p->expect = p->length != 0;
    }
    return 0;
}

static enum parse_end read_head(struct parse *p)
{
    struct http_req *rq = p->rq;
    p->ll.data = p;
    llhttp_errno_t e = llhttp_execute(&p->ll, p->in.p, p->in.n);
    if ((e != HPE_OK && e != HPE_PAUSED) || !p->head_done)
        return refuse(p, 400);
    for (int i = 0; i < rq->n_fields; i++) {
        struct http_field *f = (struct http_field *)&rq->fields[i];
        for (size_t j = 0; j < f->name.n; j++) {
            char *c = (char *)f->name.p + j;
            if (*c >= 'A' && *c <= 'Z')
                *c = (char)(*c - 'A' + 'a');
        }
        f->value = trim_blanks(f->value);
    }
    rq->method = method_of(p->ll.method);
    rq->method_name = str_c(llhttp_method_name((llhttp_method_t)p->ll.method));
    int status = check_head(p);
    if (status)
        return refuse(p, status);
    if ((e == HPE_PAUSED) != (p->length == 0))   /* llhttp and we disagree on whether a body follows */
        return refuse(p, 400);
    p->keep_alive = llhttp_should_keep_alive(&p->ll);
    return PARSE_WHOLE;
}

enum parse_end parse_head(struct parse *p, const char *data, size_t n, size_t *taken)
{
    enum parse_end end = guard(p, data, n, taken);
    return end == PARSE_WHOLE ? read_head(p) : end;
}

enum parse_end parse_body(struct parse *p, const char *data, size_t n, size_t *taken)
{
    llhttp_errno_t e = llhttp_execute(&p->ll, data, n);
    if (e != HPE_OK && e != HPE_PAUSED)
        return refuse(p, p->status ? p->status : 400);
    *taken = e == HPE_OK ? n : (size_t)(llhttp_get_error_pos(&p->ll) - data);
    char last[2] = { *taken > 1 ? data[*taken - 2] : p->last[1], *taken ? data[*taken - 1] : p->last[1] };
    if (*taken)
        memcpy(p->last, last, 2);
    if (e == HPE_OK)
        return PARSE_MORE;
    if (p->length < 0 && memcmp(p->last, "\r\n", 2) != 0)      /* llhttp 8.1 lets the last line end in a bare LF */
        return refuse(p, 400);
    p->rq->body = (struct str){ p->body.p ? p->body.p : "", p->body.n };
    return PARSE_WHOLE;
}

void parse_reset(struct parse *p, struct http_req *rq)
{
    struct buf in = p->in, body = p->body;
    buf_clear(&in);
    buf_clear(&body);
    *p = (struct parse){ .rq = rq, .in = in, .body = body };
    llhttp_init(&p->ll, HTTP_REQUEST, &settings);
}

void parse_release(struct parse *p)
{
    buf_release(&p->in);
    buf_release(&p->body);
}

/* --- for handlers -------------------------------------------------------------------------------------------------------- */

struct str http_field(const struct http_req *rq, const char *lower_name)
{
    for (int i = 0; i < rq->n_fields; i++)
        if (str_eqc(rq->fields[i].name, lower_name))
            return rq->fields[i].value;
    return STR_NULL;
}
