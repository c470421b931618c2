/* Offices with a long past, for measuring: N entries over eight years (a small ledger: over fewer days), the newest two in a hundred of them open with
 * deadlines some weeks around today, the rest settled. 25 units, 3 leaders, 6 officers, 4 lists.
 *
 *   b-fill URL [ENTRIES [OFFICES]]     a new database; each office has so many entries
 *   b-fill URL login                   makes no entries; logs `bench` in and prints for each office the session's cookie and a new API token
 *
 * Everything goes through entry_register() and entry_act(), so the ledger is as if it had been kept: numbers, stand, history, journal, movements. The
 * clock stands on each of the days in turn, and a day is one write. The officer `bench` has the password `bench-password`.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calendar/date.h"
#include "office/entry/entry.h"
#include "people/member.h"

enum { UNITS = 25, LEADERS = 3, OFFICERS = 6, LISTS = 4, DAYS_MAX = 8 * 365, A_DAY_MIN = 10, WORK_DAYS_MAX = 21, NUMBER_MAX = 24 };

static const char *const UNIT[UNITS] = {
    "市发展改革委", "市教育局", "市科技局", "市经信局", "市公安局", "市民政局", "市司法局", "市财政局", "市人社局",
    "市自然资源局", "市生态环境局", "市住建局", "市交通局", "市水务局", "市农业农村局", "市商务局", "市文旅局", "市卫生健康委",
    "市应急局", "市审计局", "市国资委", "市市场监管局", "市统计局", "高新区管委会", "城关区政府",
};
static const char *const LEADER[LEADERS] = { "市长", "分管副市长", "秘书长" };
static const char *const OFFICER[OFFICERS] = { "陈科员", "李科员", "王科员", "赵科员", "周科员", "吴科员" };
static const char *const LIST[LISTS] = { "联系领导重点工作清单", "年度计划清单", "三抓清单", "专班清单" };
static const char *const ABOUT[] = { "防汛救灾", "项目建设", "稳岗就业", "安全生产", "环境整治", "招商引资", "疫情防控", "信访维稳" };

struct past {                                    /* an entry that is still to be settled */
    char number[NUMBER_MAX];
    bool own;                                    /* led by the section itself */
};

static struct {
    struct store *store;
    struct sim_clock clock;
    int64_t office, actor;
    struct str code, password;
    long wanted, open, made, days;
    day_t first, today, day;
    struct past *past;                           /* by order of registration */
    long settled;
    long up_to;                                  /* entries registered by the end of the day under way */
} F;

static void die(const struct err *err)
{
    struct buf b = BUF_INIT;
    tr_err(&b, LANG_EN, err);
    fprintf(stderr, "fill: %s\n", b.p);
    exit(1);
}

/* --- the office ------------------------------------------------------------------------------------------------------------- */

static bool make_office(struct txn *t, void *args, struct err *err)
{
    (void)args;
    return txn_office_create(t, F.code, STR("市政府办公室"), &F.office, err);
}

static bool make_section(struct txn *t, void *args, struct err *err)
{
    (void)args;
    return people_init(t, STR("秘书五科"), err);
}

static bool make_people(struct txn *t, void *args, struct err *err)
{
    struct actor console;
    int64_t id;
    bool ok = actor_load_login(t->db, t->arena, t->office_id, STR("console"), t->today, &console, err);
    for (int i = 0; ok && i < UNITS; i++)
        ok = party_add(t, PARTY_UNIT, str_c(UNIT[i]), STR(""), i < 23 ? STR("部门") : STR("区市县"), 0, &id, err);
    for (int i = 0; ok && i < LEADERS; i++)
        ok = party_add(t, PARTY_LEADER, str_c(LEADER[i]), STR(""), STR(""), 0, &id, err);
    for (int i = 0; ok && i < LISTS; i++)
        ok = entry_list_add(t, str_c(LIST[i]), &id, err);
    for (int i = 0; ok && i < OFFICERS; i++) {
        struct member_draft d = {
            .login = i ? arena_printf(t->arena, "bench%d", i) : STR("bench"), .name = str_c(OFFICER[i]), .role = STR("officer;chief"),
        };
        ok = member_add(t, &console, &d, F.password, false, &id, err);
        if (i == 0)
            F.actor = id;
    }
    return ok;
}

/* --- entries ------------------------------------------------------------------------------------------------------------------ */

static bool make_one(struct txn *t, const struct actor *actor, long k, struct err *err)
{
    unsigned r = (unsigned)k * 2654435761u;
    struct past *p = &F.past[k];
    p->own = r % 10 < 6;
    struct entry e;
    struct buf due _cleanup_(buf_release) = BUF_INIT;
    date_put_iso(&due, F.day + 5 + (day_t)(r >> 4) % (k >= F.wanted - F.open ? 60 : 26));
    struct entry_input in = {
        .kind = r % 7 < 5 ? STR("document") : r % 7 == 5 ? STR("meeting") : STR("affair"),
        .title = arena_printf(t->arena, "关于进一步做好%s有关事项的通知（%ld）", ABOUT[(r >> 8) % ARRAY_LEN(ABOUT)], k + 1),
        .source = STR("市政府办公室转来"), .requirement = STR("请研究提出意见，于时限前报市政府办公室。"),
        .lead_unit = p->own ? STR("本科室") : str_c(UNIT[(r >> 12) % UNITS]), .officer = str_c(OFFICER[(r >> 17) % OFFICERS]),
        .leader = (r >> 20) % 4 ? str_c(LEADER[(r >> 20) % LEADERS]) : STR_NULL, .lists = (r >> 22) % 2 ? str_c(LIST[(r >> 23) % LISTS]) : STR_NULL,
        .assist_units = (r >> 25) % 3 ? STR_NULL : str_c(UNIT[((r >> 12) + 7) % UNITS]), .deadline = buf_view(&due),
    };
    struct buf received _cleanup_(buf_release) = BUF_INIT;
    instant_put(&received, t->at);
    in.received = buf_view(&received);
    if (!entry_register(t, actor, &in, &e, NULL, err))
        return false;
    snprintf(p->number, sizeof p->number, "%.*s", STR_ARG(e.number));
    return true;
}

static bool act(struct txn *t, const struct actor *actor, const struct past *p, enum entry_verb verb, struct err *err)
{
    struct entry e;
    const struct entry_input in = { .text = STR("已按要求办理。"), .recorded_for = verb == VERB_SETTLE ? STR_NULL : STR("承办单位联络员") };
    return entry_act(t, actor, str_c(p->number), verb, &in, &e, err);
}

static bool finish(struct txn *t, const struct actor *actor, const struct past *p, struct err *err)
{
    return (p->own || (act(t, actor, p, VERB_ACCEPT, err) && act(t, actor, p, VERB_SUBMIT, err))) && act(t, actor, p, VERB_SETTLE, err);
}

/* The open ones stand in different states: of ten that units lead, three wait to be accepted, four are under way, two to be checked, one came back. */
static bool begin(struct txn *t, const struct actor *actor, long k, struct err *err)
{
    const struct past *p = &F.past[k];
    if (p->own || k % 10 < 3)
        return true;
    if (k % 10 == 9)
        return act(t, actor, p, VERB_RETURN, err);
    return act(t, actor, p, VERB_ACCEPT, err) && (k % 10 < 7 || act(t, actor, p, VERB_SUBMIT, err));
}

static bool one_day(struct txn *t, void *args, struct err *err)
{
    struct actor actor;
    (void)args;
    if (!actor_load(t->db, t->arena, t->office_id, F.actor, t->today, &actor, err))
        return false;
    long made = F.made, settled = F.settled, old = F.wanted - F.open;
    long settle_to = made - (made / (F.day - F.first + 1)) * WORK_DAYS_MAX;
    for (; made < F.up_to; made++)
        if (!make_one(t, &actor, made, err) || (made >= old && !begin(t, &actor, made, err)))
            return false;
    if (F.day == F.today || settle_to > old)
        settle_to = old;
    for (; settled < settle_to; settled++)
        if (!finish(t, &actor, &F.past[settled], err))
            return false;
    F.made = made;
    F.settled = settled;
    return true;
}

/* --- a way in for the clients of the bench -------------------------------------------------------------------------------------- */

struct way_in { struct session_new session; struct token_new token; };

static bool let_in(struct txn *t, void *args, struct err *err)
{
    struct way_in *w = args;
    struct member m;
    bool found;
    return member_find(t->db, t->arena, t->office_id, STR("bench"), t->at, &m, &found, err) && found &&
           session_start(t, m.id, STR("bench"), &w->session, err) && token_add(t, m.id, STR("bench"), false, &w->token, err);
}

static bool login(const char *url, struct err *err)
{
    struct office *office;
    size_t n;
    struct db *db;
    _cleanup_(arena_release) struct arena a = ARENA_INIT(0);
    const struct store_options o = { .url = url, .write = true };
    if (!store_open(&o, &F.store, err) || !store_reader_open(F.store, &db, err) || !office_list(db, &a, &office, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct way_in w;
        if (!store_write_wait(F.store, office[i].id, 0, let_in, &w, err))
            return false;
        printf("%.*s.%s %s\n", STR_ARG(office[i].code), w.session.secret, w.token.text);
    }
    store_reader_close(db);
    store_close(F.store);
    return true;
}

/* --- an office after another ------------------------------------------------------------------------------------------------------ */

static bool fill_days(struct err *err)
{
    F.made = F.settled = F.up_to = 0;
    for (F.day = F.first; F.day <= F.today; F.day++) {
        F.up_to = F.wanted * (F.day - F.first + 1) / F.days;
        sim_clock_set(&F.clock, day_start(F.day) + 8 * 3600 * 1000);
        if (!store_write_wait(F.store, F.office, F.actor, one_day, NULL, err))
            return false;
        if ((F.day - F.first) % 100 == 0)
            fprintf(stderr, "\rfill: %.*s: %ld of %ld", STR_ARG(F.code), F.made, F.wanted);
    }
    return true;
}

static bool fill_office(int k, struct err *err)
{
    char code[16] = "main";
    if (k > 0)
        snprintf(code, sizeof code, "o%d", k);
    F.code = str_c(code);
    sim_clock_set(&F.clock, day_start(F.first) + 9 * 3600 * 1000);
    return store_write_wait(F.store, STORE_OFFICE_SHARED, 0, make_office, NULL, err) && store_write_wait(F.store, F.office, 0, make_section, NULL, err) &&
           store_write_wait(F.store, F.office, 0, make_people, NULL, err) && fill_days(err);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: b-fill URL [ENTRIES [OFFICES]] | URL login\n");
        return 2;
    }
    struct err err = { 0 };
    struct buf hash = BUF_INIT;
    if (argc > 2 && strcmp(argv[2], "login") == 0) {
        if (!login(argv[1], &err))
            die(&err);
        return 0;
    }
    F.wanted = argc > 2 ? atol(argv[2]) : 1000000;
    int offices = argc > 3 ? atoi(argv[3]) : 1;
    F.open = F.wanted / 50;
    F.days = F.wanted / A_DAY_MIN < DAYS_MAX ? F.wanted / A_DAY_MIN + 1 : DAYS_MAX;
    F.past = xcalloc((size_t)F.wanted, sizeof *F.past);
    F.today = instant_day(clock_now(&clock_real));
    F.first = F.today - (day_t)F.days + 1;
    sim_clock_init(&F.clock, day_start(F.first) + 9 * 3600 * 1000);
    struct store_options o = { .url = argv[1], .clock = &F.clock.base, .write = true };
    if (!password_hash(&random_real, STR("bench-password"), &hash, &err))
        die(&err);
    F.password = buf_view(&hash);
    if (!store_create(&o, &err) || !store_open(&o, &F.store, &err))
        die(&err);
    int64_t start = clock_real.mono_us(&clock_real);
    for (int k = 0; k < offices; k++)
        if (!fill_office(k, &err))
            die(&err);
    fprintf(stderr, "\rfill: %ld entries in %.0f s\n", F.made * offices, (double)(clock_real.mono_us(&clock_real) - start) / 1e6);
    store_close(F.store);
    buf_release(&hash);
    free(F.past);
    return 0;
}
