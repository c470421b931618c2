/* import and export of units: name, short_name, category, order, aliases; the roster in its official order. */
#include "base/num.h"
#include "office/sheet/inside.h"

enum { U_NAME, U_SHORT_NAME, U_CATEGORY, U_ORDER, U_ALIASES, U_COLUMNS };
static const char *const NAMES[U_COLUMNS] = { "name", "short_name", "category", "order", "aliases" };
enum { ROWS_MAX = 5000 };

struct unit_row {
    struct str cell[COLUMNS];
    int64_t ord;                                 /* 0: at the end */
    int line;
};

struct roll {
    const struct actor *actor;
    struct unit_row *rows;
    size_t n;
    int64_t created;
};

static int column_of(struct str name)
{
    int c = 0;
    while (c < U_COLUMNS && !str_eqc(name, NAMES[c]) && !str_eqc(name, tr_field(LANG_ZH, NAMES[c])))
        c++;
    return c;
}

static bool read_head(struct table_reader *table, int *at, int *n, struct err *err)
{
    struct table_row row;
    bool end, named = false;
    if (!table_next(table, &row, &end, err))
        return false;
    *n = end ? 0 : row.n;
    for (int i = 0; i < *n; i++) {
        at[i] = column_of(str_trim(row.cell[i].text));
        named |= at[i] == U_NAME;
        if (at[i] < U_COLUMNS)
            continue;
        err_fail(err, ERR_INPUT, M_ENTRY_UNKNOWN_COLUMN, NULL, A_STR(row.cell[i].text));
        table_at(&row, i, err);
        return false;
    }
    return named || err_fail(err, ERR_INPUT, M_ENTRY_NO_COLUMN, NULL, A_C(NAMES[U_NAME]));
}

static void read_unit(struct arena *a, const struct table_row *from, const int *at, int columns, struct unit_row *row, struct problems *problems)
{
    struct err e;
    *row = (struct unit_row){ .line = from->line };
    for (int i = 0; i < from->n && i < columns; i++)
        row->cell[at[i]] = arena_str(a, str_trim(from->cell[i].text));
    if (from->n > columns)
        err_fail(&e, ERR_INPUT, M_ENTRY_ROW_TOO_LONG, NULL, A_INT(columns), A_INT(from->n));
    else if (entry_name_check(row->cell[U_NAME], "name", &e) &&
             (row->cell[U_ORDER].n == 0 || num_range(row->cell[U_ORDER], 1, 100000, &row->ord) ||
              err_fail(&e, ERR_INPUT, M_ENTRY_NOT_A_NUMBER, "order", A_MSG(M_FIELD_ORDER), A_STR(row->cell[U_ORDER]))))
        return;
    table_at(from, 0, &e);
    problems_add(problems, &e);
}

static bool read_units(struct arena *a, struct str bytes, struct roll *u, struct problems *problems, struct err *err)
{
    struct table_reader *table = NULL;
    struct table_row row;
    int at[TABLE_COLUMNS_MAX], columns;
    size_t cap = 0;
    bool end = false, ok = table_open(a, bytes, NULL, &table, err) && read_head(table, at, &columns, err);
    while (ok && u->n < ROWS_MAX && (ok = table_next(table, &row, &end, err)) && !end)
        read_unit(a, &row, at, columns, &arena_push(a, u->rows, u->n, cap), problems);
    table_close(table);
    if (ok && problems->n)
        *err = problems->err[0];
    if (!ok || problems->n)
        return false;
    return end || err_fail(err, ERR_LIMIT, M_ENTRY_TOO_MANY_ROWS, NULL, A_INT(ROWS_MAX));
}

/* What the writer would find, as far as a reader can tell: how many names are new, and rows that come twice. */
static bool look_over(struct db *db, struct arena *a, struct roll *u, struct problems *problems, struct err *err)
{
    for (size_t i = 0; i < u->n; i++) {
        struct party p;
        struct err e = { 0 };
        struct str name = u->rows[i].cell[U_NAME];
        size_t k = 0;
        while (k < i && !str_eq(u->rows[k].cell[U_NAME], name))
            k++;
        if (k < i) {
            err_fail(&e, ERR_INPUT, M_ENTRY_UNIT_TWICE, "name", A_STR(name), A_INT(u->rows[k].line));
            err_at(&e, u->rows[i].line, 1);
            problems_add(problems, &e);
        } else if (!(party_find(db, a, u->actor, 1u << PARTY_UNIT, name, "name", &p, &e) && str_eq(p.name, name))) {
            u->created++;
        }
    }
    if (problems->n)
        *err = problems->err[0];
    return problems->n == 0;
}

static bool put_aliases(struct txn *t, int64_t id, struct str aliases, struct err *err)
{
    while (aliases.n) {
        struct str rest, one = str_trim(str_cut(aliases, ';', &rest));
        struct str *known;
        size_t n, k = 0;
        if (!party_aliases(t->db, t->arena, t->office_id, id, &known, &n, err))
            return false;
        while (k < n && !str_eq(known[k], one))
            k++;
        if (one.n && k == n && !party_alias_add(t, id, one, err))
            return false;
        aliases = rest;
    }
    return true;
}

/* A name that is there is brought up to date, a new one added. */
static bool put_unit(struct txn *t, struct roll *u, const struct unit_row *r, struct err *err)
{
    struct party p;
    struct err e = { 0 };
    const struct str none = STR("");
    bool known = party_find(t->db, t->arena, u->actor, 1u << PARTY_UNIT, r->cell[U_NAME], "name", &p, &e) && str_eq(p.name, r->cell[U_NAME]);
    if (known) {
        if (!party_change(t, p.id, STR_NULL, r->cell[U_SHORT_NAME], r->cell[U_CATEGORY], r->ord, -1, err))
            return false;
    } else {
        if (!party_add(t, PARTY_UNIT, r->cell[U_NAME], r->cell[U_SHORT_NAME].p ? r->cell[U_SHORT_NAME] : none,
                       r->cell[U_CATEGORY].p ? r->cell[U_CATEGORY] : none, r->ord, &p.id, err))
            return false;
        u->created++;
    }
    return put_aliases(t, p.id, r->cell[U_ALIASES], err);
}

static bool import_fn(struct txn *t, void *args, struct err *err)
{
    struct roll *u = args;
    u->created = 0;
    for (size_t i = 0; i < u->n; i++)
        if (!put_unit(t, u, &u->rows[i], err)) {
            err_at(err, u->rows[i].line, 1);
            return false;
        }
    return true;
}

bool sheet_import_units(struct store *s, struct db *db, struct arena *a, const struct actor *actor, struct sheet_units *ret, struct problems *problems,
                        struct err *err)
{
    struct roll u = { .actor = actor };
    if (!actor_is(actor, ROLE_ADMIN))
        return err_fail(err, ERR_DENIED, M_ENTRY_UNITS_BY_ADMIN, NULL);
    if (!read_units(a, ret->bytes, &u, problems, err) || !look_over(db, a, &u, problems, err))
        return false;
    if (!ret->dry && !store_write_alone(s, actor->office_id, actor->member_id, import_fn, &u, err))
        return false;
    ret->rows = (int64_t)u.n;
    ret->created = u.created;
    return true;
}

static bool put_row(struct db *db, struct arena *a, int64_t office_id, const struct party *p, int64_t order, struct table_writer *w, struct err *err)
{
    struct str *alias;
    size_t n;
    _cleanup_(buf_release) struct buf names = BUF_INIT;
    if (!party_aliases(db, a, office_id, p->id, &alias, &n, err))
        return false;
    for (size_t k = 0; k < n; k++)
        buf_printf(&names, "%s%.*s", k ? ";" : "", STR_ARG(alias[k]));
    table_put(w, p->name);
    table_put(w, p->short_name);
    table_put(w, p->category);
    table_put_int(w, order);
    table_put(w, names.n ? buf_view(&names) : STR(""));
    table_put_row(w);
    return true;
}

bool sheet_export_units(struct db *db, int64_t office_id, enum lang lang, bool xlsx, struct buf *out, struct err *err)
{
    struct arena a _cleanup_(arena_release) = ARENA_INIT(0);
    struct table_field field[U_COLUMNS];
    struct table_writer *w;
    struct party *p;
    size_t n;
    for (int k = 0; k < U_COLUMNS; k++)
        field[k] = (struct table_field){ .name = str_c(NAMES[k]), .type = k == U_ORDER ? CELL_INT : CELL_TEXT, .width = k == U_NAME || k == U_ALIASES ? 28 : 0 };
    const struct table_plan plan = { .sheet = str_c(tr_text(lang, M_SHEET_UNITS)), .title = STR_NULL, .field = field, .n = U_COLUMNS, .portrait = true, .lang = lang };
    if (!party_list(db, &a, office_id, PARTY_UNIT, false, &p, &n, err) || !table_begin(xlsx ? FORMAT_XLSX : FORMAT_CSV, &plan, table_to_buf, out, &w, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!put_row(db, &a, office_id, &p[i], (int64_t)i + 1, w, err)) {
            table_drop(w);
            return false;
        }
    return table_end(w, err);
}
