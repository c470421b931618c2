#include <string.h>
#include <strings.h>

#include "one_office.h"
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
    table_set reads, changes;
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
            *(change ? &t->changes : &t->reads) |= (table_set)1 << i;
    return SQLITE_OK;
}

/* --- the office rule ----------------------------------------------------------------------------------------------------- */

static int param_named(const struct query *q, const char *name)
{
    for (size_t i = 0; i < q->in.n; i++)
        if (str_eqc(q->in.f[i].name, name) && q->in.f[i].type->letter == 'i' && !q->in.f[i].null)
            return (int)i + 1;
    return 0;
}

/* Did the reader of the rule see every table that SQLite says the statement touches? */
static bool saw_all(const struct one_office *r, const struct tables *t, table_set touched)
{
    for (size_t i = 0; i < r->n; i++)
        for (int k = 0; k < t->n; k++)
            if (str_caseeq(r->access[i].table, t->name[k]))
                touched &= ~((table_set)1 << k);
    return touched == 0;
}

/* One step of a query plan: SEARCH alias USING INDEX … (office_id=? …). Aliases of sub-selects are none of ours. */
static bool good_step(const struct one_office *r, const struct tables *t, struct str alias, struct str how)
{
    bool seen = false, good = true;
    for (size_t i = 0; i < r->n; i++) {
        if (!str_caseeq(alias, r->access[i].alias))
            continue;
        seen = true;
        if (!str_caseeq(r->access[i].table, STR("office")))
            good &= str_find(how, STR("(office_id=?")) >= 0 && str_find(how, STR("AUTOMATIC")) < 0;
    }
    for (int k = 0; k < t->n && !seen; k++)
        good &= !str_caseeq(alias, t->name[k]);
    return good;
}

/* Does SQLite walk every table by the head of a key, its office_id? An independent witness: it knows nothing of our reading. */
static bool walks_offices(sqlite3 *db, const struct tables *t, const struct sql *sql, const struct one_office *r, struct str *step)
{
    sqlite3_stmt *stmt;
    if (sqlite3_prepare_v2(db, arena_z(&mem, arena_printf(&mem, "EXPLAIN QUERY PLAN %s", sql->text.p)), -1, &stmt, NULL) != SQLITE_OK)
        fail("sqlc: %s", sqlite3_errmsg(db));
    bool good = true;
    while (good && sqlite3_step(stmt) == SQLITE_ROW) {
        struct str how = arena_str(&mem, str_c((const char *)sqlite3_column_text(stmt, 3))), word = str_cut(how, ' ', &how);
        struct str alias = str_cut(how, ' ', &how);
        good = (!str_eqc(word, "SCAN") && !str_eqc(word, "SEARCH")) || good_step(r, t, alias, how);
        *step = arena_printf(&mem, "%.*s %.*s", STR_ARG(word), STR_ARG(alias));
    }
    sqlite3_finalize(stmt);
    return good;
}

static void check_office(sqlite3 *db, const struct tables *tables, const struct source *s, const struct query *q)
{
    const struct sql *sql = &q->sql[SQLITE];
    struct str text = buf_view(&sql->text), step = STR_NULL;
    struct one_office r = one_office(&mem, text, param_named(q, "office_id"), param_named(q, "id"));
    bool seen = saw_all(&r, tables, q->reads | q->changes), walked = walks_offices(db, tables, sql, &r, &step);
    ptrdiff_t mark = str_find(text, STR(ALL_OFFICES));
    if (mark >= 0) {
        struct str reason = str_sub(text, (size_t)mark + strlen(ALL_OFFICES), text.n), rest;
        if (str_trim(str_cut(reason, '\n', &rest)).n == 0)
            fail_at(s, s->text.p + sql->from[mark], "say why this is about all offices");
        if (r.good && seen && walked)
            fail_at(s, s->text.p + sql->from[mark], "this touches one office; the mark is not needed");
        return;
    }
    if (!r.good)
        fail_at(s, s->text.p + sql->from[r.at < sql->n_from ? r.at : sql->n_from - 1], "%.*s", STR_ARG(r.why));
    if (!seen)
        fail_at(s, q->at, "the office rule did not see every table that SQLite touches here");
    if (!walked)
        fail_at(s, q->at, "SQLite does not walk one office only: %.*s", STR_ARG(step));
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
    check_office(db, tables, s, q);
}
