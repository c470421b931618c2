/* Exact decimals, periods, and how a value stands to another. Pure. */
#include <string.h>

#include "base/num.h"
#include "messages.h"
#include "office/books/inside.h"

/* --- decimals ----------------------------------------------------------------------------------------------------------------------- */

static bool is_none(struct str s) { return s.n == 0 || str_eqc(s, "-") || str_eqc(s, "—") || str_eqc(s, "——") || str_eqc(s, "－"); }

/* Digits with an optional comma before each group of three: 1234, 1,234, never 12,34. */
static bool whole_part(struct str s, int64_t *ret)
{
    ptrdiff_t first = str_chr(s, ',');
    *ret = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == ',') {
            if (first == 0 || first > 3 || (s.n - i) % 4 != 0)
                return false;
            continue;
        }
        if (s.p[i] < '0' || s.p[i] > '9' || *ret > VALUE_MAX / VALUE_ONE || (first >= 0 && i > (size_t)first && (s.n - i) % 4 == 0))
            return false;
        *ret = *ret * 10 + (s.p[i] - '0');
    }
    return s.n > 0;
}

bool value_read(struct str s, int decimals, int64_t *ret, struct err *err)
{
    struct str all = s = str_trim(s), part;
    int64_t whole, unit = VALUE_ONE, below = 0;
    if (is_none(s)) {
        *ret = VALUE_NONE;
        return true;
    }
    bool minus = s.p[0] == '-';
    s = str_sub(s, minus || s.p[0] == '+', s.n);
    struct str head = str_cut(s, '.', &part);
    if (!whole_part(head, &whole) || (part.p && part.n == 0))
        return err_fail(err, ERR_INPUT, M_BOOKS_NOT_NUMBER, "value", A_STR(all));
    for (size_t i = 0; i < part.n; i++) {
        if (part.p[i] < '0' || part.p[i] > '9')
            return err_fail(err, ERR_INPUT, M_BOOKS_NOT_NUMBER, "value", A_STR(all));
        unit /= 10;
        below += (part.p[i] - '0') * unit;
        if (i >= (size_t)decimals && part.p[i] != '0')
            return err_fail(err, ERR_INPUT, M_BOOKS_DECIMALS, "value", A_STR(all), A_INT(decimals));
    }
    if (whole >= VALUE_MAX / VALUE_ONE)
        return err_fail(err, ERR_INPUT, M_BOOKS_TOO_LARGE, "value", A_STR(all));
    *ret = whole * VALUE_ONE + below;
    *ret = minus ? -*ret : *ret;
    return true;
}

void value_write(struct buf *b, int64_t value, int decimals)
{
    if (value == VALUE_NONE)
        return;
    int64_t v = value < 0 ? -value : value, below = v % VALUE_ONE, unit = VALUE_ONE / 10;
    if (value < 0)
        buf_ch(b, '-');
    buf_i64(b, v / VALUE_ONE);
    if (decimals)
        buf_ch(b, '.');
    for (int i = 0; i < decimals; i++, unit /= 10)
        buf_ch(b, (char)('0' + below / unit % 10));
}

/* --- periods ------------------------------------------------------------------------------------------------------------------------- */

static int months(enum every e) { return e == EVERY_MONTH ? 1 : e == EVERY_QUARTER ? 3 : 12; }

int span_of(enum every e, int year, int month)
{
    int m = months(e);
    return year * 100 + (month + m - 1) / m * m;
}

int span_step(enum every e, int period, int by)
{
    int n = period / 100 * 12 + period % 100 - 1 + by * months(e);
    return n / 12 * 100 + n % 12 + 1;
}

static const char *const QUARTER_ZH[4] = { "一季度", "二季度", "三季度", "四季度" };

static bool quarter_read(struct str s, int *month)
{
    struct str rest = str_starts(s, STR("第")) ? str_sub(s, 3, s.n) : s;
    for (int q = 1; q <= 4; q++) {
        char code[] = { 'Q', (char)('0' + q), 0 }, dash[] = { '-', 'Q', (char)('0' + q), 0 };
        char digit[] = { (char)('0' + q), 0 };
        bool plain = str_starts(rest, str_c(digit)) && str_eqc(str_sub(rest, 1, rest.n), "季度");
        if (str_caseeq(s, str_c(code)) || str_caseeq(s, str_c(dash)) || str_eqc(rest, QUARTER_ZH[q - 1]) || plain) {
            *month = q * 3;
            return true;
        }
    }
    return false;
}

static bool month_read(struct str s, int *month)
{
    int64_t m;
    if (str_starts(s, STR("-")) || str_starts(s, STR(".")) || str_starts(s, STR("/")))
        s = str_sub(s, 1, s.n);
    if (str_ends(s, STR("月")))
        s = str_sub(s, 0, s.n - 3);
    if (s.n == 0 || s.n > 2 || !num_range(s, 1, 12, &m))
        return false;
    *month = (int)m;
    return true;
}

bool span_read(struct str s, enum every e, int *ret, struct err *err)
{
    int64_t year;
    int month = 12;
    s = str_trim(s);
    struct str rest = str_sub(s, 4, s.n);
    bool ok = s.n >= 4 && num_range(str_sub(s, 0, 4), 1900, DATE_YEAR_MAX, &year);
    if (ok && str_starts(rest, STR("年")))
        rest = str_sub(rest, 3, rest.n);
    ok = ok && (e == EVERY_YEAR ? rest.n == 0 : e == EVERY_QUARTER ? quarter_read(rest, &month) : month_read(rest, &month));
    if (!ok)
        return err_fail(err, ERR_INPUT, M_BOOKS_NOT_PERIOD, "period", A_STR(s), A_MSG(books_every_msg(e)));
    *ret = (int)year * 100 + month;
    return true;
}

void span_write(struct buf *b, enum every e, int period)
{
    buf_printf(b, "%04d", period / 100);
    if (e == EVERY_MONTH)
        buf_printf(b, "-%02d", period % 100);
    else if (e == EVERY_QUARTER)
        buf_printf(b, "-Q%d", period % 100 / 3);
}

void span_say(struct buf *b, enum lang lang, enum every e, int period)
{
    if (lang != LANG_ZH) {
        span_write(b, e, period);
        return;
    }
    buf_printf(b, "%d年", period / 100);
    if (e == EVERY_MONTH)
        buf_printf(b, "%d月", period % 100);
    else if (e == EVERY_QUARTER)
        buf_c(b, QUARTER_ZH[period % 100 / 3 - 1]);
}

static const struct { const char *code, *zh; int msg; } EVERY[] = {
    { "month", "月", M_BOOKS_MONTH }, { "quarter", "季", M_BOOKS_QUARTER }, { "year", "年", M_BOOKS_YEAR },
};

bool books_every_read(struct str s, enum every *ret)
{
    for (int i = 0; i < 3; i++)
        if (str_eqc(s, EVERY[i].code) || str_eqc(s, EVERY[i].zh) || (str_starts(s, str_c(EVERY[i].zh)) && str_eqc(str_sub(s, 3, s.n), "度"))) {
            *ret = (enum every)i;
            return true;
        }
    return false;
}

struct str books_every_code(enum every e) { return str_c(EVERY[e].code); }
int books_every_msg(enum every e) { return EVERY[e].msg; }

/* --- changes -------------------------------------------------------------------------------------------------------------------------- */

struct grow grow_of(int64_t now, int64_t then, bool rate)
{
    if (now == VALUE_NONE || then == VALUE_NONE || (!rate && then <= 0))
        return (struct grow){ GROW_NONE, 0 };
    if (rate)
        return (struct grow){ GROW_POINTS, now - then };
    __int128 n = ((__int128)now - then) * 1000, twice = n * 2, d = then;      /* half away from zero */
    __int128 by = n < 0 ? -((-twice + d) / (2 * d)) : (twice + d) / (2 * d);
    if (by > INT64_MAX / 2 || by < INT64_MIN / 2)
        return (struct grow){ GROW_NONE, 0 };
    return (struct grow){ GROW_PERCENT, (int64_t)by };
}

void grow_write(struct buf *b, struct grow g, int decimals)
{
    if (g.kind == GROW_NONE) {
        buf_c(b, "—");
        return;
    }
    if (g.by > 0)
        buf_ch(b, '+');
    if (g.kind == GROW_POINTS) {
        value_write(b, g.by, decimals);
        return;
    }
    value_write(b, g.by * (VALUE_ONE / 10), 1);
    buf_ch(b, '%');
}

int64_t value_own(int64_t value, int64_t before, bool first_of_year)
{
    if (first_of_year || value == VALUE_NONE)
        return value;
    return before == VALUE_NONE ? VALUE_NONE : value - before;
}
