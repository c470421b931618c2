/* A rule as one sentence for the screen: 每月5日、20日，遇休息日提前到前一个工作日. */
#include "calendar/recur.h"

struct said { struct buf *b; enum lang lang; };

#define SAY(s, msg, ...) \
    tr((s)->b, (s)->lang, (msg), (const struct arg[]){ { 0 }, ##__VA_ARGS__ } + 1, (int)ARRAY_LEN(((const struct arg[]){ { 0 }, ##__VA_ARGS__ })) - 1)

static void say_every(struct said *s, const struct recur *r)
{
    static const struct { int one, several; } EACH[] = {
        [RECUR_MINUTE] = { M_RECURRING_EACH_MINUTES, M_RECURRING_EACH_MINUTES }, [RECUR_HOURS] = { M_RECURRING_EACH_HOURS, M_RECURRING_EACH_HOURS },
        [RECUR_DAY] = { M_RECURRING_EACH_DAY, M_RECURRING_EACH_DAYS }, [RECUR_WORKDAY] = { M_RECURRING_EACH_WORKDAY, M_RECURRING_EACH_WORKDAYS },
        [RECUR_WEEK] = { M_RECURRING_EACH_WEEK, M_RECURRING_EACH_WEEKS }, [RECUR_TEN_DAYS] = { M_RECURRING_EACH_TEN_DAYS, 0 },
        [RECUR_HALF_MONTH] = { M_RECURRING_EACH_HALF_MONTH, 0 }, [RECUR_MONTH] = { M_RECURRING_EACH_MONTH, M_RECURRING_EACH_MONTHS },
        [RECUR_QUARTER] = { M_RECURRING_EACH_QUARTER, 0 }, [RECUR_HALF_YEAR] = { M_RECURRING_EACH_HALF_YEAR, 0 },
        [RECUR_YEAR] = { M_RECURRING_EACH_YEAR, M_RECURRING_EACH_YEARS },
    };
    if (r->interval > 1)
        SAY(s, EACH[r->every].several, A_INT(r->interval));
    else
        SAY(s, EACH[r->every].one, A_INT(1));
}

static void say_month(struct said *s, const struct recur *r)
{
    if (r->every < RECUR_QUARTER)
        return;
    if (r->month)
        SAY(s, r->every == RECUR_YEAR ? M_RECURRING_MONTH_OF_YEAR : M_RECURRING_MONTH_OF, A_INT(r->month));
    else if (!r->nth)
        SAY(s, M_RECURRING_LAST_MONTH);
}

static void say_bits(struct said *s, unsigned bits, int first_msg, int day_msg)
{
    const char *comma = "";
    for (int i = 0; i < 31; i++)
        if (bits >> i & 1) {
            buf_c(s->b, comma);
            if (day_msg)
                SAY(s, day_msg, A_INT(i + 1));
            else
                SAY(s, first_msg + i);
            comma = s->lang == LANG_ZH ? "、" : ", ";
        }
}

static void say_nth(struct said *s, const struct recur *r)
{
    if (r->nth > 0)
        SAY(s, r->workday ? M_RECURRING_NTH_WORKDAY : r->weekdays ? M_RECURRING_NTH : M_RECURRING_NTH_DAY, A_INT(r->nth));
    else if (r->nth == -1)
        SAY(s, r->workday ? M_RECURRING_LAST_WORKDAY : r->weekdays ? M_RECURRING_LAST_OF : M_RECURRING_LAST_DAY);
    else if (r->nth)
        SAY(s, r->workday ? M_RECURRING_NTH_LAST_WORKDAY : M_RECURRING_NTH_LAST_DAY, A_INT(-r->nth));
}

void recur_say(struct buf *b, enum lang lang, const struct recur *r)
{
    static const int REST[] = { [RECUR_BEFORE] = M_RECURRING_BEFORE, [RECUR_AFTER] = M_RECURRING_AFTER };
    struct said s = { b, lang };
    say_every(&s, r);
    say_month(&s, r);
    say_nth(&s, r);
    say_bits(&s, r->weekdays, M_BASE_WEEKDAY_1, 0);
    say_bits(&s, r->month_days, 0, M_RECURRING_DAY_OF_MONTH);
    for (int i = 0; i < r->n_minutes; i++)
        buf_printf(b, " %02d:%02d", r->minute[i] / 60, r->minute[i] % 60);
    if (r->move != RECUR_STAY)
        SAY(&s, M_RECURRING_REST, A_MSG(REST[r->move]));
}
