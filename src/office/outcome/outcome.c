#include "office/outcome/outcome.h"

/* Held open for the slice that is being built; the demonstration year links against it. */
bool outcome_add(struct txn *t, const struct actor *actor, struct str number, struct str key, int64_t n, struct str label, day_t day,
                 struct err *err)
{
    return true;
}
