/* The demonstration year's part: the four lists get columns and are filled in, a list by query, two views. */
#include "calendar/date.h"
#include "office/lists/inside.h"

struct demo_column { const char *list, *name; enum list_type type; const char *choices; };

static const struct demo_column COLUMNS[] = {
    { "领导重点工作", "责任领导", LIST_TEXT, "" },
    { "领导重点工作", "推进方式", LIST_CHOICE, "专题会议;现场调度;书面督办" },
    { "领导重点工作", "计划完成", LIST_DAY, "" },
    { "年度安排", "季度", LIST_CHOICE, "一季度;二季度;三季度;四季度" },
    { "年度安排", "完成比例", LIST_NUMBER, "" },
    { "三抓工作", "抓手", LIST_TEXT, "" },
    { "专班工作", "专班", LIST_CHOICE, "综合体专班;纾困专班;医保专班" },
    { "专班工作", "下步措施", LIST_TEXT, "" },
};

static bool make_lists(struct txn *t, const struct actor *chief, struct err *err)
{
    struct list_def l;
    int64_t id;
    for (size_t i = 0; i < ARRAY_LEN(COLUMNS); i++) {
        const struct demo_column *c = &COLUMNS[i];
        if (!list_find(t->db, t->arena, t->office_id, str_c(c->list), &l, err) ||
            !list_column_add(t, chief, l.id, str_c(c->name), c->type, str_c(c->choices), &id, err))
            return false;
    }
    return list_add(t, chief, STR("超期未结"), STR("due=overdue"), &id, err) &&
           view_add(t, chief, STR("本周到期"), STR("due=week"), true, false, &id, err) &&
           view_add(t, chief, STR("按单位看在办"), STR("state=open&sort=unit&columns=number,title,unit,due,left,progress"), true, false, &id, err);
}

/* A value that fits its column and differs from row to row, the same each time. */
static struct str value_for(struct txn *t, const struct list_column *c, const struct entry_line *e, size_t k)
{
    static const char *const TEXTS[] = { "倒排工期，每周调度", "牵头单位报方案后推进", "与责任单位面商一次", "列入下次专题会议" };
    _cleanup_(buf_release) struct buf b = BUF_INIT;
    switch (c->type) {
    case LIST_NUMBER: return arena_printf(t->arena, "%zu", 20 + k * 7 % 75);
    case LIST_DAY:
        date_put_iso(&b, e->due == INSTANT_NONE ? t->today + 30 : instant_day(e->due - 1));
        return arena_str(t->arena, buf_view(&b));
    case LIST_CHOICE: {
        struct str rest = c->choices, one = STR("");
        for (size_t i = 0; rest.n && i <= k % 3; i++)
            one = str_cut(rest, ';', &rest);
        return one;
    }
    default: return str_eqc(c->name, "责任领导") ? e->leader : str_c(TEXTS[k % ARRAY_LEN(TEXTS)]);
    }
}

static bool fill_list(struct txn *t, const struct actor *who, const struct list_def *l, struct err *err)
{
    struct entry_filter f = ENTRY_FILTER_ANY;
    struct entry_line *e;
    struct list_column *c;
    size_t n, n_c;
    f.list_id = l->id;
    f.state = -2;
    f.limit = 6;
    if (!list_columns(t->db, t->arena, t->office_id, l->id, false, &c, &n_c, err) || n_c == 0)
        return n_c == 0;
    if (!entry_lines(t->db, t->arena, who, &f, &e, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct list_said said[LIST_COLUMNS_MAX];
        for (size_t k = 0; k < n_c; k++)
            said[k] = (struct list_said){ c[k], value_for(t, &c[k], &e[i], i + k) };
        if (!list_values_set(t, who, l, e[i].number, said, n_c, err))
            return false;
    }
    return true;
}

/* 4 January 2022: the lists are laid out; on the last Friday of each quarter's middle month, and in December, an officer fills in what is open. */
bool lists_demo_day(struct txn *t, const struct demo_day *d, struct err *err)
{
    struct civil c = date_civil(d->day);
    struct list_def *l;
    size_t n;
    if (c.year != 2022)
        return true;
    if (c.month == 1 && c.day == 4) {
        const struct actor *chief = d->actor(d, "kezhang");
        demo_be(t, chief, d->day, 10 * 60);
        return make_lists(t, chief, err);
    }
    if (!(c.month == 2 && c.day == 25) && !(c.month == 5 && c.day == 27) && !(c.month == 8 && c.day == 26) && !(c.month == 11 && c.day == 25) &&
        !(c.month == 12 && c.day == 30))
        return true;
    const struct actor *who = d->actor(d, "kezhang");
    demo_be(t, who, d->day, 16 * 60 + 30);
    if (!list_all(t->db, t->arena, t->office_id, &l, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!l[i].query.p && !fill_list(t, who, &l[i], err))
            return false;
    return true;
}
