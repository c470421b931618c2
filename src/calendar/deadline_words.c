#include "calendar/deadline_words.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "calendar/deadline_lexicon.h"

enum { WORDS_MAX = 1600, SLOTS = 1024 };

struct word { const char *p; uint16_t slot; uint8_t n, tok, sub; int8_t value; };
static struct word words[WORDS_MAX];
static int n_words;
static uint16_t first_of[SLOTS + 1];             /* words of one slot stand together, the longest first */

static unsigned slot_of(const char *p)
{
    const unsigned char *u = (const unsigned char *)p;
    return (((unsigned)u[0] << 12 ^ (unsigned)u[1] << 6 ^ u[2]) * 2654435761u) >> 22;
}

/* By slot, then the longest first, then as in the lexicon: of a word that stands there twice the first counts. */
static int word_order(const void *x, const void *y)
{
    const struct word *a = x, *b = y;
    if (a->slot != b->slot)
        return a->slot < b->slot ? -1 : 1;
    if (a->n != b->n)
        return a->n > b->n ? -1 : 1;
    return a->p < b->p ? -1 : 1;
}

static void make_words(void)
{
    for (const struct word_row *row = deadline_lexicon; row->words; row++)
        for (const char *p = row->words; *p;) {
            size_t n = strcspn(p, " ");
            assert(n_words < WORDS_MAX && n >= 3);
            words[n_words++] = (struct word){ p, (uint16_t)slot_of(p), (uint8_t)n, row->tok, row->sub, row->value };
            p += n + (p[n] == ' ');
        }
    qsort(words, (size_t)n_words, sizeof words[0], word_order);
    for (int i = 0, s = 0; s <= SLOTS; s++) {
        while (i < n_words && words[i].slot < s)
            i++;
        first_of[s] = (uint16_t)i;
    }
}

/* --- numbers -------------------------------------------------------------------------------------------------------------------------- */

static int32_t char_at(struct str s, size_t *i)
{
    int32_t c = utf8_next(s, i);
    return c >= 0xff01 && c <= 0xff5e ? c - 0xfee0 : c == 0x3000 ? ' ' : c;
}

/* 0 … 9, 10 十, 20 廿, 30 卅, 100 百, 1000 千; -1. */
static int han_value(int32_t c)
{
    switch (c) {
    case 0x3007: case 0x96f6: case 0x25cb: return 0;
    case 0x4e00: return 1;
    case 0x4e8c: case 0x4e24: return 2;
    case 0x4e09: return 3;
    case 0x56db: return 4;
    case 0x4e94: return 5;
    case 0x516d: return 6;
    case 0x4e03: return 7;
    case 0x516b: return 8;
    case 0x4e5d: return 9;
    case 0x5341: return 10;
    case 0x5eff: return 20;
    case 0x5345: return 30;
    case 0x767e: return 100;
    case 0x5343: return 1000;
    default: return -1;
    }
}

static size_t ascii_number(struct str s, size_t at, struct token *t)
{
    int64_t v = 0;
    int digits = 0;
    size_t i = at;
    for (int32_t c = char_at(s, &i); c >= '0' && c <= '9'; c = char_at(s, &i)) {
        v = digits < 9 ? v * 10 + c - '0' : INT32_MAX;
        digits += digits < 200;
        at = i;
    }
    t->value = (int32_t)v;
    t->digits = (uint8_t)digits;
    return at;
}

/* 三十一 廿三 一百二十 二〇二二 (sign by sign). one: a weekday's figure takes no second sign. */
static size_t han_number(struct str s, size_t at, bool one, struct token *t)
{
    int64_t v = 0, last = 0;
    bool units = false;
    int digits = 0;
    size_t i = at;
    for (int d = han_value(char_at(s, &i)); d >= 0 && !(one && digits); d = han_value(char_at(s, &i))) {
        if (d >= 100) {
            v += (last ? last : 1) * d;
            last = 0;
            units = true;
        } else if (d >= 10) {
            v += d == 10 ? (last ? last : 1) * 10 : d;
            last = 0;
            units = true;
        } else if (units) {
            last = d;
        } else {
            last = digits < 9 ? last * 10 + d : INT32_MAX;
        }
        digits += digits < 200;
        at = i;
    }
    v += last;
    t->value = v < INT32_MAX ? (int32_t)v : INT32_MAX;
    t->digits = (uint8_t)digits;
    t->han = true;
    if (units)
        t->sub = 1;                              /* not sign by sign */
    return at;
}

/* --- one token ------------------------------------------------------------------------------------------------------------------------- */

static int sign_of(int32_t c)
{
    switch (c) {
    case '.': return T_DOT;
    case '-': case 0x2014: case 0x2013: case 0x2015: case '~': case 0x301c: case 0x2500: case 0x2212: return T_DASH;
    case '/': return T_SLASH;
    case ':': case 0xfe55: case 0x2236: return T_COLON;
    case ',': return T_COMMA;
    case 0x3001: return T_LIST;
    case 0x3002: case ';': case '!': case '?': case '\n': case '\r': return T_STOP;
    case '(': case '[': case 0x3010: case 0x3014: return T_OPEN;
    case ')': case ']': case 0x3011: case 0x3015: return T_SHUT;
    case 0x201c: case 0x2018: case 0x300c: case 0x300e: case '"': case '\'': case 0x300a: return T_QUOTE;
    case 0x201d: case 0x2019: case 0x300d: case 0x300f: case 0x300b: return T_UNQUOTE;
    default: return T_OTHER;
    }
}

/* 十一前 五一假期 are festivals; 十一月 五一九号 are not. */
static bool festival_follows(struct str rest)
{
    static const char FOLLOW[] = "前后节假期长黄小以之至到国放劳";
    if (rest.n < 3)
        return rest.n == 0;
    for (size_t i = 0; i + 3 <= sizeof FOLLOW - 1; i += 3)
        if (memcmp(FOLLOW + i, rest.p, 3) == 0)
            return true;
    return false;
}

static bool plan_follows(struct str rest)
{
    static const char NOT[] = "天日个月年周时小分次人件项户批";
    for (size_t i = 0; i + 3 <= sizeof NOT - 1 && rest.n >= 3; i += 3)
        if (memcmp(NOT + i, rest.p, 3) == 0 && !(rest.n >= 6 && memcmp(rest.p, "时期", 6) == 0))
            return false;
    return true;
}

static bool starts_with_unit(struct str s)
{
    static const char UNITS[] = "年月日号天周时点分季个初中";
    for (size_t i = 0; i + 3 <= sizeof UNITS - 1; i += 3)
        if (memcmp(UNITS + i, s.p, 3) == 0)
            return true;
    return false;
}

static bool word_fits(const struct word *w, struct str s, const struct token *before)
{
    struct str rest = str_sub(s, w->n, s.n);
    bool after_number = before && before->tok == T_NUM && !before->gap;
    if (w->tok == T_FEAST && w->value)                              /* of figures */
        return !after_number && festival_follows(rest);
    if (w->tok == T_PLAN)
        return !after_number && plan_follows(rest);
    if (w->tok == T_LUNAR_DAY)                                      /* 正月初三, not 月初三次 */
        return before && (before->tok == T_LUNAR_MONTH || before->tok == T_MONTH);
    if (w->tok == T_BAR && before && (before->tok == T_NUM || before->tok == T_EVERY || before->tok == T_MONTH ||
                                         before->tok == T_GE || before->tok == T_HALF))       /* 5月20 日报 送 */
        return !starts_with_unit(s);
    return true;
}

/* The longest word that stands here and fits what stands before it. */
static const struct word *word_at(struct str s, const struct token *before)
{
    if (s.n < 3 || (unsigned char)s.p[0] < 0xe0)
        return NULL;
    unsigned slot = slot_of(s.p);
    for (int i = first_of[slot]; i < first_of[slot + 1]; i++)
        if (words[i].n <= s.n && memcmp(words[i].p, s.p, words[i].n) == 0 && word_fits(&words[i], s, before))
            return &words[i];
    return NULL;
}

static size_t next_token(struct str s, size_t at, const struct token *before, struct token *t)
{
    const struct word *w = word_at(str_sub(s, at, s.n), before);
    if (w) {
        t->tok = w->tok;
        t->sub = w->sub;
        t->value = w->value;
        return at + w->n;
    }
    size_t next = at;
    int32_t c = char_at(s, &next);
    if (c >= '0' && c <= '9') {
        t->tok = T_NUM;
        return ascii_number(s, at, t);
    }
    if (han_value(c) >= 0) {
        t->tok = T_NUM;
        return han_number(s, at, before && (before->tok == T_WEEK || before->tok == T_REL_WEEK) && !before->gap, t);
    }
    t->tok = (uint8_t)sign_of(c);
    t->value = c;
    return next;
}

static bool blank(struct str s, size_t *at)
{
    size_t next = *at;
    int32_t c = char_at(s, &next);
    if (c != ' ' && c != '\t' && c != 0xa0)
        return false;
    *at = next;
    return true;
}

uint32_t deadline_cut(struct str text, uint32_t from, bool one_sentence, struct token *ret, int cap, int *n)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_words);
    size_t at = from;
    bool gap = false;
    int k = 0;
    while (at < text.n && k < cap - 1) {
        if (blank(text, &at)) {
            gap = true;
            continue;
        }
        ret[k] = (struct token){ .gap = gap, .from = (uint32_t)at };
        gap = false;
        at = next_token(text, at, k ? &ret[k - 1] : NULL, &ret[k]);
        ret[k].to = (uint32_t)at;
        if (ret[k++].tok == T_STOP && one_sentence)
            break;
    }
    ret[k] = (struct token){ .tok = T_END, .gap = gap, .from = (uint32_t)at, .to = (uint32_t)at };
    *n = k;
    return (uint32_t)at;
}
