#include "store/bulk.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KINDS_MAX = 24, COLUMNS_MAX = 64 };
enum { ROWS_MAX = 1000, BYTES_MAX = 512 * 1024 };          /* of one statement for PostgreSQL */
enum { SORTED_MAX = 4096, TOGETHER_MAX = 32 };   /* rows sorted for SQLite, and rows of one statement */
enum { OID_BYTEA = 17, OID_INT8 = 20, OID_TEXT = 25 };

struct row {                                     /* for SQLite */
    const char *types;
    int place;                                   /* in which it came */
    struct sql_value v[];
};

struct waiting {                                 /* rows of one statement */
    const struct query *q;
    bool plain;
    struct buf sql;
    int n;
    size_t bytes;
    struct buf column[COLUMNS_MAX];              /* PostgreSQL: the elements of an array, as its binary format has them */
    bool nulls[COLUMNS_MAX];
    struct row **row;                            /* SQLite */
    struct arena kept;
};

struct bulk { struct waiting kind[KINDS_MAX]; int n; };

struct bulk *bulk_new(void) { return xcalloc(1, sizeof(struct bulk)); }

void bulk_free(struct bulk *b)
{
    for (int i = 0; b && i < b->n; i++) {
        buf_release(&b->kind[i].sql);
        for (int k = 0; k < COLUMNS_MAX; k++)
            buf_release(&b->kind[i].column[k]);
        free(b->kind[i].row);
        arena_release(&b->kind[i].kept);
    }
    free(b);
}

static bool is_text(char type) { return type == 's' || type == 'S'; }
static bool is_bytes(char type) { return type == 'b' || type == 'B'; }

static struct str blank(struct str s)
{
    while (s.n && isspace((unsigned char)s.p[0]))
        s = str_sub(s, 1, s.n);
    return s;
}

static bool skip(struct str *s, const char *what)
{
    *s = blank(*s);
    if (!str_starts(*s, str_c(what)))
        return false;
    *s = str_sub(*s, strlen(what), s->n);
    return true;
}

/* INSERT INTO before VALUES (its parameters in their order) after; false when the statement is anything else. */
static bool parse(const struct query *q, const char *text, const char *mark, struct str *before, struct str *after)
{
    struct str s = str_c(text), line;
    int n = (int)strlen(q->in);
    while (str_starts(s, STR("--")))
        line = str_cut(s, '\n', &s);
    (void)line;
    if (q->out[0] || n > COLUMNS_MAX || !skip(&s, "INSERT INTO "))
        return false;
    ptrdiff_t at = str_find(s, STR("VALUES ("));
    if (at < 0)
        return false;
    *before = str_sub(s, 0, (size_t)at);
    s = str_sub(s, (size_t)at + strlen("VALUES ("), s.n);
    for (int k = 1; k <= n; k++) {
        char one[16];
        snprintf(one, sizeof one, "%s%d", mark, k);
        if (!skip(&s, one) || !skip(&s, k < n ? "," : ")"))
            return false;
    }
    *after = s;
    return str_find(s, str_c(mark)) < 0;
}

/* … VALUES ($1, $2, $3) … becomes … SELECT * FROM unnest($1::int8[], …) … */
static bool rewrite_arrays(struct waiting *w)
{
    struct str before, after;
    int n = (int)strlen(w->q->in);
    if (!parse(w->q, w->q->postgres, "$", &before, &after))
        return false;
    buf_c(&w->sql, "INSERT INTO ");
    buf_str(&w->sql, before);
    buf_c(&w->sql, "SELECT * FROM unnest(");
    for (int k = 0; k < n; k++)
        buf_printf(&w->sql, "%s$%d::%s[]", k ? ", " : "", k + 1, is_text(w->q->in[k]) ? "text" : is_bytes(w->q->in[k]) ? "bytea" : "int8");
    buf_c(&w->sql, ")");
    buf_str(&w->sql, after);
    return true;
}

/* … VALUES (?, ?, ?), (?, ?, ?) … OR FAIL: else SQLite copies each page before a statement of several rows changes it, to undo that statement alone.
 * Nobody wants that: after an error the batch is rolled back. */
static bool rewrite_rows(struct waiting *w)
{
    struct str before, after;
    int n = (int)strlen(w->q->in);
    if (!parse(w->q, w->q->sqlite, "?", &before, &after))
        return false;
    buf_c(&w->sql, "INSERT OR FAIL INTO ");
    buf_str(&w->sql, before);
    for (int i = 0; i < TOGETHER_MAX; i++) {
        buf_c(&w->sql, i ? ", (" : "VALUES (");
        for (int k = 0; k < n; k++)
            buf_c(&w->sql, k ? ", ?" : "?");
        buf_c(&w->sql, ")");
    }
    buf_str(&w->sql, after);
    w->row = xcalloc(SORTED_MAX, sizeof *w->row);
    return true;
}

static struct waiting *place(struct bulk *b, const struct db *db, const struct query *q)
{
    for (int i = 0; i < b->n; i++)
        if (b->kind[i].q == q)
            return &b->kind[i];
    if (b->n == KINDS_MAX)
        return NULL;
    struct waiting *w = &b->kind[b->n++];
    w->q = q;
    w->kept = ARENA_INIT(0);
    w->plain = db->engine->shared ? rewrite_arrays(w) : rewrite_rows(w);
    return w;
}

/* --- rows for SQLite ------------------------------------------------------------------------------------------------------------------ */

static int compare(const void *a, const void *b)
{
    const struct row *x = *(struct row *const *)a, *y = *(struct row *const *)b;
    for (int k = 0; x->types[k]; k++) {
        const struct sql_value *v = &x->v[k], *w = &y->v[k];
        int c = is_text(x->types[k]) || is_bytes(x->types[k]) ? str_cmp(v->s, w->s) : (v->i > w->i) - (v->i < w->i);
        if (c)
            return c;
    }
    return x->place - y->place;
}

static void keep_row(struct waiting *w, const struct sql_value *in)
{
    size_t n = strlen(w->q->in);
    struct row *r = arena_alloc(&w->kept, sizeof *r + n * sizeof *r->v);
    r->types = w->q->in;
    r->place = w->n;
    for (size_t k = 0; k < n; k++) {
        r->v[k] = in[k];
        if ((is_text(r->types[k]) || is_bytes(r->types[k])) && in[k].s.p)
            r->v[k].s = arena_str(&w->kept, in[k].s);
    }
    w->row[w->n] = r;
    w->bytes = w->kept.used;
}

/* In the order of their columns, with which our keys begin: neighbours go where the page is at hand. */
static bool send_rows(struct waiting *w, struct db *db, struct err *err)
{
    char types[TOGETHER_MAX * COLUMNS_MAX + 1] = "";
    struct sql_value in[TOGETHER_MAX * COLUMNS_MAX];
    size_t n = strlen(w->q->in);
    bool ok = true;
    int i = 0;
    qsort(w->row, (size_t)w->n, sizeof *w->row, compare);
    for (int k = 0; k < TOGETHER_MAX; k++)
        memcpy(types + (size_t)k * n, w->q->in, n + 1);
    for (; ok && w->n - i >= TOGETHER_MAX; i += TOGETHER_MAX) {
        for (int k = 0; k < TOGETHER_MAX; k++)
            memcpy(in + (size_t)k * n, w->row[i + k]->v, n * sizeof *in);
        ok = db->engine->exec_text(db, buf_view(&w->sql), types, in, NULL, err);
    }
    for (; ok && i < w->n; i++)
        ok = db->engine->exec(db, w->q, w->row[i]->v, NULL, err);
    w->n = 0;
    w->bytes = 0;
    arena_clear(&w->kept);
    return ok;
}

/* --- arrays for PostgreSQL -------------------------------------------------------------------------------------------------------------- */

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

static bool send_arrays(struct waiting *w, struct db *db, struct err *err)
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

/* --- both ---------------------------------------------------------------------------------------------------------------------------------- */

static bool send(struct waiting *w, struct db *db, struct err *err)
{
    return db->engine->shared ? send_arrays(w, db, err) : send_rows(w, db, err);
}

static bool full(const struct waiting *w, const struct db *db) { return w->n == (db->engine->shared ? ROWS_MAX : SORTED_MAX) || w->bytes >= BYTES_MAX; }

bool bulk_add(struct bulk *b, struct db *db, const struct query *q, const struct sql_value *in, bool *failed, struct err *err)
{
    struct waiting *w = place(b, db, q);
    *failed = false;
    if (!w || !w->plain)
        return false;
    if (db->engine->shared)
        for (int k = 0; q->in[k]; k++)
            put_value(w, k, &in[k]);
    else
        keep_row(w, in);
    db->changed++;
    w->n++;
    if (!full(w, db))
        return true;
    *failed = !send(w, db, err);
    return !*failed;
}

bool bulk_send(struct bulk *b, struct db *db, table_set tables, struct err *err)
{
    for (int i = 0; i < b->n; i++)
        if (b->kind[i].n && (!b->kind[i].q->changes || (b->kind[i].q->changes & tables)) && !send(&b->kind[i], db, err))
            return false;
    return true;
}
