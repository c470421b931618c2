/* What a paper says once: its red head, number, urgency, title, addressees, who signed it when, contacts, the meeting's time. Each marks its bytes, so that what is
 * read later does not take a signature for a deadline or an addressee for the responsible unit. */
#include <string.h>

#include "base/utf8.h"
#include "text/inside.h"

static const char *const COLON[] = { "：", ":", NULL };

/* --- lines ------------------------------------------------------------------------------------------------------------------------ */

static size_t skip_figures(const struct paper *p, size_t i, size_t to, bool han)
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
        bool han = skip_figures(p, i + n, l->to, true) > i + n;
        end = skip_figures(p, i + n, l->to, han);
        size_t m = text_any(p, end, l->to, CLOSE);
        if (end > i + n && m) {
            l->level = han ? 2 : 4;
            l->text = end + m;
        }
    } else if ((n = text_any(p, i, l->to, RINGS)) > 0) {
        l->level = 4;
        l->text = i + n;
    } else if ((end = skip_figures(p, i, l->to, true)) > i && (n = text_any(p, end, l->to, HAN_END)) > 0) {
        l->level = 1;
        l->text = end + n;
    } else if ((end = skip_figures(p, i, l->to, false)) > i && end - i <= 3) {
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

/* --- labels: 文号： 来源： --------------------------------------------------------------------------------------------------------------- */

/* What stands behind one of these words and a colon, to the line's end. */
static struct propose_span labelled(const struct paper *p, const struct line *l, const char *const *words)
{
    size_t n = text_any(p, l->text, l->to, words), m;
    if (n && (m = text_any(p, l->text + n, l->to, COLON)) > 0)
        return text_trim(p, (struct propose_span){ l->text + n + m, l->to });
    return (struct propose_span){ 0, 0 };
}

static bool label_take(struct paper *p, const struct line *l, const char *const *words, struct propose_value *v)
{
    struct propose_span s = labelled(p, l, words);
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
    if (!n || year + 4 >= p->s.n || (memcmp(p->s.p + year, "20", 2) != 0) || skip_figures(p, year, p->s.n, false) != year + 4 ||
        (m = text_any(p, year + 4, p->s.n, CLOSE)) == 0)
        return false;
    size_t no = year + 4 + m;
    no += text_at(p, no, "第") ? strlen("第") : 0;
    size_t end = skip_figures(p, no, p->s.n, false), from = i;
    if (end == no || !text_at(p, end, "号"))
        return false;
    for (int k = 0; k < 16 && from > 0 && text_han(p, text_back(p, from)) && !text_any_before(p, from, STOP); k++)
        from = text_back(p, from);
    *ret = (struct propose_span){ from, end + strlen("号") };
    return from < i;
}

/* The paper's own number stands alone, is labelled, or follows its title; one behind 根据《…》 is another paper's. */
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

static bool is_body(const struct paper *p, struct propose_span s)
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
        if (is_body(p, (struct propose_span){ b->from, b->to }) && !b->level) {
            if (!value_any(&p->source))
                value_words(p, &p->source, (struct propose_span){ b->from, b->to });
            text_mask(p, b->from, l->to, IN_SIGNATURE);
        } else {
            text_mask(p, l->from, l->to, IN_SIGNATURE);
        }
        return;
    }
    struct line *last = p->n_lines > 2 ? &p->line[p->n_lines - 1] : NULL;      /* signed without a date */
    if (last && !last->level && is_body(p, (struct propose_span){ last->from, last->to })) {
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

/* --- addressees, copies, contacts ------------------------------------------------------------------------------------------------------------ */

static void addressees_read(struct paper *p)
{
    for (size_t k = 0; k < p->n_lines && k < 10; k++) {
        struct line *l = &p->line[k];
        if (l->level || text_masked(p, l->from, IN_HEAD) || !(text_before(p, l->to, "：") || text_before(p, l->to, ":")) ||
            text_find(p, l->from, l->to, "。") != NOWHERE || text_find(p, l->from, l->to, "如下") != NOWHERE || text_find(p, l->from, l->to, "请") != NOWHERE ||
            text_find(p, l->from, l->to, "批示") != NOWHERE || text_find(p, l->from, l->to, "要求：") != NOWHERE || text_find(p, l->from, l->to, "内容") != NOWHERE)
            continue;
        struct propose_span s = { l->from, l->to - (text_before(p, l->to, "：") ? strlen("：") : 1) };
        bool several = text_find(p, s.from, s.to, "各") != NOWHERE || text_find(p, s.from, s.to, "、") != NOWHERE || text_find(p, s.from, s.to, "，") != NOWHERE ||
                       text_find(p, s.from, s.to, "有关") != NOWHERE || text_find(p, s.from, s.to, "同志") != NOWHERE;
        if (several || names_at(p, s.from) || is_body(p, s)) {
            text_mask(p, l->from, l->to, IN_ADDRESSEES);
            return;
        }
    }
}

static bool is_phone(const struct paper *p, size_t i, size_t to, size_t *end)
{
    size_t n = 0, k = i;
    if (i + 7 < to && p->s.p[i] == '2' && p->s.p[i + 1] == '0' && (p->s.p[i + 4] == '-' || p->s.p[i + 4] == '/') && (p->s.p[i + 6] == '-' || p->s.p[i + 7] == '-'))
        return false;                            /* 2022-05-18 */
    if (i > 0 && ((p->s.p[i - 1] >= '0' && p->s.p[i - 1] <= '9') || text_before(p, i, "第")))
        return false;
    while (k < to && ((p->s.p[k] >= '0' && p->s.p[k] <= '9') || (n && (p->s.p[k] == '-' || p->s.p[k] == ' ') && k + 1 < to && p->s.p[k + 1] >= '0' && p->s.p[k + 1] <= '9'))) {
        n += p->s.p[k] != '-' && p->s.p[k] != ' ';
        k++;
    }
    *end = k;
    static const char *const UNITS[] = { "号", "件", "元", "人", "万", "年", "月", "日", NULL };
    return n >= 7 && n <= 18 && !text_any(p, k, to, UNITS);
}

static void contact_add(struct paper *p, size_t *cap, struct propose_span s)
{
    s = text_trim(p, s);
    if (s.to <= s.from || text_masked(p, s.from, IN_CONTACT))
        return;
    text_mask(p, s.from, s.to, IN_CONTACT);
    arena_push(p->a, p->out->contact, p->out->n_contacts, *cap) = s;
}

/* Labelled contacts to the end of the clause run, and every telephone or identity number wherever it stands. */
static void contacts_read(struct paper *p)
{
    static const char *const LABELS[] = { "联系人：", "联系人:", "联系人 ", "联系人及", "联系电话", "联 系 人", "联络人：", "联络员：", "联系方式", "来电人：", "诉求人：", "反映人：", "投诉人：", "咨询电话", "电话：", "电话:", "手机：", "手机:", "身份证号", "家庭住址", "住址：", "报送邮箱", NULL };
    size_t cap = 0;
    for (size_t k = 0; k < p->n_lines; k++) {
        const struct line *l = &p->line[k];
        for (size_t i = l->from; i < l->to;) {
            size_t n = text_any(p, i, l->to, LABELS), end;
            if (n) {
                end = text_sentence_end(p, i, l->to);
                size_t semi = text_find(p, i, end, "；"), close = text_find(p, i, end, "）");
                size_t asks = text_find(p, i, end, "，请");      /* what is asked behind a telephone number is no contact */
                bool open = text_before(p, i, "（");
                end = open && close != NOWHERE ? close : semi != NOWHERE && text_find(p, semi, end, "电话") == NOWHERE ? semi : end;
                end = asks < end ? asks : end;
                contact_add(p, &cap, (struct propose_span){ i, end });
                i = end > i ? end : i + n;
            } else if (p->s.p[i] >= '0' && p->s.p[i] <= '9' && is_phone(p, i, l->to, &end)) {
                contact_add(p, &cap, (struct propose_span){ i, end });
                i = end;
            } else {
                i = text_step(p, i);
            }
        }
    }
    for (size_t k = 0; k < p->out->n_contacts && k < PROPOSE_SPANS; k++)
        if (utf8_count(p->contact.text) + utf8_count(text_of(p, p->out->contact[k])) < 180)
            value_join(p, &p->contact, text_of(p, p->out->contact[k]), p->out->contact[k]);
}

static void copies_mask(struct paper *p)
{
    static const char *const WORDS[] = { "抄送", "抄报", "分送", "主题词", "附件", "出席：", "出席人员", "列席", "参加人员", "参会人员", "记录：", "主持：", "主持人：", NULL };
    for (size_t k = 0; k < p->n_lines; k++)
        if (text_any(p, p->line[k].text, p->line[k].to, WORDS))
            text_mask(p, p->line[k].from, p->line[k].to, IN_COPY);
}

static void title_marks(struct paper *p)
{
    for (size_t i = 0, end; (i = text_find(p, i, p->s.n, "《")) != NOWHERE; i = end) {
        end = text_find(p, i, i + 600, "》");
        end = end == NOWHERE ? i + 3 : end + 3;
        if (end > i + 3)
            text_mask(p, i, end, IN_TITLE_MARKS);
    }
}

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

static void title_of_lines(struct paper *p)
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
                if (is_body(p, (struct propose_span){ p->line[j].from, p->line[j].to })) {
                    text_mask(p, p->line[j].from, p->line[j].to, IN_HEAD);
                    if (!value_any(&p->source))
                        value_words(p, &p->source, (struct propose_span){ p->line[j].from, p->line[j].to });
                }
            return;
        }
    }
}

/* A paper spoken of in a message: 转来《关于…的通知》, but not 根据《…》. */
static void title_in_marks(struct paper *p)
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
static void source_by_verb(struct paper *p)
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
            if ((n = text_any(p, i, l->to, VERBS)) > 0 && is_body(p, (struct propose_span){ from, i })) {
                value_words(p, &p->source, (struct propose_span){ from, text_any(p, i, l->to, (const char *const[]){ "来电", "来函", "来文", "明电", "约稿", "请示", "指令", NULL }) ? i + 6 : i });
                return;
            }
    }
}

/* 【12345热线】, 人大代表建议第15号, 12345政务服务热线转办 */
static void source_special(struct paper *p)
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

static void meeting_read(struct paper *p)
{
    static const char *const LABELS[] = { "会议时间", "时间", "时 间", "时　间", "开会时间", "召开时间", NULL }, *const TO_BE[] = { "定于", "拟于", "将于", "兹定于", "决定于", NULL };
    p->out->meeting_at = INSTANT_NONE;
    for (size_t k = 0; k < p->n_lines && p->out->meeting_at == INSTANT_NONE; k++) {
        struct propose_span s = labelled(p, &p->line[k], LABELS);
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

static bool meeting_notice(const struct paper *p)
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

void head_read(struct paper *p)
{
    static const char *const NUMBER[] = { "文号", "来文文号", "发文字号", "编号", "工单编号", "工单号", NULL }, *const TITLE[] = { "标题", "事由", "主题", "来文标题", "文件标题", "事项名称", "案由", "事项", "工作事项", "督办事项", NULL };
    static const char *const SOURCE[] = { "来源", "来文单位", "来电单位", "发文单位", "发件单位", "来文机关", "发文机关", "交办单位", "转办单位", NULL };
    static const char *const RECEIVED[] = { "收文日期", "收文时间", "收到日期", "收到时间", "收件日期", "来电时间", "受理时间", "收文", NULL };
    title_marks(p);
    contacts_read(p);
    for (size_t k = 0; k < p->n_lines; k++) {
        if (label_take(p, &p->line[k], NUMBER, &p->number) || label_take(p, &p->line[k], TITLE, &p->title) || label_take(p, &p->line[k], SOURCE, &p->source) ||
            label_take(p, &p->line[k], RECEIVED, &p->received))
            text_mask(p, p->line[k].from, p->line[k].to, IN_HEAD);
    }
    copies_mask(p);
    urgency_read(p);
    number_read(p);
    addressees_read(p);
    letterhead_read(p);
    signature_read(p);
    if (!value_any(&p->title))
        title_of_lines(p);
    if (!value_any(&p->title))
        title_in_marks(p);
    if (!value_any(&p->source))
        source_special(p);
    if (!value_any(&p->source))
        source_by_verb(p);
    if (!p->minutes)
        meeting_read(p);
    else
        p->out->meeting_at = INSTANT_NONE;
    p->notice = !p->minutes && meeting_notice(p);
}
