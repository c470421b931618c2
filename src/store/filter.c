#include "store/filter.h"

#include <stdio.h>
#include <stdlib.h>

#include "store/engine.h"

enum { PARAMS_MAX = 40, WORDS_MAX = 6 };

/* From which table a statement walks. CROSS JOIN keeps SQLite to that order, and means a plain join everywhere. */
enum driver { BY_STAND, BY_UNIT, BY_LIST, BY_DAY, BY_SETTLED, BY_INSTRUCTION, BY_URGENCY, BY_PROGRESS, BY_CARRIED, BY_NUMBER };

static const char *const FROM[] = {
    [BY_STAND] = "stand s",
    [BY_UNIT] = "stand u CROSS JOIN stand s",
    [BY_LIST] = "entry_list x CROSS JOIN stand s",
    [BY_DAY] = "entry e CROSS JOIN stand s",
    [BY_SETTLED] = "entry e CROSS JOIN stand s",
    [BY_INSTRUCTION] = "entry e CROSS JOIN stand s",       /* from here by partial indexes, as where() repeats their conditions without a parameter */
    [BY_URGENCY] = "entry e CROSS JOIN stand s",
    [BY_PROGRESS] = "entry e CROSS JOIN stand s",
    [BY_CARRIED] = "entry e CROSS JOIN stand s",
    [BY_NUMBER] = "entry e CROSS JOIN stand s",
};

struct statement {
    struct buf sql;
    char types[PARAMS_MAX + 1];
    struct sql_value in[PARAMS_MAX];
    int n;
};

static void param(struct statement *s, char type, struct sql_value v)
{
    s->types[s->n] = type;
    s->in[s->n++] = v;
    buf_printf(&s->sql, "$%d", s->n);
}

static void number(struct statement *s, const char *before, char type, int64_t v)
{
    buf_printf(&s->sql, " AND %s ", before);
    param(s, type, (struct sql_value){ .i = v });
}

static void text(struct statement *s, const char *before, struct str v)
{
    buf_printf(&s->sql, " AND %s ", before);
    param(s, 's', (struct sql_value){ .s = v });
}

static bool days_given(day_t from, day_t to) { return from != DAY_NONE || to != DAY_NONE; }

static void days(struct statement *s, const char *column, day_t from, day_t to)
{
    char before[64];
    if (from != DAY_NONE) {
        snprintf(before, sizeof before, "%s >=", column);
        number(s, before, 'd', from);
    }
    if (to != DAY_NONE) {
        snprintf(before, sizeof before, "%s <=", column);
        number(s, before, 'd', to);
    }
}

/* %word% with the wildcards of LIKE taken literally. */
static struct str pattern(struct arena *a, struct str word)
{
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    buf_ch(&b, '%');
    for (size_t i = 0; i < word.n; i++) {
        if (word.p[i] == '%' || word.p[i] == '_' || word.p[i] == '\\')
            buf_ch(&b, '\\');
        buf_ch(&b, word.p[i]);
    }
    buf_ch(&b, '%');
    return arena_str(a, buf_view(&b));
}

static void words(struct statement *s, struct arena *a, const char *like, struct str q)
{
    static const char *const COLUMNS[] = { "e.title", "e.source", "e.requirement", "e.number" };
    q = str_trim(q);
    for (int k = 0; q.n && k < WORDS_MAX; k++) {
        struct str rest, word = str_cut(q, ' ', &rest);
        q = str_trim(rest);
        for (size_t c = 0; c < ARRAY_LEN(COLUMNS); c++) {
            buf_printf(&s->sql, "%s%s %s ", c ? " OR " : " AND (", COLUMNS[c], like);
            if (c == 0)
                param(s, 's', (struct sql_value){ .s = pattern(a, word) });
            else
                buf_printf(&s->sql, "$%d", s->n);          /* one parameter for all columns */
            buf_c(&s->sql, " ESCAPE '\\'");
        }
        buf_ch(&s->sql, ')');
    }
}

static bool needs_entry(const struct stand_filter *f)
{
    return f->kind.p || f->unit_id || f->officer_id || f->leader_id || f->urgency.p || f->progress.p || f->instruction || f->carried ||
           f->order == STAND_BY_NUMBER || days_given(f->day_from, f->day_to) || days_given(f->settled_from, f->settled_to) || f->words.n;
}

/* The party whose entries are walked besides the actor's: the lead unit, or the leader, who stand beside all that is theirs. */
static int64_t beside(const struct stand_filter *f) { return f->unit_id > 0 ? f->unit_id : f->leader_id > 0 ? f->leader_id : 0; }

static enum driver driver_of(const struct stand_filter *f)
{
    return days_given(f->day_from, f->day_to)           ? BY_DAY
         : days_given(f->settled_from, f->settled_to)   ? BY_SETTLED
         : f->list_id && f->open != 1                   ? BY_LIST        /* what is open is less than what a list has ever held */
         : f->instruction                               ? BY_INSTRUCTION
         : beside(f)                                    ? BY_UNIT
         : f->open == 1                                 ? BY_STAND
         : f->urgency.p                                 ? BY_URGENCY
         : f->progress.p                                ? BY_PROGRESS
         : f->carried                                   ? BY_CARRIED
         : f->order == STAND_BY_NUMBER && !f->few       ? BY_NUMBER
                                                        : BY_STAND;
}

static bool begins_with_entry(enum driver d) { return d >= BY_DAY; }

/* The entry's id as the first table has it: ordered by this one, a walk along its index stops when there are enough. */
static const char *id_column(enum driver d) { return begins_with_entry(d) ? "e.id" : d == BY_UNIT ? "u.entry_id" : d == BY_LIST ? "x.entry_id" : "s.entry_id"; }

static void from(struct statement *s, const struct stand_filter *f, enum driver driver, int64_t party)
{
    bool entry = begins_with_entry(driver);
    buf_printf(&s->sql, "SELECT s.due, s.entry_id%s FROM %s", f->order == STAND_BY_NUMBER ? ", e.number" : "", FROM[driver]);
    if (!entry && needs_entry(f))
        buf_c(&s->sql, " CROSS JOIN entry e");
    buf_c(&s->sql, " WHERE s.office_id = ");
    param(s, 'i', (struct sql_value){ .i = f->office_id });
    number(s, "s.party_id =", 'i', party);
    if (entry || needs_entry(f))
        buf_c(&s->sql, " AND e.office_id = $1 AND e.id = s.entry_id");
    if (driver == BY_LIST) {
        buf_c(&s->sql, " AND x.office_id = $1 AND x.entry_id = s.entry_id");
        number(s, "x.list_id =", 'i', f->list_id);
    } else if (f->list_id) {
        buf_c(&s->sql, " AND EXISTS (SELECT 1 FROM entry_list x WHERE x.office_id = $1 AND x.entry_id = s.entry_id");
        number(s, "x.list_id =", 'i', f->list_id);
        buf_ch(&s->sql, ')');
    }
    if (driver == BY_UNIT) {
        buf_c(&s->sql, " AND u.office_id = $1 AND u.entry_id = s.entry_id");
        number(s, "u.party_id =", 'i', beside(f));
        if (f->open >= 0)
            number(s, "u.open =", 'f', f->open);
        if (f->reading >= 0)
            number(s, "u.reading =", 'f', f->reading);
    }
}

static void id_or_none(struct statement *s, const char *column, int64_t id)
{
    char before[32];
    snprintf(before, sizeof before, "%s =", column);
    if (id > 0)
        number(s, before, 'i', id);
    else if (id < 0)
        buf_printf(&s->sql, " AND %s IS NULL", column);
}

/* A leader's own index of deadlines may be walked in the place of the actor's: no leader has deadlines of its own, as units have. */
static bool by_leaders_due(const struct stand_filter *f)
{
    return f->order == STAND_BY_DUE && driver_of(f) == BY_UNIT && f->unit_id <= 0 && !f->few;
}

/* Behind the last row shown, in the order of the list; the first comparison alone is one an index can begin from. */
static void behind(struct statement *s, const struct stand_filter *f)
{
    if (f->order == STAND_BY_NUMBER) {
        text(s, "e.number >", f->after_number.p ? f->after_number : STR(""));
    } else if (f->after && f->order == STAND_BY_DUE) {
        bool leader = by_leaders_due(f);
        number(s, leader ? "u.due >=" : "s.due >=", 't', f->after_due);
        buf_printf(&s->sql, leader ? " AND (u.due > $%d OR u.entry_id > " : " AND (s.due > $%d OR s.entry_id > ", s->n);
        param(s, 'i', (struct sql_value){ .i = f->after });
        buf_ch(&s->sql, ')');
    } else if (f->after) {
        char before[32];
        snprintf(before, sizeof before, "%s %s", id_column(driver_of(f)), f->order == STAND_OLDEST ? ">" : "<");
        number(s, before, 'i', f->after);
    }
}

static void where(struct statement *s, struct arena *a, const char *like, const struct stand_filter *f)
{
    if (f->state.p)
        text(s, "s.state =", f->state);
    if (f->open >= 0)
        number(s, "s.open =", 'f', f->open);
    if (f->reading >= 0)
        number(s, "s.reading =", 'f', f->reading);
    if (f->due_from != INSTANT_NONE)
        number(s, "s.due >=", 't', f->due_from);
    if (f->due_to != INSTANT_NONE)
        number(s, "s.due <", 't', f->due_to);
    if (f->kind.p)
        text(s, "e.kind =", f->kind);
    id_or_none(s, "e.lead_id", f->unit_id);
    if (f->officer_id)
        number(s, "e.officer_id =", 'i', f->officer_id);
    id_or_none(s, "e.leader_id", f->leader_id);
    if (f->instruction)
        buf_c(&s->sql, " AND e.instruction = 1 AND e.id > 0");   /* a condition on the index's next column, for a walk that may begin anywhere */
    if (f->urgency.p) {
        text(s, "e.urgency =", f->urgency);
        buf_c(&s->sql, " AND e.urgency <> ''");
    }
    if (f->progress.p) {
        text(s, "e.progress =", f->progress);
        buf_c(&s->sql, " AND e.progress <> ''");
    }
    if (f->carried) {
        number(s, "e.carried >=", 'n', f->carried);
        buf_c(&s->sql, " AND e.carried > 0 AND e.id > 0");
    }
    days(s, "e.day", f->day_from, f->day_to);
    days(s, "e.settled_day", f->settled_from, f->settled_to);
    behind(s, f);
    words(s, a, like, f->words);
}

struct collect {
    struct arena *arena;
    struct stand_hit *hits;
    size_t n, cap;
    bool numbers;
};

static bool collect_row(void *ctx, const struct sql_value *v, bool *stop, struct err *err)
{
    struct collect *c = ctx;
    (void)stop;
    (void)err;
    arena_push(c->arena, c->hits, c->n, c->cap) =
        (struct stand_hit){ v[0].i, v[1].i, c->numbers ? arena_str(c->arena, v[2].s) : STR_NULL };
    return true;
}

static bool walk(struct db *db, const struct stand_filter *f, int64_t party, struct collect *c, struct err *err)
{
    struct statement s = { .sql = BUF_INIT };
    from(&s, f, driver_of(f), party);
    where(&s, c->arena, db->engine->like, f);
    const char *id = id_column(driver_of(f));
    if (f->order == STAND_BY_NUMBER)
        buf_c(&s.sql, " ORDER BY e.number LIMIT ");
    else if (f->order == STAND_BY_DUE)
        buf_c(&s.sql, by_leaders_due(f) ? " ORDER BY u.due, u.entry_id LIMIT " : " ORDER BY s.due, s.entry_id LIMIT ");
    else
        buf_printf(&s.sql, " ORDER BY %s%s LIMIT ", id, f->order == STAND_NEWEST ? " DESC" : "");
    param(&s, 'n', (struct sql_value){ .i = f->limit });
    bool ok = db_each_text(db, buf_view(&s.sql), s.types, c->numbers ? "tis" : "ti", s.in, collect_row, c, err);
    buf_release(&s.sql);
    return ok;
}

/* Registered, due or settled in the span: three walks, each along its own index, instead of one that reads everything. */
static int spans(const struct stand_filter *f, struct stand_filter out[4])
{
    for (int i = 0; i < 4; i++)
        out[i] = *f;
    if (!days_given(f->span_from, f->span_to))
        return 1;
    out[0].day_from = f->span_from;
    out[0].day_to = f->span_to;
    out[1].settled_from = f->span_from;
    out[1].settled_to = f->span_to;
    for (int i = 2; i < 4; i++) {
        out[i].open = i - 2;
        out[i].reading = 0;
        out[i].due_from = f->span_from == DAY_NONE ? INSTANT_NONE : day_start(f->span_from) + 1;
        out[i].due_to = f->span_to == DAY_NONE ? INSTANT_NONE : day_start(f->span_to + 1) + 1;
    }
    return 4;
}

/* A list by deadline that begins from a party's stand walks the index of deadlines, which wants open and reading: one walk for each value that is left open. */
static bool walk_due(struct db *db, const struct stand_filter *f, int64_t party, struct collect *c, struct err *err)
{
    if (f->order != STAND_BY_DUE || f->state.p || (driver_of(f) != BY_STAND && !by_leaders_due(f)))
        return walk(db, f, party, c, err);
    for (int open = 0; open < 2; open++)
        for (int reading = 0; reading < 2; reading++) {
            struct stand_filter one = *f;
            if ((f->open >= 0 && f->open != open) || (f->reading >= 0 && f->reading != reading))
                continue;
            one.open = open;
            one.reading = reading;
            if (!walk(db, &one, party, c, err))
                return false;
        }
    return true;
}

bool stand_find(struct db *db, struct arena *a, const struct stand_filter *f, struct stand_hit **ret, size_t *n, struct err *err)
{
    struct collect c = { .arena = a, .numbers = f->order == STAND_BY_NUMBER };
    struct stand_filter part[4];
    int parts = spans(f, part);
    bool enough = false;                         /* one walk finds nothing twice */
    for (int p = 0; p < f->n_parties && !enough; p++)
        for (int i = 0; i < parts && !enough; i++) {
            size_t before = c.n;
            if (i >= 2 && ((f->open >= 0 && f->open != part[i].open) || f->reading == 1))
                continue;
            if (!walk_due(db, &part[i], f->parties[p], &c, err))
                return false;
            enough = f->any && c.n - before >= (size_t)f->limit;
        }
    *ret = c.hits;
    *n = stand_merge(c.hits, c.n, f->order, (size_t)f->limit);
    return true;
}

static int newest(const void *a, const void *b)
{
    const struct stand_hit *x = a, *y = b;
    return x->entry_id < y->entry_id ? 1 : x->entry_id > y->entry_id ? -1 : 0;
}

static int oldest(const void *a, const void *b) { return newest(b, a); }

static int by_due(const void *a, const void *b)
{
    const struct stand_hit *x = a, *y = b;
    return x->due < y->due ? -1 : x->due > y->due ? 1 : oldest(a, b);
}

static int by_number(const void *a, const void *b)
{
    const struct stand_hit *x = a, *y = b;
    int c = str_cmp(x->number, y->number);
    return c ? c : oldest(a, b);
}

size_t stand_merge(struct stand_hit *hits, size_t n, enum stand_order order, size_t limit)
{
    static int (*const COMPARE[])(const void *, const void *) = { newest, oldest, by_due, by_number };
    if (n > 1)
        qsort(hits, n, sizeof *hits, COMPARE[order]);
    size_t kept = 0;
    for (size_t i = 0; i < n && kept < limit; i++)
        if (kept == 0 || hits[kept - 1].entry_id != hits[i].entry_id)
            hits[kept++] = hits[i];
    return kept;
}
