/* Names of the table in a text: at each place the longest, whole names only. */
#include <string.h>

#include "base/utf8.h"
#include "text/inside.h"

enum { BUCKETS = 1024 };

struct slot { const struct propose_name *name; struct slot *next; };
struct propose_names { struct slot *bucket[BUCKETS]; };

/* By the first two characters, so that a text full of 市 asks little. */
static unsigned key(const char *p, size_t n)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (uint8_t)p[i]) * 16777619u;
    return (h ^ h >> 15) % BUCKETS;
}

static size_t two(struct str s)
{
    size_t i = 0;
    utf8_next(s, &i);
    return i < s.n ? (utf8_next(s, &i), i) : 0;
}

const struct propose_names *propose_names_make(struct arena *a, const struct propose_name *list, size_t n)
{
    struct propose_names *t = arena_new(a, struct propose_names);
    for (size_t i = 0; i < n; i++) {
        size_t len = two(list[i].name);
        if (len == 0)
            continue;
        struct slot **at = &t->bucket[key(list[i].name.p, len)], *s = arena_new(a, struct slot);
        while (*at && (*at)->name->name.n >= list[i].name.n)       /* longest first; of equal ones the first said */
            at = &(*at)->next;
        *s = (struct slot){ &list[i], *at };
        *at = s;
    }
    return t;
}

/* A name goes on to the left when an ideograph stands there that cannot end the words before a name: 某县|财政局, 副|市长. */
static bool begins_here(const struct paper *p, size_t i)
{
    static const char *const MAY[] = {
        "由", "请", "与", "和", "及", "会同", "协同", "商", "对", "向", "送", "报", "给", "交", "转", "至", "在", "是", "为", "经", "让", "令", "派", "责", "将", "把", "使", "该", "从", "以",
        "并", "须", "应", "需", "成", "知", "促", "到", "求", "求：", "协助", "配合", "联合", "来自", "接", "按", "即", "各", "日", "前", "月", "导", "时", "后", "内", "底", "托", "托付", "属", "于", "当",
        "通报", "据", "收", "抄", "等", "或", "含", "告", "主送", "协调", "指导", "督促", "约谈", "要求", "建议", "同意", "委托", "牵头", "单位", "部门", "领导", "了", "的", "记", NULL };
    if (i == 0 || !text_han(p, text_back(p, i)))
        return true;
    return text_any_before(p, i, MAY) > 0;
}

/* And to the right: 市商务局|局长 is a person, 市公安局|交警支队 a part of it that answers for itself. */
static bool ends_here(const struct paper *p, const struct propose_name *n, size_t to)
{
    static const char *const GOES_ON[] = { "局长", "主任", "党组", "机关党委", "副局长", "副主任", "交警", "支队", "分局", "大队", "所长", "书记", "联络员", "副县长", "县长", "长安", NULL };
    static const char *const LEADER_GOES_ON[] = { "助理", "热线", "信箱", "质量奖", "专线", "令", "办公会", "专题会", "公开电话", "基金", NULL };
    if (text_any(p, to, p->s.n, n->kind == NAME_LEADER ? LEADER_GOES_ON : GOES_ON))
        return false;
    return !(n->kind != NAME_LEADER && text_at(p, to, "长") && !text_at(p, to, "长期"));
}

void names_find(struct paper *p)
{
    size_t cap = 0, i = 0;
    while (i < p->s.n) {
        size_t len = two(str_sub(p->s, i, 8)), next = text_step(p, i);
        const struct slot *s = len ? p->names->bucket[key(p->s.p + i, len)] : NULL;
        for (; s; s = s->next)
            if (str_starts(str_sub(p->s, i, p->s.n), s->name->name))
                break;
        if (s && begins_here(p, i)) {
            next = i + s->name->name.n;
            if (ends_here(p, s->name, next))
                arena_push(p->a, p->hit, p->n_hits, cap) = (struct hit){ i, next, s->name };
        }
        i = next;
    }
}

size_t names_first(const struct paper *p, size_t from)
{
    size_t lo = 0, hi = p->n_hits;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (p->hit[mid].from < from)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

const struct hit *names_at(const struct paper *p, size_t i)
{
    size_t k = names_first(p, i);
    return k < p->n_hits && p->hit[k].from == i ? &p->hit[k] : NULL;
}
