#include "format/xlsx.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "format/xlsx_inner.h"
#include "messages.h"

struct xlsx {
    struct arena *arena;
    struct cage *cage;                           /* NULL: frames come from `kept` */
    struct str kept;
    struct buf *keep;                            /* frames go there too; may be NULL */
    struct str *sheet;
    int n_sheets, at_sheet, row;
    bool hidden[TABLE_COLUMNS_MAX];
};

static const struct { enum err_kind kind; int msg; } FAULTS[XLSX_FAULTS] = {
    [XLSX_NOT_ZIP] = { ERR_INPUT, M_XLSX_NOT_ZIP },
    [XLSX_NO_BOOK] = { ERR_INPUT, M_XLSX_NO_BOOK },
    [XLSX_NO_SHEET] = { ERR_INPUT, M_XLSX_NO_SHEET },
    [XLSX_NO_SUCH_SHEET] = { ERR_INPUT, M_XLSX_NO_SUCH_SHEET },
    [XLSX_DAMAGED] = { ERR_INPUT, M_XLSX_DAMAGED },
    [XLSX_BAD_XML] = { ERR_INPUT, M_XLSX_BAD_XML },
    [XLSX_DTD] = { ERR_INPUT, M_XLSX_DTD },
    [XLSX_TOO_MANY_FILES] = { ERR_LIMIT, M_XLSX_TOO_MANY_FILES },
    [XLSX_UNPACKS_TOO_LARGE] = { ERR_LIMIT, M_XLSX_UNPACKS_TOO_LARGE },
    [XLSX_RATIO] = { ERR_LIMIT, M_XLSX_RATIO },
    [XLSX_ENCRYPTED] = { ERR_INPUT, M_XLSX_ENCRYPTED },
    [XLSX_TEXTS_TOO_LARGE] = { ERR_LIMIT, M_XLSX_TEXTS_TOO_LARGE },
    [XLSX_CELL_LONG] = { ERR_LIMIT, M_TABLE_CELL_LONG },
    [XLSX_TOO_WIDE] = { ERR_LIMIT, M_XLSX_TOO_WIDE },
    [XLSX_BAD_CELL] = { ERR_INPUT, M_XLSX_BAD_CELL },
    [XLSX_ROW_ORDER] = { ERR_INPUT, M_XLSX_ROW_ORDER },
    [XLSX_TOO_MANY_MERGED] = { ERR_LIMIT, M_XLSX_TOO_MANY_MERGED },
    [XLSX_ROW_LONG] = { ERR_LIMIT, M_XLSX_ROW_LONG },
};

/* --- what the child says, read with care ------------------------------------------------------------------------------------------- */

static bool nonsense(struct err *err) { return err_fail(err, ERR_INPUT, M_CAGE_DIED, NULL); }

static bool take(struct str *s, void *to, size_t n)
{
    if (s->n < n)
        return false;
    memcpy(to, s->p, n);
    *s = str_n(s->p + n, s->n - n);
    return true;
}

static bool refused(struct str s, struct err *err)
{
    unsigned char fault;
    uint32_t place[2];
    if (!take(&s, &fault, 1) || !take(&s, place, sizeof place) || fault >= XLSX_FAULTS || place[0] > XLSX_ROWS_MAX || place[1] > XLSX_COLUMNS_ALL)
        return nonsense(err);
    s = utf8_cut(s, ERR_ARG_BYTES - 1);
    if (!utf8_valid(s, NULL) || utf8_has_control(s))
        s = STR("");
    int64_t number = fault == XLSX_CELL_LONG ? TABLE_CELL_MAX / 1024 : fault == XLSX_TOO_WIDE ? TABLE_COLUMNS_MAX : fault == XLSX_TOO_MANY_MERGED ? XLSX_MERGED_MAX
                   : fault == XLSX_TOO_MANY_FILES ? XLSX_FILES_MAX : fault == XLSX_UNPACKS_TOO_LARGE ? XLSX_UNPACKED_MAX / 1024 / 1024
                   : fault == XLSX_ROW_LONG ? CAGE_FRAME_MAX / 1024 / 1024 : fault == XLSX_TEXTS_TOO_LARGE ? XLSX_TEXTS_MAX / 1024 / 1024 : -1;
    err_fail(err, FAULTS[fault].kind, FAULTS[fault].msg, fault == XLSX_NO_SUCH_SHEET ? "sheet" : NULL, number >= 0 ? A_INT(number) : A_STR(s));
    err_at(err, (int)place[0], (int)place[1]);
    return false;
}

static bool sheets(struct xlsx *x, struct str s, struct err *err)
{
    int n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == 0;
    if (x->sheet || n > XLSX_SHEETS_MAX || (s.n && s.p[s.n - 1] != 0))
        return nonsense(err);
    x->sheet = arena_array(x->arena, struct str, (size_t)n + 1);
    for (int i = 0; i < n; i++) {
        struct str name = str_c(s.p);
        s = str_sub(s, name.n + 1, s.n);
        if (!utf8_valid(name, NULL))
            return nonsense(err);
        x->sheet[i] = arena_str(x->arena, name);
    }
    x->n_sheets = n;
    return true;
}

static bool row(struct xlsx *x, struct str s, struct table_cell *cells, struct table_row *ret, struct err *err)
{
    uint32_t line, bytes;
    unsigned char hidden, kind[2];
    uint16_t n;
    if (x->at_sheet < 0 || !take(&s, &line, sizeof line) || !take(&s, &hidden, 1) || !take(&s, &n, sizeof n) || line > XLSX_ROWS_MAX || (int)line <= x->row ||
        n == 0 || n > TABLE_COLUMNS_MAX)
        return nonsense(err);
    for (int i = 0; i < n; i++) {
        if (!take(&s, kind, sizeof kind) || !take(&s, &bytes, sizeof bytes) || bytes > s.n || bytes > TABLE_CELL_MAX || kind[0] > CELL_UNCOMPUTED || kind[1] > 7)
            return nonsense(err);
        struct str text = str_n(s.p, bytes);
        s = str_n(s.p + bytes, s.n - bytes);
        if (!utf8_valid(text, NULL))
            return nonsense(err);
        text = str_trim(text);
        cells[i] = (struct table_cell){ .text = text.n ? text : STR(""), .type = kind[0], .merged = kind[1], .at = i + 1 };
    }
    x->row = (int)line;
    int used = n;
    while (used > 0 && cells[used - 1].text.n == 0 && cells[used - 1].type != CELL_UNCOMPUTED)
        used--;
    *ret = (struct table_row){ .line = (int)line, .hidden = hidden != 0, .n = used, .cell = cells };
    return s.n == 0 || nonsense(err);
}

/* --- outside ------------------------------------------------------------------------------------------------------------------------ */

bool xlsx_open(struct arena *a, struct str bytes, const struct table_ask *ask, struct xlsx **ret, struct err *err)
{
    struct cage *c;
    bool glance = ask && ask->glance;
    if (!cage_start(glance ? xlsx_cage_glance.name : xlsx_cage_job.name, ask && ask->sheet.p ? ask->sheet : STR(""), bytes, &c, err))
        return false;
    struct xlsx *x = xcalloc(1, sizeof *x);
    x->arena = a;
    x->cage = c;
    x->at_sheet = -1;
    *ret = x;
    return true;
}

void xlsx_keep(struct xlsx *x, struct buf *b) { x->keep = b; }

void xlsx_open_kept(struct arena *a, struct str kept, struct xlsx **ret)
{
    struct xlsx *x = xcalloc(1, sizeof *x);
    x->arena = a;
    x->kept = kept;
    x->at_sheet = -1;
    *ret = x;
}

void xlsx_close(struct xlsx *x)
{
    if (!x)
        return;
    cage_stop(x->cage);
    free(x);
}

static bool kept_frame(struct xlsx *x, int *kind, struct str *payload, bool *end, struct err *err)
{
    unsigned char k;
    uint32_t n;
    *end = x->kept.n == 0;
    if (*end)
        return true;
    if (!take(&x->kept, &k, 1) || !take(&x->kept, &n, sizeof n) || n > x->kept.n)
        return nonsense(err);
    *kind = k;
    *payload = str_n(x->kept.p, n);
    x->kept = str_n(x->kept.p + n, x->kept.n - n);
    return true;
}

static bool next_frame(struct xlsx *x, int *kind, struct str *payload, bool *end, struct err *err)
{
    if (!x->cage)
        return kept_frame(x, kind, payload, end, err);
    if (!cage_next(x->cage, kind, payload, end, err))
        return false;
    if (*end || !x->keep)
        return true;
    uint32_t n = (uint32_t)payload->n;
    if (x->keep->n + n > XLSX_KEPT_MAX)
        return err_fail(err, ERR_LIMIT, M_XLSX_UNPACKS_TOO_LARGE, NULL, A_INT(XLSX_KEPT_MAX / 1024 / 1024));
    buf_ch(x->keep, (char)*kind);
    buf_add(x->keep, &n, sizeof n);
    buf_str(x->keep, *payload);
    return true;
}

bool xlsx_row(struct xlsx *x, struct table_cell *cells, struct table_row *ret, bool *end, struct err *err)
{
    for (;;) {
        int kind;
        struct str s;
        uint16_t i;
        if (!next_frame(x, &kind, &s, end, err))
            return false;
        if (*end)
            return true;
        switch (kind) {
        case XLSX_REFUSED:
            return refused(s, err);
        case XLSX_SHEETS:
            if (!sheets(x, s, err))
                return false;
            break;
        case XLSX_SHEET:
            if (x->at_sheet >= 0 || !take(&s, &i, sizeof i) || i >= x->n_sheets)
                return nonsense(err);
            x->at_sheet = i;
            break;
        case XLSX_COLUMNS:
            for (size_t k = 0; k < s.n && k < TABLE_COLUMNS_MAX; k++)
                x->hidden[k] = s.p[k] != 0;
            break;
        case XLSX_ROW:
            if (!row(x, s, cells, ret, err))
                return false;
            if (ret->n > 0)
                return true;
            break;
        default:
            return nonsense(err);
        }
    }
}

struct str xlsx_sheet(const struct xlsx *x) { return x->at_sheet >= 0 ? x->sheet[x->at_sheet] : STR_NULL; }

const struct str *xlsx_sheets(const struct xlsx *x, int *n)
{
    *n = x->n_sheets;
    return x->sheet;
}

bool xlsx_column_hidden(const struct xlsx *x, int column) { return column >= 0 && column < TABLE_COLUMNS_MAX && x->hidden[column]; }
