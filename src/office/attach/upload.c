/* From a form with files to rows: what pages and API share. The bytes lie in the request; a worker looks at them, the pool puts them into the database part by part, so
 * that neither loop nor worker nor writer is held, and one small write makes the rows. */
#include "base/num.h"
#include "messages.h"
#include "office/attach/inside.h"
#include "store/blob.h"

static bool add_fn(struct txn *t, void *args, struct err *err)
{
    struct upload *u = args;
    struct actor actor;
    return web_actor(t, &actor, err) && attach_to_entry(t, &actor, u->number, u->file, (const uint8_t (*)[32])u->sha256, u->n, u->id, err);
}

static void added(struct req *rq, void *args, bool ok, const struct err *err)
{
    struct upload *u = args;
    u->then(rq, u, ok ? NULL : err);
}

static void put_blobs(void *args)
{
    struct upload *u = args;
    u->ok = true;
    for (size_t i = 0; i < u->n && u->ok; i++)
        u->ok = blob_put(u->store, u->office_id, u->member_id, u->file[i].bytes, u->sha256[i], &u->err);
}

static void blobs_put(struct req *rq, void *args)
{
    struct upload *u = args;
    if (u->ok)
        web_write(rq, add_fn, u, added);
    else
        u->then(rq, u, &u->err);
}

static bool prepare(struct req *rq, struct upload *u, struct err *err)
{
    struct entry e;
    size_t n;
    int64_t max_mb, max_count;
    enum file_type type;
    const struct req_file *f = req_files(rq, &n);
    bool scan = str_eqc(req_form(rq, "scan"), "true");
    if (!entry_fetch(rq->db, rq->arena, rq->actor, u->number, &e, err) || !attach_may_add(rq->actor, &e, scan, err))
        return false;
    if (n == 0)
        return err_fail(err, ERR_INPUT, M_ATTACH_NONE_CHOSEN, "file");
    if (!attach_limits(rq->db, rq->arena, rq->actor->office_id, &max_mb, &max_count, err))
        return false;
    u->file = arena_array(rq->arena, struct attach_file, n);
    for (size_t i = 0; i < n; i++) {
        u->file[i] = (struct attach_file){ f[i].name, f[i].bytes, scan };
        if (!attach_check(&u->file[i], max_mb, &type, err))
            return false;
    }
    u->n = n;
    u->sha256 = arena_zalloc(rq->arena, n * sizeof *u->sha256);
    u->id = arena_array(rq->arena, int64_t, n);
    return true;
}

void attach_upload(struct req *rq, void (*then)(struct req *rq, struct upload *u, const struct err *err))
{
    struct upload *u = arena_new(rq->arena, struct upload);
    struct err err;
    *u = (struct upload){ .number = rq->args[0], .store = rq->store, .office_id = rq->actor->office_id, .member_id = rq->actor->member_id, .then = then };
    if (prepare(rq, u, &err))
        web_toil(rq, put_blobs, blobs_put, u);
    else
        then(rq, u, &err);
}

bool attach_remove_fn(struct txn *t, void *args, struct err *err)
{
    const struct removal *r = args;
    struct actor actor;
    return web_actor(t, &actor, err) && attach_remove_from_entry(t, &actor, r->number, r->id, r->reason, err);
}

bool attach_of_path(struct req *rq, struct entry *e, struct attachment *x, struct err *err)
{
    int64_t id;
    if (!entry_fetch(rq->db, rq->arena, rq->actor, rq->args[0], e, err))
        return false;
    if (!num_range(rq->args[1], 1, INT64_MAX, &id))
        return err_fail(err, ERR_NOT_FOUND, M_ATTACH_NOT_FOUND, NULL);
    return attach_find(rq->db, rq->arena, rq->actor->office_id, ENTRY_OWNER(e), id, x, err);
}

void attach_file_get(struct req *rq)
{
    struct entry e;
    struct attachment x;
    struct buf bytes = BUF_INIT;
    struct err err;
    if (!attach_of_path(rq, &e, &x, &err) || !attach_bytes(rq->db, rq->actor->office_id, &x, &bytes, &err)) {
        buf_release(&bytes);
        return req_fail(rq, &err);
    }
    const struct file_kind *kind = file_kind(x.type);
    bool show = req_query(rq, "show").n > 0 && ((kind->is & FILE_IMAGE) || x.type == FILE_PDF);
    req_file(rq, &bytes, kind->mime, x.name, show, !(show && x.type == FILE_PDF));
}
