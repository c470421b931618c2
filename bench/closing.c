/* b-closing [N]: what closing a month costs with N entries open (100,000 by default), all overdue and half of them extended on the first day of the next month, so that
 * entry_was is read too; then the view of the month, the summary's year, and the proof. Processor time of the whole process. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "office/closing/closing.h"
#include "office/summary/summary.h"
#include "people/member.h"

enum { DEFAULT_N = 100000, AT_ONCE = 500 };

static struct sim_clock simulated;
static struct store *store;
static struct arena arena;
static struct actor actor;
static int64_t office;

static void must(bool ok, const struct err *err)
{
    struct buf b = BUF_INIT;
    if (ok)
        return;
    tr_err(&b, LANG_EN, err);
    fprintf(stderr, "%s\n", b.p);
    exit(1);
}

static int64_t cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void clocked(const char *what, int64_t n, int64_t start_us)
{
    double s = (double)(cpu_us() - start_us) / 1e6;
    printf("%-34s %9lld  %8.3f s  %8.2f us each\n", what, (long long)n, s, s * 1e6 / (double)n);
}

static bool make_office(struct txn *t, void *args, struct err *err) { return txn_office_create(t, STR("bench"), STR("测试机关"), args, err); }

static bool make_people(struct txn *t, void *args, struct err *err)
{
    int64_t id;
    return people_init(t, STR("秘书五科"), err) && party_add(t, PARTY_UNIT, STR("市商务局"), STR(""), STR("部门"), 0, &id, err) &&
           entry_list_add(t, STR("重点工作"), &id, err);
}

static bool some_entries(struct txn *t, void *args, struct err *err)
{
    const struct entry_input in = {
        .kind = STR("document"), .title = STR("报送纾困政策落实情况"), .source = STR("省政府办公厅明电"), .requirement = STR("报送情况报告"),
        .deadline = STR("2022-05-20"), .lead_unit = STR("市商务局"), .lists = STR("重点工作"), .role = STR("drafted"), .genre = STR("报告"),
    };
    struct entry e;
    for (int i = 0; i < AT_ONCE; i++)
        if (!entry_register(t, &actor, &in, &e, NULL, err))
            return false;
    return true;
}

static bool extend_some(struct txn *t, void *args, struct err *err)
{
    const int first = *(int *)args;
    const struct entry_input in = { .deadline = STR("2022-06-30") };
    struct entry e;
    for (int i = first; i < first + AT_ONCE; i += 2)
        if (!entry_act(t, &actor, arena_printf(t->arena, "文2022-%04d", i + 1), VERB_EXTEND, &in, &e, err))
            return false;
    return true;
}

static bool do_close(struct txn *t, void *args, struct err *err)
{
    return closing_close(t, &actor, workdays_official(), 202205, NULL, 0, STR("顺延办理"), NULL, err);
}

static void open_store(char *dir)
{
    static struct random chance;
    struct err e;
    char url[96];
    snprintf(url, sizeof url, "sqlite:%s/whs.db", dir);
    sim_clock_init(&simulated, INT64_C(1652058000000));
    chance = random_real;
    struct store_options so = { .url = url, .clock = &simulated.base, .random = &chance, .write = true };
    must(store_create(&so, &e), &e);
    must(store_open(&so, &store, &e), &e);
    must(store_write_wait(store, STORE_OFFICE_SHARED, 0, make_office, &office, &e), &e);
    must(store_write_wait(store, office, 0, make_people, NULL, &e), &e);
}

static void read_back(struct db *db, int n)
{
    struct err e;
    struct closing_view v;
    struct summary s;
    int closings;
    int64_t start = cpu_us();
    must(closing_read(db, &arena, &actor, workdays_official(), 202205, date_day(2022, 6, 1), &v, &e), &e);
    clocked("reading the month", n, start);
    start = cpu_us();
    must(summary_make(db, &arena, &actor, date_day(2022, 1, 1), date_day(2022, 12, 31), false, LANG_ZH, &s, &e), &e);
    clocked("the summary's year", n, start);
    start = cpu_us();
    must(closing_verify(db, &arena, office, &closings, &e), &e);
    clocked("proving the closings", n, start);
}

int main(int argc, char **argv)
{
    char dir[64] = "/dev/shm/whs-bench-XXXXXX", rm[96];
    int n = argc > 1 ? atoi(argv[1]) : DEFAULT_N;
    struct db *db;
    struct err e;
    if (!mkdtemp(dir))
        return 1;
    open_store(dir);
    must(store_reader_open(store, &db, &e), &e);
    must(actor_load_login(db, &arena, office, STR("console"), instant_day(clock_now(&simulated.base)), &actor, &e), &e);
    int64_t start = cpu_us();
    for (int i = 0; i < n; i += AT_ONCE)
        must(store_write_wait(store, office, actor.member_id, some_entries, NULL, &e), &e);
    clocked("registering", n, start);
    sim_clock_set(&simulated, day_start(date_day(2022, 6, 1)) + 1);
    start = cpu_us();
    for (int i = 0; i < n; i += AT_ONCE)
        must(store_write_wait(store, office, actor.member_id, extend_some, &i, &e), &e);
    clocked("extending", n / 2, start);
    start = cpu_us();
    must(store_write_wait(store, office, actor.member_id, do_close, NULL, &e), &e);
    clocked("closing the month", n, start);
    read_back(db, n);
    store_reader_close(db);
    store_close(store);
    arena_release(&arena);
    snprintf(rm, sizeof rm, "rm -rf %s", dir);
    return system(rm);
}
