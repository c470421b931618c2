/* The title, and who sent it when no signature says so; the meeting's time. */
#include <string.h>

#include "base/utf8.h"
#include "text/inside.h"

static const char *const COLON[] = { "：", ":", NULL };

/* --- title ------------------------------------------------------------------------------------------------------------------------------------ */

static const char *const GENRES[] = { "通知", "函", "请示", "报告", "意见", "批复", "通报", "方案", "决定", "公告", "通告", "议案", "建议", "提案", "办法", "细则", "要点", "复函", "商请函", "快报", "简报", "动态", "信息", "计划", "清单", "办理单", "办理情况", "感谢信", "邀请函", NULL };

/* The end of a title's line, its bracketed tail left away; 0 when it is none. */
static size_t title_end(const struct paper *p, const struct line *l)
{
    size_t to = l->to;
    if (text_before(p, to, "）") || text_before(p, to, ")")) {
        size_t k = text_find(p, l->from, to, "（");
        to = k == NOWHERE || k == l->from ? to : k;
    }
    return text_any_before(p, to, GENRES) ? to : 0;
}

static bool title_like(const struct paper *p, const struct line *l)
{
    static const char *const NOT[] = { "。", "：", "；", "，", "请", "｜", "\t", NULL };
    if (text_at(p, l->from, "@") || (names_at(p, l->from) && text_any(p, names_at(p, l->from)->to, l->to, (const char *const[]){ " ", "　", "1", "2", "3", "4", "5", "6", "7", "8", "9", NULL })))
        return false;
    for (int i = 0; NOT[i]; i++)
        if (text_find(p, l->from, l->to, NOT[i]) != NOWHERE)
            if (strcmp(NOT[i], "请") != 0 || (text_find(p, l->from, l->to, "请示") == NOWHERE && text_find(p, l->from, l->to, "商请") == NOWHERE && text_find(p, l->from, l->to, "申请") == NOWHERE && text_find(p, l->from, l->to, "邀请") == NOWHERE))
                return false;
    return !l->level && !text_masked(p, l->from, IN_ADDRESSEES | IN_SIGNATURE | IN_CONTACT | IN_COPY) && utf8_count(text_of(p, (struct propose_span){ l->from, l->to })) <= 80;
}

void head_title_of_lines(struct paper *p)
{
    for (size_t k = 0; k < p->n_lines && k < 10; k++) {
        struct line *l = &p->line[k];
        size_t to;
        if (!title_like(p, l) || (text_masked(p, l->from, IN_HEAD) && text_find(p, l->from, l->to, "关于") == NOWHERE))
            continue;
        if ((to = title_end(p, l)) > 0 && to - l->from >= 12) {
            size_t from = l->from, begin = k;
            while (begin > 0 && begin + 3 > k && text_find(p, from, to, "关于") == NOWHERE && title_like(p, &p->line[begin - 1]) && !text_masked(p, p->line[begin - 1].from, IN_HEAD) &&
                   text_find(p, p->line[begin - 1].from, p->line[begin - 1].to, "关于") != NOWHERE)
                from = p->line[--begin].from;
            for (size_t j = begin; j <= k; j++) {
                struct propose_span s = { p->line[j].from, j == k ? to : p->line[j].to };
                p->title.text = p->title.text.n ? arena_printf(p->a, "%.*s%.*s", STR_ARG(p->title.text), STR_ARG(text_of(p, s))) : text_of(p, s);
                p->title.span[p->title.n_spans++] = s;
                text_mask(p, p->line[j].from, p->line[j].to, IN_HEAD);
            }
            for (size_t j = 0; j < begin; j++)   /* a body's name above its title belongs to the head */
                if (head_body(p, (struct propose_span){ p->line[j].from, p->line[j].to })) {
                    text_mask(p, p->line[j].from, p->line[j].to, IN_HEAD);
                    if (!value_any(&p->source))
                        value_words(p, &p->source, (struct propose_span){ p->line[j].from, p->line[j].to });
                }
            return;
        }
    }
}

/* A paper spoken of in a message: 转来《关于…的通知》, but not 根据《…》. */
void head_title_in_marks(struct paper *p)
{
    static const char *const GROUNDS[] = { "根据", "按照", "依据", "贯彻", "落实", "遵照", "对照", "符合", "贯彻落实", "学习", NULL };
    for (size_t i = 0; (i = text_find(p, i, p->s.n, "《")) != NOWHERE; i += 3) {
        size_t end = text_find(p, i, i + 300, "》"), back = i;
        bool grounds = false;
        if (end == NOWHERE)
            continue;
        for (int k = 0; k < 14 && back > 0 && p->s.p[back - 1] != '\n'; k++) {
            grounds |= text_any_before(p, back, GROUNDS) > 0;
            back = text_back(p, back);
        }
        size_t genre = text_before(p, end, "）") ? text_find(p, i, end, "（") : end;
        if (!grounds && genre != NOWHERE && text_any_before(p, genre, GENRES) && utf8_count(text_of(p, (struct propose_span){ i + 3, end })) >= 6) {
            value_words(p, &p->title, (struct propose_span){ i + 3, end });
            return;
        }
    }
}

/* --- source in running text ----------------------------------------------------------------------------------------------------------------------- */

/* 市委办来电：, 省商务厅发来…, 某县人民政府报来…: the body before such a verb, from the start of its clause. */
void head_source_by_verb(struct paper *p)
{
    static const char *const VERBS[] = { "来电话", "来电", "来函", "来文", "明电", "发来", "转来", "报来", "送来", "通知", "要求", "反馈", "请示", "转办", "交办", "约稿", "反映", "下发", "印发", "致函", "督办", "指令", "电话通知", NULL };
    static const char *const SKIP[] = { "刚接到", "刚接", "接到", "接", "刚刚收到", "收到", "今天", "今日", "据", "根据", "按", "【", "（", "经", "刚才", "上午", "下午", "刚刚", NULL };
    for (size_t k = 0; k < p->n_lines && k < 3; k++) {
        struct line *l = &p->line[k];
        size_t from = l->text, end, n;
        if (text_masked(p, l->from, IN_HEAD | IN_ADDRESSEES | IN_COPY))
            continue;
        while ((n = text_any(p, from, l->to, SKIP)) > 0 || (from < l->to && text_at(p, from, "，") && (n = 3) > 0))
            from += n;
        end = text_clause_end(p, from, l->to);
        for (size_t i = text_step(p, from), steps = 0; i < end && steps < 26; i = text_step(p, i), steps++)
            if ((n = text_any(p, i, l->to, VERBS)) > 0 && head_body(p, (struct propose_span){ from, i })) {
                value_words(p, &p->source, (struct propose_span){ from, text_any(p, i, l->to, (const char *const[]){ "来电", "来函", "来文", "明电", "约稿", "请示", "指令", NULL }) ? i + 6 : i });
                return;
            }
    }
}

/* 【12345热线】, 人大代表建议第15号, 12345政务服务热线转办 */
void head_source_special(struct paper *p)
{
    static const char *const MARKS[] = { "12345", "人大代表建议", "政协提案", "政协委员提案", NULL };
    for (size_t k = 0; k < p->n_lines && k < 4; k++) {
        struct line *l = &p->line[k];
        for (size_t i = l->from; i < l->to; i = text_step(p, i))
            if (text_any(p, i, l->to, MARKS) && !text_masked(p, i, IN_TITLE_MARKS | IN_CONTACT) && !(text_at(p, i, "12345") && i + 5 < l->to && p->s.p[i + 5] >= '0' && p->s.p[i + 5] <= '9')) {
                size_t end = text_clause_end(p, i, l->to), no = text_find(p, i, l->to, "号");
                end = no != NOWHERE && no < i + 60 && no + 3 > end && !text_any(p, end, l->to, COLON) ? end : end;
                value_words(p, &p->source, (struct propose_span){ i, end });
                return;
            }
    }
}

/* --- the meeting's time ------------------------------------------------------------------------------------------------------------------------------ */

static void meeting_try(struct paper *p, size_t from, size_t to)
{
    static const char *const STOPS[] = { "在", "，", "。", "；", "召开", "于", "举行", "（会期", NULL };
    struct deadline d;
    size_t end = from;
    while (end < to && !text_any(p, end, to, STOPS))
        end = text_step(p, end);
    struct propose_span s = text_trim(p, (struct propose_span){ from, end });
    if (s.to <= s.from)
        return;
    deadline_read(text_of(p, s), p->ask, &d);
    if (d.kind != DEADLINE_DATE && d.kind != DEADLINE_INSTANT)
        return;
    p->out->meeting_at = d.start != INSTANT_NONE && d.kind == DEADLINE_INSTANT ? d.start : d.kind == DEADLINE_DATE ? day_start(instant_day(d.due - 1)) : d.due;
    p->meeting = s;
    text_mask(p, s.from, s.to, IN_MEETING_TIME);
}

void head_meeting(struct paper *p)
{
    static const char *const LABELS[] = { "会议时间", "时间", "时 间", "时　间", "开会时间", "召开时间", NULL }, *const TO_BE[] = { "定于", "拟于", "将于", "兹定于", "决定于", NULL };
    p->out->meeting_at = INSTANT_NONE;
    for (size_t k = 0; k < p->n_lines && p->out->meeting_at == INSTANT_NONE; k++) {
        struct propose_span s = head_labelled(p, &p->line[k], LABELS);
        if (s.to > s.from)
            meeting_try(p, s.from, s.to);
    }
    for (size_t i = 0, n; i < p->s.n && p->out->meeting_at == INSTANT_NONE; i = text_step(p, i)) {
        if ((n = text_any(p, i, p->s.n, TO_BE)) == 0)
            continue;
        size_t end = text_sentence_end(p, i, p->s.n);
        if (text_find(p, i, end, "召开") != NOWHERE || text_find(p, i, end, "举行") != NOWHERE || text_find(p, i, end, "会") != NOWHERE)
            meeting_try(p, i + n, end);
    }
}

bool head_meeting_notice(const struct paper *p)
{
    static const char *const WORDS[] = { "参会人员", "参会范围", "参会单位", "参加会议", "会议地点", "参会回执", "参会名单", "参会", "分会场", "到会", "会议通知", "开会", NULL };
    bool about = text_find(p, 0, p->s.n, "召开") != NOWHERE;
    if (value_any(&p->title) && (str_find(p->title.text, STR("会议通知")) >= 0 || (str_find(p->title.text, STR("召开")) >= 0 && str_find(p->title.text, STR("会")) >= 0)))
        return true;
    for (int i = 0; WORDS[i]; i++)
        if (text_find(p, 0, p->s.n, WORDS[i]) != NOWHERE && (p->out->meeting_at != INSTANT_NONE || about))
            return p->out->meeting_at != INSTANT_NONE;
    return p->out->meeting_at != INSTANT_NONE && about;
}
