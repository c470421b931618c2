/* The demonstration year: at its end the field of one unit passes from one officer to the other. */
#include "calendar/date.h"
#include "office/handover/inside.h"

bool handover_demo_day(struct txn *t, const struct demo_day *d, struct err *err)
{
    const struct handover_ask ask = { .from = STR("keyuan2"), .to = STR("keyuan1"), .unit = STR("市卫生健康委"), .reason = STR("明年分工调整，卫健口由张科员承办") };
    const struct actor *chief = d->actor(d, "kezhang");
    struct handover_plan p;
    int64_t id;
    if (d->day != date_day(2022, 12, 30))
        return true;
    demo_be(t, chief, d->day, 17 * 60 + 10);
    return handover_plan(t->db, t->arena, chief, t->at, &ask, &p, err) && (!p.n || handover_do(t, chief, &ask, &id, err));
}
