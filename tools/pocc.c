/* pocc OUT.h OUT.c po/LANG/NAME.po…   compiles the messages of all languages into one C table.
 *
 * The format is gettext's, so translators may use their tools: comments, `msgid "…"`, `msgstr "…"`, lines of `"…"` that go
 * on. A msgid is an id, "entry.unknown_unit" (M_ENTRY_UNKNOWN_UNIT), not a sentence; the entry with an empty id is the
 * header. Each language has the same ids with the same arguments {1}…{4}.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

/* The order is that of enum lang in base/tr.h; the first is the source language. */
static const char *const LANGS[] = { "zh_CN", "en" };
enum { N_LANGS = ARRAY_LEN(LANGS), ARGS_MAX = 4 };

struct message {
    struct str id, text;
    const struct source *source;
    const char *at;                              /* of the id */
};

struct catalog {
    struct message *m;
    size_t n, cap;
};

/* Reads one quoted string at *p, which ends its line. */
static void read_quoted(const struct source *s, const char **p, struct buf *out)
{
    const char *c = *p;
    if (*c != '"')
        fail_at(s, c, "a text in double quotes is expected here");
    for (c++; *c != '"'; c++) {
        if (*c == '\n' || *c == 0)
            fail_at(s, *p, "this text has no closing quote");
        if (*c != '\\') {
            buf_ch(out, *c);
            continue;
        }
        const char *from = "nt\"\\", *to = "\n\t\"\\", *hit = *++c ? strchr(from, *c) : NULL;
        if (!hit)
            fail_at(s, c - 1, "unknown escape; known are \\n \\t \\\" \\\\");
        buf_ch(out, to[hit - from]);
    }
    for (c++; *c == ' ' || *c == '\t' || *c == '\r'; c++)
        ;
    if (*c && *c != '\n')
        fail_at(s, c, "nothing may follow the closing quote");
    *p = c;
}

/* Reads "…" and the "…" lines after it. */
static struct str read_text(const struct source *s, const char **p)
{
    struct buf b = BUF_INIT;
    for (;;) {
        read_quoted(s, p, &b);
        const char *next = *p;
        while (*next == '\n' || *next == ' ' || *next == '\t' || *next == '\r')
            next++;
        if (*next != '"')
            return buf_view(&b);
        *p = next;
    }
}

static const char *skip_blank(const char *p)
{
    for (;;) {
        while (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n')
            p++;
        if (*p != '#')
            return p;
        while (*p && *p != '\n')
            p++;
    }
}

static bool keyword(const char **p, const char *word)
{
    size_t n = strlen(word);
    if (strncmp(*p, word, n) != 0 || ((*p)[n] != ' ' && (*p)[n] != '\t'))
        return false;
    for (*p += n; **p == ' ' || **p == '\t'; ++*p)
        ;
    return true;
}

static void check_id(const struct source *s, const char *at, struct str id)
{
    for (size_t i = 0; i < id.n; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_.", id.p[i]))
            fail_at(s, at, "the id \"%.*s\" may hold only a-z, 0-9, '_' and '.'", STR_ARG(id));
}

static void read_catalog(const struct source *s, struct catalog *c)
{
    for (const char *p = skip_blank(s->text.p); *p; p = skip_blank(p)) {
        const char *at = p;
        if (!keyword(&p, "msgid"))
            fail_at(s, at, "msgid is expected here");
        struct str id = read_text(s, &p);
        check_id(s, at, id);
        p = skip_blank(p);
        if (!keyword(&p, "msgstr"))
            fail_at(s, p, "msgstr is expected here, for the id \"%.*s\"", STR_ARG(id));
        struct str text = read_text(s, &p);
        if (id.n == 0)
            continue;
        if (text.n == 0)
            fail_at(s, at, "\"%.*s\" has no text", STR_ARG(id));
        arena_push(&mem, c->m, c->n, c->cap) = (struct message){ id, text, s, at };
    }
}

static int by_id(const void *a, const void *b)
{
    const struct message *x = a, *y = b;
    int c = str_cmp(x->id, y->id);
    return c ? c : (x->at > y->at) - (x->at < y->at);
}

/* Bit i is set when {i} occurs. */
static unsigned arguments(const struct message *m)
{
    unsigned set = 0;
    for (size_t i = 0; i + 2 < m->text.n; i++) {
        const char *p = m->text.p + i;
        if (p[0] != '{' || p[1] < '0' || p[1] > '9' || p[2] != '}')
            continue;
        if (p[1] < '1' || p[1] > '0' + ARGS_MAX)
            fail_at(m->source, m->at, "{%c} in \"%.*s\": arguments are {1} to {%d}", p[1], STR_ARG(m->id), ARGS_MAX);
        set |= 1u << (p[1] - '0');
    }
    return set;
}

static void check_same(const struct catalog *zh, const struct catalog *c, const char *lang)
{
    size_t j = 0;
    for (size_t i = 0; i < zh->n || j < c->n; i++, j++) {
        const struct message *a = i < zh->n ? &zh->m[i] : NULL, *b = j < c->n ? &c->m[j] : NULL;
        int order = !a ? 1 : !b ? -1 : str_cmp(a->id, b->id);
        if (order < 0)
            fail_at(a->source, a->at, "\"%.*s\" is missing in %s", STR_ARG(a->id), lang);
        if (order > 0)
            fail_at(b->source, b->at, "\"%.*s\" is missing in %s", STR_ARG(b->id), LANGS[0]);
        if (arguments(a) != arguments(b))
            fail_at(b->source, b->at, "\"%.*s\" has other arguments {n} than in %s", STR_ARG(b->id), LANGS[0]);
    }
}

static int lang_of(const char *file)
{
    for (int i = 0; i < N_LANGS; i++) {
        struct str dir = str_n(file, (size_t)(base_name(file) - file));
        struct str want = arena_printf(&mem, "%s/", LANGS[i]);
        if (str_ends(dir, want) && (dir.n == want.n || dir.p[dir.n - want.n - 1] == '/'))
            return i;
    }
    fail("%s: a po file lies in a folder named after its language, zh_CN or en", file);
}

static void write_header(struct buf *h, const struct catalog *c)
{
    buf_c(h, "/* Made by tools/pocc from po/; change the po files instead. */\n"
             "#ifndef WHS_MESSAGES_H\n#define WHS_MESSAGES_H\n\nenum msg {\n");
    for (size_t i = 0; i < c->n; i++)            /* "a.b" and "a_b" would meet here; the compiler refuses the second */
        buf_printf(h, "    M_%.*s,\n", STR_ARG(upper_name(c->m[i].id)));
    buf_c(h, "    M_COUNT\n};\n\n#endif\n");
}

static void write_tables(struct buf *c, const struct catalog cat[N_LANGS])
{
    buf_c(c, "/* Made by tools/pocc from po/; change the po files instead. */\n#include \"base/tr.h\"\n\n"
             "const char *const messages_id[] = {\n");
    for (size_t i = 0; i < cat[0].n; i++)
        buf_printf(c, "    \"%.*s\",\n", STR_ARG(cat[0].m[i].id));
    buf_c(c, "};\n\nconst char *const messages_text[LANG_COUNT][M_COUNT] = {\n");
    for (int l = 0; l < N_LANGS; l++) {
        buf_c(c, "    {\n");
        for (size_t i = 0; i < cat[l].n; i++) {
            buf_c(c, "        ");
            c_literal(c, cat[l].m[i].text, false, 0);
            buf_c(c, ",\n");
        }
        buf_c(c, "    },\n");
    }
    buf_c(c, "};\n");
}

int main(int argc, char **argv)
{
    if (argc < 4)
        fail("usage: pocc OUT.h OUT.c po/LANG/NAME.po…");
    struct catalog cat[N_LANGS] = { 0 };
    for (int i = 3; i < argc; i++) {
        struct source *s = arena_new(&mem, struct source);
        *s = source_read(argv[i]);
        read_catalog(s, &cat[lang_of(argv[i])]);
    }
    for (int l = 0; l < N_LANGS; l++) {
        if (cat[l].n)
            qsort(cat[l].m, cat[l].n, sizeof cat[l].m[0], by_id);
        for (size_t i = 1; i < cat[l].n; i++)
            if (str_eq(cat[l].m[i - 1].id, cat[l].m[i].id))
                fail_at(cat[l].m[i].source, cat[l].m[i].at, "\"%.*s\" stands twice; first in %s line %d", STR_ARG(cat[l].m[i].id),
                        cat[l].m[i - 1].source->file, line_of(cat[l].m[i - 1].source, cat[l].m[i - 1].at));
        check_same(&cat[0], &cat[l], LANGS[l]);
    }
    struct buf h = BUF_INIT, c = BUF_INIT;
    write_header(&h, &cat[0]);
    write_tables(&c, cat);
    output_write(argv[1], &h);
    output_write(argv[2], &c);
    return 0;
}
