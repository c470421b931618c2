/* A phrase, and deadlines in running text: where in the words a deadline begins, and what beside it forbids to read one. */
#include "calendar/deadline.h"

#include <string.h>

#include "base/tr.h"
#include "calendar/deadline_in.h"

enum { ANCHOR_REACH = 40, WRONG_REACH = 16 };

struct found {
    struct deadline d;
    int from, to;                                /* tokens */
    bool strong, bare;
    bool anchored;                               /* counted from what was said */
    bool day_only;                               /* 15日 */
};

static struct deadline nothing(void)
{
    return (struct deadline){ .start = INSTANT_NONE, .due = INSTANT_NONE, .strict = INSTANT_NONE, .other = INSTANT_NONE, .anchor = INSTANT_NONE,
                              .lw = DAY_NONE, .nw = DAY_NONE, .recur = { .from = INSTANT_NONE } };
}

/* --- on both sides ------------------------------------------------------------------------------------------------------------------------ */

static bool latin(const struct token *t)
{
    return t->tok == T_OTHER && t->value < 0x80;
}

static bool joined(const struct token *t)                    /* signs that glue figures to other figures */
{
    return t->tok == T_DOT || t->tok == T_DASH || t->tok == T_SLASH || t->tok == T_COLON || t->tok == T_NUM || latin(t);
}

static bool starts_with(const struct parse *p, const struct token *t, const char *word)
{
    return str_starts(str_sub(p->text, t->from, p->text.n), str_c(word));
}

/* Nothing on the left makes a name, a number or a report of it. */
static bool left_free(const struct parse *p, int from)
{
    if (from == 0)
        return true;
    const struct token *t = &p->t[from - 1];
    bool figures = p->t[from].tok == T_NUM && !p->t[from].han;
    if (t->tok == T_NTH || (t->tok == T_NUM && !p->t[from].gap) || (t->tok == T_BAR && (t->sub & BAR_LEFT)) || t->tok == T_SOME || t->tok == T_BEFORE)
        return false;
    if (t->tok == T_SHUT && from > 1 && p->t[from - 2].tok == T_NUM && p->t[from - 2].digits == 4)           /* 〔2022〕5号 */
        return false;
    if (t->tok == T_WORKDAY || (from > 1 && (p->t[from - 2].tok == T_EVERY || p->t[from - 2].tok == T_EVERY_OTHER)))     /* 每年春节前 */
        return false;
    if (t->tok == T_COLON && from > 1 && p->t[from - 2].tok == T_BAR && (p->t[from - 2].sub & BAR_LEFT))                 /* 时间：5月12日 */
        return false;
    if (t->tok == T_LEAD && from > 1 && p->t[from - 2].tok == T_BAR && (p->t[from - 2].sub & BAR_LEFT) &&
        starts_with(p, t, "时间为"))                                                                                        /* 值班时间为17:00 */
        return false;
    if (figures && !p->t[from].gap && joined(t) && !(t->tok == T_COLON && from > 1))
        return false;
    return true;
}

/* ahead: with 前 or 内 before it, so that only what turns the sense counts. */
static bool right_free(const struct parse *p, int to, bool strong)
{
    const struct token *t = &p->t[to];
    if (t->tok == T_BAR && (t->sub & (strong ? BAR_RIGHT : BAR_RIGHT | BAR_WEAK)))
        return false;
    if (!t->gap && (joined(t) || t->tok == T_SOME) && !(t->tok == T_DASH && strong))
        return false;
    if (t->tok == T_OF)
        return false;
    if (!strong && (t->tok == T_FROM || t->tok == T_AFTER))
        return false;
    return !(t->tok == T_DO && (p->t[to + 1].tok == T_OF || (p->t[to + 1].tok == T_BAR && starts_with(p, &p->t[to + 1], "了"))));
}

static bool ends(const struct token *t)
{
    return t->tok == T_END || t->tok == T_STOP || t->tok == T_COMMA || t->tok == T_LIST || t->tok == T_SHUT || t->tok == T_UNQUOTE;
}

/* What may stand behind 3日内: what is done. */
static bool told(const struct token *t)
{
    switch (t->tok) {
    case T_DO: case T_LEAD: case T_SINCE: case T_EVERY: case T_RECEIPT: case T_OPEN: case T_PART: case T_URGE: case T_BY: case T_ONCE: return true;
    default: return false;
    }
}

/* A word on the left that asks for something by then: 限, 务必于, 最迟. */
static bool asked_left(const struct parse *p, int from)
{
    while (from > 0 && (p->t[from - 1].tok == T_COLON || (p->t[from - 1].tok == T_LEAD && p->t[from - 1].sub == 0)))
        from--;
    return from > 0 && ((p->t[from - 1].tok == T_LEAD && p->t[from - 1].sub == 1) || p->t[from - 1].tok == T_BY);
}

/* 保存期限10年: a word before 期限 makes it that of a thing that lasts. */
static bool lasts_left(const struct parse *p, int from)
{
    while (from > 0 && p->t[from - 1].tok == T_COLON)
        from--;
    if (from < 2 || p->t[from - 1].tok != T_LEAD)
        return false;
    const struct token *t = &p->t[from - 1];
    return ((starts_with(p, t, "期限") || starts_with(p, t, "时限")) && t[-1].tok == T_OTHER) || (starts_with(p, t, "限") && t[-1].tok == T_BAR);
}

/* 前入职的职工: 的 before anything is done says that the words describe a thing. */
static bool describes(const struct parse *p, int to)
{
    for (int i = to; i < p->n && p->t[i].tok != T_DO && p->t[i].tok != T_LEAD && !ends(&p->t[i]); i++)
        if (p->t[i].tok == T_OF)
            return true;
    return false;
}

/* --- counted periods -------------------------------------------------------------------------------------------------------------------- */

enum anchor { ANCHOR_NONE, ANCHOR_KNOWN, ANCHOR_UNKNOWN };

/* What stands before a counted period and says from when: 自收到之日起, 会后. *from: where it begins. */
static enum anchor anchor_left(const struct parse *p, int *from)
{
    int i = *from - 1;
    while (i >= 0 && (p->t[i].tok == T_COMMA || (p->t[i].tok == T_LEAD && i > 0) || p->t[i].tok == T_OF || p->t[i].tok == T_IN))
        i--;
    if (i < 0 || (p->t[i].tok != T_AFTER && p->t[i].tok != T_FROM))
        return ANCHOR_NONE;
    for (int k = i - 1; k >= 0 && i - k < ANCHOR_REACH; k--) {
        const struct token *t = &p->t[k];
        if (t->tok == T_STOP || t->tok == T_COMMA)
            break;
        if (t->tok == T_RECEIPT || t->tok == T_NOW || (t->tok == T_REL_DAY && t->value == 0)) {
            *from = k;
            return ANCHOR_KNOWN;
        }
    }
    return ANCHOR_UNKNOWN;
}

/* 10个工作日内, 不超过3天, 3日办结: behind an anchor or from the reference. */
static bool period_read(struct parse *p, struct found *f)
{
    struct span_count c;
    int from = p->at;
    if (!count_read(p, &c))
        return false;
    bool in = take(p, T_IN), after = !in && take(p, T_AFTER);
    if (is(p, 0, T_BEFORE)) {                    /* 三天前 */
        p->at = from;
        return false;
    }
    f->from = from;
    enum anchor a = anchor_left(p, &f->from);
    if (a == ANCHOR_NONE && !in && lasts_left(p, from)) {
        p->at = from;
        return false;
    }
    bool asked = asked_left(p, from) || (a != ANCHOR_NONE) || (!after && is(p, 0, T_DO) && tok(p, 0)->sub == 1);
    if (!in && !after && !asked) {
        p->at = from;
        return false;
    }
    if (c.unit == UNIT_DAY && !in && !after && p->t[p->at - 1].tok == T_DAY && a == ANCHOR_NONE && !asked_left(p, from)) {       /* 3日报送: the third */
        p->at = from;
        return false;
    }
    f->to = p->at;
    f->strong = in || asked;
    f->anchored = a != ANCHOR_NONE;
    if (a == ANCHOR_UNKNOWN) {
        f->d.notes |= DEADLINE_NO_ANCHOR;
        err_fail(&f->d.why, ERR_INPUT, M_CALENDAR_DEADLINE_NO_ANCHOR, NULL);
        return true;
    }
    if (after)
        f->d.notes |= DEADLINE_AMBIGUOUS;
    if (count_end(p, &c, p->ask->at, &f->d))
        return true;
    p->at = from;
    return false;
}

/* --- one candidate ------------------------------------------------------------------------------------------------------------------------ */

static bool starts(const struct parse *p)
{
    switch (tok(p, 0)->tok) {
    case T_NUM: case T_HALF: case T_YEAR: case T_MONTH: case T_XUN: case T_HALF_YEAR: case T_HALF_MONTH: case T_REL_YEAR: case T_REL_MONTH: case T_REL_DAY:
    case T_REL_WEEK: case T_REL_QUARTER: case T_WEEKEND: case T_WEEK: case T_PART: case T_ON_DUTY: case T_OFF_DUTY: case T_EVERY: case T_EVERY_OTHER: case T_FEAST:
    case T_TERM: case T_FESTIVAL: case T_VACATION: case T_LUNAR: case T_LUNAR_MONTH: case T_NTH: case T_PLAN: case T_QUOTE: case T_SINCE: case T_NOW: case T_TO:
    case T_QUARTER: case T_NEXT: case T_WORKDAY: return true;
    default: return false;
    }
}

/* Where what cannot be ends: at its 前 when one is near, else at the next sign. */
static int wrong_end(const struct parse *p)
{
    int sign = 0;
    for (int i = 0; i < WRONG_REACH; i++) {
        const struct token *t = tok(p, i);
        if (t->tok == T_BEFORE)
            return p->at + i + 1;
        if (ends(t) && t->tok != T_SHUT && t->tok != T_UNQUOTE)
            return p->at + (sign ? sign : i);
        if (ends(t) && !sign)
            sign = i + 1;
    }
    return p->at + (sign ? sign : WRONG_REACH > p->n - p->at ? p->n - p->at : WRONG_REACH);
}

/* Reads a deadline at p->at; p->at is behind it. */
static bool candidate(struct parse *p, struct found *f)
{
    *f = (struct found){ .d = nothing(), .from = p->at };
    if (!starts(p))
        return false;
    if (every_read(p, &f->d, &f->strong)) {
        f->to = p->at;
        return true;
    }
    if (!p->why.kind && period_read(p, f))
        return true;
    if (!p->why.kind && point_read(p, &f->d, &f->strong, &f->bare)) {
        f->anchored = f->d.counted != DEADLINE_GIVEN;
        f->day_only = p->t[f->from].tok == T_NUM && p->t[f->from + 1].tok == T_DAY && p->t[f->from + 1].sub == 0;
        f->to = p->at;
        return true;
    }
    if (!p->why.kind)
        return false;
    f->d = nothing();                            /* a date that cannot be */
    f->d.notes = DEADLINE_WRONG;
    f->d.why = p->why;
    f->strong = true;
    f->to = wrong_end(p);
    p->why.kind = ERR_NONE;
    return true;
}

/* Whether the words around let it be a deadline. In running text a date alone is none. */
static bool fits(const struct parse *p, struct found *f, bool running)
{
    if (!left_free(p, f->from) || !right_free(p, f->to, f->strong && f->d.kind != DEADLINE_RECURRING))
        return false;
    const struct token *left = f->from ? &p->t[f->from - 1] : NULL, *right = &p->t[f->to];
    bool asked = asked_left(p, f->from) || (right->tok == T_DO && right->sub == 1);
    if (left && left->tok == T_LEAD && left->sub == 2)       /* 截至5月20日, and nothing told of that day */
        return !running && right->tok == T_END && f->d.due > p->ask->at;
    if (f->bare && !asked)
        return false;
    if (!f->strong && f->d.start != INSTANT_NONE && right->tok == T_DO && starts_with(p, right, "报告"))      /* 一季度报告 */
        return false;
    if (f->day_only && left && (left->tok == T_DO || left->tok == T_OTHER))          /* 会议召开3日前 */
        return false;
    if (f->d.counted != DEADLINE_GIVEN && !asked && !f->anchored && !(ends(right) || told(right)))
        return false;
    if (left && left->tok == T_QUOTE && right->tok == T_UNQUOTE && !f->strong)
        return false;
    if (f->d.kind != DEADLINE_NONE && f->d.kind != DEADLINE_RECURRING && right->tok == T_OTHER && describes(p, f->to))
        return false;
    if (p->t[f->to - 1].tok == T_EDGE && !asked && !(ends(right) || told(right)))          /* 月末库存 */
        return false;
    if (p->t[f->to - 1].tok == T_AFTER && !asked && !f->anchored && ends(right))           /* 三天后: a beginning */
        return false;
    enum tok last = p->t[f->to - 1].tok;
    if (last == T_VACATION && !asked && !ends(right) && right->tok != T_DO && right->tok != T_BEFORE)
        return false;
    if (right->tok == T_OTHER && !asked && f->d.kind == DEADLINE_RECURRING && last != T_BEFORE && last != T_IN && last != T_BY && last != T_ONCE)
        return false;                            /* 每周一歌; before it 国庆假期接待 */
    bool about = p->t[f->to - 1].tok == T_ABOUT, span = p->t[f->to - 1].tok == T_VACATION || p->t[f->to - 1].tok == T_DURING;
    if (running && !asked && (about || (span && f->d.start != INSTANT_NONE)))          /* 5月3日8点左右, 清明假期: when something happened */
        return false;
    if (f->strong || asked)
        return true;
    return !running && ends(right) && (!left || ends(left) || left->tok == T_LEAD || left->tok == T_OPEN || left->tok == T_COLON);
}

static void close_up(const struct parse *p, struct found *f)
{
    struct deadline *d = &f->d;
    const struct workdays *w = p->ask->work;
    d->from = p->t[f->from].from;
    d->to = f->to > f->from ? p->t[f->to - 1].to : d->from;
    if (d->kind == DEADLINE_NONE)
        return;
    if (d->due < p->ask->at)
        d->notes |= DEADLINE_PAST;
    day_t last = instant_day(d->due - 1);
    if (!workdays_is(w, last, NULL)) {
        d->notes |= DEADLINE_REST_DAY;
        d->lw = workdays_prev(w, last, NULL);
        d->nw = workdays_next(w, last, NULL);
    }
}

static void begin(struct parse *p, struct str text, const struct deadline_ask *ask)
{
    p->text = text;
    p->ask = ask;
    p->today = instant_day(ask->at);
    p->at = p->month = p->month_year = 0;
    p->same_day = DAY_NONE;
    p->part = PART_NONE;
    p->why.kind = ERR_NONE;
}

/* The next deadline from token p->at on. */
static bool next_found(struct parse *p, bool running, struct found *f)
{
    while (p->at < p->n) {
        int at = p->at;
        if (candidate(p, f) && f->to > at) {
            at = f->to - 1;
            if (fits(p, f, running)) {
                p->at = f->to;
                return true;
            }
        }
        p->why.kind = ERR_NONE;
        p->part = PART_NONE;
        p->month = 0;
        p->same_day = DAY_NONE;
        p->at = at + 1;
    }
    return false;
}

void deadline_read(struct str phrase, const struct deadline_ask *ask, struct deadline *ret)
{
    struct parse p;
    struct found f, next;
    begin(&p, phrase, ask);
    *ret = nothing();
    if (deadline_cut(phrase, 0, false, p.t, TOKENS_MAX, &p.n) < phrase.n)
        return;                                  /* longer than a phrase can be */
    if (!next_found(&p, false, &f)) {
        for (int i = 0; i < p.n; i++)
            if (p.t[i].tok == T_URGE && p.t[i].sub == 0)         /* not 立即: at once is no limit of days */
                ret->notes |= DEADLINE_OWN_LIMIT;
        return;
    }
    close_up(&p, &f);
    if (f.d.kind != DEADLINE_NONE && next_found(&p, true, &next))
        f.d.notes |= next.d.kind != DEADLINE_NONE ? DEADLINE_SEVERAL : 0;
    *ret = f.d;
}

size_t deadline_find(struct str text, const struct deadline_ask *ask, struct deadline *ret, size_t cap)
{
    struct parse p;
    struct found f;
    size_t n = 0;
    for (uint32_t at = 0; at < text.n && n < cap;) {
        begin(&p, text, ask);
        at = deadline_cut(text, at, true, p.t, TOKENS_MAX, &p.n);
        while (n < cap && next_found(&p, true, &f)) {
            close_up(&p, &f);
            if (f.d.kind != DEADLINE_NONE || (f.d.notes & DEADLINE_WRONG))
                ret[n++] = f.d;
        }
    }
    return n;
}
