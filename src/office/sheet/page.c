/* /sheet: a file is laid before the program, looked at, its mapping corrected, and taken or dropped. Between the steps it lies in the store, before its
 * member alone, for a day. */
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "office/sheet/page.h"
#include "sheet_html.h"
#include "store/blob.h"

enum { SAMPLE_ROWS = 5, SHOWN_FIRST = 20, SHOWN_EDITS = SHEET_NOTES_MAX };

static void show_form(struct req *rq, int status, const struct err *err)
{
    struct sheet_page *v = arena_new(rq->arena, struct sheet_page);
    face_frame(rq, &v->frame, "/entries", FACE_SAY(rq, M_SHEET_HEADING));
    v->csrf = rq->csrf;
    v->why = face_sentence(rq, err);
    struct html out = req_page(rq);
    html_sheet(&out, v);
    req_html(rq, status, &out);
}

void sheet_get(struct req *rq) { show_form(rq, 200, NULL); }

/* --- the file comes ---------------------------------------------------------------------------------------------------------------- */

struct laying { struct store *store; int64_t office_id, member_id; struct str name, bytes; uint8_t sha256[32]; int64_t id; struct err err; bool ok; };

static bool lay_fn(struct txn *t, void *args, struct err *err)
{
    struct laying *l = args;
    struct actor actor;
    if (!web_actor(t, &actor, err))
        return false;
    if (!actor_is(&actor, ROLE_SECTION))
        return err_fail(err, ERR_DENIED, M_SHEET_SECTION_ONLY, NULL);
    return upload_lay(t, l->name, l->sha256, &l->id, err);
}

static void lay_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct laying *l = args;
    if (ok)
        req_redirect(rq, "/sheet/%lld", (long long)l->id);
    else
        show_form(rq, err_http(err), err);
}

static void put_bytes(void *args)
{
    struct laying *l = args;
    l->ok = blob_put(l->store, l->office_id, l->member_id, l->bytes, l->sha256, &l->err);
}

static void bytes_put(struct req *rq, void *args)
{
    struct laying *l = args;
    if (l->ok)
        web_write(rq, lay_fn, l, lay_answer);
    else
        show_form(rq, err_http(&l->err), &l->err);
}

void sheet_post(struct req *rq)
{
    struct laying *l = arena_new(rq->arena, struct laying);
    size_t n = 0;
    const struct req_file *file = req_files(rq, &n);
    struct err err;
    if (n == 0 || file->bytes.n == 0) {
        err_fail(&err, ERR_INPUT, M_SHEET_NO_FILE, "file");
        show_form(rq, 422, &err);
        return;
    }
    *l = (struct laying){ .store = rq->store, .office_id = rq->actor->office_id, .member_id = rq->actor->member_id, .bytes = file->bytes,
                          .name = arena_str(rq->arena, utf8_cut(file->name, 200)) };
    web_toil(rq, put_bytes, bytes_put, l);
}

/* --- what lies there --------------------------------------------------------------------------------------------------------------- */

struct lying {
    int64_t id;
    struct str name, bytes;
    uint8_t sha256[32];
    struct sheet_plan plan;
};

static bool add_part(void *ctx, struct str bytes)
{
    buf_str(ctx, bytes);
    return true;
}

static bool lying_read(struct req *rq, struct lying *l, struct err *err)
{
    struct upload_find_row row;
    bool found = false;
    int64_t size;
    if (!num_range(rq->args[0], 1, INT64_MAX, &l->id) ||
        !q_upload_find(rq->db, rq->arena, &(struct upload_find_in){ rq->actor->office_id, l->id, rq->actor->member_id }, &row, &found, err) || !found)
        return found ? false : err_fail(err, ERR_NOT_FOUND, M_SHEET_GONE, NULL);
    struct buf b = BUF_INIT;
    memcpy(l->sha256, row.sha256.p, sizeof l->sha256);
    bool ok = blob_get(rq->db, rq->actor->office_id, l->sha256, add_part, &b, &size, err) && plan_read(rq->arena, row.plan, &l->plan, err);
    l->bytes = arena_str(rq->arena, b.n ? buf_view(&b) : STR(""));
    buf_release(&b);
    l->name = l->plan.name = row.name;
    return ok;
}

static struct sheet_ask ask_of(struct req *rq, const struct lying *l)
{
    return (struct sheet_ask){ .store = rq->store, .db = rq->db, .arena = rq->arena, .actor = rq->actor, .bytes = l->bytes, .plan = &l->plan };
}

static struct field text_field(const char *name, int label, const char *type, struct str value, int hint)
{
    return (struct field){ .form = "s", .name = name, .label = label, .type = type, .css = "", .value = value.p ? value : STR(""), .hint = hint };
}

static void map_lines(struct req *rq, struct sheet_look_page *v, const struct sheet_result *r)
{
    struct str rest = r->map, word;
    v->map = arena_array(rq->arena, struct map_line, (size_t)r->n_columns + 1);
    for (int i = 0; i < r->n_columns && rest.p; i++) {
        struct map_line *m = &v->map[v->n_map++];
        word = str_cut(rest, ' ', &rest);
        m->name = r->columns[i].n ? r->columns[i] : STR("—");
        m->sample = r->sample[i];
        m->field = (struct field){ .form = "m", .name = arena_printf(rq->arena, "c%d", i).p, .label = M_SHEET_MEANS, .css = "", .select = true };
        for (int c = 0; c <= C_SKIP; c++)
            if (c != C_VERSION || str_eqc(word, "version"))
                face_choice(rq, &m->field, str_c(column_name(c)), str_c(column_label(rq->lang, c)), word);
    }
}

static void issues(struct req *rq, struct sheet_look_page *v, const struct problems *p, bool xlsx)
{
    v->issue = arena_array(rq->arena, struct issue_line, (size_t)p->n + 1);
    v->more_issues = p->total - p->n;
    for (int i = 0; i < p->n; i++) {
        struct err e = p->err[i];
        _cleanup_(buf_release) struct buf b = BUF_INIT;
        if (e.line && e.column && xlsx)
            table_place(&b, rq->lang, e.line, e.column - 1);
        else if (e.line)
            tr(&b, rq->lang, e.column ? M_SHEET_PLACE : M_SHEET_LINE, (struct arg[]){ A_INT(e.line), A_INT(e.column) }, e.column ? 2 : 1);
        v->issue[v->n_issue++] = (struct issue_line){ b.n ? arena_str(rq->arena, buf_view(&b)) : STR(""), face_sentence(rq, &e) };
    }
}

static struct str field_label(struct req *rq, struct str field)
{
    for (int c = 0; c < COLUMNS; c++)
        if (str_eqc(field, column_name(c)))
            return str_c(column_label(rq->lang, c));
    return field;
}

static void differences(struct req *rq, struct sheet_look_page *v, const struct sheet_result *r)
{
    v->diff = arena_array(rq->arena, struct diff_line, r->n_edit + 1);
    for (size_t i = 0; i < r->n_edit; i++) {
        bool same = i > 0 && str_eq(r->edit[i].number, r->edit[i - 1].number);
        v->diff[v->n_diff++] = (struct diff_line){ same ? STR("") : r->edit[i].number, same ? STR("") : r->edit[i].title, field_label(rq, r->edit[i].field),
                                                   r->edit[i].old.n ? r->edit[i].old : STR("—"), r->edit[i].new.n ? r->edit[i].new : STR("—") };
    }
    v->more_edit = r->edits > (int64_t)r->n_edit;
}

static void passed_lines(struct req *rq, struct sheet_look_page *v, const struct sheet_result *r)
{
    v->passed = arena_array(rq->arena, struct issue_line, r->n_passed + 1);
    for (size_t i = 0; i < r->n_passed; i++)
        v->passed[v->n_passed++] = (struct issue_line){ arena_printf(rq->arena, "%d %s", r->passed[i].line, tr_text(rq->lang, r->passed[i].why)), r->passed[i].text };
}

static void names_missing(struct req *rq, struct sheet_look_page *v, const struct sheet_result *r)
{
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    for (size_t i = 0; i < r->n_missing && i < 100; i++) {
        buf_c(&b, i ? "、" : "");
        buf_str(&b, r->missing[i]->name);
    }
    v->n_names = (int64_t)r->n_missing;
    v->names = b.n ? arena_str(rq->arena, buf_view(&b)) : STR("");
}

static void plan_fields(struct req *rq, struct sheet_look_page *v, const struct sheet_plan *plan, const struct sheet_result *r)
{
    struct str kind = r->kind.n ? r->kind : STR("affair");
    v->kind = (struct field){ .form = "s", .name = "kind", .label = M_FIELD_KIND, .css = "", .select = true };
    for (int k = 0; k < ENTRY_KINDS; k++)
        face_choice(rq, &v->kind, entry_kind_code((enum entry_kind)k), FACE_SAY(rq, entry_kind_msg((enum entry_kind)k)), kind);
    v->source = text_field("source", M_FIELD_SOURCE, "text", r->source.n ? r->source : r->title, M_SHEET_SOURCE_HINT);
    v->received = text_field("received", M_FIELD_RECEIVED, "date", plan->received, M_SHEET_RECEIVED_HINT);
    v->year = text_field("year", M_SHEET_YEAR, "number", plan->year ? arena_printf(rq->arena, "%d", plan->year) : STR(""), M_SHEET_YEAR_HINT);
}

static void show_look(struct req *rq, const struct lying *l, int status, const struct err *refused)
{
    struct sheet_look_page *v = arena_new(rq->arena, struct sheet_look_page);
    struct sheet_result r;
    struct problems p = PROBLEMS_INIT;
    struct err err;
    struct sheet_ask ask = ask_of(rq, l);
    bool ok = sheet_look(&ask, &r, &p, &err), again = !ok && err.msg == M_SHEET_TAKEN;
    face_frame(rq, &v->frame, "/entries", FACE_SAY(rq, M_SHEET_HEADING));
    v->csrf = rq->csrf;
    v->action = arena_printf(rq->arena, "/sheet/%lld", (long long)l->id);
    v->name = l->name.n ? l->name : STR("—");
    v->title = r.title;
    v->rows = r.rows, v->fresh = r.fresh, v->edited = r.edited, v->edits = r.edits, v->same = r.same;
    v->exact = r.exact, v->own = !r.exact && r.n_columns > 0, v->known = r.known, v->seen = r.seen;
    v->create = l->plan.create;
    v->ask_again = again;
    v->refused = !ok && !again;
    v->may_take = (ok || again) && (r.fresh || r.edits);
    v->why = refused ? face_sentence(rq, refused) : !ok && (p.n == 0 || again) ? face_sentence(rq, &err) : STR_NULL;
    map_lines(rq, v, &r);
    plan_fields(rq, v, &l->plan, &r);
    v->first = r.first;
    v->n_first = r.n_first < SHOWN_FIRST ? r.n_first : SHOWN_FIRST;
    v->more_first = r.fresh > (int64_t)v->n_first;
    differences(rq, v, &r);
    issues(rq, v, &p, r.xlsx);
    passed_lines(rq, v, &r);
    names_missing(rq, v, &r);
    buf_release(&r.copy);
    problems_release(&p);
    struct html out = req_page(rq);
    html_sheet_look(&out, v);
    req_html(rq, status, &out);
}

void sheet_look_get(struct req *rq)
{
    struct lying l;
    struct err err;
    if (lying_read(rq, &l, &err))
        show_look(rq, &l, 200, NULL);
    else
        req_fail(rq, &err);
}

/* --- corrected ------------------------------------------------------------------------------------------------------------------------ */

struct planning { int64_t id; struct str plan; };

static bool plan_fn(struct txn *t, void *args, struct err *err)
{
    const struct planning *w = args;
    int64_t changed;
    if (!q_upload_plan(t->db, &(struct upload_plan_in){ t->office_id, w->id, t->actor_id, w->plan }, &changed, err))
        return false;
    return changed == 1 || err_fail(err, ERR_NOT_FOUND, M_SHEET_GONE, NULL);
}

static void plan_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct planning *w = args;
    if (ok)
        req_redirect(rq, "/sheet/%lld", (long long)w->id);
    else
        req_fail(rq, err);
}

static struct str map_typed(struct req *rq)
{
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    for (int i = 0; i < TABLE_COLUMNS_MAX; i++) {
        struct str word = req_form(rq, arena_printf(rq->arena, "c%d", i).p);
        if (!word.p)
            break;
        buf_c(&b, i ? " " : "");
        buf_str(&b, word);
    }
    return b.n ? arena_str(rq->arena, buf_view(&b)) : STR_NULL;
}

void sheet_look_post(struct req *rq)
{
    struct planning *w = arena_new(rq->arena, struct planning);
    struct lying l;
    struct err err;
    int64_t year = 0;
    if (!lying_read(rq, &l, &err)) {
        req_fail(rq, &err);
        return;
    }
    struct sheet_plan plan = { .map = map_typed(rq), .kind = req_form(rq, "kind"), .source = req_form(rq, "source"), .received = req_form(rq, "received"),
                               .create = req_form(rq, "create").n > 0 };
    if (req_form(rq, "year").n && !num_range(req_form(rq, "year"), 1990, 2199, &year)) {
        err_fail(&err, ERR_INPUT, M_SHEET_BAD_YEAR, "year", A_STR(req_form(rq, "year")));
        show_look(rq, &l, 422, &err);
        return;
    }
    plan.year = (int)year;
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    plan_put(&b, &plan);
    *w = (struct planning){ l.id, arena_str(rq->arena, buf_view(&b)) };
    web_write(rq, plan_fn, w, plan_answer);
}

/* --- taken, or dropped ---------------------------------------------------------------------------------------------------------------- */

struct taking { struct sheet_take take; struct lying lying; struct sheet_result look; struct problems problems; };

static bool take_fn(struct txn *t, void *args, struct err *err)
{
    struct taking *w = args;
    return upload_lift(t, w->lying.id, w->lying.sha256, err) && sheet_take_fn(t, &w->take, err);
}

static void take_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    struct taking *w = args;
    buf_release(&w->look.copy);
    problems_release(&w->problems);
    if (ok)
        req_redirect(rq, "/entries");
    else if (err->kind == ERR_NOT_FOUND)
        req_fail(rq, err);
    else
        show_look(rq, &w->lying, err_http(err), err);
}

void sheet_take_post(struct req *rq)
{
    struct taking *w = arena_new(rq->arena, struct taking);
    struct err err;
    if (!lying_read(rq, &w->lying, &err)) {
        req_fail(rq, &err);
        return;
    }
    w->lying.plan.again = req_form(rq, "again").n > 0;
    struct sheet_ask ask = ask_of(rq, &w->lying);
    bool ok = sheet_look(&ask, &w->look, &w->problems, &err);
    if (!ok) {
        buf_release(&w->look.copy);
        problems_release(&w->problems);
        show_look(rq, &w->lying, err_http(&err), &err);
        return;
    }
    sheet_take_of(&ask, &w->look, &w->take);
    w->take.plan.seen = req_form(rq, "seen").p ? req_form(rq, "seen") : STR("");
    w->take.problems = &w->problems;
    web_write_alone(rq, take_fn, w, take_answer);
}

struct dropping { int64_t id; uint8_t sha256[32]; };

static bool drop_fn(struct txn *t, void *args, struct err *err)
{
    const struct dropping *d = args;
    return upload_lift(t, d->id, d->sha256, err);
}

static void drop_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    if (ok)
        req_redirect(rq, "/sheet");
    else
        req_fail(rq, err);
}

void sheet_drop_post(struct req *rq)
{
    struct dropping *d = arena_new(rq->arena, struct dropping);
    struct lying l;
    struct err err;
    if (!lying_read(rq, &l, &err)) {
        req_fail(rq, &err);
        return;
    }
    d->id = l.id;
    memcpy(d->sha256, l.sha256, sizeof d->sha256);
    web_write(rq, drop_fn, d, drop_answer);
}
