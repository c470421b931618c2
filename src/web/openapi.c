/* GET /api/openapi.json: the API as it is, told from the tables of routes when asked. A route that is there is described; a description without
 * a route cannot be. Schemas are one line of text each: web.h says how they are written. */
#include "base/json.h"
#include "messages.h"
#include "web/inner.h"

#define TEXT(b, key, value) json_put_str((b), (key), STR(value))

/* Every table of the server in turn, the web floor's own first. */
static const struct web_routes *table(const struct web *w, int i)
{
    return i == 0 ? &builtin_routes : i <= w->o.n_tables ? &w->o.tables[i - 1] : NULL;
}

/* Calls fn for each API route, in order. */
#define EACH_API_ROUTE(w, r)                                                            \
    for (int t_ = 0; table((w), t_); t_++)                                              \
        for (const struct route *r = table((w), t_)->routes, *end_ = r + table((w), t_)->n; r < end_; r++) \
            if (r->api)

/* --- schemas ---------------------------------------------------------------------------------------------------------------- */

static void put_ref(struct buf *b, const char *where, struct str name)
{
    _cleanup_(buf_release) struct buf ref = BUF_INIT;
    buf_printf(&ref, "#/components/%s/%.*s", where, STR_ARG(name));
    json_put_str(b, "$ref", buf_view(&ref));
}

static void put_enum(struct buf *b, struct str words)
{
    TEXT(b, "type", "string");
    json_key(b, "enum");
    json_arr(b);
    for (struct str rest = words; rest.p;)
        json_str(b, str_cut(rest, '|', &rest));
    json_arr_end(b);
}

static const struct {
    const char *word, *type, *format;
} TYPES[] = {
    { "text", "string", NULL }, { "day", "string", "date" }, { "instant", "string", "date-time" }, { "int", "integer", NULL },
    { "bool", "boolean", NULL }, { "object", "object", NULL },
};

/* The members of a schema object for one type, without its braces. */
static void put_type(struct buf *b, struct str type)
{
    if (type.n > 2 && type.p[0] == '[') {
        TEXT(b, "type", "array");
        json_key(b, "items");
        json_obj(b);
        put_type(b, str_sub(type, 1, type.n - 2));
        json_obj_end(b);
        return;
    }
    if (str_chr(type, '|') >= 0) {
        put_enum(b, type);
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(TYPES); i++)
        if (str_eqc(type, TYPES[i].word)) {
            json_put_str(b, "type", str_c(TYPES[i].type));
            if (TYPES[i].format)
                json_put_str(b, "format", str_c(TYPES[i].format));
            return;
        }
    put_ref(b, "schemas", type);
}

static bool take_mark(struct str *s, char mark)
{
    if (s->n == 0 || s->p[s->n - 1] != mark)
        return false;
    s->n--;
    return true;
}

static void put_schema(struct buf *b, enum lang lang, const struct schema *s)
{
    _cleanup_(buf_release) struct buf required = BUF_INIT;
    json_key(b, s->name);
    json_obj(b);
    TEXT(b, "type", "object");
    json_key(b, "properties");
    json_obj(b);
    for (struct str rest = str_c(s->fields); rest.p;) {
        struct str type, word = str_cut(rest, ' ', &rest), name = str_cut(word, ':', &type);
        if (word.n == 0)
            continue;
        bool must = take_mark(&type, '!'), may_be_null = take_mark(&type, '?');
        _cleanup_(buf_release) struct buf key = BUF_INIT;
        buf_str(&key, name);
        json_key(b, key.p);
        json_obj(b);
        if (may_be_null)
            json_put_bool(b, "nullable", true);
        put_type(b, type);
        json_put_str(b, "title", str_c(tr_field(lang, key.p)));
        json_obj_end(b);
        if (must)
            json_str(&required, name);
    }
    json_obj_end(b);
    if (required.n) {
        json_key(b, "required");
        buf_printf(b, "[%s]", required.p);
    }
    json_obj_end(b);
}

static const struct schema SHARED[] = {
    { "Problem", "type:text! title:text! status:int! detail:text! errors:[Fault]!" },
    { "Fault", "field:text detail:text! line:int column:int" },
};

/* --- routes ------------------------------------------------------------------------------------------------------------------ */

static void put_argument(struct buf *b, const char *in, struct str name, struct str type, bool required)
{
    json_obj(b);
    json_put_str(b, "name", name);
    json_put_str(b, "in", str_c(in));
    json_put_bool(b, "required", required);
    json_key(b, "schema");
    json_obj(b);
    put_type(b, type);
    json_obj_end(b);
    json_obj_end(b);
}

/* A schema without fields is what an argument of its name may be. */
static bool is_argument(const struct schema *s) { return str_chr(str_c(s->fields), ':') < 0; }

static struct str argument_type(const struct web *w, struct str name)
{
    for (int t = 0; table(w, t); t++)
        for (int i = 0; i < table(w, t)->n_schemas; i++)
            if (is_argument(&table(w, t)->schemas[i]) && str_eq(str_c(table(w, t)->schemas[i].name), name))
                return str_c(table(w, t)->schemas[i].fields);
    return STR("text");
}

static void put_arguments(const struct web *w, struct buf *b, const struct route *r)
{
    json_key(b, "parameters");
    json_arr(b);
    for (struct str rest = str_c(r->path); rest.p;) {
        struct str segment = str_cut(rest, '/', &rest);
        struct str name = str_sub(segment, 1, segment.n - 2);
        if (segment.n > 2 && segment.p[0] == '{')
            put_argument(b, "path", name, argument_type(w, name), true);
    }
    for (struct str rest = r->asks ? str_c(r->asks) : STR_NULL; rest.p;) {
        struct str name = str_cut(rest, ' ', &rest);
        put_argument(b, "query", name, argument_type(w, name), false);
    }
    if (str_eqc(str_c(r->method), "POST"))
        put_argument(b, "header", STR("Idempotency-Key"), STR("text"), false);
    json_arr_end(b);
}

static void put_content(struct buf *b, const char *type, const char *schema)
{
    json_key(b, "content");
    json_obj(b);
    json_key(b, type);
    json_obj(b);
    json_key(b, "schema");
    json_obj(b);
    if (schema)
        put_type(b, str_c(schema));
    json_obj_end(b);
    json_obj_end(b);
    json_obj_end(b);
}

static void put_responses(struct buf *b, const struct route *r)
{
    json_key(b, "responses");
    json_obj(b);
    json_key(b, "2XX");
    json_obj(b);
    TEXT(b, "description", "");
    if (r->gives)
        put_content(b, "application/json", r->gives);
    json_obj_end(b);
    json_key(b, "default");
    json_obj(b);
    put_ref(b, "responses", STR("problem"));
    json_obj_end(b);
    json_obj_end(b);
}

static void put_roles(struct req *rq, struct buf *b, unsigned roles)
{
    json_key(b, "x-roles");
    json_arr(b);
    for (struct str rest = roles_code(rq->arena, roles ? roles : ROLE_ANY); rest.p;)
        json_str(b, str_cut(rest, ';', &rest));
    json_arr_end(b);
}

static void put_operation(struct req *rq, struct buf *b, const struct route *r)
{
    char method[16] = "";
    for (size_t i = 0; r->method[i] && i + 1 < sizeof method; i++)
        method[i] = (char)(r->method[i] | 0x20);
    json_key(b, method);
    json_obj(b);
    put_arguments(rq->web, b, r);
    if (r->takes) {
        json_key(b, "requestBody");
        json_obj(b);
        put_content(b, r->files ? "multipart/form-data" : "application/json", r->takes);
        json_obj_end(b);
    }
    put_responses(b, r);
    if (r->roles & ROLE_ANYONE) {
        json_key(b, "security");
        json_raw(b, STR("[]"));
    } else {
        put_roles(rq, b, r->roles);
    }
    json_obj_end(b);
}

static bool told_before(const struct web *w, const struct route *route)
{
    EACH_API_ROUTE(w, r) {
        if (r == route)
            return false;
        if (str_eq(str_c(r->path), str_c(route->path)))
            return true;
    }
    return false;
}

static void put_path(struct req *rq, struct buf *b, const struct route *first)
{
    json_key(b, first->path);
    json_obj(b);
    EACH_API_ROUTE(rq->web, r) {
        if (str_eq(str_c(r->path), str_c(first->path)))
            put_operation(rq, b, r);
    }
    json_obj_end(b);
}

static void put_components(struct req *rq, struct buf *b)
{
    json_key(b, "components");
    json_obj(b);
    json_key(b, "securitySchemes");
    json_raw(b, STR("{\"token\":{\"type\":\"http\",\"scheme\":\"bearer\"}}"));
    json_key(b, "responses");
    json_obj(b);
    json_key(b, "problem");
    json_obj(b);
    TEXT(b, "description", "RFC 9457");
    put_content(b, "application/problem+json", "Problem");
    json_obj_end(b);
    json_obj_end(b);
    json_key(b, "schemas");
    json_obj(b);
    for (size_t i = 0; i < ARRAY_LEN(SHARED); i++)
        put_schema(b, rq->lang, &SHARED[i]);
    for (int t = 0; table(rq->web, t); t++)
        for (int i = 0; i < table(rq->web, t)->n_schemas; i++)
            if (!is_argument(&table(rq->web, t)->schemas[i]))
                put_schema(b, rq->lang, &table(rq->web, t)->schemas[i]);
    json_obj_end(b);
    json_obj_end(b);
}

void openapi_answer(struct req *rq)
{
    struct buf b = BUF_INIT;
    json_obj(&b);
    TEXT(&b, "openapi", "3.0.3");
    json_key(&b, "info");
    json_raw(&b, STR("{\"title\":\"文会事\",\"version\":\"1\"}"));
    json_key(&b, "security");
    json_raw(&b, STR("[{\"token\":[]}]"));
    json_key(&b, "paths");
    json_obj(&b);
    EACH_API_ROUTE(rq->web, r) {
        if (!told_before(rq->web, r))
            put_path(rq, &b, r);
    }
    json_obj_end(&b);
    put_components(rq, &b);
    json_obj_end(&b);
    req_json(rq, 200, &b);
}
