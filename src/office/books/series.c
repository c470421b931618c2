/* What a value is shown beside: its own amount, the period before, the year before; and the chart. */
#include "office/books/page.h"

static struct str keep(struct req *rq, struct buf *b)
{
    struct str s = arena_str(rq->arena, b->n ? buf_view(b) : STR(""));
    buf_release(b);
    return s;
}

struct str span_text(struct req *rq, enum every e, int period)
{
    struct buf b = BUF_INIT;
    span_say(&b, rq->lang, e, period);
    return keep(rq, &b);
}

struct str value_text(struct req *rq, int64_t value, int decimals)
{
    struct buf b = BUF_INIT;
    value_write(&b, value, decimals);
    return b.n ? keep(rq, &b) : STR("—");
}

static int64_t at(const struct value *v, size_t n, int period)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].period == period)
            return v[i].value;
    return VALUE_NONE;
}

static bool is_rate(const struct indicator *i) { return str_eqc(i->measure, "%") || str_eqc(i->measure, "％"); }

/* Of a rate that runs from the year's beginning nothing can be subtracted. */
bool books_has_own(const struct indicator *i) { return i->cumulative && !is_rate(i) && i->every != EVERY_YEAR; }

static int64_t own_at(const struct indicator *i, const struct value *v, size_t n, int period)
{
    int before = span_step(i->every, period, -1);
    return books_has_own(i) ? value_own(at(v, n, period), at(v, n, before), before / 100 != period / 100) : at(v, n, period);
}

static struct str grow_text(struct req *rq, const struct indicator *i, int64_t now, int64_t then)
{
    struct buf b = BUF_INIT;
    struct grow g = grow_of(now, then, is_rate(i));
    grow_write(&b, g, i->decimals);
    if (g.kind == GROW_POINTS)
        buf_printf(&b, " %s", tr_text(rq->lang, M_BOOKS_POINTS));
    return keep(rq, &b);
}

struct figure_view figure_show(struct req *rq, const struct indicator *i, int64_t unit_id, const struct value *v, size_t n, int period)
{
    struct figure_view f = { .period = span_text(rq, i->every, period), .note = STR("") };
    int before = span_step(i->every, period, -1);
    int64_t now = at(v, n, period);
    struct buf code = BUF_INIT;
    span_write(&code, i->every, period);
    f.href = arena_printf(rq->arena, "/books/indicators/%lld/%.*s?unit=%lld", (long long)i->id, STR_ARG(buf_view(&code)), (long long)unit_id);
    buf_release(&code);
    f.value = value_text(rq, now, i->decimals);
    f.own = books_has_own(i) ? value_text(rq, own_at(i, v, n, period), i->decimals) : STR("");
    f.prev = grow_text(rq, i, own_at(i, v, n, period), own_at(i, v, n, before));
    f.year = grow_text(rq, i, now, at(v, n, period - 100));
    for (size_t k = 0; k < n; k++)
        if (v[k].period == period)
            f.note = v[k].note;
    return f;
}

/* --- the chart ----------------------------------------------------------------------------------------------------------------------------- */

enum { CHART_W = 780, CHART_H = 190, CHART_TOP = 26, CHART_FOOT = 168, CHART_BARS = 13 };

static struct str foot(struct req *rq, enum every e, int period, bool first)
{
    int month = period % 100;
    bool year = e == EVERY_YEAR || first || month == (e == EVERY_MONTH ? 1 : 3);
    if (e == EVERY_YEAR)
        return arena_printf(rq->arena, "%d", period / 100);
    if (e == EVERY_QUARTER)
        return year ? arena_printf(rq->arena, "%d-Q%d", period / 100, month / 3) : arena_printf(rq->arena, "Q%d", month / 3);
    return year ? arena_printf(rq->arena, "%d-%02d", period / 100, month) : arena_printf(rq->arena, "%02d", month);
}

/* y of a value on a scale from lo to hi; 128 bits, for values are large. */
static int64_t scaled(int64_t v, int64_t lo, int64_t hi)
{
    return CHART_FOOT - (int64_t)(((__int128)v - lo) * (CHART_FOOT - CHART_TOP) / ((__int128)hi - lo));
}

void chart_make(struct req *rq, const struct indicator *i, struct str whose, const struct value *v, size_t n, struct chart *c)
{
    int last = 0, first;
    int64_t lo = 0, hi = 0, step = CHART_W / CHART_BARS;
    *c = (struct chart){ .n = 0 };
    for (size_t k = 0; k < n; k++)
        if (v[k].value != VALUE_NONE) {
            last = v[k].period;
            c->n++;
        }
    if (c->n < 2)
        return;
    c->n = 0;
    first = last;
    for (int k = 1; k < CHART_BARS && first > v[0].period; k++)
        first = span_step(i->every, first, -1);
    for (size_t k = 0; k < n; k++)
        if (v[k].period >= first && v[k].value != VALUE_NONE) {
            lo = v[k].value < lo ? v[k].value : lo;
            hi = v[k].value > hi ? v[k].value : hi;
        }
    hi = hi == lo ? lo + 1 : hi;
    c->bar = arena_array(rq->arena, struct bar, CHART_BARS + 1);
    c->base_y = scaled(0, lo, hi);
    for (int p = first; p <= last && c->n < CHART_BARS; p = span_step(i->every, p, 1)) {
        int64_t value = at(v, n, p), x = (int64_t)c->n * step;
        struct bar *b = &c->bar[c->n];
        int64_t y = value == VALUE_NONE ? c->base_y : scaled(value, lo, hi), top = y < c->base_y ? y : c->base_y;
        *b = (struct bar){ x + 8, top, step - 16, y < c->base_y ? c->base_y - y : y - c->base_y, x + step / 2, top - 6, CHART_H - 4,
                           value_text(rq, value, i->decimals), foot(rq, i->every, p, c->n == 0) };
        c->n++;
    }
    c->title = FACE_SAY(rq, M_BOOKS_CHART, A_STR(i->name), A_STR(whose), A_STR(i->measure));
    c->desc = FACE_SAY(rq, M_BOOKS_CHART_DESC, A_STR(span_text(rq, i->every, first)), A_STR(span_text(rq, i->every, last)), A_STR(c->bar[0].value),
                       A_STR(c->bar[c->n - 1].value));
}
