/* Importing a year: read, weighed against the deadlines in force, taken, and the deadlines moved. */
#include "base/json.h"
#include "base/tr.h"
#include "calendar/festival.h"
#include "format/csv.h"
#include "office/entry/entry.h"
#include "office/workcal/workcal.h"
#include "people/member.h"
#include "store/journal.h"

enum { DAY_MS = 86400000, SOURCE_BYTES = 60 };

/* --- deadlines ----------------------------------------------------------------------------------------------------------------- */

/* The day a deadline ends in; a day's end is the next day's start. */
static day_t day_of(instant_t due) { return instant_day(due - 1); }

struct again {                                   /* one entry counted again */
    const struct entry_counted *ours, *units;    /* NULL when that one was not counted in working days */
    struct entry_redate to;
    enum workcal_fate fate;
};

static bool recount(const struct workdays *w, const struct entry_counted *c, instant_t *due)
{
    struct workdays_bounds b = workdays_add_bounds(w, c->anchor, c->days);
    day_t day = b.presumed ? b.earliest : b.likely;
    if (*due == INSTANT_NONE || day == DAY_NONE)
        return false;
    *due += (int64_t)(day - day_of(*due)) * DAY_MS;
    return true;
}

/* What a person confirmed stays; so do both when the unit's would come to lie behind ours, which no later act could keep. */
static struct again weigh(const struct workdays *w, const struct entry_counted *c, size_t n)
{
    struct again g = { .to = { .entry_id = c->entry_id, .due = c->due, .unit_due = c->unit_due } };
    for (size_t i = 0; i < n; i++) {
        *(c[i].unit ? &g.units : &g.ours) = &c[i];
        if (!c[i].confirmed && recount(w, &c[i], c[i].unit ? &g.to.unit_due : &g.to.due))
            *(c[i].unit ? &g.to.units : &g.to.ours) = true;
    }
    bool moves = g.to.due != c->due || g.to.unit_due != c->unit_due;
    if (moves && g.to.due != INSTANT_NONE && g.to.unit_due != INSTANT_NONE && g.to.unit_due > g.to.due) {
        g.to = (struct entry_redate){ .entry_id = c->entry_id, .due = c->due, .unit_due = c->unit_due };
        g.fate = DUE_UNIT_LATER;
    }
    return g;
}

static bool weigh_all(struct db *db, struct arena *a, int64_t office_id, const struct workdays *w, struct again **ret, size_t *n, struct err *err)
{
    struct entry_counted *c;
    size_t rows, take;
    if (!entry_counted(db, a, office_id, str_c(workdays_edition(w)), &c, &rows, err))
        return false;
    *ret = arena_array(a, struct again, rows + 1);
    *n = 0;
    for (size_t i = 0; i < rows; i += take) {
        take = i + 1 < rows && c[i + 1].entry_id == c[i].entry_id ? 2 : 1;
        (*ret)[(*n)++] = weigh(w, &c[i], take);
    }
    return true;
}

/* --- the plan -------------------------------------------------------------------------------------------------------------------- */

static void add_move(struct workcal_plan *p, const struct workdays *w, const struct entry_counted *c, const struct again *g)
{
    if (!c)
        return;
    instant_t was = c->unit ? c->unit_due : c->due, is = was;
    enum workcal_fate fate = c->confirmed ? DUE_CONFIRMED : g->fate;
    if (was == INSTANT_NONE || !recount(w, c, &is) || is == was)
        return;
    p->moves[p->n_moves++] = (struct workcal_move){ c->number, c->title, c->unit, day_of(was), day_of(is), fate };
    p->n_moving += fate == DUE_MOVES;
    p->n_staying += fate != DUE_MOVES;
}

/* Entries that the actor may not see are only counted. */
static bool plan_moves(struct db *db, struct arena *a, const struct actor *actor, struct workcal_plan *p, struct err *err)
{
    struct again *all;
    size_t n;
    if (!weigh_all(db, a, actor->office_id, p->after, &all, &n, err))
        return false;
    p->moves = arena_array(a, struct workcal_move, 2 * n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct entry_counted *c = all[i].ours ? all[i].ours : all[i].units;
        size_t before = p->n_moves;
        struct entry e;
        struct err hidden;
        add_move(p, p->after, all[i].ours, &all[i]);
        add_move(p, p->after, all[i].units, &all[i]);
        if (p->n_moves == before || entry_fetch(db, a, actor, c->number, &e, &hidden))
            continue;
        if (hidden.kind != ERR_NOT_FOUND) {
            *err = hidden;
            return false;
        }
        p->n_unseen += p->n_moves - before;
        p->n_moves = before;
    }
    return true;
}

/* 国办发明电〔2025〕7号, where the pasted text has it. */
static struct str number_of(struct arena *a, struct str text)
{
    static const char *const OFFICES[] = { "国办发明电", "国办发" };
    for (size_t i = 0; i < ARRAY_LEN(OFFICES); i++) {
        ptrdiff_t at = str_find(text, str_c(OFFICES[i]));
        struct str from = at < 0 ? STR("") : str_sub(text, (size_t)at, SOURCE_BYTES);
        ptrdiff_t end = str_find(from, STR("号"));
        if (end > 0 && str_chr(str_sub(from, 0, (size_t)end), '\n') < 0)
            return arena_str(a, str_sub(from, 0, (size_t)end + STR("号").n));
    }
    return STR("");
}

static void count_days(struct workcal_plan *p)
{
    for (size_t i = 0; i < p->notice.n; i++) {
        const struct workdays_row *r = &p->notice.row[i];
        p->makeup += r->works;
        p->off += !r->works;
        p->off_weekdays += !r->works && date_weekday(r->day) <= 5;
    }
    p->statutory = festival_statutory(p->notice.year);
}

bool workcal_plan(struct db *db, struct arena *a, const struct actor *actor, struct str text, bool own, struct workcal_plan *ret, struct err *err)
{
    struct csv decoded;
    const struct workdays *now;
    *ret = (struct workcal_plan){ .own = own, .problems = PROBLEMS_INIT, .doubts = PROBLEMS_INIT };
    if (!csv_open(a, text, &decoded, err))       /* UTF-8 without mark, or GB18030 */
        return false;
    ret->good = notice_read(a, decoded.text, &ret->notice, &ret->problems, &ret->doubts);
    if (!ret->good)
        return true;
    if (own)
        problems_release(&ret->doubts);
    count_days(ret);
    ret->source = number_of(a, decoded.text);
    if (!workcal_get(db, a, actor->office_id, &now, err) || !workcal_preview(db, a, actor->office_id, &ret->notice, own, &ret->after, err) ||
        !workcal_holds(db, a, own ? actor->office_id : STORE_OFFICE_SHARED, &ret->notice, &ret->held, err) || !plan_moves(db, a, actor, ret, err))
        return false;
    ret->changed = workdays_diff(now, ret->after, NULL, 0);
    ret->spans = workcal_spans(ret->after, a, ret->notice.year, &ret->n_spans);
    return true;
}

void workcal_plan_release(struct workcal_plan *p)
{
    problems_release(&p->problems);
    problems_release(&p->doubts);
    workdays_free(p->after);
    p->after = NULL;
}

/* --- the writes --------------------------------------------------------------------------------------------------------------------- */

bool workcal_take(struct txn *t, void *taking, struct err *err)
{
    const struct workcal_taking *k = taking;
    struct actor actor;
    bool held;
    if (!actor_load(t->db, t->arena, k->office_id, k->member_id, t->today, &actor, err))
        return false;
    if (!actor_is(&actor, ROLE_CALENDAR))
        return err_fail(err, ERR_DENIED, M_WORKCAL_ONLY_KEEPERS, NULL);
    t->deputy_of = actor_lender(&actor, ROLE_CALENDAR);
    if (!workcal_holds(t->db, t->arena, t->office_id, &k->plan->notice, &held, err))
        return false;
    return held || workcal_put(t, &k->plan->notice, k->plan->source, k->office_id, err);
}

/* Words of the record are in the ledger's language, whoever reads them later. */
static struct str reason(struct arena *a, int year)
{
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    tr(&b, LANG_ZH, M_WORKCAL_MOVE_REASON, (struct arg[]){ A_INT(year) }, 1);
    return arena_str(a, buf_view(&b));
}

bool workcal_move(struct txn *t, void *moving, struct err *err)
{
    struct workcal_moving *m = moving;
    const struct workdays *w;
    struct again *all;
    size_t n, n_again = 0;
    m->moved = 0;
    if (!workcal_get(t->db, t->arena, t->office_id, &w, err) || !weigh_all(t->db, t->arena, t->office_id, w, &all, &n, err))
        return false;
    struct entry_redate *to = arena_array(t->arena, struct entry_redate, n + 1);
    for (size_t i = 0; i < n; i++)
        if (all[i].to.ours || all[i].to.units)
            to[n_again++] = all[i].to;
    if (n_again == 0)
        return true;
    struct str edition = str_c(workdays_edition(w));
    if (!entry_redate(t, to, n_again, reason(t->arena, m->year), edition, &m->moved, err))
        return false;
    _cleanup_(buf_release) struct buf after = BUF_INIT;
    json_obj(&after);
    json_put_str(&after, "edition", edition);
    json_put_int(&after, "counted", (int64_t)n_again);
    json_put_int(&after, "moved", m->moved);
    json_obj_end(&after);
    return journal_add(t, &(struct journal_line){ .day = DAY_NONE, .entity = STR("calendar"), .entity_id = m->year, .verb = STR("recount"), .before = STR(""),
                                                  .after = buf_view(&after) }, err);
}

bool workcal_offices(struct db *db, struct arena *a, const struct actor *actor, bool own, struct workcal_office **ret, size_t *n, struct err *err)
{
    struct office *all;
    size_t n_all = 0;
    if (!own && !office_list(db, a, &all, &n_all, err))
        return false;
    *ret = arena_array(a, struct workcal_office, n_all + 1);
    (*ret)[0] = (struct workcal_office){ actor->office_id, actor->member_id };
    *n = 1;
    for (size_t i = 0; i < n_all; i++) {
        struct member console;
        bool found;
        if (all[i].id == actor->office_id)
            continue;
        if (!member_find(db, a, all[i].id, STR("console"), 0, &console, &found, err))
            return false;
        (*ret)[(*n)++] = (struct workcal_office){ all[i].id, found ? console.id : 0 };
    }
    return true;
}

/* --- a year as people read it ----------------------------------------------------------------------------------------------------------- */

struct workcal_span *workcal_spans(const struct workdays *w, struct arena *a, int year, size_t *n)
{
    struct workcal_span *spans = arena_array(a, struct workcal_span, 366);
    *n = 0;
    for (day_t d = date_day(year, 1, 1); d < date_day(year + 1, 1, 1); d++) {
        struct day_status s;
        workdays_is(w, d, &s);
        if (s.kind != DAY_HOLIDAY && s.kind != DAY_MAKEUP)
            continue;
        struct workcal_span *last = *n ? &spans[*n - 1] : NULL;
        bool own = s.origin == DAY_OFFICE;
        if (last && last->last + 1 == d && !s.works && !last->works && last->own == own && str_eq(last->name, s.name)) {
            last->last = d;
            last->days++;
        } else {
            spans[(*n)++] = (struct workcal_span){ d, d, 1, s.works, own, s.name };
        }
    }
    return spans;
}
