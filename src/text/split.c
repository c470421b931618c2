/* Several matters in one text: numbered items, a table's rows, lines that each begin with a unit, 分工 parted by semicolons. */
#include <string.h>

#include "base/utf8.h"
#include "text/inside.h"

/* --- a matter by itself? ------------------------------------------------------------------------------------------------------------ */

static bool stands_alone(struct paper *p, struct propose_span s)
{
    if (s.to <= s.from || utf8_count(text_of(p, s)) < 6)
        return false;
    return units_named(p, s) || deadline_in(p, s);
}

/* --- numbered items -------------------------------------------------------------------------------------------------------------------- */

/* End of line k's item: before the next line of its level or above, but what closes the paper does not belong to the last item. */
static size_t item_end(const struct paper *p, size_t k, size_t end)
{
    size_t j = k + 1;
    while (j < end && !(p->line[j].level && p->line[j].level <= p->line[k].level) && !text_masked(p, p->line[j].from, IN_SIGNATURE | IN_COPY))
        j++;
    return j;
}

static bool closes(const struct paper *p, const struct line *l)          /* 以上事项请于…, 请各单位… behind the last item */
{
    static const char *const WORDS[] = { "以上", "上述", "请各", "请有关", "请相关", "各单位", "各责任单位", "特此", "联系人", "请于", "请牵头", "请按", "请按照", "请大家", "各牵头", NULL };
    return !l->level && (text_any(p, l->from, l->to, WORDS) || text_masked(p, l->from, IN_CONTACT));
}

/* The matters among lines [k, end): items of the finest level that has at least two. */
static size_t items(struct paper *p, size_t k, size_t end, struct part *ret, size_t cap, int depth)
{
    size_t n = 0;
    while (k < end && n < cap) {
        struct line *l = &p->line[k];
        if (!l->level || l->level == 5 || text_masked(p, l->from, IN_HEAD)) {
            k++;
            continue;
        }
        size_t next = item_end(p, k, end), last = next;
        while (last > k + 1 && next == end && closes(p, &p->line[last - 1]))
            last--;
        for (size_t j = k + 1; j < last && next == end; j++)
            if (closes(p, &p->line[j]) && !units_named(p, (struct propose_span){ p->line[j].from, p->line[j].to })) {
                last = j;
                break;
            }
        struct propose_span s = { l->text, p->line[last - 1].to };
        size_t inner = depth < 4 ? items(p, k + 1, last, ret + n, cap - n, depth + 1) : 0;
        if (inner >= 2)
            n += inner;
        else if (stands_alone(p, s))
            ret[n++] = (struct part){ .span = s };
        k = next;
    }
    return n;
}

/* --- lines that each begin with a unit, with or without @ ------------------------------------------------------------------------------------ */

static size_t by_unit_lines(struct paper *p, struct part *ret, size_t cap)
{
    static const char *const BEHIND[] = { "：", ":", "，", " ", "　", "负责", "牵头", "于", "要", "须", NULL };
    size_t n = 0;
    for (size_t k = 0; k < p->n_lines && n < cap; k++) {
        const struct line *l = &p->line[k];
        size_t at = l->text + (text_at(p, l->text, "@") ? 1 : 0);
        const struct hit *h = names_at(p, at);
        if (!h || !name_acts(h) || text_masked(p, at, IN_ADDRESSEES | IN_SIGNATURE | IN_HEAD | IN_COPY | IN_CONTACT) || !(text_any(p, h->to, l->to, BEHIND) || deadline_in(p, (struct propose_span){ h->to, l->to })))
            continue;
        if (l->to - h->to >= 12)
            ret[n++] = (struct part){ .span = { at, l->to } };
    }
    return n;
}

/* --- 市商务局…；市财政局… --------------------------------------------------------------------------------------------------------------------- */

static size_t by_semicolons(struct paper *p, struct part *ret, size_t cap)
{
    static const char *const LEAD_IN[] = { "请", "由", "一是", "二是", "三是", "四是", "五是", "其中", "，", "：", "（1）", "（2）", "（3）", "（4）", NULL };
    for (size_t k = 0; k < p->n_lines; k++) {
        const struct line *l = &p->line[k];
        size_t at = l->text, n = 0, segments = 0;
        if (text_find(p, l->from, l->to, "；") == NOWHERE || text_masked(p, l->from, IN_ADDRESSEES | IN_HEAD | IN_COPY))
            continue;
        while (at < l->to && n < cap) {
            size_t end = text_find(p, at, l->to, "；"), from = at, m;
            end = text_sentence_end(p, at, end == NOWHERE ? l->to : end);
            size_t colon = text_find(p, at, end, "：");                  /* 分工如下：市商务局… */
            if (segments == 0 && colon != NOWHERE && (names_at(p, colon + 3) || text_at(p, colon + 3, "请") || text_at(p, colon + 3, "由")))
                from = colon + 3;
            while ((m = text_any(p, from, end, LEAD_IN)) > 0)
                from += m;
            const struct hit *h = names_at(p, from);
            if (h && name_acts(h) && end - h->to >= 12 && !text_at(p, h->to, "、"))
                ret[n++] = (struct part){ .span = { from, end } };
            segments++;
            at = end < l->to ? text_step(p, end) : l->to;
        }
        if (n >= 2)
            return n;
    }
    return 0;
}

/* --- tables ------------------------------------------------------------------------------------------------------------------------------------ */

enum { CELLS = 16 };

static int cells(const struct paper *p, const struct line *l, struct propose_span *ret)
{
    int n = 0;
    size_t from = l->from;
    for (size_t i = l->from; i <= l->to && n < CELLS; i = i < l->to ? text_step(p, i) : i + 1) {
        bool mark = i < l->to && (p->s.p[i] == '\t' || p->s.p[i] == '|' || text_at(p, i, "｜"));
        if (i < l->to && !mark)
            continue;
        if (!(n == 0 && from == i && mark)) {    /* a leading bar is no cell */
            struct propose_span s = text_trim(p, (struct propose_span){ from, i });
            ret[n++] = s.to > s.from ? s : (struct propose_span){ i, i };
        }
        from = i < l->to ? text_step(p, i) : i;
    }
    return n;
}

static int column(const struct paper *p, const struct propose_span *head, int n, const char *const *words)
{
    for (int w = 0; words[w]; w++)
        for (int i = 0; i < n; i++)
            if (text_find(p, head[i].from, head[i].to, words[w]) != NOWHERE)
                return i;
    return NONE;
}

static size_t table(struct paper *p, struct part *ret, size_t cap)
{
    static const char *const MATTER[] = { "事项", "任务", "内容", "问题", "标题", "名称", "工作", NULL }, *const WHO[] = { "牵头", "责任", "主办", "承办", "单位", "部门", NULL };
    static const char *const HELP[] = { "配合", "协办", "会办", "协助", NULL };
    struct propose_span head[CELLS], cell[CELLS];
    size_t n = 0;
    for (size_t k = 0; k + 1 < p->n_lines; k++) {
        int width = p->line[k].level == 5 ? cells(p, &p->line[k], head) : 0, what, who;
        if (width < 2 || (what = column(p, head, width, MATTER)) == NONE || (who = column(p, head, width, WHO)) == NONE || what == who)
            continue;
        for (size_t j = k + 1; j < p->n_lines && p->line[j].level == 5 && n < cap; j++) {
            int m = cells(p, &p->line[j], cell);
            int help = column(p, head, width, HELP);
            if (m > what && cell[what].to > cell[what].from && text_find(p, cell[what].from, cell[what].to, "---") == NOWHERE)
                ret[n++] = (struct part){ .span = { p->line[j].from, p->line[j].to }, .title = cell[what],
                                           .lead = m > who ? cell[who] : (struct propose_span){ 0, 0 },
                                           .assist = help != NONE && help != who && m > help ? cell[help] : (struct propose_span){ 0, 0 } };
        }
        return n;
    }
    return 0;
}

size_t split(struct paper *p, struct part *ret, size_t cap)
{
    size_t n = table(p, ret, cap);
    if (n >= 1)
        return n;
    if (p->notice)                               /* the points of a meeting's notice are one matter */
        return 0;
    n = items(p, 0, p->n_lines, ret, cap, 0);
    if (n >= 2 || (n == 1 && p->n_lines && ret[0].span.from == p->line[0].text && p->line[0].level))
        return n;
    n = by_unit_lines(p, ret, cap);
    if (n >= 2)
        return n;
    n = by_semicolons(p, ret, cap);
    return n >= 2 ? n : 0;
}
