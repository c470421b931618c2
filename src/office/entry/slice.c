#include "office/entry/slice.h"

const struct slice entry_slice = {
    .name = "entry",
    .commands = entry_commands,
    .n_commands = ENTRY_COMMANDS,
};
