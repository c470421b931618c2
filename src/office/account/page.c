/* Login, settings and help. The web floor checks passwords and keeps sessions; these pages only ask and show. */
#include "account_html.h"
#include "base/num.h"
#include "office/account/account.h"

/* --- login -------------------------------------------------------------------------------------------------------------------------- */

static struct field *text_field(struct field *f, const char *form, const char *name, int label, const char *type, const char *complete)
{
    *f = (struct field){ .form = form, .name = name, .label = label, .type = type, .css = "", .complete = complete };
    return f;
}

/* The office is asked for only when there are several. */
static void ask_office(struct req *rq, struct login_page *v, struct str chosen)
{
    struct office *o;
    size_t n;
    if (!office_list(rq->db, rq->arena, &o, &n, NULL))
        return;
    if (n == 1)
        v->office = o[0].name;
    if (n < 2)
        return;
    struct field *f = text_field(&v->field[v->n_fields++], "in", "office", M_LOGIN_OFFICE, "text", NULL);
    f->select = true;
    for (size_t i = 0; i < n; i++)
        face_choice(rq, f, o[i].code, o[i].name, chosen);
}

static void login_show(struct req *rq, struct str next, const struct err *err, int status)
{
    struct login_page *v = arena_new(rq->arena, struct login_page);
    v->next = next.p ? next : STR("/");
    v->csrf = rq->csrf;
    v->why = face_sentence(rq, err);
    ask_office(rq, v, err ? req_form(rq, "office") : STR_NULL);
    text_field(&v->field[v->n_fields++], "in", "login", M_FIELD_LOGIN, "text", "username")->value = err ? req_form(rq, "login") : STR_NULL;
    text_field(&v->field[v->n_fields++], "in", "password", M_FIELD_PASSWORD, "password", "current-password");
    face_frame(rq, &v->frame, "", FACE_SAY(rq, M_LOGIN_DO));
    v->frame.logged_in = false;
    struct html out = req_page(rq);
    html_login(&out, v);
    req_html(rq, status, &out);
}

static void login_get(struct req *rq)
{
    if (rq->actor)
        req_redirect(rq, "/");
    else
        login_show(rq, req_query(rq, "next"), NULL, 200);
}

static void login_refused(struct req *rq, const struct err *err) { login_show(rq, req_form(rq, "next"), err, err_http(err)); }

static void login_post(struct req *rq)
{
    web_login(rq, req_form(rq, "office"), req_form(rq, "login"), req_form(rq, "password"), req_form(rq, "next"), login_refused);
}

static void logout_post(struct req *rq) { web_logout(rq); }

/* --- settings ------------------------------------------------------------------------------------------------------------------------ */

static bool tokens_read(struct req *rq, struct settings_page *v, struct err *err)
{
    struct token *k;
    if (!token_list(rq->db, rq->arena, rq->actor->office_id, rq->actor->member_id, &k, &v->n_tokens, err))
        return false;
    v->tokens = arena_array(rq->arena, struct token_line, v->n_tokens + 1);
    for (size_t i = 0; i < v->n_tokens; i++)
        v->tokens[i] = (struct token_line){ k[i].id, k[i].name, k[i].device, k[i].created_at, rq->csrf };
    return true;
}

static struct str days_text(struct req *rq, int days) { return days < 0 ? STR("") : arena_printf(rq->arena, "%d", days); }

static void lights_fields(struct req *rq, struct settings_page *v)
{
    struct lights l = face_lights(rq);
    v->chief = actor_is(rq->actor, ROLE_CHIEF);
    struct field *f = text_field(&v->light[v->n_light++], "li", "yellow_days", M_SETTINGS_YELLOW, "number", NULL);
    f->value = days_text(rq, l.yellow_days);
    f = text_field(&v->light[v->n_light++], "li", "red_days", M_SETTINGS_RED, "number", NULL);
    f->value = days_text(rq, l.red_days);
    f->hint = M_SETTINGS_RED_HINT;
}

static void settings_make(struct req *rq, struct settings_page *v)
{
    int year = date_civil(rq->today).year;
    const struct workdays *w = face_workdays(rq);
    v->login = rq->actor->login;
    v->roles = face_roles(rq, rq->actor->roles);
    v->admin = actor_is(rq->actor, ROLE_ADMIN);
    v->english = rq->lang == LANG_EN;
    text_field(&v->password[v->n_password++], "pw", "password_old", M_SETTINGS_PASSWORD_OLD, "password", "current-password");
    struct field *f = text_field(&v->password[v->n_password++], "pw", "password", M_SETTINGS_PASSWORD_NEW, "password", "new-password");
    f->hint = M_SETTINGS_PASSWORD_HINT;
    text_field(&v->password[v->n_password++], "pw", "password_again", M_SETTINGS_PASSWORD_AGAIN, "password", "new-password");
    text_field(&v->token[v->n_token++], "tk", "name", M_SETTINGS_TOKEN_NAME, "text", NULL);
    lights_fields(rq, v);
    for (int y = year - 1; y <= year + 1; y++)
        v->years[v->n_years++] = (struct year_line){ y, workdays_covered(w, y) };
}

static void setting_links(struct req *rq, struct settings_page *v)
{
    for (int i = 0; slices[i]; i++)
        for (int k = 0; k < slices[i]->n_settings && v->n_links < SETTING_LINKS; k++) {
            const struct setting_link *l = &slices[i]->settings[k];
            if (actor_is(rq->actor, l->roles))
                v->link[v->n_links++] = (struct setting_line){ l->href, l->label, l->about };
        }
}

static void settings_show(struct req *rq, struct settings_page *v, int status)
{
    struct err err;
    if (!tokens_read(rq, v, &err)) {
        req_fail(rq, &err);
        return;
    }
    setting_links(rq, v);
    face_frame(rq, &v->frame, "/settings", FACE_SAY(rq, M_NAV_SETTINGS));
    struct html out = req_page(rq);
    html_settings(&out, v);
    req_html(rq, status, &out);
}

static void settings_get(struct req *rq)
{
    struct settings_page *v = arena_new(rq->arena, struct settings_page);
    settings_make(rq, v);
    if (rq->actor->must_change)
        v->why = FACE_SAY(rq, M_WEB_CHANGE_PASSWORD);
    settings_show(rq, v, 200);
}

static void settings_refused(struct req *rq, const struct err *err)
{
    struct settings_page *v = arena_new(rq->arena, struct settings_page);
    settings_make(rq, v);
    v->why = face_sentence(rq, err);
    settings_show(rq, v, err_http(err));
}

static void password_post(struct req *rq)
{
    struct err err;
    if (str_eq(req_form(rq, "password"), req_form(rq, "password_again"))) {
        web_password(rq, req_form(rq, "password_old"), req_form(rq, "password"), STR("/settings"), settings_refused);
        return;
    }
    err_fail(&err, ERR_INPUT, M_SETTINGS_PASSWORD_DIFFERS, "password_again");
    settings_refused(rq, &err);
}

static bool lang_fn(struct txn *t, void *args, struct err *err)
{
    const enum lang *lang = args;
    return member_set_lang(t, t->actor_id, *lang, err);
}

static void back_to_settings(struct req *rq, void *args, bool ok, const struct err *err)
{
    (void)args;
    if (ok)
        req_redirect(rq, "/settings");
    else
        settings_refused(rq, err);
}

static void lang_post(struct req *rq)
{
    enum lang *lang = arena_new(rq->arena, enum lang);
    *lang = str_eqc(req_form(rq, "lang"), "en") ? LANG_EN : LANG_ZH;
    web_write(rq, lang_fn, lang, back_to_settings);
}

/* --- lights ---------------------------------------------------------------------------------------------------------------------------- */

struct lights_write { struct str days[2]; };

static bool read_light(struct str s, const char *field, int label, int64_t *ret, struct err *err)
{
    return num_range(s, 0, LIGHT_DAYS_MAX, ret) || err_fail(err, ERR_INPUT, M_SETTINGS_BAD_DAYS, field, A_MSG(label), A_INT(LIGHT_DAYS_MAX));
}

static bool lights_fn(struct txn *t, void *args, struct err *err)
{
    const struct lights_write *w = args;
    int64_t yellow, red = LIGHT_RED_DAYS;
    if (!read_light(w->days[0], "yellow_days", M_SETTINGS_YELLOW, &yellow, err) ||
        (w->days[1].n && !read_light(w->days[1], "red_days", M_SETTINGS_RED, &red, err)))
        return false;
    if (red > yellow)
        return err_fail(err, ERR_INPUT, M_SETTINGS_RED_ABOVE_YELLOW, "red_days");
    return setting_set(t, light_settings[0], w->days[0], err) && setting_set(t, light_settings[1], w->days[1], err);
}

static void lights_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    struct settings_page *v = arena_new(rq->arena, struct settings_page);
    (void)args;
    if (ok) {
        req_redirect(rq, "/settings");
        return;
    }
    settings_make(rq, v);
    for (size_t i = 0; i < v->n_light; i++)
        face_typed(rq, &v->light[i]);
    face_problems(rq, v->light, v->n_light, NULL, err);
    v->why = face_unplaced(rq, v->light, v->n_light, NULL, err);
    settings_show(rq, v, err_http(err));
}

static void lights_post(struct req *rq)
{
    struct lights_write *w = arena_new(rq->arena, struct lights_write);
    struct str red = req_form(rq, "red_days");
    w->days[0] = req_form(rq, "yellow_days");
    w->days[1] = red.p ? red : STR("");
    web_write(rq, lights_fn, w, lights_answer);
}

/* --- tokens ---------------------------------------------------------------------------------------------------------------------------- */

struct token_write { struct str name; struct token_new made; struct str id; };

static bool token_fn(struct txn *t, void *args, struct err *err)
{
    struct token_write *w = args;
    if (w->name.n == 0)
        return err_fail(err, ERR_INPUT, M_BASE_REQUIRED, "name");
    return token_add(t, t->actor_id, w->name, false, &w->made, err);
}

static void token_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct token_write *w = args;
    if (!ok) {
        settings_refused(rq, err);
        return;
    }
    struct settings_page *v = arena_new(rq->arena, struct settings_page);
    settings_make(rq, v);
    v->secret = str_c(w->made.text);
    req_head(rq, "Cache-Control", "no-store");
    settings_show(rq, v, 200);
}

static void token_post(struct req *rq)
{
    struct token_write *w = arena_new(rq->arena, struct token_write);
    w->name = req_form(rq, "name");
    web_write(rq, token_fn, w, token_answer);
}

/* Only one's own. */
static bool revoke_fn(struct txn *t, void *args, struct err *err)
{
    const struct token_write *w = args;
    struct token *k;
    size_t n;
    int64_t id = 0;
    num_range(w->id, 1, INT64_MAX, &id);
    if (!token_list(t->db, t->arena, t->office_id, t->actor_id, &k, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (k[i].id == id)
            return token_revoke(t, id, err);
    return err_fail(err, ERR_NOT_FOUND, M_PEOPLE_NO_TOKEN, NULL);
}

static void revoke_post(struct req *rq)
{
    struct token_write *w = arena_new(rq->arena, struct token_write);
    w->id = rq->args[0];
    web_write(rq, revoke_fn, w, back_to_settings);
}

/* --- help -------------------------------------------------------------------------------------------------------------------------------- */

static void help_get(struct req *rq)
{
    struct help_page v;
    face_frame(rq, &v.frame, "", FACE_SAY(rq, M_HELP_HEADING));
    struct html out = req_page(rq);
    html_help(&out, &v);
    req_html(rq, 200, &out);
}

static const struct route routes[] = {
    { "GET", "/login", login_get, ROLE_ANYONE, 0, false },
    { "POST", "/login", login_post, ROLE_ANYONE, 0, false },
    { "POST", "/logout", logout_post, ROLE_ANY, 0, false },
    { "GET", "/settings", settings_get, ROLE_ANY, 0, false },
    { "POST", "/settings/password", password_post, ROLE_ANY, 0, false },
    { "POST", "/settings/language", lang_post, ROLE_ANY, 0, false },
    { "POST", "/settings/lights", lights_post, ROLE_CHIEF, 0, false },
    { "POST", "/settings/tokens", token_post, ROLE_ANY, 0, false },
    { "POST", "/settings/tokens/{id}/revoke", revoke_post, ROLE_ANY, 0, false },
    { "GET", "/members", members_get, ROLE_ADMIN, 0, false },
    { "POST", "/members", members_post, ROLE_ADMIN, 0, false },
    { "POST", "/members/{login}", member_post, ROLE_ADMIN, 0, false },
    { "GET", "/help", help_get, ROLE_ANY, 0, false },
    { "GET", "/api/v1/users", users_api, ROLE_SECTION | ROLE_ADMIN, .api = true, .gives = "[User]" },
};

const struct slice account_slice = { .name = "account", .routes = routes, .n_routes = ARRAY_LEN(routes),
                                     .schemas = account_schemas, .n_schemas = ACCOUNT_SCHEMAS };
