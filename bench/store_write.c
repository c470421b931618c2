/* b-store_write [N]: CPU of one durable write (one journal line + 5 small inserts), one at a time and 64 at once; whole process,
 * user + system, without making and opening the database. Also what opening costs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <semaphore.h>
#include <sys/resource.h>
#include <unistd.h>

#include "store/journal.h"
#include "store/seal.h"

static const struct query ROW = {
    .name = "bench.row", .in = "inns", .out = "", .writes = true,
    .sqlite = "INSERT INTO series (office_id, kind, year, last) VALUES (?1, ?4, ?2, ?3)",
};

static int64_t office;
static sem_t room;

static bool office_fn(struct txn *t, void *args, struct err *err) { return txn_office_create(t, STR("bench"), STR("县政府办公室"), args, err); }

static bool write_fn(struct txn *t, void *args, struct err *err)
{
    int64_t id = txn_next_id(t);
    for (int i = 0; i < 5; i++) {
        const struct sql_value in[] = { { .i = office }, { .i = id * 8 + i }, { .i = i }, { .s = STR("关于切实做好防汛抗旱工作的通知") } };
        if (!db_exec(t->db, &ROW, in, NULL, err))
            return false;
    }
    const struct journal_line line = {
        .day = DAY_NONE, .entity = STR("entry"), .entity_id = id, .verb = STR("register"),
        .after = STR("{\"title\":\"关于切实做好防汛抗旱工作的通知\",\"lead_unit\":\"应急管理局\",\"deadline\":\"2026-07-01\"}"),
    };
    return journal_add(t, &line, err);
}

static void done(void *args, bool ok, const struct err *err)
{
    if (!ok)
        abort();
    sem_post(&room);
}

static double cpu_us(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static void run(struct store *s, int n, int at_once)
{
    struct write *w = calloc((size_t)n, sizeof *w);
    struct store_stats a, b;
    store_stats(s, &a);
    int64_t start = clock_real.mono_us(&clock_real);
    double cpu = cpu_us();
    for (int i = 0; i < n; i += at_once) {
        for (int k = 0; k < at_once; k++) {
            w[i + k] = (struct write){ .office_id = office, .actor_id = 1, .fn = write_fn, .done = done };
            store_expect(s, 1);
        }
        for (int k = 0; k < at_once; k++) {
            w[i + k].announced = true;
            store_write(s, &w[i + k]);
        }
        for (int k = 0; k < at_once; k++)
            while (sem_wait(&room) != 0)
                ;
    }
    cpu = cpu_us() - cpu;
    double wall = (double)(clock_real.mono_us(&clock_real) - start);
    store_stats(s, &b);
    printf("%d at once: %.1f us CPU, %.1f us wall, %.3f syncs per write (commits %ld, one sync %ld us)\n", at_once, cpu / n, wall / n,
           (double)(b.syncs - a.syncs) / n, (long)(b.commits - a.commits), (long)b.sync_us);
    free(w);
}

int main(int argc, char **argv)
{
    int n = (argc > 1 ? atoi(argv[1]) : 12800) / 64 * 64;
    char dir[] = "/tmp/whs-bench-XXXXXX", url[64], cmd[64];
    struct store_options o = { .url = url, .write = true };
    struct store *s;
    struct err err;
    if (!mkdtemp(dir))
        return 1;
    snprintf(url, sizeof url, "sqlite:%s/b.db", dir);
    snprintf(cmd, sizeof cmd, "rm -rf %s", dir);
    sem_init(&room, 0, 0);
    if (!store_create(&o, &err))
        return 1;
    int64_t start = clock_real.mono_us(&clock_real);
    if (!store_open(&o, &s, &err) || !store_write_wait(s, 0, 0, office_fn, &office, &err))
        return 1;
    printf("open and first write: %.1f ms\n", (double)(clock_real.mono_us(&clock_real) - start) / 1e3);
    run(s, n / 4 / 64 * 64, 1);
    run(s, n, 64);
    run(s, n, 64);
    store_close(s);
    return system(cmd);
}
