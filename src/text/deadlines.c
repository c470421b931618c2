/* Which of a text's times bind: not signatures, meetings, titles or report periods; and whose they are, ours or the unit's. */
#include <string.h>

#include "base/num.h"
#include "text/inside.h"

enum { DUE_MAX = 512, VAGUE_MAX = 200, NOT_BINDING = IN_TITLE_MARKS | IN_ADDRESSEES | IN_SIGNATURE | IN_CONTACT | IN_HEAD | IN_MEETING_TIME | IN_COPY };

/* A bare day binds only when the words beside it say so. */
static bool binds(const struct paper *p, const struct deadline *d)
{
    static const char *const INSIDE[] = { "前", "内", "底", "末", "截止", "为止", "之前", "以前", "每", "半小时", "当日", "当天", "下班", "即日", "尽快", "抓紧", "近期", NULL };
    static const char *const LEFT[] = { "截止", "截至", "时限：", "时限:", "时间：", "时间:", "限", "最迟", "不晚于", "不迟于", "期限：", "时限", "完成时间", "于", "在", "截止时间为", "时限为", "|", "｜", "\t", "| ", "｜ ", NULL };
    static const char *const RIGHT[] = { "完成", "报", "截止", "提交", "反馈", "前", "办结", "回复", "|", "｜", "\t", "止", NULL };
    static const char *const NOT_RIGHT[] = { "召开", "举行", "印发", "下发", "实施", "施行", "发布", "起", "发生", "收到", "来电", "以来", "在", NULL };
    struct propose_span s = { d->from, d->to };
    if (text_any(p, s.to, p->s.n, NOT_RIGHT))
        return false;
    for (int i = 0; INSIDE[i]; i++)
        if (text_find(p, s.from, s.to, INSIDE[i]) != NOWHERE)
            return true;
    if (d->kind == DEADLINE_NONE || d->kind == DEADLINE_RECURRING || d->counted != DEADLINE_GIVEN)
        return true;
    const char *left = NULL;
    for (int i = 0; LEFT[i] && !left; i++)
        left = text_before(p, s.from, LEFT[i]) ? LEFT[i] : NULL;
    bool loose = left && (strcmp(left, "于") == 0 || strcmp(left, "在") == 0);
    return (left && !loose && !p->notice) || text_any(p, s.to, p->s.n, RIGHT) > 0;
}

/* 会前1日, 会前2个工作日, 会前: from the meeting's time in the same text. */
static bool before_meeting(const struct paper *p, size_t i, struct deadline *ret)
{
    static const char *const FIGURES[] = { "一", "两", "三", "四", "五", NULL }, *const DAYS[] = { "日", "天", NULL };
    static const int VALUE[] = { 1, 2, 3, 4, 5 };
    size_t k = i + strlen("会前"), n = 0;
    day_t day = instant_day(p->out->meeting_at);
    int days = 0;
    while (k + n < p->s.n && p->s.p[k + n] >= '0' && p->s.p[k + n] <= '9' && n < 2)
        n++;
    if (n) {
        int64_t v;
        days = num_range(str_n(p->s.p + k, n), 1, 60, &v) ? (int)v : 0;
    } else {
        for (int f = 0; FIGURES[f] && !days; f++)
            if (text_at(p, k, FIGURES[f])) {
                days = VALUE[f];
                n = strlen(FIGURES[f]);
            }
    }
    *ret = (struct deadline){ .kind = DEADLINE_INSTANT, .start = INSTANT_NONE, .due = p->out->meeting_at, .strict = p->out->meeting_at, .other = INSTANT_NONE, .lw = DAY_NONE,
                              .nw = DAY_NONE, .counted = DEADLINE_CALENDAR, .n = days, .from = i, .to = k };
    if (!days)
        return true;
    bool working = text_at(p, k + n, "个工作日");
    size_t m = working ? strlen("个工作日") : text_any(p, k + n, p->s.n, DAYS);
    if (!m)
        return false;
    day = working ? workdays_add(p->ask->work, day, -days, NULL) : day - days;
    ret->kind = DEADLINE_DATE;
    ret->counted = working ? DEADLINE_WORKING : DEADLINE_CALENDAR;
    ret->due = day_start(day + 1);
    ret->strict = ret->due;
    ret->to = k + n + m;
    return true;
}

/* 会后10个工作日内: the same, forward. */
static void after_meeting(const struct paper *p, struct deadline *d)
{
    struct deadline_ask ask = *p->ask;
    struct deadline again;
    size_t from = d->from, to = d->to;
    if (!(d->notes & DEADLINE_NO_ANCHOR) || !text_at(p, from, "会后") || p->out->meeting_at == INSTANT_NONE)
        return;
    ask.at = p->out->meeting_at;
    deadline_read(str_n(p->s.p + from + strlen("会后"), to - from - strlen("会后")), &ask, &again);
    if (again.kind == DEADLINE_NONE)
        return;
    *d = again;
    d->from = from;
    d->to = to;
}

static bool overlaps(const struct paper *p, const struct deadline *d)
{
    for (size_t k = 0; k < p->n_due; k++)
        if (d->from < p->due[k].to && p->due[k].from < d->to)
            return true;
    return false;
}

static void insert(struct paper *p, const struct deadline *d)
{
    size_t k = p->n_due++;
    while (k > 0 && p->due[k - 1].from > d->from) {
        p->due[k] = p->due[k - 1];
        k--;
    }
    p->due[k] = *d;
}

/* 尽快, 会后10个工作日内, 自交办之日起3个月内: words of time without a day. They are kept, so that it can be asked for what they mean. */
static bool vague_at(const struct paper *p, size_t i, size_t *from, size_t *to)
{
    static const char *const WORDS[] = { "尽快", "抓紧", "近期", NULL }, *const FROM[] = { "会后", "批示后", "之日起", NULL };
    size_t n = text_any(p, i, p->s.n, WORDS), end;
    *from = i;
    *to = i + n;
    if (n)
        return true;
    if ((n = text_any(p, i, p->s.n, FROM)) == 0)
        return false;
    end = text_clause_end(p, i, i + 60 < p->s.n ? i + 60 : p->s.n);
    size_t within = text_find(p, i + n, end, "内");
    if (text_at(p, i, "之日起"))
        for (int k = 0; k < 10 && !text_at(p, *from, "自") && *from > 0 && text_han(p, text_back(p, *from)); k++)
            *from = text_back(p, *from);
    *to = within + strlen("内");
    return within != NOWHERE && (text_at(p, *from, "自") || !text_at(p, i, "之日起"));
}

static void vague_find(struct paper *p)
{
    struct deadline d;
    size_t from, to;
    for (size_t i = 0, added = 0; i < p->s.n && added < VAGUE_MAX; i = text_step(p, i)) {
        if ((unsigned char)p->s.p[i] < 0xe4 || !vague_at(p, i, &from, &to) || text_masked(p, i, NOT_BINDING))
            continue;
        deadline_read(str_n(p->s.p + from, to - from), p->ask, &d);
        d.from = from;
        d.to = to;
        after_meeting(p, &d);
        if (d.kind == DEADLINE_NONE && !(d.notes & (DEADLINE_OWN_LIMIT | DEADLINE_NO_ANCHOR)))
            continue;
        if (overlaps(p, &d))
            continue;
        insert(p, &d);
        added++;
    }
}

/* A table's cells stand for themselves. */
static struct str with_lines_for_cells(const struct paper *p)
{
    struct str s = arena_str(p->a, p->s);
    char *c = (char *)(uintptr_t)s.p;
    for (size_t i = 0; i < s.n; i++)
        if (c[i] == '\t' || c[i] == '|')
            c[i] = '\n';
        else if (text_at(p, i, "｜"))
            memset(c + i, '\n', strlen("｜"));
    return s;
}

/* 9日前 out of 6月9日前 would be another day. */
static bool begins_whole(const struct paper *p, const struct deadline *d)
{
    static const char *const LEFT[] = { "月", "年", "季", "周", "第", "每", "-", "/", ".", NULL };
    return d->from == 0 || !(text_any_before(p, d->from, LEFT) || (p->s.p[d->from - 1] >= '0' && p->s.p[d->from - 1] <= '9'));
}

void deadlines_find(struct paper *p)
{
    struct deadline d;
    size_t n;
    p->due = arena_array(p->a, struct deadline, DUE_MAX + VAGUE_MAX + 16);
    n = deadline_find(with_lines_for_cells(p), p->ask, p->due, DUE_MAX);
    for (size_t k = 0; k < n; k++) {
        d = p->due[k];
        bool says = d.kind != DEADLINE_NONE || (d.notes & (DEADLINE_WRONG | DEADLINE_OWN_LIMIT | DEADLINE_NO_ANCHOR));
        if (!says || d.to <= d.from || text_masked(p, d.from, NOT_BINDING) || !begins_whole(p, &d) || !binds(p, &d))
            continue;
        after_meeting(p, &d);
        p->due[p->n_due++] = d;
    }
    vague_find(p);
    if (p->out->meeting_at == INSTANT_NONE)
        return;
    for (size_t i = 0, added = 0; added < 16 && (i = text_find(p, i, p->s.n, "会前")) != NOWHERE; i += strlen("会前")) {
        size_t kept = p->n_due;
        if (!before_meeting(p, i, &d))
            continue;
        for (size_t k = 0; k < kept; k++)        /* what the grammar made of it has no anchor */
            if (p->due[k].from < d.to && d.from < p->due[k].to && p->due[k].kind == DEADLINE_NONE) {
                memmove(&p->due[k], &p->due[k + 1], (kept - k - 1) * sizeof p->due[0]);
                p->n_due--;
                break;
            }
        if (!overlaps(p, &d)) {
            insert(p, &d);
            added++;
        }
    }
}

const struct deadline *deadline_first(const struct paper *p, struct propose_span s)
{
    for (size_t k = 0; k < p->n_due; k++)
        if (p->due[k].from >= s.from && p->due[k].to <= s.to)
            return &p->due[k];
    return NULL;
}

bool deadline_in(const struct paper *p, struct propose_span s)
{
    const struct deadline *d = deadline_first(p, s);
    return d && (d->kind != DEADLINE_NONE || !(d->notes & DEADLINE_OWN_LIMIT));
}

enum whose { ANYBODY, OURS, UNITS };

/* By its label, or by where it is to be sent. */
static enum whose whose(const struct paper *p, const struct deadline *d, size_t to)
{
    static const char *const UNIT_LEFT[] = { "部门报送时限：", "部门报送时限", "部门时限：", "部门", "单位报送时限：", "部门（", "（部门", "各部门", "各单位", "各单位于", "各部门于", NULL };
    static const char *const OUR_LEFT[] = { "上报时限：", "上报时限", "我办时限：", "汇总后于", "汇总于", NULL };
    static const char *const TO_US[] = { "报我办", "报我科", "报送我办", "报送我科", "送我办", "送我科", "反馈我办", "反馈我科", "报市政府办公室", "报送市政府办公室", "报市政府办", "报本科室", "报至我办", "报至我科", "报秘书", "发我", "报我", NULL };
    static const char *const UP[] = { "报省", "上报", "报国务院", "报市委", "报市长", "报送省", "报省政府", "报厅", "呈报", "报市政府常务会", NULL };
    if (text_any_before(p, d->from, OUR_LEFT))
        return OURS;
    if (text_any_before(p, d->from, UNIT_LEFT))
        return UNITS;
    size_t end = text_sentence_end(p, d->to, to);
    const struct deadline *next = NULL;
    for (size_t k = 0; k < p->n_due && !next; k++)
        next = p->due[k].from >= d->to ? &p->due[k] : NULL;
    end = next && next->from < end ? next->from : end;
    for (int i = 0; UP[i]; i++)
        if (text_find(p, d->to, end, UP[i]) != NOWHERE)
            return OURS;
    for (int i = 0; TO_US[i]; i++)
        if (text_find(p, d->to, end, TO_US[i]) != NOWHERE)
            return UNITS;
    return ANYBODY;
}

static void put(const struct paper *p, const struct deadline *d, struct deadline *due, struct propose_value *v)
{
    struct propose_span s = { d->from, d->to };
    *due = *d;
    value_words(p, v, s);
    if (d->kind == DEADLINE_NONE)                /* the words stay, so that it can be asked for what they mean */
        v->text = STR_NULL;
}

void deadlines_read(struct paper *p, struct propose_span s, struct propose_matter *m)
{
    const struct deadline *first = NULL, *second = NULL, *further = NULL;
    for (size_t k = 0; k < p->n_due; k++) {
        const struct deadline *d = &p->due[k];
        if (d->from < s.from || d->to > s.to)
            continue;
        bool vague = d->kind == DEADLINE_NONE && (d->notes & DEADLINE_OWN_LIMIT);
        if (first && vague)                      /* 尽快 beside a date says nothing more */
            continue;
        if (first && first->kind == DEADLINE_NONE && (first->notes & DEADLINE_OWN_LIMIT))
            first = NULL;
        if (first && d->kind == first->kind && d->due == first->due)
            continue;
        if (!first)
            first = d;
        else if (!second)
            second = d;
        else if (!further)
            further = d;
    }
    if (!first)
        return;
    if (second) {
        enum whose a = whose(p, first, s.to), b = whose(p, second, s.to);
        if ((a == UNITS && b != UNITS) || (b == OURS && a != OURS)) {
            put(p, first, &m->unit_due, &m->field[PROPOSE_UNIT_DEADLINE]);
            first = second;
        } else if ((b == UNITS && a != UNITS) || (a == OURS && b != OURS)) {
            put(p, second, &m->unit_due, &m->field[PROPOSE_UNIT_DEADLINE]);
        } else {
            further = second;
        }
    }
    put(p, first, &m->due, &m->field[PROPOSE_DEADLINE]);
    if (p->out->meeting_at != INSTANT_NONE && (text_at(p, first->from, "会前") || text_at(p, first->from, "会后")))
        m->doubts |= PROPOSE_MEETING_TIME;
    if (further) {
        m->doubts |= PROPOSE_SEVERAL_DEADLINES;
        m->further = str_n(p->s.p + further->from, further->to - further->from);
    }
}
