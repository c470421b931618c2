/* What is sent from a list's page: its name and place, its columns, its members, its values. A refusal shows the page again with the sentence. */
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "office/lists/page.h"

static struct str or_empty(struct str s) { return s.p ? s : STR(""); }

struct list_write {
    struct str which, number;
    struct list_change change;
    struct bulk_order order;
    int64_t column_id;
    enum list_type type;
    struct str choices;
    bool to_lists;
    char back[64];                               /* where its row stands */
};

static bool find_list(struct txn *t, const struct list_write *w, struct actor *actor, struct list_def *l, struct err *err)
{
    return web_actor(t, actor, err) && list_find(t->db, t->arena, t->office_id, w->which, l, err);
}

/* A refusal is shown on the list's own page, with the sentence. */
static void list_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct list_write *w = args;
    struct list_view *v = arena_new(rq->arena, struct list_view);
    struct err failed;
    if (ok) {
        if (w->to_lists)
            req_redirect(rq, "/lists");
        else
            req_redirect(rq, "/lists/%.*s%s", STR_ARG(face_percent(rq, w->which)), w->back);
    } else if (!list_view_read(rq, v, &failed)) {
        req_fail(rq, &failed);
    } else {
        v->why = face_sentence(rq, err);
        v->numbers = w->number;
        list_show(rq, v, err_http(err));
    }
}

static bool change_fn(struct txn *t, void *args, struct err *err)
{
    const struct list_write *w = args;
    struct actor actor;
    struct list_def l;
    return find_list(t, w, &actor, &l, err) && list_change(t, &actor, l.id, &w->change, err);
}

static struct list_write *new_write(struct req *rq)
{
    struct list_write *w = arena_new(rq->arena, struct list_write);
    struct str active = req_form(rq, "active"), to = req_form(rq, "to");
    w->which = rq->args[0];
    w->change = (struct list_change){ .name = req_form(rq, "name"), .query = req_form(rq, "query"), .active = active.n ? str_eqc(active, "1") : -1,
                                      .step = str_eqc(to, "up") ? -1 : str_eqc(to, "down") ? 1 : 0 };
    return w;
}

void list_post(struct req *rq)
{
    struct list_write *w = new_write(rq);
    w->to_lists = w->change.step || w->change.active >= 0;
    web_write(rq, change_fn, w, list_answer);
}

/* Numbers with blanks, commas or ； between. */
static void split_numbers(struct req *rq, struct str s, struct bulk_order *o)
{
    o->number = arena_array(rq->arena, struct str, BULK_MAX + 1);
    o->version = arena_array(rq->arena, int64_t, BULK_MAX + 1);
    size_t from = 0;
    for (size_t i = 0; i <= s.n && o->n <= BULK_MAX; i++) {
        struct str here = str_sub(s, i, s.n);
        size_t skip = i == s.n || strchr(" ,;\n\t", s.p[i]) ? 1 : str_starts(here, STR("、")) || str_starts(here, STR("，")) || str_starts(here, STR("；")) || str_starts(here, STR("　")) ? 3 : 0;
        if (!skip)
            continue;
        if (i > from && o->n <= BULK_MAX)
            o->number[o->n++] = str_sub(s, from, i - from);
        from = i + skip;
        i += skip - 1;
    }
}

static bool members_fn(struct txn *t, void *args, struct err *err)
{
    struct list_write *w = args;
    struct actor actor;
    struct list_def l;
    struct bulk_done done;
    struct bulk_line *lines;
    size_t good;
    if (!find_list(t, w, &actor, &l, err))
        return false;
    w->order.value = l.name;
    if (!bulk_preview(t, &actor, LANG_ZH, &w->order, &lines, &good, err))
        return false;
    for (size_t i = 0; i < w->order.n; i++)      /* the first that cannot be, by its own reason */
        if (!lines[i].good) {
            *err = lines[i].err;
            return false;
        }
    snprintf(w->back, sizeof w->back, "?%s=%zu", w->order.what == BULK_LIST_ADD ? "added" : "removed", w->order.n);
    return bulk_take(t, &actor, &w->order, false, &done, err);
}

void list_entries_post(struct req *rq)
{
    struct list_write *w = new_write(rq);
    w->number = or_empty(req_form(rq, "numbers"));
    w->order.what = str_eqc(req_form(rq, "what"), "remove") ? BULK_LIST_REMOVE : BULK_LIST_ADD;
    w->order.value = w->order.text = STR("");
    split_numbers(rq, w->number, &w->order);
    web_write(rq, members_fn, w, list_answer);
}

static bool column_add_fn(struct txn *t, void *args, struct err *err)
{
    struct list_write *w = args;
    struct actor actor;
    struct list_def l;
    return find_list(t, w, &actor, &l, err) && list_column_add(t, &actor, l.id, or_empty(w->change.name), w->type, or_empty(w->choices), &w->column_id, err);
}

void list_columns_post(struct req *rq)
{
    struct list_write *w = new_write(rq);
    struct err err;
    w->choices = req_form(rq, "choices");
    if (list_type_read(or_empty(req_form(rq, "type")), &w->type, &err))
        web_write(rq, column_add_fn, w, list_answer);
    else
        list_answer(rq, w, false, &err);
}

static bool column_fn(struct txn *t, void *args, struct err *err)
{
    const struct list_write *w = args;
    struct actor actor;
    struct list_def l;
    return find_list(t, w, &actor, &l, err) && list_column_change(t, &actor, l.id, w->column_id, &w->change, err);
}

void list_column_post(struct req *rq)
{
    struct list_write *w = new_write(rq);
    w->change.query = req_form(rq, "choices");
    num_range(rq->args[1], 1, INT64_MAX, &w->column_id);
    web_write(rq, column_fn, w, list_answer);
}
