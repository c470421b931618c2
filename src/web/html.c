#include "web/html.h"

#include "calendar/date.h"

/* --- escapers --------------------------------------------------------------------------------------------------------------- */

enum { IN_TEXT = 1, IN_ATTR = 2 };

/* Where a byte must be escaped. */
static const uint8_t SPECIAL[256] = {
    ['&'] = IN_TEXT | IN_ATTR, ['<'] = IN_TEXT | IN_ATTR, ['>'] = IN_TEXT | IN_ATTR, ['"'] = IN_ATTR, ['\''] = IN_ATTR,
};

static struct str entity(char c)
{
    switch (c) {
    case '&': return STR("&amp;");
    case '<': return STR("&lt;");
    case '>': return STR("&gt;");
    case '"': return STR("&quot;");
    default: return STR("&#39;");
    }
}

/* One pass; what needs no escape is copied in runs. */
static void escape(struct buf *out, struct str s, uint8_t where)
{
    size_t run = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (!(SPECIAL[(unsigned char)s.p[i]] & where))
            continue;
        buf_add(out, s.p + run, i - run);
        buf_str(out, entity(s.p[i]));
        run = i + 1;
    }
    if (s.n > run)
        buf_add(out, s.p + run, s.n - run);
}

void html_put_text(struct html *out, struct str s) { escape(&out->buf, s, IN_TEXT); }
void html_put_attr(struct html *out, struct str s) { escape(&out->buf, s, IN_ATTR); }

/* What stands before the first ':' is a scheme unless one of "/?#" comes earlier (RFC 3986 4.2). Browsers drop tabs, line
 * ends and leading blanks from an address, so a scheme is only believed when it is spelt exactly. */
static bool scheme_allowed(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '/' || s.p[i] == '?' || s.p[i] == '#')
            return true;
        if (s.p[i] == ':')
            return str_caseeq(str_sub(s, 0, i), STR("http")) || str_caseeq(str_sub(s, 0, i), STR("https"));
    }
    return true;
}

void html_put_url(struct html *out, struct str s)
{
    if (scheme_allowed(s))
        escape(&out->buf, s, IN_ATTR);
    else
        buf_ch(&out->buf, '#');
}

static bool unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

void html_put_percent(struct html *out, struct str s)
{
    static const char digit[] = "0123456789ABCDEF";
    char *to = buf_room(&out->buf, 3 * s.n);
    if (!to)
        return;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (unreserved(c)) {
            *to++ = (char)c;
        } else {
            *to++ = '%';
            *to++ = digit[c >> 4];
            *to++ = digit[c & 15];
        }
    }
    *to = 0;
    out->buf.n = (size_t)(to - out->buf.p);
}

void html_put_html(struct html *out, const struct html *body)
{
    if (body)
        buf_str(&out->buf, buf_view(&body->buf));
}

/* --- formatters ---------------------------------------------------------------------------------------------------------------- */

static void two(struct buf *b, int v) { buf_add(b, (char[]){ (char)('0' + v / 10 % 10), (char)('0' + v % 10) }, 2); }

static void iso_day(struct buf *b, struct civil c)
{
    if (c.year < 0 || c.year > 9999) {
        buf_i64(b, c.year);
    } else {
        two(b, c.year / 100);
        two(b, c.year % 100);
    }
    buf_ch(b, '-');
    two(b, c.month);
    buf_ch(b, '-');
    two(b, c.day);
}

static void zh_day(struct buf *b, struct civil c, bool year)
{
    if (year) {
        buf_i64(b, c.year);
        buf_c(b, "年");
    }
    buf_i64(b, c.month);
    buf_c(b, "月");
    buf_i64(b, c.day);
    buf_c(b, "日");
}

static const char *weekday(enum lang lang, day_t d) { return tr_text(lang, M_BASE_WEEKDAY_1 + date_weekday(d) - 1); }
_Static_assert(M_BASE_WEEKDAY_7 == M_BASE_WEEKDAY_1 + 6, "the weekdays' messages follow one another");

void html_put_int(struct html *out, int64_t v) { buf_i64(&out->buf, v); }

void html_put_day(struct html *out, day_t d)
{
    if (d == DAY_NONE)
        return;
    if (out->lang == LANG_ZH) {
        zh_day(&out->buf, date_civil(d), true);
        buf_c(&out->buf, "（");
        buf_c(&out->buf, weekday(out->lang, d));
        buf_c(&out->buf, "）");
    } else {
        iso_day(&out->buf, date_civil(d));
        buf_ch(&out->buf, ' ');
        buf_c(&out->buf, weekday(out->lang, d));
    }
}

void html_put_day_short(struct html *out, day_t d)
{
    if (d == DAY_NONE)
        return;
    struct civil c = date_civil(d);
    if (out->lang == LANG_ZH) {
        zh_day(&out->buf, c, false);
    } else {
        two(&out->buf, c.month);
        buf_ch(&out->buf, '-');
        two(&out->buf, c.day);
    }
}

void html_put_date(struct html *out, day_t d)
{
    if (d != DAY_NONE)
        iso_day(&out->buf, date_civil(d));
}

static void clock_time(struct buf *b, instant_t t, const char *between)
{
    int minute = (int)((t - day_start(instant_day(t))) / 60000);
    two(b, minute / 60);
    buf_c(b, between);
    two(b, minute % 60);
}

void html_put_instant(struct html *out, instant_t t)
{
    if (t == INSTANT_NONE)
        return;
    struct civil c = date_civil(instant_day(t));
    if (out->lang == LANG_ZH) {
        zh_day(&out->buf, c, true);
        buf_ch(&out->buf, ' ');
        clock_time(&out->buf, t, "时");
        buf_c(&out->buf, "分");
    } else {
        iso_day(&out->buf, c);
        buf_ch(&out->buf, ' ');
        clock_time(&out->buf, t, ":");
    }
}

void html_put_time(struct html *out, instant_t t)
{
    if (t != INSTANT_NONE)
        clock_time(&out->buf, t, ":");
}

void html_put_iso(struct html *out, instant_t t)
{
    if (t == INSTANT_NONE)
        return;
    iso_day(&out->buf, date_civil(instant_day(t)));
    buf_ch(&out->buf, 'T');
    clock_time(&out->buf, t, ":");
}

/* --- sentences -------------------------------------------------------------------------------------------------------------- */

/* Escapes what was added from `from` on; most sentences need nothing and stay where they are. */
static void escape_tail(struct buf *b, size_t from)
{
    size_t i = from;
    while (i < b->n && !SPECIAL[(unsigned char)b->p[i]])
        i++;
    if (i >= b->n)
        return;
    struct buf plain = BUF_INIT;
    buf_add(&plain, b->p + i, b->n - i);
    b->n = i;
    escape(b, buf_view(&plain), IN_ATTR);
    buf_release(&plain);
}

void html_put_msg(struct html *out, int msg, const struct arg *args, int n)
{
    size_t from = out->buf.n;
    tr(&out->buf, out->lang, msg, args, n);
    escape_tail(&out->buf, from);
}

void html_put_err(struct html *out, const struct err *e)
{
    if (!e || e->kind == ERR_NONE)
        return;
    size_t from = out->buf.n;
    tr_err(&out->buf, out->lang, e);
    escape_tail(&out->buf, from);
}
