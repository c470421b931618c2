/* How many deadline phrases are read in a second on one core: those of src/calendar/deadline_phrases.tsv, deadlines and others mixed, one after another.
 *
 *   b-deadline [FILE [ROUNDS]]
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "calendar/deadline.h"

enum { PHRASES_MAX = 4000 };

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static size_t load(const char *path, struct str *phrase)
{
    FILE *f = fopen(path, "r");
    char line[400];
    size_t n = 0;
    if (!f) {
        perror(path);
        exit(1);
    }
    while (n < PHRASES_MAX && fgets(line, sizeof line, f))
        if (line[0] != '#') {
            size_t bytes = strcspn(line, "\t\n");
            phrase[n++] = str_n(xstrndup(line, bytes), bytes);
        }
    fclose(f);
    return n;
}

int main(int argc, char **argv)
{
    static struct str phrase[PHRASES_MAX];
    struct deadline_ask ask = { workdays_official(), 0, DEADLINE_HOURS };
    struct deadline d;
    size_t n = load(argc > 1 ? argv[1] : "src/calendar/deadline_phrases.tsv", phrase), found = 0, bytes = 0;
    int rounds = argc > 2 ? atoi(argv[2]) : 500;
    ask.at = day_start(date_day(2022, 5, 9)) + 510 * 60000;
    deadline_read(phrase[0], &ask, &d);          /* makes the lexicon */
    double a = cpu_seconds();
    for (int r = 0; r < rounds; r++)
        for (size_t i = 0; i < n; i++) {
            deadline_read(phrase[i], &ask, &d);
            found += d.kind != DEADLINE_NONE;
            bytes += phrase[i].n;
        }
    double s = cpu_seconds() - a;
    printf("phrases=%zu deadlines=%zu per_second=%.0f us=%.2f mb_per_second=%.1f\n", n, found / (size_t)rounds, (double)n * rounds / s, s * 1e6 / ((double)n * rounds),
           (double)bytes / s / 1e6);
    return 0;
}
