/* whs deadline PHRASE: how a phrase is read, by the office's calendar where there is a database, else by the one built in. */
#include "base/json.h"
#include "calendar/deadline.h"
#include "office/workcal/inside.h"

static const char *const KIND[] = { "none", "date", "instant", "recurring" };
static const struct { unsigned bit; const char *code; int msg; } NOTES[] = {
    { DEADLINE_AMBIGUOUS, "ambiguous", 0 }, { DEADLINE_REST_DAY, "rest_day", M_WORKCAL_DEADLINE_REST_DAY }, { DEADLINE_PAST, "past", M_WORKCAL_DEADLINE_PAST },
    { DEADLINE_ABOUT, "about", M_WORKCAL_DEADLINE_ABOUT }, { DEADLINE_PRESUMED, "presumed", M_WORKCAL_DEADLINE_PRESUMED }, { DEADLINE_OWN_LIMIT, "own_limit", 0 },
    { DEADLINE_WRONG, "wrong", 0 }, { DEADLINE_NO_ANCHOR, "no_anchor", 0 }, { DEADLINE_SEVERAL, "several", M_WORKCAL_DEADLINE_SEVERAL },
};

/* The day is what a date is judged by, so it is written as its last second; an instant is itself. */
static bool whole_day(const struct deadline *d)
{
    return d->kind == DEADLINE_DATE || (d->kind == DEADLINE_RECURRING && !d->recur.n_minutes && d->recur.every > RECUR_HOURS);
}

static bool by_workdays(const struct deadline *d)
{
    return d->counted == DEADLINE_WORKING || (d->kind == DEADLINE_RECURRING && (d->recur.workday || d->recur.every == RECUR_WORKDAY)) ||
           (d->kind != DEADLINE_RECURRING && d->by && str_eqc(str_c(d->by), "workday"));
}

static void json_at(struct buf *b, const char *key, instant_t at, bool day)
{
    struct buf s _cleanup_(buf_release) = BUF_INIT;
    if (at != INSTANT_NONE)
        instant_put(&s, day ? at - 1 : at);
    json_put_str(b, key, at == INSTANT_NONE ? STR_NULL : buf_view(&s));
}

static void json_day(struct buf *b, const char *key, day_t d)
{
    struct buf s _cleanup_(buf_release) = BUF_INIT;
    if (d != DAY_NONE)
        date_put_iso(&s, d);
    json_put_str(b, key, d == DAY_NONE ? STR_NULL : buf_view(&s));
}

static void say_json(struct cmd *c, const struct deadline *d)
{
    struct buf *b = &c->out, rule _cleanup_(buf_release) = BUF_INIT, how _cleanup_(buf_release) = BUF_INIT;
    bool day = whole_day(d);
    deadline_how(&how, c->lang, d);
    deadline_rule(&rule, d);
    json_obj(b);
    json_put_str(b, "kind", str_c(KIND[d->kind]));
    json_at(b, "due", d->due, day);
    json_at(b, "start", d->start, false);
    json_put_str(b, "counted", d->kind == DEADLINE_NONE ? STR_NULL : by_workdays(d) ? STR("working") : STR("calendar"));
    json_put_str(b, "rule", rule.n ? buf_view(&rule) : STR_NULL);
    json_put_str(b, "how", buf_view(&how));
    json_at(b, "strict", d->strict, day);
    json_at(b, "other", d->other, day);
    json_at(b, "anchor", d->anchor, false);
    json_day(b, "last_workday", d->lw);
    json_day(b, "next_workday", d->nw);
    json_key(b, "notes");
    json_arr(b);
    for (size_t i = 0; i < ARRAY_LEN(NOTES); i++)
        if (d->notes & NOTES[i].bit)
            json_str(b, str_c(NOTES[i].code));
    json_arr_end(b);
    json_obj_end(b);
    buf_ch(b, '\n');
}

/* 2022年5月20日（周五）, with the clock time of an instant. */
static struct str moment(struct cmd *c, instant_t end, bool day)
{
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    day_t d = instant_day(day ? end - 1 : end);
    int minute = (int)((end - day_start(d)) / 60000);
    if (c->lang == LANG_ZH)
        date_put_zh(&b, d);
    else
        date_put_iso(&b, d);
    if (!day)
        buf_printf(&b, " %02d:%02d", minute / 60, minute % 60);
    return arena_str(c->arena, buf_view(&b));
}

static void line(struct cmd *c, int msg, struct str a, struct str b)
{
    const struct arg args[] = { A_STR(a), A_STR(b) };
    tr(&c->out, c->lang, msg, args, 2);
    buf_ch(&c->out, '\n');
}

static void say(struct cmd *c, const struct deadline *d, const struct deadline_ask *ask)
{
    bool day = whole_day(d);
    struct buf how _cleanup_(buf_release) = BUF_INIT;
    deadline_how(&how, c->lang, d);
    struct arg left = A_INT(workdays_left(ask->work, instant_day(ask->at), instant_day(d->due - 1)));
    const struct arg args[] = { A_STR(moment(c, d->due, day)), left };
    tr(&c->out, c->lang, d->notes & DEADLINE_PAST ? M_WORKCAL_DEADLINE_WAS : M_WORKCAL_DEADLINE_IS, args, 2);
    buf_ch(&c->out, '\n');
    line(c, M_WORKCAL_DEADLINE_HOW, buf_view(&how), STR(""));
    if (d->start != INSTANT_NONE)
        line(c, M_WORKCAL_DEADLINE_FROM, moment(c, d->start, false), STR(""));
    if (d->strict != d->due)
        line(c, M_WORKCAL_DEADLINE_STRICT, moment(c, d->strict, day), STR(""));
    if (d->other != INSTANT_NONE)
        line(c, M_WORKCAL_DEADLINE_OTHER, moment(c, d->other, day), STR(""));
    for (size_t i = 0; i < ARRAY_LEN(NOTES); i++)
        if (NOTES[i].msg && (d->notes & NOTES[i].bit)) {
            bool rest = NOTES[i].bit == DEADLINE_REST_DAY && d->lw != DAY_NONE && d->nw != DAY_NONE;
            line(c, NOTES[i].msg, rest ? moment(c, day_start(d->lw + 1), true) : STR(""), rest ? moment(c, day_start(d->nw + 1), true) : STR(""));
        }
}

int workcal_run_deadline(struct cmd *c)
{
    struct err err;
    struct deadline d;
    struct str at = cmd_option(c, "--at");
    struct deadline_ask ask = { .hours = DEADLINE_HOURS };
    if (c->argc != 1)
        return cmd_usage(c, &workcal_commands[2]);
    if (!workcal_table(c, &ask.work, &err))
        return cmd_fail(c, &err);
    ask.at = clock_now(c->store ? store_clock(c->store) : &clock_real);
    if (at.p && !instant_read(at, &ask.at, &err))
        return cmd_fail(c, &err);
    deadline_read(str_trim(c->argv[0]), &ask, &d);
    if (c->json) {
        say_json(c, &d);
    } else if (d.kind == DEADLINE_NONE) {
        struct buf how _cleanup_(buf_release) = BUF_INIT;
        deadline_how(&how, c->lang, &d);
        line(c, M_WORKCAL_DEADLINE_NONE, buf_view(&how), STR(""));
    } else {
        say(c, &d, &ask);
    }
    return d.kind == DEADLINE_NONE ? 1 : 0;
}
