#include <string.h>

#include "sqlc.h"

/* --- types --------------------------------------------------------------------------------------------------------------- */

static const struct type TYPES[] = {
    { "id", "INTEGER", "BIGINT", "BIGINT", "int64_t ", 'i', false },
    { "int", "INTEGER", "BIGINT", "BIGINT", "int64_t ", 'n', false },
    { "instant", "INTEGER", "BIGINT", "BIGINT", "instant_t ", 't', false },
    { "day", "INTEGER", "BIGINT", "BIGINT", "day_t ", 'd', false },
    { "text", "TEXT", "TEXT", "TEXT COLLATE \"C\"", "struct str ", 's', true },
    { "bytes", "BLOB", "BYTEA", "BYTEA", "struct str ", 'b', true },
    { "flag", "INTEGER", "BIGINT", "BIGINT", "bool ", 'f', false },
};

const struct type *type_find(struct str name)
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

static void put(struct sql *o, const struct source *s, const char *at, struct str bytes)
{
    for (size_t i = 0; i < bytes.n; i++)
        arena_push(&mem, o->from, o->n_from, o->cap_from) = (size_t)(at - s->text.p);
    buf_str(&o->text, bytes);
}

bool sql_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

static const char *word_end(const char *p, const char *end)
{
    while (p < end && word_char(*p))
        p++;
    return p;
}

const char *line_end(const char *p, const char *end)
{
    const char *nl = memchr(p, '\n', (size_t)(end - p));
    return nl ? nl : end;
}

static void refuse_only_sqlite(const struct source *s, const char *p, const char *end)
{
    const char *e = word_end(p, end), *next = e;
    while (next < end && sql_blank(*next))
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

static bool kept(struct str comment) { return str_starts(comment, STR("-- whole office:")) || str_starts(comment, STR(ALL_OFFICES)); }

struct sql translate(const struct source *s, const char *p, const char *end, enum engine engine, bool schema)
{
    struct sql o = { .text = BUF_INIT };
    buf_add(&o.text, "", 0);
    while (p < end) {
        const char *at = p;
        if (sql_blank(*p)) {
            bool line = false;
            for (; p < end && sql_blank(*p); p++)
                line |= *p == '\n';
            bool comment = p + 1 < end && p[0] == '-' && p[1] == '-' && !kept(str_n(p, (size_t)(end - p)));
            if (p < end && !comment && o.text.n && o.text.p[o.text.n - 1] != '\n')
                put(&o, s, at, line ? STR("\n") : STR(" "));
        } else if (p + 1 < end && p[0] == '-' && p[1] == '-') {
            p = line_end(p, end);
            if (kept(str_n(at, (size_t)(p - at))))
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
