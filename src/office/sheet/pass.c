/* One pass over a file: the head, the mapping, then row by row to row.c and edit.c. The same pass looks, off the writer, and takes, on it. */
#include <string.h>

#include "base/utf8.h"
#include "office/sheet/inside.h"
#include "office/workcal/workcal.h"
#include "store/crypto.h"

enum { PROGRESS_ROWS = 500, SAMPLE_ROWS = 10, SAMPLE_BYTES = 60 };

void pass_problem(struct pass *p, struct err *e, int column)
{
    int at = column >= 0 ? map_at(&p->map, column) : -1;
    if (e->line == 0)
        table_at(&p->row, at, e);
    if (p->problems)
        problems_add(p->problems, e);
    if (!p->failed && p->err)
        *p->err = *e;
    p->failed = true;
}

struct str pass_cell(const struct pass *p, int column)
{
    int at = map_at(&p->map, column);
    if (at < 0)
        return STR_NULL;
    struct str cell = at < p->row.n ? str_trim(p->row.cell[at].text) : STR("");
    return p->exact ? cell_code(p->t->arena, column, cell) : cell;
}

/* Lengths keep ("a", "bc") and ("ab", "c") apart. */
bool pass_chain(struct pass *p, uint8_t chain[DIGEST_BYTES], const struct str *piece, size_t n, struct err *err)
{
    enum { PIECES_MAX = 2 * (TABLE_COLUMNS_MAX + 8) + 1 };
    struct str all[PIECES_MAX];
    uint8_t length[PIECES_MAX][4];
    size_t k = 0;
    all[k++] = str_n((const char *)chain, DIGEST_BYTES);
    for (size_t i = 0; i < n && k + 2 <= PIECES_MAX; i++) {
        put_u32(length[i], (uint32_t)piece[i].n);
        all[k++] = str_n((const char *)length[i], 4);
        all[k++] = piece[i].p ? piece[i] : STR("");
    }
    uint8_t made[SM3_BYTES];
    if (!sm3(db_crypto(p->t->db), all, k, made, err))
        return false;
    memcpy(chain, made, DIGEST_BYTES);
    return true;
}

/* --- the head --------------------------------------------------------------------------------------------------------------------- */

/* The writer reads what the look has kept of an xlsx: it never waits for a child. */
static bool open_file(struct pass *p, struct str bytes, struct err *err)
{
    if (p->rows_kept) {
        table_open_kept(p->kept, bytes, &p->table);
        return true;
    }
    if (!table_open(p->kept, bytes, NULL, &p->table, err))
        return false;
    buf_clear(&p->result->copy);
    if (!p->put)
        table_keep(p->table, &p->result->copy);
    return true;
}

/* A file of ours begins with its head; any other is looked through for one. */
static bool own_head(struct pass *p, struct str bytes, bool *own, struct err *err)
{
    struct table_row row;
    bool end;
    *own = false;
    if (!open_file(p, bytes, err) || !table_next(p->table, &row, &end, err))
        return false;
    if (end)
        return err_fail(err, ERR_INPUT, M_SHEET_EMPTY, NULL);
    struct str *name = arena_array(p->kept, struct str, (size_t)row.n);
    struct table_column *column = arena_array(p->kept, struct table_column, (size_t)row.n);
    for (int i = 0; i < row.n; i++)
        name[i] = column[i].name = arena_str(p->kept, str_trim(row.cell[i].text));
    *own = map_exact(name, row.n);
    if (*own)
        p->head = (struct table_head){ .rows = 1, .line = row.line, .n = row.n, .column = column, .number_column = -1, .title = STR_NULL };
    return true;
}

static bool find_head(struct pass *p, struct str bytes, struct err *err)
{
    if (!own_head(p, bytes, &p->exact, err))
        return false;
    if (p->exact)
        return true;
    table_close(p->table);
    p->table = NULL;
    return open_file(p, bytes, err) && table_find_head(p->table, &p->head, err) &&
           (p->head.rows > 0 || err_fail(err, ERR_INPUT, M_SHEET_NO_HEAD, NULL));
}

static int column_of(struct str word)
{
    for (int c = 0; c <= C_SKIP; c++)
        if (str_eqc(word, column_name(c)))
            return c;
    return -1;
}

static bool map_read(struct pass *p, struct str text, struct err *err)
{
    p->map.n = 0;
    for (struct str rest = text; rest.p && p->map.n < p->head.n;) {
        struct str word = str_cut(rest, ' ', &rest);
        int c = column_of(word);
        if (c < 0)
            return err_fail(err, ERR_INPUT, M_SHEET_BAD_MAP, "map", A_STR(word));
        if (c < COLUMNS && map_has(&p->map, c))
            return err_fail(err, ERR_INPUT, M_ENTRY_COLUMN_TWICE, "map", A_C(column_label(LANG_ZH, c)));
        p->map.to[p->map.n++] = c;
    }
    return p->map.n == p->head.n || err_fail(err, ERR_INPUT, M_SHEET_MAP_SHORT, "map", A_INT(p->head.n), A_INT(p->map.n));
}

/* Our own columns twice, and none that could be the title: of which nothing good can come. */
static bool map_check(struct pass *p, struct err *err)
{
    for (int i = 0; p->exact && i < p->head.n; i++)
        for (int k = 0; k < i; k++)
            if (p->map.to[i] == C_EXTRA && str_eq(p->head.column[i].name, p->head.column[k].name)) {
                err_fail(err, ERR_INPUT, M_ENTRY_COLUMN_TWICE, NULL, A_STR(p->head.column[i].name));
                err_at(err, p->head.line, 0);
                return false;
            }
    if (map_has(&p->map, C_TITLE) || map_has(&p->map, C_REQUIREMENT) || (map_has(&p->map, C_NUMBER) && map_has(&p->map, C_VERSION)))
        return true;
    err_fail(err, ERR_INPUT, M_ENTRY_NO_COLUMN, NULL, A_C(column_label(LANG_ZH, C_TITLE)));
    err_at(err, p->head.line, 0);
    return false;
}

static void tell_head(struct pass *p)
{
    struct sheet_result *r = p->result;
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    r->title = p->head.title;
    r->n_columns = p->head.n;
    r->exact = p->exact;
    r->xlsx = table_format(p->table) == FORMAT_XLSX;
    r->columns = arena_array(p->kept, struct str, (size_t)p->head.n + 1);
    r->sample = arena_array(p->kept, struct str, (size_t)p->head.n + 1);
    for (int i = 0; i < p->head.n; i++) {
        r->columns[i] = p->head.column[i].name;
        buf_c(&b, i ? " " : "");
        buf_c(&b, column_name(p->map.to[i]));
    }
    r->map = b.n ? arena_str(p->kept, buf_view(&b)) : STR("");
}

/* What this office said of such a head the last time, where nothing is said now. */
static bool recall(struct pass *p, struct err *err)
{
    struct sheet_plan known;
    bool found = false;
    if (p->exact || p->plan.map.p)
        return true;
    struct str digest = head_digest(p->kept, p->t->db, &p->head, err);
    if (!digest.p || !head_known(p->t->db, p->kept, p->actor->office_id, digest, &known, &found, err))
        return false;
    p->result->known = found;
    if (!found)
        return true;
    p->plan.map = known.map;
    p->plan.kind = p->plan.kind.p ? p->plan.kind : known.kind;
    p->plan.source = p->plan.source.p ? p->plan.source : known.source;
    return true;
}

static bool begin(struct pass *p, struct str bytes, struct err *err)
{
    if (!find_head(p, bytes, err) || !recall(p, err))
        return false;
    map_propose(&p->head, &p->map);
    if (p->plan.map.p && !map_read(p, p->plan.map, err))
        return false;
    int title = cell_title_year(p->head.title.p ? p->head.title : STR(""));
    p->years = (struct years){ p->plan.year ? p->plan.year : title, p->t->today };
    tell_head(p);
    return workcal_get(p->t->db, p->kept, p->actor->office_id, &p->work, err) && map_check(p, err);
}

/* --- rows -------------------------------------------------------------------------------------------------------------------------- */

static bool next(struct pass *p, bool *end, struct err *err)
{
    return p->exact ? table_next(p->table, &p->row, end, err) : table_data(p->table, &p->row, end, err);
}

/* The first that stands in each column, for those who say what it means. */
static void sample(struct pass *p)
{
    for (int i = 0; p->result->rows <= SAMPLE_ROWS && i < p->head.n && i < p->row.n; i++)
        if (p->result->sample[i].n == 0)
            p->result->sample[i] = arena_str(p->kept, utf8_cut(p->row.cell[i].text, SAMPLE_BYTES));
}

static void one_row(struct pass *p)
{
    struct err e;
    struct str number = pass_cell(p, C_NUMBER);
    int64_t version = 0;
    if (p->row.n > p->map.n) {
        err_fail(&e, ERR_INPUT, M_ENTRY_ROW_TOO_LONG, NULL, A_INT(p->map.n), A_INT(p->row.n));
        table_at(&p->row, p->map.n, &e);
        pass_problem(p, &e, -1);
        return;
    }
    bool known = false;
    if (number.n && (!import_known(p->t, p->actor, &p->numbers, number, &known, &e) ||
                     (known && !entry_version(p->t->db, p->t->arena, p->actor, number, &version, &e)))) {
        pass_problem(p, &e, C_NUMBER);
        return;
    }
    if (version)
        row_returned(p, number);
    else
        row_new(p);
}

static void tell_passed(struct pass *p)
{
    int n;
    int64_t total;
    if (p->exact || !p->result)
        return;
    const struct table_passed *passed = table_passed(p->table, &n, &total);
    p->result->passed = arena_array(p->kept, struct sheet_passed, (size_t)n + 1);
    p->result->n_passed = (size_t)n;
    for (int i = 0; i < n; i++)
        p->result->passed[i] = (struct sheet_passed){ passed[i].line, table_why_name(passed[i].why), passed[i].text };
}

static void rows(struct pass *p)
{
    struct arena scratch _cleanup_(arena_release) = ARENA_INIT(0);
    struct txn *outer = p->t, t = *p->t;         /* the same, but what a row leaves behind goes with the row */
    struct err e;
    bool end = false;
    t.arena = &scratch;
    p->t = &t;
    for (int64_t n = 0;; n++) {
        arena_clear(&scratch);
        if (!next(p, &end, &e)) {
            p->row.n = 0;
            pass_problem(p, &e, -1);
            break;
        }
        if (end || (p->put && p->failed))
            break;
        p->result->rows++;
        sample(p);
        one_row(p);
        if (p->progress && n % PROGRESS_ROWS == 0 && !p->progress(p->progress_ctx, n, 0)) {
            err_fail(&e, ERR_BUSY, M_STORE_STOPPED, NULL);
            pass_problem(p, &e, -1);
            break;
        }
    }
    outer->deputy_of = t.deputy_of;
    p->t = outer;
}

bool pass_run(struct pass *p, struct str bytes)
{
    struct err e;
    *p->result = (struct sheet_result){ .taken_at = INSTANT_NONE, .seen = STR(""), .title = STR_NULL, .map = STR("") };
    if (!begin(p, bytes, &e))
        pass_problem(p, &e, -1);
    else
        rows(p);
    if (p->table)
        tell_passed(p);
    table_close(p->table);
    p->table = NULL;
    return !p->failed;
}
