#include "calendar/date.h"

#include <string.h>

#include "base/tr.h"
#include "base/utf8.h"

enum { HOUR_MS = 3600000, MINUTE_MS = 60000 };

/* Days from civil and back by 400-year eras (the well-known arithmetic of the proleptic Gregorian calendar, March-based years). */
day_t date_day(int year, int month, int day)
{
    int y = year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400, yoe = y - era * 400;
    int doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

struct civil date_civil(day_t d)
{
    int64_t z = (int64_t)d + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097, yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    struct civil c = { .month = (int)(mp < 10 ? mp + 3 : mp - 9), .day = (int)(doy - (153 * mp + 2) / 5 + 1) };
    c.year = (int)(yoe + era * 400 + (c.month <= 2));
    return c;
}

int date_month_days(int year, int month)
{
    static const char DAYS[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : DAYS[month - 1];
}

int date_weekday(day_t d)
{
    int w = (d + 3) % 7;                         /* 1970-01-01 was a Thursday */
    return (w < 0 ? w + 7 : w) + 1;
}

bool date_make(int year, int month, int day, day_t *ret, struct err *err)
{
    if (year < DATE_YEAR_MIN || year > DATE_YEAR_MAX)
        return err_fail(err, ERR_INPUT, M_CALENDAR_BAD_YEAR, NULL, A_INT(year));
    if (month < 1 || month > 12)
        return err_fail(err, ERR_INPUT, M_CALENDAR_BAD_MONTH, NULL, A_INT(month));
    if (day < 1 || day > date_month_days(year, month))
        return err_fail(err, ERR_INPUT, M_CALENDAR_NO_SUCH_DAY, NULL, A_INT(year), A_INT(month), A_INT(day));
    *ret = date_day(year, month, day);
    return true;
}

/* --- reading ------------------------------------------------------------------------------------------------------------------ */

/* The text with full-width figures and marks made narrow and Chinese figures made Arabic, so that one small scanner reads all writings. Longer texts are no dates. */
struct plain { char p[64]; size_t n; };

static int figure_of(int32_t c)
{
    static const int32_t CJK[] = { 0x3007, 0x4e00, 0x4e8c, 0x4e09, 0x56db, 0x4e94, 0x516d, 0x4e03, 0x516b, 0x4e5d };   /* 〇一二三四五六七八九 */
    for (int i = 0; i < 10; i++)
        if (c == CJK[i])
            return i;
    return c == 0x96f6 ? 0 : -1;                 /* 零 */
}

enum { TEN = 0x5341, YEAR = 0x5e74, MONTH = 0x6708, DAY = 0x65e5, SUN_DAY = 0x53f7, HOUR_POINT = 0x70b9, HOUR_SHI = 0x65f6, MINUTE_FEN = 0x5206 };

/* 十 between figures: 十五 -> 15, 二十 -> 20, 二十五 -> 25, 十 -> 10. */
static void put_ten(struct plain *o, bool figure_before, bool figure_after)
{
    if (!figure_before)
        o->p[o->n++] = '1';
    if (!figure_after)
        o->p[o->n++] = '0';
}

static bool make_plain(struct str s, struct plain *o)
{
    bool figure_before = false;
    o->n = 0;
    for (size_t i = 0; i < s.n;) {
        int32_t c = utf8_next(s, &i);
        size_t peek = i;
        int32_t next = utf8_next(s, &peek);
        if (o->n + 3 >= sizeof o->p)
            return false;
        int f = figure_of(c);
        bool was = figure_before;
        figure_before = f >= 0;
        if (c == TEN)
            put_ten(o, was, figure_of(next) >= 0);
        else if (f >= 0)
            o->p[o->n++] = (char)('0' + f);
        else if (c >= 0xff01 && c <= 0xff5e)
            o->p[o->n++] = (char)(c - 0xfee0);
        else if (c < 0x80)
            o->p[o->n++] = (char)c;
        else if (c == 0x3000)
            o->p[o->n++] = ' ';
        else if (c == YEAR || c == MONTH)
            o->p[o->n++] = '-';
        else if (c == DAY || c == SUN_DAY)
            o->p[o->n++] = ' ';
        else if (c == HOUR_POINT || c == HOUR_SHI)
            o->p[o->n++] = ':';
        else if (c == MINUTE_FEN)
            o->p[o->n++] = ' ';
        else if (c == 0x4e0a || c == 0x4e0b) {   /* 上午 下午 */
            if (next != 0x5348)
                return false;
            i = peek;
            o->p[o->n++] = c == 0x4e0a ? 'A' : 'P';
        } else
            return false;
    }
    o->p[o->n] = 0;
    return true;
}

struct scan { const char *p; };

static bool scan_number(struct scan *s, int max_digits, int *ret, int *digits)
{
    int n = 0, v = 0;
    while (n < max_digits && s->p[n] >= '0' && s->p[n] <= '9')
        v = v * 10 + (s->p[n++] - '0');
    if (!n || (s->p[n] >= '0' && s->p[n] <= '9'))
        return false;
    s->p += n;
    *ret = v;
    if (digits)
        *digits = n;
    return true;
}

static bool scan_date(struct scan *s, int *y, int *m, int *d)
{
    int digits, v;
    struct scan t = *s;
    if (scan_number(&t, 8, &v, &digits) && digits == 8) {
        *y = v / 10000, *m = v / 100 % 100, *d = v % 100;
        *s = t;
        return true;
    }
    t = *s;
    if (!scan_number(&t, 4, y, &digits) || digits != 4 || !strchr("-/.", *t.p))
        return false;
    char sep = *t.p++;
    if (!sep || !scan_number(&t, 2, m, NULL) || *t.p != sep || !*t.p++ || !scan_number(&t, 2, d, NULL))
        return false;
    *s = t;
    return true;
}

static bool scan_time(struct scan *s, int *minutes)
{
    bool afternoon = *s->p == 'P';
    if (*s->p == 'P' || *s->p == 'A')
        s->p++;
    int h, mi = 0, sec = 0;
    if (!scan_number(s, 2, &h, NULL) || *s->p++ != ':')
        return false;
    if (*s->p >= '0' && *s->p <= '9' && !scan_number(s, 2, &mi, NULL))
        return false;
    if (*s->p == ':' && (s->p++, !scan_number(s, 2, &sec, NULL) || sec > 59))
        return false;
    if (afternoon && h < 12)
        h += 12;
    if (mi > 59 || h > 24 || (h == 24 && mi))
        return false;
    *minutes = h * 60 + mi;
    return true;
}

static void skip_blanks(struct scan *s)
{
    while (*s->p == ' ')
        s->p++;
}

bool date_read(struct str s, day_t *day, instant_t *at, bool *has_time, struct err *err)
{
    s = str_trim(s);
    if (s.n > 11 && s.p[10] == 'T') {
        instant_t i;
        if (!instant_read(s, &i, err))
            return false;
        *at = i;
        *day = instant_day(i);
        *has_time = true;
        return true;
    }
    struct plain o;
    int y, m, d, minutes = 0;
    if (!make_plain(s, &o))
        return err_fail(err, ERR_INPUT, M_CALENDAR_NOT_A_DATE, NULL, A_STR(s));
    struct scan sc = { o.p };
    if (!scan_date(&sc, &y, &m, &d))
        return err_fail(err, ERR_INPUT, M_CALENDAR_NOT_A_DATE, NULL, A_STR(s));
    skip_blanks(&sc);
    bool timed = *sc.p != 0;
    if (timed && !scan_time(&sc, &minutes))
        return err_fail(err, ERR_INPUT, M_CALENDAR_NOT_A_TIME, NULL, A_STR(s));
    skip_blanks(&sc);
    if (*sc.p)
        return err_fail(err, ERR_INPUT, M_CALENDAR_NOT_A_DATE, NULL, A_STR(s));
    day_t made;
    if (!date_make(y, m, d, &made, err))
        return false;
    *day = made;
    *at = day_start(made) + (instant_t)minutes * MINUTE_MS;
    *has_time = timed;
    return true;
}

bool date_read_iso(struct str s, day_t *ret, struct err *err)
{
    int y, m, d;
    char z[12];
    if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-')
        return err_fail(err, ERR_INPUT, M_CALENDAR_NOT_ISO, NULL, A_STR(s));
    memcpy(z, s.p, 10);
    z[10] = 0;
    struct scan sc = { z };
    if (!scan_date(&sc, &y, &m, &d) || *sc.p)
        return err_fail(err, ERR_INPUT, M_CALENDAR_NOT_ISO, NULL, A_STR(s));
    return date_make(y, m, d, ret, err);
}

static bool two(const char *p, int max, int *ret)
{
    if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
        return false;
    *ret = (p[0] - '0') * 10 + p[1] - '0';
    return *ret <= max;
}

bool instant_read(struct str s, instant_t *ret, struct err *err)
{
    int h, mi, sec = 0, oh, om;
    day_t d;
    char z[32] = { 0 };
    if (s.n < 17 || s.n >= sizeof z || (s.p[10] != 'T' && s.p[10] != 't'))
        return err_fail(err, ERR_INPUT, M_CALENDAR_NOT_AN_INSTANT, NULL, A_STR(s));
    if (!date_read_iso(str_sub(s, 0, 10), &d, err))
        return false;
    memcpy(z, s.p, s.n);
    const char *p = z + 16;
    bool ok = two(z + 11, 24, &h) && z[13] == ':' && two(z + 14, 59, &mi);
    if (ok && *p == ':') {
        ok = two(p + 1, 59, &sec);
        p += 3;
    }
    if (ok && *p == '.')                         /* fractions are below what the ledger keeps */
        for (p++; *p >= '0' && *p <= '9';)
            p++;
    int offset = 0;
    if (ok && (*p == 'Z' || *p == 'z') && !p[1]) {
        offset = 0;
    } else if (ok && (*p == '+' || *p == '-') && two(p + 1, 23, &oh) && p[3] == ':' && two(p + 4, 59, &om) && !p[6]) {
        offset = (*p == '-' ? -1 : 1) * (oh * 60 + om);
    } else {
        ok = false;
    }
    if (!ok || (h == 24 && (mi || sec)))
        return err_fail(err, ERR_INPUT, M_CALENDAR_NOT_AN_INSTANT, NULL, A_STR(s));
    *ret = (instant_t)d * 86400000 + (instant_t)h * HOUR_MS + (instant_t)mi * MINUTE_MS + sec * 1000 - (instant_t)offset * MINUTE_MS;
    return true;
}

/* --- writing ------------------------------------------------------------------------------------------------------------------ */

void date_put_iso(struct buf *b, day_t d)
{
    struct civil c = date_civil(d);
    buf_printf(b, "%04d-%02d-%02d", c.year, c.month, c.day);
}

void date_put_zh(struct buf *b, day_t d)
{
    static const char *const NAME[] = { "一", "二", "三", "四", "五", "六", "日" };
    struct civil c = date_civil(d);
    buf_printf(b, "%d年%d月%d日（周%s）", c.year, c.month, c.day, NAME[date_weekday(d) - 1]);
}

void instant_put(struct buf *b, instant_t at)
{
    day_t d = instant_day(at);
    int s = (int)((at - day_start(d)) / 1000);
    date_put_iso(b, d);
    buf_printf(b, "T%02d:%02d:%02d+08:00", s / 3600, s / 60 % 60, s % 60);
}
