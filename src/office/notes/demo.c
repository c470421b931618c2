/* The demonstration year: in the week the chief is at the front, and on the last working days, people ask each other beside the matters. */
#include "office/notes/inside.h"

/* The nth open matter of that day as the member sees them, by deadline; false when there are not so many. */
static bool open_matter(struct txn *t, const struct actor *who, int nth, struct str *number, struct err *err)
{
    struct entry_filter f = ENTRY_FILTER_ANY;
    struct entry_line *l;
    size_t n;
    f.state = -2;
    f.reading = 0;
    f.order = ENTRY_BY_DUE;
    f.limit = nth + 1;
    if (!entry_lines(t->db, t->arena, who, &f, &l, &n, err))
        return false;
    *number = n > (size_t)nth ? l[nth].number : STR_NULL;
    return true;
}

static bool say(struct txn *t, const struct demo_day *d, const char *login, int minute, struct str number, const char *text, bool internal, struct err *err)
{
    struct actor actor;                          /* as he stands on that day: perhaps for somebody else */
    const struct note_draft draft = { .number = number, .text = str_c(text), .internal = internal };
    int64_t id;
    demo_be(t, d->actor(d, login), d->day, minute);
    return actor_load_login(t->db, t->arena, t->office_id, str_c(login), d->day, &actor, err) && notes_add(t, &actor, &draft, &id, err);
}

/* The Monday after: what was said in that week was read. */
static bool all_seen(struct txn *t, const struct demo_day *d, struct err *err)
{
    static const char *const WHO[] = { "kezhang", "keyuan1", "keyuan2" };
    bool ok = true;
    for (size_t i = 0; ok && i < ARRAY_LEN(WHO); i++) {
        demo_be(t, d->actor(d, WHO[i]), d->day, 8 * 60 + 50);
        ok = notes_mentions_seen(t, d->actor(d, WHO[i]), err) && notes_all_followed_seen(t, d->actor(d, WHO[i]), err);
    }
    return ok;
}

bool notes_demo_day(struct txn *t, const struct demo_day *d, struct err *err)
{
    static const struct { int month, day, nth, minute; const char *login, *text; bool internal, follow; } SAID[] = {
        { 8, 16, 0, 9 * 60 + 20, "keyuan1", "@李科员 这件今天要报，请先把数据核一遍", false, true },
        { 8, 16, 0, 10 * 60 + 5, "keyuan2", "@张科员 已核，第三张表与上月口径不同，已请单位说明", true, false },
        { 8, 18, 1, 15 * 60, "keyuan1", "@科长 已电话报告，等您回来过目", true, true },
        { 12, 28, 0, 9 * 60, "kezhang", "@张科员 @李科员 年底前务必销号，缺的材料今天催齐", false, true },
        { 12, 29, 1, 16 * 60 + 30, "keyuan2", "@科长 单位来电，材料下午送到", false, false },
    };
    struct civil c = date_civil(d->day);
    if (d->day == date_day(2022, 8, 22) && !all_seen(t, d, err))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(SAID); i++) {
        struct str number;
        if (c.year != 2022 || SAID[i].month != c.month || SAID[i].day != c.day)
            continue;
        if (!open_matter(t, d->actor(d, SAID[i].login), SAID[i].nth, &number, err))
            return false;
        if (!number.p)
            continue;
        if (!say(t, d, SAID[i].login, SAID[i].minute, number, SAID[i].text, SAID[i].internal, err) ||
            (SAID[i].follow && !notes_follow(t, d->actor(d, SAID[i].login), number, true, err)))
            return false;
    }
    return true;
}
