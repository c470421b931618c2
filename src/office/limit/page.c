/* /limits: the table, for the chief a form; GET and POST /api/v1/limits. */
#include "base/json.h"
#include "base/num.h"
#include "limit_html.h"
#include "office/limit/page.h"

enum { BLANK_ROWS = 2 };

static const char *const KIND_CODES[] = { "", "document", "meeting", "affair" };
static const char *const INSTRUCTION_CODES[] = { "", "true", "false" };
static const char *const URGENCIES[] = { "", "特急", "加急", "特提", "平急" };

static struct str or_empty(struct str s) { return s.p ? s : STR(""); }

/* --- showing ----------------------------------------------------------------------------------------------------------------------------- */

static void show_row(struct req *rq, const struct limit_rule *r, int64_t place, struct limit_row *v)
{
    *v = (struct limit_row){ .place = place, .name = r->name, .words = r->words, .days = r->days ? arena_printf(rq->arena, "%d", r->days) : STR(""),
                             .urgency_text = r->urgency, .n_kind = 4, .n_instruction = 3, .n_urgency = 5, .n_unit = 2 };
    for (int k = -1; k < ENTRY_KINDS; k++)
        v->kind[k + 1] = (struct limit_choice){ KIND_CODES[k + 1], k < 0 ? M_LIMIT_ANY : entry_kind_msg((enum entry_kind)k), r->kind == k };
    for (int k = 0; k < 3; k++)
        v->instruction[k] = (struct limit_choice){ INSTRUCTION_CODES[k], k == 0 ? M_LIMIT_ANY : k == 1 ? M_LIMIT_YES : M_LIMIT_NO, r->instruction == (k == 0 ? -1 : k == 1) };
    for (int k = 0; k < 5; k++)
        v->urgency[k] = (struct limit_choice){ URGENCIES[k], 0, str_eqc(r->urgency, URGENCIES[k]) };
    v->unit[0] = (struct limit_choice){ "working", M_LIMIT_WORKING, r->working };
    v->unit[1] = (struct limit_choice){ "natural", M_LIMIT_NATURAL, !r->working };
    v->kind_label = v->kind[r->kind + 1].label;
    v->instruction_label = r->instruction < 0 ? M_LIMIT_ANY : r->instruction ? M_LIMIT_YES : M_LIMIT_NO;
}

static void page_show(struct req *rq, struct limit_page *v, const struct limit_rule *rule, size_t n, int status)
{
    static const struct limit_rule blank = { STR(""), -1, -1, STR(""), STR(""), 0, true };
    v->may = actor_is(rq->actor, ROLE_CHIEF);
    v->row = arena_array(rq->arena, struct limit_row, n + BLANK_ROWS + 1);
    for (; v->n < n; v->n++)
        show_row(rq, &rule[v->n], (int64_t)v->n + 1, &v->row[v->n]);
    for (int i = 0; v->may && i < BLANK_ROWS && v->n < LIMIT_RULES_MAX; i++, v->n++)
        show_row(rq, &blank, (int64_t)v->n + 1, &v->row[v->n]);
    face_frame(rq, &v->frame, "/settings", FACE_SAY(rq, M_LIMIT_HEADING));
    struct html out = req_page(rq);
    html_limits(&out, v);
    req_html(rq, status, &out);
}

static void page_get(struct req *rq)
{
    struct limit_page *v = arena_new(rq->arena, struct limit_page);
    struct limit_rule *rule;
    struct err err;
    size_t n;
    if (!limit_rules(rq->db, rq->arena, rq->actor->office_id, &rule, &n, &err)) {
        req_fail(rq, &err);
        return;
    }
    v->seen = limit_text(rq->arena, rule, n);
    v->saved = req_query(rq, "saved").n > 0;
    page_show(rq, v, rule, n, 200);
}

/* --- saving ---------------------------------------------------------------------------------------------------------------------------------- */

struct save_write { struct limit_rule rule[LIMIT_RULES_MAX + 1]; size_t n; struct str seen; };

static int code_of(struct str s, const char *const *codes, int n)
{
    for (int i = 0; i < n; i++)
        if (str_eqc(s, codes[i]))
            return i;
    return -2;
}

/* Rows without a name go. */
static void read_rows(struct req *rq, struct save_write *w)
{
    enum { COLUMNS = 7 };
    static const char *const NAMES[COLUMNS] = { "name", "kind", "instruction", "urgency", "words", "days", "unit" };
    struct str cell[COLUMNS][LIMIT_RULES_MAX + 1];
    size_t n[COLUMNS], rows = LIMIT_RULES_MAX + 1;
    for (int c = 0; c < COLUMNS; c++) {
        n[c] = req_form_all(rq, NAMES[c], cell[c], LIMIT_RULES_MAX + 1);
        rows = n[c] < rows ? n[c] : rows;
    }
    for (size_t i = 0; i < rows; i++) {
        int64_t days = 0;
        if (cell[0][i].n == 0)
            continue;
        num_range(cell[5][i], 0, 100000, &days);
        int kind = code_of(cell[1][i], KIND_CODES, 4), instruction = code_of(cell[2][i], INSTRUCTION_CODES, 3);
        w->rule[w->n++] = (struct limit_rule){ cell[0][i], kind < 0 ? -2 : kind - 1, instruction < 0 ? -2 : instruction == 0 ? -1 : instruction == 1, cell[3][i],
                                               cell[4][i], (int)days, !str_eqc(cell[6][i], "natural") };
    }
}

static bool save_fn(struct txn *t, void *args, struct err *err)
{
    const struct save_write *w = args;
    struct actor actor;
    return web_actor(t, &actor, err) && limit_save(t, &actor, w->rule, w->n, w->seen, err);
}

static void save_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct save_write *w = args;
    struct limit_page *v = arena_new(rq->arena, struct limit_page);
    struct limit_rule *now;
    struct err failed;
    size_t n;
    if (ok) {
        req_redirect(rq, "/limits?saved=1");
        return;
    }
    if (!limit_rules(rq->db, rq->arena, rq->actor->office_id, &now, &n, &failed)) {
        req_fail(rq, &failed);
        return;
    }
    v->why = err->line ? FACE_SAY(rq, M_LIMIT_AT, A_INT(err->line), A_STR(face_sentence(rq, err))) : face_sentence(rq, err);
    v->seen = limit_text(rq->arena, now, n);
    page_show(rq, v, w->rule, w->n, err_http(err));
}

static void page_post(struct req *rq)
{
    struct save_write *w = arena_new(rq->arena, struct save_write);
    w->seen = or_empty(req_form(rq, "seen"));
    read_rows(rq, w);
    for (size_t i = 0; i < w->n; i++)
        if (w->rule[i].kind < -1 || w->rule[i].instruction < -1) {
            struct err err;
            err_fail(&err, ERR_INPUT, M_LIMIT_DAMAGED, "kind");
            req_fail(rq, &err);
            return;
        }
    web_write(rq, save_fn, w, save_answer);
}

/* --- the API -------------------------------------------------------------------------------------------------------------------------------------- */

static void api_get(struct req *rq)
{
    struct buf out _cleanup_(buf_release) = BUF_INIT;
    struct limit_rule *r;
    struct err err;
    size_t n;
    if (!limit_rules(rq->db, rq->arena, rq->actor->office_id, &r, &n, &err))
        return req_fail(rq, &err);
    json_arr(&out);
    for (size_t i = 0; i < n; i++) {
        json_obj(&out);
        json_put_str(&out, "name", r[i].name);
        json_put_str(&out, "kind", r[i].kind < 0 ? STR_NULL : entry_kind_code((enum entry_kind)r[i].kind));
        json_key(&out, "instruction");
        if (r[i].instruction < 0)
            json_null(&out);
        else
            json_bool(&out, r[i].instruction == 1);
        json_put_str(&out, "urgency", r[i].urgency);
        json_put_str(&out, "words", r[i].words);
        json_put_int(&out, "days", r[i].days);
        json_put_bool(&out, "working", r[i].working);
        json_obj_end(&out);
    }
    json_arr_end(&out);
    req_json(rq, 200, &out);
}

static bool read_rule(const struct jvalue *v, struct limit_rule *r, struct err *err)
{
    struct str kind;
    int64_t days;
    bool b;
    enum entry_kind k;
    *r = (struct limit_rule){ .kind = -1, .instruction = -1, .working = true };
    if (v->kind != J_OBJECT)
        return err_fail(err, ERR_INPUT, M_WEB_NOT_OBJECT, "rules");
    if (!jonly(v, "name kind instruction urgency words days working", err) || !jget_text(v, "name", &r->name, err) || !jget_text(v, "kind", &kind, err) ||
        !jget_text(v, "urgency", &r->urgency, err) || !jget_text(v, "words", &r->words, err) || !jget_int(v, "days", 0, &days, err) ||
        !jget_bool(v, "instruction", &b, err))
        return false;
    if (jget(v, "instruction"))
        r->instruction = b;
    if (kind.n && !entry_kind_read(kind, &k))
        return err_fail(err, ERR_INPUT, M_ENTRY_UNKNOWN_KIND, "kind", A_MSG(M_FIELD_KIND), A_STR(kind));
    if (kind.n)
        r->kind = (int)k;
    if (jget(v, "working") && !jget_bool(v, "working", &r->working, err))
        return false;
    r->name = or_empty(r->name);
    r->urgency = or_empty(r->urgency);
    r->words = or_empty(r->words);
    r->days = days > 100000 || days < 0 ? 0 : (int)days;
    return true;
}

static void api_saved(struct req *rq, void *args, bool ok, const struct err *err)
{
    (void)args;
    if (ok)
        api_get(rq);
    else
        req_fail(rq, err);
}

static void api_post(struct req *rq)
{
    struct save_write *w = arena_new(rq->arena, struct save_write);
    struct jvalue body;
    const struct jvalue *rules;
    struct err err;
    if (!req_json_in(rq, &body, &err) || !jonly(&body, "rules", &err))
        return req_fail(rq, &err);
    rules = jget(&body, "rules");
    if (!rules || rules->kind != J_LIST || rules->n > LIMIT_RULES_MAX) {
        err_fail(&err, rules && rules->kind == J_LIST ? ERR_LIMIT : ERR_INPUT, M_LIMIT_TOO_MANY, "rules", A_INT(LIMIT_RULES_MAX));
        return req_fail(rq, &err);
    }
    for (; w->n < rules->n; w->n++)
        if (!read_rule(&rules->items[w->n], &w->rule[w->n], &err)) {
            err_at(&err, (int)w->n + 1, 0);
            return req_fail(rq, &err);
        }
    web_write(rq, save_fn, w, api_saved);
}

static const struct route routes[] = {
    { "GET", "/limits", page_get, ROLE_SECTION, 0, false },
    { "POST", "/limits", page_post, ROLE_CHIEF, 0, false },
    { "GET", "/api/v1/limits", api_get, ROLE_SECTION, .api = true, .gives = "[Limit]" },
    { "POST", "/api/v1/limits", api_post, ROLE_CHIEF, .api = true, .takes = "Limits", .gives = "[Limit]" },
};

static const struct schema schemas[] = {
    { "Limit", "name:text! kind:document|meeting|affair? instruction:bool? urgency:text words:text days:int! working:bool" },
    { "Limits", "rules:[Limit]!" },
};

static const struct setting_link settings[] = { { "/limits", M_LIMIT_HEADING, M_LIMIT_ABOUT, ROLE_SECTION } };

static bool own_limit(struct db *db, struct arena *a, int64_t office_id, const struct own_limit_ask *ask, struct str *ret, struct err *err)
{
    struct limit_rule rule;
    bool found;
    if (!limit_for(db, a, office_id, ask, &rule, &found, err))
        return false;
    *ret = found ? limit_phrase(a, &rule) : STR_NULL;
    return true;
}

const struct slice limit_slice = {
    .name = "limit", .routes = routes, .n_routes = ARRAY_LEN(routes), .schemas = schemas, .n_schemas = ARRAY_LEN(schemas), .settings = settings,
    .n_settings = ARRAY_LEN(settings), .own_limit = own_limit,
};
