/* data/china-days.csv for the tests of this floor, read with nothing but sscanf, so that it checks the compiled table too. */
#ifndef WHS_CALENDAR_TABLE_TEST_H
#define WHS_CALENDAR_TABLE_TEST_H

#include <stdio.h>
#include <string.h>

#include "calendar/date.h"

enum { TABLE_YEAR_FIRST = 2001, TABLE_YEAR_LAST = 2026 };

struct table_row {
    day_t day;
    bool works, statutory;
    int year;
    char name[64];
};
static struct table_row table[1000];
static size_t table_n;

static int table_read(void **state)
{
    (void)state;
    FILE *f = fopen("data/china-days.csv", "r");
    char line[200], kind[32];
    if (!f || !fgets(line, sizeof line, f))
        return -1;
    for (table_n = 0; fgets(line, sizeof line, f); table_n++) {
        struct table_row *r = &table[table_n];
        int y, m, d, statutory;
        if (sscanf(line, "%d-%d-%d,%31[^,],%63[^,],%d,%d", &y, &m, &d, kind, r->name, &r->year, &statutory) != 7)
            return -1;
        r->day = date_day(y, m, d);
        r->works = strcmp(kind, "makeup-workday") == 0;
        r->statutory = statutory;
    }
    fclose(f);
    return 0;
}

#endif
