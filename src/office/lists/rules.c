/* Pure: what an own column takes. */
#include "calendar/date.h"
#include "office/lists/inside.h"

const char *const list_types[LIST_TYPES] = { [LIST_TEXT] = "text", [LIST_NUMBER] = "number", [LIST_DAY] = "day", [LIST_CHOICE] = "choice" };

bool list_type_read(struct str s, enum list_type *ret, struct err *err)
{
    for (int i = 0; i < LIST_TYPES; i++)
        if (str_eqc(s, list_types[i])) {
            *ret = (enum list_type)i;
            return true;
        }
    return err_fail(err, ERR_INPUT, M_LISTS_BAD_TYPE, "type", A_STR(s));
}

/* An optional sign, up to 15 digits, perhaps a point with up to 6 more: 1,234.50 is kept as 1234.50. */
static bool number_read(struct str s, struct arena *a, struct str *ret)
{
    char out[24];
    size_t n = 0, whole = 0, part = 0;
    bool point = false;
    for (size_t i = 0; i < s.n; i++) {
        char ch = s.p[i];
        if (ch == ',' && !point && whole)
            continue;
        if (ch == '-' && i == 0)
            out[n++] = ch;
        else if (ch == '.' && !point && whole)
            out[n++] = ch, point = true;
        else if (ch >= '0' && ch <= '9' && (point ? ++part <= 6 : ++whole <= 15))
            out[n++] = ch;
        else
            return false;
    }
    if (!whole || (point && !part))
        return false;
    *ret = arena_str(a, str_n(out, n));
    return true;
}

static bool choice_read(const struct list_column *c, struct str value, struct str *ret)
{
    struct str rest = c->choices;
    while (rest.n) {
        struct str one = str_cut(rest, ';', &rest);
        if (str_eq(str_trim(one), value)) {
            *ret = str_trim(one);
            return true;
        }
    }
    return false;
}

static bool day_read(struct str value, struct arena *a, struct str *ret)
{
    day_t day;
    instant_t at;
    bool has_time;
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    if (!date_read(value, &day, &at, &has_time, NULL) || has_time)
        return false;
    date_put_iso(&b, day);
    *ret = arena_str(a, buf_view(&b));
    return true;
}

bool list_value_check(const struct list_column *c, struct str value, struct arena *a, struct str *ret, struct err *err)
{
    value = value.p ? str_trim(value) : STR("");
    *ret = value;
    if (value.n == 0)
        return true;
    switch (c->type) {
    case LIST_NUMBER:
        if (number_read(value, a, ret))
            return true;
        return err_fail(err, ERR_INPUT, M_LISTS_NOT_NUMBER, "value", A_STR(c->name), A_STR(value));
    case LIST_DAY: return day_read(value, a, ret) || err_fail(err, ERR_INPUT, M_LISTS_NOT_DAY, "value", A_STR(c->name), A_STR(value));
    case LIST_CHOICE: return choice_read(c, value, ret) || err_fail(err, ERR_INPUT, M_LISTS_NOT_CHOICE, "value", A_STR(c->name), A_STR(value), A_STR(c->choices));
    default: break;
    }
    if (!entry_text_check(value, "value", M_FIELD_VALUE, LIST_VALUE_CHARS, err))
        return false;
    *ret = arena_str(a, value);
    return true;
}
