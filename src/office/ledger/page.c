/* GET /entries: one table, its conditions, order and columns in the address, so that every figure anywhere can point at the rows it counts, and a saved view
 * is an address with a name. */
#include "office/ledger/ledger.h"

#include <string.h>

#include "base/num.h"
#include "ledger_html.h"

/* --- the address ------------------------------------------------------------------------------------------------------------------ */

static const char *const REST[] = { "columns", "rows", "view", "all", "paper" };       /* besides the conditions */

static void put_param(struct html *h, const char *name, struct str value)
{
    if (value.n == 0)
        return;
    buf_ch(&h->buf, str_chr(buf_view(&h->buf), '?') >= 0 ? '&' : '?');
    buf_printf(&h->buf, "%s=", name);
    html_put_percent(h, value);
}

struct str ledger_address(struct req *rq, const char *path, const char *but, const char *more, struct str value)
{
    struct html h = HTML_INIT(rq->lang);
    buf_c(&h.buf, path);
    for (const char *const *c = entry_conditions; *c; c++)
        if ((!but || strcmp(but, *c) != 0) && (!more || strcmp(more, *c) != 0))
            put_param(&h, *c, req_query(rq, *c));
    for (size_t i = 0; i < ARRAY_LEN(REST); i++)
        if ((!but || strcmp(but, REST[i]) != 0) && (!more || strcmp(more, REST[i]) != 0))
            put_param(&h, REST[i], req_query(rq, REST[i]));
    if (more)
        put_param(&h, more, value);
    struct str s = arena_str(rq->arena, buf_view(&h.buf));
    html_release(&h);
    return s;
}

static bool has_conditions(struct req *rq)
{
    for (const char *const *c = entry_conditions; *c; c++)
        if (req_query(rq, *c).n)
            return true;
    for (size_t i = 0; i < ARRAY_LEN(REST); i++)
        if (req_query(rq, REST[i]).n)
            return true;
    return false;
}

bool ledger_filter(struct req *rq, struct entry_filter *f, struct str *columns, struct err *err)
{
    struct entry_when when = list_when(rq->db, rq->arena, rq->actor->office_id, rq->now, rq->today);
    struct str rows = req_query(rq, "rows"), after = req_query(rq, "after");
    int64_t limit = LIST_PAGE;
    *f = ENTRY_FILTER_ANY;
    for (const char *const *c = entry_conditions; *c; c++) {     /* sort is the last: it overrules what a deadline's condition orders by */
        struct str v = req_query(rq, *c);
        if (v.n && !list_query_take(rq->db, rq->arena, rq->actor, &when, str_c(*c), v, f, err))
            return false;
    }
    if (rows.n && !num_range(rows, 1, 1000, &limit))
        return err_fail(err, ERR_INPUT, M_LIST_BAD_FILTER, "rows", A_STR(rows));
    f->limit = (int)limit;
    *columns = table_columns_clean(rq->arena, req_query(rq, "columns"));
    return after.n == 0 || entry_cursor_read(after, f, err);
}

static struct str id_text(struct req *rq, int64_t id) { return arena_printf(rq->arena, "%lld", (long long)id); }

/* --- views and columns ----------------------------------------------------------------------------------------------------------------- */

static struct str query_of(struct str address)
{
    struct str rest;
    str_cut(address, '?', &rest);
    return rest.p ? rest : STR("");
}

static struct str view_href(struct req *rq, const struct saved_view *s)
{
    return arena_printf(rq->arena, "/entries?%.*s%sview=%lld", STR_ARG(s->query), s->query.n ? "&" : "", (long long)s->id);
}

static bool make_tabs(struct req *rq, struct list_page *v, struct err *err)
{
    struct saved_view *s;
    size_t n;
    if (!view_all(rq->db, rq->arena, rq->actor, false, &s, &n, err))
        return false;
    v->tabs = arena_array(rq->arena, struct view_tab, n + 1);
    v->view = req_query(rq, "view");
    v->tabs[v->n_tabs++] = (struct view_tab){ STR("/entries?all=1"), FACE_SAY(rq, M_LIST_ANY), !v->view.n, false };
    for (size_t i = 0; i < n; i++)
        v->tabs[v->n_tabs++] = (struct view_tab){ view_href(rq, &s[i]), s[i].name, str_eq(v->view, id_text(rq, s[i].id)), true };
    return true;
}

/* Which columns, and in which place: an empty place leaves one out. */
static void make_column_choice(struct req *rq, struct list_page *v, const struct table *t)
{
    v->choice = arena_array(rq->arena, struct column_choice, (size_t)table_kinds_count);
    for (int i = 0; i < table_kinds_count; i++) {
        struct column_choice *c = &v->choice[v->n_choices++];
        *c = (struct column_choice){ table_kinds[i].name, table_kinds[i].label, STR("") };
        for (size_t k = 0; k < t->n_columns; k++)
            if (strcmp(t->column[k].name, table_kinds[i].name) == 0)
                c->place = id_text(rq, (int64_t)k + 1);
    }
    v->keep = arena_array(rq->arena, struct choice, 40);
    for (const char *const *c = entry_conditions; *c; c++)
        if (req_query(rq, *c).n)
            v->keep[v->n_keep++] = (struct choice){ str_c(*c), req_query(rq, *c), false };
    if (v->view.n)
        v->keep[v->n_keep++] = (struct choice){ STR("view"), v->view, false };
}

/* The form's places become one word of the address: columns=number,title,due. */
static struct str columns_typed(struct req *rq)
{
    struct str s = STR("");
    for (int64_t place = 1; place <= 99; place++)
        for (int i = 0; i < table_kinds_count; i++) {
            int64_t p;
            if (num_range(req_query(rq, arena_z(rq->arena, arena_printf(rq->arena, "p_%s", table_kinds[i].name))), 1, 99, &p) && p == place)
                s = s.n ? arena_printf(rq->arena, "%.*s,%s", STR_ARG(s), table_kinds[i].name) : str_c(table_kinds[i].name);
        }
    return table_columns_clean(rq->arena, s);
}

static void columns_get(struct req *rq) { req_redirect(rq, "%.*s", STR_ARG(ledger_address(rq, "/entries", "columns", "columns", columns_typed(rq)))); }

/* --- the page ---------------------------------------------------------------------------------------------------------------------------- */

static struct str sort_address(struct req *rq, const char *sort) { return ledger_address(rq, "/entries", "sort", "sort", str_c(sort)); }

static void make_bulk(struct req *rq, struct list_page *v)
{
    static const struct { enum bulk_what what; int label; } ACTS[] = {
        { BULK_OFFICER, M_LINE_OFFICER }, { BULK_LEADER, M_FIELD_LEADER }, { BULK_LIST_ADD, M_BULK_LIST_ADD }, { BULK_LIST_REMOVE, M_BULK_LIST_REMOVE },
        { BULK_COLUMN, M_BULK_COLUMN }, { BULK_URGENCY, M_FIELD_URGENCY }, { BULK_PROGRESS, M_FIELD_PROGRESS }, { BULK_EXTEND, M_ENTRY_VERB_EXTEND },
        { BULK_ASSIST, M_BULK_ASSIST }, { BULK_ACCEPT, M_ENTRY_VERB_ACCEPT }, { BULK_URGE, M_ENTRY_VERB_URGE }, { BULK_SETTLE, M_ENTRY_VERB_SETTLE },
        { BULK_ARCHIVE, M_ENTRY_VERB_ARCHIVE },
    };
    v->may_bulk = v->may_share = actor_is(rq->actor, ROLE_SECTION);
    v->bulk = (struct field){ .form = "bulk", .name = "act", .label = M_BULK_ACT, .select = true, .css = "" };
    for (size_t i = 0; i < ARRAY_LEN(ACTS); i++)
        face_choice(rq, &v->bulk, bulk_code(ACTS[i].what), FACE_SAY(rq, ACTS[i].label), STR_NULL);
    lists_done(rq, &v->done, &v->undo);
}

static bool list_read(struct req *rq, struct list_page *v, struct err *err)
{
    struct entry_filter f;
    int total;
    struct table t;
    if (!ledger_filter(rq, &f, &v->columns, err) || !entry_lines(rq->db, rq->arena, rq->actor, &f, &v->lines, &v->n, err) ||
        !entry_count(rq->db, rq->arena, rq->actor, &f, LIST_COUNT_MAX, &total, err))
        return false;
    v->total = arena_printf(rq->arena, "%d%s", total, total >= LIST_COUNT_MAX ? "+" : "");
    v->q = f.q;
    make_bulk(rq, v);
    struct table_want want = { .columns = v->columns, .sort = entry_sorts[f.order], .sort_address = sort_address, .tick = v->may_bulk, .acts = true };
    if (!table_make(rq, &want, v->lines, v->n, &t, err) || !make_tabs(rq, v, err))
        return false;
    v->table = table_html(rq, &t);
    v->columns = t.columns;
    if (v->n == (size_t)f.limit)
        v->next = ledger_address(rq, "/entries", NULL, "after", entry_cursor(rq->arena, &f, &v->lines[v->n - 1]));
    v->address = ledger_address(rq, "/entries", NULL, NULL, STR_NULL);
    v->query = query_of(ledger_address(rq, "/entries", "view", NULL, STR_NULL));
    v->print = ledger_address(rq, "/entries/print", "rows", NULL, STR_NULL);
    v->xlsx = ledger_address(rq, "/sheet/entries.xlsx", "rows", NULL, STR_NULL);
    v->csv = ledger_address(rq, "/sheet/entries.csv", "rows", NULL, STR_NULL);
    ledger_filters(rq, v);
    make_column_choice(rq, v, &t);
    ledger_conditions(rq, v);
    return true;
}

/* Where the ledger is opened without a word, the start view stands in its place; one's own before the section's. */
static bool start_view(struct req *rq)
{
    struct saved_view *s, *start = NULL;
    size_t n;
    if (has_conditions(rq) || !view_all(rq->db, rq->arena, rq->actor, false, &s, &n, NULL))
        return false;
    for (size_t i = 0; i < n; i++)
        if (s[i].start && (!start || !s[i].shared))
            start = &s[i];
    struct entry_when when = list_when(rq->db, rq->arena, rq->actor->office_id, rq->now, rq->today);
    struct entry_filter f = ENTRY_FILTER_ANY;
    if (!start || !list_query_read(rq->db, rq->arena, rq->actor, &when, start->query, &f, NULL))
        return false;                            /* one that names what is gone would shut the ledger */
    req_redirect(rq, "%.*s", STR_ARG(view_href(rq, start)));
    return true;
}

static void list_get(struct req *rq)
{
    struct list_page *v = arena_new(rq->arena, struct list_page);
    struct err err;
    if (start_view(rq))
        return;
    if (!list_read(rq, v, &err)) {
        req_fail(rq, &err);
        return;
    }
    face_frame(rq, &v->frame, "/entries", FACE_SAY(rq, M_NAV_LEDGER));
    struct html out = req_page(rq);
    html_list(&out, v);
    req_html(rq, 200, &out);
}

/* --- on paper ------------------------------------------------------------------------------------------------------------------------------- */

static void print_get(struct req *rq)
{
    struct list_page *v = arena_new(rq->arena, struct list_page);
    struct list_paper *p = arena_new(rq->arena, struct list_paper);
    struct entry_filter f;
    struct err err;
    int total;
    if (!ledger_filter(rq, &f, &v->columns, &err)) {
        req_fail(rq, &err);
        return;
    }
    f.limit = PAPER_MAX;
    f.order = !req_query(rq, "sort").n && f.order == ENTRY_NEWEST ? ENTRY_OLDEST : f.order;     /* on paper in the order of registration */
    v->q = f.q;
    ledger_filters(rq, v);
    ledger_conditions(rq, v);
    if (!entry_lines(rq->db, rq->arena, rq->actor, &f, &v->lines, &v->n, &err) || !entry_count(rq->db, rq->arena, rq->actor, &f, LIST_COUNT_MAX, &total, &err) ||
        !paper_make(rq, p, v->columns.n ? v->columns : STR("number,day,source,title,requirement,due,unit,officer,leader,state,settled,result"), v->lines, v->n, 0, NULL, 0,
                    &err)) {
        req_fail(rq, &err);
        return;
    }
    p->total = arena_printf(rq->arena, "%d%s", total, total >= LIST_COUNT_MAX ? "+" : "");
    p->cut = (size_t)total > v->n;
    p->conditions = v->conditions;
    p->back = ledger_address(rq, "/entries", "paper", NULL, STR_NULL);
    p->other = ledger_address(rq, "/entries/print", NULL, "paper", str_eqc(req_query(rq, "paper"), "a4") ? STR("") : STR("a4"));
    paper_show(rq, p, NULL, "/entries", M_LIST_PRINT_TITLE, STR(""));
}

enum { ROLE_READERS = ROLE_SECTION | ROLE_LEADER | ROLE_LIAISON };

static const struct route routes[] = {
    { "GET", "/entries", list_get, ROLE_READERS, 0, false },
    { "GET", "/entries/columns", columns_get, ROLE_READERS, 0, false },
    { "GET", "/entries/print", print_get, ROLE_READERS, 0, false },
    { "GET", "/entries/new", form_new_get, ROLE_SECTION, 0, false },
    { "POST", "/entries", form_new_post, ROLE_SECTION, 0, false },
    { "GET", "/entries/{number}", entry_get, ROLE_READERS, 0, false },
    { "GET", "/entries/{number}/print", entry_print_get, ROLE_READERS, 0, false },
    { "GET", "/entries/{number}/edit", form_edit_get, ROLE_SECTION, 0, false },
    { "POST", "/entries/{number}/edit", form_edit_post, ROLE_SECTION, 0, false },
    { "POST", "/entries/{number}/act", entry_act_post, ROLE_READERS, 0, false },
    { "POST", "/entries/{number}/outcomes", entry_outcome_post, ROLE_SECTION, 0, false },
    { "POST", "/entries/{number}/paper", entry_paper_post, ROLE_SECTION, 0, false },
    { "POST", "/entries/{number}/unmask", entry_unmask_post, ROLE_SECTION, 0, false },
};

const struct slice ledger_slice = { .name = "ledger", .routes = routes, .n_routes = ARRAY_LEN(routes) };
