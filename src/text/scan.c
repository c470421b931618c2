/* Small readers over the pasted text. */
#include <string.h>

#include "base/utf8.h"
#include "text/inside.h"

const char *const propose_field_name[PROPOSE_FIELDS] = {
    "kind", "title", "source", "document_number", "requirement", "deadline", "unit_deadline", "lead_unit", "assist_units", "leader", "instruction", "urgency",
    "reading", "received", "contact",
};

size_t text_find(const struct paper *p, size_t from, size_t to, const char *what)
{
    to = to > p->s.n ? p->s.n : to;
    if (from >= to)
        return NOWHERE;
    const char *at = memmem(p->s.p + from, to - from, what, strlen(what));
    return at ? (size_t)(at - p->s.p) : NOWHERE;
}

bool text_at(const struct paper *p, size_t i, const char *what)
{
    size_t n = strlen(what);
    return i <= p->s.n && p->s.n - i >= n && memcmp(p->s.p + i, what, n) == 0;
}

/* 12:00, 9：30: the colon of a time parts nothing. */
static bool in_time(const struct paper *p, size_t i)
{
    static const char *const DAYS[] = { "年", "月", "日", NULL };
    size_t after = i + (p->s.p[i] == ':' ? 1 : strlen("：")), end = text_figures(p, after, p->s.n, false), from = i;
    while (from > 0 && p->s.p[from - 1] >= '0' && p->s.p[from - 1] <= '9' && i - from < 3)
        from--;
    return (i - from == 1 || i - from == 2) && end == after + 2 && !text_any(p, end, p->s.n, DAYS);
}

size_t text_any(const struct paper *p, size_t i, size_t to, const char *const *words)
{
    for (; *words; words++)
        if (text_at(p, i, *words) && i + strlen(*words) <= to && !((!strcmp(*words, ":") || !strcmp(*words, "：")) && in_time(p, i)))
            return strlen(*words);
    return 0;
}

bool text_before(const struct paper *p, size_t i, const char *what)
{
    size_t n = strlen(what);
    return i >= n && memcmp(p->s.p + i - n, what, n) == 0;
}

size_t text_any_before(const struct paper *p, size_t i, const char *const *words)
{
    for (; *words; words++)
        if (text_before(p, i, *words))
            return strlen(*words);
    return 0;
}

size_t text_step(const struct paper *p, size_t i)
{
    i++;
    while (i < p->s.n && ((unsigned char)p->s.p[i] & 0xc0) == 0x80)
        i++;
    return i > p->s.n ? p->s.n : i;
}

size_t text_back(const struct paper *p, size_t i)
{
    if (i == 0)
        return 0;
    i--;
    while (i > 0 && ((unsigned char)p->s.p[i] & 0xc0) == 0x80)
        i--;
    return i;
}

bool text_han(const struct paper *p, size_t i)
{
    if (i >= p->s.n)
        return false;
    int32_t c = utf8_next(p->s, &i);
    return (c >= 0x4e00 && c <= 0x9fff) || c == 0x3007 || (c >= 0x3400 && c <= 0x4dbf);
}

static const char *const EDGES[] = { " ", "\t", "\r", "\n", "　", "，", "。", "；", "、", "：", ":", ",", ";", "|", "｜", "\302\240", NULL };

struct propose_span text_trim(const struct paper *p, struct propose_span s)
{
    size_t n;
    while (s.from < s.to && (n = text_any(p, s.from, s.to, EDGES)) > 0)
        s.from += n;
    while (s.from < s.to && (n = text_any_before(p, s.to, EDGES)) > 0 && s.to - n >= s.from)
        s.to -= n;
    return s;
}

struct str text_of(const struct paper *p, struct propose_span s) { return str_sub(p->s, s.from, s.to - s.from); }

bool text_masked(const struct paper *p, size_t i, unsigned bits) { return i < p->s.n && (p->mask[i] & bits); }

void text_mask(struct paper *p, size_t from, size_t to, unsigned bits)
{
    for (size_t i = from; i < to && i < p->s.n; i++)
        p->mask[i] |= (uint8_t)bits;
}

static size_t end_of(const struct paper *p, size_t i, size_t to, const char *const *marks)
{
    while (i < to && p->s.p[i] != '\n' && !text_any(p, i, to, marks))
        i = text_step(p, i);
    return i < to ? i : to;
}

size_t text_sentence_end(const struct paper *p, size_t i, size_t to)
{
    static const char *const MARKS[] = { "。", "！", "？", "!", "?", NULL };
    return end_of(p, i, to, MARKS);
}

size_t text_clause_end(const struct paper *p, size_t i, size_t to)
{
    static const char *const MARKS[] = { "。", "！", "？", "，", "；", "：", "（", "）", "”", "】", ",", ";", "(", ")", "!", "?", "|", "｜", "\t", NULL };
    return end_of(p, i, to, MARKS);
}

void value_set(struct propose_value *v, struct str text, struct propose_span s)
{
    v->text = text;
    v->span[0] = s;
    v->n_spans = 1;
}

void value_words(const struct paper *p, struct propose_value *v, struct propose_span s)
{
    s = text_trim(p, s);
    if (s.to > s.from)
        value_set(v, text_of(p, s), s);
}

void value_join(struct paper *p, struct propose_value *v, struct str text, struct propose_span s)
{
    struct str rest = v->text, one;
    while (rest.n) {                             /* named twice is named once */
        one = str_cut(rest, ';', &rest);
        if (str_eq(one, text))
            return;
    }
    v->text = v->text.n ? arena_printf(p->a, "%.*s;%.*s", STR_ARG(v->text), STR_ARG(text)) : text;
    if (v->n_spans < PROPOSE_SPANS)
        v->span[v->n_spans++] = s;
}
