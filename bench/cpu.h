/* The CPU a process has used, in nanoseconds, user and system: of all its threads, from /proc/PID/task/…/schedstat. Included by bench programs. */
#ifndef WHS_BENCH_CPU_H
#define WHS_BENCH_CPU_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static inline int64_t cpu_ns(int pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task", pid);
    DIR *d = opendir(path);
    int64_t sum = 0;
    for (struct dirent *e; d && (e = readdir(d));) {
        char file[400];
        snprintf(file, sizeof file, "%s/%s/schedstat", path, e->d_name);
        FILE *f = e->d_name[0] == '.' ? NULL : fopen(file, "r");
        long long ns = 0;
        if (f && fscanf(f, "%lld", &ns) == 1)
            sum += ns;
        if (f)
            fclose(f);
    }
    if (d)
        closedir(d);
    return sum;
}

/* From /proc/PID/stat: its parent, and the ticks of its children that have ended. */
static inline int cpu_parent(int pid, long *ended)
{
    char path[64], text[1024] = "";
    int parent = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *f = fopen(path, "r");
    const char *p = f && fgets(text, sizeof text, f) ? strrchr(text, ')') : NULL;
    long user = 0, sys = 0;
    if (p && sscanf(p + 2, "%*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %ld %ld", &parent, &user, &sys) < 1)
        parent = 0;
    if (f)
        fclose(f);
    if (ended)
        *ended = user + sys;
    return parent;
}

/* A server of many processes, as PostgreSQL is: the process, its children, and those that have ended (these to 10 ms). */
static inline int64_t cpu_family_ns(int pid)
{
    long ended = 0;
    cpu_parent(pid, &ended);
    int64_t sum = cpu_ns(pid) + ended * (1000000000 / sysconf(_SC_CLK_TCK));
    DIR *d = opendir("/proc");
    for (struct dirent *e; d && (e = readdir(d));) {
        int child = atoi(e->d_name);
        if (child > 0 && cpu_parent(child, NULL) == pid)
            sum += cpu_ns(child);
    }
    if (d)
        closedir(d);
    return sum;
}

#endif
