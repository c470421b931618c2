/* The blank as text: reading with line and column, writing in one form. */
#include "office/collect/blank.h"

#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "messages.h"

struct reader {
    struct arena *arena;
    struct blank *k;
    struct problems *problems;
    struct str line;
    int line_n;
};

static bool bad(struct reader *r, struct str at, int msg, struct arg one, struct arg two)
{
    struct err e;
    err_fail(&e, ERR_INPUT, msg, "form", one, two);
    size_t before = at.p && r->line.p ? (size_t)(at.p - r->line.p) : 0;
    err_at(&e, r->line_n, (int)utf8_count(str_sub(r->line, 0, before)) + 1);
    problems_add(r->problems, &e);
    return false;
}
#define BAD(r, at, msg, ...) bad((r), (at), (msg), ((const struct arg[2]){ __VA_ARGS__ })[0], ((const struct arg[2]){ __VA_ARGS__ })[1])

/* Cuts at the first | ｜ or tab. */
static struct str cut_bar(struct str s, struct str *rest)
{
    static const struct str WIDE = { "｜", 3 };
    for (size_t i = 0; i < s.n; i++) {
        bool wide = s.n - i >= WIDE.n && memcmp(s.p + i, WIDE.p, WIDE.n) == 0;
        if (s.p[i] == '|' || s.p[i] == '\t' || wide) {
            *rest = str_sub(s, i + (wide ? WIDE.n : 1), s.n);
            return str_sub(s, 0, i);
        }
    }
    *rest = STR_NULL;
    return s;
}

/* What follows one of these words: 说明：…; STR_NULL when it is none. */
static struct str after_word(struct str s, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct str w = str_c(words[i]);
        if (!str_starts(s, w))
            continue;
        struct str rest = str_trim(str_sub(s, w.n, s.n));
        if (str_starts(rest, STR("：")))
            return str_trim(str_sub(rest, 3, rest.n));
        if (str_starts(rest, STR(":")))
            return str_trim(str_sub(rest, 1, rest.n));
    }
    return STR_NULL;
}

static bool take_choices(struct reader *r, struct blank_column *c, struct str list)
{
    struct str one;
    c->choices = arena_array(r->arena, struct str, BLANK_CHOICES_MAX);
    for (size_t i = 0; i <= list.n;) {
        size_t end = i, sep = 0;
        for (; end < list.n && sep == 0; end += sep ? 0 : 1)
            sep = list.p[end] == '/' ? 1 : list.n - end >= 3 && (memcmp(list.p + end, "、", 3) == 0 || memcmp(list.p + end, "／", 3) == 0) ? 3 : 0;
        one = str_trim(str_sub(list, i, end - i));
        if (one.n && c->n_choices == BLANK_CHOICES_MAX)
            return BAD(r, one, M_COLLECT_BLANK_CHOICES, A_INT(BLANK_CHOICES_MAX));
        if (one.n)
            c->choices[c->n_choices++] = arena_str(r->arena, one);
        i = end + (sep ? sep : 1);
    }
    return c->n_choices >= 2 || BAD(r, list, M_COLLECT_BLANK_CHOICES, A_INT(BLANK_CHOICES_MAX));
}

static bool take_type(struct reader *r, struct blank_column *c, struct str s)
{
    static const struct { const char *word; enum cell_type type; } WORDS[] = {
        { "文字", COL_TEXT }, { "text", COL_TEXT }, { "整数", COL_INT }, { "int", COL_INT }, { "数字", COL_INT }, { "日期", COL_DAY }, { "day", COL_DAY },
        { "是否", COL_FLAG }, { "yesno", COL_FLAG },
    };
    static const char *const CHOICE[] = { "选项", "choice" }, *const DECIMAL[] = { "小数", "decimal" };
    struct str list = after_word(s, CHOICE, ARRAY_LEN(CHOICE));
    int64_t places = 2;
    for (size_t i = 0; i < ARRAY_LEN(WORDS); i++)
        if (str_eqc(s, WORDS[i].word)) {
            c->type = WORDS[i].type;
            return true;
        }
    if (list.p) {
        c->type = COL_CHOICE;
        return take_choices(r, c, list);
    }
    for (size_t i = 0; i < ARRAY_LEN(DECIMAL); i++) {
        struct str w = str_c(DECIMAL[i]), n = str_sub(s, w.n, s.n);
        if (str_starts(s, w) && (n.n == 0 || num_range(n, 1, BLANK_PLACES_MAX, &places))) {
            c->type = COL_DECIMAL;
            c->places = (int)places;
            return true;
        }
    }
    return BAD(r, s, M_COLLECT_BLANK_TYPE, A_STR(s));
}

/* A bound of the column's own kind, by the rules of its cells. */
static bool take_bound(struct reader *r, const struct blank_column *c, struct str s, bool *has, int64_t *ret)
{
    struct blank_column free = *c;
    struct str text;
    free.has_min = free.has_max = free.must = false;
    s = str_trim(s);
    if (s.n == 0)
        return true;
    if (!blank_counts(c) || !cell_read(r->arena, &free, s, DAY_NONE, &text, NULL) || !cell_value(&free, text, ret))
        return BAD(r, s, M_COLLECT_BLANK_RANGE, A_STR(s));
    *has = true;
    return true;
}

static bool take_range(struct reader *r, struct blank_column *c, struct str s, bool *taken)
{
    static const char *const LEAST[] = { ">=", "≥", "不小于", "min" }, *const MOST[] = { "<=", "≤", "不大于", "max" };
    ptrdiff_t dots = str_find(s, STR(".."));
    *taken = true;
    if (dots >= 0)
        return take_bound(r, c, str_sub(s, 0, (size_t)dots), &c->has_min, &c->min) && take_bound(r, c, str_sub(s, (size_t)dots + 2, s.n), &c->has_max, &c->max) &&
               (!c->has_min || !c->has_max || c->min <= c->max || BAD(r, s, M_COLLECT_BLANK_RANGE, A_STR(s)));
    for (size_t i = 0; i < ARRAY_LEN(LEAST); i++) {
        if (str_starts(s, str_c(LEAST[i])))
            return take_bound(r, c, str_sub(s, strlen(LEAST[i]), s.n), &c->has_min, &c->min);
        if (str_starts(s, str_c(MOST[i])))
            return take_bound(r, c, str_sub(s, strlen(MOST[i]), s.n), &c->has_max, &c->max);
    }
    *taken = false;
    return true;
}

static bool one_of(struct str s, const char *zh, const char *en) { return str_eqc(s, zh) || str_eqc(s, en); }

static bool take_condition(struct reader *r, struct blank_column *c, struct str s)
{
    static const char *const HELP[] = { "说明", "help" };
    struct str help = after_word(s, HELP, ARRAY_LEN(HELP));
    bool taken;
    if (help.p) {
        c->help = arena_str(r->arena, help);
        return utf8_count(help) <= BLANK_HELP_CHARS || BAD(r, help, M_COLLECT_BLANK_LONG, A_INT(BLANK_HELP_CHARS));
    }
    if (one_of(s, "必填", "required"))
        return c->must = true;
    if (one_of(s, "个人信息", "personal"))
        return (c->personal = c->type == COL_TEXT) || BAD(r, s, M_COLLECT_BLANK_PERSONAL, { 0 });
    if (one_of(s, "累计", "cumulative"))
        return (c->cumulative = blank_counts(c)) || BAD(r, s, M_COLLECT_BLANK_RANGE, A_STR(s));
    if (one_of(s, "不晚于今日", "not later than today"))
        return (c->not_later = c->type == COL_DAY) || BAD(r, s, M_COLLECT_BLANK_RANGE, A_STR(s));
    if (!take_range(r, c, s, &taken))
        return false;
    return taken || BAD(r, s, M_COLLECT_BLANK_CONDITION, A_STR(s));
}

static bool take_name(struct reader *r, struct blank_column *c, struct str s)
{
    if (s.n == 0 || utf8_count(s) > BLANK_NAME_CHARS || utf8_has_control(s))
        return BAD(r, s, M_COLLECT_BLANK_NAME, A_INT(BLANK_NAME_CHARS));
    for (int i = 0; i < r->k->n; i++)
        if (str_eq(r->k->column[i].name, s))
            return BAD(r, s, M_COLLECT_BLANK_TWICE, A_STR(s));
    if (strpbrk(arena_z(r->arena, s), "=<>") || str_find(s, STR(" + ")) >= 0 || str_find(s, STR(" - ")) >= 0)
        return BAD(r, s, M_COLLECT_BLANK_SIGNS, A_STR(s));
    c->name = arena_str(r->arena, s);
    c->help = STR("");
    return true;
}

static bool take_column(struct reader *r)
{
    struct blank_column c = { .type = COL_TEXT };
    struct str rest, s = str_trim(cut_bar(r->line, &rest));
    if (r->k->n == BLANK_COLUMNS_MAX)
        return BAD(r, s, M_COLLECT_BLANK_COLUMNS, A_INT(BLANK_COLUMNS_MAX));
    if (!take_name(r, &c, s))
        return false;
    for (bool type = true; rest.p; type = false) {
        s = str_trim(cut_bar(rest, &rest));
        if (s.n && !(type ? take_type(r, &c, s) : take_condition(r, &c, s)))
            return false;
    }
    r->k->column[r->k->n++] = c;
    return true;
}

/* --- rules ------------------------------------------------------------------------------------------------------------------------ */

static const struct { const char *sign; enum blank_op op; } OPS[] = {
    { "<=", OP_LE }, { "≤", OP_LE }, { ">=", OP_GE }, { "≥", OP_GE }, { "==", OP_EQ }, { "=", OP_EQ }, { "＝", OP_EQ }, { "<", OP_LT }, { "＜", OP_LT }, { ">", OP_GT }, { "＞", OP_GT },
};

/* The first sign of comparison, the longer of two that begin alike. */
static bool find_op(struct str s, size_t *at, size_t *len, enum blank_op *op)
{
    for (*at = 0; *at < s.n; (*at)++)
        for (size_t k = 0; k < ARRAY_LEN(OPS); k++)
            if (str_starts(str_sub(s, *at, s.n), str_c(OPS[k].sign))) {
                *len = strlen(OPS[k].sign);
                *op = OPS[k].op;
                return true;
            }
    return false;
}

static int column_named(const struct blank *k, struct str name)
{
    for (int i = 0; i < k->n; i++)
        if (str_eq(k->column[i].name, name))
            return i;
    return -1;
}

static bool take_term(struct reader *r, struct blank_rule *rule, struct str s, bool minus)
{
    static const struct blank_column NUMBER = { .type = COL_DECIMAL, .places = BLANK_PLACES_MAX };
    struct blank_term t = { .column = column_named(r->k, s), .minus = minus };
    struct str text;
    if (rule->n == BLANK_TERMS_MAX)
        return BAD(r, s, M_COLLECT_BLANK_TERMS, A_INT(BLANK_TERMS_MAX));
    if (t.column < 0 && (!cell_read(r->arena, &NUMBER, s, DAY_NONE, &text, NULL) || !cell_value(&NUMBER, text, &t.v)))
        return BAD(r, s, M_COLLECT_BLANK_UNKNOWN, A_STR(s));
    if (t.column >= 0 && !blank_counts(&r->k->column[t.column]) && r->k->column[t.column].type != COL_DAY)
        return BAD(r, s, M_COLLECT_BLANK_NO_NUMBER, A_STR(s));
    rule->term[rule->n++] = t;
    return true;
}

/* A + B - C: a sign parts two terms where blanks stand around it, or where what stands before it is a column's whole name. */
static bool take_side(struct reader *r, struct blank_rule *rule, struct str s)
{
    bool minus = false;
    for (;;) {
        size_t end = 0;
        for (; end < s.n; end++) {
            bool wide = str_starts(str_sub(s, end, s.n), STR("＋")), sign = s.p[end] == '+' || s.p[end] == '-' || wide;
            if (sign && end && (s.p[end - 1] == ' ' || column_named(r->k, str_trim(str_sub(s, 0, end))) >= 0))
                break;
        }
        if (!take_term(r, rule, str_trim(str_sub(s, 0, end)), minus))
            return false;
        if (end >= s.n)
            return true;
        minus = s.p[end] == '-';
        s = str_sub(s, end + (str_starts(str_sub(s, end, s.n), STR("＋")) ? 3 : 1), s.n);
    }
}

/* Days are compared with days, one with one; numbers with numbers. */
static bool same_kind(struct reader *r, const struct blank_rule *rule)
{
    int days = 0;
    for (int i = 0; i < rule->n; i++)
        days += rule->term[i].column >= 0 && r->k->column[rule->term[i].column].type == COL_DAY;
    return days == 0 || (days == 2 && rule->n == 2) || BAD(r, r->line, M_COLLECT_BLANK_DAYS, { 0 });
}

static bool take_rule(struct reader *r)
{
    struct blank_rule *rule = &r->k->rule[r->k->n_rules];
    size_t at, len;
    if (r->k->n_rules == BLANK_RULES_MAX)
        return BAD(r, r->line, M_COLLECT_BLANK_RULES, A_INT(BLANK_RULES_MAX));
    *rule = (struct blank_rule){ .text = arena_str(r->arena, str_trim(r->line)) };
    find_op(r->line, &at, &len, &rule->op);
    if (!take_side(r, rule, str_trim(str_sub(r->line, 0, at))))
        return false;
    rule->n_left = rule->n;
    if (!take_side(r, rule, str_trim(str_sub(r->line, at + len, r->line.n))) || !same_kind(r, rule))
        return false;
    r->k->n_rules++;
    return true;
}

/* Rules name columns, which may stand below them: columns first. */
static void read_lines(struct reader *r, struct str text, bool rules)
{
    r->line_n = 0;
    while (text.p) {
        struct str rest;
        size_t at, len;
        enum blank_op op;
        r->line = str_cut(text, '\n', &text);
        r->line_n++;
        if (str_trim(r->line).n == 0)
            continue;
        cut_bar(r->line, &rest);
        if ((!rest.p && find_op(r->line, &at, &len, &op)) == rules)
            (void)(rules ? take_rule(r) : take_column(r));
    }
}

bool blank_read(struct arena *a, struct str text, struct blank *ret, struct problems *p, struct err *err)
{
    struct problems own = PROBLEMS_INIT;
    struct reader r = { .arena = a, .k = ret, .problems = &own };
    ret->n = ret->n_rules = 0;
    text = text.p ? text : STR("");
    if (text.n > BLANK_TEXT_MAX)
        return err_fail(err, ERR_LIMIT, M_COLLECT_BLANK_LONG, "form", A_INT(BLANK_TEXT_MAX));
    read_lines(&r, text, false);
    read_lines(&r, text, true);
    if (ret->n == 0 && own.n == 0) {
        struct err e;
        err_fail(&e, ERR_INPUT, M_COLLECT_BLANK_NONE, "form");
        problems_add(&own, &e);
    }
    bool ok = own.n == 0;
    for (int i = 0; p && i < own.n; i++)
        problems_add(p, &own.err[i]);
    if (!ok && err)
        *err = own.err[0];
    problems_release(&own);
    return ok;
}

static void put_range(struct buf *b, const struct blank_column *c)
{
    if (!c->has_min && !c->has_max)
        return;
    buf_c(b, " | ");
    if (c->has_min)
        cell_put(b, c, c->min);
    buf_c(b, "..");
    if (c->has_max)
        cell_put(b, c, c->max);
}

void blank_put(struct buf *b, const struct blank *k)
{
    static const char *const TYPE[] = { "文字", "整数", "小数", "日期", "选项：", "是否" };
    for (int i = 0; i < k->n; i++) {
        const struct blank_column *c = &k->column[i];
        buf_printf(b, "%.*s | %s", STR_ARG(c->name), TYPE[c->type]);
        if (c->type == COL_DECIMAL)
            buf_i64(b, c->places);
        for (int n = 0; n < c->n_choices; n++)
            buf_printf(b, "%s%.*s", n ? "/" : "", STR_ARG(c->choices[n]));
        buf_c(b, c->must ? " | 必填" : "");
        buf_c(b, c->personal ? " | 个人信息" : "");
        buf_c(b, c->cumulative ? " | 累计" : "");
        buf_c(b, c->not_later ? " | 不晚于今日" : "");
        put_range(b, c);
        if (c->help.n)
            buf_printf(b, " | 说明：%.*s", STR_ARG(c->help));
        buf_ch(b, '\n');
    }
    for (int i = 0; i < k->n_rules; i++)
        buf_printf(b, "%.*s\n", STR_ARG(k->rule[i].text));
}
