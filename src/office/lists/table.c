#include "office/lists/lists_table.h"

#include <string.h>

#include "base/utf8.h"
#include "lists_html.h"

enum { TWO_LINES = 9 };                          /* characters that two lines of the narrowest column hold */

const struct table_kind table_kinds[] = {
    { "number", M_LINE_NUMBER, "c-number", "number", true, false },
    { "title", M_LINE_TITLE, "c-title", NULL, true, false },
    { "unit", M_LINE_LEAD, "c-unit", "unit", true, false },
    { "officer", M_LINE_OFFICER, "c-officer", NULL, true, false },
    { "due", M_LINE_DUE, "c-due", "due", true, false },
    { "left", M_LINE_LEFT, "c-left", NULL, true, true },
    { "leader", M_FIELD_LEADER, "c-officer", "leader", false, false },
    { "kind", M_FIELD_KIND, "c-n", NULL, false, false },
    { "state", M_LIST_STATE, "c-state", NULL, false, false },
    { "source", M_FIELD_SOURCE, "c-unit", NULL, false, false },
    { "requirement", M_FIELD_REQUIREMENT, "c-unit", NULL, false, false },
    { "unit_due", M_FIELD_UNIT_DEADLINE, "c-day", NULL, false, false },
    { "day", M_LIST_DAY, "c-day", "oldest", false, false },
    { "settled", M_LIST_SETTLED, "c-day", NULL, false, false },
    { "result", M_LIST_RESULT, "c-unit", NULL, false, false },
    { "urgency", M_FIELD_URGENCY, "c-n", NULL, false, false },
    { "progress", M_FIELD_PROGRESS, "c-day", NULL, false, false },
    { "carried", M_ENTRYPAGE_CARRIED, "c-n", NULL, false, true },
};
const int table_kinds_count = ARRAY_LEN(table_kinds);

static const struct table_kind *kind_of(struct str name)
{
    for (int i = 0; i < table_kinds_count; i++)
        if (str_eqc(name, table_kinds[i].name))
            return &table_kinds[i];
    return NULL;
}

static bool named(struct str list, struct str one)
{
    while (list.n)
        if (str_eq(str_cut(list, ',', &list), one))
            return true;
    return false;
}

static struct str usual(struct arena *a)
{
    struct str s = STR("");
    for (int i = 0; i < table_kinds_count; i++)
        if (table_kinds[i].usual)
            s = s.n ? arena_printf(a, "%.*s,%s", STR_ARG(s), table_kinds[i].name) : str_c(table_kinds[i].name);
    return s;
}

/* Without its number and title a row could be neither named nor opened. */
struct str table_columns_clean(struct arena *a, struct str wish)
{
    struct str s = STR("");
    if (wish.n == 0)
        return STR("");
    if (!named(wish, STR("number")))
        s = STR("number");
    if (!named(wish, STR("title")))
        s = s.n ? STR("number,title") : STR("title");
    for (struct str rest = wish; rest.n;) {
        struct str one = str_cut(rest, ',', &rest);
        if (kind_of(one) && !named(s, one))
            s = s.n ? arena_printf(a, "%.*s,%.*s", STR_ARG(s), STR_ARG(one)) : one;
    }
    return str_eq(s, usual(a)) ? STR("") : s;
}

static struct str day_text(struct req *rq, day_t d)
{
    struct str s = face_iso_day(rq, d);
    return s.p ? s : STR("");
}

struct str table_text(struct req *rq, const char *c, const struct entry_line *e, const struct line_view *l)
{
    if (strcmp(c, "number") == 0)
        return e->number;
    if (strcmp(c, "title") == 0)
        return e->title;
    if (strcmp(c, "unit") == 0)
        return e->lead;
    if (strcmp(c, "officer") == 0)
        return e->officer;
    if (strcmp(c, "leader") == 0)
        return e->leader;
    if (strcmp(c, "kind") == 0)
        return str_c(tr_text(rq->lang, e->reading ? M_FIELD_READING : l->kind));
    if (strcmp(c, "state") == 0)
        return str_c(tr_text(rq->lang, l->state));
    if (strcmp(c, "source") == 0)
        return e->source;
    if (strcmp(c, "requirement") == 0)
        return e->requirement;
    if (strcmp(c, "due") == 0 || strcmp(c, "unit_due") == 0) {
        struct str s = face_iso_due(rq, *c == 'd' ? l->due.any ? l->due.due : INSTANT_NONE : e->unit_due);
        return s.p ? s : STR("");
    }
    if (strcmp(c, "left") == 0)
        return l->due.glyph && *l->due.glyph ? arena_printf(rq->arena, "%s %.*s", l->due.glyph, STR_ARG(l->due.brief)) : l->due.brief;
    if (strcmp(c, "day") == 0)
        return day_text(rq, e->day);
    if (strcmp(c, "settled") == 0)
        return day_text(rq, e->settled_day);
    if (strcmp(c, "result") == 0)
        return e->result;
    if (strcmp(c, "urgency") == 0)
        return e->urgency;
    if (strcmp(c, "progress") == 0)
        return e->progress;
    return e->carried ? FACE_SAY(rq, M_ENTRYPAGE_TIMES, A_INT(e->carried)) : STR("");
}

/* --- making ------------------------------------------------------------------------------------------------------------------------- */

static void make_columns(struct req *rq, const struct table_want *w, struct table *t)
{
    for (struct str rest = w->columns.n ? w->columns : usual(rq->arena); rest.n && t->n_columns < TABLE_COLUMNS_MAX - LIST_COLUMNS_MAX;) {
        const struct table_kind *k = kind_of(str_cut(rest, ',', &rest));
        if (!k)
            continue;
        struct table_column *c = &t->column[t->n_columns++];
        *c = (struct table_column){ .name = k->name, .label = k->label, .text = str_c(tr_text(rq->lang, k->label)), .css = k->css, .num = k->num };
        if (k->sort && w->sort_address)
            c->sort = w->sort_address(rq, k->sort);
        c->sorted = k->sort && w->sort && strcmp(k->sort, w->sort) == 0;
    }
    for (size_t i = 0; i < w->n_own; i++)
        t->column[t->n_columns++] = (struct table_column){ .name = "", .text = w->own[i].name, .css = "c-own", .num = w->own[i].type == LIST_NUMBER };
}

static void make_cell(struct req *rq, const struct table_column *c, const struct entry_line *e, const struct line_view *l, struct table_cell *ret)
{
    *ret = (struct table_cell){ .css = c->css };
    ret->number = strcmp(c->name, "number") == 0;
    ret->title = strcmp(c->name, "title") == 0;
    ret->due = strcmp(c->name, "due") == 0;
    ret->left = strcmp(c->name, "left") == 0;
    if (!ret->number && !ret->title && !ret->due && !ret->left)
        ret->text = table_text(rq, c->name, e, l);
    ret->more = utf8_count(ret->text) > TWO_LINES;
}

/* What was typed, when the page is shown again with a refusal. */
static struct str typed(struct req *rq, const char *name, struct str stored)
{
    struct str s = req_form(rq, name);
    return s.p ? s : stored;
}

static void own_cell(struct req *rq, const struct list_column *c, int64_t entry_id, struct str value, bool edit, struct table_cell *ret)
{
    static const char *const TYPES[LIST_TYPES] = { [LIST_TEXT] = "text", [LIST_NUMBER] = "text", [LIST_DAY] = "date", [LIST_CHOICE] = "" };
    struct field f = { .name = "" };
    *ret = (struct table_cell){ .css = c->type == LIST_NUMBER ? "c-own num" : "c-own", .own = true, .edit = edit, .choice = c->type == LIST_CHOICE,
                                .type = TYPES[c->type], .text = value.p ? value : STR(""),
                                .label = c->name };
    ret->more = utf8_count(ret->text) > TWO_LINES;
    if (!edit)
        return;
    const char *name = list_fill_name(rq, 'v', entry_id, c->id);
    ret->name = str_c(name);
    ret->seen = str_c(list_fill_name(rq, 'w', entry_id, c->id));
    ret->was = ret->text;
    ret->text = typed(rq, name, ret->text);
    if (!ret->choice)
        return;
    bool among = ret->was.n == 0;
    face_choice(rq, &f, STR(""), STR(""), ret->text);
    for (struct str rest = c->choices; rest.n;) {
        struct str one = str_cut(rest, ';', &rest);
        face_choice(rq, &f, one, one, ret->text);
        among |= str_eq(one, ret->was);
    }
    if (!among)                                  /* a choice that is none any more stays until another is made */
        face_choice(rq, &f, ret->was, ret->was, ret->text);
    ret->choices = f.choices;
    ret->n_choices = f.n_choices;
}

static bool make_row(struct req *rq, const struct table_want *w, const struct lights *lights, const struct entry_line *e, const struct table *t, struct table_row *r,
                     struct err *err)
{
    struct str value[LIST_COLUMNS_MAX];
    bool edit = w->n_own && (str_eqc(w->editing, "all") || str_eq(w->editing, e->number));
    face_line(rq, lights, e, &r->line);
    r->table = t;
    r->tick = w->tick;
    r->may_edit = actor_is(rq->actor, ROLE_SECTION);
    r->edit = w->edit_base.n ? arena_printf(rq->arena, "%.*s%.*s#r%lld", STR_ARG(w->edit_base), STR_ARG(face_percent(rq, e->number)), (long long)e->id)
                             : arena_printf(rq->arena, "/entries/%.*s/edit", STR_ARG(face_percent(rq, e->number)));
    r->close = edit;
    r->cells = arena_array(rq->arena, struct table_cell, t->n_columns + 1);
    size_t fixed = t->n_columns - w->n_own;
    for (size_t i = 0; i < fixed; i++)
        make_cell(rq, &t->column[i], e, &r->line, &r->cells[i]);
    if (!list_values(rq->db, rq->arena, rq->actor->office_id, w->list_id, e->id, w->own, w->n_own, value, err))
        return false;
    for (size_t i = 0; i < w->n_own; i++)
        own_cell(rq, &w->own[i], e->id, value[i], edit, &r->cells[fixed + i]);
    r->n_cells = t->n_columns;
    return true;
}

bool table_make(struct req *rq, const struct table_want *w, const struct entry_line *e, size_t n, struct table *t, struct err *err)
{
    struct lights l = face_lights(rq);
    *t = (struct table){ .n = n, .tick = w->tick, .acts = w->acts, .columns = w->columns.n ? w->columns : usual(rq->arena) };
    make_columns(rq, w, t);
    t->rows = arena_array(rq->arena, struct table_row, n + 1);
    for (size_t i = 0; i < n; i++)
        if (!make_row(rq, w, &l, &e[i], t, &t->rows[i], err))
            return false;
    return true;
}

static struct html *keep(struct req *rq, struct html *h)
{
    struct html *kept = arena_new(rq->arena, struct html);
    struct str s = arena_str(rq->arena, str_n(h->buf.p ? h->buf.p : "", h->buf.n));
    html_release(h);
    *kept = (struct html){ .buf = { .p = (char *)(uintptr_t)s.p, .n = s.n }, .lang = rq->lang };
    return kept;
}

struct html *table_html(struct req *rq, const struct table *t)
{
    struct html out = HTML_INIT(rq->lang);
    html_entry_table(&out, t);
    return keep(rq, &out);
}

bool table_html_row(struct req *rq, struct html *out, const struct entry_line *e, struct str columns, struct str why, bool still, struct err *err)
{
    struct table t;
    if (!table_make(rq, &(struct table_want){ .columns = columns, .tick = true, .acts = true }, e, 1, &t, err))
        return false;
    t.rows[0].line.why = why;
    if (!still)
        t.rows[0].line.verb = NULL;
    html_entry_table_row(out, &t.rows[0]);
    return true;
}
