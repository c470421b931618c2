/* A row that is registered: ours as it says, an office's own with what its cells mean. */
#include <string.h>

#include "calendar/date.h"
#include "calendar/deadline.h"
#include "office/sheet/inside.h"

struct reading {                                 /* one new row */
    struct imported row;
    struct extra extra[TABLE_COLUMNS_MAX + 2];
    size_t n_extra;
    uint32_t bad;                                /* columns with a problem already: one is enough */
};

static struct str or_empty(struct str s) { return s.p ? s : STR(""); }

/* Kept beside the entry; the same name once. */
static void keep(struct pass *p, struct reading *r, struct str name, struct str value, int column)
{
    struct err e;
    if (value.n == 0 || r->n_extra == ARRAY_LEN(r->extra))
        return;
    if (!extra_check(name, value, &e)) {
        table_at(&p->row, column, &e);
        pass_problem(p, &e, -1);
        return;
    }
    for (size_t i = 0; i < r->n_extra; i++)
        if (str_eq(r->extra[i].name, name))
            return;
    r->extra[r->n_extra++] = (struct extra){ 0, name, value };
}

/* What a cell says more than its field can hold stands beside the entry as it was written. */
static void keep_whole(struct pass *p, struct reading *r, int column)
{
    int at = map_at(&p->map, column);
    keep(p, r, p->head.column[at].name, pass_cell(p, column), at);
}

/* --- ours ------------------------------------------------------------------------------------------------------------------------- */

static void read_state(struct pass *p, struct imported *row)
{
    struct str state = or_empty(pass_cell(p, C_STATE)), settled = or_empty(pass_cell(p, C_SETTLED));
    struct err e;
    instant_t at;
    bool has_time;
    if (state.n && !entry_state_read(state, &row->state)) {
        err_fail(&e, ERR_INPUT, M_ENTRY_UNKNOWN_STATE, "state", A_MSG(M_FIELD_STATE), A_STR(state));
        pass_problem(p, &e, C_STATE);
    }
    if (settled.n && !date_read(settled, &row->ended, &at, &has_time, NULL)) {
        err_fail(&e, ERR_INPUT, M_ENTRY_BAD_DATE, "settled", A_MSG(M_FIELD_SETTLED), A_STR(settled));
        pass_problem(p, &e, C_SETTLED);
    }
    if (row->state == STATE_NONE && row->ended != DAY_NONE)
        row->state = STATE_SETTLED;
}

/* received is also the day that registration counts for. */
static struct str day_only(struct pass *p, struct str text)
{
    day_t day;
    instant_t at;
    bool has_time;
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    if (!date_read(str_trim(text), &day, &at, &has_time, NULL))
        return STR_NULL;                         /* named as the wrong "received" */
    date_put_iso(&b, day);
    return arena_str(p->t->arena, buf_view(&b));
}

static void read_plain(struct pass *p, struct reading *r)
{
    static const enum column PLAIN[] = { C_KIND, C_GENRE, C_ROLE, C_TITLE, C_SOURCE, C_REQUIREMENT, C_RECEIVED, C_DEADLINE, C_NO_DEADLINE_REASON, C_LEAD_UNIT,
                                         C_ASSIST_UNITS, C_OFFICER, C_LEADER, C_LISTS, C_URGENT, C_RESULT };
    for (size_t i = 0; i < ARRAY_LEN(PLAIN); i++) {
        struct str s = pass_cell(p, PLAIN[i]);
        if (s.p)
            entry_input_set(&r->row.input, str_c(column_name(PLAIN[i])), s);
    }
    r->row.number = or_empty(pass_cell(p, C_NUMBER));
    if (str_starts(r->row.number, STR("阅")))
        r->row.input.reading = STR("true");
    read_state(p, &r->row);
}

/* --- an office's own ---------------------------------------------------------------------------------------------------------------- */

static void mend_day(struct pass *p, struct reading *r, int column, enum moment what, struct str *s)
{
    struct err e;
    int at = map_at(&p->map, column);
    if (at < 0 || !s->n)
        return;
    enum table_type type = table_format(p->table) == FORMAT_CSV ? CELL_NUMBER : at < p->row.n ? p->row.cell[at].type : CELL_TEXT;
    if (cell_day(p->t->arena, *s, type, what, &p->years, s, &e))
        return;
    r->bad |= 1u << column;
    pass_problem(p, &e, column);
}

static bool is_day(struct str s)
{
    day_t day;
    instant_t at;
    bool has_time;
    struct err e;
    return date_read(s, &day, &at, &has_time, &e) || e.msg != M_CALENDAR_NOT_A_DATE;
}

/* 5个工作日内, 月底前: counted from the day of receipt. What a person would have to decide is left to one. */
static void mend_phrase(struct pass *p, struct reading *r)
{
    enum { DOUBTS = DEADLINE_PAST | DEADLINE_ABOUT | DEADLINE_OWN_LIMIT | DEADLINE_WRONG | DEADLINE_NO_ANCHOR | DEADLINE_SEVERAL };
    struct entry_input *in = &r->row.input;
    struct deadline_ask ask = { .work = p->work, .at = day_start(p->t->today), .hours = DEADLINE_HOURS };
    struct deadline d;
    struct err e;
    day_t day;
    instant_t at;
    bool has_time;
    if (in->received.n && date_read(in->received, &day, &at, &has_time, NULL))
        ask.at = at;
    deadline_read(in->deadline, &ask, &d);
    if ((d.kind == DEADLINE_DATE || d.kind == DEADLINE_INSTANT) && d.other == INSTANT_NONE && !(d.notes & DOUBTS)) {
        _cleanup_(buf_release) struct buf b = BUF_INIT;
        in->deadline_phrase = in->deadline;
        if (d.kind == DEADLINE_DATE)
            date_put_iso(&b, instant_day(d.due - 1));
        else
            instant_put(&b, d.due);
        in->deadline = arena_str(p->t->arena, buf_view(&b));
        return;
    }
    r->bad |= 1u << C_DEADLINE;
    err_fail(&e, ERR_INPUT, M_SHEET_PHRASE, "deadline", A_STR(in->deadline));
    pass_problem(p, &e, C_DEADLINE);
}

static void mend_deadline(struct pass *p, struct reading *r)
{
    struct entry_input *in = &r->row.input;
    mend_day(p, r, C_DEADLINE, MOMENT_DEADLINE, &in->deadline);
    if (in->deadline.n == 0 || (r->bad & 1u << C_DEADLINE) || is_day(in->deadline))
        return;
    if (!cell_lasting(in->deadline)) {
        mend_phrase(p, r);
        return;
    }
    if (in->no_deadline_reason.n == 0)
        in->no_deadline_reason = in->deadline;
    in->deadline = STR("");
}

static void mend_units(struct pass *p, struct reading *r)
{
    struct entry_input *in = &r->row.input;
    struct cell_units lead, assist;
    cell_units(p->t->arena, or_empty(in->lead_unit), &lead);
    cell_units(p->t->arena, or_empty(in->assist_units), &assist);
    struct str first = assist.lead.n ? assist.lead : STR(""), parts[] = { lead.assists, first, assist.assists }, all = STR("");
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (parts[i].n)
            all = arena_printf(p->t->arena, "%.*s%s%.*s", STR_ARG(all), all.n ? ";" : "", STR_ARG(parts[i]));
    if (lead.lead.n || lead.assists.n)
        in->lead_unit = lead.lead;
    if (all.n)
        in->assist_units = all;
    if (lead.more)
        keep_whole(p, r, C_LEAD_UNIT);
    if (assist.more)
        keep_whole(p, r, C_ASSIST_UNITS);
}

/* Of title and requirement one may be missing: the matter itself is then what is asked for. */
static void mend_title(struct reading *r)
{
    struct entry_input *in = &r->row.input;
    struct str title = or_empty(in->title), req = or_empty(in->requirement);
    struct str whole = title;
    if (title.n == 0)
        in->title = cell_title(req);
    else if (str_chr(title, '\n') >= 0 || cell_title(title).n < title.n)
        in->title = cell_title(title);
    if (req.n == 0)
        in->requirement = whole;
}

static void fill(struct str *to, struct str s)
{
    if (to->n == 0 && s.n)
        *to = s;
}

static void mend(struct pass *p, struct reading *r)
{
    struct entry_input *in = &r->row.input;
    mend_title(r);
    mend_units(p, r);
    mend_day(p, r, C_RECEIVED, MOMENT_RECEIVED, &in->received);
    fill(&in->kind, p->plan.kind.n ? p->plan.kind : STR("affair"));
    fill(&in->source, p->plan.source.n ? p->plan.source : or_empty(p->head.title));
    fill(&in->received, or_empty(p->plan.received));
    mend_deadline(p, r);
}

/* --- deciding ----------------------------------------------------------------------------------------------------------------------- */

static int column_of_field(const char *field)
{
    const char *name = strcmp(field, "day") == 0 ? "received" : strcmp(field, "urgency") == 0 ? "urgent" : strcmp(field, "deadline_phrase") == 0 ? "deadline" : field;
    for (int c = 0; c < COLUMNS; c++)
        if (strcmp(column_name(c), name) == 0)
            return c;
    return -1;
}

static bool decide(struct pass *p, struct reading *r)
{
    struct problems found = PROBLEMS_INIT;
    struct err e;
    struct str number;
    bool was_good = !p->failed, ok = import_decide(p->t, p->actor, &p->names, &r->row, &found, &e);
    for (int k = 0; k < found.n; k++) {
        int c = column_of_field(found.err[k].field);
        if (!map_has(&p->map, c) && c == C_TITLE)
            c = C_REQUIREMENT;
        else if (!map_has(&p->map, c) && c == C_REQUIREMENT)
            c = C_TITLE;
        if (found.err[k].msg == M_ENTRY_DUE_BEFORE_RECEIPT && r->row.input.received.n == 0)      /* today was taken for it */
            err_fail(&found.err[k], ERR_INPUT, M_SHEET_NO_RECEIVED, "deadline", A_STR(r->row.input.deadline));
        if (c < 0 || !(r->bad & 1u << c))
            pass_problem(p, &found.err[k], c);
    }
    if (!ok && found.n == 0)
        pass_problem(p, &e, -1);
    problems_release(&found);
    if (!ok || !was_good)
        return false;                            /* numbers behind a bad row would only repeat its problem */
    if (!import_number(p->t, p->actor, &p->numbers, &r->row.entry, &number, &e)) {
        pass_problem(p, &e, C_NUMBER);
        return false;
    }
    if (r->row.number.n && !str_eq(r->row.number, number)) {
        err_fail(&e, ERR_INPUT, M_ENTRY_NUMBER_GAP, "number", A_STR(r->row.number), A_STR(number));
        pass_problem(p, &e, C_NUMBER);
        return false;
    }
    return true;
}

static bool chain(struct pass *p, const struct reading *r, struct err *err)
{
    const struct entry_input *in = &r->row.input;
    struct str piece[20 + 2 * ARRAY_LEN(r->extra)];
    size_t n = 0;
    const struct str fixed[] = { STR("new"), in->kind, in->title, in->source, in->requirement, in->received, in->deadline, in->no_deadline_reason, in->lead_unit,
                                 in->assist_units, in->officer, in->leader, in->lists, in->urgent, in->genre, in->role, in->result,
                                 or_empty(pass_cell(p, C_STATE)), or_empty(pass_cell(p, C_SETTLED)) };
    for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
        piece[n++] = fixed[i];
    for (size_t i = 0; i < r->n_extra; i++) {
        piece[n++] = r->extra[i].name;
        piece[n++] = r->extra[i].value;
    }
    return pass_chain(p, p->fresh, piece, n, err);
}

static bool put(struct pass *p, struct reading *r, struct err *err)
{
    if (!import_put(p->t, p->actor, &r->row, err))
        return false;
    for (size_t i = 0; i < r->n_extra; i++) {
        int k = 0;
        while (k < p->head.n && !str_eq(p->head.column[k].name, r->extra[i].name))
            k++;
        int64_t *id = &p->column_id[k < p->head.n ? k : 0];
        if (*id == 0 && !extra_column(p->t, r->extra[i].name, id, err))
            return false;
        r->extra[i].id = *id;
    }
    return extra_put(p->t, r->row.entry.id, r->row.entry.day, r->extra, r->n_extra, err);
}

static void show(struct pass *p, const struct reading *r)
{
    struct sheet_result *to = p->result;
    const struct entry_input *in = &r->row.input;
    if (to->n_first == SHEET_NOTES_MAX)
        return;
    if (!to->first)
        to->first = arena_array(p->kept, struct sheet_fresh, SHEET_NOTES_MAX);
    to->first[to->n_first++] = (struct sheet_fresh){
        .line = p->row.line, .title = arena_str(p->kept, in->title), .source = arena_str(p->kept, in->source), .requirement = arena_str(p->kept, in->requirement),
        .received = arena_str(p->kept, in->received), .deadline = arena_str(p->kept, in->deadline.n ? in->deadline : in->no_deadline_reason),
        .lead = arena_str(p->kept, in->lead_unit), .assists = arena_str(p->kept, in->assist_units), .number = arena_str(p->kept, r->row.number),
    };
}

void row_new(struct pass *p)
{
    struct reading r;
    struct err e;
    r.n_extra = 0;
    r.bad = 0;
    r.row = (struct imported){ .state = STATE_NONE, .ended = DAY_NONE, .number = STR("") };
    read_plain(p, &r);
    for (int i = 0; i < p->map.n && i < p->row.n; i++)
        if (p->map.to[i] == C_EXTRA)
            keep(p, &r, p->head.column[i].name, str_trim(p->row.cell[i].text), i);
    if (!p->exact)
        mend(p, &r);
    if (r.row.input.received.n)
        r.row.input.day = day_only(p, r.row.input.received);
    p->result->fresh++;
    if (!decide(p, &r))
        return;
    if (!chain(p, &r, &e) || (p->put && !put(p, &r, &e)))
        pass_problem(p, &e, -1);
    else
        show(p, &r);
}
