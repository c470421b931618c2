#include "office/slice.h"

/* The duties of the house, in their declared order: a slice may know those above it. To take one away, remove its line here and
 * its folder (tests/leaf.test.js does exactly that). */
#define SLICES(_) \
    _(entry) \
    _(workcal) \
    _(closing) \
    _(outcome) \
    _(limit) \
    _(recurring) \
    _(split) \
    _(attach) \
    _(roster) \
    _(account) \
    _(deputy) \
    _(handover) \
    _(notes) \
    _(paste) \
    _(today) \
    _(lists) \
    _(ledger) \
    _(months) \
    _(collect) \
    _(books) \
    _(summary)

#define DECLARE(name) extern const struct slice name##_slice;
SLICES(DECLARE)

#define ENTRY(name) &name##_slice,
const struct slice *const slices[] = { SLICES(ENTRY) NULL };
