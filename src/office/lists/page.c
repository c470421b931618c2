/* GET /lists and one list: its rows with its own columns, filled in row by row; what changes lists, columns and membership. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "lists_html.h"
#include "office/lists/page.h"

static struct str or_empty(struct str s) { return s.p ? s : STR(""); }
static struct str number_text(struct req *rq, int64_t n) { return arena_printf(rq->arena, "%lld", (long long)n); }

bool list_of_request(struct req *rq, struct list_def *ret, struct err *err)
{
    return list_find(rq->db, rq->arena, rq->actor->office_id, rq->args[0], ret, err);
}

/* --- all lists ---------------------------------------------------------------------------------------------------------------------- */

static bool lists_read(struct req *rq, struct lists_page *v, struct err *err)
{
    struct list_def *l;
    size_t n;
    struct entry_when when = list_when(rq->db, rq->arena, rq->actor->office_id, rq->now, rq->today);
    if (!list_all(rq->db, rq->arena, rq->actor->office_id, &l, &n, err))
        return false;
    struct list_count *c = arena_array(rq->arena, struct list_count, n + 1);
    if (!list_counts(rq->db, rq->arena, rq->actor, &when, l, n, c, err))
        return false;
    v->may_edit = actor_is(rq->actor, ROLE_SECTION);
    v->rows = arena_array(rq->arena, struct lists_line, n + 1);
    v->retired = arena_array(rq->arena, struct lists_line, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct lists_line *r = l[i].active ? &v->rows[v->n++] : &v->retired[v->n_retired++];
        *r = (struct lists_line){ .list = l[i], .count = c[i], .by_query = l[i].query.p != NULL, .may_edit = v->may_edit, .csrf = rq->csrf,
                                  .plus = c[i].more ? "+" : "" };
    }
    for (size_t i = 0; i < v->n; i++) {
        v->rows[i].first = i == 0;
        v->rows[i].last = i + 1 == v->n;
    }
    return true;
}

static void lists_show(struct req *rq, struct lists_page *v, int status)
{
    face_frame(rq, &v->frame, "/lists", FACE_SAY(rq, M_NAV_LISTS));
    struct html out = req_page(rq);
    html_lists(&out, v);
    req_html(rq, status, &out);
}

void lists_get(struct req *rq)
{
    struct lists_page *v = arena_new(rq->arena, struct lists_page);
    struct err err;
    if (lists_read(rq, v, &err))
        lists_show(rq, v, 200);
    else
        req_fail(rq, &err);
}

struct new_list { struct str name, query; int64_t id; };

static bool add_fn(struct txn *t, void *args, struct err *err)
{
    struct new_list *w = args;
    struct actor actor;
    return web_actor(t, &actor, err) && list_add(t, &actor, w->name, w->query, &w->id, err);
}

static void add_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct new_list *w = args;
    struct lists_page *v = arena_new(rq->arena, struct lists_page);
    struct err failed;
    if (ok) {
        req_redirect(rq, "/lists/%lld", (long long)w->id);
    } else if (!lists_read(rq, v, &failed)) {
        req_fail(rq, &failed);
    } else {
        v->why = face_sentence(rq, err);
        v->name = w->name;
        lists_show(rq, v, err_http(err));
    }
}

void lists_post(struct req *rq)
{
    struct new_list *w = arena_new(rq->arena, struct new_list);
    *w = (struct new_list){ .name = or_empty(req_form(rq, "name")), .query = or_empty(req_form(rq, "query")) };
    web_write(rq, add_fn, w, add_answer);
}

/* --- one list --------------------------------------------------------------------------------------------------------------------------- */

static int type_msg(enum list_type t)
{
    static const int SAYS[LIST_TYPES] = { M_LISTS_TYPE_TEXT, M_LISTS_TYPE_NUMBER, M_LISTS_TYPE_DAY, M_LISTS_TYPE_CHOICE };
    return SAYS[t];
}

static void make_columns(struct req *rq, struct list_view *v, const struct list_column *c, size_t n)
{
    v->columns = arena_array(rq->arena, struct column_line, n + 1);
    v->retired = arena_array(rq->arena, struct column_line, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct column_line *r = c[i].active ? &v->columns[v->n_columns++] : &v->retired[v->n_retired++];
        *r = (struct column_line){ c[i], type_msg(c[i].type), false, false, rq->csrf,
                                   arena_printf(rq->arena, "%.*s/columns/%lld", STR_ARG(v->base), (long long)c[i].id) };
    }
    for (size_t i = 0; i < v->n_columns; i++) {
        v->columns[i].first = i == 0;
        v->columns[i].last = i + 1 == v->n_columns;
    }
    v->n_add = ARRAY_LEN(v->add_column);
    v->add_column[0] = (struct field){ .form = "col", .name = "name", .label = M_FIELD_NAME, .type = "text", .css = "", .must = true };
    v->add_column[1] = (struct field){ .form = "col", .name = "type", .label = M_LISTS_TYPE, .select = true, .css = "" };
    v->add_column[2] = (struct field){ .form = "col", .name = "choices", .label = M_FIELD_CHOICES, .type = "text", .css = "", .hint = M_LISTS_CHOICES_HINT };
    for (int i = 0; i < LIST_TYPES; i++)
        face_choice(rq, &v->add_column[1], str_c(list_types[i]), FACE_SAY(rq, type_msg((enum list_type)i)), STR_NULL);
}

/* The rows of a list, by deadline unless the address or the query says otherwise. */
static bool rows_filter(struct req *rq, const struct list_def *l, struct entry_filter *f, struct err *err)
{
    struct entry_when when = list_when(rq->db, rq->arena, rq->actor->office_id, rq->now, rq->today);
    struct str state = req_query(rq, "state"), sort = req_query(rq, "sort"), after = req_query(rq, "after");
    *f = ENTRY_FILTER_ANY;
    f->order = ENTRY_BY_DUE;
    if (!list_filter(rq->db, rq->arena, rq->actor, &when, l, f, err))
        return false;
    if (!state.n && !l->query.p)                 /* by hand: what is open, unless all is asked for */
        f->state = -2;
    if ((state.n && !str_eqc(state, "all") && !list_query_take(rq->db, rq->arena, rq->actor, &when, STR("state"), state, f, err)) ||
        (sort.n && !list_query_take(rq->db, rq->arena, rq->actor, &when, STR("sort"), sort, f, err)))
        return false;
    f->limit = LISTS_PAGE_ROWS;
    return after.n == 0 || entry_cursor_read(after, f, err);
}

static struct str state_address(struct req *rq, const char *sort)
{
    struct str state = req_query(rq, "state");
    return arena_printf(rq->arena, "/lists/%.*s?sort=%s%s%.*s", STR_ARG(face_percent(rq, rq->args[0])), sort, state.n ? "&state=" : "",
                        STR_ARG(face_percent(rq, state.n ? state : STR(""))));
}

/* What the page shows, on paper. */
static struct str print_address(struct req *rq, const char *path, const char *paper)
{
    static const char *const KEPT[] = { "state", "sort", "own", "is", "leader" };
    struct str s = arena_printf(rq->arena, "%s?", path);
    for (size_t i = 0; i < ARRAY_LEN(KEPT); i++)
        if (req_query(rq, KEPT[i]).n)
            s = arena_printf(rq->arena, "%.*s%s=%.*s&", STR_ARG(s), KEPT[i], STR_ARG(face_percent(rq, req_query(rq, KEPT[i]))));
    return arena_printf(rq->arena, "%.*spaper=%s", STR_ARG(s), paper);
}

struct str lists_other_paper(struct req *rq, const char *path, bool *a4)
{
    *a4 = str_eqc(req_query(rq, "paper"), "a4");
    return print_address(rq, path, *a4 ? "a3" : "a4");
}

static const char *kept_state(struct req *rq)
{
    struct str state = req_query(rq, "state");
    return str_eqc(state, "all") ? "&state=all" : str_eqc(state, "settled") ? "&state=settled" : "";
}

/* An own column orders and narrows what the page holds: own=ID[&is=word]. Texts by their bytes, numbers by value, nothing at the end. */
struct ranked { struct entry_line line; struct str value; };

static double value_of(struct str s) { return strtod(s.p, NULL); }

static int rank(const struct ranked *x, const struct ranked *y, bool number)
{
    if (!x->value.p || !y->value.p)
        return !x->value.p - !y->value.p;
    if (!number)
        return str_cmp(x->value, y->value);
    double d = value_of(x->value) - value_of(y->value);
    return d < 0 ? -1 : d > 0;
}

static bool order_by_own(struct req *rq, const struct list_def *l, const struct list_column *c, size_t n_c, struct entry_line *e, size_t *n, struct err *err)
{
    struct str own = req_query(rq, "own"), is = req_query(rq, "is");
    struct list_column by;
    size_t kept = 0;
    if (!own.n)
        return true;
    if (!list_column_find(rq->db, rq->arena, rq->actor->office_id, l->id, own, &by, err))
        return false;
    (void)c;
    (void)n_c;
    struct ranked *r = arena_array(rq->arena, struct ranked, *n + 1);
    for (size_t i = 0; i < *n; i++) {
        struct ranked one = { e[i], STR_NULL };
        if (!list_values(rq->db, rq->arena, rq->actor->office_id, l->id, e[i].id, &by, 1, &one.value, err))
            return false;
        one.value = one.value.p ? str_c(arena_z(rq->arena, one.value)) : STR_NULL;
        if (is.n && !str_eq(one.value, is))
            continue;
        size_t at = kept++;
        for (; !is.n && at > 0 && rank(&r[at - 1], &one, by.type == LIST_NUMBER) > 0; at--)      /* keeps the order of equals; at most 1,000 rows */
            r[at] = r[at - 1];
        r[at] = one;
    }
    for (size_t i = 0; i < kept; i++)
        e[i] = r[i].line;
    *n = kept;
    return true;
}

static bool read_rows(struct req *rq, struct list_view *v, const struct list_column *own, size_t n_own, struct err *err)
{
    struct entry_filter f;
    struct entry_line *e;
    struct table t;
    int total;
    if (!rows_filter(rq, &v->list, &f, err))
        return false;
    if (req_query(rq, "own").n)
        f.limit = LISTS_PRINT_MAX;
    if (!entry_lines(rq->db, rq->arena, rq->actor, &f, &e, &v->n, err) || !entry_count(rq->db, rq->arena, rq->actor, &f, 2000, &total, err))
        return false;
    if (v->n == (size_t)f.limit && !req_query(rq, "own").n)
        v->next = arena_printf(rq->arena, "%.*s&after=%.*s", STR_ARG(state_address(rq, entry_sorts[f.order])),
                               STR_ARG(face_percent(rq, entry_cursor(rq->arena, &f, &e[v->n - 1]))));
    if (!order_by_own(rq, &v->list, own, n_own, e, &v->n, err))
        return false;
    v->total = arena_printf(rq->arena, "%d%s", total, total >= 2000 ? "+" : "");
    struct table_want want = {
        .columns = STR("number,title,unit,officer,due,left"), .own = own, .n_own = n_own, .list_id = v->list.id, .sort = entry_sorts[f.order],
        .sort_address = state_address, .tick = v->may_edit, .acts = n_own == 0, .editing = or_empty(req_query(rq, "edit")),
        .edit_base = n_own ? arena_printf(rq->arena, "%.*s?edit=", STR_ARG(v->base)) : STR(""), .action = arena_printf(rq->arena, "%.*s/values%s", STR_ARG(v->base), str_eqc(req_query(rq, "edit"), "all") ? "?edit=all" : ""),
    };
    v->editing = want.editing.n > 0 && n_own;
    if (!table_make(rq, &want, e, v->n, &t, err))
        return false;
    for (size_t i = 0; i < n_own; i++)
        t.column[t.n_columns - n_own + i].sort = arena_printf(rq->arena, "%.*s?own=%lld%s", STR_ARG(v->base), (long long)own[i].id, kept_state(rq));
    v->table = table_html(rq, &t);
    return true;
}

/* The words of the choice columns, each a way to the rows that hold it. */
static void make_choices(struct req *rq, struct list_view *v, const struct list_column *own, size_t n_own)
{
    size_t cap = 0;
    for (size_t i = 0; i < n_own; i++)
        for (struct str rest = own[i].type == LIST_CHOICE ? own[i].choices : STR(""); rest.n;) {
            struct str one = str_cut(rest, ';', &rest);
            bool on = str_eq(req_query(rq, "own"), number_text(rq, own[i].id)) && str_eq(req_query(rq, "is"), one);
            arena_push(rq->arena, v->filter, v->n_filter, cap) =
                (struct choice){ arena_printf(rq->arena, "%.*s?own=%lld&is=%.*s%s", STR_ARG(v->base), (long long)own[i].id, STR_ARG(face_percent(rq, one)), kept_state(rq)), one, on };
        }
}

static bool list_view_read(struct req *rq, struct list_view *v, struct err *err)
{
    struct list_column *c, *own;
    size_t n, n_own = 0;
    if (!list_of_request(rq, &v->list, err))
        return false;
    v->base = arena_printf(rq->arena, "/lists/%lld", (long long)v->list.id);
    v->by_query = v->list.query.p != NULL;
    v->may_edit = actor_is(rq->actor, ROLE_SECTION);
    v->print = print_address(rq, arena_z(rq->arena, arena_printf(rq->arena, "%.*s/print", STR_ARG(v->base))), "a3");
    v->ledger = v->by_query ? arena_printf(rq->arena, "/entries?%.*s", STR_ARG(v->list.query)) : arena_printf(rq->arena, "/entries?list=%lld", (long long)v->list.id);
    if (!list_columns(rq->db, rq->arena, rq->actor->office_id, v->list.id, true, &c, &n, err))
        return false;
    own = arena_array(rq->arena, struct list_column, n + 1);
    for (size_t i = 0; i < n; i++)
        if (c[i].active)
            own[n_own++] = c[i];
    struct str state = req_query(rq, "state");
    v->all = str_eqc(state, "all") || (v->by_query && !state.n);
    v->open = str_eqc(state, "open") || (!v->by_query && !state.n);
    v->settled = str_eqc(state, "settled");
    lists_done(rq, &v->done, &v->undo);
    make_columns(rq, v, c, n);
    make_choices(rq, v, own, n_own);
    return read_rows(rq, v, own, n_own, err);
}

static void list_show(struct req *rq, struct list_view *v, int status)
{
    face_frame(rq, &v->frame, "/lists", v->list.name);
    struct html out = req_page(rq);
    html_list_own(&out, v);
    req_html(rq, status, &out);
}

void list_get(struct req *rq)
{
    struct list_view *v = arena_new(rq->arena, struct list_view);
    struct err err;
    if (list_view_read(rq, v, &err))
        list_show(rq, v, 200);
    else
        req_fail(rq, &err);
}

/* --- what is sent from it ------------------------------------------------------------------------------------------------------------------ */

struct list_write {
    struct str which, number;
    struct list_change change;
    struct bulk_order order;
    int64_t column_id;
    enum list_type type;
    struct str choices;
    struct list_said said[LIST_COLUMNS_MAX];
    struct str column[LIST_COLUMNS_MAX];
    size_t n;
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

static bool values_fn(struct txn *t, void *args, struct err *err)
{
    struct list_write *w = args;
    struct actor actor;
    struct list_def l;
    if (!find_list(t, w, &actor, &l, err))
        return false;
    for (size_t i = 0; i < w->n; i++)
        if (!list_column_find(t->db, t->arena, t->office_id, l.id, w->column[i], &w->said[i].column, err))
            return false;
    return list_values_set(t, &actor, &l, w->number, w->said, w->n, err);
}

/* Every column of the list that the form holds: c7=…. */
void list_values_post(struct req *rq)
{
    struct list_write *w = new_write(rq);
    struct list_def l;
    struct list_column *c;
    struct err err;
    struct entry_line line;
    size_t n;
    if (!list_of_request(rq, &l, &err) || !list_columns(rq->db, rq->arena, rq->actor->office_id, l.id, false, &c, &n, &err) ||
        !entry_line_of(rq->db, rq->arena, rq->actor, or_empty(req_form(rq, "number")), &line, &err)) {
        req_fail(rq, &err);
        return;
    }
    w->number = line.number;
    snprintf(w->back, sizeof w->back, "%s#r%lld", str_eqc(req_query(rq, "edit"), "all") ? "?edit=all" : "", (long long)line.id);
    for (size_t i = 0; i < n && w->n < LIST_COLUMNS_MAX; i++) {
        struct str value = req_form(rq, arena_z(rq->arena, arena_printf(rq->arena, "c%lld", (long long)c[i].id)));
        if (!value.p)
            continue;
        w->column[w->n] = number_text(rq, c[i].id);
        w->said[w->n++].value = value;
    }
    web_write(rq, values_fn, w, list_answer);
}

/* What a bulk edit has just done, as its redirect says; undo when it may be put back. */
bool lists_done(struct req *rq, struct str *done, struct str *undo)
{
    int64_t n, id;
    if (!num_range(req_query(rq, "done"), 1, BULK_MAX, &n))
        return false;
    *done = FACE_SAY(rq, M_BULK_DONE, A_INT(n));
    if (num_range(req_query(rq, "undo"), 1, INT64_MAX, &id))
        *undo = number_text(rq, id);
    return true;
}

/* --- on paper -------------------------------------------------------------------------------------------------------------------------------- */

static bool paper_read(struct req *rq, struct list_paper *v, struct err *err)
{
    static const struct { const char *name, *css; int label; } FIXED[] = {
        { "number", "p-number nowrap", M_LINE_NUMBER }, { "title", "", M_LIST_MATTER }, { "requirement", "", M_FIELD_REQUIREMENT }, { "unit", "p-unit", M_LINE_LEAD },
        { "officer", "p-who", M_LINE_OFFICER }, { "due", "p-due", M_LINE_DUE }, { "state", "p-state nowrap", M_LIST_STATE }, { "left", "p-who", M_LINE_LEFT },
    };
    struct list_def l;
    struct list_column *own;
    struct entry_filter f;
    struct entry_line *e;
    struct lights lights = face_lights(rq);
    size_t n_own;
    int total;
    if (!list_of_request(rq, &l, err) || !rows_filter(rq, &l, &f, err) || !list_columns(rq->db, rq->arena, rq->actor->office_id, l.id, false, &own, &n_own, err))
        return false;
    f.limit = LISTS_PRINT_MAX;
    if (!entry_lines(rq->db, rq->arena, rq->actor, &f, &e, &v->n, err) || !entry_count(rq->db, rq->arena, rq->actor, &f, 2000, &total, err) ||
        !order_by_own(rq, &l, own, n_own, e, &v->n, err))
        return false;
    v->title = l.name;
    v->total = arena_printf(rq->arena, "%d%s", total, total >= 2000 ? "+" : "");
    v->cut = v->n == LISTS_PRINT_MAX && (size_t)total > v->n;
    v->conditions = req_query(rq, "is").n ? req_query(rq, "is") : STR("");
    v->back = arena_printf(rq->arena, "/lists/%lld", (long long)l.id);
    v->heads = arena_array(rq->arena, struct paper_cell, ARRAY_LEN(FIXED) + n_own);
    for (size_t i = 0; i < ARRAY_LEN(FIXED); i++)
        v->heads[v->n_heads++] = (struct paper_cell){ FACE_SAY(rq, FIXED[i].label), FIXED[i].css };
    for (size_t i = 0; i < n_own; i++)
        v->heads[v->n_heads++] = (struct paper_cell){ own[i].name, own[i].type == LIST_NUMBER ? "p-day num" : "p-unit" };
    v->rows = arena_array(rq->arena, struct paper_row, v->n + 1);
    for (size_t i = 0; i < v->n; i++) {
        struct line_view line;
        struct str value[LIST_COLUMNS_MAX];
        face_line(rq, &lights, &e[i], &line);
        v->n_open += entry_state_open(e[i].state);
        v->n_overdue += line.due.overdue;
        v->n_settled += e[i].state == STATE_SETTLED || e[i].state == STATE_ARCHIVED;
        v->rows[i] = (struct paper_row){ (int64_t)i + 1, arena_array(rq->arena, struct paper_cell, v->n_heads), v->n_heads };
        for (size_t k = 0; k < ARRAY_LEN(FIXED); k++)
            v->rows[i].cells[k] = (struct paper_cell){ table_text(rq, FIXED[k].name, &e[i], &line), FIXED[k].css };
        if (!list_values(rq->db, rq->arena, rq->actor->office_id, l.id, e[i].id, own, n_own, value, err))
            return false;
        for (size_t k = 0; k < n_own; k++)
            v->rows[i].cells[ARRAY_LEN(FIXED) + k] = (struct paper_cell){ value[k], v->heads[ARRAY_LEN(FIXED) + k].css };
    }
    return true;
}

void list_print_get(struct req *rq)
{
    struct list_paper *v = arena_new(rq->arena, struct list_paper);
    struct err err;
    if (!paper_read(rq, v, &err)) {
        req_fail(rq, &err);
        return;
    }
    v->made_at = face_instant(rq, rq->now);
    v->made_by = rq->actor->name;
    v->other = lists_other_paper(rq, arena_z(rq->arena, arena_printf(rq->arena, "/lists/%.*s/print", STR_ARG(face_percent(rq, rq->args[0])))), &v->a4);
    face_frame(rq, &v->frame, "/lists", v->title);
    struct html out = req_page(rq);
    html_list_paper(&out, v);
    req_html(rq, 200, &out);
}
