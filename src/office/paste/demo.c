/* Its part of the demonstration: the plan registers its entries by itself; on the first working day of each month the newest of them is said to have been
 * pasted, with the message it came in. */
#include "calendar/workdays.h"
#include "office/paste/inside.h"

/* As such messages read: who asks, whom, for what, until when. */
static struct str message_of(struct arena *a, const struct entry_line *l)
{
    struct civil due = date_civil(instant_day(l->due - 1));
    return arena_printf(a, "%.*s：请%.*s%.*s，%.*s，于%d月%d日前书面报市政府办公室。", STR_ARG(l->source), STR_ARG(l->lead), STR_ARG(l->title), STR_ARG(l->requirement),
                        due.month, due.day);
}

bool paste_demo_day(struct txn *t, const struct demo_day *d, struct err *err)
{
    const struct actor *officer = d->actor(d, "keyuan1");
    struct entry_filter f = ENTRY_FILTER_ANY;
    struct entry_line *l;
    struct entry e;
    size_t n;
    struct civil c = date_civil(d->day);
    if (d->day != workdays_first_of_month(d->work, c.year, c.month))
        return true;
    demo_be(t, officer, d->day, 17 * 60 + 10);
    f.state = -2;
    f.reading = 0;
    f.limit = 1;
    if (!entry_lines(t->db, t->arena, officer, &f, &l, &n, err))
        return false;
    if (n == 0 || l->due == INSTANT_NONE)
        return true;
    const struct said said = { .v[PART_NUMBER] = STR("") };
    struct order o = { .text = message_of(t->arena, l), .said = &said, .n = 1 };
    return entry_fetch(t->db, t->arena, officer, l->number, &e, err) && paste_origin(t, &o, &e, 1, err);
}
