/* Answers: pages, JSON, redirects, refusals, and the heads every answer has. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "messages.h"
#include "web/inner.h"

static const char CSP[] = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
                          "frame-ancestors 'none'; base-uri 'none'";

/* "zh-CN,zh;q=0.9,en;q=0.8": whichever of our two languages weighs more; Chinese when neither is named. */
enum lang accept_lang(struct str header)
{
    double weight[LANG_COUNT] = { 0 };
    for (struct str rest = header; rest.p;) {
        struct str params, item = str_trim(str_cut(rest, ',', &rest)), name = str_trim(str_cut(item, ';', &params));
        double q = 1;
        char number[8] = "";
        params = str_trim(params);
        if (str_starts(params, STR("q=")) && params.n - 2 < sizeof number) {
            memcpy(number, params.p + 2, params.n - 2);
            if (sscanf(number, "%lf", &q) != 1)
                q = 0;
        }
        struct str primary = str_sub(name, 0, 2);
        bool whole = name.n == 2 || (name.n > 2 && name.p[2] == '-');
        enum lang l = str_caseeq(primary, STR("en")) ? LANG_EN : LANG_ZH;
        if (whole && (l == LANG_EN || str_caseeq(primary, STR("zh"))) && q > weight[l])
            weight[l] = q;
    }
    return weight[LANG_EN] > weight[LANG_ZH] ? LANG_EN : LANG_ZH;
}

void answer_clear(struct req *rq)
{
    rq->http->status = 0;
    buf_clear(&rq->http->head);
    buf_clear(&rq->http->out);
    rq->http->out_static = STR_NULL;
    rq->http->out_type = NULL;
    rq->own->next = NEXT_NONE;
}

static void answered(struct req *rq, int status, const char *type)
{
    rq->http->status = status;
    rq->http->out_type = type;
    rq->own->next = NEXT_ANSWER;
}

static void take(struct req *rq, struct buf *bytes)
{
    buf_release(&rq->http->out);
    rq->http->out = *bytes;
    *bytes = BUF_INIT;
}

struct html req_page(struct req *rq) { return HTML_INIT(rq->lang); }

void req_html(struct req *rq, int status, struct html *out)
{
    take(rq, &out->buf);
    gzip_page(rq->http);
    answered(rq, status, "text/html; charset=utf-8");
}

void req_json(struct req *rq, int status, struct buf *json)
{
    take(rq, json);
    answered(rq, status, "application/json");
}

/* RFC 6266: an ASCII name for old programs, and the name itself as RFC 5987 wants it. */
void req_file(struct req *rq, struct buf *bytes, const char *mime, struct str name, bool show, bool sandbox)
{
    struct html encoded = req_page(rq);
    char plain[64];
    size_t n = 0;
    for (size_t i = 0; i < name.n && n < sizeof plain - 1; i++) {
        char c = name.p[i];
        if (((unsigned char)c & 0xc0) != 0x80)   /* one sign for a character */
            plain[n++] = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' || c == '-' ? c : '_';
    }
    plain[n] = 0;
    html_put_percent(&encoded, name);
    take(rq, bytes);
    answered(rq, 200, mime);
    http_head(rq->http, "Content-Disposition", "%s; filename=\"%s\"; filename*=UTF-8''%s", show ? "inline" : "attachment", plain, encoded.buf.p ? encoded.buf.p : "");
    if (sandbox)
        http_head(rq->http, "Content-Security-Policy", "sandbox");
    html_release(&encoded);
}

void req_head(struct req *rq, const char *name, const char *fmt, ...)
{
    va_list ap;
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    va_start(ap, fmt);
    buf_vprintf(&b, fmt, ap);
    va_end(ap);
    http_head(rq->http, name, "%s", b.p ? b.p : "");
}

void req_redirect(struct req *rq, const char *fmt, ...)
{
    va_list ap;
    _cleanup_(buf_release) struct buf to = BUF_INIT;
    va_start(ap, fmt);
    buf_vprintf(&to, fmt, ap);
    va_end(ap);
    http_head(rq->http, rq->htmx ? "HX-Redirect" : "Location", "%s", to.p ? to.p : "/");
    buf_clear(&rq->http->out);
    answered(rq, rq->htmx ? 200 : 303, "text/plain; charset=utf-8");
}

/* --- refusals ------------------------------------------------------------------------------------------------------------ */

static const struct { short status, msg; } TITLES[] = {
    { 401, M_WEB_STATUS_401 }, { 403, M_WEB_STATUS_403 }, { 404, M_WEB_STATUS_404 }, { 405, M_WEB_STATUS_405 }, { 409, M_WEB_STATUS_409 },
    { 413, M_WEB_STATUS_413 }, { 415, M_WEB_STATUS_415 }, { 422, M_WEB_STATUS_422 }, { 500, M_WEB_STATUS_500 }, { 503, M_WEB_STATUS_503 },
};

static int title(int status)
{
    for (size_t i = 0; i < ARRAY_LEN(TITLES); i++)
        if (TITLES[i].status == status)
            return TITLES[i].msg;
    return M_WEB_STATUS_400;
}

static bool wants_json(const struct req *rq)
{
    return rq->route ? rq->route->api : str_starts(rq->http->path, STR("/api/"));
}

static void put_problem(struct buf *b, enum lang lang, const struct err *e)
{
    _cleanup_(buf_release) struct buf sentence = BUF_INIT;
    tr_err(&sentence, lang, e);
    json_obj(b);
    if (e->field[0])
        json_put_str(b, "field", str_c(e->field));
    json_put_str(b, "detail", buf_view(&sentence));
    if (e->line)
        json_put_int(b, "line", e->line);
    if (e->column)
        json_put_int(b, "column", e->column);
    json_obj_end(b);
}

/* RFC 9457; `type` is the message's id, which a program may rely on. */
static void problem_json(struct req *rq, int status, const struct err *e, int n, struct str sentence)
{
    struct buf b = BUF_INIT;
    _cleanup_(buf_release) struct buf type = BUF_INIT;
    buf_printf(&type, "urn:whs:%s", tr_id(e->msg));
    json_obj(&b);
    json_put_str(&b, "type", buf_view(&type));
    json_put_str(&b, "title", str_c(tr_text(rq->lang, title(status))));
    json_put_int(&b, "status", status);
    json_put_str(&b, "detail", sentence);
    json_key(&b, "errors");
    json_arr(&b);
    for (int i = 0; i < n; i++)
        put_problem(&b, rq->lang, &e[i]);
    json_arr_end(&b);
    json_obj_end(&b);
    req_json(rq, status, &b);
    rq->http->out_type = "application/problem+json";
}

#define RAW(out, lit) html_put_raw((out), "" lit, sizeof(lit) - 1)

/* Without the office's layout: before a slice draws one, and in tests. */
static void bare_page(struct html *out, int status, struct str sentence)
{
    RAW(out, "<!doctype html><meta charset=\"utf-8\"><title>");
    html_put_msg(out, title(status), NULL, 0);
    RAW(out, "</title><h1>");
    html_put_msg(out, title(status), NULL, 0);
    RAW(out, "</h1><p>");
    html_put_text(out, sentence);
    RAW(out, "</p><p><a href=\"/\">");
    html_put_msg(out, M_WEB_HOME, NULL, 0);
    RAW(out, "</a></p>\n");
}

static void problem_page(struct req *rq, int status, struct str sentence)
{
    struct html out = req_page(rq);
    if (rq->htmx) {                              /* a fragment beside what is on screen */
        RAW(&out, "<p class=\"refusal\" role=\"alert\">");
        html_put_text(&out, sentence);
        RAW(&out, "</p>");
    } else if (rq->web->o.error_page) {
        rq->web->o.error_page(rq, status, sentence, &out);
    } else {
        bare_page(&out, status, sentence);
    }
    req_html(rq, status, &out);
}

static void refuse(struct req *rq, int status, const struct err *e, int n)
{
    _cleanup_(buf_release) struct buf sentence = BUF_INIT;
    tr_err(&sentence, rq->lang, &e[0]);
    if (status == 500)
        fprintf(stderr, "whs: %.*s %.*s: %s\n", STR_ARG(rq->http->method_name), STR_ARG(rq->http->path), sentence.p);
    if (status == 500 && e->msg != M_STORE_UNSURE) {               /* the cause is for the administrator, not for the page */
        buf_clear(&sentence);
        buf_c(&sentence, tr_text(rq->lang, e->msg == M_STORE_FULL ? M_WEB_NO_ROOM : M_WEB_BROKEN));
        n = 0;
    }
    if (status == 503)
        http_head(rq->http, "Retry-After", "1");
    if (wants_json(rq))
        problem_json(rq, status, e, n, buf_view(&sentence));
    else
        problem_page(rq, status, buf_view(&sentence));
}

void answer_fail(struct req *rq, int status, const struct err *err) { refuse(rq, status, err, 1); }
void req_fail(struct req *rq, const struct err *err) { refuse(rq, err_http(err), err, 1); }

void req_fail_all(struct req *rq, const struct problems *p)
{
    if (p->n)
        refuse(rq, err_http(&p->err[0]), p->err, p->n);
}

void answer_status(struct req *rq, int status, int msg, const struct arg *args, int n)
{
    struct err e = { .kind = ERR_INPUT, .msg = msg };
    if (n)
        err_fail(&e, ERR_INPUT, msg, NULL, args[0]);
    answer_fail(rq, status, &e);
}

/* --- heads ---------------------------------------------------------------------------------------------------------------- */

/* FNV-1a: it tells two renderings of one page apart, it proves nothing. */
static uint64_t fingerprint(struct str s)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (uint8_t)s.p[i]) * UINT64_C(0x100000001b3);
    return h;
}

void answer_tag(struct req_own *o)
{
    struct http_req *h = o->rq.http;
    char tag[24];
    if (h->method != HTTP_GET_ || h->status != 200)
        return;
    snprintf(tag, sizeof tag, "\"%016llx\"", (unsigned long long)fingerprint(buf_view(&h->out)));
    http_head(h, "ETag", "%s", tag);
    if (!str_eqc(http_field(h, "if-none-match"), tag))
        return;
    h->status = 304;
    buf_clear(&h->out);
}

void answer_finish(struct req_own *o)
{
    struct http_req *h = o->rq.http;
    http_head(h, "Content-Security-Policy", "%s", CSP);
    http_head(h, "Referrer-Policy", "same-origin");
    if (str_find(buf_view(&h->head), STR("Cache-Control:")) < 0)
        http_head(h, "Cache-Control", "no-store");
    if (o->new_csrf && h->out_type && str_starts(str_c(h->out_type), STR("text/html")))
        auth_anonymous_cookie(o);
    int hundreds = h->status / 100;
    atomic_fetch_add_explicit(&o->rq.web->answers[hundreds >= 1 && hundreds <= 5 ? hundreds : 5], 1, memory_order_relaxed);
}
