/* Writing xlsx with libxlsxwriter, a row at a time. The library does not look whether its temporary files could be written, so we do: before the file is closed, and
 * once more in the finished one. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>
#include <zip.h>

#include "base/utf8.h"
#include "calendar/date.h"
#include "format/table_inner.h"
#include "messages.h"

enum { ROWS_MAX = 1048576, TEXT_MAX = 32767, NAME_MAX_CHARS = 31, COPY = 64 * 1024, EXCEL_EPOCH = 25569, PAPER_A4 = 9 };

struct xlsx_writer {
    struct table_writer base;
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *text, *wrap, *day, *instant, *head, *title;
    char path[300], *folder;
    lxw_row_t row, head_row;
    bool *wraps;
    struct buf z;                                /* the cell's text, escaped */
};

static void fail(struct xlsx_writer *x, enum err_kind kind, int msg, struct arg a)
{
    if (x->base.failed)
        return;
    err_fail(&x->base.err, kind, msg, NULL, a);
    err_at(&x->base.err, (int)x->row + 1, x->base.at + 1);
    x->base.failed = true;
}

static void fail_temp(struct xlsx_writer *x)
{
    fail(x, ERR_IO, M_TABLE_TEMP, A_C(x->folder));
    err_at(&x->base.err, 0, 0);
}

/* --- cells ------------------------------------------------------------------------------------------------------------------------- */

static bool is_escape(const char *p, size_t n)
{
    return n >= 7 && p[0] == '_' && p[1] == 'x' && strspn(p + 2, "0123456789abcdefABCDEF") >= 4 && p[6] == '_';
}

/* Excel reads _x0041_ as A, so what really stands there is written with its _ escaped. */
static const char *escaped(struct xlsx_writer *x, struct str s)
{
    buf_clear(&x->z);
    if (s.n == 0 || !memmem(s.p, s.n, "_x", 2)) {
        buf_str(&x->z, s);
        return x->z.n ? x->z.p : "";
    }
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '_' && is_escape(s.p + i, s.n - i))
            buf_c(&x->z, "_x005F");
        buf_ch(&x->z, s.p[i]);
    }
    return x->z.n ? x->z.p : "";
}

static void cell(struct table_writer *w, enum table_type type, struct str text, double v)
{
    struct xlsx_writer *x = (struct xlsx_writer *)w;
    lxw_col_t c = (lxw_col_t)w->at;
    if (type == CELL_TEXT && text.n == 0)
        return;
    if (w->at >= w->n || x->row >= ROWS_MAX) {
        fail(x, ERR_LIMIT, M_TABLE_SHEET_FULL, A_INT(ROWS_MAX));
        return;
    }
    if (type == CELL_TEXT && text.n > TEXT_MAX && utf8_count(text) > TEXT_MAX) {
        fail(x, ERR_LIMIT, M_TABLE_XLSX_CELL_LONG, A_INT(TEXT_MAX));
        return;
    }
    if (type == CELL_TEXT)
        worksheet_write_string(x->sheet, x->row, c, escaped(x, text), x->row == x->head_row ? x->head : x->wraps[w->at] ? x->wrap : x->text);
    else if (type == CELL_DAY)
        worksheet_write_number(x->sheet, x->row, c, v + EXCEL_EPOCH, x->day);
    else if (type == CELL_INSTANT)
        worksheet_write_number(x->sheet, x->row, c, v + EXCEL_EPOCH, x->instant);
    else if (fabs(v) < 1e15)
        worksheet_write_number(x->sheet, x->row, c, v, x->text);
    else                                         /* a double would round it */
        worksheet_write_string(x->sheet, x->row, c, escaped(x, text), x->text);
}

static void row_end(struct table_writer *w) { ((struct xlsx_writer *)w)->row++; }

/* --- the sheet --------------------------------------------------------------------------------------------------------------------- */

static void sheet_name(struct str s, char *ret, size_t n)
{
    size_t to = 0, chars = 0, i = 0;
    s = str_trim(s);
    while (i < s.n && chars < NAME_MAX_CHARS) {
        size_t from = i;
        int32_t c = utf8_next(s, &i);
        chars += c > 0xffff ? 2 : 1;
        if (chars > NAME_MAX_CHARS || to + (i - from) >= n)
            break;
        if (c < 128 && (strchr("[]:*?/\\'", (int)c) || c < 32)) {
            ret[to++] = '_';
        } else {
            memcpy(ret + to, s.p + from, i - from);
            to += i - from;
        }
    }
    ret[to] = 0;
}

static int width_of(const struct table_field *f)
{
    static const int BY_TYPE[] = { [CELL_TEXT] = 18, [CELL_INT] = 8, [CELL_NUMBER] = 10, [CELL_DAY] = 12, [CELL_INSTANT] = 17 };
    int name = utf8_width(f->name) + 4, own = f->width ? f->width : f->type <= CELL_INSTANT ? BY_TYPE[f->type] : 18;
    return f->width || own > name ? own : name;
}

static lxw_format *format(struct xlsx_writer *x, const char *number)
{
    lxw_format *f = workbook_add_format(x->book);
    format_set_align(f, LXW_ALIGN_VERTICAL_CENTER);
    if (number)
        format_set_num_format(f, number);
    return f;
}

static void formats(struct xlsx_writer *x)
{
    x->text = format(x, NULL);
    x->wrap = format(x, NULL);
    format_set_text_wrap(x->wrap);
    x->day = format(x, "yyyy-mm-dd");
    x->instant = format(x, "yyyy-mm-dd hh:mm");
    x->head = format(x, NULL);
    format_set_bold(x->head);
    format_set_text_wrap(x->head);
    format_set_align(x->head, LXW_ALIGN_CENTER);
    format_set_bg_color(x->head, 0xF0F0F0);
    format_set_border(x->head, LXW_BORDER_THIN);
    x->title = format(x, NULL);
    format_set_bold(x->title);
    format_set_font_size(x->title, 16);
    format_set_align(x->title, LXW_ALIGN_CENTER);
}

static void page(struct xlsx_writer *x, const struct table_plan *plan)
{
    struct buf foot _cleanup_(buf_release) = BUF_INIT;
    if (plan->portrait)
        worksheet_set_portrait(x->sheet);
    else
        worksheet_set_landscape(x->sheet);
    tr(&foot, plan->lang, M_TABLE_FOOT, (struct arg[]){ A_C("&P"), A_C("&N") }, 2);
    char line[200];
    snprintf(line, sizeof line, "&C%s", buf_view(&foot).p);
    worksheet_set_footer(x->sheet, line);
    worksheet_set_paper(x->sheet, PAPER_A4);
    worksheet_fit_to_pages(x->sheet, 1, 0);
    worksheet_repeat_rows(x->sheet, x->head_row, x->head_row);
    worksheet_gridlines(x->sheet, LXW_SHOW_ALL_GRIDLINES);
    worksheet_set_margins(x->sheet, 0.5, 0.5, 0.6, 0.7);
    worksheet_freeze_panes(x->sheet, x->head_row + 1, 0);
    for (int i = 0; i < plan->n; i++)
        worksheet_set_column(x->sheet, (lxw_col_t)i, (lxw_col_t)i, width_of(&plan->field[i]), NULL);
}

/* --- its end ----------------------------------------------------------------------------------------------------------------------- */

/* The finished file from its beginning to the last tag of the sheet: a full disk cuts it silently. */
static bool complete(const char *path)
{
    static const char LAST[] = "worksheet>";
    int code;
    char *p = xmalloc(COPY), tail[sizeof LAST] = "";
    zip_int64_t n;
    zip_t *z = zip_open(path, ZIP_RDONLY, &code);
    zip_file_t *f = z ? zip_fopen(z, "xl/worksheets/sheet1.xml", 0) : NULL;
    const size_t want = sizeof LAST - 1;
    while (f && (n = zip_fread(f, p, COPY)) > 0) {
        size_t keep = (size_t)n < want ? (size_t)n : want;
        memmove(tail, tail + keep, want - keep);
        memcpy(tail + want - keep, p + n - (zip_int64_t)keep, keep);
    }
    bool ok = f && n == 0 && memcmp(tail, LAST, want) == 0;
    if (f)
        zip_fclose(f);
    if (z)
        zip_discard(z);
    free(p);
    return ok;
}

static bool copy_out(struct xlsx_writer *x)
{
    char *p = xmalloc(COPY);
    int fd = open(x->path, O_RDONLY | O_CLOEXEC);
    ssize_t n = -1;
    while (fd >= 0 && ((n = read(fd, p, COPY)) > 0 || (n < 0 && errno == EINTR)))
        if (n > 0)
            table_send(&x->base, p, (size_t)n);
    if (fd >= 0)
        close(fd);
    free(p);
    return n == 0;
}

static void end(struct table_writer *w)
{
    struct xlsx_writer *x = (struct xlsx_writer *)w;
    lxw_row_t last = x->row > x->head_row + 1 ? x->row - 1 : x->head_row;
    worksheet_autofilter(x->sheet, x->head_row, 0, last, (lxw_col_t)(w->n - 1));
    bool whole = fflush(x->sheet->optimize_tmpfile) == 0 && !ferror(x->sheet->optimize_tmpfile);
    lxw_error code = workbook_close(x->book);    /* frees the book in any case */
    x->book = NULL;
    if (!whole || code != LXW_NO_ERROR || !complete(x->path) || !copy_out(x))
        fail_temp(x);
}

static void release(struct table_writer *w)
{
    struct xlsx_writer *x = (struct xlsx_writer *)w;
    if (x->book)
        lxw_workbook_free(x->book);
    if (x->path[0])
        unlink(x->path);
    buf_release(&x->z);
    free(x->wraps);
    free(x->folder);
}

static bool start(struct xlsx_writer *x, const struct table_plan *plan)
{
    const char *folder = getenv("TMPDIR");
    char name[NAME_MAX_CHARS * 4 + 1];
    x->folder = xstrndup(folder && *folder ? folder : "/tmp", strlen(folder && *folder ? folder : "/tmp"));
    int n = snprintf(x->path, sizeof x->path, "%s/whs-XXXXXX", x->folder), fd = n < (int)sizeof x->path ? mkostemp(x->path, O_CLOEXEC) : -1;
    if (fd < 0) {
        x->path[0] = 0;
        return false;
    }
    close(fd);
    lxw_workbook_options options = { .constant_memory = 1, .tmpdir = x->folder };
    x->book = workbook_new_opt(x->path, &options);
    sheet_name(plan->sheet, name, sizeof name);
    x->sheet = x->book ? workbook_add_worksheet(x->book, name[0] ? name : NULL) : NULL;
    return x->sheet && x->sheet->optimize_tmpfile;
}

struct table_writer *table_xlsx_begin(const struct table_plan *plan)
{
    struct xlsx_writer *x = xcalloc(1, sizeof *x);
    x->base.cell = cell;
    x->base.row = row_end;
    x->base.close = end;
    x->base.free = release;
    x->base.n = plan->n;
    x->wraps = xcalloc((size_t)plan->n + 1, sizeof *x->wraps);
    for (int i = 0; i < plan->n; i++)
        x->wraps[i] = plan->field[i].wrap;
    if (!start(x, plan)) {
        fail_temp(x);
        return &x->base;
    }
    formats(x);
    x->head_row = plan->title.n ? 1 : 0;
    page(x, plan);
    if (plan->title.n) {
        worksheet_set_row(x->sheet, 0, 30, NULL);
        if (plan->n > 1)
            worksheet_merge_range(x->sheet, 0, 0, 0, (lxw_col_t)(plan->n - 1), escaped(x, plan->title), x->title);
        else
            worksheet_write_string(x->sheet, 0, 0, escaped(x, plan->title), x->title);
    }
    x->row = x->head_row;
    return &x->base;
}
