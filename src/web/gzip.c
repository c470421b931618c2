/* Pages that are long are sent short: markup of a ledger repeats itself line for line. Below a size nobody waits for it, and the time is better spent. */
#include <zlib.h>

#include "web/inner.h"

enum { GZIP_FROM = 20 << 10, GZIP_LEVEL = 1 };

/* Whether "gzip" is accepted and not with q=0. */
bool gzip_accepted(const struct http_req *h)
{
    for (struct str rest = http_field(h, "accept-encoding"); rest.p;) {
        struct str params, item = str_trim(str_cut(rest, ',', &rest)), name = str_trim(str_cut(item, ';', &params));
        if (str_caseeq(name, STR("gzip")))
            return !str_eqc(str_trim(params), "q=0");
    }
    return false;
}

/* What does not become shorter, or cannot be pressed, goes out as it is. */
void gzip_page(struct http_req *h)
{
    if (h->out.n < GZIP_FROM)
        return;
    http_head(h, "Vary", "Accept-Encoding");
    if (!gzip_accepted(h))
        return;
    z_stream z = { 0 };
    struct buf out = BUF_INIT;
    if (deflateInit2(&z, GZIP_LEVEL, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return;
    char *room = buf_room(&out, h->out.n);
    if (!room) {
        deflateEnd(&z);
        buf_release(&out);
        return;
    }
    z.next_in = (unsigned char *)h->out.p;
    z.avail_in = (unsigned)h->out.n;
    z.next_out = (unsigned char *)room;
    z.avail_out = (unsigned)h->out.n;
    bool whole = deflate(&z, Z_FINISH) == Z_STREAM_END;
    out.n = z.total_out;
    deflateEnd(&z);
    if (!whole) {
        buf_release(&out);
        return;
    }
    buf_release(&h->out);
    h->out = out;
    http_head(h, "Content-Encoding", "gzip");
}
