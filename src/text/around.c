/* What stands around a paper's words: addressees, copies, contacts, titles in marks. Each is marked, so that it is taken for nothing else. */
#include <string.h>

#include "base/utf8.h"
#include "text/inside.h"

/* --- addressees, copies, contacts ------------------------------------------------------------------------------------------------------------ */

void head_addressees(struct paper *p)
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
        if (several || names_at(p, s.from) || head_body(p, s)) {
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
void head_contacts(struct paper *p)
{
    static const char *const LABELS[] = { "联系人：", "联系人:", "联系人 ", "联系人及", "联系电话", "联 系 人", "联络人：", "联络员：", "联系方式", "来电人：", "诉求人：", "反映人：", "投诉人：", "咨询电话", "电话：", "电话:", "手机：", "手机:", "身份证号", "家庭住址", "住址：", "报送邮箱", NULL };
    size_t cap = 0;
    for (size_t k = 0; k < p->n_lines; k++) {
        const struct line *l = &p->line[k];
        bool number = p->number.n_spans && p->number.span[0].from >= l->from && p->number.span[0].to <= l->to;       /* fourteen figures of a 工单编号 are no telephone */
        for (size_t i = l->from; i < l->to && !number;) {
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

void head_copies(struct paper *p)
{
    static const char *const WORDS[] = { "抄送", "抄报", "分送", "主题词", "附件", "出席：", "出席人员", "列席", "参加人员", "参会人员", "记录：", "主持：", "主持人：", NULL };
    for (size_t k = 0; k < p->n_lines; k++)
        if (text_any(p, p->line[k].text, p->line[k].to, WORDS))
            text_mask(p, p->line[k].from, p->line[k].to, IN_COPY);
}

void head_title_marks(struct paper *p)
{
    for (size_t i = 0, end; (i = text_find(p, i, p->s.n, "《")) != NOWHERE; i = end) {
        end = text_find(p, i, i + 600, "》");
        end = end == NOWHERE ? i + 3 : end + 3;
        if (end > i + 3)
            text_mask(p, i, end, IN_TITLE_MARKS);
    }
}
