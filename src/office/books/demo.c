/* The ledgers' part of the demonstration year: invented figures and texts, entered on believable days through the same functions as everybody's. */
#include "office/books/inside.h"

#include "calendar/workdays.h"

/* --- basic data ------------------------------------------------------------------------------------------------------------------------------ */

enum { D_RETAIL, D_INDUSTRY, D_RESEARCH, D_FIRMS, D_INSURED, D_DOCTORS, D_INDICATORS };

static const struct indicator_input INDICATOR[D_INDICATORS] = {
    { STR("社会消费品零售总额"), STR("亿元"), STR("month"), STR("市商务局"), STR("2"), STR("true"), STR_NULL, STR_NULL },
    { STR("规模以上工业增加值增速"), STR("%"), STR("month"), STR("市经济和信息化局"), STR("1"), STR("true"), STR_NULL, STR_NULL },
    { STR("研发投入强度"), STR("%"), STR("year"), STR("市科技局"), STR("2"), STR("false"), STR_NULL, STR_NULL },
    { STR("高新技术企业数"), STR("户"), STR("quarter"), STR("市科技局"), STR("0"), STR("false"), STR_NULL, STR_NULL },
    { STR("基本医疗保险参保人数"), STR("万人"), STR("quarter"), STR("市医保局"), STR("2"), STR("false"), STR_NULL, STR_NULL },
    { STR("每千人口执业（助理）医师数"), STR("人"), STR("year"), STR("市卫生健康委"), STR("2"), STR("false"), STR_NULL, STR_NULL },
};

/* Hundredths of the measure; retail: the month's own. 0 ends what is known at the demonstration's end. */
static const int RETAIL[2][12] = {
    { 8912, 8034, 8320, 8155, 8790, 8661, 8324, 8540, 9012, 9645, 9102, 9788 },
    { 9365, 8210, 8011, 7822, 8734, 9088, 8790, 8412, 9230, 9871, 8976, 0 },
};
static const int INDUSTRY[2][12] = {
    { 0, 2360, 1910, 1640, 1480, 1350, 1240, 1160, 1090, 1050, 1010, 980 },
    { 0, 910, 860, 720, 680, 700, 640, 590, 610, 600, 570, 0 },
};
static const int FIRMS[3][8] = {                 /* the whole, 某区, the zone; quarters of 2021 and 2022 */
    { 21200, 22400, 23800, 26900, 27100, 28300, 29900, 0 }, { 6100, 6400, 6700, 7800, 7800, 8100, 8600, 0 }, { 7300, 7700, 8300, 9400, 9600, 10100, 10700, 0 },
};
static const char *const FIRMS_OF[3] = { "", "某区政府", "园区管委会" };
static const int INSURED[8] = { 46812, 46905, 46978, 47036, 46790, 46874, 46951, 0 };
static const int RESEARCH[2] = { 121, 136 }, DOCTORS[2] = { 286, 294 };          /* 2020, 2021: told in the autumn and in the spring after */

static bool put(struct txn *t, const struct actor *a, int which, const char *unit, int period, int hundredths, const char *why, struct err *err)
{
    struct indicator i;
    struct str name;
    int64_t changed;
    struct value_edit e = { .period = period, .value = (int64_t)hundredths * (VALUE_ONE / 100), .note = STR_NULL };
    if (!indicator_find(t->db, t->arena, a, INDICATOR[which].name, &i, err) ||
        !books_whose(t->db, t->arena, a, str_c(unit), &e.unit_id, &name, err))
        return false;
    e.indicator_id = i.id;
    return values_put(t, a, &e, 1, str_c(why), &changed, err);
}

static bool put_month(struct txn *t, const struct actor *a, int y, int m, struct err *err)
{
    int sum = 0;
    for (int k = 0; k < m; k++)
        sum += RETAIL[y][k];
    return (RETAIL[y][m - 1] == 0 || put(t, a, D_RETAIL, "", (2021 + y) * 100 + m, sum, "", err)) &&
           (INDUSTRY[y][m - 1] == 0 || put(t, a, D_INDUSTRY, "", (2021 + y) * 100 + m, INDUSTRY[y][m - 1], "", err));
}

static bool put_quarter(struct txn *t, const struct actor *a, int y, int q, struct err *err)
{
    int k = y * 4 + q - 1, period = (2021 + y) * 100 + q * 3;
    for (int u = 0; u < 3; u++)
        if (FIRMS[u][k] && !put(t, a, D_FIRMS, FIRMS_OF[u], period, FIRMS[u][k], "", err))
            return false;
    return INSURED[k] == 0 || put(t, a, D_INSURED, "", period, INSURED[k], "", err);
}

/* The year before, when the ledger is begun. */
static bool begin(struct txn *t, const struct actor *a, struct err *err)
{
    int64_t id;
    for (int i = 0; i < D_INDICATORS; i++)
        if (!indicator_save(t, a, 0, &INDICATOR[i], &id, err))
            return false;
    for (int m = 1; m <= 11; m++)
        if (!put_month(t, a, 0, m, err))
            return false;
    for (int q = 1; q <= 3; q++)
        if (!put_quarter(t, a, 0, q, err))
            return false;
    return put(t, a, D_RESEARCH, "", 202012, RESEARCH[0], "", err) && put(t, a, D_DOCTORS, "", 202012, DOCTORS[0], "", err);
}

/* --- overviews ---------------------------------------------------------------------------------------------------------------------------------- */

struct telling { const char *unit; int month[2]; const char *why[2], *body[2]; };
static const struct telling TELLING[] = {
    { "市商务局", { 1, 9 }, { "年初核对", "三季度更新：专班和项目" },
      { "一、基本情况\n机关内设科室9个，编制42名，在岗39人。下属事业单位2个。\n\n二、主要职责\n内外贸、市场体系建设、促消费、招商服务、生活必需品保供。\n\n三、重点工作\n"
        "（一）社会消费品零售总额全年增长8%。\n（二）县域商业体系：改造县级物流中心2个、乡镇商贸中心11个。\n（三）城市商业综合体1个，计划9月开业。\n\n四、困难\n部分商圈客流恢复慢。企业周转资金紧。",
        "一、基本情况\n机关内设科室9个，编制42名，在岗38人。下属事业单位2个。\n\n二、主要职责\n内外贸、市场体系建设、促消费、招商服务、生活必需品保供。\n\n三、重点工作\n"
        "（一）社会消费品零售总额全年增长3%（年中调整）。\n（二）县域商业体系：县级物流中心2个已完工，乡镇商贸中心完成9个。\n（三）城市商业综合体已开业，周边信号灯和公交站投用。\n（四）生活必需品保供"
        "专班常态运行。\n\n四、困难\n企业周转资金紧。外贸订单下滑。" } },
    { "市科技局", { 1, 6 }, { "年初核对", "研发准备金制度出台" },
      { "一、基本情况\n机关内设科室7个，编制31名，在岗30人。\n\n二、主要职责\n科技创新、高新技术企业培育、科技特派员、校地合作。\n\n三、重点工作\n（一）高新技术企业达到290户。\n（二）科技兴村在线平台覆盖全部"
        "行政村。\n\n四、困难\n企业研发投入不均，规上企业近半数没有研发活动。",
        "一、基本情况\n机关内设科室7个，编制31名，在岗30人。\n\n二、主要职责\n科技创新、高新技术企业培育、科技特派员、校地合作。\n\n三、重点工作\n（一）高新技术企业达到300户。\n（二）科技兴村在线平台覆盖全部"
        "行政村。\n（三）鼓励企业建立研发准备金制度的通知已印发。\n\n四、困难\n企业研发投入不均，规上企业近半数没有研发活动。" } },
    { "市卫生健康委", { 1, 5 }, { "年初核对", "疫情处置后更新" },
      { "一、基本情况\n机关内设科室15个，编制68名。市直医疗机构6家，床位5210张。\n\n二、重点工作\n（一）疫苗加强免疫接种。\n（二）基层医疗机构能力提升。\n\n三、困难\n重症床位偏少。",
        "一、基本情况\n机关内设科室15个，编制68名。市直医疗机构6家，床位5430张。\n\n二、重点工作\n（一）疫苗加强免疫接种。\n（二）基层医疗机构能力提升。\n（三）重症救治床位扩到按标准配置。\n（四）隔离点医疗"
        "保障由专班负责。\n\n三、困难\n基层检测力量不足。" } },
    { "市医保局", { 2, 10 }, { "年初核对", "参保扩面进度" },
      { "一、基本情况\n机关内设科室6个，编制24名。\n\n二、重点工作\n（一）异地就医直接结算。\n（二）药品集中带量采购。\n\n三、困难\n流动人口参保核实慢。",
        "一、基本情况\n机关内设科室6个，编制24名。\n\n二、重点工作\n（一）异地就医直接结算：定点机构全覆盖。\n（二）药品集中带量采购。\n（三）城乡居民参保扩面。\n\n三、困难\n流动人口参保核实慢。" } },
    { "园区管委会", { 3, 11 }, { "接手联系园区", "孵化器投用" },
      { "一、基本情况\n规划面积38平方公里，入驻企业216户。\n\n二、重点工作\n“三抓”项目12个，孵化器1期在建。", "一、基本情况\n规划面积38平方公里，入驻企业231户。\n\n二、重点工作\n“三抓”项目12个，开工11个；孵化器1期已投用。" } },
    { "市药监局", { 3, 0 }, { "年初核对", "" }, { "一、基本情况\n内设科室4个，编制16名。\n\n二、重点工作\n疫苗配送储运检查，医疗器械生产监管。", "" } },
};

static bool tell(struct txn *t, const struct actor *a, const struct telling *w, int which, struct err *err)
{
    struct party unit;
    int64_t n;
    return books_unit(t->db, t->arena, a, str_c(w->unit), &unit, err) && overview_save(t, a, unit.id, which, str_c(w->body[which]), str_c(w->why[which]), &n, err);
}

static bool tell_month(struct txn *t, const struct actor *a, int month, struct err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(TELLING); i++)
        for (int k = 0; k < 2; k++)
            if (TELLING[i].month[k] == month && !tell(t, a, &TELLING[i], k, err))
                return false;
    return true;
}

/* --- a day ------------------------------------------------------------------------------------------------------------------------------------------- */

bool books_demo_day(struct txn *t, const struct demo_day *d, struct err *err)
{
    struct civil c = date_civil(d->day);
    const struct actor *officer = d->actor(d, "keyuan1"), *chief = d->actor(d, "kezhang");
    if (c.year != 2022)
        return true;
    if (d->day == workdays_first_of_month(d->work, 2022, 1) + 1) {
        demo_be(t, chief, d->day, 16 * 60);
        if (!begin(t, chief, err))
            return false;
    }
    if (d->day == workdays_add(d->work, date_day(2022, c.month, 12), 0, NULL)) {
        demo_be(t, chief, d->day, 16 * 60 + 30);
        if (!tell_month(t, chief, c.month, err))
            return false;
    }
    if (d->day != workdays_add(d->work, date_day(2022, c.month, 20), 0, NULL))
        return true;
    demo_be(t, officer, d->day, 10 * 60);
    int y = c.month > 1, m = c.month > 1 ? c.month - 1 : 12;
    if (!put_month(t, officer, y, m, err) || (m % 3 == 0 && !put_quarter(t, officer, y, m / 3, err)))
        return false;
    if (c.month == 5 && !put(t, officer, D_DOCTORS, "", 202112, DOCTORS[1], "", err))
        return false;
    if (c.month == 8 && !put(t, officer, D_INDUSTRY, "", 202206, 690, "统计部门按年报修订", err))
        return false;
    return c.month != 10 || put(t, officer, D_RESEARCH, "", 202112, RESEARCH[1], "", err);
}
