/* Rows of attachments, their references and their lines in the journal. */
#include <string.h>

#include "base/json.h"
#include "base/num.h"
#include "messages.h"
#include "office/attach/inside.h"
#include "office/entry/entry_rules.h"
#include "people/member.h"
#include "store/blob.h"
#include "store/journal.h"

bool attach_limits(struct db *db, struct arena *a, int64_t office_id, int64_t *max_mb, int64_t *max_count, struct err *err)
{
    static const char *const NAMES[2] = { "attach.max_mb", "attach.max_count" };
    struct str v[2] = { STR_NULL, STR_NULL };
    if (!setting_two(db, a, office_id, NAMES, v, err))
        return false;
    if (!v[0].p || !num_range(v[0], 1, ATTACH_MAX_MB, max_mb))
        *max_mb = ATTACH_MAX_MB;
    if (!v[1].p || !num_range(v[1], 1, 1000, max_count))
        *max_count = ATTACH_MAX_COUNT;
    return true;
}

/* --- reading ------------------------------------------------------------------------------------------------------------------------ */

static struct str name_of(struct arena *a, struct str who, struct str deputy)
{
    return deputy.n ? arena_printf(a, "%.*s（代%.*s）", STR_ARG(who), STR_ARG(deputy)) : who.p ? who : STR("");
}

bool attach_list(struct db *db, struct arena *a, int64_t office_id, struct attach_owner owner, struct attachment **ret, size_t *n, struct err *err)
{
    struct attachment_row *rows;
    if (!q_attachment_list(db, a, &(struct attachment_list_in){ office_id, str_c(owner.kind), owner.id }, &rows, n, err))
        return false;
    struct attachment *list = arena_array(a, struct attachment, *n + 1);
    for (size_t i = 0; i < *n; i++) {
        const struct attachment_row *r = &rows[i];
        list[i] = (struct attachment){ r->id, r->name, file_by_key(r->type), r->size, r->sha256, r->scan, r->at, r->actor_id, name_of(a, r->who, r->deputy),
                                       r->removed_at, r->remover, r->reason };
    }
    *ret = list;
    return true;
}

bool attach_find(struct db *db, struct arena *a, int64_t office_id, struct attach_owner owner, int64_t id, struct attachment *ret, struct err *err)
{
    struct attachment *list;
    size_t n;
    if (!attach_list(db, a, office_id, owner, &list, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (list[i].id == id && list[i].removed_at == INSTANT_NONE) {
            *ret = list[i];
            return true;
        }
    return err_fail(err, ERR_NOT_FOUND, M_ATTACH_NOT_FOUND, NULL);
}

static bool add_part(void *ctx, struct str part)
{
    buf_str(ctx, part);
    return true;
}

bool attach_bytes(struct db *db, int64_t office_id, const struct attachment *x, struct buf *ret, struct err *err)
{
    uint8_t sha256[32] = { 0 };
    memcpy(sha256, x->sha256.p, x->sha256.n < sizeof sha256 ? x->sha256.n : sizeof sha256);
    return blob_get(db, office_id, sha256, add_part, ret, NULL, err);
}

/* --- writing ------------------------------------------------------------------------------------------------------------------------ */

static bool journal(struct txn *t, int64_t id, const char *verb, const struct buf *before, const struct buf *after, struct err *err)
{
    const struct journal_line line = { .day = DAY_NONE, .entity = STR("attachment"), .entity_id = id, .verb = str_c(verb), .before = buf_view(before),
                                       .after = buf_view(after) };
    return journal_add(t, &line, err);
}

/* Room for n more, and none of the same bytes twice: of those there and among each other. */
static bool check_others(struct txn *t, struct attach_owner owner, const struct attach_file *f, const uint8_t (*sha256)[32], size_t n, int64_t max_count, struct err *err)
{
    struct attachment *list;
    size_t old;
    int64_t there = 0;
    if (!attach_list(t->db, t->arena, t->office_id, owner, &list, &old, err))
        return false;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < old + i; k++) {
            bool live = k >= old || list[k].removed_at == INSTANT_NONE;
            there += live && i == 0;
            if (live && memcmp(k < old ? list[k].sha256.p : (const char *)sha256[k - old], sha256[i], 32) == 0)
                return err_fail(err, ERR_CONFLICT, M_ATTACH_SAME, "file", A_STR(f[i].name), A_STR(k < old ? list[k].name : f[k - old].name));
        }
    return there + (int64_t)n <= max_count || err_fail(err, ERR_LIMIT, M_ATTACH_TOO_MANY, "file", A_INT(max_count));
}

static bool add_one(struct txn *t, struct attach_owner owner, const struct attach_file *f, enum file_type type, const uint8_t sha256[32], int64_t *ret, struct err *err)
{
    struct attachment_insert_in in = { t->office_id, txn_next_id(t), str_c(owner.kind), owner.id, f->name, str_c(file_kind(type)->key), (int64_t)f->bytes.n,
                                       str_n((const char *)sha256, 32), f->scan, t->at, t->actor_id, t->deputy_of };
    struct buf after _cleanup_(buf_release) = BUF_INIT, hex _cleanup_(buf_release) = BUF_INIT, none = BUF_INIT;
    buf_hex(&hex, sha256, 32);
    json_obj(&after);
    json_put_str(&after, "owner", in.owner);
    json_put_int(&after, "owner_id", in.owner_id);
    json_put_str(&after, "name", in.name);
    json_put_str(&after, "type", in.type);
    json_put_int(&after, "size", in.size);
    json_put_str(&after, "sha256", buf_view(&hex));
    json_put_bool(&after, "scan", in.scan);
    json_obj_end(&after);
    *ret = in.id;
    return blob_ref(t, sha256, 1, err) && q_attachment_insert(t->db, &in, NULL, err) && journal(t, in.id, "add", &none, &after, err);
}

bool attach_add(struct txn *t, struct attach_owner owner, const struct attach_file *f, const uint8_t (*sha256)[32], size_t n, int64_t *ids, struct err *err)
{
    int64_t max_mb, max_count;
    enum file_type *type = arena_array(t->arena, enum file_type, n + 1);
    if (!attach_limits(t->db, t->arena, t->office_id, &max_mb, &max_count, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!attach_check(&f[i], max_mb, &type[i], err))
            return false;
    if (!check_others(t, owner, f, sha256, n, max_count, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!add_one(t, owner, &f[i], type[i], sha256[i], &ids[i], err))
            return false;
    return true;
}

bool attach_remove(struct txn *t, struct attach_owner owner, int64_t id, struct str reason, struct err *err)
{
    struct attachment x;
    struct buf before _cleanup_(buf_release) = BUF_INIT, after _cleanup_(buf_release) = BUF_INIT;
    reason = str_trim(reason);
    if (!attach_find(t->db, t->arena, t->office_id, owner, id, &x, err) || !entry_text_check(reason, "reason", M_FIELD_REASON, ATTACH_REASON_CHARS, err))
        return false;
    json_obj(&before);
    json_put_str(&before, "name", x.name);
    json_obj_end(&before);
    json_obj(&after);
    json_put_str(&after, "reason", reason);
    json_obj_end(&after);
    uint8_t sha256[32];
    memcpy(sha256, x.sha256.p, sizeof sha256);
    return q_attachment_remove(t->db, &(struct attachment_remove_in){ t->office_id, id, t->at, t->actor_id, reason }, NULL, err) &&
           blob_ref(t, sha256, -1, err) && journal(t, id, "remove", &before, &after, err);
}

/* --- beside an entry ------------------------------------------------------------------------------------------------------------------ */

/* In whose stead the first seat that gives the right is held. */
static int64_t stead_of(const struct actor *actor, const struct entry *e)
{
    struct actor one = *actor;
    for (int i = 0; i < actor->n_parties; i++) {
        one.n_parties = 1;
        one.parties[0] = actor->parties[i];
        if (rules_sides(&one, e) & (SIDE_SECTION | SIDE_UNIT | SIDE_ASSIST))
            return actor->stead[i];
    }
    return 0;
}

bool attach_to_entry(struct txn *t, const struct actor *actor, struct str number, const struct attach_file *f, const uint8_t (*sha256)[32], size_t n, int64_t *ids,
                     struct err *err)
{
    struct entry e;
    if (!entry_fetch(t->db, t->arena, actor, number, &e, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!attach_may_add(actor, &e, f[i].scan, err))
            return false;
    t->deputy_of = stead_of(actor, &e);
    return attach_add(t, ENTRY_OWNER(&e), f, sha256, n, ids, err);
}

bool attach_remove_from_entry(struct txn *t, const struct actor *actor, struct str number, int64_t id, struct str reason, struct err *err)
{
    struct entry e;
    struct attachment x;
    if (!entry_fetch(t->db, t->arena, actor, number, &e, err) || !attach_find(t->db, t->arena, t->office_id, ENTRY_OWNER(&e), id, &x, err) ||
        !attach_may_remove(actor, &e, &x, err))
        return false;
    t->deputy_of = stead_of(actor, &e);
    return attach_remove(t, ENTRY_OWNER(&e), id, reason, err);
}
