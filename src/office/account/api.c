/* GET /api/v1/users: who is there, in the official order, so that a program can name an officer. No credential, no telephone number. */
#include "base/json.h"
#include "office/account/account.h"

static void put_member(struct req *rq, struct buf *b, const struct member *m)
{
    json_obj(b);
    json_put_str(b, "user", m->login);
    json_put_str(b, "name", m->name);
    json_key(b, "roles");
    json_arr(b);
    for (struct str rest = roles_code(rq->arena, m->roles); rest.p;)
        json_str(b, str_cut(rest, ';', &rest));
    json_arr_end(b);
    json_put_str(b, "home", m->home_name);
    json_put_bool(b, "disabled", m->disabled);
    json_obj_end(b);
}

void users_api(struct req *rq)
{
    struct buf out = BUF_INIT;
    struct member *m;
    struct err err;
    size_t n;
    if (!member_list(rq->db, rq->arena, rq->actor->office_id, rq->now, &m, &n, &err)) {
        req_fail(rq, &err);
        return;
    }
    json_arr(&out);
    for (size_t i = 0; i < n; i++)
        if (!str_eqc(m[i].login, "console"))
            put_member(rq, &out, &m[i]);
    json_arr_end(&out);
    req_json(rq, 200, &out);
}

const struct schema account_schemas[ACCOUNT_SCHEMAS] = {
    { "User", "user:text! name:text! roles:[text]! home:text! disabled:bool!" },
};
