/* Which column is which: by our own names, by their labels, by the words that offices write above theirs. Pure. */
#include <string.h>

#include "office/sheet/inside.h"

static const char *const NAMES[C_SKIP + 1] = {
    "number", "kind", "genre", "role", "title", "source", "requirement", "received", "deadline", "no_deadline_reason", "lead_unit", "assist_units",
    "officer", "leader", "lists", "urgent", "state", "settled", "result", "version", "+", "-",
};

const char *column_name(int c) { return NAMES[c]; }

const char *column_label(enum lang lang, int c)
{
    return c == C_EXTRA ? tr_text(lang, M_SHEET_KEEP) : c == C_SKIP ? tr_text(lang, M_SHEET_SKIP) : tr_field(lang, NAMES[c]);
}

/* 任务 is the title, and the requirement where another column is the title already. */
static const struct synonym { const char *word; int column, otherwise; } SYNONYMS[] = {
    { "事项名称", C_TITLE, C_EXTRA }, { "工作事项", C_TITLE, C_EXTRA }, { "重点事项", C_TITLE, C_EXTRA }, { "事项", C_TITLE, C_EXTRA }, { "标题", C_TITLE, C_EXTRA },
    { "题名", C_TITLE, C_EXTRA }, { "名称", C_TITLE, C_EXTRA }, { "项目名称", C_TITLE, C_EXTRA }, { "文件标题", C_TITLE, C_EXTRA }, { "议题", C_TITLE, C_EXTRA },
    { "批示件名称", C_TITLE, C_EXTRA }, { "重点工作", C_TITLE, C_REQUIREMENT }, { "重点任务", C_TITLE, C_REQUIREMENT }, { "主要任务", C_TITLE, C_REQUIREMENT },
    { "工作任务", C_TITLE, C_REQUIREMENT }, { "目标任务", C_TITLE, C_REQUIREMENT }, { "任务", C_TITLE, C_REQUIREMENT }, { "任务分解", C_TITLE, C_REQUIREMENT },
    { "工作内容", C_TITLE, C_REQUIREMENT }, { "主要内容", C_TITLE, C_REQUIREMENT }, { "内容", C_TITLE, C_REQUIREMENT }, { "事项内容", C_TITLE, C_REQUIREMENT },
    { "具体内容", C_REQUIREMENT, C_EXTRA }, { "工作要求", C_REQUIREMENT, C_EXTRA }, { "要求", C_REQUIREMENT, C_EXTRA }, { "办理要求", C_REQUIREMENT, C_EXTRA },
    { "具体要求", C_REQUIREMENT, C_EXTRA }, { "工作目标", C_REQUIREMENT, C_EXTRA }, { "具体措施", C_REQUIREMENT, C_EXTRA }, { "工作措施", C_REQUIREMENT, C_EXTRA },
    { "批示内容", C_REQUIREMENT, C_EXTRA }, { "交办要求", C_REQUIREMENT, C_EXTRA },
    { "来源", C_SOURCE, C_EXTRA }, { "事项来源", C_SOURCE, C_EXTRA }, { "来文单位", C_SOURCE, C_EXTRA }, { "交办来源", C_SOURCE, C_EXTRA }, { "任务来源", C_SOURCE, C_EXTRA },
    { "依据", C_SOURCE, C_EXTRA }, { "发文单位", C_SOURCE, C_EXTRA },
    { "收文日期", C_RECEIVED, C_EXTRA }, { "收文时间", C_RECEIVED, C_EXTRA }, { "收到日期", C_RECEIVED, C_EXTRA }, { "收到时间", C_RECEIVED, C_EXTRA },
    { "登记日期", C_RECEIVED, C_EXTRA }, { "交办日期", C_RECEIVED, C_EXTRA }, { "交办时间", C_RECEIVED, C_EXTRA }, { "批示时间", C_RECEIVED, C_EXTRA },
    { "来文日期", C_RECEIVED, C_EXTRA }, { "来文时间", C_RECEIVED, C_EXTRA },
    { "时限", C_DEADLINE, C_EXTRA }, { "完成时限", C_DEADLINE, C_EXTRA }, { "办理时限", C_DEADLINE, C_EXTRA }, { "办结时限", C_DEADLINE, C_EXTRA },
    { "完成时间", C_DEADLINE, C_EXTRA }, { "截止时间", C_DEADLINE, C_EXTRA }, { "截止日期", C_DEADLINE, C_EXTRA }, { "上报时限", C_DEADLINE, C_EXTRA },
    { "报送时限", C_DEADLINE, C_EXTRA }, { "时间节点", C_DEADLINE, C_EXTRA }, { "时间要求", C_DEADLINE, C_EXTRA }, { "完成期限", C_DEADLINE, C_EXTRA },
    { "期限", C_DEADLINE, C_EXTRA }, { "整改时限", C_DEADLINE, C_EXTRA }, { "反馈时限", C_DEADLINE, C_EXTRA },
    { "责任单位", C_LEAD_UNIT, C_ASSIST_UNITS }, { "牵头单位", C_LEAD_UNIT, C_EXTRA }, { "承办单位", C_LEAD_UNIT, C_EXTRA }, { "主办单位", C_LEAD_UNIT, C_EXTRA },
    { "牵头部门", C_LEAD_UNIT, C_EXTRA }, { "责任部门", C_LEAD_UNIT, C_ASSIST_UNITS }, { "主责单位", C_LEAD_UNIT, C_EXTRA }, { "承办部门", C_LEAD_UNIT, C_EXTRA },
    { "落实单位", C_LEAD_UNIT, C_EXTRA }, { "牵头", C_LEAD_UNIT, C_EXTRA }, { "主办", C_LEAD_UNIT, C_EXTRA }, { "单位", C_LEAD_UNIT, C_EXTRA },
    { "配合单位", C_ASSIST_UNITS, C_EXTRA }, { "协办单位", C_ASSIST_UNITS, C_EXTRA }, { "配合部门", C_ASSIST_UNITS, C_EXTRA }, { "协办部门", C_ASSIST_UNITS, C_EXTRA },
    { "参与单位", C_ASSIST_UNITS, C_EXTRA }, { "配合", C_ASSIST_UNITS, C_EXTRA }, { "协办", C_ASSIST_UNITS, C_EXTRA },
    { "经办人", C_OFFICER, C_EXTRA }, { "承办人", C_OFFICER, C_EXTRA },
    { "分管领导", C_LEADER, C_EXTRA }, { "责任领导", C_LEADER, C_EXTRA }, { "牵头领导", C_LEADER, C_EXTRA }, { "市领导", C_LEADER, C_EXTRA },
    { "批示领导", C_LEADER, C_EXTRA }, { "包保领导", C_LEADER, C_EXTRA }, { "领导", C_LEADER, C_EXTRA },
    { "文种", C_GENRE, C_EXTRA }, { "类型", C_KIND, C_EXTRA }, { "清单", C_LISTS, C_EXTRA }, { "紧急程度", C_URGENT, C_EXTRA }, { "缓急", C_URGENT, C_EXTRA },
    { "序号", C_SKIP, C_SKIP }, { "编号", C_NUMBER, C_EXTRA },
};

/* What stands in brackets explains and does not name: 责任单位（牵头单位列首位）. */
static struct str bare(struct str s)
{
    static const char *const OPEN[] = { "（", "(", "〔", "[" };
    for (size_t k = 0; k < ARRAY_LEN(OPEN); k++) {
        ptrdiff_t at = str_find(s, str_c(OPEN[k]));
        if (at > 0)
            s = str_sub(s, 0, (size_t)at);
    }
    return str_trim(s);
}

static int own_name(struct str name)
{
    int c = 0;
    while (c < COLUMNS && !str_eqc(name, NAMES[c]) && !str_eqc(name, tr_field(LANG_ZH, NAMES[c])) && !str_caseeq(name, str_c(tr_field(LANG_EN, NAMES[c]))))
        c++;
    return c;
}

bool map_has(const struct map *m, int column) { return map_at(m, column) >= 0; }

int map_at(const struct map *m, int column)
{
    for (int i = 0; i < m->n; i++)
        if (m->to[i] == column)
            return i;
    return -1;
}

static const struct synonym *synonym_of(struct str name)
{
    for (size_t k = 0; k < ARRAY_LEN(SYNONYMS); k++)
        if (str_eqc(name, SYNONYMS[k].word))
            return &SYNONYMS[k];
    return NULL;
}

/* A head of two rows, 责任单位·牵头: the lower word tells more, and is often not enough alone. */
static const struct synonym *synonym_in(struct str name)
{
    const struct synonym *s = synonym_of(name);
    ptrdiff_t dot = str_find(name, STR("·"));
    if (s || dot < 0)
        return s;
    struct str over = bare(str_sub(name, 0, (size_t)dot)), under = bare(str_sub(name, (size_t)dot + 2, name.n));
    s = synonym_of(under);
    return s ? s : synonym_of(over);
}

static void give(struct map *m, int i, const struct synonym *s)
{
    int c = s ? s->column : C_EXTRA;
    if (c < COLUMNS && map_has(m, c))
        c = s->otherwise;
    if (c < COLUMNS && map_has(m, c))
        c = C_EXTRA;
    m->to[i] = c;
}

void map_propose(const struct table_head *h, struct map *ret)
{
    enum { OPEN = C_SKIP + 1 };
    ret->n = h->n < TABLE_COLUMNS_MAX ? h->n : TABLE_COLUMNS_MAX;
    for (int i = 0; i < ret->n; i++) {
        int c = i == h->number_column ? C_SKIP : own_name(str_trim(h->column[i].name));
        ret->to[i] = c < COLUMNS || c == C_SKIP ? c : OPEN;
        for (int k = 0; k < i; k++)
            if (ret->to[i] < COLUMNS && ret->to[k] == ret->to[i])
                ret->to[i] = OPEN;
    }
    /* the surest words first, so that 事项 is the title wherever 任务 stands */
    for (int sure = 1; sure >= 0; sure--)
        for (int i = 0; i < ret->n; i++) {
            struct str name = bare(h->column[i].name);
            const struct synonym *s = synonym_in(name.n ? name : h->column[i].name);
            if (ret->to[i] == OPEN && (!sure || (s && s->otherwise == C_EXTRA)))
                give(ret, i, s);
        }
    for (int i = 0; i < ret->n; i++)
        if (ret->to[i] == C_EXTRA && h->column[i].name.n == 0)
            ret->to[i] = C_SKIP;
}

bool map_exact(const struct str *name, int n)
{
    int own = 0;
    bool title = false;
    for (int i = 0; i < n; i++) {
        int c = own_name(str_trim(name[i]));
        own += c < COLUMNS;
        title |= c == C_TITLE;
    }
    return title && own >= 3 && 2 * own >= n;
}
