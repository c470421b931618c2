#include "office/entry/slice.h"

const struct slice entry_slice = {
    .name = "entry",
};
