/* Sessions: random secrets in a cookie, known here by their SHA-256. Coming and going is journalled, being seen is not. */
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "messages.h"
#include "people/inside.h"
#include "people/member.h"
#include "people_queries.h"

enum { AGENT_MAX = 200 };

static bool journal_login(struct txn *t, int64_t member_id, struct str agent, struct err *err)
{
    _cleanup_(buf_release) struct buf after = BUF_INIT;
    json_obj(&after);
    json_put_str(&after, "agent", agent);
    json_obj_end(&after);
    return people_journal(t, "member", member_id, "login", NULL, &after, err);
}

bool session_start(struct txn *t, int64_t member_id, struct str agent, struct session_new *ret, struct err *err)
{
    struct member_lock_row row;
    bool found;
    if (!q_member_lock_state(t->db, t->arena, &(struct member_lock_state_in){ t->office_id, member_id }, &row, &found, err))
        return false;
    if (!found)
        return err_fail(err, ERR_NOT_FOUND, M_PEOPLE_NO_MEMBER, NULL);
    uint8_t digest[DIGEST_BYTES], unused[DIGEST_BYTES];
    struct str secret = secret_make(t, digest), csrf = secret_make(t, unused);
    agent = utf8_valid(agent, NULL) && agent.p ? utf8_cut(agent, AGENT_MAX) : STR("");
    struct session_insert_in in = { t->office_id, str_n((char *)digest, sizeof digest), member_id, csrf, t->at, t->at + SESSION_MS, agent };
    if (!q_session_insert(t->db, &in, NULL, err))
        return false;
    if (row.failed && !q_member_update_lock(t->db, &(struct member_update_lock_in){ t->office_id, member_id, 0, INSTANT_NONE }, NULL, err))
        return false;
    if (!journal_login(t, member_id, agent, err))
        return false;
    memcpy(ret->secret, secret.p, SECRET_TEXT);
    memcpy(ret->csrf, csrf.p, SECRET_TEXT);
    return true;
}

static bool by_digest(struct db *db, struct arena *a, int64_t office_id, const uint8_t digest[32], instant_t now, struct session_row *row,
                      bool *found, struct err *err)
{
    bool hit;
    if (!q_session_by_digest(db, a, &(struct session_by_digest_in){ office_id, str_n((const char *)digest, DIGEST_BYTES) }, row, &hit, err))
        return false;
    *found = hit && row->expires_at > now && row->seen_at + SESSION_IDLE_MS > now;
    return true;
}

bool session_holds(struct db *db, struct arena *a, int64_t office_id, const uint8_t digest[32], instant_t now, bool *holds, struct err *err)
{
    struct session_row row;
    return by_digest(db, a, office_id, digest, now, &row, holds, err);
}

bool session_find(struct db *db, struct arena *a, int64_t office_id, struct str secret, instant_t now, struct session *ret, bool *found,
                  struct err *err)
{
    struct session s = { 0 };
    struct session_row row;
    *found = false;
    if (secret_digest(secret, s.digest) && !by_digest(db, a, office_id, s.digest, now, &row, found, err))
        return false;
    if (*found) {
        s.member_id = row.member_id;
        s.csrf = row.csrf;
        s.seen_at = row.seen_at;
        s.expires_at = row.expires_at;
        *ret = s;
    }
    return true;
}

bool session_touch(struct txn *t, const uint8_t digest[32], struct err *err)
{
    return q_session_update_seen(t->db, &(struct session_update_seen_in){ t->office_id, str_n((const char *)digest, DIGEST_BYTES), t->at }, NULL, err);
}

bool session_end(struct txn *t, const uint8_t digest[32], struct err *err)
{
    struct str d = str_n((const char *)digest, DIGEST_BYTES);
    struct session_row row;
    bool found;
    if (!q_session_by_digest(t->db, t->arena, &(struct session_by_digest_in){ t->office_id, d }, &row, &found, err))
        return false;
    if (!found)
        return true;
    return q_session_delete(t->db, &(struct session_delete_in){ t->office_id, d }, NULL, err) &&
           people_journal(t, "member", row.member_id, "logout", NULL, NULL, err);
}

bool session_sweep(struct txn *t, struct err *err)
{
    return q_session_delete_expired(t->db, &(struct session_delete_expired_in){ t->office_id, t->at }, NULL, err);
}

bool session_end_all(struct txn *t, int64_t member_id, struct err *err)
{
    return q_session_delete_member(t->db, &(struct session_delete_member_in){ t->office_id, member_id }, NULL, err);
}
