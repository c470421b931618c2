/* What tables cost: rows out and in, as csv and xlsx.
 *
 *   b-tables write csv|xlsx FILE [ROWS [COLUMNS]]
 *   b-tables shared FILE [ROWS [COLUMNS]]      an xlsx as spreadsheet programs save it, all texts shared (by libxlsxwriter, in memory)
 *   b-tables read FILE
 *
 * One line: what, rows, cells, milliseconds, memory of this process and of its caged child at their most (VmHWM, KB).
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/clock.h"
#include "calendar/date.h"
#include "format/table.h"

static int rows = 100000, columns = 20;

static struct str text_of(int row, int column, char *room, size_t n)
{
    if (column % 5 == 0)
        snprintf(room, n, "文2022-%06d", row * columns + column);
    else if (column % 5 == 1)
        snprintf(room, n, "关于报送第%d号工作进展情况的通知", row * columns + column);
    else
        snprintf(room, n, "%s", column % 5 == 2 ? "市商务局" : "正常推进");
    return str_c(room);
}

static void tell(const char *what, const char *file, int64_t n, int64_t from)
{
    struct rusage own, child;
    struct stat st;
    getrusage(RUSAGE_SELF, &own);
    getrusage(RUSAGE_CHILDREN, &child);
    stat(file, &st);
    printf("%s %lld rows %lld cells %lld ms file %lld KB memory %ld KB child %ld KB\n", what, (long long)n, (long long)n * columns,
           (long long)((clock_real.mono_us(&clock_real) - from) / 1000), (long long)st.st_size / 1024, own.ru_maxrss, child.ru_maxrss);
}

static int fail(const struct err *e)
{
    struct buf b = BUF_INIT;
    tr_err(&b, LANG_EN, e);
    fprintf(stderr, "b-tables: %s\n", b.p);
    return 1;
}

static int write_table(enum table_format format, const char *file)
{
    struct table_field *fields = xcalloc((size_t)columns, sizeof *fields);
    struct table_writer *w;
    struct err e;
    char room[200];
    int fd = open(file, O_CREAT | O_TRUNC | O_WRONLY, 0644);
    for (int i = 0; i < columns; i++)
        fields[i] = (struct table_field){ .name = STR("列"), .type = i % 5 == 3 ? CELL_DAY : CELL_TEXT };
    struct table_plan plan = { .field = fields, .n = columns, .title = STR("工作台账") };
    int64_t from = clock_real.mono_us(&clock_real);
    if (!table_begin(format, &plan, table_to_fd, &fd, &w, &e))
        return fail(&e);
    for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++)
            if (c % 5 == 3)
                table_put_day(w, 19000 + r % 700);
            else
                table_put(w, text_of(r, c, room, sizeof room));
        table_put_row(w);
    }
    if (!table_end(w, &e))
        return fail(&e);
    close(fd);
    tell(format == FORMAT_CSV ? "write csv" : "write xlsx", file, rows, from);
    return 0;
}

static int write_shared(const char *file)
{
    char room[200];
    lxw_workbook *book = workbook_new(file);
    lxw_worksheet *sheet = workbook_add_worksheet(book, NULL);
    lxw_format *day = workbook_add_format(book);
    format_set_num_format(day, "yyyy-mm-dd");
    int64_t from = clock_real.mono_us(&clock_real);
    for (int r = 0; r <= rows; r++)
        for (int c = 0; c < columns; c++)
            if (r > 0 && c % 5 == 3)
                worksheet_write_number(sheet, (lxw_row_t)r, (lxw_col_t)c, 44000 + r % 700, day);
            else
                worksheet_write_string(sheet, (lxw_row_t)r, (lxw_col_t)c, text_of(r, c, room, sizeof room).p, NULL);
    if (workbook_close(book) != LXW_NO_ERROR)
        return 1;
    tell("write shared", file, rows, from);
    return 0;
}

static int read_table(const char *file)
{
    struct arena a = ARENA_INIT(0);
    struct stat st;
    struct table_reader *t;
    struct table_head head;
    struct table_row row;
    struct err e;
    bool end = false;
    int64_t from = clock_real.mono_us(&clock_real), n = 0, bytes = 0;
    int fd = open(file, O_RDONLY);
    if (fd < 0 || fstat(fd, &st) < 0)
        return 1;
    char *p = xmalloc((size_t)st.st_size);
    for (off_t at = 0; at < st.st_size;) {
        ssize_t got = read(fd, p + at, (size_t)(st.st_size - at));
        if (got <= 0)
            return 1;
        at += got;
    }
    if (!table_open(&a, str_n(p, (size_t)st.st_size), NULL, &t, &e) || !table_find_head(t, &head, &e))
        return fail(&e);
    while (true) {
        if (!table_data(t, &row, &end, &e))
            return fail(&e);
        if (end)
            break;
        for (int i = 0; i < row.n; i++)
            bytes += (int64_t)row.cell[i].text.n;
        n++;
    }
    columns = head.n;
    table_close(t);
    tell(bytes > 0 ? "read" : "read nothing", file, n, from);
    free(p);
    arena_release(&a);
    return 0;
}

int main(int argc, char **argv)
{
    bool writes = argc > 3 && strcmp(argv[1], "write") == 0, shared = argc > 2 && strcmp(argv[1], "shared") == 0;
    int more = writes ? 4 : 3;
    rows = argc > more ? atoi(argv[more]) : rows;
    columns = argc > more + 1 ? atoi(argv[more + 1]) : columns;
    if (writes)
        return write_table(strcmp(argv[2], "csv") == 0 ? FORMAT_CSV : FORMAT_XLSX, argv[3]);
    if (shared)
        return write_shared(argv[2]);
    if (argc == 3 && strcmp(argv[1], "read") == 0)
        return read_table(argv[2]);
    fputs("b-tables write csv|xlsx FILE [ROWS [COLUMNS]] | shared FILE [ROWS [COLUMNS]] | read FILE\n", stderr);
    return 2;
}
