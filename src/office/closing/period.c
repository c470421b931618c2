/* Months as numbers: 202205. */
#include "base/num.h"
#include "calendar/date.h"
#include "messages.h"
#include "office/closing/closing.h"

day_t period_first(int period) { return date_day(period / 100, period % 100, 1); }
day_t period_last(int period) { return period_first(period_next(period)) - 1; }
int period_next(int period) { return period % 100 == 12 ? period + 89 : period + 1; }
int period_prev(int period) { return period % 100 == 1 ? period - 89 : period - 1; }

int period_of(day_t d)
{
    struct civil c = date_civil(d);
    return c.year * 100 + c.month;
}

/* Year and month out of "2022-05", "202205" or 2022年5月. */
static bool cut(struct str s, struct str *year, struct str *month)
{
    *year = str_sub(s, 0, 4);
    *month = str_sub(s, 4, s.n);
    if (str_starts(*month, STR("-")))
        *month = str_sub(*month, 1, month->n);
    else if (str_starts(*month, STR("年")) && str_ends(*month, STR("月")))
        *month = str_sub(*month, 3, month->n - 6);
    else
        return month->n == 2;
    return month->n == 1 || month->n == 2;
}

bool period_read(struct str s, int *ret, struct err *err)
{
    struct str year, month;
    int64_t y, m;
    s = str_trim(s);
    if (!cut(s, &year, &month) || !num_range(year, DATE_YEAR_MIN, DATE_YEAR_MAX, &y) || !num_range(month, 1, 12, &m))
        return err_fail(err, ERR_INPUT, M_CLOSING_BAD_PERIOD, "period", A_STR(s));
    *ret = (int)(y * 100 + m);
    return true;
}
