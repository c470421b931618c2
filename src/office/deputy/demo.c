/* The demonstration year: in a week of August the chief is at the front, an officer stands in. */
#include "calendar/workdays.h"
#include "office/deputy/inside.h"

bool deputy_demo_day(struct txn *t, const struct demo_day *d, struct err *err)
{
    const struct deputy_draft draft = { .absent = STR("kezhang"), .deputy = STR("keyuan1"), .from = STR("2022-08-15"), .to = STR("2022-08-19"),
                                        .note = STR("科长下沉防疫一线，不便时代为办理") };
    int64_t id;
    if (d->day != date_day(2022, 8, 12))
        return true;
    demo_be(t, d->actor(d, "kezhang"), d->day, 17 * 60);
    return deputy_add(t, d->actor(d, "kezhang"), &draft, &id, err);
}
