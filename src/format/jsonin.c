#include "format/jsonin.h"

#include <jansson.h>

#include "messages.h"

enum { DEPTH_MAX = 32, VALUES_MAX = 1 << 16 };

static void convert(struct arena *a, json_t *from, struct jvalue *to);

static void convert_object(struct arena *a, json_t *from, struct jvalue *to)
{
    const char *name;
    json_t *value;
    to->items = arena_array(a, struct jvalue, json_object_size(from));
    json_object_foreach (from, name, value) {
        struct jvalue *v = &to->items[to->n++];
        v->name = arena_str(a, str_c(name));
        convert(a, value, v);
    }
}

static void convert_list(struct arena *a, json_t *from, struct jvalue *to)
{
    to->n = json_array_size(from);
    to->items = arena_array(a, struct jvalue, to->n);
    for (size_t i = 0; i < to->n; i++)
        convert(a, json_array_get(from, i), &to->items[i]);
}

static void convert(struct arena *a, json_t *from, struct jvalue *to)
{
    switch (json_typeof(from)) {
    case JSON_OBJECT:
        to->kind = J_OBJECT;
        convert_object(a, from, to);
        break;
    case JSON_ARRAY:
        to->kind = J_LIST;
        convert_list(a, from, to);
        break;
    case JSON_STRING:
        to->kind = J_TEXT;
        to->text = arena_str(a, str_n(json_string_value(from), json_string_length(from)));
        break;
    case JSON_INTEGER:
        to->kind = J_INT;
        to->i = json_integer_value(from);
        break;
    case JSON_REAL:
        to->kind = J_REAL;
        to->real = json_real_value(from);
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        to->kind = J_BOOL;
        to->i = json_is_true(from);
        break;
    case JSON_NULL: to->kind = J_NULL; break;
    }
}

/* Looked at before the library builds anything, for a value of two bytes becomes more than a hundred. What is no JSON at all is the library's
 * to refuse. */
static bool sized(struct str s, struct err *err)
{
    int depth = 0, values = 1;
    bool quoted = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (quoted && c == '\\') {
            i++;
            continue;
        }
        quoted ^= c == '"';
        if (quoted)
            continue;
        depth += (c == '[' || c == '{') - (c == ']' || c == '}');
        values += c == '[' || c == '{' || c == ',';
        if (depth > DEPTH_MAX)
            return err_fail(err, ERR_LIMIT, M_FORMAT_JSON_DEEP, NULL, A_INT(DEPTH_MAX));
        if (values > VALUES_MAX)
            return err_fail(err, ERR_LIMIT, M_FORMAT_JSON_LONG, NULL, A_INT(VALUES_MAX));
    }
    return true;
}

bool json_read(struct arena *a, struct str bytes, struct jvalue *ret, struct err *err)
{
    json_error_t at;
    if (!sized(bytes, err))
        return false;
    json_t *root = json_loadb(bytes.p ? bytes.p : "", bytes.n, JSON_REJECT_DUPLICATES, &at);
    if (!root) {
        err_fail(err, ERR_INPUT, M_FORMAT_JSON_BAD, NULL, A_INT(at.line), A_INT(at.column));
        err_at(err, at.line, at.column);
        return false;
    }
    *ret = (struct jvalue){ 0 };
    convert(a, root, ret);
    json_decref(root);
    return true;
}

const struct jvalue *jget(const struct jvalue *object, const char *name)
{
    if (object->kind == J_OBJECT)
        for (size_t i = 0; i < object->n; i++)
            if (str_eqc(object->items[i].name, name))
                return object->items[i].kind == J_NULL ? NULL : &object->items[i];
    return NULL;
}

bool jget_text(const struct jvalue *object, const char *name, struct str *ret, struct err *err)
{
    const struct jvalue *v = jget(object, name);
    if (v && v->kind != J_TEXT)
        return err_fail(err, ERR_INPUT, M_BASE_NOT_TEXT, name);
    *ret = v ? v->text : STR_NULL;
    return true;
}

bool jget_int(const struct jvalue *object, const char *name, int64_t otherwise, int64_t *ret, struct err *err)
{
    const struct jvalue *v = jget(object, name);
    if (v && v->kind != J_INT)
        return err_fail(err, ERR_INPUT, M_BASE_NOT_INT, name);
    *ret = v ? v->i : otherwise;
    return true;
}

bool jget_bool(const struct jvalue *object, const char *name, bool *ret, struct err *err)
{
    const struct jvalue *v = jget(object, name);
    if (v && v->kind != J_BOOL)
        return err_fail(err, ERR_INPUT, M_BASE_NOT_BOOL, name);
    *ret = v && v->i;
    return true;
}

bool jget_texts(struct arena *a, const struct jvalue *object, const char *name, struct str **ret, size_t *n, struct err *err)
{
    const struct jvalue *v = jget(object, name);
    if (v && v->kind != J_LIST)
        return err_fail(err, ERR_INPUT, M_BASE_NOT_TEXTS, name);
    size_t count = v ? v->n : 0;
    struct str *list = arena_array(a, struct str, count);
    for (size_t i = 0; i < count; i++) {
        if (v->items[i].kind != J_TEXT)
            return err_fail(err, ERR_INPUT, M_BASE_NOT_TEXTS, name);
        list[i] = v->items[i].text;
    }
    *ret = list;
    *n = count;
    return true;
}

bool jonly(const struct jvalue *object, const char *names, struct err *err)
{
    for (size_t i = 0; i < object->n; i++) {
        bool known = false;
        for (struct str rest = str_c(names); rest.p && !known;)
            known = str_eq(str_cut(rest, ' ', &rest), object->items[i].name);
        if (!known)
            return err_fail(err, ERR_INPUT, M_FORMAT_JSON_UNKNOWN, object->items[i].name.p, A_STR(object->items[i].name));
    }
    return true;
}
