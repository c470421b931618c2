#include <string.h>

#include "sqlc.h"

static const char *const KINDS[] = { "one", "many", "each", "exec" };

static const char *skip_spaces(const char *p)
{
    while (*p == ' ' || *p == '\t' || *p == '\r')
        p++;
    return p;
}

static struct str take_word(const char **p)
{
    const char *from = *p;
    while (word_char(**p))
        ++*p;
    return str_n(from, (size_t)(*p - from));
}

static bool comment_word(const char *p, const char *word)
{
    size_t n = strlen(word);
    if (p[0] != '-' || p[1] != '-')
        return false;
    p = skip_spaces(p + 2);
    return strncmp(p, word, n) == 0 && (p[n] == ' ' || p[n] == '\t' || p[n] == '\n' || p[n] == '\r' || p[n] == 0);
}

/* name @type?, name @type … ; a comma at the end of a line goes on in the next comment line */
static const char *read_fields(const struct source *s, const char *p, struct fields *to)
{
    for (;;) {
        p = skip_spaces(p);
        if (*p == '\n' && to->n) {               /* after a comma */
            p = skip_spaces(p + 1);
            if (p[0] != '-' || p[1] != '-')
                fail_at(s, p, "after the comma the list goes on in a comment line");
            p = skip_spaces(p + 2);
        }
        const char *at = p;
        struct field f = { .name = take_word(&p) };
        if (!is_word(f.name))
            fail_at(s, at, "a name of small letters is expected here");
        for (size_t i = 0; i < to->n; i++)
            if (str_eq(to->f[i].name, f.name))
                fail_at(s, at, "%.*s stands twice", STR_ARG(f.name));
        p = skip_spaces(p);
        const char *type = p;
        if (*p++ != '@')
            fail_at(s, type, "a type is expected after %.*s", STR_ARG(f.name));
        f.type = type_find(take_word(&p));
        if (!f.type)
            fail_at(s, type, "unknown type; known are @id @int @instant @day @text @bytes @flag");
        f.null = *p == '?';
        p += f.null;
        if (f.null && f.type->letter == 'f')
            fail_at(s, type, "a @flag is 0 or 1; it has no NULL");
        arena_push(&mem, to->f, to->n, to->cap) = f;
        p = skip_spaces(p);
        if (*p == ',')
            p++;
        else if (*p == '\n' || *p == 0)
            return p;
        else
            fail_at(s, p, "a comma or the end of the line is expected here");
    }
}

static struct fields *fields_find(struct queries *all, struct str name)
{
    for (size_t i = 0; i < all->n; i++) {
        struct query *q = &all->q[i];
        if (q->in.n && str_eq(q->in.name, name))
            return &q->in;
        if (q->out.n && str_eq(q->out.name, name))
            return &q->out;
    }
    return NULL;
}

/* "NAME: fields", "NAME" alone, or fields; p stands behind "in" or "out". */
static const char *read_struct(struct queries *all, const char *p, const struct query *q, const char *ending, struct fields *to)
{
    const struct source *s = &all->source;
    p = skip_spaces(p);
    const char *at = p;
    if (to->n)
        fail_at(s, at, "the list stands already above; let a comma end a line that goes on");
    struct str name = take_word(&p);
    p = skip_spaces(p);
    bool named = *p == ':', alone = *p == '\n' || *p == 0;
    if ((named || alone) && !is_word(name))
        fail_at(s, at, "a name of small letters is expected here");
    struct str full = named || alone ? name : arena_printf(&mem, "%.*s_%s", STR_ARG(q->name), ending);
    const struct fields *known = fields_find(all, full);
    if (alone) {
        if (!known)
            fail_at(s, at, "no query above writes struct %.*s out", STR_ARG(name));
        *to = *known;
        to->shared = true;
        return p;
    }
    if (known)
        fail_at(s, at, "struct %.*s is written out above already", STR_ARG(full));
    to->name = full;
    return read_fields(s, named ? p + 1 : at, to);
}

/* From the first byte of the statement to behind its ';'. */
static const char *statement_end(const struct source *s, const char *p)
{
    const char *from = p;
    for (; *p && *p != ';'; p++) {
        if (p[0] == '-' && p[1] == '-') {
            if (comment_word(p, "query"))
                break;
            p = line_end(p, s->text.p + s->text.n) - 1;
        } else if (*p == '\'') {
            const char *close = strchr(p + 1, '\'');
            if (!close)
                fail_at(s, p, "this text has no closing quote");
            p = close;
        }
    }
    if (*p != ';')
        fail_at(s, from, "this statement has no ';' at its end");
    return p + 1;
}

static const char *read_query(struct queries *all, const char *p, struct str comment)
{
    const struct source *s = &all->source;
    struct query q = { .comment = comment };
    p = skip_spaces(skip_spaces(p + 2) + 5);
    q.at = p;
    q.name = take_word(&p);
    if (!is_word(q.name))
        fail_at(s, q.at, "-- query NAME KIND: a name of small letters is expected here");
    for (size_t i = 0; i < all->n; i++)
        if (str_eq(all->q[i].name, q.name))
            fail_at(s, q.at, "query %.*s stands twice; first in line %d", STR_ARG(q.name), line_of(s, all->q[i].at));
    p = skip_spaces(p);
    const char *at = p;
    struct str kind = take_word(&p);
    size_t k = 0;
    while (k < ARRAY_LEN(KINDS) && !str_eqc(kind, KINDS[k]))
        k++;
    p = skip_spaces(p);
    if (k == ARRAY_LEN(KINDS) || (*p != '\n' && *p != 0))
        fail_at(s, at, "the kind of a query is one, many, each or exec");
    q.kind = (enum kind)k;

    for (; *p == '\n'; ) {                       /* the head: comment lines */
        p = skip_spaces(p + 1);
        if (comment_word(p, "in"))
            p = read_struct(all, skip_spaces(p + 2) + 2, &q, "in", &q.in);
        else if (comment_word(p, "out"))
            p = read_struct(all, skip_spaces(p + 2) + 3, &q, "row", &q.out);
        else if (comment_word(p, "query") || p[0] != '-' || p[1] != '-')
            break;
        else if (comment_word(p, "whole") || comment_word(p, "all"))
            break;                               /* belongs to the statement */
        else
            p = line_end(p, s->text.p + s->text.n);
    }
    if (q.kind == EXEC && q.out.n)
        fail_at(s, q.at, "an exec query has no out; a statement with RETURNING is of kind one or many");
    if (q.kind != EXEC && !q.out.n)
        fail_at(s, q.at, "-- out is missing");
    while (sql_blank(*p))
        p++;
    const char *end = statement_end(s, p);
    for (int e = 0; e < 2; e++)
        q.sql[e] = translate(s, p, end - 1, (enum engine)e, false);
    arena_push(&mem, all->q, all->n, all->cap) = q;
    return end;
}

struct queries read_queries(const char *file, struct str name)
{
    struct queries all = { .source = source_read(file), .name = name };
    const struct source *s = &all.source;
    const char *comment = NULL;                  /* start of the comment block directly above */
    for (const char *p = s->text.p, *line = p; *p; line = p) {
        p = skip_spaces(p);
        if (comment_word(p, "query")) {
            p = read_query(&all, p, comment ? str_n(comment, (size_t)(line - comment)) : STR_NULL);
            comment = NULL;
        } else if (p[0] == '-' && p[1] == '-') {
            comment = comment ? comment : line;
            p = line_end(p, s->text.p + s->text.n);
        } else if (*p == '\n' || *p == 0) {
            comment = NULL;
        } else {
            fail_at(s, p, "a statement stands below its own \"-- query NAME KIND\"");
        }
        p = skip_spaces(p);
        p += *p == '\n';
    }
    return all;
}
