/* What was typed about a collection: every rule about a field, all problems collected. */
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "messages.h"
#include "office/collect/inside.h"
#include "office/entry/entry.h"
#include "office/entry/entry_rules.h"
#include "people/party.h"

struct checking {
    struct txn *t;
    const struct actor *actor;
    const struct collect *was;
    const struct collect_input *in;
    struct collect_checked *ret;
    struct problems *p;
    bool broken;                                 /* an error that is no problem of the input */
    struct err err;
};

static void add(struct checking *k, const struct err *e) { problems_add(k->p, e); }

static void texts(struct checking *k)
{
    struct err e;
    k->ret->title = k->in->title.p ? str_trim(k->in->title) : k->was ? k->was->title : STR("");
    k->ret->about = k->in->about.p ? str_trim(k->in->about) : k->was ? k->was->about : STR("");
    if (!entry_text_check(k->ret->title, "title", M_FIELD_TITLE, COLLECT_TITLE_CHARS, &e))
        add(k, &e);
    struct buf line _cleanup_(buf_release) = BUF_INIT;       /* the check is of one line; this may be several */
    for (size_t i = 0; i < k->ret->about.n; i++)
        buf_ch(&line, k->ret->about.p[i] == '\n' ? ' ' : k->ret->about.p[i]);
    if (k->ret->about.n && !entry_text_check(buf_view(&line), "about", M_COLLECT_ABOUT, COLLECT_ABOUT_CHARS, &e))
        add(k, &e);
}

static void source_entry(struct checking *k)
{
    struct entry e;
    struct err err;
    k->ret->entry_id = k->was ? k->was->entry_id : 0;
    if (!k->in->entry.p)
        return;
    k->ret->entry_id = 0;
    if (k->in->entry.n == 0)
        return;
    if (entry_fetch(k->t->db, k->t->arena, k->actor, str_trim(k->in->entry), &e, &err)) {
        k->ret->entry_id = e.id;
        return;
    }
    err.kind = ERR_INPUT;
    strcpy(err.field, "entry");
    add(k, &err);
}

static void blank(struct checking *k)
{
    struct blank *b = arena_new(k->t->arena, struct blank);
    struct buf text _cleanup_(buf_release) = BUF_INIT;
    if (!k->in->form.p && k->was)
        return;
    struct problems found = PROBLEMS_INIT;
    if (blank_read(k->t->arena, k->in->form, b, &found, NULL)) {
        blank_put(&text, b);
        k->ret->blank = arena_str(k->t->arena, buf_view(&text));
    }
    for (int i = 0; i < found.n; i++)
        add(k, &found.err[i]);
    problems_release(&found);
    struct str mark;
    struct err e;
    if (rules_secrecy_marking(k->in->form.p ? k->in->form : STR(""), &mark)) {
        err_fail(&e, ERR_INPUT, M_ENTRY_SECRET, "form", A_MSG(M_COLLECT_FORM), A_STR(utf8_cut(mark, 24)));
        add(k, &e);
    }
}

static bool number(struct checking *k, struct str typed, const char *field, int64_t lo, int64_t hi, int64_t otherwise, int64_t *ret)
{
    struct err e;
    *ret = otherwise;
    if (typed.n == 0 || num_range(str_trim(typed), lo, hi, ret))
        return true;
    err_fail(&e, ERR_INPUT, M_COLLECT_BAD_NUMBER, field, A_STR(typed), A_INT(lo), A_INT(hi));
    add(k, &e);
    return false;
}

static bool is_true(struct str s) { return str_eqc(s, "true") || str_eqc(s, "1") || str_eqc(s, "是"); }

/* --- when ---------------------------------------------------------------------------------------------------------------------------- */

static bool clock_time(struct str s, int *minute)
{
    struct str rest, hour = str_cut(str_trim(s), ':', &rest);
    int64_t h, m;
    if (!num_range(hour, 0, 24, &h) || !num_range(rest, 0, 59, &m) || h * 60 + m < 1 || h * 60 + m > 1440)
        return false;
    *minute = (int)(h * 60 + m);
    return true;
}

static void repeated(struct checking *k, struct str every)
{
    static const struct { const char *word; enum recur_every every; } WORDS[] = {
        { "day", RECUR_DAY }, { "workday", RECUR_WORKDAY }, { "week", RECUR_WEEK }, { "month", RECUR_MONTH },
    };
    struct recur *r = &k->ret->recur;
    struct err e;
    int64_t n;
    *r = (struct recur){ .every = RECUR_NONE, .interval = 1, .from = INSTANT_NONE };
    for (size_t i = 0; i < ARRAY_LEN(WORDS); i++)
        if (str_eqc(every, WORDS[i].word))
            r->every = WORDS[i].every;
    if (r->every == RECUR_NONE && recur_read(every, r) && r->every != RECUR_HOURS && r->every != RECUR_MINUTE && r->n_minutes <= 1)
        return;                                  /* a rule as it is stored */
    if (r->every == RECUR_NONE) {
        err_fail(&e, ERR_INPUT, M_COLLECT_BAD_EVERY, "every", A_STR(every));
        return add(k, &e);
    }
    if (k->in->time.n && !clock_time(k->in->time, &r->minute[0])) {
        err_fail(&e, ERR_INPUT, M_COLLECT_BAD_TIME, "time", A_STR(k->in->time));
        return add(k, &e);
    }
    r->n_minutes = k->in->time.n > 0;
    if (r->every == RECUR_WEEK && number(k, k->in->weekday, "weekday", 1, 7, 5, &n))
        r->weekdays = 1u << (n - 1);
    if (r->every == RECUR_MONTH && number(k, k->in->month_day, "month_day", 1, 31, 25, &n))
        r->month_days = 1u << (n - 1);
    r->move = r->every == RECUR_WEEK || r->every == RECUR_MONTH ? RECUR_BEFORE : RECUR_STAY;
}

static void once(struct checking *k)
{
    struct err e;
    bool has_time;
    instant_t at;
    if (!k->in->day.p && k->was)
        return;
    if (k->in->day.n == 0)
        err_fail(&e, ERR_INPUT, M_ENTRY_MISSING, "day", A_MSG(M_COLLECT_DEADLINE));
    else if (date_read(k->in->day, &k->ret->day, &at, &has_time, &e)) {
        k->ret->due = has_time ? at : day_start(k->ret->day + 1);
        if (k->ret->due > k->t->at || k->was)
            return;
        err_fail(&e, ERR_INPUT, M_COLLECT_DUE_PAST, "day", A_INSTANT(k->ret->due));
    }
    strcpy(e.field, "day");
    add(k, &e);
}

static void when(struct checking *k)
{
    struct str every = str_trim(k->in->every);
    struct err e;
    bool given = k->in->every.p && every.n && !str_eqc(every, "once");
    k->ret->due = INSTANT_NONE;
    k->ret->day = DAY_NONE;
    if (k->was && k->in->every.p && given != (k->was->every.n > 0)) {
        err_fail(&e, ERR_CONFLICT, M_COLLECT_KIND_FIXED, "every");
        return add(k, &e);
    }
    if (k->was && !k->in->every.p) {
        k->ret->every = k->was->every;
        if (k->was->every.n)
            recur_read(k->was->every, &k->ret->recur);
        else
            once(k);
    } else if (!given) {
        k->ret->every = STR("");
        once(k);
    } else {
        repeated(k, every);
        struct buf b _cleanup_(buf_release) = BUF_INIT;
        recur_put(&b, &k->ret->recur);
        k->ret->every = arena_str(k->t->arena, buf_view(&b));
    }
}

/* --- who ------------------------------------------------------------------------------------------------------------------------------- */

static bool in_category(const struct collect_input *in, const struct party *p, bool *seen)
{
    bool yes = false;
    for (size_t i = 0; i < in->n_categories; i++)
        if (p->category.n && str_eq(in->categories[i], p->category))
            yes = seen[i] = true;
    return yes;
}

static void named_units(struct checking *k, const struct party *all, size_t n, bool *wanted)
{
    for (size_t u = 0; u < k->in->n_units; u++) {
        struct party found;
        struct err e;
        if (!party_find(k->t->db, k->t->arena, k->actor, 1u << PARTY_UNIT, str_trim(k->in->units[u]), "units", &found, &e)) {
            add(k, &e);
            continue;
        }
        for (size_t i = 0; i < n; i++)
            wanted[i] |= all[i].id == found.id;
    }
}

static void units(struct checking *k)
{
    struct party *all;
    size_t n;
    struct err e;
    if (k->was && !k->in->units_given)
        return;
    if (!party_list(k->t->db, k->t->arena, k->t->office_id, PARTY_UNIT, false, &all, &n, &k->err)) {
        k->broken = true;
        return;
    }
    bool *wanted = arena_array(k->t->arena, bool, n + 1), *seen = arena_array(k->t->arena, bool, k->in->n_categories + 1);
    for (size_t i = 0; i < n; i++)
        wanted[i] = in_category(k->in, &all[i], seen);
    for (size_t i = 0; i < k->in->n_categories; i++)
        if (!seen[i]) {
            err_fail(&e, ERR_INPUT, M_COLLECT_NO_CATEGORY, "units", A_STR(k->in->categories[i]));
            add(k, &e);
        }
    named_units(k, all, n, wanted);
    k->ret->units = arena_array(k->t->arena, int64_t, n + 1);
    for (size_t i = 0; i < n; i++)
        if (wanted[i])
            k->ret->units[k->ret->n_units++] = all[i].id;
    if (k->ret->n_units && k->ret->n_units <= COLLECT_UNITS_MAX)
        return;
    err_fail(&e, ERR_INPUT, k->ret->n_units ? M_COLLECT_UNITS_MANY : M_COLLECT_UNITS_NONE, "units", A_INT(COLLECT_UNITS_MAX));
    add(k, &e);
}

bool collect_check(struct txn *t, const struct actor *actor, const struct collect *was, const struct collect_input *in, struct collect_checked *ret, struct problems *p,
                   struct err *err)
{
    struct problems own = PROBLEMS_INIT;
    struct checking k = { t, actor, was, in, ret, &own, false, { 0 } };
    *ret = (struct collect_checked){ 0 };
    texts(&k);
    source_entry(&k);
    blank(&k);
    when(&k);
    units(&k);
    number(&k, in->ahead, "ahead", 0, COLLECT_AHEAD_MAX, was ? was->ahead : 0, &ret->ahead);
    number(&k, in->many, "many", 0, COLLECT_ROWS_MAX, was && !in->many.p ? was->many : 0, &ret->many);
    ret->zero = in->zero.p ? is_true(in->zero) : was && was->zero;
    bool ok = own.n == 0 && !k.broken;
    for (int i = 0; p && i < own.n; i++)
        problems_add(p, &own.err[i]);
    if (!ok && err)
        *err = k.broken ? k.err : own.err[0];
    problems_release(&own);
    return ok;
}
