/* The closing as its journal line says it. Made from the frozen rows both times: when the month is closed, and when it is verified. */
#include "base/json.h"
#include "office/closing/inside.h"

static void put_figures(struct buf *b, const struct figures *f)
{
    const int64_t v[] = { f->dim_id, f->opening, f->added, f->reopened, f->moved_in, f->settled, f->withdrawn, f->moved_out, f->carried };
    json_arr(b);
    json_str(b, f->dim);
    for (size_t i = 0; i < ARRAY_LEN(v); i++)
        json_int(b, v[i]);
    json_arr_end(b);
}

static void put_carry(struct buf *b, const struct carry_row *r)
{
    json_arr(b);
    json_int(b, r->entry_id);
    json_bool(b, r->overdue);
    json_str(b, r->reason);
    json_arr_end(b);
}

bool closing_say(struct db *db, struct arena *a, int64_t office_id, int period, bool presumed, struct str *ret, struct err *err)
{
    struct tally t = { 0 };
    struct carry_row *carry;
    size_t n;
    if (!figures_frozen(db, a, office_id, period, &t, err) ||
        !q_closing_carries(db, a, &(struct closing_carries_in){ office_id, period }, &carry, &n, err))
        return false;
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    json_obj(&b);
    json_put_int(&b, "period", period);
    json_put_bool(&b, "presumed", presumed);
    json_key(&b, "figures");
    json_arr(&b);
    for (size_t i = 0; i < t.n; i++)
        put_figures(&b, &t.f[i]);
    json_arr_end(&b);
    json_key(&b, "reasons");
    json_arr(&b);
    for (size_t i = 0; i < n; i++)
        if (carry[i].overdue || carry[i].reason.n)
            put_carry(&b, &carry[i]);
    json_arr_end(&b);
    json_obj_end(&b);
    *ret = arena_str(a, buf_view(&b));
    return true;
}
