/* Rows out: entries with all columns of interfaces.md 4, their version, and the further columns that any of them has. */
#include <stdio.h>

#include "calendar/date.h"
#include "office/sheet/inside.h"

/* The section that keeps the entry goes by 本科室, which every office reads as its own. */
static bool put_names(struct cells *c, int column, const struct entry *e, enum lookup_what what, const int64_t *ids, int n, struct err *err)
{
    for (int i = 0; i < n; i++) {
        struct str name = STR("本科室");
        if (ids[i] != e->section_id && !lookup_name(c->names, what, ids[i], &name, err))
            return false;
        buf_c(&c->text[column], i ? ";" : "");
        buf_str(&c->text[column], name);
    }
    return true;
}

static void put_day(struct buf *b, day_t d)
{
    if (d != DAY_NONE)
        date_put_iso(b, d);
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

void cells_release(struct cells *c)
{
    for (int i = 0; i < COLUMNS; i++)
        buf_release(&c->text[i]);
}

bool cells_of(struct cells *c, const struct entry *e, struct err *err)
{
    for (int i = 0; i < COLUMNS; i++)
        buf_clear(&c->text[i]);
    buf_str(&c->text[C_NUMBER], e->number);
    buf_str(&c->text[C_KIND], entry_kind_code(e->kind));
    buf_str(&c->text[C_GENRE], e->genre);
    buf_str(&c->text[C_ROLE], e->role);
    buf_str(&c->text[C_TITLE], e->title);
    buf_str(&c->text[C_SOURCE], e->source);
    buf_str(&c->text[C_REQUIREMENT], e->requirement);
    put_day(&c->text[C_RECEIVED], received_day(e));
    shape_due(&c->text[C_DEADLINE], e->due);
    buf_str(&c->text[C_NO_DEADLINE_REASON], e->no_deadline_reason);
    buf_str(&c->text[C_URGENT], urgent_word(e));
    buf_str(&c->text[C_STATE], entry_state_code(e->state));
    put_day(&c->text[C_SETTLED], e->state == STATE_WITHDRAWN ? e->last_day : e->settled_day);
    buf_str(&c->text[C_RESULT], e->result);
    return put_names(c, C_LEAD_UNIT, e, LOOK_LEAD, &e->lead_id, 1, err) && put_names(c, C_ASSIST_UNITS, e, LOOK_ASSIST, e->assists, e->n_assists, err) &&
           put_names(c, C_OFFICER, e, LOOK_OFFICER, &e->officer_id, 1, err) && put_names(c, C_LEADER, e, LOOK_LEADER, &e->leader_id, 1, err) &&
           put_names(c, C_LISTS, e, LOOK_LIST, e->lists, e->n_lists, err);
}

/* FNV-1a: it tells a row that somebody typed in from one that nobody did, it proves nothing. */
static uint32_t add(uint32_t h, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (uint8_t)s.p[i]) * 16777619u;
    return (h ^ 0x1f) * 16777619u;
}

uint32_t cells_digest(const struct str *text, const struct extra *extra, size_t n_extra)
{
    uint32_t h = 2166136261u;
    for (int c = 0; c < COLUMNS; c++)
        if (c != C_VERSION)
            h = add(h, str_trim(text[c]));
    for (size_t i = 0; i < n_extra; i++)
        if (extra[i].value.n)
            h = add(add(h, extra[i].name), str_trim(extra[i].value));
    return h;
}

/* --- entries ------------------------------------------------------------------------------------------------------------------------------ */

struct out {
    struct db *db;
    struct table_writer *table;
    struct arena page;                           /* emptied with each row */
    struct arena kept;
    struct cells cells;
    struct extra *extra;                         /* all columns of the office */
    bool words;                                  /* labels and words instead of names and codes */
    size_t n_extra;
};

static void put_cell(struct out *o, const struct entry *e, int c)
{
    struct str s = o->cells.text[c].n ? buf_view(&o->cells.text[c]) : STR("");
    bool whole = e->due != INSTANT_NONE && e->due == day_start(instant_day(e->due));
    if (c == C_RECEIVED)
        table_put_day(o->table, received_day(e));
    else if (c == C_DEADLINE && whole)
        table_put_day(o->table, instant_day(e->due) - 1);
    else if (c == C_SETTLED)
        table_put_day(o->table, e->state == STATE_WITHDRAWN ? e->last_day : e->settled_day);
    else if (o->words && c == C_DEADLINE && e->due != INSTANT_NONE && e->due % 60000 == 0)
        table_put_instant(o->table, e->due);
    else
        table_put(o->table, o->words ? cell_word(&o->page, c, s) : s);
}

static bool put_entry(void *ctx, const struct entry *e, struct err *err)
{
    struct out *o = ctx;
    struct extra *mine = NULL;
    struct str text[COLUMNS];
    size_t n = 0, k = 0;
    arena_clear(&o->page);
    if (!cells_of(&o->cells, e, err) || (o->n_extra && !extra_of(o->db, &o->page, e->office_id, e->id, &mine, &n, err)))
        return false;
    for (int c = 0; c < COLUMNS; c++)
        text[c] = o->cells.text[c].n ? buf_view(&o->cells.text[c]) : STR("");
    for (int c = 0; c < C_VERSION; c++)
        put_cell(o, e, c);
    char version[40];
    int len = snprintf(version, sizeof version, "%lld.%08x", (long long)e->version, (unsigned)cells_digest(text, mine, n));
    table_put(o->table, str_n(version, (size_t)len));
    for (size_t i = 0; i < o->n_extra; i++) {
        bool here = k < n && mine[k].id == o->extra[i].id;
        table_put(o->table, here ? mine[k++].value : STR(""));
    }
    table_put_row(o->table);
    return true;
}

/* Only columns that one of these entries has something in: whoever sees none of it need not know that there is such a column. */
static bool use_entry(void *ctx, const struct entry *e, struct err *err)
{
    struct out *o = ctx;
    struct extra *mine;
    size_t n;
    arena_clear(&o->page);
    if (!extra_of(o->db, &o->page, e->office_id, e->id, &mine, &n, err))
        return false;
    for (size_t i = 0, k = 0; i < n; i++) {
        while (k < o->n_extra && o->extra[k].id < mine[i].id)
            k++;
        if (k < o->n_extra && o->extra[k].id == mine[i].id)
            o->extra[k].value = STR("used");
    }
    return true;
}

static bool find_extra(struct out *o, const struct actor *actor, const struct entry_filter *f, struct err *err)
{
    size_t used = 0;
    if (!extra_all(o->db, &o->kept, actor->office_id, &o->extra, &o->n_extra, err))
        return false;
    if (o->n_extra && !entry_each(o->db, actor, f, use_entry, o, err))
        return false;
    for (size_t i = 0; i < o->n_extra && used < TABLE_COLUMNS_MAX - COLUMNS; i++)
        if (o->extra[i].value.n)
            o->extra[used++] = o->extra[i];
    o->n_extra = used;
    return true;
}

static bool is_day(int c) { return c == C_RECEIVED || c == C_DEADLINE || c == C_SETTLED; }

static bool begin(struct out *o, enum lang lang, bool xlsx, struct buf *out, struct err *err)
{
    struct table_field *f = arena_array(&o->kept, struct table_field, COLUMNS + o->n_extra);
    for (int c = 0; c < COLUMNS; c++)
        f[c] = (struct table_field){ .name = str_c(o->words ? column_label(LANG_ZH, c) : column_name(c)), .type = is_day(c) ? CELL_DAY : CELL_TEXT, .wrap = c == C_TITLE || c == C_REQUIREMENT || c == C_RESULT,
                                     .width = c == C_TITLE || c == C_REQUIREMENT ? 40 : c == C_RESULT ? 30 : 0 };
    for (size_t i = 0; i < o->n_extra; i++)
        f[COLUMNS + i] = (struct table_field){ .name = o->extra[i].name, .type = CELL_TEXT };
    const struct table_plan plan = { .sheet = str_c(tr_text(lang, M_SHEET_ENTRIES)), .title = STR_NULL, .field = f, .n = COLUMNS + (int)o->n_extra, .lang = lang };
    return table_begin(xlsx ? FORMAT_XLSX : FORMAT_CSV, &plan, table_to_buf, out, &o->table, err);
}

bool sheet_export(struct db *db, const struct actor *actor, const struct entry_filter *f, const struct sheet_shape *shape, struct buf *out, struct err *err)
{
    struct out o = { .words = shape->words && shape->lang == LANG_ZH, .db = db, .page = ARENA_INIT(0), .kept = ARENA_INIT(0) };
    struct lookup names = { .db = db, .arena = &o.kept, .actor = actor };
    o.cells.names = &names;
    bool ok = find_extra(&o, actor, f, err) && begin(&o, shape->lang, shape->xlsx, out, err);
    if (ok && !entry_each(db, actor, f, put_entry, &o, err)) {
        table_drop(o.table);
        ok = false;
    } else if (ok) {
        ok = table_end(o.table, err);
    }
    cells_release(&o.cells);
    arena_release(&o.page);
    arena_release(&o.kept);
    return ok;
}
