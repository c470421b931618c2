/* The slice's part of the demonstration year: the daily report of the 5.09 operation with its zero reports, a monthly one, and a table asked for once. */
#include "messages.h"
#include "office/collect/inside.h"
#include "people/party.h"

#define DAILY "5.09疫情隔离转运日报"
#define MONTHLY "社会消费品零售总额进度月报"
#define ONCE "综合体问题清单办理进度表"

struct living {
    struct txn *t;
    const struct demo_day *d;
    struct civil c;
    int64_t id, round;
    struct err *err;
};

static void be(struct living *x, const char *login, int hour, int minute) { demo_be(x->t, x->d->actor(x->d, login), x->d->day, hour * 60 + minute); }

static bool find(struct living *x, const char *title)
{
    struct collect_line *k;
    size_t n;
    x->id = x->round = 0;
    if (!collect_list(x->t->db, x->t->arena, x->d->actor(x->d, "kezhang"), INT32_MAX, 20, &k, &n, x->err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (str_eqc(k[i].title, title) && !k[i].ended) {
            x->id = k[i].id;
            x->round = k[i].rounds;
        }
    return true;
}

static bool add(struct living *x, const struct collect_input *in)
{
    be(x, "kezhang", 9, 30);
    return collect_add(x->t, x->d->actor(x->d, "kezhang"), in, &x->id, NULL, x->err);
}

/* A unit's rows, by its liaison where it has one, else as somebody there told the section. n = 0: a zero report. */
struct told { const char *unit, *liaison, *said_by; int hour, minute; struct str *cells; size_t n; };

static bool answer(struct living *x, const struct told *k)
{
    const char *login = k->liaison ? k->liaison : "keyuan1";
    const struct actor *actor = x->d->actor(x->d, login);
    struct party p;
    be(x, login, k->hour, k->minute);
    if (!party_find(x->t->db, x->t->arena, x->d->actor(x->d, "kezhang"), 1u << PARTY_UNIT, str_c(k->unit), "unit", &p, x->err))
        return false;
    struct collect_filled f = { .party_id = p.id, .submit = true, .zero = k->n == 0, .cells = k->cells, .n_rows = k->n,
                                .said_by = k->liaison ? STR_NULL : str_c(k->said_by) };
    return collect_answer_put(x->t, actor, x->id, x->round, &f, NULL, x->err);
}

static bool accept_and_send(struct living *x, const char *to, int hour)
{
    int64_t n;
    be(x, "kezhang", hour, 50);
    if (!collect_accept_all(x->t, x->d->actor(x->d, "kezhang"), x->id, x->round, &n, x->err))
        return false;
    be(x, "kezhang", hour, 55);
    return collect_send(x->t, x->d->actor(x->d, "kezhang"), x->id, x->round, &(struct collect_send){ str_c(to), true }, &n, x->err);
}

static bool urge(struct living *x, const char *text, int hour, int minute)
{
    int64_t n;
    be(x, "keyuan2", hour, minute);
    return collect_urge(x->t, x->d->actor(x->d, "keyuan2"), x->id, x->round, 0, str_c(text), &n, x->err);
}

/* --- each day of the operation ------------------------------------------------------------------------------------------------------- */

/* Hundreds of persons moved on each of its fourteen days: 15,100 in all. */
static const int MOVED[14] = { 2, 4, 7, 10, 13, 16, 18, 18, 16, 14, 12, 10, 7, 4 };
static const struct { const char *unit; int share; } AREAS[] = { { "某区政府", 50 }, { "某县政府", 25 }, { "某县级市政府", 15 }, { "园区管委会", 10 } };

static bool start_daily(struct living *x)
{
    struct str units[] = { STR("市卫生健康委"), STR("某区政府"), STR("某县政府"), STR("某县级市政府"), STR("园区管委会") };
    struct collect_input in = {
        .title = STR(DAILY), .about = STR("指挥部制度：各工作组每日18时前报当日情况，没有情况的报“无”（零报告）。"),
        .form = STR("新增转运 | 整数 | 必填 | 0..9999 | 说明：当日0时至18时，人\n其中特殊人员 | 整数 | 0..9999 | 说明：孕产妇、透析等\n累计转运 | 整数 | 必填 | 累计\n备注 | 文字\n"
                    "其中特殊人员 <= 新增转运\n新增转运 <= 累计转运\n"),
        .every = STR("day"), .time = STR("18:00"), .zero = STR("true"), .units = units, .n_units = ARRAY_LEN(units), .units_given = true,
    };
    return add(x, &in);
}

/* The park has nothing to report on the first three days; its share is the district's then. */
static int share_of(size_t area, int day) { return day < 3 && area == 3 ? 0 : AREAS[area].share + (day < 3 && area == 0 ? AREAS[3].share : 0); }

static bool area_day(struct living *x, size_t area, int day)
{
    struct arena *a = x->t->arena;
    int now = MOVED[day] * share_of(area, day), all = 0;
    for (int i = 0; i <= day; i++)
        all += MOVED[i] * share_of(area, i);
    struct str cells[4] = { arena_printf(a, "%d", now), arena_printf(a, "%d", now / 45), arena_printf(a, "%d", all), STR("") };
    bool late = day == 3 && area == 1;
    if (late && !urge(x, "电话", 18, 10))
        return false;
    return answer(x, &(struct told){ AREAS[area].unit, NULL, "值班员", late ? 18 : 17, late ? 40 : 5 + (int)area * 11, cells, now > 0 });
}

static bool operation_day(struct living *x, int day)
{
    if (day == 0 && !start_daily(x))
        return false;
    be(x, "kezhang", 10, 0);
    if (!find(x, DAILY) || !x->id || !collect_open_and_wait(x->t, x->id, x->err) || !find(x, DAILY) ||
        !answer(x, &(struct told){ "市卫生健康委", "weijian", NULL, 16, 30, NULL, 0 }))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(AREAS); i++)
        if (!area_day(x, i == 3 ? 3 : i == 1 ? 2 : i == 2 ? 1 : 0, day))       /* who is late comes last but one */
            return false;
    if (!accept_and_send(x, "市应对疫情应急指挥部", 18))
        return false;
    return day < 13 || collect_end(x->t, x->d->actor(x->d, "kezhang"), x->id, x->err);
}

/* --- each month ------------------------------------------------------------------------------------------------------------------------ */

static bool start_monthly(struct living *x)
{
    struct str units[] = { STR("市经济和信息化局"), STR("市财政局"), STR("市商务局") };
    struct collect_input in = {
        .title = STR(MONTHLY), .about = STR("按政府工作报告分工，报当月数和全年累计数（亿元）。"),
        .form = STR("当月 | 小数2 | 必填 | 0..9999\n累计 | 小数2 | 必填 | 累计 | 0..99999\n同比 | 小数1 | -100..999 | 说明：百分点\n当月 <= 累计\n"),
        .every = STR("month"), .month_day = STR("25"), .ahead = STR("5"), .units = units, .n_units = ARRAY_LEN(units), .units_given = true,
    };
    return add(x, &in);
}

static bool month_answers(struct living *x)
{
    static const struct { const char *unit, *liaison; int base; } UNITS[] = { { "市经济和信息化局", NULL, 312 }, { "市财政局", NULL, 95 }, { "市商务局", "shangwu", 1068 } };
    struct arena *a = x->t->arena;
    for (size_t i = 0; i < ARRAY_LEN(UNITS); i++) {
        int sum = 0, now = 0;
        for (int m = 3; m <= x->c.month; m++)
            sum += now = UNITS[i].base * 10 + m * 37 % 211;      /* hundredths */
        int up = 10 + x->c.month * 7 % 23 + (int)i;
        struct str cells[3] = { arena_printf(a, "%d.%02d", now / 100, now % 100), arena_printf(a, "%d.%02d", sum / 100, sum % 100), arena_printf(a, "%d.%d", up / 10, up % 10) };
        if (!answer(x, &(struct told){ UNITS[i].unit, UNITS[i].liaison, "办公室", 15, (int)i * 9, cells, 1 }))
            return false;
    }
    return accept_and_send(x, "市政府研究室", 17);
}

static bool month_day(struct living *x)
{
    if (x->c.month == 3 && x->c.day == 14)
        return start_monthly(x);
    if (x->c.day < 15 || !find(x, MONTHLY) || !x->id)
        return x->c.day < 15 || x->id == 0;
    be(x, "kezhang", 9, 0);
    return collect_open_and_wait(x->t, x->id, x->err) && (x->c.day != 22 || (find(x, MONTHLY) && month_answers(x)));
}

/* --- once, in September ------------------------------------------------------------------------------------------------------------------ */

static bool start_once(struct living *x)
{
    struct str units[] = { STR("市公安局"), STR("市交通运输局"), STR("市商务局"), STR("市投资集团"), STR("供电公司") };
    struct collect_input in = {
        .title = STR(ONCE), .about = STR("对照综合体问题清单，逐项报办理进度；没有承担事项的不用报。"),
        .form = STR("事项 | 文字 | 必填\n进度 | 选项：已完成/推进中/滞后 | 必填\n完成比例 | 整数 | 0..100 | 说明：百分数\n预计完成 | 日期\n联系人电话 | 文字 | 个人信息\n"), .every = STR("once"),
        .day = STR("2022-09-09 18:00"), .many = STR("20"), .units = units, .n_units = ARRAY_LEN(units), .units_given = true,
    };
    return add(x, &in);
}

static bool tell(struct living *x, const char *unit, const char *liaison, int hour, const char *matter, const char *state, const char *part, const char *day)
{
    struct str cells[5] = { str_c(matter), str_c(state), str_c(part), str_c(day), STR("028-0000 0000") };
    return answer(x, &(struct told){ unit, liaison, "办公室", hour, 20, cells, 1 });
}

static bool send_back(struct living *x)
{
    struct party p;
    const struct actor *chief = x->d->actor(x->d, "kezhang");
    be(x, "kezhang", 16, 40);
    return party_find(x->t->db, x->t->arena, chief, 1u << PARTY_UNIT, STR("市公安局"), "unit", &p, x->err) &&
           collect_judge(x->t, chief, x->id, x->round, p.id, ANSWER_RETURN, STR("请补报信号灯建设的预计完成时间"), x->err);
}

static bool once_day(struct living *x)
{
    if (x->c.day == 5)
        return start_once(x);
    if (!find(x, ONCE) || !x->id)
        return x->id == 0;
    switch (x->c.day) {
    case 8: return tell(x, "市商务局", "shangwu", 11, "招商品牌进场", "推进中", "85", "2022-09-28") && tell(x, "供电公司", NULL, 14, "永久用电接入", "已完成", "100", "2022-08-30");
    case 9: return tell(x, "市公安局", NULL, 10, "周边信号灯", "推进中", "60", "") && send_back(x) && urge(x, "群内提醒", 17, 0);
    case 13: return tell(x, "市交通运输局", NULL, 9, "公交站点增设", "推进中", "70", "2022-09-25") && urge(x, "电话", 15, 0);
    default: return true;
    }
}

bool collect_demo_day(struct txn *t, const struct demo_day *d, struct err *err)
{
    struct living x = { .t = t, .d = d, .c = date_civil(d->day), .err = err };
    if (x.c.year != 2022)
        return true;
    if (x.c.month == 5 && x.c.day >= 9 && x.c.day <= 22 && !operation_day(&x, x.c.day - 9))
        return false;
    if (x.c.month >= 3 && !month_day(&x))
        return false;
    return x.c.month != 9 || x.c.day < 5 || x.c.day > 13 || once_day(&x);
}
