/* Figures by dimension: a small table with a hash beside it. */
#include <string.h>

#include "office/closing/inside.h"

enum { SLOTS_MIN = 64 };

static size_t place(const struct tally *t, struct str dim, int64_t dim_id)
{
    uint64_t h = ((uint64_t)dim_id * 4 + dim_read(dim) + 1) * UINT64_C(0x9E3779B97F4A7C15);
    size_t i = (size_t)(h >> 32) & (t->slots - 1);
    while (t->slot[i]) {
        const struct figures *f = &t->f[t->slot[i] - 1];
        if (f->dim_id == dim_id && str_eq(f->dim, dim))
            break;
        i = (i + 1) & (t->slots - 1);
    }
    return i;
}

static void widen(struct tally *t, struct arena *a)
{
    t->slots = t->slots ? t->slots * 2 : SLOTS_MIN;
    t->slot = arena_array(a, uint32_t, t->slots);
    for (size_t i = 0; i < t->n; i++)
        t->slot[place(t, t->f[i].dim, t->f[i].dim_id)] = (uint32_t)i + 1;
}

struct figures *tally_at(struct tally *t, struct arena *a, enum dim d, int64_t dim_id)
{
    if (t->n * 2 >= t->slots)
        widen(t, a);
    size_t i = place(t, dim_code(d), dim_id);
    if (!t->slot[i]) {
        arena_push(a, t->f, t->n, t->cap) = (struct figures){ .dim = dim_code(d), .dim_id = dim_id, .name = STR("") };
        t->slot[i] = (uint32_t)t->n;
    }
    return &t->f[t->slot[i] - 1];
}

const struct figures *tally_find(const struct tally *t, enum dim d, int64_t dim_id)
{
    if (!t->slots)
        return NULL;
    uint32_t at = t->slot[place(t, dim_code(d), dim_id)];
    return at ? &t->f[at - 1] : NULL;
}

const struct figures *tally_broken(const struct tally *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (!figures_hold(&t->f[i]))
            return &t->f[i];
    return NULL;
}

/* --- names and order ----------------------------------------------------------------------------------------------------------- */

struct naming {
    struct arena *a;
    const struct tally *t;
    struct figures *ret;
    size_t n;
    enum dim next;                               /* the first dimension whose "nobody" has not been looked for */
};

static void take(struct naming *v, enum dim d, int64_t dim_id, struct str name)
{
    const struct figures *f = tally_find(v->t, d, dim_id);
    if (!f || (figures_empty(f) && d != DIM_OFFICE))
        return;
    v->ret[v->n] = *f;
    v->ret[v->n++].name = arena_str(v->a, name);
}

/* Ends the dimensions before d with what nobody has. */
static void take_nobody(struct naming *v, enum dim d)
{
    for (; v->next < d; v->next++)
        take(v, v->next, 0, STR(""));
}

static bool name_row(void *ctx, const struct dim_names_row *r, bool *stop, struct err *err)
{
    struct naming *v = ctx;
    enum dim d = dim_read(r->dim);
    take_nobody(v, d);
    take(v, d, r->dim_id, r->name);
    return true;
}

bool tally_named(struct db *db, struct arena *a, int64_t office_id, struct tally *t, struct figures **ret, size_t *n, struct err *err)
{
    tally_at(t, a, DIM_OFFICE, 0);
    struct naming v = { a, t, arena_array(a, struct figures, t->n + 1), 0, DIM_OFFICE };
    if (!q_dim_names(db, &(struct dim_names_in){ office_id }, name_row, &v, err))
        return false;
    take_nobody(&v, DIMS);
    *ret = v.ret;
    *n = v.n;
    return true;
}
