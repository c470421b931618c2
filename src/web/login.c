/* Coming and going. Hashing runs on the pool; a failure is counted by a write nobody waits for, so that an unknown login, which has nothing to
 * count, answers no sooner. The queue keeps its order: a right guess sent after it finds the failures before it counted (login_check). */
#include <string.h>

#include "messages.h"
#include "web/inner.h"

struct str web_local_path(struct str next)
{
    if (next.n == 0 || next.p[0] != '/' || (next.n > 1 && (next.p[1] == '/' || next.p[1] == '\\')))
        return STR("/");
    for (size_t i = 0; i < next.n; i++)
        if ((unsigned char)next.p[i] <= ' ' || next.p[i] == 0x7f)
            return STR("/");
    return next;
}

struct login {
    struct office office;
    struct login_record record;
    struct str password, next, agent;
    web_refused *refused;
    bool right;
    struct session_new session;
    /* change of password */
    struct str new_password;
    struct buf hash;
    const struct random *random;
    struct err err;
};

static void refuse(struct req *rq, struct login *l)
{
    struct err e;
    err_fail(&e, ERR_DENIED, M_PEOPLE_LOGIN_REFUSED, NULL);
    l->refused(rq, &e);
}

static bool start_fn(struct txn *t, void *args, struct err *err)
{
    struct login *l = args;
    return login_check(t, l->record.member_id, l->record.hash, err) && session_start(t, l->record.member_id, l->agent, &l->session, err);
}

static bool failed_fn(struct txn *t, void *args, struct err *err) { return login_failed(t, *(int64_t *)args, err); }

static void welcome(struct req *rq, void *args, bool ok, const struct err *err)
{
    struct login *l = args;
    if (!ok && err->kind == ERR_DENIED) {
        refuse(rq, l);
    } else if (!ok) {
        req_fail(rq, err);
    } else {
        auth_cookie(rq, l->office.code, l->session.secret);
        req_redirect(rq, "%.*s", STR_ARG(l->next));
    }
}

static void verify(void *args)
{
    struct login *l = args;
    if (l->record.found)
        l->right = password_verify(l->record.hash, l->password);
    else
        password_waste(l->password);
}

static void verified(struct req *rq, void *args)
{
    struct login *l = args;
    struct login_record *r = &l->record;
    bool locked = r->found && r->locked_until != INSTANT_NONE && r->locked_until > rq->now;
    if (l->right && !locked && !r->disabled) {
        web_write_as(rq, l->office.id, r->member_id, start_fn, l, welcome);
        return;
    }
    if (r->found && !locked && !l->right)
        write_later(rq, l->office.id, r->member_id, failed_fn, &r->member_id, sizeof r->member_id);
    refuse(rq, l);
}

/* The only office, or the one named. An unknown code is told like a wrong password; none at all is asked for. */
static bool pick_office(struct req *rq, struct str code, struct office *ret, struct err *err)
{
    struct office *list;
    size_t n;
    bool found;
    if (code.n)
        return office_find(rq->db, rq->arena, code, ret, &found, err) && (found || err_fail(err, ERR_DENIED, M_PEOPLE_LOGIN_REFUSED, NULL));
    if (!office_list(rq->db, rq->arena, &list, &n, err))
        return false;
    if (n != 1)
        return err_fail(err, ERR_INPUT, M_WEB_PICK_OFFICE, "office");
    *ret = list[0];
    return true;
}

static struct login *login_new(struct req *rq, struct str next, web_refused *refused)
{
    struct login *l = arena_new(rq->arena, struct login);
    l->next = web_local_path(next);
    l->agent = http_field(rq->http, "user-agent");
    l->refused = refused;
    return l;
}

void web_login(struct req *rq, struct str office, struct str login, struct str password, struct str next, web_refused *refused)
{
    struct login *l = login_new(rq, next, refused);
    struct err e;
    l->password = password.p ? password : STR("");
    if (!pick_office(rq, office, &l->office, &e) ||
        !login_lookup(rq->db, rq->arena, l->office.id, login.p ? login : STR(""), &l->record, &e))
        refused(rq, &e);
    else
        web_think(rq, verify, verified, l);
}

/* --- going ----------------------------------------------------------------------------------------------------------------- */

static bool end_fn(struct txn *t, void *digest, struct err *err) { return session_end(t, digest, err); }

static void gone(struct req *rq, void *args, bool ok, const struct err *err)
{
    if (!ok) {
        req_fail(rq, err);
        return;
    }
    auth_cookie(rq, STR_NULL, NULL);
    req_redirect(rq, "/login");
}

void web_logout(struct req *rq)
{
    if (rq->session)
        web_write(rq, end_fn, rq->session->digest, gone);
    else
        gone(rq, NULL, true, NULL);
}

/* --- a new password -------------------------------------------------------------------------------------------------------- */

/* The new one first: a refusal of it says nothing about the old one, so nobody can try that without being counted. */
static void hash_and_verify(void *args)
{
    struct login *l = args;
    l->right = password_hash(l->random, l->new_password, &l->hash, &l->err) && password_verify(l->record.hash, l->password);
}

static bool password_fn(struct txn *t, void *args, struct err *err)
{
    struct login *l = args;
    return login_check(t, l->record.member_id, l->record.hash, err) &&
           member_set_password(t, l->record.member_id, buf_view(&l->hash), false, err) &&
           session_start(t, l->record.member_id, l->agent, &l->session, err);
}

static void refuse_old(struct req *rq, struct login *l)
{
    err_fail(&l->err, ERR_INPUT, M_WEB_OLD_PASSWORD, "password");
    l->refused(rq, &l->err);
}

static void password_set(struct req *rq, void *args, bool ok, const struct err *err)
{
    struct login *l = args;
    buf_release(&l->hash);
    if (!ok && err->kind == ERR_DENIED)
        refuse_old(rq, l);                       /* locked: as if it were wrong */
    else
        welcome(rq, args, ok, err);
}

static void hashed(struct req *rq, void *args)
{
    struct login *l = args;
    if (l->right) {
        web_write(rq, password_fn, l, password_set);
    } else if (l->hash.n) {
        buf_release(&l->hash);
        write_later(rq, rq->actor->office_id, rq->actor->member_id, failed_fn, &rq->actor->member_id, sizeof rq->actor->member_id);
        refuse_old(rq, l);
    } else {
        l->refused(rq, &l->err);
    }
}

void web_password(struct req *rq, struct str old, struct str new, struct str next, web_refused *refused)
{
    struct login *l = login_new(rq, next, refused);
    struct err e;
    bool found;
    l->password = old.p ? old : STR("");
    l->new_password = new.p ? new : STR("");
    l->random = store_random(rq->store);
    if (!office_by_id(rq->db, rq->arena, rq->actor->office_id, &l->office, &found, &e) ||
        !login_lookup(rq->db, rq->arena, rq->actor->office_id, rq->actor->login, &l->record, &e))
        refused(rq, &e);
    else
        web_think(rq, hash_and_verify, hashed, l);
}
