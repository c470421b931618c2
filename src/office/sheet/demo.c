/* Its part of the demonstration year: in June the section took over what a unit's own sheet said of three matters, columns the ledger has no field for
 * included; the office knows that sheet's head since. */
#include "calendar/date.h"
#include "office/sheet/inside.h"

static const char *const TOLD[][2] = {
    { "已完成初步摸底，正在逐户核实", "需财政配套" }, { "已召开协调会，责任分工已明确", "" }, { "按周调度，进展正常", "周五前报专班" },
};

static bool put_cells(struct txn *t, const struct actor *who, day_t day, struct err *err)
{
    struct entry_filter f = ENTRY_FILTER_ANY;
    struct entry_line *line;
    struct extra cell[2] = { { .name = STR("完成情况") }, { .name = STR("备注") } };
    size_t n;
    f.state = -2;
    f.reading = 0;
    f.limit = ARRAY_LEN(TOLD);
    if (!entry_lines(t->db, t->arena, who, &f, &line, &n, err) || !extra_column(t, cell[0].name, &cell[0].id, err) ||
        !extra_column(t, cell[1].name, &cell[1].id, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        cell[0].value = str_c(TOLD[i][0]);
        cell[1].value = str_c(TOLD[i][1]);
        if (!extra_put(t, line[i].id, day, cell, cell[1].value.n ? 2 : 1, err))
            return false;
    }
    return true;
}

static bool put_head(struct txn *t, struct err *err)
{
    static const char *const NAMES[] = { "序号", "重点事项", "责任单位", "完成时限", "完成情况", "备注" };
    struct table_column column[ARRAY_LEN(NAMES)];
    const struct table_head h = { .column = column, .n = ARRAY_LEN(NAMES), .number_column = 0 };
    const struct sheet_plan plan = { .map = STR("- title lead_unit deadline + +"), .kind = STR("affair"), .source = STR("部门自报台账") };
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    for (size_t i = 0; i < ARRAY_LEN(NAMES); i++)
        column[i] = (struct table_column){ .name = str_c(NAMES[i]) };
    struct str digest = head_digest(t->arena, t->db, &h, err);
    plan_put(&b, &plan);
    return digest.p && q_head_put(t->db, &(struct head_put_in){ t->office_id, digest, buf_view(&b), t->at, t->actor_id }, NULL, err);
}

bool sheet_demo_day(struct txn *t, const struct demo_day *d, struct err *err)
{
    if (d->day != date_day(2022, 6, 13))
        return true;
    const struct actor *who = d->actor(d, "kezhang");
    demo_be(t, who, d->day, 10 * 60 + 20);
    return put_cells(t, who, d->day, err) && put_head(t, err);
}
