/* sqlc migrations OUT.h OUT.c FILE…                                      the schema as a table of steps
 * sqlc queries NAME OUT.h OUT.c FILE --schema MIGRATION…                 one C function for each query of a queries.sql
 *
 * What is written is SQL that SQLite and PostgreSQL 15 both understand; only what differs is rewritten: types named by
 * meaning (@id @int @instant @day @text @bytes @flag, @table_end, @key_order_end) and the spelling of parameters ($1 stays for PostgreSQL
 * and becomes ?1 for SQLite, which would number $1 by first appearance). Every statement is prepared on an in-memory
 * database made from the migrations, so that a misspelt column fails the build. tools/README.md has the format.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tool.h"

/* --- types --------------------------------------------------------------------------------------------------------------- */

static const struct type {
    const char *name, *sqlite, *postgres, *postgres_column, *c;
    char letter;
    bool text;                                   /* crosses as sql_value.s, else as .i */
} TYPES[] = {
    { "id", "INTEGER", "BIGINT", "BIGINT", "int64_t ", 'i', false },
    { "int", "INTEGER", "BIGINT", "BIGINT", "int64_t ", 'n', false },
    { "instant", "INTEGER", "BIGINT", "BIGINT", "instant_t ", 't', false },
    { "day", "INTEGER", "BIGINT", "BIGINT", "day_t ", 'd', false },
    { "text", "TEXT", "TEXT", "TEXT COLLATE \"C\"", "struct str ", 's', true },
    { "bytes", "BLOB", "BYTEA", "BYTEA", "struct str ", 'b', true },
    { "flag", "INTEGER", "BIGINT", "BIGINT", "bool ", 'f', false },
};

static const struct type *type_find(struct str name)
{
    for (size_t i = 0; i < ARRAY_LEN(TYPES); i++)
        if (str_eqc(name, TYPES[i].name))
            return &TYPES[i];
    return NULL;
}

/* --- from our SQL to an engine's --------------------------------------------------------------------------------------- */

/* Words that only SQLite knows, and what both know. */
static const struct {
    const char *word;
    bool call;                                   /* only before '(' */
    const char *instead;
} ONLY_SQLITE[] = {
    { "ifnull", true, "COALESCE" },       { "iif", true, "CASE" },
    { "datetime", true, "an @instant" },  { "julianday", true, "an @instant" },
    { "strftime", true, "an @instant" },  { "unixepoch", true, "an @instant" },
    { "date", true, "a @day" },           { "time", true, "an @instant" },
    { "json_each", false, "a table" },    { "json_tree", false, "a table" },
    { "json_extract", true, "a column" }, { "group_concat", true, "rows, joined in C" },
    { "instr", true, "LIKE" },            { "printf", true, "a formatter" },
    { "total", true, "SUM" },             { "changes", true, "the count that exec gives" },
    { "rowid", false, "the table's key" }, { "last_insert_rowid", false, "txn_next_id()" },
    { "glob", false, "LIKE" },            { "autoincrement", false, "txn_next_id()" },
    { "pragma", false, "nothing" },       { "replace into", false, "ON CONFLICT … DO UPDATE" },
    { "insert or", false, "ON CONFLICT" }, { "update or", false, "ON CONFLICT" },
};

enum engine { SQLITE, POSTGRES, NAMED };         /* NAMED: types by their own names, for the list of tables */
enum { PARAMS_MAX = 64 };

struct sql {
    struct buf text;
    size_t *from;                                /* for each byte of text: its offset in the source */
    size_t n_from, cap_from;
    bool used[PARAMS_MAX + 1];                   /* $n occurs */
    int params;                                  /* the highest n */
};

static void put(struct sql *o, const struct source *s, const char *at, struct str bytes)
{
    for (size_t i = 0; i < bytes.n; i++)
        arena_push(&mem, o->from, o->n_from, o->cap_from) = (size_t)(at - s->text.p);
    buf_str(&o->text, bytes);
}

static bool blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

static const char *word_end(const char *p, const char *end)
{
    while (p < end && word_char(*p))
        p++;
    return p;
}

static const char *line_end(const char *p, const char *end)
{
    const char *nl = memchr(p, '\n', (size_t)(end - p));
    return nl ? nl : end;
}

static void refuse_only_sqlite(const struct source *s, const char *p, const char *end)
{
    const char *e = word_end(p, end), *next = e;
    while (next < end && blank(*next))
        next++;
    struct str word = str_n(p, (size_t)(e - p)), second = str_n(next, (size_t)(word_end(next, end) - next));
    struct str pair = arena_printf(&mem, "%.*s %.*s", STR_ARG(word), STR_ARG(second));
    for (size_t i = 0; i < ARRAY_LEN(ONLY_SQLITE); i++) {
        struct str bad = str_c(ONLY_SQLITE[i].word);
        if (!str_caseeq(bad, word) && !str_caseeq(bad, pair))
            continue;
        if (ONLY_SQLITE[i].call && (next == end || *next != '('))
            continue;
        fail_at(s, p, "%s is not understood by PostgreSQL; use %s", ONLY_SQLITE[i].word, ONLY_SQLITE[i].instead);
    }
}

/* Translates the source from p to end. Comments go, but for "-- whole office: reason", which a test looks for; so does
 * indentation. */
static struct sql translate(const struct source *s, const char *p, const char *end, enum engine engine, bool schema)
{
    struct sql o = { .text = BUF_INIT };
    buf_add(&o.text, "", 0);
    while (p < end) {
        const char *at = p;
        if (blank(*p)) {
            bool line = false;
            for (; p < end && blank(*p); p++)
                line |= *p == '\n';
            bool comment = p + 1 < end && p[0] == '-' && p[1] == '-' && !str_starts(str_n(p, (size_t)(end - p)), STR("-- whole office:"));
            if (p < end && !comment && o.text.n && o.text.p[o.text.n - 1] != '\n')
                put(&o, s, at, line ? STR("\n") : STR(" "));
        } else if (p + 1 < end && p[0] == '-' && p[1] == '-') {
            p = line_end(p, end);
            if (str_starts(str_n(at, (size_t)(p - at)), STR("-- whole office:")))
                put(&o, s, at, str_n(at, (size_t)(p - at)));
        } else if (p + 1 < end && p[0] == '/' && p[1] == '*') {
            fail_at(s, p, "comments begin with \"--\" here");
        } else if (*p == '\'') {
            for (p++; p < end && *p != '\''; p++)
                ;
            if (p == end)
                fail_at(s, at, "this text has no closing quote");
            p++;
            put(&o, s, at, str_n(at, (size_t)(p - at)));
        } else if (*p == '"' || *p == '`' || *p == '[') {
            fail_at(s, p, "texts stand in single quotes, names in none");
        } else if (*p == '$') {
            long n = 0;
            for (p++; p < end && *p >= '0' && *p <= '9' && n <= PARAMS_MAX; p++)
                n = n * 10 + (*p - '0');
            if (schema || n < 1 || n > PARAMS_MAX)
                fail_at(s, at, schema ? "a migration has no parameters" : "parameters are $1 to $%d", PARAMS_MAX);
            o.used[n] = true;
            o.params = n > o.params ? (int)n : o.params;
            put(&o, s, at, arena_printf(&mem, "%c%ld", engine == SQLITE ? '?' : '$', n));
        } else if (*p == '?' || (*p == ':' && p + 1 < end && word_char(p[1]))) {
            fail_at(s, p, "parameters are written $1, $2, …");
        } else if (*p == '@') {
            p = word_end(p + 1, end);
            struct str name = str_n(at + 1, (size_t)(p - at - 1));
            const struct type *t = type_find(name);
            if (t)
                put(&o, s, at, str_c(engine == NAMED ? t->name : engine == SQLITE ? t->sqlite : schema ? t->postgres_column : t->postgres));
            else if (schema && str_eqc(name, "table_end"))
                put(&o, s, at, engine == SQLITE ? STR("STRICT") : STR(""));
            else if (schema && str_eqc(name, "key_order_end"))
                put(&o, s, at, engine == SQLITE ? STR("STRICT, WITHOUT ROWID") : STR(""));
            else if (!schema && str_eqc(name, "for_update"))
                put(&o, s, at, engine == SQLITE ? STR("") : STR("FOR UPDATE"));
            else if (!schema && str_eqc(name, "skip_locked"))
                put(&o, s, at, engine == SQLITE ? STR("") : STR("FOR UPDATE SKIP LOCKED"));
            else
                fail_at(s, at, "unknown type @%.*s; known are @id @int @instant @day @text @bytes @flag", STR_ARG(name));
        } else if (word_char(*p)) {
            refuse_only_sqlite(s, p, end);
            p = word_end(p, end);
            put(&o, s, at, str_n(at, (size_t)(p - at)));
        } else {
            p++;
            put(&o, s, at, str_n(at, 1));
        }
    }
    return o;
}

/* --- the schema ------------------------------------------------------------------------------------------------------------ */

struct migration {
    struct source source;
    int version;
    struct str name;
    struct sql sql[2];                           /* by engine */
};

static struct migration read_migration(const char *file, int version)
{
    struct migration m = { .source = source_read(file) };
    struct str name = str_c(base_name(file));
    struct str number = str_sub(name, 0, 4);
    bool good = name.n > 9 && name.p[4] == '_' && str_ends(name, STR(".sql"));
    m.name = good ? str_sub(name, 5, name.n - 9) : STR("");
    m.version = atoi(arena_z(&mem, number));
    if (!good || !is_word(m.name))
        fail("%s: a migration is named NNNN_name.sql", file);
    if (m.version != version)
        fail("%s: the migrations must be numbered without gaps; %04d is expected here", file, version);
    const char *p = m.source.text.p, *end = p + m.source.text.n;
    for (int e = 0; e < 2; e++)
        m.sql[e] = translate(&m.source, p, end, (enum engine)e, true);
    return m;
}

static _Noreturn void fail_sql(sqlite3 *db, const struct source *s, const struct sql *q, size_t base)
{
    int offset = sqlite3_error_offset(db);
    size_t at = base + (offset > 0 ? (size_t)offset : 0);    /* often unknown: then the statement's beginning */
    while (at < q->n_from && blank(q->text.p[at]))
        at++;
    fail_at(s, s->text.p + (at < q->n_from ? q->from[at] : q->n_from ? q->from[0] : 0), "%s", sqlite3_errmsg(db));
}

static void run(sqlite3 *db, const struct source *s, const struct sql *q)
{
    const char *p = q->text.p, *rest;
    for (; *p; p = rest) {
        sqlite3_stmt *stmt;
        if (sqlite3_prepare_v2(db, p, -1, &stmt, &rest) != SQLITE_OK)
            fail_sql(db, s, q, (size_t)(p - q->text.p));
        if (stmt && sqlite3_step(stmt) != SQLITE_DONE)
            fail_sql(db, s, q, (size_t)(p - q->text.p));
        sqlite3_finalize(stmt);
    }
}

static sqlite3 *schema(char **files, int n, struct migration *ret)
{
    sqlite3 *db;
    if (sqlite3_open(":memory:", &db) != SQLITE_OK)
        fail("sqlc: SQLite does not open a database in memory");
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    for (int i = 0; i < n; i++) {
        ret[i] = read_migration(files[i], i + 1);
        run(db, &ret[i].source, &ret[i].sql[SQLITE]);
    }
    return db;
}

/* --- the list of tables ----------------------------------------------------------------------------------------------------- */

static sqlite3_stmt *ask(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        fail("sqlc: %s", sqlite3_errmsg(db));
    return stmt;
}

/* The schema once more with its types spelt by their own names, which SQLite keeps outside of STRICT tables. */
static sqlite3 *schema_named(const struct migration *m, int n)
{
    sqlite3 *db;
    if (sqlite3_open(":memory:", &db) != SQLITE_OK)
        fail("sqlc: SQLite does not open a database in memory");
    for (int i = 0; i < n; i++) {
        const struct source *s = &m[i].source;
        struct sql sql = translate(s, s->text.p, s->text.p + s->text.n, NAMED, true);
        run(db, s, &sql);
    }
    return db;
}

/* { "series", (const char *const[]){ "office_id", … }, "isnn", true, (const int[]){ 0, 1, 2 }, 3 } */
static void put_table(struct buf *c, sqlite3 *db, const char *name)
{
    struct buf letters = BUF_INIT;
    int key[PARAMS_MAX], n_key = 0, n = 0;
    bool of_office = false;
    sqlite3_stmt *stmt = ask(db, "SELECT name, lower(type), \"notnull\", pk FROM pragma_table_info(?1) ORDER BY cid");
    sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
    buf_printf(c, "    { \"%s\", (const char *const[]){ ", name);
    for (; sqlite3_step(stmt) == SQLITE_ROW; n++) {
        const char *column = (const char *)sqlite3_column_text(stmt, 0);
        const struct type *t = type_find(str_c((const char *)sqlite3_column_text(stmt, 1)));
        int pk = sqlite3_column_int(stmt, 3);
        bool null = !sqlite3_column_int(stmt, 2) && !pk;
        if (!t || pk > PARAMS_MAX)
            fail("sqlc: %s.%s has no type of ours", name, column);
        buf_printf(c, "%s\"%s\"", n ? ", " : "", column);
        buf_ch(&letters, (char)(t->letter - (null ? 32 : 0)));
        of_office |= strcmp(column, "office_id") == 0 && pk == 1;
        if (pk)
            key[pk - 1] = n;
        n_key += pk > 0;
    }
    sqlite3_finalize(stmt);
    if (!n_key)
        fail("sqlc: table %s has no key", name);
    buf_printf(c, " },\n      \"%.*s\", %s, (const int[]){ ", STR_ARG(buf_view(&letters)), of_office ? "true" : "false");
    for (int i = 0; i < n_key; i++)
        buf_printf(c, "%s%d", i ? ", " : "", key[i]);
    buf_printf(c, " }, %d },\n", n_key);
}

static const char TABLE_STRUCT[] =
    "struct table {\n    const char *name;\n    const char *const *column;                   /* their names */\n"
    "    const char *letters;                         /* their types, as in struct query */\n"
    "    bool of_office;                              /* its key begins with office_id; all but office itself */\n"
    "    const int *key;                              /* the key's columns by number */\n    int n_key;\n};\n\n"
    "/* As the last migration leaves them, in the order in which the migrations make them. */\n"
    "extern const struct table table_list[];\nextern const int table_count;\n\n";

static void put_table_list(struct buf *h, struct buf *c, sqlite3 *db)
{
    int n = 0;
    buf_c(h, TABLE_STRUCT);
    buf_c(c, "\nconst struct table table_list[] = {\n");
    sqlite3_stmt *stmt = ask(db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY rowid");
    for (; sqlite3_step(stmt) == SQLITE_ROW; n++)
        put_table(c, db, (const char *)sqlite3_column_text(stmt, 0));
    sqlite3_finalize(stmt);
    buf_printf(c, "};\nconst int table_count = %d;\n", n);
}

static void put_sql(struct buf *c, const struct sql *q)
{
    buf_c(c, "        ");
    c_literal(c, buf_view(&q->text), true, 8);
}

static int make_migrations(int argc, char **argv)
{
    if (argc < 5)
        fail("usage: sqlc migrations OUT.h OUT.c FILE…");
    int n = argc - 4;
    struct migration *m = arena_array(&mem, struct migration, (size_t)n);
    schema(argv + 4, n, m);
    struct buf h = BUF_INIT, c = BUF_INIT;
    buf_c(&h, "/* Made by tools/sqlc from sql/migrations/. */\n#ifndef WHS_MIGRATIONS_H\n#define WHS_MIGRATIONS_H\n\n#include <stdbool.h>\n\n"
              "struct migration {\n    int version;                                 /* from 1, without gaps */\n"
              "    const char *name;\n    const char *sqlite, *postgres;               /* several statements */\n};\n\n"
              "extern const struct migration migrations[];\nextern const int migrations_count;\n\n");
    buf_c(&c, "/* Made by tools/sqlc from sql/migrations/. */\n#include \"migrations.h\"\n\nconst struct migration migrations[] = {\n");
    for (int i = 0; i < n; i++) {
        buf_printf(&c, "    { %d, \"%.*s\",\n", m[i].version, STR_ARG(m[i].name));
        put_sql(&c, &m[i].sql[SQLITE]);
        buf_c(&c, ",\n");
        put_sql(&c, &m[i].sql[POSTGRES]);
        buf_c(&c, " },\n");
    }
    buf_printf(&c, "};\nconst int migrations_count = %d;\n", n);
    put_table_list(&h, &c, schema_named(m, n));
    buf_c(&h, "#endif\n");
    output_write(argv[2], &h);
    output_write(argv[3], &c);
    return 0;
}

/* --- queries ------------------------------------------------------------------------------------------------------------- */

struct field {
    struct str name;
    const struct type *type;
    bool null;
};

struct fields {                                  /* becomes a C struct */
    struct str name;                             /* of the struct; n = 0 when there are no fields */
    struct field *f;
    size_t n, cap;
    bool shared;                                 /* written out by an earlier query of the file */
};

enum kind { ONE, MANY, EACH, EXEC };
static const char *const KINDS[] = { "one", "many", "each", "exec" };

struct query {
    struct str name, comment;                    /* comment: lines with their "-- " */
    const char *at;
    enum kind kind;
    struct fields in, out;
    struct sql sql[2];
    bool writes;
};

struct queries {
    struct source source;
    struct str name;
    struct query *q;
    size_t n, cap;
};

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
        else if (comment_word(p, "whole"))
            break;                               /* belongs to the statement */
        else
            p = line_end(p, s->text.p + s->text.n);
    }
    if (q.kind == EXEC && q.out.n)
        fail_at(s, q.at, "an exec query has no out; a statement with RETURNING is of kind one or many");
    if (q.kind != EXEC && !q.out.n)
        fail_at(s, q.at, "-- out is missing");
    while (blank(*p))
        p++;
    const char *end = statement_end(s, p);
    for (int e = 0; e < 2; e++)
        q.sql[e] = translate(s, p, end - 1, (enum engine)e, false);
    arena_push(&mem, all->q, all->n, all->cap) = q;
    return end;
}

static struct queries read_queries(const char *file, struct str name)
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

/* --- checks against the schema --------------------------------------------------------------------------------------------- */

static void check_query(sqlite3 *db, const struct source *s, struct query *q)
{
    const struct sql *sql = &q->sql[SQLITE];
    for (int i = 1; i <= (int)q->in.n; i++)
        if (i > PARAMS_MAX || !sql->used[i])
            fail_at(s, q->at, "$%d (%.*s) is not used", i, STR_ARG(q->in.f[i - 1].name));
    if (sql->params > (int)q->in.n)
        fail_at(s, q->at, "$%d is used, but -- in names %d", sql->params, (int)q->in.n);
    sqlite3_stmt *stmt;
    const char *rest;
    if (sqlite3_prepare_v2(db, sql->text.p, -1, &stmt, &rest) != SQLITE_OK)
        fail_sql(db, s, sql, 0);
    if (!stmt || *rest)
        fail_at(s, q->at, "there is no statement");
    int columns = sqlite3_column_count(stmt);
    if (columns != (int)q->out.n)
        fail_at(s, q->at, q->kind == EXEC ? "an exec query gives no columns, this one gives %d" : "the statement gives %d columns, -- out names %d", columns,
                (int)q->out.n);
    for (int i = 0; i < columns; i++) {
        const char *type = sqlite3_column_decltype(stmt, i);
        const struct field *f = &q->out.f[i];
        if (type && strcasecmp(type, f->type->sqlite) != 0)
            fail_at(s, q->at, "%.*s is declared @%s, but its column holds %s", STR_ARG(f->name), f->type->name, type);
    }
    q->writes = !sqlite3_stmt_readonly(stmt);
    sqlite3_finalize(stmt);
}

/* --- the C of a query ------------------------------------------------------------------------------------------------------ */

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

static void put_query(struct buf *c, const struct queries *all, const struct query *q)
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
    buf_printf(c, ", .writes = %s,\n};\n\n", q->writes ? "true" : "false");
    put_pattern(c, ROW[q->kind], q);
    put_signature(c, q);
    buf_c(c, "\n{\n");
    put_input(c, q);
    put_pattern(c, BODY[q->kind], q);
}

static int make_queries(int argc, char **argv)
{
    if (argc < 8 || strcmp(argv[6], "--schema") != 0)
        fail("usage: sqlc queries NAME OUT.h OUT.c FILE --schema MIGRATION…");
    struct migration *m = arena_array(&mem, struct migration, (size_t)argc);
    sqlite3 *db = schema(argv + 7, argc - 7, m);
    struct str name = str_c(argv[2]);
    if (!is_word(name))
        fail("%s: the folder of a queries.sql is named with small letters", argv[5]);
    struct queries all = read_queries(argv[5], name);
    struct buf h = BUF_INIT, c = BUF_INIT;
    struct str guard = upper_name(name);
    buf_printf(&h, "/* Made by tools/sqlc from %s/queries.sql. */\n#ifndef WHS_%.*s_QUERIES_H\n#define WHS_%.*s_QUERIES_H\n\n#include \"store/db.h\"\n\n",
               argv[2], STR_ARG(guard), STR_ARG(guard));
    buf_printf(&c, "/* Made by tools/sqlc from %s/queries.sql. */\n#include \"%s_queries.h\"\n\n#include \"messages.h\"\n\n", argv[2], argv[2]);
    for (size_t i = 0; i < all.n; i++) {
        struct query *q = &all.q[i];
        check_query(db, &all.source, q);
        put_struct(&h, &q->in);
        put_struct(&h, &q->out);
        put_comment(&h, q->comment);
        put_signature(&h, q);
        buf_c(&h, ";\n\n");
        put_query(&c, &all, q);
    }
    buf_printf(&h, "extern const struct query *const %s_query_list[];    /* ends with NULL */\n\n#endif\n", argv[2]);
    buf_printf(&c, "const struct query *const %s_query_list[] = {\n", argv[2]);
    for (size_t i = 0; i < all.n; i++)
        buf_printf(&c, "    &%.*s_query,\n", STR_ARG(all.q[i].name));
    buf_c(&c, "    NULL,\n};\n");
    output_write(argv[3], &h);
    output_write(argv[4], &c);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "migrations") == 0)
        return make_migrations(argc, argv);
    if (argc > 1 && strcmp(argv[1], "queries") == 0)
        return make_queries(argc, argv);
    fail("usage: sqlc migrations … | sqlc queries …");
}
