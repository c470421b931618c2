#include "office/face.h"

#include <string.h>

#include "base/num.h"
#include "office/entry/entry_rules.h"
#include "office/workcal/workcal.h"
#include "office_html.h"
#include "store/journal.h"

/* --- the frame ------------------------------------------------------------------------------------------------------------ */

enum { ROLE_READERS = ROLE_SECTION | ROLE_LEADER | ROLE_LIAISON };

static const struct duty {
    const char *href;
    int label;
    unsigned roles;
} DUTIES[] = {
    { "/", M_NAV_TODAY, ROLE_READERS },
    { "/week", M_NAV_WEEK, ROLE_SECTION },
    { "/months", M_NAV_MONTHS, ROLE_SECTION },
    { "/entries", M_NAV_LEDGER, ROLE_READERS },
    { "/lists", M_NAV_LISTS, ROLE_READERS },
    { "/recurring", M_NAV_RECURRING, ROLE_SECTION },
    { "/collects", M_NAV_COLLECTS, ROLE_READERS },
    { "/books", M_NAV_BOOKS, ROLE_READERS },
    { "/units", M_NAV_UNITS, ROLE_SECTION | ROLE_ADMIN },
    { "/summary", M_NAV_SUMMARY, ROLE_SECTION },
    { "/calendar", M_NAV_CALENDAR, ROLE_CHIEF | ROLE_ADMIN },
    { "/settings", M_NAV_SETTINGS, ROLE_ANY },
};

static bool served(const char *href)
{
    for (int i = 0; slices[i]; i++)
        for (int k = 0; k < slices[i]->n_routes; k++)
            if (strcmp(slices[i]->routes[k].method, "GET") == 0 && strcmp(slices[i]->routes[k].path, href) == 0)
                return true;
    return false;
}

static void make_rail(struct frame *f, unsigned roles, const char *here)
{
    for (size_t i = 0; i < ARRAY_LEN(DUTIES) && f->n_rail < RAIL_MAX; i++)
        if ((DUTIES[i].roles & roles) && served(DUTIES[i].href))
            f->rail[f->n_rail++] = (struct rail_item){ DUTIES[i].href, DUTIES[i].label, strcmp(DUTIES[i].href, here) == 0 };
}

/* A demonstration lives in its own time (app/open.c); every other store has the world's. */
static bool lives_elsewhen(struct req *rq)
{
    instant_t apart = clock_now(store_clock(rq->store)) - clock_now(&clock_real);
    return apart > 60000 || apart < -60000;
}

/* Where the journal stands in this page's snapshot. A page without it merely asks once more. */
static void tell_seq(struct req *rq, struct frame *f)
{
    struct journal_head head;
    if (journal_head(rq->db, rq->actor->office_id, &head, NULL))
        f->seq = head.seq;
    f->bare = rq->live;
    f->may_live = rq->http->method == HTTP_GET_;
    if (f->bare)
        req_head(rq, "X-Seq", "%lld", (long long)f->seq);
}

/* 代理李某至5月13日, for each person once. */
static void tell_deputy(struct req *rq, struct frame *f)
{
    const struct actor *a = rq->actor;
    struct html h = HTML_INIT(rq->lang);
    for (int i = 0; i < a->n_lent; i++) {
        if (i && a->lent[i].member_id == a->lent[i - 1].member_id)
            continue;
        struct html day = HTML_INIT(rq->lang);
        html_put_day_short(&day, a->lent[i].to);
        buf_c(&h.buf, h.buf.n ? " · " : "");
        tr(&h.buf, rq->lang, M_PEOPLE_STANDS_IN, (struct arg[]){ A_STR(a->lent[i].name), A_STR(buf_view(&day.buf)) }, 2);
        html_release(&day);
    }
    f->deputy = arena_str(rq->arena, str_n(h.buf.p ? h.buf.p : "", h.buf.n));
    html_release(&h);
}

void face_frame(struct req *rq, struct frame *f, const char *here, struct str title)
{
    *f = (struct frame){ .lang = rq->lang, .lang_tag = rq->lang == LANG_EN ? "en" : "zh-CN", .title = title, .today = rq->today };
    f->demo = lives_elsewhen(rq);
    if (!rq->actor)
        return;
    struct office office;
    struct party home;
    bool found;
    f->logged_in = true;
    f->csrf = rq->csrf;
    f->me = rq->actor->name;
    f->may_register = actor_is(rq->actor, ROLE_SECTION);
    if (office_by_id(rq->db, rq->arena, rq->actor->office_id, &office, &found, NULL) && found)
        f->office = office.name;
    if (party_by_id(rq->db, rq->arena, rq->actor->office_id, rq->actor->home_id, &home, &found, NULL) && found)
        f->home = home.name;
    make_rail(f, rq->actor->roles | rq->actor->lent_roles, here);
    tell_deputy(rq, f);
    tell_seq(rq, f);
}

bool face_blocks(struct req *rq, const struct entry *e, struct html **ret, struct err *err)
{
    struct html all = req_page(rq), *kept = arena_new(rq->arena, struct html);
    bool ok = true;
    for (int i = 0; ok && slices[i]; i++)
        if (e && slices[i]->entry_block)
            ok = slices[i]->entry_block(rq, e, &all, err);
        else if (!e && slices[i]->today_block)
            ok = slices[i]->today_block(rq, &all, err);
    struct str s = arena_str(rq->arena, str_n(all.buf.p ? all.buf.p : "", all.buf.n));
    html_release(&all);
    *kept = (struct html){ .buf = { .p = (char *)(uintptr_t)s.p, .n = s.n }, .lang = rq->lang };
    *ret = kept;
    return ok;
}

static struct str keep(struct req *rq, struct buf *b)
{
    struct str s = arena_str(rq->arena, str_n(b->p ? b->p : "", b->n));
    buf_release(b);
    return s;
}

struct str face_say(struct req *rq, int msg, const struct arg *args, int n)
{
    struct buf b = BUF_INIT;
    tr(&b, rq->lang, msg, args, n);
    return keep(rq, &b);
}

struct str face_percent(struct req *rq, struct str s)
{
    struct html h = HTML_INIT(rq->lang);
    html_put_percent(&h, s);
    return keep(rq, &h.buf);
}

struct str face_sentence(struct req *rq, const struct err *err)
{
    if (!err || err->kind == ERR_NONE)
        return STR_NULL;
    struct buf b = BUF_INIT;
    tr_err(&b, rq->lang, err);
    return keep(rq, &b);
}

struct str face_day(struct req *rq, day_t d)
{
    struct html h = HTML_INIT(rq->lang);
    html_put_day(&h, d);
    return d == DAY_NONE ? STR_NULL : keep(rq, &h.buf);
}

struct str face_instant(struct req *rq, instant_t at)
{
    struct html h = HTML_INIT(rq->lang);
    html_put_instant(&h, at);
    return at == INSTANT_NONE ? STR_NULL : keep(rq, &h.buf);
}

struct str face_iso_day(struct req *rq, day_t d)
{
    struct html h = HTML_INIT(rq->lang);
    html_put_date(&h, d);
    return d == DAY_NONE ? STR_NULL : keep(rq, &h.buf);
}

struct str face_iso(struct req *rq, instant_t at)
{
    if (at == INSTANT_NONE)
        return STR_NULL;
    struct html h = HTML_INIT(rq->lang);
    html_put_date(&h, at == INSTANT_NONE ? DAY_NONE : instant_day(at));
    buf_ch(&h.buf, ' ');
    html_put_time(&h, at);
    return keep(rq, &h.buf);
}

struct str face_iso_due(struct req *rq, instant_t due)
{
    if (due == INSTANT_NONE)
        return STR_NULL;
    day_t day = instant_day(due - 1);
    return due == day_start(day + 1) ? face_iso_day(rq, day) : face_iso(rq, due);
}

const char *face_unit(enum lang lang, const char *unit) { return lang == LANG_ZH ? unit : ""; }

struct str face_roles(struct req *rq, unsigned roles)
{
    static const struct { unsigned role; int name; } NAMES[] = {
        { ROLE_CHIEF, M_MEMBERS_CHIEF }, { ROLE_OFFICER, M_MEMBERS_OFFICER }, { ROLE_LEADER, M_MEMBERS_LEADER },
        { ROLE_LIAISON, M_MEMBERS_LIAISON }, { ROLE_ADMIN, M_MEMBERS_ADMIN },
    };
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < ARRAY_LEN(NAMES); i++)
        if (roles & NAMES[i].role) {
            buf_c(&b, b.n ? "、" : "");
            buf_c(&b, tr_text(rq->lang, NAMES[i].name));
        }
    return keep(rq, &b);
}

void face_error(struct req *rq, int status, struct str sentence, struct html *out)
{
    struct error_page v = { .sentence = sentence, .status = status };
    face_frame(rq, &v.frame, "", FACE_SAY(rq, M_ERROR_HEADING));
    html_error(out, &v);
}

/* --- deadlines --------------------------------------------------------------------------------------------------------------- */

const struct workdays *face_workdays(struct req *rq)
{
    const struct workdays *w;
    return rq->actor && workcal_get(rq->db, rq->arena, rq->actor->office_id, &w, NULL) ? w : workdays_official();
}

const char *const light_settings[2] = { "light.yellow_days", "light.red_days" };

struct lights face_lights(struct req *rq)
{
    struct lights l = { face_workdays(rq), LIGHT_YELLOW_DAYS, LIGHT_RED_DAYS };
    struct str v[2] = { STR_NULL, STR_NULL };
    int64_t days;
    if (!rq->actor || !setting_two(rq->db, rq->arena, rq->actor->office_id, light_settings, v, NULL))
        return l;
    if (num_range(v[0], 0, LIGHT_DAYS_MAX, &days))
        l.yellow_days = (int)days;
    if (num_range(v[1], 0, LIGHT_DAYS_MAX, &days))
        l.red_days = (int)days;
    return l;
}

instant_t face_near(const struct lights *l, day_t today) { return day_start(workdays_add(l->work, today, l->yellow_days + 1, NULL)); }

static void say_left(struct req *rq, struct due_view *v)
{
    int days = v->left < 0 ? -v->left : v->left;
    int brief = v->overdue ? (days ? M_DUE_OVERDUE_BRIEF : M_DUE_PASSED) : days ? M_DUE_LEFT_BRIEF : M_DUE_TODAY;
    int full = v->overdue ? (days ? M_DUE_OVERDUE : M_DUE_PASSED) : days ? M_DUE_LEFT : M_DUE_TODAY;
    v->brief = FACE_SAY(rq, brief, A_INT(days));
    v->full = FACE_SAY(rq, full, A_INT(days));
}

void face_due(struct req *rq, const struct lights *l, instant_t due, bool open, struct due_view *v)
{
    *v = (struct due_view){ .any = due != INSTANT_NONE, .due = due, .css = "", .glyph = "" };
    if (!v->any)
        return;
    v->day = instant_day(due - 1);
    v->timed = due != day_start(v->day + 1);
    v->weekday = M_BASE_WEEKDAY_1 + date_weekday(v->day) - 1;
    v->far = date_civil(v->day).year != date_civil(rq->today).year;
    if (!open)
        return;
    v->overdue = due <= rq->now;
    v->left = workdays_left(l->work, rq->today, v->day);
    enum light light = rules_light(open, v->overdue, v->left, l->yellow_days, l->red_days);
    v->near = light == LIGHT_YELLOW;
    v->css = light == LIGHT_RED ? "red" : v->near ? "amber" : "";
    v->glyph = light == LIGHT_RED ? "▲" : v->near ? "◆" : "";
    say_left(rq, v);
}

/* --- lines of a list ----------------------------------------------------------------------------------------------------------- */

/* What one press may do without a word: the full set stands on the entry's own page. */
static void press(const struct req *rq, const struct entry_line *e, struct line_view *v)
{
    const struct actor *a = rq->actor;
    bool section = actor_is(a, ROLE_SECTION), own = e->lead_id == a->section_id || e->reading;
    if (e->reading && actor_is(a, ROLE_LEADER) && e->state == STATE_ACTIVE)
        v->verb = "feedback", v->verb_label = M_LINE_CIRCULATE, v->verb_key = ".";
    else if (e->state == STATE_PENDING && (section || actor_is(a, ROLE_LIAISON)))
        v->verb = "accept", v->verb_label = entry_verb_msg(VERB_ACCEPT), v->verb_key = ".";
    else if (section && (e->state == STATE_REVIEW || (e->state == STATE_ACTIVE && own)))
        v->verb = "settle", v->verb_label = e->reading ? M_LINE_READ : entry_verb_msg(VERB_SETTLE), v->verb_key = "s";
    else if (section && e->state == STATE_ACTIVE)
        v->verb = "urge", v->verb_label = entry_verb_msg(VERB_URGE), v->verb_key = ".";
}

void face_line(struct req *rq, const struct lights *l, const struct entry_line *e, struct line_view *ret)
{
    bool open = entry_state_open(e->state), done = e->state == STATE_SETTLED || e->state == STATE_ARCHIVED;
    *ret = (struct line_view){
        .id = e->id, .number = e->number, .title = e->title, .requirement = e->requirement, .source = e->source, .lead = e->lead,
        .officer = e->officer, .leader = e->leader, .urgency = e->urgency, .result = e->result, .day = e->day, .settled_day = e->settled_day,
        .late = e->late, .carried = e->carried,
        .state = entry_state_msg(e->state, e->reading), .kind = entry_kind_msg(e->kind),
        .state_css = done ? "green" : "", .state_glyph = done ? "✓" : "",
        .verb_key = "",
    };
    face_due(rq, l, actor_is(rq->actor, ROLE_LIAISON) && e->unit_due != INSTANT_NONE ? e->unit_due : e->due, open, &ret->due);
    press(rq, e, ret);
}

void face_put_line(struct html *out, const struct line_view *v) { html_line(out, v); }

/* --- fields of a form ------------------------------------------------------------------------------------------------------------ */

static const struct err *problem_of(const char *field, const struct problems *p, const struct err *err)
{
    for (int i = 0; p && i < p->n; i++)
        if (strcmp(p->err[i].field, field) == 0)
            return &p->err[i];
    return err && strcmp(err->field, field) == 0 ? err : NULL;
}

void face_problems(struct req *rq, struct field *f, size_t n, const struct problems *p, const struct err *err)
{
    for (size_t i = 0; i < n; i++)
        f[i].why = face_sentence(rq, problem_of(f[i].name, p, err));
}

static bool has_field(const struct field *f, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(f[i].name, name) == 0)
            return true;
    return false;
}

struct str face_unplaced(struct req *rq, const struct field *f, size_t n, const struct problems *p, const struct err *err)
{
    for (int i = 0; p && i < p->n; i++)
        if (!has_field(f, n, p->err[i].field))
            return face_sentence(rq, &p->err[i]);
    return err && err->kind != ERR_NONE && !has_field(f, n, err->field) ? face_sentence(rq, err) : STR_NULL;
}

void face_choice(struct req *rq, struct field *f, struct str value, struct str text, struct str chosen)
{
    arena_push(rq->arena, f->choices, f->n_choices, f->cap_choices) = (struct choice){ value, text, str_eq(value, chosen) };
}

static bool listed(struct str list, struct str what)
{
    while (list.n) {
        struct str one = str_cut(list, ';', &list);
        if (str_eq(str_trim(one), what))
            return true;
    }
    return false;
}

void face_fill(struct field *f, struct str value)
{
    f->value = value;
    if (f->time)
        f->value = str_cut(value, ' ', &f->value_time);
    for (size_t i = 0; i < f->n_choices; i++)
        f->choices[i].on = f->checks ? listed(value, f->choices[i].value) : str_eq(f->choices[i].value, value);
}

/* All ticked boxes of a name, joined with ';'. */
static struct str typed_checks(struct req *rq, const struct field *f)
{
    struct str one[ENTRY_ASSISTS_MAX];
    struct buf b = BUF_INIT;
    size_t n = req_form_all(rq, f->name, one, ARRAY_LEN(one));
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_ch(&b, ';');
        buf_str(&b, one[i]);
    }
    return keep(rq, &b);
}

struct str face_typed(struct req *rq, struct field *f)
{
    face_fill(f, f->checks ? typed_checks(rq, f) : req_form(rq, f->name));
    if (!f->time)
        return f->value;
    f->value_time = req_form(rq, arena_z(rq->arena, arena_printf(rq->arena, "%s_time", f->name)));
    if (f->value.n == 0 || f->value_time.n == 0)
        return f->value;
    return arena_printf(rq->arena, "%.*s %.*s", STR_ARG(f->value), STR_ARG(f->value_time));
}
