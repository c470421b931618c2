/* /api/v1/entries/… and /units: JSON in, JSON out; the rules are those of store.c and input.c. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "messages.h"
#include "office/entry/shape.h"
#include "office/entry/slice.h"

/* --- reading --------------------------------------------------------------------------------------------------------------------- */

static bool wrong_type(const struct jvalue *v, struct err *err)
{
    char name[ERR_FIELD_BYTES];
    snprintf(name, sizeof name, "%.*s", STR_ARG(v->name));
    return err_fail(err, ERR_INPUT, M_ENTRY_WRONG_TYPE, name, A_STR(v->name));
}

/* A member as the text a form would send: null empties, lists are joined with ';'. */
static bool text_of(struct arena *a, const struct jvalue *v, struct str *ret, struct err *err)
{
    *ret = STR("");
    switch (v->kind) {
    case J_NULL: return true;
    case J_TEXT: *ret = v->text; return true;
    case J_BOOL: *ret = v->i ? STR("true") : STR("false"); return true;
    case J_INT: *ret = arena_printf(a, "%lld", (long long)v->i); return true;
    case J_LIST:
        for (size_t i = 0; i < v->n; i++) {
            if (v->items[i].kind != J_TEXT)
                return wrong_type(v, err);
            *ret = i ? arena_printf(a, "%.*s;%.*s", STR_ARG(*ret), STR_ARG(v->items[i].text)) : v->items[i].text;
        }
        return true;
    default: return wrong_type(v, err);
    }
}

/* What JSON calls the field must be of the field's type; names of lists and yes-or-no are few. */
static bool type_fits(const struct jvalue *v)
{
    static const char *const LISTS[] = { "assist_units", "lists", "role" }, *const FLAGS[] = { "urgent", "reading", "instruction", "grant" },
                             *const NUMBERS[] = { "corrects", "version" };
    bool list = false, flag = false, number = false;
    for (size_t i = 0; i < ARRAY_LEN(LISTS); i++)
        list |= str_eqc(v->name, LISTS[i]);
    for (size_t i = 0; i < ARRAY_LEN(FLAGS); i++)
        flag |= str_eqc(v->name, FLAGS[i]);
    for (size_t i = 0; i < ARRAY_LEN(NUMBERS); i++)
        number |= str_eqc(v->name, NUMBERS[i]);
    switch (v->kind) {
    case J_NULL: return true;
    case J_BOOL: return flag;
    case J_INT: return number;
    case J_LIST: return list;
    case J_TEXT: return !flag && !number;
    default: return false;
    }
}

static bool read_input(struct req *rq, struct entry_input *in, struct err *err)
{
    struct jvalue body;
    struct str match = http_field(rq->http, "if-match");
    *in = (struct entry_input){ 0 };
    if (!req_json_in(rq, &body, err))
        return false;
    for (size_t i = 0; i < body.n; i++) {
        const struct jvalue *v = &body.items[i];
        struct str value;
        if (!entry_input_set(in, v->name, STR(""))) {
            char name[ERR_FIELD_BYTES];
            snprintf(name, sizeof name, "%.*s", STR_ARG(v->name));
            return err_fail(err, ERR_INPUT, M_ENTRY_UNKNOWN_FIELD, name, A_STR(v->name));
        }
        if (!type_fits(v))
            return wrong_type(v, err);
        if (!text_of(rq->arena, v, &value, err))
            return false;
        entry_input_set(in, v->name, value);
    }
    if (match.p && !str_eqc(match, "*"))         /* whatever else is no version of ours is refused as such */
        in->version = match.n > 2 && match.p[0] == '"' && match.p[match.n - 1] == '"' ? str_sub(match, 1, match.n - 2) : match;
    return true;
}

/* --- answering --------------------------------------------------------------------------------------------------------------------- */

static void put_encoded(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        bool plain = (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '-' || ch == '.' || ch == '_';
        if (plain)
            buf_ch(b, (char)ch);
        else
            buf_printf(b, "%%%02X", ch);
    }
}

static void answer_entry(struct req *rq, int status, struct str number)
{
    struct buf b = BUF_INIT;
    struct entry e;
    struct act *acts;
    size_t n;
    struct err err;
    if (!entry_fetch(rq->db, rq->arena, rq->actor, number, &e, &err) ||
        !entry_history(rq->db, rq->arena, rq->actor, &e, &acts, &n, &err) ||
        !shape_entry_json(rq->db, rq->arena, rq->actor, &e, acts, n, rq->now, &b, &err)) {
        buf_release(&b);
        req_fail(rq, &err);
        return;
    }
    req_head(rq, "ETag", "\"%lld\"", (long long)e.version);
    req_json(rq, status, &b);
}

struct doing {
    struct entry_input in;
    char number[40];                             /* "": a registration */
    enum entry_verb verb;
    struct problems problems;
    char done[40];                               /* the number it got */
    struct buf made;                             /* a registration's answer, of what was written and is all there is; nothing needs to be read for it again */
    int64_t version;
};

static bool do_fn(struct txn *t, void *args, struct err *err)
{
    struct doing *d = args;
    struct actor actor;
    struct entry e;
    d->problems.n = d->problems.total = 0;       /* fn may run again */
    if (!web_actor(t, &actor, err))
        return false;
    bool ok = d->number[0] ? entry_act(t, &actor, str_c(d->number), d->verb, &d->in, &e, err)
                           : entry_register(t, &actor, &d->in, &e, &d->problems, err);
    if (!ok)
        return false;
    snprintf(d->done, sizeof d->done, "%.*s", STR_ARG(e.number));
    d->version = e.version;
    buf_clear(&d->made);
    return d->number[0] || shape_entry_json(t->db, t->arena, &actor, &e, e.act, 1, t->at, &d->made, err);
}

static void done(struct req *rq, void *args, bool ok, const struct err *err)
{
    struct doing *d = args;
    bool registered = d->verb == VERB_REGISTER;
    if (!ok && d->problems.n > 1)
        req_fail_all(rq, &d->problems);
    else if (!ok)
        req_fail(rq, err);
    else {
        if (registered) {
            _cleanup_(buf_release) struct buf at = BUF_INIT;
            put_encoded(&at, str_c(d->done));
            req_head(rq, "Location", "/api/v1/entries/%s", at.p);
        }
        if (registered) {
            req_head(rq, "ETag", "\"%lld\"", (long long)d->version);
            req_json(rq, 201, &d->made);
        } else {
            answer_entry(rq, 200, str_c(d->done));
        }
    }
    buf_release(&d->made);
    problems_release(&d->problems);
}

static void begin(struct req *rq, enum entry_verb verb, struct str number)
{
    struct doing *d = arena_new(rq->arena, struct doing);
    struct err err;
    d->verb = verb;
    snprintf(d->number, sizeof d->number, "%.*s", STR_ARG(number));
    if (read_input(rq, &d->in, &err))
        web_write(rq, do_fn, d, done);
    else
        req_fail(rq, &err);
}

static void post_entry(struct req *rq) { begin(rq, VERB_REGISTER, STR("")); }
static void patch_entry(struct req *rq) { begin(rq, VERB_AMEND, rq->args[0]); }
static void get_entry(struct req *rq) { answer_entry(rq, 200, rq->args[0]); }

/* The verbs of the state table, by their codes alone. */
static void post_verb(struct req *rq)
{
    struct err err;
    for (int v = VERB_ACCEPT; v <= VERB_EXTEND; v++)
        if (str_eq(rq->args[1], entry_verb_code((enum entry_verb)v))) {
            begin(rq, (enum entry_verb)v, rq->args[0]);
            return;
        }
    err_fail(&err, ERR_NOT_FOUND, M_ENTRY_UNKNOWN_VERB, NULL, A_STR(rq->args[1]));
    req_fail(rq, &err);
}

/* --- units --------------------------------------------------------------------------------------------------------------------- */

static bool put_unit(struct req *rq, struct buf *b, const struct party *p, int64_t place, struct err *err)
{
    struct unit_aliases_row *alias;
    size_t n;
    if (!q_unit_aliases(rq->db, rq->arena, &(struct unit_aliases_in){ rq->actor->office_id, p->id }, &alias, &n, err))
        return false;
    json_obj(b);
    json_put_str(b, "name", p->name);
    json_put_str(b, "short_name", p->short_name);
    json_put_str(b, "category", p->category);
    json_put_int(b, "order", place);
    json_key(b, "aliases");
    json_arr(b);
    for (size_t i = 0; i < n; i++)
        json_str(b, alias[i].name);
    json_arr_end(b);
    json_obj_end(b);
    return true;
}

static void answer_units(struct req *rq, int status)
{
    struct party *p;
    size_t n;
    struct err err;
    struct buf b = BUF_INIT;
    bool ok = party_list(rq->db, rq->arena, rq->actor->office_id, PARTY_UNIT, false, &p, &n, &err);
    json_arr(&b);
    for (size_t i = 0; ok && i < n; i++)
        ok = put_unit(rq, &b, &p[i], (int64_t)i + 1, &err);
    json_arr_end(&b);
    if (ok) {
        req_json(rq, status, &b);
        return;
    }
    buf_release(&b);
    req_fail(rq, &err);
}

static void get_units(struct req *rq) { answer_units(rq, 200); }

struct new_name {
    struct str name, short_name, category, *aliases;
    size_t n_aliases;
    int64_t order;
};

static bool new_unit_fn(struct txn *t, void *args, struct err *err)
{
    struct new_name *u = args;
    int64_t id;
    if (!party_add(t, PARTY_UNIT, u->name, u->short_name, u->category, u->order, &id, err))
        return false;
    for (size_t i = 0; i < u->n_aliases; i++)
        if (!party_alias_add(t, id, u->aliases[i], err))
            return false;
    return true;
}

static void unit_done(struct req *rq, void *args, bool ok, const struct err *err)
{
    if (ok)
        answer_units(rq, 201);
    else
        req_fail(rq, err);
}

static void post_unit(struct req *rq)
{
    struct new_name *u = arena_new(rq->arena, struct new_name);
    struct jvalue body;
    struct err err;
    if (!req_json_in(rq, &body, &err) || !jonly(&body, "name short_name category aliases order", &err) ||
        !jget_text(&body, "name", &u->name, &err) || !jget_text(&body, "short_name", &u->short_name, &err) ||
        !jget_text(&body, "category", &u->category, &err) || !jget_int(&body, "order", 0, &u->order, &err) ||
        !jget_texts(rq->arena, &body, "aliases", &u->aliases, &u->n_aliases, &err) || !entry_name_check(u->name, "name", &err)) {
        req_fail(rq, &err);
        return;
    }
    u->short_name = u->short_name.p ? u->short_name : STR("");
    u->category = u->category.p ? u->category : STR("");
    web_write(rq, new_unit_fn, u, unit_done);
}

enum { READERS = ROLE_SECTION | ROLE_LEADER | ROLE_LIAISON };

const struct route entry_routes[ENTRY_ROUTES] = {
    { "POST", "/api/v1/entries", post_entry, ROLE_SECTION, 0, true, .takes = "EntryInput", .gives = "Entry" },
    { "GET", "/api/v1/entries/{number}", get_entry, READERS, 0, true, .gives = "Entry" },
    { "PATCH", "/api/v1/entries/{number}", patch_entry, ROLE_SECTION, 0, true, .takes = "EntryInput", .gives = "Entry" },
    { "POST", "/api/v1/entries/{number}/{verb}", post_verb, READERS, 0, true, .takes = "EntryInput", .gives = "Entry" },
    { "GET", "/api/v1/units", get_units, ROLE_ANY, 0, true, .gives = "[Unit]" },
    { "POST", "/api/v1/units", post_unit, ROLE_ADMIN, 0, true, .takes = "Unit", .gives = "[Unit]" },
};

#define STATE "pending|active|returned|review|settled|archived|suspended|withdrawn"
#define KIND "document|meeting|affair"
#define VERB "accept|return|assign|submit|reject|settle|suspend|resume|withdraw|archive|reopen|feedback|urge|extend"
#define COMMON                                                                                                                                     \
    "number:text! kind:" KIND "! reading:bool! state:" STATE "! title:text! source:text! requirement:text! day:day! deadline:instant?! "           \
    "unit_deadline:instant?! lead_unit:text?! officer:text?! leader:text?! urgent:bool! urgency:text! progress:text! result:text! settled:day?! "  \
    "late:bool! overdue:bool! carried:int! "

/* A member that is missing from here, or from what shape.c writes, is found by tests/api.test.js. */
const struct schema entry_schemas[ENTRY_SCHEMAS] = {
    { "verb", VERB },
    { "EntryLine", COMMON },
    { "Entry", COMMON "received_at:instant! asked_deadline:instant?! no_deadline_reason:text! assist_units:[text]! lists:[text]! parent:text?! "
                      "genre:text! role:[text]! instruction:bool! open_parts:int! paper_where:text! paper_out:instant?! paper_back:instant?! "
                      "has_contact:bool! look_back:day?! version:int! verbs:[text]! history:[Act]" },
    { "Act", "n:int! at:instant! day:day! actor:text! verb:text! recorded_for:text?! from:" STATE "?! to:" STATE "! text:text! change:object?! "
             "corrects:int journal:int!" },
    { "EntryInput", "kind:" KIND " title:text source:text requirement:text received_at:instant deadline:instant? unit_deadline:instant? "
                    "deadline_phrase:text no_deadline_reason:text lead_unit:text assist_units:[text] officer:text leader:text lists:[text] urgent:bool "
                    "urgency:text progress:text genre:text role:[text] reading:bool instruction:bool parent:text result:text paper_where:text "
                    "paper_out:instant paper_back:instant contact:text text:text day:day recorded_for:text corrects:int leader_word:text "
                    "reported_on:day grant:bool version:int" },
    { "Unit", "name:text! short_name:text category:text aliases:[text] order:int" },
};
