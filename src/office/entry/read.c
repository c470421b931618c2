/* Reading entries through the actor: one, its history, the lists. */
#include "messages.h"
#include "office/entry/inside.h"
#include "store/filter.h"

enum { LINES_MAX = 1001 };                       /* a page of 1,000, and one to know that there are more */

bool entry_fetch(struct db *db, struct arena *a, const struct actor *actor, struct str number, struct entry *ret, struct err *err)
{
    for (int i = 0; i < actor->n_parties; i++) {
        struct entry_row row;
        bool found;
        if (!q_entry_seen(db, a, &(struct entry_seen_in){ actor->office_id, actor->parties[i], number }, &row, &found, err))
            return false;
        if (!found)
            continue;
        struct entry e = entry_from_row(&row);
        if (!entry_load_sets(db, a, &e, err))
            return false;
        *ret = e;
        return true;
    }
    return err_fail(err, ERR_NOT_FOUND, M_ENTRY_NOT_FOUND, "number", A_STR(number));
}

bool entry_by_id(struct db *db, struct arena *a, int64_t office_id, int64_t id, struct entry *ret, bool *found, struct err *err)
{
    struct entry_row row;
    if (!q_entry_of_id(db, a, &(struct entry_of_id_in){ office_id, id }, &row, found, err))
        return false;
    if (!*found)
        return true;
    *ret = entry_from_row(&row);
    return entry_load_sets(db, a, ret, err);
}

bool entry_history(struct db *db, struct arena *a, const struct actor *actor, const struct entry *e, struct act **ret, size_t *n, struct err *err)
{
    struct act_list_row *rows;
    if (!q_act_list(db, a, &(struct act_list_in){ actor->office_id, e->id }, &rows, n, err))
        return false;
    struct act *acts = arena_array(a, struct act, *n);
    for (size_t i = 0; i < *n; i++) {
        const struct act_list_row *r = &rows[i];
        struct str actor_name = r->actor.p ? r->actor : STR("");
        if (r->deputy_of)
            actor_name = arena_printf(a, "%.*s（代%.*s）", STR_ARG(actor_name), STR_ARG(r->deputy));
        acts[i] = (struct act){
            .n = r->n, .journal_seq = r->journal_seq, .at = r->at, .day = r->day, .actor_id = r->actor_id, .deputy_of = r->deputy_of,
            .actor_name = actor_name, .recorded_for = r->recorded_for, .from = STATE_NONE, .to = STATE_NONE, .text = r->text,
            .change = r->change, .corrects = r->corrects,
        };
        entry_verb_read(r->verb, &acts[i].verb);
        if (r->from_state.n)
            entry_state_read(r->from_state, &acts[i].from);
        entry_state_read(r->to_state, &acts[i].to);
    }
    *ret = acts;
    return true;
}

/* --- lists ------------------------------------------------------------------------------------------------------------------------ */

static struct entry_line line_from_row(const struct line_row *r)
{
    struct entry_line l = {
        .id = r->id, .number = r->number, .title = r->title, .source = r->source, .requirement = r->requirement, .reading = r->reading,
        .due = r->due, .unit_due = r->unit_due, .day = r->day, .settled_day = r->settled_day, .last_day = r->last_day,
        .lead = r->lead.p ? r->lead : STR(""), .officer = r->officer.p ? r->officer : STR(""), .leader = r->leader.p ? r->leader : STR(""),
        .lead_id = r->lead_id, .officer_id = r->officer_id, .leader_id = r->leader_id, .urgency = r->urgency, .progress = r->progress,
        .result = r->result, .late = r->late, .carried = r->carried, .order_due = r->due == INSTANT_NONE ? INT64_MAX : r->due,
    };
    entry_kind_read(r->kind, &l.kind);
    entry_state_read(r->state, &l.state);
    return l;
}

/* A page without holes, as the ledger mostly is: one statement. Nothing when the ids lie too far apart, or one is not there. */
static bool lines_near(struct db *db, struct arena *a, int64_t office_id, const struct stand_hit *hits, size_t n, struct entry_line *lines, bool *done,
                       struct err *err)
{
    enum { FEW = 8, FAR = 2 };                   /* ids for each hit */
    struct line_row *row;
    size_t n_rows;
    int64_t first = INT64_MAX, last = 0;
    for (size_t i = 0; i < n; i++) {
        first = hits[i].entry_id < first ? hits[i].entry_id : first;
        last = hits[i].entry_id > last ? hits[i].entry_id : last;
    }
    *done = false;
    if (n < FEW || last - first >= (int64_t)(FAR * n))
        return true;
    if (!q_entry_lines_between(db, a, &(struct entry_lines_between_in){ office_id, first, last }, &row, &n_rows, err))
        return false;
    struct line_row **at = arena_array(a, struct line_row *, FAR * n);
    for (size_t i = 0; i < n_rows; i++)
        at[row[i].id - first] = &row[i];
    for (size_t i = 0; i < n; i++) {
        struct line_row *r = at[hits[i].entry_id - first];
        if (!r)
            return true;
        lines[i] = line_from_row(r);
        lines[i].order_due = hits[i].due;
    }
    *done = true;
    return true;
}

/* The ids came through stand; their lines are read one by one where they are no neighbours, so that a list costs the rows it shows. */
static bool lines_of(struct db *db, struct arena *a, int64_t office_id, const struct stand_hit *hits, size_t n, struct entry_line **ret,
                     struct err *err)
{
    struct entry_line *lines = arena_array(a, struct entry_line, n);
    bool done;
    if (!lines_near(db, a, office_id, hits, n, lines, &done, err))
        return false;
    for (size_t i = 0; !done && i < n; i++) {
        struct line_row row;
        bool found;
        if (!q_entry_line_of_id(db, a, &(struct entry_line_of_id_in){ office_id, hits[i].entry_id }, &row, &found, err))
            return false;
        if (!found)
            return err_fail(err, ERR_CORRUPT, M_ENTRY_STAND_WITHOUT_ENTRY, NULL, A_INT(hits[i].entry_id));
        lines[i] = line_from_row(&row);
        lines[i].order_due = hits[i].due;
        if (arena_over(a))
            return err_fail(err, ERR_LIMIT, M_BASE_TOO_MANY_ROWS, NULL);
    }
    *ret = lines;
    return true;
}

static struct stand_filter filter_of(const struct actor *actor, const struct entry_filter *f)
{
    static const enum stand_order ORDER[ENTRY_ORDERS] = {
        [ENTRY_NEWEST] = STAND_NEWEST, [ENTRY_OLDEST] = STAND_OLDEST, [ENTRY_BY_DUE] = STAND_BY_DUE, [ENTRY_BY_NUMBER] = STAND_BY_NUMBER,
        [ENTRY_BY_UNIT] = STAND_OLDEST, [ENTRY_BY_LEADER] = STAND_OLDEST,
    };
    return (struct stand_filter){
        .office_id = actor->office_id, .parties = actor->parties, .n_parties = actor->n_parties,
        .state = f->state >= 0 ? entry_state_code((enum entry_state)f->state) : STR_NULL, .open = f->state == -2 ? 1 : -1,
        .kind = f->kind >= 0 ? entry_kind_code((enum entry_kind)f->kind) : STR_NULL, .reading = f->reading, .unit_id = f->unit_id,
        .list_id = f->list_id, .officer_id = f->officer_id, .leader_id = f->leader_id, .urgency = f->urgency, .progress = f->progress,
        .instruction = f->instruction, .carried = f->carried, .day_from = f->day_from, .day_to = f->day_to, .due_from = f->due_from,
        .due_to = f->due_to, .settled_from = f->settled_from, .settled_to = f->settled_to, .span_from = f->span_from, .span_to = f->span_to,
        .words = f->q, .after = f->after, .after_due = f->after_due, .after_number = f->after_number, .few = actor_is(actor, ROLE_LIAISON),
        .limit = f->limit > 0 ? f->limit : LINES_MAX, .order = ORDER[f->order],
    };
}

/* --- in groups: by unit or leader in official order, or the units of a category ------------------------------------------------------------- */

struct groups {
    int64_t *id;                                 /* units or leaders; -1: entries without one, and only those */
    size_t n, cap;
};

static bool groups_of(struct db *db, struct arena *a, const struct actor *actor, const struct entry_filter *f, struct groups *g, struct err *err)
{
    struct party *p;
    size_t n;
    bool leaders = f->order == ENTRY_BY_LEADER;
    int64_t only = leaders ? f->leader_id : f->unit_id;
    for (int kind = leaders ? PARTY_LEADER : PARTY_SECTION; kind <= (leaders ? PARTY_LEADER : PARTY_UNIT); kind++) {
        if (!party_list(db, a, actor->office_id, (enum party_kind)kind, true, &p, &n, err))
            return false;
        for (size_t i = 0; i < n; i++)
            if ((!only || only == p[i].id) && (leaders || !f->category.p || str_eq(f->category, p[i].category)))
                arena_push(a, g->id, g->n, g->cap) = p[i].id;
    }
    if (!only && (leaders || !f->category.p))
        arena_push(a, g->id, g->n, g->cap) = -1;
    return true;
}

static bool find(struct db *db, struct arena *a, const struct actor *actor, const struct entry_filter *f, bool any, struct stand_hit **ret, size_t *n,
                 struct err *err);

/* One group after the other until there are enough. */
static bool find_in_groups(struct db *db, struct arena *a, const struct actor *actor, const struct entry_filter *f, struct stand_hit **ret, size_t *n,
                           struct err *err)
{
    struct groups g = { 0 };
    struct stand_hit *all = NULL, *hits;
    size_t total = 0, cap = 0, m;
    bool behind = f->after_group == 0;
    if (!groups_of(db, a, actor, f, &g, err))
        return false;
    struct entry_filter one = *f;
    one.order = ENTRY_OLDEST;
    if (f->order == ENTRY_BY_UNIT)
        one.category = STR_NULL;
    for (size_t i = 0; i < g.n && total < (size_t)f->limit; i++) {
        bool here = g.id[i] == f->after_group;
        if (!behind && !here)
            continue;
        behind = true;
        *(f->order == ENTRY_BY_LEADER ? &one.leader_id : &one.unit_id) = g.id[i];
        one.after = here ? f->after : 0;
        one.limit = f->limit - (int)total;
        if (!find(db, a, actor, &one, false, &hits, &m, err))
            return false;
        for (size_t k = 0; k < m; k++)
            arena_push(a, all, total, cap) = hits[k];
    }
    *ret = all;
    *n = total;
    return true;
}

/* The units of a category, each walked by itself, then merged. any: whichever are found first will do, for counting. */
static bool find_in_category(struct db *db, struct arena *a, const struct actor *actor, const struct entry_filter *f, bool any, struct stand_hit **ret,
                             size_t *n, struct err *err)
{
    struct groups g = { 0 };
    struct stand_hit *all = NULL, *hits;
    size_t total = 0, cap = 0, m;
    struct stand_filter s = filter_of(actor, f);
    if (!groups_of(db, a, actor, &(struct entry_filter){ .unit_id = f->unit_id, .category = f->category }, &g, err))
        return false;
    for (size_t i = 0; i < g.n && !(any && total >= (size_t)s.limit); i++) {
        s.unit_id = g.id[i];
        if (!stand_find(db, a, &s, &hits, &m, err))
            return false;
        for (size_t k = 0; k < m; k++)
            arena_push(a, all, total, cap) = hits[k];
    }
    *ret = all;
    *n = stand_merge(all, total, s.order, (size_t)s.limit);
    return true;
}

static bool find(struct db *db, struct arena *a, const struct actor *actor, const struct entry_filter *f, bool any, struct stand_hit **ret, size_t *n,
                 struct err *err)
{
    if (f->order == ENTRY_BY_UNIT || f->order == ENTRY_BY_LEADER)
        return find_in_groups(db, a, actor, f, ret, n, err);
    if (f->category.p)
        return find_in_category(db, a, actor, f, any, ret, n, err);
    struct stand_filter s = filter_of(actor, f);
    s.any = any;
    return stand_find(db, a, &s, ret, n, err);
}

bool entry_lines(struct db *db, struct arena *a, const struct actor *actor, const struct entry_filter *f, struct entry_line **ret, size_t *n,
                 struct err *err)
{
    struct entry_filter page = *f;
    struct stand_hit *hits;
    page.limit = f->limit > 0 && f->limit < LINES_MAX ? f->limit : LINES_MAX;
    return find(db, a, actor, &page, false, &hits, n, err) && lines_of(db, a, actor->office_id, hits, *n, ret, err);
}

bool entry_line_of(struct db *db, struct arena *a, const struct actor *actor, struct str number, struct entry_line *ret, struct err *err)
{
    struct entry e;
    struct entry_line *line;
    if (!entry_fetch(db, a, actor, number, &e, err) ||
        !lines_of(db, a, actor->office_id, &(struct stand_hit){ INSTANT_NONE, e.id }, 1, &line, err))
        return false;
    *ret = *line;
    return true;
}

bool entry_count(struct db *db, struct arena *a, const struct actor *actor, const struct entry_filter *f, int cap, int *ret, struct err *err)
{
    struct entry_filter counted = *f;
    counted.limit = cap;
    counted.order = ENTRY_NEWEST;
    counted.after = counted.after_group = 0;
    struct stand_hit *hits;
    size_t n;
    if (!find(db, a, actor, &counted, true, &hits, &n, err))
        return false;
    *ret = (int)n;
    return true;
}

struct walk {
    struct arena *arena;
    struct stand_hit *hits;
    size_t n, cap;
};

static bool walk_row(void *ctx, const struct stand_due_walk_row *r, bool *stop, struct err *err)
{
    struct walk *w = ctx;
    (void)stop;
    (void)err;
    arena_push(w->arena, w->hits, w->n, w->cap) = (struct stand_hit){ r->due, r->entry_id };
    return true;
}

/* Lists that every morning reads: the lines of the home party come with its walk in one statement; of the other parties, whose matters mostly are the same,
 * only what is new is read one by one. */
static int64_t home_of(const struct actor *actor) { return actor_has_party(actor, actor->home_id) ? actor->home_id : 0; }

static bool merge_lines(struct db *db, struct arena *a, int64_t office_id, struct walk *w, const struct line_row *row, size_t n_rows, enum stand_order order,
                        int limit, struct entry_line **ret, size_t *n, struct err *err)
{
    bool others = w->n > 0;                      /* else the home party's own order stands: a unit's goes by its own deadline */
    for (size_t i = 0; i < n_rows; i++)
        arena_push(a, w->hits, w->n, w->cap) = (struct stand_hit){ row[i].due, row[i].id };
    if (others)
        w->n = stand_merge(w->hits, w->n, order, (size_t)limit);
    struct entry_line *lines = arena_array(a, struct entry_line, w->n);
    for (size_t i = 0; i < w->n; i++) {
        size_t k = 0;
        while (k < n_rows && row[k].id != w->hits[i].entry_id)
            k++;
        struct entry_line *one;
        if (k < n_rows)
            lines[i] = line_from_row(&row[k]);
        else if (lines_of(db, a, office_id, &w->hits[i], 1, &one, err))
            lines[i] = *one;
        else
            return false;
    }
    *ret = lines;
    *n = w->n;
    return true;
}

bool entry_due_lines(struct db *db, struct arena *a, const struct actor *actor, instant_t from, instant_t until, int limit,
                     struct entry_line **ret, size_t *n, struct err *err)
{
    struct walk w = { .arena = a };
    struct line_row *row;
    size_t n_rows;
    if (!q_stand_due_lines(db, a, &(struct stand_due_lines_in){ actor->office_id, home_of(actor), from, until, limit }, &row, &n_rows, err))
        return false;
    for (int i = 0; i < actor->n_parties; i++)
        if (actor->parties[i] != actor->home_id &&
            !q_stand_due_walk(db, &(struct stand_due_walk_in){ actor->office_id, actor->parties[i], from, until, limit }, walk_row, &w, err))
            return false;
    return merge_lines(db, a, actor->office_id, &w, row, n_rows, STAND_BY_DUE, limit, ret, n, err);
}

static bool state_row(void *ctx, const struct stand_state_walk_row *r, bool *stop, struct err *err)
{
    return walk_row(ctx, &(struct stand_due_walk_row){ .entry_id = r->entry_id }, stop, err);
}

static bool new_row(void *ctx, const struct stand_new_walk_row *r, bool *stop, struct err *err)
{
    return walk_row(ctx, &(struct stand_due_walk_row){ .entry_id = r->entry_id }, stop, err);
}

bool entry_new_lines(struct db *db, struct arena *a, const struct actor *actor, int state, int limit, struct entry_line **ret, size_t *n,
                     struct err *err)
{
    int64_t office = actor->office_id, home = home_of(actor);
    struct str code = state < 0 ? STR_NULL : entry_state_code((enum entry_state)state);
    struct walk w = { .arena = a };
    struct line_row *row;
    size_t n_rows;
    bool ok = state < 0 ? q_stand_new_lines(db, a, &(struct stand_new_lines_in){ office, home, limit }, &row, &n_rows, err)
                        : q_stand_state_lines(db, a, &(struct stand_state_lines_in){ office, home, code, limit }, &row, &n_rows, err);
    for (int i = 0; ok && i < actor->n_parties; i++) {
        int64_t party = actor->parties[i];
        if (party == actor->home_id)
            continue;
        ok = state < 0 ? q_stand_new_walk(db, &(struct stand_new_walk_in){ office, party, limit }, new_row, &w, err)
                       : q_stand_state_walk(db, &(struct stand_state_walk_in){ office, party, code, limit }, state_row, &w, err);
    }
    return ok && merge_lines(db, a, office, &w, row, n_rows, STAND_NEWEST, limit, ret, n, err);
}

bool entry_asked(struct db *db, struct arena *a, const struct actor *actor, int limit, struct entry_asking **ret, size_t *n, struct err *err)
{
    struct stand_asked_row *row;
    if (!q_stand_asked(db, a, &(struct stand_asked_in){ actor->office_id, home_of(actor), limit }, &row, n, err))
        return false;
    *ret = arena_array(a, struct entry_asking, *n + 1);
    for (size_t i = 0; i < *n; i++)
        (*ret)[i] = (struct entry_asking){ row[i].number, row[i].title, row[i].lead.p ? row[i].lead : STR(""), row[i].asked_due };
    return true;
}

/* --- what an entry was made of and taken from ---------------------------------------------------------------------------------------- */

static bool part_row(void *ctx, const struct entry_parts_seen_row *r, bool *stop, struct err *err)
{
    struct walk *w = ctx;
    (void)stop;
    (void)err;
    arena_push(w->arena, w->hits, w->n, w->cap) = (struct stand_hit){ INSTANT_NONE, r->entry_id };
    return true;
}

static bool stands_beside(struct db *db, struct arena *a, const struct actor *actor, int64_t entry_id, bool *ret, struct err *err)
{
    struct entry_stands_beside_row row = { 0 };
    bool found;
    *ret = false;
    for (int i = 0; i < actor->n_parties && !*ret; i++) {
        if (!q_entry_stands_beside(db, a, &(struct entry_stands_beside_in){ actor->office_id, actor->parties[i], entry_id }, &row, &found, err))
            return false;
        *ret = row.n > 0;
    }
    return true;
}

bool entry_kin(struct db *db, struct arena *a, const struct actor *actor, const struct entry *e, struct entry_kin *ret, struct err *err)
{
    struct walk w = { .arena = a };
    bool sees = false;
    *ret = (struct entry_kin){ 0 };
    if (e->parent_id && !stands_beside(db, a, actor, e->parent_id, &sees, err))
        return false;
    if (sees && !lines_of(db, a, actor->office_id, &(struct stand_hit){ INSTANT_NONE, e->parent_id }, 1, &ret->parent, err))
        return false;
    for (int i = 0; i < actor->n_parties; i++)
        if (!q_entry_parts_seen(db, &(struct entry_parts_seen_in){ actor->office_id, actor->parties[i], e->id }, part_row, &w, err))
            return false;
    ret->n_parts = stand_merge(w.hits, w.n, STAND_OLDEST, ENTRY_PARTS_MAX);
    return lines_of(db, a, actor->office_id, w.hits, ret->n_parts, &ret->parts, err);
}

bool entry_acted(struct db *db, struct arena *a, const struct actor *actor, int64_t entry_id, enum entry_verb verb, bool *ret, struct err *err)
{
    struct act_count_row row;
    bool found;
    if (!q_act_count(db, a, &(struct act_count_in){ actor->office_id, entry_id, actor->member_id, entry_verb_code(verb) }, &row, &found, err))
        return false;
    *ret = row.n > 0;
    return true;
}

/* --- whole rows --------------------------------------------------------------------------------------------------------------------- */

typedef bool each_fn(void *ctx, const struct entry *e, struct err *err);

static void add_sets(struct entry *e, const struct pair_row *list, size_t n_list, size_t *l, const struct pair_row *assist, size_t n_assist, size_t *k)
{
    for (; *l < n_list && list[*l].entry_id <= e->id; ++*l)
        if (list[*l].entry_id == e->id && e->n_lists < ENTRY_LISTS_MAX)
            e->lists[e->n_lists++] = list[*l].id;
    for (; *k < n_assist && assist[*k].entry_id <= e->id; ++*k)
        if (assist[*k].entry_id == e->id && e->n_assists < ENTRY_ASSISTS_MAX)
            e->assists[e->n_assists++] = assist[*k].id;
}

/* Three statements for a page of neighbours instead of three for each of them. */
static bool each_near(struct db *db, struct arena *a, int64_t office_id, const struct stand_hit *hits, size_t n, each_fn *row, void *ctx, struct err *err)
{
    struct entry_rows_between_in in = { office_id, hits[0].entry_id, hits[n - 1].entry_id };
    struct entry_row *rows;
    struct pair_row *list, *assist;
    size_t n_rows, n_list, n_assist, l = 0, k = 0, h = 0;
    if (!q_entry_rows_between(db, a, &in, &rows, &n_rows, err) ||
        !q_entry_lists_between(db, a, &(struct entry_lists_between_in){ in.office_id, in.first, in.last }, &list, &n_list, err) ||
        !q_entry_assists_between(db, a, &(struct entry_assists_between_in){ in.office_id, in.first, in.last }, &assist, &n_assist, err))
        return false;
    for (size_t i = 0; i < n_rows; i++) {
        struct entry e = entry_from_row(&rows[i]);
        add_sets(&e, list, n_list, &l, assist, n_assist, &k);
        while (h < n && hits[h].entry_id < e.id)
            h++;
        if (h < n && hits[h].entry_id == e.id && !row(ctx, &e, err))
            return false;
    }
    return true;
}

static bool each_one(struct db *db, int64_t office_id, const struct stand_hit *hits, size_t n, each_fn *row, void *ctx, struct err *err)
{
    struct arena one _cleanup_(arena_release) = ARENA_INIT(0);
    for (size_t i = 0; i < n; i++) {
        struct entry e;
        bool found;
        arena_clear(&one);
        if (!entry_by_id(db, &one, office_id, hits[i].entry_id, &e, &found, err) || (found && !row(ctx, &e, err)))
            return false;
    }
    return true;
}

bool entry_each(struct db *db, const struct actor *actor, const struct entry_filter *f, each_fn *row, void *ctx, struct err *err)
{
    enum { FAR = 4 };                            /* ids for each hit, from which on reading the neighbours costs more than asking one by one */
    struct arena page _cleanup_(arena_release) = ARENA_INIT(0);
    struct entry_filter all = *f;
    struct stand_hit *hits;
    size_t n;
    all.order = ENTRY_OLDEST;
    all.limit = LINES_MAX;
    all.after = 0;
    do {
        arena_clear(&page);
        if (!find(db, &page, actor, &all, false, &hits, &n, err))
            return false;
        bool near = n && hits[n - 1].entry_id - hits[0].entry_id < (int64_t)(FAR * n);
        if (n && !(near ? each_near(db, &page, actor->office_id, hits, n, row, ctx, err) : each_one(db, actor->office_id, hits, n, row, ctx, err)))
            return false;
        all.after = n ? hits[n - 1].entry_id : all.after;
    } while (n == LINES_MAX);
    return true;
}

bool entry_version(struct db *db, struct arena *a, const struct actor *actor, struct str number, int64_t *ret, struct err *err)
{
    struct entry_version_seen_row row;
    bool found = false;
    *ret = 0;
    for (int i = 0; i < actor->n_parties && !found; i++)
        if (!q_entry_version_seen(db, a, &(struct entry_version_seen_in){ actor->office_id, actor->parties[i], number }, &row, &found, err))
            return false;
    *ret = found ? row.version : 0;
    return true;
}
