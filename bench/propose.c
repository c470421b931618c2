/* b-propose: what it costs to read a pasted text into proposed entries, with 300 units in the table of names.
 *   b-propose [ROUNDS]      a 4 KB notice, 4 KB of minutes, a one-line message, 64 KB of notices; the names' table by itself */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "text/propose.h"

enum { UNITS = 300 };
#define NOW INT64_C(1652058000000)

static double cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static size_t fill_names(struct arena *a, struct propose_name *names)
{
    static const char *const FIRST[] = { "商务", "财政", "科技", "教育", "公安", "民政", "司法", "交通", "水务", "农业", "文化", "卫生", "审计", "统计", "体育" };
    static const char *const SECOND[] = { "", "管理", "发展", "服务", "监督", "保障", "合作", "运行", "规划", "建设" };
    size_t n = 0;
    for (size_t i = 0; i < UNITS / 2; i++) {
        struct str name = arena_printf(a, "市%s%s局", FIRST[i % 15], SECOND[i / 15]);
        names[n++] = (struct propose_name){ name, name, NAME_UNIT };
        names[n++] = (struct propose_name){ str_sub(name, 3, name.n), name, NAME_UNIT };
    }
    names[n++] = (struct propose_name){ STR("市长"), STR("市长"), NAME_LEADER };
    return n;
}

static struct str repeat(struct arena *a, const char *head, const char *line, size_t bytes)
{
    struct buf b = BUF_INIT;
    buf_c(&b, head);                             /* numbered lines behind a head */
    for (int i = 1; b.n < bytes; i++) {
        buf_printf(&b, "%d. ", i);
        buf_c(&b, line);
    }
    struct str s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

static void run(const char *what, struct str text, const struct propose_names *names, int rounds)
{
    const struct deadline_ask ask = { .work = workdays_official(), .at = NOW, .hours = DEADLINE_HOURS };
    struct arena a = ARENA_INIT(0);
    struct proposal p = { 0 };
    double from = cpu_us();
    for (int i = 0; i < rounds; i++) {
        arena_clear(&a);
        propose(text, names, &ask, &a, &p);
    }
    printf("%s bytes=%zu matters=%zu cpu_us=%.0f\n", what, text.n, p.n, (cpu_us() - from) / rounds);
    arena_release(&a);
}

int main(int argc, char **argv)
{
    static const char NOTICE[] = "某省人民政府办公厅\n关于报送有关情况的通知\n某办发〔2022〕46号\n各市（州）人民政府，省政府各部门：\n请市商务局牵头，市财政局配合，于5月18日18时前报送省政府办公厅。\n";
    static const char PARA[] = "各单位要提高认识，压实责任，把各项工作放在突出位置，统筹推进项目建设、要素保障和政策兑现，形成工作合力，确保各项任务落到实处。\n";
    static const char MINUTES[] = "市政府第12次常务会议纪要\n会议议定如下：\n";
    static const char ITEM[] = "推进重点项目建设。由市商务局牵头，市财政管理局、市交通建设局配合，5月20日前提出方案报市政府审定。\n";
    int rounds = argc > 1 ? atoi(argv[1]) : 500;
    struct arena a = ARENA_INIT(0);
    struct propose_name list[UNITS + 8];
    size_t n = fill_names(&a, list);
    const struct propose_names *names = propose_names_make(&a, list, n);
    struct arena t = ARENA_INIT(0);
    double from = cpu_us();
    for (int i = 0; i < rounds; i++) {
        arena_clear(&t);
        propose_names_make(&t, list, n);
    }
    printf("names n=%zu cpu_us=%.0f\n", n, (cpu_us() - from) / rounds);
    arena_release(&t);
    run("message", STR("请市商务局5月12日前将一季度社零增长情况报我办。"), names, rounds);
    run("notice", repeat(&a, NOTICE, PARA, 4096), names, rounds);
    run("minutes", repeat(&a, MINUTES, ITEM, 4096), names, rounds);
    run("full", repeat(&a, MINUTES, ITEM, PROPOSE_BYTES - 256), names, rounds / 20 + 1);
    arena_release(&a);
    return 0;
}
