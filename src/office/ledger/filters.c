/* The ledger's form of conditions: the usual ones, and those that are folded away; and all of them in words, for the page and the head of a print. */
#include <string.h>

#include "office/ledger/ledger.h"

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
    if (!actor_is(rq->actor, ROLE_SECTION | ROLE_LEADER))
        return;
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

void ledger_filters(struct req *rq, struct list_page *v)
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
