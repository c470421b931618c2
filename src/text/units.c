/* Who is responsible. Labels speak first (牵头单位：), then words beside names (X牵头, X会同Y, 请X), then the place (X：…). The first named of a row leads. */
#include <string.h>

#include "base/utf8.h"
#include "text/inside.h"

enum { NAME_BYTES = 120 };
enum { NO_NAME = IN_TITLE_MARKS | IN_ADDRESSEES | IN_SIGNATURE | IN_CONTACT | IN_HEAD | IN_COPY };

static const char *const JOINTS[] = { "、", "，", "和", "及", "与", "；", ",", ";", " ", "　", "/", "@", "等单位", "等部门", "等", "（牵头）", "（主办）", NULL };
static const char *const COLON[] = { "：", ":", " ", "|", "｜", NULL };

static const struct hit *usable(const struct paper *p, size_t i)
{
    const struct hit *h = names_at(p, i);
    return h && name_acts(h) && !text_masked(p, i, NO_NAME) ? h : NULL;
}

static void lead_set(struct propose_matter *m, const struct hit *h)
{
    if (!value_any(&m->field[PROPOSE_LEAD]))
        value_set(&m->field[PROPOSE_LEAD], h->name->says, (struct propose_span){ h->from, h->to });
}

static void assist_add(struct paper *p, struct propose_matter *m, const struct hit *h)
{
    if (!str_eq(h->name->says, m->field[PROPOSE_LEAD].text))
        value_join(p, &m->field[PROPOSE_ASSIST], h->name->says, (struct propose_span){ h->from, h->to });
}

/* A row of names from i; the first leads (or all assist). What stands there and is no known name is kept as unknown. Gives where the row ends. */
static size_t row_read(struct paper *p, size_t i, size_t to, bool leads, bool label, struct propose_matter *m)
{
    static const char *const STOP[] = { "。", "；", ";", "）", ")", "\n", "|", "｜", "\t", "】", NULL };
    bool first = leads;
    while (i < to) {
        size_t n = text_any(p, i, to, JOINTS);
        if (label && text_any(p, i, to, STOP))
            break;
        if (n) {
            i += n;
            continue;
        }
        const struct hit *h = usable(p, i);
        if (h) {
            if (first && !value_any(&m->field[PROPOSE_LEAD]))
                lead_set(m, h);
            else
                assist_add(p, m, h);
            first = false;
            i = h->to;
            continue;
        }
        if (!label)
            break;
        size_t end = i;                          /* a name of no table */
        while (end < to && end - i < NAME_BYTES && !text_any(p, end, to, STOP) && !text_any(p, end, to, JOINTS) && !text_any(p, end, to, COLON))
            end = text_step(p, end);
        static const char *const NEXT_LABEL[] = { "配合", "完成时限", "时限", "办理时限", "协办", "责任人", "责任领导", "责任", "牵头", "承办", "主办", "联系", "（", NULL };
        if (text_any(p, i, to, NEXT_LABEL) || end == i || end - i >= NAME_BYTES)
            break;
        struct propose_span s = text_trim(p, (struct propose_span){ i, end });
        bool collective = text_at(p, s.from, "各") || text_find(p, s.from, s.to, "有关") != NOWHERE || text_find(p, s.from, s.to, "相关") != NOWHERE;
        if (!collective && s.to > s.from) {
            m->unknown = m->unknown.n ? m->unknown : text_of(p, s);
            m->doubts |= PROPOSE_UNKNOWN_UNIT;
            if (first && m->field[PROPOSE_LEAD].n_spans == 0) {
                m->field[PROPOSE_LEAD].span[0] = s;
                m->field[PROPOSE_LEAD].n_spans = 1;
            }
        }
        first = first && collective;
        if (end == i || end >= to)
            break;
        i = end;
        if (!collective && leads && !value_any(&m->field[PROPOSE_LEAD]))
            first = false;
    }
    return i;
}

/* Whether somebody unknown was named first: then nobody else becomes the lead. */
static bool settled(const struct propose_matter *m) { return m->field[PROPOSE_LEAD].n_spans > 0; }

static void by_label(struct paper *p, struct propose_span s, struct propose_matter *m)
{
    static const char *const LEAD[] = { "牵头单位", "责任单位", "承办单位", "主办单位", "牵头部门", "责任部门", "承办部门", "主办部门", "落实单位", "责任主体", "承办科室", "主办", "承办", "牵头", NULL };
    static const char *const ASSIST[] = { "配合单位", "协办单位", "配合部门", "协办部门", "会办单位", "参与单位", "协助单位", "配合", "协办", "会办", NULL };
    for (size_t i = s.from; i < s.to;) {
        size_t n = text_any(p, i, s.to, ASSIST), lead = n ? 0 : text_any(p, i, s.to, LEAD), c;
        size_t at = i + (n ? n : lead);
        if ((n || lead) && (c = text_any(p, at, s.to, COLON)) > 0 && !(text_at(p, at, " ") && !usable(p, at + 1))) {
            at += c;
            while (text_at(p, at, " ") || text_at(p, at, "　"))
                at = text_step(p, at);
            i = row_read(p, at, s.to, lead > 0, true, m);
            i = i > at ? i : at;
        } else {
            i = text_step(p, i);
        }
    }
}

/* The first name of the row that ends with hit k. */
static size_t row_begin(const struct paper *p, size_t k, size_t from)
{
    static const char *const BETWEEN[] = { "、", "和", "及", "与", "，", NULL };
    while (k > 0 && p->hit[k - 1].from >= from && name_acts(&p->hit[k - 1]) && text_any(p, p->hit[k - 1].to, p->s.n, BETWEEN) == p->hit[k].from - p->hit[k - 1].to &&
           p->hit[k].from > p->hit[k - 1].to)
        k--;
    return k;
}

/* X牵头，|会同Y: who is brought in where the words do not stand behind the lead's own name. */
static void by_joining(struct paper *p, struct propose_span s, struct propose_matter *m)
{
    static const char *const WITH[] = { "会同", "协同", "联合", "商", "配合", NULL }, *const LEFT[] = { "，", "、", "；", "牵头", "负责", "主办", "承办", "并", "积极", "前", NULL };
    for (size_t i = s.from, n; i < s.to; i = text_step(p, i))
        if ((n = text_any(p, i, s.to, WITH)) > 0 && usable(p, i + n) && (!text_at(p, i, "商") || text_any_before(p, i, LEFT)) && (!text_at(p, i, "配合") || text_any_before(p, i, LEFT)))
            row_read(p, i + n, s.to, false, false, m);
}

/* X牵头, X会同Y, X、Y负责, Y配合 */
static void by_word(struct paper *p, struct propose_span s, struct propose_matter *m)
{
    static const char *const LEADS[] = { "牵头", "负责", "为牵头", "主办", "承办", "按职责", "按照职责", "具体负责", "具体承办", "要牵头", "总牵头", "按职责分工", "分别负责", "会同", "商", NULL };
    static const char *const WITH[] = { "会同", "商", NULL }, *const HELPS[] = { "配合", "协助", "协办", "参与", "积极配合", "参加", "协同", NULL };
    for (int pass = 0; pass < 2; pass++)
        for (size_t k = names_first(p, s.from); k < p->n_hits && p->hit[k].to <= s.to; k++) {
            const struct hit *h = &p->hit[k];
            if (!usable(p, h->from))
                continue;
            if (pass == 0 && text_any(p, h->to, s.to, LEADS) && !settled(m)) {
                size_t b = row_begin(p, k, s.from);
                lead_set(m, &p->hit[b]);
                for (size_t j = b + 1; j <= k; j++)
                    assist_add(p, m, &p->hit[j]);
                size_t n = text_any(p, h->to, s.to, WITH);
                if (n)
                    row_read(p, h->to + n, s.to, false, false, m);
            } else if (pass == 1 && text_any(p, h->to, s.to, HELPS) && settled(m)) {
                for (size_t j = row_begin(p, k, s.from); j <= k; j++)
                    assist_add(p, m, &p->hit[j]);
            }
        }
    if (value_any(&m->field[PROPOSE_LEAD]))
        by_joining(p, s, m);
}

static bool reports(const struct paper *p, size_t i)         /* 市商务局来电： is who speaks */
{
    static const char *const WORDS[] = { "来电", "来函", "来文", "报来", "报送的", "反映", "请示", "报告称", "转来", "通知", "函告", "发来", "送来", "关于", "提出的", "已", "起草的", "代拟", "反馈的", "汇报了", "报告", "上报的", "的", "回复", "答复称", NULL };
    return text_any(p, i, p->s.n, WORDS) > 0;
}

static bool opens_line(const struct paper *p, size_t i)
{
    size_t lo = 0, hi = p->n_lines;              /* the last line that begins at or before i */
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (p->line[mid].from <= i)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo > 0 && p->line[lo - 1].text == i;
}

/* 请X…, 由X…, 转X办理, @X; then a name that opens a line, an item, or the sentence that asks. */
static void by_place(struct paper *p, struct propose_span s, struct propose_matter *m)
{
    static const char *const ASKS[] = { "请", "由", "责成", "督促", "交由", "转", "@", "交", "烦请", "商请", "批转", "要求", "协调", "安排", "并请", "委托", "送", "转告", "告知", "通知", NULL };
    static const char *const OPENS[] = { "。", "；", "\n", "！", "：", "】", "：“", "“", "|", "｜", "\t", "，", NULL };
    for (int pass = 0; pass < 2 && !settled(m); pass++)
        for (size_t k = names_first(p, s.from); k < p->n_hits && p->hit[k].to <= s.to && !settled(m); k++) {
            const struct hit *h = &p->hit[k];
            if (!usable(p, h->from) || reports(p, h->to))
                continue;
            bool asked = text_any_before(p, h->from, ASKS) > 0 && !text_before(p, h->from, "申请") && !text_before(p, h->from, "邀请") && !text_before(p, h->from, "报送");
            bool opens = h->from == s.from || text_any_before(p, h->from, OPENS) > 0;
            opens = opens || opens_line(p, h->from);
            if (pass == 1 && opens && !text_at(p, h->to, "：") && !text_at(p, h->to, ":") && !text_at(p, h->to, "|") && !text_at(p, h->to, "｜") && !text_at(p, h->to, "\t")) {
                size_t end = text_sentence_end(p, h->to, s.to);        /* a name at the front of a sentence answers for it only when something is asked there */
                opens = matter_asks(p, (struct propose_span){ h->to, end }) || deadline_in(p, (struct propose_span){ h->to, end });
            }
            opens = opens || (pass == 1 && h->from == s.from && text_any(p, h->to, s.to, (const char *const[]){ "要", "须", "应", NULL }));
            if (pass == 0 ? asked : opens) {
                lead_set(m, h);
                row_read(p, h->to, s.to, false, false, m);
            }
        }
}

/* A letter to one unit alone is that unit's matter; one to several names nobody first. */
static void by_address(struct paper *p, struct propose_matter *m)
{
    const struct hit *only = NULL;
    for (size_t k = 0; k < p->n_hits; k++)
        if (text_masked(p, p->hit[k].from, IN_ADDRESSEES)) {
            if (only || !name_acts(&p->hit[k]))
                return;
            only = &p->hit[k];
        }
    if (!only)
        return;
    size_t from = only->from, to = only->to;
    while (from > 0 && p->s.p[from - 1] != '\n')
        from--;
    bool alone = text_trim(p, (struct propose_span){ from, only->from }).to <= text_trim(p, (struct propose_span){ from, only->from }).from && (text_at(p, to, "：") || text_at(p, to, ":"));
    if (alone)
        lead_set(m, only);
}

void units_of_cells(struct paper *p, struct propose_span lead, struct propose_span assist, struct propose_matter *m)
{
    row_read(p, lead.from, lead.to, true, true, m);
    row_read(p, assist.from, assist.to, false, true, m);
}

void units_read(struct paper *p, struct propose_span s, struct propose_matter *m)
{
    by_label(p, s, m);
    if (!settled(m))
        by_word(p, s, m);
    if (!settled(m))
        by_place(p, s, m);
    if (settled(m) && value_any(&m->field[PROPOSE_LEAD]) && !value_any(&m->field[PROPOSE_ASSIST]))
        by_word(p, s, m);
    if (!settled(m) && s.from == 0)
        by_address(p, m);
}

bool units_named(struct paper *p, struct propose_span s)
{
    struct propose_matter m = { 0 };
    by_label(p, s, &m);
    if (!settled(&m))
        by_word(p, s, &m);
    if (!settled(&m))
        by_place(p, s, &m);
    return settled(&m);
}
