/* A month in JSON, for the API and --json. */
#include "calendar/date_json.h"
#include "office/closing/inside.h"

static void put_period(struct buf *b, const char *key, int period)
{
    struct buf text _cleanup_(buf_release) = BUF_INIT;
    buf_printf(&text, "%04d-%02d", period / 100, period % 100);
    json_put_str(b, key, buf_view(&text));
}

static void put_figures(struct buf *b, const struct figures *f)
{
    json_put_int(b, "opening", f->opening);
    json_put_int(b, "new", f->added);
    json_put_int(b, "reopened", f->reopened);
    json_put_int(b, "moved_in", f->moved_in);
    json_put_int(b, "settled", f->settled);
    json_put_int(b, "withdrawn", f->withdrawn);
    json_put_int(b, "moved_out", f->moved_out);
    json_put_int(b, "carried", f->carried);
}

static void put_dims(struct buf *b, const struct closing_view *v)
{
    json_key(b, "dimensions");
    json_arr(b);
    for (size_t i = 0; i < v->n_dims; i++) {
        json_obj(b);
        json_put_str(b, "dimension", v->dims[i].dim);
        json_put_str(b, "name", v->dims[i].name);
        put_figures(b, &v->dims[i]);
        json_obj_end(b);
    }
    json_arr_end(b);
}

static void put_entries(struct buf *b, const struct closing_view *v)
{
    json_key(b, "entries");
    json_arr(b);
    for (size_t i = 0; i < v->n_lines; i++) {
        const struct closing_entry *e = &v->open[i];
        json_obj(b);
        json_put_str(b, "number", e->line.number);
        json_put_str(b, "title", e->line.title);
        json_put_instant(b, "deadline", e->line.due);
        json_put_bool(b, "overdue", e->overdue);
        json_put_str(b, "reason", e->reason);
        json_put_bool(b, "written", e->written);
        json_put_int(b, "carried_before", e->carried_before);
        if (e->since_period)
            put_period(b, "since", e->since_period);
        json_obj_end(b);
    }
    json_arr_end(b);
}

void closing_put_view(struct buf *b, const struct closing_view *v)
{
    json_obj(b);
    put_period(b, "period", v->period);
    json_put_bool(b, "closed", v->closed);
    json_put_bool(b, "may_close", v->may_close);
    json_put_day(b, "clearing_day", v->clearing_day);
    json_put_bool(b, "presumed", v->presumed);
    json_put_instant(b, "closed_at", v->closed_at);
    json_put_str(b, "closed_by", v->closed_by);
    json_put_int(b, "journal_seq", v->journal_seq);
    put_figures(b, &v->office);
    json_put_int(b, "overdue", (int64_t)v->n_overdue);
    put_dims(b, v);
    put_entries(b, v);
    json_obj_end(b);
}

void closing_put_head(struct buf *b, const struct closing_head *h)
{
    json_obj(b);
    put_period(b, "period", h->period);
    json_put_bool(b, "closed", true);
    json_put_bool(b, "presumed", h->presumed);
    json_put_instant(b, "closed_at", h->at);
    json_put_str(b, "closed_by", h->by);
    json_put_int(b, "journal_seq", h->journal_seq);
    put_figures(b, &h->office);
    json_obj_end(b);
}
