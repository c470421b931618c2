/* Reading a year's arrangement of holidays (国务院办公厅关于20××年部分节假日安排的通知): its pasted text, or a csv table.
 *
 * Text: the year in the title, then one item for each festival, whose sentences have hardly changed since 2007:
 *     一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
 * 放假 and 补休 name days off, 上班 make-up days; 共N天 is checked; 与周末连休, 公休, 调至 and what is only encouraged (鼓励…) decide nothing.
 * Csv: a head `date,kind,name` (日期,类别,名称), kind holiday|放假 or makeup-workday|上班, further columns ignored. A row `workday` on an ordinary
 * weekday, which some public lists have, says nothing and is passed over.
 *
 * What cannot be right becomes a problem with line and column, and then nothing is taken: a date that does not exist, a weekday that is not that
 * day's, a wrong count, a make-up day from Monday to Friday, a day far from the year, a day twice or both off and worked. What has been right only
 * once (the year's formula in 2020, a statutory day not off) becomes a doubt: a person may confirm it. Rules: festival.h.
 */
#ifndef WHS_CALENDAR_NOTICE_H
#define WHS_CALENDAR_NOTICE_H

#include "base/err.h"
#include "calendar/workdays.h"

enum { NOTICE_BYTES_MAX = 65536 };

struct notice {
    int year;
    struct workdays_row *row;                    /* in the order of days; in the arena, names too */
    size_t n;
};

/* True when there is no problem; then *ret is set, and doubts may hold what a person must confirm. For workdays_with(ret->row, ret->n, &ret->year, 1). */
bool notice_read(struct arena *a, struct str text, struct notice *ret, struct problems *problems, struct problems *doubts);

#endif
