/* A list's own columns and what they say about its entries. */
#include "base/json.h"
#include "base/num.h"
#include "office/lists/inside.h"

bool list_columns(struct db *db, struct arena *a, int64_t office_id, int64_t list_id, bool retired, struct list_column **ret, size_t *n, struct err *err)
{
    struct column_row *rows;
    size_t all;
    if (!q_column_rows(db, a, &(struct column_rows_in){ office_id, list_id }, &rows, &all, err))
        return false;
    *ret = arena_array(a, struct list_column, all + 1);
    *n = 0;
    for (size_t i = 0; i < all; i++) {
        if (!rows[i].active && !retired)
            continue;
        struct list_column *c = &(*ret)[(*n)++];
        *c = (struct list_column){ .id = rows[i].id, .ord = rows[i].ord, .name = rows[i].name, .choices = rows[i].choices, .active = rows[i].active };
        if (!list_type_read(rows[i].type, &c->type, err))
            return false;
    }
    return true;
}

bool list_column_find(struct db *db, struct arena *a, int64_t office_id, int64_t list_id, struct str which, struct list_column *ret, struct err *err)
{
    struct list_column *c;
    size_t n;
    int64_t id = 0;
    if (!num_range(which, 1, INT64_MAX, &id))
        id = 0;
    if (!list_columns(db, a, office_id, list_id, true, &c, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (c[i].id == id || str_eq(c[i].name, which)) {
            *ret = c[i];
            return true;
        }
    return err_fail(err, ERR_NOT_FOUND, M_LISTS_NO_COLUMN, "column", A_STR(which));
}

/* The words of a choice: each there, trimmed, once. */
static bool choices_check(struct arena *a, enum list_type type, struct str choices, struct str *ret, struct err *err)
{
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    choices = choices.p ? str_trim(choices) : STR("");
    *ret = STR("");
    if (type != LIST_CHOICE)
        return choices.n == 0 || err_fail(err, ERR_INPUT, M_LISTS_CHOICES_NEEDLESS, "choices");
    if (choices.n && !entry_text_check(choices, "choices", M_FIELD_CHOICES, LIST_CHOICES_CHARS, err))
        return false;
    for (struct str rest = choices; rest.n;) {
        size_t cut = 0, skip = 0;
        while (cut < rest.n && !skip) {
            struct str here = str_sub(rest, cut, rest.n);
            skip = rest.p[cut] == ';' ? 1 : str_starts(here, STR("；")) || str_starts(here, STR("、")) ? 3 : 0;
            cut += !skip;
        }
        struct str one = str_trim(str_sub(rest, 0, cut));
        rest = str_sub(rest, cut + skip, rest.n);
        if (one.n) {
            if (b.n)
                buf_ch(&b, ';');
            buf_str(&b, one);
        }
    }
    if (!b.n)
        return err_fail(err, ERR_INPUT, M_LISTS_CHOICES_MISSING, "choices");
    *ret = arena_str(a, buf_view(&b));
    return true;
}

static void put_column(struct buf *b, int64_t list_id, const struct list_column *c)
{
    json_obj(b);
    json_put_int(b, "list", list_id);
    json_put_str(b, "name", c->name);
    json_put_str(b, "type", str_c(list_types[c->type]));
    json_put_str(b, "choices", c->choices);
    json_put_int(b, "ord", c->ord);
    json_put_bool(b, "active", c->active);
    json_obj_end(b);
}

static bool column_name_free(const struct list_column *c, size_t n, struct str name, int64_t but, struct err *err)
{
    for (size_t i = 0; i < n; i++)
        if (c[i].id != but && str_eq(c[i].name, name))
            return err_fail(err, ERR_CONFLICT, M_LISTS_COLUMN_TAKEN, "name", A_STR(name));
    return true;
}

static bool list_there(struct txn *t, int64_t list_id, struct list_def *ret, struct err *err)
{
    return list_find(t->db, t->arena, t->office_id, arena_printf(t->arena, "%lld", (long long)list_id), ret, err);
}

bool list_column_add(struct txn *t, const struct actor *actor, int64_t list_id, struct str name, enum list_type type, struct str choices, int64_t *ret,
                     struct err *err)
{
    struct list_column *all, c = { .type = type, .active = true };
    struct list_def l;
    size_t n;
    if (!lists_section(actor, err) || !list_there(t, list_id, &l, err) || !lists_name_check(name, err) ||
        !choices_check(t->arena, type, choices, &c.choices, err) || !list_columns(t->db, t->arena, t->office_id, l.id, true, &all, &n, err))
        return false;
    c.name = str_trim(name);
    if (!column_name_free(all, n, c.name, 0, err))
        return false;
    if (n >= LIST_COLUMNS_MAX)
        return err_fail(err, ERR_LIMIT, M_LISTS_TOO_MANY_COLUMNS, NULL, A_INT(LIST_COLUMNS_MAX));
    c.id = txn_next_id(t);
    c.ord = n ? all[n - 1].ord + 1 : 1;
    _cleanup_(buf_release) struct buf after = BUF_INIT;
    put_column(&after, l.id, &c);
    t->deputy_of = actor_stead(actor, actor->section_id);
    *ret = c.id;
    return q_column_insert(t->db, &(struct column_insert_in){ t->office_id, l.id, c.id, c.name, str_c(list_types[type]), c.choices, c.ord }, NULL, err) &&
           lists_journal(t, "list_column", c.id, "add", NULL, &after, err);
}

static bool put_column_change(struct txn *t, int64_t list_id, const struct list_column *old, const struct list_column *new, struct err *err)
{
    _cleanup_(buf_release) struct buf before = BUF_INIT, after = BUF_INIT;
    put_column(&before, list_id, old);
    put_column(&after, list_id, new);
    return q_column_update(t->db, &(struct column_update_in){ t->office_id, list_id, new->id, new->name, new->choices, new->ord, new->active }, NULL, err) &&
           lists_journal(t, "list_column", new->id, "change", &before, &after, err);
}

/* Changes places with the neighbour in use. */
static bool column_step(struct txn *t, int64_t list_id, const struct list_column *all, size_t n, size_t at, int by, struct err *err)
{
    size_t to = at + (size_t)by;
    while (to < n && !all[to].active)
        to += (size_t)by;
    if (to >= n)
        return true;
    struct list_column a = all[at], b = all[to];
    a.ord = all[to].ord;
    b.ord = all[at].ord;
    return put_column_change(t, list_id, &all[at], &a, err) && put_column_change(t, list_id, &all[to], &b, err);
}

bool list_column_change(struct txn *t, const struct actor *actor, int64_t list_id, int64_t column_id, const struct list_change *c, struct err *err)
{
    struct list_column *all;
    struct list_def l;
    size_t n, at;
    if (!lists_section(actor, err) || !list_there(t, list_id, &l, err) || !list_columns(t->db, t->arena, t->office_id, l.id, true, &all, &n, err))
        return false;
    for (at = 0; at < n && all[at].id != column_id; at++)
        ;
    if (at == n)
        return err_fail(err, ERR_NOT_FOUND, M_LISTS_NO_COLUMN, NULL, A_INT(column_id));
    struct list_column new = all[at];
    if (c->name.p) {
        if (!lists_name_check(c->name, err) || !column_name_free(all, n, str_trim(c->name), column_id, err))
            return false;
        new.name = str_trim(c->name);
    }
    if (c->query.p && new.type == LIST_CHOICE && !choices_check(t->arena, new.type, c->query, &new.choices, err))
        return false;
    if (c->active >= 0)
        new.active = c->active;
    t->deputy_of = actor_stead(actor, actor->section_id);
    if (c->step)
        return column_step(t, l.id, all, n, at, c->step, err);
    bool same = str_eq(new.name, all[at].name) && str_eq(new.choices, all[at].choices) && new.active == all[at].active;
    return same || put_column_change(t, l.id, &all[at], &new, err);
}

/* --- values --------------------------------------------------------------------------------------------------------------------------- */

bool list_values(struct db *db, struct arena *a, int64_t office_id, int64_t list_id, int64_t entry_id, const struct list_column *c, size_t n, struct str *ret,
                 struct err *err)
{
    struct value_rows_row *rows;
    size_t m;
    for (size_t i = 0; i < n; i++)
        ret[i] = STR_NULL;
    if (n == 0)
        return true;
    if (!q_value_rows(db, a, &(struct value_rows_in){ office_id, list_id, entry_id }, &rows, &m, err))
        return false;
    for (size_t k = 0; k < m; k++)
        for (size_t i = 0; i < n; i++)
            if (c[i].id == rows[k].column_id)
                ret[i] = rows[k].value;
    return true;
}

static void put_value(struct buf *b, const struct list_def *l, const struct list_column *c, struct str value)
{
    json_obj(b);
    json_put_str(b, "list", l->name);
    json_put_str(b, "column", c->name);
    json_put_int(b, "column_id", c->id);
    json_put_str(b, "value", value.n ? value : STR_NULL);
    json_obj_end(b);
}

static bool same_value(struct str a, struct str b) { return a.n == b.n && str_starts(a.p ? a : STR(""), b); }

bool list_value_put(struct txn *t, const struct list_def *l, const struct entry *e, const struct list_column *c, struct str old, struct str value,
                    struct err *err)
{
    _cleanup_(buf_release) struct buf before = BUF_INIT, after = BUF_INIT;
    if (same_value(old, value))
        return true;
    put_value(&before, l, c, old);
    put_value(&after, l, c, value);
    bool ok = value.n ? q_list_value_put(t->db, &(struct list_value_put_in){ t->office_id, l->id, e->id, c->id, value }, NULL, err)
                      : q_value_drop(t->db, &(struct value_drop_in){ t->office_id, l->id, e->id, c->id }, NULL, err);
    return ok && lists_journal(t, "list_value", e->id, "set", &before, &after, err);
}

static bool on_list(const struct entry *e, const struct list_def *l, struct err *err)
{
    bool on = l->query.p != NULL;
    for (int i = 0; i < e->n_lists; i++)
        on |= e->lists[i] == l->id;
    return on || err_fail(err, ERR_CONFLICT, M_LISTS_NOT_ON, "number", A_STR(e->number), A_STR(l->name));
}

struct decided { struct entry e; struct str old, new; };

static bool decide_cell(struct txn *t, const struct actor *actor, const struct list_def *l, const struct list_cell *c, struct decided *d, struct err *err)
{
    if ((d->e.id == 0 && (!entry_fetch(t->db, t->arena, actor, c->number, &d->e, err) || !on_list(&d->e, l, err))) ||
        !list_value_check(&c->column, c->value, t->arena, &d->new, err) ||
        !list_values(t->db, t->arena, t->office_id, l->id, d->e.id, &c->column, 1, &d->old, err))
        return false;
    return !c->was.p || same_value(d->old, c->was) || same_value(d->old, d->new) ||
           err_fail(err, ERR_CONFLICT, M_LISTS_VALUE_CHANGED, "value", A_STR(c->number), A_STR(c->column.name), A_STR(d->old.n ? d->old : STR("")));
}

bool list_cells_set(struct txn *t, const struct actor *actor, const struct list_def *l, const struct list_cell *cell, size_t n, size_t *changed, struct err *err)
{
    struct decided *d = arena_array(t->arena, struct decided, n + 1);
    *changed = 0;
    if (!lists_section(actor, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (i && str_eq(cell[i].number, cell[i - 1].number))     /* the cells of a row stand together */
            d[i].e = d[i - 1].e;
        if (!decide_cell(t, actor, l, &cell[i], &d[i], err))
            return false;
    }
    t->deputy_of = actor_stead(actor, actor->section_id);
    for (size_t i = 0; i < n; i++) {
        *changed += !same_value(d[i].old, d[i].new);
        if (!list_value_put(t, l, &d[i].e, &cell[i].column, d[i].old, d[i].new, err))
            return false;
    }
    return true;
}

bool list_values_set(struct txn *t, const struct actor *actor, const struct list_def *l, struct str number, const struct list_said *said, size_t n,
                     struct err *err)
{
    struct list_cell *cell = arena_array(t->arena, struct list_cell, n + 1);
    size_t changed;
    for (size_t i = 0; i < n; i++)
        cell[i] = (struct list_cell){ .number = number, .column = said[i].column, .was = STR_NULL, .value = said[i].value };
    return list_cells_set(t, actor, l, cell, n, &changed, err);
}
