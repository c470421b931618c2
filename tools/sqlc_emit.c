#include <string.h>

#include "sqlc.h"

void put_sql(struct buf *c, const struct sql *q)
{
    buf_c(c, "        ");
    c_literal(c, buf_view(&q->text), true, 8);
}

static void put_touched(struct buf *c, const struct tables *t, const char *member, table_set set)
{
    buf_printf(c, "    .%s = (table_set)0x%llx << 64 | 0x%llx,", member, (unsigned long long)(set >> 64), (unsigned long long)set);
    const char *before = "    /* ";
    for (int i = 0; i < t->n; i++) {
        if (!(set >> i & 1))
            continue;
        buf_printf(c, "%s%.*s", before, STR_ARG(t->name[i]));
        before = " ";
    }
    buf_c(c, set ? " */\n" : "\n");
}

static void put_struct(struct buf *h, const struct fields *s)
{
    if (s->n == 0 || s->shared)
        return;
    buf_printf(h, "struct %.*s {\n", STR_ARG(s->name));
    for (size_t i = 0; i < s->n; i++) {
        const struct field *f = &s->f[i];
        buf_printf(h, "    %s%.*s;%s\n", f->type->c, STR_ARG(f->name), f->null ? "    /* may be NULL */" : "");
    }
    buf_c(h, "};\n");
}

static void put_letters(struct buf *c, const struct fields *s)
{
    buf_ch(c, '"');
    for (size_t i = 0; i < s->n; i++)
        buf_ch(c, (char)(s->f[i].type->letter - (s->f[i].null ? 32 : 0)));
    buf_ch(c, '"');
}

static void put_signature(struct buf *o, const struct query *q)
{
    buf_printf(o, "bool q_%.*s(struct db *db", STR_ARG(q->name));
    if (q->kind == ONE || q->kind == MANY)
        buf_c(o, ", struct arena *a");
    if (q->in.n)
        buf_printf(o, ", const struct %.*s *in", STR_ARG(q->in.name));
    struct str row = q->out.name;
    switch (q->kind) {
    case ONE: buf_printf(o, ", struct %.*s *ret, bool *found", STR_ARG(row)); break;
    case MANY: buf_printf(o, ", struct %.*s **rows, size_t *n", STR_ARG(row)); break;
    case EACH: buf_printf(o, ",\n    bool (*row)(void *ctx, const struct %.*s *r, bool *stop, struct err *err), void *ctx", STR_ARG(row)); break;
    case EXEC: buf_c(o, ", int64_t *changed"); break;
    }
    buf_c(o, ", struct err *err)");
}

static void put_comment(struct buf *h, struct str lines)
{
    bool first = true;
    while (lines.n) {
        struct str line = str_trim(str_cut(lines, '\n', &lines));
        struct str words = str_trim(str_sub(line, 2, line.n));
        if (str_find(words, STR("*/")) >= 0)
            continue;
        buf_printf(h, "%s%.*s", first ? "/* " : "\n * ", STR_ARG(words));
        first = false;
    }
    if (!first)
        buf_c(h, " */\n");
}

/* The reader of one row struct: texts are copied when there is an arena. */
static void put_reader(struct buf *c, const struct fields *s)
{
    if (s->n == 0 || s->shared)
        return;
    buf_printf(c, "static void read_%.*s(struct %.*s *r, const struct sql_value *v, struct arena *a)\n{\n", STR_ARG(s->name), STR_ARG(s->name));
    bool text = false;
    for (size_t i = 0; i < s->n; i++) {
        const struct field *f = &s->f[i];
        text |= f->type->text;
        if (f->type->text)
            buf_printf(c, "    r->%.*s = a ? arena_str(a, v[%zu].s) : v[%zu].s;\n", STR_ARG(f->name), i, i);
        else if (f->type->letter == 'f')
            buf_printf(c, "    r->%.*s = v[%zu].i != 0;\n", STR_ARG(f->name), i);
        else
            buf_printf(c, "    r->%.*s = (%.*s)v[%zu].i;\n", STR_ARG(f->name), (int)strlen(f->type->c) - 1, f->type->c, i);
    }
    buf_printf(c, "%s}\n\n", text ? "" : "    (void)a;\n");
}

static void put_input(struct buf *c, const struct query *q)
{
    if (q->in.n == 0)
        return;
    buf_c(c, "    const struct sql_value v[] = {\n");
    for (size_t i = 0; i < q->in.n; i++)
        buf_printf(c, "        { .%c = in->%.*s },\n", q->in.f[i].type->text ? 's' : 'i', STR_ARG(q->in.f[i].name));
    buf_c(c, "    };\n");
}

static const char ONE_ROW[] =
    "struct @_ctx {\n    struct arena *a;\n    struct # row;\n    bool found;\n};\n\n"
    "static bool @_row(void *ctx, const struct sql_value *v, bool *stop, struct err *err)\n{\n"
    "    struct @_ctx *c = ctx;\n    (void)err;\n    read_#(&c->row, v, c->a);\n    c->found = *stop = true;\n    return true;\n}\n\n";
static const char ONE_BODY[] =
    "    struct @_ctx c = { .a = a };\n    if (!db_each(db, &@_query, %, @_row, &c, err))\n        return false;\n"
    "    if (c.found)\n        *ret = c.row;\n    *found = c.found;\n    return true;\n}\n\n";

static const char MANY_ROW[] =
    "struct @_ctx {\n    struct arena *a;\n    struct # *rows;\n    size_t n, cap;\n};\n\n"
    "static bool @_row(void *ctx, const struct sql_value *v, bool *stop, struct err *err)\n{\n"
    "    struct @_ctx *c = ctx;\n    (void)stop;\n    read_#(&arena_push(c->a, c->rows, c->n, c->cap), v, c->a);\n"
    "    return !arena_over(c->a) || err_fail(err, ERR_LIMIT, M_BASE_TOO_MANY_ROWS, NULL);\n}\n\n";
static const char MANY_BODY[] =
    "    struct @_ctx c = { .a = a };\n    if (!db_each(db, &@_query, %, @_row, &c, err))\n        return false;\n"
    "    *rows = c.rows;\n    *n = c.n;\n    return true;\n}\n\n";

static const char EACH_ROW[] =
    "struct @_ctx {\n    bool (*row)(void *ctx, const struct # *r, bool *stop, struct err *err);\n    void *ctx;\n};\n\n"
    "static bool @_row(void *ctx, const struct sql_value *v, bool *stop, struct err *err)\n{\n"
    "    struct @_ctx *c = ctx;\n    struct # r;\n    read_#(&r, v, NULL);\n    return c->row(c->ctx, &r, stop, err);\n}\n\n";
static const char EACH_BODY[] =
    "    struct @_ctx c = { row, ctx };\n    return db_each(db, &@_query, %, @_row, &c, err);\n}\n\n";

static const char EXEC_BODY[] = "    return db_exec(db, &@_query, %, changed, err);\n}\n\n";

static const char *const ROW[] = { ONE_ROW, MANY_ROW, EACH_ROW, "" };
static const char *const BODY[] = { ONE_BODY, MANY_BODY, EACH_BODY, EXEC_BODY };

/* @ is the query's name, # the row struct's, % the input values. */
static void put_pattern(struct buf *c, const char *p, const struct query *q)
{
    for (; *p; p++) {
        if (*p == '@')
            buf_str(c, q->name);
        else if (*p == '#')
            buf_str(c, q->out.name);
        else if (*p == '%')
            buf_c(c, q->in.n ? "v" : "NULL");
        else
            buf_ch(c, *p);
    }
}

static void put_query(struct buf *c, const struct queries *all, const struct tables *tables, const struct query *q)
{
    /* "entry_by_number" of entry is "entry.by_number" */
    struct str prefix = arena_printf(&mem, "%.*s_", STR_ARG(all->name));
    struct str rest = str_starts(q->name, prefix) ? str_sub(q->name, prefix.n, q->name.n) : q->name;
    put_reader(c, &q->out);
    buf_printf(c, "static const struct query %.*s_query = {\n    .name = \"%.*s.%.*s\",\n    .sqlite =\n", STR_ARG(q->name), STR_ARG(all->name),
               STR_ARG(rest));
    put_sql(c, &q->sql[SQLITE]);
    buf_c(c, ",\n    .postgres =\n");
    put_sql(c, &q->sql[POSTGRES]);
    buf_c(c, ",\n    .in = ");
    put_letters(c, &q->in);
    buf_c(c, ", .out = ");
    put_letters(c, &q->out);
    buf_printf(c, ", .writes = %s,\n", q->writes ? "true" : "false");
    put_touched(c, tables, "reads", q->reads);
    put_touched(c, tables, "changes", q->changes);
    buf_c(c, "};\n\n");
    put_pattern(c, ROW[q->kind], q);
    put_signature(c, q);
    buf_c(c, "\n{\n");
    put_input(c, q);
    put_pattern(c, BODY[q->kind], q);
}

void put_queries(struct buf *h, struct buf *c, const struct queries *all, const struct tables *tables)
{
    const struct str name = all->name, guard = upper_name(name);
    buf_printf(h, "/* Made by tools/sqlc from %.*s/queries.sql. */\n#ifndef WHS_%.*s_QUERIES_H\n#define WHS_%.*s_QUERIES_H\n\n#include \"store/db.h\"\n\n",
               STR_ARG(name), STR_ARG(guard), STR_ARG(guard));
    buf_printf(c, "/* Made by tools/sqlc from %.*s/queries.sql. */\n#include \"%.*s_queries.h\"\n\n#include \"messages.h\"\n\n", STR_ARG(name), STR_ARG(name));
    for (size_t i = 0; i < all->n; i++) {
        const struct query *q = &all->q[i];
        put_struct(h, &q->in);
        put_struct(h, &q->out);
        put_comment(h, q->comment);
        put_signature(h, q);
        buf_c(h, ";\n\n");
        put_query(c, all, tables, q);
    }
    buf_printf(h, "extern const struct query *const %.*s_query_list[];    /* ends with NULL */\n\n#endif\n", STR_ARG(name));
    buf_printf(c, "const struct query *const %.*s_query_list[] = {\n", STR_ARG(name));
    for (size_t i = 0; i < all->n; i++)
        buf_printf(c, "    &%.*s_query,\n", STR_ARG(all->q[i].name));
    buf_c(c, "    NULL,\n};\n");
}
