/* Inside the cage (and pure): how numbers are shown, and what a date is. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calendar/date.h"
#include "format/xlsx_inner.h"

enum { DECIMALS_MAX = 15, LAST_SERIAL = 2958465 };           /* 9999-12-31 */

/* --- formats ---------------------------------------------------------------------------------------------------------------------- */

struct scan {
    bool year, month, day, hour, minute, second, elapsed, percent, number, other;
    char last;                                   /* the last letter of a date or time: m behind h are minutes */
    bool m_open;                                 /* an m that nobody has decided on: minutes if s follows */
    int decimals;
    bool point;
};

static void letter(struct scan *s, char c, size_t run)
{
    if (s->m_open && c != 'm') {
        *(c == 's' ? &s->minute : &s->month) = true;
        s->m_open = false;
    }
    switch (c) {
    case 'y': s->year = true; break;
    case 'd': s->day = true; break;
    case 'h': s->hour = true; break;
    case 's': s->second = true; break;
    case 'a': s->day |= run >= 3; break;         /* aaa: the weekday */
    case 'm':
        if (s->last == 'h')
            s->minute = true;
        else
            s->m_open = true;
        break;
    default: break;
    }
    s->last = c;
}

/* What stands in [ ]: elapsed time, or a colour, a language, a condition. */
static size_t bracket(struct scan *s, struct str code, size_t i)
{
    size_t end = i;
    while (end < code.n && code.p[end] != ']')
        end++;
    struct str in = str_sub(code, i + 1, end - i - 1);
    char c = in.n ? (char)(in.p[0] | 32) : 0;
    if (in.n <= 2 && (c == 'h' || c == 's' || c == 'm')) {
        s->elapsed = true;
        s->last = 'h';
    }
    return end;
}

static void scan(struct scan *s, struct str code)
{
    for (size_t i = 0; i < code.n && code.p[i] != ';'; i++) {
        char c = code.p[i], low = (char)(c >= 'A' && c <= 'Z' ? c | 32 : c);
        size_t run = 1;
        if (c == '"') {
            for (i++; i < code.n && code.p[i] != '"'; i++)
                ;
        } else if (c == '\\' || c == '_' || c == '*') {
            i++;
        } else if (c == '[') {
            i = bracket(s, code, i);
        } else if (str_caseeq(str_sub(code, i, 5), STR("am/pm"))) {
            s->hour = true;
            i += 4;
        } else if (c == '0' || c == '#' || c == '?') {
            s->number = true;
            s->decimals += s->point && c == '0';
        } else if (c == '.') {
            s->point = !s->second;               /* ss.000: parts of seconds */
        } else if (c == '%') {
            s->percent = true;
        } else if (c == '/' && s->number) {
            s->other = true;                     /* a fraction */
        } else if (low == 'e' && s->number) {
            s->other = true;                     /* scientific */
        } else if (low && strchr("ymdhsaeg", low)) {
            while (i + 1 < code.n && (code.p[i + 1] | 32) == low)
                i++, run++;
            letter(s, low == 'e' || low == 'g' ? 'y' : low, run);
        }
    }
    if (s->m_open)
        s->month = true;
}

struct format xlsx_format(struct str code)
{
    struct scan s = { 0 };
    struct format f = { .kind = SHOW_GENERAL };
    if (str_caseeq(str_sub(code, 0, 7), STR("general")) || str_eqc(code, "@"))
        return f;
    scan(&s, code);
    bool day = s.year || s.month || s.day, time = s.hour || s.minute || s.second || s.elapsed;
    f.seconds = s.second;
    if (day || time)
        f.kind = day && time ? SHOW_INSTANT : day ? SHOW_DAY : s.elapsed ? SHOW_ELAPSED : SHOW_TIME;
    else if (s.number && !s.other)
        f.kind = s.percent ? SHOW_PERCENT : SHOW_FIXED;
    if (f.kind == SHOW_FIXED || f.kind == SHOW_PERCENT)
        f.decimals = (unsigned char)(s.decimals > DECIMALS_MAX ? DECIMALS_MAX : s.decimals);
    return f;
}

struct format xlsx_format_builtin(int id)
{
    if (id == 2 || id == 4 || id == 39 || id == 40 || id == 7 || id == 8 || id == 43 || id == 44)
        return (struct format){ SHOW_FIXED, 2, 0 };
    if (id == 9 || id == 10)
        return (struct format){ SHOW_PERCENT, id == 10 ? 2 : 0, 0 };
    if (id == 22)
        return (struct format){ SHOW_INSTANT, 0, 0 };
    if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || id == 45 || id == 47 || id == 55 || id == 56)        /* 32 … 56: Chinese times */
        return (struct format){ SHOW_TIME, 0, id == 19 || id == 21 || id == 33 || id == 35 || id == 45 || id == 47 };
    if (id == 46)
        return (struct format){ SHOW_ELAPSED, 0, 1 };
    if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 54) || id == 57 || id == 58)
        return (struct format){ SHOW_DAY, 0, 0 };
    return (struct format){ SHOW_GENERAL, 0, 0 };
}

/* --- numbers ----------------------------------------------------------------------------------------------------------------------- */

static void put_plain(struct buf *b, double v, int decimals)
{
    char text[64];
    snprintf(text, sizeof text, "%.15g", v);
    const char *e = strchr(text, 'e'), *point = strchr(text, '.');
    int has = point && !e ? (int)strlen(point + 1) : 0;
    if (e && fabs(v) >= 1 && fabs(v) < 1e25)
        snprintf(text, sizeof text, "%.0f", v);
    else if (!e && has < decimals)
        snprintf(text, sizeof text, "%.*f", decimals, v);
    buf_c(b, strcmp(text, "-0") == 0 ? "0" : text);
}

static void put_clock(struct buf *b, int64_t seconds, bool with_seconds)
{
    buf_printf(b, "%02d:%02d", (int)(seconds / 3600), (int)(seconds / 60 % 60));
    if (with_seconds)
        buf_printf(b, ":%02d", (int)(seconds % 60));
}

/* The day of a serial number; false for what is no day: 0, and 29 February 1900, which that system invented. */
static bool serial_day(bool from_1904, int64_t n, day_t *ret)
{
    if (from_1904) {
        *ret = date_day(1904, 1, 1) + (day_t)n;
        return true;
    }
    *ret = date_day(1899, 12, n < 60 ? 31 : 30) + (day_t)n;
    return n > 0 && n != 60;
}

static enum table_type put_date(bool from_1904, double v, struct format f, struct buf *b)
{
    int64_t n = (int64_t)floor(v), seconds = llround((v - floor(v)) * 86400);
    day_t d;
    if (seconds == 86400)
        n++, seconds = 0;
    if (f.kind == SHOW_ELAPSED) {
        put_clock(b, n * 86400 + seconds, f.seconds);
        return CELL_TIME;
    }
    bool is_day = serial_day(from_1904, n, &d);
    if (f.kind == SHOW_TIME || (f.kind == SHOW_INSTANT && !is_day && n == 0)) {
        put_clock(b, seconds, f.seconds);
        return CELL_TIME;
    }
    if (!is_day) {
        put_plain(b, v, 0);
        return CELL_NUMBER;
    }
    date_put_iso(b, d);
    if (f.kind == SHOW_DAY)
        return CELL_DAY;
    buf_ch(b, ' ');
    put_clock(b, seconds, f.seconds);
    return CELL_INSTANT;
}

enum table_type xlsx_number_as(bool from_1904, struct str raw, struct format f, struct buf *b)
{
    char text[64];
    bool plain = raw.n > 0 && raw.n < 15 && raw.p[0] != '0', number = raw.n > 0 && raw.n < sizeof text;
    for (size_t i = 0; i < raw.n && number; i++) {
        bool digit = raw.p[i] >= '0' && raw.p[i] <= '9';
        plain &= digit;
        number = digit || strchr("+-.eE", raw.p[i]);
    }
    if (!number) {
        buf_str(b, raw);
        return CELL_TEXT;
    }
    if (plain && (f.kind == SHOW_GENERAL || (f.kind == SHOW_FIXED && f.decimals == 0))) {
        buf_str(b, raw);
        return CELL_INT;
    }
    memcpy(text, raw.p, raw.n);
    text[raw.n] = 0;
    char *end;
    double v = strtod(text, &end);
    if (*end || !isfinite(v)) {
        buf_str(b, raw);
        return CELL_TEXT;
    }
    if (f.kind >= SHOW_DAY && v >= 0 && v < LAST_SERIAL + 1.0)
        return put_date(from_1904, v, f, b);
    size_t from = b->n;
    put_plain(b, f.kind == SHOW_PERCENT ? v * 100 : v, f.kind == SHOW_FIXED || f.kind == SHOW_PERCENT ? f.decimals : 0);
    bool integer = !strpbrk(b->p + from, ".e");
    if (f.kind == SHOW_PERCENT)
        buf_ch(b, '%');
    return integer && f.kind != SHOW_PERCENT ? CELL_INT : CELL_NUMBER;
}

enum table_type xlsx_number(const struct book *b, struct str raw, int style, struct buf *ret)
{
    struct format general = { SHOW_GENERAL, 0, 0 };
    return xlsx_number_as(b->from_1904, raw, style >= 0 && style < b->n_formats ? b->format[style] : general, ret);
}

bool xlsx_ref(struct str s, int *row, int *column)
{
    int r = 0, c = 0;
    size_t i = 0, letters = 0;
    for (; i < s.n && (s.p[i] == '$' || ((s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'z')); i++)
        if (s.p[i] != '$') {
            if (++letters > 3)
                return false;
            c = c * 26 + ((s.p[i] | 32) - 'a' + 1);
        }
    size_t digits = s.n - i;
    if (letters == 0 || digits == 0 || digits > 7)
        return false;
    r = xlsx_int(str_sub(s, i, digits), 0);
    *row = r;
    *column = c - 1;
    return r >= 1 && r <= XLSX_ROWS_MAX && c <= XLSX_COLUMNS_ALL;
}
