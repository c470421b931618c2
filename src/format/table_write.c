#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "calendar/date.h"
#include "format/table_inner.h"
#include "messages.h"

enum { FLUSH_AT = 64 * 1024 };

bool table_to_buf(void *ctx, const void *p, size_t n)
{
    struct buf *b = ctx;
    buf_add(b, p, n);
    return !b->over;
}

bool table_to_fd(void *ctx, const void *p, size_t n)
{
    const char *at = p;
    while (n > 0) {
        ssize_t done = write(*(int *)ctx, at, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        at += done;
        n -= (size_t)done;
    }
    return true;
}

/* --- csv ----------------------------------------------------------------------------------------------------------------------- */

struct csv_writer {
    struct table_writer base;
    struct buf line;
    bool first;
};

static void csv_cell(struct table_writer *w, enum table_type type, struct str text, double v)
{
    struct csv_writer *c = (struct csv_writer *)w;
    (void)v;
    if (type == CELL_INT || type == CELL_NUMBER) {           /* -7 is a number, no formula */
        if (!c->first)
            buf_ch(&c->line, ',');
        buf_str(&c->line, text);
    } else {
        csv_put(&c->line, text, c->first);
    }
    c->first = false;
}

static void csv_row_end(struct table_writer *w)
{
    struct csv_writer *c = (struct csv_writer *)w;
    csv_end(&c->line);
    c->first = true;
    if (c->line.n < FLUSH_AT)
        return;
    table_send(w, c->line.p, c->line.n);
    buf_clear(&c->line);
}

static void csv_close(struct table_writer *w)
{
    struct csv_writer *c = (struct csv_writer *)w;
    table_send(w, c->line.p, c->line.n);
}

static void csv_free(struct table_writer *w) { buf_release(&((struct csv_writer *)w)->line); }

static struct table_writer *csv_begin(void)
{
    struct csv_writer *c = xcalloc(1, sizeof *c);
    c->base.cell = csv_cell;
    c->base.row = csv_row_end;
    c->base.close = csv_close;
    c->base.free = csv_free;
    buf_c(&c->line, "\xef\xbb\xbf");
    c->first = true;
    return &c->base;
}

/* --- both ---------------------------------------------------------------------------------------------------------------------- */

void table_send(struct table_writer *w, const void *p, size_t n)
{
    if (w->failed || n == 0)
        return;
    if (!w->sink(w->ctx, p, n))
        w->failed = !err_fail(&w->err, ERR_IO, M_TABLE_CANNOT_WRITE, NULL, A_C(strerror(errno)));
}

bool table_begin(enum table_format format, const struct table_plan *plan, table_sink *sink, void *ctx, struct table_writer **ret, struct err *err)
{
    if (plan->n < 1 || plan->n > TABLE_COLUMNS_MAX)
        return err_fail(err, ERR_LIMIT, M_CSV_TOO_MANY_CELLS, NULL);
    struct table_writer *w = format == FORMAT_XLSX ? table_xlsx_begin(plan) : csv_begin();
    w->sink = sink;
    w->ctx = ctx;
    w->n = plan->n;
    for (int i = 0; i < plan->n; i++)
        table_put(w, plan->field[i].name);
    table_put_row(w);
    if (w->failed)
        return table_end(w, err);
    *ret = w;
    return true;
}

static void put(struct table_writer *w, enum table_type type, struct str text, double v)
{
    if (w->failed)
        return;
    w->cell(w, type, text, v);
    w->at++;
}

void table_put(struct table_writer *w, struct str text)
{
    put(w, CELL_TEXT, text.p ? text : STR(""), 0);
}

void table_put_int(struct table_writer *w, int64_t v)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    buf_i64(&b, v);
    put(w, CELL_INT, buf_view(&b), (double)v);
}

void table_put_number(struct table_writer *w, double v)
{
    char text[40];
    if (!isfinite(v)) {
        table_put(w, STR(""));
        return;
    }
    snprintf(text, sizeof text, "%.15g", v);
    put(w, CELL_NUMBER, str_c(text), v);
}

void table_put_day(struct table_writer *w, day_t d)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    if (d != DAY_NONE)
        date_put_iso(&b, d);
    put(w, d == DAY_NONE ? CELL_TEXT : CELL_DAY, b.n ? buf_view(&b) : STR(""), d);
}

void table_put_instant(struct table_writer *w, instant_t at)
{
    if (at == INSTANT_NONE) {
        table_put(w, STR(""));
        return;
    }
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    day_t d = instant_day(at);
    int minute = (int)((at - day_start(d)) / 60000);
    date_put_iso(&b, d);
    buf_printf(&b, " %02d:%02d", minute / 60, minute % 60);
    put(w, CELL_INSTANT, buf_view(&b), d + minute / 1440.0);
}

void table_put_row(struct table_writer *w)
{
    if (!w->failed)
        w->row(w);
    w->at = 0;
}

bool table_end(struct table_writer *w, struct err *err)
{
    if (!w->failed)
        w->close(w);
    bool ok = !w->failed;
    if (!ok && err)
        *err = w->err;
    table_drop(w);
    return ok;
}

void table_drop(struct table_writer *w)
{
    w->free(w);
    free(w);
}
