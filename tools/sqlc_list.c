/* The schema's tables as data, for what copies or compares whole tables without knowing what they mean. SQLite keeps the types of NAMED as they are written. */
#include <string.h>

#include "sqlc.h"

/* { "series", (const char *const[]){ "office_id", … }, "isnn", true, (const int[]){ 0, 1, 2 }, 3 } */
static void put_table(struct buf *c, sqlite3 *db, struct str name)
{
    struct buf letters = BUF_INIT;
    int key[PARAMS_MAX], n_key = 0, n = 0;
    bool of_office = false;
    sqlite3_stmt *stmt;
    if (sqlite3_prepare_v2(db, "SELECT name, lower(type), \"notnull\", pk FROM pragma_table_info(?1) ORDER BY cid", -1, &stmt, NULL))
        fail("sqlc: %s", sqlite3_errmsg(db));
    sqlite3_bind_text(stmt, 1, name.p, (int)name.n, SQLITE_STATIC);
    buf_printf(c, "    { \"%.*s\", (const char *const[]){ ", STR_ARG(name));
    for (; sqlite3_step(stmt) == SQLITE_ROW; n++) {
        const char *column = (const char *)sqlite3_column_text(stmt, 0);
        const struct type *t = type_find(str_c((const char *)sqlite3_column_text(stmt, 1)));
        int pk = sqlite3_column_int(stmt, 3);
        bool null = !sqlite3_column_int(stmt, 2) && !pk;
        if (!t || pk > PARAMS_MAX)
            fail("sqlc: %.*s.%s has no type of ours", STR_ARG(name), column);
        buf_printf(c, "%s\"%s\"", n ? ", " : "", column);
        buf_ch(&letters, (char)(t->letter - (null ? 32 : 0)));
        of_office |= strcmp(column, "office_id") == 0 && pk == 1;
        if (pk)
            key[pk - 1] = n;
        n_key += pk > 0;
    }
    sqlite3_finalize(stmt);
    buf_printf(c, " },\n      \"%.*s\", %s, (const int[]){ ", STR_ARG(buf_view(&letters)), of_office ? "true" : "false");
    for (int i = 0; i < n_key; i++)
        buf_printf(c, "%s%d", i ? ", " : "", key[i]);
    buf_printf(c, " }, %d },\n", n_key);
}

void put_table_list(struct buf *h, struct buf *c, sqlite3 *db, const struct tables *tables)
{
    buf_c(h, "struct table_info {\n    const char *name;\n    const char *const *column;                   /* their names */\n"
             "    const char *letters;                         /* their types, as in struct query */\n"
             "    bool of_office;                              /* its key begins with office_id; all but office itself */\n"
             "    const int *key;                              /* the key's columns by number */\n    int n_key;\n};\n\n"
             "/* As the last migration leaves them, by enum table. */\nextern const struct table_info table_list[TABLES];\n\n");
    buf_c(c, "\nconst struct table_info table_list[TABLES] = {\n");
    for (int i = 0; i < tables->n; i++)
        put_table(c, db, tables->name[i]);
    buf_c(c, "};\n");
}
