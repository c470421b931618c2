/* Tokens for programs, and passwords for devices. Both are random secrets known here by their SHA-256. */
#include <stdio.h>

#include "base/json.h"
#include "messages.h"
#include "people/inside.h"
#include "people/member.h"
#include "people_queries.h"

enum { NAME_MAX_CHARS = 40 };

static bool journal_token(struct txn *t, const struct token_insert_in *in, struct err *err)
{
    _cleanup_(buf_release) struct buf after = BUF_INIT;
    json_obj(&after);
    json_put_int(&after, "member", in->member_id);
    json_put_str(&after, "name", in->name);
    json_put_bool(&after, "device", in->device);
    json_obj_end(&after);
    return people_journal(t, "token", in->id, "add", NULL, &after, err);
}

bool token_add(struct txn *t, int64_t member_id, struct str name, bool device, struct token_new *ret, struct err *err)
{
    struct member_actor_row member;
    struct office_row office;
    bool member_found, office_found;
    if (!people_check_text(name, NAME_MAX_CHARS, true, "name", err) ||
        !q_member_actor(t->db, t->arena, &(struct member_actor_in){ t->office_id, member_id }, &member, &member_found, err) ||
        !q_people_office_by_id(t->db, t->arena, &(struct people_office_by_id_in){ t->office_id }, &office, &office_found, err))
        return false;
    if (!member_found || !office_found)
        return err_fail(err, ERR_NOT_FOUND, M_PEOPLE_NO_MEMBER, NULL);
    uint8_t digest[DIGEST_BYTES];
    struct str secret = secret_make(t, digest);
    struct token_insert_in in = { t->office_id, txn_next_id(t), member_id, name, device, str_n((char *)digest, sizeof digest), t->at };
    if (!q_token_insert(t->db, &in, NULL, err) || !journal_token(t, &in, err))
        return false;
    ret->id = in.id;
    if (device)
        snprintf(ret->text, sizeof ret->text, "%.*s", STR_ARG(secret));
    else
        snprintf(ret->text, sizeof ret->text, "whs_%.*s_%.*s", STR_ARG(office.code), STR_ARG(secret));
    return true;
}

static bool owner(struct db *db, struct arena *a, int64_t office_id, struct str secret, struct token_owner_row *ret, bool *found, struct err *err)
{
    uint8_t digest[DIGEST_BYTES];
    *found = false;
    return !secret_digest(secret, digest) ||
           q_token_by_digest(db, a, &(struct token_by_digest_in){ office_id, str_n((char *)digest, sizeof digest) }, ret, found, err);
}

bool token_find(struct db *db, struct arena *a, struct str token, int64_t *office_id, int64_t *member_id, bool *found, struct err *err)
{
    struct office office;
    struct token_owner_row row;
    struct str rest;
    *found = false;
    if (!str_starts(token, STR("whs_")))
        return true;
    struct str code = str_cut(str_sub(token, 4, token.n), '_', &rest);      /* office codes have no '_', secrets may */
    if (!office_find(db, a, code, &office, found, err))
        return false;
    if (!*found)
        return true;
    if (!owner(db, a, office.id, rest, &row, found, err))
        return false;
    *found = *found && !row.device;
    if (*found) {
        *office_id = office.id;
        *member_id = row.member_id;
    }
    return true;
}

bool device_find(struct db *db, struct arena *a, int64_t office_id, struct str login, struct str secret, int64_t *member_id, bool *found,
                 struct err *err)
{
    struct token_owner_row row;
    if (!owner(db, a, office_id, secret, &row, found, err))
        return false;
    *found = *found && row.device && str_eq(row.login, login);
    if (*found)
        *member_id = row.member_id;
    return true;
}

bool token_revoke(struct txn *t, int64_t token_id, struct err *err)
{
    struct token_row row;
    bool found;
    if (!q_token_by_id(t->db, t->arena, &(struct token_by_id_in){ t->office_id, token_id }, &row, &found, err))
        return false;
    if (!found)
        return err_fail(err, ERR_NOT_FOUND, M_PEOPLE_NO_TOKEN, NULL);
    return q_token_update_revoked(t->db, &(struct token_update_revoked_in){ t->office_id, token_id, t->at }, NULL, err) &&
           people_journal(t, "token", token_id, "revoke", NULL, NULL, err);
}

bool token_list(struct db *db, struct arena *a, int64_t office_id, int64_t member_id, struct token **ret, size_t *n, struct err *err)
{
    struct token_row *rows;
    size_t count;
    if (!q_token_of_member(db, a, &(struct token_of_member_in){ office_id, member_id }, &rows, &count, err))
        return false;
    struct token *list = arena_array(a, struct token, count);
    for (size_t i = 0; i < count; i++)
        list[i] = (struct token){ rows[i].id, rows[i].member_id, rows[i].name, rows[i].device, rows[i].created_at };
    *ret = list;
    *n = count;
    return true;
}
