/* engine: none — a server without an office */
/* What the server takes and what it refuses, each also byte by byte. Times, streams and stopping: http_time_test.c. */
#include "web/http_testing.h"

#include <netinet/in.h>
#include <sys/stat.h>

struct hostile { const char *name; struct str bytes; int status; };

#define POST "POST /echo HTTP/1.1\r\nHost: x\r\n"
#define GET "GET / HTTP/1.1\r\nHost: x\r\n"
#define CHUNKED POST "Transfer-Encoding: chunked\r\n\r\n"
#define SMUGGLED "\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"

static const struct hostile framing[] = {
    { "two different Content-Length", STR(POST "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"), 400 },
    { "two equal Content-Length", STR(POST "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"), 400 },
    { "Content-Length with Transfer-Encoding", STR(POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400 },
    { "Transfer-Encoding with Content-Length", STR(POST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"), 400 },
    { "+5", STR(POST "Content-Length: +5\r\n\r\nhello"), 400 },
    { "-5", STR(POST "Content-Length: -5\r\n\r\nhello"), 400 },
    { "5, 5", STR(POST "Content-Length: 5, 5\r\n\r\nhello"), 400 },
    { "5x", STR(POST "Content-Length: 5x\r\n\r\nhello"), 400 },
    { "5 5", STR(POST "Content-Length: 5 5\r\n\r\nhello"), 400 },
    { "0x5", STR(POST "Content-Length: 0x5\r\n\r\nhello"), 400 },
    { "no length", STR(POST "Content-Length:\r\n\r\nhello"), 400 },
    { "length over 64 bits", STR(POST "Content-Length: 18446744073709551621\r\n\r\nhello"), 400 },
    { "xchunked", STR(POST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"), 400 },
    { "chunked, identity", STR(POST "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"), 400 },
    { "gzip, chunked", STR(POST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), 400 },
    { "identity", STR(POST "Transfer-Encoding: identity\r\n\r\n0\r\n\r\n"), 400 },
    { "empty coding", STR(POST "Transfer-Encoding:\r\n\r\n0\r\n\r\n"), 400 },
    { "two Transfer-Encoding", STR(POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400 },
    { "Transfer-Encoding on 1.0", STR("POST /echo HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400 },
    { "folded Transfer-Encoding", STR(POST "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"), 400 },
    { "coding behind vertical tab", STR(POST "Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n"), 400 },
    { "chunk size overflow", STR(CHUNKED "fffffffffffffffff\r\nhello\r\n0\r\n\r\n"), 400 },
    { "chunk size over the limit", STR(CHUNKED "fffffffffffffff\r\nhello\r\n0\r\n\r\n"), 413 },
    { "chunk size 0x5", STR(CHUNKED "0x5\r\nhello\r\n0\r\n\r\n"), 400 },
    { "chunk size +5", STR(CHUNKED "+5\r\nhello\r\n0\r\n\r\n"), 400 },
    { "chunk size with blank", STR(CHUNKED "5 \r\nhello\r\n0\r\n\r\n"), 400 },
    { "no chunk size", STR(CHUNKED "\r\nhello\r\n0\r\n\r\n"), 400 },
    { "chunk size line ended by LF", STR(CHUNKED "5\nhello\r\n0\r\n\r\n"), 400 },
    { "chunk ended by LF", STR(CHUNKED "5\r\nhello\n0\r\n\r\n"), 400 },
    { "last chunk ended by LF", STR(CHUNKED "5\r\nhello\r\n0\n\r\n"), 400 },
    { "body ended by LF", STR(CHUNKED "5\r\nhello\r\n0\r\n\n"), 400 },
    { "LF in a chunk extension", STR(CHUNKED "5;a\nb\r\nhello\r\n0\r\n\r\n"), 400 },
    { "LF in an extension's value", STR(CHUNKED "5;a=b\nc\r\nhello\r\n0\r\n\r\n"), 400 },
    { "LF in a quoted extension", STR(CHUNKED "5;a=\"x\ny\"\r\nhello\r\n0\r\n\r\n"), 400 },
    { "CR in a chunk extension", STR(CHUNKED "5;a\rb\r\nhello\r\n0\r\n\r\n"), 400 },
    { "NUL in a chunk extension", STR(CHUNKED "5;a\0b\r\nhello\r\n0\r\n\r\n"), 400 },
    { "no CRLF after a chunk", STR(CHUNKED "5\r\nhello0\r\n\r\n"), 400 },
    { "chunk longer than it says", STR(CHUNKED "5\r\nhello!\r\n0\r\n\r\n"), 400 },
    { "trailer", STR(CHUNKED "5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n"), 400 },
};

static const struct hostile lines[] = {
    { "space before the colon", STR(GET "X : y\r\n\r\n"), 400 },
    { "tab before the colon", STR(GET "X\t: y\r\n\r\n"), 400 },
    { "space inside a name", STR(GET "X Y: z\r\n\r\n"), 400 },
    { "leading space", STR(GET " X: y\r\n\r\n"), 400 },
    { "leading space on the first line", STR("GET / HTTP/1.1\r\n Host: x\r\n\r\n"), 400 },
    { "leading space before the request line", STR(" GET / HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
    { "obs-fold", STR(GET "X: y\r\n z\r\n\r\n"), 400 },
    { "obs-fold with tab", STR(GET "X: y\r\n\tz\r\n\r\n"), 400 },
    { "bare CR in a value", STR(GET "X: y\rz\r\n\r\n"), 400 },
    { "header hidden behind CR", STR(POST "X:\rContent-Length: 5\r\n\r\nhello"), 400 },
    { "CR CR", STR(GET "X: y\r\r\n\r\n"), 400 },
    { "CR CR at the end", STR(GET "\r\r"), 400 },
    { "CR CR LF at the end", STR(GET "\r\r\n"), 400 },
    { "NUL in a value", STR(GET "X: y\0z\r\n\r\n"), 400 },
    { "DEL in a value", STR(GET "X: y\x7fz\r\n\r\n"), 400 },
    { "ESC in a value", STR(GET "X: \x1b[2J\r\n\r\n"), 400 },
    { "NUL in a name", STR(GET "X\0: y\r\n\r\n"), 400 },
    { "0x80 in a name", STR(GET "X\x80: y\r\n\r\n"), 400 },
    { "no name", STR(GET ": y\r\n\r\n"), 400 },
    { "no colon", STR(GET "Xy\r\n\r\n"), 400 },
    { "bare LF after the request line", STR("GET / HTTP/1.1\nHost: x\r\n\r\n"), 400 },
    { "bare LF after a header", STR("GET / HTTP/1.1\r\nHost: x\n\r\n"), 400 },
    { "bare LF as the blank line", STR(GET "\n"), 400 },
    { "bare LF everywhere", STR("GET / HTTP/1.1\nHost: x\n\n"), 400 },
    { "no Host on 1.1", STR("GET / HTTP/1.1\r\nX: y\r\n\r\n"), 400 },
    { "no header at all on 1.1", STR("GET / HTTP/1.1\r\n\r\n"), 400 },
    { "two Host", STR(GET "Host: y\r\n\r\n"), 400 },
    { "two equal Host", STR(GET "host: x\r\n\r\n"), 400 },
    { "empty Host", STR("GET / HTTP/1.1\r\nHost:\r\n\r\n"), 400 },
    { "Host with userinfo", STR("GET / HTTP/1.1\r\nHost: a@x\r\n\r\n"), 400 },
    { "Host with path", STR("GET / HTTP/1.1\r\nHost: x/y\r\n\r\n"), 400 },
    { "unknown expectation", STR(POST "Expect: 200-ok\r\nContent-Length: 5\r\n\r\nhello"), 417 },
};

static const struct hostile request_line[] = {
    { "NUL in the target", STR("GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
    { "control in the target", STR("GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
    { "tab in the target", STR("GET /a\tb HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
    { "space in the target", STR("GET /a b HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
    { "two spaces", STR("GET  / HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
    { "space at the end", STR("GET / HTTP/1.1 \r\nHost: x\r\n\r\n"), 400 },
    { "raw UTF-8 in the target", STR("GET /\xe5\x8a\x9e HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
    { "DEL in the target", STR("GET /\x7f HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
    { "fragment", STR("GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
    { "percent-encoded NUL", STR("GET /a%00 HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
    { "percent-encoded line end", STR("GET /a%0d%0a HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
    { "percent-encoded slash", STR("GET /a%2fb HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
    { "overlong UTF-8", STR("GET /%c0%ae%c0%ae/x HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
    { "half a percent", STR("GET /%4 HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
    { "bad percent", STR("GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
    { "no slash", STR("GET a HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
    { "asterisk with GET", STR("GET * HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
    { "other authority", STR("GET http://y/ HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
    { "authority with userinfo", STR("GET http://a@x/ HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
    { "other scheme", STR("GET file:///etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
    { "lower-case method", STR("get / HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
    { "unknown method", STR("FROB / HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
    { "CONNECT", STR("CONNECT x:80 HTTP/1.1\r\nHost: x:80\r\n\r\n"), 400 },
    { "TRACE", STR("TRACE / HTTP/1.1\r\nHost: x\r\n\r\n"), 501 },
    { "HTTP/1.2", STR("GET / HTTP/1.2\r\nHost: x\r\n\r\n"), 505 },
    { "HTTP/3.7", STR("GET / HTTP/3.7\r\nHost: x\r\n\r\n"), 505 },
    { "HTTP/2 preface", STR("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505 },
    { "HTTP/0.9", STR("GET /\r\n\r\n"), 400 },
    { "HTTP/1", STR("GET / HTTP/1\r\nHost: x\r\n\r\n"), 400 },
    { "HTTP/11.1", STR("GET / HTTP/11.1\r\nHost: x\r\n\r\n"), 400 },
    { "http/1.1", STR("GET / http/1.1\r\nHost: x\r\n\r\n"), 400 },
    { "RTSP", STR("OPTIONS / RTSP/1.0\r\nHost: x\r\n\r\n"), 400 },
    { "no version", STR("GET / \r\nHost: x\r\n\r\n"), 400 },
    { "two blank lines before it", STR("\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
    { "TLS", STR("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"), 400 },
};

static void refused(const struct hostile *h, bool byte_by_byte)
{
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    int before = atomic_load(&house.handled), fd = dial();
    if (byte_by_byte)
        for (size_t i = 0; i < h->bytes.n && say_n(fd, h->bytes.p + i, 1); i++)
            ;
    else
        say_n(fd, h->bytes.p, h->bytes.n);
    say(fd, SMUGGLED);
    hear_all(fd, &b);
    close(fd);
    if (atoi(b.n > 9 ? b.p + 9 : "0") != h->status || count(b.p, "HTTP/1.1 ") != 1 || !strstr(b.p, "Connection: close\r\n"))
        fail_msg("%s: wanted %d, got %s", h->name, h->status, b.p);
    if (atomic_load(&house.handled) != before)
        fail_msg("%s: reached the handler: %s", h->name, house.seen);
}

static void refuse_all(const struct hostile *list, size_t n)
{
    struct http_options o = options();
    open_house(&o);
    for (size_t i = 0; i < n; i++) {
        refused(&list[i], false);
        refused(&list[i], true);
        assert_sane();
    }
    close_house();
}

static void hostile_framing(void **state) { refuse_all(framing, ARRAY_LEN(framing)); }
static void hostile_lines(void **state) { refuse_all(lines, ARRAY_LEN(lines)); }
static void hostile_request_line(void **state) { refuse_all(request_line, ARRAY_LEN(request_line)); }

static void too_large(void **state)
{
    struct http_options o = options();
    open_house(&o);
    struct buf many = BUF_INIT, long_one = BUF_INIT, long_target = BUF_INIT, hundred = BUF_INIT, endless = BUF_INIT;
    buf_c(&many, GET);
    for (int i = 0; i < 5000; i++)
        buf_printf(&many, "X-%d: y\r\n", i);
    buf_c(&many, "\r\n");
    buf_c(&long_one, GET "X: ");
    for (int i = 0; i < 64 * 1024; i++)
        buf_ch(&long_one, 'x');
    buf_c(&long_target, "GET /");
    for (int i = 0; i < 9000; i++)
        buf_ch(&long_target, 'x');
    buf_str(&endless, buf_view(&long_target));
    buf_c(&long_target, " HTTP/1.1\r\nHost: x\r\n\r\n");
    buf_c(&hundred, GET);
    for (int i = 1; i <= 100; i++)
        buf_printf(&hundred, "X-%d: y\r\n", i);
    buf_c(&hundred, "\r\n");
    const struct hostile list[] = {
        { "5,000 headers", buf_view(&many), 431 }, { "64 KB header", buf_view(&long_one), 431 }, { "101 headers", buf_view(&hundred), 431 },
        { "9 KB target", buf_view(&long_target), 414 }, { "target without end", buf_view(&endless), 414 },
        { "body over the limit", STR("POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n"), 413 },
        { "body where none is taken", STR("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n"), 413 },
        { "chunks where no body is taken", STR("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"), 413 },
        { "chunks over the limit", STR("POST /small HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n12345678\r\n3\r\n"), 413 },
        { "expectation over the limit", STR("POST /small HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n"), 413 },
    };
    for (size_t i = 0; i < ARRAY_LEN(list); i++) {
        refused(&list[i], false);
        refused(&list[i], true);
        assert_sane();
    }
    struct buf *bufs[] = { &many, &long_one, &long_target, &hundred, &endless };
    for (size_t i = 0; i < ARRAY_LEN(bufs); i++)
        buf_release(bufs[i]);
    close_house();
}

/* --- what must work ------------------------------------------------------------------------------------------------------ */

static const struct { const char *bytes, *seen; } good[] = {
    { "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n", "GET /a ?b=c" },
    { "\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n", "GET /a ?" },
    { "GET http://x:80/a?b HTTP/1.1\r\nHost: x:80\r\n\r\n", "GET /a ?b" },
    { "GET HTTP://X HTTP/1.1\r\nHost: x\r\n\r\n", "GET / ?" },
    { "GET http://x?q HTTP/1.1\r\nHost: x\r\n\r\n", "GET / ?q" },
    { "GET /a/../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", "GET /etc/passwd ?" },
    { "GET /a/%2e%2e/./b//c/. HTTP/1.1\r\nHost: x\r\n\r\n", "GET /b/c/ ?" },
    { "GET /a/b/.. HTTP/1.1\r\nHost: x\r\n\r\n", "GET /a/ ?" },
    { "GET //evil.example/ HTTP/1.1\r\nHost: x\r\n\r\n", "GET /evil.example/ ?" },
    { "GET /.. HTTP/1.1\r\nHost: x\r\n\r\n", "GET / ?" },
    { "GET /%E5%8A%9E%e3%80%942022%e3%80%95?a=%ff HTTP/1.1\r\nHost: x\r\n\r\n", "GET /办〔2022〕 ?a=%ff" },
    { "GET /%2541+b HTTP/1.1\r\nHost: x\r\n\r\n", "GET /%41+b ?" },
    { "GET /a HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n", "GET /a ?" },
    { "GET /a HTTP/1.1\r\nHost: x\r\nX: \xb0\xec\r\nY:\r\nZ: \t z \t\r\n\r\n", "GET /a ?" },
    { "PROPFIND /dav HTTP/1.1\r\nHost: [::1]:8080\r\nDepth: 0\r\n\r\n", "PROPFIND /dav ?" },
    { "REPORT /dav HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "REPORT /dav ?" },
    { "MKCALENDAR /dav HTTP/1.1\r\nHost: x\r\n\r\n", "MKCALENDAR /dav ?" },
    { "DELETE /dav HTTP/1.1\r\nHost: x\r\n\r\n", "DELETE /dav ?" },
    { "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", "POST /echo ?" },
    { "POST /echo HTTP/1.1\r\nHost: x\r\ntransfer-encoding: Chunked\r\n\r\n3;a=\"b\"\r\nhel\r\n02\r\nlo\r\n0\r\n\r\n", "POST /echo ?" },
};

static void must_work(void **state)
{
    struct http_options o = options();
    open_house(&o);
    int kept = dial();
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        _cleanup_(buf_release) struct buf b = BUF_INIT;
        int fd = dial();
        say(kept, good[i].bytes);
        int status = hear(kept, &b);
        assert_int_equal(status, strstr(good[i].bytes, "passwd") ? 404 : 200);
        assert_seen(good[i].seen);
        if (strstr(good[i].bytes, "/echo"))
            assert_string_equal(b.p, "hello");
        for (const char *p = good[i].bytes; *p; p++)
            assert_true(say_n(fd, p, 1));
        assert_int_equal(hear(fd, &b), status);
        assert_seen(good[i].seen);
        close(fd);
    }
    close(kept);
    close_house();
}

static void pipelined(void **state)
{
    struct http_options o = options();
    open_house(&o);
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    int fd = dial();
    say(fd, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\nPOST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nsecondGET /quick HTTP/1.1\r\n"
            "Host: x\r\nConnection: close\r\n\r\nGET /never HTTP/1.1\r\nHost: x\r\n\r\n");
    hear_all(fd, &b);
    close(fd);
    assert_int_equal(count(b.p, "HTTP/1.1 200 OK"), 3);
    char *slow = strstr(b.p, "\r\n\r\nslow"), *second = strstr(b.p, "\r\n\r\nsecond"), *third = strstr(b.p, "\r\n\r\nquick");
    assert_true(slow && second && third && slow < second && second < third);
    assert_int_equal(atomic_load(&house.handled), 2);
    buf_clear(&b);
    fd = dial();                                 /* 2,000 at once are more than is kept ahead */
    for (int i = 0; i < 2000; i++)
        buf_printf(&b, "GET /%s%d HTTP/1.1\r\nHost: x\r\n\r\n", i % 3 ? "" : "quick?", i);
    assert_true(say_n(fd, b.p, b.n));
    shutdown(fd, SHUT_WR);                       /* and whoever has said all still gets all */
    buf_clear(&b);
    hear_all(fd, &b);
    close(fd);
    assert_int_equal(count(b.p, "HTTP/1.1 200 OK"), 2000);
    assert_non_null(strstr(b.p, "hello /1999"));
    close_house();
}

static void answers(void **state)
{
    struct http_options o = options();
    open_house(&o);
    static const struct { const char *ask, *want[4], *never; } list[] = {
        { "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", { "200 OK", "Content-Length: 7\r\n", "\r\n\r\n" }, "hello" },
        { "HEAD /static HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", { "200 OK", "Content-Length: 8\r\n" }, "ever" },
        { "GET /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", { "204 No Content" }, "Content-Length" },
        { "GET /same HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", { "304 Not Modified", "ETag: \"7\"\r\n" }, "not sent" },
        { "GET /split HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", { "X-A: a  X-B: c\r\n" }, "\nX-B" },
        { "GET / HTTP/1.0\r\n\r\n", { "HTTP/1.1 200 OK", "Connection: close\r\n", "nosniff", "GMT\r\n" }, "keep-alive" },
        { "OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", { "204 No Content", "Allow: GET" }, "hello" },
        { "POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n", { "100 Continue\r\n\r\n" }, "417" },
        { "POST /echo HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi", { "HTTP/1.1 200 OK", "hi" }, "100 Continue" },
    };
    for (size_t i = 0; i < ARRAY_LEN(list); i++) {
        _cleanup_(buf_release) struct buf b = BUF_INIT;
        int fd = dial();
        say(fd, list[i].ask);
        if (strstr(list[i].ask, "Expect")) {
            if (!strstr(list[i].ask, "1.0"))
                hear_until(fd, &b, "100 Continue\r\n\r\n");
            say(fd, "hi");
        }
        hear_all(fd, &b);
        close(fd);
        for (size_t j = 0; j < 4 && list[i].want[j]; j++)
            if (!strstr(b.p, list[i].want[j]))
                fail_msg("no \"%s\" in %s", list[i].want[j], b.p);
        if (strstr(b.p, list[i].never))
            fail_msg("\"%s\" in %s", list[i].never, b.p);
    }
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    int fd = dial();
    say(fd, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n");
    hear_all(fd, &b);
    close(fd);
    assert_int_equal(count(b.p, "hello /"), 2);
    assert_int_equal(count(b.p, "Connection: keep-alive\r\n"), 1);
    close_house();
}

static void large_body_and_answer(void **state)
{
    struct http_options o = options();
    open_house(&o);
    _cleanup_(buf_release) struct buf b = BUF_INIT, in = BUF_INIT;
    size_t n = 3 << 20;
    char *body = malloc(n);
    for (size_t i = 0; i < n; i++)
        body[i] = (char)('a' + i % 23);
    int fd = dial();
    buf_printf(&in, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n", n);
    buf_add(&in, body, n);
    assert_true(say_n(fd, in.p, in.n));
    assert_int_equal(hear(fd, &b), 200);
    assert_true(b.n == n && memcmp(b.p, body, n) == 0);
    say(fd, "GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(hear(fd, &b), 200);
    assert_int_equal(b.n, 16 << 20);
    close(fd);
    free(body);
    close_house();
}

static void *no_context(void *ctx, struct err *err)
{
    err_fail(err, ERR_BUSY, 0, NULL);
    return NULL;
}

static void doors(void **state)
{
    char path[] = "/tmp/whs-http-XXXXXX", where[96], door[64];
    assert_non_null(mkdtemp(path));
    snprintf(door, sizeof door, "%s/s", path);
    snprintf(where, sizeof where, "unix:%s", door);
    struct http_options o = options();
    struct sockaddr_un a = { .sun_family = AF_UNIX };
    strcpy(a.sun_path, door);
    int stale = socket(AF_UNIX, SOCK_STREAM, 0); /* what a killed server leaves behind */
    assert_int_equal(bind(stale, (struct sockaddr *)&a, sizeof a), 0);
    close(stale);
    o.listen_also = where;
    open_house(&o);
    struct stat st;
    assert_int_equal(stat(door, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    say(fd, "GET /u HTTP/1.1\r\nHost: whs\r\n\r\n");
    assert_int_equal(hear(fd, &b), 200);
    close(fd);
    assert_sane();

    struct http_server *second = NULL;
    struct err err = { 0 };
    struct http_options taken = options();
    char port[32];
    snprintf(port, sizeof port, "127.0.0.1:%d", http_port(house.s));
    taken.listen = port;
    assert_false(http_start(&taken, &second, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_string_equal(err.arg[0].s, port);
    taken.listen = where;                        /* somebody answers there: it is not stale */
    assert_false(http_start(&taken, &second, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    close_house();
    assert_int_not_equal(stat(door, &st), 0);

    const char *bad[] = { "", "8080", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:-1", "no such host:1", "unix:" };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        taken.listen = bad[i];
        assert_false(http_start(&taken, &second, &err));
        assert_int_equal(err.kind, ERR_INPUT);
    }
    FILE *f = fopen(door, "w");                  /* a file that is no socket is never removed */
    fclose(f);
    taken.listen = where;
    assert_false(http_start(&taken, &second, &err));
    assert_int_equal(stat(door, &st), 0);
    unlink(door);
    rmdir(path);
    taken.listen = "127.0.0.1:0";
    taken.worker_start = no_context;
    assert_false(http_start(&taken, &second, &err));
    assert_int_equal(err.kind, ERR_BUSY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_framing), cmocka_unit_test(hostile_lines), cmocka_unit_test(hostile_request_line),
        cmocka_unit_test(too_large), cmocka_unit_test(must_work), cmocka_unit_test(pipelined), cmocka_unit_test(answers),
        cmocka_unit_test(large_body_and_answer), cmocka_unit_test(doors),
    };
    return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
