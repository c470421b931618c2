/* 领导批示: the ledger of leaders' instructions, in the leaders' official order. Which matters there are, what was asked and what came of it; never how long a
 * leader took, and no figure by leader. */
#include "lists_html.h"
#include "office/lists/page.h"

/* The leader's word on the result stands in the act that settled it. */
static bool word_of(struct req *rq, const struct entry_line *e, struct str *ret, struct err *err)
{
    struct settle_change_row row;
    struct jvalue v;
    bool found;
    *ret = STR("");
    if (e->state != STATE_SETTLED && e->state != STATE_ARCHIVED)
        return true;
    if (!q_settle_change(rq->db, rq->arena, &(struct settle_change_in){ rq->actor->office_id, e->id }, &row, &found, err))
        return false;
    if (!found || !row.change.n || !json_read(rq->arena, row.change, &v, NULL))
        return true;
    const struct jvalue *pair = jget(&v, "leader_word");
    if (pair && pair->kind == J_LIST && pair->n == 2)
        *ret = pair->items[1].text;
    return true;
}

static bool instructions_filter(struct req *rq, struct entry_filter *f, struct err *err)
{
    struct entry_when when = list_when(rq->db, rq->arena, rq->actor->office_id, rq->now, rq->today);
    struct str state = req_query(rq, "state"), leader = req_query(rq, "leader"), after = req_query(rq, "after");
    *f = ENTRY_FILTER_ANY;
    f->instruction = true;
    f->order = ENTRY_BY_LEADER;
    return (!state.n || list_query_take(rq->db, rq->arena, rq->actor, &when, STR("state"), state, f, err)) &&
           (!leader.n || list_query_take(rq->db, rq->arena, rq->actor, &when, STR("leader"), leader, f, err)) &&
           (!after.n || entry_cursor_read(after, f, err));
}

static void make_filter(struct req *rq, struct instructions_page *v)
{
    struct party *p;
    size_t n;
    v->state = req_query(rq, "state");
    v->n_filter = ARRAY_LEN(v->filter);
    v->filter[0] = (struct field){ .form = "i", .name = "state", .label = M_LIST_STATE, .select = true, .css = "" };
    face_choice(rq, &v->filter[0], STR(""), FACE_SAY(rq, M_LIST_ANY), STR_NULL);
    face_choice(rq, &v->filter[0], STR("open"), FACE_SAY(rq, M_LIST_OPEN), v->state);
    face_choice(rq, &v->filter[0], STR("settled"), FACE_SAY(rq, entry_state_msg(STATE_SETTLED, false)), v->state);
    v->filter[1] = (struct field){ .form = "i", .name = "leader", .label = M_FIELD_LEADER, .select = true, .css = "" };
    face_choice(rq, &v->filter[1], STR(""), FACE_SAY(rq, M_LIST_ANY), STR_NULL);
    if (party_list(rq->db, rq->arena, rq->actor->office_id, PARTY_LEADER, false, &p, &n, NULL))
        for (size_t i = 0; i < n; i++)
            face_choice(rq, &v->filter[1], arena_printf(rq->arena, "%lld", (long long)p[i].id), p[i].name, req_query(rq, "leader"));
}

static bool instructions_read(struct req *rq, struct instructions_page *v, int limit, struct err *err)
{
    struct entry_filter f;
    struct entry_line *e;
    struct lights l = face_lights(rq);
    int total;
    if (!instructions_filter(rq, &f, err))
        return false;
    f.limit = limit;
    if (!entry_lines(rq->db, rq->arena, rq->actor, &f, &e, &v->n, err) || !entry_count(rq->db, rq->arena, rq->actor, &f, 2000, &total, err))
        return false;
    v->total = arena_printf(rq->arena, "%d%s", total, total >= 2000 ? "+" : "");
    v->rows = arena_array(rq->arena, struct instruction_line, v->n + 1);
    for (size_t i = 0; i < v->n; i++) {
        face_line(rq, &l, &e[i], &v->rows[i].line);
        if (!word_of(rq, &e[i], &v->rows[i].word, err))
            return false;
    }
    if (v->n == (size_t)limit)
        v->next = arena_printf(rq->arena, "/lists/instructions?state=%.*s&leader=%.*s&after=%.*s", STR_ARG(face_percent(rq, v->state.p ? v->state : STR(""))),
                               STR_ARG(face_percent(rq, req_query(rq, "leader").p ? req_query(rq, "leader") : STR(""))),
                               STR_ARG(face_percent(rq, entry_cursor(rq->arena, &f, &e[v->n - 1]))));
    return true;
}

void instructions_get(struct req *rq)
{
    struct instructions_page *v = arena_new(rq->arena, struct instructions_page);
    struct err err;
    make_filter(rq, v);
    if (!instructions_read(rq, v, LISTS_PAGE_ROWS, &err)) {
        req_fail(rq, &err);
        return;
    }
    face_frame(rq, &v->frame, "/lists", FACE_SAY(rq, M_LISTS_INSTRUCTIONS));
    struct html out = req_page(rq);
    html_instructions(&out, v);
    req_html(rq, 200, &out);
}

static void paper_head(struct req *rq, struct list_paper *p, int label, const char *css)
{
    p->heads[p->n_heads++] = (struct paper_cell){ FACE_SAY(rq, label), css };
}

void instructions_print_get(struct req *rq)
{
    struct instructions_page *v = arena_new(rq->arena, struct instructions_page);
    struct list_paper *p = arena_new(rq->arena, struct list_paper);
    struct err err;
    make_filter(rq, v);
    if (!instructions_read(rq, v, PAPER_MAX, &err)) {
        req_fail(rq, &err);
        return;
    }
    *p = (struct list_paper){ .total = v->total, .conditions = STR(""), .back = STR("/lists/instructions"), .cut = v->next.n > 0, .n = v->n };
    p->heads = arena_array(rq->arena, struct paper_cell, 12);
    paper_head(rq, p, M_FIELD_LEADER, "p-who");
    paper_head(rq, p, M_LINE_NUMBER, "p-number nowrap");
    paper_head(rq, p, M_LISTS_WORDS, "");
    paper_head(rq, p, M_LIST_MATTER, "");
    paper_head(rq, p, M_LINE_LEAD, "p-unit");
    paper_head(rq, p, M_LINE_DUE, "p-due");
    paper_head(rq, p, M_LIST_STATE, "p-state nowrap");
    paper_head(rq, p, M_LINE_LEFT, "p-who");
    paper_head(rq, p, M_LISTS_LEADER_WORD, "p-result");
    p->rows = arena_array(rq->arena, struct paper_row, v->n + 1);
    for (size_t i = 0; i < v->n; i++) {
        const struct line_view *l = &v->rows[i].line;
        struct str due = face_iso_due(rq, l->due.any ? l->due.due : INSTANT_NONE);
        const struct str text[] = { l->leader, l->number, l->requirement, l->title, l->lead, due.p ? due : STR(""), str_c(tr_text(rq->lang, l->state)),
                                    l->due.brief, v->rows[i].word };
        p->rows[i] = (struct paper_row){ (int64_t)i + 1, arena_array(rq->arena, struct paper_cell, p->n_heads), p->n_heads };
        for (size_t k = 0; k < p->n_heads; k++)
            p->rows[i].cells[k] = (struct paper_cell){ text[k], p->heads[k].css };
        p->n_open += !*l->state_css;
        p->n_overdue += l->due.overdue;
        p->n_settled += *l->state_css != 0;
    }
    paper_show(rq, p, "/lists/instructions/print", "/lists", M_LISTS_PAPER_TITLE, FACE_SAY(rq, M_LISTS_INSTRUCTIONS));
}
