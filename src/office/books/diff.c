/* What differs between two texts, by sentences. Pure: the longest common row of sentences by Hirschberg's way, in the memory of one row. */
#include <string.h>

#include "base/utf8.h"
#include "office/books/inside.h"

enum { CELLS_MAX = 16 * 1000 * 1000 };           /* some 50 ms; texts that differ in more are told as wholly changed */

static const char *const ENDS[] = { "。", "！", "？", "；" };

/* How long the sentence at the head of s is: with its stop or line end. */
static size_t sentence(struct str s)
{
    for (size_t i = 0; i < s.n;) {
        if (s.p[i] == '\n')
            return i + 1;
        struct str rest = str_sub(s, i, s.n);
        for (size_t k = 0; k < ARRAY_LEN(ENDS); k++)
            if (str_starts(rest, str_c(ENDS[k]))) {
                size_t end = i + strlen(ENDS[k]);
                return end < s.n && s.p[end] == '\n' ? end + 1 : end;
            }
        utf8_next(s, &i);
    }
    return s.n;
}

struct pieces { struct str *s; int *id; bool *keep; size_t n, cap; };

static struct pieces split(struct arena *a, struct str text)
{
    struct pieces p = { 0 };
    while (text.n) {
        size_t n = sentence(text);
        arena_push(a, p.s, p.n, p.cap) = str_sub(text, 0, n);
        text = str_sub(text, n, text.n);
    }
    p.id = arena_array(a, int, p.n + 1);
    p.keep = arena_array(a, bool, p.n + 1);
    return p;
}

/* Equal sentences get equal numbers. */
static void number(struct arena *a, struct pieces *p, size_t n_pieces)
{
    size_t total = 0, size = 16;
    for (size_t i = 0; i < n_pieces; i++)
        total += p[i].n;
    while (size < total * 2)
        size *= 2;
    struct str *at = arena_array(a, struct str, size);
    int *id = arena_array(a, int, size), next = 0;
    for (size_t i = 0; i < n_pieces; i++)
        for (size_t k = 0; k < p[i].n; k++) {
            uint64_t h = 14695981039346656037u;
            for (size_t c = 0; c < p[i].s[k].n; c++)
                h = (h ^ (uint8_t)p[i].s[k].p[c]) * 1099511628211u;
            size_t slot = (h ^ h >> 29) & (size - 1);
            while (at[slot].p && !str_eq(at[slot], p[i].s[k]))
                slot = (slot + 1) & (size - 1);
            if (!at[slot].p) {
                at[slot] = p[i].s[k];
                id[slot] = next++;
            }
            p[i].id[k] = id[slot];
        }
}

/* row[j]: the length of the longest common row of x and the first (back: last) j of y. */
static void lengths(const int *x, size_t n, const int *y, size_t m, bool back, int *row)
{
    memset(row, 0, (m + 1) * sizeof *row);
    for (size_t i = 0; i < n; i++) {
        int diagonal = 0, left = back ? x[n - 1 - i] : x[i];
        for (size_t j = 1; j <= m; j++) {
            int up = row[j];
            row[j] = left == (back ? y[m - j] : y[j - 1]) ? diagonal + 1 : up > row[j - 1] ? up : row[j - 1];
            diagonal = up;
        }
    }
}

static void common(struct arena *a, const int *x, bool *kx, size_t n, const int *y, bool *ky, size_t m)
{
    while (n && m && *x == *y) {
        *kx++ = *ky++ = true;
        x++, y++, n--, m--;
    }
    while (n && m && x[n - 1] == y[m - 1])
        kx[--n] = ky[--m] = true;
    if (n == 0 || m == 0)
        return;
    if (n == 1) {
        for (size_t j = 0; j < m; j++)
            if (y[j] == *x) {
                *kx = ky[j] = true;
                return;
            }
        return;
    }
    size_t half = n / 2, best = 0;
    int *head = arena_array(a, int, m + 1), *tail = arena_array(a, int, m + 1);
    lengths(x, half, y, m, false, head);
    lengths(x + half, n - half, y, m, true, tail);
    for (size_t j = 1; j <= m; j++)
        if (head[j] + tail[m - j] > head[best] + tail[m - best])
            best = j;
    common(a, x, kx, half, y, ky, best);
    common(a, x + half, kx + half, n - half, y + best, ky + best, m - best);
}

struct made { struct diff_piece *p; size_t n, cap; };

static void put(struct arena *a, struct made *m, enum diff_kind kind, struct str text)
{
    struct diff_piece *last = m->n ? &m->p[m->n - 1] : NULL;
    if (last && last->kind == kind && last->text.p + last->text.n == text.p)
        last->text.n += text.n;
    else
        arena_push(a, m->p, m->n, m->cap) = (struct diff_piece){ kind, text };
}

struct diff_piece *overview_diff(struct arena *a, struct str old, struct str new, size_t *n)
{
    struct pieces p[2] = { split(a, old), split(a, new) };
    struct made made = { 0 };
    size_t i = 0, j = 0;
    number(a, p, 2);
    if (p[0].n * p[1].n <= CELLS_MAX)
        common(a, p[0].id, p[0].keep, p[0].n, p[1].id, p[1].keep, p[1].n);
    while (i < p[0].n || j < p[1].n) {
        while (i < p[0].n && !p[0].keep[i])
            put(a, &made, DIFF_GONE, p[0].s[i++]);
        while (j < p[1].n && !p[1].keep[j])
            put(a, &made, DIFF_NEW, p[1].s[j++]);
        for (; i < p[0].n && j < p[1].n && p[0].keep[i] && p[1].keep[j]; i++, j++)
            put(a, &made, DIFF_SAME, p[0].s[i]);
    }
    *n = made.n;
    return made.p;
}

/* --- headings, words -------------------------------------------------------------------------------------------------------------------- */

/* Chinese numerals at the head of s: how many bytes. */
static size_t numerals(struct str s)
{
    size_t n = 0;
    while (s.n - n >= 3 && str_find(STR("一二三四五六七八九十"), str_sub(s, n, 3)) % 3 == 0)
        n += 3;
    return n;
}

int overview_heading(struct str line, struct str *text)
{
    *text = line;
    if (str_starts(line, STR("# ")) || str_starts(line, STR("## "))) {
        int level = line.p[1] == '#' ? 2 : 1;
        *text = str_trim(str_sub(line, (size_t)level + 1, line.n));
        return level;
    }
    if (str_find(line, STR("。")) >= 0)           /* a sentence is a paragraph, whatever its number */
        return 0;
    size_t n = numerals(line);
    if (n && str_starts(str_sub(line, n, line.n), STR("、")))
        return 1;
    if (!str_starts(line, STR("（")))
        return 0;
    struct str inner = str_sub(line, 3, line.n);
    n = numerals(inner);
    return n && str_starts(str_sub(inner, n, inner.n), STR("）")) ? 2 : 0;
}

bool overview_has(struct str body, struct str words)
{
    while (words.n) {
        struct str one = str_cut(words, ' ', &words);
        if (str_trim(one).n && str_find(body, str_trim(one)) < 0)
            return false;
    }
    return true;
}
