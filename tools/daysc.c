/* daysc OUT.c china-days.csv   The official table as C, by day. See tools/README.md. */
#include <stdio.h>
#include <string.h>

#include "calendar/date.h"

int main(int argc, char **argv)
{
    FILE *in = argc == 3 ? fopen(argv[2], "r") : NULL, *out = in ? fopen(argv[1], "w") : NULL;
    if (!out) {
        fprintf(stderr, "usage: daysc OUT.c china-days.csv\n");
        return 2;
    }
    fprintf(out, "#include \"calendar/workdays.h\"\nconst struct official_row official_rows[] = {\n");
    char line[256], kind[32], name[64];
    int n = 0, y, m, d, year, statutory;
    for (int at = 1; fgets(line, sizeof line, in); at++) {
        if (at == 1)
            continue;
        if (sscanf(line, "%d-%d-%d,%31[^,],%63[^,],%d,%d", &y, &m, &d, kind, name, &year, &statutory) != 7) {
            fprintf(stderr, "%s:%d:1: not a row date,kind,name,year,statutory\n", argv[2], at);
            return 1;
        }
        fprintf(out, "    { \"%s\", %d, %d, %d, %d },\n", name, (int)date_day(y, m, d), year, strcmp(kind, "makeup-workday") == 0, statutory);
        n++;
    }
    fprintf(out, "};\nconst int official_rows_count = %d;\n", n);
    fclose(in);
    return fclose(out) != 0;
}
