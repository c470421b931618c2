/* In a file of its own: whoever links slices must not need the whole demonstration. */
#include "office/slice.h"

void demo_be(struct txn *t, const struct actor *a, day_t day, int minute)
{
    t->at = day_start(day) + minute * 60000;
    t->today = day;
    t->actor_id = a->member_id;
}
