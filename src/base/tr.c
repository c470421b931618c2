#include "base/tr.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"

const char *tr_text(enum lang lang, int msg)
{
    if (msg < 0 || msg >= M_COUNT)
        msg = M_BASE_UNKNOWN;
    return messages_text[lang][msg];
}

const char *tr_id(int msg) { return messages_id[msg < 0 || msg >= M_COUNT ? M_BASE_UNKNOWN : msg]; }

int tr_find(struct str id)
{
    /* messages_id is sorted by pocc */
    int lo = 0, hi = M_COUNT;
    while (lo < hi) {
        int mid = (lo + hi) / 2, c = str_cmp(str_c(messages_id[mid]), id);
        if (c == 0)
            return mid;
        if (c < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return -1;
}

/* Howard Hinnant's published civil-from-days arithmetic; the calendar floor above has the full set. */
static void civil(int64_t day, int *y, int *m, int *d)
{
    day += 719468;
    int64_t era = (day >= 0 ? day : day - 146096) / 146097;
    int64_t doe = day - era * 146097, yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    *d = (int)(doy - (153 * mp + 2) / 5 + 1);
    *m = (int)(mp < 10 ? mp + 3 : mp - 9);
    *y = (int)(yoe + era * 400 + (*m <= 2));
}

static void put_day(struct buf *out, enum lang lang, int64_t day)
{
    int y, m, d;
    civil(day, &y, &m, &d);
    buf_printf(out, lang == LANG_ZH ? "%d年%d月%d日" : "%04d-%02d-%02d", y, m, d);
}

static void put_arg(struct buf *out, enum lang lang, const struct arg *a)
{
    switch (a->kind) {
    case ARG_STR: buf_str(out, a->s); break;
    case ARG_INT: buf_i64(out, a->i); break;
    case ARG_DAY: put_day(out, lang, a->i); break;
    case ARG_INSTANT: {
        int64_t minute = (a->i - day_start(instant_day(a->i))) / 60000;
        put_day(out, lang, instant_day(a->i));
        buf_printf(out, lang == LANG_ZH ? "%d时%02d分" : " %02d:%02d", (int)(minute / 60), (int)(minute % 60));
        break;
    }
    case ARG_MSG: buf_c(out, tr_text(lang, (int)a->i)); break;
    case ARG_NONE: break;
    }
}

void tr(struct buf *out, enum lang lang, int msg, const struct arg *args, int n)
{
    const char *run = tr_text(lang, msg);
    for (const char *p = run; (p = strchr(p, '{')); p++) {
        if (p[1] < '1' || p[1] > '9' || p[2] != '}')
            continue;
        buf_add(out, run, (size_t)(p - run));
        if (p[1] - '1' < n)
            put_arg(out, lang, &args[p[1] - '1']);
        run = p + 3;
    }
    buf_c(out, run);
}

/* The texts of base.… are said of a field ("must not be empty"), so its name goes before them; those of calendar.… do not know which date they are about.
 * Others are whole sentences. */
static void put_field(struct buf *out, enum lang lang, const struct err *e)
{
    const char *name = tr_field(lang, e->field);
    if (name != e->field && str_starts(str_c(tr_id(e->msg)), STR("calendar.")))
        buf_printf(out, lang == LANG_ZH ? "%s：" : "%s: ", name);
    if (!e->field[0] || !str_starts(str_c(tr_id(e->msg)), STR("base.")))
        return;
    buf_printf(out, lang == LANG_ZH ? "“%s”" : "“%s” ", tr_field(lang, e->field));
}

void tr_err(struct buf *out, enum lang lang, const struct err *e)
{
    put_field(out, lang, e);
    struct arg args[ERR_ARGS];
    for (int i = 0; i < e->n_args; i++)
        args[i] = (struct arg){ e->arg[i].kind, str_c(e->arg[i].s), e->arg[i].i };
    tr(out, lang, e->msg, args, e->n_args);
}

const char *tr_field(enum lang lang, const char *field)
{
    char id[ERR_FIELD_BYTES + 8];
    int n = snprintf(id, sizeof id, "field.%s", field);
    int msg = tr_find(str_n(id, (size_t)n));
    return msg < 0 ? field : tr_text(lang, msg);
}
