/* Lists on paper: the ledger, a list with its own columns, the instructions. */
#include <string.h>

#include "lists_html.h"
#include "office/lists/page.h"

/* Widths of the columns that are not as wide as there is room. */
static const struct { const char *name, *css; } WIDTHS[] = {
    { "number", "p-number nowrap" }, { "day", "p-day nowrap" }, { "source", "p-source" }, { "due", "p-due" }, { "unit_due", "p-due" }, { "unit", "p-unit" },
    { "officer", "p-who" }, { "leader", "p-who" }, { "state", "p-state nowrap" }, { "settled", "p-day nowrap" }, { "result", "p-result" },
    { "left", "p-who" }, { "kind", "p-n" }, { "urgency", "p-n" }, { "progress", "p-who" }, { "carried", "p-n" },
};

static const char *width(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(WIDTHS); i++)
        if (strcmp(name, WIDTHS[i].name) == 0)
            return WIDTHS[i].css;
    return "";
}

static size_t make_heads(struct req *rq, struct list_paper *v, struct str columns, const char **name)
{
    v->heads = arena_array(rq->arena, struct paper_cell, TABLE_COLUMNS_MAX);
    while (columns.n && v->n_heads < TABLE_COLUMNS_MAX - LIST_COLUMNS_MAX) {
        struct str one = str_cut(columns, ',', &columns);
        for (int i = 0; i < table_kinds_count; i++)
            if (str_eqc(one, table_kinds[i].name)) {
                name[v->n_heads] = table_kinds[i].name;
                v->heads[v->n_heads++] = (struct paper_cell){ FACE_SAY(rq, str_eqc(one, "title") ? M_LIST_MATTER : table_kinds[i].label), width(table_kinds[i].name) };
            }
    }
    return v->n_heads;
}

static void tally(struct list_paper *v, const struct entry_line *e, const struct line_view *line)
{
    v->n_open += entry_state_open(e->state);
    v->n_overdue += line->due.overdue;
    v->n_settled += e->state == STATE_SETTLED || e->state == STATE_ARCHIVED;
}

bool paper_make(struct req *rq, struct list_paper *v, struct str columns, const struct entry_line *e, size_t n, int64_t list_id, const struct list_column *own,
                size_t n_own, struct err *err)
{
    const char *name[TABLE_COLUMNS_MAX];
    struct lights l = face_lights(rq);
    size_t fixed = make_heads(rq, v, columns, name);
    for (size_t i = 0; i < n_own; i++)
        v->heads[v->n_heads++] = (struct paper_cell){ own[i].name, own[i].type == LIST_NUMBER ? "p-day num" : "p-unit" };
    v->n = n;
    v->rows = arena_array(rq->arena, struct paper_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct line_view line;
        struct str value[LIST_COLUMNS_MAX];
        face_line(rq, &l, &e[i], &line);
        tally(v, &e[i], &line);
        v->rows[i] = (struct paper_row){ (int64_t)i + 1, arena_array(rq->arena, struct paper_cell, v->n_heads + 1), v->n_heads };
        for (size_t k = 0; k < fixed; k++)
            v->rows[i].cells[k] = (struct paper_cell){ table_text(rq, name[k], &e[i], &line), v->heads[k].css };
        if (!list_values(rq->db, rq->arena, rq->actor->office_id, list_id, e[i].id, own, n_own, value, err))
            return false;
        for (size_t k = 0; k < n_own; k++)
            v->rows[i].cells[fixed + k] = (struct paper_cell){ value[k], v->heads[fixed + k].css };
    }
    return true;
}

void paper_show(struct req *rq, struct list_paper *v, const char *base, const char *here, int title, struct str name)
{
    v->a4 = str_eqc(req_query(rq, "paper"), "a4");
    if (base)
        v->other = lists_print_address(rq, base, v->a4 ? "a3" : "a4");
    v->made_at = face_instant(rq, rq->now);
    v->made_by = rq->actor->name;
    face_frame(rq, &v->frame, here, name.n ? name : FACE_SAY(rq, M_NAV_LEDGER));
    v->title = FACE_SAY(rq, title, A_STR(v->frame.office), A_STR(v->frame.home), A_STR(name));
    struct html out = req_page(rq);
    html_list_paper(&out, v);
    req_html(rq, 200, &out);
}

static bool paper_read(struct req *rq, const struct list_def *l, struct list_paper *v, struct err *err)
{
    struct list_column *own;
    struct entry_filter f;
    struct entry_line *e;
    size_t n, n_own;
    int total;
    if (!list_rows_filter(rq, l, &f, err) || !list_columns(rq->db, rq->arena, rq->actor->office_id, l->id, false, &own, &n_own, err))
        return false;
    f.limit = PAPER_MAX;
    if (!entry_lines(rq->db, rq->arena, rq->actor, &f, &e, &n, err) || !entry_count(rq->db, rq->arena, rq->actor, &f, 2000, &total, err))
        return false;
    v->cut = (size_t)total > n;
    if (!list_rows_by_own(rq, l, e, &n, err))
        return false;
    if (n < (size_t)total && !v->cut)
        total = (int)n;                          /* narrowed to a word */
    v->total = arena_printf(rq->arena, "%d%s", total, total >= 2000 ? "+" : "");
    v->conditions = req_query(rq, "is").n ? req_query(rq, "is") : f.state == -2 ? FACE_SAY(rq, M_LIST_OPEN) : STR("");
    v->back = arena_printf(rq->arena, "/lists/%lld", (long long)l->id);
    return paper_make(rq, v, STR("number,title,requirement,unit,officer,due,state,left"), e, n, l->id, own, n_own, err);
}

void list_print_get(struct req *rq)
{
    struct list_paper *v = arena_new(rq->arena, struct list_paper);
    struct list_def l;
    struct err err;
    if (!list_of_request(rq, &l, &err) || !paper_read(rq, &l, v, &err)) {
        req_fail(rq, &err);
        return;
    }
    paper_show(rq, v, arena_z(rq->arena, arena_printf(rq->arena, "%.*s/print", STR_ARG(v->back))), "/lists", M_LISTS_PAPER_TITLE, l.name);
}
