#include "store/bulk.h"

#include <stdlib.h>
#include <string.h>

enum { KINDS_MAX = 24, COLUMNS_MAX = 64, ROWS_MAX = 1000, BYTES_MAX = 512 * 1024 };
enum { OID_BYTEA = 17, OID_INT8 = 20, OID_TEXT = 25 };

struct waiting {                                 /* rows of one statement */
    const struct query *q;
    bool plain;
    struct buf sql;
    struct buf column[COLUMNS_MAX];              /* the elements of an array, as PostgreSQL's binary format has them */
    bool nulls[COLUMNS_MAX];
    int n;
    size_t bytes;
};

struct bulk { struct waiting kind[KINDS_MAX]; int n; };

struct bulk *bulk_new(void) { return xcalloc(1, sizeof(struct bulk)); }

void bulk_free(struct bulk *b)
{
    for (int i = 0; b && i < b->n; i++) {
        buf_release(&b->kind[i].sql);
        for (int k = 0; k < COLUMNS_MAX; k++)
            buf_release(&b->kind[i].column[k]);
    }
    free(b);
}

static bool is_text(char type) { return strchr("sS", type) != NULL; }
static bool is_bytes(char type) { return strchr("bB", type) != NULL; }

/* … VALUES ($1, $2, $3) … becomes … SELECT * FROM unnest($1::int8[], …) …; false when the values are anything else. */
static bool rewrite(struct waiting *w)
{
    struct str sql = str_c(w->q->postgres);
    ptrdiff_t at = str_find(sql, STR("VALUES ("));
    _cleanup_(buf_release) struct buf values = BUF_INIT;
    int n = (int)strlen(w->q->in);
    if (!str_starts(sql, STR("INSERT INTO ")) || at < 0 || w->q->out[0] || n > COLUMNS_MAX)
        return false;
    buf_c(&values, "VALUES (");
    for (int k = 0; k < n; k++)
        buf_printf(&values, "%s$%d", k ? ", " : "", k + 1);
    buf_c(&values, ")");
    struct str rest = str_sub(sql, (size_t)at, sql.n);
    if (!str_starts(rest, buf_view(&values)))
        return false;
    buf_str(&w->sql, str_sub(sql, 0, (size_t)at));
    buf_c(&w->sql, "SELECT * FROM unnest(");
    for (int k = 0; k < n; k++)
        buf_printf(&w->sql, "%s$%d::%s[]", k ? ", " : "", k + 1, is_text(w->q->in[k]) ? "text" : is_bytes(w->q->in[k]) ? "bytea" : "int8");
    buf_c(&w->sql, ")");
    buf_str(&w->sql, str_sub(rest, values.n, rest.n));
    return true;
}

static struct waiting *place(struct bulk *b, const struct query *q)
{
    for (int i = 0; i < b->n; i++)
        if (b->kind[i].q == q)
            return &b->kind[i];
    if (b->n == KINDS_MAX)
        return NULL;
    struct waiting *w = &b->kind[b->n++];
    w->q = q;
    w->plain = rewrite(w);
    return w;
}

static void put_be(struct buf *b, uint64_t v, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--)
        buf_ch(b, (char)(v >> (8 * i)));
}

static void put_value(struct waiting *w, int k, const struct sql_value *v)
{
    struct buf *b = &w->column[k];
    char type = w->q->in[k];
    size_t before = b->n;
    if (value_is_null(type, v)) {
        w->nulls[k] = true;
        put_be(b, UINT32_MAX, 4);
    } else if (is_text(type) || is_bytes(type)) {
        put_be(b, v->s.n, 4);
        buf_str(b, v->s);
    } else {
        put_be(b, 8, 4);
        put_be(b, (uint64_t)v->i, 8);
    }
    w->bytes += b->n - before;
}

static bool send(struct waiting *w, struct db *db, struct err *err)
{
    struct buf array[COLUMNS_MAX] = { BUF_INIT };
    struct sql_value in[COLUMNS_MAX];
    char types[COLUMNS_MAX + 1];
    int n = (int)strlen(w->q->in), rows = w->n;
    for (int k = 0; k < n; k++) {
        char type = w->q->in[k];
        types[k] = is_text(type) ? ARRAY_TEXT : is_bytes(type) ? ARRAY_BYTES : ARRAY_INT;
        put_be(&array[k], 1, 4);
        put_be(&array[k], w->nulls[k], 4);
        put_be(&array[k], is_text(type) ? OID_TEXT : is_bytes(type) ? OID_BYTEA : OID_INT8, 4);
        put_be(&array[k], (uint64_t)rows, 4);
        put_be(&array[k], 1, 4);
        buf_str(&array[k], buf_view(&w->column[k]));
        in[k].s = buf_view(&array[k]);
        buf_clear(&w->column[k]);
        w->nulls[k] = false;
    }
    types[n] = 0;
    w->n = 0;
    w->bytes = 0;
    int64_t changed = db->changed;
    bool ok = db->engine->exec_text(db, buf_view(&w->sql), types, in, NULL, err);
    db->changed = ok && db->changed > changed ? db->changed : changed + 1;       /* its rows were counted when they came */
    for (int k = 0; k < n; k++)
        buf_release(&array[k]);
    return ok;
}

bool bulk_add(struct bulk *b, struct db *db, const struct query *q, const struct sql_value *in, bool *failed, struct err *err)
{
    struct waiting *w = place(b, q);
    *failed = false;
    if (!w || !w->plain)
        return false;
    for (int k = 0; q->in[k]; k++)
        put_value(w, k, &in[k]);
    db->changed++;
    w->n++;
    if (w->n < ROWS_MAX && w->bytes < BYTES_MAX)
        return true;
    *failed = !send(w, db, err);
    return !*failed;
}

bool bulk_send(struct bulk *b, struct db *db, table_set tables, struct err *err)
{
    for (int i = 0; i < b->n; i++)
        if (b->kind[i].n && (b->kind[i].q->changes & tables) && !send(&b->kind[i], db, err))
            return false;
    return true;
}
