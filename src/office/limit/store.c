/* The table among the office's settings: one line of JSON. */
#include "base/json.h"
#include "base/num.h"
#include "base/utf8.h"
#include "format/jsonin.h"
#include "messages.h"
#include "office/entry/entry_rules.h"
#include "office/limit/limit.h"
#include "people/member.h"

#define SETTING "limits"

/* What offices usually work to; 批示 urgent 1 and 5 days, ordinary 15, hard 30; papers 30, minutes 20. */
static const struct limit_rule BUILT_IN[] = {
    { STR("批示件·特急"), -1, 1, STR("特急"), STR(""), 1, true },
    { STR("批示件·加急"), -1, 1, STR("加急"), STR(""), 5, true },
    { STR("批示件·疑难"), -1, 1, STR(""), STR("疑难、复杂、历史遗留"), 30, true },
    { STR("批示件"), -1, 1, STR(""), STR(""), 15, true },
    { STR("会议纪要议定事项"), -1, -1, STR(""), STR("纪要"), 20, true },
    { STR("公文"), ENTRY_DOCUMENT, -1, STR(""), STR(""), 30, true },
};

struct str limit_text(struct arena *a, const struct limit_rule *rule, size_t n)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    json_arr(&b);
    for (size_t i = 0; i < n; i++) {
        json_arr(&b);
        json_str(&b, rule[i].name);
        json_int(&b, rule[i].kind);
        json_int(&b, rule[i].instruction);
        json_str(&b, rule[i].urgency);
        json_str(&b, rule[i].words);
        json_int(&b, rule[i].days);
        json_bool(&b, rule[i].working);
        json_arr_end(&b);
    }
    json_arr_end(&b);
    return arena_str(a, buf_view(&b));
}

/* What limit_text() wrote; anything else is a damaged setting. */
static bool from_text(struct arena *a, struct str text, struct limit_rule **ret, size_t *n, struct err *err)
{
    struct jvalue v;
    if (!json_read(a, text, &v, err) || v.kind != J_LIST || v.n > LIMIT_RULES_MAX)
        return err_fail(err, ERR_CORRUPT, M_LIMIT_DAMAGED, NULL);
    *ret = arena_array(a, struct limit_rule, v.n + 1);
    *n = v.n;
    for (size_t i = 0; i < v.n; i++) {
        const struct jvalue *r = v.items[i].items;
        static const enum jkind KINDS[] = { J_TEXT, J_INT, J_INT, J_TEXT, J_TEXT, J_INT, J_BOOL };
        bool ok = v.items[i].kind == J_LIST && v.items[i].n == ARRAY_LEN(KINDS);
        for (size_t k = 0; ok && k < ARRAY_LEN(KINDS); k++)
            ok = r[k].kind == KINDS[k];
        if (!ok)
            return err_fail(err, ERR_CORRUPT, M_LIMIT_DAMAGED, NULL);
        (*ret)[i] = (struct limit_rule){ r[0].text, (int)r[1].i, (int)r[2].i, r[3].text, r[4].text, (int)r[5].i, r[6].i != 0 };
    }
    return true;
}

bool limit_rules(struct db *db, struct arena *a, int64_t office_id, struct limit_rule **ret, size_t *n, struct err *err)
{
    struct str text;
    if (!setting_get(db, a, office_id, SETTING, "", &text, err))
        return false;
    if (text.n)
        return from_text(a, text, ret, n, err);
    *ret = arena_array(a, struct limit_rule, ARRAY_LEN(BUILT_IN));
    *n = ARRAY_LEN(BUILT_IN);
    for (size_t i = 0; i < *n; i++)
        (*ret)[i] = BUILT_IN[i];
    return true;
}

bool limit_for(struct db *db, struct arena *a, int64_t office_id, const struct own_limit_ask *ask, struct limit_rule *ret, bool *found, struct err *err)
{
    struct limit_rule *rule;
    size_t n;
    if (!limit_rules(db, a, office_id, &rule, &n, err))
        return false;
    const struct limit_rule *r = limit_match(rule, n, ask);
    *found = r != NULL;
    if (r)
        *ret = *r;
    return true;
}

/* --- saving ----------------------------------------------------------------------------------------------------------------------------- */

static bool check_text(struct str s, int chars, const char *field, bool must, struct err *err)
{
    size_t bad;
    struct str mark;
    if (!utf8_valid(s, &bad))
        return err_fail(err, ERR_INPUT, M_BASE_BAD_UTF8, field, A_INT(bad + 1));
    if (must && str_trim(s).n == 0)
        return err_fail(err, ERR_INPUT, M_BASE_REQUIRED, field);
    if (utf8_has_control(s) || str_chr(s, '\n') >= 0 || str_chr(s, '\t') >= 0)
        return err_fail(err, ERR_INPUT, M_BASE_CONTROL, field);
    if (utf8_count(s) > (size_t)chars)
        return err_fail(err, ERR_INPUT, M_BASE_TOO_LONG, field, A_INT(chars), A_INT(utf8_count(s)));
    return !rules_secrecy_marking(s, &mark) || err_fail(err, ERR_INPUT, M_ENTRY_SECRET, field, A_STR(mark));
}

static bool check_rule(const struct limit_rule *r, struct err *err)
{
    static const char *const URGENCIES[] = { "", "特急", "加急", "特提", "平急" };
    size_t u = 0;
    if (!check_text(r->name, LIMIT_NAME_CHARS, "name", true, err) || !check_text(r->words, LIMIT_WORDS_CHARS, "words", false, err))
        return false;
    while (u < ARRAY_LEN(URGENCIES) && !str_eqc(r->urgency, URGENCIES[u]))
        u++;
    if (u == ARRAY_LEN(URGENCIES))
        return err_fail(err, ERR_INPUT, M_ENTRY_UNKNOWN_URGENCY, "urgency", A_MSG(M_FIELD_URGENCY), A_STR(r->urgency));
    if (r->kind < -1 || r->kind >= ENTRY_KINDS || r->instruction < -1 || r->instruction > 1)
        return err_fail(err, ERR_INPUT, M_LIMIT_DAMAGED, "kind");
    return (r->days >= 1 && r->days <= LIMIT_DAYS_MAX) || err_fail(err, ERR_INPUT, M_LIMIT_BAD_DAYS, "days", A_INT(LIMIT_DAYS_MAX));
}

bool limit_save(struct txn *t, const struct actor *actor, const struct limit_rule *rule, size_t n, struct str seen, struct err *err)
{
    struct limit_rule *now;
    size_t n_now;
    if (!actor_is(actor, ROLE_CHIEF))
        return err_fail(err, ERR_DENIED, M_LIMIT_CHIEF_ONLY, NULL);
    if (n > LIMIT_RULES_MAX)
        return err_fail(err, ERR_LIMIT, M_LIMIT_TOO_MANY, NULL, A_INT(LIMIT_RULES_MAX));
    for (size_t i = 0; i < n; i++)
        if (!check_rule(&rule[i], err)) {
            err_at(err, (int)i + 1, 0);
            return false;
        }
    if (!limit_rules(t->db, t->arena, t->office_id, &now, &n_now, err))
        return false;
    if (seen.p && !str_eq(seen, limit_text(t->arena, now, n_now)))
        return err_fail(err, ERR_CONFLICT, M_LIMIT_OVERTAKEN, NULL);
    t->deputy_of = actor_lender(actor, ROLE_CHIEF);
    return setting_set(t, SETTING, limit_text(t->arena, rule, n), err);
}
