/* Its part of the demonstration. Two matters of the plan come again and again: their entries are the plan's own, registered by it; what is kept here is which
 * occurrence each of them is. In December the section writes down further ones for the year to come. So what is counted of 2022 stays what the plan says. */
#include "calendar/workdays.h"
#include "office/recurring/inside.h"

#define NEW(title_, source_, requirement_, unit_, phrase_, lead_) \
    { .kind = STR("affair"), .title = STR(title_), .source = STR(source_), .requirement = STR(requirement_), .lead_unit = STR(unit_), .phrase = STR(phrase_), \
      .move = STR("before"), .lead_days = STR(lead_), .first_day = STR("2023-01-09"), .assist_units = STR(""), .leader = STR(""), .officer = STR("张科员"), \
      .lists = STR(""), .urgency = STR(""), .last_day = STR("2023-12-31"), .version = STR("") }

static const struct recurring_input MATTERS[] = {
    NEW("报送{上期}社会消费品零售总额分析", "市政府办公室月度调度要求", "报送数据、同比和原因分析", "市商务局", "每月20日前", "3"),
    NEW("{本期}“三抓”项目进度汇总", "年度重点工作安排", "汇总进度、困难和下步打算，报分管副市长", "园区管委会", "每半月", "2"),
    NEW("报送政府工作报告分工{本期}进展", "政府工作报告分工", "逐项报进展，滞后的说明原因", "市经济和信息化局", "每季度末月25日前", "10"),
    NEW("{本期}一周工作安排", "办公室周例会", "汇总各科安排，下周一上午送签", "本科室", "每周五", "1"),
    NEW("报送{上期}异地就医直接结算情况", "12345转办情况通报", "报办件量、办结率和典型问题", "市医保局", "每月第一个工作日", "2"),
};

/* Of the plan's matters: an entry of this source, registered since the occurrence before, is the next one. */
static const struct { const char *source; struct recurring_input input; } PLANNED[] = {
    { "“三抓”清单", { .kind = STR("affair"), .title = STR("报送{本期}“三抓”项目进度与问题"), .source = STR("“三抓”清单"), .requirement = STR("报进度和问题"),
      .lead_unit = STR("园区管委会"), .phrase = STR("每月5日前"), .move = STR("before"), .lead_days = STR("3"), .first_day = STR("2022-02-08"), .last_day = STR("2022-12-31"),
      .assist_units = STR("市投资集团"), .leader = STR("分管副市长"), .officer = STR("张科员"), .lists = STR("三抓工作"), .urgency = STR(""), .version = STR("") } },
    { "政府工作报告分工", { .kind = STR("document"), .title = STR("报送{本期}政府工作报告分工进度"), .source = STR("政府工作报告分工"), .requirement = STR("按季报送进度"),
      .lead_unit = STR("市商务局"), .phrase = STR("每季度末月25日前"), .move = STR("before"), .lead_days = STR("10"), .first_day = STR("2022-02-01"), .last_day = STR("2022-12-31"),
      .assist_units = STR(""), .leader = STR(""), .officer = STR("李科员"), .lists = STR("年度安排"), .urgency = STR(""), .version = STR("") } },
};

/* The newest of the plan's entries of this source that no occurrence has yet. */
static bool planned_entry(struct txn *t, const struct actor *chief, const char *source, day_t day, int64_t *ret, struct err *err)
{
    struct entry_filter f = ENTRY_FILTER_ANY;
    struct entry_line *l;
    struct recurring_source_row row;
    size_t n;
    bool taken;
    *ret = 0;
    f.q = str_c(source);
    f.day_from = day - 31;
    f.limit = 20;
    if (!entry_lines(t->db, t->arena, chief, &f, &l, &n, err))
        return false;
    for (size_t i = 0; i < n && !*ret; i++) {
        if (!q_recurring_of_entry(t->db, t->arena, &(struct recurring_of_entry_in){ t->office_id, l[i].id }, &row, &taken, err))
            return false;
        if (!taken && str_eqc(l[i].source, source))
            *ret = l[i].id;
    }
    return true;
}

/* Those occurrences that end today are done: by the plan's entry, or passed over where the plan has none. */
static bool planned_day(struct txn *t, const struct demo_day *d, const struct actor *chief, size_t which, struct err *err)
{
    struct recurring *all, *r = NULL;
    struct occurrence o;
    int64_t entry;
    size_t n;
    if (!recurring_list(t->db, t->arena, chief, &all, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (str_eq(all[i].title, PLANNED[which].input.title))
            r = &all[i];
    if (!r || !recurring_next(r, d->work, NULL, &o) || o.at.day > d->day)
        return true;
    return planned_entry(t, chief, PLANNED[which].source, d->day, &entry, err) &&
           q_recurring_made_add(t->db, &(struct recurring_made_add_in){ t->office_id, r->id, o.at.key, o.at.minute, entry, t->at, false, entry ? 0 : 1 }, NULL, err) &&
           q_recurring_advance(t->db, &(struct recurring_advance_in){ t->office_id, r->id, o.at.key, o.at.minute }, NULL, err);
}

static bool planned(struct txn *t, const struct demo_day *d, const struct actor *chief, struct err *err)
{
    bool begin = d->day == date_day(2022, 1, 31), ok = true;
    for (size_t i = 0; ok && i < ARRAY_LEN(PLANNED); i++) {
        struct recurring r;
        ok = begin ? recurring_save(t, chief, 0, &PLANNED[i].input, &r, NULL, err) : planned_day(t, d, chief, i, err);
    }
    return ok;
}

bool recurring_demo_day(struct txn *t, const struct demo_day *d, struct err *err)
{
    const struct actor *chief = d->actor(d, "kezhang");
    demo_be(t, chief, d->day, 16 * 60);
    if (!planned(t, d, chief, err))
        return false;
    if (d->day != workdays_add(d->work, date_day(2022, 12, 26), 0, NULL))
        return true;
    demo_be(t, chief, d->day, 15 * 60);
    for (size_t i = 0; i < ARRAY_LEN(MATTERS); i++) {
        struct recurring r;
        if (!recurring_save(t, chief, 0, &MATTERS[i], &r, NULL, err))
            return false;
    }
    return true;
}
