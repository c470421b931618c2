/* A list's own columns filled in on its page: all rows shown are one form, taken whole or not at all. Beside each field the form holds what it showed, so that
 * only what was changed is sent on, and what somebody else changed meanwhile is not overwritten unseen. */
#include "base/num.h"
#include "office/lists/page.h"

struct fill {
    struct str which, back;
    struct list_cell *cell;
    size_t n, cap, changed;
};

struct str list_fill_address(struct req *rq, const char *path, bool editing)
{
    static const char *const KEPT[] = { "edit", "state", "sort", "after" };
    struct str s = str_c(path);
    char sep = '?';
    for (size_t i = editing ? 0 : 1; i < ARRAY_LEN(KEPT); i++)
        if (req_query(rq, KEPT[i]).n) {
            s = arena_printf(rq->arena, "%.*s%c%s=%.*s", STR_ARG(s), sep, KEPT[i], STR_ARG(face_percent(rq, req_query(rq, KEPT[i]))));
            sep = '&';
        }
    return s;
}

const char *list_fill_name(struct req *rq, char what, int64_t entry_id, int64_t column_id)
{
    return arena_printf(rq->arena, "%c%lld.%lld", what, (long long)entry_id, (long long)column_id).p;
}

static bool fill_fn(struct txn *t, void *args, struct err *err)
{
    struct fill *w = args;
    struct actor actor;
    struct list_def l;
    return web_actor(t, &actor, err) && list_find(t->db, t->arena, t->office_id, w->which, &l, err) &&
           list_cells_set(t, &actor, &l, w->cell, w->n, &w->changed, err);
}

static void fill_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct fill *w = args;
    struct list_view *v = arena_new(rq->arena, struct list_view);
    struct err failed;
    if (ok) {
        req_redirect(rq, "%.*s%csaved=%lld", STR_ARG(w->back), str_chr(w->back, '?') < 0 ? '?' : '&', (long long)w->changed);
    } else if (!list_view_read(rq, v, &failed)) {
        req_fail(rq, &failed);
    } else {
        v->why = face_sentence(rq, err);
        list_show(rq, v, err_http(err));
    }
}

/* row: "ID NUMBER". */
static void take_row(struct req *rq, struct fill *w, struct str row, const struct list_column *c, size_t n)
{
    struct str number;
    int64_t id;
    if (!num_range(str_cut(row, ' ', &number), 1, INT64_MAX, &id))
        return;
    for (size_t i = 0; i < n; i++) {
        struct str value = req_form(rq, list_fill_name(rq, 'v', id, c[i].id)), was = req_form(rq, list_fill_name(rq, 'w', id, c[i].id));
        if (value.p && was.p && !str_eq(value, was))
            arena_push(rq->arena, w->cell, w->n, w->cap) = (struct list_cell){ .number = number, .column = c[i], .was = was, .value = value };
    }
}

void list_values_post(struct req *rq)
{
    struct fill *w = arena_new(rq->arena, struct fill);
    struct str row[LISTS_PAGE_ROWS];
    struct list_column *c;
    struct list_def l;
    struct err err;
    size_t n, rows = req_form_all(rq, "row", row, ARRAY_LEN(row));
    if (!list_of_request(rq, &l, &err) || !list_columns(rq->db, rq->arena, rq->actor->office_id, l.id, false, &c, &n, &err)) {
        req_fail(rq, &err);
        return;
    }
    w->which = rq->args[0];
    w->back = list_fill_address(rq, arena_printf(rq->arena, "/lists/%lld", (long long)l.id).p, !req_form(rq, "end").n && str_eqc(req_query(rq, "edit"), "all"));
    for (size_t i = 0; i < rows; i++)
        take_row(rq, w, row[i], c, n);
    web_write(rq, fill_fn, w, fill_answer);
}
