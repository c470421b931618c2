#ifndef WHS_OFFICE_ENTRY_SLICE_H
#define WHS_OFFICE_ENTRY_SLICE_H

#include "office/slice.h"

extern const struct slice entry_slice;

#endif
