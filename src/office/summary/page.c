/* GET /summary, GET /summary/rows, GET /api/v1/summary. */
#include "calendar/date.h"
#include "messages.h"
#include "office/summary/inside.h"
#include "office/summary/page.h"
#include "summary_html.h"

static struct str query_or_empty(struct req *rq, const char *name)
{
    struct str s = req_query(rq, name);
    return s.p ? s : STR("");
}

static bool period(struct req *rq, day_t *from, day_t *to, struct err *err)
{
    return summary_period(query_or_empty(rq, "year"), query_or_empty(rq, "from"), query_or_empty(rq, "to"), rq->today, from, to, err);
}

/* In January one looks back at the year that has just ended. */
static bool page_period(struct req *rq, day_t *from, day_t *to, struct err *err)
{
    struct civil today = date_civil(rq->today);
    if (today.month > 1 || req_query(rq, "year").n || req_query(rq, "from").n || req_query(rq, "to").n)
        return period(rq, from, to, err);
    *from = date_day(today.year - 1, 1, 1);
    *to = date_day(today.year, 1, 1) - 1;
    return true;
}

static void get_api(struct req *rq)
{
    struct buf out _cleanup_(buf_release) = BUF_INIT;
    struct summary s;
    struct err err;
    day_t from, to;
    if (!period(rq, &from, &to, &err) || !summary_make(rq->db, rq->arena, rq->actor, from, to, true, rq->lang, &s, &err))
        return req_fail(rq, &err);
    summary_put(&out, &s, rq->lang);
    req_json(rq, 200, &out);
}

static void fill_paragraphs(struct req *rq, struct summary_page *v, struct str text)
{
    size_t cap = 0;
    while (text.n) {
        struct str one = str_cut(text, '\n', &text);
        arena_push(rq->arena, v->paragraphs, v->n_paragraphs, cap) = one;
    }
}

static void get_page(struct req *rq)
{
    struct summary_page *v = arena_new(rq->arena, struct summary_page);
    struct summary s;
    struct err err;
    if (!page_period(rq, &v->from, &v->to, &err) || !summary_make(rq->db, rq->arena, rq->actor, v->from, v->to, false, rq->lang, &s, &err))
        return req_fail(rq, &err);
    fill_paragraphs(rq, v, s.text);
    v->lines = arena_array(rq->arena, struct summary_line, s.n + 1);
    for (; v->n < s.n; v->n++) {
        const struct summary_figure *f = &s.figures[v->n];
        v->lines[v->n] = (struct summary_line){ summary_name(rq->arena, f, rq->lang), f->key, f->value.value, face_unit(rq->lang, f->figure->unit) };
    }
    face_frame(rq, &v->frame, "/summary", FACE_SAY(rq, M_SUMMARY_TITLE));
    struct html out = req_page(rq);
    html_summary(&out, v);
    req_html(rq, 200, &out);
}

static void get_rows(struct req *rq)
{
    struct summary_rows_page *v = arena_new(rq->arena, struct summary_rows_page);
    struct summary_figure f;
    struct err err;
    if (!period(rq, &v->from, &v->to, &err) ||
        !summary_rows(rq->db, rq->arena, rq->actor, query_or_empty(rq, "key"), v->from, v->to, &f, &err))
        return req_fail(rq, &err);
    v->name = summary_name(rq->arena, &f, rq->lang);
    v->query = str_c(tr_text(rq->lang, f.figure->query));
    v->value = f.value.value;
    v->unit = face_unit(rq->lang, f.figure->unit);
    v->rows = f.value.rows;
    v->n = f.value.n_rows;
    face_frame(rq, &v->frame, "/summary", v->name);
    struct html out = req_page(rq);
    html_summary_rows(&out, v);
    req_html(rq, 200, &out);
}

const struct route summary_routes[SUMMARY_ROUTES] = {
    { "GET", "/summary", get_page, ROLE_SECTION },
    { "GET", "/summary/rows", get_rows, ROLE_SECTION },
    { "GET", "/api/v1/summary", get_api, ROLE_SECTION, .api = true },
};
