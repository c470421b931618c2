/* Lines and their item marks: 一、 （一） 1. （1）, and rows of tables. */
#include <string.h>

#include "base/utf8.h"
#include "text/inside.h"

size_t text_figures(const struct paper *p, size_t i, size_t to, bool han)
{
    static const char *const HAN[] = { "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "百", NULL };
    size_t n;
    while (i < to && ((!han && p->s.p[i] >= '0' && p->s.p[i] <= '9') || (han && (n = text_any(p, i, to, HAN)) > 0)))
        i += han ? n : 1;
    return i;
}

/* 一、 （一） 1. 1、 （1） ① 第一， */
static void item_mark(const struct paper *p, struct line *l)
{
    static const char *const OPEN[] = { "（", "(", NULL }, *const CLOSE[] = { "）", ")", NULL }, *const HAN_END[] = { "、", "．", NULL },
                     *const END[] = { "、", "．", "）", ")", NULL };
    static const char *const RINGS[] = { "①", "②", "③", "④", "⑤", "⑥", "⑦", "⑧", "⑨", "⑩", NULL };
    size_t i = l->from, n = text_any(p, i, l->to, OPEN), end;
    l->text = l->from;
    if (n) {
        bool han = text_figures(p, i + n, l->to, true) > i + n;
        end = text_figures(p, i + n, l->to, han);
        size_t m = text_any(p, end, l->to, CLOSE);
        if (end > i + n && m) {
            l->level = han ? 2 : 4;
            l->text = end + m;
        }
    } else if ((n = text_any(p, i, l->to, RINGS)) > 0) {
        l->level = 4;
        l->text = i + n;
    } else if ((end = text_figures(p, i, l->to, true)) > i && (n = text_any(p, end, l->to, HAN_END)) > 0) {
        l->level = 1;
        l->text = end + n;
    } else if ((end = text_figures(p, i, l->to, false)) > i && end - i <= 3) {
        n = text_any(p, end, l->to, END);
        if (!n && text_at(p, end, ".") && !(end + 1 < l->to && p->s.p[end + 1] >= '0' && p->s.p[end + 1] <= '9'))
            n = 1;
        l->level = n ? 3 : 0;
        l->text = n ? end + n : l->from;
    }
    while (l->text < l->to && (text_at(p, l->text, " ") || text_at(p, l->text, "　")))
        l->text = text_step(p, l->text);
}

static bool has_cells(const struct paper *p, size_t from, size_t to)
{
    int n = 0;
    for (size_t i = from; i < to; i++)
        n += p->s.p[i] == '\t' || p->s.p[i] == '|' || text_at(p, i, "｜");
    return n >= 2;
}

void lines_find(struct paper *p)
{
    size_t cap = 0;
    for (size_t i = 0; i < p->s.n;) {
        const char *nl = memchr(p->s.p + i, '\n', p->s.n - i);
        size_t end = nl ? (size_t)(nl - p->s.p) : p->s.n;
        struct line l = { .from = i, .to = end };
        bool cells = has_cells(p, i, end);
        while (l.from < l.to && (text_at(p, l.from, " ") || text_at(p, l.from, "\t") || text_at(p, l.from, "\r") || text_at(p, l.from, "　")))
            l.from = text_step(p, l.from);
        while (l.to > l.from && (text_before(p, l.to, " ") || text_before(p, l.to, "\t") || text_before(p, l.to, "\r") || text_before(p, l.to, "　")))
            l.to = text_back(p, l.to);
        if (l.from < l.to) {
            item_mark(p, &l);
            if (cells) {
                l.level = 5;
                l.text = l.from;
            }
            arena_push(p->a, p->line, p->n_lines, cap) = l;
        }
        i = end + 1;
    }
}
