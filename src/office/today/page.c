/* GET / and GET /week. Each block asks one bounded question, so the page costs what it shows, however long the ledger is. */
#include "office/today/today.h"
#include "today_html.h"

/* What a morning's reading takes in; the rest is one press away. Rows are most of the page's cost. */
enum { OVERDUE_MAX = 8, DUE_MAX = 8, WAITING_MAX = 4, ASKED_MAX = 5, RECENT_MAX = 4, READING_MAX = 30 };

struct want {                                    /* one block: where its rows come from and how it is called */
    int title;
    const char *css, *href;
    int max;
};

/* Takes one row more than is shown, to know whether there are more. */
static bool fill(struct req *rq, const struct lights *l, const struct want *k, struct entry_line *e, size_t n, struct group *g)
{
    *g = (struct group){ .title = k->title, .css = k->css, .href = k->href, .more = n > (size_t)k->max };
    g->n = g->more ? (size_t)k->max : n;
    g->rows = arena_array(rq->arena, struct line_view, g->n + 1);
    for (size_t i = 0; i < g->n; i++)
        face_line(rq, l, &e[i], &g->rows[i]);
    return g->n > 0;
}

static bool due_block(struct req *rq, const struct lights *l, struct want k, instant_t from, instant_t until, struct group *g, size_t *n_groups,
                      struct err *err)
{
    struct entry_line *e;
    size_t n;
    if (!entry_due_lines(rq->db, rq->arena, rq->actor, from, until, k.max + 1, &e, &n, err))
        return false;
    *n_groups += fill(rq, l, &k, e, n, g + *n_groups);
    return true;
}

static bool filter_block(struct req *rq, const struct lights *l, struct want k, struct entry_filter f, struct group *g, size_t *n_groups,
                         struct err *err)
{
    struct entry_line *e;
    size_t n;
    f.limit = k.max + 1;
    if (!entry_lines(rq->db, rq->arena, rq->actor, &f, &e, &n, err))
        return false;
    *n_groups += fill(rq, l, &k, e, n, g + *n_groups);
    return true;
}

static bool shown(const struct today_page *v, int64_t id)
{
    for (size_t i = 0; i < v->n_groups; i++)
        for (size_t k = 0; k < v->group[i].n; k++)
            if (v->group[i].rows[k].id == id)
                return true;
    return false;
}

/* The latest registrations that do not stand in a block above already. */
static bool recent_block(struct req *rq, const struct lights *l, struct today_page *v, struct err *err)
{
    struct entry_line *e;
    size_t n, kept = 0;
    if (!entry_new_lines(rq->db, rq->arena, rq->actor, -1, RECENT_MAX + 2, &e, &n, err))
        return false;
    for (size_t i = 0; i < n && kept < RECENT_MAX; i++)
        if (!shown(v, e[i].id))
            e[kept++] = e[i];
    v->n_groups += fill(rq, l, &(struct want){ M_TODAY_RECENT, "", "/entries", RECENT_MAX }, e, kept, v->group + v->n_groups);
    return true;
}

/* Papers to read are the first thing a leader sees; those circled (圈阅) wait no more. */
static bool reading_block(struct req *rq, const struct lights *l, struct today_page *v, struct err *err)
{
    struct entry_filter f = ENTRY_FILTER_ANY;
    struct entry_line *e;
    size_t n, kept = 0;
    f.state = -2;
    f.reading = 1;
    f.limit = READING_MAX;
    if (!entry_lines(rq->db, rq->arena, rq->actor, &f, &e, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        bool circled;
        if (!entry_acted(rq->db, rq->arena, rq->actor, e[i].id, VERB_FEEDBACK, &circled, err))
            return false;
        if (!circled)
            e[kept++] = e[i];
    }
    v->n_groups += fill(rq, l, &(struct want){ M_TODAY_READING, "", "/entries?reading=1", WAITING_MAX }, e, kept, v->group + v->n_groups);
    return true;
}

static bool state_block(struct req *rq, const struct lights *l, struct want k, enum entry_state state, struct group *g, size_t *n_groups,
                        struct err *err)
{
    struct entry_line *e;
    size_t n;
    if (!entry_new_lines(rq->db, rq->arena, rq->actor, (int)state, k.max + 1, &e, &n, err))
        return false;
    *n_groups += fill(rq, l, &k, e, n, g + *n_groups);
    return true;
}

static bool asked(struct req *rq, struct today_page *v, struct err *err)
{
    struct entry_asking *e;
    if (!entry_asked(rq->db, rq->arena, rq->actor, ASKED_MAX, &e, &v->n_asked, err))
        return false;
    v->asked = arena_array(rq->arena, struct asked_line, v->n_asked + 1);
    for (size_t i = 0; i < v->n_asked; i++)
        v->asked[i] = (struct asked_line){ e[i].number, e[i].title, e[i].lead, instant_day(e[i].asked_due - 1) };
    return true;
}

/* What waits for this reader's hand: checks and returned matters for the section, new ones for a unit. */
static bool waiting(struct req *rq, const struct lights *l, struct today_page *v, struct err *err)
{
    static const enum entry_state SECTION[] = { STATE_REVIEW, STATE_RETURNED }, UNIT[] = { STATE_PENDING };
    const enum entry_state *state = v->section ? SECTION : UNIT;
    size_t n_states = v->section ? ARRAY_LEN(SECTION) : ARRAY_LEN(UNIT), n = 0;
    const char *href = v->section ? "/entries?state=review" : "/entries?state=pending";
    struct group part[2];
    for (size_t i = 0; i < n_states; i++)
        if (!state_block(rq, l, (struct want){ M_TODAY_WAITING, "", href, WAITING_MAX }, state[i], part, &n, err))
            return false;
    v->waiting = (struct group){ .rows = arena_array(rq->arena, struct line_view, 2 * WAITING_MAX), .href = href };
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < part[i].n; j++)
            v->waiting.rows[v->waiting.n++] = part[i].rows[j];
        v->waiting.more |= part[i].more;
    }
    if (v->section && !asked(rq, v, err))
        return false;
    v->n_waiting = v->waiting.n + v->n_asked;
    return true;
}

/* The month before last waits until it is closed; the last one from its clearing day on. */
static bool month_due(struct req *rq, const struct workdays *w, struct today_page *v, struct err *err)
{
    int last, before = period_prev(period_of(rq->today));
    if (!closing_last(rq->db, rq->actor->office_id, &last, err))
        return false;
    struct civil c = date_civil(rq->today);
    if (last == before || rq->today < workdays_first_of_month(w, c.year, c.month))
        return true;
    v->month_due = last ? period_next(last) : before;
    v->month_href = arena_printf(rq->arena, "/months/%d-%02d", v->month_due / 100, v->month_due % 100);
    v->month_name = FACE_SAY(rq, M_MONTHS_NAME, A_INT(v->month_due / 100), A_INT(v->month_due % 100));
    return true;
}

static bool today_read(struct req *rq, struct today_page *v, struct err *err)
{
    struct lights l = face_lights(rq);
    instant_t near = face_near(&l, rq->today);
    instant_t tomorrow = day_start(rq->today + 1) + 1; /* ends are exclusive: what is due today ends at midnight */
    v->section = actor_is(rq->actor, ROLE_SECTION);
    v->leader = !v->section && actor_is(rq->actor, ROLE_LEADER);
    if (v->leader && !reading_block(rq, &l, v, err))
        return false;
    if (!due_block(rq, &l, (struct want){ M_TODAY_OVERDUE, "red", "/entries?due=overdue", OVERDUE_MAX }, 0, rq->now + 1, v->group,
                   &v->n_groups, err) ||
        !due_block(rq, &l, (struct want){ M_TODAY_DUE, "amber", "/entries?due=today", DUE_MAX }, rq->now + 1, tomorrow, v->group, &v->n_groups, err) ||
        !due_block(rq, &l, (struct want){ M_TODAY_NEAR, "amber", "/entries?due=near", DUE_MAX }, tomorrow, near + 1, v->group, &v->n_groups, err))
        return false;
    if (!recent_block(rq, &l, v, err) || (!v->leader && !waiting(rq, &l, v, err)))
        return false;
    v->nothing = v->n_groups == 0;
    if (!face_blocks(rq, NULL, &v->blocks, err))
        return false;
    return !v->section || (closing_ticked(rq->db, rq->actor->office_id, rq->actor->member_id, false, rq->today, &v->ticked, err) &&
                           month_due(rq, l.work, v, err));
}

static void today_get(struct req *rq)
{
    struct today_page v = { 0 };
    struct err err;
    if (!actor_is(rq->actor, ROLE_SECTION | ROLE_LEADER | ROLE_LIAISON)) {
        req_redirect(rq, "/settings");
        return;
    }
    if (!today_read(rq, &v, &err)) {
        req_fail(rq, &err);
        return;
    }
    face_frame(rq, &v.frame, "/", FACE_SAY(rq, M_NAV_TODAY));
    struct html out = req_page(rq);
    html_today(&out, &v);
    req_html(rq, 200, &out);
}

/* --- the week ------------------------------------------------------------------------------------------------------------------ */

static bool week_read(struct req *rq, struct week_page *v, struct err *err)
{
    struct lights l = face_lights(rq);
    instant_t from = day_start(v->monday), until = day_start(v->sunday + 1);
    instant_t open_from = v->this_week && rq->now + 1 > from ? rq->now + 1 : from + 1;
    if (v->this_week && !due_block(rq, &l, (struct want){ M_TODAY_OVERDUE, "red", "/entries?due=overdue", 60 }, 0, rq->now + 1, v->group,
                                   &v->n_groups, err))
        return false;
    if (!due_block(rq, &l, (struct want){ M_WEEK_DUE, "amber", "/entries?due=week", 100 }, open_from, until + 1, v->group, &v->n_groups, err))
        return false;
    struct entry_filter f = ENTRY_FILTER_ANY;
    f.day_from = v->monday;
    f.day_to = v->sunday;
    if (!filter_block(rq, &l, (struct want){ M_WEEK_REGISTERED, "", "/entries", 100 }, f, v->group, &v->n_groups, err))
        return false;
    f = ENTRY_FILTER_ANY;
    f.settled_from = v->monday;
    f.settled_to = v->sunday;
    return filter_block(rq, &l, (struct want){ M_WEEK_SETTLED, "green", "/entries?state=settled", 100 }, f, v->group, &v->n_groups, err);
}

static struct str iso(struct req *rq, day_t d)
{
    struct buf b = BUF_INIT;
    date_put_iso(&b, d);
    struct str s = arena_str(rq->arena, buf_view(&b));
    buf_release(&b);
    return s;
}

static void week_get(struct req *rq)
{
    struct week_page v = { 0 };
    struct err err;
    day_t day = rq->today;
    struct str asked = req_query(rq, "day");
    if (asked.n && !date_read_iso(asked, &day, &err)) {
        req_fail(rq, &err);
        return;
    }
    v.monday = date_monday(day);
    v.sunday = v.monday + 6;
    v.this_week = v.monday == date_monday(rq->today);
    v.before = iso(rq, v.monday - 7);
    v.after = iso(rq, v.monday + 7);
    day_t week = closing_week(face_workdays(rq), day);
    if (!week_read(rq, &v, &err) || !closing_ticked(rq->db, rq->actor->office_id, rq->actor->member_id, true, week, &v.ticked, &err)) {
        req_fail(rq, &err);
        return;
    }
    v.nothing = v.n_groups == 0;
    face_frame(rq, &v.frame, "/week", FACE_SAY(rq, M_NAV_WEEK));
    struct html out = req_page(rq);
    html_week(&out, &v);
    req_html(rq, 200, &out);
}

/* --- ticks ------------------------------------------------------------------------------------------------------------------------ */

struct tick { bool week; day_t day; };

static bool tick_write(struct txn *t, void *args, struct err *err)
{
    const struct tick *k = args;
    struct actor actor;
    return web_actor(t, &actor, err) && closing_tick(t, &actor, k->week, k->day, err);
}

static void tick_answer(struct req *rq, void *args, bool ok, const struct err *err)
{
    const struct tick *k = args;
    if (!ok) {
        req_fail(rq, err);
    } else if (rq->htmx && !k->week) {
        struct today_page v = { .ticked = true };
        struct html out = req_page(rq);
        html_today_tick(&out, &v);
        req_html(rq, 200, &out);
    } else {
        req_redirect(rq, k->week ? "/week" : "/");
    }
}

static void tick_post(struct req *rq, bool week)
{
    struct tick *k = arena_new(rq->arena, struct tick);
    *k = (struct tick){ week, week ? closing_week(face_workdays(rq), rq->today) : rq->today };
    web_write(rq, tick_write, k, tick_answer);
}

static void today_tick(struct req *rq) { tick_post(rq, false); }
static void week_tick(struct req *rq) { tick_post(rq, true); }

static const struct route routes[] = {
    { "GET", "/", today_get, ROLE_ANY, 0, false },
    { "GET", "/week", week_get, ROLE_SECTION, 0, false },
    { "POST", "/today/tick", today_tick, ROLE_SECTION, 0, false },
    { "POST", "/week/tick", week_tick, ROLE_SECTION, 0, false },
};

const struct slice today_slice = { .name = "today", .routes = routes, .n_routes = ARRAY_LEN(routes) };
