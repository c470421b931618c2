/* One matter: what is asked, its title, the instruction behind it, its kind. */
#include <string.h>

#include "base/utf8.h"
#include "text/inside.h"

enum { ITEM_CHARS = 240 };
enum { NOT_ASKING = IN_SIGNATURE | IN_CONTACT | IN_HEAD | IN_ADDRESSEES | IN_COPY };

/* --- what is asked -------------------------------------------------------------------------------------------------------------- */

static bool polite(const struct paper *p, size_t i)          /* 请 as another word, or asking for nothing that must be done */
{
    static const char *const LEFT[] = { "申", "邀", "敬", "报", "提", "商", "如", "恳", NULL };
    static const char *const RIGHT[] = { "请示", "请假", "请问", "请勿", "请放心", "请查收", "请知悉", "请谅解", "请多", "请求", "请您放心", "请客", "请转达", "请继续", "请领导放心", "请阅知", "请传阅", "请参阅", "请批示", "请批复", "请审示", "请审批", NULL };
    return (text_any_before(p, i, LEFT) && !text_before(p, i, "商")) || text_any(p, i, p->s.n, RIGHT);
}

static int score(const struct paper *p, size_t from, size_t to)
{
    static const char *const STRONG[] = { "务必", "抓紧", "尽快", "牵头", "责成", "督促", "要求", "负责", "必须", "即办", "限时", NULL };
    static const char *const WORK[] = { "报送", "上报", "反馈", "研究提出", "提出意见", "提出", "落实", "整改", "办理", "完成", "报我", "报市", "报省", "回复", "答复", "制定", "修改", "推进", "印发", "协调", "提交", "审核", "提供", "汇报", "转运", "办结", "填报", "梳理", "排查", "核实", "准备", "组织", "加快", "建立", "开展", "解决", "起草", "拟", NULL };
    static const char *const HELP[] = { "帮忙", "麻烦", "劳烦", NULL };
    static const char *const THANKS[] = { "感谢", "谢谢", "收到", "我局将", "我委将", "我单位将", "已收悉", "特此通知", "特此报告", "特此函复", "辛苦", "已按", "已于", "已经", "现将", "有关情况报告如下", "如有", "此复", NULL };
    int n = 0;
    struct propose_span s = { from, to };
    bool work = false, strong = false;
    for (size_t i = from; i < to; i = text_step(p, i)) {
        n += !(n & 2) && ((text_at(p, i, "请") && !polite(p, i)) || text_any(p, i, to, HELP)) ? 2 : 0;
        work = work || text_any(p, i, to, WORK);
        strong = strong || text_any(p, i, to, STRONG);
    }
    n += (strong ? 1 : 0) + (work ? 1 : 0);
    if (deadline_first(p, s))
        n += 4;
    for (int i = 0; THANKS[i]; i++)
        if (text_find(p, from, to, THANKS[i]) != NOWHERE)
            n -= i < 10 ? 9 : 2;
    return n;
}

/* The next sentence of s from *at; false at the end. */
static bool sentence(const struct paper *p, struct propose_span s, size_t *at, struct propose_span *ret)
{
    while (*at < s.to) {
        size_t from = *at, end = text_sentence_end(p, from, s.to);
        *at = end < s.to ? text_step(p, end) : s.to;
        *ret = text_trim(p, (struct propose_span){ from, end });
        while (ret->to > ret->from && (text_at(p, ret->from, "”") || text_at(p, ret->from, "）")))
            ret->from += 3;
        if (ret->to > ret->from && !text_masked(p, ret->from, NOT_ASKING))
            return true;
    }
    return false;
}

bool matter_asks(const struct paper *p, struct propose_span s)
{
    size_t at = s.from;
    struct propose_span one;
    while (sentence(p, s, &at, &one))
        if (score(p, one.from, one.to) >= 2)
            return true;
    return false;
}

static const char *const REQUIREMENT_LABELS[] = { "办理要求", "工作要求", "具体要求", "要求", "工作任务", "任务", "办理意见", "拟办意见", "拟办", "会议要求", "报送要求", "报送内容", "需办事项", "交办事项", "整改要求", "会议议定", "议定事项", "指令内容", "诉求内容", "反映内容", "诉求", "问题描述", NULL };

static bool labelled(const struct paper *p, struct propose_span s, const char *const *words, struct propose_span *ret)
{
    for (size_t k = 0; k < p->n_lines; k++) {
        const struct line *l = &p->line[k];
        if (l->from < s.from || l->to > s.to || text_masked(p, l->from, NOT_ASKING))
            continue;
        size_t n = text_any(p, l->text, l->to, words), at = l->text + n;
        if (n && (text_at(p, at, "：") || text_at(p, at, ":"))) {
            *ret = text_trim(p, (struct propose_span){ at + (text_at(p, at, ":") ? 1 : 3), l->to });
            if (ret->to > ret->from)
                return true;
        }
    }
    return false;
}

/* The sentence that asks most; the first of equal ones. */
static bool asking(const struct paper *p, struct propose_span s, struct propose_span *ret)
{
    size_t at = s.from;
    struct propose_span one;
    int best = 1;
    if (labelled(p, s, REQUIREMENT_LABELS, ret))
        return true;
    while (sentence(p, s, &at, &one)) {
        int n = score(p, one.from, one.to);
        if (n > best) {
            best = n;
            *ret = one;
        }
    }
    return best > 1;
}

/* Is from..to one of those a notice is sent to: a body, a name of the table, 各区市县? */
static bool addressed(const struct paper *p, size_t from, size_t to)
{
    static const char *const ALL[] = { "市县", "区县", "（市、区）", "（市、州）", "部门", "单位", "园区", "企业", "科室", "处室", "政府", NULL };
    const struct hit *h = names_at(p, from);
    return (h && h->to == to) || head_body(p, (struct propose_span){ from, to }) || (text_at(p, from, "各") && to - from <= 42 && text_any_before(p, to, ALL));
}

/* 各区市县人民政府、市商务局：|请…: whom it is sent to is no part of what is asked. A unit alone is asked by its place. */
static size_t behind_addressees(const struct paper *p, struct propose_span s)
{
    size_t colon = text_find(p, s.from, s.to, "："), from = s.from, all = 0;
    bool inside = false;
    if (colon == NOWHERE)
        return s.from;
    for (size_t i = s.from; i <= colon; i = text_step(p, i)) {
        inside = text_at(p, i, "（") || (inside && !text_at(p, i, "）"));
        if (inside || (i < colon && !text_at(p, i, "、") && !text_at(p, i, "，")))
            continue;
        if (!addressed(p, from, i))
            return s.from;
        all += text_at(p, from, "各") ? 2 : 1;
        from = i + strlen("、");
    }
    return all > 1 ? from : s.from;
}

/* A sentence without what stands for other fields: （责任单位：…）, an item's mark. */
static struct propose_span bare(const struct paper *p, struct propose_span s)
{
    static const char *const TAILS[] = { "（责任单位", "（牵头单位", "（承办单位", "（主办单位", "责任单位：", "牵头单位：", "承办单位：", "（联系人", "（责任部门", "（牵头部门", "（完成时限", NULL };
    s.from = behind_addressees(p, s);
    for (size_t i = s.from; i < s.to; i = text_step(p, i))
        if (i > s.from && text_masked(p, i, IN_CONTACT) && text_find(p, i, s.to, "，请") != NOWHERE) {
            i = text_find(p, i, s.to, "，请");
            s.from = i + strlen("，");
        } else if (i > s.from && (text_any(p, i, s.to, TAILS) || text_masked(p, i, IN_CONTACT))) {
            s.to = i;
            break;
        }
    return text_trim(p, s);
}

/* --- the title of what has none ------------------------------------------------------------------------------------------------------ */

/* 请市商务局于4月6日前将|纾困政策落实情况报市政府办公室 */
static struct propose_span core(const struct paper *p, struct propose_span s)
{
    static const char *const SKIP[] = { "请", "烦请", "并", "务必", "于", "在", "将", "把", "各单位", "各部门", "各县（市、区）", "各区市县", "由", "各位", "各位同志", "，", "、", "：", ":", " ", "　", "@", "各", "和", "及", "会同", "尽快", "抓紧", "牵头", "负责", "认真", "速", "您", "你局", "你单位", "你们", "贵单位", "贵局", "有关单位", "有关部门", "相关单位", "要求", "要", "须", "需", "应", "再", "先", "研究，", "配合", "协助", "参与", "要求", "来电", "反映", "）", "前", "之前", "立即", "转告", "告知", NULL };
    size_t ask = NOWHERE;
    for (size_t i = s.from; i < s.to && ask == NOWHERE; i = text_step(p, i))
        ask = text_at(p, i, "请") && !polite(p, i) ? i : NOWHERE;
    size_t from = s.from, n, order = NOWHERE;
    for (size_t i = s.from; i < s.to && ask == NOWHERE && order == NOWHERE; i = text_step(p, i)) {       /* 市长讲，要求|市经信局… */
        n = text_any(p, i, s.to, (const char *const[]){ "要求", "责成", "督促", NULL });
        order = n && names_at(p, i + n) && name_acts(names_at(p, i + n)) ? i + n : NOWHERE;
    }
    from = order == NOWHERE ? from : order;
    if (ask != NOWHERE) {                        /* what stands before 请 may be the matter itself: 纾困政策落实情况请于4月6日前报 */
        size_t lead = from;
        const struct hit *h = names_at(p, lead);
        if (h)
            lead = h->to;
        lead += h ? text_any(p, lead, ask, (const char *const[]){ "：", ":", "，", NULL }) : 0;
        from = utf8_count(text_of(p, (struct propose_span){ lead, ask })) < 5 || text_find(p, lead, ask, "，") != NOWHERE || text_find(p, lead, ask, "：") != NOWHERE ? ask : from;
    }
    if (value_any(&p->source) && p->source.span[0].from == from && p->source.span[0].to < s.to)
        from = p->source.span[0].to;             /* 指挥部|要求，各工作组… */
    for (bool moved = true; moved && from < s.to;) {
        const struct hit *h = names_at(p, from);
        moved = false;
        if (h) {
            from = h->to;
            moved = true;
        }
        for (size_t k = 0; k < p->n_due && !moved; k++)
            if (p->due[k].from == from && p->due[k].to < s.to) {
                from = p->due[k].to;
                moved = true;
            }
        if (!moved && (n = text_any(p, from, s.to, (const char *const[]){ "商", "协同", "联合", NULL })) > 0 && names_at(p, from + n)) {
            from += n;
            moved = true;
        }
        if (!moved && (n = text_any(p, from, s.to, SKIP)) > 0) {
            from += n;
            moved = true;
        }
    }
    size_t end = from;                           /* to the first comma that leaves enough, or behind which a limit or another's task begins */
    static const char *const STOP[] = { "，", "；", "。", "（", "：", ",", ";", "\t", "|", "｜", NULL };
    while (end < s.to) {
        n = text_any(p, end, s.to, STOP);
        const struct deadline *d = n ? deadline_first(p, (struct propose_span){ end + n, s.to }) : NULL;
        if (n && (end - from >= 12 || (end > from && ((d && d->from == end + n) || (names_at(p, end + n) && name_acts(names_at(p, end + n)))))))
            break;
        end = text_step(p, end);
    }
    struct propose_span all = text_trim(p, (struct propose_span){ from, end });
    if (utf8_count(text_of(p, all)) > 60)
        all.to = all.from + utf8_offset(text_of(p, all), 60);
    return all;
}

/* 发言提纲，请今日下班前报送: what stands before 请 says more than what stands behind it. */
static struct propose_span short_title(const struct paper *p, struct propose_span s)
{
    struct propose_span c = core(p, s);
    if (p->notice && p->meeting.to) {            /* 召开防汛工作调度会 */
        size_t from = text_find(p, p->meeting.to, p->s.n, "召开"), end = from == NOWHERE ? from : text_clause_end(p, from, p->s.n);
        if (from != NOWHERE && text_find(p, from, end, "会") != NOWHERE)
            return text_trim(p, (struct propose_span){ from, end });
    }
    size_t line = c.from, from, n;
    if (utf8_count(text_of(p, c)) >= 6)
        return c;
    while (line > 0 && p->s.p[line - 1] != '\n')
        line--;
    from = line;
    for (size_t i = line; i < c.from; i = text_step(p, i)) {       /* behind who speaks, before who is asked */
        n = text_any(p, i, c.from, (const char *const[]){ "：", ":", "。", "】", NULL });
        from = n ? i + n : from;
    }
    size_t end = from;
    while (end < c.from && !text_at(p, end, "，请") && !text_at(p, end, "，由") && !text_masked(p, end, IN_CONTACT))
        end = text_step(p, end);
    struct propose_span before = text_trim(p, (struct propose_span){ from, end });
    return end < c.from && utf8_count(text_of(p, before)) >= 5 ? before : c;
}

/* 帮忙协调一下: words for doing, and nothing that is to be done. */
static bool empty_words(const struct paper *p, struct propose_span t)
{
    static const char *const WORDS[] = { "帮忙", "麻烦", "劳烦", "帮我", "帮", "请", "协调", "处理", "办理", "落实", "沟通", "对接", "跟进", "支持", "看看", "看", "抓紧", "尽快", "赶紧", "一下", "此事", "这件事", "这个事", "这事", "该事项",
        "谢谢", "吧", "下", "，", "！", "。", " ", NULL };
    size_t n;
    while (t.from < t.to && (n = text_any(p, t.from, t.to, WORDS)) > 0)
        t.from += n;
    return t.from >= t.to;
}

/* 将…情况|书面报我办, …情况|请于…前反馈: as an office says it, 报送…情况. */
static void title_set(struct paper *p, struct propose_span t, struct propose_value *v)
{
    static const char *const SENT[] = { "书面报", "报", "上报", "反馈", "请于", "请在", NULL };
    if (empty_words(p, t))
        return;
    size_t at = text_find(p, t.from, t.to, "情况");
    size_t end = at == NOWHERE ? t.to : at + strlen("情况"), n = text_any(p, end, t.to, SENT);
    bool handed = text_any_before(p, t.from, (const char *const[]){ "将", "把", NULL }) > 0 || text_at(p, end, "请");
    if (n && handed && utf8_count(text_of(p, (struct propose_span){ t.from, end })) >= 5 && !text_at(p, t.from, "报"))
        value_set(v, arena_printf(p->a, "报送%.*s", STR_ARG(text_of(p, (struct propose_span){ t.from, end }))), (struct propose_span){ t.from, end });
    else
        value_words(p, v, t);
}

static void title_of_item(struct paper *p, struct propose_span s, struct propose_value *v)
{
    static const char *const BY[] = { "：", ":", "。", "（", "\n", NULL };
    size_t end = s.from, from = s.from;
    const struct hit *h = names_at(p, from);
    while (end < s.to && !text_any(p, end, s.to, BY))
        end = text_step(p, end);
    bool heading = end < s.to && utf8_count(text_of(p, (struct propose_span){ from, end })) <= 40 && text_find(p, from, end, "，") == NOWHERE && !(h && h->to == end) && !deadline_in(p, (struct propose_span){ from, end });
    struct propose_span t = heading && end - from >= 9 && !h ? (struct propose_span){ from, end } : core(p, (struct propose_span){ from, text_sentence_end(p, from, s.to) });
    if (text_at(p, t.from, "责任单位") || text_at(p, t.from, "完成时限"))
        return;
    title_set(p, t, v);
}

/* --- instruction, kind, reading -------------------------------------------------------------------------------------------------------- */

void instruction_read(struct paper *p, struct propose_span s, struct propose_matter *m)
{
    static const char *const WORDS[] = { "批示", "签批", "指示要求", "圈批", NULL };
    static const char *const QUOTES[] = { "：“", "“", ":“", "，“", "：\"", "：「", "：", ":", "要求：", "要求，", "指出：", "意见：", NULL };
    for (size_t i = s.from, n; i < s.to; i = text_step(p, i)) {
        if ((n = text_any(p, i, s.to, WORDS)) == 0 || text_masked(p, i, IN_TITLE_MARKS | IN_SIGNATURE | IN_COPY) || text_at(p, i + n, "精神") || text_at(p, i + n, "件"))
            continue;
        size_t at = i + n, q = text_any(p, at, s.to, QUOTES), end;
        const struct hit *leader = NULL;
        for (size_t k = names_first(p, i > 90 ? i - 90 : 0); k < p->n_hits && p->hit[k].to <= i; k++)
            if (p->hit[k].name->kind == NAME_LEADER && text_find(p, p->hit[k].to, i, "。") == NOWHERE && text_find(p, p->hit[k].to, i, "；") == NOWHERE && text_find(p, p->hit[k].to, i, "\n") == NOWHERE)
                leader = &p->hit[k];
        if (leader)
            value_set(&m->field[PROPOSE_LEADER], leader->name->says, (struct propose_span){ leader->from, leader->to });
        if (!q && !leader)
            continue;
        bool quoted = q && (text_before(p, at + q, "“") || text_before(p, at + q, "\"") || text_before(p, at + q, "「"));
        at += q;
        if (quoted) {
            size_t a = text_find(p, at, s.to, "”"), b = text_find(p, at, s.to, "」"), c = text_find(p, at, s.to, "\"");
            end = a < b ? a : b;
            end = c < end ? c : end;
            end = end == NOWHERE || end - at > 3000 ? text_sentence_end(p, at, s.to) : end;
        } else {
            end = q ? text_sentence_end(p, at, s.to) : i + n;
        }
        if (q && end > at)                       /* verbatim: with its full stop */
            value_set(&m->field[PROPOSE_INSTRUCTION], text_of(p, (struct propose_span){ at, end }), (struct propose_span){ at, end });
        else
            value_set(&m->field[PROPOSE_INSTRUCTION], text_of(p, (struct propose_span){ i, i + n }), (struct propose_span){ i, i + n });
        text_mask(p, at, end, IN_WORDS);
        return;
    }
}

static void kind_set(struct propose_matter *m, const char *code, const struct propose_value *by)
{
    struct propose_value *v = &m->field[PROPOSE_KIND];
    if (by->n_spans && !value_any(v))
        value_set(v, str_c(code), by->span[0]);
}

/* What is said once may come later, so the kind is decided last. */
void matter_kind(struct paper *p, struct propose_matter *m)
{
    static const char *const CALLS[] = { "来电", "电话", "诉求", "12345", "热线", "指令", "流调组", NULL };
    if (p->notice && p->meeting.to)
        kind_set(m, "meeting", &(struct propose_value){ .span = { p->meeting }, .n_spans = 1 });
    for (int i = 0; CALLS[i] && !value_any(&m->field[PROPOSE_KIND]); i++)
        if (str_find(p->source.text, str_c(CALLS[i])) >= 0)
            kind_set(m, "affair", &p->source);
    kind_set(m, "document", &p->number);
    kind_set(m, "document", &p->title);
    if (p->minutes)
        kind_set(m, "document", &p->source);
    kind_set(m, "document", &m->field[PROPOSE_INSTRUCTION]);
    static const char *const PAPERS[] = { "文件", "明电", "来文", "来函", "请示", "传真", "督办", "建议", "提案", "代拟稿", "约稿", NULL };
    for (int i = 0; PAPERS[i] && !value_any(&m->field[PROPOSE_KIND]); i++)
        if (str_find(p->source.text, str_c(PAPERS[i])) >= 0)
            kind_set(m, "document", &p->source);
    kind_set(m, "affair", &m->field[PROPOSE_REQUIREMENT]);         /* something to be done, and no paper behind it */
}

static void reading_read(struct paper *p, struct propose_span s, struct propose_matter *m)
{
    static const char *const WORDS[] = { "请传阅", "请阅知", "传阅件", "阅知", "请参阅", "供参阅", "仅供参阅", "传阅", "供领导参考", "供参考", "送阅", "呈阅", NULL };
    if (value_any(&m->field[PROPOSE_DEADLINE]) || value_any(&m->field[PROPOSE_INSTRUCTION]))
        return;
    for (size_t i = s.from, n; i < s.to; i = text_step(p, i))
        if ((n = text_any(p, i, s.to, WORDS)) > 0 && !text_masked(p, i, IN_TITLE_MARKS)) {
            value_words(p, &m->field[PROPOSE_READING], (struct propose_span){ i, i + n });
            return;
        }
}

/* --- all of it ------------------------------------------------------------------------------------------------------------------------------- */

void matter_read(struct paper *p, const struct part *part, bool whole, struct propose_matter *m)
{
    struct propose_span ask = { 0, 0 }, s = part->span;
    m->part = s;
    m->due = m->unit_due = (struct deadline){ .start = INSTANT_NONE, .due = INSTANT_NONE, .strict = INSTANT_NONE, .other = INSTANT_NONE, .lw = DAY_NONE, .nw = DAY_NONE };
    instruction_read(p, s, m);
    deadlines_read(p, s, m);
    if (part->lead.to > part->lead.from)
        units_of_cells(p, part->lead, part->assist, m);
    else
        units_read(p, s, m);
    bool asked = asking(p, s, &ask);
    if (!asked && value_any(&m->field[PROPOSE_INSTRUCTION])) {
        ask = m->field[PROPOSE_INSTRUCTION].span[0];
        asked = true;
    }
    if (!whole && s.to > s.from && (!asked || utf8_count(text_of(p, s)) <= ITEM_CHARS)) {      /* an item of a list asks by standing in it */
        ask = utf8_count(text_of(p, s)) <= ITEM_CHARS ? s : (struct propose_span){ s.from, text_sentence_end(p, s.from, s.to) };
        asked = true;
    }
    reading_read(p, s, m);
    if (value_any(&m->field[PROPOSE_READING]) && asked && score(p, ask.from, ask.to) < 4)
        asked = false;
    if (asked)
        value_words(p, &m->field[PROPOSE_REQUIREMENT], bare(p, ask));
    bool bare_notice = p->notice && p->meeting.to && utf8_count(p->title.text) <= 4;         /* 会议通知 alone says nothing */
    if (whole && value_any(&p->title) && !bare_notice)
        m->field[PROPOSE_TITLE] = p->title;
    else if (!whole)
        title_of_item(p, s, &m->field[PROPOSE_TITLE]);
    else if (asked)
        title_set(p, short_title(p, bare(p, ask)), &m->field[PROPOSE_TITLE]);
}
