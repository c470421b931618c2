/* What a paper says once: its red head, number, urgency, title, addressees, who signed it when, contacts, the meeting's time. Each marks its bytes, so that what is
 * read later does not take a signature for a deadline or an addressee for the responsible unit. */
#include <string.h>

#include "base/utf8.h"
#include "text/inside.h"

static const char *const COLON[] = { "：", ":", NULL };

/* --- labels: 文号： 来源： --------------------------------------------------------------------------------------------------------------- */

/* What stands behind one of these words and a colon, to the line's end. */
struct propose_span head_labelled(const struct paper *p, const struct line *l, const char *const *words)
{
    size_t n = text_any(p, l->text, l->to, words), m;
    if (n && (m = text_any(p, l->text + n, l->to, COLON)) > 0)
        return text_trim(p, (struct propose_span){ l->text + n + m, l->to });
    return (struct propose_span){ 0, 0 };
}

static bool label_take(struct paper *p, const struct line *l, const char *const *words, struct propose_value *v)
{
    struct propose_span s = head_labelled(p, l, words);
    if (s.to == s.from || value_any(v))
        return false;
    value_words(p, v, s);
    return true;
}

/* --- 〔2022〕5号 -------------------------------------------------------------------------------------------------------------------------- */

static bool number_at(const struct paper *p, size_t i, struct propose_span *ret)
{
    static const char *const OPEN[] = { "〔", "［", "[", "【", "（", "(", NULL }, *const CLOSE[] = { "〕", "］", "]", "】", "）", ")", NULL };
    static const char *const STOP[] = { "按照", "根据", "依据", "落实", "贯彻", "印发", "转发", "收到", "文号", "关于", NULL };
    size_t n = text_any(p, i, p->s.n, OPEN), year = i + n, m;
    if (!n || year + 4 >= p->s.n || (memcmp(p->s.p + year, "20", 2) != 0) || text_figures(p, year, p->s.n, false) != year + 4 ||
        (m = text_any(p, year + 4, p->s.n, CLOSE)) == 0)
        return false;
    size_t no = year + 4 + m;
    no += text_at(p, no, "第") ? strlen("第") : 0;
    size_t end = text_figures(p, no, p->s.n, false), from = i;
    if (end == no || !text_at(p, end, "号"))
        return false;
    for (int k = 0; k < 16 && from > 0 && text_han(p, text_back(p, from)) && !text_any_before(p, from, STOP); k++)
        from = text_back(p, from);
    *ret = (struct propose_span){ from, end + strlen("号") };
    return from < i;
}

/* The paper's own number stands alone, is head_labelled, or follows its title; one behind 根据《…》 is another paper's. */
static void number_read(struct paper *p)
{
    static const char *const GROUNDS[] = { "按照", "根据", "依据", "落实", "贯彻", "遵照", NULL };
    struct propose_span s, loose = { 0, 0 };
    int n_loose = 0;
    for (size_t i = 0; i < p->s.n; i++) {
        unsigned char c = (unsigned char)p->s.p[i];
        if ((c != 0xe3 && c != 0xef && c != '[' && c != '(') || !number_at(p, i, &s))
            continue;
        const struct line *l = p->line;
        while (l + 1 < p->line + p->n_lines && l->to < s.to)
            l++;
        bool grounds = false;
        for (size_t k = s.from, steps = 0; k > l->from && steps < 60 && !grounds; steps++) {
            grounds = text_any_before(p, k, GROUNDS) > 0;
            k = text_back(p, k);
        }
        if (!value_any(&p->number) && (l->from == s.from || l->to == s.to) && !grounds && (size_t)(l - p->line) < 8 && utf8_count(text_of(p, (struct propose_span){ l->from, l->to })) < 40) {
            value_words(p, &p->number, s);
            text_mask(p, l->from, l->to, IN_HEAD);
        } else if (!grounds && n_loose++ == 0) {
            loose = s;
        }
        i = s.to - 1;
    }
    if (!value_any(&p->number) && n_loose == 1)
        value_words(p, &p->number, loose);
}

/* --- urgency ------------------------------------------------------------------------------------------------------------------------------ */

static void urgency_read(struct paper *p)
{
    static const char *const WORDS[] = { "特急", "加急", "特提", "平急", NULL };
    static const char *const LEFT[] = { "·", "【", "（", "(", "［", "[", "：", ":", " ", "　", "\t", "“", "明电", "等级", "★", "，", "、", "|", "｜", "\n", NULL };
    static const char *const RIGHT[] = { "·", "】", "）", ")", "］", "]", " ", "　", "\t", "”", "明电", "，", "。", "！", "件", "、", "|", "｜", "\n", "★", NULL };
    for (size_t k = 0; k < p->n_lines && k < 12; k++) {
        const struct line *l = &p->line[k];
        for (size_t i = l->from; i < l->to; i = text_step(p, i)) {
            size_t n = text_any(p, i, l->to, WORDS);
            if (n && (i == l->from || text_any_before(p, i, LEFT)) && (i + n == l->to || text_any(p, i + n, p->s.n, RIGHT)) && !text_masked(p, i, IN_TITLE_MARKS)) {
                value_words(p, &p->urgency, (struct propose_span){ i, i + n });
                if (l->to - l->from < 40)
                    text_mask(p, l->from, l->to, IN_HEAD);
                return;
            }
        }
    }
}

/* --- who wrote it ------------------------------------------------------------------------------------------------------------------------- */

static const char *const BODY_ENDS[] = { "人民政府", "政府办公厅", "政府办公室", "办公厅", "办公室", "委员会", "指挥部", "领导小组", "管委会", "公司", "集团", "中心", "专班", "总队", "支队", "政府",
    "人大常委会", "政协", "党委", "市委", "省委", "县委", "区委", "学院", "大学", "医院", "协会", "联合会", "银行", "督查组", "工作组", "流调组", "秘书处", "组织部", "宣传部", "局", "厅", "委", "院", "办", "处", "科", "署", "社", NULL };

bool head_body(const struct paper *p, struct propose_span s)
{
    size_t n = utf8_count(text_of(p, s));
    if (n < 2 || n > 26 || !text_any_before(p, s.to, BODY_ENDS))
        return false;
    for (size_t i = s.from; i < s.to; i = text_step(p, i))
        if (!text_han(p, i) && !text_at(p, i, "（") && !text_at(p, i, "）") && !text_at(p, i, "“") && !text_at(p, i, "”") && !text_at(p, i, "·") && !text_at(p, i, "."))
            if (!(p->s.p[i] >= '0' && p->s.p[i] <= '9'))
                return false;
    return true;
}

/* A line that is a date and nothing else: 2022年5月6日, 二〇二二年五月六日. */
static bool is_date(const struct paper *p, const struct line *l)
{
    static const char *const PARTS[] = { "年", "月", "日", "〇", "○", "零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", ".", "-", "/", " ", "　", NULL };
    size_t i = l->from, n, figures = 0;
    while (i < l->to) {
        if (p->s.p[i] >= '0' && p->s.p[i] <= '9') {
            figures++;
            i++;
        } else if ((n = text_any(p, i, l->to, PARTS)) > 0) {
            i += n;
        } else {
            return false;
        }
    }
    return (text_before(p, l->to, "日") || figures >= 6) && (text_find(p, l->from, l->to, "年") != NOWHERE || figures >= 6);
}

static void signature_read(struct paper *p)
{
    for (size_t k = p->n_lines; k-- > 1;) {
        struct line *l = &p->line[k], *b = &p->line[k - 1];
        if (!is_date(p, l))
            continue;
        if (head_body(p, (struct propose_span){ b->from, b->to }) && !b->level) {
            if (!value_any(&p->source))
                value_words(p, &p->source, (struct propose_span){ b->from, b->to });
            text_mask(p, b->from, l->to, IN_SIGNATURE);
        } else {
            text_mask(p, l->from, l->to, IN_SIGNATURE);
        }
        return;
    }
    struct line *last = p->n_lines > 2 ? &p->line[p->n_lines - 1] : NULL;      /* signed without a date */
    if (last && !last->level && head_body(p, (struct propose_span){ last->from, last->to })) {
        if (!value_any(&p->source))
            value_words(p, &p->source, (struct propose_span){ last->from, last->to });
        text_mask(p, last->from, last->to, IN_SIGNATURE);
    }
}

/* 某省人民政府办公厅文件, 明电, 传真, 会议纪要, 转办单 in the first lines. */
static void letterhead_read(struct paper *p)
{
    static const char *const HEADS[] = { "文件", "明电", "传真电报", "传真", "电报", "转办单", "交办单", "督办单", "工单", "来电记录", "电话记录", "来电登记", "督办通知", "督查通知", "通知单", NULL };
    for (size_t k = 0; k < p->n_lines && k < 4; k++) {
        struct line *l = &p->line[k];
        size_t n = text_any_before(p, l->to, HEADS), len = utf8_count(text_of(p, (struct propose_span){ l->from, l->to }));
        bool minutes = text_find(p, l->from, l->to, "纪要") != NOWHERE && text_find(p, l->from, l->to, "通知") == NOWHERE && text_find(p, l->from, l->to, "《") == NOWHERE &&
                       text_find(p, l->from, l->to, "。") == NOWHERE && len <= 40;
        if (l->level || text_find(p, l->from, l->to, "，") != NOWHERE || text_find(p, l->from, l->to, "《") != NOWHERE)
            continue;
        if (minutes || (n && len > 3 && len < 30 && n < l->to - l->from)) {
            p->minutes |= minutes;
            if (!value_any(&p->source))
                value_words(p, &p->source, (struct propose_span){ l->from, l->to });
            text_mask(p, l->from, l->to, IN_HEAD);
            return;
        }
    }
}

void head_read(struct paper *p)
{
    static const char *const NUMBER[] = { "文号", "来文文号", "发文字号", "编号", "工单编号", "工单号", NULL }, *const TITLE[] = { "标题", "事由", "主题", "来文标题", "文件标题", "事项名称", "案由", "事项", "工作事项", "督办事项", NULL };
    static const char *const SOURCE[] = { "来源", "来文单位", "来电单位", "发文单位", "发件单位", "来文机关", "发文机关", "交办单位", "转办单位", NULL };
    static const char *const RECEIVED[] = { "收文日期", "收文时间", "收到日期", "收到时间", "收件日期", "来电时间", "受理时间", "收文", NULL };
    head_title_marks(p);
    for (size_t k = 0; k < p->n_lines; k++)
        if (label_take(p, &p->line[k], NUMBER, &p->number))
            text_mask(p, p->line[k].from, p->line[k].to, IN_HEAD);
    head_contacts(p);
    for (size_t k = 0; k < p->n_lines; k++) {
        if (label_take(p, &p->line[k], TITLE, &p->title) || label_take(p, &p->line[k], SOURCE, &p->source) ||
            label_take(p, &p->line[k], RECEIVED, &p->received))
            text_mask(p, p->line[k].from, p->line[k].to, IN_HEAD);
    }
    head_copies(p);
    urgency_read(p);
    number_read(p);
    head_addressees(p);
    letterhead_read(p);
    signature_read(p);
    if (!value_any(&p->title))
        head_title_of_lines(p);
    if (!value_any(&p->title))
        head_title_in_marks(p);
    if (!value_any(&p->source))
        head_source_special(p);
    if (!value_any(&p->source))
        head_source_by_verb(p);
    if (!p->minutes)
        head_meeting(p);
    else
        p->out->meeting_at = INSTANT_NONE;
    p->notice = !p->minutes && head_meeting_notice(p);
}
