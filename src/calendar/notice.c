#include "calendar/notice.h"

#include <stdlib.h>
#include <string.h>

#include "base/tr.h"
#include "base/utf8.h"
#include "calendar/festival.h"

enum { RANGE_DAYS_MAX = 20, ADJOINING_DAYS = 15 };

struct found {                                   /* a row and where it stands in the text */
    struct workdays_row row;
    size_t at;
};

struct glyph {                                   /* a character that is no blank; full-width ASCII is ASCII */
    int32_t c;
    size_t at;                                   /* byte offset in the text */
    bool line_start;
};

struct reading {
    struct arena *a;
    struct str text;
    struct problems *problems, *doubts;
    int year;
    struct found *found;
    size_t n, cap;

    /* pasted text only */
    struct glyph *g;                             /* n_glyphs of them, then one with c = 0 */
    size_t n_glyphs, i;                          /* i: the cursor */
    struct str name;                             /* of the festivals of this item */
    bool new_year;                               /* the item is 元旦 alone, so its December is the year before's */
    int said_year, said_month;                   /* what "31日" and "至3日" refer back to */
    size_t n_off;                                /* days of the last 放假 in this item, for 共N天 */
};

/* --- problems with places -------------------------------------------------------------------------------------------------- */

static void report(struct reading *r, struct problems *to, size_t at, struct err *e)
{
    int line = 1;
    size_t start = 0;
    if (to->n == PROBLEMS_MAX) {                 /* only counted from here on; no need to look for its place */
        problems_add(to, e);
        return;
    }
    for (size_t i = 0; i < at; i++)
        if (r->text.p[i] == '\n') {
            line++;
            start = i + 1;
        }
    err_at(e, line, (int)utf8_count(str_sub(r->text, start, at - start)) + 1);
    problems_add(to, e);
}

#define PROBLEM(r, at, msg, ...)                                     \
    do {                                                             \
        struct err e_;                                               \
        err_fail(&e_, ERR_INPUT, (msg), "notice", ##__VA_ARGS__);    \
        report((r), (r)->problems, (at), &e_);                       \
    } while (0)

#define DOUBT(r, msg, ...)                                           \
    do {                                                             \
        struct err e_;                                               \
        err_fail(&e_, ERR_INPUT, (msg), "notice", ##__VA_ARGS__);    \
        problems_add((r)->doubts, &e_);                              \
    } while (0)

static int weekday_msg(int weekday) { return M_BASE_WEEKDAY_1 + weekday - 1; }

static void add(struct reading *r, size_t at, day_t day, bool works, struct str name)
{
    if (works && date_weekday(day) <= 5) {
        PROBLEM(r, at, M_CALENDAR_NOTICE_MAKEUP, A_DAY(day), A_MSG(weekday_msg(date_weekday(day))));
        return;
    }
    arena_push(r->a, r->found, r->n, r->cap) = (struct found){ { day, works, name, 0, false }, at };
}

/* --- csv ------------------------------------------------------------------------------------------------------------------- */

static bool is_head(struct str line) { return str_starts(line, STR("date,kind,name")) || str_starts(line, STR("日期,类别,名称")); }

static struct str first_line(struct str text)
{
    struct str rest;
    if (str_starts(text, STR("\xef\xbb\xbf")))
        text = str_sub(text, 3, text.n - 3);
    return str_trim(str_cut(text, '\n', &rest));
}

static void read_row(struct reading *r, struct str line)
{
    struct str rest, date = str_trim(str_cut(line, ',', &rest)), kind = str_trim(str_cut(rest, ',', &rest)), name = str_trim(str_cut(rest, ',', &rest));
    size_t at = (size_t)(line.p - r->text.p);
    struct err e;
    day_t day;
    if (!date_read_iso(date, &day, &e)) {
        report(r, r->problems, at, &e);
        return;
    }
    bool off = str_eqc(kind, "holiday") || str_eqc(kind, "放假"), plain = str_eqc(kind, "workday");
    if (!off && !plain && !str_eqc(kind, "makeup-workday") && !str_eqc(kind, "上班")) {
        PROBLEM(r, kind.p ? (size_t)(kind.p - r->text.p) : at + line.n, M_CALENDAR_NOTICE_KIND, A_STR(kind));
        return;
    }
    if (!name.n) {
        PROBLEM(r, at + line.n, M_CALENDAR_NOTICE_NAME);
        return;
    }
    if (plain && date_weekday(day) <= 5)
        return;
    add(r, at, day, !off, arena_str(r->a, name));
}

/* The year most rows lie in: an arrangement may begin in the December before. */
static void csv_year(struct reading *r)
{
    size_t most = 0;
    for (size_t i = 0; i < r->n; i++) {
        int year = date_civil(r->found[i].row.day).year;
        size_t count = 0;
        for (size_t k = 0; k < r->n; k++)
            count += date_civil(r->found[k].row.day).year == year;
        if (count > most) {
            most = count;
            r->year = year;
        }
    }
}

static void read_csv(struct reading *r)
{
    struct str rest;
    str_cut(r->text, '\n', &rest);
    while (rest.n) {
        struct str line = str_trim(str_cut(rest, '\n', &rest));
        if (line.n)
            read_row(r, line);
    }
    csv_year(r);
}

/* --- pasted text: characters ------------------------------------------------------------------------------------------------ */

static void fill_glyphs(struct reading *r)
{
    r->g = arena_array(r->a, struct glyph, r->text.n + 1);
    bool line_start = true;
    for (size_t i = 0; i < r->text.n;) {
        size_t at = i;
        int32_t c = utf8_next(r->text, &i);
        if (c == '\n' || c == '\r')
            line_start = true;
        if (c <= ' ' || c == 0x3000 || c == 0xa0 || c == 0xfeff)
            continue;
        if (c >= 0xff01 && c <= 0xff5e)
            c -= 0xfee0;
        r->g[r->n_glyphs++] = (struct glyph){ c, at, line_start };
        line_start = false;
    }
    r->g[r->n_glyphs].at = r->text.n;
}

/* How many characters of `word` stand at i: all of them, or 0. */
static size_t match(const struct reading *r, size_t i, const char *word)
{
    struct str s = str_c(word);
    size_t n = 0;
    for (size_t at = 0; at < s.n; n++)
        if (r->g[i + n].c != utf8_next(s, &at))
            return 0;
    return n;
}

static bool take(struct reading *r, const char *word)
{
    size_t n = match(r, r->i, word);
    r->i += n;
    return n > 0;
}

static size_t take_any(struct reading *r, const char *const *words, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (take(r, words[k]))
            return k + 1;
    return 0;
}
#define TAKE_ANY(r, ...) take_any((r), (const char *const[]){ __VA_ARGS__ }, ARRAY_LEN(((const char *const[]){ __VA_ARGS__ })))

static bool number(struct reading *r, int max_digits, int *ret)
{
    int n = 0, v = 0;
    size_t i = r->i;
    for (; r->g[i].c >= '0' && r->g[i].c <= '9'; i++, n++)
        v = n < max_digits ? v * 10 + r->g[i].c - '0' : v;
    if (!n || n > max_digits)
        return false;
    r->i = i;
    *ret = v;
    return true;
}

/* --- pasted text: the year and the items -------------------------------------------------------------------------------------- */

/* 关于2026年…, else 2026年元旦 or 2026年部分: not any year, for the paper's own date has one too. */
static int find_year(struct reading *r)
{
    for (int pass = 0; pass < 2; pass++)
        for (r->i = 0; r->i < r->n_glyphs; r->i++) {
            size_t start = r->i;
            int year;
            if ((pass == 1 || take(r, "关于")) && number(r, 4, &year) && year >= DATE_YEAR_MIN && year <= DATE_YEAR_MAX && take(r, "年") &&
                (pass == 0 || TAKE_ANY(r, "元旦", "部分")))
                return year;
            r->i = start;
        }
    return 0;
}

/* The festivals an item's head names, as bits, when a head like 一、元旦： stands at the cursor, which is then behind it. */
static unsigned item_head(struct reading *r)
{
    static const char *const NAMES[] = { "元旦", "春节", "清明", "劳动", "五一", "端午", "中秋", "国庆", "十一" };
    static const enum festival FESTIVALS[] = { FESTIVAL_NEW_YEAR, FESTIVAL_SPRING, FESTIVAL_QINGMING, FESTIVAL_LABOUR, FESTIVAL_LABOUR, FESTIVAL_DUANWU,
                                               FESTIVAL_MID_AUTUMN, FESTIVAL_NATIONAL, FESTIVAL_NATIONAL };
    size_t start = r->i, named;
    unsigned festivals = 0;
    int32_t before = start ? r->g[start - 1].c : 0;
    if (!r->g[start].line_start && before != 0x3002)       /* 。 */
        return 0;
    while (TAKE_ANY(r, "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "(", ")"))
        ;
    if (r->i > start && !TAKE_ANY(r, "、", "."))
        r->i = start;                            /* that was no number: 五一： */
    while ((named = take_any(r, NAMES, ARRAY_LEN(NAMES))) || TAKE_ANY(r, "“", "”", "\"", "、", "和", "及", "国际", "节"))
        if (named)
            festivals |= 1u << FESTIVALS[named - 1];
    if (festivals && take(r, ":"))
        return festivals;
    r->i = start;
    return 0;
}

/* 国庆节、中秋节: the later festival of an item first, as the table has it. */
static struct str item_name(struct reading *r, unsigned festivals)
{
    struct str name = STR("");
    for (int f = FESTIVAL_COUNT - 1; f >= 0; f--)
        if (festivals >> f & 1)
            name = arena_printf(r->a, "%.*s%s%s", STR_ARG(name), name.n ? "、" : "", festival_name((enum festival)f));
    return name;
}

/* --- pasted text: dates ------------------------------------------------------------------------------------------------------- */

/* （周四） (星期日) behind a date, checked; other brackets are remarks. */
static void weekday_or_remark(struct reading *r, day_t day)
{
    static const char *const DAYS[] = { "一", "二", "三", "四", "五", "六", "日", "天" };
    if (!take(r, "("))
        return;
    size_t at = r->g[r->i].at;
    if (TAKE_ANY(r, "周", "星期")) {
        int said = (int)take_any(r, DAYS, ARRAY_LEN(DAYS)), real = date_weekday(day);
        said = said == 8 ? 7 : said;
        if (!said || r->g[r->i].c != ')')
            PROBLEM(r, at, M_CALENDAR_NOTICE_UNCLEAR);
        else if (said != real && day != DAY_NONE)
            PROBLEM(r, at, M_CALENDAR_BAD_WEEKDAY, A_DAY(day), A_MSG(weekday_msg(real)), A_MSG(weekday_msg(said)));
    }
    while (r->i < r->n_glyphs && r->g[r->i].c != ')' && r->g[r->i].c != 0x3002)
        r->i++;
    take(r, ")");
}

/* 2006年12月30日 1月1日 31日; false and the cursor unmoved when there is none. A date that does not exist is reported and gives DAY_NONE. */
static bool date(struct reading *r, day_t *ret)
{
    size_t start = r->i;
    int v, year = 0, month = 0, day = 0;
    struct err e;
    if (!number(r, 4, &v))
        return false;
    if (take(r, "年")) {
        year = v;
        if (!number(r, 2, &v))
            v = 0;
    }
    if (v && take(r, "月")) {
        month = v;
        if (!number(r, 2, &v))
            v = 0;
    }
    if (!v || !take(r, "日") || (year && !month)) {
        r->i = start;
        return false;
    }
    day = v;
    if (month) {
        r->said_month = month;
        r->said_year = year ? year : r->year - (r->new_year && month == 12);
    }
    *ret = DAY_NONE;
    if (!r->said_month)
        PROBLEM(r, r->g[start].at, M_CALENDAR_NOTICE_UNCLEAR);
    else if (!date_make(r->said_year, r->said_month, day, ret, &e))
        report(r, r->problems, r->g[start].at, &e);
    weekday_or_remark(r, *ret);
    return true;
}

struct days {                                    /* the days a clause speaks of */
    struct { day_t day; size_t at; } d[64];
    size_t n;
    bool wrong;                                  /* one of them was reported */
};

static void days_add(struct reading *r, struct days *days, day_t day, size_t at)
{
    if (days->n == ARRAY_LEN(days->d)) {         /* no arrangement names so many at once */
        PROBLEM(r, at, M_CALENDAR_NOTICE_UNCLEAR);
        days->n = 0;
    }
    days->d[days->n].day = day;
    days->d[days->n++].at = at;
}

/* A date or 1月1日至3日. */
static bool date_or_range(struct reading *r, struct days *days)
{
    day_t from, to;
    size_t at = r->g[r->i].at;
    if (!date(r, &from))
        return false;
    size_t before = r->i;
    bool range = TAKE_ANY(r, "至", "到", "—", "–", "-", "~") > 0;
    while (range && TAKE_ANY(r, "—", "–", "-"))  /* —— */
        ;
    if (!range || !date(r, &to)) {
        r->i = before;
        to = from;
    }
    if (from == DAY_NONE || to == DAY_NONE) {
        days->wrong = true;
    } else if (to < from || to - from >= RANGE_DAYS_MAX) {
        PROBLEM(r, at, M_CALENDAR_NOTICE_RANGE, A_DAY(from), A_DAY(to));
        days->wrong = true;
    } else {
        for (day_t d = from; d <= to; d++)
            days_add(r, days, d, at);
    }
    return true;
}

/* --- pasted text: clauses ------------------------------------------------------------------------------------------------------ */

static bool at_end(int32_t c) { return c == 0 || c == 0x3002; }                      /* 。 */
static bool at_comma(int32_t c) { return at_end(c) || c == ',' || c == ';' || c == ':'; }

static void check_count(struct reading *r, size_t at)
{
    int said;
    if (!number(r, 2, &said) || !take(r, "天") || r->n_off == 0)
        return;
    if ((size_t)said != r->n_off)
        PROBLEM(r, at, M_CALENDAR_NOTICE_COUNT, A_INT(said), A_INT(r->n_off));
    r->n_off = 0;
}

static void settle(struct reading *r, struct days *days, bool works)
{
    for (size_t i = 0; i < days->n; i++)
        add(r, days->d[i].at, days->d[i].day, works, r->name);
    if (!works)
        r->n_off = days->wrong ? 0 : days->n;
    *days = (struct days){ 0 };
}

/* One clause, up to a comma or a full stop. Its dates and those left over from the clause before wait for the word that says what they are. */
static void clause(struct reading *r, struct days *days)
{
    enum { UNSAID, OFF, WORKS, SAYS_NOTHING } says = UNSAID;
    while (!at_comma(r->g[r->i].c)) {
        size_t at = r->g[r->i].at;
        if (date_or_range(r, days))
            continue;
        if (take(r, "鼓励")) {                   /* the rest of the sentence is advice */
            *days = (struct days){ 0 };
            while (!at_end(r->g[r->i].c))
                r->i++;
            return;
        }
        if (take(r, "上班")) {
            says = WORKS;
        } else if (TAKE_ANY(r, "放假", "补休")) {
            says = OFF;
            settle(r, days, false);
            check_count(r, at);
        } else if (TAKE_ANY(r, "公休", "调至", "法定")) {
            says = says == UNSAID ? SAYS_NOTHING : says;
        } else if (take(r, "共")) {
            check_count(r, at);
        } else {
            r->i++;
        }
    }
    if (says == WORKS)
        settle(r, days, true);
    else if (says != UNSAID)
        *days = (struct days){ 0 };
}

/* All sentences of one item, to the next head or the closing words. */
static void item(struct reading *r, unsigned festivals)
{
    struct days days = { 0 };
    r->name = item_name(r, festivals);
    r->new_year = festivals == 1u << FESTIVAL_NEW_YEAR;
    r->said_year = r->said_month = 0;
    r->n_off = 0;
    while (r->i < r->n_glyphs) {
        size_t before = r->i;
        if (TAKE_ANY(r, "节假日期间", "国务院办公厅") || item_head(r)) {
            r->i = before;
            break;
        }
        clause(r, &days);
        if (at_end(r->g[r->i].c) && days.n) {
            PROBLEM(r, days.d[0].at, M_CALENDAR_NOTICE_UNCLEAR);
            days = (struct days){ 0 };
        }
        if (r->i < r->n_glyphs)
            r->i++;
    }
    if (days.n)
        PROBLEM(r, days.d[0].at, M_CALENDAR_NOTICE_UNCLEAR);
}

static void read_text(struct reading *r)
{
    fill_glyphs(r);
    r->year = find_year(r);
    if (!r->year) {
        PROBLEM(r, 0, M_CALENDAR_NOTICE_NO_YEAR);
        return;
    }
    for (r->i = 0; r->i < r->n_glyphs;) {
        unsigned festivals = item_head(r);
        if (festivals)
            item(r, festivals);
        else
            r->i++;
    }
}

/* --- the whole ----------------------------------------------------------------------------------------------------------------- */

static int by_day(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    if (x->row.day != y->row.day)
        return x->row.day < y->row.day ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

static void check_days(struct reading *r)
{
    day_t first = date_day(r->year, 1, 1) - ADJOINING_DAYS, last = date_day(r->year, 12, 31) + ADJOINING_DAYS;
    for (size_t i = 0; i < r->n; i++) {
        const struct found *f = &r->found[i];
        if (f->row.day < first || f->row.day > last)
            PROBLEM(r, f->at, M_CALENDAR_NOTICE_FAR, A_DAY(f->row.day), A_INT(r->year));
        if (i && f[-1].row.day == f->row.day)
            PROBLEM(r, f->at, f[-1].row.works == f->row.works ? M_CALENDAR_NOTICE_TWICE : M_CALENDAR_NOTICE_BOTH, A_DAY(f->row.day));
    }
}

static bool is_off(const struct reading *r, day_t d)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->found[i].row.day == d)
            return !r->found[i].row.works;
    return date_weekday(d) > 5;
}

/* Weekday holidays − make-up days = statutory days, in every year from 2001 but 2020; and every statutory day is off. */
static void check_rule(struct reading *r)
{
    int off = 0, makeup = 0, due = festival_statutory(r->year);
    for (size_t i = 0; i < r->n; i++) {
        off += !r->found[i].row.works && date_weekday(r->found[i].row.day) <= 5;
        makeup += r->found[i].row.works;
    }
    if (off - makeup != due)
        DOUBT(r, M_CALENDAR_NOTICE_FORMULA, A_INT(off), A_INT(makeup), A_INT(off - makeup), A_INT(due));
    for (enum festival f = 0; f < FESTIVAL_COUNT; f++) {
        struct festival_days days = festival_days(f, r->year);
        for (day_t d = days.first; d < days.first + days.n; d++)
            if (!is_off(r, d)) {
                DOUBT(r, M_CALENDAR_NOTICE_MISSING, A_C(festival_name(f)), A_DAY(d));
                break;
            }
    }
}

bool notice_read(struct arena *a, struct str text, struct notice *ret, struct problems *problems, struct problems *doubts)
{
    struct reading r = { .a = a, .text = text, .problems = problems, .doubts = doubts };
    int before = problems->total;
    size_t bad;
    if (text.n > NOTICE_BYTES_MAX) {
        struct err e;
        err_fail(&e, ERR_LIMIT, M_BASE_TOO_LARGE, "notice", A_INT(NOTICE_BYTES_MAX));
        problems_add(problems, &e);
        return false;
    }
    if (!utf8_valid(text, &bad)) {
        PROBLEM(&r, 0, M_BASE_BAD_UTF8, A_INT(bad + 1));
        return false;
    }
    if (is_head(first_line(text)))
        read_csv(&r);
    else
        read_text(&r);
    if (r.n == 0 && problems->total == before)
        PROBLEM(&r, 0, M_CALENDAR_NOTICE_EMPTY);
    if (r.n)
        qsort(r.found, r.n, sizeof *r.found, by_day);
    check_days(&r);
    if (problems->total != before)
        return false;
    check_rule(&r);
    ret->year = r.year;
    ret->n = r.n;
    ret->row = arena_array(a, struct workdays_row, r.n);
    for (size_t i = 0; i < r.n; i++) {
        ret->row[i] = r.found[i].row;
        ret->row[i].year = r.year;
    }
    return true;
}
