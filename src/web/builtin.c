/* What every server has: assets, a sign of life, figures. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "assets.h"
#include "messages.h"
#include "store/journal.h"
#include "web/inner.h"

bool asset_answer(struct http_req *h)
{
    if ((h->method != HTTP_GET_ && h->method != HTTP_HEAD_) || !str_starts(h->path, STR("/assets/")))
        return false;
    const struct asset *a = asset_find(h->path);
    if (!a)
        return false;
    bool gz = gzip_accepted(h) && a->gz_size < a->size;
    h->status = 200;
    h->out_type = a->type;
    h->out_static = gz ? str_n((const char *)a->gz, a->gz_size) : str_n((const char *)a->data, a->size);
    http_head(h, "Cache-Control", "public, max-age=31536000, immutable");
    http_head(h, "Vary", "Accept-Encoding");
    if (gz)
        http_head(h, "Content-Encoding", "gzip");
    return true;
}

/* A worker ran and the database answered it: that is what "alive" means here. */
static void healthz(struct req *rq)
{
    struct buf b = BUF_INIT;
    struct journal_head head;
    struct err err;
    if (!journal_head(rq->db, STORE_OFFICE_SHARED, &head, &err)) {
        req_fail(rq, &err);
        return;
    }
    buf_c(&b, "ok\n");
    req_json(rq, 200, &b);
    rq->http->out_type = "text/plain; charset=utf-8";
}

static int64_t resident_bytes(void)
{
    long pages = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "re");
    if (f && fscanf(f, "%ld %ld", &pages, &resident) != 2)
        resident = 0;
    if (f)
        fclose(f);
    return (int64_t)resident * sysconf(_SC_PAGESIZE);
}

static void gauge(struct buf *b, const char *name, int64_t v)
{
    buf_printf(b, "# TYPE whs_%s gauge\nwhs_%s %lld\n", name, name, (long long)v);
}

static void counter(struct buf *b, const char *name, int64_t v)
{
    buf_printf(b, "# TYPE whs_%s counter\nwhs_%s_total %lld\n", name, name, (long long)v);
}

/* Work that is due and not done, of all offices: a stopped runner is seen by this, whichever server is asked. */
static bool put_jobs(struct req *rq, struct buf *b, struct err *err)
{
    struct runner_stats r;
    struct job_due due;
    if (!job_due(rq->db, rq->now, &due, err))
        return false;
    runner_stats(rq->web->o.runner, &r);
    counter(b, "jobs", r.done);
    counter(b, "jobs_failed", r.failed);
    counter(b, "jobs_lost", r.lost);
    gauge(b, "offices_with_due_jobs", due.offices);
    gauge(b, "oldest_due_job_seconds", due.offices ? (rq->now - due.since) / 1000 : 0);
    return true;
}

static void metrics(struct req *rq)
{
    struct http_stats h;
    struct store_stats s;
    struct buf b = BUF_INIT;
    struct err err;
    if (!put_jobs(rq, &b, &err)) {
        buf_release(&b);
        req_fail(rq, &err);
        return;
    }
    http_stats(rq->web->http, &h);
    store_stats(rq->store, &s);
    gauge(&b, "connections", h.connections);
    gauge(&b, "streams", h.streams);
    counter(&b, "requests", h.requests);
    counter(&b, "requests_refused", h.refused);
    counter(&b, "received_bytes", h.bytes_in);
    counter(&b, "sent_bytes", h.bytes_out);
    buf_c(&b, "# TYPE whs_answers counter\n");
    for (int i = 2; i <= 5; i++)
        buf_printf(&b, "whs_answers_total{status=\"%dxx\"} %lld\n", i, (long long)atomic_load(&rq->web->answers[i]));
    counter(&b, "writes", s.writes);
    counter(&b, "writes_refused", s.refused);
    counter(&b, "write_batches", s.batches);
    counter(&b, "write_reruns", s.reruns);
    counter(&b, "commits", s.commits);
    counter(&b, "syncs", s.syncs);
    gauge(&b, "sync_microseconds", s.sync_us);
    gauge(&b, "resident_bytes", resident_bytes());
    buf_c(&b, "# EOF\n");
    req_json(rq, 200, &b);
    rq->http->out_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
}

static const struct route ROUTES[] = {
    { "GET", "/healthz", healthz, ROLE_ANYONE, 0, true },
    { "GET", "/metrics", metrics, ROLE_ANYONE, 0, true },
    { "GET", "/live", live_get, ROLE_ANY, 0, false },
    { "GET", "/api/openapi.json", openapi_answer, ROLE_ANYONE, 0, true },
};
const struct web_routes builtin_routes = { ROUTES, ARRAY_LEN(ROUTES) };
