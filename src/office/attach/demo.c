/* The demonstration's attachments: a few small files on matters that were registered in those days. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "calendar/date.h"
#include "messages.h"
#include "office/attach/inside.h"
#include "store/blob.h"

enum { PAGE_W = 210, PAGE_H = 297 };

static const struct piece { short month, day, minute; const char *login, *name; bool scan; } PIECES[] = {
    { 1, 17, 17 * 60 + 20, "kezhang", "来文扫描件.png", true },       { 2, 21, 17 * 60 + 5, "kezhang", "办理情况说明.txt", false },
    { 3, 14, 17 * 60 + 40, "kezhang", "任务分工表.csv", false },       { 4, 18, 17 * 60 + 30, "kezhang", "批示件扫描.png", true },
    { 5, 9, 17 * 60 + 15, "kezhang", "会议签到表.csv", false },       { 6, 13, 17 * 60 + 50, "kezhang", "办理情况说明.txt", false },
    { 8, 15, 17 * 60 + 10, "kezhang", "来文扫描件.png", true },       { 9, 19, 17 * 60 + 25, "kezhang", "任务分工表.csv", false },
    { 11, 14, 17 * 60 + 45, "kezhang", "办理情况说明.txt", false },   { 12, 12, 17 * 60 + 5, "kezhang", "批示件扫描.png", true },
};

/* --- a page of paper, drawn -------------------------------------------------------------------------------------------------------------- */

static void put_u32(struct buf *b, uint32_t v)
{
    const unsigned char p[4] = { (unsigned char)(v >> 24), (unsigned char)(v >> 16), (unsigned char)(v >> 8), (unsigned char)v };
    buf_add(b, p, sizeof p);
}

static void chunk(struct buf *b, const char *kind, const void *p, size_t n)
{
    put_u32(b, (uint32_t)n);
    size_t from = b->n;
    buf_add(b, kind, 4);
    buf_add(b, p, n);
    put_u32(b, (uint32_t)crc32(0, (const unsigned char *)b->p + from, (unsigned)(b->n - from)));
}

/* 0 paper, 1 the red head and its line, 2 lines of writing; seed makes each another. */
static unsigned char ink(int x, int y, unsigned seed)
{
    if (y >= 38 && y < 48)
        return x > 45 && x < 165 && (x * 7 + (int)seed) % 11 > 2 ? 1 : 0;
    if (y == 60 || y == 61)
        return x > 25 && x < 185 ? 1 : 0;
    int line = (y - 80) / 9;
    if (y < 80 || line > 17 || (y - 80) % 9 > 3 || x < (line % 6 ? 28 : 40) || x > (line % 6 == 5 ? 60 + (int)(seed % 90) : 182))
        return 0;
    return (unsigned)(x * 13 + line * 29 + (y % 3) * 5) % 9 + seed % 3 > 2 ? 2 : 0;
}

static void draw_page(struct buf *b, unsigned seed)
{
    static const unsigned char PALETTE[] = { 250, 248, 242, 190, 30, 35, 70, 70, 74 };
    const unsigned char head[13] = { 0, 0, 0, PAGE_W, 0, 0, PAGE_H >> 8, PAGE_H & 255, 8, 3, 0, 0, 0 };
    unsigned char *raw = xmalloc((PAGE_W + 1) * PAGE_H), *packed;
    uLongf n = compressBound((PAGE_W + 1) * PAGE_H);
    packed = xmalloc(n);
    for (int y = 0; y < PAGE_H; y++) {
        raw[y * (PAGE_W + 1)] = 0;
        for (int x = 0; x < PAGE_W; x++)
            raw[y * (PAGE_W + 1) + 1 + x] = ink(x, y, seed);
    }
    compress2(packed, &n, raw, (PAGE_W + 1) * PAGE_H, 9);
    buf_add(b, "\x89PNG\r\n\x1a\n", 8);
    chunk(b, "IHDR", head, sizeof head);
    chunk(b, "PLTE", PALETTE, sizeof PALETTE);
    chunk(b, "IDAT", packed, n);
    chunk(b, "IEND", "", 0);
    free(raw);
    free(packed);
}

/* --- texts ------------------------------------------------------------------------------------------------------------------------------- */

static void write_note(struct buf *b, const struct entry_line *e, day_t day)
{
    struct civil c = date_civil(day);
    buf_printf(b, "关于“%.*s”的办理情况说明\n\n", STR_ARG(e->title));
    buf_printf(b, "一、来源：%.*s\n二、要求：%.*s\n三、牵头：%.*s\n", STR_ARG(e->source), STR_ARG(e->requirement), STR_ARG(e->lead));
    buf_printf(b, "四、进展：已与承办单位电话核对，材料正在汇总，按时限报送。\n\n%d年%d月%d日\n", c.year, c.month, c.day);
}

static void write_sheet(struct buf *b, const struct entry_line *e, bool names)
{
    static const char *const ROWS[] = { "提出初稿", "征求意见", "修改完善", "报审印发" }, *const PEOPLE[] = { "张某", "李某", "王某", "赵某" };
    buf_printf(b, "%.*s,,\r\n%s\r\n", STR_ARG(e->title), names ? "序号,单位,姓名" : "序号,任务,责任人");
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++)
        buf_printf(b, "%zu,%.*s,%s\r\n", i + 1, names ? (int)e->lead.n : (int)strlen(ROWS[i]), names ? e->lead.p : ROWS[i], PEOPLE[i]);
}

/* The newest matter of this kind that is open and to be acted on; *found false when there is none. */
static bool matter(struct txn *t, const struct actor *a, enum entry_kind kind, struct entry_line *ret, bool *found, struct err *err)
{
    struct entry_line *list;
    size_t n;
    *found = false;
    if (!entry_new_lines(t->db, t->arena, a, -1, 60, &list, &n, err))
        return false;
    for (size_t i = 0; i < n && !*found; i++)
        if (!list[i].reading && list[i].kind == kind && entry_state_open(list[i].state)) {
            *ret = list[i];
            *found = true;
        }
    return true;
}

bool attach_demo_day(struct txn *t, const struct demo_day *d, struct err *err)
{
    struct civil c = date_civil(d->day);
    const struct piece *p = NULL;
    for (size_t i = 0; i < ARRAY_LEN(PIECES) && !p; i++)
        if (PIECES[i].month == c.month && PIECES[i].day == c.day && c.year == 2022)
            p = &PIECES[i];
    if (!p)
        return true;
    const struct actor *a = d->actor(d, p->login);
    struct entry_line e;
    struct buf b _cleanup_(buf_release) = BUF_INIT;
    uint8_t sha256[1][32];
    int64_t id;
    bool found;
    demo_be(t, a, d->day, p->minute);
    if (!matter(t, a, str_starts(str_c(p->name), STR("会议")) ? ENTRY_MEETING : ENTRY_DOCUMENT, &e, &found, err))
        return false;
    if (!found)
        return true;
    struct str name = str_c(p->name);
    if (str_ends(name, STR(".png")))
        draw_page(&b, (unsigned)(c.month * 31 + c.day));
    else if (str_ends(name, STR(".csv")))
        write_sheet(&b, &e, str_starts(name, STR("会议")));
    else
        write_note(&b, &e, d->day);
    struct attach_file f = { name, buf_view(&b), p->scan };
    return blob_put_small(t, f.bytes, sha256[0], err) && attach_to_entry(t, a, e.number, &f, (const uint8_t (*)[32])sha256, 1, &id, err);
}
