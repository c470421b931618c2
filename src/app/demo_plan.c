#include "app/demo_plan.h"

#include <stdlib.h>
#include <string.h>

#include "office/closing/closing.h"

enum {
    OPERATION_PERCENT = 10,                      /* share of matters that arrive on a rest day while an operation runs */
    LATE_EVERY = 20,                             /* one in so many settled entries is late: 5 % */
    READING_A_MONTH = 9,
    MINUTE = 60000, HOUR = 60 * MINUTE,
};

struct planner {
    struct demo_plan *plan;
    struct arena *a;
    const struct workdays *w;
    struct sim_random random;
    struct demo_entry **open;                    /* carried over the month's end */
    size_t n_open, cap_open;
    struct demo_entry **all;
    size_t n_all, cap_all;
    int settled_so_far, still_open, topic;
};

static int roll(struct planner *p, int n) { return (int)random_below(&p->random.base, (uint64_t)n); }

static bool works(const struct planner *p, day_t d) { return workdays_is(p->w, d, NULL); }
static day_t work_after(const struct planner *p, day_t d, int n) { return workdays_add(p->w, d, n, NULL); }

/* A working day of the span; when there is none, the span's last day. */
static day_t some_workday(struct planner *p, day_t from, day_t to)
{
    if (to < from)
        return from;
    for (int tries = 0; tries < 40; tries++) {
        day_t d = from + roll(p, to - from + 1);
        if (works(p, d))
            return d;
    }
    return to;
}

/* --- papers and matters that the year needs beside the ordinary ones ------------------------------------------------------------- */

static const struct demo_matter PAPERS[] = {
    { ENTRY_DOCUMENT, "指挥部交办", "起草%s工作会议讲话稿", "起草后送审", "当日", 0, 0, "本科室", "特急", "应急处置", "讲话稿", "drafted", false },
    { ENTRY_DOCUMENT, "指挥部交办", "起草%s工作情况汇报", "起草后送审", "当日", 0, 0, "本科室", "特急", "应急处置", "汇报", "drafted", false },
    { ENTRY_DOCUMENT, "指挥部交办", "起草关于%s的通知", "起草后印发", "当日", 0, 0, "本科室", "加急", "应急处置", "通知", "took_part", false },
    { ENTRY_DOCUMENT, "指挥部制度", "上报%s每日情况报告", "每日18时前上报（零报告）", "当日18时前", 0, 18, "本科室", "加急", "应急处置", "报告", "took_part", false },
};
static const struct demo_matter MOVE = { ENTRY_AFFAIR, "流调组名单", "%s", "应转尽转，特殊人员另列", "4小时内", 0, 0, "某县政府|某区政府|市卫生健康委", "特急", "应急处置", "", "", false };
static const struct demo_matter ROOMS = { ENTRY_AFFAIR, "指挥部指令", "%s", "落实房源及联系人", "今日20时前", 0, 20, "某区政府|某县政府|市住房和城乡建设局", "特急", "应急处置", "", "", false };
static const struct demo_matter CALL = { ENTRY_AFFAIR, "隔离人员来电", "%s", "即办，2小时内回复", "24小时内", 1, 0, "市卫生健康委|某县级市政府|通信公司", "特急", "应急处置", "", "", false };
static const struct demo_matter DUTY = { ENTRY_AFFAIR, "指挥部通知", "%s", "在岗值守，不断档", "至战斗状态解除", 60, 0, "本科室", "", "应急处置", "", "", false };
static const struct demo_matter READING = { ENTRY_DOCUMENT, "上级来文", "传阅%s文件", "", "", 0, 0, "本科室", "", "", "", "", false };

static const char *const OPERATION[] = { "3.04疫情处置", "3.22疫情处置", "4.20疫情处置", "5.09疫情处置" };
/* Persons moved and returned, by operation and the entries they came in. */
static const struct { int period, persons, entries; const char *name; } MOVED[] = {
    { 202203, 412, 2, "3.04" }, { 202203, 1036, 4, "3.22" }, { 202204, 1575, 6, "4.20" }, { 202205, 15100, 24, "5.09" },
};
static const struct { const char *city; int rooms; } CITY[] = {
    { "南充", 7200 }, { "达州", 5100 }, { "绵阳", 3400 }, { "遂宁", 2900 }, { "广元", 2400 },
};
static const struct { int period, rooms; } HOME[] = { { 202203, 2406 }, { 202204, 3300 }, { 202205, 6200 }, { 202205, 5000 } };
static const char *const REQUESTS[] = {
    "孕妇紧急就医", "高三学生心理疏导", "隔离点房间光线不足", "隔离点网络不畅", "慢性病患者续药", "婴幼儿奶粉和纸尿裤", "老人行动不便请求同住",
    "透析患者定期就诊", "转运途中行李遗失", "解除隔离后返程车辆", "考研学生网课需要", "素食餐食安排", "外地亲属联系不上",
};

static struct demo_entry *add_entry(struct planner *p, const struct demo_matter *m, day_t day)
{
    struct demo_entry *e = arena_new(p->a, struct demo_entry);
    *e = (struct demo_entry){ .matter = m, .day = day, .due_day = DAY_NONE, .unit_due_day = DAY_NONE, .end_day = DAY_NONE };
    arena_push(p->a, p->all, p->n_all, p->cap_all) = e;
    static const char *const OFFICER[][2] = { { "keyuan1", "张科员" }, { "keyuan2", "李科员" }, { "kezhang", "科长" } };
    int o = roll(p, 5);
    o = o < 2 ? 0 : o < 4 ? 1 : 2;
    e->officer_login = OFFICER[o][0];
    e->officer = OFFICER[o][1];
    e->leader = m->instruction ? (str_starts(str_c(m->source), STR("市长")) ? "市长" : "分管副市长") : roll(p, 3) ? "" : "分管副市长";
    return e;
}

static const char *unit_name(const char *from, size_t n)
{
    for (int i = 0; i < demo_units_count; i++)
        if (strlen(demo_units[i].name) == n && memcmp(demo_units[i].name, from, n) == 0)
            return demo_units[i].name;
    return "本科室";
}

static const struct demo_unit *find_unit(const char *name)
{
    for (int i = 0; i < demo_units_count; i++)
        if (strcmp(demo_units[i].name, name) == 0)
            return &demo_units[i];
    return NULL;
}

/* One of "A|B|C"; "" means any unit. */
static const char *choose_unit(struct planner *p, const char *units)
{
    if (!*units)
        return demo_units[roll(p, demo_units_count)].name;
    int n = 1;
    for (const char *c = units; *c; c++)
        n += *c == '|';
    int pick = roll(p, n);
    struct str rest = str_c(units), one = STR_NULL;
    for (int i = 0; i <= pick; i++)
        one = str_cut(rest, '|', &rest);
    return unit_name(one.p, one.n);
}

/* The pattern with its %s filled in. */
static struct str fill(struct arena *a, const char *pattern, const char *word)
{
    struct str p = str_c(pattern);
    ptrdiff_t at = str_find(p, STR("%s"));
    if (at < 0)
        return p;
    return arena_printf(a, "%.*s%s%s", (int)at, pattern, word, pattern + at + 2);
}

static void set_topic(struct planner *p, struct demo_entry *e)
{
    const struct demo_unit *u = find_unit(e->unit);
    while (!u || !u->topics[0])
        u = &demo_units[roll(p, demo_units_count)];
    int n = 0;
    while (n < 6 && u->topics[n])
        n++;
    const char *topic = u->topics[p->topic++ % n];
    e->title = fill(p->a, e->matter->title, topic);
}

static const struct demo_matter *choose_matter(struct planner *p, enum entry_kind kind)
{
    for (;;) {
        const struct demo_matter *m = &demo_matters[roll(p, demo_matters_count)];
        if (m->kind == kind && (m->days < 40 || roll(p, 4) == 0))
            return m;
    }
}

static struct demo_entry *add_special(struct planner *p, const struct demo_matter *m, day_t day, struct str title)
{
    struct demo_entry *e = add_entry(p, m, day);
    e->unit = choose_unit(p, m->units);
    e->title = title;
    return e;
}

static void add_outcome(struct demo_entry *e, const char *key, int64_t n, const char *label)
{
    if (e->n_outcomes < DEMO_OUTCOMES_MAX)
        e->outcome[e->n_outcomes++] = (struct demo_outcome){ .key = key, .n = n, .label = label };
}

/* --- one month --------------------------------------------------------------------------------------------------------------------- */

struct month {
    const struct demo_month *m;
    day_t first, last;
    struct demo_entry **added;
    size_t n_added, cap_added;
    int left[ENTRY_KINDS];
};

static void put(struct planner *p, struct month *mo, struct demo_entry *e)
{
    arena_push(p->a, mo->added, mo->n_added, mo->cap_added) = e;
    mo->left[e->matter->kind]--;
}

static const char *operation_of(day_t d, int period)
{
    int dom = d - period_first(period) + 1;
    return period == 202203 ? OPERATION[dom < 22 ? 0 : 1] : period == 202204 ? OPERATION[dom < 20 ? 1 : 2] : OPERATION[3];
}

static void plan_papers(struct planner *p, struct month *mo)
{
    const int count[] = { mo->m->speeches, mo->m->work_reports, mo->m->notices, mo->m->reports };
    for (size_t k = 0; k < ARRAY_LEN(PAPERS); k++)
        for (int i = 0; i < count[k]; i++) {
            day_t day = mo->first + 3 + roll(p, mo->last - mo->first - 3);
            struct demo_entry *e = add_special(p, &PAPERS[k], day, fill(p->a, PAPERS[k].title, operation_of(day, mo->m->period)));
            e->paper_of_operation = true;
            put(p, mo, e);
        }
}

static void plan_moves(struct planner *p, struct month *mo)
{
    for (size_t i = 0; i < ARRAY_LEN(MOVED); i++) {
        if (MOVED[i].period != mo->m->period)
            continue;
        day_t from = MOVED[i].period == 202205 ? mo->first + 8 : i == 1 ? mo->first + 21 : i == 0 ? mo->first + 3 : mo->first + 19;
        int left = MOVED[i].persons;
        for (int k = 0; k < MOVED[i].entries; k++) {
            int n = k == MOVED[i].entries - 1 ? left : left / (MOVED[i].entries - k) + roll(p, 30) - 15;
            left -= n;
            day_t day = from + k * (mo->last - from - 1) / MOVED[i].entries;
            struct demo_entry *e = add_special(p, &MOVE, day, arena_printf(p->a, "“%s”转运隔离人员%d人", MOVED[i].name, n));
            e->paper_of_operation = true;
            add_outcome(e, "dispatch.persons.moved", n, MOVED[i].name);
            add_outcome(e, "dispatch.persons.returned", n, MOVED[i].name);
            if (MOVED[i].period == 202205 && k < 21) {   /* 42 long convoys, two to a list */
                add_outcome(e, "dispatch.convoys.long", 2, "");
                add_outcome(e, "dispatch.service.person_trips", 424 + roll(p, 16), "");
            }
            put(p, mo, e);
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(HOME); i++)
        if (HOME[i].period == mo->m->period) {
            struct demo_entry *e = add_special(p, &ROOMS, mo->first + 9 + (int)i, arena_printf(p->a, "落实市内隔离房源%d间", HOME[i].rooms));
            e->paper_of_operation = true;
            add_outcome(e, "dispatch.rooms", HOME[i].rooms, "");
            put(p, mo, e);
        }
    for (size_t i = 0; mo->m->period == 202205 && i < ARRAY_LEN(CITY); i++) {
        struct demo_entry *e = add_special(p, &ROOMS, mo->first + 9 + (int)i, arena_printf(p->a, "协调%s市隔离房源%d间", CITY[i].city, CITY[i].rooms));
        e->paper_of_operation = true;
        add_outcome(e, "dispatch.rooms", CITY[i].rooms, CITY[i].city);
        put(p, mo, e);
    }
    for (size_t i = 0; mo->m->period == 202205 && i < ARRAY_LEN(REQUESTS); i++) {
        struct demo_entry *e = add_special(p, &CALL, mo->first + 10 + (int)i, arena_printf(p->a, "处理隔离人员诉求：%s", REQUESTS[i]));
        e->paper_of_operation = true;
        e->contact = STR("黄某，1380000****");
        add_outcome(e, "requests.handled", 1, "");
        put(p, mo, e);
    }
    if (mo->m->period == 202203) {
        struct demo_entry *e = add_special(p, &DUTY, period_first(202203) + 3, STR("疫情防控连续值守"));
        e->duty = true;
        p->plan->duty_entry = e;
        put(p, mo, e);
    }
}

static void plan_ordinary(struct planner *p, struct month *mo)
{
    bool busy = mo->m->speeches > 0;
    for (int kind = 0; kind < ENTRY_KINDS; kind++)
        while (mo->left[kind] > 0) {
            day_t day = busy && roll(p, 100) < OPERATION_PERCENT ? mo->first + roll(p, mo->last - mo->first + 1) : some_workday(p, mo->first, mo->last);
            struct demo_entry *e = add_entry(p, choose_matter(p, (enum entry_kind)kind), day);
            e->unit = choose_unit(p, e->matter->units);
            set_topic(p, e);
            if (kind == ENTRY_DOCUMENT && roll(p, 3) == 0)
                e->paper = STR("科室文件柜");
            put(p, mo, e);
        }
}

/* Larger carries on: late comers first, with some chance. */
struct candidate { struct demo_entry *e; int weight; };
static int by_weight(const void *x, const void *y)
{
    const struct candidate *a = x, *b = y;
    if (a->weight != b->weight)
        return b->weight - a->weight;
    return str_cmp(a->e->title, b->e->title);
}

static void settle_month(struct planner *p, struct month *mo)
{
    size_t n = p->n_open + mo->n_added;
    struct candidate *c = arena_array(p->a, struct candidate, n);
    for (size_t i = 0; i < n; i++) {
        struct demo_entry *e = i < p->n_open ? p->open[i] : mo->added[i - p->n_open];
        int weight = e->day - mo->first + roll(p, 14) + (e->matter->days >= 20 ? 12 : 0);
        if (e->matter->days >= 40 && mo->first - e->day < 62)
            weight += 200;                       /* proposals and suggestions take their three months */
        if (e->paper_of_operation)
            weight = -1000;                      /* settles the same or the next day */
        if (e->duty)
            weight = mo->m->period < 202205 ? 1000 : -1000;
        c[i] = (struct candidate){ e, weight };
    }
    qsort(c, n, sizeof *c, by_weight);
    size_t carried = n - (size_t)(mo->m->settled + mo->m->withdrawn);
    if (mo->m->settled == 0)
        carried = n;
    p->n_open = 0;
    for (size_t i = 0; i < n; i++) {
        struct demo_entry *e = c[i].e;
        if (i < carried) {
            arena_push(p->a, p->open, p->n_open, p->cap_open) = e;
            continue;
        }
        e->withdrawn = (int)(i - carried) < mo->m->withdrawn;
        day_t from = e->day > mo->first ? e->day : mo->first;
        if (e->paper_of_operation)
            e->end_day = e->day;
        else if (e->duty)
            e->end_day = period_first(202205) + 22;
        else
            e->end_day = some_workday(p, e->matter->days ? from + (from < mo->last) : from, mo->last < from + 12 ? mo->last : from + 12);
    }
}

/* What a month's settled entries brought about, on entries whose matter fits. */
static void give(struct planner *p, struct month *mo, const char *key, int count, enum entry_kind kind, const char *source_like)
{
    for (size_t i = 0; count > 0 && i < p->n_all; i++) {
        struct demo_entry *e = p->all[i];
        if (e->end_day == DAY_NONE || e->withdrawn || e->reading || period_of(e->end_day) != mo->m->period || e->matter->kind != kind ||
            e->n_outcomes || (source_like && str_find(str_c(e->matter->source), str_c(source_like)) < 0))
            continue;
        add_outcome(e, key, 1, "");
        count--;
    }
    if (count > 0 && source_like)
        give(p, mo, key, count, kind, NULL);
}

static void plan_outcomes(struct planner *p, struct month *mo)
{
    give(p, mo, "documents.issued.key", mo->m->issued, ENTRY_DOCUMENT, "代拟稿");
    give(p, mo, "briefs.submitted.higher", mo->m->higher, ENTRY_AFFAIR, "约稿");
    give(p, mo, "briefs.submitted.portal", mo->m->portal, ENTRY_AFFAIR, "调研");
    give(p, mo, "study.sessions", mo->m->settled ? 2 : 0, ENTRY_MEETING, "座谈");
    if (mo->m->period >= 202203 && mo->m->period <= 202206)
        give(p, mo, "suggestions.adopted", mo->m->period == 202205 ? 1 : 2, ENTRY_AFFAIR, "交办");
    if (mo->m->period == 202207)
        give(p, mo, "briefs.adopted", 1, ENTRY_AFFAIR, "约稿");
    if (mo->m->period >= 202206 && mo->m->period <= 202210)
        give(p, mo, "problems.settled", 2, ENTRY_AFFAIR, "问题清单");
    if (mo->m->period == 202206)
        give(p, mo, "recognitions", 4, ENTRY_AFFAIR, "交办");
}

static void plan_month(struct planner *p, const struct demo_month *m)
{
    struct month mo = { .m = m, .first = period_first(m->period), .last = period_last(m->period) };
    memcpy(mo.left, m->added, sizeof mo.left);
    plan_papers(p, &mo);
    plan_moves(p, &mo);
    plan_ordinary(p, &mo);
    settle_month(p, &mo);
    plan_outcomes(p, &mo);
    for (int i = 0; m->settled && i < READING_A_MONTH; i++) {
        struct demo_entry *e = add_entry(p, &READING, some_workday(p, mo.first, mo.last));
        e->unit = "本科室";
        e->reading = true;
        e->leader = "分管副市长";
        set_topic(p, e);
        e->end_day = work_after(p, e->day, 1 + roll(p, 3));
    }
}

/* --- deadlines and acts ---------------------------------------------------------------------------------------------------------------- */

/* The deadline follows from what became of the entry: kept by most, missed by one in LATE_EVERY. */
static void set_deadline(struct planner *p, struct demo_entry *e, day_t year_end)
{
    day_t natural = e->matter->days ? work_after(p, e->day, e->matter->days) : e->day;
    day_t end = e->end_day == DAY_NONE ? year_end + 1 : e->end_day;
    e->due_day = natural;
    if (e->end_day != DAY_NONE && !e->withdrawn && !e->paper_of_operation && end > e->day && ++p->settled_so_far % LATE_EVERY == 7) {
        day_t before = work_after(p, end, -1 - roll(p, 3));
        e->due_day = before > e->day ? before : e->day;
        e->late = true;
    } else if (natural < end) {
        e->due_day = works(p, end) ? end : work_after(p, end, 1);
    }
    if (e->end_day == DAY_NONE)                  /* still open on the morning after the year: some overdue, some due, most to come */
        e->due_day = work_after(p, year_end, p->still_open++ % 5 == 1 ? -1 : 1 + p->still_open % 9);
    if (e->due_day < e->day)
        e->due_day = work_after(p, e->day, 3);
    e->natural_due = e->due_day == natural;
    bool own = strcmp(e->unit, "本科室") == 0;
    day_t earlier = work_after(p, e->due_day, -2);
    if (!own && earlier > e->day)
        e->unit_due_day = earlier;
}

static struct demo_event *event(struct planner *p, struct demo_entry *e, enum entry_verb what, instant_t at)
{
    struct demo_plan *pl = p->plan;
    struct demo_event *ev = &arena_push(p->a, pl->events, pl->n_events, pl->cap_events);
    *ev = (struct demo_event){ .at = at, .entry = e, .what = what, .day = DAY_NONE, .order = (int)pl->n_events };
    return ev;
}

static instant_t moment(day_t d, int from_minute, int n, struct planner *p) { return day_start(d) + (instant_t)(from_minute + roll(p, n)) * MINUTE; }

static void plan_acts(struct planner *p, struct demo_entry *e, int index)
{
    bool own = strcmp(e->unit, "本科室") == 0 && !e->reading;
    instant_t at = moment(e->day, 9 * 60, 150, p);
    event(p, e, VERB_REGISTER, at);
    if (e->reading) {
        if (e->end_day <= period_last(demo_months[demo_months_count - 1].period))    /* the last ones wait for the leader */
            event(p, e, VERB_FEEDBACK, at + HOUR)->text = STR("圈阅");
        event(p, e, VERB_SETTLE, moment(e->end_day, 16 * 60, 60, p));
        return;
    }
    day_t end = e->end_day;
    instant_t last = end == DAY_NONE ? INT64_MAX : moment(end, 15 * 60, 120, p);
    if (e->due_day == end && e->matter->hour)    /* in time for a deadline that names an hour */
        last = moment(end, (e->matter->hour - 2) * 60, 60, p);
    if (last < at + 90 * MINUTE)
        last = at + 90 * MINUTE;
    if (e->withdrawn) {
        struct demo_event *ev = event(p, e, VERB_WITHDRAW, last);
        ev->chief = true;
        ev->text = STR("来文单位撤回，不再办理");
        return;
    }
    if (!own && end == DAY_NONE && e->day > period_last(demo_months[demo_months_count - 1].period) - 4)
        return;                                  /* came in last and waits for its unit */
    if (!own) {
        event(p, e, VERB_ACCEPT, at + HOUR)->side_unit = true;
        day_t half = end == DAY_NONE ? e->day + 6 : e->day + (end - e->day) / 2;
        if (half > e->day && (end == DAY_NONE || half < end) && period_of(half) <= 202212 && index % 3 == 0) {
            struct demo_event *ev = event(p, e, VERB_FEEDBACK, moment(half, 10 * 60, 60, p));
            ev->side_unit = true;
            ev->text = STR("已制定方案，正在按进度推进");
        }
        if (e->late) {
            struct demo_event *ev = event(p, e, VERB_URGE, last - HOUR);
            ev->text = STR("电话催办，请抓紧办理");
        }
    }
    if (end == DAY_NONE) {
        if (!own && index % 3 == 0) {            /* done by the unit, waits to be checked */
            struct demo_event *ev = event(p, e, VERB_SUBMIT, moment(period_last(demo_months[demo_months_count - 1].period) - 1, 16 * 60, 60, p));
            ev->side_unit = true;
            ev->text = STR("已办理完毕，请核查");
        }
        return;
    }
    if (!own) {
        struct demo_event *ev = event(p, e, VERB_SUBMIT, last);
        ev->side_unit = true;
        ev->text = STR("已办理完毕，报告附后");
    }
    event(p, e, VERB_SETTLE, last + 20 * MINUTE)->text = e->late ? STR("已办结，超过时限") : STR("已办结");
}

/* A few of the things that happen to entries that stay a while. */
static void plan_turns(struct planner *p)
{
    int reassigned = 0, refused = 0, granted = 0, returned = 0, suspended = 0;
    for (size_t i = 0; i < p->n_all; i++) {
        struct demo_entry *e = p->all[i];
        if (e->reading || e->withdrawn || e->end_day == DAY_NONE || e->duty || strcmp(e->unit, "本科室") == 0 || e->end_day - e->day < 9 ||
            e->paper_of_operation)
            continue;
        day_t d = e->day + 3;
        instant_t at = day_start(d) + 14 * HOUR;
        if (reassigned < 2 && i % 5 == 0) {
            struct demo_event *ev = event(p, e, VERB_ASSIGN, at);
            ev->unit = strcmp(e->unit, "市财政局") ? "市财政局" : "市商务局";
            ev->text = STR("经协商改由该单位牵头");
            event(p, e, VERB_ACCEPT, at + HOUR)->side_unit = true;
            reassigned++;
        } else if (refused < 1 && i % 7 == 0) {
            struct demo_event *ev = event(p, e, VERB_EXTEND, at);
            ev->side_unit = true;
            ev->day = e->due_day + 10;
            ev->text = STR("涉及部门多，申请延期");
            ev = event(p, e, VERB_EXTEND, at + HOUR);
            ev->grant = STR("false");
            ev->text = STR("时限为上级所定，不予延期");
            refused++;
        } else if (granted < 6 && i % 3 == 0 && !e->late) {
            struct demo_event *ev = event(p, e, VERB_EXTEND, at);
            ev->side_unit = true;
            ev->day = e->due_day + 7;
            ev->text = STR("需补充数据，申请延期");
            ev = event(p, e, VERB_EXTEND, at + HOUR);
            ev->grant = STR("true");
            ev->text = STR("同意延期");
            granted++;
        } else if (returned < 2 && i % 4 == 1) {
            struct demo_event *ev = event(p, e, VERB_RETURN, at);
            ev->side_unit = true;
            ev->text = STR("职能划转，申请退办");
            ev = event(p, e, VERB_ASSIGN, at + HOUR);
            ev->unit = e->unit;
            ev->text = STR("仍由该单位牵头，请相关部门配合");
            event(p, e, VERB_ACCEPT, at + 2 * HOUR)->side_unit = true;
            returned++;
        } else if (suspended < 3 && i % 6 == 2) {
            event(p, e, VERB_SUSPEND, at)->text = STR("等上级明确政策");
            event(p, e, VERB_RESUME, day_start(d + 2) + 9 * HOUR)->text = STR("政策已明确，恢复办理");
            suspended++;
        }
    }
}

static int by_instant(const void *x, const void *y)
{
    const struct demo_event *a = x, *b = y;
    if (a->at != b->at)
        return (a->at > b->at) - (a->at < b->at);
    return a->order - b->order;
}

void demo_plan_make(struct demo_plan *ret, struct arena *a, const struct workdays *w, uint64_t seed)
{
    struct planner p = { .plan = ret, .a = a, .w = w };
    *ret = (struct demo_plan){ 0 };
    sim_random_init(&p.random, seed);
    for (int i = 0; i < demo_months_count; i++)
        plan_month(&p, &demo_months[i]);
    day_t year_end = period_last(demo_months[demo_months_count - 1].period);
    for (size_t i = 0; i < p.n_all; i++) {
        struct demo_entry *e = p.all[i];
        if (!e->reading)
            set_deadline(&p, e, year_end);
        plan_acts(&p, e, (int)i);
    }
    plan_turns(&p);
    day_t from = period_first(202203) + 3, to = period_first(202205) + 21;     /* 4 March to 22 May: 80 days */
    ret->n_duty = (size_t)(to - from + 1);
    ret->duty_day = arena_array(a, day_t, ret->n_duty);
    for (size_t i = 0; i < ret->n_duty; i++)
        ret->duty_day[i] = from + (day_t)i;
    qsort(ret->events, ret->n_events, sizeof *ret->events, by_instant);
}
