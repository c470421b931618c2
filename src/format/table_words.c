/* What the words in offices' sheets tell: names of columns, values, totals, notes. */
#include <string.h>

#include "base/utf8.h"
#include "format/table_inner.h"

enum { LABEL_WIDTH = 40 };

static const char *const WORDS[] = {             /* what names of columns contain */
    "序号", "编号", "文号", "事项", "标题", "名称", "内容", "来源", "要求", "时限", "截止", "期限", "单位", "部门", "责任", "牵头", "配合", "承办", "协办",
    "主办", "领导", "批示", "备注", "说明", "日期", "时间", "进展", "进度", "状态", "情况", "姓名", "电话", "联系", "数量", "金额", "类别", "类型", "级别",
    "任务", "项目", "措施", "结果", "地点", "负责", "经办", "科室", "职务", "简称", "指标", "完成", "反馈", "紧急", "种类", "文种", "清单",
};
static const char *const TOTALS[] = { "合计", "总计", "小计", "共计", "累计", "总和" };
static const char *const NOTES[] = { "注", "备注", "说明", "填表说明", "填报说明", "填表人", "填报人", "制表人", "制表", "审核人", "审核", "负责人", "分管领导", "联系人",
                                     "联系电话", "填表日期", "填报日期", "填表时间", "填报时间", "报送时间", "单位负责人", "单位盖章", "主要负责人", "报送人", "统计人", "复核人" };

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Number, date, time: what stands in data, never in a head. Figures with at most a few signs and the words of dates between them. */
bool word_is_value(struct str s)
{
    size_t digits = 0, i = 0;
    while (i < s.n) {
        size_t from = i;
        int32_t c = utf8_next(s, &i);
        if (c < 128 ? is_digit((char)c) : c >= 0xff10 && c <= 0xff19)
            digits++;
        else if (!(c < 128 ? strchr("-+./:,% ()", (int)c) != NULL
                           : str_find(STR("年月日时分秒（）号第件个人万元亿项"), str_n(s.p + from, i - from)) >= 0))
            return false;
    }
    return digits > 0;
}

static bool starts_with(struct str s, const char *const *words, size_t n, bool colon)
{
    for (size_t i = 0; i < n; i++) {
        struct str w = str_c(words[i]), rest = str_sub(s, w.n, s.n);
        if (str_starts(s, w) && (colon ? str_starts(str_trim(rest), STR("：")) || str_starts(str_trim(rest), STR(":")) || str_starts(rest, STR("（")) ||
                                             (rest.n > 0 && is_digit(rest.p[0]) && (str_find(rest, STR("：")) == 1 || str_find(rest, STR(":")) == 1))
                                       : true))
            return true;
    }
    return false;
}

/* 一、 （一） 第一部分 1、… what heads a group of rows. */
bool word_is_enumerated(struct str s)
{
    static const char *const FIGURES = "一二三四五六七八九十";
    size_t i = 0, n = 0;
    bool bracket = str_starts(s, STR("（")) || str_starts(s, STR("(")) || str_starts(s, STR("第"));
    if (bracket)
        utf8_next(s, &i);
    while (i < s.n) {
        size_t from = i;
        utf8_next(s, &i);
        if (str_find(str_c(FIGURES), str_n(s.p + from, i - from)) < 0) {
            struct str mark = str_n(s.p + from, s.n - from);
            return n > 0 && (bracket ? true : str_starts(mark, STR("、")) || str_starts(mark, STR("．")) || str_starts(mark, STR(".")));
        }
        n++;
    }
    return false;
}

bool word_is_label(struct str s)
{
    return s.n > 0 && utf8_width(s) <= LABEL_WIDTH && !word_is_value(s) && !str_ends(s, STR("。")) && !str_ends(s, STR("；")) &&
           str_find(s, STR("：")) < 0;
}

bool word_is_known(struct str s)
{
    for (size_t i = 0; i < ARRAY_LEN(WORDS); i++)
        if (str_find(s, str_c(WORDS[i])) >= 0)
            return true;
    return false;
}

/* 责任\n单位, 责 任 单 位 -> 责任单位; between latin words one blank stays. */
struct str word_squeeze(struct arena *a, struct str s)
{
    char *to = arena_alloc(a, s.n + 1);
    size_t n = 0, i = 0;
    bool blank = false;
    while (i < s.n) {
        size_t from = i;
        int32_t c = utf8_next(s, &i);
        if (c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == 0x3000 || c == 0xa0) {
            blank = true;
            continue;
        }
        if (blank && n > 0 && c < 128 && (unsigned char)to[n - 1] < 128)
            to[n++] = ' ';
        blank = false;
        memcpy(to + n, s.p + from, i - from);
        n += i - from;
    }
    return n ? str_n(to, n) : STR("");
}

bool word_is_total(struct str s) { return starts_with(s, TOTALS, ARRAY_LEN(TOTALS), false); }
bool word_is_note(struct str s) { return starts_with(s, NOTES, ARRAY_LEN(NOTES), true); }
