#include <string.h>
#include <strings.h>

#include "sqlc.h"

_Noreturn void fail_sql(sqlite3 *db, const struct source *s, const struct sql *q, size_t base)
{
    int offset = sqlite3_error_offset(db);
    size_t at = base + (offset > 0 ? (size_t)offset : 0);    /* often unknown: then the statement's beginning */
    while (at < q->n_from && sql_blank(q->text.p[at]))
        at++;
    fail_at(s, s->text.p + (at < q->n_from ? q->from[at] : q->n_from ? q->from[0] : 0), "%s", sqlite3_errmsg(db));
}

struct touched {
    const struct tables *tables;
    uint64_t reads, changes;
};

/* SQLite asks before it compiles each access, also those inside sub-selects and of a COUNT(*) that needs no column. */
static int touch(void *ctx, int action, const char *table, const char *column, const char *schema, const char *trigger)
{
    struct touched *t = ctx;
    bool change = action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE;
    if (!change && action != SQLITE_READ)
        return SQLITE_OK;
    for (int i = 0; i < t->tables->n; i++)
        if (str_caseeq(t->tables->name[i], str_c(table)))
            *(change ? &t->changes : &t->reads) |= (uint64_t)1 << i;
    return SQLITE_OK;
}

void check_query(sqlite3 *db, const struct tables *tables, const struct source *s, struct query *q)
{
    const struct sql *sql = &q->sql[SQLITE];
    for (int i = 1; i <= (int)q->in.n; i++)
        if (i > PARAMS_MAX || !sql->used[i])
            fail_at(s, q->at, "$%d (%.*s) is not used", i, STR_ARG(q->in.f[i - 1].name));
    if (sql->params > (int)q->in.n)
        fail_at(s, q->at, "$%d is used, but -- in names %d", sql->params, (int)q->in.n);
    sqlite3_stmt *stmt;
    const char *rest;
    struct touched touched = { .tables = tables };
    sqlite3_set_authorizer(db, touch, &touched);
    if (sqlite3_prepare_v2(db, sql->text.p, -1, &stmt, &rest) != SQLITE_OK)
        fail_sql(db, s, sql, 0);
    sqlite3_set_authorizer(db, NULL, NULL);
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
    q->reads = touched.reads;
    q->changes = touched.changes;
    sqlite3_finalize(stmt);
}
