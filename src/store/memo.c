#include "store/memo.h"

#include <stdlib.h>
#include <string.h>

#include "migrations.h"
#include "store/engine.h"
#include "store_queries.h"

enum { ROWS_MAX = 64, COLUMNS_MAX = 64, OFFICES_MAX = 8 };
/* A batch is of one office; a directory serves some hundred offices before it has to begin anew. */
enum { BATCH_SLOTS = 1024, BATCH_BYTES = 1 << 20, DIRECTORY_SLOTS = 16384, DIRECTORY_BYTES = 4 << 20 };

static const table_set DIRECTORY = TABLE_SET(TABLE_PARTY) | TABLE_SET(TABLE_PARTY_ALIAS) | TABLE_SET(TABLE_MEMBER) | TABLE_SET(TABLE_SEAT) | TABLE_SET(TABLE_TOKEN) | TABLE_SET(TABLE_LIST) |
                                  TABLE_SET(TABLE_SETTING);

struct kept {
    const struct query *q;
    struct sql_value *in;
    struct sql_value *rows;                      /* n_rows times as many as q->out has columns */
    int n_rows;
    uint64_t at;                                 /* m->now when it was read */
    int64_t version;                             /* of the office's directory then */
};

struct memo {
    struct arena arena;
    struct kept **slot;
    unsigned slots;                              /* a power of two; at most half of them are taken */
    int n;
    uint64_t now, turn, changed_at[TABLES];          /* changed_at: by table; turn: m->now when it began */
    bool directory;
    int64_t connection;                          /* what is kept was read on it */
    struct { int64_t id, version; } office[OFFICES_MAX];       /* seen in this turn */
    int n_offices;
};

struct memo *memo_new(bool directory)
{
    struct memo *m = xcalloc(1, sizeof *m);
    m->directory = directory;
    m->slots = directory ? DIRECTORY_SLOTS : BATCH_SLOTS;
    m->slot = xcalloc(m->slots, sizeof *m->slot);
    m->arena = ARENA_INIT(directory ? DIRECTORY_BYTES : BATCH_BYTES);
    return m;
}

void memo_free(struct memo *m)
{
    if (!m)
        return;
    arena_release(&m->arena);
    free(m->slot);
    free(m);
}

void memo_clear(struct memo *m)
{
    if (m->n)
        memset(m->slot, 0, m->slots * sizeof *m->slot);
    m->n = 0;
    arena_clear(&m->arena);
}

static int kept_max(const struct memo *m) { return (int)m->slots / 2; }

void memo_turn(struct memo *m, const struct db *db)
{
    bool full = m->n > kept_max(m) / 2 || arena_over(&m->arena);
    if (!m->directory || full || m->connection != db->connections)
        memo_clear(m);
    m->connection = db->connections;
    m->n_offices = 0;
    m->turn = m->now;
}

void memo_office(struct memo *m, int64_t office_id, int64_t version)
{
    if (m->n_offices < OFFICES_MAX) {
        m->office[m->n_offices].id = office_id;
        m->office[m->n_offices++].version = version;
    }
}

bool memo_in_directory(const struct query *q) { return q->reads && !(q->reads & ~DIRECTORY) && q->in[0] == 'i'; }

bool memo_directory_changed(const struct memo *m)
{
    for (int t = 0; t < TABLES; t++)
        if (DIRECTORY & TABLE_SET(t) && m->changed_at[t] > m->turn)
            return true;
    return false;
}

/* *version: what kept rows must have to be good now. False: nothing may be kept for this office. */
static bool version_now(struct memo *m, struct db *db, int64_t office_id, int64_t *version)
{
    *version = 0;
    if (!m->directory)
        return true;
    for (int i = 0; i < m->n_offices; i++)
        if (m->office[i].id == office_id) {
            *version = m->office[i].version;
            return true;
        }
    struct directory_version_row row;
    _cleanup_(arena_release) struct arena a = ARENA_INIT(0);
    bool found;
    if (!db->in_snapshot || m->n_offices == OFFICES_MAX ||
        !q_directory_version(db, &a, &(struct directory_version_in){ office_id }, &row, &found, NULL) || !found)
        return false;
    memo_office(m, office_id, row.version);
    *version = row.version;
    return true;
}

/* The lowest table of a set; TABLES or more when it is empty. */
static int first_of(table_set tables)
{
    uint64_t low = (uint64_t)tables, high = (uint64_t)(tables >> 64);
    return low ? __builtin_ctzll(low) : high ? 64 + __builtin_ctzll(high) : TABLES;
}

void memo_changed(struct memo *m, table_set tables)
{
    m->now++;
    for (int t; (t = first_of(tables)) < TABLES; tables &= tables - 1)
        m->changed_at[t] = m->now;
}

static bool is_text(char type) { return (type | 32) == 's' || (type | 32) == 'b'; }

static bool same(const char *types, const struct sql_value *a, const struct sql_value *b)
{
    for (int k = 0; types[k]; k++)
        if (is_text(types[k]) ? !a[k].s.p != !b[k].s.p || !str_eq(a[k].s, b[k].s) : a[k].i != b[k].i)
            return false;
    return true;
}

static uint64_t hash_of(const struct query *q, const struct sql_value *in)
{
    uint64_t h = (uintptr_t)q;
    for (int k = 0; q->in[k]; k++) {
        uint64_t v = (uint64_t)in[k].i;
        if (is_text(q->in[k]))
            for (size_t i = v = 0; i < in[k].s.n; i++)
                v = v * 31 + (unsigned char)in[k].s.p[i];
        h = (h ^ v) * 0x9e3779b97f4a7c15u;
    }
    return h >> 40;
}

static bool fresh(const struct memo *m, const struct kept *k)
{
    table_set tables = k->q->reads;
    for (int t; (t = first_of(tables)) < TABLES; tables &= tables - 1)
        if (m->changed_at[t] > k->at)
            return false;
    return true;
}

/* Its place: what is kept there for this question, fresh or not, or NULL. */
static struct kept **place(struct memo *m, const struct query *q, const struct sql_value *in)
{
    for (uint64_t i = hash_of(q, in);; i++) {
        struct kept **at = &m->slot[i % m->slots];
        if (!*at || ((*at)->q == q && same(q->in, (*at)->in, in)))
            return at;
    }
}

static struct sql_value *copy(struct arena *a, const char *types, const struct sql_value *v)
{
    size_t n = strlen(types);
    struct sql_value *c = arena_array(a, struct sql_value, n + 1);
    for (size_t k = 0; k < n; k++) {
        c[k] = v[k];
        if (is_text(types[k]) && v[k].s.p)
            c[k].s = arena_str(a, v[k].s);
    }
    return c;
}

/* --- asking the engine ---------------------------------------------------------------------------------------------------------- */

struct asking {
    struct memo *m;
    const struct query *q;
    db_row *row;
    void *ctx;
    struct sql_value *rows[ROWS_MAX];
    int n;
    bool stopped, too_much;
};

/* Goes on to the end for the memo's sake when whoever asked has had enough: nearly always there is no further row. */
static bool ask_row(void *ctx, const struct sql_value *out, bool *stop, struct err *err)
{
    struct asking *a = ctx;
    a->too_much = a->too_much || a->n == ROWS_MAX || arena_over(&a->m->arena);
    if (!a->too_much)
        a->rows[a->n++] = copy(&a->m->arena, a->q->out, out);
    if (!a->stopped && !a->row(a->ctx, out, &a->stopped, err))
        return false;
    *stop = a->stopped && a->too_much;
    return true;
}

static void keep(struct memo *m, const struct asking *a, const struct sql_value *in, uint64_t at, int64_t version)
{
    size_t columns = strlen(a->q->out);
    struct kept *k = arena_new(&m->arena, struct kept);
    *k = (struct kept){ .q = a->q, .in = copy(&m->arena, a->q->in, in), .n_rows = a->n, .at = at, .version = version };
    k->rows = arena_array(&m->arena, struct sql_value, columns * (size_t)a->n + 1);
    for (int i = 0; i < a->n; i++)
        memcpy(k->rows + (size_t)i * columns, a->rows[i], columns * sizeof *k->rows);
    struct kept **to = place(m, a->q, in);
    m->n += !*to;
    *to = k;
}

bool memo_each(struct memo *m, struct db *db, const struct query *q, const struct sql_value *in, db_row *row, void *ctx, struct err *err)
{
    int64_t version;
    if (!version_now(m, db, q->in[0] == 'i' ? in[0].i : 0, &version))
        return db->engine->each(db, q, in, row, ctx, err);
    const struct kept *k = *place(m, q, in);
    if (!k || k->version != version || !fresh(m, k)) {
        struct asking a = { .m = m, .q = q, .row = row, .ctx = ctx, .too_much = m->n >= kept_max(m) || !q->reads || arena_over(&m->arena) };
        uint64_t at = m->now;
        if (!db->engine->each(db, q, in, ask_row, &a, err))
            return false;
        if (!a.too_much)
            keep(m, &a, in, at, version);
        return true;
    }
    bool ok = true, stop = false;
    size_t columns = strlen(q->out);
    for (int i = 0; ok && !stop && i < k->n_rows; i++)
        ok = row(ctx, k->rows + (size_t)i * columns, &stop, err);
    return ok;
}
