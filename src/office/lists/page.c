/* GET /lists, and one list: its rows with its own columns, to be filled in row by row. */
#include <stdlib.h>

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
bool list_rows_filter(struct req *rq, const struct list_def *l, struct entry_filter *f, struct err *err)
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
struct str lists_print_address(struct req *rq, const char *path, const char *paper)
{
    static const char *const KEPT[] = { "state", "sort", "own", "is", "leader" };
    struct str s = arena_printf(rq->arena, "%s?", path);
    for (size_t i = 0; i < ARRAY_LEN(KEPT); i++)
        if (req_query(rq, KEPT[i]).n)
            s = arena_printf(rq->arena, "%.*s%s=%.*s&", STR_ARG(s), KEPT[i], STR_ARG(face_percent(rq, req_query(rq, KEPT[i]))));
    return arena_printf(rq->arena, "%.*spaper=%s", STR_ARG(s), paper);
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

bool list_rows_by_own(struct req *rq, const struct list_def *l, struct entry_line *e, size_t *n, struct err *err)
{
    struct str own = req_query(rq, "own"), is = req_query(rq, "is");
    struct list_column by;
    size_t kept = 0;
    if (!own.n)
        return true;
    if (!list_column_find(rq->db, rq->arena, rq->actor->office_id, l->id, own, &by, err))
        return false;
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
    if (!list_rows_filter(rq, &v->list, &f, err))
        return false;
    bool all = n_own && str_eqc(req_query(rq, "edit"), "all"), by_own = !all && req_query(rq, "own").n;
    if (all)                                     /* each cell is two fields, each row one */
        f.limit = (int)(LISTS_FILL_FIELDS / (2 * n_own + 1) < LISTS_PAGE_ROWS ? LISTS_FILL_FIELDS / (2 * n_own + 1) : LISTS_PAGE_ROWS);
    if (by_own)
        f.limit = LISTS_OWN_MAX;
    if (!entry_lines(rq->db, rq->arena, rq->actor, &f, &e, &v->n, err) || !entry_count(rq->db, rq->arena, rq->actor, &f, 2000, &total, err))
        return false;
    if (v->n == (size_t)f.limit && !by_own)
        v->next = arena_printf(rq->arena, "%.*s%s&after=%.*s", STR_ARG(state_address(rq, entry_sorts[f.order])), all ? "&edit=all" : "",
                               STR_ARG(face_percent(rq, entry_cursor(rq->arena, &f, &e[v->n - 1]))));
    if (by_own && !list_rows_by_own(rq, &v->list, e, &v->n, err))
        return false;
    v->total = arena_printf(rq->arena, "%d%s", total, total >= 2000 ? "+" : "");
    struct table_want want = {
        .columns = STR("number,title,unit,officer,due,left"), .own = own, .n_own = n_own, .list_id = v->list.id, .sort = entry_sorts[f.order],
        .sort_address = state_address, .tick = v->may_edit, .acts = n_own == 0, .editing = or_empty(req_query(rq, "edit")),
        .edit_base = n_own ? arena_printf(rq->arena, "%.*s?edit=", STR_ARG(v->base)) : STR(""),
    };
    v->editing = want.editing.n > 0 && n_own;
    v->fill = list_fill_address(rq, arena_printf(rq->arena, "%.*s/values", STR_ARG(v->base)).p, true);
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

bool list_view_read(struct req *rq, struct list_view *v, struct err *err)
{
    struct list_column *c, *own;
    size_t n, n_own = 0;
    if (!list_of_request(rq, &v->list, err))
        return false;
    v->base = arena_printf(rq->arena, "/lists/%lld", (long long)v->list.id);
    v->by_query = v->list.query.p != NULL;
    v->may_edit = actor_is(rq->actor, ROLE_SECTION);
    v->print = lists_print_address(rq, arena_z(rq->arena, arena_printf(rq->arena, "%.*s/print", STR_ARG(v->base))), "a3");
    v->xlsx = arena_printf(rq->arena, "/sheet/entries.xlsx?list=%lld", (long long)v->list.id);
    v->csv = arena_printf(rq->arena, "/sheet/entries.csv?list=%lld", (long long)v->list.id);
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

void list_show(struct req *rq, struct list_view *v, int status)
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

/* What an act on several has just done, as its redirect says: a figure for one of our own sentences. undo when it may be put back. */
bool lists_done(struct req *rq, struct str *done, struct str *undo)
{
    static const struct { const char *name; int says; } DONE[] = {
        { "undone", M_BULK_UNDONE }, { "added", M_LISTS_MEMBERS_ADDED }, { "removed", M_LISTS_MEMBERS_REMOVED },
        { "saved", M_LISTS_VALUES_SAVED },
    };
    int64_t n, id;
    for (size_t i = 0; i < ARRAY_LEN(DONE); i++)
        if (num_range(req_query(rq, DONE[i].name), 0, LISTS_OWN_MAX * LIST_COLUMNS_MAX, &n)) {
            *done = FACE_SAY(rq, DONE[i].says, A_INT(n));
            return true;
        }
    if (!num_range(req_query(rq, "done"), 1, BULK_MAX, &n))
        return false;
    *done = FACE_SAY(rq, M_BULK_DONE, A_INT(n));
    if (num_range(req_query(rq, "undo"), 1, INT64_MAX, &id))
        *undo = number_text(rq, id);
    return true;
}
