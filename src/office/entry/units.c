/* import and export of units: name, short_name, category, order, aliases; the roster in its official order. */
#include "base/num.h"
#include "format/csv.h"
#include "messages.h"
#include "office/entry/inside.h"

enum column { C_NAME, C_SHORT_NAME, C_CATEGORY, C_ORDER, C_ALIASES, COLUMNS };
static const char *const NAMES[COLUMNS] = { "name", "short_name", "category", "order", "aliases" };
enum { ROWS_MAX = 5000 };

struct unit_row {
    struct str cell[COLUMNS];
    int64_t ord;                                 /* 0: at the end */
    int line;
};

struct units {
    const struct actor *actor;
    struct unit_row *rows;
    size_t n;
    int64_t created;
};

static bool read_head(struct csv *csv, int *at, size_t *n, struct err *err)
{
    struct csv_cell cells[CSV_CELLS_MAX];
    bool end, named = false;
    if (!csv_row(csv, cells, n, &end, err))
        return false;
    for (size_t i = 0; i < *n; i++) {
        at[i] = 0;
        while (at[i] < COLUMNS && !str_eqc(str_trim(cells[i].text), NAMES[at[i]]) && !str_eqc(str_trim(cells[i].text), tr_field(LANG_ZH, NAMES[at[i]])))
            at[i]++;
        named |= at[i] == C_NAME;
        if (at[i] < COLUMNS)
            continue;
        err_fail(err, ERR_INPUT, M_ENTRY_UNKNOWN_COLUMN, NULL, A_STR(cells[i].text));
        err_at(err, cells[i].line, cells[i].column);
        return false;
    }
    return named || err_fail(err, ERR_INPUT, M_ENTRY_NO_COLUMN, NULL, A_C(NAMES[C_NAME]));
}

static void read_unit(const struct csv_cell *cells, size_t n, const int *at, size_t columns, struct unit_row *row, struct problems *problems)
{
    struct err e;
    *row = (struct unit_row){ .line = cells[0].line };
    for (size_t i = 0; i < n && i < columns; i++)
        row->cell[at[i]] = str_trim(cells[i].text);
    if (n > columns)
        err_fail(&e, ERR_INPUT, M_ENTRY_ROW_TOO_LONG, NULL, A_INT(columns), A_INT(n));
    else if (entry_name_check(row->cell[C_NAME], "name", &e) &&
             (row->cell[C_ORDER].n == 0 || num_range(row->cell[C_ORDER], 1, 100000, &row->ord) ||
              err_fail(&e, ERR_INPUT, M_ENTRY_NOT_A_NUMBER, "order", A_MSG(M_FIELD_ORDER), A_STR(row->cell[C_ORDER]))))
        return;
    err_at(&e, cells[0].line, cells[0].column);
    problems_add(problems, &e);
}

static bool read_units(struct cmd *c, struct units *u, struct problems *problems, struct err *err)
{
    struct csv csv;
    struct csv_cell cells[CSV_CELLS_MAX];
    int at[CSV_CELLS_MAX];
    size_t columns, n, cap = 0;
    bool end = false;
    if (!csv_open(c->arena, c->in, &csv, err) || !read_head(&csv, at, &columns, err))
        return false;
    while (csv_row(&csv, cells, &n, &end, err) && !end && u->n < ROWS_MAX)
        read_unit(cells, n, at, columns, &arena_push(c->arena, u->rows, u->n, cap), problems);
    if (problems->n)
        *err = problems->err[0];
    if (end && problems->n == 0)
        return true;
    return u->n == ROWS_MAX ? err_fail(err, ERR_LIMIT, M_ENTRY_TOO_MANY_ROWS, NULL, A_INT(ROWS_MAX)) : false;
}

/* What the writer would find, as far as a reader can tell: how many names are new, and rows that come twice. */
static bool look_over(struct cmd *c, struct units *u, struct problems *problems, struct err *err)
{
    for (size_t i = 0; i < u->n; i++) {
        struct party p;
        struct err e = { 0 };
        struct str name = u->rows[i].cell[C_NAME];
        size_t k = 0;
        while (k < i && !str_eq(u->rows[k].cell[C_NAME], name))
            k++;
        if (k < i) {
            err_fail(&e, ERR_INPUT, M_ENTRY_UNIT_TWICE, "name", A_STR(name), A_INT(u->rows[k].line));
            err_at(&e, u->rows[i].line, 1);
            problems_add(problems, &e);
        } else if (!(party_find(c->db, c->arena, u->actor, 1u << PARTY_UNIT, name, "name", &p, &e) && str_eq(p.name, name))) {
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
        struct unit_aliases_row *known;
        size_t n, k = 0;
        if (!q_unit_aliases(t->db, t->arena, &(struct unit_aliases_in){ t->office_id, id }, &known, &n, err))
            return false;
        while (k < n && !str_eq(known[k].name, one))
            k++;
        if (one.n && k == n && !party_alias_add(t, id, one, err))
            return false;
        aliases = rest;
    }
    return true;
}

/* A name that is there is brought up to date, a new one added. */
static bool put_unit(struct txn *t, struct units *u, const struct unit_row *r, struct err *err)
{
    struct party p;
    struct err e = { 0 };
    const struct str none = STR("");
    bool known = party_find(t->db, t->arena, u->actor, 1u << PARTY_UNIT, r->cell[C_NAME], "name", &p, &e) && str_eq(p.name, r->cell[C_NAME]);
    if (known) {
        if (!party_change(t, p.id, STR_NULL, r->cell[C_SHORT_NAME], r->cell[C_CATEGORY], r->ord, -1, err))
            return false;
    } else {
        if (!party_add(t, PARTY_UNIT, r->cell[C_NAME], r->cell[C_SHORT_NAME].p ? r->cell[C_SHORT_NAME] : none,
                       r->cell[C_CATEGORY].p ? r->cell[C_CATEGORY] : none, r->ord, &p.id, err))
            return false;
        u->created++;
    }
    return put_aliases(t, p.id, r->cell[C_ALIASES], err);
}

static bool import_fn(struct txn *t, void *args, struct err *err)
{
    struct units *u = args;
    u->created = 0;
    for (size_t i = 0; i < u->n; i++)
        if (!put_unit(t, u, &u->rows[i], err)) {
            err_at(err, u->rows[i].line, 1);
            return false;
        }
    return true;
}

bool sheet_import_units(struct cmd *c, bool dry, struct sheet_result *ret, struct problems *problems, struct err *err)
{
    struct units u = { .actor = &c->actor };
    if (!actor_is(&c->actor, ROLE_ADMIN))
        return err_fail(err, ERR_DENIED, M_ENTRY_UNITS_BY_ADMIN, NULL);
    if (!read_units(c, &u, problems, err) || !look_over(c, &u, problems, err))
        return false;
    if (!dry && !store_write_alone(c->store, c->office_id, c->actor.member_id, import_fn, &u, err))
        return false;
    *ret = (struct sheet_result){ (int64_t)u.n, u.created };
    return true;
}

bool sheet_export_units(struct cmd *c, struct err *err)
{
    struct party *p;
    size_t n;
    if (!party_list(c->db, c->arena, c->office_id, PARTY_UNIT, false, &p, &n, err))
        return false;
    for (int k = 0; k < COLUMNS; k++)
        csv_put(&c->out, str_c(NAMES[k]), k == 0);
    csv_end(&c->out);
    for (size_t i = 0; i < n; i++) {
        struct unit_aliases_row *alias;
        size_t n_alias;
        _cleanup_(buf_release) struct buf names = BUF_INIT;
        if (!q_unit_aliases(c->db, c->arena, &(struct unit_aliases_in){ c->office_id, p[i].id }, &alias, &n_alias, err))
            return false;
        for (size_t k = 0; k < n_alias; k++)
            buf_printf(&names, "%s%.*s", k ? ";" : "", STR_ARG(alias[k].name));
        csv_put(&c->out, p[i].name, true);
        csv_put(&c->out, p[i].short_name, false);
        csv_put(&c->out, p[i].category, false);
        csv_put(&c->out, arena_printf(c->arena, "%zu", i + 1), false);
        csv_put(&c->out, buf_view(&names), false);
        csv_end(&c->out);
    }
    return true;
}
