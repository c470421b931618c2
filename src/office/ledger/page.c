/* GET /entries and its print: one table, its filters in the address, so that every figure anywhere can point at the rows it counts. */
#include "office/ledger/ledger.h"

#include <string.h>

#include "base/num.h"
#include "ledger_html.h"

/* --- filters -------------------------------------------------------------------------------------------------------------------- */

static const char *const PARAMS[] = { "state", "kind", "unit", "list", "officer", "leader", "month", "reading", "due", "q", "day", "settled" };

static bool read_id(struct req *rq, const char *name, int64_t *ret, struct err *err)
{
    struct str s = req_query(rq, name);
    return s.n == 0 || num_range(s, 1, INT64_MAX, ret) || err_fail(err, ERR_INPUT, M_LIST_BAD_FILTER, name, A_STR(s));
}

/* "2022-05": every day of that month. */
static bool read_month(struct req *rq, const char *name, day_t *from, day_t *to, struct err *err)
{
    struct str s = req_query(rq, name), rest;
    int64_t year, month;
    if (s.n == 0)
        return true;
    if (!num_range(str_cut(s, '-', &rest), DATE_YEAR_MIN, DATE_YEAR_MAX, &year) || !num_range(rest, 1, 12, &month))
        return err_fail(err, ERR_INPUT, M_LIST_BAD_FILTER, name, A_STR(s));
    *from = date_day((int)year, (int)month, 1);
    *to = *from + date_month_days((int)year, (int)month) - 1;
    return true;
}

/* due=overdue, today, near or week: open matters by their deadline, the earliest first. */
static bool read_due(struct req *rq, struct entry_filter *f, struct err *err)
{
    struct str s = req_query(rq, "due");
    struct lights l = face_lights(rq);
    if (s.n == 0)
        return true;
    f->state = -2;
    f->by_due = true;
    if (str_eqc(s, "overdue"))
        f->due_to = rq->now + 1;
    else if (str_eqc(s, "today"))
        f->due_from = rq->now + 1, f->due_to = day_start(rq->today + 1) + 1;
    else if (str_eqc(s, "near"))
        f->due_from = rq->now + 1, f->due_to = face_near(&l, rq->today) + 1;
    else if (str_eqc(s, "week"))
        f->due_from = day_start(date_monday(rq->today)) + 1, f->due_to = day_start(date_monday(rq->today) + 7) + 1;
    else
        return err_fail(err, ERR_INPUT, M_LIST_BAD_FILTER, "due", A_STR(s));
    return true;
}

static bool read_words(struct req *rq, struct entry_filter *f, struct err *err)
{
    struct str state = req_query(rq, "state"), kind = req_query(rq, "kind"), reading = req_query(rq, "reading");
    enum entry_state st;
    enum entry_kind k;
    if (str_eqc(state, "open"))
        f->state = -2;
    else if (state.n && !entry_state_read(state, &st))
        return err_fail(err, ERR_INPUT, M_LIST_BAD_FILTER, "state", A_STR(state));
    else if (state.n)
        f->state = (int)st;
    if (str_eqc(kind, "reading"))
        f->reading = 1;
    else if (kind.n && !entry_kind_read(kind, &k))
        return err_fail(err, ERR_INPUT, M_LIST_BAD_FILTER, "kind", A_STR(kind));
    else if (kind.n)
        f->kind = (int)k, f->reading = 0;
    if (reading.n)
        f->reading = str_eqc(reading, "1");
    return true;
}

bool ledger_filter(struct req *rq, struct entry_filter *f, struct err *err)
{
    *f = ENTRY_FILTER_ANY;
    f->q = req_query(rq, "q");
    return read_words(rq, f, err) && read_id(rq, "unit", &f->unit_id, err) && read_id(rq, "list", &f->list_id, err) &&
           read_id(rq, "officer", &f->officer_id, err) && read_id(rq, "leader", &f->leader_id, err) && read_id(rq, "after", &f->after, err) &&
           read_month(rq, "month", &f->day_from, &f->day_to, err) && read_month(rq, "settled", &f->settled_from, &f->settled_to, err) &&
           read_due(rq, f, err);
}

/* The address of the same filters under another path, perhaps further on. */
static struct str address(struct req *rq, const char *path, int64_t after)
{
    struct html h = HTML_INIT(rq->lang);
    buf_c(&h.buf, path);
    char sep = '?';
    for (size_t i = 0; i < ARRAY_LEN(PARAMS); i++) {
        struct str s = req_query(rq, PARAMS[i]);
        if (s.n == 0)
            continue;
        buf_printf(&h.buf, "%c%s=", sep, PARAMS[i]);
        html_put_percent(&h, s);
        sep = '&';
    }
    if (after)
        buf_printf(&h.buf, "%cafter=%lld", sep, (long long)after);
    struct str s = arena_str(rq->arena, buf_view(&h.buf));
    html_release(&h);
    return s;
}

/* --- the filter form -------------------------------------------------------------------------------------------------------------- */

static struct field *filter_field(struct req *rq, struct list_page *v, const char *name, int label)
{
    struct field *f = &v->filter[v->n_filters++];
    *f = (struct field){ .form = "q", .name = name, .label = label, .type = "text", .css = "", .select = true };
    face_choice(rq, f, STR(""), FACE_SAY(rq, M_LIST_ANY), STR_NULL);
    return f;
}

static struct str id_text(struct req *rq, int64_t id) { return arena_printf(rq->arena, "%lld", (long long)id); }

static void party_filter(struct req *rq, struct list_page *v, const char *name, int label, enum party_kind kind)
{
    struct party *p;
    size_t n;
    struct field *f = filter_field(rq, v, name, label);
    if (kind == PARTY_UNIT && rq->actor->section_id)
        face_choice(rq, f, id_text(rq, rq->actor->section_id), FACE_SAY(rq, M_FORM_OWN_SECTION), req_query(rq, name));
    if (party_list(rq->db, rq->arena, rq->actor->office_id, kind, false, &p, &n, NULL))
        for (size_t i = 0; i < n; i++)
            face_choice(rq, f, id_text(rq, p[i].id), p[i].name, req_query(rq, name));
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

static void list_filter(struct req *rq, struct list_page *v)
{
    struct entry_listdef *l;
    size_t n;
    struct field *f = filter_field(rq, v, "list", M_LIST_LIST);
    if (entry_lists(rq->db, rq->arena, rq->actor->office_id, &l, &n, NULL))
        for (size_t i = 0; i < n; i++)
            face_choice(rq, f, id_text(rq, l[i].id), l[i].name, req_query(rq, "list"));
}

static void make_filters(struct req *rq, struct list_page *v)
{
    struct field *f = filter_field(rq, v, "state", M_LIST_STATE);
    face_choice(rq, f, STR("open"), FACE_SAY(rq, M_LIST_OPEN), req_query(rq, "state"));
    for (int s = 0; s < STATES; s++)
        face_choice(rq, f, entry_state_code((enum entry_state)s), FACE_SAY(rq, entry_state_msg((enum entry_state)s, false)), req_query(rq, "state"));
    f = filter_field(rq, v, "kind", M_FIELD_KIND);
    for (int k = 0; k < ENTRY_KINDS; k++)
        face_choice(rq, f, entry_kind_code((enum entry_kind)k), FACE_SAY(rq, entry_kind_msg((enum entry_kind)k)), req_query(rq, "kind"));
    face_choice(rq, f, STR("reading"), FACE_SAY(rq, M_FIELD_READING), req_query(rq, "kind"));
    if (!actor_is(rq->actor, ROLE_LIAISON))
        party_filter(rq, v, "unit", M_LINE_LEAD, PARTY_UNIT);
    list_filter(rq, v);
    officer_filter(rq, v);
    if (!actor_is(rq->actor, ROLE_LEADER | ROLE_LIAISON))
        party_filter(rq, v, "leader", M_FIELD_LEADER, PARTY_LEADER);
    f = &v->filter[v->n_filters++];
    *f = (struct field){ .form = "q", .name = "month", .label = M_LIST_MONTH, .type = "month", .css = "", .value = req_query(rq, "month") };
}

/* --- filters in words, for the head of the print ------------------------------------------------------------------------------------ */

static int due_word(struct str due)
{
    return str_eqc(due, "overdue") ? M_TODAY_OVERDUE : str_eqc(due, "today") ? M_TODAY_DUE : str_eqc(due, "near") ? M_TODAY_NEAR : M_WEEK_DUE;
}

static void say_conditions(struct req *rq, struct list_page *v)
{
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < v->n_filters; i++) {
        const struct field *f = &v->filter[i];
        for (size_t k = 0; k < f->n_choices; k++)
            if (f->choices[k].on && f->choices[k].value.n)
                buf_printf(&b, "%s%s：%.*s", b.n ? "　" : "", tr_text(rq->lang, f->label), STR_ARG(f->choices[k].text));
        if (!f->select && f->value.n)
            buf_printf(&b, "%s%s：%.*s", b.n ? "　" : "", tr_text(rq->lang, f->label), STR_ARG(f->value));
    }
    if (v->due.n)
        buf_printf(&b, "%s%s", b.n ? "　" : "", tr_text(rq->lang, due_word(v->due)));
    if (v->q.n)
        buf_printf(&b, "%s“%.*s”", b.n ? "　" : "", STR_ARG(v->q));
    v->conditions = b.n ? arena_str(rq->arena, buf_view(&b)) : STR_NULL;
    v->filtered = b.n > 0;
    buf_release(&b);
}

/* --- the two pages --------------------------------------------------------------------------------------------------------------------- */

static bool list_read(struct req *rq, struct list_page *v, int limit, struct err *err)
{
    struct entry_filter f;
    struct entry_line *e;
    size_t n;
    int total;
    if (!ledger_filter(rq, &f, err))
        return false;
    struct entry_filter all = f;
    all.after = 0;
    f.limit = limit;
    f.oldest_first = limit == LIST_PRINT_MAX && !f.by_due;    /* on paper in the order of registration */
    if (!entry_lines(rq->db, rq->arena, rq->actor, &f, &e, &n, err) ||
        !entry_count(rq->db, rq->arena, rq->actor, &all, LIST_COUNT_MAX, &total, err))
        return false;
    v->n = n;
    v->rows = arena_array(rq->arena, struct line_view, n + 1);
    struct lights l = face_lights(rq);
    for (size_t i = 0; i < n; i++)
        face_line(rq, &l, &e[i], &v->rows[i]);
    v->total = arena_printf(rq->arena, "%d%s", total, total >= LIST_COUNT_MAX ? "+" : "");
    v->cut = (size_t)total > n;
    v->q = f.q;
    v->due = req_query(rq, "due");
    if (n == (size_t)limit && !f.by_due && v->cut)
        v->next = address(rq, "/entries", e[n - 1].id);
    v->print = address(rq, "/entries/print", 0);
    v->xlsx = address(rq, "/sheet/entries.xlsx", 0);
    v->csv = address(rq, "/sheet/entries.csv", 0);
    make_filters(rq, v);
    say_conditions(rq, v);
    return true;
}

static void list_get(struct req *rq)
{
    struct list_page *v = arena_new(rq->arena, struct list_page);
    struct err err;
    if (!list_read(rq, v, req_query(rq, "due").n ? 500 : LIST_PAGE, &err)) {
        req_fail(rq, &err);
        return;
    }
    face_frame(rq, &v->frame, "/entries", FACE_SAY(rq, M_NAV_LEDGER));
    struct html out = req_page(rq);
    html_list(&out, v);
    req_html(rq, 200, &out);
}

static void print_get(struct req *rq)
{
    struct list_page *v = arena_new(rq->arena, struct list_page);
    struct err err;
    if (!list_read(rq, v, LIST_PRINT_MAX, &err)) {
        req_fail(rq, &err);
        return;
    }
    v->paper = arena_array(rq->arena, struct print_line, v->n + 1);
    for (size_t i = 0; i < v->n; i++)
        v->paper[i] = (struct print_line){ v->rows[i], (int64_t)i + 1 };
    v->made_at = face_instant(rq, rq->now);
    v->made_by = rq->actor->name;
    face_frame(rq, &v->frame, "/entries", FACE_SAY(rq, M_NAV_LEDGER));
    struct html out = req_page(rq);
    html_list_print(&out, v);
    req_html(rq, 200, &out);
}

enum { ROLE_READERS = ROLE_SECTION | ROLE_LEADER | ROLE_LIAISON };

static const struct route routes[] = {
    { "GET", "/entries", list_get, ROLE_READERS, 0, false },
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
