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

/* --- the filter form -------------------------------------------------------------------------------------------------------------- */

static struct field *filter_field(struct req *rq, struct list_page *v, const char *name, int label)
{
    struct field *f = &v->filter[v->n_filters++];
    *f = (struct field){ .form = "q", .name = name, .label = label, .type = "text", .css = "", .select = true };
    face_choice(rq, f, STR(""), FACE_SAY(rq, M_LIST_ANY), STR_NULL);
    return f;
}

static void typed_field(struct req *rq, struct list_page *v, const char *name, int label, const char *type)
{
    v->filter[v->n_filters++] = (struct field){ .form = "q", .name = name, .label = label, .type = type, .css = "", .value = req_query(rq, name) };
}

static struct str id_text(struct req *rq, int64_t id) { return arena_printf(rq->arena, "%lld", (long long)id); }

static struct party *party_filter(struct req *rq, struct list_page *v, const char *name, int label, enum party_kind kind, size_t *n)
{
    struct party *p = NULL;
    struct field *f = filter_field(rq, v, name, label);
    *n = 0;
    if (kind == PARTY_UNIT && rq->actor->section_id)
        face_choice(rq, f, id_text(rq, rq->actor->section_id), FACE_SAY(rq, M_FORM_OWN_SECTION), req_query(rq, name));
    if (party_list(rq->db, rq->arena, rq->actor->office_id, kind, false, &p, n, NULL))
        for (size_t i = 0; i < *n; i++)
            face_choice(rq, f, id_text(rq, p[i].id), p[i].name, req_query(rq, name));
    return p;
}

static void officer_filter(struct req *rq, struct list_page *v)
{
    struct member *m;
    size_t n;
    struct field *f = filter_field(rq, v, "officer", M_LINE_OFFICER);
    if (member_list(rq->db, rq->arena, rq->actor->office_id, rq->now, &m, &n, NULL))
        for (size_t i = 0; i < n; i++)
            if ((m[i].roles & ROLE_SECTION) && !str_eqc(m[i].login, "console"))
                face_choice(rq, f, id_text(rq, m[i].id), m[i].name, req_query(rq, "officer"));
}

static void list_filter_field(struct req *rq, struct list_page *v)
{
    struct entry_listdef *l;
    size_t n;
    struct field *f = filter_field(rq, v, "list", M_LIST_LIST);
    if (entry_lists(rq->db, rq->arena, rq->actor->office_id, &l, &n, NULL))
        for (size_t i = 0; i < n; i++)
            face_choice(rq, f, id_text(rq, l[i].id), l[i].name, req_query(rq, "list"));
}

static void word_filter(struct req *rq, struct list_page *v, const char *name, int label, const char *const *words)
{
    struct field *f = filter_field(rq, v, name, label);
    for (; *words; words++)
        face_choice(rq, f, str_c(*words), str_c(*words), req_query(rq, name));
}

static void category_filter(struct req *rq, struct list_page *v, const struct party *p, size_t n)
{
    struct field *f = filter_field(rq, v, "category", M_LIST_CATEGORY);
    for (size_t i = 0; i < n; i++) {
        bool there = p[i].category.n == 0;
        for (size_t k = 0; k < f->n_choices; k++)
            there |= str_eq(f->choices[k].value, p[i].category);
        if (!there)
            face_choice(rq, f, p[i].category, p[i].category, req_query(rq, "category"));
    }
}

static void said_filter(struct req *rq, struct list_page *v, const char *name, int label, const char *const *values, const int *says, size_t n)
{
    struct field *f = filter_field(rq, v, name, label);
    for (size_t i = 0; i < n; i++)
        face_choice(rq, f, str_c(values[i]), FACE_SAY(rq, says[i]), req_query(rq, name));
}

static void more_filters(struct req *rq, struct list_page *v, const struct party *units, size_t n_units)
{
    static const char *const DUE[] = { "overdue", "today", "near", "week" }, *const YES[] = { "1" },
                             *const SORT[] = { "newest", "oldest", "due", "number", "unit", "leader" }, *const ROWS[] = { "200", "1000" };
    static const int DUE_SAYS[] = { M_TODAY_OVERDUE, M_TODAY_DUE, M_TODAY_NEAR, M_WEEK_DUE }, INSTRUCTION[] = { M_LIST_ONLY }, CARRIED[] = { M_LIST_CARRIED_ONCE },
                     SORT_SAYS[] = { M_LIST_SORT_NEWEST, M_LIST_SORT_OLDEST, M_LIST_SORT_DUE, M_LIST_SORT_NUMBER, M_LIST_SORT_UNIT, M_LIST_SORT_LEADER },
                     ROWS_SAY[] = { M_LIST_ROWS_200, M_LIST_ROWS_1000 };
    said_filter(rq, v, "due", M_LIST_DUE, DUE, DUE_SAYS, 4);
    category_filter(rq, v, units, n_units);
    word_filter(rq, v, "urgency", M_FIELD_URGENCY, entry_urgencies);
    word_filter(rq, v, "progress", M_FIELD_PROGRESS, entry_progresses);
    said_filter(rq, v, "instruction", M_FIELD_INSTRUCTION, YES, INSTRUCTION, 1);
    said_filter(rq, v, "carried", M_ENTRYPAGE_CARRIED, YES, CARRIED, 1);
    typed_field(rq, v, "due_from", M_LIST_DUE_FROM, "date");
    typed_field(rq, v, "due_to", M_LIST_TO, "date");
    typed_field(rq, v, "day_from", M_LIST_DAY_FROM, "date");
    typed_field(rq, v, "day_to", M_LIST_TO, "date");
    typed_field(rq, v, "settled_from", M_LIST_SETTLED_FROM, "date");
    typed_field(rq, v, "settled_to", M_LIST_TO, "date");
    said_filter(rq, v, "sort", M_LIST_SORT, SORT, SORT_SAYS, 6);
    v->filter[v->n_filters - 1].choices[0].text = FACE_SAY(rq, M_LIST_SORT_USUAL);
    said_filter(rq, v, "rows", M_LIST_ROWS, ROWS, ROWS_SAY, 2);
    v->filter[v->n_filters - 1].choices[0].text = FACE_SAY(rq, M_LIST_ROWS_60);
    v->more = v->filter + v->n_usual;
    v->n_more = v->n_filters - v->n_usual;
    for (size_t i = 0; i < v->n_more; i++)
        v->more_open |= req_query(rq, v->more[i].name).n > 0;
}

static void make_filters(struct req *rq, struct list_page *v)
{
    struct party *units = NULL;
    size_t n_units = 0, n;
    struct field *f = filter_field(rq, v, "state", M_LIST_STATE);
    face_choice(rq, f, STR("open"), FACE_SAY(rq, M_LIST_OPEN), req_query(rq, "state"));
    for (int s = 0; s < STATES; s++)
        face_choice(rq, f, entry_state_code((enum entry_state)s), FACE_SAY(rq, entry_state_msg((enum entry_state)s, false)), req_query(rq, "state"));
    f = filter_field(rq, v, "kind", M_FIELD_KIND);
    for (int k = 0; k < ENTRY_KINDS; k++)
        face_choice(rq, f, entry_kind_code((enum entry_kind)k), FACE_SAY(rq, entry_kind_msg((enum entry_kind)k)), req_query(rq, "kind"));
    face_choice(rq, f, STR("reading"), FACE_SAY(rq, M_FIELD_READING), req_query(rq, "kind"));
    if (!actor_is(rq->actor, ROLE_LIAISON))
        units = party_filter(rq, v, "unit", M_LINE_LEAD, PARTY_UNIT, &n_units);
    list_filter_field(rq, v);
    officer_filter(rq, v);
    if (!actor_is(rq->actor, ROLE_LEADER | ROLE_LIAISON))
        party_filter(rq, v, "leader", M_FIELD_LEADER, PARTY_LEADER, &n);
    typed_field(rq, v, "month", M_LIST_MONTH, "month");
    v->n_usual = v->n_filters;
    more_filters(rq, v, units, n_units);
}

/* --- conditions in words, for the head of the print ------------------------------------------------------------------------------------ */

/* What the address says and no field of the form shows: a week of the ledger, the reading items, the month of settling. */
static void say_rest(struct req *rq, struct buf *b)
{
    static const struct { const char *name; int label; } REST_SAYS[] = {
        { "reading", M_FIELD_READING }, { "day", M_FIELD_DAY }, { "week", M_NAV_WEEK }, { "settled", M_LIST_SETTLED },
    };
    for (size_t i = 0; i < ARRAY_LEN(REST_SAYS); i++) {
        struct str s = req_query(rq, REST_SAYS[i].name);
        if (s.n)
            buf_printf(b, "%s%s：%.*s", b->n ? "　" : "", tr_text(rq->lang, REST_SAYS[i].label), STR_ARG(s));
    }
}

void ledger_conditions(struct req *rq, struct list_page *v)
{
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < v->n_filters; i++) {
        const struct field *f = &v->filter[i];
        if (strcmp(f->name, "rows") == 0)
            continue;
        for (size_t k = 0; k < f->n_choices; k++)
            if (f->choices[k].on && f->choices[k].value.n)
                buf_printf(&b, "%s%s：%.*s", b.n ? "　" : "", tr_text(rq->lang, f->label), STR_ARG(f->choices[k].text));
        if (!f->select && f->value.n)
            buf_printf(&b, "%s%s：%.*s", b.n ? "　" : "", tr_text(rq->lang, f->label), STR_ARG(f->value));
    }
    say_rest(rq, &b);
    if (v->q.n)
        buf_printf(&b, "%s“%.*s”", b.n ? "　" : "", STR_ARG(v->q));
    v->conditions = b.n ? arena_str(rq->arena, buf_view(&b)) : STR_NULL;
    v->filtered = b.n > 0;
    buf_release(&b);
}

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
    make_filters(rq, v);
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
    if (start)
        req_redirect(rq, "%.*s", STR_ARG(view_href(rq, start)));
    return start != NULL;
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

static void make_paper(struct req *rq, struct list_page *v)
{
    static const char *const USUAL = "number,day,source,title,requirement,due,unit,officer,leader,state,settled,result";
    static const struct { const char *name, *css; } WIDTHS[] = {
        { "number", "p-number nowrap" }, { "day", "p-day nowrap" }, { "source", "p-source" }, { "due", "p-due" }, { "unit_due", "p-due" }, { "unit", "p-unit" },
        { "officer", "p-who" }, { "leader", "p-who" }, { "state", "p-state nowrap" }, { "settled", "p-day nowrap" }, { "result", "p-result" },
        { "left", "p-who" }, { "kind", "p-n" }, { "urgency", "p-n" }, { "progress", "p-who" }, { "carried", "p-n" },
    };
    struct str columns = table_columns_clean(rq->arena, req_query(rq, "columns"));
    struct lights l = face_lights(rq);
    const char *name[TABLE_COLUMNS_MAX];
    v->heads = arena_array(rq->arena, struct print_cell, TABLE_COLUMNS_MAX);
    for (struct str rest = columns.n ? columns : str_c(USUAL); rest.n && v->n_heads < TABLE_COLUMNS_MAX;) {
        struct str one = str_cut(rest, ',', &rest);
        for (int i = 0; i < table_kinds_count; i++) {
            if (!str_eqc(one, table_kinds[i].name))
                continue;
            struct print_cell *h = &v->heads[v->n_heads];
            name[v->n_heads++] = table_kinds[i].name;
            *h = (struct print_cell){ FACE_SAY(rq, strcmp(table_kinds[i].name, "title") == 0 ? M_LIST_MATTER : table_kinds[i].label), "" };
            for (size_t k = 0; k < ARRAY_LEN(WIDTHS); k++)
                if (str_eqc(one, WIDTHS[k].name))
                    h->css = WIDTHS[k].css;
        }
    }
    v->paper = arena_array(rq->arena, struct print_row, v->n + 1);
    for (size_t i = 0; i < v->n; i++) {
        struct line_view line;
        face_line(rq, &l, &v->lines[i], &line);
        v->n_open += entry_state_open(v->lines[i].state);
        v->n_overdue += line.due.overdue;
        v->n_settled += v->lines[i].state == STATE_SETTLED || v->lines[i].state == STATE_ARCHIVED;
        v->paper[i] = (struct print_row){ arena_array(rq->arena, struct print_cell, v->n_heads + 1), v->n_heads, (int64_t)i + 1 };
        for (size_t k = 0; k < v->n_heads; k++)
            v->paper[i].cells[k] = (struct print_cell){ table_text(rq, name[k], &v->lines[i], &line), v->heads[k].css };
    }
}

static bool print_read(struct req *rq, struct list_page *v, struct err *err)
{
    struct entry_filter f;
    struct str sort = req_query(rq, "sort");
    int total;
    if (!ledger_filter(rq, &f, &v->columns, err))
        return false;
    f.limit = LIST_PRINT_MAX;
    f.order = !sort.n && f.order == ENTRY_NEWEST ? ENTRY_OLDEST : f.order;      /* on paper in the order of registration */
    if (!entry_lines(rq->db, rq->arena, rq->actor, &f, &v->lines, &v->n, err) ||
        !entry_count(rq->db, rq->arena, rq->actor, &f, LIST_COUNT_MAX, &total, err))
        return false;
    v->total = arena_printf(rq->arena, "%d%s", total, total >= LIST_COUNT_MAX ? "+" : "");
    v->cut = (size_t)total > v->n;
    v->q = f.q;
    make_filters(rq, v);
    ledger_conditions(rq, v);
    make_paper(rq, v);
    return true;
}

static void print_get(struct req *rq)
{
    struct list_page *v = arena_new(rq->arena, struct list_page);
    struct err err;
    if (!print_read(rq, v, &err)) {
        req_fail(rq, &err);
        return;
    }
    v->made_at = face_instant(rq, rq->now);
    v->made_by = rq->actor->name;
    v->back = ledger_address(rq, "/entries", "paper", NULL, STR_NULL);
    v->a4 = str_eqc(req_query(rq, "paper"), "a4");
    v->other = ledger_address(rq, "/entries/print", NULL, "paper", v->a4 ? STR("") : STR("a4"));
    face_frame(rq, &v->frame, "/entries", FACE_SAY(rq, M_NAV_LEDGER));
    struct html out = req_page(rq);
    html_list_print(&out, v);
    req_html(rq, 200, &out);
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
