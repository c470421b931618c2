/* A row that came back: its number is known, so it tells of an entry of the ledger. What differs is an edit, unless somebody else made the difference.
 *
 * The version column tells how the entry stood when the sheet was made. Of a field that was changed since, the history has the value it had then: a cell that
 * still shows it was left alone, one that shows neither it nor the present value is a conflict. */
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "calendar/date.h"
#include "format/jsonin.h"
#include "office/sheet/inside.h"

struct returned {
    struct pass *p;
    struct entry e;
    struct cells cells;                          /* as the ledger has it */
    int64_t version;                             /* of the export; 0: not said, as if it were of now */
    struct act *acts;                            /* of the history, when somebody was at it since */
    size_t n_acts;
    struct entry_input amend, assign;
    bool amends, assigns, bad;
    struct extra extra[TABLE_COLUMNS_MAX];
    size_t n_extra;
};

static struct str now_of(const struct returned *r, int c) { return r->cells.text[c].n ? buf_view(&r->cells.text[c]) : STR(""); }

static void problem(struct returned *r, struct err *e, int column)
{
    r->bad = true;
    pass_problem(r->p, e, column);
}

/* "3.1f2e3d4c" */
static bool version_read(struct str s, int64_t *version, uint32_t *digest)
{
    struct str hex, n = str_cut(s, '.', &hex);
    uint8_t raw[4];
    size_t made;
    if (!num_range(n, 1, INT32_MAX, version) || hex.n != 8 || !hex_decode(hex, raw, sizeof raw, &made) || made != 4)
        return false;
    *digest = (uint32_t)raw[0] << 24 | (uint32_t)raw[1] << 16 | (uint32_t)raw[2] << 8 | raw[3];
    return true;
}

/* As cells_digest() counted it when the sheet was made: nobody typed anything into this row. */
static bool untouched(const struct pass *p, uint32_t digest)
{
    struct str text[COLUMNS];
    struct extra *extra = arena_array(p->t->arena, struct extra, (size_t)p->map.n + 1);
    size_t n = 0;
    for (int c = 0; c < COLUMNS; c++) {
        text[c] = pass_cell(p, c);
        if (!text[c].p)
            return false;                        /* a column is gone: the others are compared one by one */
    }
    for (int i = 0; i < p->map.n && i < p->row.n; i++)
        if (p->map.to[i] == C_EXTRA)
            extra[n++] = (struct extra){ 0, p->head.column[i].name, str_trim(p->row.cell[i].text) };
    return cells_digest(text, extra, n) == digest;
}

/* --- who else ------------------------------------------------------------------------------------------------------------------------ */

static const char *shown_name(int c) { return c == C_URGENT ? "urgency" : column_name(c); }

/* History and files part several names in two ways, and say "not urgent" in two. */
static bool same_words(struct arena *a, int c, struct str history, struct str cell)
{
    if (c == C_URGENT)
        history = history.n == 0 ? STR("false") : str_eqc(history, "加急") ? STR("true") : history;
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    for (struct str rest = history; rest.n;) {
        ptrdiff_t at = c == C_ASSIST_UNITS || c == C_LISTS ? str_find(rest, STR("、")) : -1;
        buf_str(&b, at < 0 ? rest : str_sub(rest, 0, (size_t)at));
        buf_c(&b, at < 0 ? "" : ";");
        rest = at < 0 ? STR("") : str_sub(rest, (size_t)at + 3, rest.n);
    }
    struct str s = b.n ? arena_str(a, buf_view(&b)) : STR("");
    return str_eq(s, cell) || (c == C_RECEIVED && s.n >= 10 && str_eq(str_sub(s, 0, 10), cell));
}

/* The first act after the export that changed this field: what it was before, and who did it. */
static bool changed_since(struct returned *r, int c, struct str *was, const struct act **by)
{
    for (size_t i = 0; i < r->n_acts; i++) {
        struct jvalue v;
        if (r->acts[i].n <= r->version || r->acts[i].change.n == 0 || !json_read(r->p->t->arena, r->acts[i].change, &v, NULL))
            continue;
        const struct jvalue *pair = jget(&v, shown_name(c));
        if (!pair || pair->kind != J_LIST || pair->n != 2)
            continue;
        *was = pair->items[0].text;
        *by = &r->acts[i];
        return true;
    }
    return false;
}

/* True: an edit. False: left alone by whoever had the sheet, or a conflict, which is told. */
static bool is_edit(struct returned *r, int c, struct str cell)
{
    struct str was;
    const struct act *by;
    struct err e;
    if (r->version == 0 || r->version == r->e.version || !changed_since(r, c, &was, &by))
        return true;
    if (same_words(r->p->t->arena, c, was, cell))
        return false;
    err_fail(&e, ERR_CONFLICT, M_SHEET_CONFLICT, column_name(c), A_STR(r->e.number), A_STR(by->actor_name), A_DAY(by->day), A_STR(now_of(r, c)));
    problem(r, &e, c);
    return false;
}

/* --- what differs ---------------------------------------------------------------------------------------------------------------------- */

static void tell_edit(struct pass *p, const struct returned *r, struct str field, struct str old, struct str new)
{
    struct sheet_result *to = p->result;
    const struct str piece[] = { r->e.number, arena_printf(p->t->arena, "%lld", (long long)r->e.version), field, old, new };
    struct err e;
    to->edits++;
    if (!pass_chain(p, p->edits, piece, ARRAY_LEN(piece), &e))
        pass_problem(p, &e, -1);
    if (to->n_edit == SHEET_NOTES_MAX)
        return;
    if (!to->edit)
        to->edit = arena_array(p->kept, struct sheet_edit, SHEET_NOTES_MAX);
    to->edit[to->n_edit++] = (struct sheet_edit){ arena_str(p->kept, r->e.number), arena_str(p->kept, r->e.title), arena_str(p->kept, field),
                                                  arena_str(p->kept, old), arena_str(p->kept, new) };
}

/* A field is tried alone: a cell that says the same in other words (商务局, 2022/5/9) is no edit. */
static bool differs(struct returned *r, int c, struct str cell)
{
    struct pass *p = r->p;
    struct entry_input one = { 0 };
    struct entry would;
    struct err e;
    struct cells now = { .names = &p->names };
    entry_input_set(&one, str_c(column_name(c)), cell);
    bool lead = c == C_LEAD_UNIT, yes = true;
    if (c == C_NO_DEADLINE_REASON || c == C_DEADLINE)                 /* one may take the other's place */
        return true;
    if (entry_would(p->t, p->actor, &p->names, &r->e, lead ? VERB_ASSIGN : VERB_AMEND, &one, &would, &e) && cells_of(&now, &would, &e))
        yes = !str_eq(now.text[c].n ? buf_view(&now.text[c]) : STR(""), now_of(r, c));
    cells_release(&now);
    return yes;
}

static void refuse(struct returned *r, int c)
{
    struct err e;
    err_fail(&e, ERR_INPUT, M_SHEET_NOT_EDITED, column_name(c), A_MSG(c == C_KIND ? M_FIELD_KIND : c == C_STATE ? M_FIELD_STATE : M_FIELD_SETTLED));
    problem(r, &e, c);
}

static bool day_alike(int c, struct str now, struct str cell)
{
    day_t day, was;
    instant_t at, then;
    bool time, timed;
    if ((c != C_RECEIVED && c != C_DEADLINE && c != C_SETTLED) || now.n == 0)
        return false;
    return date_read(cell, &day, &at, &time, NULL) && date_read(now, &was, &then, &timed, NULL) && day == was && at == then && time == timed;
}

static bool word_alike(int c, struct str now, struct str cell)
{
    enum entry_kind k, l;
    enum entry_state s, t;
    if (c == C_KIND)
        return entry_kind_read(cell, &k) && entry_kind_read(now, &l) && k == l;
    if (c == C_STATE)
        return entry_state_read(cell, &s) && entry_state_read(now, &t) && s == t;
    return c == C_URGENT && str_caseeq(cell, now);       /* TRUE, as spreadsheets write it */
}

static void compare(struct returned *r, int c)
{
    struct str cell = pass_cell(r->p, c), now = now_of(r, c);
    if (!cell.p || str_eq(cell, str_trim(now)) || day_alike(c, now, cell) || word_alike(c, now, cell))
        return;
    if (c == C_KIND || c == C_STATE || c == C_SETTLED) {
        if (is_edit(r, c, cell))
            refuse(r, c);
        return;
    }
    if (!differs(r, c, cell) || !is_edit(r, c, cell))
        return;
    if (c == C_LEAD_UNIT)
        r->assigns = entry_input_set(&r->assign, STR("lead_unit"), cell);
    else
        r->amends = entry_input_set(&r->amend, str_c(column_name(c)), cell);
    tell_edit(r->p, r, str_c(column_name(c)), now, cell);
}

/* An own sheet may have a name twice: the first cell with anything in it counts, as in a new row. False: this column is not the first of its name. */
static bool first_of_name(const struct pass *p, int column, struct str *cell)
{
    *cell = STR("");
    for (int i = 0; i < p->map.n; i++) {
        if (p->map.to[i] != C_EXTRA || !str_eq(p->head.column[i].name, p->head.column[column].name))
            continue;
        if (i < column)
            return false;
        if (cell->n == 0 && i < p->row.n)
            *cell = str_trim(p->row.cell[i].text);
    }
    cell->p = cell->n ? cell->p : "";
    return true;
}

static void compare_extra(struct returned *r)
{
    struct pass *p = r->p;
    struct extra *mine;
    struct err e;
    size_t n;
    if (!map_has(&p->map, C_EXTRA))
        return;
    if (!extra_of(p->t->db, p->t->arena, r->e.office_id, r->e.id, &mine, &n, &e)) {
        problem(r, &e, -1);
        return;
    }
    for (int i = 0; i < p->map.n; i++) {
        struct str cell, now = STR("");
        if (p->map.to[i] != C_EXTRA || !first_of_name(p, i, &cell))
            continue;
        for (size_t k = 0; k < n; k++)
            if (str_eq(mine[k].name, p->head.column[i].name))
                now = mine[k].value;
        if (str_eq(cell, str_trim(now)))
            continue;
        if (!extra_check(p->head.column[i].name, cell, &e)) {
            table_at(&p->row, i, &e);
            problem(r, &e, -1);
            continue;
        }
        r->extra[r->n_extra++] = (struct extra){ i, p->head.column[i].name, cell };
        tell_edit(p, r, p->head.column[i].name, now, cell);
    }
}

/* --- doing ------------------------------------------------------------------------------------------------------------------------------- */

/* What is wrong with the two acts, at the column of the field it names. */
static void try_acts(struct returned *r)
{
    struct pass *p = r->p;
    struct entry moved = r->e, would;
    struct err e;
    for (int step = 0; step < 2; step++) {
        const struct entry_input *in = step ? &r->amend : &r->assign;
        if (!(step ? r->amends : r->assigns))
            continue;
        if (!entry_would(p->t, p->actor, &p->names, &moved, step ? VERB_AMEND : VERB_ASSIGN, in, &would, &e)) {
            int c = 0;
            while (c < COLUMNS && strcmp(column_name(c), e.field) != 0)
                c++;
            if (e.msg == M_ENTRY_CORRECTS_MISSING)
                err_fail(&e, ERR_INPUT, M_SHEET_ENDED, NULL, A_STR(r->e.number));
            problem(r, &e, c == COLUMNS ? C_NUMBER : c);
            return;
        }
        moved = would;
    }
}

static bool put_extra(struct returned *r, struct err *err)
{
    struct pass *p = r->p;
    for (size_t i = 0; i < r->n_extra; i++) {
        int64_t *id = &p->column_id[r->extra[i].id];
        if (*id == 0 && !extra_column(p->t, r->extra[i].name, id, err))
            return false;
        r->extra[i].id = *id;
    }
    return extra_put(p->t, r->e.id, p->t->today, r->extra, r->n_extra, err);
}

static bool put(struct returned *r, struct err *err)
{
    struct pass *p = r->p;
    struct entry after;
    return (!r->assigns || entry_act(p->t, p->actor, r->e.number, VERB_ASSIGN, &r->assign, &after, err)) &&
           (!r->amends || entry_act(p->t, p->actor, r->e.number, VERB_AMEND, &r->amend, &after, err)) && put_extra(r, err);
}

static bool id_put(int64_t *table, size_t cap, int64_t id)
{
    size_t i = (size_t)((uint64_t)id * UINT64_C(0x9e3779b97f4a7c15) >> 32) % cap;
    for (; table[i]; i = (i + 1) % cap)
        if (table[i] == id)
            return false;
    table[i] = id;
    return true;
}

/* One row for each entry: of two edits of one row nobody can say which is meant. An open table of ids, at most half full. */
static bool first_time(struct returned *r)
{
    struct pass *p = r->p;
    if (2 * p->n_edited >= p->cap_edited) {
        size_t cap = p->cap_edited ? 2 * p->cap_edited : 256;
        int64_t *to = arena_array(p->kept, int64_t, cap);
        for (size_t i = 0; i < p->cap_edited; i++)
            if (p->edited[i])
                id_put(to, cap, p->edited[i]);
        p->edited = to;
        p->cap_edited = cap;
    }
    p->n_edited++;
    return id_put(p->edited, p->cap_edited, r->e.id);
}

static bool load(struct returned *r, struct str number, struct err *err)
{
    struct pass *p = r->p;
    if (!entry_fetch(p->t->db, p->t->arena, p->actor, number, &r->e, err) || !cells_of(&r->cells, &r->e, err))
        return false;
    return r->version == 0 || r->version >= r->e.version || entry_history(p->t->db, p->t->arena, p->actor, &r->e, &r->acts, &r->n_acts, err);
}

void row_returned(struct pass *p, struct str number)
{
    struct returned *r = arena_new(p->t->arena, struct returned);
    struct str version = pass_cell(p, C_VERSION);
    uint32_t digest;
    struct err e;
    r->p = p;
    r->cells.names = &p->names;
    if (version.n && !version_read(version, &r->version, &digest)) {
        err_fail(&e, ERR_INPUT, M_SHEET_BAD_VERSION, "version", A_STR(version));
        pass_problem(p, &e, C_VERSION);
        return;
    }
    if (version.n && untouched(p, digest)) {
        p->result->same++;
        return;
    }
    int64_t before = p->result->edits;
    if (!load(r, number, &e)) {
        pass_problem(p, &e, C_NUMBER);
    } else {
        r->amend.text = r->assign.text = STR("按返回的表格更改");
        for (int c = 0; c < C_VERSION; c++)
            if (c != C_NUMBER)
                compare(r, c);
        compare_extra(r);
        if (p->result->edits > before && !first_time(r)) {
            err_fail(&e, ERR_INPUT, M_SHEET_TWICE, "number", A_STR(number));
            problem(r, &e, C_NUMBER);
        }
        if (!r->bad)
            try_acts(r);
        if (p->put && !p->failed && !put(r, &e))
            pass_problem(p, &e, -1);
        p->result->edited += p->result->edits > before;
        p->result->same += p->result->edits == before;
    }
    cells_release(&r->cells);
}
