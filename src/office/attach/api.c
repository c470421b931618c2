/* GET, POST /api/v1/entries/{number}/attachments; GET …/{id} is the file itself; POST …/{id}/remove. */
#include "base/num.h"
#include "calendar/date_json.h"
#include "messages.h"
#include "office/attach/inside.h"

static void put_attachment(struct buf *b, const struct attachment *x)
{
    struct buf hex _cleanup_(buf_release) = BUF_INIT;
    bool gone = x->removed_at != INSTANT_NONE;
    buf_hex(&hex, x->sha256.p, x->sha256.n);
    json_obj(b);
    json_put_int(b, "id", x->id);
    json_put_str(b, "name", x->name);
    json_put_str(b, "type", str_c(file_kind(x->type)->key));
    json_put_int(b, "size", x->size);
    json_put_str(b, "sha256", buf_view(&hex));
    json_put_bool(b, "scan", x->scan);
    json_put_instant(b, "at", x->at);
    json_put_str(b, "by", x->who);
    json_put_instant(b, "removed_at", x->removed_at);
    json_put_str(b, "removed_by", gone ? x->remover : STR_NULL);
    json_put_str(b, "reason", gone ? x->reason : STR_NULL);
    json_obj_end(b);
}

static void answer_all(struct req *rq, int status)
{
    struct buf out _cleanup_(buf_release) = BUF_INIT;
    struct entry e;
    struct attachment *list;
    struct err err;
    size_t n;
    if (!entry_fetch(rq->db, rq->arena, rq->actor, rq->args[0], &e, &err) ||
        !attach_list(rq->db, rq->arena, rq->actor->office_id, ENTRY_OWNER(&e), &list, &n, &err))
        return req_fail(rq, &err);
    json_arr(&out);
    for (size_t i = 0; i < n; i++)
        put_attachment(&out, &list[i]);
    json_arr_end(&out);
    req_json(rq, status, &out);
}

void attach_api_all(struct req *rq) { answer_all(rq, 200); }

static void uploaded(struct req *rq, struct upload *u, const struct err *err)
{
    (void)u;
    if (err)
        req_fail(rq, err);
    else
        answer_all(rq, 201);
}

void attach_api_post(struct req *rq) { attach_upload(rq, uploaded); }

static void removed(struct req *rq, void *args, bool ok, const struct err *err)
{
    (void)args;
    if (ok)
        answer_all(rq, 200);
    else
        req_fail(rq, err);
}

void attach_api_remove(struct req *rq)
{
    struct removal *r = arena_new(rq->arena, struct removal);
    struct jvalue body;
    struct err err;
    r->number = rq->args[0];
    if (!num_range(rq->args[1], 1, INT64_MAX, &r->id)) {
        err_fail(&err, ERR_NOT_FOUND, M_ATTACH_NOT_FOUND, NULL);
        req_fail(rq, &err);
    } else if (!req_json_in(rq, &body, &err) || !jonly(&body, "reason", &err) || !jget_text(&body, "reason", &r->reason, &err)) {
        req_fail(rq, &err);
    } else {
        r->reason = r->reason.p ? r->reason : STR("");
        web_write(rq, attach_remove_fn, r, removed);
    }
}

const struct schema attach_schemas[ATTACH_SCHEMAS] = {
    { "Attachment", "id:int! name:text! type:text! size:int! sha256:text! scan:bool! at:instant! by:text! removed_at:instant?! removed_by:text?! reason:text?!" },
    { "AttachmentInput", "file:text! scan:bool" },
    { "AttachmentRemoval", "reason:text!" },
};
