/* One cell: what was typed becomes canonical text or one sentence. */
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "messages.h"
#include "office/collect/blank.h"

/* Full-width figures and signs as half-width ones; what is neither stays. */
static struct str plain_figures(struct arena *a, struct str s)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    for (size_t i = 0; i < s.n;) {
        int32_t c = utf8_next(s, &i);
        if (c >= 0xFF10 && c <= 0xFF19)
            c = '0' + (c - 0xFF10);
        else if (c == 0xFF0E)
            c = '.';
        else if (c == 0xFF0C)
            c = ',';
        else if (c == 0xFF0D || c == 0x2212)
            c = '-';
        buf_utf8(&b, c);
    }
    return arena_str(a, buf_view(&b));
}

/* 1,234,567: groups of three, or none at all. */
static bool take_commas(struct str whole, struct buf *digits)
{
    size_t run = 0;
    bool grouped = str_chr(whole, ',') >= 0;
    for (size_t i = 0; i < whole.n; i++) {
        char c = whole.p[i];
        if (c == ',') {
            if (run == 0 || run > 3 || (digits->n > run && run != 3))
                return false;
            run = 0;
        } else if (c >= '0' && c <= '9') {
            buf_ch(digits, c);
            run++;
        } else {
            return false;
        }
    }
    return digits->n > 0 && (!grouped || run == 3);
}

static bool bad_number(const struct blank_column *c, struct str typed, struct err *err)
{
    static const char *const UNITS[] = { "万", "亿", "千", "百", "%", "％", "‰", "元", "人", "间", "个", "件", "次" };
    for (size_t i = 0; i < ARRAY_LEN(UNITS); i++)
        if (str_ends(typed, str_c(UNITS[i])))
            return err_fail(err, ERR_INPUT, M_COLLECT_CELL_UNIT, NULL, A_STR(c->name), A_STR(typed), A_C(UNITS[i]));
    return err_fail(err, ERR_INPUT, c->type == COL_INT ? M_COLLECT_CELL_INT : M_COLLECT_CELL_DECIMAL, NULL, A_STR(c->name), A_STR(typed), A_INT(c->places));
}

static bool in_range(const struct blank_column *c, int64_t v, struct err *err)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    if (c->has_min && v < c->min) {
        cell_put(&b, c, c->min);
        return err_fail(err, ERR_INPUT, M_COLLECT_CELL_MIN, NULL, A_STR(c->name), A_STR(buf_view(&b)));
    }
    if (c->has_max && v > c->max) {
        cell_put(&b, c, c->max);
        return err_fail(err, ERR_INPUT, M_COLLECT_CELL_MAX, NULL, A_STR(c->name), A_STR(buf_view(&b)));
    }
    return true;
}

static bool number_read(struct arena *a, const struct blank_column *c, struct str typed, int64_t *ret, struct err *err)
{
    struct buf digits _cleanup_(buf_release) = BUF_INIT;
    struct str s = plain_figures(a, typed), part;
    bool minus = s.n && s.p[0] == '-';
    struct str whole = str_cut(minus ? str_sub(s, 1, s.n) : s, '.', &part);
    if (!take_commas(whole, &digits) || (part.p && part.n == 0))
        return bad_number(c, typed, err);
    for (size_t i = 0; i < part.n; i++)
        if (part.p[i] < '0' || part.p[i] > '9' || (i >= (size_t)c->places && part.p[i] != '0'))
            return bad_number(c, typed, err);
    for (int i = 0; i < c->places; i++)
        buf_ch(&digits, (size_t)i < part.n ? part.p[i] : '0');
    size_t zeros = 0;
    while (zeros + 1 < digits.n && digits.p[zeros] == '0')
        zeros++;
    if (digits.n - zeros > BLANK_DIGITS)
        return err_fail(err, ERR_INPUT, M_COLLECT_CELL_DIGITS, NULL, A_STR(c->name), A_INT(BLANK_DIGITS));
    if (!num_i64(str_sub(buf_view(&digits), zeros, digits.n), ret))
        return bad_number(c, typed, err);
    *ret = minus ? -*ret : *ret;
    return true;
}

void cell_put(struct buf *b, const struct blank_column *c, int64_t v)
{
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v, unit = 1;
    for (int i = 0; i < c->places; i++)
        unit *= 10;
    buf_printf(b, "%s%llu", v < 0 ? "-" : "", (unsigned long long)(u / unit));
    if (c->places)
        buf_printf(b, ".%0*llu", c->places, (unsigned long long)(u % unit));
}

static bool day_read(struct arena *a, const struct blank_column *c, struct str typed, day_t today, struct str *ret, struct err *err)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    instant_t at;
    bool has_time;
    day_t d;
    struct err why;
    if (!date_read(typed, &d, &at, &has_time, &why) || has_time)
        return err_fail(err, ERR_INPUT, M_COLLECT_CELL_DAY, NULL, A_STR(c->name), A_STR(typed));
    if (c->not_later && d > today)
        return err_fail(err, ERR_INPUT, M_COLLECT_CELL_LATER, NULL, A_STR(c->name), A_DAY(d));
    date_put_iso(&b, d);
    *ret = arena_str(a, buf_view(&b));
    return true;
}

static bool choice_read(const struct blank_column *c, struct str typed, struct str *ret, struct err *err)
{
    for (int i = 0; i < c->n_choices; i++)
        if (str_eq(c->choices[i], typed)) {
            *ret = c->choices[i];
            return true;
        }
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    for (int i = 0; i < c->n_choices; i++)
        buf_printf(&b, "%s%.*s", i ? "、" : "", STR_ARG(c->choices[i]));
    return err_fail(err, ERR_INPUT, M_COLLECT_CELL_CHOICE, NULL, A_STR(c->name), A_STR(typed), A_STR(utf8_cut(buf_view(&b), 100)));
}

static bool flag_read(const struct blank_column *c, struct str typed, struct str *ret, struct err *err)
{
    static const char *const YES[] = { "是", "有", "√", "✓", "yes", "true", "1" }, *const NO[] = { "否", "无", "×", "✗", "no", "false", "0" };
    for (size_t i = 0; i < ARRAY_LEN(YES); i++)
        if (str_caseeq(typed, str_c(YES[i])) || str_caseeq(typed, str_c(NO[i]))) {
            *ret = str_caseeq(typed, str_c(YES[i])) ? STR("是") : STR("否");
            return true;
        }
    return err_fail(err, ERR_INPUT, M_COLLECT_CELL_FLAG, NULL, A_STR(c->name), A_STR(typed));
}

bool cell_read(struct arena *a, const struct blank_column *c, struct str typed, day_t today, struct str *ret, struct err *err)
{
    int64_t v;
    typed = str_trim(typed);
    if (typed.n == 0) {
        *ret = STR("");
        return !c->must || err_fail(err, ERR_INPUT, M_COLLECT_CELL_MUST, NULL, A_STR(c->name));
    }
    if (!utf8_valid(typed, NULL) || utf8_has_control(typed) || memchr(typed.p, '\t', typed.n) || memchr(typed.p, '\n', typed.n))
        return err_fail(err, ERR_INPUT, M_COLLECT_CELL_CONTROL, NULL, A_STR(c->name));
    if (utf8_count(typed) > BLANK_CELL_CHARS)
        return err_fail(err, ERR_INPUT, M_COLLECT_CELL_LONG, NULL, A_STR(c->name), A_INT(BLANK_CELL_CHARS));
    switch (c->type) {
    case COL_INT:
    case COL_DECIMAL: {
        struct buf b _cleanup_(buf_release) = BUF_INIT;
        if (!number_read(a, c, typed, &v, err) || !in_range(c, v, err))
            return false;
        cell_put(&b, c, v);
        *ret = arena_str(a, buf_view(&b));
        return true;
    }
    case COL_DAY: return day_read(a, c, typed, today, ret, err);
    case COL_CHOICE: return choice_read(c, typed, ret, err);
    case COL_FLAG: return flag_read(c, typed, ret, err);
    case COL_TEXT: break;
    }
    *ret = arena_str(a, typed);
    return true;
}

bool cell_value(const struct blank_column *c, struct str text, int64_t *ret)
{
    char digits[32];
    size_t n = 0;
    day_t d;
    if (text.n == 0)
        return false;
    if (c->type == COL_DAY) {
        bool ok = date_read_iso(text, &d, NULL);
        *ret = ok ? d : 0;
        return ok;
    }
    if (c->type == COL_FLAG) {
        *ret = str_eqc(text, "是");
        return true;
    }
    for (size_t i = 0; i < text.n && n < sizeof digits; i++)
        if (text.p[i] != '.')
            digits[n++] = text.p[i];
    return blank_counts(c) && num_i64(str_n(digits, n), ret);
}
