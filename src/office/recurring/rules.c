/* What a rule and its words mean, and which occurrence comes next. Pure. */
#include "messages.h"
#include "office/recurring/inside.h"

/* --- words in braces ----------------------------------------------------------------------------------------------------------------------- */

static const char *const WORDS[][2] = { { "year", "年" }, { "month", "月" }, { "day", "日" }, { "quarter", "季" }, { "period", "本期" }, { "last_period", "上期" } };
static const char *const QUARTERS[4] = { "一", "二", "三", "四" };

static size_t which(struct str name)
{
    size_t i = 0;
    while (i < ARRAY_LEN(WORDS) && !str_eqc(name, WORDS[i][0]) && !str_eqc(name, WORDS[i][1]))
        i++;
    return i;
}

/* The period that a day lies in, by what the rule goes by. */
static struct str period_of_day(struct arena *a, enum recur_every e, day_t d)
{
    struct civil c = date_civil(d);
    switch (e) {
    case RECUR_YEAR: return arena_printf(a, "%d年", c.year);
    case RECUR_HALF_YEAR: return arena_printf(a, "%d年%s半年", c.year, c.month <= 6 ? "上" : "下");
    case RECUR_QUARTER: return arena_printf(a, "%d年%s季度", c.year, QUARTERS[(c.month - 1) / 3]);
    case RECUR_MONTH: return arena_printf(a, "%d年%d月", c.year, c.month);
    case RECUR_HALF_MONTH: return arena_printf(a, "%d年%d月%s半月", c.year, c.month, c.day <= 15 ? "上" : "下");
    case RECUR_TEN_DAYS: return arena_printf(a, "%d年%d月%s旬", c.year, c.month, c.day <= 10 ? "上" : c.day <= 20 ? "中" : "下");
    case RECUR_WEEK: {
        struct civil m = date_civil(date_monday(d)), s = date_civil(date_monday(d) + 6);
        return arena_printf(a, "%d月%d日至%d月%d日", m.month, m.day, s.month, s.day);
    }
    default: return arena_printf(a, "%d年%d月%d日", c.year, c.month, c.day);
    }
}

/* A day of the period before. */
static day_t before(enum recur_every e, day_t d)
{
    struct civil c = date_civil(d);
    switch (e) {
    case RECUR_YEAR: return date_day(c.year - 1, 12, 31);
    case RECUR_HALF_YEAR: return date_day(c.year, c.month <= 6 ? 1 : 7, 1) - 1;
    case RECUR_QUARTER: return date_day(c.year, (c.month - 1) / 3 * 3 + 1, 1) - 1;
    case RECUR_MONTH: return date_day(c.year, c.month, 1) - 1;
    case RECUR_HALF_MONTH: return date_day(c.year, c.month, c.day <= 15 ? 1 : 16) - 1;
    case RECUR_TEN_DAYS: return date_day(c.year, c.month, c.day <= 10 ? 1 : c.day <= 20 ? 11 : 21) - 1;
    case RECUR_WEEK: return date_monday(d) - 1;
    default: return d - 1;
    }
}

static struct str word(struct arena *a, struct str name, const struct recur *rule, day_t key)
{
    struct civil c = date_civil(key);
    switch (which(name)) {
    case 0: return arena_printf(a, "%d", c.year);
    case 1: return arena_printf(a, "%d", c.month);
    case 2: return arena_printf(a, "%d", c.day);
    case 3: return str_c(QUARTERS[(c.month - 1) / 3]);
    case 4: return period_of_day(a, rule->every, key);
    case 5: return period_of_day(a, rule->every, before(rule->every, key));
    default: return STR_NULL;
    }
}

struct str recurring_fill(struct arena *a, struct str text, const struct recur *rule, day_t key)
{
    struct buf b = BUF_INIT;
    while (text.n) {
        ptrdiff_t open = str_chr(text, '{'), close = open < 0 ? -1 : str_chr(str_sub(text, (size_t)open, text.n), '}');
        if (close < 0)
            break;
        struct str name = str_sub(text, (size_t)open + 1, (size_t)close - 1), said = word(a, name, rule, key);
        buf_str(&b, str_sub(text, 0, (size_t)open));
        buf_str(&b, said.p ? said : str_sub(text, (size_t)open, (size_t)close + 1));
        text = str_sub(text, (size_t)(open + close) + 1, text.n);
    }
    buf_str(&b, text);
    struct str made = arena_str(a, b.n ? buf_view(&b) : STR(""));
    buf_release(&b);
    return made;
}

bool recurring_words(struct str text, const char *field, struct err *err)
{
    while (text.n) {
        ptrdiff_t open = str_chr(text, '{');
        if (open < 0)
            return true;
        text = str_sub(text, (size_t)open + 1, text.n);
        ptrdiff_t close = str_chr(text, '}');
        struct str name = close < 0 ? text : str_sub(text, 0, (size_t)close);
        if (close < 0 || which(name) == ARRAY_LEN(WORDS))
            return err_fail(err, ERR_INPUT, M_RECURRING_UNKNOWN_WORD, field, A_STR(name));
        text = str_sub(text, (size_t)close + 1, text.n);
    }
    return true;
}

/* --- the rule ----------------------------------------------------------------------------------------------------------------------------------- */

bool recurring_read(struct str phrase, const struct workdays *w, instant_t now, struct recur *ret, struct err *err)
{
    struct deadline d;
    phrase = str_trim(phrase);
    if (phrase.n == 0)
        return err_fail(err, ERR_INPUT, M_BASE_REQUIRED, "phrase");
    if (!recur_read(phrase, ret)) {
        deadline_read(phrase, &(struct deadline_ask){ w, now, DEADLINE_HOURS }, &d);
        if (d.kind != DEADLINE_RECURRING)
            return err_fail(err, ERR_INPUT, M_RECURRING_NOT_RECURRING, "phrase", A_STR(phrase));
        *ret = d.recur;
    }
    /* more often than daily is no matter for a ledger */
    if (ret->every == RECUR_MINUTE || ret->every == RECUR_HOURS || ret->every == RECUR_NONE)
        return err_fail(err, ERR_INPUT, M_RECURRING_TOO_OFTEN, "phrase", A_STR(phrase));
    return true;
}

static const struct { const char *code; int msg; } MOVES[] = {
    [RECUR_STAY] = { "stay", M_RECURRING_STAY }, [RECUR_BEFORE] = { "before", M_RECURRING_BEFORE }, [RECUR_AFTER] = { "after", M_RECURRING_AFTER },
};

bool recurring_move_read(struct str s, enum recur_move *ret)
{
    for (size_t i = 0; i < ARRAY_LEN(MOVES); i++)
        if (str_eqc(s, MOVES[i].code)) {
            *ret = (enum recur_move)i;
            return true;
        }
    return false;
}

struct str recurring_move_code(enum recur_move m) { return str_c(MOVES[m].code); }
int recurring_move_msg(enum recur_move m) { return MOVES[m].msg; }

/* --- what comes next ---------------------------------------------------------------------------------------------------------------------------- */

bool recurring_next(const struct recurring *r, const struct workdays *w, const struct occurrence *behind, struct occurrence *ret)
{
    struct recur_time at;
    day_t key = behind ? behind->at.key : r->last_key;
    int minute = behind ? behind->at.minute : r->last_minute;
    if (key < r->first_day - 1 || (key == r->first_day - 1 && minute < 1440)) {
        key = r->first_day - 1;
        minute = 1440;
    }
    if (!recur_after(&r->rule, w, key, minute, &at) || (r->last_day != DAY_NONE && at.key > r->last_day))
        return false;
    day_t comes = r->lead_days ? workdays_add(w, at.day, -r->lead_days, NULL) : at.day;
    *ret = (struct occurrence){ at, comes == DAY_NONE ? at.day : comes };
    return true;
}

instant_t recurring_instant(const struct occurrence *o) { return day_start(o->comes) + RECURRING_HOUR_MS; }

void recurring_skip(struct recurring *r, const struct workdays *w, instant_t now)
{
    struct occurrence o;
    while (recurring_next(r, w, NULL, &o) && o.at.due <= now) {
        r->last_key = o.at.key;
        r->last_minute = o.at.minute;
    }
}

struct str recurring_received(struct arena *a, const struct occurrence *o, instant_t now)
{
    day_t d = o->comes < o->at.day ? o->comes : o->at.day;
    struct civil c = date_civil(d < instant_day(now) ? d : instant_day(now));
    return arena_printf(a, "%04d-%02d-%02d", c.year, c.month, c.day);
}

struct str recurring_deadline(struct arena *a, const struct recur_time *t)
{
    struct civil c = date_civil(t->day);
    int minute = (int)((t->due - day_start(t->day)) / 60000);
    return minute >= 1440 ? arena_printf(a, "%04d-%02d-%02d", c.year, c.month, c.day)
                          : arena_printf(a, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, minute / 60, minute % 60);
}
