/* A sheet that was laid before a member: it lies there until it is taken or dropped, a day at most. */
#include <string.h>

#include "office/sheet/inside.h"
#include "store/blob.h"
#include "store/job.h"
#include "store/runner.h"

#define UPLOAD_JOB "sheet_upload"
enum { KEPT_MS = 24 * 3600 * 1000 };

bool upload_lay(struct txn *t, struct str name, const uint8_t sha256[32], int64_t *ret, struct err *err)
{
    *ret = txn_next_id(t);
    const struct upload_add_in in = { t->office_id, *ret, t->actor_id, t->at, name, str_n((const char *)sha256, 32) };
    return blob_ref(t, sha256, 1, err) && q_upload_add(t->db, &in, NULL, err) && job_put(t, STR(UPLOAD_JOB), *ret, t->at + KEPT_MS, err);
}

/* The row and what it held. */
static bool take_away(struct txn *t, int64_t id, const uint8_t sha256[32], bool *there, struct err *err)
{
    int64_t changed;
    if (!q_upload_drop(t->db, &(struct upload_drop_in){ t->office_id, id }, &changed, err))
        return false;
    *there = changed == 1;
    return !*there || blob_ref(t, sha256, -1, err);
}

bool upload_lift(struct txn *t, int64_t id, const uint8_t sha256[32], struct err *err)
{
    bool there;
    return take_away(t, id, sha256, &there, err) && (there || err_fail(err, ERR_NOT_FOUND, M_SHEET_GONE, NULL)) && job_cancel(t, STR(UPLOAD_JOB), id, err);
}

static bool forget(struct txn *t, void *args, struct err *err)
{
    const int64_t *id = args;
    struct upload_bytes_row row;
    uint8_t sha256[32];
    bool found;
    if (!q_upload_bytes(t->db, t->arena, &(struct upload_bytes_in){ t->office_id, *id }, &row, &found, err))
        return false;
    if (!found)
        return true;
    memcpy(sha256, row.sha256.p, sizeof sha256);
    return take_away(t, *id, sha256, &found, err);
}

static bool run(struct job_run *r, struct err *err) { return job_finish(r, forget, &r->job.subject, NULL, err); }

const struct job_kind sheet_job = { UPLOAD_JOB, M_SHEET_JOB, run };
