/* 分解: parts of an entry among units, from ticks and lines 单位｜要求｜时限, in one act. entry_split() (entry.h) does it; here is how it is said and shown. */
#ifndef WHS_OFFICE_SPLIT_H
#define WHS_OFFICE_SPLIT_H

#include "calendar/deadline.h"
#include "office/entry/entry.h"

struct split_line { struct str unit, requirement, deadline, phrase; };
/* Ticked units (each a part without words of its own) and lines; cells parted by ｜, | or a tab, the second and third may be missing. A ticked unit that also
 * has a line is that line. Problems bear the line. At most ENTRY_SPLIT_MAX; pure. */
bool split_read(struct arena *a, const struct deadline_ask *ask, const struct str *ticked, size_t n_ticked, struct str text, struct split_line **ret, size_t *n,
                struct problems *problems, struct err *err);
struct entry_input split_input(const struct split_line *l);

extern const struct slice split_slice;

#endif
