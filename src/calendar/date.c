#include "calendar/date.h"

#include <assert.h>
#include <string.h>

#include "base/tr.h"
#include "base/utf8.h"

enum { HOUR_MS = 3600000, MINUTE_MS = 60000, EAST_8_MINUTES = 480 };

/* --- arithmetic ------------------------------------------------------------------------------------------------------------
 * A year begins in March here, so that the leap day is its last; 400 years are 146097 days (ISO 8601, proleptic Gregorian). */

day_t date_day(int year, int month, int day)
{
    int y = year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

struct civil date_civil(day_t d)
{
    int days = d + 719468, era = (days >= 0 ? days : days - 146096) / 146097, of_era = days - era * 146097;
    int y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int of_year = of_era - (365 * y + y / 4 - y / 100), march = (5 * of_year + 2) / 153;
    struct civil c = { y + era * 400, march < 10 ? march + 3 : march - 9, of_year - (153 * march + 2) / 5 + 1 };
    c.year += c.month <= 2;
    return c;
}

int date_weekday(day_t d)
{
    int from_monday = (d + 3) % 7;               /* 1970-01-01 was a Thursday */
    return (from_monday < 0 ? from_monday + 7 : from_monday) + 1;
}

int date_month_days(int year, int month)
{
    static const int DAYS[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    assert(month >= 1 && month <= 12);
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return DAYS[month - 1] + (month == 2 && leap);
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

/* --- writing --------------------------------------------------------------------------------------------------------------- */

void date_put_iso(struct buf *b, day_t d)
{
    struct civil c = date_civil(d);
    buf_printf(b, "%04d-%02d-%02d", c.year, c.month, c.day);
}

void instant_put(struct buf *b, instant_t at)
{
    day_t d = instant_day(at);
    int ms = (int)(at - day_start(d));
    date_put_iso(b, d);
    buf_printf(b, "T%02d:%02d:%02d+08:00", ms / HOUR_MS, ms / MINUTE_MS % 60, ms / 1000 % 60);
}

static const char *weekday_zh(int weekday)
{
    static const char *const NAMES[] = { "一", "二", "三", "四", "五", "六", "日" };
    return NAMES[weekday - 1];
}

void date_put_zh(struct buf *b, day_t d)
{
    struct civil c = date_civil(d);
    buf_printf(b, "%d年%d月%d日（周%s）", c.year, c.month, c.day, weekday_zh(date_weekday(d)));
}

/* --- ISO 8601 and RFC 3339 -------------------------------------------------------------------------------------------------- */

/* Exactly n digits at *at, and past them. */
static bool digits(struct str s, size_t *at, int n, int *ret)
{
    int v = 0;
    for (int i = 0; i < n; i++, ++*at) {
        if (*at >= s.n || s.p[*at] < '0' || s.p[*at] > '9')
            return false;
        v = v * 10 + s.p[*at] - '0';
    }
    *ret = v;
    return true;
}

static bool one_of(struct str s, size_t *at, const char *chars)
{
    if (*at >= s.n || !s.p[*at] || !strchr(chars, s.p[*at]))
        return false;
    ++*at;
    return true;
}

static bool iso_date(struct str s, size_t *at, struct civil *c)
{
    return digits(s, at, 4, &c->year) && one_of(s, at, "-") && digits(s, at, 2, &c->month) && one_of(s, at, "-") &&
           digits(s, at, 2, &c->day);
}

bool date_read_iso(struct str s, day_t *ret, struct err *err)
{
    struct civil c;
    size_t at = 0;
    if (!iso_date(s, &at, &c) || at != s.n)
        return err_fail(err, ERR_INPUT, M_CALENDAR_NOT_ISO, NULL, A_STR(s));
    return date_make(c.year, c.month, c.day, ret, err);
}

static bool check_time(int hour, int minute, int second, struct err *err)
{
    if (hour > 23)
        return err_fail(err, ERR_INPUT, M_CALENDAR_BAD_HOUR, NULL, A_INT(hour));
    if (minute > 59)
        return err_fail(err, ERR_INPUT, M_CALENDAR_BAD_MINUTE, NULL, A_INT(minute));
    if (second > 59)
        return err_fail(err, ERR_INPUT, M_CALENDAR_BAD_SECOND, NULL, A_INT(second));
    return true;
}

/* ".5" ".123" ".123456": digits after the third are cut. */
static bool fraction(struct str s, size_t *at, int *ms)
{
    *ms = 0;
    if (!one_of(s, at, "."))
        return true;
    size_t from = *at;
    for (int unit = 100; *at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9'; unit /= 10)
        *ms += (s.p[(*at)++] - '0') * unit;
    return *at > from && *at - from <= 9;
}

/* Minutes east of UTC. */
static bool offset(struct str s, size_t *at, int *ret)
{
    int hour, minute;
    if (one_of(s, at, "Zz")) {
        *ret = 0;
        return true;
    }
    bool west = *at < s.n && s.p[*at] == '-';
    if (!one_of(s, at, "+-") || !digits(s, at, 2, &hour) || !one_of(s, at, ":") || !digits(s, at, 2, &minute) || hour > 23 || minute > 59)
        return false;
    *ret = (hour * 60 + minute) * (west ? -1 : 1);
    return true;
}

bool instant_read(struct str s, instant_t *ret, struct err *err)
{
    struct civil c;
    int hour, minute, second = 0, ms = 0, east;
    size_t at = 0;
    day_t d;
    bool ok = iso_date(s, &at, &c) && one_of(s, &at, "Tt") && digits(s, &at, 2, &hour) && one_of(s, &at, ":") && digits(s, &at, 2, &minute);
    if (ok && one_of(s, &at, ":"))
        ok = digits(s, &at, 2, &second) && fraction(s, &at, &ms);
    if (!ok || !offset(s, &at, &east) || at != s.n)
        return err_fail(err, ERR_INPUT, M_CALENDAR_NOT_AN_INSTANT, NULL, A_STR(s));
    if (!date_make(c.year, c.month, c.day, &d, err) || !check_time(hour, minute, second, err))
        return false;
    instant_t v = day_start(d) + (hour * 60 + minute + EAST_8_MINUTES - east) * (instant_t)MINUTE_MS + second * 1000 + ms;
    int year = date_civil(instant_day(v)).year;        /* an offset can carry it over the edge */
    if (year < DATE_YEAR_MIN || year > DATE_YEAR_MAX)
        return err_fail(err, ERR_INPUT, M_CALENDAR_BAD_YEAR, NULL, A_INT(year));
    *ret = v;
    return true;
}

/* --- what people type ------------------------------------------------------------------------------------------------------
 * The text becomes code points in which full-width ASCII is ASCII; then a cursor walks over them. */

enum { READ_CHARS_MAX = 48 };

struct reader {
    int32_t cp[READ_CHARS_MAX + 1];              /* ends in 0 */
    int at;
    struct str text;                             /* the original, for errors */
    struct err *err;
};

static bool reader_fill(struct reader *r)
{
    struct str s = r->text;
    int n = 0;
    for (size_t i = 0; i < s.n;) {
        int32_t c = utf8_next(s, &i);
        if (n == READ_CHARS_MAX || c == 0)
            return false;
        if (c >= 0xff01 && c <= 0xff5e)          /* full-width ！…～ */
            c -= 0xfee0;
        r->cp[n++] = c == 0x3000 ? ' ' : c;
    }
    r->cp[n] = 0;
    return n > 0;
}

static bool take(struct reader *r, const char *zh)
{
    struct str s = str_c(zh);
    int at = r->at;
    for (size_t i = 0; i < s.n;)
        if (r->cp[at++] != utf8_next(s, &i))
            return false;
    r->at = at;
    return true;
}

static void blanks(struct reader *r)
{
    while (r->cp[r->at] == ' ')
        r->at++;
}

/* 0…9 for 〇零○一…九, 10 for 十, else -1. */
static int zh_digit(int32_t c)
{
    static const struct str SIGNS = { "〇一二三四五六七八九十", sizeof "〇一二三四五六七八九十" - 1 };
    int v = 0;
    for (size_t i = 0; i < SIGNS.n; v++)
        if (utf8_next(SIGNS, &i) == c)
            return v;
    return c == 0x96f6 || c == 0x25cb ? 0 : -1;
}

/* A number of at most max_digits ASCII digits, 0 when there is none; the count of digits is returned. */
static int ascii_number(struct reader *r, int max_digits, int *ret)
{
    int n = 0, v = 0;
    for (; r->cp[r->at] >= '0' && r->cp[r->at] <= '9' && n < max_digits; n++)
        v = v * 10 + r->cp[r->at++] - '0';
    *ret = v;
    return n;
}

/* 二〇二二: four signs, read one by one. */
static bool zh_year(struct reader *r, int *ret)
{
    int v = 0;
    for (int i = 0; i < 4; i++) {
        int d = zh_digit(r->cp[r->at + i]);
        if (d < 0 || d > 9)
            return false;
        v = v * 10 + d;
    }
    r->at += 4;
    *ret = v;
    return true;
}

/* Below 100: 5 05 三 十 十二 二十 三十一. */
static bool small_number(struct reader *r, int *ret)
{
    if (ascii_number(r, 2, ret))
        return true;
    int first = zh_digit(r->cp[r->at]);
    if (first < 0)
        return false;
    r->at++;
    if (first < 10) {
        *ret = first;
        if (first == 0 || zh_digit(r->cp[r->at]) != 10)
            return true;
        r->at++;
    }
    *ret = (first < 10 ? first : 1) * 10;
    int unit = zh_digit(r->cp[r->at]);
    if (unit > 0 && unit < 10) {
        *ret += unit;
        r->at++;
    }
    return true;
}

static bool not_a_date(struct reader *r)
{
    return err_fail(r->err, ERR_INPUT, M_CALENDAR_NOT_A_DATE, NULL, A_STR(r->text));
}

/* True when the rest looks like a month and a day, so that the missing year can be named. */
static bool month_and_day(struct reader *r)
{
    int month, day;
    r->at = 0;
    if (!small_number(r, &month) || !(take(r, "月") || take(r, "-") || take(r, "/") || take(r, ".")))
        return false;
    return small_number(r, &day) && (!r->cp[r->at] || take(r, "日") || take(r, "号") || r->cp[r->at] == ' ');
}

static bool read_date(struct reader *r, struct civil *c)
{
    int n = ascii_number(r, 8, &c->year);
    if (n == 8) {                                /* 20220509 */
        *c = (struct civil){ c->year / 10000, c->year / 100 % 100, c->year % 100 };
        return true;
    }
    if (n != 4 && !(n == 0 && zh_year(r, &c->year))) {
        if (month_and_day(r))
            return err_fail(r->err, ERR_INPUT, M_CALENDAR_NO_YEAR, NULL, A_STR(r->text));
        return not_a_date(r);
    }
    if (take(r, "年")) {
        if (small_number(r, &c->month) && take(r, "月") && small_number(r, &c->day) && (take(r, "日") || take(r, "号")))
            return true;
        return not_a_date(r);
    }
    const char *sep = take(r, "-") ? "-" : take(r, "/") ? "/" : take(r, ".") ? "." : NULL;
    if (n == 4 && sep && ascii_number(r, 2, &c->month) && take(r, sep) && ascii_number(r, 2, &c->day))
        return true;
    return not_a_date(r);
}

/* （周一） (星期日): optional, but right when it is there. */
static bool read_weekday(struct reader *r, day_t d)
{
    blanks(r);
    if (!take(r, "("))
        return true;
    if (!take(r, "周") && !take(r, "星期"))
        return not_a_date(r);
    int said = take(r, "天") ? 7 : 0;
    for (int i = 1; i <= 7 && !said; i++)
        said = take(r, weekday_zh(i)) ? i : 0;
    if (!said || !take(r, ")"))
        return not_a_date(r);
    int real = date_weekday(d);
    if (said != real)
        return err_fail(r->err, ERR_INPUT, M_CALENDAR_BAD_WEEKDAY, NULL, A_DAY(d), A_MSG(M_BASE_WEEKDAY_1 + real - 1),
                        A_MSG(M_BASE_WEEKDAY_1 + said - 1));
    return true;
}

static bool not_a_time(struct reader *r)
{
    return err_fail(r->err, ERR_INPUT, M_CALENDAR_NOT_A_TIME, NULL, A_STR(r->text));
}

/* 18:00 18:00:00 18时 18时30分 18点半 下午6时 24时, to the end of the text. A deadline has no seconds, so they must be 00. */
static bool read_time(struct reader *r, int *hour, int *minute)
{
    int second = 0;
    *minute = 0;
    bool am = take(r, "上午"), pm = !am && take(r, "下午");
    blanks(r);
    if (!small_number(r, hour))
        return not_a_time(r);
    if (take(r, ":")) {
        if (ascii_number(r, 2, minute) != 2 || (take(r, ":") && ascii_number(r, 2, &second) != 2) || second)
            return not_a_time(r);
    } else if (take(r, "时") || take(r, "点")) {
        if (take(r, "半"))
            *minute = 30;
        else if (r->cp[r->at] && !(small_number(r, minute) && take(r, "分")))
            return not_a_time(r);
    } else {
        return not_a_time(r);
    }
    if (r->cp[r->at] || (am && *hour > 12) || (pm && (*hour == 0 || *hour > 23)))
        return not_a_time(r);
    if (pm && *hour < 12)
        *hour += 12;
    if (*hour == 24 && *minute == 0)
        return true;
    return check_time(*hour, *minute, 0, r->err);
}

bool date_read(struct str s, day_t *day, instant_t *at, bool *has_time, struct err *err)
{
    struct reader r = { .text = str_trim(s), .err = err };
    struct civil c;
    day_t made;
    instant_t moment;
    int hour, minute;
    if (!reader_fill(&r))
        return not_a_date(&r);
    if (str_chr(r.text, 'T') == 10 || str_chr(r.text, 't') == 10) {
        if (!instant_read(r.text, &moment, err))
            return false;
        *day = instant_day(moment);
        *at = moment;
        *has_time = true;
        return true;
    }
    if (!read_date(&r, &c) || !date_make(c.year, c.month, c.day, &made, err) || !read_weekday(&r, made))
        return false;
    blanks(&r);
    bool timed = r.cp[r.at] != 0;
    moment = day_start(made);
    if (timed) {
        if (!read_time(&r, &hour, &minute))
            return false;
        moment += (hour * 60 + minute) * (instant_t)MINUTE_MS;
    }
    *day = made;
    *at = moment;
    *has_time = timed;
    return true;
}
