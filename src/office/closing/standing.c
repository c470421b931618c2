/* The other side of conservation: the entries themselves, as they stood when a day ended. An entry that no later act changed stands in its own row; of one that
 * was changed since, entry_was keeps what it was.
 */
#include "base/num.h"
#include "office/closing/inside.h"

struct standings {
    struct arena *a;
    struct standing *s;
    size_t n, cap;
    size_t n_lists, cap_lists;                   /* of the last one */
    int64_t last;                                /* id read last */
    day_t day;
};

static void add_list(struct standings *v, int64_t list_id)
{
    struct standing *s = &v->s[v->n - 1];
    if (!list_id)
        return;
    arena_push(v->a, s->lists, v->n_lists, v->cap_lists) = list_id;
    s->n_lists = (int)v->n_lists;
}

static void add(struct standings *v, int64_t id, int64_t lead_id, int64_t officer_id, instant_t due)
{
    arena_push(v->a, v->s, v->n, v->cap) = (struct standing){ id, lead_id, officer_id, due, .open = true, .overdue = closing_overdue(due, v->day) };
    v->n_lists = v->cap_lists = 0;
}

static bool now_row(void *ctx, const struct standing_now_row *r, bool *stop, struct err *err)
{
    struct standings *v = ctx;
    if (r->id != v->last)
        add(v, r->id, r->lead_id, r->officer_id, r->due);
    v->last = r->id;
    add_list(v, r->list_id);
    return true;
}

/* Only the first row of each entry tells of the day; those that follow are of days still later. */
static bool then_row(void *ctx, const struct standing_then_row *r, bool *stop, struct err *err)
{
    struct standings *v = ctx;
    if (r->id == v->last)
        return true;
    v->last = r->id;
    add(v, r->id, r->lead_id, r->officer_id, r->due);
    struct str rest = r->lists;
    int64_t id;
    while (rest.n && num_i64(str_cut(rest, ';', &rest), &id))
        add_list(v, id);
    v->s[v->n - 1].open = r->open;               /* whatever it is now */
    return true;
}

static int64_t id_of(const struct standings *v, size_t i) { return i == v->n ? INT64_MAX : v->s[i].id; }

bool standing_read(struct db *db, struct arena *a, int64_t office_id, day_t day, struct standing **ret, size_t *n, struct err *err)
{
    struct standings now = { .a = a, .day = day }, then = now;
    if (!q_standing_now(db, &(struct standing_now_in){ office_id, day }, now_row, &now, err) ||
        !q_standing_then(db, &(struct standing_then_in){ office_id, day }, then_row, &then, err))
        return false;
    struct standing *s = arena_array(a, struct standing, now.n + then.n + 1);
    size_t count = 0;
    for (size_t i = 0, k = 0; i < now.n || k < then.n;) {
        int64_t id_now = id_of(&now, i), id_then = id_of(&then, k);
        if (id_now < id_then)
            s[count++] = now.s[i];
        else if (then.s[k].open)
            s[count++] = then.s[k];
        i += id_now <= id_then;
        k += id_then <= id_now;
    }
    *ret = s;
    *n = count;
    return true;
}

void standing_count(const struct standing *s, size_t n, struct arena *a, struct tally *t)
{
    for (size_t i = 0; i < n; i++) {
        tally_at(t, a, DIM_OFFICE, 0)->carried++;
        tally_at(t, a, DIM_UNIT, s[i].lead_id)->carried++;
        tally_at(t, a, DIM_OFFICER, s[i].officer_id)->carried++;
        for (int k = 0; k < s[i].n_lists; k++)
            tally_at(t, a, DIM_LIST, s[i].lists[k])->carried++;
    }
}
