/* import and export of entries: csv rows with the columns of interfaces.md 4.
 *
 * An import parses and checks every row with a reader, off the writer, and lists all problems; only a file without any is then decided and
 * written again in one batch of its own, so that nothing of a bad file is taken and what changed meanwhile is seen. */
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "calendar/date.h"
#include "format/csv.h"
#include "messages.h"
#include "office/entry/shape.h"
#include "people/member.h"
#include "store/filter.h"

enum column {
    C_NUMBER, C_KIND, C_GENRE, C_ROLE, C_TITLE, C_SOURCE, C_REQUIREMENT, C_RECEIVED, C_DEADLINE, C_NO_DEADLINE_REASON, C_LEAD_UNIT, C_ASSIST_UNITS,
    C_OFFICER, C_LEADER, C_LISTS, C_URGENT, C_STATE, C_SETTLED, C_RESULT, COLUMNS
};
static const char *const NAMES[COLUMNS] = {
    "number", "kind", "genre", "role", "title", "source", "requirement", "received", "deadline", "no_deadline_reason", "lead_unit", "assist_units",
    "officer", "leader", "lists", "urgent", "state", "settled", "result",
};
enum { SERIES_MAX = 64, EXPORT_PAGE = 1000 };

/* --- reading a file ---------------------------------------------------------------------------------------------------------------- */

struct sheet {                                   /* one pass over a file */
    struct txn *t;                               /* off the writer: made of a reader */
    const struct actor *actor;
    struct lookup names;
    struct csv csv;
    int at[CSV_CELLS_MAX];                       /* which column each cell is */
    size_t n_columns;
    struct {                                     /* numbers that rows before this one take */
        struct str series;
        int year;
        int64_t next;
    } series[SERIES_MAX];
    int n_series;
    struct problems *problems;
    struct err *err;
    bool failed;
};

static void problem(struct sheet *s, struct err *e, int line, int column)
{
    err_at(e, line, column);
    problems_add(s->problems, e);
    if (!s->failed && s->err)
        *s->err = *e;
    s->failed = true;
}

static bool read_head(struct sheet *s)
{
    struct csv_cell cells[CSV_CELLS_MAX];
    struct err e;
    bool end, seen[COLUMNS] = { 0 };
    if (!csv_row(&s->csv, cells, &s->n_columns, &end, &e)) {
        problem(s, &e, e.line, e.column);
        return false;
    }
    for (size_t i = 0; i < s->n_columns; i++) {
        struct str name = str_trim(cells[i].text);
        int c = 0;
        while (c < COLUMNS && !str_eqc(name, NAMES[c]) && !str_eqc(name, tr_field(LANG_ZH, NAMES[c])))
            c++;
        s->at[i] = c;
        if (c == COLUMNS || seen[c]) {
            err_fail(&e, ERR_INPUT, c == COLUMNS ? M_ENTRY_UNKNOWN_COLUMN : M_ENTRY_COLUMN_TWICE, NULL, A_STR(name));
            problem(s, &e, cells[i].line, cells[i].column);
        } else {
            seen[c] = true;
        }
    }
    if (!seen[C_TITLE] && !s->failed) {
        err_fail(&e, ERR_INPUT, M_ENTRY_NO_COLUMN, NULL, A_C(NAMES[C_TITLE]));
        problem(s, &e, 1, 1);
    }
    return !s->failed;
}

static bool read_state(const struct csv_cell *cell, struct imported *row, struct err *e)
{
    struct str s = str_trim(cell->text);
    return s.n == 0 || entry_state_read(s, &row->state) ||
           err_fail(e, ERR_INPUT, M_ENTRY_UNKNOWN_STATE, "state", A_MSG(M_FIELD_STATE), A_STR(s));
}

static bool read_ended(const struct csv_cell *cell, struct imported *row, struct err *e)
{
    struct str s = str_trim(cell->text);
    instant_t at;
    bool has_time;
    return s.n == 0 || date_read(s, &row->ended, &at, &has_time, e) ||
           err_fail(e, ERR_INPUT, M_ENTRY_BAD_DATE, "settled", A_MSG(M_FIELD_SETTLED), A_STR(s));
}

/* received is also the day that registration counts for. */
static struct str day_only(struct sheet *s, struct str text)
{
    day_t day;
    instant_t at;
    bool has_time;
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    if (!date_read(str_trim(text), &day, &at, &has_time, NULL))
        return STR_NULL;                         /* named as the wrong "received" */
    date_put_iso(&b, day);
    return arena_str(s->t->arena, buf_view(&b));
}

static void take_cell(struct sheet *s, const struct csv_cell *cell, int column, struct imported *row)
{
    struct err e;
    bool ok = true;
    if (column == C_NUMBER)
        row->number = str_trim(cell->text);
    else if (column == C_STATE)
        ok = read_state(cell, row, &e);
    else if (column == C_SETTLED)
        ok = read_ended(cell, row, &e);
    else
        entry_input_set(&row->input, str_c(NAMES[column]), cell->text);
    if (column == C_RECEIVED && str_trim(cell->text).n)
        row->input.day = day_only(s, cell->text);
    if (!ok)
        problem(s, &e, cell->line, cell->column);
}

/* The next number of a series: the store's, then counted on by the rows of the file. */
static bool expected_number(struct sheet *s, const struct entry *e, struct str *ret, struct err *err)
{
    int year = date_civil(e->day).year, i = 0;
    struct str series = entry_series(e->reading, e->kind);
    while (i < s->n_series && !(s->series[i].year == year && str_eq(s->series[i].series, series)))
        i++;
    if (i == SERIES_MAX)
        return err_fail(err, ERR_LIMIT, M_ENTRY_TOO_MANY_YEARS, "received");
    if (i == s->n_series) {
        struct series_last_row row;
        bool found;
        if (!q_series_last(s->t->db, s->t->arena, &(struct series_last_in){ s->actor->office_id, series, year }, &row, &found, err))
            return false;
        s->series[s->n_series].series = series;
        s->series[s->n_series].year = year;
        s->series[s->n_series++].next = (found ? row.last : 0) + 1;
    }
    *ret = entry_number(s->t->arena, e->reading, e->kind, year, s->series[i].next++);
    return true;
}

static const struct csv_cell *cell_of(const struct sheet *s, const struct csv_cell *cells, size_t n, const char *field)
{
    const char *name = strcmp(field, "day") == 0 ? "received" : strcmp(field, "urgency") == 0 ? "urgent" : field;
    for (size_t i = 0; i < n && i < s->n_columns; i++)
        if (s->at[i] < COLUMNS && strcmp(NAMES[s->at[i]], name) == 0)
            return &cells[i];
    return &cells[0];
}

static void read_row(struct sheet *s, const struct csv_cell *cells, size_t n, struct imported *row)
{
    struct problems found = PROBLEMS_INIT;
    struct err e;
    struct str number;
    *row = (struct imported){ .state = STATE_NONE, .ended = DAY_NONE, .number = STR("") };
    if (n > s->n_columns) {
        err_fail(&e, ERR_INPUT, M_ENTRY_ROW_TOO_LONG, NULL, A_INT(s->n_columns), A_INT(n));
        problem(s, &e, cells[s->n_columns].line, cells[s->n_columns].column);
        return;
    }
    bool was_good = !s->failed;
    for (size_t i = 0; i < n; i++)
        take_cell(s, &cells[i], s->at[i], row);
    if (str_starts(row->number, STR("阅")))
        row->input.reading = STR("true");
    if (row->state == STATE_NONE && row->ended != DAY_NONE)
        row->state = STATE_SETTLED;
    bool ok = import_decide(s->t, s->actor, &s->names, row, &found, &e);
    for (int k = 0; k < found.n; k++) {
        const struct csv_cell *cell = cell_of(s, cells, n, found.err[k].field);
        problem(s, &found.err[k], cell->line, cell->column);
    }
    if (!ok && found.n == 0)
        problem(s, &e, cells[0].line, cells[0].column);
    problems_release(&found);
    if (!ok || !was_good)
        return;                                  /* numbers behind a bad row would only repeat its problem */
    const struct csv_cell *cell = cell_of(s, cells, n, "number");
    if (!expected_number(s, &row->entry, &number, &e))
        problem(s, &e, cell->line, cell->column);
    else if (row->number.n && !str_eq(row->number, number)) {
        err_fail(&e, ERR_INPUT, M_ENTRY_NUMBER_GAP, "number", A_STR(row->number), A_STR(number));
        problem(s, &e, cell->line, cell->column);
    }
}

/* Reads the file; each good row is given to put() (NULL: only checked). */
static bool each_row(struct sheet *s, struct str bytes, bool (*put)(struct sheet *s, struct imported *row), int64_t *rows)
{
    struct arena scratch _cleanup_(arena_release) = ARENA_INIT(0);
    struct csv_cell cells[CSV_CELLS_MAX];
    struct imported row;
    struct txn t = *s->t;                        /* the same, but what a row leaves behind goes with the row */
    struct err e;
    size_t n;
    bool end = false;
    if (!csv_open(s->t->arena, bytes, &s->csv, &e)) {
        problem(s, &e, 0, 0);
        return false;
    }
    if (!read_head(s))
        return false;
    t.arena = &scratch;
    s->t = &t;
    for (*rows = 0;; ++*rows) {
        arena_clear(&scratch);
        if (!csv_row(&s->csv, cells, &n, &end, &e)) {
            problem(s, &e, e.line, e.column);
            break;
        }
        if (end)
            break;
        read_row(s, cells, n, &row);
        if (put && (s->failed || !put(s, &row)))
            break;
    }
    return !s->failed;
}

/* --- writing a file's rows ------------------------------------------------------------------------------------------------------------- */

struct import {                                  /* arguments of the write */
    struct str bytes;
    const struct actor *actor;
    bool create;
    struct lookup_entry **missing;
    size_t n_missing;
    struct problems *problems;
    int64_t rows, created;
};

/* An officer whom only the file knows becomes a member who cannot log in until an administrator gives a password. */
static bool create_officer(struct txn *t, const struct actor *actor, struct str name, struct err *err)
{
    for (int64_t n = 1;; n++) {
        struct member_draft draft = { .name = name, .role = STR("officer"), .home = STR("") };
        struct officer_find_row *rows;
        size_t count;
        int64_t id;
        draft.login = arena_printf(t->arena, "officer%lld", (long long)n);
        if (!q_officer_find(t->db, t->arena, &(struct officer_find_in){ t->office_id, draft.login, ROLE_ANY }, &rows, &count, err))
            return false;
        if (count == 0)
            return member_add(t, actor, &draft, STR_NULL, true, &id, err);
    }
}

static bool create_name(struct txn *t, const struct actor *actor, const struct lookup_entry *n, struct err *err)
{
    int64_t id;
    switch (n->what) {
    case LOOK_LEADER: return party_add(t, PARTY_LEADER, n->name, STR(""), STR(""), 0, &id, err);
    case LOOK_LIST: return entry_list_add(t, n->name, &id, err);
    case LOOK_OFFICER: return create_officer(t, actor, n->name, err);
    default: return party_add(t, PARTY_UNIT, n->name, STR(""), STR(""), 0, &id, err);
    }
}

static bool put_row(struct sheet *s, struct imported *row)
{
    struct err e;
    if (import_put(s->t, s->actor, row, &e))
        return true;
    problem(s, &e, s->csv.line, 0);
    return false;
}

static bool import_fn(struct txn *t, void *args, struct err *err)
{
    struct import *im = args;
    for (size_t i = 0; i < im->n_missing; i++)
        if (!create_name(t, im->actor, im->missing[i], err))
            return false;
    struct sheet *s = arena_new(t->arena, struct sheet);
    *s = (struct sheet){ .t = t, .actor = im->actor, .problems = im->problems, .err = err };
    s->names = (struct lookup){ .db = t->db, .arena = t->arena, .actor = im->actor };
    return each_row(s, im->bytes, put_row, &im->rows);
}

bool sheet_import_entries(struct cmd *c, bool dry, bool create_units, struct sheet_result *ret, struct problems *problems, struct err *err)
{
    instant_t now = clock_now(store_clock(c->store));
    struct txn reading = { .db = c->db, .store = c->store, .arena = c->arena, .office_id = c->office_id, .actor_id = c->actor.member_id, .at = now,
                           .today = instant_day(now) };
    struct sheet *s = arena_new(c->arena, struct sheet);
    *s = (struct sheet){ .t = &reading, .actor = &c->actor, .problems = problems, .err = err };
    s->names = (struct lookup){ .db = c->db, .arena = c->arena, .actor = &c->actor, .create = create_units };
    struct import im = { .bytes = c->in, .actor = &c->actor, .problems = problems };
    if (!each_row(s, c->in, NULL, &im.rows))
        return false;
    im.missing = s->names.missing;
    im.n_missing = s->names.n_missing;
    *ret = (struct sheet_result){ im.rows, (int64_t)im.n_missing };
    return dry || store_write_alone(c->store, c->office_id, c->actor.member_id, import_fn, &im, err);
}

/* --- export ------------------------------------------------------------------------------------------------------------------------------ */

struct out {
    struct buf *b;
    struct buf text;                             /* of one cell */
    struct lookup names;
};

static void put_day(struct buf *b, day_t d)
{
    if (d != DAY_NONE)
        date_put_iso(b, d);
}

/* The section that keeps the entry goes by 本科室, which every office reads as its own. */
static bool put_names(struct out *o, const struct entry *e, enum lookup_what what, const int64_t *ids, int n, struct err *err)
{
    for (int i = 0; i < n; i++) {
        struct str name = STR("本科室");
        if (ids[i] != e->section_id && !lookup_name(&o->names, what, ids[i], &name, err))
            return false;
        buf_c(&o->text, i ? ";" : "");
        buf_str(&o->text, name);
    }
    return true;
}

/* The day that registration counts for; or, when the deadline had passed by then, the day of receipt, which alone lies before it. */
static day_t received_day(const struct entry *e)
{
    bool passed = e->due != INSTANT_NONE && e->due <= day_start(e->day);
    return passed ? instant_day(e->received_at) : e->day;
}

static struct str urgent_word(const struct entry *e)
{
    return e->urgency.n == 0 ? STR("false") : str_eqc(e->urgency, "加急") ? STR("true") : e->urgency;
}

static bool cell_text(struct out *o, const struct entry *e, int column, struct err *err)
{
    switch (column) {
    case C_NUMBER: buf_str(&o->text, e->number); break;
    case C_KIND: buf_str(&o->text, entry_kind_code(e->kind)); break;
    case C_GENRE: buf_str(&o->text, e->genre); break;
    case C_ROLE: buf_str(&o->text, e->role); break;
    case C_TITLE: buf_str(&o->text, e->title); break;
    case C_SOURCE: buf_str(&o->text, e->source); break;
    case C_REQUIREMENT: buf_str(&o->text, e->requirement); break;
    case C_RECEIVED: put_day(&o->text, received_day(e)); break;
    case C_DEADLINE: shape_due(&o->text, e->due); break;
    case C_NO_DEADLINE_REASON: buf_str(&o->text, e->no_deadline_reason); break;
    case C_LEAD_UNIT: return put_names(o, e, LOOK_LEAD, &e->lead_id, 1, err);
    case C_ASSIST_UNITS: return put_names(o, e, LOOK_ASSIST, e->assists, e->n_assists, err);
    case C_OFFICER: return put_names(o, e, LOOK_OFFICER, &e->officer_id, 1, err);
    case C_LEADER: return put_names(o, e, LOOK_LEADER, &e->leader_id, 1, err);
    case C_LISTS: return put_names(o, e, LOOK_LIST, e->lists, e->n_lists, err);
    case C_URGENT: buf_str(&o->text, urgent_word(e)); break;
    case C_STATE: buf_str(&o->text, entry_state_code(e->state)); break;
    case C_SETTLED: put_day(&o->text, e->state == STATE_WITHDRAWN ? e->last_day : e->settled_day); break;
    case C_RESULT: buf_str(&o->text, e->result); break;
    default: break;
    }
    return true;
}

static bool put_entry(struct out *o, const struct entry *e, struct err *err)
{
    for (int c = 0; c < COLUMNS; c++) {
        buf_clear(&o->text);
        if (!cell_text(o, e, c, err))
            return false;
        csv_put(o->b, o->text.n ? buf_view(&o->text) : STR(""), c == 0);
    }
    csv_end(o->b);
    return true;
}

static bool export_page(struct cmd *c, struct out *o, struct arena *a, struct stand_filter *f, bool *more, struct err *err)
{
    struct stand_hit *hits;
    size_t n;
    if (!stand_find(c->db, a, f, &hits, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct entry e;
        bool found;
        if (!entry_by_id(c->db, a, c->office_id, hits[i].entry_id, &e, &found, err) || (found && !put_entry(o, &e, err)))
            return false;
    }
    *more = n == (size_t)f->limit;
    f->after = n ? hits[n - 1].entry_id : f->after;
    return true;
}

bool sheet_export_entries(struct cmd *c, struct err *err)
{
    struct arena page _cleanup_(arena_release) = ARENA_INIT(0);
    struct out o = { .b = &c->out, .text = BUF_INIT, .names = { .db = c->db, .arena = c->arena, .actor = &c->actor } };
    struct stand_filter f = { .office_id = c->office_id, .parties = c->actor.parties, .n_parties = c->actor.n_parties, .open = -1, .reading = -1,
                              .day_from = DAY_NONE, .day_to = DAY_NONE, .due_from = INSTANT_NONE, .due_to = INSTANT_NONE, .settled_from = DAY_NONE,
                              .settled_to = DAY_NONE, .span_from = DAY_NONE, .span_to = DAY_NONE, .limit = EXPORT_PAGE, .order = STAND_OLDEST };
    for (int k = 0; k < COLUMNS; k++)
        csv_put(&c->out, str_c(NAMES[k]), k == 0);
    csv_end(&c->out);
    bool ok = db_snapshot_begin(c->db, err), more = true;
    for (; ok && more; arena_clear(&page))
        ok = export_page(c, &o, &page, &f, &more, err);
    db_snapshot_end(c->db);
    buf_release(&o.text);
    return ok;
}
