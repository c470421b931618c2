/* Days named by a festival. */
#include "calendar/deadline_in.h"

bool when_feast(struct parse *p, struct when *w)
{
    (void)p;
    (void)w;
    return false;
}
