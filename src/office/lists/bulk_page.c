/* POST /entries/bulk: from ticked rows to the act's fields, to a preview, to the write. Nothing is kept between the steps but what the form carries. */
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "lists_html.h"
#include "office/lists/page.h"

static struct str or_empty(struct str s) { return s.p ? s : STR(""); }

struct bulk_write {
    struct bulk_order order;
    bool partial;
    struct str next;
    struct bulk_done done;
};

/* n=文2022-0001, or with the version that was previewed: 文2022-0001@5. */
static void read_order(struct req *rq, struct bulk_write *w)
{
    struct bulk_order *o = &w->order;
    struct str *n = arena_array(rq->arena, struct str, BULK_MAX + 1);
    o->n = req_form_all(rq, "n", n, BULK_MAX + 1);
    o->number = arena_array(rq->arena, struct str, o->n + 1);
    o->version = arena_array(rq->arena, int64_t, o->n + 1);
    for (size_t i = 0; i < o->n; i++) {
        struct str version;
        o->number[i] = str_cut(n[i], '@', &version);
        if (!num_range(version, 1, INT64_MAX, &o->version[i]))
            o->version[i] = 0;
    }
    struct field value = { .name = "value", .time = o->what == BULK_EXTEND };
    o->value = or_empty(face_typed(rq, &value));
    o->text = or_empty(req_form(rq, "text"));
    if (o->what == BULK_COLUMN)                  /* which=LIST.COLUMN */
        o->list = str_cut(or_empty(req_form(rq, "which")), '.', &o->column);
    w->next = web_local_path(or_empty(req_form(rq, "next")));
}

/* --- the fields of each act ---------------------------------------------------------------------------------------------------------------- */

static struct field *add_field(struct bulk_view *v, const char *name, int label, bool select)
{
    struct field *f = &v->field[v->n_fields++];
    *f = (struct field){ .form = "b", .name = name, .label = label, .type = "text", .select = select, .css = "half" };
    return f;
}

static bool choose_columns(struct req *rq, struct field *f, struct err *err)
{
    struct list_def *l;
    size_t n;
    if (!list_all(rq->db, rq->arena, rq->actor->office_id, &l, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct list_column *c;
        size_t m;
        if (l[i].active && !list_columns(rq->db, rq->arena, rq->actor->office_id, l[i].id, false, &c, &m, err))
            return false;
        for (size_t k = 0; l[i].active && k < m; k++)
            face_choice(rq, f, arena_printf(rq->arena, "%lld.%lld", (long long)l[i].id, (long long)c[k].id),
                        arena_printf(rq->arena, "%.*s · %.*s", STR_ARG(l[i].name), STR_ARG(c[k].name)), STR_NULL);
    }
    return true;
}

static void choose_words(struct req *rq, struct field *f, const char *const *words)
{
    face_choice(rq, f, STR(""), FACE_SAY(rq, M_FORM_NONE), STR_NULL);
    for (; *words; words++)
        face_choice(rq, f, str_c(*words), str_c(*words), STR_NULL);
}

static bool make_fields(struct req *rq, struct bulk_view *v, enum bulk_what what, struct err *err)
{
    struct field *f;
    bool ok = true;
    switch (what) {
    case BULK_OFFICER: v->label = M_LINE_OFFICER, ok = face_officers(rq, add_field(v, "value", M_LINE_OFFICER, true), err); break;
    case BULK_LEADER: v->label = M_FIELD_LEADER, ok = face_leaders(rq, add_field(v, "value", M_FIELD_LEADER, true), err); break;
    case BULK_LIST_ADD: v->label = M_BULK_LIST_ADD, ok = face_lists(rq, add_field(v, "value", M_LIST_LIST, true), err); break;
    case BULK_LIST_REMOVE: v->label = M_BULK_LIST_REMOVE, ok = face_lists(rq, add_field(v, "value", M_LIST_LIST, true), err); break;
    case BULK_URGENCY: v->label = M_FIELD_URGENCY, choose_words(rq, add_field(v, "value", M_FIELD_URGENCY, true), entry_urgencies); break;
    case BULK_PROGRESS: v->label = M_FIELD_PROGRESS, choose_words(rq, add_field(v, "value", M_FIELD_PROGRESS, true), entry_progresses); break;
    case BULK_ASSIST: v->label = M_BULK_ASSIST, ok = face_units(rq, add_field(v, "value", M_FIELD_ASSIST_UNITS, true), false, err); break;
    case BULK_COLUMN:
        v->label = M_BULK_COLUMN;
        ok = choose_columns(rq, add_field(v, "which", M_LISTS_COLUMN, true), err);
        add_field(v, "value", M_FIELD_VALUE, false);
        break;
    case BULK_EXTEND:
        v->label = M_ENTRY_VERB_EXTEND;
        f = add_field(v, "value", M_ENTRYPAGE_NEW_DUE, false);
        f->time = true;
        add_field(v, "text", M_ENTRYPAGE_REASON, false);
        break;
    case BULK_SETTLE: v->label = M_ENTRY_VERB_SETTLE, add_field(v, "value", M_FIELD_RESULT, false); break;
    case BULK_URGE: v->label = M_ENTRY_VERB_URGE, add_field(v, "text", M_FIELD_TEXT, false); break;
    case BULK_ACCEPT: v->label = M_ENTRY_VERB_ACCEPT; break;
    default: v->label = M_ENTRY_VERB_ARCHIVE; break;
    }
    return ok;
}

/* --- the preview ------------------------------------------------------------------------------------------------------------------------------- */

static bool preview(struct req *rq, struct bulk_view *v, const struct bulk_write *w, struct err *err)
{
    struct txn t = { .db = rq->db, .store = rq->store, .arena = rq->arena, .office_id = rq->actor->office_id, .actor_id = rq->actor->member_id, .at = rq->now,
                     .today = rq->today };
    if (!bulk_preview(&t, rq->actor, rq->lang, &w->order, &v->lines, &v->n_good, err))
        return false;
    v->previewed = true;
    v->n = w->order.n;
    v->n_bad = v->n - v->n_good;
    v->all_good = v->n_bad == 0;
    v->some_good = v->n_good > 0 && v->n_bad > 0;
    v->rows = arena_array(rq->arena, struct bulk_row, v->n + 1);
    for (size_t i = 0; i < v->n; i++)
        v->rows[i] = (struct bulk_row){ &v->lines[i], v->lines[i].good ? STR_NULL : face_sentence(rq, &v->lines[i].err) };
    v->take = FACE_SAY(rq, M_BULK_TAKE, A_INT(v->n));
    v->partial = FACE_SAY(rq, M_BULK_PARTIAL, A_INT(v->n_good), A_INT(v->n_bad));
    return true;
}

static void lines_only(struct req *rq, struct bulk_view *v, const struct bulk_write *w)
{
    v->n = w->order.n;
    v->rows = arena_array(rq->arena, struct bulk_row, v->n + 1);
    v->lines = arena_array(rq->arena, struct bulk_line, v->n + 1);
    for (size_t i = 0; i < v->n; i++) {
        struct entry_line l;
        v->lines[i] = (struct bulk_line){ .number = w->order.number[i], .version = w->order.version[i] };
        if (entry_line_of(rq->db, rq->arena, rq->actor, w->order.number[i], &l, NULL))
            v->lines[i].title = l.title;
        v->rows[i] = (struct bulk_row){ &v->lines[i], STR_NULL };
    }
}

/* failed: why a write was refused; NULL for none. ask: the fields were not filled in yet. */
static void bulk_show(struct req *rq, const struct bulk_write *w, bool ask, const struct err *failed)
{
    struct bulk_view *v = arena_new(rq->arena, struct bulk_view);
    struct err err;
    v->next = w->next;
    v->csrf = rq->csrf;
    v->act = bulk_code(w->order.what);
    if (!make_fields(rq, v, w->order.what, &err)) {
        req_fail(rq, &err);
        return;
    }
    for (size_t i = 0; i < v->n_fields; i++)
        face_typed(rq, &v->field[i]);
    bool shown = !ask && preview(rq, v, w, &err);
    if (!ask && !shown && !failed)
        failed = &err;
    if (!shown)
        lines_only(rq, v, w);
    v->why = face_sentence(rq, failed);
    face_frame(rq, &v->frame, "/entries", FACE_SAY(rq, M_BULK_HEADING));
    struct html out = req_page(rq);
    html_bulk(&out, v);
    req_html(rq, failed ? err_http(failed) : 200, &out);
}

static bool take_fn(struct txn *t, void *args, struct err *err)
{
    struct bulk_write *w = args;
    struct actor actor;
    return web_actor(t, &actor, err) && bulk_take(t, &actor, &w->order, w->partial, &w->done, err);
}

static void take_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct bulk_write *w = args;
    if (!ok) {
        bulk_show(rq, w, false, err);
        return;
    }
    const char *sep = str_chr(w->next, '?') >= 0 ? "&" : "?";
    if (w->done.may_undo)
        req_redirect(rq, "%.*s%sdone=%zu&undo=%lld", STR_ARG(w->next), sep, w->done.n, (long long)w->done.id);
    else
        req_redirect(rq, "%.*s%sdone=%zu", STR_ARG(w->next), sep, w->done.n);
}

void bulk_post(struct req *rq)
{
    struct bulk_write *w = arena_new(rq->arena, struct bulk_write);
    struct str step = req_form(rq, "step");
    struct err err;
    if (!bulk_read(or_empty(req_form(rq, "act")), &w->order.what)) {
        err_fail(&err, ERR_INPUT, M_BULK_BAD_ACT, "act", A_STR(req_form(rq, "act")));
        req_fail(rq, &err);
        return;
    }
    read_order(rq, w);
    if (w->order.n == 0) {
        err_fail(&err, ERR_INPUT, M_BULK_NONE, NULL);
        req_fail(rq, &err);
        return;
    }
    bool needs = w->order.what != BULK_ACCEPT && w->order.what != BULK_ARCHIVE;
    w->partial = str_eqc(step, "partial");
    if (str_eqc(step, "take") || w->partial)
        web_write(rq, take_fn, w, take_answer);
    else
        bulk_show(rq, w, needs && !str_eqc(step, "preview"), NULL);
}

/* --- putting back ------------------------------------------------------------------------------------------------------------------------------ */

struct undo_write { int64_t id; size_t n; struct str next; };

static bool undo_fn(struct txn *t, void *args, struct err *err)
{
    struct undo_write *w = args;
    struct actor actor;
    return web_actor(t, &actor, err) && bulk_undo(t, &actor, w->id, &w->n, err);
}

static void undo_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct undo_write *w = args;
    if (ok)
        req_redirect(rq, "%.*s%sundone=%zu", STR_ARG(w->next), str_chr(w->next, '?') >= 0 ? "&" : "?", w->n);
    else
        req_fail(rq, err);
}

void bulk_undo_post(struct req *rq)
{
    struct undo_write *w = arena_new(rq->arena, struct undo_write);
    w->next = web_local_path(or_empty(req_form(rq, "next")));
    if (!num_range(req_form(rq, "bulk"), 1, INT64_MAX, &w->id))
        w->id = 0;
    web_write(rq, undo_fn, w, undo_answer);
}
