/* The block on an entry's page, the page of all attachments, one with a look into it, the limits. */
#include <string.h>

#include "attach_html.h"
#include "base/num.h"
#include "base/utf8.h"
#include "messages.h"
#include "office/attach/inside.h"
#include "office/attach/page.h"

enum { SHA_SHOWN = 12 };

static struct str size_words(struct req *rq, int64_t n)
{
    if (n < 1024)
        return arena_printf(rq->arena, "%lld B", (long long)n);
    if (n < 1024 * 1024)
        return arena_printf(rq->arena, "%lld KB", (long long)((n + 512) / 1024));
    return arena_printf(rq->arena, "%lld.%lld MB", (long long)(n / 1024 / 1024), (long long)(n % (1024 * 1024) * 10 / 1024 / 1024));
}

static struct str upper(struct req *rq, struct str s)
{
    s = arena_str(rq->arena, s);
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= 'a' && s.p[i] <= 'z')
            ((char *)s.p)[i] = (char)(s.p[i] - 32);
    return s;
}

/* PDF, DOCX; of a kind nobody knows what its name says. */
static struct str type_word(struct req *rq, const struct attachment *x)
{
    struct str extension = file_extension(x->name);
    if ((x->type == FILE_TEXT || x->type == FILE_GB18030) && !extension.p)
        return STR("TXT");
    bool vague = x->type == FILE_TEXT || x->type == FILE_GB18030 || x->type == FILE_UNKNOWN || x->type == FILE_OLE || x->type == FILE_LOCKED || x->type == FILE_ODF || x->type == FILE_AUDIO || x->type == FILE_VIDEO;
    return vague ? upper(rq, extension.p && extension.n <= 8 ? extension : STR("")) : upper(rq, str_c(file_kind(x->type)->key));
}

static struct str sha_hex(struct req *rq, struct str sha256)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    buf_hex(&b, sha256.p, sha256.n);
    return arena_str(rq->arena, buf_view(&b));
}

static void make_row(struct req *rq, struct str number, const struct attachment *x, struct attach_row_view *v)
{
    *v = (struct attach_row_view){ .number = number, .name = x->name, .type = type_word(rq, x), .size = size_words(rq, x->size), .who = x->who,
                                   .sha = str_sub(sha_hex(rq, x->sha256), 0, SHA_SHOWN), .remover = x->remover, .reason = x->reason, .id = x->id, .at = x->at,
                                   .removed_at = x->removed_at, .scan = x->scan, .gone = x->removed_at != INSTANT_NONE };
}

/* all: the removed ones too. */
static bool make_list(struct req *rq, const struct entry *e, bool all, struct attach_list_view *v, struct err *err)
{
    struct attachment *list;
    size_t n;
    int64_t max_mb, max_count;
    if (!attach_list(rq->db, rq->arena, rq->actor->office_id, ENTRY_OWNER(e), &list, &n, err))
        return false;
    v->number = e->number;
    v->title = e->title;
    v->rows = arena_array(rq->arena, struct attach_row_view, n + 1);
    for (size_t i = 0; i < n; i++) {
        bool gone = list[i].removed_at != INSTANT_NONE;
        *(gone ? &v->n_gone : &v->n_there) += 1;
        if (all || !gone)
            make_row(rq, e->number, &list[i], &v->rows[v->n++]);
    }
    v->may_add = attach_may_add(rq->actor, e, false, NULL);
    v->form = (struct attach_form_view){ .number = e->number, .csrf = rq->csrf, .scan = v->may_add && attach_may_add(rq->actor, e, true, NULL),
                                         .limits = FACE_SAY(rq, M_ATTACH_NOT_TAKEN) };
    if (!v->may_add || !all)                     /* the block costs one statement */
        return true;
    if (!attach_limits(rq->db, rq->arena, rq->actor->office_id, &max_mb, &max_count, err))
        return false;
    v->form.limits = FACE_SAY(rq, M_ATTACH_LIMITS, A_INT(max_mb), A_INT(max_count));
    return true;
}

bool attach_block(struct req *rq, const struct entry *e, struct html *out, struct err *err)
{
    struct attach_list_view *v = arena_new(rq->arena, struct attach_list_view);
    if (!make_list(rq, e, false, v, err))
        return false;
    if (v->may_add || v->n_there || v->n_gone)
        html_attach_block(out, v);
    return true;
}

/* --- the page of all ------------------------------------------------------------------------------------------------------------------ */

static void show_list(struct req *rq, int status, const struct err *why)
{
    struct attach_list_view *v = arena_new(rq->arena, struct attach_list_view);
    struct entry e;
    struct err err;
    if (!entry_fetch(rq->db, rq->arena, rq->actor, rq->args[0], &e, &err) || !make_list(rq, &e, true, v, &err))
        return req_fail(rq, &err);
    v->why = face_sentence(rq, why);
    face_frame(rq, &v->frame, "/entries", FACE_SAY(rq, M_ATTACH_TITLE));
    struct html out = req_page(rq);
    html_attach_list(&out, v);
    req_html(rq, status, &out);
}

void attach_list_get(struct req *rq) { show_list(rq, 200, NULL); }

static void uploaded(struct req *rq, struct upload *u, const struct err *err)
{
    if (err && err->kind == ERR_NOT_FOUND)
        req_fail(rq, err);
    else if (err)
        show_list(rq, err_http(err), err);
    else
        req_redirect(rq, "/entries/%.*s#attachments", STR_ARG(face_percent(rq, u->number)));
}

void attach_upload_post(struct req *rq) { attach_upload(rq, uploaded); }

/* --- one ------------------------------------------------------------------------------------------------------------------------------- */

static void show_one(struct req *rq, int status, const struct err *why)
{
    struct attach_view *v = arena_new(rq->arena, struct attach_view);
    struct attachment x;
    struct entry e;
    struct err err;
    if (!attach_of_path(rq, &e, &x, &err) || !attach_look(rq, &x, v, &err))
        return req_fail(rq, &err);
    make_row(rq, e.number, &x, &v->row);
    v->title = e.title;
    v->sha_whole = sha_hex(rq, x.sha256);
    v->may_remove = attach_may_remove(rq->actor, &e, &x, NULL);
    v->reason = (struct field){ .form = "r", .name = "reason", .label = M_FIELD_REASON, .type = "text", .must = true, .css = "" };
    if (why) {
        face_typed(rq, &v->reason);
        face_problems(rq, &v->reason, 1, NULL, why);
        v->why = face_sentence(rq, why);
    }
    face_frame(rq, &v->frame, "/entries", x.name);
    struct html out = req_page(rq);
    html_attach_view(&out, v);
    req_html(rq, status, &out);
}

void attach_view_get(struct req *rq) { show_one(rq, 200, NULL); }

static void removed(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct removal *r = args;
    if (ok)
        req_redirect(rq, "/entries/%.*s#attachments", STR_ARG(face_percent(rq, r->number)));
    else if (err->kind == ERR_NOT_FOUND)
        req_fail(rq, err);
    else
        show_one(rq, err_http(err), err);
}

void attach_remove_post(struct req *rq)
{
    struct removal *r = arena_new(rq->arena, struct removal);
    struct err err;
    struct str reason = req_form(rq, "reason");
    *r = (struct removal){ .number = rq->args[0], .reason = reason.p ? reason : STR("") };
    if (num_range(rq->args[1], 1, INT64_MAX, &r->id))
        web_write(rq, attach_remove_fn, r, removed);
    else
        req_fail(rq, (err_fail(&err, ERR_NOT_FOUND, M_ATTACH_NOT_FOUND, NULL), &err));
}

/* --- limits ------------------------------------------------------------------------------------------------------------------------------ */

static const struct { const char *name, *setting; int label, max; } LIMITS[2] = {
    { "max_mb", "attach.max_mb", M_FIELD_MAX_MB, ATTACH_MAX_MB }, { "max_count", "attach.max_count", M_FIELD_MAX_COUNT, 1000 },
};

static void show_settings(struct req *rq, int status, const struct err *why)
{
    struct attach_settings_view *v = arena_new(rq->arena, struct attach_settings_view);
    int64_t limit[2];
    struct err err;
    if (!attach_limits(rq->db, rq->arena, rq->actor->office_id, &limit[0], &limit[1], &err))
        return req_fail(rq, &err);
    v->n = 2;
    for (int i = 0; i < 2; i++) {
        v->field[i] = (struct field){ .form = "a", .name = LIMITS[i].name, .label = LIMITS[i].label, .type = "number", .must = true, .css = "",
                                      .value = arena_printf(rq->arena, "%lld", (long long)limit[i]) };
        if (why)
            face_typed(rq, &v->field[i]);
    }
    face_problems(rq, v->field, 2, NULL, why);
    v->why = face_unplaced(rq, v->field, 2, NULL, why);
    face_frame(rq, &v->frame, "/settings", FACE_SAY(rq, M_ATTACH_SETTINGS));
    struct html out = req_page(rq);
    html_attach_settings(&out, v);
    req_html(rq, status, &out);
}

void attach_settings_get(struct req *rq) { show_settings(rq, 200, NULL); }

struct limits_write { struct str value[2]; };

static bool limits_fn(struct txn *t, void *args, struct err *err)
{
    const struct limits_write *w = args;
    for (int i = 0; i < 2; i++) {
        int64_t v;
        if (!num_range(w->value[i], 1, LIMITS[i].max, &v))
            return err_fail(err, ERR_INPUT, M_ATTACH_BAD_LIMIT, LIMITS[i].name, A_MSG(LIMITS[i].label), A_INT(LIMITS[i].max));
    }
    return setting_set(t, LIMITS[0].setting, w->value[0], err) && setting_set(t, LIMITS[1].setting, w->value[1], err);
}

static void limits_set(struct req *rq, void *args, bool ok, const struct err *err)
{
    (void)args;
    if (ok)
        req_redirect(rq, "/settings");
    else
        show_settings(rq, err_http(err), err);
}

void attach_settings_post(struct req *rq)
{
    struct limits_write *w = arena_new(rq->arena, struct limits_write);
    for (int i = 0; i < 2; i++) {
        struct str s = req_form(rq, LIMITS[i].name);
        w->value[i] = s.p ? s : STR("");
    }
    web_write(rq, limits_fn, w, limits_set);
}
