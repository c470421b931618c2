/* Days without years and units by the dozen, as they stand in the cells of offices' sheets. Pure. */
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "calendar/date.h"
#include "office/sheet/inside.h"

/* --- days ----------------------------------------------------------------------------------------------------------------------- */

static bool digit(char c) { return c >= '0' && c <= '9'; }

int cell_title_year(struct str title)
{
    int found = 0;
    for (size_t i = 0; i + 4 <= title.n; i++) {
        bool four = digit(title.p[i]) && digit(title.p[i + 1]) && digit(title.p[i + 2]) && digit(title.p[i + 3]);
        int64_t year;
        if (!four || (i > 0 && digit(title.p[i - 1])) || (i + 4 < title.n && digit(title.p[i + 4])) || !num_range(str_sub(title, i, 4), 1990, 2199, &year))
            continue;
        if (found && found != (int)year)
            return 0;
        found = (int)year;
    }
    return found;
}

/* What is left of 5月20日前 without its end; all readings of 前 include the day. */
static struct str without_before(struct str s)
{
    static const char *const ENDS[] = { "之前", "以前", "前", "止", "下班前" };
    for (size_t k = 0; k < ARRAY_LEN(ENDS); k++)
        if (str_ends(s, str_c(ENDS[k])) && s.n > strlen(ENDS[k]))
            return str_trim(str_sub(s, 0, s.n - strlen(ENDS[k])));
    return s;
}

static bool figure(struct str *s, int64_t max, int64_t *ret, size_t *digits)
{
    size_t n = 0;
    while (n < s->n && digit(s->p[n]))
        n++;
    *digits = n;
    if (n < 1 || n > 2 || !num_range(str_sub(*s, 0, n), 0, max, ret))    /* 05 and 0 are figures, 0 no day */
        return false;
    *s = str_sub(*s, n, s->n);
    return true;
}

static bool word(struct str *s, const char *w)
{
    if (!str_starts(*s, str_c(w)))
        return false;
    *s = str_sub(*s, strlen(w), s->n);
    return true;
}

struct short_day { int64_t month, day; size_t day_digits; bool point; };

/* 5.20 5/20 5-20 5月20日 5月20号 5月20 5月底 5月末. */
static bool short_read(struct str s, struct short_day *ret)
{
    size_t digits;
    *ret = (struct short_day){ 0 };
    s = without_before(s);
    if (!figure(&s, 99, &ret->month, &digits))
        return false;
    if (word(&s, "月")) {
        if (str_eqc(s, "底") || str_eqc(s, "末") || str_eqc(s, "底前"))
            return true;
        return figure(&s, 99, &ret->day, &ret->day_digits) && (s.n == 0 || str_eqc(s, "日") || str_eqc(s, "号"));
    }
    ret->point = word(&s, ".") || word(&s, "．");
    if (!ret->point && !word(&s, "/") && !word(&s, "-"))
        return false;
    return figure(&s, 99, &ret->day, &ret->day_digits) && s.n == 0;
}

static bool year_of(const struct short_day *d, enum moment what, const struct years *y, struct str text, int *year, struct err *err)
{
    const char *field = what == MOMENT_RECEIVED ? "received" : "deadline";
    struct civil today = date_civil(y->today);
    *year = y->year ? y->year : today.year;
    if (y->year)
        return true;
    int64_t day = d->day ? d->day : date_month_days(today.year, (int)d->month);
    bool past = d->month < today.month || (d->month == today.month && day < today.day);
    if (what == MOMENT_DEADLINE ? !past : (past || (d->month == today.month && day == today.day)))
        return true;
    return err_fail(err, ERR_INPUT, M_SHEET_WHICH_YEAR, field, A_STR(text), A_INT(what == MOMENT_RECEIVED ? today.year - 1 : today.year),
                    A_INT(what == MOMENT_RECEIVED ? today.year : today.year + 1));
}

bool cell_day(struct arena *a, struct str text, enum table_type type, enum moment what, const struct years *y, struct str *ret, struct err *err)
{
    struct short_day d;
    day_t day;
    instant_t at;
    bool has_time;
    int year;
    struct err e;
    *ret = text;
    if (text.n == 0 || date_read(text, &day, &at, &has_time, &e) || !short_read(text, &d))
        return true;
    const char *field = what == MOMENT_RECEIVED ? "received" : "deadline";
    bool lost = d.point && d.day_digits == 1 && d.day <= 3;
    if (lost && type == CELL_NUMBER && d.day > 0)
        return err_fail(err, ERR_INPUT, M_SHEET_LOST_ZERO, field, A_STR(text), A_INT(d.month), A_INT(d.day), A_INT(10 * d.day));
    if (d.month < 1 || d.month > 12)
        return err_fail(err, ERR_INPUT, M_ENTRY_BAD_DATE, field, A_MSG(what == MOMENT_RECEIVED ? M_FIELD_RECEIVED : M_FIELD_DEADLINE), A_STR(text));
    if (!year_of(&d, what, y, text, &year, err))
        return false;
    int in_month = d.day ? (int)d.day : date_month_days(year, (int)d.month);
    if (!date_make(year, (int)d.month, in_month, &day, err)) {
        if (err)
            strcpy(err->field, field);
        return false;
    }
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    date_put_iso(&b, day);
    *ret = arena_str(a, buf_view(&b));
    return true;
}

bool cell_lasting(struct str text)
{
    static const char *const WORDS[] = { "长期", "常态", "持续", "全年", "贯穿全年", "每年", "适时", "随时" };
    for (size_t k = 0; k < ARRAY_LEN(WORDS); k++)
        if (str_starts(text, str_c(WORDS[k])))
            return true;
    return false;
}

/* --- units ------------------------------------------------------------------------------------------------------------------------ */

enum part { PART_ANY, PART_LEAD, PART_ASSIST };

static enum part part_word(struct str s)
{
    static const char *const LEADS[] = { "牵头", "主办", "责任", "承办", "主责" }, *const ASSISTS[] = { "配合", "协办", "参与", "协助" };
    for (size_t k = 0; k < ARRAY_LEN(LEADS); k++)
        if (str_find(s, str_c(LEADS[k])) >= 0)
            return PART_LEAD;
    for (size_t k = 0; k < ARRAY_LEN(ASSISTS); k++)
        if (str_find(s, str_c(ASSISTS[k])) >= 0)
            return PART_ASSIST;
    return PART_ANY;
}

/* Where the next separator is, and how long it is; s.n when there is none. Brackets are not looked into. */
static size_t separator(struct str s, size_t *skip)
{
    static const char *const MARKS[] = { "、", "，", ",", "；", ";", "/", "\n", "　", " " };
    int depth = 0;
    for (size_t i = 0; i < s.n;) {
        struct str rest = str_sub(s, i, s.n);
        depth += str_starts(rest, STR("（")) || rest.p[0] == '(';
        depth -= depth && (str_starts(rest, STR("）")) || rest.p[0] == ')');
        for (size_t k = 0; depth == 0 && k < ARRAY_LEN(MARKS); k++)
            if (str_starts(rest, str_c(MARKS[k]))) {
                *skip = strlen(MARKS[k]);
                return i;
            }
        utf8_next(s, &i);
    }
    *skip = 0;
    return s.n;
}

static struct str name_in(struct str s, enum part *part, enum part *from_here, bool *more)
{
    static const char *const ENDS[] = { "等有关部门", "等有关单位", "等相关部门", "等相关单位", "等部门", "等单位", "等" };
    ptrdiff_t colon = str_find(s, STR("："));
    if (colon < 0)
        colon = str_chr(s, ':');
    if (colon > 0) {
        *from_here = part_word(str_sub(s, 0, (size_t)colon));
        s = str_sub(s, (size_t)colon + (s.p[colon] == ':' ? 1 : 3), s.n);
    }
    *part = *from_here;
    ptrdiff_t open = str_find(s, STR("（"));
    if (open < 0)
        open = str_chr(s, '(');
    if (open >= 0) {
        enum part in = part_word(str_sub(s, (size_t)open, s.n));
        *part = in == PART_ANY ? *part : in;
        *more |= in == PART_ANY;
        s = str_sub(s, 0, (size_t)open);
    }
    for (size_t k = 0; k < ARRAY_LEN(ENDS); k++)
        if (str_ends(s, str_c(ENDS[k]))) {
            *more = true;
            s = str_sub(s, 0, s.n - strlen(ENDS[k]));
            break;
        }
    return str_trim(s);
}

void cell_units(struct arena *a, struct str text, struct cell_units *ret)
{
    enum part from_here = PART_ANY;
    struct buf assists _cleanup_(buf_release) = BUF_INIT;
    *ret = (struct cell_units){ .lead = STR(""), .assists = STR("") };
    for (struct str rest = text; rest.n;) {
        size_t skip, at = separator(rest, &skip);
        enum part part;
        struct str name = name_in(str_trim(str_sub(rest, 0, at)), &part, &from_here, &ret->more);
        rest = str_sub(rest, at + skip, rest.n);
        if (name.n == 0 || str_eqc(name, "各有关单位") || str_eqc(name, "有关单位") || str_eqc(name, "相关单位") || str_eqc(name, "有关部门")) {
            ret->more |= name.n > 0;
            continue;
        }
        if (ret->lead.n == 0 && part != PART_ASSIST)
            ret->lead = name;
        else {
            buf_c(&assists, assists.n ? ";" : "");
            buf_str(&assists, name);
        }
    }
    if (assists.n)
        ret->assists = arena_str(a, buf_view(&assists));
}

struct str cell_title(struct str text)
{
    static const char *const ENDS[] = { "\n", "。", "；", ";" };
    for (size_t k = 0; k < ARRAY_LEN(ENDS); k++) {
        ptrdiff_t at = str_find(text, str_c(ENDS[k]));
        if (at > 0)
            text = str_sub(text, 0, (size_t)at);
    }
    return str_trim(str_sub(text, 0, utf8_offset(text, ENTRY_TITLE_CHARS)));
}
