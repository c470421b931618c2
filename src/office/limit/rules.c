/* Which limit fits, and when it ends. Pure. */
#include "calendar/date.h"
#include "office/limit/limit.h"

/* One of the words stands in one of the texts. */
static bool has_word(struct str words, const struct own_limit_ask *ask)
{
    if (words.n == 0)
        return true;
    while (words.n) {
        ptrdiff_t cut = str_find(words, STR("、"));
        struct str one = str_trim(cut < 0 ? words : str_sub(words, 0, (size_t)cut));
        words = cut < 0 ? STR("") : str_sub(words, (size_t)cut + 3, words.n);
        if (one.n && (str_find(ask->title, one) >= 0 || str_find(ask->source, one) >= 0 || str_find(ask->requirement, one) >= 0))
            return true;
    }
    return false;
}

const struct limit_rule *limit_match(const struct limit_rule *rule, size_t n, const struct own_limit_ask *ask)
{
    for (size_t i = 0; i < n; i++) {
        const struct limit_rule *r = &rule[i];
        if ((r->kind < 0 || r->kind == ask->kind) && (r->instruction < 0 || r->instruction == ask->instruction) &&
            (r->urgency.n == 0 || str_eq(r->urgency, ask->urgency)) && has_word(r->words, ask))
            return r;
    }
    return NULL;
}

day_t limit_day(const struct workdays *w, const struct limit_rule *r, day_t from)
{
    return r->working ? workdays_add(w, from, r->days, NULL) : from + r->days;
}

struct str limit_phrase(struct arena *a, const struct limit_rule *r)
{
    return arena_printf(a, "本科室时限：%d个%s", r->days, r->working ? "工作日" : "自然日");
}
