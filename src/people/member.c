#include "people/member.h"

#include <string.h>

#include "base/json.h"
#include "messages.h"
#include "people/inside.h"
#include "people_queries.h"
#include "store/seal.h"

enum { NAME_MAX_CHARS = 20, LOGIN_MAX = 32, PHONE_MAX = 32, FAILURES_FREE = 5, LOCK_MS = 60 * 1000, LOCK_MS_MAX = 3600 * 1000 };
enum { DAY_FIRST = -719162, DAY_LAST = 2932896 };          /* 0001-01-01 … 9999-12-31: a seat without limits */

/* --- roles --------------------------------------------------------------------------------------------------------------- */

static const struct {
    enum role role;
    const char *code, *name;
    enum party_kind home;
} ROLES[] = {
    { ROLE_OFFICER, "officer", "科员", PARTY_SECTION }, { ROLE_CHIEF, "chief", "科长", PARTY_SECTION },
    { ROLE_LEADER, "leader", "领导", PARTY_LEADER },    { ROLE_LIAISON, "liaison", "联络员", PARTY_UNIT },
    { ROLE_ADMIN, "admin", "系统管理员", PARTY_SECTION },
};

struct str roles_code(struct arena *a, unsigned roles)
{
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    for (size_t i = 0; i < ARRAY_LEN(ROLES); i++)
        if (roles & ROLES[i].role)
            buf_printf(&b, "%s%s", b.n ? ";" : "", ROLES[i].code);
    return arena_str(a, buf_view(&b));
}

bool roles_parse(struct str s, unsigned *ret, struct err *err)
{
    unsigned roles = 0;
    for (struct str rest = s; rest.p;) {
        struct str word = str_trim(str_cut(rest, ';', &rest));
        size_t i = 0;
        while (i < ARRAY_LEN(ROLES) && !str_eqc(word, ROLES[i].code) && !str_eqc(word, ROLES[i].name))
            i++;
        if (i == ARRAY_LEN(ROLES))
            return word.n ? err_fail(err, ERR_INPUT, M_PEOPLE_UNKNOWN_ROLE, "role", A_STR(word)) : err_fail(err, ERR_INPUT, M_BASE_REQUIRED, "role");
        roles |= ROLES[i].role;
    }
    if (!roles)
        return err_fail(err, ERR_INPUT, M_BASE_REQUIRED, "role");
    *ret = roles;
    return true;
}

/* Section, unit and leader look from different sides at the same matters: a person is on one of them. */
static bool home_kind(unsigned roles, enum party_kind *ret, struct err *err)
{
    unsigned kinds = 0;
    for (size_t i = 0; i < ARRAY_LEN(ROLES); i++)
        if (roles & ROLES[i].role) {
            kinds |= 1u << ROLES[i].home;
            *ret = ROLES[i].home;
        }
    return !(kinds & (kinds - 1)) || err_fail(err, ERR_INPUT, M_PEOPLE_ROLES_MIXED, "role");
}

/* --- adding -------------------------------------------------------------------------------------------------------------- */

static bool check_login(struct txn *t, struct str login, struct err *err)
{
    if (login.n == 0)
        return err_fail(err, ERR_INPUT, M_BASE_REQUIRED, "login");
    for (size_t i = 0; i < login.n; i++) {
        char c = login.p[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
        if (!good || login.n > LOGIN_MAX)
            return err_fail(err, ERR_INPUT, M_PEOPLE_BAD_LOGIN, "login");
    }
    struct member_id_row row;
    bool found;
    if (!q_member_id_by_login(t->db, t->arena, &(struct member_id_by_login_in){ t->office_id, login }, &row, &found, err))
        return false;
    return !found || err_fail(err, ERR_CONFLICT, M_PEOPLE_LOGIN_TAKEN, "login", A_STR(login));
}

/* Digits alone, so that one number has one digest however it was typed. */
static bool phone_digits(struct str phone, struct buf *digits, struct err *err)
{
    for (size_t i = 0; i < phone.n; i++) {
        char c = phone.p[i];
        if (c >= '0' && c <= '9')
            buf_ch(digits, c);
        else if (!strchr("+-() ", c) || !c)
            return err_fail(err, ERR_INPUT, M_PEOPLE_BAD_PHONE, "phone");
    }
    if (phone.n && (digits->n < 3 || phone.n > PHONE_MAX))
        return err_fail(err, ERR_INPUT, M_PEOPLE_BAD_PHONE, "phone");
    return true;
}

static bool person_free(struct txn *t, struct str name, struct err *err)
{
    struct party_row row;
    bool found;
    if (!q_party_by_name(t->db, t->arena, &(struct party_by_name_in){ t->office_id, STR("person"), name }, &row, &found, err))
        return false;
    return !found || err_fail(err, ERR_CONFLICT, M_PEOPLE_NAME_TAKEN, "name", A_STR(name));
}

static bool find_home(struct txn *t, const struct actor *by, enum party_kind kind, struct str home, int64_t *ret, struct err *err)
{
    struct party p;
    if (home.n == 0 && kind == PARTY_SECTION && by->section_id) {
        *ret = by->section_id;
        return true;
    }
    if (!party_find(t->db, t->arena, by, 1u << kind, home, "home", &p, err))
        return false;
    *ret = p.id;
    return true;
}

static bool seal_phone(struct txn *t, struct str phone, const struct buf *digits, struct member_insert_in *in, struct err *err)
{
    if (phone.n == 0)
        return true;
    in->id = txn_next_id(t);                     /* a sealed value is bound to its row */
    return seal_text(t, SEAL_SCOPE_OFFICE, (struct seal_place){ "member.phone", in->id }, phone, &in->phone, err) &&
           seal_digest(t, SEAL_SCOPE_OFFICE, buf_view(digits), &in->phone_digest, err);
}

static bool seat_insert(struct txn *t, int64_t member_id, int64_t party_id, int64_t deputy_of, day_t from, day_t to, struct err *err)
{
    return q_seat_insert(t->db, &(struct seat_insert_in){ t->office_id, member_id, party_id, deputy_of, from, to }, NULL, err);
}

static bool own_seats(struct txn *t, const struct member_insert_in *in, struct err *err)
{
    if (!seat_insert(t, in->id, in->party_id, 0, DAY_FIRST, DAY_LAST, err))
        return false;
    return in->roles == ROLE_ADMIN || seat_insert(t, in->id, in->home_id, 0, DAY_FIRST, DAY_LAST, err);
}

static bool journal_member(struct txn *t, const struct member_insert_in *in, struct err *err)
{
    _cleanup_(buf_release) struct buf after = BUF_INIT;
    json_obj(&after);
    json_put_str(&after, "login", in->login);
    json_put_str(&after, "name", in->name);
    json_put_str(&after, "role", roles_code(t->arena, (unsigned)in->roles));
    json_put_int(&after, "party", in->party_id);
    json_put_int(&after, "home", in->home_id);
    if (in->phone.p)
        json_put_bytes(&after, "phone", in->phone);
    json_obj_end(&after);
    return people_journal(t, "member", in->id, "add", NULL, &after, err);
}

/* What in holds was checked; makes the person's party and the rest. */
static bool insert(struct txn *t, struct member_insert_in *in, bool active_party, struct err *err)
{
    in->office_id = t->office_id;
    in->lang = STR("zh");
    in->created_at = t->at;
    if (!people_party_insert(t, PARTY_PERSON, in->name, STR(""), STR(""), 0, active_party, &in->party_id, err))
        return false;
    if (!in->id)
        in->id = txn_next_id(t);
    return q_member_insert(t->db, in, NULL, err) && own_seats(t, in, err) && journal_member(t, in, err);
}

bool member_add(struct txn *t, const struct actor *by, const struct member_draft *d, struct str password_hash, bool must_change, int64_t *ret,
                struct err *err)
{
    unsigned roles;
    enum party_kind kind = PARTY_SECTION;
    _cleanup_(buf_release) struct buf digits = BUF_INIT;
    struct member_insert_in in = { .login = d->login, .name = d->name, .password = password_hash, .must_change = must_change };
    if (!actor_is(by, ROLE_ADMIN))
        return err_fail(err, ERR_DENIED, M_PEOPLE_ADMIN_ONLY, NULL);
    if (!check_login(t, d->login, err) || !people_check_text(d->name, NAME_MAX_CHARS, true, "name", err) || !person_free(t, d->name, err) ||
        !roles_parse(d->role, &roles, err) || !home_kind(roles, &kind, err) || !find_home(t, by, kind, d->home, &in.home_id, err) ||
        !phone_digits(d->phone, &digits, err))
        return false;
    in.roles = roles;
    if (!seal_phone(t, d->phone, &digits, &in, err) || !insert(t, &in, true, err))
        return false;
    *ret = in.id;
    return true;
}

bool people_init(struct txn *t, struct str section_name, struct err *err)
{
    struct member_insert_in console = { .login = STR("console"), .name = STR("控制台"), .roles = ROLE_SECTION | ROLE_ADMIN };
    if (!party_add(t, PARTY_SECTION, section_name, STR(""), STR(""), 0, &console.home_id, err))
        return false;
    return insert(t, &console, false, err);      /* its person is inactive: nobody assigns matters to a program */
}

/* --- reading ------------------------------------------------------------------------------------------------------------- */

static struct member from_row(const struct member_row *r, instant_t now)
{
    return (struct member){ r->id, r->login, r->name, (unsigned)r->roles, r->party_id, r->home_id, r->home_name, r->disabled, r->must_change,
                            r->locked_until != INSTANT_NONE && r->locked_until > now };
}

bool member_list(struct db *db, struct arena *a, int64_t office_id, instant_t now, struct member **ret, size_t *n, struct err *err)
{
    struct member_row *rows;
    size_t count;
    if (!q_member_in_order(db, a, &(struct member_in_order_in){ office_id }, &rows, &count, err))
        return false;
    struct member *m = arena_array(a, struct member, count);
    for (size_t i = 0; i < count; i++)
        m[i] = from_row(&rows[i], now);
    *ret = m;
    *n = count;
    return true;
}

bool member_name(struct db *db, struct arena *a, int64_t office_id, int64_t id, struct str *ret, struct err *err)
{
    struct member_actor_row row;
    bool found = false;
    if (id && !q_member_actor(db, a, &(struct member_actor_in){ office_id, id }, &row, &found, err))
        return false;
    *ret = found ? row.name : STR("");
    return true;
}

bool member_find(struct db *db, struct arena *a, int64_t office_id, struct str login, instant_t now, struct member *ret, bool *found,
                 struct err *err)
{
    struct member_row row;
    bool hit;
    if (!q_member_by_login(db, a, &(struct member_by_login_in){ office_id, login }, &row, &hit, err))
        return false;
    if (hit)
        *ret = from_row(&row, now);
    *found = hit;
    return true;
}

/* --- changing ------------------------------------------------------------------------------------------------------------ */

static bool load(struct txn *t, int64_t id, struct member_lock_row *ret, struct err *err)
{
    bool found;
    if (!q_member_lock_state(t->db, t->arena, &(struct member_lock_state_in){ t->office_id, id }, ret, &found, err))
        return false;
    return found || err_fail(err, ERR_NOT_FOUND, M_PEOPLE_NO_MEMBER, NULL);
}

bool member_set_disabled(struct txn *t, int64_t member_id, bool disabled, struct err *err)
{
    struct member_lock_row row;
    if (!load(t, member_id, &row, err))
        return false;
    if (str_eqc(row.login, "console"))
        return err_fail(err, ERR_CONFLICT, M_PEOPLE_CONSOLE, NULL);
    if (row.disabled == disabled)
        return true;
    return q_member_update_disabled(t->db, &(struct member_update_disabled_in){ t->office_id, member_id, disabled }, NULL, err) &&
           session_end_all(t, member_id, err) && people_journal(t, "member", member_id, disabled ? "disable" : "enable", NULL, NULL, err);
}

static bool revoke_tokens(struct txn *t, int64_t member_id, struct err *err)
{
    struct token_row *row;
    size_t n;
    if (!q_token_of_member(t->db, t->arena, &(struct token_of_member_in){ t->office_id, member_id }, &row, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!q_token_update_revoked(t->db, &(struct token_update_revoked_in){ t->office_id, row[i].id, t->at }, NULL, err))
            return false;
    return true;
}

bool member_set_password(struct txn *t, int64_t member_id, struct str password_hash, bool must_change, struct err *err)
{
    struct member_lock_row row;
    if (!load(t, member_id, &row, err))
        return false;
    if (str_eqc(row.login, "console"))
        return err_fail(err, ERR_CONFLICT, M_PEOPLE_CONSOLE, NULL);
    bool reset = must_change || t->actor_id != member_id;
    _cleanup_(buf_release) struct buf after = BUF_INIT;
    json_obj(&after);
    json_put_bool(&after, "must_change", must_change);
    json_put_bool(&after, "tokens_revoked", reset);
    json_obj_end(&after);
    return q_member_update_password(t->db, &(struct member_update_password_in){ t->office_id, member_id, password_hash, must_change }, NULL, err) &&
           (!reset || revoke_tokens(t, member_id, err)) &&
           session_end_all(t, member_id, err) && people_journal(t, "member", member_id, "password", NULL, &after, err);
}

bool member_set_lang(struct txn *t, int64_t member_id, enum lang lang, struct err *err)
{
    struct member_lock_row row;
    if (!load(t, member_id, &row, err))
        return false;
    struct str code = lang == LANG_EN ? STR("en") : STR("zh");
    _cleanup_(buf_release) struct buf after = BUF_INIT;
    json_obj(&after);
    json_put_str(&after, "lang", code);
    json_obj_end(&after);
    return q_member_update_lang(t->db, &(struct member_update_lang_in){ t->office_id, member_id, code }, NULL, err) &&
           people_journal(t, "member", member_id, "lang", NULL, &after, err);
}

/* --- failures and locks -------------------------------------------------------------------------------------------------- */

bool login_lookup(struct db *db, struct arena *a, int64_t office_id, struct str login, struct login_record *ret, struct err *err)
{
    struct member_credentials_row row;
    bool found;
    if (!q_member_credentials(db, a, &(struct member_credentials_in){ office_id, login }, &row, &found, err))
        return false;
    *ret = found ? (struct login_record){ row.id, row.password, true, row.disabled, row.locked_until } : (struct login_record){ 0 };
    return true;
}

static int64_t lock_ms(int64_t failed)
{
    int64_t over = failed - FAILURES_FREE;
    return over > 5 ? LOCK_MS_MAX : LOCK_MS << over;       /* 1, 2, 4 … 32 minutes, then an hour */
}

bool login_failed(struct txn *t, int64_t member_id, struct err *err)
{
    struct member_lock_row row;
    if (!load(t, member_id, &row, err))
        return false;
    int64_t failed = row.failed + 1;
    bool lock = failed >= FAILURES_FREE;
    instant_t until = lock ? t->at + lock_ms(failed) : INSTANT_NONE;
    if (!q_member_update_lock(t->db, &(struct member_update_lock_in){ t->office_id, member_id, failed, until }, NULL, err))
        return false;
    if (!lock)
        return true;
    _cleanup_(buf_release) struct buf after = BUF_INIT;
    json_obj(&after);
    json_put_int(&after, "failed", failed);
    json_put_int(&after, "until", until);
    json_obj_end(&after);
    return people_journal(t, "member", member_id, "lock", NULL, &after, err);
}

bool login_check(struct txn *t, int64_t member_id, struct str hash, struct err *err)
{
    struct member_lock_row row;
    if (!load(t, member_id, &row, err))
        return false;
    bool locked = row.locked_until != INSTANT_NONE && row.locked_until > t->at;
    return !(row.disabled || locked || !str_eq(row.password, hash)) || err_fail(err, ERR_DENIED, M_PEOPLE_LOGIN_REFUSED, NULL);
}

bool member_unlock(struct txn *t, int64_t member_id, struct err *err)
{
    struct member_lock_row row;
    if (!load(t, member_id, &row, err))
        return false;
    if (row.failed == 0 && row.locked_until == INSTANT_NONE)
        return true;
    return q_member_update_lock(t->db, &(struct member_update_lock_in){ t->office_id, member_id, 0, INSTANT_NONE }, NULL, err) &&
           people_journal(t, "member", member_id, "unlock", NULL, NULL, err);
}
