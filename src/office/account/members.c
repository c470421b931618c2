/* Users, for the system administrator. A password is hashed on the pool for slow things, before the writer sees the rest. */
#include "account_html.h"
#include "office/account/account.h"

static void text_field(struct field *f, const char *name, int label, const char *type, bool must)
{
    *f = (struct field){ .form = "m", .name = name, .label = label, .type = type, .css = "", .must = must };
}

static void choose_homes(struct req *rq, struct field *f)
{
    static const enum party_kind KINDS[] = { PARTY_SECTION, PARTY_UNIT, PARTY_LEADER };
    struct party *p;
    size_t n;
    for (size_t k = 0; k < ARRAY_LEN(KINDS); k++)
        if (party_list(rq->db, rq->arena, rq->actor->office_id, KINDS[k], false, &p, &n, NULL))
            for (size_t i = 0; i < n; i++)
                face_choice(rq, f, p[i].name, p[i].name, STR_NULL);
}

static void make_form(struct req *rq, struct members_page *v)
{
    static const unsigned ROLES[] = { ROLE_OFFICER, ROLE_CHIEF, ROLE_OFFICER | ROLE_CHIEF, ROLE_LEADER, ROLE_LIAISON, ROLE_ADMIN };
    text_field(&v->field[0], "login", M_FIELD_LOGIN, "text", true);
    v->field[0].hint = M_MEMBERS_LOGIN_HINT;
    text_field(&v->field[1], "name", M_MEMBERS_NAME, "text", true);
    v->field[1].hint = M_MEMBERS_NAME_HINT;
    text_field(&v->field[2], "role", M_FIELD_ROLE, "text", true);
    v->field[2].select = true;
    for (size_t i = 0; i < ARRAY_LEN(ROLES); i++)
        face_choice(rq, &v->field[2], roles_code(rq->arena, ROLES[i]), face_roles(rq, ROLES[i]), STR_NULL);
    text_field(&v->field[3], "home", M_FIELD_HOME, "text", true);
    v->field[3].select = true;
    choose_homes(rq, &v->field[3]);
    text_field(&v->field[4], "password", M_MEMBERS_FIRST_PASSWORD, "password", true);
    v->field[4].complete = "new-password";
    v->field[4].hint = M_MEMBERS_PASSWORD_HINT;
    v->n_fields = 5;
}

static bool members_read(struct req *rq, struct members_page *v, struct err *err)
{
    struct member *m;
    size_t n;
    if (!member_list(rq->db, rq->arena, rq->actor->office_id, rq->now, &m, &n, err))
        return false;
    v->rows = arena_array(rq->arena, struct member_line, n + 1);
    for (size_t i = 0; i < n; i++)
        if (!str_eqc(m[i].login, "console"))
            v->rows[v->n++] = (struct member_line){ m[i], face_roles(rq, m[i].roles), rq->csrf, m[i].id == rq->actor->member_id };
    make_form(rq, v);
    return true;
}

static void members_show(struct req *rq, const struct err *why, int status)
{
    struct members_page *v = arena_new(rq->arena, struct members_page);
    struct err err;
    if (!members_read(rq, v, &err)) {
        req_fail(rq, &err);
        return;
    }
    for (size_t i = 0; why && i < v->n_fields; i++)
        if (v->field[i].name && !str_starts(str_c(v->field[i].name), STR("password")))
            face_typed(rq, &v->field[i]);
    face_problems(rq, v->field, v->n_fields, NULL, why);
    v->why = face_unplaced(rq, v->field, v->n_fields, NULL, why);
    face_frame(rq, &v->frame, "/settings", FACE_SAY(rq, M_SETTINGS_MEMBERS));
    struct html out = req_page(rq);
    html_members(&out, v);
    req_html(rq, status, &out);
}

void members_get(struct req *rq) { members_show(rq, NULL, 200); }

/* --- changing ----------------------------------------------------------------------------------------------------------------------- */

enum task { TASK_ADD, TASK_RESET, TASK_UNLOCK, TASK_DISABLE, TASK_ENABLE };

struct member_write {
    enum task task;
    struct member_draft draft;
    const struct random *random;
    struct buf hash;                             /* owned; released with the answer */
    struct err err;
    bool failed;
};

static void hash_work(void *args)
{
    struct member_write *w = args;
    w->failed = !password_hash(w->random, w->draft.password, &w->hash, &w->err);
}

static bool member_fn(struct txn *t, void *args, struct err *err)
{
    struct member_write *w = args;
    struct actor actor;
    struct member m;
    bool found;
    int64_t id;
    if (!web_actor(t, &actor, err))
        return false;
    if (!actor_is(&actor, ROLE_ADMIN))
        return err_fail(err, ERR_DENIED, M_PEOPLE_ADMIN_ONLY, NULL);
    struct member_draft draft = w->draft;
    draft.password = STR_NULL;
    if (w->task == TASK_ADD)
        return member_add(t, &actor, &draft, buf_view(&w->hash), true, &id, err);
    if (!member_find(t->db, t->arena, t->office_id, w->draft.login, t->at, &m, &found, err))
        return false;
    if (!found || m.id == actor.member_id)
        return err_fail(err, ERR_NOT_FOUND, M_PEOPLE_NO_MEMBER, NULL);
    switch (w->task) {
    case TASK_RESET: return member_set_password(t, m.id, buf_view(&w->hash), true, err);
    case TASK_UNLOCK: return member_unlock(t, m.id, err);
    default: return member_set_disabled(t, m.id, w->task == TASK_DISABLE, err);
    }
}

static void member_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    struct member_write *w = args;
    buf_release(&w->hash);
    if (ok)
        req_redirect(rq, "/members");
    else
        members_show(rq, err, err_http(err));
}

static void hashed(struct req *rq, void *args)
{
    struct member_write *w = args;
    if (w->failed)
        members_show(rq, &w->err, err_http(&w->err));
    else
        web_write(rq, member_fn, w, member_answer);
}

static void begin(struct req *rq, struct member_write *w)
{
    w->random = store_random(rq->store);
    if (w->task == TASK_ADD || w->task == TASK_RESET)
        web_think(rq, hash_work, hashed, w);
    else
        web_write(rq, member_fn, w, member_answer);
}

static struct str typed(struct req *rq, const char *name)
{
    struct str s = req_form(rq, name);
    return s.p ? s : STR("");
}

void members_post(struct req *rq)
{
    struct member_write *w = arena_new(rq->arena, struct member_write);
    w->draft = (struct member_draft){ typed(rq, "login"), typed(rq, "name"), typed(rq, "role"), typed(rq, "home"), typed(rq, "password"), STR_NULL };
    begin(rq, w);
}

void member_post(struct req *rq)
{
    static const struct { const char *word; enum task task; } TASKS[] = {
        { "reset", TASK_RESET }, { "unlock", TASK_UNLOCK }, { "disable", TASK_DISABLE }, { "enable", TASK_ENABLE },
    };
    struct member_write *w = arena_new(rq->arena, struct member_write);
    struct err err;
    w->draft.login = rq->args[0];
    w->draft.password = typed(rq, "password");
    for (size_t i = 0; i < ARRAY_LEN(TASKS); i++)
        if (str_eqc(req_form(rq, "do"), TASKS[i].word)) {
            w->task = TASKS[i].task;
            begin(rq, w);
            return;
        }
    err_fail(&err, ERR_INPUT, M_BASE_REQUIRED, "do");
    req_fail(rq, &err);
}
