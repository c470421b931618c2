/* Its part of the demonstration: in December 2022 the section writes down what comes again and again, for the year to come. Nothing is registered before the
 * demonstration's own end, so what is counted of 2022 stays what the plan says. */
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

bool recurring_demo_day(struct txn *t, const struct demo_day *d, struct err *err)
{
    const struct actor *chief = d->actor(d, "kezhang");
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
