/* Lines 单位｜要求｜时限. Pure. */
#include "calendar/date.h"
#include "messages.h"
#include "office/split/split.h"

enum { CELLS = 3 };

/* The next cell; the rest behind its separator, absent at the end. */
static struct str cell(struct str *rest)
{
    static const char *const SEPARATORS[] = { "｜", "|", "\t" };
    size_t cut = rest->n, skip = 0;
    for (size_t i = 0; i < ARRAY_LEN(SEPARATORS); i++) {
        ptrdiff_t at = str_find(str_sub(*rest, 0, cut), str_c(SEPARATORS[i]));
        if (at >= 0) {
            cut = (size_t)at;
            skip = str_c(SEPARATORS[i]).n;
        }
    }
    struct str s = str_trim(str_sub(*rest, 0, cut));
    *rest = skip ? str_sub(*rest, cut + skip, rest->n) : STR_NULL;
    return s;
}

/* Only what was read without a doubt; a phrase with another meaning, or none, is refused by its words. */
static bool read_deadline(struct arena *a, const struct deadline_ask *ask, struct split_line *l, struct err *err)
{
    struct deadline d;
    day_t day;
    instant_t at;
    bool timed;
    if (l->phrase.n == 0)
        return true;
    if (date_read(l->phrase, &day, &at, &timed, NULL)) {
        l->deadline = l->phrase;
        l->phrase = STR("");
        return true;
    }
    deadline_read(l->phrase, ask, &d);
    if (d.kind != DEADLINE_DATE && d.kind != DEADLINE_INSTANT) {
        if (d.why.kind != ERR_NONE && err)
            *err = d.why;
        if (d.why.kind == ERR_NONE)
            err_fail(err, ERR_INPUT, M_SPLIT_NO_DEADLINE, "deadline", A_STR(l->phrase));
        return false;
    }
    struct civil c = date_civil(instant_day(d.due - 1));
    int minute = (int)((d.due - day_start(instant_day(d.due - 1))) / 60000);
    l->deadline = minute == 1440 ? arena_printf(a, "%04d-%02d-%02d", c.year, c.month, c.day)
                                 : arena_printf(a, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, minute / 60, minute % 60);
    return true;
}

static bool read_line(struct arena *a, const struct deadline_ask *ask, struct str line, struct split_line *l, struct err *err)
{
    struct str c[CELLS] = { STR(""), STR(""), STR("") };
    int n = 0;
    while (line.p && n < CELLS)
        c[n++] = cell(&line);
    *l = (struct split_line){ c[0], c[1], STR(""), c[2] };
    if (line.p)
        return err_fail(err, ERR_INPUT, M_SPLIT_TOO_MANY_CELLS, "parts", A_INT(CELLS));
    if (c[0].n == 0)
        return err_fail(err, ERR_INPUT, M_ENTRY_MISSING, "lead_unit", A_MSG(M_FIELD_LEAD_UNIT));
    return read_deadline(a, ask, l, err);
}

bool split_read(struct arena *a, const struct deadline_ask *ask, const struct str *ticked, size_t n_ticked, struct str text, struct split_line **ret, size_t *n,
                struct problems *problems, struct err *err)
{
    struct split_line *list = NULL;
    size_t count = 0, cap = 0;
    struct err first = { 0 };
    for (int line = 1; text.p; line++) {
        struct str one = str_trim(str_cut(text, '\n', &text));
        struct split_line l;
        struct err e;
        if (one.n == 0)
            continue;
        if (count == ENTRY_SPLIT_MAX)
            return err_fail(err, ERR_LIMIT, M_ENTRY_SPLIT_MANY, "parts", A_INT(ENTRY_SPLIT_MAX));
        if (read_line(a, ask, one, &l, &e)) {
            arena_push(a, list, count, cap) = l;
            continue;
        }
        err_at(&e, line, 0);
        if (problems)
            problems_add(problems, &e);
        first = first.kind == ERR_NONE ? e : first;
    }
    size_t lines = count;
    for (size_t i = 0; i < n_ticked; i++) {
        bool there = false;
        for (size_t k = 0; k < lines; k++)
            there = there || str_eq(list[k].unit, ticked[i]);
        if (!there && count == ENTRY_SPLIT_MAX)
            return err_fail(err, ERR_LIMIT, M_ENTRY_SPLIT_MANY, "parts", A_INT(ENTRY_SPLIT_MAX));
        if (!there)
            arena_push(a, list, count, cap) = (struct split_line){ ticked[i], STR(""), STR(""), STR("") };
    }
    if (first.kind != ERR_NONE) {
        *err = first;
        return false;
    }
    *ret = list;
    *n = count;
    return count > 0 || err_fail(err, ERR_INPUT, M_ENTRY_SPLIT_NOBODY, "parts");
}

struct entry_input split_input(const struct split_line *l)
{
    return (struct entry_input){ .lead_unit = l->unit, .requirement = l->requirement, .deadline = l->deadline, .deadline_phrase = l->phrase.n ? l->phrase : STR_NULL };
}
